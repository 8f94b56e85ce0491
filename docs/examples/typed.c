/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: typed ADDRESS FILE
 *
 * Makes a block device of an image, lists what block devices there are, ends
 * QEMU, and says why it has ended. */
#include <qmp-glib/qmp-glib.h>

static gboolean
add_image (QmpConnection *qemu, const char *filename, GError **error)
{
  g_autoptr (QmpBlockdevOptionsFileBranch) file = qmp_blockdev_options_file_branch_new ();
  g_autoptr (QmpBlockdevOptionsRawBranch) image = qmp_blockdev_options_raw_branch_new ();
  g_autoptr (QmpBlockdevRef) below = NULL;

  qmp_blockdev_options_file_branch_set_filename (file, filename);
  below = qmp_blockdev_ref_new_for_definition (QMP_BLOCKDEV_OPTIONS (file));

  qmp_blockdev_options_set_node_name (QMP_BLOCKDEV_OPTIONS (image), "image");
  qmp_blockdev_options_raw_branch_set_file (image, below);
  return qmp_connection_blockdev_add (qemu, QMP_BLOCKDEV_OPTIONS (image), NULL, error);
}

static gboolean
print_nodes (QmpConnection *qemu, GError **error)
{
  g_autoptr (GPtrArray) nodes = qmp_connection_query_named_block_nodes (qemu, NULL, NULL, error);

  if (nodes == NULL)
    return FALSE;
  for (guint i = 0; i < nodes->len; i++)
    {
      QmpBlockDeviceInfo *node = g_ptr_array_index (nodes, i);
      gint64 size = qmp_image_info_get_virtual_size (qmp_block_device_info_get_image (node));

      g_print ("%s: %s, %" G_GINT64_FORMAT " bytes\n", qmp_block_device_info_get_node_name (node),
               qmp_block_device_info_get_drv (node), size);
    }
  return TRUE;
}

static gboolean
end_machine (QmpConnection *qemu, GError **error)
{
  const char *names[] = { "SHUTDOWN", NULL };
  g_autoptr (QmpEventStream) events = qmp_connection_watch_events (qemu, names, 1);
  g_autoptr (QmpEvent) event = NULL;
  g_autoptr (QmpStruct) data = NULL;

  if (!qmp_connection_quit (qemu, NULL, error))
    return FALSE;
  event = qmp_event_stream_next (events, NULL, error);
  data = event != NULL ? qmp_event_to_struct (event, error) : NULL;
  if (data == NULL)
    return FALSE;
  g_print ("The end: %s\n", qmp_shutdown_event_get_reason_text (QMP_SHUTDOWN_EVENT (data)));
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpConnection) qemu = NULL;

  qemu = qmp_connection_open (argc > 1 ? argv[1] : "unix:qmp.sock", NULL, NULL, &error);
  if (qemu != NULL && add_image (qemu, argc > 2 ? argv[2] : "image", &error) && print_nodes (qemu, &error) &&
      end_machine (qemu, &error))
    return 0;
  g_printerr ("%s\n", error != NULL ? error->message : "QEMU has gone");
  return 1;
}
