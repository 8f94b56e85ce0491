/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmpctl.h"
#include "qmpctl-event.h"
#include "tool-output.h"

#define CAPACITY 4096

static gboolean
is_wanted (const char *name, char **until)
{
  return until != NULL && g_strv_contains ((const char *const *) until, name);
}

/* An end that was announced, or that was asked for, is none that went wrong. */
static gboolean
watch (ToolApp *app, QmpEventStream *stream, int count, char **until, GError **error)
{
  for (int seen = 0; count <= 0 || seen < count; seen++)
    {
      g_autoptr (QmpEvent) event = qmp_event_stream_next (stream, tool_app_get_cancellable (app), error);

      if (event == NULL)
        return error == NULL || *error == NULL;
      qmpctl_print_event (event, tool_app_wants_json (app));
      if (!tool_output_flush (error))
        return FALSE;
      if (is_wanted (qmp_event_get_name (event), until))
        return TRUE;
    }
  return TRUE;
}

static gboolean
events (ToolApp *app, int argc, char **argv, GError **error)
{
  int count = 0;
  g_auto (GStrv) until = NULL;
  const GOptionEntry entries[] = {
    { "count", 'n', 0, G_OPTION_ARG_INT, &count, "End after so many events", "N" },
    { "until", 'u', 0, G_OPTION_ARG_STRING_ARRAY, &until, "End after an event of that name (more than once: any of them)", "NAME" },
    { NULL },
  };
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpEventStream) stream = NULL;
  const char *const *names;

  if (!tool_app_parse (app, entries, &argc, &argv, 0, -1, error))
    return FALSE;
  connection = qmpctl_connect (app, error);
  if (connection == NULL)
    return FALSE;

  names = argc > 1 ? (const char *const *) argv + 1 : NULL;
  stream = qmp_connection_watch_events (connection, names, CAPACITY);
  if (tool_app_get_timeout (app) >= 0)
    qmp_event_stream_set_timeout (stream, tool_app_get_timeout (app));
  return watch (app, stream, count, until, error);
}

const ToolVerb qmpctl_events = {
  .name = "events",
  .synopsis = "[NAME…]",
  .summary = "Print events as they come, all or those of these names",
  .description =
    "Ends when QEMU does, after --count events, after one that --until names, or when none came for --timeout seconds.\n"
    "With --json, a line for each: {\"event\": NAME, \"timestamp\": MICROSECONDS, \"data\": {…}}.",
  .run = events,
};
