/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmpctl.h"
#include "tool-output.h"

/* The buttons of a machine: what QEMU does at once, and what it asks the guest for. */

static gboolean
press (ToolApp *app, int argc, char **argv, const char *command, GError **error)
{
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpValue) answer = NULL;

  if (!tool_app_parse (app, NULL, &argc, &argv, 0, 0, error))
    return FALSE;
  connection = qmpctl_connect (app, error);
  answer = connection != NULL ? qmpctl_query (app, connection, command, NULL, error) : NULL;
  return answer != NULL;
}

static gboolean
pause_machine (ToolApp *app, int argc, char **argv, GError **error)
{
  return press (app, argc, argv, "stop", error);
}

const ToolVerb qmpctl_pause = {
  .name = "pause",
  .synopsis = "",
  .summary = "Let the machine stand still",
  .run = pause_machine,
};

static gboolean
cont (ToolApp *app, int argc, char **argv, GError **error)
{
  return press (app, argc, argv, "cont", error);
}

const ToolVerb qmpctl_cont = {
  .name = "cont",
  .synopsis = "",
  .summary = "Let the machine run",
  .run = cont,
};

static gboolean
reset (ToolApp *app, int argc, char **argv, GError **error)
{
  return press (app, argc, argv, "system_reset", error);
}

const ToolVerb qmpctl_reset = {
  .name = "reset",
  .synopsis = "",
  .summary = "Reset the machine at once, whatever the guest does",
  .run = reset,
};

/* --- quit ------------------------------------------------------------------------------ */

static gboolean
quit (ToolApp *app, int argc, char **argv, GError **error)
{
  g_autoptr (QmpConnection) connection = NULL;

  if (!tool_app_parse (app, NULL, &argc, &argv, 0, 0, error))
    return FALSE;
  connection = qmpctl_connect (app, error);
  return connection != NULL && qmp_connection_quit (connection, tool_app_get_cancellable (app), error);
}

const ToolVerb qmpctl_quit = {
  .name = "quit",
  .synopsis = "",
  .summary = "End QEMU at once, whatever the guest does, and wait for it",
  .run = quit,
};

/* --- power down ------------------------------------------------------------------------- */

#define PATIENCE 60

static void
on_step (QmpMachine *machine, QmpShutdownStep step, gpointer unused)
{
  if (step == QMP_SHUTDOWN_STEP_QUIT)
    tool_complain ("The guest did not power off in time: QEMU is told to quit");
}

/* QEMU may have been told to stay (-no-shutdown). */
static gboolean
is_off (ToolApp *app, QmpMachine *machine)
{
  g_autoptr (QmpValue) status = qmpctl_query (app, qmp_machine_get_connection (machine), "query-status", NULL, NULL);
  g_autofree char *state = status != NULL ? qmp_value_dup_member_string (status, "status") : NULL;

  return g_strcmp0 (state, "shutdown") == 0;
}

/* Whether QEMU's end is the guest's doing does not matter: it was asked for. */
static gboolean
shut_down (ToolApp *app, gboolean force, GError **error)
{
  g_autoptr (QmpOpenOptions) open_options = qmpctl_make_open_options (app);
  g_autoptr (QmpShutdownOptions) options = qmp_shutdown_options_new ();
  g_autoptr (QmpMachine) machine = NULL;
  g_autoptr (GError) failed = NULL;
  int timeout = tool_app_get_timeout (app);

  machine = qmp_machine_attach (tool_app_get_address (app), open_options, tool_app_get_cancellable (app), error);
  if (machine == NULL)
    {
      tool_app_mark_connection_error (error);
      return FALSE;
    }
  qmp_shutdown_options_set_power_down_timeout (options, timeout > 0 ? timeout : PATIENCE * 1000);
  if (!force)
    qmp_shutdown_options_set_quit_timeout (options, 0);
  g_signal_connect (machine, "shutdown-step", G_CALLBACK (on_step), NULL);
  if (qmp_machine_shut_down (machine, options, tool_app_get_cancellable (app), &failed) != QMP_SHUTDOWN_STEP_NONE)
    return TRUE;

  if (g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) && !force && is_off (app, machine))
    {
      tool_complain ("The guest has powered off, and QEMU stays");
      return TRUE;
    }
  if (g_error_matches (failed, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) && !force)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                         "The guest was asked to power off, and has not in time; --force would tell QEMU to quit");
  else
    g_propagate_error (error, g_steal_pointer (&failed));
  return FALSE;
}

static gboolean
power_down (ToolApp *app, int argc, char **argv, GError **error)
{
  gboolean waits = FALSE, force = FALSE;
  const GOptionEntry entries[] = {
    { "wait", 'w', 0, G_OPTION_ARG_NONE, &waits, "Wait until the machine has ended", NULL },
    { "force", 'f', 0, G_OPTION_ARG_NONE, &force, "The same, and end QEMU if the guest does not power off in time", NULL },
    { NULL },
  };
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpValue) answer = NULL;

  if (!tool_app_parse (app, entries, &argc, &argv, 0, 0, error))
    return FALSE;
  if (waits || force)
    return shut_down (app, force, error);
  connection = qmpctl_connect (app, error);
  answer = connection != NULL ? qmpctl_query (app, connection, "system_powerdown", NULL, error) : NULL;
  return answer != NULL;
}

const ToolVerb qmpctl_power_down = {
  .name = "powerdown",
  .synopsis = "",
  .summary = "Ask the guest to power off, as its power button does",
  .description =
    "The guest may take --timeout seconds (60) where that is waited for; meanwhile it is asked again.",
  .run = power_down,
};
