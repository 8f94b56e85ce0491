/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "wire-scanner.h"

G_BEGIN_DECLS

/* Nearly all that comes is plain: names and strings without escapes, short
 * integers, one space after a comma or a colon, all in reach. Such tokens are
 * taken here, with everything in registers; the first one that is not so is
 * left to the scanner's grammar, which knows all cases. Nothing is accepted here
 * that the grammar would not accept.
 *
 * Bytes are looked at before it is known that they are part of the text: so
 * tokens are taken only while enough text follows, or NULs, which end any. */

const char *wire_fast_scan (WireScanner *scanner, const char *text, const char *p, const char *end, gboolean padded);

/* Inside a string: the first byte that may not just be passed over, or one of the
 * last few before the end. */
const char *wire_fast_skip_plain (const char *p, const char *end);

G_END_DECLS
