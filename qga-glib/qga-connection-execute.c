/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-call-private.h"
#include "qga-connection-private.h"
#include "qga-request-private.h"

#include "wire/wire-arguments.h"
#include "wire/wire-task.h"

/* Running commands by name, with trees or with JSON text. */

/* Takes the text. */
static QgaCall *
new_command (QgaConnection *self, const char *command, QgaResultForm form, char *arguments, gsize length, GTask *task,
             GCancellable *cancellable)
{
  QgaCall *call = qga_call_new_command (qga_connection_get_session (self), command, arguments, length, task, cancellable, -1);

  call->form = form;
  return call;
}

static gpointer
run (QgaCall *call, GError **error)
{
  gpointer result = qga_call_run (call, error) ? qga_call_make_result (call) : NULL;

  wire_call_unref (&call->wire);
  return result;
}

/* A call with wrong arguments fails as all calls do: later, in its context. */
static gboolean
fail_early (GTask *task, GError *error)
{
  if (error == NULL)
    return FALSE;
  g_task_return_error (task, error);
  g_object_unref (task);
  return TRUE;
}

/* Both take the text, and the error that there was in writing it. */
static void
start (QgaConnection *self, gpointer tag, const char *command, QgaResultForm form, char *text, gsize length,
       GError *error, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = wire_task_new (self, tag, cancellable, callback, user_data);

  if (!fail_early (task, error))
    wire_call_start (&new_command (self, command, form, text, length, task, cancellable)->wire);
}

static gpointer
run_command (QgaConnection *self, const char *command, QgaResultForm form, char *text, gsize length, GError *write_error,
             GCancellable *cancellable, GError **error)
{
  if (write_error == NULL)
    return run (new_command (self, command, form, text, length, NULL, cancellable), error);
  g_propagate_error (error, write_error);
  return NULL;
}

static char *
check_and_write_node (const char *command, JsonNode *arguments, gsize *length, GError **error)
{
  return wire_check_command (command, error) ? wire_write_arguments_node (arguments, length, error) : NULL;
}

static char *
check_and_write_json (const char *command, const char *arguments_json, gsize *length, GError **error)
{
  return wire_check_command (command, error) ? wire_write_arguments_json (arguments_json, length, error) : NULL;
}

/**
 * qga_connection_execute_async:
 * @self: a connection
 * @command: the command, such as `guest-get-osinfo`
 * @arguments: (nullable): an object, or %NULL for none
 * @cancellable: (nullable): ends the wait; the agent may still run the command
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Runs a command, with trees for what goes in and comes out. May be called in
 * any thread.
 *
 * The agent does one thing at a time: calls wait for each other, in order, and
 * a call that waits can be cancelled without any trace.
 *
 * The deadline is [property@Qga.Connection:default-timeout].
 *
 * Since: 0.1
 */
void
qga_connection_execute_async (QgaConnection *self, const char *command, JsonNode *arguments, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  GError *error = NULL;
  char *text;
  gsize length = 0;

  g_return_if_fail (QGA_IS_CONNECTION (self));
  g_return_if_fail (command != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  text = check_and_write_node (command, arguments, &length, &error);
  start (self, qga_connection_execute_async, command, QGA_RESULT_NODE, text, length, error, cancellable, callback, user_data);
}

/**
 * qga_connection_execute_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qga.Connection.execute_async] began.
 *
 * Fails with [error@Qga.Error] when the agent refuses the command, its reply
 * cannot be taken, or it restarted meanwhile; with
 * %G_IO_ERROR_INVALID_ARGUMENT when @command or @arguments cannot be sent;
 * with %G_IO_ERROR_CANCELLED; %G_IO_ERROR_TIMED_OUT; %G_IO_ERROR_CLOSED; with
 * %G_IO_ERROR_BUSY when too many calls wait
 * ([property@Qga.Limits:pending-calls]); and with whatever else ended the
 * connection. After a cancel, a deadline, a restart or the connection's end
 * nobody knows whether the agent ran the command, unless the message says that
 * it was not sent.
 *
 * Returns: (transfer full): the reply; an empty object when the command has
 *   no result. Integers above %G_MAXINT64 keep their bits, and read as negative
 *
 * Since: 0.1
 */
JsonNode *
qga_connection_execute_finish (QgaConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QGA_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (wire_task_is_result (self, result, qga_connection_execute_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * qga_connection_execute:
 * @self: a connection
 * @command: the command, such as `guest-get-osinfo`
 * @arguments: (nullable): an object, or %NULL for none
 * @cancellable: (nullable): ends the wait; the agent may still run the command
 * @error: return location
 *
 * Runs a command and blocks until its reply is there. Works in any thread,
 * with and without a running main loop.
 *
 * Fails as [method@Qga.Connection.execute_finish] does.
 *
 * Returns: (transfer full): the reply; an empty object when the command has
 *   no result
 *
 * Since: 0.1
 */
JsonNode *
qga_connection_execute (QgaConnection *self, const char *command, JsonNode *arguments, GCancellable *cancellable,
                        GError **error)
{
  GError *write_error = NULL;
  char *text;
  gsize length = 0;

  g_return_val_if_fail (QGA_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (command != NULL, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  text = check_and_write_node (command, arguments, &length, &write_error);
  return run_command (self, command, QGA_RESULT_NODE, text, length, write_error, cancellable, error);
}

/**
 * qga_connection_execute_json_async:
 * @self: a connection
 * @command: the command, such as `guest-get-osinfo`
 * @arguments_json: (nullable): the text of an object, or %NULL for none
 * @cancellable: (nullable): ends the wait; the agent may still run the command
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Runs a command, with JSON text for what goes in and comes out: in languages
 * that have a parser of their own the shortest way to native values, and
 * exact where they are.
 *
 * The deadline is [property@Qga.Connection:default-timeout].
 *
 * Since: 0.1
 */
void
qga_connection_execute_json_async (QgaConnection *self, const char *command, const char *arguments_json,
                                   GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GError *error = NULL;
  char *text;
  gsize length = 0;

  g_return_if_fail (QGA_IS_CONNECTION (self));
  g_return_if_fail (command != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  text = check_and_write_json (command, arguments_json, &length, &error);
  start (self, qga_connection_execute_json_async, command, QGA_RESULT_JSON, text, length, error, cancellable, callback, user_data);
}

/**
 * qga_connection_execute_json_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qga.Connection.execute_json_async] began.
 *
 * Fails as [method@Qga.Connection.execute_finish] does.
 *
 * Returns: (transfer full): the reply's text, as the agent wrote it; `{}` when the
 *   command has no result
 *
 * Since: 0.1
 */
char *
qga_connection_execute_json_finish (QgaConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QGA_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (wire_task_is_result (self, result, qga_connection_execute_json_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * qga_connection_execute_json:
 * @self: a connection
 * @command: the command, such as `guest-get-osinfo`
 * @arguments_json: (nullable): the text of an object, or %NULL for none
 * @cancellable: (nullable): ends the wait; the agent may still run the command
 * @error: return location
 *
 * Runs a command and blocks until its reply is there. Works in any thread,
 * with and without a running main loop.
 *
 * Fails as [method@Qga.Connection.execute_finish] does.
 *
 * Returns: (transfer full): the reply's text, as the agent wrote it; `{}` when the
 *   command has no result
 *
 * Since: 0.1
 */
char *
qga_connection_execute_json (QgaConnection *self, const char *command, const char *arguments_json,
                             GCancellable *cancellable, GError **error)
{
  GError *write_error = NULL;
  char *text;
  gsize length = 0;

  g_return_val_if_fail (QGA_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (command != NULL, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  text = check_and_write_json (command, arguments_json, &length, &write_error);
  return run_command (self, command, QGA_RESULT_JSON, text, length, write_error, cancellable, error);
}
