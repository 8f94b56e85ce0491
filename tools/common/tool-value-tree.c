/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tool-value-tree.h"

#include <gio/gio.h>
#include <gio/gunixinputstream.h>
#include <string.h>
#include <unistd.h>

#include "tool-app.h"

#define LARGEST_INPUT (64 * 1024 * 1024)

static ToolValue *
tool_value_new (const char *name)
{
  ToolValue *value = g_new0 (ToolValue, 1);

  value->name = g_strdup (name);
  value->children = g_ptr_array_new_with_free_func ((GDestroyNotify) tool_value_free);
  value->texts = g_ptr_array_new_with_free_func (g_free);
  return value;
}

void
tool_value_free (ToolValue *value)
{
  g_ptr_array_unref (value->children);
  g_ptr_array_unref (value->texts);
  g_free (value->json);
  g_free (value->name);
  g_free (value);
}

ToolValue *
tool_value_find (ToolValue *value, const char *name)
{
  for (guint i = 0; i < value->children->len; i++)
    {
      ToolValue *child = g_ptr_array_index (value->children, i);

      if (strcmp (child->name, name) == 0)
        return child;
    }
  return NULL;
}

ToolValue *
tool_value_find_element (ToolValue *value, guint index)
{
  g_autofree char *name = g_strdup_printf ("%u", index);

  return tool_value_find (value, name);
}

gboolean
tool_value_is_list (ToolValue *value)
{
  for (guint i = 0; i < value->children->len; i++)
    {
      const char *name = ((ToolValue *) g_ptr_array_index (value->children, i))->name;

      if (*name == '\0' || strspn (name, "0123456789") != strlen (name))
        return FALSE;
    }
  return value->children->len > 0;
}

const char *
tool_value_get_text (ToolValue *value)
{
  return value != NULL && value->texts->len == 1 ? value->texts->pdata[0] : NULL;
}

char *
tool_value_read_file (const char *path, GError **error)
{
  g_autoptr (GInputStream) input = NULL;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint8 buffer[16 * 1024];
  gssize got;

  if (strcmp (path, "-") == 0)
    input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  else
    {
      g_autoptr (GFile) file = g_file_new_for_commandline_arg (path);

      input = G_INPUT_STREAM (g_file_read (file, NULL, error));
    }
  if (input == NULL)
    return NULL;

  while ((got = g_input_stream_read (input, buffer, sizeof buffer, NULL, error)) > 0 && bytes->len < LARGEST_INPUT)
    g_byte_array_append (bytes, buffer, (guint) got);
  if (got < 0)
    return NULL;
  if (got > 0 || !g_utf8_validate ((const char *) bytes->data, bytes->len, NULL))
    {
      g_set_error (error, TOOL_ERROR, TOOL_ERROR_USAGE, "%s: %s", strcmp (path, "-") == 0 ? "standard input" : path,
                   got > 0 ? "too long" : "not UTF-8 text");
      return NULL;
    }
  g_byte_array_append (bytes, (const guint8 *) "", 1);
  return (char *) g_byte_array_free (g_steal_pointer (&bytes), FALSE);
}

/* Where the first name of a path ends. One of a vendor begins with a domain,
 * as in __com.redhat_x, whose dots are none of the path's. */
static gsize
measure_name (const char *path)
{
  const char *domain_end = g_str_has_prefix (path, "__") ? strchr (path + 2, '_') : NULL;

  return domain_end != NULL ? (gsize) (domain_end - path) + strcspn (domain_end, ".") : strcspn (path, ".");
}

/* The value at a path, made if it is not there; NULL if a name is empty. */
static ToolValue *
reach (ToolValue *root, const char *path)
{
  ToolValue *value = root;

  for (;;)
    {
      gsize length = measure_name (path);
      g_autofree char *name = g_strndup (path, length);
      ToolValue *child = tool_value_find (value, name);

      if (length == 0)
        return NULL;
      if (child == NULL)
        {
          child = tool_value_new (name);
          g_ptr_array_add (value->children, child);
        }
      if (path[length] == '\0')
        return child;
      value = child;
      path += length + 1;
    }
}

static char *
read_text (const char *text, GError **error)
{
  if (g_str_has_prefix (text, "@@"))
    return g_strdup (text + 1);
  return *text == '@' ? tool_value_read_file (text + 1, error) : g_strdup (text);
}

static gboolean
is_clear (ToolValue *value)
{
  return (value->json != NULL) + (value->texts->len > 0) + (value->children->len > 0) <= 1;
}

/* That nothing on the way has a value of its own. */
static gboolean
check_way (ToolValue *value, const char *word, GError **error)
{
  if (!is_clear (value))
    {
      g_set_error (error, TOOL_ERROR, TOOL_ERROR_USAGE, "\"%.200s\" contradicts another argument", word);
      return FALSE;
    }
  for (guint i = 0; i < value->children->len; i++)
    if (!check_way (g_ptr_array_index (value->children, i), word, error))
      return FALSE;
  return TRUE;
}

static gboolean
add_word (ToolValue *root, const char *word, GError **error)
{
  const char *sign = strchr (word, '=');
  gboolean json = sign != NULL && sign > word && sign[-1] == ':';
  g_autofree char *path = sign != NULL ? g_strndup (word, (gsize) (sign - word) - (json ? 1 : 0)) : NULL;
  ToolValue *value = path != NULL ? reach (root, path) : NULL;
  g_autofree char *text = NULL;

  if (value == NULL || !g_utf8_validate (word, -1, NULL))
    {
      g_set_error (error, TOOL_ERROR, TOOL_ERROR_USAGE, "\"%.200s\" is not KEY=VALUE, as UTF-8 text", word);
      return FALSE;
    }
  text = read_text (sign + 1, error);
  if (text == NULL)
    return FALSE;
  if (json && value->json != NULL)
    {
      g_set_error (error, TOOL_ERROR, TOOL_ERROR_USAGE, "Argument %s is given twice", path);
      return FALSE;
    }

  if (json)
    value->json = g_steal_pointer (&text);
  else
    g_ptr_array_add (value->texts, g_steal_pointer (&text));
  return check_way (root, word, error);
}

ToolValue *
tool_value_tree_new (const char *const *words, GError **error)
{
  g_autoptr (ToolValue) root = tool_value_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    if (!add_word (root, words[i], error))
      return NULL;
  return g_steal_pointer (&root);
}
