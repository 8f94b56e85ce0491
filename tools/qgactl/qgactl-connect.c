/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"

#include <stdio.h>

#include "tool-output.h"

/* An agent that is there answers at once, and one that is not never says so. */
#define OPENING_TIMEOUT (10 * 1000)
#define SETTLING_TIMEOUT (5 * 1000)

/* --- for who sits there ------------------------------------------------------------------- */

#define SHORT_WAIT (G_TIME_SPAN_SECOND)

typedef struct
{
  GMutex lock;
  GCond ended;
  gboolean is_ended;
} Wait;

static gpointer
tell_of_wait (gpointer data)
{
  Wait *wait = data;
  gboolean told;
  gint64 patience = g_get_monotonic_time () + SHORT_WAIT;

  g_mutex_lock (&wait->lock);
  while (!wait->is_ended && g_cond_wait_until (&wait->ended, &wait->lock, patience))
    ;
  told = !wait->is_ended;
  if (told)
    fputs ("Waiting for the agent to answer; ^C gives up", stderr);
  g_mutex_unlock (&wait->lock);
  return GINT_TO_POINTER (told);
}

static QgaConnection *
open_with_patience (ToolApp *app, QgaOpenOptions *options, GError **error)
{
  Wait wait = { 0 };
  GThread *teller = tool_errors_are_terminal () ? g_thread_new ("wait", tell_of_wait, &wait) : NULL;
  QgaConnection *connection = qga_connection_open (tool_app_get_address (app), options, tool_app_get_cancellable (app), error);

  if (teller == NULL)
    return connection;
  g_mutex_lock (&wait.lock);
  wait.is_ended = TRUE;
  g_cond_signal (&wait.ended);
  g_mutex_unlock (&wait.lock);
  if (GPOINTER_TO_INT (g_thread_join (teller)))
    fputs ("\r\033[K", stderr);
  return connection;
}

/* --- the line ------------------------------------------------------------------------------ */

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
  connection = open_with_patience (app, options, error);
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

int
qgactl_main (const ToolVerb *const *verbs, int argc, char **argv)
{
  const ToolDescription description = {
    .name = "qgactl",
    .address_variable = "QGA_ADDRESS",
    .summary = "Talks to QEMU's guest agent.",
    .verbs = verbs,
  };

  return tool_app_main (&description, argc, argv);
}
