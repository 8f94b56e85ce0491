/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-session-private.h"
#include "wire/wire-command.h"

G_BEGIN_DECLS

/* One thing that somebody waits for on a connection. */

typedef enum
{
  QMP_CALL_COMMAND,     /* a command's reply */
  QMP_CALL_OPENING,     /* the end of the negotiation */
  QMP_CALL_NEXT_EVENT,  /* a stream's next event */
  QMP_CALL_END,         /* the link's end, after a quit */
} QmpCallKind;

typedef enum
{
  QMP_RESULT_VALUE,
  QMP_RESULT_JSON,
  QMP_RESULT_NODE,
  QMP_RESULT_TYPED,  /* as `described` says */
} QmpResultForm;

struct _QmpCall
{
  WireCall wire;
  QmpCallKind kind;
  QmpResultForm form;
  const char *command;
  const WireCommand *described;  /* of a typed call */
  char *arguments;       /* until it is written; NULL for none */
  gsize arguments_length;
  guint id;
  guint result;          /* its place in the reply */
  int fd;                /* ours, until it is written; or -1 */
  gboolean out_of_band;
  gboolean sensitive;
  gboolean quits;
  gboolean queued;
  QmpCall *next_queued;
  QmpEventStream *stream;
  QmpEvent *event;       /* what a stream gave */
  char short_command[32];
};

QmpCall *qmp_call_new (QmpSession *session, QmpCallKind kind, GTask *task, GCancellable *cancellable, gint64 timeout_us);
QmpCall *qmp_call_new_command (QmpSession *session, const char *command, GTask *task, GCancellable *cancellable,
                               gint64 timeout_us);
void qmp_call_set_arguments (QmpCall *call, char *arguments, gsize length);
void qmp_call_clear (WireCall *wire);
void qmp_call_begin (WireLink *link, WireCall *wire);
void qmp_call_start (QmpCall *call);
gboolean qmp_call_run (QmpCall *call, GError **error);
void qmp_call_return (QmpCall *call);
void qmp_call_forget_arguments (QmpCall *call);

gpointer qmp_call_make_result (QmpCall *call);
gboolean qmp_call_read_result (QmpCall *call, WireSlot *result, GError **error);

G_END_DECLS
