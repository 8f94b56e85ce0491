/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qga-glib/qga-glib.h>

#include "mock/await.h"
#include "mock/fake-monitor.h"
#include "mock/open-agent.h"

/* Many calls from many threads, with an agent that restarts, falls silent and
 * talks nonsense: each call ends once, with its own reply or with an error. */

#define N_CALLS 1500   /* of each thread, at least */
#define N_AT_ONCE 8
#define N_RESTARTS 50

typedef struct
{
  MockAgent *agent;
  FakeMonitor *monitor;  /* or NULL */
  guint32 seed;
  int stop;              /* atomic */
  int n_restarts;        /* atomic */
} Chaos;

/* --- the clients ------------------------------------------------------------------------ */

typedef struct
{
  Chaos *chaos;
  QgaConnection *connection;
  guint number;
  gboolean blocks;
  guint32 seed;
  GRand *rand;
  guint n_begun;
  guint n_ended;
  guint n_replies;
  guint n_cancelled;
  guint n_timed_out;
  guint n_failed;
} Client;

typedef struct
{
  Client *client;
  char *arguments;
  GCancellable *cancellable;
  guint n_ended;
} Call;

static void
take_outcome (Call *call, const char *reply, const GError *error)
{
  Client *client = call->client;

  g_assert_cmpuint (++call->n_ended, ==, 1);
  client->n_ended++;
  if (reply != NULL)
    {
      g_assert_cmpstr (reply, ==, call->arguments);
      client->n_replies++;
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_assert_nonnull (call->cancellable);
      client->n_cancelled++;
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    client->n_timed_out++;
  else
    {
      g_assert_true (error->domain == QGA_ERROR);
      client->n_failed++;
    }
}

/* Once it is over, nobody may speak of it again. */
static void
free_call (Call *call)
{
  g_clear_object (&call->cancellable);
  g_free (call->arguments);
  g_free (call);
}

static void
on_reply (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *reply = qga_connection_execute_request_finish (QGA_CONNECTION (source), result, &error);

  take_outcome (data, reply, error);
  free_call (data);
}

static Call *
new_call (Client *client)
{
  Call *call = g_new0 (Call, 1);

  call->client = client;
  call->arguments = g_strdup_printf ("{\"nonce\":\"%u-%u-%08x\"}", client->number, client->n_begun++, g_rand_int (client->rand));
  if (g_rand_int_range (client->rand, 0, 10) == 0)
    call->cancellable = g_cancellable_new ();
  return call;
}

static gpointer
cancel (gpointer data)
{
  g_autoptr (GCancellable) cancellable = data;

  g_thread_yield ();
  g_cancellable_cancel (cancellable);
  return NULL;
}

/* Here or there, soon or at once. */
static void
cancel_somehow (Client *client, GCancellable *cancellable)
{
  if (cancellable == NULL)
    return;
  if (g_rand_boolean (client->rand))
    g_cancellable_cancel (cancellable);
  else
    g_thread_unref (g_thread_new ("canceller", cancel, g_object_ref (cancellable)));
}

static void
begin_call (Client *client)
{
  Call *call = new_call (client);
  g_autoptr (QgaRequest) request = new_request ("echo", call->arguments, g_rand_int_range (client->rand, 1, 60));
  g_autoptr (GCancellable) cancellable = call->cancellable != NULL ? g_object_ref (call->cancellable) : NULL;

  qga_connection_execute_request_async (client->connection, request, cancellable, on_reply, call);
  cancel_somehow (client, cancellable);
}

static void
call_and_wait (Client *client)
{
  Call *call = new_call (client);
  g_autoptr (QgaRequest) request = new_request ("echo", call->arguments, g_rand_int_range (client->rand, 1, 60));
  g_autoptr (GError) error = NULL;
  g_autofree char *reply = NULL;

  if (call->cancellable != NULL)
    g_thread_unref (g_thread_new ("canceller", cancel, g_object_ref (call->cancellable)));
  reply = qga_connection_execute_request (client->connection, request, call->cancellable, &error);
  take_outcome (call, reply, error);
  free_call (call);
}

static gboolean
has_begun_enough (Client *client)
{
  return client->n_begun >= N_CALLS && g_atomic_int_get (&client->chaos->n_restarts) == N_RESTARTS;
}

static void
run (Client *client)
{
  GMainContext *context = g_main_context_get_thread_default ();

  while (!has_begun_enough (client) || client->n_ended < client->n_begun)
    if (client->blocks)
      call_and_wait (client);
    else if (!has_begun_enough (client) && client->n_begun - client->n_ended < N_AT_ONCE)
      begin_call (client);
    else
      g_main_context_iteration (context, TRUE);
  while (g_main_context_iteration (context, FALSE))
    ;
  g_assert_cmpuint (client->n_ended, ==, client->n_begun);
}

static gpointer
run_client (gpointer data)
{
  Client *client = data;
  g_autoptr (GMainContext) context = g_main_context_new ();

  client->rand = g_rand_new_with_seed (client->seed);
  g_main_context_push_thread_default (context);
  run (client);
  g_main_context_pop_thread_default (context);
  g_rand_free (client->rand);
  return NULL;
}

/* --- the agent's restarts ------------------------------------------------------------------ */

static void
spoil_something (Chaos *chaos, GRand *rand)
{
  static const MockAgentFault faults[] = {
    MOCK_AGENT_WRONG_ID, MOCK_AGENT_NO_ID, MOCK_AGENT_OTHER_TYPE_OF_ID, MOCK_AGENT_DOUBLED, MOCK_AGENT_CUT,
  };
  static const char *const words[] = { "nonsense\n", "{\"return\": 1}\n", "\xff", "{}\n", "{\"return\": {\"half\": [", "\n\n" };

  switch (g_rand_int_range (rand, 0, 4))
    {
    case 0:
      mock_agent_spoil (chaos->agent, "echo", faults[g_rand_int_range (rand, 0, G_N_ELEMENTS (faults))], 1);
      break;
    case 1:
      mock_agent_say (chaos->agent, words[g_rand_int_range (rand, 0, G_N_ELEMENTS (words))]);
      break;
    case 2:
      mock_agent_stay_silent (chaos->agent, g_rand_boolean (rand) ? "echo" : "guest-sync-delimited", 1);
      break;
    default:
      mock_agent_set_piece (chaos->agent, (gsize) g_rand_int_range (rand, 0, 3) * 7);
    }
}

/* After so many commands have come, the next thing goes wrong. */
static gpointer
make_trouble (gpointer data)
{
  Chaos *chaos = data;
  g_autoptr (GRand) rand = g_rand_new_with_seed (chaos->seed);
  guint next = 10;

  while (!g_atomic_int_get (&chaos->stop))
    {
      if (mock_agent_count (chaos->agent, "echo") < next)
        {
          g_usleep (200);
          continue;
        }
      next = mock_agent_count (chaos->agent, "echo") + (guint) g_rand_int_range (rand, 1, 40);
      if (g_atomic_int_get (&chaos->n_restarts) == N_RESTARTS || g_rand_boolean (rand))
        {
          spoil_something (chaos, rand);
          continue;
        }
      mock_agent_restart (chaos->agent);
      if (chaos->monitor != NULL)
        {
          fake_monitor_say_port (chaos->monitor, "agent", FALSE);
          fake_monitor_say_port (chaos->monitor, "agent", TRUE);
        }
      g_atomic_int_inc (&chaos->n_restarts);
    }
  return NULL;
}

static void
run_all (gboolean owner_runs, gboolean watched)
{
  guint32 seed = (guint32) g_test_rand_int ();
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (FakeMonitor) monitor = watched ? fake_monitor_new () : NULL;
  g_autoptr (QgaConnection) connection = open_agent (agent);
  Chaos chaos = { agent, monitor, seed, 0, 0 };
  Client clients[4] = { { 0 } };
  GThread *threads[4], *trouble;

  g_test_message ("seed %u", seed);
  if (watched)
    qga_connection_watch_monitor (connection, G_OBJECT (monitor), "agent");
  trouble = g_thread_new ("trouble", make_trouble, &chaos);
  for (guint i = 0; i < 4; i++)
    clients[i] = (Client) { .chaos = &chaos, .connection = connection, .number = i, .seed = seed + i, .blocks = i == 2 };
  for (guint i = 0; i < 3; i++)
    threads[i] = g_thread_new ("client", run_client, &clients[i]);
  if (owner_runs)
    {
      clients[3].rand = g_rand_new_with_seed (seed + 3);
      run (&clients[3]);
      g_rand_free (clients[3].rand);
    }
  for (guint i = 0; i < 3; i++)
    g_thread_join (threads[i]);
  g_atomic_int_set (&chaos.stop, 1);
  g_thread_join (trouble);
  for (guint i = 0; i < (owner_runs ? 4 : 3); i++)
    {
      g_test_message ("client %u: %u replies, %u cancelled, %u timed out, %u failed", i, clients[i].n_replies,
                      clients[i].n_cancelled, clients[i].n_timed_out, clients[i].n_failed);
      g_assert_cmpuint (clients[i].n_ended, >=, N_CALLS);
      g_assert_cmpuint (clients[i].n_replies, >, 0);
    }
  mock_agent_set_piece (agent, 0);
  await_idle ();
  assert_orderly (agent);
}

static void
test_restarts (void)
{
  run_all (TRUE, FALSE);
}

static void
test_restarts_without_owner (void)
{
  run_all (FALSE, FALSE);
}

static void
test_restarts_watched (void)
{
  run_all (TRUE, TRUE);
}

/* --- short lives, in any order ------------------------------------------------------------- */

typedef struct
{
  QgaConnection *connection;
  MockAgent *agent;
  FakeMonitor *monitor;
  GRand *rand;
  GCancellable *cancellable;
  guint n_begun;
  guint n_ended;
  guint n_closed;
  guint depth;
} Life;

static void step (Life *life);

static void
on_life_reply (GObject *source, GAsyncResult *result, gpointer data)
{
  Life *life = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *json = qga_connection_execute_json_finish (QGA_CONNECTION (source), result, &error);

  g_assert_true ((json == NULL) == (error != NULL));
  life->n_ended++;
  if (life->depth < 3)
    step (life);
}

static void
on_life_notify (QgaConnection *connection, GParamSpec *pspec, Life *life)
{
  if (life->depth < 3)
    step (life);
}

static void
on_life_closed (QgaConnection *connection, const GError *error, Life *life)
{
  g_assert_cmpuint (++life->n_closed, ==, 1);
  if (life->depth < 3)
    step (life);
}

static void
drop (Life *life)
{
  if (life->connection == NULL)
    return;
  g_signal_handlers_disconnect_by_data (life->connection, life);
  g_clear_object (&life->connection);
}

static void
execute (Life *life, const char *command, GCancellable *cancellable)
{
  life->n_begun++;
  qga_connection_execute_json_async (life->connection, command, NULL, cancellable, on_life_reply, life);
}

static void
block (Life *life)
{
  g_autoptr (QgaConnection) held = g_object_ref (life->connection);
  g_autoptr (QgaRequest) request = new_request ("echo", NULL, 2);

  g_free (qga_connection_execute_request (held, request, life->cancellable, NULL));
}

/* One thing of those that a program might do, wherever it is called from. */
static void
step (Life *life)
{
  if (life->connection == NULL)
    return;
  life->depth++;
  switch (g_rand_int_range (life->rand, 0, 18))
    {
    case 0:
      qga_connection_close (life->connection, NULL, NULL);
      break;
    case 1:
      drop (life);
      break;
    case 2:
      g_object_run_dispose (G_OBJECT (life->connection));
      break;
    case 3:
      g_cancellable_cancel (life->cancellable);
      break;
    case 4:
      g_cancellable_reset (life->cancellable);
      break;
    case 5:
      g_main_context_iteration (NULL, FALSE);
      break;
    case 6:
      block (life);
      break;
    case 7:
      qga_connection_set_default_timeout (life->connection, g_rand_int_range (life->rand, 0, 5));
      break;
    case 8:
      mock_agent_restart (life->agent);
      break;
    case 9:
      fake_monitor_say_port (life->monitor, "agent", g_rand_boolean (life->rand));
      break;
    case 10:
      fake_monitor_say (life->monitor, g_rand_boolean (life->rand) ? "RESET" : "RESUME", NULL);
      break;
    case 11:
      execute (life, "guest-shutdown", life->cancellable);
      break;
    case 12:
      execute (life, "unknown", life->cancellable);
      break;
    case 13:
      qga_connection_watch_monitor (life->connection, g_rand_boolean (life->rand) ? G_OBJECT (life->monitor) : NULL, "agent");
      break;
    default:
      execute (life, "echo", g_rand_boolean (life->rand) ? life->cancellable : NULL);
    }
  life->depth--;
}

static void
live (guint32 seed)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaOpenOptions) options = qga_open_options_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (FakeMonitor) monitor = fake_monitor_new ();
  Life life = { .agent = agent, .monitor = monitor, .rand = g_rand_new_with_seed (seed), .cancellable = cancellable };
  GWeakRef weak;

  qga_open_options_set_grace (options, 2);
  life.connection = open_agent_with (agent, options);
  g_weak_ref_init (&weak, life.connection);
  qga_connection_set_default_timeout (life.connection, 5);
  qga_connection_watch_monitor (life.connection, G_OBJECT (monitor), "agent");
  g_signal_connect (life.connection, "notify", G_CALLBACK (on_life_notify), &life);
  g_signal_connect (life.connection, "closed", G_CALLBACK (on_life_closed), &life);
  for (guint i = 0; i < 20 && life.connection != NULL; i++)
    {
      step (&life);
      if (g_rand_int_range (life.rand, 0, 3) == 0)
        g_main_context_iteration (NULL, FALSE);
    }
  life.depth = 10;  /* no more steps */
  while (life.n_ended < life.n_begun)
    g_main_context_iteration (NULL, TRUE);
  drop (&life);
  await_idle ();
  g_assert_cmpuint (life.n_ended, ==, life.n_begun);
  g_assert_null (g_weak_ref_get (&weak));
  g_weak_ref_clear (&weak);
  g_assert_cmpuint (mock_agent_count_overlapping (agent), ==, 0);
  g_assert_cmpuint (mock_agent_count_out_of_sync (agent), ==, 0);
  g_rand_free (life.rand);
}

static void
test_lives (void)
{
  guint32 seed = (guint32) g_test_rand_int ();
  guint n = g_test_slow () ? 10000 : 2000;

  g_test_message ("seeds from %u", seed);
  for (guint i = 0; i < n; i++)
    live (seed + i);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/qga/stress/restarts", test_restarts);
  g_test_add_func ("/qga/stress/restarts/without-owner", test_restarts_without_owner);
  g_test_add_func ("/qga/stress/restarts/watched", test_restarts_watched);
  g_test_add_func ("/qga/stress/lives", test_lives);
  return g_test_run ();
}
