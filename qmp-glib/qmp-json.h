/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <json-glib/json-glib.h>
#include <qmp-glib/qmp-version-macros.h>

G_BEGIN_DECLS

QMP_AVAILABLE_IN_0_1
guint64 qmp_json_node_get_uint64 (JsonNode *node);

G_END_DECLS
