/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qga-glib/qga-glib.h>

#include <string.h>

#include "mock/await.h"
#include "mock/open-agent.h"

/* Waiting for the end of processes in the guest: by many, for long, in vain,
 * and with an agent that tells it once only. */

#define STATUS "guest-exec-status"

typedef struct
{
  MockAgent *agent;
  QgaConnection *connection;
  QgaProcess *process;
} Fixture;

static QgaProcess *
spawn_with (Fixture *fixture, QgaProcessOptions *options, const MockProgram *program)
{
  static const char *const argv[] = { "program", NULL };
  g_autoptr (GError) error = NULL;
  QgaProcess *process;

  mock_agent_add_program (fixture->agent, "program", program);
  process = qga_process_spawn (fixture->connection, argv, options, NULL, &error);
  g_assert_no_error (error);
  return process;
}

static Fixture
start (const MockProgram *program)
{
  Fixture fixture = { mock_agent_new (), NULL, NULL };

  fixture.connection = open_agent (fixture.agent);
  fixture.process = spawn_with (&fixture, NULL, program);
  return fixture;
}

/* Each wait takes no longer than so long. */
static Fixture
start_impatient (const MockProgram *program, int wait_timeout)
{
  g_autoptr (QgaProcessOptions) options = qga_process_options_new ();
  Fixture fixture = { mock_agent_new (), NULL, NULL };

  fixture.connection = open_agent (fixture.agent);
  qga_process_options_set_wait_timeout (options, wait_timeout);
  fixture.process = spawn_with (&fixture, options, program);
  return fixture;
}

static void
stop (Fixture *fixture)
{
  g_clear_object (&fixture->process);
  g_clear_object (&fixture->connection);
  g_clear_pointer (&fixture->agent, mock_agent_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, stop)

static const MockProgram runs_on = { .n_polls = MOCK_AGENT_ALWAYS, .out = "bye" };

static guint
count_polls (Fixture *fixture)
{
  return mock_agent_count (fixture->agent, STATUS);
}

static void
assert_result (QgaProcess *process)
{
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (qga_process_communicate_utf8 (process, &output, NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (output, ==, "bye");
  g_assert_true (qga_process_get_successful (process));
}

static void
assert_wait_fails (QgaProcess *process, GQuark domain, int code, const char *word)
{
  g_autoptr (GError) error = NULL, later = NULL;
  g_auto (Await) ended = { 0 };

  g_assert_false (qga_process_wait (process, NULL, &error));
  assert_failed (NULL, &error, domain, code, word);
  qga_process_wait_async (process, NULL, await_callback, &ended);
  g_assert_cmpuint (ended.n_calls, ==, 0);
  g_assert_false (qga_process_wait_finish (process, await (&ended), &later));
  assert_failed (NULL, &later, domain, code, word);
  g_assert_false (qga_process_get_ended (process));
}

static void
assert_async_wait_failed (QgaProcess *process, Await *ended, GQuark domain, int code, const char *word)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (qga_process_wait_finish (process, await (ended), &error));
  assert_failed (NULL, &error, domain, code, word);
}

/* What is known for good needs no asking. */
static void
assert_fails_for_good (Fixture *fixture, int code)
{
  guint n = count_polls (fixture);

  assert_wait_fails (fixture->process, QGA_ERROR, code, "");
  g_assert_cmpuint (count_polls (fixture), ==, n);
}

/* --- who waits ------------------------------------------------------------------------------ */

static void
test_wait_async (void)
{
  g_auto (Fixture) fixture = start (&(MockProgram) { .n_polls = 3, .out = "bye" });
  g_autoptr (GError) error = NULL;
  g_auto (Await) ended = { 0 };

  qga_process_wait_async (fixture.process, NULL, await_callback, &ended);
  g_assert_true (qga_process_wait_finish (fixture.process, await (&ended), &error));
  g_assert_no_error (error);
  g_assert_true (ended.source == G_OBJECT (fixture.process));
  g_assert_cmpuint (count_polls (&fixture), ==, 4);
  for (guint i = 1; i <= 4; i++)
    g_assert_cmpstr (mock_agent_get_command (fixture.agent, STATUS, i)->arguments, ==, "{\"pid\":4000}");
  assert_result (fixture.process);
  assert_orderly (fixture.agent);
}

/* Whoever comes late is served as well. */
static void
test_wait_late (void)
{
  gint64 late = g_get_monotonic_time () + 20000;
  g_auto (Fixture) fixture = start (&(MockProgram) { .n_polls = 1, .out = "bye" });
  g_autoptr (QgaProcess) another = spawn_with (&fixture, NULL, &(MockProgram) { .n_polls = 1 });
  g_auto (Await) ended = { 0 };

  while (g_get_monotonic_time () < late)
    assert_answers (fixture.connection);
  qga_process_wait_async (another, NULL, await_callback, &ended);
  g_assert_true (qga_process_wait_finish (another, await (&ended), NULL));
  assert_result (fixture.process);
  g_assert_cmpuint (count_polls (&fixture), ==, 4);
}

/* When the end is known nobody asks, and nobody need be there to be asked. */
static void
test_known_end (void)
{
  g_auto (Fixture) fixture = start (&(MockProgram) { .out = "bye" });
  g_auto (Await) ended = { 0 }, told = { 0 };

  assert_result (fixture.process);
  assert_result (fixture.process);
  g_assert_cmpuint (count_polls (&fixture), ==, 1);
  mock_agent_hang_up (fixture.agent);
  while (qga_connection_get_state (fixture.connection) != QGA_CONNECTION_STATE_CLOSED)
    g_main_context_iteration (NULL, TRUE);
  assert_result (fixture.process);
  qga_process_wait_async (fixture.process, NULL, await_callback, &ended);
  g_assert_cmpuint (ended.n_calls, ==, 0);
  g_assert_true (qga_process_wait_finish (fixture.process, await (&ended), NULL));
  qga_process_communicate_async (fixture.process, NULL, await_callback, &told);
  g_assert_true (qga_process_communicate_finish (fixture.process, await (&told), NULL, NULL, NULL));
}

static void
test_known_end_after_close (void)
{
  g_auto (Fixture) fixture = start (&(MockProgram) { .out = "bye" });
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  assert_result (fixture.process);
  g_assert_true (qga_connection_close (fixture.connection, NULL, NULL));
  assert_result (fixture.process);
  g_assert_true (qga_process_wait_check (fixture.process, NULL, NULL));
  g_cancellable_cancel (cancellable);
  g_assert_false (qga_process_wait (fixture.process, cancellable, &error));
  assert_failed (NULL, &error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "");
}

typedef struct
{
  QgaProcess *process;
  int *n_begun;
  gboolean asynchronous;
} Waiter;

static void
wait_in_context (QgaProcess *process)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autofree char *output = NULL;
  g_auto (Await) told = { 0 };

  g_main_context_push_thread_default (context);
  qga_process_communicate_utf8_async (process, NULL, await_callback, &told);
  g_assert_true (qga_process_communicate_utf8_finish (process, await (&told), &output, NULL, NULL));
  g_assert_cmpstr (output, ==, "bye");
  g_assert_true (told.thread == g_thread_self ());
  g_assert_true (told.context == context);
  g_main_context_pop_thread_default (context);
}

static gpointer
run_waiter (gpointer data)
{
  Waiter *waiter = data;

  g_atomic_int_inc (waiter->n_begun);
  if (waiter->asynchronous)
    wait_in_context (waiter->process);
  else
    assert_result (waiter->process);
  return NULL;
}

/* One question tells it to all; a second one would not be told. */
static void
test_many_waiters (void)
{
  g_auto (Fixture) fixture = start (&runs_on);
  Waiter waiters[8];
  GThread *threads[8];
  Await here[4] = { 0 };
  int n_begun = 0;

  for (guint i = 0; i < G_N_ELEMENTS (here); i++)
    qga_process_wait_async (fixture.process, NULL, await_callback, &here[i]);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      waiters[i] = (Waiter) { fixture.process, &n_begun, i % 2 == 0 };
      threads[i] = g_thread_new ("waiter", run_waiter, &waiters[i]);
    }
  while (g_atomic_int_get (&n_begun) < 8)
    g_thread_yield ();
  mock_agent_await (fixture.agent, STATUS, count_polls (&fixture) + 2);
  mock_agent_end_programs (fixture.agent);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  for (guint i = 0; i < G_N_ELEMENTS (here); i++)
    {
      g_assert_true (qga_process_wait_finish (fixture.process, await (&here[i]), NULL));
      await_clear (&here[i]);
    }
  assert_result (fixture.process);
  g_assert_cmpuint (mock_agent_count_processes (fixture.agent), ==, 0);
  g_assert_cmpuint (qga_connection_get_generation (fixture.connection), ==, 1);
  assert_orderly (fixture.agent);
}

/* Each has its own end, in whatever order they come. */
static void
test_many_processes (void)
{
  enum { N = 20 };
  g_auto (Fixture) fixture = start (&(MockProgram) { .out = "bye" });
  QgaProcess *processes[N];
  Await ended[N] = { 0 };

  for (guint i = 0; i < N; i++)
    {
      processes[i] = spawn_with (&fixture, NULL, &(MockProgram) { .n_polls = (N - i) / 4, .exit_code = (int) i });
      g_assert_cmpint (qga_process_get_pid (processes[i]), ==, 4001 + i);
      qga_process_wait_async (processes[i], NULL, await_callback, &ended[i]);
    }
  for (guint i = 0; i < N; i++)
    {
      g_assert_true (qga_process_wait_finish (processes[i], await (&ended[i]), NULL));
      g_assert_cmpint (qga_process_get_exit_status (processes[i]), ==, i);
      await_clear (&ended[i]);
      g_object_unref (processes[i]);
    }
  g_assert_cmpuint (mock_agent_count_processes (fixture.agent), ==, 1);
  assert_result (fixture.process);
  assert_orderly (fixture.agent);
}

/* Who waits keeps it. */
static void
test_dropped_while_waiting (void)
{
  g_auto (Fixture) fixture = start (&(MockProgram) { .n_polls = 3 });
  QgaProcess *process = g_steal_pointer (&fixture.process);
  gpointer weak = process;
  g_auto (Await) ended = { 0 };

  g_object_add_weak_pointer (G_OBJECT (process), &weak);
  qga_process_wait_async (process, NULL, await_callback, &ended);
  g_object_unref (process);
  g_assert_true (qga_process_wait_finish (process, await (&ended), NULL));
  g_assert_true (qga_process_get_successful (process));
  await_clear (&ended);
  await_idle ();
  g_assert_null (weak);
}

/* And what was asked goes on without anybody. */
static void
test_dropped_while_asked (void)
{
  g_auto (Fixture) fixture = start_impatient (&(MockProgram) { .out = "bye" }, 5);

  mock_agent_hold (fixture.agent, STATUS);
  assert_wait_fails (fixture.process, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "");
  mock_agent_await (fixture.agent, STATUS, 1);
  g_clear_object (&fixture.process);
  mock_agent_release (fixture.agent, STATUS);
  assert_answers (fixture.connection);
  g_assert_cmpuint (count_polls (&fixture), ==, 1);
  g_assert_cmpuint (qga_connection_get_stray_messages (fixture.connection), ==, 1);
  assert_orderly (fixture.agent);
}

/* --- giving up ------------------------------------------------------------------------------------ */

static void
test_cancelled (void)
{
  g_auto (Fixture) fixture = start (&(MockProgram) { .out = "bye" });
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Await) ended = { 0 };

  mock_agent_hold (fixture.agent, STATUS);
  qga_process_wait_async (fixture.process, cancellable, await_callback, &ended);
  mock_agent_await (fixture.agent, STATUS, 1);
  g_cancellable_cancel (cancellable);
  assert_async_wait_failed (fixture.process, &ended, G_IO_ERROR, G_IO_ERROR_CANCELLED, "");
  g_assert_false (qga_process_get_ended (fixture.process));
  mock_agent_release (fixture.agent, STATUS);
  assert_answers (fixture.connection);
  /* what came meanwhile was not in vain */
  g_assert_true (qga_process_get_ended (fixture.process));
  assert_result (fixture.process);
  g_assert_cmpuint (count_polls (&fixture), ==, 1);
  g_assert_cmpuint (mock_agent_count_syncs (fixture.agent), ==, 1);
}

static gpointer
cancel_once_asked (gpointer data)
{
  gpointer *both = data;
  g_autoptr (GMainContext) context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  mock_agent_await (both[0], STATUS, 1);
  g_cancellable_cancel (both[1]);
  g_main_context_pop_thread_default (context);
  return NULL;
}

static void
test_cancelled_blocking (void)
{
  g_auto (Fixture) fixture = start (&(MockProgram) { .out = "bye" });
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gpointer both[] = { fixture.agent, cancellable };
  g_autoptr (GError) error = NULL;
  GThread *thread;

  mock_agent_hold (fixture.agent, STATUS);
  thread = g_thread_new ("canceller", cancel_once_asked, both);
  g_assert_false (qga_process_communicate (fixture.process, NULL, NULL, cancellable, &error));
  assert_failed (NULL, &error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "");
  g_thread_join (thread);
  mock_agent_release (fixture.agent, STATUS);
  assert_result (fixture.process);
  g_assert_cmpuint (count_polls (&fixture), ==, 1);
}

static void
test_timed_out (void)
{
  g_auto (Fixture) fixture = start_impatient (&(MockProgram) { .out = "bye" }, 5);

  mock_agent_hold (fixture.agent, STATUS);
  assert_wait_fails (fixture.process, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "Waiting for a guest process");
  mock_agent_await (fixture.agent, STATUS, 1);
  mock_agent_release (fixture.agent, STATUS);
  assert_answers (fixture.connection);
  assert_result (fixture.process);
  g_assert_cmpuint (count_polls (&fixture), ==, 1);
  g_assert_cmpuint (mock_agent_count_syncs (fixture.agent), ==, 1);
}

/* Which is for one wait, not for the process's life. */
static void
test_timed_out_running (void)
{
  g_auto (Fixture) fixture = start_impatient (&runs_on, 5);

  for (guint i = 0; i < 3; i++)
    assert_wait_fails (fixture.process, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "");
  mock_agent_end_programs (fixture.agent);
  while (!qga_process_wait (fixture.process, NULL, NULL))
    ;
  assert_result (fixture.process);
  assert_orderly (fixture.agent);
}

/* One who gives up is not all. */
static void
test_one_gives_up (void)
{
  g_auto (Fixture) fixture = start (&runs_on);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Await) ended = { 0 }, cancelled = { 0 };

  qga_process_wait_async (fixture.process, cancellable, await_callback, &cancelled);
  qga_process_wait_async (fixture.process, NULL, await_callback, &ended);
  mock_agent_await (fixture.agent, STATUS, 2);
  g_cancellable_cancel (cancellable);
  assert_async_wait_failed (fixture.process, &cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED, "");
  mock_agent_await (fixture.agent, STATUS, count_polls (&fixture) + 2);
  mock_agent_end_programs (fixture.agent);
  g_assert_true (qga_process_wait_finish (fixture.process, await (&ended), NULL));
  assert_result (fixture.process);
}

/* Nobody is asked for nobody. */
static void
test_nobody_waits (void)
{
  g_auto (Fixture) fixture = start_impatient (&runs_on, 10);
  guint n;

  assert_answers (fixture.connection);
  g_assert_cmpuint (count_polls (&fixture), ==, 0);
  assert_wait_fails (fixture.process, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "");
  n = count_polls (&fixture);
  for (guint i = 0; i < 500; i++)
    assert_answers (fixture.connection);
  /* the one that was about to be asked */
  g_assert_cmpuint (count_polls (&fixture), <=, n + 1);
}

/* Asked every millisecond, it would be a thousand times. */
static void
test_slows_down (void)
{
  g_auto (Fixture) fixture = start_impatient (&runs_on, 1000);
  g_autoptr (GError) error = NULL;

  g_assert_false (qga_process_wait (fixture.process, NULL, &error));
  assert_failed (NULL, &error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "");
  g_assert_cmpuint (count_polls (&fixture), >=, 1);
  g_assert_cmpuint (count_polls (&fixture), <=, 60);
}

/* --- ends of the connection ------------------------------------------------------------------------- */

static void
test_closed (void)
{
  g_auto (Fixture) fixture = start (&runs_on);
  g_auto (Await) ended = { 0 };

  qga_process_wait_async (fixture.process, NULL, await_callback, &ended);
  mock_agent_await (fixture.agent, STATUS, 2);
  g_assert_true (qga_connection_close (fixture.connection, NULL, NULL));
  assert_async_wait_failed (fixture.process, &ended, G_IO_ERROR, G_IO_ERROR_CLOSED, "");
  assert_wait_fails (fixture.process, G_IO_ERROR, G_IO_ERROR_CLOSED, "");
}

static void
test_hung_up (void)
{
  g_auto (Fixture) fixture = start (&runs_on);
  g_auto (Await) ended = { 0 };

  mock_agent_hold (fixture.agent, STATUS);
  qga_process_wait_async (fixture.process, NULL, await_callback, &ended);
  mock_agent_await (fixture.agent, STATUS, 1);
  mock_agent_hang_up (fixture.agent);
  assert_async_wait_failed (fixture.process, &ended, G_IO_ERROR, G_IO_ERROR_CLOSED, "");
  assert_wait_fails (fixture.process, G_IO_ERROR, G_IO_ERROR_CLOSED, "");
}

/* --- answers that do not come ------------------------------------------------------------------------ */

/* The agent has told it, and nobody heard. */
static void
test_result_lost (void)
{
  g_auto (Fixture) fixture = start (&(MockProgram) { .out = "bye" });
  g_auto (Await) ended = { 0 }, told = { 0 };

  mock_agent_stay_silent (fixture.agent, STATUS, 1);
  qga_connection_set_default_timeout (fixture.connection, 50);
  qga_process_wait_async (fixture.process, NULL, await_callback, &ended);
  qga_process_communicate_async (fixture.process, NULL, await_callback, &told);
  assert_async_wait_failed (fixture.process, &ended, QGA_ERROR, QGA_ERROR_RESULT_LOST, "4000");
  g_assert_false (qga_process_communicate_finish (fixture.process, await (&told), NULL, NULL, NULL));
  assert_fails_for_good (&fixture, QGA_ERROR_RESULT_LOST);
  g_assert_cmpuint (count_polls (&fixture), ==, 2);
  /* it is the agent from before */
  g_assert_cmpuint (qga_connection_get_generation (fixture.connection), ==, 1);
  assert_answers (fixture.connection);
  assert_orderly (fixture.agent);
}

/* One that did not tell the end is no loss. */
static void
test_answer_lost (void)
{
  g_auto (Fixture) fixture = start (&(MockProgram) { .n_polls = 3, .out = "bye" });

  mock_agent_stay_silent (fixture.agent, STATUS, 1);
  qga_connection_set_default_timeout (fixture.connection, 50);
  assert_result (fixture.process);
  g_assert_cmpuint (count_polls (&fixture), ==, 4);
  assert_orderly (fixture.agent);
}

static char *
fall_over (MockAgent *agent, G_GNUC_UNUSED const MockAgentCommand *command, gpointer data)
{
  gboolean reboots = GPOINTER_TO_INT (data);

  if (reboots)
    mock_agent_reboot (agent);
  else
    mock_agent_restart (agent);
  return NULL;
}

/* While it does something else for us: no answer of another is lost. */
static void
restart (Fixture *fixture, gboolean reboots)
{
  g_autoptr (QgaRequest) request = new_request ("fall-over", NULL, 20);

  mock_agent_answer_with (fixture->agent, "fall-over", fall_over,
                          GINT_TO_POINTER (reboots));
  g_assert_null (qga_connection_execute_request (fixture->connection, request, NULL, NULL));
}

/* After that, such a loss is forgotten. */
static void
test_answer_lost_then_restart (void)
{
  g_auto (Fixture) fixture = start (&runs_on);
  g_auto (Await) ended = { 0 };

  mock_agent_stay_silent (fixture.agent, STATUS, 1);
  qga_connection_set_default_timeout (fixture.connection, 50);
  qga_process_wait_async (fixture.process, NULL, await_callback, &ended);
  mock_agent_await (fixture.agent, STATUS, 4);
  qga_connection_set_default_timeout (fixture.connection, -1);
  restart (&fixture, FALSE);
  assert_async_wait_failed (fixture.process, &ended, QGA_ERROR, QGA_ERROR_AGENT_RESTARTED, "4000");
}

/* An agent that says nothing for long is not waited for; it can be later. */
static void
test_silence (void)
{
  g_auto (Fixture) fixture = start (&runs_on);

  qga_connection_set_default_timeout (fixture.connection, 20);
  mock_agent_stall (fixture.agent);
  assert_wait_fails (fixture.process, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "4000");
  g_assert_false (qga_connection_get_responsive (fixture.connection));
  mock_agent_go_on (fixture.agent);
  qga_connection_set_default_timeout (fixture.connection, -1);
  assert_answers (fixture.connection);
  mock_agent_end_programs (fixture.agent);
  assert_result (fixture.process);
  assert_orderly (fixture.agent);
}

/* One that answers all else is as silent. */
static void
test_silence_about_processes (void)
{
  g_auto (Fixture) fixture = start (&runs_on);

  qga_connection_set_default_timeout (fixture.connection, 20);
  mock_agent_stay_silent (fixture.agent, STATUS, MOCK_AGENT_ALWAYS);
  assert_wait_fails (fixture.process, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "4000");
  g_assert_cmpuint (count_polls (&fixture), <=, 4);
  assert_answers (fixture.connection);
  assert_orderly (fixture.agent);
}

/* What was never asked cannot have been answered. */
static void
test_silence_then_restart (void)
{
  g_auto (Fixture) fixture = start (&runs_on);
  g_autoptr (QgaRequest) request = new_request ("echo", NULL, 20);

  mock_agent_stall (fixture.agent);
  g_assert_null (qga_connection_execute_request (fixture.connection, request, NULL, NULL));
  qga_connection_set_default_timeout (fixture.connection, 20);
  assert_wait_fails (fixture.process, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "4000");
  g_assert_cmpuint (count_polls (&fixture), ==, 0);
  qga_connection_set_default_timeout (fixture.connection, -1);
  mock_agent_restart (fixture.agent);
  mock_agent_go_on (fixture.agent);
  assert_wait_fails (fixture.process, QGA_ERROR, QGA_ERROR_AGENT_RESTARTED, "4000");
}

/* --- answers that say something else ------------------------------------------------------------------- */

static void
try_restart (gboolean reboots, gboolean waits)
{
  g_auto (Fixture) fixture = start (&runs_on);
  g_autoptr (QgaProcess) next = NULL;
  g_auto (Await) ended = { 0 };

  if (waits)
    qga_process_wait_async (fixture.process, NULL, await_callback, &ended);
  restart (&fixture, reboots);
  if (waits)
    assert_async_wait_failed (fixture.process, &ended, QGA_ERROR, QGA_ERROR_AGENT_RESTARTED, "process 4000");
  else
    assert_wait_fails (fixture.process, QGA_ERROR, QGA_ERROR_AGENT_RESTARTED, "process 4000");
  assert_fails_for_good (&fixture, QGA_ERROR_AGENT_RESTARTED);
  g_assert_cmpuint (qga_connection_get_generation (fixture.connection), ==, 2);
  /* the next one is not mixed up with it */
  next = spawn_with (&fixture, NULL, &(MockProgram) { .out = "bye" });
  g_assert_cmpint (qga_process_get_pid (next), ==, qga_process_get_pid (fixture.process));
  assert_result (next);
  assert_fails_for_good (&fixture, QGA_ERROR_AGENT_RESTARTED);
  g_assert_cmpuint (qga_connection_get_generation (fixture.connection), ==, 2);
  assert_orderly (fixture.agent);
}

static void
test_restart (void)
{
  try_restart (FALSE, TRUE);
  try_restart (FALSE, FALSE);
  try_restart (TRUE, TRUE);
  try_restart (TRUE, FALSE);
}

/* A number that is in use is given out by another agent only. */
static void
test_number_given_twice (void)
{
  g_auto (Fixture) fixture = start (&runs_on);
  g_autoptr (QgaProcess) next = NULL;

  mock_agent_await_said (fixture.agent);
  mock_agent_restart (fixture.agent);
  next = spawn_with (&fixture, NULL, &(MockProgram) { .out = "bye" });
  g_assert_cmpint (qga_process_get_pid (next), ==, 4000);
  g_assert_cmpuint (qga_connection_get_generation (fixture.connection), ==, 2);
  assert_fails_for_good (&fixture, QGA_ERROR_AGENT_RESTARTED);
  assert_result (next);
}

/* One whose end was told may be given out again. */
static void
test_number_used_again (void)
{
  g_auto (Fixture) fixture = start (&(MockProgram) { .out = "bye" });
  g_autoptr (QgaProcess) second = NULL, third = NULL;

  assert_result (fixture.process);
  mock_agent_answer_once (fixture.agent, "guest-exec", "{\"pid\":4000}");
  second = spawn_with (&fixture, NULL, &runs_on);
  g_assert_cmpuint (qga_connection_get_generation (fixture.connection), ==, 1);
  /* that the first one goes does not free the number of the second */
  g_clear_object (&fixture.process);
  mock_agent_answer_once (fixture.agent, "guest-exec", "{\"pid\":4000}");
  third = spawn_with (&fixture, NULL, &runs_on);
  g_assert_cmpuint (qga_connection_get_generation (fixture.connection), ==, 2);
  assert_wait_fails (second, QGA_ERROR, QGA_ERROR_AGENT_RESTARTED, "4000");
}

/* A frozen agent will not say; the process is still there. */
static void
try_frozen (const char *version)
{
  g_auto (Fixture) fixture = { mock_agent_new (), NULL, NULL };
  g_auto (Await) ended = { 0 };

  mock_agent_set_version (fixture.agent, version);
  fixture.connection = open_agent (fixture.agent);
  fixture.process = spawn_with (&fixture, NULL, &(MockProgram) { .out = "bye" });
  mock_agent_set_frozen (fixture.agent, TRUE);
  qga_process_wait_async (fixture.process, NULL, await_callback, &ended);
  mock_agent_await (fixture.agent, STATUS, 3);
  g_assert_cmpuint (ended.n_calls, ==, 0);
  mock_agent_set_frozen (fixture.agent, FALSE);
  g_assert_true (qga_process_wait_finish (fixture.process, await (&ended), NULL));
  assert_result (fixture.process);
  g_assert_cmpuint (qga_connection_get_generation (fixture.connection), ==, 1);
  assert_orderly (fixture.agent);
}

static void
test_frozen (void)
{
  try_frozen ("7.2.22");
  try_frozen ("10.0.2");
}

/* And so it is when somebody has disabled asking. */
static void
test_disabled (void)
{
  g_auto (Fixture) fixture = start (&(MockProgram) { .out = "bye" });

  mock_agent_disable (fixture.agent, STATUS);
  assert_wait_fails (fixture.process, QGA_ERROR, QGA_ERROR_COMMAND_DISABLED, STATUS);
  g_assert_cmpuint (count_polls (&fixture), ==, 2);
  g_assert_cmpuint (qga_connection_get_generation (fixture.connection), ==, 1);
  mock_agent_enable (fixture.agent, STATUS);
  assert_result (fixture.process);
  assert_orderly (fixture.agent);
}

/* --- answers that make no sense ---------------------------------------------------------------------------- */

static void
test_nonsense (void)
{
  static const char *const answers[][2] = {
    { "7", "exited" },
    { "[]", "exited" },
    { "\"exited\"", "exited" },
    { "{}", "return.exited: expected" },
    { "{\"exited\":1}", "return.exited" },
    { "{\"exited\":\"true\"}", "return.exited" },
    { "{\"exited\":true,\"exitcode\":\"0\"}", "return.exitcode" },
    { "{\"exited\":true,\"exitcode\":0.5}", "return.exitcode" },
    { "{\"exited\":true,\"exitcode\":null}", "return.exitcode" },
    { "{\"exited\":true,\"signal\":true}", "return.signal" },
    { "{\"exited\":true,\"exitcode\":0,\"out-data\":7}", "return.out-data" },
    { "{\"exited\":true,\"exitcode\":0,\"out-data\":[]}", "return.out-data" },
    { "{\"exited\":true,\"exitcode\":0,\"err-data\":{}}", "return.err-data" },
    { "{\"exited\":true,\"exitcode\":0,\"out-truncated\":1}", "return.out-truncated" },
    { "{\"exited\":true,\"exitcode\":0,\"err-truncated\":\"no\"}", "return.err-truncated" },
    { "{\"exited\":true}", "exitcode or signal" },
    { "{\"exited\":true,\"exitcode\":0,\"signal\":9}", "exitcode or signal" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_auto (Fixture) fixture = start (&runs_on);

      mock_agent_answer (fixture.agent, STATUS, answers[i][0]);
      assert_wait_fails (fixture.process, QGA_ERROR, QGA_ERROR_PROTOCOL, answers[i][1]);
      assert_fails_for_good (&fixture, QGA_ERROR_PROTOCOL);
      g_assert_cmpuint (count_polls (&fixture), ==, 1);
      assert_answers (fixture.connection);
      assert_orderly (fixture.agent);
    }
}

/* What is not used is not looked at. */
static void
test_more_than_known (void)
{
  g_auto (Fixture) fixture = start (&runs_on);

  mock_agent_answer_once (fixture.agent, STATUS, "{\"exited\":false,\"exitcode\":7,\"out-data\":\"AAAA\",\"new\":[{}]}");
  mock_agent_answer_once (fixture.agent, STATUS, "{\"new\":{\"exited\":0},\"exitcode\":0,\"exited\":true,"
                          "\"out-data\":\"Ynll\"}");
  assert_result (fixture.process);
}

/* The first time it says this, and then that it knows no such process. */
static char *
say_once (MockAgent *agent, G_GNUC_UNUSED const MockAgentCommand *command, gpointer data)
{
  const char *text = data;

  if (mock_agent_count (agent, STATUS) > 1)
    return mock_agent_error ("GenericError", "PID ld does not exist");
  return g_strdup (text);
}

/* What cannot be read may have been the result: if it was, it is lost. */
static void
test_unreadable_result (void)
{
  const gsize size = (48u << 20) + 1;
  g_autofree char *much = g_malloc (size + 1);
  g_autofree char *long_text = NULL;
  const char *const texts[][2] = {
    { "\"return\": {\"exited\":true,\"exitcode\":0,\"out-data\":\"a\\u0000b\"}", "NUL" },
    { "\"return\": {\"exited\":true,\"exitcode\":1e999}", "number" },
    { "\"return\": {\"exited\":true,\"exitcode\":99999999999999999999}", "64 bits" },
    { "\"return\": {\"exited\":true,\"exitcode\":0,}", "cannot be taken" },
    { "\"return\": {\"exited\":true,\"exitcode\":0,\"out-data\":\"\xff\xfe\"}", "cannot be taken" },
    { "\"return\": {\"exited\":true}, \"error\": {}", "neither" },
    { NULL, "too long" },
  };

  memset (much, 'A', size);
  much[size] = '\0';
  long_text = g_strconcat ("\"return\": {\"exited\":true,\"exitcode\":0,\"out-data\":\"", much, "\"}", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_auto (Fixture) fixture = start (&runs_on);

      mock_agent_answer_with (fixture.agent, STATUS, say_once, (gpointer) (texts[i][0] != NULL ? texts[i][0] : long_text));
      assert_wait_fails (fixture.process, QGA_ERROR, QGA_ERROR_RESULT_LOST, texts[i][1]);
      assert_fails_for_good (&fixture, QGA_ERROR_RESULT_LOST);
      g_assert_cmpuint (qga_connection_get_generation (fixture.connection), ==, 1);
      assert_answers (fixture.connection);
      assert_orderly (fixture.agent);
    }
}

/* And if it was not, nothing is. */
static void
test_unreadable_answer (void)
{
  static const char *const lines[] = {
    "{\"error\": {\"class\": \"GenericError\", \"desc\": \"JSON parse error\"}}\n",
    "this is no JSON\n",
    "{\"event\": \"none\"}\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_auto (Fixture) fixture = start (&(MockProgram) { .n_polls = 2, .out = "bye" });

      mock_agent_say_before (fixture.agent, STATUS, lines[i]);
      assert_result (fixture.process);
      g_assert_cmpuint (qga_connection_get_generation (fixture.connection), ==, 1);
      assert_orderly (fixture.agent);
    }
}

/* An agent that never says anything else is not asked for ever. */
static void
test_endless_answers (void)
{
  g_auto (Fixture) fixture = start (&runs_on);

  mock_agent_answer_at_length (fixture.agent, STATUS, "{\"exited\":true,\"out-data\":\"", "AAAA", 64u << 20, "\"}");
  assert_wait_fails (fixture.process, QGA_ERROR, QGA_ERROR_TOO_LARGE, STATUS);
  g_assert_cmpuint (count_polls (&fixture), ==, 4);
  g_assert_cmpuint (qga_connection_get_generation (fixture.connection), ==, 1);
  assert_answers (fixture.connection);
  assert_orderly (fixture.agent);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/qga-process-wait/async", test_wait_async);
  g_test_add_func ("/qga-process-wait/late", test_wait_late);
  g_test_add_func ("/qga-process-wait/known-end", test_known_end);
  g_test_add_func ("/qga-process-wait/known-end-after-close", test_known_end_after_close);
  g_test_add_func ("/qga-process-wait/many-waiters", test_many_waiters);
  g_test_add_func ("/qga-process-wait/many-processes", test_many_processes);
  g_test_add_func ("/qga-process-wait/dropped-while-waiting", test_dropped_while_waiting);
  g_test_add_func ("/qga-process-wait/dropped-while-asked", test_dropped_while_asked);
  g_test_add_func ("/qga-process-wait/cancelled", test_cancelled);
  g_test_add_func ("/qga-process-wait/cancelled-blocking", test_cancelled_blocking);
  g_test_add_func ("/qga-process-wait/timed-out", test_timed_out);
  g_test_add_func ("/qga-process-wait/timed-out-running", test_timed_out_running);
  g_test_add_func ("/qga-process-wait/one-gives-up", test_one_gives_up);
  g_test_add_func ("/qga-process-wait/nobody-waits", test_nobody_waits);
  g_test_add_func ("/qga-process-wait/slows-down", test_slows_down);
  g_test_add_func ("/qga-process-wait/closed", test_closed);
  g_test_add_func ("/qga-process-wait/hung-up", test_hung_up);
  g_test_add_func ("/qga-process-wait/result-lost", test_result_lost);
  g_test_add_func ("/qga-process-wait/answer-lost", test_answer_lost);
  g_test_add_func ("/qga-process-wait/answer-lost-then-restart", test_answer_lost_then_restart);
  g_test_add_func ("/qga-process-wait/silence", test_silence);
  g_test_add_func ("/qga-process-wait/silence-about-processes", test_silence_about_processes);
  g_test_add_func ("/qga-process-wait/silence-then-restart", test_silence_then_restart);
  g_test_add_func ("/qga-process-wait/restart", test_restart);
  g_test_add_func ("/qga-process-wait/number-given-twice", test_number_given_twice);
  g_test_add_func ("/qga-process-wait/number-used-again", test_number_used_again);
  g_test_add_func ("/qga-process-wait/frozen", test_frozen);
  g_test_add_func ("/qga-process-wait/disabled", test_disabled);
  g_test_add_func ("/qga-process-wait/nonsense", test_nonsense);
  g_test_add_func ("/qga-process-wait/more-than-known", test_more_than_known);
  g_test_add_func ("/qga-process-wait/unreadable-result", test_unreadable_result);
  g_test_add_func ("/qga-process-wait/unreadable-answer", test_unreadable_answer);
  g_test_add_func ("/qga-process-wait/endless-answers", test_endless_answers);
  return g_test_run ();
}
