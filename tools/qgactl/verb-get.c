/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"
#include "qgactl-transfer.h"
#include "tool-values.h"

/* A guest decides how long its files are. */
#define DEFAULT_MOST "16G"

static gboolean
fetch (ToolApp *app, const char *path, const char *target, gboolean force, guint64 most, GError **error)
{
  g_autoptr (QgaConnection) connection = qgactl_connect (app, error);
  g_autoptr (GFile) file = g_file_new_for_path (target);
  g_auto (QgactlTransfer) transfer = { NULL };
  gboolean done;

  if (connection == NULL)
    return FALSE;
  qgactl_transfer_begin (&transfer, path);
  done = qga_connection_copy_from_guest (connection, path, file, force ? G_FILE_COPY_OVERWRITE : G_FILE_COPY_NONE, most,
                                         qgactl_transfer_show, &transfer, tool_app_get_cancellable (app), error);
  /* the guest's file is still to be closed */
  qgactl_settle (app, connection);
  if (done)
    qgactl_transfer_end (&transfer, app);
  else
    qgactl_transfer_explain (error, "--force replaces it");
  return done;
}

static gboolean
get (ToolApp *app, int argc, char **argv, GError **error)
{
  gboolean force = FALSE;
  g_autofree char *most_text = NULL;
  const GOptionEntry entries[] = {
    { "force", 'f', 0, G_OPTION_ARG_NONE, &force, "Replace a file that is there", NULL },
    { "max-size", 0, 0, G_OPTION_ARG_STRING, &most_text, "Fetch that much at most (" DEFAULT_MOST ")", "SIZE" },
    { NULL },
  };
  g_autofree char *target = NULL;
  const char *destination;
  gboolean folder;
  guint64 most;

  if (!tool_app_parse (app, entries, &argc, &argv, 1, 2, error) ||
      !tool_value_read_size ("--max-size", most_text != NULL ? most_text : DEFAULT_MOST, &most, error))
    return FALSE;
  destination = argc > 2 ? argv[2] : ".";
  folder = g_str_has_suffix (destination, "/") || g_file_test (destination, G_FILE_TEST_IS_DIR);
  target = qgactl_transfer_target (argv[1], destination, folder, error);
  return target != NULL && fetch (app, argv[1], target, force, most, error);
}

const ToolVerb qgactl_get = {
  .name = "get",
  .synopsis = "GUEST-FILE [FILE | FOLDER]",
  .summary = "Copy a file from the guest",
  .description =
    "To a file, into a folder by its own name, or else into this one. The copy gets its name only when it is whole, and\n"
    "only its owner may read it, whatever the guest says; after ^C nothing is left of it.\n"
    "With --json: {\"bytes\": N}.",
  .run = get,
};
