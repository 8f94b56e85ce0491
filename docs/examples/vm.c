/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: vm GUEST [QEMU]
 *
 * Boots the guest of tools/guest/build, runs a command in there, and has it
 * shut itself down. */
#include <qga-glib/qga-glib.h>
#include <qmp-glib/qmp-glib.h>

static QmpMachine *
launch (const char *guest, const char *program, GError **error)
{
  g_autofree char *kernel = g_build_filename (guest, "vmlinuz", NULL);
  g_autofree char *initrd = g_build_filename (guest, "initrd", NULL);
  const char *arguments[] = {
    "-nodefaults", "-display", "none", "-machine", "pc", "-m", "192", "-kernel", kernel, "-initrd", initrd,
    "-append", "quiet panic=-1 rdinit=/bin/init", NULL,
  };
  g_autoptr (QmpLauncher) launcher = qmp_launcher_new (program);

  qmp_launcher_set_arguments (launcher, arguments);
  qmp_launcher_set_agent (launcher, TRUE);
  return qmp_launcher_launch (launcher, NULL, error);
}

static gboolean
run_command (QgaConnection *agent, GError **error)
{
  const char *command[] = { "uname", "-s", NULL };
  g_autoptr (QgaProcess) process = qga_process_spawn (agent, command, NULL, NULL, error);
  g_autofree char *output = NULL;

  if (process == NULL || !qga_process_communicate_utf8 (process, &output, NULL, NULL, error))
    return FALSE;
  g_print ("In there is %s.\n", g_strchomp (output));
  return TRUE;
}

/* Asks the guest by its agent; without this, by the power button. */
static gboolean
on_power_down (G_GNUC_UNUSED QmpMachine *machine, gpointer user_data)
{
  return qga_connection_shutdown (user_data, QGA_SHUTDOWN_MODE_POWERDOWN, NULL, NULL) != QGA_ACCEPTANCE_NONE;
}

static gboolean
run (const char *guest, const char *program, GError **error)
{
  g_autoptr (QmpMachine) machine = launch (guest, program, error);
  g_autoptr (QgaConnection) agent = NULL;
  QmpShutdownStep step;

  if (machine != NULL)
    agent = qga_connection_open (qmp_machine_get_agent_address (machine), NULL, NULL, error);
  if (agent == NULL || !run_command (agent, error))
    return FALSE;

  g_signal_connect (machine, "power-down", G_CALLBACK (on_power_down), agent);
  step = qmp_machine_shut_down (machine, NULL, NULL, error);
  if (step == QMP_SHUTDOWN_STEP_NONE)
    return FALSE;
  g_print (step == QMP_SHUTDOWN_STEP_POWER_DOWN ? "It has shut itself down.\n" : "It had to be shut down.\n");
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (argc > 1 && run (argv[1], argc > 2 ? argv[2] : "qemu-system-x86_64", &error))
    return 0;
  g_printerr ("%s\n", error != NULL ? error->message : "usage: vm GUEST [QEMU]");
  return 1;
}
