/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "qmpctl.h"
#include "tool-json.h"
#include "tool-output.h"

/* Its lines end as a terminal's do. */
static char *
dup_lines (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);

  return g_strjoinv ("\n", lines);
}

static void
print (const char *text, gboolean raw)
{
  g_autofree char *lines = dup_lines (text);

  if (raw)
    tool_print_raw (text, strlen (text));
  else
    tool_print ("%s%s", lines, *lines != '\0' && !g_str_has_suffix (lines, "\n") ? "\n" : "");
}

static gboolean
hmp (ToolApp *app, int argc, char **argv, GError **error)
{
  gboolean raw = FALSE;
  const GOptionEntry entries[] = {
    { "raw", 'r', 0, G_OPTION_ARG_NONE, &raw, "Print every byte as it is, into a file or a pipe", NULL },
    { NULL },
  };
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (ToolWriter) arguments = tool_writer_new ();
  g_autoptr (QmpValue) answer = NULL;
  g_autofree char *line = NULL;
  g_autofree char *text = NULL;

  if (!tool_app_parse_strictly (app, entries, &argc, &argv, 1, -1, error))
    return FALSE;
  line = g_strjoinv (" ", argv + 1);
  if (!g_utf8_validate (line, -1, NULL) || (raw && tool_output_is_terminal ()))
    {
      g_set_error_literal (error, TOOL_ERROR, TOOL_ERROR_USAGE, raw ? "Raw text is not for a terminal" : "That is no UTF-8 text");
      return FALSE;
    }
  tool_writer_begin_object (arguments, NULL);
  tool_writer_text (arguments, "command-line", line);
  tool_writer_end_object (arguments);
  connection = qmpctl_connect (app, error);
  answer = connection != NULL ? qmpctl_query_with (app, connection, "human-monitor-command", arguments, error) : NULL;
  if (answer == NULL)
    return FALSE;

  text = qmp_value_dup_string (answer);
  if (tool_app_wants_json (app))
    {
      g_autofree char *json = tool_json_quote (text != NULL ? text : "");

      tool_json_print (json, TRUE);
    }
  else
    print (text != NULL ? text : "", raw);
  return TRUE;
}

const ToolVerb qmpctl_hmp = {
  .name = "hmp",
  .synopsis = "COMMAND…",
  .summary = "Execute a command of the monitor for people, and print its text",
  .description =
    "Options stand before COMMAND. QEMU does not tell whether it has failed: that is in the text alone.\n"
    "  qmpctl /run/vm.qmp hmp info network",
  .run = hmp,
};
