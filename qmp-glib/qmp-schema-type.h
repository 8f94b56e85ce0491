/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <glib-object.h>
#include <qmp-glib/qmp-version-macros.h>

G_BEGIN_DECLS

/**
 * QmpSchemaKind:
 * @QMP_SCHEMA_KIND_UNRECOGNIZED: one that is newer than this library
 * @QMP_SCHEMA_KIND_BUILTIN: a string, a number, or whatever else
 *   [method@Qmp.SchemaType.get_json_type] says
 * @QMP_SCHEMA_KIND_ENUM: one of several strings
 * @QMP_SCHEMA_KIND_ARRAY: any number of values of one type
 * @QMP_SCHEMA_KIND_OBJECT: members; with a tag, some depend on its value
 * @QMP_SCHEMA_KIND_ALTERNATE: one of several types, told apart by the kind of
 *   JSON value
 *
 * What a [class@Qmp.SchemaType] is.
 *
 * Since: 0.1
 */
typedef enum
{
  QMP_SCHEMA_KIND_UNRECOGNIZED = -1,
  QMP_SCHEMA_KIND_BUILTIN,
  QMP_SCHEMA_KIND_ENUM,
  QMP_SCHEMA_KIND_ARRAY,
  QMP_SCHEMA_KIND_OBJECT,
  QMP_SCHEMA_KIND_ALTERNATE,
} QmpSchemaKind;

/**
 * QmpSchemaJsonType:
 * @QMP_SCHEMA_JSON_TYPE_ANY: any value
 * @QMP_SCHEMA_JSON_TYPE_NULL: `null`
 * @QMP_SCHEMA_JSON_TYPE_BOOLEAN: `true` or `false`
 * @QMP_SCHEMA_JSON_TYPE_INTEGER: a number without fraction or exponent; how
 *   wide it may be QEMU does not tell
 * @QMP_SCHEMA_JSON_TYPE_NUMBER: any number
 * @QMP_SCHEMA_JSON_TYPE_STRING: a string
 * @QMP_SCHEMA_JSON_TYPE_ARRAY: an array
 * @QMP_SCHEMA_JSON_TYPE_OBJECT: an object
 *
 * What the values of a [class@Qmp.SchemaType] are in JSON.
 *
 * Since: 0.1
 */
typedef enum
{
  QMP_SCHEMA_JSON_TYPE_ANY,
  QMP_SCHEMA_JSON_TYPE_NULL,
  QMP_SCHEMA_JSON_TYPE_BOOLEAN,
  QMP_SCHEMA_JSON_TYPE_INTEGER,
  QMP_SCHEMA_JSON_TYPE_NUMBER,
  QMP_SCHEMA_JSON_TYPE_STRING,
  QMP_SCHEMA_JSON_TYPE_ARRAY,
  QMP_SCHEMA_JSON_TYPE_OBJECT,
} QmpSchemaJsonType;

#define QMP_TYPE_SCHEMA_TYPE (qmp_schema_type_get_type ())

QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpSchemaType, qmp_schema_type, QMP, SCHEMA_TYPE, GObject)

typedef struct _QmpSchemaMember QmpSchemaMember;

QMP_AVAILABLE_IN_0_1
const char *qmp_schema_type_get_name (QmpSchemaType *self);
QMP_AVAILABLE_IN_0_1
QmpSchemaKind qmp_schema_type_get_kind (QmpSchemaType *self);
QMP_AVAILABLE_IN_0_1
QmpSchemaJsonType qmp_schema_type_get_json_type (QmpSchemaType *self);
QMP_AVAILABLE_IN_0_1
gboolean qmp_schema_type_has_feature (QmpSchemaType *self, const char *feature);
QMP_AVAILABLE_IN_0_1
char **qmp_schema_type_dup_features (QmpSchemaType *self);

/* Objects */

QMP_AVAILABLE_IN_0_1
GPtrArray *qmp_schema_type_get_members (QmpSchemaType *self);
QMP_AVAILABLE_IN_0_1
QmpSchemaMember *qmp_schema_type_get_member (QmpSchemaType *self, const char *name);
QMP_AVAILABLE_IN_0_1
const char *qmp_schema_type_get_tag_name (QmpSchemaType *self);
QMP_AVAILABLE_IN_0_1
char **qmp_schema_type_dup_cases (QmpSchemaType *self);
QMP_AVAILABLE_IN_0_1
QmpSchemaType *qmp_schema_type_get_branch (QmpSchemaType *self, const char *value);

/* Enums */

QMP_AVAILABLE_IN_0_1
char **qmp_schema_type_dup_values (QmpSchemaType *self);
QMP_AVAILABLE_IN_0_1
gboolean qmp_schema_type_has_value (QmpSchemaType *self, const char *value);
QMP_AVAILABLE_IN_0_1
gboolean qmp_schema_type_has_value_feature (QmpSchemaType *self, const char *value, const char *feature);

/* Arrays and alternates */

QMP_AVAILABLE_IN_0_1
QmpSchemaType *qmp_schema_type_get_element_type (QmpSchemaType *self);
QMP_AVAILABLE_IN_0_1
GPtrArray *qmp_schema_type_get_alternatives (QmpSchemaType *self);

G_END_DECLS
