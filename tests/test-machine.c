/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <gio/gunixconnection.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mock/await.h"
#include "mock/mock-peer.h"

/* What a machine makes of each event, with a QEMU that says what it is told. */

typedef struct
{
  MockPeer *peer;
  QmpMachine *machine;
  GString *told;
} Fixture;

#define RUNNING "{\"status\": \"running\", \"running\": true}"

static void
answer_status (Fixture *fixture, const char *status)
{
  g_autofree char *json = g_strdup_printf ("{\"status\": \"%s\", \"running\": false}", status);

  mock_expect (fixture->peer, "query-status");
  mock_return (fixture->peer, json);
}

/* --- what is told ----------------------------------------------------------------------------- */

static void
on_cause (QmpMachine *machine, int cause, gpointer data)
{
  Fixture *fixture = data;

  g_assert_cmpint (qmp_machine_get_shutdown_cause (machine), ==, cause);
  g_string_append_printf (fixture->told, "cause %d;", cause);
}

static void
on_panic (QmpMachine *machine, int action, QmpGuestPanicInformation *information, gpointer data)
{
  Fixture *fixture = data;

  g_string_append_printf (fixture->told, "action %d%s;", action, information != NULL ? " informed" : "");
}

static void
on_action (QmpMachine *machine, int action, gpointer data)
{
  Fixture *fixture = data;

  g_string_append_printf (fixture->told, "action %d;", action);
}

static void
on_suspended (QmpMachine *machine, gboolean to_disk, gpointer data)
{
  Fixture *fixture = data;

  g_string_append (fixture->told, to_disk ? "to disk;" : "to memory;");
}

static void
on_plain (QmpMachine *machine, gpointer data)
{
  Fixture *fixture = data;

  g_string_append (fixture->told, "told;");
}

static void
on_notify (QmpMachine *machine, GParamSpec *pspec, gpointer data)
{
  Fixture *fixture = data;

  g_string_append_printf (fixture->told, "%s;", pspec->name);
}

/* --- life -------------------------------------------------------------------------------------- */

static void
set_up (Fixture *fixture, gconstpointer data)
{
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  fixture->peer = mock_peer_new_for_fd (fds[1]);
  fixture->told = g_string_new (NULL);
  mock_greet (fixture->peer);
  answer_status (fixture, data != NULL ? data : "running");
  {
    g_autofree char *address = g_strdup_printf ("fd:%d", fds[0]);
    g_autoptr (GError) error = NULL;

    fixture->machine = qmp_machine_attach (address, NULL, NULL, &error);
    g_assert_no_error (error);
  }
  close (fds[0]);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->machine);
  g_string_free (fixture->told, TRUE);
  mock_peer_free (fixture->peer);
}

static void
listen_to (Fixture *fixture, const char *signal, GCallback callback)
{
  g_signal_connect (fixture->machine, signal, callback, fixture);
}

/* QEMU says it, and is asked what the state is now. */
static void
say (Fixture *fixture, const char *event, const char *data, const char *status)
{
  mock_event (fixture->peer, event, data);
  answer_status (fixture, status);
}

static void
await_state (Fixture *fixture, QmpRunState state)
{
  while (qmp_machine_get_run_state (fixture->machine) != state)
    g_main_context_iteration (NULL, TRUE);
}

static void
assert_told (Fixture *fixture, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
assert_told (Fixture *fixture, const char *format, ...)
{
  g_autofree char *expected = NULL;
  va_list arguments;

  va_start (arguments, format);
  expected = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_assert_cmpstr (fixture->told->str, ==, expected);
}

/* --- one by one ----------------------------------------------------------------------------------- */

static void
test_reset (Fixture *fixture, gconstpointer data)
{
  listen_to (fixture, "guest-reset", G_CALLBACK (on_cause));
  say (fixture, "RESET", "{\"guest\": true, \"reason\": \"guest-reset\"}", "paused");
  await_state (fixture, QMP_RUN_STATE_PAUSED);
  assert_told (fixture, "cause %d;", QMP_SHUTDOWN_CAUSE_GUEST_RESET);
  g_assert_true (qmp_machine_get_alive (fixture->machine));
}

static void
test_shutdown (Fixture *fixture, gconstpointer data)
{
  listen_to (fixture, "guest-shutdown", G_CALLBACK (on_cause));
  say (fixture, "SHUTDOWN", "{\"guest\": true, \"reason\": \"guest-shutdown\"}", "shutdown");
  await_state (fixture, QMP_RUN_STATE_SHUTDOWN);
  assert_told (fixture, "cause %d;", QMP_SHUTDOWN_CAUSE_GUEST_SHUTDOWN);
  g_assert_true (qmp_machine_get_alive (fixture->machine));
}

/* One that a newer QEMU knows. */
static void
test_unknown_cause (Fixture *fixture, gconstpointer data)
{
  listen_to (fixture, "guest-reset", G_CALLBACK (on_cause));
  say (fixture, "RESET", "{\"guest\": true, \"reason\": \"guest-whim\"}", "paused");
  await_state (fixture, QMP_RUN_STATE_PAUSED);
  assert_told (fixture, "cause %d;", QMP_SHUTDOWN_CAUSE_UNRECOGNIZED);
}

#define HYPER_V \
  "{\"action\": \"pause\", \"info\": {\"type\": \"hyper-v\", \"arg1\": 18446744073709551615, \"arg2\": 2, \"arg3\": 3, " \
  "\"arg4\": 4, \"arg5\": 5}}"

static void
test_panic (Fixture *fixture, gconstpointer data)
{
  listen_to (fixture, "guest-panicked", G_CALLBACK (on_panic));
  listen_to (fixture, "notify::panicked", G_CALLBACK (on_notify));
  listen_to (fixture, "notify::panic-information", G_CALLBACK (on_notify));
  say (fixture, "GUEST_PANICKED", "{\"action\": \"pause\"}", "guest-panicked");
  await_state (fixture, QMP_RUN_STATE_GUEST_PANICKED);
  assert_told (fixture, "panicked;action %d;", QMP_GUEST_PANIC_ACTION_PAUSE);
  g_assert_true (qmp_machine_get_panicked (fixture->machine));
  g_assert_null (qmp_machine_get_panic_information (fixture->machine));
}

static void
test_panic_information (Fixture *fixture, gconstpointer data)
{
  QmpGuestPanicInformation *information;

  listen_to (fixture, "guest-panicked", G_CALLBACK (on_panic));
  say (fixture, "GUEST_PANICKED", HYPER_V, "guest-panicked");
  await_state (fixture, QMP_RUN_STATE_GUEST_PANICKED);
  assert_told (fixture, "action %d informed;", QMP_GUEST_PANIC_ACTION_PAUSE);
  information = qmp_machine_get_panic_information (fixture->machine);
  g_assert_true (QMP_IS_GUEST_PANIC_INFORMATION_HYPER_V_BRANCH (information));
  g_assert_cmpuint (qmp_guest_panic_information_hyper_v_branch_get_arg1 (QMP_GUEST_PANIC_INFORMATION_HYPER_V_BRANCH (information)),
                    ==, G_MAXUINT64);

  listen_to (fixture, "notify::panicked", G_CALLBACK (on_notify));
  listen_to (fixture, "notify::panic-information", G_CALLBACK (on_notify));
  g_string_truncate (fixture->told, 0);
  say (fixture, "RESET", "{\"guest\": false, \"reason\": \"host-qmp-system-reset\"}", "paused");
  await_state (fixture, QMP_RUN_STATE_PAUSED);
  assert_told (fixture, "panic-information;panicked;");
  g_assert_false (qmp_machine_get_panicked (fixture->machine));
  g_assert_null (qmp_machine_get_panic_information (fixture->machine));
}

static void
test_crashloaded (Fixture *fixture, gconstpointer data)
{
  listen_to (fixture, "guest-crashloaded", G_CALLBACK (on_panic));
  say (fixture, "GUEST_CRASHLOADED", "{\"action\": \"run\", \"info\": {\"type\": \"s390\", \"core\": 0, \"psw-mask\": 1, "
       "\"psw-addr\": 2, \"reason\": \"unknown\"}}", "paused");
  await_state (fixture, QMP_RUN_STATE_PAUSED);
  assert_told (fixture, "action %d informed;", QMP_GUEST_PANIC_ACTION_RUN);
  g_assert_false (qmp_machine_get_panicked (fixture->machine));
}

static void
test_watchdog (Fixture *fixture, gconstpointer data)
{
  listen_to (fixture, "watchdog", G_CALLBACK (on_action));
  say (fixture, "WATCHDOG", "{\"action\": \"inject-nmi\"}", "watchdog");
  await_state (fixture, QMP_RUN_STATE_WATCHDOG);
  assert_told (fixture, "action %d;", QMP_WATCHDOG_ACTION_INJECT_NMI);
}

static void
test_sleep (Fixture *fixture, gconstpointer data)
{
  listen_to (fixture, "guest-suspended", G_CALLBACK (on_suspended));
  listen_to (fixture, "guest-woken-up", G_CALLBACK (on_plain));
  say (fixture, "SUSPEND", NULL, "suspended");
  await_state (fixture, QMP_RUN_STATE_SUSPENDED);
  say (fixture, "WAKEUP", NULL, "running");
  await_state (fixture, QMP_RUN_STATE_RUNNING);
  say (fixture, "SUSPEND_DISK", NULL, "shutdown");
  await_state (fixture, QMP_RUN_STATE_SHUTDOWN);
  assert_told (fixture, "to memory;told;to disk;");
}

/* It had panicked before we came; and no event told us. */
static void
test_attached_later (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (qmp_machine_get_run_state (fixture->machine), ==, QMP_RUN_STATE_GUEST_PANICKED);
  g_assert_true (qmp_machine_get_panicked (fixture->machine));
  g_assert_cmpint (qmp_machine_get_shutdown_cause (fixture->machine), ==, QMP_SHUTDOWN_CAUSE_UNRECOGNIZED);
}

/* --- shutting down ------------------------------------------------------------------------------ */

static void
on_step (QmpMachine *machine, QmpShutdownStep step, gpointer data)
{
  Fixture *fixture = data;

  g_string_append_printf (fixture->told, "step %d;", step);
}

/* It is not asked, for nobody is in there. */
static void
test_quits_at_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_auto (Await) call = { NULL };

  listen_to (fixture, "shutdown-step", G_CALLBACK (on_step));
  mock_expect (fixture->peer, "quit");
  mock_return (fixture->peer, "{}");
  mock_hang_up (fixture->peer);
  qmp_machine_shut_down_async (fixture->machine, NULL, NULL, await_callback, &call);
  g_assert_cmpint (qmp_machine_shut_down_finish (fixture->machine, await (&call), &error), ==, QMP_SHUTDOWN_STEP_QUIT);
  g_assert_no_error (error);
  assert_told (fixture, "step %d;", QMP_SHUTDOWN_STEP_QUIT);
}

static void
test_quits_at_once_blocking (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  listen_to (fixture, "shutdown-step", G_CALLBACK (on_step));
  mock_expect (fixture->peer, "quit");
  mock_return (fixture->peer, "{}");
  mock_hang_up (fixture->peer);
  g_assert_cmpint (qmp_machine_shut_down (fixture->machine, NULL, NULL, &error), ==, QMP_SHUTDOWN_STEP_QUIT);
  g_assert_no_error (error);
  assert_told (fixture, "step %d;", QMP_SHUTDOWN_STEP_QUIT);
}

/* The guest is asked, and panics: no need to wait any longer. */
static void
test_panics_while_asked (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_auto (Await) call = { NULL };

  qmp_machine_shut_down_async (fixture->machine, NULL, NULL, await_callback, &call);
  mock_expect (fixture->peer, "system_powerdown");
  mock_return (fixture->peer, "{}");
  mock_expect (fixture->peer, "query-status");
  mock_return (fixture->peer, RUNNING);
  mock_event (fixture->peer, "GUEST_PANICKED", "{\"action\": \"pause\"}");
  /* asked by who shuts down, and by the machine */
  answer_status (fixture, "guest-panicked");
  answer_status (fixture, "guest-panicked");
  mock_expect (fixture->peer, "quit");
  mock_return (fixture->peer, "{}");
  mock_hang_up (fixture->peer);
  g_assert_cmpint (qmp_machine_shut_down_finish (fixture->machine, await (&call), &error), ==, QMP_SHUTDOWN_STEP_QUIT);
  g_assert_no_error (error);
}

#define MACHINE_TEST(path, status, body) g_test_add (path, Fixture, status, set_up, body, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  MACHINE_TEST ("/machine/reset", NULL, test_reset);
  MACHINE_TEST ("/machine/shutdown", NULL, test_shutdown);
  MACHINE_TEST ("/machine/unknown-cause", NULL, test_unknown_cause);
  MACHINE_TEST ("/machine/panic", NULL, test_panic);
  MACHINE_TEST ("/machine/panic-information", NULL, test_panic_information);
  MACHINE_TEST ("/machine/crashloaded", NULL, test_crashloaded);
  MACHINE_TEST ("/machine/watchdog", NULL, test_watchdog);
  MACHINE_TEST ("/machine/sleep", NULL, test_sleep);
  MACHINE_TEST ("/machine/attached-later", "guest-panicked", test_attached_later);
  MACHINE_TEST ("/machine/quits-at-once/shutdown", "shutdown", test_quits_at_once);
  MACHINE_TEST ("/machine/quits-at-once/panicked", "guest-panicked", test_quits_at_once);
  MACHINE_TEST ("/machine/quits-at-once/hung", "watchdog", test_quits_at_once);
  MACHINE_TEST ("/machine/quits-at-once/blocking", "shutdown", test_quits_at_once_blocking);
  MACHINE_TEST ("/machine/panics-while-asked", NULL, test_panics_while_asked);
  return g_test_run ();
}
