/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <dirent.h>

#include "mock/await.h"
#include "mock/mock-peer.h"

/* --- the last reference ------------------------------------------------------------- */

static void
assert_gone (gpointer *weak)
{
  await_idle ();
  g_assert_null (*weak);
}

static void
unref_on_event (QmpConnection *connection, QmpEvent *event, guint *n_events)
{
  if (++*n_events == 1)
    g_object_unref (connection);
}

static void
test_in_event_handler (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  QmpConnection *connection;
  gpointer weak;
  guint n_events = 0;

  mock_greet (peer);
  connection = mock_open (peer);
  weak = connection;
  g_object_add_weak_pointer (G_OBJECT (connection), &weak);
  g_signal_connect (connection, "event", G_CALLBACK (unref_on_event), &n_events);
  mock_send (peer, "{\"event\":\"A\"}{\"event\":\"B\"}{\"event\":\"C\"}");
  while (weak != NULL)
    g_main_context_iteration (NULL, TRUE);
  await_idle ();
  /* whoever let go may not be there any more for the other two */
  g_assert_cmpuint (n_events, ==, 1);
  mock_expect_end (peer);
  mock_await (peer);
}

static void
unref_on_reply (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_free (qmp_connection_execute_json_finish (QMP_CONNECTION (source), result, &error));
  g_object_unref (source);
  *(gboolean *) data = TRUE;
}

static void
test_in_callback (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  QmpConnection *connection;
  gpointer weak;
  gboolean done = FALSE;

  mock_greet (peer);
  mock_expect (peer, "x");
  mock_send (peer, "{\"return\":1,\"id\":0}{\"event\":\"A\"}{\"event\":\"B\"}");
  connection = mock_open (peer);
  weak = connection;
  g_object_add_weak_pointer (G_OBJECT (connection), &weak);
  qmp_connection_execute_json_async (connection, "x", NULL, NULL, unref_on_reply, &done);
  await_true (&done);
  assert_gone (&weak);
}

static void
unref_on_closed (QmpConnection *connection, GError *error, gboolean *closed)
{
  *closed = TRUE;
  g_object_unref (connection);
}

static void
test_in_closed_handler (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  QmpConnection *connection;
  gpointer weak;
  gboolean closed = FALSE;

  mock_greet (peer);
  mock_hang_up (peer);
  connection = mock_open (peer);
  weak = connection;
  g_object_add_weak_pointer (G_OBJECT (connection), &weak);
  g_signal_connect (connection, "closed", G_CALLBACK (unref_on_closed), &closed);
  await_true (&closed);
  assert_gone (&weak);
}

static void
never_called (void)
{
  g_error ("a signal came after the last reference was gone");
}

/* Signals end with the last reference, also those that were on their way. */
static void
test_no_signals_after (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  QmpConnection *connection;

  mock_greet (peer);
  mock_expect (peer, "x");
  mock_event (peer, "STOP", NULL);
  mock_return (peer, "1");
  connection = mock_open (peer);
  g_signal_connect (connection, "event", G_CALLBACK (never_called), NULL);
  g_signal_connect (connection, "closed", G_CALLBACK (never_called), NULL);
  g_free (qmp_connection_execute_json (connection, "x", NULL, NULL, NULL));
  g_object_unref (connection);
  await_idle ();
  mock_expect_end (peer);
  mock_await (peer);
}

static gpointer
drop_in_thread (gpointer data)
{
  g_object_unref (data);
  return NULL;
}

static void
test_from_thread (void)
{
  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (MockPeer) peer = mock_peer_new ();
      QmpConnection *connection;

      mock_greet (peer);
      for (guint n = 0; n < 20; n++)
        mock_event (peer, "STOP", NULL);
      connection = mock_open (peer);
      if (i % 2 == 0)
        await_idle ();
      g_thread_join (g_thread_new ("dropper", drop_in_thread, connection));
      await_idle ();
      mock_expect_end (peer);
      mock_await (peer);
    }
}

/* A call holds its connection, as every asynchronous operation does its
 * source object; the answer comes although nobody else holds it. */
static void
test_pending_call_holds (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  QmpConnection *connection;
  gpointer weak;
  g_autoptr (GError) error = NULL;
  Await called = { 0 };

  mock_greet (peer);
  mock_expect (peer, "x");
  mock_return (peer, "1");
  connection = mock_open (peer);
  weak = connection;
  g_object_add_weak_pointer (G_OBJECT (connection), &weak);
  qmp_connection_execute_json_async (connection, "x", NULL, NULL, await_callback, &called);
  g_object_unref (connection);
  g_assert_nonnull (weak);
  g_free (qmp_connection_execute_json_finish (QMP_CONNECTION (weak), await (&called), &error));
  g_assert_no_error (error);
  await_clear (&called);
  assert_gone (&weak);
}

/* Dispose ends it, whoever still holds references. */
static void
test_dispose (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL, later = NULL;
  g_auto (Await) called = { 0 };

  mock_greet (peer);
  mock_expect (peer, "x");
  mock_expect_end (peer);
  connection = mock_open (peer);
  qmp_connection_execute_json_async (connection, "x", NULL, NULL, await_callback, &called);
  g_object_run_dispose (G_OBJECT (connection));
  g_assert_null (qmp_connection_execute_json_finish (connection, await (&called), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_null (qmp_connection_execute_json (connection, "y", NULL, NULL, &later));
  g_assert_error (later, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_cmpint (qmp_connection_get_state (connection), ==, QMP_CONNECTION_STATE_CLOSED);
  mock_await (peer);
}

/* --- what is left behind ----------------------------------------------------------------- */

static guint
count_fds (void)
{
  DIR *folder = opendir ("/proc/self/fd");
  guint n = 0;

  while (readdir (folder) != NULL)
    n++;
  closedir (folder);
  return n;
}

static void
live_and_end (guint stage)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (GIOStream) stream = mock_peer_get_stream (peer);
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Await) called = { 0 };
  g_autoptr (QmpEventStream) events = NULL;

  if (stage == 0)
    mock_hang_up (peer);
  else if (stage == 1)
    mock_send (peer, "{\"QMP\": {");
  else
    mock_greet (peer);
  if (stage == 1)
    mock_hang_up (peer);
  connection = qmp_connection_open_stream (stream, NULL, cancellable, &error);
  if (stage < 2)
    {
      g_assert_nonnull (error);
      return;
    }
  events = qmp_connection_watch_events (connection, NULL, 5);
  mock_expect (peer, "x");
  qmp_connection_execute_json_async (connection, "x", NULL, cancellable, await_callback, &called);
  mock_await (peer);
  if (stage == 2)
    g_cancellable_cancel (cancellable);
  else if (stage == 3)
    mock_hang_up (peer);
  else if (stage == 4)
    qmp_connection_close (connection, NULL, NULL);
  else
    mock_return (peer, "{}");
  await (&called);
  g_free (qmp_connection_execute_json_finish (connection, called.result, NULL));
}

/* File descriptors come and go together, wherever a connection ends. */
static void
test_nothing_left_open (void)
{
  guint before;

  live_and_end (5);
  await_idle ();
  before = count_fds ();
  for (guint i = 0; i < 300; i++)
    {
      live_and_end (i % 6);
      await_idle ();
    }
  g_assert_cmpuint (count_fds (), ==, before);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lifetime/last-reference/in-callback", test_in_callback);
  g_test_add_func ("/lifetime/last-reference/in-closed-handler", test_in_closed_handler);
  g_test_add_func ("/lifetime/last-reference/no-signals-after", test_no_signals_after);
  g_test_add_func ("/lifetime/last-reference/from-thread", test_from_thread);
  g_test_add_func ("/lifetime/pending-call-holds", test_pending_call_holds);
  g_test_add_func ("/lifetime/dispose", test_dispose);
  g_test_add_func ("/lifetime/nothing-left-open", test_nothing_left_open);
  g_test_add_func ("/lifetime/last-reference/in-event-handler", test_in_event_handler);
  return g_test_run ();
}
