/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire-fast.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "wire-grammar.h"
#include "wire-names.h"

/* All of it must become one function, or nothing stays in registers. */
#define INLINE static inline __attribute__ ((always_inline))

typedef struct
{
  const char *text;
  const char *p;
  const char *end;
  const char *limit;  /* tokens that begin before it may be looked at */
  WireValue *value;   /* the next free one */
  WireValue *last;    /* behind the room for values */
  WireValue *open;    /* the innermost open container */
  gsize max_key;
  gsize depth;
  gsize max_depth;
  guint8 state;
} Fast;

/* Where in the next bytes the first one is that is a quote, a backslash,
 * below space, or beyond ASCII; STRIDE when there is none. */
#ifdef __SSE2__
#define STRIDE 16

INLINE guint
find_special (const char *p)
{
  __m128i bytes = _mm_loadu_si128 ((const __m128i *) (const void *) p);
  __m128i quotes = _mm_cmpeq_epi8 (bytes, _mm_set1_epi8 ('"'));
  __m128i backslashes = _mm_cmpeq_epi8 (bytes, _mm_set1_epi8 ('\\'));
  __m128i others = _mm_cmplt_epi8 (bytes, _mm_set1_epi8 (0x20));  /* signed: beyond ASCII is below 0 */
  guint special = (guint) _mm_movemask_epi8 (_mm_or_si128 (_mm_or_si128 (quotes, backslashes), others));

  return (guint) __builtin_ctz (special | 1u << STRIDE);
}
#else
#define STRIDE 8

INLINE guint
find_special (const char *p)
{
  const guint64 ones = G_GUINT64_CONSTANT (0x0101010101010101), high = ones << 7;
  guint64 word, quote, backslash, special;

  memcpy (&word, p, 8);
  word = GUINT64_FROM_LE (word);
  quote = word ^ (ones * '"');
  backslash = word ^ (ones * '\\');
  /* the lowest of these bits is never wrong, others may be */
  special = ((quote - ones) | (backslash - ones) | (word - ones * 0x20) | word) & high;
  return special == 0 ? STRIDE : (guint) __builtin_ctzll (special) >> 3;
}
#endif

INLINE void
put (Fast *fast, WireType type, const char *first, gsize length, guint32 next)
{
  WireValue *value = fast->value++;

  value->offset = (guint32) (first - fast->text);
  value->length = (guint32) length;
  value->next = next;
  value->type = (guint8) type;
  value->flags = 0;
  value->unused = 0;
}

const char *
wire_fast_skip_plain (const char *p, const char *end)
{
  while (end - p >= STRIDE)
    {
      guint step = find_special (p);

      p += step;
      if (step < STRIDE)
        return p;
    }
  return p;
}

/* The closing quote of a plain string, or NULL. */
INLINE const char *
find_quote (const Fast *fast, const char *first)
{
  const char *p = first;
  guint step;

  while ((step = find_special (p)) == STRIDE)
    {
      p += STRIDE;
      if (G_UNLIKELY (p >= fast->limit))
        return NULL;
    }
  p += step;
  return G_LIKELY (*p == '"') ? p : NULL;
}

/* As wire_names_sign(), without a branch on the length. */
INLINE guint32
sign_in_reach (const char *text, gsize length)
{
  guint64 head, mask = length < 8 ? (G_GUINT64_CONSTANT (1) << (length * 8)) - 1 : G_MAXUINT64;

  memcpy (&head, text, 8);
  return wire_names_mix (GUINT64_FROM_LE (head) & mask, length);
}

/* A name, its colon, and a space after it. */
INLINE gboolean
pass_key (Fast *fast)
{
  const char *first = fast->p + 1, *quote;

  if (G_UNLIKELY (*fast->p != '"'))
    return FALSE;
  quote = find_quote (fast, first);
  if (G_UNLIKELY (quote == NULL || quote[1] != ':' || (gsize) (quote - first) > fast->max_key))
    return FALSE;
  put (fast, WIRE_KEY, first, (gsize) (quote - first), sign_in_reach (first, (gsize) (quote - first)));
  fast->p = quote + 2 + (quote[2] == ' ');
  fast->state = EXPECT_VALUE;
  return TRUE;
}

INLINE gboolean
pass_string (Fast *fast)
{
  const char *first = fast->p + 1, *quote = find_quote (fast, first);

  if (G_UNLIKELY (quote == NULL))
    return FALSE;
  put (fast, WIRE_STRING, first, (gsize) (quote - first), 0);
  fast->p = quote + 1;
  fast->state = EXPECT_COMMA_OR_END;
  return TRUE;
}

INLINE gboolean
goes_on_as_number (char c)
{
  return (c >= '0' && c <= '9') || c == '.' || c == 'e' || c == 'E' || c == '+' || c == '-';
}

INLINE gboolean
pass_integer (Fast *fast)
{
  const char *p = fast->p + 1;

  while (*p >= '0' && *p <= '9' && p - fast->p < 18)
    p++;
  if (G_UNLIKELY (p >= fast->end || goes_on_as_number (*p) || (*fast->p == '0' && p - fast->p > 1)))
    return FALSE;
  put (fast, WIRE_INTEGER, fast->p, (gsize) (p - fast->p), 0);
  fast->p = p;
  fast->state = EXPECT_COMMA_OR_END;
  return TRUE;
}

INLINE gboolean
pass_word (Fast *fast, WireType type, const char *word, gsize length)
{
  if (G_UNLIKELY (memcmp (fast->p, word, length) != 0))
    return FALSE;
  put (fast, type, fast->p, length, 0);
  fast->p += length;
  fast->state = EXPECT_COMMA_OR_END;
  return TRUE;
}

INLINE gboolean
pass_opening (Fast *fast, WireValue *values, WireType type)
{
  WireValue *outer = fast->open;

  if (G_UNLIKELY (fast->depth >= fast->max_depth))
    return FALSE;
  fast->open = fast->value;
  put (fast, type, fast->p, 0, (guint32) (outer - values));
  fast->p++;
  fast->depth++;
  fast->state = type == WIRE_OBJECT ? EXPECT_KEY_OR_END : EXPECT_VALUE_OR_END;
  return TRUE;
}

INLINE gboolean
pass_value (Fast *fast, WireValue *values)
{
  switch (*fast->p)
    {
    case '"':
      return pass_string (fast);
    case '0': case '1': case '2': case '3': case '4':
    case '5': case '6': case '7': case '8': case '9':
      return pass_integer (fast);
    case '{':
      return pass_opening (fast, values, WIRE_OBJECT);
    case '[':
      return pass_opening (fast, values, WIRE_ARRAY);
    case 't':
      return pass_word (fast, WIRE_BOOLEAN, "true", 4);
    case 'f':
      return pass_word (fast, WIRE_BOOLEAN, "false", 5);
    case 'n':
      return pass_word (fast, WIRE_NULL, "null", 4);
    default:
      return FALSE;
    }
}

/* A comma and a space after it; or the end of a container. */
INLINE gboolean
pass_comma (Fast *fast, WireValue *values)
{
  WireValue *open = fast->open;
  gboolean in_object = open->type == WIRE_OBJECT;

  if (G_LIKELY (*fast->p == ','))
    {
      open->length++;
      fast->p += 1 + (fast->p[1] == ' ');
      fast->state = in_object ? EXPECT_KEY : EXPECT_VALUE;
      return TRUE;
    }
  if (*fast->p != (in_object ? '}' : ']'))
    return FALSE;
  if (in_object && (open->length >= WIRE_FEW_MEMBERS ||
                    !wire_names_look_different (values, (guint) (open - values), open->length + 1)))
    return FALSE;
  open->length++;
  if (--fast->depth > 0)
    fast->open = values + open->next;
  else
    fast->state = AT_END;
  open->next = (guint32) (fast->value - values);
  fast->p++;
  return TRUE;
}

/* What stands between two values, and the next value. */
INLINE gboolean
pass_tokens (Fast *fast, WireValue *values)
{
  if (fast->state == EXPECT_COMMA_OR_END)
    {
      if (!pass_comma (fast, values))
        return FALSE;
      if (fast->state == EXPECT_COMMA_OR_END || fast->state == AT_END)
        return TRUE;
    }
  if (fast->state == EXPECT_KEY || fast->state == EXPECT_KEY_OR_END)
    {
      if (!pass_key (fast))
        return FALSE;
    }
  else if (fast->state != EXPECT_VALUE && fast->state != EXPECT_VALUE_OR_END)
    return FALSE;
  return pass_value (fast, values);
}

/* The message itself, which no container holds. */
static gboolean
begin_message (WireScanner *scanner, const char *text, const char *p)
{
  if (scanner->state != EXPECT_MESSAGE || *p != '{' || scanner->capacity == 0)
    return FALSE;
  scanner->values[0] = (WireValue) { (guint32) (p - text), 0, WIRE_NOT_OPEN, WIRE_OBJECT, 0, 0 };
  scanner->n_values = 1;
  scanner->open = 0;
  scanner->depth = 1;
  scanner->state = EXPECT_KEY_OR_END;
  return TRUE;
}

/**
 * wire_fast_scan:
 * @text: the message from its first byte
 * @p: where to go on
 * @end: behind the last byte that is there
 * @padded: whether NULs follow
 *
 * Returns: behind the last token that was taken
 */
const char *
wire_fast_scan (WireScanner *scanner, const char *text, const char *p, const char *end, gboolean padded)
{
  WireValue *values = scanner->values;
  Fast fast;

  if (padded ? p >= end : end - p < WIRE_PADDING)
    return p;
  if (scanner->open == WIRE_NOT_OPEN && !begin_message (scanner, text, p++))
    return p - 1;
  fast = (Fast) {
    text, p, end, padded ? end : end - WIRE_PADDING, values + scanner->n_values, values + scanner->capacity, values + scanner->open,
    scanner->limits.max_key, scanner->depth, scanner->limits.max_depth, scanner->state,
  };
  while (fast.p < fast.limit && fast.last - fast.value >= 2 && pass_tokens (&fast, values))
    continue;
  scanner->n_values = (guint) (fast.value - values);
  scanner->open = fast.depth > 0 ? (guint) (fast.open - values) : WIRE_NOT_OPEN;
  scanner->depth = (guint) fast.depth;
  scanner->state = fast.state;
  return fast.p;
}
