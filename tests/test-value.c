/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <string.h>

static const char *text =
  "{\"null\":null,\"yes\":true,\"no\":false,\"small\":-5,\"wide\":18446744073709551615,\"low\":-9223372036854775808,"
  "\"real\":2.5,\"text\":\"\\u00e9\\n\",\"list\":[1,[2],{\"x\":3}],\"object\":{\"a-b\":1,\"a_b\":2},\"empty\":{},\"none\":[]}";

static QmpValue *
make (void)
{
  g_autoptr (GError) error = NULL;
  QmpValue *value = qmp_value_new_from_json (text, &error);

  g_assert_no_error (error);
  return value;
}

static void
test_kinds (void)
{
  static const struct { const char *name; QmpValueKind kind; guint length; } members[] = {
    { "null", QMP_VALUE_NULL, 0 }, { "yes", QMP_VALUE_BOOLEAN, 0 }, { "small", QMP_VALUE_INTEGER, 0 }, { "wide", QMP_VALUE_INTEGER, 0 },
    { "real", QMP_VALUE_NUMBER, 0 }, { "text", QMP_VALUE_STRING, 0 }, { "list", QMP_VALUE_ARRAY, 3 }, { "object", QMP_VALUE_OBJECT, 2 },
    { "empty", QMP_VALUE_OBJECT, 0 }, { "none", QMP_VALUE_ARRAY, 0 },
  };
  g_autoptr (QmpValue) value = make ();

  g_assert_cmpint (qmp_value_get_kind (value), ==, QMP_VALUE_OBJECT);
  g_assert_cmpuint (qmp_value_get_length (value), ==, 12);
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      g_autoptr (QmpValue) member = qmp_value_get_member (value, members[i].name);

      g_assert_cmpint (qmp_value_get_kind (member), ==, members[i].kind);
      g_assert_cmpuint (qmp_value_get_length (member), ==, members[i].length);
    }
}

static void
test_members (void)
{
  g_autoptr (QmpValue) value = make ();
  g_autoptr (QmpValue) object = qmp_value_get_member (value, "object"), list = qmp_value_get_member (value, "list");
  g_auto (GStrv) names = qmp_value_dup_member_names (object), none = qmp_value_dup_member_names (list);
  gint64 number;

  g_assert_true (qmp_value_has_member (value, "null"));
  g_assert_false (qmp_value_has_member (value, "nul"));
  g_assert_false (qmp_value_has_member (list, "x"));
  g_assert_null (qmp_value_get_member (value, "absent"));
  g_assert_null (qmp_value_get_member (list, "x"));
  g_assert_true (qmp_value_get_member_int64 (object, "a-b", &number) && number == 1);
  g_assert_true (qmp_value_get_member_int64 (object, "a_b", &number) && number == 2);
  g_assert_cmpuint (g_strv_length (names), ==, 2);
  g_assert_cmpstr (names[0], ==, "a-b");
  g_assert_cmpstr (names[1], ==, "a_b");
  g_assert_cmpuint (g_strv_length (none), ==, 0);
}

static void
test_elements (void)
{
  g_autoptr (QmpValue) value = make ();
  g_autoptr (QmpValue) list = qmp_value_get_member (value, "list"), second = qmp_value_get_element (list, 1),
                       third = qmp_value_get_element (list, 2), inner = qmp_value_get_element (second, 0);
  gint64 number;

  g_assert_true (qmp_value_get_int64 (inner, &number) && number == 2);
  g_assert_true (qmp_value_get_member_int64 (third, "x", &number) && number == 3);
  g_assert_null (qmp_value_get_element (list, 3));
  g_assert_null (qmp_value_get_element (value, 0));
  g_assert_null (qmp_value_get_element (inner, 0));
}

static void
test_scalars (void)
{
  g_autoptr (QmpValue) value = make ();
  g_autofree char *string = qmp_value_dup_member_string (value, "text");
  gboolean truth = FALSE;
  gint64 number = 0;
  guint64 wide = 0;
  double real = 0;

  g_assert_cmpstr (string, ==, "é\n");
  g_assert_null (qmp_value_dup_member_string (value, "small"));
  g_assert_null (qmp_value_dup_member_string (value, "absent"));
  g_assert_true (qmp_value_get_member_boolean (value, "yes", &truth) && truth);
  g_assert_true (qmp_value_get_member_boolean (value, "no", &truth) && !truth);
  g_assert_false (qmp_value_get_member_boolean (value, "small", &truth));
  g_assert_true (qmp_value_get_member_uint64 (value, "wide", &wide) && wide == G_MAXUINT64);
  g_assert_false (qmp_value_get_member_int64 (value, "wide", &number));
  g_assert_true (qmp_value_get_member_int64 (value, "low", &number) && number == G_MININT64);
  g_assert_false (qmp_value_get_member_uint64 (value, "low", &wide));
  g_assert_true (qmp_value_get_member_double (value, "real", &real));
  g_assert_cmpfloat_with_epsilon (real, 2.5, G_MINDOUBLE);
  g_assert_true (qmp_value_get_member_double (value, "small", &real));
  g_assert_cmpfloat_with_epsilon (real, -5, G_MINDOUBLE);
  g_assert_false (qmp_value_get_member_double (value, "text", &real));
  g_assert_false (qmp_value_get_member_int64 (value, "real", &number));
}

/* Where only the answer to "is it one?" is wanted. */
static void
test_no_place_given (void)
{
  g_autoptr (QmpValue) value = make ();

  g_assert_true (qmp_value_get_member_boolean (value, "yes", NULL));
  g_assert_true (qmp_value_get_member_int64 (value, "small", NULL));
  g_assert_true (qmp_value_get_member_uint64 (value, "wide", NULL));
  g_assert_true (qmp_value_get_member_double (value, "real", NULL));
  g_assert_false (qmp_value_get_int64 (value, NULL));
}

static void
test_text (void)
{
  g_autoptr (QmpValue) value = qmp_value_new_from_json (" { \"a\" : [ 1 , { \"b\" : 18446744073709551615 } ] } ", NULL);
  g_autoptr (QmpValue) list = qmp_value_get_member (value, "a");
  g_autofree char *whole = qmp_value_to_json (value), *part = qmp_value_to_json (list);
  g_autoptr (JsonNode) node = qmp_value_to_node (list);

  g_assert_cmpstr (whole, ==, "{\"a\":[1,{\"b\":18446744073709551615}]}");
  g_assert_cmpstr (part, ==, "[1,{\"b\":18446744073709551615}]");
  g_assert_cmpuint (json_array_get_length (json_node_get_array (node)), ==, 2);
}

static void
test_bad_text (void)
{
  static const char *bad[] = { "", "[]", "1", "{", "{}{}", "{\"a\":01}", "{\"a\":1,\"a\":1}", "{\"a\":\"\\u0000\"}", "{\"a\":1e400}" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (qmp_value_new_from_json (bad[i], &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    }
}

/* A value outlives the one it was found in. */
static void
test_keeps_message (void)
{
  QmpValue *value = make ();
  QmpValue *list = qmp_value_get_member (value, "list"), *object = qmp_value_get_element (list, 2);
  gint64 number = 0;

  qmp_value_unref (value);
  qmp_value_unref (list);
  g_assert_true (qmp_value_get_member_int64 (object, "x", &number) && number == 3);
  qmp_value_unref (object);
}

static void
test_boxed (void)
{
  GValue boxed = G_VALUE_INIT;
  g_autoptr (QmpValue) value = make ();

  g_value_init (&boxed, QMP_TYPE_VALUE);
  g_value_set_boxed (&boxed, value);
  g_assert_true (g_value_get_boxed (&boxed) == value);
  g_value_unset (&boxed);
  g_assert_cmpuint (qmp_value_get_length (value), ==, 12);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/value/kinds", test_kinds);
  g_test_add_func ("/value/members", test_members);
  g_test_add_func ("/value/elements", test_elements);
  g_test_add_func ("/value/scalars", test_scalars);
  g_test_add_func ("/value/no-place-given", test_no_place_given);
  g_test_add_func ("/value/text", test_text);
  g_test_add_func ("/value/text/bad", test_bad_text);
  g_test_add_func ("/value/keeps-message", test_keeps_message);
  g_test_add_func ("/value/boxed", test_boxed);
  return g_test_run ();
}
