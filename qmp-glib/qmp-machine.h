/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <qmp-glib/qmp-api-run-state.h>
#include <qmp-glib/qmp-connection.h>
#include <qmp-glib/qmp-shutdown-options.h>

G_BEGIN_DECLS

#define QMP_TYPE_MACHINE (qmp_machine_get_type ())

QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpMachine, qmp_machine, QMP, MACHINE, GObject)

/* Attaching to one that another process has started */

QMP_AVAILABLE_IN_0_1
void qmp_machine_attach_async (const char *address,
                               QmpOpenOptions *options,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
QMP_AVAILABLE_IN_0_1
QmpMachine *qmp_machine_attach_finish (GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
QmpMachine *qmp_machine_attach (const char *address, QmpOpenOptions *options, GCancellable *cancellable, GError **error);

/* What it is */

QMP_AVAILABLE_IN_0_1
QmpConnection *qmp_machine_get_connection (QmpMachine *self);
QMP_AVAILABLE_IN_0_1
const char *qmp_machine_get_address (QmpMachine *self);
QMP_AVAILABLE_IN_0_1
const char *qmp_machine_get_agent_address (QmpMachine *self);
QMP_AVAILABLE_IN_0_1
const char *qmp_machine_get_console_address (QmpMachine *self);
QMP_AVAILABLE_IN_0_1
QmpRunState qmp_machine_get_run_state (QmpMachine *self);
QMP_AVAILABLE_IN_0_1
gboolean qmp_machine_get_running (QmpMachine *self);
QMP_AVAILABLE_IN_0_1
QmpShutdownCause qmp_machine_get_shutdown_cause (QmpMachine *self);
QMP_AVAILABLE_IN_0_1
gboolean qmp_machine_get_panicked (QmpMachine *self);
QMP_AVAILABLE_IN_0_1
QmpGuestPanicInformation *qmp_machine_get_panic_information (QmpMachine *self);

/* Its process */

QMP_AVAILABLE_IN_0_1
gboolean qmp_machine_get_launched (QmpMachine *self);
QMP_AVAILABLE_IN_0_1
gboolean qmp_machine_get_alive (QmpMachine *self);
QMP_AVAILABLE_IN_0_1
int qmp_machine_get_pid (QmpMachine *self);
QMP_AVAILABLE_IN_0_1
int qmp_machine_get_exit_status (QmpMachine *self);
QMP_AVAILABLE_IN_0_1
int qmp_machine_get_term_signal (QmpMachine *self);
QMP_AVAILABLE_IN_0_1
char *qmp_machine_dup_output (QmpMachine *self);

QMP_AVAILABLE_IN_0_1
void qmp_machine_wait_async (QmpMachine *self,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_machine_wait_finish (QmpMachine *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_machine_wait (QmpMachine *self, GCancellable *cancellable, GError **error);

/* Running and standing still */

QMP_AVAILABLE_IN_0_1
void qmp_machine_start_async (QmpMachine *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_machine_start_finish (QmpMachine *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_machine_start (QmpMachine *self, GCancellable *cancellable, GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_machine_pause_async (QmpMachine *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_machine_pause_finish (QmpMachine *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_machine_pause (QmpMachine *self, GCancellable *cancellable, GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_machine_reset_async (QmpMachine *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_machine_reset_finish (QmpMachine *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_machine_reset (QmpMachine *self, GCancellable *cancellable, GError **error);

/* The end */

QMP_AVAILABLE_IN_0_1
void qmp_machine_shut_down_async (QmpMachine *self,
                                  QmpShutdownOptions *options,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
QMP_AVAILABLE_IN_0_1
QmpShutdownStep qmp_machine_shut_down_finish (QmpMachine *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
QmpShutdownStep qmp_machine_shut_down (QmpMachine *self,
                                       QmpShutdownOptions *options,
                                       GCancellable *cancellable,
                                       GError **error);
QMP_AVAILABLE_IN_0_1
void qmp_machine_kill (QmpMachine *self);

/* Its channels */

QMP_AVAILABLE_IN_0_1
void qmp_machine_open_agent_async (QmpMachine *self,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
QMP_AVAILABLE_IN_0_1
GIOStream *qmp_machine_open_agent_finish (QmpMachine *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
GIOStream *qmp_machine_open_agent (QmpMachine *self, GCancellable *cancellable, GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_machine_open_console_async (QmpMachine *self,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
QMP_AVAILABLE_IN_0_1
GIOStream *qmp_machine_open_console_finish (QmpMachine *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
GIOStream *qmp_machine_open_console (QmpMachine *self, GCancellable *cancellable, GError **error);

G_END_DECLS
