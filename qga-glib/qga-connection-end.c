/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-connection-private.h"
#include "wire/wire-task.h"

/* The end from our side. */

static void
close_now (QgaConnection *self)
{
  WireLink *link = &qga_connection_get_session (self)->link;

  wire_link_lock (link);
  wire_link_fail (link, NULL);
  wire_link_unlock (link);
}

/**
 * qga_connection_close_async:
 * @self: a connection
 * @cancellable: (nullable): not looked at, since closing does not wait
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Closes the connection; the guest goes on running. Calls that still wait fail
 * with %G_IO_ERROR_CLOSED, and [signal@Qga.Connection::closed] follows with no
 * error. Closing twice does no harm.
 *
 * Files that are open in the guest stay open there, and processes go on: close
 * a [class@Qga.File] before its connection.
 *
 * Since: 0.1
 */
void
qga_connection_close_async (QgaConnection *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (QGA_IS_CONNECTION (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (self, qga_connection_close_async, cancellable, callback, user_data);
  close_now (self);
  g_task_return_boolean (task, TRUE);
}

/**
 * qga_connection_close_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qga.Connection.close_async] began. Closing cannot fail.
 *
 * Returns: %TRUE
 *
 * Since: 0.1
 */
gboolean
qga_connection_close_finish (QgaConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QGA_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qga_connection_close_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * qga_connection_close:
 * @self: a connection
 * @cancellable: (nullable): not looked at, since closing does not wait
 * @error: return location
 *
 * Closes the connection, as [method@Qga.Connection.close_async] does. Closing
 * cannot fail.
 *
 * Returns: %TRUE
 *
 * Since: 0.1
 */
gboolean
qga_connection_close (QgaConnection *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QGA_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  close_now (self);
  return TRUE;
}
