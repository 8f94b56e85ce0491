/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "wire-box.h"
#include "wire-link.h"

/* Callers who block: one of them reads for all, the others sleep until their
 * call has ended or the reader's role is free. */

/* Shorter waits are poll()'s: recv() cannot be told of them. */
#define TOO_SHORT_US 20000

/* Wakes the reader that sleeps; the lock is held. */
void
wire_link_wake (WireLink *link)
{
  guint64 one = 1;

  if (link->polling && link->wake_fd >= 0 && write (link->wake_fd, &one, sizeof one) < 0)
    return;  /* full: awake already */
}

/* When there is something to do even if nothing comes. */
static gint64
get_next_time (const WireCall *call)
{
  return MIN (call->deadline, call->link->timer);
}

/* The wait for poll(): NULL for ever. */
static struct timespec *
get_patience (const WireCall *call, struct timespec *patience)
{
  gint64 next = get_next_time (call);
  gint64 left;

  if (next == G_MAXINT64)
    return NULL;
  left = MAX (next - g_get_monotonic_time (), 0);
  *patience = (struct timespec) { .tv_sec = left / G_USEC_PER_SEC, .tv_nsec = (left % G_USEC_PER_SEC) * 1000 };
  return patience;
}

/* Sleeps until there is something to read, to write, or to look at. */
static void
sleep_on_poll (WireLink *link, WireCall *call)
{
  struct pollfd fds[3];
  struct timespec time;
  const struct timespec *patience = get_patience (call, &time);
  guint64 count;

  if (link->wake_fd < 0)
    link->wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  fds[0] = (struct pollfd) { link->transport.fd, POLLIN, 0 };
  fds[1] = (struct pollfd) { link->wake_fd, POLLIN, 0 };
  fds[2] = (struct pollfd) { link->out.waiting > 0 ? link->transport.out_fd : -1, POLLOUT, 0 };
  link->polling = TRUE;
  wire_link_unlock (link);
  ppoll (fds, G_N_ELEMENTS (fds), patience, NULL);
  wire_link_lock (link);
  link->polling = FALSE;
  if (fds[1].revents != 0 && read (link->wake_fd, &count, sizeof count) < 0)
    return;
}

/* Takes one turn as the reader; waited is set once recv() waited in vain. */
static void
read_a_turn (WireLink *link, WireCall *call, gboolean *waited)
{
  GError *error = NULL;
  gsize room;
  char *to;
  gssize n;

  if (link->write_error != NULL)
    {
      wire_link_read (link);
      return;
    }
  link->reading = TRUE;
  if (*waited || link->out.waiting > 0 || !link->transport.direct ||
      get_next_time (call) - g_get_monotonic_time () < TOO_SHORT_US)
    {
      sleep_on_poll (link, call);
      link->reading = FALSE;
      if (link->ended)
        wire_transport_clear (&link->transport);
      if (link->out.waiting > 0)
        wire_link_send (link);
      if (!link->ended)
        wire_link_read (link);
      return;
    }
  to = wire_reader_room (&link->reader, &room);
  wire_link_unlock (link);
  n = wire_transport_wait (&link->transport, to, room, &error);
  wire_link_lock (link);
  link->reading = FALSE;
  *waited = n < 0;
  if (link->ended)
    wire_transport_clear (&link->transport);
  wire_link_take (link, n, error);
}

/* Only who sleeps here can be signalled: waking the reader would be a system
 * call for nothing. */
static void
sleep_beside_reader (WireLink *link, WireCall *call, GCond *wake)
{
  call->wake = wake;
  if (call->deadline == G_MAXINT64)
    g_cond_wait (wake, &link->lock);
  else
    g_cond_wait_until (wake, &link->lock, call->deadline);
  call->wake = NULL;
}

/* Lets pass what is due. */
static void
look_at_clock (WireLink *link, WireCall *call)
{
  gint64 next = get_next_time (call);
  gint64 now;

  if (call->ended || next == G_MAXINT64)
    return;
  now = g_get_monotonic_time ();
  if (now < next)
    return;
  wire_link_tick (link, now);
  if (!call->ended && now >= call->deadline)
    wire_link_end_early (link, call, TRUE);
}

/* Lets another caller who blocks read on, or else the owner's source. */
static void
hand_over_role (WireLink *link)
{
  if (link->reading)
    return;
  for (WireCall *call = link->n_blocked > 0 ? link->first_waiting : NULL; call != NULL; call = call->next)
    if (call->wake != NULL)
      {
        g_cond_signal (call->wake);
        return;
      }
  if (link->box != NULL)
    wire_box_unpark (link->box);
}

/**
 * wire_link_block:
 * @link: a link whose lock is held
 * @call: a call without a task, among the waiting
 *
 * Returns once the call has ended, with the lock still held.
 */
void
wire_link_block (WireLink *link, WireCall *call)
{
  GCond wake;
  gboolean waited = FALSE;

  if (call->ended)
    return;
  g_cond_init (&wake);
  link->n_blocked++;
  while (!call->ended)
    {
      if (link->reading)
        sleep_beside_reader (link, call, &wake);
      else
        read_a_turn (link, call, &waited);
      look_at_clock (link, call);
    }
  link->n_blocked--;
  g_cond_clear (&wake);
  hand_over_role (link);
}
