/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-glib.h"
#include "qmp-job-private.h"
#include "qmp-session-private.h"

/* What becomes of a job, by what is told of it. */

/* --- its end ----------------------------------------------------------------------------------- */

/* What QEMU says of a job that was cancelled, when it says no more. */
static gboolean
was_cancelled (QmpJob *self)
{
  return self->cancelled || (self->aborted && (self->cancel_expected || g_strcmp0 (self->error, "Operation canceled") == 0));
}

static GError *
make_outcome (QmpJob *self)
{
  if (was_cancelled (self))
    return g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "The job “%s” was cancelled", self->id);
  if (self->error != NULL || self->aborted)
    return qmp_error_new_for_job (self->id, self->error);
  if (self->never_seen)
    return g_error_new (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no job “%s”", self->id);
  if (!self->concluded)
    return g_error_new (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "The job “%s” is gone, and it is not known how it ended", self->id);
  return NULL;
}

/* Takes the outcome. */
static void
settle (QmpJob *self, GError *outcome)
{
  if (self->settled)
    {
      g_clear_error (&outcome);
      return;
    }
  self->settled = TRUE;
  self->outcome = outcome;
  g_signal_emit_by_name (self, "settled");
}

void
qmp_job_settle (QmpJob *self)
{
  settle (self, self->settled ? NULL : make_outcome (self));
}

/* Nothing more will be heard of it. */
void
qmp_job_lose (QmpJob *self, const GError *error)
{
  g_object_ref (self);
  settle (self, g_error_copy (error));
  g_object_unref (self);
}

gboolean
qmp_job_is_settled (QmpJob *self)
{
  return self->settled;
}

const GError *
qmp_job_get_outcome (QmpJob *self)
{
  return self->outcome;
}

void
qmp_job_expect_cancellation (QmpJob *self)
{
  self->cancel_expected = TRUE;
}

/* --- what the watch tells ------------------------------------------------------------------------ */

static gboolean
differ (double a, double b)
{
  return a < b || a > b;
}

/* Notifies of what has changed in the progress. */
static void
notify_progress (QmpJob *self, const QmpJobProgress *old)
{
  if (self->progress.current != old->current)
    g_object_notify (G_OBJECT (self), "current-progress");
  if (self->progress.total != old->total)
    g_object_notify (G_OBJECT (self), "total-progress");
  if (differ (self->progress.fraction, old->fraction))
    g_object_notify (G_OBJECT (self), "fraction");
  if (differ (self->progress.speed, old->speed))
    g_object_notify (G_OBJECT (self), "speed");
  if (differ (qmp_job_progress_get_time_left (&self->progress), qmp_job_progress_get_time_left (old)))
    g_object_notify (G_OBJECT (self), "time-left");
}

static void
begin (QmpJob *self, QmpJobProgress *old)
{
  g_object_ref (self);
  g_object_freeze_notify (G_OBJECT (self));
  *old = self->progress;
}

static void
commit (QmpJob *self, const QmpJobProgress *old)
{
  notify_progress (self, old);
  g_object_thaw_notify (G_OBJECT (self));
  g_object_unref (self);
}

static void
set_status (QmpJob *self, QmpJobStatus status)
{
  gboolean active = qmp_job_get_active (self);

  if (self->status == status)
    return;
  self->status = status;
  self->aborted = self->aborted || status == QMP_JOB_STATUS_ABORTING;
  self->concluded = self->concluded || status == QMP_JOB_STATUS_CONCLUDED;
  if (!qmp_job_is_moving (self))
    qmp_job_progress_stand_still (&self->progress);
  if (status == QMP_JOB_STATUS_CONCLUDED && !self->aborted && self->progress.total > 0)
    qmp_job_progress_complete (&self->progress);
  g_object_notify (G_OBJECT (self), "status");
  if (qmp_job_get_active (self) != active)
    g_object_notify (G_OBJECT (self), "active");
}

void
qmp_job_take_status (QmpJob *self, QmpJobStatus status)
{
  QmpJobProgress old;

  if (self->awaited && status != QMP_JOB_STATUS_CREATED)
    return;
  self->awaited = FALSE;
  self->never_seen = self->status == QMP_JOB_STATUS_UNDEFINED && status == QMP_JOB_STATUS_NULL;
  begin (self, &old);
  set_status (self, status);
  notify_progress (self, &old);
  g_object_thaw_notify (G_OBJECT (self));
  if (status == QMP_JOB_STATUS_NULL)
    qmp_job_settle (self);
  g_object_unref (self);
}

/* The others have a step or two. */
static gboolean
counts_bytes (QmpJob *self)
{
  return self->type == QMP_JOB_TYPE_COMMIT || self->type == QMP_JOB_TYPE_STREAM || self->type == QMP_JOB_TYPE_MIRROR ||
         self->type == QMP_JOB_TYPE_BACKUP;
}

static void
set_auto_dismiss (QmpJob *self, gboolean auto_dismiss)
{
  if (self->auto_dismiss == auto_dismiss)
    return;
  self->auto_dismiss = auto_dismiss;
  g_object_notify (G_OBJECT (self), "auto-dismiss");
}

static void
set_auto_finalize (QmpJob *self, gboolean auto_finalize)
{
  if (self->auto_finalize == auto_finalize)
    return;
  self->auto_finalize = auto_finalize;
  g_object_notify (G_OBJECT (self), "auto-finalize");
}

void
qmp_job_take_speed_limit (QmpJob *self, gint64 limit)
{
  if (limit < 0 || self->speed_limit == limit)
    return;
  self->speed_limit = limit;
  g_object_notify (G_OBJECT (self), "speed-limit");
}

static void
set_type (QmpJob *self, QmpJobType type, const char *text)
{
  if (self->type_text != NULL || text == NULL)
    return;
  self->type = type;
  self->type_text = g_strdup (text);
  g_object_notify (G_OBJECT (self), "job-type");
  if (type != QMP_JOB_TYPE_UNRECOGNIZED && !counts_bytes (self))
    set_auto_dismiss (self, FALSE);
}

static void
set_error (QmpJob *self, const char *error)
{
  if (self->error != NULL || error == NULL)
    return;
  self->error = g_strdup (error);
  g_object_notify (G_OBJECT (self), "error");
}

static void
set_progress (QmpJob *self, gint64 current, gint64 total)
{
  if (current >= 0 && total >= 0)
    qmp_job_progress_take (&self->progress, (guint64) current, (guint64) total);
  if (counts_bytes (self) && qmp_job_is_moving (self))
    qmp_job_progress_measure (&self->progress, g_get_monotonic_time ());
}

/* The status of the reply is left aside where an event was heard meanwhile. */
void
qmp_job_take_info (QmpJob *self, QmpJobInfo *info, gboolean with_status)
{
  QmpJobStatus status = qmp_job_info_get_status (info);
  QmpJobProgress old;

  begin (self, &old);
  self->informed = TRUE;
  set_type (self, qmp_job_info_get_type_member (info), qmp_job_info_get_type_member_text (info));
  set_error (self, qmp_job_info_get_error (info));
  set_progress (self, qmp_job_info_get_current_progress (info), qmp_job_info_get_total_progress (info));
  if (with_status)
    set_status (self, status);
  notify_progress (self, &old);
  g_object_thaw_notify (G_OBJECT (self));
  if (self->status == QMP_JOB_STATUS_CONCLUDED && status == QMP_JOB_STATUS_CONCLUDED)
    qmp_job_settle (self);
  g_object_unref (self);
}

static void
take_completed (QmpJob *self, QmpBlockJobCompletedEvent *event)
{
  set_type (self, qmp_block_job_completed_event_get_type_member (event), qmp_block_job_completed_event_get_type_member_text (event));
  set_error (self, qmp_block_job_completed_event_get_error (event));
  set_progress (self, qmp_block_job_completed_event_get_offset (event), qmp_block_job_completed_event_get_len (event));
}

static void
take_ready (QmpJob *self, QmpBlockJobReadyEvent *event)
{
  set_type (self, qmp_block_job_ready_event_get_type_member (event), qmp_block_job_ready_event_get_type_member_text (event));
  set_progress (self, qmp_block_job_ready_event_get_offset (event), qmp_block_job_ready_event_get_len (event));
  qmp_job_take_speed_limit (self, qmp_block_job_ready_event_get_speed (event));
}

void
qmp_job_take_block_event (QmpJob *self, QmpStruct *data)
{
  QmpJobProgress old;

  if (self->awaited)
    return;
  begin (self, &old);
  if (QMP_IS_BLOCK_JOB_COMPLETED_EVENT (data))
    take_completed (self, QMP_BLOCK_JOB_COMPLETED_EVENT (data));
  else if (QMP_IS_BLOCK_JOB_READY_EVENT (data))
    take_ready (self, QMP_BLOCK_JOB_READY_EVENT (data));
  else if (QMP_IS_BLOCK_JOB_CANCELLED_EVENT (data))
    self->cancelled = TRUE;
  else if (QMP_IS_BLOCK_JOB_PENDING_EVENT (data))
    set_auto_finalize (self, FALSE);
  commit (self, &old);
}

/* What query-block-jobs tells, and query-jobs does not. */
void
qmp_job_take_details (QmpJob *self, QmpBlockJobInfo *info)
{
  g_object_freeze_notify (G_OBJECT (self));
  if (qmp_block_job_info_has_speed (info))
    qmp_job_take_speed_limit (self, qmp_block_job_info_get_speed (info));
  if (qmp_block_job_info_has_auto_finalize (info))
    set_auto_finalize (self, qmp_block_job_info_get_auto_finalize (info));
  if (qmp_block_job_info_has_auto_dismiss (info))
    set_auto_dismiss (self, qmp_block_job_info_get_auto_dismiss (info));
  g_object_thaw_notify (G_OBJECT (self));
}

/* --- what the watch wants to know ------------------------------------------------------------------ */

gboolean
qmp_job_is_awaited (QmpJob *self)
{
  return self->awaited;
}

/* It must be there by now. */
void
qmp_job_stop_awaiting (QmpJob *self)
{
  self->awaited = FALSE;
}

/* Nothing is known yet but its name. */
gboolean
qmp_job_is_new (QmpJob *self)
{
  return !self->informed && !self->awaited && !self->settled;
}

/* Whether there may be progress to ask for. */
gboolean
qmp_job_is_moving (QmpJob *self)
{
  return self->status == QMP_JOB_STATUS_CREATED || self->status == QMP_JOB_STATUS_RUNNING ||
         self->status == QMP_JOB_STATUS_READY || self->status == QMP_JOB_STATUS_WAITING;
}

/* Whether it is there is in the answer, and why it ended, as long as it is not
 * dismissed. */
gboolean
qmp_job_needs_info (QmpJob *self)
{
  return !self->settled && (self->status == QMP_JOB_STATUS_CONCLUDED || (self->status == QMP_JOB_STATUS_UNDEFINED && qmp_job_is_new (self)));
}
