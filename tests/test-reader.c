/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire-reader.h"

#include <string.h>

#include "parse.h"

static void
feed (WireReader *reader, const char *bytes, gsize length)
{
  while (length > 0)
    {
      gsize room;
      char *to = wire_reader_room (reader, &room);
      gsize n = MIN (room, length);

      g_assert_cmpuint (n, >, 0);
      memcpy (to, bytes, n);
      wire_reader_add (reader, n);
      bytes += n;
      length -= n;
    }
}

/* What a stream of bytes is read as, one line a message. */
static void
drain (WireReader *reader, GString *log)
{
  for (;;)
    {
      WireView view;

      switch (wire_reader_next (reader, &view))
        {
        case WIRE_READ_MESSAGE:
          g_string_append_len (log, view.text, (gssize) view.length);
          g_string_append_c (log, '\n');
          break;
        case WIRE_READ_SENTINEL:
          g_string_append (log, "sentinel\n");
          break;
        case WIRE_READ_FAULT:
          g_string_append (log, "fault\n");
          return;
        case WIRE_READ_MORE:
        default:
          return;
        }
    }
}

static char *
read_in_pieces (const char *bytes, gsize length, gsize piece)
{
  WireReader reader;
  GString *log = g_string_new (NULL);

  wire_reader_init (&reader, &usual_limits);
  for (gsize at = 0; at < length && !g_str_has_suffix (log->str, "fault\n"); at += piece)
    {
      feed (&reader, bytes + at, MIN (piece, length - at));
      drain (&reader, log);
    }
  wire_reader_clear (&reader);
  return g_string_free (log, FALSE);
}

static void
assert_read (const char *bytes, const char *expected)
{
  gsize length = strlen (bytes);

  for (gsize piece = 1; piece <= length; piece++)
    {
      g_autofree char *log = read_in_pieces (bytes, length, piece);

      g_assert_cmpstr (log, ==, expected);
    }
}

static void
test_framing (void)
{
  assert_read ("{\"a\":1}\r\n{\"b\":2}\r\n", "{\"a\":1}\n{\"b\":2}\n");
  assert_read ("{\"a\":1}\n{\"b\":2}\n", "{\"a\":1}\n{\"b\":2}\n");
  assert_read ("{\"a\":1}{\"b\":2}{}", "{\"a\":1}\n{\"b\":2}\n{}\n");
  assert_read ("\r\n \t\n{}\r\r\n\n  {} ", "{}\n{}\n");
  assert_read ("{\r\n    \"return\": {\r\n    }\r\n}\r\n{}", "{\r\n    \"return\": {\r\n    }\r\n}\n{}\n");
  assert_read ("{\"a\":\"}{\\\"\\u00e9é😀\"}{\"b\":[]}", "{\"a\":\"}{\\\"\\u00e9é😀\"}\n{\"b\":[]}\n");
}

static void
test_sentinel (void)
{
  assert_read ("\xff{\"a\":1}\n", "sentinel\n{\"a\":1}\n");
  assert_read ("{\"a\":1}\n\xff\n{\"b\":1}\n", "{\"a\":1}\nsentinel\n{\"b\":1}\n");
  assert_read ("{}\xff\xff{}", "{}\nsentinel\nsentinel\n{}\n");
  assert_read ("{}{\"a\":\xff", "{}\nfault\n");
  assert_read ("{\"a\":\"\xff\"}", "fault\n");
}

static void
test_fault (void)
{
  assert_read ("{}[]", "{}\nfault\n");
  assert_read ("HMP says hello\r\n", "fault\n");
  assert_read ("{}\xef\xbb\xbf{}", "{}\nfault\n");
}

static void
test_fault_stays (void)
{
  WireReader reader;
  WireView view;

  wire_reader_init (&reader, &usual_limits);
  feed (&reader, "{]", 2);
  g_assert_cmpint (wire_reader_next (&reader, &view), ==, WIRE_READ_FAULT);
  feed (&reader, "{}", 2);
  g_assert_cmpint (wire_reader_next (&reader, &view), ==, WIRE_READ_FAULT);
  wire_reader_clear (&reader);
}

static void
test_fault_in_words (void)
{
  WireReader reader;
  WireView view;
  g_autofree char *words = NULL;

  wire_reader_init (&reader, &usual_limits);
  feed (&reader, "{}\r\n{\"return\": \x1b[1m}", 20);
  g_assert_cmpint (wire_reader_next (&reader, &view), ==, WIRE_READ_MESSAGE);
  g_assert_cmpint (wire_reader_next (&reader, &view), ==, WIRE_READ_FAULT);
  words = wire_reader_describe_fault (&reader);
  g_assert_nonnull (strstr (words, "value"));
  g_assert_nonnull (strstr (words, "byte 11"));
  g_assert_nonnull (strstr (words, "return"));
  g_assert_null (strchr (words, '\x1b'));
  g_assert_true (g_utf8_validate (words, -1, NULL));
  wire_reader_clear (&reader);
}

static void
test_in_message (void)
{
  WireReader reader;
  WireView view;

  wire_reader_init (&reader, &usual_limits);
  g_assert_false (wire_reader_in_message (&reader));
  feed (&reader, "{\"a\":1", 6);
  g_assert_cmpint (wire_reader_next (&reader, &view), ==, WIRE_READ_MORE);
  g_assert_true (wire_reader_in_message (&reader));
  feed (&reader, "}\r\n", 3);
  g_assert_cmpint (wire_reader_next (&reader, &view), ==, WIRE_READ_MESSAGE);
  g_assert_cmpint (wire_reader_next (&reader, &view), ==, WIRE_READ_MORE);
  g_assert_false (wire_reader_in_message (&reader));
  wire_reader_clear (&reader);
}

/* --- keeping -------------------------------------------------------------------- */

static char *
make_message (gsize size, guint number)
{
  g_autofree char *filler = g_strnfill (size, 'x');

  return g_strdup_printf ("{\"n\":%u,\"filler\":\"%s\"}", number, filler);
}

/* Kept messages, small and large, stay what they were while others come. */
static void
test_keep (void)
{
  static const gsize sizes[] = { 0, 10, 1000, 30000, 33000, 70000, 200000, 5, 100000, 40000, 1 };
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func ((GDestroyNotify) wire_document_unref);
  g_autoptr (GString) stream = g_string_new (NULL);
  WireReader reader;
  WireView view;

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *message = make_message (sizes[i], i);

      g_string_append (stream, message);
      g_string_append (stream, "\r\n");
    }
  wire_reader_init (&reader, &usual_limits);
  for (gsize at = 0; at < stream->len; at += 4093)
    {
      feed (&reader, stream->str + at, MIN ((gsize) 4093, stream->len - at));
      while (wire_reader_next (&reader, &view) == WIRE_READ_MESSAGE)
        g_ptr_array_add (kept, wire_reader_keep (&reader, &view));
      wire_reader_rest (&reader);
    }
  wire_reader_clear (&reader);
  g_assert_cmpuint (kept->len, ==, G_N_ELEMENTS (sizes));
  for (guint i = 0; i < kept->len; i++)
    {
      WireDocument *document = g_ptr_array_index (kept, i);
      gint64 number = -1;
      g_autofree char *filler = NULL;

      g_assert_true (wire_view_get_int64 (&document->view, wire_view_member (&document->view, 0, "n"), &number));
      g_assert_cmpint (number, ==, i);
      filler = wire_view_dup_string (&document->view, wire_view_member (&document->view, 0, "filler"));
      g_assert_cmpuint (strlen (filler), ==, sizes[i]);
      g_assert_cmpuint (strspn (filler, "x"), ==, sizes[i]);
    }
}

/* All in one read: what is behind a large one is not lost with it. */
static void
test_keep_in_one_read (void)
{
  g_autofree char *large = make_message (100000, 1);
  g_autofree char *stream = g_strdup_printf ("%s\r\n{\"n\":2}\r\n%s{\"n\":", large, large);
  g_autoptr (WireDocument) first = NULL, second = NULL, third = NULL, fourth = NULL;
  WireReader reader;
  WireView view;

  wire_reader_init (&reader, &usual_limits);
  feed (&reader, stream, strlen (stream));
  g_assert_cmpint (wire_reader_next (&reader, &view), ==, WIRE_READ_MESSAGE);
  first = wire_reader_keep (&reader, &view);
  g_assert_cmpint (wire_reader_next (&reader, &view), ==, WIRE_READ_MESSAGE);
  second = wire_reader_keep (&reader, &view);
  g_assert_cmpint (wire_reader_next (&reader, &view), ==, WIRE_READ_MESSAGE);
  third = wire_reader_keep (&reader, &view);
  g_assert_cmpint (wire_reader_next (&reader, &view), ==, WIRE_READ_MORE);
  g_assert_true (wire_reader_in_message (&reader));
  feed (&reader, "4}", 2);
  g_assert_cmpint (wire_reader_next (&reader, &view), ==, WIRE_READ_MESSAGE);
  fourth = wire_reader_keep (&reader, &view);
  wire_reader_clear (&reader);
  g_assert_cmpuint (first->view.length, ==, strlen (large));
  g_assert_cmpmem (second->view.text, second->view.length, "{\"n\":2}", 7);
  g_assert_cmpmem (third->view.text, third->view.length, large, strlen (large));
  g_assert_cmpmem (fourth->view.text, fourth->view.length, "{\"n\":4}", 7);
}

/* --- memory --------------------------------------------------------------------- */

static void
test_room_is_bounded (void)
{
  WireLimits limits = { 64 * 1024, 1000, 16, 64 };
  WireReader reader;
  WireView view;
  WireReadResult result = WIRE_READ_MORE;
  g_autofree char *filler = g_strnfill (1024, 'x');

  wire_reader_init (&reader, &limits);
  feed (&reader, "{\"v\":\"", 6);
  for (guint i = 0; i < 1000 && result == WIRE_READ_MORE; i++)
    {
      feed (&reader, filler, 1024);
      result = wire_reader_next (&reader, &view);
    }
  g_assert_cmpint (result, ==, WIRE_READ_FAULT);
  g_assert_cmpint (reader.scanner.fault, ==, WIRE_FAULT_TOO_LARGE);
  g_assert_cmpuint (reader.capacity, <=, 4 * 64 * 1024);
  wire_reader_clear (&reader);
}

static void
test_rest_gives_memory_back (void)
{
  WireReader reader;
  WireView view;
  g_autofree char *large = make_message (1000000, 1);

  wire_reader_init (&reader, &usual_limits);
  feed (&reader, large, strlen (large));
  g_assert_cmpint (wire_reader_next (&reader, &view), ==, WIRE_READ_MESSAGE);
  g_assert_cmpint (wire_reader_next (&reader, &view), ==, WIRE_READ_MORE);
  g_assert_cmpuint (reader.capacity, >=, 1000000);
  wire_reader_rest (&reader);
  g_assert_cmpuint (reader.capacity, <=, 4096);
  feed (&reader, "{}", 2);
  g_assert_cmpint (wire_reader_next (&reader, &view), ==, WIRE_READ_MESSAGE);
  wire_reader_clear (&reader);
}

/* A rest amid a message changes nothing. */
static void
test_rest_in_message (void)
{
  WireReader reader;
  WireView view;

  wire_reader_init (&reader, &usual_limits);
  feed (&reader, "{\"a\":", 5);
  g_assert_cmpint (wire_reader_next (&reader, &view), ==, WIRE_READ_MORE);
  wire_reader_rest (&reader);
  feed (&reader, "1}", 2);
  g_assert_cmpint (wire_reader_next (&reader, &view), ==, WIRE_READ_MESSAGE);
  wire_reader_rest (&reader);
  g_assert_cmpmem (view.text, view.length, "{\"a\":1}", 7);
  wire_reader_clear (&reader);
}

/* There is room for what is known to come, once. */
static void
test_announced (void)
{
  g_autoptr (GString) log = g_string_new (NULL);
  WireReader reader;
  gsize room;

  wire_reader_init (&reader, &usual_limits);
  wire_reader_announce (&reader, 100000);
  wire_reader_room (&reader, &room);
  g_assert_cmpuint (room, >=, 100000);
  feed (&reader, "{}", 2);
  drain (&reader, log);
  g_assert_cmpstr (log->str, ==, "{}\n");
  g_assert_cmpuint (reader.announced, ==, 0);
  wire_reader_clear (&reader);

  /* memory is not taken for a mere word */
  wire_reader_init (&reader, &usual_limits);
  wire_reader_announce (&reader, (gsize) 64 << 20);
  wire_reader_room (&reader, &room);
  g_assert_cmpuint (room, <, 65536);
  wire_reader_clear (&reader);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reader/framing", test_framing);
  g_test_add_func ("/reader/sentinel", test_sentinel);
  g_test_add_func ("/reader/fault", test_fault);
  g_test_add_func ("/reader/fault/stays", test_fault_stays);
  g_test_add_func ("/reader/fault/in-words", test_fault_in_words);
  g_test_add_func ("/reader/in-message", test_in_message);
  g_test_add_func ("/reader/keep", test_keep);
  g_test_add_func ("/reader/keep/in-one-read", test_keep_in_one_read);
  g_test_add_func ("/reader/room-is-bounded", test_room_is_bounded);
  g_test_add_func ("/reader/announced", test_announced);
  g_test_add_func ("/reader/rest/gives-memory-back", test_rest_gives_memory_back);
  g_test_add_func ("/reader/rest/in-message", test_rest_in_message);
  return g_test_run ();
}
