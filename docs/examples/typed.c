/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: typed ADDRESS IMAGE
 *
 * Gives QEMU a qcow2 image, and prints the block devices that it has then.  The
 * compiler knows every option's type. */
#include <qmp-glib/qmp-glib.h>

static gboolean
add_disk (QmpConnection *qemu, const char *path, GError **error)
{
  g_autoptr (QmpBlockdevOptions) file = g_object_new (QMP_TYPE_BLOCKDEV_OPTIONS_FILE_BRANCH, "filename", path, NULL);
  g_autoptr (QmpBlockdevRef) definition = qmp_blockdev_ref_new_for_definition (file);
  g_autoptr (QmpBlockdevOptionsQcow2Branch) disk = qmp_blockdev_options_qcow2_branch_new ();

  qmp_blockdev_options_set_node_name (QMP_BLOCKDEV_OPTIONS (disk), "disk0");
  qmp_blockdev_options_set_read_only (QMP_BLOCKDEV_OPTIONS (disk), TRUE);
  qmp_blockdev_options_qcow2_branch_set_file (disk, definition);
  return qmp_connection_blockdev_add (qemu, QMP_BLOCKDEV_OPTIONS (disk), NULL, error);
}

static void
print_device (gpointer data, gpointer user_data)
{
  QmpBlockDeviceInfo *device = data;
  QmpImageInfo *image = qmp_block_device_info_get_image (device);
  const char *name = qmp_block_device_info_get_node_name (device);

  if (*name != '#')  /* those are QEMU's own */
    g_print ("%s: %s, %" G_GINT64_FORMAT " bytes%s\n", name, qmp_block_device_info_get_drv (device),
             qmp_image_info_get_virtual_size (image), qmp_block_device_info_get_ro (device) ? ", read-only" : "");
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) devices = NULL;
  g_autoptr (QmpConnection) qemu = NULL;

  if (argc != 3)
    {
      g_printerr ("usage: typed ADDRESS IMAGE\n");
      return 2;
    }
  qemu = qmp_connection_open (argv[1], NULL, NULL, &error);
  if (qemu != NULL && add_disk (qemu, argv[2], &error))
    devices = qmp_connection_query_named_block_nodes (qemu, NULL, NULL, &error);
  if (devices == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  g_ptr_array_foreach (devices, print_device, NULL);
  return 0;
}
