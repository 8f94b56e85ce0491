/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire-scanner.h"

#include <string.h>

#include "parse.h"

/* What the scanner says of a text. */
typedef struct
{
  WireScanResult result;
  WireFault fault;
  WireTaint taint;
  gsize at;
  guint n_values;
} Verdict;

static void
say (const char *what, const char *text)
{
  g_autofree char *printable = g_strescape (text, NULL);

  g_test_message ("%s: %s", what, printable);
}

static Verdict
get_verdict (WireScanner *scanner, WireScanResult result)
{
  return (Verdict) { result, scanner->fault, scanner->taint, scanner->at, scanner->n_values };
}

/* Every piece in a block of its own, so that tools see a byte read too far. */
static WireScanResult
show (WireScanner *scanner, const char *text, gsize length)
{
  g_autofree char *exact = g_malloc (MAX (length, 1));

  memcpy (exact, text, length);
  return wire_scanner_scan (scanner, exact, length);
}

static Verdict
judge_with (const WireLimits *limits, const char *text, gsize length)
{
  WireScanner scanner;
  Verdict verdict;

  wire_scanner_init (&scanner, limits);
  verdict = get_verdict (&scanner, show (&scanner, text, length));
  wire_scanner_clear (&scanner);
  return verdict;
}

static Verdict
judge (const char *text)
{
  return judge_with (&usual_limits, text, strlen (text));
}

static Verdict
judge_split (const WireLimits *limits, const char *text, gsize length, gsize split)
{
  WireScanner scanner;
  Verdict verdict;
  WireScanResult result;

  wire_scanner_init (&scanner, limits);
  result = show (&scanner, text, split);
  if (result == WIRE_SCAN_MORE)
    result = show (&scanner, text, length);
  verdict = get_verdict (&scanner, result);
  wire_scanner_clear (&scanner);
  return verdict;
}

static Verdict
judge_bytewise (const WireLimits *limits, const char *text, gsize length)
{
  WireScanner scanner;
  Verdict verdict;
  WireScanResult result = WIRE_SCAN_MORE;

  wire_scanner_init (&scanner, limits);
  for (gsize shown = 1; shown <= length && result == WIRE_SCAN_MORE; shown++)
    result = show (&scanner, text, shown);
  verdict = get_verdict (&scanner, result);
  wire_scanner_clear (&scanner);
  return verdict;
}

static void
assert_same_verdict (const Verdict *a, const Verdict *b, const char *text)
{
  if (a->result != b->result || a->fault != b->fault)
    say ("another verdict", text);
  g_assert_cmpint (a->result, ==, b->result);
  g_assert_cmpint (a->fault, ==, b->fault);
  if (a->fault == WIRE_FAULT_TOO_LARGE)
    return;  /* where exactly it is noticed depends on what was shown */
  g_assert_cmpint (a->taint, ==, b->taint);
  g_assert_cmpuint (a->at, ==, b->at);
  g_assert_cmpuint (a->n_values, ==, b->n_values);
}

/* --- what JSON is ------------------------------------------------------------ */

static const char *good_values[] = {
  "null", "true", "false", "0", "-0", "1", "-1", "10", "1234567890", "9223372036854775807", "-9223372036854775808",
  "9223372036854775808", "18446744073709551615", "0.0", "-0.0", "0.5", "1.25", "1e5", "1E5", "1e+5", "1e-5", "1.5e300",
  "0e0", "0E+0", "1e-400", "123456789012345678", "1.7976931348623157e308", "0.00000000000000000000000000001",
  "[]", "[ ]", "[\n]", "[1]", "[1,2]", "[ 1 , 2 ]", "[[]]", "[[[[]]]]", "[null,true,false]", "[\"a\",1,{}]",
  "{}", "{ }", "{\"a\":1}", "{\"a\":{\"a\":{\"a\":1}}}", "{\"\":1}", "{\"a\":1,\"b\":2,\"A\":3}", "{\"a b\":1}",
  "\"\"", "\"a\"", "\" \"", "\"\\\"\"", "\"\\\\\"", "\"\\/\"", "\"\\b\\f\\n\\r\\t\"", "\"/\"", "\"\\u0041\"",
  "\"\\u00e9\"", "\"\\u00E9\"", "\"\\ud83d\\ude00\"", "\"\\uD83D\\uDE00\"", "\"\\ud800\\udc00\"", "\"\\udbff\\udfff\"",
  "\"\\ud7ff\"", "\"\\ue000\"", "\"\\uffff\"", "\"\\ufdd0\"", "\"\\u0001\"", "\"\\u001f\"", "\"\\u007f\"", "\"\x7f\"",
  "\"\xc2\x80\"", "\"\xc3\xa9\"", "\"\xdf\xbf\"", "\"\xe0\xa0\x80\"", "\"\xe2\x82\xac\"", "\"\xed\x9f\xbf\"",
  "\"\xee\x80\x80\"", "\"\xef\xbf\xbf\"", "\"\xef\xbb\xbf\"", "\"\xf0\x90\x80\x80\"", "\"\xf0\x9f\x98\x80\"",
  "\"\xf4\x8f\xbf\xbf\"", "\"\xe2\x80\xa8\xe2\x80\xa9\"", "\"12345678\"", "\"1234567\"", "\"123456789abcdef\\n\"",
  "\"1234567\xc3\xa9\"", "\"\\\\u0000\"", "\"// no comment\"", "\"{[\"", "\"]}\"", "\"\\\"}\"",
};

/* Wrong whatever follows. */
static const char *bad_values[] = {
  "", "nul", "nulll", "NULL", "True", "TRUE", "tru", "undefined", "None", "NaN", "Infinity", "-Infinity", "+1", "01",
  "-01", "00", "-", "--1", "1.", ".5", "-.5", "1.e5", "1e", "1e+", "1E-", "1.5e", "0x10", "0b1", "1_000", "1,5,", "1 2",
  "1a", "0.1.2", "1e5.5", "1e5e5", "1+1", "-a", "- 1", "1\xc2\xa0", "\xc2\xa0""1", "[,]", "[1,]", "[,1]", "[1 2]",
  "[1,,2]", "[1}", "[\"a\":1]", "{,}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,\"a\":1}", "{\"a\" 1}", "{\"a\",1}",
  "{\"a\"::1}", "{a:1}", "{1:1}", "{'a':1}", "{null:1}", "{[]:1}", "{\"a\":1 \"b\":2}", "{\"a\":1]", "{\"a\":1,,\"b\":2}",
  "'a'", "`a`", "\"a", "\"\\x41\"", "\"\\'\"", "\"\\a\"", "\"\\0\"", "\"\\v\"", "\"\\U0041\"", "\"\\u\"", "\"\\u1\"",
  "\"\\u12\"", "\"\\u123\"", "\"\\u123g\"", "\"\\ug123\"", "\"\\u 123\"", "\"\\u+123\"", "\"\\u-123\"", "\"\\\"",
  "\"\n\"", "\"\r\"", "\"\t\"", "\"\x01\"", "\"\x1f\"",
  "\"\\ud800\"", "\"\\udbff\"", "\"\\udc00\"", "\"\\udfff\"", "\"\\ud800a\"", "\"\\ud800\\n\"", "\"\\ud800\\u0041\"",
  "\"\\ud800\\ud800\"", "\"\\udc00\\ud800\"", "\"\\ud83d\\\\ude00\"", "\"\\ud83dude00\"", "\"\\ud83d\\ude0\"",
  "\"\\ud83d \\ude00\"",
  "\"\x80\"", "\"\xbf\"", "\"\xc0\x80\"", "\"\xc1\xbf\"", "\"\xc3\"", "\"\xc3(\"", "\"\xe0\x80\x80\"", "\"\xe0\x9f\xbf\"",
  "\"\xe2\x82\"", "\"\xe2(\xa1\"", "\"\xed\xa0\x80\"", "\"\xed\xbf\xbf\"", "\"\xf0\x80\x80\x80\"", "\"\xf0\x8f\xbf\xbf\"",
  "\"\xf0\x9f\x98\"", "\"\xf4\x90\x80\x80\"", "\"\xf5\x80\x80\x80\"", "\"\xf8\x88\x80\x80\x80\"", "\"\xfe\"", "\"\xff\"",
  "/* */1", "// 1\n1", "#1", "1/**/", ";", "(", "\f1", "\v1", "\xef\xbb\xbf""1", "\xff", "1\xff", "[1\xff]",
};

static const char *good_messages[] = {
  "{}", "{ }", "{\t}", "{\r\n}", "{\"a\":1}", "{ \"a\" : 1 }", "{\r\n  \"a\" :\r\n 1\r\n}", "{\"a\":1,\"b\":[{},[]]}",
};

static const char *bad_messages[] = {
  "[]", "\"a\"", "1", "null", "true", "}", "]", ":", ",", "<html>", "(qemu) ", "'{}'", "\xef\xbb\xbf{}", "{]", "}",
  "HTTP/1.1 400 Bad Request\r\n", "\x16\x03\x01\x02", "\xff\xfb\x01{}", "}{\"a\":1}", "{{}}", "{[]}", "{1}", "{\"a\":1;}",
  "{\"a\":1,\"a\":2}", "{\"a\":1,\"b\":2,\"a\":1}", "{\"ab\":1,\"\\u0061b\":2}", "{\"\\u0061\":1,\"\\u0061\":2}",
  "{\"\":1,\"\":1}", "{\"\xc3\xa9\":1,\"\\u00e9\":1}", "{\"\\ud83d\\ude00\":1,\"\xf0\x9f\x98\x80\":1}",
  "{\"/\":1,\"\\/\":1}", "{\"x\":{\"a\":1,\"a\":2}}", "{\"x\":[{\"a\":[],\"b\":{},\"a\":{}}]}", "{\"a\\u0000\":1}",
  "{\"\\u0000\":1}", "{\"id\":1,\"return\":{},\"id\":1}",
};

static void
test_accepts (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good_values); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"v\":%s}", good_values[i]);
      Verdict verdict = judge (text);

      if (verdict.result != WIRE_SCAN_MESSAGE)
        say ("refused", text);
      g_assert_cmpint (verdict.result, ==, WIRE_SCAN_MESSAGE);
      g_assert_cmpuint (verdict.at, ==, strlen (text));
      g_assert_cmpint (verdict.taint, ==, WIRE_TAINT_NONE);
    }
  for (guint i = 0; i < G_N_ELEMENTS (good_messages); i++)
    {
      Verdict verdict = judge (good_messages[i]);

      g_assert_cmpint (verdict.result, ==, WIRE_SCAN_MESSAGE);
      g_assert_cmpuint (verdict.at, ==, strlen (good_messages[i]));
    }
}

static void
assert_refused (const char *text)
{
  Verdict verdict = judge (text);

  if (verdict.result != WIRE_SCAN_FAULT)
    say ("accepted", text);
  g_assert_cmpint (verdict.result, ==, WIRE_SCAN_FAULT);
  g_assert_cmpint (verdict.fault, ==, WIRE_FAULT_SYNTAX);
}

static void
test_refuses (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad_values); i++)
    {
      /* a quote that is missing shows only at the control character */
      g_autofree char *text = g_strdup_printf ("{\"v\":%s}\n\"}", bad_values[i]);
      g_autofree char *in_array = g_strdup_printf ("{\"v\":[%s]}\n\"}", bad_values[i]);

      assert_refused (text);
      if (*bad_values[i] != '\0' && strcmp (bad_values[i], "1,5,") != 0)
        assert_refused (in_array);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad_messages); i++)
    if (*bad_messages[i] != '\0')
      assert_refused (bad_messages[i]);
}

static void
test_raw_nul (void)
{
  static const char in_character[] = "{\"v\":\"\xed\0\"}", in_string[] = "{\"v\":\"a\0b\"}", outside[] = "{\0}", escaped[] = "{\"v\":\"\\\0\"}";

  g_assert_cmpint (judge_with (&usual_limits, in_character, sizeof in_character - 1).fault, ==, WIRE_FAULT_SYNTAX);
  g_assert_cmpint (judge_with (&usual_limits, in_string, sizeof in_string - 1).fault, ==, WIRE_FAULT_SYNTAX);
  g_assert_cmpint (judge_with (&usual_limits, outside, sizeof outside - 1).fault, ==, WIRE_FAULT_SYNTAX);
  g_assert_cmpint (judge_with (&usual_limits, escaped, sizeof escaped - 1).fault, ==, WIRE_FAULT_SYNTAX);
  g_assert_cmpint (judge_with (&usual_limits, "\0", 1).fault, ==, WIRE_FAULT_SYNTAX);
}

/* A fault is known at its own byte: nothing that follows is waited for. */
static void
test_fault_is_early (void)
{
  static const struct { const char *text; gsize at; } faults[] = {
    { "[", 0 }, { "{x", 1 }, { "{\"a\"x", 4 }, { "{\"a\":x", 5 }, { "{\"a\":1 x", 7 }, { "{\"a\":[1}", 7 },
    { "{\"a\":\"\x01", 6 }, { "{\"a\":\"\\x", 6 }, { "{\"a\":\"b\x80", 7 }, { "{\"a\":\"\\udc00", 6 },
    { "{\"a\":\"\\ud800x", 6 }, { "{\"a\":1,}", 7 }, { "{\"a\":nx", 5 }, { "{\"a\":01,", 5 }, { "{\"a\":\"\\u12x4", 6 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      Verdict verdict = judge (faults[i].text);

      if (verdict.at != faults[i].at)
        say ("elsewhere", faults[i].text);
      g_assert_cmpint (verdict.result, ==, WIRE_SCAN_FAULT);
      g_assert_cmpuint (verdict.at, ==, faults[i].at);
    }
}

static void
test_faults_have_words (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad_messages); i++)
    {
      WireScanner scanner;

      if (*bad_messages[i] == '\0')
        continue;
      wire_scanner_init (&scanner, &usual_limits);
      wire_scanner_scan (&scanner, bad_messages[i], strlen (bad_messages[i]));
      g_assert_nonnull (scanner.reason);
      g_assert_cmpuint (strlen (scanner.reason), >, 5);
      wire_scanner_clear (&scanner);
    }
}

static void
test_unfinished (void)
{
  static const char *unfinished[] = {
    "", "{", "{\"", "{\"a", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":tru", "{\"a\":-", "{\"a\":[", "{\"a\":[1,",
    "{\"a\":\"\\", "{\"a\":\"\\u12", "{\"a\":\"\\ud83d", "{\"a\":\"\\ud83d\\", "{\"a\":\"\\ud83d\\ude", "{\"a\":\"\xc3",
    "{\"a\":\"\xf0\x9f", "{\"a\":{}", "{\"a\":\"b\"",
  };

  for (guint i = 0; i < G_N_ELEMENTS (unfinished); i++)
    {
      Verdict verdict = judge (unfinished[i]);

      if (verdict.result != WIRE_SCAN_MORE)
        say ("not waited for", unfinished[i]);
      g_assert_cmpint (verdict.result, ==, WIRE_SCAN_MORE);
    }
}

/* --- cut anywhere ------------------------------------------------------------ */

static void
assert_split_changes_nothing (const WireLimits *limits, const char *text)
{
  gsize length = strlen (text);
  Verdict whole = judge_with (limits, text, length), cut;

  for (gsize split = 1; split < length; split++)
    {
      cut = judge_split (limits, text, length, split);
      assert_same_verdict (&whole, &cut, text);
    }
  cut = judge_bytewise (limits, text, length);
  if (length > 0)
    assert_same_verdict (&whole, &cut, text);
}

static void
test_split (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good_values); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"v\":%s}", good_values[i]);

      assert_split_changes_nothing (&usual_limits, text);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad_values); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"v\":[1,%s]}", bad_values[i]);

      assert_split_changes_nothing (&usual_limits, text);
    }
  for (guint i = 0; i < G_N_ELEMENTS (good_messages); i++)
    assert_split_changes_nothing (&usual_limits, good_messages[i]);
  for (guint i = 0; i < G_N_ELEMENTS (bad_messages); i++)
    assert_split_changes_nothing (&usual_limits, bad_messages[i]);
}

/* --- taints -------------------------------------------------------------------- */

static void
test_taints (void)
{
  static const struct { const char *value; WireTaint taint; } tainted[] = {
    { "\"\\u0000\"", WIRE_TAINT_NUL }, { "\"a\\u0000b\"", WIRE_TAINT_NUL }, { "[1,[\"\\u0000\"]]", WIRE_TAINT_NUL },
    { "inf", WIRE_TAINT_NOT_FINITE }, { "-inf", WIRE_TAINT_NOT_FINITE }, { "nan", WIRE_TAINT_NOT_FINITE },
    { "-nan", WIRE_TAINT_NOT_FINITE }, { "1e400", WIRE_TAINT_NOT_FINITE }, { "-1e400", WIRE_TAINT_NOT_FINITE },
    { "1.8e308", WIRE_TAINT_NOT_FINITE }, { "18446744073709551616", WIRE_TAINT_TOO_WIDE },
    { "-9223372036854775809", WIRE_TAINT_TOO_WIDE }, { "99999999999999999999999999", WIRE_TAINT_TOO_WIDE },
    { "\"\\\\u0000\"", WIRE_TAINT_NONE }, { "18446744073709551615", WIRE_TAINT_NONE },
    { "-9223372036854775808", WIRE_TAINT_NONE }, { "1e308", WIRE_TAINT_NONE }, { "1e-999", WIRE_TAINT_NONE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (tainted); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"v\":%s,\"w\":[1]}", tainted[i].value);
      Verdict verdict = judge (text);

      if (verdict.taint != tainted[i].taint)
        say ("another taint", text);
      g_assert_cmpint (verdict.result, ==, WIRE_SCAN_MESSAGE);
      g_assert_cmpint (verdict.taint, ==, tainted[i].taint);
      g_assert_cmpuint (verdict.at, ==, strlen (text));
      assert_split_changes_nothing (&usual_limits, text);
    }
}

static void
test_taint_place (void)
{
  WireScanner scanner;
  const char *text = "{\"a\":1e400,\"b\":\"\\u0000\"}";

  wire_scanner_init (&scanner, &usual_limits);
  g_assert_cmpint (wire_scanner_scan (&scanner, text, strlen (text)), ==, WIRE_SCAN_MESSAGE);
  g_assert_cmpint (scanner.taint, ==, WIRE_TAINT_NOT_FINITE);
  g_assert_cmpuint (scanner.taint_at, ==, 5);
  wire_scanner_reset (&scanner);
  g_assert_cmpint (wire_scanner_scan (&scanner, "{}", 2), ==, WIRE_SCAN_MESSAGE);
  g_assert_cmpint (scanner.taint, ==, WIRE_TAINT_NONE);
  wire_scanner_clear (&scanner);
}

static void
test_words_like_inf (void)
{
  static const char *words[] = { "in", "inff", "infinity", "-in", "-na", "nann", "na", "Inf", "NAN", "+inf", "--inf" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *text = g_strdup_printf ("{\"v\":%s}", words[i]);

      assert_refused (text);
      assert_split_changes_nothing (&usual_limits, text);
    }
}

/* --- limits --------------------------------------------------------------------- */

static void
assert_limit (const WireLimits *limits, const char *text, gboolean fits)
{
  Verdict verdict = judge_with (limits, text, strlen (text));

  g_assert_cmpint (verdict.fault, ==, fits ? WIRE_FAULT_NONE : WIRE_FAULT_TOO_LARGE);
  g_assert_cmpint (verdict.result, ==, fits ? WIRE_SCAN_MESSAGE : WIRE_SCAN_FAULT);
  assert_split_changes_nothing (limits, text);
}

static void
test_limit_bytes (void)
{
  const WireLimits limits = { 1024, 64, 4, 64 };

  for (gsize size = 1023; size <= 1025; size++)
    {
      g_autofree char *filler = g_strnfill (size - 8, 'x');
      g_autofree char *in_string = g_strdup_printf ("{\"v\":\"%s\"}", filler);
      g_autofree char *in_space = g_strdup_printf ("{%*s}", (int) size - 2, "");

      g_assert_cmpuint (strlen (in_string), ==, size);
      assert_limit (&limits, in_string, size <= 1024);
      assert_limit (&limits, in_space, size <= 1024);
    }
}

/* The limit counts from the first brace, whatever else came in one piece. */
static void
test_limit_bytes_of_one (void)
{
  const WireLimits limits = { 1024, 64, 4, 64 };
  g_autofree char *more = g_strdup_printf ("{\"v\":1}%*s", 5000, "");
  Verdict verdict = judge_with (&limits, more, strlen (more));

  g_assert_cmpint (verdict.result, ==, WIRE_SCAN_MESSAGE);
  g_assert_cmpuint (verdict.at, ==, 7);
}

static void
test_limit_values (void)
{
  const WireLimits limits = { 4096, 64, 4, 64 };

  for (guint n = 63; n <= 65; n++)
    {
      /* the message, the name, the array, and n - 3 in it */
      g_autoptr (GString) text = g_string_new ("{\"v\":[");

      for (guint i = 0; i < n - 3; i++)
        g_string_append (text, i == 0 ? "1" : ",1");
      g_string_append (text, "]}");
      assert_limit (&limits, text->str, n <= 64);
    }
}

static void
test_limit_depth (void)
{
  for (guint limit = 4; limit <= 1024; limit *= 4)
    for (guint depth = limit - 1; depth <= limit + 1; depth++)
      {
        const WireLimits limits = { 65536, 4096, limit, 64 };
        g_autofree char *open = g_strnfill (depth - 1, '['), *close = g_strnfill (depth - 1, ']');
        g_autofree char *arrays = g_strdup_printf ("{\"v\":%s%s}", open, close);
        g_autofree char *unclosed = g_strdup_printf ("{\"v\":%s", open);
        Verdict verdict = judge_with (&limits, arrays, strlen (arrays));

        g_assert_cmpint (verdict.result, ==, depth <= limit ? WIRE_SCAN_MESSAGE : WIRE_SCAN_FAULT);
        g_assert_cmpint (verdict.fault, ==, depth <= limit ? WIRE_FAULT_NONE : WIRE_FAULT_TOO_LARGE);
        verdict = judge_with (&limits, unclosed, strlen (unclosed));
        g_assert_cmpint (verdict.result, ==, depth <= limit ? WIRE_SCAN_MORE : WIRE_SCAN_FAULT);
      }
}

static void
test_limit_depth_of_objects (void)
{
  const WireLimits limits = { 65536, 4096, 5, 64 };

  assert_limit (&limits, "{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}", TRUE);
  assert_limit (&limits, "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}", FALSE);
  assert_limit (&limits, "{\"a\":[{\"b\":[{}]}],\"c\":[[[[]]]],\"d\":[[[[]]]]}", TRUE);
}

static void
test_limit_key (void)
{
  const WireLimits limits = { 4096, 64, 4, 64 };

  for (guint n = 63; n <= 65; n++)
    {
      g_autofree char *filler = g_strnfill (n - 6, 'k');
      g_autofree char *plain = g_strdup_printf ("{\"%sabcdef\":1}", filler);
      g_autofree char *escaped = g_strdup_printf ("{\"%s\\u0041\":1}", filler);
      g_autofree char *wide = g_strdup_printf ("{\"%sabcd\xc3\xa9\":1}", filler);
      g_autofree char *value = g_strdup_printf ("{\"v\":\"%s%s%s\"}", filler, filler, filler);

      assert_limit (&limits, plain, n <= 64);
      assert_limit (&limits, escaped, n <= 64);
      assert_limit (&limits, wide, n <= 64);
      assert_limit (&limits, value, TRUE);
    }
}

static void
test_limit_number (void)
{
  for (guint n = WIRE_MAX_NUMBER - 1; n <= WIRE_MAX_NUMBER + 1; n++)
    {
      g_autofree char *digits = g_strnfill (n - 2, '0');
      g_autofree char *text = g_strdup_printf ("{\"v\":1.%s}", digits);

      assert_limit (&usual_limits, text, n <= WIRE_MAX_NUMBER);
    }
}

/* Never-ending things are refused before they end. */
static void
test_limit_needs_no_end (void)
{
  const WireLimits limits = { 1024, 64, 4, 64 };
  g_autofree char *filler = g_strnfill (2000, '1');
  g_autofree char *string = g_strdup_printf ("{\"v\":\"%s", filler);
  g_autofree char *number = g_strdup_printf ("{\"v\":%s", filler);
  g_autofree char *key = g_strdup_printf ("{\"%.70s", filler);
  g_autofree char *space = g_strdup_printf ("{%2000s", "");

  g_assert_cmpint (judge_with (&limits, string, strlen (string)).fault, ==, WIRE_FAULT_TOO_LARGE);
  g_assert_cmpint (judge_with (&limits, number, strlen (number)).fault, ==, WIRE_FAULT_TOO_LARGE);
  g_assert_cmpint (judge_with (&limits, key, strlen (key)).fault, ==, WIRE_FAULT_TOO_LARGE);
  g_assert_cmpint (judge_with (&limits, space, strlen (space)).fault, ==, WIRE_FAULT_TOO_LARGE);
}

static void
test_limits_are_clamped (void)
{
  WireLimits none = { 0, 0, 0, 0 }, all = { G_MAXSIZE, G_MAXUINT, G_MAXUINT, G_MAXUINT };

  wire_limits_clamp (&none);
  g_assert_cmpuint (none.max_bytes, >=, 1024);
  g_assert_cmpuint (none.max_values, >=, 64);
  g_assert_cmpuint (none.max_depth, >=, 4);
  g_assert_cmpuint (none.max_key, >=, 64);
  wire_limits_clamp (&all);
  g_assert_cmpuint (all.max_bytes, ==, WIRE_MAX_BYTES);
  g_assert_cmpuint (all.max_values, ==, WIRE_MAX_VALUES);
  g_assert_cmpuint (all.max_depth, ==, WIRE_MAX_DEPTH);
  g_assert_cmpuint (all.max_key, ==, WIRE_MAX_KEY);
}

/* --- names that stand twice ------------------------------------------------------ */

static char *
make_members (guint n, guint twice)
{
  GString *text = g_string_new ("{");

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s\"name-%u\":[%u]", i > 0 ? "," : "", i == twice ? 0 : i, i);
  g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

/* Around where the way of comparing changes, and far beyond. */
static void
test_many_members (void)
{
  static const guint counts[] = { 2, 3, 15, 16, 17, 18, 100, 1000, 20000 };

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      guint n = counts[i];
      g_autofree char *good = make_members (n, G_MAXUINT), *last = make_members (n, n - 1),
                      *middle = make_members (n, MAX (n / 2, 1));

      g_assert_cmpint (judge (good).result, ==, WIRE_SCAN_MESSAGE);
      g_assert_cmpint (judge (last).fault, ==, WIRE_FAULT_SYNTAX);
      g_assert_cmpint (judge (middle).fault, ==, WIRE_FAULT_SYNTAX);
    }
}

/* Names that share their ends and their length are still told apart. */
static void
test_names_alike (void)
{
  g_assert_cmpint (judge ("{\"abcd-1-wxyz\":1,\"abcd-2-wxyz\":2}").result, ==, WIRE_SCAN_MESSAGE);
  g_assert_cmpint (judge ("{\"abcd-1-wxyz\":1,\"abcd-2-wxyz\":2,\"abcd-1-wxyz\":3}").result, ==, WIRE_SCAN_FAULT);
  g_assert_cmpint (judge ("{\"a\":1,\"aa\":2,\"aaa\":3,\"aaaa\":4,\"aaaaa\":5}").result, ==, WIRE_SCAN_MESSAGE);
  g_assert_cmpint (judge ("{\"abcd-1-wxyz\":1,\"abcd-\\u0031-wxyz\":2}").result, ==, WIRE_SCAN_FAULT);
  g_assert_cmpint (judge ("{\"a\":{\"b\":1},\"b\":{\"a\":1}}").result, ==, WIRE_SCAN_MESSAGE);
}

/* --- the index ------------------------------------------------------------------- */

static void
test_index (void)
{
  static const guint8 types[] = {
    WIRE_OBJECT, WIRE_KEY, WIRE_ARRAY, WIRE_INTEGER, WIRE_REAL, WIRE_STRING, WIRE_KEY, WIRE_OBJECT, WIRE_KEY,
    WIRE_BOOLEAN, WIRE_KEY, WIRE_NULL,
  };
  static const guint lengths[] = { 3, 1, 3, 2, 3, 3, 2, 1, 3, 4, 1, 4 };
  g_autoptr (WireDocument) document = parse_text ("{\"a\":[10,1.5,\"\\\"x\"], \"bb\" : {\"ccc\":true}, \"n\":null}");

  g_assert_cmpuint (document->view.n_values, ==, G_N_ELEMENTS (types));
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_assert_cmpuint (document->view.values[i].type, ==, types[i]);
      g_assert_cmpuint (document->view.values[i].length, ==, lengths[i]);
    }
  g_assert_cmpuint (document->view.values[0].next, ==, 12);
  g_assert_cmpuint (document->view.values[2].next, ==, 6);
  g_assert_cmpuint (document->view.values[7].next, ==, 10);
  g_assert_true (document->view.values[5].flags & WIRE_VALUE_ESCAPED);
  g_assert_false (document->view.values[1].flags & WIRE_VALUE_ESCAPED);
}

static void
test_reuse (void)
{
  WireScanner scanner;
  guint n;
  WireValue *values;

  wire_scanner_init (&scanner, &usual_limits);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpint (wire_scanner_scan (&scanner, "{\"a\":[1,2]}{", 12), ==, WIRE_SCAN_MESSAGE);
      g_assert_cmpuint (scanner.at, ==, 11);
      g_assert_cmpuint (scanner.n_values, ==, 5);
      wire_scanner_reset (&scanner);
      g_assert_cmpint (wire_scanner_scan (&scanner, "[", 1), ==, WIRE_SCAN_FAULT);
      wire_scanner_reset (&scanner);
    }
  g_assert_cmpint (wire_scanner_scan (&scanner, "{\"a\":[1,2]}", 11), ==, WIRE_SCAN_MESSAGE);
  values = wire_scanner_steal_values (&scanner, &n);
  g_assert_cmpuint (n, ==, 5);
  g_assert_cmpuint (values[2].type, ==, WIRE_ARRAY);
  g_free (values);
  wire_scanner_reset (&scanner);
  g_assert_cmpint (wire_scanner_scan (&scanner, "{\"a\":[1,2]}", 11), ==, WIRE_SCAN_MESSAGE);
  wire_scanner_clear (&scanner);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scanner/accepts", test_accepts);
  g_test_add_func ("/scanner/refuses", test_refuses);
  g_test_add_func ("/scanner/raw-nul", test_raw_nul);
  g_test_add_func ("/scanner/fault-is-early", test_fault_is_early);
  g_test_add_func ("/scanner/faults-have-words", test_faults_have_words);
  g_test_add_func ("/scanner/unfinished", test_unfinished);
  g_test_add_func ("/scanner/split", test_split);
  g_test_add_func ("/scanner/taints", test_taints);
  g_test_add_func ("/scanner/taint-place", test_taint_place);
  g_test_add_func ("/scanner/words-like-inf", test_words_like_inf);
  g_test_add_func ("/scanner/limit/bytes", test_limit_bytes);
  g_test_add_func ("/scanner/limit/bytes-of-one", test_limit_bytes_of_one);
  g_test_add_func ("/scanner/limit/values", test_limit_values);
  g_test_add_func ("/scanner/limit/depth", test_limit_depth);
  g_test_add_func ("/scanner/limit/depth-of-objects", test_limit_depth_of_objects);
  g_test_add_func ("/scanner/limit/key", test_limit_key);
  g_test_add_func ("/scanner/limit/number", test_limit_number);
  g_test_add_func ("/scanner/limit/needs-no-end", test_limit_needs_no_end);
  g_test_add_func ("/scanner/limit/clamped", test_limits_are_clamped);
  g_test_add_func ("/scanner/names/many", test_many_members);
  g_test_add_func ("/scanner/names/alike", test_names_alike);
  g_test_add_func ("/scanner/index", test_index);
  g_test_add_func ("/scanner/reuse", test_reuse);
  return g_test_run ();
}
