/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpConnection) qemu = NULL;
  g_autofree char *status = NULL;

  qemu = qmp_connection_open (argc > 1 ? argv[1] : "unix:qmp.sock", NULL, NULL, &error);
  if (qemu != NULL)
    status = qmp_connection_execute_json (qemu, "query-status", NULL, NULL, &error);

  if (status != NULL)
    g_print ("%s\n", status);
  else
    g_printerr ("%s\n", error->message);
  return status == NULL;
}
