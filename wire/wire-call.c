/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire-call.h"

#include <string.h>

#include "wire-box.h"
#include "wire-link.h"

/* Memory of calls that are over, kept for the next: with many in flight it is
 * what an allocator does worst. */
#define MOST_SPARE 128u

WireCall *
wire_call_new (WireLink *link)
{
  gsize size = link->class->size_of_call;
  WireCall *call;

  wire_link_lock (link);
  call = link->spare_calls;
  if (call != NULL)
    {
      link->spare_calls = call->next;
      link->n_spare_calls--;
    }
  wire_link_unlock (link);
  if (call == NULL)
    call = g_malloc (size);
  memset (call, 0, size);
  call->delivery.kind = WIRE_DELIVERY_CALL;
  call->references = 1;
  call->link = wire_link_ref (link);
  return call;
}

/* Takes no lock when the link is going: nobody else has it. */
static void
keep_spare (WireLink *link, WireCall *call)
{
  wire_link_lock (link);
  if (link->n_spare_calls < MOST_SPARE && link->n_spare_calls <= link->n_waiting)
    {
      call->next = link->spare_calls;
      link->spare_calls = call;
      link->n_spare_calls++;
      call = NULL;
    }
  wire_link_unlock (link);
  g_free (call);
}

void
wire_call_free_spare (WireLink *link)
{
  while (link->spare_calls != NULL)
    {
      WireCall *call = link->spare_calls;

      link->spare_calls = call->next;
      g_free (call);
    }
}

WireCall *
wire_call_ref (WireCall *call)
{
  g_atomic_int_inc (&call->references);
  return call;
}

void
wire_call_unref (WireCall *call)
{
  WireLink *link = call->link;

  if (!g_atomic_int_dec_and_test (&call->references))
    return;
  if (link->class->clear_call != NULL)
    link->class->clear_call (call);
  g_clear_object (&call->task);
  g_clear_object (&call->cancellable);
  g_clear_pointer (&call->reply, wire_document_unref);
  g_clear_error (&call->error);
  keep_spare (link, call);
  wire_link_unref (link);
}

static void
unlink_call (WireLink *link, WireCall *call)
{
  if (call->previous != NULL)
    call->previous->next = call->next;
  else
    link->first_waiting = call->next;
  if (call->next != NULL)
    call->next->previous = call->previous;
  else
    link->last_waiting = call->previous;
  call->previous = call->next = NULL;
  link->n_waiting--;
}

/**
 * wire_call_end:
 * @reply: (transfer full) (nullable): what came
 * @error: (transfer full) (nullable): or why nothing did
 *
 * Ends a call that waits; the lock is held. The waiting list's reference goes
 * to whoever it is handed to.
 */
void
wire_call_end (WireCall *call, WireDocument *reply, GError *error)
{
  WireLink *link = call->link;

  g_assert (!call->ended);
  call->ended = TRUE;
  call->reply = reply;
  call->error = error;
  unlink_call (link, call);
  if (call->box != NULL)
    {
      wire_box_push (call->box, &call->delivery);
      return;
    }
  if (call->wake != NULL)
    g_cond_signal (call->wake);
  wire_link_wake (link);
  wire_call_unref (call);
}

/* In the context of the call's box, without the lock. */
void
wire_call_hand_over (WireCall *call)
{
  WireLink *link = call->link;

  if (call->cancellable != NULL)
    {
      gulong id;

      wire_link_lock (link);
      id = call->cancel_id;
      call->cancel_id = 0;
      call->handed_over = TRUE;
      wire_link_unlock (link);
      if (id != 0)
        g_signal_handler_disconnect (call->cancellable, id);
    }
  link->class->deliver (link, NULL, &call->delivery);
  wire_call_unref (call);
}
