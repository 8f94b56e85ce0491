/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire-node.h"

#include "parse.h"

static JsonNode *
make_node (const char *text)
{
  g_autoptr (WireDocument) document = parse_text (text);

  return wire_node_new (&document->view, 0);
}

static JsonNode *
make_value (const char *value)
{
  g_autofree char *text = g_strdup_printf ("{\"v\":%s}", value);
  g_autoptr (WireDocument) document = parse_text (text);

  return wire_node_new (&document->view, wire_view_member (&document->view, 0, "v"));
}

static void
test_scalars (void)
{
  g_autoptr (JsonNode) null = make_value ("null"), yes = make_value ("true"), integer = make_value ("-42"),
                       real = make_value ("2.5"), text = make_value ("\"a\\u00e9\\n\"");

  g_assert_true (json_node_is_null (null));
  g_assert_true (json_node_get_boolean (yes));
  g_assert_true (json_node_get_value_type (integer) == G_TYPE_INT64);
  g_assert_cmpint (json_node_get_int (integer), ==, -42);
  g_assert_true (json_node_get_value_type (real) == G_TYPE_DOUBLE);
  g_assert_cmpfloat_with_epsilon (json_node_get_double (real), 2.5, G_MINDOUBLE);
  g_assert_cmpstr (json_node_get_string (text), ==, "aé\n");
}

static void
test_wide_integers (void)
{
  static const struct { const char *text; guint64 value; } wide[] = {
    { "9223372036854775807", G_MAXINT64 }, { "9223372036854775808", (guint64) G_MAXINT64 + 1 },
    { "18446744073709551615", G_MAXUINT64 }, { "0", 0 },
  };
  g_autoptr (JsonNode) low = make_value ("-9223372036854775808");

  for (guint i = 0; i < G_N_ELEMENTS (wide); i++)
    {
      g_autoptr (JsonNode) node = make_value (wide[i].text);

      g_assert_cmpuint (wire_node_get_uint64 (node), ==, wide[i].value);
    }
  g_assert_cmpint (json_node_get_int (low), ==, G_MININT64);
}

static void
test_tree (void)
{
  g_autoptr (JsonNode) node = make_node ("{\"a\":[1,[],{\"b\":\"c\"},[2,[3]],4],\"d\":{},\"e\":{\"f\":{\"g\":null}},\"h\":5}");
  g_autofree char *text = json_to_string (node, FALSE);

  g_assert_cmpstr (text, ==, "{\"a\":[1,[],{\"b\":\"c\"},[2,[3]],4],\"d\":{},\"e\":{\"f\":{\"g\":null}},\"h\":5}");
}

static void
test_part_of_a_tree (void)
{
  g_autoptr (WireDocument) document = parse_text ("{\"a\":{\"x\":[1,2]},\"b\":3}");
  g_autoptr (JsonNode) node = wire_node_new (&document->view, wire_view_member (&document->view, 0, "a"));
  g_autofree char *text = json_to_string (node, FALSE);

  g_assert_cmpstr (text, ==, "{\"x\":[1,2]}");
}

/* The node owns what it shows. */
static void
test_outlives_document (void)
{
  WireDocument *document = parse_text ("{\"a\":\"text\"}");
  g_autoptr (JsonNode) node = wire_node_new (&document->view, 0);

  wire_document_wipe (document);
  wire_document_unref (document);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (node), "a"), ==, "text");
}

/* As deep as the scanner lets through. */
static void
test_deep (void)
{
  WireLimits limits = usual_limits;
  WireScanner scanner;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *open = g_strnfill (WIRE_MAX_DEPTH - 1, '['), *close = g_strnfill (WIRE_MAX_DEPTH - 1, ']');
  g_autofree char *text = g_strdup_printf ("{\"v\":%s%s}", open, close);
  guint depth = 0;

  limits.max_depth = WIRE_MAX_DEPTH;
  wire_scanner_init (&scanner, &limits);
  g_assert_cmpint (wire_scanner_scan (&scanner, text, strlen (text)), ==, WIRE_SCAN_MESSAGE);
  node = wire_node_new (&(WireView) { text, scanner.at, scanner.values, scanner.n_values, scanner.taint }, 0);
  wire_scanner_clear (&scanner);
  for (JsonNode *inner = json_object_get_member (json_node_get_object (node), "v"); inner != NULL; depth++)
    inner = json_array_get_length (json_node_get_array (inner)) > 0
              ? json_array_get_element (json_node_get_array (inner), 0) : NULL;
  g_assert_cmpuint (depth, ==, WIRE_MAX_DEPTH - 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/node/scalars", test_scalars);
  g_test_add_func ("/node/wide-integers", test_wide_integers);
  g_test_add_func ("/node/tree", test_tree);
  g_test_add_func ("/node/part-of-a-tree", test_part_of_a_tree);
  g_test_add_func ("/node/outlives-document", test_outlives_document);
  g_test_add_func ("/node/deep", test_deep);
  return g_test_run ();
}
