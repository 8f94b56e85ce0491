/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "wire-document.h"

G_BEGIN_DECLS

typedef struct _WireLink WireLink;
typedef struct _WireBox WireBox;
typedef struct _WireCall WireCall;
typedef struct _WireDelivery WireDelivery;

/* Anything that waits in a box to be handed over in its main context. */
typedef enum
{
  WIRE_DELIVERY_CALL,
  WIRE_DELIVERY_CLOSED,
  WIRE_DELIVERY_NOTICE, /* the protocol's own, part of the link */
  WIRE_DELIVERY_OTHER,  /* the protocol's own, allocated: events */
} WireDeliveryKind;

struct _WireDelivery
{
  WireDelivery *next;
  WireDeliveryKind kind;
  guint size;  /* bytes that it keeps, as far as the peer chose them */
};

/* One operation that somebody waits for. It ends exactly once, under the
 * link's lock: by the protocol, its deadline, its cancellable, or the link's
 * end. Then it is handed over: to its box when it has a task, to the blocked
 * caller when it has none. */
struct _WireCall
{
  WireDelivery delivery;
  int references;            /* atomic */
  WireLink *link;            /* kept alive by whoever waits, or else held */
  gboolean holds_link;

  /* under the link's lock */
  WireCall *previous;        /* among the waiting, oldest first */
  WireCall *next;
  WireBox *box;              /* NULL: a blocked caller waits */
  GCond *wake;               /* of the blocked caller */
  GTask *task;
  GCancellable *cancellable;
  gulong cancel_id;
  gint64 created;            /* monotonic time */
  gint64 deadline;           /* monotonic time; G_MAXINT64 for none */
  gboolean ended;
  gboolean handed_over;
  WireDocument *reply;       /* or NULL, where the operation has none */
  GError *error;
};

WireCall *wire_call_new (WireLink *link);
WireCall *wire_call_ref (WireCall *call);
void wire_call_unref (WireCall *call);

void wire_call_start (WireCall *call);
gboolean wire_call_run (WireCall *call, GError **error);

/* with the link's lock held */
void wire_call_refuse (WireCall *call, GError *error);
void wire_call_end (WireCall *call, WireDocument *reply, GError *error);

void wire_call_hand_over (WireCall *call);

G_END_DECLS
