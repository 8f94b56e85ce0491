/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live.h"

#include <string.h>

/* Greeting, commands, replies and errors: with QEMU, with a monitor that
 * prints its JSON over many lines, and with the storage daemon. */

typedef struct
{
  const char *name;
  gboolean is_emulator;  /* has a machine to ask about */
  GSubprocess *(*start) (Live *live);
} Peer;

static GSubprocess *
start_emulator (Live *live)
{
  return live_start_monitor (live, NULL);
}

static GSubprocess *
start_pretty (Live *live)
{
  g_autofree char *socket = g_strdup_printf ("socket,id=qmp,path=%s,server=on,wait=on", live->monitor);

  return live_start_qemu (live, -1, "-chardev", socket, "-mon", "chardev=qmp,mode=control,pretty=on", NULL);
}

static const Peer peers[] = {
  { "qemu", TRUE, start_emulator },
  { "pretty", TRUE, start_pretty },
  { "storage-daemon", FALSE, live_start_storage_daemon },
};

/* A command that each of them knows. */
static const char *
get_command (const Peer *peer)
{
  return peer->is_emulator ? "query-status" : "query-version";
}

static void
assert_answer (const Peer *peer, JsonNode *answer)
{
  JsonObject *object = json_node_get_object (answer);

  if (peer->is_emulator)
    {
      g_assert_true (json_object_get_boolean_member (object, "running"));
      g_assert_cmpstr (json_object_get_string_member (object, "status"), ==, "running");
    }
  else
    g_assert_cmpint (json_object_get_int_member (json_object_get_object_member (object, "qemu"), "major"), >=, 7);
}

static void
assert_value (const Peer *peer, QmpValue *value)
{
  g_autoptr (JsonNode) node = qmp_value_to_node (value);

  g_assert_cmpint (qmp_value_get_kind (value), ==, QMP_VALUE_OBJECT);
  assert_answer (peer, node);
}

/* --- bodies ----------------------------------------------------------------------- */

static void
test_greeting (Live *live, gconstpointer data)
{
  const Peer *peer = data;
  g_autoptr (QmpConnection) connection = NULL;
  g_autofree char *package = NULL, *text = NULL, *words = NULL;
  g_autoptr (QmpValue) answer = NULL, version = NULL;
  QmpVersion *greeted;
  gint64 major, minor, micro;

  peer->start (live);
  connection = live_open (live);
  g_assert_cmpint (qmp_connection_get_state (connection), ==, QMP_CONNECTION_STATE_OPEN);
  g_assert_true (g_strv_contains (qmp_connection_get_capabilities (connection), "oob"));
  g_assert_true (qmp_connection_get_out_of_band (connection));

  text = live_run (connection, "query-version", NULL);
  answer = qmp_value_new_from_json (text, NULL);
  version = qmp_value_get_member (answer, "qemu");
  g_assert_true (qmp_value_get_member_int64 (version, "major", &major));
  g_assert_true (qmp_value_get_member_int64 (version, "minor", &minor));
  g_assert_true (qmp_value_get_member_int64 (version, "micro", &micro));
  package = qmp_value_dup_member_string (answer, "package");

  greeted = qmp_connection_get_version (connection);
  g_assert_cmpuint (qmp_version_get_major (greeted), ==, major);
  g_assert_cmpuint (qmp_version_get_minor (greeted), ==, minor);
  g_assert_cmpuint (qmp_version_get_micro (greeted), ==, micro);
  g_assert_cmpstr (qmp_version_get_package (greeted), ==, package);
  g_assert_true (qmp_version_is_at_least (greeted, major, minor, micro));
  g_assert_false (qmp_version_is_at_least (greeted, major, minor, micro + 1));
  words = qmp_version_to_string (greeted);
  g_assert_nonnull (strchr (words, '.'));
  g_assert_cmpuint (qmp_connection_get_stray_messages (connection), ==, 0);
}

static void
test_out_of_band_not_wanted (Live *live, gconstpointer data)
{
  const Peer *peer = data;
  g_autoptr (QmpOpenOptions) options = qmp_open_options_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = NULL;

  peer->start (live);
  qmp_open_options_set_out_of_band (options, FALSE);
  connection = qmp_connection_open (live->monitor, options, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_strv_contains (qmp_connection_get_capabilities (connection), "oob"));
  g_assert_false (qmp_connection_get_out_of_band (connection));
  answer = qmp_connection_execute (connection, get_command (peer), NULL, NULL, &error);
  g_assert_no_error (error);
  assert_answer (peer, answer);
}

static void
test_blocking (Live *live, gconstpointer data)
{
  const Peer *peer = data;
  const char *command = get_command (peer);
  g_autoptr (QmpRequest) request = qmp_request_new (command);
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL, parsed = NULL;
  g_autoptr (QmpValue) value = NULL;
  g_autofree char *text = NULL;

  peer->start (live);
  connection = live_open (live);
  node = qmp_connection_execute (connection, command, NULL, NULL, &error);
  g_assert_no_error (error);
  assert_answer (peer, node);

  text = qmp_connection_execute_json (connection, command, NULL, NULL, &error);
  g_assert_no_error (error);
  parsed = live_json (text);
  assert_answer (peer, parsed);

  value = qmp_connection_execute_request (connection, request, NULL, &error);
  g_assert_no_error (error);
  assert_value (peer, value);
}

static void
test_async (Live *live, gconstpointer data)
{
  const Peer *peer = data;
  const char *command = get_command (peer);
  g_autoptr (QmpRequest) request = qmp_request_new (command);
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GAsyncResult) opened = NULL, first = NULL, second = NULL, third = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL, parsed = NULL;
  g_autoptr (QmpValue) value = NULL;
  g_autofree char *text = NULL;

  peer->start (live);
  qmp_connection_open_async (live->monitor, NULL, NULL, live_keep_result, &opened);
  connection = qmp_connection_open_finish (live_wait (&opened), &error);
  g_assert_no_error (error);

  qmp_connection_execute_async (connection, command, NULL, NULL, live_keep_result, &first);
  qmp_connection_execute_json_async (connection, command, "{}", NULL, live_keep_result, &second);
  qmp_connection_execute_request_async (connection, request, NULL, live_keep_result, &third);

  node = qmp_connection_execute_finish (connection, live_wait (&first), &error);
  g_assert_no_error (error);
  assert_answer (peer, node);
  text = qmp_connection_execute_json_finish (connection, live_wait (&second), &error);
  g_assert_no_error (error);
  parsed = live_json (text);
  assert_answer (peer, parsed);
  value = qmp_connection_execute_request_finish (connection, live_wait (&third), &error);
  g_assert_no_error (error);
  assert_value (peer, value);
}

static void
on_in_order (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = qmp_connection_execute_json_finish (QMP_CONNECTION (source), result, &error);
  GString *order = data;

  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (text, "{"));
  g_string_append_c (order, '.');
}

/* Far more commands than QEMU reads ahead. */
static void
test_many (Live *live, gconstpointer data)
{
  const Peer *peer = data;
  g_autoptr (GString) answered = g_string_new (NULL);
  g_autoptr (QmpConnection) connection = NULL;
  guint i;

  peer->start (live);
  connection = live_open (live);
  for (i = 0; i < 200; i++)
    qmp_connection_execute_json_async (connection, get_command (peer), NULL, NULL, on_in_order, answered);
  while (answered->len < 200)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (qmp_connection_get_stray_messages (connection), ==, 0);
}

typedef struct
{
  const Peer *peer;
  QmpConnection *connection;
} Worker;

static gpointer
work (gpointer data)
{
  Worker *worker = data;
  guint i;

  for (i = 0; i < 50; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) answer = NULL;

      answer = qmp_connection_execute (worker->connection, get_command (worker->peer), NULL, NULL, &error);
      g_assert_no_error (error);
      assert_answer (worker->peer, answer);
    }
  return NULL;
}

/* Threads block, and the connection's own main loop does not run. */
static void
test_threads (Live *live, gconstpointer data)
{
  g_autoptr (QmpConnection) connection = NULL;
  GThread *threads[4];
  Worker worker;
  guint i;

  worker.peer = data;
  worker.peer->start (live);
  connection = worker.connection = live_open (live);
  for (i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("worker", work, &worker);
  for (i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (qmp_connection_get_stray_messages (connection), ==, 0);
}

static void
test_no_such_command (Live *live, gconstpointer data)
{
  const Peer *peer = data;
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL, second = NULL;

  peer->start (live);
  connection = live_open (live);
  g_assert_null (qmp_connection_execute_json (connection, "query-nonsense", NULL, NULL, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_COMMAND_NOT_FOUND);
  g_assert_cmpstr (qmp_error_get_class_name (error), ==, "CommandNotFound");
  g_assert_cmpstr (qmp_error_get_command (error), ==, "query-nonsense");
  g_assert_cmpstr (qmp_error_get_description (error), !=, error->message);
  g_assert_nonnull (strstr (error->message, "query-nonsense"));

  /* negotiation has been: QEMU knows the command no longer */
  g_assert_null (qmp_connection_execute_json (connection, "qmp_capabilities", NULL, NULL, &second));
  g_assert_error (second, QMP_ERROR, QMP_ERROR_COMMAND_NOT_FOUND);
}

static void
test_refused (Live *live, gconstpointer data)
{
  const Peer *peer = data;
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL, second = NULL;

  peer->start (live);
  connection = live_open (live);
  g_assert_null (qmp_connection_execute_json (connection, "object-del", "{\"id\":\"nobody\"}", NULL, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_GENERIC);
  g_assert_cmpstr (qmp_error_get_class_name (error), ==, "GenericError");
  g_assert_cmpstr (qmp_error_get_command (error), ==, "object-del");
  g_assert_nonnull (strstr (qmp_error_get_description (error), "nobody"));

  g_assert_null (qmp_connection_execute_json (connection, "object-del", "{\"nonsense\":1}", NULL, &second));
  g_assert_error (second, QMP_ERROR, QMP_ERROR_GENERIC);
}

/* It ends once the peer has gone, and orderly. */
static void
test_quit_blocking (Live *live, gconstpointer data)
{
  const Peer *peer = data;
  g_auto (LiveEnd) end = { 0 };
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  process = peer->start (live);
  connection = live_open (live);
  live_end_watch (&end, connection);
  g_assert_true (qmp_connection_quit (connection, NULL, &error));
  g_assert_no_error (error);
  live_end_assert_orderly (&end, connection);
  live_assert_good_exit (process);
}

static void
test_quit_async (Live *live, gconstpointer data)
{
  const Peer *peer = data;
  g_auto (LiveEnd) end = { 0 };
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  process = peer->start (live);
  connection = live_open (live);
  live_end_watch (&end, connection);
  qmp_connection_quit_async (connection, NULL, live_keep_result, &result);
  g_assert_true (qmp_connection_quit_finish (connection, live_wait (&result), &error));
  g_assert_no_error (error);
  live_end_assert_orderly (&end, connection);
  live_assert_good_exit (process);
}

/* Closing leaves the peer alone, and the monitor to the next one. */
static void
test_close (Live *live, gconstpointer data)
{
  const Peer *peer = data;
  g_auto (LiveEnd) end = { 0 };
  g_autoptr (QmpConnection) connection = NULL, next = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  peer->start (live);
  connection = live_open (live);
  live_end_watch (&end, connection);
  g_assert_true (qmp_connection_close (connection, NULL, &error));
  g_assert_no_error (error);
  live_end_assert_orderly (&end, connection);

  next = live_open (live);
  text = live_run (next, get_command (peer), NULL);
  qmp_connection_close_async (next, NULL, live_keep_result, &result);
  g_assert_true (qmp_connection_close_finish (next, live_wait (&result), &error));
  g_assert_no_error (error);
  g_assert_cmpint (qmp_connection_get_state (next), ==, QMP_CONNECTION_STATE_CLOSED);
}

/* --- the emulator's own ------------------------------------------------------------ */

static void
test_device_not_found (Live *live, gconstpointer data)
{
  const Peer *peer = data;
  g_autoptr (JsonNode) arguments = live_json ("{\"id\":\"nobody\"}");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  peer->start (live);
  connection = live_open (live);
  g_assert_null (qmp_connection_execute (connection, "device_del", arguments, NULL, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_DEVICE_NOT_FOUND);
  g_assert_cmpstr (qmp_error_get_class_name (error), ==, "DeviceNotFound");
  g_assert_cmpstr (qmp_error_get_command (error), ==, "device_del");
}

/* The size of all address space is 2^64 - 1. */
static void
test_wide_number (Live *live, gconstpointer data)
{
  static const char arguments[] = "{\"path\":\"/machine/unattached/system[0]\",\"property\":\"size\"}";
  const Peer *peer = data;
  g_autoptr (JsonNode) arguments_node = live_json (arguments);
  g_autoptr (QmpRequest) request = qmp_request_new ("qom-get");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (QmpValue) value = NULL;
  g_autofree char *text = NULL;
  guint64 wide = 0;
  gint64 narrow = 7;

  peer->start (live);
  connection = live_open (live);
  text = live_run (connection, "qom-get", arguments);
  g_assert_cmpstr (text, ==, "18446744073709551615");

  node = qmp_connection_execute (connection, "qom-get", arguments_node, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (qmp_json_node_get_uint64 (node) == G_MAXUINT64);

  g_assert_true (qmp_request_set_arguments_json (request, arguments, &error));
  value = qmp_connection_execute_request (connection, request, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (qmp_value_get_kind (value), ==, QMP_VALUE_INTEGER);
  g_assert_true (qmp_value_get_uint64 (value, &wide));
  g_assert_true (wide == G_MAXUINT64);
  g_assert_false (qmp_value_get_int64 (value, &narrow));
}

/* 200 KB, in one line or in thousands. */
static void
test_schema (Live *live, gconstpointer data)
{
  const Peer *peer = data;
  g_autoptr (QmpRequest) request = qmp_request_new ("query-qmp-schema");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL, parsed = NULL, converted = NULL;
  g_autoptr (QmpValue) value = NULL;
  g_autofree char *text = NULL;

  peer->start (live);
  connection = live_open (live);
  text = live_run (connection, "query-qmp-schema", NULL);
  g_assert_cmpuint (strlen (text), >, 100000);
  parsed = live_json (text);

  node = qmp_connection_execute (connection, "query-qmp-schema", NULL, NULL, &error);
  g_assert_no_error (error);
  value = qmp_connection_execute_request (connection, request, NULL, &error);
  g_assert_no_error (error);
  converted = qmp_value_to_node (value);

  g_assert_cmpuint (qmp_value_get_length (value), ==, json_array_get_length (json_node_get_array (node)));
  g_assert_true (json_node_equal (node, parsed));
  g_assert_true (json_node_equal (node, converted));
}

/* 1 MB in one argument, and the same 1 MB back. */
static void
test_large_argument (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  const gsize size = 1000000;
  g_autofree char *letters = g_malloc (size + 1);
  g_autofree char *arguments = NULL, *written = NULL, *read = NULL;
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (JsonNode) parsed = NULL;
  gsize i;

  for (i = 0; i < size; i++)
    letters[i] = (char) ('a' + i % 26);
  letters[size] = '\0';
  arguments = g_strdup_printf ("{\"device\":\"ring\",\"data\":\"%s\"}", letters);

  live_start_monitor (live, "-chardev", "ringbuf,id=ring,size=1048576", NULL);
  connection = live_open (live);
  written = live_run (connection, "ringbuf-write", arguments);
  g_assert_cmpstr (written, ==, "{}");
  read = live_run (connection, "ringbuf-read", "{\"device\":\"ring\",\"size\":1000000}");
  parsed = live_json (read);
  g_assert_cmpstr (json_node_get_string (parsed), ==, letters);
}

/* --- all of them --------------------------------------------------------------------- */

static void
add (const Peer *peer, const char *name, void (*body) (Live *, gconstpointer))
{
  g_autofree char *path = g_strdup_printf ("/live/%s/%s", peer->name, name);

  g_test_add (path, Live, peer, live_set_up, body, live_tear_down);
}

static void
add_all (const Peer *peer)
{
  add (peer, "greeting", test_greeting);
  add (peer, "out-of-band-not-wanted", test_out_of_band_not_wanted);
  add (peer, "blocking", test_blocking);
  add (peer, "async", test_async);
  add (peer, "many", test_many);
  add (peer, "threads", test_threads);
  add (peer, "no-such-command", test_no_such_command);
  add (peer, "refused", test_refused);
  add (peer, "quit-blocking", test_quit_blocking);
  add (peer, "quit-async", test_quit_async);
  add (peer, "close", test_close);
  add (peer, "schema", test_schema);
  if (!peer->is_emulator)
    return;
  add (peer, "device-not-found", test_device_not_found);
  add (peer, "wide-number", test_wide_number);
}

int
main (int argc, char **argv)
{
  guint i;

  g_test_init (&argc, &argv, NULL);
  for (i = 0; i < G_N_ELEMENTS (peers); i++)
    add_all (&peers[i]);
  LIVE_TEST ("/live/qemu/large-argument", test_large_argument);
  return g_test_run ();
}
