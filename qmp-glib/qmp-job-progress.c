/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-job-progress-private.h"

/* What is younger than this weighs more in the speed than what is older. */
#define MEMORY (3.0 * G_USEC_PER_SEC)

/* What is measured over a shorter time is mostly chance. */
#define SHORTEST (G_USEC_PER_SEC / 20)

void
qmp_job_progress_reset (QmpJobProgress *self)
{
  *self = (QmpJobProgress) { .fraction = -1, .speed = -1 };
}

void
qmp_job_progress_take (QmpJobProgress *self, guint64 current, guint64 total)
{
  self->current = MAX (self->current, current);
  self->total = MAX (total, self->current);
  if (total > 0)
    self->fraction = MAX (self->fraction, (double) self->current / (double) self->total);
}

void
qmp_job_progress_measure (QmpJobProgress *self, gint64 now)
{
  double time = (double) (now - self->sampled_at), speed;

  if (self->sampled_at != 0 && time < SHORTEST)
    return;
  if (self->sampled_at != 0)
    {
      speed = (double) (self->current - self->sample) * G_USEC_PER_SEC / time;
      self->speed = self->speed < 0 ? speed : self->speed + (speed - self->speed) * time / (MEMORY + time);
    }
  self->sample = self->current;
  self->sampled_at = now;
}

/* Paused, or at its end: the time that goes by does not count. */
void
qmp_job_progress_stand_still (QmpJobProgress *self)
{
  self->sampled_at = 0;
  self->speed = -1;
}

void
qmp_job_progress_complete (QmpJobProgress *self)
{
  self->current = self->total;
  self->fraction = 1;
  qmp_job_progress_stand_still (self);
}

double
qmp_job_progress_get_time_left (const QmpJobProgress *self)
{
  if (self->fraction >= 1)
    return 0;
  return self->speed > 0 && self->total > 0 ? (double) (self->total - self->current) / self->speed : -1;
}
