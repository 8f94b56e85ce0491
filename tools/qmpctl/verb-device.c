/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "qmpctl-device.h"
#include "tool-columns.h"
#include "tool-json.h"

/* --- listing: what people, or QEMU's command line, have put into the machine ------------------ */

static gboolean
write_devices (ToolApp *app, QmpConnection *connection, ToolWriter *writer, const char *folder, GError **error)
{
  g_autoptr (QmpValue) children = qmpctl_list_properties (app, connection, folder, error);

  if (children == NULL)
    return FALSE;
  for (guint i = 0; i < qmp_value_get_length (children); i++)
    {
      g_autoptr (QmpValue) child = qmp_value_get_element (children, i);
      g_autofree char *name = qmp_value_dup_member_string (child, "name");
      g_autofree char *kind = qmp_value_dup_member_string (child, "type");
      g_autofree char *type = kind != NULL ? qmpctl_dup_child_type (kind) : NULL;
      g_autofree char *path = g_strdup_printf ("%s/%s", folder, name != NULL ? name : "");

      if (type == NULL || name == NULL)
        continue;
      tool_writer_begin_object (writer, NULL);
      tool_writer_text (writer, "id", g_str_has_suffix (folder, "-anon") ? NULL : name);
      tool_writer_text (writer, "type", type);
      tool_writer_text (writer, "path", path);
      tool_writer_end_object (writer);
    }
  return TRUE;
}

static gboolean
list (ToolApp *app, QmpConnection *connection, char **words, GError **error)
{
  const ToolColumn columns[] = {
    { "ID", "id", TOOL_CELL_TEXT }, { "TYPE", "type", TOOL_CELL_TEXT }, { "PATH", "path", TOOL_CELL_TEXT }, { NULL },
  };
  g_autoptr (ToolWriter) writer = tool_writer_new ();
  g_autoptr (QmpValue) devices = NULL;

  tool_writer_begin_list (writer, NULL);
  if (!write_devices (app, connection, writer, "/machine/peripheral", error) ||
      !write_devices (app, connection, writer, "/machine/peripheral-anon", error))
    return FALSE;
  tool_writer_end_list (writer);
  devices = tool_writer_to_value (writer);
  if (tool_app_wants_json (app))
    tool_json_print (tool_writer_get_json (writer), TRUE);
  else
    tool_columns_print (devices, columns);
  return TRUE;
}

/* --- adding ------------------------------------------------------------------------------------ */

static char *
find_type (QmpValue *properties, const char *wanted)
{
  for (guint i = 0; properties != NULL && i < qmp_value_get_length (properties); i++)
    {
      g_autoptr (QmpValue) property = qmp_value_get_element (properties, i);
      g_autofree char *name = qmp_value_dup_member_string (property, "name");

      if (g_strcmp0 (name, wanted) == 0)
        return qmp_value_dup_member_string (property, "type");
    }
  return NULL;
}

/* What the driver does not know QEMU says; "id" and "bus" are any device's. */
static gboolean
write_word (ToolWriter *arguments, QmpValue *properties, const char *word, GError **error)
{
  const char *sign = strchr (word, '=');
  g_autofree char *name = sign != NULL ? g_strndup (word, (gsize) (sign - word)) : NULL;
  g_autofree char *type = name != NULL ? find_type (properties, name) : NULL;
  g_autofree char *json = NULL;

  if (name == NULL || *name == '\0' || !g_utf8_validate (word, -1, NULL))
    {
      g_set_error (error, TOOL_ERROR, TOOL_ERROR_USAGE, "\"%.200s\" is not KEY=VALUE, as UTF-8 text", word);
      return FALSE;
    }
  json = qmpctl_make_property (name, type != NULL ? type : "str", sign + 1, error);
  tool_writer_json (arguments, name, json);
  return json != NULL;
}

QmpDeviceAddArguments *
qmpctl_make_device (ToolApp *app, QmpConnection *connection, const char *driver, const char *id, char **words, GError **error)
{
  g_autoptr (ToolWriter) arguments = tool_writer_new ();
  g_autoptr (ToolWriter) question = tool_writer_new ();
  g_autoptr (QmpValue) properties = NULL;

  tool_writer_begin_object (question, NULL);
  tool_writer_text (question, "typename", driver);
  tool_writer_end_object (question);
  /* a driver that is not there is QEMU's to name, when it is to be added */
  if (!qmpctl_try_query (app, connection, "device-list-properties", tool_writer_get_json (question), &properties, error))
    return NULL;
  tool_writer_begin_object (arguments, NULL);
  tool_writer_text (arguments, "id", id);
  for (; *words != NULL; words++)
    if (!write_word (arguments, properties, *words, error))
      return NULL;
  tool_writer_end_object (arguments);
  return qmp_device_add_arguments_new_from_json (tool_writer_get_json (arguments), error);
}

static gboolean
add (ToolApp *app, QmpConnection *connection, char **words, GError **error)
{
  g_autoptr (QmpDeviceAddArguments) arguments = qmpctl_make_device (app, connection, words[0], NULL, words + 1, error);

  return arguments != NULL &&
         qmp_connection_device_add (connection, words[0], arguments, tool_app_get_cancellable (app), error);
}

/* --- removing ------------------------------------------------------------------------------------ */

QmpUnplugOptions *
qmpctl_make_unplug_options (ToolApp *app)
{
  QmpUnplugOptions *options = qmp_unplug_options_new ();

  if (tool_app_get_timeout (app) > 0)
    qmp_unplug_options_set_timeout (options, tool_app_get_timeout (app));
  return options;
}

static gboolean
remove_device (ToolApp *app, QmpConnection *connection, char **words, GError **error)
{
  g_autoptr (QmpUnplugOptions) options = qmpctl_make_unplug_options (app);

  return qmp_connection_unplug_device (connection, words[0], options, tool_app_get_cancellable (app), error);
}

/* --- the verb -------------------------------------------------------------------------------------- */

static const struct
{
  const char *word;
  int least, most;
  gboolean (*run) (ToolApp *app, QmpConnection *connection, char **words, GError **error);
} actions[] = {
  { "list", 2, 2, list }, { "add", 3, G_MAXINT, add }, { "remove", 3, 3, remove_device },
};

static gboolean
device (ToolApp *app, int argc, char **argv, GError **error)
{
  if (!tool_app_parse (app, NULL, &argc, &argv, 1, -1, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (strcmp (actions[i].word, argv[1]) == 0 && argc >= actions[i].least && argc <= actions[i].most)
      {
        g_autoptr (QmpConnection) connection = qmpctl_connect (app, error);

        return connection != NULL && actions[i].run (app, connection, argv + 2, error);
      }
  g_set_error_literal (error, TOOL_ERROR, TOOL_ERROR_USAGE,
                       "It is \"device list\", \"device add DRIVER [KEY=VALUE…]\" or \"device remove ID\"");
  return FALSE;
}

const ToolVerb qmpctl_device = {
  .name = "device",
  .synopsis = "list | add DRIVER [KEY=VALUE…] | remove ID",
  .summary = "List devices, plug one in, or unplug one and wait until the guest has let go",
  .description =
    "Values take their types from the driver's properties. A guest may take --timeout seconds to let go of a device,\n"
    "and may do so later.\n"
    "  qmpctl /run/vm.qmp device add virtio-rng-pci id=random",
  .run = device,
};
