/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mock/await.h"
#include "mock/raw-talk.h"

/* What a server sends unasked, and the file descriptors that clients pass on. */

/* --- events ------------------------------------------------------------------------------- */

static void
expect_event (RawTalk *talk, const char *end)
{
  g_autofree char *line = raw_hear (talk);
  gint64 seconds, now = g_get_real_time () / G_USEC_PER_SEC;

  g_assert_true (g_str_has_prefix (line, "{\"timestamp\": {\"seconds\": "));
  seconds = g_ascii_strtoll (line + 26, NULL, 10);
  g_assert_cmpint (seconds, <=, now);
  g_assert_cmpint (seconds, >, now - 3600);
  g_assert_true (g_str_has_suffix (line, end));
}

/* Who has not negotiated is told nothing. */
static void
test_events (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (RawTalk) one = raw_talk_new_ready (server, FALSE), two = raw_talk_new_ready (server, FALSE);
  g_autoptr (RawTalk) not_yet = raw_talk_new (server);
  g_autoptr (JsonNode) node = json_from_string ("{\"a\": 1}", NULL);
  g_autoptr (GPtrArray) clients = qmp_server_get_clients (server);

  g_assert_true (qmp_server_emit_event_json (server, "STOP", NULL, NULL));
  g_assert_true (qmp_server_emit_event_json (server, "RESET", " {\"guest\":\n false}", NULL));
  g_assert_true (qmp_server_emit_event (server, "A", node, NULL));
  g_assert_true (qmp_server_emit_event (server, "B", NULL, NULL));
  g_assert_true (qmp_server_client_emit_event_json (clients->pdata[1], "C", "{}", NULL));
  g_assert_true (qmp_server_client_emit_event (clients->pdata[1], "D", node, NULL));
  g_assert_true (qmp_server_client_emit_event_json (clients->pdata[2], "E", NULL, NULL));
  for (guint i = 0; i < 2; i++)
    {
      RawTalk *talk = i == 0 ? one : two;

      expect_event (talk, "}, \"event\": \"STOP\"}");
      expect_event (talk, "}, \"event\": \"RESET\", \"data\":  {\"guest\":  false}}");
      expect_event (talk, "}, \"event\": \"A\", \"data\": {\"a\":1}}");
      expect_event (talk, "}, \"event\": \"B\"}");
    }
  expect_event (two, "}, \"event\": \"C\", \"data\": {}}");
  expect_event (two, "}, \"event\": \"D\", \"data\": {\"a\":1}}");
  raw_expect_silence (one);
  raw_expect_silence (two);
  raw_expect_silence (not_yet);
  raw_say (not_yet, "{\"execute\": \"qmp_capabilities\"}");
  raw_expect (not_yet, "{\"return\": {}}");
  raw_expect_silence (not_yet);
}

static void
on_state (QmpServerClient *client, GParamSpec *pspec, gpointer data)
{
  if (qmp_server_client_get_state (client) == QMP_SERVER_CLIENT_STATE_READY)
    g_assert_true (qmp_server_client_emit_event_json (client, "HELLO", NULL, NULL));
}

static void
on_added (QmpServer *server, QmpServerClient *client, gpointer data)
{
  g_signal_connect (client, "notify::state", G_CALLBACK (on_state), NULL);
}

/* Right after the negotiation's own answer. */
static void
test_first_event (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (RawTalk) talk = raw_talk_new (server);

  g_signal_connect (server, "client-added", G_CALLBACK (on_added), NULL);
  raw_say (talk, "{\"execute\": \"qmp_capabilities\"}{\"execute\": \"a\"}");
  raw_expect (talk, "{\"return\": {}}");
  expect_event (talk, "}, \"event\": \"HELLO\"}");
  raw_expect (talk, "{\"error\": {\"class\": \"CommandNotFound\", \"desc\": \"The command a has not been found\"}}");
}

static void
test_own_time (void)
{
  static const char text[] = "{\"timestamp\": {\"seconds\": 5, \"microseconds\": 7}, \"event\": \"STOP\", \"data\": {\"n\": "
                             "18446744073709551615}}";
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (RawTalk) talk = raw_talk_new_ready (server, FALSE);
  g_autoptr (GPtrArray) clients = qmp_server_get_clients (server);
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpEvent) event = qmp_event_new_from_json (text, &error);
  g_autofree char *kept = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (qmp_event_get_name (event), ==, "STOP");
  g_assert_cmpint (qmp_event_get_timestamp (event), ==, 5000007);
  kept = qmp_event_to_json (event);
  qmp_server_relay_event (server, event);
  qmp_server_client_relay_event (clients->pdata[0], event);
  raw_expect (talk, kept);
  raw_expect (talk, kept);
}

static void
test_wrong_events (void)
{
  static const char *const wrong[] = { "1", "[]", "null", "{", "{} {}", "{}, \"data\": {}", "{\"a\": nan}" };
  static const char *const none[] = { "{}", "{\"event\": 1}", "{\"event\": \"A\", \"data\": 1}", "[]", "{\"event\": \"A\"" };
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (RawTalk) talk = raw_talk_new_ready (server, FALSE);
  g_autoptr (JsonNode) node = json_from_string ("[]", NULL);
  g_autoptr (GError) unnamed = NULL, array = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (qmp_server_emit_event_json (server, "STOP", wrong[i], &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    }
  for (guint i = 0; i < G_N_ELEMENTS (none); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (qmp_event_new_from_json (none[i], &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    }
  g_assert_false (qmp_server_emit_event_json (server, "A\"B", NULL, &unnamed));
  g_assert_error (unnamed, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_false (qmp_server_emit_event (server, "A", node, &array));
  g_assert_error (array, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  raw_expect_silence (talk);
}

static gboolean
tell_and_answer (QmpServer *server, QmpServerCall *call, gpointer data)
{
  qmp_server_emit_event_json (server, "STOP", NULL, NULL);
  return qmp_server_call_return_json (call, NULL, NULL);
}

/* As QEMU's own, an event of a command comes before its answer, if it is told so. */
static void
test_events_and_answers (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (RawTalk) talk = raw_talk_new_ready (server, FALSE), other = raw_talk_new_ready (server, FALSE);

  g_signal_connect (server, "command::stop", G_CALLBACK (tell_and_answer), NULL);
  raw_say (talk, "{\"execute\": \"stop\", \"id\": 1}{\"execute\": \"stop\", \"id\": 2}");
  for (guint i = 1; i < 3; i++)
    {
      g_autofree char *answer = g_strdup_printf ("{\"return\": {}, \"id\": %u}", i);

      expect_event (talk, "}, \"event\": \"STOP\"}");
      raw_expect (talk, answer);
    }
  expect_event (other, "}, \"event\": \"STOP\"}");
  expect_event (other, "}, \"event\": \"STOP\"}");
}

/* --- file descriptors ------------------------------------------------------------------------ */

typedef struct
{
  int pipes[4][2];
  RawTalk *talk;
  QmpServer *server;
  int taken;     /* by the last command; -1 for none */
  gboolean had;
} Pipes;

static gboolean
take_fd (QmpServer *server, QmpServerCall *call, gpointer data)
{
  Pipes *pipes = data;

  pipes->had = qmp_server_call_has_fd (call);
  pipes->taken = qmp_server_call_steal_fd (call);
  g_assert_false (qmp_server_call_has_fd (call));
  g_assert_cmpint (qmp_server_call_steal_fd (call), ==, -1);
  return qmp_server_call_return_json (call, NULL, NULL);
}

static void
set_up (Pipes *pipes, gconstpointer data)
{
  pipes->server = qmp_server_new ();
  pipes->talk = raw_talk_new_ready (pipes->server, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (pipes->pipes); i++)
    g_assert_cmpint (pipe2 (pipes->pipes[i], O_CLOEXEC), ==, 0);
  g_signal_connect (pipes->server, "command::getfd", G_CALLBACK (take_fd), pipes);
  qmp_server_set_result_json (pipes->server, "query-name", "{}", NULL);
}

static void
tear_down (Pipes *pipes, gconstpointer data)
{
  raw_talk_free (pipes->talk);
  g_object_unref (pipes->server);
  for (guint i = 0; i < G_N_ELEMENTS (pipes->pipes); i++)
    {
      close (pipes->pipes[i][0]);
      if (pipes->pipes[i][1] >= 0)
        close (pipes->pipes[i][1]);
    }
}

/* Passes on the pipes' writing ends, and keeps none. */
static void
pass (Pipes *pipes, const char *text, guint first, guint n)
{
  int fds[4];

  for (guint i = 0; i < n; i++)
    fds[i] = pipes->pipes[first + i][1];
  raw_say_with_fds (pipes->talk, text, fds, n);
  for (guint i = 0; i < n; i++)
    {
      close (pipes->pipes[first + i][1]);
      pipes->pipes[first + i][1] = -1;
    }
}

/* Nobody has the writing end of a pipe any more. */
static gboolean
is_closed (Pipes *pipes, guint i)
{
  char byte;

  fcntl (pipes->pipes[i][0], F_SETFL, O_NONBLOCK);
  return read (pipes->pipes[i][0], &byte, 1) == 0;
}

static void
assert_leads_to (Pipes *pipes, guint i)
{
  char byte = 0;

  g_assert_true (pipes->had);
  g_assert_cmpint (pipes->taken, >=, 0);
  g_assert_cmpint (fcntl (pipes->taken, F_GETFD) & FD_CLOEXEC, ==, FD_CLOEXEC);
  g_assert_cmpint (write (pipes->taken, "x", 1), ==, 1);
  g_assert_cmpint (read (pipes->pipes[i][0], &byte, 1), ==, 1);
  close (pipes->taken);
}

static void
test_fd (Pipes *pipes, gconstpointer data)
{
  pass (pipes, "{\"execute\": \"getfd\"}", 0, 1);
  raw_expect (pipes->talk, "{\"return\": {}}");
  assert_leads_to (pipes, 0);
  raw_say (pipes->talk, "{\"execute\": \"getfd\"}");
  raw_expect (pipes->talk, "{\"return\": {}}");
  g_assert_false (pipes->had);
  g_assert_cmpint (pipes->taken, ==, -1);
}

/* It may come with a space before the command, or with one that does not want it. */
static void
test_fd_waits (Pipes *pipes, gconstpointer data)
{
  pass (pipes, " ", 0, 1);
  raw_say (pipes->talk, "{\"execute\": \"query-name\"}{\"execute\": \"getfd\"}");
  raw_expect (pipes->talk, "{\"return\": {}}");
  raw_expect (pipes->talk, "{\"return\": {}}");
  assert_leads_to (pipes, 0);
}

/* One is a command's, the others are closed; new ones replace what nobody took. */
static void
test_many_fds (Pipes *pipes, gconstpointer data)
{
  pass (pipes, "{\"execute\": \"query-name\"}", 0, 2);
  raw_expect (pipes->talk, "{\"return\": {}}");
  g_assert_false (is_closed (pipes, 0));
  pass (pipes, "{\"execute\": \"getfd\"}", 2, 2);
  raw_expect (pipes->talk, "{\"return\": {}}");
  g_assert_true (is_closed (pipes, 0));
  g_assert_true (is_closed (pipes, 1));
  g_assert_true (is_closed (pipes, 3));
  assert_leads_to (pipes, 2);
}

/* More than QEMU would take. */
static void
test_too_many_fds (Pipes *pipes, gconstpointer data)
{
  int fds[40];

  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    fds[i] = pipes->pipes[i % 4][1];
  raw_say_with_fds (pipes->talk, "{\"execute\": \"getfd\"}", fds, G_N_ELEMENTS (fds));
  raw_expect (pipes->talk, "{\"return\": {}}");
  assert_leads_to (pipes, 0);
  for (guint i = 0; i < 4; i++)
    {
      close (pipes->pipes[i][1]);
      pipes->pipes[i][1] = -1;
      g_assert_true (is_closed (pipes, i));
    }
}

static void
test_fd_of_one_who_goes (Pipes *pipes, gconstpointer data)
{
  g_autoptr (GPtrArray) clients = NULL;

  pass (pipes, "{\"execute\": \"query-name\"}", 0, 1);
  raw_expect (pipes->talk, "{\"return\": {}}");
  g_assert_false (is_closed (pipes, 0));
  raw_hang_up (pipes->talk);
  do
    {
      g_clear_pointer (&clients, g_ptr_array_unref);
      g_main_context_iteration (NULL, TRUE);
      clients = qmp_server_get_clients (pipes->server);
    }
  while (clients->len > 0);
  g_assert_true (is_closed (pipes, 0));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server-events/to-all-and-one", test_events);
  g_test_add_func ("/server-events/first", test_first_event);
  g_test_add_func ("/server-events/own-time", test_own_time);
  g_test_add_func ("/server-events/wrong", test_wrong_events);
  g_test_add_func ("/server-events/and-answers", test_events_and_answers);
  g_test_add ("/server-fds/one", Pipes, NULL, set_up, test_fd, tear_down);
  g_test_add ("/server-fds/waits", Pipes, NULL, set_up, test_fd_waits, tear_down);
  g_test_add ("/server-fds/many", Pipes, NULL, set_up, test_many_fds, tear_down);
  g_test_add ("/server-fds/too-many", Pipes, NULL, set_up, test_too_many_fds, tear_down);
  g_test_add ("/server-fds/of-one-who-goes", Pipes, NULL, set_up, test_fd_of_one_who_goes, tear_down);
  return g_test_run ();
}
