/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qga-limits.h"

G_BEGIN_DECLS

QgaLimits *qga_limits_copy (QgaLimits *self);

G_END_DECLS
