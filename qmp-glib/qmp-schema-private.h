/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-schema-index-private.h"
#include "qmp-schema.h"

G_BEGIN_DECLS

/* Each takes a reference to the index. */
QmpSchema *qmp_schema_new (QmpSchemaIndex *index);
QmpSchemaType *qmp_schema_type_new (QmpSchemaIndex *index, guint type);
QmpSchemaMember *qmp_schema_member_new (QmpSchemaIndex *index, guint item);

G_END_DECLS
