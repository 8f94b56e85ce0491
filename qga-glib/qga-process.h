/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QGA_GLIB_INSIDE) && !defined (QGA_GLIB_COMPILATION)
#error "Only <qga-glib/qga-glib.h> can be included directly."
#endif

#include <gio/gio.h>
#include <qga-glib/qga-connection.h>
#include <qga-glib/qga-process-options.h>

G_BEGIN_DECLS

#define QGA_TYPE_PROCESS (qga_process_get_type ())

QGA_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QgaProcess, qga_process, QGA, PROCESS, GObject)

/* Starting */

QGA_AVAILABLE_IN_0_1
void qga_process_spawn_async (QgaConnection *connection,
                              const char *const *argv,
                              QgaProcessOptions *options,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
QGA_AVAILABLE_IN_0_1
QgaProcess *qga_process_spawn_finish (GAsyncResult *result, GError **error);
QGA_AVAILABLE_IN_0_1
QgaProcess *qga_process_spawn (QgaConnection *connection,
                               const char *const *argv,
                               QgaProcessOptions *options,
                               GCancellable *cancellable,
                               GError **error);

/* Waiting for its end */

QGA_AVAILABLE_IN_0_1
void qga_process_wait_async (QgaProcess *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
QGA_AVAILABLE_IN_0_1
gboolean qga_process_wait_finish (QgaProcess *self, GAsyncResult *result, GError **error);
QGA_AVAILABLE_IN_0_1
gboolean qga_process_wait (QgaProcess *self, GCancellable *cancellable, GError **error);

QGA_AVAILABLE_IN_0_1
void qga_process_wait_check_async (QgaProcess *self,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
QGA_AVAILABLE_IN_0_1
gboolean qga_process_wait_check_finish (QgaProcess *self, GAsyncResult *result, GError **error);
QGA_AVAILABLE_IN_0_1
gboolean qga_process_wait_check (QgaProcess *self, GCancellable *cancellable, GError **error);

QGA_AVAILABLE_IN_0_1
void qga_process_communicate_async (QgaProcess *self,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
QGA_AVAILABLE_IN_0_1
gboolean qga_process_communicate_finish (QgaProcess *self,
                                         GAsyncResult *result,
                                         GBytes **output,
                                         GBytes **error_output,
                                         GError **error);
QGA_AVAILABLE_IN_0_1
gboolean qga_process_communicate (QgaProcess *self,
                                  GBytes **output,
                                  GBytes **error_output,
                                  GCancellable *cancellable,
                                  GError **error);

QGA_AVAILABLE_IN_0_1
void qga_process_communicate_utf8_async (QgaProcess *self,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
QGA_AVAILABLE_IN_0_1
gboolean qga_process_communicate_utf8_finish (QgaProcess *self,
                                              GAsyncResult *result,
                                              char **output,
                                              char **error_output,
                                              GError **error);
QGA_AVAILABLE_IN_0_1
gboolean qga_process_communicate_utf8 (QgaProcess *self,
                                       char **output,
                                       char **error_output,
                                       GCancellable *cancellable,
                                       GError **error);

/* What it is, and what became of it */

QGA_AVAILABLE_IN_0_1
QgaConnection *qga_process_get_connection (QgaProcess *self);
QGA_AVAILABLE_IN_0_1
const char *const *qga_process_get_argv (QgaProcess *self);
QGA_AVAILABLE_IN_0_1
gint64 qga_process_get_pid (QgaProcess *self);
QGA_AVAILABLE_IN_0_1
gboolean qga_process_get_ended (QgaProcess *self);
QGA_AVAILABLE_IN_0_1
gboolean qga_process_get_successful (QgaProcess *self);
QGA_AVAILABLE_IN_0_1
gint64 qga_process_get_exit_status (QgaProcess *self);
QGA_AVAILABLE_IN_0_1
gint64 qga_process_get_term_signal (QgaProcess *self);
QGA_AVAILABLE_IN_0_1
gboolean qga_process_get_output_truncated (QgaProcess *self);
QGA_AVAILABLE_IN_0_1
gboolean qga_process_get_error_output_truncated (QgaProcess *self);

G_END_DECLS
