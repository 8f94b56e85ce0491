/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A bar on standard error, one line that is written anew; nothing where that
 * is no terminal. */

/* `fraction` is from 0 to 1, or below 0 where nobody knows; `detail` (nullable)
 * stands behind the bar. */
void tool_progress_show (const char *label, double fraction, const char *detail);

/* Takes the bar away again. */
void tool_progress_clear (void);

G_END_DECLS
