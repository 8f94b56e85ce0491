/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "wire-document.h"

G_BEGIN_DECLS

/* JSON for a peer: compact, strict, and with integers as integers. */

gboolean wire_write_node (GString *out, JsonNode *node, GError **error);
gboolean wire_write_json (GString *out, const char *json, GError **error);
gboolean wire_write_value_json (GString *out, const char *json, GError **error);
void wire_write_string (GString *out, const char *text);

/* A caller's text, of any one value, as a document that has it in this place. */
#define WIRE_CALLERS_VALUE 2u
WireDocument *wire_read_value (const char *json, GError **error);

G_END_DECLS
