/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"

#include <signal.h>
#include <string.h>

#include "qgactl-process.h"
#include "shell-input.h"
#include "tool-interrupt.h"
#include "tool-output.h"
#include "tool-text.h"

/* Each line is a process of its own. What the next one is to know of it, the
 * folder, comes behind a mark at the end of the output. */
#define SCRIPT "cd -- \"$1\" 2>/dev/null || cd /; trap \"printf %%s %s; pwd\" EXIT; (exit $3); eval \"$2\""

typedef struct
{
  ToolApp *app;
  QgaConnection *connection;
  char *host;
  char *folder;
  char *mark;
  char *script;
  int status;   /* of the last line */
} Shell;

static void
clear_shell (Shell *shell)
{
  g_clear_object (&shell->connection);
  g_free (shell->host);
  g_free (shell->folder);
  g_free (shell->mark);
  g_free (shell->script);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Shell, clear_shell)

/* --- a line ------------------------------------------------------------------------------------- */

/* Where the last one is, or NULL: the line itself may have printed others. */
static const char *
find_last (const char *text, gsize length, const char *mark)
{
  const char *found = NULL;
  const char *at = text;

  while (length > 0 && (at = memmem (at, length - (gsize) (at - text), mark, strlen (mark))) != NULL)
    found = at++;
  return found;
}

/* Takes the folder off the output. */
static void
take_folder (Shell *shell, QgactlRun *run)
{
  gsize length = 0;
  const char *text = run->output != NULL ? g_bytes_get_data (run->output, &length) : NULL;
  const char *mark = find_last (text, length, shell->mark);
  const char *folder = mark != NULL ? mark + strlen (shell->mark) : NULL;
  gsize size = folder != NULL ? length - (gsize) (folder - text) : 0;
  GBytes *rest;

  if (size < 2 || folder[size - 1] != '\n')
    return;
  if (g_utf8_validate_len (folder, size - 1, NULL))
    {
      g_free (shell->folder);
      shell->folder = g_strndup (folder, size - 1);
    }
  rest = g_bytes_new_from_bytes (run->output, 0, (gsize) (mark - text));
  g_bytes_unref (run->output);
  run->output = rest;
}

static void
print_end (const QgactlRun *run)
{
  gint64 signal = qga_process_get_term_signal (run->process);

  if (!shell_input_is_typed () || qga_process_get_successful (run->process))
    return;
  if (signal > 0)
    tool_print_styled (TOOL_STYLE_BAD, "[signal %" G_GINT64_FORMAT "]", signal);
  else
    tool_print_styled (TOOL_STYLE_BAD, "[status %" G_GINT64_FORMAT "]", qga_process_get_exit_status (run->process));
  tool_print ("\n");
}

static gboolean
run_line (Shell *shell, const char *line, GError **error)
{
  g_autofree char *status = g_strdup_printf ("%d", shell->status);
  const char *argv[] = { "sh", "-c", shell->script, "sh", shell->folder, line, status, NULL };
  g_autoptr (QgaProcessOptions) options = qga_process_options_new ();
  g_auto (QgactlRun) run = { NULL };

  if (tool_app_get_timeout (shell->app) >= 0)
    qga_process_options_set_wait_timeout (options, tool_app_get_timeout (shell->app));
  shell->status = QGACTL_STATUS_OWN;
  if (!qgactl_run (shell->app, shell->connection, argv, options, &run, error))
    return FALSE;
  take_folder (shell, &run);
  shell->status = qgactl_run_get_status (&run);
  if (!qgactl_run_print (&run, error))
    return FALSE;
  print_end (&run);
  return tool_output_flush (error);
}

/* --- line after line ------------------------------------------------------------------------------- */

static char *
make_prompt (Shell *shell)
{
  g_autofree char *host = tool_text_to_line (shell->host);
  g_autofree char *folder = tool_text_to_line (shell->folder);

  return g_strdup_printf ("%s:%s $ ", host, folder);
}

/* Whether it goes on after that: on a terminal, unless there is nothing to
 * talk to any more, or somebody wants it to end. */
static gboolean
survive (Shell *shell, GError *error)
{
  if (!shell_input_is_typed ())
    return FALSE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      if (tool_interrupt_get_signal () != SIGINT)
        return FALSE;
      tool_app_renew_interrupt (shell->app);
      shell->status = 128 + SIGINT;
      return TRUE;
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE))
    return FALSE;
  tool_app_renew_interrupt (shell->app);
  tool_complain ("%s", error->message);
  return TRUE;
}

/* "exit", with a status or without. */
static gboolean
is_exit (Shell *shell, const char *line)
{
  g_auto (GStrv) words = g_strsplit_set (line, " \t", 2);

  if (g_strcmp0 (words[0], "exit") != 0 || (words[1] != NULL && strspn (words[1], "0123456789") != strlen (words[1])))
    return FALSE;
  if (words[1] != NULL)
    shell->status = (int) (g_ascii_strtoull (words[1], NULL, 10) & 0xff);
  return TRUE;
}

static gboolean
run_lines (Shell *shell, GError **error)
{
  for (;;)
    {
      g_autofree char *prompt = make_prompt (shell);
      g_autoptr (GError) wrong = NULL;
      g_autofree char *line = shell_input_read (prompt, &wrong);

      if (line == NULL && wrong == NULL)
        {
          if (shell_input_is_typed ())
            tool_print ("\n");
          return TRUE;
        }
      if (line != NULL)
        g_strstrip (line);
      if (line != NULL && is_exit (shell, line))
        return TRUE;
      if (line != NULL && *line != '\0')
        run_line (shell, line, &wrong);
      if (wrong != NULL && !survive (shell, wrong))
        {
          g_propagate_error (error, g_steal_pointer (&wrong));
          return FALSE;
        }
    }
}

/* --- the verb ----------------------------------------------------------------------------------------- */

static void
introduce (Shell *shell)
{
  g_autofree char *host = tool_text_to_line (shell->host);

  tool_print ("The guest %s, a line at a time. It is no terminal: each line is run by a sh of its own, what it\n"
              "writes comes when it has ended, and it has nothing to read. The working folder is kept from line to\n"
              "line; variables and functions are not. ^C ends a line, ^D the shell.\n", host);
}

static gboolean
begin (Shell *shell, GError **error)
{
  GCancellable *cancellable = tool_app_get_cancellable (shell->app);
  g_autoptr (QgaGuestHostName) name = qga_connection_guest_get_host_name (shell->connection, cancellable, NULL);
  const char *host = name != NULL ? qga_guest_host_name_get_host_name (name) : NULL;

  shell->host = g_strdup (host != NULL ? host : "guest");
  shell->folder = g_strdup ("/");
  shell->mark = g_uuid_string_random ();
  shell->script = g_strdup_printf (SCRIPT, shell->mark);
  /* which tells at once whether there is a sh; and where it is at home */
  return run_line (shell, "cd \"${HOME:-/}\"", error);
}

static gboolean
shell (ToolApp *app, int argc, char **argv, GError **error)
{
  g_auto (Shell) self = { .app = app };
  gboolean good;

  if (!tool_app_parse (app, NULL, &argc, &argv, 0, 0, error))
    return FALSE;
  self.connection = qgactl_connect (app, error);
  if (self.connection == NULL)
    return FALSE;
  shell_input_start (app);
  good = begin (&self, error);
  if (good && shell_input_is_typed ())
    introduce (&self);
  good = good && run_lines (&self, error);
  shell_input_end ();
  if (good)
    tool_app_set_status (app, self.status);
  return good;
}

/* Run by qgactl, which tells about it, and has read the options. */
static const ToolVerb verb = {
  .name = "shell",
  .synopsis = "",
  .summary = "Take lines from the terminal, or from standard input",
  .run = shell,
  .failed_status = QGACTL_STATUS_OWN,
};

int
main (int argc, char **argv)
{
  const ToolVerb *const verbs[] = { &verb, NULL };

  return qgactl_main (verbs, argc, argv);
}
