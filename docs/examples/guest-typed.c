/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: guest-typed ADDRESS
 *
 * Says which system a guest runs, and which addresses it has. */
#include <qga-glib/qga-glib.h>

static gboolean
print_system (QgaConnection *agent, GError **error)
{
  g_autoptr (QgaGuestOSInfo) system = qga_connection_guest_get_osinfo (agent, NULL, error);
  const char *name;

  if (system == NULL)
    return FALSE;
  name = qga_guest_os_info_get_pretty_name (system);
  g_print ("system: %s\n", name != NULL ? name : "unknown");
  return TRUE;
}

static void
print_addresses (QgaGuestNetworkInterface *network)
{
  g_autoptr (GPtrArray) addresses = qga_guest_network_interface_get_ip_addresses (network);

  for (guint i = 0; addresses != NULL && i < addresses->len; i++)
    g_print ("%s: %s\n", qga_guest_network_interface_get_name (network),
             qga_guest_ip_address_get_ip_address (g_ptr_array_index (addresses, i)));
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QgaConnection) agent = NULL;
  g_autoptr (GPtrArray) networks = NULL;

  agent = qga_connection_open (argc > 1 ? argv[1] : "unix:agent.sock", NULL, NULL, &error);
  if (agent != NULL && print_system (agent, &error))
    networks = qga_connection_guest_network_get_interfaces (agent, NULL, &error);
  if (networks != NULL)
    g_ptr_array_foreach (networks, (GFunc) print_addresses, NULL);
  else
    g_printerr ("%s\n", error->message);
  return networks == NULL;
}
