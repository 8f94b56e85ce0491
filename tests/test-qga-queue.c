/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qga-glib/qga-glib.h>

#include <string.h>

#include "mock/await.h"
#include "mock/open-agent.h"

/* Calls that wait for each other: the agent does one thing at a time. */

static void
assert_times_out (QgaConnection *connection, Await *called, const char *word)
{
  g_autoptr (GError) error = NULL;

  assert_failed (qga_connection_execute_request_finish (connection, await (called), &error), &error, G_IO_ERROR,
                 G_IO_ERROR_TIMED_OUT, word);
}

static void
begin (QgaConnection *connection, const char *command, int timeout, GCancellable *cancellable, Await *called)
{
  g_autoptr (QgaRequest) request = new_request (command, NULL, timeout);

  qga_connection_execute_request_async (connection, request, cancellable, await_callback, called);
}

static void
end (QgaConnection *connection, Await *called)
{
  g_autoptr (GError) error = NULL;

  assert_replied (qga_connection_execute_request_finish (connection, await (called), &error), &error, "{}");
}

/* --- order --------------------------------------------------------------------------- */

static void
test_order (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  Await called[100] = { { 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (called); i++)
    {
      g_autofree char *arguments = g_strdup_printf ("{\"n\":%u}", i);

      qga_connection_execute_json_async (connection, "echo", arguments, NULL, await_callback, &called[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (called); i++)
    {
      g_autofree char *arguments = g_strdup_printf ("{\"n\":%u}", i);
      g_autoptr (GError) error = NULL;

      assert_replied (qga_connection_execute_json_finish (connection, await (&called[i]), &error), &error, arguments);
      g_assert_cmpstr (mock_agent_get_command (agent, "echo", i + 1)->arguments, ==, arguments);
      g_assert_true (i == 0 || called[i].order > called[i - 1].order);
    }
  for (guint i = 0; i < G_N_ELEMENTS (called); i++)
    await_clear (&called[i]);
  assert_orderly (agent);
}

static void
test_one_on_the_line (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_auto (Await) first = { 0 }, second = { 0 };

  mock_agent_hold (agent, "echo");
  begin (connection, "echo", -1, NULL, &first);
  begin (connection, "guest-ping", -1, NULL, &second);
  mock_agent_await (agent, "echo", 1);
  await_idle ();
  g_assert_cmpuint (mock_agent_count (agent, "guest-ping"), ==, 0);
  mock_agent_release (agent, "echo");
  end (connection, &second);
  end (connection, &first);
  assert_orderly (agent);
}

/* --- the bound ------------------------------------------------------------------------- */

static void
test_bound (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaOpenOptions) options = qga_open_options_new ();
  g_autoptr (QgaLimits) limits = qga_limits_new ();
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Await) first = { 0 }, second = { 0 }, third = { 0 }, over = { 0 }, again = { 0 };

  qga_limits_set_pending_calls (limits, 3);
  qga_open_options_set_limits (options, limits);
  connection = open_agent_with (agent, options);
  g_assert_cmpuint (qga_limits_get_pending_calls (qga_connection_get_limits (connection)), ==, 3);
  mock_agent_hold (agent, "echo");
  begin (connection, "echo", -1, NULL, &first);
  begin (connection, "echo", -1, cancellable, &second);
  begin (connection, "echo", -1, NULL, &third);
  begin (connection, "echo", -1, NULL, &over);
  g_assert_cmpuint (over.n_calls, ==, 0);
  assert_failed (qga_connection_execute_request_finish (connection, await (&over), &error), &error, G_IO_ERROR,
                 G_IO_ERROR_BUSY, "3 calls");
  assert_failed (qga_connection_execute_json (connection, "echo", NULL, NULL, &error), &error, G_IO_ERROR, G_IO_ERROR_BUSY,
                 "echo");
  /* one that goes makes room */
  g_cancellable_cancel (cancellable);
  begin (connection, "echo", -1, NULL, &again);
  assert_failed (qga_connection_execute_json (connection, "echo", NULL, NULL, &error), &error, G_IO_ERROR, G_IO_ERROR_BUSY,
                 "echo");
  mock_agent_release (agent, "echo");
  end (connection, &first);
  end (connection, &third);
  end (connection, &again);
  assert_failed (qga_connection_execute_request_finish (connection, await (&second), &error), &error, G_IO_ERROR,
                 G_IO_ERROR_CANCELLED, "echo");
  assert_answers (connection);
  g_assert_cmpuint (mock_agent_count (agent, "echo"), ==, 4);
  assert_orderly (agent);
}

/* Whatever way calls end, the bound counts those alone that wait. */
static void
test_bound_holds (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaOpenOptions) options = qga_open_options_new ();
  g_autoptr (QgaLimits) limits = qga_limits_new ();
  g_autoptr (QgaConnection) connection = NULL;

  qga_limits_set_pending_calls (limits, 2);
  qga_open_options_set_limits (options, limits);
  connection = open_agent_with (agent, options);
  mock_agent_refuse (agent, "no", "GenericError", "no");
  mock_agent_answer (agent, "odd", "\"\\u0000\"");
  for (guint i = 0; i < 10; i++)
    {
      g_autoptr (QgaRequest) slow = new_request ("guest-ping", NULL, 2);
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_auto (Await) first = { 0 }, second = { 0 };

      g_free (qga_connection_execute_json (connection, "no", NULL, NULL, NULL));
      g_free (qga_connection_execute_json (connection, "odd", NULL, NULL, NULL));
      g_free (qga_connection_execute_json (connection, "unknown", NULL, NULL, NULL));
      mock_agent_stay_silent (agent, "guest-ping", 1);
      g_free (qga_connection_execute_request (connection, slow, NULL, NULL));
      begin (connection, "echo", -1, cancellable, &first);
      begin (connection, "echo", -1, cancellable, &second);
      g_cancellable_cancel (cancellable);
      g_assert_null (qga_connection_execute_request_finish (connection, await (&first), NULL));
      g_assert_null (qga_connection_execute_request_finish (connection, await (&second), NULL));
    }
  assert_answers (connection);
  assert_orderly (agent);
}

/* --- leaving the queue -------------------------------------------------------------------- */

static void
test_cancel_queued (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Await) first = { 0 }, second = { 0 }, third = { 0 };

  mock_agent_hold (agent, "echo");
  begin (connection, "echo", -1, NULL, &first);
  begin (connection, "guest-ping", -1, cancellable, &second);
  begin (connection, "guest-get-time", -1, NULL, &third);
  mock_agent_answer (agent, "guest-get-time", "{}");
  mock_agent_await (agent, "echo", 1);
  g_cancellable_cancel (cancellable);
  g_assert_cmpuint (second.n_calls, ==, 0);
  assert_failed (qga_connection_execute_request_finish (connection, await (&second), &error), &error, G_IO_ERROR,
                 G_IO_ERROR_CANCELLED, "guest-ping");
  mock_agent_release (agent, "echo");
  end (connection, &first);
  end (connection, &third);
  /* no trace of it, and no step lost */
  g_assert_cmpuint (mock_agent_count (agent, "guest-ping"), ==, 0);
  g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 1);
  assert_orderly (agent);
}

static gpointer
cancel_in_thread (gpointer data)
{
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_cancel_from_thread (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Await) first = { 0 }, second = { 0 };

  mock_agent_hold (agent, "echo");
  begin (connection, "echo", -1, cancellable, &first);
  begin (connection, "guest-ping", -1, cancellable, &second);
  mock_agent_await (agent, "echo", 1);
  g_thread_join (g_thread_new ("canceller", cancel_in_thread, cancellable));
  for (guint i = 0; i < 2; i++)
    assert_failed (qga_connection_execute_request_finish (connection, await (i == 0 ? &first : &second), &error), &error,
                   G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
  mock_agent_release (agent, "echo");
  assert_answers (connection);
  g_assert_cmpuint (mock_agent_count (agent, "guest-ping"), ==, 0);
  g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 2);
  assert_orderly (agent);
}

static void
test_cancelled_before (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Await) called = { 0 };

  g_cancellable_cancel (cancellable);
  assert_failed (qga_connection_execute_json (connection, "guest-ping", NULL, cancellable, &error), &error, G_IO_ERROR,
                 G_IO_ERROR_CANCELLED, "guest-ping");
  begin (connection, "guest-ping", -1, cancellable, &called);
  g_assert_cmpuint (called.n_calls, ==, 0);
  assert_failed (qga_connection_execute_request_finish (connection, await (&called), &error), &error, G_IO_ERROR,
                 G_IO_ERROR_CANCELLED, "guest-ping");
  assert_answers (connection);
  g_assert_cmpuint (mock_agent_count (agent, "guest-ping"), ==, 0);
  g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 1);
}

/* A reply that has come stays a reply. */
static void
test_cancelled_after_reply (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Await) called = { 0 };

  begin (connection, "echo", -1, cancellable, &called);
  assert_answers (connection);  /* reads the other's reply, too */
  g_cancellable_cancel (cancellable);
  end (connection, &called);
  g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 1);
}

static void
cancel_in_callback (GObject *source, GAsyncResult *result, gpointer data)
{
  g_cancellable_cancel (g_task_get_cancellable (G_TASK (result)));
  await_callback (source, result, data);
}

static void
test_cancel_in_callback (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Await) first = { 0 }, second = { 0 };

  qga_connection_execute_json_async (connection, "guest-ping", NULL, cancellable, cancel_in_callback, &first);
  mock_agent_hold (agent, "echo");
  qga_connection_execute_json_async (connection, "echo", NULL, cancellable, await_callback, &second);
  assert_replied (qga_connection_execute_json_finish (connection, await (&first), &error), &error, "{}");
  assert_failed (qga_connection_execute_json_finish (connection, await (&second), &error), &error, G_IO_ERROR,
                 G_IO_ERROR_CANCELLED, "echo");
  g_cancellable_reset (cancellable);
  mock_agent_release (agent, "echo");
  assert_replied (qga_connection_execute_json (connection, "echo", NULL, cancellable, &error), &error, "{}");
  assert_orderly (agent);
}

/* --- deadlines ------------------------------------------------------------------------------- */

static void
test_deadline_queued (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_auto (Await) first = { 0 }, second = { 0 }, third = { 0 };

  mock_agent_hold (agent, "echo");
  begin (connection, "echo", G_MAXINT, NULL, &first);
  begin (connection, "guest-ping", 20, NULL, &second);
  begin (connection, "guest-ping", 10, NULL, &third);
  assert_times_out (connection, &second, "not even sent");
  assert_times_out (connection, &third, "not even sent");
  g_assert_cmpuint (third.order, <, second.order);
  g_assert_true (qga_connection_get_responsive (connection));
  mock_agent_release (agent, "echo");
  end (connection, &first);
  assert_answers (connection);
  g_assert_cmpuint (mock_agent_count (agent, "guest-ping"), ==, 0);
  g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 1);
  assert_orderly (agent);
}

static void
test_deadline_at_once (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaRequest) request = new_request ("guest-ping", NULL, 0);
  g_autoptr (GError) error = NULL;
  g_auto (Await) called = { 0 };

  mock_agent_hold (agent, "guest-ping");
  assert_failed (qga_connection_execute_request (connection, request, NULL, &error), &error, G_IO_ERROR,
                 G_IO_ERROR_TIMED_OUT, "guest-ping");
  begin (connection, "guest-ping", 0, NULL, &called);
  g_assert_cmpuint (called.n_calls, ==, 0);
  assert_times_out (connection, &called, "guest-ping");
  mock_agent_release (agent, "guest-ping");
  assert_answers (connection);
  assert_orderly (agent);
}

/* The call on the line belongs to somebody who does not look: its deadline
 * passes all the same, since others wait for the line. */
static void
test_sleeper_and_loop (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_auto (Await) sleeper = { 0 }, next = { 0 };

  mock_agent_hold (agent, "echo");
  g_main_context_push_thread_default (context);
  begin (connection, "echo", 30, NULL, &sleeper);
  g_main_context_pop_thread_default (context);
  begin (connection, "guest-ping", -1, NULL, &next);
  mock_agent_await_syncs (agent, 2);
  mock_agent_release (agent, "echo");
  end (connection, &next);
  g_assert_cmpuint (sleeper.n_calls, ==, 0);
  g_main_context_push_thread_default (context);
  assert_times_out (connection, &sleeper, "echo");
  g_main_context_pop_thread_default (context);
  assert_orderly (agent);
}

static gpointer
release_when_synced (gpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  mock_agent_await_syncs (data, 2);
  mock_agent_release (data, "echo");
  g_main_context_pop_thread_default (context);
  return NULL;
}

/* In a thread that blocks, nobody runs the owner's context either. */
typedef struct
{
  MockAgent *agent;
  QgaConnection *connection;
} Pair;

static gpointer
block_in_thread (gpointer data)
{
  Pair *pair = data;
  GThread *releaser = g_thread_new ("releaser", release_when_synced, pair->agent);
  g_autoptr (GError) error = NULL;

  assert_replied (qga_connection_execute_json (pair->connection, "guest-ping", NULL, NULL, &error), &error, "{}");
  g_thread_join (releaser);
  return NULL;
}

static void
test_sleeper_and_thread (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  Pair pair = { agent, connection };
  g_auto (Await) sleeper = { 0 };

  mock_agent_hold (agent, "echo");
  begin (connection, "echo", 30, NULL, &sleeper);
  g_thread_join (g_thread_new ("blocker", block_in_thread, &pair));
  g_assert_cmpuint (sleeper.n_calls, ==, 0);
  assert_times_out (connection, &sleeper, "echo");
  assert_orderly (agent);
}

/* --- threads and contexts ------------------------------------------------------------------------ */

typedef struct
{
  QgaConnection *connection;
  guint number;
  gboolean blocks;
  gboolean done;
} Worker;

static char *
call_once (Worker *worker, const char *arguments, GError **error)
{
  g_auto (Await) called = { 0 };
  char *reply;

  if (worker->blocks)
    return qga_connection_execute_json (worker->connection, "echo", arguments, NULL, error);
  qga_connection_execute_json_async (worker->connection, "echo", arguments, NULL, await_callback, &called);
  g_assert_cmpuint (called.n_calls, ==, 0);
  reply = qga_connection_execute_json_finish (worker->connection, await (&called), error);
  g_assert_true (called.thread == g_thread_self ());
  g_assert_true (called.context == g_main_context_get_thread_default ());
  return reply;
}

static gboolean
set_true (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static gpointer
work (gpointer data)
{
  Worker *worker = data;
  g_autoptr (GMainContext) context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *arguments = g_strdup_printf ("{\"nonce\":\"%u-%u\"}", worker->number, i);
      g_autoptr (GError) error = NULL;

      assert_replied (call_once (worker, arguments, &error), &error, arguments);
    }
  g_main_context_pop_thread_default (context);
  g_main_context_invoke (NULL, set_true, &worker->done);
  return NULL;
}

static void
run_workers (gboolean owner_runs)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  Worker workers[6];
  GThread *threads[6];

  for (guint i = 0; i < 6; i++)
    {
      workers[i] = (Worker) { connection, i, !owner_runs || i % 2 == 0, FALSE };
      threads[i] = g_thread_new ("worker", work, &workers[i]);
    }
  for (guint i = 0; i < 6; i++)
    {
      if (owner_runs)
        await_true (&workers[i].done);
      g_thread_join (threads[i]);
    }
  await_idle ();
  g_assert_cmpuint (mock_agent_count (agent, "echo"), ==, 1200);
  g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 1);
  assert_orderly (agent);
}

static void
test_threads (void)
{
  run_workers (TRUE);
}

static void
test_threads_without_owner (void)
{
  run_workers (FALSE);
}

/* A guest that boots while only a thread waits, and blocks. */
static gpointer
answer_in_thread (gpointer data)
{
  assert_answers (data);
  return NULL;
}

static void
test_boots_without_owner (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaRequest) request = new_request ("guest-ping", NULL, 5);
  g_autoptr (GError) error = NULL;

  mock_agent_be_absent (agent, MOCK_AGENT_LOSES, 2);
  assert_failed (qga_connection_execute_request (connection, request, NULL, &error), &error, G_IO_ERROR,
                 G_IO_ERROR_TIMED_OUT, "guest-ping");
  g_thread_join (g_thread_new ("blocker", answer_in_thread, connection));
  assert_orderly (agent);
}

/* A context that nobody runs any more harms nobody; replies pile up there
 * only so far. */
static void
test_context_never_run (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autofree char *filler = g_strnfill (3 * 1024 * 1024, 'x');
  g_autofree char *reply = g_strdup_printf ("\"%s\"", filler);
  Await called[6] = { { 0 } };
  guint n_replied = 0;

  mock_agent_answer (agent, "large", reply);
  g_main_context_push_thread_default (context);
  for (guint i = 0; i < 6; i++)
    begin (connection, "large", -1, NULL, &called[i]);
  g_main_context_pop_thread_default (context);
  mock_agent_await (agent, "large", 6);
  assert_answers (connection);
  g_main_context_push_thread_default (context);
  for (guint i = 0; i < 6; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *got = NULL;

      g_assert_cmpuint (called[i].n_calls, ==, i > 0 ? 1 : 0);
      got = qga_connection_execute_request_finish (connection, await (&called[i]), &error);
      n_replied += got != NULL;
      g_assert_true (got != NULL || g_error_matches (error, QGA_ERROR, QGA_ERROR_TOO_LARGE));
    }
  g_main_context_pop_thread_default (context);
  for (guint i = 0; i < 6; i++)
    await_clear (&called[i]);
  g_assert_cmpuint (n_replied, ==, 2);
  assert_orderly (agent);
}

/* Or that is gone before the reply is there. */
static void
test_context_gone (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  GMainContext *context = g_main_context_new ();
  Await never = { 0 };

  g_main_context_push_thread_default (context);
  begin (connection, "echo", -1, NULL, &never);
  g_main_context_pop_thread_default (context);
  g_main_context_unref (context);
  assert_answers (connection);
  g_assert_cmpuint (never.n_calls, ==, 0);
  qga_connection_close (connection, NULL, NULL);
}

/* --- within a callback ------------------------------------------------------------------------------ */

typedef struct
{
  GString *log;
  guint n_done;
} Inner;

static void
call_again (GObject *source, GAsyncResult *result, gpointer data)
{
  Inner *inner = data;
  g_autofree char *reply = qga_connection_execute_json_finish (QGA_CONNECTION (source), result, NULL);

  g_string_append (inner->log, reply);
  if (inner->n_done++ == 0)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *blocked = qga_connection_execute_json (QGA_CONNECTION (source), "echo", "{\"blocks\":1}", NULL, &error);

      g_assert_no_error (error);
      g_string_append (inner->log, blocked);
      qga_connection_execute_json_async (QGA_CONNECTION (source), "echo", "{\"n\":3}", NULL, call_again, data);
    }
}

/* Calls in a callback, one that blocks among them: in their order, and what
 * was read meanwhile for others is not lost. */
static void
test_in_callback (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (GString) log = g_string_new (NULL);
  Inner inner = { log, 0 };

  qga_connection_execute_json_async (connection, "echo", "{\"n\":1}", NULL, call_again, &inner);
  qga_connection_execute_json_async (connection, "echo", "{\"n\":2}", NULL, call_again, &inner);
  while (inner.n_done < 3)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (log->str, ==, "{\"n\":1}{\"blocks\":1}{\"n\":2}{\"n\":3}");
  assert_orderly (agent);
}

static void
run_loop (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree char *reply = qga_connection_execute_json_finish (QGA_CONNECTION (source), result, NULL);
  g_auto (Await) called = { 0 };

  qga_connection_execute_json_async (QGA_CONNECTION (source), "echo", "{\"inner\":1}", NULL, await_callback, &called);
  await (&called);
  g_free (qga_connection_execute_json_finish (QGA_CONNECTION (source), called.result, NULL));
  *(gboolean *) data = TRUE;
}

static void
test_loop_in_callback (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_auto (Await) second = { 0 };
  gboolean done = FALSE;

  qga_connection_execute_json_async (connection, "echo", NULL, NULL, run_loop, &done);
  begin (connection, "echo", -1, NULL, &second);
  await_true (&done);
  end (connection, &second);
  assert_orderly (agent);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/qga/queue/order", test_order);
  g_test_add_func ("/qga/queue/one-on-the-line", test_one_on_the_line);
  g_test_add_func ("/qga/queue/bound", test_bound);
  g_test_add_func ("/qga/queue/bound/holds", test_bound_holds);
  g_test_add_func ("/qga/queue/cancel", test_cancel_queued);
  g_test_add_func ("/qga/queue/cancel/from-thread", test_cancel_from_thread);
  g_test_add_func ("/qga/queue/cancel/before", test_cancelled_before);
  g_test_add_func ("/qga/queue/cancel/after-reply", test_cancelled_after_reply);
  g_test_add_func ("/qga/queue/cancel/in-callback", test_cancel_in_callback);
  g_test_add_func ("/qga/queue/deadline", test_deadline_queued);
  g_test_add_func ("/qga/queue/deadline/at-once", test_deadline_at_once);
  g_test_add_func ("/qga/queue/deadline/of-sleeper/loop", test_sleeper_and_loop);
  g_test_add_func ("/qga/queue/deadline/of-sleeper/thread", test_sleeper_and_thread);
  g_test_add_func ("/qga/queue/threads", test_threads);
  g_test_add_func ("/qga/queue/threads/without-owner", test_threads_without_owner);
  g_test_add_func ("/qga/queue/threads/boots-without-owner", test_boots_without_owner);
  g_test_add_func ("/qga/queue/context/never-run", test_context_never_run);
  g_test_add_func ("/qga/queue/context/gone", test_context_gone);
  g_test_add_func ("/qga/queue/in-callback", test_in_callback);
  g_test_add_func ("/qga/queue/in-callback/loop", test_loop_in_callback);
  return g_test_run ();
}
