/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"

#include "qgactl-schema.h"
#include "tool-json.h"
#include "tool-values.h"

static gboolean
call (ToolApp *app, int argc, char **argv, GError **error)
{
  gboolean unchecked = FALSE;
  const GOptionEntry entries[] = {
    { "unchecked", 'u', 0, G_OPTION_ARG_NONE, &unchecked, "Send what is not known to be right", NULL },
    { NULL },
  };
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (QgaRequest) request = NULL;
  g_autoptr (QmpSchema) schema = NULL;
  g_autofree char *arguments = NULL;
  g_autofree char *result = NULL;

  if (!tool_app_parse (app, entries, &argc, &argv, 1, -1, error))
    return FALSE;
  schema = unchecked ? NULL : qgactl_schema_new ();
  arguments = tool_values_to_json (schema, argv[1], (const char *const *) argv + 2, error);
  if (arguments == NULL)
    return FALSE;
  request = qga_request_new (argv[1]);
  if (!qga_request_set_arguments_json (request, arguments, error))
    return FALSE;
  connection = qgactl_connect (app, error);
  if (connection == NULL)
    return FALSE;

  result = qga_connection_execute_request (connection, request, tool_app_get_cancellable (app), error);
  if (result == NULL)
    return FALSE;
  tool_json_print (result, tool_app_wants_json (app));
  return TRUE;
}

const ToolVerb qgactl_call = {
  .name = "call",
  .synopsis = "COMMAND [KEY=VALUE… | JSON | -]",
  .summary = "Execute a command, and print what it returns",
  .description =
    "Arguments take their types from what is known of the agents of QEMU 7.2 to 10.0, and are checked before anything\n"
    "is sent; --unchecked is for what is newer:\n"
    "  KEY=TEXT         text, a number, a size such as 10G, true or false, as the argument wants it\n"
    "  KEY:=JSON        a value as JSON\n"
    "  KEY=@FILE        what is in a file (- is standard input); @@ for text that begins with @\n"
    "  KEY.MEMBER=TEXT  a member of an object; KEY.0=TEXT, or KEY=TEXT once more, an element of a list\n"
    "Bytes are given and printed as base64, as the agent has them.\n"
    "\n"
    "  qgactl /run/vm.qga call guest-file-open path=/etc/hostname mode=r",
  .run = call,
  .suggest = qgactl_schema_suggest,
};
