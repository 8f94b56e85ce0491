/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmpctl.h"
#include "tool-json.h"
#include "tool-values.h"

/* Arguments cost a schema, and a command without any costs none: QEMU itself
 * says what is wrong with that one, unless a name near to it is known. */
static char *
make_arguments (ToolApp *app, QmpConnection *connection, gboolean unchecked, const char *const *words, GError **error)
{
  g_autoptr (QmpSchema) schema = NULL;

  if (!unchecked && words[1] != NULL)
    {
      schema = qmpctl_load_schema (app, connection, error);
      if (schema == NULL)
        return NULL;
    }
  return tool_values_to_json (schema, words[0], words + 1, error);
}

/* A command that QEMU does not know may be near to one that it does. */
static void
explain (ToolApp *app, QmpConnection *connection, const char *command, GError **error)
{
  g_autoptr (QmpSchema) schema = NULL;
  g_autoptr (GError) better = NULL;

  if (!g_error_matches (*error, QMP_ERROR, QMP_ERROR_COMMAND_NOT_FOUND))
    return;
  schema = qmpctl_load_schema (app, connection, NULL);
  if (schema == NULL || qmp_schema_has_command (schema, command) ||
      qmp_schema_check_arguments_json (schema, command, "{}", &better))
    return;
  g_clear_error (error);
  g_propagate_error (error, g_steal_pointer (&better));
}

static gboolean
call (ToolApp *app, int argc, char **argv, GError **error)
{
  gboolean unchecked = FALSE, out_of_band = FALSE;
  const GOptionEntry entries[] = {
    { "unchecked", 'u', 0, G_OPTION_ARG_NONE, &unchecked, "Send what QEMU's schema does not allow", NULL },
    { "oob", 'o', 0, G_OPTION_ARG_NONE, &out_of_band, "Execute out of band, past commands that hang", NULL },
    { NULL },
  };
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpRequest) request = NULL;
  g_autoptr (QmpValue) value = NULL;
  g_autofree char *arguments = NULL;
  g_autofree char *result = NULL;

  if (!tool_app_parse (app, entries, &argc, &argv, 1, -1, error))
    return FALSE;
  connection = qmpctl_connect (app, error);
  if (connection == NULL)
    return FALSE;
  arguments = make_arguments (app, connection, unchecked, (const char *const *) argv + 1, error);
  if (arguments == NULL)
    return FALSE;

  request = qmp_request_new (argv[1]);
  qmp_request_set_out_of_band (request, out_of_band);
  if (!qmp_request_set_arguments_json (request, arguments, error))
    return FALSE;
  value = qmp_connection_execute_request (connection, request, tool_app_get_cancellable (app), error);
  if (value == NULL)
    {
      if (error != NULL)
        explain (app, connection, argv[1], error);
      return FALSE;
    }
  result = qmp_value_to_json (value);
  tool_json_print (result, tool_app_wants_json (app));
  return TRUE;
}

const ToolVerb qmpctl_call = {
  .name = "call",
  .synopsis = "COMMAND [KEY=VALUE… | JSON | -]",
  .summary = "Execute a command, and print what it returns",
  .description =
    "Arguments take their types from the schema of the QEMU at hand, and are checked before anything is sent:\n"
    "  KEY=TEXT         text, a number, a size such as 10G, true or false, as the argument wants it\n"
    "  KEY:=JSON        a value as JSON\n"
    "  KEY=@FILE        what is in a file (- is standard input); @@ for text that begins with @\n"
    "  KEY.MEMBER=TEXT  a member of an object; KEY.0=TEXT, or KEY=TEXT once more, an element of a list\n"
    "\n"
    "  qmpctl /run/vm.qmp call blockdev-add driver=qcow2 node-name=disk file.driver=file file.filename=disk.qcow2",
  .run = call,
};
