/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <qmp-glib/qmp-api-block-core.h>
#include <qmp-glib/qmp-connection.h>

G_BEGIN_DECLS

#define QMP_TYPE_EXTERNAL_SNAPSHOT (qmp_external_snapshot_get_type ())

QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpExternalSnapshot, qmp_external_snapshot, QMP, EXTERNAL_SNAPSHOT, GObject)

QMP_AVAILABLE_IN_0_1
QmpExternalSnapshot *qmp_external_snapshot_new (void);

QMP_AVAILABLE_IN_0_1
void qmp_external_snapshot_add_disk (QmpExternalSnapshot *self, const char *node, const char *file, const char *overlay_node);
QMP_AVAILABLE_IN_0_1
void qmp_external_snapshot_add_overlay (QmpExternalSnapshot *self, const char *node, QmpBlockdevOptions *overlay);

QMP_AVAILABLE_IN_0_1
void qmp_external_snapshot_take_async (QmpExternalSnapshot *self,
                                       QmpConnection *connection,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
QMP_AVAILABLE_IN_0_1
char **qmp_external_snapshot_take_finish (QmpExternalSnapshot *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
char **qmp_external_snapshot_take (QmpExternalSnapshot *self, QmpConnection *connection, GCancellable *cancellable, GError **error);

G_END_DECLS
