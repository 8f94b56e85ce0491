/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qga-glib/qga-glib.h>

#include <string.h>

#include "mock/await.h"
#include "mock/open-agent.h"

/* Whoever reads a file in whole chunks is read ahead for, and need not know. */

#define CHUNK 65536
#define LENGTH (5 * CHUNK + 100)

typedef struct
{
  MockAgent *agent;
  QgaConnection *connection;
  guint8 *bytes;       /* of /f */
  QgaFile *file;       /* /f, to read */
  GInputStream *input;
  goffset position;    /* of the next byte that is expected */
} Reader;

static void
set_up (Reader *reader, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  reader->agent = mock_agent_new ();
  reader->connection = open_agent (reader->agent);
  reader->bytes = g_malloc (LENGTH);
  for (gsize i = 0; i < LENGTH; i++)
    reader->bytes[i] = (guint8) (i * 13 + (i >> 8) + (i >> 16));
  mock_agent_add_file (reader->agent, "/f", reader->bytes, LENGTH);
  reader->file = qga_file_open (reader->connection, "/f", QGA_FILE_MODE_READ, NULL, &error);
  g_assert_no_error (error);
  reader->input = g_io_stream_get_input_stream (G_IO_STREAM (reader->file));
}

static void
tear_down (Reader *reader, gconstpointer data)
{
  g_clear_object (&reader->file);
  g_clear_object (&reader->connection);
  mock_agent_free (reader->agent);
  g_free (reader->bytes);
}

static void
assert_bytes (Reader *reader, const guint8 *bytes, gssize n_bytes)
{
  g_assert_cmpint (n_bytes, >=, 0);
  g_assert_cmpmem (bytes, n_bytes, reader->bytes + reader->position, n_bytes);
  reader->position += n_bytes;
  g_assert_cmpint (g_seekable_tell (G_SEEKABLE (reader->file)), ==, reader->position);
}

static void
assert_reads (Reader *reader, gsize size, gssize expected)
{
  g_autofree guint8 *bytes = g_malloc (size);
  g_autoptr (GError) error = NULL;
  gssize n_bytes = g_input_stream_read (reader->input, bytes, size, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (n_bytes, ==, expected);
  assert_bytes (reader, bytes, n_bytes);
}

static void
assert_reads_async (Reader *reader, gsize size, gssize expected)
{
  g_autofree guint8 *bytes = g_malloc (size);
  g_autoptr (GError) error = NULL;
  g_auto (Await) was_read = { 0 };
  gssize n_bytes;

  g_input_stream_read_async (reader->input, bytes, size, G_PRIORITY_DEFAULT, NULL, await_callback, &was_read);
  n_bytes = g_input_stream_read_finish (reader->input, await (&was_read), &error);
  g_assert_no_error (error);
  g_assert_cmpint (n_bytes, ==, expected);
  assert_bytes (reader, bytes, n_bytes);
}

static void
assert_fails (Reader *reader, GQuark domain, int code)
{
  g_autofree guint8 *bytes = g_malloc (CHUNK);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_input_stream_read (reader->input, bytes, CHUNK, NULL, &error), ==, -1);
  g_assert_error (error, domain, code);
}

static void
assert_seeks (Reader *reader, goffset offset, GSeekType type, goffset expected)
{
  g_autoptr (GError) error = NULL;

  g_seekable_seek (G_SEEKABLE (reader->file), offset, type, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_seekable_tell (G_SEEKABLE (reader->file)), ==, expected);
  reader->position = expected;
}

static guint
count_reads (Reader *reader)
{
  return mock_agent_count (reader->agent, "guest-file-read");
}

/* Two chunks were read, and the third is on its way. */
static void
begin (Reader *reader)
{
  assert_reads (reader, CHUNK, CHUNK);
  g_assert_cmpuint (count_reads (reader), ==, 1);
  assert_reads (reader, CHUNK, CHUNK);
  mock_agent_await (reader->agent, "guest-file-read", 3);
}

static void
assert_all_closed (Reader *reader)
{
  assert_answers (reader->connection);
  g_assert_cmpuint (mock_agent_count_handles (reader->agent), ==, 0);
  assert_orderly (reader->agent);
}

/* --- reading on --------------------------------------------------------------------------- */

static void
test_to_the_end (Reader *reader, gconstpointer data)
{
  begin (reader);
  assert_reads (reader, CHUNK, CHUNK);
  assert_reads (reader, CHUNK, CHUNK);
  assert_reads (reader, CHUNK, CHUNK);
  assert_reads (reader, CHUNK, 100);
  assert_reads (reader, CHUNK, 0);
  /* nothing is asked for twice */
  g_assert_cmpuint (count_reads (reader), ==, 7);
  g_assert_cmpuint (mock_agent_count (reader->agent, "guest-file-seek"), ==, 1);
  g_assert_true (g_io_stream_close (G_IO_STREAM (reader->file), NULL, NULL));
  assert_all_closed (reader);
}

static void
test_async (Reader *reader, gconstpointer data)
{
  for (guint i = 0; i < 5; i++)
    assert_reads_async (reader, CHUNK, CHUNK);
  assert_reads_async (reader, CHUNK, 100);
  assert_reads_async (reader, CHUNK, 0);
  g_assert_cmpuint (count_reads (reader), ==, 7);
  assert_orderly (reader->agent);
}

/* By turns, whoever is to read what was asked for by the other. */
static void
test_both_forms (Reader *reader, gconstpointer data)
{
  begin (reader);
  assert_reads_async (reader, CHUNK, CHUNK);
  assert_reads (reader, CHUNK, CHUNK);
  assert_reads_async (reader, CHUNK, CHUNK);
  assert_reads (reader, CHUNK, 100);
  assert_orderly (reader->agent);
}

/* It has come before it is wanted. */
static void
test_early (Reader *reader, gconstpointer data)
{
  begin (reader);
  assert_answers (reader->connection);
  assert_reads (reader, CHUNK, CHUNK);
  assert_answers (reader->connection);
  assert_reads_async (reader, CHUNK, CHUNK);
  assert_orderly (reader->agent);
}

static gpointer
read_in_thread (gpointer data)
{
  assert_reads (data, CHUNK, CHUNK);
  assert_reads (data, CHUNK, CHUNK);
  return NULL;
}

static void
test_in_threads (Reader *reader, gconstpointer data)
{
  begin (reader);
  g_thread_join (g_thread_new ("reader", read_in_thread, reader));
  assert_reads (reader, CHUNK, CHUNK);
}

/* --- going elsewhere ------------------------------------------------------------------------- */

static void
test_seek (Reader *reader, gconstpointer data)
{
  begin (reader);
  assert_seeks (reader, 10, G_SEEK_SET, 10);
  assert_reads (reader, 100, 100);
  assert_seeks (reader, 0, G_SEEK_SET, 0);
  for (guint i = 0; i < 5; i++)
    assert_reads (reader, CHUNK, CHUNK);
  assert_reads (reader, CHUNK, 100);
  assert_orderly (reader->agent);
}

static void
test_seek_from_here (Reader *reader, gconstpointer data)
{
  begin (reader);
  assert_seeks (reader, -CHUNK, G_SEEK_CUR, CHUNK);
  assert_reads (reader, CHUNK, CHUNK);
  assert_seeks (reader, -50, G_SEEK_END, LENGTH - 50);
  assert_reads (reader, CHUNK, 50);
}

static void
test_other_size (Reader *reader, gconstpointer data)
{
  begin (reader);
  assert_reads (reader, 1, 1);
  assert_reads (reader, CHUNK, CHUNK);
  assert_reads (reader, CHUNK, CHUNK);
  assert_reads (reader, 1000, 1000);
  assert_reads_async (reader, 7, 7);
  assert_orderly (reader->agent);
}

static void
test_close (Reader *reader, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  begin (reader);
  g_io_stream_close (G_IO_STREAM (reader->file), NULL, &error);
  g_assert_no_error (error);
  assert_all_closed (reader);
}

static void
test_drop (Reader *reader, gconstpointer data)
{
  begin (reader);
  g_clear_object (&reader->file);
  assert_all_closed (reader);
}

/* --- where it is not done -------------------------------------------------------------------------- */

static void
test_without_places (Reader *reader, gconstpointer data)
{
  mock_agent_refuse (reader->agent, "guest-file-seek", "GenericError", "failed to seek file: Illegal seek");
  for (guint i = 1; i <= 4; i++)
    {
      assert_reads (reader, CHUNK, CHUNK);
      assert_answers (reader->connection);
      g_assert_cmpuint (count_reads (reader), ==, i);
    }
  g_assert_cmpuint (mock_agent_count (reader->agent, "guest-file-seek"), ==, 1);
}

static void
test_small_reads (Reader *reader, gconstpointer data)
{
  for (guint i = 1; i <= 4; i++)
    {
      assert_reads (reader, CHUNK - 1, CHUNK - 1);
      assert_answers (reader->connection);
      g_assert_cmpuint (count_reads (reader), ==, i);
    }
  g_assert_cmpuint (mock_agent_count (reader->agent, "guest-file-seek"), ==, 0);
}

/* A write would go to the wrong place. */
static void
test_to_write_as_well (Reader *reader, gconstpointer data)
{
  g_clear_object (&reader->file);
  reader->file = qga_file_open (reader->connection, "/f", QGA_FILE_MODE_READ_WRITE, NULL, NULL);
  reader->input = g_io_stream_get_input_stream (G_IO_STREAM (reader->file));
  for (guint i = 1; i <= 4; i++)
    {
      assert_reads (reader, CHUNK, CHUNK);
      assert_answers (reader->connection);
      g_assert_cmpuint (count_reads (reader), ==, i);
    }
}

/* --- what goes wrong ---------------------------------------------------------------------------- */

/* Nothing is lost, and the line stays in step. */
static void
test_cancelled (Reader *reader, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree guint8 *bytes = g_malloc (CHUNK);
  g_autoptr (GError) error = NULL;
  g_auto (Await) was_read = { 0 };

  begin (reader);
  mock_agent_await_said (reader->agent);
  mock_agent_hold (reader->agent, "guest-file-read");
  assert_reads (reader, CHUNK, CHUNK);
  g_input_stream_read_async (reader->input, bytes, CHUNK, G_PRIORITY_DEFAULT, cancellable, await_callback, &was_read);
  mock_agent_await (reader->agent, "guest-file-read", 4);
  g_cancellable_cancel (cancellable);
  g_assert_cmpint (g_input_stream_read_finish (reader->input, await (&was_read), &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  mock_agent_release (reader->agent, "guest-file-read");
  assert_reads (reader, CHUNK, CHUNK);
  assert_reads (reader, CHUNK, CHUNK);
  g_assert_cmpuint (mock_agent_count_syncs (reader->agent), ==, 1);
  assert_orderly (reader->agent);
}

static void
test_faults (Reader *reader, gconstpointer data)
{
  assert_reads (reader, CHUNK, CHUNK);
  mock_agent_answer_once (reader->agent, "guest-file-read", "{\"count\":1,\"buf-b64\":\"QQ==\",\"eof\":7}");
  assert_fails (reader, QGA_ERROR, QGA_ERROR_PROTOCOL);
  assert_reads (reader, CHUNK, CHUNK);
  mock_agent_await (reader->agent, "guest-file-read", 4);
  mock_agent_await_said (reader->agent);
  mock_agent_refuse_once (reader->agent, "guest-file-read", "GenericError", "failed to read file: Input/output error");
  assert_reads (reader, CHUNK, CHUNK);
  assert_fails (reader, QGA_ERROR, QGA_ERROR_GENERIC);
  assert_reads (reader, CHUNK, CHUNK);
  assert_orderly (reader->agent);
}

static void
test_restarted (Reader *reader, gconstpointer data)
{
  begin (reader);
  mock_agent_await_said (reader->agent);
  mock_agent_restart (reader->agent);
  assert_reads (reader, CHUNK, CHUNK);
  assert_fails (reader, QGA_ERROR, QGA_ERROR_AGENT_RESTARTED);
  g_assert_cmpuint (qga_connection_get_generation (reader->connection), ==, 2);
}

static void
test_silent (Reader *reader, gconstpointer data)
{
  begin (reader);
  mock_agent_await_said (reader->agent);
  qga_connection_set_default_timeout (reader->connection, 100);
  mock_agent_stay_silent (reader->agent, "guest-file-read", 1);
  assert_reads (reader, CHUNK, CHUNK);
  assert_fails (reader, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  qga_connection_set_default_timeout (reader->connection, -1);
  assert_reads (reader, CHUNK, CHUNK);
  assert_orderly (reader->agent);
}

/* What has come is not lost with the line. */
static void
test_line_ends (Reader *reader, gconstpointer data)
{
  begin (reader);
  mock_agent_await_said (reader->agent);
  mock_agent_hang_up (reader->agent);
  while (qga_connection_get_state (reader->connection) != QGA_CONNECTION_STATE_CLOSED)
    g_main_context_iteration (NULL, TRUE);
  assert_reads (reader, CHUNK, CHUNK);
  assert_fails (reader, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

/* Somebody waits for it when the line ends. */
static void
test_line_ends_meanwhile (Reader *reader, gconstpointer data)
{
  g_autofree guint8 *bytes = g_malloc (CHUNK);
  g_autoptr (GError) error = NULL;
  g_auto (Await) was_read = { 0 }, other = { 0 };

  begin (reader);
  mock_agent_await_said (reader->agent);
  mock_agent_stay_silent (reader->agent, "guest-file-read", 1);
  assert_reads (reader, CHUNK, CHUNK);
  g_input_stream_read_async (reader->input, bytes, CHUNK, G_PRIORITY_DEFAULT, NULL, await_callback, &was_read);
  qga_connection_execute_json_async (reader->connection, "echo", NULL, NULL, await_callback, &other);
  mock_agent_await (reader->agent, "guest-file-read", 4);
  mock_agent_hang_up (reader->agent);
  g_assert_cmpint (g_input_stream_read_finish (reader->input, await (&was_read), &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  await (&other);
}

#define READER_TEST(path, body) g_test_add (path, Reader, NULL, set_up, body, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  READER_TEST ("/qga-file-ahead/to-the-end", test_to_the_end);
  READER_TEST ("/qga-file-ahead/async", test_async);
  READER_TEST ("/qga-file-ahead/both-forms", test_both_forms);
  READER_TEST ("/qga-file-ahead/early", test_early);
  READER_TEST ("/qga-file-ahead/in-threads", test_in_threads);
  READER_TEST ("/qga-file-ahead/seek", test_seek);
  READER_TEST ("/qga-file-ahead/seek-from-here", test_seek_from_here);
  READER_TEST ("/qga-file-ahead/other-size", test_other_size);
  READER_TEST ("/qga-file-ahead/close", test_close);
  READER_TEST ("/qga-file-ahead/drop", test_drop);
  READER_TEST ("/qga-file-ahead/without-places", test_without_places);
  READER_TEST ("/qga-file-ahead/small-reads", test_small_reads);
  READER_TEST ("/qga-file-ahead/to-write-as-well", test_to_write_as_well);
  READER_TEST ("/qga-file-ahead/cancelled", test_cancelled);
  READER_TEST ("/qga-file-ahead/faults", test_faults);
  READER_TEST ("/qga-file-ahead/restarted", test_restarted);
  READER_TEST ("/qga-file-ahead/silent", test_silent);
  READER_TEST ("/qga-file-ahead/line-ends", test_line_ends);
  READER_TEST ("/qga-file-ahead/line-ends-meanwhile", test_line_ends_meanwhile);
  return g_test_run ();
}
