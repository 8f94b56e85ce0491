/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-rows.h"

#include "bench-fail.h"
#include "raw-client.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* The same raw client at QEMU's monitor, and at qmpctl that shares another
 * monitor of the same QEMU. */

/* Takes the monitor; returns when clients may come. */
static GSubprocess *
start_proxy (const char *qmpctl, int monitor, const char *path)
{
  const char *const argv[] = { qmpctl, "fd:3", "proxy", path, NULL };
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GError) error = NULL;
  GSubprocess *proxy;
  char byte = '\0';

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_subprocess_launcher_take_fd (launcher, monitor, 3);
  proxy = g_subprocess_launcher_spawnv (launcher, argv, &error);
  if (proxy == NULL)
    bench_fail ("%s: %s", qmpctl, error->message);
  while (byte != '\n')
    if (g_input_stream_read (g_subprocess_get_stdout_pipe (proxy), &byte, 1, NULL, NULL) != 1)
      bench_fail ("%s does not share the monitor", qmpctl);
  return proxy;
}

static int
connect_to (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_strlcpy (address.sun_path, path, sizeof address.sun_path);
  if (fd < 0 || connect (fd, (struct sockaddr *) &address, sizeof address) != 0)
    bench_fail ("connect: %s", g_strerror (errno));
  return fd;
}

static void
ask_status (gpointer client, guint count)
{
  raw_client_sequential (client, "query-status", count);
}

void
bench_row_proxy (const BenchSettings *settings, GArray *figures)
{
  g_autofree char *folder = g_dir_make_tmp ("qmp-bench-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "monitor", NULL);
  BenchFigure figure = { .row = "proxy", .what = "time per query-status (raw: without)", .unit = "us", .goal_is = BENCH_GOAL_RATIO,
                         .goal = 2.5 };
  int fds[2];
  pid_t qemu = bench_start_qemu (settings->qemu, fds);
  g_autoptr (GSubprocess) proxy = start_proxy (settings->qmpctl, fds[1], path);
  RawClient *direct = raw_client_new (fds[0]);
  RawClient *shared = raw_client_new (connect_to (path));
  BenchTimes times = bench_compare (settings, BENCH_CLOCK_WALL, (BenchSide){ ask_status, direct },
                                    (BenchSide){ ask_status, shared }, settings->quick ? 200 : 1000);

  figure.raw = times.raw;
  figure.library = times.library;
  figure.ratio = times.ratio;
  g_array_append_val (figures, figure);

  raw_client_free (direct);
  raw_client_free (shared);
  kill (qemu, SIGKILL);
  waitpid (qemu, NULL, 0);
  /* it ends with QEMU, and takes its socket along */
  g_subprocess_wait (proxy, NULL, NULL);
  g_rmdir (folder);
}
