/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <qmp-glib/qmp-api-ui.h>
#include <qmp-glib/qmp-connection.h>

G_BEGIN_DECLS

/* The guest's keyboard */

QMP_AVAILABLE_IN_0_1
void qmp_connection_type_text_async (QmpConnection *self,
                                     const char *text,
                                     int interval,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_type_text_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_type_text (QmpConnection *self,
                                   const char *text,
                                   int interval,
                                   GCancellable *cancellable,
                                   GError **error);

/* The guest's pointer */

QMP_AVAILABLE_IN_0_1
void qmp_connection_move_pointer_async (QmpConnection *self,
                                        double x,
                                        double y,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_move_pointer_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_move_pointer (QmpConnection *self,
                                      double x,
                                      double y,
                                      GCancellable *cancellable,
                                      GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_connection_click_async (QmpConnection *self,
                                 QmpInputButton button,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_click_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_click (QmpConnection *self, QmpInputButton button, GCancellable *cancellable, GError **error);

G_END_DECLS
