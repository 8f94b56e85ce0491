/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "live-process.h"

/* Files of real agents: theirs are in the test's own folder, too. */

#define LENGTH ((gsize) 64 << 20)

static char *
get_checksum (const char *path)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, NULL);
  g_autoptr (GBytes) bytes = g_mapped_file_get_bytes (file);

  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
}

static void
make_file (const char *path)
{
  g_autofree guint32 *words = g_new (guint32, LENGTH / 4);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < LENGTH / 4; i++)
    words[i] = g_rand_int (random);
  g_file_set_contents (path, (const char *) words, (gssize) LENGTH, &error);
  g_assert_no_error (error);
}

static void
assert_equal (const char *path, const char *other)
{
  g_autofree char *checksum = get_checksum (path), *expected = get_checksum (other);

  g_assert_cmpstr (checksum, ==, expected);
}

/* Only a number that was closed is not known. */
static void
assert_closed (QgaConnection *connection, gint64 handle)
{
  g_autofree char *arguments = g_strdup_printf ("{\"handle\":%" G_GINT64_FORMAT "}", handle);
  g_autoptr (GError) error = NULL;

  g_assert_null (qga_connection_execute_json (connection, "guest-file-close", arguments, NULL, &error));
  g_assert_error (error, QGA_ERROR, QGA_ERROR_GENERIC);
}

static void
on_progress (goffset current, goffset total, gpointer data)
{
  goffset *last = data;

  g_assert_cmpint (current, >, *last);
  g_assert_cmpint (total, ==, LENGTH);
  *last = current;
}

static void
test_copy (LiveAgent *agent, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *source = live_path (&agent->live, "source"), *in_guest = live_path (&agent->live, "in-guest"),
                  *copied = live_path (&agent->live, "copied");
  g_autoptr (GFile) from = g_file_new_for_path (source), to = g_file_new_for_path (copied);
  g_autoptr (QgaConnection) connection = NULL;
  goffset out = 0, back = 0;
  g_autoptr (GError) error = NULL;
  struct stat status;

  live_agent_start (agent, NULL);
  connection = live_agent_open (agent);
  make_file (source);
  qga_connection_copy_to_guest (connection, from, in_guest, G_FILE_COPY_NONE, on_progress, &out, NULL, &error);
  g_assert_no_error (error);
  assert_equal (in_guest, source);
  qga_connection_copy_from_guest (connection, in_guest, to, G_FILE_COPY_NONE, LENGTH, on_progress, &back, NULL, &error);
  g_assert_no_error (error);
  assert_equal (copied, source);
  g_assert_cmpint (out, ==, LENGTH);
  g_assert_cmpint (back, ==, LENGTH);
  g_assert_cmpint (g_stat (copied, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 07777, ==, 0600);

  g_assert_false (qga_connection_copy_to_guest (connection, from, in_guest, G_FILE_COPY_NONE, NULL, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_false (qga_connection_copy_from_guest (connection, in_guest, to, G_FILE_COPY_OVERWRITE, LENGTH - 1, NULL, NULL, NULL,
                                                  &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

static void
test_copy_async (LiveAgent *agent, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *source = live_path (&agent->live, "source"), *copied = live_path (&agent->live, "copied");
  g_autoptr (GFile) to = g_file_new_for_path (copied);
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  goffset last = 0;

  live_agent_start (agent, NULL);
  connection = live_agent_open (agent);
  make_file (source);
  qga_connection_copy_from_guest_async (connection, source, to, G_FILE_COPY_NONE, G_MAXUINT64, on_progress, &last, NULL, NULL,
                                        live_keep_result, &result);
  g_assert_true (qga_connection_copy_from_guest_finish (connection, live_wait (&result), &error));
  g_assert_no_error (error);
  g_assert_cmpint (last, ==, LENGTH);
  assert_equal (copied, source);
}

/* Not all files can tell how large they are, or have places in them. */
static void
test_odd_files (LiveAgent *agent, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *copied = live_path (&agent->live, "copied"), *pipe = live_path (&agent->live, "pipe");
  g_autofree char *found = NULL, *expected = NULL;
  g_autoptr (GFile) to = g_file_new_for_path (copied);
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (QgaFile) file = NULL;
  g_autoptr (GError) error = NULL;
  char byte;

  live_agent_start (agent, NULL);
  connection = live_agent_open (agent);
  qga_connection_copy_from_guest (connection, "/proc/version", to, G_FILE_COPY_NONE, 4096, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (copied, &found, NULL, NULL));
  g_assert_true (g_file_get_contents ("/proc/version", &expected, NULL, NULL));
  g_assert_cmpstr (found, ==, expected);

  /* endless */
  g_assert_false (qga_connection_copy_from_guest (connection, "/dev/zero", to, G_FILE_COPY_OVERWRITE, 1 << 20, NULL, NULL, NULL,
                                                  &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_clear_error (&error);

  /* full: it shows only when it is flushed */
  file = qga_file_open (connection, "/dev/full", QGA_FILE_MODE_WRITE, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_output_stream_write (g_io_stream_get_output_stream (G_IO_STREAM (file)), "x", 1, NULL, &error), ==, 1);
  g_assert_false (g_output_stream_flush (g_io_stream_get_output_stream (G_IO_STREAM (file)), NULL, &error));
  g_assert_error (error, QGA_ERROR, QGA_ERROR_GENERIC);
  g_clear_error (&error);
  g_clear_object (&file);

  /* a pipe can be opened for both without waiting for another */
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  file = qga_file_open (connection, pipe, QGA_FILE_MODE_APPEND_READ, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_output_stream_write (g_io_stream_get_output_stream (G_IO_STREAM (file)), "x", 1, NULL, &error), ==, 1);
  g_assert_true (g_output_stream_flush (g_io_stream_get_output_stream (G_IO_STREAM (file)), NULL, &error));
  g_assert_cmpint (g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (file)), &byte, 1, NULL, &error), ==, 1);
  g_assert_no_error (error);
  g_assert_cmpint (byte, ==, 'x');
}

static gssize
read_at (QgaFile *file, goffset offset, GSeekType type, char *bytes, gsize size)
{
  g_autoptr (GError) error = NULL;
  gssize n;

  g_seekable_seek (G_SEEKABLE (file), offset, type, NULL, &error);
  g_assert_no_error (error);
  n = g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (file)), bytes, size, NULL, &error);
  g_assert_no_error (error);
  return n;
}

/* Reading and writing by turns, and appending. */
static void
test_places (LiveAgent *agent, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *path = live_path (&agent->live, "file"), *content = NULL;
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (QgaFile) file = NULL, appended = NULL;
  g_autoptr (GError) error = NULL;
  char bytes[16] = "";

  live_agent_start (agent, NULL);
  connection = live_agent_open (agent);
  file = qga_file_open (connection, path, QGA_FILE_MODE_WRITE_READ, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (file)), "0123456789", 10, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (read_at (file, -4, G_SEEK_CUR, bytes, 2), ==, 2);
  g_assert_cmpstr (bytes, ==, "67");
  g_assert_cmpint (g_seekable_tell (G_SEEKABLE (file)), ==, 8);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (file)), "x", 1, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (read_at (file, 0, G_SEEK_END, bytes, 1), ==, 0);
  g_assert_cmpint (g_seekable_tell (G_SEEKABLE (file)), ==, 10);
  g_assert_true (g_io_stream_close (G_IO_STREAM (file), NULL, &error));
  g_assert_no_error (error);

  appended = qga_file_open (connection, path, QGA_FILE_MODE_APPEND, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (appended)), "\r\n\n", 3, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_seekable_tell (G_SEEKABLE (appended)), ==, 13);
  g_assert_true (g_io_stream_close (G_IO_STREAM (appended), NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "01234567x9\r\n\n");
  assert_closed (connection, qga_file_get_handle (file));
  assert_closed (connection, qga_file_get_handle (appended));
}

/* The new agent counts on where the old one was, so it knows no such handle. */
static void
test_restart (LiveAgent *agent, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *path = live_path (&agent->live, "file");
  g_autoptr (QgaConnection) connection = NULL, again = NULL;
  g_autoptr (QgaFile) file = NULL;
  g_autoptr (GError) error = NULL;
  gint64 handle;
  char byte;

  g_file_set_contents (path, "x", 1, NULL);
  live_agent_start (agent, NULL);
  connection = live_agent_open (agent);
  file = qga_file_open (connection, path, QGA_FILE_MODE_READ, NULL, &error);
  g_assert_no_error (error);
  handle = qga_file_get_handle (file);
  live_agent_kill (agent);
  g_assert_cmpint (g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (file)), &byte, 1, NULL, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  live_agent_start (agent, NULL);
  again = live_agent_open (agent);
  assert_closed (again, handle);
}

/* A read that is given up moves nothing. */
static void
test_cancel (LiveAgent *agent, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *path = live_path (&agent->live, "file");
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (QgaFile) file = NULL;
  g_autoptr (GError) error = NULL;
  GInputStream *input;
  char bytes[4] = "";

  g_file_set_contents (path, "abcdef", 6, NULL);
  live_agent_start (agent, NULL);
  connection = live_agent_open (agent);
  file = qga_file_open (connection, path, QGA_FILE_MODE_READ, NULL, &error);
  g_assert_no_error (error);
  input = g_io_stream_get_input_stream (G_IO_STREAM (file));
  live_freeze (agent->process);
  g_input_stream_read_async (input, bytes, 3, G_PRIORITY_DEFAULT, cancellable, live_keep_result, &result);
  g_cancellable_cancel (cancellable);
  g_assert_cmpint (g_input_stream_read_finish (input, live_wait (&result), &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  live_thaw (agent->process);
  g_assert_cmpint (g_input_stream_read (input, bytes, 3, NULL, &error), ==, 3);
  g_assert_no_error (error);
  g_assert_cmpstr (bytes, ==, "abc");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  LIVE_AGENT_TEST ("/live/agent-files/copy", test_copy);
  LIVE_AGENT_TEST ("/live/agent-files/copy-async", test_copy_async);
  LIVE_AGENT_TEST ("/live/agent-files/odd-files", test_odd_files);
  LIVE_AGENT_TEST ("/live/agent-files/places", test_places);
  LIVE_AGENT_TEST ("/live/agent-files/restart", test_restart);
  LIVE_AGENT_TEST ("/live/agent-files/cancel", test_cancel);
  return g_test_run ();
}
