/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live-agent.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

/* That agents can be started, killed and held still, for the tests to come. */

typedef struct
{
  GSocketConnection *connection;
  GDataInputStream *input;
} Talk;

static void
talk_clear (Talk *talk)
{
  g_clear_object (&talk->input);
  g_clear_object (&talk->connection);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Talk, talk_clear)

static void
say (Talk *talk, const char *text)
{
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (talk->connection));
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (output, text, strlen (text), NULL, NULL, &error);
  g_assert_no_error (error);
}

static char *
hear (Talk *talk)
{
  g_autoptr (GError) error = NULL;
  char *line = g_data_input_stream_read_line (talk->input, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (line);
  return line;
}

/* All that comes before the sentinel is of somebody else. */
static void
begin (Talk *talk, LiveAgent *agent)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (agent->socket);
  g_autofree char *request = NULL, *expected = NULL;
  g_autoptr (GError) error = NULL;
  guint32 nonce = g_random_int ();
  gboolean found = FALSE;

  talk->connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_assert_no_error (error);
  g_socket_set_timeout (g_socket_connection_get_socket (talk->connection), 60);
  talk->input = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (talk->connection)));

  request = g_strdup_printf ("\xff{\"execute\":\"guest-sync-delimited\",\"arguments\":{\"id\":%u}}\n", nonce);
  expected = g_strdup_printf ("\xff{\"return\": %u}", nonce);
  say (talk, request);
  while (!found)
    {
      g_autofree char *line = hear (talk);

      found = strcmp (line, expected) == 0;
    }
}

static char *
ask (Talk *talk, const char *request)
{
  say (talk, request);
  return hear (talk);
}

static void
assert_answers (Talk *talk)
{
  g_autofree char *answer = ask (talk, "{\"execute\":\"guest-ping\"}\n");

  g_assert_cmpstr (answer, ==, "{\"return\": {}}");
}

/* The numbers of open files go on where the agent before it was. */
static void
test_restart (LiveAgent *agent, G_GNUC_UNUSED gconstpointer data)
{
  const char *request = "{\"execute\":\"guest-file-open\",\"arguments\":{\"path\":\"/etc/passwd\"}}\n";
  guint i;

  for (i = 0; i < 3; i++)
    {
      g_autofree char *expected = g_strdup_printf ("{\"return\": %u}", 1000 + i);
      g_autofree char *answer = NULL, *end = NULL;
      g_auto (Talk) talk = { 0 };

      live_agent_start (agent, NULL);
      begin (&talk, agent);
      assert_answers (&talk);
      answer = ask (&talk, request);
      g_assert_cmpstr (answer, ==, expected);
      live_agent_kill (agent);
      end = g_data_input_stream_read_line (talk.input, NULL, NULL, NULL);
      g_assert_null (end);
    }
}

static void
test_held_still (LiveAgent *agent, G_GNUC_UNUSED gconstpointer data)
{
  g_auto (Talk) talk = { 0 };
  g_autofree char *answer = NULL;
  GSocket *socket;

  live_agent_start (agent, NULL);
  begin (&talk, agent);
  socket = g_socket_connection_get_socket (talk.connection);
  live_freeze (agent->process);
  say (&talk, "{\"execute\":\"guest-ping\",\"id\":1}\n");
  g_assert_cmpint (g_socket_condition_check (socket, G_IO_IN), ==, 0);
  live_thaw (agent->process);
  answer = hear (&talk);
  g_assert_cmpstr (answer, ==, "{\"return\": {}, \"id\": 1}");
}

static void
assert_disabled (Talk *talk, const char *command)
{
  g_autofree char *request = g_strdup_printf ("{\"execute\":\"%s\"}\n", command);
  g_autofree char *answer = ask (talk, request);

  g_assert_nonnull (strstr (answer, "CommandNotFound"));
  g_assert_nonnull (strstr (answer, "has been disabled"));
}

static void
test_blocked (LiveAgent *agent, G_GNUC_UNUSED gconstpointer data)
{
  g_auto (Talk) talk = { 0 };

  live_agent_start (agent, "-b", "guest-get-users", NULL);
  begin (&talk, agent);
  assert_disabled (&talk, "guest-get-users");
  assert_disabled (&talk, "guest-fsfreeze-freeze");
  assert_disabled (&talk, "guest-shutdown");
}

static void
test_left_frozen (LiveAgent *agent, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *before = NULL, *thawed = NULL, *after = NULL;
  g_auto (Talk) talk = { 0 };

  live_agent_leave_frozen (agent);
  live_agent_start (agent, NULL);
  begin (&talk, agent);
  before = ask (&talk, "{\"execute\":\"guest-fsfreeze-status\"}\n");
  g_assert_cmpstr (before, ==, "{\"return\": \"frozen\"}");
  assert_disabled (&talk, "guest-get-osinfo");
  thawed = ask (&talk, "{\"execute\":\"guest-fsfreeze-thaw\"}\n");
  g_assert_nonnull (strstr (thawed, "return"));
  after = ask (&talk, "{\"execute\":\"guest-fsfreeze-status\"}\n");
  g_assert_cmpstr (after, ==, "{\"return\": \"thawed\"}");
}

/* A file system of its own is frozen indeed. */
static void
test_guest (LiveAgent *agent, G_GNUC_UNUSED gconstpointer data)
{
  const char *freeze = "{\"execute\":\"guest-fsfreeze-freeze-list\",\"arguments\":{\"mountpoints\":[\"/data\"]}}\n";
  g_autofree char *frozen = NULL, *thawed = NULL, *cards = NULL, *quit = NULL;
  g_auto (Talk) talk = { 0 };

  live_agent_start_guest (agent);
  begin (&talk, agent);
  assert_answers (&talk);
  cards = ask (&talk, "{\"execute\":\"guest-network-get-interfaces\"}\n");
  g_assert_nonnull (strstr (cards, "\"10.0.2.15\""));
  frozen = ask (&talk, freeze);
  g_assert_cmpstr (frozen, ==, "{\"return\": 1}");
  assert_disabled (&talk, "guest-file-open");
  thawed = ask (&talk, "{\"execute\":\"guest-fsfreeze-thaw\"}\n");
  g_assert_cmpstr (thawed, ==, "{\"return\": 1}");
  quit = live_run (agent->monitor, "quit", NULL);
  live_assert_good_exit (agent->process);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  LIVE_AGENT_TEST ("/live/agent-fixture/restart", test_restart);
  LIVE_AGENT_TEST ("/live/agent-fixture/held-still", test_held_still);
  LIVE_AGENT_TEST ("/live/agent-fixture/blocked", test_blocked);
  LIVE_AGENT_TEST ("/live/agent-fixture/left-frozen", test_left_frozen);
  LIVE_AGENT_TEST ("/live/agent-fixture/guest", test_guest);
  return g_test_run ();
}
