/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <qmp-glib/qmp-api-block-core.h>
#include <qmp-glib/qmp-connection.h>

G_BEGIN_DECLS

/* Snapshots within images; each call ends when its job has */

QMP_AVAILABLE_IN_0_1
void qmp_connection_save_snapshot_async (QmpConnection *self,
                                         const char *tag,
                                         const char *vmstate,
                                         const char *const *devices,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_save_snapshot_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_save_snapshot (QmpConnection *self,
                                       const char *tag,
                                       const char *vmstate,
                                       const char *const *devices,
                                       GCancellable *cancellable,
                                       GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_connection_load_snapshot_async (QmpConnection *self,
                                         const char *tag,
                                         const char *vmstate,
                                         const char *const *devices,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_load_snapshot_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_load_snapshot (QmpConnection *self,
                                       const char *tag,
                                       const char *vmstate,
                                       const char *const *devices,
                                       GCancellable *cancellable,
                                       GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_connection_delete_snapshot_async (QmpConnection *self,
                                           const char *tag,
                                           const char *const *devices,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_delete_snapshot_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_delete_snapshot (QmpConnection *self,
                                         const char *tag,
                                         const char *const *devices,
                                         GCancellable *cancellable,
                                         GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_connection_list_snapshots_async (QmpConnection *self,
                                          const char *node,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);
QMP_AVAILABLE_IN_0_1
GPtrArray *qmp_connection_list_snapshots_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
GPtrArray *qmp_connection_list_snapshots (QmpConnection *self, const char *node, GCancellable *cancellable, GError **error);

G_END_DECLS
