/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <string.h>

#include "mock/await.h"
#include "mock/mock-peer.h"

/* What a user hears of the end. */
typedef struct
{
  guint n_closed;
  guint n_notified;
  guint n_events;
  gboolean closed;
  GError *error;
  QmpConnectionState state;
} End;

static void
on_closed (QmpConnection *connection, const GError *error, End *end)
{
  end->n_closed++;
  end->closed = TRUE;
  end->error = error != NULL ? g_error_copy (error) : NULL;
  end->state = qmp_connection_get_state (connection);
}

static void
on_state (End *end)
{
  end->n_notified++;
  g_assert_cmpuint (end->n_closed, ==, 0);
}

static void
on_event (QmpConnection *connection, QmpEvent *event, End *end)
{
  end->n_events++;
  g_assert_cmpuint (end->n_closed, ==, 0);
}

static void
watch (QmpConnection *connection, End *end)
{
  *end = (End) { 0 };
  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), end);
  g_signal_connect (connection, "event", G_CALLBACK (on_event), end);
  g_signal_connect_swapped (connection, "notify::state", G_CALLBACK (on_state), end);
}

/* Waits for the end, and sees that nothing follows it. */
static void
await_end (QmpConnection *connection, End *end)
{
  await_true (&end->closed);
  await_idle ();
  g_assert_cmpuint (end->n_closed, ==, 1);
  g_assert_cmpuint (end->n_notified, ==, 1);
  g_assert_cmpint (end->state, ==, QMP_CONNECTION_STATE_CLOSED);
  g_assert_cmpint (qmp_connection_get_state (connection), ==, QMP_CONNECTION_STATE_CLOSED);
}

/* --- from the other side ------------------------------------------------------------ */

static void
test_hang_up (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  End end;

  mock_greet (peer);
  connection = mock_open (peer);
  watch (connection, &end);
  mock_hang_up (peer);
  await_end (connection, &end);
  g_assert_error (end.error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_null (qmp_connection_execute_json (connection, "x", NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_cmpstr (error->message, ==, end.error->message);
  g_clear_error (&end.error);
}

static void
test_hang_up_in_message (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  End end;

  mock_greet (peer);
  connection = mock_open (peer);
  watch (connection, &end);
  mock_send (peer, "{\"event\": \"STOP\"}\r\n{\"event\": \"RES");
  mock_hang_up (peer);
  await_end (connection, &end);
  g_assert_error (end.error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_nonnull (strstr (end.error->message, "in the middle of a message"));
  g_assert_cmpuint (end.n_events, ==, 1);
  g_clear_error (&end.error);
}

/* Bytes that it did not read make a reset of the end; what it said before
 * counts all the same. */
static void
test_reset (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autofree char *result = NULL;
  g_auto (Await) first = { 0 }, second = { 0 };
  g_autoptr (GError) error = NULL, other = NULL;
  End end;

  mock_greet (peer);
  mock_expect (peer, "x");
  mock_pause (peer);
  mock_return (peer, "{\"last\": \"words\"}");
  mock_hang_up (peer);
  connection = mock_open (peer);
  watch (connection, &end);
  qmp_connection_execute_json_async (connection, "x", NULL, NULL, await_callback, &first);
  qmp_connection_execute_json_async (connection, "y", NULL, NULL, await_callback, &second);
  mock_await (peer);
  mock_go_on (peer);
  mock_await (peer);
  result = qmp_connection_execute_json_finish (connection, await (&first), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (result, ==, "{\"last\": \"words\"}");
  g_assert_null (qmp_connection_execute_json_finish (connection, await (&second), &other));
  g_assert_error (other, G_IO_ERROR, G_IO_ERROR_CLOSED);
  await_end (connection, &end);
  g_assert_error (end.error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&end.error);
}

/* Writing to one who has gone does not lose what it had said. */
static void
test_write_after_end (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_auto (Await) first = { 0 }, second = { 0 };
  g_autofree char *result = NULL;
  g_autoptr (GError) error = NULL, other = NULL;

  mock_greet (peer);
  mock_expect (peer, "x");
  mock_return (peer, "{\"last\": \"words\"}");
  mock_hang_up (peer);
  connection = mock_open (peer);
  qmp_connection_execute_json_async (connection, "x", NULL, NULL, await_callback, &first);
  mock_await (peer);
  qmp_connection_execute_json_async (connection, "y", NULL, NULL, await_callback, &second);
  result = qmp_connection_execute_json_finish (connection, await (&first), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (result, ==, "{\"last\": \"words\"}");
  g_assert_null (qmp_connection_execute_json_finish (connection, await (&second), &other));
  g_assert_error (other, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static void
test_half_close (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  End end;

  mock_greet (peer);
  connection = mock_open (peer);
  watch (connection, &end);
  mock_event (peer, "STOP", NULL);
  mock_event (peer, "RESUME", NULL);
  mock_stop_writing (peer);
  mock_expect_end (peer);
  await_end (connection, &end);
  g_assert_cmpuint (end.n_events, ==, 2);
  g_assert_error (end.error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  mock_await (peer);
  g_clear_error (&end.error);
}

/* All that waits fails with the first cause, oldest first. */
static void
test_first_cause (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  Await called[12] = { { 0 } };
  End end;

  mock_greet (peer);
  mock_expect (peer, "x");
  mock_pause (peer);
  mock_send (peer, "{\"return\": nonsense}");
  mock_hang_up (peer);
  connection = mock_open (peer);
  watch (connection, &end);
  for (guint i = 0; i < G_N_ELEMENTS (called); i++)
    qmp_connection_execute_json_async (connection, "x", NULL, NULL, await_callback, &called[i]);
  mock_go_on (peer);
  for (guint i = 0; i < G_N_ELEMENTS (called); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (qmp_connection_execute_json_finish (connection, await (&called[i]), &error));
      g_assert_error (error, QMP_ERROR, QMP_ERROR_PROTOCOL);
      g_assert_true (i == 0 || called[i].order == called[i - 1].order + 1);
      await_clear (&called[i]);
    }
  await_end (connection, &end);
  g_assert_error (end.error, QMP_ERROR, QMP_ERROR_PROTOCOL);
  g_clear_error (&end.error);
}

/* --- from this side --------------------------------------------------------------------- */

static void
test_close (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL, later = NULL;
  g_auto (Await) called = { 0 };
  End end;

  mock_greet (peer);
  mock_expect (peer, "x");
  mock_expect_end (peer);
  connection = mock_open (peer);
  watch (connection, &end);
  qmp_connection_execute_json_async (connection, "x", NULL, NULL, await_callback, &called);
  g_assert_true (qmp_connection_close (connection, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (qmp_connection_get_state (connection), ==, QMP_CONNECTION_STATE_CLOSED);
  g_assert_null (qmp_connection_execute_json_finish (connection, await (&called), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  await_end (connection, &end);
  g_assert_no_error (end.error);
  g_assert_null (qmp_connection_execute_json (connection, "y", NULL, NULL, &later));
  g_assert_error (later, G_IO_ERROR, G_IO_ERROR_CLOSED);
  mock_await (peer);
}

static void
test_close_async (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Await) closed = { 0 };
  End end;

  mock_greet (peer);
  mock_expect_end (peer);
  connection = mock_open (peer);
  watch (connection, &end);
  qmp_connection_close_async (connection, NULL, await_callback, &closed);
  g_assert_cmpuint (closed.n_calls, ==, 0);
  g_assert_true (qmp_connection_close_finish (connection, await (&closed), &error));
  g_assert_no_error (error);
  await_end (connection, &end);
  g_assert_no_error (end.error);
}

static void
test_close_twice (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Await) closed = { 0 };
  End end;

  mock_greet (peer);
  connection = mock_open (peer);
  watch (connection, &end);
  g_assert_true (qmp_connection_close (connection, NULL, &error));
  g_assert_true (qmp_connection_close (connection, NULL, &error));
  g_assert_no_error (error);
  await_end (connection, &end);
  qmp_connection_close_async (connection, NULL, await_callback, &closed);
  g_assert_true (qmp_connection_close_finish (connection, await (&closed), &error));
  g_assert_no_error (error);
  await_idle ();
  g_assert_cmpuint (end.n_closed, ==, 1);
}

static void
test_close_after_end (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  End end;

  mock_greet (peer);
  connection = mock_open (peer);
  watch (connection, &end);
  mock_hang_up (peer);
  await_end (connection, &end);
  g_assert_true (qmp_connection_close (connection, NULL, NULL));
  await_idle ();
  g_assert_cmpuint (end.n_closed, ==, 1);
  g_clear_error (&end.error);
}

static void
close_on_event (QmpConnection *connection, QmpEvent *event, gpointer data)
{
  g_assert_true (qmp_connection_close (connection, NULL, NULL));
}

/* Of what was already read, nothing is delivered any more. */
static void
test_close_in_handler (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  End end;

  mock_greet (peer);
  connection = mock_open (peer);
  watch (connection, &end);
  g_signal_connect (connection, "event::SECOND", G_CALLBACK (close_on_event), NULL);
  mock_send (peer, "{\"event\": \"FIRST\"}{\"event\": \"SECOND\"}{\"event\": \"THIRD\"}{\"event\": \"SECOND\"}{\"event\": \"FIFTH\"}");
  await_end (connection, &end);
  g_assert_cmpuint (end.n_events, ==, 2);
  g_assert_no_error (end.error);
}

static void
close_on_reply (GObject *source, GAsyncResult *result, gpointer data)
{
  g_assert_true (qmp_connection_close (QMP_CONNECTION (source), NULL, NULL));
  await_callback (source, result, data);
}

static void
test_close_in_callback (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_auto (Await) first = { 0 }, second = { 0 };
  End end;

  mock_greet (peer);
  mock_expect (peer, "x");
  mock_expect (peer, "y");
  mock_return_to (peer, 0, "{}");
  connection = mock_open (peer);
  watch (connection, &end);
  qmp_connection_execute_json_async (connection, "x", NULL, NULL, close_on_reply, &first);
  qmp_connection_execute_json_async (connection, "y", NULL, NULL, await_callback, &second);
  await (&first);
  await (&second);
  g_free (qmp_connection_execute_json_finish (connection, first.result, NULL));
  g_assert_null (qmp_connection_execute_json_finish (connection, second.result, NULL));
  await_end (connection, &end);
  g_assert_no_error (end.error);
}

/* --- quit ------------------------------------------------------------------------------------ */

static const char *shutdown_event =
  "{\"timestamp\": {\"seconds\": 1, \"microseconds\": 2}, \"event\": \"SHUTDOWN\", \"data\": {\"guest\": false, \"reason\": \"host-qmp-quit\"}}\r\n";
static const char *quit_reply = "{\"return\": {}, \"id\": 0}\r\n";

/* QEMU's last words come in this order, or that, or not at all. */
static void
test_quit_orders (void)
{
  static const char *orders[] = { "sr", "rs", "s", "r", "" };

  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    for (guint reset = 0; reset < 2; reset++)
      for (guint blocking = 0; blocking < 2; blocking++)
        {
          g_autoptr (MockPeer) peer = mock_peer_new ();
          g_autoptr (QmpConnection) connection = NULL;
          g_autoptr (GError) error = NULL;
          g_auto (Await) quit = { 0 }, beside = { 0 };
          End end;

          mock_greet (peer);
          mock_expect (peer, "quit");
          if (reset)
            mock_pause (peer);
          for (const char *p = orders[i]; *p != '\0'; p++)
            mock_send (peer, *p == 's' ? shutdown_event : quit_reply);
          mock_hang_up (peer);
          connection = mock_open (peer);
          watch (connection, &end);
          if (!blocking || reset)
            {
              qmp_connection_quit_async (connection, NULL, await_callback, &quit);
              if (reset)
                {
                  /* a command that it never reads: its end is a reset then */
                  mock_await (peer);
                  qmp_connection_execute_json_async (connection, "query-status", NULL, NULL, await_callback, &beside);
                  mock_go_on (peer);
                }
              g_assert_true (qmp_connection_quit_finish (connection, await (&quit), &error));
            }
          else
            g_assert_true (qmp_connection_quit (connection, NULL, &error));
          g_assert_no_error (error);
          await_end (connection, &end);
          g_assert_no_error (end.error);
          g_assert_cmpuint (end.n_events, ==, strchr (orders[i], 's') != NULL ? 1 : 0);
          if (reset)
            g_assert_null (qmp_connection_execute_json_finish (connection, await (&beside), NULL));
        }
}

/* Also when it was told so by hand. */
static void
test_quit_by_hand (void)
{
  for (guint replies = 0; replies < 2; replies++)
    {
      g_autoptr (MockPeer) peer = mock_peer_new ();
      g_autoptr (QmpConnection) connection = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *result = NULL;
      End end;

      mock_greet (peer);
      mock_expect (peer, "quit");
      if (replies)
        mock_return (peer, "{}");
      mock_hang_up (peer);
      connection = mock_open (peer);
      watch (connection, &end);
      result = qmp_connection_execute_json (connection, "quit", NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (result, ==, "{}");
      await_end (connection, &end);
      g_assert_no_error (end.error);
    }
}

static void
test_quit_refused (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  mock_greet (peer);
  mock_expect (peer, "quit");
  mock_error (peer, "CommandNotFound", "The command quit has not been found");
  connection = mock_open (peer);
  g_assert_false (qmp_connection_quit (connection, NULL, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_COMMAND_NOT_FOUND);
  g_assert_cmpint (qmp_connection_get_state (connection), ==, QMP_CONNECTION_STATE_OPEN);
}

static void
test_quit_cancelled (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Await) quit = { 0 };

  mock_greet (peer);
  mock_expect (peer, "quit");
  connection = mock_open (peer);
  qmp_connection_quit_async (connection, cancellable, await_callback, &quit);
  mock_await (peer);
  g_cancellable_cancel (cancellable);
  g_assert_false (qmp_connection_quit_finish (connection, await (&quit), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_quit_when_closed (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  End end;

  mock_greet (peer);
  connection = mock_open (peer);
  watch (connection, &end);
  mock_hang_up (peer);
  await_end (connection, &end);
  g_assert_false (qmp_connection_quit (connection, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&end.error);
}

/* --- an end that was announced ------------------------------------------------------------------ */

static void
test_announced (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Await) called = { 0 };
  End end;

  mock_greet (peer);
  mock_expect (peer, "x");
  mock_send (peer, shutdown_event);
  mock_hang_up (peer);
  connection = mock_open (peer);
  watch (connection, &end);
  qmp_connection_execute_json_async (connection, "x", NULL, NULL, await_callback, &called);
  g_assert_null (qmp_connection_execute_json_finish (connection, await (&called), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  await_end (connection, &end);
  g_assert_no_error (end.error);
  g_assert_cmpuint (end.n_events, ==, 1);
}

/* With -no-shutdown QEMU stops instead, and a later end is a surprise. */
static void
test_announced_and_withdrawn (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  End end;

  mock_greet (peer);
  connection = mock_open (peer);
  watch (connection, &end);
  mock_send (peer, shutdown_event);
  mock_event (peer, "STOP", NULL);
  mock_hang_up (peer);
  await_end (connection, &end);
  g_assert_error (end.error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&end.error);
}

/* Nonsense after the announcement is nonsense. */
static void
test_announced_then_nonsense (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  End end;

  mock_greet (peer);
  connection = mock_open (peer);
  watch (connection, &end);
  mock_send (peer, shutdown_event);
  mock_send (peer, "qemu: fatal\n");
  await_end (connection, &end);
  g_assert_error (end.error, QMP_ERROR, QMP_ERROR_PROTOCOL);
  g_clear_error (&end.error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/end/hang-up", test_hang_up);
  g_test_add_func ("/end/hang-up/in-message", test_hang_up_in_message);
  g_test_add_func ("/end/reset", test_reset);
  g_test_add_func ("/end/write-after-end", test_write_after_end);
  g_test_add_func ("/end/half-close", test_half_close);
  g_test_add_func ("/end/first-cause", test_first_cause);
  g_test_add_func ("/end/close", test_close);
  g_test_add_func ("/end/close/async", test_close_async);
  g_test_add_func ("/end/close/twice", test_close_twice);
  g_test_add_func ("/end/close/after-end", test_close_after_end);
  g_test_add_func ("/end/close/in-handler", test_close_in_handler);
  g_test_add_func ("/end/close/in-callback", test_close_in_callback);
  g_test_add_func ("/end/quit/orders", test_quit_orders);
  g_test_add_func ("/end/quit/by-hand", test_quit_by_hand);
  g_test_add_func ("/end/quit/refused", test_quit_refused);
  g_test_add_func ("/end/quit/cancelled", test_quit_cancelled);
  g_test_add_func ("/end/quit/when-closed", test_quit_when_closed);
  g_test_add_func ("/end/announced", test_announced);
  g_test_add_func ("/end/announced/and-withdrawn", test_announced_and_withdrawn);
  g_test_add_func ("/end/announced/then-nonsense", test_announced_then_nonsense);
  return g_test_run ();
}
