/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <gio/gio.h>
#include <qmp-glib/qmp-api-block-core.h>
#include <qmp-glib/qmp-api-char.h>
#include <qmp-glib/qmp-api-net.h>
#include <qmp-glib/qmp-api-qdev.h>
#include <qmp-glib/qmp-connection.h>
#include <qmp-glib/qmp-unplug-options.h>

G_BEGIN_DECLS

/* Any device */

QMP_AVAILABLE_IN_0_1
void qmp_connection_unplug_device_async (QmpConnection *self,
                                         const char *device,
                                         QmpUnplugOptions *options,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_unplug_device_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_unplug_device (QmpConnection *self,
                                       const char *device,
                                       QmpUnplugOptions *options,
                                       GCancellable *cancellable,
                                       GError **error);

/* Disks, with what they are made of at the host */

QMP_AVAILABLE_IN_0_1
void qmp_connection_plug_disk_async (QmpConnection *self,
                                     QmpBlockdevOptions *node,
                                     const char *driver,
                                     QmpDeviceAddArguments *arguments,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_plug_disk_finish (QmpConnection *self,
                                          GAsyncResult *result,
                                          GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_plug_disk (QmpConnection *self,
                                   QmpBlockdevOptions *node,
                                   const char *driver,
                                   QmpDeviceAddArguments *arguments,
                                   GCancellable *cancellable,
                                   GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_connection_unplug_disk_async (QmpConnection *self,
                                       const char *device,
                                       const char *node_name,
                                       QmpUnplugOptions *options,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_unplug_disk_finish (QmpConnection *self,
                                            GAsyncResult *result,
                                            GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_unplug_disk (QmpConnection *self,
                                     const char *device,
                                     const char *node_name,
                                     QmpUnplugOptions *options,
                                     GCancellable *cancellable,
                                     GError **error);

/* Network interfaces, with what they are made of at the host */

QMP_AVAILABLE_IN_0_1
void qmp_connection_plug_network_async (QmpConnection *self,
                                        QmpNetdev *backend,
                                        const char *driver,
                                        QmpDeviceAddArguments *arguments,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_plug_network_finish (QmpConnection *self,
                                             GAsyncResult *result,
                                             GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_plug_network (QmpConnection *self,
                                      QmpNetdev *backend,
                                      const char *driver,
                                      QmpDeviceAddArguments *arguments,
                                      GCancellable *cancellable,
                                      GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_connection_unplug_network_async (QmpConnection *self,
                                          const char *device,
                                          const char *backend_id,
                                          QmpUnplugOptions *options,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_unplug_network_finish (QmpConnection *self,
                                               GAsyncResult *result,
                                               GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_unplug_network (QmpConnection *self,
                                        const char *device,
                                        const char *backend_id,
                                        QmpUnplugOptions *options,
                                        GCancellable *cancellable,
                                        GError **error);

/* Character devices, with what they are made of at the host */

QMP_AVAILABLE_IN_0_1
void qmp_connection_plug_character_device_async (QmpConnection *self,
                                                 const char *backend_id,
                                                 QmpChardevBackend *backend,
                                                 const char *driver,
                                                 QmpDeviceAddArguments *arguments,
                                                 GCancellable *cancellable,
                                                 GAsyncReadyCallback callback,
                                                 gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_plug_character_device_finish (QmpConnection *self,
                                                      GAsyncResult *result,
                                                      GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_plug_character_device (QmpConnection *self,
                                               const char *backend_id,
                                               QmpChardevBackend *backend,
                                               const char *driver,
                                               QmpDeviceAddArguments *arguments,
                                               GCancellable *cancellable,
                                               GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_connection_unplug_character_device_async (QmpConnection *self,
                                                   const char *device,
                                                   const char *backend_id,
                                                   QmpUnplugOptions *options,
                                                   GCancellable *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_unplug_character_device_finish (QmpConnection *self,
                                                        GAsyncResult *result,
                                                        GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_unplug_character_device (QmpConnection *self,
                                                 const char *device,
                                                 const char *backend_id,
                                                 QmpUnplugOptions *options,
                                                 GCancellable *cancellable,
                                                 GError **error);

G_END_DECLS
