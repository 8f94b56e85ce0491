/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"

static const ToolVerb *const verbs[] = {
  &qgactl_ping,
  &qgactl_info,
  &qgactl_osinfo,
  &qgactl_hostname,
  &qgactl_network,
  &qgactl_users,
  &qgactl_disks,
  &qgactl_filesystems,
  &qgactl_cpus,
  &qgactl_load,
  &qgactl_time,
  &qgactl_exec,
  &qgactl_shell,
  &qgactl_cat,
  &qgactl_put,
  &qgactl_get,
  &qgactl_ssh_keys,
  &qgactl_passwd,
  &qgactl_freeze,
  &qgactl_thaw,
  &qgactl_status,
  &qgactl_fstrim,
  &qgactl_shutdown,
  &qgactl_reboot,
  &qgactl_suspend,
  &qgactl_call,
  &qgactl_schema,
  NULL,
};

int
main (int argc, char **argv)
{
  return qgactl_main (verbs, argc, argv);
}
