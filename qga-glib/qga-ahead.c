/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-ahead-private.h"

QgaAhead *
qga_ahead_ref (QgaAhead *self)
{
  g_atomic_int_inc (&self->references);
  return self;
}

void
qga_ahead_unref (QgaAhead *self)
{
  if (!g_atomic_int_dec_and_test (&self->references))
    return;
  g_clear_pointer (&self->reply, wire_document_unref);
  g_clear_error (&self->error);
  g_free (self);
}

static void
give (QgaAhead *self, QgaCall *call)
{
  call->result = self->result;
  wire_call_end (&call->wire, g_steal_pointer (&self->reply), g_steal_pointer (&self->error));
}

/* Where the line itself has ended, it ends those who wait. */
static void
take_answer (QgaSession *session, QgaCall *call, const WireView *view, guint result, const GError *error)
{
  QgaAhead *self = call->hook_data;
  QgaCall *waiter = g_steal_pointer (&self->waiter);

  self->ended = !session->link.ended;
  self->result = result;
  if (view != NULL)
    self->reply = wire_reader_keep (&session->link.reader, view);
  else
    self->error = error != NULL ? g_error_copy (error)
                                : g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "%s: nothing came in time", self->command);
  if (waiter != NULL && self->ended)
    give (self, waiter);
  qga_ahead_unref (self);
}

/* Takes the arguments; NULL when the line has ended. */
QgaAhead *
qga_ahead_start (QgaSession *session, const char *command, char *arguments, guint generation)
{
  gint64 deadline = qga_session_get_deadline (session, command, g_get_monotonic_time ());
  QgaAhead *self;
  QgaCall *call;

  if (session->link.ended)
    {
      g_free (arguments);
      return NULL;
    }
  self = g_new0 (QgaAhead, 1);
  self->references = 2;
  call = qga_call_new_own (session, command, arguments, deadline, take_answer, self);
  self->command = command;
  call->generation = generation;
  qga_session_push (session, call, FALSE);
  qga_session_pump (session);
  return self;
}

/* For a call that is among the waiting. */
void
qga_ahead_join (QgaCall *call)
{
  if (call->ahead->ended)
    give (call->ahead, call);
  else
    call->ahead->waiter = call;
}

/* What is under way goes on, for nobody. */
void
qga_ahead_leave (QgaCall *call)
{
  call->ahead->waiter = NULL;
}
