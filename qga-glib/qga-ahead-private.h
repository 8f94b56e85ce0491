/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qga-call-private.h"

G_BEGIN_DECLS

/* A command that the agent is given before anybody wants its reply, and one
 * call that waits for it then. Under the link's lock. */
struct _QgaAhead
{
  int references;       /* atomic */
  const char *command;  /* static text */
  gboolean ended;
  WireDocument *reply;  /* or else the error */
  guint result;
  GError *error;
  QgaCall *waiter;      /* not owned */
};

QgaAhead *qga_ahead_ref (QgaAhead *self);
void qga_ahead_unref (QgaAhead *self);

/* with the lock held */
QgaAhead *qga_ahead_start (QgaSession *session, const char *command, char *arguments, guint generation);
void qga_ahead_join (QgaCall *call);
void qga_ahead_leave (QgaCall *call);

G_END_DECLS
