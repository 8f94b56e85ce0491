/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-glib.h"
#include "wire/wire-task.h"

/* Snapshots within images: jobs that are run to their end. */

static QmpRequest *
make_request (const char *command, const char *tag, const char *vmstate, const char *const *devices)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) arguments = NULL;
  QmpRequest *request = qmp_request_new (command);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "tag");
  json_builder_add_string_value (builder, tag);
  if (vmstate != NULL)
    {
      json_builder_set_member_name (builder, "vmstate");
      json_builder_add_string_value (builder, vmstate);
    }
  json_builder_set_member_name (builder, "devices");
  json_builder_begin_array (builder);
  for (; *devices != NULL; devices++)
    json_builder_add_string_value (builder, *devices);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  arguments = json_builder_get_root (builder);
  qmp_request_set_arguments (request, arguments, NULL);
  return request;
}

static void
on_run (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (qmp_job_run_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* --- saving -------------------------------------------------------------------------------- */

/**
 * qmp_connection_save_snapshot_async:
 * @self: a connection
 * @tag: the snapshot's name
 * @vmstate: the node that gets the state of the machine
 * @devices: (array zero-terminated=1): the nodes of all disks that belong to it
 * @cancellable: (nullable): cancels the job
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Saves the whole machine into its images, by `snapshot-save`: the contents of
 * its disks, and the state of everything else. The machine stands still while
 * that goes on.
 *
 * Since: 0.1
 */
void
qmp_connection_save_snapshot_async (QmpConnection *self, const char *tag, const char *vmstate, const char *const *devices,
                                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (QmpRequest) request = NULL;

  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (tag != NULL);
  g_return_if_fail (vmstate != NULL);
  g_return_if_fail (devices != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  request = make_request ("snapshot-save", tag, vmstate, devices);
  qmp_job_run_async (self, request, NULL, QMP_JOB_RUN_NONE, cancellable, on_run,
                     wire_task_new (self, qmp_connection_save_snapshot_async, cancellable, callback, user_data));
}

/**
 * qmp_connection_save_snapshot_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.save_snapshot_async] began.
 *
 * Fails as [func@Qmp.Job.run_finish] does.
 *
 * Returns: whether it was done
 *
 * Since: 0.1
 */
gboolean
qmp_connection_save_snapshot_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_connection_save_snapshot_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * qmp_connection_save_snapshot:
 * @self: a connection
 * @tag: the snapshot's name
 * @vmstate: the node that gets the state of the machine
 * @devices: (array zero-terminated=1): the nodes of all disks that belong to it
 * @cancellable: (nullable): cancels the job
 * @error: return location
 *
 * Does what [method@Qmp.Connection.save_snapshot_async] does, and blocks until
 * it is done.
 *
 * Fails as [method@Qmp.Connection.save_snapshot_finish] does.
 *
 * Returns: whether it was done
 *
 * Since: 0.1
 */
gboolean
qmp_connection_save_snapshot (QmpConnection *self, const char *tag, const char *vmstate, const char *const *devices,
                               GCancellable *cancellable, GError **error)
{
  g_autoptr (QmpRequest) request = NULL;

  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (tag != NULL, FALSE);
  g_return_val_if_fail (vmstate != NULL, FALSE);
  g_return_val_if_fail (devices != NULL, FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  request = make_request ("snapshot-save", tag, vmstate, devices);
  return qmp_job_run (self, request, NULL, QMP_JOB_RUN_NONE, cancellable, error);
}

/* A failed load leaves a machine that stands still. */
static void
add_state (GError *error, QmpStatusInfo *status)
{
  char *message;

  if (status == NULL || qmp_status_info_get_status (status) != QMP_RUN_STATE_RESTORE_VM)
    return;
  message = g_strconcat (error->message, "; the machine stands still (restore-vm)", NULL);
  g_free (error->message);
  error->message = message;
}

static void
on_load_status (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (QmpStatusInfo) status = qmp_connection_query_status_finish (QMP_CONNECTION (source), result, NULL);
  GError *error = g_error_copy (g_task_get_task_data (task));

  add_state (error, status);
  g_task_return_error (task, error);
}

static void
on_load (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (qmp_job_run_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else if (!g_error_matches (error, QMP_ERROR, QMP_ERROR_JOB_FAILED))
    g_task_return_error (task, error);
  else
    {
      g_task_set_task_data (task, error, (GDestroyNotify) g_error_free);
      qmp_connection_query_status_async (g_task_get_source_object (task), NULL, on_load_status, g_object_ref (task));
    }
}

/* --- loading ------------------------------------------------------------------------------- */

/**
 * qmp_connection_load_snapshot_async:
 * @self: a connection
 * @tag: the snapshot's name
 * @vmstate: the node that has the state of the machine
 * @devices: (array zero-terminated=1): the nodes of all disks that belong to it
 * @cancellable: (nullable): cancels the job
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Brings the machine back to where it was when a snapshot was saved, by
 * `snapshot-load`.
 *
 * Since: 0.1
 */
void
qmp_connection_load_snapshot_async (QmpConnection *self, const char *tag, const char *vmstate, const char *const *devices,
                                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (QmpRequest) request = NULL;

  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (tag != NULL);
  g_return_if_fail (vmstate != NULL);
  g_return_if_fail (devices != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  request = make_request ("snapshot-load", tag, vmstate, devices);
  qmp_job_run_async (self, request, NULL, QMP_JOB_RUN_NONE, cancellable, on_load,
                     wire_task_new (self, qmp_connection_load_snapshot_async, cancellable, callback, user_data));
}

/**
 * qmp_connection_load_snapshot_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.load_snapshot_async] began.
 *
 * Fails as [func@Qmp.Job.run_finish] does; the message also tells when
 * the machine stands still then, in %QMP_RUN_STATE_RESTORE_VM, and waits for a
 * snapshot that can be loaded, or for a reset.
 *
 * Returns: whether it was done
 *
 * Since: 0.1
 */
gboolean
qmp_connection_load_snapshot_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_connection_load_snapshot_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * qmp_connection_load_snapshot:
 * @self: a connection
 * @tag: the snapshot's name
 * @vmstate: the node that has the state of the machine
 * @devices: (array zero-terminated=1): the nodes of all disks that belong to it
 * @cancellable: (nullable): cancels the job
 * @error: return location
 *
 * Does what [method@Qmp.Connection.load_snapshot_async] does, and blocks until
 * it is done.
 *
 * Fails as [method@Qmp.Connection.load_snapshot_finish] does.
 *
 * Returns: whether it was done
 *
 * Since: 0.1
 */
gboolean
qmp_connection_load_snapshot (QmpConnection *self, const char *tag, const char *vmstate, const char *const *devices,
                               GCancellable *cancellable, GError **error)
{
  g_autoptr (QmpRequest) request = NULL;
  g_autoptr (QmpStatusInfo) status = NULL;
  GError *local_error = NULL;

  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (tag != NULL, FALSE);
  g_return_val_if_fail (vmstate != NULL, FALSE);
  g_return_val_if_fail (devices != NULL, FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  request = make_request ("snapshot-load", tag, vmstate, devices);
  if (qmp_job_run (self, request, NULL, QMP_JOB_RUN_NONE, cancellable, &local_error))
    return TRUE;
  if (g_error_matches (local_error, QMP_ERROR, QMP_ERROR_JOB_FAILED))
    status = qmp_connection_query_status (self, NULL, NULL);
  add_state (local_error, status);
  g_propagate_error (error, local_error);
  return FALSE;
}

/* --- deleting ------------------------------------------------------------------------------ */

/**
 * qmp_connection_delete_snapshot_async:
 * @self: a connection
 * @tag: the snapshot's name
 * @devices: (array zero-terminated=1): the nodes of all disks that belong to it
 * @cancellable: (nullable): cancels the job
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Deletes a snapshot from images, by `snapshot-delete`. It is no error when it
 * is not there.
 *
 * Since: 0.1
 */
void
qmp_connection_delete_snapshot_async (QmpConnection *self, const char *tag, const char *const *devices,
                                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (QmpRequest) request = NULL;

  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (tag != NULL);
  g_return_if_fail (devices != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  request = make_request ("snapshot-delete", tag, NULL, devices);
  qmp_job_run_async (self, request, NULL, QMP_JOB_RUN_NONE, cancellable, on_run,
                     wire_task_new (self, qmp_connection_delete_snapshot_async, cancellable, callback, user_data));
}

/**
 * qmp_connection_delete_snapshot_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.delete_snapshot_async] began.
 *
 * Fails as [func@Qmp.Job.run_finish] does.
 *
 * Returns: whether it was done
 *
 * Since: 0.1
 */
gboolean
qmp_connection_delete_snapshot_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_connection_delete_snapshot_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * qmp_connection_delete_snapshot:
 * @self: a connection
 * @tag: the snapshot's name
 * @devices: (array zero-terminated=1): the nodes of all disks that belong to it
 * @cancellable: (nullable): cancels the job
 * @error: return location
 *
 * Does what [method@Qmp.Connection.delete_snapshot_async] does, and blocks until
 * it is done.
 *
 * Fails as [method@Qmp.Connection.delete_snapshot_finish] does.
 *
 * Returns: whether it was done
 *
 * Since: 0.1
 */
gboolean
qmp_connection_delete_snapshot (QmpConnection *self, const char *tag, const char *const *devices,
                               GCancellable *cancellable, GError **error)
{
  g_autoptr (QmpRequest) request = NULL;

  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (tag != NULL, FALSE);
  g_return_val_if_fail (devices != NULL, FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  request = make_request ("snapshot-delete", tag, NULL, devices);
  return qmp_job_run (self, request, NULL, QMP_JOB_RUN_NONE, cancellable, error);
}

/* --- what there is ------------------------------------------------------------------------- */

static GPtrArray *
get_snapshots (GPtrArray *nodes, const char *node, GError **error)
{
  for (guint i = 0; i < nodes->len; i++)
    if (g_strcmp0 (qmp_block_device_info_get_node_name (nodes->pdata[i]), node) == 0)
      {
        QmpImageInfo *image = qmp_block_device_info_get_image (nodes->pdata[i]);
        GPtrArray *snapshots = image != NULL ? qmp_image_info_get_snapshots (image) : NULL;

        return snapshots != NULL ? snapshots : g_ptr_array_new_with_free_func (g_object_unref);
      }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no block node “%s”", node);
  return NULL;
}

static void
on_nodes (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (GPtrArray) nodes = qmp_connection_query_named_block_nodes_finish (QMP_CONNECTION (source), result, &error);
  GPtrArray *snapshots = nodes != NULL ? get_snapshots (nodes, g_task_get_task_data (task), &error) : NULL;

  if (snapshots != NULL)
    g_task_return_pointer (task, snapshots, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

/**
 * qmp_connection_list_snapshots_async:
 * @self: a connection
 * @node: the name of an image's block node
 * @cancellable: (nullable): gives up
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Asks which snapshots an image has.
 *
 * Since: 0.1
 */
void
qmp_connection_list_snapshots_async (QmpConnection *self, const char *node, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (node != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (self, qmp_connection_list_snapshots_async, cancellable, callback, user_data);
  g_task_set_task_data (task, g_strdup (node), g_free);
  qmp_connection_query_named_block_nodes_async (self, NULL, cancellable, on_nodes, task);
}

/**
 * qmp_connection_list_snapshots_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.list_snapshots_async] began.
 *
 * Fails as [method@Qmp.Connection.query_named_block_nodes_finish] does, and
 * with %G_IO_ERROR_NOT_FOUND when there is no such node.
 *
 * Returns: (transfer container) (element-type QmpSnapshotInfo): the snapshots
 *
 * Since: 0.1
 */
GPtrArray *
qmp_connection_list_snapshots_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_connection_list_snapshots_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * qmp_connection_list_snapshots:
 * @self: a connection
 * @node: the name of an image's block node
 * @cancellable: (nullable): gives up
 * @error: return location
 *
 * Does what [method@Qmp.Connection.list_snapshots_async] does, and blocks
 * until QEMU has answered.
 *
 * Fails as [method@Qmp.Connection.list_snapshots_finish] does.
 *
 * Returns: (transfer container) (element-type QmpSnapshotInfo): the snapshots
 *
 * Since: 0.1
 */
GPtrArray *
qmp_connection_list_snapshots (QmpConnection *self, const char *node, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) nodes = NULL;

  g_return_val_if_fail (QMP_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (node != NULL, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  nodes = qmp_connection_query_named_block_nodes (self, NULL, cancellable, error);
  return nodes != NULL ? get_snapshots (nodes, node, error) : NULL;
}
