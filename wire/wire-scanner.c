/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire-scanner.h"

#include "wire-fast.h"
#include "wire-grammar.h"
#include "wire-names.h"
#include "wire-pool.h"
#include "wire-text.h"

#include <string.h>


#define FIRST_CAPACITY 32u
#define MANY_VALUES 256u

/* The bytes at hand: text is the message's first byte, end may be moved in
 * front of bytes that are over the limit. */
typedef struct
{
  const char *text;
  const char *p;
  const char *end;
} Span;

/* --- classes of bytes ---------------------------------------------------- */

enum
{
  SPACE = 1 << 0,
  SPECIAL = 1 << 1,  /* inside a string: not just passed over */
  NUMBER = 1 << 2,   /* may stand in a number */
};

static guint8 classes[256];

static void
prepare_classes (void)
{
  static gsize prepared = 0;

  if (!g_once_init_enter (&prepared))
    return;
  for (guint c = 0; c < 256; c++)
    {
      if (c < 0x20 || c == '"' || c == '\\' || c >= 0x80)
        classes[c] |= SPECIAL;
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
        classes[c] |= SPACE;
      if ((c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E')
        classes[c] |= NUMBER;
    }
  g_once_init_leave (&prepared, 1);
}

static inline gboolean
is_class (char c, guint8 which)
{
  return (classes[(guint8) c] & which) != 0;
}

/* --- keeping the index ---------------------------------------------------- */

static gboolean
refuse (WireScanner *scanner, Span *span, WireFault fault, const char *reason)
{
  scanner->fault = fault;
  scanner->reason = reason;
  scanner->at = (gsize) (span->p - span->text);
  return FALSE;
}

static gboolean
expected (WireScanner *scanner, Span *span, const char *what)
{
  return refuse (scanner, span, WIRE_FAULT_SYNTAX, what);
}

static void
taint (WireScanner *scanner, WireTaint kind, gsize at)
{
  if (scanner->taint != WIRE_TAINT_NONE)
    return;
  scanner->taint = kind;
  scanner->taint_at = at;
}

static gboolean
use_kept_block (WireScanner *scanner)
{
  gsize size;
  WireValue *block = wire_pool_take_large (scanner->capacity * sizeof (WireValue), &size);

  if (block == NULL)
    return FALSE;
  memcpy (block, scanner->values, scanner->n_values * sizeof (WireValue));
  g_free (scanner->values);
  scanner->values = block;
  return TRUE;
}

static gboolean
make_room (WireScanner *scanner, Span *span)
{
  guint most = scanner->limits.max_values;
  guint capacity = MAX (scanner->capacity * 2, FIRST_CAPACITY);

  if (scanner->n_values >= most)
    return refuse (scanner, span, WIRE_FAULT_TOO_LARGE, "too many values in one message");
  if (capacity > MANY_VALUES)
    capacity = MAX (capacity, scanner->expected);
  scanner->capacity = MIN (capacity, most);
  if (scanner->capacity * sizeof (WireValue) < WIRE_POOL_LARGE || !use_kept_block (scanner))
    scanner->values = g_renew (WireValue, scanner->values, scanner->capacity);
  return TRUE;
}

static gboolean
push (WireScanner *scanner, Span *span, WireType type, const char *first)
{
  WireValue *value;

  if (G_UNLIKELY (scanner->n_values == scanner->capacity) && !make_room (scanner, span))
    return FALSE;
  value = &scanner->values[scanner->n_values];
  value->offset = (guint32) (first - span->text);
  value->length = 0;
  value->next = ++scanner->n_values;
  value->type = (guint8) type;
  value->flags = 0;
  value->unused = 0;
  return TRUE;
}

static gboolean
open_container (WireScanner *scanner, Span *span, WireType type)
{
  guint index = scanner->n_values;

  if (scanner->depth >= scanner->limits.max_depth)
    return refuse (scanner, span, WIRE_FAULT_TOO_LARGE, "values nested too deep");
  if (!push (scanner, span, type, span->p))
    return FALSE;
  scanner->values[index].next = scanner->open;  /* until it closes */
  scanner->open = index;
  scanner->depth++;
  scanner->state = type == WIRE_OBJECT ? EXPECT_KEY_OR_END : EXPECT_VALUE_OR_END;
  span->p++;
  return TRUE;
}

static gboolean
close_container (WireScanner *scanner, Span *span)
{
  guint index = scanner->open;
  WireValue *value = &scanner->values[index];
  guint parent = value->next;

  value->next = scanner->n_values;
  if (value->type == WIRE_OBJECT && !wire_names_differ (span->text, scanner->values, index))
    return expected (scanner, span, "a member's name stands twice in one object");
  span->p++;
  scanner->open = parent;
  scanner->depth--;
  scanner->state = parent == WIRE_NOT_OPEN ? AT_END : EXPECT_COMMA_OR_END;
  return TRUE;
}

/* --- strings --------------------------------------------------------------- */

static int
hex4 (const char *p)
{
  int value = 0;

  for (int i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (p[i]);

      if (digit < 0)
        return -1;
      value = value << 4 | digit;
    }
  return value;
}

/* Each of these takes one special place in a string, moves past it, and says
 * FALSE when it cannot: for want of bytes (no fault) or with a fault. */
static gboolean
take_unicode_escape (WireScanner *scanner, Span *span)
{
  gsize left = (gsize) (span->end - span->p);
  int high, low;

  if (left < 6)
    return FALSE;
  high = hex4 (span->p + 2);
  if (high < 0)
    return expected (scanner, span, "expected four hexadecimal digits after \\u");
  if (high == 0 && scanner->state == IN_KEY)
    return expected (scanner, span, "a NUL character in a member's name");
  if (high == 0)
    taint (scanner, WIRE_TAINT_NUL, (gsize) (span->p - span->text));
  if (high >= 0xdc00 && high <= 0xdfff)
    return expected (scanner, span, "a low surrogate without a high one");
  if (high < 0xd800 || high > 0xdbff)
    {
      span->p += 6;
      return TRUE;
    }
  if ((left >= 7 && span->p[6] != '\\') || (left >= 8 && span->p[7] != 'u'))
    return expected (scanner, span, "a high surrogate without a low one");
  if (left < 12)
    return FALSE;
  low = hex4 (span->p + 8);
  if (low < 0xdc00 || low > 0xdfff)
    return expected (scanner, span, "a high surrogate without a low one");
  span->p += 12;
  return TRUE;
}

static gboolean
take_escape (WireScanner *scanner, Span *span)
{
  WireValue *string = &scanner->values[scanner->n_values - 1];

  string->flags |= WIRE_VALUE_ESCAPED;
  if (span->end - span->p < 2)
    return FALSE;
  if (span->p[1] == 'u')
    return take_unicode_escape (scanner, span);
  if (span->p[1] == '\0' || strchr ("\"\\/bfnrt", span->p[1]) == NULL)
    return expected (scanner, span, "an unknown escape in a string");
  span->p += 2;
  return TRUE;
}

static gboolean
take_multibyte (WireScanner *scanner, Span *span)
{
  gunichar c = g_utf8_get_char_validated (span->p, span->end - span->p);

  /* -2: right so far, but cut; which is also said where a NUL byte cuts it */
  if (c == (gunichar) -2 && memchr (span->p, '\0', MIN ((gsize) (span->end - span->p), 4)) == NULL)
    return FALSE;
  if (c == (gunichar) -1 || c == (gunichar) -2)
    return expected (scanner, span, "a string is not valid UTF-8");
  span->p = g_utf8_next_char (span->p);
  return TRUE;
}

static inline const char *
skip_plain (const char *p, const char *end)
{
  p = wire_fast_skip_plain (p, end);
  while (p < end && !is_class (*p, SPECIAL))
    p++;
  return p;
}

static inline void
end_string (WireScanner *scanner, Span *span)
{
  WireValue *string = &scanner->values[scanner->n_values - 1];

  string->length = (guint32) (span->p - span->text) - string->offset;
  span->p++;
  if (scanner->state == IN_STRING)
    {
      scanner->state = EXPECT_COMMA_OR_END;
      return;
    }
  string->next = wire_names_sign (span->text + string->offset, string->length, string->flags & WIRE_VALUE_ESCAPED);
  scanner->state = EXPECT_COLON;
}

static gboolean
key_is_short_enough (WireScanner *scanner, Span *span)
{
  WireValue *string = &scanner->values[scanner->n_values - 1];
  gsize length = (gsize) (span->p - span->text) - string->offset;

  if (scanner->state != IN_KEY || length <= scanner->limits.max_key)
    return TRUE;
  return refuse (scanner, span, WIRE_FAULT_TOO_LARGE, "a member's name is too long");
}

/* Goes on inside a string; FALSE at the end of the bytes or with a fault. */
static gboolean
scan_string (WireScanner *scanner, Span *span)
{
  for (;;)
    {
      char c;

      span->p = skip_plain (span->p, span->end);
      if (G_UNLIKELY (!key_is_short_enough (scanner, span)) || span->p == span->end)
        return FALSE;
      c = *span->p;
      if (G_LIKELY (c == '"'))
        break;
      if ((guint8) c < 0x20)
        return expected (scanner, span, "a control character in a string");
      if (!(c == '\\' ? take_escape : take_multibyte) (scanner, span))
        return FALSE;
    }
  end_string (scanner, span);
  return TRUE;
}

static gboolean
open_string (WireScanner *scanner, Span *span, WireType type)
{
  if (!push (scanner, span, type, span->p + 1))
    return FALSE;
  span->p++;
  scanner->state = type == WIRE_KEY ? IN_KEY : IN_STRING;
  return scan_string (scanner, span);
}

/* --- numbers and words ------------------------------------------------------ */

static const char *
skip_digits (const char *p, const char *end)
{
  while (p < end && *p >= '0' && *p <= '9')
    p++;
  return p;
}

/* Whether first to end is one JSON number; real is set when it has a fraction
 * or an exponent. */
static gboolean
is_number (const char *first, const char *end, gboolean *real)
{
  const char *p = first + (*first == '-');
  const char *digits = p;

  *real = FALSE;
  p = skip_digits (p, end);
  if (p == digits || (*digits == '0' && p - digits > 1))
    return FALSE;
  if (p < end && *p == '.')
    {
      *real = TRUE;
      digits = ++p;
      p = skip_digits (p, end);
      if (p == digits)
        return FALSE;
    }
  if (p < end && (*p == 'e' || *p == 'E'))
    {
      *real = TRUE;
      p++;
      p += p < end && (*p == '+' || *p == '-');
      digits = p;
      p = skip_digits (p, end);
      if (p == digits)
        return FALSE;
    }
  return p == end;
}

static void
judge_width (WireScanner *scanner, const char *first, gsize length, gboolean real, gsize at)
{
  double number;

  if (!real && length > 18 && !wire_text_fits_uint64 (first, length, NULL) &&
      !wire_text_fits_int64 (first, length, NULL))
    taint (scanner, WIRE_TAINT_TOO_WIDE, at);
  if (real && !wire_text_fits_double (first, length, &number))
    taint (scanner, WIRE_TAINT_NOT_FINITE, at);
}

static gboolean
end_scalar (WireScanner *scanner, Span *span, WireType type, gsize length)
{
  if (!push (scanner, span, type, span->p))
    return FALSE;
  scanner->values[scanner->n_values - 1].length = (guint32) length;
  scanner->state = EXPECT_COMMA_OR_END;
  span->p += length;
  return TRUE;
}

/* QEMU's own writer says these where C's printf does: the message can still
 * be framed, so it is taken whole and refused alone. */
static gboolean
scan_word (WireScanner *scanner, Span *span)
{
  static const struct { const char *word; WireType type; } words[] = {
    { "true", WIRE_BOOLEAN }, { "false", WIRE_BOOLEAN }, { "null", WIRE_NULL }, { "inf", WIRE_REAL },
    { "-inf", WIRE_REAL }, { "nan", WIRE_REAL }, { "-nan", WIRE_REAL },
  };
  gsize left = (gsize) (span->end - span->p);

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gsize length = strlen (words[i].word);

      if (strncmp (words[i].word, span->p, MIN (left, length)) != 0)
        continue;
      if (left < length)
        return FALSE;
      if (words[i].type == WIRE_REAL)
        taint (scanner, WIRE_TAINT_NOT_FINITE, (gsize) (span->p - span->text));
      return end_scalar (scanner, span, words[i].type, length);
    }
  return expected (scanner, span, "expected a value");
}

static gboolean
scan_number (WireScanner *scanner, Span *span)
{
  const char *p = span->p;
  gsize length;
  gboolean real;

  while (p < span->end && is_class (*p, NUMBER))
    p++;
  length = (gsize) (p - span->p);
  if (length == 1 && *span->p == '-' && p < span->end)
    return scan_word (scanner, span);
  if (length > WIRE_MAX_NUMBER)
    return refuse (scanner, span, WIRE_FAULT_TOO_LARGE, "a number is too long");
  if (p == span->end)
    return FALSE;
  if (!is_number (span->p, p, &real))
    return expected (scanner, span, "a number is not written as JSON wants it");
  judge_width (scanner, span->p, length, real, (gsize) (span->p - span->text));
  return end_scalar (scanner, span, real ? WIRE_REAL : WIRE_INTEGER, length);
}

/* --- the grammar ------------------------------------------------------------ */

static gboolean
scan_value (WireScanner *scanner, Span *span)
{
  char c = *span->p;

  switch (c)
    {
    case '"':
      return open_string (scanner, span, WIRE_STRING);
    case '{':
      return open_container (scanner, span, WIRE_OBJECT);
    case '[':
      return open_container (scanner, span, WIRE_ARRAY);
    case ']':
      if (scanner->state == EXPECT_VALUE_OR_END)
        return close_container (scanner, span);
      return expected (scanner, span, "expected a value");
    default:
      if (c == '-' || (c >= '0' && c <= '9'))
        return scan_number (scanner, span);
      return scan_word (scanner, span);
    }
}

static gboolean
scan_key (WireScanner *scanner, Span *span)
{
  if (*span->p == '"')
    return open_string (scanner, span, WIRE_KEY);
  if (*span->p == '}' && scanner->state == EXPECT_KEY_OR_END)
    return close_container (scanner, span);
  return expected (scanner, span, "expected a member's name");
}

static gboolean
scan_comma (WireScanner *scanner, Span *span)
{
  WireValue *open = &scanner->values[scanner->open];
  gboolean in_object = open->type == WIRE_OBJECT;

  if (*span->p == ',')
    {
      open->length++;
      span->p++;
      scanner->state = in_object ? EXPECT_KEY : EXPECT_VALUE;
      return TRUE;
    }
  if (*span->p == (in_object ? '}' : ']'))
    {
      open->length++;
      return close_container (scanner, span);
    }
  return expected (scanner, span, in_object ? "expected a comma or the object's end"
                                            : "expected a comma or the array's end");
}

static gboolean
scan_token (WireScanner *scanner, Span *span)
{
  switch (scanner->state)
    {
    case EXPECT_COMMA_OR_END:
      return scan_comma (scanner, span);
    case EXPECT_KEY:
    case EXPECT_KEY_OR_END:
      return scan_key (scanner, span);
    case EXPECT_VALUE:
    case EXPECT_VALUE_OR_END:
      return scan_value (scanner, span);
    case EXPECT_COLON:
      if (*span->p != ':')
        return expected (scanner, span, "expected a colon");
      span->p++;
      scanner->state = EXPECT_VALUE;
      return TRUE;
    case EXPECT_MESSAGE:
    default:
      if (*span->p != '{')
        return expected (scanner, span, "expected an object");
      return open_container (scanner, span, WIRE_OBJECT);
    }
}

/**
 * wire_scanner_scan:
 * @scanner: a scanner
 * @text: the message from its first byte, as far as it has come
 * @length: the bytes of @text
 *
 * Goes on where it stopped: call again with the same bytes and more behind
 * them. White space before the message counts as part of it, so the caller
 * drops it first.
 */
WireScanResult
wire_scanner_scan (WireScanner *scanner, const char *text, gsize length)
{
  gsize most = scanner->limits.max_bytes;
  Span span = { text, text + scanner->at, text + MIN (length, most) };
  gboolean padded = scanner->padded && length <= most;
  gboolean in_string = scanner->state == IN_STRING || scanner->state == IN_KEY;
  gboolean goes_on = !in_string || scan_string (scanner, &span);

  while (goes_on && scanner->state != AT_END && scanner->fault == WIRE_FAULT_NONE)
    {
      span.p = wire_fast_scan (scanner, text, span.p, span.end, padded);
      if (scanner->state == AT_END)
        break;
      while (span.p < span.end && is_class (*span.p, SPACE))
        span.p++;
      if (span.p == span.end || !scan_token (scanner, &span))
        break;
    }
  if (scanner->fault != WIRE_FAULT_NONE)
    return WIRE_SCAN_FAULT;
  scanner->at = (gsize) (span.p - text);
  if (scanner->state == AT_END)
    return WIRE_SCAN_MESSAGE;
  if (length < most)
    return WIRE_SCAN_MORE;
  refuse (scanner, &span, WIRE_FAULT_TOO_LARGE, "the message is too long");
  return WIRE_SCAN_FAULT;
}

/* --- life ------------------------------------------------------------------- */

void
wire_limits_clamp (WireLimits *limits)
{
  limits->max_bytes = CLAMP (limits->max_bytes, 1024, WIRE_MAX_BYTES);
  limits->max_values = CLAMP (limits->max_values, 64, WIRE_MAX_VALUES);
  limits->max_depth = CLAMP (limits->max_depth, 4, WIRE_MAX_DEPTH);
  limits->max_key = CLAMP (limits->max_key, 64, WIRE_MAX_KEY);
}

void
wire_scanner_init (WireScanner *scanner, const WireLimits *limits)
{
  prepare_classes ();
  *scanner = (WireScanner) { .limits = *limits };
  wire_limits_clamp (&scanner->limits);
  wire_scanner_reset (scanner);
}

void
wire_scanner_clear (WireScanner *scanner)
{
  g_clear_pointer (&scanner->values, g_free);
  scanner->capacity = 0;
  scanner->n_values = 0;
}

/* Makes ready for the next message; the index's memory stays for it. */
void
wire_scanner_reset (WireScanner *scanner)
{
  scanner->at = 0;
  scanner->n_values = 0;
  scanner->open = WIRE_NOT_OPEN;
  scanner->depth = 0;
  scanner->state = EXPECT_MESSAGE;
  scanner->fault = WIRE_FAULT_NONE;
  scanner->reason = NULL;
  scanner->taint = WIRE_TAINT_NONE;
}

WireValue *
wire_scanner_steal_values (WireScanner *scanner, guint *n_values)
{
  WireValue *values = g_steal_pointer (&scanner->values);

  *n_values = scanner->n_values;
  scanner->capacity = 0;
  return values;
}
