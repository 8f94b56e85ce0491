/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-server-client-private.h"

G_BEGIN_DECLS

/* The source that serves one client. */

struct _QmpServerSource
{
  GSource source;
  QmpServerClient *client;
  gpointer tag;
  gpointer out_tag;        /* the same, unless written elsewhere */
  GIOCondition condition;  /* that is polled for */
  int armed;               /* atomic: there is something to do */

  /* the innermost turn just now */
  GThread *thread;
  int depth;
};

/* --- qmp-server-flow.c, with the core's lock held */

void qmp_server_line_arm (QmpServerSource *source);
void qmp_server_line_disarm (QmpServerSource *source);
void qmp_server_line_poll_for (QmpServerSource *source, GIOCondition condition);
gboolean qmp_server_line_may_hand_out (QmpServerClient *self);
gboolean qmp_server_line_may_read (QmpServerClient *self);
void qmp_server_line_flush (QmpServerClient *self);

G_END_DECLS
