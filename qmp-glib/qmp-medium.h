/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <gio/gio.h>
#include <qmp-glib/qmp-api-block-core.h>
#include <qmp-glib/qmp-connection.h>
#include <qmp-glib/qmp-medium-options.h>

G_BEGIN_DECLS

QMP_AVAILABLE_IN_0_1
void qmp_connection_change_medium_async (QmpConnection *self,
                                         const char *device,
                                         QmpBlockdevOptions *medium,
                                         QmpMediumOptions *options,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_change_medium_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_change_medium (QmpConnection *self,
                                       const char *device,
                                       QmpBlockdevOptions *medium,
                                       QmpMediumOptions *options,
                                       GCancellable *cancellable,
                                       GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_connection_eject_medium_async (QmpConnection *self,
                                        const char *device,
                                        QmpMediumOptions *options,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_eject_medium_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_eject_medium (QmpConnection *self,
                                      const char *device,
                                      QmpMediumOptions *options,
                                      GCancellable *cancellable,
                                      GError **error);

G_END_DECLS
