/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-server.h"
#include "wire/wire-listen.h"
#include "wire/wire-out.h"
#include "wire/wire-reader.h"

G_BEGIN_DECLS

/* What stands behind a QmpServer, its clients and their calls, and goes with the
 * last of them. One lock guards all of it; nothing runs foreign code under it.
 * Clients are read in one main context, where all signals are emitted. Answers
 * and events may come from any thread. */

typedef struct _QmpServerCore QmpServerCore;
typedef struct _QmpServerDoor QmpServerDoor;

#define QMP_SERVER_MOST_CLIENTS 100000u
#define QMP_SERVER_MOST_OVERLAP 1024u
#define QMP_SERVER_LEAST_UNREAD ((guint64) 64 * 1024)

/* What a command is answered with when no handler does. */
typedef struct
{
  gboolean is_error;
  gsize length;
  char text[];   /* a value; of errors an object with class and description */
} QmpServerAnswer;

struct _QmpServerCore
{
  int references;      /* atomic */
  int leaving;         /* atomic: the thread of its own is to end */
  GMutex lock;
  GMainContext *context;
  GWeakRef server;

  /* under the lock */
  gboolean gone;               /* the server was disposed of */
  QmpVersion *version;
  gboolean offers_out_of_band;
  QmpLimits *limits;
  guint max_clients;
  guint overlap;
  guint64 unread_size;
  GHashTable *answers;         /* of names to QmpServerAnswer */
  GPtrArray *clients;          /* of QmpServerClient */
  GPtrArray *doors;            /* of QmpServerDoor */
  guint64 last_id;
  WireScanner checker;         /* of what handlers say */
};

QmpServerCore *qmp_server_core_new (GMainContext *context);
QmpServerCore *qmp_server_core_ref (QmpServerCore *core);
void qmp_server_core_unref (QmpServerCore *core);
void qmp_server_core_begin_thread (QmpServerCore *core);
void qmp_server_core_abandon (QmpServerCore *core);

static inline void
qmp_server_core_lock (QmpServerCore *core)
{
  g_mutex_lock (&core->lock);
}

static inline void
qmp_server_core_unlock (QmpServerCore *core)
{
  g_mutex_unlock (&core->lock);
}

QmpServerCore *qmp_server_get_core (QmpServer *self);

/* --- qmp-server-signals.c: without the lock, in the server's context */

void qmp_server_install_signals (GType type);
gboolean qmp_server_emit_command (QmpServer *self, QmpServerCall *call);
void qmp_server_emit_client_added (QmpServer *self, QmpServerClient *client);
void qmp_server_emit_client_removed (QmpServer *self, QmpServerClient *client, const GError *error);

/* --- qmp-server-listen.c */

QmpServerClient *qmp_server_admit (QmpServerCore *core, GIOStream *stream, GError **error);
void qmp_server_door_free (QmpServerDoor *door);
void qmp_server_watch_doors (QmpServerCore *core);

/* --- qmp-server-write.c: messages, with the lock held */

typedef struct
{
  const char *text;
  gsize length;
} QmpServerPart;

#define QMP_SERVER_PART(literal) { (literal), sizeof (literal) - 1 }

gboolean qmp_server_put (QmpServerCore *core, WireOut *out, const QmpServerPart *parts, guint n_parts, guint value,
                         guint n_members, GError **error);
char *qmp_server_check_value (QmpServerCore *core, const char *json, GError **error);
char *qmp_server_make_error (const char *class_name, const char *description);
char *qmp_server_make_greeting (QmpServerCore *core);
void qmp_server_write_version (GString *text, QmpVersion *version);
gboolean qmp_server_make_event (QmpServerCore *core, const char *name, const char *data, gsize length, WireOut *out,
                                GError **error);

/* --- qmp-server-answers.c: the table, and what stands behind it */

void qmp_server_answer_by_itself (QmpServerCore *core, QmpServerCall *call);
char *qmp_server_negotiate (QmpServerCore *core, const WireView *view, guint arguments, gboolean *out_of_band);

G_END_DECLS
