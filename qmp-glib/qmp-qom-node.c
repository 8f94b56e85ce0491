/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-qom-node-private.h"

#include <string.h>

#include "qmp-error.h"

/**
 * QmpQomNode:
 *
 * An object inside QEMU, in the tree of QEMU's object model, QOM: a device, a
 * bus, a backend, a memory region, the machine itself.
 *
 * A node is a list model of its children, which are nodes, too. It knows
 * nothing but its path until [method@Qmp.QomNode.load_async] has read what it
 * has, and neither do the children. So a view of a tree loads what is
 * unfolded, and nothing else.
 *
 * Loading again tells of children that have come and gone by
 * [signal@Gio.ListModel::items-changed]; the others stay the same objects. QEMU
 * has no event for a change in the tree, nor for one of a property.
 *
 * QEMU's own root is `/`. What the command line made is below `/machine`: what
 * has an `id` in `/machine/peripheral`, what has none in
 * `/machine/peripheral-anon`, and what the machine is made of in
 * `/machine/unattached`. Backends are in `/objects`, and character devices in
 * `/chardevs`.
 *
 * For types without an object, there are
 * [method@Qmp.Connection.qom_list_types_async] and
 * [method@Qmp.Connection.qom_list_properties_async].
 *
 * A node is for one thread at a time.
 *
 * Since: 0.1
 */
struct _QmpQomNode
{
  GObject parent_instance;
  QmpConnection *connection;
  char *path;
  const char *name;       /* in the path */
  char *type_name;
  gboolean loaded;
  GPtrArray *children;    /* of QmpQomNode */
  GPtrArray *properties;  /* of QmpObjectPropertyInfo */
};

enum
{
  PROP_CONNECTION = 1,
  PROP_PATH,
  PROP_NAME,
  PROP_TYPE_NAME,
  PROP_LOADED,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* --- the list of its children ------------------------------------------------------------ */

static GType
get_item_type (GListModel *model)
{
  return QMP_TYPE_QOM_NODE;
}

static guint
get_n_items (GListModel *model)
{
  return QMP_QOM_NODE (model)->children->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  GPtrArray *children = QMP_QOM_NODE (model)->children;

  return position < children->len ? g_object_ref (children->pdata[position]) : NULL;
}

static void
implement_list_model (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (QmpQomNode, qmp_qom_node, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, implement_list_model))

/* --- life ---------------------------------------------------------------------------------- */

static void
qmp_qom_node_finalize (GObject *object)
{
  QmpQomNode *self = QMP_QOM_NODE (object);

  g_clear_object (&self->connection);
  g_free (self->path);
  g_free (self->type_name);
  g_ptr_array_unref (self->children);
  g_ptr_array_unref (self->properties);
  G_OBJECT_CLASS (qmp_qom_node_parent_class)->finalize (object);
}

static void
qmp_qom_node_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QmpQomNode *self = QMP_QOM_NODE (object);

  switch (id)
    {
    case PROP_CONNECTION:
      g_value_set_object (value, self->connection);
      break;
    case PROP_PATH:
      g_value_set_string (value, self->path);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_TYPE_NAME:
      g_value_set_string (value, self->type_name);
      break;
    case PROP_LOADED:
      g_value_set_boolean (value, self->loaded);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qmp_qom_node_class_init (QmpQomNodeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->finalize = qmp_qom_node_finalize;
  object_class->get_property = qmp_qom_node_get_property;

  /**
   * QmpQomNode:connection: (getter get_connection)
   *
   * The connection to the QEMU it is in.
   *
   * Since: 0.1
   */
  properties[PROP_CONNECTION] = g_param_spec_object ("connection", NULL, NULL, QMP_TYPE_CONNECTION, flags);
  /**
   * QmpQomNode:path: (getter get_path)
   *
   * Where it is, as QEMU's commands want it.
   *
   * Since: 0.1
   */
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);
  /**
   * QmpQomNode:name: (getter get_name)
   *
   * What its parent calls it: the last part of the path.
   *
   * Since: 0.1
   */
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  /**
   * QmpQomNode:type-name: (getter get_type_name)
   *
   * The name of its type, such as `virtio-blk-pci`; %NULL as long as neither
   * it nor its parent has been loaded.
   *
   * Since: 0.1
   */
  properties[PROP_TYPE_NAME] = g_param_spec_string ("type-name", NULL, NULL, NULL, flags);
  /**
   * QmpQomNode:loaded: (getter get_loaded)
   *
   * Whether it knows its children and properties.
   *
   * Since: 0.1
   */
  properties[PROP_LOADED] = g_param_spec_boolean ("loaded", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
qmp_qom_node_init (QmpQomNode *self)
{
  self->children = g_ptr_array_new_with_free_func (g_object_unref);
  self->properties = g_ptr_array_new_with_free_func (g_object_unref);
}

static QmpQomNode *
new_node (QmpConnection *connection, char *path, char *type_name)
{
  QmpQomNode *self = g_object_new (QMP_TYPE_QOM_NODE, NULL);
  const char *slash = strrchr (path, '/');

  self->connection = g_object_ref (connection);
  self->path = path;
  self->name = slash != NULL ? slash + 1 : path;
  self->type_name = type_name;
  return self;
}

/**
 * qmp_qom_node_new:
 * @connection: a connection
 * @path: where the object is; `/` is the root of all
 *
 * Makes a node, without asking QEMU: whether there is such an object is told
 * by [method@Qmp.QomNode.load_async].
 *
 * QEMU accepts the last parts of a path, too, as long as they are unambiguous.
 *
 * Returns: (transfer full): a node
 *
 * Since: 0.1
 */
QmpQomNode *
qmp_qom_node_new (QmpConnection *connection, const char *path)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (connection), NULL);
  g_return_val_if_fail (path != NULL, NULL);
  return new_node (connection, g_strdup (path), NULL);
}

/* --- what QEMU has told --------------------------------------------------------------------- */

gboolean
qmp_qom_node_check_path (QmpQomNode *self, GError **error)
{
  if (strlen (self->path) <= QMP_QOM_MAX_PATH)
    return TRUE;
  g_set_error (error, QMP_ERROR, QMP_ERROR_TOO_LARGE, "qom-list: the path is longer than %d bytes", QMP_QOM_MAX_PATH);
  return FALSE;
}

/* The type in child<type>, or NULL. */
static char *
dup_child_type (const char *type)
{
  gsize length = type != NULL ? strlen (type) : 0;

  if (length < strlen ("child<>") || !g_str_has_prefix (type, "child<") || type[length - 1] != '>')
    return NULL;
  return g_strndup (type + strlen ("child<"), length - strlen ("child<>"));
}

static QmpQomNode *
new_child (QmpQomNode *self, const char *name, char *type_name)
{
  const char *separator = g_str_has_suffix (self->path, "/") ? "" : "/";

  return new_node (self->connection, g_strconcat (self->path, separator, name, NULL), type_name);
}

/* One that was there before stays the same object. */
static QmpQomNode *
find_or_make (QmpQomNode *self, GHashTable *before, const char *name, char *type_name)
{
  QmpQomNode *old = g_hash_table_lookup (before, name);

  if (old == NULL || g_strcmp0 (old->type_name, type_name) != 0)
    return new_child (self, name, type_name);
  g_hash_table_remove (before, name);
  g_free (type_name);
  return g_object_ref (old);
}

/* A name that cannot be a part of a path is none that could be asked for. */
static gboolean
is_name (const char *name)
{
  return name != NULL && *name != '\0' && strchr (name, '/') == NULL;
}

static void
sort_out (QmpQomNode *self, GPtrArray *infos, GPtrArray *children, GPtrArray *others)
{
  g_autoptr (GHashTable) before = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < self->children->len; i++)
    {
      QmpQomNode *child = self->children->pdata[i];

      g_hash_table_insert (before, (gpointer) child->name, child);
    }
  for (guint i = 0; i < infos->len; i++)
    {
      QmpObjectPropertyInfo *info = infos->pdata[i];
      const char *name = qmp_object_property_info_get_name (info);
      char *type_name = dup_child_type (qmp_object_property_info_get_type_member (info));

      if (type_name == NULL)
        g_ptr_array_add (others, g_object_ref (info));
      else if (is_name (name))
        g_ptr_array_add (children, find_or_make (self, before, name, type_name));
      else
        g_free (type_name);
    }
}

/* One signal, for all between what stays at the start and at the end. */
static void
replace_children (QmpQomNode *self, GPtrArray *children)
{
  GPtrArray *before = self->children;
  guint start = 0, end = 0;

  while (start < MIN (before->len, children->len) && before->pdata[start] == children->pdata[start])
    start++;
  while (end < MIN (before->len, children->len) - start
         && before->pdata[before->len - 1 - end] == children->pdata[children->len - 1 - end])
    end++;
  self->children = children;
  if (before->len != start + end || children->len != start + end)
    g_list_model_items_changed (G_LIST_MODEL (self), start, before->len - start - end, children->len - start - end);
  g_ptr_array_unref (before);
}

void
qmp_qom_node_take (QmpQomNode *self, GPtrArray *infos, char *type_name)
{
  GPtrArray *children = g_ptr_array_new_with_free_func (g_object_unref);
  GPtrArray *others = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (QmpQomNode) alive = g_object_ref (self);

  sort_out (self, infos, children, others);
  g_ptr_array_unref (self->properties);
  self->properties = others;
  replace_children (self, children);
  if (type_name != NULL && g_strcmp0 (self->type_name, type_name) != 0)
    {
      g_free (self->type_name);
      self->type_name = g_strdup (type_name);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TYPE_NAME]);
    }
  if (self->loaded)
    return;
  self->loaded = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADED]);
}

/* --- what it knows ----------------------------------------------------------------------------- */

/**
 * qmp_qom_node_get_connection: (get-property connection)
 * @self: a node
 *
 * Gets the connection to the QEMU it is in.
 *
 * Returns: (transfer none): the connection
 *
 * Since: 0.1
 */
QmpConnection *
qmp_qom_node_get_connection (QmpQomNode *self)
{
  g_return_val_if_fail (QMP_IS_QOM_NODE (self), NULL);
  return self->connection;
}

/**
 * qmp_qom_node_get_path: (get-property path)
 * @self: a node
 *
 * Gets where it is.
 *
 * Returns: the path
 *
 * Since: 0.1
 */
const char *
qmp_qom_node_get_path (QmpQomNode *self)
{
  g_return_val_if_fail (QMP_IS_QOM_NODE (self), NULL);
  return self->path;
}

/**
 * qmp_qom_node_get_name: (get-property name)
 * @self: a node
 *
 * Gets what its parent calls it.
 *
 * Returns: the last part of the path; empty for the root
 *
 * Since: 0.1
 */
const char *
qmp_qom_node_get_name (QmpQomNode *self)
{
  g_return_val_if_fail (QMP_IS_QOM_NODE (self), NULL);
  return self->name;
}

/**
 * qmp_qom_node_get_type_name: (get-property type-name)
 * @self: a node
 *
 * Gets the name of its type.
 *
 * Returns: (nullable): the name, or %NULL as long as it is not known
 *
 * Since: 0.1
 */
const char *
qmp_qom_node_get_type_name (QmpQomNode *self)
{
  g_return_val_if_fail (QMP_IS_QOM_NODE (self), NULL);
  return self->type_name;
}

/**
 * qmp_qom_node_get_loaded: (get-property loaded)
 * @self: a node
 *
 * Tells whether it knows its children and properties.
 *
 * Returns: whether it does
 *
 * Since: 0.1
 */
gboolean
qmp_qom_node_get_loaded (QmpQomNode *self)
{
  g_return_val_if_fail (QMP_IS_QOM_NODE (self), FALSE);
  return self->loaded;
}

/**
 * qmp_qom_node_find_child:
 * @self: a node
 * @name: what the node calls the child
 *
 * Finds a child among those that were there at the last load.
 *
 * Returns: (transfer none) (nullable): the child, or %NULL when there is none
 *
 * Since: 0.1
 */
QmpQomNode *
qmp_qom_node_find_child (QmpQomNode *self, const char *name)
{
  g_return_val_if_fail (QMP_IS_QOM_NODE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);
  for (guint i = 0; i < self->children->len; i++)
    {
      QmpQomNode *child = self->children->pdata[i];

      if (strcmp (child->name, name) == 0)
        return child;
    }
  return NULL;
}

/**
 * qmp_qom_node_find_property:
 * @self: a node
 * @name: a property's name
 *
 * Finds a property among those that were there at the last load.
 *
 * Returns: (transfer none) (nullable): what QEMU says about it, or %NULL when
 *   there is none
 *
 * Since: 0.1
 */
QmpObjectPropertyInfo *
qmp_qom_node_find_property (QmpQomNode *self, const char *name)
{
  g_return_val_if_fail (QMP_IS_QOM_NODE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);
  for (guint i = 0; i < self->properties->len; i++)
    {
      QmpObjectPropertyInfo *info = self->properties->pdata[i];

      if (g_strcmp0 (qmp_object_property_info_get_name (info), name) == 0)
        return info;
    }
  return NULL;
}

/**
 * qmp_qom_node_get_properties:
 * @self: a node
 *
 * Gets what properties it has, other than children: those of the last load, in
 * QEMU's order. [property@Qmp.ObjectPropertyInfo:type] is as QEMU names types:
 * `bool`, `string`, `uint32`, an enumeration's name, or `link<TYPE>`.
 *
 * Returns: (transfer container) (element-type QmpObjectPropertyInfo): the
 *   properties; none before it was loaded
 *
 * Since: 0.1
 */
GPtrArray *
qmp_qom_node_get_properties (QmpQomNode *self)
{
  GPtrArray *copy;

  g_return_val_if_fail (QMP_IS_QOM_NODE (self), NULL);
  copy = g_ptr_array_new_full (self->properties->len, g_object_unref);
  for (guint i = 0; i < self->properties->len; i++)
    g_ptr_array_add (copy, g_object_ref (self->properties->pdata[i]));
  return copy;
}
