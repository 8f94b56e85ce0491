/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <qga-glib/qga-glib.h>
#include <stdio.h>

G_BEGIN_DECLS

/* A reply as the agent gave it, as one line of JSON. */
void qgactl_print_object_json (gpointer object);
void qgactl_print_objects_json (GPtrArray *objects);

/* "Label     text"; nothing where there is no text. */
void qgactl_print_field (const char *label, const char *text);

/* What is known in numbers; NULL and so "-" in a table where it is not. */
char *qgactl_format_size (gboolean known, guint64 bytes);

/* A moment as it is here: 2026-11-21 16:50:00 */
char *qgactl_format_time (gint64 seconds);

/* What a guest's command or file says, as it is: but on a terminal, harmless.
 * Pieces may end anywhere; `rest` keeps what is to come with the next one. */
void qgactl_print_bytes (FILE *file, GByteArray *rest, gconstpointer bytes, gsize length, gboolean last);

G_END_DECLS
