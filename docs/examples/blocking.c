/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: blocking ADDRESS
 *
 * Prints the status, stops the machine, lets it go on, and prints the events
 * that say so: no main loop, one step after the other. */
#include <qmp-glib/qmp-glib.h>

static gboolean
print_status (QmpConnection *qemu, GError **error)
{
  g_autoptr (QmpStatusInfo) status = qmp_connection_query_status (qemu, NULL, error);

  if (status != NULL)
    g_print ("%s\n", qmp_status_info_get_status_text (status));
  return status != NULL;
}

/* Runs a command that has no arguments, and waits for an event. */
static gboolean
run (QmpConnection *qemu, const char *command, const char *event_name, GError **error)
{
  const char *names[] = { event_name, NULL };
  g_autoptr (QmpEventStream) events = qmp_connection_watch_events (qemu, names, 16);
  g_autoptr (QmpEvent) event = NULL;
  g_autofree char *reply = qmp_connection_execute_json (qemu, command, NULL, NULL, error);

  if (reply == NULL)
    return FALSE;
  qmp_event_stream_set_timeout (events, 10000);
  event = qmp_event_stream_next (events, NULL, error);
  if (event == NULL)
    return FALSE;
  g_print ("%s: %s\n", command, qmp_event_get_name (event));
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpConnection) qemu = qmp_connection_open (argc > 1 ? argv[1] : "unix:qmp.sock", NULL, NULL, &error);

  if (qemu != NULL && print_status (qemu, &error) &&
      run (qemu, "stop", "STOP", &error) && run (qemu, "cont", "RESUME", &error))
    return 0;
  g_printerr ("%s\n", error != NULL ? error->message : "The connection has ended");
  return 1;
}
