/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-rows.h"

#include "bench-fail.h"
#include "raw-agent.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <math.h>
#include <qga-glib/qga-glib.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* The real agent on a unix socket, one for each client, since it serves one
 * at a time. */

typedef struct
{
  char *folder;
  pid_t pids[2];
  RawAgent *raw;
  QgaConnection *library;
  GMainLoop *loop;
  char *path;       /* of the file to read */
  guint chunk;      /* the raw client's best */
  guint left;
} Agents;

static char *
get_socket_path (Agents *agents, guint i)
{
  return g_strdup_printf ("%s/agent-%u", agents->folder, i);
}

static pid_t
start_agent (Agents *agents, const char *program, guint i)
{
  g_autofree char *socket_path = get_socket_path (agents, i);
  g_autofree char *state = g_strdup_printf ("%s/state-%u", agents->folder, i);
  pid_t pid;

  g_mkdir (state, 0700);
  pid = fork ();
  if (pid < 0)
    bench_fail ("fork: %s", g_strerror (errno));
  if (pid > 0)
    return pid;
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  execlp (program, program, "-m", "unix-listen", "-p", socket_path, "-t", state, "-l", "/dev/null", NULL);
  g_printerr ("qmp-bench: %s: %s\n", program, g_strerror (errno));
  _exit (2);
}

static void
agents_start (Agents *agents, const BenchSettings *settings)
{
  g_autofree char *raw_path = NULL, *library_path = NULL;
  g_autoptr (GError) error = NULL;

  *agents = (Agents) { .folder = g_dir_make_tmp ("qga-bench-XXXXXX", NULL), .chunk = 64 * 1024 };
  for (guint i = 0; i < 2; i++)
    agents->pids[i] = start_agent (agents, settings->agent, i);
  raw_path = get_socket_path (agents, 0);
  library_path = get_socket_path (agents, 1);
  agents->raw = raw_agent_new (raw_path);
  agents->library = qga_connection_open (library_path, NULL, NULL, &error);
  if (agents->library == NULL)
    bench_fail ("%s", error->message);
  agents->loop = g_main_loop_new (NULL, FALSE);
}

static void
agents_stop (Agents *agents)
{
  g_autofree char *remove = g_strdup_printf ("rm -rf '%s'", agents->folder);

  raw_agent_free (agents->raw);
  g_object_unref (agents->library);
  g_main_loop_unref (agents->loop);
  for (guint i = 0; i < 2; i++)
    {
      kill (agents->pids[i], SIGKILL);
      waitpid (agents->pids[i], NULL, 0);
    }
  if (system (remove) != 0)
    g_printerr ("qmp-bench: %s is left behind\n", agents->folder);
  g_free (agents->folder);
  g_free (agents->path);
}

static void
add_figure (GArray *figures, const char *row, const char *what, const char *unit, BenchTimes times, double goal)
{
  BenchFigure figure = { row, what, unit, times.raw, times.library, times.ratio, BENCH_GOAL_RATIO, goal };

  g_array_append_val (figures, figure);
}

static void
give_up (GError *error)
{
  bench_fail ("%s", error->message);
}

/* --- ping ----------------------------------------------------------------------------- */

static void
raw_ping (gpointer data, guint count)
{
  Agents *agents = data;

  raw_agent_ping (agents->raw, count);
}

static void
library_ping_blocking (gpointer data, guint count)
{
  Agents *agents = data;
  g_autoptr (GError) error = NULL;

  while (count-- > 0)
    {
      g_autofree char *reply = qga_connection_execute_json (agents->library, "guest-ping", NULL, NULL, &error);

      if (reply == NULL)
        give_up (error);
    }
}

static void
on_ping (GObject *source, GAsyncResult *result, gpointer data)
{
  Agents *agents = data;
  GError *error = NULL;

  g_free (qga_connection_execute_json_finish (agents->library, result, &error));
  if (error != NULL)
    give_up (error);
  if (--agents->left > 0)
    qga_connection_execute_json_async (agents->library, "guest-ping", NULL, NULL, on_ping, agents);
  else
    g_main_loop_quit (agents->loop);
}

static void
library_ping (gpointer data, guint count)
{
  Agents *agents = data;

  agents->left = count;
  qga_connection_execute_json_async (agents->library, "guest-ping", NULL, NULL, on_ping, agents);
  g_main_loop_run (agents->loop);
}

void
bench_row_agent_ping (const BenchSettings *settings, GArray *figures)
{
  guint count = settings->quick ? 1000 : 10000;
  Agents agents;

  agents_start (&agents, settings);
  add_figure (figures, "agent-ping", "time per guest-ping", "us",
              bench_compare (settings, BENCH_CLOCK_WALL, (BenchSide) { raw_ping, &agents },
                             (BenchSide) { library_ping, &agents }, count), 1.25);
  add_figure (figures, "agent-ping", "the same, blocking", "us",
              bench_compare (settings, BENCH_CLOCK_WALL, (BenchSide) { raw_ping, &agents },
                             (BenchSide) { library_ping_blocking, &agents }, count), 1.25);
  agents_stop (&agents);
}

/* --- reading a file ---------------------------------------------------------------------- */

static void
raw_read (gpointer data, guint count)
{
  Agents *agents = data;

  while (count-- > 0)
    raw_agent_read_file (agents->raw, agents->path, agents->chunk);
}

static void
library_read (gpointer data, guint count)
{
  Agents *agents = data;
  g_autofree guint8 *buffer = g_malloc (64 * 1024);
  GError *error = NULL;

  while (count-- > 0)
    {
      g_autoptr (QgaFile) file = qga_file_open (agents->library, agents->path, QGA_FILE_MODE_READ, NULL, &error);
      GInputStream *input = file != NULL ? g_io_stream_get_input_stream (G_IO_STREAM (file)) : NULL;

      while (error == NULL && g_input_stream_read (input, buffer, 64 * 1024, NULL, &error) > 0)
        continue;
      if (error != NULL || !g_io_stream_close (G_IO_STREAM (file), NULL, &error))
        give_up (error);
    }
}

/* Which chunks suit the raw client best is found out before. */
static void
choose_chunk (Agents *agents)
{
  static const guint chunks[] = { 32 * 1024, 48 * 1024, 64 * 1024, 128 * 1024, 1024 * 1024 };
  gint64 best = G_MAXINT64;
  guint best_chunk = 0;

  for (guint i = 0; i < G_N_ELEMENTS (chunks); i++)
    {
      gint64 begin, taken;

      agents->chunk = chunks[i];
      raw_read (agents, 1);
      begin = g_get_monotonic_time ();
      raw_read (agents, 1);
      taken = g_get_monotonic_time () - begin;
      if (taken < best)
        best_chunk = chunks[i];
      best = MIN (best, taken);
    }
  agents->chunk = best_chunk;
}

static void
make_file (Agents *agents, gsize size)
{
  g_autofree char *bytes = g_malloc (size);
  GError *error = NULL;

  for (gsize i = 0; i < size; i++)
    bytes[i] = (char) (i * 2654435761u >> 13);
  agents->path = g_build_filename (agents->folder, "file", NULL);
  if (!g_file_set_contents (agents->path, bytes, (gssize) size, &error))
    give_up (error);
}

void
bench_row_agent_read (const BenchSettings *settings, GArray *figures)
{
  gsize megabytes = settings->quick ? 8 : 64;
  Agents agents;
  BenchTimes times;

  agents_start (&agents, settings);
  make_file (&agents, megabytes * 1024 * 1024);
  choose_chunk (&agents);
  times = bench_compare (settings, BENCH_CLOCK_WALL, (BenchSide) { raw_read, &agents },
                         (BenchSide) { library_read, &agents }, 1);
  times.raw /= 1000;
  times.library /= 1000;
  add_figure (figures, "agent-read", settings->quick ? "an 8 MiB file, raw in its best chunks" :
              "a 64 MiB file, raw in its best chunks", "ms", times, 1 / 0.9);
  agents_stop (&agents);
}

/* --- running a program --------------------------------------------------------------------- */

static void
raw_run (gpointer data, guint count)
{
  Agents *agents = data;

  raw_agent_run (agents->raw, "true", count);
}

static const char *const program[] = { "true", NULL };

static void
library_run_blocking (gpointer data, guint count)
{
  Agents *agents = data;
  g_autoptr (QgaProcessOptions) process_options = qga_process_options_new ();
  GError *error = NULL;

  qga_process_options_set_capture (process_options, QGA_CAPTURE_NONE);
  while (count-- > 0)
    {
      g_autoptr (QgaProcess) process = qga_process_spawn (agents->library, program, process_options, NULL, &error);

      if (process == NULL || !qga_process_wait_check (process, NULL, &error))
        give_up (error);
    }
}

static void start_program (Agents *agents);

static void
on_program_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  Agents *agents = data;
  GError *error = NULL;

  if (!qga_process_wait_check_finish (QGA_PROCESS (source), result, &error))
    give_up (error);
  g_object_unref (source);
  if (--agents->left > 0)
    start_program (agents);
  else
    g_main_loop_quit (agents->loop);
}

static void
on_program_started (GObject *source, GAsyncResult *result, gpointer data)
{
  GError *error = NULL;
  QgaProcess *process = qga_process_spawn_finish (result, &error);

  if (process == NULL)
    give_up (error);
  qga_process_wait_check_async (process, NULL, on_program_ended, data);
}

static void
start_program (Agents *agents)
{
  g_autoptr (QgaProcessOptions) process_options = qga_process_options_new ();

  qga_process_options_set_capture (process_options, QGA_CAPTURE_NONE);
  qga_process_spawn_async (agents->library, program, process_options, NULL, on_program_started, agents);
}

static void
library_run (gpointer data, guint count)
{
  Agents *agents = data;

  agents->left = count;
  start_program (agents);
  g_main_loop_run (agents->loop);
}

void
bench_row_agent_run (const BenchSettings *settings, GArray *figures)
{
  guint count = settings->quick ? 50 : 300;
  Agents agents;

  agents_start (&agents, settings);
  add_figure (figures, "agent-run", "“true” run and collected", "us",
              bench_compare (settings, BENCH_CLOCK_WALL, (BenchSide) { raw_run, &agents },
                             (BenchSide) { library_run, &agents }, count), 1.7);
  add_figure (figures, "agent-run", "the same, blocking", "us",
              bench_compare (settings, BENCH_CLOCK_WALL, (BenchSide) { raw_run, &agents },
                             (BenchSide) { library_run_blocking, &agents }, count), 1.7);
  agents_stop (&agents);
}
