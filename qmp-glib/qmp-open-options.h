/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <gio/gio.h>
#include <qmp-glib/qmp-limits.h>
#include <qmp-glib/qmp-version-macros.h>

G_BEGIN_DECLS

#define QMP_TYPE_OPEN_OPTIONS (qmp_open_options_get_type ())

QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpOpenOptions, qmp_open_options, QMP, OPEN_OPTIONS, GObject)

QMP_AVAILABLE_IN_0_1
QmpOpenOptions *qmp_open_options_new (void);

QMP_AVAILABLE_IN_0_1
int qmp_open_options_get_timeout (QmpOpenOptions *self);
QMP_AVAILABLE_IN_0_1
void qmp_open_options_set_timeout (QmpOpenOptions *self, int milliseconds);

QMP_AVAILABLE_IN_0_1
int qmp_open_options_get_default_timeout (QmpOpenOptions *self);
QMP_AVAILABLE_IN_0_1
void qmp_open_options_set_default_timeout (QmpOpenOptions *self, int milliseconds);

QMP_AVAILABLE_IN_0_1
gboolean qmp_open_options_get_retry (QmpOpenOptions *self);
QMP_AVAILABLE_IN_0_1
void qmp_open_options_set_retry (QmpOpenOptions *self, gboolean retry);

QMP_AVAILABLE_IN_0_1
gboolean qmp_open_options_get_out_of_band (QmpOpenOptions *self);
QMP_AVAILABLE_IN_0_1
void qmp_open_options_set_out_of_band (QmpOpenOptions *self, gboolean out_of_band);

QMP_AVAILABLE_IN_0_1
QmpLimits *qmp_open_options_get_limits (QmpOpenOptions *self);
QMP_AVAILABLE_IN_0_1
void qmp_open_options_set_limits (QmpOpenOptions *self, QmpLimits *limits);

QMP_AVAILABLE_IN_0_1
GTlsDatabase *qmp_open_options_get_tls_database (QmpOpenOptions *self);
QMP_AVAILABLE_IN_0_1
void qmp_open_options_set_tls_database (QmpOpenOptions *self, GTlsDatabase *database);

QMP_AVAILABLE_IN_0_1
GTlsCertificate *qmp_open_options_get_tls_certificate (QmpOpenOptions *self);
QMP_AVAILABLE_IN_0_1
void qmp_open_options_set_tls_certificate (QmpOpenOptions *self, GTlsCertificate *certificate);

QMP_AVAILABLE_IN_0_1
GSocketConnectable *qmp_open_options_get_server_identity (QmpOpenOptions *self);
QMP_AVAILABLE_IN_0_1
void qmp_open_options_set_server_identity (QmpOpenOptions *self, GSocketConnectable *identity);

G_END_DECLS
