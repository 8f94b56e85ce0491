/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-launcher.h"

G_BEGIN_DECLS

/* What was set, for who launches. */
struct _QmpLauncher
{
  GObject parent_instance;
  char *binary;
  GPtrArray *arguments;
  GStrv wrapper;
  GStrv environ;
  char *working_directory;
  GArray *fds;  /* of int, ours */
  QmpMonitorMode monitor_mode;
  QmpOpenOptions *open_options;
  gboolean agent;
  gboolean console;
  char *console_log;
  int output_fd;  /* ours, or -1 */
};

/* What is passed on has these numbers in QEMU. */
#define MONITOR_FD 3
#define FIRST_FD 10

G_END_DECLS
