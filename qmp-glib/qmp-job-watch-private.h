/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-connection.h"

G_BEGIN_DECLS

/* What QEMU tells about its jobs, brought together: events, which come by
 * themselves, and query-jobs, which knows what events do not say. It serves a
 * list, or single jobs, which it does not keep; each of them uses it. Lives
 * in the context that is the thread's default when it is made. */

typedef struct _QmpJobWatch QmpJobWatch;
typedef struct _QmpJob QmpJob;
typedef struct _QmpJobList QmpJobList;

QmpJobWatch *qmp_job_watch_new (QmpConnection *connection);
QmpJobWatch *qmp_job_watch_use (QmpJobWatch *self);
void qmp_job_watch_leave (QmpJobWatch *self);

QmpConnection *qmp_job_watch_get_connection (QmpJobWatch *self);
guint qmp_job_watch_get_interval (QmpJobWatch *self);
void qmp_job_watch_set_interval (QmpJobWatch *self, guint milliseconds);

void qmp_job_watch_set_list (QmpJobWatch *self, QmpJobList *list);
void qmp_job_watch_add (QmpJobWatch *self, QmpJob *job);

/* Takes what has come. */
void qmp_job_watch_drain (QmpJobWatch *self);
/* Takes what has come, and asks where that leaves something open. */
void qmp_job_watch_update (QmpJobWatch *self);
void qmp_job_watch_query (QmpJobWatch *self);

/* Both block; not to be mixed with other threads. */
gboolean qmp_job_watch_next (QmpJobWatch *self, GCancellable *cancellable, GError **error);
gboolean qmp_job_watch_query_blocking (QmpJobWatch *self, QmpJob *job, GCancellable *cancellable, GError **error);

G_END_DECLS
