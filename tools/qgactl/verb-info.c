/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"
#include "qgactl-print.h"
#include "tool-output.h"
#include "tool-table.h"

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (qga_guest_agent_command_info_get_name (*(gpointer *) a),
                    qga_guest_agent_command_info_get_name (*(gpointer *) b));
}

static void
print_commands (GPtrArray *commands)
{
  g_autoptr (ToolTable) table = tool_table_new ("COMMAND", "ENABLED", "ANSWERED", NULL);

  g_ptr_array_sort (commands, compare_names);
  for (guint i = 0; i < commands->len; i++)
    {
      QgaGuestAgentCommandInfo *command = g_ptr_array_index (commands, i);

      tool_table_add (table, qga_guest_agent_command_info_get_name (command),
                      qga_guest_agent_command_info_get_enabled (command) ? "yes" : "no",
                      qga_guest_agent_command_info_get_success_response (command) ? "yes" : "no");
    }
  tool_print ("\n");
  tool_table_print (table);
}

static gboolean
info (ToolApp *app, int argc, char **argv, GError **error)
{
  g_autoptr (QgaConnection) connection = qgactl_begin (app, &argc, &argv, 0, 0, error);
  g_autoptr (QgaGuestAgentInfo) about = NULL;
  g_autoptr (GPtrArray) commands = NULL;

  if (connection == NULL)
    return FALSE;
  about = qga_connection_guest_info (connection, tool_app_get_cancellable (app), error);
  if (about == NULL)
    return FALSE;
  if (tool_app_wants_json (app))
    {
      qgactl_print_object_json (about);
      return TRUE;
    }

  qgactl_print_field ("Agent", qga_guest_agent_info_get_version (about));
  commands = qga_guest_agent_info_get_supported_commands (about);
  if (commands != NULL && commands->len > 0)
    print_commands (commands);
  return TRUE;
}

const ToolVerb qgactl_info = {
  .name = "info",
  .synopsis = "",
  .summary = "The agent's version, and its commands",
  .description = "A command that is not answered is so when it succeeds.\nWith --json: what guest-info returns.",
  .run = info,
};
