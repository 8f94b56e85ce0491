/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-connection-private.h"

#include "qga-ahead-private.h"
#include "qga-request-private.h"
#include "wire/wire-task.h"

/* Running requests, those of the library's own, and commands that are not
 * answered. */

/* A request stays the caller's: what it holds is copied. */
static QgaCall *
new_request_call (QgaConnection *self, QgaRequest *request, QgaResultForm form, GTask *task, GCancellable *cancellable)
{
  QgaRequestView view;
  QgaCall *call;

  qga_request_view (request, &view);
  call = qga_call_new_command (qga_connection_get_session (self), view.command,
                               g_strndup (view.arguments, view.arguments_length), view.arguments_length, task, cancellable,
                               view.timeout);
  call->form = form;
  call->sensitive |= view.sensitive;
  if (view.reply_size > 0)
    call->reply_size = (gsize) view.reply_size;
  return call;
}

static void
start (QgaConnection *self, gpointer tag, QgaRequest *request, QgaResultForm form, GCancellable *cancellable,
       GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = wire_task_new (self, tag, cancellable, callback, user_data);
  GError *error = NULL;

  if (qga_request_check (request, &error))
    {
      wire_call_start (&new_request_call (self, request, form, task, cancellable)->wire);
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

/**
 * qga_connection_execute_request_async:
 * @self: a connection
 * @request: the command and all that goes with it
 * @cancellable: (nullable): ends the wait; the agent may still run the command
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Runs a command with a deadline of its own, with a secret, or with a reply
 * that may be large.
 *
 * Since: 0.1
 */
void
qga_connection_execute_request_async (QgaConnection *self, QgaRequest *request, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (QGA_IS_CONNECTION (self));
  g_return_if_fail (QGA_IS_REQUEST (request));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  start (self, qga_connection_execute_request_async, request, QGA_RESULT_JSON, cancellable, callback, user_data);
}

/**
 * qga_connection_execute_request_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qga.Connection.execute_request_async] began.
 *
 * Fails as [method@Qga.Connection.execute_finish] does.
 *
 * Returns: (transfer full): the reply's text, as the agent wrote it; `{}` when
 *   the command has no result
 *
 * Since: 0.1
 */
char *
qga_connection_execute_request_finish (QgaConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QGA_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (wire_task_is_result (self, result, qga_connection_execute_request_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * qga_connection_execute_request:
 * @self: a connection
 * @request: the command and all that goes with it
 * @cancellable: (nullable): ends the wait; the agent may still run the command
 * @error: return location
 *
 * Runs a command and blocks until its reply is there. Works in any thread,
 * with and without a running main loop.
 *
 * Fails as [method@Qga.Connection.execute_finish] does.
 *
 * Returns: (transfer full): the reply's text, as the agent wrote it; `{}` when
 *   the command has no result
 *
 * Since: 0.1
 */
char *
qga_connection_execute_request (QgaConnection *self, QgaRequest *request, GCancellable *cancellable, GError **error)
{
  QgaCall *call;
  char *reply;

  g_return_val_if_fail (QGA_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (QGA_IS_REQUEST (request), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  if (!qga_request_check (request, error))
    return NULL;
  call = new_request_call (self, request, QGA_RESULT_JSON, NULL, cancellable);
  reply = qga_call_run (call, error) ? qga_call_make_result (call) : NULL;
  wire_call_unref (&call->wire);
  return reply;
}

/* --- commands that are not answered ------------------------------------------------------ */

/**
 * qga_connection_execute_unanswered_async:
 * @self: a connection
 * @request: a command that is not answered when it succeeds
 * @cancellable: (nullable): ends the wait; the agent may still run the command
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Runs a command that the agent does not answer when it succeeds, as it says
 * in `guest-info` (`success-response`), and tells how it showed that it has.
 * With other commands the answer shows it.
 *
 * The other forms of execute run such commands as well; their result is an
 * empty object then.
 *
 * Since: 0.1
 */
void
qga_connection_execute_unanswered_async (QgaConnection *self, QgaRequest *request, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (QGA_IS_CONNECTION (self));
  g_return_if_fail (QGA_IS_REQUEST (request));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  start (self, qga_connection_execute_unanswered_async, request, QGA_RESULT_ACCEPTANCE, cancellable, callback, user_data);
}

/**
 * qga_connection_execute_unanswered_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qga.Connection.execute_unanswered_async] began.
 *
 * Fails as [method@Qga.Connection.execute_finish] does.
 *
 * Returns: how it showed that the guest took it on;
 *   %QGA_ACCEPTANCE_NONE if it did not
 *
 * Since: 0.1
 */
QgaAcceptance
qga_connection_execute_unanswered_finish (QgaConnection *self, GAsyncResult *result, GError **error)
{
  gssize outcome;

  g_return_val_if_fail (QGA_IS_CONNECTION (self), QGA_ACCEPTANCE_NONE);
  g_return_val_if_fail (wire_task_is_result (self, result, qga_connection_execute_unanswered_async), QGA_ACCEPTANCE_NONE);
  outcome = g_task_propagate_int (G_TASK (result), error);
  return outcome >= 0 ? (QgaAcceptance) outcome : QGA_ACCEPTANCE_NONE;
}

/**
 * qga_connection_execute_unanswered:
 * @self: a connection
 * @request: a command that is not answered when it succeeds
 * @cancellable: (nullable): ends the wait; the agent may still run the command
 * @error: return location
 *
 * Runs a command that the agent does not answer when it succeeds, and blocks
 * until it has shown that it has.
 *
 * Fails as [method@Qga.Connection.execute_finish] does.
 *
 * Returns: how it showed that the guest took it on;
 *   %QGA_ACCEPTANCE_NONE if it did not
 *
 * Since: 0.1
 */
QgaAcceptance
qga_connection_execute_unanswered (QgaConnection *self, QgaRequest *request, GCancellable *cancellable, GError **error)
{
  QgaAcceptance acceptance;
  QgaCall *call;

  g_return_val_if_fail (QGA_IS_CONNECTION (self), QGA_ACCEPTANCE_NONE);
  g_return_val_if_fail (QGA_IS_REQUEST (request), QGA_ACCEPTANCE_NONE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), QGA_ACCEPTANCE_NONE);
  if (!qga_request_check (request, error))
    return QGA_ACCEPTANCE_NONE;
  call = new_request_call (self, request, QGA_RESULT_ACCEPTANCE, NULL, cancellable);
  acceptance = qga_call_run (call, error) ? call->acceptance : QGA_ACCEPTANCE_NONE;
  wire_call_unref (&call->wire);
  return acceptance;
}

/* --- the library's own ----------------------------------------------------------------------- */

static QgaCall *
new_order_call (QgaConnection *self, const QgaOrder *order, GTask *task, GCancellable *cancellable)
{
  QgaSession *session = qga_connection_get_session (self);
  QgaCall *call;

  if (order->joins != NULL)
    {
      call = qga_call_new (session, QGA_CALL_JOIN, task, cancellable, qga_session_get_timeout (session, order->command, -1));
      call->ahead = order->joins;
      return call;
    }
  call = qga_call_new_command (session, order->command, order->arguments, order->length, task, cancellable, -1);
  call->form = QGA_RESULT_REPLY;
  call->generation = order->generation;
  call->gives = order->gives;
  call->hook = order->hook;
  call->sensitive |= order->sensitive;
  call->insists = order->insists;
  return call;
}

void
qga_connection_order_async (QgaConnection *self, const QgaOrder *order, GTask *task)
{
  wire_call_start (&new_order_call (self, order, task, g_task_get_cancellable (task))->wire);
}

QgaReply *
qga_connection_order (QgaConnection *self, const QgaOrder *order, GCancellable *cancellable, GError **error)
{
  QgaCall *call = new_order_call (self, order, NULL, cancellable);
  QgaReply *reply = qga_call_run (call, error) ? qga_call_make_result (call) : NULL;

  wire_call_unref (&call->wire);
  return reply;
}

QgaAhead *
qga_connection_order_ahead (QgaConnection *self, const QgaOrder *order)
{
  QgaSession *session = qga_connection_get_session (self);
  QgaAhead *ahead;

  wire_link_lock (&session->link);
  ahead = qga_ahead_start (session, order->command, order->arguments, order->generation);
  wire_link_unlock (&session->link);
  return ahead;
}

/* It goes out at once if the line is free, even if the connection is dropped
 * right after. */
void
qga_connection_order_and_forget (QgaConnection *self, const QgaOrder *order)
{
  QgaSession *session = qga_connection_get_session (self);
  gint64 deadline = qga_session_get_deadline (session, order->command, g_get_monotonic_time ());
  QgaCall *call = qga_call_new_own (session, order->command, order->arguments, deadline, NULL, NULL);

  call->generation = order->generation;
  call->insists = order->insists;
  wire_call_start (&call->wire);
}
