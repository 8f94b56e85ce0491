/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-input-private.h"

/* Where characters are on a US keyboard. */

/* from 0 on, and with the shift key */
static const char *const digits[] = { "0", "1", "2", "3", "4", "5", "6", "7", "8", "9" };
static const char shifted_digits[] = ")!@#$%^&*(";

static const char *const letters[] = {
  "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m",
  "n", "o", "p", "q", "r", "s", "t", "u", "v", "w", "x", "y", "z",
};

static const struct
{
  char plain;
  char shifted;
  const char *key;
} others[] = {
  { '-', '_', "minus" },
  { '=', '+', "equal" },
  { '[', '{', "bracket_left" },
  { ']', '}', "bracket_right" },
  { ';', ':', "semicolon" },
  { '\'', '"', "apostrophe" },
  { '`', '~', "grave_accent" },
  { '\\', '|', "backslash" },
  { ',', '<', "comma" },
  { '.', '>', "dot" },
  { '/', '?', "slash" },
  { ' ', '\0', "spc" },
  { '\n', '\0', "ret" },
  { '\t', '\0', "tab" },
  { '\b', '\0', "backspace" },
};

static gboolean
find_other (char character, QmpStroke *stroke)
{
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    if (character == others[i].plain || character == others[i].shifted)
      {
        stroke->key = others[i].key;
        stroke->shift = character == others[i].shifted;
        return TRUE;
      }
  return FALSE;
}

static gboolean
find_stroke (gunichar character, QmpStroke *stroke)
{
  *stroke = (QmpStroke) { 0 };
  if (character == 0 || character > 0x7e)
    return FALSE;
  if (g_ascii_isalpha (character))
    {
      stroke->key = letters[g_ascii_tolower (character) - 'a'];
      stroke->shift = g_ascii_isupper (character);
      return TRUE;
    }
  if (g_ascii_isdigit (character))
    {
      stroke->key = digits[character - '0'];
      return TRUE;
    }
  for (gsize i = 0; shifted_digits[i] != '\0'; i++)
    if (character == (gunichar) shifted_digits[i])
      {
        stroke->key = digits[i];
        stroke->shift = TRUE;
        return TRUE;
      }
  return find_other (character, stroke);
}

static void
set_no_key (GError **error, gunichar character, guint position)
{
  char shown[7] = "";

  if (g_unichar_isprint (character))
    g_unichar_to_utf8 (character, shown);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               "Typing: character %u, U+%04X%s%s, is on no key of a US keyboard; nothing was typed", position, character,
               *shown != '\0' ? " " : "", shown);
}

GArray *
qmp_strokes_new_for_text (const char *text, GError **error)
{
  g_autoptr (GArray) strokes = g_array_new (FALSE, FALSE, sizeof (QmpStroke));
  guint position = 1;

  if (!g_utf8_validate (text, -1, NULL))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "Typing: the text is not UTF-8; nothing was typed");
      return NULL;
    }
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at), position++)
    {
      QmpStroke stroke;

      if (!find_stroke (g_utf8_get_char (at), &stroke))
        {
          set_no_key (error, g_utf8_get_char (at), position);
          return NULL;
        }
      g_array_append_val (strokes, stroke);
    }
  return g_steal_pointer (&strokes);
}
