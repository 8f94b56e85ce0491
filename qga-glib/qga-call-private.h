/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qga-session-private.h"
#include "wire/wire-command.h"

G_BEGIN_DECLS

/* One thing that somebody waits for on a connection. */

typedef enum
{
  QGA_CALL_COMMAND,  /* a command's reply */
  QGA_CALL_OPENING,  /* the first sync, and what the agent can do */
  QGA_CALL_WAIT,     /* a guest process's end */
  QGA_CALL_JOIN,     /* the reply to a command that was given ahead */
} QgaCallKind;

typedef enum
{
  QGA_RESULT_REPLY,       /* QgaReply */
  QGA_RESULT_JSON,
  QGA_RESULT_NODE,
  QGA_RESULT_ACCEPTANCE,  /* QgaAcceptance, as an int */
  QGA_RESULT_TYPED,       /* as `described` says */
} QgaResultForm;

/* A reply as it came: where in the document the result is. */
typedef struct
{
  WireDocument *document;
  guint result;
  gint64 number;     /* of the handle or pid, if the call was to get one */
  guint generation;  /* of the agent that gave it */
} QgaReply;

/* What a successful reply gives out. */
typedef enum
{
  QGA_GIVES_NOTHING,
  QGA_GIVES_HANDLE,   /* the result is it */
  QGA_GIVES_PROCESS,  /* the result has it as pid */
} QgaGift;

/* The session's own calls are told by this, with the lock held: the view is
 * NULL when the call failed. */
typedef void (*QgaCallHook) (QgaSession *session, QgaCall *call, const WireView *view, guint result, const GError *error);

struct _QgaCall
{
  WireCall wire;
  QgaCallKind kind;
  QgaResultForm form;
  const char *command;
  const WireCommand *described;  /* of a typed call */
  char *arguments;       /* until it is written, or ended if they are secret; NULL for none */
  gsize arguments_length;
  gsize reply_size;      /* the most that may come */
  guint generation;      /* of the agent that it is meant for; 0 for any */
  gint64 start;          /* monotonic time before which it must not be sent */
  gint64 grace_end;      /* monotonic time, once it was sent; G_MAXINT64: it will be answered */
  gint64 id;
  guint result;          /* its place in the reply */
  QgaAcceptance acceptance;
  QgaGift gives;
  gint64 given;
  gboolean sensitive;
  gboolean own;          /* nobody waits for it but the session */
  gboolean insists;      /* is done even if nobody waits for it any more */
  GQueue *in;            /* the queue it is in */
  GList link;
  QgaCallHook hook;
  gpointer hook_data;
  QgaWatch *watch;
  QgaAhead *ahead;
  char short_command[32];
};

QgaCall *qga_call_new (QgaSession *session, QgaCallKind kind, GTask *task, GCancellable *cancellable, gint64 timeout_us);
QgaCall *qga_call_new_command (QgaSession *session, const char *command, char *arguments, gsize length, GTask *task,
                               GCancellable *cancellable, int timeout_ms);
QgaCall *qga_call_new_own (QgaSession *session, const char *command, char *arguments, gint64 deadline, QgaCallHook hook,
                           gpointer data);
void qga_call_clear (WireCall *wire);
void qga_call_begin (WireLink *link, WireCall *wire);
gboolean qga_call_run (QgaCall *call, GError **error);
void qga_call_return (QgaCall *call);
void qga_call_forget_arguments (QgaCall *call);
gpointer qga_call_make_result (QgaCall *call);
gboolean qga_call_read_result (QgaCall *call, WireSlot *result, GError **error);
const char *qga_call_get_name (const QgaCall *call);
GError *qga_call_describe_restart (const QgaCall *call);

void qga_reply_free (QgaReply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (QgaReply, qga_reply_free)

G_END_DECLS
