/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qga-glib/qga-glib.h>

#include <dirent.h>
#include <string.h>

#include "mock/await.h"
#include "mock/open-agent.h"

/* How connections end, and what becomes of what waits then. */

typedef struct
{
  guint n_closed;
  guint n_state;
  gboolean state_was_first;
  GError *error;
  guint order;           /* by await_callback's count */
} Ending;

static void
note_state (QgaConnection *connection, GParamSpec *pspec, Ending *ending)
{
  ending->n_state++;
  ending->state_was_first = ending->n_closed == 0;
  g_assert_cmpint (qga_connection_get_state (connection), ==, QGA_CONNECTION_STATE_CLOSED);
}

static void
note_closed (QgaConnection *connection, GError *error, Ending *ending)
{
  Await now = { 0 };
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);

  g_assert_cmpuint (++ending->n_closed, ==, 1);
  ending->error = error != NULL ? g_error_copy (error) : NULL;
  await_callback (NULL, G_ASYNC_RESULT (task), &now);
  ending->order = now.order;
  await_clear (&now);
}

static void
watch_end (QgaConnection *connection, Ending *ending)
{
  g_signal_connect (connection, "notify::state", G_CALLBACK (note_state), ending);
  g_signal_connect (connection, "closed", G_CALLBACK (note_closed), ending);
}

static void
await_end (Ending *ending)
{
  while (ending->n_closed == 0)
    g_main_context_iteration (NULL, TRUE);
  await_idle ();
  g_assert_cmpuint (ending->n_closed, ==, 1);
  g_assert_cmpuint (ending->n_state, ==, 1);
  g_assert_true (ending->state_was_first);
}

/* Three calls: one on the line, two in the queue. */
typedef struct
{
  Await called[3];
} Trio;

static void
begin_trio (MockAgent *agent, QgaConnection *connection, Trio *trio)
{
  mock_agent_hold (agent, "echo");
  for (guint i = 0; i < 3; i++)
    qga_connection_execute_json_async (connection, "echo", "{\"a\":1}", NULL, await_callback, &trio->called[i]);
  mock_agent_await (agent, "echo", 1);
}

/* All failed, in order, and before the end was told. */
static void
assert_trio_failed (QgaConnection *connection, Trio *trio, const Ending *ending, const char *word)
{
  guint last = 0;

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;

      assert_failed (qga_connection_execute_json_finish (connection, await (&trio->called[i]), &error), &error, G_IO_ERROR,
                     G_IO_ERROR_CLOSED, word);
      g_assert_cmpuint (trio->called[i].n_calls, ==, 1);
      g_assert_cmpuint (trio->called[i].order, >, last);
      last = trio->called[i].order;
      await_clear (&trio->called[i]);
    }
  g_assert_cmpuint (ending->order, >, last);
}

/* --- from the other side ----------------------------------------------------------- */

static void
test_agent_hangs_up (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (GError) error = NULL;
  Ending ending = { 0 };
  Trio trio = { 0 };

  watch_end (connection, &ending);
  begin_trio (agent, connection, &trio);
  mock_agent_stop_writing (agent);
  await_end (&ending);
  g_assert_error (ending.error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  assert_trio_failed (connection, &trio, &ending, ending.error->message);
  g_assert_cmpint (qga_connection_get_state (connection), ==, QGA_CONNECTION_STATE_CLOSED);
  g_assert_false (qga_connection_get_agent_present (connection));
  g_assert_false (qga_connection_get_responsive (connection));
  /* what comes too late fails with the same cause */
  assert_failed (qga_connection_execute_json (connection, "x", NULL, NULL, &error), &error, G_IO_ERROR, G_IO_ERROR_CLOSED,
                 ending.error->message);
  qga_connection_close (connection, NULL, NULL);
  await_idle ();
  g_assert_cmpuint (ending.n_closed, ==, 1);
  g_clear_error (&ending.error);
  assert_orderly (agent);
}

/* A socket that breaks is one that has ended. */
static void
test_agent_breaks_off (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  Ending ending = { 0 };
  Trio trio = { 0 };

  watch_end (connection, &ending);
  mock_agent_stall (agent);
  mock_agent_hang_up (agent);
  for (guint i = 0; i < 3; i++)
    qga_connection_execute_json_async (connection, "echo", NULL, NULL, await_callback, &trio.called[i]);
  await_end (&ending);
  g_assert_error (ending.error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  assert_trio_failed (connection, &trio, &ending, ending.error->message);
  g_clear_error (&ending.error);
}

/* What was whole before the end counts; what was not is told apart. */
static void
test_end_in_message (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (GError) error = NULL;
  g_auto (Await) first = { 0 }, second = { 0 };
  Ending ending = { 0 };

  watch_end (connection, &ending);
  mock_agent_answer (agent, "first", "1");
  mock_agent_answer (agent, "second", "2");
  mock_agent_spoil (agent, "second", MOCK_AGENT_CUT, 1);
  qga_connection_execute_json_async (connection, "first", NULL, NULL, await_callback, &first);
  qga_connection_execute_json_async (connection, "second", NULL, NULL, await_callback, &second);
  mock_agent_await (agent, "second", 1);
  mock_agent_stop_writing (agent);
  await_end (&ending);
  assert_replied (qga_connection_execute_json_finish (connection, await (&first), &error), &error, "1");
  assert_failed (qga_connection_execute_json_finish (connection, await (&second), &error), &error, G_IO_ERROR,
                 G_IO_ERROR_CLOSED, "in the middle of a message");
  g_clear_error (&ending.error);
}

/* The end comes after any byte of a conversation: each call ends once. */
static void
end_after (guint length)
{
  static const char text[] = "{\"return\": {\"caf\\u00e9\": \"\xc3\xa9\"}, \"id\": %s}\n";
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autofree char *line = NULL, *reply = NULL;
  g_auto (Await) called = { 0 };
  Ending ending = { 0 };

  watch_end (connection, &ending);
  mock_agent_hold (agent, "echo");
  qga_connection_execute_json_async (connection, "echo", NULL, NULL, await_callback, &called);
  mock_agent_await (agent, "echo", 1);
  line = g_strdup_printf (text, mock_agent_get_command (agent, "echo", 1)->id);
  mock_agent_say_bytes (agent, line, MIN (length, strlen (line)));
  mock_agent_stop_writing (agent);
  reply = qga_connection_execute_json_finish (connection, await (&called), NULL);
  await_end (&ending);
  g_assert_cmpuint (called.n_calls, ==, 1);
  g_assert_true ((reply != NULL) == (length >= strlen (line) - 1));
  g_clear_error (&ending.error);
}

static void
test_end_after_every_byte (void)
{
  for (guint length = 0; length < 70; length++)
    end_after (length);
}

/* --- from our side -------------------------------------------------------------------- */

static void
test_close (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (GError) error = NULL;
  g_auto (Await) closed = { 0 };
  Ending ending = { 0 };
  Trio trio = { 0 };

  watch_end (connection, &ending);
  begin_trio (agent, connection, &trio);
  g_assert_true (qga_connection_close (connection, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (qga_connection_get_state (connection), ==, QGA_CONNECTION_STATE_CLOSED);
  g_assert_cmpuint (ending.n_closed, ==, 0);
  g_assert_true (qga_connection_close (connection, NULL, &error));
  qga_connection_close_async (connection, NULL, await_callback, &closed);
  g_assert_cmpuint (closed.n_calls, ==, 0);
  g_assert_true (qga_connection_close_finish (connection, await (&closed), &error));
  g_assert_no_error (error);
  await_end (&ending);
  g_assert_no_error (ending.error);
  assert_trio_failed (connection, &trio, &ending, "closed");
  assert_failed (qga_connection_execute_json (connection, "x", NULL, NULL, &error), &error, G_IO_ERROR, G_IO_ERROR_CLOSED,
                 "closed");
  mock_agent_await_end (agent);
}

/* Also while it is not in step. */
static void
test_close_while_syncing (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Await) first = { 0 }, second = { 0 };
  Ending ending = { 0 };

  watch_end (connection, &ending);
  mock_agent_hold (agent, "echo");
  qga_connection_execute_json_async (connection, "echo", NULL, cancellable, await_callback, &first);
  qga_connection_execute_json_async (connection, "echo", NULL, NULL, await_callback, &second);
  mock_agent_await (agent, "echo", 1);
  g_cancellable_cancel (cancellable);
  mock_agent_await_syncs (agent, 2);
  qga_connection_close (connection, NULL, NULL);
  assert_failed (qga_connection_execute_json_finish (connection, await (&first), &error), &error, G_IO_ERROR,
                 G_IO_ERROR_CANCELLED, "echo");
  assert_failed (qga_connection_execute_json_finish (connection, await (&second), &error), &error, G_IO_ERROR,
                 G_IO_ERROR_CLOSED, "closed");
  await_end (&ending);
  g_assert_no_error (ending.error);
  mock_agent_await_end (agent);
  g_assert_cmpuint (mock_agent_count (agent, "echo"), ==, 1);
  assert_orderly (agent);
}

static gpointer
close_in_thread (gpointer data)
{
  qga_connection_close (data, NULL, NULL);
  return NULL;
}

static void
test_close_from_thread (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  Ending ending = { 0 };
  Trio trio = { 0 };

  watch_end (connection, &ending);
  begin_trio (agent, connection, &trio);
  g_thread_join (g_thread_new ("closer", close_in_thread, connection));
  g_assert_cmpuint (ending.n_closed, ==, 0);
  await_end (&ending);
  g_assert_no_error (ending.error);
  assert_trio_failed (connection, &trio, &ending, "closed");
}

/* Dispose ends it, whoever still holds references. */
static void
test_dispose (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (GError) error = NULL;
  Ending ending = { 0 };
  Trio trio = { 0 };

  watch_end (connection, &ending);
  begin_trio (agent, connection, &trio);
  g_object_run_dispose (G_OBJECT (connection));
  ending.order = G_MAXUINT;
  assert_trio_failed (connection, &trio, &ending, "dropped");
  await_idle ();
  g_assert_cmpuint (ending.n_closed, ==, 0);
  assert_failed (qga_connection_execute_json (connection, "x", NULL, NULL, &error), &error, G_IO_ERROR, G_IO_ERROR_CLOSED,
                 "dropped");
  mock_agent_await_end (agent);
}

/* --- the last reference ----------------------------------------------------------------- */

static void
unref_on_reply (GObject *source, GAsyncResult *result, gpointer data)
{
  g_free (qga_connection_execute_json_finish (QGA_CONNECTION (source), result, NULL));
  g_object_unref (source);
  *(gboolean *) data = TRUE;
}

static void
test_unref_in_callback (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  QgaConnection *connection = open_agent (agent);
  gpointer weak = connection;
  gboolean done = FALSE;

  g_object_add_weak_pointer (G_OBJECT (connection), &weak);
  qga_connection_execute_json_async (connection, "echo", NULL, NULL, unref_on_reply, &done);
  await_true (&done);
  await_idle ();
  g_assert_null (weak);
  mock_agent_await_end (agent);
}

static void
unref_on_signal (QgaConnection *connection, gpointer any, gboolean *done)
{
  *done = TRUE;
  g_object_unref (connection);
}

static void
test_unref_in_closed_handler (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  QgaConnection *connection = open_agent (agent);
  gpointer weak = connection;
  gboolean done = FALSE;

  g_object_add_weak_pointer (G_OBJECT (connection), &weak);
  g_signal_connect (connection, "closed", G_CALLBACK (unref_on_signal), &done);
  mock_agent_hang_up (agent);
  await_true (&done);
  await_idle ();
  g_assert_null (weak);
}

/* The same for what tells how the agent is: the end tells it, too. */
static void
test_unref_in_notify_handler (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  QgaConnection *connection = open_agent (agent);
  gpointer weak = connection;
  gboolean done = FALSE;

  await_idle ();
  g_object_add_weak_pointer (G_OBJECT (connection), &weak);
  g_signal_connect (connection, "notify::responsive", G_CALLBACK (unref_on_signal), &done);
  mock_agent_hang_up (agent);
  await_true (&done);
  await_idle ();
  g_assert_null (weak);
}

/* A call holds its connection, as every asynchronous operation does its
 * source object. */
static void
test_pending_call_holds (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  QgaConnection *connection = open_agent (agent);
  gpointer weak = connection;
  g_autoptr (GError) error = NULL;
  Await called = { 0 };

  g_object_add_weak_pointer (G_OBJECT (connection), &weak);
  qga_connection_execute_json_async (connection, "echo", "{\"a\":1}", NULL, await_callback, &called);
  g_object_unref (connection);
  g_assert_nonnull (weak);
  assert_replied (qga_connection_execute_json_finish (weak, await (&called), &error), &error, "{\"a\":1}");
  await_clear (&called);
  await_idle ();
  g_assert_null (weak);
  mock_agent_await_end (agent);
}

static gpointer
drop_in_thread (gpointer data)
{
  g_object_unref (data);
  return NULL;
}

static void
test_unref_in_thread (void)
{
  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (MockAgent) agent = mock_agent_new ();
      QgaConnection *connection = open_agent (agent);

      mock_agent_say (agent, "{\"return\": {}}\n{\"return\": {}}\n");
      if (i % 2 == 0)
        await_idle ();
      g_thread_join (g_thread_new ("dropper", drop_in_thread, connection));
      await_idle ();
      mock_agent_await_end (agent);
    }
}

/* --- what is left behind ------------------------------------------------------------------- */

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
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (GIOStream) stream = mock_agent_get_stream (agent);
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (QgaOpenOptions) options = qga_open_options_new ();
  g_auto (Await) called = { 0 };

  teach_echo (agent);
  if (stage == 0)
    mock_agent_hang_up (agent);
  else if (stage == 1)
    {
      mock_agent_stall (agent);
      qga_open_options_set_timeout (options, 1);
    }
  connection = qga_connection_open_stream (stream, options, NULL, NULL);
  g_assert_true ((connection == NULL) == (stage < 2));
  if (stage < 2)
    return;
  if (stage < 5)
    mock_agent_hold (agent, "echo");
  qga_connection_execute_json_async (connection, "echo", NULL, cancellable, await_callback, &called);
  mock_agent_await (agent, "echo", 1);
  if (stage == 2)
    g_cancellable_cancel (cancellable);
  else if (stage == 3)
    mock_agent_hang_up (agent);
  else if (stage == 4)
    qga_connection_close (connection, NULL, NULL);
  await (&called);
  g_free (qga_connection_execute_json_finish (connection, called.result, NULL));
}

/* File descriptors come and go together, wherever a connection ends. */
static void
test_nothing_left_open (void)
{
  guint before;

  for (guint i = 0; i < 6; i++)
    live_and_end (i);
  await_idle ();
  before = count_fds ();
  for (guint i = 0; i < 200; i++)
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
  g_test_add_func ("/qga/end/agent-hangs-up", test_agent_hangs_up);
  g_test_add_func ("/qga/end/agent-breaks-off", test_agent_breaks_off);
  g_test_add_func ("/qga/end/in-message", test_end_in_message);
  g_test_add_func ("/qga/end/after-every-byte", test_end_after_every_byte);
  g_test_add_func ("/qga/end/close", test_close);
  g_test_add_func ("/qga/end/close/while-syncing", test_close_while_syncing);
  g_test_add_func ("/qga/end/close/from-thread", test_close_from_thread);
  g_test_add_func ("/qga/end/dispose", test_dispose);
  g_test_add_func ("/qga/last-reference/in-callback", test_unref_in_callback);
  g_test_add_func ("/qga/last-reference/in-closed-handler", test_unref_in_closed_handler);
  g_test_add_func ("/qga/last-reference/in-notify-handler", test_unref_in_notify_handler);
  g_test_add_func ("/qga/last-reference/in-thread", test_unref_in_thread);
  g_test_add_func ("/qga/last-reference/pending-call-holds", test_pending_call_holds);
  g_test_add_func ("/qga/nothing-left-open", test_nothing_left_open);
  return g_test_run ();
}
