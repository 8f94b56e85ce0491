/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-connection-private.h"

#include "qga-call-private.h"
#include "qga-open-options-private.h"
#include "wire/wire-dialer.h"

/* Opening: first a stream, then getting in step with the agent over it, and
 * asking what it can do. */

static gint64
get_rest (gint64 deadline)
{
  return deadline == G_MAXINT64 ? G_MAXINT64 : MAX (deadline - g_get_monotonic_time (), 0);
}

static void
fill_dial_options (WireDialOptions *dial, QgaOpenOptions *options, gint64 deadline)
{
  *dial = (WireDialOptions) { .deadline = deadline, .retry = TRUE, .peer = "the guest agent" };
  if (options == NULL)
    return;
  dial->retry = qga_open_options_get_retry (options);
  dial->database = qga_open_options_get_tls_database (options);
  dial->certificate = qga_open_options_get_tls_certificate (options);
  dial->identity = qga_open_options_get_server_identity (options);
}

/* --- getting in step ------------------------------------------------------------------------ */

static QgaConnection *
new_connection (const char *address, QgaOpenOptions *options)
{
  QgaConnection *self = qga_connection_new (options);

  qga_connection_get_session (self)->address = g_strdup (address);
  return self;
}

static gboolean
start (QgaConnection *self, GIOStream *stream, GMainContext *context, GError **error)
{
  QgaSession *session = qga_connection_get_session (self);

  wire_link_set_object (&session->link, G_OBJECT (self));
  return wire_link_start (&session->link, stream, context, error);
}

/* Takes the task, whose data is the connection. */
static void
get_in_step_async (GTask *task, GIOStream *stream, gint64 deadline)
{
  QgaConnection *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (!start (self, stream, g_task_get_context (task), &error))
    {
      g_task_set_task_data (task, NULL, NULL);
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  wire_call_start (&qga_call_new (qga_connection_get_session (self), QGA_CALL_OPENING, task, g_task_get_cancellable (task),
                                  get_rest (deadline))->wire);
}

static QgaConnection *
get_in_step (GIOStream *stream, const char *address, QgaOpenOptions *options, gint64 deadline, GCancellable *cancellable, GError **error)
{
  g_autoptr (QgaConnection) self = new_connection (address, options);
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  QgaCall *call;
  gboolean opened;

  if (!start (self, stream, context, error))
    return NULL;
  call = qga_call_new (qga_connection_get_session (self), QGA_CALL_OPENING, NULL, cancellable, get_rest (deadline));
  opened = qga_call_run (call, error);
  wire_call_unref (&call->wire);
  return opened ? g_steal_pointer (&self) : NULL;
}

static GTask *
new_task (gpointer tag, const char *address, QgaOpenOptions *options, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, new_connection (address, options), g_object_unref);
  return task;
}

static QgaConnection *
finish (GAsyncResult *result, gpointer tag, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == tag, NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- by address ------------------------------------------------------------------------------ */

static void
on_dialled (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  GError *error = NULL;
  g_autoptr (GIOStream) stream = wire_dial_finish (result, &error);
  QgaSession *session = qga_connection_get_session (g_task_get_task_data (task));

  if (stream != NULL)
    {
      get_in_step_async (task, stream, session->open_deadline);
      return;
    }
  g_task_set_task_data (task, NULL, NULL);
  g_task_return_error (task, error);
  g_object_unref (task);
}

/**
 * qga_connection_open_async:
 * @address: where QEMU listens for the agent's clients: `/path`, `unix:/path`,
 *   `tcp:host:port`, `tls:host:port`, `vsock:cid:port`, or `fd:N` for a socket
 *   that is connected already
 * @options: (nullable): how to open it, or %NULL for the defaults
 * @cancellable: (nullable): gives up
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Opens a connection: connects, gets in step with the agent
 * (`guest-sync-delimited`), and asks what it can do (`guest-info`). All of it
 * counts against [property@Qga.OpenOptions:timeout].
 *
 * A guest that still boots has no agent yet: the library asks again until the
 * time is up. What an earlier client left on the line does no harm.
 *
 * The number of `fd:N` stays the caller's; the library works on a duplicate.
 *
 * ```js
 * const agent = await Qga.Connection.open_async('/run/vm/agent.sock');
 * ```
 *
 * Since: 0.1
 */
void
qga_connection_open_async (const char *address, QgaOpenOptions *options, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  gint64 deadline = qga_open_options_begin (options);
  WireDialOptions dial;
  GTask *task;

  g_return_if_fail (address != NULL);
  g_return_if_fail (options == NULL || QGA_IS_OPEN_OPTIONS (options));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = new_task (qga_connection_open_async, address, options, cancellable, callback, user_data);
  qga_connection_get_session (g_task_get_task_data (task))->open_deadline = deadline;
  fill_dial_options (&dial, options, deadline);
  wire_dial_async (address, &dial, cancellable, on_dialled, task);
}

/**
 * qga_connection_open_finish:
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [func@Qga.Connection.open_async] began.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT or %G_IO_ERROR_FILENAME_TOO_LONG
 * when the address is wrong; with what was in the way when the time was up:
 * %G_IO_ERROR_NOT_FOUND when no socket is there, %G_IO_ERROR_CONNECTION_REFUSED
 * when nobody listens, %G_IO_ERROR_BUSY when other clients wait already,
 * %G_IO_ERROR_TIMED_OUT when no agent answered; with %G_IO_ERROR_CANCELLED;
 * with %G_IO_ERROR_CLOSED when the other end closed the connection; with
 * %QGA_ERROR_PROTOCOL when a QMP monitor is there; with
 * [error@Gio.TlsError] when TLS fails; and with other codes of
 * [error@Gio.IOErrorEnum] from the system.
 *
 * Returns: (transfer full): the connection
 *
 * Since: 0.1
 */
QgaConnection *
qga_connection_open_finish (GAsyncResult *result, GError **error)
{
  return finish (result, qga_connection_open_async, error);
}

/**
 * qga_connection_open:
 * @address: where QEMU listens for the agent's clients, as for [func@Qga.Connection.open_async]
 * @options: (nullable): how to open it, or %NULL for the defaults
 * @cancellable: (nullable): gives up
 * @error: return location
 *
 * Opens a connection and blocks until it is open. It belongs to the
 * thread-default main context of the caller, which need not run.
 *
 * Fails as [func@Qga.Connection.open_finish] does.
 *
 * Returns: (transfer full): the connection
 *
 * Since: 0.1
 */
QgaConnection *
qga_connection_open (const char *address, QgaOpenOptions *options, GCancellable *cancellable, GError **error)
{
  gint64 deadline = qga_open_options_begin (options);
  g_autoptr (GIOStream) stream = NULL;
  WireDialOptions dial;

  g_return_val_if_fail (address != NULL, NULL);
  g_return_val_if_fail (options == NULL || QGA_IS_OPEN_OPTIONS (options), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  fill_dial_options (&dial, options, deadline);
  stream = wire_dial (address, &dial, cancellable, error);
  return stream != NULL ? get_in_step (stream, address, options, deadline, cancellable, error) : NULL;
}

/* --- over a stream ------------------------------------------------------------------------------ */

/**
 * qga_connection_open_stream_async:
 * @stream: a stream that leads to the guest agent: a socket, TLS over a
 *   socket, or a pair of pipes
 * @options: (nullable): how to open it, or %NULL for the defaults
 * @cancellable: (nullable): gives up
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Opens a connection over a stream that is there already. The connection takes
 * the stream over: nobody else may read, write or close it any more.
 *
 * Since: 0.1
 */
void
qga_connection_open_stream_async (GIOStream *stream, QgaOpenOptions *options, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (G_IS_IO_STREAM (stream));
  g_return_if_fail (options == NULL || QGA_IS_OPEN_OPTIONS (options));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  get_in_step_async (new_task (qga_connection_open_stream_async, NULL, options, cancellable, callback, user_data), stream,
               qga_open_options_begin (options));
}

/**
 * qga_connection_open_stream_finish:
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [func@Qga.Connection.open_stream_async] began.
 *
 * Fails as [func@Qga.Connection.open_finish] does, and with
 * %G_IO_ERROR_NOT_SUPPORTED for a stream of another kind.
 *
 * Returns: (transfer full): the connection
 *
 * Since: 0.1
 */
QgaConnection *
qga_connection_open_stream_finish (GAsyncResult *result, GError **error)
{
  return finish (result, qga_connection_open_stream_async, error);
}

/**
 * qga_connection_open_stream:
 * @stream: a stream that leads to the guest agent
 * @options: (nullable): how to open it, or %NULL for the defaults
 * @cancellable: (nullable): gives up
 * @error: return location
 *
 * Opens a connection over a stream that is there already, and blocks until
 * it is open.
 *
 * Fails as [func@Qga.Connection.open_stream_finish] does.
 *
 * Returns: (transfer full): the connection
 *
 * Since: 0.1
 */
QgaConnection *
qga_connection_open_stream (GIOStream *stream, QgaOpenOptions *options, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (G_IS_IO_STREAM (stream), NULL);
  g_return_val_if_fail (options == NULL || QGA_IS_OPEN_OPTIONS (options), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  return get_in_step (stream, NULL, options, qga_open_options_begin (options), cancellable, error);
}
