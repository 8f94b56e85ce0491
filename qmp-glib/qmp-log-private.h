/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-call-private.h"

G_BEGIN_DECLS

/* What is told to G_MESSAGES_DEBUG=Qmp: the command's name, its id, sizes and
 * times; never what it carries. */

gboolean qmp_log_is_wanted (void);
void qmp_log_sent (QmpCall *call, gsize size);
void qmp_log_answered (QmpCall *call, const char *outcome, gsize size);
void qmp_log_note (const char *note);

G_END_DECLS
