/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The guest's part of the demo. Blocks until it is over. */
gboolean demo_show_guest (const char *agent_address, GObject *monitor, GCancellable *cancellable, gboolean *shuts_down,
                          GError **error);

G_END_DECLS
