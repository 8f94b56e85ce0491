/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <qmp-glib/qmp-api-job.h>
#include <qmp-glib/qmp-connection.h>

G_BEGIN_DECLS

/**
 * QmpJobRunFlags:
 * @QMP_JOB_RUN_NONE: it is done what the job needs to end by itself: it is
 *   completed when it is ready, finalized when it is pending, and dismissed
 * @QMP_JOB_RUN_KEEP: it is not dismissed: QEMU keeps the concluded job, unless
 *   it was told by `auto-dismiss` to forget it
 * @QMP_JOB_RUN_COPY: a mirror that is ready ends there, and leaves a copy; the
 *   guest goes on with its disk as it is
 *
 * How [func@Qmp.Job.run_async] ends a job.
 *
 * Since: 0.1
 */
typedef enum
{
  QMP_JOB_RUN_NONE = 0,
  QMP_JOB_RUN_KEEP = 1 << 0,
  QMP_JOB_RUN_COPY = 1 << 1,
} QmpJobRunFlags;

#define QMP_TYPE_JOB (qmp_job_get_type ())

QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpJob, qmp_job, QMP, JOB, GObject)

/* Starting one */

QMP_AVAILABLE_IN_0_1
void qmp_job_start_async (QmpConnection *connection,
                          QmpRequest *request,
                          const char *id,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
QMP_AVAILABLE_IN_0_1
QmpJob *qmp_job_start_finish (GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
QmpJob *qmp_job_start (QmpConnection *connection, QmpRequest *request, const char *id, GCancellable *cancellable, GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_job_run_async (QmpConnection *connection,
                        QmpRequest *request,
                        const char *id,
                        QmpJobRunFlags flags,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_job_run_finish (GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_job_run (QmpConnection *connection,
                      QmpRequest *request,
                      const char *id,
                      QmpJobRunFlags flags,
                      GCancellable *cancellable,
                      GError **error);

/* What it is */

QMP_AVAILABLE_IN_0_1
QmpConnection *qmp_job_get_connection (QmpJob *self);
QMP_AVAILABLE_IN_0_1
const char *qmp_job_get_id (QmpJob *self);
QMP_AVAILABLE_IN_0_1
QmpJobType qmp_job_get_job_type (QmpJob *self);
QMP_AVAILABLE_IN_0_1
const char *qmp_job_get_job_type_text (QmpJob *self);

/* How it goes */

QMP_AVAILABLE_IN_0_1
QmpJobStatus qmp_job_get_status (QmpJob *self);
QMP_AVAILABLE_IN_0_1
gboolean qmp_job_get_active (QmpJob *self);
QMP_AVAILABLE_IN_0_1
guint64 qmp_job_get_current_progress (QmpJob *self);
QMP_AVAILABLE_IN_0_1
guint64 qmp_job_get_total_progress (QmpJob *self);
QMP_AVAILABLE_IN_0_1
double qmp_job_get_fraction (QmpJob *self);
QMP_AVAILABLE_IN_0_1
double qmp_job_get_speed (QmpJob *self);
QMP_AVAILABLE_IN_0_1
double qmp_job_get_time_left (QmpJob *self);
QMP_AVAILABLE_IN_0_1
const char *qmp_job_get_error (QmpJob *self);
QMP_AVAILABLE_IN_0_1
gboolean qmp_job_get_auto_finalize (QmpJob *self);

QMP_AVAILABLE_IN_0_1
gboolean qmp_job_get_auto_dismiss (QmpJob *self);
QMP_AVAILABLE_IN_0_1
gint64 qmp_job_get_speed_limit (QmpJob *self);

QMP_AVAILABLE_IN_0_1
guint qmp_job_get_interval (QmpJob *self);
QMP_AVAILABLE_IN_0_1
void qmp_job_set_interval (QmpJob *self, guint milliseconds);

/* What can be done with it */

QMP_AVAILABLE_IN_0_1
void qmp_job_pause_async (QmpJob *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_job_pause_finish (QmpJob *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_job_pause (QmpJob *self, GCancellable *cancellable, GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_job_resume_async (QmpJob *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_job_resume_finish (QmpJob *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_job_resume (QmpJob *self, GCancellable *cancellable, GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_job_cancel_async (QmpJob *self, gboolean soft, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_job_cancel_finish (QmpJob *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_job_cancel (QmpJob *self, gboolean soft, GCancellable *cancellable, GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_job_complete_async (QmpJob *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_job_complete_finish (QmpJob *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_job_complete (QmpJob *self, GCancellable *cancellable, GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_job_finalize_async (QmpJob *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_job_finalize_finish (QmpJob *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_job_finalize (QmpJob *self, GCancellable *cancellable, GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_job_dismiss_async (QmpJob *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_job_dismiss_finish (QmpJob *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_job_dismiss (QmpJob *self, GCancellable *cancellable, GError **error);

/* What QEMU knows of block jobs alone */

QMP_AVAILABLE_IN_0_1
void qmp_job_query_details_async (QmpJob *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_job_query_details_finish (QmpJob *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_job_query_details (QmpJob *self, GCancellable *cancellable, GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_job_limit_speed_async (QmpJob *self,
                                gint64 bytes_per_second,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_job_limit_speed_finish (QmpJob *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_job_limit_speed (QmpJob *self, gint64 bytes_per_second, GCancellable *cancellable, GError **error);

/* Its end */

QMP_AVAILABLE_IN_0_1
void qmp_job_wait_async (QmpJob *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_job_wait_finish (QmpJob *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_job_wait (QmpJob *self, GCancellable *cancellable, GError **error);

G_END_DECLS
