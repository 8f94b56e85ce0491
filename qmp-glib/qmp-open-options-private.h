/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-open-options.h"

G_BEGIN_DECLS

gint64 qmp_open_options_begin (QmpOpenOptions *self);

G_END_DECLS
