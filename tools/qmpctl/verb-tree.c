/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmpctl.h"
#include "tool-json.h"
#include "tool-output.h"
#include "tool-text.h"

/* A tree that goes on for ever is not QEMU's. */
#define DEEPEST 64

typedef struct
{
  ToolApp *app;
  QmpConnection *connection;
  ToolWriter *writer;
  int depth;
} Walk;

/* --- reading it, into JSON --------------------------------------------------------------- */

static gboolean write_node (Walk *walk, const char *path, const char *name, const char *type, int level, GError **error);

static gboolean
write_child (Walk *walk, const char *path, QmpValue *property, int level, GError **error)
{
  g_autofree char *name = qmp_value_dup_member_string (property, "name");
  g_autofree char *kind = qmp_value_dup_member_string (property, "type");
  g_autofree char *type = kind != NULL ? qmpctl_dup_child_type (kind) : NULL;
  g_autofree char *child = g_strdup_printf ("%s%s%s", path, g_str_has_suffix (path, "/") ? "" : "/", name != NULL ? name : "");

  return type == NULL || name == NULL || write_node (walk, child, name, type, level, error);
}

/* A node may go while the tree is read: it has no children then. */
static gboolean
write_children (Walk *walk, const char *path, int level, GError **error)
{
  g_autoptr (GError) gone = NULL;
  g_autoptr (QmpValue) properties = qmpctl_list_properties (walk->app, walk->connection, path, &gone);
  gboolean written = TRUE;

  if (properties == NULL && (level == 0 || gone->domain != QMP_ERROR))
    {
      g_propagate_error (error, g_steal_pointer (&gone));
      return FALSE;
    }
  tool_writer_begin_list (walk->writer, "children");
  for (guint i = 0; properties != NULL && written && i < qmp_value_get_length (properties); i++)
    {
      g_autoptr (QmpValue) property = qmp_value_get_element (properties, i);

      written = write_child (walk, path, property, level + 1, error);
    }
  tool_writer_end_list (walk->writer);
  return written;
}

static gboolean
write_node (Walk *walk, const char *path, const char *name, const char *type, int level, GError **error)
{
  gboolean written = TRUE;

  tool_writer_begin_object (walk->writer, NULL);
  tool_writer_text (walk->writer, "name", name);
  tool_writer_text (walk->writer, "type", type);
  tool_writer_text (walk->writer, "path", path);
  if (level < walk->depth)
    written = write_children (walk, path, level, error);
  tool_writer_end_object (walk->writer);
  return written;
}

/* --- printing ------------------------------------------------------------------------------ */

typedef struct
{
  const char *branch, *last, *line, *space;
} Strokes;

static const Strokes *
get_strokes (void)
{
  static const Strokes drawn = { "├─ ", "└─ ", "│  ", "   " };
  static const Strokes plain = { "|- ", "`- ", "|  ", "   " };

  return g_get_charset (NULL) ? &drawn : &plain;
}

static void
print_name (QmpValue *node)
{
  g_autofree char *name = qmp_value_dup_member_string (node, "name");
  g_autofree char *type = qmp_value_dup_member_string (node, "type");
  g_autofree char *clean = tool_text_to_line (name);

  tool_print ("%s", clean);
  if (type != NULL)
    {
      g_autofree char *clean_type = tool_text_to_line (type);

      tool_print_styled (TOOL_STYLE_DIM, " (%s)", clean_type);
    }
  tool_print ("\n");
}

static void
print_children (QmpValue *node, const char *prefix)
{
  g_autoptr (QmpValue) children = qmp_value_get_member (node, "children");
  const Strokes *strokes = get_strokes ();
  guint count = children != NULL ? qmp_value_get_length (children) : 0;

  for (guint i = 0; i < count; i++)
    {
      g_autoptr (QmpValue) child = qmp_value_get_element (children, i);
      gboolean last = i == count - 1;
      g_autofree char *deeper = g_strconcat (prefix, last ? strokes->space : strokes->line, NULL);

      tool_print ("%s%s", prefix, last ? strokes->last : strokes->branch);
      print_name (child);
      print_children (child, deeper);
    }
}

/* --- the verb --------------------------------------------------------------------------------- */

static gboolean
write_tree (Walk *walk, const char *path, GError **error)
{
  g_autoptr (QmpValue) value = qmpctl_get_property (walk->app, walk->connection, path, "type", error);
  g_autofree char *type = value != NULL ? qmp_value_dup_string (value) : NULL;

  return value != NULL && write_node (walk, path, path, type, 0, error);
}

static gboolean
tree (ToolApp *app, int argc, char **argv, GError **error)
{
  int depth = DEEPEST;
  const GOptionEntry entries[] = {
    { "depth", 'd', 0, G_OPTION_ARG_INT, &depth, "Show so many levels", "N" },
    { NULL },
  };
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (ToolWriter) writer = tool_writer_new ();
  g_autoptr (QmpValue) root = NULL;
  Walk walk;

  if (!tool_app_parse (app, entries, &argc, &argv, 0, 1, error))
    return FALSE;
  if (depth < 0 || (argc > 1 && !g_utf8_validate (argv[1], -1, NULL)))
    {
      g_set_error_literal (error, TOOL_ERROR, TOOL_ERROR_USAGE, depth < 0 ? "A depth cannot be negative" : "That is no path");
      return FALSE;
    }
  connection = qmpctl_connect (app, error);
  walk = (Walk) { app, connection, writer, MIN (depth, DEEPEST) };
  if (connection == NULL || !write_tree (&walk, argc > 1 ? argv[1] : "/machine", error))
    return FALSE;

  if (tool_app_wants_json (app))
    {
      tool_json_print (tool_writer_get_json (writer), TRUE);
      return TRUE;
    }
  root = tool_writer_to_value (writer);
  print_name (root);
  print_children (root, "");
  return TRUE;
}

const ToolVerb qmpctl_tree = {
  .name = "tree",
  .synopsis = "[PATH]",
  .summary = "Show QEMU's objects as a tree, from /machine or PATH on",
  .run = tree,
};
