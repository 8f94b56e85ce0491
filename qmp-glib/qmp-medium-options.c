/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-medium-options.h"

/**
 * QmpMediumOptions:
 *
 * How a medium is taken out of its drive: how long the guest may take to open
 * the tray, what happens when it does not, and what becomes of the medium's
 * node.
 *
 * Since: 0.1
 */
struct _QmpMediumOptions
{
  GObject parent_instance;
  int timeout;
  gboolean force;
  gboolean keep_node;
};

G_DEFINE_FINAL_TYPE (QmpMediumOptions, qmp_medium_options, G_TYPE_OBJECT)

enum
{
  PROP_TIMEOUT = 1,
  PROP_FORCE,
  PROP_KEEP_NODE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
qmp_medium_options_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QmpMediumOptions *self = QMP_MEDIUM_OPTIONS (object);

  if (id == PROP_TIMEOUT)
    g_value_set_int (value, self->timeout);
  else if (id == PROP_FORCE)
    g_value_set_boolean (value, self->force);
  else if (id == PROP_KEEP_NODE)
    g_value_set_boolean (value, self->keep_node);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
qmp_medium_options_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  QmpMediumOptions *self = QMP_MEDIUM_OPTIONS (object);

  if (id == PROP_TIMEOUT)
    self->timeout = g_value_get_int (value);
  else if (id == PROP_FORCE)
    self->force = g_value_get_boolean (value);
  else if (id == PROP_KEEP_NODE)
    self->keep_node = g_value_get_boolean (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
qmp_medium_options_class_init (QmpMediumOptionsClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS;

  object_class->get_property = qmp_medium_options_get_property;
  object_class->set_property = qmp_medium_options_set_property;

  /**
   * QmpMediumOptions:timeout: (getter get_timeout) (setter set_timeout)
   *
   * How long the guest may take to open a tray that it has locked, in
   * milliseconds; %G_MAXINT is for ever.
   *
   * Since: 0.1
   */
  properties[PROP_TIMEOUT] = g_param_spec_int ("timeout", NULL, NULL, 0, G_MAXINT, 30000, flags);

  /**
   * QmpMediumOptions:force: (getter get_force) (setter set_force)
   *
   * Whether the tray is opened by force when the guest has not opened it in
   * time. The guest may lose what it has not written, and is not told before.
   *
   * Since: 0.1
   */
  properties[PROP_FORCE] = g_param_spec_boolean ("force", NULL, NULL, FALSE, flags);

  /**
   * QmpMediumOptions:keep-node: (getter get_keep_node) (setter set_keep_node)
   *
   * Whether the node of the medium that is taken out stays, for the next time.
   *
   * Since: 0.1
   */
  properties[PROP_KEEP_NODE] = g_param_spec_boolean ("keep-node", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
qmp_medium_options_init (G_GNUC_UNUSED QmpMediumOptions *self)
{
}

/**
 * qmp_medium_options_new:
 *
 * Creates options: the guest has 30 seconds, nothing is done by force, and the
 * node of what is taken out goes with it.
 *
 * Returns: (transfer full): new options
 *
 * Since: 0.1
 */
QmpMediumOptions *
qmp_medium_options_new (void)
{
  return g_object_new (QMP_TYPE_MEDIUM_OPTIONS, NULL);
}

/**
 * qmp_medium_options_get_timeout: (get-property timeout)
 * @self: options
 *
 * Gets how long the guest may take to open the tray.
 *
 * Returns: milliseconds; %G_MAXINT is for ever
 *
 * Since: 0.1
 */
int
qmp_medium_options_get_timeout (QmpMediumOptions *self)
{
  g_return_val_if_fail (QMP_IS_MEDIUM_OPTIONS (self), 0);
  return self->timeout;
}

/**
 * qmp_medium_options_set_timeout: (set-property timeout)
 * @self: options
 * @milliseconds: milliseconds, at least 0; %G_MAXINT is for ever
 *
 * Sets how long the guest may take to open the tray.
 *
 * Since: 0.1
 */
void
qmp_medium_options_set_timeout (QmpMediumOptions *self, int milliseconds)
{
  g_return_if_fail (QMP_IS_MEDIUM_OPTIONS (self));
  g_return_if_fail (milliseconds >= 0);
  if (self->timeout == milliseconds)
    return;
  self->timeout = milliseconds;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TIMEOUT]);
}

/**
 * qmp_medium_options_get_force: (get-property force)
 * @self: options
 *
 * Tells whether the tray is opened by force at last.
 *
 * Returns: whether it is
 *
 * Since: 0.1
 */
gboolean
qmp_medium_options_get_force (QmpMediumOptions *self)
{
  g_return_val_if_fail (QMP_IS_MEDIUM_OPTIONS (self), FALSE);
  return self->force;
}

/**
 * qmp_medium_options_set_force: (set-property force)
 * @self: options
 * @force: whether to do so
 *
 * Sets whether the tray is opened by force at last.
 *
 * Since: 0.1
 */
void
qmp_medium_options_set_force (QmpMediumOptions *self, gboolean force)
{
  g_return_if_fail (QMP_IS_MEDIUM_OPTIONS (self));
  if (self->force == !!force)
    return;
  self->force = !!force;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FORCE]);
}

/**
 * qmp_medium_options_get_keep_node: (get-property keep-node)
 * @self: options
 *
 * Tells whether the node of the medium that is taken out stays.
 *
 * Returns: whether it does
 *
 * Since: 0.1
 */
gboolean
qmp_medium_options_get_keep_node (QmpMediumOptions *self)
{
  g_return_val_if_fail (QMP_IS_MEDIUM_OPTIONS (self), FALSE);
  return self->keep_node;
}

/**
 * qmp_medium_options_set_keep_node: (set-property keep-node)
 * @self: options
 * @keep_node: whether it shall
 *
 * Sets whether the node of the medium that is taken out stays.
 *
 * Since: 0.1
 */
void
qmp_medium_options_set_keep_node (QmpMediumOptions *self, gboolean keep_node)
{
  g_return_if_fail (QMP_IS_MEDIUM_OPTIONS (self));
  if (self->keep_node == !!keep_node)
    return;
  self->keep_node = !!keep_node;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_KEEP_NODE]);
}
