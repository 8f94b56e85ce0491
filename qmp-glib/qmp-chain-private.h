/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-steps-private.h"
#include "qmp-value.h"

G_BEGIN_DECLS

/* What QEMU tells of one of its block nodes, in its reply about all. */
QmpValue *qmp_chain_find_node (QmpValue *nodes, const char *name, GError **error);

/* Whether what its driver reads and writes is another node's. */
gboolean qmp_chain_is_filter (const char *driver);

/* The nodes from one down to the bottom; of QmpBlockDeviceInfo. Neither reply
 * is needed when the other one tells: the graph may be NULL. */
GPtrArray *qmp_chain_read (QmpValue *nodes, QmpValue *graph, const char *top, GError **error);

/* Whether the reply about all nodes also tells what is below of them. */
gboolean qmp_chain_has_children (QmpValue *nodes);

G_END_DECLS
