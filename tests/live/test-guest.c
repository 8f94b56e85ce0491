/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live.h"

#include <string.h>

/* A real guest under emulation: from its boot to its end. */

/* Its monitor is the other end of a socket pair, and so there from the start. */
static GSubprocess *
start_guest (Live *live, int monitor)
{
  g_autofree char *run = g_test_build_filename (G_TEST_DIST, "..", "..", "tools", "guest", "run", NULL);
  g_autofree char *agent = live_path (live, "agent");
  g_autofree char *console = live_path (live, "console");
  const char *guest = g_getenv ("GUEST");
  const char *arguments[] = { run, guest, live->monitor, agent, "-chardev", "socket,id=pair,fd=" LIVE_FD,
                              "-mon", "chardev=pair,mode=control", NULL };

  g_setenv ("WAIT", "off", TRUE);
  if (guest == NULL || *guest == '\0')
    g_error ("There is no guest to boot: run tools/guest/build DIRECTORY, and set GUEST to DIRECTORY");
  g_setenv ("CONSOLE", console, TRUE);
  return live_start (live, monitor, arguments);
}

static QmpEvent *
next (QmpEventStream *stream)
{
  g_autoptr (GError) error = NULL;
  QmpEvent *event = qmp_event_stream_next (stream, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (event);
  return event;
}

static gboolean
is_agent_open (QmpConnection *connection)
{
  g_autoptr (QmpRequest) request = qmp_request_new ("query-chardev");
  g_autoptr (QmpValue) devices = NULL;
  g_autoptr (GError) error = NULL;
  guint i;

  devices = qmp_connection_execute_request (connection, request, NULL, &error);
  g_assert_no_error (error);
  for (i = 0; i < qmp_value_get_length (devices); i++)
    {
      g_autoptr (QmpValue) device = qmp_value_get_element (devices, i);
      g_autofree char *label = qmp_value_dup_member_string (device, "label");
      gboolean open = FALSE;

      if (g_strcmp0 (label, "agent") == 0)
        return qmp_value_get_member_boolean (device, "frontend-open", &open) && open;
    }
  return FALSE;
}

/* The agent is the last thing that the guest starts. */
static void
wait_for_boot (Live *live, QmpConnection *connection)
{
  const char *const names[] = { "VSERPORT_CHANGE", NULL };
  g_autoptr (QmpEventStream) stream = qmp_connection_watch_events (connection, names, 16);
  g_autofree char *console = live_path (live, "console");
  g_autofree char *text = NULL;

  qmp_event_stream_set_timeout (stream, 120000);
  while (!is_agent_open (connection))
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (QmpEvent) event = qmp_event_stream_next (stream, NULL, &error);

      if (event != NULL)
        continue;
      g_file_get_contents (console, &text, NULL, NULL);
      g_error ("%s. Now the agent is %s. The guest said: %s", error->message,
               is_agent_open (connection) ? "there" : "not there", text);
    }
}

static void
assert_event (QmpEventStream *stream, const char *name)
{
  g_autoptr (QmpEvent) event = next (stream);

  g_assert_cmpstr (qmp_event_get_name (event), ==, name);
}

static void
test_power_down (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  const char *const names[] = { "POWERDOWN", "SHUTDOWN", NULL };
  g_autofree char *blocks = NULL, *pressed = NULL;
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpEventStream) stream = NULL;
  g_autoptr (QmpEvent) shutdown = NULL, nothing = NULL;
  g_autoptr (QmpValue) value = NULL;
  g_autoptr (GIOStream) pair = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (LiveEnd) end = { 0 };
  gboolean by_guest = FALSE;
  GSubprocess *qemu;
  int monitor = -1;

  pair = qmp_connection_create_socket_pair (&monitor, &error);
  g_assert_no_error (error);
  qemu = start_guest (live, monitor);
  connection = qmp_connection_open_stream (pair, NULL, NULL, &error);
  g_assert_no_error (error);
  live_end_watch (&end, connection);
  wait_for_boot (live, connection);
  g_test_message ("the guest has booted");
  blocks = live_run (connection, "query-block", NULL);
  g_assert_nonnull (strstr (blocks, "data.img"));

  stream = qmp_connection_watch_events (connection, names, 8);
  qmp_event_stream_set_timeout (stream, 120000);
  pressed = live_run (connection, "system_powerdown", NULL);
  assert_event (stream, "POWERDOWN");
  g_test_message ("its power button was pressed");
  shutdown = next (stream);
  g_assert_cmpstr (qmp_event_get_name (shutdown), ==, "SHUTDOWN");
  value = qmp_event_get_data (shutdown);
  g_assert_true (qmp_value_get_member_boolean (value, "guest", &by_guest));
  g_assert_true (by_guest);

  nothing = qmp_event_stream_next (stream, NULL, &error);
  g_assert_null (nothing);
  g_assert_no_error (error);
  live_end_assert_orderly (&end, connection);
  live_assert_good_exit (qemu);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  LIVE_TEST ("/live/guest/power-down", test_power_down);
  return g_test_run ();
}
