/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpConnection) qemu = NULL;
  g_autoptr (QmpStatusInfo) status = NULL;

  qemu = qmp_connection_open (argc > 1 ? argv[1] : "unix:qmp.sock", NULL, NULL, &error);
  if (qemu != NULL)
    status = qmp_connection_query_status (qemu, NULL, &error);

  if (status != NULL)
    g_print ("%s\n", qmp_status_info_get_status_text (status));
  else
    g_printerr ("%s\n", error->message);
  return status == NULL;
}
