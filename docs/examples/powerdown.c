/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: powerdown ADDRESS
 *
 * Presses the machine's power button, and waits until QEMU has ended. */
#include <qmp-glib/qmp-glib.h>

static GMainLoop *loop;
static int exit_status;

static void
fail (const GError *error)
{
  g_printerr ("%s\n", error->message);
  exit_status = 1;
  g_main_loop_quit (loop);
}

static void
on_event (G_GNUC_UNUSED QmpConnection *qemu, QmpEvent *event, G_GNUC_UNUSED gpointer user_data)
{
  g_print ("%s\n", qmp_event_get_name (event));
}

static void
on_closed (G_GNUC_UNUSED QmpConnection *qemu, GError *error, G_GNUC_UNUSED gpointer user_data)
{
  if (error != NULL)
    {
      fail (error);
      return;
    }
  g_print ("QEMU has ended\n");
  g_main_loop_quit (loop);
}

static void
on_pressed (GObject *source, GAsyncResult *result, G_GNUC_UNUSED gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *reply = qmp_connection_execute_json_finish (QMP_CONNECTION (source), result, &error);

  if (reply == NULL)
    fail (error);
}

static void
on_opened (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  QmpConnection **owner = user_data;
  QmpConnection *qemu;
  g_autoptr (GError) error = NULL;

  qemu = qmp_connection_open_finish (result, &error);
  if (qemu == NULL)
    {
      fail (error);
      return;
    }
  *owner = qemu;
  /* before the command: an event often comes before the reply */
  g_signal_connect (qemu, "event::POWERDOWN", G_CALLBACK (on_event), NULL);
  g_signal_connect (qemu, "event::SHUTDOWN", G_CALLBACK (on_event), NULL);
  g_signal_connect (qemu, "closed", G_CALLBACK (on_closed), NULL);
  qmp_connection_execute_json_async (qemu, "system_powerdown", NULL, NULL, on_pressed, NULL);
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
