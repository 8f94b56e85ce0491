/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <gio/gio.h>
#include <qmp-glib/qmp-api-migration.h>
#include <qmp-glib/qmp-connection.h>

G_BEGIN_DECLS

QMP_AVAILABLE_IN_0_1
void qmp_connection_set_balloon_async (QmpConnection *self,
                                       gint64 size,
                                       int timeout,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
QMP_AVAILABLE_IN_0_1
gint64 qmp_connection_set_balloon_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gint64 qmp_connection_set_balloon (QmpConnection *self,
                                   gint64 size,
                                   int timeout,
                                   GCancellable *cancellable,
                                   GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_connection_measure_dirty_rate_async (QmpConnection *self,
                                              gint64 calc_time,
                                              QmpCalcDirtyRateArguments *arguments,
                                              GCancellable *cancellable,
                                              GAsyncReadyCallback callback,
                                              gpointer user_data);
QMP_AVAILABLE_IN_0_1
QmpDirtyRateInfo *qmp_connection_measure_dirty_rate_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
QmpDirtyRateInfo *qmp_connection_measure_dirty_rate (QmpConnection *self,
                                                     gint64 calc_time,
                                                     QmpCalcDirtyRateArguments *arguments,
                                                     GCancellable *cancellable,
                                                     GError **error);

G_END_DECLS
