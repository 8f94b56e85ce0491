/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "qmpctl.h"
#include "tool-columns.h"
#include "tool-json.h"
#include "tool-output.h"

/* Properties of QEMU's objects. */

/* --- all of them ---------------------------------------------------------------------- */

/* Some cannot be read, or not now. */
static gboolean
write_value (ToolApp *app, QmpConnection *connection, ToolWriter *writer, const char *path, const char *name, GError **error)
{
  g_autoptr (GError) refused = NULL;
  g_autoptr (QmpValue) value = qmpctl_get_property (app, connection, path, name, &refused);
  g_autofree char *json = value != NULL ? qmp_value_to_json (value) : NULL;

  if (value == NULL && refused->domain != QMP_ERROR)
    {
      g_propagate_error (error, g_steal_pointer (&refused));
      return FALSE;
    }
  tool_writer_json (writer, "value", json);
  return TRUE;
}

static gboolean
write_property (ToolApp *app, QmpConnection *connection, ToolWriter *writer, const char *path, QmpValue *property, GError **error)
{
  g_autofree char *name = qmp_value_dup_member_string (property, "name");
  g_autofree char *type = qmp_value_dup_member_string (property, "type");
  gboolean written;

  if (name == NULL)
    return TRUE;
  tool_writer_begin_object (writer, NULL);
  tool_writer_text (writer, "name", name);
  tool_writer_text (writer, "type", type);
  written = write_value (app, connection, writer, path, name, error);
  tool_writer_end_object (writer);
  return written;
}

static gboolean
get_all (ToolApp *app, QmpConnection *connection, const char *path, GError **error)
{
  const ToolColumn columns[] = {
    { "PROPERTY", "name", TOOL_CELL_TEXT }, { "TYPE", "type", TOOL_CELL_TEXT }, { "VALUE", "value", TOOL_CELL_TEXT }, { NULL },
  };
  g_autoptr (QmpValue) properties = qmpctl_list_properties (app, connection, path, error);
  g_autoptr (ToolWriter) writer = tool_writer_new ();
  g_autoptr (QmpValue) list = NULL;

  if (properties == NULL)
    return FALSE;
  tool_writer_begin_list (writer, NULL);
  for (guint i = 0; i < qmp_value_get_length (properties); i++)
    {
      g_autoptr (QmpValue) property = qmp_value_get_element (properties, i);

      if (!write_property (app, connection, writer, path, property, error))
        return FALSE;
    }
  tool_writer_end_list (writer);

  list = tool_writer_to_value (writer);
  if (tool_app_wants_json (app))
    tool_json_print (tool_writer_get_json (writer), TRUE);
  else
    tool_columns_print (list, columns);
  return TRUE;
}

/* --- one of them ------------------------------------------------------------------------- */

static gboolean
get_one (ToolApp *app, QmpConnection *connection, const char *path, const char *name, GError **error)
{
  g_autoptr (QmpValue) value = qmpctl_get_property (app, connection, path, name, error);
  g_autofree char *text = value != NULL ? qmp_value_dup_string (value) : NULL;
  g_autofree char *json = value != NULL ? qmp_value_to_json (value) : NULL;

  if (value == NULL)
    return FALSE;
  if (text != NULL && !tool_app_wants_json (app))
    tool_print ("%s\n", text);
  else
    tool_json_print (json, tool_app_wants_json (app));
  return TRUE;
}

static gboolean
are_words (char **words, GError **error)
{
  for (; *words != NULL; words++)
    if (!g_utf8_validate (*words, -1, NULL))
      {
        g_set_error_literal (error, TOOL_ERROR, TOOL_ERROR_USAGE, "That is no UTF-8 text");
        return FALSE;
      }
  return TRUE;
}

static gboolean
get (ToolApp *app, int argc, char **argv, GError **error)
{
  g_autoptr (QmpConnection) connection = NULL;

  if (!tool_app_parse (app, NULL, &argc, &argv, 1, 2, error) || !are_words (argv + 1, error))
    return FALSE;
  connection = qmpctl_connect (app, error);
  if (connection == NULL)
    return FALSE;
  return argc > 2 ? get_one (app, connection, argv[1], argv[2], error) : get_all (app, connection, argv[1], error);
}

const ToolVerb qmpctl_get = {
  .name = "get",
  .synopsis = "PATH [PROPERTY]",
  .summary = "Print a property of one of QEMU's objects, or all of them",
  .description = "A value that QEMU does not tell is shown as -, and has no member \"value\" in JSON.",
  .run = get,
};

/* --- set --------------------------------------------------------------------------------------- */

/* (transfer full) (nullable): NULL if there is none, which QEMU will say. */
static char *
find_type (QmpValue *properties, const char *wanted)
{
  for (guint i = 0; i < qmp_value_get_length (properties); i++)
    {
      g_autoptr (QmpValue) property = qmp_value_get_element (properties, i);
      g_autofree char *name = qmp_value_dup_member_string (property, "name");

      if (g_strcmp0 (name, wanted) == 0)
        return qmp_value_dup_member_string (property, "type");
    }
  return NULL;
}

static gboolean
set_value (ToolApp *app, QmpConnection *connection, char **words, GError **error)
{
  g_autoptr (QmpValue) properties = qmpctl_list_properties (app, connection, words[0], error);
  g_autofree char *type = properties != NULL ? find_type (properties, words[1]) : NULL;
  g_autofree char *json = properties != NULL ? qmpctl_make_property (words[1], type, words[2], error) : NULL;
  g_autoptr (ToolWriter) arguments = tool_writer_new ();
  g_autoptr (QmpValue) answer = NULL;

  if (json == NULL)
    return FALSE;
  tool_writer_begin_object (arguments, NULL);
  tool_writer_text (arguments, "path", words[0]);
  tool_writer_text (arguments, "property", words[1]);
  tool_writer_json (arguments, "value", json);
  tool_writer_end_object (arguments);
  answer = qmpctl_query_with (app, connection, "qom-set", arguments, error);
  return answer != NULL;
}

static gboolean
set (ToolApp *app, int argc, char **argv, GError **error)
{
  g_autoptr (QmpConnection) connection = NULL;

  if (!tool_app_parse (app, NULL, &argc, &argv, 3, 3, error) || !are_words (argv + 1, error))
    return FALSE;
  connection = qmpctl_connect (app, error);
  return connection != NULL && set_value (app, connection, argv + 1, error);
}

const ToolVerb qmpctl_set = {
  .name = "set",
  .synopsis = "PATH PROPERTY VALUE",
  .summary = "Set a property of one of QEMU's objects",
  .description = "VALUE is of the type that the property has: 10G for a size, on for a boolean, JSON for a structure.",
  .run = set,
};
