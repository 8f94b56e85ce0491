/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-schema-private.h"

/**
 * QmpSchemaMember:
 *
 * A member of an object, as a [class@Qmp.Schema] tells it.
 *
 * It is immutable, may be used in any thread, and keeps what it needs of the
 * schema alive. Two objects may stand for the same member.
 *
 * Since: 0.1
 */
struct _QmpSchemaMember
{
  GObject parent_instance;
  QmpSchemaIndex *index;
  guint item;
};

G_DEFINE_FINAL_TYPE (QmpSchemaMember, qmp_schema_member, G_TYPE_OBJECT)

static void
qmp_schema_member_finalize (GObject *object)
{
  g_clear_pointer (&QMP_SCHEMA_MEMBER (object)->index, qmp_schema_index_unref);
  G_OBJECT_CLASS (qmp_schema_member_parent_class)->finalize (object);
}

static void
qmp_schema_member_class_init (QmpSchemaMemberClass *class)
{
  G_OBJECT_CLASS (class)->finalize = qmp_schema_member_finalize;
}

static void
qmp_schema_member_init (QmpSchemaMember *self)
{
}

QmpSchemaMember *
qmp_schema_member_new (QmpSchemaIndex *index, guint item)
{
  QmpSchemaMember *self = g_object_new (QMP_TYPE_SCHEMA_MEMBER, NULL);

  self->index = qmp_schema_index_ref (index);
  self->item = item;
  return self;
}

/* One that was made by g_object_new() is of no schema. */
static gboolean
is_usable (QmpSchemaMember *self)
{
  return QMP_IS_SCHEMA_MEMBER (self) && self->index != NULL;
}

static const QmpSchemaItem *
get_item (QmpSchemaMember *self)
{
  return qmp_schema_index_item (self->index, self->item);
}

/**
 * qmp_schema_member_get_name:
 * @self: a member
 *
 * Gets the name, as QEMU writes it: `-` and `_` differ.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *
qmp_schema_member_get_name (QmpSchemaMember *self)
{
  g_return_val_if_fail (is_usable (self), NULL);
  return get_item (self)->name;
}

/**
 * qmp_schema_member_get_value_type:
 * @self: a member
 *
 * Gets what its value is.
 *
 * Returns: (transfer full): the type
 *
 * Since: 0.1
 */
QmpSchemaType *
qmp_schema_member_get_value_type (QmpSchemaMember *self)
{
  g_return_val_if_fail (is_usable (self), NULL);
  return qmp_schema_type_new (self->index, get_item (self)->type);
}

/**
 * qmp_schema_member_is_optional:
 * @self: a member
 *
 * Tells whether it may be left out.
 *
 * Returns: whether it may
 *
 * Since: 0.1
 */
gboolean
qmp_schema_member_is_optional (QmpSchemaMember *self)
{
  g_return_val_if_fail (is_usable (self), FALSE);
  return get_item (self)->optional;
}

/**
 * qmp_schema_member_has_feature:
 * @self: a member
 * @feature: the name of a feature, such as `deprecated` or `unstable`
 *
 * Tells whether the member has a feature.
 *
 * Returns: whether it has
 *
 * Since: 0.1
 */
gboolean
qmp_schema_member_has_feature (QmpSchemaMember *self, const char *feature)
{
  g_return_val_if_fail (is_usable (self), FALSE);
  g_return_val_if_fail (feature != NULL, FALSE);
  return qmp_schema_index_has_feature (self->index, get_item (self)->features, feature);
}

/**
 * qmp_schema_member_dup_features:
 * @self: a member
 *
 * Lists its features.
 *
 * Returns: (transfer full): their names; mostly there are none
 *
 * Since: 0.1
 */
char **
qmp_schema_member_dup_features (QmpSchemaMember *self)
{
  g_return_val_if_fail (is_usable (self), NULL);
  return qmp_schema_index_dup_features (self->index, get_item (self)->features);
}
