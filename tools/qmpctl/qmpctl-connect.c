/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmpctl.h"

QmpOpenOptions *
qmpctl_make_open_options (ToolApp *app)
{
  QmpOpenOptions *options = qmp_open_options_new ();

  /* somebody looks at it: what is not there is told at once */
  qmp_open_options_set_retry (options, FALSE);
  if (tool_app_get_timeout (app) >= 0)
    {
      qmp_open_options_set_timeout (options, tool_app_get_timeout (app));
      qmp_open_options_set_default_timeout (options, tool_app_get_timeout (app));
    }
  return options;
}

QmpConnection *
qmpctl_connect (ToolApp *app, GError **error)
{
  g_autoptr (QmpOpenOptions) options = qmpctl_make_open_options (app);
  QmpConnection *connection;

  connection = qmp_connection_open (tool_app_get_address (app), options, tool_app_get_cancellable (app), error);
  if (connection == NULL)
    tool_app_mark_connection_error (error);
  return connection;
}

QmpSchema *
qmpctl_load_schema (ToolApp *app, QmpConnection *connection, GError **error)
{
  g_autofree char *path = g_build_filename (g_get_user_cache_dir (), "qmpctl", NULL);
  g_autoptr (GFile) folder = g_file_new_for_path (path);

  return qmp_connection_load_schema (connection, folder, tool_app_get_cancellable (app), error);
}

int
qmpctl_main (const ToolVerb *const *verbs, int argc, char **argv)
{
  const ToolDescription description = {
    .name = "qmpctl",
    .address_variable = "QMP_ADDRESS",
    .summary = "Talks to QEMU's monitor.",
    .verbs = verbs,
  };

  return tool_app_main (&description, argc, argv);
}
