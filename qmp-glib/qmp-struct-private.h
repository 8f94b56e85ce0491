/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-struct.h"
#include "wire/wire-struct.h"

G_BEGIN_DECLS

/* For generated types: registered on top of QmpStruct. */
GType qmp_struct_register (gsize *type, const WireShape *shape);
gpointer qmp_struct_new_from_json (const WireShape *shape, const char *json, GError **error);

G_END_DECLS
