/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "wire-transport.h"

G_BEGIN_DECLS

/* What waits to be written. Plain text gathers in one buffer; text with a
 * file descriptor or a secret gets a segment of its own, so that the one is
 * sent with its first byte and the other is wiped after its last. */

typedef struct _WireSegment WireSegment;

typedef struct
{
  WireSegment *first;
  WireSegment *last;
  gsize waiting;      /* bytes */
  guint64 queued;     /* bytes, ever */
  guint64 sent;       /* bytes, ever */
} WireOut;

typedef enum
{
  WIRE_OUT_EMPTY,
  WIRE_OUT_BLOCKED,
  WIRE_OUT_FAILED,
} WireOutResult;

void wire_out_clear (WireOut *out);
char *wire_out_reserve (WireOut *out, gsize room);
void wire_out_commit (WireOut *out, gsize length);
const char *wire_out_peek (const WireOut *out);
void wire_out_add (WireOut *out, const char *text, gsize length);
void wire_out_add_special (WireOut *out, const char *text, gsize length, int fd, gboolean sensitive);
WireOutResult wire_out_flush (WireOut *out, WireTransport *transport, GError **error);

G_END_DECLS
