/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "shell-private.h"

#include <string.h>

#include "tool-text.h"
#include "tool-value-tree.h"
#include "tool-values.h"

static void
add (GPtrArray *words, const char *word)
{
  g_ptr_array_add (words, g_strdup (word));
}

static void
add_all (GPtrArray *words, char **found)
{
  for (guint i = 0; found[i] != NULL; i++)
    add (words, found[i]);
  g_strfreev (found);
}

/* --- names of arguments ----------------------------------------------------------- */

static gboolean
can_be (QmpSchemaType *type, gboolean object)
{
  g_autoptr (GPtrArray) alternatives = NULL;

  if (qmp_schema_type_get_kind (type) != QMP_SCHEMA_KIND_ALTERNATE)
    return (qmp_schema_type_get_json_type (type) == QMP_SCHEMA_JSON_TYPE_OBJECT) == object;

  alternatives = qmp_schema_type_get_alternatives (type);
  for (guint i = 0; i < alternatives->len; i++)
    if (can_be (g_ptr_array_index (alternatives, i), object))
      return TRUE;
  return FALSE;
}

/* NAME= for a value, NAME. for an object; what is given already is left out,
 * but for lists, which take one more. */
static void
add_member (QmpSchemaMember *member, ToolValue *given, const char *prefix, GPtrArray *words)
{
  const char *name = qmp_schema_member_get_name (member);
  ToolValue *there = given != NULL ? tool_value_find (given, name) : NULL;
  g_autoptr (QmpSchemaType) type = qmp_schema_member_get_value_type (member);
  gboolean list = qmp_schema_type_get_json_type (type) == QMP_SCHEMA_JSON_TYPE_ARRAY;

  if (can_be (type, FALSE) && (there == NULL || list))
    g_ptr_array_add (words, g_strconcat (prefix, name, "=", NULL));
  if (can_be (type, TRUE) && (there == NULL || there->texts->len == 0))
    g_ptr_array_add (words, g_strconcat (prefix, name, ".", NULL));
}

static void
add_members (QmpSchemaType *type, ToolValue *given, const char *prefix, GPtrArray *words)
{
  g_autoptr (GPtrArray) members = qmp_schema_type_get_members (type);
  const char *tag = qmp_schema_type_get_tag_name (type);
  const char *chosen = tag != NULL && given != NULL ? tool_value_get_text (tool_value_find (given, tag)) : NULL;
  g_autoptr (QmpSchemaType) branch = chosen != NULL ? qmp_schema_type_get_branch (type, chosen) : NULL;

  for (guint i = 0; i < members->len; i++)
    add_member (g_ptr_array_index (members, i), given, prefix, words);
  if (branch != NULL)
    add_members (branch, given, prefix, words);
}

static ToolValue *
find_given (ToolValue *tree, const char *path)
{
  g_auto (GStrv) names = g_strsplit (path, ".", -1);
  ToolValue *value = tree;

  for (guint i = 0; value != NULL && names[i] != NULL && *names[i] != '\0'; i++)
    value = tool_value_find (value, names[i]);
  return value;
}

static void
complete_name (QmpSchema *schema, const char *command, ToolValue *tree, const char *word, GPtrArray *words)
{
  const char *dot = strrchr (word, '.');
  g_autofree char *path = dot != NULL ? g_strndup (word, (gsize) (dot - word)) : g_strdup ("");
  g_autofree char *prefix = dot != NULL ? g_strconcat (path, ".", NULL) : g_strdup ("");
  g_autoptr (QmpSchemaType) type = tool_values_find_type (schema, command, tree, path);
  g_autoptr (QmpSchemaType) object = tool_values_choose_kind (type, QMP_SCHEMA_JSON_TYPE_OBJECT);

  if (object != NULL)
    add_members (object, find_given (tree, path), prefix, words);
}

/* --- values ------------------------------------------------------------------------- */

static void
add_values (QmpSchemaType *type, GPtrArray *words)
{
  g_autoptr (GPtrArray) alternatives = qmp_schema_type_get_alternatives (type);
  g_autoptr (QmpSchemaType) element = qmp_schema_type_get_element_type (type);

  if (qmp_schema_type_get_kind (type) == QMP_SCHEMA_KIND_ENUM)
    add_all (words, qmp_schema_type_dup_values (type));
  else if (qmp_schema_type_get_json_type (type) == QMP_SCHEMA_JSON_TYPE_BOOLEAN)
    {
      add (words, "true");
      add (words, "false");
    }
  for (guint i = 0; i < alternatives->len; i++)
    add_values (g_ptr_array_index (alternatives, i), words);
  /* a list is given by its elements; one of lists is not */
  if (element != NULL && qmp_schema_type_get_kind (element) != QMP_SCHEMA_KIND_ARRAY)
    add_values (element, words);
}

static void
complete_value (QmpConnection *connection, QmpSchema *schema, const char *command, ToolValue *tree, const char *path,
                const char *beginning, GPtrArray *words)
{
  g_autoptr (QmpSchemaType) type = tool_values_find_type (schema, command, tree, path);

  if (type != NULL)
    add_values (type, words);
  if (words->len == 0)
    shell_add_live_names (connection, command, path, beginning, words);
}

/* --- what is being typed --------------------------------------------------------------- */

static int
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* A peer's names go to the terminal, and into a line that is split at spaces. */
static gboolean
can_be_typed (const char *word)
{
  g_autofree char *harmless = tool_text_to_line (word);

  return strcmp (word, harmless) == 0 && strpbrk (word, " \"'\\") == NULL;
}

static char **
keep_beginning_with (GPtrArray *words, const char *beginning)
{
  GPtrArray *kept = g_ptr_array_new ();

  g_ptr_array_sort (words, compare);
  for (guint i = 0; i < words->len; i++)
    if (g_str_has_prefix (g_ptr_array_index (words, i), beginning) && can_be_typed (g_ptr_array_index (words, i)))
      add (kept, g_ptr_array_index (words, i));
  g_ptr_array_add (kept, NULL);
  return (char **) g_ptr_array_free (kept, FALSE);
}

/* The words before the last, which is not finished. */
static ToolValue *
read_tree (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) words = NULL;
  const char *const none[] = { NULL };

  if (!g_shell_parse_argv (text, NULL, &words, NULL))
    return tool_value_tree_new (none, NULL);
  return tool_value_tree_new ((const char *const *) words + 1, &error);
}

char **
shell_complete (QmpConnection *connection, QmpSchema *schema, const char *text)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  const char *start = text + strspn (text, " \t");
  const char *space = strrchr (start, ' ');
  const char *word = space != NULL ? space + 1 : start;
  const char *sign = strchr (word, '=');
  g_autofree char *command = g_strndup (start, strcspn (start, " \t"));
  g_autofree char *before = g_strndup (start, (gsize) (word - start));
  g_autofree char *path = sign != NULL ? g_strndup (word, (gsize) (sign - word)) : NULL;
  g_autoptr (ToolValue) tree = NULL;

  if (space == NULL)
    {
      add_all (words, qmp_schema_dup_command_names (schema));
      return keep_beginning_with (words, word);
    }
  tree = read_tree (before);
  if (tree == NULL || !qmp_schema_has_command (schema, command))
    return g_new0 (char *, 1);
  if (path == NULL)
    complete_name (schema, command, tree, word, words);
  else
    complete_value (connection, schema, command, tree, path, sign + 1, words);
  return keep_beginning_with (words, sign != NULL ? sign + 1 : word);
}
