/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qga-glib/qga-glib.h>

int
main (int argc, char **argv)
{
  const char *command[] = { "uname", "-a", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (QgaConnection) agent = NULL;
  g_autoptr (QgaProcess) process = NULL;
  g_autofree char *output = NULL;

  agent = qga_connection_open (argc > 1 ? argv[1] : "unix:agent.sock", NULL, NULL, &error);
  if (agent != NULL)
    process = qga_process_spawn (agent, command, NULL, NULL, &error);
  if (process != NULL && qga_process_communicate_utf8 (process, &output, NULL, NULL, &error))
    g_print ("%s", output);
  else
    g_printerr ("%s\n", error->message);
  return output == NULL;
}
