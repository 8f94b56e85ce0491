/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where bytes from outside are judged: strict RFC 8259, one object a message,
 * framed by structure, incremental, iterative, and bounded. The scanner does
 * no I/O and keeps no bytes: it is shown the message from its first byte,
 * goes on from where it stopped, and leaves behind a flat index of values. */

typedef struct
{
  gsize max_bytes;   /* of one message, first brace to last */
  guint max_values;  /* of one message, member names included */
  guint max_depth;   /* of nesting; the message itself is 1 */
  guint max_key;     /* bytes of one member's name, as sent */
} WireLimits;

/* No limit can be unset, and none raised past these. */
#define WIRE_MAX_BYTES  ((gsize) 1 << 30)
#define WIRE_MAX_VALUES (1u << 26)
#define WIRE_MAX_DEPTH  1024u
#define WIRE_MAX_KEY    (1u << 16)
#define WIRE_MAX_NUMBER 400u

typedef enum
{
  WIRE_NULL,
  WIRE_BOOLEAN,
  WIRE_INTEGER,
  WIRE_REAL,
  WIRE_STRING,
  WIRE_KEY,
  WIRE_ARRAY,
  WIRE_OBJECT,
} WireType;

typedef enum
{
  WIRE_VALUE_ESCAPED = 1 << 0,  /* a string with at least one backslash */
} WireValueFlags;

/* One value of a message. An object's members follow it as key, value, key,
 * value; an array's elements follow it in order. */
typedef struct
{
  guint32 offset;  /* of the first byte; for strings, of the byte after the quote */
  guint32 length;  /* bytes; for containers, how many members or elements */
  guint32 next;    /* containers: index past the last value inside; keys: signature */
  guint8 type;     /* WireType */
  guint8 flags;    /* WireValueFlags */
  guint16 unused;
} WireValue;

typedef enum
{
  WIRE_FAULT_NONE,
  WIRE_FAULT_SYNTAX,     /* not JSON, or not what a message may be */
  WIRE_FAULT_TOO_LARGE,  /* over one of the limits */
} WireFault;

/* What is framed well, yet no type of C or JSON can hold: the message is
 * refused alone, and what follows it is sound. */
typedef enum
{
  WIRE_TAINT_NONE,
  WIRE_TAINT_NUL,         /* \u0000 in a string */
  WIRE_TAINT_NOT_FINITE,  /* inf or nan, or a real number beyond a double */
  WIRE_TAINT_TOO_WIDE,    /* an integer beyond 64 bits */
} WireTaint;

typedef enum
{
  WIRE_SCAN_MORE,      /* every byte shown was judged; the message goes on */
  WIRE_SCAN_MESSAGE,   /* the message ends before byte `at` */
  WIRE_SCAN_FAULT,     /* byte `at` cannot be accepted; `fault` and `reason` say why */
} WireScanResult;

/* How many NUL bytes must follow a text that is said to be padded. */
#define WIRE_PADDING 64

typedef struct
{
  WireLimits limits;
  guint expected;      /* values of the last large message: another may follow */
  gboolean padded;     /* the texts to scan are followed by WIRE_PADDING NULs */
  gsize at;            /* bytes of this message judged so far */
  WireValue *values;
  guint n_values;
  guint capacity;
  guint open;          /* the innermost open container */
  guint depth;
  guint8 state;
  WireFault fault;
  const char *reason;  /* static text, follows "expected" or stands alone */
  WireTaint taint;
  gsize taint_at;
} WireScanner;

void wire_scanner_init (WireScanner *scanner, const WireLimits *limits);
void wire_scanner_clear (WireScanner *scanner);
void wire_scanner_reset (WireScanner *scanner);
WireScanResult wire_scanner_scan (WireScanner *scanner, const char *text, gsize length);
WireValue *wire_scanner_steal_values (WireScanner *scanner, guint *n_values);

void wire_limits_clamp (WireLimits *limits);

G_END_DECLS
