/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The text of JSON strings and numbers, after the scanner accepted them, and
 * peer's text made safe for people. */

gsize wire_text_decode (const char *text, gsize length, char *out);
char *wire_text_decode_dup (const char *text, gsize length, gboolean escaped);
gboolean wire_text_equal (const char *text, gsize length, gboolean escaped, const char *plain, gsize plain_length);

gboolean wire_text_fits_int64 (const char *text, gsize length, gint64 *value);
gboolean wire_text_fits_uint64 (const char *text, gsize length, guint64 *value);
gboolean wire_text_fits_double (const char *text, gsize length, double *value);

char *wire_text_for_people (const char *text, gsize length, gsize most);

G_END_DECLS
