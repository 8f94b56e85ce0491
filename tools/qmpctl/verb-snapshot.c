/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "qmpctl-loop.h"
#include "qmpctl-snapshots.h"
#include "tool-columns.h"
#include "tool-json.h"
#include "tool-output.h"
#include "tool-table.h"

typedef struct
{
  ToolApp *app;
  QmpConnection *connection;
  GPtrArray *images;
  char **devices;  /* nodes, or NULL to choose them */
  char *vmstate;
} Snapshot;

/* --- listing -------------------------------------------------------------------------------- */

static char *
format_date (QmpValue *snapshot)
{
  gint64 seconds;
  g_autoptr (GDateTime) date = NULL;

  if (qmp_value_get_member_int64 (snapshot, "date", &seconds))
    date = g_date_time_new_from_unix_local (seconds);
  return date != NULL ? g_date_time_format (date, "%Y-%m-%d %H:%M:%S") : NULL;
}

/* How long the machine had run. */
static char *
format_clock (QmpValue *snapshot)
{
  gint64 seconds;

  if (!qmp_value_get_member_int64 (snapshot, "clock", &seconds) || seconds < 0)
    return NULL;
  return g_strdup_printf ("%" G_GINT64_FORMAT ":%02d:%02d", seconds / 3600, (int) (seconds / 60 % 60), (int) (seconds % 60));
}

static void
print_list (QmpValue *snapshots)
{
  g_autoptr (ToolTable) table = tool_table_new ("TAG", "DATE", "RUN TIME", "STATE", "NODES", NULL);

  tool_table_align_right (table, 2);
  tool_table_align_right (table, 3);
  for (guint i = 0; i < qmp_value_get_length (snapshots); i++)
    {
      g_autoptr (QmpValue) snapshot = qmp_value_get_element (snapshots, i);
      g_autofree char *tag = qmp_value_dup_member_string (snapshot, "tag");
      g_autofree char *date = format_date (snapshot);
      g_autofree char *clock = format_clock (snapshot);
      g_autofree char *state = tool_cell_format_member (snapshot, "state-size", TOOL_CELL_SIZE);
      g_autofree char *nodes = tool_cell_format_member (snapshot, "nodes", TOOL_CELL_LIST);

      tool_table_add (table, tag, date, clock, state, nodes);
    }
  tool_table_print (table);
}

static gboolean
list (Snapshot *snapshot, const char *tag, GError **error)
{
  g_autoptr (ToolWriter) writer = tool_writer_new ();
  g_autoptr (QmpValue) value = NULL;

  qmpctl_write_snapshots (writer, snapshot->images);
  value = tool_writer_to_value (writer);
  if (tool_app_wants_json (snapshot->app))
    tool_json_print (tool_writer_get_json (writer), TRUE);
  else
    print_list (value);
  return TRUE;
}

/* --- what belongs to one --------------------------------------------------------------------- */

typedef gboolean (*Belongs) (QmpctlImage *image, const char *tag);

/* QEMU itself says of one of these that it cannot keep snapshots. */
static gboolean
is_writable (QmpctlImage *image, const char *tag)
{
  return image->writable;
}

static gboolean
has_tag (QmpctlImage *image, const char *tag)
{
  g_autoptr (QmpValue) found = qmpctl_find_snapshot (image, tag);

  return found != NULL;
}

static gboolean
has_state (QmpctlImage *image, const char *tag)
{
  g_autoptr (QmpValue) found = qmpctl_find_snapshot (image, tag);
  guint64 size = 0;

  return found != NULL && qmp_value_get_member_uint64 (found, "vm-state-size", &size) && size > 0;
}

static gboolean
can_keep_state (QmpctlImage *image, const char *tag)
{
  return image->writable && image->keeps;
}

static void
choose_devices (Snapshot *snapshot, Belongs belongs, const char *tag)
{
  g_autoptr (GStrvBuilder) nodes = g_strv_builder_new ();

  if (snapshot->devices != NULL)
    return;
  for (guint i = 0; i < snapshot->images->len; i++)
    {
      QmpctlImage *image = g_ptr_array_index (snapshot->images, i);

      if (belongs (image, tag))
        g_strv_builder_add (nodes, image->node);
    }
  snapshot->devices = g_strv_builder_end (nodes);
}

static gboolean
choose_state (Snapshot *snapshot, Belongs belongs, const char *tag)
{
  for (guint i = 0; snapshot->vmstate == NULL && i < snapshot->images->len; i++)
    {
      QmpctlImage *image = g_ptr_array_index (snapshot->images, i);

      if (belongs (image, tag))
        snapshot->vmstate = g_strdup (image->node);
    }
  return snapshot->vmstate != NULL;
}

/* --- doing it ------------------------------------------------------------------------------------ */

static const char *const *
get_devices (Snapshot *snapshot)
{
  return (const char *const *) snapshot->devices;
}

/* A job that somebody else cancels is no interruption. */
static gboolean
finish (Snapshot *snapshot, gboolean done, GError **error)
{
  return done || qmpctl_explain_cancel (snapshot->app, "The job was cancelled", error);
}

static gboolean
save (Snapshot *snapshot, const char *tag, GError **error)
{
  g_autoptr (QmpJobList) jobs = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *place = NULL;

  choose_devices (snapshot, is_writable, tag);
  if (!choose_state (snapshot, can_keep_state, tag))
    {
      g_set_error_literal (error, TOOL_ERROR, TOOL_ERROR_FAILED,
                           "No disk can keep the machine's state: there is none in qcow2 that is written to");
      return FALSE;
    }
  jobs = qmpctl_load_jobs (snapshot->app, snapshot->connection, error);
  if (jobs == NULL)
    return FALSE;
  qmp_connection_save_snapshot_async (snapshot->connection, tag, snapshot->vmstate, get_devices (snapshot),
                                      tool_app_get_cancellable (snapshot->app), qmpctl_take_result, &place);
  result = qmpctl_await (&place, jobs);
  return finish (snapshot, qmp_connection_save_snapshot_finish (snapshot->connection, result, error), error);
}

static gboolean
set_not_found (const char *tag, GError **error)
{
  g_set_error (error, TOOL_ERROR, TOOL_ERROR_FAILED, "There is no snapshot \"%s\"", tag);
  return FALSE;
}

static gboolean
load (Snapshot *snapshot, const char *tag, GError **error)
{
  g_autoptr (QmpJobList) jobs = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *place = NULL;

  choose_devices (snapshot, is_writable, tag);
  if (!choose_state (snapshot, has_state, tag))
    return set_not_found (tag, error);
  jobs = qmpctl_load_jobs (snapshot->app, snapshot->connection, error);
  if (jobs == NULL)
    return FALSE;
  qmp_connection_load_snapshot_async (snapshot->connection, tag, snapshot->vmstate, get_devices (snapshot),
                                      tool_app_get_cancellable (snapshot->app), qmpctl_take_result, &place);
  result = qmpctl_await (&place, jobs);
  return finish (snapshot, qmp_connection_load_snapshot_finish (snapshot->connection, result, error), error);
}

static gboolean
delete (Snapshot *snapshot, const char *tag, GError **error)
{
  g_autoptr (QmpJobList) jobs = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  GAsyncResult *place = NULL;

  choose_devices (snapshot, has_tag, tag);
  if (snapshot->devices[0] == NULL)
    return set_not_found (tag, error);
  jobs = qmpctl_load_jobs (snapshot->app, snapshot->connection, error);
  if (jobs == NULL)
    return FALSE;
  qmp_connection_delete_snapshot_async (snapshot->connection, tag, get_devices (snapshot),
                                        tool_app_get_cancellable (snapshot->app), qmpctl_take_result, &place);
  result = qmpctl_await (&place, jobs);
  return finish (snapshot, qmp_connection_delete_snapshot_finish (snapshot->connection, result, error), error);
}

/* --- the verb ------------------------------------------------------------------------------------ */

static const struct
{
  const char *word;
  int words;
  gboolean (*run) (Snapshot *snapshot, const char *tag, GError **error);
} actions[] = {
  { "list", 2, list }, { "save", 3, save }, { "load", 3, load }, { "delete", 3, delete },
};

static gboolean
act (Snapshot *snapshot, int argc, char **argv, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      if (strcmp (actions[i].word, argv[1]) != 0 || actions[i].words != argc)
        continue;
      snapshot->connection = qmpctl_connect (snapshot->app, error);
      snapshot->images = snapshot->connection != NULL ? qmpctl_list_images (snapshot->app, snapshot->connection, error) : NULL;
      return snapshot->images != NULL && actions[i].run (snapshot, argv[2], error);
    }
  g_set_error_literal (error, TOOL_ERROR, TOOL_ERROR_USAGE, "It is \"snapshot list\", or \"snapshot save|load|delete TAG\"");
  return FALSE;
}

static gboolean
snapshot_verb (ToolApp *app, int argc, char **argv, GError **error)
{
  Snapshot snapshot = { .app = app };
  const GOptionEntry entries[] = {
    { "device", 'd', 0, G_OPTION_ARG_STRING_ARRAY, &snapshot.devices, "A node that belongs to it (may be repeated)", "NODE" },
    { "vmstate", 's', 0, G_OPTION_ARG_STRING, &snapshot.vmstate, "The node that gets, or has, the machine's state", "NODE" },
    { NULL },
  };
  gboolean done = tool_app_parse (app, entries, &argc, &argv, 1, -1, error) && act (&snapshot, argc, argv, error);

  g_clear_pointer (&snapshot.images, g_ptr_array_unref);
  g_clear_object (&snapshot.connection);
  g_strfreev (snapshot.devices);
  g_free (snapshot.vmstate);
  return done;
}

const ToolVerb qmpctl_snapshot = {
  .name = "snapshot",
  .synopsis = "list | save TAG | load TAG | delete TAG",
  .summary = "Save the whole machine into its images, go back to it, or delete it",
  .description =
    "All disks that are written to belong to a snapshot, and the first of them in qcow2 gets the machine's state,\n"
    "unless --device and --vmstate say otherwise. ^C cancels it.",
  .run = snapshot_verb,
};
