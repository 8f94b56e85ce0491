/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"
#include "qgactl-print.h"

static gboolean
osinfo (ToolApp *app, int argc, char **argv, GError **error)
{
  g_autoptr (QgaConnection) connection = qgactl_begin (app, &argc, &argv, 0, 0, error);
  g_autoptr (QgaGuestOSInfo) system = NULL;
  const char *name;

  if (connection == NULL)
    return FALSE;
  system = qga_connection_guest_get_osinfo (connection, tool_app_get_cancellable (app), error);
  if (system == NULL)
    return FALSE;
  if (tool_app_wants_json (app))
    {
      qgactl_print_object_json (system);
      return TRUE;
    }

  name = qga_guest_os_info_get_pretty_name (system);
  qgactl_print_field ("System", name != NULL ? name : qga_guest_os_info_get_name (system));
  qgactl_print_field ("Version", qga_guest_os_info_get_version (system));
  qgactl_print_field ("Variant", qga_guest_os_info_get_variant (system));
  qgactl_print_field ("ID", qga_guest_os_info_get_id (system));
  qgactl_print_field ("Kernel", qga_guest_os_info_get_kernel_release (system));
  qgactl_print_field ("Build", qga_guest_os_info_get_kernel_version (system));
  qgactl_print_field ("Machine", qga_guest_os_info_get_machine (system));
  return TRUE;
}

const ToolVerb qgactl_osinfo = {
  .name = "osinfo",
  .synopsis = "",
  .summary = "The guest's operating system",
  .description = "What the guest does not tell is left out.\nWith --json: what guest-get-osinfo returns.",
  .run = osinfo,
};
