/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qga-session-private.h"

G_BEGIN_DECLS

/* What a monitor of QEMU says of the guest that the agent runs in. The two
 * libraries do not know each other: any object will do that has a signal
 * “event” with a detail and one argument which GLib can transform into a
 * string, the event's JSON text. */

typedef struct _QgaMonitor QgaMonitor;

gboolean qga_monitor_is_one (GObject *object);
QgaMonitor *qga_monitor_new (QgaSession *session, GObject *object, const char *port);
void qga_monitor_free (QgaMonitor *self);

G_END_DECLS
