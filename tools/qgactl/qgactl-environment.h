/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qgactl.h"

G_BEGIN_DECLS

/* K=V texts added to the environment that the agent has itself, where its
 * system tells that (Linux does); or by themselves, if `alone`. */
char **qgactl_make_environment (ToolApp *app, QgaConnection *connection, const char *const *added, gboolean alone, GError **error);

G_END_DECLS
