/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "qmpctl.h"
#include "tool-json.h"
#include "tool-output.h"

static const char *
get_ending (QmpScreenshot *picture)
{
  return qmp_screenshot_get_format (picture) == QMP_IMAGE_FORMAT_PNG ? "png" : "ppm";
}

/* Named by the time, as nobody has thought of a name. */
static char *
make_name (QmpScreenshot *picture)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%d-%H%M%S");

  return g_strdup_printf ("screenshot-%s.%s", time, get_ending (picture));
}

static gboolean
save (QmpScreenshot *picture, const char *name, gboolean replace, GCancellable *cancellable, GError **error)
{
  GBytes *bytes = qmp_screenshot_get_bytes (picture);
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (name);
  g_autoptr (GFileOutputStream) stream = NULL;
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);

  if (replace)
    return g_file_replace_contents (file, data, size, NULL, FALSE, G_FILE_CREATE_NONE, NULL, cancellable, error);
  stream = g_file_create (file, G_FILE_CREATE_NONE, cancellable, error);
  return stream != NULL && g_output_stream_write_all (G_OUTPUT_STREAM (stream), data, size, NULL, cancellable, error) &&
         g_output_stream_close (G_OUTPUT_STREAM (stream), cancellable, error);
}

static void
tell (ToolApp *app, QmpScreenshot *picture, const char *name)
{
  g_autoptr (ToolWriter) writer = tool_writer_new ();

  if (!tool_app_wants_json (app))
    {
      tool_print ("%s, %u×%u\n", name, qmp_screenshot_get_width (picture), qmp_screenshot_get_height (picture));
      return;
    }
  tool_writer_begin_object (writer, NULL);
  tool_writer_text (writer, "file", name);
  tool_writer_text (writer, "format", get_ending (picture));
  tool_writer_integer (writer, "width", qmp_screenshot_get_width (picture));
  tool_writer_integer (writer, "height", qmp_screenshot_get_height (picture));
  tool_writer_end_object (writer);
  tool_json_print (tool_writer_get_json (writer), TRUE);
}

static gboolean
write_out (QmpScreenshot *picture)
{
  gsize size;
  const char *data = g_bytes_get_data (qmp_screenshot_get_bytes (picture), &size);

  tool_print_raw (data, size);
  return TRUE;
}

static gboolean
screenshot (ToolApp *app, int argc, char **argv, GError **error)
{
  g_autofree char *device = NULL, *name = NULL;
  int head = 0;
  const GOptionEntry entries[] = {
    { "device", 'd', 0, G_OPTION_ARG_STRING, &device, "Of this graphics device, otherwise the first", "ID" },
    { "head", 'H', 0, G_OPTION_ARG_INT, &head, "Of this head of the device (0)", "N" },
    { NULL },
  };
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpScreenshot) picture = NULL;
  gboolean to_output;

  if (!tool_app_parse (app, entries, &argc, &argv, 0, 1, error))
    return FALSE;
  to_output = argc > 1 && strcmp (argv[1], "-") == 0;
  if (head < 0 || (head > 0 && device == NULL) || (to_output && tool_output_is_terminal ()))
    {
      g_set_error_literal (error, TOOL_ERROR, TOOL_ERROR_USAGE,
                           to_output ? "A picture is not for a terminal: give a file, or a pipe"
                                     : "A head is one of a --device, and counted from 0");
      return FALSE;
    }

  connection = qmpctl_connect (app, error);
  if (connection == NULL)
    return FALSE;
  picture = qmp_connection_take_screenshot (connection, device, (guint) head, tool_app_get_cancellable (app), error);
  if (picture == NULL)
    return FALSE;
  if (to_output)
    return write_out (picture);
  name = argc > 1 ? g_strdup (argv[1]) : make_name (picture);
  if (!save (picture, name, argc > 1, tool_app_get_cancellable (app), error))
    return FALSE;
  tell (app, picture, name);
  return TRUE;
}

const ToolVerb qmpctl_screenshot = {
  .name = "screenshot",
  .synopsis = "[FILE | -]",
  .summary = "Save a picture of the screen: PNG where QEMU can, otherwise PPM",
  .description = "Without FILE, it is named by the time, and nothing is replaced. - is standard output.",
  .run = screenshot,
};
