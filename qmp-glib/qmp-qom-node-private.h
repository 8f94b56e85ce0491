/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-qom-node.h"

G_BEGIN_DECLS

/* What a tree of QOM of any machine has: a path over it is refused, so that
 * nobody who descends a tree does so without an end. */
#define QMP_QOM_MAX_PATH 4096

gboolean qmp_qom_node_check_path (QmpQomNode *self, GError **error);

/* What QEMU has told: the properties, and the type unless it is known. */
void qmp_qom_node_take (QmpQomNode *self, GPtrArray *infos, char *type_name);

G_END_DECLS
