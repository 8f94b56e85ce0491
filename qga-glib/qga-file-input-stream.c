/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-file-input-stream-private.h"

#include "qga-file-operation-private.h"

/* The end of a guest's file that is read from. */

struct _QgaFileInputStream
{
  GInputStream parent_instance;
  QgaFileHandle *handle;
};

static void seekable_init (GSeekableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (QgaFileInputStream, qga_file_input_stream, G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_SEEKABLE, seekable_init))

GInputStream *
qga_file_input_stream_new (QgaFileHandle *handle)
{
  QgaFileInputStream *self = g_object_new (QGA_TYPE_FILE_INPUT_STREAM, NULL);

  self->handle = qga_file_handle_ref (handle);
  return G_INPUT_STREAM (self);
}

static void
qga_file_input_stream_finalize (GObject *object)
{
  QgaFileInputStream *self = QGA_FILE_INPUT_STREAM (object);

  qga_file_handle_unref (self->handle);
  G_OBJECT_CLASS (qga_file_input_stream_parent_class)->finalize (object);
}

/* --- reading ----------------------------------------------------------------------- */

static QgaFileOperation
new_read (GInputStream *stream, void *buffer, gsize count)
{
  QgaFileHandle *handle = QGA_FILE_INPUT_STREAM (stream)->handle;

  return (QgaFileOperation) { .handle = handle, .verb = QGA_FILE_READ, .to = buffer, .size = MIN (count, QGA_FILE_CHUNK) };
}

static gssize
read_fn (GInputStream *stream, void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  QgaFileOperation operation = new_read (stream, buffer, count);

  return qga_file_operation_run (&operation, cancellable, error);
}

static void
read_async (GInputStream *stream, void *buffer, gsize count, int priority, GCancellable *cancellable,
            GAsyncReadyCallback callback, gpointer user_data)
{
  QgaFileOperation operation = new_read (stream, buffer, count);

  qga_file_operation_start (&operation, stream, read_async, priority, cancellable, callback, user_data);
}

static gssize
read_finish (GInputStream *stream, GAsyncResult *result, GError **error)
{
  return qga_file_operation_finish (stream, result, read_async, error);
}

/* --- closing ------------------------------------------------------------------------ */

static QgaFileOperation
new_close (GInputStream *stream)
{
  QgaFileHandle *handle = QGA_FILE_INPUT_STREAM (stream)->handle;
  gboolean last = qga_file_handle_close_end (handle, QGA_FILE_INPUT);

  return (QgaFileOperation) { .handle = handle, .verb = last ? QGA_FILE_CLOSE : QGA_FILE_NOTHING };
}

static gboolean
close_fn (GInputStream *stream, GCancellable *cancellable, GError **error)
{
  QgaFileOperation operation = new_close (stream);

  return qga_file_operation_run (&operation, cancellable, error) >= 0;
}

static void
close_async (GInputStream *stream, int priority, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  QgaFileOperation operation = new_close (stream);

  qga_file_operation_start (&operation, stream, close_async, priority, cancellable, callback, user_data);
}

static gboolean
close_finish (GInputStream *stream, GAsyncResult *result, GError **error)
{
  return qga_file_operation_finish (stream, result, close_async, error) >= 0;
}

/* --- seeking ------------------------------------------------------------------------- */

static goffset
tell (GSeekable *seekable)
{
  return qga_file_handle_tell (QGA_FILE_INPUT_STREAM (seekable)->handle);
}

static gboolean
seek (GSeekable *seekable, goffset offset, GSeekType type, GCancellable *cancellable, GError **error)
{
  QgaFileOperation operation = { .handle = QGA_FILE_INPUT_STREAM (seekable)->handle, .verb = QGA_FILE_SEEK,
                                 .offset = offset, .whence = type };
  gboolean sought;

  if (!g_input_stream_set_pending (G_INPUT_STREAM (seekable), error))
    return FALSE;
  sought = qga_file_operation_run (&operation, cancellable, error) >= 0;
  g_input_stream_clear_pending (G_INPUT_STREAM (seekable));
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
qga_file_input_stream_class_init (QgaFileInputStreamClass *class)
{
  GInputStreamClass *stream_class = G_INPUT_STREAM_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = qga_file_input_stream_finalize;
  stream_class->read_fn = read_fn;
  stream_class->read_async = read_async;
  stream_class->read_finish = read_finish;
  stream_class->close_fn = close_fn;
  stream_class->close_async = close_async;
  stream_class->close_finish = close_finish;
}

static void
qga_file_input_stream_init (G_GNUC_UNUSED QgaFileInputStream *self)
{
}
