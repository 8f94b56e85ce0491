/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A cancellable (transfer full) that the first SIGINT, SIGTERM or SIGHUP
 * cancels. The second ends the process at once. To be called once. */
GCancellable *tool_interrupt_watch (void);

/* For what goes on after an interrupt: another one (transfer full), which the
 * next signal cancels, as if there had been none before. */
GCancellable *tool_interrupt_renew (void);

/* From here on the second cancels this one (transfer full), and only the third
 * ends the process. */
GCancellable *tool_interrupt_watch_second (void);

/* The signal that came last, or 0. */
int tool_interrupt_get_signal (void);

G_END_DECLS
