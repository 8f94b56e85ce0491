/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <qmp-glib/qmp-glib.h>

G_BEGIN_DECLS

/* Prints a line: TIME NAME DATA, or {"event": NAME, "timestamp": MICROSECONDS,
 * "data": {…}}. */
void qmpctl_print_event (QmpEvent *event, gboolean json);

G_END_DECLS
