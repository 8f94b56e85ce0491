/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-schema-private.h"

/**
 * QmpSchemaType:
 *
 * A type in the tree behind commands and events, as a [class@Qmp.Schema] tells
 * it.
 *
 * What it is, [method@Qmp.SchemaType.get_kind] says; functions for other kinds
 * find nothing. Types may contain themselves, so who walks through the tree
 * must be able to stop.
 *
 * It is immutable, may be used in any thread, and keeps what it needs of the
 * schema alive. Two objects may stand for the same type.
 *
 * Since: 0.1
 */
struct _QmpSchemaType
{
  GObject parent_instance;
  QmpSchemaIndex *index;
  guint type;
};

G_DEFINE_FINAL_TYPE (QmpSchemaType, qmp_schema_type, G_TYPE_OBJECT)

static void
qmp_schema_type_finalize (GObject *object)
{
  g_clear_pointer (&QMP_SCHEMA_TYPE (object)->index, qmp_schema_index_unref);
  G_OBJECT_CLASS (qmp_schema_type_parent_class)->finalize (object);
}

static void
qmp_schema_type_class_init (QmpSchemaTypeClass *class)
{
  G_OBJECT_CLASS (class)->finalize = qmp_schema_type_finalize;
}

static void
qmp_schema_type_init (QmpSchemaType *self)
{
}

QmpSchemaType *
qmp_schema_type_new (QmpSchemaIndex *index, guint type)
{
  QmpSchemaType *self = g_object_new (QMP_TYPE_SCHEMA_TYPE, NULL);

  self->index = qmp_schema_index_ref (index);
  self->type = type;
  return self;
}

/* One that was made by g_object_new() is of no schema. */
static gboolean
is_usable (QmpSchemaType *self)
{
  return QMP_IS_SCHEMA_TYPE (self) && self->index != NULL;
}

static const QmpSchemaTypeEntry *
get_entry (QmpSchemaType *self)
{
  return qmp_schema_index_type (self->index, self->type);
}

/* The items, if it is of that kind; otherwise none. */
static QmpSchemaSpan
get_items (QmpSchemaType *self, QmpSchemaKind kind)
{
  const QmpSchemaSpan none = { 0, 0 };

  return get_entry (self)->kind == kind ? get_entry (self)->items : none;
}

/**
 * qmp_schema_type_get_name:
 * @self: a type
 *
 * Gets what QEMU calls the type in its answer: a number for most. It differs
 * from one QEMU to the next, even of the same version, so it is of use within
 * one schema only: types of the same name are the same.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *
qmp_schema_type_get_name (QmpSchemaType *self)
{
  g_return_val_if_fail (is_usable (self), NULL);
  return get_entry (self)->name;
}

/**
 * qmp_schema_type_get_kind:
 * @self: a type
 *
 * Gets what it is.
 *
 * Returns: the kind
 *
 * Since: 0.1
 */
QmpSchemaKind
qmp_schema_type_get_kind (QmpSchemaType *self)
{
  g_return_val_if_fail (is_usable (self), QMP_SCHEMA_KIND_UNRECOGNIZED);
  return get_entry (self)->kind;
}

/**
 * qmp_schema_type_get_json_type:
 * @self: a type
 *
 * Gets what its values are in JSON; those of an alternate, and of a kind that
 * is not recognized, may be anything.
 *
 * Returns: the JSON type
 *
 * Since: 0.1
 */
QmpSchemaJsonType
qmp_schema_type_get_json_type (QmpSchemaType *self)
{
  g_return_val_if_fail (is_usable (self), QMP_SCHEMA_JSON_TYPE_ANY);
  return get_entry (self)->json_type;
}

/**
 * qmp_schema_type_has_feature:
 * @self: a type
 * @feature: the name of a feature, such as `dynamic-auto-read-only`
 *
 * Tells whether the type itself has a feature.
 *
 * Returns: whether it has
 *
 * Since: 0.1
 */
gboolean
qmp_schema_type_has_feature (QmpSchemaType *self, const char *feature)
{
  g_return_val_if_fail (is_usable (self), FALSE);
  g_return_val_if_fail (feature != NULL, FALSE);
  return qmp_schema_index_has_feature (self->index, get_entry (self)->features, feature);
}

/**
 * qmp_schema_type_dup_features:
 * @self: a type
 *
 * Lists the features of the type itself.
 *
 * Returns: (transfer full): their names; mostly there are none
 *
 * Since: 0.1
 */
char **
qmp_schema_type_dup_features (QmpSchemaType *self)
{
  g_return_val_if_fail (is_usable (self), NULL);
  return qmp_schema_index_dup_features (self->index, get_entry (self)->features);
}

/* --- objects ------------------------------------------------------------------ */

/**
 * qmp_schema_type_get_members:
 * @self: an object type
 *
 * Lists the members that all its values have, in QEMU's order. What a tag's
 * value adds is in [method@Qmp.SchemaType.get_branch].
 *
 * Returns: (transfer container) (element-type QmpSchemaMember): the members;
 *   empty for other kinds
 *
 * Since: 0.1
 */
GPtrArray *
qmp_schema_type_get_members (QmpSchemaType *self)
{
  g_autoptr (GPtrArray) members = g_ptr_array_new_with_free_func (g_object_unref);
  QmpSchemaSpan items;

  g_return_val_if_fail (is_usable (self), NULL);
  items = get_items (self, QMP_SCHEMA_KIND_OBJECT);
  for (guint i = items.first; i < items.first + items.n; i++)
    g_ptr_array_add (members, qmp_schema_member_new (self->index, i));
  return g_steal_pointer (&members);
}

/**
 * qmp_schema_type_get_member:
 * @self: an object type
 * @name: a member's name
 *
 * Finds one of the members that all its values have.
 *
 * Returns: (transfer full) (nullable): the member, or %NULL when there is none
 *
 * Since: 0.1
 */
QmpSchemaMember *
qmp_schema_type_get_member (QmpSchemaType *self, const char *name)
{
  guint item;

  g_return_val_if_fail (is_usable (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);
  item = qmp_schema_index_find_item (self->index, get_items (self, QMP_SCHEMA_KIND_OBJECT), name);
  return item != QMP_SCHEMA_NONE ? qmp_schema_member_new (self->index, item) : NULL;
}

/**
 * qmp_schema_type_get_tag_name:
 * @self: an object type
 *
 * Gets the member whose value decides which others there are. It is one of
 * the members, and an enum.
 *
 * Returns: (transfer none) (nullable): its name, or %NULL when there is none
 *
 * Since: 0.1
 */
const char *
qmp_schema_type_get_tag_name (QmpSchemaType *self)
{
  g_return_val_if_fail (is_usable (self), NULL);
  return get_entry (self)->tag_name;
}

/**
 * qmp_schema_type_dup_cases:
 * @self: an object type
 *
 * Lists the values of the tag that add members. The tag's type may have more
 * values; those add none.
 *
 * Returns: (transfer full): the values; empty when there is no tag
 *
 * Since: 0.1
 */
char **
qmp_schema_type_dup_cases (QmpSchemaType *self)
{
  g_return_val_if_fail (is_usable (self), NULL);
  return qmp_schema_index_dup_item_names (self->index, get_entry (self)->branches);
}

/**
 * qmp_schema_type_get_branch:
 * @self: an object type
 * @value: a value of its tag
 *
 * Finds the type whose members stand beside the others when the tag has that
 * value. It may have a tag of its own.
 *
 * Returns: (transfer full) (nullable): the type, or %NULL when that value adds
 *   no members
 *
 * Since: 0.1
 */
QmpSchemaType *
qmp_schema_type_get_branch (QmpSchemaType *self, const char *value)
{
  guint branch;

  g_return_val_if_fail (is_usable (self), NULL);
  g_return_val_if_fail (value != NULL, NULL);
  branch = qmp_schema_index_find_item (self->index, get_entry (self)->branches, value);
  if (branch == QMP_SCHEMA_NONE)
    return NULL;
  return qmp_schema_type_new (self->index, qmp_schema_index_item (self->index, branch)->type);
}

/* --- enums ---------------------------------------------------------------------- */

/**
 * qmp_schema_type_dup_values:
 * @self: an enum type
 *
 * Lists its values, in QEMU's order.
 *
 * Returns: (transfer full): the values; empty for other kinds
 *
 * Since: 0.1
 */
char **
qmp_schema_type_dup_values (QmpSchemaType *self)
{
  g_return_val_if_fail (is_usable (self), NULL);
  return qmp_schema_index_dup_item_names (self->index, get_items (self, QMP_SCHEMA_KIND_ENUM));
}

static guint
find_value (QmpSchemaType *self, const char *value)
{
  return qmp_schema_index_find_item (self->index, get_items (self, QMP_SCHEMA_KIND_ENUM), value);
}

/**
 * qmp_schema_type_has_value:
 * @self: an enum type
 * @value: a value
 *
 * Tells whether it has a value.
 *
 * Returns: whether it has
 *
 * Since: 0.1
 */
gboolean
qmp_schema_type_has_value (QmpSchemaType *self, const char *value)
{
  g_return_val_if_fail (is_usable (self), FALSE);
  g_return_val_if_fail (value != NULL, FALSE);
  return find_value (self, value) != QMP_SCHEMA_NONE;
}

/**
 * qmp_schema_type_has_value_feature:
 * @self: an enum type
 * @value: a value
 * @feature: the name of a feature, such as `deprecated` or `unstable`
 *
 * Tells whether one of its values has a feature.
 *
 * Returns: whether it has the value, and that the feature
 *
 * Since: 0.1
 */
gboolean
qmp_schema_type_has_value_feature (QmpSchemaType *self, const char *value, const char *feature)
{
  guint item;

  g_return_val_if_fail (is_usable (self), FALSE);
  g_return_val_if_fail (value != NULL && feature != NULL, FALSE);
  item = find_value (self, value);
  return item != QMP_SCHEMA_NONE &&
         qmp_schema_index_has_feature (self->index, qmp_schema_index_item (self->index, item)->features, feature);
}

/* --- arrays and alternates --------------------------------------------------------- */

/**
 * qmp_schema_type_get_element_type:
 * @self: an array type
 *
 * Gets what its elements are.
 *
 * Returns: (transfer full) (nullable): the type, or %NULL for other kinds
 *
 * Since: 0.1
 */
QmpSchemaType *
qmp_schema_type_get_element_type (QmpSchemaType *self)
{
  guint element;

  g_return_val_if_fail (is_usable (self), NULL);
  element = get_entry (self)->element;
  return element != QMP_SCHEMA_NONE ? qmp_schema_type_new (self->index, element) : NULL;
}

/**
 * qmp_schema_type_get_alternatives:
 * @self: an alternate type
 *
 * Lists the types that a value may have. They have no names.
 *
 * Returns: (transfer container) (element-type QmpSchemaType): the types; empty
 *   for other kinds
 *
 * Since: 0.1
 */
GPtrArray *
qmp_schema_type_get_alternatives (QmpSchemaType *self)
{
  g_autoptr (GPtrArray) types = g_ptr_array_new_with_free_func (g_object_unref);
  QmpSchemaSpan items;

  g_return_val_if_fail (is_usable (self), NULL);
  items = get_items (self, QMP_SCHEMA_KIND_ALTERNATE);
  for (guint i = items.first; i < items.first + items.n; i++)
    g_ptr_array_add (types, qmp_schema_type_new (self->index, qmp_schema_index_item (self->index, i)->type));
  return g_steal_pointer (&types);
}
