/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tool-json.h"

#include <string.h>

#include "tool-output.h"
#include "tool-text.h"

static void
append_character (GString *text, gunichar character, const char *bytes, gsize length)
{
  if (character < 0x80 || !tool_text_is_hostile (character))
    g_string_append_len (text, bytes, (gssize) length);
  else if (character < 0x10000)
    g_string_append_printf (text, "\\u%04x", character);
  else
    g_string_append_printf (text, "\\u%04x\\u%04x", 0xd7c0 + (character >> 10), 0xdc00 + (character & 0x3ff));
}

/* Copies a string with its quotes, and returns what is behind it. */
static const char *
append_string (GString *text, const char *json)
{
  const char *at = json;

  do
    {
      const char *next = g_utf8_next_char (at);
      gunichar character = g_utf8_get_char (at);

      if (character == 0x7f)
        g_string_append (text, "\\u007f");
      else
        append_character (text, character, at, (gsize) (next - at));
      if (*at == '\\')
        g_string_append_c (text, *next++);
      at = next;
    }
  while (*at != '"' && *at != '\0');

  g_string_append_c (text, '"');
  return *at == '"' ? at + 1 : at;
}

static void
append_line_end (GString *text, guint depth)
{
  g_string_append_c (text, '\n');
  for (guint i = 0; i < depth; i++)
    g_string_append (text, "  ");
}

static const char *
skip_space (const char *json)
{
  return json + strspn (json, " \t\r\n");
}

/* What separates values, in lines of their own. */
static const char *
append_separator (GString *text, const char *json, guint *depth)
{
  char separator = *json++;

  if (separator == '}' || separator == ']')
    append_line_end (text, --*depth);
  g_string_append_c (text, separator);
  if (separator == ':')
    g_string_append_c (text, ' ');
  if (separator == ',')
    append_line_end (text, *depth);
  if (separator != '{' && separator != '[')
    return json;

  json = skip_space (json);
  if (*json == '}' || *json == ']')
    g_string_append_c (text, *json++);
  else
    append_line_end (text, ++*depth);
  return json;
}

static char *
format (const char *json, gboolean in_lines)
{
  GString *text = g_string_sized_new (strlen (json));
  guint depth = 0;

  for (json = skip_space (json); *json != '\0'; json = skip_space (json))
    {
      if (*json == '"')
        json = append_string (text, json);
      else if (in_lines && strchr ("{}[],:", *json) != NULL)
        json = append_separator (text, json, &depth);
      else
        g_string_append_c (text, *json++);
    }
  return g_string_free (text, FALSE);
}

char *
tool_json_to_line (const char *json)
{
  return format (json, FALSE);
}

char *
tool_json_to_lines (const char *json)
{
  return format (json, TRUE);
}

/* json-glib's own forgets some of what has to be escaped. */
char *
tool_json_quote (const char *text)
{
  GString *json = g_string_new ("\"");

  for (; *text != '\0'; text++)
    {
      guchar byte = (guchar) *text;

      if (byte == '"' || byte == '\\')
        g_string_append_printf (json, "\\%c", byte);
      else if (byte < 0x20 || byte == 0x7f)
        g_string_append_printf (json, "\\u%04x", byte);
      else
        g_string_append_c (json, (char) byte);
    }
  g_string_append_c (json, '"');
  return g_string_free (json, FALSE);
}

void
tool_json_print (const char *json, gboolean one_line)
{
  g_autofree char *text = format (json, !one_line);

  tool_print_raw (text, strlen (text));
  tool_print_raw ("\n", 1);
}

void
tool_json_print_node (JsonNode *node, gboolean one_line)
{
  g_autofree char *text = json_to_string (node, FALSE);

  tool_json_print (text, one_line);
}
