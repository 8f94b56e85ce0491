/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"
#include "qgactl-print.h"
#include "tool-table.h"

static char *
describe_address (QgaGuestDiskAddress *address)
{
  return g_strdup_printf ("%s %" G_GINT64_FORMAT ":%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT,
                          qga_guest_disk_address_get_bus_type_text (address), qga_guest_disk_address_get_bus (address),
                          qga_guest_disk_address_get_target (address), qga_guest_disk_address_get_unit (address));
}

static void
add_disk (ToolTable *table, QgaGuestDiskInfo *disk)
{
  QgaGuestDiskAddress *address = qga_guest_disk_info_get_address (disk);
  const char *const *dependencies = qga_guest_disk_info_get_dependencies (disk);
  g_autofree char *where = address != NULL ? describe_address (address) : NULL;
  g_autofree char *on = dependencies != NULL ? g_strjoinv (", ", (char **) dependencies) : NULL;

  tool_table_add (table, qga_guest_disk_info_get_name (disk), qga_guest_disk_info_get_partition (disk) ? "partition" : "disk",
                  where, address != NULL ? qga_guest_disk_address_get_serial (address) : NULL,
                  qga_guest_disk_info_get_alias (disk), on);
}

static gboolean
disks (ToolApp *app, int argc, char **argv, GError **error)
{
  g_autoptr (QgaConnection) connection = qgactl_begin (app, &argc, &argv, 0, 0, error);
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (ToolTable) table = NULL;

  if (connection == NULL)
    return FALSE;
  found = qga_connection_guest_get_disks (connection, tool_app_get_cancellable (app), error);
  if (found == NULL)
    return FALSE;
  if (tool_app_wants_json (app))
    {
      qgactl_print_objects_json (found);
      return TRUE;
    }

  table = tool_table_new ("NAME", "KIND", "BUS", "SERIAL", "ALIAS", "ON", NULL);
  for (guint i = 0; i < found->len; i++)
    add_disk (table, g_ptr_array_index (found, i));
  tool_table_print (table);
  return TRUE;
}

const ToolVerb qgactl_disks = {
  .name = "disks",
  .synopsis = "",
  .summary = "The guest's disks and partitions",
  .description = "BUS is its kind and the place on it: bus, target, unit. ON is what it is a part of.\n"
                 "With --json: what guest-get-disks returns.",
  .run = disks,
};
