/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz/oracle.h"

#include <math.h>
#include <string.h>

/* Steps say FALSE when the text ends, or is wrong; then fault tells which. */
typedef struct
{
  const char *text;
  gsize end;
  gsize at;
  const WireLimits *limits;
  WireFault fault;
  gboolean tainted;
  guint n_values;
  guint depth;
} Oracle;

static gboolean judge_value (Oracle *oracle);

static gboolean
wrong (Oracle *oracle)
{
  oracle->fault = WIRE_FAULT_SYNTAX;
  return FALSE;
}

static gboolean
too_large (Oracle *oracle)
{
  oracle->fault = WIRE_FAULT_TOO_LARGE;
  return FALSE;
}

static gboolean
has (const Oracle *oracle, gsize n)
{
  return oracle->at + n <= oracle->end;
}

static guint8
byte (const Oracle *oracle, gsize ahead)
{
  return (guint8) oracle->text[oracle->at + ahead];
}

static gboolean
skip_space (Oracle *oracle)
{
  while (has (oracle, 1) && strchr (" \t\r\n", byte (oracle, 0)) != NULL && byte (oracle, 0) != 0)
    oracle->at++;
  return has (oracle, 1);
}

static gboolean
count_value (Oracle *oracle)
{
  return ++oracle->n_values <= oracle->limits->max_values || too_large (oracle);
}

/* --- strings ------------------------------------------------------------------------ */

static gboolean
read_hex (Oracle *oracle, gsize ahead, gunichar *value)
{
  *value = 0;
  for (gsize i = 0; i < 4; i++)
    {
      int digit;

      if (!has (oracle, ahead + i + 1))
        return FALSE;
      digit = g_ascii_xdigit_value ((char) byte (oracle, ahead + i));
      if (digit < 0)
        return wrong (oracle);
      *value = *value * 16 + (gunichar) digit;
    }
  return TRUE;
}

static gboolean
judge_unicode_escape (Oracle *oracle, GString *plain)
{
  gunichar first, second;

  if (!read_hex (oracle, 2, &first))
    return FALSE;
  if (first >= 0xdc00 && first < 0xe000)
    return wrong (oracle);
  if (first < 0xd800 || first >= 0xe000)
    {
      oracle->at += 6;
      g_string_append_unichar (plain, first);
      return TRUE;
    }
  if (has (oracle, 7) && byte (oracle, 6) != '\\')
    return wrong (oracle);
  if (has (oracle, 8) && byte (oracle, 7) != 'u')
    return wrong (oracle);
  if (!has (oracle, 8) || !read_hex (oracle, 8, &second))
    return FALSE;
  if (second < 0xdc00 || second >= 0xe000)
    return wrong (oracle);
  oracle->at += 12;
  g_string_append_unichar (plain, 0x10000 + (first - 0xd800) * 0x400 + (second - 0xdc00));
  return TRUE;
}

static gboolean
judge_escape (Oracle *oracle, GString *plain)
{
  if (!has (oracle, 2))
    return FALSE;
  switch (byte (oracle, 1))
    {
    case 'u':
      return judge_unicode_escape (oracle, plain);
    case '"':
    case '\\':
    case '/':
      g_string_append_c (plain, (char) byte (oracle, 1));
      break;
    case 'b':
      g_string_append_c (plain, '\b');
      break;
    case 'f':
      g_string_append_c (plain, '\f');
      break;
    case 'n':
      g_string_append_c (plain, '\n');
      break;
    case 'r':
      g_string_append_c (plain, '\r');
      break;
    case 't':
      g_string_append_c (plain, '\t');
      break;
    default:
      return wrong (oracle);
    }
  oracle->at += 2;
  return TRUE;
}

/* How UTF-8 goes on, by the table of the Unicode standard. */
static gboolean
judge_utf8 (Oracle *oracle, GString *plain)
{
  static const struct { guint8 first, last, low, high; gsize length; } rows[] = {
    { 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 },
    { 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      if (byte (oracle, 0) < rows[i].first || byte (oracle, 0) > rows[i].last)
        continue;
      for (gsize n = 1; n < rows[i].length; n++)
        {
          guint8 low = n == 1 ? rows[i].low : 0x80, high = n == 1 ? rows[i].high : 0xbf;

          if (!has (oracle, n + 1))
            return FALSE;
          if (byte (oracle, n) < low || byte (oracle, n) > high)
            return wrong (oracle);
        }
      g_string_append_len (plain, oracle->text + oracle->at, (gssize) rows[i].length);
      oracle->at += rows[i].length;
      return TRUE;
    }
  return wrong (oracle);
}

static gboolean
judge_string (Oracle *oracle, gboolean key, GString *plain)
{
  gsize first = ++oracle->at;

  for (;;)
    {
      guint8 c;

      if (key && oracle->at - first > oracle->limits->max_key)
        return too_large (oracle);
      if (!has (oracle, 1))
        return FALSE;
      c = byte (oracle, 0);
      if (c == '"')
        break;
      if (c < 0x20)
        return wrong (oracle);
      if (c == '\\' ? !judge_escape (oracle, plain) : c >= 0x80 ? !judge_utf8 (oracle, plain) : FALSE)
        return FALSE;
      if (key && plain->len > 0 && plain->str[plain->len - 1] == '\0')
        return wrong (oracle);
      if (c == '\\' || c >= 0x80)
        continue;
      g_string_append_c (plain, (char) c);
      oracle->at++;
    }
  oracle->at++;
  if (strlen (plain->str) < plain->len)
    oracle->tainted = TRUE;
  return TRUE;
}

/* --- the rest ---------------------------------------------------------------------------- */

static gsize
digits (const char *text)
{
  return strspn (text, "0123456789");
}

/* Of the whole token, whether it is a number, and whether it can be held. */
static gboolean
judge_number_text (const char *token, gboolean *fits)
{
  const char *p = token + (*token == '-');
  gboolean real = FALSE;
  gsize n = digits (p);

  if (n == 0 || (n > 1 && *p == '0'))
    return FALSE;
  p += n;
  if (*p == '.')
    {
      real = TRUE;
      n = digits (p + 1);
      if (n == 0)
        return FALSE;
      p += n + 1;
    }
  if (*p == 'e' || *p == 'E')
    {
      real = TRUE;
      p += p[1] == '+' || p[1] == '-' ? 2 : 1;
      n = digits (p);
      if (n == 0)
        return FALSE;
      p += n;
    }
  if (*p != '\0')
    return FALSE;
  if (real)
    *fits = isfinite (g_ascii_strtod (token, NULL));
  else
    *fits = g_ascii_string_to_unsigned (token, 10, 0, G_MAXUINT64, NULL, NULL) ||
            g_ascii_string_to_signed (token, 10, G_MININT64, G_MAXINT64, NULL, NULL);
  /* these functions know no minus zero */
  if (g_str_equal (token, "-0"))
    *fits = TRUE;
  return TRUE;
}

static gboolean
judge_number (Oracle *oracle)
{
  gsize n = 0;
  g_autofree char *token = NULL;
  gboolean fits = TRUE;

  while (has (oracle, n + 1) && byte (oracle, n) != 0 && strchr ("0123456789+-.eE", byte (oracle, n)) != NULL)
    n++;
  if (n > WIRE_MAX_NUMBER)
    return too_large (oracle);
  if (!has (oracle, n + 1))
    return FALSE;
  token = g_strndup (oracle->text + oracle->at, n);
  if (!judge_number_text (token, &fits))
    return wrong (oracle);
  oracle->at += n;
  oracle->tainted |= !fits;
  return count_value (oracle);
}

static gboolean
judge_word (Oracle *oracle)
{
  static const char *words[] = { "null", "true", "false", "inf", "-inf", "nan", "-nan" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gsize length = strlen (words[i]), left = oracle->end - oracle->at;

      if (memcmp (oracle->text + oracle->at, words[i], MIN (left, length)) != 0)
        continue;
      if (left < length)
        return FALSE;
      oracle->at += length;
      oracle->tainted |= i >= 3;
      return count_value (oracle);
    }
  return wrong (oracle);
}

static gboolean
judge_member (Oracle *oracle, GPtrArray *names)
{
  GString *name = g_string_new (NULL);

  g_ptr_array_add (names, name);
  if (byte (oracle, 0) != '"')
    return wrong (oracle);
  if (!count_value (oracle) || !judge_string (oracle, TRUE, name) || !skip_space (oracle))
    return FALSE;
  if (byte (oracle, 0) != ':')
    return wrong (oracle);
  oracle->at++;
  return skip_space (oracle) && judge_value (oracle);
}

static void
free_name (gpointer name)
{
  g_string_free (name, TRUE);
}

static gboolean
names_differ (GPtrArray *names)
{
  g_autoptr (GHashTable) set = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < names->len; i++)
    if (!g_hash_table_add (set, ((GString *) g_ptr_array_index (names, i))->str))
      return FALSE;
  return TRUE;
}

static gboolean
judge_container (Oracle *oracle, char close)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (free_name);

  if (++oracle->depth > oracle->limits->max_depth)
    return too_large (oracle);
  if (!count_value (oracle))
    return FALSE;
  oracle->at++;
  for (gboolean first = TRUE;; first = FALSE)
    {
      if (!skip_space (oracle))
        return FALSE;
      if (byte (oracle, 0) == close)
        break;
      if (!first)
        {
          if (byte (oracle, 0) != ',')
            return wrong (oracle);
          oracle->at++;
          if (!skip_space (oracle))
            return FALSE;
        }
      if (!(close == '}' ? judge_member (oracle, names) : judge_value (oracle)))
        return FALSE;
    }
  if (!names_differ (names))
    return wrong (oracle);
  oracle->at++;
  oracle->depth--;
  return TRUE;
}

static gboolean
judge_value (Oracle *oracle)
{
  g_autoptr (GString) plain = NULL;
  guint8 c = byte (oracle, 0);

  if (c == '{')
    return judge_container (oracle, '}');
  if (c == '[')
    return judge_container (oracle, ']');
  if (c == '"')
    {
      plain = g_string_new (NULL);
      return count_value (oracle) && judge_string (oracle, FALSE, plain);
    }
  if (g_ascii_isdigit (c) || (c == '-' && has (oracle, 2) && byte (oracle, 1) != 'i' && byte (oracle, 1) != 'n'))
    return judge_number (oracle);
  if (c == '-' && !has (oracle, 2))
    return FALSE;
  return judge_word (oracle);
}

Opinion
oracle_judge (const char *text, gsize length, const WireLimits *limits)
{
  Oracle oracle = { text, MIN (length, limits->max_bytes), 0, limits, WIRE_FAULT_NONE, FALSE, 0, 0 };
  gboolean whole = FALSE;

  if (has (&oracle, 1))
    whole = byte (&oracle, 0) == '{' ? judge_value (&oracle) : wrong (&oracle);
  if (!whole && oracle.fault == WIRE_FAULT_NONE && length >= limits->max_bytes)
    too_large (&oracle);
  return (Opinion) { whole ? WIRE_SCAN_MESSAGE : oracle.fault != WIRE_FAULT_NONE ? WIRE_SCAN_FAULT : WIRE_SCAN_MORE,
                     oracle.fault, oracle.at, oracle.tainted, oracle.n_values };
}
