/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <qmp-glib/qmp-request.h>
#include <qmp-glib/qmp-server-client.h>
#include <qmp-glib/qmp-struct.h>
#include <qmp-glib/qmp-value.h>
#include <qmp-glib/qmp-version-macros.h>

G_BEGIN_DECLS

#define QMP_TYPE_SERVER_CALL (qmp_server_call_get_type ())

QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpServerCall, qmp_server_call, QMP, SERVER_CALL, GObject)

/* What the client asks */

QMP_AVAILABLE_IN_0_1
const char *qmp_server_call_get_command (QmpServerCall *self);
QMP_AVAILABLE_IN_0_1
gboolean qmp_server_call_get_out_of_band (QmpServerCall *self);
QMP_AVAILABLE_IN_0_1
QmpServerClient *qmp_server_call_get_client (QmpServerCall *self);
QMP_AVAILABLE_IN_0_1
JsonNode *qmp_server_call_get_arguments (QmpServerCall *self);
QMP_AVAILABLE_IN_0_1
char *qmp_server_call_get_arguments_json (QmpServerCall *self);
QMP_AVAILABLE_IN_0_1
QmpValue *qmp_server_call_get_arguments_value (QmpServerCall *self);
QMP_AVAILABLE_IN_0_1
QmpRequest *qmp_server_call_make_request (QmpServerCall *self);
QMP_AVAILABLE_IN_0_1
gboolean qmp_server_call_has_fd (QmpServerCall *self);
QMP_AVAILABLE_IN_0_1
int qmp_server_call_steal_fd (QmpServerCall *self);
QMP_AVAILABLE_IN_0_1
GCancellable *qmp_server_call_get_cancellable (QmpServerCall *self);
QMP_AVAILABLE_IN_0_1
gboolean qmp_server_call_is_answered (QmpServerCall *self);

/* What it is answered */

QMP_AVAILABLE_IN_0_1
gboolean qmp_server_call_return_node (QmpServerCall *self, JsonNode *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_server_call_return_json (QmpServerCall *self, const char *result_json, GError **error);
QMP_AVAILABLE_IN_0_1
void qmp_server_call_return_value (QmpServerCall *self, QmpValue *result);
QMP_AVAILABLE_IN_0_1
gboolean qmp_server_call_return_struct (QmpServerCall *self, QmpStruct *result, GError **error);
QMP_AVAILABLE_IN_0_1
void qmp_server_call_return_error (QmpServerCall *self, const char *class_name, const char *description);
QMP_AVAILABLE_IN_0_1
void qmp_server_call_return_gerror (QmpServerCall *self, const GError *error);

G_END_DECLS
