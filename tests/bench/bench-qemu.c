/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-rows.h"

#include "bench-fail.h"
#include "library-client.h"
#include "raw-client.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void
exec_qemu (const char *path, const int *fds)
{
  g_autofree char *raw = g_strdup_printf ("socket,id=raw,fd=%d", fds[0]);
  g_autofree char *library = g_strdup_printf ("socket,id=library,fd=%d", fds[1]);

  prctl (PR_SET_PDEATHSIG, SIGKILL);
  fcntl (fds[0], F_SETFD, 0);
  fcntl (fds[1], F_SETFD, 0);
  execlp (path, path, "-M", "none", "-display", "none", "-nodefaults", "-chardev", raw, "-mon",
          "chardev=raw,mode=control", "-chardev", library, "-mon",
          "chardev=library,mode=control", NULL);
  g_printerr ("qmp-bench: %s: %s\n", path, g_strerror (errno));
  _exit (2);
}

pid_t
bench_start_qemu (const char *path, int *fds)
{
  int far_ends[2];
  pid_t pid;

  for (guint i = 0; i < 2; i++)
    {
      int pair[2];

      if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        bench_fail ("socketpair: %s", g_strerror (errno));
      fds[i] = pair[0];
      far_ends[i] = pair[1];
    }
  pid = fork ();
  if (pid < 0)
    bench_fail ("fork: %s", g_strerror (errno));
  if (pid == 0)
    exec_qemu (path, far_ends);
  close (far_ends[0]);
  close (far_ends[1]);
  return pid;
}

static void
raw_status (gpointer client, guint count)
{
  raw_client_sequential (client, "query-status", count);
}

static void
library_status (gpointer client, guint count)
{
  library_client_run (client, "query-status", LIBRARY_FORM_VALUE, 1, count);
}

static void
raw_schema (gpointer client, guint count)
{
  raw_client_sequential (client, "query-qmp-schema", count);
}

static void
library_schema (gpointer client, guint count)
{
  library_client_run (client, "query-qmp-schema", LIBRARY_FORM_TYPED, 1, count);
}

static void
add_figure (GArray *figures, const char *what, BenchTimes times, BenchGoal goal_is, double goal)
{
  BenchFigure figure = { "qemu", what, "us", times.raw, times.library, times.ratio, goal_is, goal };

  g_array_append_val (figures, figure);
}

void
bench_row_qemu (const BenchSettings *settings, GArray *figures)
{
  int fds[2];
  pid_t pid = bench_start_qemu (settings->qemu, fds);
  RawClient *raw = raw_client_new (fds[0]);
  LibraryClient *library = library_client_new (fds[1]);
  BenchTimes times = bench_compare (settings, BENCH_CLOCK_WALL, (BenchSide){ raw_status, raw },
                                    (BenchSide){ library_status, library },
                                    settings->quick ? 200 : 1000);

  add_figure (figures, "time per query-status", times, BENCH_GOAL_NONE, 0);
  times = bench_compare (settings, BENCH_CLOCK_WALL, (BenchSide){ raw_schema, raw },
                         (BenchSide){ library_schema, library }, settings->quick ? 3 : 10);
  add_figure (figures, "time per typed query-qmp-schema", times, BENCH_GOAL_RATIO, 3);
  raw_client_free (raw);
  library_client_free (library);
  kill (pid, SIGKILL);
  waitpid (pid, NULL, 0);
}
