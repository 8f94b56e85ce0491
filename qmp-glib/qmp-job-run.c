/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "qmp-glib.h"
#include "qmp-job-private.h"
#include "wire/wire-task.h"

/* Jobs from before their beginning: they are watched before the command that
 * makes them is sent, since they may be over before it is answered. */

#define INTERVAL_MS 500

/* --- what is sent -------------------------------------------------------------------------- */

/* The job's name in the arguments; NULL without an error when there is none. */
static char *
read_id (QmpRequest *request)
{
  const char *json = qmp_request_get_arguments_json (request);
  g_autoptr (QmpValue) arguments = json != NULL ? qmp_value_new_from_json (json, NULL) : NULL;

  return arguments != NULL ? qmp_value_dup_member_string (arguments, "job-id") : NULL;
}

/* The same with a name that nobody has; that needs no escaping. */
static QmpRequest *
name_job (QmpRequest *request, const char *id, GError **error)
{
  const char *json = qmp_request_get_arguments_json (request);
  g_autoptr (QmpValue) arguments = qmp_value_new_from_json (json != NULL ? json : "{}", error);
  g_autoptr (QmpRequest) named = qmp_request_new (qmp_request_get_command (request));
  g_autofree char *with_id = NULL;

  if (arguments == NULL)
    return NULL;
  with_id = qmp_value_get_length (arguments) == 0 ? g_strdup_printf ("{\"job-id\":\"%s\"}", id)
                                                  : g_strdup_printf ("{\"job-id\":\"%s\",%s", id, strchr (json, '{') + 1);
  if (!qmp_request_set_arguments_json (named, with_id, error))
    return NULL;
  qmp_request_set_timeout (named, qmp_request_get_timeout (request));
  qmp_request_set_sensitive (named, qmp_request_get_sensitive (request));
  qmp_request_set_out_of_band (named, qmp_request_get_out_of_band (request));
  return g_steal_pointer (&named);
}

/* A command on its way, and the job that it is to make. */
typedef struct
{
  QmpRequest *request;
  QmpJob *job;
} Start;

static void
clear_start (Start *start)
{
  g_clear_object (&start->request);
  g_clear_object (&start->job);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Start, clear_start)

/* Arms the watch. */
static gboolean
prepare (Start *start, QmpConnection *connection, QmpRequest *request, const char *id, GError **error)
{
  g_autofree char *name = id != NULL ? g_strdup (id) : read_id (request);
  QmpJobWatch *watch;

  if (name == NULL && qmp_request_has_fd (request))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "A job whose command has a file descriptor needs an id");
      return FALSE;
    }
  start->request = name != NULL ? g_object_ref (request) : NULL;
  if (name == NULL)
    {
      name = g_strdup_printf ("job-%08x", g_random_int ());
      start->request = name_job (request, name, error);
    }
  if (start->request == NULL)
    return FALSE;
  watch = qmp_job_watch_new (connection);
  start->job = qmp_job_new_awaited (watch, name);
  qmp_job_watch_add (watch, start->job);
  qmp_job_watch_leave (watch);
  return TRUE;
}

/* The command was accepted: what is told of the name is of this job now. QEMU
 * has told it already, but for what may be lost. */
static void
accept (Start *start)
{
  qmp_job_watch_drain (qmp_job_get_watch (start->job));
  qmp_job_stop_awaiting (start->job);
}

/* --- starting ------------------------------------------------------------------------------ */

static void
free_start (gpointer data)
{
  clear_start (data);
  g_free (data);
}

static void
take_first_info (QmpJob *job, GPtrArray *infos)
{
  qmp_job_watch_drain (qmp_job_get_watch (job));
  for (guint i = 0; infos != NULL && i < infos->len; i++)
    if (g_strcmp0 (qmp_job_info_get_id (infos->pdata[i]), qmp_job_get_id (job)) == 0)
      qmp_job_take_info (job, infos->pdata[i], qmp_job_get_status (job) == QMP_JOB_STATUS_UNDEFINED);
  qmp_job_set_interval (job, INTERVAL_MS);
}

static gboolean
is_there (QmpJob *job, GError **error)
{
  if (qmp_job_get_status (job) != QMP_JOB_STATUS_UNDEFINED)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no job “%s”", qmp_job_get_id (job));
  return FALSE;
}

static void
on_first_info (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Start *start = g_task_get_task_data (task);
  g_autoptr (GPtrArray) infos = qmp_connection_query_jobs_finish (QMP_CONNECTION (source), result, NULL);
  GError *error = NULL;

  take_first_info (start->job, infos);
  if (is_there (start->job, &error))
    g_task_return_pointer (task, g_steal_pointer (&start->job), g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
on_started (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (QmpValue) value = qmp_connection_execute_request_finish (QMP_CONNECTION (source), result, &error);

  if (value == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  accept (g_task_get_task_data (task));
  qmp_connection_query_jobs_async (QMP_CONNECTION (source), NULL, on_first_info, g_steal_pointer (&task));
}

/**
 * qmp_job_start_async:
 * @connection: a connection
 * @request: a command that makes a job
 * @id: (nullable): what the job will be called, for a command that does not
 *   say it in its `job-id`, such as `transaction`; or %NULL
 * @cancellable: (nullable): ends the wait; QEMU may still make the job
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Runs a command that makes a job, and gives that job: nothing of what
 * happens to it is missed.
 *
 * A command without a `job-id` in its arguments is given one.
 *
 * Since: 0.1
 */
void
qmp_job_start_async (QmpConnection *connection, QmpRequest *request, const char *id, GCancellable *cancellable,
                     GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;
  Start *start;
  GError *error = NULL;

  g_return_if_fail (QMP_IS_CONNECTION (connection));
  g_return_if_fail (QMP_IS_REQUEST (request));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (NULL, qmp_job_start_async, cancellable, callback, user_data);
  start = g_new0 (Start, 1);
  g_task_set_task_data (task, start, free_start);
  if (prepare (start, connection, request, id, &error))
    qmp_connection_execute_request_async (connection, start->request, cancellable, on_started, task);
  else
    {
      g_task_return_error (task, error);
      g_object_unref (task);
    }
}

/**
 * qmp_job_start_finish:
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [func@Qmp.Job.start_async] began.
 *
 * Fails as [method@Qmp.Connection.execute_request_finish] does, above all when
 * QEMU refuses the command; with %G_IO_ERROR_NOT_FOUND when the command was
 * done, and has made no such job; and with %G_IO_ERROR_INVALID_ARGUMENT when
 * nothing says how the job is called, and a file descriptor goes with the
 * command.
 *
 * Returns: (transfer full): the job, which may have ended already
 *
 * Since: 0.1
 */
QmpJob *
qmp_job_start_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (wire_task_is_result (NULL, result, qmp_job_start_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * qmp_job_start:
 * @connection: a connection
 * @request: a command that makes a job
 * @id: (nullable): what the job will be called, for a command that does not
 *   say it in its `job-id`, such as `transaction`; or %NULL
 * @cancellable: (nullable): ends the wait; QEMU may still make the job
 * @error: return location
 *
 * Does what [func@Qmp.Job.start_async] does, and blocks until QEMU has
 * answered.
 *
 * Fails as [func@Qmp.Job.start_finish] does.
 *
 * Returns: (transfer full): the job, which may have ended already
 *
 * Since: 0.1
 */
QmpJob *
qmp_job_start (QmpConnection *connection, QmpRequest *request, const char *id, GCancellable *cancellable, GError **error)
{
  g_auto (Start) start = { NULL };
  g_autoptr (QmpValue) value = NULL;
  g_autoptr (GPtrArray) infos = NULL;

  g_return_val_if_fail (QMP_IS_CONNECTION (connection), NULL);
  g_return_val_if_fail (QMP_IS_REQUEST (request), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  if (!prepare (&start, connection, request, id, error))
    return NULL;
  value = qmp_connection_execute_request (connection, start.request, cancellable, error);
  if (value == NULL)
    return NULL;
  accept (&start);
  infos = qmp_connection_query_jobs (connection, NULL, NULL);
  take_first_info (start.job, infos);
  return is_there (start.job, error) ? g_steal_pointer (&start.job) : NULL;
}

/* --- running to the end -------------------------------------------------------------------- */

typedef struct
{
  Start start;
  QmpJobRunFlags flags;
  GSource *cancelled;
  gboolean accepted;
  gboolean completing;
  gboolean finalizing;
  gboolean stopping;
  gboolean done;
} Run;

static void
free_run (gpointer data)
{
  Run *run = data;

  clear_start (&run->start);
  g_free (run);
}

/* TRUE the first time. */
static gboolean
leave (GTask *task)
{
  Run *run = g_task_get_task_data (task);

  if (run->done)
    return FALSE;
  run->done = TRUE;
  if (run->cancelled != NULL)
    g_source_destroy (run->cancelled);
  g_clear_pointer (&run->cancelled, g_source_unref);
  g_signal_handlers_disconnect_by_data (run->start.job, task);
  return TRUE;
}

static void
fail (GTask *task, GError *error)
{
  if (leave (task))
    g_task_return_error (task, error);
  else
    g_error_free (error);
}

static void
return_outcome (GTask *task)
{
  Run *run = g_task_get_task_data (task);
  const GError *outcome = qmp_job_get_outcome (run->start.job);

  if (outcome == NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_error_copy (outcome));
}

/* If it was not to be dismissed, somebody else has done it. */
static void
on_dismissed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;

  qmp_job_dismiss_finish (QMP_JOB (source), result, NULL);
  return_outcome (task);
}

static void
end (GTask *task)
{
  Run *run = g_task_get_task_data (task);

  if (!leave (task))
    return;
  if (qmp_job_get_status (run->start.job) == QMP_JOB_STATUS_CONCLUDED && (run->flags & QMP_JOB_RUN_KEEP) == 0)
    qmp_job_dismiss_async (run->start.job, NULL, on_dismissed, g_object_ref (task));
  else
    return_outcome (task);
}

/* A job that is no longer ready has gone on without us. */
static void
check_completed (GTask *task, gboolean done, GError *error)
{
  Run *run = g_task_get_task_data (task);

  qmp_job_watch_drain (qmp_job_get_watch (run->start.job));
  if (!done && !run->stopping && qmp_job_get_status (run->start.job) == QMP_JOB_STATUS_READY)
    fail (task, error);
  else
    g_clear_error (&error);
  run->completing = done;
}

static void
on_completed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  gboolean done = qmp_job_complete_finish (QMP_JOB (source), result, &error);

  check_completed (task, done, error);
}

static void
on_cut (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  gboolean done = qmp_job_cancel_finish (QMP_JOB (source), result, &error);

  check_completed (task, done, error);
}

static void
on_finalized (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Run *run = g_task_get_task_data (task);
  GError *error = NULL;

  if (qmp_job_finalize_finish (QMP_JOB (source), result, &error))
    return;
  qmp_job_watch_drain (qmp_job_get_watch (run->start.job));
  if (qmp_job_get_status (run->start.job) == QMP_JOB_STATUS_PENDING && !run->stopping)
    fail (task, error);
  else
    g_error_free (error);
}

/* Does what the job needs to come to its end. */
static void
drive (GTask *task)
{
  Run *run = g_task_get_task_data (task);
  QmpJob *job = run->start.job;

  if (!run->accepted || run->done)
    return;
  if (qmp_job_is_settled (job))
    end (task);
  else if (qmp_job_get_status (job) == QMP_JOB_STATUS_READY && !run->completing && !run->stopping)
    {
      run->completing = TRUE;
      if ((run->flags & QMP_JOB_RUN_COPY) != 0)
        qmp_job_cancel_async (job, TRUE, NULL, on_cut, g_object_ref (task));
      else
        qmp_job_complete_async (job, NULL, on_completed, g_object_ref (task));
    }
  else if (qmp_job_get_status (job) == QMP_JOB_STATUS_PENDING && !qmp_job_get_auto_finalize (job) && !run->finalizing &&
           !run->stopping)
    {
      run->finalizing = TRUE;
      qmp_job_finalize_async (job, NULL, on_finalized, g_object_ref (task));
    }
}

static void
on_change (QmpJob *job, GParamSpec *pspec, gpointer data)
{
  g_autoptr (GTask) task = g_object_ref (data);

  drive (task);
}

static void
on_settled (QmpJob *job, gpointer data)
{
  on_change (job, NULL, data);
}

/* What could not be cancelled has ended, or will. */
static void
on_stopped (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (qmp_job_cancel_finish (QMP_JOB (source), result, &error))
    return;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    fail (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled; QEMU has not said that the job was, too"));
  g_error_free (error);
}

static void
stop (GTask *task)
{
  Run *run = g_task_get_task_data (task);

  if (!run->accepted || run->done || run->stopping)
    return;
  run->stopping = TRUE;
  qmp_job_cancel_async (run->start.job, FALSE, NULL, on_stopped, g_object_ref (task));
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer data)
{
  g_autoptr (GTask) task = g_object_ref (data);

  stop (task);
  return G_SOURCE_REMOVE;
}

static void
on_accepted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Run *run = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (QmpValue) value = qmp_connection_execute_request_finish (QMP_CONNECTION (source), result, &error);

  if (value == NULL)
    {
      fail (task, error);
      return;
    }
  accept (&run->start);
  run->accepted = TRUE;
  qmp_job_watch_update (qmp_job_get_watch (run->start.job));
  drive (task);
  if (g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    stop (task);
}

static void
drop_task (gpointer task, GClosure *closure)
{
  g_object_unref (task);
}

static void
follow (GTask *task)
{
  Run *run = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  QmpJob *job = run->start.job;

  g_signal_connect_data (job, "notify::status", G_CALLBACK (on_change), g_object_ref (task), drop_task, 0);
  g_signal_connect_data (job, "notify::auto-finalize", G_CALLBACK (on_change), g_object_ref (task), drop_task, 0);
  g_signal_connect_data (job, "settled", G_CALLBACK (on_settled), g_object_ref (task), drop_task, 0);
  if (cancellable == NULL)
    return;
  run->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (run->cancelled, G_SOURCE_FUNC (on_cancelled), g_object_ref (task), g_object_unref);
  g_source_attach (run->cancelled, g_task_get_context (task));
}

/**
 * qmp_job_run_async:
 * @connection: a connection
 * @request: a command that makes a job
 * @id: (nullable): what the job will be called, for a command that does not
 *   say it in its `job-id`, such as `transaction`; or %NULL
 * @flags: how the job is to end
 * @cancellable: (nullable): cancels the job
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Runs a command that makes a job, and waits until that job has really ended:
 * a job that becomes ready is completed, one that waits to be finalized is
 * finalized, and one that has concluded is dismissed, so that nothing of it is
 * left in QEMU.
 *
 * Cancelling cancels the job, and the call ends when the job has.
 *
 * A command without a `job-id` in its arguments is given one.
 *
 * Since: 0.1
 */
void
qmp_job_run_async (QmpConnection *connection, QmpRequest *request, const char *id, QmpJobRunFlags flags,
                   GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  Run *run;

  g_return_if_fail (QMP_IS_CONNECTION (connection));
  g_return_if_fail (QMP_IS_REQUEST (request));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (NULL, qmp_job_run_async, cancellable, callback, user_data);
  run = g_new0 (Run, 1);
  run->flags = flags;
  g_task_set_task_data (task, run, free_run);
  if (g_task_return_error_if_cancelled (task))
    return;
  if (!prepare (&run->start, connection, request, id, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  follow (task);
  qmp_connection_execute_request_async (connection, run->start.request, NULL, on_accepted, g_object_ref (task));
}

/**
 * qmp_job_run_finish:
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [func@Qmp.Job.run_async] began.
 *
 * Fails as [func@Qmp.Job.start_finish] does when there is no job; as
 * [method@Qmp.Job.wait_finish] does when the job failed or was cancelled; and
 * as [method@Qmp.Job.complete_finish] does when QEMU refuses to complete or to
 * finalize it, in which case it is still there.
 *
 * Returns: whether the job has done what it was to do
 *
 * Since: 0.1
 */
gboolean
qmp_job_run_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (wire_task_is_result (NULL, result, qmp_job_run_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- the same without a loop --------------------------------------------------------------- */

/* Whether QEMU was asked for something, and whether that was accepted. */
static gboolean
ask (Run *run, gboolean *asked, GError **error)
{
  QmpJob *job = run->start.job;
  QmpJobStatus status = qmp_job_get_status (job);

  *asked = TRUE;
  if (status == QMP_JOB_STATUS_READY && !run->completing)
    {
      run->completing = TRUE;
      return (run->flags & QMP_JOB_RUN_COPY) != 0 ? qmp_job_cancel (job, TRUE, NULL, error) : qmp_job_complete (job, NULL, error);
    }
  if (status == QMP_JOB_STATUS_PENDING && !qmp_job_get_auto_finalize (job) && !run->finalizing)
    {
      run->finalizing = TRUE;
      return qmp_job_finalize (job, NULL, error);
    }
  *asked = FALSE;
  return TRUE;
}

/* FALSE when it must end without the job's end. */
static gboolean
ask_blocking (Run *run, gboolean *asked, GError **error)
{
  QmpJobStatus status = qmp_job_get_status (run->start.job);
  GError *local_error = NULL;

  if (ask (run, asked, &local_error))
    return TRUE;
  qmp_job_watch_drain (qmp_job_get_watch (run->start.job));
  if (qmp_job_get_status (run->start.job) == status)
    {
      g_propagate_error (error, local_error);
      return FALSE;
    }
  g_error_free (local_error);
  run->completing = run->completing && status != QMP_JOB_STATUS_READY;
  return TRUE;
}

static gboolean
stop_blocking (Run *run, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  run->stopping = TRUE;
  if (qmp_job_cancel (run->start.job, FALSE, NULL, &local_error) ||
      !g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled; QEMU has not said that the job was, too");
  return FALSE;
}

/* One step towards the end. */
static gboolean
step (Run *run, GCancellable *cancellable, GError **error)
{
  QmpJobWatch *watch = qmp_job_get_watch (run->start.job);
  g_autoptr (GError) local_error = NULL;
  gboolean asked = FALSE;

  qmp_job_watch_drain (watch);
  if (qmp_job_is_settled (run->start.job))
    return TRUE;
  if (qmp_job_needs_info (run->start.job))
    return qmp_job_watch_query_blocking (watch, run->start.job, NULL, error);
  if (g_cancellable_is_cancelled (cancellable) && !run->stopping)
    return stop_blocking (run, error);
  if (!run->stopping && !ask_blocking (run, &asked, error))
    return FALSE;
  if (asked || qmp_job_watch_next (watch, run->stopping ? NULL : cancellable, &local_error))
    return TRUE;
  if (!run->stopping && g_cancellable_is_cancelled (cancellable))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
run_blocking (Run *run, QmpConnection *connection, GCancellable *cancellable, GError **error)
{
  g_autoptr (QmpValue) value = qmp_connection_execute_request (connection, run->start.request, NULL, error);
  QmpJob *job = run->start.job;

  if (value == NULL)
    return FALSE;
  accept (&run->start);
  while (!qmp_job_is_settled (job))
    if (!step (run, cancellable, error))
      return FALSE;
  if (qmp_job_get_status (job) == QMP_JOB_STATUS_CONCLUDED && (run->flags & QMP_JOB_RUN_KEEP) == 0)
    qmp_job_dismiss (job, NULL, NULL);
  if (qmp_job_get_outcome (job) == NULL)
    return TRUE;
  g_propagate_error (error, g_error_copy (qmp_job_get_outcome (job)));
  return FALSE;
}

/**
 * qmp_job_run:
 * @connection: a connection
 * @request: a command that makes a job
 * @id: (nullable): what the job will be called, for a command that does not
 *   say it in its `job-id`, such as `transaction`; or %NULL
 * @flags: how the job is to end
 * @cancellable: (nullable): cancels the job
 * @error: return location
 *
 * Does what [func@Qmp.Job.run_async] does, and blocks until the job has
 * really ended.
 *
 * Fails as [func@Qmp.Job.run_finish] does.
 *
 * Returns: whether the job has done what it was to do
 *
 * Since: 0.1
 */
gboolean
qmp_job_run (QmpConnection *connection, QmpRequest *request, const char *id, QmpJobRunFlags flags, GCancellable *cancellable,
             GError **error)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Run run = { .flags = flags };
  gboolean done;

  g_return_val_if_fail (QMP_IS_CONNECTION (connection), FALSE);
  g_return_val_if_fail (QMP_IS_REQUEST (request), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  g_main_context_push_thread_default (context);
  done = prepare (&run.start, connection, request, id, error) && run_blocking (&run, connection, cancellable, error);
  clear_start (&run.start);
  while (g_main_context_iteration (context, FALSE))
    ;
  g_main_context_pop_thread_default (context);
  return done;
}
