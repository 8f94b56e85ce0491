/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: server
 *
 * Tests a function that drives QEMU, without QEMU. */
#include <qmp-glib/qmp-glib.h>

/* What is to be tested: stops a machine that runs, and lets one run that does not. */
static gboolean
toggle (QmpConnection *qemu, GError **error)
{
  g_autoptr (QmpStatusInfo) status = qmp_connection_query_status (qemu, NULL, error);

  if (status == NULL)
    return FALSE;
  if (qmp_status_info_get_running (status))
    return qmp_connection_stop (qemu, NULL, error);
  return qmp_connection_cont (qemu, NULL, error);
}

/* The machine that is not there. */
static gboolean
on_stop (QmpServer *server, QmpServerCall *call, gpointer data)
{
  g_print ("It asked: %s\n", qmp_server_call_get_command (call));
  qmp_server_set_result_json (server, "query-status", "{\"status\": \"paused\", \"running\": false}", NULL);
  qmp_server_emit_event_json (server, "STOP", NULL, NULL);
  return qmp_server_call_return_json (call, NULL, NULL);
}

int
main (int argc, char **argv)
{
  g_autoptr (QmpServer) server = qmp_server_new_threaded ();
  g_autoptr (GIOStream) stream = NULL;
  g_autoptr (QmpConnection) qemu = NULL;
  g_autoptr (QmpEventStream) events = NULL;
  g_autoptr (QmpEvent) event = NULL;
  g_autoptr (GError) error = NULL;

  qmp_server_set_result_json (server, "query-status", "{\"status\": \"running\", \"running\": true}", NULL);
  qmp_server_set_error (server, "cont", "GenericError", "Resetting the Virtual Machine is required");
  g_signal_connect (server, "command::stop", G_CALLBACK (on_stop), NULL);

  stream = qmp_server_open_stream (server, &error);
  if (stream != NULL)
    qemu = qmp_connection_open_stream (stream, NULL, NULL, &error);
  if (qemu == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  events = qmp_connection_watch_events (qemu, NULL, 10);

  g_assert_true (toggle (qemu, &error));
  event = qmp_event_stream_next (events, NULL, &error);
  g_assert_no_error (error);
  g_print ("It was told: %s\n", qmp_event_get_name (event));

  g_assert_false (toggle (qemu, &error));
  g_print ("It failed: %s\n", error->message);
  return 0;
}
