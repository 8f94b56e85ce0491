/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-measure.h"

#include "bench-fail.h"

#include <errno.h>
#include <malloc.h>
#include <math.h>
#include <sched.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double
get_microseconds (BenchClock clock)
{
  struct timespec now;

  clock_gettime (clock == BENCH_CLOCK_CPU ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

static double
take_time (BenchClock clock, BenchSide side, guint count)
{
  double start = get_microseconds (clock);

  side.work (side.client, count);
  return (get_microseconds (clock) - start) / count;
}

static int
compare_doubles (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

double
bench_median (double *values, guint n_values)
{
  qsort (values, n_values, sizeof *values, compare_doubles);
  return (values[(n_values - 1) / 2] + values[n_values / 2]) / 2;
}

BenchTimes
bench_compare (const BenchSettings *settings, BenchClock clock, BenchSide raw, BenchSide library,
               guint count)
{
  g_autofree double *raws = g_new0 (double, settings->rounds);
  g_autofree double *libraries = g_new0 (double, settings->rounds);
  g_autofree double *ratios = g_new0 (double, settings->rounds);
  BenchTimes times;

  /* The first round only warms up. */
  for (guint i = 0; i <= settings->rounds; i++)
    {
      double first = take_time (clock, raw, count);
      double second = take_time (clock, library, count);
      double third = take_time (clock, library, count);
      double fourth = take_time (clock, raw, count);

      if (i == 0)
        continue;
      raws[i - 1] = (first + fourth) / 2;
      libraries[i - 1] = (second + third) / 2;
      ratios[i - 1] = (second + third) / (first + fourth);
    }
  times.raw = bench_median (raws, settings->rounds);
  times.library = bench_median (libraries, settings->rounds);
  times.ratio = bench_median (ratios, settings->rounds);
  return times;
}

int
bench_pin (void)
{
  cpu_set_t allowed, one;

  if (sched_getaffinity (0, sizeof allowed, &allowed) != 0)
    return -1;
  /* The last one: interrupts and what else starts early tend to the first. */
  for (int cpu = CPU_SETSIZE - 1; cpu >= 0; cpu--)
    {
      if (!CPU_ISSET (cpu, &allowed))
        continue;
      CPU_ZERO (&one);
      CPU_SET (cpu, &one);
      return sched_setaffinity (0, sizeof one, &one) == 0 ? cpu : -1;
    }
  return -1;
}

double
bench_get_memory (const char *name)
{
  g_autofree char *status = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL) ||
      (line = strstr (status, name)) == NULL)
    bench_fail ("/proc/self/status does not tell %s", name);
  return g_ascii_strtod (line + strlen (name) + 1, NULL);
}

double
bench_get_heap (void)
{
  struct mallinfo2 info = mallinfo2 ();

  return (double) info.uordblks + info.hblkhd;
}

void
bench_run_apart (BenchMeasure measure, gpointer data, double *results, guint n_results)
{
  gsize size = n_results * sizeof *results;
  int ends[2], status = 0;
  pid_t pid;

  /* What was freed goes back first, lest the new process fill it unseen. */
  malloc_trim (0);
  if (pipe (ends) != 0 || (pid = fork ()) < 0)
    bench_fail ("fork: %s", g_strerror (errno));
  if (pid == 0)
    {
      measure (data, results);
      _exit (write (ends[1], results, size) == (ssize_t) size ? 0 : 2);
    }
  close (ends[1]);
  if (read (ends[0], results, size) != (ssize_t) size)
    memset (results, 0, size);
  close (ends[0]);
  if (waitpid (pid, &status, 0) != pid || status != 0)
    bench_fail ("the process that measures alone has failed");
}
