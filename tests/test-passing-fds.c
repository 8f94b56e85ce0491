/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mock/await.h"
#include "mock/mock-peer.h"

static QmpRequest *
new_request (const char *command, int fd)
{
  QmpRequest *request = qmp_request_new (command);
  g_autoptr (GError) error = NULL;

  g_assert_true (qmp_request_set_fd (request, fd, &error));
  g_assert_no_error (error);
  g_assert_true (qmp_request_has_fd (request));
  return request;
}

static int
open_null (void)
{
  int fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  return fd;
}

static void
assert_same_file (int a, int b)
{
  struct stat first, second;

  g_assert_cmpint (fstat (a, &first), ==, 0);
  g_assert_cmpint (fstat (b, &second), ==, 0);
  g_assert_cmpuint (first.st_ino, ==, second.st_ino);
  g_assert_cmpuint (first.st_dev, ==, second.st_dev);
}

static void
test_comes_with_first_byte (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  int fd = open_null ();
  g_autoptr (QmpRequest) before = qmp_request_new ("before"), request = new_request ("getfd", fd), after = qmp_request_new ("after");
  QmpRequest *requests[] = { before, request, after };
  Await called[3] = { { 0 } };

  g_assert_true (qmp_request_set_arguments_json (request, "{\"fdname\":\"x\"}", NULL));
  mock_greet (peer);
  mock_expect (peer, "before");
  mock_expect (peer, "getfd");
  mock_expect (peer, "after");
  for (guint i = 0; i < 3; i++)
    mock_return_to (peer, i, "{}");
  connection = mock_open (peer);
  for (guint i = 0; i < 3; i++)
    qmp_connection_execute_request_async (connection, requests[i], NULL, await_callback, &called[i]);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (QmpValue) value = qmp_connection_execute_request_finish (connection, await (&called[i]), NULL);

      g_assert_nonnull (value);
      g_assert_cmpuint (mock_get_command (peer, i)->n_fds, ==, i == 1 ? 1 : 0);
      await_clear (&called[i]);
    }
  g_assert_cmpuint (mock_get_command (peer, 1)->fd_at, ==, 0);
  g_assert_cmpstr (mock_get_command (peer, 1)->arguments, ==, "{\"fdname\":\"x\"}");
  assert_same_file (mock_get_command (peer, 1)->fd, fd);
  close (fd);
}

/* One at a time: QEMU would drop the first for the second. */
static void
test_one_at_a_time (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  int fd = open_null ();
  g_autoptr (QmpRequest) request = new_request ("getfd", fd);
  Await called[3] = { { 0 } };

  mock_greet (peer);
  for (guint i = 0; i < 3; i++)
    {
      mock_expect (peer, "getfd");
      mock_pause (peer);
      mock_return (peer, "{}");
    }
  connection = mock_open (peer);
  for (guint i = 0; i < 3; i++)
    qmp_connection_execute_request_async (connection, request, NULL, await_callback, &called[i]);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (QmpValue) value = NULL;

      mock_await (peer);
      await_idle ();
      g_assert_cmpuint (called[i].n_calls, ==, 0);
      g_assert_cmpuint (mock_count_commands (peer), ==, i + 1);
      mock_go_on (peer);
      value = qmp_connection_execute_request_finish (connection, await (&called[i]), NULL);
      g_assert_nonnull (value);
      g_assert_cmpuint (mock_get_command (peer, i)->n_fds, ==, 1);
      g_assert_cmpuint (mock_get_command (peer, i)->fd_at, ==, 0);
      await_clear (&called[i]);
    }
  close (fd);
}

/* A large command leaves in parts, the file descriptor only with the first. */
static void
test_once_with_large_command (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  int fd = open_null ();
  g_autoptr (QmpRequest) request = new_request ("add-fd", fd);
  g_autofree char *filler = g_strnfill (1024 * 1024, 'x');
  g_autofree char *arguments = g_strdup_printf ("{\"opaque\":\"%s\"}", filler);
  g_autoptr (QmpValue) result = NULL;
  g_autoptr (GError) error = NULL;

  mock_greet (peer);
  mock_expect (peer, "add-fd");
  mock_return (peer, "{}");
  connection = mock_open (peer);
  g_assert_true (qmp_request_set_arguments_json (request, arguments, NULL));
  result = qmp_connection_execute_request (connection, request, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (mock_get_command (peer, 0)->n_fds, ==, 1);
  g_assert_cmpuint (mock_get_command (peer, 0)->fd_at, ==, 0);
  g_assert_cmpstr (mock_get_command (peer, 0)->arguments, ==, arguments);
  close (fd);
}

/* The request keeps a copy of its own. */
static void
test_copy (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  int fd = open_null (), other = open_null ();
  g_autoptr (QmpRequest) request = new_request ("getfd", fd);
  g_autoptr (QmpValue) first = NULL, second = NULL;

  close (fd);
  mock_greet (peer);
  mock_expect (peer, "getfd");
  mock_return (peer, "{}");
  mock_expect (peer, "getfd");
  mock_return (peer, "{}");
  connection = mock_open (peer);
  first = qmp_connection_execute_request (connection, request, NULL, NULL);
  second = qmp_connection_execute_request (connection, request, NULL, NULL);
  assert_same_file (mock_get_command (peer, 0)->fd, other);
  assert_same_file (mock_get_command (peer, 1)->fd, other);
  close (other);
}

static void
test_bad_fd (void)
{
  g_autoptr (QmpRequest) request = qmp_request_new ("getfd");
  g_autoptr (GError) error = NULL;
  int fd = open_null ();

  close (fd);
  g_assert_false (qmp_request_set_fd (request, fd, &error));
  g_assert_nonnull (error);
  g_assert_false (qmp_request_has_fd (request));
}

static void
test_unset (void)
{
  int fd = open_null ();
  g_autoptr (QmpRequest) request = new_request ("getfd", fd);

  g_assert_true (qmp_request_set_fd (request, -1, NULL));
  g_assert_false (qmp_request_has_fd (request));
  close (fd);
}

/* Only unix sockets can. */
static void
test_not_over_pipes (void)
{
  int to[2], from[2], fd = open_null ();
  g_autoptr (GInputStream) input = NULL;
  g_autoptr (GOutputStream) output = NULL;
  g_autoptr (GIOStream) stream = NULL;
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpRequest) request = new_request ("getfd", fd);
  g_autoptr (GError) error = NULL;
  static const char *says = MOCK_GREETING;
  char heard[4096];
  g_autofree char *reply = NULL;
  g_auto (Await) opened = { 0 };
  gssize n;

  g_assert_cmpint (pipe2 (to, O_CLOEXEC | O_NONBLOCK), ==, 0);
  g_assert_cmpint (pipe2 (from, O_CLOEXEC | O_NONBLOCK), ==, 0);
  input = g_unix_input_stream_new (from[0], TRUE);
  output = g_unix_output_stream_new (to[1], TRUE);
  stream = g_simple_io_stream_new (input, output);
  g_assert_cmpint (write (from[1], says, strlen (says)), ==, (gssize) strlen (says));
  qmp_connection_open_stream_async (stream, NULL, NULL, await_callback, &opened);
  while ((n = read (to[0], heard, sizeof heard - 1)) < 0)
    g_main_context_iteration (NULL, FALSE);
  heard[n] = '\0';
  reply = g_strdup_printf ("{\"return\":{},\"id\":%s", strstr (heard, "\"id\":") + 5);
  g_assert_cmpint (write (from[1], reply, strlen (reply)), ==, (gssize) strlen (reply));
  connection = qmp_connection_open_stream_finish (await (&opened), &error);
  g_assert_no_error (error);
  g_assert_null (qmp_connection_execute_request (connection, request, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_assert_cmpint (qmp_connection_get_state (connection), ==, QMP_CONNECTION_STATE_OPEN);
  close (to[0]);
  close (from[1]);
  close (fd);
}

/* What nobody took is closed with the call: the other end of a pipe tells. */
static void
test_closed_when_given_up (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  int ends[2], blocker = open_null ();
  g_auto (Await) first = { 0 }, second = { 0 };
  char byte;

  g_assert_cmpint (pipe2 (ends, O_CLOEXEC | O_NONBLOCK), ==, 0);
  mock_greet (peer);
  mock_expect (peer, "getfd");
  connection = mock_open (peer);
  {
    g_autoptr (QmpRequest) holds = new_request ("getfd", blocker), waits = new_request ("getfd", ends[1]);

    qmp_connection_execute_request_async (connection, holds, NULL, await_callback, &first);
    qmp_connection_execute_request_async (connection, waits, cancellable, await_callback, &second);
  }
  close (ends[1]);
  g_assert_cmpint (read (ends[0], &byte, 1), ==, -1);
  g_cancellable_cancel (cancellable);
  g_assert_null (qmp_connection_execute_request_finish (connection, await (&second), NULL));
  await_idle ();
  g_assert_cmpint (read (ends[0], &byte, 1), ==, 0);
  qmp_connection_close (connection, NULL, NULL);
  g_assert_null (qmp_connection_execute_request_finish (connection, await (&first), NULL));
  close (ends[0]);
  close (blocker);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/passing-fds/comes-with-first-byte", test_comes_with_first_byte);
  g_test_add_func ("/passing-fds/one-at-a-time", test_one_at_a_time);
  g_test_add_func ("/passing-fds/once-with-large-command", test_once_with_large_command);
  g_test_add_func ("/passing-fds/copy", test_copy);
  g_test_add_func ("/passing-fds/bad", test_bad_fd);
  g_test_add_func ("/passing-fds/unset", test_unset);
  g_test_add_func ("/passing-fds/not-over-pipes", test_not_over_pipes);
  g_test_add_func ("/passing-fds/closed-when-given-up", test_closed_when_given_up);
  return g_test_run ();
}
