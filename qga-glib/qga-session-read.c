/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-session-private.h"

#include <string.h>

#include "qga-call-private.h"
#include "qga-error-private.h"
#include "qga-log-private.h"
#include "wire/wire-box.h"

/* What the messages from the guest agent mean. Everything here holds the lock. */

/* Where the members of a message are that tell what it is; 0: not there. */
typedef struct
{
  guint result;
  guint error;
  guint id;
} Members;

static void
find_members (const WireView *view, Members *members)
{
  members->result = wire_view_member (view, 0, "return");
  members->error = wire_view_member (view, 0, "error");
  members->id = wire_view_member (view, 0, "id");
}

/* --- whose reply it is ----------------------------------------------------------------- */

typedef enum
{
  REPLY_OURS,
  REPLY_STRAY,
  REPLY_BLAME,  /* the agent could not read what it was sent */
} ReplyKind;

static ReplyKind
judge_reply (const QgaSession *session, const WireView *view, const Members *members)
{
  gint64 id;

  if (session->by_order)
    return REPLY_OURS;
  if (members->id == 0)
    return members->error != 0 ? REPLY_BLAME : REPLY_STRAY;
  return wire_view_get_int64 (view, members->id, &id) && id == session->current->id ? REPLY_OURS : REPLY_STRAY;
}

/* --- ends of the call on the line --------------------------------------------------------- */

/* The line is not to be trusted any more. */
static void
fail_current (QgaSession *session, GError *error)
{
  QgaCall *call = session->current;

  qga_session_lose_step (session);
  qga_session_end (session, call, NULL, 0, error);
  qga_session_sync (session);
}

/* A guest that was told to go will. */
static void
expect_end (QgaSession *session, const QgaCall *call)
{
  if (g_str_equal (call->command, "guest-shutdown"))
    session->end_expected = TRUE;
}

/* A command that is not answered when it succeeds seems to have. */
void
qga_session_conclude (QgaSession *session, QgaAcceptance acceptance)
{
  QgaCall *call = session->current;

  expect_end (session, call);
  call->acceptance = acceptance;
  qga_session_lose_step (session);
  qga_session_end (session, call, NULL, 0, NULL);
}

/* Replies to callers whose main context does not run pile up only so far. */
static gboolean
is_too_much (QgaSession *session, QgaCall *call, const WireView *view)
{
  gsize size = view->length + sizeof (WireValue) * view->n_values;
  gsize most = 2 * MAX (session->max_bytes, call->reply_size);

  if (call->wire.box == NULL)
    return FALSE;
  if (session->link.undelivered > 0 && session->link.undelivered + size > most)
    return TRUE;
  call->wire.delivery.size = (guint) size;
  return FALSE;
}

/* A handle or a pid that the agent gave out and does not know any more was
 * another agent's. */
static gboolean
knows_no_more (const QgaCall *call, const GError *error)
{
  return call->generation != 0 && strstr (error->message, "' has not been found") != NULL;
}

/* Notes the handle or the pid that a call was to get. */
static gboolean
take_gift (QgaSession *session, QgaCall *call, const WireView *view, guint result)
{
  guint place = result;

  if (call->gives == QGA_GIVES_NOTHING)
    return TRUE;
  if (call->gives == QGA_GIVES_PROCESS)
    place = view->values[result].type == WIRE_OBJECT ? wire_view_member (view, result, "pid") : 0;
  if (place == 0 || !wire_view_get_int64 (view, place, &call->given))
    return FALSE;
  qga_session_claim (session, call->gives == QGA_GIVES_PROCESS, call->given);
  call->generation = session->standing.generation;
  return TRUE;
}

static void
refuse_call (QgaSession *session, QgaCall *call, GError *error)
{
  /* the library's own questions are not asked about, but for those that others wait for */
  if (g_error_matches (error, QGA_ERROR, QGA_ERROR_COMMAND_NOT_FOUND) && (!call->own || call->generation != 0))
    {
      session->current = NULL;
      qga_session_examine (session, call, error);
      return;
    }
  if (knows_no_more (call, error))
    {
      error->code = QGA_ERROR_AGENT_RESTARTED;
      qga_session_restarted (session);
    }
  qga_session_end (session, call, NULL, 0, error);
}

static void
end_current (QgaSession *session, const WireView *view, const Members *members)
{
  QgaCall *call = session->current;

  session->line = QGA_LINE_READY;
  wire_reader_set_max_bytes (&session->link.reader, session->max_bytes);
  if (session->logs)
    qga_log_answered (call, members->error != 0 ? "refused" : "answered", view->length);
  qga_session_change_standing (session, TRUE, TRUE);
  if (view->taint != WIRE_TAINT_NONE)
    qga_session_end (session, call, NULL, 0, g_error_new (QGA_ERROR, QGA_ERROR_UNREPRESENTABLE, "%s: the reply holds %s",
                                                          call->command, wire_taint_name (view->taint)));
  else if (members->error != 0)
    refuse_call (session, call, qga_error_new_for_reply (call, view, members->error));
  else if (is_too_much (session, call, view))
    qga_session_end (session, call, NULL, 0, g_error_new (QGA_ERROR, QGA_ERROR_TOO_LARGE,
                                                          "%s: too many replies wait for their callers already", call->command));
  else if (!take_gift (session, call, view, members->result))
    qga_session_end (session, call, NULL, 0, g_error_new (QGA_ERROR, QGA_ERROR_PROTOCOL,
                                                          "%s: the guest agent did not answer with a number", call->command));
  else
    {
      expect_end (session, call);
      call->acceptance = QGA_ACCEPTANCE_REPLIED;
      qga_session_end (session, call, view, members->result, NULL);
    }
}

/* An agent from before QEMU 4.0 takes an id for a mistake, and its answer
 * has none. */
static gboolean
is_old_agent (const QgaSession *session, ReplyKind kind)
{
  return kind == REPLY_BLAME && !session->opened && session->current->own && session->current->hook != NULL;
}

static void
take_reply (QgaSession *session, const WireView *view, const Members *members)
{
  ReplyKind kind = judge_reply (session, view, members);
  QgaCall *call = session->current;

  if (kind == REPLY_STRAY)
    qga_session_count_stray (session, "dropped a reply to nothing");
  else if (session->link.out.waiting > 0)
    fail_current (session, g_error_new (QGA_ERROR, QGA_ERROR_PROTOCOL,
                                        "%s: the guest agent answered before it was sent", call->command));
  else if (is_old_agent (session, kind))
    {
      session->by_order = TRUE;
      session->line = QGA_LINE_READY;
      call->hook = NULL;
      qga_session_end (session, call, NULL, 0, NULL);
      qga_session_ask_info (session);
    }
  else if (kind == REPLY_BLAME)
    fail_current (session, qga_error_new_for_reply (call, view, members->error));
  else
    end_current (session, view, members);
}

/* --- messages ------------------------------------------------------------------------------ */

static void
take_nonsense (QgaSession *session)
{
  QgaCall *call = session->current;

  if (session->line == QGA_LINE_BUSY)
    {
      fail_current (session, g_error_new (QGA_ERROR, QGA_ERROR_PROTOCOL,
                                          "%s: the guest agent sent a message that is neither a result nor an error",
                                          call->command));
      return;
    }
  qga_session_lose_step (session);
  qga_session_count_stray (session, "dropped a message that is no reply");
}

/* Where ids tell whose it is, it does no harm. */
static void
take_unasked (QgaSession *session)
{
  if (session->by_order)
    qga_session_lose_step (session);
  qga_session_count_stray (session, "dropped a reply that nobody asked for");
}

void
qga_session_message (WireLink *link, const WireView *view)
{
  QgaSession *session = (QgaSession *) link;
  Members members;

  session->heard = TRUE;
  find_members (view, &members);
  if (!session->opened && wire_view_member (view, 0, "QMP") != 0)
    {
      wire_link_fail (link, g_error_new_literal (QGA_ERROR, QGA_ERROR_PROTOCOL,
                                                 "This is a QMP monitor, not a guest agent"));
      return;
    }
  if (session->line == QGA_LINE_SYNCING)
    qga_session_take_sync (session, view, members.error == 0 ? members.result : 0);
  else if ((members.result != 0) == (members.error != 0))
    take_nonsense (session);
  else if (session->line == QGA_LINE_BUSY)
    take_reply (session, view, &members);
  else
    take_unasked (session);
  qga_session_pump (session);
}

void
qga_session_sentinel (WireLink *link)
{
  QgaSession *session = (QgaSession *) link;

  session->heard = TRUE;
  if (session->line == QGA_LINE_SYNCING)
    session->sync_sentinel = TRUE;
  else if (session->line == QGA_LINE_BUSY && session->by_order)
    take_nonsense (session);
  else
    qga_session_count_stray (session, "dropped a sentinel that nobody asked for");
}

/* Bytes that are no message. The rest of their line is dropped unseen, and
 * what was asked for fails alone. */
void
qga_session_fault (WireLink *link)
{
  QgaSession *session = (QgaSession *) link;
  WireReader *reader = &link->reader;
  gboolean too_large = reader->scanner.fault == WIRE_FAULT_TOO_LARGE;
  QgaCall *call = session->current;
  GError *error = NULL;

  session->heard = TRUE;
  session->sync_sentinel = FALSE;
  if (session->line == QGA_LINE_BUSY)
    {
      /* what stands there may be a secret that is sent back */
      g_autofree char *what = call->sensitive ? g_strdup (reader->scanner.reason) : wire_reader_describe_fault (reader);

      error = g_error_new (QGA_ERROR, too_large ? QGA_ERROR_TOO_LARGE : QGA_ERROR_PROTOCOL,
                           "%s: the guest agent sent what cannot be taken: %s", call->command, what);
    }
  wire_reader_skip_line (reader);
  if (error != NULL)
    fail_current (session, error);
  else if (session->line == QGA_LINE_READY)
    {
      qga_session_lose_step (session);
      qga_session_count_stray (session, "dropped what is no message");
    }
  qga_session_pump (session);
}
