/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "qmp-error.h"
#include "qmp-launcher-private.h"
#include "qmp-listener.h"
#include "qmp-machine-private.h"
#include "wire/wire-task.h"

/* From what was set to a machine that can be driven, or to an error that says
 * why not. */

/* How long to wait for the end of one that hung up, or was told to go. */
#define END_SECONDS 2

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
  launch->parts.child = qmp_child_spawn (launcher, (const char *const *) line, self->output_fd, error);
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
  task = wire_task_new (self, qmp_launcher_launch_async, cancellable, callback, user_data);
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
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_launcher_launch_async), NULL);
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
