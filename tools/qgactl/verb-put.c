/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"
#include <gio/gunixinputstream.h>
#include <string.h>
#include <unistd.h>

#include "qgactl-transfer.h"
#include "tool-output.h"
#include "tool-progress.h"

#define CHUNK (64 * 1024)

/* --- from standard input, which is no file ------------------------------------------------ */

/* As copies of files do: it can only be looked whether there is one. */
static gboolean
check_absence (ToolApp *app, QgaConnection *connection, const char *path, gboolean force, GError **error)
{
  g_autoptr (GError) refusal = NULL;
  g_autoptr (QgaFile) file = NULL;

  if (force)
    return TRUE;
  file = qga_file_open (connection, path, QGA_FILE_MODE_READ, tool_app_get_cancellable (app), &refusal);
  if (file != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "The guest's file %s exists already", path);
  else if (g_error_matches (refusal, QGA_ERROR, QGA_ERROR_GENERIC))
    return TRUE;
  else
    g_propagate_error (error, g_steal_pointer (&refusal));
  return FALSE;
}

static gboolean
send_input (ToolApp *app, QgaConnection *connection, const char *path, gboolean force, QgactlTransfer *transfer, GError **error)
{
  GCancellable *cancellable = tool_app_get_cancellable (app);
  g_autoptr (GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autofree char *buffer = g_malloc (CHUNK);
  g_autoptr (QgaFile) file = NULL;
  gssize got;

  if (!check_absence (app, connection, path, force, error))
    return FALSE;
  file = qga_file_open (connection, path, QGA_FILE_MODE_WRITE, cancellable, error);
  if (file == NULL)
    return FALSE;
  while ((got = g_input_stream_read (input, buffer, CHUNK, cancellable, error)) > 0)
    {
      if (!g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (file)), buffer, (gsize) got, NULL,
                                      cancellable, error))
        return FALSE;
      qgactl_transfer_show (transfer->current + got, 0, transfer);
    }
  return got == 0 && g_output_stream_flush (g_io_stream_get_output_stream (G_IO_STREAM (file)), cancellable, error) &&
         g_io_stream_close (G_IO_STREAM (file), cancellable, error);
}

/* --- all --------------------------------------------------------------------------------------- */

static gboolean
transfer_file (ToolApp *app, QgaConnection *connection, const char *source, const char *path, gboolean force,
               QgactlTransfer *transfer, GError **error)
{
  g_autoptr (GFile) file = NULL;

  if (strcmp (source, "-") == 0)
    return send_input (app, connection, path, force, transfer, error);
  file = g_file_new_for_path (source);
  return qga_connection_copy_to_guest (connection, file, path, force ? G_FILE_COPY_OVERWRITE : G_FILE_COPY_NONE,
                                       qgactl_transfer_show, transfer, tool_app_get_cancellable (app), error);
}

static gboolean
send (ToolApp *app, const char *source, const char *path, gboolean force, GError **error)
{
  g_autoptr (QgaConnection) connection = qgactl_connect (app, error);
  g_auto (QgactlTransfer) transfer = { NULL };

  if (connection == NULL)
    return FALSE;
  qgactl_transfer_begin (&transfer, path);
  if (transfer_file (app, connection, source, path, force, &transfer, error))
    {
      qgactl_transfer_end (&transfer, app);
      return TRUE;
    }

  tool_progress_clear ();
  /* the file is to be closed in the guest, too */
  qgactl_settle (app, connection);
  if (transfer.current > 0)
    tool_complain ("What has arrived is left in the guest, as %s", path);
  qgactl_transfer_explain (error, "--force replaces a file, and a folder is written with a / at its end");
  return FALSE;
}

static gboolean
put (ToolApp *app, int argc, char **argv, GError **error)
{
  gboolean force = FALSE;
  const GOptionEntry entries[] = {
    { "force", 'f', 0, G_OPTION_ARG_NONE, &force, "Replace a file that is there", NULL },
    { NULL },
  };
  g_autofree char *path = NULL;

  if (!tool_app_parse (app, entries, &argc, &argv, 2, 2, error))
    return FALSE;
  path = qgactl_transfer_target (argv[1], argv[2], g_str_has_suffix (argv[2], "/"), error);
  return path != NULL && send (app, argv[1], path, force, error);
}

const ToolVerb qgactl_put = {
  .name = "put",
  .synopsis = "FILE GUEST-FILE",
  .summary = "Copy a file into the guest",
  .description =
    "FILE is - for standard input. With a / at its end, GUEST-FILE is a folder, and the copy has its own name there.\n"
    "After ^C a part of the copy is left in the guest: the agent cannot remove it.\n"
    "With --json: {\"bytes\": N}.",
  .run = put,
};
