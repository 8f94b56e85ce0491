/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-rows.h"

#include "bench-server.h"
#include "library-client.h"
#include "raw-client.h"

#include <math.h>
#include <time.h>

/* The rows about memory. Each measures in a process of its own, which has
 * not had a peak yet. */

#define N_CONNECTIONS 1000
#define N_BIG_REPLIES 5

static double
get_cpu_milliseconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

/* Writes the CPU time of a reply in ms and the growth of the peak in MiB. */
static void
measure_big_raw (gpointer server, double *results)
{
  RawClient *client = raw_client_new (bench_server_take_fd (server, 0));
  double memory = bench_get_memory ("VmRSS"), start;

  raw_client_sequential (client, "big", 1);
  start = get_cpu_milliseconds ();
  raw_client_sequential (client, "big", N_BIG_REPLIES);
  results[0] = (get_cpu_milliseconds () - start) / N_BIG_REPLIES;
  results[1] = (bench_get_memory ("VmHWM") - memory) / 1024;
}

static void
measure_big_library (gpointer server, double *results)
{
  LibraryClient *client = library_client_new (bench_server_take_fd (server, 0));
  double memory = bench_get_memory ("VmRSS"), start;

  library_client_run (client, "big", LIBRARY_FORM_DEVICE, 1, 1);
  start = get_cpu_milliseconds ();
  library_client_run (client, "big", LIBRARY_FORM_DEVICE, 1, N_BIG_REPLIES);
  results[0] = (get_cpu_milliseconds () - start) / N_BIG_REPLIES;
  results[1] = (bench_get_memory ("VmHWM") - memory) / 1024;
}

static void
measure_big (BenchMeasure measure, guint rounds, double *results)
{
  g_autofree double *times = g_new0 (double, rounds);
  g_autofree double *peaks = g_new0 (double, rounds);

  for (guint i = 0; i < rounds; i++)
    {
      BenchServer *server = bench_server_start (1, NULL);

      bench_run_apart (measure, server, results, 2);
      bench_server_stop (server);
      times[i] = results[0];
      peaks[i] = results[1];
    }
  results[0] = bench_median (times, rounds);
  results[1] = bench_median (peaks, rounds);
}

void
bench_row_big (const BenchSettings *settings, GArray *figures)
{
  guint rounds = MIN (settings->rounds, 5);
  double raw[2], library[2];
  BenchFigure figure = { "big", "client CPU per reply of 10 MB", "ms", 0, 0, NAN,
                         BENCH_GOAL_LIBRARY, 20 };

  measure_big (measure_big_raw, rounds, raw);
  measure_big (measure_big_library, rounds, library);

  figure.raw = raw[0];
  figure.library = library[0];
  g_array_append_val (figures, figure);

  figure.what = "growth of the resident peak";
  figure.unit = "MiB";
  figure.raw = raw[1];
  figure.library = library[1];
  figure.goal = 48;
  g_array_append_val (figures, figure);
}

/* Opens a connection that stays, and lets it work once. */
static void
run_one (GIOStream *stream)
{
  LibraryClient *client = library_client_new_for_stream (stream);

  library_client_run (client, "small", LIBRARY_FORM_VALUE, 1, 1);
}

/* Writes heap and resident growth in KiB a connection: GIO's streams alone,
 * then the streams with open connections that have had a command each. */
static void
measure_idle (gpointer server, double *results)
{
  g_autofree GIOStream **streams = g_new0 (GIOStream *, N_CONNECTIONS);
  double heap, resident;

  /* What is made once for all connections is not theirs. */
  run_one (library_stream_new (bench_server_take_fd (server, N_CONNECTIONS)));
  heap = bench_get_heap ();
  resident = bench_get_memory ("VmRSS");

  for (guint i = 0; i < N_CONNECTIONS; i++)
    streams[i] = library_stream_new (bench_server_take_fd (server, i));
  results[0] = (bench_get_heap () - heap) / 1024 / N_CONNECTIONS;
  results[1] = (bench_get_memory ("VmRSS") - resident) / N_CONNECTIONS;

  for (guint i = 0; i < N_CONNECTIONS; i++)
    run_one (streams[i]);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  results[2] = (bench_get_heap () - heap) / 1024 / N_CONNECTIONS;
  results[3] = (bench_get_memory ("VmRSS") - resident) / N_CONNECTIONS;
}

void
bench_row_idle (const BenchSettings *settings, GArray *figures)
{
  BenchServer *server = bench_server_start (N_CONNECTIONS + 1, NULL);
  double results[4];
  BenchFigure figure = { "connections-idle", "heap each (raw: its GIOStream)", "KiB",
                         0, 0, NAN, BENCH_GOAL_LIBRARY, 8 };

  bench_run_apart (measure_idle, server, results, G_N_ELEMENTS (results));
  bench_server_stop (server);

  figure.raw = results[0];
  figure.library = results[2];
  g_array_append_val (figures, figure);

  figure.what = "resident each (raw: its GIOStream)";
  figure.raw = results[1];
  figure.library = results[3];
  figure.goal_is = BENCH_GOAL_NONE;
  g_array_append_val (figures, figure);
}
