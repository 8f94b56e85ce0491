/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-session-private.h"

G_BEGIN_DECLS

QmpEventStream *qmp_event_stream_new (QmpSession *session, const char *const *names, guint capacity);

/* with the lock held */
void qmp_event_stream_offer (QmpEventStream *self, QmpEvent *event);
void qmp_event_stream_begin (QmpEventStream *self, QmpCall *call);
void qmp_event_stream_forget (QmpEventStream *self, QmpCall *call);
gboolean qmp_event_stream_is_empty (QmpEventStream *self);

G_END_DECLS
