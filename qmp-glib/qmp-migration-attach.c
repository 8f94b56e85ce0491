/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-glib.h"
#include "qmp-migration-private.h"
#include "wire/wire-task.h"

/* Migrations that others have started, or this program before it was started
 * again. What is told from now on is heard; what was told before is asked for. */

/* QEMU tells nothing while this is off, and may refuse to switch it on while
 * something moves. */
static gboolean
tells_events (GPtrArray *capabilities)
{
  for (guint i = 0; capabilities != NULL && i < capabilities->len; i++)
    {
      QmpMigrationCapabilityStatus *status = g_ptr_array_index (capabilities, i);

      if (qmp_migration_capability_status_get_capability (status) == QMP_MIGRATION_CAPABILITY_EVENTS)
        return qmp_migration_capability_status_get_state (status);
    }
  return FALSE;
}

/* A destination measures nothing, and says where it listens. */
static gboolean
looks_incoming (QmpMigrationInfo *info)
{
  switch (qmp_migration_info_get_status (info))
    {
    case QMP_MIGRATION_STATUS_ACTIVE:
    case QMP_MIGRATION_STATUS_POSTCOPY_ACTIVE:
    case QMP_MIGRATION_STATUS_POSTCOPY_PAUSED:
    case QMP_MIGRATION_STATUS_POSTCOPY_RECOVER:
    case QMP_MIGRATION_STATUS_COMPLETED:
      return !qmp_migration_info_has_ram (info);
    default:
      return qmp_migration_info_has_socket_address (info);
    }
}

/* What is known by now: which side this is, and where on its way. */
static gboolean
take_state (QmpMigration *self, QmpMigrationInfo *info, guint n_events, GError **error)
{
  qmp_migration_drain (self);
  self->incoming = self->incoming || looks_incoming (info);
  if (!self->incoming && self->n_events == 0 &&
      (!qmp_migration_info_has_status (info) || qmp_migration_info_get_status (info) == QMP_MIGRATION_STATUS_NONE))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no migration to attach to");
      return FALSE;
    }
  qmp_migration_take_info (self, info, n_events == self->n_events);
  qmp_migration_update (self);
  return TRUE;
}

static QmpMigration *
new_attached (QmpConnection *connection)
{
  QmpMigration *self = qmp_migration_new (connection, FALSE);

  self->begun = TRUE;
  return self;
}

/* --- asynchronous ------------------------------------------------------------------------------ */

typedef struct
{
  QmpMigration *migration;
  guint n_events;           /* before it was asked for */
} Attach;

static void
free_attach (gpointer data)
{
  Attach *attach = data;

  g_clear_object (&attach->migration);
  g_free (attach);
}

static void
on_info (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Attach *attach = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (QmpMigrationInfo) info = qmp_connection_query_migrate_finish (QMP_CONNECTION (source), result, &error);

  if (info != NULL && take_state (attach->migration, info, attach->n_events, &error))
    g_task_return_pointer (task, g_steal_pointer (&attach->migration), g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
on_status (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Attach *attach = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;
  g_autoptr (QmpStatusInfo) status = qmp_connection_query_status_finish (QMP_CONNECTION (source), result, &error);

  if (status == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  attach->migration->incoming = qmp_status_info_get_status (status) == QMP_RUN_STATE_INMIGRATE;
  qmp_migration_drain (attach->migration);
  attach->n_events = attach->migration->n_events;
  qmp_connection_query_migrate_async (QMP_CONNECTION (source), cancellable, on_info, g_steal_pointer (&task));
}

/* Takes the task. */
static void
ask_status (QmpConnection *connection, GTask *task)
{
  qmp_connection_query_status_async (connection, g_task_get_cancellable (task), on_status, task);
}

/* Where it fails it is asked now and then instead. */
static void
on_switched (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Attach *attach = g_task_get_task_data (task);

  attach->migration->untold = !qmp_connection_migrate_set_capabilities_finish (QMP_CONNECTION (source), result, NULL);
  ask_status (QMP_CONNECTION (source), g_steal_pointer (&task));
}

static void
on_capabilities (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) capabilities =
    qmp_connection_query_migrate_capabilities_finish (QMP_CONNECTION (source), result, &error);
  g_autoptr (QmpMigrationCapabilityStatus) events = NULL;

  if (capabilities == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (tells_events (capabilities))
    {
      ask_status (QMP_CONNECTION (source), g_steal_pointer (&task));
      return;
    }
  events = qmp_migration_new_capability ();
  qmp_connection_migrate_set_capabilities_async (QMP_CONNECTION (source), &events, 1, cancellable, on_switched,
                                                 g_steal_pointer (&task));
}

/**
 * qmp_migration_attach_async:
 * @connection: a connection to a QEMU that sends a machine away, or takes one in
 * @cancellable: (nullable): ends the wait
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Finds the migration that is under way, whoever has started it, and follows
 * it from now on, at the source's side or at the destination's. It can be
 * waited for and cancelled as one that was started here.
 *
 * One that is over is found as well, until QEMU begins another one: it has
 * settled then, and [method@Qmp.Migration.wait_async] tells how it ended. A
 * QEMU that still waits for a machine to come in is at the destination's side
 * of one that has not begun.
 *
 * The capability `events` is switched on where that is possible; a QEMU that
 * refuses it while something moves is asked by `query-migrate` instead, as
 * often as [property@Qmp.Migration:interval] says, to the end.
 *
 * Since: 0.1
 */
void
qmp_migration_attach_async (QmpConnection *connection, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Attach *attach;
  GTask *task;

  g_return_if_fail (QMP_IS_CONNECTION (connection));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (NULL, qmp_migration_attach_async, cancellable, callback, user_data);
  attach = g_new0 (Attach, 1);
  attach->migration = new_attached (connection);
  g_task_set_task_data (task, attach, free_attach);
  qmp_connection_query_migrate_capabilities_async (connection, cancellable, on_capabilities, task);
}

/**
 * qmp_migration_attach_finish:
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [func@Qmp.Migration.attach_async] began.
 *
 * Fails with %G_IO_ERROR_NOT_FOUND when this QEMU has not migrated, and as
 * [method@Qmp.Connection.query_migrate_finish] does.
 *
 * Returns: (transfer full): the migration, which may have ended already
 *
 * Since: 0.1
 */
QmpMigration *
qmp_migration_attach_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (wire_task_is_result (NULL, result, qmp_migration_attach_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- what blocks --------------------------------------------------------------------------------- */

static gboolean
switch_events_on (QmpMigration *self, GCancellable *cancellable, GError **error)
{
  QmpConnection *connection = qmp_migration_get_connection (self);
  g_autoptr (GPtrArray) capabilities = qmp_connection_query_migrate_capabilities (connection, cancellable, error);
  g_autoptr (QmpMigrationCapabilityStatus) events = qmp_migration_new_capability ();

  if (capabilities == NULL)
    return FALSE;
  self->untold = !tells_events (capabilities) &&
                 !qmp_connection_migrate_set_capabilities (connection, &events, 1, cancellable, NULL);
  return TRUE;
}

/**
 * qmp_migration_attach:
 * @connection: a connection to a QEMU that sends a machine away, or takes one in
 * @cancellable: (nullable): ends the wait
 * @error: return location
 *
 * Does what [func@Qmp.Migration.attach_async] does, and blocks until QEMU has
 * answered.
 *
 * Fails as [func@Qmp.Migration.attach_finish] does.
 *
 * Returns: (transfer full): the migration, which may have ended already
 *
 * Since: 0.1
 */
QmpMigration *
qmp_migration_attach (QmpConnection *connection, GCancellable *cancellable, GError **error)
{
  g_autoptr (QmpMigration) self = NULL;
  g_autoptr (QmpStatusInfo) status = NULL;
  g_autoptr (QmpMigrationInfo) info = NULL;
  guint n_events;

  g_return_val_if_fail (QMP_IS_CONNECTION (connection), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  self = new_attached (connection);
  if (!switch_events_on (self, cancellable, error))
    return NULL;
  status = qmp_connection_query_status (connection, cancellable, error);
  if (status == NULL)
    return NULL;
  self->incoming = qmp_status_info_get_status (status) == QMP_RUN_STATE_INMIGRATE;
  qmp_migration_drain (self);
  n_events = self->n_events;
  info = qmp_connection_query_migrate (connection, cancellable, error);
  if (info == NULL || !take_state (self, info, n_events, error))
    return NULL;
  return g_steal_pointer (&self);
}
