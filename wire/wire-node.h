/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "wire-document.h"

G_BEGIN_DECLS

/* Values on demand: a tree of JsonNode, made only when somebody asks. An
 * integer past INT64_MAX keeps its 64 bits; wire_node_get_uint64() reads it. */

JsonNode *wire_node_new (const WireView *view, guint value);
JsonNode *wire_node_new_empty (void);
guint64 wire_node_get_uint64 (JsonNode *node);

G_END_DECLS
