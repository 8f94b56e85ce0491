/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "shell-private.h"

#include <string.h>

/* While somebody waits for a list of names, a machine that hangs is none to
 * wait for. */
#define LONGEST_MS 2000

/* A key was pressed: what goes wrong is no name, and no more. */
static QmpValue *
ask (QmpConnection *connection, const char *command, const char *arguments)
{
  g_autoptr (QmpRequest) request = qmp_request_new (command);

  qmp_request_set_timeout (request, LONGEST_MS);
  if (arguments != NULL && !qmp_request_set_arguments_json (request, arguments, NULL))
    return NULL;
  return qmp_connection_execute_request (connection, request, NULL, NULL);
}

static void
add_name (GPtrArray *names, char *name)
{
  if (name != NULL && *name != '\0' && !g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
    g_ptr_array_add (names, name);
  else
    g_free (name);
}

/* The texts that elements of a reply have as a member. */
static void
add_members (QmpConnection *connection, const char *command, const char *member, GPtrArray *names)
{
  g_autoptr (QmpValue) list = ask (connection, command, NULL);

  for (guint i = 0; list != NULL && i < qmp_value_get_length (list); i++)
    {
      g_autoptr (QmpValue) element = qmp_value_get_element (list, i);

      add_name (names, qmp_value_dup_member_string (element, member));
    }
}

static QmpValue *
list_path (QmpConnection *connection, const char *path)
{
  g_autoptr (JsonNode) node = json_node_init_string (json_node_alloc (), path);
  g_autofree char *text = json_to_string (node, FALSE);
  g_autofree char *arguments = g_strdup_printf ("{\"path\":%s}", text);

  return ask (connection, "qom-list", arguments);
}

/* The children at a QOM path, or all its properties. */
static void
add_properties (QmpConnection *connection, const char *path, const char *prefix, gboolean children, GPtrArray *names)
{
  g_autoptr (QmpValue) list = list_path (connection, path);

  for (guint i = 0; list != NULL && i < qmp_value_get_length (list); i++)
    {
      g_autoptr (QmpValue) element = qmp_value_get_element (list, i);
      g_autofree char *name = qmp_value_dup_member_string (element, "name");
      g_autofree char *type = qmp_value_dup_member_string (element, "type");

      if (name != NULL && type != NULL && (!children || g_str_has_prefix (type, "child<")))
        add_name (names, g_strconcat (prefix, name, NULL));
    }
}

static void
add_paths (QmpConnection *connection, const char *beginning, GPtrArray *names)
{
  const char *last = strrchr (beginning, '/');
  g_autofree char *parent = last != NULL ? g_strndup (beginning, (gsize) (last - beginning)) : g_strdup ("");
  g_autofree char *prefix = g_strconcat (parent, "/", NULL);

  add_properties (connection, *parent != '\0' ? parent : "/", prefix, TRUE, names);
}

static void
add_devices (QmpConnection *connection, GPtrArray *names)
{
  add_properties (connection, "/machine/peripheral", "", TRUE, names);
}

static void
add_nodes (QmpConnection *connection, GPtrArray *names)
{
  add_members (connection, "query-named-block-nodes", "node-name", names);
}

/* An `id` is that of something that the command's name tells. */
static void
add_ids (QmpConnection *connection, const char *command, GPtrArray *names)
{
  if (strstr (command, "job") != NULL)
    add_members (connection, "query-jobs", "id", names);
  else if (g_str_has_prefix (command, "object"))
    add_properties (connection, "/objects", "", TRUE, names);
  else if (g_str_has_prefix (command, "chardev"))
    add_members (connection, "query-chardev", "label", names);
  else
    add_devices (connection, names);
}

void
shell_add_live_names (QmpConnection *connection, const char *command, const char *argument, const char *beginning,
                      GPtrArray *names)
{
  const char *const of_nodes[] = { "file", "backing", "target", "base", "top", "overlay", "data-file", NULL };
  const char *dot = strrchr (argument, '.');
  const char *name = dot != NULL ? dot + 1 : argument;

  if (strcmp (name, "path") == 0 || strcmp (name, "qom-path") == 0)
    add_paths (connection, beginning, names);
  else if (strcmp (name, "id") == 0 && g_str_has_suffix (command, "-add"))
    return; /* a new one */
  else if (strcmp (name, "id") == 0 || strcmp (name, "job-id") == 0)
    add_ids (connection, command, names);
  else if (strcmp (name, "device") == 0 && strstr (command, "job") != NULL)
    add_members (connection, "query-block-jobs", "device", names);
  else if (strcmp (name, "device") == 0)
    {
      add_members (connection, "query-block", "device", names);
      add_nodes (connection, names);
    }
  else if (strstr (name, "node") != NULL || g_strv_contains (of_nodes, name))
    add_nodes (connection, names);
}
