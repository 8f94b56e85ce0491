/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"
#include "qgactl-print.h"
#include "tool-output.h"
#include "tool-text.h"

static gboolean
print_hostname (ToolApp *app, int argc, char **argv, GError **error)
{
  g_autoptr (QgaConnection) connection = qgactl_begin (app, &argc, &argv, 0, 0, error);
  g_autoptr (QgaGuestHostName) name = NULL;
  g_autofree char *line = NULL;

  if (connection == NULL)
    return FALSE;
  name = qga_connection_guest_get_host_name (connection, tool_app_get_cancellable (app), error);
  if (name == NULL)
    return FALSE;
  if (tool_app_wants_json (app))
    {
      qgactl_print_object_json (name);
      return TRUE;
    }

  line = tool_text_to_line (qga_guest_host_name_get_host_name (name));
  tool_print ("%s\n", line);
  return TRUE;
}

const ToolVerb qgactl_hostname = {
  .name = "hostname",
  .synopsis = "",
  .summary = "The guest's name",
  .description = "With --json: what guest-get-host-name returns, {\"host-name\": TEXT}.",
  .run = print_hostname,
};
