/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <signal.h>
#include <string.h>

#include "qmp-glib.h"
#include "qmp-machine-private.h"
#include "wire/wire-task.h"

/* What can be asked of a machine; its end by steps stands in a file of its own. */

/* --- attaching ------------------------------------------------------------------------------- */

static QmpMachine *
attach (QmpConnection *connection, const char *address)
{
  QmpMachineParts parts = { .monitor_address = g_strdup (address) };

  return qmp_machine_new (connection, &parts);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  QmpConnection *connection = qmp_connection_open_finish (result, &error);

  if (connection != NULL)
    qmp_machine_return (attach (connection, g_task_get_task_data (task)), task);
  else
    g_task_return_error (task, error);
}

/**
 * qmp_machine_attach_async:
 * @address: where its monitor listens, as for [func@Qmp.Connection.open_async]
 * @options: (nullable): how to open it, or %NULL for the defaults
 * @cancellable: (nullable): gives up
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Attaches to a machine that was started by another process, or by an earlier
 * run of this one.
 *
 * Since: 0.1
 */
void
qmp_machine_attach_async (const char *address, QmpOpenOptions *options, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (address != NULL);
  g_return_if_fail (options == NULL || QMP_IS_OPEN_OPTIONS (options));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (NULL, qmp_machine_attach_async, cancellable, callback, user_data);
  g_task_set_task_data (task, g_strdup (address), g_free);
  qmp_connection_open_async (address, options, cancellable, on_opened, task);
}

/**
 * qmp_machine_attach_finish:
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [func@Qmp.Machine.attach_async] began.
 *
 * Fails as [func@Qmp.Connection.open_finish] does.
 *
 * Returns: (transfer full): the machine
 *
 * Since: 0.1
 */
QmpMachine *
qmp_machine_attach_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (wire_task_is_result (NULL, result, qmp_machine_attach_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * qmp_machine_attach:
 * @address: where its monitor listens, as for [func@Qmp.Connection.open_async]
 * @options: (nullable): how to open it, or %NULL for the defaults
 * @cancellable: (nullable): gives up
 * @error: return location
 *
 * Attaches to a machine that was started by another process, and blocks until
 * its monitor has answered.
 *
 * Fails as [func@Qmp.Connection.open_finish] does.
 *
 * Returns: (transfer full): the machine
 *
 * Since: 0.1
 */
QmpMachine *
qmp_machine_attach (const char *address, QmpOpenOptions *options, GCancellable *cancellable, GError **error)
{
  QmpConnection *connection = qmp_connection_open (address, options, cancellable, error);

  return connection != NULL ? qmp_machine_return_blocking (attach (connection, address)) : NULL;
}

static void
on_start (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (qmp_connection_cont_finish (QMP_CONNECTION (source), result, &error))
    qmp_machine_settle (g_task_get_source_object (task), task);
  else
    g_task_return_error (task, error);
}

/**
 * qmp_machine_start_async:
 * @self: a machine
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Lets the machine run, by `cont`: one that was started with `-S`, was paused,
 * or stands still after an error.
 *
 * Since: 0.1
 */
void
qmp_machine_start_async (QmpMachine *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (QMP_IS_MACHINE (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  qmp_connection_cont_async (qmp_machine_get_connection (self), cancellable, on_start,
                             wire_task_new (self, qmp_machine_start_async, cancellable, callback, user_data));
}

/**
 * qmp_machine_start_finish:
 * @self: a machine
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Machine.start_async] began.
 *
 * Fails as [method@Qmp.Connection.cont_finish] does.
 *
 * Returns: whether it was done
 *
 * Since: 0.1
 */
gboolean
qmp_machine_start_finish (QmpMachine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_MACHINE (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_machine_start_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * qmp_machine_start:
 * @self: a machine
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @error: return location
 *
 * Lets the machine run, by `cont`: one that was started with `-S`, was paused,
 * or stands still after an error.
 * Blocks until it does.
 *
 * Fails as [method@Qmp.Machine.start_finish] does.
 *
 * Returns: whether it was done
 *
 * Since: 0.1
 */
gboolean
qmp_machine_start (QmpMachine *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_MACHINE (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  if (!qmp_connection_cont (qmp_machine_get_connection (self), cancellable, error))
    return FALSE;
  qmp_machine_settle_blocking (self, cancellable);
  return TRUE;
}

static void
on_pause (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (qmp_connection_stop_finish (QMP_CONNECTION (source), result, &error))
    qmp_machine_settle (g_task_get_source_object (task), task);
  else
    g_task_return_error (task, error);
}

/**
 * qmp_machine_pause_async:
 * @self: a machine
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Makes the machine stand still, by `stop`.
 *
 * Since: 0.1
 */
void
qmp_machine_pause_async (QmpMachine *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (QMP_IS_MACHINE (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  qmp_connection_stop_async (qmp_machine_get_connection (self), cancellable, on_pause,
                             wire_task_new (self, qmp_machine_pause_async, cancellable, callback, user_data));
}

/**
 * qmp_machine_pause_finish:
 * @self: a machine
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Machine.pause_async] began.
 *
 * Fails as [method@Qmp.Connection.stop_finish] does.
 *
 * Returns: whether it was done
 *
 * Since: 0.1
 */
gboolean
qmp_machine_pause_finish (QmpMachine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_MACHINE (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_machine_pause_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * qmp_machine_pause:
 * @self: a machine
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @error: return location
 *
 * Makes the machine stand still, by `stop`, and blocks until it
 * has.
 *
 * Fails as [method@Qmp.Machine.pause_finish] does.
 *
 * Returns: whether it was done
 *
 * Since: 0.1
 */
gboolean
qmp_machine_pause (QmpMachine *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_MACHINE (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  if (!qmp_connection_stop (qmp_machine_get_connection (self), cancellable, error))
    return FALSE;
  qmp_machine_settle_blocking (self, cancellable);
  return TRUE;
}

static void
on_reset (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (qmp_connection_system_reset_finish (QMP_CONNECTION (source), result, &error))
    qmp_machine_settle (g_task_get_source_object (task), task);
  else
    g_task_return_error (task, error);
}

/**
 * qmp_machine_reset_async:
 * @self: a machine
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Resets the machine, by `system_reset`, as its button would.
 *
 * Since: 0.1
 */
void
qmp_machine_reset_async (QmpMachine *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (QMP_IS_MACHINE (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  qmp_connection_system_reset_async (qmp_machine_get_connection (self), cancellable, on_reset,
                                     wire_task_new (self, qmp_machine_reset_async, cancellable, callback, user_data));
}

/**
 * qmp_machine_reset_finish:
 * @self: a machine
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Machine.reset_async] began.
 *
 * Fails as [method@Qmp.Connection.system_reset_finish] does.
 *
 * Returns: whether it was done
 *
 * Since: 0.1
 */
gboolean
qmp_machine_reset_finish (QmpMachine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_MACHINE (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_machine_reset_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * qmp_machine_reset:
 * @self: a machine
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @error: return location
 *
 * Resets the machine, by `system_reset`, as its button would, and blocks until it
 * has.
 *
 * Fails as [method@Qmp.Machine.reset_finish] does.
 *
 * Returns: whether it was done
 *
 * Since: 0.1
 */
gboolean
qmp_machine_reset (QmpMachine *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_MACHINE (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  if (!qmp_connection_system_reset (qmp_machine_get_connection (self), cancellable, error))
    return FALSE;
  qmp_machine_settle_blocking (self, cancellable);
  return TRUE;
}

/* --- its end --------------------------------------------------------------------------------- */

/**
 * qmp_machine_kill:
 * @self: a machine
 *
 * Ends QEMU's process at once, by `SIGKILL`. The guest loses what it has not
 * written. Does nothing to a machine that was attached to, or has ended.
 *
 * Since: 0.1
 */
void
qmp_machine_kill (QmpMachine *self)
{
  g_return_if_fail (QMP_IS_MACHINE (self));
  if (qmp_machine_get_child (self) != NULL)
    qmp_child_send_signal (qmp_machine_get_child (self), SIGKILL);
}

static void
on_child_gone (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  gboolean gone = qmp_child_wait_finish (result, &error);

  wire_task_return_boolean (task, gone, error);
}

/* Events that nobody sends: the stream tells the connection's end. */
static QmpEventStream *
watch_end (QmpMachine *self)
{
  static const char *const names[] = { "the end", NULL };
  QmpEventStream *stream = qmp_connection_watch_events (qmp_machine_get_connection (self), names, 1);

  qmp_event_stream_set_timeout (stream, G_MAXINT);
  return stream;
}

/* Whatever has ended the connection: it is the machine's end. */
static gboolean
read_end (GError *error, GError **cancelled)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_error (&error);
      return TRUE;
    }
  g_propagate_error (cancelled, error);
  return FALSE;
}

static void
on_connection_gone (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL, *cancelled = NULL;
  gboolean gone;

  qmp_event_stream_next_finish (QMP_EVENT_STREAM (source), result, &error);
  gone = read_end (error, &cancelled);
  wire_task_return_boolean (task, gone, cancelled);
}

static void
start_waiting (QmpMachine *self, GTask *task)
{
  g_autoptr (QmpEventStream) stream = NULL;

  if (qmp_machine_get_child (self) != NULL)
    {
      qmp_child_wait_async (qmp_machine_get_child (self), g_task_get_cancellable (task), on_child_gone, task);
      return;
    }
  stream = watch_end (self);
  qmp_event_stream_next_async (stream, g_task_get_cancellable (task), on_connection_gone, task);
}

/**
 * qmp_machine_wait_async:
 * @self: a machine
 * @cancellable: (nullable): ends the wait; the machine goes on
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Waits for the machine's end: that of QEMU's process, of one that was launched;
 * that of the connection, of one that was attached to.
 *
 * Since: 0.1
 */
void
qmp_machine_wait_async (QmpMachine *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (QMP_IS_MACHINE (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  start_waiting (self, wire_task_new (self, qmp_machine_wait_async, cancellable, callback, user_data));
}

/**
 * qmp_machine_wait_finish:
 * @self: a machine
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Machine.wait_async] began.
 *
 * Fails with %G_IO_ERROR_CANCELLED.
 *
 * Returns: whether it has ended
 *
 * Since: 0.1
 */
gboolean
qmp_machine_wait_finish (QmpMachine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_MACHINE (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_machine_wait_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * qmp_machine_wait:
 * @self: a machine
 * @cancellable: (nullable): ends the wait; the machine goes on
 * @error: return location
 *
 * Blocks until the machine has ended: QEMU's process, of one that was launched;
 * the connection, of one that was attached to.
 *
 * Fails as [method@Qmp.Machine.wait_finish] does.
 *
 * Returns: whether it has ended
 *
 * Since: 0.1
 */
gboolean
qmp_machine_wait (QmpMachine *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_MACHINE (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  if (qmp_machine_get_child (self) == NULL)
    {
      g_autoptr (QmpEventStream) stream = watch_end (self);
      GError *end = NULL;

      qmp_event_stream_next (stream, cancellable, &end);
      return read_end (end, error);
    }
  return qmp_child_wait (qmp_machine_get_child (self), G_MAXINT64, cancellable) ||
         !g_cancellable_set_error_if_cancelled (cancellable, error);
}

/* --- its channels ------------------------------------------------------------------------------ */

static GSocketConnectable *
find_channel (const char *address, const char *what, GError **error)
{
  if (address != NULL)
    return G_SOCKET_CONNECTABLE (g_unix_socket_address_new (address + strlen ("unix:")));
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "The machine was launched without a channel for %s", what);
  return NULL;
}

static GIOStream *
open_channel (const char *address, const char *what, GCancellable *cancellable, GError **error)
{
  g_autoptr (GSocketConnectable) channel = find_channel (address, what, error);
  g_autoptr (GSocketClient) client = g_socket_client_new ();

  return channel != NULL ? (GIOStream *) g_socket_client_connect (client, channel, cancellable, error) : NULL;
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  GSocketConnection *stream = g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);

  if (stream != NULL)
    g_task_return_pointer (task, stream, g_object_unref);
  else
    g_task_return_error (task, error);
}

/* Takes the task. */
static void
open_channel_async (const char *address, const char *what, GTask *task)
{
  GError *error = NULL;
  g_autoptr (GSocketConnectable) channel = find_channel (address, what, &error);
  g_autoptr (GSocketClient) client = g_socket_client_new ();

  if (channel != NULL)
    {
      g_socket_client_connect_async (client, channel, g_task_get_cancellable (task), on_connected, task);
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

/**
 * qmp_machine_open_agent_async:
 * @self: a machine
 * @cancellable: (nullable): ends the wait; nothing is left open
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Opens the channel to the guest agent: the stream is for a guest agent library.
 * QEMU serves one at a time; a second waits until the first is closed.
 *
 * Since: 0.1
 */
void
qmp_machine_open_agent_async (QmpMachine *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (QMP_IS_MACHINE (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  open_channel_async (qmp_machine_get_agent_address (self), "the guest agent",
                      wire_task_new (self, qmp_machine_open_agent_async, cancellable, callback, user_data));
}

/**
 * qmp_machine_open_agent_finish:
 * @self: a machine
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Machine.open_agent_async] began.
 *
 * Fails with %G_IO_ERROR_NOT_SUPPORTED when the machine was launched without this
 * channel, or was attached to; with %G_IO_ERROR_CANCELLED; and with other codes
 * of [error@Gio.IOErrorEnum] when it cannot be opened.
 *
 * Returns: (transfer full): the stream
 *
 * Since: 0.1
 */
GIOStream *
qmp_machine_open_agent_finish (QmpMachine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_MACHINE (self), NULL);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_machine_open_agent_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * qmp_machine_open_agent:
 * @self: a machine
 * @cancellable: (nullable): ends the wait; nothing is left open
 * @error: return location
 *
 * Opens the channel to the guest agent: the stream is for a guest agent library.
 * QEMU serves one at a time; a second waits until the first is closed.
 *
 * Blocks until it is open.
 *
 * Fails as [method@Qmp.Machine.open_agent_finish] does.
 *
 * Returns: (transfer full): the stream
 *
 * Since: 0.1
 */
GIOStream *
qmp_machine_open_agent (QmpMachine *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_MACHINE (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  return open_channel (qmp_machine_get_agent_address (self), "the guest agent", cancellable, error);
}

/**
 * qmp_machine_open_console_async:
 * @self: a machine
 * @cancellable: (nullable): ends the wait; nothing is left open
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Opens the serial console: what the guest writes from now on can be read, and
 * what is written is typed. QEMU serves one at a time.
 *
 * Since: 0.1
 */
void
qmp_machine_open_console_async (QmpMachine *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (QMP_IS_MACHINE (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  open_channel_async (qmp_machine_get_console_address (self), "the console",
                      wire_task_new (self, qmp_machine_open_console_async, cancellable, callback, user_data));
}

/**
 * qmp_machine_open_console_finish:
 * @self: a machine
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Machine.open_console_async] began.
 *
 * Fails with %G_IO_ERROR_NOT_SUPPORTED when the machine was launched without this
 * channel, or was attached to; with %G_IO_ERROR_CANCELLED; and with other codes
 * of [error@Gio.IOErrorEnum] when it cannot be opened.
 *
 * Returns: (transfer full): the stream
 *
 * Since: 0.1
 */
GIOStream *
qmp_machine_open_console_finish (QmpMachine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_MACHINE (self), NULL);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_machine_open_console_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * qmp_machine_open_console:
 * @self: a machine
 * @cancellable: (nullable): ends the wait; nothing is left open
 * @error: return location
 *
 * Opens the serial console: what the guest writes from now on can be read, and
 * what is written is typed. QEMU serves one at a time.
 *
 * Blocks until it is open.
 *
 * Fails as [method@Qmp.Machine.open_console_finish] does.
 *
 * Returns: (transfer full): the stream
 *
 * Since: 0.1
 */
GIOStream *
qmp_machine_open_console (QmpMachine *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_MACHINE (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  return open_channel (qmp_machine_get_console_address (self), "the console", cancellable, error);
}
