/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-connection.h"
#include "qmp-error.h"
#include "wire/wire-link.h"

G_BEGIN_DECLS

/* What QMP makes of messages: greeting and negotiation, ids, the window of
 * commands on the wire, events. Lives under the connection's public face and
 * may outlive it; everything below is under the link's lock. */

typedef struct _QmpSession QmpSession;
typedef struct _QmpCall QmpCall;

typedef enum
{
  QMP_SESSION_GREETING,     /* nothing was heard yet */
  QMP_SESSION_NEGOTIATING,  /* greeted, and qmp_capabilities was sent */
  QMP_SESSION_OPEN,
} QmpSessionState;

#define QMP_DEFAULT_TIMEOUT_MS 60000

#define QMP_NO_ID G_MAXUINT

/* An id that is in use: from the call's beginning to its reply, which may
 * come long after the call was given up. */
typedef struct
{
  QmpCall *call;       /* NULL when given up */
  guint64 written_at;  /* place in the stream behind the command */
  guint next_free;     /* of one that is free: the next that is, or QMP_NO_ID */
  gboolean sent;
  gboolean in_band;
  gboolean with_fd;
} QmpSlot;

struct _QmpSession
{
  WireLink link;
  QmpSessionState state;
  char *address;         /* as it was given to open; for messages; or NULL */
  gint64 open_deadline;  /* monotonic time, while its address is dialled */

  QmpSlot *slots;        /* the index is the id */
  guint n_slots;
  guint first_free;
  guint n_used;
  guint n_in_band;       /* on the wire */
  guint n_with_fd;       /* on the wire: one at most */
  QmpCall *first_queued;
  QmpCall *last_queued;
  gsize queued_size;     /* bytes of arguments in the queue */

  gboolean wants_out_of_band;
  gboolean out_of_band;
  gint64 negotiation_id;
  QmpVersion *version;
  GStrv capabilities;
  int default_timeout;   /* atomic; milliseconds, G_MAXINT for none */
  guint max_pending;
  guint max_events;
  gsize max_event_size;
  gsize max_undelivered;

  GPtrArray *streams;    /* of QmpEventStream, not owned: they leave by themselves */
  guint64 stray;
  guint64 lost;
  guint64 lost_told;
  gboolean tells_of_lost;
  WireDelivery lost_notice;
  gboolean end_expected; /* QEMU said or was told that it goes */
  gboolean logs;         /* decided when it was made */
  GQuark event_detail;   /* of the last event, since many of a kind follow */
};

QmpSession *qmp_session_new (QmpOpenOptions *options);
void qmp_session_unref (QmpSession *session);
gint64 qmp_session_get_timeout (QmpSession *session, int milliseconds);

/* with the lock held */
void qmp_session_begin (QmpSession *session, QmpCall *call);
void qmp_session_release (QmpSession *session, guint id);
void qmp_session_nudge (QmpSession *session);
void qmp_session_pump (QmpSession *session);
void qmp_session_violate (QmpSession *session, const char *format, ...) G_GNUC_PRINTF (2, 3);

void qmp_session_message (WireLink *link, const WireView *view);
void qmp_session_sentinel (WireLink *link);
void qmp_session_fault (WireLink *link);
GError *qmp_session_describe_early_end (WireLink *link, WireCall *call, gboolean timed_out);
GError *qmp_error_new_for_reply (const char *command, const WireView *view, guint error);
GError *qmp_error_new_for_job (const char *id, const char *text);

/* without the lock, in the owner's context */
void qmp_connection_deliver (QmpConnection *self, QmpSession *session, WireDelivery *delivery);

G_END_DECLS
