/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-launcher-private.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "qmp-enum-types.h"

/**
 * QmpLauncher:
 *
 * Starts QEMU as a child process, and gives it a monitor.
 *
 * What the machine is made of is up to the caller: QEMU's own arguments, one
 * by one, and never through a shell. The launcher adds the monitor, and, when
 * asked, channels for the guest agent and for a serial console.
 *
 * A launcher can start any number of machines, of which each has what was set
 * when it was started.
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE (QmpLauncher, qmp_launcher, G_TYPE_OBJECT)

enum
{
  PROP_BINARY = 1,
  PROP_MONITOR_MODE,
  PROP_AGENT,
  PROP_CONSOLE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
close_fd (gpointer fd)
{
  close (*(int *) fd);
}

static void
qmp_launcher_finalize (GObject *object)
{
  QmpLauncher *self = QMP_LAUNCHER (object);

  g_free (self->binary);
  g_ptr_array_unref (self->arguments);
  g_strfreev (self->wrapper);
  g_strfreev (self->environ);
  g_free (self->working_directory);
  g_array_unref (self->fds);
  g_clear_object (&self->open_options);
  g_free (self->console_log);
  if (self->output_fd >= 0)
    close (self->output_fd);
  G_OBJECT_CLASS (qmp_launcher_parent_class)->finalize (object);
}

static void
qmp_launcher_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QmpLauncher *self = QMP_LAUNCHER (object);

  if (id == PROP_BINARY)
    g_value_set_string (value, self->binary);
  else if (id == PROP_MONITOR_MODE)
    g_value_set_enum (value, self->monitor_mode);
  else if (id == PROP_AGENT)
    g_value_set_boolean (value, self->agent);
  else if (id == PROP_CONSOLE)
    g_value_set_boolean (value, self->console);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
qmp_launcher_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  QmpLauncher *self = QMP_LAUNCHER (object);

  if (id == PROP_BINARY)
    self->binary = g_value_dup_string (value);
  else if (id == PROP_MONITOR_MODE)
    qmp_launcher_set_monitor_mode (self, g_value_get_enum (value));
  else if (id == PROP_AGENT)
    qmp_launcher_set_agent (self, g_value_get_boolean (value));
  else if (id == PROP_CONSOLE)
    qmp_launcher_set_console (self, g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
qmp_launcher_class_init (QmpLauncherClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->finalize = qmp_launcher_finalize;
  object_class->get_property = qmp_launcher_get_property;
  object_class->set_property = qmp_launcher_set_property;

  /**
   * QmpLauncher:binary: (getter get_binary)
   *
   * QEMU's program: a path, or a name that is looked for in `PATH`.
   *
   * Since: 0.1
   */
  properties[PROP_BINARY] = g_param_spec_string ("binary", NULL, NULL, NULL,
                                                 G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * QmpLauncher:monitor-mode: (getter get_monitor_mode) (setter set_monitor_mode)
   *
   * How the monitor is reached.
   *
   * Since: 0.1
   */
  properties[PROP_MONITOR_MODE] = g_param_spec_enum ("monitor-mode", NULL, NULL, QMP_TYPE_MONITOR_MODE, QMP_MONITOR_MODE_PAIR,
                                                     flags);

  /**
   * QmpLauncher:agent: (getter get_agent) (setter set_agent)
   *
   * Whether there is a channel for the guest agent.
   *
   * Since: 0.1
   */
  properties[PROP_AGENT] = g_param_spec_boolean ("agent", NULL, NULL, FALSE, flags);

  /**
   * QmpLauncher:console: (getter get_console) (setter set_console)
   *
   * Whether the machine's first serial port is a channel.
   *
   * Since: 0.1
   */
  properties[PROP_CONSOLE] = g_param_spec_boolean ("console", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
qmp_launcher_init (QmpLauncher *self)
{
  self->arguments = g_ptr_array_new_with_free_func (g_free);
  self->environ = g_get_environ ();
  self->output_fd = -1;
  self->fds = g_array_new (FALSE, FALSE, sizeof (int));
  g_array_set_clear_func (self->fds, close_fd);
}

/* --- what is started ------------------------------------------------------------------------- */

/**
 * qmp_launcher_new:
 * @binary: QEMU's program: a path, or a name that is looked for in `PATH`,
 *   such as `qemu-system-x86_64`
 *
 * Makes a launcher.
 *
 * Returns: (transfer full): the launcher
 *
 * Since: 0.1
 */
QmpLauncher *
qmp_launcher_new (const char *binary)
{
  g_return_val_if_fail (binary != NULL, NULL);
  return g_object_new (QMP_TYPE_LAUNCHER, "binary", binary, NULL);
}

/**
 * qmp_launcher_get_binary:
 * @self: a launcher
 *
 * Tells which program is started.
 *
 * Returns: QEMU's program
 *
 * Since: 0.1
 */
const char *
qmp_launcher_get_binary (QmpLauncher *self)
{
  g_return_val_if_fail (QMP_IS_LAUNCHER (self), NULL);
  return self->binary;
}

/**
 * qmp_launcher_set_arguments:
 * @self: a launcher
 * @arguments: (array zero-terminated=1): QEMU's arguments
 *
 * Sets all arguments, in place of those that were there.
 *
 * Since: 0.1
 */
void
qmp_launcher_set_arguments (QmpLauncher *self, const char *const *arguments)
{
  g_return_if_fail (QMP_IS_LAUNCHER (self));
  g_return_if_fail (arguments != NULL);
  g_ptr_array_set_size (self->arguments, 0);
  for (guint i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (self->arguments, g_strdup (arguments[i]));
}

/**
 * qmp_launcher_append:
 * @self: a launcher
 * @argument: one argument, such as `-nodefaults`
 *
 * Adds an argument as it is: nothing in it needs to be quoted.
 *
 * Since: 0.1
 */
void
qmp_launcher_append (QmpLauncher *self, const char *argument)
{
  g_return_if_fail (QMP_IS_LAUNCHER (self));
  g_return_if_fail (argument != NULL);
  g_ptr_array_add (self->arguments, g_strdup (argument));
}

/**
 * qmp_launcher_append_option:
 * @self: a launcher
 * @option: an option's name, such as `machine`, with or without its dash
 * @value: its value. Of text within it that may hold commas,
 *   [func@Qmp.Launcher.escape] makes one that QEMU reads as it is meant
 *
 * Adds an option with its value.
 *
 * Since: 0.1
 */
void
qmp_launcher_append_option (QmpLauncher *self, const char *option, const char *value)
{
  g_return_if_fail (QMP_IS_LAUNCHER (self));
  g_return_if_fail (option != NULL && value != NULL);
  g_ptr_array_add (self->arguments, g_strconcat (option[0] == '-' ? "" : "-", option, NULL));
  g_ptr_array_add (self->arguments, g_strdup (value));
}

/**
 * qmp_launcher_append_struct:
 * @self: a launcher
 * @option: the name of an option that takes JSON: `blockdev`, `object`,
 *   `netdev` or `device`
 * @value: its value, such as a [class@Qmp.BlockdevOptions]
 *
 * Adds an option with a typed value.
 *
 * Since: 0.1
 */
void
qmp_launcher_append_struct (QmpLauncher *self, const char *option, QmpStruct *value)
{
  g_autofree char *json = NULL;

  g_return_if_fail (QMP_IS_LAUNCHER (self));
  g_return_if_fail (option != NULL);
  g_return_if_fail (QMP_IS_STRUCT (value));
  json = qmp_struct_to_json (value);
  qmp_launcher_append_option (self, option, json);
}

/**
 * qmp_launcher_dup_arguments:
 * @self: a launcher
 *
 * Copies the arguments that were set, without what the launcher adds itself.
 *
 * Returns: (transfer full): the arguments
 *
 * Since: 0.1
 */
char **
qmp_launcher_dup_arguments (QmpLauncher *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_return_val_if_fail (QMP_IS_LAUNCHER (self), NULL);
  for (guint i = 0; i < self->arguments->len; i++)
    g_strv_builder_add (builder, g_ptr_array_index (self->arguments, i));
  return g_strv_builder_end (builder);
}

/**
 * qmp_launcher_escape:
 * @value: any text, such as a file's name
 *
 * Makes text that can stand within the value of one of QEMU's options: there
 * commas separate, and doubled ones do not.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *
qmp_launcher_escape (const char *value)
{
  g_auto (GStrv) parts = NULL;

  g_return_val_if_fail (value != NULL, NULL);
  parts = g_strsplit (value, ",", -1);
  return g_strjoinv (",,", parts);
}

/**
 * qmp_launcher_set_wrapper:
 * @self: a launcher
 * @wrapper: (nullable) (array zero-terminated=1): a program and its arguments
 *   that QEMU is started by, such as `taskset -c 1`; %NULL for none
 *
 * Sets what stands before QEMU's own command line. It must become QEMU, not
 * only start it, for signals to reach the right process.
 *
 * Since: 0.1
 */
void
qmp_launcher_set_wrapper (QmpLauncher *self, const char *const *wrapper)
{
  g_return_if_fail (QMP_IS_LAUNCHER (self));
  g_strfreev (self->wrapper);
  self->wrapper = g_strdupv ((GStrv) wrapper);
}

/**
 * qmp_launcher_setenv:
 * @self: a launcher
 * @variable: (type filename): its name
 * @value: (type filename): its value
 *
 * Sets a variable in QEMU's environment, which is otherwise that of this
 * process.
 *
 * Since: 0.1
 */
void
qmp_launcher_setenv (QmpLauncher *self, const char *variable, const char *value)
{
  g_return_if_fail (QMP_IS_LAUNCHER (self));
  g_return_if_fail (variable != NULL && value != NULL);
  self->environ = g_environ_setenv (self->environ, variable, value, TRUE);
}

/**
 * qmp_launcher_unsetenv:
 * @self: a launcher
 * @variable: (type filename): its name
 *
 * Takes a variable out of QEMU's environment.
 *
 * Since: 0.1
 */
void
qmp_launcher_unsetenv (QmpLauncher *self, const char *variable)
{
  g_return_if_fail (QMP_IS_LAUNCHER (self));
  g_return_if_fail (variable != NULL);
  self->environ = g_environ_unsetenv (self->environ, variable);
}

/**
 * qmp_launcher_set_working_directory:
 * @self: a launcher
 * @path: (nullable) (type filename): a folder, or %NULL for that of this
 *   process
 *
 * Sets where QEMU is started.
 *
 * Since: 0.1
 */
void
qmp_launcher_set_working_directory (QmpLauncher *self, const char *path)
{
  g_return_if_fail (QMP_IS_LAUNCHER (self));
  g_free (self->working_directory);
  self->working_directory = g_strdup (path);
}

/**
 * qmp_launcher_pass_fd:
 * @self: a launcher
 * @fd: a file descriptor; it is duplicated, and stays the caller's
 * @error: return location
 *
 * Passes a file descriptor on to QEMU, for options such as
 * `-add-fd fd=NUMBER,set=1`.
 *
 * Fails with a code of [error@Gio.IOErrorEnum] when it cannot be duplicated.
 *
 * Returns: the number that it has in QEMU; -1 if it failed
 *
 * Since: 0.1
 */
int
qmp_launcher_pass_fd (QmpLauncher *self, int fd, GError **error)
{
  int copy;

  g_return_val_if_fail (QMP_IS_LAUNCHER (self), -1);
  copy = fcntl (fd, F_DUPFD_CLOEXEC, 3);
  if (copy < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "The file descriptor %d cannot be passed on: %s", fd,
                   g_strerror (errno));
      return -1;
    }
  g_array_append_val (self->fds, copy);
  return FIRST_FD + (int) self->fds->len - 1;
}

/* --- how it is reached ------------------------------------------------------------------------- */

/**
 * qmp_launcher_get_monitor_mode:
 * @self: a launcher
 *
 * Tells how the monitor is reached.
 *
 * Returns: how
 *
 * Since: 0.1
 */
QmpMonitorMode
qmp_launcher_get_monitor_mode (QmpLauncher *self)
{
  g_return_val_if_fail (QMP_IS_LAUNCHER (self), QMP_MONITOR_MODE_PAIR);
  return self->monitor_mode;
}

/**
 * qmp_launcher_set_monitor_mode:
 * @self: a launcher
 * @mode: how the monitor is reached
 *
 * Sets how the monitor is reached.
 *
 * Since: 0.1
 */
void
qmp_launcher_set_monitor_mode (QmpLauncher *self, QmpMonitorMode mode)
{
  g_return_if_fail (QMP_IS_LAUNCHER (self));
  g_return_if_fail (mode <= QMP_MONITOR_MODE_SERVED);
  if (self->monitor_mode == mode)
    return;
  self->monitor_mode = mode;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MONITOR_MODE]);
}

/**
 * qmp_launcher_set_open_options:
 * @self: a launcher
 * @options: (nullable): how connections to the monitor are opened, or %NULL
 *   for the defaults; its timeout is also how long QEMU may take to start
 *
 * Sets how connections to the monitor are opened.
 *
 * Since: 0.1
 */
void
qmp_launcher_set_open_options (QmpLauncher *self, QmpOpenOptions *options)
{
  g_return_if_fail (QMP_IS_LAUNCHER (self));
  g_return_if_fail (options == NULL || QMP_IS_OPEN_OPTIONS (options));
  g_set_object (&self->open_options, options);
}

/**
 * qmp_launcher_get_agent:
 * @self: a launcher
 *
 * Tells whether there is a channel for the guest agent.
 *
 * Returns: whether there is
 *
 * Since: 0.1
 */
gboolean
qmp_launcher_get_agent (QmpLauncher *self)
{
  g_return_val_if_fail (QMP_IS_LAUNCHER (self), FALSE);
  return self->agent;
}

/**
 * qmp_launcher_set_agent:
 * @self: a launcher
 * @agent: whether there is a channel for the guest agent
 *
 * Adds a virtio serial port to the machine, named as guest agents expect it:
 * see [method@Qmp.Machine.open_agent_async]. Its devices and its character
 * backend are called `qmp-glib-…`.
 *
 * Since: 0.1
 */
void
qmp_launcher_set_agent (QmpLauncher *self, gboolean agent)
{
  g_return_if_fail (QMP_IS_LAUNCHER (self));
  if (self->agent == !!agent)
    return;
  self->agent = !!agent;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AGENT]);
}

/**
 * qmp_launcher_get_console:
 * @self: a launcher
 *
 * Tells whether the machine's first serial port is a channel.
 *
 * Returns: whether it is
 *
 * Since: 0.1
 */
gboolean
qmp_launcher_get_console (QmpLauncher *self)
{
  g_return_val_if_fail (QMP_IS_LAUNCHER (self), FALSE);
  return self->console;
}

/**
 * qmp_launcher_set_console:
 * @self: a launcher
 * @console: whether the machine's first serial port is a channel
 *
 * Makes the machine's first serial port a channel: see
 * [method@Qmp.Machine.open_console_async]. As long as nobody reads it, what
 * the guest writes there is lost, and holds nothing up.
 *
 * Since: 0.1
 */
void
qmp_launcher_set_console (QmpLauncher *self, gboolean console)
{
  g_return_if_fail (QMP_IS_LAUNCHER (self));
  if (self->console == !!console)
    return;
  self->console = !!console;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONSOLE]);
}

/**
 * qmp_launcher_set_console_log:
 * @self: a launcher
 * @path: (nullable) (type filename): a file, or %NULL for none
 *
 * Has QEMU write all that the guest says on its console into a file as well.
 *
 * Since: 0.1
 */
void
qmp_launcher_set_console_log (QmpLauncher *self, const char *path)
{
  g_return_if_fail (QMP_IS_LAUNCHER (self));
  g_free (self->console_log);
  self->console_log = g_strdup (path);
}

/**
 * qmp_launcher_set_output_fd:
 * @self: a launcher
 * @fd: a file descriptor, which is duplicated; or -1 for none
 * @error: return location
 *
 * Has all that QEMU itself writes to its standard output and error go to a file
 * descriptor as well, as it comes: bytes, that may do harm on a terminal. The
 * last of it is also kept for [method@Qmp.Machine.dup_output].
 *
 * A thread writes it, and QEMU's end is not noticed while that blocks. A pipe
 * has an end when QEMU has gone.
 *
 * Fails with [error@Gio.IOErrorEnum] when the descriptor cannot be duplicated.
 *
 * Returns: whether it was done
 *
 * Since: 0.1
 */
gboolean
qmp_launcher_set_output_fd (QmpLauncher *self, int fd, GError **error)
{
  int copy = -1;

  g_return_val_if_fail (QMP_IS_LAUNCHER (self), FALSE);
  if (fd >= 0)
    {
      copy = fcntl (fd, F_DUPFD_CLOEXEC, 3);
      if (copy < 0)
        {
          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "The file descriptor %d cannot be written to: %s", fd,
                       g_strerror (errno));
          return FALSE;
        }
    }
  if (self->output_fd >= 0)
    close (self->output_fd);
  self->output_fd = copy;
  return TRUE;
}
