/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-session-private.h"

#include "qga-call-private.h"
#include "qga-log-private.h"

/* Getting in step with an agent on a line that may hold anything: half a
 * command that a client before us left, replies to others, answers to a sync
 * of yesterday. A byte 0xFF makes the agent forget what it was reading, and
 * it puts one before its answer, which must repeat a random number. Until it
 * has come nothing else is sent, and all that comes is dropped. */

/* A guest that boots loses what is sent to it: it is asked again after so
 * long, and then after twice that, up to the most. */
#define FIRST_PATIENCE_US ((gint64) 250 * 1000)
#define MOST_PATIENCE_US ((gint64) 2000 * 1000)

/* One that is busy answers late, and one try after the other: with a new one
 * each time none of its answers would ever be that to the newest. */
#define PATIENCE_WITH_SLOW_US ((gint64) 5000 * 1000)

/* Agents older than QEMU 1.1 know only the sync without a sentinel. */
#define PLAIN_EVERY 3u

static gint64
make_sync_id (void)
{
  /* below 2^53, for agents that read numbers as doubles */
  return ((gint64) g_random_int () << 20) + g_random_int_range (1, 1 << 20);
}

static gboolean
is_waited_for (const QgaSession *session)
{
  const GList *first = session->queue.head;

  /* what only must be done at some time is no reason to ask a dead agent on and on */
  while (first != NULL && ((const QgaCall *) first->data)->own && ((const QgaCall *) first->data)->insists)
    first = first->next;
  return !session->opened || first != NULL || session->examined != NULL;
}

/* When to try again; %G_MAXINT64 when nobody waits for it. */
gint64
qga_session_get_sync_time (QgaSession *session)
{
  guint doublings = MIN (session->sync_tries, 8) - 1;

  if (session->line != QGA_LINE_SYNCING || !is_waited_for (session))
    return G_MAXINT64;
  if (session->sync_slow)
    return session->sync_sent + PATIENCE_WITH_SLOW_US;
  return session->sync_sent + MIN (FIRST_PATIENCE_US << doublings, MOST_PATIENCE_US);
}

static void
write_sync (QgaSession *session)
{
  g_autofree char *text = g_strdup_printf ("\xff{\"execute\":\"%s\",\"arguments\":{\"id\":%" G_GINT64_FORMAT "}}\n",
                                           session->sync_plain ? "guest-sync" : "guest-sync-delimited", session->sync_id);

  /* what was not written yet never will be */
  wire_out_clear (&session->link.out);
  wire_out_add (&session->link.out, text, strlen (text));
  wire_link_send (&session->link);
}

/**
 * qga_session_sync:
 *
 * Begins to get in step, or tries again.
 */
void
qga_session_sync (QgaSession *session)
{
  WireReader *reader = &session->link.reader;
  gboolean unread = session->line == QGA_LINE_SYNCING && session->link.out.waiting > 0;

  if (session->link.ended)
    return;
  if (wire_reader_in_message (reader))
    wire_reader_skip_line (reader);
  wire_reader_set_max_bytes (reader, session->max_bytes);
  session->line = QGA_LINE_SYNCING;
  session->sync_sent = g_get_monotonic_time ();
  session->sync_slow = FALSE;
  session->sync_tries++;
  /* who does not even read the one need not be sent another */
  if (!unread)
    {
      if (session->sync_tries == 1)
        session->sync_first = session->sync_id = make_sync_id ();
      else
        session->sync_id++;
      session->sync_plain = session->sync_tries % PLAIN_EVERY == 0;
      session->sync_sentinel = FALSE;
      write_sync (session);
    }
  qga_session_plan (session);
}

/* Nobody can tell any more what the next reply belongs to. */
void
qga_session_lose_step (QgaSession *session)
{
  session->line = QGA_LINE_OUT_OF_STEP;
  session->sync_tries = 0;
}

static void
end_sync (QgaSession *session)
{
  session->line = QGA_LINE_READY;
  session->sync_tries = 0;
  session->end_expected = FALSE;
  session->orphan_id = 0;
  if (session->logs)
    qga_log_note ("in step with the guest agent");
  qga_session_change_standing (session, TRUE, TRUE);
  if (!session->opened || session->info_stale)
    qga_session_ask_info (session);
}

/* The agent was so far as to open a file for somebody who had given up: it
 * would stay open for as long as the agent runs. */
static void
close_orphan (QgaSession *session, gint64 handle)
{
  char *arguments = g_strdup_printf ("{\"handle\":%" G_GINT64_FORMAT "}", handle);
  QgaCall *call = qga_call_new_own (session, "guest-file-close", arguments, G_MAXINT64, NULL, NULL);

  session->orphan_id = 0;
  call->insists = TRUE;
  qga_session_push (session, call, TRUE);
}

static gboolean
is_orphan (const QgaSession *session, const WireView *view, guint result, gint64 *handle)
{
  guint member = session->orphan_id != 0 && result != 0 ? wire_view_member (view, 0, "id") : 0;
  gint64 id;

  return member != 0 && wire_view_get_int64 (view, member, &id) && id == session->orphan_id &&
         wire_view_get_int64 (view, result, handle);
}

/* An answer to one of the tries before: that to the newest is on its way. */
static void
note_progress (QgaSession *session, const WireView *view, guint result)
{
  gint64 id;

  if (result == 0 || !wire_view_get_int64 (view, result, &id) || id < session->sync_first || id >= session->sync_id)
    return;
  session->sync_slow = TRUE;
  session->sync_sent = g_get_monotonic_time ();
  qga_session_plan (session);
}

/* Takes what comes while a sync waits for its answer. */
void
qga_session_take_sync (QgaSession *session, const WireView *view, guint result)
{
  gboolean delimited = session->sync_sentinel;
  gint64 id, handle;

  session->sync_sentinel = FALSE;
  if (result != 0 && (delimited || session->sync_plain) && wire_view_get_int64 (view, result, &id) &&
      id == session->sync_id)
    end_sync (session);
  else if (is_orphan (session, view, result, &handle))
    close_orphan (session, handle);
  else
    {
      note_progress (session, view, result);
      qga_session_count_stray (session, "dropped a message from before the sync");
    }
}
