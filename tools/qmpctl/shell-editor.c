/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "shell-editor.h"

#include <glib-unix.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* these two want stdio's types */
#include <readline/history.h>
#include <readline/readline.h>

#include "shell-private.h"

#define LONGEST_HISTORY 1000

static struct
{
  char *prompt;
  char *history;        /* the file's name */
  QmpConnection *connection;
  QmpSchema *schema;
  ShellEditorLine on_line;
  gpointer user_data;
  guint input;          /* sources */
  guint resized;
  gboolean installed;
} editor;

/* --- completion ------------------------------------------------------------------ */

static char **found;

static char *
next_match (const char *text, int state)
{
  static guint next;

  if (state == 0)
    next = 0;
  /* readline frees it */
  return found[next] != NULL ? strdup (found[next++]) : NULL;
}

static char **
complete (const char *text, int start, int end)
{
  g_autofree char *typed = g_strndup (rl_line_buffer, (gsize) end);
  char **matches;

  found = shell_complete (editor.connection, editor.schema, typed);
  matches = rl_completion_matches (text, next_match);
  /* NAME=, NAME. and paths go on; other values and commands are finished */
  if (found[0] != NULL && (*found[0] == '/' || strchr ("=.", found[0][strlen (found[0]) - 1]) != NULL))
    rl_completion_suppress_append = 1;
  g_strfreev (found);
  found = NULL;
  /* names of files are none of QEMU's */
  rl_attempted_completion_over = 1;
  return matches;
}

/* --- the terminal ------------------------------------------------------------------- */

/* readline gives the line away */
static void
on_readline (char *line)
{
  g_autofree char *text = g_strdup (line);

  free (line);
  editor.on_line (text, editor.user_data);
}

static gboolean
on_input (int fd, GIOCondition condition, gpointer user_data)
{
  rl_callback_read_char ();
  return G_SOURCE_CONTINUE;
}

static gboolean
on_resized (gpointer user_data)
{
  rl_resize_terminal ();
  return G_SOURCE_CONTINUE;
}

void
shell_editor_resume (void)
{
  if (editor.installed)
    return;
  rl_callback_handler_install (editor.prompt, on_readline);
  editor.installed = TRUE;
  editor.input = g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, on_input, NULL);
}

void
shell_editor_pause (void)
{
  if (!editor.installed)
    return;
  g_clear_handle_id (&editor.input, g_source_remove);
  rl_callback_handler_remove ();
  editor.installed = FALSE;
}

void
shell_editor_hide (void)
{
  if (editor.installed)
    rl_clear_visible_line ();
}

void
shell_editor_show (void)
{
  if (!editor.installed)
    return;
  rl_on_new_line ();
  rl_redisplay ();
}

void
shell_editor_drop_line (void)
{
  if (!editor.installed)
    return;
  rl_crlf ();
  rl_replace_line ("", 1);
  rl_on_new_line ();
  rl_redisplay ();
}

/* --- what was typed before ------------------------------------------------------------- */

void
shell_editor_remember (const char *text)
{
  HIST_ENTRY *last = history_length > 0 ? history_get (history_base + history_length - 1) : NULL;

  if (last == NULL || strcmp (last->line, text) != 0)
    add_history (text);
}

static void
load_history (void)
{
  g_autofree char *folder = g_build_filename (g_get_user_state_dir (), "qmpctl", NULL);

  editor.history = g_build_filename (folder, "history", NULL);
  (void) g_mkdir_with_parents (folder, 0700);
  using_history ();
  stifle_history (LONGEST_HISTORY);
  (void) read_history (editor.history);
}

void
shell_editor_start (const char *prompt, QmpConnection *connection, QmpSchema *schema, ShellEditorLine on_line,
                    gpointer user_data)
{
  editor.prompt = g_strdup (prompt);
  editor.connection = g_object_ref (connection);
  editor.schema = g_object_ref (schema);
  editor.on_line = on_line;
  editor.user_data = user_data;

  rl_readline_name = "qmpctl";
  rl_attempted_completion_function = complete;
  rl_completer_word_break_characters = (char *) " \t=";
  rl_catch_signals = 0;
  rl_catch_sigwinch = 0;
  load_history ();
  editor.resized = g_unix_signal_add (SIGWINCH, on_resized, NULL);
  shell_editor_resume ();
}

void
shell_editor_end (void)
{
  shell_editor_pause ();
  g_clear_handle_id (&editor.resized, g_source_remove);
  /* 0600, which readline leaves to the umask */
  if (write_history (editor.history) == 0)
    (void) g_chmod (editor.history, 0600);
  g_clear_object (&editor.connection);
  g_clear_object (&editor.schema);
  g_clear_pointer (&editor.history, g_free);
  g_clear_pointer (&editor.prompt, g_free);
}
