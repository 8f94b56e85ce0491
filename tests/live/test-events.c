/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live.h"

#include <string.h>

/* What QEMU tells without being asked. */

static void
note_event (G_GNUC_UNUSED QmpConnection *connection, QmpEvent *event, GPtrArray *names)
{
  g_ptr_array_add (names, g_strdup (qmp_event_get_name (event)));
}

static void
assert_names (GPtrArray *names, const char *expected)
{
  g_autofree char *joined = NULL;

  g_ptr_array_add (names, NULL);
  joined = g_strjoinv (" ", (char **) names->pdata);
  g_assert_cmpstr (joined, ==, expected);
}

static void
run (QmpConnection *connection, const char *command)
{
  g_autofree char *text = live_run (connection, command, NULL);

  g_assert_cmpstr (text, ==, "{}");
}

/* QEMU sends STOP before the reply to stop; a handler hears of it afterwards. */
static void
test_signal (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) stops = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) resumes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (QmpConnection) connection = NULL;

  live_start_monitor (live, NULL);
  connection = live_open (live);
  g_signal_connect (connection, "event", G_CALLBACK (note_event), all);
  g_signal_connect (connection, "event::STOP", G_CALLBACK (note_event), stops);
  g_signal_connect (connection, "event::RESUME", G_CALLBACK (note_event), resumes);

  run (connection, "stop");
  g_assert_cmpuint (all->len, ==, 0);
  run (connection, "cont");
  while (all->len < 2)
    g_main_context_iteration (NULL, TRUE);
  run (connection, "stop");
  while (all->len < 3)
    g_main_context_iteration (NULL, TRUE);

  assert_names (all, "STOP RESUME STOP");
  assert_names (stops, "STOP STOP");
  assert_names (resumes, "RESUME");
  g_assert_cmpuint (qmp_connection_get_lost_events (connection), ==, 0);
}

typedef struct
{
  GString *order;
  GAsyncResult *reply;
} Order;

static void
note_stop (G_GNUC_UNUSED QmpConnection *connection, G_GNUC_UNUSED QmpEvent *event, Order *order)
{
  g_string_append (order->order, "event ");
}

static void
note_reply (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer data)
{
  Order *order = data;

  g_string_append (order->order, "reply ");
  order->reply = g_object_ref (result);
}

/* Both come in the order in which QEMU sent them. */
static void
test_order (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *reply = NULL;
  Order order = { text, NULL };

  live_start_monitor (live, NULL);
  connection = live_open (live);
  g_signal_connect (connection, "event::STOP", G_CALLBACK (note_stop), &order);
  qmp_connection_execute_json_async (connection, "stop", NULL, NULL, note_reply, &order);
  live_wait (&order.reply);
  reply = qmp_connection_execute_json_finish (connection, order.reply, &error);
  g_assert_no_error (error);
  g_object_unref (order.reply);
  g_assert_cmpstr (text->str, ==, "event reply ");
}

static QmpEvent *
next (QmpEventStream *stream, const char *name)
{
  g_autoptr (GError) error = NULL;
  QmpEvent *event = qmp_event_stream_next (stream, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (event);
  g_assert_cmpstr (qmp_event_get_name (event), ==, name);
  return event;
}

static void
test_stream (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  const char *const names[] = { "STOP", "RESUME", NULL };
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpEventStream) stream = NULL;
  g_autoptr (QmpEvent) stop = NULL, resume = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *nothing = NULL, *whole = NULL;
  gint64 before, after;

  live_start_monitor (live, NULL);
  connection = live_open (live);
  stream = qmp_connection_watch_events (connection, names, 16);
  g_assert_cmpuint (qmp_event_stream_get_capacity (stream), ==, 16);
  g_assert_null (qmp_event_stream_try_next (stream));

  before = g_get_real_time ();
  run (connection, "stop");
  after = g_get_real_time ();
  stop = next (stream, "STOP");
  g_assert_cmpint (qmp_event_get_timestamp (stop), >=, before);
  g_assert_cmpint (qmp_event_get_timestamp (stop), <=, after);
  g_assert_null (qmp_event_get_data (stop));
  nothing = qmp_event_get_data_json (stop);
  g_assert_cmpstr (nothing, ==, "{}");
  whole = qmp_event_to_json (stop);
  g_assert_true (g_str_has_prefix (whole, "{\"timestamp\""));

  qmp_event_stream_next_async (stream, NULL, live_keep_result, &result);
  run (connection, "cont");
  resume = qmp_event_stream_next_finish (stream, live_wait (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (qmp_event_get_name (resume), ==, "RESUME");
  g_assert_cmpuint (qmp_event_stream_get_dropped (stream), ==, 0);
}

/* The oldest go, and are counted. */
static void
test_stream_is_full (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpEventStream) small = NULL, large = NULL;
  g_autoptr (QmpEvent) first = NULL, second = NULL, kept = NULL;

  live_start_monitor (live, NULL);
  connection = live_open (live);
  small = qmp_connection_watch_events (connection, NULL, 1);
  large = qmp_connection_watch_events (connection, NULL, 8);
  run (connection, "stop");
  run (connection, "cont");
  kept = next (small, "RESUME");
  first = next (large, "STOP");
  second = next (large, "RESUME");
  g_assert_cmpuint (qmp_event_stream_get_dropped (small), ==, 1);
  g_assert_cmpuint (qmp_event_stream_get_dropped (large), ==, 0);
}

/* The last event is why it ends; after it comes nothing, and no error. */
static void
test_stream_end (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  const char *const names[] = { "SHUTDOWN", NULL };
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpEventStream) stream = NULL;
  g_autoptr (QmpEvent) shutdown = NULL;
  g_autoptr (QmpValue) value = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *reason = NULL;
  gboolean guest = TRUE;

  live_start_monitor (live, NULL);
  connection = live_open (live);
  stream = qmp_connection_watch_events (connection, names, 4);
  g_assert_true (qmp_connection_quit (connection, NULL, &error));
  shutdown = next (stream, "SHUTDOWN");
  value = qmp_event_get_data (shutdown);
  reason = qmp_value_dup_member_string (value, "reason");
  g_assert_cmpstr (reason, ==, "host-qmp-quit");
  g_assert_true (qmp_value_get_member_boolean (value, "guest", &guest));
  g_assert_false (guest);

  g_assert_null (qmp_event_stream_next (stream, NULL, &error));
  g_assert_no_error (error);
  qmp_event_stream_next_async (stream, NULL, live_keep_result, &result);
  g_assert_null (qmp_event_stream_next_finish (stream, live_wait (&result), &error));
  g_assert_no_error (error);
}

static void
test_stream_timeout (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpEventStream) stream = NULL;
  g_autoptr (QmpEvent) stop = NULL;
  g_autoptr (GError) error = NULL;

  live_start_monitor (live, NULL);
  connection = live_open (live);
  stream = qmp_connection_watch_events (connection, NULL, 4);
  qmp_event_stream_set_timeout (stream, 50);
  g_assert_null (qmp_event_stream_next (stream, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  run (connection, "stop");
  stop = next (stream, "STOP");
}

static void
answer_stop (QmpConnection *connection, G_GNUC_UNUSED QmpEvent *event, char **status)
{
  run (connection, "cont");
  *status = live_run (connection, "query-status", NULL);
}

/* A handler may run commands and wait for them. */
static void
test_command_in_handler (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (QmpConnection) connection = NULL;
  g_autofree char *status = NULL;

  live_start_monitor (live, NULL);
  connection = live_open (live);
  g_signal_connect (connection, "event", G_CALLBACK (note_event), names);
  g_signal_connect (connection, "event::STOP", G_CALLBACK (answer_stop), &status);
  run (connection, "stop");
  while (names->len < 2)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (strstr (status, "\"running\": true"));
  assert_names (names, "STOP RESUME");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  LIVE_TEST ("/live/events/signal", test_signal);
  LIVE_TEST ("/live/events/order", test_order);
  LIVE_TEST ("/live/events/command-in-handler", test_command_in_handler);
  LIVE_TEST ("/live/events/stream", test_stream);
  LIVE_TEST ("/live/events/stream-is-full", test_stream_is_full);
  LIVE_TEST ("/live/events/stream-end", test_stream_end);
  LIVE_TEST ("/live/events/stream-timeout", test_stream_timeout);
  return g_test_run ();
}
