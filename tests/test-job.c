/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <string.h>

#include "mock/await.h"
#include "mock/mock-peer.h"

/* One job from its beginning to its end, in every order that its events and
 * the replies can come in. */

static MockPeer *
new_peer (void)
{
  MockPeer *peer = mock_peer_new ();

  mock_greet (peer);
  return peer;
}

/* In one piece: nobody gets between them. */
static void
say_status (MockPeer *peer, const char *id, const char *statuses)
{
  g_auto (GStrv) words = g_strsplit (statuses, " ", -1);
  g_autoptr (GString) text = g_string_new (NULL);

  for (char **word = words; *word != NULL; word++)
    g_string_append_printf (text, "%s{\"event\": \"JOB_STATUS_CHANGE\", \"data\": {\"status\": \"%s\", \"id\": \"%s\"}}",
                            word == words ? "" : "\r\n", *word, id);
  mock_send (peer, text->str);
}

static void
answer_jobs (MockPeer *peer, const char *json)
{
  mock_expect (peer, "query-jobs");
  mock_return (peer, json);
}

static QmpRequest *
backup (void)
{
  QmpRequest *request = qmp_request_new ("blockdev-backup");

  g_assert_true (qmp_request_set_arguments_json (request, "{\"job-id\": \"b\", \"device\": \"d\"}", NULL));
  return request;
}

static void
run (QmpConnection *connection, QmpJobRunFlags flags, GCancellable *cancellable, Await *call)
{
  g_autoptr (QmpRequest) request = backup ();

  qmp_job_run_async (connection, request, NULL, flags, cancellable, await_callback, call);
}

static void
assert_run_fails (Await *call, GQuark domain, int code, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (qmp_job_run_finish (await (call), &error));
  g_assert_error (error, domain, code);
  if (text != NULL && strstr (error->message, text) == NULL)
    g_error ("“%s” does not have “%s”", error->message, text);
}

/* --- running ------------------------------------------------------------------------------ */

/* It is over before the command is answered. */
static void
test_over_before_reply (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_auto (Await) call = { NULL };

  mock_expect (peer, "blockdev-backup");
  say_status (peer, "b", "created running waiting pending");
  mock_event (peer, "BLOCK_JOB_COMPLETED", "{\"device\": \"b\", \"len\": 5, \"offset\": 5, \"speed\": 0, \"type\": \"backup\"}");
  say_status (peer, "b", "concluded null");
  mock_return (peer, "{}");
  run (connection, QMP_JOB_RUN_NONE, NULL, &call);
  g_assert_true (qmp_job_run_finish (await (&call), NULL));
  await_idle ();
  mock_await (peer);
  g_assert_cmpuint (mock_count_commands (peer), ==, 1);
}

/* A concluded job is asked about, and dismissed. */
static void
test_dismissed (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_auto (Await) call = { NULL };

  mock_expect (peer, "blockdev-backup");
  say_status (peer, "b", "created running");
  mock_return (peer, "{}");
  say_status (peer, "b", "waiting pending concluded");
  answer_jobs (peer, "[{\"id\": \"b\", \"type\": \"create\", \"status\": \"concluded\", \"current-progress\": 1, \"total-progress\": 1}]");
  mock_expect (peer, "job-dismiss");
  say_status (peer, "b", "null");
  mock_return (peer, "{}");
  run (connection, QMP_JOB_RUN_NONE, NULL, &call);
  g_assert_true (qmp_job_run_finish (await (&call), NULL));
  g_assert_cmpstr (mock_get_command (peer, 2)->arguments, ==, "{\"id\":\"b\"}");
}

static void
test_kept (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_auto (Await) call = { NULL };

  mock_expect (peer, "blockdev-backup");
  say_status (peer, "b", "created running");
  mock_return (peer, "{}");
  say_status (peer, "b", "concluded");
  answer_jobs (peer, "[{\"id\": \"b\", \"type\": \"create\", \"status\": \"concluded\", \"current-progress\": 1, \"total-progress\": 1}]");
  run (connection, QMP_JOB_RUN_KEEP, NULL, &call);
  g_assert_true (qmp_job_run_finish (await (&call), NULL));
  mock_await (peer);
  g_assert_cmpuint (mock_count_commands (peer), ==, 2);
}

/* Why a job failed is in the answer, or in the event of one that is gone. */
static void
test_failed (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_auto (Await) first = { NULL }, second = { NULL }, third = { NULL };

  mock_expect (peer, "blockdev-backup");
  say_status (peer, "b", "created running");
  mock_return (peer, "{}");
  say_status (peer, "b", "aborting concluded");
  answer_jobs (peer, "[{\"id\": \"b\", \"type\": \"create\", \"status\": \"concluded\", \"current-progress\": 0, \"total-progress\": 1,"
                     " \"error\": \"No space\"}]");
  mock_expect (peer, "job-dismiss");
  mock_return (peer, "{}");
  run (connection, QMP_JOB_RUN_NONE, NULL, &first);
  assert_run_fails (&first, QMP_ERROR, QMP_ERROR_JOB_FAILED, "No space");

  mock_expect (peer, "blockdev-backup");
  say_status (peer, "b", "created running");
  mock_return (peer, "{}");
  say_status (peer, "b", "aborting");
  mock_event (peer, "BLOCK_JOB_COMPLETED",
              "{\"device\": \"b\", \"len\": 5, \"offset\": 2, \"speed\": 0, \"type\": \"backup\", \"error\": \"Broken disk\"}");
  say_status (peer, "b", "concluded null");
  run (connection, QMP_JOB_RUN_NONE, NULL, &second);
  assert_run_fails (&second, QMP_ERROR, QMP_ERROR_JOB_FAILED, "Broken disk");

  /* somebody else has dismissed it */
  mock_expect (peer, "blockdev-backup");
  say_status (peer, "b", "created running");
  mock_return (peer, "{}");
  say_status (peer, "b", "aborting concluded null");
  run (connection, QMP_JOB_RUN_NONE, NULL, &third);
  assert_run_fails (&third, QMP_ERROR, QMP_ERROR_JOB_FAILED, NULL);
}

/* The command is refused, with a job that was begun and without. */
static void
test_refused (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_auto (Await) first = { NULL }, second = { NULL };

  mock_expect (peer, "blockdev-backup");
  mock_error (peer, "DeviceNotFound", "Cannot find device");
  run (connection, QMP_JOB_RUN_NONE, NULL, &first);
  assert_run_fails (&first, QMP_ERROR, QMP_ERROR_DEVICE_NOT_FOUND, "Cannot find device");
  mock_expect (peer, "blockdev-backup");
  say_status (peer, "b", "created null");
  mock_error (peer, "GenericError", "Too small");
  run (connection, QMP_JOB_RUN_NONE, NULL, &second);
  assert_run_fails (&second, QMP_ERROR, QMP_ERROR_GENERIC, "Too small");
}

static void
test_no_job (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_auto (Await) call = { NULL };

  mock_expect (peer, "blockdev-backup");
  say_status (peer, "other", "created running");
  mock_return (peer, "{}");
  answer_jobs (peer, "[{\"id\": \"other\", \"type\": \"create\", \"status\": \"running\", \"current-progress\": 0,"
                     " \"total-progress\": 1}]");
  run (connection, QMP_JOB_RUN_NONE, NULL, &call);
  assert_run_fails (&call, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "“b”");
}

/* The end of an earlier job of the same name is not this one's. */
static void
test_same_name (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_auto (Await) call = { NULL };

  mock_expect (peer, "blockdev-backup");
  say_status (peer, "b", "aborting concluded null");
  say_status (peer, "b", "created running");
  mock_return (peer, "{}");
  mock_pause (peer);
  say_status (peer, "b", "concluded null");
  run (connection, QMP_JOB_RUN_NONE, NULL, &call);
  mock_await (peer);
  await_idle ();
  g_assert_null (call.result);
  mock_go_on (peer);
  g_assert_true (qmp_job_run_finish (await (&call), NULL));
}

/* --- what a job waits for ---------------------------------------------------------------------- */

static void
test_completed_when_ready (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_auto (Await) call = { NULL };

  mock_expect (peer, "blockdev-backup");
  say_status (peer, "b", "created running ready");
  mock_return (peer, "{}");
  mock_expect (peer, "job-complete");
  say_status (peer, "b", "standby ready waiting pending");
  mock_event (peer, "BLOCK_JOB_PENDING", "{\"type\": \"mirror\", \"id\": \"b\"}");
  mock_return (peer, "{}");
  mock_expect (peer, "job-finalize");
  say_status (peer, "b", "concluded null");
  mock_return (peer, "{}");
  run (connection, QMP_JOB_RUN_NONE, NULL, &call);
  g_assert_true (qmp_job_run_finish (await (&call), NULL));
  mock_await (peer);
  g_assert_cmpuint (mock_count_commands (peer), ==, 3);
}

static void
test_copied_when_ready (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_auto (Await) call = { NULL };

  mock_expect (peer, "blockdev-backup");
  say_status (peer, "b", "created running ready");
  mock_event (peer, "BLOCK_JOB_READY", "{\"device\": \"b\", \"len\": 5, \"offset\": 5, \"speed\": 0, \"type\": \"mirror\"}");
  mock_return (peer, "{}");
  mock_expect (peer, "block-job-cancel");
  mock_return (peer, "{}");
  say_status (peer, "b", "waiting pending concluded null");
  run (connection, QMP_JOB_RUN_COPY, NULL, &call);
  g_assert_true (qmp_job_run_finish (await (&call), NULL));
}

/* QEMU refuses: the job is still ready, and the caller is told. */
static void
test_completion_refused (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_auto (Await) call = { NULL };

  mock_expect (peer, "blockdev-backup");
  say_status (peer, "b", "created running ready");
  mock_return (peer, "{}");
  mock_expect (peer, "job-complete");
  mock_error (peer, "GenericError", "Not with this target");
  run (connection, QMP_JOB_RUN_NONE, NULL, &call);
  assert_run_fails (&call, QMP_ERROR, QMP_ERROR_GENERIC, "Not with this target");
}

/* Somebody else was faster. */
static void
test_completion_late (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_auto (Await) call = { NULL };

  mock_expect (peer, "blockdev-backup");
  say_status (peer, "b", "created running ready");
  mock_return (peer, "{}");
  mock_expect (peer, "job-complete");
  say_status (peer, "b", "waiting");
  mock_error (peer, "GenericError", "Job 'b' in state 'waiting' cannot accept command verb 'complete'");
  say_status (peer, "b", "pending concluded null");
  run (connection, QMP_JOB_RUN_NONE, NULL, &call);
  g_assert_true (qmp_job_run_finish (await (&call), NULL));
}

/* --- cancelling --------------------------------------------------------------------------------- */

/* The call ends when the job has. */
static void
test_cancelled (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Await) call = { NULL };

  mock_expect (peer, "blockdev-backup");
  say_status (peer, "b", "created running");
  mock_return (peer, "{}");
  mock_pause (peer);
  run (connection, QMP_JOB_RUN_NONE, cancellable, &call);
  mock_await (peer);
  await_idle ();
  mock_expect (peer, "job-cancel");
  mock_return (peer, "{}");
  mock_pause (peer);
  say_status (peer, "b", "aborting concluded");
  answer_jobs (peer, "[{\"id\": \"b\", \"type\": \"create\", \"status\": \"concluded\", \"current-progress\": 0, \"total-progress\": 1,"
                     " \"error\": \"Abgebrochen\"}]");
  mock_expect (peer, "job-dismiss");
  mock_return (peer, "{}");
  g_cancellable_cancel (cancellable);
  mock_go_on (peer);
  while (mock_count_commands (peer) < 2)
    g_main_context_iteration (NULL, FALSE);
  g_assert_null (call.result);
  mock_go_on (peer);
  assert_run_fails (&call, G_IO_ERROR, G_IO_ERROR_CANCELLED, NULL);
}

static void
test_cancelled_before (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Await) first = { NULL }, second = { NULL };

  g_cancellable_cancel (cancellable);
  run (connection, QMP_JOB_RUN_NONE, cancellable, &first);
  assert_run_fails (&first, G_IO_ERROR, G_IO_ERROR_CANCELLED, NULL);

  /* on the wire already: the job is there in a moment, and is not left */
  g_cancellable_reset (cancellable);
  mock_pause (peer);
  mock_expect (peer, "blockdev-backup");
  say_status (peer, "b", "created running");
  mock_return (peer, "{}");
  mock_expect (peer, "job-cancel");
  say_status (peer, "b", "aborting");
  mock_event (peer, "BLOCK_JOB_CANCELLED", "{\"device\": \"b\", \"len\": 5, \"offset\": 2, \"speed\": 0, \"type\": \"backup\"}");
  say_status (peer, "b", "concluded null");
  mock_return (peer, "{}");
  run (connection, QMP_JOB_RUN_NONE, cancellable, &second);
  g_cancellable_cancel (cancellable);
  mock_go_on (peer);
  assert_run_fails (&second, G_IO_ERROR, G_IO_ERROR_CANCELLED, NULL);
}

static void
test_connection_dies (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_auto (Await) call = { NULL };

  mock_expect (peer, "blockdev-backup");
  say_status (peer, "b", "created running");
  mock_return (peer, "{}");
  mock_hang_up (peer);
  run (connection, QMP_JOB_RUN_NONE, NULL, &call);
  assert_run_fails (&call, G_IO_ERROR, G_IO_ERROR_CLOSED, NULL);
}

/* --- blocking ------------------------------------------------------------------------------------ */

static void
test_run_blocking (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_autoptr (QmpRequest) request = qmp_request_new ("snapshot-save");
  g_autoptr (GError) error = NULL;

  g_assert_true (qmp_request_set_arguments_json (request, "{ \"tag\": \"t\" }", NULL));
  mock_expect (peer, "snapshot-save");
  say_status (peer, "mine", "created running");
  mock_return (peer, "{}");
  say_status (peer, "mine", "aborting concluded");
  answer_jobs (peer, "[{\"id\": \"mine\", \"type\": \"snapshot-save\", \"status\": \"concluded\", \"current-progress\": 0,"
                     " \"total-progress\": 1, \"error\": \"No room\"}]");
  mock_expect (peer, "job-dismiss");
  mock_return (peer, "{}");
  g_assert_false (qmp_job_run (connection, request, "mine", QMP_JOB_RUN_NONE, NULL, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_JOB_FAILED);
  g_assert_cmpstr (qmp_error_get_description (error), ==, "No room");
}

/* Without a loop, what happened between two calls is not lost. */
static void
test_wait_blocking (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_autoptr (QmpRequest) request = backup ();
  g_autoptr (QmpJob) job = NULL;
  g_autoptr (GError) error = NULL;

  mock_expect (peer, "blockdev-backup");
  say_status (peer, "b", "created running");
  mock_return (peer, "{}");
  answer_jobs (peer, "[{\"id\": \"b\", \"type\": \"backup\", \"status\": \"running\", \"current-progress\": 1, \"total-progress\": 4}]");
  job = qmp_job_start (connection, request, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (qmp_job_get_job_type (job), ==, QMP_JOB_TYPE_BACKUP);
  g_assert_cmpint (qmp_job_get_status (job), ==, QMP_JOB_STATUS_RUNNING);
  g_assert_cmpfloat_with_epsilon (qmp_job_get_fraction (job), 0.25, 1e-9);
  qmp_job_set_interval (job, 0);
  say_status (peer, "b", "aborting");
  mock_event (peer, "BLOCK_JOB_COMPLETED",
              "{\"device\": \"b\", \"len\": 4, \"offset\": 2, \"speed\": 0, \"type\": \"backup\", \"error\": \"Broken\"}");
  say_status (peer, "b", "concluded null");
  mock_await (peer);
  g_assert_false (qmp_job_wait (job, NULL, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_JOB_FAILED);
  g_assert_cmpstr (qmp_job_get_error (job), ==, "Broken");
  g_assert_cmpint (qmp_job_get_status (job), ==, QMP_JOB_STATUS_NULL);
  await_idle ();
}

/* --- one that is held ------------------------------------------------------------------------------ */

static QmpJob *
start (MockPeer *peer, QmpConnection *connection)
{
  g_autoptr (QmpRequest) request = backup ();
  g_auto (Await) call = { NULL };
  QmpJob *job;

  mock_expect (peer, "blockdev-backup");
  say_status (peer, "b", "created running");
  mock_return (peer, "{}");
  answer_jobs (peer, "[{\"id\": \"b\", \"type\": \"backup\", \"status\": \"running\", \"current-progress\": 1, \"total-progress\": 4}]");
  qmp_job_start_async (connection, request, NULL, NULL, await_callback, &call);
  job = qmp_job_start_finish (await (&call), NULL);
  qmp_job_set_interval (job, 0);
  return job;
}

/* A wait that is cancelled leaves the job, and the other waits. */
static void
test_wait_cancelled (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_autoptr (QmpJob) job = start (peer, connection);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Await) given_up = { NULL }, kept = { NULL }, late = { NULL };

  qmp_job_wait_async (job, cancellable, await_callback, &given_up);
  qmp_job_wait_async (job, NULL, await_callback, &kept);
  g_cancellable_cancel (cancellable);
  g_assert_false (qmp_job_wait_finish (job, await (&given_up), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (kept.result);
  say_status (peer, "b", "waiting pending concluded null");
  g_assert_true (qmp_job_wait_finish (job, await (&kept), NULL));
  qmp_job_wait_async (job, NULL, await_callback, &late);
  g_assert_true (qmp_job_wait_finish (job, await (&late), NULL));
}

/* Somebody else's cancelling is one, too. */
static void
test_cancelled_by_others (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_autoptr (QmpJob) job = start (peer, connection);
  g_autoptr (GError) error = NULL;
  g_auto (Await) call = { NULL };

  qmp_job_wait_async (job, NULL, await_callback, &call);
  say_status (peer, "b", "aborting");
  mock_event (peer, "BLOCK_JOB_CANCELLED", "{\"device\": \"b\", \"len\": 5, \"offset\": 2, \"speed\": 0, \"type\": \"backup\"}");
  say_status (peer, "b", "concluded null");
  g_assert_false (qmp_job_wait_finish (job, await (&call), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
note_status (QmpJob *job, GParamSpec *pspec, GString *log)
{
  g_autoptr (GEnumClass) class = g_type_class_ref (QMP_TYPE_JOB_STATUS);

  g_string_append_printf (log, "%s ", g_enum_get_value (class, qmp_job_get_status (job))->value_nick);
}

static void
test_commands (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_autoptr (QmpJob) job = start (peer, connection);
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_signal_connect (job, "notify::status", G_CALLBACK (note_status), log);
  mock_expect (peer, "job-pause");
  say_status (peer, "b", "paused");
  mock_return (peer, "{}");
  mock_expect (peer, "job-resume");
  say_status (peer, "b", "running");
  mock_return (peer, "{}");
  mock_expect (peer, "job-complete");
  mock_error (peer, "GenericError", "Not ready");
  mock_expect (peer, "job-finalize");
  mock_return (peer, "{}");
  mock_expect (peer, "job-dismiss");
  mock_return (peer, "{}");
  mock_expect (peer, "job-cancel");
  say_status (peer, "b", "aborting concluded null");
  mock_return (peer, "{}");
  g_assert_true (qmp_job_pause (job, NULL, NULL));
  g_assert_true (qmp_job_resume (job, NULL, NULL));
  g_assert_false (qmp_job_complete (job, NULL, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_GENERIC);
  g_assert_true (qmp_job_finalize (job, NULL, NULL));
  g_assert_true (qmp_job_dismiss (job, NULL, NULL));
  /* of a backup, there is no soft way */
  g_assert_true (qmp_job_cancel (job, TRUE, NULL, NULL));
  while (qmp_job_get_status (job) != QMP_JOB_STATUS_NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (log->str, ==, "paused running aborting concluded null ");
}

/* A name is made up where none is given; and typed arguments will do. */
static void
test_names (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_autoptr (QmpRequest) request = qmp_request_new ("block-stream");
  g_autoptr (QmpBlockCommitArguments) arguments = qmp_block_commit_arguments_new ();
  g_auto (Await) first = { NULL }, second = { NULL };

  mock_expect (peer, "block-stream");
  mock_error (peer, "GenericError", "no");
  mock_expect (peer, "block-stream");
  mock_error (peer, "GenericError", "no");
  qmp_job_run_async (connection, request, NULL, QMP_JOB_RUN_NONE, NULL, await_callback, &first);
  assert_run_fails (&first, QMP_ERROR, QMP_ERROR_GENERIC, "no");
  g_assert_true (g_regex_match_simple ("^{\"job-id\":\"job-[0-9a-f]{8}\"}$", mock_get_command (peer, 0)->arguments, 0, 0));
  qmp_block_commit_arguments_set_device (arguments, "disk0");
  g_assert_true (qmp_request_set_arguments_struct (request, QMP_STRUCT (arguments), NULL));
  qmp_job_run_async (connection, request, NULL, QMP_JOB_RUN_NONE, NULL, await_callback, &second);
  assert_run_fails (&second, QMP_ERROR, QMP_ERROR_GENERIC, "no");
  g_assert_true (g_regex_match_simple ("^{\"job-id\":\"job-[0-9a-f]{8}\",\"device\":\"disk0\"}$",
                                       mock_get_command (peer, 1)->arguments, 0, 0));
}

/* --- what is told of block jobs -------------------------------------------------------------------- */

#define BLOCK_JOBS "[{\"type\": \"mirror\", \"device\": \"other\", \"len\": 5, \"offset\": 2, \"busy\": true, \"paused\": false," \
  " \"speed\": 7, \"io-status\": \"ok\", \"ready\": false, \"status\": \"running\", \"auto-finalize\": true, \"auto-dismiss\": true}," \
  " {\"type\": \"backup\", \"device\": \"b\", \"len\": 5, \"offset\": 2, \"busy\": true, \"paused\": false, \"speed\": 4096," \
  " \"io-status\": \"ok\", \"ready\": false, \"status\": \"running\", \"auto-finalize\": false, \"auto-dismiss\": false}]"

static void
note_property (QmpJob *job, GParamSpec *pspec, GString *log)
{
  g_string_append_printf (log, "%s ", g_param_spec_get_name (pspec));
}

static void
test_details (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_autoptr (QmpJob) job = start (peer, connection);
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_auto (Await) asked = { NULL }, told = { NULL };

  g_assert_cmpint (qmp_job_get_speed_limit (job), ==, -1);
  g_assert_true (qmp_job_get_auto_dismiss (job));
  g_signal_connect (job, "notify", G_CALLBACK (note_property), log);
  mock_expect (peer, "query-block-jobs");
  mock_return (peer, BLOCK_JOBS);
  qmp_job_query_details_async (job, NULL, await_callback, &asked);
  g_assert_true (qmp_job_query_details_finish (job, await (&asked), NULL));
  g_assert_cmpint (qmp_job_get_speed_limit (job), ==, 4096);
  g_assert_false (qmp_job_get_auto_dismiss (job));
  g_assert_false (qmp_job_get_auto_finalize (job));
  mock_expect (peer, "block-job-set-speed");
  mock_return (peer, "{}");
  qmp_job_limit_speed_async (job, 0, NULL, await_callback, &told);
  g_assert_true (qmp_job_limit_speed_finish (job, await (&told), NULL));
  g_assert_cmpint (qmp_job_get_speed_limit (job), ==, 0);
  mock_expect (peer, "block-job-set-speed");
  mock_error (peer, "GenericError", "Not now");
  g_assert_false (qmp_job_limit_speed (job, 9, NULL, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_GENERIC);
  g_assert_cmpint (qmp_job_get_speed_limit (job), ==, 0);
  g_assert_cmpstr (log->str, ==, "auto-dismiss auto-finalize speed-limit speed-limit ");
  mock_await (peer);
  g_assert_cmpstr (mock_get_command (peer, 3)->arguments, ==, "{\"device\":\"b\",\"speed\":0}");
}

/* Without a call of one's own: what others are told, and what a type tells. */
static void
test_details_heard (void)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_autoptr (QmpJob) job = start (peer, connection);
  g_autoptr (QmpJob) other = NULL;
  g_autoptr (QmpRequest) request = qmp_request_new ("blockdev-create");
  g_autoptr (GError) error = NULL;

  mock_event (peer, "BLOCK_JOB_READY", "{\"device\": \"b\", \"len\": 5, \"offset\": 2, \"speed\": 12, \"type\": \"backup\"}");
  while (qmp_job_get_speed_limit (job) != 12)
    g_main_context_iteration (NULL, TRUE);
  mock_expect (peer, "query-block-jobs");
  mock_return (peer, "[]");
  g_assert_false (qmp_job_query_details (job, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  mock_expect (peer, "query-block-jobs");
  mock_error (peer, "GenericError", "No");
  g_assert_false (qmp_job_query_details (job, NULL, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_GENERIC);

  mock_expect (peer, "blockdev-create");
  say_status (peer, "c", "created running");
  mock_return (peer, "{}");
  answer_jobs (peer, "[{\"id\": \"c\", \"type\": \"create\", \"status\": \"running\", \"current-progress\": 0, \"total-progress\": 1}]");
  other = qmp_job_start (connection, request, "c", NULL, NULL);
  g_assert_false (qmp_job_get_auto_dismiss (other));
  g_assert_true (qmp_job_get_auto_finalize (other));
}

/* --- one that vanishes -------------------------------------------------------------------------- */

/* Somebody else dismisses it between its event and the answer; a job that
 * failed has failed, though nobody knows why. */
static void
vanish (const char *statuses, gboolean blocking, int error_code)
{
  g_autoptr (MockPeer) peer = new_peer ();
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_autoptr (QmpRequest) request = backup ();
  g_autoptr (GError) error = NULL;
  g_auto (Await) call = { NULL };

  mock_expect (peer, "blockdev-backup");
  say_status (peer, "b", "created running");
  mock_return (peer, "{}");
  say_status (peer, "b", statuses);
  answer_jobs (peer, "[]");
  if (blocking)
    {
      /* which does not know yet whether it is gone, and makes sure of it */
      mock_expect (peer, "job-dismiss");
      mock_error (peer, "DeviceNotActive", "No such job");
      qmp_job_run (connection, request, NULL, QMP_JOB_RUN_NONE, NULL, &error);
    }
  else
    {
      run (connection, QMP_JOB_RUN_NONE, NULL, &call);
      qmp_job_run_finish (await (&call), &error);
    }
  if (error_code < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, QMP_ERROR, error_code);
}

static void
test_vanished (void)
{
  vanish ("waiting pending concluded", FALSE, -1);
  vanish ("waiting pending concluded", TRUE, -1);
  vanish ("aborting concluded", FALSE, QMP_ERROR_JOB_FAILED);
  vanish ("aborting concluded", TRUE, QMP_ERROR_JOB_FAILED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/job/run/over-before-reply", test_over_before_reply);
  g_test_add_func ("/job/run/dismissed", test_dismissed);
  g_test_add_func ("/job/run/kept", test_kept);
  g_test_add_func ("/job/run/failed", test_failed);
  g_test_add_func ("/job/run/refused", test_refused);
  g_test_add_func ("/job/run/no-job", test_no_job);
  g_test_add_func ("/job/run/same-name", test_same_name);
  g_test_add_func ("/job/run/completed-when-ready", test_completed_when_ready);
  g_test_add_func ("/job/run/copied-when-ready", test_copied_when_ready);
  g_test_add_func ("/job/run/completion-refused", test_completion_refused);
  g_test_add_func ("/job/run/completion-late", test_completion_late);
  g_test_add_func ("/job/run/cancelled", test_cancelled);
  g_test_add_func ("/job/run/cancelled-before", test_cancelled_before);
  g_test_add_func ("/job/run/connection-dies", test_connection_dies);
  g_test_add_func ("/job/blocking/run", test_run_blocking);
  g_test_add_func ("/job/blocking/wait", test_wait_blocking);
  g_test_add_func ("/job/wait/cancelled", test_wait_cancelled);
  g_test_add_func ("/job/wait/cancelled-by-others", test_cancelled_by_others);
  g_test_add_func ("/job/commands", test_commands);
  g_test_add_func ("/job/names", test_names);
  g_test_add_func ("/job/details/asked", test_details);
  g_test_add_func ("/job/details/heard", test_details_heard);
  g_test_add_func ("/job/vanished", test_vanished);
  return g_test_run ();
}
