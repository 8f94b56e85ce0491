/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qga-glib/qga-glib.h>

#include <string.h>

#include "mock/await.h"
#include "mock/open-agent.h"

/* Files of a guest that keeps to the rules; test-qga-file-faults.c has the
 * others. */

#define CHUNK 65536

static guint8 *
make_bytes (gsize n_bytes)
{
  guint8 *bytes = g_malloc (n_bytes);

  for (gsize i = 0; i < n_bytes; i++)
    bytes[i] = (guint8) (i * 31 + (i >> 8));
  return bytes;
}

static QgaFile *
open_file (QgaConnection *connection, const char *path, QgaFileMode mode)
{
  g_autoptr (GError) error = NULL;
  QgaFile *file = qga_file_open (connection, path, mode, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (QGA_IS_FILE (file));
  return file;
}

static GInputStream *
get_input (QgaFile *file)
{
  return g_io_stream_get_input_stream (G_IO_STREAM (file));
}

static GOutputStream *
get_output (QgaFile *file)
{
  return g_io_stream_get_output_stream (G_IO_STREAM (file));
}

static void
assert_closes (QgaFile *file)
{
  g_autoptr (GError) error = NULL;

  g_io_stream_close (G_IO_STREAM (file), NULL, &error);
  g_assert_no_error (error);
}

static void
assert_reads (QgaFile *file, const char *expected)
{
  g_autoptr (GError) error = NULL;
  char bytes[64] = "";
  gssize n = g_input_stream_read (get_input (file), bytes, sizeof bytes - 1, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (n, ==, strlen (expected));
  g_assert_cmpstr (bytes, ==, expected);
}

static void
assert_writes (QgaFile *file, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_output_stream_write (get_output (file), text, strlen (text), NULL, &error), ==, strlen (text));
  g_assert_no_error (error);
}

static void
assert_content (MockAgent *agent, const char *path, const void *bytes, gsize length)
{
  g_autoptr (GBytes) content = mock_agent_dup_file (agent, path);

  g_assert_cmpmem (g_bytes_get_data (content, NULL), g_bytes_get_size (content), bytes, length);
}

/* --- reading ---------------------------------------------------------------------------- */

static void
test_read (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  gsize length = 3 * CHUNK + 17, n_read;
  g_autofree guint8 *bytes = make_bytes (length), *found = g_malloc (length + 1);
  g_autoptr (QgaFile) file = NULL;
  g_autoptr (GError) error = NULL;

  mock_agent_add_file (agent, "/f", bytes, length);
  file = open_file (connection, "/f", QGA_FILE_MODE_READ);
  g_assert_true (g_input_stream_read_all (get_input (file), found, length + 1, &n_read, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (found, n_read, bytes, length);
  g_assert_cmpint (g_seekable_tell (G_SEEKABLE (file)), ==, length);
  for (guint i = 1; i <= mock_agent_count (agent, "guest-file-read"); i++)
    {
      const MockAgentCommand *command = mock_agent_get_command (agent, "guest-file-read", i);

      g_assert_cmpint (json_object_get_int_member (command->members, "count"), <=, CHUNK);
    }
  g_assert_cmpuint (mock_agent_count_handles (agent), ==, 1);
  assert_closes (file);
  g_assert_cmpuint (mock_agent_count_handles (agent), ==, 0);
  assert_orderly (agent);
}

/* No byte is touched behind the buffer, whatever its size. */
static void
test_read_into_small_buffers (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autofree guint8 *bytes = make_bytes (1000);
  g_autoptr (QgaFile) file = NULL;
  gsize at = 0;

  mock_agent_add_file (agent, "/f", bytes, 1000);
  file = open_file (connection, "/f", QGA_FILE_MODE_READ);
  for (gsize size = 1; at + size <= 1000; size++)
    {
      g_autofree guint8 *buffer = g_malloc (size);
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (g_input_stream_read (get_input (file), buffer, size, NULL, &error), ==, size);
      g_assert_no_error (error);
      g_assert_cmpmem (buffer, size, bytes + at, size);
      at += size;
    }
}

static void
test_read_async (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  gsize length = 2 * CHUNK + 1, n_read;
  g_autofree guint8 *bytes = make_bytes (length), *found = g_malloc (length);
  g_auto (Await) opened = { 0 }, was_read = { 0 }, ended = { 0 }, closed = { 0 };
  g_autoptr (QgaFile) file = NULL;
  g_autoptr (GError) error = NULL;
  guint8 more;

  mock_agent_add_file (agent, "/f", bytes, length);
  qga_file_open_async (connection, "/f", QGA_FILE_MODE_READ, NULL, await_callback, &opened);
  g_assert_cmpuint (opened.n_calls, ==, 0);
  file = qga_file_open_finish (await (&opened), &error);
  g_assert_no_error (error);
  g_assert_null (opened.source);
  g_input_stream_read_all_async (get_input (file), found, length, G_PRIORITY_DEFAULT, NULL, await_callback, &was_read);
  g_assert_true (g_input_stream_read_all_finish (get_input (file), await (&was_read), &n_read, &error));
  g_assert_cmpmem (found, n_read, bytes, length);
  g_input_stream_read_async (get_input (file), &more, 1, G_PRIORITY_DEFAULT, NULL, await_callback, &ended);
  g_assert_cmpint (g_input_stream_read_finish (get_input (file), await (&ended), &error), ==, 0);
  g_assert_no_error (error);
  g_io_stream_close_async (G_IO_STREAM (file), G_PRIORITY_DEFAULT, NULL, await_callback, &closed);
  g_assert_true (g_io_stream_close_finish (G_IO_STREAM (file), await (&closed), &error));
  g_assert_no_error (error);
  g_assert_cmpuint (mock_agent_count_handles (agent), ==, 0);
  assert_orderly (agent);
}

/* A file may grow after its end was found. */
static void
test_read_on_after_the_end (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaFile) file = NULL;

  mock_agent_add_file (agent, "/f", "one", 3);
  file = open_file (connection, "/f", QGA_FILE_MODE_READ);
  assert_reads (file, "one");
  assert_reads (file, "");
  assert_reads (file, "");
  mock_agent_add_file (agent, "/f", "one, two", 8);
  assert_reads (file, ", two");
}

/* --- writing ----------------------------------------------------------------------------- */

static void
test_write (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  gsize length = 2 * CHUNK + 5, n_written;
  g_autofree guint8 *bytes = make_bytes (length);
  g_autoptr (QgaFile) file = NULL;
  g_autoptr (GError) error = NULL;

  mock_agent_add_file (agent, "/f", "what was before", 15);
  file = open_file (connection, "/f", QGA_FILE_MODE_WRITE);
  g_assert_true (g_output_stream_write_all (get_output (file), bytes, length, &n_written, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (mock_agent_count (agent, "guest-file-write"), ==, 3);
  g_assert_true (g_output_stream_flush (get_output (file), NULL, &error));
  g_assert_cmpuint (mock_agent_count (agent, "guest-file-flush"), ==, 1);
  /* there is nothing more to flush */
  g_assert_true (g_output_stream_flush (get_output (file), NULL, &error));
  g_assert_cmpuint (mock_agent_count (agent, "guest-file-flush"), ==, 1);
  g_assert_cmpint (g_seekable_tell (G_SEEKABLE (get_output (file))), ==, length);
  assert_closes (file);
  assert_content (agent, "/f", bytes, length);
  assert_orderly (agent);
}

static void
test_write_async (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  gsize length = CHUNK + 5, n_written;
  g_autofree guint8 *bytes = make_bytes (length);
  g_autoptr (QgaFile) file = open_file (connection, "/f", QGA_FILE_MODE_WRITE);
  g_auto (Await) written = { 0 }, flushed = { 0 }, closed = { 0 };
  g_autoptr (GError) error = NULL;

  mock_agent_spoil_files (agent, &(MockFileFaults) { .most_written = 50000 });
  g_output_stream_write_all_async (get_output (file), bytes, length, G_PRIORITY_DEFAULT, NULL, await_callback, &written);
  g_assert_true (g_output_stream_write_all_finish (get_output (file), await (&written), &n_written, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_written, ==, length);
  g_output_stream_flush_async (get_output (file), G_PRIORITY_DEFAULT, NULL, await_callback, &flushed);
  g_assert_true (g_output_stream_flush_finish (get_output (file), await (&flushed), &error));
  g_output_stream_close_async (get_output (file), G_PRIORITY_DEFAULT, NULL, await_callback, &closed);
  g_assert_true (g_output_stream_close_finish (get_output (file), await (&closed), &error));
  g_assert_no_error (error);
  assert_content (agent, "/f", bytes, length);
  /* the only end it has */
  g_assert_cmpuint (mock_agent_count_handles (agent), ==, 0);
  assert_orderly (agent);
}

/* What an agent takes only in part is offered until it is all there. */
static void
test_short_writes (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaFile) file = open_file (connection, "/f", QGA_FILE_MODE_WRITE);

  mock_agent_spoil_files (agent, &(MockFileFaults) { .most_written = 3 });
  assert_writes (file, "0123456789");
  g_assert_cmpuint (mock_agent_count (agent, "guest-file-write"), ==, 4);
  g_assert_cmpint (g_seekable_tell (G_SEEKABLE (file)), ==, 10);
  assert_content (agent, "/f", "0123456789", 10);
}

/* --- modes ----------------------------------------------------------------------------------- */

static void
assert_unsupported (GError **error)
{
  g_assert_error (*error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr ((*error)->message, "/f"));
  g_clear_error (error);
}

static void
test_modes (void)
{
  static const struct
  {
    const char *text;
    gboolean reads;
    gboolean writes;
  } modes[] = {
    [QGA_FILE_MODE_READ] = { "rb", TRUE, FALSE },         [QGA_FILE_MODE_WRITE] = { "wb", FALSE, TRUE },
    [QGA_FILE_MODE_APPEND] = { "ab", FALSE, TRUE },       [QGA_FILE_MODE_READ_WRITE] = { "r+b", TRUE, TRUE },
    [QGA_FILE_MODE_WRITE_READ] = { "w+b", TRUE, TRUE },   [QGA_FILE_MODE_APPEND_READ] = { "a+b", TRUE, TRUE },
  };
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);

  mock_agent_add_file (agent, "/f", "x", 1);
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_autoptr (QgaFile) file = open_file (connection, "/f", i);
      const MockAgentCommand *command = mock_agent_get_command (agent, "guest-file-open", i + 1);
      g_autoptr (GError) error = NULL;
      char byte = 'y';

      g_assert_cmpstr (json_object_get_string_member (command->members, "mode"), ==, modes[i].text);
      g_assert_cmpint (qga_file_get_mode (file), ==, i);
      g_assert_nonnull (get_input (file));
      g_assert_nonnull (get_output (file));
      g_assert_cmpint (g_input_stream_read (get_input (file), &byte, 1, NULL, &error) >= 0, ==, modes[i].reads);
      if (!modes[i].reads)
        assert_unsupported (&error);
      g_assert_cmpint (g_output_stream_write (get_output (file), &byte, 1, NULL, &error) > 0, ==, modes[i].writes);
      if (!modes[i].writes)
        assert_unsupported (&error);
      g_assert_no_error (error);
      assert_closes (file);
    }
  g_assert_cmpuint (mock_agent_count_handles (agent), ==, 0);
}

static void
test_properties (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent), found = NULL;
  g_autoptr (QgaFile) file = open_file (connection, "/a \"path\"\\é\n", QGA_FILE_MODE_WRITE);
  g_autofree char *path = NULL;
  QgaFileMode mode;
  gint64 handle;

  g_assert_true (qga_file_get_connection (file) == connection);
  g_assert_cmpstr (qga_file_get_path (file), ==, "/a \"path\"\\é\n");
  g_assert_cmpint (qga_file_get_handle (file), ==, 1000);
  g_object_get (file, "connection", &found, "path", &path, "mode", &mode, "handle", &handle, NULL);
  g_assert_true (found == connection);
  g_assert_cmpstr (path, ==, "/a \"path\"\\é\n");
  g_assert_cmpint (mode, ==, QGA_FILE_MODE_WRITE);
  g_assert_cmpint (handle, ==, 1000);
  assert_content (agent, path, "", 0);
}

static void
test_open_fails (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_auto (Await) opened = { 0 }, reopened = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_null (qga_file_open (connection, "/none", QGA_FILE_MODE_READ, NULL, &error));
  g_assert_error (error, QGA_ERROR, QGA_ERROR_GENERIC);
  g_clear_error (&error);
  g_assert_null (qga_file_open (connection, "/\xff", QGA_FILE_MODE_WRITE, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  qga_file_open_async (connection, "/none", QGA_FILE_MODE_READ, NULL, await_callback, &opened);
  qga_file_open_async (connection, "/\xff", QGA_FILE_MODE_READ, NULL, await_callback, &reopened);
  g_assert_cmpuint (opened.n_calls + reopened.n_calls, ==, 0);
  g_assert_null (qga_file_open_finish (await (&opened), &error));
  g_assert_error (error, QGA_ERROR, QGA_ERROR_GENERIC);
  g_clear_error (&error);
  g_assert_null (qga_file_open_finish (await (&reopened), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

/* --- the position -------------------------------------------------------------------------------- */

static void
assert_seeks (GSeekable *seekable, goffset offset, GSeekType type, goffset expected)
{
  g_autoptr (GError) error = NULL;

  g_seekable_seek (seekable, offset, type, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_seekable_tell (seekable), ==, expected);
}

static void
test_seek (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaFile) file = NULL;
  g_autoptr (GError) error = NULL;

  mock_agent_add_file (agent, "/f", "0123456789", 10);
  file = open_file (connection, "/f", QGA_FILE_MODE_READ_WRITE);
  g_assert_true (g_seekable_can_seek (G_SEEKABLE (file)));
  assert_seeks (G_SEEKABLE (file), 4, G_SEEK_SET, 4);
  assert_reads (file, "456789");
  assert_seeks (G_SEEKABLE (get_input (file)), -3, G_SEEK_END, 7);
  assert_seeks (G_SEEKABLE (get_output (file)), 1, G_SEEK_CUR, 8);
  assert_writes (file, "x");
  assert_reads (file, "9");
  g_assert_cmpint (g_seekable_tell (G_SEEKABLE (get_input (file))), ==, 10);
  g_assert_cmpint (g_seekable_tell (G_SEEKABLE (get_output (file))), ==, 10);
  assert_seeks (G_SEEKABLE (file), 12, G_SEEK_SET, 12);
  assert_writes (file, "y");
  assert_content (agent, "/f", "01234567x9\0\0y", 13);
  g_assert_cmpstr (json_object_get_string_member (mock_agent_get_command (agent, "guest-file-seek", 1)->members, "whence"), ==,
                   "set");

  g_assert_false (g_seekable_seek (G_SEEKABLE (file), -1, G_SEEK_SET, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_false (g_seekable_seek (G_SEEKABLE (file), -100, G_SEEK_CUR, NULL, &error));
  g_assert_error (error, QGA_ERROR, QGA_ERROR_GENERIC);
  g_clear_error (&error);
  g_assert_cmpint (g_seekable_tell (G_SEEKABLE (file)), ==, 13);
  g_assert_false (g_seekable_can_truncate (G_SEEKABLE (file)));
  g_assert_false (g_seekable_truncate (G_SEEKABLE (get_output (file)), 0, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

static void
test_seek_async (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaFile) file = open_file (connection, "/f", QGA_FILE_MODE_WRITE);
  g_auto (Await) sought = { 0 }, too_soon = { 0 }, wrong = { 0 };
  g_autoptr (GError) error = NULL;

  qga_file_seek_async (file, 77, G_SEEK_SET, NULL, await_callback, &sought);
  qga_file_seek_async (file, 0, G_SEEK_END, NULL, await_callback, &too_soon);
  g_assert_false (qga_file_seek_finish (file, await (&too_soon), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);
  g_clear_error (&error);
  g_assert_true (qga_file_seek_finish (file, await (&sought), &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_seekable_tell (G_SEEKABLE (file)), ==, 77);
  qga_file_seek_async (file, -5, G_SEEK_SET, NULL, await_callback, &wrong);
  g_assert_cmpuint (wrong.n_calls, ==, 0);
  g_assert_false (qga_file_seek_finish (file, await (&wrong), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

/* Agents that are too old to repeat ids are spoken to in numbers. */
static void
test_seek_by_number (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (QgaFile) file = NULL;

  mock_agent_set_echoes_ids (agent, FALSE);
  mock_agent_set_version (agent, "2.5.0");
  connection = open_agent (agent);
  mock_agent_add_file (agent, "/f", "0123456789", 10);
  file = open_file (connection, "/f", QGA_FILE_MODE_READ);
  assert_seeks (G_SEEKABLE (file), -2, G_SEEK_END, 8);
  assert_seeks (G_SEEKABLE (file), -2, G_SEEK_CUR, 6);
  g_assert_cmpint (json_object_get_int_member (mock_agent_get_command (agent, "guest-file-seek", 1)->members, "whence"), ==, 2);
  assert_reads (file, "6789");
  assert_closes (file);
}

/* The position is where the next byte goes, which is known by asking. */
static void
test_append (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaFile) file = NULL;

  mock_agent_add_file (agent, "/f", "old", 3);
  file = open_file (connection, "/f", QGA_FILE_MODE_APPEND_READ);
  assert_reads (file, "old");
  assert_writes (file, "+");
  assert_writes (file, "new");
  g_assert_cmpuint (mock_agent_count (agent, "guest-file-seek"), ==, 1);
  g_assert_cmpint (g_seekable_tell (G_SEEKABLE (file)), ==, 7);
  assert_seeks (G_SEEKABLE (file), 1, G_SEEK_SET, 1);
  assert_reads (file, "ld+new");
  assert_seeks (G_SEEKABLE (file), 0, G_SEEK_SET, 0);
  assert_writes (file, "!");
  g_assert_cmpint (g_seekable_tell (G_SEEKABLE (file)), ==, 8);
  assert_content (agent, "/f", "old+new!", 8);
}

/* A pipe has no end to seek to. */
static void
test_append_without_places (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaFile) file = open_file (connection, "/f", QGA_FILE_MODE_APPEND);

  mock_agent_refuse (agent, "guest-file-seek", "GenericError", "failed to seek file: Illegal seek");
  assert_writes (file, "one");
  assert_writes (file, "two");
  g_assert_cmpuint (mock_agent_count (agent, "guest-file-seek"), ==, 1);
  assert_content (agent, "/f", "onetwo", 6);
}

/* --- both ends ----------------------------------------------------------------------------------- */

static void
test_both_ends_at_once (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_auto (Await) was_read = { 0 }, written = { 0 };
  g_autoptr (QgaFile) file = NULL;
  g_autoptr (GError) error = NULL;
  char bytes[3] = "";

  mock_agent_add_file (agent, "/f", "abcdef", 6);
  file = open_file (connection, "/f", QGA_FILE_MODE_READ_WRITE);
  g_input_stream_read_async (get_input (file), bytes, 2, G_PRIORITY_DEFAULT, NULL, await_callback, &was_read);
  g_output_stream_write_async (get_output (file), "XY", 2, G_PRIORITY_DEFAULT, NULL, await_callback, &written);
  g_assert_cmpint (g_output_stream_write_finish (get_output (file), await (&written), &error), ==, 2);
  g_assert_cmpint (g_input_stream_read_finish (get_input (file), await (&was_read), &error), ==, 2);
  g_assert_no_error (error);
  g_assert_cmpstr (bytes, ==, "ab");
  g_assert_cmpint (g_seekable_tell (G_SEEKABLE (file)), ==, 4);
  assert_content (agent, "/f", "abXYef", 6);
  assert_orderly (agent);
}

static void
test_close_ends (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaFile) file = open_file (connection, "/f", QGA_FILE_MODE_WRITE_READ);
  g_autoptr (GError) error = NULL;

  assert_writes (file, "x");
  g_assert_true (g_output_stream_close (get_output (file), NULL, &error));
  g_assert_cmpuint (mock_agent_count_handles (agent), ==, 1);
  assert_reads (file, "");
  g_assert_true (g_input_stream_close (get_input (file), NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (mock_agent_count_handles (agent), ==, 0);
  g_assert_false (g_seekable_seek (G_SEEKABLE (file), 0, G_SEEK_SET, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  assert_closes (file);
  g_assert_cmpuint (mock_agent_count (agent, "guest-file-close"), ==, 1);
}

/* Both ends end with the file, and say nothing to the agent any more. */
static void
test_close (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaFile) file = open_file (connection, "/f", QGA_FILE_MODE_WRITE_READ);
  g_autoptr (GError) error = NULL;
  char byte = 0;

  assert_writes (file, "x");
  assert_closes (file);
  g_assert_true (g_io_stream_is_closed (G_IO_STREAM (file)));
  g_assert_true (g_input_stream_is_closed (get_input (file)));
  g_assert_true (g_output_stream_is_closed (get_output (file)));
  g_assert_cmpint (g_input_stream_read (get_input (file), &byte, 1, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  assert_closes (file);
  g_clear_object (&file);
  g_assert_cmpuint (mock_agent_count (agent, "guest-file-flush"), ==, 0);
  g_assert_cmpuint (mock_agent_count (agent, "guest-file-close"), ==, 1);
  assert_orderly (agent);
}

/* A file that is dropped is closed, and its ends are of no more use. */
static void
test_drop (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  QgaFile *file = open_file (connection, "/f", QGA_FILE_MODE_WRITE_READ);
  g_autoptr (GInputStream) input = g_object_ref (get_input (file));
  g_autoptr (GOutputStream) output = g_object_ref (get_output (file));
  g_autoptr (GError) error = NULL;
  char byte = 0;

  assert_writes (file, "x");
  g_object_unref (file);
  mock_agent_await (agent, "guest-file-close", 1);
  assert_answers (connection);
  g_assert_cmpuint (mock_agent_count_handles (agent), ==, 0);
  g_assert_cmpint (g_input_stream_read (input, &byte, 1, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&error);
  g_assert_cmpint (g_output_stream_write (output, &byte, 1, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_true (g_output_stream_close (output, NULL, NULL));
  g_assert_cmpuint (mock_agent_count (agent, "guest-file-close"), ==, 1);
  assert_orderly (agent);
}

/* It goes out even if the connection is dropped right after. */
static void
test_drop_all (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  QgaConnection *connection = open_agent (agent);
  QgaFile *file = open_file (connection, "/f", QGA_FILE_MODE_WRITE);
  gpointer weak = connection;

  g_object_add_weak_pointer (G_OBJECT (connection), &weak);
  g_object_unref (connection);
  g_assert_nonnull (weak);
  g_object_unref (file);
  g_assert_null (weak);
  mock_agent_await_end (agent);
  g_assert_cmpuint (mock_agent_count (agent, "guest-file-close"), ==, 1);
  g_assert_cmpuint (mock_agent_count_handles (agent), ==, 0);
}

/* Results that somebody keeps hold nothing. */
static void
test_results_hold_nothing (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  QgaConnection *connection = open_agent (agent);
  g_auto (Await) opened = { 0 };
  gpointer weak = connection;
  QgaFile *file;

  g_object_add_weak_pointer (G_OBJECT (connection), &weak);
  qga_file_open_async (connection, "/f", QGA_FILE_MODE_WRITE, NULL, await_callback, &opened);
  file = qga_file_open_finish (await (&opened), NULL);
  g_object_unref (file);
  g_object_unref (connection);
  g_assert_null (weak);
}

/* GIO's own ways to copy run on it. */
static void
test_splice (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autofree guint8 *bytes = make_bytes (100000);
  g_autoptr (QgaFile) from = NULL, to = open_file (connection, "/to", QGA_FILE_MODE_WRITE);
  g_auto (Await) spliced = { 0 };
  g_autoptr (GError) error = NULL;

  mock_agent_add_file (agent, "/from", bytes, 100000);
  from = open_file (connection, "/from", QGA_FILE_MODE_READ);
  g_output_stream_splice_async (get_output (to), get_input (from),
                                G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE | G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, G_PRIORITY_DEFAULT,
                                NULL, await_callback, &spliced);
  g_assert_cmpint (g_output_stream_splice_finish (get_output (to), await (&spliced), &error), ==, 100000);
  g_assert_no_error (error);
  assert_content (agent, "/to", bytes, 100000);
  g_assert_cmpuint (mock_agent_count_handles (agent), ==, 0);
  assert_orderly (agent);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/qga-file/read", test_read);
  g_test_add_func ("/qga-file/read-into-small-buffers", test_read_into_small_buffers);
  g_test_add_func ("/qga-file/read-async", test_read_async);
  g_test_add_func ("/qga-file/read-on-after-the-end", test_read_on_after_the_end);
  g_test_add_func ("/qga-file/write", test_write);
  g_test_add_func ("/qga-file/write-async", test_write_async);
  g_test_add_func ("/qga-file/short-writes", test_short_writes);
  g_test_add_func ("/qga-file/modes", test_modes);
  g_test_add_func ("/qga-file/properties", test_properties);
  g_test_add_func ("/qga-file/open-fails", test_open_fails);
  g_test_add_func ("/qga-file/seek", test_seek);
  g_test_add_func ("/qga-file/seek-async", test_seek_async);
  g_test_add_func ("/qga-file/seek-by-number", test_seek_by_number);
  g_test_add_func ("/qga-file/append", test_append);
  g_test_add_func ("/qga-file/append-without-places", test_append_without_places);
  g_test_add_func ("/qga-file/both-ends-at-once", test_both_ends_at_once);
  g_test_add_func ("/qga-file/close-ends", test_close_ends);
  g_test_add_func ("/qga-file/close", test_close);
  g_test_add_func ("/qga-file/drop", test_drop);
  g_test_add_func ("/qga-file/drop-all", test_drop_all);
  g_test_add_func ("/qga-file/results-hold-nothing", test_results_hold_nothing);
  g_test_add_func ("/qga-file/splice", test_splice);
  return g_test_run ();
}
