/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a program says, line by line on standard error, made harmless. It is
 * read from the beginning, and shown once it is wanted. */
typedef struct _QmpctlWords QmpctlWords;

/* `fd` is what the program writes to, and the caller's to close. */
QmpctlWords *qmpctl_words_new (int *fd, GError **error);
void qmpctl_words_show (QmpctlWords *words);

/* Waits for the last of them, so that whoever writes them has to be gone. */
void qmpctl_words_free (QmpctlWords *words);

G_END_DECLS
