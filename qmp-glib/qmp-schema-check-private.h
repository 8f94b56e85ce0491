/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-schema-index-private.h"

G_BEGIN_DECLS

gboolean qmp_schema_check_value (const QmpSchemaIndex *index, const char *who, guint type, gboolean takes_anything,
                                 const WireView *view, guint value, GError **error);
gboolean qmp_schema_refuse_name (const char *name, const char *what, GArray *calls, GError **error);

G_END_DECLS
