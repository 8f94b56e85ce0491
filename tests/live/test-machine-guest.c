/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live-boot.h"

#include <string.h>

/* What becomes of a guest, told apart: reset, shut down, panicked, hung,
 * asleep; and what its machine looks like then. */

static const LiveCode panic = LIVE_CODE (LIVE_OUT (0x505, 1));
static const LiveCode crash = LIVE_CODE (LIVE_OUT (0x505, 2));
static const LiveCode hang = LIVE_CODE (LIVE_OUT (0x443, 0x0f));      /* a watchdog that runs out at once */
static const LiveCode reset = LIVE_CODE (LIVE_OUT (0x64, 0xfe));      /* by the keyboard's controller */
static const LiveCode power_off = LIVE_CODE (LIVE_OUT_WIDE (0x604, 0x2000));
static const LiveCode sleep_on = LIVE_CODE (LIVE_OUT_WIDE (0x604, 0x2400));
static const LiveCode nothing = LIVE_CODE (0x90);

/* --- what is told --------------------------------------------------------------------------- */

static const char *
get_nick (GType type, int value)
{
  g_autoptr (GEnumClass) class = g_type_class_ref (type);

  return g_enum_get_value (class, value)->value_nick;
}

static void
on_reset (QmpMachine *machine, QmpShutdownCause cause, GString *told)
{
  g_assert_cmpint (qmp_machine_get_shutdown_cause (machine), ==, cause);
  g_string_append_printf (told, "reset by %s; ", get_nick (QMP_TYPE_SHUTDOWN_CAUSE, (int) cause));
}

static void
on_shutdown (QmpMachine *machine, QmpShutdownCause cause, GString *told)
{
  g_assert_cmpint (qmp_machine_get_shutdown_cause (machine), ==, cause);
  g_string_append_printf (told, "shut down by %s; ", get_nick (QMP_TYPE_SHUTDOWN_CAUSE, (int) cause));
}

static void
on_panicked (QmpMachine *machine, QmpGuestPanicAction action, QmpGuestPanicInformation *information, GString *told)
{
  g_assert_true (qmp_machine_get_panicked (machine));
  g_assert_null (information);
  g_string_append_printf (told, "panicked, %s; ", get_nick (QMP_TYPE_GUEST_PANIC_ACTION, (int) action));
}

static void
on_crashloaded (QmpMachine *machine, QmpGuestPanicAction action, QmpGuestPanicInformation *information, GString *told)
{
  g_string_append_printf (told, "crashed, %s; ", get_nick (QMP_TYPE_GUEST_PANIC_ACTION, (int) action));
}

static void
on_watchdog (QmpMachine *machine, QmpWatchdogAction action, GString *told)
{
  g_string_append_printf (told, "watchdog, %s; ", get_nick (QMP_TYPE_WATCHDOG_ACTION, (int) action));
}

static void
on_suspended (QmpMachine *machine, gboolean to_disk, GString *told)
{
  g_string_append_printf (told, "asleep%s; ", to_disk ? " on disk" : "");
}

static void
on_woken_up (QmpMachine *machine, GString *told)
{
  g_string_append (told, "awake; ");
}

static void
on_ended (QmpMachine *machine, GString *told)
{
  g_string_append (told, "ended; ");
}

static void
write_down (QmpMachine *machine, GString *told)
{
  g_signal_connect (machine, "guest-reset", G_CALLBACK (on_reset), told);
  g_signal_connect (machine, "guest-shutdown", G_CALLBACK (on_shutdown), told);
  g_signal_connect (machine, "guest-panicked", G_CALLBACK (on_panicked), told);
  g_signal_connect (machine, "guest-crashloaded", G_CALLBACK (on_crashloaded), told);
  g_signal_connect (machine, "watchdog", G_CALLBACK (on_watchdog), told);
  g_signal_connect (machine, "guest-suspended", G_CALLBACK (on_suspended), told);
  g_signal_connect (machine, "guest-woken-up", G_CALLBACK (on_woken_up), told);
  g_signal_connect (machine, "ended", G_CALLBACK (on_ended), told);
}

/* Until as much has been told; the test's own time is its limit. */
static void
assert_told (GString *told, const char *expected)
{
  while (told->len < strlen (expected))
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (told->str, ==, expected);
}

static void
assert_state (QmpMachine *machine, QmpRunState state)
{
  while (qmp_machine_get_run_state (machine) != state)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (qmp_machine_get_alive (machine));
}

static void
start (QmpMachine *machine)
{
  g_autoptr (GError) error = NULL;

  qmp_machine_start (machine, NULL, &error);
  g_assert_no_error (error);
}

/* --- one by one ------------------------------------------------------------------------------ */

/* What happens to a guest, with which arguments, and where it ends. */
typedef struct
{
  const LiveCode *code;
  const char *arguments[6];
  const char *told;
  QmpRunState state;  /* or UNRECOGNIZED when it ends */
} Fate;

static const Fate fates[] = {
  { &panic, { "-device", "pvpanic", "-action", "panic=pause" }, "panicked, pause; ", QMP_RUN_STATE_GUEST_PANICKED },
  { &panic, { "-device", "pvpanic", "-action", "panic=none" }, "panicked, run; ", QMP_RUN_STATE_RUNNING },
  { &panic, { "-device", "pvpanic", "-action", "panic=shutdown" },
    "panicked, poweroff; shut down by guest-panic; ended; ", QMP_RUN_STATE_UNRECOGNIZED },
  { &crash, { "-device", "pvpanic,events=3" }, "crashed, run; ", QMP_RUN_STATE_RUNNING },
  { &hang, { "-device", "ib700", "-action", "watchdog=pause" }, "watchdog, pause; ", QMP_RUN_STATE_WATCHDOG },
  { &hang, { "-device", "ib700", "-action", "watchdog=none" }, "watchdog, none; ", QMP_RUN_STATE_RUNNING },
  { &hang, { "-device", "ib700", "-action", "watchdog=poweroff" }, "watchdog, poweroff; ended; ", QMP_RUN_STATE_UNRECOGNIZED },
  { &hang, { "-device", "ib700", "-no-reboot" }, "watchdog, reset; shut down by guest-reset; ended; ", QMP_RUN_STATE_UNRECOGNIZED },
  { &reset, { "-no-reboot" }, "shut down by guest-reset; ended; ", QMP_RUN_STATE_UNRECOGNIZED },
  { &reset, { "-no-reboot", "-no-shutdown" }, "shut down by guest-reset; ", QMP_RUN_STATE_SHUTDOWN },
  { &power_off, { NULL }, "shut down by guest-shutdown; ended; ", QMP_RUN_STATE_UNRECOGNIZED },
  { &power_off, { "-no-shutdown" }, "shut down by guest-shutdown; ", QMP_RUN_STATE_SHUTDOWN },
};

static void
test_fate (Live *live, gconstpointer data)
{
  const Fate *fate = data;
  g_autoptr (QmpLauncher) launcher = live_boot_launcher (live, fate->code);
  g_autoptr (GString) told = g_string_new (NULL);
  g_autoptr (QmpMachine) machine = NULL;

  for (guint i = 0; fate->arguments[i] != NULL; i++)
    qmp_launcher_append (launcher, fate->arguments[i]);
  machine = live_launch (launcher);
  write_down (machine, told);
  start (machine);
  assert_told (told, fate->told);
  g_assert_cmpint (qmp_machine_get_panicked (machine), ==, fate->code == &panic);
  if (fate->state == QMP_RUN_STATE_UNRECOGNIZED)
    {
      g_assert_false (qmp_machine_get_alive (machine));
      g_assert_cmpint (qmp_machine_get_exit_status (machine), ==, 0);
      return;
    }
  assert_state (machine, fate->state);
  live_quit (machine);
}

/* It boots, resets itself, and boots again. */
static void
test_reset_by_guest (Live *live, gconstpointer data)
{
  g_autoptr (QmpLauncher) launcher = live_boot_launcher (live, &reset);
  g_autoptr (QmpMachine) machine = live_launch (launcher);
  g_autoptr (GString) told = g_string_new (NULL);

  write_down (machine, told);
  start (machine);
  assert_told (told, "reset by guest-reset; reset by guest-reset; ");
  g_assert_true (qmp_machine_get_running (machine));
  live_quit (machine);
}

static void
test_reset_by_host (Live *live, gconstpointer data)
{
  g_autoptr (QmpLauncher) launcher = live_boot_launcher (live, &nothing);
  g_autoptr (QmpMachine) machine = live_launch (launcher);
  g_autoptr (GString) told = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  write_down (machine, told);
  g_assert_true (qmp_machine_reset (machine, NULL, &error));
  assert_told (told, "reset by host-qmp-system-reset; ");
  live_quit (machine);
}

static void
test_watchdog_resets (Live *live, gconstpointer data)
{
  g_autoptr (QmpLauncher) launcher = live_boot_launcher (live, &hang);
  g_autoptr (QmpMachine) machine = NULL;
  g_autoptr (GString) told = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  qmp_launcher_append_option (launcher, "device", "ib700");
  qmp_launcher_append_option (launcher, "action", "watchdog=none");
  machine = live_launch (launcher);
  write_down (machine, told);
  qmp_connection_watchdog_set_action (qmp_machine_get_connection (machine), QMP_WATCHDOG_ACTION_RESET, NULL, &error);
  g_assert_no_error (error);
  start (machine);
  assert_told (told, "watchdog, reset; reset by guest-reset; ");
  live_quit (machine);
}

static void
test_sleeps (Live *live, gconstpointer data)
{
  g_autoptr (QmpLauncher) launcher = live_boot_launcher (live, &sleep_on);
  g_autoptr (QmpMachine) machine = live_launch (launcher);
  g_autoptr (GString) told = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  write_down (machine, told);
  start (machine);
  assert_told (told, "asleep; ");
  assert_state (machine, QMP_RUN_STATE_SUSPENDED);
  g_assert_false (qmp_machine_get_running (machine));
  qmp_connection_system_wakeup (qmp_machine_get_connection (machine), NULL, &error);
  g_assert_no_error (error);
  assert_told (told, "asleep; awake; ");
  live_quit (machine);
}

/* --- afterwards --------------------------------------------------------------------------------- */

/* A panic is over with a reset. */
static void
test_panic_and_reset (Live *live, gconstpointer data)
{
  g_autoptr (QmpLauncher) launcher = live_boot_launcher (live, &panic);
  g_autoptr (QmpMachine) machine = NULL;
  g_autoptr (GString) told = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  qmp_launcher_append_option (launcher, "device", "pvpanic");
  qmp_launcher_append_option (launcher, "action", "panic=pause");
  machine = live_launch (launcher);
  write_down (machine, told);
  start (machine);
  assert_state (machine, QMP_RUN_STATE_GUEST_PANICKED);
  g_assert_true (qmp_machine_reset (machine, NULL, &error));
  assert_told (told, "panicked, pause; reset by host-qmp-system-reset; ");
  g_assert_false (qmp_machine_get_panicked (machine));
  live_quit (machine);
}

/* Off, yet there: it can begin again, by a reset. */
static void
test_stays_and_begins_again (Live *live, gconstpointer data)
{
  g_autoptr (QmpLauncher) launcher = live_boot_launcher (live, &power_off);
  g_autoptr (QmpMachine) machine = NULL;
  g_autoptr (GString) told = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  qmp_launcher_append (launcher, "-no-shutdown");
  machine = live_launch (launcher);
  write_down (machine, told);
  start (machine);
  assert_state (machine, QMP_RUN_STATE_SHUTDOWN);
  g_assert_false (qmp_machine_start (machine, NULL, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_GENERIC);
  g_clear_error (&error);
  g_assert_true (qmp_machine_reset (machine, NULL, &error));
  assert_told (told, "shut down by guest-shutdown; reset by host-qmp-system-reset; ");
  g_string_truncate (told, 0);
  start (machine);
  /* the firmware may reset it once more */
  while (!g_str_has_suffix (told->str, "shut down by guest-shutdown; "))
    g_main_context_iteration (NULL, TRUE);
  assert_state (machine, QMP_RUN_STATE_SHUTDOWN);
  live_quit (machine);
}

static void
on_step (QmpMachine *machine, QmpShutdownStep step, GString *steps)
{
  g_string_append_printf (steps, "%d", step);
}

static QmpShutdownStep
shut_down (QmpMachine *machine, gboolean blocking)
{
  g_autoptr (GError) error = NULL;
  GAsyncResult *result = NULL;
  QmpShutdownStep step;

  if (blocking)
    step = qmp_machine_shut_down (machine, NULL, NULL, &error);
  else
    {
      qmp_machine_shut_down_async (machine, NULL, NULL, live_keep_result, &result);
      live_wait (&result);
      step = qmp_machine_shut_down_finish (machine, result, &error);
      g_object_unref (result);
    }
  g_assert_no_error (error);
  return step;
}

/* Nobody is in there to be asked, and nobody is: on to QEMU at once. */
static void
assert_quits_at_once (Live *live, const LiveCode *code, QmpRunState state, gboolean blocking)
{
  g_autoptr (QmpLauncher) launcher = live_boot_launcher (live, code);
  g_autoptr (QmpMachine) machine = NULL;
  g_autoptr (GString) steps = g_string_new (NULL);

  qmp_launcher_append (launcher, "-no-shutdown");
  qmp_launcher_append_option (launcher, "device", "pvpanic");
  qmp_launcher_append_option (launcher, "action", "panic=pause");
  machine = live_launch (launcher);
  g_signal_connect (machine, "shutdown-step", G_CALLBACK (on_step), steps);
  start (machine);
  assert_state (machine, state);
  g_assert_cmpint (shut_down (machine, blocking), ==, QMP_SHUTDOWN_STEP_QUIT);
  g_assert_cmpstr (steps->str, ==, "2");
  g_assert_cmpint (qmp_machine_get_exit_status (machine), ==, 0);
}

static void
test_quits_at_once (Live *live, gconstpointer blocking)
{
  assert_quits_at_once (live, &power_off, QMP_RUN_STATE_SHUTDOWN, blocking != NULL);
  assert_quits_at_once (live, &panic, QMP_RUN_STATE_GUEST_PANICKED, blocking != NULL);
}

/* Nor is one waited for that was off before anybody has noticed. */
static void
test_quits_unnoticed (Live *live, gconstpointer data)
{
  static const char *const names[] = { "STOP", NULL };
  g_autoptr (QmpLauncher) launcher = live_boot_launcher (live, &power_off);
  g_autoptr (QmpMachine) machine = NULL;
  g_autoptr (QmpEventStream) events = NULL;
  g_autoptr (QmpEvent) event = NULL;
  g_autoptr (GString) steps = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  qmp_launcher_append (launcher, "-no-shutdown");
  machine = live_launch (launcher);
  g_signal_connect (machine, "shutdown-step", G_CALLBACK (on_step), steps);
  events = qmp_connection_watch_events (qmp_machine_get_connection (machine), names, 4);
  start (machine);
  event = qmp_event_stream_next (events, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (qmp_machine_get_run_state (machine), ==, QMP_RUN_STATE_RUNNING);
  g_assert_cmpint (shut_down (machine, TRUE), ==, QMP_SHUTDOWN_STEP_QUIT);
  g_assert_cmpstr (steps->str, ==, "12");
}

/* Who attaches later finds what is to be found. */
static void
test_attached_later (Live *live, gconstpointer data)
{
  g_autoptr (QmpLauncher) launcher = live_boot_launcher (live, &panic);
  g_autofree char *socket = live_path (live, "second");
  g_autofree char *server = g_strdup_printf ("unix:%s,server=on,wait=off", socket);
  g_autoptr (QmpMachine) machine = NULL, attached = NULL;
  g_autoptr (GError) error = NULL;

  qmp_launcher_append_option (launcher, "qmp", server);
  qmp_launcher_append_option (launcher, "device", "pvpanic");
  qmp_launcher_append_option (launcher, "action", "panic=pause");
  machine = live_launch (launcher);
  start (machine);
  assert_state (machine, QMP_RUN_STATE_GUEST_PANICKED);
  attached = qmp_machine_attach (socket, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (qmp_machine_get_run_state (attached), ==, QMP_RUN_STATE_GUEST_PANICKED);
  g_assert_true (qmp_machine_get_panicked (attached));
  live_quit (attached);
}

static void
add_fates (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (fates); i++)
    {
      g_autofree char *path = g_strdup_printf ("/machine/guest/fate/%u", i + 1);

      g_test_add (path, Live, &fates[i], live_set_up, test_fate, live_tear_down);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_fates ();
  LIVE_TEST ("/machine/guest/reset/by-guest", test_reset_by_guest);
  LIVE_TEST ("/machine/guest/reset/by-host", test_reset_by_host);
  LIVE_TEST ("/machine/guest/reset/by-watchdog", test_watchdog_resets);
  LIVE_TEST ("/machine/guest/sleeps", test_sleeps);
  LIVE_TEST ("/machine/guest/panic-and-reset", test_panic_and_reset);
  LIVE_TEST ("/machine/guest/stays/begins-again", test_stays_and_begins_again);
  LIVE_TEST ("/machine/guest/stays/quits-at-once", test_quits_at_once);
  g_test_add ("/machine/guest/stays/quits-at-once/blocking", Live, "blocking", live_set_up, test_quits_at_once, live_tear_down);
  LIVE_TEST ("/machine/guest/stays/quits-unnoticed", test_quits_unnoticed);
  LIVE_TEST ("/machine/guest/attached-later", test_attached_later);
  return g_test_run ();
}
