/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qga-file-handle-private.h"

G_BEGIN_DECLS

/* What is done with an open file: one thing, for which the agent may have to
 * be asked more than once. */

/* Agents are quickest with pieces of this size, by far with a single core. */
#define QGA_FILE_CHUNK ((gsize) 64 * 1024)

typedef enum
{
  QGA_FILE_READ,
  QGA_FILE_WRITE,
  QGA_FILE_SEEK,
  QGA_FILE_FLUSH,
  QGA_FILE_CLOSE,
  QGA_FILE_NOTHING,
} QgaFileVerb;

typedef struct
{
  QgaFileHandle *handle;
  QgaFileVerb verb;
  guint8 *to;          /* read */
  const guint8 *from;  /* write */
  gsize size;          /* of either: a chunk at most */
  goffset offset;      /* seek */
  GSeekType whence;

  /* how far it has come */
  gsize done;
  guint n_empty;       /* reads in a row that found nothing */
  gboolean seeking;    /* what is being asked for only comes before it */
} QgaFileOperation;

/* How many bytes were read or written; -1: failed. */
gssize qga_file_operation_run (QgaFileOperation *operation, GCancellable *cancellable, GError **error);
void qga_file_operation_start (const QgaFileOperation *operation, gpointer source, gpointer tag, int priority,
                               GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gssize qga_file_operation_finish (gpointer source, GAsyncResult *result, gpointer tag, GError **error);

/* For GSeekable: the agent cannot change a file's size. */
gboolean qga_file_can_seek (GSeekable *seekable);
gboolean qga_file_can_truncate (GSeekable *seekable);
gboolean qga_file_truncate (GSeekable *seekable, goffset size, GCancellable *cancellable, GError **error);

/* Closes it, and nobody waits for that. */
void qga_file_handle_abandon (QgaFileHandle *handle);

G_END_DECLS
