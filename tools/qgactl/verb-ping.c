/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"

#include "tool-json.h"
#include "tool-output.h"

static gboolean
ping (ToolApp *app, int argc, char **argv, GError **error)
{
  g_autoptr (QgaConnection) connection = qgactl_begin (app, &argc, &argv, 0, 0, error);
  g_autofree char *version = NULL;
  gint64 start, took;

  if (connection == NULL)
    return FALSE;
  start = g_get_monotonic_time ();
  if (!qga_connection_guest_ping (connection, tool_app_get_cancellable (app), error))
    return FALSE;
  took = g_get_monotonic_time () - start;

  version = qga_connection_dup_agent_version (connection);
  if (tool_app_wants_json (app))
    {
      g_autofree char *quoted = version != NULL ? tool_json_quote (version) : g_strdup ("null");
      g_autofree char *json = g_strdup_printf ("{\"version\":%s,\"microseconds\":%" G_GINT64_FORMAT "}", quoted, took);

      tool_json_print (json, TRUE);
    }
  else
    tool_print ("The agent%s%s has answered after %.1f ms\n", version != NULL ? " " : "", version != NULL ? version : "",
                (double) took / 1000);
  return TRUE;
}

const ToolVerb qgactl_ping = {
  .name = "ping",
  .synopsis = "",
  .summary = "Ask whether the agent is there",
  .description = "With --json: {\"version\": TEXT or null, \"microseconds\": N}.",
  .run = ping,
};
