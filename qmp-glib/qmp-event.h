/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <qmp-glib/qmp-struct.h>
#include <qmp-glib/qmp-value.h>

G_BEGIN_DECLS

#define QMP_TYPE_EVENT (qmp_event_get_type ())

typedef struct _QmpEvent QmpEvent;

QMP_AVAILABLE_IN_0_1
GType qmp_event_get_type (void);

QMP_AVAILABLE_IN_0_1
QmpEvent *qmp_event_new_from_json (const char *json, GError **error);

QMP_AVAILABLE_IN_0_1
QmpEvent *qmp_event_ref (QmpEvent *self);
QMP_AVAILABLE_IN_0_1
void qmp_event_unref (QmpEvent *self);

QMP_AVAILABLE_IN_0_1
const char *qmp_event_get_name (QmpEvent *self);
QMP_AVAILABLE_IN_0_1
QmpValue *qmp_event_get_data (QmpEvent *self);
QMP_AVAILABLE_IN_0_1
char *qmp_event_get_data_json (QmpEvent *self);
QMP_AVAILABLE_IN_0_1
JsonNode *qmp_event_get_data_node (QmpEvent *self);
QMP_AVAILABLE_IN_0_1
QmpStruct *qmp_event_to_struct (QmpEvent *self, GError **error);
QMP_AVAILABLE_IN_0_1
gint64 qmp_event_get_timestamp (QmpEvent *self);
QMP_AVAILABLE_IN_0_1
char *qmp_event_to_json (QmpEvent *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QmpEvent, qmp_event_unref)

G_END_DECLS
