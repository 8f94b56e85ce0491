/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <qmp-glib/qmp-job.h>

G_BEGIN_DECLS

#define QMP_TYPE_JOB_LIST (qmp_job_list_get_type ())

QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpJobList, qmp_job_list, QMP, JOB_LIST, GObject)

QMP_AVAILABLE_IN_0_1
QmpJobList *qmp_job_list_new (QmpConnection *connection);

QMP_AVAILABLE_IN_0_1
QmpConnection *qmp_job_list_get_connection (QmpJobList *self);
QMP_AVAILABLE_IN_0_1
gboolean qmp_job_list_get_loaded (QmpJobList *self);
QMP_AVAILABLE_IN_0_1
guint qmp_job_list_get_interval (QmpJobList *self);
QMP_AVAILABLE_IN_0_1
void qmp_job_list_set_interval (QmpJobList *self, guint milliseconds);

QMP_AVAILABLE_IN_0_1
QmpJob *qmp_job_list_find (QmpJobList *self, const char *id);

G_END_DECLS
