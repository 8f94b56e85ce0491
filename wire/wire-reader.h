/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "wire-document.h"

G_BEGIN_DECLS

/* Bytes as they come, cut into messages. Room grows by doubling while a
 * message asks for it, and goes back when the peer is quiet. */

typedef enum
{
  WIRE_READ_MORE,      /* nothing whole is left */
  WIRE_READ_MESSAGE,   /* the view holds one, until the next call */
  WIRE_READ_SENTINEL,  /* a byte 0xFF stood between two messages */
  WIRE_READ_FAULT,     /* what comes is not a message; see wire_reader_describe_fault() */
} WireReadResult;

typedef struct
{
  WireScanner scanner;
  char *bytes;
  gsize capacity;
  gsize start;      /* of the message that is being read */
  gsize end;        /* of what has come */
  gboolean skipping; /* the rest of a line, see wire_reader_skip_line() */
  gboolean in_hand; /* the view of the last message is still lent out */
  gsize expected;   /* bytes of the last large message: another may follow */
  gsize announced;  /* bytes of the next message at most, as was told in advance */
  guint quiet_rests;
} WireReader;

void wire_reader_init (WireReader *reader, const WireLimits *limits);
void wire_reader_clear (WireReader *reader);

char *wire_reader_room (WireReader *reader, gsize *room);
void wire_reader_add (WireReader *reader, gsize n_bytes);
WireReadResult wire_reader_next (WireReader *reader, WireView *view);
WireDocument *wire_reader_keep (WireReader *reader, const WireView *view);
void wire_reader_rest (WireReader *reader);
void wire_reader_skip_line (WireReader *reader);
void wire_reader_announce (WireReader *reader, gsize n_bytes);
void wire_reader_set_max_bytes (WireReader *reader, gsize max_bytes);

gboolean wire_reader_has_more (const WireReader *reader);
gboolean wire_reader_in_message (const WireReader *reader);
char *wire_reader_describe_fault (const WireReader *reader);

G_END_DECLS
