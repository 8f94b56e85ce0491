/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl-input.h"

#include <gio/gunixinputstream.h>
#include <string.h>
#include <unistd.h>

static GInputStream *
open_input (ToolApp *app, const char *path, GError **error)
{
  g_autoptr (GFile) file = NULL;

  if (strcmp (path, "-") == 0)
    return g_unix_input_stream_new (STDIN_FILENO, FALSE);
  file = g_file_new_for_path (path);
  return G_INPUT_STREAM (g_file_read (file, tool_app_get_cancellable (app), error));
}

GBytes *
qgactl_read_input (ToolApp *app, const char *path, gsize most, GError **error)
{
  g_autoptr (GInputStream) input = open_input (app, path, error);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint8 buffer[16 * 1024];
  gssize got;

  if (input == NULL)
    return NULL;
  while ((got = g_input_stream_read (input, buffer, sizeof buffer, tool_app_get_cancellable (app), error)) > 0)
    {
      if ((gsize) got > most - bytes->len)
        {
          g_set_error (error, TOOL_ERROR, TOOL_ERROR_USAGE, "%s has more than the %" G_GSIZE_FORMAT " bytes that can be sent",
                       strcmp (path, "-") == 0 ? "Standard input" : path, most);
          return NULL;
        }
      g_byte_array_append (bytes, buffer, (guint) got);
    }
  return got == 0 ? g_byte_array_free_to_bytes (g_steal_pointer (&bytes)) : NULL;
}
