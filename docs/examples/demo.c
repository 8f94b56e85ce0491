/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: demo MONITOR [AGENT]
 *
 * Talks to a QEMU from its greeting to its end, and prints what is asked, what
 * is answered, and what happens meanwhile.  MONITOR and AGENT are addresses, such
 * as the paths of sockets; it waits for them.
 *
 * The first half, here, is about the machine.  All calls are asynchronous, as in a
 * program with windows.  The second half, in demo-guest.c, is about the guest: it
 * runs in a thread.  At last the guest is shut down by its agent, or, where there is
 * none, by the power button. */
#include <locale.h>
#include <stdlib.h>

#include <qmp-glib/qmp-glib.h>

#include "demo.h"

#define PATIENCE_S 180

typedef struct
{
  GMainLoop *loop;
  GCancellable *cancellable;
  QmpConnection *qemu;
  const char *agent_address;  /* or NULL */
  guint step;
  gboolean in_guest;          /* the thread is at work */
  gboolean shuts_down;        /* the guest was told to */
  gboolean has_ended;
  int exit_status;
} Demo;

typedef struct
{
  const char *question;
  const char *command;
  void (*print) (QmpValue *reply);
} Step;

static void next_step (Demo *demo);

/* It is over when QEMU has ended, or something failed; but not before the thread. */
static void
check_end (Demo *demo)
{
  if (demo->in_guest || (!demo->has_ended && demo->exit_status == EXIT_SUCCESS))
    return;
  if (demo->exit_status == EXIT_SUCCESS && demo->shuts_down)
    {
      g_print ("\nQEMU has ended, as it should.\n");
    }
  else if (demo->exit_status == EXIT_SUCCESS)
    {
      g_printerr ("\nQEMU has ended, but nobody had told the guest to shut down.\n");
      demo->exit_status = EXIT_FAILURE;
    }
  g_main_loop_quit (demo->loop);
}

/* Only the first failure is told: the others are its consequences. */
static void
fail (Demo *demo, const char *what, const char *why)
{
  if (demo->exit_status == EXIT_SUCCESS)
    g_printerr ("\n%s: %s\n", what, why);
  demo->exit_status = EXIT_FAILURE;
  g_cancellable_cancel (demo->cancellable);
  check_end (demo);
}

/* --- answers ------------------------------------------------------------------ */

static const char *
or_else (const char *text, const char *otherwise)
{
  return text != NULL ? text : otherwise;
}

static void
print_done (G_GNUC_UNUSED QmpValue *reply)
{
  g_print ("  done\n");
}

static void
print_status (QmpValue *reply)
{
  g_autofree char *status = qmp_value_dup_member_string (reply, "status");
  gboolean running = FALSE;

  qmp_value_get_member_boolean (reply, "running", &running);
  g_print ("  %s: %s\n", running ? "yes" : "no", or_else (status, "?"));
}

static void
print_block_device (QmpValue *device)
{
  g_autofree char *name = qmp_value_dup_member_string (device, "device");
  g_autoptr (QmpValue) medium = qmp_value_get_member (device, "inserted");
  g_autoptr (QmpValue) image = medium != NULL ? qmp_value_get_member (medium, "image") : NULL;
  g_autofree char *format = NULL;
  g_autofree char *size = NULL;
  gboolean read_only = FALSE;
  guint64 bytes = 0;

  if (image == NULL)
    {
      g_print ("  %s: no medium\n", or_else (name, "?"));
      return;
    }
  format = qmp_value_dup_member_string (image, "format");
  qmp_value_get_member_uint64 (image, "virtual-size", &bytes);
  qmp_value_get_member_boolean (medium, "ro", &read_only);
  size = g_format_size_full (bytes, G_FORMAT_SIZE_IEC_UNITS);
  g_print ("  %s: %s, %s, %s\n", or_else (name, "?"), size, or_else (format, "?"), read_only ? "read-only" : "writable");
}

static void
print_block_devices (QmpValue *reply)
{
  guint n = qmp_value_get_length (reply);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (QmpValue) device = qmp_value_get_element (reply, i);

      print_block_device (device);
    }
  if (n == 0)
    g_print ("  none\n");
}

static void
print_character_devices (QmpValue *reply)
{
  guint n = qmp_value_get_length (reply);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (QmpValue) device = qmp_value_get_element (reply, i);
      g_autofree char *label = qmp_value_dup_member_string (device, "label");
      g_autofree char *file = qmp_value_dup_member_string (device, "filename");
      gboolean is_open = FALSE;

      qmp_value_get_member_boolean (device, "frontend-open", &is_open);
      g_print ("  %s: %s, %s\n", or_else (label, "?"), or_else (file, "?"), is_open ? "in use" : "not in use");
    }
  if (n == 0)
    g_print ("  none\n");
}

static const Step steps[] = {
  { "Is the machine running?", "query-status", print_status },
  { "Which block devices has it?", "query-block", print_block_devices },
  { "Which character devices has it?", "query-chardev", print_character_devices },
  { "Stop the machine.", "stop", print_done },
  { "Let it go on.", "cont", print_done },
};

/* --- commands ------------------------------------------------------------------- */

static void
on_reply (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Demo *demo = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpValue) reply = qmp_connection_execute_request_finish (QMP_CONNECTION (source), result, &error);

  if (reply == NULL)
    {
      fail (demo, "The command failed", error->message);
      return;
    }
  steps[demo->step].print (reply);
  demo->step++;
  next_step (demo);
}

static void
on_pressed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpValue) reply = qmp_connection_execute_request_finish (QMP_CONNECTION (source), result, &error);

  if (reply == NULL)
    fail (user_data, "The command failed", error->message);
  else
    g_print ("  done\n\nWaiting for the guest to power down.\n");
}

static void
ask (Demo *demo, const char *question, const char *command, GAsyncReadyCallback callback)
{
  g_autoptr (QmpRequest) request = qmp_request_new (command);

  g_print ("\n%s  [%s]\n", question, command);
  qmp_connection_execute_request_async (demo->qemu, request, demo->cancellable, callback, demo);
}

/* --- the guest ----------------------------------------------------------------------- */

static void press_button (Demo *demo);

static void
show_guest (GTask *task, G_GNUC_UNUSED gpointer source, gpointer data, GCancellable *cancellable)
{
  Demo *demo = data;
  GError *error = NULL;

  if (demo_show_guest (demo->agent_address, G_OBJECT (demo->qemu), cancellable, &demo->shuts_down, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_guest_shown (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  Demo *demo = user_data;
  g_autoptr (GError) error = NULL;

  demo->in_guest = FALSE;
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    fail (demo, "The guest", error->message);
  else if (demo->has_ended)
    check_end (demo);
  else if (!demo->shuts_down)
    press_button (demo);
  else
    g_print ("\nWaiting for the guest to power down.\n");
}

static void
enter_guest (Demo *demo)
{
  g_autoptr (GTask) task = g_task_new (NULL, demo->cancellable, on_guest_shown, demo);

  demo->in_guest = TRUE;
  g_task_set_task_data (task, demo, NULL);
  g_task_run_in_thread (task, show_guest);
}

static void
press_button (Demo *demo)
{
  demo->shuts_down = TRUE;
  ask (demo, "Press the power button.", "system_powerdown", on_pressed);
}

static void
next_step (Demo *demo)
{
  if (demo->step < G_N_ELEMENTS (steps))
    ask (demo, steps[demo->step].question, steps[demo->step].command, on_reply);
  else if (demo->agent_address != NULL)
    enter_guest (demo);
  else
    press_button (demo);
}

/* --- what happens meanwhile ------------------------------------------------------- */

static char *
format_time (gint64 microseconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (microseconds / G_USEC_PER_SEC);
  g_autofree char *seconds = NULL;

  if (microseconds < 0 || time == NULL)
    return g_strdup ("--:--:--.---");
  seconds = g_date_time_format (time, "%H:%M:%S");
  return g_strdup_printf ("%s.%03d", seconds, (int) (microseconds % G_USEC_PER_SEC / 1000));
}

static void
on_event (G_GNUC_UNUSED QmpConnection *qemu, QmpEvent *event, G_GNUC_UNUSED gpointer user_data)
{
  g_autofree char *time = format_time (qmp_event_get_timestamp (event));
  g_autofree char *json = qmp_event_get_data_json (event);
  g_autoptr (QmpValue) data = qmp_event_get_data (event);

  g_print ("  %s  %s%s%s\n", time, qmp_event_get_name (event), data != NULL ? " " : "", data != NULL ? json : "");
}

static void
on_closed (G_GNUC_UNUSED QmpConnection *qemu, GError *error, gpointer user_data)
{
  Demo *demo = user_data;

  demo->has_ended = TRUE;
  if (error != NULL)
    fail (demo, "The connection has ended", error->message);
  else
    check_end (demo);
}

/* --- the start --------------------------------------------------------------------- */

static void
on_opened (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer user_data)
{
  Demo *demo = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *version = NULL;
  g_autofree char *capabilities = NULL;
  const char *package;

  demo->qemu = qmp_connection_open_finish (result, &error);
  if (demo->qemu == NULL)
    {
      fail (demo, "Cannot connect", error->message);
      return;
    }
  g_signal_connect (demo->qemu, "event", G_CALLBACK (on_event), demo);
  g_signal_connect (demo->qemu, "closed", G_CALLBACK (on_closed), demo);

  version = qmp_version_to_string (qmp_connection_get_version (demo->qemu));
  package = qmp_version_get_package (qmp_connection_get_version (demo->qemu));
  capabilities = g_strjoinv (", ", (char **) qmp_connection_get_capabilities (demo->qemu));
  g_print ("  QEMU %s answers (%s)\n", version, *package != '\0' ? package : "no package");
  g_print ("  its capabilities: %s\n", *capabilities != '\0' ? capabilities : "none");
  next_step (demo);
}

static gboolean
on_patience_over (gpointer user_data)
{
  fail (user_data, "The guest", "it has not powered down in time");
  return G_SOURCE_CONTINUE;
}

int
main (int argc, char **argv)
{
  Demo demo = { 0 };
  guint patience;

  if (argc != 2 && argc != 3)
    {
      g_printerr ("usage: demo MONITOR [AGENT]\n");
      return 2;
    }
  setlocale (LC_ALL, "");
  demo.loop = g_main_loop_new (NULL, FALSE);
  demo.cancellable = g_cancellable_new ();
  demo.agent_address = argv[2];
  patience = g_timeout_add_seconds (PATIENCE_S, on_patience_over, &demo);
  g_print ("Connecting to %s\n", argv[1]);
  qmp_connection_open_async (argv[1], NULL, demo.cancellable, on_opened, &demo);
  g_main_loop_run (demo.loop);

  g_source_remove (patience);
  g_clear_object (&demo.qemu);
  g_object_unref (demo.cancellable);
  g_main_loop_unref (demo.loop);
  return demo.exit_status;
}
