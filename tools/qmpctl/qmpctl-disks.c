/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmpctl.h"

#include <string.h>

/* What people have called its device, or else its drive. */
static char *
choose_name (const char *path, const char *device)
{
  const char *peripheral = "/machine/peripheral/";
  const char *backend = "/virtio-backend";
  const char *name = path;

  if (path != NULL && g_str_has_prefix (path, peripheral))
    name = path + strlen (peripheral);
  else if (path == NULL || (device != NULL && *device != '\0'))
    return g_strdup (device);
  return g_strndup (name, strlen (name) - (g_str_has_suffix (name, backend) ? strlen (backend) : 0));
}

static void
write_name (ToolWriter *writer, QmpValue *block)
{
  g_autofree char *device = qmp_value_dup_member_string (block, "device");
  g_autofree char *path = qmp_value_dup_member_string (block, "qdev");
  g_autofree char *name = choose_name (path, device);

  tool_writer_text (writer, "name", name);
  tool_writer_text (writer, "device", device != NULL && *device != '\0' ? device : NULL);
  tool_writer_text (writer, "qdev", path);
}

static void
write_disk (ToolWriter *writer, QmpValue *block)
{
  g_autoptr (QmpValue) inserted = qmp_value_get_member (block, "inserted");
  g_autoptr (QmpValue) image = inserted != NULL ? qmp_value_get_member (inserted, "image") : NULL;

  tool_writer_begin_object (writer, NULL);
  write_name (writer, block);
  tool_writer_copy (writer, "node", inserted, "node-name");
  tool_writer_copy (writer, "format", inserted, "drv");
  tool_writer_copy (writer, "size", image, "virtual-size");
  tool_writer_copy (writer, "used", image, "actual-size");
  tool_writer_copy (writer, "read-only", inserted, "ro");
  tool_writer_copy (writer, "removable", block, "removable");
  tool_writer_copy (writer, "file", inserted, "file");
  tool_writer_end_object (writer);
}

gboolean
qmpctl_write_disks (ToolApp *app, QmpConnection *connection, ToolWriter *writer, GError **error)
{
  g_autoptr (QmpValue) blocks = NULL;

  if (!qmpctl_try_query (app, connection, "query-block", NULL, &blocks, error))
    return FALSE;
  if (blocks == NULL)
    return TRUE;

  tool_writer_begin_list (writer, "disks");
  for (guint i = 0; i < qmp_value_get_length (blocks); i++)
    {
      g_autoptr (QmpValue) block = qmp_value_get_element (blocks, i);

      write_disk (writer, block);
    }
  tool_writer_end_list (writer);
  return TRUE;
}
