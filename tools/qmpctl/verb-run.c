/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "qmpctl-event.h"
#include "qmpctl-words.h"
#include "qmpctl.h"
#include "tool-interrupt.h"
#include "tool-json.h"
#include "tool-output.h"

#define CAPACITY 4096

typedef struct
{
  ToolApp *app;
  char *monitor;         /* where others may attach */
  char *folder;          /* that it is in, if it is ours */
  QmpLauncher *launcher;
  QmpctlWords *words;    /* what QEMU itself says */
  GCancellable *second;  /* ^C once more */
  QmpMachine *machine;
  QmpEventStream *events;
  int power_down_timeout;
  gboolean quiet;
} Run;

/* --- what is started --------------------------------------------------------------------- */

static char *
choose_binary (const char *given)
{
  const char *variable = g_getenv ("QEMU");
  struct utsname host = { .machine = "x86_64" };

  if (given != NULL || (variable != NULL && *variable != '\0'))
    return g_strdup (given != NULL ? given : variable);
  uname (&host);
  return g_strconcat ("qemu-system-", host.machine, NULL);
}

static gboolean
is_socket (const char *path)
{
  GStatBuf status;

  return g_lstat (path, &status) == 0 && S_ISSOCK (status.st_mode);
}

static gboolean
is_served (const char *path)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketConnection) connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, NULL);

  return connection != NULL;
}

/* QEMU would replace whatever is there. */
static gboolean
check_monitor_path (const char *path, GError **error)
{
  if (strlen (path) >= 108)
    g_set_error (error, TOOL_ERROR, TOOL_ERROR_USAGE, "The path %s is too long for a socket", path);
  else if (is_socket (path) ? is_served (path) : g_file_test (path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK))
    g_set_error (error, TOOL_ERROR, TOOL_ERROR_FAILED, "%s is there already", path);
  else
    return TRUE;
  return FALSE;
}

/* A folder that nobody else can enter. */
static gboolean
make_monitor_path (Run *run, const char *given, GError **error)
{
  if (given != NULL)
    {
      g_autofree char *path = g_canonicalize_filename (given, NULL);

      if (!check_monitor_path (path, error))
        return FALSE;
      run->monitor = g_steal_pointer (&path);
      return TRUE;
    }
  run->folder = g_build_filename (g_get_user_runtime_dir (), "qmpctl-XXXXXX", NULL);
  g_mkdir_with_parents (g_get_user_runtime_dir (), 0700);
  if (g_mkdtemp (run->folder) == NULL)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "Cannot make the folder %s: %s", run->folder, g_strerror (errno));
      g_clear_pointer (&run->folder, g_free);
      return FALSE;
    }
  run->monitor = g_build_filename (run->folder, "monitor", NULL);
  return TRUE;
}

static gboolean
prepare (Run *run, const char *binary, char **arguments, GError **error)
{
  g_autofree char *escaped = qmp_launcher_escape (run->monitor);
  g_autofree char *socket = g_strdup_printf ("socket,id=qmpctl-monitor,path=%s,server=on,wait=off", escaped);
  g_autoptr (QmpOpenOptions) options = qmpctl_make_open_options (run->app);
  int fd;

  run->launcher = qmp_launcher_new (binary);
  run->words = qmpctl_words_new (&fd, error);
  if (run->words == NULL)
    return FALSE;
  qmp_launcher_set_arguments (run->launcher, (const char *const *) arguments);
  qmp_launcher_append_option (run->launcher, "chardev", socket);
  qmp_launcher_append_option (run->launcher, "mon", "chardev=qmpctl-monitor,mode=control");
  qmp_launcher_set_open_options (run->launcher, options);
  if (!qmp_launcher_set_output_fd (run->launcher, fd, error))
    return FALSE;
  return g_close (fd, error);
}

/* --- while it runs ------------------------------------------------------------------------- */

static void
print_start (Run *run)
{
  g_autoptr (ToolWriter) writer = tool_writer_new ();

  if (!tool_app_wants_json (run->app))
    {
      tool_print ("QEMU is process %d, with its monitor at %s\n", qmp_machine_get_pid (run->machine), run->monitor);
      return;
    }
  tool_writer_begin_object (writer, NULL);
  tool_writer_integer (writer, "pid", (guint64) qmp_machine_get_pid (run->machine));
  tool_writer_text (writer, "monitor", run->monitor);
  tool_writer_end_object (writer);
  tool_json_print (tool_writer_get_json (writer), TRUE);
}

/* Nobody may read it, and the machine runs all the same. */
static void
print_event (Run *run, QmpEvent *event)
{
  if (!run->quiet)
    qmpctl_print_event (event, tool_app_wants_json (run->app));
  tool_output_flush (NULL);
}

/* Until its connection ends, or ^C. */
static void
print_events (Run *run)
{
  for (;;)
    {
      g_autoptr (QmpEvent) event = qmp_event_stream_next (run->events, tool_app_get_cancellable (run->app), NULL);

      if (event == NULL)
        break;
      print_event (run, event);
    }
}

/* Those that came while it was shut down. */
static void
print_last_events (Run *run)
{
  for (;;)
    {
      g_autoptr (QmpEvent) event = qmp_event_stream_try_next (run->events);

      if (event == NULL)
        break;
      print_event (run, event);
    }
}

/* --- its end --------------------------------------------------------------------------------- */

static void
on_step (QmpMachine *machine, QmpShutdownStep step, gpointer unused)
{
  const char *const words[] = {
    [QMP_SHUTDOWN_STEP_POWER_DOWN] = "The guest is asked to power off; ^C once more kills QEMU",
    [QMP_SHUTDOWN_STEP_QUIT] = "QEMU is told to quit",
    [QMP_SHUTDOWN_STEP_TERMINATE] = "QEMU is sent SIGTERM",
    [QMP_SHUTDOWN_STEP_KILL] = "QEMU is killed",
  };

  if (step > QMP_SHUTDOWN_STEP_NONE && (guint) step < G_N_ELEMENTS (words))
    tool_complain ("%s", words[step]);
}

/* A failure of all steps, or the second ^C, leaves one thing to do. */
static void
shut_down (Run *run)
{
  g_autoptr (QmpShutdownOptions) options = qmp_shutdown_options_new ();

  qmp_shutdown_options_set_power_down_timeout (options, run->power_down_timeout * 1000);
  g_signal_connect (run->machine, "shutdown-step", G_CALLBACK (on_step), NULL);
  if (qmp_machine_shut_down (run->machine, options, run->second, NULL) == QMP_SHUTDOWN_STEP_NONE &&
      qmp_machine_get_alive (run->machine))
    {
      tool_complain ("QEMU is killed");
      qmp_machine_kill (run->machine);
    }
}

static void
wait_for_end (Run *run)
{
  GCancellable *first = tool_app_get_cancellable (run->app);

  print_events (run);
  /* a monitor that hangs up need not be the end */
  if (!g_cancellable_is_cancelled (first))
    qmp_machine_wait (run->machine, first, NULL);
  if (qmp_machine_get_alive (run->machine))
    shut_down (run);
  print_last_events (run);
  qmp_machine_wait (run->machine, NULL, NULL);
}

static void
take_exit_status (Run *run)
{
  int number = qmp_machine_get_term_signal (run->machine);

  if (number > 0)
    tool_complain ("QEMU was ended by signal %d (%s)", number, g_strsignal (number));
  tool_app_set_status (run->app, number > 0 ? 128 + number : qmp_machine_get_exit_status (run->machine));
}

static void
clean_up (Run *run)
{
  g_clear_object (&run->events);
  g_clear_object (&run->machine);
  g_clear_object (&run->launcher);
  g_clear_pointer (&run->words, qmpctl_words_free);
  g_clear_object (&run->second);
  /* QEMU has removed it, unless it was killed */
  if (run->monitor != NULL && is_socket (run->monitor))
    g_unlink (run->monitor);
  if (run->folder != NULL)
    g_rmdir (run->folder);
  g_free (run->monitor);
  g_free (run->folder);
}

/* --- the verb ---------------------------------------------------------------------------------- */

static gboolean
launch_and_wait (Run *run, const char *binary, const char *monitor, char **arguments, GError **error)
{
  if (!make_monitor_path (run, monitor, error) || !prepare (run, binary, arguments, error))
    return FALSE;
  run->second = tool_interrupt_watch_second ();
  run->machine = qmp_launcher_launch (run->launcher, tool_app_get_cancellable (run->app), error);
  if (run->machine == NULL)
    return FALSE;

  run->events = qmp_connection_watch_events (qmp_machine_get_connection (run->machine), NULL, CAPACITY);
  qmp_event_stream_set_timeout (run->events, G_MAXINT);
  /* an error would have had its words */
  qmpctl_words_show (run->words);
  print_start (run);
  tool_output_flush (NULL);
  wait_for_end (run);
  take_exit_status (run);
  return TRUE;
}

static gboolean
run_verb (ToolApp *app, int argc, char **argv, GError **error)
{
  g_autofree char *monitor = NULL, *given = NULL, *binary = NULL;
  Run run = { .app = app, .power_down_timeout = 60 };
  const GOptionEntry entries[] = {
    { "monitor", 'm', 0, G_OPTION_ARG_FILENAME, &monitor, "Where others may attach to QEMU's monitor", "PATH" },
    { "qemu", 0, 0, G_OPTION_ARG_FILENAME, &given, "Run this one, otherwise $QEMU, or the host's own kind", "PROGRAM" },
    { "power-down", 'p', 0, G_OPTION_ARG_INT, &run.power_down_timeout, "How long the guest may take to power off (60)", "SECONDS" },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &run.quiet, "Print no events", NULL },
    { NULL },
  };
  gboolean done;

  if (!tool_app_parse_strictly (app, entries, &argc, &argv, 0, -1, error))
    return FALSE;
  if (run.power_down_timeout < 0 || run.power_down_timeout > G_MAXINT / 1000)
    {
      g_set_error_literal (error, TOOL_ERROR, TOOL_ERROR_USAGE, "That is no time for a guest to power off");
      return FALSE;
    }
  binary = choose_binary (given);
  done = launch_and_wait (&run, binary, monitor, argv + 1, error);
  clean_up (&run);
  return done;
}

const ToolVerb qmpctl_run = {
  .name = "run",
  .synopsis = "-- QEMU-ARGUMENT…",
  .summary = "Run a machine, print its events, and shut it down on ^C",
  .description =
    "The guest is asked to power off on ^C, and QEMU is ended by harder means when it does not; a second ^C kills it.\n"
    "Ends with QEMU's own status, or with 128 and the number of the signal that ended it. QEMU gets nothing from the\n"
    "terminal: its serial line has to go elsewhere.\n"
    "\n"
    "  qmpctl run --monitor vm.qmp -- -M q35 -m 2G -drive file=disk.qcow2,if=virtio",
  .run = run_verb,
  .flags = TOOL_VERB_NO_ADDRESS,
};
