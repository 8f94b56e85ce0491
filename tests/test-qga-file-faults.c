/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qga-glib/qga-glib.h>

#include <string.h>

#include "mock/await.h"
#include "mock/open-agent.h"

/* Files of a guest that lies, of an agent that comes and goes, and of callers
 * who give up. */

typedef struct
{
  MockAgent *agent;
  QgaConnection *connection;
  QgaFile *file;           /* /f, to read and to write */
  GInputStream *input;
  GOutputStream *output;
  GCancellable *cancellable;
} Files;

static void
set_up (Files *files, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  files->agent = mock_agent_new ();
  files->connection = open_agent (files->agent);
  mock_agent_add_file (files->agent, "/f", "0123456789", 10);
  mock_agent_add_file (files->agent, "/other", "secret", 6);
  files->file = qga_file_open (files->connection, "/f", QGA_FILE_MODE_READ_WRITE, NULL, &error);
  g_assert_no_error (error);
  files->input = g_io_stream_get_input_stream (G_IO_STREAM (files->file));
  files->output = g_io_stream_get_output_stream (G_IO_STREAM (files->file));
  files->cancellable = g_cancellable_new ();
}

static void
tear_down (Files *files, gconstpointer data)
{
  g_clear_object (&files->file);
  g_clear_object (&files->connection);
  mock_agent_free (files->agent);
  g_object_unref (files->cancellable);
}

static void
assert_error (GError **error, GQuark domain, int code, const char *word)
{
  g_assert_error (*error, domain, code);
  if (strstr ((*error)->message, word) == NULL)
    g_error ("“%s” is not said in: %s", word, (*error)->message);
  g_clear_error (error);
}

static void
assert_reads (Files *files, gsize size, const char *expected)
{
  g_autoptr (GError) error = NULL;
  char bytes[32] = "";
  gssize n = g_input_stream_read (files->input, bytes, size, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (n, ==, strlen (expected));
  g_assert_cmpstr (bytes, ==, expected);
}

static void
assert_read_fails (Files *files, GQuark domain, int code, const char *word)
{
  g_autoptr (GError) error = NULL;
  char bytes[32];

  g_assert_cmpint (g_input_stream_read (files->input, bytes, 6, NULL, &error), ==, -1);
  assert_error (&error, domain, code, word);
}

static void
assert_write_fails (Files *files, GQuark domain, int code, const char *word)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_output_stream_write (files->output, "abcd", 4, NULL, &error), ==, -1);
  assert_error (&error, domain, code, word);
}

static void
assert_all_closed (Files *files)
{
  assert_answers (files->connection);
  g_assert_cmpuint (mock_agent_count_handles (files->agent), ==, 0);
  assert_orderly (files->agent);
}

/* --- replies that make no sense ---------------------------------------------------------- */

static void
test_bad_reads (Files *files, gconstpointer data)
{
  static const struct
  {
    const char *reply;
    const char *word;
  } cases[] = {
    { "{}", "guest-file-read: return.eof: expected a boolean, found nothing" },
    { "[]", "guest-file-read: return.eof: expected a boolean, found nothing" },
    { "7", "guest-file-read: return.eof: expected a boolean, found nothing" },
    { "{\"count\":1,\"buf-b64\":\"QQ==\",\"eof\":0}", "return.eof: expected a boolean, found an integer" },
    { "{\"buf-b64\":\"QQ==\",\"eof\":false}", "return.count: expected an integer, found nothing" },
    { "{\"count\":\"1\",\"buf-b64\":\"QQ==\",\"eof\":false}", "return.count: expected an integer, found a string" },
    { "{\"count\":1.5,\"buf-b64\":\"QQ==\",\"eof\":false}", "return.count: expected an integer, found a number" },
    { "{\"count\":-1,\"buf-b64\":\"QQ==\",\"eof\":false}", "return.count: expected 0 to 6" },
    { "{\"count\":7,\"buf-b64\":\"QQ==\",\"eof\":false}", "return.count: expected 0 to 6" },
    { "{\"count\":18446744073709551615,\"buf-b64\":\"QQ==\",\"eof\":false}", "return.count: expected 0 to 6" },
    { "{\"count\":1,\"eof\":false}", "return.buf-b64: expected a string, found nothing" },
    { "{\"count\":1,\"buf-b64\":null,\"eof\":false}", "return.buf-b64: expected a string, found null" },
    { "{\"count\":1,\"buf-b64\":\"QQ=\",\"eof\":false}", "return.buf-b64: expected base64 of 6 bytes at most, found what is not" },
    { "{\"count\":1,\"buf-b64\":\"Q*==\",\"eof\":false}", "return.buf-b64: expected base64" },
    { "{\"count\":1,\"buf-b64\":\"QR==\",\"eof\":false}", "return.buf-b64: expected base64" },
    { "{\"count\":6,\"buf-b64\":\"QUFBQUFBQQ==\",\"eof\":false}", "return.buf-b64: expected base64 of 6 bytes at most, found more" },
    { "{\"count\":2,\"buf-b64\":\"QQ==\",\"eof\":false}", "return.count: expected 1, as many as there are in buf-b64, found 2" },
    { "{\"count\":0,\"buf-b64\":\"QQ==\",\"eof\":true}", "return.count: expected 1, as many as there are in buf-b64, found 0" },
    { "{\"count\":1,\"buf-b64\":\"\",\"eof\":true}", "return.count: expected 0, as many as there are in buf-b64, found 1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      mock_agent_answer_once (files->agent, "guest-file-read", cases[i].reply);
      assert_read_fails (files, QGA_ERROR, QGA_ERROR_PROTOCOL, cases[i].word);
      /* the next one is where it should be */
      g_assert_cmpint (g_seekable_tell (G_SEEKABLE (files->file)), ==, 0);
    }
  assert_reads (files, 3, "012");
  assert_reads (files, 3, "345");
  assert_orderly (files->agent);
}

/* Other agents write JSON in other ways. */
static void
test_escaped_base64 (Files *files, gconstpointer data)
{
  mock_agent_answer_once (files->agent, "guest-file-read", "{\"count\":3,\"buf-b64\":\"Pz8\\/\",\"eof\":false}");
  assert_reads (files, 6, "???");
}

static void
test_bad_writes (Files *files, gconstpointer data)
{
  static const struct
  {
    const char *reply;
    const char *word;
  } cases[] = {
    { "{}", "guest-file-write: return.count: expected an integer, found nothing" },
    { "{\"count\":true,\"eof\":false}", "guest-file-write: return.count: expected an integer, found a boolean" },
    { "{\"count\":0,\"eof\":false}", "guest-file-write: return.count: expected 1 to 4" },
    { "{\"count\":5,\"eof\":false}", "guest-file-write: return.count: expected 1 to 4" },
    { "{\"count\":-4,\"eof\":false}", "guest-file-write: return.count: expected 1 to 4" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      mock_agent_answer_once (files->agent, "guest-file-write", cases[i].reply);
      assert_write_fails (files, QGA_ERROR, QGA_ERROR_PROTOCOL, cases[i].word);
      g_assert_cmpint (g_seekable_tell (G_SEEKABLE (files->file)), ==, 0);
    }
}

static void
test_bad_seeks (Files *files, gconstpointer data)
{
  static const char *const replies[] = { "{}", "{\"position\":\"1\",\"eof\":false}", "{\"position\":-1,\"eof\":false}",
                                         "{\"position\":18446744073709551615,\"eof\":false}" };

  for (guint i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      g_autoptr (GError) error = NULL;

      mock_agent_answer_once (files->agent, "guest-file-seek", replies[i]);
      g_assert_false (g_seekable_seek (G_SEEKABLE (files->file), 1, G_SEEK_CUR, NULL, &error));
      assert_error (&error, QGA_ERROR, QGA_ERROR_PROTOCOL, "guest-file-seek: return.position: expected");
      g_assert_cmpint (g_seekable_tell (G_SEEKABLE (files->file)), ==, 0);
    }
  assert_reads (files, 2, "01");
}

static void
test_bad_opening (Files *files, gconstpointer data)
{
  static const char *const replies[] = { "{}", "\"1000\"", "1.5", "null", "[1000]" };

  for (guint i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      g_autoptr (GError) error = NULL;

      mock_agent_answer_once (files->agent, "guest-file-open", replies[i]);
      g_assert_null (qga_file_open (files->connection, "/f", QGA_FILE_MODE_READ, NULL, &error));
      assert_error (&error, QGA_ERROR, QGA_ERROR_PROTOCOL, "guest-file-open");
    }
}

/* --- files that behave oddly ----------------------------------------------------------------- */

static void
test_empty_reads (Files *files, gconstpointer data)
{
  mock_agent_spoil_files (files->agent, &(MockFileFaults) { .n_empty_reads = 2 });
  assert_reads (files, 4, "0123");
  g_assert_cmpuint (mock_agent_count (files->agent, "guest-file-read"), ==, 3);
  mock_agent_spoil_files (files->agent, &(MockFileFaults) { .never_eof = TRUE });
  assert_reads (files, 10, "456789");
  assert_read_fails (files, QGA_ERROR, QGA_ERROR_PROTOCOL, "guest-file-read: return.count: 3 reads in a row");
  g_assert_cmpuint (mock_agent_count (files->agent, "guest-file-read"), ==, 7);
}

/* The end counts only when nothing comes with it. */
static void
test_early_end (Files *files, gconstpointer data)
{
  mock_agent_spoil_files (files->agent, &(MockFileFaults) { .early_eof = TRUE });
  assert_reads (files, 4, "0123");
  assert_reads (files, 4, "4567");
  assert_reads (files, 4, "89");
  assert_reads (files, 4, "");
}

static void
test_changes (Files *files, gconstpointer data)
{
  assert_reads (files, 8, "01234567");
  mock_agent_add_file (files->agent, "/f", "abc", 3);
  assert_reads (files, 8, "");
  g_assert_true (g_seekable_seek (G_SEEKABLE (files->file), 1, G_SEEK_SET, NULL, NULL));
  assert_reads (files, 8, "bc");
}

static void
test_full_disk (Files *files, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  mock_agent_spoil_files (files->agent, &(MockFileFaults) { .room = 12 });
  g_seekable_seek (G_SEEKABLE (files->file), 0, G_SEEK_END, NULL, &error);
  g_assert_no_error (error);
  assert_write_fails (files, QGA_ERROR, QGA_ERROR_GENERIC, "No space left");
  g_assert_cmpint (g_seekable_tell (G_SEEKABLE (files->file)), ==, 12);
}

/* Each fails, and the file is closed all the same. */
static void
test_late_errors (Files *files, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  mock_agent_spoil_files (files->agent, &(MockFileFaults) { .fails_at_flush = TRUE, .fails_at_close = TRUE });
  g_assert_cmpint (g_output_stream_write (files->output, "x", 1, NULL, &error), ==, 1);
  g_assert_false (g_output_stream_flush (files->output, NULL, &error));
  assert_error (&error, QGA_ERROR, QGA_ERROR_GENERIC, "flush");
  g_assert_false (g_io_stream_close (G_IO_STREAM (files->file), NULL, &error));
  assert_error (&error, QGA_ERROR, QGA_ERROR_GENERIC, "close");
  g_assert_true (g_io_stream_is_closed (G_IO_STREAM (files->file)));
  g_assert_true (g_io_stream_close (G_IO_STREAM (files->file), NULL, NULL));
  g_assert_cmpuint (mock_agent_count (files->agent, "guest-file-close"), ==, 1);
  assert_all_closed (files);
}

static void
test_late_errors_of_ends (Files *files, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_auto (Await) closed = { 0 };

  mock_agent_spoil_files (files->agent, &(MockFileFaults) { .fails_at_close = TRUE });
  g_assert_true (g_input_stream_close (files->input, NULL, &error));
  g_output_stream_close_async (files->output, G_PRIORITY_DEFAULT, NULL, await_callback, &closed);
  g_assert_false (g_output_stream_close_finish (files->output, await (&closed), &error));
  assert_error (&error, QGA_ERROR, QGA_ERROR_GENERIC, "close");
  assert_all_closed (files);
}

/* --- giving up ----------------------------------------------------------------------------------- */

/* What was read for nobody is read again. */
static void
test_cancelled_read (Files *files, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_auto (Await) was_read = { 0 };
  char bytes[8];

  assert_reads (files, 2, "01");
  mock_agent_hold (files->agent, "guest-file-read");
  g_input_stream_read_async (files->input, bytes, 4, G_PRIORITY_DEFAULT, files->cancellable, await_callback, &was_read);
  mock_agent_await (files->agent, "guest-file-read", 2);
  g_cancellable_cancel (files->cancellable);
  g_assert_cmpint (g_input_stream_read_finish (files->input, await (&was_read), &error), ==, -1);
  assert_error (&error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "guest-file-read");
  mock_agent_release (files->agent, "guest-file-read");
  assert_reads (files, 4, "2345");
  g_assert_cmpuint (mock_agent_count (files->agent, "guest-file-seek"), ==, 1);
  assert_reads (files, 4, "6789");
  g_assert_cmpuint (mock_agent_count (files->agent, "guest-file-seek"), ==, 1);
  assert_orderly (files->agent);
}

/* A place that cannot be found again is not guessed. */
static void
test_cancelled_read_without_places (Files *files, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_auto (Await) was_read = { 0 };
  char bytes[8];

  mock_agent_refuse (files->agent, "guest-file-seek", "GenericError", "failed to seek file: Illegal seek");
  mock_agent_hold (files->agent, "guest-file-read");
  g_input_stream_read_async (files->input, bytes, 4, G_PRIORITY_DEFAULT, files->cancellable, await_callback, &was_read);
  mock_agent_await (files->agent, "guest-file-read", 1);
  g_cancellable_cancel (files->cancellable);
  g_assert_cmpint (g_input_stream_read_finish (files->input, await (&was_read), &error), ==, -1);
  mock_agent_release (files->agent, "guest-file-read");
  assert_read_fails (files, QGA_ERROR, QGA_ERROR_GENERIC, "Illegal seek");
}

/* Written twice in the same place is as good as once. */
static void
test_cancelled_write (Files *files, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_auto (Await) written = { 0 };
  g_autoptr (GBytes) content = NULL;

  mock_agent_hold (files->agent, "guest-file-write");
  g_output_stream_write_async (files->output, "abc", 3, G_PRIORITY_DEFAULT, files->cancellable, await_callback, &written);
  mock_agent_await (files->agent, "guest-file-write", 1);
  g_cancellable_cancel (files->cancellable);
  g_assert_cmpint (g_output_stream_write_finish (files->output, await (&written), &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  mock_agent_release (files->agent, "guest-file-write");
  g_assert_cmpint (g_output_stream_write (files->output, "ABC", 3, NULL, &error), ==, 3);
  content = mock_agent_dup_file (files->agent, "/f");
  g_assert_cmpmem (g_bytes_get_data (content, NULL), g_bytes_get_size (content), "ABC3456789", 10);
}

static void
test_cancelled_before (Files *files, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  char byte;

  g_cancellable_cancel (files->cancellable);
  g_assert_null (qga_file_open (files->connection, "/f", QGA_FILE_MODE_READ, files->cancellable, &error));
  assert_error (&error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "guest-file-open");
  g_assert_cmpint (g_input_stream_read (files->input, &byte, 1, files->cancellable, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_false (g_seekable_seek (G_SEEKABLE (files->file), 1, G_SEEK_SET, files->cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_cmpuint (mock_agent_count (files->agent, "guest-file-open"), ==, 1);
  g_assert_cmpuint (mock_agent_count (files->agent, "guest-file-read"), ==, 0);

  g_assert_false (g_io_stream_close (G_IO_STREAM (files->file), files->cancellable, &error));
  assert_error (&error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "guest-file-close");
  assert_all_closed (files);
  g_assert_cmpuint (mock_agent_count (files->agent, "guest-file-close"), ==, 1);
}

/* While others are before it, and while the agent is at it. */
static void
test_cancelled_close (Files *files, gconstpointer data)
{
  const char *busy_with[] = { "echo", "guest-file-close" };

  for (guint i = 0; i < G_N_ELEMENTS (busy_with); i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError) error = NULL;
      g_auto (Await) echoed = { 0 }, closed = { 0 };
      guint n = mock_agent_count (files->agent, busy_with[i]);
      QgaFile *file = qga_file_open (files->connection, "/f", QGA_FILE_MODE_READ, NULL, NULL);

      mock_agent_hold (files->agent, busy_with[i]);
      qga_connection_execute_json_async (files->connection, "echo", NULL, NULL, await_callback, &echoed);
      g_io_stream_close_async (G_IO_STREAM (file), G_PRIORITY_DEFAULT, cancellable, await_callback, &closed);
      mock_agent_await (files->agent, busy_with[i], n + 1);
      g_cancellable_cancel (cancellable);
      g_assert_false (g_io_stream_close_finish (G_IO_STREAM (file), await (&closed), &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_object_unref (file);
      mock_agent_release (files->agent, busy_with[i]);
      await (&echoed);
      assert_answers (files->connection);
      g_assert_cmpuint (mock_agent_count_handles (files->agent), ==, 1);
      g_assert_cmpuint (mock_agent_count (files->agent, "guest-file-close"), ==, i + 1);
      g_assert_cmpuint (qga_connection_get_generation (files->connection), ==, 1);
    }
  assert_orderly (files->agent);
}

/* It goes out even when there is no room for anybody's calls. */
static void
test_close_when_busy (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaOpenOptions) options = qga_open_options_new ();
  g_autoptr (QgaLimits) limits = qga_limits_new ();
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (QgaFile) file = NULL;
  g_autoptr (GPtrArray) calls = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_auto (Await) closed = { 0 };
  guint i;

  qga_limits_set_pending_calls (limits, 1);
  qga_open_options_set_limits (options, limits);
  connection = open_agent_with (agent, options);
  file = qga_file_open (connection, "/f", QGA_FILE_MODE_WRITE, NULL, &error);
  mock_agent_hold (agent, "echo");
  for (i = 0; i < qga_limits_get_pending_calls (limits); i++)
    {
      Await *call = g_new0 (Await, 1);

      g_ptr_array_add (calls, call);
      qga_connection_execute_json_async (connection, "echo", NULL, NULL, await_callback, call);
    }
  g_io_stream_close_async (G_IO_STREAM (file), G_PRIORITY_DEFAULT, NULL, await_callback, &closed);
  g_assert_false (g_io_stream_close_finish (G_IO_STREAM (file), await (&closed), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  mock_agent_release (agent, "echo");
  for (i = 0; i < calls->len; i++)
    {
      await (calls->pdata[i]);
      await_clear (calls->pdata[i]);
    }
  assert_answers (connection);
  g_assert_cmpuint (mock_agent_count_handles (agent), ==, 0);
}

/* The agent opens a file for nobody: it is closed again. */
static void
test_late_opening (Files *files, gconstpointer data)
{
  const int expected[] = { G_IO_ERROR_CANCELLED, G_IO_ERROR_TIMED_OUT };

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError) error = NULL;
      g_auto (Await) opened = { 0 };

      qga_connection_set_default_timeout (files->connection, i == 0 ? -1 : 50);
      mock_agent_hold (files->agent, "guest-file-open");
      qga_file_open_async (files->connection, "/other", QGA_FILE_MODE_READ, cancellable, await_callback, &opened);
      mock_agent_await (files->agent, "guest-file-open", i + 2);
      if (i == 0)
        g_cancellable_cancel (cancellable);
      g_assert_null (qga_file_open_finish (await (&opened), &error));
      g_assert_error (error, G_IO_ERROR, expected[i]);
      qga_connection_set_default_timeout (files->connection, -1);
      mock_agent_release (files->agent, "guest-file-open");
      assert_answers (files->connection);
      g_assert_cmpuint (mock_agent_count_handles (files->agent), ==, 1);
      g_assert_cmpuint (mock_agent_count (files->agent, "guest-file-close"), ==, i + 1);
    }
  /* the other one is as it was */
  assert_reads (files, 3, "012");
  assert_orderly (files->agent);
}

/* A file that is dropped while the line is not in step is closed when it is. */
static void
test_drop_out_of_step (Files *files, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_auto (Await) was_read = { 0 };
  char bytes[8];

  mock_agent_hold (files->agent, "guest-file-read");
  g_input_stream_read_async (files->input, bytes, 4, G_PRIORITY_DEFAULT, files->cancellable, await_callback, &was_read);
  mock_agent_await (files->agent, "guest-file-read", 1);
  g_cancellable_cancel (files->cancellable);
  g_assert_cmpint (g_input_stream_read_finish (files->input, await (&was_read), NULL), ==, -1);
  await_clear (&was_read);
  g_clear_object (&files->file);
  mock_agent_release (files->agent, "guest-file-read");
  mock_agent_await (files->agent, "guest-file-close", 1);
  assert_all_closed (files);
}

/* --- other agents -------------------------------------------------------------------------------- */

static void
assert_lost (Files *files)
{
  g_autoptr (GError) error = NULL;

  assert_read_fails (files, QGA_ERROR, QGA_ERROR_AGENT_RESTARTED, "guest-file-read");
  assert_write_fails (files, QGA_ERROR, QGA_ERROR_AGENT_RESTARTED, "has restarted");
  g_assert_false (g_seekable_seek (G_SEEKABLE (files->file), 0, G_SEEK_SET, NULL, &error));
  assert_error (&error, QGA_ERROR, QGA_ERROR_AGENT_RESTARTED, "guest-file-seek");
  g_assert_false (g_io_stream_close (G_IO_STREAM (files->file), NULL, &error));
  assert_error (&error, QGA_ERROR, QGA_ERROR_AGENT_RESTARTED, "guest-file-close");
}

static void
test_restarted (Files *files, gconstpointer data)
{
  mock_agent_restart (files->agent);
  assert_lost (files);
  g_assert_cmpuint (qga_connection_get_generation (files->connection), ==, 2);
  assert_answers (files->connection);
}

/* The agent gives the number of one file to another: neither is taken for the
 * other. */
static void
test_number_is_given_again (Files *files, gconstpointer data)
{
  g_autoptr (QgaFile) other = NULL;
  g_autoptr (GError) error = NULL;
  char bytes[8] = "";

  mock_agent_reboot (files->agent);
  other = qga_file_open (files->connection, "/other", QGA_FILE_MODE_READ_WRITE, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (qga_file_get_handle (other), ==, qga_file_get_handle (files->file));
  g_assert_cmpuint (qga_connection_get_generation (files->connection), ==, 2);
  assert_lost (files);
  g_assert_cmpuint (mock_agent_count (files->agent, "guest-file-read"), ==, 0);
  g_assert_cmpuint (mock_agent_count (files->agent, "guest-file-close"), ==, 0);

  g_assert_cmpint (g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (other)), bytes, 7, NULL, &error), ==, 6);
  g_assert_cmpstr (bytes, ==, "secret");
  /* and that the number is in use is not forgotten */
  mock_agent_reboot (files->agent);
  g_clear_object (&files->file);
  files->file = qga_file_open (files->connection, "/f", QGA_FILE_MODE_READ, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (qga_connection_get_generation (files->connection), ==, 3);
  g_assert_cmpint (g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (other)), bytes, 7, NULL, &error), ==, -1);
  g_assert_error (error, QGA_ERROR, QGA_ERROR_AGENT_RESTARTED);
}

/* Nor is a number that was given back a sign of anything. */
static void
test_number_was_given_back (Files *files, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (g_io_stream_close (G_IO_STREAM (files->file), NULL, &error));
  g_clear_object (&files->file);
  mock_agent_reboot (files->agent);
  files->file = qga_file_open (files->connection, "/f", QGA_FILE_MODE_READ, NULL, &error);
  g_assert_no_error (error);
  files->input = g_io_stream_get_input_stream (G_IO_STREAM (files->file));
  assert_reads (files, 2, "01");
}

static void
test_line_ends (Files *files, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  mock_agent_hang_up (files->agent);
  assert_read_fails (files, G_IO_ERROR, G_IO_ERROR_CLOSED, "");
  g_assert_false (g_io_stream_close (G_IO_STREAM (files->file), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static void
test_frozen (Files *files, gconstpointer data)
{
  mock_agent_set_frozen (files->agent, TRUE);
  assert_read_fails (files, QGA_ERROR, QGA_ERROR_FROZEN, "guest-file-read");
  mock_agent_set_frozen (files->agent, FALSE);
  assert_reads (files, 3, "012");
}

#define FILES_TEST(path, body) g_test_add (path, Files, NULL, set_up, body, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  FILES_TEST ("/qga-file-faults/bad-reads", test_bad_reads);
  FILES_TEST ("/qga-file-faults/escaped-base64", test_escaped_base64);
  FILES_TEST ("/qga-file-faults/bad-writes", test_bad_writes);
  FILES_TEST ("/qga-file-faults/bad-seeks", test_bad_seeks);
  FILES_TEST ("/qga-file-faults/bad-opening", test_bad_opening);
  FILES_TEST ("/qga-file-faults/empty-reads", test_empty_reads);
  FILES_TEST ("/qga-file-faults/early-end", test_early_end);
  FILES_TEST ("/qga-file-faults/changes", test_changes);
  FILES_TEST ("/qga-file-faults/full-disk", test_full_disk);
  FILES_TEST ("/qga-file-faults/late-errors", test_late_errors);
  FILES_TEST ("/qga-file-faults/late-errors-of-ends", test_late_errors_of_ends);
  FILES_TEST ("/qga-file-faults/cancelled/read", test_cancelled_read);
  FILES_TEST ("/qga-file-faults/cancelled/read-without-places", test_cancelled_read_without_places);
  FILES_TEST ("/qga-file-faults/cancelled/write", test_cancelled_write);
  FILES_TEST ("/qga-file-faults/cancelled/before", test_cancelled_before);
  FILES_TEST ("/qga-file-faults/cancelled/close", test_cancelled_close);
  g_test_add_func ("/qga-file-faults/close-when-busy", test_close_when_busy);
  FILES_TEST ("/qga-file-faults/late-opening", test_late_opening);
  FILES_TEST ("/qga-file-faults/drop-out-of-step", test_drop_out_of_step);
  FILES_TEST ("/qga-file-faults/restarted", test_restarted);
  FILES_TEST ("/qga-file-faults/number-is-given-again", test_number_is_given_again);
  FILES_TEST ("/qga-file-faults/number-was-given-back", test_number_was_given_back);
  FILES_TEST ("/qga-file-faults/line-ends", test_line_ends);
  FILES_TEST ("/qga-file-faults/frozen", test_frozen);
  return g_test_run ();
}
