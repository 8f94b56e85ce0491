/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-chain-private.h"
#include "qmp-glib.h"

/* Since 10.1, QEMU tells the children of a node along with it; before, only a
 * graph of all nodes has them. Replies are read once, whatever their length. */

struct _QmpChains
{
  QmpValue *nodes;
  GHashTable *places;    /* by name, where in the reply it is, from 1 */
  GHashTable *backing;   /* by name, that of the node below */
  GHashTable *files;     /* the same of what is called its file */
  gboolean has_children;
};

gboolean
qmp_chain_is_filter (const char *driver)
{
  static const char *const filters[] = { "throttle", "copy-on-read", "copy-before-write", "compress", "preallocate", NULL };

  return driver != NULL && g_strv_contains (filters, driver);
}

/* --- reading ------------------------------------------------------------------------------- */

static JsonArray *
get_array (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static JsonNode *
get_member (JsonNode *node, const char *name)
{
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_object_get_member (json_node_get_object (node), name) : NULL;
}

static const char *
get_string (JsonNode *node, const char *name)
{
  JsonNode *member = get_member (node, name);

  return member != NULL && json_node_get_value_type (member) == G_TYPE_STRING ? json_node_get_string (member) : NULL;
}

/* A number that a node of the graph goes by; those above INT64_MAX keep their
 * bits. */
static gboolean
get_number (JsonNode *node, const char *name, gint64 *number)
{
  JsonNode *member = get_member (node, name);

  if (member == NULL || json_node_get_value_type (member) != G_TYPE_INT64)
    return FALSE;
  *number = json_node_get_int (member);
  return TRUE;
}

static void
take_child (QmpChains *self, const char *role, const char *parent, const char *child)
{
  if (role == NULL || parent == NULL || child == NULL)
    return;
  if (g_str_equal (role, "backing"))
    g_hash_table_replace (self->backing, g_strdup (parent), g_strdup (child));
  else if (g_str_equal (role, "file"))
    g_hash_table_replace (self->files, g_strdup (parent), g_strdup (child));
}

static void
read_node (QmpChains *self, JsonNode *node, guint place)
{
  const char *name = get_string (node, "node-name");
  JsonArray *children = get_array (get_member (node, "children"));
  guint n = children != NULL ? json_array_get_length (children) : 0;

  if (name != NULL)
    g_hash_table_replace (self->places, g_strdup (name), GUINT_TO_POINTER (place + 1));
  self->has_children = self->has_children || children != NULL;
  for (guint i = 0; i < n; i++)
    {
      JsonNode *child = json_array_get_element (children, i);

      take_child (self, get_string (child, "child"), name, get_string (child, "node-name"));
    }
}

static GHashTable *
read_numbers (JsonArray *nodes)
{
  GHashTable *names = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  guint n = nodes != NULL ? json_array_get_length (nodes) : 0;
  gint64 id;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (nodes, i);

      if (g_strcmp0 (get_string (node, "type"), "block-driver") == 0 && get_number (node, "id", &id))
        g_hash_table_replace (names, g_memdup2 (&id, sizeof id), (gpointer) get_string (node, "name"));
    }
  return names;
}

static void
read_graph (QmpChains *self, JsonNode *graph)
{
  g_autoptr (GHashTable) names = read_numbers (get_array (get_member (graph, "nodes")));
  JsonArray *edges = get_array (get_member (graph, "edges"));
  guint n = edges != NULL ? json_array_get_length (edges) : 0;
  gint64 parent, child;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *edge = json_array_get_element (edges, i);

      if (get_number (edge, "parent", &parent) && get_number (edge, "child", &child))
        take_child (self, get_string (edge, "name"), g_hash_table_lookup (names, &parent), g_hash_table_lookup (names, &child));
    }
}

QmpChains *
qmp_chains_new (QmpValue *nodes, QmpValue *graph)
{
  g_autoptr (JsonNode) node_tree = qmp_value_to_node (nodes);
  g_autoptr (JsonNode) graph_tree = graph != NULL ? qmp_value_to_node (graph) : NULL;
  QmpChains *self = g_new0 (QmpChains, 1);
  JsonArray *all = get_array (node_tree);
  guint n = all != NULL ? json_array_get_length (all) : 0;

  self->nodes = qmp_value_ref (nodes);
  self->places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->backing = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (guint i = 0; i < n; i++)
    read_node (self, json_array_get_element (all, i), i);
  read_graph (self, graph_tree);
  return self;
}

void
qmp_chains_free (QmpChains *self)
{
  qmp_value_unref (self->nodes);
  g_hash_table_unref (self->places);
  g_hash_table_unref (self->backing);
  g_hash_table_unref (self->files);
  g_free (self);
}

gboolean
qmp_chains_is_complete (QmpChains *self)
{
  return self->has_children;
}

/* --- finding ------------------------------------------------------------------------------- */

QmpValue *
qmp_chains_find (QmpChains *self, const char *name, GError **error)
{
  guint place = GPOINTER_TO_UINT (g_hash_table_lookup (self->places, name));
  QmpValue *node = place > 0 ? qmp_value_get_element (self->nodes, place - 1) : NULL;

  if (node == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no block node “%s”", name);
  return node;
}

/* What a node has below: of a filter, that may be called its file. */
static const char *
find_below (QmpChains *self, const char *name, const char *driver)
{
  const char *below = g_hash_table_lookup (self->backing, name);

  return below != NULL || !qmp_chain_is_filter (driver) ? below : g_hash_table_lookup (self->files, name);
}

GPtrArray *
qmp_chains_read (QmpChains *self, const char *top, GError **error)
{
  g_autoptr (GPtrArray) chain = g_ptr_array_new_with_free_func (g_object_unref);
  const char *name = top;

  /* no chain is longer than what there is of nodes, whatever the peer says */
  do
    {
      g_autoptr (QmpValue) node = qmp_chains_find (self, name, error);
      g_autofree char *json = node != NULL ? qmp_value_to_json (node) : NULL;
      QmpBlockDeviceInfo *info = json != NULL ? qmp_block_device_info_new_from_json (json, error) : NULL;

      if (info == NULL)
        return NULL;
      g_ptr_array_add (chain, info);
      name = find_below (self, name, qmp_block_device_info_get_drv (info));
    }
  while (name != NULL && chain->len < g_hash_table_size (self->places));
  return g_steal_pointer (&chain);
}
