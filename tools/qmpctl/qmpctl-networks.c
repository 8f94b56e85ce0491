/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmpctl.h"

/* QEMU has no command that lists network devices: they are those of all
 * devices that have an address and a backend. */

static gboolean
has_property (QmpValue *properties, const char *wanted)
{
  for (guint i = 0; i < qmp_value_get_length (properties); i++)
    {
      g_autoptr (QmpValue) property = qmp_value_get_element (properties, i);
      g_autofree char *name = qmp_value_dup_member_string (property, "name");

      if (g_strcmp0 (name, wanted) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
write_property (ToolApp *app, QmpConnection *connection, ToolWriter *writer, const char *name, const char *path,
                const char *property, GError **error)
{
  g_autoptr (GError) refused = NULL;
  g_autoptr (QmpValue) value = qmpctl_get_property (app, connection, path, property, &refused);
  g_autofree char *json = value != NULL ? qmp_value_to_json (value) : NULL;

  if (refused != NULL && refused->domain != QMP_ERROR)
    {
      g_propagate_error (error, g_steal_pointer (&refused));
      return FALSE;
    }
  tool_writer_json (writer, name, json);
  return TRUE;
}

static gboolean
write_network (ToolApp *app, QmpConnection *connection, ToolWriter *writer, const char *path, const char *name,
               const char *type, GError **error)
{
  gboolean written;

  tool_writer_begin_object (writer, NULL);
  tool_writer_text (writer, "name", name);
  tool_writer_text (writer, "type", type);
  tool_writer_text (writer, "path", path);
  written = write_property (app, connection, writer, "mac", path, "mac", error) &&
            write_property (app, connection, writer, "backend", path, "netdev", error);
  tool_writer_end_object (writer);
  return written;
}

static gboolean
look_at_child (ToolApp *app, QmpConnection *connection, ToolWriter *writer, const char *folder, QmpValue *child, GError **error)
{
  g_autofree char *name = qmp_value_dup_member_string (child, "name");
  g_autofree char *kind = qmp_value_dup_member_string (child, "type");
  g_autofree char *type = kind != NULL ? qmpctl_dup_child_type (kind) : NULL;
  g_autofree char *path = g_strdup_printf ("%s/%s", folder, name != NULL ? name : "");
  g_autoptr (QmpValue) properties = NULL;
  g_autoptr (GError) refused = NULL;

  /* of these a machine has hundreds */
  if (name == NULL || type == NULL || g_str_equal (type, "memory-region") || g_str_equal (type, "irq"))
    return TRUE;
  properties = qmpctl_list_properties (app, connection, path, &refused);
  if (properties != NULL)
    return !has_property (properties, "mac") || !has_property (properties, "netdev") ||
           write_network (app, connection, writer, path, name, type, error);
  if (refused->domain == QMP_ERROR)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&refused));
  return FALSE;
}

static gboolean
look_into (ToolApp *app, QmpConnection *connection, ToolWriter *writer, const char *folder, GError **error)
{
  g_autofree char *arguments = g_strdup_printf ("{\"path\":\"%s\"}", folder);
  g_autoptr (QmpValue) children = NULL;

  if (!qmpctl_try_query (app, connection, "qom-list", arguments, &children, error))
    return FALSE;
  for (guint i = 0; children != NULL && i < qmp_value_get_length (children); i++)
    {
      g_autoptr (QmpValue) child = qmp_value_get_element (children, i);

      if (!look_at_child (app, connection, writer, folder, child, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
qmpctl_write_networks (ToolApp *app, QmpConnection *connection, ToolWriter *writer, GError **error)
{
  gboolean written;

  tool_writer_begin_list (writer, "networks");
  written = look_into (app, connection, writer, "/machine/peripheral", error) &&
            look_into (app, connection, writer, "/machine/peripheral-anon", error) &&
            look_into (app, connection, writer, "/machine/unattached", error);
  tool_writer_end_list (writer);
  return written;
}
