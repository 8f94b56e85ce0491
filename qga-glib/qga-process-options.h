/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QGA_GLIB_INSIDE) && !defined (QGA_GLIB_COMPILATION)
#error "Only <qga-glib/qga-glib.h> can be included directly."
#endif

#include <gio/gio.h>
#include <qga-glib/qga-version-macros.h>

G_BEGIN_DECLS

/**
 * QgaCapture:
 * @QGA_CAPTURE_SEPARATE: standard output and standard error, each for itself
 * @QGA_CAPTURE_NONE: nothing
 * @QGA_CAPTURE_MERGED: both as one, as output; by agents from QEMU 8.0 on,
 *   and not on Windows
 *
 * What the agent keeps of what a process writes. It keeps at most 16 MiB of
 * each stream.
 *
 * Newer agents offer to capture one of the streams alone as well. That of QEMU
 * 10.0 breaks when it does, and so this is not offered here.
 *
 * Since: 0.1
 */
typedef enum
{
  QGA_CAPTURE_SEPARATE,
  QGA_CAPTURE_NONE,
  QGA_CAPTURE_MERGED,
} QgaCapture;

#define QGA_TYPE_PROCESS_OPTIONS (qga_process_options_get_type ())

QGA_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QgaProcessOptions, qga_process_options, QGA, PROCESS_OPTIONS, GObject)

QGA_AVAILABLE_IN_0_1
QgaProcessOptions *qga_process_options_new (void);

QGA_AVAILABLE_IN_0_1
const char *const *qga_process_options_get_environment (QgaProcessOptions *self);
QGA_AVAILABLE_IN_0_1
void qga_process_options_set_environment (QgaProcessOptions *self, const char *const *environment);
QGA_AVAILABLE_IN_0_1
GBytes *qga_process_options_get_input (QgaProcessOptions *self);
QGA_AVAILABLE_IN_0_1
void qga_process_options_set_input (QgaProcessOptions *self, GBytes *input);
QGA_AVAILABLE_IN_0_1
QgaCapture qga_process_options_get_capture (QgaProcessOptions *self);
QGA_AVAILABLE_IN_0_1
void qga_process_options_set_capture (QgaProcessOptions *self, QgaCapture capture);
QGA_AVAILABLE_IN_0_1
int qga_process_options_get_wait_timeout (QgaProcessOptions *self);
QGA_AVAILABLE_IN_0_1
void qga_process_options_set_wait_timeout (QgaProcessOptions *self, int milliseconds);
QGA_AVAILABLE_IN_0_1
gboolean qga_process_options_get_sensitive (QgaProcessOptions *self);
QGA_AVAILABLE_IN_0_1
void qga_process_options_set_sensitive (QgaProcessOptions *self, gboolean sensitive);

G_END_DECLS
