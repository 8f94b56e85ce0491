/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <qmp-glib/qmp-api-block-core.h>
#include <qmp-glib/qmp-connection.h>

G_BEGIN_DECLS

/* Overlays, and the chain of images below a disk; each call ends when it is done */

QMP_AVAILABLE_IN_0_1
void qmp_connection_add_overlay_async (QmpConnection *self,
                                       const char *node,
                                       const char *file,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
QMP_AVAILABLE_IN_0_1
char *qmp_connection_add_overlay_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
char *qmp_connection_add_overlay (QmpConnection *self, const char *node, const char *file, GCancellable *cancellable, GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_connection_commit_overlay_async (QmpConnection *self,
                                          const char *node,
                                          QmpBlockCommitArguments *arguments,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);
QMP_AVAILABLE_IN_0_1
char *qmp_connection_commit_overlay_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
char *qmp_connection_commit_overlay (QmpConnection *self,
                                     const char *node,
                                     QmpBlockCommitArguments *arguments,
                                     GCancellable *cancellable,
                                     GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_connection_stream_overlay_async (QmpConnection *self,
                                          const char *node,
                                          QmpBlockStreamArguments *arguments,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_stream_overlay_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_stream_overlay (QmpConnection *self,
                                        const char *node,
                                        QmpBlockStreamArguments *arguments,
                                        GCancellable *cancellable,
                                        GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_connection_list_chain_async (QmpConnection *self,
                                      const char *node,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data);
QMP_AVAILABLE_IN_0_1
GPtrArray *qmp_connection_list_chain_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
GPtrArray *qmp_connection_list_chain (QmpConnection *self, const char *node, GCancellable *cancellable, GError **error);

G_END_DECLS
