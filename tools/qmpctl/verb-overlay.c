/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "qmpctl-loop.h"
#include "tool-json.h"
#include "tool-output.h"
#include "tool-table.h"

typedef struct
{
  ToolApp *app;
  QmpConnection *connection;
  QmpJobList *jobs;
  const char *node;
  const char *file;
  char *base;
} Overlay;

/* --- listing -------------------------------------------------------------------------------- */

static void
print_table (GPtrArray *chain)
{
  g_autoptr (ToolTable) table = tool_table_new ("NODE", "FORMAT", "READ-ONLY", "FILE", NULL);

  for (guint i = 0; i < chain->len; i++)
    {
      QmpBlockDeviceInfo *info = g_ptr_array_index (chain, i);

      tool_table_add (table, qmp_block_device_info_get_node_name (info), qmp_block_device_info_get_drv (info),
                      qmp_block_device_info_get_ro (info) ? "yes" : NULL, qmp_block_device_info_get_file (info));
    }
  tool_table_print (table);
}

static void
print_json (GPtrArray *chain)
{
  g_autoptr (ToolWriter) writer = tool_writer_new ();

  tool_writer_begin_list (writer, NULL);
  for (guint i = 0; i < chain->len; i++)
    {
      QmpBlockDeviceInfo *info = g_ptr_array_index (chain, i);

      tool_writer_begin_object (writer, NULL);
      tool_writer_text (writer, "node", qmp_block_device_info_get_node_name (info));
      tool_writer_text (writer, "format", qmp_block_device_info_get_drv (info));
      tool_writer_truth (writer, "read-only", qmp_block_device_info_get_ro (info));
      tool_writer_text (writer, "file", qmp_block_device_info_get_file (info));
      tool_writer_end_object (writer);
    }
  tool_writer_end_list (writer);
  tool_json_print (tool_writer_get_json (writer), TRUE);
}

static gboolean
list (Overlay *overlay, GError **error)
{
  g_autoptr (GPtrArray) chain = NULL;

  chain = qmp_connection_list_chain (overlay->connection, overlay->node, tool_app_get_cancellable (overlay->app), error);
  if (chain == NULL)
    return FALSE;
  if (tool_app_wants_json (overlay->app))
    print_json (chain);
  else
    print_table (chain);
  return TRUE;
}

/* --- doing it ------------------------------------------------------------------------------------ */

/* Which node the disk uses from now on. */
static gboolean
tell (Overlay *overlay, const char *node, GError **error)
{
  if (node == NULL)
    return qmpctl_explain_cancel (overlay->app, "The job was cancelled", error);

  if (tool_app_wants_json (overlay->app))
    {
      g_autofree char *quoted = tool_json_quote (node);
      g_autofree char *json = g_strdup_printf ("{\"node\":%s}", quoted);

      tool_json_print (json, TRUE);
    }
  else
    tool_print ("%s\n", node);
  return TRUE;
}

/* QEMU opens it, wherever that runs: here is the best guess for a path that is not absolute. */
static gboolean
add (Overlay *overlay, GError **error)
{
  g_autofree char *file = g_canonicalize_filename (overlay->file, NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *node = NULL;
  GAsyncResult *place = NULL;

  qmp_connection_add_overlay_async (overlay->connection, overlay->node, file, tool_app_get_cancellable (overlay->app),
                                    qmpctl_take_result, &place);
  result = qmpctl_await (&place, overlay->jobs);
  node = qmp_connection_add_overlay_finish (overlay->connection, result, error);
  return tell (overlay, node, error);
}

static gboolean
commit (Overlay *overlay, GError **error)
{
  g_autoptr (QmpBlockCommitArguments) arguments = qmp_block_commit_arguments_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *node = NULL;
  GAsyncResult *place = NULL;

  if (overlay->base != NULL)
    qmp_block_commit_arguments_set_base_node (arguments, overlay->base);
  qmp_connection_commit_overlay_async (overlay->connection, overlay->node, arguments, tool_app_get_cancellable (overlay->app),
                                       qmpctl_take_result, &place);
  result = qmpctl_await (&place, overlay->jobs);
  node = qmp_connection_commit_overlay_finish (overlay->connection, result, error);
  return tell (overlay, node, error);
}

static gboolean
stream (Overlay *overlay, GError **error)
{
  g_autoptr (QmpBlockStreamArguments) arguments = qmp_block_stream_arguments_new ();
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *place = NULL;

  if (overlay->base != NULL)
    qmp_block_stream_arguments_set_base_node (arguments, overlay->base);
  qmp_connection_stream_overlay_async (overlay->connection, overlay->node, arguments, tool_app_get_cancellable (overlay->app),
                                       qmpctl_take_result, &place);
  result = qmpctl_await (&place, overlay->jobs);
  return qmp_connection_stream_overlay_finish (overlay->connection, result, error) ||
         qmpctl_explain_cancel (overlay->app, "The job was cancelled", error);
}

/* --- the verb ------------------------------------------------------------------------------------ */

static const struct
{
  const char *word;
  int words;
  gboolean (*run) (Overlay *overlay, GError **error);
} actions[] = {
  { "list", 3, list }, { "add", 4, add }, { "commit", 3, commit }, { "stream", 3, stream },
};

static gboolean
act (Overlay *overlay, int argc, char **argv, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      if (strcmp (actions[i].word, argv[1]) != 0 || actions[i].words != argc)
        continue;
      overlay->node = argv[2];
      overlay->file = argv[3];
      overlay->connection = qmpctl_connect (overlay->app, error);
      overlay->jobs = overlay->connection != NULL ? qmpctl_load_jobs (overlay->app, overlay->connection, error) : NULL;
      return overlay->jobs != NULL && actions[i].run (overlay, error);
    }
  g_set_error_literal (error, TOOL_ERROR, TOOL_ERROR_USAGE, "It is \"overlay list|commit|stream NODE\", or \"overlay add NODE FILE\"");
  return FALSE;
}

static gboolean
overlay_verb (ToolApp *app, int argc, char **argv, GError **error)
{
  Overlay overlay = { .app = app };
  const GOptionEntry entries[] = {
    { "base", 'b', 0, G_OPTION_ARG_STRING, &overlay.base, "The node that stays below; otherwise all of the chain is meant", "NODE" },
    { NULL },
  };
  gboolean done = tool_app_parse (app, entries, &argc, &argv, 2, 3, error) && act (&overlay, argc, argv, error);

  g_clear_object (&overlay.jobs);
  g_clear_object (&overlay.connection);
  g_free (overlay.base);
  return done;
}

const ToolVerb qmpctl_overlay = {
  .name = "overlay",
  .synopsis = "list NODE | add NODE FILE | commit NODE | stream NODE",
  .summary = "Put an image on top of a disk's, merge it down, or make it stand alone",
  .description =
    "NODE is what the disk uses now; \"info\" has it. \"add\" makes FILE, which gets all that is written from then on, and\n"
    "prints its node: what was there before is a snapshot, and can be copied. \"commit\" merges it down again, and prints\n"
    "the node that the disk uses then. \"stream\" copies what is below into it. ^C cancels.\n"
    "\n"
    "  qmpctl vm.qmp overlay add disk after-noon.qcow2",
  .run = overlay_verb,
};
