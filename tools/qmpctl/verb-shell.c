/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmpctl.h"
#include "tool-program.h"

/* The editor of lines is a library that takes its time to load, and that is
 * under the GPL: what asks one question stays without it. */
static gboolean
shell (ToolApp *app, int argc, char **argv, GError **error)
{
  if (!tool_app_parse (app, NULL, &argc, &argv, 0, 0, error))
    return FALSE;
  return tool_program_run (app, "qmpctl-shell", argv[0], error);
}

const ToolVerb qmpctl_shell = {
  .name = "shell",
  .synopsis = "",
  .summary = "Take commands from the terminal, or from standard input",
  .description =
    "A line is COMMAND KEY=VALUE… as for \"call\", COMMAND {JSON}, or {\"execute\": COMMAND, \"arguments\": {JSON}}.\n"
    "The Tab key completes commands, arguments, their values, and names of nodes and devices that the machine has at\n"
    "that moment. Events are shown as they come. ^C gives up a line or a command, ^D ends the shell.\n"
    "\n"
    "From a file or a pipe, it ends at the first command that fails; lines that begin with # are comments.",
  .run = shell,
};
