/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <gio/gio.h>
#include <qmp-glib/qmp-event.h>

G_BEGIN_DECLS

#define QMP_TYPE_EVENT_STREAM (qmp_event_stream_get_type ())

QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpEventStream, qmp_event_stream, QMP, EVENT_STREAM, GObject)

QMP_AVAILABLE_IN_0_1
void qmp_event_stream_next_async (QmpEventStream *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
QMP_AVAILABLE_IN_0_1
QmpEvent *qmp_event_stream_next_finish (QmpEventStream *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
QmpEvent *qmp_event_stream_next (QmpEventStream *self, GCancellable *cancellable, GError **error);

QMP_AVAILABLE_IN_0_1
QmpEvent *qmp_event_stream_try_next (QmpEventStream *self);

QMP_AVAILABLE_IN_0_1
int qmp_event_stream_get_timeout (QmpEventStream *self);
QMP_AVAILABLE_IN_0_1
void qmp_event_stream_set_timeout (QmpEventStream *self, int milliseconds);

QMP_AVAILABLE_IN_0_1
guint qmp_event_stream_get_capacity (QmpEventStream *self);
QMP_AVAILABLE_IN_0_1
guint64 qmp_event_stream_get_dropped (QmpEventStream *self);

G_END_DECLS
