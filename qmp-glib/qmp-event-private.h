/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-event.h"
#include "wire/wire-call.h"

G_BEGIN_DECLS

/* On its way to the owner's context an event is a delivery; streams share it. */
struct _QmpEvent
{
  WireDelivery delivery;
  int references;     /* atomic */
  WireDocument *document;
  guint data;         /* 0: none */
  guint timestamp;    /* 0: none */
  gsize size;         /* of the block */
  char name[];
};

QmpEvent *qmp_event_new (WireDocument *document, guint name, guint data, guint timestamp);

G_END_DECLS
