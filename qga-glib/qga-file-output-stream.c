/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-file-output-stream-private.h"

#include "qga-file-operation-private.h"

/* The end of a guest's file that is written to. */

struct _QgaFileOutputStream
{
  GOutputStream parent_instance;
  QgaFileHandle *handle;
};

static void seekable_init (GSeekableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (QgaFileOutputStream, qga_file_output_stream, G_TYPE_OUTPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_SEEKABLE, seekable_init))

GOutputStream *
qga_file_output_stream_new (QgaFileHandle *handle)
{
  QgaFileOutputStream *self = g_object_new (QGA_TYPE_FILE_OUTPUT_STREAM, NULL);

  self->handle = qga_file_handle_ref (handle);
  return G_OUTPUT_STREAM (self);
}

static void
qga_file_output_stream_finalize (GObject *object)
{
  QgaFileOutputStream *self = QGA_FILE_OUTPUT_STREAM (object);

  qga_file_handle_unref (self->handle);
  G_OBJECT_CLASS (qga_file_output_stream_parent_class)->finalize (object);
}

/* --- writing ----------------------------------------------------------------------- */

static QgaFileOperation
new_write (GOutputStream *stream, const void *buffer, gsize count)
{
  QgaFileHandle *handle = QGA_FILE_OUTPUT_STREAM (stream)->handle;

  return (QgaFileOperation) { .handle = handle, .verb = QGA_FILE_WRITE, .from = buffer, .size = MIN (count, QGA_FILE_CHUNK) };
}

static gssize
write_fn (GOutputStream *stream, const void *buffer, gsize count, GCancellable *cancellable, GError **error)
{
  QgaFileOperation operation = new_write (stream, buffer, count);

  return qga_file_operation_run (&operation, cancellable, error);
}

static void
write_async (GOutputStream *stream, const void *buffer, gsize count, int priority, GCancellable *cancellable,
             GAsyncReadyCallback callback, gpointer user_data)
{
  QgaFileOperation operation = new_write (stream, buffer, count);

  qga_file_operation_start (&operation, stream, write_async, priority, cancellable, callback, user_data);
}

static gssize
write_finish (GOutputStream *stream, GAsyncResult *result, GError **error)
{
  return qga_file_operation_finish (stream, result, write_async, error);
}

static gboolean
flush (GOutputStream *stream, GCancellable *cancellable, GError **error)
{
  QgaFileOperation operation = { .handle = QGA_FILE_OUTPUT_STREAM (stream)->handle, .verb = QGA_FILE_FLUSH };

  return qga_file_operation_run (&operation, cancellable, error) >= 0;
}

static void
flush_async (GOutputStream *stream, int priority, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  QgaFileOperation operation = { .handle = QGA_FILE_OUTPUT_STREAM (stream)->handle, .verb = QGA_FILE_FLUSH };

  qga_file_operation_start (&operation, stream, flush_async, priority, cancellable, callback, user_data);
}

static gboolean
flush_finish (GOutputStream *stream, GAsyncResult *result, GError **error)
{
  return qga_file_operation_finish (stream, result, flush_async, error) >= 0;
}

/* --- closing ------------------------------------------------------------------------ */

static QgaFileOperation
new_close (GOutputStream *stream)
{
  QgaFileHandle *handle = QGA_FILE_OUTPUT_STREAM (stream)->handle;
  gboolean last = qga_file_handle_close_end (handle, QGA_FILE_OUTPUT);

  return (QgaFileOperation) { .handle = handle, .verb = last ? QGA_FILE_CLOSE : QGA_FILE_NOTHING };
}

static gboolean
close_fn (GOutputStream *stream, GCancellable *cancellable, GError **error)
{
  QgaFileOperation operation = new_close (stream);

  return qga_file_operation_run (&operation, cancellable, error) >= 0;
}

static void
close_async (GOutputStream *stream, int priority, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  QgaFileOperation operation = new_close (stream);

  qga_file_operation_start (&operation, stream, close_async, priority, cancellable, callback, user_data);
}

static gboolean
close_finish (GOutputStream *stream, GAsyncResult *result, GError **error)
{
  return qga_file_operation_finish (stream, result, close_async, error) >= 0;
}

/* --- seeking ------------------------------------------------------------------------- */

static goffset
tell (GSeekable *seekable)
{
  return qga_file_handle_tell (QGA_FILE_OUTPUT_STREAM (seekable)->handle);
}

static gboolean
seek (GSeekable *seekable, goffset offset, GSeekType type, GCancellable *cancellable, GError **error)
{
  QgaFileOperation operation = { .handle = QGA_FILE_OUTPUT_STREAM (seekable)->handle, .verb = QGA_FILE_SEEK,
                                 .offset = offset, .whence = type };
  gboolean sought;

  if (!g_output_stream_set_pending (G_OUTPUT_STREAM (seekable), error))
    return FALSE;
  sought = qga_file_operation_run (&operation, cancellable, error) >= 0;
  g_output_stream_clear_pending (G_OUTPUT_STREAM (seekable));
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
qga_file_output_stream_class_init (QgaFileOutputStreamClass *class)
{
  GOutputStreamClass *stream_class = G_OUTPUT_STREAM_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = qga_file_output_stream_finalize;
  stream_class->write_fn = write_fn;
  stream_class->write_async = write_async;
  stream_class->write_finish = write_finish;
  stream_class->flush = flush;
  stream_class->flush_async = flush_async;
  stream_class->flush_finish = flush_finish;
  stream_class->close_fn = close_fn;
  stream_class->close_async = close_async;
  stream_class->close_finish = close_finish;
}

static void
qga_file_output_stream_init (G_GNUC_UNUSED QgaFileOutputStream *self)
{
}
