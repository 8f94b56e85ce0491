/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "qmp-chain-private.h"
#include "qmp-glib.h"
#include "qmp-steps-private.h"
#include "wire/wire-task.h"

/**
 * QmpExternalSnapshot:
 *
 * A snapshot of one or more disks at the same instant, in files of their own:
 * each disk gets an overlay, a new image that takes what is written from then
 * on, and what the disk had until then is no longer written to.
 *
 * ```js
 * const snapshot = Qmp.ExternalSnapshot.new();
 * snapshot.add_disk('disk0', '/images/disk0-1.qcow2', null);
 * snapshot.add_disk('disk1', '/images/disk1-1.qcow2', null);
 * const overlays = await snapshot.take_async(connection, null);
 * ```
 *
 * The machine goes on meanwhile. Its memory is no part of this, so that what is
 * in the files is what a disk has after a power failure;
 * `Qga.FreezeGuard` has the guest write what it still holds back.
 *
 * What can be done with overlays later is
 * [method@Qmp.Connection.commit_overlay_async] and
 * [method@Qmp.Connection.stream_overlay_async]; the chain of images below a disk
 * is what [method@Qmp.Connection.list_chain_async] gives.
 *
 * Since: 0.1
 */
struct _QmpExternalSnapshot
{
  GObject parent_instance;
  GPtrArray *disks;
};

G_DEFINE_FINAL_TYPE (QmpExternalSnapshot, qmp_external_snapshot, G_TYPE_OBJECT)

typedef struct
{
  char *node;
  char *file;                   /* to be made; or NULL */
  char *options;                /* of an overlay that is there; or NULL */
  char *overlay_node;
  gboolean invented;            /* that name was, so that nobody else has it */
  QmpValue *info;               /* what QEMU tells of the node */
  gboolean opened;              /* the overlay's node may be there */
} Disk;

/* --- the disks ----------------------------------------------------------------------------- */

static void
free_disk (gpointer data)
{
  Disk *disk = data;

  g_free (disk->node);
  g_free (disk->file);
  g_free (disk->options);
  g_free (disk->overlay_node);
  g_clear_pointer (&disk->info, qmp_value_unref);
  g_free (disk);
}

/* As it is before anything was done, and with a name. */
static gpointer
copy_disk (gconstpointer data, G_GNUC_UNUSED gpointer unused)
{
  const Disk *disk = data;
  Disk *copy = g_new0 (Disk, 1);

  copy->node = g_strdup (disk->node);
  copy->file = g_strdup (disk->file);
  copy->options = g_strdup (disk->options);
  copy->invented = disk->overlay_node == NULL;
  copy->overlay_node = copy->invented ? g_strdup_printf ("overlay-%08x", g_random_int ()) : g_strdup (disk->overlay_node);
  return copy;
}

static void
qmp_external_snapshot_finalize (GObject *object)
{
  g_ptr_array_unref (QMP_EXTERNAL_SNAPSHOT (object)->disks);
  G_OBJECT_CLASS (qmp_external_snapshot_parent_class)->finalize (object);
}

static void
qmp_external_snapshot_class_init (QmpExternalSnapshotClass *class)
{
  G_OBJECT_CLASS (class)->finalize = qmp_external_snapshot_finalize;
}

static void
qmp_external_snapshot_init (QmpExternalSnapshot *self)
{
  self->disks = g_ptr_array_new_with_free_func (free_disk);
}

/**
 * qmp_external_snapshot_new:
 *
 * Makes a snapshot of no disk yet.
 *
 * Returns: (transfer full): the snapshot
 *
 * Since: 0.1
 */
QmpExternalSnapshot *
qmp_external_snapshot_new (void)
{
  return g_object_new (QMP_TYPE_EXTERNAL_SNAPSHOT, NULL);
}

/**
 * qmp_external_snapshot_add_disk:
 * @self: a snapshot
 * @node: the name of the disk's block node: the one of its image's format, not
 *   a filter above
 * @file: the path of the overlay, which QEMU makes: UTF-8, and best absolute.
 *   What is in that file already is lost
 * @overlay_node: (nullable): what the overlay's block node will be called, or
 *   %NULL for a name that nobody has
 *
 * Adds a disk. Its overlay will be a qcow2 image of the same size, and will be
 * opened with the same caching.
 *
 * The overlay records the name of the image below as QEMU calls it. If that is
 * relative, it counts from the overlay's folder when the image is opened again;
 * [method@Qmp.Connection.change_backing_file_async] changes what is recorded.
 *
 * Since: 0.1
 */
void
qmp_external_snapshot_add_disk (QmpExternalSnapshot *self, const char *node, const char *file, const char *overlay_node)
{
  Disk *disk;

  g_return_if_fail (QMP_IS_EXTERNAL_SNAPSHOT (self));
  g_return_if_fail (node != NULL);
  g_return_if_fail (file != NULL);
  disk = g_new0 (Disk, 1);
  disk->node = g_strdup (node);
  disk->file = g_strdup (file);
  disk->overlay_node = g_strdup (overlay_node);
  g_ptr_array_add (self->disks, disk);
}

/**
 * qmp_external_snapshot_add_overlay:
 * @self: a snapshot
 * @node: the name of the disk's block node
 * @overlay: the overlay's block node, with a node name and without `backing`
 *
 * Adds a disk whose overlay is made already, such as by `qemu-img create`, with
 * all that is to be said about how to open it. It must be of the disk's size,
 * and must record the disk's image as the one below it.
 *
 * Since: 0.1
 */
void
qmp_external_snapshot_add_overlay (QmpExternalSnapshot *self, const char *node, QmpBlockdevOptions *overlay)
{
  Disk *disk;

  g_return_if_fail (QMP_IS_EXTERNAL_SNAPSHOT (self));
  g_return_if_fail (node != NULL);
  g_return_if_fail (QMP_IS_BLOCKDEV_OPTIONS (overlay));
  disk = g_new0 (Disk, 1);
  disk->node = g_strdup (node);
  disk->options = qmp_struct_to_json (QMP_STRUCT (overlay));
  disk->overlay_node = g_strdup (qmp_blockdev_options_get_node_name (overlay));
  g_ptr_array_add (self->disks, disk);
}

/* --- its steps ----------------------------------------------------------------------------- */

typedef struct
{
  GPtrArray *disks;
  guint at;
} Work;

static void
free_work (gpointer data)
{
  Work *work = data;

  g_ptr_array_unref (work->disks);
  g_free (work);
}

static Disk *
get_disk (QmpSteps *steps)
{
  Work *work = qmp_steps_get_data (steps);

  return work->disks->pdata[work->at];
}

static void undo (QmpSteps *steps);

/* Whether the node went or not: what went wrong is another. */
static void
on_undone (QmpSteps *steps, G_GNUC_UNUSED QmpValue *reply, G_GNUC_UNUSED const GError *error)
{
  undo (steps);
}

static void
undo (QmpSteps *steps)
{
  Work *work = qmp_steps_get_data (steps);

  for (guint i = work->disks->len; i > 0; i--)
    {
      Disk *disk = work->disks->pdata[i - 1];

      if (!disk->opened)
        continue;
      disk->opened = FALSE;
      qmp_steps_run (steps, QMP_STEP_SURE, on_undone, "blockdev-del", "{'node-name': <%s>}", disk->overlay_node);
      return;
    }
  qmp_steps_fail (steps, NULL);
}

static void
fail (QmpSteps *steps, const GError *error)
{
  qmp_steps_keep_error (steps, error);
  undo (steps);
}

static void
on_switched (QmpSteps *steps, QmpValue *reply, const GError *error)
{
  Work *work = qmp_steps_get_data (steps);
  g_autoptr (GStrvBuilder) names = NULL;

  if (reply == NULL)
    {
      fail (steps, error);
      return;
    }
  names = g_strv_builder_new ();
  for (guint i = 0; i < work->disks->len; i++)
    g_strv_builder_add (names, ((Disk *) work->disks->pdata[i])->overlay_node);
  qmp_steps_return (steps, g_strv_builder_end (names), (GDestroyNotify) g_strfreev);
}

/* The instant. */
static void
change_over (QmpSteps *steps)
{
  Work *work = qmp_steps_get_data (steps);
  GVariantBuilder actions;

  g_variant_builder_init (&actions, G_VARIANT_TYPE ("av"));
  for (guint i = 0; i < work->disks->len; i++)
    {
      Disk *disk = work->disks->pdata[i];

      g_variant_builder_add_parsed (&actions, "<{'type': <'blockdev-snapshot'>, 'data': <{'node': <%s>, 'overlay': <%s>}>}>",
                                    disk->node, disk->overlay_node);
    }
  qmp_steps_run (steps, QMP_STEP_WHOLE, on_switched, "transaction", "{'actions': <%@av>}", g_variant_builder_end (&actions));
}

static void prepare_disk (QmpSteps *steps);

/* Of a name that was invented, it is no harm to delete what may not be there:
 * when there was no answer. One that is cancelled was not even asked for. */
static void
on_opened (QmpSteps *steps, QmpValue *reply, const GError *error)
{
  Work *work = qmp_steps_get_data (steps);
  Disk *disk = get_disk (steps);

  disk->opened = reply != NULL || (disk->invented && error->domain == G_IO_ERROR && error->code != G_IO_ERROR_CANCELLED);
  if (reply == NULL)
    {
      fail (steps, error);
      return;
    }
  work->at++;
  prepare_disk (steps);
}

static void
open_image (QmpSteps *steps)
{
  Disk *disk = get_disk (steps);
  g_autoptr (QmpValue) cache = qmp_value_get_member (disk->info, "cache");
  gboolean direct = FALSE, no_flush = FALSE;

  if (cache != NULL)
    {
      qmp_value_get_member_boolean (cache, "direct", &direct);
      qmp_value_get_member_boolean (cache, "no-flush", &no_flush);
    }
  qmp_steps_run (steps, QMP_STEP_WHOLE, on_opened, "blockdev-add",
                 "{'driver': <'qcow2'>, 'node-name': <%s>, 'backing': <@ms nothing>,"
                 " 'cache': <{'direct': %b, 'no-flush': %b}>, 'file': <{'driver': 'file', 'filename': %s}>}",
                 disk->overlay_node, direct, no_flush, disk->file);
}

static void
on_image_made (QmpSteps *steps, QmpValue *reply, const GError *error)
{
  if (reply != NULL)
    open_image (steps);
  else
    fail (steps, error);
}

static void
on_file_made (QmpSteps *steps, QmpValue *reply, const GError *error)
{
  Disk *disk = get_disk (steps);
  g_autoptr (QmpValue) image = qmp_value_get_member (disk->info, "image");
  g_autofree char *base = qmp_value_dup_member_string (disk->info, "file");
  g_autofree char *format = qmp_value_dup_member_string (disk->info, "drv");
  gint64 size = 0;

  if (reply == NULL)
    {
      fail (steps, error);
      return;
    }
  qmp_value_get_member_int64 (image, "virtual-size", &size);
  qmp_steps_run (steps, QMP_STEP_JOB, on_image_made, "blockdev-create",
                 "{'options': <{'driver': <'qcow2'>, 'file': <{'driver': 'file', 'filename': %s}>,"
                 " 'size': <%x>, 'backing-file': <%s>, 'backing-fmt': <%s>}>}",
                 disk->file, size, base, format);
}

static void
prepare_disk (QmpSteps *steps)
{
  Work *work = qmp_steps_get_data (steps);
  Disk *disk;

  if (work->at == work->disks->len)
    {
      change_over (steps);
      return;
    }
  disk = get_disk (steps);
  if (disk->file == NULL)
    qmp_steps_run_json (steps, QMP_STEP_WHOLE, on_opened, "blockdev-add", disk->options);
  else
    qmp_steps_run (steps, QMP_STEP_JOB, on_file_made, "blockdev-create",
                   "{'options': <{'driver': <'file'>, 'filename': <%s>, 'size': <int64 0>}>}", disk->file);
}

/* --- what is known of the disks ------------------------------------------------------------ */

static gboolean
has_all (QmpValue *info)
{
  g_autoptr (QmpValue) image = qmp_value_get_member (info, "image");
  g_autofree char *file = qmp_value_dup_member_string (info, "file");
  g_autofree char *driver = qmp_value_dup_member_string (info, "drv");
  gint64 size;

  return image != NULL && file != NULL && driver != NULL && qmp_value_get_member_int64 (image, "virtual-size", &size);
}

static gboolean
look_up (Disk *disk, QmpChains *nodes, GError **error)
{
  g_autofree char *driver = NULL;

  disk->info = qmp_chains_find (nodes, disk->node, error);
  if (disk->info == NULL || disk->file == NULL)
    return disk->info != NULL;
  if (!has_all (disk->info))
    {
      g_set_error (error, QMP_ERROR, QMP_ERROR_UNEXPECTED_VALUE, "QEMU does not tell enough of the block node “%s”",
                   disk->node);
      return FALSE;
    }
  driver = qmp_value_dup_member_string (disk->info, "drv");
  if (!qmp_chain_is_filter (driver))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               "The block node “%s” is a filter (%s); an overlay belongs to the image below", disk->node, driver);
  return FALSE;
}

static void
on_nodes (QmpSteps *steps, QmpValue *reply, const GError *error)
{
  Work *work = qmp_steps_get_data (steps);
  g_autoptr (QmpChains) nodes = NULL;
  g_autoptr (GError) local_error = NULL;

  if (reply == NULL)
    {
      qmp_steps_fail (steps, error);
      return;
    }
  nodes = qmp_chains_new (reply, NULL);
  for (guint i = 0; i < work->disks->len; i++)
    if (!look_up (work->disks->pdata[i], nodes, &local_error))
      {
        qmp_steps_fail (steps, local_error);
        return;
      }
  prepare_disk (steps);
}

static gboolean
has_backing (const char *options)
{
  g_autoptr (QmpValue) value = qmp_value_new_from_json (options, NULL);

  return value != NULL && qmp_value_has_member (value, "backing");
}

/* QEMU would open what the image records as the one below; that is open. */
static gboolean
complete_options (Disk *disk, GError **error)
{
  const char *wrong = disk->invented ? "needs a node name"
                                     : has_backing (disk->options) ? "must not have a “backing” yet" : NULL;
  char *all;

  if (wrong != NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "The overlay of “%s” %s", disk->node, wrong);
      return FALSE;
    }
  all = g_strconcat ("{\"backing\":null,", strchr (disk->options, '{') + 1, NULL);
  g_free (disk->options);
  disk->options = all;
  return TRUE;
}

static gboolean
complete (Disk *disk, GError **error)
{
  if (!g_utf8_validate (disk->node, -1, NULL) || !g_utf8_validate (disk->overlay_node, -1, NULL) ||
      (disk->file != NULL && !g_utf8_validate (disk->file, -1, NULL)))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "An overlay’s path, or a node’s name, is not UTF-8");
      return FALSE;
    }
  return disk->file != NULL || complete_options (disk, error);
}

static QmpSteps *
new_steps (QmpExternalSnapshot *self)
{
  Work *work = g_new0 (Work, 1);
  QmpSteps *steps = qmp_steps_new (work, free_work);
  g_autoptr (GError) error = NULL;

  work->disks = g_ptr_array_copy (self->disks, (GCopyFunc) copy_disk, NULL);
  g_ptr_array_set_free_func (work->disks, free_disk);
  if (work->disks->len == 0)
    g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "A snapshot needs a disk");
  for (guint i = 0; i < work->disks->len && error == NULL; i++)
    complete (work->disks->pdata[i], &error);
  if (error != NULL)
    qmp_steps_fail (steps, error);
  else
    qmp_steps_run (steps, QMP_STEP_NONE, on_nodes, "query-named-block-nodes", "{'flat': <true>}");
  return steps;
}

/* --- taking it ----------------------------------------------------------------------------- */

/**
 * qmp_external_snapshot_take_async:
 * @self: a snapshot
 * @connection: a connection
 * @cancellable: (nullable): gives up, as long as the disks have not gone over
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Takes the snapshot: makes the overlays by `blockdev-create`, opens them by
 * `blockdev-add`, and then has all disks go over to them at one instant, by a
 * `transaction` of `blockdev-snapshot`.
 *
 * When that fails, or is cancelled, all disks go on as they are, and nodes that
 * were opened are removed again. Files that QEMU has made stay where they are:
 * they are QEMU's, and maybe on another host. Whoever named them may remove
 * them.
 *
 * Once QEMU was told to go over, cancelling does nothing any more.
 *
 * Since: 0.1
 */
void
qmp_external_snapshot_take_async (QmpExternalSnapshot *self, QmpConnection *connection, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (QMP_IS_EXTERNAL_SNAPSHOT (self));
  g_return_if_fail (QMP_IS_CONNECTION (connection));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  qmp_steps_start (new_steps (self), connection,
                   wire_task_new (self, qmp_external_snapshot_take_async, cancellable, callback, user_data));
}

/**
 * qmp_external_snapshot_take_finish:
 * @self: a snapshot
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.ExternalSnapshot.take_async] began.
 *
 * Fails with %G_IO_ERROR_NOT_FOUND when there is no such block node; with
 * %G_IO_ERROR_INVALID_ARGUMENT when there is no disk, when a node is a filter,
 * when an overlay has no node name, or has a `backing`, or when a path cannot be
 * sent; and as
 * [func@Qmp.Job.run_finish] and [method@Qmp.Connection.execute_request_finish]
 * do, when QEMU refuses or fails a step.
 *
 * Returns: (transfer full) (array zero-terminated=1): the overlays' node names,
 *   in the order of the disks
 *
 * Since: 0.1
 */
char **
qmp_external_snapshot_take_finish (QmpExternalSnapshot *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_EXTERNAL_SNAPSHOT (self), NULL);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_external_snapshot_take_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * qmp_external_snapshot_take:
 * @self: a snapshot
 * @connection: a connection
 * @cancellable: (nullable): gives up, as long as the disks have not gone over
 * @error: return location
 *
 * Does what [method@Qmp.ExternalSnapshot.take_async] does, and blocks until it
 * is done.
 *
 * Fails as [method@Qmp.ExternalSnapshot.take_finish] does.
 *
 * Returns: (transfer full) (array zero-terminated=1): the overlays' node names,
 *   in the order of the disks
 *
 * Since: 0.1
 */
char **
qmp_external_snapshot_take (QmpExternalSnapshot *self, QmpConnection *connection, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_EXTERNAL_SNAPSHOT (self), NULL);
  g_return_val_if_fail (QMP_IS_CONNECTION (connection), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  return qmp_steps_block (new_steps (self), connection, cancellable, error);
}
