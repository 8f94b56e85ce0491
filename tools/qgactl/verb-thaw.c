/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"
#include "tool-output.h"

static gboolean
thaw (ToolApp *app, int argc, char **argv, GError **error)
{
  g_autoptr (QgaConnection) connection = qgactl_begin (app, &argc, &argv, 0, 0, error);
  g_autoptr (GError) wrong = NULL;
  gint64 count;

  if (connection == NULL)
    return FALSE;
  count = qga_connection_guest_fsfreeze_thaw (connection, tool_app_get_cancellable (app), &wrong);
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  if (tool_app_wants_json (app))
    tool_print ("{\"thawed\":%" G_GINT64_FORMAT "}\n", count);
  else if (count == 0)
    tool_print ("No file system was frozen\n");
  else
    tool_print ("%" G_GINT64_FORMAT " file system%s thawed\n", count, count == 1 ? " is" : "s are");
  return TRUE;
}

const ToolVerb qgactl_thaw = {
  .name = "thaw",
  .synopsis = "",
  .summary = "Thaw the guest's file systems",
  .description = "With --json: {\"thawed\": N}, the number of file systems.",
  .run = thaw,
};
