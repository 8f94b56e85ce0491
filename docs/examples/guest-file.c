/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: guest-file ADDRESS PATH
 *
 * Writes a file in a guest, and reads it again line by line. */
#include <string.h>

#include <qga-glib/qga-glib.h>

static gboolean
write_file (QgaConnection *agent, const char *path, const char *text, GError **error)
{
  g_autoptr (QgaFile) file = qga_file_open (agent, path, QGA_FILE_MODE_WRITE, NULL, error);
  GOutputStream *output;

  if (file == NULL)
    return FALSE;
  output = g_io_stream_get_output_stream (G_IO_STREAM (file));
  if (!g_output_stream_write_all (output, text, strlen (text), NULL, NULL, error))
    return FALSE;
  /* only now is it known whether the guest had room for it */
  return g_io_stream_close (G_IO_STREAM (file), NULL, error);
}

static void
print_file (QgaConnection *agent, const char *path, GError **error)
{
  g_autoptr (QgaFile) file = qga_file_open (agent, path, QGA_FILE_MODE_READ, NULL, error);
  g_autoptr (GDataInputStream) lines = NULL;
  char *line;

  if (file == NULL)
    return;
  lines = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (file)));
  while ((line = g_data_input_stream_read_line_utf8 (lines, NULL, NULL, error)) != NULL)
    {
      g_print ("%s\n", line);
      g_free (line);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QgaConnection) agent = NULL;

  if (argc != 3)
    {
      g_printerr ("usage: guest-file ADDRESS PATH\n");
      return 2;
    }
  agent = qga_connection_open (argv[1], NULL, NULL, &error);
  if (agent != NULL && write_file (agent, argv[2], "Hello\nfrom the host\n", &error))
    print_file (agent, argv[2], &error);
  if (error != NULL)
    g_printerr ("%s\n", error->message);
  return error != NULL;
}
