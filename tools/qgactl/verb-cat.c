/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"
#include "qgactl-print.h"
#include "tool-output.h"

#define CHUNK (64 * 1024)

static gboolean
print_file (ToolApp *app, QgaConnection *connection, const char *path, GError **error)
{
  GCancellable *cancellable = tool_app_get_cancellable (app);
  g_autoptr (QgaFile) file = qga_file_open (connection, path, QGA_FILE_MODE_READ, cancellable, error);
  GInputStream *input = file != NULL ? g_io_stream_get_input_stream (G_IO_STREAM (file)) : NULL;
  g_autoptr (GByteArray) rest = g_byte_array_new ();
  g_autofree char *buffer = g_malloc (CHUNK);
  gssize got;

  if (file == NULL)
    return FALSE;
  do
    {
      got = g_input_stream_read (input, buffer, CHUNK, cancellable, error);
      if (got < 0)
        return FALSE;
      qgactl_print_bytes (stdout, rest, buffer, (gsize) got, got == 0);
      if (!tool_output_flush (error))
        return FALSE;
    }
  while (got > 0);
  return g_io_stream_close (G_IO_STREAM (file), cancellable, error);
}

static gboolean
cat (ToolApp *app, int argc, char **argv, GError **error)
{
  g_autoptr (QgaConnection) connection = NULL;

  if (!tool_app_parse (app, NULL, &argc, &argv, 1, -1, error))
    return FALSE;
  if (tool_app_wants_json (app))
    {
      g_set_error_literal (error, TOOL_ERROR, TOOL_ERROR_USAGE, "cat prints what is in the file, and has no JSON");
      return FALSE;
    }
  connection = qgactl_connect (app, error);
  if (connection == NULL)
    return FALSE;

  for (int i = 1; i < argc; i++)
    if (!print_file (app, connection, argv[i], error))
      {
        /* the file is to be closed in the guest, too */
        qgactl_settle (app, connection);
        return FALSE;
      }
  return TRUE;
}

const ToolVerb qgactl_cat = {
  .name = "cat",
  .synopsis = "GUEST-FILE…",
  .summary = "Print files of the guest",
  .description = "As they are; but on a terminal, what could harm that is made visible.",
  .run = cat,
};
