/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire-call.h"

#include <string.h>

#include "wire-box.h"
#include "wire-link.h"
#include "wire-pool.h"

WireCall *
wire_call_new (WireLink *link)
{
  gsize size = link->class->size_of_call;
  WireCall *call = memset (wire_pool_alloc (size), 0, size);

  call->delivery.kind = WIRE_DELIVERY_CALL;
  call->references = 1;
  call->link = link;
  return call;
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
  const WireLinkClass *class = call->link->class;
  WireLink *held_link = call->holds_link ? call->link : NULL;

  if (!g_atomic_int_dec_and_test (&call->references))
    return;
  if (class->clear_call != NULL)
    class->clear_call (call);
  g_clear_object (&call->task);
  g_clear_object (&call->cancellable);
  g_clear_pointer (&call->reply, wire_document_unref);
  g_clear_error (&call->error);
  wire_pool_free (call, class->size_of_call);
  g_clear_pointer (&held_link, wire_link_unref);
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

/**
 * wire_call_refuse:
 * @error: (transfer full) (nullable): why; %NULL when all it waits for has
 *   come already
 *
 * A call that is over before it begins still ends later, in its context; the
 * lock is held.
 */
void
wire_call_refuse (WireCall *call, GError *error)
{
  wire_link_await (call->link, call);
  wire_call_end (call, NULL, error);
}

/* Starts a call that has a task, and lets go of it. */
void
wire_call_start (WireCall *call)
{
  WireLink *link = call->link;
  gboolean watched = call->cancellable != NULL;

  if (watched)
    wire_call_ref (call);
  wire_link_lock (link);
  link->class->begin (link, call);
  wire_link_unlock (link);
  if (!watched)
    return;
  wire_link_watch_cancel (link, call);
  wire_call_unref (call);
}

/**
 * wire_call_run:
 * @call: a call without a task
 *
 * Starts it and blocks until it has ended.
 */
gboolean
wire_call_run (WireCall *call, GError **error)
{
  WireLink *link = call->link;
  gulong id;

  wire_call_ref (call);
  wire_link_lock (link);
  link->class->begin (link, call);
  if (call->cancellable != NULL)
    {
      wire_link_unlock (link);
      wire_link_watch_cancel (link, call);
      wire_link_lock (link);
    }
  wire_link_block (link, call);
  id = call->cancel_id;
  call->handed_over = TRUE;
  wire_link_unlock (link);
  if (id != 0)
    g_signal_handler_disconnect (call->cancellable, id);
  if (call->error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&call->error));
  return FALSE;
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
