/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-process-private.h"

#include <string.h>

#include "qga-connection-private.h"
#include "qga-error.h"
#include "wire/wire-base64.h"
#include "wire/wire-task.h"

/* Waiting for a process's end, and what it left. */

/* --- what became of it ------------------------------------------------------------------ */

/* FALSE: its end is not known. */
static gboolean
get_exit (QgaProcess *self, QgaExit *end)
{
  QgaWatch *watch = qga_process_get_watch (self);
  QgaSession *session = qga_connection_get_session (qga_process_get_connection (self));
  gboolean known;

  wire_link_lock (&session->link);
  known = watch->status != NULL;
  *end = watch->exit;
  wire_link_unlock (&session->link);
  return known;
}

/**
 * qga_process_get_ended:
 * @self: a process
 *
 * Tells whether it is known that the process has ended. The agent is not
 * asked: somebody must have waited for it.
 *
 * Returns: whether it has
 *
 * Since: 0.1
 */
gboolean
qga_process_get_ended (QgaProcess *self)
{
  QgaExit end;

  g_return_val_if_fail (QGA_IS_PROCESS (self), FALSE);
  return get_exit (self, &end);
}

/**
 * qga_process_get_successful:
 * @self: a process
 *
 * Tells whether the process is known to have ended with status 0.
 *
 * Returns: whether it has
 *
 * Since: 0.1
 */
gboolean
qga_process_get_successful (QgaProcess *self)
{
  QgaExit end;

  g_return_val_if_fail (QGA_IS_PROCESS (self), FALSE);
  return get_exit (self, &end) && end.exit_code == 0;
}

/**
 * qga_process_get_exit_status:
 * @self: a process
 *
 * Gets the status that the process ended with.
 *
 * Returns: the status; -1 while its end is not known, and when a signal
 *   ended it
 *
 * Since: 0.1
 */
gint64
qga_process_get_exit_status (QgaProcess *self)
{
  QgaExit end;

  g_return_val_if_fail (QGA_IS_PROCESS (self), -1);
  return get_exit (self, &end) ? end.exit_code : -1;
}

/**
 * qga_process_get_term_signal:
 * @self: a process
 *
 * Gets the signal that ended the process; on Windows, the code of the
 * exception.
 *
 * Returns: the signal; 0 while its end is not known, and when none ended it
 *
 * Since: 0.1
 */
gint64
qga_process_get_term_signal (QgaProcess *self)
{
  QgaExit end;

  g_return_val_if_fail (QGA_IS_PROCESS (self), 0);
  return get_exit (self, &end) ? end.signal : 0;
}

/**
 * qga_process_get_output_truncated:
 * @self: a process
 *
 * Tells whether it wrote more to its standard output than the agent keeps.
 *
 * Returns: whether it did
 *
 * Since: 0.1
 */
gboolean
qga_process_get_output_truncated (QgaProcess *self)
{
  QgaExit end;

  g_return_val_if_fail (QGA_IS_PROCESS (self), FALSE);
  return get_exit (self, &end) && end.out_truncated;
}

/**
 * qga_process_get_error_output_truncated:
 * @self: a process
 *
 * Tells whether it wrote more to its standard error than the agent keeps.
 *
 * Returns: whether it did
 *
 * Since: 0.1
 */
gboolean
qga_process_get_error_output_truncated (QgaProcess *self)
{
  QgaExit end;

  g_return_val_if_fail (QGA_IS_PROCESS (self), FALSE);
  return get_exit (self, &end) && end.err_truncated;
}

/* --- waiting -------------------------------------------------------------------------------- */

static QgaCall *
new_wait (QgaProcess *self, GTask *task, GCancellable *cancellable)
{
  QgaSession *session = qga_connection_get_session (qga_process_get_connection (self));
  int timeout = qga_process_get_wait_timeout (self);
  QgaCall *call = qga_call_new (session, QGA_CALL_WAIT, task, cancellable, timeout < 0 ? G_MAXINT64 : (gint64) timeout * 1000);

  call->watch = qga_watch_ref (qga_process_get_watch (self));
  return call;
}

static gboolean
run_wait (QgaProcess *self, GCancellable *cancellable, GError **error)
{
  QgaCall *call = new_wait (self, NULL, cancellable);
  gboolean ended = qga_call_run (call, error);

  wire_call_unref (&call->wire);
  return ended;
}

/* Takes what is to be returned in the end; its data is for @callback. */
static void
start_wait (QgaProcess *self, gpointer tag, GTask *task, GAsyncReadyCallback callback)
{
  GTask *wait = wire_task_new (self, tag, g_task_get_cancellable (task), callback, task);

  wire_call_start (&new_wait (self, wait, g_task_get_cancellable (task))->wire);
}

/**
 * qga_process_wait_async:
 * @self: a process
 * @cancellable: (nullable): ends the wait; the process goes on
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Waits for the process's end, however it ends (`guest-exec-status`). Many may
 * wait for one process.
 *
 * Since: 0.1
 */
void
qga_process_wait_async (QgaProcess *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (QGA_IS_PROCESS (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (self, qga_process_wait_async, cancellable, callback, user_data);
  wire_call_start (&new_wait (self, task, cancellable)->wire);
}

/**
 * qga_process_wait_finish:
 * @self: a process
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qga.Process.wait_async] began.
 *
 * Fails with %QGA_ERROR_RESULT_LOST when the process has ended, but how was in
 * a reply that did not arrive; with %QGA_ERROR_AGENT_RESTARTED; with
 * %QGA_ERROR_PROTOCOL when the agent's answer makes no sense; with
 * %G_IO_ERROR_TIMED_OUT when [property@Qga.ProcessOptions:wait-timeout] has
 * passed or the agent does not answer; with %G_IO_ERROR_CANCELLED; with
 * %G_IO_ERROR_CLOSED; and with whatever else ended the connection. After a
 * cancel or a deadline one can wait again.
 *
 * Returns: whether the process has ended
 *
 * Since: 0.1
 */
gboolean
qga_process_wait_finish (QgaProcess *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QGA_IS_PROCESS (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qga_process_wait_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * qga_process_wait:
 * @self: a process
 * @cancellable: (nullable): ends the wait; the process goes on
 * @error: return location
 *
 * Blocks until the process has ended, however it ends.
 *
 * Fails as [method@Qga.Process.wait_finish] does.
 *
 * Returns: whether the process has ended
 *
 * Since: 0.1
 */
gboolean
qga_process_wait (QgaProcess *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QGA_IS_PROCESS (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  return run_wait (self, cancellable, error);
}

/* As g_spawn_check_wait_status() tells it. */
static gboolean
check_exit (QgaProcess *self, GError **error)
{
  gboolean secret = qga_process_get_watch (self)->sensitive;
  const char *program = secret ? "The process" : qga_process_get_argv (self)[0];
  gint64 status = qga_process_get_exit_status (self);

  if (status == 0)
    return TRUE;
  if (qga_process_get_term_signal (self) != 0)
    g_set_error (error, G_SPAWN_ERROR, G_SPAWN_ERROR_FAILED, "%s: killed by signal %" G_GINT64_FORMAT, program,
                 qga_process_get_term_signal (self));
  else
    g_set_error (error, G_SPAWN_EXIT_ERROR, (int) CLAMP (status, G_MININT, G_MAXINT),
                 "%s: exited with status %" G_GINT64_FORMAT, program, status);
  return FALSE;
}

static void
on_ended_to_check (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error) && check_exit (QGA_PROCESS (source), &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * qga_process_wait_check_async:
 * @self: a process
 * @cancellable: (nullable): ends the wait; the process goes on
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Waits for the process's end, which must be with status 0
 * (`guest-exec-status`).
 *
 * Since: 0.1
 */
void
qga_process_wait_check_async (QgaProcess *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (QGA_IS_PROCESS (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  start_wait (self, qga_process_wait_check_async,
              wire_task_new (self, qga_process_wait_check_async, cancellable, callback, user_data),
              on_ended_to_check);
}

/**
 * qga_process_wait_check_finish:
 * @self: a process
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qga.Process.wait_check_async] began.
 *
 * Fails with `G_SPAWN_EXIT_ERROR`, whose code is the status, when that is not
 * 0; with %G_SPAWN_ERROR_FAILED when a signal ended the process; and as
 * [method@Qga.Process.wait_finish] does.
 *
 * Returns: whether the process has ended well
 *
 * Since: 0.1
 */
gboolean
qga_process_wait_check_finish (QgaProcess *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QGA_IS_PROCESS (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qga_process_wait_check_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * qga_process_wait_check:
 * @self: a process
 * @cancellable: (nullable): ends the wait; the process goes on
 * @error: return location
 *
 * Blocks until the process has ended, which must be with status 0.
 *
 * Fails as [method@Qga.Process.wait_check_finish] does.
 *
 * Returns: whether the process has ended well
 *
 * Since: 0.1
 */
gboolean
qga_process_wait_check (QgaProcess *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QGA_IS_PROCESS (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  return run_wait (self, cancellable, error) && check_exit (self, error);
}

/* --- what it wrote ------------------------------------------------------------------------------ */

typedef struct
{
  GBytes *output;
  GBytes *error_output;
} Outputs;

static void
free_outputs (gpointer data)
{
  Outputs *outputs = data;

  g_clear_pointer (&outputs->output, g_bytes_unref);
  g_clear_pointer (&outputs->error_output, g_bytes_unref);
  g_free (outputs);
}

static GBytes *
decode (const WireView *view, guint place, const char *name, GError **error)
{
  const WireValue *value = &view->values[place];
  gboolean escaped = place != 0 && (value->flags & WIRE_VALUE_ESCAPED);
  g_autofree char *plain = escaped ? wire_view_dup_string (view, place) : NULL;
  const char *text = escaped ? plain : view->text + value->offset;
  gsize length = place == 0 ? 0 : escaped ? strlen (plain) : value->length;
  g_autofree guint8 *bytes = g_malloc (length / 4 * 3 + 1);
  gsize n_bytes;

  if (wire_base64_decode (text, length, bytes, &n_bytes))
    {
      bytes[n_bytes] = '\0';
      return g_bytes_new_take (g_steal_pointer (&bytes), n_bytes);
    }
  g_set_error (error, QGA_ERROR, QGA_ERROR_PROTOCOL, "guest-exec-status: return.%s: this is not base64", name);
  return NULL;
}

/* The status is set once, and never changes. */
static Outputs *
make_outputs (QgaProcess *self, GError **error)
{
  const QgaWatch *watch = qga_process_get_watch (self);
  const WireView *view = &watch->status->view;
  Outputs *outputs = g_new0 (Outputs, 1);

  outputs->output = decode (view, watch->exit.out, "out-data", error);
  if (outputs->output != NULL)
    outputs->error_output = decode (view, watch->exit.err, "err-data", error);
  if (outputs->error_output != NULL)
    return outputs;
  free_outputs (outputs);
  return NULL;
}

static gboolean
is_text (GBytes *bytes, const char *name, GError **error)
{
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);
  const char *end;

  if (g_utf8_validate_len (text, size, &end))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               "The process's %s is not UTF-8 at byte %" G_GSIZE_FORMAT, name, (gsize) (end - text));
  return FALSE;
}

static gboolean
are_text (const Outputs *outputs, GError **error)
{
  return is_text (outputs->output, "output", error) && is_text (outputs->error_output, "error output", error);
}

static void
on_ended_to_communicate (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  gboolean as_text = g_task_get_source_tag (task) == qga_process_communicate_utf8_async;
  GError *error = NULL;
  Outputs *outputs = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    outputs = make_outputs (QGA_PROCESS (source), &error);
  if (outputs != NULL && as_text && !are_text (outputs, &error))
    g_clear_pointer (&outputs, free_outputs);
  if (outputs != NULL)
    g_task_return_pointer (task, outputs, free_outputs);
  else
    g_task_return_error (task, error);
}

static Outputs *
run_communicate (QgaProcess *self, GCancellable *cancellable, GError **error)
{
  return run_wait (self, cancellable, error) ? make_outputs (self, error) : NULL;
}

static gboolean
give_bytes (Outputs *outputs, GBytes **output, GBytes **error_output)
{
  if (outputs == NULL)
    return FALSE;
  if (output != NULL)
    *output = g_steal_pointer (&outputs->output);
  if (error_output != NULL)
    *error_output = g_steal_pointer (&outputs->error_output);
  free_outputs (outputs);
  return TRUE;
}

/* The bytes end with a NUL that does not count, so they are a string already. */
static gboolean
give_text (Outputs *outputs, char **output, char **error_output)
{
  gsize size;

  if (outputs == NULL)
    return FALSE;
  if (output != NULL)
    *output = g_bytes_unref_to_data (g_steal_pointer (&outputs->output), &size);
  if (error_output != NULL)
    *error_output = g_bytes_unref_to_data (g_steal_pointer (&outputs->error_output), &size);
  free_outputs (outputs);
  return TRUE;
}

/**
 * qga_process_communicate_async:
 * @self: a process
 * @cancellable: (nullable): ends the wait; the process goes on
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Waits for the process's end, however it ends, and gets what it wrote
 * (`guest-exec-status`). What it reads is said when it is started, by
 * [property@Qga.ProcessOptions:input].
 *
 * The agent keeps at most 16 MiB of each stream:
 * [method@Qga.Process.get_output_truncated] tells whether that is not all.
 *
 * Since: 0.1
 */
void
qga_process_communicate_async (QgaProcess *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (QGA_IS_PROCESS (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  start_wait (self, qga_process_communicate_async,
              wire_task_new (self, qga_process_communicate_async, cancellable, callback, user_data),
              on_ended_to_communicate);
}

/**
 * qga_process_communicate_finish:
 * @self: a process
 * @result: what the callback was given
 * @output: (out) (optional) (transfer full): its standard output; with
 *   %QGA_CAPTURE_MERGED its error output as well
 * @error_output: (out) (optional) (transfer full): its standard error
 * @error: return location
 *
 * Ends what [method@Qga.Process.communicate_async] began.
 *
 * Fails as [method@Qga.Process.wait_finish] does.
 *
 * Returns: whether the process has ended
 *
 * Since: 0.1
 */
gboolean
qga_process_communicate_finish (QgaProcess *self, GAsyncResult *result, GBytes **output, GBytes **error_output, GError **error)
{
  g_return_val_if_fail (QGA_IS_PROCESS (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qga_process_communicate_async), FALSE);
  return give_bytes (g_task_propagate_pointer (G_TASK (result), error), output, error_output);
}

/**
 * qga_process_communicate:
 * @self: a process
 * @output: (out) (optional) (transfer full): its standard output; with
 *   %QGA_CAPTURE_MERGED its error output as well
 * @error_output: (out) (optional) (transfer full): its standard error
 * @cancellable: (nullable): ends the wait; the process goes on
 * @error: return location
 *
 * Blocks until the process has ended, however it ends, and gets what it wrote.
 *
 * Fails as [method@Qga.Process.wait_finish] does.
 *
 * Returns: whether the process has ended
 *
 * Since: 0.1
 */
gboolean
qga_process_communicate (QgaProcess *self, GBytes **output, GBytes **error_output, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QGA_IS_PROCESS (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  return give_bytes (run_communicate (self, cancellable, error), output, error_output);
}

/**
 * qga_process_communicate_utf8_async:
 * @self: a process
 * @cancellable: (nullable): ends the wait; the process goes on
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Waits for the process's end, however it ends, and gets what it wrote, which
 * must be text (`guest-exec-status`). See
 * [method@Qga.Process.communicate_async].
 *
 * Since: 0.1
 */
void
qga_process_communicate_utf8_async (QgaProcess *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_return_if_fail (QGA_IS_PROCESS (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  start_wait (self, qga_process_communicate_utf8_async,
              wire_task_new (self, qga_process_communicate_utf8_async, cancellable, callback, user_data),
              on_ended_to_communicate);
}

/**
 * qga_process_communicate_utf8_finish:
 * @self: a process
 * @result: what the callback was given
 * @output: (out) (optional) (transfer full): its standard output; with
 *   %QGA_CAPTURE_MERGED its error output as well
 * @error_output: (out) (optional) (transfer full): its standard error
 * @error: return location
 *
 * Ends what [method@Qga.Process.communicate_utf8_async] began.
 *
 * Fails with %G_IO_ERROR_INVALID_DATA when what it wrote is not UTF-8 or holds
 * a NUL, and as [method@Qga.Process.wait_finish] does. Nothing is lost then:
 * [method@Qga.Process.communicate_async] still gives the bytes.
 *
 * Returns: whether the process has ended
 *
 * Since: 0.1
 */
gboolean
qga_process_communicate_utf8_finish (QgaProcess *self, GAsyncResult *result, char **output, char **error_output, GError **error)
{
  g_return_val_if_fail (QGA_IS_PROCESS (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qga_process_communicate_utf8_async), FALSE);
  return give_text (g_task_propagate_pointer (G_TASK (result), error), output, error_output);
}

/**
 * qga_process_communicate_utf8:
 * @self: a process
 * @output: (out) (optional) (transfer full): its standard output; with
 *   %QGA_CAPTURE_MERGED its error output as well
 * @error_output: (out) (optional) (transfer full): its standard error
 * @cancellable: (nullable): ends the wait; the process goes on
 * @error: return location
 *
 * Blocks until the process has ended, however it ends, and gets what it wrote,
 * which must be text.
 *
 * Fails as [method@Qga.Process.communicate_utf8_finish] does.
 *
 * Returns: whether the process has ended
 *
 * Since: 0.1
 */
gboolean
qga_process_communicate_utf8 (QgaProcess *self, char **output, char **error_output, GCancellable *cancellable, GError **error)
{
  Outputs *outputs;

  g_return_val_if_fail (QGA_IS_PROCESS (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  outputs = run_communicate (self, cancellable, error);
  if (outputs != NULL && !are_text (outputs, error))
    g_clear_pointer (&outputs, free_outputs);
  return give_text (outputs, output, error_output);
}
