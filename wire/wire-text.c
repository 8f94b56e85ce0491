/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire-text.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static gunichar
hex4 (const char *p)
{
  gunichar value = 0;

  for (int i = 0; i < 4; i++)
    value = value << 4 | (gunichar) g_ascii_xdigit_value (p[i]);
  return value;
}

/* One \uXXXX, or two that make one character; returns how many bytes it took. */
static gsize
decode_unicode (const char *p, char **out)
{
  gunichar c = hex4 (p + 2);
  gsize taken = 6;

  if (c >= 0xd800 && c <= 0xdbff)
    {
      c = 0x10000 + ((c - 0xd800) << 10) + (hex4 (p + 8) - 0xdc00);
      taken = 12;
    }
  *out += g_unichar_to_utf8 (c, *out);
  return taken;
}

/**
 * wire_text_decode:
 * @text: the inside of a JSON string that the scanner accepted
 * @length: its bytes
 * @out: room for at least @length bytes and one more
 *
 * Writes the characters that the text stands for, with a NUL behind them.
 * A decoded text is never longer than the text.
 */
gsize
wire_text_decode (const char *text, gsize length, char *out)
{
  static const char names[] = "bfnrt", stands_for[] = "\b\f\n\r\t";
  const char *end = text + length;
  char *to = out;

  while (text < end)
    {
      const char *name;

      if (*text != '\\')
        {
          *to++ = *text++;
          continue;
        }
      if (text[1] == 'u')
        {
          text += decode_unicode (text, &to);
          continue;
        }
      name = strchr (names, text[1]);
      *to++ = name != NULL ? stands_for[name - names] : text[1];
      text += 2;
    }
  *to = '\0';
  return (gsize) (to - out);
}

char *
wire_text_decode_dup (const char *text, gsize length, gboolean escaped)
{
  char *plain;

  if (!escaped)
    return g_strndup (text, length);
  plain = g_malloc (length + 1);
  wire_text_decode (text, length, plain);
  return plain;
}

gboolean
wire_text_equal (const char *text, gsize length, gboolean escaped, const char *plain, gsize plain_length)
{
  g_autofree char *decoded = NULL;

  if (!escaped)
    return length == plain_length && memcmp (text, plain, length) == 0;
  if (length < plain_length)
    return FALSE;
  decoded = g_malloc (length + 1);
  return wire_text_decode (text, length, decoded) == plain_length && memcmp (decoded, plain, plain_length) == 0;
}

/* Digits only: the scanner saw to the rest. */
static gboolean
fits (const char *digits, gsize length, guint64 most, guint64 *magnitude)
{
  guint64 sum = 0;

  if (length <= 18)
    {
      for (gsize i = 0; i < length; i++)
        sum = sum * 10 + (guint64) (digits[i] - '0');
      *magnitude = sum;
      return TRUE;
    }
  for (gsize i = 0; i < length; i++)
    {
      guint64 digit = (guint64) (digits[i] - '0');

      if (sum > (most - digit) / 10)
        return FALSE;
      sum = sum * 10 + digit;
    }
  *magnitude = sum;
  return TRUE;
}

gboolean
wire_text_fits_int64 (const char *text, gsize length, gint64 *value)
{
  guint negative = text[0] == '-';
  guint64 magnitude;

  if (!fits (text + negative, length - negative, (guint64) G_MAXINT64 + negative, &magnitude))
    return FALSE;
  if (value != NULL)
    *value = negative ? (gint64) (0 - magnitude) : (gint64) magnitude;
  return TRUE;
}

gboolean
wire_text_fits_uint64 (const char *text, gsize length, guint64 *value)
{
  guint64 magnitude;

  if (text[0] == '-' || !fits (text, length, G_MAXUINT64, &magnitude))
    return FALSE;
  if (value != NULL)
    *value = magnitude;
  return TRUE;
}

gboolean
wire_text_fits_double (const char *text, gsize length, double *value)
{
  char copy[512];

  if (length >= sizeof copy)
    return FALSE;
  memcpy (copy, text, length);
  copy[length] = '\0';
  *value = g_ascii_strtod (copy, NULL);
  return isfinite (*value);
}

/* What would move a cursor, ring a bell or turn the reading order around. */
static gboolean
is_tricky (gunichar c)
{
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || (c >= 0x200e && c <= 0x200f) ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

/**
 * wire_text_for_people:
 * @text: bytes from a peer, of any kind
 * @length: how many
 * @most: how many bytes to use at most
 *
 * Makes text that can stand in an error message: valid UTF-8, one line, with
 * what is not printable written as `\xNN` or `\u{N}`, and clipped.
 */
char *
wire_text_for_people (const char *text, gsize length, gsize most)
{
  GString *out = g_string_new (NULL);
  const char *p = text, *end = text + MIN (length, most);

  while (p < end)
    {
      gunichar c = g_utf8_get_char_validated (p, text + length - p);

      if (c == (gunichar) -1 || c == (gunichar) -2)
        {
          g_string_append_printf (out, "\\x%02x", (guint) (guint8) *p++);
          continue;
        }
      if (c == '\n' || c == '\r' || c == '\t')
        g_string_append_c (out, ' ');
      else if (is_tricky (c))
        g_string_append_printf (out, c < 0x100 ? "\\x%02x" : "\\u{%x}", c);
      else
        g_string_append_unichar (out, c);
      p = g_utf8_next_char (p);
    }
  if (length > most)
    g_string_append (out, "…");
  return g_string_free (out, FALSE);
}
