/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "wire-scanner.h"

G_BEGIN_DECLS

/* A second opinion on what a message is: recursive, slow, and written from
 * the grammar alone. */

typedef struct
{
  WireScanResult result;
  WireFault fault;
  gsize at;          /* behind the message, or where it is known to be wrong */
  gboolean tainted;
  guint n_values;
} Opinion;

Opinion oracle_judge (const char *text, gsize length, const WireLimits *limits);

G_END_DECLS
