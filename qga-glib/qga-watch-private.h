/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qga-session-private.h"

G_BEGIN_DECLS

/* Waits for the end of a guest process, for all who want to know of it. The
 * agent must be asked again and again, and tells the end once only: so it is
 * the session that asks, and what it is told is kept here. */

/* How a process ended, checked; 0 for what is not there. */
typedef struct
{
  gint64 exit_code;      /* -1: a signal ended it */
  gint64 signal;
  gboolean out_truncated;
  gboolean err_truncated;
  guint out;             /* places in the document */
  guint err;
} QgaExit;

struct _QgaWatch
{
  int references;        /* atomic */
  gint64 pid;
  guint generation;
  gint64 since;          /* monotonic time at which the process was started */
  gboolean sensitive;

  /* under the session's lock */
  guint n_waiting;
  guint n_polls;         /* so far, as far as it matters */
  gboolean polls;        /* a question is under way, or about to be */
  gboolean doubtful;     /* an answer was lost: it may have been the one */
  guint n_lost;          /* answers in a row */
  GError *doubt;         /* why the last of them was; NULL: it did not come */
  WireDocument *status;  /* once it has ended */
  QgaExit exit;
  GError *error;         /* or why that will never be known */
};

QgaWatch *qga_watch_new (gint64 pid, guint generation, gboolean sensitive);
QgaWatch *qga_watch_ref (QgaWatch *self);
void qga_watch_unref (QgaWatch *self);

/* with the lock held */
void qga_watch_begin (QgaSession *session, QgaCall *call);
void qga_watch_forget (QgaSession *session, QgaCall *call);
void qga_watch_fail_all (QgaSession *session);

G_END_DECLS
