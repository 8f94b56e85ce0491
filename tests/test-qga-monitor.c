/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qga-glib/qga-glib.h>
#include <qmp-glib/qmp-glib.h>

#include <string.h>

#include "mock/await.h"
#include "mock/fake-monitor.h"
#include "mock/mock-peer.h"
#include "mock/open-agent.h"

/* What QEMU's monitor says of a guest, and what its agent's connection makes
 * of it. */

typedef struct
{
  MockAgent *agent;
  QgaConnection *connection;
  FakeMonitor *monitor;
} Guest;

static Guest
make_guest (const char *port)
{
  MockAgent *agent = mock_agent_new ();
  Guest guest = { agent, open_agent (agent), fake_monitor_new () };

  await_idle ();  /* what opening had to tell is told */
  qga_connection_watch_monitor (guest.connection, G_OBJECT (guest.monitor), port);
  return guest;
}

static void
clear_guest (Guest *guest)
{
  assert_orderly (guest->agent);
  g_clear_object (&guest->connection);
  g_clear_object (&guest->monitor);
  g_clear_pointer (&guest->agent, mock_agent_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Guest, clear_guest)

static void
begin (Guest *guest, const char *command, Await *called)
{
  qga_connection_execute_json_async (guest->connection, command, NULL, NULL, await_callback, called);
}

static void
assert_restarted (Guest *guest, Await *called)
{
  g_autoptr (GError) error = NULL;

  assert_failed (qga_connection_execute_json_finish (guest->connection, await (called), &error), &error, QGA_ERROR,
                 QGA_ERROR_AGENT_RESTARTED, "restarted");
}

static void
assert_done (Guest *guest, Await *called)
{
  g_autoptr (GError) error = NULL;

  assert_replied (qga_connection_execute_json_finish (guest->connection, await (called), &error), &error, "{}");
}

static void
assert_standing (Guest *guest, gboolean present, gboolean responsive, guint generation)
{
  g_assert_cmpint (qga_connection_get_agent_present (guest->connection), ==, present);
  g_assert_cmpint (qga_connection_get_responsive (guest->connection), ==, responsive);
  g_assert_cmpuint (qga_connection_get_generation (guest->connection), ==, generation);
}

static void
await_responsive (Guest *guest)
{
  while (!qga_connection_get_responsive (guest->connection))
    g_main_context_iteration (NULL, TRUE);
}

/* --- the port ---------------------------------------------------------------------------- */

static void
test_port_closes (void)
{
  g_auto (Guest) guest = make_guest ("agent");
  g_auto (Await) first = { 0 }, second = { 0 };

  mock_agent_hold (guest.agent, "echo");
  begin (&guest, "echo", &first);
  begin (&guest, "guest-ping", &second);
  mock_agent_await (guest.agent, "echo", 1);
  mock_agent_restart (guest.agent);
  mock_agent_be_absent (guest.agent, MOCK_AGENT_LOSES, MOCK_AGENT_ALWAYS);
  fake_monitor_say_port (guest.monitor, "agent", FALSE);
  assert_standing (&guest, FALSE, FALSE, 2);
  g_assert_cmpuint (first.n_calls, ==, 0);
  assert_restarted (&guest, &first);
  /* what was not sent is nobody's loss: it waits for the next agent */
  mock_agent_await_syncs (guest.agent, 2);
  g_assert_cmpuint (second.n_calls, ==, 0);
  mock_agent_arrive (guest.agent);
  fake_monitor_say_port (guest.monitor, "agent", TRUE);
  g_assert_true (qga_connection_get_agent_present (guest.connection));
  assert_done (&guest, &second);
  assert_standing (&guest, TRUE, TRUE, 2);
  mock_agent_release (guest.agent, "echo");
}

/* An agent that comes is asked at once, and what it can do as well. */
static void
test_port_opens (void)
{
  g_auto (Guest) guest = make_guest ("agent");
  g_autofree char *version = NULL;

  fake_monitor_say_port (guest.monitor, "agent", FALSE);
  assert_standing (&guest, FALSE, FALSE, 2);
  await_idle ();
  /* nobody waits for anything */
  g_assert_cmpuint (mock_agent_count_syncs (guest.agent), ==, 1);
  mock_agent_restart (guest.agent);
  mock_agent_set_version (guest.agent, "10.1.0");
  fake_monitor_say_port (guest.monitor, "agent", TRUE);
  await_responsive (&guest);
  assert_standing (&guest, TRUE, TRUE, 2);
  mock_agent_await (guest.agent, "guest-info", 2);
  assert_answers (guest.connection);
  version = qga_connection_dup_agent_version (guest.connection);
  g_assert_cmpstr (version, ==, "10.1.0");
}

static void
test_other_port (void)
{
  g_auto (Guest) guest = make_guest ("agent");
  g_auto (Await) called = { 0 };

  mock_agent_hold (guest.agent, "echo");
  begin (&guest, "echo", &called);
  mock_agent_await (guest.agent, "echo", 1);
  fake_monitor_say_port (guest.monitor, "spice", FALSE);
  fake_monitor_say_port (guest.monitor, "agent0", FALSE);
  fake_monitor_say_port (guest.monitor, "agen", FALSE);
  fake_monitor_say_port (guest.monitor, "", FALSE);
  fake_monitor_say (guest.monitor, "VSERPORT_CHANGE", "{\"open\": false}");
  mock_agent_release (guest.agent, "echo");
  assert_done (&guest, &called);
  assert_standing (&guest, TRUE, TRUE, 1);
  /* an id that is written in another way is the same */
  fake_monitor_say (guest.monitor, "VSERPORT_CHANGE", "{\"open\": false, \"id\": \"\\u0061gent\"}");
  assert_standing (&guest, FALSE, FALSE, 2);
}

static void
test_only_port (void)
{
  g_auto (Guest) guest = make_guest (NULL);

  fake_monitor_say_port (guest.monitor, "whatever", FALSE);
  assert_standing (&guest, FALSE, FALSE, 2);
  fake_monitor_say_port (guest.monitor, "whatever", TRUE);
  await_responsive (&guest);
}

/* QEMU tells of a port once a second at most: that it is open may come when
 * the agent has long answered. */
static void
test_late_open (void)
{
  g_auto (Guest) guest = make_guest ("agent");
  g_auto (Await) called = { 0 };

  mock_agent_hold (guest.agent, "echo");
  begin (&guest, "echo", &called);
  mock_agent_await (guest.agent, "echo", 1);
  fake_monitor_say_port (guest.monitor, "agent", TRUE);
  mock_agent_release (guest.agent, "echo");
  assert_done (&guest, &called);
  assert_standing (&guest, TRUE, TRUE, 1);
  g_assert_cmpuint (mock_agent_count_syncs (guest.agent), ==, 1);
}

/* And that it was closed for a moment is not told at all, but that it is open
 * once more. */
static void
test_unseen_restart (void)
{
  g_auto (Guest) guest = make_guest ("agent");
  g_auto (Await) called = { 0 };

  fake_monitor_say_port (guest.monitor, "agent", TRUE);
  mock_agent_hold (guest.agent, "echo");
  begin (&guest, "echo", &called);
  mock_agent_await (guest.agent, "echo", 1);
  mock_agent_restart (guest.agent);
  mock_agent_release (guest.agent, "echo");
  fake_monitor_say_port (guest.monitor, "agent", TRUE);
  g_assert_true (qga_connection_get_agent_present (guest.connection));
  assert_restarted (&guest, &called);
  assert_answers (guest.connection);
  assert_standing (&guest, TRUE, TRUE, 2);
}

/* An agent that comes while it is being asked already. */
static void
test_opens_while_syncing (void)
{
  g_auto (Guest) guest = make_guest ("agent");
  g_autoptr (QgaRequest) request = new_request ("guest-ping", NULL, 10);
  g_auto (Await) called = { 0 };

  mock_agent_be_absent (guest.agent, MOCK_AGENT_LOSES, MOCK_AGENT_ALWAYS);
  g_assert_null (qga_connection_execute_request (guest.connection, request, NULL, NULL));
  assert_standing (&guest, TRUE, FALSE, 1);
  begin (&guest, "echo", &called);
  mock_agent_await_syncs (guest.agent, 2);
  mock_agent_arrive (guest.agent);
  fake_monitor_say_port (guest.monitor, "agent", TRUE);
  assert_done (&guest, &called);
  assert_standing (&guest, TRUE, TRUE, 1);
}

/* --- the machine ------------------------------------------------------------------------------ */

static void
test_reset (void)
{
  g_auto (Guest) guest = make_guest ("agent");
  g_auto (Await) called = { 0 };

  mock_agent_hold (guest.agent, "echo");
  begin (&guest, "echo", &called);
  mock_agent_await (guest.agent, "echo", 1);
  mock_agent_reboot (guest.agent);
  mock_agent_release (guest.agent, "echo");
  fake_monitor_say (guest.monitor, "RESET", "{\"guest\": true, \"reason\": \"guest-reset\"}");
  /* there is no agent until it has booted */
  assert_standing (&guest, FALSE, FALSE, 2);
  assert_restarted (&guest, &called);
  assert_answers (guest.connection);
  assert_standing (&guest, TRUE, TRUE, 2);
  g_assert_cmpuint (mock_agent_count (guest.agent, "guest-info"), ==, 2);
}

/* Time has stood still for the guest, or gone back: what is on the line is
 * not to be trusted. */
static void
assert_costs_step (const char *event)
{
  g_auto (Guest) guest = make_guest ("agent");
  g_auto (Await) called = { 0 };

  fake_monitor_say (guest.monitor, event, NULL);
  await_idle ();
  g_assert_cmpuint (mock_agent_count_syncs (guest.agent), ==, 1);
  assert_answers (guest.connection);
  g_assert_cmpuint (mock_agent_count_syncs (guest.agent), ==, 2);
  assert_standing (&guest, TRUE, TRUE, 1);
  /* a call that is on its way is still answered */
  mock_agent_hold (guest.agent, "echo");
  begin (&guest, "echo", &called);
  mock_agent_await (guest.agent, "echo", 2);
  fake_monitor_say (guest.monitor, event, NULL);
  mock_agent_release (guest.agent, "echo");
  assert_done (&guest, &called);
  assert_answers (guest.connection);
}

static void
test_resume (void)
{
  assert_costs_step ("RESUME");
  assert_costs_step ("WAKEUP");
}

static void
test_other_events (void)
{
  static const char *const events[] = { "STOP", "POWERDOWN", "SHUTDOWN", "SUSPEND", "SUSPEND_DISK", "RTC_CHANGE", "DEVICE_DELETED" };
  g_auto (Guest) guest = make_guest ("agent");

  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    fake_monitor_say (guest.monitor, events[i], NULL);
  assert_answers (guest.connection);
  assert_standing (&guest, TRUE, TRUE, 1);
  g_assert_cmpuint (mock_agent_count_syncs (guest.agent), ==, 1);
}

/* --- odd monitors ------------------------------------------------------------------------------- */

static void
test_odd_texts (void)
{
  static const char *const texts[] = {
    NULL, "", "nonsense", "[]", "{}", "{\"data\": 5}", "{\"data\": {}}", "{\"data\": []}", "{\"data\": null}",
    "{\"data\": {\"id\": \"agent\"}}", "{\"data\": {\"id\": \"agent\", \"open\": 0}}", "{\"data\": {\"id\": 5, \"open\": false}}",
    "{\"data\": {\"id\": \"agent\", \"open\": \"false\"}}", "{\"data\": {\"id\": \"agent\", \"open\": false}", "\xff",
    "{\"data\": {\"id\": [\"agent\"], \"open\": {\"open\": false}}}",
  };
  g_auto (Guest) guest = make_guest ("agent");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    fake_monitor_say_text (guest.monitor, "VSERPORT_CHANGE", texts[i]);
  assert_answers (guest.connection);
  assert_standing (&guest, TRUE, TRUE, 1);
}

static void
test_not_a_monitor (void)
{
  g_auto (Guest) guest = make_guest ("agent");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_test_expect_message ("Qga", G_LOG_LEVEL_CRITICAL, "*qga_monitor_is_one*");
  qga_connection_watch_monitor (guest.connection, G_OBJECT (cancellable), NULL);
  g_test_assert_expected_messages ();
  /* the one it had it still has */
  fake_monitor_say_port (guest.monitor, "agent", FALSE);
  assert_standing (&guest, FALSE, FALSE, 2);
}

static void
test_monitor_changes (void)
{
  g_auto (Guest) guest = make_guest ("agent");
  g_autoptr (FakeMonitor) other = fake_monitor_new ();

  qga_connection_watch_monitor (guest.connection, G_OBJECT (other), "other");
  fake_monitor_say_port (guest.monitor, "agent", FALSE);
  fake_monitor_say_port (other, "agent", FALSE);
  assert_standing (&guest, TRUE, TRUE, 1);
  fake_monitor_say_port (other, "other", FALSE);
  assert_standing (&guest, FALSE, FALSE, 2);
  qga_connection_watch_monitor (guest.connection, NULL, NULL);
  qga_connection_watch_monitor (guest.connection, NULL, NULL);
  fake_monitor_say_port (other, "other", FALSE);
  assert_standing (&guest, FALSE, FALSE, 2);
}

/* Neither keeps the other, whichever goes first, and however. */
typedef enum
{
  MONITOR_FIRST,
  MONITOR_DISPOSED,
  CONNECTION_FIRST,
  CONNECTION_DISPOSED,
} Order;

static void
end_in_order (Order order)
{
  Guest guest = make_guest ("agent");
  GWeakRef connection, monitor;

  g_weak_ref_init (&connection, guest.connection);
  g_weak_ref_init (&monitor, guest.monitor);
  if (order == MONITOR_FIRST)
    g_clear_object (&guest.monitor);
  else if (order == MONITOR_DISPOSED)
    g_object_run_dispose (G_OBJECT (guest.monitor));
  else if (order == CONNECTION_DISPOSED)
    g_object_run_dispose (G_OBJECT (guest.connection));
  if (order == MONITOR_FIRST)
    g_assert_null (g_weak_ref_get (&monitor));
  if (order == MONITOR_FIRST || order == MONITOR_DISPOSED)
    assert_answers (guest.connection);
  g_clear_object (&guest.connection);
  g_assert_null (g_weak_ref_get (&connection));
  if (guest.monitor != NULL)
    fake_monitor_say_port (guest.monitor, "agent", FALSE);
  g_clear_object (&guest.monitor);
  g_assert_null (g_weak_ref_get (&monitor));
  g_weak_ref_clear (&connection);
  g_weak_ref_clear (&monitor);
  mock_agent_free (guest.agent);
}

static void
test_lives (void)
{
  for (Order order = MONITOR_FIRST; order <= CONNECTION_DISPOSED; order++)
    end_in_order (order);
}

static void
test_after_the_end (void)
{
  g_auto (Guest) guest = make_guest ("agent");

  qga_connection_close (guest.connection, NULL, NULL);
  fake_monitor_say_port (guest.monitor, "agent", FALSE);
  fake_monitor_say_port (guest.monitor, "agent", TRUE);
  fake_monitor_say (guest.monitor, "RESET", NULL);
  assert_standing (&guest, FALSE, FALSE, 1);
  await_idle ();
}

/* --- what is told of it --------------------------------------------------------------------------- */

typedef struct
{
  GString *log;
  GThread *thread;
} Notes;

static void
note (GObject *connection, GParamSpec *pspec, Notes *notes)
{
  g_autofree char *text = NULL;
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, pspec->value_type);
  g_object_get_property (connection, pspec->name, &value);
  text = g_strdup_value_contents (&value);
  g_string_append_printf (notes->log, "%s=%s ", pspec->name, text);
  notes->thread = g_thread_self ();
}

static gpointer
close_port (gpointer monitor)
{
  fake_monitor_say_port (monitor, "agent", FALSE);
  return NULL;
}

static void
test_notify (void)
{
  g_auto (Guest) guest = make_guest ("agent");
  g_autoptr (GString) log = g_string_new (NULL);
  Notes notes = { log, NULL };

  g_signal_connect (guest.connection, "notify::agent-present", G_CALLBACK (note), &notes);
  g_signal_connect (guest.connection, "notify::responsive", G_CALLBACK (note), &notes);
  g_signal_connect (guest.connection, "notify::generation", G_CALLBACK (note), &notes);
  await_idle ();
  assert_answers (guest.connection);
  await_idle ();
  g_assert_cmpstr (log->str, ==, "");
  /* wherever it is heard, it is told at home */
  g_thread_join (g_thread_new ("monitor", close_port, guest.monitor));
  g_assert_cmpstr (log->str, ==, "");
  await_idle ();
  g_assert_cmpstr (log->str, ==, "generation=2 agent-present=FALSE responsive=FALSE ");
  g_assert_true (notes.thread == g_thread_self ());
  g_string_truncate (log, 0);
  fake_monitor_say_port (guest.monitor, "agent", TRUE);
  await_responsive (&guest);
  await_idle ();
  g_assert_nonnull (strstr (log->str, "agent-present=TRUE"));
  g_assert_nonnull (strstr (log->str, "responsive=TRUE"));
  g_assert_null (strstr (log->str, "generation"));
  g_string_truncate (log, 0);
  mock_agent_hang_up (guest.agent);
  while (qga_connection_get_state (guest.connection) != QGA_CONNECTION_STATE_CLOSED)
    g_main_context_iteration (NULL, TRUE);
  await_idle ();
  g_assert_cmpstr (log->str, ==, "agent-present=FALSE responsive=FALSE ");
}

/* A silent agent and one that answers again, without any monitor. */
static void
test_notify_silence (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaRequest) request = new_request ("guest-ping", NULL, 5);
  g_autoptr (GString) log = g_string_new (NULL);
  Notes notes = { log, NULL };

  await_idle ();
  g_signal_connect (connection, "notify::responsive", G_CALLBACK (note), &notes);
  g_signal_connect (connection, "notify::agent-present", G_CALLBACK (note), &notes);
  mock_agent_be_absent (agent, MOCK_AGENT_LOSES, MOCK_AGENT_ALWAYS);
  g_assert_null (qga_connection_execute_request (connection, request, NULL, NULL));
  await_idle ();
  g_assert_cmpstr (log->str, ==, "responsive=FALSE ");
  mock_agent_arrive (agent);
  assert_answers (connection);
  await_idle ();
  g_assert_cmpstr (log->str, ==, "responsive=FALSE responsive=TRUE ");
}

/* --- a real monitor ---------------------------------------------------------------------------------- */

/* Both libraries in one process, which know nothing of each other. */
static void
test_real_monitor (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QmpConnection) monitor = NULL;
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (GError) error = NULL;
  QgaAcceptance acceptance = 99;
  g_auto (Await) called = { 0 }, shutdown = { 0 };

  mock_greet (peer);
  monitor = mock_open (peer);
  qga_connection_watch_monitor (connection, G_OBJECT (monitor), "agent");
  mock_agent_hold (agent, "echo");
  qga_connection_execute_json_async (connection, "echo", NULL, NULL, await_callback, &called);
  mock_agent_await (agent, "echo", 1);
  mock_agent_restart (agent);
  mock_agent_release (agent, "echo");
  mock_event (peer, "VSERPORT_CHANGE", "{\"open\": false, \"id\": \"spice\"}");
  mock_event (peer, "VSERPORT_CHANGE", "{\"open\": false, \"id\": \"agent\"}");
  assert_failed (qga_connection_execute_json_finish (connection, await (&called), &error), &error, QGA_ERROR,
                 QGA_ERROR_AGENT_RESTARTED, "restarted");
  g_assert_false (qga_connection_get_agent_present (connection));
  mock_event (peer, "VSERPORT_CHANGE", "{\"open\": true, \"id\": \"agent\"}");
  while (!qga_connection_get_responsive (connection))
    g_main_context_iteration (NULL, TRUE);
  qga_connection_shutdown_async (connection, QGA_SHUTDOWN_MODE_POWERDOWN, NULL, await_callback, &shutdown);
  mock_agent_await (agent, "guest-shutdown", 1);
  mock_event (peer, "SHUTDOWN", "{\"guest\": true, \"reason\": \"guest-shutdown\"}");
  acceptance = qga_connection_shutdown_finish (connection, await (&shutdown), &error);
  g_assert_cmpint (acceptance, ==, QGA_ACCEPTANCE_EVENT);
  g_assert_cmpuint (qga_connection_get_generation (connection), ==, 2);
  assert_orderly (agent);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/qga/monitor/port/closes", test_port_closes);
  g_test_add_func ("/qga/monitor/port/opens", test_port_opens);
  g_test_add_func ("/qga/monitor/port/other", test_other_port);
  g_test_add_func ("/qga/monitor/port/only", test_only_port);
  g_test_add_func ("/qga/monitor/port/late-open", test_late_open);
  g_test_add_func ("/qga/monitor/port/unseen-restart", test_unseen_restart);
  g_test_add_func ("/qga/monitor/port/opens-while-syncing", test_opens_while_syncing);
  g_test_add_func ("/qga/monitor/reset", test_reset);
  g_test_add_func ("/qga/monitor/resume", test_resume);
  g_test_add_func ("/qga/monitor/other-events", test_other_events);
  g_test_add_func ("/qga/monitor/odd-texts", test_odd_texts);
  g_test_add_func ("/qga/monitor/none", test_not_a_monitor);
  g_test_add_func ("/qga/monitor/changes", test_monitor_changes);
  g_test_add_func ("/qga/monitor/lives", test_lives);
  g_test_add_func ("/qga/monitor/after-the-end", test_after_the_end);
  g_test_add_func ("/qga/monitor/notify", test_notify);
  g_test_add_func ("/qga/monitor/notify/silence", test_notify_silence);
  g_test_add_func ("/qga/monitor/real", test_real_monitor);
  return g_test_run ();
}
