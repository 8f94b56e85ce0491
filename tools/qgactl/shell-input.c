/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "shell-input.h"

#include <errno.h>
#include <gio/gunixinputstream.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* these two want stdio's types */
#include <readline/history.h>
#include <readline/readline.h>

#include "tool-output.h"

#define LONGEST_HISTORY 1000

static struct
{
  ToolApp *app;
  gboolean typed;
  char *history;          /* the file's name */
  GDataInputStream *lines;
  char *line;             /* typed */
  gboolean done;          /* with it, or at the end */
} input;

/* --- the terminal ---------------------------------------------------------------------------- */

static void
on_line (char *line)
{
  rl_callback_handler_remove ();
  input.line = line;
  input.done = TRUE;
}

/* Names of files here are none of the guest's. */
static char **
complete_nothing (const char *text, int start, int end)
{
  rl_attempted_completion_over = 1;
  return NULL;
}

/* A line that begins with a space is not remembered, as in other shells. */
static void
remember (const char *line)
{
  HIST_ENTRY *last = history_length > 0 ? history_get (history_base + history_length - 1) : NULL;

  if (*line != '\0' && *line != ' ' && (last == NULL || strcmp (last->line, line) != 0))
    add_history (line);
}

static char *
read_typed (const char *prompt, GError **error)
{
  GCancellable *cancellable = tool_app_get_cancellable (input.app);
  struct pollfd fds[] = { { .fd = STDIN_FILENO, .events = POLLIN },
                          { .fd = g_cancellable_get_fd (cancellable), .events = POLLIN } };
  char *line;

  input.done = FALSE;
  rl_callback_handler_install (prompt, on_line);
  while (!input.done && !g_cancellable_is_cancelled (cancellable))
    {
      if (poll (fds, G_N_ELEMENTS (fds), -1) < 0 && errno != EINTR)
        break;
      if (fds[0].revents != 0 && !g_cancellable_is_cancelled (cancellable))
        rl_callback_read_char ();
    }
  g_cancellable_release_fd (cancellable);

  if (!input.done)
    {
      rl_callback_handler_remove ();
      tool_print ("\n");
      g_cancellable_set_error_if_cancelled (cancellable, error);
      return NULL;
    }
  if (input.line == NULL)
    return NULL;
  remember (input.line);
  line = g_strdup (input.line);
  /* readline's own */
  free (input.line);
  input.line = NULL;
  return line;
}

static void
load_history (void)
{
  g_autofree char *folder = g_build_filename (g_get_user_state_dir (), "qgactl", NULL);

  input.history = g_build_filename (folder, "history", NULL);
  (void) g_mkdir_with_parents (folder, 0700);
  using_history ();
  stifle_history (LONGEST_HISTORY);
  (void) read_history (input.history);
}

/* --- all ---------------------------------------------------------------------------------------- */

void
shell_input_start (ToolApp *app)
{
  g_autoptr (GInputStream) stream = NULL;

  input.app = app;
  input.typed = isatty (STDIN_FILENO) == 1 && tool_output_is_terminal ();
  if (!input.typed)
    {
      stream = g_unix_input_stream_new (STDIN_FILENO, FALSE);
      input.lines = g_data_input_stream_new (stream);
      return;
    }
  rl_readline_name = "qgactl";
  rl_attempted_completion_function = complete_nothing;
  rl_catch_signals = 0;
  load_history ();
}

void
shell_input_end (void)
{
  /* 0600, which readline leaves to the umask */
  if (input.typed && write_history (input.history) == 0)
    (void) g_chmod (input.history, 0600);
  g_clear_pointer (&input.history, g_free);
  g_clear_object (&input.lines);
}

gboolean
shell_input_is_typed (void)
{
  return input.typed;
}

char *
shell_input_read (const char *prompt, GError **error)
{
  if (input.typed)
    return read_typed (prompt, error);
  return g_data_input_stream_read_line (input.lines, NULL, tool_app_get_cancellable (input.app), error);
}
