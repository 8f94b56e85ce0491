/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bars on standard error, lines that are written anew; nothing where that is no
 * terminal. */

/* `fraction` is from 0 to 1, or below 0 where nobody knows; `detail` (nullable)
 * stands behind the bar. */
void tool_progress_show (const char *label, double fraction, const char *detail);

/* Several, each under the one before. */
typedef struct
{
  const char *label;
  double fraction;
  const char *detail;
} ToolProgressRow;

void tool_progress_show_rows (const ToolProgressRow *rows, guint count);

/* "12.0 MiB of 64.0 MiB, 5.1 MiB/s, 10 s left"; what is below 0 is unknown. */
char *tool_progress_describe (guint64 current, guint64 total, double speed, double time_left);

/* Takes the bars away again. */
void tool_progress_clear (void);

G_END_DECLS
