/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qga-glib/qga-glib.h>

#include <string.h>

#include "mock/await.h"
#include "mock/fake-monitor.h"
#include "mock/open-agent.h"

/* Commands that are not answered when they succeed: how it shows that they
 * did, and what comes after them. */

static QgaConnection *
open_with_grace (MockAgent *agent, int grace)
{
  g_autoptr (QgaOpenOptions) options = qga_open_options_new ();

  qga_open_options_set_grace (options, grace);
  return open_agent_with (agent, options);
}

static void
assert_shuts_down (QgaConnection *connection, QgaAcceptance expected)
{
  g_autoptr (GError) error = NULL;
  QgaAcceptance acceptance;

  acceptance = qga_connection_shutdown (connection, QGA_SHUTDOWN_MODE_POWERDOWN, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (acceptance, ==, expected);
}

static void
assert_shutdown_finishes (QgaConnection *connection, Await *called, QgaAcceptance expected)
{
  g_autoptr (GError) error = NULL;
  QgaAcceptance acceptance;

  acceptance = qga_connection_shutdown_finish (connection, await (called), &error);
  g_assert_no_error (error);
  g_assert_cmpint (acceptance, ==, expected);
}

typedef struct
{
  guint n;
  GError *error;
} Ending;

static void
note_closed (QgaConnection *connection, GError *error, Ending *ending)
{
  ending->n++;
  ending->error = error != NULL ? g_error_copy (error) : NULL;
}

/* The guest is gone: was that an error? */
static void
assert_end (MockAgent *agent, QgaConnection *connection, gboolean wanted)
{
  Ending ending = { 0 };

  g_signal_connect (connection, "closed", G_CALLBACK (note_closed), &ending);
  mock_agent_stop_writing (agent);
  while (ending.n == 0)
    g_main_context_iteration (NULL, TRUE);
  if (wanted)
    g_assert_no_error (ending.error);
  else
    g_assert_error (ending.error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&ending.error);
}

/* --- what is sent ---------------------------------------------------------------------- */

static void
test_commands (void)
{
  static const char *const modes[] = { "{\"mode\":\"powerdown\"}", "{\"mode\":\"halt\"}", "{\"mode\":\"reboot\"}" };
  static const char *const suspends[] = { "guest-suspend-ram", "guest-suspend-disk", "guest-suspend-hybrid" };
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_with_grace (agent, 1);

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (qga_connection_shutdown (connection, (QgaShutdownMode) i, NULL, &error), !=, QGA_ACCEPTANCE_NONE);
      g_assert_no_error (error);
      mock_agent_await (agent, "guest-shutdown", i + 1);
      g_assert_cmpstr (mock_agent_get_command (agent, "guest-shutdown", i + 1)->arguments, ==, modes[i]);
    }
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;
      QgaAcceptance acceptance;

      acceptance = qga_connection_suspend (connection, (QgaSuspendMode) i, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (acceptance, ==, QGA_ACCEPTANCE_SILENT);
      mock_agent_await (agent, suspends[i], 1);
      g_assert_null (mock_agent_get_command (agent, suspends[i], 1)->arguments);
    }
  assert_answers (connection);
  assert_orderly (agent);
}

static void
test_async (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_with_grace (agent, 5);
  g_autoptr (GError) error = NULL;
  QgaAcceptance acceptance;
  g_auto (Await) first = { 0 }, second = { 0 };

  qga_connection_shutdown_async (connection, QGA_SHUTDOWN_MODE_HALT, NULL, await_callback, &first);
  g_assert_cmpuint (first.n_calls, ==, 0);
  qga_connection_suspend_async (connection, QGA_SUSPEND_MODE_DISK, NULL, await_callback, &second);
  assert_shutdown_finishes (connection, &first, QGA_ACCEPTANCE_SILENT);
  g_assert_true (first.source == (GObject *) connection);
  acceptance = qga_connection_suspend_finish (connection, await (&second), &error);
  g_assert_no_error (error);
  g_assert_cmpint (acceptance, ==, QGA_ACCEPTANCE_SILENT);
  /* what comes after such a command is not sent blindly */
  g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 2);
  assert_answers (connection);
  assert_orderly (agent);
}

/* The other forms run such commands as well. */
static void
test_other_forms (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_with_grace (agent, 2);
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (QgaRequest) request = new_request ("guest-suspend-ram", NULL, -1), ping = new_request ("guest-ping", NULL, -1);
  g_autoptr (GError) error = NULL;
  QgaAcceptance acceptance;

  assert_replied (qga_connection_execute_json (connection, "guest-shutdown", NULL, NULL, &error), &error, "{}");
  assert_replied (qga_connection_execute_request (connection, request, NULL, &error), &error, "{}");
  node = qga_connection_execute (connection, "guest-suspend-disk", NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (node));
  g_assert_cmpuint (json_object_get_size (json_node_get_object (node)), ==, 0);
  acceptance = qga_connection_execute_unanswered (connection, request, NULL, &error);
  g_assert_cmpint (acceptance, ==, QGA_ACCEPTANCE_SILENT);
  acceptance = qga_connection_execute_unanswered (connection, ping, NULL, &error);
  g_assert_cmpint (acceptance, ==, QGA_ACCEPTANCE_REPLIED);
  assert_orderly (agent);
}

/* --- how it shows -------------------------------------------------------------------------- */

static void
test_error (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_with_grace (agent, G_MAXINT);
  g_autoptr (GError) error = NULL, disabled = NULL;
  g_auto (Await) called = { 0 };

  mock_agent_refuse (agent, "guest-shutdown", "GenericError", "no such mode");
  g_assert_cmpint (qga_connection_shutdown (connection, QGA_SHUTDOWN_MODE_HALT, NULL, &error), ==, QGA_ACCEPTANCE_NONE);
  g_assert_error (error, QGA_ERROR, QGA_ERROR_GENERIC);
  g_assert_nonnull (strstr (error->message, "no such mode"));
  mock_agent_disable (agent, "guest-suspend-ram");
  qga_connection_suspend_async (connection, QGA_SUSPEND_MODE_RAM, NULL, await_callback, &called);
  g_assert_cmpint (qga_connection_suspend_finish (connection, await (&called), &disabled), ==, QGA_ACCEPTANCE_NONE);
  g_assert_error (disabled, QGA_ERROR, QGA_ERROR_COMMAND_DISABLED);
  g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 1);
  assert_answers (connection);
  assert_orderly (agent);
  assert_end (agent, connection, FALSE);
}

/* An agent that answers in spite of it. */
static void
test_reply (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_with_grace (agent, G_MAXINT);

  mock_agent_answer (agent, "guest-shutdown", "{}");
  assert_shuts_down (connection, QGA_ACCEPTANCE_REPLIED);
  g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 1);
  assert_end (agent, connection, TRUE);
}

static void
test_silence (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_with_grace (agent, 30);
  gint64 begun = g_get_monotonic_time ();

  assert_shuts_down (connection, QGA_ACCEPTANCE_SILENT);
  g_assert_cmpint (g_get_monotonic_time () - begun, >=, 30000);
  g_assert_true (qga_connection_get_responsive (connection));
  assert_end (agent, connection, TRUE);
}

static void
test_line_end (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_with_grace (agent, G_MAXINT);
  g_autoptr (GError) error = NULL;
  g_auto (Await) called = { 0 }, next = { 0 };

  qga_connection_shutdown_async (connection, QGA_SHUTDOWN_MODE_POWERDOWN, NULL, await_callback, &called);
  qga_connection_execute_json_async (connection, "guest-ping", NULL, NULL, await_callback, &next);
  mock_agent_await (agent, "guest-shutdown", 1);
  assert_end (agent, connection, TRUE);
  assert_shutdown_finishes (connection, &called, QGA_ACCEPTANCE_CLOSED);
  assert_failed (qga_connection_execute_json_finish (connection, await (&next), &error), &error, G_IO_ERROR,
                 G_IO_ERROR_CLOSED, "closed");
  g_assert_cmpuint (mock_agent_count (agent, "guest-ping"), ==, 0);
}

/* We close it ourselves: nobody knows what became of it. */
static void
test_closed_by_us (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_with_grace (agent, G_MAXINT);
  g_autoptr (GError) error = NULL;
  g_auto (Await) called = { 0 };

  qga_connection_shutdown_async (connection, QGA_SHUTDOWN_MODE_POWERDOWN, NULL, await_callback, &called);
  mock_agent_await (agent, "guest-shutdown", 1);
  qga_connection_close (connection, NULL, NULL);
  g_assert_cmpint (qga_connection_shutdown_finish (connection, await (&called), &error), ==, QGA_ACCEPTANCE_NONE);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

/* QEMU says that it happened. */
static void
assert_event_shows (const char *command, const char *event)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_with_grace (agent, G_MAXINT);
  g_autoptr (FakeMonitor) monitor = fake_monitor_new ();
  g_autoptr (QgaRequest) request = new_request (command, NULL, -1);
  g_autoptr (GError) error = NULL;
  QgaAcceptance acceptance;
  g_auto (Await) called = { 0 };

  qga_connection_watch_monitor (connection, G_OBJECT (monitor), NULL);
  fake_monitor_say (monitor, event, NULL);
  qga_connection_execute_unanswered_async (connection, request, NULL, await_callback, &called);
  mock_agent_await (agent, command, 1);
  /* these say nothing of it */
  fake_monitor_say (monitor, "POWERDOWN", NULL);
  fake_monitor_say (monitor, "STOP", NULL);
  fake_monitor_say (monitor, "RESUME", NULL);
  await_idle ();
  g_assert_cmpuint (called.n_calls, ==, 0);
  fake_monitor_say (monitor, event, "{\"guest\": true, \"reason\": \"guest-shutdown\"}");
  acceptance = qga_connection_execute_unanswered_finish (connection, await (&called), &error);
  g_assert_no_error (error);
  g_assert_cmpint (acceptance, ==, QGA_ACCEPTANCE_EVENT);
  assert_answers (connection);
  assert_orderly (agent);
}

static void
test_event (void)
{
  assert_event_shows ("guest-shutdown", "SHUTDOWN");
  assert_event_shows ("guest-shutdown", "RESET");
  assert_event_shows ("guest-suspend-ram", "SUSPEND");
  assert_event_shows ("guest-suspend-hybrid", "SUSPEND");
  assert_event_shows ("guest-suspend-disk", "SUSPEND_DISK");
  assert_event_shows ("guest-suspend-disk", "SHUTDOWN");
}

static void
test_event_then_end (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_with_grace (agent, G_MAXINT);
  g_autoptr (FakeMonitor) monitor = fake_monitor_new ();
  g_auto (Await) called = { 0 };

  qga_connection_watch_monitor (connection, G_OBJECT (monitor), NULL);
  qga_connection_shutdown_async (connection, QGA_SHUTDOWN_MODE_POWERDOWN, NULL, await_callback, &called);
  mock_agent_await (agent, "guest-shutdown", 1);
  fake_monitor_say (monitor, "SHUTDOWN", NULL);
  assert_shutdown_finishes (connection, &called, QGA_ACCEPTANCE_EVENT);
  assert_end (agent, connection, TRUE);
}

/* A guest that goes stops its agent before itself: that is how it shows. */
static void
test_port_closes (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_with_grace (agent, G_MAXINT);
  g_autoptr (FakeMonitor) monitor = fake_monitor_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Await) called = { 0 }, next = { 0 };

  qga_connection_watch_monitor (connection, G_OBJECT (monitor), "agent");
  qga_connection_shutdown_async (connection, QGA_SHUTDOWN_MODE_POWERDOWN, NULL, await_callback, &called);
  mock_agent_await (agent, "guest-shutdown", 1);
  mock_agent_be_absent (agent, MOCK_AGENT_LOSES, MOCK_AGENT_ALWAYS);
  fake_monitor_say_port (monitor, "agent", FALSE);
  assert_shutdown_finishes (connection, &called, QGA_ACCEPTANCE_CLOSED);
  g_assert_false (qga_connection_get_agent_present (connection));
  g_assert_cmpuint (qga_connection_get_generation (connection), ==, 2);
  assert_end (agent, connection, TRUE);
}

/* --- what goes wrong ------------------------------------------------------------------------ */

/* The objection comes after the grace: it must not come to the next call. */
static void
test_late_objection (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_with_grace (agent, 10);

  mock_agent_refuse (agent, "guest-shutdown", "GenericError", "late");
  mock_agent_hold (agent, "guest-shutdown");
  assert_shuts_down (connection, QGA_ACCEPTANCE_SILENT);
  mock_agent_release (agent, "guest-shutdown");
  assert_answers (connection);
  assert_orderly (agent);
  /* it answers: it did not go, and an end would be one */
  assert_end (agent, connection, FALSE);
}

/* A deadline is one, whatever the grace. */
static void
test_deadline (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_with_grace (agent, 20000);
  g_autoptr (QgaRequest) request = new_request ("guest-shutdown", NULL, 10);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (qga_connection_execute_unanswered (connection, request, NULL, &error), ==, QGA_ACCEPTANCE_NONE);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  assert_answers (connection);
  assert_orderly (agent);
}

static void
test_cancelled (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_with_grace (agent, G_MAXINT);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Await) called = { 0 };

  qga_connection_shutdown_async (connection, QGA_SHUTDOWN_MODE_HALT, cancellable, await_callback, &called);
  mock_agent_await (agent, "guest-shutdown", 1);
  g_cancellable_cancel (cancellable);
  g_assert_cmpint (qga_connection_shutdown_finish (connection, await (&called), &error), ==, QGA_ACCEPTANCE_NONE);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_answers (connection);
  assert_orderly (agent);
}

/* The grace passes although nobody runs the caller's context. */
static gpointer
ping_in_thread (gpointer data)
{
  assert_answers (data);
  return NULL;
}

static void
test_grace_without_owner (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_with_grace (agent, 20);
  g_auto (Await) called = { 0 };

  qga_connection_shutdown_async (connection, QGA_SHUTDOWN_MODE_HALT, NULL, await_callback, &called);
  g_thread_join (g_thread_new ("pinger", ping_in_thread, connection));
  g_assert_cmpuint (called.n_calls, ==, 0);
  assert_shutdown_finishes (connection, &called, QGA_ACCEPTANCE_SILENT);
  assert_orderly (agent);
}

/* The grace counts from when it was sent, not from when it was asked for. */
static void
test_grace_in_queue (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_with_grace (agent, 30);
  g_autoptr (GError) error = NULL;
  g_auto (Await) first = { 0 }, second = { 0 };
  gint64 released;

  mock_agent_hold (agent, "echo");
  qga_connection_execute_json_async (connection, "echo", NULL, NULL, await_callback, &first);
  qga_connection_shutdown_async (connection, QGA_SHUTDOWN_MODE_HALT, NULL, await_callback, &second);
  mock_agent_await (agent, "echo", 1);
  released = g_get_monotonic_time ();
  mock_agent_release (agent, "echo");
  assert_replied (qga_connection_execute_json_finish (connection, await (&first), &error), &error, "{}");
  assert_shutdown_finishes (connection, &second, QGA_ACCEPTANCE_SILENT);
  g_assert_cmpint (g_get_monotonic_time () - released, >=, 30000);
}

/* --- what the agent says of its commands ------------------------------------------------------- */

static void
test_success_response (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (QgaRequest) request = new_request ("guest-newer", NULL, -1), shutdown = new_request ("guest-shutdown", NULL, -1);
  g_autoptr (GError) error = NULL;
  QgaAcceptance acceptance;

  mock_agent_set_success_response (agent, "guest-newer", FALSE);
  mock_agent_set_success_response (agent, "guest-shutdown", TRUE);
  mock_agent_answer (agent, "guest-shutdown", "{}");
  mock_agent_hold (agent, "guest-shutdown");
  connection = open_with_grace (agent, 10);
  acceptance = qga_connection_execute_unanswered (connection, request, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (acceptance, ==, QGA_ACCEPTANCE_SILENT);
  /* one that says it answers is waited for */
  qga_request_set_timeout (shutdown, 50);
  g_assert_cmpint (qga_connection_execute_unanswered (connection, shutdown, NULL, &error), ==, QGA_ACCEPTANCE_NONE);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  mock_agent_release (agent, "guest-shutdown");
  assert_answers (connection);
  assert_orderly (agent);
}

/* An agent that does not tell is known nevertheless. */
static void
test_without_info (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = NULL;

  mock_agent_remove (agent, "guest-info");
  connection = open_with_grace (agent, 10);
  assert_shuts_down (connection, QGA_ACCEPTANCE_SILENT);
  assert_answers (connection);
}

/* A guest that says of every command that it is not answered: where the
 * library needs the answer, it waits for it. */
static void
test_lie (void)
{
  static const char *const names[] = {
    "guest-fsfreeze-freeze", "guest-fsfreeze-status", "guest-fsfreeze-thaw", "guest-exec", "guest-exec-status", "guest-info",
    "guest-file-open", "guest-sync-delimited",
  };
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    mock_agent_set_success_response (agent, names[i], FALSE);
  connection = open_with_grace (agent, 1);
  qga_connection_set_default_timeout (connection, 50);
  mock_agent_hold (agent, "guest-fsfreeze-status");
  g_assert_cmpint (qga_freeze_guard_query (connection, NULL, &error), ==, QGA_FREEZE_STATUS_UNKNOWN);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_clear_error (&error);
  mock_agent_release (agent, "guest-fsfreeze-status");
  qga_connection_set_default_timeout (connection, -1);
  g_assert_cmpint (qga_freeze_guard_query (connection, NULL, &error), ==, QGA_FREEZE_STATUS_THAWED);
  g_assert_no_error (error);
  assert_answers (connection);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/qga/unanswered/commands", test_commands);
  g_test_add_func ("/qga/unanswered/async", test_async);
  g_test_add_func ("/qga/unanswered/other-forms", test_other_forms);
  g_test_add_func ("/qga/unanswered/error", test_error);
  g_test_add_func ("/qga/unanswered/reply", test_reply);
  g_test_add_func ("/qga/unanswered/silence", test_silence);
  g_test_add_func ("/qga/unanswered/line-end", test_line_end);
  g_test_add_func ("/qga/unanswered/closed-by-us", test_closed_by_us);
  g_test_add_func ("/qga/unanswered/event", test_event);
  g_test_add_func ("/qga/unanswered/event/then-end", test_event_then_end);
  g_test_add_func ("/qga/unanswered/port-closes", test_port_closes);
  g_test_add_func ("/qga/unanswered/late-objection", test_late_objection);
  g_test_add_func ("/qga/unanswered/deadline", test_deadline);
  g_test_add_func ("/qga/unanswered/cancelled", test_cancelled);
  g_test_add_func ("/qga/unanswered/grace/without-owner", test_grace_without_owner);
  g_test_add_func ("/qga/unanswered/grace/in-queue", test_grace_in_queue);
  g_test_add_func ("/qga/unanswered/success-response", test_success_response);
  g_test_add_func ("/qga/unanswered/without-info", test_without_info);
  g_test_add_func ("/qga/unanswered/lie", test_lie);
  return g_test_run ();
}
