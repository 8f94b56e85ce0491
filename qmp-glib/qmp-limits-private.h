/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-limits.h"

G_BEGIN_DECLS

QmpLimits *qmp_limits_copy (QmpLimits *self);

G_END_DECLS
