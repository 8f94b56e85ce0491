/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire-box.h"

#include <time.h>

#include "wire-hub.h"
#include "wire-link.h"

/* So much to hand over is enough for one turn; what is read in large heaps
 * is cold again when it is handed over. */
#define PLENTY 64u

/* How long one dispatch may hand things over before others get their turn. */
#define TURN_US 2000
#define LOOK_AT_CLOCK 16u

/* After so much of it those get their turn, once, that are less urgent: a peer
 * that never stops would hold up the frames of a window for ever. */
#define SLICE_US 4000

#define UNARMED ((gint64) -1)

struct _WireBox
{
  GSource source;
  WireLink *link;
  WireHub *hub;

  /* under the link's lock */
  WireDelivery *first;
  WireDelivery *last;
  guint n_queued;
  guint backlog;         /* deliveries of the protocol's own kind */
  gsize backlog_size;
  guint n_calls;         /* begun here and not handed over yet */
  gint64 deadline;       /* none of its calls has an earlier one, nor has the link */
  gint64 armed;          /* the source's ready time */
  gboolean collecting;   /* dispatch will look at the queue by itself */
  int fd;                /* in the owner's box, while it is watched; or -1 */
  gpointer tag;          /* of the fd; NULL when the hub watches it */
  gpointer out_tag;      /* the same, unless written elsewhere */
  gboolean parked;       /* a blocked caller reads instead */
  gboolean wants_to_write;

  /* only in the thread that runs the context */
  WireDelivery *ready;
  gboolean holds_writes;
  gboolean stands_back;  /* its source has a lower priority */
  gint64 spent;          /* since it stood back */
};

/* The box whose handlers this thread runs just now, and since when. */
typedef struct
{
  WireBox *box;
  gint64 since;
} Handler;

static _Thread_local Handler handler;

/* --- readiness ---------------------------------------------------------------- */

static void
arm (WireBox *box, gint64 when)
{
  if (box->armed == when)
    return;
  box->armed = when;
  g_source_set_ready_time (&box->source, when);
}

/* Being told of a new time costs a system call, so one that is merely too
 * early stays: it is put right when it comes. */
static void
rearm (WireBox *box, gint64 now)
{
  gboolean more = box->first != NULL || box->ready != NULL;
  gint64 when = more ? 0 : box->deadline == G_MAXINT64 ? UNARMED : box->deadline;
  gboolean spent = box->armed != UNARMED && box->armed <= now;

  if (spent || (when != UNARMED && (box->armed == UNARMED || when < box->armed)))
    arm (box, when);
}

static GIOCondition
wanted_condition (WireBox *box, gpointer tag)
{
  GIOCondition condition = 0;

  if (tag == box->tag && !box->parked)
    condition |= G_IO_IN;
  if (tag == box->out_tag && box->wants_to_write)
    condition |= G_IO_OUT;
  return condition;
}

static void
update_polling (WireBox *box)
{
  if (box->fd < 0)
    return;
  if (box->tag == NULL)
    {
      wire_hub_change (box->hub, box->fd, box, wanted_condition (box, NULL));
      return;
    }
  g_source_modify_unix_fd (&box->source, box->tag, wanted_condition (box, box->tag));
  if (box->out_tag != box->tag)
    g_source_modify_unix_fd (&box->source, box->out_tag, wanted_condition (box, box->out_tag));
}

void
wire_box_poll (WireBox *box, int fd, int out_fd)
{
  box->fd = fd;
  if (out_fd == fd && wire_hub_watch (box->hub, fd, box))
    return;
  box->tag = g_source_add_unix_fd (&box->source, fd, G_IO_IN);
  box->out_tag = out_fd == fd ? box->tag : g_source_add_unix_fd (&box->source, out_fd, 0);
}

void
wire_box_stop_polling (WireBox *box)
{
  if (box->fd < 0)
    return;
  if (box->tag == NULL)
    wire_hub_forget (box->hub, box->fd);
  else if (box->out_tag != box->tag)
    g_source_remove_unix_fd (&box->source, box->out_tag);
  if (box->tag != NULL)
    g_source_remove_unix_fd (&box->source, box->tag);
  box->tag = box->out_tag = NULL;
  box->fd = -1;
}

/* What polls while another thread reads would only spin. */
static void
park (WireBox *box)
{
  box->parked = TRUE;
  update_polling (box);
}

void
wire_box_unpark (WireBox *box)
{
  if (!box->parked)
    return;
  box->parked = FALSE;
  update_polling (box);
}

void
wire_box_want_to_write (WireBox *box, gboolean wanted)
{
  if (box->wants_to_write == wanted)
    return;
  box->wants_to_write = wanted;
  update_polling (box);
}

/* There is more to read that no poll() would tell of. */
void
wire_box_read_on (WireBox *box)
{
  arm (box, 0);
}

/* --- what waits ----------------------------------------------------------------- */

void
wire_box_push (WireBox *box, WireDelivery *delivery)
{
  delivery->next = NULL;
  if (box->last != NULL)
    box->last->next = delivery;
  else
    box->first = delivery;
  box->last = delivery;
  box->n_queued++;
  if (delivery->kind == WIRE_DELIVERY_CALL)
    box->link->undelivered += delivery->size;
  else if (delivery->kind == WIRE_DELIVERY_OTHER)
    {
      box->backlog++;
      box->backlog_size += delivery->size;
    }
  if (!box->collecting)
    arm (box, 0);
}

gboolean
wire_box_has_plenty (WireBox *box)
{
  return box->n_queued >= PLENTY;
}

guint
wire_box_get_backlog (WireBox *box, gsize *size)
{
  *size = box->backlog_size;
  return box->backlog;
}

/* Takes the oldest of the protocol's own deliveries out; calls stay. */
WireDelivery *
wire_box_drop_oldest (WireBox *box)
{
  WireDelivery *previous = NULL;

  for (WireDelivery *each = box->first; each != NULL; previous = each, each = each->next)
    {
      if (each->kind != WIRE_DELIVERY_OTHER)
        continue;
      if (previous != NULL)
        previous->next = each->next;
      else
        box->first = each->next;
      if (box->last == each)
        box->last = previous;
      box->n_queued--;
      box->backlog--;
      box->backlog_size -= each->size;
      return each;
    }
  return NULL;
}

static void
take_all (WireBox *box)
{
  g_assert (box->ready == NULL);
  box->ready = g_steal_pointer (&box->first);
  box->last = NULL;
  box->n_queued = 0;
  box->backlog = 0;
  box->backlog_size = 0;
}

void
wire_box_add_deadline (WireBox *box, gint64 deadline)
{
  if (deadline >= box->deadline)
    return;
  box->deadline = deadline;
  if (box->armed == UNARMED || deadline < box->armed)
    arm (box, deadline);
}

void
wire_box_add_call (WireBox *box, gint64 deadline)
{
  box->n_calls++;
  wire_box_add_deadline (box, deadline);
}

gboolean
wire_box_has_calls (WireBox *box)
{
  return box->n_calls > 0;
}

/* A handler that this box runs, with more to come after it: what it sends
 * can leave together with what the others send. */
gboolean
wire_box_holds_writes (WireBox *box)
{
  if (box != handler.box || box->ready == NULL || box->fd < 0)
    return FALSE;
  if (!box->holds_writes)
    wire_hub_add_holder (box->hub, box);
  box->holds_writes = TRUE;
  return TRUE;
}

/* A handler that any box runs in this thread, with more to come after it: what
 * it sends elsewhere can wait for what the others send there. */
gboolean
wire_box_more_follows (void)
{
  return handler.box != NULL && handler.box->ready != NULL;
}

static void
release_writes (WireBox *box)
{
  if (!box->holds_writes)
    return;
  box->holds_writes = FALSE;
  wire_hub_remove_holder (box->hub, box);
  wire_link_send (box->link);
}

void
wire_box_release_writes (WireBox *box)
{
  wire_link_lock (box->link);
  release_writes (box);
  wire_link_unlock (box->link);
}

static void
step_forward (WireBox *box)
{
  if (!box->stands_back)
    return;
  wire_hub_remove_waiting (box->hub, box);
  wire_box_recall (box);
}

/* The hub has waited long enough for others. */
void
wire_box_recall (WireBox *box)
{
  box->stands_back = FALSE;
  g_source_set_priority (&box->source, G_PRIORITY_DEFAULT);
}

/* Where nobody else has anything to do, this costs next to nothing. */
static void
step_back (WireBox *box, gint64 since)
{
  box->spent += g_get_monotonic_time () - since;
  if (box->spent < SLICE_US || g_source_is_destroyed (&box->source))
    return;
  box->spent = 0;
  box->stands_back = TRUE;
  g_source_set_priority (&box->source, G_PRIORITY_DEFAULT_IDLE);
  wire_hub_add_waiting (box->hub, box);
  /* another thread may have freed it meanwhile */
  if (g_source_is_destroyed (&box->source))
    wire_hub_remove_waiting (box->hub, box);
}

/* A turn of the loop begins. Within a handler that is one of the handler's
 * own loop: it must not wait for what it sent, and is in no hurry. */
void
wire_box_leave_handler (void)
{
  handler.box = NULL;
}

/* --- handing over ----------------------------------------------------------------- */

/* GTask calls back at once only if its task is older than the dispatch. One
 * that is not waits for the next, so that nothing overtakes it. */
static gboolean
is_too_young (const WireDelivery *delivery, gint64 now)
{
  return delivery->kind == WIRE_DELIVERY_CALL && ((const WireCall *) delivery)->created >= now;
}

/* The link has ended: from now on the owner's box is like any other, and
 * goes when no call needs it. */
static void
retire (WireBox *box)
{
  WireLink *link = box->link;

  wire_link_lock (link);
  if (link->box == box)
    {
      link->box = NULL;
      g_ptr_array_add (link->boxes, box);
    }
  wire_link_unlock (link);
}

/* Once nobody but this dispatch holds the public face, it is gone, as it is
 * for a handler that let it go. */
static gboolean
is_held_by_others (GObject *object)
{
  return g_atomic_int_get ((const int *) &object->ref_count) > 1;
}

/* Calls need no public face: their tasks hold it. */
static void
hand_over_to_owner (WireBox *box, WireDelivery *delivery, GObject **object)
{
  WireLink *link = box->link;

  if (*object != NULL && !is_held_by_others (*object))
    g_clear_object (object);
  if (*object == NULL)
    {
      wire_link_lock (link);
      *object = link->object != NULL ? g_object_ref (link->object) : NULL;
      wire_link_unlock (link);
    }
  link->class->deliver (link, *object, delivery);
  if (delivery == &link->closed)
    retire (box);
}

/* Returns how many of the calls were handed over, and the bytes of replies
 * that went with them. */
static guint
hand_over_ready (WireBox *box, GObject **object, gint64 now, gsize *size)
{
  guint n_calls = 0;

  for (guint n = 1; box->ready != NULL && !is_too_young (box->ready, now); n++)
    {
      WireDelivery *delivery = box->ready;

      if (g_source_is_destroyed (&box->source))
        break;
      if (n % LOOK_AT_CLOCK == 0 && g_get_monotonic_time () > now + TURN_US)
        break;
      box->ready = delivery->next;
      delivery->next = NULL;
      if (delivery->kind == WIRE_DELIVERY_CALL)
        {
          n_calls++;
          *size += delivery->size;
          wire_call_hand_over ((WireCall *) delivery);
        }
      else
        hand_over_to_owner (box, delivery, object);
    }
  return n_calls;
}

/* Dispatches may nest, and each puts back what it found. */
static guint
hand_over_in_turn (WireBox *box, GObject **object, gint64 now, gsize *size)
{
  Handler *current = &handler;
  Handler outer = *current;
  guint n_calls;

  *current = (Handler) { box, now };
  n_calls = hand_over_ready (box, object, now, size);
  *current = outer;
  return n_calls;
}

/* The time for a new call. In a handler the clock that costs little is good
 * enough, but no call may seem older than the turn it was made in. */
gint64
wire_box_get_time (void)
{
  const Handler *current = &handler;
  struct timespec now;

  if (current->box == NULL)
    return g_get_monotonic_time ();
  clock_gettime (CLOCK_MONOTONIC_COARSE, &now);
  return MAX ((gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000, current->since);
}

/* A source is dispatched for its descriptor, for its time, or for both. */
static gboolean
may_be_readable (WireBox *box, gboolean by_hub, gint64 now)
{
  WireLink *link = box->link;
  gboolean on_time = box->armed != UNARMED && box->armed <= now;

  if (by_hub || !link->transport.direct || link->write_error != NULL)
    return TRUE;
  if (box->tag == NULL)
    return FALSE;
  return !on_time || g_source_query_unix_fd (&box->source, box->tag) != 0;
}

static void
do_io (WireBox *box, gboolean by_hub, gint64 now)
{
  WireLink *link = box->link;

  box->collecting = TRUE;
  if (box->fd >= 0)
    {
      gboolean can_read = may_be_readable (box, by_hub, now);

      if (box->wants_to_write)
        wire_link_send (link);
      if (can_read && link->reading)
        park (box);
      else if (can_read && box->fd >= 0)
        wire_link_read (link);
    }
  if (box->deadline <= now)
    {
      gint64 soonest;

      box->deadline = G_MAXINT64;
      soonest = wire_link_expire (link, box, now);
      box->deadline = MIN (box->deadline, soonest);
    }
  if (box->ready == NULL)
    take_all (box);
  box->collecting = FALSE;
}

/* With the lock held; TRUE when the box has nothing left to do for ever. */
static gboolean
is_done (WireBox *box)
{
  return box != box->link->box && box->n_calls == 0 && box->first == NULL && box->ready == NULL;
}

void
wire_box_take_turn (WireBox *box, gboolean by_hub, gint64 now)
{
  WireLink *link = box->link;
  g_autoptr (GObject) object = NULL;
  gboolean done;

  step_forward (box);
  wire_link_lock (link);
  do_io (box, by_hub, now);
  for (;;)
    {
      guint n_calls;
      gsize size = 0;

      wire_link_unlock (link);
      n_calls = hand_over_in_turn (box, &object, now, &size);
      wire_link_lock (link);
      box->n_calls -= n_calls;
      link->undelivered -= size;
      if (box->ready != NULL || box->first == NULL || g_source_is_destroyed (&box->source))
        break;
      take_all (box);
    }
  release_writes (box);
  rearm (box, now);
  done = is_done (box) && g_ptr_array_remove_fast (link->boxes, box);
  wire_link_unlock (link);
  if (done)
    wire_box_free (box);
  else if (!by_hub && !box->stands_back)
    step_back (box, now);
}

static gboolean
dispatch (GSource *source, G_GNUC_UNUSED GSourceFunc callback, G_GNUC_UNUSED gpointer data)
{
  wire_box_take_turn ((WireBox *) source, FALSE, g_source_get_time (source));
  return G_SOURCE_CONTINUE;
}

/* --- life --------------------------------------------------------------------------- */

static void
free_deliveries (WireBox *box, WireDelivery *first)
{
  while (first != NULL)
    {
      WireDelivery *each = first;

      first = each->next;
      if (each->kind == WIRE_DELIVERY_CALL)
        wire_call_unref ((WireCall *) each);
      else if (each->kind == WIRE_DELIVERY_OTHER)
        box->link->class->free_delivery (box->link, each);
    }
}

static void
finalize (GSource *source)
{
  WireBox *box = (WireBox *) source;

  free_deliveries (box, g_steal_pointer (&box->ready));
  free_deliveries (box, g_steal_pointer (&box->first));
  if (box->holds_writes)
    wire_hub_remove_holder (box->hub, box);
  g_clear_pointer (&box->hub, wire_hub_release);
  g_clear_pointer (&box->link, wire_link_unref);
}

static GSourceFuncs functions = {
  .dispatch = dispatch,
  .finalize = finalize,
};

/**
 * wire_box_new:
 *
 * The source may be dispatched within its own dispatch: a handler that runs
 * a loop keeps the connection going, and GLib spares the system calls with
 * which it would keep that from happening.
 */
WireBox *
wire_box_new (WireLink *link, GMainContext *context)
{
  WireBox *box = (WireBox *) g_source_new (&functions, sizeof (WireBox));

  box->link = wire_link_ref (link);
  box->hub = wire_hub_acquire (context);
  box->fd = -1;
  box->deadline = G_MAXINT64;
  box->armed = UNARMED;
  g_source_set_can_recurse (&box->source, TRUE);
  g_source_set_static_name (&box->source, "connection");
  g_source_attach (&box->source, context);
  return box;
}

void
wire_box_free (WireBox *box)
{
  g_source_destroy (&box->source);
  wire_hub_remove_waiting (box->hub, box);
  g_source_unref (&box->source);
}

WireBox *
wire_box_find (WireLink *link, GMainContext *context)
{
  WireBox *box;

  if (link->box != NULL && context == link->context)
    return link->box;
  for (guint i = 0; i < link->boxes->len; i++)
    {
      box = g_ptr_array_index (link->boxes, i);
      if (g_source_get_context (&box->source) == context)
        return box;
    }
  box = wire_box_new (link, context);
  g_ptr_array_add (link->boxes, box);
  return box;
}
