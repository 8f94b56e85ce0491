/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire-text.h"

#include <string.h>

static void
test_decode (void)
{
  static const struct { const char *text, *plain; } cases[] = {
    { "", "" }, { "abc", "abc" }, { "\\\"\\\\\\/", "\"\\/" }, { "\\b\\f\\n\\r\\t", "\b\f\n\r\t" },
    { "\\u0041\\u00e9\\u20ac", "Aé€" }, { "\\ud83d\\ude00", "😀" }, { "\\udbff\\udfff", "\xf4\x8f\xbf\xbf" },
    { "x\\u00e9y", "xéy" }, { "é\\u00E9", "éé" }, { "\\\\u0041", "\\u0041" }, { "\\u005c\\u0022", "\\\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize length = strlen (cases[i].text);
      g_autofree char *exact = g_memdup2 (cases[i].text, MAX (length, 1));
      g_autofree char *plain = wire_text_decode_dup (exact, length, TRUE);

      g_assert_cmpstr (plain, ==, cases[i].plain);
      g_assert_true (wire_text_equal (exact, length, TRUE, cases[i].plain, strlen (cases[i].plain)));
      g_assert_false (wire_text_equal (exact, length, TRUE, "another", 7));
    }
}

static void
test_equal_plain (void)
{
  g_assert_true (wire_text_equal ("abc", 3, FALSE, "abc", 3));
  g_assert_false (wire_text_equal ("abc", 3, FALSE, "abd", 3));
  g_assert_false (wire_text_equal ("abc", 3, FALSE, "ab", 2));
  g_assert_false (wire_text_equal ("ab", 2, FALSE, "abc", 3));
  g_assert_true (wire_text_equal ("", 0, FALSE, "", 0));
  g_assert_false (wire_text_equal ("\\u0041", 6, TRUE, "AA", 2));
}

static gboolean
fits_int64 (const char *text, gint64 *value)
{
  g_autofree char *exact = g_memdup2 (text, strlen (text));

  return wire_text_fits_int64 (exact, strlen (text), value);
}

static gboolean
fits_uint64 (const char *text, guint64 *value)
{
  g_autofree char *exact = g_memdup2 (text, strlen (text));

  return wire_text_fits_uint64 (exact, strlen (text), value);
}

static void
test_integers (void)
{
  gint64 value;
  guint64 wide;

  g_assert_true (fits_int64 ("9223372036854775807", &value) && value == G_MAXINT64);
  g_assert_false (fits_int64 ("9223372036854775808", &value));
  g_assert_true (fits_int64 ("-9223372036854775808", &value) && value == G_MININT64);
  g_assert_false (fits_int64 ("-9223372036854775809", &value));
  g_assert_true (fits_int64 ("-0", &value) && value == 0);
  g_assert_true (fits_int64 ("-1", &value) && value == -1);
  g_assert_true (fits_uint64 ("18446744073709551615", &wide) && wide == G_MAXUINT64);
  g_assert_false (fits_uint64 ("18446744073709551616", &wide));
  g_assert_false (fits_uint64 ("18446744073709551620", &wide));
  g_assert_false (fits_uint64 ("99999999999999999999", &wide));
  g_assert_false (fits_uint64 ("-1", &wide));
  g_assert_true (fits_int64 ("9007199254740993", &value) && value == G_GINT64_CONSTANT (9007199254740993));
  g_assert_true (wire_text_fits_int64 ("12", 2, NULL));
  g_assert_true (wire_text_fits_uint64 ("12", 2, NULL));
}

static void
test_doubles (void)
{
  static const struct { const char *text; double value; } cases[] = {
    { "0.1", 0.1 }, { "-2.5e-3", -0.0025 }, { "1e308", 1e308 }, { "1e-400", 0.0 }, { "5", 5.0 },
    { "1.7976931348623157e308", G_MAXDOUBLE },
  };
  double value;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_true (wire_text_fits_double (cases[i].text, strlen (cases[i].text), &value));
      g_assert_cmpfloat_with_epsilon (value, cases[i].value, G_MINDOUBLE);
    }
  g_assert_false (wire_text_fits_double ("1e400", 5, &value));
  g_assert_false (wire_text_fits_double ("-1e400", 6, &value));
}

static void
test_for_people (void)
{
  static const struct { const char *text; gsize length, most; const char *shown; } cases[] = {
    { "plain", 5, 60, "plain" }, { "two\r\nlines\t!", 12, 60, "two  lines !" }, { "\x1b[31m", 5, 60, "\\x1b[31m" },
    { "a\0b", 3, 60, "a\\x00b" }, { "\xff\xfe", 2, 60, "\\xff\\xfe" }, { "é€😀", 9, 60, "é€😀" },
    { "\xc2\x9b", 2, 60, "\\x9b" }, { "\xe2\x80\xae", 3, 60, "\\u{202e}" }, { "\xe2\x81\xa6", 3, 60, "\\u{2066}" },
    { "\x7f", 1, 60, "\\x7f" }, { "abcdef", 6, 3, "abc…" }, { "", 0, 60, "" }, { "\xc3", 1, 60, "\\xc3" },
    { "\xef\xbb\xbfx", 4, 60, "\\u{feff}x" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *exact = g_memdup2 (cases[i].text, MAX (cases[i].length, 1));
      g_autofree char *shown = wire_text_for_people (exact, cases[i].length, cases[i].most);

      g_assert_cmpstr (shown, ==, cases[i].shown);
    }
}

/* Whatever comes, what people see is UTF-8 without control characters. */
static void
test_for_people_random (void)
{
  for (guint i = 0; i < 20000; i++)
    {
      gsize length = (gsize) g_test_rand_int_range (0, 80);
      g_autofree char *bytes = g_malloc (MAX (length, 1));
      g_autofree char *shown = NULL;

      for (gsize j = 0; j < length; j++)
        bytes[j] = (char) g_test_rand_int ();
      shown = wire_text_for_people (bytes, length, 40);
      g_assert_true (g_utf8_validate (shown, -1, NULL));
      for (const char *p = shown; *p != '\0'; p = g_utf8_next_char (p))
        g_assert_true (g_utf8_get_char (p) >= 0x20 && (g_utf8_get_char (p) < 0x7f || g_utf8_get_char (p) >= 0xa0));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text/decode", test_decode);
  g_test_add_func ("/text/equal-plain", test_equal_plain);
  g_test_add_func ("/text/integers", test_integers);
  g_test_add_func ("/text/doubles", test_doubles);
  g_test_add_func ("/text/for-people", test_for_people);
  g_test_add_func ("/text/for-people/random", test_for_people_random);
  return g_test_run ();
}
