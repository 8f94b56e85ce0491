/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QGA_GLIB_INSIDE) && !defined (QGA_GLIB_COMPILATION)
#error "Only <qga-glib/qga-glib.h> can be included directly."
#endif

#include <gio/gio.h>
#include <qga-glib/qga-connection.h>

G_BEGIN_DECLS

/**
 * QgaFreezeStatus:
 * @QGA_FREEZE_STATUS_UNKNOWN: not known: the error says why
 * @QGA_FREEZE_STATUS_THAWED: none of the guest's file systems is frozen
 * @QGA_FREEZE_STATUS_FROZEN: at least one is
 *
 * What the agent says of the guest's file systems.
 *
 * Since: 0.1
 */
typedef enum
{
  QGA_FREEZE_STATUS_UNKNOWN,
  QGA_FREEZE_STATUS_THAWED,
  QGA_FREEZE_STATUS_FROZEN,
} QgaFreezeStatus;

#define QGA_TYPE_FREEZE_GUARD (qga_freeze_guard_get_type ())

QGA_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QgaFreezeGuard, qga_freeze_guard, QGA, FREEZE_GUARD, GObject)

QGA_AVAILABLE_IN_0_1
void qga_freeze_guard_freeze_async (QgaConnection *connection,
                                    const char *const *mountpoints,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
QGA_AVAILABLE_IN_0_1
QgaFreezeGuard *qga_freeze_guard_freeze_finish (GAsyncResult *result, GError **error);
QGA_AVAILABLE_IN_0_1
QgaFreezeGuard *qga_freeze_guard_freeze (QgaConnection *connection,
                                         const char *const *mountpoints,
                                         GCancellable *cancellable,
                                         GError **error);

QGA_AVAILABLE_IN_0_1
void qga_freeze_guard_thaw_async (QgaFreezeGuard *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
QGA_AVAILABLE_IN_0_1
gboolean qga_freeze_guard_thaw_finish (QgaFreezeGuard *self, GAsyncResult *result, GError **error);
QGA_AVAILABLE_IN_0_1
gboolean qga_freeze_guard_thaw (QgaFreezeGuard *self, GCancellable *cancellable, GError **error);

QGA_AVAILABLE_IN_0_1
void qga_freeze_guard_query_async (QgaConnection *connection,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
QGA_AVAILABLE_IN_0_1
QgaFreezeStatus qga_freeze_guard_query_finish (GAsyncResult *result, GError **error);
QGA_AVAILABLE_IN_0_1
QgaFreezeStatus qga_freeze_guard_query (QgaConnection *connection, GCancellable *cancellable, GError **error);

QGA_AVAILABLE_IN_0_1
guint64 qga_freeze_guard_get_count (QgaFreezeGuard *self);
QGA_AVAILABLE_IN_0_1
gboolean qga_freeze_guard_get_thawed (QgaFreezeGuard *self);

G_END_DECLS
