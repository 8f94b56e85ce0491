/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-session-private.h"

#include "qga-call-private.h"
#include "qga-log-private.h"
#include "qga-watch-private.h"

/* What is known of the agent: what it can do, whether it is the one from
 * before, and why it refused. Everything here holds the lock. */

/* How long the session's own questions may take. */
#define QUESTION_US (5 * G_USEC_PER_SEC)

static gint64
get_question_deadline (void)
{
  return g_get_monotonic_time () + QUESTION_US;
}

static void
ask (QgaSession *session, const char *command, QgaCallHook hook)
{
  QgaCall *call = qga_call_new_own (session, command, NULL, get_question_deadline (), hook, NULL);

  qga_session_push (session, call, TRUE);
}

/* --- what it can do ---------------------------------------------------------------------- */

static gboolean
read_flag (const WireView *view, guint object, const char *name, gboolean otherwise)
{
  guint member = wire_view_member (view, object, name);
  gboolean truth;

  return member != 0 && wire_view_get_boolean (view, member, &truth) ? truth : otherwise;
}

static void
read_command (QgaSession *session, const WireView *view, guint object)
{
  guint member = view->values[object].type == WIRE_OBJECT ? wire_view_member (view, object, "name") : 0;
  char *name = member != 0 ? wire_view_dup_string (view, member) : NULL;
  QgaCommandFlags flags = QGA_COMMAND_KNOWN;

  if (name == NULL)
    return;
  if (read_flag (view, object, "enabled", TRUE))
    flags |= QGA_COMMAND_ENABLED;
  if (read_flag (view, object, "success-response", TRUE))
    flags |= QGA_COMMAND_ANSWERS;
  g_hash_table_replace (session->commands, name, GUINT_TO_POINTER (flags));
}

static void
read_info (QgaSession *session, const WireView *view, guint result)
{
  gboolean is_object = view->values[result].type == WIRE_OBJECT;
  guint version = is_object ? wire_view_member (view, result, "version") : 0;
  guint list = is_object ? wire_view_member (view, result, "supported_commands") : 0;

  if (version != 0)
    {
      g_free (session->version);
      session->version = wire_view_dup_string (view, version);
    }
  if (list == 0 || view->values[list].type != WIRE_ARRAY)
    return;
  g_clear_pointer (&session->commands, g_hash_table_unref);
  session->commands = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = list + 1; i < view->values[list].next; i = wire_view_after (view, i))
    read_command (session, view, i);
}

static void
end_opening (QgaSession *session)
{
  WireCall *next;

  session->opened = TRUE;
  for (WireCall *wire = session->link.first_waiting; wire != NULL; wire = next)
    {
      next = wire->next;
      if (((QgaCall *) wire)->kind == QGA_CALL_OPENING)
        wire_call_end (wire, NULL, NULL);
    }
}

static void judge_refusal (QgaSession *session);

/* An agent that does not tell what it can do is opened all the same; one that
 * fell silent is synced with again, and then asked again. */
static void
take_info (QgaSession *session, G_GNUC_UNUSED QgaCall *call, const WireView *view, guint result, const GError *error)
{
  if (view != NULL)
    read_info (session, view, result);
  session->info_stale = view == NULL && error == NULL;
  if (!session->opened && !session->info_stale)
    end_opening (session);
  if (session->examined != NULL)
    judge_refusal (session);
}

void
qga_session_ask_info (QgaSession *session)
{
  ask (session, "guest-info", take_info);
}

QgaCommandFlags
qga_session_find_command (const QgaSession *session, const char *command)
{
  return session->commands != NULL ? GPOINTER_TO_UINT (g_hash_table_lookup (session->commands, command)) : 0;
}

/* Whether a command is answered when it succeeds. */
gboolean
qga_session_answers (QgaSession *session, const char *command)
{
  static const char *const silent[] = { "guest-shutdown", "guest-suspend-disk", "guest-suspend-ram",
                                        "guest-suspend-hybrid", NULL };
  QgaCommandFlags flags = qga_session_find_command (session, command);

  return (flags & QGA_COMMAND_KNOWN) ? (flags & QGA_COMMAND_ANSWERS) != 0 : !g_strv_contains (silent, command);
}

/* --- why it refused ------------------------------------------------------------------------ */

/* An agent refuses what it does not know, what is disabled, and what must
 * wait for a thaw with one and the same class. */

static void
settle (QgaSession *session, QgaError code, const char *why)
{
  GError *error = g_steal_pointer (&session->refusal);

  error->code = (int) code;
  if (why != NULL)
    {
      char *message = g_strdup_printf ("%s (%s)", error->message, why);

      g_free (error->message);
      error->message = message;
    }
  qga_session_end (session, session->examined, NULL, 0, error);
}

static void
take_freeze_status (QgaSession *session, G_GNUC_UNUSED QgaCall *call, const WireView *view, guint result,
                    G_GNUC_UNUSED const GError *error)
{
  if (session->examined == NULL)
    return;
  if (view != NULL && wire_view_is_string (view, result, "frozen"))
    settle (session, QGA_ERROR_FROZEN, "the guest's file systems are frozen");
  else
    settle (session, QGA_ERROR_COMMAND_DISABLED, NULL);
}

static void
judge_refusal (QgaSession *session)
{
  QgaCommandFlags flags = qga_session_find_command (session, session->examined->command);
  QgaCommandFlags status = qga_session_find_command (session, "guest-fsfreeze-status");

  if (!(flags & QGA_COMMAND_KNOWN))
    settle (session, QGA_ERROR_COMMAND_NOT_FOUND, NULL);
  else if (flags & QGA_COMMAND_ENABLED)
    settle (session, QGA_ERROR_COMMAND_DISABLED, "meanwhile it is enabled");
  else if (status & QGA_COMMAND_ENABLED)
    ask (session, "guest-fsfreeze-status", take_freeze_status);
  else
    settle (session, QGA_ERROR_COMMAND_DISABLED, NULL);
}

/* Takes the error. */
void
qga_session_examine (QgaSession *session, QgaCall *call, GError *refusal)
{
  session->examined = call;
  session->refusal = refusal;
  qga_session_ask_info (session);
}

/* --- whether it is the one from before --------------------------------------------------------- */

static gint64 *
make_key (gboolean process, gint64 number)
{
  gint64 *key = g_new (gint64, 1);

  *key = (gint64) ((guint64) number * 2 + !!process);
  return key;
}

static void
end_stale_calls (QgaSession *session)
{
  GQueue *queues[] = { &session->queue, &session->delayed };

  for (guint i = 0; i < G_N_ELEMENTS (queues); i++)
    for (GList *each = queues[i]->head, *next; each != NULL; each = next)
      {
        QgaCall *call = each->data;

        next = each->next;
        if (call->generation != 0)
          qga_session_end (session, call, NULL, 0, qga_call_describe_restart (call));
      }
}

/* The agent is another one: whatever the last one gave out is nothing now. */
void
qga_session_restarted (QgaSession *session)
{
  if (session->logs)
    qga_log_note ("the guest agent has restarted");
  g_hash_table_remove_all (session->live);
  session->info_stale = TRUE;
  if (session->line == QGA_LINE_READY)
    qga_session_ask_info (session);
  qga_session_next_generation (session);
  qga_watch_fail_all (session);
  end_stale_calls (session);
}

/* Notes what the agent gave out. A number that is in use can only come from
 * an agent that does not know so. */
void
qga_session_claim (QgaSession *session, gboolean process, gint64 number)
{
  g_autofree gint64 *key = make_key (process, number);

  if (g_hash_table_contains (session->live, key))
    qga_session_restarted (session);
  g_hash_table_add (session->live, g_steal_pointer (&key));
}

void
qga_session_release (QgaSession *session, gboolean process, gint64 number)
{
  g_autofree gint64 *key = make_key (process, number);

  g_hash_table_remove (session->live, key);
}

/* --- what QEMU says ------------------------------------------------------------------------------ */

/* The agent that was to answer is gone. */
static void
lose_agent (QgaSession *session)
{
  QgaCall *current = session->current;

  qga_session_lose_step (session);
  if (current != NULL)
    qga_session_end (session, current, NULL, 0, qga_call_describe_restart (current));
  qga_session_restarted (session);
}

/* QEMU tells of a port once a second at most, and then only how it is: that it
 * is open comes late, and of a short restart nothing else is told. */
static void
hear_port (QgaSession *session, gboolean open)
{
  gboolean unseen = open && session->port_open;
  gboolean in_step;

  /* a guest that goes stops its agent first */
  if ((!open || unseen) && session->current != NULL && session->current->grace_end != G_MAXINT64)
    qga_session_conclude (session, QGA_ACCEPTANCE_CLOSED);
  if (!open || unseen)
    lose_agent (session);
  session->port_open = open;
  in_step = session->line == QGA_LINE_READY || session->line == QGA_LINE_BUSY;
  if (!open || !in_step)
    qga_session_change_standing (session, open, FALSE);
  /* whoever waits for it need not wait for the next try */
  if (open && !in_step)
    {
      qga_session_lose_step (session);
      qga_session_sync (session);
    }
}

/* Until the guest has booted there is no agent. */
static void
hear_reset (QgaSession *session)
{
  lose_agent (session);
  session->port_open = FALSE;
  qga_session_change_standing (session, FALSE, FALSE);
}

/* Whether an event says that the command on the line has worked. */
static gboolean
is_sign_of_success (const QgaCall *call, const char *event)
{
  static const struct
  {
    const char *command;
    const char *events[3];
  } signs[] = {
    { "guest-shutdown", { "SHUTDOWN", "RESET" } },
    { "guest-suspend-disk", { "SUSPEND_DISK", "SHUTDOWN" } },
    { "guest-suspend-ram", { "SUSPEND" } },
    { "guest-suspend-hybrid", { "SUSPEND" } },
  };

  if (call == NULL || call->grace_end == G_MAXINT64)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
    if (g_str_equal (call->command, signs[i].command))
      return g_strv_contains (signs[i].events, event);
  return FALSE;
}

/**
 * qga_session_hear_event:
 * @name: what QEMU said happened
 * @open: for a change of our port: whether it is open now
 */
void
qga_session_hear_event (QgaSession *session, const char *name, gboolean open)
{
  if (session->link.ended)
    return;
  if (is_sign_of_success (session->current, name))
    qga_session_conclude (session, QGA_ACCEPTANCE_EVENT);
  if (g_str_equal (name, "VSERPORT_CHANGE"))
    hear_port (session, open);
  else if (g_str_equal (name, "RESET"))
    hear_reset (session);
  else if (session->line == QGA_LINE_READY && (g_str_equal (name, "WAKEUP") || g_str_equal (name, "RESUME")))
    qga_session_lose_step (session);
  qga_session_pump (session);
}
