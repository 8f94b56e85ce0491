/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-schema.h"

G_BEGIN_DECLS

/* The one schema of a connection, and the load of it that callers share. */

typedef struct _QmpSchemaLoader QmpSchemaLoader;

QmpSchemaLoader *qmp_schema_loader_new (void);
void qmp_schema_loader_free (QmpSchemaLoader *self);

G_END_DECLS
