/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"

/* An agent that is there answers at once, and one that is not never says so. */
#define OPENING_TIMEOUT (10 * 1000)
#define SETTLING_TIMEOUT (5 * 1000)

QgaConnection *
qgactl_connect (ToolApp *app, GError **error)
{
  g_autoptr (QgaOpenOptions) options = qga_open_options_new ();
  QgaConnection *connection;

  /* somebody looks at it: what is not there is told at once */
  qga_open_options_set_retry (options, FALSE);
  qga_open_options_set_timeout (options, OPENING_TIMEOUT);
  if (tool_app_get_timeout (app) >= 0)
    {
      qga_open_options_set_timeout (options, tool_app_get_timeout (app));
      qga_open_options_set_default_timeout (options, tool_app_get_timeout (app));
    }
  connection = qga_connection_open (tool_app_get_address (app), options, tool_app_get_cancellable (app), error);
  if (connection == NULL)
    tool_app_mark_connection_error (error);
  return connection;
}

QgaConnection *
qgactl_begin (ToolApp *app, int *argc, char ***argv, int least, int most, GError **error)
{
  if (!tool_app_parse (app, NULL, argc, argv, least, most, error))
    return NULL;
  return qgactl_connect (app, error);
}

/* The line is a queue: what is answered now was asked last. There is more to
 * it: an agent that listens on a socket by itself ends when a client goes and
 * leaves an answer unread. */
void
qgactl_settle (ToolApp *app, QgaConnection *connection)
{
  g_autoptr (QgaRequest) ping = qga_request_new ("guest-ping");
  g_autofree char *reply = NULL;

  tool_app_begin_cleanup (app);
  qga_request_set_timeout (ping, SETTLING_TIMEOUT);
  reply = qga_connection_execute_request (connection, ping, NULL, NULL);
}
