/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

/* A command that hangs, and those that overtake it. The one that hangs is
 * blockdev-add of a disk whose server says nothing. */

typedef struct
{
  GSocketListener *listener;
  GSocketConnection *client;  /* QEMU */
  GAsyncResult *hanging;
} SilentServer;

static void
silent_server_begin (SilentServer *server, Live *live, QmpConnection *connection)
{
  g_autofree char *path = live_path (live, "nbd");
  g_autofree char *arguments = NULL;
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GAsyncResult) accepted = NULL;
  g_autoptr (GError) error = NULL;

  server->listener = g_socket_listener_new ();
  g_socket_listener_add_address (server->listener, address, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT,
                                 NULL, NULL, &error);
  g_assert_no_error (error);
  g_socket_listener_accept_async (server->listener, NULL, live_keep_result, &accepted);
  arguments = g_strdup_printf ("{\"driver\":\"nbd\",\"node-name\":\"disk\","
                               "\"server\":{\"type\":\"unix\",\"path\":\"%s\"}}", path);
  qmp_connection_execute_json_async (connection, "blockdev-add", arguments, NULL, live_keep_result, &server->hanging);
  server->client = g_socket_listener_accept_finish (server->listener, live_wait (&accepted), NULL, &error);
  g_assert_no_error (error);
}

/* Hangs up, so that the command ends as well. */
static void
silent_server_end (SilentServer *server, QmpConnection *connection)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (server->hanging);
  g_socket_listener_close (server->listener);
  g_io_stream_close (G_IO_STREAM (server->client), NULL, NULL);
  g_assert_null (qmp_connection_execute_json_finish (connection, live_wait (&server->hanging), &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_GENERIC);
  g_assert_cmpstr (qmp_error_get_command (error), ==, "blockdev-add");
  g_object_unref (server->hanging);
  g_object_unref (server->client);
  g_object_unref (server->listener);
}

static QmpRequest *
new_overtaking (const char *command)
{
  QmpRequest *request = qmp_request_new (command);

  qmp_request_set_out_of_band (request, TRUE);
  return request;
}

static void
test_overtakes (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpRequest) request = new_overtaking ("query-yank");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpValue) blocking = NULL, value = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL, *answer = NULL;
  SilentServer server = { 0 };

  live_start_monitor (live, NULL);
  connection = live_open (live);
  silent_server_begin (&server, live, connection);

  blocking = qmp_connection_execute_request (connection, request, NULL, &error);
  g_assert_no_error (error);
  text = qmp_value_to_json (blocking);
  g_assert_nonnull (strstr (text, "\"disk\""));

  qmp_connection_execute_request_async (connection, request, NULL, live_keep_result, &result);
  value = qmp_connection_execute_request_finish (connection, live_wait (&result), &error);
  g_assert_no_error (error);

  silent_server_end (&server, connection);
  answer = live_run (connection, "query-status", NULL);
}

static void
count (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree char *text = qmp_connection_execute_json_finish (QMP_CONNECTION (source), result, NULL);

  g_assert_nonnull (text);
  ++*(guint *) data;
}

/* QEMU stops reading behind eight commands that wait; many more may. */
static void
test_overtakes_many (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpRequest) request = new_overtaking ("query-yank");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  SilentServer server = { 0 };
  guint answered = 0, i;

  live_start_monitor (live, NULL);
  connection = live_open (live);
  silent_server_begin (&server, live, connection);
  for (i = 0; i < 50; i++)
    qmp_connection_execute_json_async (connection, "query-status", NULL, NULL, count, &answered);
  for (i = 0; i < 20; i++)
    {
      g_autoptr (QmpValue) value = qmp_connection_execute_request (connection, request, NULL, &error);

      g_assert_no_error (error);
    }
  g_assert_cmpuint (answered, ==, 0);

  silent_server_end (&server, connection);
  while (answered < 50)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (qmp_connection_get_stray_messages (connection), ==, 0);
}

/* What may overtake is QEMU's to say. */
static void
test_may_not_overtake (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpRequest) request = new_overtaking ("query-status");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = NULL;

  live_start_monitor (live, NULL);
  connection = live_open (live);
  g_assert_null (qmp_connection_execute_request (connection, request, NULL, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_GENERIC);
  answer = live_run (connection, "query-status", NULL);
}

static void
test_not_negotiated (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  g_autoptr (QmpRequest) request = new_overtaking ("query-yank");
  g_autoptr (QmpOpenOptions) options = qmp_open_options_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = NULL;

  live_start_monitor (live, NULL);
  qmp_open_options_set_out_of_band (options, FALSE);
  connection = qmp_connection_open (live->monitor, options, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (qmp_connection_execute_request (connection, request, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  answer = live_run (connection, "query-status", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  LIVE_TEST ("/live/out-of-band/overtakes", test_overtakes);
  LIVE_TEST ("/live/out-of-band/overtakes-many", test_overtakes_many);
  LIVE_TEST ("/live/out-of-band/may-not-overtake", test_may_not_overtake);
  LIVE_TEST ("/live/out-of-band/not-negotiated", test_not_negotiated);
  return g_test_run ();
}
