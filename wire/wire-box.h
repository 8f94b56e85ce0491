/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "wire-call.h"

G_BEGIN_DECLS

/* The source through which a link speaks to one main context: hands over
 * what waits, lets deadlines pass, and in the owner's context reads and
 * writes as well. */

WireBox *wire_box_new (WireLink *link, GMainContext *context);
void wire_box_free (WireBox *box);
gint64 wire_box_get_time (void);

/* for the hub, in the thread that runs the context */
void wire_box_take_turn (WireBox *box, gboolean by_hub, gint64 now);
void wire_box_release_writes (WireBox *box);
gboolean wire_box_more_follows (void);
void wire_box_leave_handler (void);
void wire_box_recall (WireBox *box);

/* with the link's lock held */
WireBox *wire_box_find (WireLink *link, GMainContext *context);
void wire_box_poll (WireBox *box, int fd, int out_fd);
void wire_box_stop_polling (WireBox *box);
void wire_box_unpark (WireBox *box);
void wire_box_want_to_write (WireBox *box, gboolean wanted);
void wire_box_read_on (WireBox *box);
void wire_box_push (WireBox *box, WireDelivery *delivery);
WireDelivery *wire_box_drop_oldest (WireBox *box);
gboolean wire_box_has_plenty (WireBox *box);
guint wire_box_get_backlog (WireBox *box, gsize *size);
void wire_box_add_call (WireBox *box, gint64 deadline);
void wire_box_add_deadline (WireBox *box, gint64 deadline);
gboolean wire_box_has_calls (WireBox *box);
gboolean wire_box_holds_writes (WireBox *box);

G_END_DECLS
