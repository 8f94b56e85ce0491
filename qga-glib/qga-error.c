/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-error.h"

G_DEFINE_QUARK (qga-error-quark, qga_error)
