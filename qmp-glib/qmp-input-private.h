/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-input.h"

G_BEGIN_DECLS

/* A key or a button that goes down, and up again. */
typedef struct
{
  const char *key;     /* as QEMU names it; NULL for a button */
  const char *button;
  gboolean shift;
} QmpStroke;

/* Reads a text as strokes on a US keyboard. */
GArray *qmp_strokes_new_for_text (const char *text, GError **error);

G_END_DECLS
