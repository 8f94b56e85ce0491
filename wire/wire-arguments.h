/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What may be sent: judged before anything goes out, and written once. */

gboolean wire_check_command (const char *command, GError **error);
char *wire_write_arguments_node (JsonNode *arguments, gsize *length, GError **error);
char *wire_write_arguments_json (const char *json, gsize *length, GError **error);

G_END_DECLS
