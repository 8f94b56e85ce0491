/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live-process.h"

#include <string.h>

QgaConnection *
live_agent_open (LiveAgent *agent)
{
  g_autoptr (QgaOpenOptions) options = qga_open_options_new ();
  g_autoptr (GError) error = NULL;
  QgaConnection *connection;

  qga_open_options_set_timeout (options, 120000);
  connection = qga_connection_open (agent->socket, options, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (QGA_IS_CONNECTION (connection));
  return connection;
}

QgaProcess *
live_spawn (QgaConnection *connection, const char *script)
{
  const char *const argv[] = { "sh", "-c", script, NULL };
  g_autoptr (GError) error = NULL;
  QgaProcess *process = qga_process_spawn (connection, argv, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (QGA_IS_PROCESS (process));
  return process;
}

void
live_assert_writes (QgaConnection *connection, const char *script, const char *output)
{
  g_autoptr (QgaProcess) process = live_spawn (connection, script);
  g_autofree char *text = NULL, *error_text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (qga_process_communicate_utf8 (process, &text, &error_text, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (error_text, ==, "");
  g_assert_cmpstr (text, ==, output);
  g_assert_true (qga_process_get_successful (process));
}

char *
live_ask (QgaConnection *connection, const char *command, const char *arguments)
{
  g_autoptr (GError) error = NULL;
  char *text = qga_connection_execute_json (connection, command, arguments, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (text);
  return text;
}

void
live_assert_refused (QgaConnection *connection, const char *command, const char *arguments, int code, const char *word)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (qga_connection_execute_json (connection, command, arguments, NULL, &error));
  if (error != NULL)
    g_assert_nonnull (strstr (error->message, word));
  live_assert_error (&error, QGA_ERROR, code);
}

void
live_assert_error (GError **error, GQuark domain, int code)
{
  g_assert_error (*error, domain, code);
  g_clear_error (error);
}
