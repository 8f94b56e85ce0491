/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qga-glib/qga-glib.h>

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mock/await.h"
#include "mock/open-agent.h"
#include "mock/own-memory.h"

/* What agents refuse, and why; and that no secret shows while they do. */

static const char *const versions[] = { "7.2.22", "10.0.2" };

static GError *
refuse (QgaConnection *connection, const char *command)
{
  g_autofree char *reply = NULL;
  GError *error = NULL;

  reply = qga_connection_execute_json (connection, command, NULL, NULL, &error);
  g_assert_null (reply);
  g_assert_nonnull (error);
  g_assert_cmpstr (qga_error_get_command (error), ==, command);
  return error;
}

static void
assert_refused (QgaConnection *connection, const char *command, QgaError code, const char *class_name, const char *word)
{
  g_autoptr (GError) error = refuse (connection, command);

  g_assert_error (error, QGA_ERROR, (int) code);
  g_assert_cmpstr (qga_error_get_class_name (error), ==, class_name);
  g_assert_true (g_str_has_prefix (error->message, command));
  if (strstr (error->message, word) == NULL)
    g_error ("“%s” is not said in: %s", word, error->message);
}

/* --- told apart ------------------------------------------------------------------------ */

static void
test_kinds (gconstpointer version)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = NULL;

  mock_agent_set_version (agent, version);
  mock_agent_disable (agent, "guest-exec");
  mock_agent_refuse (agent, "guest-get-users", "GenericError", "this feature or command is not currently supported");
  mock_agent_refuse (agent, "guest-get-vcpus", "Unsupported", "no");
  mock_agent_refuse (agent, "guest-file-open", "GenericError", "failed to open file '/x' (mode: 'r'): No such file or directory");
  mock_agent_refuse (agent, "guest-fstrim", "NewerError", "newer than us");
  connection = open_agent (agent);
  assert_refused (connection, "guest-newer", QGA_ERROR_COMMAND_NOT_FOUND, "CommandNotFound", "has not been found");
  assert_refused (connection, "guest-exec", QGA_ERROR_COMMAND_DISABLED, "CommandNotFound", "has been disabled");
  assert_refused (connection, "guest-get-users", QGA_ERROR_UNSUPPORTED, "GenericError", "not currently supported");
  assert_refused (connection, "guest-get-vcpus", QGA_ERROR_UNSUPPORTED, "Unsupported", "no");
  assert_refused (connection, "guest-file-open", QGA_ERROR_GENERIC, "GenericError", "No such file");
  assert_refused (connection, "guest-fstrim", QGA_ERROR_UNRECOGNIZED_CLASS, "NewerError", "NewerError");
  mock_agent_set_frozen (agent, TRUE);
  assert_refused (connection, "guest-get-osinfo", QGA_ERROR_FROZEN, "CommandNotFound", "frozen");
  mock_agent_set_frozen (agent, FALSE);
  assert_refused (connection, "guest-exec", QGA_ERROR_COMMAND_DISABLED, "CommandNotFound", "has been disabled");
  assert_answers (connection);
  g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 1);
  assert_orderly (agent);
}

static void
test_accessors (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (GError) error = NULL, copy = NULL, other = NULL, library = NULL;

  mock_agent_refuse (agent, "guest-file-open", "GenericError", "two\nlines \033[2J and é");
  connection = open_agent (agent);
  error = refuse (connection, "guest-file-open");
  g_assert_cmpstr (qga_error_get_class_name (error), ==, "GenericError");
  g_assert_nonnull (strstr (qga_error_get_description (error), "é"));
  g_assert_null (strchr (qga_error_get_description (error), '\033'));
  g_assert_null (strchr (error->message, '\033'));
  copy = g_error_copy (error);
  g_assert_cmpstr (qga_error_get_class_name (copy), ==, "GenericError");
  g_assert_cmpstr (qga_error_get_command (copy), ==, "guest-file-open");
  g_assert_cmpstr (qga_error_get_description (copy), ==, qga_error_get_description (error));
  other = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "x");
  g_assert_null (qga_error_get_class_name (other));
  g_assert_null (qga_error_get_command (other));
  g_assert_null (qga_error_get_description (other));
  library = g_error_new_literal (QGA_ERROR, QGA_ERROR_PROTOCOL, "x");
  g_assert_null (qga_error_get_class_name (library));
}

/* An error in an odd form is one nevertheless. */
static void
test_odd_errors (void)
{
  static const char *const errors[] = {
    "{}", "[]", "null", "\"x\"", "5", "{\"class\": 5, \"desc\": []}", "{\"desc\": \"only\"}", "{\"class\": \"GenericError\"}",
    "{\"class\": null, \"desc\": null}", "{\"class\": \"\", \"desc\": \"\", \"data\": {}}",
  };
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);

  mock_agent_answer (agent, "odd", "1");
  mock_agent_stay_silent (agent, "odd", MOCK_AGENT_ALWAYS);
  for (guint i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_auto (Await) called = { 0 };
      g_autoptr (GError) error = NULL;
      g_autofree char *line = NULL;

      qga_connection_execute_json_async (connection, "odd", NULL, NULL, await_callback, &called);
      mock_agent_await (agent, "odd", i + 1);
      line = g_strdup_printf ("{\"error\": %s, \"id\": %s}\n", errors[i], mock_agent_get_command (agent, "odd", i + 1)->id);
      mock_agent_say (agent, line);
      g_assert_null (qga_connection_execute_json_finish (connection, await (&called), &error));
      g_assert_true (error->domain == QGA_ERROR);
      g_assert_cmpstr (qga_error_get_command (error), ==, "odd");
      g_assert_nonnull (qga_error_get_class_name (error));
    }
  assert_answers (connection);
}

/* --- why, asked at the right time ----------------------------------------------------------- */

/* What the agent told of its commands is asked again when it refuses one. */
static void
test_kept_fresh (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  gboolean enabled;

  mock_agent_disable (agent, "guest-exec");
  enabled = qga_connection_is_command_enabled (connection, "guest-exec");
  g_assert_true (enabled);
  assert_refused (connection, "guest-exec", QGA_ERROR_COMMAND_DISABLED, "CommandNotFound", "disabled");
  g_assert_true (qga_connection_has_command (connection, "guest-exec"));
  enabled = qga_connection_is_command_enabled (connection, "guest-exec");
  g_assert_false (enabled);
  mock_agent_remove (agent, "guest-exec");
  assert_refused (connection, "guest-exec", QGA_ERROR_COMMAND_NOT_FOUND, "CommandNotFound", "not been found");
  g_assert_false (qga_connection_has_command (connection, "guest-exec"));
  mock_agent_set_frozen (agent, TRUE);
  assert_refused (connection, "guest-get-time", QGA_ERROR_FROZEN, "CommandNotFound", "frozen");
  g_assert_true (qga_connection_has_command (connection, "guest-get-time"));
  enabled = qga_connection_is_command_enabled (connection, "guest-get-time");
  g_assert_false (enabled);
  g_assert_true (qga_connection_has_command (connection, "guest-ping"));
  enabled = qga_connection_is_command_enabled (connection, "guest-ping");
  g_assert_true (enabled);
  g_assert_cmpuint (mock_agent_count (agent, "guest-info"), ==, 4);
  /* whether it is frozen is asked where it can be */
  g_assert_cmpuint (mock_agent_count (agent, "guest-fsfreeze-status"), ==, 2);
  assert_orderly (agent);
}

/* An agent whose state of being frozen nobody can tell. */
static void
test_no_freeze_status (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = NULL;

  mock_agent_remove (agent, "guest-fsfreeze-status");
  mock_agent_disable (agent, "guest-exec");
  connection = open_agent (agent);
  assert_refused (connection, "guest-exec", QGA_ERROR_COMMAND_DISABLED, "CommandNotFound", "disabled");
  g_assert_cmpuint (mock_agent_count (agent, "guest-fsfreeze-status"), ==, 0);
}

static void
test_odd_freeze_status (void)
{
  static const char *const statuses[] = { "\"thawed\"", "5", "{}", "\"newer\"", "\"\\u0000\"" };
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);

  mock_agent_disable (agent, "guest-exec");
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      mock_agent_answer (agent, "guest-fsfreeze-status", statuses[i]);
      assert_refused (connection, "guest-exec", QGA_ERROR_COMMAND_DISABLED, "CommandNotFound", "disabled");
    }
  mock_agent_refuse (agent, "guest-fsfreeze-status", "GenericError", "no");
  assert_refused (connection, "guest-exec", QGA_ERROR_COMMAND_DISABLED, "CommandNotFound", "disabled");
  assert_answers (connection);
}

/* While it is found out why, the others wait, and their order is kept. */
static void
test_others_wait (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (GError) error = NULL;
  g_auto (Await) first = { 0 }, second = { 0 }, third = { 0 }, fourth = { 0 };

  mock_agent_disable (agent, "guest-exec");
  qga_connection_execute_json_async (connection, "guest-exec", NULL, NULL, await_callback, &first);
  qga_connection_execute_json_async (connection, "guest-exec", NULL, NULL, await_callback, &second);
  qga_connection_execute_json_async (connection, "nothing", NULL, NULL, await_callback, &third);
  qga_connection_execute_json_async (connection, "echo", "{\"a\":1}", NULL, await_callback, &fourth);
  assert_replied (qga_connection_execute_json_finish (connection, await (&fourth), &error), &error, "{\"a\":1}");
  assert_failed (qga_connection_execute_json_finish (connection, await (&first), &error), &error, QGA_ERROR,
                 QGA_ERROR_COMMAND_DISABLED, "disabled");
  assert_failed (qga_connection_execute_json_finish (connection, await (&second), &error), &error, QGA_ERROR,
                 QGA_ERROR_COMMAND_DISABLED, "disabled");
  assert_failed (qga_connection_execute_json_finish (connection, await (&third), &error), &error, QGA_ERROR,
                 QGA_ERROR_COMMAND_NOT_FOUND, "not been found");
  g_assert_cmpuint (first.order, <, second.order);
  g_assert_cmpuint (second.order, <, third.order);
  g_assert_cmpuint (third.order, <, fourth.order);
  assert_orderly (agent);
}

/* The caller leaves while it is found out why. */
static void
test_leaves_meanwhile (gboolean cancels)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (QgaRequest) request = new_request ("guest-exec", NULL, cancels ? -1 : 30);
  g_autoptr (GError) error = NULL;
  g_auto (Await) called = { 0 };

  mock_agent_disable (agent, "guest-exec");
  mock_agent_hold (agent, "guest-info");
  qga_connection_execute_request_async (connection, request, cancellable, await_callback, &called);
  mock_agent_await (agent, "guest-info", 2);
  if (cancels)
    g_cancellable_cancel (cancellable);
  g_assert_null (qga_connection_execute_request_finish (connection, await (&called), &error));
  g_assert_true (g_error_matches (error, G_IO_ERROR, cancels ? G_IO_ERROR_CANCELLED : G_IO_ERROR_TIMED_OUT));
  mock_agent_release (agent, "guest-info");
  assert_answers (connection);
  g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 1);
  assert_orderly (agent);
}

static void
test_caller_leaves (void)
{
  test_leaves_meanwhile (TRUE);
  test_leaves_meanwhile (FALSE);
}

/* The agent does not tell why: then what it said before counts. */
static void
test_no_reason (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = NULL;

  mock_agent_disable (agent, "guest-exec");
  connection = open_agent (agent);
  mock_agent_refuse (agent, "guest-info", "GenericError", "not now");
  assert_refused (connection, "guest-exec", QGA_ERROR_COMMAND_DISABLED, "CommandNotFound", "disabled");
  mock_agent_answer (agent, "guest-info", "[[]]");
  assert_refused (connection, "guest-exec", QGA_ERROR_COMMAND_DISABLED, "CommandNotFound", "disabled");
  mock_agent_answer (agent, "guest-info", "{\"version\": 5, \"supported_commands\": {}}");
  assert_refused (connection, "unknown", QGA_ERROR_COMMAND_NOT_FOUND, "CommandNotFound", "found");
  assert_answers (connection);
}

/* The line ends while it is found out why. */
static void
test_end_meanwhile (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (GError) error = NULL;
  g_auto (Await) called = { 0 };

  mock_agent_disable (agent, "guest-exec");
  mock_agent_hold (agent, "guest-info");
  qga_connection_execute_json_async (connection, "guest-exec", NULL, NULL, await_callback, &called);
  mock_agent_await (agent, "guest-info", 2);
  mock_agent_stop_writing (agent);
  assert_failed (qga_connection_execute_json_finish (connection, await (&called), &error), &error, G_IO_ERROR,
                 G_IO_ERROR_CLOSED, "closed");
}

/* --- secrets -------------------------------------------------------------------------------------- */

/* All that was logged, with its fields. */
static GString *logged;

static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  for (gsize i = 0; i < n_fields; i++)
    g_string_append_printf (logged, "%s=%.*s\n", fields[i].key,
                            (int) (fields[i].length < 0 ? (gssize) strlen (fields[i].value) : fields[i].length),
                            (const char *) fields[i].value);
  if (level & (G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR))
    return g_log_writer_default (level, fields, n_fields, data);
  return G_LOG_WRITER_HANDLED;
}

static char *
repeat (MockAgent *agent, const MockAgentCommand *command, gpointer data)
{
  return mock_agent_error (data != NULL ? data : "GenericError", "cannot do it with %s, that is: correct horse; see %s",
                           command->arguments, command->text);
}

static void
assert_hidden (const char *text)
{
  static const char *const secrets[] = { "correct horse", "Y29ycmVjdCBob3JzZQ==", "AAAAB3Nza" };

  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    if (strstr (text, secrets[i]) != NULL)
      g_error ("“%s” is shown: %s", secrets[i], text);
}

static void
assert_error_hides (const GError *error)
{
  assert_hidden (error->message);
  if (qga_error_get_description (error) != NULL)
    assert_hidden (qga_error_get_description (error));
  if (qga_error_get_class_name (error) != NULL)
    assert_hidden (qga_error_get_class_name (error));
}

static const struct
{
  const char *command;
  const char *arguments;
  gboolean sensitive;  /* must be said */
  const char *words;
} secret_calls[] = {
  { "guest-set-user-password", "{\"username\":\"joe\",\"password\":\"Y29ycmVjdCBob3JzZQ==\",\"crypted\":false}", FALSE,
    "correct horse, or Y29ycmVjdCBob3JzZQ==" },
  { "guest-ssh-add-authorized-keys", "{\"username\":\"joe\",\"keys\":[\"ssh-rsa AAAAB3Nza joe\",\"correct horse\"]}", FALSE,
    "correct horse, or ssh-rsa AAAAB3Nza joe" },
  { "guest-exec", "{\"path\":\"/bin/sh\",\"arg\":[\"-c\",\"correct horse\"],\"input-data\":\"Y29ycmVjdCBob3JzZQ==\"}", TRUE,
    "Y29ycmVjdCBob3JzZQ== for correct horse" },
  { "echo", "{\"deep\":[{\"er\":\"correct horse\"},\"Y29ycmVjdCBob3JzZQ==\"]}", TRUE, "correct horse" },
};

static GError *
run_secret (QgaConnection *connection, guint which, int timeout)
{
  g_autoptr (QgaRequest) request = new_request (secret_calls[which].command, secret_calls[which].arguments, timeout);
  GError *error = NULL;

  qga_request_set_sensitive (request, secret_calls[which].sensitive);
  g_free (qga_connection_execute_request (connection, request, NULL, &error));
  g_assert_nonnull (error);
  return error;
}

static void
test_secret_hidden (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (secret_calls); i++)
    {
      g_autoptr (MockAgent) agent = mock_agent_new ();
      g_autoptr (QgaConnection) connection = open_agent (agent);
      g_autoptr (GError) refused = NULL, newer = NULL, junk = NULL, blamed = NULL, nul = NULL, late = NULL, disabled = NULL,
                         ended = NULL;
      const char *command = secret_calls[i].command;
      g_autofree char *blame = NULL;

      g_string_truncate (logged, 0);
      mock_agent_answer_with (agent, command, repeat, NULL);
      refused = run_secret (connection, i, -1);
      assert_error_hides (refused);
      g_assert_cmpstr (qga_error_get_class_name (refused), ==, "GenericError");
      g_assert_nonnull (strstr (refused->message, "cannot do it with"));
      mock_agent_answer_with (agent, command, repeat, (gpointer) "correct horse");
      newer = run_secret (connection, i, -1);
      assert_error_hides (newer);
      mock_agent_say_before (agent, command, "correct horse, Y29ycmVjdCBob3JzZQ==\n");
      junk = run_secret (connection, i, -1);
      assert_error_hides (junk);
      g_assert_error (junk, QGA_ERROR, QGA_ERROR_PROTOCOL);
      blame = g_strdup_printf ("{\"error\": {\"class\": \"GenericError\", \"desc\": \"parse error at %s\"}}\n",
                               secret_calls[i].words);
      mock_agent_say_before (agent, command, blame);
      blamed = run_secret (connection, i, -1);
      assert_error_hides (blamed);
      g_assert_nonnull (strstr (blamed->message, "parse error at"));
      mock_agent_answer (agent, command, "\"correct horse \\u0000\"");
      nul = run_secret (connection, i, -1);
      assert_error_hides (nul);
      mock_agent_stay_silent (agent, command, 1);
      late = run_secret (connection, i, 10);
      assert_error_hides (late);
      mock_agent_disable (agent, command);
      disabled = run_secret (connection, i, -1);
      assert_error_hides (disabled);
      g_assert_error (disabled, QGA_ERROR, QGA_ERROR_COMMAND_DISABLED);
      mock_agent_hang_up (agent);
      ended = run_secret (connection, i, -1);
      assert_error_hides (ended);
      g_assert_nonnull (strstr (logged->str, command));
      assert_hidden (logged->str);
    }
}

/* Nor in what is wrong with the arguments. */
static void
test_secret_invalid (void)
{
  static const char *const texts[] = {
    "correct horse", "{\"password\": correct horse}", "{\"password\": \"correct horse\" \"correct horse\"}",
    "{\"password\": \"correct horse", "{\"password\": 'correct horse'}", "{\"correct horse\": 1, \"correct horse\": 2}",
    "{\"a\": 1} correct horse", "[\"correct horse\"]", "{\"password\": \"\\u0000correct horse\"}",
    "{\"password\": \"\xff" "correct horse\"}",
  };
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);

  g_string_truncate (logged, 0);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (QgaRequest) request = qga_request_new ("guest-set-user-password");
      g_autoptr (GError) error = NULL, other = NULL;

      g_assert_null (qga_connection_execute_json (connection, "guest-set-user-password", texts[i], NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
      assert_error_hides (error);
      g_assert_false (qga_request_set_arguments_json (request, texts[i], &other));
      assert_error_hides (other);
    }
  assert_hidden (logged->str);
}

/* What is no secret is shown, and logs name no argument at all. */
static void
test_log (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  g_string_truncate (logged, 0);
  connection = open_agent (agent);
  mock_agent_answer_with (agent, "guest-file-open", repeat, NULL);
  assert_failed (qga_connection_execute_json (connection, "guest-file-open", "{\"path\":\"/canary\"}", NULL, &error), &error,
                 QGA_ERROR, QGA_ERROR_GENERIC, "/canary");
  mock_agent_answer (agent, "x", "\"canary\"");
  g_free (qga_connection_execute_json (connection, "x", NULL, NULL, NULL));
  g_assert_nonnull (strstr (logged->str, "guest-file-open"));
  g_assert_null (strstr (logged->str, "canary"));
}

/* --- secrets in memory ------------------------------------------------------------------------------- */

/* Plays the agent with nothing but this stack, which is not looked through:
 * what it heard leaves no trace. */
static void
reply_from_stack (int fd, const char *before, const char *after)
{
  char heard[2048], reply[256];
  const char *id;
  gssize n;

  while ((n = recv (fd, heard, sizeof heard - 1, MSG_DONTWAIT)) < 0)
    g_main_context_iteration (NULL, FALSE);
  heard[n] = '\0';
  id = strstr (heard, "\"id\":");
  g_snprintf (reply, sizeof reply, "%s%" G_GINT64_FORMAT "%s", before, g_ascii_strtoll (id + 5, NULL, 10), after);
  g_assert_cmpint (send (fd, reply, strlen (reply), 0), ==, (gssize) strlen (reply));
  own_memory_forget (heard);
}

static QgaConnection *
open_on_stack (int fds[2])
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GSocketConnection) stream = NULL;
  g_auto (Await) opened = { 0 };
  QgaConnection *connection;

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  socket = g_socket_new_from_fd (fds[0], &error);
  g_assert_no_error (error);
  stream = g_socket_connection_factory_create_connection (socket);
  qga_connection_open_stream_async (G_IO_STREAM (stream), NULL, NULL, await_callback, &opened);
  reply_from_stack (fds[1], "\xff{\"return\": ", "}\n");
  reply_from_stack (fds[1], "{\"return\": {}, \"id\": ", "}\n");
  connection = qga_connection_open_stream_finish (await (&opened), &error);
  g_assert_no_error (error);
  return connection;
}

static const char disguised[] = "B`o`sx,Rdbsdu,519163848";

static JsonNode *
make_tree (const char *secret)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "username");
  json_builder_add_string_value (builder, "joe");
  json_builder_set_member_name (builder, "password");
  json_builder_add_string_value (builder, secret);
  json_builder_set_member_name (builder, "crypted");
  json_builder_add_boolean_value (builder, FALSE);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

/* json-glib frees its strings as they are: here they are wiped before. */
static void
free_tree (JsonNode *tree)
{
  const char *secret = json_object_get_string_member (json_node_get_object (tree), "password");

  own_memory_forget ((char *) secret);
  json_node_unref (tree);
}

typedef enum
{
  BY_REQUEST,
  BY_TEXT,
  BY_TREE,
} SecretForm;

static void
begin_secret (QgaConnection *connection, SecretForm form, GCancellable *cancellable, Await *called)
{
  char secret[sizeof disguised], arguments[sizeof disguised + 80];

  own_memory_undisguise (disguised, secret);
  g_snprintf (arguments, sizeof arguments, "{\"username\":\"joe\",\"password\":\"%s\",\"crypted\":false}", secret);
  if (form == BY_TREE)
    {
      JsonNode *tree = make_tree (secret);

      qga_connection_execute_async (connection, "guest-set-user-password", tree, cancellable, await_callback, called);
      free_tree (tree);
    }
  else if (form == BY_TEXT)
    qga_connection_execute_json_async (connection, "guest-set-user-password", arguments, cancellable, await_callback, called);
  else
    {
      g_autoptr (QgaRequest) request = new_request ("guest-set-user-password", arguments, -1);

      qga_connection_execute_request_async (connection, request, cancellable, await_callback, called);
    }
  own_memory_forget (arguments);
  own_memory_forget (secret);
}

static void
assert_wiped (SecretForm form)
{
  int fds[2];
  g_autoptr (QgaConnection) connection = open_on_stack (fds);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Await) first = { 0 }, second = { 0 };

  begin_secret (connection, form, NULL, &first);
  begin_secret (connection, form, cancellable, &second);
  g_assert_cmpuint (own_memory_count (disguised), >=, 1);
  g_cancellable_cancel (cancellable);
  reply_from_stack (fds[1], "{\"return\": {}, \"id\": ", "}\n");
  await (&first);
  await (&second);
  g_assert_cmpuint (own_memory_count (disguised), ==, 0);
  await_clear (&first);
  await_clear (&second);
  close (fds[1]);
}

/* Once a secret was sent, or was given up, no copy of it is left of ours. */
static void
test_secret_is_wiped (void)
{
  assert_wiped (BY_REQUEST);
  assert_wiped (BY_TEXT);
  assert_wiped (BY_TREE);
}

int
main (int argc, char **argv)
{
  g_setenv ("G_MESSAGES_DEBUG", "Qga", TRUE);
  g_test_init (&argc, &argv, NULL);
  logged = g_string_new (NULL);
  g_log_set_writer_func (write_log, NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (versions); i++)
    {
      g_autofree char *path = g_strconcat ("/qga/refusals/kinds/", versions[i], NULL);

      g_test_add_data_func (path, versions[i], test_kinds);
    }
  g_test_add_func ("/qga/refusals/accessors", test_accessors);
  g_test_add_func ("/qga/refusals/odd-errors", test_odd_errors);
  g_test_add_func ("/qga/refusals/why/kept-fresh", test_kept_fresh);
  g_test_add_func ("/qga/refusals/why/no-freeze-status", test_no_freeze_status);
  g_test_add_func ("/qga/refusals/why/odd-freeze-status", test_odd_freeze_status);
  g_test_add_func ("/qga/refusals/why/others-wait", test_others_wait);
  g_test_add_func ("/qga/refusals/why/caller-leaves", test_caller_leaves);
  g_test_add_func ("/qga/refusals/why/no-reason", test_no_reason);
  g_test_add_func ("/qga/refusals/why/end", test_end_meanwhile);
  g_test_add_func ("/qga/secrets/hidden", test_secret_hidden);
  g_test_add_func ("/qga/secrets/invalid", test_secret_invalid);
  g_test_add_func ("/qga/secrets/log", test_log);
  g_test_add_func ("/qga/secrets/wiped", test_secret_is_wiped);
  return g_test_run ();
}
