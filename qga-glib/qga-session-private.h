/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qga-connection.h"
#include "qga-error.h"
#include "wire/wire-link.h"

G_BEGIN_DECLS

/* What the agent's protocol makes of messages: one call at a time on a line
 * that may hold somebody else's leftovers. Lives under the connection's
 * public face and may outlive it; everything below is under the link's lock. */

typedef struct _QgaSession QgaSession;
typedef struct _QgaCall QgaCall;
typedef struct _QgaWatch QgaWatch;
typedef struct _QgaAhead QgaAhead;

typedef enum
{
  QGA_LINE_OUT_OF_STEP,  /* what would be answered next is not known */
  QGA_LINE_SYNCING,      /* a sync was sent; all else is dropped */
  QGA_LINE_READY,        /* nothing is on the line */
  QGA_LINE_BUSY,         /* a call is */
} QgaLine;

/* What the agent said of one of its commands. */
typedef enum
{
  QGA_COMMAND_KNOWN = 1 << 0,
  QGA_COMMAND_ENABLED = 1 << 1,
  QGA_COMMAND_ANSWERS = 1 << 2,  /* also when it succeeds */
} QgaCommandFlags;

/* What a connection shows of its agent, and tells when it changes. */
typedef struct
{
  gboolean agent_present;
  gboolean responsive;
  guint generation;
} QgaStanding;

#define QGA_DEFAULT_TIMEOUT_MS 30000

struct _QgaSession
{
  WireLink link;
  char *address;           /* as it was given to open; for messages; or NULL */
  gint64 open_deadline;    /* monotonic time, while its address is dialled */
  gboolean opened;

  QgaLine line;
  gint64 sync_first;       /* id of the first since the step was lost */
  gint64 sync_id;          /* of the newest: only its answer counts */
  gboolean sync_plain;     /* it was guest-sync, without a sentinel before its answer */
  gboolean sync_sentinel;  /* the sentinel was the last thing heard */
  guint sync_tries;
  gint64 sync_sent;        /* monotonic time */
  gboolean sync_slow;      /* the agent is at it: an earlier one was answered */
  gboolean heard;          /* anything at all */

  QgaCall *current;        /* on the line */
  GQueue queue;            /* of calls that wait for the line */
  GQueue delayed;          /* of calls whose time has not come */
  guint n_pending;         /* of callers */
  gsize queued_size;       /* bytes of arguments */
  QgaCall *examined;       /* was refused, and it is being found out why */
  GError *refusal;         /* the examined call's */
  gint64 last_id;
  gint64 orphan_id;        /* of an opening of a file that was given up on the line; or 0 */
  gboolean by_order;       /* the agent is too old to echo ids */

  char *version;
  GHashTable *commands;    /* name → QgaCommandFlags; NULL when not known */
  gboolean info_stale;

  GHashTable *live;        /* the file handles and pids that were given out */
  GHashTable *watches;     /* of QgaWatch that somebody waits for, not owned */
  guint n_guards;          /* who will thaw, sooner or later */

  QgaStanding standing;
  QgaStanding told;        /* what was notified */
  gboolean port_open;      /* as the monitor said last */
  WireDelivery notice;
  gboolean notice_queued;

  int default_timeout;     /* atomic; milliseconds; -1: what fits the command */
  int grace;               /* milliseconds */
  gsize max_bytes;
  guint max_pending;
  guint64 stray;
  gboolean end_expected;   /* the guest was told to go */
  gboolean logs;           /* decided when it was made */
};

QgaSession *qga_session_new (QgaOpenOptions *options);
void qga_session_unref (QgaSession *session);
gint64 qga_session_get_timeout (QgaSession *session, const char *command, int milliseconds);
gint64 qga_session_get_deadline (QgaSession *session, const char *command, gint64 from);

/* qga-session.c: the queue; with the lock held, as all that follows */
void qga_session_begin (QgaSession *session, QgaCall *call);
void qga_session_insist (QgaSession *session, QgaCall *call);
void qga_session_push (QgaSession *session, QgaCall *call, gboolean first);
void qga_session_pump (QgaSession *session);
void qga_session_plan (QgaSession *session);
void qga_session_end (QgaSession *session, QgaCall *call, const WireView *view, guint result, GError *error);
void qga_session_next_generation (QgaSession *session);
void qga_session_change_standing (QgaSession *session, gboolean present, gboolean responsive);
void qga_session_count_stray (QgaSession *session, const char *why);

/* qga-session-sync.c */
void qga_session_sync (QgaSession *session);
void qga_session_lose_step (QgaSession *session);
void qga_session_take_sync (QgaSession *session, const WireView *view, guint result);
gint64 qga_session_get_sync_time (QgaSession *session);

/* qga-session-read.c */
void qga_session_message (WireLink *link, const WireView *view);
void qga_session_sentinel (WireLink *link);
void qga_session_fault (WireLink *link);
void qga_session_conclude (QgaSession *session, QgaAcceptance acceptance);

/* qga-session-agent.c: what is known of the agent */
void qga_session_ask_info (QgaSession *session);
void qga_session_examine (QgaSession *session, QgaCall *call, GError *refusal);
QgaCommandFlags qga_session_find_command (const QgaSession *session, const char *command);
gboolean qga_session_answers (QgaSession *session, const char *command);
void qga_session_restarted (QgaSession *session);
void qga_session_claim (QgaSession *session, gboolean process, gint64 number);
void qga_session_release (QgaSession *session, gboolean process, gint64 number);
void qga_session_hear_event (QgaSession *session, const char *name, gboolean open);

/* qga-session-thaw.c */
void qga_session_thaw (QgaSession *session, gboolean certain);

/* without the lock, in the owner's context */
void qga_connection_deliver (QgaConnection *self, QgaSession *session, WireDelivery *delivery);

G_END_DECLS
