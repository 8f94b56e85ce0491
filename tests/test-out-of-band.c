/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include "mock/await.h"
#include "mock/mock-peer.h"

#define MANY 20

static void
start (QmpConnection *connection, const char *command, Await *called)
{
  qmp_connection_execute_json_async (connection, command, NULL, NULL, await_callback, called);
}

static void
start_out_of_band (QmpConnection *connection, const char *command, Await *called)
{
  g_autoptr (QmpRequest) request = qmp_request_new (command);

  qmp_request_set_out_of_band (request, TRUE);
  qmp_connection_execute_request_async (connection, request, NULL, await_callback, called);
}

static void
assert_returned (QmpConnection *connection, Await *called)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *result = qmp_connection_execute_json_finish (connection, await (called), &error);

  g_assert_no_error (error);
  g_assert_nonnull (result);
  await_clear (called);
}

static void
expect_many (MockPeer *peer, const char *command, guint n)
{
  for (guint i = 0; i < n; i++)
    mock_expect (peer, command);
}

/* Nine in-band commands would make QEMU stop reading, and an out-of-band one
 * behind them would wait with them. */
static void
test_window (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  Await called[MANY] = { { 0 } }, yank = { 0 };
  g_autoptr (QmpValue) yanked = NULL;

  mock_greet (peer);
  expect_many (peer, "slow", 8);
  mock_expect (peer, "yank");  /* as the ninth, for all that wait before it */
  mock_return (peer, "{}");
  connection = mock_open (peer);
  for (guint i = 0; i < MANY; i++)
    start (connection, "slow", &called[i]);
  start_out_of_band (connection, "yank", &yank);
  yanked = qmp_connection_execute_request_finish (connection, await (&yank), NULL);
  g_assert_nonnull (yanked);
  g_assert_cmpuint (called[0].n_calls, ==, 0);
  g_assert_true (mock_get_command (peer, 8)->out_of_band);
  g_assert_cmpstr (mock_get_command (peer, 8)->text, ==, "{\"exec-oob\":\"yank\",\"id\":20}");
  for (guint i = 0; i < MANY; i++)
    {
      mock_return_to (peer, i < 8 ? i : i + 1, "{}");
      if (i + 8 < MANY)
        mock_expect (peer, "slow");
    }
  for (guint i = 0; i < MANY; i++)
    assert_returned (connection, &called[i]);
  await_clear (&yank);
}

/* Out-of-band replies overtake in-band ones, also without a queue. */
static void
test_overtakes (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_auto (Await) slow = { 0 }, quick = { 0 };
  g_autoptr (QmpValue) value = NULL;

  mock_greet (peer);
  mock_expect (peer, "slow");
  mock_expect (peer, "yank");
  mock_return_to (peer, 1, "{}");
  mock_return_to (peer, 0, "{}");
  connection = mock_open (peer);
  start (connection, "slow", &slow);
  start_out_of_band (connection, "yank", &quick);
  await (&slow);
  value = qmp_connection_execute_request_finish (connection, await (&quick), NULL);
  g_assert_nonnull (value);
  g_assert_cmpuint (quick.order, <, slow.order);
  g_free (qmp_connection_execute_json_finish (connection, slow.result, NULL));
}

/* Out-of-band commands take no place of the eight. */
static void
test_takes_no_place (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  Await called[8] = { { 0 } }, yanks[10] = { { 0 } };

  mock_greet (peer);
  expect_many (peer, "yank", 10);
  expect_many (peer, "slow", 8);
  for (guint i = 0; i < 18; i++)
    mock_return_to (peer, 17 - i, "{}");
  connection = mock_open (peer);
  for (guint i = 0; i < 10; i++)
    start_out_of_band (connection, "yank", &yanks[i]);
  for (guint i = 0; i < 8; i++)
    start (connection, "slow", &called[i]);
  for (guint i = 0; i < 8; i++)
    assert_returned (connection, &called[i]);
  for (guint i = 0; i < 10; i++)
    {
      g_autoptr (QmpValue) value = qmp_connection_execute_request_finish (connection, await (&yanks[i]), NULL);

      g_assert_nonnull (value);
      await_clear (&yanks[i]);
    }
}

/* A call that was given up keeps its place until QEMU has answered it. */
static void
test_given_up_keeps_place (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Await called[9] = { { 0 } };

  mock_greet (peer);
  expect_many (peer, "slow", 8);
  mock_pause (peer);
  connection = mock_open (peer);
  for (guint i = 0; i < 9; i++)
    qmp_connection_execute_json_async (connection, "slow", NULL, i < 8 ? cancellable : NULL, await_callback, &called[i]);
  mock_await (peer);
  g_cancellable_cancel (cancellable);
  for (guint i = 0; i < 8; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (qmp_connection_execute_json_finish (connection, await (&called[i]), &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      await_clear (&called[i]);
    }
  /* nothing more may have been sent: the next line would read it */
  mock_return_to (peer, 3, "{}");
  mock_expect (peer, "slow");
  mock_return_to (peer, 8, "{}");
  mock_go_on (peer);
  assert_returned (connection, &called[8]);
  g_assert_cmpuint (qmp_connection_get_stray_messages (connection), ==, 1);
}

/* One that was never sent leaves the queue and no trace. */
static void
test_cancelled_in_queue (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Await called[10] = { { 0 } };

  mock_greet (peer);
  expect_many (peer, "slow", 8);
  mock_pause (peer);
  for (guint i = 0; i < 8; i++)
    mock_return_to (peer, i, "{}");
  mock_expect (peer, "last");
  mock_return (peer, "{}");
  connection = mock_open (peer);
  for (guint i = 0; i < 8; i++)
    start (connection, "slow", &called[i]);
  qmp_connection_execute_json_async (connection, "never", NULL, cancellable, await_callback, &called[8]);
  start (connection, "last", &called[9]);
  g_cancellable_cancel (cancellable);
  g_assert_null (qmp_connection_execute_json_finish (connection, await (&called[8]), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  await_clear (&called[8]);
  mock_go_on (peer);
  for (guint i = 0; i < 10; i++)
    if (i != 8)
      assert_returned (connection, &called[i]);
  g_assert_cmpuint (qmp_connection_get_stray_messages (connection), ==, 0);
}

static void
test_not_offered (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpRequest) request = qmp_request_new ("yank");
  g_autoptr (GError) error = NULL;

  mock_greet_plainly (peer);
  connection = mock_open (peer);
  qmp_request_set_out_of_band (request, TRUE);
  g_assert_null (qmp_connection_execute_request (connection, request, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_assert_cmpint (qmp_connection_get_state (connection), ==, QMP_CONNECTION_STATE_OPEN);
}

/* Without out-of-band commands QEMU takes one after the other, and nothing
 * need be held back. */
static void
test_no_window_without (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  Await called[MANY] = { { 0 } };

  mock_greet_plainly (peer);
  expect_many (peer, "x", MANY);
  for (guint i = 0; i < MANY; i++)
    mock_return_to (peer, i, "{}");
  connection = mock_open (peer);
  for (guint i = 0; i < MANY; i++)
    start (connection, "x", &called[i]);
  for (guint i = 0; i < MANY; i++)
    assert_returned (connection, &called[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/out-of-band/window", test_window);
  g_test_add_func ("/out-of-band/overtakes", test_overtakes);
  g_test_add_func ("/out-of-band/takes-no-place", test_takes_no_place);
  g_test_add_func ("/out-of-band/given-up-keeps-place", test_given_up_keeps_place);
  g_test_add_func ("/out-of-band/cancelled-in-queue", test_cancelled_in_queue);
  g_test_add_func ("/out-of-band/not-offered", test_not_offered);
  g_test_add_func ("/out-of-band/no-window-without", test_no_window_without);
  return g_test_run ();
}
