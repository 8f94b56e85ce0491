/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live-disks.h"

#include <string.h>

/* Overlays of a real QEMU's disks: added, listed, merged and streamed, with
 * what the guest wrote where it belongs, and with nothing left of what fails. */

/* The names, topmost first. */
static char *
chain_of (QmpConnection *connection, const char *node)
{
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) chain = NULL;
  g_autoptr (GError) error = NULL;

  qmp_connection_list_chain_async (connection, node, NULL, live_keep_result, &result);
  chain = qmp_connection_list_chain_finish (connection, live_wait (&result), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < chain->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? " " : "", qmp_block_device_info_get_node_name (chain->pdata[i]));
  return g_string_free (g_steal_pointer (&names), FALSE);
}

#define assert_chain(connection, node, expected) \
  G_STMT_START { \
    g_autofree char *chain_now = chain_of (connection, node); \
    g_assert_cmpstr (chain_now, ==, expected); \
  } G_STMT_END

#define assert_nodes(connection, expected) \
  G_STMT_START { \
    g_autofree char *nodes_now = live_list_nodes (connection); \
    g_assert_cmpstr (nodes_now, ==, expected); \
  } G_STMT_END

/* In a main context, or blocking: by turns. */
static void
add_overlay (Live *live, QmpConnection *connection, const char *node, const char *name, gboolean blocking)
{
  g_autoptr (QmpExternalSnapshot) snapshot = qmp_external_snapshot_new ();
  g_autofree char *path = live_path (live, name);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = NULL;

  qmp_external_snapshot_add_disk (snapshot, node, path, name);
  if (blocking)
    names = qmp_external_snapshot_take (snapshot, connection, NULL, &error);
  else
    {
      qmp_external_snapshot_take_async (snapshot, connection, NULL, live_keep_result, &result);
      names = qmp_external_snapshot_take_finish (snapshot, live_wait (&result), &error);
    }
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (names), ==, 1);
  g_assert_cmpstr (names[0], ==, name);
}

static void
commit (QmpConnection *connection, const char *node, QmpBlockCommitArguments *arguments, gboolean blocking, const char *expected)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *left = NULL;

  if (blocking)
    left = qmp_connection_commit_overlay (connection, node, arguments, NULL, &error);
  else
    {
      qmp_connection_commit_overlay_async (connection, node, arguments, NULL, live_keep_result, &result);
      left = qmp_connection_commit_overlay_finish (connection, live_wait (&result), &error);
    }
  g_assert_no_error (error);
  g_assert_cmpstr (left, ==, expected);
  live_assert_no_jobs (connection);
}

static void
stream (QmpConnection *connection, const char *node, QmpBlockStreamArguments *arguments, gboolean blocking)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  if (blocking)
    qmp_connection_stream_overlay (connection, node, arguments, NULL, &error);
  else
    {
      qmp_connection_stream_overlay_async (connection, node, arguments, NULL, live_keep_result, &result);
      qmp_connection_stream_overlay_finish (connection, live_wait (&result), &error);
    }
  g_assert_no_error (error);
  live_assert_no_jobs (connection);
}

/* Three overlays with one block of each, on one of the image at the bottom. */
static void
build_chain (Live *live, QmpConnection *connection)
{
  add_overlay (live, connection, "disk", "one", FALSE);
  live_write (connection, "vd", 1, 1);
  add_overlay (live, connection, "one", "two", TRUE);
  live_write (connection, "vd", 2, 2);
  add_overlay (live, connection, "two", "three", FALSE);
  live_write (connection, "vd", 3, 3);
  assert_chain (connection, "three", "three two one disk");
}

static void
assert_contents (QmpConnection *connection, const char *node)
{
  g_assert_true (live_reads (connection, "vd", node, 0, 0x5a));
  for (guint i = 1; i <= 3; i++)
    g_assert_true (live_reads (connection, "vd", node, i, i));
  g_assert_false (live_reads (connection, "vd", node, 3, 0x5a));
}

/* --- the chain ------------------------------------------------------------------------------ */

static void
test_commit (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpMachine) machine = live_launch_disks (live, NULL);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autofree char *before = live_list_nodes (connection);
  g_autoptr (QmpBlockCommitArguments) middle = qmp_block_commit_arguments_new ();

  build_chain (live, connection);
  qmp_block_commit_arguments_set_top_node (middle, "two");
  qmp_block_commit_arguments_set_base_node (middle, "one");
  commit (connection, "three", middle, FALSE, "three");
  assert_chain (connection, "three", "three one disk");
  assert_contents (connection, "three");
  commit (connection, "three", NULL, FALSE, "disk");
  assert_chain (connection, "disk", "disk");
  assert_nodes (connection, before);
  assert_contents (connection, "disk");

  add_overlay (live, connection, "disk", "four", TRUE);
  add_overlay (live, connection, "four", "five", TRUE);
  live_write (connection, "vd", 4, 4);
  qmp_block_commit_arguments_set_top_node (middle, "four");
  qmp_block_commit_arguments_set_base_node (middle, "disk");
  commit (connection, "five", middle, TRUE, "five");
  assert_chain (connection, "five", "five disk");
  commit (connection, "five", NULL, TRUE, "disk");
  assert_nodes (connection, before);
  g_assert_true (live_reads (connection, "vd", "disk", 4, 4));
  live_end_machine (machine);
}

static const char *
recorded (GPtrArray *chain, guint at)
{
  return qmp_image_info_get_backing_filename (qmp_block_device_info_get_image (chain->pdata[at]));
}

static void
test_stream (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpMachine) machine = live_launch_disks (live, NULL);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autoptr (QmpBlockStreamArguments) part = qmp_block_stream_arguments_new ();
  g_autofree char *bottom = live_path (live, "disk"), *left = NULL;
  g_autoptr (GPtrArray) chain = NULL, renamed = NULL;

  build_chain (live, connection);
  qmp_block_stream_arguments_set_base_node (part, "one");
  stream (connection, "three", part, FALSE);
  assert_chain (connection, "three", "three one disk");
  qmp_block_stream_arguments_set_base_node (part, "disk");
  stream (connection, "three", part, TRUE);
  chain = qmp_connection_list_chain (connection, "three", NULL, NULL);
  g_assert_cmpuint (chain->len, ==, 2);
  g_assert_cmpstr (qmp_block_device_info_get_drv (chain->pdata[0]), ==, "qcow2");
  g_assert_cmpstr (qmp_block_device_info_get_file (chain->pdata[1]), ==, bottom);
  g_assert_cmpstr (recorded (chain, 0), ==, bottom);
  assert_contents (connection, "three");

  /* what is recorded may be anything: it counts when the image is opened */
  g_assert_true (qmp_connection_change_backing_file (connection, "three", "three", "disk", NULL, NULL));
  renamed = qmp_connection_list_chain (connection, "three", NULL, NULL);
  g_assert_cmpstr (recorded (renamed, 0), ==, "disk");

  stream (connection, "three", NULL, FALSE);
  assert_chain (connection, "three", "three");
  assert_contents (connection, "three");
  left = live_list_nodes (connection);
  g_assert_null (strstr (left, bottom));
  live_end_machine (machine);
}

static void
test_bottom (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpMachine) machine = live_launch_disks (live, NULL);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autoptr (QmpBlockStreamArguments) part = qmp_block_stream_arguments_new ();

  build_chain (live, connection);
  qmp_block_stream_arguments_set_bottom (part, "two");
  stream (connection, "three", part, FALSE);
  assert_chain (connection, "three", "three one disk");
  assert_contents (connection, "three");
  live_end_machine (machine);
}

/* Filters are part of a chain; an overlay goes below of them. */
static void
test_filters (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  static const char *const more[] = { "-object", "throttle-group,id=group", "-blockdev",
                                      "driver=throttle,node-name=slow,throttle-group=group,file=spare", NULL };
  g_autoptr (QmpMachine) machine = live_launch_disks (live, more);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autofree char *path = live_path (live, "over"), *overlay = NULL;
  g_autoptr (GError) error = NULL;

  assert_chain (connection, "slow", "slow spare");
  g_assert_null (qmp_connection_add_overlay (connection, "slow", path, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  add_overlay (live, connection, "spare", "over", TRUE);
  assert_chain (connection, "slow", "slow over spare");
  live_end_machine (machine);
}

/* Without a machine, too. */
static void
test_storage_daemon (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *path = live_path (live, "disk"), *before = NULL;
  g_autofree char *node = g_strdup_printf ("{\"driver\": \"qcow2\", \"node-name\": \"disk\","
                                           " \"file\": {\"driver\": \"file\", \"filename\": \"%s\"}}", path);
  g_autoptr (QmpConnection) connection = NULL;
  g_autofree char *done = NULL;

  live_make_image (live, "disk", FALSE);
  live_start_storage_daemon (live);
  connection = live_open (live);
  done = live_run (connection, "blockdev-add", node);
  before = live_list_nodes (connection);
  add_overlay (live, connection, "disk", "one", FALSE);
  add_overlay (live, connection, "one", "two", TRUE);
  assert_chain (connection, "two", "two one disk");
  commit (connection, "two", NULL, FALSE, "disk");
  assert_nodes (connection, before);
  add_overlay (live, connection, "disk", "three", FALSE);
  stream (connection, "three", NULL, FALSE);
  assert_chain (connection, "three", "three");
}

static char *
find_inserted (QmpConnection *connection, const char *drive)
{
  g_autoptr (GPtrArray) infos = qmp_connection_query_block (connection, NULL, NULL);

  g_assert_nonnull (infos);
  for (guint i = 0; i < infos->len; i++)
    if (g_strcmp0 (qmp_block_info_get_device (infos->pdata[i]), drive) == 0)
      return g_strdup (qmp_block_device_info_get_node_name (qmp_block_info_get_inserted (infos->pdata[i])));
  g_assert_not_reached ();
}

/* A disk whose node was given no name, and is not for us to remove. */
static void
test_nameless (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *path = live_path (live, "old"), *drive = g_strdup_printf ("file=%s,format=qcow2,if=none,id=old", path);
  const char *const more[] = { "-drive", drive, "-device", "virtio-blk-pci,drive=old", NULL };
  g_autofree char *node = NULL, *before = NULL, *now = NULL;
  g_autoptr (QmpMachine) machine = NULL;
  QmpConnection *connection;

  live_make_image (live, "old", TRUE);
  machine = live_launch_disks (live, more);
  connection = qmp_machine_get_connection (machine);
  node = find_inserted (connection, "old");
  before = live_list_nodes (connection);
  add_overlay (live, connection, node, "over", FALSE);
  now = find_inserted (connection, "old");
  g_assert_cmpstr (now, ==, "over");
  commit (connection, "over", NULL, FALSE, node);
  assert_nodes (connection, before);
  add_overlay (live, connection, node, "over", TRUE);
  stream (connection, "over", NULL, FALSE);
  assert_chain (connection, "over", "over");
  live_end_machine (machine);
}

/* --- several disks -------------------------------------------------------------------------- */

static void
test_many (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpMachine) machine = live_launch_disks (live, NULL);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autoptr (QmpExternalSnapshot) snapshot = qmp_external_snapshot_new ();
  g_autofree char *first = live_path (live, "first"), *second = live_path (live, "second");
  g_autofree char *json = g_strdup_printf ("{\"driver\": \"qcow2\", \"node-name\": \"second\", \"discard\": \"unmap\","
                                           " \"file\": {\"driver\": \"file\", \"filename\": \"%s\"}}", second);
  g_autoptr (QmpBlockdevOptions) options = qmp_blockdev_options_new_from_json (json, NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = NULL;

  live_make_image (live, "second", FALSE);
  qmp_external_snapshot_add_disk (snapshot, "disk", first, NULL);
  qmp_external_snapshot_add_overlay (snapshot, "spare", options);
  qmp_external_snapshot_take_async (snapshot, connection, NULL, live_keep_result, &result);
  names = qmp_external_snapshot_take_finish (snapshot, live_wait (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (names), ==, 2);
  g_assert_cmpstr (names[1], ==, "second");
  assert_chain (connection, "second", "second spare");
  live_write (connection, "vd", 0, 7);
  commit (connection, names[0], NULL, TRUE, "disk");
  g_assert_true (live_reads (connection, "vd", "disk", 0, 7));
  live_assert_no_jobs (connection);
  live_end_machine (machine);
}

/* What goes wrong with the last disk is taken back from all. */
static void
assert_fails (QmpConnection *connection, const char *file, const char *node, const char *other_file, const char *name, GQuark domain,
              int code)
{
  g_autoptr (QmpExternalSnapshot) snapshot = qmp_external_snapshot_new ();
  g_autofree char *before = live_list_nodes (connection);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL, again = NULL;

  qmp_external_snapshot_add_disk (snapshot, "disk", file, "first");
  qmp_external_snapshot_add_disk (snapshot, node, other_file, name);
  qmp_external_snapshot_take_async (snapshot, connection, NULL, live_keep_result, &result);
  g_assert_null (qmp_external_snapshot_take_finish (snapshot, live_wait (&result), &error));
  g_assert_error (error, domain, code);
  g_assert_null (qmp_external_snapshot_take (snapshot, connection, NULL, &again));
  g_assert_error (again, domain, code);
  assert_nodes (connection, before);
  live_assert_no_jobs (connection);
}

/* The file of an image that is open is not made anew. */
static void
test_own_file (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpMachine) machine = live_launch_disks (live, NULL);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autofree char *disk = live_path (live, "disk"), *both = live_path (live, "both");

  assert_fails (connection, disk, "spare", both, NULL, QMP_ERROR, QMP_ERROR_JOB_FAILED);
  assert_fails (connection, both, "spare", both, NULL, QMP_ERROR, QMP_ERROR_JOB_FAILED);
  g_assert_true (live_reads (connection, "vd", "disk", 0, 0x5a));
  live_end_machine (machine);
}

static void
test_failures (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpMachine) machine = live_launch_disks (live, NULL);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autofree char *first = live_path (live, "first"), *second = live_path (live, "second"), *nowhere = live_path (live, "no/where");
  g_autoptr (GError) error = NULL;

  assert_fails (connection, first, "none", second, NULL, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  assert_fails (connection, first, "spare", nowhere, NULL, QMP_ERROR, QMP_ERROR_JOB_FAILED);
  /* a name that somebody has: theirs is not taken away */
  assert_fails (connection, first, "spare", second, "disk", QMP_ERROR, QMP_ERROR_GENERIC);
  /* two at once over one */
  assert_fails (connection, first, "disk", second, "second", QMP_ERROR, QMP_ERROR_GENERIC);
  g_assert_null (qmp_connection_list_chain (connection, "none", NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (qmp_connection_commit_overlay (connection, "disk", NULL, NULL, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_GENERIC);
  assert_chain (connection, "disk", "disk");
  live_end_machine (machine);
}

/* --- while it goes on ----------------------------------------------------------------------- */

/* The job can be found, its progress rises, and it can be sped up. */
static void
test_progress (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpMachine) machine = live_launch_disks (live, NULL);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autoptr (QmpBlockStreamArguments) arguments = qmp_block_stream_arguments_new ();
  g_autoptr (QmpJobList) list = qmp_job_list_new (connection);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpJob) job = NULL;
  LiveRise rise;

  add_overlay (live, connection, "disk", "one", FALSE);
  qmp_job_list_set_interval (list, 50);
  qmp_block_stream_arguments_set_job_id (arguments, "pull");
  qmp_block_stream_arguments_set_speed (arguments, 8 * 1024 * 1024);
  qmp_connection_stream_overlay_async (connection, "one", arguments, NULL, live_keep_result, &result);
  while (qmp_job_list_find (list, "pull") == NULL)
    g_main_context_iteration (NULL, TRUE);
  job = g_object_ref (qmp_job_list_find (list, "pull"));
  live_watch_rise (&rise, job);
  g_assert_true (qmp_connection_stream_overlay_finish (connection, live_wait (&result), &error));
  while (qmp_job_get_status (job) != QMP_JOB_STATUS_NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (rise.n, >, 2);
  g_assert_cmpfloat_with_epsilon (rise.fraction, 1, 1e-9);
  g_assert_cmpuint (rise.current, ==, qmp_job_get_total_progress (job));
  live_end_machine (machine);
}

/* --- cancelling ----------------------------------------------------------------------------- */

typedef void (*Begin) (QmpConnection *connection, gpointer what, GCancellable *cancellable, GAsyncResult **result);

static void
begin_take (QmpConnection *connection, gpointer snapshot, GCancellable *cancellable, GAsyncResult **result)
{
  qmp_external_snapshot_take_async (snapshot, connection, cancellable, live_keep_result, result);
}

static void
begin_commit (QmpConnection *connection, gpointer node, GCancellable *cancellable, GAsyncResult **result)
{
  g_autoptr (QmpBlockCommitArguments) arguments = qmp_block_commit_arguments_new ();

  qmp_block_commit_arguments_set_speed (arguments, 1);
  qmp_connection_commit_overlay_async (connection, node, arguments, cancellable, live_keep_result, result);
}

static void
begin_stream (QmpConnection *connection, gpointer node, GCancellable *cancellable, GAsyncResult **result)
{
  g_autoptr (QmpBlockStreamArguments) arguments = qmp_block_stream_arguments_new ();

  qmp_block_stream_arguments_set_speed (arguments, 1);
  qmp_connection_stream_overlay_async (connection, node, arguments, cancellable, live_keep_result, result);
}

/* What it was cut off at is chance. */
static GAsyncResult *
cancel_sometime (QmpConnection *connection, Begin begin, gpointer what, int most_turns)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;
  guint turns = (guint) g_test_rand_int_range (0, most_turns);

  begin (connection, what, cancellable, &result);
  for (guint i = 0; i < turns && result == NULL; i++)
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (cancellable);
  return live_wait (&result);
}

static void
test_cancelled_jobs (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpMachine) machine = live_launch_disks (live, NULL);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autoptr (QmpJobList) list = qmp_job_list_new (connection);
  g_autofree char *before = NULL;

  /* so that there is always something to do, and turns go by */
  qmp_job_list_set_interval (list, 1);
  build_chain (live, connection);
  /* enough of it that a slow job does not end by itself */
  for (guint i = 16; i < 80; i++)
    live_write (connection, "vd", i, 9);
  before = live_list_nodes (connection);
  for (guint i = 0; i < 25; i++)
    {
      g_autoptr (GAsyncResult) commit_result = cancel_sometime (connection, begin_commit, (gpointer) "three", 16);
      g_autoptr (GAsyncResult) stream_result = cancel_sometime (connection, begin_stream, (gpointer) "three", 16);
      g_autoptr (GError) commit_error = NULL, stream_error = NULL;

      g_assert_null (qmp_connection_commit_overlay_finish (connection, commit_result, &commit_error));
      g_assert_error (commit_error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_false (qmp_connection_stream_overlay_finish (connection, stream_result, &stream_error));
      g_assert_error (stream_error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      live_assert_no_jobs (connection);
      assert_nodes (connection, before);
    }
  assert_chain (connection, "three", "three two one disk");
  assert_contents (connection, "three");
  live_end_machine (machine);
}

/* Either the snapshot was taken, and is then merged again; or nothing was done. */
static void
test_cancelled_snapshots (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpMachine) machine = live_launch_disks (live, NULL);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autofree char *process = g_strdup_printf ("%d", qmp_machine_get_pid (machine));
  g_autofree char *first = live_path (live, "first"), *second = live_path (live, "second");
  g_autofree char *before = live_list_nodes (connection);
  guint our_fds = 0, their_fds = live_count_fds (process), n_taken = 0;

  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (QmpExternalSnapshot) snapshot = qmp_external_snapshot_new ();
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;
      g_auto (GStrv) names = NULL;

      qmp_external_snapshot_add_disk (snapshot, "disk", first, NULL);
      qmp_external_snapshot_add_disk (snapshot, "spare", second, i % 2 == 0 ? "second" : NULL);
      result = cancel_sometime (connection, begin_take, snapshot, 160);
      names = qmp_external_snapshot_take_finish (snapshot, result, &error);
      if (names != NULL)
        {
          n_taken++;
          commit (connection, names[0], NULL, FALSE, "disk");
          commit (connection, names[1], NULL, FALSE, "spare");
        }
      else
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      live_assert_no_jobs (connection);
      assert_nodes (connection, before);
      /* GLib lets go of earlier processes a little late */
      our_fds = i == 10 ? live_count_fds ("self") : our_fds;
    }
  g_test_message ("%u of 50 were taken before they could be cancelled", n_taken);
  g_assert_cmpuint (live_count_fds (process), ==, their_fds);
  g_assert_cmpuint (live_count_fds ("self"), <=, our_fds);
  live_end_machine (machine);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  LIVE_TEST ("/live/snapshots/commit", test_commit);
  LIVE_TEST ("/live/snapshots/stream", test_stream);
  LIVE_TEST ("/live/snapshots/bottom", test_bottom);
  LIVE_TEST ("/live/snapshots/filters", test_filters);
  LIVE_TEST ("/live/snapshots/storage-daemon", test_storage_daemon);
  LIVE_TEST ("/live/snapshots/nameless", test_nameless);
  LIVE_TEST ("/live/snapshots/many", test_many);
  LIVE_TEST ("/live/snapshots/failures", test_failures);
  LIVE_TEST ("/live/snapshots/own-file", test_own_file);
  LIVE_TEST ("/live/snapshots/progress", test_progress);
  LIVE_TEST ("/live/snapshots/cancelled-jobs", test_cancelled_jobs);
  LIVE_TEST ("/live/snapshots/cancelled-snapshots", test_cancelled_snapshots);
  return g_test_run ();
}
