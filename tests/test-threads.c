/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include "mock/await.h"
#include "mock/mock-peer.h"

static char *
answer_with_arguments (MockPeer *peer, const MockCommand *command, gpointer data)
{
  return mock_make_return (command, command->arguments != NULL ? command->arguments : "{}");
}

/* --- blocking, while nobody runs the owner's loop ----------------------------------- */

typedef struct
{
  QmpConnection *connection;
  guint number;
  guint n_calls;
} Worker;

static gpointer
block_many_times (gpointer data)
{
  Worker *worker = data;

  for (guint i = 0; i < worker->n_calls; i++)
    {
      g_autofree char *arguments = g_strdup_printf ("{\"nonce\":%u}", worker->number * 100000 + i);
      g_autoptr (GError) error = NULL;
      g_autofree char *result = qmp_connection_execute_json (worker->connection, "echo", arguments, NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (result, ==, arguments);
    }
  return NULL;
}

static void
run_workers (QmpConnection *connection, guint n_workers, guint n_calls, gboolean run_loop)
{
  Worker workers[8];
  GThread *threads[8];

  for (guint i = 0; i < n_workers; i++)
    {
      workers[i] = (Worker) { connection, i, n_calls };
      threads[i] = g_thread_new ("worker", block_many_times, &workers[i]);
    }
  if (run_loop)
    {
      Worker own = { connection, 99, n_calls };

      for (guint i = 0; i < n_calls; i++)
        {
          g_auto (Await) called = { 0 };

          qmp_connection_execute_json_async (connection, "echo", "{\"nonce\":7}", NULL, await_callback, &called);
          g_free (qmp_connection_execute_json_finish (connection, await (&called), NULL));
        }
      own.n_calls = 10;
      block_many_times (&own);
    }
  for (guint i = 0; i < n_workers; i++)
    g_thread_join (threads[i]);
}

static void
test_block_with_stopped_owner (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;

  mock_greet (peer);
  mock_answer_all (peer, answer_with_arguments, NULL);
  connection = mock_open (peer);
  run_workers (connection, 1, 200, FALSE);
}

static void
test_block_in_many_threads (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;

  mock_greet (peer);
  mock_answer_all (peer, answer_with_arguments, NULL);
  connection = mock_open (peer);
  run_workers (connection, 8, 300, FALSE);
}

static void
test_block_beside_running_owner (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;

  mock_greet (peer);
  mock_answer_all (peer, answer_with_arguments, NULL);
  connection = mock_open (peer);
  run_workers (connection, 4, 300, TRUE);
}

/* --- callbacks come back where they belong --------------------------------------------- */

typedef struct
{
  QmpConnection *connection;
  guint n_calls;
} Visitor;

static gpointer
call_from_own_context (gpointer data)
{
  Visitor *visitor = data;
  g_autoptr (GMainContext) context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  for (guint i = 0; i < visitor->n_calls; i++)
    {
      g_auto (Await) called = { 0 };
      g_autofree char *arguments = g_strdup_printf ("{\"nonce\":%u}", g_random_int ());
      g_autofree char *result = NULL;

      qmp_connection_execute_json_async (visitor->connection, "echo", arguments, NULL, await_callback, &called);
      g_assert_cmpuint (called.n_calls, ==, 0);
      result = qmp_connection_execute_json_finish (visitor->connection, await (&called), NULL);
      g_assert_cmpstr (result, ==, arguments);
      g_assert_true (called.thread == g_thread_self ());
      g_assert_true (called.context == context);
    }
  g_main_context_pop_thread_default (context);
  return NULL;
}

static gpointer
join_visitors (gpointer data)
{
  GThread **threads = data;

  for (guint i = 0; i < 4; i++)
    g_thread_join (threads[i]);
  return NULL;
}

static gboolean
set_true (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

typedef struct
{
  GThread *threads[4];
  gboolean done;
} Visit;

static gpointer
wait_for_visitors (gpointer data)
{
  Visit *visit = data;

  join_visitors (visit->threads);
  g_main_context_invoke (NULL, set_true, &visit->done);
  return NULL;
}

static void
test_other_contexts (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  Visitor visitor = { NULL, 300 };
  Visit visit = { 0 };
  GThread *waiter;

  mock_greet (peer);
  mock_answer_all (peer, answer_with_arguments, NULL);
  visitor.connection = connection = mock_open (peer);
  for (guint i = 0; i < 4; i++)
    visit.threads[i] = g_thread_new ("visitor", call_from_own_context, &visitor);
  waiter = g_thread_new ("waiter", wait_for_visitors, &visit);
  await_true (&visit.done);
  g_thread_join (waiter);
}

/* A connection lives where it was opened, not where it is used. */
static void
note_thread (QmpConnection *connection, QmpEvent *event, GThread **thread)
{
  *thread = g_thread_self ();
}

static gpointer
block_once (gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_free (qmp_connection_execute_json (data, "x", NULL, NULL, &error));
  g_assert_no_error (error);
  return NULL;
}

static void
test_events_stay_at_home (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  GThread *thread = NULL;

  mock_greet (peer);
  mock_expect (peer, "x");
  mock_event (peer, "STOP", NULL);
  mock_return (peer, "{}");
  connection = mock_open (peer);
  g_signal_connect (connection, "event", G_CALLBACK (note_thread), &thread);
  g_thread_join (g_thread_new ("blocker", block_once, connection));
  g_assert_null (thread);
  while (thread == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (thread == g_thread_self ());
}

/* A context that nobody runs any more harms nobody. */
static void
test_context_never_run (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_auto (Await) never = { 0 };

  mock_greet (peer);
  mock_expect (peer, "x");
  mock_return (peer, "{}");
  mock_expect (peer, "y");
  mock_return (peer, "{}");
  connection = mock_open (peer);
  g_main_context_push_thread_default (context);
  qmp_connection_execute_json_async (connection, "x", NULL, NULL, await_callback, &never);
  g_main_context_pop_thread_default (context);
  g_free (qmp_connection_execute_json (connection, "y", NULL, NULL, NULL));
  g_assert_cmpuint (never.n_calls, ==, 0);
  while (never.n_calls == 0)
    g_main_context_iteration (context, TRUE);
  g_assert_true (never.context == NULL || never.context == context);
}

/* --- many connections at once ------------------------------------------------------------- */

static gpointer
live_a_life (gpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (MockPeer) peer = mock_peer_new ();
      g_autoptr (QmpConnection) connection = NULL;
      g_auto (Await) called = { 0 };

      mock_greet (peer);
      mock_answer_all (peer, answer_with_arguments, NULL);
      connection = mock_open (peer);
      qmp_connection_execute_json_async (connection, "x", "{\"a\":1}", NULL, await_callback, &called);
      g_free (qmp_connection_execute_json_finish (connection, await (&called), NULL));
      g_assert_true (called.context == context);
      g_free (qmp_connection_execute_json (connection, "y", "{\"b\":2}", NULL, NULL));
      qmp_connection_close (connection, NULL, NULL);
    }
  g_main_context_pop_thread_default (context);
  return NULL;
}

static void
test_many_connections (void)
{
  GThread *threads[8];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("life", live_a_life, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

/* A blocked caller hears of a close in another thread. */
static gpointer
close_when_sent (gpointer data)
{
  gpointer *both = data;

  mock_await (both[0]);
  g_assert_true (qmp_connection_close (both[1], NULL, NULL));
  return NULL;
}

static void
test_close_ends_blocked_call (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  gpointer both[2];
  GThread *thread;

  mock_greet (peer);
  mock_expect (peer, "x");
  connection = mock_open (peer);
  both[0] = peer;
  both[1] = connection;
  thread = g_thread_new ("closer", close_when_sent, both);
  g_assert_null (qmp_connection_execute_json (connection, "x", NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_thread_join (thread);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/threads/block/with-stopped-owner", test_block_with_stopped_owner);
  g_test_add_func ("/threads/block/in-many", test_block_in_many_threads);
  g_test_add_func ("/threads/block/beside-running-owner", test_block_beside_running_owner);
  g_test_add_func ("/threads/block/close", test_close_ends_blocked_call);
  g_test_add_func ("/threads/other-contexts", test_other_contexts);
  g_test_add_func ("/threads/events-stay-at-home", test_events_stay_at_home);
  g_test_add_func ("/threads/context-never-run", test_context_never_run);
  g_test_add_func ("/threads/many-connections", test_many_connections);
  return g_test_run ();
}
