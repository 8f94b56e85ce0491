/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qga-glib/qga-glib.h>

#include <string.h>

#include "mock/await.h"
#include "mock/fake-monitor.h"
#include "mock/open-agent.h"

/* An agent that has taken another's place: what the other gave out must not
 * be taken for what this one gave out. */

typedef struct
{
  MockAgent *agent;
  QgaConnection *connection;
} Guest;

static Guest
make_guest (void)
{
  static const MockProgram runs = { .n_polls = MOCK_AGENT_ALWAYS }, ends = { .exit_code = 3 };
  MockAgent *agent = mock_agent_new ();

  mock_agent_add_program (agent, "runs", &runs);
  mock_agent_add_program (agent, "ends", &ends);
  mock_agent_add_file (agent, "/a", "aaaa", 4);
  mock_agent_add_file (agent, "/b", "bbbb", 4);
  return (Guest) { agent, open_agent (agent) };
}

static void
clear_guest (Guest *guest)
{
  assert_orderly (guest->agent);
  g_clear_object (&guest->connection);
  g_clear_pointer (&guest->agent, mock_agent_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Guest, clear_guest)

static QgaFile *
open_file (Guest *guest, const char *path)
{
  g_autoptr (GError) error = NULL;
  QgaFile *file = qga_file_open (guest->connection, path, QGA_FILE_MODE_READ, NULL, &error);

  g_assert_no_error (error);
  return file;
}

static QgaProcess *
spawn (Guest *guest, const char *path)
{
  const char *argv[] = { path, NULL };
  g_autoptr (GError) error = NULL;
  QgaProcess *process = qga_process_spawn (guest->connection, argv, NULL, NULL, &error);

  g_assert_no_error (error);
  return process;
}

static void
assert_reads (QgaFile *file, const char *expected)
{
  char bytes[16] = "";
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (file)), bytes, 4, NULL, &error), ==, 4);
  g_assert_no_error (error);
  g_assert_cmpstr (bytes, ==, expected);
}

static void
assert_lost (QgaFile *file)
{
  char bytes[16];
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (file)), bytes, 4, NULL, &error), ==, -1);
  g_assert_error (error, QGA_ERROR, QGA_ERROR_AGENT_RESTARTED);
}

static void
assert_process_lost (QgaProcess *process)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (qga_process_wait (process, NULL, &error));
  g_assert_error (error, QGA_ERROR, QGA_ERROR_AGENT_RESTARTED);
}

static guint
get_generation (Guest *guest)
{
  return qga_connection_get_generation (guest->connection);
}

/* --- numbers that are given out twice --------------------------------------------------- */

static void
test_handle_twice (void)
{
  g_auto (Guest) guest = make_guest ();
  g_autoptr (QgaFile) old = open_file (&guest, "/a"), new = NULL;

  g_assert_cmpuint (get_generation (&guest), ==, 1);
  mock_agent_restart (guest.agent);
  new = open_file (&guest, "/b");
  g_assert_cmpint (qga_file_get_handle (new), ==, qga_file_get_handle (old));
  g_assert_cmpuint (get_generation (&guest), ==, 2);
  assert_lost (old);
  assert_reads (new, "bbbb");
  /* to close the old one would close the new one */
  g_io_stream_close (G_IO_STREAM (old), NULL, NULL);
  g_clear_object (&old);
  assert_answers (guest.connection);
  g_assert_cmpuint (mock_agent_count (guest.agent, "guest-file-close"), ==, 0);
  g_assert_cmpuint (mock_agent_count_handles (guest.agent), ==, 1);
}

static void
test_pid_twice (void)
{
  g_auto (Guest) guest = make_guest ();
  g_autoptr (QgaProcess) old = spawn (&guest, "runs"), new = NULL;

  mock_agent_restart (guest.agent);
  new = spawn (&guest, "ends");
  g_assert_cmpint (qga_process_get_pid (new), ==, qga_process_get_pid (old));
  g_assert_cmpuint (get_generation (&guest), ==, 2);
  assert_process_lost (old);
  g_assert_true (qga_process_wait (new, NULL, NULL));
  g_assert_cmpint (qga_process_get_exit_status (new), ==, 3);
  g_assert_false (qga_process_get_ended (old));
}

/* A number that is free again is no sign. */
static void
test_numbers_again (void)
{
  g_auto (Guest) guest = make_guest ();

  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (QgaFile) file = open_file (&guest, "/a");
      g_autoptr (QgaProcess) process = spawn (&guest, "ends");

      assert_reads (file, "aaaa");
      g_assert_true (g_io_stream_close (G_IO_STREAM (file), NULL, NULL));
      g_assert_true (qga_process_wait (process, NULL, NULL));
      mock_agent_restart (guest.agent);
    }
  g_assert_cmpuint (get_generation (&guest), ==, 1);
}

/* A handle and a pid may be the same number. */
static void
test_handle_like_pid (void)
{
  g_auto (Guest) guest = make_guest ();
  g_autoptr (QgaFile) file = NULL;
  g_autoptr (QgaProcess) process = NULL;

  mock_agent_answer (guest.agent, "guest-exec", "{\"pid\": 7}");
  mock_agent_answer (guest.agent, "guest-file-open", "7");
  process = spawn (&guest, "runs");
  file = open_file (&guest, "/a");
  g_assert_cmpuint (get_generation (&guest), ==, 1);
  mock_agent_answer (guest.agent, "guest-file-close", "{}");
}

/* --- numbers that it does not know --------------------------------------------------------- */

static void
test_unknown_handle (void)
{
  g_auto (Guest) guest = make_guest ();
  g_autoptr (QgaFile) file = open_file (&guest, "/a"), other = open_file (&guest, "/b");
  g_autoptr (QgaProcess) process = spawn (&guest, "runs");

  mock_agent_restart (guest.agent);
  assert_lost (file);
  g_assert_cmpuint (get_generation (&guest), ==, 2);
  /* and so are all the others: nothing is asked for them */
  assert_lost (other);
  assert_process_lost (process);
  g_assert_cmpuint (mock_agent_count (guest.agent, "guest-file-read"), ==, 1);
  g_assert_cmpuint (get_generation (&guest), ==, 2);
}

static void
test_unknown_pid (void)
{
  g_auto (Guest) guest = make_guest ();
  g_autoptr (QgaFile) file = open_file (&guest, "/a");
  g_autoptr (QgaProcess) process = spawn (&guest, "runs");

  mock_agent_restart (guest.agent);
  assert_process_lost (process);
  g_assert_cmpuint (get_generation (&guest), ==, 2);
  assert_lost (file);
}

/* For those who run commands by name, the agent's words are the agent's. */
static void
test_raw_commands (void)
{
  g_auto (Guest) guest = make_guest ();
  g_autoptr (GError) error = NULL;

  g_free (qga_connection_execute_json (guest.connection, "guest-file-open", "{\"path\":\"/a\"}", NULL, NULL));
  mock_agent_restart (guest.agent);
  g_free (qga_connection_execute_json (guest.connection, "guest-file-open", "{\"path\":\"/b\"}", NULL, NULL));
  assert_failed (qga_connection_execute_json (guest.connection, "guest-file-read", "{\"handle\":4711}", NULL, &error), &error,
                 QGA_ERROR, QGA_ERROR_GENERIC, "has not been found");
  g_assert_cmpuint (get_generation (&guest), ==, 1);
}

/* --- what becomes of the rest ------------------------------------------------------------------ */

/* A restart in mid-call costs that call alone: it is not noticed. */
static void
test_not_noticed (void)
{
  g_auto (Guest) guest = make_guest ();
  g_autoptr (QgaRequest) request = new_request ("echo", NULL, 20);
  g_auto (Await) called = { 0 };

  mock_agent_hold (guest.agent, "echo");
  qga_connection_execute_request_async (guest.connection, request, NULL, await_callback, &called);
  mock_agent_await (guest.agent, "echo", 1);
  mock_agent_restart (guest.agent);
  g_assert_null (qga_connection_execute_request_finish (guest.connection, await (&called), NULL));
  mock_agent_release (guest.agent, "echo");
  assert_answers (guest.connection);
  g_assert_cmpuint (get_generation (&guest), ==, 1);
}

/* What waits for the line and needs the agent of before ends; the rest is for
 * any agent. */
static void
test_queue (void)
{
  g_auto (Guest) guest = make_guest ();
  g_autoptr (FakeMonitor) monitor = fake_monitor_new ();
  g_autoptr (QgaFile) file = open_file (&guest, "/a");
  g_autoptr (GError) error = NULL;
  g_auto (Await) current = { 0 }, read = { 0 }, next = { 0 };
  char bytes[4];

  qga_connection_watch_monitor (guest.connection, G_OBJECT (monitor), NULL);
  mock_agent_hold (guest.agent, "echo");
  qga_connection_execute_json_async (guest.connection, "echo", NULL, NULL, await_callback, &current);
  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (file)), bytes, 4, 0, NULL, await_callback, &read);
  qga_connection_execute_json_async (guest.connection, "guest-ping", NULL, NULL, await_callback, &next);
  mock_agent_await (guest.agent, "echo", 1);
  mock_agent_reboot (guest.agent);
  mock_agent_release (guest.agent, "echo");
  fake_monitor_say (monitor, "RESET", NULL);
  assert_failed (qga_connection_execute_json_finish (guest.connection, await (&current), &error), &error, QGA_ERROR,
                 QGA_ERROR_AGENT_RESTARTED, "restarted");
  g_assert_cmpint (g_input_stream_read_finish (g_io_stream_get_input_stream (G_IO_STREAM (file)), await (&read), &error),
                   ==, -1);
  g_assert_error (error, QGA_ERROR, QGA_ERROR_AGENT_RESTARTED);
  g_clear_error (&error);
  assert_replied (qga_connection_execute_json_finish (guest.connection, await (&next), &error), &error, "{}");
  g_assert_cmpuint (mock_agent_count (guest.agent, "guest-file-read"), ==, 0);
}

/* Another agent may be able to do other things: it is asked. */
static void
test_asked_anew (void)
{
  g_auto (Guest) guest = make_guest ();
  g_autoptr (QgaFile) file = open_file (&guest, "/a");
  g_autofree char *version = NULL;

  mock_agent_restart (guest.agent);
  mock_agent_set_version (guest.agent, "11.0.0");
  mock_agent_remove (guest.agent, "guest-get-load");
  assert_lost (file);
  mock_agent_await (guest.agent, "guest-info", 2);
  assert_answers (guest.connection);
  version = qga_connection_dup_agent_version (guest.connection);
  g_assert_cmpstr (version, ==, "11.0.0");
  g_assert_false (qga_connection_has_command (guest.connection, "guest-get-load"));
  g_assert_cmpuint (mock_agent_count (guest.agent, "guest-info"), ==, 2);
}

static void
count (guint *n)
{
  ++*n;
}

static void
test_notify (void)
{
  g_auto (Guest) guest = make_guest ();
  guint n_notified = 0;

  g_signal_connect_swapped (guest.connection, "notify::generation", G_CALLBACK (count), &n_notified);
  for (guint i = 1; i <= 3; i++)
    {
      g_autoptr (QgaFile) file = open_file (&guest, "/a");

      mock_agent_restart (guest.agent);
      assert_lost (file);
      await_idle ();
      g_assert_cmpuint (n_notified, ==, i);
      g_assert_cmpuint (get_generation (&guest), ==, 1 + i);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/qga/generation/handle-twice", test_handle_twice);
  g_test_add_func ("/qga/generation/pid-twice", test_pid_twice);
  g_test_add_func ("/qga/generation/numbers-again", test_numbers_again);
  g_test_add_func ("/qga/generation/handle-like-pid", test_handle_like_pid);
  g_test_add_func ("/qga/generation/unknown-handle", test_unknown_handle);
  g_test_add_func ("/qga/generation/unknown-pid", test_unknown_pid);
  g_test_add_func ("/qga/generation/raw-commands", test_raw_commands);
  g_test_add_func ("/qga/generation/not-noticed", test_not_noticed);
  g_test_add_func ("/qga/generation/queue", test_queue);
  g_test_add_func ("/qga/generation/asked-anew", test_asked_anew);
  g_test_add_func ("/qga/generation/notify", test_notify);
  return g_test_run ();
}
