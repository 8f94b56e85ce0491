/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-process-options.h"

#include "qga-enum-types.h"

/**
 * QgaProcessOptions:
 *
 * How [func@Qga.Process.spawn_async] starts a process in the guest.
 *
 * ```js
 * const options = new Qga.ProcessOptions({capture: Qga.Capture.NONE, wait_timeout: 10000});
 * ```
 *
 * Since: 0.1
 */
struct _QgaProcessOptions
{
  GObject parent_instance;
  GStrv environment;
  GBytes *input;
  QgaCapture capture;
  int wait_timeout;
  gboolean sensitive;
};

G_DEFINE_FINAL_TYPE (QgaProcessOptions, qga_process_options, G_TYPE_OBJECT)

enum
{
  PROP_ENVIRONMENT = 1,
  PROP_INPUT,
  PROP_CAPTURE,
  PROP_WAIT_TIMEOUT,
  PROP_SENSITIVE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
qga_process_options_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QgaProcessOptions *self = QGA_PROCESS_OPTIONS (object);

  switch (id)
    {
    case PROP_ENVIRONMENT:
      g_value_set_boxed (value, self->environment);
      break;
    case PROP_INPUT:
      g_value_set_boxed (value, self->input);
      break;
    case PROP_CAPTURE:
      g_value_set_enum (value, self->capture);
      break;
    case PROP_WAIT_TIMEOUT:
      g_value_set_int (value, self->wait_timeout);
      break;
    case PROP_SENSITIVE:
      g_value_set_boolean (value, self->sensitive);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qga_process_options_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  QgaProcessOptions *self = QGA_PROCESS_OPTIONS (object);

  switch (id)
    {
    case PROP_ENVIRONMENT:
      qga_process_options_set_environment (self, g_value_get_boxed (value));
      break;
    case PROP_INPUT:
      qga_process_options_set_input (self, g_value_get_boxed (value));
      break;
    case PROP_CAPTURE:
      qga_process_options_set_capture (self, g_value_get_enum (value));
      break;
    case PROP_WAIT_TIMEOUT:
      qga_process_options_set_wait_timeout (self, g_value_get_int (value));
      break;
    case PROP_SENSITIVE:
      qga_process_options_set_sensitive (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qga_process_options_finalize (GObject *object)
{
  QgaProcessOptions *self = QGA_PROCESS_OPTIONS (object);

  g_strfreev (self->environment);
  g_clear_pointer (&self->input, g_bytes_unref);
  G_OBJECT_CLASS (qga_process_options_parent_class)->finalize (object);
}

static void
qga_process_options_class_init (QgaProcessOptionsClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = qga_process_options_get_property;
  object_class->set_property = qga_process_options_set_property;
  object_class->finalize = qga_process_options_finalize;

  /**
   * QgaProcessOptions:environment: (getter get_environment) (setter set_environment)
   *
   * The environment, as `NAME=value`. It takes the place of the agent's own
   * as a whole: without `PATH` and `HOME` many programs are lost. %NULL is the
   * agent's own.
   *
   * Since: 0.1
   */
  properties[PROP_ENVIRONMENT] = g_param_spec_boxed ("environment", NULL, NULL, G_TYPE_STRV, flags);
  /**
   * QgaProcessOptions:input: (getter get_input) (setter set_input)
   *
   * What the process reads from its standard input; %NULL for nothing. It is
   * sent as a whole, so somewhat less than 48 MiB are the most.
   *
   * Since: 0.1
   */
  properties[PROP_INPUT] = g_param_spec_boxed ("input", NULL, NULL, G_TYPE_BYTES, flags);
  /**
   * QgaProcessOptions:capture: (getter get_capture) (setter set_capture)
   *
   * What the agent keeps of what the process writes.
   *
   * Since: 0.1
   */
  properties[PROP_CAPTURE] = g_param_spec_enum ("capture", NULL, NULL, QGA_TYPE_CAPTURE, QGA_CAPTURE_SEPARATE, flags);
  /**
   * QgaProcessOptions:wait-timeout: (getter get_wait_timeout) (setter set_wait_timeout)
   *
   * How long each wait for the process's end may take. Milliseconds; -1 is for
   * ever, since processes may run for long.
   *
   * Since: 0.1
   */
  properties[PROP_WAIT_TIMEOUT] = g_param_spec_int ("wait-timeout", NULL, NULL, -1, G_MAXINT, -1, flags);
  /**
   * QgaProcessOptions:sensitive: (getter get_sensitive) (setter set_sensitive)
   *
   * Whether arguments, environment, input or output hold a secret. The library
   * then overwrites its own copies of what was sent, and of the replies that
   * it read, and no error repeats what was sent. In the guest the arguments of
   * a process are for all to see: pass secrets as input.
   *
   * Since: 0.1
   */
  properties[PROP_SENSITIVE] = g_param_spec_boolean ("sensitive", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
qga_process_options_init (QgaProcessOptions *self)
{
  self->wait_timeout = -1;
}

/**
 * qga_process_options_new:
 *
 * Makes options with the defaults.
 *
 * Returns: (transfer full): the options
 *
 * Since: 0.1
 */
QgaProcessOptions *
qga_process_options_new (void)
{
  return g_object_new (QGA_TYPE_PROCESS_OPTIONS, NULL);
}

/**
 * qga_process_options_get_environment: (get-property environment)
 * @self: options
 *
 * Gets the environment.
 *
 * Returns: (transfer none) (nullable) (array zero-terminated=1): it, as
 *   `NAME=value`; %NULL for the agent's own
 *
 * Since: 0.1
 */
const char *const *
qga_process_options_get_environment (QgaProcessOptions *self)
{
  g_return_val_if_fail (QGA_IS_PROCESS_OPTIONS (self), NULL);
  return (const char *const *) self->environment;
}

/**
 * qga_process_options_set_environment: (set-property environment)
 * @self: options
 * @environment: (nullable) (array zero-terminated=1): `NAME=value` for each;
 *   %NULL for the agent's own
 *
 * Sets the whole environment.
 *
 * Since: 0.1
 */
void
qga_process_options_set_environment (QgaProcessOptions *self, const char *const *environment)
{
  GStrv copy;

  g_return_if_fail (QGA_IS_PROCESS_OPTIONS (self));
  copy = g_strdupv ((GStrv) environment);
  g_strfreev (self->environment);
  self->environment = copy;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ENVIRONMENT]);
}

/**
 * qga_process_options_get_input: (get-property input)
 * @self: options
 *
 * Gets what the process reads.
 *
 * Returns: (transfer none) (nullable): the bytes; %NULL for none
 *
 * Since: 0.1
 */
GBytes *
qga_process_options_get_input (QgaProcessOptions *self)
{
  g_return_val_if_fail (QGA_IS_PROCESS_OPTIONS (self), NULL);
  return self->input;
}

/**
 * qga_process_options_set_input: (set-property input)
 * @self: options
 * @input: (nullable): the bytes; %NULL for none
 *
 * Sets what the process reads from its standard input.
 *
 * Since: 0.1
 */
void
qga_process_options_set_input (QgaProcessOptions *self, GBytes *input)
{
  g_return_if_fail (QGA_IS_PROCESS_OPTIONS (self));
  if (self->input == input)
    return;
  g_clear_pointer (&self->input, g_bytes_unref);
  self->input = input != NULL ? g_bytes_ref (input) : NULL;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INPUT]);
}

/**
 * qga_process_options_get_capture: (get-property capture)
 * @self: options
 *
 * Gets what the agent keeps of what the process writes.
 *
 * Returns: what
 *
 * Since: 0.1
 */
QgaCapture
qga_process_options_get_capture (QgaProcessOptions *self)
{
  g_return_val_if_fail (QGA_IS_PROCESS_OPTIONS (self), QGA_CAPTURE_SEPARATE);
  return self->capture;
}

/**
 * qga_process_options_set_capture: (set-property capture)
 * @self: options
 * @capture: what
 *
 * Sets what the agent keeps of what the process writes.
 *
 * Since: 0.1
 */
void
qga_process_options_set_capture (QgaProcessOptions *self, QgaCapture capture)
{
  g_return_if_fail (QGA_IS_PROCESS_OPTIONS (self));
  g_return_if_fail (capture >= QGA_CAPTURE_SEPARATE && capture <= QGA_CAPTURE_MERGED);
  if (self->capture == capture)
    return;
  self->capture = capture;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAPTURE]);
}

/**
 * qga_process_options_get_wait_timeout: (get-property wait-timeout)
 * @self: options
 *
 * Gets how long each wait for the process's end may take.
 *
 * Returns: milliseconds; -1 for ever
 *
 * Since: 0.1
 */
int
qga_process_options_get_wait_timeout (QgaProcessOptions *self)
{
  g_return_val_if_fail (QGA_IS_PROCESS_OPTIONS (self), -1);
  return self->wait_timeout;
}

/**
 * qga_process_options_set_wait_timeout: (set-property wait-timeout)
 * @self: options
 * @milliseconds: milliseconds; -1 for ever
 *
 * Sets how long each wait for the process's end may take.
 *
 * Since: 0.1
 */
void
qga_process_options_set_wait_timeout (QgaProcessOptions *self, int milliseconds)
{
  g_return_if_fail (QGA_IS_PROCESS_OPTIONS (self));
  g_return_if_fail (milliseconds >= -1);
  if (self->wait_timeout == milliseconds)
    return;
  self->wait_timeout = milliseconds;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WAIT_TIMEOUT]);
}

/**
 * qga_process_options_get_sensitive: (get-property sensitive)
 * @self: options
 *
 * Gets whether there is a secret in it.
 *
 * Returns: whether there is
 *
 * Since: 0.1
 */
gboolean
qga_process_options_get_sensitive (QgaProcessOptions *self)
{
  g_return_val_if_fail (QGA_IS_PROCESS_OPTIONS (self), FALSE);
  return self->sensitive;
}

/**
 * qga_process_options_set_sensitive: (set-property sensitive)
 * @self: options
 * @sensitive: whether there is a secret in it
 *
 * Sets whether there is a secret in it.
 *
 * Since: 0.1
 */
void
qga_process_options_set_sensitive (QgaProcessOptions *self, gboolean sensitive)
{
  g_return_if_fail (QGA_IS_PROCESS_OPTIONS (self));
  sensitive = !!sensitive;
  if (self->sensitive == sensitive)
    return;
  self->sensitive = sensitive;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SENSITIVE]);
}
