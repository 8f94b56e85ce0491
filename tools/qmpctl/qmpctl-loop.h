/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmpctl.h"

G_BEGIN_DECLS

/* For verbs that show what goes on while they wait: the default main context
 * runs meanwhile. */

typedef gboolean (*QmpctlDone) (gpointer data);

/* Until `done`, which is asked again whenever anything has happened. FALSE, and
 * an error, after ^C, and after so many milliseconds (-1: any number). */
gboolean qmpctl_run_until (ToolApp *app, QmpctlDone done, gpointer data, int timeout, GError **error);

/* A GAsyncReadyCallback; `data` is a GAsyncResult **, which gets the result. */
void qmpctl_take_result (GObject *source, GAsyncResult *result, gpointer data);

/* Until that has come, ^C or not: what was begun with the tool's cancellable
 * ends by itself then. Bars of `jobs` (nullable) are shown meanwhile. */
GAsyncResult *qmpctl_await (GAsyncResult **place, QmpJobList *jobs);

/* All jobs of a QEMU, once it has told of them. */
QmpJobList *qmpctl_load_jobs (ToolApp *app, QmpConnection *connection, GError **error);

/* Shows the bars of those that go on. */
void qmpctl_show_jobs (QmpJobList *jobs);

/* Cancelled, but not by ^C: that is no interruption. */
gboolean qmpctl_explain_cancel (ToolApp *app, const char *text, GError **error);

G_END_DECLS
