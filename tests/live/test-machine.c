/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <gio/gunixsocketaddress.h>
#include <glib-unix.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Machines: started, driven, and ended, with nothing left of them. */

static QmpLauncher *
new_launcher (QmpMonitorMode mode)
{
  static const char *const arguments[] = { "-machine", "q35", "-accel", "tcg", "-m", "64", "-display", "none", "-nodefaults", NULL };
  QmpLauncher *launcher = qmp_launcher_new (live_program ("QEMU", "qemu-system-x86_64"));

  qmp_launcher_set_arguments (launcher, arguments);
  qmp_launcher_set_monitor_mode (launcher, mode);
  return launcher;
}

static QmpMachine *
launch (QmpLauncher *launcher)
{
  g_autoptr (GError) error = NULL;
  QmpMachine *machine = qmp_launcher_launch (launcher, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (machine);
  return machine;
}

/* The guest is not asked: there is none. */
static QmpShutdownOptions *
quit_options (void)
{
  QmpShutdownOptions *options = qmp_shutdown_options_new ();

  qmp_shutdown_options_set_power_down_timeout (options, 0);
  return options;
}

static void
shut_down (QmpMachine *machine, QmpShutdownOptions *options, QmpShutdownStep expected)
{
  g_autoptr (GError) error = NULL;
  QmpShutdownStep step = qmp_machine_shut_down (machine, options, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (step, ==, expected);
  g_assert_false (qmp_machine_get_alive (machine));
}

static guint
count_entries (const char *folder, const char *prefix)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    n += g_str_has_prefix (name, prefix);
  return n;
}

/* What a machine may leave behind. */
typedef struct
{
  guint fds;
  guint folders;
  gboolean children;
} Rest;

static Rest
look_around (void)
{
  Rest rest = { count_entries ("/proc/self/fd", ""),
                count_entries (g_get_user_runtime_dir (), "qemu-"), FALSE };
  int status;

  rest.children = waitpid (-1, &status, WNOHANG) != -1 || errno != ECHILD;
  return rest;
}

/* For who has to find out what was left open. */
static void
show_fds (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc/self/fd", name, NULL);
      g_autofree char *target = g_file_read_link (path, NULL);

      g_test_message ("%s: %s", name, target);
    }
}

/* GLib's own thread lets go of a process a little after it has told its end. */
static Rest
look_until_settled (Rest before)
{
  gint64 deadline = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;
  Rest now = look_around ();

  while ((now.fds > before.fds || now.children) && g_get_monotonic_time () < deadline)
    {
      g_thread_yield ();
      now = look_around ();
    }
  return now;
}

static void
assert_as_before (Rest before)
{
  Rest now = look_until_settled (before);

  if (now.fds > before.fds)
    show_fds ();
  g_assert_cmpuint (now.fds, <=, before.fds);
  g_assert_cmpuint (now.folders, <=, before.folders);
  g_assert_false (now.children);
}

/* --- many -------------------------------------------------------------------------------- */

#ifdef __SANITIZE_ADDRESS__
#define MANY 10
#else
#define MANY 100
#endif

static void
run_one (QmpMonitorMode mode)
{
  g_autoptr (QmpLauncher) launcher = new_launcher (mode);
  g_autoptr (QmpShutdownOptions) options = quit_options ();
  g_autoptr (QmpMachine) machine = NULL;

  qmp_launcher_set_agent (launcher, TRUE);
  qmp_launcher_set_console (launcher, TRUE);
  machine = launch (launcher);
  g_assert_cmpint (qmp_machine_get_pid (machine), >, 0);
  g_assert_true ((qmp_machine_get_address (machine) != NULL) == (mode == QMP_MONITOR_MODE_SERVED));
  shut_down (machine, options, QMP_SHUTDOWN_STEP_QUIT);
  g_assert_cmpint (qmp_machine_get_exit_status (machine), ==, 0);
  g_assert_cmpint (qmp_machine_get_term_signal (machine), ==, 0);
  g_assert_cmpint (qmp_machine_get_pid (machine), ==, 0);
}

static void
test_many (Live *live, gconstpointer mode)
{
  Rest before;

  /* GLib makes its own threads and descriptors with the first */
  run_one (GPOINTER_TO_INT (mode));
  before = look_around ();
  for (guint i = 0; i < MANY; i++)
    run_one (GPOINTER_TO_INT (mode));
  assert_as_before (before);
}

#define AT_ONCE 8

static void
on_launched (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  QmpMachine *machine = qmp_launcher_launch_finish (QMP_LAUNCHER (source), result, &error);

  g_assert_no_error (error);
  g_ptr_array_add (data, machine);
}

static void
on_shut_down (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  QmpShutdownStep step = qmp_machine_shut_down_finish (QMP_MACHINE (source), result, &error);

  g_assert_no_error (error);
  g_assert_cmpint (step, ==, QMP_SHUTDOWN_STEP_QUIT);
  ++*(guint *) data;
}

static void
run_at_once (void)
{
  g_autoptr (GPtrArray) machines = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (QmpShutdownOptions) options = quit_options ();
  guint n_ended = 0;

  for (guint i = 0; i < AT_ONCE; i++)
    {
      g_autoptr (QmpLauncher) launcher = new_launcher ((QmpMonitorMode) (i % 3));

      qmp_launcher_launch_async (launcher, NULL, on_launched, machines);
    }
  while (machines->len < AT_ONCE)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < AT_ONCE; i++)
    qmp_machine_shut_down_async (g_ptr_array_index (machines, i), options, NULL, on_shut_down, &n_ended);
  while (n_ended < AT_ONCE)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_at_once (Live *live, gconstpointer data)
{
  Rest before;

  run_at_once ();
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  before = look_around ();
  run_at_once ();
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  assert_as_before (before);
}

/* --- attaching ----------------------------------------------------------------------------- */

/* The app: a process that starts a machine, says where it is, and is killed. */
static void
be_the_app (void)
{
  g_autoptr (QmpLauncher) launcher = new_launcher (QMP_MONITOR_MODE_SERVED);
  g_autoptr (QmpMachine) machine = launch (launcher);

  g_print ("%s\n", qmp_machine_get_address (machine));
  g_print ("%d\n", qmp_machine_get_pid (machine));
  fflush (stdout);
  pause ();
}

static char *
read_line (GDataInputStream *input)
{
  g_autoptr (GError) error = NULL;
  char *line = g_data_input_stream_read_line (input, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (line);
  return line;
}

static void
test_attach (Live *live, gconstpointer program)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) app = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, "--app", NULL);
  g_autoptr (GDataInputStream) input = g_data_input_stream_new (g_subprocess_get_stdout_pipe (app));
  g_autofree char *address = read_line (input), *pid = read_line (input);
  g_autofree char *folder = g_path_get_dirname (address + strlen ("unix:"));
  g_autoptr (QmpShutdownOptions) options = quit_options ();
  g_autoptr (QmpMachine) machine = NULL;

  live_kill (app);
  machine = qmp_machine_attach (address, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (qmp_machine_get_launched (machine));
  g_assert_cmpstr (qmp_machine_get_address (machine), ==, address);
  g_assert_true (qmp_machine_pause (machine, NULL, &error));
  g_assert_no_error (error);
  while (qmp_machine_get_run_state (machine) != QMP_RUN_STATE_PAUSED)
    g_main_context_iteration (NULL, TRUE);
  shut_down (machine, options, QMP_SHUTDOWN_STEP_QUIT);
  /* the process is somebody else's child by now */
  while (kill ((pid_t) g_ascii_strtoll (pid, NULL, 10), 0) == 0)
    g_usleep (1000);
  g_rmdir (folder);
}

/* --- what goes wrong ------------------------------------------------------------------------ */

static void
assert_fails (QmpLauncher *launcher, GQuark domain, int code, const char *said)
{
  g_autoptr (GError) error = NULL, later = NULL;
  GAsyncResult *result = NULL;
  Rest before = look_around ();

  g_assert_null (qmp_launcher_launch (launcher, NULL, &error));
  g_assert_error (error, domain, code);
  if (strstr (error->message, said) == NULL)
    g_error ("“%s” is not in: %s", said, error->message);
  assert_as_before (before);

  qmp_launcher_launch_async (launcher, NULL, live_keep_result, &result);
  live_wait (&result);
  g_assert_null (qmp_launcher_launch_finish (launcher, result, &later));
  g_assert_error (later, domain, code);
  g_assert_nonnull (strstr (later->message, said));
  g_object_unref (result);
}

static void
test_wrong_binary (Live *live, gconstpointer data)
{
  g_autoptr (QmpLauncher) launcher = qmp_launcher_new ("/nowhere/qemu-system-none");

  assert_fails (launcher, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT, "/nowhere/qemu-system-none");
}

static void
test_wrong_argument (Live *live, gconstpointer data)
{
  for (QmpMonitorMode mode = QMP_MONITOR_MODE_PAIR; mode <= QMP_MONITOR_MODE_SERVED; mode++)
    {
      g_autoptr (QmpLauncher) launcher = new_launcher (mode);

      qmp_launcher_append_option (launcher, "device", "no-such-device");
      assert_fails (launcher, QMP_ERROR, QMP_ERROR_LAUNCH_FAILED, "no-such-device");
      assert_fails (launcher, QMP_ERROR, QMP_ERROR_LAUNCH_FAILED, "ended with status 1");
      assert_fails (launcher, QMP_ERROR, QMP_ERROR_LAUNCH_FAILED, "-device no-such-device -chardev");
    }
}

/* Its words go to whoever wants them, too, and have an end. */
static void
test_output (Live *live, gconstpointer data)
{
  g_autoptr (QmpLauncher) launcher = new_launcher (QMP_MONITOR_MODE_PAIR);
  g_autoptr (GIOChannel) channel = NULL;
  g_autofree char *words = NULL;
  g_autoptr (GError) error = NULL;
  int fds[2];

  g_assert_true (g_unix_open_pipe (fds, FD_CLOEXEC, &error));
  g_assert_true (qmp_launcher_set_output_fd (launcher, fds[1], &error));
  close (fds[1]);
  qmp_launcher_append_option (launcher, "device", "no-such-device");
  assert_fails (launcher, QMP_ERROR, QMP_ERROR_LAUNCH_FAILED, "no-such-device");
  g_assert_true (qmp_launcher_set_output_fd (launcher, -1, &error));

  channel = g_io_channel_unix_new (fds[0]);
  g_io_channel_set_close_on_unref (channel, TRUE);
  g_assert_cmpint (g_io_channel_read_to_end (channel, &words, NULL, &error), ==, G_IO_STATUS_NORMAL);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (words, "no-such-device"));
  g_assert_false (qmp_launcher_set_output_fd (launcher, 9999, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
}

static void
test_missing_image (Live *live, gconstpointer data)
{
  g_autoptr (QmpLauncher) launcher = new_launcher (QMP_MONITOR_MODE_PAIR);
  g_autoptr (QmpBlockdevOptionsFileBranch) file = qmp_blockdev_options_file_branch_new ();
  g_autofree char *path = live_path (live, "missing, and odd.img");

  qmp_blockdev_options_file_branch_set_filename (file, path);
  qmp_blockdev_options_set_node_name (QMP_BLOCKDEV_OPTIONS (file), "disk");
  qmp_launcher_append_struct (launcher, "blockdev", QMP_STRUCT (file));
  assert_fails (launcher, QMP_ERROR, QMP_ERROR_LAUNCH_FAILED, "missing, and odd.img");
}

static void
test_port_in_use (Live *live, gconstpointer data)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autofree char *value = g_strdup_printf ("tcp:127.0.0.1:%u,server=on,wait=off", port);
  g_autoptr (QmpLauncher) launcher = new_launcher (QMP_MONITOR_MODE_PAIR);

  qmp_launcher_append_option (launcher, "serial", value);
  assert_fails (launcher, QMP_ERROR, QMP_ERROR_LAUNCH_FAILED, "in use");
}

static void
test_dies_in_the_middle (Live *live, gconstpointer data)
{
  static const char *const wrapper[] = { "/bin/sh", "-c", "echo the sky falls >&2; kill -SEGV $$", NULL };
  g_autoptr (QmpLauncher) launcher = new_launcher (QMP_MONITOR_MODE_SERVED);

  qmp_launcher_set_wrapper (launcher, wrapper);
  assert_fails (launcher, QMP_ERROR, QMP_ERROR_LAUNCH_FAILED, "signal 11");
  assert_fails (launcher, QMP_ERROR, QMP_ERROR_LAUNCH_FAILED, "the sky falls");
}

static void
test_never_greets (Live *live, gconstpointer data)
{
  static const char *const wrapper[] = { "/bin/sh", "-c", "echo waiting; exec sleep 1000", NULL };
  g_autoptr (QmpOpenOptions) options = live_options (200, TRUE);

  for (QmpMonitorMode mode = QMP_MONITOR_MODE_PAIR; mode <= QMP_MONITOR_MODE_SERVED; mode++)
    {
      g_autoptr (QmpLauncher) launcher = new_launcher (mode);

      qmp_launcher_set_wrapper (launcher, wrapper);
      qmp_launcher_set_open_options (launcher, options);
      assert_fails (launcher, QMP_ERROR, QMP_ERROR_LAUNCH_FAILED, "could not be driven");
    }
}

static gboolean
cancel (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

static void
test_cancelled (Live *live, gconstpointer data)
{
  static const char *const wrapper[] = { "/bin/sh", "-c", "exec sleep 1000", NULL };
  g_autoptr (QmpLauncher) launcher = new_launcher (QMP_MONITOR_MODE_DIALLED);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;
  g_autoptr (GError) error = NULL;

  qmp_launcher_set_wrapper (launcher, wrapper);
  qmp_launcher_launch_async (launcher, cancellable, live_keep_result, &result);
  g_idle_add (cancel, cancellable);
  live_wait (&result);
  g_assert_null (qmp_launcher_launch_finish (launcher, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_object_unref (result);
}

/* --- what it does ------------------------------------------------------------------------------ */

static void
test_state (Live *live, gconstpointer data)
{
  g_autoptr (QmpLauncher) launcher = new_launcher (QMP_MONITOR_MODE_PAIR);
  g_autoptr (QmpShutdownOptions) options = quit_options ();
  g_autoptr (QmpMachine) machine = NULL;
  g_autoptr (GError) error = NULL;
  guint n_ended = 0;

  qmp_launcher_append (launcher, "-S");
  machine = launch (launcher);
  g_signal_connect_swapped (machine, "ended", G_CALLBACK (g_atomic_int_inc), &n_ended);
  g_assert_cmpint (qmp_machine_get_run_state (machine), ==, QMP_RUN_STATE_PRELAUNCH);
  g_assert_true (qmp_machine_start (machine, NULL, &error));
  g_assert_true (qmp_machine_get_running (machine));
  g_assert_true (qmp_machine_reset (machine, NULL, &error));
  while (qmp_machine_get_shutdown_cause (machine) != QMP_SHUTDOWN_CAUSE_HOST_QMP_SYSTEM_RESET)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (qmp_machine_pause (machine, NULL, &error));
  while (qmp_machine_get_run_state (machine) != QMP_RUN_STATE_PAUSED)
    g_main_context_iteration (NULL, TRUE);
  shut_down (machine, options, QMP_SHUTDOWN_STEP_QUIT);
  while (n_ended == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (n_ended, ==, 1);
}

static void
test_killed (Live *live, gconstpointer data)
{
  g_autoptr (QmpLauncher) launcher = new_launcher (QMP_MONITOR_MODE_PAIR);
  g_autoptr (QmpMachine) machine = launch (launcher);
  g_autoptr (GError) error = NULL;
  GAsyncResult *result = NULL;

  qmp_machine_wait_async (machine, NULL, live_keep_result, &result);
  kill (qmp_machine_get_pid (machine), SIGABRT);
  live_wait (&result);
  g_assert_true (qmp_machine_wait_finish (machine, result, &error));
  g_assert_no_error (error);
  g_assert_cmpint (qmp_machine_get_term_signal (machine), ==, SIGABRT);
  g_assert_cmpint (qmp_machine_get_exit_status (machine), ==, -1);
  shut_down (machine, NULL, QMP_SHUTDOWN_STEP_NONE);
  g_object_unref (result);
}

static void
test_dropped (Live *live, gconstpointer data)
{
  g_autoptr (QmpLauncher) launcher = new_launcher (QMP_MONITOR_MODE_PAIR);
  QmpMachine *machine = launch (launcher);
  int pid = qmp_machine_get_pid (machine);

  g_object_unref (machine);
  while (kill (pid, 0) == 0)
    g_usleep (1000);
}

static void
test_console (Live *live, gconstpointer data)
{
  g_autoptr (QmpLauncher) launcher = new_launcher (QMP_MONITOR_MODE_PAIR);
  g_autoptr (QmpShutdownOptions) options = quit_options ();
  g_autoptr (QmpMachine) machine = NULL;
  g_autoptr (GIOStream) console = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *log = live_path (live, "console, log");
  char text[64];

  /* SeaBIOS talks on a serial port when it has no screen */
  qmp_launcher_append_option (launcher, "machine", "graphics=off");
  qmp_launcher_append (launcher, "-S");
  qmp_launcher_set_console (launcher, TRUE);
  qmp_launcher_set_console_log (launcher, log);
  machine = launch (launcher);
  console = qmp_machine_open_console (machine, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (qmp_machine_open_agent (machine, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_clear_error (&error);
  g_assert_true (qmp_machine_start (machine, NULL, &error));
  g_assert_cmpint (g_input_stream_read (g_io_stream_get_input_stream (console), text, sizeof text, NULL, &error), >, 0);
  shut_down (machine, options, QMP_SHUTDOWN_STEP_QUIT);
  g_assert_true (g_file_test (log, G_FILE_TEST_EXISTS));
}

static void
test_passes_fd (Live *live, gconstpointer data)
{
  g_autoptr (QmpLauncher) launcher = new_launcher (QMP_MONITOR_MODE_PAIR);
  g_autoptr (QmpShutdownOptions) options = quit_options ();
  g_autoptr (QmpMachine) machine = NULL;
  g_autoptr (GPtrArray) sets = NULL;
  g_autoptr (GError) error = NULL;
  int fd = qmp_launcher_pass_fd (launcher, 0, &error);
  g_autofree char *value = g_strdup_printf ("fd=%d,set=7", fd);

  g_assert_no_error (error);
  qmp_launcher_append_option (launcher, "add-fd", value);
  machine = launch (launcher);
  sets = qmp_connection_query_fdsets (qmp_machine_get_connection (machine), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sets->len, ==, 1);
  g_assert_cmpint (qmp_fdset_info_get_fdset_id (g_ptr_array_index (sets, 0)), ==, 7);
  shut_down (machine, options, QMP_SHUTDOWN_STEP_QUIT);
}

/* --- the ladder ---------------------------------------------------------------------------------- */

static void
on_step (QmpMachine *machine, QmpShutdownStep step, GString *steps)
{
  g_string_append_printf (steps, "%d", step);
}

/* Nobody in there heeds a button, and nobody at the monitor. */
static void
test_ladder (Live *live, gconstpointer data)
{
  g_autoptr (QmpLauncher) launcher = new_launcher (QMP_MONITOR_MODE_PAIR);
  g_autoptr (QmpShutdownOptions) options = qmp_shutdown_options_new ();
  g_autoptr (QmpMachine) machine = launch (launcher);
  g_autoptr (GString) steps = g_string_new (NULL);

  g_signal_connect (machine, "shutdown-step", G_CALLBACK (on_step), steps);
  qmp_shutdown_options_set_power_down_timeout (options, 50);
  qmp_shutdown_options_set_quit_timeout (options, 50);
  qmp_shutdown_options_set_terminate_timeout (options, 50);
  kill (qmp_machine_get_pid (machine), SIGSTOP);
  shut_down (machine, options, QMP_SHUTDOWN_STEP_KILL);
  g_assert_cmpstr (steps->str, ==, "1234");
  g_assert_cmpint (qmp_machine_get_term_signal (machine), ==, SIGKILL);
}

static void
test_ladder_without_kill (Live *live, gconstpointer data)
{
  g_autoptr (QmpLauncher) launcher = new_launcher (QMP_MONITOR_MODE_PAIR);
  g_autoptr (QmpShutdownOptions) options = qmp_shutdown_options_new ();
  g_autoptr (QmpMachine) machine = launch (launcher);
  g_autoptr (GError) error = NULL;

  qmp_shutdown_options_set_power_down_timeout (options, 20);
  qmp_shutdown_options_set_quit_timeout (options, 0);
  qmp_shutdown_options_set_terminate_timeout (options, 0);
  qmp_shutdown_options_set_kill (options, FALSE);
  g_assert_cmpint (qmp_machine_shut_down (machine, options, NULL, &error), ==, QMP_SHUTDOWN_STEP_NONE);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_true (qmp_machine_get_alive (machine));
  qmp_machine_kill (machine);
  g_clear_error (&error);
  g_assert_true (qmp_machine_wait (machine, NULL, &error));
}

static void
test_ladder_cancelled (Live *live, gconstpointer data)
{
  g_autoptr (QmpLauncher) launcher = new_launcher (QMP_MONITOR_MODE_PAIR);
  g_autoptr (QmpMachine) machine = launch (launcher);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *result = NULL;
  g_autoptr (GError) error = NULL;

  qmp_machine_shut_down_async (machine, NULL, cancellable, live_keep_result, &result);
  g_idle_add (cancel, cancellable);
  live_wait (&result);
  g_assert_cmpint (qmp_machine_shut_down_finish (machine, result, &error), ==, QMP_SHUTDOWN_STEP_NONE);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (qmp_machine_get_alive (machine));
  g_object_unref (result);
  qmp_machine_kill (machine);
}

/* --- a guest that heeds ----------------------------------------------------------------------------- */

static QmpLauncher *
new_guest_launcher (void)
{
  const char *guest = g_getenv ("GUEST");
  g_autofree char *kernel = g_build_filename (guest, "vmlinuz", NULL), *initrd = g_build_filename (guest, "initrd", NULL);
  const char *const arguments[] = {
    "-nodefaults", "-no-user-config", "-display", "none", "-machine", "pc", "-accel", "tcg", "-m", "192", "-kernel", kernel,
    "-initrd", initrd, "-append", "console=ttyS0 quiet panic=-1 rdinit=/bin/init", NULL,
  };
  QmpLauncher *launcher = qmp_launcher_new (live_program ("QEMU", "qemu-system-x86_64"));

  qmp_launcher_set_arguments (launcher, arguments);
  qmp_launcher_set_agent (launcher, TRUE);
  return launcher;
}

/* The agent speaks when the guest is up. */
static void
wait_for_guest (QmpMachine *machine)
{
  static const char *const names[] = { "VSERPORT_CHANGE", NULL };
  g_autoptr (QmpEventStream) events = qmp_connection_watch_events (qmp_machine_get_connection (machine), names, 4);
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpEvent) event = NULL;

  qmp_event_stream_set_timeout (events, 60000);
  event = qmp_event_stream_next (events, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (event);
}

static void
test_button (Live *live, gconstpointer stays)
{
  g_autoptr (QmpLauncher) launcher = new_guest_launcher ();
  g_autoptr (QmpMachine) machine = NULL;
  g_autoptr (GString) steps = g_string_new (NULL);

  if (stays)
    qmp_launcher_append (launcher, "-no-shutdown");
  machine = launch (launcher);
  wait_for_guest (machine);
  g_signal_connect (machine, "shutdown-step", G_CALLBACK (on_step), steps);
  shut_down (machine, NULL, stays ? QMP_SHUTDOWN_STEP_QUIT : QMP_SHUTDOWN_STEP_POWER_DOWN);
  g_assert_cmpstr (steps->str, ==, stays ? "12" : "1");
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  if (!stays)
    g_assert_cmpint (qmp_machine_get_shutdown_cause (machine), ==, QMP_SHUTDOWN_CAUSE_GUEST_SHUTDOWN);
}

/* As a library for the guest agent would ask. */
static gboolean
on_power_down (QmpMachine *machine, gpointer unused)
{
  static const char text[] = "{\"execute\":\"guest-shutdown\"}\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (GIOStream) agent = qmp_machine_open_agent (machine, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (agent), text, strlen (text), NULL, NULL, &error));
  /* QEMU has read it before it sees that we have gone */
  g_assert_no_error (error);
  return TRUE;
}

static void
test_agent (Live *live, gconstpointer data)
{
  g_autoptr (QmpLauncher) launcher = new_guest_launcher ();
  g_autoptr (QmpMachine) machine = launch (launcher);

  wait_for_guest (machine);
  g_signal_connect (machine, "power-down", G_CALLBACK (on_power_down), NULL);
  shut_down (machine, NULL, QMP_SHUTDOWN_STEP_POWER_DOWN);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = NULL;
  int status;

  if (argc > 1 && g_str_equal (argv[1], "--app"))
    {
      be_the_app ();
      return 0;
    }
  /* other tests launch machines, too */
  folder = g_dir_make_tmp ("run-XXXXXX", NULL);
  g_setenv ("XDG_RUNTIME_DIR", folder, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/machine/many/pair", Live, GINT_TO_POINTER (QMP_MONITOR_MODE_PAIR), live_set_up, test_many, live_tear_down);
  g_test_add ("/machine/many/dialled", Live, GINT_TO_POINTER (QMP_MONITOR_MODE_DIALLED), live_set_up, test_many, live_tear_down);
  g_test_add ("/machine/many/served", Live, GINT_TO_POINTER (QMP_MONITOR_MODE_SERVED), live_set_up, test_many, live_tear_down);
  LIVE_TEST ("/machine/at-once", test_at_once);
  g_test_add ("/machine/attach", Live, argv[0], live_set_up, test_attach, live_tear_down);
  LIVE_TEST ("/machine/fails/wrong-binary", test_wrong_binary);
  LIVE_TEST ("/machine/fails/wrong-argument", test_wrong_argument);
  LIVE_TEST ("/machine/output", test_output);
  LIVE_TEST ("/machine/fails/missing-image", test_missing_image);
  LIVE_TEST ("/machine/fails/port-in-use", test_port_in_use);
  LIVE_TEST ("/machine/fails/dies-in-the-middle", test_dies_in_the_middle);
  LIVE_TEST ("/machine/fails/never-greets", test_never_greets);
  LIVE_TEST ("/machine/fails/cancelled", test_cancelled);
  LIVE_TEST ("/machine/state", test_state);
  LIVE_TEST ("/machine/killed", test_killed);
  LIVE_TEST ("/machine/dropped", test_dropped);
  LIVE_TEST ("/machine/console", test_console);
  LIVE_TEST ("/machine/passes-fd", test_passes_fd);
  LIVE_TEST ("/machine/ladder/all", test_ladder);
  LIVE_TEST ("/machine/ladder/without-kill", test_ladder_without_kill);
  LIVE_TEST ("/machine/ladder/cancelled", test_ladder_cancelled);
  LIVE_TEST ("/machine/guest/button", test_button);
  g_test_add ("/machine/guest/button-but-stays", Live, "stays", live_set_up, test_button, live_tear_down);
  LIVE_TEST ("/machine/guest/agent", test_agent);
  status = g_test_run ();
  g_rmdir (folder);
  return status;
}
