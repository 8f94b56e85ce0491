/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "typed/typed.h"

G_BEGIN_DECLS

/* One good value, and everything that can be made wrong about it, one thing at
 * a time. What must come of it is told from the tables by rules of our own. */

typedef struct
{
  const char *name;         /* as errors begin: "query-block: return", "STOP", "ImageInfo: " */
  const WireMember *member;
  char *json;               /* compact */
} Seed;

typedef struct
{
  guint64 n_cases;
  guint64 n_refused;
  guint64 n_read;
  guint64 n_walked;         /* values that were asked for */
} MutationCount;

void mutate_all (const Seed *seed, MutationCount *count);

/* Values made up from the tables: each has every member. The choice tells
 * which branch of a union, which alternative, and so on, inside too. */
char *sample_make (const WireMember *member, guint choice);
guint sample_count_choices (const WireShape *shape);

/* A value without what repeats itself: of elements that look the same, one is
 * left. The signature tells what it looks like. */
char *sample_reduce (const WireMember *member, const WireView *view, guint place, char **signature);

G_END_DECLS
