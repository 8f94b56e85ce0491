/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: errors ADDRESS
 *
 * Runs a command that QEMU does not have, and tells that error from others. */
#include <qmp-glib/qmp-glib.h>

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpConnection) qemu = qmp_connection_open (argc > 1 ? argv[1] : "unix:qmp.sock", NULL, NULL, &error);
  g_autofree char *reply = NULL;

  if (qemu != NULL)
    reply = qmp_connection_execute_json (qemu, "make-coffee", NULL, NULL, &error);
  if (!g_error_matches (error, QMP_ERROR, QMP_ERROR_COMMAND_NOT_FOUND))
    {
      g_printerr ("%s\n", error != NULL ? error->message : "It worked");
      return 1;
    }
  g_print ("%s: QEMU has no such command\n", qmp_error_get_command (error));
  return 0;
}
