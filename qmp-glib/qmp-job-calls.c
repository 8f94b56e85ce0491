/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-glib.h"
#include "qmp-job-private.h"
#include "wire/wire-task.h"

/* What can be done with a job, and the wait for its end. */

static gboolean
finish (QmpJob *self, GAsyncResult *result, gpointer tag, GError **error)
{
  g_return_val_if_fail (QMP_IS_JOB (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, tag), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Takes the task. */
static void
return_boolean (GTask *task, gboolean done, GError *error)
{
  wire_task_return_boolean (task, done, error);
  g_object_unref (task);
}

/* --- commands ------------------------------------------------------------------------------ */

static void
on_pause (GObject *source, GAsyncResult *result, gpointer task)
{
  GError *error = NULL;
  gboolean done = qmp_connection_job_pause_finish (QMP_CONNECTION (source), result, &error);

  return_boolean (task, done, error);
}

/**
 * qmp_job_pause_async:
 * @self: a job
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Makes the job stand still, by `job-pause`. It does at the next place where it
 * can; [property@Qmp.Job:status] is %QMP_JOB_STATUS_PAUSED then.
 *
 * Since: 0.1
 */
void
qmp_job_pause_async (QmpJob *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (QMP_IS_JOB (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  qmp_connection_job_pause_async (qmp_job_get_connection (self), qmp_job_get_id (self), cancellable, on_pause,
                              wire_task_new (self, qmp_job_pause_async, cancellable, callback, user_data));
}

/**
 * qmp_job_pause_finish:
 * @self: a job
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Job.pause_async] began.
 *
 * Fails as [method@Qmp.Connection.job_pause_finish] does: also when the job is
 * gone, or not in a state for this.
 *
 * Returns: whether QEMU accepted it
 *
 * Since: 0.1
 */
gboolean
qmp_job_pause_finish (QmpJob *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, qmp_job_pause_async, error);
}

/**
 * qmp_job_pause:
 * @self: a job
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @error: return location
 *
 * Does what [method@Qmp.Job.pause_async] does, and blocks until QEMU has
 * answered.
 *
 * Fails as [method@Qmp.Job.pause_finish] does.
 *
 * Returns: whether QEMU accepted it
 *
 * Since: 0.1
 */
gboolean
qmp_job_pause (QmpJob *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_JOB (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  return qmp_connection_job_pause (qmp_job_get_connection (self), qmp_job_get_id (self), cancellable, error);
}

static void
on_resume (GObject *source, GAsyncResult *result, gpointer task)
{
  GError *error = NULL;
  gboolean done = qmp_connection_job_resume_finish (QMP_CONNECTION (source), result, &error);

  return_boolean (task, done, error);
}

/**
 * qmp_job_resume_async:
 * @self: a job
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Lets the job go on, by `job-resume`: one that was paused by
 * [method@Qmp.Job.pause_async], or by an error it was told to stop at.
 *
 * Since: 0.1
 */
void
qmp_job_resume_async (QmpJob *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (QMP_IS_JOB (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  qmp_connection_job_resume_async (qmp_job_get_connection (self), qmp_job_get_id (self), cancellable, on_resume,
                              wire_task_new (self, qmp_job_resume_async, cancellable, callback, user_data));
}

/**
 * qmp_job_resume_finish:
 * @self: a job
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Job.resume_async] began.
 *
 * Fails as [method@Qmp.Connection.job_resume_finish] does: also when the job is
 * gone, or not in a state for this.
 *
 * Returns: whether QEMU accepted it
 *
 * Since: 0.1
 */
gboolean
qmp_job_resume_finish (QmpJob *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, qmp_job_resume_async, error);
}

/**
 * qmp_job_resume:
 * @self: a job
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @error: return location
 *
 * Does what [method@Qmp.Job.resume_async] does, and blocks until QEMU has
 * answered.
 *
 * Fails as [method@Qmp.Job.resume_finish] does.
 *
 * Returns: whether QEMU accepted it
 *
 * Since: 0.1
 */
gboolean
qmp_job_resume (QmpJob *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_JOB (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  return qmp_connection_job_resume (qmp_job_get_connection (self), qmp_job_get_id (self), cancellable, error);
}

static void
on_complete (GObject *source, GAsyncResult *result, gpointer task)
{
  GError *error = NULL;
  gboolean done = qmp_connection_job_complete_finish (QMP_CONNECTION (source), result, &error);

  return_boolean (task, done, error);
}

/**
 * qmp_job_complete_async:
 * @self: a job
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Brings a job to its end that is %QMP_JOB_STATUS_READY, by `job-complete`: the
 * guest goes on with the target of a mirror, or with the base of a commit.
 *
 * Since: 0.1
 */
void
qmp_job_complete_async (QmpJob *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (QMP_IS_JOB (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  qmp_connection_job_complete_async (qmp_job_get_connection (self), qmp_job_get_id (self), cancellable, on_complete,
                              wire_task_new (self, qmp_job_complete_async, cancellable, callback, user_data));
}

/**
 * qmp_job_complete_finish:
 * @self: a job
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Job.complete_async] began.
 *
 * Fails as [method@Qmp.Connection.job_complete_finish] does: also when the job is
 * gone, or not in a state for this.
 *
 * Returns: whether QEMU accepted it
 *
 * Since: 0.1
 */
gboolean
qmp_job_complete_finish (QmpJob *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, qmp_job_complete_async, error);
}

/**
 * qmp_job_complete:
 * @self: a job
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @error: return location
 *
 * Does what [method@Qmp.Job.complete_async] does, and blocks until QEMU has
 * answered.
 *
 * Fails as [method@Qmp.Job.complete_finish] does.
 *
 * Returns: whether QEMU accepted it
 *
 * Since: 0.1
 */
gboolean
qmp_job_complete (QmpJob *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_JOB (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  return qmp_connection_job_complete (qmp_job_get_connection (self), qmp_job_get_id (self), cancellable, error);
}

static void
on_finalize (GObject *source, GAsyncResult *result, gpointer task)
{
  GError *error = NULL;
  gboolean done = qmp_connection_job_finalize_finish (QMP_CONNECTION (source), result, &error);

  return_boolean (task, done, error);
}

/**
 * qmp_job_finalize_async:
 * @self: a job
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Lets a job go on that is %QMP_JOB_STATUS_PENDING, by `job-finalize`: what it
 * did takes effect now, together with that of others in its transaction.
 *
 * Since: 0.1
 */
void
qmp_job_finalize_async (QmpJob *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (QMP_IS_JOB (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  qmp_connection_job_finalize_async (qmp_job_get_connection (self), qmp_job_get_id (self), cancellable, on_finalize,
                              wire_task_new (self, qmp_job_finalize_async, cancellable, callback, user_data));
}

/**
 * qmp_job_finalize_finish:
 * @self: a job
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Job.finalize_async] began.
 *
 * Fails as [method@Qmp.Connection.job_finalize_finish] does: also when the job is
 * gone, or not in a state for this.
 *
 * Returns: whether QEMU accepted it
 *
 * Since: 0.1
 */
gboolean
qmp_job_finalize_finish (QmpJob *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, qmp_job_finalize_async, error);
}

/**
 * qmp_job_finalize:
 * @self: a job
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @error: return location
 *
 * Does what [method@Qmp.Job.finalize_async] does, and blocks until QEMU has
 * answered.
 *
 * Fails as [method@Qmp.Job.finalize_finish] does.
 *
 * Returns: whether QEMU accepted it
 *
 * Since: 0.1
 */
gboolean
qmp_job_finalize (QmpJob *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_JOB (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  return qmp_connection_job_finalize (qmp_job_get_connection (self), qmp_job_get_id (self), cancellable, error);
}

static void
on_dismiss (GObject *source, GAsyncResult *result, gpointer task)
{
  GError *error = NULL;
  gboolean done = qmp_connection_job_dismiss_finish (QMP_CONNECTION (source), result, &error);

  return_boolean (task, done, error);
}

/**
 * qmp_job_dismiss_async:
 * @self: a job
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Has QEMU forget a concluded job, by `job-dismiss`, so that its id is free
 * again. Those that were made with `auto-dismiss`, as most block jobs are, do
 * not need it.
 *
 * Since: 0.1
 */
void
qmp_job_dismiss_async (QmpJob *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (QMP_IS_JOB (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  qmp_connection_job_dismiss_async (qmp_job_get_connection (self), qmp_job_get_id (self), cancellable, on_dismiss,
                              wire_task_new (self, qmp_job_dismiss_async, cancellable, callback, user_data));
}

/**
 * qmp_job_dismiss_finish:
 * @self: a job
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Job.dismiss_async] began.
 *
 * Fails as [method@Qmp.Connection.job_dismiss_finish] does: also when the job is
 * gone, or not in a state for this.
 *
 * Returns: whether QEMU accepted it
 *
 * Since: 0.1
 */
gboolean
qmp_job_dismiss_finish (QmpJob *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, qmp_job_dismiss_async, error);
}

/**
 * qmp_job_dismiss:
 * @self: a job
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @error: return location
 *
 * Does what [method@Qmp.Job.dismiss_async] does, and blocks until QEMU has
 * answered.
 *
 * Fails as [method@Qmp.Job.dismiss_finish] does.
 *
 * Returns: whether QEMU accepted it
 *
 * Since: 0.1
 */
gboolean
qmp_job_dismiss (QmpJob *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_JOB (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  return qmp_connection_job_dismiss (qmp_job_get_connection (self), qmp_job_get_id (self), cancellable, error);
}

/* --- cancelling ---------------------------------------------------------------------------- */

/* job-cancel is always hard; only jobs that can be ready know the other. */
static gboolean
can_end_softly (QmpJob *self)
{
  QmpJobType type = qmp_job_get_job_type (self);
  QmpJobStatus status = qmp_job_get_status (self);

  return type == QMP_JOB_TYPE_MIRROR || type == QMP_JOB_TYPE_COMMIT || status == QMP_JOB_STATUS_READY ||
         status == QMP_JOB_STATUS_STANDBY;
}

static void
on_hard_cancel (GObject *source, GAsyncResult *result, gpointer task)
{
  GError *error = NULL;
  gboolean done = qmp_connection_job_cancel_finish (QMP_CONNECTION (source), result, &error);

  if (done)
    qmp_job_expect_cancellation (g_task_get_source_object (task));
  return_boolean (task, done, error);
}

static void
on_soft_cancel (GObject *source, GAsyncResult *result, gpointer task)
{
  GError *error = NULL;
  gboolean done = qmp_connection_block_job_cancel_finish (QMP_CONNECTION (source), result, &error);

  return_boolean (task, done, error);
}

/**
 * qmp_job_cancel_async:
 * @self: a job
 * @soft: whether a mirror that is ready may end well
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Cancels the job; [method@Qmp.Job.wait_async] tells when it has ended. What
 * it has written so far is of no use.
 *
 * A mirror that is %QMP_JOB_STATUS_READY has a good copy, though. Cancelled
 * softly, it ends with that, and has not failed, while the guest goes on with
 * its disk as it is. For any other job there is no difference.
 *
 * Since: 0.1
 */
void
qmp_job_cancel_async (QmpJob *self, gboolean soft, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (QMP_IS_JOB (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (self, qmp_job_cancel_async, cancellable, callback, user_data);
  if (soft && can_end_softly (self))
    qmp_connection_block_job_cancel_async (qmp_job_get_connection (self), qmp_job_get_id (self), NULL, cancellable,
                                           on_soft_cancel, task);
  else
    qmp_connection_job_cancel_async (qmp_job_get_connection (self), qmp_job_get_id (self), cancellable, on_hard_cancel, task);
}

/**
 * qmp_job_cancel_finish:
 * @self: a job
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Job.cancel_async] began.
 *
 * Fails as [method@Qmp.Connection.job_cancel_finish] does: also when the job
 * is gone, or not in a state for this.
 *
 * Returns: whether QEMU accepted it
 *
 * Since: 0.1
 */
gboolean
qmp_job_cancel_finish (QmpJob *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, qmp_job_cancel_async, error);
}

/**
 * qmp_job_cancel:
 * @self: a job
 * @soft: whether a mirror that is ready may end well
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @error: return location
 *
 * Does what [method@Qmp.Job.cancel_async] does, and blocks until QEMU has
 * answered.
 *
 * Fails as [method@Qmp.Job.cancel_finish] does.
 *
 * Returns: whether QEMU accepted it
 *
 * Since: 0.1
 */
gboolean
qmp_job_cancel (QmpJob *self, gboolean soft, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_JOB (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  if (soft && can_end_softly (self))
    return qmp_connection_block_job_cancel (qmp_job_get_connection (self), qmp_job_get_id (self), NULL, cancellable, error);
  if (!qmp_connection_job_cancel (qmp_job_get_connection (self), qmp_job_get_id (self), cancellable, error))
    return FALSE;
  qmp_job_expect_cancellation (self);
  return TRUE;
}

/* --- the end ------------------------------------------------------------------------------- */

typedef struct
{
  gulong settled_handler;
  GSource *cancelled;
  gboolean done;
} Wait;

/* TRUE the first time. */
static gboolean
leave (GTask *task)
{
  Wait *wait = g_task_get_task_data (task);
  QmpJob *self = g_task_get_source_object (task);

  if (wait->done)
    return FALSE;
  wait->done = TRUE;
  if (wait->cancelled != NULL)
    g_source_destroy (wait->cancelled);
  g_clear_pointer (&wait->cancelled, g_source_unref);
  g_clear_signal_handler (&wait->settled_handler, self);
  return TRUE;
}

static void
return_outcome (GTask *task, QmpJob *self)
{
  const GError *outcome = qmp_job_get_outcome (self);

  if (outcome == NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_error_copy (outcome));
}

static void
on_settled (QmpJob *self, gpointer data)
{
  g_autoptr (GTask) task = g_object_ref (data);

  if (leave (task))
    return_outcome (task, self);
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer data)
{
  g_autoptr (GTask) task = g_object_ref (data);

  if (leave (task))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Waiting for the job was cancelled");
  return G_SOURCE_REMOVE;
}

static void
drop_task (gpointer task, GClosure *closure)
{
  g_object_unref (task);
}

/**
 * qmp_job_wait_async:
 * @self: a job
 * @cancellable: (nullable): ends the wait; the job goes on
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Waits until the job has concluded, or is gone. It does nothing for that: a
 * job that is %QMP_JOB_STATUS_READY waits to be completed, and one that is
 * %QMP_JOB_STATUS_PENDING to be finalized.
 *
 * Since: 0.1
 */
void
qmp_job_wait_async (QmpJob *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Wait *wait;

  g_return_if_fail (QMP_IS_JOB (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (self, qmp_job_wait_async, cancellable, callback, user_data);
  if (qmp_job_is_settled (self))
    {
      return_outcome (task, self);
      return;
    }
  wait = g_new0 (Wait, 1);
  g_task_set_task_data (task, wait, g_free);
  wait->settled_handler = g_signal_connect_data (self, "settled", G_CALLBACK (on_settled), g_object_ref (task), drop_task, 0);
  if (cancellable == NULL)
    return;
  wait->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (wait->cancelled, G_SOURCE_FUNC (on_cancelled), g_object_ref (task), g_object_unref);
  g_source_attach (wait->cancelled, g_task_get_context (task));
}

/**
 * qmp_job_wait_finish:
 * @self: a job
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Job.wait_async] began.
 *
 * Fails with %QMP_ERROR_JOB_FAILED when the job did, with QEMU's words; with
 * %G_IO_ERROR_CANCELLED when it was cancelled, by whomever, or the wait was;
 * with %G_IO_ERROR_NOT_FOUND when it went without a word of how it ended; and
 * with the connection's error, or %G_IO_ERROR_CLOSED, when that ended first.
 *
 * Returns: whether the job has done what it was to do
 *
 * Since: 0.1
 */
gboolean
qmp_job_wait_finish (QmpJob *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, qmp_job_wait_async, error);
}

/* One step towards the end. */
static gboolean
follow (QmpJob *self, GCancellable *cancellable, GError **error)
{
  qmp_job_watch_drain (qmp_job_get_watch (self));
  if (qmp_job_is_settled (self))
    return TRUE;
  if (qmp_job_needs_info (self))
    return qmp_job_watch_query_blocking (qmp_job_get_watch (self), self, cancellable, error);
  return qmp_job_watch_next (qmp_job_get_watch (self), cancellable, error);
}

/**
 * qmp_job_wait:
 * @self: a job
 * @cancellable: (nullable): ends the wait; the job goes on
 * @error: return location
 *
 * Does what [method@Qmp.Job.wait_async] does, and blocks until the job has
 * concluded. It is to be called where the job belongs; no main loop needs to
 * run.
 *
 * Fails as [method@Qmp.Job.wait_finish] does.
 *
 * Returns: whether the job has done what it was to do
 *
 * Since: 0.1
 */
gboolean
qmp_job_wait (QmpJob *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (QmpJob) held = NULL;

  g_return_val_if_fail (QMP_IS_JOB (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  /* a list, whose job it may be, lets go of it at its end */
  held = g_object_ref (self);
  while (!qmp_job_is_settled (self))
    if (!follow (self, cancellable, error))
      return FALSE;
  if (qmp_job_get_outcome (self) == NULL)
    return TRUE;
  g_propagate_error (error, g_error_copy (qmp_job_get_outcome (self)));
  return FALSE;
}
