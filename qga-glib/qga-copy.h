/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QGA_GLIB_INSIDE) && !defined (QGA_GLIB_COMPILATION)
#error "Only <qga-glib/qga-glib.h> can be included directly."
#endif

#include <gio/gio.h>
#include <qga-glib/qga-connection.h>

G_BEGIN_DECLS

QGA_AVAILABLE_IN_0_1
void qga_connection_copy_from_guest_async (QgaConnection *self,
                                           const char *guest_path,
                                           GFile *destination,
                                           GFileCopyFlags flags,
                                           guint64 max_size,
                                           GFileProgressCallback progress,
                                           gpointer progress_data,
                                           GDestroyNotify progress_destroy,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data);
QGA_AVAILABLE_IN_0_1
gboolean qga_connection_copy_from_guest_finish (QgaConnection *self, GAsyncResult *result, GError **error);
QGA_AVAILABLE_IN_0_1
gboolean qga_connection_copy_from_guest (QgaConnection *self,
                                         const char *guest_path,
                                         GFile *destination,
                                         GFileCopyFlags flags,
                                         guint64 max_size,
                                         GFileProgressCallback progress,
                                         gpointer progress_data,
                                         GCancellable *cancellable,
                                         GError **error);

QGA_AVAILABLE_IN_0_1
void qga_connection_copy_to_guest_async (QgaConnection *self,
                                         GFile *source,
                                         const char *guest_path,
                                         GFileCopyFlags flags,
                                         GFileProgressCallback progress,
                                         gpointer progress_data,
                                         GDestroyNotify progress_destroy,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
QGA_AVAILABLE_IN_0_1
gboolean qga_connection_copy_to_guest_finish (QgaConnection *self, GAsyncResult *result, GError **error);
QGA_AVAILABLE_IN_0_1
gboolean qga_connection_copy_to_guest (QgaConnection *self,
                                       GFile *source,
                                       const char *guest_path,
                                       GFileCopyFlags flags,
                                       GFileProgressCallback progress,
                                       gpointer progress_data,
                                       GCancellable *cancellable,
                                       GError **error);

G_END_DECLS
