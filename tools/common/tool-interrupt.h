/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A cancellable (transfer full) that the first SIGINT, SIGTERM or SIGHUP
 * cancels. The second ends the process at once. To be called once. */
GCancellable *tool_interrupt_watch (void);

/* From here on the second cancels this one (transfer full), and only the third
 * ends the process. To be called once. */
GCancellable *tool_interrupt_watch_second (void);

G_END_DECLS
