/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live-disks.h"

#include <signal.h>
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

/* --- progress ---------------------------------------------------------------------------- */

typedef struct
{
  LiveRise rise;
  QmpJob *job;
} Followed;

static void
on_listed (GListModel *list, guint position, G_GNUC_UNUSED guint removed, guint added, Followed *followed)
{
  if (added == 0)
    return;
  g_assert_cmpuint (added, ==, 1);
  g_assert_null (followed->job);
  followed->job = g_list_model_get_item (list, position);
  live_watch_rise (&followed->rise, followed->job);
}

/* It only rises, and ends with all that there is to do. */
static void
assert_rises (QmpConnection *connection, const char *command, const char *arguments, QmpJobRunFlags flags, QmpJobType type,
              guint least)
{
  g_autoptr (QmpJobList) list = qmp_job_list_new (connection);
  Followed followed = { .job = NULL };

  qmp_job_list_set_interval (list, 20);
  g_signal_connect (list, "items-changed", G_CALLBACK (on_listed), &followed);
  live_run_job (connection, command, arguments, flags);
  while (followed.job == NULL || qmp_job_get_status (followed.job) != QMP_JOB_STATUS_NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (qmp_job_get_job_type (followed.job), ==, type);
  g_assert_null (qmp_job_get_error (followed.job));
  g_assert_cmpfloat_with_epsilon (followed.rise.fraction, 1, 1e-9);
  g_assert_cmpuint (qmp_job_get_total_progress (followed.job), >, 0);
  g_assert_cmpuint (qmp_job_get_current_progress (followed.job), ==, qmp_job_get_total_progress (followed.job));
  g_assert_cmpuint (followed.rise.n, >=, least);
  g_assert_cmpfloat_with_epsilon (qmp_job_get_time_left (followed.job), 0, 1e-9);
  g_signal_handlers_disconnect_by_data (followed.job, &followed.rise);
  g_object_unref (followed.job);
}

static void
test_progress (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpMachine) machine = live_launch_disks (live, NULL);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autofree char *below = live_path (live, "below"), *above = live_path (live, "above"), *commit = NULL, *stream = NULL;
  g_autofree char *lower = NULL, *upper = NULL;

  assert_rises (connection, "blockdev-backup", "{\"device\": \"disk\", \"target\": \"spare\", \"sync\": \"full\", \"speed\": 8388608}",
                QMP_JOB_RUN_NONE, QMP_JOB_TYPE_BACKUP, 3);
  assert_rises (connection, "blockdev-mirror", "{\"device\": \"disk\", \"target\": \"spare\", \"sync\": \"full\", \"speed\": 8388608,"
                " \"buf-size\": 1048576}", QMP_JOB_RUN_COPY, QMP_JOB_TYPE_MIRROR, 3);
  assert_rises (connection, "snapshot-save", "{\"job-id\": \"s\", \"tag\": \"one\", \"vmstate\": \"disk\", \"devices\": [\"disk\"]}",
                QMP_JOB_RUN_NONE, QMP_JOB_TYPE_SNAPSHOT_SAVE, 1);
  assert_rises (connection, "snapshot-load", "{\"job-id\": \"s\", \"tag\": \"one\", \"vmstate\": \"disk\", \"devices\": [\"disk\"]}",
                QMP_JOB_RUN_NONE, QMP_JOB_TYPE_SNAPSHOT_LOAD, 1);
  lower = qmp_connection_add_overlay (connection, "disk", below, NULL, NULL);
  for (guint i = 0; i < 128; i++)
    live_write (connection, "vd", i, 3);
  upper = qmp_connection_add_overlay (connection, lower, above, NULL, NULL);
  commit = g_strdup_printf ("{\"device\": \"%s\", \"top-node\": \"%s\", \"speed\": 8388608}", upper, lower);
  assert_rises (connection, "block-commit", commit, QMP_JOB_RUN_NONE, QMP_JOB_TYPE_COMMIT, 3);
  stream = g_strdup_printf ("{\"device\": \"%s\", \"speed\": 8388608}", upper);
  assert_rises (connection, "block-stream", stream, QMP_JOB_RUN_NONE, QMP_JOB_TYPE_STREAM, 3);
  live_end_machine (machine);
}

/* --- two monitors -------------------------------------------------------------------------- */

/* One that is listening, and the connection to it. */
static QmpMachine *
launch_with_two (Live *live, QmpConnection **other)
{
  g_autofree char *socket = g_strdup_printf ("socket,id=second,path=%s,server=on,wait=off", live->monitor);
  const char *const more[] = { "-chardev", socket, "-mon", "chardev=second,mode=control", NULL };
  QmpMachine *machine = live_launch_disks (live, more);

  *other = live_open (live);
  return machine;
}

/* A job as one of them sees it. */
typedef struct
{
  QmpJobList *list;
  QmpJob *job;
  GString *log;
  guint n_settled;
  GAsyncResult *result;
} View;

static void
note_status (QmpJob *job, G_GNUC_UNUSED GParamSpec *pspec, View *view)
{
  g_autoptr (GEnumClass) class = g_type_class_ref (QMP_TYPE_JOB_STATUS);

  g_string_append_printf (view->log, "%s ", g_enum_get_value (class, qmp_job_get_status (job))->value_nick);
}

static void
note_settled (G_GNUC_UNUSED QmpJob *job, View *view)
{
  view->n_settled++;
}

static void
note_listed (GListModel *list, guint position, G_GNUC_UNUSED guint removed, guint added, View *view)
{
  if (added == 0)
    return;
  g_assert_null (view->job);
  view->job = g_list_model_get_item (list, position);
  note_status (view->job, NULL, view);
  g_signal_connect (view->job, "notify::status", G_CALLBACK (note_status), view);
  g_signal_connect (view->job, "settled", G_CALLBACK (note_settled), view);
  qmp_job_wait_async (view->job, NULL, live_keep_result, &view->result);
}

static void
view_open (View *view, QmpConnection *connection)
{
  *view = (View) { .list = qmp_job_list_new (connection), .log = g_string_new (NULL) };
  qmp_job_list_set_interval (view->list, 20);
  g_signal_connect (view->list, "items-changed", G_CALLBACK (note_listed), view);
  while (!qmp_job_list_get_loaded (view->list))
    g_main_context_iteration (NULL, TRUE);
}

/* The end of a job, which must be known by then, or will be. */
static void
view_assert (View *view, const char *log, int error_code)
{
  g_autoptr (GError) error = NULL;

  while (view->job == NULL || qmp_job_get_status (view->job) != QMP_JOB_STATUS_NULL)
    g_main_context_iteration (NULL, TRUE);
  if (!qmp_job_wait_finish (view->job, live_wait (&view->result), &error))
    g_assert_error (error, G_IO_ERROR, error_code);
  g_assert_cmpint (error == NULL, ==, error_code == 0);
  g_assert_cmpstr (view->log->str, ==, log);
  g_assert_cmpuint (view->n_settled, ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (view->list)), ==, 0);
  g_string_truncate (view->log, 0);
  view->n_settled = 0;
  g_clear_object (&view->result);
  g_signal_handlers_disconnect_by_data (view->job, view);
  g_clear_object (&view->job);
}

static void
view_close (View *view)
{
  g_signal_handlers_disconnect_by_data (view->list, view);
  g_clear_object (&view->list);
  g_string_free (view->log, TRUE);
}

static void
await_status (View *view, QmpJobStatus status)
{
  while (view->job == NULL || qmp_job_get_status (view->job) != status)
    g_main_context_iteration (NULL, TRUE);
}

static QmpJob *
start_mirror (QmpConnection *connection, int speed)
{
  g_autofree char *json = g_strdup_printf ("{\"job-id\": \"m\", \"device\": \"disk\", \"target\": \"spare\", \"sync\": \"full\","
                                           " \"speed\": %d, \"buf-size\": 65536}", speed);
  g_autoptr (QmpRequest) request = live_request ("blockdev-mirror", json);
  g_autoptr (GError) error = NULL;
  QmpJob *job = qmp_job_start (connection, request, NULL, NULL, &error);

  g_assert_no_error (error);
  return job;
}

/* One cancels, pauses and completes what the other one has started. */
static void
test_two_connections (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpConnection) other = NULL;
  g_autoptr (QmpMachine) machine = launch_with_two (live, &other);
  g_autoptr (QmpJob) cancelled = NULL, copied = NULL;
  View ours, theirs;

  view_open (&ours, qmp_machine_get_connection (machine));
  view_open (&theirs, other);
  cancelled = start_mirror (other, 4 * 1024 * 1024);
  await_status (&ours, QMP_JOB_STATUS_RUNNING);
  g_assert_true (qmp_job_pause (ours.job, NULL, NULL));
  await_status (&theirs, QMP_JOB_STATUS_PAUSED);
  await_status (&ours, QMP_JOB_STATUS_PAUSED);
  g_assert_true (qmp_job_resume (theirs.job, NULL, NULL));
  await_status (&ours, QMP_JOB_STATUS_RUNNING);
  await_status (&theirs, QMP_JOB_STATUS_RUNNING);
  g_assert_true (qmp_job_cancel (ours.job, FALSE, NULL, NULL));
  view_assert (&ours, "created running paused running aborting concluded null ", G_IO_ERROR_CANCELLED);
  view_assert (&theirs, "created running paused running aborting concluded null ", G_IO_ERROR_CANCELLED);

  copied = start_mirror (qmp_machine_get_connection (machine), 0);
  await_status (&theirs, QMP_JOB_STATUS_READY);
  g_assert_true (qmp_job_cancel (theirs.job, TRUE, NULL, NULL));
  view_assert (&theirs, "created running ready waiting pending concluded null ", 0);
  view_assert (&ours, "created running ready waiting pending concluded null ", 0);
  g_assert_true (qmp_job_wait (copied, NULL, NULL));
  view_close (&ours);
  view_close (&theirs);
  live_end_machine (machine);
}

/* Jobs that are gone before they can be asked about: the one who looks on
 * hears of all, and is left with none. */
static void
test_vanishing (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpConnection) other = NULL;
  g_autoptr (QmpMachine) machine = launch_with_two (live, &other);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autofree char *path = live_path (live, "made");
  g_autofree char *create = g_strdup_printf ("{\"options\": {\"driver\": \"file\", \"filename\": \"%s\", \"size\": 0}}", path);
  View view;

  view_open (&view, other);
  qmp_job_list_set_interval (view.list, 1);
  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (QmpRequest) request = live_request ("blockdev-create", create);

      if (i % 2 == 0)
        live_run_job (connection, "blockdev-create", create, QMP_JOB_RUN_NONE);
      else
        g_assert_true (qmp_job_run (connection, request, NULL, QMP_JOB_RUN_NONE, NULL, NULL));
      view_assert (&view, "created running waiting pending concluded null ", 0);
    }
  view_close (&view);
  live_end_machine (machine);
}

/* --- what is told of block jobs ------------------------------------------------------------- */

static void
test_details (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpMachine) machine = live_launch_disks (live, NULL);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autoptr (QmpRequest) request = live_request ("blockdev-mirror", "{\"job-id\": \"m\", \"device\": \"disk\", \"target\": \"spare\","
                                                 " \"sync\": \"full\", \"speed\": 4096, \"auto-dismiss\": false, \"auto-finalize\": false}");
  g_autoptr (QmpJob) job = qmp_job_start (connection, request, NULL, NULL, NULL);
  g_autoptr (GAsyncResult) asked = NULL, told = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (qmp_job_get_speed_limit (job), ==, -1);
  qmp_job_query_details_async (job, NULL, live_keep_result, &asked);
  g_assert_true (qmp_job_query_details_finish (job, live_wait (&asked), NULL));
  g_assert_cmpint (qmp_job_get_speed_limit (job), ==, 4096);
  g_assert_false (qmp_job_get_auto_dismiss (job));
  g_assert_false (qmp_job_get_auto_finalize (job));
  qmp_job_limit_speed_async (job, 1 << 20, NULL, live_keep_result, &told);
  g_assert_true (qmp_job_limit_speed_finish (job, live_wait (&told), NULL));
  g_assert_cmpint (qmp_job_get_speed_limit (job), ==, 1 << 20);
  g_assert_true (qmp_job_limit_speed (job, 0, NULL, NULL));
  g_assert_true (qmp_job_query_details (job, NULL, NULL));
  g_assert_cmpint (qmp_job_get_speed_limit (job), ==, 0);
  while (qmp_job_get_status (job) != QMP_JOB_STATUS_READY)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (qmp_job_cancel (job, TRUE, NULL, NULL));
  while (qmp_job_get_status (job) != QMP_JOB_STATUS_PENDING)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (qmp_job_finalize (job, NULL, NULL));
  g_assert_true (qmp_job_wait (job, NULL, &error));
  g_assert_true (qmp_job_dismiss (job, NULL, NULL));
  g_assert_false (qmp_job_query_details (job, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_false (qmp_job_limit_speed (job, 1, NULL, NULL));
  live_end_machine (machine);
}

/* An encrypted image; how long that is to take is measured, which a busy host
 * may not manage at once. */
static void
make_vault (const char *path)
{
  gboolean made = FALSE;

  for (guint i = 0; i < 20 && !made; i++)
    {
      g_autoptr (GSubprocess) process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL, "qemu-img", "create", "-q",
                                                          "-f", "luks", "--object", "secret,id=old,data=one",
                                                          "-o", "key-secret=old,iter-time=10", path, "1M", NULL);

      made = g_subprocess_wait_check (process, NULL, NULL);
    }
  g_assert_true (made);
}

/* Takes an image's passphrase away. At this, newer versions of QEMU abort: the
 * call ends then, too. */
static void
test_amend (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *path = live_path (live, "vault");
  g_autofree char *node = g_strdup_printf ("driver=luks,node-name=vault,key-secret=old,file.driver=file,file.filename=%s", path);
  const char *const more[] = { "-object", "secret,id=old,data=one", "-blockdev", node, NULL };
  g_autoptr (QmpRequest) request = live_request ("x-blockdev-amend", "{\"job-id\": \"a\", \"node-name\": \"vault\", \"force\": true,"
                                                 " \"options\": {\"driver\": \"luks\", \"state\": \"inactive\", \"keyslot\": 0}}");
  g_autoptr (QmpMachine) machine = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  QmpConnection *connection;

  make_vault (path);
  machine = live_launch_disks (live, more);
  connection = qmp_machine_get_connection (machine);
  qmp_job_run_async (connection, request, NULL, QMP_JOB_RUN_NONE, NULL, live_keep_result, &result);
  if (!qmp_job_run_finish (live_wait (&result), &error))
    {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
      g_assert_true (qmp_version_is_at_least (qmp_connection_get_version (connection), 8, 0, 0));
      g_assert_true (qmp_machine_wait (machine, NULL, NULL));
      g_assert_cmpint (qmp_machine_get_term_signal (machine), ==, SIGABRT);
      return;
    }
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
  LIVE_TEST ("/live/jobs/progress", test_progress);
  LIVE_TEST ("/live/jobs/two-connections", test_two_connections);
  LIVE_TEST ("/live/jobs/vanishing", test_vanishing);
  LIVE_TEST ("/live/jobs/details", test_details);
  LIVE_TEST ("/live/jobs/amend", test_amend);
  return g_test_run ();
}
