/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <gio/gio.h>
#include <qmp-glib/qmp-version-macros.h>

G_BEGIN_DECLS

#define QMP_TYPE_UNPLUG_OPTIONS (qmp_unplug_options_get_type ())

QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpUnplugOptions, qmp_unplug_options, QMP, UNPLUG_OPTIONS, GObject)

QMP_AVAILABLE_IN_0_1
QmpUnplugOptions *qmp_unplug_options_new (void);

QMP_AVAILABLE_IN_0_1
int qmp_unplug_options_get_timeout (QmpUnplugOptions *self);
QMP_AVAILABLE_IN_0_1
void qmp_unplug_options_set_timeout (QmpUnplugOptions *self, int milliseconds);

QMP_AVAILABLE_IN_0_1
int qmp_unplug_options_get_interval (QmpUnplugOptions *self);
QMP_AVAILABLE_IN_0_1
void qmp_unplug_options_set_interval (QmpUnplugOptions *self, int milliseconds);

G_END_DECLS
