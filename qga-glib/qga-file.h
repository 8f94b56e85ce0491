/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QGA_GLIB_INSIDE) && !defined (QGA_GLIB_COMPILATION)
#error "Only <qga-glib/qga-glib.h> can be included directly."
#endif

#include <gio/gio.h>
#include <qga-glib/qga-connection.h>

G_BEGIN_DECLS

/**
 * QgaFileMode:
 * @QGA_FILE_MODE_READ: read what is there; `rb`
 * @QGA_FILE_MODE_WRITE: write, from nothing: a file that exists is emptied,
 *   one that does not is made; `wb`
 * @QGA_FILE_MODE_APPEND: write at the end; a file that does not exist is
 *   made; `ab`
 * @QGA_FILE_MODE_READ_WRITE: read and change what is there; `r+b`
 * @QGA_FILE_MODE_WRITE_READ: write, from nothing, and read; `w+b`
 * @QGA_FILE_MODE_APPEND_READ: read, and write at the end; `a+b`
 *
 * What a file of the guest is opened for. Bytes are always what they are: no
 * guest changes the ends of lines.
 *
 * Since: 0.1
 */
typedef enum
{
  QGA_FILE_MODE_READ,
  QGA_FILE_MODE_WRITE,
  QGA_FILE_MODE_APPEND,
  QGA_FILE_MODE_READ_WRITE,
  QGA_FILE_MODE_WRITE_READ,
  QGA_FILE_MODE_APPEND_READ,
} QgaFileMode;

#define QGA_TYPE_FILE (qga_file_get_type ())

QGA_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QgaFile, qga_file, QGA, FILE, GIOStream)

QGA_AVAILABLE_IN_0_1
void qga_file_open_async (QgaConnection *connection,
                          const char *path,
                          QgaFileMode mode,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
QGA_AVAILABLE_IN_0_1
QgaFile *qga_file_open_finish (GAsyncResult *result, GError **error);
QGA_AVAILABLE_IN_0_1
QgaFile *qga_file_open (QgaConnection *connection,
                        const char *path,
                        QgaFileMode mode,
                        GCancellable *cancellable,
                        GError **error);

QGA_AVAILABLE_IN_0_1
void qga_file_seek_async (QgaFile *self,
                          goffset offset,
                          GSeekType type,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
QGA_AVAILABLE_IN_0_1
gboolean qga_file_seek_finish (QgaFile *self, GAsyncResult *result, GError **error);

QGA_AVAILABLE_IN_0_1
QgaConnection *qga_file_get_connection (QgaFile *self);
QGA_AVAILABLE_IN_0_1
const char *qga_file_get_path (QgaFile *self);
QGA_AVAILABLE_IN_0_1
QgaFileMode qga_file_get_mode (QgaFile *self);
QGA_AVAILABLE_IN_0_1
gint64 qga_file_get_handle (QgaFile *self);

G_END_DECLS
