/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire-hub.h"

#include <sys/epoll.h>
#include <unistd.h>

/* So many connections poll by themselves, which is quicker for a few. */
#define MOST_BY_THEMSELVES 24u

/* So many are served in one turn. */
#define TURN_BOXES 64

/* So long a box stands back where others never have enough. */
#define PATIENCE_US 20000

struct _WireHub
{
  GSource source;
  GMainContext *context;  /* the key; not owned */
  GMutex lock;            /* a box that is taken from epoll must not go meanwhile */
  int epoll_fd;           /* -1 until it is needed */

  /* under the registry's lock */
  guint n_boxes;

  /* only in the thread that runs the context */
  GPtrArray *holders;     /* boxes whose writes are held back */
  gint64 recall;          /* when those that stand back do so no longer */

  /* under the lock */
  GPtrArray *waiting;     /* boxes that stand back */
  int n_waiting;          /* atomic: as many, for a look without the lock */
};

static GMutex registry_lock;
static GHashTable *registry;  /* of context to hub */

/* --- turns ----------------------------------------------------------------------- */

/* With the lock held. */
static void
count_waiting (WireHub *hub)
{
  g_atomic_int_set (&hub->n_waiting, (int) hub->waiting->len);
}

static void
recall_waiting (WireHub *hub)
{
  g_autoptr (GPtrArray) recalled = NULL;

  if (g_atomic_int_get (&hub->n_waiting) == 0 || g_get_monotonic_time () < hub->recall)
    return;
  recalled = g_ptr_array_new_with_free_func ((GDestroyNotify) g_source_unref);
  g_mutex_lock (&hub->lock);
  while (hub->waiting->len > 0)
    g_ptr_array_add (recalled, g_source_ref (g_ptr_array_steal_index_fast (hub->waiting, hub->waiting->len - 1)));
  count_waiting (hub);
  g_mutex_unlock (&hub->lock);
  for (guint i = 0; i < recalled->len; i++)
    wire_box_recall (recalled->pdata[i]);
}

static gboolean
prepare (GSource *source, int *timeout)
{
  WireHub *hub = (WireHub *) source;

  *timeout = -1;
  wire_box_leave_handler ();
  while (hub->holders->len > 0)
    wire_box_release_writes (g_ptr_array_steal_index_fast (hub->holders, hub->holders->len - 1));
  recall_waiting (hub);
  return FALSE;
}

static gboolean
dispatch (GSource *source, G_GNUC_UNUSED GSourceFunc callback, G_GNUC_UNUSED gpointer data)
{
  WireHub *hub = (WireHub *) source;
  struct epoll_event ready[TURN_BOXES];
  gint64 now = g_source_get_time (source);
  int n_ready;

  g_mutex_lock (&hub->lock);
  n_ready = epoll_wait (hub->epoll_fd, ready, TURN_BOXES, 0);
  for (int i = 0; i < n_ready; i++)
    g_source_ref ((GSource *) ready[i].data.ptr);
  g_mutex_unlock (&hub->lock);
  for (int i = 0; i < n_ready; i++)
    {
      wire_box_take_turn (ready[i].data.ptr, TRUE, now);
      g_source_unref (ready[i].data.ptr);
    }
  return G_SOURCE_CONTINUE;
}

static void
finalize (GSource *source)
{
  WireHub *hub = (WireHub *) source;

  if (hub->epoll_fd >= 0)
    close (hub->epoll_fd);
  g_ptr_array_unref (hub->holders);
  g_ptr_array_unref (hub->waiting);
  g_mutex_clear (&hub->lock);
}

static GSourceFuncs functions = {
  .prepare = prepare,
  .dispatch = dispatch,
  .finalize = finalize,
};

/* --- boxes -------------------------------------------------------------------------- */

static WireHub *
new_hub (GMainContext *context)
{
  WireHub *hub = (WireHub *) g_source_new (&functions, sizeof (WireHub));

  hub->context = context;
  hub->epoll_fd = -1;
  g_mutex_init (&hub->lock);
  hub->holders = g_ptr_array_new ();
  hub->waiting = g_ptr_array_new ();
  g_source_set_can_recurse (&hub->source, TRUE);
  g_source_set_static_name (&hub->source, "connections");
  g_source_attach (&hub->source, context);
  return hub;
}

/* A context that is gone may have left its hub, and its address to another. */
WireHub *
wire_hub_acquire (GMainContext *context)
{
  WireHub *hub;

  g_mutex_lock (&registry_lock);
  if (registry == NULL)
    registry = g_hash_table_new (NULL, NULL);
  hub = g_hash_table_lookup (registry, context);
  if (hub == NULL || g_source_is_destroyed (&hub->source))
    {
      hub = new_hub (context);
      g_hash_table_insert (registry, context, hub);
    }
  hub->n_boxes++;
  g_mutex_unlock (&registry_lock);
  return hub;
}

void
wire_hub_release (WireHub *hub)
{
  gboolean last;

  g_mutex_lock (&registry_lock);
  last = --hub->n_boxes == 0;
  if (last && g_hash_table_lookup (registry, hub->context) == hub)
    g_hash_table_remove (registry, hub->context);
  g_mutex_unlock (&registry_lock);
  if (!last)
    return;
  g_source_destroy (&hub->source);
  g_source_unref (&hub->source);
}

static gboolean
is_large (WireHub *hub)
{
  gboolean large;

  g_mutex_lock (&registry_lock);
  large = hub->n_boxes > MOST_BY_THEMSELVES;
  g_mutex_unlock (&registry_lock);
  return large;
}

gboolean
wire_hub_watch (WireHub *hub, int fd, WireBox *box)
{
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = box };
  gboolean watched;

  if (!is_large (hub))
    return FALSE;
  g_mutex_lock (&hub->lock);
  if (hub->epoll_fd < 0)
    {
      hub->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
      if (hub->epoll_fd >= 0)
        g_source_add_unix_fd (&hub->source, hub->epoll_fd, G_IO_IN);
    }
  watched = hub->epoll_fd >= 0 && epoll_ctl (hub->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
  g_mutex_unlock (&hub->lock);
  return watched;
}

void
wire_hub_change (WireHub *hub, int fd, WireBox *box, GIOCondition condition)
{
  struct epoll_event event = { .data.ptr = box };

  if (condition & G_IO_IN)
    event.events |= EPOLLIN;
  if (condition & G_IO_OUT)
    event.events |= EPOLLOUT;
  epoll_ctl (hub->epoll_fd, EPOLL_CTL_MOD, fd, &event);
}

void
wire_hub_forget (WireHub *hub, int fd)
{
  g_mutex_lock (&hub->lock);
  epoll_ctl (hub->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
  g_mutex_unlock (&hub->lock);
}

void
wire_hub_add_holder (WireHub *hub, WireBox *box)
{
  g_ptr_array_add (hub->holders, box);
}

void
wire_hub_remove_holder (WireHub *hub, WireBox *box)
{
  g_ptr_array_remove_fast (hub->holders, box);
}

void
wire_hub_add_waiting (WireHub *hub, WireBox *box)
{
  g_mutex_lock (&hub->lock);
  if (hub->waiting->len == 0)
    hub->recall = g_get_monotonic_time () + PATIENCE_US;
  g_ptr_array_add (hub->waiting, box);
  count_waiting (hub);
  g_mutex_unlock (&hub->lock);
}

void
wire_hub_remove_waiting (WireHub *hub, WireBox *box)
{
  g_mutex_lock (&hub->lock);
  g_ptr_array_remove_fast (hub->waiting, box);
  count_waiting (hub);
  g_mutex_unlock (&hub->lock);
}
