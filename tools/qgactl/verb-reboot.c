/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"
#include "qgactl-power.h"

static gboolean
run_reboot (ToolApp *app, int argc, char **argv, GError **error)
{
  g_autoptr (QgaConnection) connection = qgactl_begin (app, &argc, &argv, 0, 0, error);
  QgaAcceptance acceptance;

  if (connection == NULL)
    return FALSE;
  acceptance = qga_connection_shutdown (connection, QGA_SHUTDOWN_MODE_REBOOT, tool_app_get_cancellable (app), error);
  if (acceptance == QGA_ACCEPTANCE_NONE)
    return FALSE;
  qgactl_print_acceptance (app, acceptance, "reboot");
  return TRUE;
}

const ToolVerb qgactl_reboot = {
  .name = "reboot",
  .synopsis = "",
  .summary = "Reboot the guest",
  .description = QGACTL_ACCEPTANCE_HELP,
  .run = run_reboot,
};
