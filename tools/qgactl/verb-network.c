/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"
#include "qgactl-print.h"
#include "tool-table.h"

static void
add_address (ToolTable *table, QgaGuestNetworkInterface *interface, QgaGuestIpAddress *address, gboolean first)
{
  QgaGuestNetworkInterfaceStat *counted = first ? qga_guest_network_interface_get_statistics (interface) : NULL;
  g_autofree char *received = NULL;
  g_autofree char *sent = NULL;
  g_autofree char *shown = NULL;

  if (counted != NULL)
    {
      received = tool_format_size (qga_guest_network_interface_stat_get_rx_bytes (counted));
      sent = tool_format_size (qga_guest_network_interface_stat_get_tx_bytes (counted));
    }
  if (address != NULL)
    shown = g_strdup_printf ("%s/%" G_GINT64_FORMAT, qga_guest_ip_address_get_ip_address (address),
                             qga_guest_ip_address_get_prefix (address));
  /* the further addresses of one interface stand below its name */
  tool_table_add (table, first ? qga_guest_network_interface_get_name (interface) : " ",
                  first ? qga_guest_network_interface_get_hardware_address (interface) : " ", first ? received : " ",
                  first ? sent : " ", shown);
}

static void
add_interface (ToolTable *table, QgaGuestNetworkInterface *interface)
{
  g_autoptr (GPtrArray) addresses = qga_guest_network_interface_get_ip_addresses (interface);

  if (addresses == NULL || addresses->len == 0)
    add_address (table, interface, NULL, TRUE);
  for (guint i = 0; addresses != NULL && i < addresses->len; i++)
    add_address (table, interface, g_ptr_array_index (addresses, i), i == 0);
}

static gboolean
network (ToolApp *app, int argc, char **argv, GError **error)
{
  g_autoptr (QgaConnection) connection = qgactl_begin (app, &argc, &argv, 0, 0, error);
  g_autoptr (GPtrArray) interfaces = NULL;
  g_autoptr (ToolTable) table = NULL;

  if (connection == NULL)
    return FALSE;
  interfaces = qga_connection_guest_network_get_interfaces (connection, tool_app_get_cancellable (app), error);
  if (interfaces == NULL)
    return FALSE;
  if (tool_app_wants_json (app))
    {
      qgactl_print_objects_json (interfaces);
      return TRUE;
    }

  table = tool_table_new ("INTERFACE", "MAC", "RECEIVED", "SENT", "ADDRESS", NULL);
  tool_table_align_right (table, 2);
  tool_table_align_right (table, 3);
  for (guint i = 0; i < interfaces->len; i++)
    add_interface (table, g_ptr_array_index (interfaces, i));
  tool_table_print (table);
  return TRUE;
}

const ToolVerb qgactl_network = {
  .name = "network",
  .synopsis = "",
  .summary = "The guest's network interfaces and their addresses",
  .description = "With --json: what guest-network-get-interfaces returns.",
  .run = network,
};
