/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <string.h>

#include "mock/await.h"
#include "mock/mock-peer.h"

/* What happened, one word each, in order. */
static void
note_event (QmpConnection *connection, QmpEvent *event, GString *log)
{
  g_string_append_printf (log, "%s ", qmp_event_get_name (event));
}

static void
note_reply (GObject *source, GAsyncResult *result, gpointer data)
{
  GString *log = data;
  g_autofree char *json = qmp_connection_execute_json_finish (QMP_CONNECTION (source), result, NULL);

  g_string_append_printf (log, "%s ", json != NULL ? json : "failed");
}

static void
await_log (GString *log, const char *word)
{
  while (strstr (log->str, word) == NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* --- what an event is --------------------------------------------------------------- */

static void
keep_event (QmpConnection *connection, QmpEvent *event, QmpEvent **kept)
{
  *kept = qmp_event_ref (event);
}

static QmpEvent *
get_event (const char *json)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  QmpEvent *event = NULL;

  mock_greet (peer);
  mock_send (peer, json);
  connection = mock_open (peer);
  g_signal_connect (connection, "event", G_CALLBACK (keep_event), &event);
  while (event == NULL)
    g_main_context_iteration (NULL, TRUE);
  return event;
}

static void
test_event (void)
{
  static const char *text = "{\"timestamp\": {\"seconds\": 1700000000, \"microseconds\": 123456}, \"event\": \"BLOCK_JOB_COMPLETED\","
                            " \"data\": {\"device\": \"d0\", \"len\": 18446744073709551615}, \"newer\": 1}";
  g_autoptr (QmpEvent) event = get_event (text);
  g_autoptr (QmpValue) data = qmp_event_get_data (event);
  g_autofree char *json = qmp_event_to_json (event), *data_json = qmp_event_get_data_json (event);
  g_autofree char *device = qmp_value_dup_member_string (data, "device");
  g_autoptr (JsonNode) node = qmp_event_get_data_node (event);
  guint64 length = 0;

  g_assert_cmpstr (qmp_event_get_name (event), ==, "BLOCK_JOB_COMPLETED");
  g_assert_cmpint (qmp_event_get_timestamp (event), ==, G_GINT64_CONSTANT (1700000000123456));
  g_assert_cmpstr (json, ==, text);
  g_assert_cmpstr (data_json, ==, "{\"device\": \"d0\", \"len\": 18446744073709551615}");
  g_assert_cmpstr (device, ==, "d0");
  g_assert_true (qmp_value_get_member_uint64 (data, "len", &length));
  g_assert_cmpuint (length, ==, G_MAXUINT64);
  g_assert_cmpuint (qmp_json_node_get_uint64 (json_object_get_member (json_node_get_object (node), "len")), ==, G_MAXUINT64);
}

/* For whoever knows no events. */
static void
test_event_as_text (void)
{
  static const char *text = "{\"timestamp\":  {}, \"event\": \"VSERPORT_CHANGE\", \"data\": {\"id\": \"\\u00e9\", \"open\": true}}";
  g_autoptr (QmpEvent) event = get_event (text);
  g_auto (GValue) value = G_VALUE_INIT, as_text = G_VALUE_INIT, empty = G_VALUE_INIT;

  g_assert_true (g_value_type_transformable (QMP_TYPE_EVENT, G_TYPE_STRING));
  g_value_init (&value, QMP_TYPE_EVENT);
  g_value_set_boxed (&value, event);
  g_value_init (&as_text, G_TYPE_STRING);
  g_assert_true (g_value_transform (&value, &as_text));
  g_assert_cmpstr (g_value_get_string (&as_text), ==, text);
  g_value_init (&empty, QMP_TYPE_EVENT);
  g_assert_true (g_value_transform (&empty, &as_text));
  g_assert_null (g_value_get_string (&as_text));
}

static void
test_event_without (void)
{
  static const char *texts[] = {
    "{\"event\": \"STOP\"}", "{\"event\": \"STOP\", \"timestamp\": {\"seconds\": -1, \"microseconds\": -1}}",
    "{\"event\": \"STOP\", \"timestamp\": 5}", "{\"event\": \"STOP\", \"timestamp\": {\"seconds\": \"x\", \"microseconds\": 1}}",
    "{\"event\": \"STOP\", \"timestamp\": {\"seconds\": 9223372036854775807, \"microseconds\": 0}}",
    "{\"event\": \"STOP\", \"timestamp\": {\"seconds\": 1}}", "{\"event\": \"\\u0053TOP\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (QmpEvent) event = get_event (texts[i]);
      g_autofree char *data_json = qmp_event_get_data_json (event);

      g_assert_cmpstr (qmp_event_get_name (event), ==, "STOP");
      g_assert_null (qmp_event_get_data (event));
      g_assert_cmpstr (data_json, ==, "{}");
      g_assert_null (qmp_event_get_data_node (event));
      g_assert_cmpint (qmp_event_get_timestamp (event), ==, -1);
    }
}

/* Events that cannot be read are dropped and counted; their neighbours are
 * not. */
static void
test_unreadable (void)
{
  static const char *texts[] = {
    "{\"event\": 5}", "{\"event\": null}", "{\"event\": \"A\", \"data\": []}", "{\"event\": \"A\", \"data\": \"x\"}",
    "{\"event\": \"A\", \"data\": {\"x\": \"\\u0000\"}}", "{\"event\": \"A\", \"data\": {\"x\": 1e400}}",
    "{\"event\": \"A\", \"data\": {\"x\": 18446744073709551616}}", "{\"event\": \"A\\u0000B\"}",
  };
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GString) log = g_string_new (NULL);

  mock_greet (peer);
  connection = mock_open (peer);
  g_signal_connect (connection, "event", G_CALLBACK (note_event), log);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    mock_send (peer, texts[i]);
  mock_event (peer, "LAST", NULL);
  await_log (log, "LAST");
  g_assert_cmpstr (log->str, ==, "LAST ");
  g_assert_cmpuint (qmp_connection_get_stray_messages (connection), ==, G_N_ELEMENTS (texts));
}

/* --- signals ---------------------------------------------------------------------------- */

static void
test_detail (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GString) all = g_string_new (NULL), stops = g_string_new (NULL);

  mock_greet (peer);
  connection = mock_open (peer);
  g_signal_connect (connection, "event", G_CALLBACK (note_event), all);
  g_signal_connect (connection, "event::STOP", G_CALLBACK (note_event), stops);
  mock_event (peer, "STOP", NULL);
  mock_event (peer, "RESUME", NULL);
  mock_event (peer, "STOP", NULL);
  mock_event (peer, "STOPPED", NULL);
  mock_event (peer, "END", NULL);
  await_log (all, "END");
  g_assert_cmpstr (all->str, ==, "STOP RESUME STOP STOPPED END ");
  g_assert_cmpstr (stops->str, ==, "STOP STOP ");
}

/* What a peer calls things is forgotten again: quarks never are. */
static void
test_names_are_no_quarks (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GString) log = g_string_new (NULL);

  mock_greet (peer);
  connection = mock_open (peer);
  g_signal_connect (connection, "event", G_CALLBACK (note_event), log);
  mock_event (peer, "NEVER_HEARD_OF_BEFORE", NULL);
  await_log (log, "NEVER");
  g_assert_cmpuint (g_quark_try_string ("NEVER_HEARD_OF_BEFORE"), ==, 0);
}

/* A closure from another language gets its argument the generic way. */
static void
marshal_for_test (GClosure *closure, GValue *result, guint n_values, const GValue *values, gpointer hint, gpointer data)
{
  GString *log = closure->data;

  g_assert_cmpuint (n_values, ==, 2);
  g_assert_true (G_VALUE_HOLDS (&values[1], QMP_TYPE_EVENT));
  g_string_append_printf (log, "%s ", qmp_event_get_name (g_value_get_boxed (&values[1])));
}

static void
test_generic_closure (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GString) log = g_string_new (NULL);
  GClosure *closure = g_closure_new_simple (sizeof (GClosure), log);

  mock_greet (peer);
  connection = mock_open (peer);
  g_closure_set_marshal (closure, marshal_for_test);
  g_signal_connect_closure (connection, "event", closure, FALSE);
  mock_event (peer, "STOP", NULL);
  await_log (log, "STOP");
}

static void
note_swapped (GString *log, QmpEvent *event, QmpConnection *connection)
{
  g_assert_true (QMP_IS_CONNECTION (connection));
  g_string_append_printf (log, "%s ", qmp_event_get_name (event));
}

static void
test_swapped (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GString) log = g_string_new (NULL);

  mock_greet (peer);
  connection = mock_open (peer);
  g_signal_connect_swapped (connection, "event", G_CALLBACK (note_swapped), log);
  mock_event (peer, "STOP", NULL);
  await_log (log, "STOP");
}

typedef struct
{
  GString *log;
  gulong first;
  gulong second;
} Handlers;

static void
disconnect_both (QmpConnection *connection, QmpEvent *event, Handlers *handlers)
{
  g_string_append (handlers->log, "first ");
  g_signal_handler_disconnect (connection, handlers->second);
  g_signal_handler_disconnect (connection, handlers->first);
}

static void
test_disconnect_in_handler (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GString) log = g_string_new (NULL);
  Handlers handlers = { log, 0, 0 };

  mock_greet (peer);
  connection = mock_open (peer);
  handlers.first = g_signal_connect (connection, "event", G_CALLBACK (disconnect_both), &handlers);
  handlers.second = g_signal_connect (connection, "event", G_CALLBACK (note_event), log);
  g_signal_connect (connection, "event::LAST", G_CALLBACK (note_event), log);
  mock_event (peer, "STOP", NULL);
  mock_event (peer, "LAST", NULL);
  await_log (log, "LAST");
  g_assert_cmpstr (log->str, ==, "first LAST ");
}

/* --- order ---------------------------------------------------------------------------------- */

static void
test_order (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GString) log = g_string_new (NULL);

  mock_greet (peer);
  mock_expect (peer, "a");
  mock_expect (peer, "b");
  mock_event (peer, "ONE", NULL);
  mock_return_to (peer, 0, "1");
  mock_event (peer, "TWO", NULL);
  mock_event (peer, "THREE", NULL);
  mock_return_to (peer, 1, "2");
  mock_event (peer, "FOUR", NULL);
  connection = mock_open (peer);
  g_signal_connect (connection, "event", G_CALLBACK (note_event), log);
  qmp_connection_execute_json_async (connection, "a", NULL, NULL, note_reply, log);
  qmp_connection_execute_json_async (connection, "b", NULL, NULL, note_reply, log);
  await_log (log, "FOUR");
  g_assert_cmpstr (log->str, ==, "ONE 1 TWO THREE 2 FOUR ");
}

static void
test_order_in_one_read (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GString) log = g_string_new (NULL);

  mock_greet (peer);
  mock_expect (peer, "a");
  mock_expect (peer, "b");
  mock_send (peer, "{\"event\":\"ONE\"}{\"return\":1,\"id\":0}{\"event\":\"TWO\"}{\"event\":\"THREE\"}{\"return\":2,\"id\":1}{\"event\":\"FOUR\"}");
  mock_hang_up (peer);
  connection = mock_open (peer);
  g_signal_connect (connection, "event", G_CALLBACK (note_event), log);
  qmp_connection_execute_json_async (connection, "a", NULL, NULL, note_reply, log);
  qmp_connection_execute_json_async (connection, "b", NULL, NULL, note_reply, log);
  await_log (log, "FOUR");
  g_assert_cmpstr (log->str, ==, "ONE 1 TWO THREE 2 FOUR ");
}

/* --- what handlers may do --------------------------------------------------------------------- */

static void
execute_on_event (QmpConnection *connection, QmpEvent *event, GString *log)
{
  note_event (connection, event, log);
  qmp_connection_execute_json_async (connection, "query-status", NULL, NULL, note_reply, log);
}

static void
test_execute_in_handler (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GString) log = g_string_new (NULL);

  mock_greet (peer);
  connection = mock_open (peer);
  g_signal_connect (connection, "event::GO", G_CALLBACK (execute_on_event), log);
  g_signal_connect (connection, "event::LAST", G_CALLBACK (note_event), log);
  mock_send (peer, "{\"event\":\"GO\"}{\"event\":\"GO\"}{\"event\":\"GO\"}");
  mock_expect (peer, "query-status");
  mock_expect (peer, "query-status");
  mock_expect (peer, "query-status");
  for (guint i = 0; i < 3; i++)
    mock_return_to (peer, i, "1");
  mock_event (peer, "LAST", NULL);
  await_log (log, "LAST");
  g_assert_cmpstr (log->str, ==, "GO GO GO 1 1 1 LAST ");
}

static void
block_on_event (QmpConnection *connection, QmpEvent *event, GString *log)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *result = NULL;

  g_string_append_printf (log, "(%s ", qmp_event_get_name (event));
  result = qmp_connection_execute_json (connection, "query-status", NULL, NULL, &error);
  g_assert_no_error (error);
  g_string_append_printf (log, "%s) ", result);
}

/* A blocking call reads for itself; what else comes is delivered later, and
 * never inside it. */
static void
test_block_in_handler (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GString) log = g_string_new (NULL);

  mock_greet (peer);
  connection = mock_open (peer);
  g_signal_connect (connection, "event::GO", G_CALLBACK (block_on_event), log);
  g_signal_connect (connection, "event::STOP", G_CALLBACK (note_event), log);
  g_signal_connect (connection, "event::LAST", G_CALLBACK (note_event), log);
  mock_send (peer, "{\"event\":\"GO\"}{\"event\":\"STOP\"}{\"event\":\"GO\"}");
  mock_expect (peer, "query-status");
  mock_event (peer, "STOP", NULL);
  mock_return (peer, "1");
  mock_expect (peer, "query-status");
  mock_return (peer, "2");
  mock_event (peer, "LAST", NULL);
  await_log (log, "LAST");
  g_assert_cmpstr (log->str, ==, "(GO 1) STOP (GO 2) STOP LAST ");
}

static void
loop_on_event (QmpConnection *connection, QmpEvent *event, GString *log)
{
  g_auto (Await) called = { 0 };

  g_string_append (log, "( ");
  qmp_connection_execute_json_async (connection, "query-status", NULL, NULL, await_callback, &called);
  await (&called);
  g_free (qmp_connection_execute_json_finish (connection, called.result, NULL));
  g_string_append (log, ") ");
}

/* A handler that runs the loop keeps the connection going. */
static void
test_loop_in_handler (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GString) log = g_string_new (NULL);

  mock_greet (peer);
  connection = mock_open (peer);
  g_signal_connect (connection, "event::GO", G_CALLBACK (loop_on_event), log);
  g_signal_connect (connection, "event::STOP", G_CALLBACK (note_event), log);
  g_signal_connect (connection, "event::LAST", G_CALLBACK (note_event), log);
  mock_send (peer, "{\"event\":\"GO\"}{\"event\":\"STOP\"}");
  mock_expect (peer, "query-status");
  mock_event (peer, "STOP", NULL);
  mock_return (peer, "1");
  mock_pause (peer);
  mock_event (peer, "LAST", NULL);
  await_log (log, ")");
  mock_go_on (peer);
  await_log (log, "LAST");
  g_assert_cmpstr (log->str, ==, "( STOP STOP ) LAST ");
}

static void
loop_on_reply (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (QmpConnection) connection = g_object_ref (QMP_CONNECTION (source));
  g_auto (Await) called = { 0 };

  qmp_connection_execute_json_async (connection, "inner", NULL, NULL, await_callback, &called);
  await (&called);
  g_free (qmp_connection_execute_json_finish (connection, called.result, NULL));
  await_callback (source, result, data);
}

static void
test_loop_in_callback (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_auto (Await) called = { 0 };

  mock_greet (peer);
  mock_expect (peer, "outer");
  mock_return (peer, "1");
  mock_expect (peer, "inner");
  mock_return (peer, "2");
  connection = mock_open (peer);
  qmp_connection_execute_json_async (connection, "outer", NULL, NULL, loop_on_reply, &called);
  g_free (qmp_connection_execute_json_finish (connection, await (&called), NULL));
}

/* --- blocking calls and events ------------------------------------------------------------------ */

static void
test_delivered_afterwards (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GString) log = g_string_new (NULL);

  mock_greet (peer);
  mock_expect (peer, "cont");
  mock_event (peer, "RESUME", NULL);
  mock_return (peer, "{}");
  connection = mock_open (peer);
  g_signal_connect (connection, "event", G_CALLBACK (note_event), log);
  g_free (qmp_connection_execute_json (connection, "cont", NULL, NULL, NULL));
  g_assert_cmpstr (log->str, ==, "");
  await_log (log, "RESUME");
  g_assert_cmpstr (log->str, ==, "RESUME ");
}

/* --- too many ------------------------------------------------------------------------------------- */

static void
count_lost (QmpConnection *connection, guint count, guint *lost)
{
  *lost += count;
}

static void
run_flood (QmpLimits *limits, guint n_events, const char *data, guint *n_seen, guint *n_lost, guint64 *total)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpOpenOptions) options = qmp_open_options_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  guint seen = 0;

  qmp_open_options_set_limits (options, limits);
  mock_greet (peer);
  mock_expect (peer, "x");
  for (guint i = 0; i < n_events; i++)
    mock_event (peer, "E", data);
  mock_event (peer, "LAST", NULL);
  mock_return (peer, "{}");
  connection = mock_open_with (peer, options);
  g_signal_connect (connection, "event", G_CALLBACK (note_event), log);
  g_signal_connect (connection, "events-lost", G_CALLBACK (count_lost), n_lost);
  /* while this blocks nobody takes the events; the reply is still found */
  g_free (qmp_connection_execute_json (connection, "x", NULL, NULL, &error));
  g_assert_no_error (error);
  await_log (log, "LAST");
  await_idle ();
  for (const char *p = log->str; *p != '\0'; p++)
    seen += *p == ' ';
  *n_seen = seen;
  *total = qmp_connection_get_lost_events (connection);
}

static void
test_lost_by_number (void)
{
  g_autoptr (QmpLimits) limits = qmp_limits_new ();
  guint seen = 0, lost = 0;
  guint64 total = 0;

  qmp_limits_set_waiting_events (limits, 100);
  run_flood (limits, 1000, NULL, &seen, &lost, &total);
  g_assert_cmpuint (seen, ==, 100);
  g_assert_cmpuint (lost, ==, 901);
  g_assert_cmpuint (total, ==, 901);
}

static void
test_lost_by_size (void)
{
  g_autoptr (QmpLimits) limits = qmp_limits_new ();
  g_autofree char *filler = g_strnfill (10000, 'x');
  g_autofree char *data = g_strdup_printf ("{\"a\":\"%s\"}", filler);
  guint seen = 0, lost = 0;
  guint64 total = 0;

  qmp_limits_set_waiting_event_size (limits, 200000);
  run_flood (limits, 100, data, &seen, &lost, &total);
  g_assert_cmpuint (seen, >=, 10);
  g_assert_cmpuint (seen, <=, 21);
  g_assert_cmpuint (seen + lost, ==, 101);
  g_assert_cmpuint (total, ==, lost);
}

static void
test_none_lost (void)
{
  g_autoptr (QmpLimits) limits = qmp_limits_new ();
  guint seen = 0, lost = 0;
  guint64 total = 0;

  run_flood (limits, 2000, NULL, &seen, &lost, &total);
  g_assert_cmpuint (seen, ==, 2001);
  g_assert_cmpuint (lost, ==, 0);
  g_assert_cmpuint (total, ==, 0);
}

/* --- a flood, and others in the same loop ----------------------------------------------------- */

/* As GTK's, for the frames of a window. */
#define PRIORITY_REDRAW (G_PRIORITY_HIGH_IDLE + 20)

static void
dawdle (QmpConnection *connection, QmpEvent *event, gboolean *last)
{
  gint64 end = g_get_monotonic_time () + 10;

  *last = *last || g_str_equal (qmp_event_get_name (event), "LAST");
  while (g_get_monotonic_time () < end)
    continue;
}

static gboolean
count_turn (gpointer data)
{
  guint *n_turns = data;

  ++*n_turns;
  return G_SOURCE_CONTINUE;
}

/* The connection always has something to do, and so has the other source: the one
 * gets its turns, though it is less urgent, and the flood is read to its end, though
 * that one never has enough. */
static void
test_flood_beside_others (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  gboolean last = FALSE;
  guint n_turns = 0, source;

  mock_greet (peer);
  mock_repeat (peer, "{\"event\": \"E\"}\r\n", 40000);
  mock_event (peer, "LAST", NULL);
  connection = mock_open (peer);
  g_signal_connect (connection, "event", G_CALLBACK (dawdle), &last);
  source = g_idle_add_full (PRIORITY_REDRAW, count_turn, &n_turns, NULL);
  while (!last)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (source);
  g_test_message ("%u turns", n_turns);
  g_assert_cmpuint (n_turns, >=, 10);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/events/event", test_event);
  g_test_add_func ("/events/event/as-text", test_event_as_text);
  g_test_add_func ("/events/event/without", test_event_without);
  g_test_add_func ("/events/unreadable", test_unreadable);
  g_test_add_func ("/events/detail", test_detail);
  g_test_add_func ("/events/names-are-no-quarks", test_names_are_no_quarks);
  g_test_add_func ("/events/generic-closure", test_generic_closure);
  g_test_add_func ("/events/swapped", test_swapped);
  g_test_add_func ("/events/disconnect-in-handler", test_disconnect_in_handler);
  g_test_add_func ("/events/order", test_order);
  g_test_add_func ("/events/order/in-one-read", test_order_in_one_read);
  g_test_add_func ("/events/execute-in-handler", test_execute_in_handler);
  g_test_add_func ("/events/block-in-handler", test_block_in_handler);
  g_test_add_func ("/events/loop-in-handler", test_loop_in_handler);
  g_test_add_func ("/events/loop-in-callback", test_loop_in_callback);
  g_test_add_func ("/events/delivered-afterwards", test_delivered_afterwards);
  g_test_add_func ("/events/flood-beside-others", test_flood_beside_others);
  g_test_add_func ("/events/lost/by-number", test_lost_by_number);
  g_test_add_func ("/events/lost/by-size", test_lost_by_size);
  g_test_add_func ("/events/lost/none", test_none_lost);
  return g_test_run ();
}
