/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mock/open-agent.h"

#include <string.h>

static char *
echo (MockAgent *agent, const MockAgentCommand *command, gpointer data)
{
  return mock_agent_return ("%s", command->arguments != NULL ? command->arguments : "{}");
}

void
teach_echo (MockAgent *agent)
{
  mock_agent_answer_with (agent, "echo", echo, NULL);
}

QgaConnection *
open_agent_with (MockAgent *agent, QgaOpenOptions *options)
{
  g_autoptr (GIOStream) stream = mock_agent_get_stream (agent);
  g_autoptr (GError) error = NULL;
  QgaConnection *connection;

  teach_echo (agent);
  connection = qga_connection_open_stream (stream, options, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (connection);
  return connection;
}

QgaConnection *
open_agent (MockAgent *agent)
{
  return open_agent_with (agent, NULL);
}

void
assert_answers (QgaConnection *connection)
{
  g_autofree char *arguments = g_strdup_printf ("{\"nonce\":%u}", g_random_int ());
  g_autoptr (QgaRequest) request = new_request ("echo", arguments, 30000);
  g_autoptr (GError) error = NULL;

  assert_replied (qga_connection_execute_request (connection, request, NULL, &error), &error, arguments);
}

void
assert_orderly (MockAgent *agent)
{
  g_assert_cmpuint (mock_agent_count_out_of_sync (agent), ==, 0);
  g_assert_cmpuint (mock_agent_count_overlapping (agent), ==, 0);
  g_assert_cmpuint (mock_agent_count_nonsense (agent), ==, 0);
}

void
assert_replied (char *reply, GError **error, const char *expected)
{
  g_assert_no_error (*error);
  g_assert_cmpstr (reply, ==, expected);
  g_free (reply);
}

void
assert_failed (char *reply, GError **error, GQuark domain, int code, const char *word)
{
  g_assert_null (reply);
  g_assert_error (*error, domain, code);
  if (strstr ((*error)->message, word) == NULL)
    g_error ("“%s” is not said in: %s", word, (*error)->message);
  g_clear_error (error);
}

QgaRequest *
new_request (const char *command, const char *arguments, int timeout)
{
  QgaRequest *request = qga_request_new (command);

  g_assert_true (qga_request_set_arguments_json (request, arguments, NULL));
  qga_request_set_timeout (request, timeout);
  return request;
}
