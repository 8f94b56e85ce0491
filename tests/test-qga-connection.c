/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qga-glib/qga-glib.h>

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "mock/await.h"
#include "mock/open-agent.h"

/* Opening, commands, and the end, with an agent that behaves. */

static QgaOpenOptions *
new_options (int timeout)
{
  QgaOpenOptions *options = qga_open_options_new ();

  qga_open_options_set_timeout (options, timeout);
  return options;
}

/* --- opening over a stream ------------------------------------------------------------ */

static void
test_open (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autofree char *version = qga_connection_dup_agent_version (connection);
  gint64 id = json_object_get_int_member (mock_agent_get_sync (agent, 1)->members, "id");

  g_assert_cmpint (qga_connection_get_state (connection), ==, QGA_CONNECTION_STATE_OPEN);
  g_assert_true (qga_connection_get_agent_present (connection));
  g_assert_true (qga_connection_get_responsive (connection));
  g_assert_cmpuint (qga_connection_get_generation (connection), ==, 1);
  g_assert_cmpstr (version, ==, "10.0.2");
  g_assert_nonnull (qga_connection_get_limits (connection));
  g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 1);
  g_assert_cmpuint (mock_agent_count (agent, NULL), ==, 1);
  g_assert_cmpstr (mock_agent_get_sync (agent, 1)->name, ==, "guest-sync-delimited");
  g_assert_cmpstr (mock_agent_get_command (agent, NULL, 1)->name, ==, "guest-info");
  /* agents with doubles for numbers can say it back */
  g_assert_cmpint (id, >, 0);
  g_assert_cmpint (id, <, G_GINT64_CONSTANT (1) << 53);
  /* what the agent says of the 0xFF */
  g_assert_cmpuint (qga_connection_get_stray_messages (connection), ==, 1);
  assert_orderly (agent);
}

static void
test_open_ids_differ (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new (), other = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent), another = open_agent (other);

  g_assert_cmpstr (mock_agent_get_sync (agent, 1)->arguments, !=, mock_agent_get_sync (other, 1)->arguments);
  g_assert_cmpstr (mock_agent_get_command (agent, NULL, 1)->id, !=, mock_agent_get_command (other, NULL, 1)->id);
}

static void
test_open_async (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (GIOStream) stream = mock_agent_get_stream (agent);
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Await) opened = { 0 };

  teach_echo (agent);
  qga_connection_open_stream_async (stream, NULL, NULL, await_callback, &opened);
  g_assert_cmpuint (opened.n_calls, ==, 0);
  connection = qga_connection_open_stream_finish (await (&opened), &error);
  g_assert_no_error (error);
  g_assert_null (opened.source);
  g_assert_cmpint (qga_connection_get_state (connection), ==, QGA_CONNECTION_STATE_OPEN);
  assert_answers (connection);
  assert_orderly (agent);
}

/* The result of opening that somebody keeps does not keep the connection. */
static void
test_open_result_holds_nothing (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (GIOStream) stream = mock_agent_get_stream (agent);
  QgaConnection *connection;
  gpointer weak;
  g_auto (Await) opened = { 0 };

  qga_connection_open_stream_async (stream, NULL, NULL, await_callback, &opened);
  connection = qga_connection_open_stream_finish (await (&opened), NULL);
  weak = connection;
  g_object_add_weak_pointer (G_OBJECT (connection), &weak);
  g_object_unref (connection);
  g_assert_null (weak);
  mock_agent_await_end (agent);
}

/* --- opening by address ------------------------------------------------------------------ */

typedef struct
{
  char *folder;
  char *path;
  GSocket *socket;
} Door;

static Door
make_door (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketAddress) address = NULL;
  Door door = { g_dir_make_tmp ("agent-XXXXXX", NULL), NULL, NULL };

  door.path = g_build_filename (door.folder, "socket", NULL);
  address = g_unix_socket_address_new (door.path);
  door.socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, &error);
  g_assert_no_error (error);
  g_assert_true (g_socket_bind (door.socket, address, FALSE, &error));
  g_assert_true (g_socket_listen (door.socket, &error));
  return door;
}

static void
remove_door (Door *door)
{
  g_clear_object (&door->socket);
  g_unlink (door->path);
  g_rmdir (door->folder);
  g_free (door->path);
  g_free (door->folder);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Door, remove_door)

/* In a thread of its own: somebody comes in, and finds an agent. */
static gpointer
receive (gpointer data)
{
  Door *door = data;
  g_autoptr (GSocket) client = g_socket_accept (door->socket, NULL, NULL);
  MockAgent *agent = mock_agent_new_for_fd (dup (g_socket_get_fd (client)));

  teach_echo (agent);
  return agent;
}

static void
test_open_address (void)
{
  g_auto (Door) door = make_door ();
  g_autofree char *address = g_strconcat ("unix:", door.path, NULL);
  GThread *thread = g_thread_new ("door", receive, &door);
  g_autoptr (GError) error = NULL;
  g_autoptr (QgaConnection) connection = qga_connection_open (address, NULL, NULL, &error);
  g_autoptr (MockAgent) agent = g_thread_join (thread);

  g_assert_no_error (error);
  assert_answers (connection);
  assert_orderly (agent);
}

static void
test_open_address_async (void)
{
  g_auto (Door) door = make_door ();
  GThread *thread = g_thread_new ("door", receive, &door);
  g_autoptr (GError) error = NULL;
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (MockAgent) agent = NULL;
  g_auto (Await) opened = { 0 };

  qga_connection_open_async (door.path, NULL, NULL, await_callback, &opened);
  g_assert_cmpuint (opened.n_calls, ==, 0);
  connection = qga_connection_open_finish (await (&opened), &error);
  agent = g_thread_join (thread);
  g_assert_no_error (error);
  assert_answers (connection);
  assert_orderly (agent);
}

/* The number stays the caller's. */
static void
test_open_descriptor (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  int fd = mock_agent_steal_fd (agent);
  g_autofree char *address = g_strdup_printf ("fd:%d", fd);
  g_autoptr (GError) error = NULL;
  g_autoptr (QgaConnection) connection = NULL;

  teach_echo (agent);
  connection = qga_connection_open (address, NULL, NULL, &error);
  g_assert_no_error (error);
  assert_answers (connection);
  g_assert_cmpint (close (fd), ==, 0);
  assert_answers (connection);
}

static void
assert_address_fails (const char *address, QgaOpenOptions *options, GCancellable *cancellable, GQuark domain, int code,
                      const char *word)
{
  g_autoptr (GError) error = NULL, later = NULL;
  g_auto (Await) opened = { 0 };

  assert_failed ((char *) qga_connection_open (address, options, cancellable, &error), &error, domain, code, word);
  qga_connection_open_async (address, options, cancellable, await_callback, &opened);
  g_assert_cmpuint (opened.n_calls, ==, 0);
  assert_failed ((char *) qga_connection_open_finish (await (&opened), &later), &later, domain, code, word);
}

static void
test_open_wrong_address (void)
{
  g_autoptr (QgaOpenOptions) options = new_options (20);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *folder = g_dir_make_tmp ("agent-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "nothing", NULL);

  assert_address_fails (path, options, NULL, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, path);
  assert_address_fails ("carrier:pigeon", options, NULL, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "carrier");
  qga_open_options_set_retry (options, FALSE);
  qga_open_options_set_timeout (options, G_MAXINT);
  assert_address_fails (path, options, NULL, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, path);
  g_cancellable_cancel (cancellable);
  assert_address_fails (path, NULL, cancellable, G_IO_ERROR, G_IO_ERROR_CANCELLED, "");
  g_rmdir (folder);
}

/* Somebody listens, and nobody ever answers: as a guest that boots, or has no
 * agent, or a socket that another client uses. */
static void
test_open_silent_address (void)
{
  g_auto (Door) door = make_door ();
  g_autoptr (QgaOpenOptions) options = new_options (30);

  assert_address_fails (door.path, options, NULL, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, door.path);
  assert_address_fails (door.path, options, NULL, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "booting");
  assert_address_fails (door.path, options, NULL, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "another client");
}

/* --- not opening ---------------------------------------------------------------------------- */

static void
assert_not_opened (MockAgent *agent, int timeout, GQuark domain, int code, const char *word)
{
  g_autoptr (GIOStream) stream = mock_agent_get_stream (agent);
  g_autoptr (QgaOpenOptions) options = new_options (timeout);
  g_autoptr (GError) error = NULL;

  assert_failed ((char *) qga_connection_open_stream (stream, options, NULL, &error), &error, domain, code, word);
}

static void
test_open_silence (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new (), late = mock_agent_new ();
  gint64 begun = g_get_monotonic_time ();

  mock_agent_be_absent (agent, MOCK_AGENT_LOSES, MOCK_AGENT_ALWAYS);
  assert_not_opened (agent, 300, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "did not answer");
  g_assert_cmpint (g_get_monotonic_time () - begun, >=, 300000);
  /* it was asked more than once */
  g_assert_cmpuint (mock_agent_count_syncs (agent), >=, 2);
  assert_orderly (agent);
  mock_agent_be_absent (late, MOCK_AGENT_LOSES, MOCK_AGENT_ALWAYS);
  assert_not_opened (late, 0, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "did not answer");
}

/* An echo, as of a terminal with nobody at it, and any other chatter. */
static void
test_open_not_an_agent (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new (), json = mock_agent_new ();

  mock_agent_be_absent (agent, MOCK_AGENT_LOSES, MOCK_AGENT_ALWAYS);
  mock_agent_say (agent, "\r\nDebian GNU/Linux 12 guest ttyS0\r\n\r\nguest login: ");
  assert_not_opened (agent, 50, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "not as a guest agent");
  mock_agent_be_absent (json, MOCK_AGENT_LOSES, MOCK_AGENT_ALWAYS);
  mock_agent_say (json, "{\"jsonrpc\": \"2.0\", \"method\": \"hello\"}\n");
  assert_not_opened (json, 50, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "not as a guest agent");
}

static void
test_open_monitor (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();

  mock_agent_be_absent (agent, MOCK_AGENT_LOSES, MOCK_AGENT_ALWAYS);
  mock_agent_say (agent, "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 2, \"minor\": 0, \"major\": 10}, \"package\": \"\"}, "
                         "\"capabilities\": [\"oob\"]}}\r\n");
  assert_not_opened (agent, G_MAXINT, QGA_ERROR, QGA_ERROR_PROTOCOL, "QMP monitor");
}

static void
test_open_end (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new (), half = mock_agent_new (), rude = mock_agent_new ();

  mock_agent_stop_writing (agent);
  assert_not_opened (agent, G_MAXINT, G_IO_ERROR, G_IO_ERROR_CLOSED, "closed the connection");
  mock_agent_hold (half, "guest-sync-delimited");
  mock_agent_say (half, "{\"return\"");
  mock_agent_stop_writing (half);
  assert_not_opened (half, G_MAXINT, G_IO_ERROR, G_IO_ERROR_CLOSED, "in the middle of a message");
  mock_agent_hang_up (rude);
  assert_not_opened (rude, G_MAXINT, G_IO_ERROR, G_IO_ERROR_CLOSED, "connection");
}

static void
test_open_cancelled (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (GIOStream) stream = mock_agent_get_stream (agent);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Await) opened = { 0 };

  mock_agent_hold (agent, "guest-sync-delimited");
  qga_connection_open_stream_async (stream, NULL, cancellable, await_callback, &opened);
  mock_agent_await_syncs (agent, 1);
  g_cancellable_cancel (cancellable);
  g_assert_cmpuint (opened.n_calls, ==, 0);
  assert_failed ((char *) qga_connection_open_stream_finish (await (&opened), &error), &error, G_IO_ERROR,
                 G_IO_ERROR_CANCELLED, "cancelled");
  mock_agent_await_end (agent);
}

static void
test_open_cancelled_before (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (GIOStream) stream = mock_agent_get_stream (agent);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  assert_failed ((char *) qga_connection_open_stream (stream, NULL, cancellable, &error), &error, G_IO_ERROR,
                 G_IO_ERROR_CANCELLED, "cancelled");
  mock_agent_await_end (agent);
  g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 0);
}

/* Neither of a pair of files can be an agent. */
static void
test_open_stream_of_another_kind (void)
{
  g_autoptr (GInputStream) input = g_memory_input_stream_new ();
  g_autoptr (GOutputStream) output = g_memory_output_stream_new_resizable ();
  g_autoptr (GIOStream) stream = g_simple_io_stream_new (input, output);
  g_autoptr (GError) error = NULL, later = NULL;
  g_auto (Await) opened = { 0 };

  assert_failed ((char *) qga_connection_open_stream (stream, NULL, NULL, &error), &error, G_IO_ERROR,
                 G_IO_ERROR_NOT_SUPPORTED, "");
  qga_connection_open_stream_async (stream, NULL, NULL, await_callback, &opened);
  assert_failed ((char *) qga_connection_open_stream_finish (await (&opened), &later), &later, G_IO_ERROR,
                 G_IO_ERROR_NOT_SUPPORTED, "");
}

/* --- commands -------------------------------------------------------------------------------- */

static void
test_execute_forms (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (JsonNode) arguments = json_from_string ("{\"a\": [1, 2.0, \"é\"]}", NULL), reply = NULL;
  g_autoptr (QgaRequest) request = new_request ("echo", "{\"a\":3}", -1);
  g_autoptr (GError) error = NULL;

  reply = qga_connection_execute (connection, "echo", arguments, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (json_array_get_int_element (json_object_get_array_member (json_node_get_object (reply), "a"), 1), ==, 2);
  assert_replied (qga_connection_execute_json (connection, "echo", " { \"a\" : 2 } ", NULL, &error), &error, "{\"a\":2}");
  assert_replied (qga_connection_execute_request (connection, request, NULL, &error), &error, "{\"a\":3}");
  assert_replied (qga_connection_execute_json (connection, "guest-ping", NULL, NULL, &error), &error, "{}");
  g_assert_cmpstr (mock_agent_get_command (agent, "echo", 1)->arguments, ==, "{\"a\":[1,2,\"é\"]}");
  g_assert_null (mock_agent_get_command (agent, "guest-ping", 1)->arguments);
  /* one line of each form on the wire, and nothing else in between */
  g_assert_cmpuint (mock_agent_count (agent, NULL), ==, 5);
  g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 1);
  assert_orderly (agent);
}

static void
test_execute_async (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (JsonNode) arguments = json_from_string ("{\"a\": 1}", NULL), reply = NULL;
  g_autoptr (QgaRequest) request = new_request ("echo", "{\"a\":3}", -1);
  g_autoptr (GError) error = NULL;
  g_auto (Await) first = { 0 }, second = { 0 }, third = { 0 };

  qga_connection_execute_async (connection, "echo", arguments, NULL, await_callback, &first);
  qga_connection_execute_json_async (connection, "echo", "{\"a\":2}", NULL, await_callback, &second);
  qga_connection_execute_request_async (connection, request, NULL, await_callback, &third);
  g_assert_cmpuint (first.n_calls + second.n_calls + third.n_calls, ==, 0);
  assert_replied (qga_connection_execute_request_finish (connection, await (&third), &error), &error, "{\"a\":3}");
  assert_replied (qga_connection_execute_json_finish (connection, await (&second), &error), &error, "{\"a\":2}");
  reply = qga_connection_execute_finish (connection, await (&first), &error);
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (reply), "a"), ==, 1);
  g_assert_cmpuint (first.order, <, second.order);
  g_assert_cmpuint (second.order, <, third.order);
  g_assert_true (first.source == (GObject *) connection);
  g_assert_true (first.thread == g_thread_self ());
  assert_orderly (agent);
}

/* Replies as they are, exact to the bit. */
static void
test_execute_results (void)
{
  static const char *const results[] = {
    "{}", "[]", "null", "true", "\"\"", "-9223372036854775808", "18446744073709551615", "1.5e3", "\"\\ud83d\\ude00 \xc3\xa9\"",
    "[{\"name\": \"lo\", \"deep\": {\"er\": [[], {}]}}]", "1752912345678901234",
  };
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      mock_agent_answer (agent, "x", results[i]);
      assert_replied (qga_connection_execute_json (connection, "x", NULL, NULL, &error), &error, results[i]);
    }
  mock_agent_answer (agent, "x", "18446744073709551615");
  node = qga_connection_execute (connection, "x", NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint ((guint64) json_node_get_int (node), ==, G_MAXUINT64);
}

/* Commands and arguments that cannot be sent are told as all failures are. */
static void
assert_invalid (QgaConnection *connection, const char *command, const char *arguments, const char *word)
{
  g_autoptr (GError) error = NULL;
  g_auto (Await) called = { 0 };

  assert_failed (qga_connection_execute_json (connection, command, arguments, NULL, &error), &error, G_IO_ERROR,
                 G_IO_ERROR_INVALID_ARGUMENT, word);
  qga_connection_execute_json_async (connection, command, arguments, NULL, await_callback, &called);
  g_assert_cmpuint (called.n_calls, ==, 0);
  assert_failed (qga_connection_execute_json_finish (connection, await (&called), &error), &error, G_IO_ERROR,
                 G_IO_ERROR_INVALID_ARGUMENT, word);
}

static void
test_execute_invalid (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (JsonNode) array = json_from_string ("[]", NULL);
  g_autoptr (QgaRequest) request = qga_request_new ("a b");
  g_autoptr (GError) error = NULL;
  g_auto (Await) called = { 0 };

  assert_invalid (connection, "", NULL, "name of a command");
  assert_invalid (connection, "guest-ping\"", NULL, "name of a command");
  assert_invalid (connection, "guest\nping", NULL, "name of a command");
  assert_invalid (connection, "\xff", NULL, "name of a command");
  assert_invalid (connection, "x", "[]", "arguments");
  assert_invalid (connection, "x", "", "arguments");
  assert_invalid (connection, "x", "{\"a\":1", "arguments");
  assert_invalid (connection, "x", "{\"a\":1}{}", "arguments");
  assert_invalid (connection, "x", "{\"a\":NaN}", "arguments");
  assert_invalid (connection, "x", "{\"a\":\"\xff\"}", "arguments");
  assert_invalid (connection, "x", "{\"a\":1,\"a\":2}", "arguments");
  assert_failed ((char *) qga_connection_execute (connection, "x", array, NULL, &error), &error, G_IO_ERROR,
                 G_IO_ERROR_INVALID_ARGUMENT, "object");
  assert_failed (qga_connection_execute_request (connection, request, NULL, &error), &error, G_IO_ERROR,
                 G_IO_ERROR_INVALID_ARGUMENT, "a b");
  qga_connection_execute_unanswered_async (connection, request, NULL, await_callback, &called);
  g_assert_cmpint (qga_connection_execute_unanswered_finish (connection, await (&called), &error), ==, QGA_ACCEPTANCE_NONE);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  /* nothing of it was sent */
  g_assert_cmpuint (mock_agent_count (agent, NULL), ==, 1);
  assert_answers (connection);
  assert_orderly (agent);
}

/* --- what is known ------------------------------------------------------------------------------ */

static void
test_commands (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = NULL;
  g_auto (GStrv) names = NULL;
  gboolean enabled;

  mock_agent_disable (agent, "guest-exec");
  mock_agent_remove (agent, "guest-get-load");
  connection = open_agent (agent);
  names = qga_connection_dup_commands (connection);
  g_assert_true (g_strv_contains ((const char *const *) names, "guest-ping"));
  g_assert_true (g_strv_contains ((const char *const *) names, "guest-exec"));
  g_assert_false (g_strv_contains ((const char *const *) names, "guest-get-load"));
  g_assert_true (qga_connection_has_command (connection, "guest-ping"));
  enabled = qga_connection_is_command_enabled (connection, "guest-ping");
  g_assert_true (enabled);
  g_assert_true (qga_connection_has_command (connection, "guest-exec"));
  enabled = qga_connection_is_command_enabled (connection, "guest-exec");
  g_assert_false (enabled);
  g_assert_false (qga_connection_has_command (connection, "guest-get-load"));
  enabled = qga_connection_is_command_enabled (connection, "guest-get-load");
  g_assert_false (enabled);
  g_assert_false (qga_connection_has_command (connection, "guest-get-load"));
}

/* An agent that does not tell what it can do is an agent nevertheless. */
static void
test_no_info (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = NULL;
  g_auto (GStrv) names = NULL;
  gboolean enabled = TRUE;

  mock_agent_remove (agent, "guest-info");
  connection = open_agent (agent);
  names = qga_connection_dup_commands (connection);
  g_assert_null (qga_connection_dup_agent_version (connection));
  g_assert_nonnull (names);
  g_assert_null (names[0]);
  g_assert_false (qga_connection_has_command (connection, "guest-ping"));
  enabled = qga_connection_is_command_enabled (connection, "guest-ping");
  g_assert_false (enabled);
  assert_answers (connection);
  assert_orderly (agent);
}

/* --- deadlines -------------------------------------------------------------------------------- */

/* For how long a context would sleep now, in whole seconds; -1: for ever. */
static int
get_sleep (GMainContext *context)
{
  GPollFD fds[16];
  int priority, timeout;

  g_assert_true (g_main_context_acquire (context));
  g_main_context_prepare (context, &priority);
  g_main_context_query (context, priority, &timeout, fds, G_N_ELEMENTS (fds));
  g_main_context_release (context);
  return timeout < 0 ? -1 : (timeout + 999) / 1000;
}

/* How long a call may take shows in how long its context sleeps. */
static int
get_patience (QgaConnection *connection, const char *command, int timeout)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (QgaRequest) request = new_request (command, NULL, timeout);
  g_auto (Await) called = { 0 };
  int patience;

  g_main_context_push_thread_default (context);
  qga_connection_execute_request_async (connection, request, cancellable, await_callback, &called);
  patience = get_sleep (context);
  g_cancellable_cancel (cancellable);
  g_assert_null (qga_connection_execute_request_finish (connection, await (&called), NULL));
  g_main_context_pop_thread_default (context);
  return patience;
}

static void
test_default_timeouts (void)
{
  static const struct
  {
    const char *command;
    int seconds;
  } slow[] = {
    { "guest-fsfreeze-freeze", 120 }, { "guest-fsfreeze-freeze-list", 120 }, { "guest-fsfreeze-thaw", 120 },
    { "guest-fstrim", 600 }, { "guest-set-memory-blocks", 120 }, { "guest-set-vcpus", 120 }, { "guest-ping", 30 },
    { "guest-exec-status", 30 }, { "guest-newer-than-us", 30 },
  };
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);

  mock_agent_stall (agent);
  g_assert_cmpint (qga_connection_get_default_timeout (connection), ==, -1);
  for (guint i = 0; i < G_N_ELEMENTS (slow); i++)
    g_assert_cmpint (get_patience (connection, slow[i].command, -1), ==, slow[i].seconds);
  g_assert_cmpint (get_patience (connection, "guest-fstrim", 7000), ==, 7);
  g_assert_cmpint (get_patience (connection, "guest-fstrim", G_MAXINT), ==, -1);
  qga_connection_set_default_timeout (connection, 45000);
  g_assert_cmpint (get_patience (connection, "guest-fstrim", -1), ==, 45);
  g_assert_cmpint (get_patience (connection, "guest-ping", 1000), ==, 1);
  qga_connection_set_default_timeout (connection, G_MAXINT);
  g_assert_cmpint (get_patience (connection, "guest-fstrim", -1), ==, -1);
}

static void
count (guint *n)
{
  ++*n;
}

static void
test_default_timeout_property (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaOpenOptions) options = qga_open_options_new ();
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  guint n_notified = 0;
  int timeout;

  qga_open_options_set_default_timeout (options, 20);
  connection = open_agent_with (agent, options);
  g_object_get (connection, "default-timeout", &timeout, NULL);
  g_assert_cmpint (timeout, ==, 20);
  mock_agent_stay_silent (agent, "guest-ping", 1);
  assert_failed (qga_connection_execute_json (connection, "guest-ping", NULL, NULL, &error), &error, G_IO_ERROR,
                 G_IO_ERROR_TIMED_OUT, "guest-ping");
  g_signal_connect_swapped (connection, "notify::default-timeout", G_CALLBACK (count), &n_notified);
  g_object_set (connection, "default-timeout", 20, NULL);
  g_assert_cmpuint (n_notified, ==, 0);
  g_object_set (connection, "default-timeout", -1, NULL);
  g_assert_cmpuint (n_notified, ==, 1);
  g_assert_cmpint (qga_connection_get_default_timeout (connection), ==, -1);
  assert_answers (connection);
  assert_orderly (agent);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/qga/open/stream", test_open);
  g_test_add_func ("/qga/open/ids-differ", test_open_ids_differ);
  g_test_add_func ("/qga/open/stream/async", test_open_async);
  g_test_add_func ("/qga/open/result-holds-nothing", test_open_result_holds_nothing);
  g_test_add_func ("/qga/open/stream/of-another-kind", test_open_stream_of_another_kind);
  g_test_add_func ("/qga/open/address", test_open_address);
  g_test_add_func ("/qga/open/address/async", test_open_address_async);
  g_test_add_func ("/qga/open/address/descriptor", test_open_descriptor);
  g_test_add_func ("/qga/open/address/wrong", test_open_wrong_address);
  g_test_add_func ("/qga/open/address/silent", test_open_silent_address);
  g_test_add_func ("/qga/open/silence", test_open_silence);
  g_test_add_func ("/qga/open/not-an-agent", test_open_not_an_agent);
  g_test_add_func ("/qga/open/monitor", test_open_monitor);
  g_test_add_func ("/qga/open/end", test_open_end);
  g_test_add_func ("/qga/open/cancelled", test_open_cancelled);
  g_test_add_func ("/qga/open/cancelled/before", test_open_cancelled_before);
  g_test_add_func ("/qga/execute/forms", test_execute_forms);
  g_test_add_func ("/qga/execute/async", test_execute_async);
  g_test_add_func ("/qga/execute/results", test_execute_results);
  g_test_add_func ("/qga/execute/invalid", test_execute_invalid);
  g_test_add_func ("/qga/commands", test_commands);
  g_test_add_func ("/qga/commands/no-info", test_no_info);
  g_test_add_func ("/qga/default-timeouts", test_default_timeouts);
  g_test_add_func ("/qga/default-timeout/property", test_default_timeout_property);
  return g_test_run ();
}
