/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"


#include <string.h>
#include <unistd.h>

#include "qgactl-print.h"

#include "tool-json.h"
#include "tool-output.h"
#include "tool-table.h"
#include "tool-text.h"

#define LABEL_WIDTH 10

void
qgactl_print_object_json (gpointer object)
{
  g_autofree char *json = qga_struct_to_json (object);

  tool_json_print (json, TRUE);
}

void
qgactl_print_objects_json (GPtrArray *objects)
{
  g_autoptr (GString) json = g_string_new ("[");

  for (guint i = 0; i < objects->len; i++)
    {
      g_autofree char *object = qga_struct_to_json (g_ptr_array_index (objects, i));

      g_string_append_printf (json, "%s%s", i > 0 ? "," : "", object);
    }
  g_string_append_c (json, ']');
  tool_json_print (json->str, TRUE);
}

void
qgactl_print_field (const char *label, const char *text)
{
  g_autofree char *line = text != NULL ? tool_text_to_line (text) : NULL;

  if (line == NULL || *line == '\0')
    return;
  tool_print_styled (TOOL_STYLE_TITLE, "%-*s", LABEL_WIDTH, label);
  tool_print (" %s\n", line);
}

char *
qgactl_format_size (gboolean known, guint64 bytes)
{
  return known ? tool_format_size (bytes) : NULL;
}

char *
qgactl_format_time (gint64 seconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (seconds);

  return time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M:%S") : NULL;
}

/* --- bytes -------------------------------------------------------------------------- */

/* How much of it can be shown: a character that has only begun, and the first
 * half of a line's end, wait for what follows. */
static gsize
measure_complete (const char *text, gsize length)
{
  for (gsize tail = 1; tail <= 3 && tail <= length; tail++)
    if (g_utf8_get_char_validated (text + length - tail, (gssize) tail) == (gunichar) -2 && text[length - tail] != '\0')
      return length - tail;
  return length > 0 && text[length - 1] == '\r' ? length - 1 : length;
}

/* The ends of lines that Windows writes are none of a terminal's dangers. */
static gsize
join_line_ends (char *text, gsize length)
{
  gsize to = 0;

  for (gsize from = 0; from < length; from++)
    if (text[from] != '\r' || from + 1 == length || text[from + 1] != '\n')
      text[to++] = text[from];
  return to;
}

void
qgactl_print_bytes (FILE *file, GByteArray *rest, gconstpointer bytes, gsize length, gboolean last)
{
  g_autofree char *text = NULL;
  g_autofree char *clean = NULL;
  gsize complete;

  if (isatty (fileno (file)) != 1)
    {
      (void) !fwrite (bytes, 1, length, file);
      return;
    }
  g_byte_array_append (rest, bytes, (guint) length);
  complete = last ? rest->len : measure_complete ((const char *) rest->data, rest->len);
  text = g_memdup2 (rest->data, complete);
  clean = tool_text_to_lines (text, (gssize) join_line_ends (text, complete));
  fputs (clean, file);
  g_byte_array_remove_range (rest, 0, (guint) complete);
}
