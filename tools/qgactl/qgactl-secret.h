/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qgactl.h"

G_BEGIN_DECLS

/* A secret that is not to be seen by others: never an argument. From a file or
 * an open descriptor, if given (NULL, -1); or else from the terminal, without
 * an echo and twice; or from standard input, if that is none. It is wiped when
 * it is freed. */
GBytes *qgactl_read_secret (ToolApp *app, const char *prompt, const char *file, int fd, GError **error);

G_END_DECLS
