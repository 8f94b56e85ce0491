/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <glib-object.h>
#include <json-glib/json-glib.h>
#include <qmp-glib/qmp-version-macros.h>

G_BEGIN_DECLS

/**
 * QmpValueKind:
 * @QMP_VALUE_NULL: JSON's `null`
 * @QMP_VALUE_BOOLEAN: `true` or `false`
 * @QMP_VALUE_INTEGER: a number without fraction or exponent
 * @QMP_VALUE_NUMBER: a number with a fraction or an exponent
 * @QMP_VALUE_STRING: a string
 * @QMP_VALUE_ARRAY: an array
 * @QMP_VALUE_OBJECT: an object
 *
 * What a [struct@Qmp.Value] is.
 *
 * Since: 0.1
 */
typedef enum
{
  QMP_VALUE_NULL,
  QMP_VALUE_BOOLEAN,
  QMP_VALUE_INTEGER,
  QMP_VALUE_NUMBER,
  QMP_VALUE_STRING,
  QMP_VALUE_ARRAY,
  QMP_VALUE_OBJECT,
} QmpValueKind;

#define QMP_TYPE_VALUE (qmp_value_get_type ())

typedef struct _QmpValue QmpValue;

QMP_AVAILABLE_IN_0_1
GType qmp_value_get_type (void);

QMP_AVAILABLE_IN_0_1
QmpValue *qmp_value_new_from_json (const char *json, GError **error);

QMP_AVAILABLE_IN_0_1
QmpValue *qmp_value_ref (QmpValue *self);
QMP_AVAILABLE_IN_0_1
void qmp_value_unref (QmpValue *self);

QMP_AVAILABLE_IN_0_1
QmpValueKind qmp_value_get_kind (QmpValue *self);
QMP_AVAILABLE_IN_0_1
guint qmp_value_get_length (QmpValue *self);
QMP_AVAILABLE_IN_0_1
QmpValue *qmp_value_get_element (QmpValue *self, guint position);
QMP_AVAILABLE_IN_0_1
QmpValue *qmp_value_get_member (QmpValue *self, const char *name);
QMP_AVAILABLE_IN_0_1
gboolean qmp_value_has_member (QmpValue *self, const char *name);
QMP_AVAILABLE_IN_0_1
char **qmp_value_dup_member_names (QmpValue *self);

QMP_AVAILABLE_IN_0_1
gboolean qmp_value_get_boolean (QmpValue *self, gboolean *truth);
QMP_AVAILABLE_IN_0_1
gboolean qmp_value_get_int64 (QmpValue *self, gint64 *number);
QMP_AVAILABLE_IN_0_1
gboolean qmp_value_get_uint64 (QmpValue *self, guint64 *number);
QMP_AVAILABLE_IN_0_1
gboolean qmp_value_get_double (QmpValue *self, double *number);
QMP_AVAILABLE_IN_0_1
char *qmp_value_dup_string (QmpValue *self);

QMP_AVAILABLE_IN_0_1
gboolean qmp_value_get_member_boolean (QmpValue *self, const char *name, gboolean *truth);
QMP_AVAILABLE_IN_0_1
gboolean qmp_value_get_member_int64 (QmpValue *self, const char *name, gint64 *number);
QMP_AVAILABLE_IN_0_1
gboolean qmp_value_get_member_uint64 (QmpValue *self, const char *name, guint64 *number);
QMP_AVAILABLE_IN_0_1
gboolean qmp_value_get_member_double (QmpValue *self, const char *name, double *number);
QMP_AVAILABLE_IN_0_1
char *qmp_value_dup_member_string (QmpValue *self, const char *name);

QMP_AVAILABLE_IN_0_1
char *qmp_value_to_json (QmpValue *self);
QMP_AVAILABLE_IN_0_1
JsonNode *qmp_value_to_node (QmpValue *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QmpValue, qmp_value_unref)

G_END_DECLS
