/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <string.h>

#include "mock/await.h"
#include "mock/mock-peer.h"

/* Each test runs twice: in a main context, and blocking. */

typedef struct
{
  MockPeer *peer;
  QmpConnection *connection;
  QmpUnplugOptions *options;
  GCancellable *cancellable;
  gboolean blocking;
  guint n_asked;
  GError *error;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer blocking)
{
  fixture->peer = mock_peer_new ();
  mock_greet (fixture->peer);
  fixture->connection = mock_open (fixture->peer);
  fixture->options = qmp_unplug_options_new ();
  qmp_unplug_options_set_timeout (fixture->options, G_MAXINT);
  qmp_unplug_options_set_interval (fixture->options, 0);
  fixture->cancellable = g_cancellable_new ();
  fixture->blocking = blocking != NULL;
}

static void
tear_down (Fixture *fixture, gconstpointer blocking)
{
  g_clear_error (&fixture->error);
  g_clear_object (&fixture->cancellable);
  g_clear_object (&fixture->options);
  g_clear_object (&fixture->connection);
  mock_peer_free (fixture->peer);
}

static void
expect_done (Fixture *fixture, const char *command)
{
  mock_expect (fixture->peer, command);
  mock_return (fixture->peer, "{}");
}

static gboolean
unplug (Fixture *fixture, const char *device)
{
  g_auto (Await) call = { 0 };

  if (fixture->blocking)
    return qmp_connection_unplug_device (fixture->connection, device, fixture->options, fixture->cancellable, &fixture->error);
  qmp_connection_unplug_device_async (fixture->connection, device, fixture->options, fixture->cancellable, await_callback, &call);
  return qmp_connection_unplug_device_finish (fixture->connection, await (&call), &fixture->error);
}

static void
assert_unplugs (Fixture *fixture, const char *device)
{
  gboolean gone = unplug (fixture, device);

  g_assert_no_error (fixture->error);
  g_assert_true (gone);
}

static void
assert_says (Fixture *fixture, const char *text)
{
  if (strstr (fixture->error->message, text) == NULL)
    g_error ("“%s” is not in: %s", text, fixture->error->message);
}

#define assert_fails(fixture, domain, code) \
  G_STMT_START { \
    g_assert_false (unplug (fixture, "disk0")); \
    g_assert_error ((fixture)->error, domain, (int) code); \
  } G_STMT_END

#define DELETED "{\"device\": \"disk0\", \"path\": \"/machine/peripheral/disk0\"}"

/* --- the event ---------------------------------------------------------------------------- */

static void
test_event_before_reply (Fixture *fixture, gconstpointer data)
{
  mock_expect (fixture->peer, "device_del");
  mock_event (fixture->peer, "DEVICE_DELETED", DELETED);
  mock_return (fixture->peer, "{}");
  assert_unplugs (fixture, "disk0");
  mock_await (fixture->peer);
  g_assert_cmpstr (mock_get_command (fixture->peer, 0)->arguments, ==, "{\"id\":\"disk0\"}");
}

/* Before the reply, and the reply is that the device is not there: it went. */
static void
test_event_before_error (Fixture *fixture, gconstpointer data)
{
  mock_expect (fixture->peer, "device_del");
  mock_event (fixture->peer, "DEVICE_DELETED", DELETED);
  mock_error (fixture->peer, "DeviceNotFound", "Device 'disk0' not found");
  assert_unplugs (fixture, "disk0");
}

/* What is told of the others would fail it, were it taken for this one. */
static void
test_other_devices (Fixture *fixture, gconstpointer data)
{
  mock_expect (fixture->peer, "device_del");
  mock_return (fixture->peer, "{}");
  mock_event (fixture->peer, "DEVICE_DELETED", "{\"path\": \"/machine/peripheral/disk0/virtio-backend\"}");
  mock_event (fixture->peer, "DEVICE_DELETED", "{\"device\": \"disk00\", \"path\": \"/machine/peripheral/disk00\"}");
  mock_event (fixture->peer, "DEVICE_DELETED", "{\"path\": \"/machine/peripheral-anon/disk0\"}");
  mock_event (fixture->peer, "DEVICE_DELETED", NULL);
  mock_event (fixture->peer, "DEVICE_UNPLUG_GUEST_ERROR", "{\"device\": \"disk1\", \"path\": \"/machine/peripheral/disk1\"}");
  mock_event (fixture->peer, "MEM_UNPLUG_ERROR", "{\"device\": \"\", \"msg\": \"not that one\"}");
  mock_event (fixture->peer, "DEVICE_UNPLUG_GUEST_ERROR", DELETED);
  assert_fails (fixture, QMP_ERROR, QMP_ERROR_UNPLUG_REFUSED);
}

static void
test_path_only (Fixture *fixture, gconstpointer data)
{
  mock_expect (fixture->peer, "device_del");
  mock_return (fixture->peer, "{}");
  mock_event (fixture->peer, "DEVICE_DELETED", "{\"path\": \"/machine/peripheral/disk0\"}");
  assert_unplugs (fixture, "disk0");
}

static void
test_by_path (Fixture *fixture, gconstpointer data)
{
  mock_expect (fixture->peer, "device_del");
  mock_return (fixture->peer, "{}");
  mock_event (fixture->peer, "DEVICE_DELETED", "{\"path\": \"/machine/peripheral-anon/device[1]\"}");
  assert_unplugs (fixture, "/machine/peripheral-anon/device[1]");
  mock_expect (fixture->peer, "device_del");
  mock_return (fixture->peer, "{}");
  mock_event (fixture->peer, "DEVICE_DELETED", DELETED);
  assert_unplugs (fixture, "/machine/peripheral/disk0");
  mock_await (fixture->peer);
  g_assert_cmpstr (mock_get_command (fixture->peer, 0)->arguments, ==, "{\"id\":\"/machine/peripheral-anon/device[1]\"}");
}

/* --- refusals --------------------------------------------------------------------------------- */

static void
test_guest_error (Fixture *fixture, gconstpointer data)
{
  mock_expect (fixture->peer, "device_del");
  mock_return (fixture->peer, "{}");
  mock_event (fixture->peer, "DEVICE_UNPLUG_GUEST_ERROR", "{\"path\": \"/machine/peripheral/disk0\"}");
  assert_fails (fixture, QMP_ERROR, QMP_ERROR_UNPLUG_REFUSED);
  assert_says (fixture, "“disk0”");
}

/* Memory, as QEMU 7.2 tells it; it has no path, though it is unplugged by one. */
static void
test_memory_error (Fixture *fixture, gconstpointer data)
{
  mock_expect (fixture->peer, "device_del");
  mock_return (fixture->peer, "{}");
  mock_event (fixture->peer, "MEM_UNPLUG_ERROR", "{\"device\": \"dimm1\", \"msg\": \"in use by the kernel\"}");
  g_assert_false (unplug (fixture, "/machine/peripheral/dimm1"));
  g_assert_error (fixture->error, QMP_ERROR, QMP_ERROR_UNPLUG_REFUSED);
  assert_says (fixture, "in use by the kernel");
}

static void
test_refused_at_once (Fixture *fixture, gconstpointer data)
{
  mock_expect (fixture->peer, "device_del");
  mock_error (fixture->peer, "GenericError", "Bus 'ide.0' does not support hotplugging");
  assert_fails (fixture, QMP_ERROR, QMP_ERROR_GENERIC);
  g_clear_error (&fixture->error);
  mock_expect (fixture->peer, "device_del");
  mock_error (fixture->peer, "DeviceNotFound", "Device 'disk0' not found");
  assert_fails (fixture, QMP_ERROR, QMP_ERROR_DEVICE_NOT_FOUND);
}

/* By an earlier call, or by another client. */
static void
test_under_way (Fixture *fixture, gconstpointer data)
{
  mock_expect (fixture->peer, "device_del");
  mock_error (fixture->peer, "GenericError", "Device disk0 is already in the process of unplug");
  mock_event (fixture->peer, "DEVICE_DELETED", DELETED);
  assert_unplugs (fixture, "disk0");
}

/* --- time ------------------------------------------------------------------------------------- */

#define STATUS "{\"info\": {\"device\": \"disk0\", \"source\": 3, \"status\": 132, \"slot\": \"0\", \"slot-type\": \"DIMM\"}}"

static void
test_timeout (Fixture *fixture, gconstpointer data)
{
  qmp_unplug_options_set_timeout (fixture->options, 50);
  mock_expect (fixture->peer, "device_del");
  mock_event (fixture->peer, "ACPI_DEVICE_OST", STATUS);
  mock_return (fixture->peer, "{}");
  mock_expect (fixture->peer, "qom-list");
  mock_return (fixture->peer, "[]");
  assert_fails (fixture, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  assert_says (fixture, "“disk0”");
  assert_says (fixture, "asked 1 time,");
  assert_says (fixture, "status 0x84");
  assert_says (fixture, "still there");
  mock_await (fixture->peer);
  g_assert_cmpstr (mock_get_command (fixture->peer, 1)->arguments, ==, "{\"path\":\"/machine/peripheral/disk0\"}");
}

/* The event went by unseen. */
static void
test_gone_at_deadline (Fixture *fixture, gconstpointer data)
{
  qmp_unplug_options_set_timeout (fixture->options, 20);
  mock_expect (fixture->peer, "device_del");
  mock_return (fixture->peer, "{}");
  mock_expect (fixture->peer, "qom-list");
  mock_error (fixture->peer, "DeviceNotFound", "Device '/machine/peripheral/disk0' not found");
  assert_unplugs (fixture, "disk0");
}

static void
test_no_answer (Fixture *fixture, gconstpointer data)
{
  qmp_unplug_options_set_timeout (fixture->options, 20);
  mock_expect (fixture->peer, "device_del");
  mock_pause (fixture->peer);
  assert_fails (fixture, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  assert_says (fixture, "QEMU has not answered");
  assert_says (fixture, "not known");
  mock_go_on (fixture->peer);
}

/* --- asking again ------------------------------------------------------------------------------- */

static char *
heed_third (MockPeer *peer, const MockCommand *command, gpointer data)
{
  Fixture *fixture = data;

  g_assert_cmpstr (command->name, ==, "device_del");
  if (++fixture->n_asked == 3)
    mock_say (peer, "{\"timestamp\": {\"seconds\": 1, \"microseconds\": 2}, \"event\": \"DEVICE_DELETED\", \"data\": " DELETED "}\r\n");
  if (fixture->n_asked == 2)
    return g_strdup_printf ("{\"error\": {\"class\": \"GenericError\", \"desc\": \"not while migrating\"}, \"id\": %s}\r\n", command->id);
  return mock_make_return (command, "{}");
}

/* The guest slept; and QEMU had its own reasons in between. */
static void
test_repeat (Fixture *fixture, gconstpointer data)
{
  qmp_unplug_options_set_interval (fixture->options, 1);
  mock_answer_all (fixture->peer, heed_third, fixture);
  assert_unplugs (fixture, "disk0");
  g_assert_cmpuint (fixture->n_asked, >=, 3);
}

static char *
refuse_repeats (MockPeer *peer, const MockCommand *command, gpointer data)
{
  if (!g_str_equal (command->name, "device_del"))
    return mock_make_return (command, "[]");
  if (g_atomic_int_add ((int *) data, 1) == 0)
    return mock_make_return (command, "{}");
  return g_strdup_printf ("{\"error\": {\"class\": \"GenericError\", \"desc\": \"the moon is full\"}, \"id\": %s}\r\n", command->id);
}

static void
test_repeat_refused (Fixture *fixture, gconstpointer data)
{
  int n_asked = 0;

  qmp_unplug_options_set_interval (fixture->options, 1);
  qmp_unplug_options_set_timeout (fixture->options, 2000);
  mock_answer_all (fixture->peer, refuse_repeats, &n_asked);
  assert_fails (fixture, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  assert_says (fixture, "the moon is full");
  g_assert_cmpint (g_atomic_int_get (&n_asked), >, 1);
}

/* It went just then: what it was made of is free with the event, which is
 * waited for beyond the deadline; here one that shows it was. */
static void
test_going_at_deadline (Fixture *fixture, gconstpointer data)
{
  qmp_unplug_options_set_timeout (fixture->options, 20);
  expect_done (fixture, "device_del");
  mock_expect (fixture->peer, "qom-list");
  mock_error (fixture->peer, "DeviceNotFound", "Device '/machine/peripheral/disk0' not found");
  mock_event (fixture->peer, "DEVICE_UNPLUG_GUEST_ERROR", DELETED);
  assert_fails (fixture, QMP_ERROR, QMP_ERROR_UNPLUG_REFUSED);
}

/* It has left the tree, and its event follows a little later. */
static void
test_repeat_finds_nothing (Fixture *fixture, gconstpointer told)
{
  qmp_unplug_options_set_interval (fixture->options, 1);
  mock_expect (fixture->peer, "device_del");
  mock_return (fixture->peer, "{}");
  mock_expect (fixture->peer, "device_del");
  mock_error (fixture->peer, "DeviceNotFound", "Device 'disk0' not found");
  mock_event (fixture->peer, "DEVICE_DELETED", DELETED);
  assert_unplugs (fixture, "disk0");
  mock_await (fixture->peer);
  g_assert_cmpuint (mock_count_commands (fixture->peer), ==, 2);
}

/* Or does not follow, as it was lost. */
static void
test_repeat_finds_nothing_untold (Fixture *fixture, gconstpointer told)
{
  qmp_unplug_options_set_interval (fixture->options, 1);
  mock_expect (fixture->peer, "device_del");
  mock_return (fixture->peer, "{}");
  mock_expect (fixture->peer, "device_del");
  mock_error (fixture->peer, "DeviceNotFound", "Device 'disk0' not found");
  assert_unplugs (fixture, "disk0");
}

/* --- the end ---------------------------------------------------------------------------------- */

static char *
cancel (MockPeer *peer, const MockCommand *command, gpointer data)
{
  g_autofree char *reply = mock_make_return (command, "{}");

  mock_say (peer, reply);
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  mock_answer_all (fixture->peer, cancel, fixture->cancellable);
  assert_fails (fixture, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_cancelled_before (Fixture *fixture, gconstpointer data)
{
  g_cancellable_cancel (fixture->cancellable);
  assert_fails (fixture, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  mock_await (fixture->peer);
  g_assert_cmpuint (mock_count_commands (fixture->peer), ==, 0);
}

static void
test_closed (Fixture *fixture, gconstpointer data)
{
  mock_expect (fixture->peer, "device_del");
  mock_return (fixture->peer, "{}");
  mock_hang_up (fixture->peer);
  assert_fails (fixture, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

/* No error to others, but one to who waits for a device. */
static void
test_closed_as_wanted (Fixture *fixture, gconstpointer data)
{
  mock_expect (fixture->peer, "device_del");
  mock_return (fixture->peer, "{}");
  mock_event (fixture->peer, "SHUTDOWN", "{\"guest\": true, \"reason\": \"guest-shutdown\"}");
  mock_hang_up (fixture->peer);
  assert_fails (fixture, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

/* --- with what they are made of ------------------------------------------------------------------ */

static QmpDeviceAddArguments *
new_arguments (const char *id)
{
  QmpDeviceAddArguments *arguments = qmp_device_add_arguments_new ();

  qmp_device_add_arguments_set_id (arguments, id);
  return arguments;
}

static QmpBlockdevOptions *
new_node (const char *name)
{
  g_autoptr (GError) error = NULL;
  QmpBlockdevOptions *node = qmp_blockdev_options_new_from_json ("{\"driver\": \"null-co\", \"size\": 1048576}", &error);

  g_assert_no_error (error);
  if (name != NULL)
    qmp_blockdev_options_set_node_name (node, name);
  return node;
}

static gboolean
plug_disk (Fixture *fixture, const char *node_name, QmpDeviceAddArguments *arguments)
{
  g_autoptr (QmpBlockdevOptions) node = new_node (node_name);
  g_auto (Await) call = { 0 };

  if (fixture->blocking)
    return qmp_connection_plug_disk (fixture->connection, node, "virtio-blk-pci", arguments, fixture->cancellable, &fixture->error);
  qmp_connection_plug_disk_async (fixture->connection, node, "virtio-blk-pci", arguments, fixture->cancellable, await_callback,
                                  &call);
  return qmp_connection_plug_disk_finish (fixture->connection, await (&call), &fixture->error);
}

static gboolean
unplug_disk (Fixture *fixture)
{
  g_auto (Await) call = { 0 };

  if (fixture->blocking)
    return qmp_connection_unplug_disk (fixture->connection, "disk0", "node0", fixture->options, fixture->cancellable,
                                       &fixture->error);
  qmp_connection_unplug_disk_async (fixture->connection, "disk0", "node0", fixture->options, fixture->cancellable,
                                    await_callback, &call);
  return qmp_connection_unplug_disk_finish (fixture->connection, await (&call), &fixture->error);
}

static void
assert_arguments (Fixture *fixture, guint command, const char *member, const char *value)
{
  g_autoptr (QmpValue) arguments = NULL;
  g_autofree char *text = NULL;

  mock_await (fixture->peer);
  arguments = qmp_value_new_from_json (mock_get_command (fixture->peer, command)->arguments, NULL);
  text = qmp_value_dup_member_string (arguments, member);
  g_assert_cmpstr (text, ==, value);
}

static void
test_plug_disk (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QmpDeviceAddArguments) arguments = new_arguments ("disk0");
  g_autofree char *drive = NULL;

  expect_done (fixture, "blockdev-add");
  expect_done (fixture, "device_add");
  g_assert_true (plug_disk (fixture, "node \"0\"", arguments));
  g_assert_no_error (fixture->error);
  assert_arguments (fixture, 0, "node-name", "node \"0\"");
  assert_arguments (fixture, 1, "driver", "virtio-blk-pci");
  assert_arguments (fixture, 1, "id", "disk0");
  assert_arguments (fixture, 1, "drive", "node \"0\"");
  /* the caller's own are as they were */
  drive = qmp_struct_get_member_json (QMP_STRUCT (arguments), "drive");
  g_assert_null (drive);
}

/* A filter on top of it, perhaps; and no arguments at all. */
static void
test_plug_disk_by_other_node (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QmpDeviceAddArguments) arguments = new_arguments ("disk0");

  qmp_struct_set_member_json (QMP_STRUCT (arguments), "drive", "\"filter0\"", NULL);
  expect_done (fixture, "blockdev-add");
  expect_done (fixture, "device_add");
  g_assert_true (plug_disk (fixture, "node0", arguments));
  assert_arguments (fixture, 1, "drive", "filter0");
  expect_done (fixture, "blockdev-add");
  expect_done (fixture, "device_add");
  g_assert_true (plug_disk (fixture, "node0", NULL));
  assert_arguments (fixture, 3, "drive", "node0");
}

static void
test_plug_disk_refused (Fixture *fixture, gconstpointer data)
{
  mock_expect (fixture->peer, "blockdev-add");
  mock_error (fixture->peer, "GenericError", "Duplicate nodes with node-name='node0'");
  g_assert_false (plug_disk (fixture, "node0", NULL));
  g_assert_error (fixture->error, QMP_ERROR, QMP_ERROR_GENERIC);
  mock_await (fixture->peer);
  g_assert_cmpuint (mock_count_commands (fixture->peer), ==, 1);
  g_clear_error (&fixture->error);

  expect_done (fixture, "blockdev-add");
  mock_expect (fixture->peer, "device_add");
  mock_error (fixture->peer, "GenericError", "PCI: no slot/function available");
  mock_expect (fixture->peer, "blockdev-del");
  mock_error (fixture->peer, "GenericError", "Node node0 is in use");
  g_assert_false (plug_disk (fixture, "node0", NULL));
  g_assert_error (fixture->error, QMP_ERROR, QMP_ERROR_GENERIC);
  assert_says (fixture, "no slot/function available");
  assert_arguments (fixture, 3, "node-name", "node0");
}

static char *
cancel_device (MockPeer *peer, const MockCommand *command, gpointer data)
{
  Fixture *fixture = data;

  fixture->n_asked++;
  if (!g_str_equal (command->name, "device_add"))
    return mock_make_return (command, "{}");
  g_cancellable_cancel (fixture->cancellable);
  return NULL;
}

/* The node is taken back, behind what QEMU may still run. */
static void
test_plug_disk_cancelled (Fixture *fixture, gconstpointer data)
{
  mock_answer_all (fixture->peer, cancel_device, fixture);
  g_assert_false (plug_disk (fixture, "node0", NULL));
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (fixture->n_asked, ==, 3);
}

static void
test_plug_disk_without_name (Fixture *fixture, gconstpointer data)
{
  g_assert_false (plug_disk (fixture, NULL, NULL));
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  mock_await (fixture->peer);
  g_assert_cmpuint (mock_count_commands (fixture->peer), ==, 0);
}

static void
test_unplug_disk (Fixture *fixture, gconstpointer data)
{
  expect_done (fixture, "device_del");
  mock_event (fixture->peer, "DEVICE_DELETED", DELETED);
  expect_done (fixture, "blockdev-del");
  g_assert_true (unplug_disk (fixture));
  g_assert_no_error (fixture->error);
  assert_arguments (fixture, 1, "node-name", "node0");
}

static void
test_unplug_disk_gone_before (Fixture *fixture, gconstpointer data)
{
  mock_expect (fixture->peer, "device_del");
  mock_error (fixture->peer, "DeviceNotFound", "Device 'disk0' not found");
  expect_done (fixture, "blockdev-del");
  g_assert_true (unplug_disk (fixture));
  g_assert_no_error (fixture->error);
}

/* On its way out, and QEMU does not know it any more: its node is free with the
 * event, and not before. */
static void
test_unplug_disk_just_gone (Fixture *fixture, gconstpointer data)
{
  mock_expect (fixture->peer, "device_del");
  mock_error (fixture->peer, "DeviceNotFound", "Device 'disk0' not found");
  mock_event (fixture->peer, "DEVICE_DELETED", DELETED);
  expect_done (fixture, "blockdev-del");
  g_assert_true (unplug_disk (fixture));
  g_assert_no_error (fixture->error);
}

static void
test_unplug_disk_refused (Fixture *fixture, gconstpointer data)
{
  expect_done (fixture, "device_del");
  mock_event (fixture->peer, "DEVICE_UNPLUG_GUEST_ERROR", DELETED);
  g_assert_false (unplug_disk (fixture));
  g_assert_error (fixture->error, QMP_ERROR, QMP_ERROR_UNPLUG_REFUSED);
  mock_await (fixture->peer);
  g_assert_cmpuint (mock_count_commands (fixture->peer), ==, 1);
  g_clear_error (&fixture->error);

  expect_done (fixture, "device_del");
  mock_event (fixture->peer, "DEVICE_DELETED", DELETED);
  mock_expect (fixture->peer, "blockdev-del");
  mock_error (fixture->peer, "GenericError", "Node 'node0' is busy");
  g_assert_false (unplug_disk (fixture));
  g_assert_error (fixture->error, QMP_ERROR, QMP_ERROR_GENERIC);
}

static gboolean
plug_network (Fixture *fixture, QmpNetdev *backend, QmpDeviceAddArguments *arguments)
{
  g_auto (Await) call = { 0 };

  if (fixture->blocking)
    return qmp_connection_plug_network (fixture->connection, backend, "virtio-net-pci", arguments, NULL, &fixture->error);
  qmp_connection_plug_network_async (fixture->connection, backend, "virtio-net-pci", arguments, NULL, await_callback, &call);
  return qmp_connection_plug_network_finish (fixture->connection, await (&call), &fixture->error);
}

static gboolean
unplug_network (Fixture *fixture)
{
  g_auto (Await) call = { 0 };

  if (fixture->blocking)
    return qmp_connection_unplug_network (fixture->connection, "disk0", "net0", NULL, NULL, &fixture->error);
  qmp_connection_unplug_network_async (fixture->connection, "disk0", "net0", NULL, NULL, await_callback, &call);
  return qmp_connection_unplug_network_finish (fixture->connection, await (&call), &fixture->error);
}

static void
test_network (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QmpNetdev) backend = qmp_netdev_new_from_json ("{\"type\": \"user\", \"id\": \"net0\"}", NULL);
  g_autoptr (QmpDeviceAddArguments) arguments = new_arguments ("disk0");

  expect_done (fixture, "netdev_add");
  expect_done (fixture, "device_add");
  g_assert_true (plug_network (fixture, backend, arguments));
  g_assert_no_error (fixture->error);
  assert_arguments (fixture, 0, "id", "net0");
  assert_arguments (fixture, 1, "netdev", "net0");
  expect_done (fixture, "device_del");
  mock_event (fixture->peer, "DEVICE_DELETED", DELETED);
  expect_done (fixture, "netdev_del");
  g_assert_true (unplug_network (fixture));
  g_assert_no_error (fixture->error);
  assert_arguments (fixture, 3, "id", "net0");
}

static gboolean
plug_character_device (Fixture *fixture, QmpChardevBackend *backend)
{
  g_auto (Await) call = { 0 };

  if (fixture->blocking)
    return qmp_connection_plug_character_device (fixture->connection, "char0", backend, "virtserialport", NULL, NULL,
                                                 &fixture->error);
  qmp_connection_plug_character_device_async (fixture->connection, "char0", backend, "virtserialport", NULL, NULL,
                                              await_callback, &call);
  return qmp_connection_plug_character_device_finish (fixture->connection, await (&call), &fixture->error);
}

static gboolean
unplug_character_device (Fixture *fixture)
{
  g_auto (Await) call = { 0 };

  if (fixture->blocking)
    return qmp_connection_unplug_character_device (fixture->connection, "disk0", "char0", NULL, NULL, &fixture->error);
  qmp_connection_unplug_character_device_async (fixture->connection, "disk0", "char0", NULL, NULL, await_callback, &call);
  return qmp_connection_unplug_character_device_finish (fixture->connection, await (&call), &fixture->error);
}

static void
test_character_device (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QmpChardevBackend) backend = qmp_chardev_backend_new_from_json ("{\"type\": \"null\", \"data\": {}}", NULL);

  expect_done (fixture, "chardev-add");
  mock_expect (fixture->peer, "device_add");
  mock_error (fixture->peer, "GenericError", "No 'virtio-serial-bus' bus found");
  expect_done (fixture, "chardev-remove");
  g_assert_false (plug_character_device (fixture, backend));
  assert_says (fixture, "virtio-serial-bus");
  g_clear_error (&fixture->error);
  expect_done (fixture, "chardev-add");
  expect_done (fixture, "device_add");
  g_assert_true (plug_character_device (fixture, backend));
  g_assert_no_error (fixture->error);
  assert_arguments (fixture, 3, "id", "char0");
  assert_arguments (fixture, 4, "chardev", "char0");
  expect_done (fixture, "device_del");
  mock_event (fixture->peer, "DEVICE_DELETED", DELETED);
  expect_done (fixture, "chardev-remove");
  g_assert_true (unplug_character_device (fixture));
  assert_arguments (fixture, 6, "id", "char0");
}

static void
test_options (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QmpUnplugOptions) options = qmp_unplug_options_new ();
  int timeout, interval;

  g_assert_cmpint (qmp_unplug_options_get_timeout (options), ==, 30000);
  g_assert_cmpint (qmp_unplug_options_get_interval (options), ==, 5000);
  g_object_set (options, "timeout", 1, "interval", 2, NULL);
  g_object_get (options, "timeout", &timeout, "interval", &interval, NULL);
  g_assert_cmpint (timeout, ==, 1);
  g_assert_cmpint (interval, ==, 2);
}

static void
add_twice (const char *name, void (*test) (Fixture *, gconstpointer))
{
  g_autofree char *one = g_strconcat ("/device/", name, "/async", NULL);
  g_autofree char *other = g_strconcat ("/device/", name, "/blocking", NULL);

  g_test_add (one, Fixture, NULL, set_up, test, tear_down);
  g_test_add (other, Fixture, "blocking", set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_twice ("event/before-reply", test_event_before_reply);
  add_twice ("event/before-error", test_event_before_error);
  add_twice ("event/other-devices", test_other_devices);
  add_twice ("event/path-only", test_path_only);
  add_twice ("event/by-path", test_by_path);
  add_twice ("refused/guest-error", test_guest_error);
  add_twice ("refused/memory-error", test_memory_error);
  add_twice ("refused/at-once", test_refused_at_once);
  add_twice ("refused/under-way", test_under_way);
  add_twice ("time/over", test_timeout);
  add_twice ("time/gone-at-deadline", test_gone_at_deadline);
  add_twice ("time/going-at-deadline", test_going_at_deadline);
  add_twice ("time/no-answer", test_no_answer);
  add_twice ("repeat/heeded", test_repeat);
  add_twice ("repeat/refused", test_repeat_refused);
  add_twice ("repeat/finds-nothing", test_repeat_finds_nothing);
  add_twice ("repeat/finds-nothing-untold", test_repeat_finds_nothing_untold);
  add_twice ("end/cancelled", test_cancelled);
  add_twice ("end/cancelled-before", test_cancelled_before);
  add_twice ("end/closed", test_closed);
  add_twice ("end/closed-as-wanted", test_closed_as_wanted);
  add_twice ("disk/plug", test_plug_disk);
  add_twice ("disk/plug/by-other-node", test_plug_disk_by_other_node);
  add_twice ("disk/plug/refused", test_plug_disk_refused);
  add_twice ("disk/plug/cancelled", test_plug_disk_cancelled);
  add_twice ("disk/plug/without-name", test_plug_disk_without_name);
  add_twice ("disk/unplug", test_unplug_disk);
  add_twice ("disk/unplug/gone-before", test_unplug_disk_gone_before);
  add_twice ("disk/unplug/just-gone", test_unplug_disk_just_gone);
  add_twice ("disk/unplug/refused", test_unplug_disk_refused);
  add_twice ("network", test_network);
  add_twice ("character-device", test_character_device);
  g_test_add ("/device/options", Fixture, NULL, set_up, test_options, tear_down);
  return g_test_run ();
}
