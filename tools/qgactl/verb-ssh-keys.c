/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"
#include <string.h>

#include "qgactl-input.h"
#include "qgactl-print.h"
#include "tool-output.h"
#include "tool-text.h"

#define MOST_KEYS ((gsize) 1024 * 1024)

/* --- which keys --------------------------------------------------------------------------------- */

static void
add_lines (GPtrArray *keys, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (*g_strstrip (lines[i]) != '\0' && *lines[i] != '#')
      g_ptr_array_add (keys, g_strdup (lines[i]));
}

/* A key has a space in it; a file's name that has one can be written as ./… */
static gboolean
add_keys (ToolApp *app, GPtrArray *keys, const char *word, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *text = NULL;
  gsize size;

  if (strchr (word, ' ') != NULL && *word != '.' && *word != '/')
    {
      add_lines (keys, word);
      return TRUE;
    }
  bytes = qgactl_read_input (app, word, MOST_KEYS, error);
  if (bytes == NULL)
    return FALSE;
  text = g_strndup (g_bytes_get_data (bytes, &size), g_bytes_get_size (bytes));
  if (!g_utf8_validate (text, -1, NULL) || strstr (text, "PRIVATE KEY") != NULL)
    {
      g_set_error (error, TOOL_ERROR, TOOL_ERROR_USAGE, "%s has no public keys", word);
      return FALSE;
    }
  add_lines (keys, text);
  return TRUE;
}

static char **
read_keys (ToolApp *app, char **words, GError **error)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);

  for (; *words != NULL; words++)
    if (!add_keys (app, keys, *words, error))
      return NULL;
  if (keys->len == 0)
    {
      g_set_error_literal (error, TOOL_ERROR, TOOL_ERROR_USAGE, "There are no keys");
      return NULL;
    }
  g_ptr_array_add (keys, NULL);
  return (char **) g_ptr_array_steal (keys, NULL);
}

/* --- what is done with them ------------------------------------------------------------------------ */

static gboolean
list_keys (ToolApp *app, QgaConnection *connection, const char *user, GError **error)
{
  g_autoptr (QgaGuestAuthorizedKeys) found = qga_connection_guest_ssh_get_authorized_keys (connection, user,
                                                                                           tool_app_get_cancellable (app), error);
  const char *const *keys;

  if (found == NULL)
    return FALSE;
  if (tool_app_wants_json (app))
    {
      qgactl_print_object_json (found);
      return TRUE;
    }
  keys = qga_guest_authorized_keys_get_keys (found);
  for (guint i = 0; keys != NULL && keys[i] != NULL; i++)
    {
      g_autofree char *line = tool_text_to_line (keys[i]);

      tool_print ("%s\n", line);
    }
  return TRUE;
}

static gboolean
change_keys (ToolApp *app, QgaConnection *connection, const char *user, char **keys, gboolean add, gboolean reset, GError **error)
{
  const char *const *all = (const char *const *) keys;
  g_autoptr (QgaGuestSshAddAuthorizedKeysArguments) arguments = qga_guest_ssh_add_authorized_keys_arguments_new ();
  gboolean done;

  if (reset)
    qga_guest_ssh_add_authorized_keys_arguments_set_reset (arguments, TRUE);
  done = add ? qga_connection_guest_ssh_add_authorized_keys (connection, user, all, arguments, tool_app_get_cancellable (app), error)
             : qga_connection_guest_ssh_remove_authorized_keys (connection, user, all, tool_app_get_cancellable (app), error);
  if (done && tool_app_wants_json (app))
    tool_print ("{\"keys\":%u}\n", g_strv_length (keys));
  return done;
}

static gboolean
ssh_keys (ToolApp *app, int argc, char **argv, GError **error)
{
  gboolean reset = FALSE;
  const GOptionEntry entries[] = {
    { "reset", 0, 0, G_OPTION_ARG_NONE, &reset, "With add: remove all others", NULL },
    { NULL },
  };
  g_autoptr (QgaConnection) connection = NULL;
  g_auto (GStrv) keys = NULL;
  gboolean list, add, remove;

  if (!tool_app_parse (app, entries, &argc, &argv, 2, -1, error))
    return FALSE;
  list = strcmp (argv[1], "list") == 0 && argc == 3;
  add = strcmp (argv[1], "add") == 0 && argc > 3;
  remove = strcmp (argv[1], "remove") == 0 && argc > 3;
  if ((!list && !add && !remove) || (reset && !add))
    {
      g_set_error_literal (error, TOOL_ERROR, TOOL_ERROR_USAGE,
                           "It is \"ssh-keys list USER\", \"add [--reset] USER KEY…\" or \"remove USER KEY…\"");
      return FALSE;
    }
  keys = list ? NULL : read_keys (app, argv + 3, error);
  if (!list && keys == NULL)
    return FALSE;
  connection = qgactl_connect (app, error);
  if (connection == NULL)
    return FALSE;
  return list ? list_keys (app, connection, argv[2], error) : change_keys (app, connection, argv[2], keys, add, reset, error);
}

static char **
suggest (const char *const *words)
{
  const char *const first[] = { "list", "add", "remove", NULL };

  return words[0] == NULL ? g_strdupv ((char **) first) : NULL;
}

const ToolVerb qgactl_ssh_keys = {
  .name = "ssh-keys",
  .synopsis = "list USER | add USER KEY… | remove USER KEY…",
  .summary = "The keys that let a user of the guest in by SSH",
  .description =
    "KEY is a public key as one word, in quotes; or a file with such keys, line by line; or - for standard input:\n"
    "\n"
    "  qgactl /run/vm.qga ssh-keys add root ~/.ssh/id_ed25519.pub\n"
    "\n"
    "With --json, \"list\" prints what guest-ssh-get-authorized-keys returns, {\"keys\": [TEXT…]}; the others {\"keys\": N},\n"
    "the number of keys that were given.",
  .run = ssh_keys,
  .suggest = suggest,
};
