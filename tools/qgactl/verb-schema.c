/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"

#include "qgactl-schema.h"
#include "tool-json.h"
#include "tool-output.h"
#include "tool-table.h"

/* --- one command ------------------------------------------------------------------------------ */

static void
add_members (ToolTable *table, QmpSchemaType *type, guint depth)
{
  g_autoptr (QmpSchemaType) element = qmp_schema_type_get_element_type (type);
  g_autoptr (GPtrArray) members = qmp_schema_type_get_members (type);

  if (element != NULL)
    add_members (table, element, depth);
  for (guint i = 0; i < members->len; i++)
    {
      QmpSchemaMember *member = g_ptr_array_index (members, i);
      g_autoptr (QmpSchemaType) member_type = qmp_schema_member_get_value_type (member);
      g_autofree char *name = g_strdup_printf ("%*s%s", (int) depth * 2, "", qmp_schema_member_get_name (member));
      g_autofree char *kind = qgactl_schema_describe (member_type);

      tool_table_add (table, name, qmp_schema_member_is_optional (member) ? "optional" : "always", kind);
      add_members (table, member_type, depth + 1);
    }
}

static void
print_part (const char *title, QmpSchemaType *type)
{
  g_autoptr (ToolTable) table = tool_table_new ("NAME", "GIVEN", "TYPE", NULL);
  g_autofree char *kind = qgactl_schema_describe (type);

  add_members (table, type, 0);
  tool_print_styled (TOOL_STYLE_TITLE, "%s", title);
  if (tool_table_count (table) == 0)
    tool_print (": %s\n", qmp_schema_type_get_kind (type) == QMP_SCHEMA_KIND_OBJECT ? "none" : kind);
  else
    {
      tool_print (": %s\n", kind);
      tool_table_print (table);
    }
}

/* --- all of them ------------------------------------------------------------------------------ */

static char *
list_arguments (QmpSchemaType *type)
{
  g_autoptr (GPtrArray) members = qmp_schema_type_get_members (type);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < members->len; i++)
    {
      QmpSchemaMember *member = g_ptr_array_index (members, i);

      g_string_append_printf (text, qmp_schema_member_is_optional (member) ? "%s[%s]" : "%s%s", i > 0 ? " " : "",
                              qmp_schema_member_get_name (member));
    }
  return g_string_free (text, FALSE);
}

static void
append_arguments (GString *json, QmpSchemaType *type)
{
  g_autoptr (GPtrArray) members = qmp_schema_type_get_members (type);

  for (guint i = 0; i < members->len; i++)
    {
      QmpSchemaMember *member = g_ptr_array_index (members, i);
      g_autoptr (QmpSchemaType) member_type = qmp_schema_member_get_value_type (member);
      g_autofree char *kind = qgactl_schema_describe (member_type);

      g_string_append_printf (json, "%s{\"name\":\"%s\",\"type\":\"%s\",\"optional\":%s}", i > 0 ? "," : "",
                              qmp_schema_member_get_name (member), kind,
                              qmp_schema_member_is_optional (member) ? "true" : "false");
    }
}

static void
append_command (GString *json, QmpSchema *schema, const char *name)
{
  g_autoptr (QmpSchemaType) arguments = qmp_schema_get_arguments_type (schema, name);
  g_autoptr (QmpSchemaType) result = qmp_schema_get_result_type (schema, name);
  g_autofree char *kind = qgactl_schema_describe (result);

  g_string_append_printf (json, "{\"name\":\"%s\",\"arguments\":[", name);
  append_arguments (json, arguments);
  g_string_append_printf (json, "],\"returns\":\"%s\"}", kind);
}

static void
list_commands (ToolApp *app, QmpSchema *schema)
{
  g_auto (GStrv) names = qmp_schema_dup_command_names (schema);
  g_autoptr (ToolTable) table = tool_table_new ("COMMAND", "RETURNS", "ARGUMENTS", NULL);
  g_autoptr (GString) json = g_string_new ("[");

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (QmpSchemaType) arguments = qmp_schema_get_arguments_type (schema, names[i]);
      g_autoptr (QmpSchemaType) result = qmp_schema_get_result_type (schema, names[i]);
      g_autofree char *kind = qgactl_schema_describe (result);
      g_autofree char *list = list_arguments (arguments);

      tool_table_add (table, names[i], kind, list);
      g_string_append (json, i > 0 ? "," : "");
      append_command (json, schema, names[i]);
    }
  g_string_append_c (json, ']');
  if (tool_app_wants_json (app))
    tool_json_print (json->str, TRUE);
  else
    tool_table_print (table);
}

/* --- the verb ------------------------------------------------------------------------------------ */

static void
show_command (ToolApp *app, QmpSchema *schema, const char *name)
{
  g_autoptr (QmpSchemaType) arguments = qmp_schema_get_arguments_type (schema, name);
  g_autoptr (QmpSchemaType) result = qmp_schema_get_result_type (schema, name);
  g_autoptr (GString) json = g_string_new (NULL);

  if (tool_app_wants_json (app))
    {
      append_command (json, schema, name);
      tool_json_print (json->str, TRUE);
      return;
    }
  print_part ("Arguments", arguments);
  print_part ("Returns", result);
}

static gboolean
print_schema (ToolApp *app, int argc, char **argv, GError **error)
{
  g_autoptr (QmpSchema) schema = NULL;
  g_autoptr (GError) unknown = NULL;

  if (!tool_app_parse (app, NULL, &argc, &argv, 0, 1, error))
    return FALSE;
  schema = qgactl_schema_new ();
  if (argc == 1)
    list_commands (app, schema);
  else if (qmp_schema_has_command (schema, argv[1]))
    show_command (app, schema, argv[1]);
  else
    {
      /* which knows names that are near to it */
      qmp_schema_check_arguments_json (schema, argv[1], "{}", &unknown);
      g_set_error_literal (error, TOOL_ERROR, TOOL_ERROR_USAGE, unknown->message);
      return FALSE;
    }
  return TRUE;
}

const ToolVerb qgactl_schema = {
  .name = "schema",
  .synopsis = "[COMMAND]",
  .summary = "What agents' commands take and return",
  .description =
    "Of the agents of QEMU 7.2 to 10.0, whatever the one at hand can do (\"info\" tells that); so no address is needed.\n"
    "With --json: {\"name\": TEXT, \"arguments\": [{\"name\": TEXT, \"type\": TEXT, \"optional\": BOOLEAN}…], \"returns\": TEXT},\n"
    "or a list of these.",
  .run = print_schema,
  .flags = TOOL_VERB_NO_ADDRESS,
  .suggest = qgactl_schema_suggest,
};
