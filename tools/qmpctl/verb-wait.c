/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmpctl-event.h"
#include "qmpctl.h"

#define CAPACITY 4096
#define LOOK_AGAIN 1000  /* milliseconds: not every state has an event */

static int
get_rest (gint64 deadline)
{
  return deadline == G_MAXINT64 ? G_MAXINT : (int) CLAMP ((deadline - g_get_monotonic_time ()) / 1000, 0, G_MAXINT - 1);
}

/* Until it is there, and answers. */
static QmpConnection *
open_patiently (ToolApp *app, gint64 deadline, GError **error)
{
  g_autoptr (QmpOpenOptions) options = qmpctl_make_open_options (app);
  QmpConnection *connection;

  qmp_open_options_set_retry (options, TRUE);
  qmp_open_options_set_timeout (options, get_rest (deadline));
  connection = qmp_connection_open (tool_app_get_address (app), options, tool_app_get_cancellable (app), error);
  if (connection == NULL && deadline != G_MAXINT64 && get_rest (deadline) == 0 && error != NULL &&
      !g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      /* what was in the way last is told with it */
      (*error)->domain = G_IO_ERROR;
      (*error)->code = G_IO_ERROR_TIMED_OUT;
    }
  else if (connection == NULL)
    tool_app_mark_connection_error (error);
  return connection;
}

/* An event within the time, or none (no error), or why there can be none. */
static gboolean
hear (ToolApp *app, QmpEventStream *events, int timeout, QmpEvent **event, GError **error)
{
  g_autoptr (GError) silence = NULL;

  qmp_event_stream_set_timeout (events, timeout);
  *event = qmp_event_stream_next (events, tool_app_get_cancellable (app), &silence);
  if (*event != NULL || g_error_matches (silence, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return TRUE;
  if (silence != NULL)
    g_propagate_error (error, g_steal_pointer (&silence));
  else
    g_set_error_literal (error, TOOL_ERROR, TOOL_ERROR_CONNECTION, "The machine has ended");
  return FALSE;
}

static gboolean
set_time_over (GError **error, const char *what)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "%s did not come in time", what);
  return FALSE;
}

static gboolean
wait_for_state (ToolApp *app, QmpConnection *connection, QmpEventStream *events, const char *state, gint64 deadline, GError **error)
{
  for (;;)
    {
      g_autoptr (QmpValue) answer = qmpctl_query (app, connection, "query-status", NULL, error);
      g_autofree char *now = answer != NULL ? qmp_value_dup_member_string (answer, "status") : NULL;
      g_autoptr (QmpEvent) event = NULL;

      if (answer == NULL)
        return FALSE;
      if (g_strcmp0 (now, state) == 0)
        return TRUE;
      if (get_rest (deadline) == 0)
        return set_time_over (error, state);
      if (!hear (app, events, MIN (LOOK_AGAIN, get_rest (deadline)), &event, error))
        return FALSE;
    }
}

static gboolean
wait_for_event (ToolApp *app, QmpEventStream *events, const char *name, gint64 deadline, GError **error)
{
  g_autoptr (QmpEvent) event = NULL;

  if (!hear (app, events, get_rest (deadline), &event, error))
    return FALSE;
  if (event == NULL)
    return set_time_over (error, name);
  qmpctl_print_event (event, tool_app_wants_json (app));
  return TRUE;
}

/* However it ends: its connection does. */
static gboolean
wait_for_end (ToolApp *app, QmpEventStream *events, gint64 deadline, GError **error)
{
  g_autoptr (GError) end = NULL;

  do
    {
      g_autoptr (QmpEvent) event = NULL;

      if (!hear (app, events, get_rest (deadline), &event, &end))
        break;
    }
  while (get_rest (deadline) > 0);

  if (end == NULL)
    return set_time_over (error, "The machine's end");
  if (g_error_matches (end, TOOL_ERROR, TOOL_ERROR_CONNECTION) || g_error_matches (end, G_IO_ERROR, G_IO_ERROR_CLOSED))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&end));
  return FALSE;
}

static gboolean
wait_verb (ToolApp *app, int argc, char **argv, GError **error)
{
  g_autofree char *state = NULL, *name = NULL;
  gboolean until_end = FALSE;
  const GOptionEntry entries[] = {
    { "state", 's', 0, G_OPTION_ARG_STRING, &state, "Until it is running, paused, shutdown, …, as query-status says", "STATE" },
    { "event", 'e', 0, G_OPTION_ARG_STRING, &name, "Until an event of that name, which is printed", "NAME" },
    { "end", 0, 0, G_OPTION_ARG_NONE, &until_end, "Until QEMU has ended", NULL },
    { NULL },
  };
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpEventStream) events = NULL;
  gint64 deadline = G_MAXINT64;

  if (!tool_app_parse (app, entries, &argc, &argv, 0, 0, error))
    return FALSE;
  if ((state != NULL) + (name != NULL) + until_end > 1)
    {
      g_set_error_literal (error, TOOL_ERROR, TOOL_ERROR_USAGE, "Of --state, --event and --end, one can be waited for");
      return FALSE;
    }
  if (tool_app_get_timeout (app) >= 0)
    deadline = g_get_monotonic_time () + (gint64) tool_app_get_timeout (app) * 1000;
  connection = open_patiently (app, deadline, error);
  if (connection == NULL)
    return FALSE;

  events = qmp_connection_watch_events (connection, name != NULL ? (const char *[]) { name, NULL } : NULL, CAPACITY);
  if (state != NULL)
    return wait_for_state (app, connection, events, state, deadline, error);
  if (name != NULL)
    return wait_for_event (app, events, name, deadline, error);
  return !until_end || wait_for_end (app, events, deadline, error);
}

const ToolVerb qmpctl_wait = {
  .name = "wait",
  .synopsis = "",
  .summary = "Wait until the monitor is there and answers, or for more",
  .description = "As long as it takes, or --timeout seconds.",
  .run = wait_verb,
};
