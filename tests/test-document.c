/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire-document.h"

#include <string.h>

#include "parse.h"

static const char *talk =
  "{\"return\": {\"status\": \"running\", \"running\": true, \"list\": [1, [2, 3], {\"x\": []}, \"a]}\"], \"none\": null,"
  " \"wide\": 18446744073709551615, \"low\": -9223372036854775808, \"real\": 1.5e3, \"text\": \"\\u00e9\\ud83d\\ude00\\n\\\"\\/\","
  " \"caf\\u00e9\": 1, \"empty\": {}}, \"id\": 7}";

static guint
find (const WireView *view, guint from, const char *path)
{
  g_auto (GStrv) names = g_strsplit (path, "/", -1);

  for (guint i = 0; names[i] != NULL; i++)
    {
      from = g_ascii_isdigit (names[i][0]) ? wire_view_element (view, from, (guint) atoi (names[i]))
                                           : wire_view_member (view, from, names[i]);
      if (from == 0)
        return 0;
    }
  return from;
}

static void
test_members (void)
{
  g_autoptr (WireDocument) document = parse_text (talk);
  const WireView *view = &document->view;
  guint value = find (view, 0, "return/status");

  g_assert_cmpuint (value, !=, 0);
  g_assert_true (wire_view_is_string (view, value, "running"));
  g_assert_false (wire_view_is_string (view, value, "runnin"));
  g_assert_false (wire_view_is_string (view, value, "running!"));
  g_assert_false (wire_view_is_string (view, find (view, 0, "return/running"), "true"));
  g_assert_cmpuint (find (view, 0, "return/café"), !=, 0);
  g_assert_cmpuint (wire_view_member (view, 0, "status"), ==, 0);
  g_assert_cmpuint (wire_view_member (view, 0, ""), ==, 0);
  g_assert_cmpuint (wire_view_member (view, 0, "retur"), ==, 0);
  g_assert_cmpuint (wire_view_member (view, find (view, 0, "return/list"), "x"), ==, 0);
  g_assert_cmpuint (wire_view_member (view, find (view, 0, "return/status"), "x"), ==, 0);
}

static void
test_elements (void)
{
  g_autoptr (WireDocument) document = parse_text (talk);
  const WireView *view = &document->view;
  guint list = find (view, 0, "return/list");
  gint64 number;

  g_assert_cmpuint (view->values[list].length, ==, 4);
  g_assert_true (wire_view_get_int64 (view, find (view, list, "1/1"), &number));
  g_assert_cmpint (number, ==, 3);
  g_assert_cmpint (view->values[find (view, list, "2/x")].type, ==, WIRE_ARRAY);
  g_assert_true (wire_view_is_string (view, wire_view_element (view, list, 3), "a]}"));
  g_assert_cmpuint (wire_view_element (view, list, 4), ==, 0);
  g_assert_cmpuint (wire_view_element (view, list, G_MAXUINT), ==, 0);
  g_assert_cmpuint (wire_view_element (view, find (view, list, "2/x"), 0), ==, 0);
  g_assert_cmpuint (wire_view_element (view, find (view, 0, "return"), 0), ==, 0);
}

static void
test_numbers (void)
{
  g_autoptr (WireDocument) document = parse_text (talk);
  const WireView *view = &document->view;
  gint64 narrow = 0;
  guint64 wide = 0;
  double real = 0;

  g_assert_true (wire_view_get_uint64 (view, find (view, 0, "return/wide"), &wide));
  g_assert_cmpuint (wide, ==, G_MAXUINT64);
  g_assert_false (wire_view_get_int64 (view, find (view, 0, "return/wide"), &narrow));
  g_assert_true (wire_view_get_int64 (view, find (view, 0, "return/low"), &narrow));
  g_assert_cmpint (narrow, ==, G_MININT64);
  g_assert_false (wire_view_get_uint64 (view, find (view, 0, "return/low"), &wide));
  g_assert_true (wire_view_get_double (view, find (view, 0, "return/real"), &real));
  g_assert_cmpfloat_with_epsilon (real, 1500.0, G_MINDOUBLE);
  g_assert_false (wire_view_get_int64 (view, find (view, 0, "return/real"), &narrow));
  g_assert_true (wire_view_get_double (view, find (view, 0, "id"), &real));
  g_assert_cmpfloat_with_epsilon (real, 7.0, G_MINDOUBLE);
  g_assert_false (wire_view_get_int64 (view, find (view, 0, "return/status"), &narrow));
  g_assert_false (wire_view_get_double (view, find (view, 0, "return/none"), &real));
}

static void
test_booleans (void)
{
  g_autoptr (WireDocument) document = parse_text ("{\"yes\":true,\"no\":false,\"one\":1,\"text\":\"true\"}");
  const WireView *view = &document->view;
  gboolean truth = FALSE;

  g_assert_true (wire_view_get_boolean (view, find (view, 0, "yes"), &truth));
  g_assert_true (truth);
  g_assert_true (wire_view_get_boolean (view, find (view, 0, "no"), &truth));
  g_assert_false (truth);
  g_assert_false (wire_view_get_boolean (view, find (view, 0, "one"), &truth));
  g_assert_false (wire_view_get_boolean (view, find (view, 0, "text"), &truth));
}

static void
test_strings (void)
{
  g_autoptr (WireDocument) document = parse_text (talk);
  const WireView *view = &document->view;
  g_autofree char *text = wire_view_dup_string (view, find (view, 0, "return/text"));
  g_autofree char *name = wire_view_dup_string (view, 1);

  g_assert_cmpstr (text, ==, "é😀\n\"/");
  g_assert_cmpstr (name, ==, "return");
  g_assert_null (wire_view_dup_string (view, find (view, 0, "id")));
  g_assert_null (wire_view_dup_string (view, 0));
}

/* --- the text of a value ------------------------------------------------------- */

/* Finds the end of a container the plain way. */
static gsize
measure_container (const char *text)
{
  guint depth = 0;
  gboolean in_string = FALSE;

  for (const char *p = text;; p++)
    {
      if (in_string && *p == '\\')
        p++;
      else if (*p == '"')
        in_string = !in_string;
      else if (!in_string && (*p == '{' || *p == '['))
        depth++;
      else if (!in_string && (*p == '}' || *p == ']') && --depth == 0)
        return (gsize) (p + 1 - text);
    }
}

static void
assert_texts (const char *text)
{
  g_autoptr (WireDocument) document = parse_text (text);
  const WireView *view = &document->view;

  for (guint i = 0; i < view->n_values; i++)
    {
      gsize length;
      const char *json = wire_view_get_json (view, i, &length);

      if (view->values[i].type >= WIRE_ARRAY)
        g_assert_cmpuint (length, ==, measure_container (json));
      else if (view->values[i].type == WIRE_STRING || view->values[i].type == WIRE_KEY)
        g_assert_true (json[0] == '"' && json[length - 1] == '"' && length == view->values[i].length + 2);
      else
        g_assert_cmpuint (length, ==, view->values[i].length);
    }
}

static void
test_json_text (void)
{
  g_autoptr (WireDocument) document = parse_text (talk);
  gsize length;
  const char *json = wire_view_get_json (&document->view, find (&document->view, 0, "return/list"), &length);
  g_autofree char *list = g_strndup (json, length);

  g_assert_cmpstr (list, ==, "[1, [2, 3], {\"x\": []}, \"a]}\"]");
  assert_texts (talk);
  assert_texts ("{}");
  assert_texts ("{ \"a\" : [ ] }");
  assert_texts ("{ \"a\" : [ [ ] , [ [ ] ] ] , \"b\" : { } }");
  assert_texts ("{\"a\":[[[[1]]]],\"b\":{\"c\":{\"d\":\"]}\"}}}");
  assert_texts ("{\"a\":[[[[]]]],\"b\":{\"c\":{\"d\":{}}}}");
}

static void
append_random (GString *text, GRand *rand, guint depth)
{
  static const char *scalars[] = { "null", "true", "12", "-1.5e2", "\"\"", "\"]\"", "\"\\\"}\"", "\"\\\\\"" };
  guint kind = depth == 0 ? 0 : (guint) g_rand_int_range (rand, 0, 3), n;

  if (kind == 0)
    {
      g_string_append (text, scalars[g_rand_int_range (rand, 0, G_N_ELEMENTS (scalars))]);
      return;
    }
  n = (guint) g_rand_int_range (rand, 0, 4);
  g_string_append_c (text, kind == 1 ? '[' : '{');
  for (guint i = 0; i < n; i++)
    {
      g_string_append (text, i > 0 ? " ," : " ");
      if (kind == 2)
        g_string_append_printf (text, "\"%u\": ", i);
      append_random (text, rand, depth - 1);
    }
  g_string_append_c (text, kind == 1 ? ']' : '}');
}

static void
test_json_text_random (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (g_test_rand_int ());

  for (guint i = 0; i < 3000; i++)
    {
      g_autoptr (GString) text = g_string_new ("{\"v\":");

      append_random (text, rand, 5);
      g_string_append_c (text, '}');
      assert_texts (text->str);
    }
}

/* --- life ------------------------------------------------------------------------ */

static gpointer
read_and_drop (gpointer data)
{
  WireDocument *document = data;
  gint64 id = 0;

  for (guint i = 0; i < 1000; i++)
    {
      g_autoptr (WireDocument) mine = wire_document_ref (document);

      g_assert_true (wire_view_get_int64 (&mine->view, find (&mine->view, 0, "id"), &id));
      g_assert_cmpint (id, ==, 7);
    }
  wire_document_unref (document);
  return NULL;
}

static void
test_threads (void)
{
  WireDocument *document = parse_text (talk);
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("reader", read_and_drop, wire_document_ref (document));
  wire_document_unref (document);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

static void
test_wipe (void)
{
  g_autoptr (WireDocument) document = parse_text ("{\"return\":\"secret\"}");

  g_assert_nonnull (memmem (document->view.text, document->view.length, "secret", 6));
  wire_document_wipe (document);
  for (gsize i = 0; i < document->view.length; i++)
    g_assert_cmpint (document->view.text[i], ==, '\0');
}

static void
test_type_names (void)
{
  for (guint type = WIRE_NULL; type <= WIRE_OBJECT; type++)
    g_assert_nonnull (wire_type_name (type));
  g_assert_cmpstr (wire_type_name (WIRE_STRING), ==, "a string");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/document/members", test_members);
  g_test_add_func ("/document/elements", test_elements);
  g_test_add_func ("/document/numbers", test_numbers);
  g_test_add_func ("/document/booleans", test_booleans);
  g_test_add_func ("/document/strings", test_strings);
  g_test_add_func ("/document/json-text", test_json_text);
  g_test_add_func ("/document/json-text/random", test_json_text_random);
  g_test_add_func ("/document/threads", test_threads);
  g_test_add_func ("/document/wipe", test_wipe);
  g_test_add_func ("/document/type-names", test_type_names);
  return g_test_run ();
}
