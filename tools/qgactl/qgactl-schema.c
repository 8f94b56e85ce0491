/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl-schema.h"

/* the generated file has it */
extern const char agent_schema_json[];

QmpSchema *
qgactl_schema_new (void)
{
  g_autoptr (GError) error = NULL;
  QmpSchema *schema = qmp_schema_new_from_json (agent_schema_json, &error);

  if (schema == NULL)
    g_error ("the agent's schema: %s", error->message);
  return schema;
}

/* --- types, as words ----------------------------------------------------------------------- */

static char *
join_alternatives (QmpSchemaType *type)
{
  g_autoptr (GPtrArray) alternatives = qmp_schema_type_get_alternatives (type);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < alternatives->len; i++)
    {
      g_autofree char *one = qgactl_schema_describe (g_ptr_array_index (alternatives, i));

      g_string_append_printf (text, "%s%s", i > 0 ? " or " : "", one);
    }
  return g_string_free (text, FALSE);
}

static char *
describe_list (QmpSchemaType *type)
{
  g_autoptr (QmpSchemaType) element = qmp_schema_type_get_element_type (type);
  g_autofree char *one = qgactl_schema_describe (element);

  return g_strconcat ("list of ", one, NULL);
}

char *
qgactl_schema_describe (QmpSchemaType *type)
{
  static const char *const names[] = { "any", "null", "boolean", "integer", "number", "text", "list", "object" };
  g_auto (GStrv) values = NULL;

  switch (qmp_schema_type_get_kind (type))
    {
    case QMP_SCHEMA_KIND_ENUM:
      values = qmp_schema_type_dup_values (type);
      return g_strjoinv ("|", values);
    case QMP_SCHEMA_KIND_ARRAY:
      return describe_list (type);
    case QMP_SCHEMA_KIND_ALTERNATE:
      return join_alternatives (type);
    case QMP_SCHEMA_KIND_BUILTIN:
    case QMP_SCHEMA_KIND_OBJECT:
    case QMP_SCHEMA_KIND_UNRECOGNIZED:
    default:
      return g_strdup (names[qmp_schema_type_get_json_type (type)]);
    }
}

/* --- completion ------------------------------------------------------------------------------- */

char **
qgactl_schema_suggest (const char *const *words)
{
  g_autoptr (QmpSchema) schema = qgactl_schema_new ();
  g_autoptr (QmpSchemaType) type = NULL;
  g_autoptr (GPtrArray) members = NULL;
  GPtrArray *names;

  if (words[0] == NULL)
    return qmp_schema_dup_command_names (schema);
  if (!qmp_schema_has_command (schema, words[0]))
    return NULL;
  type = qmp_schema_get_arguments_type (schema, words[0]);
  members = qmp_schema_type_get_members (type);
  names = g_ptr_array_new ();
  for (guint i = 0; i < members->len; i++)
    g_ptr_array_add (names, g_strconcat (qmp_schema_member_get_name (g_ptr_array_index (members, i)), "=", NULL));
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}
