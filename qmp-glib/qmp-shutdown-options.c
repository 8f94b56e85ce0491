/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-shutdown-options.h"

/**
 * QmpShutdownOptions:
 *
 * How a machine is shut down: which steps are taken, and how long each may
 * take.
 *
 * Since: 0.1
 */
struct _QmpShutdownOptions
{
  GObject parent_instance;
  int power_down_timeout;
  int power_down_interval;
  int quit_timeout;
  int terminate_timeout;
  gboolean kill;
};

G_DEFINE_FINAL_TYPE (QmpShutdownOptions, qmp_shutdown_options, G_TYPE_OBJECT)

enum
{
  PROP_POWER_DOWN_TIMEOUT = 1,
  PROP_POWER_DOWN_INTERVAL,
  PROP_QUIT_TIMEOUT,
  PROP_TERMINATE_TIMEOUT,
  PROP_KILL,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* The field of a property that is a time. */
static int *
find_field (QmpShutdownOptions *self, guint id)
{
  switch (id)
    {
    case PROP_POWER_DOWN_TIMEOUT:
      return &self->power_down_timeout;
    case PROP_POWER_DOWN_INTERVAL:
      return &self->power_down_interval;
    case PROP_QUIT_TIMEOUT:
      return &self->quit_timeout;
    case PROP_TERMINATE_TIMEOUT:
      return &self->terminate_timeout;
    default:
      return NULL;
    }
}

static void
qmp_shutdown_options_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QmpShutdownOptions *self = QMP_SHUTDOWN_OPTIONS (object);

  if (id == PROP_KILL)
    g_value_set_boolean (value, self->kill);
  else if (find_field (self, id) != NULL)
    g_value_set_int (value, *find_field (self, id));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
qmp_shutdown_options_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  QmpShutdownOptions *self = QMP_SHUTDOWN_OPTIONS (object);

  if (id == PROP_KILL)
    self->kill = g_value_get_boolean (value);
  else if (find_field (self, id) != NULL)
    *find_field (self, id) = g_value_get_int (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
qmp_shutdown_options_class_init (QmpShutdownOptionsClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = qmp_shutdown_options_get_property;
  object_class->set_property = qmp_shutdown_options_set_property;

  /**
   * QmpShutdownOptions:power-down-timeout: (getter get_power_down_timeout) (setter set_power_down_timeout)
   *
   * How long the guest may take to power off, in milliseconds; 0 leaves this
   * step out.
   *
   * Since: 0.1
   */
  properties[PROP_POWER_DOWN_TIMEOUT] = g_param_spec_int ("power-down-timeout", NULL, NULL, 0, G_MAXINT, 60000, flags);

  /**
   * QmpShutdownOptions:power-down-interval: (getter get_power_down_interval) (setter set_power_down_interval)
   *
   * How often the guest is asked, in milliseconds: one that was booting, or
   * asleep, heeds a later request. 0 asks once.
   *
   * Since: 0.1
   */
  properties[PROP_POWER_DOWN_INTERVAL] = g_param_spec_int ("power-down-interval", NULL, NULL, 0, G_MAXINT, 10000, flags);

  /**
   * QmpShutdownOptions:quit-timeout: (getter get_quit_timeout) (setter set_quit_timeout)
   *
   * How long QEMU may take to quit, in milliseconds; 0 leaves this step out.
   *
   * Since: 0.1
   */
  properties[PROP_QUIT_TIMEOUT] = g_param_spec_int ("quit-timeout", NULL, NULL, 0, G_MAXINT, 10000, flags);

  /**
   * QmpShutdownOptions:terminate-timeout: (getter get_terminate_timeout) (setter set_terminate_timeout)
   *
   * How long QEMU may take to heed `SIGTERM`, in milliseconds; 0 leaves this
   * step out.
   *
   * Since: 0.1
   */
  properties[PROP_TERMINATE_TIMEOUT] = g_param_spec_int ("terminate-timeout", NULL, NULL, 0, G_MAXINT, 5000, flags);

  /**
   * QmpShutdownOptions:kill: (getter get_kill) (setter set_kill)
   *
   * Whether QEMU's process is killed when nothing else helps.
   *
   * Since: 0.1
   */
  properties[PROP_KILL] = g_param_spec_boolean ("kill", NULL, NULL, TRUE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
qmp_shutdown_options_init (QmpShutdownOptions *self)
{
  self->power_down_timeout = 60000;
  self->power_down_interval = 10000;
  self->quit_timeout = 10000;
  self->terminate_timeout = 5000;
  self->kill = TRUE;
}

/**
 * qmp_shutdown_options_new:
 *
 * Makes options that take every step.
 *
 * Returns: (transfer full): the options
 *
 * Since: 0.1
 */
QmpShutdownOptions *
qmp_shutdown_options_new (void)
{
  return g_object_new (QMP_TYPE_SHUTDOWN_OPTIONS, NULL);
}

static void
set_time (QmpShutdownOptions *self, guint id, int milliseconds)
{
  int *field = find_field (self, id);

  if (*field == milliseconds)
    return;
  *field = milliseconds;
  g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
}

/**
 * qmp_shutdown_options_get_power_down_timeout:
 * @self: options
 *
 * Tells how long the guest may take to power off, in milliseconds.
 *
 * Returns: milliseconds
 *
 * Since: 0.1
 */
int
qmp_shutdown_options_get_power_down_timeout (QmpShutdownOptions *self)
{
  g_return_val_if_fail (QMP_IS_SHUTDOWN_OPTIONS (self), 0);
  return self->power_down_timeout;
}

/**
 * qmp_shutdown_options_set_power_down_timeout:
 * @self: options
 * @milliseconds: how long, at least 0
 *
 * Sets how long the guest may take to power off, in milliseconds; 0 leaves the
 * step out.
 *
 * Since: 0.1
 */
void
qmp_shutdown_options_set_power_down_timeout (QmpShutdownOptions *self, int milliseconds)
{
  g_return_if_fail (QMP_IS_SHUTDOWN_OPTIONS (self));
  g_return_if_fail (milliseconds >= 0);
  set_time (self, PROP_POWER_DOWN_TIMEOUT, milliseconds);
}

/**
 * qmp_shutdown_options_get_power_down_interval:
 * @self: options
 *
 * Tells how often the guest is asked, in milliseconds.
 *
 * Returns: milliseconds
 *
 * Since: 0.1
 */
int
qmp_shutdown_options_get_power_down_interval (QmpShutdownOptions *self)
{
  g_return_val_if_fail (QMP_IS_SHUTDOWN_OPTIONS (self), 0);
  return self->power_down_interval;
}

/**
 * qmp_shutdown_options_set_power_down_interval:
 * @self: options
 * @milliseconds: how long, at least 0
 *
 * Sets how often the guest is asked, in milliseconds; 0 asks once.
 *
 * Since: 0.1
 */
void
qmp_shutdown_options_set_power_down_interval (QmpShutdownOptions *self, int milliseconds)
{
  g_return_if_fail (QMP_IS_SHUTDOWN_OPTIONS (self));
  g_return_if_fail (milliseconds >= 0);
  set_time (self, PROP_POWER_DOWN_INTERVAL, milliseconds);
}

/**
 * qmp_shutdown_options_get_quit_timeout:
 * @self: options
 *
 * Tells how long QEMU may take to quit, in milliseconds.
 *
 * Returns: milliseconds
 *
 * Since: 0.1
 */
int
qmp_shutdown_options_get_quit_timeout (QmpShutdownOptions *self)
{
  g_return_val_if_fail (QMP_IS_SHUTDOWN_OPTIONS (self), 0);
  return self->quit_timeout;
}

/**
 * qmp_shutdown_options_set_quit_timeout:
 * @self: options
 * @milliseconds: how long, at least 0
 *
 * Sets how long QEMU may take to quit, in milliseconds; 0 leaves the step out.
 *
 * Since: 0.1
 */
void
qmp_shutdown_options_set_quit_timeout (QmpShutdownOptions *self, int milliseconds)
{
  g_return_if_fail (QMP_IS_SHUTDOWN_OPTIONS (self));
  g_return_if_fail (milliseconds >= 0);
  set_time (self, PROP_QUIT_TIMEOUT, milliseconds);
}

/**
 * qmp_shutdown_options_get_terminate_timeout:
 * @self: options
 *
 * Tells how long QEMU may take to heed `SIGTERM`, in milliseconds.
 *
 * Returns: milliseconds
 *
 * Since: 0.1
 */
int
qmp_shutdown_options_get_terminate_timeout (QmpShutdownOptions *self)
{
  g_return_val_if_fail (QMP_IS_SHUTDOWN_OPTIONS (self), 0);
  return self->terminate_timeout;
}

/**
 * qmp_shutdown_options_set_terminate_timeout:
 * @self: options
 * @milliseconds: how long, at least 0
 *
 * Sets how long QEMU may take to heed `SIGTERM`, in milliseconds; 0 leaves the
 * step out.
 *
 * Since: 0.1
 */
void
qmp_shutdown_options_set_terminate_timeout (QmpShutdownOptions *self, int milliseconds)
{
  g_return_if_fail (QMP_IS_SHUTDOWN_OPTIONS (self));
  g_return_if_fail (milliseconds >= 0);
  set_time (self, PROP_TERMINATE_TIMEOUT, milliseconds);
}

/**
 * qmp_shutdown_options_get_kill:
 * @self: options
 *
 * Tells whether QEMU's process is killed when nothing else helps.
 *
 * Returns: whether it is
 *
 * Since: 0.1
 */
gboolean
qmp_shutdown_options_get_kill (QmpShutdownOptions *self)
{
  g_return_val_if_fail (QMP_IS_SHUTDOWN_OPTIONS (self), FALSE);
  return self->kill;
}

/**
 * qmp_shutdown_options_set_kill:
 * @self: options
 * @kill: whether QEMU's process is killed when nothing else helps
 *
 * Sets whether the last step is taken.
 *
 * Since: 0.1
 */
void
qmp_shutdown_options_set_kill (QmpShutdownOptions *self, gboolean kill)
{
  g_return_if_fail (QMP_IS_SHUTDOWN_OPTIONS (self));
  if (self->kill == !!kill)
    return;
  self->kill = !!kill;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_KILL]);
}
