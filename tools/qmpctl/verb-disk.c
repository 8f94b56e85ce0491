/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "qmpctl-device.h"
#include "tool-json.h"
#include "tool-output.h"

typedef struct
{
  char *id;
  char *driver;
  char *format;
  gboolean read_only;
} Disk;

/* --- adding ---------------------------------------------------------------------------------- */

/* A disk's own first bytes are the guest's to write: they do not count. */
static const char *
choose_format (const Disk *disk, const char *filename)
{
  if (disk->format != NULL)
    return disk->format;
  return g_str_has_suffix (filename, ".qcow2") ? "qcow2" : "raw";
}

/* The same name for the device and its node. */
static char *
choose_id (const Disk *disk)
{
  return disk->id != NULL ? g_strdup (disk->id) : g_strdup_printf ("disk-%08x", g_random_int ());
}

static QmpBlockdevOptions *
make_node (const Disk *disk, const char *id, const char *filename, GError **error)
{
  g_autoptr (ToolWriter) writer = tool_writer_new ();
  g_autofree char *path = g_canonicalize_filename (filename, NULL);

  tool_writer_begin_object (writer, NULL);
  tool_writer_text (writer, "driver", choose_format (disk, filename));
  tool_writer_text (writer, "node-name", id);
  tool_writer_truth (writer, "read-only", disk->read_only);
  tool_writer_begin_object (writer, "file");
  tool_writer_text (writer, "driver", "file");
  tool_writer_text (writer, "filename", path);
  tool_writer_end_object (writer);
  tool_writer_end_object (writer);
  return qmp_blockdev_options_new_from_json (tool_writer_get_json (writer), error);
}

static void
print_id (ToolApp *app, const char *id)
{
  g_autoptr (ToolWriter) writer = tool_writer_new ();

  tool_writer_begin_object (writer, NULL);
  tool_writer_text (writer, "id", id);
  tool_writer_end_object (writer);
  if (tool_app_wants_json (app))
    tool_json_print (tool_writer_get_json (writer), TRUE);
  else
    tool_print ("%s\n", id);
}

static gboolean
add (ToolApp *app, QmpConnection *connection, const Disk *disk, char **words, GError **error)
{
  const char *driver = disk->driver != NULL ? disk->driver : "virtio-blk-pci";
  g_autofree char *id = choose_id (disk);
  g_autoptr (QmpBlockdevOptions) node = make_node (disk, id, words[0], error);
  g_autoptr (QmpDeviceAddArguments) arguments = NULL;

  if (node == NULL)
    return FALSE;
  arguments = qmpctl_make_device (app, connection, driver, id, words + 1, error);
  if (arguments == NULL ||
      !qmp_connection_plug_disk (connection, node, driver, arguments, tool_app_get_cancellable (app), error))
    return FALSE;
  print_id (app, id);
  return TRUE;
}

/* --- removing ---------------------------------------------------------------------------------- */

static gboolean
is_of_device (QmpValue *block, const char *id)
{
  g_autofree char *path = qmp_value_dup_member_string (block, "qdev");
  g_autofree char *device = g_strconcat ("/machine/peripheral/", id, NULL);

  return path != NULL && (g_strcmp0 (path, id) == 0 || g_strcmp0 (path, device) == 0 ||
                          (g_str_has_prefix (path, device) && path[strlen (device)] == '/'));
}

/* The node that is to go with the device. One without a name of its own goes by itself. */
static gboolean
find_node (ToolApp *app, QmpConnection *connection, const char *id, char **node, GError **error)
{
  g_autoptr (QmpValue) blocks = qmpctl_query (app, connection, "query-block", NULL, error);

  for (guint i = 0; blocks != NULL && i < qmp_value_get_length (blocks); i++)
    {
      g_autoptr (QmpValue) block = qmp_value_get_element (blocks, i);
      g_autoptr (QmpValue) inserted = qmp_value_get_member (block, "inserted");
      g_autofree char *name = inserted != NULL ? qmp_value_dup_member_string (inserted, "node-name") : NULL;

      if (is_of_device (block, id))
        {
          *node = name != NULL && *name != '#' ? g_steal_pointer (&name) : NULL;
          return TRUE;
        }
    }
  if (blocks != NULL)
    g_set_error (error, TOOL_ERROR, TOOL_ERROR_FAILED, "There is no disk with the id \"%s\"", id);
  return FALSE;
}

static gboolean
remove_disk (ToolApp *app, QmpConnection *connection, const Disk *disk, char **words, GError **error)
{
  g_autoptr (QmpUnplugOptions) options = qmpctl_make_unplug_options (app);
  GCancellable *cancellable = tool_app_get_cancellable (app);
  g_autofree char *node = NULL;

  if (!find_node (app, connection, words[0], &node, error))
    return FALSE;
  return node != NULL ? qmp_connection_unplug_disk (connection, words[0], node, options, cancellable, error)
                      : qmp_connection_unplug_device (connection, words[0], options, cancellable, error);
}

/* --- the verb ------------------------------------------------------------------------------------ */

static gboolean
act (ToolApp *app, int argc, char **argv, const Disk *disk, GError **error)
{
  gboolean adds = argc >= 3 && strcmp (argv[1], "add") == 0;
  g_autoptr (QmpConnection) connection = NULL;

  if ((!adds && (argc != 3 || strcmp (argv[1], "remove") != 0)) || !g_utf8_validate (argv[2], -1, NULL))
    {
      g_set_error_literal (error, TOOL_ERROR, TOOL_ERROR_USAGE, "It is \"disk add FILE [KEY=VALUE…]\" or \"disk remove ID\"");
      return FALSE;
    }
  connection = qmpctl_connect (app, error);
  if (connection == NULL)
    return FALSE;
  return adds ? add (app, connection, disk, argv + 2, error) : remove_disk (app, connection, disk, argv + 2, error);
}

static gboolean
disk_verb (ToolApp *app, int argc, char **argv, GError **error)
{
  Disk disk = { NULL };
  const GOptionEntry entries[] = {
    { "id", 'i', 0, G_OPTION_ARG_STRING, &disk.id, "What the new disk is called, and its node", "ID" },
    { "driver", 'd', 0, G_OPTION_ARG_STRING, &disk.driver, "What device it is (virtio-blk-pci)", "DRIVER" },
    { "format", 'f', 0, G_OPTION_ARG_STRING, &disk.format, "Of the file: qcow2 if its name ends like that, otherwise raw", "FORMAT" },
    { "read-only", 'r', 0, G_OPTION_ARG_NONE, &disk.read_only, "The guest cannot write to it", NULL },
    { NULL },
  };
  gboolean done = tool_app_parse (app, entries, &argc, &argv, 1, -1, error) && act (app, argc, argv, &disk, error);

  g_free (disk.id);
  g_free (disk.driver);
  g_free (disk.format);
  return done;
}

const ToolVerb qmpctl_disk = {
  .name = "disk",
  .synopsis = "add FILE [KEY=VALUE…] | remove ID",
  .summary = "Plug a disk in, or unplug one and close its file",
  .description =
    "KEY=VALUE are properties of the device. \"info\" lists disks. A guest may take --timeout seconds to let go of one.\n"
    "  qmpctl /run/vm.qmp disk add data.qcow2 --id data serial=1234",
  .run = disk_verb,
};
