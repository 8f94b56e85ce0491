/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>
#include <string.h>

#include "mock/await.h"
#include "mock/mock-peer.h"

/* Many connections in one main context, which are watched in another way than
 * a few. */

#define MANY 60u

typedef struct
{
  MockPeer *peers[MANY];
  QmpConnection *connections[MANY];
  guint n_replies;
  guint n_events;
  guint n_closed;
} Crowd;

static char *
answer_with_arguments (MockPeer *peer, const MockCommand *command, gpointer data)
{
  return mock_make_return (command, command->arguments != NULL ? command->arguments : "{}");
}

static void
on_event (QmpConnection *connection, QmpEvent *event, gpointer data)
{
  ((Crowd *) data)->n_events++;
}

static void
on_closed (QmpConnection *connection, const GError *error, gpointer data)
{
  ((Crowd *) data)->n_closed++;
}

static void
set_up (Crowd *crowd, gconstpointer data)
{
  for (guint i = 0; i < MANY; i++)
    {
      crowd->peers[i] = mock_peer_new ();
      mock_greet (crowd->peers[i]);
      mock_answer_all (crowd->peers[i], answer_with_arguments, NULL);
      crowd->connections[i] = mock_open (crowd->peers[i]);
      g_signal_connect (crowd->connections[i], "event", G_CALLBACK (on_event), crowd);
      g_signal_connect (crowd->connections[i], "closed", G_CALLBACK (on_closed), crowd);
    }
}

static void
tear_down (Crowd *crowd, gconstpointer data)
{
  for (guint i = 0; i < MANY; i++)
    {
      g_clear_object (&crowd->connections[i]);
      mock_peer_free (crowd->peers[i]);
    }
}

static void
on_reply (GObject *source, GAsyncResult *result, gpointer data)
{
  Crowd *crowd = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *reply = qmp_connection_execute_json_finish (QMP_CONNECTION (source), result, &error);

  g_assert_no_error (error);
  g_assert_nonnull (strstr (reply, "nonce"));
  crowd->n_replies++;
}

static void
ask_all (Crowd *crowd, guint n_rounds)
{
  crowd->n_replies = 0;
  for (guint round = 0; round < n_rounds; round++)
    for (guint i = 0; i < MANY; i++)
      qmp_connection_execute_json_async (crowd->connections[i], "echo", "{\"nonce\":1}", NULL, on_reply, crowd);
  while (crowd->n_replies < MANY * n_rounds)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_commands (Crowd *crowd, gconstpointer data)
{
  ask_all (crowd, 20);
}

static void
test_events (Crowd *crowd, gconstpointer data)
{
  for (guint i = 0; i < MANY; i++)
    mock_say (crowd->peers[i], "{\"event\":\"A\"}{\"event\":\"B\"}");
  while (crowd->n_events < 2 * MANY)
    g_main_context_iteration (NULL, TRUE);
}

static void
block_on_each (Crowd *crowd)
{
  for (guint i = 0; i < MANY; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *reply = qmp_connection_execute_json (crowd->connections[i], "echo", "{\"nonce\":2}", NULL, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (reply, ==, "{\"nonce\":2}");
    }
}

/* A blocked caller reads beside the loop's own watching. */
static void
test_blocking (Crowd *crowd, gconstpointer data)
{
  block_on_each (crowd);
  ask_all (crowd, 2);
}

static gpointer
block_on_all (gpointer data)
{
  block_on_each (data);
  return NULL;
}

static void
test_thread (Crowd *crowd, gconstpointer data)
{
  GThread *thread = g_thread_new ("worker", block_on_all, crowd);

  ask_all (crowd, 20);
  g_thread_join (thread);
  ask_all (crowd, 1);
}

/* Those that go leave the others as they were. */
static void
test_some_close (Crowd *crowd, gconstpointer data)
{
  for (guint i = 0; i < MANY; i += 2)
    g_assert_true (qmp_connection_close (crowd->connections[i], NULL, NULL));
  while (crowd->n_closed < MANY / 2)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 1; i < MANY; i += 2)
    {
      g_autofree char *reply = qmp_connection_execute_json (crowd->connections[i], "echo", "{\"nonce\":3}", NULL, NULL);

      g_assert_cmpstr (reply, ==, "{\"nonce\":3}");
    }
}

#define TEST(path, body) g_test_add (path, Crowd, NULL, set_up, body, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("/hub/commands", test_commands);
  TEST ("/hub/events", test_events);
  TEST ("/hub/blocking", test_blocking);
  TEST ("/hub/thread", test_thread);
  TEST ("/hub/some-close", test_some_close);
  return g_test_run ();
}
