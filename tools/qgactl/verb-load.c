/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"
#include "tool-json.h"
#include "tool-output.h"

/* Before QEMU 10.0 agents cannot tell; but the file can be read that they read. */
#define LOAD_FILE "/proc/loadavg"

static gboolean
read_load_file (ToolApp *app, QgaConnection *connection, double *load, GError **error)
{
  GCancellable *cancellable = tool_app_get_cancellable (app);
  g_autoptr (QgaFile) file = qga_file_open (connection, LOAD_FILE, QGA_FILE_MODE_READ, cancellable, error);
  char text[256] = "";
  char *at = text;

  if (file == NULL ||
      g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (file)), text, sizeof text - 1, cancellable, error) < 0 ||
      !g_io_stream_close (G_IO_STREAM (file), cancellable, error))
    return FALSE;
  for (guint i = 0; i < 3; i++)
    {
      char *end = at;

      load[i] = g_ascii_strtod (at, &end);
      if (end == at)
        {
          g_set_error_literal (error, TOOL_ERROR, TOOL_ERROR_FAILED, "The guest's " LOAD_FILE " makes no sense");
          return FALSE;
        }
      at = end;
    }
  return TRUE;
}

static gboolean
find_load (ToolApp *app, QgaConnection *connection, double *load, GError **error)
{
  g_autoptr (GError) refusal = NULL;
  g_autoptr (QgaGuestLoadAverage) average = qga_connection_guest_get_load (connection, tool_app_get_cancellable (app), &refusal);

  if (average != NULL)
    {
      load[0] = qga_guest_load_average_get_load1m (average);
      load[1] = qga_guest_load_average_get_load5m (average);
      load[2] = qga_guest_load_average_get_load15m (average);
      return TRUE;
    }
  if (g_error_matches (refusal, QGA_ERROR, QGA_ERROR_COMMAND_NOT_FOUND) && read_load_file (app, connection, load, NULL))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&refusal));
  return FALSE;
}

static gboolean
print_load (ToolApp *app, int argc, char **argv, GError **error)
{
  g_autoptr (QgaConnection) connection = qgactl_begin (app, &argc, &argv, 0, 0, error);
  double load[3];
  char texts[3][G_ASCII_DTOSTR_BUF_SIZE];

  if (connection == NULL || !find_load (app, connection, load, error))
    return FALSE;
  if (tool_app_wants_json (app))
    {
      g_autofree char *json = NULL;

      for (guint i = 0; i < 3; i++)
        g_ascii_formatd (texts[i], sizeof texts[i], "%.6g", load[i]);
      json = g_strdup_printf ("{\"load1m\":%s,\"load5m\":%s,\"load15m\":%s}", texts[0], texts[1], texts[2]);
      tool_json_print (json, TRUE);
    }
  else
    tool_print ("%.2f in the last minute, %.2f in 5, %.2f in 15\n", load[0], load[1], load[2]);
  return TRUE;
}

const ToolVerb qgactl_load = {
  .name = "load",
  .synopsis = "",
  .summary = "How many of the guest's processes want to run, on average",
  .description = "An agent before QEMU 10.0 does not tell; then the guest's " LOAD_FILE " is read.\n"
                 "With --json: {\"load1m\": NUMBER, \"load5m\": NUMBER, \"load15m\": NUMBER}.",
  .run = print_load,
};
