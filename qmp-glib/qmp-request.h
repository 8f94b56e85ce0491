/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <qmp-glib/qmp-struct.h>
#include <qmp-glib/qmp-version-macros.h>

G_BEGIN_DECLS

#define QMP_TYPE_REQUEST (qmp_request_get_type ())

QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpRequest, qmp_request, QMP, REQUEST, GObject)

QMP_AVAILABLE_IN_0_1
QmpRequest *qmp_request_new (const char *command);

QMP_AVAILABLE_IN_0_1
const char *qmp_request_get_command (QmpRequest *self);

QMP_AVAILABLE_IN_0_1
gboolean qmp_request_set_arguments (QmpRequest *self, JsonNode *arguments, GError **error);

QMP_AVAILABLE_IN_0_1
gboolean qmp_request_set_arguments_json (QmpRequest *self, const char *arguments_json, GError **error);

QMP_AVAILABLE_IN_0_1
gboolean qmp_request_set_arguments_struct (QmpRequest *self, QmpStruct *arguments, GError **error);

QMP_AVAILABLE_IN_0_1
const char *qmp_request_get_arguments_json (QmpRequest *self);

QMP_AVAILABLE_IN_0_1
gboolean qmp_request_get_out_of_band (QmpRequest *self);
QMP_AVAILABLE_IN_0_1
void qmp_request_set_out_of_band (QmpRequest *self, gboolean out_of_band);

QMP_AVAILABLE_IN_0_1
int qmp_request_get_timeout (QmpRequest *self);
QMP_AVAILABLE_IN_0_1
void qmp_request_set_timeout (QmpRequest *self, int milliseconds);

QMP_AVAILABLE_IN_0_1
gboolean qmp_request_get_sensitive (QmpRequest *self);
QMP_AVAILABLE_IN_0_1
void qmp_request_set_sensitive (QmpRequest *self, gboolean sensitive);

QMP_AVAILABLE_IN_0_1
gboolean qmp_request_set_fd (QmpRequest *self, int fd, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_request_has_fd (QmpRequest *self);

G_END_DECLS
