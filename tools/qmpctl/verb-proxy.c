/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "proxy.h"
#include "qmpctl-loop.h"
#include "tool-output.h"

typedef struct
{
  gboolean closed;
  GError *error;
} End;

static void
on_closed (QmpConnection *connection, const GError *error, gpointer user_data)
{
  End *end = user_data;

  end->closed = TRUE;
  end->error = error != NULL ? g_error_copy (error) : NULL;
}

static gboolean
has_ended (gpointer end)
{
  return ((End *) end)->closed;
}

/* Until QEMU ends, or ^C: either is how it is meant to end. */
static gboolean
serve (ToolApp *app, QmpConnection *connection, GError **error)
{
  End end = { FALSE, NULL };
  gulong closed = g_signal_connect (connection, "closed", G_CALLBACK (on_closed), &end);

  (void) qmpctl_run_until (app, has_ended, &end, -1, NULL);
  g_signal_handler_disconnect (connection, closed);

  if (end.error == NULL)
    return TRUE;
  g_propagate_error (error, end.error);
  return FALSE;
}

/* LISTEN, or LISTEN=PATTERN,PATTERN… */
static gboolean
open_door (Proxy *proxy, const char *word, GError **error)
{
  const char *sign = strchr (word, '=');
  g_autofree char *listen = sign != NULL ? g_strndup (word, (gsize) (sign - word)) : g_strdup (word);
  g_autofree char *address = tool_make_address (listen);
  g_auto (GStrv) patterns = sign != NULL ? g_strsplit (sign + 1, ",", -1) : NULL;
  g_autofree char *where = proxy_listen (proxy, address, (const char *const *) patterns, error);

  if (where == NULL)
    return FALSE;
  tool_print ("%s\n", where);
  return tool_output_flush (error);
}

static gboolean
open_and_serve (ToolApp *app, TalkWriter *writer, QmpConnection *connection, char **words, GError **error)
{
  g_autoptr (Proxy) proxy = proxy_new (connection, writer);

  for (guint i = 0; words[i] != NULL; i++)
    if (!open_door (proxy, words[i], error))
      return FALSE;
  return serve (app, connection, error);
}

static gboolean
proxy (ToolApp *app, int argc, char **argv, GError **error)
{
  g_autoptr (QmpConnection) connection = NULL;

  if (!tool_app_parse (app, NULL, &argc, &argv, 1, -1, error))
    return FALSE;
  connection = qmpctl_connect (app, error);
  return connection != NULL && open_and_serve (app, NULL, connection, argv + 1, error);
}

const ToolVerb qmpctl_proxy = {
  .name = "proxy",
  .synopsis = "LISTEN[=COMMAND,…]…",
  .summary = "Share the monitor, which takes one client, among many",
  .description =
    "LISTEN is /path or tcp:IP:port, and is printed as soon as clients may come. What they ask goes to QEMU and comes\n"
    "back to who asked; events go to all. With names of commands, which may have * and ? in them, only those are\n"
    "allowed to the clients there:\n"
    "\n"
    "  qmpctl /run/vm.qmp proxy /run/admin.qmp '/run/watcher.qmp=query-*,qom-get,qom-list'\n"
    "\n"
    "Files that clients give QEMU (getfd, add-fd) are QEMU's, and known to all of them. Ends with QEMU, or at ^C.",
  .run = proxy,
};

static gboolean
record (ToolApp *app, int argc, char **argv, GError **error)
{
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (TalkWriter) writer = NULL;

  if (!tool_app_parse (app, NULL, &argc, &argv, 2, -1, error))
    return FALSE;
  connection = qmpctl_connect (app, error);
  writer = connection != NULL ? talk_writer_new (argv[1], connection, error) : NULL;
  if (writer == NULL)
    return FALSE;
  if (!open_and_serve (app, writer, connection, argv + 2, error))
    return FALSE;
  return talk_writer_close (writer, error);
}

const ToolVerb qmpctl_record = {
  .name = "record",
  .synopsis = "FILE LISTEN[=COMMAND,…]…",
  .summary = "Write down what clients and QEMU say to each other",
  .description =
    "Stands between them as \"proxy\" does, and writes a new FILE, a line of JSON for each message:\n"
    "  {\"t\": SECONDS, \"dir\": \">\" or \"<\", \"msg\": MESSAGE}\n"
    "In place of passwords, data of secrets, and monitor lines with either, there is \"***\". \"replay\" plays it.",
  .run = record,
};
