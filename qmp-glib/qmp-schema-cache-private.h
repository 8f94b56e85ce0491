/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-schema-index-private.h"
#include "qmp-version.h"

G_BEGIN_DECLS

/* Schemas in files, one for each version and package of QEMU. What is read is
 * judged as if it had come from QEMU; nothing here fails loudly, for who has
 * no file asks QEMU. */

char *qmp_schema_cache_make_name (QmpVersion *version);
QmpSchemaIndex *qmp_schema_cache_read (const char *path, QmpVersion *version, const WireLimits *limits);
void qmp_schema_cache_write (const char *path, QmpVersion *version, const char *json, gsize length);

G_END_DECLS
