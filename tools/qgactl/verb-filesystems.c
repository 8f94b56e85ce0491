/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"
#include "qgactl-print.h"
#include "tool-table.h"

static char *
format_share (QgaGuestFilesystemInfo *system)
{
  guint64 used = qga_guest_filesystem_info_get_used_bytes (system);
  guint64 total = qga_guest_filesystem_info_get_total_bytes (system);

  return total > 0 ? g_strdup_printf ("%.0f%%", (double) used * 100 / (double) total) : NULL;
}

static char *
name_disks (QgaGuestFilesystemInfo *system)
{
  g_autoptr (GPtrArray) disks = qga_guest_filesystem_info_get_disk (system);
  GString *names = g_string_new (NULL);

  for (guint i = 0; disks != NULL && i < disks->len; i++)
    {
      const char *name = qga_guest_disk_address_get_dev (g_ptr_array_index (disks, i));

      if (name != NULL)
        g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", name);
    }
  return g_string_free (names, FALSE);
}

static void
add_filesystem (ToolTable *table, QgaGuestFilesystemInfo *system)
{
  g_autofree char *total = qgactl_format_size (qga_guest_filesystem_info_has_total_bytes (system),
                                               qga_guest_filesystem_info_get_total_bytes (system));
  g_autofree char *used = qgactl_format_size (qga_guest_filesystem_info_has_used_bytes (system),
                                              qga_guest_filesystem_info_get_used_bytes (system));
  g_autofree char *share = format_share (system);
  g_autofree char *disks = name_disks (system);

  tool_table_add (table, qga_guest_filesystem_info_get_name (system), qga_guest_filesystem_info_get_type_member (system),
                  total, used, share, qga_guest_filesystem_info_get_mountpoint (system), disks);
}

static gboolean
filesystems (ToolApp *app, int argc, char **argv, GError **error)
{
  g_autoptr (QgaConnection) connection = qgactl_begin (app, &argc, &argv, 0, 0, error);
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (ToolTable) table = NULL;

  if (connection == NULL)
    return FALSE;
  found = qga_connection_guest_get_fsinfo (connection, tool_app_get_cancellable (app), error);
  if (found == NULL)
    return FALSE;
  if (tool_app_wants_json (app))
    {
      qgactl_print_objects_json (found);
      return TRUE;
    }

  table = tool_table_new ("DEVICE", "TYPE", "SIZE", "USED", "USE%", "MOUNTED ON", "DISKS", NULL);
  for (guint column = 2; column <= 4; column++)
    tool_table_align_right (table, column);
  for (guint i = 0; i < found->len; i++)
    add_filesystem (table, g_ptr_array_index (found, i));
  tool_table_print (table);
  return TRUE;
}

const ToolVerb qgactl_filesystems = {
  .name = "filesystems",
  .synopsis = "",
  .summary = "The guest's file systems that are mounted",
  .description = "With --json: what guest-get-fsinfo returns.",
  .run = filesystems,
};
