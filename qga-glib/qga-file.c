/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-file.h"

#include "qga-enum-types.h"
#include "qga-file-input-stream-private.h"
#include "qga-file-operation-private.h"
#include "qga-file-output-stream-private.h"
#include "wire/wire-task.h"

/**
 * QgaFile:
 *
 * An open file of the guest.
 *
 * It begins with [func@Qga.File.open_async] (`guest-file-open`), and is a
 * [class@Gio.IOStream]: its bytes are read from
 * [property@Gio.IOStream:input-stream] (`guest-file-read`) and written to
 * [property@Gio.IOStream:output-stream] (`guest-file-write`,
 * `guest-file-flush`).
 *
 * ```c
 * g_autoptr (QgaFile) file = qga_file_open (agent, "/etc/os-release", QGA_FILE_MODE_READ, NULL, &error);
 * GInputStream *input = file != NULL ? g_io_stream_get_input_stream (G_IO_STREAM (file)) : NULL;
 * g_autoptr (GBytes) bytes = input != NULL ? g_input_stream_read_bytes (input, 4096, NULL, &error) : NULL;
 * ```
 *
 * ## Its ends
 *
 * Both ends are always there; the one that [enum@Qga.FileMode] does not have
 * fails with %G_IO_ERROR_NOT_SUPPORTED. The asynchronous forms of what they do
 * run without threads. At most 64 KiB are read or written at once: use
 * [method@Gio.InputStream.read_all_async] and
 * [method@Gio.OutputStream.write_all_async] for more. A write is written as a
 * whole, or fails. The guest itself may keep what was written for a while, and
 * only when it is flushed or closed say that its disk is full: mind the
 * outcome of both.
 *
 * A file that is open for nothing but reading, and is read in pieces of 64 KiB
 * or more, is read ahead by one piece: the guest is at the next one while the
 * last one is being used. What was read in vain is read again, so that files
 * which have no places, such as pipes, are never read ahead.
 *
 * The file and both of its ends are [iface@Gio.Seekable] (`guest-file-seek`),
 * and share one position. Each end, and the file, does one thing at a time;
 * the ends can be at work at the same time, and then it is not defined which
 * of them moves the position first. A read, write or seek that was given up,
 * or whose reply made no sense, leaves the position where the last good one
 * brought it: the next one goes back there first, which only fails in files
 * that have no places, such as pipes. What a write that was given up has
 * written stays written. In a mode that appends, a write moves the position to
 * the end of the file. The agent cannot change a file's size.
 *
 * ## Its end
 *
 * The file is closed (`guest-file-close`) with
 * [method@Gio.IOStream.close_async], or when all ends that it has were closed,
 * each by itself. It goes on in the guest even if that is cancelled: the agent
 * is told as soon as it listens. A file that is dropped is closed as well, as
 * long as its connection lives, but nobody learns then of what was lost. An
 * end does not keep its file.
 *
 * After a restart of the agent whatever is done with the file fails with
 * %QGA_ERROR_AGENT_RESTARTED. It never reads or changes another file that was
 * given the same number.
 *
 * Whatever does not make sense in the agent's words, such as a count that is
 * not that of the bytes that came with it, fails with %QGA_ERROR_PROTOCOL.
 * What the guest says is in its file is a claim all the same.
 *
 * Since: 0.1
 */
struct _QgaFile
{
  GIOStream parent_instance;
  QgaFileHandle *handle;
  GInputStream *input;
  GOutputStream *output;
};

static void seekable_init (GSeekableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (QgaFile, qga_file, G_TYPE_IO_STREAM, G_IMPLEMENT_INTERFACE (G_TYPE_SEEKABLE, seekable_init))

enum
{
  PROP_CONNECTION = 1,
  PROP_PATH,
  PROP_MODE,
  PROP_HANDLE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* --- life ------------------------------------------------------------------------------ */

static void
qga_file_dispose (GObject *object)
{
  QgaFile *self = QGA_FILE (object);

  /* the parent would close it, and block */
  if (self->handle != NULL)
    qga_file_handle_abandon (self->handle);
  G_OBJECT_CLASS (qga_file_parent_class)->dispose (object);
}

static void
qga_file_finalize (GObject *object)
{
  QgaFile *self = QGA_FILE (object);

  g_clear_object (&self->input);
  g_clear_object (&self->output);
  g_clear_pointer (&self->handle, qga_file_handle_unref);
  G_OBJECT_CLASS (qga_file_parent_class)->finalize (object);
}

static void
qga_file_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QgaFile *self = QGA_FILE (object);

  switch (id)
    {
    case PROP_CONNECTION:
      g_value_set_object (value, qga_file_get_connection (self));
      break;
    case PROP_PATH:
      g_value_set_string (value, qga_file_get_path (self));
      break;
    case PROP_MODE:
      g_value_set_enum (value, qga_file_get_mode (self));
      break;
    case PROP_HANDLE:
      g_value_set_int64 (value, qga_file_get_handle (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static GInputStream *
get_input_stream (GIOStream *stream)
{
  return QGA_FILE (stream)->input;
}

static GOutputStream *
get_output_stream (GIOStream *stream)
{
  return QGA_FILE (stream)->output;
}

/* --- opening ---------------------------------------------------------------------------- */

static gboolean
check_path (const char *path, GError **error)
{
  if (g_utf8_validate (path, -1, NULL))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       "guest-file-open: the path is not UTF-8, and cannot be sent");
  return FALSE;
}

static QgaFile *
new_file (QgaConnection *connection, const char *path, QgaFileMode mode, const QgaReply *reply)
{
  QgaFile *self = g_object_new (QGA_TYPE_FILE, NULL);

  self->handle = qga_file_handle_new (connection, path, mode, reply);
  self->input = qga_file_input_stream_new (self->handle);
  self->output = qga_file_output_stream_new (self->handle);
  return self;
}

typedef struct
{
  char *path;
  QgaFileMode mode;
} Opening;

static void
free_opening (gpointer data)
{
  Opening *opening = data;

  g_free (opening->path);
  g_free (opening);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  const Opening *opening = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (QgaReply) reply = g_task_propagate_pointer (G_TASK (result), &error);

  if (reply != NULL)
    g_task_return_pointer (task, new_file (QGA_CONNECTION (source), opening->path, opening->mode, reply), g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * qga_file_open_async:
 * @connection: a connection
 * @path: the file's path in the guest
 * @mode: what to open it for
 * @cancellable: (nullable): gives up; the guest may open the file, and then
 *   closes it again, but in a mode that empties or makes it has done so
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Opens a file of the guest (`guest-file-open`), as the user that the agent
 * runs as: mostly root.
 *
 * Opening a pipe to which nobody else holds the other end keeps the whole
 * agent waiting.
 *
 * ```js
 * const file = await Qga.File.open_async(agent, '/etc/os-release', Qga.FileMode.READ);
 * ```
 *
 * Since: 0.1
 */
void
qga_file_open_async (QgaConnection *connection, const char *path, QgaFileMode mode, GCancellable *cancellable,
                     GAsyncReadyCallback callback, gpointer user_data)
{
  GError *error = NULL;
  Opening *opening;
  QgaOrder order;
  GTask *task;

  g_return_if_fail (QGA_IS_CONNECTION (connection));
  g_return_if_fail (path != NULL);
  g_return_if_fail (mode >= QGA_FILE_MODE_READ && mode <= QGA_FILE_MODE_APPEND_READ);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (NULL, qga_file_open_async, cancellable, callback, user_data);
  if (!check_path (path, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  opening = g_new (Opening, 1);
  *opening = (Opening) { g_strdup (path), mode };
  g_task_set_task_data (task, opening, free_opening);
  order = qga_file_handle_order_opening (path, mode);
  qga_connection_order_async (connection, &order,
                              wire_task_new (connection, qga_file_open_async, cancellable, on_opened, task));
}

/**
 * qga_file_open_finish:
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [func@Qga.File.open_async] began.
 *
 * Fails with %QGA_ERROR_GENERIC when the guest cannot open the file; with
 * %G_IO_ERROR_INVALID_ARGUMENT when the path is not UTF-8; and as
 * [method@Qga.Connection.execute_finish] does.
 *
 * Returns: (transfer full): the file
 *
 * Since: 0.1
 */
QgaFile *
qga_file_open_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (wire_task_is_result (NULL, result, qga_file_open_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * qga_file_open:
 * @connection: a connection
 * @path: the file's path in the guest
 * @mode: what to open it for
 * @cancellable: (nullable): gives up, as in [func@Qga.File.open_async]
 * @error: return location
 *
 * Opens a file of the guest, and blocks until it is open. See
 * [func@Qga.File.open_async].
 *
 * Fails as [func@Qga.File.open_finish] does.
 *
 * Returns: (transfer full): the file
 *
 * Since: 0.1
 */
QgaFile *
qga_file_open (QgaConnection *connection, const char *path, QgaFileMode mode, GCancellable *cancellable, GError **error)
{
  g_autoptr (QgaReply) reply = NULL;
  QgaOrder order;

  g_return_val_if_fail (QGA_IS_CONNECTION (connection), NULL);
  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (mode >= QGA_FILE_MODE_READ && mode <= QGA_FILE_MODE_APPEND_READ, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  if (!check_path (path, error))
    return NULL;
  order = qga_file_handle_order_opening (path, mode);
  reply = qga_connection_order (connection, &order, cancellable, error);
  return reply != NULL ? new_file (connection, path, mode, reply) : NULL;
}

/* --- closing ------------------------------------------------------------------------------ */

/* Once the handle is gone there is nothing left for them to do. */
static void
close_ends (QgaFile *self)
{
  g_input_stream_close (self->input, NULL, NULL);
  g_output_stream_close (self->output, NULL, NULL);
}

static gboolean
close_fn (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  QgaFile *self = QGA_FILE (stream);
  QgaFileOperation operation = { .handle = self->handle, .verb = QGA_FILE_CLOSE };
  gboolean closed;

  if (self->handle == NULL)
    return TRUE;
  closed = qga_file_operation_run (&operation, cancellable, error) >= 0;
  close_ends (self);
  return closed;
}

static void
close_async (GIOStream *stream, int priority, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  QgaFile *self = QGA_FILE (stream);
  QgaFileOperation operation = { .handle = self->handle, .verb = QGA_FILE_CLOSE };

  qga_file_operation_start (&operation, stream, close_async, priority, cancellable, callback, user_data);
  close_ends (self);
}

static gboolean
close_finish (GIOStream *stream, GAsyncResult *result, GError **error)
{
  return qga_file_operation_finish (stream, result, close_async, error) >= 0;
}

/* --- seeking ------------------------------------------------------------------------------- */

static goffset
tell (GSeekable *seekable)
{
  return qga_file_handle_tell (QGA_FILE (seekable)->handle);
}

static gboolean
seek (GSeekable *seekable, goffset offset, GSeekType type, GCancellable *cancellable, GError **error)
{
  QgaFileOperation operation = { .handle = QGA_FILE (seekable)->handle, .verb = QGA_FILE_SEEK, .offset = offset, .whence = type };
  gboolean sought;

  if (!g_io_stream_set_pending (G_IO_STREAM (seekable), error))
    return FALSE;
  sought = qga_file_operation_run (&operation, cancellable, error) >= 0;
  g_io_stream_clear_pending (G_IO_STREAM (seekable));
  return sought;
}

static void
seekable_init (GSeekableIface *iface)
{
  iface->tell = tell;
  iface->can_seek = qga_file_can_seek;
  iface->seek = seek;
  iface->can_truncate = qga_file_can_truncate;
  iface->truncate_fn = qga_file_truncate;
}

static void
on_sought (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  gboolean sought = qga_file_operation_finish (source, result, on_sought, &error) >= 0;

  g_io_stream_clear_pending (G_IO_STREAM (source));
  if (sought)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * qga_file_seek_async:
 * @self: a file
 * @offset: bytes, from @type; may be beyond the end
 * @type: from where
 * @cancellable: (nullable): ends the wait; the position is where it was then
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Moves the position in the file (`guest-file-seek`): what
 * [method@Gio.Seekable.seek] does, without blocking.
 * [method@Gio.Seekable.tell] says then where it is: seeking to the end tells a
 * file's size, as far as the guest can be believed.
 *
 * Since: 0.1
 */
void
qga_file_seek_async (QgaFile *self, goffset offset, GSeekType type, GCancellable *cancellable, GAsyncReadyCallback callback,
                     gpointer user_data)
{
  QgaFileOperation operation = { .verb = QGA_FILE_SEEK, .offset = offset, .whence = type };
  GError *error = NULL;
  GTask *task;

  g_return_if_fail (QGA_IS_FILE (self));
  g_return_if_fail (type == G_SEEK_CUR || type == G_SEEK_SET || type == G_SEEK_END);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (self, qga_file_seek_async, cancellable, callback, user_data);
  if (!g_io_stream_set_pending (G_IO_STREAM (self), &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  operation.handle = self->handle;
  qga_file_operation_start (&operation, self, on_sought, G_PRIORITY_DEFAULT, cancellable, on_sought, task);
}

/**
 * qga_file_seek_finish:
 * @self: a file
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qga.File.seek_async] began.
 *
 * Fails with %QGA_ERROR_GENERIC when the guest cannot seek there, or not in
 * such a file; with %G_IO_ERROR_INVALID_ARGUMENT for a place before the first
 * byte; with %QGA_ERROR_PROTOCOL when the agent does not say where it is;
 * with %QGA_ERROR_AGENT_RESTARTED after a restart of the agent; with
 * %G_IO_ERROR_CLOSED when the file is closed; with %G_IO_ERROR_PENDING while
 * the file is being closed or sought in already; and as
 * [method@Qga.Connection.execute_finish] does.
 *
 * Returns: whether the position was moved
 *
 * Since: 0.1
 */
gboolean
qga_file_seek_finish (QgaFile *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QGA_IS_FILE (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qga_file_seek_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- what it is ---------------------------------------------------------------------------- */

/**
 * qga_file_get_connection: (get-property connection)
 * @self: a file
 *
 * Gets the connection it was opened with, which it keeps alive.
 *
 * Returns: (transfer none): the connection
 *
 * Since: 0.1
 */
QgaConnection *
qga_file_get_connection (QgaFile *self)
{
  g_return_val_if_fail (QGA_IS_FILE (self), NULL);
  return self->handle->connection;
}

/**
 * qga_file_get_path: (get-property path)
 * @self: a file
 *
 * Gets the path that it was opened with.
 *
 * Returns: (transfer none): the path in the guest
 *
 * Since: 0.1
 */
const char *
qga_file_get_path (QgaFile *self)
{
  g_return_val_if_fail (QGA_IS_FILE (self), NULL);
  return self->handle->path;
}

/**
 * qga_file_get_mode: (get-property mode)
 * @self: a file
 *
 * Gets what it was opened for.
 *
 * Returns: the mode
 *
 * Since: 0.1
 */
QgaFileMode
qga_file_get_mode (QgaFile *self)
{
  g_return_val_if_fail (QGA_IS_FILE (self), QGA_FILE_MODE_READ);
  return self->handle->mode;
}

/**
 * qga_file_get_handle: (get-property handle)
 * @self: a file
 *
 * Gets the number that the agent gave the open file, for commands that this
 * library has no function for. Close it by this object alone.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
gint64
qga_file_get_handle (QgaFile *self)
{
  g_return_val_if_fail (QGA_IS_FILE (self), -1);
  return self->handle->number;
}

static void
install_properties (GObjectClass *object_class)
{
  GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  /**
   * QgaFile:connection: (getter get_connection)
   *
   * The connection it was opened with.
   *
   * Since: 0.1
   */
  properties[PROP_CONNECTION] = g_param_spec_object ("connection", NULL, NULL, QGA_TYPE_CONNECTION, readable);
  /**
   * QgaFile:path: (getter get_path)
   *
   * The path in the guest that it was opened with.
   *
   * Since: 0.1
   */
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, readable);
  /**
   * QgaFile:mode: (getter get_mode)
   *
   * What it was opened for.
   *
   * Since: 0.1
   */
  properties[PROP_MODE] = g_param_spec_enum ("mode", NULL, NULL, QGA_TYPE_FILE_MODE, QGA_FILE_MODE_READ, readable);
  /**
   * QgaFile:handle: (getter get_handle)
   *
   * The number that the agent gave the open file.
   *
   * Since: 0.1
   */
  properties[PROP_HANDLE] = g_param_spec_int64 ("handle", NULL, NULL, G_MININT64, G_MAXINT64, 0, readable);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
qga_file_class_init (QgaFileClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GIOStreamClass *stream_class = G_IO_STREAM_CLASS (class);

  object_class->dispose = qga_file_dispose;
  object_class->finalize = qga_file_finalize;
  object_class->get_property = qga_file_get_property;
  stream_class->get_input_stream = get_input_stream;
  stream_class->get_output_stream = get_output_stream;
  stream_class->close_fn = close_fn;
  stream_class->close_async = close_async;
  stream_class->close_finish = close_finish;
  install_properties (object_class);
}

static void
qga_file_init (G_GNUC_UNUSED QgaFile *self)
{
}
