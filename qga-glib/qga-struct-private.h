/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qga-struct.h"
#include "wire/wire-struct.h"

G_BEGIN_DECLS

/* For generated types: registered on top of QgaStruct. */
GType qga_struct_register (gsize *type, const WireShape *shape);
gpointer qga_struct_new_from_json (const WireShape *shape, const char *json, GError **error);

G_END_DECLS
