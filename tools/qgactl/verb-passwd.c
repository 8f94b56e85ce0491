/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"
#include "qgactl-secret.h"
#include "tool-output.h"

static gboolean
passwd (ToolApp *app, int argc, char **argv, GError **error)
{
  g_autofree char *file = NULL;
  int fd = -1;
  gboolean crypted = FALSE;
  const GOptionEntry entries[] = {
    { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &file, "Take it from a file", "FILE" },
    { "password-fd", 0, 0, G_OPTION_ARG_INT, &fd, "Take it from an open file descriptor", "N" },
    { "crypted", 0, 0, G_OPTION_ARG_NONE, &crypted, "It is encrypted already, as crypt(3) does", NULL },
    { NULL },
  };
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (GBytes) password = NULL;
  g_autofree char *prompt = NULL;

  if (!tool_app_parse (app, entries, &argc, &argv, 1, 1, error))
    return FALSE;
  if (file != NULL && fd >= 0)
    {
      g_set_error_literal (error, TOOL_ERROR, TOOL_ERROR_USAGE, "It is --password-file, or --password-fd");
      return FALSE;
    }
  prompt = g_strdup_printf ("New password of the guest's user %s", argv[1]);
  password = qgactl_read_secret (app, prompt, file, fd, error);
  if (password == NULL)
    return FALSE;
  connection = qgactl_connect (app, error);
  if (connection == NULL ||
      !qga_connection_guest_set_user_password (connection, argv[1], password, crypted, tool_app_get_cancellable (app), error))
    return FALSE;
  if (tool_app_wants_json (app))
    tool_print ("{}\n");
  return TRUE;
}

const ToolVerb qgactl_passwd = {
  .name = "passwd",
  .synopsis = "USER",
  .summary = "Set the password of a user of the guest",
  .description =
    "It is asked for, twice and without an echo; or it is the one line of the standard input, if that is no terminal, or\n"
    "that of --password-file or --password-fd. It is never an argument, which everybody on this machine could see, and it\n"
    "is wiped from memory once it is sent.\n"
    "With --json: {}.",
  .run = passwd,
};
