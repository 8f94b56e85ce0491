/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: guest-copy ADDRESS GUEST-FILE LOCAL-FILE
 *
 * Copies a file out of a guest, and shows how far it is. */
#include <qga-glib/qga-glib.h>

#define MOST_BYTES (100 * 1024 * 1024)

static void
on_progress (goffset current, goffset total, G_GNUC_UNUSED gpointer data)
{
  g_print ("%" G_GOFFSET_FORMAT " of %" G_GOFFSET_FORMAT " bytes\n", current, total);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QgaConnection) agent = NULL;
  g_autoptr (GFile) local = NULL;

  if (argc != 4)
    {
      g_printerr ("usage: guest-copy ADDRESS GUEST-FILE LOCAL-FILE\n");
      return 2;
    }
  local = g_file_new_for_commandline_arg (argv[3]);
  agent = qga_connection_open (argv[1], NULL, NULL, &error);
  if (agent == NULL || !qga_connection_copy_from_guest (agent, argv[2], local, G_FILE_COPY_OVERWRITE, MOST_BYTES,
                                                        on_progress, NULL, NULL, &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  return 0;
}
