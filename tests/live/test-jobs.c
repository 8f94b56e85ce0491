/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live.h"

#include <glib/gstdio.h>
#include <string.h>

/* Jobs of a real QEMU, from their start to their end: each kind of them, with
 * its progress, cancelled at any moment, and watched by two. */

#define SIZE (16 * 1024 * 1024)

static void
make_image (Live *live, const char *name, gboolean full)
{
  g_autofree char *path = live_path (live, name);
  g_autofree char *bytes = full ? g_malloc (SIZE) : NULL;
  g_autofree char *raw = g_strconcat (path, ".raw", NULL);
  g_autofree char *size = g_strdup_printf ("%d", SIZE);
  g_autoptr (GSubprocess) process = NULL;

  if (full)
    {
      memset (bytes, 0x5a, SIZE);
      g_assert_true (g_file_set_contents (raw, bytes, SIZE, NULL));
    }
  process = full ? g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, NULL, "qemu-img", "convert", "-O", "qcow2", raw, path, NULL)
                 : g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, NULL, "qemu-img", "create", "-q", "-f", "qcow2", path, size, NULL);
  g_assert_true (g_subprocess_wait_check (process, NULL, NULL));
}

static QmpMachine *
launch (Live *live)
{
  g_autoptr (QmpLauncher) launcher = qmp_launcher_new (live_program ("QEMU", "qemu-system-x86_64"));
  g_autofree char *disk = live_path (live, "disk"), *spare = live_path (live, "spare");
  g_autofree char *first = g_strdup_printf ("driver=qcow2,node-name=disk,file.driver=file,file.filename=%s", disk);
  g_autofree char *second = g_strdup_printf ("driver=qcow2,node-name=spare,file.driver=file,file.filename=%s", spare);
  g_autoptr (GError) error = NULL;
  QmpMachine *machine;

  make_image (live, "disk", TRUE);
  make_image (live, "spare", FALSE);
  qmp_launcher_append_option (launcher, "-machine", "pc,accel=tcg");
  qmp_launcher_append_option (launcher, "-display", "none");
  qmp_launcher_append_option (launcher, "-m", "32");
  qmp_launcher_append_option (launcher, "-blockdev", first);
  qmp_launcher_append_option (launcher, "-blockdev", second);
  qmp_launcher_append_option (launcher, "-device", "virtio-blk-pci,drive=disk");
  qmp_launcher_set_monitor_mode (launcher, QMP_MONITOR_MODE_SERVED);
  qmp_launcher_append (launcher, "-S");
  machine = qmp_launcher_launch (launcher, NULL, &error);
  g_assert_no_error (error);
  return machine;
}

static QmpRequest *
make_request (const char *command, const char *arguments)
{
  QmpRequest *request = qmp_request_new (command);

  g_assert_true (qmp_request_set_arguments_json (request, arguments, NULL));
  return request;
}

static void
assert_nothing_left (QmpConnection *connection)
{
  g_autoptr (GPtrArray) jobs = qmp_connection_query_jobs (connection, NULL, NULL);

  g_assert_nonnull (jobs);
  g_assert_cmpuint (jobs->len, ==, 0);
}

static void
run (QmpConnection *connection, const char *command, const char *arguments, QmpJobRunFlags flags)
{
  g_autoptr (QmpRequest) request = make_request (command, arguments);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  qmp_job_run_async (connection, request, NULL, flags, NULL, live_keep_result, &result);
  qmp_job_run_finish (live_wait (&result), &error);
  g_assert_no_error (error);
  assert_nothing_left (connection);
}

static void
end (QmpMachine *machine)
{
  qmp_machine_kill (machine);
  g_assert_true (qmp_machine_wait (machine, NULL, NULL));
}

/* All that the schema names, one after the other. */
static void
test_kinds (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpMachine) machine = launch (live);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autofree char *made = live_path (live, "made"), *over = live_path (live, "over");
  g_autofree char *create = g_strdup_printf ("{\"options\": {\"driver\": \"file\", \"filename\": \"%s\", \"size\": 0}}", made);
  g_autofree char *snapshot = g_strdup_printf ("{\"node-name\": \"disk\", \"snapshot-file\": \"%s\","
                                               " \"snapshot-node-name\": \"over\", \"format\": \"qcow2\"}", over);
  g_autofree char *done = NULL;

  run (connection, "blockdev-create", create, QMP_JOB_RUN_NONE);
  g_assert_true (g_file_test (made, G_FILE_TEST_EXISTS));
  run (connection, "blockdev-backup", "{\"device\": \"disk\", \"target\": \"spare\", \"sync\": \"full\"}", QMP_JOB_RUN_NONE);
  run (connection, "blockdev-mirror", "{\"device\": \"disk\", \"target\": \"spare\", \"sync\": \"full\"}", QMP_JOB_RUN_COPY);
  run (connection, "snapshot-save", "{\"tag\": \"one\", \"vmstate\": \"disk\", \"devices\": [\"disk\"]}", QMP_JOB_RUN_NONE);
  run (connection, "snapshot-load", "{\"tag\": \"one\", \"vmstate\": \"disk\", \"devices\": [\"disk\"]}", QMP_JOB_RUN_NONE);
  run (connection, "snapshot-delete", "{\"tag\": \"one\", \"devices\": [\"disk\"]}", QMP_JOB_RUN_NONE);
  done = live_run (connection, "blockdev-snapshot-sync", snapshot);
  run (connection, "block-commit", "{\"device\": \"over\"}", QMP_JOB_RUN_NONE);
  run (connection, "blockdev-mirror",
       "{\"device\": \"disk\", \"target\": \"spare\", \"sync\": \"full\", \"auto-finalize\": false, \"auto-dismiss\": false}",
       QMP_JOB_RUN_NONE);
  end (machine);
}

static void
test_stream (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpMachine) machine = launch (live);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autofree char *over = live_path (live, "over");
  g_autofree char *snapshot = g_strdup_printf ("{\"node-name\": \"disk\", \"snapshot-file\": \"%s\","
                                               " \"snapshot-node-name\": \"over\", \"format\": \"qcow2\"}", over);
  g_autofree char *done = live_run (connection, "blockdev-snapshot-sync", snapshot);

  run (connection, "block-stream", "{\"device\": \"over\"}", QMP_JOB_RUN_NONE);
  end (machine);
}

static void
test_failures (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpMachine) machine = launch (live);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autoptr (QmpRequest) missing = make_request ("snapshot-load", "{\"tag\": \"none\", \"vmstate\": \"disk\", \"devices\": [\"disk\"]}");
  g_autoptr (QmpRequest) nowhere = make_request ("blockdev-backup", "{\"device\": \"none\", \"target\": \"spare\", \"sync\": \"full\"}");
  g_autoptr (QmpRequest) no_job = make_request ("query-status", "{}");
  g_autoptr (GError) failed = NULL, refused = NULL, none = NULL;

  g_assert_false (qmp_job_run (connection, missing, NULL, QMP_JOB_RUN_NONE, NULL, &failed));
  g_assert_error (failed, QMP_ERROR, QMP_ERROR_JOB_FAILED);
  g_assert_nonnull (strstr (qmp_error_get_description (failed), "none"));
  g_assert_false (qmp_job_run (connection, nowhere, NULL, QMP_JOB_RUN_NONE, NULL, &refused));
  g_assert_error (refused, QMP_ERROR, QMP_ERROR_GENERIC);
  g_assert_false (qmp_job_run (connection, no_job, "ghost", QMP_JOB_RUN_NONE, NULL, &none));
  g_assert_error (none, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  assert_nothing_left (connection);
  end (machine);
}

typedef struct
{
  double fraction;
  guint n;
} Rise;

static void
check_rise (QmpJob *job, GParamSpec *pspec, Rise *rise)
{
  g_assert_cmpfloat (qmp_job_get_fraction (job), >, rise->fraction);
  g_assert_cmpfloat (qmp_job_get_fraction (job), <=, 1);
  rise->fraction = qmp_job_get_fraction (job);
  rise->n++;
}

/* Two clients watch one job: one has started it, the other one has a list. */
static void
test_two_clients (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpMachine) machine = launch (live);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autoptr (QmpJobList) list = qmp_job_list_new (connection);
  g_autoptr (QmpRequest) request = make_request ("blockdev-backup", "{\"job-id\": \"b\", \"device\": \"disk\", \"target\": \"spare\","
                                                 " \"sync\": \"full\", \"speed\": 8388608}");
  g_autoptr (GAsyncResult) started = NULL, waited = NULL;
  g_autoptr (QmpJob) job = NULL;
  g_autoptr (QmpJob) theirs = NULL;
  g_autoptr (GError) error = NULL;
  Rise rise = { -1, 0 };

  qmp_job_list_set_interval (list, 100);
  qmp_job_start_async (connection, request, NULL, NULL, live_keep_result, &started);
  job = qmp_job_start_finish (live_wait (&started), &error);
  g_assert_no_error (error);
  g_assert_cmpint (qmp_job_get_job_type (job), ==, QMP_JOB_TYPE_BACKUP);
  while (qmp_job_list_find (list, "b") == NULL)
    g_main_context_iteration (NULL, TRUE);
  theirs = g_object_ref (qmp_job_list_find (list, "b"));
  g_signal_connect (theirs, "notify::fraction", G_CALLBACK (check_rise), &rise);
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
  end (machine);
}

/* Another process looks at it: the state after reconnecting is QEMU's. */
static void
test_reconnected (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpMachine) machine = launch (live), again = NULL;
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autoptr (QmpRequest) request = make_request ("blockdev-mirror", "{\"job-id\": \"m\", \"device\": \"disk\", \"target\": \"spare\","
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
  end (machine);
}

/* What it was cut off at is chance; that it ends right is not. */
static void
cancel_once (QmpConnection *connection, guint round)
{
  g_autoptr (QmpRequest) request = make_request (round % 2 == 0 ? "blockdev-backup" : "blockdev-mirror",
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
  assert_nothing_left (connection);
}

static void
test_cancelled (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpMachine) machine = launch (live);
  g_autoptr (QmpJobList) list = qmp_job_list_new (qmp_machine_get_connection (machine));

  for (guint i = 0; i < 50; i++)
    cancel_once (qmp_machine_get_connection (machine), i);
  while (g_list_model_get_n_items (G_LIST_MODEL (list)) > 0)
    g_main_context_iteration (NULL, TRUE);
  end (machine);
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
  g_autoptr (QmpMachine) machine = launch (live);
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
  assert_nothing_left (connection);
  end (machine);
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
