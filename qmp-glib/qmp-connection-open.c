/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-connection-private.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "qmp-call-private.h"
#include "qmp-open-options-private.h"
#include "wire/wire-dialer.h"

/* Opening: first a stream, then the greeting and the negotiation over it. */

static gint64
get_rest (gint64 deadline)
{
  return deadline == G_MAXINT64 ? G_MAXINT64 : MAX (deadline - g_get_monotonic_time (), 0);
}

static void
fill_dial_options (WireDialOptions *dial, QmpOpenOptions *options, gint64 deadline)
{
  *dial = (WireDialOptions) { .deadline = deadline, .retry = TRUE, .peer = "QEMU" };
  if (options == NULL)
    return;
  dial->retry = qmp_open_options_get_retry (options);
  dial->database = qmp_open_options_get_tls_database (options);
  dial->certificate = qmp_open_options_get_tls_certificate (options);
  dial->identity = qmp_open_options_get_server_identity (options);
}

/* --- greeting and negotiation ------------------------------------------------------------- */

static QmpConnection *
new_connection (const char *address, QmpOpenOptions *options)
{
  QmpConnection *self = qmp_connection_new (options);

  qmp_connection_get_session (self)->address = g_strdup (address);
  return self;
}

static gboolean
start (QmpConnection *self, GIOStream *stream, GMainContext *context, GError **error)
{
  QmpSession *session = qmp_connection_get_session (self);

  wire_link_set_object (&session->link, G_OBJECT (self));
  return wire_link_start (&session->link, stream, context, error);
}

/* Takes the task, whose data is the connection. */
static void
negotiate_async (GTask *task, GIOStream *stream, gint64 deadline)
{
  QmpConnection *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (!start (self, stream, g_task_get_context (task), &error))
    {
      g_task_set_task_data (task, NULL, NULL);
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  qmp_call_start (qmp_call_new (qmp_connection_get_session (self), QMP_CALL_OPENING, task, g_task_get_cancellable (task),
                                get_rest (deadline)));
}

static QmpConnection *
negotiate (GIOStream *stream, const char *address, QmpOpenOptions *options, gint64 deadline, GCancellable *cancellable, GError **error)
{
  g_autoptr (QmpConnection) self = new_connection (address, options);
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  QmpCall *call;
  gboolean opened;

  if (!start (self, stream, context, error))
    return NULL;
  call = qmp_call_new (qmp_connection_get_session (self), QMP_CALL_OPENING, NULL, cancellable, get_rest (deadline));
  opened = qmp_call_run (call, error);
  wire_call_unref (&call->wire);
  return opened ? g_steal_pointer (&self) : NULL;
}

static GTask *
new_task (gpointer tag, const char *address, QmpOpenOptions *options, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, new_connection (address, options), g_object_unref);
  return task;
}

static QmpConnection *
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
  QmpSession *session = qmp_connection_get_session (g_task_get_task_data (task));

  if (stream != NULL)
    {
      negotiate_async (task, stream, session->open_deadline);
      return;
    }
  g_task_set_task_data (task, NULL, NULL);
  g_task_return_error (task, error);
  g_object_unref (task);
}

/**
 * qmp_connection_open_async:
 * @address: where QEMU's monitor listens: `/path`, `unix:/path`,
 *   `tcp:host:port`, `tls:host:port`, `vsock:cid:port`, or `fd:N` for a socket
 *   that is connected already
 * @options: (nullable): how to open it, or %NULL for the defaults
 * @cancellable: (nullable): gives up
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Opens a connection: connects, waits for QEMU's greeting, and negotiates
 * (`qmp_capabilities`). All of it counts against
 * [property@Qmp.OpenOptions:timeout].
 *
 * A QEMU that was just started may not listen yet, and one that has a client
 * does not answer a second: the library tries again until the time is up,
 * unless [property@Qmp.OpenOptions:retry] says otherwise.
 *
 * The number of `fd:N` stays the caller's; the library works on a duplicate.
 *
 * ```js
 * const connection = await Qmp.Connection.open_async('/run/vm/qmp.sock');
 * ```
 *
 * Since: 0.1
 */
void
qmp_connection_open_async (const char *address, QmpOpenOptions *options, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  gint64 deadline = qmp_open_options_begin (options);
  WireDialOptions dial;
  GTask *task;

  g_return_if_fail (address != NULL);
  g_return_if_fail (options == NULL || QMP_IS_OPEN_OPTIONS (options));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = new_task (qmp_connection_open_async, address, options, cancellable, callback, user_data);
  qmp_connection_get_session (g_task_get_task_data (task))->open_deadline = deadline;
  fill_dial_options (&dial, options, deadline);
  wire_dial_async (address, &dial, cancellable, on_dialled, task);
}

/**
 * qmp_connection_open_finish:
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [func@Qmp.Connection.open_async] began.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT or %G_IO_ERROR_FILENAME_TOO_LONG
 * when the address is wrong; with what was in the way when the time was up:
 * %G_IO_ERROR_NOT_FOUND when no socket is there, %G_IO_ERROR_CONNECTION_REFUSED
 * when nobody listens, %G_IO_ERROR_BUSY when other clients wait already,
 * %G_IO_ERROR_TIMED_OUT when no greeting came; with %G_IO_ERROR_CANCELLED;
 * with %G_IO_ERROR_CLOSED when QEMU closed the connection; with
 * %QMP_ERROR_PROTOCOL when something other than a QMP monitor is there; with
 * [error@Qmp.Error] when QEMU refuses the negotiation; with
 * [error@Gio.TlsError] when TLS fails; and with other codes of
 * [error@Gio.IOErrorEnum] from the system.
 *
 * Returns: (transfer full): the connection
 *
 * Since: 0.1
 */
QmpConnection *
qmp_connection_open_finish (GAsyncResult *result, GError **error)
{
  return finish (result, qmp_connection_open_async, error);
}

/**
 * qmp_connection_open:
 * @address: where QEMU's monitor listens, as for [func@Qmp.Connection.open_async]
 * @options: (nullable): how to open it, or %NULL for the defaults
 * @cancellable: (nullable): gives up
 * @error: return location
 *
 * Opens a connection and blocks until it is open. It belongs to the
 * thread-default main context of the caller, which need not run.
 *
 * Fails as [func@Qmp.Connection.open_finish] does.
 *
 * Returns: (transfer full): the connection
 *
 * Since: 0.1
 */
QmpConnection *
qmp_connection_open (const char *address, QmpOpenOptions *options, GCancellable *cancellable, GError **error)
{
  gint64 deadline = qmp_open_options_begin (options);
  g_autoptr (GIOStream) stream = NULL;
  WireDialOptions dial;

  g_return_val_if_fail (address != NULL, NULL);
  g_return_val_if_fail (options == NULL || QMP_IS_OPEN_OPTIONS (options), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  fill_dial_options (&dial, options, deadline);
  stream = wire_dial (address, &dial, cancellable, error);
  return stream != NULL ? negotiate (stream, address, options, deadline, cancellable, error) : NULL;
}

/* --- over a stream ------------------------------------------------------------------------------ */

/* For who has spent some of the time already; ended by the finish of
 * qmp_connection_open_stream_async(). */
void
qmp_connection_open_stream_until_async (GIOStream *stream, QmpOpenOptions *options, gint64 deadline,
                                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  negotiate_async (new_task (qmp_connection_open_stream_async, NULL, options, cancellable, callback, user_data), stream,
                   deadline);
}

QmpConnection *
qmp_connection_open_stream_until (GIOStream *stream, QmpOpenOptions *options, gint64 deadline, GCancellable *cancellable,
                                  GError **error)
{
  return negotiate (stream, NULL, options, deadline, cancellable, error);
}

/**
 * qmp_connection_open_stream_async:
 * @stream: a stream that leads to QEMU's monitor: a socket, TLS over a
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
qmp_connection_open_stream_async (GIOStream *stream, QmpOpenOptions *options, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (G_IS_IO_STREAM (stream));
  g_return_if_fail (options == NULL || QMP_IS_OPEN_OPTIONS (options));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  qmp_connection_open_stream_until_async (stream, options, qmp_open_options_begin (options), cancellable, callback, user_data);
}

/**
 * qmp_connection_open_stream_finish:
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [func@Qmp.Connection.open_stream_async] began.
 *
 * Fails as [func@Qmp.Connection.open_finish] does, and with
 * %G_IO_ERROR_NOT_SUPPORTED for a stream of another kind.
 *
 * Returns: (transfer full): the connection
 *
 * Since: 0.1
 */
QmpConnection *
qmp_connection_open_stream_finish (GAsyncResult *result, GError **error)
{
  return finish (result, qmp_connection_open_stream_async, error);
}

/**
 * qmp_connection_open_stream:
 * @stream: a stream that leads to QEMU's monitor
 * @options: (nullable): how to open it, or %NULL for the defaults
 * @cancellable: (nullable): gives up
 * @error: return location
 *
 * Opens a connection over a stream that is there already, and blocks until
 * it is open.
 *
 * Fails as [func@Qmp.Connection.open_stream_finish] does.
 *
 * Returns: (transfer full): the connection
 *
 * Since: 0.1
 */
QmpConnection *
qmp_connection_open_stream (GIOStream *stream, QmpOpenOptions *options, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (G_IS_IO_STREAM (stream), NULL);
  g_return_val_if_fail (options == NULL || QMP_IS_OPEN_OPTIONS (options), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  return qmp_connection_open_stream_until (stream, options, qmp_open_options_begin (options), cancellable, error);
}

/**
 * qmp_connection_create_socket_pair:
 * @peer_fd: (out): QEMU's end; the caller closes it once QEMU has it
 * @error: return location
 *
 * Makes two sockets that lead to each other: the safest way to a QEMU that
 * one starts oneself, since it has no name that others could connect to.
 *
 * Pass @peer_fd on to the QEMU process and tell it
 * `-chardev socket,id=qmp,fd=N -mon chardev=qmp,mode=control`; then open the
 * stream. Both ends are closed on exec: a launcher passes fds on by itself,
 * as [method@Gio.SubprocessLauncher.take_fd] does.
 *
 * Fails with a code of [error@Gio.IOErrorEnum] when the system has no more
 * sockets.
 *
 * Returns: (transfer full): our end
 *
 * Since: 0.1
 */
GIOStream *
qmp_connection_create_socket_pair (int *peer_fd, GError **error)
{
  GIOStream *stream;
  int fds[2];

  g_return_val_if_fail (peer_fd != NULL, NULL);
  *peer_fd = -1;
  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (code), "Could not make a pair of sockets: %s",
                   g_strerror (code));
      return NULL;
    }
  stream = wire_stream_new_for_fd (fds[0], error);
  if (stream != NULL)
    *peer_fd = fds[1];
  else
    close (fds[1]);
  return stream;
}
