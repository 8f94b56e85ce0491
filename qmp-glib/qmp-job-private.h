/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-api-block-core.h"
#include "qmp-job-progress-private.h"
#include "qmp-job-watch-private.h"
#include "qmp-job.h"

G_BEGIN_DECLS

struct _QmpJob
{
  GObject parent_instance;
  QmpJobWatch *watch;
  char *id;
  QmpJobType type;
  char *type_text;
  QmpJobStatus status;
  QmpJobProgress progress;
  char *error;
  gboolean auto_finalize;
  gboolean auto_dismiss;
  gint64 speed_limit;        /* bytes in a second; 0: none; -1: unknown */
  gboolean awaited;          /* an earlier one may be called the same */
  gboolean never_seen;       /* though there should be one */
  gboolean informed;         /* query-jobs has told of it */
  gboolean concluded;
  gboolean aborted;
  gboolean cancelled;
  gboolean cancel_expected;  /* QEMU has accepted it */
  gboolean settled;
  GError *outcome;           /* NULL: it has done what it was to do */
};

QmpJob *qmp_job_new (QmpJobWatch *watch, const char *id);
QmpJob *qmp_job_new_awaited (QmpJobWatch *watch, const char *id);
QmpJobWatch *qmp_job_get_watch (QmpJob *self);

/* What the watch tells it */
void qmp_job_take_status (QmpJob *self, QmpJobStatus status);
void qmp_job_take_info (QmpJob *self, QmpJobInfo *info, gboolean with_status);
void qmp_job_take_block_event (QmpJob *self, QmpStruct *data);
void qmp_job_take_details (QmpJob *self, QmpBlockJobInfo *info);
void qmp_job_take_speed_limit (QmpJob *self, gint64 limit);
void qmp_job_settle (QmpJob *self);
void qmp_job_lose (QmpJob *self, const GError *error);

/* What the watch wants to know */
gboolean qmp_job_is_awaited (QmpJob *self);
gboolean qmp_job_is_new (QmpJob *self);
gboolean qmp_job_is_moving (QmpJob *self);
gboolean qmp_job_needs_info (QmpJob *self);

/* Its end */
gboolean qmp_job_is_settled (QmpJob *self);
const GError *qmp_job_get_outcome (QmpJob *self);
void qmp_job_expect_cancellation (QmpJob *self);
void qmp_job_stop_awaiting (QmpJob *self);

G_END_DECLS
