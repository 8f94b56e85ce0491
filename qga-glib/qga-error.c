/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-error.h"

/**
 * qga_error_quark:
 *
 * Names the error domain [error@Qga.Error].
 *
 * Returns: the domain
 *
 * Since: 0.1
 */
G_DEFINE_QUARK (qga-error-quark, qga_error)
