/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <qmp-glib/qmp-schema-member.h>
#include <qmp-glib/qmp-schema-type.h>
#include <qmp-glib/qmp-version-macros.h>

G_BEGIN_DECLS

#define QMP_TYPE_SCHEMA (qmp_schema_get_type ())

QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpSchema, qmp_schema, QMP, SCHEMA, GObject)

QMP_AVAILABLE_IN_0_1
QmpSchema *qmp_schema_new_from_json (const char *json, GError **error);

/* Commands */

QMP_AVAILABLE_IN_0_1
char **qmp_schema_dup_command_names (QmpSchema *self);
QMP_AVAILABLE_IN_0_1
gboolean qmp_schema_has_command (QmpSchema *self, const char *command);
QMP_AVAILABLE_IN_0_1
gboolean qmp_schema_has_command_feature (QmpSchema *self, const char *command, const char *feature);
QMP_AVAILABLE_IN_0_1
gboolean qmp_schema_allows_out_of_band (QmpSchema *self, const char *command);
QMP_AVAILABLE_IN_0_1
gboolean qmp_schema_has_argument (QmpSchema *self, const char *command, const char *path);
QMP_AVAILABLE_IN_0_1
gboolean qmp_schema_has_argument_feature (QmpSchema *self, const char *command, const char *path, const char *feature);
QMP_AVAILABLE_IN_0_1
gboolean qmp_schema_has_argument_value (QmpSchema *self, const char *command, const char *path, const char *value);
QMP_AVAILABLE_IN_0_1
gboolean qmp_schema_has_result_member (QmpSchema *self, const char *command, const char *path);

/* Events */

QMP_AVAILABLE_IN_0_1
char **qmp_schema_dup_event_names (QmpSchema *self);
QMP_AVAILABLE_IN_0_1
gboolean qmp_schema_has_event (QmpSchema *self, const char *event);
QMP_AVAILABLE_IN_0_1
gboolean qmp_schema_has_event_feature (QmpSchema *self, const char *event, const char *feature);
QMP_AVAILABLE_IN_0_1
gboolean qmp_schema_has_event_member (QmpSchema *self, const char *event, const char *path);

/* The types behind them */

QMP_AVAILABLE_IN_0_1
QmpSchemaType *qmp_schema_get_arguments_type (QmpSchema *self, const char *command);
QMP_AVAILABLE_IN_0_1
QmpSchemaType *qmp_schema_get_result_type (QmpSchema *self, const char *command);
QMP_AVAILABLE_IN_0_1
QmpSchemaType *qmp_schema_get_event_type (QmpSchema *self, const char *event);

/* Checks */

QMP_AVAILABLE_IN_0_1
gboolean qmp_schema_check_arguments (QmpSchema *self, const char *command, JsonNode *arguments, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_schema_check_arguments_json (QmpSchema *self, const char *command, const char *arguments_json, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_schema_check_result_json (QmpSchema *self, const char *command, const char *result_json, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_schema_check_event_json (QmpSchema *self, const char *event, const char *data_json, GError **error);

G_END_DECLS
