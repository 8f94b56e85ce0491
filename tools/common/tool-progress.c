/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tool-progress.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tool-output.h"
#include "tool-text.h"

#define NARROWEST 40
#define BAR_WIDTH 24

static gboolean shown;

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

void
tool_progress_show (const char *label, double fraction, const char *detail)
{
  g_autofree char *bar = NULL;
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;
  g_autofree char *cut = NULL;

  if (!tool_errors_are_terminal ())
    return;

  bar = draw_bar (fraction);
  text = g_strdup_printf ("%s %s %s", label, bar, detail != NULL ? detail : "");
  line = tool_text_to_line (text);
  cut = g_utf8_substring (line, 0, MIN (g_utf8_strlen (line, -1), get_width () - 1));
  fflush (stdout);
  fprintf (stderr, "\r\033[K%s", cut);
  shown = TRUE;
}

void
tool_progress_clear (void)
{
  if (shown)
    fputs ("\r\033[K", stderr);
  shown = FALSE;
}
