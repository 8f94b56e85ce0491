/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-watch-private.h"

#include "qga-call-private.h"
#include "qga-error-private.h"

/* A program that has little to do has ended within the first few answers,
 * sooner than a main loop can pause. One that has not is asked after with
 * pauses; and one that has run for long will hardly end right now. */
#define FIRST_POLLS 5u
#define SHORTEST_PAUSE_US ((gint64) 1000)
#define LONGEST_PAUSE_US ((gint64) 250 * 1000)

/* So many answers in a row may be lost before the agent counts as silent. */
#define MOST_LOST 2u

QgaWatch *
qga_watch_new (gint64 pid, guint generation, gboolean sensitive)
{
  QgaWatch *self = g_new0 (QgaWatch, 1);

  self->references = 1;
  self->pid = pid;
  self->generation = generation;
  self->sensitive = sensitive;
  self->since = g_get_monotonic_time ();
  return self;
}

QgaWatch *
qga_watch_ref (QgaWatch *self)
{
  g_atomic_int_inc (&self->references);
  return self;
}

void
qga_watch_unref (QgaWatch *self)
{
  if (!g_atomic_int_dec_and_test (&self->references))
    return;
  if (self->sensitive && self->status != NULL)
    wire_document_wipe (self->status);
  g_clear_pointer (&self->status, wire_document_unref);
  g_clear_error (&self->doubt);
  g_clear_error (&self->error);
  g_free (self);
}

/* --- ends -------------------------------------------------------------------------------- */

/* For all who wait now: with the status, the final error, or for now. */
static void
end_waits (QgaSession *session, QgaWatch *self, const GError *for_now)
{
  const GError *error = self->error != NULL ? self->error : for_now;
  WireCall *next;

  for (WireCall *wire = session->link.first_waiting; wire != NULL && self->n_waiting > 0; wire = next)
    {
      next = wire->next;
      if (((QgaCall *) wire)->watch != self)
        continue;
      qga_watch_forget (session, (QgaCall *) wire);
      wire_call_end (wire, NULL, error != NULL ? g_error_copy (error) : NULL);
    }
}

/* Takes the error. */
static void
fail (QgaSession *session, QgaWatch *self, GError *error)
{
  self->error = error;
  qga_session_release (session, TRUE, self->pid);
  end_waits (session, self, NULL);
}

static GError *
describe_restart (const QgaWatch *self)
{
  return g_error_new (QGA_ERROR, QGA_ERROR_AGENT_RESTARTED,
                      "The guest agent has restarted: what became of process %" G_GINT64_FORMAT " is not known", self->pid);
}

static GError *
describe_loss (const QgaWatch *self)
{
  return g_error_new (QGA_ERROR, QGA_ERROR_RESULT_LOST,
                      "What became of process %" G_GINT64_FORMAT " is lost: a reply of the guest agent did not arrive, and "
                      "it tells an end once only%s%s", self->pid, self->doubt != NULL ? ": " : "",
                      self->doubt != NULL ? self->doubt->message : "");
}

/* Those of an agent that is no more. */
void
qga_watch_fail_all (QgaSession *session)
{
  GHashTableIter iter;
  gpointer watch;

  /* each leaves the table when nobody waits for it any more */
  for (;;)
    {
      g_hash_table_iter_init (&iter, session->watches);
      if (!g_hash_table_iter_next (&iter, &watch, NULL))
        return;
      fail (session, watch, describe_restart (watch));
    }
}

/* --- asking ---------------------------------------------------------------------------------- */

static void start_poll (QgaSession *session, QgaWatch *self, gint64 when);

static gboolean
read_flag (const WireView *view, guint member)
{
  gboolean truth;

  return member != 0 && wire_view_get_boolean (view, member, &truth) && truth;
}

static gint64
read_number (const WireView *view, guint member, gint64 otherwise)
{
  gint64 number;

  return member != 0 && wire_view_get_int64 (view, member, &number) ? number : otherwise;
}

/* What an agent keeps of a stream is 16 MiB: as base64, this. */
#define FULL_OUTPUT 22369624u

/* Agents from QEMU 8.0 on name the flag when it is to be set, and then say
 * false (seen up to 10.0). What is less than all that they keep is whole. */
static gboolean
read_truncation (const QgaSession *session, const WireView *view, guint flag, guint output)
{
  gboolean means_it = session->version != NULL && g_ascii_strtoull (session->version, NULL, 10) < 8;

  return read_flag (view, flag) ||
         (flag != 0 && output != 0 && !means_it && view->values[output].length >= FULL_OUTPUT);
}

/* FALSE: it is still running. */
static gboolean
read_exit (const QgaSession *session, const WireView *view, guint result, QgaExit *end, GError **error)
{
  static const struct
  {
    const char *name;
    WireType type;
  } members[] = {
    { "exited", WIRE_BOOLEAN },         { "exitcode", WIRE_INTEGER },      { "signal", WIRE_INTEGER }, { "out-data", WIRE_STRING },
    { "err-data", WIRE_STRING },        { "out-truncated", WIRE_BOOLEAN }, { "err-truncated", WIRE_BOOLEAN },
  };
  guint places[G_N_ELEMENTS (members)] = { 0 };
  gboolean is_object = view->values[result].type == WIRE_OBJECT;

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      guint place = places[i] = is_object ? wire_view_member (view, result, members[i].name) : 0;

      if ((place == 0 && i > 0) || (place != 0 && view->values[place].type == members[i].type))
        continue;
      g_set_error (error, QGA_ERROR, QGA_ERROR_PROTOCOL, "guest-exec-status: return.%s: expected %s, got %s", members[i].name,
                   wire_type_name (members[i].type), place != 0 ? wire_type_name (view->values[place].type) : "nothing");
      return FALSE;
    }
  if (!read_flag (view, places[0]))
    return FALSE;
  if ((places[1] != 0) == (places[2] != 0))
    {
      g_set_error_literal (error, QGA_ERROR, QGA_ERROR_PROTOCOL,
                           "guest-exec-status: return: expected either exitcode or signal");
      return FALSE;
    }
  *end = (QgaExit) { read_number (view, places[1], -1), read_number (view, places[2], 0),
                     read_truncation (session, view, places[5], places[3]),
                     read_truncation (session, view, places[6], places[4]), places[3], places[4] };
  return TRUE;
}

static void
take_status (QgaSession *session, QgaWatch *self, const WireView *view, guint result)
{
  GError *error = NULL;

  if (!read_exit (session, view, result, &self->exit, &error))
    {
      if (error != NULL)
        fail (session, self, error);
      return;
    }
  self->status = wire_reader_keep (&session->link.reader, view);
  qga_session_release (session, TRUE, self->pid);
  end_waits (session, self, NULL);
}

/* Nothing came, or nothing that can be taken for an answer. If that was to be
 * the one that tells the end, the next will say that there is no such process. */
static void
lose_answer (QgaSession *session, QgaWatch *self, gboolean asked, const GError *why)
{
  g_autoptr (GError) silence = NULL;

  self->doubtful |= asked;
  g_clear_error (&self->doubt);
  self->doubt = why != NULL ? g_error_copy (why) : NULL;
  if (++self->n_lost < MOST_LOST)
    return;
  self->n_lost = 0;
  if (why == NULL)
    silence = g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                           "The guest agent does not say what became of process %" G_GINT64_FORMAT, self->pid);
  end_waits (session, self, why != NULL ? why : silence);
}

static void
note_answer (QgaWatch *self)
{
  self->doubtful = FALSE;
  self->n_lost = 0;
  g_clear_error (&self->doubt);
}

static gboolean
is_code (const GError *error, QgaError code)
{
  return error != NULL && g_error_matches (error, QGA_ERROR, (int) code);
}

/* It says nothing of the process until it is thawed. If it is already, nobody
 * can tell any more why it refused. */
static gboolean
is_frozen (const QgaSession *session, const GError *error)
{
  return is_code (error, QGA_ERROR_FROZEN) ||
         (is_code (error, QGA_ERROR_COMMAND_DISABLED) &&
          (qga_session_find_command (session, "guest-exec-status") & QGA_COMMAND_ENABLED));
}

static void
take_failure (QgaSession *session, QgaWatch *self, gboolean asked, const GError *error)
{
  /* one without an id is no answer, and has cost the step */
  gboolean refused = error != NULL && qga_error_is_refusal (error) && session->line != QGA_LINE_OUT_OF_STEP;

  if (self->error != NULL)
    return;
  if (is_code (error, QGA_ERROR_AGENT_RESTARTED))
    fail (session, self, g_error_copy (error));
  else if (is_frozen (session, error))
    self->n_lost = 0;
  else if (is_code (error, QGA_ERROR_COMMAND_DISABLED) || is_code (error, QGA_ERROR_COMMAND_NOT_FOUND))
    end_waits (session, self, error);
  else if (!refused)
    lose_answer (session, self, asked, error);
  else if (self->doubtful)
    fail (session, self, describe_loss (self));
  else
    {
      fail (session, self, describe_restart (self));
      qga_session_restarted (session);
    }
}

static void
take_answer (QgaSession *session, QgaCall *call, const WireView *view, guint result, const GError *error)
{
  QgaWatch *self = call->hook_data;

  self->polls = FALSE;
  if (view != NULL)
    {
      note_answer (self);
      take_status (session, self, view, result);
    }
  else if (!session->link.ended)
    take_failure (session, self, call->id != 0, error);
  if (self->n_waiting > 0 && self->error == NULL && !session->link.ended)
    {
      gint64 now = g_get_monotonic_time ();
      gint64 pause = CLAMP ((now - self->since) / 4, SHORTEST_PAUSE_US, LONGEST_PAUSE_US);

      start_poll (session, self, self->n_polls < FIRST_POLLS ? now : now + pause);
    }
  qga_watch_unref (self);
}

static void
start_poll (QgaSession *session, QgaWatch *self, gint64 when)
{
  char *arguments = g_strdup_printf ("{\"pid\":%" G_GINT64_FORMAT "}", self->pid);
  gint64 deadline = qga_session_get_deadline (session, "guest-exec-status", when);
  QgaCall *call = qga_call_new_own (session, "guest-exec-status", arguments, deadline, take_answer, qga_watch_ref (self));

  self->polls = TRUE;
  self->n_polls = MIN (self->n_polls + 1, FIRST_POLLS);
  call->sensitive = self->sensitive;
  call->generation = self->generation;
  call->start = when;
  qga_session_push (session, call, FALSE);
}

/* --- waiting ------------------------------------------------------------------------------------ */

/* For a call that is among the waiting. */
void
qga_watch_begin (QgaSession *session, QgaCall *call)
{
  QgaWatch *self = call->watch;

  if (self->status == NULL && self->error == NULL && self->generation != session->standing.generation)
    self->error = describe_restart (self);
  if (self->status != NULL || self->error != NULL)
    {
      wire_call_end (&call->wire, NULL, self->error != NULL ? g_error_copy (self->error) : NULL);
      return;
    }
  if (self->n_waiting++ == 0)
    g_hash_table_add (session->watches, self);
  if (!self->polls)
    start_poll (session, self, self->since);
}

/* What is under way goes on: its answer is kept for whoever asks next. */
void
qga_watch_forget (QgaSession *session, QgaCall *call)
{
  if (--call->watch->n_waiting == 0)
    g_hash_table_remove (session->watches, call->watch);
}
