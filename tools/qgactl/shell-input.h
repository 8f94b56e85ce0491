/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qgactl.h"

G_BEGIN_DECLS

/* Lines that somebody types, with a history; or those of standard input, if
 * that is no terminal. There is one of these. */

void shell_input_start (ToolApp *app);
void shell_input_end (void);
gboolean shell_input_is_typed (void);

/* The next line; NULL without an error at the end, and with G_IO_ERROR_CANCELLED
 * after ^C. */
char *shell_input_read (const char *prompt, GError **error);

G_END_DECLS
