/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <glib-object.h>
#include <qmp-glib/qmp-schema-type.h>
#include <qmp-glib/qmp-version-macros.h>

G_BEGIN_DECLS

#define QMP_TYPE_SCHEMA_MEMBER (qmp_schema_member_get_type ())

QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpSchemaMember, qmp_schema_member, QMP, SCHEMA_MEMBER, GObject)

QMP_AVAILABLE_IN_0_1
const char *qmp_schema_member_get_name (QmpSchemaMember *self);
QMP_AVAILABLE_IN_0_1
QmpSchemaType *qmp_schema_member_get_value_type (QmpSchemaMember *self);
QMP_AVAILABLE_IN_0_1
gboolean qmp_schema_member_is_optional (QmpSchemaMember *self);
QMP_AVAILABLE_IN_0_1
gboolean qmp_schema_member_has_feature (QmpSchemaMember *self, const char *feature);
QMP_AVAILABLE_IN_0_1
char **qmp_schema_member_dup_features (QmpSchemaMember *self);

G_END_DECLS
