/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"
#include "qgactl-print.h"
#include "tool-table.h"

static gboolean
users (ToolApp *app, int argc, char **argv, GError **error)
{
  g_autoptr (QgaConnection) connection = qgactl_begin (app, &argc, &argv, 0, 0, error);
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (ToolTable) table = NULL;

  if (connection == NULL)
    return FALSE;
  found = qga_connection_guest_get_users (connection, tool_app_get_cancellable (app), error);
  if (found == NULL)
    return FALSE;
  if (tool_app_wants_json (app))
    {
      qgactl_print_objects_json (found);
      return TRUE;
    }

  table = tool_table_new ("USER", "LOGGED IN SINCE", "DOMAIN", NULL);
  for (guint i = 0; i < found->len; i++)
    {
      QgaGuestUser *user = g_ptr_array_index (found, i);
      g_autofree char *time = qgactl_format_time ((gint64) CLAMP (qga_guest_user_get_login_time (user), -1e15, 1e15));

      tool_table_add (table, qga_guest_user_get_user (user), time, qga_guest_user_get_domain (user));
    }
  tool_table_print (table);
  return TRUE;
}

const ToolVerb qgactl_users = {
  .name = "users",
  .synopsis = "",
  .summary = "Who is logged in in the guest",
  .description = "Times are those of this machine's time zone.\nWith --json: what guest-get-users returns.",
  .run = users,
};
