/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tool-text.h"

#include <string.h>

gboolean
tool_text_is_hostile (gunichar character)
{
  switch (g_unichar_type (character))
    {
    case G_UNICODE_CONTROL:             /* C0, DEL, C1 */
    case G_UNICODE_FORMAT:              /* bidi, zero width, tags */
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_UNASSIGNED:
      return TRUE;
    default:
      return FALSE;
    }
}

static void
append_visibly (GString *text, gunichar character)
{
  switch (character)
    {
    case '\n':
      g_string_append (text, "\\n");
      break;
    case '\r':
      g_string_append (text, "\\r");
      break;
    case '\t':
      g_string_append (text, "\\t");
      break;
    default:
      if (character < 0x80)
        g_string_append_printf (text, "\\x%02x", character);
      else
        g_string_append_printf (text, "\\u{%x}", character);
    }
}

static char *
make_visible (const char *text, gssize length, const char *kept)
{
  const char *end = text + (length < 0 ? strlen (text) : (gsize) length);
  GString *clean = g_string_sized_new ((gsize) (end - text));

  while (text < end)
    {
      gunichar character = g_utf8_get_char_validated (text, end - text);

      /* a NUL counts as an incomplete character */
      if (*text == '\0' || (gint32) character < 0)
        g_string_append_printf (clean, "\\x%02x", (guint8) *text++);
      else
        {
          const char *next = g_utf8_next_char (text);

          if (tool_text_is_hostile (character) && (character >= 0x80 || strchr (kept, (int) character) == NULL))
            append_visibly (clean, character);
          else
            g_string_append_len (clean, text, next - text);
          text = next;
        }
    }
  return g_string_free (clean, FALSE);
}

char *
tool_text_to_line (const char *text)
{
  return make_visible (text, -1, "");
}

char *
tool_text_to_lines (const char *text, gssize length)
{
  return make_visible (text, length, "\n\t");
}
