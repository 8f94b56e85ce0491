/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <qmp-glib/qmp-glib.h>

G_BEGIN_DECLS

/* What agents can do, in the form in which QEMU tells it: made at build time
 * of the descriptions, since agents themselves do not tell. */
QmpSchema *qgactl_schema_new (void);

/* A type in words: "list of text", "set|cur|end". */
char *qgactl_schema_describe (QmpSchemaType *type);

/* For completion: names of commands, and then of arguments, as NAME=. */
char **qgactl_schema_suggest (const char *const *words);

G_END_DECLS
