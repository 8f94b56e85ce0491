/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How far a job is, made of what is asked for now and then. It never goes
 * back; a new phase starts it anew. */
typedef struct
{
  guint64 current;
  guint64 total;
  double fraction;     /* -1: unknown */
  double speed;        /* of bytes in a second; -1: unknown */
  guint64 sample;      /* the current one when the speed was last measured */
  gint64 sampled_at;   /* microseconds; 0: not */
} QmpJobProgress;

void qmp_job_progress_reset (QmpJobProgress *self);
void qmp_job_progress_take (QmpJobProgress *self, guint64 current, guint64 total);
void qmp_job_progress_measure (QmpJobProgress *self, gint64 now);
void qmp_job_progress_stand_still (QmpJobProgress *self);
void qmp_job_progress_complete (QmpJobProgress *self);
double qmp_job_progress_get_time_left (const QmpJobProgress *self);

G_END_DECLS
