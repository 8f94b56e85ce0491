/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-job-watch-private.h"
#include "qmp-job.h"

G_BEGIN_DECLS

QmpJob *qmp_job_new (QmpJobWatch *watch, const char *id);
QmpJob *qmp_job_new_awaited (QmpJobWatch *watch, const char *id);
QmpJobWatch *qmp_job_get_watch (QmpJob *self);

/* What the watch tells it */
void qmp_job_take_status (QmpJob *self, QmpJobStatus status);
void qmp_job_take_info (QmpJob *self, QmpJobInfo *info, gboolean with_status);
void qmp_job_take_block_event (QmpJob *self, QmpStruct *data);
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
