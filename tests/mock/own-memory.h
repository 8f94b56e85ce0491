/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Looks for secrets in all memory of this process that can be written to, but
 * for its stacks. What to look for is given in a disguise, with each of its
 * bytes changed, so that the search does not find itself. */

guint own_memory_count (const char *disguised);
void own_memory_undisguise (const char *disguised, char *text);
void own_memory_forget (char *text);

G_END_DECLS
