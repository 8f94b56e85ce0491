/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

/* --- the folder ------------------------------------------------------------------ */

void
live_set_up (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  live->folder = g_strdup ("/tmp/live-XXXXXX");
  g_assert_nonnull (g_mkdtemp (live->folder));
  live->monitor = live_path (live, "qmp");
  live->running = g_ptr_array_new_with_free_func (g_object_unref);
}

char *
live_path (Live *live, const char *name)
{
  return g_build_filename (live->folder, name, NULL);
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  const char *name;

  while (directory != NULL && (name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_remove (path) != 0)
        remove_folder (path);
    }
  g_rmdir (folder);
}

void
live_tear_down (Live *live, G_GNUC_UNUSED gconstpointer data)
{
  guint i;

  for (i = 0; i < live->running->len; i++)
    live_kill (live->running->pdata[i]);
  g_ptr_array_unref (live->running);
  remove_folder (live->folder);
  g_free (live->monitor);
  g_free (live->folder);
}

/* --- programs -------------------------------------------------------------------- */

const char *
live_program (const char *variable, const char *otherwise)
{
  const char *program = g_getenv (variable);

  return program != NULL && *program != '\0' ? program : otherwise;
}

/* A test that crashes takes its programs with it. */
static void
die_with_parent (G_GNUC_UNUSED gpointer data)
{
#ifdef __linux__
  prctl (PR_SET_PDEATHSIG, SIGKILL);
#endif
}

GSubprocess *
live_start (Live *live, int fd, const char *const *arguments)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_subprocess_launcher_set_child_setup (launcher, die_with_parent, NULL, NULL);
  if (fd >= 0)
    g_subprocess_launcher_take_fd (launcher, fd, 3);
  process = g_subprocess_launcher_spawnv (launcher, arguments, &error);
  g_assert_no_error (error);
  g_ptr_array_add (live->running, process);
  return process;
}

/* No machine, no window: QEMU is here to be talked to. */
static GPtrArray *
begin_qemu (void)
{
  static const char *const arguments[] = { "-M", "none", "-accel", "tcg", "-nodefaults", "-display", "none" };
  GPtrArray *all = g_ptr_array_new_with_free_func (g_free);
  guint i;

  g_ptr_array_add (all, g_strdup (live_program ("QEMU", "qemu-system-x86_64")));
  for (i = 0; i < G_N_ELEMENTS (arguments); i++)
    g_ptr_array_add (all, g_strdup (arguments[i]));
  return all;
}

static GSubprocess *
finish_qemu (Live *live, int fd, GPtrArray *all, va_list more)
{
  const char *argument;

  while ((argument = va_arg (more, const char *)) != NULL)
    g_ptr_array_add (all, g_strdup (argument));
  g_ptr_array_add (all, NULL);
  return live_start (live, fd, (const char *const *) all->pdata);
}

GSubprocess *
live_start_qemu (Live *live, int fd, ...)
{
  g_autoptr (GPtrArray) all = begin_qemu ();
  GSubprocess *process;
  va_list more;

  va_start (more, fd);
  process = finish_qemu (live, fd, all, more);
  va_end (more);
  return process;
}

/* QEMU with its monitor at live->monitor. It waits for the first client: one
 * that comes while the monitor moves to its own thread may be greeted twice,
 * or be read by two threads at a time. */
GSubprocess *
live_start_monitor (Live *live, ...)
{
  g_autoptr (GPtrArray) all = begin_qemu ();
  GSubprocess *process;
  va_list more;

  g_ptr_array_add (all, g_strdup ("-chardev"));
  g_ptr_array_add (all, g_strdup_printf ("socket,id=qmp,path=%s,server=on,wait=on", live->monitor));
  g_ptr_array_add (all, g_strdup ("-mon"));
  g_ptr_array_add (all, g_strdup ("chardev=qmp,mode=control"));
  va_start (more, live);
  process = finish_qemu (live, -1, all, more);
  va_end (more);
  return process;
}

GSubprocess *
live_start_storage_daemon (Live *live)
{
  g_autofree char *socket = g_strdup_printf ("socket,path=%s,server=on,wait=on,id=c", live->monitor);
  const char *arguments[] = { live_program ("QEMU_STORAGE_DAEMON", "qemu-storage-daemon"),
                              "--chardev", socket, "--monitor", "chardev=c", NULL };

  return live_start (live, -1, arguments);
}

static pid_t
get_pid (GSubprocess *process)
{
  return (pid_t) g_ascii_strtoll (g_subprocess_get_identifier (process), NULL, 10);
}

/* Returns when it stands still. */
void
live_freeze (GSubprocess *process)
{
  siginfo_t info;

  g_subprocess_send_signal (process, SIGSTOP);
  g_assert_cmpint (waitid (P_PID, (id_t) get_pid (process), &info, WSTOPPED), ==, 0);
  g_assert_cmpint (info.si_code, ==, CLD_STOPPED);
}

void
live_thaw (GSubprocess *process)
{
  g_subprocess_send_signal (process, SIGCONT);
}

void
live_kill (GSubprocess *process)
{
  g_subprocess_force_exit (process);
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
}

void
live_assert_good_exit (GSubprocess *process)
{
  g_assert_true (g_subprocess_wait (process, NULL, NULL));
  g_assert_true (g_subprocess_get_if_exited (process));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
}

/* --- connections ------------------------------------------------------------------ */

QmpConnection *
live_open (Live *live)
{
  g_autoptr (GError) error = NULL;
  QmpConnection *connection = qmp_connection_open (live->monitor, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (QMP_IS_CONNECTION (connection));
  return connection;
}

QmpOpenOptions *
live_options (int timeout, gboolean retry)
{
  QmpOpenOptions *options = qmp_open_options_new ();

  qmp_open_options_set_timeout (options, timeout);
  qmp_open_options_set_retry (options, retry);
  return options;
}

JsonNode *
live_json (const char *text)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = json_from_string (text, &error);

  g_assert_no_error (error);
  return node;
}

/* What a command that must succeed returns. */
char *
live_run (QmpConnection *connection, const char *command, const char *arguments)
{
  g_autoptr (GError) error = NULL;
  char *text = qmp_connection_execute_json (connection, command, arguments, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (text);
  return text;
}

/* --- waiting ---------------------------------------------------------------------- */

void
live_keep_result (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **kept = data;

  g_assert_null (*kept);
  *kept = g_object_ref (result);
}

GAsyncResult *
live_wait (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static void
on_closed (G_GNUC_UNUSED QmpConnection *connection, GError *error, LiveEnd *end)
{
  end->count++;
  end->error = error == NULL ? NULL : g_error_copy (error);
}

void
live_end_watch (LiveEnd *end, QmpConnection *connection)
{
  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), end);
}

void
live_end_wait (LiveEnd *end)
{
  while (end->count == 0)
    g_main_context_iteration (NULL, TRUE);
}

/* It ends as somebody wanted, once, and then there is silence. */
void
live_end_assert_orderly (LiveEnd *end, QmpConnection *connection)
{
  g_autoptr (GError) error = NULL;

  live_end_wait (end);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (end->count, ==, 1);
  g_assert_no_error (end->error);
  g_assert_cmpint (qmp_connection_get_state (connection), ==, QMP_CONNECTION_STATE_CLOSED);
  g_assert_null (qmp_connection_execute_json (connection, "query-version", NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

void
live_end_clear (LiveEnd *end)
{
  g_clear_error (&end->error);
}
