/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <qmp-glib/qmp-event.h>
#include <qmp-glib/qmp-limits.h>
#include <qmp-glib/qmp-server-call.h>
#include <qmp-glib/qmp-server-client.h>
#include <qmp-glib/qmp-version.h>

G_BEGIN_DECLS

#define QMP_TYPE_SERVER (qmp_server_get_type ())

QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpServer, qmp_server, QMP, SERVER, GObject)

QMP_AVAILABLE_IN_0_1
QmpServer *qmp_server_new (void);
QMP_AVAILABLE_IN_0_1
QmpServer *qmp_server_new_threaded (void);

/* Clients */

QMP_AVAILABLE_IN_0_1
char *qmp_server_listen (QmpServer *self, const char *address, GError **error);
QMP_AVAILABLE_IN_0_1
QmpServerClient *qmp_server_add_stream (QmpServer *self, GIOStream *stream, GError **error);
QMP_AVAILABLE_IN_0_1
GIOStream *qmp_server_open_stream (QmpServer *self, GError **error);
QMP_AVAILABLE_IN_0_1
GPtrArray *qmp_server_get_clients (QmpServer *self);
QMP_AVAILABLE_IN_0_1
void qmp_server_close (QmpServer *self);

/* Answers */

QMP_AVAILABLE_IN_0_1
gboolean qmp_server_set_result (QmpServer *self, const char *command, JsonNode *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_server_set_result_json (QmpServer *self, const char *command, const char *result_json, GError **error);
QMP_AVAILABLE_IN_0_1
void qmp_server_set_error (QmpServer *self, const char *command, const char *class_name, const char *description);
QMP_AVAILABLE_IN_0_1
void qmp_server_unset (QmpServer *self, const char *command);

/* Events */

QMP_AVAILABLE_IN_0_1
gboolean qmp_server_emit_event (QmpServer *self, const char *name, JsonNode *data, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_server_emit_event_json (QmpServer *self, const char *name, const char *data_json, GError **error);
QMP_AVAILABLE_IN_0_1
void qmp_server_relay_event (QmpServer *self, QmpEvent *event);

/* How it behaves */

QMP_AVAILABLE_IN_0_1
QmpVersion *qmp_server_get_version (QmpServer *self);
QMP_AVAILABLE_IN_0_1
void qmp_server_set_version (QmpServer *self, QmpVersion *version);
QMP_AVAILABLE_IN_0_1
gboolean qmp_server_get_out_of_band (QmpServer *self);
QMP_AVAILABLE_IN_0_1
void qmp_server_set_out_of_band (QmpServer *self, gboolean out_of_band);
QMP_AVAILABLE_IN_0_1
QmpLimits *qmp_server_get_limits (QmpServer *self);
QMP_AVAILABLE_IN_0_1
void qmp_server_set_limits (QmpServer *self, QmpLimits *limits);
QMP_AVAILABLE_IN_0_1
guint qmp_server_get_max_clients (QmpServer *self);
QMP_AVAILABLE_IN_0_1
void qmp_server_set_max_clients (QmpServer *self, guint max_clients);
QMP_AVAILABLE_IN_0_1
guint qmp_server_get_overlap (QmpServer *self);
QMP_AVAILABLE_IN_0_1
void qmp_server_set_overlap (QmpServer *self, guint overlap);
QMP_AVAILABLE_IN_0_1
guint64 qmp_server_get_unread_size (QmpServer *self);
QMP_AVAILABLE_IN_0_1
void qmp_server_set_unread_size (QmpServer *self, guint64 bytes);

G_END_DECLS
