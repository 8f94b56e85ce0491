/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: schema ADDRESS
 *
 * Asks what a QEMU can do, and has it judge a call before it is sent. */
#include <qmp-glib/qmp-glib.h>

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpConnection) qemu = qmp_connection_open (argc > 1 ? argv[1] : "unix:qmp.sock", NULL, NULL, &error);
  g_autoptr (QmpSchema) schema = qemu != NULL ? qmp_connection_load_schema (qemu, NULL, NULL, &error) : NULL;

  if (schema == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  if (!qmp_schema_check_arguments_json (schema, "blockdev-add",
                                        "{\"driver\":\"raw\",\"file\":{\"drver\":\"null-co\"}}", &error))
    g_print ("%s\n", error->message);
  g_print ("blockdev-add: %s\n", qmp_schema_has_argument (schema, "blockdev-add", "file.driver") ? "yes" : "no");
  g_print ("make-coffee: %s\n", qmp_schema_has_command (schema, "make-coffee") ? "yes" : "no");
  return 0;
}
