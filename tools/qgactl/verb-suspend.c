/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"
#include <string.h>

#include "qgactl-power.h"

static gboolean
read_mode (const char *text, QgaSuspendMode *mode, GError **error)
{
  static const char *const names[] = { "ram", "disk", "hybrid" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (text, names[i]) == 0)
      {
        *mode = (QgaSuspendMode) i;
        return TRUE;
      }
  g_set_error (error, TOOL_ERROR, TOOL_ERROR_USAGE, "\"%s\" is none of ram, disk, hybrid", text);
  return FALSE;
}

static gboolean
suspend (ToolApp *app, int argc, char **argv, GError **error)
{
  QgaSuspendMode mode = QGA_SUSPEND_MODE_RAM;
  g_autoptr (QgaConnection) connection = NULL;
  QgaAcceptance acceptance;

  if (!tool_app_parse (app, NULL, &argc, &argv, 0, 1, error) || (argc > 1 && !read_mode (argv[1], &mode, error)))
    return FALSE;
  connection = qgactl_connect (app, error);
  if (connection == NULL)
    return FALSE;
  acceptance = qga_connection_suspend (connection, mode, tool_app_get_cancellable (app), error);
  if (acceptance == QGA_ACCEPTANCE_NONE)
    return FALSE;
  qgactl_print_acceptance (app, acceptance, "suspend");
  return TRUE;
}

static char **
suggest (const char *const *words)
{
  const char *const first[] = { "ram", "disk", "hybrid", NULL };

  return words[0] == NULL ? g_strdupv ((char **) first) : NULL;
}

const ToolVerb qgactl_suspend = {
  .name = "suspend",
  .synopsis = "[ram | disk | hybrid]",
  .summary = "Suspend the guest, to its memory by default",
  .description = QGACTL_ACCEPTANCE_HELP "\nAfter it has woken up, \"time set\" sets its clock.",
  .run = suspend,
  .suggest = suggest,
};
