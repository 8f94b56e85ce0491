/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qga-open-options.h"

G_BEGIN_DECLS

gint64 qga_open_options_begin (QgaOpenOptions *self);

G_END_DECLS
