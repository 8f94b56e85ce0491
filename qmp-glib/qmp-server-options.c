/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-server-private.h"

/* How a server behaves: what can be set. All of it may be read and set in any
 * thread. */

static void
notify (QmpServer *self, const char *name, gboolean changed)
{
  qmp_server_core_unlock (qmp_server_get_core (self));
  if (changed)
    g_object_notify (G_OBJECT (self), name);
}

/**
 * qmp_server_get_version: (get-property version)
 * @self: a server
 *
 * Gets the version that it tells in its greeting.
 *
 * Returns: (transfer none): the version
 *
 * Since: 0.1
 */
QmpVersion *
qmp_server_get_version (QmpServer *self)
{
  g_return_val_if_fail (QMP_IS_SERVER (self), NULL);
  return qmp_server_get_core (self)->version;
}

/**
 * qmp_server_set_version: (set-property version)
 * @self: a server
 * @version: the version
 *
 * Sets the version that it tells in its greeting, to those who come from now on.
 *
 * Since: 0.1
 */
void
qmp_server_set_version (QmpServer *self, QmpVersion *version)
{
  QmpServerCore *core;

  g_return_if_fail (QMP_IS_SERVER (self));
  g_return_if_fail (QMP_IS_VERSION (version));
  core = qmp_server_get_core (self);
  qmp_server_core_lock (core);
  notify (self, "version", g_set_object (&core->version, version));
}

/**
 * qmp_server_get_out_of_band: (get-property out-of-band)
 * @self: a server
 *
 * Gets whether it offers out-of-band commands.
 *
 * Returns: whether it offers them
 *
 * Since: 0.1
 */
gboolean
qmp_server_get_out_of_band (QmpServer *self)
{
  QmpServerCore *core;
  gboolean out_of_band;

  g_return_val_if_fail (QMP_IS_SERVER (self), FALSE);
  core = qmp_server_get_core (self);
  qmp_server_core_lock (core);
  out_of_band = core->offers_out_of_band;
  qmp_server_core_unlock (core);
  return out_of_band;
}

/**
 * qmp_server_set_out_of_band: (set-property out-of-band)
 * @self: a server
 * @out_of_band: whether it offers them
 *
 * Sets whether it offers out-of-band commands, to those who come from now on.
 *
 * Since: 0.1
 */
void
qmp_server_set_out_of_band (QmpServer *self, gboolean out_of_band)
{
  QmpServerCore *core;
  gboolean changed;

  g_return_if_fail (QMP_IS_SERVER (self));
  core = qmp_server_get_core (self);
  out_of_band = !!out_of_band;
  qmp_server_core_lock (core);
  changed = core->offers_out_of_band != out_of_band;
  core->offers_out_of_band = out_of_band;
  notify (self, "out-of-band", changed);
}

/**
 * qmp_server_get_limits: (get-property limits)
 * @self: a server
 *
 * Gets how large a client's message may be.
 *
 * Returns: (transfer none): the limits
 *
 * Since: 0.1
 */
QmpLimits *
qmp_server_get_limits (QmpServer *self)
{
  g_return_val_if_fail (QMP_IS_SERVER (self), NULL);
  return qmp_server_get_core (self)->limits;
}

/**
 * qmp_server_set_limits: (set-property limits)
 * @self: a server
 * @limits: the limits
 *
 * Sets how large a client's message may be, for those who come from now on.
 *
 * Since: 0.1
 */
void
qmp_server_set_limits (QmpServer *self, QmpLimits *limits)
{
  QmpServerCore *core;

  g_return_if_fail (QMP_IS_SERVER (self));
  g_return_if_fail (QMP_IS_LIMITS (limits));
  core = qmp_server_get_core (self);
  qmp_server_core_lock (core);
  notify (self, "limits", g_set_object (&core->limits, limits));
}

/**
 * qmp_server_get_max_clients: (get-property max-clients)
 * @self: a server
 *
 * Gets how many clients it serves at once.
 *
 * Returns: clients
 *
 * Since: 0.1
 */
guint
qmp_server_get_max_clients (QmpServer *self)
{
  QmpServerCore *core;
  guint max_clients;

  g_return_val_if_fail (QMP_IS_SERVER (self), 0);
  core = qmp_server_get_core (self);
  qmp_server_core_lock (core);
  max_clients = core->max_clients;
  qmp_server_core_unlock (core);
  return max_clients;
}

/**
 * qmp_server_set_max_clients: (set-property max-clients)
 * @self: a server
 * @max_clients: clients
 *
 * Sets how many clients it serves at once; who is there already stays. What is
 * out of range becomes the nearest that is in it.
 *
 * Since: 0.1
 */
void
qmp_server_set_max_clients (QmpServer *self, guint max_clients)
{
  QmpServerCore *core;
  gboolean changed;

  g_return_if_fail (QMP_IS_SERVER (self));
  core = qmp_server_get_core (self);
  max_clients = CLAMP (max_clients, 1, QMP_SERVER_MOST_CLIENTS);
  qmp_server_core_lock (core);
  changed = core->max_clients != max_clients;
  core->max_clients = max_clients;
  qmp_server_watch_doors (core);
  notify (self, "max-clients", changed);
}

/**
 * qmp_server_get_overlap: (get-property overlap)
 * @self: a server
 *
 * Gets how many in-band commands of one client may be handed out at once.
 *
 * Returns: commands
 *
 * Since: 0.1
 */
guint
qmp_server_get_overlap (QmpServer *self)
{
  QmpServerCore *core;
  guint overlap;

  g_return_val_if_fail (QMP_IS_SERVER (self), 0);
  core = qmp_server_get_core (self);
  qmp_server_core_lock (core);
  overlap = core->overlap;
  qmp_server_core_unlock (core);
  return overlap;
}

/**
 * qmp_server_set_overlap: (set-property overlap)
 * @self: a server
 * @overlap: commands
 *
 * Sets how many in-band commands of one client may be handed out at once. What is
 * out of range becomes the nearest that is in it.
 *
 * Since: 0.1
 */
void
qmp_server_set_overlap (QmpServer *self, guint overlap)
{
  QmpServerCore *core;
  gboolean changed;

  g_return_if_fail (QMP_IS_SERVER (self));
  core = qmp_server_get_core (self);
  overlap = CLAMP (overlap, 1, QMP_SERVER_MOST_OVERLAP);
  qmp_server_core_lock (core);
  changed = core->overlap != overlap;
  core->overlap = overlap;
  notify (self, "overlap", changed);
}

/**
 * qmp_server_get_unread_size: (get-property unread-size)
 * @self: a server
 *
 * Gets how much waits for a client that does not read.
 *
 * Returns: bytes
 *
 * Since: 0.1
 */
guint64
qmp_server_get_unread_size (QmpServer *self)
{
  QmpServerCore *core;
  guint64 bytes;

  g_return_val_if_fail (QMP_IS_SERVER (self), 0);
  core = qmp_server_get_core (self);
  qmp_server_core_lock (core);
  bytes = core->unread_size;
  qmp_server_core_unlock (core);
  return bytes;
}

/**
 * qmp_server_set_unread_size: (set-property unread-size)
 * @self: a server
 * @bytes: bytes
 *
 * Sets how much waits for a client that does not read. What is
 * out of range becomes the nearest that is in it.
 *
 * Since: 0.1
 */
void
qmp_server_set_unread_size (QmpServer *self, guint64 bytes)
{
  QmpServerCore *core;
  gboolean changed;

  g_return_if_fail (QMP_IS_SERVER (self));
  core = qmp_server_get_core (self);
  bytes = CLAMP (bytes, QMP_SERVER_LEAST_UNREAD, WIRE_MAX_BYTES);
  qmp_server_core_lock (core);
  changed = core->unread_size != bytes;
  core->unread_size = bytes;
  notify (self, "unread-size", changed);
}
