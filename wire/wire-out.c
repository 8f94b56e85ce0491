/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire-out.h"

#include <string.h>
#include <unistd.h>

struct _WireSegment
{
  WireSegment *next;
  char *bytes;
  gsize start;
  gsize end;
  gsize capacity;
  int fd;              /* ours; -1 for none, or once sent */
  gboolean special;    /* takes no more text */
  gboolean sensitive;
};

#define FIRST_CAPACITY ((gsize) 256)
#define KEPT_CAPACITY ((gsize) 4096)

/* What was sent of a segment stays in it until all of it is: so one that may
 * never be emptied must not grow for ever. */
#define MOST_IN_SEGMENT ((gsize) 64 * 1024)

static WireSegment *
add_segment (WireOut *out, gsize capacity)
{
  WireSegment *segment = g_new (WireSegment, 1);

  *segment = (WireSegment) { .bytes = g_malloc (capacity), .capacity = capacity, .fd = -1 };
  if (out->last != NULL)
    out->last->next = segment;
  else
    out->first = segment;
  out->last = segment;
  return segment;
}

static void
free_segment (WireSegment *segment)
{
  if (segment->sensitive)
    explicit_bzero (segment->bytes, segment->end);
  if (segment->fd >= 0)
    close (segment->fd);
  g_free (segment->bytes);
  g_free (segment);
}

void
wire_out_clear (WireOut *out)
{
  while (out->first != NULL)
    {
      WireSegment *segment = out->first;

      out->first = segment->next;
      free_segment (segment);
    }
  out->last = NULL;
  out->waiting = 0;
}

/* Room for plain text at the end; wire_out_commit() says how much was used. */
char *
wire_out_reserve (WireOut *out, gsize room)
{
  WireSegment *segment = out->last;

  if (segment == NULL || segment->special || segment->end >= MOST_IN_SEGMENT)
    segment = add_segment (out, MAX (FIRST_CAPACITY, room));
  if (segment->end + room > segment->capacity)
    {
      segment->capacity = MAX (segment->capacity * 2, segment->end + room);
      segment->bytes = g_realloc (segment->bytes, segment->capacity);
    }
  return segment->bytes + segment->end;
}

void
wire_out_commit (WireOut *out, gsize length)
{
  out->last->end += length;
  out->waiting += length;
  out->queued += length;
}

/* All that waits, in one that was filled at once. */
const char *
wire_out_peek (const WireOut *out)
{
  return out->first != NULL ? out->first->bytes + out->first->start : NULL;
}

void
wire_out_add (WireOut *out, const char *text, gsize length)
{
  memcpy (wire_out_reserve (out, length), text, length);
  wire_out_commit (out, length);
}

/**
 * wire_out_add_special:
 * @fd: (transfer full): sent with the first byte of @text, then closed; or -1
 * @sensitive: whether to overwrite the text once it is sent
 */
void
wire_out_add_special (WireOut *out, const char *text, gsize length, int fd, gboolean sensitive)
{
  WireSegment *segment = add_segment (out, length);

  segment->special = TRUE;
  segment->fd = fd;
  segment->sensitive = sensitive;
  memcpy (segment->bytes, text, length);
  wire_out_commit (out, length);
}

/* The last plain segment stays for the next command. */
static void
drop_first (WireOut *out)
{
  WireSegment *segment = out->first;

  if (segment == out->last && !segment->special && segment->capacity <= KEPT_CAPACITY)
    {
      segment->start = segment->end = 0;
      return;
    }
  out->first = segment->next;
  if (out->first == NULL)
    out->last = NULL;
  free_segment (segment);
}

WireOutResult
wire_out_flush (WireOut *out, WireTransport *transport, GError **error)
{
  while (out->waiting > 0)
    {
      WireSegment *segment = out->first;
      g_autoptr (GError) local_error = NULL;
      gssize n;

      if (segment->start == segment->end)
        {
          drop_first (out);
          continue;
        }
      n = wire_transport_send (transport, segment->bytes + segment->start, segment->end - segment->start,
                               segment->fd, &local_error);
      if (n < 0 && g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        return WIRE_OUT_BLOCKED;
      if (n < 0)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return WIRE_OUT_FAILED;
        }
      if (n > 0 && segment->fd >= 0)
        {
          close (segment->fd);
          segment->fd = -1;
        }
      segment->start += (gsize) n;
      out->waiting -= (gsize) n;
      out->sent += (guint64) n;
      if (segment->start == segment->end)
        drop_first (out);
    }
  return WIRE_OUT_EMPTY;
}
