/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmpctl-schema.h"

/* Types as JSON. Deep ones end, as some contain themselves. */

static const char *
name_kind (QmpSchemaType *type)
{
  switch (qmp_schema_type_get_json_type (type))
    {
    case QMP_SCHEMA_JSON_TYPE_NULL:
      return "null";
    case QMP_SCHEMA_JSON_TYPE_BOOLEAN:
      return "boolean";
    case QMP_SCHEMA_JSON_TYPE_INTEGER:
      return "integer";
    case QMP_SCHEMA_JSON_TYPE_NUMBER:
      return "number";
    case QMP_SCHEMA_JSON_TYPE_STRING:
      return qmp_schema_type_get_kind (type) == QMP_SCHEMA_KIND_ENUM ? "enum" : "string";
    case QMP_SCHEMA_JSON_TYPE_OBJECT:
      return "object";
    case QMP_SCHEMA_JSON_TYPE_ARRAY:
    case QMP_SCHEMA_JSON_TYPE_ANY:
    default:
      return "any";
    }
}

static char *
describe_alternate (QmpSchemaType *type)
{
  g_autoptr (GPtrArray) alternatives = qmp_schema_type_get_alternatives (type);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < alternatives->len; i++)
    g_ptr_array_add (names, (gpointer) name_kind (alternatives->pdata[i]));
  g_ptr_array_add (names, NULL);
  return g_strjoinv (" or ", (char **) names->pdata);
}

/* What a list is made of in the end (transfer full), and its words before it. */
static QmpSchemaType *
unwrap (QmpSchemaType *type, GString *words)
{
  g_autoptr (QmpSchemaType) inner = g_object_ref (type);

  while (qmp_schema_type_get_kind (inner) == QMP_SCHEMA_KIND_ARRAY)
    {
      QmpSchemaType *element = qmp_schema_type_get_element_type (inner);

      g_string_append (words, "list of ");
      if (element == NULL)
        break;
      g_set_object (&inner, element);
      g_object_unref (element);
    }
  return g_steal_pointer (&inner);
}

/* The object that it is, or that it may be. */
static QmpSchemaType *
find_object (QmpSchemaType *type)
{
  g_autoptr (GPtrArray) alternatives = NULL;

  if (qmp_schema_type_get_kind (type) == QMP_SCHEMA_KIND_OBJECT)
    return g_object_ref (type);
  if (qmp_schema_type_get_kind (type) != QMP_SCHEMA_KIND_ALTERNATE)
    return NULL;
  alternatives = qmp_schema_type_get_alternatives (type);
  for (guint i = 0; i < alternatives->len; i++)
    if (qmp_schema_type_get_kind (alternatives->pdata[i]) == QMP_SCHEMA_KIND_OBJECT)
      return g_object_ref (alternatives->pdata[i]);
  return NULL;
}

static void
write_features (ToolWriter *writer, char **features)
{
  if (features != NULL && features[0] != NULL)
    tool_writer_texts (writer, "features", (const char *const *) features);
}

static void write_members (ToolWriter *writer, QmpSchemaType *type, const char *path, GHashTable *choices, guint depth);

void
qmpctl_write_type (ToolWriter *writer, QmpSchemaType *type, const char *path, GHashTable *choices, guint depth)
{
  g_autoptr (GString) words = g_string_new (NULL);
  g_autoptr (QmpSchemaType) inner = unwrap (type, words);
  g_autofree char *alternate = NULL;
  g_autoptr (QmpSchemaType) object = find_object (inner);

  if (qmp_schema_type_get_kind (inner) == QMP_SCHEMA_KIND_ALTERNATE)
    alternate = describe_alternate (inner);
  g_string_append (words, alternate != NULL ? alternate : name_kind (inner));
  tool_writer_text (writer, "type", words->str);
  if (qmp_schema_type_get_kind (inner) == QMP_SCHEMA_KIND_ENUM)
    {
      g_auto (GStrv) values = qmp_schema_type_dup_values (inner);

      tool_writer_texts (writer, "values", (const char *const *) values);
    }
  if (object == NULL || depth == 0)
    return;
  tool_writer_text (writer, "tag", qmp_schema_type_get_tag_name (object));
  tool_writer_begin_list (writer, "members");
  write_members (writer, object, path, choices, depth - 1);
  tool_writer_end_list (writer);
}

static void
write_member (ToolWriter *writer, QmpSchemaMember *member, const char *path, GHashTable *choices, guint depth)
{
  g_autoptr (QmpSchemaType) type = qmp_schema_member_get_value_type (member);
  g_auto (GStrv) features = qmp_schema_member_dup_features (member);
  g_autofree char *inner_path = g_strconcat (path, *path != '\0' ? "." : "", qmp_schema_member_get_name (member), NULL);

  tool_writer_begin_object (writer, NULL);
  tool_writer_text (writer, "name", qmp_schema_member_get_name (member));
  qmpctl_write_type (writer, type, inner_path, choices, depth);
  tool_writer_truth (writer, "optional", qmp_schema_member_is_optional (member));
  write_features (writer, features);
  tool_writer_end_object (writer);
}

/* Those of every case, and of the one that was chosen. */
static void
write_members (ToolWriter *writer, QmpSchemaType *type, const char *path, GHashTable *choices, guint depth)
{
  g_autoptr (GPtrArray) members = qmp_schema_type_get_members (type);
  const char *tag = qmp_schema_type_get_tag_name (type);
  g_autofree char *tag_path = g_strconcat (path, *path != '\0' ? "." : "", tag, NULL);
  const char *chosen = tag != NULL ? g_hash_table_lookup (choices, tag_path) : NULL;
  g_autoptr (QmpSchemaType) branch = chosen != NULL ? qmp_schema_type_get_branch (type, chosen) : NULL;

  for (guint i = 0; i < members->len; i++)
    write_member (writer, members->pdata[i], path, choices, depth);
  if (branch != NULL)
    write_members (writer, branch, path, choices, depth);
}

/* --- commands and events ------------------------------------------------------------ */

static void
write_part (ToolWriter *writer, const char *name, QmpSchemaType *type, GHashTable *choices, guint depth)
{
  if (type == NULL)
    return;
  tool_writer_begin_object (writer, name);
  qmpctl_write_type (writer, type, "", choices, depth);
  tool_writer_end_object (writer);
}

/* Of what neither command nor event tells in a list, its name has to be asked for. */
static void
write_known_features (ToolWriter *writer, QmpSchema *schema, const char *name, gboolean is_event)
{
  const char *const known[] = { "deprecated", "unstable" };
  g_autoptr (GPtrArray) found = g_ptr_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (is_event ? qmp_schema_has_event_feature (schema, name, known[i]) : qmp_schema_has_command_feature (schema, name, known[i]))
      g_ptr_array_add (found, (gpointer) known[i]);
  g_ptr_array_add (found, NULL);
  write_features (writer, (char **) found->pdata);
}

void
qmpctl_write_head (ToolWriter *writer, QmpSchema *schema, const char *name, gboolean is_event)
{
  tool_writer_text (writer, "kind", is_event ? "event" : "command");
  tool_writer_text (writer, "name", name);
  if (!is_event)
    tool_writer_truth (writer, "out-of-band", qmp_schema_allows_out_of_band (schema, name));
  write_known_features (writer, schema, name, is_event);
}

void
qmpctl_write_command (ToolWriter *writer, QmpSchema *schema, const char *name, GHashTable *choices, guint depth)
{
  g_autoptr (QmpSchemaType) arguments = qmp_schema_get_arguments_type (schema, name);
  g_autoptr (QmpSchemaType) result = qmp_schema_get_result_type (schema, name);
  g_autoptr (GHashTable) none = g_hash_table_new (g_str_hash, g_str_equal);

  tool_writer_begin_object (writer, NULL);
  qmpctl_write_head (writer, schema, name, FALSE);
  write_part (writer, "arguments", arguments, choices, depth);
  write_part (writer, "result", result, none, depth);
  tool_writer_end_object (writer);
}

void
qmpctl_write_event (ToolWriter *writer, QmpSchema *schema, const char *name, GHashTable *choices, guint depth)
{
  g_autoptr (QmpSchemaType) data = qmp_schema_get_event_type (schema, name);

  tool_writer_begin_object (writer, NULL);
  qmpctl_write_head (writer, schema, name, TRUE);
  write_part (writer, "data", data, choices, depth);
  tool_writer_end_object (writer);
}
