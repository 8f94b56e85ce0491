/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tool-app.h"

G_BEGIN_DECLS

/* What a shell asks when somebody presses the Tab key, by
 *
 *   qmpctl --complete WORD…
 *
 * with the words so far, of which the last may be empty. A line is printed for
 * each word that it can become: the word, a tab, and what it is. None means
 * that it may be anything, as a file's name. */

void tool_complete_verbs (const char *beginning, const ToolDescription *description);
void tool_complete_options (const char *beginning, const GOptionEntry *entries);

/* The words after the verb. */
void tool_complete_argument (const ToolVerb *verb, const char *const *words);

G_END_DECLS
