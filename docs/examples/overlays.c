/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: overlays ADDRESS FILE
 *
 * Makes a block device of an image, takes an external snapshot of it, prints
 * what it is made of, and merges the overlay down again. */
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
print_chain (QmpConnection *qemu, const char *node, GError **error)
{
  g_autoptr (GPtrArray) chain = qmp_connection_list_chain (qemu, node, NULL, error);

  if (chain == NULL)
    return FALSE;
  for (guint i = 0; i < chain->len; i++)
    g_print ("%s%s", i > 0 ? " on " : "", qmp_block_device_info_get_drv (g_ptr_array_index (chain, i)));
  g_print ("\n");
  return TRUE;
}

static gboolean
merge (QmpConnection *qemu, const char *overlay, GError **error)
{
  g_autofree char *left = qmp_connection_commit_overlay (qemu, overlay, NULL, NULL, error);

  if (left == NULL)
    return FALSE;
  g_print ("merged into %s\n", left);
  return TRUE;
}

static gboolean
run (QmpConnection *qemu, const char *path, GError **error)
{
  g_autoptr (QmpExternalSnapshot) snapshot = qmp_external_snapshot_new ();
  g_autofree char *file = g_strconcat (path, "-1", NULL);
  g_auto (GStrv) overlays = NULL;

  if (!add_image (qemu, path, error))
    return FALSE;
  qmp_external_snapshot_add_disk (snapshot, "image", file, NULL);
  overlays = qmp_external_snapshot_take (snapshot, qemu, NULL, error);
  return overlays != NULL && print_chain (qemu, overlays[0], error) && merge (qemu, overlays[0], error);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpConnection) qemu = NULL;

  qemu = qmp_connection_open (argc > 1 ? argv[1] : "unix:qmp.sock", NULL, NULL, &error);
  if (qemu != NULL && run (qemu, argc > 2 ? argv[2] : "image", &error))
    return 0;
  g_printerr ("%s\n", error->message);
  return 1;
}
