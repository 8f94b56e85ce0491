/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The name that somebody may have meant: candidates are shown one by one, and
 * the first of the nearest is kept, if any is near enough. */

#define QMP_SCHEMA_LONGEST_NEAR 48u

typedef struct
{
  const char *wanted;
  gsize length;
  guint distance;    /* what a candidate must stay below */
  const char *found; /* or NULL */
} QmpSchemaNear;

void qmp_schema_near_init (QmpSchemaNear *self, const char *wanted);
void qmp_schema_near_consider (QmpSchemaNear *self, const char *candidate);

G_END_DECLS
