/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mock/await.h"
#include "mock/mock-peer.h"
#include "mock/own-memory.h"

static void
test_defaults (void)
{
  g_autoptr (QmpRequest) request = qmp_request_new ("query-status");

  g_assert_cmpstr (qmp_request_get_command (request), ==, "query-status");
  g_assert_null (qmp_request_get_arguments_json (request));
  g_assert_false (qmp_request_get_out_of_band (request));
  g_assert_false (qmp_request_get_sensitive (request));
  g_assert_false (qmp_request_has_fd (request));
  g_assert_cmpint (qmp_request_get_timeout (request), ==, -1);
}

static void
test_arguments (void)
{
  g_autoptr (QmpRequest) request = qmp_request_new ("x");
  g_autoptr (JsonNode) node = json_from_string ("{\"a\":[1,2.0,\"é\"],\"b\":{}}", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (qmp_request_set_arguments_json (request, " { \"n\" : 18446744073709551615 } ", &error));
  g_assert_cmpstr (qmp_request_get_arguments_json (request), ==, "{\"n\":18446744073709551615}");
  g_assert_true (qmp_request_set_arguments (request, node, &error));
  g_assert_cmpstr (qmp_request_get_arguments_json (request), ==, "{\"a\":[1,2,\"é\"],\"b\":{}}");
  g_assert_true (qmp_request_set_arguments (request, NULL, &error));
  g_assert_null (qmp_request_get_arguments_json (request));
  g_assert_true (qmp_request_set_arguments_json (request, NULL, &error));
  g_assert_null (qmp_request_get_arguments_json (request));
  g_assert_no_error (error);
}

/* What is refused changes nothing. */
static void
test_bad_arguments (void)
{
  g_autoptr (QmpRequest) request = qmp_request_new ("x");
  g_autoptr (JsonNode) array = json_from_string ("[]", NULL), bad = json_from_string ("{\"list\":[{}]}", NULL);
  g_autoptr (GError) error = NULL, other = NULL, third = NULL;

  json_object_set_double_member (json_array_get_object_element (json_object_get_array_member (json_node_get_object (bad), "list"), 0),
                                 "size", G_MAXDOUBLE * 2);
  g_assert_true (qmp_request_set_arguments_json (request, "{\"kept\":1}", NULL));
  g_assert_false (qmp_request_set_arguments_json (request, "{\"a\":}", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "byte 5"));
  g_assert_false (qmp_request_set_arguments (request, array, &other));
  g_assert_error (other, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_false (qmp_request_set_arguments (request, bad, &third));
  g_assert_error (third, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (third->message, "list[0].size"));
  g_assert_cmpstr (qmp_request_get_arguments_json (request), ==, "{\"kept\":1}");
}

static void
count (guint *n)
{
  ++*n;
}

static void
test_properties (void)
{
  g_autoptr (QmpRequest) request = g_object_new (QMP_TYPE_REQUEST, "command", "yank", "out-of-band", TRUE, "timeout", 250,
                                                 "sensitive", TRUE, NULL);
  g_autofree char *command = NULL;
  gboolean out_of_band, sensitive;
  int timeout;
  guint n = 0;

  g_object_get (request, "command", &command, "out-of-band", &out_of_band, "sensitive", &sensitive, "timeout", &timeout, NULL);
  g_assert_cmpstr (command, ==, "yank");
  g_assert_true (out_of_band && sensitive);
  g_assert_cmpint (timeout, ==, 250);
  g_signal_connect_swapped (request, "notify", G_CALLBACK (count), &n);
  qmp_request_set_timeout (request, 250);
  qmp_request_set_out_of_band (request, 17);
  qmp_request_set_sensitive (request, TRUE);
  g_assert_cmpuint (n, ==, 0);
  qmp_request_set_timeout (request, G_MAXINT);
  qmp_request_set_out_of_band (request, FALSE);
  qmp_request_set_sensitive (request, FALSE);
  g_assert_cmpuint (n, ==, 3);
}

static void
test_run_many_times (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  QmpRequest *request = qmp_request_new ("x");
  Await called[5] = { { 0 } };

  mock_greet (peer);
  for (guint i = 0; i < 5; i++)
    mock_expect (peer, "x");
  for (guint i = 0; i < 5; i++)
    mock_return_to (peer, i, "{}");
  connection = mock_open (peer);
  g_assert_true (qmp_request_set_arguments_json (request, "{\"a\":1}", NULL));
  for (guint i = 0; i < 5; i++)
    qmp_connection_execute_request_async (connection, request, NULL, await_callback, &called[i]);
  /* it is free to be changed, or to go */
  g_assert_true (qmp_request_set_arguments_json (request, "{\"a\":2}", NULL));
  g_object_unref (request);
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (QmpValue) value = qmp_connection_execute_request_finish (connection, await (&called[i]), NULL);

      g_assert_nonnull (value);
      g_assert_cmpstr (mock_get_command (peer, i)->arguments, ==, "{\"a\":1}");
      await_clear (&called[i]);
    }
}

/* --- secrets ------------------------------------------------------------------------------ */

/* Plays QEMU with nothing but this stack, which is not looked through: what
 * it heard leaves no trace. */
static void
reply_from_stack (int fd, const char *result)
{
  char heard[1024], reply[128];
  gssize n;

  while ((n = recv (fd, heard, sizeof heard - 1, MSG_DONTWAIT)) < 0)
    g_main_context_iteration (NULL, FALSE);
  heard[n] = '\0';
  g_snprintf (reply, sizeof reply, "{\"return\": %s, \"id\": %" G_GINT64_FORMAT "}", result,
              g_ascii_strtoll (strstr (heard, "\"id\":") + 5, NULL, 10));
  g_assert_cmpint (send (fd, reply, strlen (reply), 0), ==, (gssize) strlen (reply));
  own_memory_forget (heard);
}

/* Once a sensitive command was sent, no copy of the secret is left of ours. */
static void
test_secret_is_wiped (void)
{
  static const char disguised[] = "B`o`sx,Rdbsdu,519163848";
  g_autoptr (QmpRequest) request = qmp_request_new ("set_password");
  char secret[sizeof disguised], arguments[sizeof disguised + 20];
  g_autoptr (GIOStream) stream = NULL;
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpValue) value = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Await) opened = { 0 }, called = { 0 };
  int fd = -1;

  own_memory_undisguise (disguised, secret);
  g_snprintf (arguments, sizeof arguments, "{\"password\":\"%s\"}", secret);
  qmp_request_set_sensitive (request, TRUE);
  g_assert_true (qmp_request_set_arguments_json (request, arguments, NULL));
  own_memory_forget (arguments);
  own_memory_forget (secret);
  g_assert_cmpuint (own_memory_count (disguised), >=, 1);
  stream = qmp_connection_create_socket_pair (&fd, NULL);
  g_assert_cmpint (send (fd, MOCK_GREETING, strlen (MOCK_GREETING), 0), >, 0);
  qmp_connection_open_stream_async (stream, NULL, NULL, await_callback, &opened);
  reply_from_stack (fd, "{}");
  connection = qmp_connection_open_stream_finish (await (&opened), &error);
  g_assert_no_error (error);
  qmp_connection_execute_request_async (connection, request, NULL, await_callback, &called);
  reply_from_stack (fd, "{}");
  value = qmp_connection_execute_request_finish (connection, await (&called), &error);
  g_assert_no_error (error);
  g_clear_object (&request);
  g_assert_cmpuint (own_memory_count (disguised), ==, 0);
  close (fd);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/request/defaults", test_defaults);
  g_test_add_func ("/request/arguments", test_arguments);
  g_test_add_func ("/request/arguments/bad", test_bad_arguments);
  g_test_add_func ("/request/properties", test_properties);
  g_test_add_func ("/request/run-many-times", test_run_many_times);
  g_test_add_func ("/request/secret-is-wiped", test_secret_is_wiped);
  return g_test_run ();
}
