/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* File descriptors that travel with a command: QEMU uses what they stand for. */

static char *
run_with_fd (QmpConnection *connection, const char *command, const char *arguments, int fd)
{
  g_autoptr (QmpRequest) request = qmp_request_new (command);
  g_autoptr (QmpValue) value = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (qmp_request_set_arguments_json (request, arguments, &error));
  g_assert_no_error (error);
  g_assert_true (qmp_request_set_fd (request, fd, &error));
  g_assert_no_error (error);
  g_assert_true (qmp_request_has_fd (request));
  value = qmp_connection_execute_request (connection, request, NULL, &error);
  g_assert_no_error (error);
  return qmp_value_to_json (value);
}

static QmpEvent *
wait_for_job (QmpEventStream *stream, const char *status)
{
  g_autoptr (GError) error = NULL;

  for (;;)
    {
      g_autoptr (QmpEvent) event = qmp_event_stream_next (stream, NULL, &error);
      g_autoptr (QmpValue) value = NULL;
      g_autofree char *now = NULL;

      g_assert_no_error (error);
      value = qmp_event_get_data (event);
      now = qmp_value_dup_member_string (value, "status");
      if (g_strcmp0 (now, status) == 0)
        return g_steal_pointer (&event);
    }
}

static char *
make_file (Live *live, const char *name, char letter, gsize size)
{
  g_autofree char *content = g_malloc (size);
  g_autoptr (GError) error = NULL;
  char *path = live_path (live, name);

  memset (content, letter, size);
  g_file_set_contents (path, content, (gssize) size, &error);
  g_assert_no_error (error);
  return path;
}

/* A disk that QEMU cannot open by name, since it has none any more: a backup
 * of it has its bytes. */
static void
test_add_fd (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  const char *const names[] = { "JOB_STATUS_CHANGE", NULL };
  g_autofree char *source = make_file (live, "source", 'S', 65536);
  g_autofree char *target = make_file (live, "target", '-', 65536);
  g_autofree char *arguments = NULL, *reply = NULL, *sets = NULL, *copy = NULL;
  g_autofree char *first = NULL, *second = NULL, *backup = NULL;
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpEventStream) stream = NULL;
  g_autoptr (QmpEvent) concluded = NULL;
  gsize length, i;
  int fd;

  live_start_monitor (live, NULL);
  connection = live_open (live);
  stream = qmp_connection_watch_events (connection, names, 32);

  fd = g_open (source, O_RDONLY | O_CLOEXEC, 0);
  g_assert_cmpint (g_unlink (source), ==, 0);
  reply = run_with_fd (connection, "add-fd", "{\"fdset-id\":7,\"opaque\":\"the source\"}", fd);
  close (fd);
  g_assert_nonnull (strstr (reply, "\"fdset-id\""));
  sets = live_run (connection, "query-fdsets", NULL);
  g_assert_nonnull (strstr (sets, "the source"));

  first = live_run (connection, "blockdev-add",
                    "{\"driver\":\"file\",\"node-name\":\"source\",\"read-only\":true,\"filename\":\"/dev/fdset/7\"}");
  arguments = g_strdup_printf ("{\"driver\":\"file\",\"node-name\":\"target\",\"filename\":\"%s\"}", target);
  second = live_run (connection, "blockdev-add", arguments);
  backup = live_run (connection, "blockdev-backup",
                     "{\"job-id\":\"copy\",\"device\":\"source\",\"target\":\"target\",\"sync\":\"full\"}");
  concluded = wait_for_job (stream, "null");

  g_assert_true (g_file_get_contents (target, &copy, &length, NULL));
  g_assert_cmpuint (length, ==, 65536);
  for (i = 0; i < length; i++)
    g_assert_cmpint (copy[i], ==, 'S');
}

/* QEMU writes its state into our pipe. */
static void
test_getfd (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *reply = NULL, *started = NULL;
  g_autoptr (QmpConnection) connection = NULL;
  char magic[5] = "";
  int pipe_fds[2];

  live_start_monitor (live, NULL);
  connection = live_open (live);
  g_assert_true (g_unix_open_pipe (pipe_fds, FD_CLOEXEC, NULL));
  reply = run_with_fd (connection, "getfd", "{\"fdname\":\"pipe\"}", pipe_fds[1]);
  g_assert_cmpstr (reply, ==, "{}");
  close (pipe_fds[1]);
  started = live_run (connection, "migrate", "{\"uri\":\"fd:pipe\"}");
  g_assert_cmpint (read (pipe_fds[0], magic, 4), ==, 4);
  g_assert_cmpstr (magic, ==, "QEVM");
  close (pipe_fds[0]);
}

/* Nobody else may hold the other end: it is how a pipe ends. */
static void
test_ours_are_closed (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *reply = NULL, *closed = NULL;
  g_autoptr (QmpConnection) connection = NULL;
  int pipe_fds[2];
  char byte;

  live_start_monitor (live, NULL);
  connection = live_open (live);
  g_assert_true (g_unix_open_pipe (pipe_fds, FD_CLOEXEC, NULL));
  reply = run_with_fd (connection, "getfd", "{\"fdname\":\"pipe\"}", pipe_fds[1]);
  close (pipe_fds[1]);
  closed = live_run (connection, "closefd", "{\"fdname\":\"pipe\"}");
  g_assert_cmpint (read (pipe_fds[0], &byte, 1), ==, 0);
  close (pipe_fds[0]);
}

/* Started all at once, each command gets its own. */
static void
test_several (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *results[4] = { NULL };
  int pipes[4][2];
  guint i;

  live_start_monitor (live, NULL);
  connection = live_open (live);
  for (i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autofree char *arguments = g_strdup_printf ("{\"fdname\":\"pipe%u\"}", i);
      g_autoptr (QmpRequest) request = qmp_request_new ("getfd");

      g_assert_true (g_unix_open_pipe (pipes[i], FD_CLOEXEC, NULL));
      qmp_request_set_arguments_json (request, arguments, NULL);
      g_assert_true (qmp_request_set_fd (request, pipes[i][1], NULL));
      close (pipes[i][1]);
      qmp_connection_execute_request_async (connection, request, NULL, live_keep_result, &results[i]);
    }
  for (i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr (QmpValue) value = NULL;

      value = qmp_connection_execute_request_finish (connection, live_wait (&results[i]), &error);
      g_assert_no_error (error);
      g_object_unref (results[i]);
    }
  for (i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autofree char *arguments = g_strdup_printf ("{\"fdname\":\"pipe%u\"}", i);
      g_autofree char *closed = live_run (connection, "closefd", arguments);
      char byte;

      g_assert_cmpint (read (pipes[i][0], &byte, 1), ==, 0);
      close (pipes[i][0]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  LIVE_TEST ("/live/fds/add-fd", test_add_fd);
  LIVE_TEST ("/live/fds/getfd", test_getfd);
  LIVE_TEST ("/live/fds/ours-are-closed", test_ours_are_closed);
  LIVE_TEST ("/live/fds/several", test_several);
  return g_test_run ();
}
