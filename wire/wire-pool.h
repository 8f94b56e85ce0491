/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Memory for what comes by the hundred at once and goes again: calls,
 * documents, events. An allocator that serves a few of a kind from its
 * thread's own store, and the rest in its slow way, is at its worst there.
 *
 * Each thread keeps a bounded store. With G_SLICE=always-malloc in the
 * environment, as for finding bugs of memory, none is kept. */

/* Of large blocks, for messages of some hundred kilobytes, each thread keeps
 * two: getting such memory from the system and giving it back costs more than
 * reading what it is for. */
#define WIRE_POOL_LARGE ((gsize) 64 * 1024)

gpointer wire_pool_take_large (gsize least, gsize *size);
void wire_pool_give_large (gpointer block, gsize size);

gpointer wire_pool_alloc (gsize size);
void wire_pool_free (gpointer block, gsize size);

G_END_DECLS
