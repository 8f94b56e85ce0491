/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire-writer.h"

#include <gio/gio.h>
#include <math.h>

#include "parse.h"

/* --- trees ---------------------------------------------------------------------- */

static char *
write_node (JsonNode *node, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);

  return wire_write_node (out, node, error) ? g_strdup (out->str) : NULL;
}

static void
assert_written (JsonNode *node, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = write_node (node, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
  json_node_unref (node);
}

static void
assert_not_written (JsonNode *node, const char *word)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (write_node (node, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, word));
  json_node_unref (node);
}

static JsonNode *
new_double (double number)
{
  return json_node_init_double (json_node_alloc (), number);
}

static JsonNode *
new_string (const char *text)
{
  return json_node_init_string (json_node_alloc (), text);
}

static void
test_scalars (void)
{
  assert_written (json_node_init_null (json_node_alloc ()), "null");
  assert_written (json_node_init_boolean (json_node_alloc (), TRUE), "true");
  assert_written (json_node_init_boolean (json_node_alloc (), FALSE), "false");
  assert_written (json_node_init_int (json_node_alloc (), G_MININT64), "-9223372036854775808");
  assert_written (json_node_init_int (json_node_alloc (), 0), "0");
}

/* QEMU takes no 1048576.0 where it wants an integer. */
static void
test_doubles (void)
{
  assert_written (new_double (1048576.0), "1048576");
  assert_written (new_double (-3.0), "-3");
  assert_written (new_double (0.5), "0.5");
  assert_written (new_double (9007199254740991.0), "9007199254740991");
  assert_not_written (new_double (NAN), "finite");
  assert_not_written (new_double (INFINITY), "finite");
  assert_not_written (new_double (-INFINITY), "finite");
}

static void
test_doubles_are_exact (void)
{
  for (guint i = 0; i < 2000; i++)
    {
      double number = g_test_rand_double_range (-1e9, 1e9);
      g_autoptr (JsonNode) node = new_double (number);
      g_autofree char *text = write_node (node, NULL);

      g_assert_cmpfloat_with_epsilon (g_ascii_strtod (text, NULL), number, G_MINDOUBLE);
    }
}

static void
test_strings (void)
{
  assert_written (new_string (""), "\"\"");
  assert_written (new_string ("é😀"), "\"é😀\"");
  assert_written (new_string ("a\"b\\c/d"), "\"a\\\"b\\\\c/d\"");
  assert_written (new_string ("\n\t\x01\x1f\x7f"), "\"\\u000a\\u0009\\u0001\\u001f\x7f\"");
  assert_not_written (new_string ("\xff"), "UTF-8");
  assert_not_written (new_string ("a\xed\xa0\x80"), "UTF-8");
}

static void
test_containers (void)
{
  static const char *texts[] = {
    "{}", "[]", "{\"a\":{}}", "[[],[[]],{}]", "{\"b\":1,\"a\":[1,2,{\"c\":null}],\"d\":\"x\"}", "[1,\"2\",true,null,[0.5]]",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_written (json_from_string (texts[i], NULL), texts[i]);
}

static void
test_says_where (void)
{
  g_autoptr (JsonNode) node = json_from_string ("{\"ok\":1,\"list\":[0,{\"deep\":[]}]}", NULL);
  JsonArray *list = json_object_get_array_member (json_node_get_object (node), "list");
  JsonArray *deep = json_object_get_array_member (json_array_get_object_element (list, 1), "deep");
  g_autoptr (GError) error = NULL;

  json_array_add_double_element (deep, NAN);
  g_assert_null (write_node (node, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "list[1].deep[0]"));
}

static void
test_bad_name (void)
{
  JsonNode *node = json_from_string ("{}", NULL);

  json_object_set_int_member (json_node_get_object (node), "a\xff", 1);
  assert_not_written (node, "UTF-8");
}

static JsonNode *
nest (guint depth)
{
  JsonNode *node = json_node_init_array (json_node_alloc (), json_array_new ());

  json_array_unref (json_node_get_array (node));
  while (--depth > 0)
    {
      JsonArray *outer = json_array_new ();

      json_array_add_element (outer, node);
      node = json_node_init_array (json_node_alloc (), outer);
      json_array_unref (outer);
    }
  return node;
}

static void
test_too_deep (void)
{
  g_autoptr (JsonNode) good = nest (1000);
  g_autofree char *text = write_node (good, NULL);

  g_assert_cmpuint (strlen (text), ==, 2000);
  assert_not_written (nest (1100), "deep");
}

/* --- text ------------------------------------------------------------------------ */

static void
test_json (void)
{
  static const struct { const char *text, *expected; } cases[] = {
    { "{}", "{}" }, { "  { }\r\n", "{}" }, { "{ \"a\" : [ 1 , 2.0 , { } , [ ] ] , \"b\" : \"x y\" }", "{\"a\":[1,2.0,{},[]],\"b\":\"x y\"}" },
    { "{\"n\":18446744073709551615}", "{\"n\":18446744073709551615}" }, { "{\"\\u0061\":\"\\u00e9\"}", "{\"\\u0061\":\"\\u00e9\"}" },
    { "{\"a\":[[[]],[[]]],\"b\":[{\"c\":{}}]}", "{\"a\":[[[]],[[]]],\"b\":[{\"c\":{}}]}" }, { "{\"a\":\"{[,\"}", "{\"a\":\"{[,\"}" },
    { "{\"a\":\"[\",\"b\":\"{\",\"c\":[\"[\",\"{\"]}", "{\"a\":\"[\",\"b\":\"{\",\"c\":[\"[\",\"{\"]}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) out = g_string_new (NULL);
      g_autoptr (GError) error = NULL;

      g_assert_true (wire_write_json (out, cases[i].text, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (out->str, ==, cases[i].expected);
    }
}

static void
test_bad_json (void)
{
  static const struct { const char *text, *word; } cases[] = {
    { "", "end" }, { "{", "end" }, { "[]", "object" }, { "{} x", "more text" }, { "{}{}", "more text" }, { "{'a':1}", "name" },
    { "{\"a\":01}", "number" }, { "{\"a\":1,\"a\":2}", "twice" }, { "{\"a\":\"\\u0000\"}", "NUL" }, { "{\"a\":1e400}", "finite" },
    { "{\"a\":inf}", "finite" }, { "{\"a\":18446744073709551616}", "64 bits" }, { "{\"a\":\"\xff\"}", "UTF-8" },
    { "{\"a\":\"\\ud800\"}", "surrogate" }, { "{\"execute\":}", "value" }, { "// x\n{}", "object" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) out = g_string_new ("kept");
      g_autoptr (GError) error = NULL;

      g_assert_false (wire_write_json (out, cases[i].text, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
      if (strstr (error->message, cases[i].word) == NULL)
        g_test_message ("%s: %s", cases[i].text, error->message);
      g_assert_nonnull (strstr (error->message, cases[i].word));
      g_assert_cmpstr (out->str, ==, "kept");
    }
}

/* Written text always passes the scanner. */
static void
test_round_trip (void)
{
  static const char *text = "{\"a\":[1,{\"b\":\"é\\n\"},[]],\"c\":-1.5,\"d\":{\"e\":null,\"f\":[true,false]}}";
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  g_autofree char *written = write_node (node, NULL);
  g_autoptr (WireDocument) document = parse_text (written);

  g_assert_cmpuint (document->view.length, ==, strlen (written));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/writer/scalars", test_scalars);
  g_test_add_func ("/writer/doubles", test_doubles);
  g_test_add_func ("/writer/doubles/exact", test_doubles_are_exact);
  g_test_add_func ("/writer/strings", test_strings);
  g_test_add_func ("/writer/containers", test_containers);
  g_test_add_func ("/writer/says-where", test_says_where);
  g_test_add_func ("/writer/bad-name", test_bad_name);
  g_test_add_func ("/writer/too-deep", test_too_deep);
  g_test_add_func ("/writer/json", test_json);
  g_test_add_func ("/writer/json/bad", test_bad_json);
  g_test_add_func ("/writer/round-trip", test_round_trip);
  return g_test_run ();
}
