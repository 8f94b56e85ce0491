/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include "mock/await.h"
#include "mock/mock-peer.h"

static void
run_round_trip (MockPeer *peer, QmpConnection *connection)
{
  g_autoptr (GError) error = NULL;

  mock_expect (peer, "query-name");
  mock_return (peer, "{}");
  g_free (qmp_connection_execute_json (connection, "query-name", NULL, NULL, &error));
  g_assert_no_error (error);
}

static void
assert_next (QmpEventStream *stream, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpEvent) event = qmp_event_stream_next (stream, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (event);
  g_assert_cmpstr (qmp_event_get_name (event), ==, name);
}

static void
assert_no_next (QmpEventStream *stream)
{
  g_assert_null (qmp_event_stream_try_next (stream));
}

static void
test_next (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpEventStream) stream = NULL;

  mock_greet (peer);
  connection = mock_open (peer);
  stream = qmp_connection_watch_events (connection, NULL, 10);
  mock_event (peer, "ONE", NULL);
  mock_event (peer, "TWO", NULL);
  assert_next (stream, "ONE");
  assert_next (stream, "TWO");
  assert_no_next (stream);
  g_assert_cmpuint (qmp_event_stream_get_capacity (stream), ==, 10);
  g_assert_cmpuint (qmp_event_stream_get_dropped (stream), ==, 0);
}

static void
test_names (void)
{
  static const char *names[] = { "STOP", "RESUME", NULL }, *none[] = { NULL };
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpEventStream) some = NULL, all = NULL, nothing = NULL;

  mock_greet (peer);
  connection = mock_open (peer);
  some = qmp_connection_watch_events (connection, names, 10);
  all = qmp_connection_watch_events (connection, NULL, 10);
  nothing = qmp_connection_watch_events (connection, none, 10);
  mock_event (peer, "RESET", NULL);
  mock_event (peer, "STOP", NULL);
  mock_event (peer, "STOPPED", NULL);
  mock_event (peer, "RESUME", NULL);
  run_round_trip (peer, connection);
  assert_next (some, "STOP");
  assert_next (some, "RESUME");
  assert_no_next (some);
  assert_next (all, "RESET");
  assert_next (all, "STOP");
  assert_next (all, "STOPPED");
  assert_next (all, "RESUME");
  assert_no_next (nothing);
}

/* Armed before the command is sent, it misses nothing. */
static void
test_armed_before (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpEventStream) stream = NULL;

  mock_greet (peer);
  mock_expect (peer, "stop");
  mock_event (peer, "STOP", NULL);
  mock_return (peer, "{}");
  connection = mock_open (peer);
  stream = qmp_connection_watch_events (connection, NULL, 1);
  g_free (qmp_connection_execute_json (connection, "stop", NULL, NULL, NULL));
  assert_next (stream, "STOP");
}

/* What came before was not watched for. */
static void
test_nothing_from_before (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpEventStream) stream = NULL;

  mock_greet (peer);
  connection = mock_open (peer);
  mock_event (peer, "EARLY", NULL);
  run_round_trip (peer, connection);
  stream = qmp_connection_watch_events (connection, NULL, 5);
  mock_event (peer, "LATE", NULL);
  assert_next (stream, "LATE");
}

static void
test_full (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpEventStream) stream = NULL;
  guint64 dropped = 0;
  guint capacity = 0;

  mock_greet (peer);
  connection = mock_open (peer);
  stream = qmp_connection_watch_events (connection, NULL, 2);
  mock_event (peer, "ONE", NULL);
  mock_event (peer, "TWO", NULL);
  mock_event (peer, "THREE", NULL);
  mock_event (peer, "FOUR", NULL);
  run_round_trip (peer, connection);
  assert_next (stream, "THREE");
  assert_next (stream, "FOUR");
  assert_no_next (stream);
  g_object_get (stream, "dropped", &dropped, "capacity", &capacity, NULL);
  g_assert_cmpuint (dropped, ==, 2);
  g_assert_cmpuint (capacity, ==, 2);
}

/* --- asynchronous ----------------------------------------------------------------------- */

static void
test_next_async (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpEventStream) stream = NULL;
  g_autoptr (QmpEvent) first = NULL, second = NULL;
  g_auto (Await) one = { 0 }, two = { 0 };

  mock_greet (peer);
  connection = mock_open (peer);
  stream = qmp_connection_watch_events (connection, NULL, 5);
  qmp_event_stream_next_async (stream, NULL, await_callback, &one);
  mock_event (peer, "ONE", NULL);
  first = qmp_event_stream_next_finish (stream, await (&one), NULL);
  g_assert_cmpstr (qmp_event_get_name (first), ==, "ONE");
  /* and one that is there already, still not before the call returned */
  mock_event (peer, "TWO", NULL);
  run_round_trip (peer, connection);
  qmp_event_stream_next_async (stream, NULL, await_callback, &two);
  g_assert_cmpuint (two.n_calls, ==, 0);
  second = qmp_event_stream_next_finish (stream, await (&two), NULL);
  g_assert_cmpstr (qmp_event_get_name (second), ==, "TWO");
}

/* One at a time waits. */
static void
test_two_wait (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpEventStream) stream = NULL;
  g_autoptr (QmpEvent) event = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Await) one = { 0 }, two = { 0 };

  mock_greet (peer);
  connection = mock_open (peer);
  stream = qmp_connection_watch_events (connection, NULL, 5);
  qmp_event_stream_next_async (stream, NULL, await_callback, &one);
  qmp_event_stream_next_async (stream, NULL, await_callback, &two);
  g_assert_null (qmp_event_stream_next_finish (stream, await (&two), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);
  mock_event (peer, "ONE", NULL);
  event = qmp_event_stream_next_finish (stream, await (&one), NULL);
  g_assert_nonnull (event);
}

static void
test_cancelled (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpEventStream) stream = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL, before = NULL;
  g_auto (Await) one = { 0 };

  mock_greet (peer);
  connection = mock_open (peer);
  stream = qmp_connection_watch_events (connection, NULL, 5);
  qmp_event_stream_next_async (stream, cancellable, await_callback, &one);
  g_cancellable_cancel (cancellable);
  g_assert_null (qmp_event_stream_next_finish (stream, await (&one), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (qmp_event_stream_next (stream, cancellable, &before));
  g_assert_error (before, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  /* nothing is lost with it */
  mock_event (peer, "ONE", NULL);
  assert_next (stream, "ONE");
}

static void
test_timeout (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpEventStream) stream = NULL;
  g_autoptr (GError) error = NULL, other = NULL;
  g_auto (Await) one = { 0 };

  mock_greet (peer);
  connection = mock_open (peer);
  stream = qmp_connection_watch_events (connection, NULL, 5);
  g_assert_cmpint (qmp_event_stream_get_timeout (stream), ==, -1);
  g_object_set (stream, "timeout", 10, NULL);
  g_assert_cmpint (qmp_event_stream_get_timeout (stream), ==, 10);
  g_assert_null (qmp_event_stream_next (stream, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  qmp_event_stream_next_async (stream, NULL, await_callback, &one);
  g_assert_null (qmp_event_stream_next_finish (stream, await (&one), &other));
  g_assert_error (other, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  qmp_event_stream_set_timeout (stream, G_MAXINT);
  mock_event (peer, "ONE", NULL);
  assert_next (stream, "ONE");
}

/* --- the end -------------------------------------------------------------------------------- */

/* What had come is still there; then an orderly end is no error. */
static void
test_orderly_end (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpEventStream) stream = NULL, waiting = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Await) one = { 0 }, two = { 0 };
  static const char *other[] = { "OTHER", NULL };

  mock_greet (peer);
  connection = mock_open (peer);
  stream = qmp_connection_watch_events (connection, NULL, 5);
  waiting = qmp_connection_watch_events (connection, other, 5);
  qmp_event_stream_next_async (waiting, NULL, await_callback, &one);
  mock_event (peer, "STOP", NULL);
  mock_event (peer, "SHUTDOWN", NULL);
  mock_hang_up (peer);
  g_assert_null (qmp_event_stream_next_finish (waiting, await (&one), &error));
  g_assert_no_error (error);
  assert_next (stream, "STOP");
  assert_next (stream, "SHUTDOWN");
  g_assert_null (qmp_event_stream_next (stream, NULL, &error));
  g_assert_no_error (error);
  qmp_event_stream_next_async (stream, NULL, await_callback, &two);
  g_assert_null (qmp_event_stream_next_finish (stream, await (&two), &error));
  g_assert_no_error (error);
}

static void
test_closed_from_here (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpEventStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Await) one = { 0 };

  mock_greet (peer);
  connection = mock_open (peer);
  stream = qmp_connection_watch_events (connection, NULL, 5);
  qmp_event_stream_next_async (stream, NULL, await_callback, &one);
  qmp_connection_close (connection, NULL, NULL);
  g_assert_null (qmp_event_stream_next_finish (stream, await (&one), &error));
  g_assert_no_error (error);
}

static void
test_sudden_end (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpEventStream) stream = NULL;
  g_autoptr (GError) error = NULL, again = NULL;

  mock_greet (peer);
  connection = mock_open (peer);
  stream = qmp_connection_watch_events (connection, NULL, 5);
  mock_event (peer, "STOP", NULL);
  mock_hang_up (peer);
  assert_next (stream, "STOP");
  g_assert_null (qmp_event_stream_next (stream, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_null (qmp_event_stream_next (stream, NULL, &again));
  g_assert_error (again, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

/* A stream may stay longer than its connection. */
static void
test_outlives_connection (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  QmpConnection *connection;
  g_autoptr (QmpEventStream) stream = NULL;
  g_autoptr (GError) error = NULL;

  mock_greet (peer);
  connection = mock_open (peer);
  stream = qmp_connection_watch_events (connection, NULL, 5);
  mock_event (peer, "STOP", NULL);
  run_round_trip (peer, connection);
  g_object_unref (connection);
  assert_next (stream, "STOP");
  g_assert_null (qmp_event_stream_next (stream, NULL, &error));
}

/* And may go while it waits. */
static void
test_dropped_streams (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;

  mock_greet (peer);
  connection = mock_open (peer);
  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (QmpEventStream) stream = qmp_connection_watch_events (connection, NULL, 5);

      g_assert_nonnull (stream);
      mock_event (peer, "STOP", NULL);
      if (i % 3 == 0)
        run_round_trip (peer, connection);
    }
  run_round_trip (peer, connection);
}

/* --- in another thread ------------------------------------------------------------------------ */

static gpointer
collect (gpointer data)
{
  QmpEventStream *stream = data;
  guint n = 0;

  for (;;)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (QmpEvent) event = qmp_event_stream_next (stream, NULL, &error);

      g_assert_no_error (error);
      if (event == NULL)
        return GUINT_TO_POINTER (n);
      n++;
    }
}

static void
test_in_thread (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpEventStream) stream = NULL;
  GThread *thread;

  mock_greet (peer);
  connection = mock_open (peer);
  stream = qmp_connection_watch_events (connection, NULL, 1000);
  thread = g_thread_new ("collector", collect, stream);
  for (guint i = 0; i < 500; i++)
    mock_event (peer, "STOP", NULL);
  mock_event (peer, "SHUTDOWN", NULL);
  mock_hang_up (peer);
  g_assert_cmpuint (GPOINTER_TO_UINT (g_thread_join (thread)), ==, 501);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/event-stream/next", test_next);
  g_test_add_func ("/event-stream/names", test_names);
  g_test_add_func ("/event-stream/armed-before", test_armed_before);
  g_test_add_func ("/event-stream/nothing-from-before", test_nothing_from_before);
  g_test_add_func ("/event-stream/full", test_full);
  g_test_add_func ("/event-stream/next/async", test_next_async);
  g_test_add_func ("/event-stream/next/two-wait", test_two_wait);
  g_test_add_func ("/event-stream/next/cancelled", test_cancelled);
  g_test_add_func ("/event-stream/next/timeout", test_timeout);
  g_test_add_func ("/event-stream/end/orderly", test_orderly_end);
  g_test_add_func ("/event-stream/end/from-here", test_closed_from_here);
  g_test_add_func ("/event-stream/end/sudden", test_sudden_end);
  g_test_add_func ("/event-stream/end/outlives-connection", test_outlives_connection);
  g_test_add_func ("/event-stream/dropped", test_dropped_streams);
  g_test_add_func ("/event-stream/in-thread", test_in_thread);
  return g_test_run ();
}
