/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Base64 as in RFC 4648, section 4: padded, without line breaks, and nothing
 * else. GLib's decoder skips what it does not know, and so reads something out
 * of any text; and takes several times as long. */

/* How many bytes a text that is base64 stands for; of any other, no more than length / 4 * 3. */
gsize wire_base64_decoded_size (const char *text, gsize length);

/* There must be room for as many bytes as the text stands for. FALSE: that is no base64, and
 * what is in there now means nothing. */
gboolean wire_base64_decode (const char *text, gsize length, guint8 *out, gsize *n_out);

/* There must be room for (length + 2) / 3 * 4 characters, which is how many
 * there will be. No NUL follows them. */
gsize wire_base64_encode (const guint8 *bytes, gsize length, char *out);

G_END_DECLS
