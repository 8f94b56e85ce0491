/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"
#include "tool-output.h"

static gboolean
print_status (ToolApp *app, int argc, char **argv, GError **error)
{
  g_autoptr (QgaConnection) connection = qgactl_begin (app, &argc, &argv, 0, 0, error);
  QgaFreezeStatus status;

  if (connection == NULL)
    return FALSE;
  status = qga_freeze_guard_query (connection, tool_app_get_cancellable (app), error);
  if (status == QGA_FREEZE_STATUS_UNKNOWN)
    return FALSE;
  tool_print (tool_app_wants_json (app) ? "{\"status\":\"%s\"}\n" : "%s\n", status == QGA_FREEZE_STATUS_FROZEN ? "frozen" : "thawed");
  return TRUE;
}

const ToolVerb qgactl_status = {
  .name = "status",
  .synopsis = "",
  .summary = "Whether the guest's file systems are frozen",
  .description = "Prints frozen, or thawed.\nWith --json: {\"status\": \"frozen\" or \"thawed\"}.",
  .run = print_status,
};
