/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-steps-private.h"
#include "qmp-value.h"

G_BEGIN_DECLS

/* QEMU's block nodes by name, and what each has below. */

typedef struct _QmpChains QmpChains;

/* The graph may be NULL. Neither needs to be what it should. */
QmpChains *qmp_chains_new (QmpValue *nodes, QmpValue *graph);
void qmp_chains_free (QmpChains *self);

/* Whether the reply about all nodes tells what they have below. */
gboolean qmp_chains_is_complete (QmpChains *self);

/* What QEMU tells of a node. */
QmpValue *qmp_chains_find (QmpChains *self, const char *name, GError **error);

/* The nodes from one down to the bottom; of QmpBlockDeviceInfo. */
GPtrArray *qmp_chains_read (QmpChains *self, const char *top, GError **error);

/* Whether what a driver reads and writes is another node's. */
gboolean qmp_chain_is_filter (const char *driver);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QmpChains, qmp_chains_free)

G_END_DECLS
