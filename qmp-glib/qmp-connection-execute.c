/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-call-private.h"
#include "qmp-connection-private.h"
#include "qmp-request-private.h"

#include "wire/wire-arguments.h"
#include "wire/wire-task.h"

/* Running commands, in three forms. */

/* Takes the text. */
static QmpCall *
new_command (QmpConnection *self, const char *command, QmpResultForm form, char *arguments, gsize length, GTask *task,
             GCancellable *cancellable)
{
  QmpSession *session = qmp_connection_get_session (self);
  QmpCall *call = qmp_call_new_command (session, command, task, cancellable, qmp_session_get_timeout (session, -1));

  call->form = form;
  qmp_call_set_arguments (call, arguments, length);
  return call;
}

static gpointer
run (QmpCall *call, GError **error)
{
  gpointer result = qmp_call_run (call, error) ? qmp_call_make_result (call) : NULL;

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
start (QmpConnection *self, gpointer tag, const char *command, QmpResultForm form, char *text, gsize length,
       GError *error, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = wire_task_new (self, tag, cancellable, callback, user_data);

  if (!fail_early (task, error))
    qmp_call_start (new_command (self, command, form, text, length, task, cancellable));
}

static gpointer
run_command (QmpConnection *self, const char *command, QmpResultForm form, char *text, gsize length, GError *write_error,
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
 * qmp_connection_execute_async:
 * @self: a connection
 * @command: the command, such as `query-status`
 * @arguments: (nullable): an object, or %NULL for none
 * @cancellable: (nullable): ends the wait; QEMU may still run the command
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Runs a command, with trees for what goes in and comes out. May be called in
 * any thread.
 *
 * The deadline is [property@Qmp.Connection:default-timeout].
 *
 * Since: 0.1
 */
void
qmp_connection_execute_async (QmpConnection *self, const char *command, JsonNode *arguments, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  GError *error = NULL;
  char *text;
  gsize length = 0;

  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (command != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  text = check_and_write_node (command, arguments, &length, &error);
  start (self, qmp_connection_execute_async, command, QMP_RESULT_NODE, text, length, error, cancellable, callback, user_data);
}

/**
 * qmp_connection_execute_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.execute_async] began.
 *
 * Fails with [error@Qmp.Error] when QEMU refuses the command, or its reply
 * cannot be read; with %G_IO_ERROR_INVALID_ARGUMENT when @command or
 * @arguments cannot be sent; with %G_IO_ERROR_CANCELLED;
 * %G_IO_ERROR_TIMED_OUT; %G_IO_ERROR_CLOSED; with %G_IO_ERROR_BUSY when too
 * many calls wait ([property@Qmp.Limits:pending-calls]); and with whatever
 * else ended the connection. After a cancel, a deadline or the connection's
 * end nobody knows whether QEMU ran the command.
 *
 * Returns: (transfer full): the reply; an empty object when the command has
 *   no result. Integers above %G_MAXINT64 keep their bits: read them with
 *   [func@Qmp.json_node_get_uint64]
 *
 * Since: 0.1
 */
JsonNode *
qmp_connection_execute_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_connection_execute_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * qmp_connection_execute:
 * @self: a connection
 * @command: the command, such as `query-status`
 * @arguments: (nullable): an object, or %NULL for none
 * @cancellable: (nullable): ends the wait; QEMU may still run the command
 * @error: return location
 *
 * Runs a command and blocks until its reply is there. Works in any thread,
 * with and without a running main loop; events that come meanwhile are
 * emitted afterwards.
 *
 * Fails as [method@Qmp.Connection.execute_finish] does.
 *
 * Returns: (transfer full): the reply; an empty object when the command has
 *   no result
 *
 * Since: 0.1
 */
JsonNode *
qmp_connection_execute (QmpConnection *self, const char *command, JsonNode *arguments, GCancellable *cancellable,
                        GError **error)
{
  GError *write_error = NULL;
  char *text;
  gsize length = 0;

  g_return_val_if_fail (QMP_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (command != NULL, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  text = check_and_write_node (command, arguments, &length, &write_error);
  return run_command (self, command, QMP_RESULT_NODE, text, length, write_error, cancellable, error);
}

/**
 * qmp_connection_execute_json_async:
 * @self: a connection
 * @command: the command, such as `query-status`
 * @arguments_json: (nullable): the text of an object, or %NULL for none
 * @cancellable: (nullable): ends the wait; QEMU may still run the command
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Runs a command, with JSON text for what goes in and comes out: in languages
 * that have a parser of their own the shortest way to native values, and
 * exact where they are.
 *
 * The deadline is [property@Qmp.Connection:default-timeout].
 *
 * Since: 0.1
 */
void
qmp_connection_execute_json_async (QmpConnection *self, const char *command, const char *arguments_json,
                                   GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GError *error = NULL;
  char *text;
  gsize length = 0;

  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (command != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  text = check_and_write_json (command, arguments_json, &length, &error);
  start (self, qmp_connection_execute_json_async, command, QMP_RESULT_JSON, text, length, error, cancellable, callback, user_data);
}

/**
 * qmp_connection_execute_json_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.execute_json_async] began.
 *
 * Fails as [method@Qmp.Connection.execute_finish] does.
 *
 * Returns: (transfer full): the reply's text, as QEMU wrote it; `{}` when the
 *   command has no result
 *
 * Since: 0.1
 */
char *
qmp_connection_execute_json_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_connection_execute_json_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * qmp_connection_execute_json:
 * @self: a connection
 * @command: the command, such as `query-status`
 * @arguments_json: (nullable): the text of an object, or %NULL for none
 * @cancellable: (nullable): ends the wait; QEMU may still run the command
 * @error: return location
 *
 * Runs a command and blocks until its reply is there. Works in any thread,
 * with and without a running main loop; events that come meanwhile are
 * emitted afterwards.
 *
 * Fails as [method@Qmp.Connection.execute_finish] does.
 *
 * Returns: (transfer full): the reply's text, as QEMU wrote it; `{}` when the
 *   command has no result
 *
 * Since: 0.1
 */
char *
qmp_connection_execute_json (QmpConnection *self, const char *command, const char *arguments_json,
                             GCancellable *cancellable, GError **error)
{
  GError *write_error = NULL;
  char *text;
  gsize length = 0;

  g_return_val_if_fail (QMP_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (command != NULL, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  text = check_and_write_json (command, arguments_json, &length, &write_error);
  return run_command (self, command, QMP_RESULT_JSON, text, length, write_error, cancellable, error);
}

/* A request stays the caller's: what it holds is copied. */
static gboolean
apply_request (QmpCall *call, QmpRequest *request, const QmpRequestView *view, GError **error)
{
  call->form = QMP_RESULT_VALUE;
  call->out_of_band = view->out_of_band;
  call->sensitive = view->sensitive;
  if (view->arguments_length > 0)
    qmp_call_set_arguments (call, g_strndup (view->arguments, view->arguments_length), view->arguments_length);
  if (!qmp_request_check (request, error))
    return FALSE;
  if (view->fd < 0)
    return TRUE;
  call->fd = qmp_request_dup_fd (request, error);
  return call->fd >= 0;
}

static QmpCall *
new_request_call (QmpConnection *self, QmpRequest *request, GTask *task, GCancellable *cancellable, GError **error)
{
  QmpSession *session = qmp_connection_get_session (self);
  QmpRequestView view;
  QmpCall *call;

  qmp_request_view (request, &view);
  call = qmp_call_new_command (session, view.command, task, cancellable, qmp_session_get_timeout (session, view.timeout));
  if (apply_request (call, request, &view, error))
    return call;
  if (task != NULL)
    g_object_ref (task);
  wire_call_unref (&call->wire);
  return NULL;
}

/**
 * qmp_connection_execute_request_async:
 * @self: a connection
 * @request: the command and all that goes with it
 * @cancellable: (nullable): ends the wait; QEMU may still run the command
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Runs a command with a deadline of its own, out-of-band, with a file
 * descriptor, or with a secret; and reads its reply in place, which is the
 * fastest way of all.
 *
 * Since: 0.1
 */
void
qmp_connection_execute_request_async (QmpConnection *self, QmpRequest *request, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data)
{
  GError *error = NULL;
  GTask *task;
  QmpCall *call;

  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (QMP_IS_REQUEST (request));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (self, qmp_connection_execute_request_async, cancellable, callback, user_data);
  call = new_request_call (self, request, task, cancellable, &error);
  if (!fail_early (task, error))
    qmp_call_start (call);
}

/**
 * qmp_connection_execute_request_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.execute_request_async] began.
 *
 * Fails as [method@Qmp.Connection.execute_finish] does, and with
 * %G_IO_ERROR_NOT_SUPPORTED when the connection has no out-of-band commands,
 * or cannot pass a file descriptor.
 *
 * Returns: (transfer full): the reply; an empty object when the command has
 *   no result
 *
 * Since: 0.1
 */
QmpValue *
qmp_connection_execute_request_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_connection_execute_request_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * qmp_connection_execute_request:
 * @self: a connection
 * @request: the command and all that goes with it
 * @cancellable: (nullable): ends the wait; QEMU may still run the command
 * @error: return location
 *
 * Runs a command and blocks until its reply is there. Works in any thread,
 * with and without a running main loop; events that come meanwhile are
 * emitted afterwards.
 *
 * Fails as [method@Qmp.Connection.execute_request_finish] does.
 *
 * Returns: (transfer full): the reply; an empty object when the command has
 *   no result
 *
 * Since: 0.1
 */
QmpValue *
qmp_connection_execute_request (QmpConnection *self, QmpRequest *request, GCancellable *cancellable, GError **error)
{
  QmpCall *call;

  g_return_val_if_fail (QMP_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (QMP_IS_REQUEST (request), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  call = new_request_call (self, request, NULL, cancellable, error);
  return call != NULL ? run (call, error) : NULL;
}
