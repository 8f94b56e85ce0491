/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <string.h>

#include "mock/await.h"
#include "mock/mock-peer.h"

static JsonNode *
parse (const char *json)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = json_from_string (json, &error);

  g_assert_no_error (error);
  return node;
}

/* Comes back once all that was sent before has been read: a command of its
 * own, for which the peer's part is written down here. */
static void
run_round_trip (MockPeer *peer, QmpConnection *connection)
{
  g_autoptr (GError) error = NULL;

  mock_expect (peer, "query-name");
  mock_return (peer, "{}");
  g_free (qmp_connection_execute_json (connection, "query-name", NULL, NULL, &error));
  g_assert_no_error (error);
}

/* --- the three forms ------------------------------------------------------------- */

static void
test_node (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (JsonNode) arguments = parse ("{\"path\": \"/machine\", \"property\": \"type\", \"n\": 3.0}"), result = NULL;
  g_autoptr (GError) error = NULL;

  mock_greet (peer);
  mock_expect (peer, "qom-get");
  mock_return (peer, "{\"type\": \"pc\", \"n\": [1, 2.5, null]}");
  connection = mock_open (peer);
  result = qmp_connection_execute (connection, "qom-get", arguments, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (result), "type"), ==, "pc");
  mock_await (peer);
  g_assert_cmpstr (mock_get_command (peer, 0)->text, ==,
                   "{\"execute\":\"qom-get\",\"arguments\":{\"path\":\"/machine\",\"property\":\"type\",\"n\":3},\"id\":0}");
}

static void
test_json (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autofree char *result = NULL;
  g_autoptr (GError) error = NULL;

  mock_greet (peer);
  mock_expect (peer, "qom-get");
  mock_return (peer, "{\"wide\": 18446744073709551615, \"a\" : [ ] }");
  connection = mock_open (peer);
  result = qmp_connection_execute_json (connection, "qom-get", " { \"a\" : [ 18446744073709551615 ] } ", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (result, ==, "{\"wide\": 18446744073709551615, \"a\" : [ ] }");
  mock_await (peer);
  g_assert_cmpstr (mock_get_command (peer, 0)->text, ==,
                   "{\"execute\":\"qom-get\",\"arguments\":{\"a\":[18446744073709551615]},\"id\":0}");
}

static void
test_request (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpRequest) request = qmp_request_new ("query-status");
  g_autoptr (QmpValue) result = NULL;
  g_autoptr (GError) error = NULL;
  gboolean running = FALSE;

  mock_greet (peer);
  mock_expect (peer, "query-status");
  mock_return (peer, "{\"running\": true, \"status\": \"running\"}");
  connection = mock_open (peer);
  result = qmp_connection_execute_request (connection, request, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (qmp_value_get_member_boolean (result, "running", &running));
  g_assert_true (running);
  mock_await (peer);
  g_assert_cmpstr (mock_get_command (peer, 0)->text, ==, "{\"execute\":\"query-status\",\"id\":0}");
}

static void
test_async (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpRequest) request = qmp_request_new ("three");
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *json = NULL;
  g_autoptr (QmpValue) value = NULL;
  g_auto (Await) one = { 0 }, two = { 0 }, three = { 0 };
  gint64 number = 0;

  mock_greet (peer);
  mock_expect (peer, "one");
  mock_return (peer, "[1]");
  mock_expect (peer, "two");
  mock_return (peer, "\"zwei\"");
  mock_expect (peer, "three");
  mock_return (peer, "3");
  connection = mock_open (peer);
  qmp_connection_execute_async (connection, "one", NULL, NULL, await_callback, &one);
  qmp_connection_execute_json_async (connection, "two", NULL, NULL, await_callback, &two);
  qmp_connection_execute_request_async (connection, request, NULL, await_callback, &three);
  g_assert_cmpuint (one.n_calls + two.n_calls + three.n_calls, ==, 0);
  value = qmp_connection_execute_request_finish (connection, await (&three), NULL);
  json = qmp_connection_execute_json_finish (connection, await (&two), NULL);
  node = qmp_connection_execute_finish (connection, await (&one), NULL);
  g_assert_cmpint (json_array_get_int_element (json_node_get_array (node), 0), ==, 1);
  g_assert_cmpstr (json, ==, "\"zwei\"");
  g_assert_true (qmp_value_get_int64 (value, &number) && number == 3);
  g_assert_cmpuint (one.order, <, two.order);
  g_assert_cmpuint (two.order, <, three.order);
  g_assert_true (one.source == G_OBJECT (connection));
}

/* Results of every type: QEMU does not always return an object. */
static void
test_results (void)
{
  static const char *results[] = { "{}", "[]", "null", "true", "0", "-1.5", "\"\"", "\"\\u00e9\"", "[{\"a\":[]}]", "18446744073709551615" };
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;

  mock_greet (peer);
  connection = mock_open (peer);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *result = NULL;

      mock_expect (peer, "x");
      mock_return (peer, results[i]);
      result = qmp_connection_execute_json (connection, "x", NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (result, ==, results[i]);
    }
}

static void
test_wide_integer (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (JsonNode) node = NULL;

  mock_greet (peer);
  mock_expect (peer, "qom-get");
  mock_return (peer, "18446744073709551615");
  connection = mock_open (peer);
  node = qmp_connection_execute (connection, "qom-get", NULL, NULL, NULL);
  g_assert_cmpuint (qmp_json_node_get_uint64 (node), ==, G_MAXUINT64);
}

static void
test_large_reply (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autofree char *filler = g_strnfill (5 * 1024 * 1024, 'x');
  g_autofree char *reply = g_strdup_printf ("\"%s\"", filler), *result = NULL;
  g_autoptr (GError) error = NULL;

  mock_greet (peer);
  mock_expect (peer, "x");
  mock_return (peer, reply);
  connection = mock_open (peer);
  result = qmp_connection_execute_json (connection, "x", NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_equal (result, reply));
  run_round_trip (peer, connection);
}

static void
test_large_command (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autofree char *filler = g_strnfill (2 * 1024 * 1024, 'y');
  g_autofree char *arguments = g_strdup_printf ("{\"a\":\"%s\"}", filler);
  g_autoptr (GError) error = NULL;
  g_auto (Await) called = { 0 };

  mock_greet (peer);
  mock_expect (peer, "x");
  mock_return (peer, "{}");
  connection = mock_open (peer);
  qmp_connection_execute_json_async (connection, "x", arguments, NULL, await_callback, &called);
  g_free (qmp_connection_execute_json_finish (connection, await (&called), &error));
  g_assert_no_error (error);
  mock_await (peer);
  g_assert_true (g_str_equal (mock_get_command (peer, 0)->arguments, arguments));
}

/* --- what cannot be sent ------------------------------------------------------------ */

static void
test_bad_commands (void)
{
  static const struct { const char *command, *arguments; } bad[] = {
    { "", NULL }, { "a b", NULL }, { "a\"b", NULL }, { "a\n", NULL }, { "é", NULL }, { "x", "[]" }, { "x", "" }, { "x", "{" },
    { "x", "{\"a\":1,\"a\":2}" }, { "x", "{'a':1}" }, { "x", "{\"a\":\"\\u0000\"}" }, { "x", "{}{}" }, { "x", "\xff" },
  };
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;

  mock_greet (peer);
  connection = mock_open (peer);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL, async_error = NULL;
      g_auto (Await) called = { 0 };

      g_assert_null (qmp_connection_execute_json (connection, bad[i].command, bad[i].arguments, NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
      qmp_connection_execute_json_async (connection, bad[i].command, bad[i].arguments, NULL, await_callback, &called);
      g_assert_cmpuint (called.n_calls, ==, 0);
      g_assert_null (qmp_connection_execute_json_finish (connection, await (&called), &async_error));
      g_assert_error (async_error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    }
  run_round_trip (peer, connection);
}

static void
test_bad_node (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (JsonNode) array = parse ("[1]"), text = parse ("\"x\"");
  g_autoptr (GError) error = NULL, other = NULL;

  mock_greet (peer);
  connection = mock_open (peer);
  g_assert_null (qmp_connection_execute (connection, "x", array, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_null (qmp_connection_execute (connection, "x", text, NULL, &other));
  g_assert_error (other, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

/* Names from vendors, and whatever else QAPI lets through. */
static void
test_good_names (void)
{
  static const char *names[] = { "x-debug-query", "__com.redhat_change", "qom_set", "A0" };
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;

  mock_greet (peer);
  connection = mock_open (peer);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GError) error = NULL;

      mock_expect (peer, names[i]);
      mock_return (peer, "{}");
      g_free (qmp_connection_execute_json (connection, names[i], "{}", NULL, &error));
      g_assert_no_error (error);
    }
}

/* --- errors -------------------------------------------------------------------------- */

static void
test_errors (void)
{
  static const struct { const char *class_name; QmpError code; } classes[] = {
    { "GenericError", QMP_ERROR_GENERIC }, { "CommandNotFound", QMP_ERROR_COMMAND_NOT_FOUND },
    { "DeviceNotActive", QMP_ERROR_DEVICE_NOT_ACTIVE }, { "DeviceNotFound", QMP_ERROR_DEVICE_NOT_FOUND },
    { "KVMMissingCap", QMP_ERROR_KVM_MISSING_CAPABILITY }, { "SomethingNewer", QMP_ERROR_UNRECOGNIZED_CLASS },
    { "", QMP_ERROR_UNRECOGNIZED_CLASS },
  };
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;

  mock_greet (peer);
  connection = mock_open (peer);
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    {
      g_autoptr (GError) error = NULL;

      mock_expect (peer, "device_del");
      mock_error (peer, classes[i].class_name, "Device 'x' is \\u001b[1mnot\\u0007 here");
      g_assert_null (qmp_connection_execute (connection, "device_del", NULL, NULL, &error));
      g_assert_error (error, QMP_ERROR, (int) classes[i].code);
      g_assert_cmpstr (qmp_error_get_class_name (error), ==, classes[i].class_name);
      g_assert_cmpstr (qmp_error_get_command (error), ==, "device_del");
      g_assert_nonnull (strstr (qmp_error_get_description (error), "Device 'x' is"));
      g_assert_nonnull (strstr (error->message, "device_del"));
      g_assert_null (strchr (error->message, '\x1b'));
      g_assert_null (strchr (error->message, '\a'));
    }
  run_round_trip (peer, connection);
}

/* An error in a shape that QEMU does not use still fails its call alone. */
static void
test_odd_errors (void)
{
  static const char *odd[] = { "{}", "\"text\"", "[]", "null", "1", "{\"class\":1,\"desc\":[]}", "{\"desc\":\"only\"}", "{\"class\":\"GenericError\"}" };
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;

  mock_greet (peer);
  connection = mock_open (peer);
  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      g_autofree char *reply = g_strdup_printf ("{\"id\": 0, \"error\": %s}\r\n", odd[i]);
      g_autoptr (GError) error = NULL;

      mock_expect (peer, "x");
      mock_send (peer, reply);
      g_assert_null (qmp_connection_execute_json (connection, "x", NULL, NULL, &error));
      g_assert_nonnull (error);
      g_assert_true (error->domain == QMP_ERROR);
    }
  run_round_trip (peer, connection);
}

static void
test_long_error (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autofree char *filler = g_strnfill (1024 * 1024, 'z');
  g_autoptr (GError) error = NULL;

  mock_greet (peer);
  mock_expect (peer, "x");
  mock_error (peer, "GenericError", filler);
  connection = mock_open (peer);
  g_assert_null (qmp_connection_execute_json (connection, "x", NULL, NULL, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_GENERIC);
  g_assert_cmpuint (strlen (error->message), <, 8192);
}

/* --- what JSON can say and nothing here can hold ---------------------------------------- */

static void
test_unrepresentable (void)
{
  static const char *values[] = { "\"a\\u0000b\"", "18446744073709551616", "-9223372036854775809", "1e400", "inf", "-nan", "[[{\"x\":nan}]]" };
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;

  mock_greet (peer);
  connection = mock_open (peer);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr (GError) error = NULL;

      mock_expect (peer, "qom-get");
      mock_return (peer, values[i]);
      g_assert_null (qmp_connection_execute (connection, "qom-get", NULL, NULL, &error));
      g_assert_error (error, QMP_ERROR, QMP_ERROR_UNREPRESENTABLE);
      g_assert_nonnull (strstr (error->message, "qom-get"));
    }
  run_round_trip (peer, connection);
  g_assert_cmpint (qmp_connection_get_state (connection), ==, QMP_CONNECTION_STATE_OPEN);
}

/* --- ids ----------------------------------------------------------------------------------- */

static void
test_replies_in_any_order (void)
{
  static const guint orders[][4] = { { 0, 1, 2, 3 }, { 3, 2, 1, 0 }, { 1, 3, 0, 2 }, { 2, 0, 3, 1 } };

  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      g_autoptr (MockPeer) peer = mock_peer_new ();
      g_autoptr (QmpConnection) connection = NULL;
      Await called[4] = { { 0 } };

      mock_greet (peer);
      for (guint n = 0; n < 4; n++)
        mock_expect (peer, "x");
      for (guint n = 0; n < 4; n++)
        {
          g_autofree char *result = g_strdup_printf ("%u", orders[i][n]);

          mock_return_to (peer, orders[i][n], result);
        }
      connection = mock_open (peer);
      for (guint n = 0; n < 4; n++)
        qmp_connection_execute_async (connection, "x", NULL, NULL, await_callback, &called[n]);
      for (guint n = 0; n < 4; n++)
        {
          g_autoptr (JsonNode) result = qmp_connection_execute_finish (connection, await (&called[n]), NULL);

          g_assert_cmpint (json_node_get_int (result), ==, n);
        }
      for (guint n = 1; n < 4; n++)
        g_assert_cmpuint (called[orders[i][n - 1]].order, <, called[orders[i][n]].order);
      for (guint n = 0; n < 4; n++)
        await_clear (&called[n]);
    }
}

/* Replies to nothing are dropped and counted, and harm nobody. */
static void
test_stray_replies (void)
{
  static const char *strays[] = {
    "{\"return\": 1, \"id\": 1}", "{\"return\": 1, \"id\": 99999999}", "{\"return\": 1, \"id\": -1}", "{\"return\": 1, \"id\": \"0\"}",
    "{\"return\": 1, \"id\": null}", "{\"return\": 1, \"id\": [0]}", "{\"return\": 1, \"id\": {\"a\": 0}}", "{\"return\": 1, \"id\": 0.0}",
    "{\"return\": 1, \"id\": 0e0}", "{\"return\": 1, \"id\": 18446744073709551615}", "{\"return\": 1, \"id\": true}", "{\"return\": 1}",
    "{\"error\": {\"class\": \"GenericError\", \"desc\": \"x\"}, \"id\": 7}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (strays); i++)
    {
      g_autoptr (MockPeer) peer = mock_peer_new ();
      g_autoptr (QmpConnection) connection = NULL;
      g_autoptr (GError) error = NULL;
      g_autofree char *result = NULL;

      mock_greet (peer);
      mock_expect (peer, "x");
      mock_send (peer, strays[i]);
      mock_return (peer, "\"mine\"");
      connection = mock_open (peer);
      result = qmp_connection_execute_json (connection, "x", NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (result, ==, "\"mine\"");
      g_assert_cmpuint (qmp_connection_get_stray_messages (connection), ==, 1);
    }
}

static void
test_duplicate_reply (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_auto (Await) called = { 0 };

  mock_greet (peer);
  mock_expect (peer, "x");
  mock_return (peer, "1");
  mock_return (peer, "2");
  mock_error (peer, "GenericError", "three");
  connection = mock_open (peer);
  qmp_connection_execute_async (connection, "x", NULL, NULL, await_callback, &called);
  await (&called);
  json_node_unref (qmp_connection_execute_finish (connection, called.result, NULL));
  mock_await (peer);
  await_idle ();
  g_assert_cmpuint (called.n_calls, ==, 1);
  g_assert_cmpuint (qmp_connection_get_stray_messages (connection), ==, 2);
  run_round_trip (peer, connection);
}

/* Ids are small, and used again as soon as they are free. */
static void
test_ids_are_used_again (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_auto (Await) first = { 0 }, second = { 0 };

  mock_greet (peer);
  mock_expect (peer, "a");
  mock_expect (peer, "b");
  mock_return_to (peer, 0, "{}");
  mock_return_to (peer, 1, "{}");
  connection = mock_open (peer);
  qmp_connection_execute_async (connection, "a", NULL, NULL, await_callback, &first);
  qmp_connection_execute_async (connection, "b", NULL, NULL, await_callback, &second);
  await (&first);
  await (&second);
  for (guint i = 0; i < 5; i++)
    run_round_trip (peer, connection);
  mock_await (peer);
  for (guint i = 0; i < 7; i++)
    g_assert_cmpint (g_ascii_strtoll (mock_get_command (peer, i)->id, NULL, 10), <, 2);
}

/* --- violations ---------------------------------------------------------------------------- */

/* After these nothing can be trusted any more. */
static void
test_violations (void)
{
  static const struct { const char *text; int code; const char *word; } violations[] = {
    { "{\"error\": {\"class\": \"GenericError\", \"desc\": \"JSON parse error\"}}", QMP_ERROR_PROTOCOL, "JSON parse error" },
    { MOCK_GREETING, QMP_ERROR_PROTOCOL, "second time" },
    { "{\"return\": 1, \"error\": {}, \"id\": 0}", QMP_ERROR_PROTOCOL, "more than one" },
    { "{\"return\": 1, \"event\": \"STOP\", \"id\": 0}", QMP_ERROR_PROTOCOL, "more than one" },
    { "{\"id\": 0}", QMP_ERROR_PROTOCOL, "no greeting" }, { "{}", QMP_ERROR_PROTOCOL, "no greeting" },
    { "[]", QMP_ERROR_PROTOCOL, "object" }, { "{\"return\": 01, \"id\": 0}", QMP_ERROR_PROTOCOL, "number" },
    { "{\"return\": \"\\ud800\", \"id\": 0}", QMP_ERROR_PROTOCOL, "surrogate" },
    { "{\"return\": \"\xff\", \"id\": 0}", QMP_ERROR_PROTOCOL, "UTF-8" },
    { "{\"return\": {\"a\": 1, \"a\": 1}, \"id\": 0}", QMP_ERROR_PROTOCOL, "twice" },
    { "{\"id\": 0, \"return\": 1, \"id\": 0}", QMP_ERROR_PROTOCOL, "twice" },
    { "{\"return\": 1, \"\\u0069d\": 0, \"id\": 0}", QMP_ERROR_PROTOCOL, "twice" },
    { "\xff", QMP_ERROR_PROTOCOL, "0xFF" }, { "{\"return\": [1,], \"id\": 0}", QMP_ERROR_PROTOCOL, "value" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (violations); i++)
    {
      g_autoptr (MockPeer) peer = mock_peer_new ();
      g_autoptr (QmpConnection) connection = NULL;
      g_autoptr (GError) error = NULL, later = NULL;

      mock_greet (peer);
      mock_expect (peer, "x");
      mock_send (peer, violations[i].text);
      mock_return (peer, "{}");
      connection = mock_open (peer);
      g_assert_null (qmp_connection_execute_json (connection, "x", NULL, NULL, &error));
      g_assert_error (error, QMP_ERROR, violations[i].code);
      if (strstr (error->message, violations[i].word) == NULL)
        g_error ("“%s” is not said in: %s", violations[i].word, error->message);
      g_assert_cmpint (qmp_connection_get_state (connection), ==, QMP_CONNECTION_STATE_CLOSED);
      g_assert_null (qmp_connection_execute_json (connection, "x", NULL, NULL, &later));
      g_assert_error (later, QMP_ERROR, violations[i].code);
    }
}

/* An id that is to come cannot be answered yet. */
static void
test_reply_before_command (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autofree char *filler = g_strnfill (4 * 1024 * 1024, 'x');
  g_autofree char *arguments = g_strdup_printf ("{\"a\":\"%s\"}", filler);
  g_autoptr (GError) error = NULL;
  g_auto (Await) called = { 0 };

  mock_greet (peer);
  connection = mock_open (peer);
  /* more than a socket takes, and the peer reads none of it */
  qmp_connection_execute_json_async (connection, "x", arguments, NULL, await_callback, &called);
  mock_send (peer, "{\"return\": {}, \"id\": 0}");
  g_assert_null (qmp_connection_execute_json_finish (connection, await (&called), &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_PROTOCOL);
  g_assert_nonnull (strstr (error->message, "before it was sent"));
}

/* --- many ------------------------------------------------------------------------------------ */

static void
test_busy (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpOpenOptions) options = qmp_open_options_new ();
  g_autoptr (QmpLimits) limits = qmp_limits_new ();
  g_autoptr (QmpConnection) connection = NULL;
  Await called[5] = { { 0 } };

  qmp_limits_set_pending_calls (limits, 4);
  qmp_open_options_set_limits (options, limits);
  mock_greet (peer);
  for (guint i = 0; i < 4; i++)
    mock_expect (peer, "x");
  for (guint i = 0; i < 4; i++)
    mock_return_to (peer, i, "{}");
  connection = mock_open_with (peer, options);
  for (guint i = 0; i < 5; i++)
    qmp_connection_execute_async (connection, "x", NULL, NULL, await_callback, &called[i]);
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) result = qmp_connection_execute_finish (connection, await (&called[i]), &error);

      g_assert_true ((result != NULL) == (i < 4));
      if (i < 4)
        g_assert_no_error (error);
      else
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
      await_clear (&called[i]);
    }
  run_round_trip (peer, connection);
}

static char *
answer_with_id (MockPeer *peer, const MockCommand *command, gpointer data)
{
  return mock_make_return (command, command->id);
}

static void
test_pipelining (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autofree Await *called = g_new0 (Await, 1000);

  mock_greet_plainly (peer);
  mock_answer_all (peer, answer_with_id, NULL);
  connection = mock_open (peer);
  for (guint i = 0; i < 1000; i++)
    qmp_connection_execute_async (connection, "x", NULL, NULL, await_callback, &called[i]);
  for (guint i = 0; i < 1000; i++)
    {
      g_autoptr (JsonNode) result = qmp_connection_execute_finish (connection, await (&called[i]), NULL);

      g_assert_nonnull (result);
      g_assert_true (i == 0 || called[i].order == called[i - 1].order + 1);
    }
  for (guint i = 0; i < 1000; i++)
    await_clear (&called[i]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/calls/node", test_node);
  g_test_add_func ("/calls/json", test_json);
  g_test_add_func ("/calls/request", test_request);
  g_test_add_func ("/calls/async", test_async);
  g_test_add_func ("/calls/results", test_results);
  g_test_add_func ("/calls/wide-integer", test_wide_integer);
  g_test_add_func ("/calls/large-reply", test_large_reply);
  g_test_add_func ("/calls/large-command", test_large_command);
  g_test_add_func ("/calls/bad-commands", test_bad_commands);
  g_test_add_func ("/calls/bad-node", test_bad_node);
  g_test_add_func ("/calls/good-names", test_good_names);
  g_test_add_func ("/calls/errors", test_errors);
  g_test_add_func ("/calls/errors/odd", test_odd_errors);
  g_test_add_func ("/calls/errors/long", test_long_error);
  g_test_add_func ("/calls/unrepresentable", test_unrepresentable);
  g_test_add_func ("/calls/ids/any-order", test_replies_in_any_order);
  g_test_add_func ("/calls/ids/stray", test_stray_replies);
  g_test_add_func ("/calls/ids/duplicate", test_duplicate_reply);
  g_test_add_func ("/calls/ids/used-again", test_ids_are_used_again);
  g_test_add_func ("/calls/violations", test_violations);
  g_test_add_func ("/calls/reply-before-command", test_reply_before_command);
  g_test_add_func ("/calls/busy", test_busy);
  g_test_add_func ("/calls/pipelining", test_pipelining);
  return g_test_run ();
}
