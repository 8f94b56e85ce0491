/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdarg.h>

#include "wire-struct.h"

G_BEGIN_DECLS

/* What a typed call is made of: a table that says what a command takes and
 * gives, and the two ways through it. */

typedef struct
{
  const char *name;
  const WireMember *positional;  /* what callers give one by one */
  guint8 n_positional;
  gboolean has_result : 1;
  gboolean secret : 1;
  gboolean passes_fd : 1;
  gboolean unanswered : 1;       /* when it succeeds */
  WireMember result;
} WireCommand;

/* An event, and the shape of what it carries. */
typedef struct
{
  const char *name;
  const WireShape *shape;
} WireEventShape;

/* What was given one by one, in the order of the table, each as C passes it:
 * lists of strings as one pointer, all others as a pointer and a gsize. The
 * rest is an object, or NULL. Gives NULL, without an error, for no arguments. */
char *wire_command_write_arguments (const WireCommand *command, gpointer rest, va_list *positional, gsize *length,
                                    GError **error);

gboolean wire_command_read_result (const WireCommand *command, WireDocument *document, guint place, GQuark domain, int code,
                                   WireSlot *result, GError **error);

/* The result goes into the task, and out of it: as a pointer; as TRUE, of a
 * command without one; or as an integer. */
void wire_command_return (const WireCommand *command, GTask *task, WireSlot result);
gint64 wire_command_finish_integer (GTask *task, GError **error);

const WireEventShape *wire_event_shape_find (const WireEventShape *events, guint n_events, const char *name);

G_END_DECLS
