/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdint.h>
#include <string.h>

#include "fuzz/oracle.h"
#include "wire-node.h"
#include "wire-reader.h"
#include "wire-writer.h"

/* Any bytes: the scanner says of each message what a second opinion says,
 * however the bytes are cut, and what it accepts can be used. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static const WireLimits limits = { .max_bytes = 1500, .max_values = 80, .max_depth = 8, .max_key = 64 };

/* How many bytes of a text that is wrong must follow the fault, for it to be
 * known without doubt. */
#define TAIL 16

static void
fail (const char *what, const char *text, gsize length)
{
  g_autofree char *copy = g_strndup (text, length);
  g_autofree char *shown = g_strescape (copy, NULL);

  g_error ("%s: %s", what, shown);
}

static WireScanResult
scan_copy (WireScanner *scanner, const char *text, gsize length)
{
  g_autofree char *exact = g_malloc (MAX (length, 1));

  memcpy (exact, text, length);
  return wire_scanner_scan (scanner, exact, length);
}

static void
compare (const Opinion *opinion, const WireScanner *scanner, WireScanResult result, const char *text, gsize length)
{
  gboolean doubtful = opinion->at + TAIL > length || opinion->at + TAIL > limits.max_bytes;

  if (result == WIRE_SCAN_MESSAGE || opinion->result == WIRE_SCAN_MESSAGE)
    {
      if (result != opinion->result || scanner->at != opinion->at || scanner->n_values != opinion->n_values ||
          (scanner->taint != WIRE_TAINT_NONE) != opinion->tainted)
        fail ("accepted otherwise", text, length);
    }
  else if (!doubtful && result != opinion->result)
    fail ("refused otherwise", text, length);
  else if (!doubtful && scanner->fault != opinion->fault)
    fail ("refused for another reason", text, length);
}

/* The index of both; where "next" means something it is compared, too. */
static gboolean
is_same_index (const WireScanner *a, const WireScanner *b)
{
  if (a->n_values != b->n_values)
    return FALSE;
  for (guint i = 0; i < a->n_values; i++)
    {
      const WireValue *one = &a->values[i], *other = &b->values[i];

      if (one->offset != other->offset || one->length != other->length || one->type != other->type || one->flags != other->flags ||
          (one->type >= WIRE_KEY && one->next != other->next))
        return FALSE;
    }
  return TRUE;
}

/* In pieces that the bytes themselves choose. */
static void
scan_in_pieces (const WireScanner *whole, WireScanResult expected, const char *text, gsize length)
{
  guint32 dice = (guint32) length * 2654435761u;
  WireScanner scanner;
  WireScanResult result = WIRE_SCAN_MORE;
  gsize shown = 0;

  wire_scanner_init (&scanner, &limits);
  while (result == WIRE_SCAN_MORE && shown < length)
    {
      dice = dice * 1664525u + 1013904223u + (guint8) text[shown];
      shown = MIN (length, shown + 1 + (dice >> 24) % ((dice >> 16) % 2 == 0 ? 4 : 200));
      result = scan_copy (&scanner, text, shown);
    }
  if (result != expected || (result == WIRE_SCAN_FAULT && scanner.fault != whole->fault) ||
      (result == WIRE_SCAN_MESSAGE && (scanner.at != whole->at || scanner.taint != whole->taint || !is_same_index (&scanner, whole))))
    fail ("cut, it is another thing", text, length);
  wire_scanner_clear (&scanner);
}

/* Bytes that can stand nowhere end what was not ended yet. */
static void
assert_ends (const char *text, gsize length)
{
  g_autofree char *more = g_malloc (length + TAIL);
  WireScanner scanner;

  memcpy (more, text, length);
  memset (more + length, 1, TAIL);
  wire_scanner_init (&scanner, &limits);
  if (wire_scanner_scan (&scanner, more, length + TAIL) != WIRE_SCAN_FAULT)
    fail ("a control character passed", text, length);
  wire_scanner_clear (&scanner);
}

/* What was accepted can be looked at, written, and read again. */
static void
use (const WireScanner *scanner, const char *text)
{
  WireView view = { text, scanner->at, scanner->values, scanner->n_values, scanner->taint };
  g_autoptr (JsonNode) node = wire_node_new (&view, 0);
  g_autoptr (GString) written = g_string_new (NULL);
  WireScanner again;

  for (guint i = 0; i < view.n_values; i++)
    {
      gsize length;
      const char *json = wire_view_get_json (&view, i, &length);

      if (json < text || json + length > text + view.length || length == 0)
        fail ("a value lies outside", text, view.length);
      g_free (wire_view_dup_string (&view, i));
    }
  if (scanner->taint != WIRE_TAINT_NONE)
    return;
  if (!wire_write_node (written, node, NULL))
    fail ("cannot be written", text, view.length);
  wire_scanner_init (&again, &(WireLimits) { WIRE_MAX_BYTES, WIRE_MAX_VALUES, WIRE_MAX_DEPTH, WIRE_MAX_KEY });
  if (wire_scanner_scan (&again, written->str, written->len) != WIRE_SCAN_MESSAGE || again.n_values != scanner->n_values)
    fail ("written, it is another thing", text, view.length);
  wire_scanner_clear (&again);
}

static gsize
skip_between (const char *text, gsize length)
{
  gsize at = 0;

  while (at < length && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text[at] == '\n'))
    at++;
  return at;
}

/* Message by message; what is found goes into the log. */
static void
judge_stream (const char *text, gsize length, GString *log)
{
  for (;;)
    {
      WireScanner scanner;
      WireScanResult result;
      Opinion opinion;
      gsize skipped = skip_between (text, length), used;

      text += skipped;
      length -= skipped;
      if (length == 0)
        return;
      if ((guint8) *text == 0xff)
        {
          g_string_append_c (log, 'S');
          text++;
          length--;
          continue;
        }
      wire_scanner_init (&scanner, &limits);
      result = scan_copy (&scanner, text, length);
      opinion = oracle_judge (text, length, &limits);
      compare (&opinion, &scanner, result, text, length);
      scan_in_pieces (&scanner, result, text, length);
      if (result == WIRE_SCAN_MORE)
        assert_ends (text, length);
      if (result == WIRE_SCAN_MESSAGE)
        use (&scanner, text);
      g_string_append_printf (log, "%c%" G_GSIZE_FORMAT ".%u.%d ", result == WIRE_SCAN_MESSAGE ? 'M' : result == WIRE_SCAN_MORE ? '+' : 'F',
                              result == WIRE_SCAN_MESSAGE ? scanner.at : 0, result == WIRE_SCAN_MESSAGE ? scanner.n_values : 0,
                              result == WIRE_SCAN_MESSAGE ? (int) scanner.taint : (int) scanner.fault);
      used = scanner.at;
      wire_scanner_clear (&scanner);
      if (result != WIRE_SCAN_MESSAGE)
        return;
      text += used;
      length -= used;
    }
}

/* The same through a reader, which gets it in pieces, too. */
static void
read_stream (const char *text, gsize length, GString *log)
{
  guint32 dice = (guint32) length * 40503u + 7;
  WireReader reader;
  WireReadResult result = WIRE_READ_MORE;
  gsize given = 0;

  wire_reader_init (&reader, &limits);
  while (given < length && result != WIRE_READ_FAULT)
    {
      WireView view;
      gsize room, n;
      char *to = wire_reader_room (&reader, &room);

      dice = dice * 1664525u + 1013904223u;
      n = MIN (MIN (room, length - given), 1 + (dice >> 20) % ((dice >> 10) % 4 == 0 ? 3000 : 40));
      memcpy (to, text + given, n);
      wire_reader_add (&reader, n);
      given += n;
      while ((result = wire_reader_next (&reader, &view)) == WIRE_READ_MESSAGE || result == WIRE_READ_SENTINEL)
        {
          if (result == WIRE_READ_SENTINEL)
            g_string_append_c (log, 'S');
          else
            g_string_append_printf (log, "M%" G_GSIZE_FORMAT ".%u.%d ", view.length, view.n_values, (int) view.taint);
          if (result == WIRE_READ_MESSAGE && dice % 5 == 0)
            wire_document_unref (wire_reader_keep (&reader, &view));
        }
      if (dice % 3 == 0)
        wire_reader_rest (&reader);
    }
  if (result == WIRE_READ_FAULT)
    {
      g_autofree char *words = wire_reader_describe_fault (&reader);

      if (!g_utf8_validate (words, -1, NULL))
        fail ("a fault cannot be told", text, length);
      g_string_append_printf (log, "F0.0.%d ", (int) reader.scanner.fault);
    }
  else if (wire_reader_in_message (&reader))
    g_string_append (log, "+0.0.0 ");
  wire_reader_clear (&reader);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GString) judged = g_string_new (NULL), read = g_string_new (NULL);

  judge_stream ((const char *) data, size, judged);
  read_stream ((const char *) data, size, read);
  if (!g_str_equal (judged->str, read->str))
    {
      g_printerr ("# judged %s\n# read %s\n", judged->str, read->str);
      fail ("read, it is another thing", (const char *) data, size);
    }
  return 0;
}
