/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "qmpctl-schema.h"
#include "tool-columns.h"
#include "tool-json.h"
#include "tool-output.h"
#include "tool-table.h"

/* --- one of them, as text ------------------------------------------------------------ */

static void
append_note (GString *notes, const char *text)
{
  g_string_append_printf (notes, "%s%s", notes->len > 0 ? ", " : "", text);
}

static char *
make_notes (QmpValue *member)
{
  GString *notes = g_string_new (NULL);
  g_autofree char *features = tool_cell_format_member (member, "features", TOOL_CELL_LIST);
  g_autofree char *values = tool_cell_format_member (member, "values", TOOL_CELL_LIST);
  gboolean optional = FALSE;

  if (qmp_value_get_member_boolean (member, "optional", &optional) && optional)
    append_note (notes, "optional");
  if (features != NULL)
    append_note (notes, features);
  if (values != NULL)
    g_string_append_printf (notes, "%sone of: %s", notes->len > 0 ? "; " : "", values);
  return g_string_free (notes, FALSE);
}

static void
add_members (ToolTable *table, QmpValue *type, guint depth)
{
  g_autoptr (QmpValue) members = qmp_value_get_member (type, "members");

  for (guint i = 0; members != NULL && i < qmp_value_get_length (members); i++)
    {
      g_autoptr (QmpValue) member = qmp_value_get_element (members, i);
      g_autofree char *name = qmp_value_dup_member_string (member, "name");
      g_autofree char *kind = qmp_value_dup_member_string (member, "type");
      g_autofree char *indented = g_strdup_printf ("%*s%s", (int) depth * 2, "", name);
      g_autofree char *notes = make_notes (member);

      tool_table_add (table, indented, kind, notes);
      add_members (table, member, depth + 1);
    }
}

/* A part without members is a line, one with some a table between empty lines. */
static void
print_part (QmpValue *whole, const char *name, const char *title, gboolean *after_table)
{
  g_autoptr (QmpValue) part = qmp_value_get_member (whole, name);
  g_autoptr (ToolTable) table = tool_table_new ("NAME", "TYPE", "NOTES", NULL);
  g_autofree char *type = part != NULL ? qmp_value_dup_member_string (part, "type") : NULL;

  if (part == NULL)
    return;
  add_members (table, part, 0);
  if (tool_table_count (table) == 0)
    {
      tool_print ("%s", *after_table ? "\n" : "");
      tool_print_fact (title, strcmp (type, "object") == 0 ? "none" : type);
      return;
    }
  tool_print ("\n");
  tool_print_styled (TOOL_STYLE_TITLE, "%s", title);
  tool_print (strcmp (type, "object") == 0 ? "\n" : " (%s)\n", type);
  tool_table_print (table);
  *after_table = TRUE;
}

static void
print_tag (QmpValue *whole, const char *part_name, GHashTable *choices)
{
  g_autoptr (QmpValue) part = qmp_value_get_member (whole, part_name);
  g_autofree char *tag = part != NULL ? qmp_value_dup_member_string (part, "tag") : NULL;
  g_autofree char *name = qmp_value_dup_member_string (whole, "name");

  if (tag != NULL && !g_hash_table_contains (choices, tag))
    tool_print ("\nMore depends on %s: see \"schema %s %s=VALUE\".\n", tag, name, tag);
}

static void
print_one (const char *json, GHashTable *choices)
{
  g_autoptr (QmpValue) whole = qmp_value_new_from_json (json, NULL);
  g_autofree char *name = qmp_value_dup_member_string (whole, "name");
  g_autofree char *kind = qmp_value_dup_member_string (whole, "kind");
  g_autofree char *features = tool_cell_format_member (whole, "features", TOOL_CELL_LIST);
  gboolean out_of_band = FALSE, after_table = FALSE;

  tool_print_fact (strcmp (kind, "event") == 0 ? "Event" : "Command", name);
  tool_print_fact ("Features", features);
  if (qmp_value_get_member_boolean (whole, "out-of-band", &out_of_band) && out_of_band)
    tool_print_fact ("Out of band", "yes");
  print_part (whole, "arguments", "Arguments", &after_table);
  print_part (whole, "data", "Data", &after_table);
  print_part (whole, "result", "Result", &after_table);
  print_tag (whole, "arguments", choices);
}

/* --- all of them ---------------------------------------------------------------------- */

static void
write_names (ToolWriter *writer, QmpSchema *schema, const char *pattern, gboolean is_event)
{
  g_auto (GStrv) names = is_event ? qmp_schema_dup_event_names (schema) : qmp_schema_dup_command_names (schema);

  for (guint i = 0; names[i] != NULL; i++)
    if (pattern == NULL || g_pattern_match_simple (pattern, names[i]))
      {
        tool_writer_begin_object (writer, NULL);
        qmpctl_write_head (writer, schema, names[i], is_event);
        tool_writer_end_object (writer);
      }
}

static void
list (ToolApp *app, QmpSchema *schema, const char *pattern)
{
  const ToolColumn columns[] = {
    { "KIND", "kind", TOOL_CELL_TEXT }, { "NAME", "name", TOOL_CELL_TEXT },
    { "OUT OF BAND", "out-of-band", TOOL_CELL_YES }, { "FEATURES", "features", TOOL_CELL_LIST }, { NULL },
  };
  g_autoptr (ToolWriter) writer = tool_writer_new ();
  g_autoptr (QmpValue) value = NULL;

  tool_writer_begin_list (writer, NULL);
  write_names (writer, schema, pattern, FALSE);
  write_names (writer, schema, pattern, TRUE);
  tool_writer_end_list (writer);
  value = tool_writer_to_value (writer);
  if (tool_app_wants_json (app))
    tool_json_print (tool_writer_get_json (writer), TRUE);
  else
    tool_columns_print (value, columns);
}

/* --- the verb --------------------------------------------------------------------------- */

static GHashTable *
read_choices (char **words, GError **error)
{
  g_autoptr (GHashTable) choices = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (; *words != NULL; words++)
    {
      const char *sign = strchr (*words, '=');

      if (sign == NULL)
        {
          g_set_error (error, TOOL_ERROR, TOOL_ERROR_USAGE, "\"%s\" is not TAG=VALUE", *words);
          return NULL;
        }
      g_hash_table_insert (choices, g_strndup (*words, (gsize) (sign - *words)), g_strdup (sign + 1));
    }
  return g_steal_pointer (&choices);
}

static gboolean
show (ToolApp *app, QmpSchema *schema, const char *name, char **words, int depth, GError **error)
{
  g_autoptr (GHashTable) choices = read_choices (words, error);
  g_autoptr (ToolWriter) writer = tool_writer_new ();

  if (choices == NULL)
    return FALSE;
  if (qmp_schema_has_command (schema, name))
    qmpctl_write_command (writer, schema, name, choices, (guint) depth);
  else if (qmp_schema_has_event (schema, name))
    qmpctl_write_event (writer, schema, name, choices, (guint) depth);
  else
    return qmp_schema_check_arguments_json (schema, name, "{}", error);

  if (tool_app_wants_json (app))
    tool_json_print (tool_writer_get_json (writer), TRUE);
  else
    print_one (tool_writer_get_json (writer), choices);
  return TRUE;
}

static gboolean
schema (ToolApp *app, int argc, char **argv, GError **error)
{
  int depth = 1;
  const GOptionEntry entries[] = {
    { "depth", 'd', 0, G_OPTION_ARG_INT, &depth, "Show members of members, so many levels deep (1)", "N" },
    { NULL },
  };
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpSchema) loaded = NULL;

  if (!tool_app_parse (app, entries, &argc, &argv, 0, -1, error))
    return FALSE;
  if (depth < 0 || depth > 16)
    {
      g_set_error (error, TOOL_ERROR, TOOL_ERROR_USAGE, "A depth is from 0 to 16");
      return FALSE;
    }
  connection = qmpctl_connect (app, error);
  loaded = connection != NULL ? qmpctl_load_schema (app, connection, error) : NULL;
  if (loaded == NULL)
    return FALSE;

  if (argc > 1 && strpbrk (argv[1], "*?") == NULL)
    return show (app, loaded, argv[1], argv + 2, depth + 1, error);
  list (app, loaded, argc > 1 ? argv[1] : NULL);
  return TRUE;
}

const ToolVerb qmpctl_schema = {
  .name = "schema",
  .synopsis = "[PATTERN | NAME [TAG=VALUE…]]",
  .summary = "List commands and events, or tell what one of them is made of",
  .description =
    "A pattern has * or ? in it. Where members depend on the value of another one, TAG=VALUE chooses:\n"
    "  qmpctl /run/vm.qmp schema 'block*'\n"
    "  qmpctl /run/vm.qmp schema blockdev-add driver=qcow2",
  .run = schema,
};
