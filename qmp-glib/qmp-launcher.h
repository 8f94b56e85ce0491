/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <qmp-glib/qmp-machine.h>
#include <qmp-glib/qmp-open-options.h>
#include <qmp-glib/qmp-struct.h>

G_BEGIN_DECLS

/**
 * QmpMonitorMode:
 * @QMP_MONITOR_MODE_PAIR: over a pair of sockets without a name: nobody else
 *   can get at it, and it ends with this process
 * @QMP_MONITOR_MODE_DIALLED: QEMU dials a socket that we listen on
 * @QMP_MONITOR_MODE_SERVED: QEMU listens, so that another process may attach
 *   to it later
 *
 * How a launched machine's monitor is reached.
 *
 * Since: 0.1
 */
typedef enum
{
  QMP_MONITOR_MODE_PAIR,
  QMP_MONITOR_MODE_DIALLED,
  QMP_MONITOR_MODE_SERVED,
} QmpMonitorMode;

#define QMP_TYPE_LAUNCHER (qmp_launcher_get_type ())

QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpLauncher, qmp_launcher, QMP, LAUNCHER, GObject)

QMP_AVAILABLE_IN_0_1
QmpLauncher *qmp_launcher_new (const char *binary);

/* What is started */

QMP_AVAILABLE_IN_0_1
const char *qmp_launcher_get_binary (QmpLauncher *self);
QMP_AVAILABLE_IN_0_1
void qmp_launcher_set_arguments (QmpLauncher *self, const char *const *arguments);
QMP_AVAILABLE_IN_0_1
void qmp_launcher_append (QmpLauncher *self, const char *argument);
QMP_AVAILABLE_IN_0_1
void qmp_launcher_append_option (QmpLauncher *self, const char *option, const char *value);
QMP_AVAILABLE_IN_0_1
void qmp_launcher_append_struct (QmpLauncher *self, const char *option, QmpStruct *value);
QMP_AVAILABLE_IN_0_1
char **qmp_launcher_dup_arguments (QmpLauncher *self);
QMP_AVAILABLE_IN_0_1
char *qmp_launcher_escape (const char *value);

QMP_AVAILABLE_IN_0_1
void qmp_launcher_set_wrapper (QmpLauncher *self, const char *const *wrapper);
QMP_AVAILABLE_IN_0_1
void qmp_launcher_setenv (QmpLauncher *self, const char *variable, const char *value);
QMP_AVAILABLE_IN_0_1
void qmp_launcher_unsetenv (QmpLauncher *self, const char *variable);
QMP_AVAILABLE_IN_0_1
void qmp_launcher_set_working_directory (QmpLauncher *self, const char *path);
QMP_AVAILABLE_IN_0_1
int qmp_launcher_pass_fd (QmpLauncher *self, int fd, GError **error);

/* How it is reached */

QMP_AVAILABLE_IN_0_1
QmpMonitorMode qmp_launcher_get_monitor_mode (QmpLauncher *self);
QMP_AVAILABLE_IN_0_1
void qmp_launcher_set_monitor_mode (QmpLauncher *self, QmpMonitorMode mode);
QMP_AVAILABLE_IN_0_1
void qmp_launcher_set_open_options (QmpLauncher *self, QmpOpenOptions *options);
QMP_AVAILABLE_IN_0_1
gboolean qmp_launcher_get_agent (QmpLauncher *self);
QMP_AVAILABLE_IN_0_1
void qmp_launcher_set_agent (QmpLauncher *self, gboolean agent);
QMP_AVAILABLE_IN_0_1
gboolean qmp_launcher_get_console (QmpLauncher *self);
QMP_AVAILABLE_IN_0_1
void qmp_launcher_set_console (QmpLauncher *self, gboolean console);
QMP_AVAILABLE_IN_0_1
void qmp_launcher_set_console_log (QmpLauncher *self, const char *path);
QMP_AVAILABLE_IN_0_1
gboolean qmp_launcher_set_output_fd (QmpLauncher *self, int fd, GError **error);

/* Starting */

QMP_AVAILABLE_IN_0_1
void qmp_launcher_launch_async (QmpLauncher *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
QMP_AVAILABLE_IN_0_1
QmpMachine *qmp_launcher_launch_finish (QmpLauncher *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
QmpMachine *qmp_launcher_launch (QmpLauncher *self, GCancellable *cancellable, GError **error);

G_END_DECLS
