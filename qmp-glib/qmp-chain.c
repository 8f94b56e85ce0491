/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-chain-private.h"
#include "qmp-glib.h"

/* The chain below a block node. Since 10.1, QEMU tells the children of a node
 * along with it; before, only a graph of all nodes has them. */

/* --- nodes --------------------------------------------------------------------------------- */

static gboolean
is_text (QmpValue *object, const char *member, const char *text)
{
  g_autofree char *found = object != NULL ? qmp_value_dup_member_string (object, member) : NULL;

  return g_strcmp0 (found, text) == 0;
}

QmpValue *
qmp_chain_find_node (QmpValue *nodes, const char *name, GError **error)
{
  guint n = qmp_value_get_length (nodes);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (QmpValue) node = qmp_value_get_element (nodes, i);

      if (is_text (node, "node-name", name))
        return g_steal_pointer (&node);
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no block node “%s”", name);
  return NULL;
}

gboolean
qmp_chain_is_filter (const char *driver)
{
  static const char *const filters[] = { "throttle", "copy-on-read", "copy-before-write", "compress", "preallocate", NULL };

  return driver != NULL && g_strv_contains (filters, driver);
}

gboolean
qmp_chain_has_children (QmpValue *nodes)
{
  g_autoptr (QmpValue) first = qmp_value_get_element (nodes, 0);

  return first != NULL && qmp_value_has_member (first, "children");
}

/* --- children ------------------------------------------------------------------------------ */

static char *
find_child (QmpValue *node, const char *role)
{
  g_autoptr (QmpValue) children = qmp_value_get_member (node, "children");
  guint n = children != NULL ? qmp_value_get_length (children) : 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (QmpValue) child = qmp_value_get_element (children, i);

      if (is_text (child, "child", role))
        return qmp_value_dup_member_string (child, "node-name");
    }
  return NULL;
}

/* The graph numbers its nodes; by a name, or the name of a number. */
static QmpValue *
find_in_graph (QmpValue *graph, const char *name, guint64 id)
{
  g_autoptr (QmpValue) nodes = qmp_value_get_member (graph, "nodes");
  guint n = nodes != NULL ? qmp_value_get_length (nodes) : 0;
  guint64 found;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (QmpValue) node = qmp_value_get_element (nodes, i);

      if (is_text (node, "type", "block-driver") &&
          (name != NULL ? is_text (node, "name", name) : qmp_value_get_member_uint64 (node, "id", &found) && found == id))
        return g_steal_pointer (&node);
    }
  return NULL;
}

static char *
find_child_in_graph (QmpValue *graph, const char *name, const char *role)
{
  g_autoptr (QmpValue) edges = qmp_value_get_member (graph, "edges");
  g_autoptr (QmpValue) parent = find_in_graph (graph, name, 0);
  guint n = edges != NULL && parent != NULL ? qmp_value_get_length (edges) : 0;
  guint64 id = 0, from, to;

  if (n == 0 || !qmp_value_get_member_uint64 (parent, "id", &id))
    return NULL;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (QmpValue) edge = qmp_value_get_element (edges, i);
      g_autoptr (QmpValue) child = NULL;

      if (!is_text (edge, "name", role) || !qmp_value_get_member_uint64 (edge, "parent", &from) || from != id ||
          !qmp_value_get_member_uint64 (edge, "child", &to))
        continue;
      child = find_in_graph (graph, NULL, to);
      return child != NULL ? qmp_value_dup_member_string (child, "name") : NULL;
    }
  return NULL;
}

/* --- the chain ----------------------------------------------------------------------------- */

/* What a node has below: of a filter, that may be called its file. */
static char *
find_below (QmpValue *node, QmpValue *graph, const char *name)
{
  g_autofree char *driver = qmp_value_dup_member_string (node, "drv");
  char *below = graph != NULL ? find_child_in_graph (graph, name, "backing") : find_child (node, "backing");

  if (below != NULL || !qmp_chain_is_filter (driver))
    return below;
  return graph != NULL ? find_child_in_graph (graph, name, "file") : find_child (node, "file");
}

GPtrArray *
qmp_chain_read (QmpValue *nodes, QmpValue *graph, const char *top, GError **error)
{
  g_autoptr (GPtrArray) chain = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *name = g_strdup (top);

  /* no chain is longer than what there is of nodes, whatever the peer says */
  do
    {
      g_autoptr (QmpValue) node = qmp_chain_find_node (nodes, name, error);
      g_autofree char *json = node != NULL ? qmp_value_to_json (node) : NULL;
      QmpBlockDeviceInfo *info = json != NULL ? qmp_block_device_info_new_from_json (json, error) : NULL;
      char *below = info != NULL ? find_below (node, graph, name) : NULL;

      if (info == NULL)
        return NULL;
      g_ptr_array_add (chain, info);
      g_free (name);
      name = below;
    }
  while (name != NULL && chain->len < qmp_value_get_length (nodes));
  return g_steal_pointer (&chain);
}
