/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <gio/gio.h>
#include <qmp-glib/qmp-version-macros.h>

G_BEGIN_DECLS

/**
 * QmpShutdownStep:
 * @QMP_SHUTDOWN_STEP_NONE: it is still there
 * @QMP_SHUTDOWN_STEP_POWER_DOWN: the guest is asked to power off
 * @QMP_SHUTDOWN_STEP_QUIT: QEMU is told to quit
 * @QMP_SHUTDOWN_STEP_TERMINATE: QEMU's process is sent `SIGTERM`
 * @QMP_SHUTDOWN_STEP_KILL: QEMU's process is sent `SIGKILL`
 *
 * The steps in which a machine is shut down, each harder than the one before.
 *
 * Since: 0.1
 */
typedef enum
{
  QMP_SHUTDOWN_STEP_NONE,
  QMP_SHUTDOWN_STEP_POWER_DOWN,
  QMP_SHUTDOWN_STEP_QUIT,
  QMP_SHUTDOWN_STEP_TERMINATE,
  QMP_SHUTDOWN_STEP_KILL,
} QmpShutdownStep;

#define QMP_TYPE_SHUTDOWN_OPTIONS (qmp_shutdown_options_get_type ())

QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpShutdownOptions, qmp_shutdown_options, QMP, SHUTDOWN_OPTIONS, GObject)

QMP_AVAILABLE_IN_0_1
QmpShutdownOptions *qmp_shutdown_options_new (void);

QMP_AVAILABLE_IN_0_1
int qmp_shutdown_options_get_power_down_timeout (QmpShutdownOptions *self);
QMP_AVAILABLE_IN_0_1
void qmp_shutdown_options_set_power_down_timeout (QmpShutdownOptions *self, int milliseconds);

QMP_AVAILABLE_IN_0_1
int qmp_shutdown_options_get_power_down_interval (QmpShutdownOptions *self);
QMP_AVAILABLE_IN_0_1
void qmp_shutdown_options_set_power_down_interval (QmpShutdownOptions *self, int milliseconds);

QMP_AVAILABLE_IN_0_1
int qmp_shutdown_options_get_quit_timeout (QmpShutdownOptions *self);
QMP_AVAILABLE_IN_0_1
void qmp_shutdown_options_set_quit_timeout (QmpShutdownOptions *self, int milliseconds);

QMP_AVAILABLE_IN_0_1
int qmp_shutdown_options_get_terminate_timeout (QmpShutdownOptions *self);
QMP_AVAILABLE_IN_0_1
void qmp_shutdown_options_set_terminate_timeout (QmpShutdownOptions *self, int milliseconds);

QMP_AVAILABLE_IN_0_1
gboolean qmp_shutdown_options_get_kill (QmpShutdownOptions *self);
QMP_AVAILABLE_IN_0_1
void qmp_shutdown_options_set_kill (QmpShutdownOptions *self, gboolean kill);

G_END_DECLS
