/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <qmp-glib/qmp-connection.h>

G_BEGIN_DECLS

#define QMP_TYPE_LISTENER (qmp_listener_get_type ())

QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpListener, qmp_listener, QMP, LISTENER, GObject)

QMP_AVAILABLE_IN_0_1
QmpListener *qmp_listener_new (const char *address, GError **error);

QMP_AVAILABLE_IN_0_1
const char *qmp_listener_get_address (QmpListener *self);

QMP_AVAILABLE_IN_0_1
void qmp_listener_accept_async (QmpListener *self,
                                QmpOpenOptions *options,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
QMP_AVAILABLE_IN_0_1
QmpConnection *qmp_listener_accept_finish (QmpListener *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
QmpConnection *qmp_listener_accept (QmpListener *self,
                                    QmpOpenOptions *options,
                                    GCancellable *cancellable,
                                    GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_listener_close (QmpListener *self);

G_END_DECLS
