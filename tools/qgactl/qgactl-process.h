/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qgactl.h"

G_BEGIN_DECLS

/* What became of a command in the guest. */
typedef struct
{
  QgaProcess *process;
  GBytes *output;
  GBytes *error_output;
} QgactlRun;

void qgactl_run_clear (QgactlRun *run);

/* Starts a command in the guest. */
QgaProcess *qgactl_spawn (ToolApp *app, QgaConnection *connection, const char *const *argv, QgaProcessOptions *options,
                          GError **error);

/* Runs it to its end. One that is interrupted, or takes too long, is told to
 * end (SIGTERM), and so is the user. */
gboolean qgactl_run (ToolApp *app, QgaConnection *connection, const char *const *argv, QgaProcessOptions *options,
                     QgactlRun *run, GError **error);

/* Its status as a shell has it: 128 + N for signal N, and what is larger than
 * a status can be is 255. */
int qgactl_run_get_status (const QgactlRun *run);

/* What it wrote, where it belongs: cleaned on a terminal, as it is otherwise. */
gboolean qgactl_run_print (const QgactlRun *run, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QgactlRun, qgactl_run_clear)

G_END_DECLS
