/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <qmp-glib/qmp-event-stream.h>
#include <qmp-glib/qmp-limits.h>
#include <qmp-glib/qmp-open-options.h>
#include <qmp-glib/qmp-request.h>
#include <qmp-glib/qmp-schema.h>
#include <qmp-glib/qmp-value.h>
#include <qmp-glib/qmp-version.h>

G_BEGIN_DECLS

/**
 * QmpConnectionState:
 * @QMP_CONNECTION_STATE_OPENING: the greeting or the negotiation is still to
 *   come; nobody sees a connection in this state but its own opening
 * @QMP_CONNECTION_STATE_OPEN: commands can be run
 * @QMP_CONNECTION_STATE_CLOSED: it has ended, and never opens again
 *
 * Where a connection is in its life.
 *
 * Since: 0.1
 */
typedef enum
{
  QMP_CONNECTION_STATE_OPENING,
  QMP_CONNECTION_STATE_OPEN,
  QMP_CONNECTION_STATE_CLOSED,
} QmpConnectionState;

#define QMP_TYPE_CONNECTION (qmp_connection_get_type ())

QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpConnection, qmp_connection, QMP, CONNECTION, GObject)

/* Opening */

QMP_AVAILABLE_IN_0_1
void qmp_connection_open_async (const char *address,
                                QmpOpenOptions *options,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
QMP_AVAILABLE_IN_0_1
QmpConnection *qmp_connection_open_finish (GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
QmpConnection *qmp_connection_open (const char *address,
                                    QmpOpenOptions *options,
                                    GCancellable *cancellable,
                                    GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_connection_open_stream_async (GIOStream *stream,
                                       QmpOpenOptions *options,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
QMP_AVAILABLE_IN_0_1
QmpConnection *qmp_connection_open_stream_finish (GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
QmpConnection *qmp_connection_open_stream (GIOStream *stream,
                                           QmpOpenOptions *options,
                                           GCancellable *cancellable,
                                           GError **error);

QMP_AVAILABLE_IN_0_1
GIOStream *qmp_connection_create_socket_pair (int *peer_fd, GError **error);

/* Commands */

QMP_AVAILABLE_IN_0_1
void qmp_connection_execute_async (QmpConnection *self,
                                   const char *command,
                                   JsonNode *arguments,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
QMP_AVAILABLE_IN_0_1
JsonNode *qmp_connection_execute_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
JsonNode *qmp_connection_execute (QmpConnection *self,
                                  const char *command,
                                  JsonNode *arguments,
                                  GCancellable *cancellable,
                                  GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_connection_execute_json_async (QmpConnection *self,
                                        const char *command,
                                        const char *arguments_json,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
QMP_AVAILABLE_IN_0_1
char *qmp_connection_execute_json_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
char *qmp_connection_execute_json (QmpConnection *self,
                                   const char *command,
                                   const char *arguments_json,
                                   GCancellable *cancellable,
                                   GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_connection_execute_request_async (QmpConnection *self,
                                           QmpRequest *request,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer user_data);
QMP_AVAILABLE_IN_0_1
QmpValue *qmp_connection_execute_request_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
QmpValue *qmp_connection_execute_request (QmpConnection *self,
                                          QmpRequest *request,
                                          GCancellable *cancellable,
                                          GError **error);

/* What QEMU can do */

QMP_AVAILABLE_IN_0_1
void qmp_connection_load_schema_async (QmpConnection *self,
                                       GFile *cache_folder,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
QMP_AVAILABLE_IN_0_1
QmpSchema *qmp_connection_load_schema_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
QmpSchema *qmp_connection_load_schema (QmpConnection *self,
                                       GFile *cache_folder,
                                       GCancellable *cancellable,
                                       GError **error);

/* Events */

QMP_AVAILABLE_IN_0_1
QmpEventStream *qmp_connection_watch_events (QmpConnection *self,
                                             const char *const *names,
                                             guint capacity);

/* The end */

QMP_AVAILABLE_IN_0_1
void qmp_connection_quit_async (QmpConnection *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_quit_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_quit (QmpConnection *self, GCancellable *cancellable, GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_connection_close_async (QmpConnection *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_close_finish (QmpConnection *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_close (QmpConnection *self, GCancellable *cancellable, GError **error);

/* What it knows */

QMP_AVAILABLE_IN_0_1
QmpConnectionState qmp_connection_get_state (QmpConnection *self);
QMP_AVAILABLE_IN_0_1
QmpVersion *qmp_connection_get_version (QmpConnection *self);
QMP_AVAILABLE_IN_0_1
const char *const *qmp_connection_get_capabilities (QmpConnection *self);
QMP_AVAILABLE_IN_0_1
gboolean qmp_connection_get_out_of_band (QmpConnection *self);
QMP_AVAILABLE_IN_0_1
int qmp_connection_get_default_timeout (QmpConnection *self);
QMP_AVAILABLE_IN_0_1
void qmp_connection_set_default_timeout (QmpConnection *self, int milliseconds);
QMP_AVAILABLE_IN_0_1
QmpLimits *qmp_connection_get_limits (QmpConnection *self);
QMP_AVAILABLE_IN_0_1
guint64 qmp_connection_get_stray_messages (QmpConnection *self);
QMP_AVAILABLE_IN_0_1
guint64 qmp_connection_get_lost_events (QmpConnection *self);

G_END_DECLS
