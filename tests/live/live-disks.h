/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "live.h"

/* A machine with two disks of block nodes, “disk”, which is full, and “spare”,
 * which is empty and has no device; and what tests of jobs look at. */

#define LIVE_DISK_SIZE (16 * 1024 * 1024)

void live_make_image (Live *live, const char *name, gboolean full);
QmpMachine *live_launch_disks (Live *live, const char *const *more);
void live_end_machine (QmpMachine *machine);

QmpRequest *live_request (const char *command, const char *arguments);
void live_run_job (QmpConnection *connection, const char *command, const char *arguments, QmpJobRunFlags flags);

/* Blocks of 64 KiB, filled with one byte: written as the guest would, and looked
 * for in the files. */
void live_write (QmpConnection *connection, const char *device, guint block, guint byte);
gboolean live_reads (QmpConnection *connection, const char *device, const char *node, guint block, guint byte);

/* What there is: nothing is left when all is as it was. */
void live_assert_no_jobs (QmpConnection *connection);
char *live_list_nodes (QmpConnection *connection);
guint live_count_fds (const char *process);

/* Counts how often a progress has risen, and ends the test when it falls. */
typedef struct
{
  double fraction;
  guint64 current;
  guint n;
} LiveRise;

void live_watch_rise (LiveRise *rise, QmpJob *job);
