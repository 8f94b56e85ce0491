/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QGA_GLIB_INSIDE) && !defined (QGA_GLIB_COMPILATION)
#error "Only <qga-glib/qga-glib.h> can be included directly."
#endif

#include <gio/gio.h>
#include <json-glib/json-glib.h>
#include <qga-glib/qga-version-macros.h>

G_BEGIN_DECLS

#define QGA_TYPE_REQUEST (qga_request_get_type ())

QGA_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QgaRequest, qga_request, QGA, REQUEST, GObject)

QGA_AVAILABLE_IN_0_1
QgaRequest *qga_request_new (const char *command);

QGA_AVAILABLE_IN_0_1
const char *qga_request_get_command (QgaRequest *self);

QGA_AVAILABLE_IN_0_1
gboolean qga_request_set_arguments (QgaRequest *self, JsonNode *arguments, GError **error);

QGA_AVAILABLE_IN_0_1
gboolean qga_request_set_arguments_json (QgaRequest *self, const char *arguments_json, GError **error);

QGA_AVAILABLE_IN_0_1
const char *qga_request_get_arguments_json (QgaRequest *self);

QGA_AVAILABLE_IN_0_1
int qga_request_get_timeout (QgaRequest *self);
QGA_AVAILABLE_IN_0_1
void qga_request_set_timeout (QgaRequest *self, int milliseconds);

QGA_AVAILABLE_IN_0_1
gboolean qga_request_get_sensitive (QgaRequest *self);
QGA_AVAILABLE_IN_0_1
void qga_request_set_sensitive (QgaRequest *self, gboolean sensitive);

QGA_AVAILABLE_IN_0_1
guint64 qga_request_get_reply_size (QgaRequest *self);
QGA_AVAILABLE_IN_0_1
void qga_request_set_reply_size (QgaRequest *self, guint64 bytes);

G_END_DECLS
