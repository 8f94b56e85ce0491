/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "bench-measure.h"

#include <sys/types.h>

/* A row measures and appends its figures. */
typedef struct
{
  const char *name;
  void (*run) (const BenchSettings *settings, GArray *figures);
} BenchRow;

/* Ends with a row without a name. */
extern const BenchRow bench_rows[];

void bench_row_agent_ping (const BenchSettings *settings, GArray *figures);
void bench_row_agent_read (const BenchSettings *settings, GArray *figures);
void bench_row_agent_run (const BenchSettings *settings, GArray *figures);
void bench_row_big (const BenchSettings *settings, GArray *figures);
void bench_row_idle (const BenchSettings *settings, GArray *figures);
void bench_row_proxy (const BenchSettings *settings, GArray *figures);
void bench_row_qemu (const BenchSettings *settings, GArray *figures);

/* A QEMU with two monitors, whose ends are put into @fds. */
pid_t bench_start_qemu (const char *path, int *fds);
