/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mock/await.h"
#include "mock/mock-peer.h"

/* --- opening -------------------------------------------------------------------- */

static void
test_open (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autofree char *version = NULL;
  const MockCommand *negotiation;
  QmpVersion *qemu;

  mock_greet (peer);
  connection = mock_open (peer);
  qemu = qmp_connection_get_version (connection);
  version = qmp_version_to_string (qemu);
  g_assert_cmpint (qmp_connection_get_state (connection), ==, QMP_CONNECTION_STATE_OPEN);
  g_assert_cmpuint (qmp_version_get_major (qemu), ==, 10);
  g_assert_cmpuint (qmp_version_get_minor (qemu), ==, 0);
  g_assert_cmpuint (qmp_version_get_micro (qemu), ==, 2);
  g_assert_cmpstr (qmp_version_get_package (qemu), ==, "Debian 1:10.0.2+ds-2");
  g_assert_true (g_str_has_prefix (version, "10.0.2"));
  g_assert_true (qmp_version_is_at_least (qemu, 10, 0, 2));
  g_assert_true (qmp_version_is_at_least (qemu, 9, 9, 9));
  g_assert_false (qmp_version_is_at_least (qemu, 10, 0, 3));
  g_assert_true (g_strv_contains (qmp_connection_get_capabilities (connection), "oob"));
  g_assert_true (qmp_connection_get_out_of_band (connection));
  g_assert_cmpuint (qmp_connection_get_stray_messages (connection), ==, 0);
  mock_await (peer);
  negotiation = mock_get_negotiation (peer);
  g_assert_cmpstr (negotiation->arguments, ==, "{\"enable\":[\"oob\"]}");
  /* no id that another client may have used */
  g_assert_cmpint (g_ascii_strtoll (negotiation->id, NULL, 10), >, G_MAXUINT32);
}

static void
test_open_without_out_of_band (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;

  mock_greet_plainly (peer);
  connection = mock_open (peer);
  g_assert_false (qmp_connection_get_out_of_band (connection));
  g_assert_cmpuint (qmp_version_get_major (qmp_connection_get_version (connection)), ==, 7);
  g_assert_nonnull (qmp_connection_get_capabilities (connection));
  g_assert_null (qmp_connection_get_capabilities (connection)[0]);
  mock_await (peer);
  g_assert_null (mock_get_negotiation (peer)->arguments);
}

static void
test_open_not_wanting_out_of_band (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpOpenOptions) options = qmp_open_options_new ();
  g_autoptr (QmpConnection) connection = NULL;

  qmp_open_options_set_out_of_band (options, FALSE);
  mock_greet (peer);
  connection = mock_open_with (peer, options);
  g_assert_false (qmp_connection_get_out_of_band (connection));
  g_assert_true (g_strv_contains (qmp_connection_get_capabilities (connection), "oob"));
  mock_await (peer);
  g_assert_null (mock_get_negotiation (peer)->arguments);
}

static const char *pretty_greeting =
  "{\r\n    \"QMP\": {\r\n        \"version\": {\r\n            \"qemu\": {\r\n                \"micro\": 2,\r\n"
  "                \"minor\": 0,\r\n                \"major\": 10\r\n            },\r\n            \"package\": \"\"\r\n"
  "        },\r\n        \"capabilities\": [\r\n            \"oob\",\r\n            \"newer-than-us\"\r\n        ]\r\n    }\r\n}\r\n";

static void
test_open_in_pieces (void)
{
  for (gsize piece = 1; piece < strlen (pretty_greeting); piece = piece * 3 + 1)
    {
      g_autoptr (MockPeer) peer = mock_peer_new ();
      g_autoptr (QmpConnection) connection = NULL;

      mock_send_in_pieces (peer, pretty_greeting, piece);
      mock_negotiate (peer);
      connection = mock_open (peer);
      g_assert_true (qmp_connection_get_out_of_band (connection));
      g_assert_cmpuint (g_strv_length ((GStrv) qmp_connection_get_capabilities (connection)), ==, 2);
    }
}

/* A greeting from a stranger world still greets. */
static void
test_open_odd_greetings (void)
{
  static const char *greetings[] = {
    "{\"QMP\": {}}", "{\"QMP\": {\"version\": 7, \"capabilities\": {}}}", "{\"QMP\": {\"version\": {\"qemu\": []}}}",
    "{\"QMP\": {\"version\": {\"qemu\": {\"major\": -1, \"minor\": 18446744073709551615, \"micro\": \"x\"}}, \"capabilities\": [1]}}",
    "{\"extra\": 1, \"QMP\": {\"version\": {\"package\": \"\\u0007\", \"newer\": 1}, \"capabilities\": []}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (greetings); i++)
    {
      g_autoptr (MockPeer) peer = mock_peer_new ();
      g_autoptr (QmpConnection) connection = NULL;

      mock_send (peer, greetings[i]);
      mock_negotiate (peer);
      connection = mock_open (peer);
      g_assert_false (qmp_connection_get_out_of_band (connection));
      g_assert_nonnull (qmp_connection_get_version (connection));
      g_assert_nonnull (qmp_connection_get_capabilities (connection));
    }
}

static void
collect_event (QmpConnection *connection, QmpEvent *event, GString *log)
{
  g_string_append_printf (log, "%s ", qmp_event_get_name (event));
}

/* They may come at any time, and nobody could listen any sooner. */
static void
test_open_between_events (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GString) log = g_string_new (NULL);

  mock_event (peer, "RESUME", NULL);
  mock_send (peer, MOCK_GREETING);
  mock_event (peer, "STOP", NULL);
  mock_negotiate (peer);
  mock_event (peer, "POWERDOWN", NULL);
  connection = mock_open (peer);
  g_signal_connect (connection, "event", G_CALLBACK (collect_event), log);
  while (strstr (log->str, "POWERDOWN") == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (log->str, ==, "RESUME STOP POWERDOWN ");
}

/* An answer to a client who was there before is not ours. */
static void
test_open_stale_replies (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;

  mock_send (peer, "{\"return\": {\"stale\": 1}, \"id\": 0}\r\n");
  mock_send (peer, MOCK_GREETING);
  mock_send (peer, "{\"return\": {}, \"id\": 1}\r\n{\"return\": {}}\r\n{\"error\": {\"class\": \"x\", \"desc\": \"y\"}, \"id\": 2}\r\n");
  mock_negotiate (peer);
  connection = mock_open (peer);
  g_assert_cmpint (qmp_connection_get_state (connection), ==, QMP_CONNECTION_STATE_OPEN);
  g_assert_cmpuint (qmp_connection_get_stray_messages (connection), ==, 4);
}

static void
test_open_async (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (GIOStream) stream = mock_peer_get_stream (peer);
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Await) opened = { 0 };

  mock_greet (peer);
  qmp_connection_open_stream_async (stream, NULL, NULL, await_callback, &opened);
  g_assert_cmpuint (opened.n_calls, ==, 0);
  connection = qmp_connection_open_stream_finish (await (&opened), &error);
  g_assert_no_error (error);
  g_assert_cmpint (qmp_connection_get_state (connection), ==, QMP_CONNECTION_STATE_OPEN);
  g_assert_null (opened.source);
}

/* --- not opening ------------------------------------------------------------------ */

static void
assert_not_opened (MockPeer *peer, QmpOpenOptions *options, GQuark domain, int code, const char *word)
{
  g_autoptr (GIOStream) stream = mock_peer_get_stream (peer);
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpConnection) connection = qmp_connection_open_stream (stream, options, NULL, &error);

  g_assert_null (connection);
  g_assert_error (error, domain, code);
  if (strstr (error->message, word) == NULL)
    g_error ("“%s” is not said in: %s", word, error->message);
}

static void
test_open_end (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new (), later = mock_peer_new ();

  mock_hang_up (peer);
  assert_not_opened (peer, NULL, G_IO_ERROR, G_IO_ERROR_CLOSED, "closed");
  mock_send (later, "{\"QMP\": {");
  mock_hang_up (later);
  assert_not_opened (later, NULL, G_IO_ERROR, G_IO_ERROR_CLOSED, "in the middle of a message");
}

static void
test_open_end_in_negotiation (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();

  mock_send (peer, MOCK_GREETING);
  mock_expect (peer, "qmp_capabilities");
  mock_hang_up (peer);
  assert_not_opened (peer, NULL, G_IO_ERROR, G_IO_ERROR_CLOSED, "closed");
}

static void
test_open_refused (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();

  mock_send (peer, MOCK_GREETING);
  mock_expect (peer, "qmp_capabilities");
  mock_error (peer, "GenericError", "No such capability");
  assert_not_opened (peer, NULL, QMP_ERROR, QMP_ERROR_GENERIC, "qmp_capabilities: No such capability");
}

/* What else may listen where a monitor was expected. */
static void
test_open_strangers (void)
{
  static const struct { const char *says, *word; } strangers[] = {
    { "HTTP/1.1 400 Bad Request\r\n\r\n", "HTTP/1.1 400" }, { "QEMU 7.2.0 monitor - type 'help'\r\n(qemu) ", "QEMU 7.2.0 monitor" },
    { "\xff\xfd\x03{}", "" }, { "\x16\x03\x01", "" }, { "SSH-2.0-OpenSSH\r\n", "SSH-2.0" }, { "[]", "" },
    { "{\"error\": {}, \"return\": {}}", "more than one" }, { "{}", "" }, { "{\"hello\": \"you\"}", "" },
    { "{\"QMP\": 1}", "greeting" }, { "{\"QMP\": {\"a\": 1, \"a\": 1}}", "" }, { "{\"QMP\": {}, \"event\": \"STOP\"}", "more than one" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (strangers); i++)
    {
      g_autoptr (MockPeer) peer = mock_peer_new ();

      mock_send (peer, strangers[i].says);
      assert_not_opened (peer, NULL, QMP_ERROR, QMP_ERROR_PROTOCOL, strangers[i].word);
    }
}

static void
test_open_too_large (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpOpenOptions) options = qmp_open_options_new ();
  g_autoptr (QmpLimits) limits = qmp_limits_new ();
  g_autofree char *filler = g_strnfill (5000, 'x');
  g_autofree char *greeting = g_strdup_printf ("{\"QMP\": \"%s\"}", filler);

  qmp_limits_set_message_size (limits, 4096);
  qmp_open_options_set_limits (options, limits);
  mock_send (peer, greeting);
  assert_not_opened (peer, options, QMP_ERROR, QMP_ERROR_TOO_LARGE, "too long");
}

static void
test_open_greeted_twice (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();

  mock_send (peer, MOCK_GREETING MOCK_GREETING);
  assert_not_opened (peer, NULL, QMP_ERROR, QMP_ERROR_PROTOCOL, "second time");
}

static void
test_open_no_greeting (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpOpenOptions) options = qmp_open_options_new ();

  qmp_open_options_set_timeout (options, 10);
  assert_not_opened (peer, options, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "busy");
}

static void
test_open_no_negotiation (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpOpenOptions) options = qmp_open_options_new ();

  qmp_open_options_set_timeout (options, 10);
  mock_send (peer, MOCK_GREETING);
  mock_await (peer);
  assert_not_opened (peer, options, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "negotiation");
}

static void
test_open_cancelled_before (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (GIOStream) stream = mock_peer_get_stream (peer);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL, async_error = NULL;
  g_auto (Await) opened = { 0 };

  g_cancellable_cancel (cancellable);
  g_assert_null (qmp_connection_open_stream (stream, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  qmp_connection_open_stream_async (stream, NULL, cancellable, await_callback, &opened);
  g_assert_cmpuint (opened.n_calls, ==, 0);
  g_assert_null (qmp_connection_open_stream_finish (await (&opened), &async_error));
  g_assert_error (async_error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static gpointer
cancel_in_thread (gpointer data)
{
  g_cancellable_cancel (data);
  return NULL;
}

/* Whether the thread is quicker or slower than the call. */
static void
test_open_cancelled_from_thread (void)
{
  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (MockPeer) peer = mock_peer_new ();
      g_autoptr (GIOStream) stream = mock_peer_get_stream (peer);
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError) error = NULL;
      GThread *thread = g_thread_new ("canceller", cancel_in_thread, cancellable);

      g_assert_null (qmp_connection_open_stream (stream, NULL, cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_thread_join (thread);
    }
}

static void
test_open_async_cancelled (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (GIOStream) stream = mock_peer_get_stream (peer);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Await) opened = { 0 };

  mock_send (peer, MOCK_GREETING);
  mock_expect (peer, "qmp_capabilities");
  qmp_connection_open_stream_async (stream, NULL, cancellable, await_callback, &opened);
  mock_pause (peer);
  while (g_main_context_iteration (NULL, FALSE) || mock_count_commands (peer) == 0)
    ;
  g_cancellable_cancel (cancellable);
  g_assert_null (qmp_connection_open_stream_finish (await (&opened), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  await_idle ();
}

static void
test_open_wrong_stream (void)
{
  g_autoptr (GInputStream) input = g_memory_input_stream_new ();
  g_autoptr (GOutputStream) output = g_memory_output_stream_new_resizable ();
  g_autoptr (GIOStream) stream = g_simple_io_stream_new (input, output);
  g_autoptr (GError) error = NULL;

  g_assert_null (qmp_connection_open_stream (stream, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

/* --- a pair of sockets ------------------------------------------------------------- */

static void
test_socket_pair (void)
{
  g_autoptr (GError) error = NULL;
  int fd = -1;
  g_autoptr (GIOStream) stream = qmp_connection_create_socket_pair (&fd, &error);
  g_autoptr (MockPeer) peer = NULL;
  g_autoptr (QmpConnection) connection = NULL;

  g_assert_no_error (error);
  g_assert_true (G_IS_SOCKET_CONNECTION (stream));
  g_assert_cmpint (fd, >=, 0);
  peer = mock_peer_new_for_fd (fd);
  mock_greet (peer);
  mock_expect (peer, "query-name");
  mock_return (peer, "{}");
  connection = qmp_connection_open_stream (stream, NULL, NULL, &error);
  g_assert_no_error (error);
  g_free (qmp_connection_execute_json (connection, "query-name", NULL, NULL, &error));
  g_assert_no_error (error);
}

/* --- properties -------------------------------------------------------------------- */

static void
test_properties (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpOpenOptions) options = qmp_open_options_new ();
  g_autoptr (QmpLimits) limits = qmp_limits_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpVersion) version = NULL;
  g_autoptr (QmpLimits) used = NULL;
  g_auto (GStrv) capabilities = NULL;
  QmpConnectionState state;
  gboolean out_of_band;
  int timeout;
  guint64 stray, lost;

  qmp_limits_set_pending_calls (limits, 77);
  qmp_open_options_set_limits (options, limits);
  qmp_open_options_set_default_timeout (options, 1234);
  mock_greet (peer);
  connection = mock_open_with (peer, options);
  g_object_get (connection, "state", &state, "version", &version, "capabilities", &capabilities, "out-of-band", &out_of_band,
                "default-timeout", &timeout, "limits", &used, "stray-messages", &stray, "lost-events", &lost, NULL);
  g_assert_cmpint (state, ==, QMP_CONNECTION_STATE_OPEN);
  g_assert_cmpuint (qmp_version_get_major (version), ==, 10);
  g_assert_cmpstr (capabilities[0], ==, "oob");
  g_assert_true (out_of_band);
  g_assert_cmpint (timeout, ==, 1234);
  g_assert_cmpuint (qmp_limits_get_pending_calls (used), ==, 77);
  g_assert_cmpuint (stray, ==, 0);
  g_assert_cmpuint (lost, ==, 0);
  g_object_set (connection, "default-timeout", 99, NULL);
  g_assert_cmpint (qmp_connection_get_default_timeout (connection), ==, 99);
}

/* The limits of an open connection are what they were when it was opened. */
static void
test_limits_are_fixed (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpOpenOptions) options = qmp_open_options_new ();
  g_autoptr (QmpLimits) limits = qmp_limits_new ();
  g_autoptr (QmpConnection) connection = NULL;

  qmp_open_options_set_limits (options, limits);
  mock_greet (peer);
  connection = mock_open_with (peer, options);
  qmp_limits_set_pending_calls (limits, 5);
  g_assert_cmpuint (qmp_limits_get_pending_calls (qmp_connection_get_limits (connection)), ==, 1024);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/connection/open", test_open);
  g_test_add_func ("/connection/open/without-out-of-band", test_open_without_out_of_band);
  g_test_add_func ("/connection/open/not-wanting-out-of-band", test_open_not_wanting_out_of_band);
  g_test_add_func ("/connection/open/in-pieces", test_open_in_pieces);
  g_test_add_func ("/connection/open/odd-greetings", test_open_odd_greetings);
  g_test_add_func ("/connection/open/between-events", test_open_between_events);
  g_test_add_func ("/connection/open/stale-replies", test_open_stale_replies);
  g_test_add_func ("/connection/open/async", test_open_async);
  g_test_add_func ("/connection/open/end", test_open_end);
  g_test_add_func ("/connection/open/end-in-negotiation", test_open_end_in_negotiation);
  g_test_add_func ("/connection/open/refused", test_open_refused);
  g_test_add_func ("/connection/open/strangers", test_open_strangers);
  g_test_add_func ("/connection/open/too-large", test_open_too_large);
  g_test_add_func ("/connection/open/greeted-twice", test_open_greeted_twice);
  g_test_add_func ("/connection/open/no-greeting", test_open_no_greeting);
  g_test_add_func ("/connection/open/no-negotiation", test_open_no_negotiation);
  g_test_add_func ("/connection/open/cancelled-before", test_open_cancelled_before);
  g_test_add_func ("/connection/open/cancelled-from-thread", test_open_cancelled_from_thread);
  g_test_add_func ("/connection/open/async-cancelled", test_open_async_cancelled);
  g_test_add_func ("/connection/open/wrong-stream", test_open_wrong_stream);
  g_test_add_func ("/connection/socket-pair", test_socket_pair);
  g_test_add_func ("/connection/properties", test_properties);
  g_test_add_func ("/connection/limits-are-fixed", test_limits_are_fixed);
  return g_test_run ();
}
