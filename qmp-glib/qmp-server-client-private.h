/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-server-private.h"

G_BEGIN_DECLS

typedef struct _QmpServerSource QmpServerSource;

struct _QmpServerClient
{
  GObject parent_instance;
  QmpServerCore *core;
  guint64 id;
  GCredentials *credentials;  /* NULL: the stream does not tell */

  /* under the core's lock */
  QmpServerClientState state;
  gboolean out_of_band;
  gboolean announced;         /* client-added was emitted */
  gboolean ending;            /* nothing more is read, written or handed out */
  GError *reason;             /* why it ends; NULL when somebody wanted it */
  QmpServerSource *source;    /* NULL once closed */
  WireTransport transport;
  WireReader reader;
  WireOut out;
  WireFds fds;                /* the last that came, until a command takes one */
  gboolean at_fault;          /* the last message was none */
  GQueue waiting;             /* of QmpServerCall: in-band, not handed out yet */
  GQueue running;             /* of QmpServerCall: handed out, unanswered; not owned */
  guint n_in_band;            /* among the running */
  guint n_out_of_band;
  gsize held;                 /* bytes of all that wait or run */
  gsize max_held;
  guint max_out_of_band;
};

/* --- qmp-server-client.c */

QmpServerClient *qmp_server_client_new (QmpServerCore *core, GIOStream *stream, GError **error);

/* with the lock held */
void qmp_server_client_end (QmpServerClient *self, GError *reason);
GPtrArray *qmp_server_client_clear (QmpServerClient *self);
void qmp_server_client_check_unread (QmpServerClient *self, gsize before);
gboolean qmp_server_client_answer (QmpServerClient *self, QmpServerCall *call, const char *text, gsize length, gboolean is_error,
                                   gboolean check, GError **error);

/* without it */
void qmp_server_client_notify_state (QmpServerClient *self);
void qmp_server_client_finish_clearing (QmpServerClient *self, GPtrArray *left);

/* --- qmp-server-line.c, with the lock held */

void qmp_server_line_begin (QmpServerClient *self);
void qmp_server_line_stop (QmpServerClient *self);
void qmp_server_line_wake (QmpServerClient *self);
void qmp_server_line_go_on (QmpServerClient *self);

/* --- qmp-server-command.c, with the lock held */

QmpServerCall *qmp_server_read_command (QmpServerClient *self, const WireView *view);
void qmp_server_refuse_fault (QmpServerClient *self);
void qmp_server_refuse_sentinel (QmpServerClient *self);

G_END_DECLS
