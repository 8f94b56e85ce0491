/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <string.h>

#include "mock/await.h"
#include "mock/raw-talk.h"

/* A server as its clients see it: greeting, negotiation, answers out of the table
 * and from handlers, their order, and ids. */

static char *
hear_of (RawTalk *talk, const char *text)
{
  raw_say (talk, text);
  return raw_hear (talk);
}

static void
assert_answer (RawTalk *talk, const char *said, const char *expected)
{
  g_autofree char *heard = hear_of (talk, said);

  g_assert_cmpstr (heard, ==, expected);
}

/* --- greeting and negotiation ------------------------------------------------------------- */

static void
test_greeting (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (QmpVersion) version = qmp_version_new (7, 2, 22, "Debian");
  g_autoptr (GIOStream) stream = NULL, other = NULL;
  g_autoptr (RawTalk) talk = NULL, plain = NULL;

  stream = qmp_server_open_stream (server, NULL);
  talk = raw_talk_new_for_stream (stream);
  raw_expect (talk, "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 0, \"minor\": 0, \"major\": 10}, \"package\": \"\"}, "
                    "\"capabilities\": [\"oob\"]}}");
  qmp_server_set_version (server, version);
  qmp_server_set_out_of_band (server, FALSE);
  other = qmp_server_open_stream (server, NULL);
  plain = raw_talk_new_for_stream (other);
  raw_expect (plain, "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 22, \"minor\": 2, \"major\": 7}, "
                     "\"package\": \"Debian\"}, \"capabilities\": []}}");
}

static void
test_negotiation (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (RawTalk) talk = raw_talk_new (server);
  g_autoptr (GPtrArray) clients = qmp_server_get_clients (server);
  QmpServerClient *client = clients->pdata[0];

  qmp_server_set_result_json (server, "query-status", "{}", NULL);
  assert_answer (talk, "{\"execute\": \"query-status\", \"id\": 1}\n",
                 "{\"id\": 1, \"error\": {\"class\": \"CommandNotFound\", "
                 "\"desc\": \"Expecting capabilities negotiation with 'qmp_capabilities'\"}}");
  assert_answer (talk, "{\"exec-oob\": \"query-status\"}\n",
                 "{\"error\": {\"class\": \"GenericError\", \"desc\": \"QMP input member 'exec-oob' is unexpected\"}}");
  assert_answer (talk, "{\"execute\": \"qmp_capabilities\", \"arguments\": {\"enable\": [\"oob\", \"nonsense\"]}}",
                 "{\"error\": {\"class\": \"GenericError\", \"desc\": \"Parameter 'null' does not accept value 'nonsense'\"}}");
  assert_answer (talk, "{\"execute\": \"qmp_capabilities\", \"arguments\": {\"enable\": \"oob\"}}",
                 "{\"error\": {\"class\": \"GenericError\", \"desc\": \"Invalid parameter type for 'enable', expected: array\"}}");
  assert_answer (talk, "{\"execute\": \"qmp_capabilities\", \"arguments\": {\"enable\": [\"oob\", 1]}}",
                 "{\"error\": {\"class\": \"GenericError\", \"desc\": \"Invalid parameter type for 'enable[1]', expected: string\"}}");
  assert_answer (talk, "{\"execute\": \"qmp_capabilities\", \"arguments\": {\"enable\": [], \"more\": 1}}",
                 "{\"error\": {\"class\": \"GenericError\", \"desc\": \"Parameter 'more' is unexpected\"}}");
  g_assert_cmpint (qmp_server_client_get_state (client), ==, QMP_SERVER_CLIENT_STATE_NEGOTIATING);
  assert_answer (talk, "{\"execute\": \"qmp_capabilities\", \"arguments\": {\"enable\": [\"oob\"]}, \"id\": \"x\"}",
                 "{\"return\": {}, \"id\": \"x\"}");
  g_assert_cmpint (qmp_server_client_get_state (client), ==, QMP_SERVER_CLIENT_STATE_READY);
  g_assert_true (qmp_server_client_get_out_of_band (client));
  assert_answer (talk, "{\"execute\": \"qmp_capabilities\"}",
                 "{\"error\": {\"class\": \"CommandNotFound\", "
                 "\"desc\": \"Capabilities negotiation is already complete, command ignored\"}}");
  assert_answer (talk, "{\"execute\": \"query-status\"}", "{\"return\": {}}");
}

static void
test_out_of_band_is_not_offered (void)
{
  g_autoptr (QmpServer) server = g_object_new (QMP_TYPE_SERVER, "out-of-band", FALSE, NULL);
  g_autoptr (RawTalk) talk = raw_talk_new (server);

  assert_answer (talk, "{\"execute\": \"qmp_capabilities\", \"arguments\": {\"enable\": [\"oob\"]}}",
                 "{\"error\": {\"class\": \"GenericError\", \"desc\": \"Capability oob not available\"}}");
  assert_answer (talk, "{\"execute\": \"qmp_capabilities\"}", "{\"return\": {}}");
  assert_answer (talk, "{\"exec-oob\": \"yank\"}",
                 "{\"error\": {\"class\": \"GenericError\", \"desc\": \"QMP input member 'exec-oob' is unexpected\"}}");
}

/* --- the table ------------------------------------------------------------------------------ */

static void
test_table (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (RawTalk) talk = raw_talk_new_ready (server, FALSE);
  g_autoptr (JsonNode) node = json_from_string ("[1, {\"a\": 2.5}]", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (qmp_server_set_result_json (server, "a", " {\"big\":\n 18446744073709551615} ", NULL));
  g_assert_true (qmp_server_set_result (server, "b", node, NULL));
  qmp_server_set_error (server, "c", "DeviceNotFound", "no \"c\"\n");
  g_assert_true (qmp_server_set_result (server, "d", NULL, NULL));
  assert_answer (talk, "{\"execute\": \"a\", \"id\": 1}", "{\"return\": {\"big\":  18446744073709551615}, \"id\": 1}");
  assert_answer (talk, "{\"execute\": \"b\"}", "{\"return\": [1,{\"a\":2.5}]}");
  assert_answer (talk, "{\"execute\": \"c\", \"id\": 2}",
                 "{\"id\": 2, \"error\": {\"class\": \"DeviceNotFound\", \"desc\": \"no \\\"c\\\"\\u000a\"}}");
  assert_answer (talk, "{\"execute\": \"d\"}", "{\"return\": {}}");
  g_assert_true (qmp_server_set_result_json (server, "c", "\"now\"", NULL));
  assert_answer (talk, "{\"execute\": \"c\"}", "{\"return\": \"now\"}");
  qmp_server_unset (server, "c");
  assert_answer (talk, "{\"execute\": \"c\"}",
                 "{\"error\": {\"class\": \"CommandNotFound\", \"desc\": \"The command c has not been found\"}}");
  g_assert_false (qmp_server_set_result_json (server, "c", "{", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

static void
test_what_it_knows (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (RawTalk) talk = raw_talk_new_ready (server, FALSE);

  qmp_server_set_result_json (server, "query-status", "{}", NULL);
  assert_answer (talk, "{\"execute\": \"query-commands\"}",
                 "{\"return\": [{\"name\": \"qmp_capabilities\"}, {\"name\": \"query-commands\"}, "
                 "{\"name\": \"query-status\"}, {\"name\": \"query-version\"}]}");
  assert_answer (talk, "{\"execute\": \"query-version\"}",
                 "{\"return\": {\"qemu\": {\"micro\": 0, \"minor\": 0, \"major\": 10}, \"package\": \"\"}}");
  qmp_server_set_error (server, "query-version", "GenericError", "no");
  assert_answer (talk, "{\"execute\": \"query-version\"}", "{\"error\": {\"class\": \"GenericError\", \"desc\": \"no\"}}");
}

/* --- handlers ---------------------------------------------------------------------------------- */

static gboolean
on_sum (QmpServer *server, QmpServerCall *call, gpointer data)
{
  g_autoptr (QmpValue) arguments = qmp_server_call_get_arguments_value (call);
  g_autoptr (JsonNode) tree = qmp_server_call_get_arguments (call);
  g_autofree char *text = NULL, *json = qmp_server_call_get_arguments_json (call);
  gint64 a, b;

  g_assert_cmpstr (qmp_server_call_get_command (call), ==, "sum");
  g_assert_false (qmp_server_call_get_out_of_band (call));
  g_assert_cmpuint (qmp_server_client_get_id (qmp_server_call_get_client (call)), ==, 1);
  g_assert_cmpstr (json, ==, "{\"a\": 1, \"b\": 41}");
  g_assert_cmpint (json_object_get_int_member (json_node_get_object (tree), "b"), ==, 41);
  g_assert_true (qmp_value_get_member_int64 (arguments, "a", &a));
  g_assert_true (qmp_value_get_member_int64 (arguments, "b", &b));
  text = g_strdup_printf ("%d", (int) (a + b));
  g_assert_true (qmp_server_call_return_json (call, text, NULL));
  g_assert_true (qmp_server_call_is_answered (call));
  return TRUE;
}

static gboolean
on_any (QmpServer *server, QmpServerCall *call, gpointer data)
{
  g_string_append_printf (data, "%s ", qmp_server_call_get_command (call));
  return FALSE;
}

static void
test_handlers (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (RawTalk) talk = raw_talk_new_ready (server, FALSE);
  g_autoptr (GString) seen = g_string_new (NULL);

  g_signal_connect (server, "command::sum", G_CALLBACK (on_sum), NULL);
  g_signal_connect (server, "command", G_CALLBACK (on_any), seen);
  qmp_server_set_result_json (server, "sum", "\"from the table\"", NULL);
  qmp_server_set_result_json (server, "other", "\"from the table\"", NULL);
  assert_answer (talk, "{\"execute\": \"sum\", \"arguments\": {\"a\": 1, \"b\": 41}, \"id\": 7}", "{\"return\": 42, \"id\": 7}");
  assert_answer (talk, "{\"execute\": \"other\"}", "{\"return\": \"from the table\"}");
  assert_answer (talk, "{\"execute\": \"nothing\"}",
                 "{\"error\": {\"class\": \"CommandNotFound\", \"desc\": \"The command nothing has not been found\"}}");
  g_assert_cmpstr (seen->str, ==, "other nothing ");
}

static gboolean
on_forms (QmpServer *server, QmpServerCall *call, gpointer data)
{
  g_autoptr (JsonNode) node = json_from_string ("{\"a\": [null, 1.5]}", NULL);
  g_autoptr (QmpValue) value = qmp_value_new_from_json ("{\"n\": 18446744073709551615}", NULL);
  g_autoptr (QmpStatusInfo) info = qmp_status_info_new_from_json ("{\"running\": true, \"status\": \"running\"}", NULL);
  g_autoptr (GError) error = g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "too late");
  const char *name = qmp_server_call_get_command (call);
  g_autofree char *arguments = qmp_server_call_get_arguments_json (call);

  g_assert_cmpstr (arguments, ==, "{}");
  if (g_str_equal (name, "node"))
    qmp_server_call_return_node (call, node, NULL);
  else if (g_str_equal (name, "value"))
    qmp_server_call_return_value (call, value);
  else if (g_str_equal (name, "struct"))
    qmp_server_call_return_struct (call, QMP_STRUCT (info), NULL);
  else if (g_str_equal (name, "error"))
    qmp_server_call_return_error (call, "DeviceNotActive", "sleeps");
  else if (g_str_equal (name, "gerror"))
    qmp_server_call_return_gerror (call, error);
  else if (g_str_equal (name, "lines"))
    qmp_server_call_return_json (call, "[1,\r\n 1e400, \"\\u0000\", 99999999999999999999]", NULL);
  else
    qmp_server_call_return_json (call, NULL, NULL);
  /* answered, though it says it did nothing */
  return FALSE;
}

static void
test_forms_of_answers (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (RawTalk) talk = raw_talk_new_ready (server, FALSE);

  g_signal_connect (server, "command", G_CALLBACK (on_forms), NULL);
  assert_answer (talk, "{\"execute\": \"node\"}", "{\"return\": {\"a\":[null,1.5]}}");
  assert_answer (talk, "{\"execute\": \"value\"}", "{\"return\": {\"n\":18446744073709551615}}");
  assert_answer (talk, "{\"execute\": \"struct\"}", "{\"return\": {\"running\": true, \"status\": \"running\"}}");
  assert_answer (talk, "{\"execute\": \"error\", \"id\": 1}",
                 "{\"id\": 1, \"error\": {\"class\": \"DeviceNotActive\", \"desc\": \"sleeps\"}}");
  assert_answer (talk, "{\"execute\": \"gerror\"}", "{\"error\": {\"class\": \"GenericError\", \"desc\": \"too late\"}}");
  assert_answer (talk, "{\"execute\": \"lines\"}", "{\"return\": [1,   1e400, \"\\u0000\", 99999999999999999999]}");
  assert_answer (talk, "{\"execute\": \"none\"}", "{\"return\": {}}");
}

static gboolean
on_wrong (QmpServer *server, QmpServerCall *call, gpointer data)
{
  static const char *const wrong[] = { "", "{", "1}", "1, \"id\": 2", "1, \"x\": 2", "1}, {\"return\": 1", "nan", "[inf]", "'a'",
                                       "01", "\"\n\"", "\xff", "{\"a\": 1, \"a\": 2}" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (qmp_server_call_return_json (call, wrong[i], &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
      g_assert_false (qmp_server_call_is_answered (call));
    }
  return qmp_server_call_return_json (call, "\"right\"", NULL);
}

/* Nothing that is no JSON gets out, and no answer can be more than its own. */
static void
test_wrong_answers (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (RawTalk) talk = raw_talk_new_ready (server, FALSE);

  g_signal_connect (server, "command", G_CALLBACK (on_wrong), NULL);
  assert_answer (talk, "{\"execute\": \"x\", \"id\": 1}", "{\"return\": \"right\", \"id\": 1}");
  assert_answer (talk, "{\"execute\": \"x\"}", "{\"return\": \"right\"}");
  raw_expect_silence (talk);
}

static void
test_answering_twice (void)
{
  g_autoptr (QmpServer) server = NULL;
  g_autoptr (RawTalk) talk = NULL;

  if (g_test_subprocess ())
    {
      server = qmp_server_new ();
      talk = raw_talk_new_ready (server, FALSE);
      g_signal_connect (server, "command", G_CALLBACK (on_forms), NULL);
      g_signal_connect (server, "command", G_CALLBACK (on_forms), NULL);
      raw_say (talk, "{\"execute\": \"node\"}");
      g_free (raw_hear (talk));
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*node was answered already*");
}

/* --- later answers ----------------------------------------------------------------------------------- */

static gboolean
keep (QmpServer *server, QmpServerCall *call, gpointer calls)
{
  g_ptr_array_add (calls, g_object_ref (call));
  return TRUE;
}

static GPtrArray *
keep_calls (QmpServer *server)
{
  GPtrArray *calls = g_ptr_array_new_with_free_func (g_object_unref);

  g_signal_connect (server, "command", G_CALLBACK (keep), calls);
  return calls;
}

static void
answer_kept (GPtrArray *calls, guint i, const char *json)
{
  g_assert_cmpuint (i, <, calls->len);
  g_assert_true (qmp_server_call_return_json (calls->pdata[i], json, NULL));
}

/* In-band commands of one client come one after the other; those of another do not
 * wait for them. */
static void
test_order (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (RawTalk) talk = raw_talk_new_ready (server, FALSE), other = raw_talk_new_ready (server, FALSE);
  g_autoptr (GPtrArray) calls = keep_calls (server);

  raw_say (talk, "{\"execute\": \"a\", \"id\": 1}{\"execute\": \"b\", \"id\": 2}\n{\"execute\": \"c\", \"id\": 3}\n");
  raw_expect_silence (talk);
  g_assert_cmpuint (calls->len, ==, 1);
  raw_say (other, "{\"execute\": \"d\"}\n");
  raw_expect_silence (other);
  g_assert_cmpuint (calls->len, ==, 2);
  answer_kept (calls, 1, "\"d\"");
  raw_expect (other, "{\"return\": \"d\"}");
  answer_kept (calls, 0, "\"a\"");
  raw_expect (talk, "{\"return\": \"a\", \"id\": 1}");
  raw_expect_silence (talk);
  g_assert_cmpuint (calls->len, ==, 3);
  answer_kept (calls, 2, "\"b\"");
  raw_expect (talk, "{\"return\": \"b\", \"id\": 2}");
  raw_expect_silence (talk);
  answer_kept (calls, 3, "\"c\"");
  raw_expect (talk, "{\"return\": \"c\", \"id\": 3}");
}

static void
test_overlap (void)
{
  g_autoptr (QmpServer) server = g_object_new (QMP_TYPE_SERVER, "overlap", 2, NULL);
  g_autoptr (RawTalk) talk = raw_talk_new_ready (server, FALSE);
  g_autoptr (GPtrArray) calls = keep_calls (server);

  raw_say (talk, "{\"execute\": \"a\"}{\"execute\": \"b\"}{\"execute\": \"c\"}");
  raw_expect_silence (talk);
  g_assert_cmpuint (calls->len, ==, 2);
  answer_kept (calls, 1, "2");
  raw_expect (talk, "{\"return\": 2}");
  raw_expect_silence (talk);
  g_assert_cmpuint (calls->len, ==, 3);
}

static void
test_out_of_band_overtakes (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (RawTalk) talk = raw_talk_new_ready (server, TRUE);
  g_autoptr (GPtrArray) calls = keep_calls (server);

  raw_say (talk, "{\"execute\": \"a\"}{\"execute\": \"b\"}{\"exec-oob\": \"c\", \"id\": 3}{\"exec-oob\": \"d\", \"id\": 4}");
  raw_expect_silence (talk);
  g_assert_cmpuint (calls->len, ==, 3);
  g_assert_cmpstr (qmp_server_call_get_command (calls->pdata[2]), ==, "d");
  g_assert_true (qmp_server_call_get_out_of_band (calls->pdata[2]));
  answer_kept (calls, 2, "\"d\"");
  answer_kept (calls, 1, "\"c\"");
  raw_expect (talk, "{\"return\": \"d\", \"id\": 4}");
  raw_expect (talk, "{\"return\": \"c\", \"id\": 3}");
  answer_kept (calls, 0, "\"a\"");
  raw_expect (talk, "{\"return\": \"a\"}");
  raw_expect_silence (talk);
  g_assert_cmpuint (calls->len, ==, 4);
}

/* The table knows QEMU's rules. */
static void
test_out_of_band_from_the_table (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (RawTalk) talk = raw_talk_new_ready (server, TRUE);

  qmp_server_set_result_json (server, "query-yank", "[]", NULL);
  qmp_server_set_result_json (server, "query-status", "{}", NULL);
  assert_answer (talk, "{\"exec-oob\": \"query-yank\", \"id\": \"o\"}", "{\"return\": [], \"id\": \"o\"}");
  assert_answer (talk, "{\"exec-oob\": \"query-status\", \"id\": \"o\"}",
                 "{\"id\": \"o\", \"error\": {\"class\": \"GenericError\", "
                 "\"desc\": \"The command query-status does not support OOB\"}}");
  assert_answer (talk, "{\"exec-oob\": \"qmp_capabilities\"}",
                 "{\"error\": {\"class\": \"GenericError\", \"desc\": \"The command qmp_capabilities does not support OOB\"}}");
  assert_answer (talk, "{\"exec-oob\": \"nothing\"}",
                 "{\"error\": {\"class\": \"CommandNotFound\", \"desc\": \"The command nothing has not been found\"}}");
}

static void
test_dropped_call (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (RawTalk) talk = raw_talk_new_ready (server, FALSE);
  g_autoptr (GPtrArray) calls = keep_calls (server);

  raw_say (talk, "{\"execute\": \"a\", \"id\": 1}{\"execute\": \"b\"}");
  raw_expect_silence (talk);
  g_ptr_array_set_size (calls, 0);
  raw_expect (talk, "{\"id\": 1, \"error\": {\"class\": \"GenericError\", "
                    "\"desc\": \"The server dropped the command without an answer\"}}");
  raw_expect_silence (talk);
  answer_kept (calls, 0, "1");
  raw_expect (talk, "{\"return\": 1}");
}

/* --- ids ------------------------------------------------------------------------------------------------ */

static void
test_ids (void)
{
  static const char *const ids[] = {
    "0", "-1", "18446744073709551615", "123456789012345678901234567890", "1.0", "1e3", "1e400", "null", "true", "\"text\"",
    "\"\\u0000\\ud83d\\ude00\"", "\"\xc3\xa9\"", "[1, {\"a\": 2.50}]", "{}", "[]", "{\"id\": {\"id\": [ ]}}",
  };
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (RawTalk) talk = raw_talk_new_ready (server, FALSE);

  qmp_server_set_result_json (server, "a", "1", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autofree char *said = g_strdup_printf ("{\"id\": %s, \"execute\": \"a\"}\n", ids[i]);
      g_autofree char *expected = g_strdup_printf ("{\"return\": 1, \"id\": %s}", ids[i]);
      g_autofree char *wrong = g_strdup_printf ("{\"execute\": \"b\", \"id\": %s}\n", ids[i]);
      g_autofree char *refused = g_strdup_printf ("{\"id\": %s, \"error\": {\"class\": \"CommandNotFound\", "
                                                  "\"desc\": \"The command b has not been found\"}}", ids[i]);

      assert_answer (talk, said, expected);
      assert_answer (talk, wrong, refused);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/greeting", test_greeting);
  g_test_add_func ("/server/negotiation", test_negotiation);
  g_test_add_func ("/server/negotiation/no-out-of-band", test_out_of_band_is_not_offered);
  g_test_add_func ("/server/table", test_table);
  g_test_add_func ("/server/what-it-knows", test_what_it_knows);
  g_test_add_func ("/server/handlers", test_handlers);
  g_test_add_func ("/server/answers/forms", test_forms_of_answers);
  g_test_add_func ("/server/answers/wrong", test_wrong_answers);
  g_test_add_func ("/server/answers/twice", test_answering_twice);
  g_test_add_func ("/server/answers/dropped", test_dropped_call);
  g_test_add_func ("/server/order", test_order);
  g_test_add_func ("/server/order/overlap", test_overlap);
  g_test_add_func ("/server/order/out-of-band", test_out_of_band_overtakes);
  g_test_add_func ("/server/order/out-of-band-table", test_out_of_band_from_the_table);
  g_test_add_func ("/server/ids", test_ids);
  return g_test_run ();
}
