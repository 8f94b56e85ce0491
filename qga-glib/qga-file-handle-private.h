/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qga-connection-private.h"
#include "qga-file.h"

G_BEGIN_DECLS

/* What an open file of the guest and its two ends share: the agent's handle,
 * and one position in the file. */

typedef enum
{
  QGA_FILE_INPUT = 1 << 0,
  QGA_FILE_OUTPUT = 1 << 1,
} QgaFileEnds;

/* Whether what was read for nobody can be read again. */
typedef enum
{
  QGA_PLACES_UNKNOWN,
  QGA_PLACES_FOUND,
  QGA_PLACES_MISSING,
} QgaPlaces;

typedef struct
{
  int references;          /* atomic */
  QgaConnection *connection;
  char *path;
  QgaFileMode mode;
  gint64 number;
  guint generation;        /* of the agent that gave it */
  gboolean speaks_words;   /* or knows where to seek from by number only */

  GMutex lock;
  QgaFileEnds open_ends;   /* of those that the mode has */
  goffset position;
  gboolean position_lost;  /* the agent may be elsewhere: a call was given up */
  gboolean at_end;         /* when appending: that is the file's end */
  gboolean dirty;          /* written, not flushed */
  gboolean closed;

  /* reading ahead */
  guint n_whole;           /* chunks in a row that were read */
  QgaPlaces places;
  QgaAhead *ahead;         /* the read of the next chunk; or NULL */
} QgaFileHandle;

QgaOrder qga_file_handle_order_opening (const char *path, QgaFileMode mode);
QgaFileHandle *qga_file_handle_new (QgaConnection *connection, const char *path, QgaFileMode mode, const QgaReply *reply);
QgaFileHandle *qga_file_handle_ref (QgaFileHandle *self);
void qga_file_handle_unref (QgaFileHandle *self);

QgaFileEnds qga_file_mode_get_ends (QgaFileMode mode);
goffset qga_file_handle_tell (QgaFileHandle *self);

/* Whether all ends are closed now, and so the file is to be. */
gboolean qga_file_handle_close_end (QgaFileHandle *self, QgaFileEnds end);

/* The agent may give its number to another file. */
void qga_file_handle_release (QgaFileHandle *self);

G_END_DECLS
