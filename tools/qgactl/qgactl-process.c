/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl-process.h"

#include <stdio.h>

#include "qgactl-print.h"
#include "tool-output.h"

#define ENDING_TIMEOUT (5 * 1000)

void
qgactl_run_clear (QgactlRun *run)
{
  g_clear_object (&run->process);
  g_clear_pointer (&run->output, g_bytes_unref);
  g_clear_pointer (&run->error_output, g_bytes_unref);
}

/* --- giving it up --------------------------------------------------------------------- */

static gboolean
send_signal (QgaConnection *connection, gint64 pid, GError **error)
{
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, pid);
  const char *argv[] = { "kill", "-TERM", number, NULL };
  g_autoptr (QgaProcessOptions) options = qga_process_options_new ();
  g_autoptr (QgaProcess) killer = NULL;

  qga_process_options_set_wait_timeout (options, ENDING_TIMEOUT);
  killer = qga_process_spawn (connection, argv, options, NULL, error);
  return killer != NULL && qga_process_wait_check (killer, NULL, error);
}

/* The agent has no way to end a process, but the guest has. */
static void
end_process (ToolApp *app, QgaConnection *connection, QgaProcess *process)
{
  gint64 pid = qga_process_get_pid (process);
  g_autoptr (GError) error = NULL;

  if (qga_process_get_ended (process))
    return;
  tool_app_begin_cleanup (app);
  qga_connection_set_default_timeout (connection, ENDING_TIMEOUT);
  if (send_signal (connection, pid, &error))
    tool_complain ("Told the guest's process %" G_GINT64_FORMAT " to end", pid);
  else
    tool_complain ("The guest's process %" G_GINT64_FORMAT " goes on: %s", pid, error->message);
  qgactl_settle (app, connection);
}

/* --- starting it --------------------------------------------------------------------------- */

static void
take_result (GObject *source, GAsyncResult *result, gpointer place)
{
  *(GAsyncResult **) place = g_object_ref (result);
}

/* Called in any thread. */
static void
wake_up (GCancellable *cancellable, gpointer user_data)
{
  g_main_context_wakeup (NULL);
}

static gboolean
give_up (gpointer giving_up)
{
  g_cancellable_cancel (giving_up);
  return G_SOURCE_REMOVE;
}

/* Whose number is not known yet cannot be told to end: after ^C there is some
 * patience for the agent to tell it. */
QgaProcess *
qgactl_spawn (ToolApp *app, QgaConnection *connection, const char *const *argv, QgaProcessOptions *options, GError **error)
{
  GCancellable *cancellable = tool_app_get_cancellable (app);
  g_autoptr (GCancellable) giving_up = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  guint patience = 0;
  gulong interrupt = g_cancellable_connect (cancellable, G_CALLBACK (wake_up), NULL, NULL);

  qga_process_spawn_async (connection, argv, options, giving_up, take_result, &result);
  while (result == NULL)
    {
      if (patience == 0 && g_cancellable_is_cancelled (cancellable))
        patience = g_timeout_add (ENDING_TIMEOUT, give_up, giving_up);
      g_main_context_iteration (NULL, TRUE);
    }
  g_cancellable_disconnect (cancellable, interrupt);
  if (patience != 0 && !g_cancellable_is_cancelled (giving_up))
    g_source_remove (patience);
  return qga_process_spawn_finish (result, error);
}

gboolean
qgactl_run (ToolApp *app, QgaConnection *connection, const char *const *argv, QgaProcessOptions *options, QgactlRun *run,
            GError **error)
{
  GCancellable *cancellable = tool_app_get_cancellable (app);
  g_autoptr (GError) wrong = NULL;

  run->process = qgactl_spawn (app, connection, argv, options, error);
  if (run->process == NULL)
    return FALSE;
  if (qga_process_communicate (run->process, &run->output, &run->error_output, cancellable, &wrong))
    return TRUE;

  if (g_error_matches (wrong, G_IO_ERROR, G_IO_ERROR_CANCELLED) || g_error_matches (wrong, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    end_process (app, connection, run->process);
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

/* --- its end --------------------------------------------------------------------------- */

int
qgactl_run_get_status (const QgactlRun *run)
{
  gint64 signal = qga_process_get_term_signal (run->process);
  gint64 status = qga_process_get_exit_status (run->process);

  if (qga_process_get_successful (run->process))
    return 0;
  if (signal > 0)
    return signal < 128 ? 128 + (int) signal : 255;
  return status > 0 && status < 256 ? (int) status : 255;
}

static void
print_stream (FILE *file, GBytes *bytes)
{
  g_autoptr (GByteArray) rest = g_byte_array_new ();
  gsize size = 0;
  gconstpointer data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;

  if (size > 0)
    qgactl_print_bytes (file, rest, data, size, TRUE);
}

gboolean
qgactl_run_print (const QgactlRun *run, GError **error)
{
  print_stream (stdout, run->output);
  if (!tool_output_flush (error))
    return FALSE;
  print_stream (stderr, run->error_output);
  fflush (stderr);
  if (qga_process_get_output_truncated (run->process))
    tool_complain ("The agent kept only a part of its output");
  if (qga_process_get_error_output_truncated (run->process))
    tool_complain ("The agent kept only a part of its error output");
  return TRUE;
}
