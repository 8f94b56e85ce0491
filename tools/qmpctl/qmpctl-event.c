/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmpctl-event.h"

#include "tool-json.h"
#include "tool-output.h"

/* A time of day as it is here, with milliseconds. */
static char *
format_time (QmpEvent *event)
{
  gint64 time = qmp_event_get_timestamp (event);
  g_autoptr (GDateTime) utc = time >= 0 ? g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC) : NULL;
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  g_autofree char *seconds = local != NULL ? g_date_time_format (local, "%H:%M:%S") : NULL;

  return seconds != NULL ? g_strdup_printf ("%s.%03d", seconds, (int) (time % G_USEC_PER_SEC / 1000)) : g_strdup ("-");
}

void
qmpctl_print_event (QmpEvent *event, gboolean json)
{
  g_autofree char *data = qmp_event_get_data_json (event);
  g_autofree char *line = data != NULL ? tool_json_to_line (data) : NULL;

  if (json)
    {
      g_autofree char *name = tool_json_quote (qmp_event_get_name (event));
      g_autofree char *text = g_strdup_printf ("{\"event\":%s,\"timestamp\":%" G_GINT64_FORMAT ",\"data\":%s}", name,
                                               qmp_event_get_timestamp (event), data != NULL ? data : "{}");

      tool_json_print (text, TRUE);
      return;
    }

  g_autofree char *time = format_time (event);
  tool_print_styled (TOOL_STYLE_DIM, "%s", time);
  tool_print (" ");
  tool_print_styled (TOOL_STYLE_NAME, "%s", qmp_event_get_name (event));
  tool_print (" %s\n", line != NULL ? line : "");
}
