/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-api-private.h"
#include "qmp-device-private.h"
#include "qmp-unplug-private.h"

/* Plugging and unplugging for who blocks on it. */

static gboolean
add_backend (QmpConnection *self, const QmpBackend *backend, const char *id, gpointer value, GCancellable *cancellable,
             GError **error)
{
  g_autoptr (QmpStruct) result = NULL;

  if (!backend->apart)
    return qmp_command_run (backend->add, self, value, cancellable, error);
  result = qmp_command_run_pointer (backend->add, self, NULL, cancellable, error, id, value);
  return result != NULL;
}

static gboolean
plug (QmpConnection *self, const QmpBackend *backend, const char *id, gpointer value, const char *driver,
      QmpDeviceAddArguments *arguments, GCancellable *cancellable, GError **error)
{
  g_autoptr (QmpDeviceAddArguments) all = qmp_backend_complete (backend, id, arguments, error);

  if (all == NULL || !add_backend (self, backend, id, value, cancellable, error))
    return FALSE;
  if (qmp_command_run (&qmp_command_device_add, self, all, cancellable, error, driver))
    return TRUE;
  /* whether the backend goes or not: what went wrong is the device */
  qmp_command_run (backend->remove, self, NULL, NULL, NULL, id);
  return FALSE;
}

/* A device that went before, after its time was over, leaves its backend. */
static gboolean
unplug (QmpConnection *self, const QmpBackend *backend, const char *device, const char *id, QmpUnplugOptions *options,
        GCancellable *cancellable, GError **error)
{
  return qmp_unplug_run_for_backend (self, device, options, cancellable, error) &&
         qmp_command_run (backend->remove, self, NULL, cancellable, error, id);
}

/**
 * qmp_connection_plug_disk:
 * @self: a connection
 * @node: the block node, with a node name
 * @driver: the device, such as `virtio-blk-pci`
 * @arguments: (nullable): the device's other properties, or %NULL for none;
 *   `id` among them is what it can be unplugged by
 * @cancellable: (nullable): ends the wait, though QEMU may still run the
 *   command it was given last
 * @error: return location
 *
 * Adds a disk and its node, as [method@Qmp.Connection.plug_disk_async] does,
 * and blocks until both are there.
 *
 * Fails as [method@Qmp.Connection.plug_disk_finish] does.
 *
 * Returns: whether both are there
 *
 * Since: 0.1
 */
gboolean
qmp_connection_plug_disk (QmpConnection *self, QmpBlockdevOptions *node, const char *driver,
                          QmpDeviceAddArguments *arguments, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (QMP_IS_BLOCKDEV_OPTIONS (node), FALSE);
  g_return_val_if_fail (driver != NULL, FALSE);
  g_return_val_if_fail (arguments == NULL || QMP_IS_DEVICE_ADD_ARGUMENTS (arguments), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  return plug (self, &qmp_backend_disk, qmp_blockdev_options_get_node_name (node), node,
               driver, arguments, cancellable, error);
}

/**
 * qmp_connection_unplug_disk:
 * @self: a connection
 * @device: the device's id, or its QOM path, which begins with `/`
 * @node_name: the block node's name
 * @options: (nullable): how long to wait and how often to ask, or %NULL for
 *   the defaults
 * @cancellable: (nullable): ends the wait; the guest is not told, and may
 *   let go of the device later
 * @error: return location
 *
 * Removes a disk and its node, as [method@Qmp.Connection.unplug_disk_async]
 * does, and blocks until both are gone.
 *
 * Fails as [method@Qmp.Connection.unplug_disk_finish] does.
 *
 * Returns: whether both are gone
 *
 * Since: 0.1
 */
gboolean
qmp_connection_unplug_disk (QmpConnection *self, const char *device, const char *node_name, QmpUnplugOptions *options,
                            GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (device != NULL && *device != '\0', FALSE);
  g_return_val_if_fail (node_name != NULL, FALSE);
  g_return_val_if_fail (options == NULL || QMP_IS_UNPLUG_OPTIONS (options), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  return unplug (self, &qmp_backend_disk, device, node_name, options, cancellable, error);
}

/**
 * qmp_connection_plug_network:
 * @self: a connection
 * @backend: the host's side, with an id
 * @driver: the device, such as `virtio-net-pci`
 * @arguments: (nullable): the device's other properties, or %NULL for none;
 *   `id` among them is what it can be unplugged by
 * @cancellable: (nullable): ends the wait, though QEMU may still run the
 *   command it was given last
 * @error: return location
 *
 * Adds a network interface and its backend, as
 * [method@Qmp.Connection.plug_network_async] does, and blocks until both are
 * there.
 *
 * Fails as [method@Qmp.Connection.plug_network_finish] does.
 *
 * Returns: whether both are there
 *
 * Since: 0.1
 */
gboolean
qmp_connection_plug_network (QmpConnection *self, QmpNetdev *backend, const char *driver,
                             QmpDeviceAddArguments *arguments, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (QMP_IS_NETDEV (backend), FALSE);
  g_return_val_if_fail (driver != NULL, FALSE);
  g_return_val_if_fail (arguments == NULL || QMP_IS_DEVICE_ADD_ARGUMENTS (arguments), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  return plug (self, &qmp_backend_network, qmp_netdev_get_id (backend), backend, driver, arguments, cancellable, error);
}

/**
 * qmp_connection_unplug_network:
 * @self: a connection
 * @device: the device's id, or its QOM path, which begins with `/`
 * @backend_id: the network backend's id
 * @options: (nullable): how long to wait and how often to ask, or %NULL for
 *   the defaults
 * @cancellable: (nullable): ends the wait; the guest is not told, and may
 *   let go of the device later
 * @error: return location
 *
 * Removes a network interface and its backend, as
 * [method@Qmp.Connection.unplug_network_async] does, and blocks until both are
 * gone.
 *
 * Fails as [method@Qmp.Connection.unplug_network_finish] does.
 *
 * Returns: whether both are gone
 *
 * Since: 0.1
 */
gboolean
qmp_connection_unplug_network (QmpConnection *self, const char *device, const char *backend_id,
                               QmpUnplugOptions *options, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (device != NULL && *device != '\0', FALSE);
  g_return_val_if_fail (backend_id != NULL, FALSE);
  g_return_val_if_fail (options == NULL || QMP_IS_UNPLUG_OPTIONS (options), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  return unplug (self, &qmp_backend_network, device, backend_id, options, cancellable, error);
}

/**
 * qmp_connection_plug_character_device:
 * @self: a connection
 * @backend_id: the character backend's id, which is to be new
 * @backend: the host's side
 * @driver: the device, such as `virtserialport`
 * @arguments: (nullable): the device's other properties, or %NULL for none;
 *   `id` among them is what it can be unplugged by
 * @cancellable: (nullable): ends the wait, though QEMU may still run the
 *   command it was given last
 * @error: return location
 *
 * Adds a character device and its backend, as
 * [method@Qmp.Connection.plug_character_device_async] does, and blocks until
 * both are there.
 *
 * Fails as [method@Qmp.Connection.plug_character_device_finish] does.
 *
 * Returns: whether both are there
 *
 * Since: 0.1
 */
gboolean
qmp_connection_plug_character_device (QmpConnection *self, const char *backend_id, QmpChardevBackend *backend,
                                      const char *driver, QmpDeviceAddArguments *arguments, GCancellable *cancellable,
                                      GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (backend_id != NULL, FALSE);
  g_return_val_if_fail (QMP_IS_CHARDEV_BACKEND (backend), FALSE);
  g_return_val_if_fail (driver != NULL, FALSE);
  g_return_val_if_fail (arguments == NULL || QMP_IS_DEVICE_ADD_ARGUMENTS (arguments), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  return plug (self, &qmp_backend_character_device, backend_id, backend, driver, arguments, cancellable, error);
}

/**
 * qmp_connection_unplug_character_device:
 * @self: a connection
 * @device: the device's id, or its QOM path, which begins with `/`
 * @backend_id: the character backend's id
 * @options: (nullable): how long to wait and how often to ask, or %NULL for
 *   the defaults
 * @cancellable: (nullable): ends the wait; the guest is not told, and may
 *   let go of the device later
 * @error: return location
 *
 * Removes a character device and its backend, as
 * [method@Qmp.Connection.unplug_character_device_async] does, and blocks until
 * both are gone.
 *
 * Fails as [method@Qmp.Connection.unplug_character_device_finish] does.
 *
 * Returns: whether both are gone
 *
 * Since: 0.1
 */
gboolean
qmp_connection_unplug_character_device (QmpConnection *self, const char *device, const char *backend_id,
                                        QmpUnplugOptions *options, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (device != NULL && *device != '\0', FALSE);
  g_return_val_if_fail (backend_id != NULL, FALSE);
  g_return_val_if_fail (options == NULL || QMP_IS_UNPLUG_OPTIONS (options), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  return unplug (self, &qmp_backend_character_device, device, backend_id, options, cancellable, error);
}
