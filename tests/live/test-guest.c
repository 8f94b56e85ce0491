/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live-agent.h"

#include <string.h>

/* A real guest under emulation: from its boot to its end. */

static QmpEvent *
next (QmpEventStream *stream)
{
  g_autoptr (GError) error = NULL;
  QmpEvent *event = qmp_event_stream_next (stream, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (event);
  return event;
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
  g_autoptr (GError) error = NULL;
  g_auto (LiveEnd) end = { 0 };
  gboolean by_guest = FALSE;
  GSubprocess *qemu = live_start_guest (live, &connection);

  live_end_watch (&end, connection);
  live_wait_for_agent (live, connection);
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
