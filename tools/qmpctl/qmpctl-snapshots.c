/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmpctl-snapshots.h"

static void
free_image (gpointer data)
{
  QmpctlImage *image = data;

  g_free (image->node);
  g_clear_pointer (&image->snapshots, qmp_value_unref);
  g_free (image);
}

static QmpctlImage *
read_image (QmpValue *block)
{
  g_autoptr (QmpValue) inserted = qmp_value_get_member (block, "inserted");
  g_autofree char *node = inserted != NULL ? qmp_value_dup_member_string (inserted, "node-name") : NULL;
  g_autoptr (QmpValue) details = inserted != NULL ? qmp_value_get_member (inserted, "image") : NULL;
  g_autofree char *format = inserted != NULL ? qmp_value_dup_member_string (inserted, "drv") : NULL;
  gboolean read_only = FALSE;
  QmpctlImage *image;

  if (node == NULL)
    return NULL;
  qmp_value_get_member_boolean (inserted, "ro", &read_only);
  image = g_new0 (QmpctlImage, 1);
  image->node = g_steal_pointer (&node);
  image->keeps = g_strcmp0 (format, "qcow2") == 0;
  image->writable = !read_only;
  image->snapshots = details != NULL ? qmp_value_get_member (details, "snapshots") : NULL;
  return image;
}

GPtrArray *
qmpctl_list_images (ToolApp *app, QmpConnection *connection, GError **error)
{
  g_autoptr (QmpValue) blocks = qmpctl_query (app, connection, "query-block", NULL, error);
  GPtrArray *images;

  if (blocks == NULL)
    return NULL;
  images = g_ptr_array_new_with_free_func (free_image);
  for (guint i = 0; i < qmp_value_get_length (blocks); i++)
    {
      g_autoptr (QmpValue) block = qmp_value_get_element (blocks, i);
      QmpctlImage *image = read_image (block);

      if (image != NULL)
        g_ptr_array_add (images, image);
    }
  return images;
}

QmpValue *
qmpctl_find_snapshot (QmpctlImage *image, const char *tag)
{
  for (guint i = 0; image->snapshots != NULL && i < qmp_value_get_length (image->snapshots); i++)
    {
      g_autoptr (QmpValue) snapshot = qmp_value_get_element (image->snapshots, i);
      g_autofree char *name = qmp_value_dup_member_string (snapshot, "name");

      if (g_strcmp0 (name, tag) == 0)
        return g_steal_pointer (&snapshot);
    }
  return NULL;
}

/* --- as JSON ------------------------------------------------------------------------------ */

/* Of all images that have it, one has the machine's state, too. */
static void
write_one (ToolWriter *writer, GPtrArray *images, QmpValue *snapshot, const char *tag)
{
  guint64 state = 0;

  tool_writer_begin_object (writer, NULL);
  tool_writer_text (writer, "tag", tag);
  tool_writer_copy (writer, "id", snapshot, "id");
  tool_writer_copy (writer, "date", snapshot, "date-sec");
  tool_writer_copy (writer, "clock", snapshot, "vm-clock-sec");
  tool_writer_begin_list (writer, "nodes");
  for (guint i = 0; i < images->len; i++)
    {
      QmpctlImage *image = g_ptr_array_index (images, i);
      g_autoptr (QmpValue) found = qmpctl_find_snapshot (image, tag);
      guint64 size = 0;

      if (found == NULL)
        continue;
      tool_writer_text (writer, NULL, image->node);
      if (qmp_value_get_member_uint64 (found, "vm-state-size", &size))
        state = MAX (state, size);
    }
  tool_writer_end_list (writer);
  tool_writer_integer (writer, "state-size", state);
  tool_writer_end_object (writer);
}

void
qmpctl_write_snapshots (ToolWriter *writer, GPtrArray *images)
{
  g_autoptr (GHashTable) written = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  tool_writer_begin_list (writer, NULL);
  for (guint i = 0; i < images->len; i++)
    {
      QmpctlImage *image = g_ptr_array_index (images, i);

      for (guint j = 0; image->snapshots != NULL && j < qmp_value_get_length (image->snapshots); j++)
        {
          g_autoptr (QmpValue) snapshot = qmp_value_get_element (image->snapshots, j);
          g_autofree char *tag = qmp_value_dup_member_string (snapshot, "name");

          if (tag != NULL && g_hash_table_add (written, g_strdup (tag)))
            write_one (writer, images, snapshot, tag);
        }
    }
  tool_writer_end_list (writer);
}
