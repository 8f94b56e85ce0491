/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: devices QEMU IMAGE
 *
 * Plugs a disk in and out, changes a medium, and measures a guest. */
#include <qmp-glib/qmp-glib.h>

static gboolean
use_disk (QmpConnection *qemu, const char *filename, GError **error)
{
  g_autoptr (QmpBlockdevOptionsFileBranch) image = qmp_blockdev_options_file_branch_new ();
  g_autoptr (QmpDeviceAddArguments) disk = qmp_device_add_arguments_new ();

  qmp_blockdev_options_file_branch_set_filename (image, filename);
  qmp_blockdev_options_set_node_name (QMP_BLOCKDEV_OPTIONS (image), "data");
  qmp_device_add_arguments_set_id (disk, "disk1");
  if (!qmp_connection_plug_disk (qemu, QMP_BLOCKDEV_OPTIONS (image), "usb-storage", disk, NULL, error))
    return FALSE;
  g_print ("The disk is plugged in.\n");
  if (!qmp_connection_unplug_disk (qemu, "disk1", "data", NULL, NULL, error))
    return FALSE;
  g_print ("It is gone.\n");
  return TRUE;
}

static gboolean
use_drive (QmpConnection *qemu, const char *filename, GError **error)
{
  g_autoptr (QmpBlockdevOptionsFileBranch) medium = qmp_blockdev_options_file_branch_new ();

  qmp_blockdev_options_file_branch_set_filename (medium, filename);
  qmp_blockdev_options_set_node_name (QMP_BLOCKDEV_OPTIONS (medium), "tools");
  qmp_blockdev_options_set_read_only (QMP_BLOCKDEV_OPTIONS (medium), TRUE);
  if (!qmp_connection_change_medium (qemu, "cd0", QMP_BLOCKDEV_OPTIONS (medium), NULL, NULL, error))
    return FALSE;
  g_print ("The medium is in the drive.\n");
  if (!qmp_connection_eject_medium (qemu, "cd0", NULL, NULL, error))
    return FALSE;
  g_print ("It is out.\n");
  return TRUE;
}

static gboolean
measure (QmpConnection *qemu, GError **error)
{
  g_autoptr (QmpDirtyRateInfo) info = qmp_connection_measure_dirty_rate (qemu, 1, NULL, NULL, error);

  if (info == NULL)
    return FALSE;
  g_print ("The guest writes %" G_GINT64_FORMAT " MiB/s.\n", qmp_dirty_rate_info_get_dirty_rate (info));
  return TRUE;
}

static gboolean
run (const char *program, const char *filename, GError **error)
{
  static const char *const arguments[] = {
    "-machine", "pc", "-nodefaults", "-display", "none", "-device", "qemu-xhci", "-device", "ide-cd,id=cd0", NULL,
  };
  g_autoptr (QmpLauncher) launcher = qmp_launcher_new (program);
  g_autoptr (QmpMachine) machine = NULL;
  QmpConnection *qemu;

  qmp_launcher_set_arguments (launcher, arguments);
  machine = qmp_launcher_launch (launcher, NULL, error);
  if (machine == NULL)
    return FALSE;
  qemu = qmp_machine_get_connection (machine);
  return use_disk (qemu, filename, error) && use_drive (qemu, filename, error) && measure (qemu, error);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (argc == 3 && run (argv[1], argv[2], &error))
    return 0;
  g_printerr ("%s\n", error != NULL ? error->message : "usage: devices QEMU IMAGE");
  return 1;
}
