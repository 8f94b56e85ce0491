/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live-disks.h"

#include <string.h>

/* Jobs of a real QEMU, from their start to their end: each kind of them, with
 * its progress, cancelled at any moment, and watched by two. */

/* All that the schema names, one after the other. */
static void
test_kinds (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpMachine) machine = live_launch_disks (live, NULL);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autofree char *made = live_path (live, "made"), *over = live_path (live, "over");
  g_autofree char *create = g_strdup_printf ("{\"options\": {\"driver\": \"file\", \"filename\": \"%s\", \"size\": 0}}", made);
  g_autofree char *snapshot = g_strdup_printf ("{\"node-name\": \"disk\", \"snapshot-file\": \"%s\","
                                               " \"snapshot-node-name\": \"over\", \"format\": \"qcow2\"}", over);
  g_autofree char *done = NULL;

  live_run_job (connection, "blockdev-create", create, QMP_JOB_RUN_NONE);
  g_assert_true (g_file_test (made, G_FILE_TEST_EXISTS));
  live_run_job (connection, "blockdev-backup", "{\"device\": \"disk\", \"target\": \"spare\", \"sync\": \"full\"}", QMP_JOB_RUN_NONE);
  live_run_job (connection, "blockdev-mirror", "{\"device\": \"disk\", \"target\": \"spare\", \"sync\": \"full\"}", QMP_JOB_RUN_COPY);
  live_run_job (connection, "snapshot-save", "{\"tag\": \"one\", \"vmstate\": \"disk\", \"devices\": [\"disk\"]}", QMP_JOB_RUN_NONE);
  live_run_job (connection, "snapshot-load", "{\"tag\": \"one\", \"vmstate\": \"disk\", \"devices\": [\"disk\"]}", QMP_JOB_RUN_NONE);
  live_run_job (connection, "snapshot-delete", "{\"tag\": \"one\", \"devices\": [\"disk\"]}", QMP_JOB_RUN_NONE);
  done = live_run (connection, "blockdev-snapshot-sync", snapshot);
  live_run_job (connection, "block-commit", "{\"device\": \"over\"}", QMP_JOB_RUN_NONE);
  live_run_job (connection, "blockdev-mirror",
       "{\"device\": \"disk\", \"target\": \"spare\", \"sync\": \"full\", \"auto-finalize\": false, \"auto-dismiss\": false}",
       QMP_JOB_RUN_NONE);
  live_end_machine (machine);
}

static void
test_stream (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpMachine) machine = live_launch_disks (live, NULL);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autofree char *over = live_path (live, "over");
  g_autofree char *snapshot = g_strdup_printf ("{\"node-name\": \"disk\", \"snapshot-file\": \"%s\","
                                               " \"snapshot-node-name\": \"over\", \"format\": \"qcow2\"}", over);
  g_autofree char *done = live_run (connection, "blockdev-snapshot-sync", snapshot);

  live_run_job (connection, "block-stream", "{\"device\": \"over\"}", QMP_JOB_RUN_NONE);
  live_end_machine (machine);
}

static void
test_failures (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpMachine) machine = live_launch_disks (live, NULL);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autoptr (QmpRequest) missing = live_request ("snapshot-load", "{\"tag\": \"none\", \"vmstate\": \"disk\", \"devices\": [\"disk\"]}");
  g_autoptr (QmpRequest) nowhere = live_request ("blockdev-backup", "{\"device\": \"none\", \"target\": \"spare\", \"sync\": \"full\"}");
  g_autoptr (QmpRequest) no_job = live_request ("query-status", "{}");
  g_autoptr (GError) failed = NULL, refused = NULL, none = NULL;

  g_assert_false (qmp_job_run (connection, missing, NULL, QMP_JOB_RUN_NONE, NULL, &failed));
  g_assert_error (failed, QMP_ERROR, QMP_ERROR_JOB_FAILED);
  g_assert_nonnull (strstr (qmp_error_get_description (failed), "none"));
  g_assert_false (qmp_job_run (connection, nowhere, NULL, QMP_JOB_RUN_NONE, NULL, &refused));
  g_assert_error (refused, QMP_ERROR, QMP_ERROR_GENERIC);
  g_assert_false (qmp_job_run (connection, no_job, "ghost", QMP_JOB_RUN_NONE, NULL, &none));
  g_assert_error (none, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  live_assert_no_jobs (connection);
  live_end_machine (machine);
}

/* Two clients watch one job: one has started it, the other one has a list. */
static void
test_two_clients (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpMachine) machine = live_launch_disks (live, NULL);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autoptr (QmpJobList) list = qmp_job_list_new (connection);
  g_autoptr (QmpRequest) request = live_request ("blockdev-backup", "{\"job-id\": \"b\", \"device\": \"disk\", \"target\": \"spare\","
                                                 " \"sync\": \"full\", \"speed\": 8388608}");
  g_autoptr (GAsyncResult) started = NULL, waited = NULL;
  g_autoptr (QmpJob) job = NULL;
  g_autoptr (QmpJob) theirs = NULL;
  g_autoptr (GError) error = NULL;
  LiveRise rise;

  qmp_job_list_set_interval (list, 100);
  qmp_job_start_async (connection, request, NULL, NULL, live_keep_result, &started);
  job = qmp_job_start_finish (live_wait (&started), &error);
  g_assert_no_error (error);
  g_assert_cmpint (qmp_job_get_job_type (job), ==, QMP_JOB_TYPE_BACKUP);
  while (qmp_job_list_find (list, "b") == NULL)
    g_main_context_iteration (NULL, TRUE);
  theirs = g_object_ref (qmp_job_list_find (list, "b"));
  live_watch_rise (&rise, theirs);
  while (qmp_job_get_speed (theirs) <= 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (qmp_job_pause (job, NULL, NULL));
  while (qmp_job_get_status (theirs) != QMP_JOB_STATUS_PAUSED)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (qmp_job_resume (theirs, NULL, NULL));
  qmp_job_wait_async (theirs, NULL, live_keep_result, &waited);
  g_assert_true (qmp_job_wait_finish (theirs, live_wait (&waited), &error));
  g_assert_no_error (error);
  g_assert_true (qmp_job_wait (job, NULL, &error));
  g_assert_cmpuint (rise.n, >, 2);
  g_assert_cmpfloat_with_epsilon (rise.fraction, 1, 1e-9);
  while (g_list_model_get_n_items (G_LIST_MODEL (list)) > 0)
    g_main_context_iteration (NULL, TRUE);
  live_end_machine (machine);
}

/* Another process looks at it: the state after reconnecting is QEMU's. */
static void
test_reconnected (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpMachine) machine = live_launch_disks (live, NULL), again = NULL;
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autoptr (QmpRequest) request = live_request ("blockdev-mirror", "{\"job-id\": \"m\", \"device\": \"disk\", \"target\": \"spare\","
                                                 " \"sync\": \"full\"}");
  g_autoptr (QmpJob) job = qmp_job_start (connection, request, NULL, NULL, NULL);
  g_autoptr (QmpJobList) list = NULL;
  QmpJob *found;

  while (qmp_job_get_status (job) != QMP_JOB_STATUS_READY)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (qmp_connection_close (connection, NULL, NULL));
  again = qmp_machine_attach (qmp_machine_get_address (machine), NULL, NULL, NULL);
  list = qmp_job_list_new (qmp_machine_get_connection (again));
  while (!qmp_job_list_get_loaded (list))
    g_main_context_iteration (NULL, TRUE);
  found = qmp_job_list_find (list, "m");
  g_assert_cmpint (qmp_job_get_status (found), ==, QMP_JOB_STATUS_READY);
  g_assert_cmpint (qmp_job_get_job_type (found), ==, QMP_JOB_TYPE_MIRROR);
  g_assert_true (qmp_job_cancel (found, TRUE, NULL, NULL));
  g_assert_true (qmp_job_wait (found, NULL, NULL));
  live_end_machine (machine);
}

/* What it was cut off at is chance; that it ends right is not. */
static void
cancel_once (QmpConnection *connection, guint round)
{
  g_autoptr (QmpRequest) request = live_request (round % 2 == 0 ? "blockdev-backup" : "blockdev-mirror",
                                                 "{\"device\": \"disk\", \"target\": \"spare\", \"sync\": \"full\"}");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint turns = (guint) g_test_rand_int_range (0, 24);

  qmp_job_run_async (connection, request, NULL, QMP_JOB_RUN_COPY, cancellable, live_keep_result, &result);
  for (guint i = 0; i < turns && result == NULL; i++)
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (cancellable);
  if (!qmp_job_run_finish (live_wait (&result), &error))
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  live_assert_no_jobs (connection);
}

static void
test_cancelled (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpMachine) machine = live_launch_disks (live, NULL);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autofree char *process = g_strdup_printf ("%d", qmp_machine_get_pid (machine));
  g_autofree char *before = live_list_nodes (connection), *after = NULL;
  g_autoptr (QmpJobList) list = qmp_job_list_new (connection);
  guint our_fds = 0, their_fds = live_count_fds (process);

  for (guint i = 0; i < 50; i++)
    {
      cancel_once (connection, i);
      /* GLib lets go of earlier processes a little late */
      our_fds = i == 10 ? live_count_fds ("self") : our_fds;
    }
  while (g_list_model_get_n_items (G_LIST_MODEL (list)) > 0)
    g_main_context_iteration (NULL, TRUE);
  after = live_list_nodes (connection);
  g_assert_cmpstr (after, ==, before);
  g_assert_cmpuint (live_count_fds (process), ==, their_fds);
  g_assert_cmpuint (live_count_fds ("self"), <=, our_fds);
  live_end_machine (machine);
}

static guint
count_snapshots (QmpConnection *connection)
{
  g_autoptr (GPtrArray) snapshots = qmp_connection_list_snapshots (connection, "disk", NULL, NULL);

  return snapshots != NULL ? snapshots->len : G_MAXUINT;
}

/* Calls that end when what they are for is done. */
static void
test_snapshots (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  static const char *const devices[] = { "disk", NULL };
  g_autoptr (QmpMachine) machine = live_launch_disks (live, NULL);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autoptr (GPtrArray) snapshots = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (qmp_connection_save_snapshot (connection, "one", "disk", devices, NULL, &error));
  snapshots = qmp_connection_list_snapshots (connection, "disk", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (snapshots->len, ==, 1);
  g_assert_cmpstr (qmp_snapshot_info_get_name (snapshots->pdata[0]), ==, "one");
  g_assert_true (qmp_connection_load_snapshot (connection, "one", "disk", devices, NULL, &error));
  g_assert_true (qmp_machine_start (machine, NULL, NULL));
  qmp_connection_load_snapshot_async (connection, "two", "disk", devices, NULL, live_keep_result, &result);
  g_assert_false (qmp_connection_load_snapshot_finish (connection, live_wait (&result), &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_JOB_FAILED);
  g_assert_nonnull (strstr (error->message, "restore-vm"));
  g_assert_true (qmp_connection_delete_snapshot (connection, "one", devices, NULL, NULL));
  g_assert_cmpuint (count_snapshots (connection), ==, 0);
  g_clear_error (&error);
  g_assert_null (qmp_connection_list_snapshots (connection, "nothing", NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  live_assert_no_jobs (connection);
  live_end_machine (machine);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  LIVE_TEST ("/live/jobs/kinds", test_kinds);
  LIVE_TEST ("/live/jobs/stream", test_stream);
  LIVE_TEST ("/live/jobs/failures", test_failures);
  LIVE_TEST ("/live/jobs/two-clients", test_two_clients);
  LIVE_TEST ("/live/jobs/reconnected", test_reconnected);
  LIVE_TEST ("/live/jobs/cancelled", test_cancelled);
  LIVE_TEST ("/live/jobs/snapshots", test_snapshots);
  return g_test_run ();
}
