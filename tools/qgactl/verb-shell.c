/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"
#include "tool-program.h"

/* The editor of lines is a library that takes its time to load, and that is
 * under the GPL: what asks one question stays without it. */
static gboolean
shell (ToolApp *app, int argc, char **argv, GError **error)
{
  if (!tool_app_parse (app, NULL, &argc, &argv, 0, 0, error))
    return FALSE;
  if (tool_app_wants_json (app))
    {
      g_set_error_literal (error, TOOL_ERROR, TOOL_ERROR_USAGE, "The shell has no JSON; exec has");
      return FALSE;
    }
  return tool_program_run (app, "qgactl-shell", argv[0], error);
}

const ToolVerb qgactl_shell = {
  .name = "shell",
  .synopsis = "",
  .summary = "Run lines in the guest, one by one",
  .description =
    "It is no terminal of the guest: each line is run by a sh of its own, what it writes comes when it has ended, and it\n"
    "has nothing to read. The working folder is kept from line to line; variables and functions are not. A line is ended\n"
    "by ^C, the shell by ^D or exit. A line that begins with a space is left out of the history.\n"
    "\n"
    "Lines also come from a file or a pipe. Ends with the status of the last line, or with 125 if it is qgactl that failed.\n"
    "For a whole script, use  exec --stdin sh.",
  .run = shell,
  .failed_status = QGACTL_STATUS_OWN,
};
