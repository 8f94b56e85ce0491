/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The one way to the terminal: what goes through here is made harmless, see
 * tool-text.h. Styles show on a terminal alone, and not where NO_COLOR is set. */

typedef enum
{
  TOOL_STYLE_NONE,
  TOOL_STYLE_TITLE,
  TOOL_STYLE_DIM,
  TOOL_STYLE_GOOD,
  TOOL_STYLE_BAD,
  TOOL_STYLE_NAME,
} ToolStyle;

void tool_print (const char *format, ...) G_GNUC_PRINTF (1, 2);
void tool_print_styled (ToolStyle style, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Text that has been made harmless already, or bytes for a pipe. */
void tool_print_raw (const char *bytes, gsize length);

/* To standard error, as "qmpctl: …", a line. */
void tool_complain (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* Whether they are terminals. */
gboolean tool_output_is_terminal (void);
gboolean tool_errors_are_terminal (void);

/* Nobody reads standard output any more, or it is full. */
gboolean tool_output_flush (GError **error);

G_END_DECLS
