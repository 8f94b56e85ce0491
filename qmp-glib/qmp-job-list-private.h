/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-job-list.h"

G_BEGIN_DECLS

/* What the watch tells it. Showing a job twice does nothing. */
void qmp_job_list_show (QmpJobList *self, QmpJob *job);
void qmp_job_list_hide (QmpJobList *self, QmpJob *job);
void qmp_job_list_set_loaded (QmpJobList *self);
void qmp_job_list_lose (QmpJobList *self);

G_END_DECLS
