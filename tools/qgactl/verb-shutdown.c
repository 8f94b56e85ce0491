/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"
#include "qgactl-power.h"

static gboolean
run_shutdown (ToolApp *app, int argc, char **argv, GError **error)
{
  gboolean halt = FALSE;
  const GOptionEntry entries[] = {
    { "halt", 0, 0, G_OPTION_ARG_NONE, &halt, "Stop it, with its power left on", NULL },
    { NULL },
  };
  g_autoptr (QgaConnection) connection = NULL;
  QgaAcceptance acceptance;

  if (!tool_app_parse (app, entries, &argc, &argv, 0, 0, error))
    return FALSE;
  connection = qgactl_connect (app, error);
  if (connection == NULL)
    return FALSE;
  acceptance = qga_connection_shutdown (connection, halt ? QGA_SHUTDOWN_MODE_HALT : QGA_SHUTDOWN_MODE_POWERDOWN,
                                        tool_app_get_cancellable (app), error);
  if (acceptance == QGA_ACCEPTANCE_NONE)
    return FALSE;
  qgactl_print_acceptance (app, acceptance, halt ? "halt" : "shut down");
  return TRUE;
}

const ToolVerb qgactl_shutdown = {
  .name = "shutdown",
  .synopsis = "",
  .summary = "Shut the guest down",
  .description = QGACTL_ACCEPTANCE_HELP,
  .run = run_shutdown,
};
