/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <gio/gio.h>
#include <qmp-glib/qmp-version-macros.h>

G_BEGIN_DECLS

#define QMP_TYPE_MEDIUM_OPTIONS (qmp_medium_options_get_type ())

QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpMediumOptions, qmp_medium_options, QMP, MEDIUM_OPTIONS, GObject)

QMP_AVAILABLE_IN_0_1
QmpMediumOptions *qmp_medium_options_new (void);

QMP_AVAILABLE_IN_0_1
int qmp_medium_options_get_timeout (QmpMediumOptions *self);
QMP_AVAILABLE_IN_0_1
void qmp_medium_options_set_timeout (QmpMediumOptions *self, int milliseconds);

QMP_AVAILABLE_IN_0_1
gboolean qmp_medium_options_get_force (QmpMediumOptions *self);
QMP_AVAILABLE_IN_0_1
void qmp_medium_options_set_force (QmpMediumOptions *self, gboolean force);

QMP_AVAILABLE_IN_0_1
gboolean qmp_medium_options_get_keep_node (QmpMediumOptions *self);
QMP_AVAILABLE_IN_0_1
void qmp_medium_options_set_keep_node (QmpMediumOptions *self, gboolean keep_node);

G_END_DECLS
