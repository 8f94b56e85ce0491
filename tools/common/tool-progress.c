/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tool-progress.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tool-output.h"
#include "tool-table.h"
#include "tool-text.h"

#define NARROWEST 40
#define BAR_WIDTH 24

static guint shown;  /* how many lines */

static int
get_width (void)
{
  struct winsize size = { 0 };

  if (ioctl (STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < NARROWEST)
    return 80;
  return size.ws_col;
}

static char *
draw_bar (double fraction)
{
  GString *bar = g_string_new ("[");
  int full = (int) (CLAMP (fraction, 0.0, 1.0) * BAR_WIDTH);

  for (int i = 0; i < BAR_WIDTH; i++)
    g_string_append_c (bar, i < full ? '#' : '.');
  g_string_append_c (bar, ']');
  if (fraction >= 0)
    g_string_append_printf (bar, " %3d%%", (int) (CLAMP (fraction, 0.0, 1.0) * 100));
  return g_string_free (bar, FALSE);
}

/* To the first of the lines that are there, which go. */
static void
append_return (GString *text)
{
  if (shown > 1)
    g_string_append_printf (text, "\033[%uA\r\033[J", shown - 1);
  else
    g_string_append (text, "\r\033[K");
}

static void
append_row (GString *text, const ToolProgressRow *row)
{
  g_autofree char *bar = draw_bar (row->fraction);
  g_autofree char *whole = g_strdup_printf ("%s %s %s", row->label, bar, row->detail != NULL ? row->detail : "");
  g_autofree char *line = tool_text_to_line (whole);
  g_autofree char *cut = g_utf8_substring (line, 0, MIN (g_utf8_strlen (line, -1), get_width () - 1));

  g_string_append (text, cut);
}

void
tool_progress_show_rows (const ToolProgressRow *rows, guint count)
{
  g_autoptr (GString) text = NULL;

  if (!tool_errors_are_terminal ())
    return;

  text = g_string_new (NULL);
  append_return (text);
  for (guint i = 0; i < count; i++)
    {
      g_string_append (text, i > 0 ? "\n" : "");
      append_row (text, &rows[i]);
    }
  fflush (stdout);
  fputs (text->str, stderr);
  shown = MAX (count, 1);
}

void
tool_progress_show (const char *label, double fraction, const char *detail)
{
  const ToolProgressRow row = { label, fraction, detail };

  tool_progress_show_rows (&row, 1);
}

char *
tool_progress_describe (guint64 current, guint64 total, double speed, double time_left)
{
  GString *text = g_string_new (NULL);
  g_autofree char *done = tool_format_size (current);
  g_autofree char *whole = tool_format_size (total);
  g_autofree char *rate = speed >= 0 && speed < 1e18 ? tool_format_size ((guint64) speed) : NULL;

  g_string_append_printf (text, "%s of %s", done, whole);
  if (rate != NULL)
    g_string_append_printf (text, ", %s/s", rate);
  if (time_left >= 0 && time_left < 1e9)
    g_string_append_printf (text, ", %.0f s left", time_left);
  return g_string_free (text, FALSE);
}

void
tool_progress_clear (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (shown == 0)
    return;
  append_return (text);
  fputs (text->str, stderr);
  shown = 0;
}
