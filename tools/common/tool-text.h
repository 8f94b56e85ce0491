/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a guest or QEMU says, made harmless: nothing of it moves a terminal's
 * cursor, changes its colours, or turns the order of letters around. */

gboolean tool_text_is_hostile (gunichar character);

/* As one line: line ends and tabs are shown too. */
char *tool_text_to_line (const char *text);

/* As lines: those and tabs stay. `length` is -1 for a string; bytes that are
 * not UTF-8 are shown as \x.. */
char *tool_text_to_lines (const char *text, gssize length);

G_END_DECLS
