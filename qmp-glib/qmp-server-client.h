/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <qmp-glib/qmp-event.h>
#include <qmp-glib/qmp-version-macros.h>

G_BEGIN_DECLS

/**
 * QmpServerClientState:
 * @QMP_SERVER_CLIENT_STATE_NEGOTIATING: it was greeted, and has to negotiate
 *   capabilities before it may do anything else
 * @QMP_SERVER_CLIENT_STATE_READY: it runs commands and gets events
 * @QMP_SERVER_CLIENT_STATE_CLOSED: it has gone, or was sent away
 *
 * Where a client of a [class@Qmp.Server] is in its life.
 *
 * Since: 0.1
 */
typedef enum
{
  QMP_SERVER_CLIENT_STATE_NEGOTIATING,
  QMP_SERVER_CLIENT_STATE_READY,
  QMP_SERVER_CLIENT_STATE_CLOSED,
} QmpServerClientState;

#define QMP_TYPE_SERVER_CLIENT (qmp_server_client_get_type ())

QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpServerClient, qmp_server_client, QMP, SERVER_CLIENT, GObject)

QMP_AVAILABLE_IN_0_1
guint64 qmp_server_client_get_id (QmpServerClient *self);
QMP_AVAILABLE_IN_0_1
QmpServerClientState qmp_server_client_get_state (QmpServerClient *self);
QMP_AVAILABLE_IN_0_1
gboolean qmp_server_client_get_out_of_band (QmpServerClient *self);
QMP_AVAILABLE_IN_0_1
GCredentials *qmp_server_client_get_credentials (QmpServerClient *self);

QMP_AVAILABLE_IN_0_1
gboolean qmp_server_client_emit_event (QmpServerClient *self, const char *name, JsonNode *data, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_server_client_emit_event_json (QmpServerClient *self,
                                            const char *name,
                                            const char *data_json,
                                            GError **error);
QMP_AVAILABLE_IN_0_1
void qmp_server_client_relay_event (QmpServerClient *self, QmpEvent *event);

QMP_AVAILABLE_IN_0_1
void qmp_server_client_close (QmpServerClient *self);

G_END_DECLS
