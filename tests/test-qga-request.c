/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qga-glib/qga-glib.h>

#include <string.h>

static void
test_defaults (void)
{
  g_autoptr (QgaRequest) request = qga_request_new ("guest-get-osinfo");

  g_assert_cmpstr (qga_request_get_command (request), ==, "guest-get-osinfo");
  g_assert_null (qga_request_get_arguments_json (request));
  g_assert_false (qga_request_get_sensitive (request));
  g_assert_cmpuint (qga_request_get_reply_size (request), ==, 0);
  g_assert_cmpint (qga_request_get_timeout (request), ==, -1);
}

static void
test_arguments (void)
{
  g_autoptr (QgaRequest) request = qga_request_new ("x");
  g_autoptr (JsonNode) node = json_from_string ("{\"a\":[1,2.0,\"é\"],\"b\":{}}", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (qga_request_set_arguments_json (request, " { \"n\" : 18446744073709551615 } ", &error));
  g_assert_cmpstr (qga_request_get_arguments_json (request), ==, "{\"n\":18446744073709551615}");
  g_assert_true (qga_request_set_arguments (request, node, &error));
  g_assert_cmpstr (qga_request_get_arguments_json (request), ==, "{\"a\":[1,2,\"é\"],\"b\":{}}");
  g_assert_true (qga_request_set_arguments (request, NULL, &error));
  g_assert_null (qga_request_get_arguments_json (request));
  g_assert_true (qga_request_set_arguments_json (request, "{\"a\":1}", &error));
  g_assert_true (qga_request_set_arguments_json (request, "{}", &error));
  g_assert_null (qga_request_get_arguments_json (request));
  g_assert_true (qga_request_set_arguments_json (request, NULL, &error));
  g_assert_null (qga_request_get_arguments_json (request));
  g_assert_no_error (error);
}

/* The request has its own copy. */
static void
test_arguments_are_copied (void)
{
  g_autoptr (QgaRequest) request = qga_request_new ("x");
  g_autoptr (JsonNode) node = json_from_string ("{\"a\":1}", NULL);

  g_assert_true (qga_request_set_arguments (request, node, NULL));
  json_object_set_int_member (json_node_get_object (node), "a", 2);
  g_assert_cmpstr (qga_request_get_arguments_json (request), ==, "{\"a\":1}");
}

/* What is refused changes nothing. */
static void
test_bad_arguments (void)
{
  g_autoptr (QgaRequest) request = qga_request_new ("x");
  g_autoptr (JsonNode) array = json_from_string ("[]", NULL), bad = json_from_string ("{\"list\":[{}]}", NULL);
  g_autoptr (GError) error = NULL, other = NULL, third = NULL;

  json_object_set_double_member (json_array_get_object_element (json_object_get_array_member (json_node_get_object (bad), "list"), 0),
                                 "size", G_MAXDOUBLE * 2);
  g_assert_true (qga_request_set_arguments_json (request, "{\"kept\":1}", NULL));
  g_assert_false (qga_request_set_arguments_json (request, "{\"a\":}", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "byte 5"));
  g_assert_false (qga_request_set_arguments (request, array, &other));
  g_assert_error (other, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_false (qga_request_set_arguments (request, bad, &third));
  g_assert_error (third, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (third->message, "list[0].size"));
  g_assert_cmpstr (qga_request_get_arguments_json (request), ==, "{\"kept\":1}");
}

static void
count (guint *n)
{
  ++*n;
}

static void
test_properties (void)
{
  g_autoptr (QgaRequest) request = g_object_new (QGA_TYPE_REQUEST, "command", "guest-fstrim", "timeout", 250,
                                                 "sensitive", TRUE, "reply-size", (guint64) 9000, NULL);
  g_autofree char *command = NULL;
  gboolean sensitive;
  guint64 reply_size;
  int timeout;
  guint n = 0;

  g_object_get (request, "command", &command, "sensitive", &sensitive, "timeout", &timeout, "reply-size", &reply_size, NULL);
  g_assert_cmpstr (command, ==, "guest-fstrim");
  g_assert_true (sensitive);
  g_assert_cmpint (timeout, ==, 250);
  g_assert_cmpuint (reply_size, ==, 9000);
  g_signal_connect_swapped (request, "notify", G_CALLBACK (count), &n);
  qga_request_set_timeout (request, 250);
  qga_request_set_sensitive (request, 17);
  qga_request_set_reply_size (request, 9000);
  g_assert_cmpuint (n, ==, 0);
  qga_request_set_timeout (request, G_MAXINT);
  qga_request_set_sensitive (request, FALSE);
  qga_request_set_reply_size (request, 0);
  g_assert_cmpuint (n, ==, 3);
}

/* A limit can be moved for a call, and not switched off. */
static void
test_reply_size_is_clamped (void)
{
  g_autoptr (QgaRequest) request = g_object_new (QGA_TYPE_REQUEST, "command", "x", "reply-size", G_MAXUINT64, NULL);
  const guint64 most = 1024 * 1024 * 1024;

  g_assert_cmpuint (qga_request_get_reply_size (request), ==, most);
  qga_request_set_reply_size (request, most - 1);
  g_assert_cmpuint (qga_request_get_reply_size (request), ==, most - 1);
  qga_request_set_reply_size (request, most);
  g_assert_cmpuint (qga_request_get_reply_size (request), ==, most);
  qga_request_set_reply_size (request, most + 1);
  g_assert_cmpuint (qga_request_get_reply_size (request), ==, most);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/qga-request/defaults", test_defaults);
  g_test_add_func ("/qga-request/arguments", test_arguments);
  g_test_add_func ("/qga-request/arguments/copied", test_arguments_are_copied);
  g_test_add_func ("/qga-request/arguments/bad", test_bad_arguments);
  g_test_add_func ("/qga-request/properties", test_properties);
  g_test_add_func ("/qga-request/reply-size-is-clamped", test_reply_size_is_clamped);
  return g_test_run ();
}
