/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl-environment.h"

#include <string.h>

#define ENVIRONMENT_FILE "/proc/self/environ"
#define LARGEST_ENVIRONMENT (1024 * 1024)

/* To give a process an environment is to give it all of it: so this is what it
 * would have had. */
static char **
read_environment (ToolApp *app, QgaConnection *connection)
{
  GCancellable *cancellable = tool_app_get_cancellable (app);
  g_autoptr (QgaFile) file = qga_file_open (connection, ENVIRONMENT_FILE, QGA_FILE_MODE_READ, cancellable, NULL);
  g_autofree char *text = g_malloc (LARGEST_ENVIRONMENT + 1);
  g_auto (GStrv) environment = g_new0 (char *, 1);
  gsize length = 0;

  if (file == NULL || !g_input_stream_read_all (g_io_stream_get_input_stream (G_IO_STREAM (file)), text, LARGEST_ENVIRONMENT,
                                                &length, cancellable, NULL))
    return g_steal_pointer (&environment);
  text[length] = '\0';
  g_io_stream_close (G_IO_STREAM (file), cancellable, NULL);

  for (const char *at = text; at < text + length; at += strlen (at) + 1)
    {
      const char *sign = strchr (at, '=');
      g_autofree char *name = sign != NULL ? g_strndup (at, (gsize) (sign - at)) : NULL;

      if (name != NULL && *name != '\0' && g_utf8_validate (at, -1, NULL))
        environment = g_environ_setenv (g_steal_pointer (&environment), name, sign + 1, TRUE);
    }
  return g_steal_pointer (&environment);
}

char **
qgactl_make_environment (ToolApp *app, QgaConnection *connection, const char *const *added, gboolean alone, GError **error)
{
  g_auto (GStrv) environment = alone ? g_new0 (char *, 1) : read_environment (app, connection);

  for (guint i = 0; added != NULL && added[i] != NULL; i++)
    {
      const char *sign = strchr (added[i], '=');
      g_autofree char *name = sign != NULL ? g_strndup (added[i], (gsize) (sign - added[i])) : NULL;

      if (name == NULL || *name == '\0')
        {
          g_set_error (error, TOOL_ERROR, TOOL_ERROR_USAGE, "--env=\"%s\": it is NAME=VALUE", added[i]);
          return NULL;
        }
      environment = g_environ_setenv (g_steal_pointer (&environment), name, sign + 1, TRUE);
    }
  return g_steal_pointer (&environment);
}
