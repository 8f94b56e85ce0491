/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire-link.h"

#include <unistd.h>

#include "wire-box.h"

/* How much one turn may read before others get theirs. */
#define TURN_BYTES ((gsize) 256 * 1024)

/* --- life ------------------------------------------------------------------------ */

void
wire_link_init (WireLink *link, const WireLinkClass *class, const WireLimits *limits)
{
  link->class = class;
  link->references = 1;
  g_mutex_init (&link->lock);
  link->boxes = g_ptr_array_new ();
  link->wake_fd = -1;
  link->timer = G_MAXINT64;
  link->closed.kind = WIRE_DELIVERY_CLOSED;
  wire_reader_init (&link->reader, limits);
}

/**
 * wire_link_start:
 * @context: the owner's: where deliveries that no call waits for go
 */
gboolean
wire_link_start (WireLink *link, GIOStream *stream, GMainContext *context, GError **error)
{
  if (!wire_transport_init (&link->transport, stream, error))
    return FALSE;
  link->context = g_main_context_ref (context);
  wire_link_lock (link);
  link->box = wire_box_new (link, context);
  wire_box_poll (link->box, link->transport.fd, link->transport.out_fd);
  /* TLS may have read more than its own beginning */
  if (!link->transport.direct)
    wire_box_read_on (link->box);
  wire_link_unlock (link);
  return TRUE;
}

WireLink *
wire_link_ref (WireLink *link)
{
  g_atomic_int_inc (&link->references);
  return link;
}

void
wire_link_unref (WireLink *link)
{
  if (!g_atomic_int_dec_and_test (&link->references))
    return;
  wire_transport_clear (&link->transport);
  wire_out_clear (&link->out);
  wire_reader_clear (&link->reader);
  g_clear_error (&link->cause);
  g_clear_error (&link->write_error);
  g_clear_pointer (&link->context, g_main_context_unref);
  g_ptr_array_unref (link->boxes);
  if (link->wake_fd >= 0)
    close (link->wake_fd);
  g_mutex_clear (&link->lock);
  link->class->finalize (link);
}

void
wire_link_set_object (WireLink *link, GObject *object)
{
  wire_link_lock (link);
  link->object = object;
  wire_link_unlock (link);
}

/**
 * wire_link_abandon:
 *
 * The public face is going. What still waits fails in its own context;
 * nothing more is emitted.
 */
void
wire_link_abandon (WireLink *link)
{
  WireBox *box = NULL;

  wire_link_lock (link);
  link->object = NULL;
  wire_link_fail (link, g_error_new (G_IO_ERROR, G_IO_ERROR_CLOSED, "The connection to %s was dropped", link->class->peer));
  if (link->box != NULL && !wire_box_has_calls (link->box))
    box = g_steal_pointer (&link->box);
  wire_link_unlock (link);
  if (box != NULL)
    wire_box_free (box);
}

/* --- calls ------------------------------------------------------------------------- */

/**
 * wire_link_new_call:
 * @task: (transfer full) (nullable): returned in its context; %NULL when the
 *   caller is going to block
 * @timeout_us: microseconds, or %G_MAXINT64
 */
gpointer
wire_link_new_call (WireLink *link, GTask *task, GCancellable *cancellable, gint64 timeout_us)
{
  WireCall *call = wire_call_new (link);

  call->task = task;
  /* a cancellable may call in another thread when all else is over */
  call->holds_link = cancellable != NULL;
  if (cancellable != NULL)
    {
      call->cancellable = g_object_ref (cancellable);
      wire_link_ref (link);
    }
  call->created = wire_box_get_time ();
  call->deadline = timeout_us < G_MAXINT64 - call->created ? call->created + timeout_us : G_MAXINT64;
  return call;
}

/* Puts a call among the waiting, which take the caller's reference over; the
 * lock is held. */
void
wire_link_await (WireLink *link, WireCall *call)
{
  call->previous = link->last_waiting;
  if (call->previous != NULL)
    call->previous->next = call;
  else
    link->first_waiting = call;
  link->last_waiting = call;
  if (call->task == NULL)
    return;
  call->box = wire_box_find (link, g_task_get_context (call->task));
  wire_box_add_call (call->box, call->deadline);
}

void
wire_link_end_early (WireLink *link, WireCall *call, gboolean timed_out)
{
  GError *error = link->class->describe_early_end (link, call, timed_out);

  if (link->class->ended_early != NULL)
    link->class->ended_early (link, call);
  wire_call_end (call, NULL, error);
}

/**
 * wire_link_set_timer:
 * @when: monotonic time; %G_MAXINT64 for none
 *
 * The protocol's own clock: its class is told once this time has come, by the
 * owner's source or by a caller who blocks, whoever is awake.
 */
void
wire_link_set_timer (WireLink *link, gint64 when)
{
  gboolean sooner = when < link->timer;

  link->timer = when;
  if (!sooner)
    return;
  if (link->box != NULL)
    wire_box_add_deadline (link->box, when);
  wire_link_wake (link);
}

void
wire_link_tick (WireLink *link, gint64 now)
{
  if (link->timer > now)
    return;
  link->timer = G_MAXINT64;
  if (!link->ended)
    link->class->timer (link, now);
}

/* Ends what is due among a box's calls; returns the next deadline. */
gint64
wire_link_expire (WireLink *link, WireBox *box, gint64 now)
{
  gint64 soonest = G_MAXINT64;
  WireCall *next;

  if (box == link->box)
    wire_link_tick (link, now);
  for (WireCall *call = link->first_waiting; call != NULL; call = next)
    {
      next = call->next;
      if (call->box != box)
        continue;
      if (call->deadline <= now)
        wire_link_end_early (link, call, TRUE);
      else
        soonest = MIN (soonest, call->deadline);
    }
  return box == link->box ? MIN (soonest, link->timer) : soonest;
}

static void
on_cancelled (G_GNUC_UNUSED GCancellable *cancellable, gpointer data)
{
  WireCall *call = data;

  wire_link_lock (call->link);
  if (!call->ended)
    wire_link_end_early (call->link, call, FALSE);
  wire_link_unlock (call->link);
}

static void
release_call (gpointer data)
{
  wire_call_unref (data);
}

/**
 * wire_link_watch_cancel:
 *
 * Called once the call is among the waiting, without the lock: a cancellable
 * that is cancelled already calls back at once.
 */
void
wire_link_watch_cancel (WireLink *link, WireCall *call)
{
  gulong id;
  gboolean too_late;

  if (call->cancellable == NULL)
    return;
  id = g_cancellable_connect (call->cancellable, G_CALLBACK (on_cancelled), wire_call_ref (call), release_call);
  wire_link_lock (link);
  too_late = call->handed_over;
  if (!too_late)
    call->cancel_id = id;
  wire_link_unlock (link);
  if (too_late && id != 0)
    g_signal_handler_disconnect (call->cancellable, id);
}

/* --- reading and writing, with the lock held ----------------------------------------- */

static GError *
describe_end (WireLink *link)
{
  return g_error_new (G_IO_ERROR, G_IO_ERROR_CLOSED, "%s closed the connection%s", link->class->peer,
                      wire_reader_in_message (&link->reader) ? " in the middle of a message" : "");
}

/* Whichever way a socket says that the other end is gone, it is gone. */
static GError *
describe_failure (WireLink *link, GError *error)
{
  GError *failure = error;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED) ||
      g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_EOF))
    failure = g_error_new (G_IO_ERROR, G_IO_ERROR_CLOSED, "%s broke the connection: %s", link->class->peer, error->message);
  else
    g_prefix_error (&failure, "The connection to %s broke: ", link->class->peer);
  if (failure != error)
    g_error_free (error);
  return failure;
}

static void
read_messages (WireLink *link)
{
  WireView view;

  while (!link->ended)
    switch (wire_reader_next (&link->reader, &view))
      {
      case WIRE_READ_MESSAGE:
        link->class->message (link, &view);
        break;
      case WIRE_READ_SENTINEL:
        link->class->sentinel (link);
        break;
      case WIRE_READ_FAULT:
        link->class->fault (link);
        break;
      case WIRE_READ_MORE:
      default:
        wire_reader_rest (&link->reader);
        return;
      }
}

/**
 * wire_link_take:
 * @n_bytes: what was received into the reader's room; 0 at the end; -1 with
 *   @error
 * @error: (transfer full) (nullable): why nothing was received
 */
void
wire_link_take (WireLink *link, gssize n_bytes, GError *error)
{
  if (link->ended)
    {
      g_clear_error (&error);
      return;
    }
  if (n_bytes < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    g_clear_error (&error);
  else if (n_bytes < 0)
    wire_link_fail (link, describe_failure (link, error));
  else if (n_bytes == 0)
    wire_link_fail (link, describe_end (link));
  else
    {
      wire_reader_add (&link->reader, (gsize) n_bytes);
      read_messages (link);
    }
}

/* Reads what has come. A socket that gave less than it was asked for has no
 * more; TLS may. */
void
wire_link_read (WireLink *link)
{
  gsize left = TURN_BYTES;

  while (!link->ended)
    {
      GError *error = NULL;
      gsize room;
      char *to = wire_reader_room (&link->reader, &room);
      gssize n = wire_transport_receive (&link->transport, to, room, &error);

      wire_link_take (link, n, error);
      if (n < 0 && !link->ended && link->write_error != NULL)
        wire_link_fail (link, describe_failure (link, g_steal_pointer (&link->write_error)));
      if (n <= 0 || (link->transport.direct && (gsize) n < room && link->write_error == NULL))
        return;
      if ((gsize) n >= left || (link->box != NULL && wire_box_has_plenty (link->box)))
        break;
      left -= (gsize) n;
    }
  if (!link->ended && !link->transport.direct && link->box != NULL)
    wire_box_read_on (link->box);
}

/**
 * wire_link_send:
 *
 * Writes what waits, as far as the peer has room.
 */
void
wire_link_send (WireLink *link)
{
  GError *error = NULL;
  WireOutResult result;

  if (link->ended)
    return;
  result = wire_out_flush (&link->out, &link->transport, &error);
  if (result == WIRE_OUT_FAILED)
    {
      /* a peer that has gone may have said why: that is read first */
      wire_out_clear (&link->out);
      g_clear_error (&link->write_error);
      link->write_error = error;
      if (link->box != NULL)
        wire_box_read_on (link->box);
    }
  if (link->box != NULL)
    wire_box_want_to_write (link->box, result == WIRE_OUT_BLOCKED);
}

/**
 * wire_link_fail:
 * @cause: (transfer full) (nullable): %NULL when the end was wanted
 *
 * The first cause counts: all that waits ends with it, oldest first, and
 * `closed` follows in the owner's context.
 */
void
wire_link_fail (WireLink *link, GError *cause)
{
  if (link->ended)
    {
      g_clear_error (&cause);
      return;
    }
  link->ended = TRUE;
  link->cause = link->class->link_ends (link, cause);
  while (link->first_waiting != NULL)
    wire_call_end (link->first_waiting, NULL,
                   link->cause != NULL ? g_error_copy (link->cause)
                                       : g_error_new (G_IO_ERROR, G_IO_ERROR_CLOSED, "The connection to %s was closed",
                                                      link->class->peer));
  wire_transport_shut_down (&link->transport);
  wire_out_clear (&link->out);
  if (link->box != NULL)
    {
      wire_box_stop_polling (link->box);
      wire_box_push (link->box, &link->closed);
    }
  wire_link_wake (link);
  if (!link->reading)
    wire_transport_clear (&link->transport);
}
