/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "wire-box.h"

G_BEGIN_DECLS

/* What the boxes of one main context share. A main loop looks at each of its
 * file descriptors in each turn, which is dear for hundreds of connections:
 * past the first few, the hub watches them through one epoll descriptor. And
 * it is told when a turn of the loop begins, for all boxes at once. */

typedef struct _WireHub WireHub;

WireHub *wire_hub_acquire (GMainContext *context);
void wire_hub_release (WireHub *hub);

/* FALSE: the box polls by itself */
gboolean wire_hub_watch (WireHub *hub, int fd, WireBox *box);
void wire_hub_change (WireHub *hub, int fd, WireBox *box, GIOCondition condition);
void wire_hub_forget (WireHub *hub, int fd);

/* only in the thread that runs the context */
void wire_hub_add_holder (WireHub *hub, WireBox *box);
void wire_hub_remove_holder (WireHub *hub, WireBox *box);

/* boxes that let others go first; the hub calls them back when these never have
 * enough */
void wire_hub_add_waiting (WireHub *hub, WireBox *box);
void wire_hub_remove_waiting (WireHub *hub, WireBox *box);

G_END_DECLS
