/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

typedef struct
{
  guint rounds;
  gboolean quick;
  const char *schema;
  const char *qemu;
  const char *agent;
  const char *qmpctl;
  int cpu;
} BenchSettings;

typedef enum
{
  BENCH_GOAL_NONE,
  BENCH_GOAL_RATIO,
  BENCH_GOAL_LIBRARY,
} BenchGoal;

/* One line of the table. A figure that does not exist is NAN. */
typedef struct
{
  const char *row;
  const char *what;
  const char *unit;
  double raw;
  double library;
  double ratio;
  BenchGoal goal_is;
  double goal;
} BenchFigure;

/* One side of a comparison: does the work @count times. */
typedef void (*BenchWork) (gpointer client, guint count);

typedef struct
{
  BenchWork work;
  gpointer client;
} BenchSide;

/* Microseconds for one operation: the raw client's, the library's, and the
 * median of what each round made of the two. */
typedef struct
{
  double raw;
  double library;
  double ratio;
} BenchTimes;

typedef enum
{
  BENCH_CLOCK_WALL,
  BENCH_CLOCK_CPU,
} BenchClock;

/* Each round does raw, library, library, raw, so that what drifts hits both. */
BenchTimes bench_compare (const BenchSettings *settings, BenchClock clock, BenchSide raw,
                          BenchSide library, guint count);

double bench_median (double *values, guint n_values);

/* Puts this process and those it starts on one processor; returns which, or -1. */
int bench_pin (void);

/* A number of /proc/self/status, in KiB: VmHWM, VmRSS. */
double bench_get_memory (const char *name);

/* Bytes that malloc has handed out. */
double bench_get_heap (void);

/* Runs @measure in a process of its own and returns the numbers it wrote. */
typedef void (*BenchMeasure) (gpointer data, double *results);
void bench_run_apart (BenchMeasure measure, gpointer data, double *results, guint n_results);
