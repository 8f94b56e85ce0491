/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire-base64.h"

#include <string.h>

/* --- a simple judge ---------------------------------------------------------------- */

static int
judge_character (char c)
{
  static const char all[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const char *place = c == '\0' ? NULL : strchr (all, c);

  return place == NULL ? -1 : (int) (place - all);
}

/* Bit by bit, as the standard puts it; NULL when it is no base64. */
static GByteArray *
judge (const char *text, gsize length)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint bits = 0, n_bits = 0;
  gsize n_characters = length;

  while (n_characters > 0 && length - n_characters < 2 && text[n_characters - 1] == '=')
    n_characters--;
  for (gsize i = 0; i < n_characters; i++)
    {
      int value = judge_character (text[i]);

      if (value < 0)
        return NULL;
      bits = bits << 6 | (guint) value;
      n_bits += 6;
      if (n_bits >= 8)
        {
          guint8 byte = (guint8) (bits >> (n_bits - 8));

          g_byte_array_append (bytes, &byte, 1);
          n_bits -= 8;
          bits &= (1u << n_bits) - 1;
        }
    }
  if (length % 4 != 0 || bits != 0)
    return NULL;
  return g_steal_pointer (&bytes);
}

/* --- what is compared ---------------------------------------------------------------- */

/* Text and bytes in blocks of their own, so that tools see a step too far. */
static gboolean
decode (const char *text, gsize length, guint8 **out, gsize *n_out)
{
  g_autofree char *exact = g_malloc (MAX (length, 1));

  memcpy (exact, text, length);
  *out = g_malloc (MAX (wire_base64_decoded_size (text, length), 1));
  return wire_base64_decode (exact, length, *out, n_out);
}

static void
assert_as_judged (const char *text, gsize length)
{
  g_autoptr (GByteArray) judged = judge (text, length);
  g_autofree char *printable = g_strescape (text, NULL);
  g_autofree guint8 *out = NULL;
  gsize n_out = 4711;
  gboolean good = decode (text, length, &out, &n_out);

  if (good != (judged != NULL))
    g_error ("\"%s\" (%" G_GSIZE_FORMAT ") should %sbe base64", printable, length, good ? "not " : "");
  g_assert_cmpuint (wire_base64_decoded_size (text, length), <=, length / 4 * 3);
  if (!good)
    return;
  g_assert_cmpmem (out, n_out, judged->data, judged->len);
  g_assert_cmpuint (wire_base64_decoded_size (text, length), ==, n_out);
}

static void
fill (guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    bytes[i] = (guint8) g_test_rand_int ();
}

/* --- tests ------------------------------------------------------------------------------ */

static void
test_there_and_back (void)
{
  for (gsize length = 0; length <= 300; length++)
    {
      g_autofree guint8 *bytes = g_malloc (MAX (length, 1));
      gsize n_text = (length + 2) / 3 * 4, n_out = 0;
      g_autofree char *text = g_malloc (MAX (n_text, 1));
      g_autofree char *expected = NULL;
      g_autofree guint8 *out = NULL;

      fill (bytes, length);
      expected = g_base64_encode (bytes, length);
      g_assert_cmpuint (wire_base64_encode (bytes, length, text), ==, n_text);
      g_assert_cmpmem (text, n_text, expected, strlen (expected));
      g_assert_true (decode (text, n_text, &out, &n_out));
      g_assert_cmpmem (out, n_out, bytes, length);
      g_assert_cmpuint (wire_base64_decoded_size (text, n_text), ==, length);
    }
}

/* Every character at every place. */
static void
test_alphabet (void)
{
  for (guint value = 0; value < 1 << 12; value++)
    {
      guint8 low[3] = { 0, (guint8) (value >> 8), (guint8) value };
      guint8 high[3] = { (guint8) (value >> 4), (guint8) (value << 4), 0 };
      const guint8 *all[] = { low, high };

      for (guint i = 0; i < G_N_ELEMENTS (all); i++)
        {
          char text[4];
          g_autofree char *expected = g_base64_encode (all[i], 3);

          g_assert_cmpuint (wire_base64_encode (all[i], 3, text), ==, 4);
          g_assert_cmpmem (text, 4, expected, 4);
          assert_as_judged (expected, 4);
        }
    }
}

static void
test_every_corruption (void)
{
  static const char *const texts[] = { "Zm9vYmFy", "Zm9vYmE=", "Zm9vYg==", "+/+/", "AA==", "AAA=" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      gsize length = strlen (texts[i]);

      for (gsize at = 0; at < length; at++)
        for (guint byte = 0; byte < 256; byte++)
          {
            g_autofree char *text = g_strdup (texts[i]);

            text[at] = (char) byte;
            assert_as_judged (text, length);
          }
    }
}

/* All that two characters and the padding can be, and every cut. */
static void
test_endings (void)
{
  static const char some[] = "AQgw/=-\n ";

  for (guint number = 0; number < 9 * 9 * 9 * 9; number++)
    {
      char text[] = "Zm9v    ";
      guint rest = number;

      for (guint i = 4; i < 8; i++, rest /= 9)
        text[i] = some[rest % 9];
      for (gsize length = 0; length <= 8; length++)
        assert_as_judged (text, length);
    }
}

static void
test_junk (void)
{
  static const char *const junk[] = {
    "=", "==", "===", "====", "A", "AA", "AAA", "AA=", "A===", "A=A=", "=AAA", "AAAA=", "AAAA==", "AAAA====",
    "AA==AAAA", "AAA=AAAA", "AAA=AA==", "AAAA\n", "AAAA\r\n", "AAAA\nAAA", " AAAA", "AA AA   ", "\tAAA",
    "AA-_", "AA.A", "AA,A", "AB==", "AAB=", "AP==", "AAD=", "AAA\xc3", "\xff\xff\xff\xff", "A\xc0\x81""A",
  };
  g_autofree guint8 *out = NULL;
  gsize n_out = 0;

  for (guint i = 0; i < G_N_ELEMENTS (junk); i++)
    {
      g_autofree guint8 *nothing = NULL;

      assert_as_judged (junk[i], strlen (junk[i]));
      g_assert_false (decode (junk[i], strlen (junk[i]), &nothing, &n_out));
    }
  assert_as_judged ("AA\0A", 4);
  g_assert_false (decode ("AA\0A", 4, &out, &n_out));
}

static void
test_nothing (void)
{
  guint8 byte = 7;
  gsize n_out = 4711;

  g_assert_true (wire_base64_decode ("", 0, &byte, &n_out));
  g_assert_cmpuint (n_out, ==, 0);
  g_assert_cmpuint (byte, ==, 7);
  g_assert_cmpuint (wire_base64_decoded_size ("", 0), ==, 0);
  g_assert_cmpuint (wire_base64_encode (&byte, 0, NULL), ==, 0);
}

/* One wrong character anywhere in a long text. */
static void
test_long (void)
{
  const gsize length = 30001, n_text = (length + 2) / 3 * 4;
  g_autofree guint8 *bytes = g_malloc (length);
  g_autofree char *text = g_malloc (n_text);
  g_autofree guint8 *out = g_malloc (n_text / 4 * 3);
  gsize n_out = 0;

  fill (bytes, length);
  g_assert_cmpuint (wire_base64_encode (bytes, length, text), ==, n_text);
  g_assert_true (wire_base64_decode (text, n_text, out, &n_out));
  g_assert_cmpmem (out, n_out, bytes, length);
  for (guint i = 0; i < 1000; i++)
    {
      gsize at = (gsize) g_test_rand_int_range (0, (gint32) n_text);
      char kept = text[at];

      text[at] = kept == '=' ? '\n' : "=\n-\xff"[i % 4];
      g_assert_false (wire_base64_decode (text, n_text, out, &n_out));
      text[at] = kept;
    }
  g_assert_true (wire_base64_decode (text, n_text, out, &n_out));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base64/there-and-back", test_there_and_back);
  g_test_add_func ("/base64/alphabet", test_alphabet);
  g_test_add_func ("/base64/every-corruption", test_every_corruption);
  g_test_add_func ("/base64/endings", test_endings);
  g_test_add_func ("/base64/junk", test_junk);
  g_test_add_func ("/base64/nothing", test_nothing);
  g_test_add_func ("/base64/long", test_long);
  return g_test_run ();
}
