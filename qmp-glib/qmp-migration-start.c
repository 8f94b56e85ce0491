/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-glib.h"
#include "qmp-migration-private.h"
#include "wire/wire-task.h"

/* Migrations from before their beginning: QEMU is told to tell of them, and is
 * listened to, before the command that starts them is sent. */

typedef struct
{
  QmpMigration *migration;
  QmpStruct *arguments;     /* the command's */
} Start;

static void
free_start (gpointer data)
{
  Start *start = data;

  g_clear_object (&start->migration);
  g_clear_object (&start->arguments);
  g_free (start);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Start, free_start)

/* The arguments are the caller's, who may change them meanwhile. */
static Start *
new_start (QmpConnection *connection, const char *uri, gpointer arguments, gboolean incoming)
{
  Start *start = g_new0 (Start, 1);

  if (arguments != NULL)
    start->arguments = qmp_struct_copy (arguments);
  else if (incoming)
    start->arguments = QMP_STRUCT (qmp_migrate_incoming_arguments_new ());
  else
    start->arguments = QMP_STRUCT (qmp_migrate_arguments_new ());
  if (uri != NULL && incoming)
    qmp_migrate_incoming_arguments_set_uri (QMP_MIGRATE_INCOMING_ARGUMENTS (start->arguments), uri);
  else if (uri != NULL)
    qmp_migrate_arguments_set_uri (QMP_MIGRATE_ARGUMENTS (start->arguments), uri);
  start->migration = qmp_migration_new (connection, incoming);
  return start;
}

/* That QEMU tells where a migration is on its way. */
QmpMigrationCapabilityStatus *
qmp_migration_new_capability (void)
{
  QmpMigrationCapabilityStatus *events = qmp_migration_capability_status_new ();

  qmp_migration_capability_status_set_capability (events, QMP_MIGRATION_CAPABILITY_EVENTS);
  qmp_migration_capability_status_set_state (events, TRUE);
  return events;
}

/* --- asynchronous --------------------------------------------------------------------------- */

static void
on_accepted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Start *start = g_task_get_task_data (task);
  QmpConnection *connection = QMP_CONNECTION (source);
  GError *error = NULL;
  gboolean accepted;

  if (qmp_migration_get_incoming (start->migration))
    accepted = qmp_connection_migrate_incoming_finish (connection, result, &error);
  else
    accepted = qmp_connection_migrate_finish (connection, result, &error);
  if (!accepted)
    {
      g_task_return_error (task, error);
      return;
    }
  qmp_migration_begin (start->migration);
  g_task_return_pointer (task, g_steal_pointer (&start->migration), g_object_unref);
}

static void
on_events_on (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Start *start = g_task_get_task_data (task);
  QmpConnection *connection = QMP_CONNECTION (source);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;

  if (!qmp_connection_migrate_set_capabilities_finish (connection, result, &error))
    g_task_return_error (task, error);
  else if (qmp_migration_get_incoming (start->migration))
    qmp_connection_migrate_incoming_async (connection, QMP_MIGRATE_INCOMING_ARGUMENTS (start->arguments), cancellable,
                                           on_accepted, g_steal_pointer (&task));
  else
    qmp_connection_migrate_async (connection, QMP_MIGRATE_ARGUMENTS (start->arguments), cancellable, on_accepted,
                                  g_steal_pointer (&task));
}

/* Takes what is started. */
static void
start_async (QmpConnection *connection, Start *start, gpointer tag, GCancellable *cancellable, GAsyncReadyCallback callback,
             gpointer user_data)
{
  g_autoptr (QmpMigrationCapabilityStatus) events = qmp_migration_new_capability ();
  GTask *task = wire_task_new (NULL, tag, cancellable, callback, user_data);

  g_task_set_task_data (task, start, free_start);
  qmp_connection_migrate_set_capabilities_async (connection, &events, 1, cancellable, on_events_on, task);
}

static QmpMigration *
finish (GAsyncResult *result, gpointer tag, GError **error)
{
  g_return_val_if_fail (wire_task_is_result (NULL, result, tag), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- what blocks ------------------------------------------------------------------------------ */

static QmpMigration *
start_blocking (QmpConnection *connection, Start *start, GCancellable *cancellable, GError **error)
{
  g_autoptr (QmpMigrationCapabilityStatus) events = qmp_migration_new_capability ();
  gboolean accepted;

  if (!qmp_connection_migrate_set_capabilities (connection, &events, 1, cancellable, error))
    return NULL;
  if (qmp_migration_get_incoming (start->migration))
    accepted = qmp_connection_migrate_incoming (connection, QMP_MIGRATE_INCOMING_ARGUMENTS (start->arguments), cancellable, error);
  else
    accepted = qmp_connection_migrate (connection, QMP_MIGRATE_ARGUMENTS (start->arguments), cancellable, error);
  if (!accepted)
    return NULL;
  qmp_migration_begin (start->migration);
  return g_steal_pointer (&start->migration);
}

/* --- away ---------------------------------------------------------------------------------------- */

/**
 * qmp_migration_start_async:
 * @connection: a connection to the QEMU that has the machine
 * @uri: (nullable): where it is to go, such as `unix:/run/app/move`; or %NULL
 *   when @arguments say it
 * @arguments: (nullable): what else to tell QEMU, or %NULL; they are not
 *   changed
 * @cancellable: (nullable): ends the wait; the migration may still begin
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Sends a machine away, by `migrate`, and gives the migration as soon as QEMU
 * has accepted the command. Nothing of what happens to it is missed: the
 * capability `events` is switched on first, by `migrate-set-capabilities`, and
 * stays so.
 *
 * The machine stays in its QEMU, stopped in %QMP_RUN_STATE_POSTMIGRATE, when it
 * has arrived elsewhere; `quit` this QEMU then.
 *
 * Since: 0.1
 */
void
qmp_migration_start_async (QmpConnection *connection, const char *uri, QmpMigrateArguments *arguments,
                           GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (QMP_IS_CONNECTION (connection));
  g_return_if_fail (uri != NULL || arguments != NULL);
  g_return_if_fail (arguments == NULL || QMP_IS_MIGRATE_ARGUMENTS (arguments));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  start_async (connection, new_start (connection, uri, arguments, FALSE), qmp_migration_start_async, cancellable, callback,
               user_data);
}

/**
 * qmp_migration_start_finish:
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [func@Qmp.Migration.start_async] began.
 *
 * Fails as [method@Qmp.Connection.migrate_finish] and
 * [method@Qmp.Connection.migrate_set_capabilities_finish] do: above all when
 * another migration is under way, or something in the machine cannot be
 * migrated. That nobody listens, QEMU may tell here, or only in
 * [method@Qmp.Migration.wait_finish].
 *
 * Returns: (transfer full): the migration, which may have ended already
 *
 * Since: 0.1
 */
QmpMigration *
qmp_migration_start_finish (GAsyncResult *result, GError **error)
{
  return finish (result, qmp_migration_start_async, error);
}

/**
 * qmp_migration_start:
 * @connection: a connection to the QEMU that has the machine
 * @uri: (nullable): where it is to go, such as `unix:/run/app/move`; or %NULL
 *   when @arguments say it
 * @arguments: (nullable): what else to tell QEMU, or %NULL; they are not
 *   changed
 * @cancellable: (nullable): ends the wait; the migration may still begin
 * @error: return location
 *
 * Does what [func@Qmp.Migration.start_async] does, and blocks until QEMU has
 * accepted it.
 *
 * Fails as [func@Qmp.Migration.start_finish] does.
 *
 * Returns: (transfer full): the migration, which may have ended already
 *
 * Since: 0.1
 */
QmpMigration *
qmp_migration_start (QmpConnection *connection, const char *uri, QmpMigrateArguments *arguments, GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (Start) start = NULL;

  g_return_val_if_fail (QMP_IS_CONNECTION (connection), NULL);
  g_return_val_if_fail (uri != NULL || arguments != NULL, NULL);
  g_return_val_if_fail (arguments == NULL || QMP_IS_MIGRATE_ARGUMENTS (arguments), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  start = new_start (connection, uri, arguments, FALSE);
  return start_blocking (connection, start, cancellable, error);
}

/* --- in ---------------------------------------------------------------------------------------------- */

/**
 * qmp_migration_receive_async:
 * @connection: a connection to a QEMU that was started with `-incoming defer`
 * @uri: (nullable): where to listen, or what to read, such as
 *   `unix:/run/app/move`; or %NULL when @arguments say it
 * @arguments: (nullable): what else to tell QEMU, or %NULL; they are not
 *   changed
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Takes a machine in, by `migrate-incoming`, and gives the migration as soon as
 * QEMU listens: then the source can be started. The capability `events` is
 * switched on first, by `migrate-set-capabilities`, and stays so.
 *
 * This QEMU must have been started with the machine that is to come: same
 * type, memory and devices. It runs when the machine did on the other side.
 *
 * When it fails, QEMU ends itself, unless `exit-on-error` in @arguments says
 * otherwise, which QEMU knows since 9.1; and
 * [method@Qmp.Migration.wait_async] fails as well.
 *
 * Since: 0.1
 */
void
qmp_migration_receive_async (QmpConnection *connection, const char *uri, QmpMigrateIncomingArguments *arguments,
                             GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (QMP_IS_CONNECTION (connection));
  g_return_if_fail (uri != NULL || arguments != NULL);
  g_return_if_fail (arguments == NULL || QMP_IS_MIGRATE_INCOMING_ARGUMENTS (arguments));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  start_async (connection, new_start (connection, uri, arguments, TRUE), qmp_migration_receive_async, cancellable, callback,
               user_data);
}

/**
 * qmp_migration_receive_finish:
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [func@Qmp.Migration.receive_async] began.
 *
 * Fails as [method@Qmp.Connection.migrate_incoming_finish] and
 * [method@Qmp.Connection.migrate_set_capabilities_finish] do: above all when
 * QEMU was not started with `-incoming defer`, or cannot listen there.
 *
 * Returns: (transfer full): the migration
 *
 * Since: 0.1
 */
QmpMigration *
qmp_migration_receive_finish (GAsyncResult *result, GError **error)
{
  return finish (result, qmp_migration_receive_async, error);
}

/**
 * qmp_migration_receive:
 * @connection: a connection to a QEMU that was started with `-incoming defer`
 * @uri: (nullable): where to listen, or what to read, such as
 *   `unix:/run/app/move`; or %NULL when @arguments say it
 * @arguments: (nullable): what else to tell QEMU, or %NULL; they are not
 *   changed
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @error: return location
 *
 * Does what [func@Qmp.Migration.receive_async] does, and blocks until QEMU
 * listens.
 *
 * Fails as [func@Qmp.Migration.receive_finish] does.
 *
 * Returns: (transfer full): the migration
 *
 * Since: 0.1
 */
QmpMigration *
qmp_migration_receive (QmpConnection *connection, const char *uri, QmpMigrateIncomingArguments *arguments,
                       GCancellable *cancellable, GError **error)
{
  g_autoptr (Start) start = NULL;

  g_return_val_if_fail (QMP_IS_CONNECTION (connection), NULL);
  g_return_val_if_fail (uri != NULL || arguments != NULL, NULL);
  g_return_val_if_fail (arguments == NULL || QMP_IS_MIGRATE_INCOMING_ARGUMENTS (arguments), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  start = new_start (connection, uri, arguments, TRUE);
  return start_blocking (connection, start, cancellable, error);
}
