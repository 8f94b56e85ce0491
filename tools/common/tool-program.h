/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tool-app.h"

G_BEGIN_DECLS

/* For a verb that is a program of its own, since it needs libraries that the
 * others do not: becomes that program, which has the verb under the same name,
 * with the same address and the same options of every verb. Returns only if
 * that fails, and FALSE. The verb's options have to be read before. */
gboolean tool_program_run (ToolApp *app, const char *program, const char *verb, GError **error);

G_END_DECLS
