/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <qga-glib/qga-glib.h>
#include <qmp-glib/qmp-glib.h>

/* usage: app QEMU AGENT */
int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpConnection) qemu = NULL;
  g_autoptr (QmpStatusInfo) status = NULL;
  g_autoptr (QgaConnection) agent = NULL;

  g_return_val_if_fail (argc == 3, 2);

  qemu = qmp_connection_open (argv[1], NULL, NULL, &error);
  status = qemu != NULL ? qmp_connection_query_status (qemu, NULL, &error) : NULL;
  agent = status != NULL ? qga_connection_open (argv[2], NULL, NULL, &error) : NULL;
  if (agent == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  g_print ("%s: %s, %s\n", APP_NAME, qmp_status_info_get_status_text (status), g_type_name (QGA_TYPE_CONNECTION));
  return 0;
}
