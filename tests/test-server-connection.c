/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "mock/await.h"

/* Both ends of the library, on each other: with a main loop, and blocking. */

static QmpConnection *
open_to (QmpServer *server)
{
  g_autoptr (GIOStream) stream = qmp_server_open_stream (server, NULL);
  g_autoptr (GError) error = NULL;
  g_auto (Await) opened = { 0 };
  QmpConnection *connection;

  qmp_connection_open_stream_async (stream, NULL, NULL, await_callback, &opened);
  connection = qmp_connection_open_stream_finish (await (&opened), &error);
  g_assert_no_error (error);
  return connection;
}

static char *
run (QmpConnection *connection, const char *command, const char *arguments, GError **error)
{
  g_auto (Await) called = { 0 };

  qmp_connection_execute_json_async (connection, command, arguments, NULL, await_callback, &called);
  return qmp_connection_execute_json_finish (connection, await (&called), error);
}

/* --- with a main loop ----------------------------------------------------------------------- */

static gboolean
give_back (QmpServer *server, QmpServerCall *call, gpointer data)
{
  g_autofree char *arguments = qmp_server_call_get_arguments_json (call);

  return qmp_server_call_return_json (call, arguments, NULL);
}

static void
test_commands (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (QmpVersion) version = qmp_version_new (9, 8, 7, "made up");
  g_autoptr (QmpConnection) connection = NULL;
  g_autofree char *back = NULL, *none = NULL;
  g_autoptr (QmpStatusInfo) info = NULL;
  g_autoptr (GError) error = NULL, refused = NULL;
  g_auto (Await) typed = { 0 };

  qmp_server_set_version (server, version);
  qmp_server_set_result_json (server, "query-status", "{\"status\": \"paused\", \"running\": false}", NULL);
  qmp_server_set_error (server, "device_del", "DeviceNotFound", "Device 'x' not found");
  g_signal_connect (server, "command::echo", G_CALLBACK (give_back), NULL);
  connection = open_to (server);
  g_assert_cmpuint (qmp_version_get_minor (qmp_connection_get_version (connection)), ==, 8);
  g_assert_cmpstr (qmp_version_get_package (qmp_connection_get_version (connection)), ==, "made up");
  g_assert_true (qmp_connection_get_out_of_band (connection));
  back = run (connection, "echo", "{\"n\": 18446744073709551615, \"d\": 1.0, \"s\": \"\\u00e9\"}", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (back, ==, "{\"n\":18446744073709551615,\"d\":1.0,\"s\":\"\\u00e9\"}");
  qmp_connection_query_status_async (connection, NULL, await_callback, &typed);
  info = qmp_connection_query_status_finish (connection, await (&typed), &error);
  g_assert_no_error (error);
  g_assert_cmpint (qmp_status_info_get_status (info), ==, QMP_RUN_STATE_PAUSED);
  none = run (connection, "device_del", "{\"id\": \"x\"}", &refused);
  g_assert_error (refused, QMP_ERROR, QMP_ERROR_DEVICE_NOT_FOUND);
  g_assert_cmpstr (qmp_error_get_description (refused), ==, "Device 'x' not found");
  g_assert_cmpuint (qmp_connection_get_stray_messages (connection), ==, 0);
}

static gboolean
on_relayed (QmpServer *server, QmpServerCall *call, gpointer error)
{
  qmp_server_call_return_gerror (call, error);
  return TRUE;
}

/* A refusal passes through two servers unchanged. */
static void
test_errors_pass_on (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (QmpServer) second = qmp_server_new ();
  g_autoptr (QmpConnection) connection = open_to (server), other = NULL;
  g_autoptr (GError) error = NULL, same = NULL;

  qmp_server_set_error (server, "a", "SomethingNew", "in the making");
  g_assert_null (run (connection, "a", NULL, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_UNRECOGNIZED_CLASS);
  g_signal_connect (second, "command", G_CALLBACK (on_relayed), error);
  other = open_to (second);
  g_assert_null (run (other, "a", NULL, &same));
  g_assert_cmpstr (qmp_error_get_class_name (same), ==, "SomethingNew");
  g_assert_cmpstr (same->message, ==, error->message);
}

static void
note_event (QmpConnection *connection, QmpEvent *event, gpointer text)
{
  g_autofree char *data = qmp_event_get_data_json (event);

  g_string_append_printf (text, "%s%s ", qmp_event_get_name (event), data);
}

static void
test_events (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (QmpConnection) connection = open_to (server);
  g_autoptr (GString) seen = g_string_new (NULL);

  g_signal_connect (connection, "event", G_CALLBACK (note_event), seen);
  qmp_server_emit_event_json (server, "STOP", NULL, NULL);
  qmp_server_emit_event_json (server, "RESET", "{\"guest\": true}", NULL);
  g_free (run (connection, "query-version", NULL, NULL));
  g_assert_cmpstr (seen->str, ==, "STOP{} RESET{\"guest\": true} ");
}

static void
on_closed (QmpConnection *connection, const GError *error, gpointer closed)
{
  g_assert_no_error (error);
  *(gboolean *) closed = TRUE;
}

static gboolean
quit (QmpServer *server, QmpServerCall *call, gpointer data)
{
  qmp_server_emit_event_json (server, "SHUTDOWN", "{\"guest\": false, \"reason\": \"host-qmp-quit\"}", NULL);
  qmp_server_call_return_json (call, NULL, NULL);
  qmp_server_close (server);
  return TRUE;
}

static void
test_quit (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (QmpConnection) connection = open_to (server);
  g_autoptr (GError) error = NULL;
  g_auto (Await) called = { 0 };
  gboolean closed = FALSE;

  g_signal_connect (server, "command::quit", G_CALLBACK (quit), NULL);
  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), &closed);
  qmp_connection_quit_async (connection, NULL, await_callback, &called);
  g_assert_true (qmp_connection_quit_finish (connection, await (&called), &error));
  g_assert_no_error (error);
  await_true (&closed);
}

/* --- one behind the other ------------------------------------------------------------------- */

static void
on_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (QmpServerCall) call = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpValue) value = qmp_connection_execute_request_finish (QMP_CONNECTION (source), result, &error);

  if (value != NULL)
    qmp_server_call_return_value (call, value);
  else
    qmp_server_call_return_gerror (call, error);
}

static gboolean
pass_on (QmpServer *server, QmpServerCall *call, gpointer behind)
{
  g_autoptr (QmpRequest) request = qmp_server_call_make_request (call);

  qmp_connection_execute_request_async (behind, request, qmp_server_call_get_cancellable (call), on_answered,
                                        g_object_ref (call));
  return TRUE;
}

static void
pass_event_on (QmpConnection *behind, QmpEvent *event, gpointer server)
{
  qmp_server_relay_event (server, event);
}

static gboolean
tell_text (QmpServer *server, QmpServerCall *call, gpointer data)
{
  g_autofree char *arguments = qmp_server_call_get_arguments_json (call);
  g_autofree char *text = g_strdup_printf ("[%s, %d]", arguments, qmp_server_call_get_out_of_band (call));

  return qmp_server_call_return_json (call, text, NULL);
}

/* A server in front of another: nothing is lost between them, not a digit. */
static void
test_in_front (void)
{
  static const char arguments[] = "{\"n\":18446744073709551615,\"d\":1.50,\"s\":\"\\u00e9\"}";
  g_autoptr (QmpServer) back = qmp_server_new (), front = qmp_server_new ();
  g_autoptr (QmpConnection) behind = open_to (back), connection = open_to (front);
  g_autoptr (QmpRequest) yank = qmp_request_new ("tell");
  g_autoptr (GString) seen = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpValue) value = NULL;
  g_auto (Await) yanked = { 0 };
  g_autofree char *told = NULL, *expected = g_strdup_printf ("[%s, 0]", arguments), *none = NULL, *json = NULL;

  g_signal_connect (back, "command::tell", G_CALLBACK (tell_text), NULL);
  g_signal_connect (front, "command", G_CALLBACK (pass_on), behind);
  g_signal_connect (behind, "event", G_CALLBACK (pass_event_on), front);
  g_signal_connect (connection, "event", G_CALLBACK (note_event), seen);
  told = run (connection, "tell", arguments, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (told, ==, expected);
  none = run (connection, "tell", NULL, &error);
  g_assert_cmpstr (none, ==, "[{}, 0]");
  qmp_request_set_out_of_band (yank, TRUE);
  qmp_connection_execute_request_async (connection, yank, NULL, await_callback, &yanked);
  value = qmp_connection_execute_request_finish (connection, await (&yanked), &error);
  g_assert_no_error (error);
  json = qmp_value_to_json (value);
  g_assert_cmpstr (json, ==, "[{}, 1]");
  qmp_server_emit_event_json (back, "RESET", "{\"guest\": true}", NULL);
  while (seen->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (seen->str, ==, "RESET{\"guest\": true} ");
  g_assert_null (run (connection, "nothing", NULL, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_COMMAND_NOT_FOUND);
}

/* --- later, and never -------------------------------------------------------------------------- */

static gboolean
keep (QmpServer *server, QmpServerCall *call, gpointer calls)
{
  g_ptr_array_add (calls, g_object_ref (call));
  return TRUE;
}

static void
start (QmpConnection *connection, const char *command, gboolean out_of_band, int timeout, GCancellable *cancellable, Await *called)
{
  g_autoptr (QmpRequest) request = qmp_request_new (command);

  qmp_request_set_out_of_band (request, out_of_band);
  qmp_request_set_timeout (request, timeout);
  qmp_connection_execute_request_async (connection, request, cancellable, await_callback, called);
}

static void
test_out_of_band (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (QmpConnection) connection = open_to (server);
  g_autoptr (GPtrArray) calls = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (QmpValue) first = NULL, second = NULL;
  g_auto (Await) slow = { 0 }, quick = { 0 };

  g_signal_connect (server, "command", G_CALLBACK (keep), calls);
  start (connection, "migrate", FALSE, -1, NULL, &slow);
  start (connection, "yank", TRUE, -1, NULL, &quick);
  while (calls->len < 2)
    g_main_context_iteration (NULL, TRUE);
  qmp_server_call_return_json (calls->pdata[1], NULL, NULL);
  second = qmp_connection_execute_request_finish (connection, await (&quick), NULL);
  g_assert_nonnull (second);
  g_assert_cmpuint (slow.n_calls, ==, 0);
  qmp_server_call_return_json (calls->pdata[0], NULL, NULL);
  first = qmp_connection_execute_request_finish (connection, await (&slow), NULL);
  g_assert_nonnull (first);
}

/* What was given up is answered all the same, and does no harm. */
static void
test_given_up (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (QmpConnection) connection = open_to (server);
  g_autoptr (GPtrArray) calls = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) timed_out = NULL, cancelled = NULL;
  g_auto (Await) late = { 0 }, unwanted = { 0 };
  g_autofree char *after = NULL;

  g_signal_connect (server, "command", G_CALLBACK (keep), calls);
  start (connection, "a", FALSE, 1, NULL, &late);
  start (connection, "b", FALSE, -1, cancellable, &unwanted);
  g_assert_null (qmp_connection_execute_request_finish (connection, await (&late), &timed_out));
  g_assert_error (timed_out, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_cancellable_cancel (cancellable);
  g_assert_null (qmp_connection_execute_request_finish (connection, await (&unwanted), &cancelled));
  g_assert_error (cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  for (guint i = 0; i < 2; i++)
    {
      while (calls->len <= i)
        g_main_context_iteration (NULL, TRUE);
      qmp_server_call_return_json (calls->pdata[i], "\"late\"", NULL);
    }
  g_signal_handlers_disconnect_by_func (server, keep, calls);
  qmp_server_set_result_json (server, "c", "\"c\"", NULL);
  after = run (connection, "c", NULL, NULL);
  g_assert_cmpstr (after, ==, "\"c\"");
  g_assert_cmpuint (qmp_connection_get_stray_messages (connection), ==, 2);
}

/* --- many ------------------------------------------------------------------------------------------ */

static void
count_reply (GObject *source, GAsyncResult *result, gpointer n_replies)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *reply = qmp_connection_execute_json_finish (QMP_CONNECTION (source), result, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (reply, ==, "{\"a\":1}");
  ++*(guint *) n_replies;
}

static gboolean
answer_one (gpointer data)
{
  GPtrArray *calls = data;
  QmpServerCall *call = g_ptr_array_steal_index_fast (calls, calls->len - 1);

  qmp_server_call_return_json (call, "{\"a\":1}", NULL);
  g_object_unref (call);
  return G_SOURCE_REMOVE;
}

static gboolean
answer_soon (QmpServer *server, QmpServerCall *call, gpointer calls)
{
  keep (server, call, calls);
  g_idle_add (answer_one, calls);
  return TRUE;
}

static void
test_many (void)
{
  g_autoptr (QmpServer) server = g_object_new (QMP_TYPE_SERVER, "max-clients", 100, NULL);
  g_autoptr (GPtrArray) connections = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) calls = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_replies = 0;

  qmp_server_set_result_json (server, "quick", "{\"a\":1}", NULL);
  g_signal_connect (server, "command::slow", G_CALLBACK (answer_soon), calls);
  for (guint i = 0; i < 100; i++)
    g_ptr_array_add (connections, open_to (server));
  for (guint i = 0; i < 10000; i++)
    qmp_connection_execute_json_async (connections->pdata[i % 100], i % 7 == 0 ? "slow" : "quick", NULL, NULL, count_reply,
                                       &n_replies);
  while (n_replies < 10000)
    g_main_context_iteration (NULL, TRUE);
}

/* --- blocking ------------------------------------------------------------------------------------------ */

static gboolean
on_thread (QmpServer *server, QmpServerCall *call, gpointer thread)
{
  *(GThread **) thread = g_thread_self ();
  return qmp_server_call_return_json (call, "\"from its thread\"", NULL);
}

static void
test_blocking (void)
{
  g_autoptr (QmpServer) server = qmp_server_new_threaded ();
  g_autoptr (GIOStream) stream = qmp_server_open_stream (server, NULL);
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpEventStream) events = NULL;
  g_autoptr (QmpEvent) event = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *status = NULL, *own = NULL;
  GThread *thread = NULL;

  g_signal_connect (server, "command::own", G_CALLBACK (on_thread), &thread);
  qmp_server_set_result_json (server, "query-status", "{\"running\": true}", NULL);
  connection = qmp_connection_open_stream (stream, NULL, NULL, &error);
  g_assert_no_error (error);
  status = qmp_connection_execute_json (connection, "query-status", NULL, NULL, &error);
  g_assert_cmpstr (status, ==, "{\"running\": true}");
  own = qmp_connection_execute_json (connection, "own", NULL, NULL, &error);
  g_assert_cmpstr (own, ==, "\"from its thread\"");
  g_assert_true (thread != NULL && thread != g_thread_self ());
  events = qmp_connection_watch_events (connection, NULL, 10);
  g_assert_true (qmp_server_emit_event_json (server, "STOP", NULL, NULL));
  event = qmp_event_stream_next (events, NULL, &error);
  g_assert_cmpstr (qmp_event_get_name (event), ==, "STOP");
  g_clear_object (&server);
  g_assert_null (qmp_connection_execute_json (connection, "query-status", NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static gpointer
answer_elsewhere (gpointer data)
{
  g_autoptr (QmpServerCall) call = data;

  qmp_server_call_return_json (call, "{\"a\":1}", NULL);
  return NULL;
}

static gboolean
answer_from_threads (QmpServer *server, QmpServerCall *call, gpointer data)
{
  g_thread_unref (g_thread_new ("answers", answer_elsewhere, g_object_ref (call)));
  return TRUE;
}

static gpointer
ask_and_ask (gpointer data)
{
  g_autoptr (GIOStream) stream = qmp_server_open_stream (data, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpConnection) connection = qmp_connection_open_stream (stream, NULL, NULL, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *reply = qmp_connection_execute_json (connection, i % 10 == 0 ? "slow" : "quick", NULL, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (reply, ==, "{\"a\":1}");
    }
  return NULL;
}

/* Clients, answers and events in as many threads as there may be. */
static void
test_threads (void)
{
  g_autoptr (QmpServer) server = qmp_server_new_threaded ();
  GThread *threads[8];

  qmp_server_set_result_json (server, "quick", "{\"a\":1}", NULL);
  g_signal_connect (server, "command::slow", G_CALLBACK (answer_from_threads), NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("asks", ask_and_ask, server);
  for (guint i = 0; i < 1000; i++)
    g_assert_true (qmp_server_emit_event_json (server, "STOP", NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

/* --- file descriptors ---------------------------------------------------------------------------------- */

static gboolean
take_fd (QmpServer *server, QmpServerCall *call, gpointer fd)
{
  *(int *) fd = qmp_server_call_steal_fd (call);
  return qmp_server_call_return_json (call, NULL, NULL);
}

static void
test_fd (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (QmpConnection) connection = open_to (server);
  g_autoptr (QmpRequest) request = qmp_request_new ("getfd");
  g_autoptr (QmpValue) reply = NULL;
  g_auto (Await) called = { 0 };
  int pipe_fds[2], fd = -1;
  char byte = 0;

  g_assert_cmpint (pipe2 (pipe_fds, O_CLOEXEC), ==, 0);
  g_signal_connect (server, "command::getfd", G_CALLBACK (take_fd), &fd);
  g_assert_true (qmp_request_set_fd (request, pipe_fds[1], NULL));
  qmp_connection_execute_request_async (connection, request, NULL, await_callback, &called);
  reply = qmp_connection_execute_request_finish (connection, await (&called), NULL);
  g_assert_nonnull (reply);
  g_assert_cmpint (write (fd, "x", 1), ==, 1);
  g_assert_cmpint (read (pipe_fds[0], &byte, 1), ==, 1);
  close (fd);
  close (pipe_fds[0]);
  close (pipe_fds[1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server-connection/commands", test_commands);
  g_test_add_func ("/server-connection/errors-pass-on", test_errors_pass_on);
  g_test_add_func ("/server-connection/events", test_events);
  g_test_add_func ("/server-connection/quit", test_quit);
  g_test_add_func ("/server-connection/in-front", test_in_front);
  g_test_add_func ("/server-connection/out-of-band", test_out_of_band);
  g_test_add_func ("/server-connection/given-up", test_given_up);
  g_test_add_func ("/server-connection/many", test_many);
  g_test_add_func ("/server-connection/blocking", test_blocking);
  g_test_add_func ("/server-connection/threads", test_threads);
  g_test_add_func ("/server-connection/fd", test_fd);
  return g_test_run ();
}
