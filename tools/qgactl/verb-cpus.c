/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"
#include "qgactl-print.h"
#include "tool-table.h"

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  gint64 first = qga_guest_logical_processor_get_logical_id (*(gpointer *) a);
  gint64 second = qga_guest_logical_processor_get_logical_id (*(gpointer *) b);

  return (first > second) - (first < second);
}

static gboolean
cpus (ToolApp *app, int argc, char **argv, GError **error)
{
  g_autoptr (QgaConnection) connection = qgactl_begin (app, &argc, &argv, 0, 0, error);
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (ToolTable) table = NULL;

  if (connection == NULL)
    return FALSE;
  found = qga_connection_guest_get_vcpus (connection, tool_app_get_cancellable (app), error);
  if (found == NULL)
    return FALSE;
  if (tool_app_wants_json (app))
    {
      qgactl_print_objects_json (found);
      return TRUE;
    }

  g_ptr_array_sort (found, compare_numbers);
  table = tool_table_new ("CPU", "ONLINE", "CAN GO OFFLINE", NULL);
  tool_table_align_right (table, 0);
  for (guint i = 0; i < found->len; i++)
    {
      QgaGuestLogicalProcessor *cpu = g_ptr_array_index (found, i);
      g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, qga_guest_logical_processor_get_logical_id (cpu));
      const char *can = qga_guest_logical_processor_get_can_offline (cpu) ? "yes" : "no";

      tool_table_add (table, number, qga_guest_logical_processor_get_online (cpu) ? "yes" : "no",
                      qga_guest_logical_processor_has_can_offline (cpu) ? can : NULL);
    }
  tool_table_print (table);
  return TRUE;
}

const ToolVerb qgactl_cpus = {
  .name = "cpus",
  .synopsis = "",
  .summary = "The guest's processors",
  .description = "With --json: what guest-get-vcpus returns.",
  .run = cpus,
};
