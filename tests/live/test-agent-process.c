/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live-process.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

/* Processes and commands of a real agent, which runs beside the test: what it
 * answers, and what is left of it when it is killed or stopped. */

/* Runs until somebody ends it, or the test is over. */
static char *
make_endless (LiveAgent *agent)
{
  return g_strdup_printf ("while [ -e %s ]; do sleep 0.1; done", agent->socket);
}

static QgaProcess *
spawn_endless (LiveAgent *agent, QgaConnection *connection)
{
  g_autofree char *script = make_endless (agent);

  return live_spawn (connection, script);
}

/* --- processes --------------------------------------------------------------------------- */

static void
test_uname (LiveAgent *agent, G_GNUC_UNUSED gconstpointer data)
{
  static const char *const argv[] = { "uname", "-s", NULL };
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (QgaProcess) process = NULL;
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;

  live_agent_start (agent, NULL);
  connection = live_agent_open (agent);
  process = qga_process_spawn (connection, argv, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (qga_process_get_pid (process), >, 0);
  g_assert_true (qga_process_communicate_utf8 (process, &output, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (output, ==, "Linux\n");
  g_assert_true (qga_process_wait_check (process, NULL, NULL));
}

static void
test_not_there (LiveAgent *agent, G_GNUC_UNUSED gconstpointer data)
{
  static const char *const argv[] = { "/bin/no-such-program", NULL };
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  live_agent_start (agent, NULL);
  connection = live_agent_open (agent);
  g_assert_null (qga_process_spawn (connection, argv, NULL, NULL, &error));
  g_assert_nonnull (strstr (error->message, "/bin/no-such-program"));
  live_assert_error (&error, QGA_ERROR, QGA_ERROR_GENERIC);
  live_assert_writes (connection, "echo alive", "alive\n");
}

static void
assert_ends (QgaConnection *connection, const char *script, gint64 status, gint64 signal)
{
  g_autoptr (QgaProcess) process = live_spawn (connection, script);
  g_autoptr (GError) error = NULL;

  g_assert_true (qga_process_wait (process, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (qga_process_get_exit_status (process), ==, status);
  g_assert_cmpint (qga_process_get_term_signal (process), ==, signal);
  g_assert_true (qga_process_get_successful (process) == (status == 0));
  g_assert_true (qga_process_wait_check (process, NULL, NULL) == (status == 0));
}

static void
test_endings (LiveAgent *agent, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QgaConnection) connection = NULL;

  live_agent_start (agent, NULL);
  connection = live_agent_open (agent);
  assert_ends (connection, "true", 0, 0);
  assert_ends (connection, "exit 1", 1, 0);
  assert_ends (connection, "exit 77", 77, 0);
  assert_ends (connection, "exit 255", 255, 0);
  assert_ends (connection, "no-such-command", 127, 0);
  assert_ends (connection, "kill -9 $$", -1, 9);
  assert_ends (connection, "kill -TERM $$", -1, 15);
  assert_ends (connection, "kill -ABRT $$", -1, 6);
}

/* It takes the place of the agent's own. */
static void
test_environment (LiveAgent *agent, G_GNUC_UNUSED gconstpointer data)
{
  static const char *const argv[] = { "/usr/bin/env", NULL };
  static const char *const environment[] = { "ONE=1", "TWO=zwei und größer", NULL };
  g_autoptr (QgaProcessOptions) options = qga_process_options_new ();
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (QgaProcess) process = NULL;
  g_autofree char *output = NULL;

  live_agent_start (agent, NULL);
  connection = live_agent_open (agent);
  qga_process_options_set_environment (options, environment);
  process = qga_process_spawn (connection, argv, options, NULL, NULL);
  g_assert_true (qga_process_communicate_utf8 (process, &output, NULL, NULL, NULL));
  g_assert_cmpstr (output, ==, "ONE=1\nTWO=zwei und größer\n");
}

static GBytes *
make_bytes (gsize size)
{
  guint8 *bytes = g_malloc (size);

  for (gsize i = 0; i < size; i++)
    bytes[i] = (guint8) (i * 7 + (i >> 8));
  return g_bytes_new_take (bytes, size);
}

static void
assert_echoes (QgaConnection *connection, gsize size)
{
  static const char *const argv[] = { "cat", NULL };
  g_autoptr (QgaProcessOptions) options = qga_process_options_new ();
  g_autoptr (GBytes) input = make_bytes (size), output = NULL;
  g_autoptr (QgaProcess) process = NULL;
  g_autoptr (GError) error = NULL;

  qga_process_options_set_input (options, input);
  process = qga_process_spawn (connection, argv, options, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (qga_process_communicate (process, &output, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (output, input));
}

static void
test_input (LiveAgent *agent, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QgaConnection) connection = NULL;

  live_agent_start (agent, NULL);
  connection = live_agent_open (agent);
  assert_echoes (connection, 1);
  assert_echoes (connection, 1u << 20);
}

static gboolean
is_all (GBytes *bytes, char letter, gsize at_least)
{
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);

  for (gsize i = 0; i < size; i++)
    if (text[i] != letter)
      return FALSE;
  return size >= at_least;
}

#define FULL (16u << 20)

static void
assert_floods (QgaConnection *connection, const char *script, gsize out, gboolean out_truncated, gboolean err_truncated)
{
  g_autoptr (QgaProcess) process = live_spawn (connection, script);
  g_autoptr (GBytes) output = NULL, error_output = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (qga_process_communicate (process, &output, &error_output, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (qga_process_get_successful (process));
  g_assert_true (is_all (output, 'o', out));
  g_assert_true (is_all (error_output, 'e', FULL));
  g_assert_true (qga_process_get_output_truncated (process) == out_truncated);
  g_assert_true (qga_process_get_error_output_truncated (process) == err_truncated);
}

/* All that an agent keeps, and then some. */
static void
test_floods (LiveAgent *agent, G_GNUC_UNUSED gconstpointer data)
{
  const char *all = "yes o | tr -d '\\n' | head -c 16777216; yes e | tr -d '\\n' | head -c 16777216 >&2";
  const char *more = "yes o | tr -d '\\n' | head -c 20000; yes e | tr -d '\\n' | head -c 17000000 >&2";
  g_autoptr (QgaConnection) connection = NULL;

  live_agent_start (agent, NULL);
  connection = live_agent_open (agent);
  assert_floods (connection, all, FULL, FALSE, FALSE);
  assert_floods (connection, more, 20000, FALSE, TRUE);
}

/* Bytes, both streams as one, and none. */
static void
test_captures (LiveAgent *agent, G_GNUC_UNUSED gconstpointer data)
{
  const char *const argv[] = { "sh", "-c", "printf 'a\\000\\377'; echo b >&2", NULL };
  g_autoptr (QgaProcessOptions) options = qga_process_options_new ();
  g_autoptr (QgaProcess) bytes = NULL, none = NULL, merged = NULL;
  g_autoptr (GBytes) output = NULL, error_output = NULL, both = NULL;
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *version = NULL;

  live_agent_start (agent, NULL);
  connection = live_agent_open (agent);
  version = qga_connection_dup_agent_version (connection);
  bytes = qga_process_spawn (connection, argv, options, NULL, NULL);
  g_assert_false (qga_process_communicate_utf8 (bytes, NULL, NULL, NULL, &error));
  live_assert_error (&error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_true (qga_process_communicate (bytes, &output, NULL, NULL, NULL));
  g_assert_cmpmem (g_bytes_get_data (output, NULL), g_bytes_get_size (output), "a\0\xff", 3);
  g_clear_pointer (&output, g_bytes_unref);

  qga_process_options_set_capture (options, QGA_CAPTURE_NONE);
  none = qga_process_spawn (connection, argv, options, NULL, NULL);
  g_assert_true (qga_process_communicate (none, &output, &error_output, NULL, NULL));
  g_assert_cmpuint (g_bytes_get_size (output) + g_bytes_get_size (error_output), ==, 0);

  qga_process_options_set_capture (options, QGA_CAPTURE_MERGED);
  merged = qga_process_spawn (connection, argv, options, NULL, &error);
  if (g_ascii_strtoull (version, NULL, 10) < 8)
    {
      live_assert_error (&error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
      return;
    }
  g_assert_true (qga_process_communicate (merged, &both, NULL, NULL, NULL));
  g_assert_cmpmem (g_bytes_get_data (both, NULL), g_bytes_get_size (both), "a\0\xff" "b\n", 5);
}

/* What it has begun holds its output open. */
static void
test_background (LiveAgent *agent, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *file = live_path (&agent->live, "pid");
  g_autofree char *endless = make_endless (agent);
  g_autofree char *begin = g_strdup_printf ("(%s) & echo $! > %s; echo begun", endless, file);
  g_autofree char *stop = g_strdup_printf ("while ! [ -s %s ]; do :; done; kill $(cat %s)", file, file);
  const char *const argv[] = { "sh", "-c", begin, NULL };
  g_autoptr (QgaProcessOptions) options = qga_process_options_new ();
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (QgaProcess) process = NULL;
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;

  live_agent_start (agent, NULL);
  connection = live_agent_open (agent);
  qga_process_options_set_wait_timeout (options, 100);
  process = qga_process_spawn (connection, argv, options, NULL, NULL);
  g_assert_false (qga_process_wait (process, NULL, &error));
  live_assert_error (&error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  assert_ends (connection, stop, 0, 0);
  while (!qga_process_communicate_utf8 (process, &output, NULL, NULL, &error))
    live_assert_error (&error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpstr (output, ==, "begun\n");
  g_assert_true (qga_process_get_successful (process));
}

static void
test_one_after_the_other (LiveAgent *agent, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QgaConnection) connection = NULL;

  live_agent_start (agent, NULL);
  connection = live_agent_open (agent);
  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *script = g_strdup_printf ("echo %u", i);
      g_autofree char *output = g_strdup_printf ("%u\n", i);

      live_assert_writes (connection, script, output);
    }
  g_assert_cmpuint (qga_connection_get_generation (connection), ==, 1);
}

static void
test_all_at_once (LiveAgent *agent, G_GNUC_UNUSED gconstpointer data)
{
  enum { N = 20 };
  g_autoptr (QgaConnection) connection = NULL;
  QgaProcess *processes[N];
  GAsyncResult *results[N] = { NULL };

  live_agent_start (agent, NULL);
  connection = live_agent_open (agent);
  for (guint i = 0; i < N; i++)
    {
      g_autofree char *script = g_strdup_printf ("sleep 0.0%u; echo %u", 9 - i % 10, i);

      processes[i] = live_spawn (connection, script);
      qga_process_communicate_utf8_async (processes[i], NULL, live_keep_result, &results[i]);
    }
  for (guint i = 0; i < N; i++)
    {
      g_autofree char *expected = g_strdup_printf ("%u\n", i);
      g_autofree char *output = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_true (qga_process_communicate_utf8_finish (processes[i], live_wait (&results[i]), &output, NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpstr (output, ==, expected);
      g_object_unref (results[i]);
      g_object_unref (processes[i]);
    }
}

/* --- agents that end, or stand still ---------------------------------------------------------- */

static void
test_killed (LiveAgent *agent, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (QgaProcess) process = NULL;
  g_autoptr (GError) error = NULL;

  live_agent_start (agent, NULL);
  connection = live_agent_open (agent);
  process = spawn_endless (agent, connection);
  qga_process_wait_async (process, NULL, live_keep_result, &result);
  live_assert_writes (connection, "echo alive", "alive\n");
  live_agent_kill (agent);
  g_assert_false (qga_process_wait_finish (process, live_wait (&result), &error));
  live_assert_error (&error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_false (qga_process_wait (process, NULL, &error));
  live_assert_error (&error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_cmpint (qga_connection_get_state (connection), ==, QGA_CONNECTION_STATE_CLOSED);
}

/* What it did not say meanwhile is not lost, as long as it is no result. */
static void
test_stopped (LiveAgent *agent, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (QgaProcess) process = NULL;
  g_autofree char *kill_it = NULL, *answer = NULL;
  g_autoptr (GError) error = NULL;

  live_agent_start (agent, NULL);
  connection = live_agent_open (agent);
  process = spawn_endless (agent, connection);
  kill_it = g_strdup_printf ("kill %" G_GINT64_FORMAT, qga_process_get_pid (process));
  live_freeze (agent->process);
  qga_connection_set_default_timeout (connection, 100);
  g_assert_false (qga_process_wait (process, NULL, &error));
  live_assert_error (&error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_null (qga_connection_execute_json (connection, "guest-ping", NULL, NULL, &error));
  live_assert_error (&error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_false (qga_connection_get_responsive (connection));

  live_thaw (agent->process);
  qga_connection_set_default_timeout (connection, -1);
  answer = live_ask (connection, "guest-ping", NULL);
  g_assert_cmpstr (answer, ==, "{}");
  g_assert_true (qga_connection_get_responsive (connection));
  assert_ends (connection, kill_it, 0, 0);
  g_assert_true (qga_process_wait (process, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (qga_process_get_term_signal (process), ==, 15);
  g_assert_cmpuint (qga_connection_get_generation (connection), ==, 1);
}

/* In the middle of whatever it does, fifty times: whoever waits is told, and
 * the next one begins anew. */
static void
test_restarts (LiveAgent *agent, G_GNUC_UNUSED gconstpointer data)
{
  enum { N = 8 };

  for (guint round = 0; round < 50; round++)
    {
      g_autoptr (QgaConnection) connection = NULL;
      g_autoptr (QgaProcess) process = NULL;
      GAsyncResult *results[N] = { NULL };
      g_autoptr (GAsyncResult) end = NULL;
      g_autoptr (GError) error = NULL;

      live_agent_start (agent, NULL);
      connection = live_agent_open (agent);
      process = spawn_endless (agent, connection);
      qga_process_wait_async (process, NULL, live_keep_result, &end);
      for (guint i = 0; i < N; i++)
        qga_connection_execute_json_async (connection, "guest-get-osinfo", NULL, NULL, live_keep_result, &results[i]);
      if (round % 2 == 0)
        live_wait (&results[round % N]);
      live_agent_kill (agent);
      for (guint i = 0; i < N; i++)
        {
          g_autofree char *answer = qga_connection_execute_json_finish (connection, live_wait (&results[i]), &error);

          if (answer == NULL)
            live_assert_error (&error, G_IO_ERROR, G_IO_ERROR_CLOSED);
          g_object_unref (results[i]);
        }
      g_assert_false (qga_process_wait_finish (process, live_wait (&end), &error));
      live_assert_error (&error, G_IO_ERROR, G_IO_ERROR_CLOSED);
    }
}

/* --- commands ------------------------------------------------------------------------------------ */

static void
test_files (LiveAgent *agent, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *path = live_path (&agent->live, "file");
  g_autofree char *opening = g_strdup_printf ("{\"path\":\"%s\",\"mode\":\"w+\"}", path);
  g_autofree char *writing = NULL, *closing = NULL, *closed = NULL, *contents = NULL;
  g_autofree char *handle = NULL, *written = NULL;
  g_autoptr (QgaConnection) connection = NULL;

  live_agent_start (agent, NULL);
  connection = live_agent_open (agent);
  handle = live_ask (connection, "guest-file-open", opening);
  writing = g_strdup_printf ("{\"handle\":%s,\"buf-b64\":\"aGVsbG8=\"}", handle);
  closing = g_strdup_printf ("{\"handle\":%s}", handle);
  written = live_ask (connection, "guest-file-write", writing);
  g_assert_nonnull (strstr (written, "\"count\": 5"));
  closed = live_ask (connection, "guest-file-close", closing);
  g_assert_cmpstr (closed, ==, "{}");
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "hello");
  live_assert_refused (connection, "guest-file-close", closing, QGA_ERROR_GENERIC, "has not been found");
}

static void
test_refusals (LiveAgent *agent, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QgaConnection) connection = NULL;
  gboolean enabled = TRUE;

  live_agent_start (agent, "-b", "guest-get-users", NULL);
  connection = live_agent_open (agent);
  live_assert_refused (connection, "guest-get-users", NULL, QGA_ERROR_COMMAND_DISABLED, "disabled");
  live_assert_refused (connection, "guest-fsfreeze-freeze", NULL, QGA_ERROR_COMMAND_DISABLED, "disabled");
  live_assert_refused (connection, "guest-get-everything", NULL, QGA_ERROR_COMMAND_NOT_FOUND, "has not been found");
  live_assert_refused (connection, "guest-exec", "{\"path\":7}", QGA_ERROR_GENERIC, "path");
  g_assert_true (qga_connection_has_command (connection, "guest-get-users"));
  enabled = qga_connection_is_command_enabled (connection, "guest-get-users");
  g_assert_false (enabled);
  g_assert_false (qga_connection_has_command (connection, "guest-get-everything"));
}

/* Nothing is frozen in truth, but the agent has its word for it. */
static void
test_left_frozen (LiveAgent *agent, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QgaConnection) connection = NULL;
  g_autofree char *answer = NULL, *thawed = NULL;
  g_autoptr (GError) error = NULL;

  live_agent_leave_frozen (agent);
  live_agent_start (agent, NULL);
  connection = live_agent_open (agent);
  g_assert_cmpint (qga_freeze_guard_query (connection, NULL, &error), ==, QGA_FREEZE_STATUS_FROZEN);
  g_assert_no_error (error);
  live_assert_refused (connection, "guest-get-osinfo", NULL, QGA_ERROR_FROZEN, "frozen");
  live_assert_refused (connection, "guest-exec", "{\"path\":\"true\"}", QGA_ERROR_FROZEN, "frozen");
  answer = live_ask (connection, "guest-ping", NULL);
  thawed = live_ask (connection, "guest-fsfreeze-thaw", NULL);
  g_assert_cmpint (qga_freeze_guard_query (connection, NULL, NULL), ==, QGA_FREEZE_STATUS_THAWED);
  live_assert_writes (connection, "echo alive", "alive\n");
}

static void
leave_leftovers (LiveAgent *agent, const char *text)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (agent->socket);
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  g_assert_no_error (error);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), text, strlen (text), NULL, NULL, &error);
  g_assert_no_error (error);
}

/* Another client was here, and left in the middle of a word. To a client that
 * is gone an agent that listens must have nothing to say: that ends it. */
static void
test_leftovers (LiveAgent *agent, G_GNUC_UNUSED gconstpointer data)
{
  static const char *const leftovers[] = {
    "{\"execute\":\"guest-pi", "{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"", "[[[[[[[[", "\"",
  };

  live_agent_start (agent, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (leftovers); i++)
    {
      g_autoptr (QgaConnection) connection = NULL;

      leave_leftovers (agent, leftovers[i]);
      connection = live_agent_open (agent);
      live_assert_writes (connection, "echo alive", "alive\n");
      g_assert_true (qga_connection_close (connection, NULL, NULL));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  LIVE_AGENT_TEST ("/live/agent-process/uname", test_uname);
  LIVE_AGENT_TEST ("/live/agent-process/not-there", test_not_there);
  LIVE_AGENT_TEST ("/live/agent-process/endings", test_endings);
  LIVE_AGENT_TEST ("/live/agent-process/environment", test_environment);
  LIVE_AGENT_TEST ("/live/agent-process/input", test_input);
  LIVE_AGENT_TEST ("/live/agent-process/floods", test_floods);
  LIVE_AGENT_TEST ("/live/agent-process/captures", test_captures);
  LIVE_AGENT_TEST ("/live/agent-process/background", test_background);
  LIVE_AGENT_TEST ("/live/agent-process/one-after-the-other", test_one_after_the_other);
  LIVE_AGENT_TEST ("/live/agent-process/all-at-once", test_all_at_once);
  LIVE_AGENT_TEST ("/live/agent-process/killed", test_killed);
  LIVE_AGENT_TEST ("/live/agent-process/stopped", test_stopped);
  LIVE_AGENT_TEST ("/live/agent-process/restarts", test_restarts);
  LIVE_AGENT_TEST ("/live/agent-process/files", test_files);
  LIVE_AGENT_TEST ("/live/agent-process/refusals", test_refusals);
  LIVE_AGENT_TEST ("/live/agent-process/left-frozen", test_left_frozen);
  LIVE_AGENT_TEST ("/live/agent-process/leftovers", test_leftovers);
  return g_test_run ();
}
