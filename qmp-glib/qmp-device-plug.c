/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-api-private.h"
#include "qmp-connection-private.h"
#include "qmp-device-private.h"
#include "qmp-unplug-private.h"
#include "wire/wire-task.h"

/* Plugging in two steps, and unplugging in two: a device's backend is there
 * before it, and goes after it. */

const QmpBackend qmp_backend_disk = { &qmp_command_blockdev_add, &qmp_command_blockdev_del, "drive", FALSE };
const QmpBackend qmp_backend_network = { &qmp_command_netdev_add, &qmp_command_netdev_del, "netdev", FALSE };
const QmpBackend qmp_backend_character_device = { &qmp_command_chardev_add, &qmp_command_chardev_remove, "chardev", TRUE };

typedef struct
{
  const QmpBackend *backend;
  char *id;
  char *driver;
  QmpDeviceAddArguments *arguments;
  GError *failure;  /* of the second step, while the first is undone */
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_free (work->id);
  g_free (work->driver);
  g_clear_object (&work->arguments);
  g_clear_error (&work->failure);
  g_free (work);
}

/* The device's arguments, which name the backend unless they do already. */
QmpDeviceAddArguments *
qmp_backend_complete (const QmpBackend *self, const char *id, QmpDeviceAddArguments *arguments, GError **error)
{
  g_autoptr (QmpStruct) all = NULL;
  g_autofree char *present = NULL, *value = NULL;
  g_autoptr (JsonNode) node = NULL;

  if (id == NULL || *id == '\0')
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s: it needs a name", self->add->name);
      return NULL;
    }
  all = arguments != NULL ? qmp_struct_copy (QMP_STRUCT (arguments)) : QMP_STRUCT (qmp_device_add_arguments_new ());
  present = qmp_struct_get_member_json (all, self->property);
  node = json_node_init_string (json_node_alloc (), id);
  value = json_to_string (node, FALSE);
  if (present != NULL || qmp_struct_set_member_json (all, self->property, value, error))
    return QMP_DEVICE_ADD_ARGUMENTS (g_steal_pointer (&all));
  return NULL;
}

static GTask *
new_task (QmpConnection *self, gpointer tag, const QmpBackend *backend, const char *id, GCancellable *cancellable,
          GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = wire_task_new (self, tag, cancellable, callback, user_data);
  Work *work = g_new0 (Work, 1);

  work->backend = backend;
  work->id = g_strdup (id);
  g_task_set_task_data (task, work, work_free);
  return task;
}

/* --- plugging --------------------------------------------------------------------------------- */

/* Whether the backend went or not: what went wrong is the device. */
static void
on_undone (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Work *work = g_task_get_task_data (task);

  qmp_command_finish (work->backend->remove, QMP_CONNECTION (source), result, NULL);
  g_task_return_error (task, g_steal_pointer (&work->failure));
}

static void
on_device_added (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Work *work = g_task_get_task_data (task);

  if (qmp_command_finish (&qmp_command_device_add, QMP_CONNECTION (source), result, &work->failure))
    g_task_return_boolean (task, TRUE);
  else
    qmp_command_start (work->backend->remove, QMP_CONNECTION (source), NULL, NULL, on_undone, g_object_ref (task), work->id);
}

static gboolean
finish_backend (const QmpBackend *backend, QmpConnection *self, GAsyncResult *result, GError **error)
{
  g_autoptr (QmpStruct) value = NULL;

  if (!backend->apart)
    return qmp_command_finish (backend->add, self, result, error);
  value = qmp_command_finish_pointer (backend->add, self, result, error);
  return value != NULL;
}

static void
on_backend_added (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Work *work = g_task_get_task_data (task);
  GError *error = NULL;

  if (finish_backend (work->backend, QMP_CONNECTION (source), result, &error))
    qmp_command_start (&qmp_command_device_add, QMP_CONNECTION (source), work->arguments, g_task_get_cancellable (task),
                       on_device_added, g_object_ref (task), work->driver);
  else
    g_task_return_error (task, error);
}

/* Takes the task. */
static void
plug (GTask *task, gpointer backend, const char *driver, QmpDeviceAddArguments *arguments)
{
  g_autoptr (GTask) owned = task;
  Work *work = g_task_get_task_data (task);
  GError *error = NULL;

  work->arguments = qmp_backend_complete (work->backend, work->id, arguments, &error);
  work->driver = g_strdup (driver);
  if (work->arguments == NULL)
    g_task_return_error (task, error);
  else if (work->backend->apart)
    qmp_command_start (work->backend->add, g_task_get_source_object (task), NULL, g_task_get_cancellable (task),
                       on_backend_added, g_object_ref (task), work->id, backend);
  else
    qmp_command_start (work->backend->add, g_task_get_source_object (task), backend, g_task_get_cancellable (task),
                       on_backend_added, g_object_ref (task));
}

/* --- unplugging ------------------------------------------------------------------------------- */

static void
on_backend_removed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Work *work = g_task_get_task_data (task);
  GError *error = NULL;
  gboolean done = qmp_command_finish (work->backend->remove, QMP_CONNECTION (source), result, &error);

  wire_task_return_boolean (task, done, error);
}

/* A device that went before, after its time was over, leaves its backend. */
static void
on_device_gone (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Work *work = g_task_get_task_data (task);
  GError *error = NULL;

  if (!qmp_connection_unplug_device_finish (QMP_CONNECTION (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  qmp_command_start (work->backend->remove, QMP_CONNECTION (source), NULL, g_task_get_cancellable (task), on_backend_removed,
                     g_object_ref (task), work->id);
}

/* Takes the task. */
static void
unplug (GTask *task, const char *device, QmpUnplugOptions *options)
{
  qmp_unplug_start_for_backend (g_task_get_source_object (task), device, options, g_task_get_cancellable (task),
                                on_device_gone, task);
}

/* --- disks -------------------------------------------------------------------------------------- */

/**
 * qmp_connection_plug_disk_async:
 * @self: a connection
 * @node: the block node, with a node name
 * @driver: the device, such as `virtio-blk-pci`
 * @arguments: (nullable): the device's other properties, or %NULL for none;
 *   `id` among them is what it can be unplugged by
 * @cancellable: (nullable): ends the wait, though QEMU may still run the
 *   command it was given last
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Adds a block node and a disk that shows it to the guest: `blockdev-add`, then
 * `device_add`.
 *
 * The device's property `drive` names the node, unless @arguments has it
 * already. When QEMU refuses the device, the node is removed again, also after
 * a cancel: `blockdev-del` comes behind `device_add`, and does nothing where
 * the device is there.
 *
 * Since: 0.1
 */
void
qmp_connection_plug_disk_async (QmpConnection *self, QmpBlockdevOptions *node, const char *driver,
                                QmpDeviceAddArguments *arguments, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (QMP_IS_BLOCKDEV_OPTIONS (node));
  g_return_if_fail (driver != NULL);
  g_return_if_fail (arguments == NULL || QMP_IS_DEVICE_ADD_ARGUMENTS (arguments));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = new_task (self, qmp_connection_plug_disk_async, &qmp_backend_disk, qmp_blockdev_options_get_node_name (node),
                   cancellable, callback, user_data);
  plug (task, node, driver, arguments);
}

/**
 * qmp_connection_plug_disk_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.plug_disk_async] began.
 *
 * Fails as [method@Qmp.Connection.execute_finish] does, when QEMU refuses the
 * node or the device; with %G_IO_ERROR_INVALID_ARGUMENT when the node has no
 * name, or an argument cannot be sent.
 *
 * Returns: whether both are there
 *
 * Since: 0.1
 */
gboolean
qmp_connection_plug_disk_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_connection_plug_disk_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * qmp_connection_unplug_disk_async:
 * @self: a connection
 * @device: the device's id, or its QOM path, which begins with `/`
 * @node_name: the block node's name
 * @options: (nullable): how long to wait and how often to ask, or %NULL for
 *   the defaults
 * @cancellable: (nullable): ends the wait; the guest is not told, and may
 *   let go of the device later
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Unplugs a disk as [method@Qmp.Connection.unplug_device_async] does, and then
 * removes its node with `blockdev-del`. Nodes that were described within that
 * one go with it; one that has a name of its own, and was added by itself,
 * stays.
 *
 * A device that is gone already is no error: one that the guest let go of after
 * an earlier call gave up leaves its node, and that is removed.
 *
 * Since: 0.1
 */
void
qmp_connection_unplug_disk_async (QmpConnection *self, const char *device, const char *node_name,
                                  QmpUnplugOptions *options, GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  GTask *task;

  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (device != NULL && *device != '\0');
  g_return_if_fail (node_name != NULL);
  g_return_if_fail (options == NULL || QMP_IS_UNPLUG_OPTIONS (options));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = new_task (self, qmp_connection_unplug_disk_async, &qmp_backend_disk, node_name, cancellable,
                   callback, user_data);
  unplug (task, device, options);
}

/**
 * qmp_connection_unplug_disk_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.unplug_disk_async] began.
 *
 * Fails as [method@Qmp.Connection.unplug_device_finish] does, but for a device
 * that is not there; then nothing was removed. Fails as
 * [method@Qmp.Connection.execute_finish] does when QEMU does not remove the
 * node, as one that is in use elsewhere; then the device is gone.
 *
 * Returns: whether both are gone
 *
 * Since: 0.1
 */
gboolean
qmp_connection_unplug_disk_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_connection_unplug_disk_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- network interfaces ------------------------------------------------------------------------- */

/**
 * qmp_connection_plug_network_async:
 * @self: a connection
 * @backend: the host's side, with an id
 * @driver: the device, such as `virtio-net-pci`
 * @arguments: (nullable): the device's other properties, or %NULL for none;
 *   `id` among them is what it can be unplugged by
 * @cancellable: (nullable): ends the wait, though QEMU may still run the
 *   command it was given last
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Adds a network backend and an interface that shows it to the guest:
 * `netdev_add`, then `device_add`.
 *
 * The device's property `netdev` names the backend, unless @arguments has it
 * already. When QEMU refuses the device, the backend is removed again, also
 * after a cancel: `netdev_del` comes behind `device_add`, and does nothing
 * where the device is there.
 *
 * Since: 0.1
 */
void
qmp_connection_plug_network_async (QmpConnection *self, QmpNetdev *backend, const char *driver,
                                   QmpDeviceAddArguments *arguments, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (QMP_IS_NETDEV (backend));
  g_return_if_fail (driver != NULL);
  g_return_if_fail (arguments == NULL || QMP_IS_DEVICE_ADD_ARGUMENTS (arguments));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = new_task (self, qmp_connection_plug_network_async, &qmp_backend_network, qmp_netdev_get_id (backend), cancellable,
                   callback, user_data);
  plug (task, backend, driver, arguments);
}

/**
 * qmp_connection_plug_network_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.plug_network_async] began.
 *
 * Fails as [method@Qmp.Connection.execute_finish] does, when QEMU refuses the
 * backend or the device; with %G_IO_ERROR_INVALID_ARGUMENT when the backend has
 * no name, or an argument cannot be sent.
 *
 * Returns: whether both are there
 *
 * Since: 0.1
 */
gboolean
qmp_connection_plug_network_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_connection_plug_network_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * qmp_connection_unplug_network_async:
 * @self: a connection
 * @device: the device's id, or its QOM path, which begins with `/`
 * @backend_id: the network backend's id
 * @options: (nullable): how long to wait and how often to ask, or %NULL for
 *   the defaults
 * @cancellable: (nullable): ends the wait; the guest is not told, and may
 *   let go of the device later
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Unplugs a network interface as [method@Qmp.Connection.unplug_device_async]
 * does, and then removes its backend with `netdev_del`.
 *
 * A device that is gone already is no error: one that the guest let go of after
 * an earlier call gave up leaves its backend, and that is removed.
 *
 * Since: 0.1
 */
void
qmp_connection_unplug_network_async (QmpConnection *self, const char *device, const char *backend_id,
                                     QmpUnplugOptions *options, GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  GTask *task;

  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (device != NULL && *device != '\0');
  g_return_if_fail (backend_id != NULL);
  g_return_if_fail (options == NULL || QMP_IS_UNPLUG_OPTIONS (options));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = new_task (self, qmp_connection_unplug_network_async, &qmp_backend_network, backend_id, cancellable,
                   callback, user_data);
  unplug (task, device, options);
}

/**
 * qmp_connection_unplug_network_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.unplug_network_async] began.
 *
 * Fails as [method@Qmp.Connection.unplug_device_finish] does, but for a device
 * that is not there; then nothing was removed. Fails as
 * [method@Qmp.Connection.execute_finish] does when QEMU does not remove the
 * backend, as one that is in use elsewhere; then the device is gone.
 *
 * Returns: whether both are gone
 *
 * Since: 0.1
 */
gboolean
qmp_connection_unplug_network_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_connection_unplug_network_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- character devices -------------------------------------------------------------------------- */

/**
 * qmp_connection_plug_character_device_async:
 * @self: a connection
 * @backend_id: the character backend's id, which is to be new
 * @backend: the host's side
 * @driver: the device, such as `virtserialport`
 * @arguments: (nullable): the device's other properties, or %NULL for none;
 *   `id` among them is what it can be unplugged by
 * @cancellable: (nullable): ends the wait, though QEMU may still run the
 *   command it was given last
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Adds a character backend and a device that shows it to the guest:
 * `chardev-add`, then `device_add`.
 *
 * The device's property `chardev` names the backend, unless @arguments has it
 * already. When QEMU refuses the device, the backend is removed again, also
 * after a cancel: `chardev-remove` comes behind `device_add`, and does nothing
 * where the device is there.
 *
 * What QEMU tells of the new backend, such as the name of a pseudo terminal, is
 * in `query-chardev`.
 *
 * Since: 0.1
 */
void
qmp_connection_plug_character_device_async (QmpConnection *self, const char *backend_id, QmpChardevBackend *backend,
                                            const char *driver, QmpDeviceAddArguments *arguments,
                                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (backend_id != NULL);
  g_return_if_fail (QMP_IS_CHARDEV_BACKEND (backend));
  g_return_if_fail (driver != NULL);
  g_return_if_fail (arguments == NULL || QMP_IS_DEVICE_ADD_ARGUMENTS (arguments));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = new_task (self, qmp_connection_plug_character_device_async, &qmp_backend_character_device, backend_id,
                   cancellable, callback, user_data);
  plug (task, backend, driver, arguments);
}

/**
 * qmp_connection_plug_character_device_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.plug_character_device_async] began.
 *
 * Fails as [method@Qmp.Connection.execute_finish] does, when QEMU refuses the
 * backend or the device; with %G_IO_ERROR_INVALID_ARGUMENT when the backend has
 * no name, or an argument cannot be sent.
 *
 * Returns: whether both are there
 *
 * Since: 0.1
 */
gboolean
qmp_connection_plug_character_device_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_connection_plug_character_device_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * qmp_connection_unplug_character_device_async:
 * @self: a connection
 * @device: the device's id, or its QOM path, which begins with `/`
 * @backend_id: the character backend's id
 * @options: (nullable): how long to wait and how often to ask, or %NULL for
 *   the defaults
 * @cancellable: (nullable): ends the wait; the guest is not told, and may
 *   let go of the device later
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Unplugs a character device as [method@Qmp.Connection.unplug_device_async]
 * does, and then removes its backend with `chardev-remove`.
 *
 * A device that is gone already is no error: one that the guest let go of after
 * an earlier call gave up leaves its backend, and that is removed.
 *
 * Since: 0.1
 */
void
qmp_connection_unplug_character_device_async (QmpConnection *self, const char *device, const char *backend_id,
                                              QmpUnplugOptions *options, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (device != NULL && *device != '\0');
  g_return_if_fail (backend_id != NULL);
  g_return_if_fail (options == NULL || QMP_IS_UNPLUG_OPTIONS (options));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = new_task (self, qmp_connection_unplug_character_device_async, &qmp_backend_character_device, backend_id,
                   cancellable, callback, user_data);
  unplug (task, device, options);
}

/**
 * qmp_connection_unplug_character_device_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.unplug_character_device_async] began.
 *
 * Fails as [method@Qmp.Connection.unplug_device_finish] does, but for a device
 * that is not there; then nothing was removed. Fails as
 * [method@Qmp.Connection.execute_finish] does when QEMU does not remove the
 * backend, as one that is in use elsewhere; then the device is gone.
 *
 * Returns: whether both are gone
 *
 * Since: 0.1
 */
gboolean
qmp_connection_unplug_character_device_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_connection_unplug_character_device_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
