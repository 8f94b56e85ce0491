/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tool-output.h"

#include <errno.h>
#include <gio/gio.h>
#include <stdio.h>
#include <unistd.h>

#include "tool-text.h"

static const char *const codes[] = {
  [TOOL_STYLE_NONE] = "",
  [TOOL_STYLE_TITLE] = "\033[1m",
  [TOOL_STYLE_DIM] = "\033[2m",
  [TOOL_STYLE_GOOD] = "\033[32m",
  [TOOL_STYLE_BAD] = "\033[31m",
  [TOOL_STYLE_NAME] = "\033[36m",
};

gboolean
tool_output_is_terminal (void)
{
  return isatty (STDOUT_FILENO) == 1;
}

gboolean
tool_errors_are_terminal (void)
{
  return isatty (STDERR_FILENO) == 1;
}

/* https://no-color.org */
static gboolean
has_colours (void)
{
  static int known = -1;

  if (known < 0)
    {
      const char *refused = g_getenv ("NO_COLOR");
      const char *terminal = g_getenv ("TERM");

      known = tool_output_is_terminal () && (refused == NULL || *refused == '\0') && g_strcmp0 (terminal, "dumb") != 0;
    }
  return known;
}

void
tool_print_raw (const char *bytes, gsize length)
{
  /* what goes wrong is found by tool_output_flush () */
  (void) !fwrite (bytes, 1, length, stdout);
}

static void
print_styled (ToolStyle style, const char *format, va_list arguments)
{
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  g_autofree char *clean = tool_text_to_lines (text, -1);
  gboolean coloured = style != TOOL_STYLE_NONE && has_colours ();

  if (coloured)
    fputs (codes[style], stdout);
  fputs (clean, stdout);
  if (coloured)
    fputs ("\033[0m", stdout);
}

void
tool_print (const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  print_styled (TOOL_STYLE_NONE, format, arguments);
  va_end (arguments);
}

void
tool_print_styled (ToolStyle style, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  print_styled (style, format, arguments);
  va_end (arguments);
}

/* Longest that an error's text may get: a peer writes some of it. */
#define LONGEST_COMPLAINT 4096

void
tool_complain (const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *clean = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  clean = tool_text_to_lines (text, (gssize) strnlen (text, LONGEST_COMPLAINT));
  fflush (stdout);
  fprintf (stderr, "%s: %s%s\n", g_get_prgname (), clean, strlen (text) > LONGEST_COMPLAINT ? "…" : "");
}

gboolean
tool_output_flush (GError **error)
{
  if (fflush (stdout) == 0 && ferror (stdout) == 0)
    return TRUE;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "Cannot write to standard output: %s", g_strerror (errno));
  return FALSE;
}
