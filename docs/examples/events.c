/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: events ADDRESS
 *
 * Prints events as they come, until QEMU shuts down. */
#include <qmp-glib/qmp-glib.h>

static GMainLoop *loop;
static int exit_status;

static void
fail (GError *error)
{
  g_printerr ("%s\n", error->message);
  g_error_free (error);
  exit_status = 1;
  g_main_loop_quit (loop);
}

static void
print_event (QmpEvent *event)
{
  g_autofree char *data = qmp_event_get_data_json (event);

  g_print ("%s %s\n", qmp_event_get_name (event), data);
}

static void
on_next (GObject *source, GAsyncResult *result, gpointer user_data)
{
  QmpEventStream *events = QMP_EVENT_STREAM (source);
  GError *error = NULL;
  g_autoptr (QmpEvent) event = qmp_event_stream_next_finish (events, result, &error);

  if (error != NULL)
    {
      fail (error);
      return;
    }
  if (event == NULL)  /* the connection has ended in order */
    {
      g_main_loop_quit (loop);
      return;
    }
  print_event (event);
  if (g_str_equal (qmp_event_get_name (event), "SHUTDOWN"))
    g_main_loop_quit (loop);
  else
    qmp_event_stream_next_async (events, NULL, on_next, user_data);
}

static void
on_opened (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  QmpConnection **owner = user_data;
  QmpConnection *qemu;
  GError *error = NULL;
  g_autoptr (QmpEventStream) events = NULL;

  qemu = qmp_connection_open_finish (result, &error);
  if (qemu == NULL)
    {
      fail (error);
      return;
    }
  *owner = qemu;
  events = qmp_connection_watch_events (qemu, NULL, 256);
  qmp_event_stream_next_async (events, NULL, on_next, NULL);
  g_print ("Waiting for events\n");
}

int
main (int argc, char **argv)
{
  g_autoptr (QmpConnection) qemu = NULL;

  loop = g_main_loop_new (NULL, FALSE);
  qmp_connection_open_async (argc > 1 ? argv[1] : "unix:qmp.sock", NULL, NULL, on_opened, &qemu);
  g_main_loop_run (loop);
  g_main_loop_unref (loop);
  return exit_status;
}
