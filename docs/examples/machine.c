/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: machine [QEMU]
 *
 * Starts a machine, has it stand still, and shuts it down. */
#include <qmp-glib/qmp-glib.h>

static void
on_step (G_GNUC_UNUSED QmpMachine *machine, QmpShutdownStep step, G_GNUC_UNUSED gpointer user_data)
{
  g_print (step == QMP_SHUTDOWN_STEP_POWER_DOWN ? "The guest is asked.\n" : "QEMU is told.\n");
}

static void
on_panicked (G_GNUC_UNUSED QmpMachine *machine, QmpGuestPanicAction action, G_GNUC_UNUSED QmpGuestPanicInformation *left,
             G_GNUC_UNUSED gpointer user_data)
{
  g_print (action == QMP_GUEST_PANIC_ACTION_PAUSE ? "It has panicked, and stands still.\n" : "It has panicked.\n");
}

static gboolean
run (const char *program, GError **error)
{
  static const char *const arguments[] = { "-machine", "q35", "-nodefaults", "-display", "none", NULL };
  g_autoptr (QmpLauncher) launcher = qmp_launcher_new (program);
  g_autoptr (QmpShutdownOptions) options = qmp_shutdown_options_new ();
  g_autoptr (QmpMachine) machine = NULL;

  qmp_launcher_set_arguments (launcher, arguments);
  machine = qmp_launcher_launch (launcher, NULL, error);
  if (machine == NULL)
    return FALSE;
  g_print (qmp_machine_get_running (machine) ? "It runs.\n" : "It stands still.\n");
  if (!qmp_machine_pause (machine, NULL, error))
    return FALSE;
  g_print (qmp_machine_get_running (machine) ? "It runs.\n" : "It stands still.\n");

  g_signal_connect (machine, "guest-panicked", G_CALLBACK (on_panicked), NULL);
  g_signal_connect (machine, "shutdown-step", G_CALLBACK (on_step), NULL);
  /* nobody is in there who would heed the power button */
  qmp_shutdown_options_set_power_down_timeout (options, 500);
  if (qmp_machine_shut_down (machine, options, NULL, error) == QMP_SHUTDOWN_STEP_NONE)
    return FALSE;
  g_print ("It ended with status %d.\n", qmp_machine_get_exit_status (machine));
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (run (argc > 1 ? argv[1] : "qemu-system-x86_64", &error))
    return 0;
  g_printerr ("%s\n", error->message);
  return 1;
}
