/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "typed/typed.h"

G_BEGIN_DECLS

/* What the recorded talks say, message by message, to be read as typed values. */

typedef struct
{
  TypedLibrary library;
  gboolean old;                    /* from QEMU 7.2 */
  WireDocument *document;
  const WireCommand *command;      /* NULL: this is an event */
  const char *event;
  guint place;                     /* of what was returned, or of the event's data; 0 for none */
} Recorded;

/* Of those whose command or event no description has, the name goes to
 * strangers, if anybody wants them. */
GPtrArray *recorded_load (const char *path, GHashTable *strangers);
GPtrArray *recorded_list (void);

G_END_DECLS
