/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "shell-private.h"

#include <string.h>

#include "tool-app.h"

void
shell_line_free (ShellLine *line)
{
  g_free (line->command);
  g_strfreev (line->words);
  g_free (line);
}

/* A history is a file that stays. */
static gboolean
looks_secret (const char *text)
{
  const char *const signs[] = { "secret", "passw", "keydata" };

  for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
    if (strstr (text, signs[i]) != NULL)
      return TRUE;
  return *text == ' ';
}

static gboolean
split_message (ShellLine *line, const char *text, GError **error)
{
  g_autoptr (QmpValue) message = qmp_value_new_from_json (text, error);
  g_autoptr (QmpValue) arguments = NULL;
  g_autofree char *json = NULL;

  if (message == NULL)
    return FALSE;
  line->command = qmp_value_dup_member_string (message, "execute");
  if (line->command == NULL)
    {
      g_set_error (error, TOOL_ERROR, TOOL_ERROR_USAGE, "It has no \"execute\" with a command's name");
      return FALSE;
    }
  arguments = qmp_value_get_member (message, "arguments");
  json = arguments != NULL ? qmp_value_to_json (arguments) : g_strdup ("{}");
  line->words = g_new0 (char *, 2);
  line->words[0] = g_steal_pointer (&json);
  return TRUE;
}

static gboolean
split_words (ShellLine *line, const char *text, GError **error)
{
  gsize length = strcspn (text, " \t");
  const char *rest = text + length + strspn (text + length, " \t");

  line->command = g_strndup (text, length);
  if (*rest == '{')
    {
      line->words = g_new0 (char *, 2);
      line->words[0] = g_strdup (rest);
      return TRUE;
    }
  if (*rest == '\0')
    {
      line->words = g_new0 (char *, 1);
      return TRUE;
    }
  return g_shell_parse_argv (rest, NULL, &line->words, error);
}

ShellLine *
shell_line_parse (const char *text, GError **error)
{
  g_autoptr (ShellLine) line = g_new0 (ShellLine, 1);
  g_autofree char *stripped = g_strstrip (g_strdup (text));

  line->secret = looks_secret (text);
  if (!(*stripped == '{' ? split_message (line, stripped, error) : split_words (line, stripped, error)))
    return NULL;
  return g_steal_pointer (&line);
}
