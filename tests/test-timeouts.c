/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <string.h>

#include "mock/await.h"
#include "mock/mock-peer.h"

static QmpRequest *
new_request (const char *command, int timeout)
{
  QmpRequest *request = qmp_request_new (command);

  qmp_request_set_timeout (request, timeout);
  return request;
}

static void
assert_answered (MockPeer *peer, QmpConnection *connection)
{
  g_autoptr (GError) error = NULL;

  mock_expect (peer, "query-name");
  mock_return (peer, "{}");
  g_free (qmp_connection_execute_json (connection, "query-name", NULL, NULL, &error));
  g_assert_no_error (error);
}

/* --- deadlines --------------------------------------------------------------------- */

static void
test_blocking (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpRequest) request = new_request ("slow", 15);
  g_autoptr (GError) error = NULL;
  gint64 begun;

  mock_greet (peer);
  mock_expect (peer, "slow");
  mock_pause (peer);
  mock_return (peer, "\"late\"");
  connection = mock_open (peer);
  begun = g_get_monotonic_time ();
  g_assert_null (qmp_connection_execute_request (connection, request, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_nonnull (strstr (error->message, "slow"));
  g_assert_cmpint (g_get_monotonic_time () - begun, >=, 15000);
  mock_go_on (peer);
  assert_answered (peer, connection);
  g_assert_cmpuint (qmp_connection_get_stray_messages (connection), ==, 1);
}

static void
test_async (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpRequest) soon = new_request ("slow", 10), later = new_request ("slower", 20), never = new_request ("patient", G_MAXINT);
  g_autoptr (GError) error = NULL, other = NULL;
  g_autoptr (QmpValue) value = NULL;
  g_auto (Await) first = { 0 }, second = { 0 }, third = { 0 };

  mock_greet (peer);
  mock_expect (peer, "slow");
  mock_expect (peer, "slower");
  mock_expect (peer, "patient");
  mock_pause (peer);
  for (guint i = 0; i < 3; i++)
    mock_return_to (peer, i, "{}");
  connection = mock_open (peer);
  qmp_connection_execute_request_async (connection, soon, NULL, await_callback, &first);
  qmp_connection_execute_request_async (connection, later, NULL, await_callback, &second);
  qmp_connection_execute_request_async (connection, never, NULL, await_callback, &third);
  g_assert_null (qmp_connection_execute_request_finish (connection, await (&second), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_null (qmp_connection_execute_request_finish (connection, await (&first), &other));
  g_assert_error (other, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpuint (first.order, <, second.order);
  g_assert_cmpuint (third.n_calls, ==, 0);
  mock_go_on (peer);
  value = qmp_connection_execute_request_finish (connection, await (&third), NULL);
  g_assert_nonnull (value);
  assert_answered (peer, connection);
  g_assert_cmpuint (qmp_connection_get_stray_messages (connection), ==, 2);
}

static void
test_at_once (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpRequest) request = new_request ("slow", 0);
  g_autoptr (GError) error = NULL, other = NULL;
  g_auto (Await) called = { 0 };

  mock_greet (peer);
  mock_expect (peer, "slow");
  mock_expect (peer, "slow");
  connection = mock_open (peer);
  g_assert_null (qmp_connection_execute_request (connection, request, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  qmp_connection_execute_request_async (connection, request, NULL, await_callback, &called);
  g_assert_null (qmp_connection_execute_request_finish (connection, await (&called), &other));
  g_assert_error (other, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

static void
test_default (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpOpenOptions) options = qmp_open_options_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  qmp_open_options_set_default_timeout (options, 10);
  mock_greet (peer);
  mock_expect (peer, "slow");
  connection = mock_open_with (peer, options);
  g_assert_cmpint (qmp_connection_get_default_timeout (connection), ==, 10);
  g_assert_null (qmp_connection_execute_json (connection, "slow", NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

static void
count (guint *n)
{
  ++*n;
}

static void
test_default_changes (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  guint n_notified = 0;

  mock_greet (peer);
  mock_expect (peer, "slow");
  connection = mock_open (peer);
  g_assert_cmpint (qmp_connection_get_default_timeout (connection), ==, 60000);
  g_signal_connect_swapped (connection, "notify::default-timeout", G_CALLBACK (count), &n_notified);
  qmp_connection_set_default_timeout (connection, 10);
  g_assert_cmpint (qmp_connection_get_default_timeout (connection), ==, 10);
  g_assert_cmpuint (n_notified, ==, 1);
  g_assert_null (qmp_connection_execute_json (connection, "slow", NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  qmp_connection_set_default_timeout (connection, -1);
  g_assert_cmpint (qmp_connection_get_default_timeout (connection), ==, 60000);
  qmp_connection_set_default_timeout (connection, G_MAXINT);
  g_assert_cmpint (qmp_connection_get_default_timeout (connection), ==, G_MAXINT);
}

/* --- cancelling ----------------------------------------------------------------------- */

static void
test_cancelled_before (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL, other = NULL;
  g_auto (Await) called = { 0 };

  mock_greet (peer);
  connection = mock_open (peer);
  g_cancellable_cancel (cancellable);
  g_assert_null (qmp_connection_execute_json (connection, "x", NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  qmp_connection_execute_json_async (connection, "x", NULL, cancellable, await_callback, &called);
  g_assert_cmpuint (called.n_calls, ==, 0);
  g_assert_null (qmp_connection_execute_json_finish (connection, await (&called), &other));
  g_assert_error (other, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  /* nothing was sent: the next command is the first to be read */
  assert_answered (peer, connection);
  g_assert_cmpstr (mock_get_command (peer, 0)->name, ==, "query-name");
}

static void
test_cancelled_during (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Await) called = { 0 };

  mock_greet (peer);
  mock_expect (peer, "slow");
  mock_pause (peer);
  mock_return (peer, "\"late\"");
  connection = mock_open (peer);
  qmp_connection_execute_json_async (connection, "slow", NULL, cancellable, await_callback, &called);
  mock_await (peer);
  g_cancellable_cancel (cancellable);
  g_assert_cmpuint (called.n_calls, ==, 0);
  g_assert_null (qmp_connection_execute_json_finish (connection, await (&called), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_cancellable_cancel (cancellable);
  mock_go_on (peer);
  assert_answered (peer, connection);
  g_assert_cmpuint (qmp_connection_get_stray_messages (connection), ==, 1);
}

typedef struct
{
  MockPeer *peer;
  GCancellable *cancellable;
} Cancelling;

static gpointer
cancel_when_sent (gpointer data)
{
  Cancelling *cancelling = data;

  mock_await (cancelling->peer);
  g_cancellable_cancel (cancelling->cancellable);
  return NULL;
}

static void
test_cancelled_from_thread (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Cancelling cancelling = { peer, cancellable };
  g_autoptr (GError) error = NULL;
  GThread *thread;

  mock_greet (peer);
  mock_expect (peer, "slow");
  connection = mock_open (peer);
  thread = g_thread_new ("canceller", cancel_when_sent, &cancelling);
  g_assert_null (qmp_connection_execute_json (connection, "slow", NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
}

/* A reply that has come stays a reply, whatever is cancelled before the
 * callback could run. */
static void
test_cancelled_after_reply (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *result = NULL;
  g_auto (Await) called = { 0 };

  mock_greet (peer);
  mock_expect (peer, "x");
  mock_return (peer, "\"in time\"");
  connection = mock_open (peer);
  qmp_connection_execute_json_async (connection, "x", NULL, cancellable, await_callback, &called);
  assert_answered (peer, connection);  /* reads the other's reply, too */
  g_cancellable_cancel (cancellable);
  result = qmp_connection_execute_json_finish (connection, await (&called), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (result, ==, "\"in time\"");
}

static void
cancel_in_callback (GObject *source, GAsyncResult *result, gpointer data)
{
  Await *called = data;
  GCancellable *cancellable = g_task_get_cancellable (G_TASK (result));

  g_cancellable_cancel (cancellable);
  await_callback (source, result, called);
}

static void
test_cancel_in_callback (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL, other = NULL;
  g_auto (Await) first = { 0 }, second = { 0 };

  mock_greet (peer);
  mock_expect (peer, "x");
  mock_expect (peer, "y");
  mock_return_to (peer, 0, "{}");
  connection = mock_open (peer);
  qmp_connection_execute_json_async (connection, "x", NULL, cancellable, cancel_in_callback, &first);
  qmp_connection_execute_json_async (connection, "y", NULL, cancellable, await_callback, &second);
  g_free (qmp_connection_execute_json_finish (connection, await (&first), &error));
  g_assert_no_error (error);
  g_assert_null (qmp_connection_execute_json_finish (connection, await (&second), &other));
  g_assert_error (other, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* A cancellable that is used again works again. */
static void
test_cancellable_reused (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  mock_greet (peer);
  connection = mock_open (peer);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;
      g_auto (Await) called = { 0 };

      mock_expect (peer, "slow");
      qmp_connection_execute_json_async (connection, "slow", NULL, cancellable, await_callback, &called);
      mock_await (peer);
      g_cancellable_cancel (cancellable);
      g_assert_null (qmp_connection_execute_json_finish (connection, await (&called), &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_cancellable_reset (cancellable);
      mock_expect (peer, "quick");
      mock_return (peer, "{}");
      g_free (qmp_connection_execute_json (connection, "quick", NULL, cancellable, NULL));
    }
}

/* What is half written is never cut: the peer can read on. */
static void
test_cancelled_half_written (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *filler = g_strnfill (1024 * 1024, 'x');
  g_autofree char *arguments = g_strdup_printf ("{\"a\":\"%s\"}", filler);
  g_autoptr (GError) error = NULL, other = NULL;
  g_auto (Await) called = { 0 }, next = { 0 };

  mock_greet (peer);
  connection = mock_open (peer);
  qmp_connection_execute_json_async (connection, "large", arguments, cancellable, await_callback, &called);
  g_cancellable_cancel (cancellable);
  g_assert_null (qmp_connection_execute_json_finish (connection, await (&called), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  mock_expect (peer, "large");
  mock_return (peer, "{}");
  mock_expect (peer, "next");
  mock_return (peer, "{}");
  qmp_connection_execute_json_async (connection, "next", NULL, NULL, await_callback, &next);
  g_free (qmp_connection_execute_json_finish (connection, await (&next), &other));
  g_assert_no_error (other);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/timeouts/blocking", test_blocking);
  g_test_add_func ("/timeouts/async", test_async);
  g_test_add_func ("/timeouts/at-once", test_at_once);
  g_test_add_func ("/timeouts/default", test_default);
  g_test_add_func ("/timeouts/default-changes", test_default_changes);
  g_test_add_func ("/cancelling/before", test_cancelled_before);
  g_test_add_func ("/cancelling/during", test_cancelled_during);
  g_test_add_func ("/cancelling/from-thread", test_cancelled_from_thread);
  g_test_add_func ("/cancelling/after-reply", test_cancelled_after_reply);
  g_test_add_func ("/cancelling/in-callback", test_cancel_in_callback);
  g_test_add_func ("/cancelling/cancellable-reused", test_cancellable_reused);
  g_test_add_func ("/cancelling/half-written", test_cancelled_half_written);
  return g_test_run ();
}
