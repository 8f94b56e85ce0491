/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tool-values.h"

#include <string.h>

#include "tool-app.h"
#include "tool-json.h"

static gboolean
refuse (GError **error, const char *name, const char *text, const char *wanted)
{
  g_set_error (error, TOOL_ERROR, TOOL_ERROR_USAGE, "Argument %s: \"%.200s\" is not %s", name, text, wanted);
  return FALSE;
}

/* --- one value ------------------------------------------------------------------ */

static gboolean
is_json (const char *text)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();

  /* of words, the parser takes more than there are in JSON */
  if (strchr ("{[\"-0123456789", *text) == NULL && strcmp (text, "true") != 0 && strcmp (text, "false") != 0 &&
      strcmp (text, "null") != 0)
    return FALSE;
  return *text != '\0' && json_parser_load_from_data (parser, text, -1, NULL) && json_parser_get_root (parser) != NULL;
}

static char *
guess (const char *text)
{
  return is_json (text) ? g_strdup (text) : tool_json_quote (text);
}

static char *
read_boolean (const char *name, const char *text, GError **error)
{
  const char *const yes[] = { "true", "on", "yes", NULL };
  const char *const no[] = { "false", "off", "no", NULL };

  if (g_strv_contains (yes, text))
    return g_strdup ("true");
  if (g_strv_contains (no, text))
    return g_strdup ("false");
  refuse (error, name, text, "a boolean (true, on, yes, false, off, no)");
  return NULL;
}

static char *
print_integer (guint64 value, gboolean negative)
{
  return g_strdup_printf ("%s%" G_GUINT64_FORMAT, negative && value > 0 ? "-" : "", value);
}

/* -5, 0x1000, 10G: sizes are powers of 1024. */
static char *
read_integer (const char *name, const char *text, GError **error)
{
  const char *const units = "KMGTPE";
  gboolean negative = *text == '-';
  const char *digits = negative ? text + 1 : text;
  int base = g_ascii_strncasecmp (digits, "0x", 2) == 0 ? 16 : 10;
  char *end = NULL;
  const char *unit;
  guint64 value;
  guint shift;

  value = g_ascii_strtoull (digits, &end, base);
  unit = end != digits && *end != '\0' ? strchr (units, g_ascii_toupper (*end)) : NULL;
  shift = unit != NULL && base == 10 ? 10 * (guint) (unit - units + 1) : 0;
  if (shift > 0)
    end += g_ascii_strcasecmp (end + 1, "iB") == 0 ? 3 : 1;
  if (!g_ascii_isxdigit (*digits) || *end != '\0' || value > (G_MAXUINT64 >> shift) ||
      (negative && (value << shift) > (guint64) G_MAXINT64 + 1) ||
      (value == G_MAXUINT64 && strcmp (digits, "18446744073709551615") != 0 && base == 10))
    {
      refuse (error, name, text, "an integer (such as 5, 0x10 or 10G)");
      return NULL;
    }
  return print_integer (value << shift, negative);
}

gboolean
tool_value_read_size (const char *name, const char *text, guint64 *size, GError **error)
{
  g_autofree char *digits = *text != '-' ? read_integer (name, text, error) : NULL;

  if (digits == NULL)
    return *text == '-' ? refuse (error, name, text, "a size (such as 5, 0x10 or 10G)") : FALSE;
  *size = g_ascii_strtoull (digits, NULL, 10);
  return TRUE;
}

/* Text that has to be JSON, and to begin with one of some characters. */
static char *
read_json (const char *name, const char *text, const char *beginnings, const char *wanted, GError **error)
{
  if (*text != '\0' && strchr (beginnings, *text) != NULL && is_json (text))
    return g_strdup (text);
  refuse (error, name, text, wanted);
  return NULL;
}

/* (transfer full) (nullable), like all types below */
static QmpSchemaType *
find_alternative (QmpSchemaType *type, QmpSchemaJsonType json_type)
{
  g_autoptr (GPtrArray) alternatives = qmp_schema_type_get_alternatives (type);

  for (guint i = 0; i < alternatives->len; i++)
    if (qmp_schema_type_get_json_type (g_ptr_array_index (alternatives, i)) == json_type)
      return g_object_ref (g_ptr_array_index (alternatives, i));
  return NULL;
}

/* A text can mean any of an alternate's kinds: the narrowest that it fits. */
static char *
read_alternate (QmpSchemaType *type, const char *name, const char *text, GError **error)
{
  const QmpSchemaJsonType order[] = { QMP_SCHEMA_JSON_TYPE_NULL, QMP_SCHEMA_JSON_TYPE_BOOLEAN, QMP_SCHEMA_JSON_TYPE_INTEGER,
                                      QMP_SCHEMA_JSON_TYPE_NUMBER, QMP_SCHEMA_JSON_TYPE_OBJECT, QMP_SCHEMA_JSON_TYPE_ARRAY,
                                      QMP_SCHEMA_JSON_TYPE_STRING };

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      g_autoptr (QmpSchemaType) alternative = find_alternative (type, order[i]);
      char *json = alternative != NULL ? tool_value_to_json (alternative, name, text, NULL) : NULL;

      if (json != NULL)
        return json;
    }
  refuse (error, name, text, "any of the kinds that it can be");
  return NULL;
}

char *
tool_value_to_json (QmpSchemaType *type, const char *name, const char *text, GError **error)
{
  if (type != NULL && qmp_schema_type_get_kind (type) == QMP_SCHEMA_KIND_ALTERNATE)
    return read_alternate (type, name, text, error);
  return tool_value_of_kind_to_json (type != NULL ? qmp_schema_type_get_json_type (type) : QMP_SCHEMA_JSON_TYPE_ANY, name, text,
                                     error);
}

char *
tool_value_of_kind_to_json (QmpSchemaJsonType kind, const char *name, const char *text, GError **error)
{
  switch (kind)
    {
    case QMP_SCHEMA_JSON_TYPE_NULL:
      return read_json (name, text, "n", "null", error);
    case QMP_SCHEMA_JSON_TYPE_BOOLEAN:
      return read_boolean (name, text, error);
    case QMP_SCHEMA_JSON_TYPE_INTEGER:
      return read_integer (name, text, error);
    case QMP_SCHEMA_JSON_TYPE_NUMBER:
      return read_json (name, text, "-0123456789", "a number", error);
    case QMP_SCHEMA_JSON_TYPE_STRING:
      return tool_json_quote (text);
    case QMP_SCHEMA_JSON_TYPE_ARRAY:
      return read_json (name, text, "[", "a JSON list", error);
    case QMP_SCHEMA_JSON_TYPE_OBJECT:
      return read_json (name, text, "{", "a JSON object; its members are set by NAME.MEMBER=VALUE", error);
    case QMP_SCHEMA_JSON_TYPE_ANY:
    default:
      return guess (text);
    }
}

/* --- all of them, by the schema ------------------------------------------------- */

static char *value_to_json (ToolValue *value, QmpSchemaType *type, const char *path, GError **error);

/* The member's type, in the object or in its branch that the tag chooses. */
static QmpSchemaType *
find_member_type (QmpSchemaType *type, ToolValue *object, const char *name)
{
  const char *tag = qmp_schema_type_get_tag_name (type);
  g_autoptr (QmpSchemaMember) member = qmp_schema_type_get_member (type, name);
  const char *chosen = tag != NULL && object != NULL ? tool_value_get_text (tool_value_find (object, tag)) : NULL;
  g_autoptr (QmpSchemaType) branch = chosen != NULL ? qmp_schema_type_get_branch (type, chosen) : NULL;

  if (member == NULL && branch != NULL)
    return find_member_type (branch, object, name);
  return member != NULL ? qmp_schema_member_get_value_type (member) : NULL;
}

QmpSchemaType *
tool_values_choose_kind (QmpSchemaType *type, QmpSchemaJsonType json_type)
{
  if (type == NULL || qmp_schema_type_get_kind (type) != QMP_SCHEMA_KIND_ALTERNATE)
    return type != NULL && qmp_schema_type_get_json_type (type) == json_type ? g_object_ref (type) : NULL;
  return find_alternative (type, json_type);
}

static gboolean
append_value (GString *json, ToolValue *value, QmpSchemaType *type, const char *path, GError **error)
{
  g_autofree char *text = value_to_json (value, type, path, error);

  if (text == NULL)
    return FALSE;
  g_string_append (json, text);
  return TRUE;
}

static char *
object_to_json (ToolValue *value, QmpSchemaType *type, const char *path, GError **error)
{
  g_autoptr (QmpSchemaType) object = tool_values_choose_kind (type, QMP_SCHEMA_JSON_TYPE_OBJECT);
  g_autoptr (GString) json = g_string_new ("{");

  for (guint i = 0; i < value->children->len; i++)
    {
      ToolValue *child = g_ptr_array_index (value->children, i);
      g_autoptr (QmpSchemaType) child_type = object != NULL ? find_member_type (object, value, child->name) : NULL;
      g_autofree char *name = tool_json_quote (child->name);
      g_autofree char *child_path = *path == '\0' ? g_strdup (child->name) : g_strconcat (path, ".", child->name, NULL);

      g_string_append_printf (json, "%s%s:", i > 0 ? "," : "", name);
      if (!append_value (json, child, child_type, child_path, error))
        return NULL;
    }
  g_string_append_c (json, '}');
  return g_string_free (g_steal_pointer (&json), FALSE);
}

static char *
list_to_json (ToolValue *value, QmpSchemaType *type, const char *path, GError **error)
{
  g_autoptr (QmpSchemaType) list = tool_values_choose_kind (type, QMP_SCHEMA_JSON_TYPE_ARRAY);
  g_autoptr (QmpSchemaType) element = list != NULL ? qmp_schema_type_get_element_type (list) : NULL;
  g_autoptr (GString) json = g_string_new ("[");

  for (guint i = 0; i < value->children->len; i++)
    {
      ToolValue *child = tool_value_find_element (value, i);
      g_autofree char *child_path = g_strdup_printf ("%s.%u", path, i);

      if (child == NULL)
        {
          g_set_error (error, TOOL_ERROR, TOOL_ERROR_USAGE, "Argument %s is missing: a list has all elements from 0 on",
                       child_path);
          return NULL;
        }
      g_string_append (json, i > 0 ? "," : "");
      if (!append_value (json, child, element, child_path, error))
        return NULL;
    }
  g_string_append_c (json, ']');
  return g_string_free (g_steal_pointer (&json), FALSE);
}

/* Texts that are given one by one: a list of them, where a list is wanted. */
static char *
texts_to_json (ToolValue *value, QmpSchemaType *type, const char *path, GError **error)
{
  g_autoptr (QmpSchemaType) list = tool_values_choose_kind (type, QMP_SCHEMA_JSON_TYPE_ARRAY);
  g_autoptr (QmpSchemaType) element = list != NULL ? qmp_schema_type_get_element_type (list) : NULL;
  const char *first = value->texts->pdata[0];
  g_autoptr (GString) json = g_string_new ("[");

  if (value->texts->len == 1 && (list == NULL || list != type || *first == '['))
    return tool_value_to_json (type, path, first, error);
  if (value->texts->len > 1 && list == NULL && type != NULL)
    {
      g_set_error (error, TOOL_ERROR, TOOL_ERROR_USAGE, "Argument %s is given twice, and is no list", path);
      return NULL;
    }

  for (guint i = 0; i < value->texts->len; i++)
    {
      g_autofree char *text = tool_value_to_json (element, path, value->texts->pdata[i], error);

      if (text == NULL)
        return NULL;
      g_string_append_printf (json, "%s%s", i > 0 ? "," : "", text);
    }
  g_string_append_c (json, ']');
  return g_string_free (g_steal_pointer (&json), FALSE);
}

static char *
value_to_json (ToolValue *value, QmpSchemaType *type, const char *path, GError **error)
{
  g_autoptr (QmpSchemaType) object = tool_values_choose_kind (type, QMP_SCHEMA_JSON_TYPE_OBJECT);

  if (value->json != NULL)
    return g_strdup (value->json);
  if (value->texts->len > 0)
    return texts_to_json (value, type, path, error);
  return tool_value_is_list (value) && object == NULL
    ? list_to_json (value, type, path, error)
    : object_to_json (value, type, path, error);
}

/* --- one of them ------------------------------------------------------------------ */

/* The type of what is called so in an object, or of what is in a list. */
static QmpSchemaType *
step_into (QmpSchemaType *type, ToolValue *given, const char *name)
{
  g_autoptr (QmpSchemaType) object = tool_values_choose_kind (type, QMP_SCHEMA_JSON_TYPE_OBJECT);
  g_autoptr (QmpSchemaType) list = tool_values_choose_kind (type, QMP_SCHEMA_JSON_TYPE_ARRAY);

  if (object != NULL)
    return find_member_type (object, given, name);
  return list != NULL ? qmp_schema_type_get_element_type (list) : NULL;
}

QmpSchemaType *
tool_values_find_type (QmpSchema *schema, const char *command, ToolValue *tree, const char *path)
{
  g_auto (GStrv) names = g_strsplit (path, ".", -1);
  g_autoptr (QmpSchemaType) type = qmp_schema_get_arguments_type (schema, command);
  ToolValue *given = tree;

  for (guint i = 0; type != NULL && names[i] != NULL; i++)
    {
      g_autoptr (QmpSchemaType) outer = g_steal_pointer (&type);

      type = step_into (outer, given, names[i]);
      given = given != NULL ? tool_value_find (given, names[i]) : NULL;
    }
  return g_steal_pointer (&type);
}

/* --- all of them ------------------------------------------------------------------ */

static char *
read_words (QmpSchema *schema, const char *command, const char *const *words, GError **error)
{
  g_autoptr (ToolValue) root = NULL;
  g_autoptr (QmpSchemaType) type = NULL;

  if (words[0] == NULL)
    return g_strdup ("{}");
  if (words[1] == NULL && *words[0] == '{')
    return read_json ("(all)", words[0], "{", "a JSON object", error);
  if (words[1] == NULL && strcmp (words[0], "-") == 0)
    {
      g_autofree char *text = tool_value_read_file ("-", error);

      return text != NULL ? read_json ("(standard input)", g_strstrip (text), "{", "a JSON object", error) : NULL;
    }

  root = tool_value_tree_new (words, error);
  if (root == NULL)
    return NULL;
  if (schema != NULL && qmp_schema_has_command (schema, command))
    type = qmp_schema_get_arguments_type (schema, command);
  return object_to_json (root, type, "", error);
}

char *
tool_values_to_json (QmpSchema *schema, const char *command, const char *const *words, GError **error)
{
  g_autofree char *json = read_words (schema, command, words, error);
  g_autoptr (GError) wrong = NULL;

  if (json == NULL)
    return NULL;
  if (schema != NULL && !qmp_schema_check_arguments_json (schema, command, json, &wrong))
    {
      g_set_error_literal (error, TOOL_ERROR, TOOL_ERROR_USAGE, wrong->message);
      return NULL;
    }
  return g_steal_pointer (&json);
}
