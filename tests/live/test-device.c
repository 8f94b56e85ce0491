/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live.h"

#include <string.h>

/* Disks plugged and unplugged, in a guest that heeds and in one that does not. */

#define MANY 50

static QmpMachine *
launch (const char *const *arguments)
{
  g_autoptr (QmpLauncher) launcher = qmp_launcher_new (live_program ("QEMU", "qemu-system-x86_64"));
  g_autoptr (GError) error = NULL;
  QmpMachine *machine;

  qmp_launcher_set_arguments (launcher, arguments);
  qmp_launcher_set_agent (launcher, TRUE);
  machine = qmp_launcher_launch (launcher, NULL, &error);
  g_assert_no_error (error);
  return machine;
}

/* It stands still: even a BIOS lets go, by a reset of its own after ours. */
static QmpMachine *
launch_without_guest (void)
{
  static const char *const arguments[] = {
    "-nodefaults", "-display", "none", "-machine", "pc", "-accel", "tcg", "-m", "64", "-S", NULL,
  };

  return launch (arguments);
}

static QmpMachine *
launch_guest (void)
{
  static const char *const names[] = { "VSERPORT_CHANGE", NULL };
  const char *guest = g_getenv ("GUEST");
  g_autofree char *kernel = g_build_filename (guest, "vmlinuz", NULL), *initrd = g_build_filename (guest, "initrd", NULL);
  const char *const arguments[] = {
    "-nodefaults", "-no-user-config", "-display", "none", "-machine", "pc", "-accel", "tcg", "-m", "192", "-kernel", kernel,
    "-initrd", initrd, "-append", "console=ttyS0 quiet panic=-1 rdinit=/bin/init", NULL,
  };
  QmpMachine *machine = launch (arguments);
  g_autoptr (QmpEventStream) events = qmp_connection_watch_events (qmp_machine_get_connection (machine), names, 4);
  g_autoptr (QmpEvent) event = NULL;
  g_autoptr (GError) error = NULL;

  /* the agent speaks when the guest is up */
  qmp_event_stream_set_timeout (events, 60000);
  event = qmp_event_stream_next (events, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (event);
  return machine;
}

static void
quit (QmpMachine *machine)
{
  g_autoptr (QmpShutdownOptions) options = qmp_shutdown_options_new ();
  g_autoptr (GError) error = NULL;

  qmp_shutdown_options_set_power_down_timeout (options, 0);
  qmp_machine_shut_down (machine, options, NULL, &error);
  g_assert_no_error (error);
}

/* --- what is there ------------------------------------------------------------------------- */

static char *
list_devices (QmpConnection *connection)
{
  return live_run (connection, "qom-list", "{\"path\":\"/machine/peripheral\"}");
}

static char *
list_all (QmpConnection *connection)
{
  g_autofree char *nodes = live_run (connection, "query-named-block-nodes", "{\"flat\":true}");
  g_autofree char *block = live_run (connection, "query-block", NULL);
  g_autofree char *devices = list_devices (connection);
  g_autofree char *netdevs = live_run (connection, "qom-list", "{\"path\":\"/objects\"}");
  g_autofree char *chardevs = live_run (connection, "qom-list", "{\"path\":\"/chardevs\"}");

  return g_strjoin ("\n", nodes, block, devices, netdevs, chardevs, NULL);
}

static void
assert_as_before (QmpConnection *connection, const char *before)
{
  g_autofree char *now = list_all (connection);

  g_assert_cmpstr (now, ==, before);
}

static gboolean
is_there (QmpConnection *connection, const char *id)
{
  g_autofree char *devices = list_devices (connection);
  g_autofree char *name = g_strdup_printf ("\"%s\"", id);

  return strstr (devices, name) != NULL;
}

/* --- disks ----------------------------------------------------------------------------------- */

/* A file below a format: what an application has. */
static QmpBlockdevOptions *
new_node (Live *live)
{
  g_autofree char *path = live_path (live, "disk.img");
  g_autoptr (QmpBlockdevOptionsFileBranch) file = qmp_blockdev_options_file_branch_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL, *json = NULL;
  QmpBlockdevOptions *node;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_autofree char *bytes = g_malloc0 (1048576);

      g_assert_true (g_file_set_contents (path, bytes, 1048576, NULL));
    }
  qmp_blockdev_options_file_branch_set_filename (file, path);
  text = qmp_struct_to_json (QMP_STRUCT (file));
  json = g_strdup_printf ("{\"driver\":\"raw\",\"node-name\":\"node0\",\"file\":%s}", text);
  node = qmp_blockdev_options_new_from_json (json, &error);
  g_assert_no_error (error);
  return node;
}

static QmpDeviceAddArguments *
new_arguments (const char *id)
{
  QmpDeviceAddArguments *arguments = qmp_device_add_arguments_new ();

  qmp_device_add_arguments_set_id (arguments, id);
  return arguments;
}

static void
plug (Live *live, QmpConnection *connection, gboolean blocking)
{
  g_autoptr (QmpBlockdevOptions) node = new_node (live);
  g_autoptr (QmpDeviceAddArguments) arguments = new_arguments ("disk0");
  g_autoptr (GError) error = NULL;
  GAsyncResult *result = NULL;

  if (blocking)
    qmp_connection_plug_disk (connection, node, "virtio-blk-pci", arguments, NULL, &error);
  else
    {
      qmp_connection_plug_disk_async (connection, node, "virtio-blk-pci", arguments, NULL, live_keep_result, &result);
      live_wait (&result);
      qmp_connection_plug_disk_finish (connection, result, &error);
      g_object_unref (result);
    }
  g_assert_no_error (error);
  g_assert_true (is_there (connection, "disk0"));
}

static gboolean
unplug (QmpConnection *connection, QmpUnplugOptions *options, gboolean blocking, GError **error)
{
  GAsyncResult *result = NULL;
  gboolean gone;

  if (blocking)
    return qmp_connection_unplug_disk (connection, "disk0", "node0", options, NULL, error);
  qmp_connection_unplug_disk_async (connection, "disk0", "node0", options, NULL, live_keep_result, &result);
  live_wait (&result);
  gone = qmp_connection_unplug_disk_finish (connection, result, error);
  g_object_unref (result);
  return gone;
}

static void
test_heeded (Live *live, gconstpointer data)
{
  g_autoptr (QmpMachine) machine = launch_guest ();
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autoptr (QmpUnplugOptions) options = qmp_unplug_options_new ();
  g_autofree char *before = list_all (connection);
  g_autoptr (GError) error = NULL;

  qmp_unplug_options_set_timeout (options, 60000);
  /* a slow guest that is asked twice may let go twice: of what is plugged next */
  qmp_unplug_options_set_interval (options, 15000);
  for (guint i = 0; i < MANY; i++)
    {
      plug (live, connection, i % 2);
      unplug (connection, options, i % 2, &error);
      g_assert_no_error (error);
      g_assert_false (is_there (connection, "disk0"));
      assert_as_before (connection, before);
    }
  quit (machine);
}

/* Nobody is in there who heeds; a reset lets go. */
static void
test_not_heeded (Live *live, gconstpointer data)
{
  g_autoptr (QmpMachine) machine = launch_without_guest ();
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autoptr (QmpUnplugOptions) options = qmp_unplug_options_new ();
  g_autofree char *before = list_all (connection);

  for (guint i = 0; i < MANY; i++)
    {
      g_autoptr (GError) error = NULL;
      GAsyncResult *result = NULL;

      plug (live, connection, i % 2);
      qmp_unplug_options_set_timeout (options, 150);
      qmp_unplug_options_set_interval (options, 20);
      g_assert_false (unplug (connection, options, i % 2, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
      g_assert_nonnull (strstr (error->message, "“disk0”"));
      g_assert_nonnull (strstr (error->message, "has not let go"));
      g_assert_nonnull (strstr (error->message, "still there"));
      g_assert_true (is_there (connection, "disk0"));
      g_clear_error (&error);

      qmp_unplug_options_set_timeout (options, 60000);
      qmp_connection_unplug_disk_async (connection, "disk0", "node0", options, NULL, live_keep_result, &result);
      g_assert_true (qmp_machine_reset (machine, NULL, &error));
      live_wait (&result);
      g_assert_true (qmp_connection_unplug_disk_finish (connection, result, &error));
      g_assert_no_error (error);
      g_object_unref (result);
      assert_as_before (connection, before);
    }
  quit (machine);
}

/* The guest stands still while it is asked, and heeds when it runs again. */
static void
test_asked_in_vain (Live *live, gconstpointer data)
{
  g_autoptr (QmpMachine) machine = launch_guest ();
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autoptr (QmpUnplugOptions) options = qmp_unplug_options_new ();
  g_autofree char *before = list_all (connection);
  g_autoptr (GError) error = NULL;

  g_assert_true (qmp_machine_pause (machine, NULL, &error));
  plug (live, connection, TRUE);
  qmp_unplug_options_set_timeout (options, 50);
  qmp_unplug_options_set_interval (options, 10);
  g_assert_false (unplug (connection, options, TRUE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_clear_error (&error);
  g_assert_true (qmp_machine_start (machine, NULL, &error));
  qmp_unplug_options_set_timeout (options, 60000);
  qmp_unplug_options_set_interval (options, 500);
  g_assert_true (unplug (connection, options, TRUE, &error));
  g_assert_no_error (error);
  assert_as_before (connection, before);
  quit (machine);
}

/* --- refusals ----------------------------------------------------------------------------------- */

/* Nothing stays of a disk whose device QEMU refuses. */
static void
test_refused (Live *live, gconstpointer data)
{
  g_autoptr (QmpMachine) machine = launch_without_guest ();
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autoptr (QmpBlockdevOptions) node = new_node (live);
  g_autofree char *before = list_all (connection);
  g_autoptr (GError) error = NULL;

  g_assert_false (qmp_connection_plug_disk (connection, node, "no-such-device", NULL, NULL, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_GENERIC);
  assert_as_before (connection, before);
  g_clear_error (&error);
  g_assert_false (qmp_connection_unplug_device (connection, "nobody", NULL, NULL, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_DEVICE_NOT_FOUND);
  quit (machine);
}

/* --- others ------------------------------------------------------------------------------------- */

static void
test_network (Live *live, gconstpointer data)
{
  g_autoptr (QmpMachine) machine = launch_guest ();
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autoptr (QmpNetdev) backend = qmp_netdev_new_from_json ("{\"type\":\"hubport\",\"id\":\"net0\",\"hubid\":0}", NULL);
  g_autoptr (QmpDeviceAddArguments) arguments = new_arguments ("nic0");
  g_autoptr (QmpUnplugOptions) options = qmp_unplug_options_new ();
  g_autofree char *before = list_all (connection);
  g_autoptr (GError) error = NULL;

  qmp_unplug_options_set_timeout (options, 60000);
  qmp_unplug_options_set_interval (options, 15000);
  for (guint i = 0; i < 3; i++)
    {
      qmp_connection_plug_network (connection, backend, "virtio-net-pci", arguments, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (is_there (connection, "nic0"));
      qmp_connection_unplug_network (connection, "/machine/peripheral/nic0", "net0", options, NULL, &error);
      g_assert_no_error (error);
      assert_as_before (connection, before);
    }
  quit (machine);
}

/* It is gone at once: a port on a bus of QEMU's own. */
static void
test_character_device (Live *live, gconstpointer data)
{
  g_autoptr (QmpMachine) machine = launch_without_guest ();
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autoptr (QmpChardevBackend) backend = qmp_chardev_backend_new_from_json ("{\"type\":\"null\",\"data\":{}}", NULL);
  g_autoptr (QmpDeviceAddArguments) arguments = new_arguments ("port0");
  g_autofree char *before = list_all (connection);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 3; i++)
    {
      qmp_connection_plug_character_device (connection, "char0", backend, "virtserialport", arguments, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (is_there (connection, "port0"));
      qmp_connection_unplug_character_device (connection, "port0", "char0", NULL, NULL, &error);
      g_assert_no_error (error);
      assert_as_before (connection, before);
    }
  quit (machine);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  LIVE_TEST ("/device/disk/heeded", test_heeded);
  LIVE_TEST ("/device/disk/not-heeded", test_not_heeded);
  LIVE_TEST ("/device/disk/asked-in-vain", test_asked_in_vain);
  LIVE_TEST ("/device/disk/refused", test_refused);
  LIVE_TEST ("/device/network", test_network);
  LIVE_TEST ("/device/character-device", test_character_device);
  return g_test_run ();
}
