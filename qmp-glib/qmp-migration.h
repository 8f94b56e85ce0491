/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (QMP_GLIB_INSIDE) && !defined (QMP_GLIB_COMPILATION)
#error "Only <qmp-glib/qmp-glib.h> can be included directly."
#endif

#include <qmp-glib/qmp-api-migration.h>
#include <qmp-glib/qmp-connection.h>

G_BEGIN_DECLS

#define QMP_TYPE_MIGRATION (qmp_migration_get_type ())

QMP_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (QmpMigration, qmp_migration, QMP, MIGRATION, GObject)

/* Starting one */

QMP_AVAILABLE_IN_0_1
void qmp_migration_start_async (QmpConnection *connection,
                                const char *uri,
                                QmpMigrateArguments *arguments,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
QMP_AVAILABLE_IN_0_1
QmpMigration *qmp_migration_start_finish (GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
QmpMigration *qmp_migration_start (QmpConnection *connection,
                                   const char *uri,
                                   QmpMigrateArguments *arguments,
                                   GCancellable *cancellable,
                                   GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_migration_receive_async (QmpConnection *connection,
                                  const char *uri,
                                  QmpMigrateIncomingArguments *arguments,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
QMP_AVAILABLE_IN_0_1
QmpMigration *qmp_migration_receive_finish (GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
QmpMigration *qmp_migration_receive (QmpConnection *connection,
                                     const char *uri,
                                     QmpMigrateIncomingArguments *arguments,
                                     GCancellable *cancellable,
                                     GError **error);

/* Finding one that is under way */

QMP_AVAILABLE_IN_0_1
void qmp_migration_attach_async (QmpConnection *connection,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
QMP_AVAILABLE_IN_0_1
QmpMigration *qmp_migration_attach_finish (GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
QmpMigration *qmp_migration_attach (QmpConnection *connection, GCancellable *cancellable, GError **error);

/* How it goes */

QMP_AVAILABLE_IN_0_1
QmpConnection *qmp_migration_get_connection (QmpMigration *self);
QMP_AVAILABLE_IN_0_1
gboolean qmp_migration_get_incoming (QmpMigration *self);
QMP_AVAILABLE_IN_0_1
QmpMigrationStatus qmp_migration_get_status (QmpMigration *self);
QMP_AVAILABLE_IN_0_1
gboolean qmp_migration_get_active (QmpMigration *self);
QMP_AVAILABLE_IN_0_1
guint64 qmp_migration_get_transferred (QmpMigration *self);
QMP_AVAILABLE_IN_0_1
guint64 qmp_migration_get_remaining (QmpMigration *self);
QMP_AVAILABLE_IN_0_1
guint64 qmp_migration_get_total (QmpMigration *self);
QMP_AVAILABLE_IN_0_1
double qmp_migration_get_fraction (QmpMigration *self);
QMP_AVAILABLE_IN_0_1
double qmp_migration_get_speed (QmpMigration *self);
QMP_AVAILABLE_IN_0_1
gint64 qmp_migration_get_downtime (QmpMigration *self);
QMP_AVAILABLE_IN_0_1
gint64 qmp_migration_get_expected_downtime (QmpMigration *self);
QMP_AVAILABLE_IN_0_1
gint64 qmp_migration_get_total_time (QmpMigration *self);
QMP_AVAILABLE_IN_0_1
gint64 qmp_migration_get_pass (QmpMigration *self);
QMP_AVAILABLE_IN_0_1
const char *qmp_migration_get_error (QmpMigration *self);

QMP_AVAILABLE_IN_0_1
guint qmp_migration_get_interval (QmpMigration *self);
QMP_AVAILABLE_IN_0_1
void qmp_migration_set_interval (QmpMigration *self, guint milliseconds);

/* What can be done with it */

QMP_AVAILABLE_IN_0_1
void qmp_migration_cancel_async (QmpMigration *self,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_migration_cancel_finish (QmpMigration *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_migration_cancel (QmpMigration *self, GCancellable *cancellable, GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_migration_start_postcopy_async (QmpMigration *self,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_migration_start_postcopy_finish (QmpMigration *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_migration_start_postcopy (QmpMigration *self, GCancellable *cancellable, GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_migration_continue_async (QmpMigration *self,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_migration_continue_finish (QmpMigration *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_migration_continue (QmpMigration *self, GCancellable *cancellable, GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_migration_pause_async (QmpMigration *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_migration_pause_finish (QmpMigration *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_migration_pause (QmpMigration *self, GCancellable *cancellable, GError **error);

QMP_AVAILABLE_IN_0_1
void qmp_migration_recover_async (QmpMigration *self,
                                  const char *uri,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_migration_recover_finish (QmpMigration *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_migration_recover (QmpMigration *self, const char *uri, GCancellable *cancellable, GError **error);

/* Its end */

QMP_AVAILABLE_IN_0_1
void qmp_migration_wait_async (QmpMigration *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
QMP_AVAILABLE_IN_0_1
gboolean qmp_migration_wait_finish (QmpMigration *self, GAsyncResult *result, GError **error);
QMP_AVAILABLE_IN_0_1
gboolean qmp_migration_wait (QmpMigration *self, GCancellable *cancellable, GError **error);

G_END_DECLS
