/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qga-glib/qga-glib.h>

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "mock/await.h"
#include "mock/open-agent.h"

/* Copying files of a guest, which may be no friend of the host. */

#define LENGTH 150000

typedef struct
{
  MockAgent *agent;
  QgaConnection *connection;
  char *folder;
  char *path;        /* in the folder */
  GFile *file;       /* at the path */
  guint8 *bytes;     /* of /f in the guest */
} Copy;

static void
set_up (Copy *copy, gconstpointer data)
{
  copy->agent = mock_agent_new ();
  copy->connection = open_agent (copy->agent);
  copy->folder = g_dir_make_tmp ("copy-XXXXXX", NULL);
  copy->path = g_build_filename (copy->folder, "file", NULL);
  copy->file = g_file_new_for_path (copy->path);
  copy->bytes = g_malloc (LENGTH);
  for (gsize i = 0; i < LENGTH; i++)
    copy->bytes[i] = (guint8) (i * 7 + (i >> 8));
  mock_agent_add_file (copy->agent, "/f", copy->bytes, LENGTH);
}

/* Every test leaves no handle open, and a folder that can be listed. */
static void
tear_down (Copy *copy, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (copy->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (copy->folder, name, NULL);

      g_remove (path);
    }
  g_assert_cmpint (g_rmdir (copy->folder), ==, 0);
  g_clear_object (&copy->connection);
  mock_agent_free (copy->agent);
  g_object_unref (copy->file);
  g_free (copy->folder);
  g_free (copy->path);
  g_free (copy->bytes);
}

/* --- what is found afterwards ------------------------------------------------------------ */

static guint
count_files (Copy *copy)
{
  g_autoptr (GDir) dir = g_dir_open (copy->folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
assert_file (const char *path, const void *bytes, gsize length)
{
  g_autofree char *found = NULL;
  g_autoptr (GError) error = NULL;
  gsize n;

  g_file_get_contents (path, &found, &n, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (found, n, bytes, length);
}

static void
assert_guest_file (Copy *copy, const char *path, const void *bytes, gsize length)
{
  g_autoptr (GBytes) found = mock_agent_dup_file (copy->agent, path);

  g_assert_cmpmem (g_bytes_get_data (found, NULL), g_bytes_get_size (found), bytes, length);
}

/* The line is in step again when this returns: all that was queued is done. */
static void
assert_all_closed (Copy *copy)
{
  assert_answers (copy->connection);
  g_assert_cmpuint (mock_agent_count_handles (copy->agent), ==, 0);
  assert_orderly (copy->agent);
}

static gboolean
pull (Copy *copy, GFileCopyFlags flags, GError **error)
{
  return qga_connection_copy_from_guest (copy->connection, "/f", copy->file, flags, LENGTH, NULL, NULL, NULL, error);
}

static gboolean
push (Copy *copy, GFileCopyFlags flags, GError **error)
{
  return qga_connection_copy_to_guest (copy->connection, copy->file, "/to", flags, NULL, NULL, NULL, error);
}

static void
assert_pull_fails (Copy *copy, GFileCopyFlags flags, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;
  guint n_files = count_files (copy);

  g_assert_false (pull (copy, flags, &error));
  g_assert_error (error, domain, code);
  g_assert_cmpuint (count_files (copy), ==, n_files);
}

static void
assert_push_fails (Copy *copy, GFileCopyFlags flags, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (push (copy, flags, &error));
  g_assert_error (error, domain, code);
}

/* --- from the guest ------------------------------------------------------------------------- */

static void
test_from (Copy *copy, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  struct stat status;

  g_assert_true (pull (copy, G_FILE_COPY_NONE, &error));
  g_assert_no_error (error);
  assert_file (copy->path, copy->bytes, LENGTH);
  g_assert_cmpint (g_stat (copy->path, &status), ==, 0);
  g_assert_cmpint (status.st_mode, ==, S_IFREG | S_IRUSR | S_IWUSR);
  g_assert_cmpuint (count_files (copy), ==, 1);
  assert_all_closed (copy);
}

static void
test_from_async (Copy *copy, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_auto (Await) copied = { 0 };

  qga_connection_copy_from_guest_async (copy->connection, "/f", copy->file, G_FILE_COPY_NONE, G_MAXUINT64, NULL, NULL, NULL, NULL,
                                        await_callback, &copied);
  g_assert_cmpuint (copied.n_calls, ==, 0);
  g_assert_true (qga_connection_copy_from_guest_finish (copy->connection, await (&copied), &error));
  g_assert_no_error (error);
  g_assert_true (copied.source == G_OBJECT (copy->connection));
  g_assert_true (copied.thread == g_thread_self ());
  assert_file (copy->path, copy->bytes, LENGTH);
  assert_all_closed (copy);
}

static void
test_from_empty (Copy *copy, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  mock_agent_add_file (copy->agent, "/f", "", 0);
  g_assert_true (pull (copy, G_FILE_COPY_NONE, &error));
  g_assert_no_error (error);
  assert_file (copy->path, "", 0);
}

/* It is known before anything was asked of the guest. */
static void
test_from_to_what_exists (Copy *copy, gconstpointer data)
{
  g_file_set_contents (copy->path, "mine", 4, NULL);
  assert_pull_fails (copy, G_FILE_COPY_NONE, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_assert_cmpuint (mock_agent_count (copy->agent, "guest-file-open"), ==, 0);
  assert_file (copy->path, "mine", 4);
}

static char *
make_file_meanwhile (MockAgent *agent, const MockAgentCommand *command, gpointer data)
{
  g_file_set_contents (data, "mine", 4, NULL);
  return mock_agent_return ("{\"count\": 0, \"buf-b64\": \"\", \"eof\": true}");
}

static void
test_from_to_what_comes_to_exist (Copy *copy, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  mock_agent_answer_with (copy->agent, "guest-file-read", make_file_meanwhile, copy->path);
  g_assert_false (pull (copy, G_FILE_COPY_NONE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  assert_file (copy->path, "mine", 4);
  g_assert_cmpuint (count_files (copy), ==, 1);
}

/* The name is given to the new file: other names of the old one keep it. */
static void
test_from_overwrites (Copy *copy, gconstpointer data)
{
  g_autofree char *other = g_build_filename (copy->folder, "other", NULL);
  g_autoptr (GError) error = NULL;
  struct stat status;

  g_file_set_contents (copy->path, "mine", 4, NULL);
  g_assert_cmpint (g_chmod (copy->path, 0666), ==, 0);
  g_assert_cmpint (link (copy->path, other), ==, 0);
  g_assert_true (pull (copy, G_FILE_COPY_OVERWRITE, &error));
  g_assert_no_error (error);
  assert_file (copy->path, copy->bytes, LENGTH);
  assert_file (other, "mine", 4);
  g_assert_cmpint (g_stat (copy->path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 07777, ==, 0600);
  g_assert_cmpuint (count_files (copy), ==, 2);
}

static void
test_from_replaces_link (Copy *copy, gconstpointer data)
{
  g_autofree char *other = g_build_filename (copy->folder, "other", NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (other, "mine", 4, NULL);
  g_assert_cmpint (symlink ("other", copy->path), ==, 0);
  assert_pull_fails (copy, G_FILE_COPY_NONE, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_assert_true (pull (copy, G_FILE_COPY_OVERWRITE, &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (copy->path, G_FILE_TEST_IS_SYMLINK));
  assert_file (copy->path, copy->bytes, LENGTH);
  assert_file (other, "mine", 4);
}

/* Nor does one that leads nowhere say where to write. */
static void
test_from_replaces_dangling_link (Copy *copy, gconstpointer data)
{
  g_autofree char *other = g_build_filename (copy->folder, "other", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (symlink (other, copy->path), ==, 0);
  assert_pull_fails (copy, G_FILE_COPY_NONE, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_assert_true (pull (copy, G_FILE_COPY_OVERWRITE, &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (other, G_FILE_TEST_EXISTS));
  assert_file (copy->path, copy->bytes, LENGTH);
}

static void
bind_socket (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM, 0);

  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  close (fd);
}

static void
test_from_to_no_file (Copy *copy, gconstpointer data)
{
  g_assert_cmpint (g_mkdir (copy->path, 0700), ==, 0);
  assert_pull_fails (copy, G_FILE_COPY_OVERWRITE, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
  g_assert_cmpint (g_rmdir (copy->path), ==, 0);
  g_assert_cmpint (mkfifo (copy->path, 0600), ==, 0);
  assert_pull_fails (copy, G_FILE_COPY_OVERWRITE, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  g_assert_cmpint (g_unlink (copy->path), ==, 0);
  bind_socket (copy->path);
  assert_pull_fails (copy, G_FILE_COPY_OVERWRITE, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  g_set_object (&copy->file, NULL);
  copy->file = g_file_new_for_path ("/dev/null");
  assert_pull_fails (copy, G_FILE_COPY_OVERWRITE, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  g_object_unref (copy->file);
  copy->file = g_file_new_for_path ("/");
  assert_pull_fails (copy, G_FILE_COPY_OVERWRITE, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
  g_assert_cmpuint (mock_agent_count (copy->agent, "guest-file-open"), ==, 0);
}

static void
test_from_to_nowhere (Copy *copy, gconstpointer data)
{
  g_autofree char *path = g_build_filename (copy->path, "file", NULL);
  g_autofree char *name = g_strnfill (300, 'x');
  g_autofree char *long_path = g_build_filename (copy->folder, name, NULL);

  g_object_unref (copy->file);
  copy->file = g_file_new_for_path (path);
  assert_pull_fails (copy, G_FILE_COPY_NONE, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_object_unref (copy->file);
  copy->file = g_file_new_for_path (long_path);
  assert_pull_fails (copy, G_FILE_COPY_NONE, G_IO_ERROR, G_IO_ERROR_FILENAME_TOO_LONG);
  g_object_unref (copy->file);
  copy->file = g_file_new_for_uri ("http://host.invalid/file");
  assert_pull_fails (copy, G_FILE_COPY_NONE, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

static void
test_flags (Copy *copy, gconstpointer data)
{
  assert_pull_fails (copy, G_FILE_COPY_BACKUP | G_FILE_COPY_OVERWRITE, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  assert_push_fails (copy, G_FILE_COPY_ALL_METADATA, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_assert_cmpuint (mock_agent_count (copy->agent, NULL), ==, 1);
}

static void
test_from_too_large (Copy *copy, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (qga_connection_copy_from_guest (copy->connection, "/f", copy->file, G_FILE_COPY_NONE, LENGTH - 1, NULL, NULL,
                                                  NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_cmpuint (count_files (copy), ==, 0);
  assert_all_closed (copy);
}

/* The host's disk is full, or nearly so. */
static void
test_from_no_space (Copy *copy, gconstpointer data)
{
  struct rlimit before, now = { 100000, RLIM_INFINITY };
  g_autoptr (GError) error = NULL;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  now.rlim_max = before.rlim_max;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &now), ==, 0);
  g_assert_false (pull (copy, G_FILE_COPY_NONE, &error));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_nonnull (error);
  g_assert_cmpint (error->domain, ==, G_IO_ERROR);
  g_assert_nonnull (strstr (error->message, copy->path));
  g_assert_cmpuint (count_files (copy), ==, 0);
  assert_all_closed (copy);
}

static void
test_from_not_found (Copy *copy, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (qga_connection_copy_from_guest (copy->connection, "/none", copy->file, G_FILE_COPY_NONE, LENGTH, NULL, NULL,
                                                  NULL, &error));
  g_assert_error (error, QGA_ERROR, QGA_ERROR_GENERIC);
  g_assert_cmpuint (count_files (copy), ==, 0);
}

/* --- a guest that breaks the rules ------------------------------------------------------------- */

static void
test_from_faults (Copy *copy, gconstpointer data)
{
  const MockFileFaults faults[] = {
    { .lie = 1 }, { .lie = -1 }, { .lie = -LENGTH }, { .junk = TRUE }, { .never_eof = TRUE }, { .n_empty_reads = 3 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      mock_agent_spoil_files (copy->agent, &faults[i]);
      assert_pull_fails (copy, G_FILE_COPY_NONE, QGA_ERROR, QGA_ERROR_PROTOCOL);
      assert_all_closed (copy);
    }
}

/* These are odd, and yet no lie. */
static void
test_from_oddities (Copy *copy, gconstpointer data)
{
  const MockFileFaults oddities[] = { { .most_read = 1000 }, { .early_eof = TRUE }, { .n_empty_reads = 2 }, { .fails_at_close = TRUE } };

  for (guint i = 0; i < G_N_ELEMENTS (oddities); i++)
    {
      g_autoptr (GError) error = NULL;

      mock_agent_spoil_files (copy->agent, &oddities[i]);
      g_assert_true (pull (copy, G_FILE_COPY_OVERWRITE, &error));
      g_assert_no_error (error);
      assert_file (copy->path, copy->bytes, LENGTH);
      assert_all_closed (copy);
    }
}

/* The agent stops in the middle, or the line does. */
static void
interrupt (Copy *copy, void (*interruption) (MockAgent *agent), GError **error)
{
  g_auto (Await) copied = { 0 };

  mock_agent_hold (copy->agent, "guest-file-read");
  qga_connection_copy_from_guest_async (copy->connection, "/f", copy->file, G_FILE_COPY_NONE, LENGTH, NULL, NULL, NULL, NULL,
                                        await_callback, &copied);
  mock_agent_await (copy->agent, "guest-file-read", 1);
  g_assert_cmpuint (count_files (copy), ==, 1);
  interruption (copy->agent);
  mock_agent_release (copy->agent, "guest-file-read");
  g_assert_false (qga_connection_copy_from_guest_finish (copy->connection, await (&copied), error));
  g_assert_cmpuint (count_files (copy), ==, 0);
}

static void
test_from_line_ends (Copy *copy, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  interrupt (copy, mock_agent_hang_up, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static void
test_from_restarted (Copy *copy, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  qga_connection_set_default_timeout (copy->connection, 200);
  interrupt (copy, mock_agent_restart, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  assert_answers (copy->connection);
}

/* An endless file ends where the host says so. */
static void
test_from_endless (Copy *copy, gconstpointer data)
{
  mock_agent_answer (copy->agent, "guest-file-read", "{\"count\": 3, \"buf-b64\": \"QUJD\", \"eof\": false}");
  assert_pull_fails (copy, G_FILE_COPY_NONE, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_cmpuint (mock_agent_count (copy->agent, "guest-file-read"), ==, LENGTH / 3 + 1);
  assert_all_closed (copy);
}

/* --- progress ----------------------------------------------------------------------------------- */

typedef struct
{
  guint n_calls;
  goffset current;
  goffset total;
  guint n_frees;
  GThread *thread;
  GCancellable *cancellable;  /* cancelled by the first one */
  const Await *copied;
} Progress;

static void
on_progress (goffset current, goffset total, gpointer data)
{
  Progress *progress = data;

  g_assert_cmpint (current, >, progress->current);
  g_assert_cmpint (total, >=, current);
  g_assert_cmpuint (progress->n_frees, ==, 0);
  if (progress->copied != NULL)
    g_assert_cmpuint (progress->copied->n_calls, ==, 0);
  progress->n_calls++;
  progress->current = current;
  progress->total = total;
  progress->thread = g_thread_self ();
  if (progress->cancellable != NULL)
    g_cancellable_cancel (progress->cancellable);
}

static void
free_progress (gpointer data)
{
  Progress *progress = data;

  g_assert_cmpuint (progress->copied->n_calls, ==, 0);
  progress->n_frees++;
}

static void
test_from_progress (Copy *copy, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  Progress progress = { 0 };

  g_assert_true (qga_connection_copy_from_guest (copy->connection, "/f", copy->file, G_FILE_COPY_NONE, LENGTH, on_progress,
                                                 &progress, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (progress.n_calls, >, 1);
  g_assert_cmpint (progress.current, ==, LENGTH);
  g_assert_cmpint (progress.total, ==, LENGTH);
  assert_file (copy->path, copy->bytes, LENGTH);
}

static void
test_from_progress_async (Copy *copy, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_auto (Await) copied = { 0 };
  Progress progress = { .copied = &copied };

  qga_connection_copy_from_guest_async (copy->connection, "/f", copy->file, G_FILE_COPY_NONE, LENGTH, on_progress, &progress,
                                        free_progress, NULL, await_callback, &copied);
  g_assert_true (qga_connection_copy_from_guest_finish (copy->connection, await (&copied), &error));
  g_assert_no_error (error);
  g_assert_cmpint (progress.current, ==, LENGTH);
  g_assert_cmpint (progress.total, ==, LENGTH);
  g_assert_true (progress.thread == g_thread_self ());
  g_assert_cmpuint (progress.n_frees, ==, 1);
  await_idle ();
  g_assert_cmpuint (copied.n_calls, ==, 1);
}

/* A claim is shown, and drives nothing. */
static void
test_from_claimed_size (Copy *copy, gconstpointer data)
{
  const char *claims[] = { "9223372036854775807", "0", "1" };

  for (guint i = 0; i < G_N_ELEMENTS (claims); i++)
    {
      g_autofree char *claim = g_strdup_printf ("{\"position\": %s, \"eof\": false}", claims[i]);
      g_autoptr (GError) error = NULL;
      Progress progress = { 0 };

      mock_agent_answer_once (copy->agent, "guest-file-seek", claim);
      g_assert_true (qga_connection_copy_from_guest (copy->connection, "/f", copy->file, G_FILE_COPY_OVERWRITE, LENGTH, on_progress,
                                                     &progress, NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpint (progress.current, ==, LENGTH);
      g_assert_cmpint (progress.total, ==, i == 0 ? G_MAXINT64 : LENGTH);
      assert_file (copy->path, copy->bytes, LENGTH);
    }
}

static void
test_from_without_size (Copy *copy, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  Progress progress = { 0 };

  mock_agent_refuse (copy->agent, "guest-file-seek", "GenericError", "failed to seek file: Illegal seek");
  g_assert_true (qga_connection_copy_from_guest (copy->connection, "/f", copy->file, G_FILE_COPY_NONE, LENGTH, on_progress,
                                                 &progress, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (progress.total, ==, LENGTH);
  assert_file (copy->path, copy->bytes, LENGTH);
}

/* --- giving up ------------------------------------------------------------------------------------- */

static void
test_from_cancelled_by_progress (Copy *copy, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Await) copied = { 0 };
  Progress progress = { .copied = &copied, .cancellable = cancellable };

  mock_agent_answer (copy->agent, "guest-file-read", "{\"count\": 3, \"buf-b64\": \"QUJD\", \"eof\": false}");
  qga_connection_copy_from_guest_async (copy->connection, "/f", copy->file, G_FILE_COPY_NONE, G_MAXUINT64, on_progress, &progress,
                                        free_progress, cancellable, await_callback, &copied);
  g_assert_false (qga_connection_copy_from_guest_finish (copy->connection, await (&copied), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (progress.n_frees, ==, 1);
  g_assert_cmpuint (count_files (copy), ==, 0);
  assert_all_closed (copy);
}

/* At each stage: before it begins, and while the guest is at the command. */
static void
test_from_cancelled (Copy *copy, gconstpointer data)
{
  const char *stages[] = { NULL, "guest-file-open", "guest-file-seek", "guest-file-read" };

  for (guint i = 0; i < G_N_ELEMENTS (stages); i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError) error = NULL;
      g_auto (Await) copied = { 0 };
      Progress progress = { .copied = &copied };
      guint n = stages[i] != NULL ? mock_agent_count (copy->agent, stages[i]) : 0;

      if (stages[i] == NULL)
        g_cancellable_cancel (cancellable);
      else
        mock_agent_hold (copy->agent, stages[i]);
      qga_connection_copy_from_guest_async (copy->connection, "/f", copy->file, G_FILE_COPY_NONE, LENGTH, on_progress, &progress,
                                            free_progress, cancellable, await_callback, &copied);
      if (stages[i] != NULL)
        mock_agent_await (copy->agent, stages[i], n + 1);
      g_cancellable_cancel (cancellable);
      g_assert_false (qga_connection_copy_from_guest_finish (copy->connection, await (&copied), &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_cmpuint (progress.n_frees, ==, 1);
      g_assert_cmpuint (count_files (copy), ==, 0);
      if (stages[i] != NULL)
        mock_agent_release (copy->agent, stages[i]);
      assert_all_closed (copy);
    }
}

static void
test_to_cancelled (Copy *copy, gconstpointer data)
{
  const char *stages[] = { "guest-file-open", "guest-file-write", "guest-file-flush", "guest-file-close" };

  g_file_set_contents (copy->path, (const char *) copy->bytes, LENGTH, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (stages); i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError) error = NULL;
      g_auto (Await) copied = { 0 };
      guint n = mock_agent_count (copy->agent, stages[i]);

      mock_agent_hold (copy->agent, stages[i]);
      qga_connection_copy_to_guest_async (copy->connection, copy->file, "/to", G_FILE_COPY_OVERWRITE, NULL, NULL, NULL,
                                          cancellable, await_callback, &copied);
      mock_agent_await (copy->agent, stages[i], n + 1);
      g_cancellable_cancel (cancellable);
      g_assert_false (qga_connection_copy_to_guest_finish (copy->connection, await (&copied), &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      mock_agent_release (copy->agent, stages[i]);
      assert_all_closed (copy);
    }
}

/* --- to the guest -------------------------------------------------------------------------------------- */

static void
test_to (Copy *copy, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  Progress progress = { 0 };

  g_file_set_contents (copy->path, (const char *) copy->bytes, LENGTH, NULL);
  g_assert_true (qga_connection_copy_to_guest (copy->connection, copy->file, "/to", G_FILE_COPY_NONE, on_progress, &progress, NULL,
                                               &error));
  g_assert_no_error (error);
  assert_guest_file (copy, "/to", copy->bytes, LENGTH);
  g_assert_cmpint (progress.current, ==, LENGTH);
  g_assert_cmpint (progress.total, ==, LENGTH);
  g_assert_cmpuint (mock_agent_count (copy->agent, "guest-file-flush"), ==, 1);
  assert_all_closed (copy);
}

static void
test_to_async (Copy *copy, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_auto (Await) copied = { 0 };
  Progress progress = { .copied = &copied };

  g_file_set_contents (copy->path, (const char *) copy->bytes, LENGTH, NULL);
  mock_agent_spoil_files (copy->agent, &(MockFileFaults) { .most_written = 7777 });
  qga_connection_copy_to_guest_async (copy->connection, copy->file, "/to", G_FILE_COPY_NONE, on_progress, &progress,
                                      free_progress, NULL, await_callback, &copied);
  g_assert_true (qga_connection_copy_to_guest_finish (copy->connection, await (&copied), &error));
  g_assert_no_error (error);
  assert_guest_file (copy, "/to", copy->bytes, LENGTH);
  g_assert_cmpint (progress.current, ==, LENGTH);
  g_assert_cmpuint (progress.n_frees, ==, 1);
  assert_all_closed (copy);
}

static void
test_to_what_exists (Copy *copy, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (copy->path, "mine", 4, NULL);
  mock_agent_add_file (copy->agent, "/to", "theirs", 6);
  assert_push_fails (copy, G_FILE_COPY_NONE, G_IO_ERROR, G_IO_ERROR_EXISTS);
  assert_guest_file (copy, "/to", "theirs", 6);
  g_assert_true (push (copy, G_FILE_COPY_OVERWRITE, &error));
  g_assert_no_error (error);
  assert_guest_file (copy, "/to", "mine", 4);
  assert_all_closed (copy);
}

static void
test_to_from_no_file (Copy *copy, gconstpointer data)
{
  assert_push_fails (copy, G_FILE_COPY_NONE, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_cmpint (mkfifo (copy->path, 0600), ==, 0);
  assert_push_fails (copy, G_FILE_COPY_NONE, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  g_object_unref (copy->file);
  copy->file = g_file_new_for_path (copy->folder);
  assert_push_fails (copy, G_FILE_COPY_NONE, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
  g_object_unref (copy->file);
  copy->file = g_file_new_for_path ("/dev/zero");
  assert_push_fails (copy, G_FILE_COPY_NONE, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  g_object_unref (copy->file);
  copy->file = g_file_new_for_uri ("http://host.invalid/file");
  assert_push_fails (copy, G_FILE_COPY_NONE, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_assert_cmpuint (mock_agent_count (copy->agent, "guest-file-open"), ==, 0);
}

/* Wherever it shows, it is told. */
static void
test_to_fails (Copy *copy, gconstpointer data)
{
  const struct
  {
    MockFileFaults faults;
    int code;
    gsize n_written;
  } cases[] = {
    { { .room = 100000 }, QGA_ERROR_GENERIC, 100000 },
    { { .fails_at_flush = TRUE }, QGA_ERROR_GENERIC, LENGTH },
    { { .fails_at_close = TRUE }, QGA_ERROR_GENERIC, LENGTH },
    { { .lie = 1 }, QGA_ERROR_PROTOCOL, 65536 },
    { { .lie = -65536 }, QGA_ERROR_PROTOCOL, 65536 },
  };

  g_file_set_contents (copy->path, (const char *) copy->bytes, LENGTH, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      mock_agent_spoil_files (copy->agent, &cases[i].faults);
      assert_push_fails (copy, G_FILE_COPY_OVERWRITE, QGA_ERROR, cases[i].code);
      assert_all_closed (copy);
      assert_guest_file (copy, "/to", copy->bytes, cases[i].n_written);
    }
}

#define COPY_TEST(path, body) g_test_add (path, Copy, NULL, set_up, body, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  COPY_TEST ("/qga-copy/from", test_from);
  COPY_TEST ("/qga-copy/from/async", test_from_async);
  COPY_TEST ("/qga-copy/from/empty", test_from_empty);
  COPY_TEST ("/qga-copy/from/to-what-exists", test_from_to_what_exists);
  COPY_TEST ("/qga-copy/from/to-what-comes-to-exist", test_from_to_what_comes_to_exist);
  COPY_TEST ("/qga-copy/from/overwrites", test_from_overwrites);
  COPY_TEST ("/qga-copy/from/replaces-link", test_from_replaces_link);
  COPY_TEST ("/qga-copy/from/replaces-dangling-link", test_from_replaces_dangling_link);
  COPY_TEST ("/qga-copy/from/to-no-file", test_from_to_no_file);
  COPY_TEST ("/qga-copy/from/to-nowhere", test_from_to_nowhere);
  COPY_TEST ("/qga-copy/from/too-large", test_from_too_large);
  COPY_TEST ("/qga-copy/from/no-space", test_from_no_space);
  COPY_TEST ("/qga-copy/from/not-found", test_from_not_found);
  COPY_TEST ("/qga-copy/from/faults", test_from_faults);
  COPY_TEST ("/qga-copy/from/oddities", test_from_oddities);
  COPY_TEST ("/qga-copy/from/line-ends", test_from_line_ends);
  COPY_TEST ("/qga-copy/from/restarted", test_from_restarted);
  COPY_TEST ("/qga-copy/from/endless", test_from_endless);
  COPY_TEST ("/qga-copy/from/progress", test_from_progress);
  COPY_TEST ("/qga-copy/from/progress-async", test_from_progress_async);
  COPY_TEST ("/qga-copy/from/claimed-size", test_from_claimed_size);
  COPY_TEST ("/qga-copy/from/without-size", test_from_without_size);
  COPY_TEST ("/qga-copy/from/cancelled-by-progress", test_from_cancelled_by_progress);
  COPY_TEST ("/qga-copy/from/cancelled", test_from_cancelled);
  COPY_TEST ("/qga-copy/to", test_to);
  COPY_TEST ("/qga-copy/to/async", test_to_async);
  COPY_TEST ("/qga-copy/to/what-exists", test_to_what_exists);
  COPY_TEST ("/qga-copy/to/from-no-file", test_to_from_no_file);
  COPY_TEST ("/qga-copy/to/fails", test_to_fails);
  COPY_TEST ("/qga-copy/to/cancelled", test_to_cancelled);
  COPY_TEST ("/qga-copy/flags", test_flags);
  return g_test_run ();
}
