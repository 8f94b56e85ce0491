/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmpctl.h"

#include <string.h>

QmpValue *
qmpctl_query (ToolApp *app, QmpConnection *connection, const char *command, const char *arguments_json, GError **error)
{
  g_autoptr (QmpRequest) request = qmp_request_new (command);

  if (arguments_json != NULL && !qmp_request_set_arguments_json (request, arguments_json, error))
    return NULL;
  return qmp_connection_execute_request (connection, request, tool_app_get_cancellable (app), error);
}

QmpValue *
qmpctl_query_with (ToolApp *app, QmpConnection *connection, const char *command, ToolWriter *arguments, GError **error)
{
  return qmpctl_query (app, connection, command, tool_writer_get_json (arguments), error);
}

/* What a QEMU lacks, or what a machine does not have, is no reason to stop. */
gboolean
qmpctl_try_query (ToolApp *app, QmpConnection *connection, const char *command, const char *arguments_json, QmpValue **value,
                  GError **error)
{
  g_autoptr (GError) refused = NULL;

  *value = qmpctl_query (app, connection, command, arguments_json, &refused);
  if (*value != NULL || (refused->domain == QMP_ERROR && refused->code != QMP_ERROR_PROTOCOL))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&refused));
  return FALSE;
}

QmpValue *
qmpctl_get_property (ToolApp *app, QmpConnection *connection, const char *path, const char *property, GError **error)
{
  g_autoptr (ToolWriter) arguments = tool_writer_new ();

  tool_writer_begin_object (arguments, NULL);
  tool_writer_text (arguments, "path", path);
  tool_writer_text (arguments, "property", property);
  tool_writer_end_object (arguments);
  return qmpctl_query_with (app, connection, "qom-get", arguments, error);
}

QmpValue *
qmpctl_list_properties (ToolApp *app, QmpConnection *connection, const char *path, GError **error)
{
  g_autoptr (ToolWriter) arguments = tool_writer_new ();

  tool_writer_begin_object (arguments, NULL);
  tool_writer_text (arguments, "path", path);
  tool_writer_end_object (arguments);
  return qmpctl_query_with (app, connection, "qom-list", arguments, error);
}

char *
qmpctl_dup_child_type (const char *type)
{
  return g_str_has_prefix (type, "child<") && g_str_has_suffix (type, ">") ? g_strndup (type + 6, strlen (type) - 7) : NULL;
}
