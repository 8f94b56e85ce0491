/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <qmp-glib/qmp-glib.h>

G_BEGIN_DECLS

/* What agents can do, in the form in which QEMU tells it: made at build time
 * of the descriptions, since agents themselves do not tell. */
QmpSchema *qgactl_schema_new (void);

G_END_DECLS
