/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <glib-object.h>
#include <qmp-glib/qmp-version-macros.h>

G_BEGIN_DECLS

#define QMP_TYPE_VERSION (qmp_version_get_type ())

QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpVersion, qmp_version, QMP, VERSION, GObject)

QMP_AVAILABLE_IN_0_1
QmpVersion *qmp_version_new (guint major, guint minor, guint micro, const char *package);

QMP_AVAILABLE_IN_0_1
guint qmp_version_get_major (QmpVersion *self);

QMP_AVAILABLE_IN_0_1
guint qmp_version_get_minor (QmpVersion *self);

QMP_AVAILABLE_IN_0_1
guint qmp_version_get_micro (QmpVersion *self);

QMP_AVAILABLE_IN_0_1
const char *qmp_version_get_package (QmpVersion *self);

QMP_AVAILABLE_IN_0_1
gboolean qmp_version_is_at_least (QmpVersion *self, guint major, guint minor, guint micro);

QMP_AVAILABLE_IN_0_1
char *qmp_version_to_string (QmpVersion *self);

G_END_DECLS
