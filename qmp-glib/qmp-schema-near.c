/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-schema-near-private.h"

#include <string.h>

void
qmp_schema_near_init (QmpSchemaNear *self, const char *wanted)
{
  self->wanted = wanted;
  self->length = strlen (wanted);
  /* one slip in four letters, and three of them at most */
  self->distance = (guint) MIN ((self->length + 2) / 4, 3) + 1;
  self->found = NULL;
}

static guint
least (guint a, guint b, guint c)
{
  return MIN (MIN (a, b), c);
}

/* How many letters must be added, taken away, changed or swapped with their
 * neighbour; or `most` when it takes that many or more. */
static guint
measure (const char *a, gsize a_length, const char *b, gsize b_length, guint most)
{
  guint rows[3][QMP_SCHEMA_LONGEST_NEAR + 1];
  guint *before = rows[0], *last = rows[1], *row = rows[2];

  for (guint k = 0; k <= b_length; k++)
    last[k] = k;
  for (guint i = 1; i <= a_length; i++)
    {
      guint *oldest = before, nearest = row[0] = i;

      for (guint k = 1; k <= b_length; k++)
        {
          row[k] = least (last[k] + 1, row[k - 1] + 1, last[k - 1] + (a[i - 1] != b[k - 1]));
          if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
            row[k] = MIN (row[k], before[k - 2] + 1);
          nearest = MIN (nearest, row[k]);
        }
      if (nearest >= most)
        return most;
      before = last;
      last = row;
      row = oldest;
    }
  return MIN (last[b_length], most);
}

void
qmp_schema_near_consider (QmpSchemaNear *self, const char *candidate)
{
  gsize length = strnlen (candidate, QMP_SCHEMA_LONGEST_NEAR + 1);
  guint distance;

  if (length > QMP_SCHEMA_LONGEST_NEAR || self->length > QMP_SCHEMA_LONGEST_NEAR ||
      MAX (length, self->length) - MIN (length, self->length) >= self->distance)
    return;
  distance = measure (self->wanted, self->length, candidate, length, self->distance);
  if (distance >= self->distance)
    return;
  self->distance = distance;
  self->found = candidate;
}
