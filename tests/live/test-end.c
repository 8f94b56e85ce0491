/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live.h"

#include <signal.h>

/* QEMU goes, or stands still. */

static void
note_closed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  GString *order = data;

  g_assert_null (qmp_connection_execute_json_finish (QMP_CONNECTION (source), result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_string_append (order, "call ");
}

static void
note_end (G_GNUC_UNUSED QmpConnection *connection, G_GNUC_UNUSED GError *error, GString *order)
{
  g_string_append (order, "closed ");
}

/* Every call ends, then the connection does. */
static void
test_killed (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GString) order = g_string_new (NULL);
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpEventStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (LiveEnd) end = { 0 };
  GSubprocess *qemu;

  qemu = live_start_monitor (live, NULL);
  connection = live_open (live);
  stream = qmp_connection_watch_events (connection, NULL, 4);
  live_end_watch (&end, connection);
  g_signal_connect (connection, "closed", G_CALLBACK (note_end), order);
  live_freeze (qemu);
  qmp_connection_execute_json_async (connection, "query-status", NULL, NULL, note_closed, order);
  qmp_connection_execute_json_async (connection, "stop", NULL, NULL, note_closed, order);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (order->str, ==, "");

  live_kill (qemu);
  live_end_wait (&end);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (order->str, ==, "call call closed ");
  g_assert_cmpuint (end.count, ==, 1);
  g_assert_error (end.error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_cmpint (qmp_connection_get_state (connection), ==, QMP_CONNECTION_STATE_CLOSED);
  g_assert_null (qmp_event_stream_next (stream, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static gpointer
kill_it (gpointer data)
{
  live_kill (data);
  return NULL;
}

static void
test_killed_while_blocked (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (LiveEnd) end = { 0 };
  GSubprocess *qemu;
  GThread *killer;

  qemu = live_start_monitor (live, NULL);
  connection = live_open (live);
  live_end_watch (&end, connection);
  live_freeze (qemu);
  killer = g_thread_new ("killer", kill_it, qemu);
  g_assert_null (qmp_connection_execute_json (connection, "query-status", NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_thread_join (killer);
  live_end_wait (&end);
  g_assert_error (end.error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

/* QEMU says that it goes, whoever sent it away. */
static void
test_terminated (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpConnection) connection = NULL;
  g_auto (LiveEnd) end = { 0 };
  GSubprocess *qemu;

  qemu = live_start_monitor (live, NULL);
  connection = live_open (live);
  live_end_watch (&end, connection);
  g_subprocess_send_signal (qemu, SIGTERM);
  live_end_assert_orderly (&end, connection);
  live_assert_good_exit (qemu);
}

/* quit as a plain command has a reply as any other. */
static void
test_quit_command (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpConnection) connection = NULL;
  g_autofree char *reply = NULL;
  g_auto (LiveEnd) end = { 0 };
  GSubprocess *qemu;

  qemu = live_start_monitor (live, NULL);
  connection = live_open (live);
  live_end_watch (&end, connection);
  reply = live_run (connection, "quit", NULL);
  g_assert_cmpstr (reply, ==, "{}");
  live_end_assert_orderly (&end, connection);
  live_assert_good_exit (qemu);
}

static void
test_quit_of_the_dead (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (LiveEnd) end = { 0 };
  GSubprocess *qemu;

  qemu = live_start_monitor (live, NULL);
  connection = live_open (live);
  live_end_watch (&end, connection);
  live_kill (qemu);
  live_end_wait (&end);
  g_assert_error (end.error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_false (qmp_connection_quit (connection, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

/* --- standing still ------------------------------------------------------------------ */

/* Who keeps a result must not keep the connection that never came to be: QEMU
 * serves one client at a time. */
static void
test_frozen_at_open (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpOpenOptions) hurried = live_options (200, TRUE);
  g_autoptr (QmpConnection) first = NULL, connection = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL, async_error = NULL;
  g_autofree char *answer = NULL;
  GSubprocess *qemu;

  qemu = live_start_monitor (live, NULL);
  first = live_open (live);
  live_freeze (qemu);
  g_assert_true (qmp_connection_close (first, NULL, &error));

  g_assert_null (qmp_connection_open (live->monitor, hurried, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  qmp_connection_open_async (live->monitor, hurried, NULL, live_keep_result, &result);
  g_assert_null (qmp_connection_open_finish (live_wait (&result), &async_error));
  g_assert_error (async_error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);

  live_thaw (qemu);
  connection = live_open (live);
  answer = live_run (connection, "query-status", NULL);
}

/* The reply that comes too late is nobody's. */
static void
test_frozen_at_execute (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpRequest) hurried = qmp_request_new ("query-version");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL, async_error = NULL;
  g_autofree char *answer = NULL;
  GSubprocess *qemu;

  qemu = live_start_monitor (live, NULL);
  connection = live_open (live);
  live_freeze (qemu);
  qmp_request_set_timeout (hurried, 100);
  g_assert_null (qmp_connection_execute_request (connection, hurried, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);

  qmp_connection_set_default_timeout (connection, 100);
  qmp_connection_execute_json_async (connection, "query-version", NULL, NULL, live_keep_result, &result);
  g_assert_null (qmp_connection_execute_json_finish (connection, live_wait (&result), &async_error));
  g_assert_error (async_error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);

  live_thaw (qemu);
  qmp_connection_set_default_timeout (connection, -1);
  answer = live_run (connection, "query-status", NULL);
  g_assert_true (g_str_has_prefix (answer, "{\"status\""));
  g_assert_cmpuint (qmp_connection_get_stray_messages (connection), ==, 2);
}

static void
test_cancelled (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL, again = NULL;
  g_autofree char *answer = NULL;
  GSubprocess *qemu;

  qemu = live_start_monitor (live, NULL);
  connection = live_open (live);
  live_freeze (qemu);
  qmp_connection_execute_json_async (connection, "query-version", NULL, cancellable, live_keep_result, &result);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_cancellable_cancel (cancellable);
  g_assert_null (qmp_connection_execute_json_finish (connection, live_wait (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (qmp_connection_execute_json (connection, "query-version", NULL, cancellable, &again));
  g_assert_error (again, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  live_thaw (qemu);
  answer = live_run (connection, "query-status", NULL);
  g_assert_true (g_str_has_prefix (answer, "{\"status\""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  LIVE_TEST ("/live/end/killed", test_killed);
  LIVE_TEST ("/live/end/killed-while-blocked", test_killed_while_blocked);
  LIVE_TEST ("/live/end/terminated", test_terminated);
  LIVE_TEST ("/live/end/quit-command", test_quit_command);
  LIVE_TEST ("/live/end/quit-of-the-dead", test_quit_of_the_dead);
  LIVE_TEST ("/live/end/frozen-at-open", test_frozen_at_open);
  LIVE_TEST ("/live/end/frozen-at-execute", test_frozen_at_execute);
  LIVE_TEST ("/live/end/cancelled", test_cancelled);
  return g_test_run ();
}
