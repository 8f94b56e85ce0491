/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QGA_GLIB_INSIDE) && !defined (QGA_GLIB_COMPILATION)
#error "Only <qga-glib/qga-glib.h> can be included directly."
#endif

#include <gio/gio.h>
#include <qga-glib/qga-limits.h>
#include <qga-glib/qga-version-macros.h>

G_BEGIN_DECLS

#define QGA_TYPE_OPEN_OPTIONS (qga_open_options_get_type ())

QGA_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QgaOpenOptions, qga_open_options, QGA, OPEN_OPTIONS, GObject)

QGA_AVAILABLE_IN_0_1
QgaOpenOptions *qga_open_options_new (void);

QGA_AVAILABLE_IN_0_1
int qga_open_options_get_timeout (QgaOpenOptions *self);
QGA_AVAILABLE_IN_0_1
void qga_open_options_set_timeout (QgaOpenOptions *self, int milliseconds);

QGA_AVAILABLE_IN_0_1
int qga_open_options_get_default_timeout (QgaOpenOptions *self);
QGA_AVAILABLE_IN_0_1
void qga_open_options_set_default_timeout (QgaOpenOptions *self, int milliseconds);

QGA_AVAILABLE_IN_0_1
int qga_open_options_get_grace (QgaOpenOptions *self);
QGA_AVAILABLE_IN_0_1
void qga_open_options_set_grace (QgaOpenOptions *self, int milliseconds);

QGA_AVAILABLE_IN_0_1
gboolean qga_open_options_get_retry (QgaOpenOptions *self);
QGA_AVAILABLE_IN_0_1
void qga_open_options_set_retry (QgaOpenOptions *self, gboolean retry);

QGA_AVAILABLE_IN_0_1
QgaLimits *qga_open_options_get_limits (QgaOpenOptions *self);
QGA_AVAILABLE_IN_0_1
void qga_open_options_set_limits (QgaOpenOptions *self, QgaLimits *limits);

QGA_AVAILABLE_IN_0_1
GTlsDatabase *qga_open_options_get_tls_database (QgaOpenOptions *self);
QGA_AVAILABLE_IN_0_1
void qga_open_options_set_tls_database (QgaOpenOptions *self, GTlsDatabase *database);

QGA_AVAILABLE_IN_0_1
GTlsCertificate *qga_open_options_get_tls_certificate (QgaOpenOptions *self);
QGA_AVAILABLE_IN_0_1
void qga_open_options_set_tls_certificate (QgaOpenOptions *self, GTlsCertificate *certificate);

QGA_AVAILABLE_IN_0_1
GSocketConnectable *qga_open_options_get_server_identity (QgaOpenOptions *self);
QGA_AVAILABLE_IN_0_1
void qga_open_options_set_server_identity (QgaOpenOptions *self, GSocketConnectable *identity);

G_END_DECLS
