/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire-base64.h"

#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* --- decoding ---------------------------------------------------------------------
 *
 * Four characters are three bytes, and each character's bits have their own
 * places in them: so there is a table for each of the four positions, which has
 * the bits where they belong, and what a group means is four entries put
 * together. The first byte is the lowest. */

#define FOREIGN (1u << 24)

#define VALUE(c) \
  ((c) >= 'A' && (c) <= 'Z' ? (guint32) (c) - 'A' : \
   (c) >= 'a' && (c) <= 'z' ? (guint32) (c) - 'a' + 26 : \
   (c) >= '0' && (c) <= '9' ? (guint32) (c) - '0' + 52 : \
   (c) == '+' ? 62 : \
   (c) == '/' ? 63 : FOREIGN)

#define PLACE_0(v) ((v) << 2)
#define PLACE_1(v) ((v) >> 4 | ((v) & 0x0f) << 12)
#define PLACE_2(v) (((v) >> 2) << 8 | ((v) & 0x03) << 22)
#define PLACE_3(v) ((v) << 16)

#define ENTRY(place, c) (VALUE (c) == FOREIGN ? FOREIGN : place (VALUE (c)))
#define ENTRIES_4(place, c) ENTRY (place, c), ENTRY (place, (c) + 1), ENTRY (place, (c) + 2), ENTRY (place, (c) + 3)
#define ENTRIES_16(place, c) \
  ENTRIES_4 (place, c), ENTRIES_4 (place, (c) + 4), ENTRIES_4 (place, (c) + 8), ENTRIES_4 (place, (c) + 12)
#define ENTRIES_64(place, c) \
  ENTRIES_16 (place, c), ENTRIES_16 (place, (c) + 16), ENTRIES_16 (place, (c) + 32), ENTRIES_16 (place, (c) + 48)
#define ENTRIES_256(place) \
  ENTRIES_64 (place, 0), ENTRIES_64 (place, 64), ENTRIES_64 (place, 128), ENTRIES_64 (place, 192)

static const guint32 places[4][256] = {
  { ENTRIES_256 (PLACE_0) },
  { ENTRIES_256 (PLACE_1) },
  { ENTRIES_256 (PLACE_2) },
  { ENTRIES_256 (PLACE_3) },
};

static inline guint32
decode_group (const guint8 *text)
{
  return places[0][text[0]] | places[1][text[1]] | places[2][text[2]] | places[3][text[3]];
}

static inline void
store (guint8 *out, guint32 group, gsize n_bytes)
{
  guint32 bytes = GUINT32_TO_LE (group);

  memcpy (out, &bytes, n_bytes);
}

static gsize
count_padding (const char *text, gsize length)
{
  if (length < 4 || text[length - 1] != '=')
    return 0;
  return text[length - 2] == '=' ? 2 : 1;
}

/* Bits that no byte takes must be zero: or several texts would mean the same. */
static gboolean
decode_last_group (const char *text, gsize padding, guint8 *out)
{
  guint8 whole[4] = { (guint8) text[0], (guint8) text[1], (guint8) text[2], (guint8) text[3] };
  gsize n_bytes = 3 - padding;
  guint32 group;

  memset (whole + 4 - padding, 'A', padding);  /* six zeros */
  group = decode_group (whole);
  if (group >> (8 * n_bytes) != 0)
    return FALSE;
  store (out, group, n_bytes);
  return TRUE;
}

gsize
wire_base64_decoded_size (const char *text, gsize length)
{
  return length / 4 * 3 - count_padding (text, length);
}

gboolean
wire_base64_decode (const char *text, gsize length, guint8 *out, gsize *n_out)
{
  const guint8 *p = (const guint8 *) text;
  gsize padding = count_padding (text, length);
  guint8 *to = out;
  guint32 bad = 0;

  if (length % 4 != 0)
    return FALSE;
  if (length == 0)
    {
      *n_out = 0;
      return TRUE;
    }

  /* A group before the last stores four bytes: the next one sets the fourth right. */
  for (gsize n_groups = length / 4 - 1; n_groups > 0; n_groups--, p += 4, to += 3)
    {
      guint32 group = decode_group (p);

      bad |= group;
      store (to, group, 4);
    }
  if (bad >= FOREIGN || !decode_last_group ((const char *) p, padding, to))
    return FALSE;
  *n_out = (gsize) (to - out) + 3 - padding;
  return TRUE;
}

/* --- encoding --------------------------------------------------------------------- */

static inline void
encode_group (guint32 group, char *out)
{
  out[0] = alphabet[group >> 18];
  out[1] = alphabet[group >> 12 & 0x3f];
  out[2] = alphabet[group >> 6 & 0x3f];
  out[3] = alphabet[group & 0x3f];
}

gsize
wire_base64_encode (const guint8 *bytes, gsize length, char *out)
{
  char *to = out;

  for (; length >= 3; length -= 3, bytes += 3, to += 4)
    encode_group ((guint32) bytes[0] << 16 | (guint32) bytes[1] << 8 | bytes[2], to);
  if (length == 0)
    return (gsize) (to - out);

  encode_group ((guint32) bytes[0] << 16 | (length == 2 ? (guint32) bytes[1] << 8 : 0), to);
  to[3] = '=';
  if (length == 1)
    to[2] = '=';
  return (gsize) (to - out) + 4;
}
