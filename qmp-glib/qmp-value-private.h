/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-value.h"
#include "wire/wire-document.h"

G_BEGIN_DECLS

QmpValue *qmp_value_new (WireDocument *document, guint value);
const WireView *qmp_value_get_view (QmpValue *self, guint *value);

G_END_DECLS
