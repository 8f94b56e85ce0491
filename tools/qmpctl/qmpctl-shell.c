/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "qmpctl-event.h"
#include "qmpctl.h"
#include "shell-editor.h"
#include "shell-private.h"
#include "tool-json.h"
#include "tool-output.h"
#include "tool-values.h"

typedef struct
{
  ToolApp *app;
  QmpConnection *connection;
  QmpSchema *schema;
  GMainLoop *loop;
  GCancellable *running;   /* NULL while nothing is executed */
  GError *end;             /* why the connection ended, if not as wanted */
} Shell;

/* --- one command ------------------------------------------------------------------ */

static QmpRequest *
make_request (Shell *shell, ShellLine *line, GError **error)
{
  g_autofree char *arguments = tool_values_to_json (shell->schema, line->command, (const char *const *) line->words, error);
  g_autoptr (QmpRequest) request = NULL;

  if (arguments == NULL)
    return NULL;
  request = qmp_request_new (line->command);
  qmp_request_set_sensitive (request, line->secret);
  if (!qmp_request_set_arguments_json (request, arguments, error))
    return NULL;
  return g_steal_pointer (&request);
}

static void
report (Shell *shell, QmpValue *value, const GError *error)
{
  g_autofree char *json = value != NULL ? qmp_value_to_json (value) : NULL;

  if (json != NULL)
    tool_json_print (json, tool_app_wants_json (shell->app));
  else
    tool_complain ("%s", error->message);
  (void) tool_output_flush (NULL);
}

static gboolean
print_help (Shell *shell, const char *command)
{
  if (*command == '\0')
    tool_print ("COMMAND KEY=VALUE…, COMMAND {JSON} or {\"execute\": COMMAND, …}; the Tab key completes.\n"
                "^C gives up a line or a command, ^D ends the shell.\n");
  else if (!qmp_schema_has_command (shell->schema, command))
    tool_complain ("no command \"%s\"", command);
  else
    {
      g_autofree char *text = g_strconcat (command, " ", NULL);
      g_auto (GStrv) names = shell_complete (shell->connection, shell->schema, text);

      for (guint i = 0; names[i] != NULL; i++)
        tool_print ("  %s\n", names[i]);
    }
  return TRUE;
}

/* --- at a terminal ------------------------------------------------------------------- */

static void
on_executed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Shell *shell = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpValue) value = NULL;

  value = qmp_connection_execute_request_finish (QMP_CONNECTION (source), result, &error);
  g_clear_object (&shell->running);
  report (shell, value, error);
  if (g_main_loop_is_running (shell->loop))
    shell_editor_resume ();
}

static void
execute (Shell *shell, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ShellLine) line = shell_line_parse (text, &error);
  g_autoptr (QmpRequest) request = NULL;

  if (line != NULL && !line->secret)
    shell_editor_remember (text);
  if (line != NULL && strcmp (line->command, "help") == 0 &&
      print_help (shell, line->words[0] != NULL ? line->words[0] : ""))
    return;

  if (line != NULL)
    request = make_request (shell, line, &error);
  if (request == NULL)
    {
      report (shell, NULL, error);
      return;
    }
  shell_editor_pause ();
  shell->running = g_cancellable_new ();
  qmp_connection_execute_request_async (shell->connection, request, shell->running, on_executed, shell);
}

static void
on_line (const char *text, gpointer user_data)
{
  Shell *shell = user_data;

  if (text == NULL)
    {
      /* the prompt stays on its line */
      tool_print ("\n");
      g_main_loop_quit (shell->loop);
    }
  else if (text[strspn (text, " \t")] != '\0')
    execute (shell, text);
}

static void
on_event (QmpConnection *connection, QmpEvent *event, gpointer user_data)
{
  Shell *shell = user_data;

  shell_editor_hide ();
  qmpctl_print_event (event, tool_app_wants_json (shell->app));
  (void) tool_output_flush (NULL);
  shell_editor_show ();
}

static void
on_closed (QmpConnection *connection, const GError *error, gpointer user_data)
{
  Shell *shell = user_data;

  shell->end = error != NULL ? g_error_copy (error) : NULL;
  shell_editor_pause ();
  tool_print ("\n");
  g_main_loop_quit (shell->loop);
}

static gboolean
on_interrupt (gpointer user_data)
{
  Shell *shell = user_data;

  if (shell->running != NULL)
    g_cancellable_cancel (shell->running);
  else
    shell_editor_drop_line ();
  return G_SOURCE_CONTINUE;
}

/* Called in any thread. */
static void
on_terminated (GCancellable *cancellable, gpointer user_data)
{
  g_main_loop_quit (((Shell *) user_data)->loop);
}

static void
run_at_terminal (Shell *shell)
{
  guint interrupt = g_unix_signal_add (SIGINT, on_interrupt, shell);
  gulong event = g_signal_connect (shell->connection, "event", G_CALLBACK (on_event), shell);
  gulong closed = g_signal_connect (shell->connection, "closed", G_CALLBACK (on_closed), shell);
  gulong terminated;

  shell_editor_start ("(QMP) ", shell->connection, shell->schema, on_line, shell);
  terminated = g_cancellable_connect (tool_app_get_cancellable (shell->app), G_CALLBACK (on_terminated), shell, NULL);
  g_main_loop_run (shell->loop);
  g_cancellable_disconnect (tool_app_get_cancellable (shell->app), terminated);
  shell_editor_end ();

  g_signal_handler_disconnect (shell->connection, closed);
  g_signal_handler_disconnect (shell->connection, event);
  g_source_remove (interrupt);
  if (shell->running != NULL)
    g_cancellable_cancel (shell->running);
  while (shell->running != NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* --- from a file or a pipe -------------------------------------------------------------- */

static gboolean
run_line (Shell *shell, const char *text, GError **error)
{
  g_autoptr (ShellLine) line = shell_line_parse (text, error);
  g_autoptr (QmpRequest) request = line != NULL ? make_request (shell, line, error) : NULL;
  g_autoptr (QmpValue) value = NULL;

  if (request == NULL)
    return FALSE;
  value = qmp_connection_execute_request (shell->connection, request, tool_app_get_cancellable (shell->app), error);
  if (value == NULL)
    return FALSE;
  report (shell, value, NULL);
  return tool_output_flush (error);
}

/* Ends at the first that fails, as a script should. */
static gboolean
run_lines (Shell *shell, GError **error)
{
  g_autofree char *text = NULL;
  size_t room = 0;
  gboolean good = TRUE;

  for (guint number = 1; good && getline (&text, &room, stdin) >= 0; number++)
    {
      g_strstrip (text);
      if (*text == '\0' || *text == '#')
        continue;
      good = run_line (shell, text, error);
      if (!good)
        g_prefix_error (error, "Line %u: ", number);
    }
  return good;
}

/* --- the verb ------------------------------------------------------------------------------ */

static gboolean
shell (ToolApp *app, int argc, char **argv, GError **error)
{
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpSchema) schema = NULL;
  g_autoptr (GMainLoop) loop = NULL;
  Shell self = { .app = app };

  if (!tool_app_parse (app, NULL, &argc, &argv, 0, 0, error))
    return FALSE;
  connection = qmpctl_connect (app, error);
  schema = connection != NULL ? qmpctl_load_schema (app, connection, error) : NULL;
  if (schema == NULL)
    return FALSE;

  loop = g_main_loop_new (NULL, FALSE);
  self.connection = connection;
  self.schema = schema;
  self.loop = loop;
  if (isatty (STDIN_FILENO) != 1)
    return run_lines (&self, error);

  run_at_terminal (&self);
  if (self.end != NULL)
    {
      g_propagate_error (error, self.end);
      return FALSE;
    }
  return TRUE;
}

/* Run by qmpctl, which tells about it, and has read the options. */
static const ToolVerb verb = {
  .name = "shell",
  .synopsis = "",
  .summary = "Take lines from the terminal, or from standard input",
  .run = shell,
};

int
main (int argc, char **argv)
{
  const ToolVerb *const verbs[] = { &verb, NULL };

  return qmpctl_main (verbs, argc, argv);
}
