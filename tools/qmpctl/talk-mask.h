/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <qmp-glib/qmp-glib.h>

G_BEGIN_DECLS

/* What stands for a secret. */
#define TALK_MASK "***"

/* Arguments as JSON text without secrets: passwords, data of secret objects,
 * what a monitor's command line says of them, passwords in URLs. Members are
 * in order, so that equal arguments are equal text. */
char *talk_mask (const char *command, QmpValue *arguments);

/* Whether arguments are what was recorded, where a mask is anything. */
gboolean talk_matches (QmpValue *recorded, QmpValue *given);

G_END_DECLS
