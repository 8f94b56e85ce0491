/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <qmp-glib/qmp-api-qom.h>
#include <qmp-glib/qmp-connection.h>
#include <qmp-glib/qmp-value.h>

G_BEGIN_DECLS

#define QMP_TYPE_QOM_NODE (qmp_qom_node_get_type ())

QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpQomNode, qmp_qom_node, QMP, QOM_NODE, GObject)

QMP_AVAILABLE_IN_0_1
QmpQomNode *qmp_qom_node_new (QmpConnection *connection, const char *path);

/* What it is */

QMP_AVAILABLE_IN_0_1
QmpConnection *qmp_qom_node_get_connection (QmpQomNode *self);
QMP_AVAILABLE_IN_0_1
const char *qmp_qom_node_get_path (QmpQomNode *self);
QMP_AVAILABLE_IN_0_1
const char *qmp_qom_node_get_name (QmpQomNode *self);
QMP_AVAILABLE_IN_0_1
const char *qmp_qom_node_get_type_name (QmpQomNode *self);

/* What it has */

QMP_AVAILABLE_IN_0_1
void qmp_qom_node_load_async (QmpQomNode *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_qom_node_load_finish (QmpQomNode *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_qom_node_load (QmpQomNode *self, GCancellable *cancellable, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_qom_node_get_loaded (QmpQomNode *self);
QMP_AVAILABLE_IN_0_1
QmpQomNode *qmp_qom_node_find_child (QmpQomNode *self, const char *name);
QMP_AVAILABLE_IN_0_1
QmpObjectPropertyInfo *qmp_qom_node_find_property (QmpQomNode *self, const char *name);
QMP_AVAILABLE_IN_0_1
GPtrArray *qmp_qom_node_get_properties (QmpQomNode *self);

/* Its properties' values */

QMP_AVAILABLE_IN_0_1
void qmp_qom_node_read_async (QmpQomNode *self,
                              const char *name,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
QMP_AVAILABLE_IN_0_1
QmpValue *qmp_qom_node_read_finish (QmpQomNode *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
QmpValue *qmp_qom_node_read (QmpQomNode *self, const char *name, GCancellable *cancellable, GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_qom_node_write_async (QmpQomNode *self,
                               const char *name,
                               const char *json,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_qom_node_write_finish (QmpQomNode *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_qom_node_write (QmpQomNode *self,
                             const char *name,
                             const char *json,
                             GCancellable *cancellable,
                             GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_qom_node_follow_async (QmpQomNode *self,
                                const char *name,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
QMP_AVAILABLE_IN_0_1
QmpQomNode *qmp_qom_node_follow_finish (QmpQomNode *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
QmpQomNode *qmp_qom_node_follow (QmpQomNode *self, const char *name, GCancellable *cancellable, GError **error);

G_END_DECLS
