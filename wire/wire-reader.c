/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire-reader.h"

#include "wire-pool.h"
#include "wire-text.h"

#include <string.h>

#define FIRST_ROOM ((gsize) 4096)
#define BUSY_ROOM ((gsize) 32 * 1024)

/* Room for large messages is kept as long as they keep coming. */
#define KEPT_ROOM ((gsize) 512 * 1024)
#define KEPT_VALUES (32u * 1024)
#define FEW_VALUES 64u
#define QUIET_RESTS 16u

/* A message larger than this is given away with its buffer, not copied. */
#define LARGE ((gsize) 32 * 1024)

void
wire_reader_init (WireReader *reader, const WireLimits *limits)
{
  *reader = (WireReader) { 0 };
  wire_scanner_init (&reader->scanner, limits);
  reader->scanner.padded = TRUE;
}

void
wire_reader_clear (WireReader *reader)
{
  wire_scanner_clear (&reader->scanner);
  g_clear_pointer (&reader->bytes, g_free);
  reader->capacity = reader->start = reader->end = 0;
}

/* --- room ------------------------------------------------------------------ */

static gboolean
use_kept_block (WireReader *reader, gsize capacity)
{
  gsize size;
  char *block = wire_pool_take_large (capacity + WIRE_PADDING, &size);

  if (block == NULL)
    return FALSE;
  if (reader->end > 0)
    memcpy (block, reader->bytes, reader->end);
  g_free (reader->bytes);
  reader->bytes = block;
  reader->capacity = size - WIRE_PADDING;
  return TRUE;
}

static void
resize (WireReader *reader, gsize capacity)
{
  if (reader->start > 0)
    memmove (reader->bytes, reader->bytes + reader->start, reader->end - reader->start);
  reader->end -= reader->start;
  reader->start = 0;
  if (capacity == reader->capacity)
    return;
  if (capacity >= WIRE_POOL_LARGE && use_kept_block (reader, capacity))
    return;
  /* large blocks are moved by the kernel, page by page, not copied */
  reader->bytes = g_realloc (reader->bytes, capacity + WIRE_PADDING);
  reader->capacity = capacity;
}

/**
 * wire_reader_room:
 * @reader: a reader
 * @room: (out): how many bytes may be put there
 *
 * Gives the place for the next bytes. All whole messages must have been
 * taken, so what is in the buffer is one unfinished message, and the limit
 * on its size bounds the buffer.
 */
char *
wire_reader_room (WireReader *reader, gsize *room)
{
  gsize used = reader->end - reader->start;

  if (used == 0)
    reader->start = reader->end = 0;
  if (used == 0 && reader->announced > reader->capacity)
    resize (reader, reader->announced);
  else if (reader->bytes == NULL)
    resize (reader, FIRST_ROOM);
  else if (reader->capacity - reader->end < reader->capacity / 4)
    resize (reader, used > reader->capacity / 2 ? MAX (reader->capacity * 2, reader->expected) : reader->capacity);
  *room = reader->capacity - reader->end;
  return reader->bytes + reader->end;
}

void
wire_reader_add (WireReader *reader, gsize n_bytes)
{
  gboolean filled = n_bytes == reader->capacity - reader->end;

  reader->end += n_bytes;
  /* a peer in full flow: fewer, larger reads */
  if (filled && reader->capacity < BUSY_ROOM)
    resize (reader, MIN (reader->capacity * 4, BUSY_ROOM));
}

static void
shrink (WireReader *reader)
{
  g_clear_pointer (&reader->bytes, g_free);
  reader->capacity = 0;
  reader->expected = 0;
  reader->scanner.expected = 0;
  wire_scanner_clear (&reader->scanner);
}

/**
 * wire_reader_rest:
 *
 * Called whenever all whole messages were taken. Gives memory back that large
 * messages needed, once only small ones come.
 */
void
wire_reader_rest (WireReader *reader)
{
  gsize used = reader->end;

  if (reader->end != reader->start || reader->in_hand)
    return;
  reader->start = reader->end = 0;
  if (reader->capacity <= FIRST_ROOM && reader->scanner.capacity <= FEW_VALUES && reader->expected == 0)
    return;
  reader->quiet_rests = used > FIRST_ROOM ? 0 : reader->quiet_rests + 1;
  if (reader->quiet_rests >= QUIET_RESTS || reader->capacity > KEPT_ROOM || reader->scanner.capacity > KEPT_VALUES)
    shrink (reader);
}

/* --- messages --------------------------------------------------------------- */

static inline gboolean
is_space (char c)
{
  return c == '\n' || c == '\r' || c == ' ' || c == '\t';
}

static void
begin_message (WireReader *reader)
{
  if (reader->in_hand)
    {
      reader->start += reader->scanner.at;
      reader->in_hand = FALSE;
      wire_scanner_reset (&reader->scanner);
    }
  if (reader->scanner.at > 0)
    return;
  while (reader->start < reader->end && is_space (reader->bytes[reader->start]))
    reader->start++;
}

/* FALSE while the line's end has not come. */
static gboolean
skip_line (WireReader *reader)
{
  while (reader->start < reader->end)
    {
      guint8 byte = (guint8) reader->bytes[reader->start];

      if (byte == 0xff || byte == '\n')
        {
          reader->skipping = FALSE;
          return TRUE;
        }
      reader->start++;
    }
  return FALSE;
}

WireReadResult
wire_reader_next (WireReader *reader, WireView *view)
{
  const char *text;

  if (reader->skipping && !skip_line (reader))
    return WIRE_READ_MORE;
  begin_message (reader);
  if (reader->start == reader->end)
    return WIRE_READ_MORE;
  text = reader->bytes + reader->start;
  if (reader->scanner.at == 0 && (guint8) *text == 0xff)
    {
      reader->start++;
      return WIRE_READ_SENTINEL;
    }
  memset (reader->bytes + reader->end, 0, WIRE_PADDING);
  switch (wire_scanner_scan (&reader->scanner, text, reader->end - reader->start))
    {
    case WIRE_SCAN_MORE:
      return WIRE_READ_MORE;
    case WIRE_SCAN_FAULT:
      return WIRE_READ_FAULT;
    case WIRE_SCAN_MESSAGE:
    default:
      reader->in_hand = TRUE;
      reader->announced = 0;
      *view = (WireView) { text, reader->scanner.at, reader->scanner.values,
                           reader->scanner.n_values, reader->scanner.taint };
      return WIRE_READ_MESSAGE;
    }
}

static WireDocument *
give_away (WireReader *reader, const WireView *view)
{
  gsize rest = reader->end - reader->start - view->length;
  gsize size = reader->capacity + WIRE_PADDING;
  char *bytes = g_steal_pointer (&reader->bytes);
  gsize size_of_values = reader->scanner.capacity * sizeof (WireValue);
  WireDocument *document;
  guint n_values;

  reader->expected = MIN (view->length + view->length / 4, KEPT_ROOM);
  reader->scanner.expected = MIN (view->n_values + 16, KEPT_VALUES);
  if (rest > 0)
    {
      reader->capacity = MAX (FIRST_ROOM, rest);
      reader->bytes = g_memdup2 (bytes + reader->start + view->length, rest);
      reader->bytes = g_realloc (reader->bytes, reader->capacity + WIRE_PADDING);
    }
  else
    reader->capacity = 0;
  reader->start = 0;
  reader->end = rest;
  document = wire_document_new_take (view, bytes, size, wire_scanner_steal_values (&reader->scanner, &n_values),
                                     size_of_values);
  reader->in_hand = FALSE;
  wire_scanner_reset (&reader->scanner);
  return document;
}

/**
 * wire_reader_keep:
 * @reader: a reader
 * @view: the message in hand
 *
 * Makes a document of the message in hand; the view ends with it.
 */
WireDocument *
wire_reader_keep (WireReader *reader, const WireView *view)
{
  if (view->length < LARGE || view->text != reader->bytes + reader->start || reader->start > LARGE)
    return wire_document_new_copy (view);
  return give_away (reader, view);
}

/**
 * wire_reader_skip_line:
 *
 * Drops what is half there or was found at fault, and what follows it: the
 * rest of the line, or up to a byte 0xFF. Nothing of it is kept.
 */
void
wire_reader_skip_line (WireReader *reader)
{
  reader->start += reader->scanner.at;
  reader->in_hand = FALSE;
  reader->skipping = TRUE;
  wire_scanner_reset (&reader->scanner);
}

/* The next message is to be so large at most: unless that is very much, there is
 * room for it from its first byte on. */
void
wire_reader_announce (WireReader *reader, gsize n_bytes)
{
  reader->announced = n_bytes <= KEPT_ROOM ? n_bytes : 0;
}

/* How large a message may be, from the one on that is read just now. */
void
wire_reader_set_max_bytes (WireReader *reader, gsize max_bytes)
{
  reader->scanner.limits.max_bytes = max_bytes;
}

/* Whether anything is left behind the message in hand. */
gboolean
wire_reader_has_more (const WireReader *reader)
{
  return reader->end - reader->start > (reader->in_hand ? reader->scanner.at : 0);
}

gboolean
wire_reader_in_message (const WireReader *reader)
{
  return !reader->in_hand && reader->end > reader->start;
}

/* Says what is wrong, where, and what stands there. */
char *
wire_reader_describe_fault (const WireReader *reader)
{
  const WireScanner *scanner = &reader->scanner;
  gsize most = reader->end - reader->start;
  gsize from = scanner->at > 24 ? scanner->at - 24 : 0;
  g_autofree char *near = wire_text_for_people (reader->bytes + reader->start + from, most - from, 60);

  return g_strdup_printf ("%s, at byte %" G_GSIZE_FORMAT " of a message, near “%s”",
                          scanner->reason, scanner->at, near);
}
