/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qga-glib/qga-glib.h>
#include <qmp-glib/qmp-glib.h>

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "mock/await.h"
#include "mock/open-agent.h"

/* Typed calls of both libraries as C sees them. */

#define MIB G_GUINT64_CONSTANT (1048576)

/* --- the programs that they talk to ---------------------------------------------------- */

typedef struct
{
  char *folder;
  char *address;
  GSubprocess *process;
} Peer;

static void
start (Peer *peer, const char *starter, const char *option, ...)
{
  g_autoptr (GPtrArray) command = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  va_list list;

  peer->folder = g_dir_make_tmp ("bindings-XXXXXX", &error);
  g_assert_no_error (error);
  peer->address = g_build_filename (peer->folder, "socket", NULL);
  g_ptr_array_add (command, (gpointer) g_getenv (starter));
  g_ptr_array_add (command, peer->address);
  va_start (list, option);
  for (; option != NULL; option = va_arg (list, const char *))
    g_ptr_array_add (command, (gpointer) option);
  va_end (list);
  g_ptr_array_add (command, NULL);
  peer->process = g_subprocess_newv ((const char *const *) command->pdata, G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error);
  g_assert_no_error (error);
}

static void
end (Peer *peer)
{
  g_autoptr (GDir) folder = NULL;
  const char *name;

  g_subprocess_force_exit (peer->process);
  g_assert_true (g_subprocess_wait (peer->process, NULL, NULL));
  folder = g_dir_open (peer->folder, 0, NULL);
  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (peer->folder, name, NULL);

      g_assert_cmpint (unlink (path), ==, 0);
    }
  g_assert_cmpint (rmdir (peer->folder), ==, 0);
  g_free (peer->folder);
  g_free (peer->address);
  g_object_unref (peer->process);
}

typedef struct
{
  Peer peer;
  QmpConnection *qemu;
  QgaConnection *agent;
  GError *error;
} Fixture;

static void
set_up_qemu (Fixture *fixture, gconstpointer machine)
{
  if (machine != NULL)
    start (&fixture->peer, "START_QEMU", "-M", machine, "-S", NULL);
  else
    start (&fixture->peer, "START_QEMU", NULL);
  fixture->qemu = qmp_connection_open (fixture->peer.address, NULL, NULL, &fixture->error);
  g_assert_no_error (fixture->error);
}

static void
set_up_agent (Fixture *fixture, gconstpointer data)
{
  start (&fixture->peer, "START_AGENT", NULL);
  fixture->agent = qga_connection_open (fixture->peer.address, NULL, NULL, &fixture->error);
  g_assert_no_error (fixture->error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->qemu);
  g_clear_object (&fixture->agent);
  g_clear_error (&fixture->error);
  end (&fixture->peer);
}

static char *
path_of (Fixture *fixture, const char *name)
{
  return g_build_filename (fixture->peer.folder, name, NULL);
}

/* It worked. */
static void
assert_done (Fixture *fixture, gboolean done)
{
  g_assert_no_error (fixture->error);
  g_assert_true (done);
}

/* It failed, and says of what. */
static void
assert_refused (Fixture *fixture, gboolean done, GQuark domain, int code, const char *what)
{
  g_assert_false (done);
  g_assert_error (fixture->error, domain, code);
  g_assert_nonnull (strstr (fixture->error->message, what));
  g_clear_error (&fixture->error);
}

static void
assert_json (gpointer value, const char *expected)
{
  g_autofree char *json = qmp_struct_to_json (value);

  g_assert_cmpstr (json, ==, expected);
}

/* Waits for its end, by its events; the states it was in. */
static char *
run_job (Fixture *fixture, const char *id, QmpBlockdevCreateOptions *options)
{
  static const char *const names[] = { "JOB_STATUS_CHANGE", NULL };
  g_autoptr (QmpEventStream) changes = qmp_connection_watch_events (fixture->qemu, names, 64);
  g_autoptr (GString) told = g_string_new (NULL);
  QmpJobStatus status = QMP_JOB_STATUS_UNRECOGNIZED;

  assert_done (fixture, qmp_connection_blockdev_create (fixture->qemu, id, options, NULL, &fixture->error));
  while (status != QMP_JOB_STATUS_CONCLUDED)
    {
      g_autoptr (QmpEvent) event = qmp_event_stream_next (changes, NULL, &fixture->error);
      g_autoptr (QmpStruct) data = event != NULL ? qmp_event_to_struct (event, &fixture->error) : NULL;

      g_assert_no_error (fixture->error);
      g_assert_true (QMP_IS_JOB_STATUS_CHANGE_EVENT (data));
      if (g_strcmp0 (qmp_job_status_change_event_get_id (QMP_JOB_STATUS_CHANGE_EVENT (data)), id) != 0)
        continue;
      status = qmp_job_status_change_event_get_status (QMP_JOB_STATUS_CHANGE_EVENT (data));
      g_string_append_printf (told, "%s ", qmp_job_status_change_event_get_status_text (QMP_JOB_STATUS_CHANGE_EVENT (data)));
    }
  assert_done (fixture, qmp_connection_job_dismiss (fixture->qemu, id, NULL, &fixture->error));
  return g_string_free (g_steal_pointer (&told), FALSE);
}

/* An image of 1 MiB, and a node on its file. */
static char *
make_image (Fixture *fixture, const char *filename)
{
  g_autoptr (QmpBlockdevCreateOptions) file = g_object_new (
    QMP_TYPE_BLOCKDEV_CREATE_OPTIONS_FILE_BRANCH, "filename", filename, "size", G_GUINT64_CONSTANT (0), NULL);
  g_autoptr (QmpBlockdevOptions) image = g_object_new (
    QMP_TYPE_BLOCKDEV_OPTIONS_FILE_BRANCH, "node-name", "image", "filename", filename, NULL);
  g_autoptr (QmpBlockdevRef) reference = qmp_blockdev_ref_new_for_reference ("image");
  g_autoptr (QmpBlockdevCreateOptions) format = g_object_new (
    QMP_TYPE_BLOCKDEV_CREATE_OPTIONS_QCOW2_BRANCH, "file", reference, "size", MIB, NULL);

  g_free (run_job (fixture, "file", file));
  assert_done (fixture, qmp_connection_blockdev_add (fixture->qemu, image, NULL, &fixture->error));
  return run_job (fixture, "format", format);
}

static void
add_null_node (Fixture *fixture)
{
  g_autoptr (QmpBlockdevOptions) options = g_object_new (
    QMP_TYPE_BLOCKDEV_OPTIONS_NULL_CO_BRANCH, "node-name", "null", "size", G_GINT64_CONSTANT (4096), NULL);

  assert_done (fixture, qmp_connection_blockdev_add (fixture->qemu, options, NULL, &fixture->error));
}

/* --- calls ---------------------------------------------------------------------------------- */

static void
test_status (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QmpStatusInfo) status = NULL;
  g_autoptr (QmpStatusInfo) stopped = NULL;
  g_auto (Await) called = { 0 };
  gboolean running;
  int state;

  qmp_connection_query_status_async (fixture->qemu, NULL, await_callback, &called);
  status = qmp_connection_query_status_finish (fixture->qemu, await (&called), &fixture->error);
  g_assert_no_error (fixture->error);
  g_assert_true (qmp_status_info_get_running (status));
  g_assert_cmpint (qmp_status_info_get_status (status), ==, QMP_RUN_STATE_RUNNING);
  g_assert_cmpstr (qmp_status_info_get_status_text (status), ==, "running");
  g_object_get (status, "running", &running, "status", &state, NULL);
  g_assert_true (running);
  g_assert_cmpint (state, ==, QMP_RUN_STATE_RUNNING);

  assert_done (fixture, qmp_connection_stop (fixture->qemu, NULL, &fixture->error));
  stopped = qmp_connection_query_status (fixture->qemu, NULL, &fixture->error);
  g_assert_no_error (fixture->error);
  g_assert_cmpint (qmp_status_info_get_status (stopped), ==, QMP_RUN_STATE_PAUSED);
}

static void
note_property (GObject *object, GParamSpec *spec, GString *told)
{
  g_string_append_printf (told, "%s ", spec->name);
}

static void
test_presence (void)
{
  g_autoptr (QmpBlockdevOptionsFileBranch) options = qmp_blockdev_options_file_branch_new ();
  g_autoptr (GString) told = g_string_new (NULL);

  g_signal_connect (options, "notify", G_CALLBACK (note_property), told);
  qmp_blockdev_options_file_branch_set_filename (options, "/a");
  qmp_blockdev_options_set_read_only (QMP_BLOCKDEV_OPTIONS (options), FALSE);
  g_assert_true (qmp_blockdev_options_has_read_only (QMP_BLOCKDEV_OPTIONS (options)));
  g_assert_false (qmp_blockdev_options_file_branch_has_locking (options));
  g_assert_cmpint (qmp_blockdev_options_file_branch_get_locking (options), ==, QMP_ON_OFF_AUTO_UNRECOGNIZED);
  g_assert_null (qmp_blockdev_options_get_node_name (QMP_BLOCKDEV_OPTIONS (options)));
  assert_json (options, "{\"driver\":\"file\",\"read-only\":false,\"filename\":\"/a\"}");
  qmp_blockdev_options_unset_read_only (QMP_BLOCKDEV_OPTIONS (options));
  qmp_blockdev_options_file_branch_set_filename (options, NULL);
  assert_json (options, "{\"driver\":\"file\"}");
  g_assert_cmpstr (told->str, ==, "filename read-only read-only filename ");
}

/* --- nodes ------------------------------------------------------------------------------------ */

static QmpBlockDeviceInfo *
find_node (GPtrArray *nodes, const char *name)
{
  for (guint i = 0; i < nodes->len; i++)
    if (g_strcmp0 (qmp_block_device_info_get_node_name (nodes->pdata[i]), name) == 0)
      return nodes->pdata[i];
  return NULL;
}

static void
test_node_by_properties (Fixture *fixture, gconstpointer data)
{
  g_autofree char *filename = path_of (fixture, "disk.qcow2");
  g_autofree char *states = make_image (fixture, filename);
  g_autoptr (QmpBlockdevOptions) file = g_object_new (
    QMP_TYPE_BLOCKDEV_OPTIONS_FILE_BRANCH, "filename", filename, "locking", QMP_ON_OFF_AUTO_OFF, NULL);
  g_autoptr (QmpBlockdevRef) definition = qmp_blockdev_ref_new_for_definition (file);
  g_autoptr (QmpBlockdevOptions) options = g_object_new (
    QMP_TYPE_BLOCKDEV_OPTIONS_QCOW2_BRANCH, "node-name", "disk0", "read-only", TRUE, "file", definition, NULL);
  g_autoptr (GPtrArray) nodes = NULL;
  g_auto (Await) called = { 0 };
  QmpBlockDeviceInfo *disk;
  QmpImageInfoSpecific *specific;
  QmpImageInfoSpecificQCow2 *qcow2;

  qmp_connection_blockdev_add_async (fixture->qemu, options, NULL, await_callback, &called);
  assert_done (fixture, qmp_connection_blockdev_add_finish (fixture->qemu, await (&called), &fixture->error));
  nodes = qmp_connection_query_named_block_nodes (fixture->qemu, NULL, NULL, &fixture->error);
  g_assert_no_error (fixture->error);
  disk = find_node (nodes, "disk0");
  g_assert_nonnull (disk);
  g_assert_true (qmp_block_device_info_get_ro (disk));
  g_assert_cmpstr (qmp_block_device_info_get_drv (disk), ==, "qcow2");
  g_assert_cmpint (qmp_image_info_get_virtual_size (qmp_block_device_info_get_image (disk)), ==, MIB);
  specific = qmp_image_info_get_format_specific (qmp_block_device_info_get_image (disk));
  g_assert_true (QMP_IS_IMAGE_INFO_SPECIFIC_QCOW2_BRANCH (specific));
  qcow2 = qmp_image_info_specific_qcow2_branch_get_data_member (QMP_IMAGE_INFO_SPECIFIC_QCOW2_BRANCH (specific));
  g_assert_cmpint (qmp_image_info_specific_q_cow2_get_refcount_bits (qcow2), ==, 16);
}

static void
test_node_by_setters (Fixture *fixture, gconstpointer data)
{
  g_autofree char *filename = path_of (fixture, "disk.qcow2");
  g_autofree char *states = make_image (fixture, filename);
  g_autoptr (QmpBlockdevOptionsQcow2Branch) options = qmp_blockdev_options_qcow2_branch_new ();
  g_autoptr (QmpBlockdevRef) file = qmp_blockdev_ref_new_for_reference ("nothing");
  g_autoptr (QmpQueryNamedBlockNodesArguments) flat = qmp_query_named_block_nodes_arguments_new ();
  g_autoptr (GPtrArray) nodes = NULL;
  QmpBlockdevOptions *base = QMP_BLOCKDEV_OPTIONS (options);

  qmp_blockdev_options_set_node_name (base, "disk1");
  qmp_blockdev_options_set_discard (base, QMP_BLOCKDEV_DISCARD_OPTIONS_UNMAP);
  qmp_blockdev_options_qcow2_branch_set_file (options, file);
  qmp_blockdev_ref_set_reference (qmp_blockdev_options_qcow2_branch_get_file (options), "image");
  assert_json (options, "{\"driver\":\"qcow2\",\"node-name\":\"disk1\",\"discard\":\"unmap\",\"file\":\"image\"}");
  assert_done (fixture, qmp_connection_blockdev_add (fixture->qemu, base, NULL, &fixture->error));

  qmp_query_named_block_nodes_arguments_set_flat (flat, TRUE);
  nodes = qmp_connection_query_named_block_nodes (fixture->qemu, flat, NULL, &fixture->error);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (nodes->len, ==, 2);
  g_assert_nonnull (find_node (nodes, "disk1"));
  assert_refused (fixture, qmp_connection_blockdev_add (fixture->qemu, base, NULL, &fixture->error),
                  QMP_ERROR, QMP_ERROR_GENERIC, "disk1");
}

static void
test_devices_in_a_list (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QmpDeviceAddArguments) disk = g_object_new (QMP_TYPE_DEVICE_ADD_ARGUMENTS, "id", "disk", NULL);
  g_autoptr (GListStore) store = g_list_store_new (QMP_TYPE_BLOCK_INFO);
  g_autoptr (GPtrArray) devices = NULL;
  g_autoptr (QmpBlockInfo) device = NULL;
  g_autofree char *drive = NULL;

  add_null_node (fixture);
  assert_done (fixture, qmp_struct_set_member_json (QMP_STRUCT (disk), "drive", "\"null\"", &fixture->error));
  drive = qmp_struct_get_member_json (QMP_STRUCT (disk), "drive");
  g_assert_cmpstr (drive, ==, "\"null\"");
  assert_refused (fixture, qmp_struct_set_member_json (QMP_STRUCT (disk), "id", "\"other\"", &fixture->error),
                  G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "id");
  assert_done (fixture, qmp_connection_device_add (fixture->qemu, "virtio-blk-pci", disk, NULL, &fixture->error));

  devices = qmp_connection_query_block (fixture->qemu, NULL, &fixture->error);
  g_assert_no_error (fixture->error);
  g_list_store_splice (store, 0, 0, devices->pdata, devices->len);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (store)), ==, 1);
  device = g_list_model_get_item (G_LIST_MODEL (store), 0);
  g_assert_cmpstr (qmp_block_device_info_get_node_name (qmp_block_info_get_inserted (device)), ==, "null");
  g_assert_true (g_str_has_prefix (qmp_block_info_get_qdev (device), "/machine/peripheral/disk"));
  g_assert_cmpstr (qmp_block_info_get_type_member (device), ==, "unknown");
}

/* --- lists -------------------------------------------------------------------------------------- */

static void
test_lists_of_objects (void)
{
  g_autoptr (QmpBlockdevRef) a = qmp_blockdev_ref_new_for_reference ("a");
  g_autoptr (QmpBlockdevRef) b = qmp_blockdev_ref_new_for_reference ("b");
  g_autoptr (GListStore) store = g_list_store_new (QMP_TYPE_BLOCKDEV_REF);
  g_autoptr (QmpBlockdevOptionsQuorumBranch) options = NULL;
  g_autoptr (GListModel) model = NULL;
  g_autoptr (GPtrArray) children = NULL;
  QmpBlockdevRef *const both[] = { b, a };

  g_list_store_append (store, a);
  g_list_store_append (store, b);
  options = g_object_new (QMP_TYPE_BLOCKDEV_OPTIONS_QUORUM_BRANCH, "vote-threshold", G_GINT64_CONSTANT (1),
                          "children", store, NULL);
  assert_json (options, "{\"driver\":\"quorum\",\"children\":[\"a\",\"b\"],\"vote-threshold\":1}");
  g_object_get (options, "children", &model, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, 2);

  qmp_blockdev_options_quorum_branch_set_children (options, both, G_N_ELEMENTS (both));
  children = qmp_blockdev_options_quorum_branch_get_children (options);
  g_assert_cmpuint (children->len, ==, 2);
  g_assert_true (children->pdata[0] == b && children->pdata[1] == a);
  qmp_blockdev_options_quorum_branch_set_children (options, NULL, 0);
  assert_json (options, "{\"driver\":\"quorum\",\"children\":[],\"vote-threshold\":1}");
  qmp_blockdev_options_quorum_branch_unset_children (options);
  g_assert_null (qmp_blockdev_options_quorum_branch_get_children (options));
}

static QmpTransactionAction *
new_action (const char *name)
{
  g_autoptr (QmpBlockDirtyBitmapAdd) bitmap = g_object_new (
    QMP_TYPE_BLOCK_DIRTY_BITMAP_ADD, "node", "null", "name", name, NULL);

  return g_object_new (QMP_TYPE_TRANSACTION_ACTION_BLOCK_DIRTY_BITMAP_ADD_BRANCH, "data", bitmap, NULL);
}

static void
test_transaction (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QmpTransactionAction) one = new_action ("one");
  g_autoptr (QmpTransactionAction) two = new_action ("two");
  g_autoptr (GPtrArray) nodes = NULL;
  g_autoptr (GPtrArray) bitmaps = NULL;
  QmpTransactionAction *const actions[] = { one, two };
  QmpTransactionAction *const holes[] = { one, NULL };

  add_null_node (fixture);
  assert_done (fixture, qmp_connection_transaction (fixture->qemu, actions, 2, NULL, NULL, &fixture->error));
  assert_refused (fixture, qmp_connection_transaction (fixture->qemu, actions, 2, NULL, NULL, &fixture->error),
                  QMP_ERROR, QMP_ERROR_GENERIC, "one");
  assert_refused (fixture, qmp_connection_transaction (fixture->qemu, holes, 2, NULL, NULL, &fixture->error),
                  G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "transaction: actions");
  nodes = qmp_connection_query_named_block_nodes (fixture->qemu, NULL, NULL, &fixture->error);
  g_assert_no_error (fixture->error);
  bitmaps = qmp_block_device_info_get_dirty_bitmaps (nodes->pdata[0]);
  g_assert_cmpuint (bitmaps->len, ==, 2);
  g_assert_true (QMP_IS_BLOCK_DIRTY_INFO (bitmaps->pdata[0]));
}

static void
test_keys (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QmpKeyValue) control = g_object_new (QMP_TYPE_KEY_VALUE_QCODE_BRANCH, "data", QMP_Q_KEY_CODE_CTRL, NULL);
  g_autoptr (QmpKeyValue) digit = g_object_new (QMP_TYPE_KEY_VALUE_QCODE_BRANCH, "data", QMP_Q_KEY_CODE_1, NULL);
  g_autoptr (QmpSendKeyArguments) hold = g_object_new (QMP_TYPE_SEND_KEY_ARGUMENTS, "hold-time", G_GINT64_CONSTANT (1), NULL);
  QmpKeyValue *const keys[] = { control, digit };

  assert_json (digit, "{\"type\":\"qcode\",\"data\":\"1\"}");
  assert_done (fixture, qmp_connection_send_key (fixture->qemu, keys, 2, hold, NULL, &fixture->error));
  assert_done (fixture, qmp_connection_send_key (fixture->qemu, keys, 2, NULL, NULL, &fixture->error));
}

static void
test_lists_of_integers (Fixture *fixture, gconstpointer data)
{
  static const guint64 nodes[] = { 3, 65535 };
  g_autoptr (QmpObjectOptionsMemoryBackendRamBranch) memory = g_object_new (
    QMP_TYPE_OBJECT_OPTIONS_MEMORY_BACKEND_RAM_BRANCH, "id", "memory", "size", MIB, NULL);
  g_autoptr (GVariant) variant = NULL;
  g_autoptr (GPtrArray) found = NULL;
  const guint64 *host_nodes;
  gsize n = 0;

  qmp_object_options_memory_backend_ram_branch_set_host_nodes (memory, nodes, 2);
  host_nodes = qmp_object_options_memory_backend_ram_branch_get_host_nodes (memory, &n);
  g_assert_cmpmem (host_nodes, n * sizeof *host_nodes, nodes, sizeof nodes);
  g_object_get (memory, "host-nodes", &variant, NULL);
  g_assert_cmpuint (g_variant_n_children (variant), ==, 2);
  assert_json (memory, "{\"qom-type\":\"memory-backend-ram\",\"id\":\"memory\","
                       "\"host-nodes\":[3,65535],\"size\":1048576}");
  g_object_set (memory, "host-nodes", NULL, NULL);
  g_assert_false (qmp_object_options_memory_backend_ram_branch_has_host_nodes (memory));

  assert_done (fixture, qmp_connection_object_add (fixture->qemu, QMP_OBJECT_OPTIONS (memory), NULL, &fixture->error));
  found = qmp_connection_query_memdev (fixture->qemu, NULL, &fixture->error);
  g_assert_no_error (fixture->error);
  qmp_memdev_get_host_nodes (found->pdata[0], &n);
  g_assert_cmpuint (n, ==, 0);
  g_assert_true (qmp_memdev_has_host_nodes (found->pdata[0]));
}

/* --- values ------------------------------------------------------------------------------------- */

static void
test_wide_number (Fixture *fixture, gconstpointer data)
{
  static const char text[] = "{\"max-bandwidth\":18446744073709551615}";
  g_autoptr (QmpMigrateSetParameters) read = qmp_migrate_set_parameters_new_from_json (text, &fixture->error);
  g_autoptr (QmpMigrateSetParameters) made = qmp_migrate_set_parameters_new ();
  g_autoptr (QmpMigrationParameters) real = NULL;

  g_assert_no_error (fixture->error);
  g_assert_cmpuint (qmp_migrate_set_parameters_get_max_bandwidth (read), ==, G_MAXUINT64);
  g_assert_cmpstr (qmp_migrate_set_parameters_get_max_bandwidth_text (read), ==, "18446744073709551615");
  assert_json (read, text);
  qmp_migrate_set_parameters_set_max_bandwidth (made, G_MAXUINT64);
  assert_json (made, text);
  assert_done (fixture, qmp_connection_migrate_set_parameters (fixture->qemu, made, NULL, &fixture->error));
  real = qmp_connection_query_migrate_parameters (fixture->qemu, NULL, &fixture->error);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (qmp_migration_parameters_get_max_bandwidth (real), ==, G_MAXUINT64);
}

static void
test_unions (void)
{
  static const char tape[] = "{\"driver\":\"punched-tape\",\"node-name\":\"tape\",\"width\":8}";
  g_autoptr (QmpBlockdevOptions) options = qmp_blockdev_options_new_from_json (
    "{\"driver\":\"qcow2\",\"file\":{\"driver\":\"file\",\"filename\":\"/a\"}}", NULL);
  g_autoptr (QmpYankInstance) empty = qmp_yank_instance_new_from_json ("{\"type\":\"migration\"}", NULL);
  g_autoptr (QmpBlockdevOptions) newer = qmp_blockdev_options_new_from_json (tape, NULL);
  g_autoptr (QmpStruct) copy = qmp_struct_copy (QMP_STRUCT (options));
  g_autoptr (QmpBlockdevOptionsFile) file = NULL;
  g_autofree char *width = qmp_struct_get_member_json (QMP_STRUCT (newer), "width");
  QmpBlockdevRef *reference;

  g_assert_true (QMP_IS_BLOCKDEV_OPTIONS_QCOW2_BRANCH (options));
  g_assert_true (QMP_IS_BLOCKDEV_OPTIONS_QCOW2_BRANCH (copy));
  g_assert_cmpint (qmp_blockdev_options_get_driver (options), ==, QMP_BLOCKDEV_DRIVER_QCOW2);
  reference = qmp_blockdev_options_qcow2_branch_get_file (QMP_BLOCKDEV_OPTIONS_QCOW2_BRANCH (options));
  file = qmp_blockdev_options_file_branch_to_blockdev_options_file (
    QMP_BLOCKDEV_OPTIONS_FILE_BRANCH (qmp_blockdev_ref_get_definition (reference)));
  g_assert_cmpstr (qmp_blockdev_options_file_get_filename (file), ==, "/a");

  g_assert_true (G_OBJECT_TYPE (empty) == QMP_TYPE_YANK_INSTANCE);
  g_assert_cmpint (qmp_yank_instance_get_type_member (empty), ==, QMP_YANK_INSTANCE_TYPE_MIGRATION);
  g_assert_true (G_OBJECT_TYPE (newer) == QMP_TYPE_BLOCKDEV_OPTIONS);
  g_assert_cmpint (qmp_blockdev_options_get_driver (newer), ==, QMP_BLOCKDEV_DRIVER_UNRECOGNIZED);
  g_assert_cmpstr (qmp_blockdev_options_get_driver_text (newer), ==, "punched-tape");
  g_assert_cmpstr (qmp_blockdev_options_get_node_name (newer), ==, "tape");
  g_assert_cmpstr (width, ==, "8");
  assert_json (newer, tape);
}

static void
test_alternates (void)
{
  g_autoptr (QmpBlockdevRefOrNull) backing = qmp_blockdev_ref_or_null_new_for_reference ("node");

  assert_json (backing, "\"node\"");
  g_assert_false (qmp_blockdev_ref_or_null_has_definition (backing));
  qmp_blockdev_ref_or_null_set_null (backing, TRUE);
  g_assert_false (qmp_blockdev_ref_or_null_has_reference (backing));
  assert_json (backing, "null");
}

static void
note_stop (QmpConnection *connection, QmpEvent *event, QmpStruct **stop)
{
  *stop = qmp_event_to_struct (event, NULL);
}

static void
test_event (Fixture *fixture, gconstpointer data)
{
  g_autofree char *filename = path_of (fixture, "image");
  g_autofree char *states = make_image (fixture, filename);
  g_autoptr (QmpStruct) stop = NULL;
  g_auto (Await) called = { 0 };

  g_assert_cmpstr (states, ==, "created running waiting pending concluded ");
  g_signal_connect (fixture->qemu, "event::STOP", G_CALLBACK (note_stop), &stop);
  qmp_connection_stop_async (fixture->qemu, NULL, await_callback, &called);
  assert_done (fixture, qmp_connection_stop_finish (fixture->qemu, await (&called), &fixture->error));
  g_assert_true (QMP_IS_STOP_EVENT (stop));
}

static void
test_errors (Fixture *fixture, gconstpointer data)
{
  QmpConnection *qemu = fixture->qemu;
  GError **error = &fixture->error;
  g_auto (Await) called = { 0 };

  g_assert_false (qmp_connection_device_add (qemu, "nonsense", NULL, NULL, error));
  g_assert_cmpstr (qmp_error_get_command (*error), ==, "device_add");
  assert_refused (fixture, FALSE, QMP_ERROR, QMP_ERROR_GENERIC, "nonsense");
  assert_refused (fixture, qmp_connection_qom_get (qemu, "/machine", NULL, NULL, error) != NULL,
                  G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "qom-get: property");
  assert_refused (fixture, qmp_connection_qom_get (qemu, "/\xff", "type", NULL, error) != NULL,
                  G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "qom-get: path");
  assert_refused (fixture, qmp_connection_qom_set (qemu, "/machine", "type", "nonsense", NULL, error),
                  G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "qom-set: value");
  assert_refused (fixture, qmp_connection_migrate_continue (qemu, QMP_MIGRATION_STATUS_UNRECOGNIZED, NULL, error),
                  G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "migrate-continue: state");
  qmp_connection_job_dismiss_async (qemu, NULL, NULL, await_callback, &called);
  g_assert_cmpuint (called.n_calls, ==, 0);
  assert_refused (fixture, qmp_connection_job_dismiss_finish (qemu, await (&called), error),
                  G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "job-dismiss: id");
  assert_refused (fixture, qmp_blockdev_options_new_from_json (
                    "{\"driver\":\"qcow2\",\"file\":{\"driver\":\"file\",\"filename\":7}}", error) != NULL,
                  QMP_ERROR, QMP_ERROR_UNEXPECTED_VALUE, "BlockdevOptions: file.filename");
  assert_refused (fixture, qmp_status_info_new_from_json ("{", error) != NULL,
                  G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "StatusInfo");
}

static void
test_any_value (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QmpObjectOptions) group = g_object_new (QMP_TYPE_OBJECT_OPTIONS_THROTTLE_GROUP_BRANCH, "id", "group", NULL);
  g_autofree char *limits = NULL;
  g_autofree char *size = NULL;

  assert_done (fixture, qmp_connection_object_add (fixture->qemu, group, NULL, &fixture->error));
  assert_done (fixture, qmp_connection_qom_set (fixture->qemu, "/objects/group", "limits", "{\"iops-total\":7}", NULL,
                                                &fixture->error));
  limits = qmp_connection_qom_get (fixture->qemu, "/objects/group", "limits", NULL, &fixture->error);
  g_assert_no_error (fixture->error);
  g_assert_nonnull (strstr (limits, "\"iops-total\": 7"));
  size = qmp_connection_qom_get (fixture->qemu, "/machine/unattached/system[0]", "size", NULL, &fixture->error);
  g_assert_cmpstr (size, ==, "18446744073709551615");
}

static void
test_descriptors (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QmpAddFdArguments) arguments = g_object_new (QMP_TYPE_ADD_FD_ARGUMENTS, "opaque", "nothing", NULL);
  g_autoptr (QmpAddfdInfo) added = NULL;
  g_autoptr (GPtrArray) sets = NULL;
  int fd = open ("/dev/null", O_RDWR | O_CLOEXEC);

  added = qmp_connection_add_fd (fixture->qemu, fd, arguments, NULL, &fixture->error);
  g_assert_no_error (fixture->error);
  sets = qmp_connection_query_fdsets (fixture->qemu, NULL, &fixture->error);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (sets->len, ==, 1);
  g_assert_cmpint (qmp_fdset_info_get_fdset_id (sets->pdata[0]), ==, qmp_addfd_info_get_fdset_id (added));

  assert_done (fixture, qmp_connection_getfd (fixture->qemu, "null", fd, NULL, &fixture->error));
  assert_refused (fixture, qmp_connection_getfd (fixture->qemu, "null", -1, NULL, &fixture->error),
                  G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "getfd");
  g_assert_cmpint (close (fd), ==, 0);  /* it has stayed ours */
  assert_done (fixture, qmp_connection_closefd (fixture->qemu, "null", NULL, &fixture->error));
}

/* --- the guest's agent ----------------------------------------------------------------------------- */

static void
assert_bytes (GBytes *bytes, const char *expected)
{
  gsize length;
  gconstpointer found = g_bytes_get_data (bytes, &length);

  g_assert_cmpmem (found, length, expected, strlen (expected));
}

static void
test_agent (Fixture *fixture, gconstpointer data)
{
  g_autoptr (QgaGuestOSInfo) system = NULL;
  gint64 nanoseconds;

  assert_done (fixture, qga_connection_guest_ping (fixture->agent, NULL, &fixture->error));
  system = qga_connection_guest_get_osinfo (fixture->agent, NULL, &fixture->error);
  g_assert_no_error (fixture->error);
  g_assert_nonnull (qga_guest_os_info_get_kernel_release (system));
  nanoseconds = qga_connection_guest_get_time (fixture->agent, NULL, &fixture->error);
  g_assert_no_error (fixture->error);
  g_assert_cmpint (ABS (nanoseconds / 1000 - g_get_real_time ()), <, 3600 * G_TIME_SPAN_SECOND);
  g_assert_cmpint (qga_connection_guest_sync (fixture->agent, G_MAXINT64, NULL, NULL), ==, G_MAXINT64);
  assert_refused (fixture, qga_connection_guest_suspend_ram (fixture->agent, NULL, &fixture->error) != QGA_ACCEPTANCE_NONE,
                  QGA_ERROR, QGA_ERROR_COMMAND_DISABLED, "guest-suspend-ram");
}

static void
test_agent_process (Fixture *fixture, gconstpointer data)
{
  static const char *const words[] = { "-c", "cat; echo world >&2; exit 3", NULL };
  g_autoptr (GBytes) input = g_bytes_new_static ("hello", 5);
  g_autoptr (QgaGuestExecCaptureOutput) both = qga_guest_exec_capture_output_new_for_flag (TRUE);
  g_autoptr (QgaGuestExecArguments) arguments = g_object_new (
    QGA_TYPE_GUEST_EXEC_ARGUMENTS, "arg", words, "input-data", input, "capture-output", both, NULL);
  g_autoptr (QgaGuestExec) process = qga_connection_guest_exec (fixture->agent, "/bin/sh", arguments, NULL, &fixture->error);
  g_autoptr (QgaGuestExecStatus) status = NULL;

  g_assert_no_error (fixture->error);
  do
    {
      g_clear_object (&status);
      status = qga_connection_guest_exec_status (fixture->agent, qga_guest_exec_get_pid (process), NULL, &fixture->error);
      g_assert_no_error (fixture->error);
    }
  while (!qga_guest_exec_status_get_exited (status));
  g_assert_cmpint (qga_guest_exec_status_get_exitcode (status), ==, 3);
  assert_bytes (qga_guest_exec_status_get_out_data (status), "hello");
  assert_bytes (qga_guest_exec_status_get_err_data (status), "world\n");
}

static void
test_agent_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = path_of (fixture, "file");
  g_autoptr (GBytes) text = g_bytes_new_static ("one two", 7);
  g_autoptr (QgaGuestFileOpenArguments) mode = g_object_new (QGA_TYPE_GUEST_FILE_OPEN_ARGUMENTS, "mode", "w+", NULL);
  g_autoptr (QgaGuestFileWhence) begin = qga_guest_file_whence_new_for_name (QGA_QGA_SEEK_SET);
  g_autoptr (QgaGuestFileWrite) written = NULL;
  g_autoptr (QgaGuestFileSeek) sought = NULL;
  g_autoptr (QgaGuestFileRead) read = NULL;
  gint64 file = qga_connection_guest_file_open (fixture->agent, path, mode, NULL, &fixture->error);

  g_assert_no_error (fixture->error);
  written = qga_connection_guest_file_write (fixture->agent, file, text, NULL, NULL, &fixture->error);
  g_assert_no_error (fixture->error);
  g_assert_cmpint (qga_guest_file_write_get_count (written), ==, 7);
  sought = qga_connection_guest_file_seek (fixture->agent, file, 4, begin, NULL, &fixture->error);
  g_assert_no_error (fixture->error);
  read = qga_connection_guest_file_read (fixture->agent, file, NULL, NULL, &fixture->error);
  g_assert_no_error (fixture->error);
  assert_bytes (qga_guest_file_read_get_buf_b64 (read), "two");
  g_assert_true (qga_guest_file_read_get_eof (read));
  assert_done (fixture, qga_connection_guest_file_close (fixture->agent, file, NULL, &fixture->error));
  assert_refused (fixture, qga_connection_guest_file_close (fixture->agent, file, NULL, &fixture->error),
                  QGA_ERROR, QGA_ERROR_GENERIC, "");
}

/* On a mock: what would change the machine, and has no answer. */
static void
test_agent_unanswered (void)
{
  g_autoptr (MockAgent) mock = mock_agent_new ();
  g_autoptr (QgaOpenOptions) options = g_object_new (QGA_TYPE_OPEN_OPTIONS, "grace", 1, NULL);
  g_autoptr (QgaConnection) agent = open_agent_with (mock, options);
  g_autoptr (QgaGuestShutdownArguments) halt = g_object_new (QGA_TYPE_GUEST_SHUTDOWN_ARGUMENTS, "mode", "halt", NULL);
  g_autoptr (GError) error = NULL;
  g_auto (Await) called = { 0 };

  qga_connection_guest_suspend_ram_async (agent, NULL, await_callback, &called);
  g_assert_cmpint (qga_connection_guest_suspend_ram_finish (agent, await (&called), &error), ==, QGA_ACCEPTANCE_SILENT);
  g_assert_no_error (error);
  mock_agent_await (mock, "guest-suspend-ram", 1);
  g_assert_cmpint (qga_connection_guest_shutdown (agent, halt, NULL, &error), !=, QGA_ACCEPTANCE_NONE);
  g_assert_no_error (error);
  mock_agent_await (mock, "guest-shutdown", 1);
  g_assert_cmpstr (mock_agent_get_command (mock, "guest-shutdown", 1)->arguments, ==, "{\"mode\":\"halt\"}");
  assert_orderly (mock);
}

#define QEMU_TEST(path, machine, body) g_test_add (path, Fixture, machine, set_up_qemu, body, tear_down)
#define AGENT_TEST(path, body) g_test_add (path, Fixture, NULL, set_up_agent, body, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  QEMU_TEST ("/typed/status", NULL, test_status);
  g_test_add_func ("/typed/presence", test_presence);
  QEMU_TEST ("/typed/node-by-properties", NULL, test_node_by_properties);
  QEMU_TEST ("/typed/node-by-setters", NULL, test_node_by_setters);
  QEMU_TEST ("/typed/devices-in-a-list", "pc", test_devices_in_a_list);
  g_test_add_func ("/typed/lists-of-objects", test_lists_of_objects);
  QEMU_TEST ("/typed/transaction", NULL, test_transaction);
  QEMU_TEST ("/typed/keys", NULL, test_keys);
  QEMU_TEST ("/typed/lists-of-integers", NULL, test_lists_of_integers);
  QEMU_TEST ("/typed/wide-number", NULL, test_wide_number);
  g_test_add_func ("/typed/unions", test_unions);
  g_test_add_func ("/typed/alternates", test_alternates);
  QEMU_TEST ("/typed/event", NULL, test_event);
  QEMU_TEST ("/typed/errors", NULL, test_errors);
  QEMU_TEST ("/typed/any-value", NULL, test_any_value);
  QEMU_TEST ("/typed/descriptors", NULL, test_descriptors);
  AGENT_TEST ("/typed/agent", test_agent);
  AGENT_TEST ("/typed/agent/process", test_agent_process);
  AGENT_TEST ("/typed/agent/file", test_agent_file);
  g_test_add_func ("/typed/agent/unanswered", test_agent_unanswered);
  return g_test_run ();
}
