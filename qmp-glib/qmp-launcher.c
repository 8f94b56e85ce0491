/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-launcher.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "qmp-connection-private.h"
#include "qmp-enum-types.h"
#include "qmp-error.h"
#include "qmp-listener.h"
#include "qmp-machine-private.h"
#include "qmp-open-options-private.h"

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
struct _QmpLauncher
{
  GObject parent_instance;
  char *binary;
  GPtrArray *arguments;
  GStrv wrapper;
  GStrv environ;
  char *working_directory;
  GArray *fds;  /* of int, ours */
  QmpMonitorMode monitor_mode;
  QmpOpenOptions *open_options;
  gboolean agent;
  gboolean console;
  char *console_log;
};

G_DEFINE_FINAL_TYPE (QmpLauncher, qmp_launcher, G_TYPE_OBJECT)

/* What is passed on has these numbers in QEMU. */
#define MONITOR_FD 3
#define FIRST_FD 10

/* How long to wait for the end of one that hung up, or was told to go. */
#define END_SECONDS 2

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

/* --- the command line ----------------------------------------------------------------------------- */

static void
add (GStrvBuilder *line, const char *option, char *value)
{
  g_strv_builder_add_many (line, option, value, NULL);
  g_free (value);
}

static char *
describe_server (const char *id, const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *escaped = qmp_launcher_escape (path);

  return g_strdup_printf ("socket,id=qmp-glib-%s,path=%s,server=on,wait=off", id, escaped);
}

static char *
describe_monitor (QmpLauncher *self, const char *folder)
{
  g_autofree char *path = NULL, *escaped = NULL;

  if (self->monitor_mode == QMP_MONITOR_MODE_PAIR)
    return g_strdup_printf ("socket,id=qmp-glib-monitor,fd=%d", MONITOR_FD);
  if (self->monitor_mode == QMP_MONITOR_MODE_SERVED)
    return describe_server ("monitor", folder, "monitor");
  path = g_build_filename (folder, "monitor", NULL);
  escaped = qmp_launcher_escape (path);
  return g_strdup_printf ("socket,id=qmp-glib-monitor,path=%s", escaped);
}

static char *
describe_console (QmpLauncher *self, const char *folder)
{
  g_autofree char *server = describe_server ("console", folder, "console");
  g_autofree char *log = self->console_log != NULL ? qmp_launcher_escape (self->console_log) : NULL;

  return g_strconcat (server, log != NULL ? ",logfile=" : NULL, log, NULL);
}

static char **
make_command_line (QmpLauncher *self, const char *folder)
{
  g_autoptr (GStrvBuilder) line = g_strv_builder_new ();

  if (self->wrapper != NULL)
    g_strv_builder_addv (line, (const char **) self->wrapper);
  g_strv_builder_add (line, self->binary);
  for (guint i = 0; i < self->arguments->len; i++)
    g_strv_builder_add (line, g_ptr_array_index (self->arguments, i));
  add (line, "-chardev", describe_monitor (self, folder));
  add (line, "-mon", g_strdup ("chardev=qmp-glib-monitor,mode=control"));
  if (self->agent)
    {
      add (line, "-chardev", describe_server ("agent", folder, "agent"));
      add (line, "-device", g_strdup ("virtio-serial,id=qmp-glib-serial"));
      add (line, "-device", g_strdup ("virtserialport,bus=qmp-glib-serial.0,chardev=qmp-glib-agent,id=qmp-glib-agent-port,"
                                      "name=org.qemu.guest_agent.0"));
    }
  if (self->console)
    {
      add (line, "-chardev", describe_console (self, folder));
      add (line, "-serial", g_strdup ("chardev:qmp-glib-console"));
    }
  return g_strv_builder_end (line);
}

/* --- starting ---------------------------------------------------------------------------------------- */

/* One that is being started. */
typedef struct
{
  QmpMachineParts parts;
  QmpListener *listener;    /* of a monitor that dials us */
  GIOStream *stream;        /* our end of a pair */
  QmpOpenOptions *options;
  QmpMonitorMode mode;
  GCancellable *stop;       /* when its opening makes no more sense */
  GCancellable *cancellable;
  GCancellable *child_gone;
  gulong relay, gone;
  GSource *patience;        /* with one that hung up, and will end */
  GError *cause;            /* why it could not be driven */
  GError *error;            /* what is said of it */
} Launch;

static void
launch_free (Launch *launch)
{
  if (launch->cancellable != NULL)
    g_cancellable_disconnect (launch->cancellable, launch->relay);
  g_cancellable_disconnect (launch->child_gone, launch->gone);
  g_clear_object (&launch->child_gone);
  g_clear_object (&launch->cancellable);
  g_clear_object (&launch->listener);
  g_clear_object (&launch->stream);
  g_clear_object (&launch->options);
  g_clear_object (&launch->stop);
  g_clear_pointer (&launch->patience, g_source_unref);
  g_clear_error (&launch->cause);
  g_clear_error (&launch->error);
  qmp_machine_parts_clear (&launch->parts);
  g_free (launch);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Launch, launch_free)

static char *
get_address (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_strconcat ("unix:", path, NULL);
}

/* A folder that nobody else can enter, with a name short enough for sockets. */
static gboolean
make_folder (QmpLauncher *self, Launch *launch, GError **error)
{
  g_autofree char *folder = NULL;

  if (self->monitor_mode == QMP_MONITOR_MODE_PAIR && !self->agent && !self->console)
    return TRUE;
  folder = g_build_filename (g_get_user_runtime_dir (), "qemu-XXXXXX", NULL);
  if (strlen (folder) > 90 || g_mkdtemp_full (folder, 0700) == NULL)
    {
      g_free (folder);
      folder = g_dir_make_tmp ("qemu-XXXXXX", error);
      if (folder == NULL)
        return FALSE;
    }
  launch->parts.folder = g_steal_pointer (&folder);
  if (self->monitor_mode == QMP_MONITOR_MODE_SERVED)
    launch->parts.monitor_address = get_address (launch->parts.folder, "monitor");
  if (self->agent)
    launch->parts.agent_address = get_address (launch->parts.folder, "agent");
  if (self->console)
    launch->parts.console_address = get_address (launch->parts.folder, "console");
  return TRUE;
}

static gboolean
make_monitor (QmpLauncher *self, Launch *launch, GSubprocessLauncher *launcher, GError **error)
{
  g_autofree char *address = NULL;
  int far_end;

  if (self->monitor_mode == QMP_MONITOR_MODE_PAIR)
    {
      launch->stream = qmp_connection_create_socket_pair (&far_end, error);
      if (launch->stream != NULL)
        g_subprocess_launcher_take_fd (launcher, far_end, MONITOR_FD);
      return launch->stream != NULL;
    }
  if (self->monitor_mode == QMP_MONITOR_MODE_SERVED)
    return TRUE;
  address = get_address (launch->parts.folder, "monitor");
  launch->listener = qmp_listener_new (address, error);
  return launch->listener != NULL;
}

/* ^C in a terminal is for us, and not for QEMU. */
static void
leave_group (gpointer unused)
{
  setpgid (0, 0);
}

static gboolean
pass_fds (QmpLauncher *self, GSubprocessLauncher *launcher, GError **error)
{
  for (guint i = 0; i < self->fds->len; i++)
    {
      int copy = fcntl (g_array_index (self->fds, int, i), F_DUPFD_CLOEXEC, 3);

      if (copy < 0)
        {
          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "A file descriptor cannot be passed on: %s",
                       g_strerror (errno));
          return FALSE;
        }
      g_subprocess_launcher_take_fd (launcher, copy, FIRST_FD + (int) i);
    }
  return TRUE;
}

static gboolean
spawn (QmpLauncher *self, Launch *launch, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                                                        G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_auto (GStrv) line = NULL;

  if (!make_folder (self, launch, error) || !make_monitor (self, launch, launcher, error) ||
      !pass_fds (self, launcher, error))
    return FALSE;
  g_subprocess_launcher_set_environ (launcher, self->environ);
  g_subprocess_launcher_set_child_setup (launcher, leave_group, NULL, NULL);
  if (self->working_directory != NULL)
    g_subprocess_launcher_set_cwd (launcher, self->working_directory);
  line = make_command_line (self, launch->parts.folder);
  launch->parts.child = qmp_child_spawn (launcher, (const char *const *) line, error);
  if (launch->parts.child != NULL)
    return TRUE;
  g_prefix_error (error, "%s cannot be started: ", line[0]);
  return FALSE;
}

static void
on_stop (GCancellable *cancellable, gpointer stop)
{
  g_cancellable_cancel (stop);
}

static Launch *
begin (QmpLauncher *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (Launch) launch = g_new0 (Launch, 1);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  launch->options = self->open_options != NULL ? g_object_ref (self->open_options) : qmp_open_options_new ();
  launch->mode = self->monitor_mode;
  launch->stop = g_cancellable_new ();
  if (!spawn (self, launch, error))
    return NULL;
  if (cancellable != NULL)
    {
      launch->cancellable = g_object_ref (cancellable);
      launch->relay = g_cancellable_connect (cancellable, G_CALLBACK (on_stop), g_object_ref (launch->stop), g_object_unref);
    }
  launch->child_gone = g_object_ref (qmp_child_get_gone (launch->parts.child));
  launch->gone = g_cancellable_connect (launch->child_gone, G_CALLBACK (on_stop),
                                        g_object_ref (launch->stop), g_object_unref);
  return g_steal_pointer (&launch);
}

static gboolean
was_cancelled (Launch *launch)
{
  return launch->cancellable != NULL && g_cancellable_is_cancelled (launch->cancellable);
}

/* Whether its end can be expected, which tells more than the connection's. */
static gboolean
is_ending (Launch *launch, const GError *cause)
{
  return !g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) && !was_cancelled (launch);
}

/* Of a QEMU that could not be driven. Nothing is left of it. */
static GError *
describe_and_kill (Launch *launch, const GError *cause)
{
  QmpChild *child = launch->parts.child;
  GError *error;

  if (was_cancelled (launch) && !qmp_child_has_ended (child))
    error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Starting QEMU was cancelled");
  else
    error = qmp_child_describe_failure (child, cause);
  qmp_child_send_signal (child, SIGKILL);
  return error;
}

static gint64
get_end_deadline (void)
{
  return g_get_monotonic_time () + END_SECONDS * G_USEC_PER_SEC;
}

/* Takes the cause. */
static void
fail (Launch *launch, GError *cause, GError **error)
{
  g_autoptr (GError) taken = cause;

  if (is_ending (launch, cause))
    qmp_child_wait (launch->parts.child, get_end_deadline (), NULL);
  g_propagate_error (error, describe_and_kill (launch, cause));
  qmp_child_wait (launch->parts.child, get_end_deadline (), NULL);
}

static void
on_killed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Launch *launch = g_task_get_task_data (task);

  g_task_return_error (task, g_steal_pointer (&launch->error));
}

static void
kill_and_return (GTask *task)
{
  Launch *launch = g_task_get_task_data (task);

  launch->error = describe_and_kill (launch, launch->cause);
  qmp_child_wait_async (launch->parts.child, NULL, on_killed, g_object_ref (task));
}

static gboolean
on_patience_ended (gpointer data)
{
  g_cancellable_cancel (data);
  return G_SOURCE_REMOVE;
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Launch *launch = g_task_get_task_data (task);

  g_source_destroy (launch->patience);
  kill_and_return (task);
}

/* Takes the cause. */
static void
fail_async (GTask *task, GError *cause)
{
  Launch *launch = g_task_get_task_data (task);
  g_autoptr (GCancellable) patience = g_cancellable_new ();

  launch->cause = cause;
  if (!is_ending (launch, cause))
    {
      kill_and_return (task);
      return;
    }
  launch->patience = g_timeout_source_new_seconds (END_SECONDS);
  g_source_set_callback (launch->patience, on_patience_ended, g_object_ref (patience), g_object_unref);
  g_source_attach (launch->patience, g_main_context_get_thread_default ());
  qmp_child_wait_async (launch->parts.child, patience, on_ended, g_object_ref (task));
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Launch *launch = g_task_get_task_data (task);
  QmpConnection *connection;
  GError *cause = NULL;

  if (launch->mode == QMP_MONITOR_MODE_PAIR)
    connection = qmp_connection_open_stream_finish (result, &cause);
  else if (launch->mode == QMP_MONITOR_MODE_SERVED)
    connection = qmp_connection_open_finish (result, &cause);
  else
    connection = qmp_listener_accept_finish (launch->listener, result, &cause);
  if (connection != NULL)
    qmp_machine_return (qmp_machine_new (connection, &launch->parts), task);
  else
    fail_async (task, cause);
}

/**
 * qmp_launcher_launch_async:
 * @self: a launcher
 * @cancellable: (nullable): ends QEMU, and the call
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Starts QEMU and opens a connection to its monitor.
 *
 * Since: 0.1
 */
void
qmp_launcher_launch_async (QmpLauncher *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  Launch *launch;

  g_return_if_fail (QMP_IS_LAUNCHER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = g_task_new (self, cancellable, callback, user_data);
  (g_task_set_source_tag) (task, qmp_launcher_launch_async);
  g_task_set_check_cancellable (task, FALSE);
  launch = begin (self, cancellable, &error);
  if (launch == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_task_set_task_data (task, launch, (GDestroyNotify) launch_free);
  if (launch->mode == QMP_MONITOR_MODE_PAIR)
    qmp_connection_open_stream_async (launch->stream, launch->options, launch->stop, on_opened, g_object_ref (task));
  else if (launch->mode == QMP_MONITOR_MODE_SERVED)
    qmp_connection_open_async (launch->parts.monitor_address, launch->options, launch->stop, on_opened, g_object_ref (task));
  else
    qmp_listener_accept_async (launch->listener, launch->options, launch->stop, on_opened, g_object_ref (task));
}

/**
 * qmp_launcher_launch_finish:
 * @self: a launcher
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Launcher.launch_async] began.
 *
 * Fails with [error@GLib.SpawnError] when the program cannot be started; with
 * %QMP_ERROR_LAUNCH_FAILED when it ended, or could not be driven within the
 * timeout of its open options: the message has how it ended, its own last
 * words, and its command line; with %G_IO_ERROR_CANCELLED; and with other
 * codes of [error@Gio.IOErrorEnum] when its sockets cannot be made. Nothing is
 * left of a QEMU that could not be driven.
 *
 * Returns: (transfer full): the machine
 *
 * Since: 0.1
 */
QmpMachine *
qmp_launcher_launch_finish (QmpLauncher *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_LAUNCHER (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == qmp_launcher_launch_async, NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * qmp_launcher_launch:
 * @self: a launcher
 * @cancellable: (nullable): ends QEMU, and the call
 * @error: return location
 *
 * Starts QEMU, and blocks until a connection to its monitor is open.
 *
 * Fails as [method@Qmp.Launcher.launch_finish] does.
 *
 * Returns: (transfer full): the machine
 *
 * Since: 0.1
 */
QmpMachine *
qmp_launcher_launch (QmpLauncher *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (Launch) launch = NULL;
  QmpConnection *connection;
  GError *cause = NULL;

  g_return_val_if_fail (QMP_IS_LAUNCHER (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  launch = begin (self, cancellable, error);
  if (launch == NULL)
    return NULL;
  if (launch->mode == QMP_MONITOR_MODE_PAIR)
    connection = qmp_connection_open_stream (launch->stream, launch->options, launch->stop, &cause);
  else if (launch->mode == QMP_MONITOR_MODE_SERVED)
    connection = qmp_connection_open (launch->parts.monitor_address, launch->options, launch->stop, &cause);
  else
    connection = qmp_listener_accept (launch->listener, launch->options, launch->stop, &cause);
  if (connection != NULL)
    return qmp_machine_return_blocking (qmp_machine_new (connection, &launch->parts));
  fail (launch, cause, error);
  return NULL;
}
