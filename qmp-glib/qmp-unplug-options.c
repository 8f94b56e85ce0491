/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-unplug-options.h"

/**
 * QmpUnplugOptions:
 *
 * How a device is unplugged: how long the guest may take to let go of it, and
 * how often it is asked.
 *
 * Since: 0.1
 */
struct _QmpUnplugOptions
{
  GObject parent_instance;
  int timeout;
  int interval;
};

G_DEFINE_FINAL_TYPE (QmpUnplugOptions, qmp_unplug_options, G_TYPE_OBJECT)

enum
{
  PROP_TIMEOUT = 1,
  PROP_INTERVAL,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
qmp_unplug_options_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QmpUnplugOptions *self = QMP_UNPLUG_OPTIONS (object);

  if (id == PROP_TIMEOUT)
    g_value_set_int (value, self->timeout);
  else if (id == PROP_INTERVAL)
    g_value_set_int (value, self->interval);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
qmp_unplug_options_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  QmpUnplugOptions *self = QMP_UNPLUG_OPTIONS (object);

  if (id == PROP_TIMEOUT)
    self->timeout = g_value_get_int (value);
  else if (id == PROP_INTERVAL)
    self->interval = g_value_get_int (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
qmp_unplug_options_class_init (QmpUnplugOptionsClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS;

  object_class->get_property = qmp_unplug_options_get_property;
  object_class->set_property = qmp_unplug_options_set_property;

  /**
   * QmpUnplugOptions:timeout: (getter get_timeout) (setter set_timeout)
   *
   * How long the guest may take to let go of the device, in milliseconds, from
   * the first request to the last; %G_MAXINT is for ever.
   *
   * Since: 0.1
   */
  properties[PROP_TIMEOUT] = g_param_spec_int ("timeout", NULL, NULL, 0, G_MAXINT, 30000, flags);

  /**
   * QmpUnplugOptions:interval: (getter get_interval) (setter set_interval)
   *
   * How often the guest is asked, in milliseconds: one that was booting, or
   * asleep, never saw the first request. 0 asks once.
   *
   * Since: 0.1
   */
  properties[PROP_INTERVAL] = g_param_spec_int ("interval", NULL, NULL, 0, G_MAXINT, 5000, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
qmp_unplug_options_init (G_GNUC_UNUSED QmpUnplugOptions *self)
{
}

/**
 * qmp_unplug_options_new:
 *
 * Creates options: the guest has 30 seconds, and is asked every 5.
 *
 * Returns: (transfer full): new options
 *
 * Since: 0.1
 */
QmpUnplugOptions *
qmp_unplug_options_new (void)
{
  return g_object_new (QMP_TYPE_UNPLUG_OPTIONS, NULL);
}

/**
 * qmp_unplug_options_get_timeout: (get-property timeout)
 * @self: options
 *
 * Gets how long the guest may take to let go of the device.
 *
 * Returns: milliseconds; %G_MAXINT is for ever
 *
 * Since: 0.1
 */
int
qmp_unplug_options_get_timeout (QmpUnplugOptions *self)
{
  g_return_val_if_fail (QMP_IS_UNPLUG_OPTIONS (self), 0);
  return self->timeout;
}

/**
 * qmp_unplug_options_set_timeout: (set-property timeout)
 * @self: options
 * @milliseconds: milliseconds, at least 0; %G_MAXINT is for ever
 *
 * Sets how long the guest may take to let go of the device.
 *
 * Since: 0.1
 */
void
qmp_unplug_options_set_timeout (QmpUnplugOptions *self, int milliseconds)
{
  g_return_if_fail (QMP_IS_UNPLUG_OPTIONS (self));
  g_return_if_fail (milliseconds >= 0);
  if (self->timeout == milliseconds)
    return;
  self->timeout = milliseconds;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TIMEOUT]);
}

/**
 * qmp_unplug_options_get_interval: (get-property interval)
 * @self: options
 *
 * Gets how often the guest is asked.
 *
 * Returns: milliseconds; 0 asks once
 *
 * Since: 0.1
 */
int
qmp_unplug_options_get_interval (QmpUnplugOptions *self)
{
  g_return_val_if_fail (QMP_IS_UNPLUG_OPTIONS (self), 0);
  return self->interval;
}

/**
 * qmp_unplug_options_set_interval: (set-property interval)
 * @self: options
 * @milliseconds: milliseconds, at least 0; 0 asks once
 *
 * Sets how often the guest is asked.
 *
 * Since: 0.1
 */
void
qmp_unplug_options_set_interval (QmpUnplugOptions *self, int milliseconds)
{
  g_return_if_fail (QMP_IS_UNPLUG_OPTIONS (self));
  g_return_if_fail (milliseconds >= 0);
  if (self->interval == milliseconds)
    return;
  self->interval = milliseconds;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INTERVAL]);
}
