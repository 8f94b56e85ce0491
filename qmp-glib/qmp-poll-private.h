/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-connection.h"

G_BEGIN_DECLS

/* A command that is answered before its work is done, and a question that is
 * asked now and then until it is. */

typedef struct _QmpPoll QmpPoll;

/* Whether it is done; or it fails. The last question is asked at the deadline. */
typedef gboolean (*QmpPollJudge) (QmpPoll *self, QmpValue *reply, gboolean last, GError **error);

struct _QmpPoll
{
  QmpRequest *command;
  QmpRequest *question;
  guint delay;           /* milliseconds before the first question */
  guint interval;        /* and between others */
  gint64 deadline;       /* G_MAXINT64: none; from the command's reply on */
  int timeout;           /* milliseconds; G_MAXINT: none */
  QmpPollJudge judge;
  /* the judge's own */
  gint64 target;
  gint64 reached;
  gint64 moved_at;       /* 0: it has not */
  QmpValue *answer;
};

QmpPoll *qmp_poll_new (const char *command, const char *question, QmpPollJudge judge);
void qmp_poll_free (QmpPoll *self);

/* Takes the poll, and is the task's data when it returns: TRUE. */
void qmp_poll_start (QmpPoll *self, GTask *task);
gboolean qmp_poll_run (QmpPoll *self, QmpConnection *connection, GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QmpPoll, qmp_poll_free)

G_END_DECLS
