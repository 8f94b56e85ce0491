/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-glib.h"
#include "qmp-job-private.h"
#include "wire/wire-task.h"

/* What QEMU tells, and takes, of block jobs alone. */

/* --- asking -------------------------------------------------------------------------------- */

static gboolean
take_details (QmpJob *self, GPtrArray *infos, GError **error)
{
  if (infos == NULL)
    return FALSE;
  for (guint i = 0; i < infos->len; i++)
    if (g_strcmp0 (qmp_block_job_info_get_device (infos->pdata[i]), qmp_job_get_id (self)) == 0)
      {
        qmp_job_take_details (self, infos->pdata[i]);
        return TRUE;
      }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no block job “%s”", qmp_job_get_id (self));
  return FALSE;
}

static void
on_infos (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (GPtrArray) infos = qmp_connection_query_block_jobs_finish (QMP_CONNECTION (source), result, &error);
  gboolean done = take_details (g_task_get_source_object (task), infos, &error);

  wire_task_return_boolean (task, done, error);
}

/**
 * qmp_job_query_details_async:
 * @self: a job
 * @cancellable: (nullable): gives up
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Asks for what QEMU does not tell by itself of a block job, that is of a
 * commit, stream, mirror or backup, by `query-block-jobs`: its
 * [property@Qmp.Job:speed-limit], [property@Qmp.Job:auto-finalize] and
 * [property@Qmp.Job:auto-dismiss]. They are up to date once this is done.
 *
 * Since: 0.1
 */
void
qmp_job_query_details_async (QmpJob *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (QMP_IS_JOB (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  qmp_connection_query_block_jobs_async (qmp_job_get_connection (self), cancellable, on_infos,
                                         wire_task_new (self, qmp_job_query_details_async, cancellable, callback, user_data));
}

/**
 * qmp_job_query_details_finish:
 * @self: a job
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Job.query_details_async] began.
 *
 * Fails with %G_IO_ERROR_NOT_FOUND when the job is gone, or is no block job; and
 * as [method@Qmp.Connection.query_block_jobs_finish] does.
 *
 * Returns: whether the properties are up to date
 *
 * Since: 0.1
 */
gboolean
qmp_job_query_details_finish (QmpJob *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_JOB (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_job_query_details_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * qmp_job_query_details:
 * @self: a job
 * @cancellable: (nullable): gives up
 * @error: return location
 *
 * Does what [method@Qmp.Job.query_details_async] does, and blocks until QEMU has
 * answered.
 *
 * Fails as [method@Qmp.Job.query_details_finish] does.
 *
 * Returns: whether the properties are up to date
 *
 * Since: 0.1
 */
gboolean
qmp_job_query_details (QmpJob *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) infos = NULL;

  g_return_val_if_fail (QMP_IS_JOB (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  infos = qmp_connection_query_block_jobs (qmp_job_get_connection (self), cancellable, error);
  return take_details (self, infos, error);
}

/* --- telling ------------------------------------------------------------------------------- */

static void
on_limited (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  const gint64 *limit = g_task_get_task_data (task);
  GError *error = NULL;
  gboolean done = qmp_connection_block_job_set_speed_finish (QMP_CONNECTION (source), result, &error);

  if (done)
    qmp_job_take_speed_limit (g_task_get_source_object (task), *limit);
  wire_task_return_boolean (task, done, error);
}

/**
 * qmp_job_limit_speed_async:
 * @self: a job
 * @bytes_per_second: how fast it may go; 0 for no limit
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Sets how fast a block job may go, by `block-job-set-speed`: a commit, stream,
 * mirror or backup, at any time. QEMU keeps to it on the average only.
 *
 * Since: 0.1
 */
void
qmp_job_limit_speed_async (QmpJob *self, gint64 bytes_per_second, GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task;

  g_return_if_fail (QMP_IS_JOB (self));
  g_return_if_fail (bytes_per_second >= 0);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (self, qmp_job_limit_speed_async, cancellable, callback, user_data);
  g_task_set_task_data (task, g_memdup2 (&bytes_per_second, sizeof bytes_per_second), g_free);
  qmp_connection_block_job_set_speed_async (qmp_job_get_connection (self), qmp_job_get_id (self), bytes_per_second, cancellable,
                                            on_limited, task);
}

/**
 * qmp_job_limit_speed_finish:
 * @self: a job
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Job.limit_speed_async] began.
 *
 * Fails as [method@Qmp.Connection.block_job_set_speed_finish] does: also when
 * the job is gone, or is no block job.
 *
 * Returns: whether QEMU accepted it
 *
 * Since: 0.1
 */
gboolean
qmp_job_limit_speed_finish (QmpJob *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_JOB (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_job_limit_speed_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * qmp_job_limit_speed:
 * @self: a job
 * @bytes_per_second: how fast it may go; 0 for no limit
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @error: return location
 *
 * Does what [method@Qmp.Job.limit_speed_async] does, and blocks until QEMU has
 * answered.
 *
 * Fails as [method@Qmp.Job.limit_speed_finish] does.
 *
 * Returns: whether QEMU accepted it
 *
 * Since: 0.1
 */
gboolean
qmp_job_limit_speed (QmpJob *self, gint64 bytes_per_second, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_JOB (self), FALSE);
  g_return_val_if_fail (bytes_per_second >= 0, FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  if (!qmp_connection_block_job_set_speed (qmp_job_get_connection (self), qmp_job_get_id (self), bytes_per_second, cancellable, error))
    return FALSE;
  qmp_job_take_speed_limit (self, bytes_per_second);
  return TRUE;
}
