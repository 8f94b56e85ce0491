/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <string.h>

#include "mock/mock-peer.h"

static void
test_defaults (void)
{
  g_autoptr (QmpLimits) limits = qmp_limits_new ();

  g_assert_cmpuint (qmp_limits_get_message_size (limits), ==, 10 * 1024 * 1024);
  g_assert_cmpuint (qmp_limits_get_message_values (limits), ==, 150000);
  g_assert_cmpuint (qmp_limits_get_message_depth (limits), ==, 512);
  g_assert_cmpuint (qmp_limits_get_name_size (limits), ==, 4096);
  g_assert_cmpuint (qmp_limits_get_pending_calls (limits), ==, 1024);
  g_assert_cmpuint (qmp_limits_get_waiting_events (limits), ==, 4096);
  g_assert_cmpuint (qmp_limits_get_waiting_event_size (limits), ==, 16 * 1024 * 1024);
}

/* Whatever is asked for, there is a limit, and something fits. */
static void
test_clamped (void)
{
  g_autoptr (QmpLimits) least = qmp_limits_new (), most = qmp_limits_new ();

  qmp_limits_set_message_size (least, 0);
  qmp_limits_set_message_values (least, 0);
  qmp_limits_set_message_depth (least, 0);
  qmp_limits_set_name_size (least, 0);
  qmp_limits_set_pending_calls (least, 0);
  qmp_limits_set_waiting_events (least, 0);
  qmp_limits_set_waiting_event_size (least, 0);
  g_assert_cmpuint (qmp_limits_get_message_size (least), >, 0);
  g_assert_cmpuint (qmp_limits_get_message_values (least), >, 0);
  g_assert_cmpuint (qmp_limits_get_message_depth (least), >, 0);
  g_assert_cmpuint (qmp_limits_get_name_size (least), >, 0);
  g_assert_cmpuint (qmp_limits_get_pending_calls (least), >, 0);
  g_assert_cmpuint (qmp_limits_get_waiting_events (least), >, 0);
  g_assert_cmpuint (qmp_limits_get_waiting_event_size (least), >, 0);
  qmp_limits_set_message_size (most, G_MAXUINT64);
  qmp_limits_set_message_values (most, G_MAXUINT);
  qmp_limits_set_message_depth (most, G_MAXUINT);
  qmp_limits_set_name_size (most, G_MAXUINT);
  qmp_limits_set_pending_calls (most, G_MAXUINT);
  qmp_limits_set_waiting_events (most, G_MAXUINT);
  qmp_limits_set_waiting_event_size (most, G_MAXUINT64);
  g_assert_cmpuint (qmp_limits_get_message_size (most), <, G_MAXUINT64);
  g_assert_cmpuint (qmp_limits_get_message_values (most), <, G_MAXUINT);
  g_assert_cmpuint (qmp_limits_get_message_depth (most), <, G_MAXUINT);
  g_assert_cmpuint (qmp_limits_get_name_size (most), <, G_MAXUINT);
  g_assert_cmpuint (qmp_limits_get_pending_calls (most), <, G_MAXUINT);
  g_assert_cmpuint (qmp_limits_get_waiting_events (most), <, G_MAXUINT);
  g_assert_cmpuint (qmp_limits_get_waiting_event_size (most), <, G_MAXUINT64);
}

static void
count (guint *n)
{
  ++*n;
}

static void
test_properties (void)
{
  g_autoptr (QmpLimits) limits = g_object_new (QMP_TYPE_LIMITS, "message-size", (guint64) 5000, "message-values", 100u,
                                               "message-depth", 10u, "name-size", 100u, "pending-calls", 7u,
                                               "waiting-events", 8u, "waiting-event-size", (guint64) 9000, NULL);
  guint values, depth, name, calls, events, n = 0;
  guint64 size, event_size;

  g_object_get (limits, "message-size", &size, "message-values", &values, "message-depth", &depth, "name-size", &name,
                "pending-calls", &calls, "waiting-events", &events, "waiting-event-size", &event_size, NULL);
  g_assert_cmpuint (size, ==, 5000);
  g_assert_cmpuint (values, ==, 100);
  g_assert_cmpuint (depth, ==, 10);
  g_assert_cmpuint (name, ==, 100);
  g_assert_cmpuint (calls, ==, 7);
  g_assert_cmpuint (events, ==, 8);
  g_assert_cmpuint (event_size, ==, 9000);
  g_signal_connect_swapped (limits, "notify", G_CALLBACK (count), &n);
  qmp_limits_set_pending_calls (limits, 7);
  g_assert_cmpuint (n, ==, 0);
  qmp_limits_set_pending_calls (limits, 6);
  g_assert_cmpuint (n, ==, 1);
}

/* --- in use ------------------------------------------------------------------------- */

typedef void (*Narrow) (QmpLimits *limits, guint limit);

static void
narrow_size (QmpLimits *limits, guint limit)
{
  qmp_limits_set_message_size (limits, limit);
}

static void
assert_limit (Narrow narrow, guint limit, const char *reply, gboolean fits)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpOpenOptions) options = qmp_open_options_new ();
  g_autoptr (QmpLimits) limits = qmp_limits_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *result = NULL;

  narrow (limits, limit);
  qmp_open_options_set_limits (options, limits);
  mock_greet (peer);
  mock_expect (peer, "x");
  mock_send (peer, reply);
  connection = mock_open_with (peer, options);
  result = qmp_connection_execute_json (connection, "x", NULL, NULL, &error);
  if (fits)
    g_assert_no_error (error);
  else
    g_assert_error (error, QMP_ERROR, QMP_ERROR_TOO_LARGE);
  g_assert_cmpint (qmp_connection_get_state (connection), ==, fits ? QMP_CONNECTION_STATE_OPEN : QMP_CONNECTION_STATE_CLOSED);
}

static void
test_message_size (void)
{
  for (guint size = 4999; size <= 5001; size++)
    {
      g_autofree char *filler = g_strnfill (size - 20, 'x');
      g_autofree char *reply = g_strdup_printf ("{\"return\":\"%s\",\"id\":0}", filler);
      gsize length = strlen (reply);

      assert_limit (narrow_size, (guint) length - 1, reply, FALSE);
      assert_limit (narrow_size, (guint) length, reply, TRUE);
      assert_limit (narrow_size, (guint) length + 1, reply, TRUE);
    }
}

/* The message, two names, the array, its elements, the id. */
static void
test_message_values (void)
{
  for (guint n = 99; n <= 101; n++)
    {
      g_autoptr (GString) reply = g_string_new ("{\"return\":[");

      for (guint i = 0; i < n - 5; i++)
        g_string_append (reply, i > 0 ? ",1" : "1");
      g_string_append (reply, "],\"id\":0}");
      assert_limit (qmp_limits_set_message_values, 100, reply->str, n <= 100);
    }
}

static void
test_message_depth (void)
{
  for (guint depth = 9; depth <= 11; depth++)
    {
      g_autofree char *open = g_strnfill (depth - 1, '['), *close = g_strnfill (depth - 1, ']');
      g_autofree char *reply = g_strdup_printf ("{\"return\":%s%s,\"id\":0}", open, close);

      assert_limit (qmp_limits_set_message_depth, 10, reply, depth <= 10);
    }
}

static void
test_name_size (void)
{
  for (guint size = 99; size <= 101; size++)
    {
      g_autofree char *name = g_strnfill (size, 'n');
      g_autofree char *reply = g_strdup_printf ("{\"return\":{\"%s\":1},\"id\":0}", name);

      assert_limit (qmp_limits_set_name_size, 100, reply, size <= 100);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/limits/defaults", test_defaults);
  g_test_add_func ("/limits/clamped", test_clamped);
  g_test_add_func ("/limits/properties", test_properties);
  g_test_add_func ("/limits/message-size", test_message_size);
  g_test_add_func ("/limits/message-values", test_message_values);
  g_test_add_func ("/limits/message-depth", test_message_depth);
  g_test_add_func ("/limits/name-size", test_name_size);
  return g_test_run ();
}
