/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QGA_GLIB_INSIDE) && !defined (QGA_GLIB_COMPILATION)
#error "Only <qga-glib/qga-glib.h> can be included directly."
#endif

#include <glib-object.h>
#include <qga-glib/qga-version-macros.h>

G_BEGIN_DECLS

#define QGA_TYPE_LIMITS (qga_limits_get_type ())

QGA_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QgaLimits, qga_limits, QGA, LIMITS, GObject)

QGA_AVAILABLE_IN_0_1
QgaLimits *qga_limits_new (void);

QGA_AVAILABLE_IN_0_1
guint64 qga_limits_get_message_size (QgaLimits *self);
QGA_AVAILABLE_IN_0_1
void qga_limits_set_message_size (QgaLimits *self, guint64 bytes);

QGA_AVAILABLE_IN_0_1
guint qga_limits_get_message_values (QgaLimits *self);
QGA_AVAILABLE_IN_0_1
void qga_limits_set_message_values (QgaLimits *self, guint values);

QGA_AVAILABLE_IN_0_1
guint qga_limits_get_message_depth (QgaLimits *self);
QGA_AVAILABLE_IN_0_1
void qga_limits_set_message_depth (QgaLimits *self, guint depth);

QGA_AVAILABLE_IN_0_1
guint qga_limits_get_name_size (QgaLimits *self);
QGA_AVAILABLE_IN_0_1
void qga_limits_set_name_size (QgaLimits *self, guint bytes);

QGA_AVAILABLE_IN_0_1
guint qga_limits_get_pending_calls (QgaLimits *self);
QGA_AVAILABLE_IN_0_1
void qga_limits_set_pending_calls (QgaLimits *self, guint calls);

G_END_DECLS
