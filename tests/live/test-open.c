/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Who may be at the address, or not. */

#define SOON 300  /* ms, for what never comes */

static void
assert_no_connection (const char *address, int timeout, gboolean retry, GQuark domain, int code, const char *word)
{
  g_autoptr (QmpOpenOptions) options = live_options (timeout, retry);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpConnection) connection = NULL;

  qmp_connection_open_async (address, options, NULL, live_keep_result, &result);
  connection = qmp_connection_open_finish (live_wait (&result), &error);
  g_assert_null (connection);
  g_test_message ("%s", error->message);
  g_assert_error (error, domain, code);
  if (strstr (error->message, word) == NULL)
    g_error ("“%s” lacks “%s”", error->message, word);
}

static void
assert_talks (QmpConnection *connection)
{
  g_autofree char *answer = live_run (connection, "query-status", NULL);

  g_assert_nonnull (strstr (answer, "\"status\""));
}

/* What has been started is there. */
static void
wait_for_socket (const char *path)
{
  while (!g_file_test (path, G_FILE_TEST_EXISTS))
    g_usleep (1000);
}

/* --- nobody --------------------------------------------------------------------------- */

static void
test_nothing (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  assert_no_connection (live->monitor, G_MAXINT, FALSE, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, live->monitor);
  assert_no_connection (live->monitor, SOON, TRUE, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, live->monitor);
}

/* A QEMU that was killed leaves its socket lying around. */
static void
test_stale (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpConnection) connection = NULL;
  GSubprocess *qemu;

  qemu = live_start_monitor (live, NULL);
  connection = live_open (live);
  live_kill (qemu);
  g_assert_true (g_file_test (live->monitor, G_FILE_TEST_EXISTS));
  assert_no_connection (live->monitor, G_MAXINT, FALSE, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, live->monitor);
  assert_no_connection (live->monitor, SOON, TRUE, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, live->monitor);
}

static void
test_appears_later (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  qmp_connection_open_async (live->monitor, NULL, NULL, live_keep_result, &result);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (result);
  live_start_monitor (live, NULL);
  connection = qmp_connection_open_finish (live_wait (&result), &error);
  g_assert_no_error (error);
  assert_talks (connection);
}

/* The next QEMU takes the place of the one that was killed. */
static void
test_stale_then_fresh (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpConnection) dead = NULL, connection = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GSubprocess *qemu;

  qemu = live_start_monitor (live, NULL);
  dead = live_open (live);
  live_kill (qemu);
  qmp_connection_open_async (live->monitor, NULL, NULL, live_keep_result, &result);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (result);
  live_start_monitor (live, NULL);
  connection = qmp_connection_open_finish (live_wait (&result), &error);
  g_assert_no_error (error);
  assert_talks (connection);
}

static void
test_cancelled (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL, again = NULL;

  qmp_connection_open_async (live->monitor, NULL, cancellable, live_keep_result, &result);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_cancellable_cancel (cancellable);
  g_assert_null (qmp_connection_open_finish (live_wait (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (qmp_connection_open (live->monitor, NULL, cancellable, &again));
  g_assert_error (again, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* --- a monitor with another client ------------------------------------------------------ */

static void
test_busy (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpConnection) first = NULL;

  live_start_monitor (live, NULL);
  first = live_open (live);
  /* QEMU's kernel takes the call, QEMU does not: this looks like one that hangs */
  assert_no_connection (live->monitor, SOON, TRUE, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "another client");
  assert_talks (first);
}

static void
test_busy_then_free (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpConnection) first = NULL, second = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  live_start_monitor (live, NULL);
  first = live_open (live);
  qmp_connection_open_async (live->monitor, NULL, NULL, live_keep_result, &result);
  assert_talks (first);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (result);
  g_assert_true (qmp_connection_close (first, NULL, &error));
  second = qmp_connection_open_finish (live_wait (&result), &error);
  g_assert_no_error (error);
  assert_talks (second);
}

/* A result that somebody keeps does not keep the connection. */
static void
test_result_is_kept (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpConnection) first = NULL, second = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  live_start_monitor (live, NULL);
  qmp_connection_open_async (live->monitor, NULL, NULL, live_keep_result, &result);
  first = qmp_connection_open_finish (live_wait (&result), &error);
  g_assert_no_error (error);
  g_clear_object (&first);
  second = live_open (live);
  assert_talks (second);
}

/* Calls at QEMU's door until the kernel takes no more. */
static GArray *
fill_queue (const char *path)
{
  GArray *waiting = g_array_new (FALSE, FALSE, sizeof (int));
  struct sockaddr_un where = { .sun_family = AF_UNIX };

  g_strlcpy (where.sun_path, path, sizeof where.sun_path);
  for (;;)
    {
      int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
      int status = connect (fd, (struct sockaddr *) &where, sizeof where);

      g_assert_cmpuint (waiting->len, <, 16);
      g_array_append_val (waiting, fd);
      if (status == 0)
        continue;
      g_assert_cmpint (errno, ==, EAGAIN);
      return waiting;
    }
}

static void
test_queue_is_full (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpConnection) first = NULL, last = NULL;
  g_autoptr (GArray) waiting = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint i;

  live_start_monitor (live, NULL);
  first = live_open (live);
  waiting = fill_queue (live->monitor);
  assert_no_connection (live->monitor, G_MAXINT, FALSE, G_IO_ERROR, G_IO_ERROR_BUSY, "another client");
  assert_no_connection (live->monitor, SOON, TRUE, G_IO_ERROR, G_IO_ERROR_BUSY, "another client");

  qmp_connection_open_async (live->monitor, NULL, NULL, live_keep_result, &result);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (result);
  for (i = 0; i < waiting->len; i++)
    close (g_array_index (waiting, int, i));
  g_assert_true (qmp_connection_close (first, NULL, &error));
  last = qmp_connection_open_finish (live_wait (&result), &error);
  g_assert_no_error (error);
  assert_talks (last);
}

/* --- somebody else ------------------------------------------------------------------------ */

static void
test_human_monitor (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *monitor = g_strdup_printf ("unix:%s,server=on,wait=off", live->monitor);

  live_start_qemu (live, -1, "-monitor", monitor, NULL);
  assert_no_connection (live->monitor, -1, TRUE, QMP_ERROR, QMP_ERROR_PROTOCOL, "QEMU ");
}

static gboolean
answer_http (G_GNUC_UNUSED GSocketService *service, GSocketConnection *connection, G_GNUC_UNUSED GObject *source,
             G_GNUC_UNUSED gpointer data)
{
  static const char answer[] = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));

  g_assert_true (g_output_stream_write_all (output, answer, sizeof answer - 1, NULL, NULL, NULL));
  return FALSE;
}

static void
test_http_server (G_GNUC_UNUSED Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (GSocketService) service = g_socket_service_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *address = NULL;
  guint16 port;

  port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (service, "incoming", G_CALLBACK (answer_http), NULL);
  address = g_strdup_printf ("tcp:localhost:%u", port);
  assert_no_connection (address, -1, TRUE, QMP_ERROR, QMP_ERROR_PROTOCOL, "HTTP/1.1 400");
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
}

/* The guest agent speaks when it is spoken to. */
static void
test_guest_agent (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *state = live_path (live, "state");
  const char *arguments[] = { live_program ("QEMU_GA", "qemu-ga"), "-m", "unix-listen", "-p", live->monitor,
                              "-t", live->folder, "-f", state, NULL };

  live_start (live, -1, arguments);
  wait_for_socket (live->monitor);
  assert_no_connection (live->monitor, SOON, TRUE, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "greeting");
}

/* --- other addresses ------------------------------------------------------------------------ */

static void
test_bad_address (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *deep = g_strdup_printf ("%s/%0120d", live->folder, 0);

  assert_no_connection ("nonsense", -1, TRUE, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "unix:");
  assert_no_connection ("tcp:localhost:99999", -1, TRUE, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "port");
  assert_no_connection (deep, -1, TRUE, G_IO_ERROR, G_IO_ERROR_FILENAME_TOO_LONG, "107");
}

static void
test_unix_prefix (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *address = g_strconcat ("unix:", live->monitor, NULL);
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  live_start_monitor (live, NULL);
  connection = qmp_connection_open (address, NULL, NULL, &error);
  g_assert_no_error (error);
  assert_talks (connection);
}

/* QEMU has the other end of a socket pair, and there is no path at all. */
static void
test_fd (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *address = NULL;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  live_start_qemu (live, fds[1], "-chardev", "socket,id=qmp,fd=" LIVE_FD, "-mon", "chardev=qmp,mode=control", NULL);
  address = g_strdup_printf ("fd:%d", fds[0]);
  connection = qmp_connection_open (address, NULL, NULL, &error);
  g_assert_no_error (error);
  close (fds[0]);
  assert_talks (connection);
}

static void
test_socket_pair (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GIOStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (LiveEnd) end = { 0 };
  GSubprocess *qemu;
  int peer = -1;

  stream = qmp_connection_create_socket_pair (&peer, &error);
  g_assert_no_error (error);
  qemu = live_start_qemu (live, peer, "-chardev", "socket,id=qmp,fd=" LIVE_FD,
                          "-mon", "chardev=qmp,mode=control", NULL);
  qmp_connection_open_stream_async (stream, NULL, NULL, live_keep_result, &result);
  connection = qmp_connection_open_stream_finish (live_wait (&result), &error);
  g_assert_no_error (error);
  assert_talks (connection);
  live_end_watch (&end, connection);
  live_kill (qemu);
  live_end_wait (&end);
  g_assert_error (end.error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

/* A QEMU that does not start at all has nobody to greet. */
static void
test_socket_pair_and_no_start (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GIOStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  const char *arguments[] = { "/bin/false", NULL };
  int peer = -1;

  stream = qmp_connection_create_socket_pair (&peer, &error);
  g_assert_no_error (error);
  live_start (live, peer, arguments);
  connection = qmp_connection_open_stream (stream, NULL, NULL, &error);
  g_assert_null (connection);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  LIVE_TEST ("/live/open/nothing", test_nothing);
  LIVE_TEST ("/live/open/stale", test_stale);
  LIVE_TEST ("/live/open/appears-later", test_appears_later);
  LIVE_TEST ("/live/open/stale-then-fresh", test_stale_then_fresh);
  LIVE_TEST ("/live/open/cancelled", test_cancelled);
  LIVE_TEST ("/live/open/busy", test_busy);
  LIVE_TEST ("/live/open/busy-then-free", test_busy_then_free);
  LIVE_TEST ("/live/open/result-is-kept", test_result_is_kept);
  LIVE_TEST ("/live/open/queue-is-full", test_queue_is_full);
  LIVE_TEST ("/live/open/human-monitor", test_human_monitor);
  LIVE_TEST ("/live/open/http-server", test_http_server);
  LIVE_TEST ("/live/open/guest-agent", test_guest_agent);
  LIVE_TEST ("/live/open/bad-address", test_bad_address);
  LIVE_TEST ("/live/open/unix-prefix", test_unix_prefix);
  LIVE_TEST ("/live/open/fd", test_fd);
  LIVE_TEST ("/live/open/socket-pair", test_socket_pair);
  LIVE_TEST ("/live/open/socket-pair-and-no-start", test_socket_pair_and_no_start);
  return g_test_run ();
}
