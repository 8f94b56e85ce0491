/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qgactl.h"

G_BEGIN_DECLS

/* All of a file, or of standard input for "-", up to `most` bytes. */
GBytes *qgactl_read_input (ToolApp *app, const char *path, gsize most, GError **error);

G_END_DECLS
