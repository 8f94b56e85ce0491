/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-session-private.h"

#include <string.h>

#include "qga-ahead-private.h"
#include "qga-call-private.h"
#include "qga-limits-private.h"
#include "qga-log-private.h"
#include "qga-open-options.h"
#include "qga-watch-private.h"
#include "wire/wire-box.h"

/* What one connection may keep of commands that its agent does not read. */
#define MOST_QUEUED ((gsize) 256 * 1024 * 1024)

/* --- commands ------------------------------------------------------------------------ */

static gsize
format_command (const QgaSession *session, const QgaCall *call, char *text, gsize room)
{
  gboolean has_arguments = call->arguments_length > 0;
  char id[32] = "";

  if (!session->by_order)
    g_snprintf (id, sizeof id, ",\"id\":%" G_GINT64_FORMAT, call->id);
  return (gsize) g_snprintf (text, room, "{\"execute\":\"%s\"%s%s%s}\n", call->command,
                             has_arguments ? ",\"arguments\":" : "", has_arguments ? call->arguments : "", id);
}

static void
write_command (QgaSession *session, QgaCall *call)
{
  WireOut *out = &session->link.out;
  gsize room = strlen (call->command) + call->arguments_length + 80;

  if (call->sensitive)
    {
      g_autofree char *text = g_malloc (room);

      wire_out_add_special (out, text, format_command (session, call, text, room), -1, TRUE);
      explicit_bzero (text, room);
    }
  else
    {
      char *text = wire_out_reserve (out, room);

      wire_out_commit (out, format_command (session, call, text, room));
      qga_call_forget_arguments (call);
    }
}

static void
send_call (QgaSession *session, QgaCall *call)
{
  WireOut *out = &session->link.out;
  guint64 before = out->queued;

  call->id = ++session->last_id;
  session->current = call;
  session->line = QGA_LINE_BUSY;
  if (call->own && call->insists)
    call->wire.deadline = qga_session_get_deadline (session, call->command, g_get_monotonic_time ());
  wire_reader_set_max_bytes (&session->link.reader, MAX (session->max_bytes, call->reply_size));
  wire_reader_announce (&session->link.reader, call->reply_size);
  /* with silence for an answer only those can do who look at no reply */
  if (call->form != QGA_RESULT_REPLY && !qga_session_answers (session, call->command))
    call->grace_end = g_get_monotonic_time () + (gint64) session->grace * 1000;
  write_command (session, call);
  if (session->logs)
    qga_log_sent (call, (gsize) (out->queued - before));
  qga_session_plan (session);
  wire_link_send (&session->link);
}

/* --- the queue ------------------------------------------------------------------------- */

static void
put_in (QgaSession *session, QgaCall *call, GQueue *queue, gboolean first)
{
  call->in = queue;
  call->link.data = call;
  session->queued_size += call->arguments_length;
  if (first)
    g_queue_push_head_link (queue, &call->link);
  else
    g_queue_push_tail_link (queue, &call->link);
}

static void
take_out (QgaSession *session, QgaCall *call)
{
  g_queue_unlink (call->in, &call->link);
  call->in = NULL;
  session->queued_size -= call->arguments_length;
}

/* Puts a call among the waiting, and where it waits for the line. */
void
qga_session_push (QgaSession *session, QgaCall *call, gboolean first)
{
  wire_link_await (&session->link, &call->wire);
  if (call->start > g_get_monotonic_time ())
    {
      put_in (session, call, &session->delayed, FALSE);
      qga_session_plan (session);
    }
  else
    put_in (session, call, &session->queue, first);
}

static gboolean
expires (const QgaCall *call)
{
  return call->own && !call->insists;
}

/* Sends the next call, if the line is free for it. */
void
qga_session_pump (QgaSession *session)
{
  while (session->queue.head != NULL && !session->link.ended)
    {
      QgaCall *call = session->queue.head->data;

      if (session->line == QGA_LINE_OUT_OF_STEP)
        qga_session_sync (session);
      else if (session->line == QGA_LINE_SYNCING)
        qga_session_plan (session);
      if (session->line != QGA_LINE_READY)
        return;
      if (expires (call) && call->wire.deadline <= g_get_monotonic_time ())
        {
          qga_session_end (session, call, NULL, 0, NULL);
          continue;
        }
      if (call->generation != 0 && call->generation != session->standing.generation)
        {
          qga_session_end (session, call, NULL, 0, qga_call_describe_restart (call));
          continue;
        }
      take_out (session, call);
      send_call (session, call);
    }
}

static void
promote_delayed (QgaSession *session, gint64 now)
{
  GList *next;

  for (GList *each = session->delayed.head; each != NULL; each = next)
    {
      QgaCall *call = each->data;

      next = each->next;
      if (call->start > now)
        continue;
      take_out (session, call);
      put_in (session, call, &session->queue, FALSE);
    }
}

static GError *
find_objection (QgaSession *session, QgaCall *call)
{
  if (session->n_pending >= session->max_pending)
    return g_error_new (G_IO_ERROR, G_IO_ERROR_BUSY, "%s: %u calls wait for the guest agent already", call->command,
                        session->n_pending);
  if (session->queued_size + call->arguments_length > MOST_QUEUED)
    return g_error_new (G_IO_ERROR, G_IO_ERROR_BUSY, "%s: too much waits to be sent already", call->command);
  return NULL;
}

/* Nobody will wait for a call that was not sent: what must be done is done on
 * the session's own account, whenever the agent answers again. */
void
qga_session_insist (QgaSession *session, QgaCall *call)
{
  QgaCall *again;

  if (!call->insists || call->own || session->link.ended)
    return;
  again = qga_call_new_own (session, call->command, g_steal_pointer (&call->arguments), G_MAXINT64, NULL, NULL);
  again->generation = call->generation;
  again->insists = TRUE;
  qga_session_push (session, again, FALSE);
  qga_session_pump (session);
}

static void
begin_command (QgaSession *session, QgaCall *call)
{
  GError *objection = call->own ? NULL : find_objection (session, call);

  if (objection != NULL)
    {
      qga_session_insist (session, call);
      wire_call_refuse (&call->wire, objection);
      return;
    }
  session->n_pending += !call->own;
  qga_session_push (session, call, FALSE);
  /* half a message that nobody asked for: the reply would be its other half */
  if (session->line == QGA_LINE_READY && wire_reader_in_message (&session->link.reader))
    qga_session_lose_step (session);
  qga_session_pump (session);
}

void
qga_session_begin (QgaSession *session, QgaCall *call)
{
  switch (call->kind)
    {
    case QGA_CALL_COMMAND:
      begin_command (session, call);
      break;
    case QGA_CALL_OPENING:
      wire_link_await (&session->link, &call->wire);
      /* the source may have been quicker, in another thread */
      if (session->opened)
        wire_call_end (&call->wire, NULL, NULL);
      else if (session->line == QGA_LINE_OUT_OF_STEP)
        qga_session_sync (session);
      break;
    case QGA_CALL_JOIN:
      wire_link_await (&session->link, &call->wire);
      qga_ahead_join (call);
      break;
    case QGA_CALL_WAIT:
    default:
      wire_link_await (&session->link, &call->wire);
      qga_watch_begin (session, call);
      qga_session_pump (session);
      break;
    }
}

/* --- time ------------------------------------------------------------------------------ */

/* When the first of the session's own questions has waited for too long: not
 * behind other calls, but for an agent that does not answer at all. */
static gint64
get_expiry (const QgaSession *session)
{
  gint64 first = G_MAXINT64;

  if (session->line != QGA_LINE_SYNCING)
    return G_MAXINT64;
  for (const GList *each = session->queue.head; each != NULL; each = each->next)
    if (expires (each->data))
      first = MIN (first, ((const QgaCall *) each->data)->wire.deadline);
  return first;
}

static void
expire_own (QgaSession *session, gint64 now)
{
  GList *each = session->line == QGA_LINE_SYNCING ? session->queue.head : NULL;

  while (each != NULL)
    {
      QgaCall *call = each->data;

      each = each->next;
      if (!expires (call) || call->wire.deadline > now)
        continue;
      qga_session_end (session, call, NULL, 0, NULL);
      /* whoever is told may change the queue */
      each = session->queue.head;
    }
}

/* Sets the link's timer to what is due next. */
void
qga_session_plan (QgaSession *session)
{
  const QgaCall *current = session->current;
  gint64 next = qga_session_get_sync_time (session);

  if (current != NULL)
    next = MIN (next, MIN (current->wire.deadline, current->grace_end));
  next = MIN (next, get_expiry (session));
  for (const GList *each = session->delayed.head; each != NULL; each = each->next)
    next = MIN (next, ((const QgaCall *) each->data)->start);
  wire_link_set_timer (&session->link, next);
}

/* A call on the line holds up all others, so its deadline passes here even if
 * its own main context does not run. */
static void
on_timer (WireLink *link, gint64 now)
{
  QgaSession *session = (QgaSession *) link;
  QgaCall *current = session->current;

  if (current != NULL && current->wire.deadline <= now)
    wire_link_end_early (link, &current->wire, TRUE);
  else if (current != NULL && current->grace_end <= now)
    qga_session_conclude (session, QGA_ACCEPTANCE_SILENT);
  promote_delayed (session, now);
  expire_own (session, now);
  if (qga_session_get_sync_time (session) <= now)
    {
      qga_session_change_standing (session, session->standing.agent_present, FALSE);
      qga_session_sync (session);
    }
  qga_session_pump (session);
  qga_session_plan (session);
}

/* --- ends ------------------------------------------------------------------------------ */

/* Takes a call from wherever it waits. */
static void
leave (QgaSession *session, QgaCall *call)
{
  if (call->in != NULL)
    take_out (session, call);
  if (session->current == call)
    session->current = NULL;
  if (session->examined == call)
    {
      session->examined = NULL;
      g_clear_error (&session->refusal);
    }
  session->n_pending -= !call->own;
}

/**
 * qga_session_end:
 * @view: (nullable): the reply; %NULL when there is none
 * @error: (transfer full) (nullable): why not
 *
 * Ends a command. Whoever calls it sends the next.
 */
void
qga_session_end (QgaSession *session, QgaCall *call, const WireView *view, guint result, GError *error)
{
  WireDocument *reply = NULL;

  leave (session, call);
  if (call->hook != NULL)
    call->hook (session, call, error == NULL ? view : NULL, result, error);
  call->result = result;
  if (error == NULL && view != NULL && !call->own)
    reply = wire_reader_keep (&session->link.reader, view);
  wire_call_end (&call->wire, reply, error);
}

/* What a call without a command of its own waits for goes on without it. */
static void
forget_wait (QgaSession *session, QgaCall *call)
{
  if (call->kind == QGA_CALL_WAIT)
    qga_watch_forget (session, call);
  if (call->kind == QGA_CALL_JOIN)
    qga_ahead_leave (call);
}

/* By its deadline, or by its cancellable. What was sent may still be
 * answered: that must not be taken for the answer to what comes next. */
static void
ended_early (WireLink *link, WireCall *wire)
{
  QgaSession *session = (QgaSession *) link;
  QgaCall *call = (QgaCall *) wire;
  gboolean sent = session->current == call;
  gboolean waited = call->in != NULL;

  forget_wait (session, call);
  if (call->kind != QGA_CALL_COMMAND)
    return;
  leave (session, call);
  if (call->hook != NULL)
    call->hook (session, call, NULL, 0, NULL);
  if (waited)
    qga_session_insist (session, call);
  if (!sent)
    return;
  if (call->gives == QGA_GIVES_HANDLE && !session->by_order)
    session->orphan_id = call->id;
  if (wire->deadline <= g_get_monotonic_time ())
    qga_session_change_standing (session, session->standing.agent_present, FALSE);
  qga_session_lose_step (session);
  qga_session_sync (session);
}

/* All that waited ends now; the link sees to those who called. */
static void
forget_calls (QgaSession *session)
{
  WireCall *next;

  g_queue_init (&session->queue);
  g_queue_init (&session->delayed);
  session->current = session->examined = NULL;
  g_clear_error (&session->refusal);
  for (WireCall *wire = session->link.first_waiting; wire != NULL; wire = next)
    {
      QgaCall *call = (QgaCall *) wire;

      next = wire->next;
      call->in = NULL;
      forget_wait (session, call);
      if (call->hook != NULL)
        call->hook (session, call, NULL, 0, NULL);
      call->hook = NULL;
    }
}

/* A guest that was told to go has done what it should when it is gone. */
static GError *
link_ends (WireLink *link, GError *error)
{
  QgaSession *session = (QgaSession *) link;
  gboolean gone = error == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  QgaCall *current = session->current;

  if (error != NULL && gone && current != NULL && current->grace_end != G_MAXINT64)
    qga_session_conclude (session, QGA_ACCEPTANCE_CLOSED);
  forget_calls (session);
  if (gone && session->end_expected)
    g_clear_error (&error);
  qga_session_change_standing (session, FALSE, FALSE);
  if (session->logs)
    qga_log_note (error != NULL ? "the connection ended with an error" : "the connection ended as was wanted");
  return error;
}

static GError *
describe_opening (QgaSession *session)
{
  if (session->heard)
    return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                                "Something answers, but not as a guest agent does");
  return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                              "The guest agent did not answer: the guest may still be booting, may have no agent "
                              "running, or another client may be connected to it");
}

static GError *
describe_early_end (WireLink *link, WireCall *wire, gboolean timed_out)
{
  QgaSession *session = (QgaSession *) link;
  QgaCall *call = (QgaCall *) wire;

  if (!timed_out)
    return g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s was cancelled", qga_call_get_name (call));
  if (call->kind == QGA_CALL_OPENING)
    return describe_opening (session);
  return g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "%s: nothing came in time%s", qga_call_get_name (call),
                      call->in == NULL ? "" : session->line == QGA_LINE_SYNCING
                                            ? "; it was not sent, since the guest agent does not answer at all"
                                            : "; it was not even sent, since others were before it");
}

/* --- what is shown ------------------------------------------------------------------------ */

static void
tell (QgaSession *session)
{
  if (session->notice_queued || session->link.box == NULL)
    return;
  session->notice_queued = TRUE;
  wire_box_push (session->link.box, &session->notice);
}

void
qga_session_change_standing (QgaSession *session, gboolean present, gboolean responsive)
{
  QgaStanding *standing = &session->standing;

  if (standing->agent_present == present && standing->responsive == responsive)
    return;
  standing->agent_present = present;
  standing->responsive = responsive;
  tell (session);
}

void
qga_session_next_generation (QgaSession *session)
{
  session->standing.generation++;
  tell (session);
}

void
qga_session_count_stray (QgaSession *session, const char *why)
{
  session->stray++;
  if (session->logs)
    qga_log_note (why);
}

/* --- life -------------------------------------------------------------------------------- */

static void
deliver (WireLink *link, GObject *object, WireDelivery *delivery)
{
  if (delivery->kind == WIRE_DELIVERY_CALL)
    qga_call_return ((QgaCall *) delivery);
  else
    qga_connection_deliver ((QgaConnection *) object, (QgaSession *) link, delivery);
}

static void
finalize (WireLink *link)
{
  QgaSession *session = (QgaSession *) link;

  g_hash_table_unref (session->live);
  g_hash_table_unref (session->watches);
  g_clear_pointer (&session->commands, g_hash_table_unref);
  g_clear_error (&session->refusal);
  g_free (session->version);
  g_free (session->address);
  g_free (session);
}

static const WireLinkClass session_class = {
  .peer = "the guest agent",
  .size_of_call = sizeof (QgaCall),
  .begin = qga_call_begin,
  .message = qga_session_message,
  .sentinel = qga_session_sentinel,
  .fault = qga_session_fault,
  .ended_early = ended_early,
  .timer = on_timer,
  .describe_early_end = describe_early_end,
  .link_ends = link_ends,
  .deliver = deliver,
  .clear_call = qga_call_clear,
  .finalize = finalize,
};

static void
take_limits (QgaSession *session, QgaLimits *limits, WireLimits *wire_limits)
{
  wire_limits->max_bytes = qga_limits_get_message_size (limits);
  wire_limits->max_values = qga_limits_get_message_values (limits);
  wire_limits->max_depth = qga_limits_get_message_depth (limits);
  wire_limits->max_key = qga_limits_get_name_size (limits);
  session->max_bytes = qga_limits_get_message_size (limits);
  session->max_pending = qga_limits_get_pending_calls (limits);
}

QgaSession *
qga_session_new (QgaOpenOptions *options)
{
  g_autoptr (QgaOpenOptions) given = options != NULL ? g_object_ref (options) : qga_open_options_new ();
  QgaLimits *limits = qga_open_options_get_limits (given);
  g_autoptr (QgaLimits) defaults = limits == NULL ? qga_limits_new () : NULL;
  QgaSession *session = g_new0 (QgaSession, 1);
  WireLimits wire_limits;

  take_limits (session, limits != NULL ? limits : defaults, &wire_limits);
  wire_link_init (&session->link, &session_class, &wire_limits);
  session->live = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  session->watches = g_hash_table_new (NULL, NULL);
  session->logs = qga_log_is_wanted ();
  session->notice.kind = WIRE_DELIVERY_NOTICE;
  session->default_timeout = qga_open_options_get_default_timeout (given);
  session->grace = qga_open_options_get_grace (given);
  /* so that no reply to a client before us has the id of one of ours */
  session->last_id = (gint64) g_random_int () << 16;
  session->standing.generation = session->told.generation = 1;
  return session;
}

/* Commands that take long by nature. */
static int
find_timeout (const char *command)
{
  static const struct
  {
    const char *command;
    int milliseconds;
  } slow[] = {
    { "guest-fsfreeze-freeze", 120000 },
    { "guest-fsfreeze-freeze-list", 120000 },
    { "guest-fsfreeze-thaw", 120000 },
    { "guest-fstrim", 600000 },
    { "guest-set-memory-blocks", 120000 },
    { "guest-set-vcpus", 120000 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (slow); i++)
    if (g_str_equal (slow[i].command, command))
      return slow[i].milliseconds;
  return QGA_DEFAULT_TIMEOUT_MS;
}

/* Microseconds for milliseconds, where -1 is the default and G_MAXINT none. */
gint64
qga_session_get_timeout (QgaSession *session, const char *command, int milliseconds)
{
  if (milliseconds < 0)
    milliseconds = g_atomic_int_get (&session->default_timeout);
  if (milliseconds < 0)
    milliseconds = find_timeout (command);
  return milliseconds == G_MAXINT ? G_MAXINT64 : (gint64) milliseconds * 1000;
}

/* When a command of the library's own has taken too long, by the monotonic clock. */
gint64
qga_session_get_deadline (QgaSession *session, const char *command, gint64 from)
{
  gint64 patience = qga_session_get_timeout (session, command, -1);

  return patience < G_MAXINT64 - from ? from + patience : G_MAXINT64;
}

void
qga_session_unref (QgaSession *session)
{
  wire_link_unref (&session->link);
}
