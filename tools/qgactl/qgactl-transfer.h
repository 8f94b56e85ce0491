/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qgactl.h"

G_BEGIN_DECLS

/* A copy on its way, shown on the terminal. */
typedef struct
{
  char *label;
  gint64 start;
  gint64 shown;      /* when it was, last */
  goffset current;   /* bytes */
} QgactlTransfer;

void qgactl_transfer_begin (QgactlTransfer *transfer, const char *path);
void qgactl_transfer_clear (QgactlTransfer *transfer);

/* A GFileProgressCallback; the transfer is its data. */
void qgactl_transfer_show (goffset current, goffset total, gpointer transfer);

/* {"bytes": N}, if JSON is wanted. */
void qgactl_transfer_end (QgactlTransfer *transfer, ToolApp *app);

/* Adds to the error of a file that is there what can be done about it. */
void qgactl_transfer_explain (GError **error, const char *hint);

/* Where a copy of `source` goes: to `destination`, or into it by its own name
 * if that is a folder; NULL if it has no such name. */
char *qgactl_transfer_target (const char *source, const char *destination, gboolean folder, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QgactlTransfer, qgactl_transfer_clear)

G_END_DECLS
