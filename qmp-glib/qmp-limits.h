/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <glib-object.h>
#include <qmp-glib/qmp-version-macros.h>

G_BEGIN_DECLS

#define QMP_TYPE_LIMITS (qmp_limits_get_type ())

QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpLimits, qmp_limits, QMP, LIMITS, GObject)

QMP_AVAILABLE_IN_0_1
QmpLimits *qmp_limits_new (void);

QMP_AVAILABLE_IN_0_1
guint64 qmp_limits_get_message_size (QmpLimits *self);
QMP_AVAILABLE_IN_0_1
void qmp_limits_set_message_size (QmpLimits *self, guint64 bytes);

QMP_AVAILABLE_IN_0_1
guint qmp_limits_get_message_values (QmpLimits *self);
QMP_AVAILABLE_IN_0_1
void qmp_limits_set_message_values (QmpLimits *self, guint values);

QMP_AVAILABLE_IN_0_1
guint qmp_limits_get_message_depth (QmpLimits *self);
QMP_AVAILABLE_IN_0_1
void qmp_limits_set_message_depth (QmpLimits *self, guint depth);

QMP_AVAILABLE_IN_0_1
guint qmp_limits_get_name_size (QmpLimits *self);
QMP_AVAILABLE_IN_0_1
void qmp_limits_set_name_size (QmpLimits *self, guint bytes);

QMP_AVAILABLE_IN_0_1
guint qmp_limits_get_pending_calls (QmpLimits *self);
QMP_AVAILABLE_IN_0_1
void qmp_limits_set_pending_calls (QmpLimits *self, guint calls);

QMP_AVAILABLE_IN_0_1
guint qmp_limits_get_waiting_events (QmpLimits *self);
QMP_AVAILABLE_IN_0_1
void qmp_limits_set_waiting_events (QmpLimits *self, guint events);

QMP_AVAILABLE_IN_0_1
guint64 qmp_limits_get_waiting_event_size (QmpLimits *self);
QMP_AVAILABLE_IN_0_1
void qmp_limits_set_waiting_event_size (QmpLimits *self, guint64 bytes);

G_END_DECLS
