/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "mock/await.h"
#include "mock/mock-peer.h"

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

/* QEMU's side. */
static MockPeer *
dial (const char *path)
{
  struct sockaddr_un where = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_strlcpy (where.sun_path, path, sizeof where.sun_path);
  g_assert_cmpint (connect (fd, (struct sockaddr *) &where, sizeof where), ==, 0);
  return mock_peer_new_for_fd (fd);
}

static QmpListener *
listen_at (const char *address)
{
  g_autoptr (GError) error = NULL;
  QmpListener *listener = qmp_listener_new (address, &error);

  g_assert_no_error (error);
  return listener;
}

static void
test_accept (Place *place, gconstpointer data)
{
  g_autoptr (QmpListener) listener = listen_at (place->path);
  g_autoptr (MockPeer) peer = dial (place->path);
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (qmp_listener_get_address (listener), ==, place->path);
  mock_greet (peer);
  mock_expect (peer, "query-name");
  mock_return (peer, "{}");
  connection = qmp_listener_accept (listener, NULL, NULL, &error);
  g_assert_no_error (error);
  g_free (qmp_connection_execute_json (connection, "query-name", NULL, NULL, &error));
  g_assert_no_error (error);
}

/* Who may connect would be the monitor. */
static void
test_only_its_owner (Place *place, gconstpointer data)
{
  g_autoptr (QmpListener) listener = listen_at (place->path);
  struct stat made;

  g_assert_nonnull (listener);
  g_assert_cmpint (lstat (place->path, &made), ==, 0);
  g_assert_cmpint (made.st_mode & 0777, ==, 0600);
}

static void
test_accept_async (Place *place, gconstpointer data)
{
  g_autoptr (QmpListener) listener = listen_at (place->path);
  g_autoptr (MockPeer) peer = NULL;
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Await) accepted = { 0 };

  qmp_listener_accept_async (listener, NULL, NULL, await_callback, &accepted);
  await_idle ();
  g_assert_cmpuint (accepted.n_calls, ==, 0);
  peer = dial (place->path);
  mock_greet (peer);
  connection = qmp_listener_accept_finish (listener, await (&accepted), &error);
  g_assert_no_error (error);
  g_assert_cmpint (qmp_connection_get_state (connection), ==, QMP_CONNECTION_STATE_OPEN);
  g_assert_true (accepted.source == G_OBJECT (listener));
}

static void
test_options (Place *place, gconstpointer data)
{
  g_autoptr (QmpListener) listener = listen_at (place->path);
  g_autoptr (MockPeer) peer = dial (place->path);
  g_autoptr (QmpOpenOptions) options = qmp_open_options_new ();
  g_autoptr (QmpLimits) limits = qmp_limits_new ();
  g_autoptr (QmpConnection) connection = NULL;

  qmp_limits_set_pending_calls (limits, 33);
  qmp_open_options_set_limits (options, limits);
  qmp_open_options_set_out_of_band (options, FALSE);
  qmp_open_options_set_default_timeout (options, 777);
  mock_greet (peer);
  connection = qmp_listener_accept (listener, options, NULL, NULL);
  g_assert_nonnull (connection);
  g_assert_false (qmp_connection_get_out_of_band (connection));
  g_assert_cmpint (qmp_connection_get_default_timeout (connection), ==, 777);
  g_assert_cmpuint (qmp_limits_get_pending_calls (qmp_connection_get_limits (connection)), ==, 33);
}

static void
test_nobody_dials (Place *place, gconstpointer data)
{
  g_autoptr (QmpListener) listener = listen_at (place->path);
  g_autoptr (QmpOpenOptions) options = qmp_open_options_new ();
  g_autoptr (GError) error = NULL, other = NULL;
  g_auto (Await) accepted = { 0 };

  qmp_open_options_set_timeout (options, 20);
  g_assert_null (qmp_listener_accept (listener, options, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  qmp_listener_accept_async (listener, options, NULL, await_callback, &accepted);
  g_assert_null (qmp_listener_accept_finish (listener, await (&accepted), &other));
  g_assert_error (other, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

/* The time is for all of it: dialling and negotiating. */
static void
test_dials_and_is_silent (Place *place, gconstpointer data)
{
  g_autoptr (QmpListener) listener = listen_at (place->path);
  g_autoptr (MockPeer) peer = dial (place->path);
  g_autoptr (QmpOpenOptions) options = qmp_open_options_new ();
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (peer);
  qmp_open_options_set_timeout (options, 20);
  g_assert_null (qmp_listener_accept (listener, options, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

static void
test_cancelled (Place *place, gconstpointer data)
{
  g_autoptr (QmpListener) listener = listen_at (place->path);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL, before = NULL;
  g_auto (Await) accepted = { 0 };

  qmp_listener_accept_async (listener, NULL, cancellable, await_callback, &accepted);
  await_idle ();
  g_cancellable_cancel (cancellable);
  g_assert_null (qmp_listener_accept_finish (listener, await (&accepted), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (qmp_listener_accept (listener, NULL, cancellable, &before));
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
  g_autoptr (QmpListener) listener = listen_at (place->path);

  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError) error = NULL;
      GThread *thread = g_thread_new ("canceller", cancel_in_thread, cancellable);

      g_assert_null (qmp_listener_accept (listener, NULL, cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_thread_join (thread);
    }
}

/* Closing ends the wait, and takes the file away. */
static void
test_close (Place *place, gconstpointer data)
{
  g_autoptr (QmpListener) listener = listen_at (place->path);
  g_autoptr (GError) error = NULL, after = NULL;
  g_auto (Await) accepted = { 0 };

  qmp_listener_accept_async (listener, NULL, NULL, await_callback, &accepted);
  await_idle ();
  g_assert_true (g_file_test (place->path, G_FILE_TEST_EXISTS));
  qmp_listener_close (listener);
  g_assert_false (g_file_test (place->path, G_FILE_TEST_EXISTS));
  g_assert_null (qmp_listener_accept_finish (listener, await (&accepted), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  qmp_listener_close (listener);
  g_assert_null (qmp_listener_accept (listener, NULL, NULL, &after));
  g_assert_error (after, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static void
test_goes_with_last_reference (Place *place, gconstpointer data)
{
  QmpListener *listener = listen_at (place->path);

  g_object_unref (listener);
  g_assert_false (g_file_test (place->path, G_FILE_TEST_EXISTS));
}

/* What somebody else put there is not ours to remove. */
static void
test_leaves_what_is_not_ours (Place *place, gconstpointer data)
{
  g_autoptr (QmpListener) listener = listen_at (place->path);

  g_assert_cmpint (g_unlink (place->path), ==, 0);
  g_assert_true (g_file_set_contents (place->path, "other", -1, NULL));
  qmp_listener_close (listener);
  g_assert_true (g_file_test (place->path, G_FILE_TEST_EXISTS));
}

static void
test_taken (Place *place, gconstpointer data)
{
  g_autoptr (QmpListener) listener = listen_at (place->path);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (listener);
  g_assert_null (qmp_listener_new (place->path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  g_assert_true (g_file_test (place->path, G_FILE_TEST_EXISTS));
}

static void
test_tcp (Place *place, gconstpointer data)
{
  g_autoptr (QmpListener) listener = listen_at ("tcp:127.0.0.1:0");
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) stream = NULL;
  g_autoptr (MockPeer) peer = NULL;
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  const char *address = qmp_listener_get_address (listener);
  int fd;

  g_assert_true (g_str_has_prefix (address, "tcp:127.0.0.1:"));
  g_assert_cmpstr (address, !=, "tcp:127.0.0.1:0");
  stream = g_socket_client_connect_to_host (client, address + 4, 0, NULL, &error);
  g_assert_no_error (error);
  fd = dup (g_socket_get_fd (g_socket_connection_get_socket (stream)));
  g_assert_cmpint (fcntl (fd, F_SETFL, 0), ==, 0);
  peer = mock_peer_new_for_fd (fd);
  mock_greet (peer);
  connection = qmp_listener_accept (listener, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
test_bad_addresses (Place *place, gconstpointer data)
{
  static const struct { const char *address; int code; } bad[] = {
    { "", G_IO_ERROR_INVALID_ARGUMENT }, { "tcp:localhost:0", G_IO_ERROR_INVALID_ARGUMENT }, { "fd:3", G_IO_ERROR_NOT_SUPPORTED },
    { "tls:127.0.0.1:0", G_IO_ERROR_NOT_SUPPORTED }, { "vsock:1:1", G_IO_ERROR_NOT_SUPPORTED },
    { "/nowhere/at/all/s", G_IO_ERROR_NOT_FOUND },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (qmp_listener_new (bad[i].address, &error));
      g_assert_error (error, G_IO_ERROR, bad[i].code);
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
  add ("/listener/accept", test_accept);
  add ("/listener/accept/async", test_accept_async);
  add ("/listener/only-its-owner", test_only_its_owner);
  add ("/listener/options", test_options);
  add ("/listener/nobody-dials", test_nobody_dials);
  add ("/listener/dials-and-is-silent", test_dials_and_is_silent);
  add ("/listener/cancelled", test_cancelled);
  add ("/listener/cancelled/from-thread", test_cancelled_from_thread);
  add ("/listener/close", test_close);
  add ("/listener/goes-with-last-reference", test_goes_with_last_reference);
  add ("/listener/leaves-what-is-not-ours", test_leaves_what_is_not_ours);
  add ("/listener/taken", test_taken);
  add ("/listener/tcp", test_tcp);
  add ("/listener/bad-addresses", test_bad_addresses);
  return g_test_run ();
}
