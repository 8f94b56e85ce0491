/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qga-call-private.h"

G_BEGIN_DECLS

/* What is told to G_MESSAGES_DEBUG=Qga: the command's name, its id, sizes and
 * times; never what it carries. */

gboolean qga_log_is_wanted (void);
void qga_log_sent (QgaCall *call, gsize size);
void qga_log_answered (QgaCall *call, const char *outcome, gsize size);
void qga_log_note (const char *note);

G_END_DECLS
