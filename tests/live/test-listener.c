/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live.h"

#include <string.h>

/* QEMU calls us. */

static GSubprocess *
start_calling (Live *live, const char *where)
{
  g_autofree char *socket = g_strdup_printf ("socket,id=qmp,server=off,%s", where);

  return live_start_qemu (live, -1, "-chardev", socket, "-mon", "chardev=qmp,mode=control", NULL);
}

static void
assert_talks (QmpConnection *connection)
{
  g_autofree char *answer = live_run (connection, "query-status", NULL);

  g_assert_nonnull (strstr (answer, "\"status\""));
}

static QmpListener *
listen_at (const char *address)
{
  g_autoptr (GError) error = NULL;
  QmpListener *listener = qmp_listener_new (address, &error);

  g_assert_no_error (error);
  g_assert_true (QMP_IS_LISTENER (listener));
  return listener;
}

static QmpConnection *
accept_async (QmpListener *listener)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  QmpConnection *connection;

  qmp_listener_accept_async (listener, NULL, NULL, live_keep_result, &result);
  connection = qmp_listener_accept_finish (listener, live_wait (&result), &error);
  g_assert_no_error (error);
  return connection;
}

static void
test_unix (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *where = g_strdup_printf ("path=%s", live->monitor);
  g_autoptr (QmpConnection) first = NULL, second = NULL;
  g_autoptr (QmpListener) listener = NULL;
  g_autoptr (GError) error = NULL;

  listener = listen_at (live->monitor);
  start_calling (live, where);
  first = accept_async (listener);
  assert_talks (first);

  start_calling (live, where);
  second = qmp_listener_accept (listener, NULL, NULL, &error);
  g_assert_no_error (error);
  assert_talks (second);
  assert_talks (first);

  /* nothing is left behind */
  qmp_listener_close (listener);
  g_assert_false (g_file_test (live->monitor, G_FILE_TEST_EXISTS));
  assert_talks (second);
}

/* The port is the system's choice, and the address tells it. */
static void
test_tcp (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autofree char *where = NULL;
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpListener) listener = NULL;
  g_auto (LiveEnd) end = { 0 };
  GSubprocess *qemu;
  const char *port;

  listener = listen_at ("tcp:127.0.0.1:0");
  port = strrchr (qmp_listener_get_address (listener), ':') + 1;
  g_assert_cmpint (g_ascii_strtoll (port, NULL, 10), >, 0);
  where = g_strdup_printf ("host=127.0.0.1,port=%s", port);
  qemu = start_calling (live, where);
  connection = accept_async (listener);
  assert_talks (connection);

  live_end_watch (&end, connection);
  live_kill (qemu);
  live_end_wait (&end);
  g_assert_error (end.error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static void
test_nobody_calls (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpOpenOptions) options = live_options (100, TRUE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (QmpListener) listener = listen_at (live->monitor);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL, cancelled = NULL;

  g_assert_null (qmp_listener_accept (listener, options, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  qmp_listener_accept_async (listener, NULL, cancellable, live_keep_result, &result);
  g_cancellable_cancel (cancellable);
  g_assert_null (qmp_listener_accept_finish (listener, live_wait (&result), &cancelled));
  g_assert_error (cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* A path where QEMU listens is not ours to take. */
static void
test_address_in_use (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  live_start_monitor (live, NULL);
  connection = live_open (live);
  g_assert_null (qmp_listener_new (live->monitor, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  assert_talks (connection);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  LIVE_TEST ("/live/listener/unix", test_unix);
  LIVE_TEST ("/live/listener/tcp", test_tcp);
  LIVE_TEST ("/live/listener/nobody-calls", test_nobody_calls);
  LIVE_TEST ("/live/listener/address-in-use", test_address_in_use);
  return g_test_run ();
}
