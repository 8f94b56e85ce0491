/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire-arguments.h"

#include <gio/gio.h>
#include <string.h>

#include "wire-writer.h"

/* Names of commands, such as query-status or __com.redhat_foo. */
gboolean
wire_check_command (const char *command, GError **error)
{
  const char *p = command;

  while (g_ascii_isalnum (*p) || *p == '-' || *p == '_' || *p == '.')
    p++;
  if (p > command && *p == '\0')
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               "“%s” cannot be the name of a command: only letters, digits, “-”, “_” and “.” can stand in one", command);
  return FALSE;
}

static char *
finish_text (GString *text, gboolean written, gsize *length)
{
  *length = text->len;
  if (!written || text->len == 2)
    *length = 0;
  return g_string_free (text, *length == 0);
}

/* Both give NULL, without an error, for an object without members. */
char *
wire_write_arguments_node (JsonNode *arguments, gsize *length, GError **error)
{
  GString *text;
  gboolean written;

  *length = 0;
  if (arguments == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (arguments))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "The arguments must be an object");
      return NULL;
    }
  text = g_string_new (NULL);
  written = wire_write_node (text, arguments, error);
  if (!written)
    g_prefix_error_literal (error, "The arguments cannot be sent: ");
  return finish_text (text, written, length);
}

char *
wire_write_arguments_json (const char *json, gsize *length, GError **error)
{
  GString *text;
  gboolean written;

  *length = 0;
  if (json == NULL)
    return NULL;
  text = g_string_sized_new (strlen (json));
  written = wire_write_json (text, json, error);
  if (!written)
    g_prefix_error_literal (error, "The arguments cannot be sent: ");
  return finish_text (text, written, length);
}
