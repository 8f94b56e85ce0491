/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"

#include <signal.h>

#include "tool-interrupt.h"
#include "tool-output.h"

/* A guest that stays frozen is as good as dead: so there is patience. */
#define PATIENCE (120 * 1000)

/* --- what must not be left behind ------------------------------------------------------------ */

/* After a freeze that was given up: it may have happened, or may yet. */
static void
make_sure_of_thaw (ToolApp *app, QgaConnection *connection)
{
  QgaFreezeStatus status;
  g_autoptr (GError) error = NULL;

  tool_app_begin_cleanup (app);
  tool_complain ("Making sure that the guest is not left frozen");
  qga_connection_set_default_timeout (connection, PATIENCE);
  status = qga_freeze_guard_query (connection, NULL, &error);
  if (status != QGA_FREEZE_STATUS_THAWED)
    {
      g_clear_error (&error);
      qga_connection_guest_fsfreeze_thaw (connection, NULL, &error);
    }
  if (error == NULL)
    tool_complain ("The guest is thawed");
  else
    tool_complain ("The guest may be frozen still: %s", error->message);
}

static gboolean
is_without_effect (const GError *error)
{
  return g_error_matches (error, QGA_ERROR, QGA_ERROR_FROZEN) || g_error_matches (error, QGA_ERROR, QGA_ERROR_COMMAND_DISABLED) ||
         g_error_matches (error, QGA_ERROR, QGA_ERROR_COMMAND_NOT_FOUND) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

/* Whoever froze it before is the one to thaw it. */
static gboolean
check_thawed (ToolApp *app, QgaConnection *connection, GError **error)
{
  QgaFreezeStatus status = qga_freeze_guard_query (connection, tool_app_get_cancellable (app), error);

  if (status == QGA_FREEZE_STATUS_FROZEN)
    g_set_error_literal (error, QGA_ERROR, QGA_ERROR_FROZEN, "The guest is frozen already; \"thaw\" thaws it");
  return status == QGA_FREEZE_STATUS_THAWED;
}

/* --- freezing, and leaving it so --------------------------------------------------------------- */

static gboolean
report (ToolApp *app, gint64 count, gboolean still, GError **error)
{
  const char *const is = count == 1 ? " is" : "s are", *const was = count == 1 ? " was" : "s were";

  if (tool_app_wants_json (app))
    tool_print ("{\"frozen\":%" G_GINT64_FORMAT "}\n", count);
  else if (count > 0)
    tool_print ("%" G_GINT64_FORMAT " file system%s frozen%s\n", count, still ? is : was,
                still ? "; \"thaw\" undoes it" : " meanwhile, to the end");
  if (count > 0)
    return TRUE;
  g_set_error_literal (error, TOOL_ERROR, TOOL_ERROR_FAILED, "There was no such file system to freeze");
  return FALSE;
}

static gboolean
freeze_and_leave (ToolApp *app, QgaConnection *connection, const char *const *mountpoints, GError **error)
{
  GCancellable *cancellable = tool_app_get_cancellable (app);
  g_autoptr (QgaGuestFsfreezeFreezeListArguments) arguments = qga_guest_fsfreeze_freeze_list_arguments_new ();
  g_autoptr (GError) wrong = NULL;
  gint64 count;

  qga_guest_fsfreeze_freeze_list_arguments_set_mountpoints (arguments, mountpoints);
  count = mountpoints != NULL ? qga_connection_guest_fsfreeze_freeze_list (connection, arguments, cancellable, &wrong)
                              : qga_connection_guest_fsfreeze_freeze (connection, cancellable, &wrong);
  if (wrong == NULL)
    return report (app, count, TRUE, error);

  if (!is_without_effect (wrong))
    make_sure_of_thaw (app, connection);
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

/* --- freezing for as long as something runs -------------------------------------------------------- */

/* Called in any thread. */
static void
end_process (GCancellable *cancellable, gpointer process)
{
  g_subprocess_send_signal (process, SIGTERM);
}

/* On a terminal, ^C reaches the command too, and that may be the first to tell.
 * g_subprocess_wait () does not look whether it was cancelled before. */
static gboolean
run_here (ToolApp *app, const char *script, GError **error)
{
  g_autoptr (GSubprocess) process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_INHERIT, error, "sh", "-c", script, NULL);
  gulong cancelled;

  if (process == NULL)
    return FALSE;
  cancelled = g_cancellable_connect (tool_app_get_cancellable (app), G_CALLBACK (end_process), process, NULL);
  g_subprocess_wait (process, NULL, NULL);
  g_cancellable_disconnect (tool_app_get_cancellable (app), cancelled);
  if (g_subprocess_get_successful (process))
    return TRUE;
  if (tool_interrupt_get_signal () != 0)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Interrupted");
  else if (g_subprocess_get_if_exited (process))
    g_set_error (error, TOOL_ERROR, TOOL_ERROR_FAILED, "The command has ended with status %d",
                 g_subprocess_get_exit_status (process));
  else
    g_set_error (error, TOOL_ERROR, TOOL_ERROR_FAILED, "The command was ended by signal %d", g_subprocess_get_term_sig (process));
  return FALSE;
}

static gboolean
thaw_again (ToolApp *app, QgaConnection *connection, QgaFreezeGuard *guard, GError **error)
{
  g_autoptr (GError) wrong = NULL;

  tool_app_begin_cleanup (app);
  if (qga_freeze_guard_thaw (guard, NULL, &wrong))
    return TRUE;
  if (!g_error_matches (wrong, QGA_ERROR, QGA_ERROR_NOT_FROZEN))
    make_sure_of_thaw (app, connection);
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

static gboolean
freeze_and_run (ToolApp *app, QgaConnection *connection, const char *const *mountpoints, const char *script, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GError) frozen_still = NULL;
  g_autoptr (QgaFreezeGuard) guard = qga_freeze_guard_freeze (connection, mountpoints, tool_app_get_cancellable (app), &wrong);

  if (guard == NULL)
    {
      if (!is_without_effect (wrong))
        make_sure_of_thaw (app, connection);
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }

  if (qga_freeze_guard_get_count (guard) > 0)
    run_here (app, script, &wrong);
  else
    report (app, 0, FALSE, &wrong);
  if (!thaw_again (app, connection, guard, &frozen_still) && wrong != NULL)
    tool_complain ("%s", frozen_still->message);
  else if (frozen_still != NULL)
    wrong = g_steal_pointer (&frozen_still);
  if (wrong == NULL)
    return report (app, (gint64) qga_freeze_guard_get_count (guard), FALSE, error);
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

static gboolean
freeze (ToolApp *app, int argc, char **argv, GError **error)
{
  g_autofree char *script = NULL;
  const GOptionEntry entries[] = {
    { "run", 'r', 0, G_OPTION_ARG_STRING, &script, "Run this machine's COMMAND by sh, and thaw when it has ended", "COMMAND" },
    { NULL },
  };
  g_autoptr (QgaConnection) connection = NULL;
  const char *const *mountpoints;

  if (!tool_app_parse (app, entries, &argc, &argv, 0, -1, error))
    return FALSE;
  mountpoints = argc > 1 ? (const char *const *) argv + 1 : NULL;
  connection = qgactl_connect (app, error);
  if (connection == NULL || !check_thawed (app, connection, error))
    return FALSE;
  return script != NULL ? freeze_and_run (app, connection, mountpoints, script, error)
                        : freeze_and_leave (app, connection, mountpoints, error);
}

const ToolVerb qgactl_freeze = {
  .name = "freeze",
  .synopsis = "[MOUNTPOINT…]",
  .summary = "Freeze file systems of the guest, for a sound copy of its disks",
  .description =
    "All of them, or those mounted there. They stay frozen until \"thaw\", and until then the guest hardly works: be quick,\n"
    "or use --run, which thaws whatever happens:\n"
    "\n"
    "  qgactl /run/vm.qga freeze --run './take-snapshot'\n"
    "\n"
    "It fails if COMMAND does, and if the guest has thawed by itself meanwhile: then the copy is worth nothing. A freeze\n"
    "that is interrupted or takes too long is undone.\n"
    "With --json: {\"frozen\": N}, the number of file systems.",
  .run = freeze,
};
