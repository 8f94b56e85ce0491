/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmpctl.h"

G_BEGIN_DECLS

/* What the disks of a machine have of snapshots. */
typedef struct
{
  char *node;
  gboolean keeps;      /* its format can keep snapshots */
  gboolean writable;
  QmpValue *snapshots; /* (nullable) */
} QmpctlImage;

/* (transfer full) (element-type QmpctlImage) */
GPtrArray *qmpctl_list_images (ToolApp *app, QmpConnection *connection, GError **error);

/* (transfer full) (nullable): what the image tells of the one with that name. */
QmpValue *qmpctl_find_snapshot (QmpctlImage *image, const char *tag);

/* [{"tag": …, "nodes": […]}, …] */
void qmpctl_write_snapshots (ToolWriter *writer, GPtrArray *images);

G_END_DECLS
