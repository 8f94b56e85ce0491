/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qga-glib/qga-glib.h>

#include <string.h>

#include "mock/await.h"
#include "mock/open-agent.h"

/* Processes in the guest: how they are started, how they ended, and what they
 * wrote. How their end is waited for is elsewhere. */

static QgaProcess *
spawn_argv (QgaConnection *connection, const char *const *argv, QgaProcessOptions *options)
{
  g_autoptr (GError) error = NULL;
  QgaProcess *process = qga_process_spawn (connection, argv, options, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (QGA_IS_PROCESS (process));
  return process;
}

static QgaProcess *
spawn (QgaConnection *connection, const char *program)
{
  return spawn_argv (connection, (const char *const[]) { program, NULL }, NULL);
}

static QgaProcess *
spawn_described (MockAgent *agent, QgaConnection *connection, const MockProgram *program)
{
  mock_agent_add_program (agent, "program", program);
  return spawn (connection, "program");
}

static void
assert_not_spawned (QgaConnection *connection, const char *const *argv, QgaProcessOptions *options, GCancellable *cancellable,
                    GQuark domain, int code, const char *word)
{
  g_autoptr (GError) error = NULL, later = NULL;
  g_auto (Await) spawned = { 0 };

  assert_failed ((char *) qga_process_spawn (connection, argv, options, cancellable, &error), &error, domain, code, word);
  qga_process_spawn_async (connection, argv, options, cancellable, await_callback, &spawned);
  g_assert_cmpuint (spawned.n_calls, ==, 0);
  assert_failed ((char *) qga_process_spawn_finish (await (&spawned), &later), &later, domain, code, word);
}

static void
assert_refused (QgaConnection *connection, const char *program, GQuark domain, int code, const char *word)
{
  assert_not_spawned (connection, (const char *const[]) { program, NULL }, NULL, NULL, domain, code, word);
}

static void
assert_bytes (GBytes *bytes, const char *expected, gsize length)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  g_assert_cmpmem (data, size, expected, length);
}

/* --- starting ----------------------------------------------------------------------------- */

static void
assert_sent (MockAgent *agent, const char *arguments)
{
  guint n = mock_agent_count (agent, "guest-exec");

  g_assert_cmpstr (mock_agent_get_command (agent, "guest-exec", n)->arguments, ==, arguments);
}

static void
test_arguments (void)
{
  static const char *const argv[] = { "program", "-a", "two words", "", "\"quoted\" \\ \n\t\x01", "größer 𝄞", NULL };
  static const char *const environment[] = { "PATH=/bin", "EMPTY=", NULL };
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaProcessOptions) options = qga_process_options_new ();
  g_autoptr (GBytes) input = g_bytes_new_static ("a\0b\xff", 4);
  g_autoptr (QgaProcess) process = NULL;

  mock_agent_add_program (agent, "program", &(MockProgram) { 0 });
  qga_process_options_set_environment (options, environment);
  qga_process_options_set_input (options, input);
  process = spawn_argv (connection, argv, options);
  assert_sent (agent, "{\"path\":\"program\",\"arg\":[\"-a\",\"two words\",\"\",\"\\\"quoted\\\" \\\\ \\u000a\\u0009\\u0001\","
               "\"größer 𝄞\"],\"env\":[\"PATH=/bin\",\"EMPTY=\"],\"input-data\":\"YQBi/w==\",\"capture-output\":true}");
  assert_orderly (agent);
}

/* What is not given is not sent; what is given and empty is. */
static void
test_few_arguments (void)
{
  static const char *const nothing[] = { NULL };
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaProcessOptions) options = qga_process_options_new ();
  g_autoptr (GBytes) input = g_bytes_new_static ("", 0);
  g_autoptr (QgaProcess) bare = NULL, empty = NULL;

  mock_agent_add_program (agent, "program", &(MockProgram) { 0 });
  bare = spawn (connection, "program");
  assert_sent (agent, "{\"path\":\"program\",\"capture-output\":true}");
  qga_process_options_set_environment (options, nothing);
  qga_process_options_set_input (options, input);
  empty = spawn_argv (connection, (const char *const[]) { "program", NULL }, options);
  assert_sent (agent, "{\"path\":\"program\",\"env\":[],\"input-data\":\"\",\"capture-output\":true}");
}

static QgaProcess *
spawn_capturing (QgaConnection *connection, QgaCapture capture)
{
  g_autoptr (QgaProcessOptions) options = qga_process_options_new ();

  qga_process_options_set_capture (options, capture);
  return spawn_argv (connection, (const char *const[]) { "program", NULL }, options);
}

static void
test_captures (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaProcess) separate = NULL, none = NULL, merged = NULL;
  g_autofree char *output = NULL, *error_output = NULL;

  mock_agent_add_program (agent, "program", &(MockProgram) { .out = "out", .err = "err" });
  separate = spawn_capturing (connection, QGA_CAPTURE_SEPARATE);
  assert_sent (agent, "{\"path\":\"program\",\"capture-output\":true}");
  none = spawn_capturing (connection, QGA_CAPTURE_NONE);
  assert_sent (agent, "{\"path\":\"program\",\"capture-output\":false}");
  merged = spawn_capturing (connection, QGA_CAPTURE_MERGED);
  assert_sent (agent, "{\"path\":\"program\",\"capture-output\":\"merged\"}");
  g_assert_true (qga_process_communicate_utf8 (none, &output, &error_output, NULL, NULL));
  g_assert_cmpstr (output, ==, "");
  g_assert_cmpstr (error_output, ==, "");
}

/* Merging came with 8.0; an agent that does not tell its version decides
 * for itself. */
static void
try_merging (const char *version, gboolean works)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaProcessOptions) options = qga_process_options_new ();
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (QgaProcess) process = NULL;

  mock_agent_add_program (agent, "program", &(MockProgram) { 0 });
  if (version != NULL)
    mock_agent_set_version (agent, version);
  else
    mock_agent_refuse (agent, "guest-info", "GenericError", "no");
  connection = open_agent (agent);
  qga_process_options_set_capture (options, QGA_CAPTURE_MERGED);
  if (works)
    process = spawn_capturing (connection, QGA_CAPTURE_MERGED);
  else
    assert_not_spawned (connection, (const char *const[]) { "program", NULL }, options, NULL, G_IO_ERROR,
                        G_IO_ERROR_NOT_SUPPORTED, version);
  g_assert_cmpuint (mock_agent_count (agent, "guest-exec"), ==, works);
}

static void
test_merging (void)
{
  try_merging ("7.2.22", FALSE);
  try_merging ("2.5", FALSE);
  try_merging ("8.0.0", TRUE);
  try_merging ("10.0.2", TRUE);
  try_merging (NULL, TRUE);
}

/* JSON has no way to say it, so the agent is not even asked. */
static void
test_not_utf8 (void)
{
  static const char *const wrong_path[] = { "caf\xe9", NULL };
  static const char *const wrong_argument[] = { "program", "fine", "caf\xe9", NULL };
  static const char *const right[] = { "program", NULL };
  static const char *const wrong_environment[] = { "FINE=1", "CAF\xe9=1", NULL };
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaProcessOptions) options = qga_process_options_new ();

  assert_not_spawned (connection, wrong_path, NULL, NULL, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "path");
  assert_not_spawned (connection, wrong_argument, NULL, NULL, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "arg[1]");
  qga_process_options_set_environment (options, wrong_environment);
  assert_not_spawned (connection, right, options, NULL, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "env[1]");
  g_assert_cmpuint (mock_agent_count (agent, "guest-exec"), ==, 0);
  assert_answers (connection);
}

static void
test_too_much_input (void)
{
  const gsize size = 48u << 20;
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaProcessOptions) options = qga_process_options_new ();
  g_autoptr (GBytes) input = g_bytes_new_take (g_malloc0 (size), size);

  qga_process_options_set_input (options, input);
  assert_not_spawned (connection, (const char *const[]) { "program", NULL }, options, NULL, G_IO_ERROR,
                      G_IO_ERROR_INVALID_ARGUMENT, "50331648 bytes");
  g_assert_cmpuint (mock_agent_count (agent, "guest-exec"), ==, 0);
}

/* All of it comes back. */
static void
test_input (void)
{
  const gsize size = 1u << 20;
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaProcessOptions) options = qga_process_options_new ();
  g_autofree char *data = g_malloc (size);
  g_autoptr (GBytes) input = NULL, output = NULL;
  g_autoptr (QgaProcess) process = NULL;

  for (gsize i = 0; i < size; i++)
    data[i] = (char) (i * 7 + i / 256);
  input = g_bytes_new (data, size);
  mock_agent_add_program (agent, "program", &(MockProgram) { .echoes = TRUE });
  qga_process_options_set_input (options, input);
  process = spawn_argv (connection, (const char *const[]) { "program", NULL }, options);
  g_assert_true (qga_process_communicate (process, &output, NULL, NULL, NULL));
  g_assert_true (g_bytes_equal (input, output));
}

static void
test_spawn_async (void)
{
  static const char *const argv[] = { "program", "argument", NULL };
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaProcess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Await) spawned = { 0 };

  mock_agent_add_program (agent, "program", &(MockProgram) { 0 });
  qga_process_spawn_async (connection, argv, NULL, NULL, await_callback, &spawned);
  g_assert_cmpuint (spawned.n_calls, ==, 0);
  process = qga_process_spawn_finish (await (&spawned), &error);
  g_assert_no_error (error);
  g_assert_null (spawned.source);
  g_assert_true (qga_process_get_connection (process) == connection);
  g_assert_cmpstrv (qga_process_get_argv (process), argv);
  g_assert_cmpint (qga_process_get_pid (process), ==, 4000);
  g_assert_true (qga_process_wait (process, NULL, NULL));
}

/* The result of a spawn that somebody keeps does not keep the connection. */
static void
test_spawn_result_holds_nothing (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  QgaConnection *connection = open_agent (agent);
  gpointer weak = connection;
  QgaProcess *process;
  g_auto (Await) spawned = { 0 };

  mock_agent_add_program (agent, "program", &(MockProgram) { 0 });
  g_object_add_weak_pointer (G_OBJECT (connection), &weak);
  qga_process_spawn_async (connection, (const char *const[]) { "program", NULL }, NULL, NULL, await_callback, &spawned);
  process = qga_process_spawn_finish (await (&spawned), NULL);
  g_object_unref (connection);
  g_assert_nonnull (weak);
  g_object_unref (process);
  await_idle ();
  g_assert_null (weak);
  mock_agent_await_end (agent);
}

/* Older agents can do it, too. */
static void
test_without_ids (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (QgaProcess) process = NULL;
  g_autofree char *output = NULL;

  mock_agent_set_version (agent, "2.5.0");
  mock_agent_set_echoes_ids (agent, FALSE);
  connection = open_agent (agent);
  process = spawn_described (agent, connection, &(MockProgram) { .out = "old", .n_polls = 3 });
  g_assert_true (qga_process_communicate_utf8 (process, &output, NULL, NULL, NULL));
  g_assert_cmpstr (output, ==, "old");
}

/* --- not starting --------------------------------------------------------------------------- */

static void
try_refusals (const char *version)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = NULL;

  mock_agent_set_version (agent, version);
  connection = open_agent (agent);
  assert_refused (connection, "/bin/nothing", QGA_ERROR, QGA_ERROR_GENERIC, "“/bin/nothing” (No such file or directory)");
  mock_agent_set_frozen (agent, TRUE);
  assert_refused (connection, "/bin/nothing", QGA_ERROR, QGA_ERROR_FROZEN, "frozen");
  mock_agent_set_frozen (agent, FALSE);
  mock_agent_disable (agent, "guest-exec");
  assert_refused (connection, "/bin/nothing", QGA_ERROR, QGA_ERROR_COMMAND_DISABLED, "disabled");
  mock_agent_remove (agent, "guest-exec");
  assert_refused (connection, "/bin/nothing", QGA_ERROR, QGA_ERROR_COMMAND_NOT_FOUND, "has not been found");
  g_assert_cmpuint (qga_connection_get_generation (connection), ==, 1);
  assert_answers (connection);
  assert_orderly (agent);
}

static void
test_refusals (void)
{
  try_refusals ("7.2.22");
  try_refusals ("10.0.2");
}

static void
test_nonsense (void)
{
  static const char *const answers[] = {
    "{}", "7", "\"4000\"", "[4000]", "{\"pid\":\"4000\"}", "{\"pid\":4000.5}", "{\"pid\":null}",
    "{\"pid\":9223372036854775808}",
  };
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      mock_agent_answer (agent, "guest-exec", answers[i]);
      assert_refused (connection, "program", QGA_ERROR, QGA_ERROR_PROTOCOL, "guest-exec");
      assert_answers (connection);
    }
  g_assert_cmpuint (qga_connection_get_generation (connection), ==, 1);
}

static void
test_not_in_time (void)
{
  static const char *const argv[] = { "program", NULL };
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  mock_agent_add_program (agent, "program", &(MockProgram) { 0 });
  mock_agent_stay_silent (agent, "guest-exec", MOCK_AGENT_ALWAYS);
  qga_connection_set_default_timeout (connection, 20);
  assert_not_spawned (connection, argv, NULL, NULL, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "guest-exec");
  qga_connection_set_default_timeout (connection, -1);
  g_cancellable_cancel (cancellable);
  assert_not_spawned (connection, argv, NULL, cancellable, G_IO_ERROR, G_IO_ERROR_CANCELLED, "guest-exec");
  assert_answers (connection);
  assert_orderly (agent);
  g_assert_true (qga_connection_close (connection, NULL, NULL));
  assert_not_spawned (connection, argv, NULL, NULL, G_IO_ERROR, G_IO_ERROR_CLOSED, "");
}

/* --- how it ended ---------------------------------------------------------------------------- */

typedef struct
{
  MockProgram program;
  gint64 status;
  gint64 signal;
  const char *message;
} Ending;

static void
assert_not_known (QgaProcess *process)
{
  g_assert_false (qga_process_get_ended (process));
  g_assert_false (qga_process_get_successful (process));
  g_assert_cmpint (qga_process_get_exit_status (process), ==, -1);
  g_assert_cmpint (qga_process_get_term_signal (process), ==, 0);
  g_assert_false (qga_process_get_output_truncated (process));
  g_assert_false (qga_process_get_error_output_truncated (process));
}

static void
check_ending (QgaProcess *process, const Ending *ending)
{
  g_autoptr (GError) error = NULL, later = NULL;
  gboolean good = ending->message == NULL;
  GQuark domain = ending->signal != 0 ? G_SPAWN_ERROR : G_SPAWN_EXIT_ERROR;
  int code = ending->signal != 0 ? G_SPAWN_ERROR_FAILED : (int) MIN (ending->status, G_MAXINT);
  g_auto (Await) checked = { 0 };

  g_assert_true (qga_process_get_ended (process));
  g_assert_true (qga_process_get_successful (process) == good);
  g_assert_cmpint (qga_process_get_exit_status (process), ==, ending->status);
  g_assert_cmpint (qga_process_get_term_signal (process), ==, ending->signal);
  g_assert_true (qga_process_wait_check (process, NULL, &error) == good);
  qga_process_wait_check_async (process, NULL, await_callback, &checked);
  g_assert_true (qga_process_wait_check_finish (process, await (&checked), &later) == good);
  if (good)
    {
      g_assert_no_error (error);
      g_assert_no_error (later);
      return;
    }
  assert_failed (NULL, &error, domain, code, ending->message);
  assert_failed (NULL, &later, domain, code, ending->message);
}

static void
test_endings (void)
{
  static const Ending endings[] = {
    { { .exit_code = 0 }, 0, 0, NULL },
    { { .exit_code = 1 }, 1, 0, "program: exited with status 1" },
    { { .exit_code = 255, .n_polls = 2 }, 255, 0, "program: exited with status 255" },
    { { .exit_code = -3 }, -3, 0, "program: exited with status -3" },
    { { .signal = 9 }, -1, 9, "program: killed by signal 9" },
    { { .signal = 0xc0000005u }, -1, 0xc0000005, "program: killed by signal 3221225477" },
  };
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autoptr (QgaProcess) process = spawn_described (agent, connection, &endings[i].program);
      g_autoptr (GError) error = NULL;

      assert_not_known (process);
      g_assert_true (qga_process_wait (process, NULL, &error));
      g_assert_no_error (error);
      check_ending (process, &endings[i]);
    }
  assert_orderly (agent);
}

/* A code beyond an int is one of an error all the same. */
static void
test_wide_status (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaProcess) process = NULL;

  process = spawn_described (agent, connection, &(MockProgram) { 0 });
  mock_agent_answer_once (agent, "guest-exec-status", "{\"exited\":true,\"exitcode\":4294967296}");
  g_assert_true (qga_process_wait (process, NULL, NULL));
  g_assert_cmpint (qga_process_get_exit_status (process), ==, G_GINT64_CONSTANT (1) << 32);
  check_ending (process, &(Ending) { { 0 }, G_GINT64_CONSTANT (1) << 32, 0, "status 4294967296" });
}

/* --- what it wrote ----------------------------------------------------------------------------- */

/* Both ways, the same. */
static void
assert_wrote (QgaProcess *process, const char *out, gsize out_length, const char *err, gsize err_length)
{
  g_autoptr (GBytes) output = NULL, error_output = NULL, later_output = NULL, later_error_output = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Await) told = { 0 };

  g_assert_true (qga_process_communicate (process, &output, &error_output, NULL, &error));
  g_assert_no_error (error);
  assert_bytes (output, out, out_length);
  assert_bytes (error_output, err, err_length);
  qga_process_communicate_async (process, NULL, await_callback, &told);
  g_assert_cmpuint (told.n_calls, ==, 0);
  g_assert_true (qga_process_communicate_finish (process, await (&told), &later_output, &later_error_output, &error));
  g_assert_no_error (error);
  g_assert_true (told.source == G_OBJECT (process));
  assert_bytes (later_output, out, out_length);
  assert_bytes (later_error_output, err, err_length);
}

static void
test_output (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaProcess) process = NULL, silent = NULL, half = NULL;

  process = spawn_described (agent, connection, &(MockProgram) { .out = "out\n", .err = "err\r\n", .n_polls = 2 });
  assert_wrote (process, "out\n", 4, "err\r\n", 5);
  silent = spawn_described (agent, connection, &(MockProgram) { 0 });
  assert_wrote (silent, "", 0, "", 0);
  half = spawn_described (agent, connection, &(MockProgram) { .err = "x", .exit_code = 1 });
  assert_wrote (half, "", 0, "x", 1);
}

static void
assert_text (QgaProcess *process, const char *out, const char *err)
{
  g_autofree char *output = NULL, *error_output = NULL, *later_output = NULL, *later_error_output = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Await) told = { 0 };

  g_assert_true (qga_process_communicate_utf8 (process, &output, &error_output, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (output, ==, out);
  g_assert_cmpstr (error_output, ==, err);
  qga_process_communicate_utf8_async (process, NULL, await_callback, &told);
  g_assert_true (qga_process_communicate_utf8_finish (process, await (&told), &later_output, &later_error_output, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (later_output, ==, out);
  g_assert_cmpstr (later_error_output, ==, err);
}

static void
test_text (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaProcess) process = NULL, silent = NULL;

  process = spawn_described (agent, connection, &(MockProgram) { .out = "größer 𝄞\n", .err = "\t", .n_polls = 1 });
  assert_text (process, "größer 𝄞\n", "\t");
  g_assert_true (qga_process_communicate_utf8 (process, NULL, NULL, NULL, NULL));
  silent = spawn_described (agent, connection, &(MockProgram) { .signal = 15 });
  assert_text (silent, "", "");
}

static void
assert_not_text (QgaProcess *process, const char *word)
{
  g_autofree char *output = NULL, *error_output = NULL;
  g_autoptr (GError) error = NULL, later = NULL;
  g_auto (Await) told = { 0 };

  g_assert_false (qga_process_communicate_utf8 (process, &output, &error_output, NULL, &error));
  assert_failed (output, &error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, word);
  qga_process_communicate_utf8_async (process, NULL, await_callback, &told);
  g_assert_false (qga_process_communicate_utf8_finish (process, await (&told), &output, &error_output, &later));
  assert_failed (output, &later, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, word);
  g_assert_null (error_output);
}

/* What is no text is not lost for that. */
static void
test_not_text (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaProcess) nul = NULL, latin = NULL, cut = NULL;

  nul = spawn_described (agent, connection, &(MockProgram) { .out = "a\0b", .out_length = 3, .err = "fine" });
  assert_not_text (nul, "output is not UTF-8 at byte 1");
  assert_wrote (nul, "a\0b", 3, "fine", 4);
  latin = spawn_described (agent, connection, &(MockProgram) { .out = "fine", .err = "caf\xe9 \xff" });
  assert_not_text (latin, "error output is not UTF-8 at byte 3");
  assert_wrote (latin, "fine", 4, "caf\xe9 \xff", 6);
  cut = spawn_described (agent, connection, &(MockProgram) { .out = "gr\xc3", .out_truncated = TRUE });
  assert_not_text (cut, "at byte 2");
  assert_wrote (cut, "gr\xc3", 3, "", 0);
  g_assert_cmpuint (mock_agent_count (agent, "guest-exec-status"), ==, 3);
}

static char *
make_stream (gsize size, guint seed)
{
  char *bytes = g_malloc (size);

  for (gsize i = 0; i < size; i++)
    bytes[i] = (char) (i * seed + (i >> 10));
  return bytes;
}

/* As much as an agent keeps. */
static void
test_full_streams (void)
{
  const gsize size = 16u << 20;
  g_autofree char *out = make_stream (size, 3), *err = make_stream (size, 5);
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  MockProgram program = { .out = out, .out_length = size, .err = err, .err_length = size, .n_polls = 2 };
  g_autoptr (QgaProcess) process = NULL, again = NULL;

  program.out_truncated = program.err_truncated = TRUE;
  process = spawn_described (agent, connection, &program);
  assert_wrote (process, out, size, err, size);
  g_assert_true (qga_process_get_output_truncated (process));
  g_assert_true (qga_process_get_error_output_truncated (process));
  program.err_truncated = FALSE;
  again = spawn_described (agent, connection, &program);
  g_assert_true (qga_process_wait_check (again, NULL, NULL));
  g_assert_true (qga_process_get_output_truncated (again));
  g_assert_false (qga_process_get_error_output_truncated (again));
  assert_answers (connection);
  assert_orderly (agent);
}

static char *
say_full (G_GNUC_UNUSED MockAgent *agent, G_GNUC_UNUSED const MockAgentCommand *command, gpointer data)
{
  const char *output = data;

  return mock_agent_return ("{\"exited\":true,\"exitcode\":0,\"out-data\":\"%s\",\"out-truncated\":false,"
                            "\"err-data\":\"YWJj\",\"err-truncated\":false}", output);
}

/* That the flag is there at all means that it is set, with agents from 8.0 on:
 * what they say is false. */
static void
try_false_flag (const char *version, gsize size, gboolean truncated)
{
  g_autofree guint8 *bytes = g_malloc0 (size);
  g_autofree char *output = g_base64_encode (bytes, size);
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (QgaProcess) process = NULL;

  mock_agent_set_version (agent, version);
  connection = open_agent (agent);
  mock_agent_answer_with (agent, "guest-exec-status", say_full, output);
  process = spawn_described (agent, connection, &(MockProgram) { 0 });
  g_assert_true (qga_process_wait_check (process, NULL, NULL));
  g_assert_true (qga_process_get_output_truncated (process) == truncated);
  g_assert_false (qga_process_get_error_output_truncated (process));
}

static void
test_false_flag (void)
{
  try_false_flag ("10.0.2", 16u << 20, TRUE);
  try_false_flag ("10.0.2", (16u << 20) - 3, FALSE);
  try_false_flag ("7.2.22", 16u << 20, FALSE);
}

/* As some writer of JSON may put it. */
static void
test_escaped_base64 (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaProcess) process = NULL;

  process = spawn_described (agent, connection, &(MockProgram) { .out_base64 = "\\/\\u002f\\/\\/" });
  assert_wrote (process, "\xff\xff\xff", 3, "", 0);
}

static void
assert_not_base64 (QgaProcess *process)
{
  g_autoptr (GBytes) output = NULL, error_output = NULL;
  g_autoptr (GError) error = NULL, later = NULL;
  g_auto (Await) told = { 0 };

  g_assert_false (qga_process_communicate (process, &output, &error_output, NULL, &error));
  assert_failed ((char *) output, &error, QGA_ERROR, QGA_ERROR_PROTOCOL, "out-data: this is not base64");
  qga_process_communicate_async (process, NULL, await_callback, &told);
  g_assert_false (qga_process_communicate_finish (process, await (&told), &output, &error_output, &later));
  assert_failed ((char *) output, &later, QGA_ERROR, QGA_ERROR_PROTOCOL, "out-data: this is not base64");
}

/* How the process ended is told all the same. */
static void
test_junk_base64 (void)
{
  static const char *const junk[] = { "YWJ", "YW=j", "YWJj!!!!", "YQ==YQ==", "=", "\\u00e4\\u00f6", "YWJj\\n" };
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);

  for (guint i = 0; i < G_N_ELEMENTS (junk); i++)
    {
      g_autoptr (QgaProcess) process = NULL;

      process = spawn_described (agent, connection, &(MockProgram) { .out_base64 = junk[i], .exit_code = 7 });
      assert_not_base64 (process);
      g_assert_true (qga_process_wait (process, NULL, NULL));
      g_assert_cmpint (qga_process_get_exit_status (process), ==, 7);
    }
  assert_answers (connection);
}

/* --- secrets --------------------------------------------------------------------------------------- */

#define SECRET "xyzzy-7"
#define SECRET_BASE64 "eHl6enktNw=="

static QgaProcessOptions *
make_secret_options (void)
{
  static const char *const environment[] = { "PASSWORD=" SECRET, NULL };
  QgaProcessOptions *options = qga_process_options_new ();
  g_autoptr (GBytes) input = g_bytes_new_static (SECRET, strlen (SECRET));

  qga_process_options_set_environment (options, environment);
  qga_process_options_set_input (options, input);
  qga_process_options_set_sensitive (options, TRUE);
  return options;
}

static void
assert_tells_no_secret (const GError *error)
{
  g_assert_nonnull (error);
  g_assert_null (strstr (error->message, SECRET));
  g_assert_null (strstr (error->message, SECRET_BASE64));
}

static void
test_secret_refused (void)
{
  static const char *const argv[] = { "/bin/" SECRET, "--token=" SECRET, NULL };
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaProcessOptions) options = make_secret_options ();
  g_autoptr (GError) error = NULL, other = NULL;

  g_assert_null (qga_process_spawn (connection, argv, options, NULL, &error));
  g_assert_error (error, QGA_ERROR, QGA_ERROR_GENERIC);
  assert_tells_no_secret (error);
  g_assert_nonnull (strstr (error->message, "No such file"));
  mock_agent_refuse (agent, "guest-exec", "GenericError", "bad: PASSWORD=" SECRET " " SECRET_BASE64 " --token=" SECRET);
  g_assert_null (qga_process_spawn (connection, argv, options, NULL, &other));
  g_assert_error (other, QGA_ERROR, QGA_ERROR_GENERIC);
  assert_tells_no_secret (other);
}

/* The program's path is one of the things that were sent. */
static void
test_secret_ending (void)
{
  static const char *const argv[] = { "/bin/" SECRET, NULL };
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaProcessOptions) options = make_secret_options ();
  g_autoptr (QgaProcess) failing = NULL, killed = NULL;
  g_autoptr (GError) error = NULL, other = NULL;

  mock_agent_add_program (agent, argv[0], &(MockProgram) { .exit_code = 3 });
  failing = spawn_argv (connection, argv, options);
  g_assert_false (qga_process_wait_check (failing, NULL, &error));
  g_assert_error (error, G_SPAWN_EXIT_ERROR, 3);
  assert_tells_no_secret (error);
  mock_agent_add_program (agent, argv[0], &(MockProgram) { .signal = 6 });
  killed = spawn_argv (connection, argv, options);
  g_assert_false (qga_process_wait_check (killed, NULL, &other));
  g_assert_error (other, G_SPAWN_ERROR, G_SPAWN_ERROR_FAILED);
  assert_tells_no_secret (other);
}

static char *
say_secret_junk (MockAgent *agent, G_GNUC_UNUSED const MockAgentCommand *command, G_GNUC_UNUSED gpointer data)
{
  mock_agent_say (agent, SECRET_BASE64 " " SECRET "\n");
  return NULL;
}

/* What cannot be read may be the very thing, all the more. */
static void
test_secret_junk (void)
{
  static const char *const argv[] = { "program", NULL };
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaProcessOptions) options = make_secret_options ();
  g_autoptr (QgaProcess) process = NULL;
  g_autoptr (GError) error = NULL;

  mock_agent_add_program (agent, "program", &(MockProgram) { 0 });
  mock_agent_answer_with (agent, "guest-exec-status", say_secret_junk, NULL);
  process = spawn_argv (connection, argv, options);
  g_assert_false (qga_process_wait (process, NULL, &error));
  assert_tells_no_secret (error);
}

/* With an echo, it is in the output as well. */
static void
run_secretly (void)
{
  static const char *const argv[] = { "program", "--token=" SECRET, NULL };
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaProcessOptions) options = make_secret_options ();
  g_autoptr (QgaProcess) process = NULL;
  g_autofree char *output = NULL;

  mock_agent_add_program (agent, "program", &(MockProgram) { .echoes = TRUE, .n_polls = 2 });
  process = spawn_argv (connection, argv, options);
  g_assert_true (qga_process_communicate_utf8 (process, &output, NULL, NULL, NULL));
  g_assert_cmpstr (output, ==, SECRET);
}

/* In a process of its own, which logs all that there is. */
static void
test_secret_log (void)
{
  if (g_test_subprocess ())
    {
      run_secretly ();
      return;
    }
  g_setenv ("G_MESSAGES_DEBUG", "all", TRUE);
  g_test_trap_subprocess (NULL, 0, 0);
  g_unsetenv ("G_MESSAGES_DEBUG");
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout ("*guest-exec*guest-exec-status*");
  g_test_trap_assert_stdout_unmatched ("*" SECRET "*");
  g_test_trap_assert_stdout_unmatched ("*" SECRET_BASE64 "*");
  g_test_trap_assert_stderr_unmatched ("*" SECRET "*");
  g_test_trap_assert_stderr_unmatched ("*" SECRET_BASE64 "*");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/qga-process/arguments", test_arguments);
  g_test_add_func ("/qga-process/few-arguments", test_few_arguments);
  g_test_add_func ("/qga-process/captures", test_captures);
  g_test_add_func ("/qga-process/merging", test_merging);
  g_test_add_func ("/qga-process/not-utf8", test_not_utf8);
  g_test_add_func ("/qga-process/too-much-input", test_too_much_input);
  g_test_add_func ("/qga-process/input", test_input);
  g_test_add_func ("/qga-process/spawn-async", test_spawn_async);
  g_test_add_func ("/qga-process/spawn-result-holds-nothing", test_spawn_result_holds_nothing);
  g_test_add_func ("/qga-process/without-ids", test_without_ids);
  g_test_add_func ("/qga-process/refusals", test_refusals);
  g_test_add_func ("/qga-process/nonsense", test_nonsense);
  g_test_add_func ("/qga-process/not-in-time", test_not_in_time);
  g_test_add_func ("/qga-process/endings", test_endings);
  g_test_add_func ("/qga-process/wide-status", test_wide_status);
  g_test_add_func ("/qga-process/output", test_output);
  g_test_add_func ("/qga-process/text", test_text);
  g_test_add_func ("/qga-process/not-text", test_not_text);
  g_test_add_func ("/qga-process/full-streams", test_full_streams);
  g_test_add_func ("/qga-process/false-flag", test_false_flag);
  g_test_add_func ("/qga-process/escaped-base64", test_escaped_base64);
  g_test_add_func ("/qga-process/junk-base64", test_junk_base64);
  g_test_add_func ("/qga-process/secret-refused", test_secret_refused);
  g_test_add_func ("/qga-process/secret-ending", test_secret_ending);
  g_test_add_func ("/qga-process/secret-junk", test_secret_junk);
  g_test_add_func ("/qga-process/secret-log", test_secret_log);
  return g_test_run ();
}
