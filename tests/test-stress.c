/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include "mock/await.h"
#include "mock/mock-peer.h"

/* Many calls at once, from many threads, with a peer that reorders, delays
 * and repeats itself: each call ends once, with its own reply. */

#define N_THREADS 4
#define N_CALLS 2500  /* of each thread, all begun before the first is awaited */

static void
say_nothing (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
}

/* --- the peer -------------------------------------------------------------------------- */

typedef struct
{
  GRand *rand;
  GPtrArray *kept;  /* replies that are still to be sent */
} Mischief;

static char *
take_any (Mischief *mischief)
{
  guint n = (guint) g_rand_int_range (mischief->rand, 0, (gint32) mischief->kept->len);

  return g_ptr_array_steal_index_fast (mischief->kept, n);
}

/* Replies wait until some have gathered, and leave in any order; one of a
 * hundred is withheld until much later, so that its call times out; one of
 * fifty is said twice. */
static char *
answer (MockPeer *peer, const MockCommand *command, gpointer data)
{
  Mischief *mischief = data;
  GString *out = g_string_new (NULL);
  guint to_send;

  g_ptr_array_add (mischief->kept, mock_make_return (command, command->arguments));
  if (g_str_equal (command->name, "flush"))
    to_send = mischief->kept->len;
  else
    to_send = mischief->kept->len < 100 ? 0 : (guint) g_rand_int_range (mischief->rand, 0, 4);
  for (guint i = 0; i < to_send; i++)
    {
      g_autofree char *reply = take_any (mischief);

      g_string_append (out, reply);
      if (g_rand_int_range (mischief->rand, 0, 50) == 0)
        g_string_append (out, "{\"return\": \"nobody\", \"id\": 4000000000}{\"event\": \"STOP\"}");
    }
  return g_string_free (out, FALSE);
}

/* --- the clients --------------------------------------------------------------------------- */

typedef struct
{
  QmpConnection *connection;
  guint number;
  guint32 seed;
  guint n_replies;
  guint n_cancelled;
  guint n_timed_out;
} Client;

typedef struct
{
  Client *client;
  char *arguments;
  guint n_ended;
} Call;

static void
take_outcome (Call *call, QmpValue *value, const GError *error)
{
  call->n_ended++;
  g_assert_cmpuint (call->n_ended, ==, 1);
  if (value != NULL)
    {
      g_autofree char *json = qmp_value_to_json (value);

      g_assert_cmpstr (json, ==, call->arguments);
      call->client->n_replies++;
    }
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    call->client->n_cancelled++;
  else
    {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
      call->client->n_timed_out++;
    }
}

static void
on_reply (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpValue) value = qmp_connection_execute_request_finish (QMP_CONNECTION (source), result, &error);

  take_outcome (data, value, error);
}

static QmpRequest *
make_request (Client *client, GRand *rand, const char *command, guint n, char **arguments)
{
  QmpRequest *request = qmp_request_new (command);

  *arguments = g_strdup_printf ("{\"nonce\":\"%u-%u-%08x\"}", client->number, n, g_rand_int (rand));
  g_assert_true (qmp_request_set_arguments_json (request, *arguments, NULL));
  qmp_request_set_out_of_band (request, TRUE);  /* so that no window holds it back */
  if (g_rand_int_range (rand, 0, 20) == 0)
    qmp_request_set_timeout (request, g_rand_int_range (rand, 0, 20));
  else
    qmp_request_set_timeout (request, G_MAXINT);
  return request;
}

static void
begin_call (Client *client, GRand *rand, Call *call, guint n, GPtrArray *cancellables)
{
  g_autoptr (QmpRequest) request = make_request (client, rand, "echo", n, &call->arguments);
  g_autoptr (GCancellable) cancellable = g_rand_int_range (rand, 0, 20) == 0 ? g_cancellable_new () : NULL;

  call->client = client;
  if (cancellable != NULL)
    g_ptr_array_add (cancellables, g_object_ref (cancellable));
  qmp_connection_execute_request_async (client->connection, request, cancellable, on_reply, call);
}

static gpointer
cancel_all (gpointer data)
{
  GPtrArray *cancellables = data;

  for (guint i = 0; i < cancellables->len; i++)
    g_cancellable_cancel (g_ptr_array_index (cancellables, i));
  return NULL;
}

/* Tells the peer to keep nothing back any more, and waits for its word. */
static void
flush (Client *client)
{
  g_autoptr (QmpRequest) request = qmp_request_new ("flush");
  g_autoptr (QmpValue) value = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (qmp_request_set_arguments_json (request, "{\"a\":1}", NULL));
  qmp_request_set_out_of_band (request, TRUE);
  value = qmp_connection_execute_request (client->connection, request, NULL, &error);
  g_assert_no_error (error);
}

static void
call_without_waiting (Client *client)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (client->seed);
  g_autoptr (GPtrArray) cancellables = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree Call *calls = g_new0 (Call, N_CALLS);
  GMainContext *context = g_main_context_get_thread_default ();
  GThread *canceller;

  for (guint i = 0; i < N_CALLS; i++)
    {
      begin_call (client, rand, &calls[i], i, cancellables);
      if (g_rand_int_range (rand, 0, 50) == 0)
        g_main_context_iteration (context, FALSE);
    }
  canceller = g_thread_new ("canceller", cancel_all, cancellables);
  flush (client);
  while (client->n_replies + client->n_cancelled + client->n_timed_out < N_CALLS)
    g_main_context_iteration (context, TRUE);
  g_thread_join (canceller);
  while (g_main_context_iteration (context, FALSE))
    ;
  for (guint i = 0; i < N_CALLS; i++)
    {
      g_assert_cmpuint (calls[i].n_ended, ==, 1);
      g_free (calls[i].arguments);
    }
}

static gpointer
run_async_client (gpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  call_without_waiting (data);
  g_main_context_pop_thread_default (context);
  return NULL;
}

static gpointer
run_blocking_client (gpointer data)
{
  Client *client = data;
  g_autoptr (GRand) rand = g_rand_new_with_seed (client->seed);

  for (guint i = 0; i < N_CALLS / 10; i++)
    {
      Call call = { client, NULL, 0 };
      gboolean flushes = g_rand_int_range (rand, 0, 10) == 0;
      g_autoptr (QmpRequest) request = make_request (client, rand, flushes ? "flush" : "echo", i, &call.arguments);
      g_autoptr (QmpValue) value = NULL;
      g_autoptr (GError) error = NULL;

      if (!flushes && qmp_request_get_timeout (request) == G_MAXINT)
        qmp_request_set_timeout (request, g_rand_int_range (rand, 0, 3));
      value = qmp_connection_execute_request (client->connection, request, NULL, &error);
      take_outcome (&call, value, error);
      g_free (call.arguments);
    }
  return NULL;
}

static void
run_all (gboolean with_owner, guint32 seed)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpOpenOptions) options = qmp_open_options_new ();
  g_autoptr (QmpLimits) limits = qmp_limits_new ();
  g_autoptr (QmpConnection) connection = NULL;
  Mischief mischief = { g_rand_new_with_seed (seed), g_ptr_array_new_with_free_func (g_free) };
  Client clients[N_THREADS + 2] = { { 0 } };
  GThread *threads[N_THREADS + 2];
  guint n_async = with_owner ? N_THREADS - 1 : N_THREADS, n_threads = n_async + 2;

  qmp_limits_set_pending_calls (limits, 100000);
  qmp_open_options_set_limits (options, limits);
  mock_greet (peer);
  mock_answer_all (peer, answer, &mischief);
  connection = mock_open_with (peer, options);
  for (guint i = 0; i < n_threads; i++)
    {
      clients[i] = (Client) { connection, i, seed + i, 0, 0, 0 };
      threads[i] = g_thread_new ("client", i < n_async ? run_async_client : run_blocking_client, &clients[i]);
    }
  if (with_owner)
    {
      Client own = { connection, 99, seed + 99, 0, 0, 0 };

      call_without_waiting (&own);
      g_assert_cmpuint (own.n_replies + own.n_cancelled + own.n_timed_out, ==, N_CALLS);
    }
  for (guint i = 0; i < n_threads; i++)
    {
      g_thread_join (threads[i]);
      g_test_message ("client %u: %u replies, %u cancelled, %u timed out", i, clients[i].n_replies, clients[i].n_cancelled,
                      clients[i].n_timed_out);
      g_assert_true (i >= n_async || clients[i].n_replies > N_CALLS / 2);
    }
  g_assert_cmpint (qmp_connection_get_state (connection), ==, QMP_CONNECTION_STATE_OPEN);
  qmp_connection_close (connection, NULL, NULL);
  mock_await (peer);
  g_rand_free (mischief.rand);
  g_ptr_array_unref (mischief.kept);
}

static void
test_ten_thousand (void)
{
  guint32 seed = (guint32) g_test_rand_int ();

  g_test_message ("seed %u", seed);
  run_all (TRUE, seed);
}

static void
test_ten_thousand_without_owner (void)
{
  guint32 seed = (guint32) g_test_rand_int ();

  g_test_message ("seed %u", seed);
  run_all (FALSE, seed);
}

/* --- short lives, in any order --------------------------------------------------------------- */

typedef struct
{
  QmpConnection *connection;
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
  g_autofree char *json = qmp_connection_execute_json_finish (QMP_CONNECTION (source), result, &error);

  g_assert_true ((json == NULL) == (error != NULL));
  life->n_ended++;
  if (life->depth < 3)
    step (life);
}

static void
on_life_event (QmpConnection *connection, QmpEvent *event, Life *life)
{
  g_assert_cmpuint (life->n_closed, ==, 0);
  if (life->depth < 3)
    step (life);
}

static void
on_life_closed (QmpConnection *connection, const GError *error, Life *life)
{
  life->n_closed++;
  g_assert_cmpuint (life->n_closed, ==, 1);
  if (life->depth < 3)
    step (life);
}

static void
execute (Life *life, GCancellable *cancellable)
{
  life->n_begun++;
  qmp_connection_execute_json_async (life->connection, "x", NULL, cancellable, on_life_reply, life);
}

static void
drop (Life *life)
{
  if (life->connection == NULL)
    return;
  g_signal_handlers_disconnect_by_data (life->connection, life);
  g_clear_object (&life->connection);
}

/* One thing of those that a program might do, wherever it is called from. */
static void
step (Life *life)
{
  if (life->connection == NULL)
    return;
  life->depth++;
  switch (g_rand_int_range (life->rand, 0, 16))
    {
    case 0:
      qmp_connection_close (life->connection, NULL, NULL);
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
      g_main_context_iteration (NULL, FALSE);
      break;
    case 5:
      {
        g_autoptr (QmpConnection) held = g_object_ref (life->connection);
        g_autofree char *json = NULL;

        qmp_connection_set_default_timeout (held, 2);
        json = qmp_connection_execute_json (held, "y", NULL, life->cancellable, NULL);
      }
      break;
    case 6:
      {
        g_autoptr (QmpEventStream) stream = qmp_connection_watch_events (life->connection, NULL, 2);
        QmpEvent *event = qmp_event_stream_try_next (stream);

        g_clear_pointer (&event, qmp_event_unref);
      }
      break;
    case 7:
      {
        g_autoptr (QmpConnection) held = g_object_ref (life->connection);

        g_main_context_iteration (NULL, FALSE);
        g_assert_true (QMP_IS_CONNECTION (held));
      }
      break;
    case 8:
    case 9:
      execute (life, life->cancellable);
      break;
    default:
      execute (life, NULL);
    }
  life->depth--;
}

static char *
answer_oddly (MockPeer *peer, const MockCommand *command, gpointer data)
{
  GRand *rand = data;

  switch (g_rand_int_range (rand, 0, 8))
    {
    case 0:
      return NULL;
    case 1:
      mock_say (peer, "{\"event\": \"STOP\"}{\"event\": \"RESUME\"}");
      return mock_make_return (command, "{}");
    case 2:
      return g_strdup ("{\"return\": {}, \"id\": 0}{\"return\": {}, \"id\": 1}{\"event\": \"STOP\"}");
    case 3:
      return g_strdup (g_rand_int_range (rand, 0, 20) == 0 ? "nonsense" : "{\"event\": \"SHUTDOWN\"}");
    default:
      return mock_make_return (command, "{\"a\": 1}");
    }
}

static void
live (guint32 seed)
{
  g_autoptr (GRand) peer_rand = g_rand_new_with_seed (seed + 1);
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Life life = { .rand = g_rand_new_with_seed (seed), .cancellable = cancellable };
  gpointer weak;

  mock_greet (peer);
  mock_event (peer, "STOP", NULL);
  mock_answer_all (peer, answer_oddly, peer_rand);
  life.connection = mock_open (peer);
  weak = life.connection;
  g_object_add_weak_pointer (G_OBJECT (life.connection), &weak);
  g_signal_connect (life.connection, "event", G_CALLBACK (on_life_event), &life);
  g_signal_connect (life.connection, "closed", G_CALLBACK (on_life_closed), &life);
  for (guint i = 0; i < 20 && life.connection != NULL; i++)
    {
      step (&life);
      if (g_rand_int_range (life.rand, 0, 3) == 0)
        g_main_context_iteration (NULL, FALSE);
    }
  life.depth = 10;  /* no more steps */
  if (life.connection != NULL)
    qmp_connection_close (life.connection, NULL, NULL);
  if (weak != NULL)
    {
      /* calls that nobody answered hold it: its peer goes */
      mock_peer_free (g_steal_pointer (&peer));
    }
  while (life.n_ended < life.n_begun)
    g_main_context_iteration (NULL, TRUE);
  drop (&life);
  await_idle ();
  g_assert_cmpuint (life.n_ended, ==, life.n_begun);
  g_assert_null (weak);
  g_rand_free (life.rand);
}

static void
test_lives (void)
{
  guint32 seed = (guint32) g_test_rand_int ();
  guint n = g_test_slow () ? 10000 : 3000;

  g_test_message ("seeds from %u", seed);
  for (guint i = 0; i < n; i++)
    live (seed + i);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_handler ("Qmp", G_LOG_LEVEL_DEBUG, say_nothing, NULL);
  g_test_add_func ("/stress/ten-thousand", test_ten_thousand);
  g_test_add_func ("/stress/ten-thousand/without-owner", test_ten_thousand_without_owner);
  g_test_add_func ("/stress/lives", test_lives);
  return g_test_run ();
}
