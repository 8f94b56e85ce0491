/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "wire-call.h"
#include "wire-out.h"
#include "wire-reader.h"

G_BEGIN_DECLS

/* The engine under a connection: one lock, one reader at a time, calls that
 * end exactly once, and deliveries in the main context they belong to. What
 * messages mean is the protocol's business, told through WireLinkClass.
 *
 * Whoever has the reader's role reads: the source in the owner's context, or
 * a caller who blocks. What is read for others goes to their boxes. Nothing
 * runs foreign code under the lock. */

typedef struct
{
  const char *peer;          /* for messages: “QEMU”, “the guest agent” */
  gsize size_of_call;

  /* with the lock held */
  void (*begin) (WireLink *link, WireCall *call);
  void (*message) (WireLink *link, const WireView *view);
  void (*sentinel) (WireLink *link);
  void (*fault) (WireLink *link);
  void (*ended_early) (WireLink *link, WireCall *call);  /* by deadline or cancel */
  void (*timer) (WireLink *link, gint64 now);            /* see wire_link_set_timer() */
  GError *(*describe_early_end) (WireLink *link, WireCall *call, gboolean timed_out);
  GError *(*link_ends) (WireLink *link, GError *error);  /* may judge the end anew; (nullable) */

  /* without the lock, in the context of the box */
  void (*deliver) (WireLink *link, GObject *object, WireDelivery *delivery);
  void (*free_delivery) (WireLink *link, WireDelivery *delivery);
  void (*clear_call) (WireCall *call);
  void (*finalize) (WireLink *link);
} WireLinkClass;

struct _WireLink
{
  const WireLinkClass *class;
  int references;            /* atomic */
  GMutex lock;

  /* set once */
  GMainContext *context;

  /* under the lock */
  GObject *object;           /* the public face, not owned; NULL once disposed */
  WireTransport transport;
  WireReader reader;
  WireOut out;
  GError *write_error;       /* found while writing; told once all was read */
  WireCall *first_waiting;
  WireCall *last_waiting;
  gint64 timer;              /* monotonic time; G_MAXINT64 for none */
  gsize undelivered;         /* bytes of replies that wait for their contexts */
  GPtrArray *boxes;          /* of all contexts but the owner's */
  WireBox *box;              /* the owner's; NULL once closed was delivered */
  gboolean reading;          /* the reader's role is taken by a blocked caller */
  gboolean polling;          /* and that caller sleeps, without the lock */
  int wake_fd;               /* wakes it; -1 until one slept */
  guint n_blocked;           /* callers who wait, the reader among them */
  gboolean ended;
  GError *cause;             /* why it ended; NULL when it was wanted */
  WireDelivery closed;
};

void wire_link_init (WireLink *link, const WireLinkClass *class, const WireLimits *limits);
gboolean wire_link_start (WireLink *link, GIOStream *stream, GMainContext *context, GError **error);
WireLink *wire_link_ref (WireLink *link);
void wire_link_unref (WireLink *link);
void wire_link_set_object (WireLink *link, GObject *object);
void wire_link_abandon (WireLink *link);

static inline void
wire_link_lock (WireLink *link)
{
  g_mutex_lock (&link->lock);
}

static inline void
wire_link_unlock (WireLink *link)
{
  g_mutex_unlock (&link->lock);
}

/* calls */
gpointer wire_link_new_call (WireLink *link, GTask *task, GCancellable *cancellable, gint64 timeout_us);
void wire_link_await (WireLink *link, WireCall *call);
void wire_link_watch_cancel (WireLink *link, WireCall *call);
void wire_link_block (WireLink *link, WireCall *call);

/* with the lock held */
void wire_link_send (WireLink *link);
void wire_link_fail (WireLink *link, GError *cause);
void wire_link_read (WireLink *link);
void wire_link_take (WireLink *link, gssize n_bytes, GError *error);
void wire_link_end_early (WireLink *link, WireCall *call, gboolean timed_out);
gint64 wire_link_expire (WireLink *link, WireBox *box, gint64 now);
void wire_link_set_timer (WireLink *link, gint64 when);
void wire_link_tick (WireLink *link, gint64 now);
void wire_link_wake (WireLink *link);

G_END_DECLS
