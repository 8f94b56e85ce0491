/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-call-private.h"
#include "qmp-connection-private.h"
#include "wire/wire-task.h"

/* The end: closing our side, and telling QEMU to go. */

/* --- close ------------------------------------------------------------------------------ */

static void
close_now (QmpConnection *self)
{
  WireLink *link = &qmp_connection_get_session (self)->link;

  qmp_connection_fall_silent (self);
  wire_link_lock (link);
  wire_link_fail (link, NULL);
  wire_link_unlock (link);
}

/**
 * qmp_connection_close_async:
 * @self: a connection
 * @cancellable: (nullable): not looked at, since closing does not wait
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Closes the connection; QEMU goes on running. Calls that still wait fail with
 * %G_IO_ERROR_CLOSED, events that were not emitted yet never are, and
 * [signal@Qmp.Connection::closed] follows with no error. Closing twice does no
 * harm.
 *
 * Since: 0.1
 */
void
qmp_connection_close_async (QmpConnection *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (self, qmp_connection_close_async, cancellable, callback, user_data);
  close_now (self);
  g_task_return_boolean (task, TRUE);
}

/**
 * qmp_connection_close_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.close_async] began. Closing cannot fail.
 *
 * Returns: %TRUE
 *
 * Since: 0.1
 */
gboolean
qmp_connection_close_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_connection_close_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * qmp_connection_close:
 * @self: a connection
 * @cancellable: (nullable): not looked at, since closing does not wait
 * @error: return location
 *
 * Closes the connection, as [method@Qmp.Connection.close_async] does. Closing
 * cannot fail.
 *
 * Returns: %TRUE
 *
 * Since: 0.1
 */
gboolean
qmp_connection_close (QmpConnection *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  close_now (self);
  return TRUE;
}

/* --- quit ------------------------------------------------------------------------------------ */

static void
on_quit_answered (GObject *source, GAsyncResult *result, gpointer data)
{
  QmpConnection *self = QMP_CONNECTION (source);
  QmpSession *session = qmp_connection_get_session (self);
  GTask *task = data;
  GError *error = NULL;
  g_autofree char *reply = qmp_connection_execute_json_finish (self, result, &error);

  if (reply == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  qmp_call_start (qmp_call_new (session, QMP_CALL_END, task, g_task_get_cancellable (task), qmp_session_get_timeout (session, -1)));
}

/**
 * qmp_connection_quit_async:
 * @self: a connection
 * @cancellable: (nullable): ends the wait; QEMU goes all the same
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Tells QEMU to end at once (`quit`), without asking its guest, and waits for
 * the connection's end. The reply, the `SHUTDOWN` event and the end may come
 * in any order, and the reply not at all. [signal@Qmp.Connection::closed]
 * follows with no error.
 *
 * To let the guest shut down by itself, run `system_powerdown` instead.
 *
 * Since: 0.1
 */
void
qmp_connection_quit_async (QmpConnection *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task;

  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (self, qmp_connection_quit_async, cancellable, callback, user_data);
  qmp_connection_execute_json_async (self, "quit", NULL, cancellable, on_quit_answered, task);
}

/**
 * qmp_connection_quit_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.quit_async] began.
 *
 * Fails as [method@Qmp.Connection.execute_finish] does.
 *
 * Returns: whether QEMU is gone from the other end
 *
 * Since: 0.1
 */
gboolean
qmp_connection_quit_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_connection_quit_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * qmp_connection_quit:
 * @self: a connection
 * @cancellable: (nullable): ends the wait; QEMU goes all the same
 * @error: return location
 *
 * Tells QEMU to end at once (`quit`), and blocks until the connection has
 * ended.
 *
 * Fails as [method@Qmp.Connection.execute_finish] does.
 *
 * Returns: whether QEMU is gone from the other end
 *
 * Since: 0.1
 */
gboolean
qmp_connection_quit (QmpConnection *self, GCancellable *cancellable, GError **error)
{
  QmpSession *session;
  g_autofree char *reply = NULL;
  QmpCall *call;
  gboolean ended;

  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  reply = qmp_connection_execute_json (self, "quit", NULL, cancellable, error);
  if (reply == NULL)
    return FALSE;
  session = qmp_connection_get_session (self);
  call = qmp_call_new (session, QMP_CALL_END, NULL, cancellable, qmp_session_get_timeout (session, -1));
  ended = qmp_call_run (call, error);
  wire_call_unref (&call->wire);
  return ended;
}
