/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-schema-loader-private.h"
#include "qmp-session-private.h"

G_BEGIN_DECLS

QmpConnection *qmp_connection_new (QmpOpenOptions *options);
QmpSession *qmp_connection_get_session (QmpConnection *self);
QmpSchemaLoader *qmp_connection_get_schema_loader (QmpConnection *self);
void qmp_connection_fall_silent (QmpConnection *self);

void qmp_connection_open_stream_until_async (GIOStream *stream, QmpOpenOptions *options, gint64 deadline,
                                             GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
QmpConnection *qmp_connection_open_stream_until (GIOStream *stream, QmpOpenOptions *options, gint64 deadline,
                                                 GCancellable *cancellable, GError **error);

G_END_DECLS
