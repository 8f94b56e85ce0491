/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-connection.h"

G_BEGIN_DECLS

/* A call that is made of several commands: what comes after what is written
 * down once, for who has a main context and for who blocks. */

typedef struct _QmpSteps QmpSteps;

/* What to do with a reply: the next step, or the end. The reply is NULL, and
 * the error is not, where the step failed; both are lent. */
typedef void (*QmpStepsThen) (QmpSteps *self, QmpValue *reply, const GError *error);

typedef enum
{
  QMP_STEP_NONE = 0,
  QMP_STEP_JOB = 1 << 0,   /* it makes a job, which is to have ended */
  QMP_STEP_SURE = 1 << 1,  /* it is done even if the call was cancelled */
  QMP_STEP_WHOLE = 1 << 2, /* it is not begun when that was, and waited for once it is */
} QmpStepFlags;

QmpSteps *qmp_steps_new (gpointer data, GDestroyNotify free_data);
void qmp_steps_free (QmpSteps *self);
gpointer qmp_steps_get_data (QmpSteps *self);

/* Arguments as the text of a GVariant: a{sv}. */
void qmp_steps_run (QmpSteps *self, QmpStepFlags flags, QmpStepsThen then, const char *command, const char *format, ...);
void qmp_steps_run_json (QmpSteps *self, QmpStepFlags flags, QmpStepsThen then, const char *command, const char *arguments);

/* The end. Of errors, the first one counts. */
void qmp_steps_return (QmpSteps *self, gpointer result, GDestroyNotify free_result);
void qmp_steps_fail (QmpSteps *self, const GError *error);
void qmp_steps_keep_error (QmpSteps *self, const GError *error);

/* Both take the steps; the first one takes the task, whose source is the
 * connection, or NULL. Where there is no result, there is an error. */
void qmp_steps_start (QmpSteps *self, QmpConnection *connection, GTask *task);
gpointer qmp_steps_block (QmpSteps *self, QmpConnection *connection, GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QmpSteps, qmp_steps_free)

G_END_DECLS
