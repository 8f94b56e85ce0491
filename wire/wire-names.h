/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "wire-scanner.h"

G_BEGIN_DECLS

/* Names that stand twice in one object: QEMU sends none, and programs differ
 * on which of the two counts, so such a message is refused. Each name has a
 * signature, kept in its value's `next`. */

/* Of more members than that, names are sorted, not compared in pairs. */
#define WIRE_FEW_MEMBERS 16u

guint32 wire_names_sign (const char *text, gsize length, gboolean escaped);
gboolean wire_names_differ (const char *text, const WireValue *values, guint object);

static inline guint32
wire_names_mix (guint64 head, gsize length)
{
  return (guint32) ((head ^ length << 56) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) >> 32);
}

static inline guint
wire_names_next (const WireValue *values, guint key)
{
  const WireValue *value = &values[key + 1];

  return value->type >= WIRE_ARRAY ? value->next : key + 2;
}

/* Mostly a glance is enough: each name sets a bit, and no two set the same. */
static inline gboolean
wire_names_look_different (const WireValue *values, guint object, guint n_keys)
{
  guint64 seen = 0;

  for (guint i = 0, key = object + 1; i < n_keys; i++, key = wire_names_next (values, key))
    {
      guint64 bit = G_GUINT64_CONSTANT (1) << (values[key].next >> 26);

      if (seen & bit)
        return FALSE;
      seen |= bit;
    }
  return TRUE;
}

G_END_DECLS
