/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <qmp-glib/qmp-api-ui.h>
#include <qmp-glib/qmp-connection.h>

G_BEGIN_DECLS

#define QMP_TYPE_SCREENSHOT (qmp_screenshot_get_type ())

QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpScreenshot, qmp_screenshot, QMP, SCREENSHOT, GObject)

QMP_AVAILABLE_IN_0_1
void qmp_connection_take_screenshot_async (QmpConnection *self,
                                           const char *device,
                                           guint head,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data);
QMP_AVAILABLE_IN_0_1
QmpScreenshot *qmp_connection_take_screenshot_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
QmpScreenshot *qmp_connection_take_screenshot (QmpConnection *self,
                                               const char *device,
                                               guint head,
                                               GCancellable *cancellable,
                                               GError **error);

QMP_AVAILABLE_IN_0_1
GBytes *qmp_screenshot_get_bytes (QmpScreenshot *self);
QMP_AVAILABLE_IN_0_1
QmpImageFormat qmp_screenshot_get_format (QmpScreenshot *self);
QMP_AVAILABLE_IN_0_1
const char *qmp_screenshot_get_content_type (QmpScreenshot *self);
QMP_AVAILABLE_IN_0_1
guint qmp_screenshot_get_width (QmpScreenshot *self);
QMP_AVAILABLE_IN_0_1
guint qmp_screenshot_get_height (QmpScreenshot *self);

G_END_DECLS
