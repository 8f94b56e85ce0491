/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-connection-private.h"
#include "wire/wire-task.h"

/* The guest's power: commands that are not answered when they succeed. */

static QgaRequest *
make_shutdown (QgaShutdownMode mode)
{
  static const char *const arguments[] = { "{\"mode\":\"powerdown\"}", "{\"mode\":\"halt\"}", "{\"mode\":\"reboot\"}" };
  QgaRequest *request = qga_request_new ("guest-shutdown");

  qga_request_set_arguments_json (request, arguments[mode], NULL);
  return request;
}

static QgaRequest *
make_suspend (QgaSuspendMode mode)
{
  static const char *const commands[] = { "guest-suspend-ram", "guest-suspend-disk", "guest-suspend-hybrid" };

  return qga_request_new (commands[mode]);
}

static void
on_accepted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  QgaAcceptance acceptance = qga_connection_execute_unanswered_finish (QGA_CONNECTION (source), result, &error);

  if (acceptance != QGA_ACCEPTANCE_NONE)
    g_task_return_int (task, (gssize) acceptance);
  else
    g_task_return_error (task, error);
}

/* Takes the request. */
static void
start (QgaConnection *self, gpointer tag, QgaRequest *request, GCancellable *cancellable, GAsyncReadyCallback callback,
       gpointer user_data)
{
  GTask *task = wire_task_new (self, tag, cancellable, callback, user_data);

  qga_connection_execute_unanswered_async (self, request, cancellable, on_accepted, task);
  g_object_unref (request);
}

static QgaAcceptance
finish (GAsyncResult *result, GError **error)
{
  gssize outcome = g_task_propagate_int (G_TASK (result), error);

  return outcome >= 0 ? (QgaAcceptance) outcome : QGA_ACCEPTANCE_NONE;
}

/**
 * qga_connection_shutdown_async:
 * @self: a connection
 * @mode: how
 * @cancellable: (nullable): ends the wait; the guest may go all the same
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Asks the guest to shut down (`guest-shutdown`). The agent does not answer
 * when it does; see [enum@Qga.Acceptance] for what is waited for.
 *
 * It is the guest that is asked: when it has ended, QEMU ends, or stays,
 * depending on how it was started. A connection whose line ends after the
 * guest took this on is closed without an error.
 *
 * Since: 0.1
 */
void
qga_connection_shutdown_async (QgaConnection *self, QgaShutdownMode mode, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (QGA_IS_CONNECTION (self));
  g_return_if_fail (mode >= QGA_SHUTDOWN_MODE_POWERDOWN && mode <= QGA_SHUTDOWN_MODE_REBOOT);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  start (self, qga_connection_shutdown_async, make_shutdown (mode), cancellable, callback, user_data);
}

/**
 * qga_connection_shutdown_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qga.Connection.shutdown_async] began.
 *
 * Fails as [method@Qga.Connection.execute_finish] does.
 *
 * Returns: how it showed that the guest took it on;
 *   %QGA_ACCEPTANCE_NONE if it did not
 *
 * Since: 0.1
 */
QgaAcceptance
qga_connection_shutdown_finish (QgaConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QGA_IS_CONNECTION (self), QGA_ACCEPTANCE_NONE);
  g_return_val_if_fail (wire_task_is_result (self, result, qga_connection_shutdown_async), QGA_ACCEPTANCE_NONE);
  return finish (result, error);
}

/**
 * qga_connection_shutdown:
 * @self: a connection
 * @mode: how
 * @cancellable: (nullable): ends the wait; the guest may go all the same
 * @error: return location
 *
 * Asks the guest to shut down, and blocks until it has taken that on. See
 * [method@Qga.Connection.shutdown_async].
 *
 * Fails as [method@Qga.Connection.execute_finish] does.
 *
 * Returns: how it showed that the guest took it on;
 *   %QGA_ACCEPTANCE_NONE if it did not
 *
 * Since: 0.1
 */
QgaAcceptance
qga_connection_shutdown (QgaConnection *self, QgaShutdownMode mode, GCancellable *cancellable, GError **error)
{
  g_autoptr (QgaRequest) request = NULL;

  g_return_val_if_fail (QGA_IS_CONNECTION (self), QGA_ACCEPTANCE_NONE);
  g_return_val_if_fail (mode >= QGA_SHUTDOWN_MODE_POWERDOWN && mode <= QGA_SHUTDOWN_MODE_REBOOT, QGA_ACCEPTANCE_NONE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), QGA_ACCEPTANCE_NONE);
  request = make_shutdown (mode);
  return qga_connection_execute_unanswered (self, request, cancellable, error);
}

/**
 * qga_connection_suspend_async:
 * @self: a connection
 * @mode: to where
 * @cancellable: (nullable): ends the wait; the guest may suspend all the same
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Asks the guest to suspend itself (`guest-suspend-ram`, `guest-suspend-disk`,
 * `guest-suspend-hybrid`). The agent does not answer when it does; see
 * [enum@Qga.Acceptance] for what is waited for.
 *
 * After the guest has woken up its clock may be late: run `guest-set-time`.
 *
 * Since: 0.1
 */
void
qga_connection_suspend_async (QgaConnection *self, QgaSuspendMode mode, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (QGA_IS_CONNECTION (self));
  g_return_if_fail (mode >= QGA_SUSPEND_MODE_RAM && mode <= QGA_SUSPEND_MODE_HYBRID);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  start (self, qga_connection_suspend_async, make_suspend (mode), cancellable, callback, user_data);
}

/**
 * qga_connection_suspend_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qga.Connection.suspend_async] began.
 *
 * Fails as [method@Qga.Connection.execute_finish] does.
 *
 * Returns: how it showed that the guest took it on;
 *   %QGA_ACCEPTANCE_NONE if it did not
 *
 * Since: 0.1
 */
QgaAcceptance
qga_connection_suspend_finish (QgaConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QGA_IS_CONNECTION (self), QGA_ACCEPTANCE_NONE);
  g_return_val_if_fail (wire_task_is_result (self, result, qga_connection_suspend_async), QGA_ACCEPTANCE_NONE);
  return finish (result, error);
}

/**
 * qga_connection_suspend:
 * @self: a connection
 * @mode: to where
 * @cancellable: (nullable): ends the wait; the guest may suspend all the same
 * @error: return location
 *
 * Asks the guest to suspend itself, and blocks until it has taken that on. See
 * [method@Qga.Connection.suspend_async].
 *
 * Fails as [method@Qga.Connection.execute_finish] does.
 *
 * Returns: how it showed that the guest took it on;
 *   %QGA_ACCEPTANCE_NONE if it did not
 *
 * Since: 0.1
 */
QgaAcceptance
qga_connection_suspend (QgaConnection *self, QgaSuspendMode mode, GCancellable *cancellable, GError **error)
{
  g_autoptr (QgaRequest) request = NULL;

  g_return_val_if_fail (QGA_IS_CONNECTION (self), QGA_ACCEPTANCE_NONE);
  g_return_val_if_fail (mode >= QGA_SUSPEND_MODE_RAM && mode <= QGA_SUSPEND_MODE_HYBRID, QGA_ACCEPTANCE_NONE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), QGA_ACCEPTANCE_NONE);
  request = make_suspend (mode);
  return qga_connection_execute_unanswered (self, request, cancellable, error);
}
