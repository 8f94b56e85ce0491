/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "mock/await.h"
#include "mock/mock-peer.h"

/* A folder of its own for each test. */
typedef struct
{
  char *folder;
  char *path;
} Place;

static void
set_up (Place *place, gconstpointer data)
{
  place->folder = g_dir_make_tmp ("qmp-XXXXXX", NULL);
  place->path = g_build_filename (place->folder, "s", NULL);
}

static void
tear_down (Place *place, gconstpointer data)
{
  g_unlink (place->path);
  g_assert_cmpint (g_rmdir (place->folder), ==, 0);
  g_free (place->folder);
  g_free (place->path);
}

static int
listen_unix (const char *path, int backlog)
{
  struct sockaddr_un where = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_strlcpy (where.sun_path, path, sizeof where.sun_path);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &where, sizeof where), ==, 0);
  g_assert_cmpint (listen (fd, backlog), ==, 0);
  return fd;
}

static int
listen_tcp (guint16 *port)
{
  struct sockaddr_in where = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t length = sizeof where;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (bind (fd, (struct sockaddr *) &where, sizeof where), ==, 0);
  g_assert_cmpint (listen (fd, 5), ==, 0);
  g_assert_cmpint (getsockname (fd, (struct sockaddr *) &where, &length), ==, 0);
  *port = ntohs (where.sin_port);
  return fd;
}

static MockPeer *
accept_peer (int listening)
{
  int fd = accept4 (listening, NULL, NULL, SOCK_CLOEXEC);

  g_assert_cmpint (fd, >=, 0);
  return mock_peer_new_for_fd (fd);
}

static QmpOpenOptions *
make_options (gboolean retry, int timeout)
{
  QmpOpenOptions *options = qmp_open_options_new ();

  qmp_open_options_set_retry (options, retry);
  qmp_open_options_set_timeout (options, timeout);
  return options;
}

static void
assert_not_opened (const char *address, QmpOpenOptions *options, GQuark domain, int code, const char *word)
{
  g_autoptr (GError) error = NULL, async_error = NULL;
  g_auto (Await) opened = { 0 };

  g_assert_null (qmp_connection_open (address, options, NULL, &error));
  g_assert_error (error, domain, code);
  if (strstr (error->message, word) == NULL)
    g_error ("“%s” is not said in: %s", word, error->message);
  qmp_connection_open_async (address, options, NULL, await_callback, &opened);
  g_assert_cmpuint (opened.n_calls, ==, 0);
  g_assert_null (qmp_connection_open_finish (await (&opened), &async_error));
  g_assert_error (async_error, domain, code);
}

/* Finishes an opening whose peer has now been accepted. */
static void
assert_opens (MockPeer *peer, Await *opened)
{
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  mock_greet (peer);
  mock_expect (peer, "query-name");
  mock_return (peer, "{}");
  connection = qmp_connection_open_finish (await (opened), &error);
  g_assert_no_error (error);
  g_free (qmp_connection_execute_json (connection, "query-name", NULL, NULL, &error));
  g_assert_no_error (error);
}

/* --- ways there ------------------------------------------------------------------------- */

static void
test_unix (Place *place, gconstpointer data)
{
  const char *prefixes[] = { "", "unix:" };
  int listening = listen_unix (place->path, 5);

  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    {
      g_autofree char *address = g_strconcat (prefixes[i], place->path, NULL);
      g_autoptr (MockPeer) peer = NULL;
      g_auto (Await) opened = { 0 };

      qmp_connection_open_async (address, NULL, NULL, await_callback, &opened);
      await_idle ();
      peer = accept_peer (listening);
      assert_opens (peer, &opened);
    }
  close (listening);
}

static gpointer
serve_one (gpointer data)
{
  int fd = accept4 (GPOINTER_TO_INT (data), NULL, NULL, SOCK_CLOEXEC);
  MockPeer *peer = mock_peer_new_for_fd (fd);

  mock_greet (peer);
  mock_expect_end (peer);
  mock_await (peer);
  return peer;
}

static void
test_unix_blocking (Place *place, gconstpointer data)
{
  int listening = listen_unix (place->path, 5);
  GThread *thread = g_thread_new ("server", serve_one, GINT_TO_POINTER (listening));
  g_autoptr (GError) error = NULL;
  QmpConnection *connection = qmp_connection_open (place->path, NULL, NULL, &error);

  g_assert_no_error (error);
  g_object_unref (connection);
  mock_peer_free (g_thread_join (thread));
  close (listening);
}

static void
test_tcp (Place *place, gconstpointer data)
{
  guint16 port;
  int listening = listen_tcp (&port);
  g_autofree char *address = g_strdup_printf ("tcp:127.0.0.1:%u", port);
  g_autoptr (MockPeer) peer = NULL;
  g_auto (Await) opened = { 0 };

  qmp_connection_open_async (address, NULL, NULL, await_callback, &opened);
  await_idle ();
  peer = accept_peer (listening);
  assert_opens (peer, &opened);
  close (listening);
}

static void
test_fd (Place *place, gconstpointer data)
{
  int fds[2];
  g_autofree char *address = NULL;
  g_autoptr (MockPeer) peer = NULL;
  g_auto (Await) opened = { 0 };

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  address = g_strdup_printf ("fd:%d", fds[0]);
  peer = mock_peer_new_for_fd (fds[1]);
  qmp_connection_open_async (address, NULL, NULL, await_callback, &opened);
  assert_opens (peer, &opened);
  /* ours stays ours */
  g_assert_cmpint (fcntl (fds[0], F_GETFD), >=, 0);
  close (fds[0]);
}

/* --- waiting for somebody ------------------------------------------------------------------ */

static void
test_appears_later (Place *place, gconstpointer data)
{
  g_autoptr (MockPeer) peer = NULL;
  g_auto (Await) opened = { 0 };
  int listening;

  qmp_connection_open_async (place->path, NULL, NULL, await_callback, &opened);
  await_idle ();
  /* a file that nobody listens at any more, and then a living socket */
  close (listen_unix (place->path, 5));
  await_idle ();
  g_assert_cmpuint (opened.n_calls, ==, 0);
  g_unlink (place->path);
  listening = listen_unix (place->path, 5);
  fcntl (listening, F_SETFL, O_NONBLOCK);
  while (peer == NULL)
    {
      int fd = accept4 (listening, NULL, NULL, SOCK_CLOEXEC);

      if (fd >= 0)
        peer = mock_peer_new_for_fd (fd);
      else
        g_main_context_iteration (NULL, TRUE);
    }
  assert_opens (peer, &opened);
  close (listening);
}

static void
test_missing (Place *place, gconstpointer data)
{
  g_autoptr (QmpOpenOptions) once = make_options (FALSE, -1), briefly = make_options (TRUE, 30);

  assert_not_opened (place->path, once, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "no socket is there");
  assert_not_opened (place->path, briefly, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "in time");
}

static void
test_stale (Place *place, gconstpointer data)
{
  g_autoptr (QmpOpenOptions) once = make_options (FALSE, -1), briefly = make_options (TRUE, 30);

  close (listen_unix (place->path, 5));
  assert_not_opened (place->path, once, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "nobody listens there");
  assert_not_opened (place->path, briefly, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "in time");
}

static void
test_refused_port (Place *place, gconstpointer data)
{
  g_autoptr (QmpOpenOptions) once = make_options (FALSE, -1);
  guint16 port;
  g_autofree char *address = NULL;

  close (listen_tcp (&port));
  address = g_strdup_printf ("tcp:127.0.0.1:%u", port);
  assert_not_opened (address, once, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "nobody listens there");
}

/* QEMU serves one client; the queue behind it is short, and then full. */
static void
test_busy (Place *place, gconstpointer data)
{
  g_autoptr (QmpOpenOptions) once = make_options (FALSE, -1);
  g_autoptr (MockPeer) peer = NULL;
  g_auto (Await) opened = { 0 };
  int listening = listen_unix (place->path, 0), waiting = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_un where = { .sun_family = AF_UNIX };

  g_strlcpy (where.sun_path, place->path, sizeof where.sun_path);
  g_assert_cmpint (connect (waiting, (struct sockaddr *) &where, sizeof where), ==, 0);
  assert_not_opened (place->path, once, G_IO_ERROR, G_IO_ERROR_BUSY, "another client");
  /* with retries it gets its turn */
  qmp_connection_open_async (place->path, NULL, NULL, await_callback, &opened);
  await_idle ();
  g_assert_cmpuint (opened.n_calls, ==, 0);
  close (accept4 (listening, NULL, NULL, SOCK_CLOEXEC));
  close (waiting);
  fcntl (listening, F_SETFL, O_NONBLOCK);
  while (peer == NULL)
    {
      int fd = accept4 (listening, NULL, NULL, SOCK_CLOEXEC);

      if (fd >= 0)
        peer = mock_peer_new_for_fd (fd);
      else
        g_main_context_iteration (NULL, TRUE);
    }
  assert_opens (peer, &opened);
  close (listening);
}

/* Accepted by the kernel, but not by QEMU: no greeting comes. */
static void
test_second_client (Place *place, gconstpointer data)
{
  g_autoptr (QmpOpenOptions) briefly = make_options (TRUE, 30);
  int listening = listen_unix (place->path, 5);

  assert_not_opened (place->path, briefly, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "busy with another client");
  close (listening);
}

/* --- the wrong place ---------------------------------------------------------------------------- */

static void
test_bad_addresses (Place *place, gconstpointer data)
{
  static const char *bad[] = { "", "qmp", "tcp:host", "vsock:x:1", "fd:", "fd:-1", "ftp:/x" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_not_opened (bad[i], NULL, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "");
}

static void
test_long_path (Place *place, gconstpointer data)
{
  g_autofree char *filler = g_strnfill (150, 'l'), *path = g_strdup_printf ("%s/%s", place->folder, filler);

  assert_not_opened (path, NULL, G_IO_ERROR, G_IO_ERROR_FILENAME_TOO_LONG, "bytes");
}

static void
test_not_a_socket (Place *place, gconstpointer data)
{
  g_autoptr (QmpOpenOptions) once = make_options (FALSE, -1);
  int fd;
  g_autofree char *address = NULL, *closed = NULL;

  g_assert_true (g_file_set_contents (place->path, "text", -1, NULL));
  assert_not_opened (place->path, once, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "");
  fd = open (place->path, O_RDWR | O_CLOEXEC);
  address = g_strdup_printf ("fd:%d", fd);
  assert_not_opened (address, once, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "no stream socket");
  closed = g_strdup (address);
  close (fd);
  {
    g_autoptr (GError) error = NULL;

    g_assert_null (qmp_connection_open (closed, once, NULL, &error));
    g_assert_nonnull (error);
  }
}

static void
test_strangers (Place *place, gconstpointer data)
{
  static const struct { const char *says, *word; } strangers[] = {
    { "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", "HTTP/1.1 400" },
    { "QEMU 7.2.22 monitor - type 'help' for more information\r\n(qemu) ", "QEMU 7.2.22 monitor" },
    { "\xff\xfb\x01\xff\xfb\x03", "" },
  };
  int listening = listen_unix (place->path, 5);

  for (guint i = 0; i < G_N_ELEMENTS (strangers); i++)
    {
      g_autoptr (MockPeer) peer = NULL;
      g_autoptr (GError) error = NULL;
      g_auto (Await) opened = { 0 };

      qmp_connection_open_async (place->path, NULL, NULL, await_callback, &opened);
      await_idle ();
      peer = accept_peer (listening);
      mock_send (peer, strangers[i].says);
      g_assert_null (qmp_connection_open_finish (await (&opened), &error));
      g_assert_error (error, QMP_ERROR, QMP_ERROR_PROTOCOL);
      g_assert_nonnull (strstr (error->message, strangers[i].word));
    }
  close (listening);
}

/* --- cancelling ------------------------------------------------------------------------------------ */

static void
test_cancelled (Place *place, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL, before = NULL;
  g_auto (Await) opened = { 0 };

  qmp_connection_open_async (place->path, NULL, cancellable, await_callback, &opened);
  await_idle ();
  g_cancellable_cancel (cancellable);
  g_assert_null (qmp_connection_open_finish (await (&opened), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (qmp_connection_open (place->path, NULL, cancellable, &before));
  g_assert_error (before, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static gpointer
cancel_in_thread (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
test_cancelled_from_thread (Place *place, gconstpointer data)
{
  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError) error = NULL;
      GThread *thread = g_thread_new ("canceller", cancel_in_thread, cancellable);

      g_assert_null (qmp_connection_open (place->path, NULL, cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_thread_join (thread);
    }
}

static void
add (const char *path, void (*test) (Place *, gconstpointer))
{
  g_test_add (path, Place, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/dialer/unix", test_unix);
  add ("/dialer/unix/blocking", test_unix_blocking);
  add ("/dialer/tcp", test_tcp);
  add ("/dialer/fd", test_fd);
  add ("/dialer/appears-later", test_appears_later);
  add ("/dialer/missing", test_missing);
  add ("/dialer/stale", test_stale);
  add ("/dialer/refused-port", test_refused_port);
  add ("/dialer/busy", test_busy);
  add ("/dialer/second-client", test_second_client);
  add ("/dialer/bad-addresses", test_bad_addresses);
  add ("/dialer/long-path", test_long_path);
  add ("/dialer/not-a-socket", test_not_a_socket);
  add ("/dialer/strangers", test_strangers);
  add ("/dialer/cancelled", test_cancelled);
  add ("/dialer/cancelled/from-thread", test_cancelled_from_thread);
  return g_test_run ();
}
