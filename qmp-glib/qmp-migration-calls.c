/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-glib.h"
#include "qmp-migration-private.h"
#include "wire/wire-task.h"

/* What can be done with a migration, and the wait for its end. */

static gboolean
finish (QmpMigration *self, GAsyncResult *result, gpointer tag, GError **error)
{
  g_return_val_if_fail (QMP_IS_MIGRATION (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, tag), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Takes the task. */
static void
return_boolean (GTask *task, gboolean done, GError *error)
{
  wire_task_return_boolean (task, done, error);
  g_object_unref (task);
}

/* A command would be for the next one when this one is over. */
static gboolean
is_ending (QmpMigration *self)
{
  qmp_migration_drain (self);
  return qmp_migration_is_settled (self) || qmp_migration_is_over (self);
}

static gboolean
check_active (QmpMigration *self, GError **error)
{
  if (!is_ending (self))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "The migration has ended");
  return FALSE;
}

static gboolean
check_source (QmpMigration *self, GError **error)
{
  if (!qmp_migration_get_incoming (self))
    return check_active (self, error);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "Only the source of a migration can do this");
  return FALSE;
}

/* Where the network hangs QEMU may hang with it, and answer only what is out of
 * band; not every connection has that. */
static QmpRequest *
new_urgent_request (QmpMigration *self, const char *command, const char *uri)
{
  QmpRequest *request = qmp_request_new (command);
  g_autoptr (QmpMigrateIncomingArguments) arguments = qmp_migrate_incoming_arguments_new ();
  g_autofree char *json = NULL;

  if (uri != NULL)
    {
      qmp_migrate_incoming_arguments_set_uri (arguments, uri);
      json = qmp_struct_to_json (QMP_STRUCT (arguments));
      qmp_request_set_arguments_json (request, json, NULL);
    }
  qmp_request_set_out_of_band (request, qmp_connection_get_out_of_band (qmp_migration_get_connection (self)));
  return request;
}

static void
on_urgent (GObject *source, GAsyncResult *result, gpointer task)
{
  GError *error = NULL;
  g_autoptr (QmpValue) value = qmp_connection_execute_request_finish (QMP_CONNECTION (source), result, &error);

  return_boolean (task, value != NULL, error);
}

/* Takes the task. */
static void
run_urgent_async (QmpMigration *self, const char *command, const char *uri, GTask *task)
{
  g_autoptr (QmpRequest) request = new_urgent_request (self, command, uri);

  qmp_connection_execute_request_async (qmp_migration_get_connection (self), request, g_task_get_cancellable (task), on_urgent,
                                        task);
}

static gboolean
run_urgent (QmpMigration *self, const char *command, const char *uri, GCancellable *cancellable, GError **error)
{
  g_autoptr (QmpRequest) request = new_urgent_request (self, command, uri);
  g_autoptr (QmpValue) value = qmp_connection_execute_request (qmp_migration_get_connection (self), request, cancellable, error);

  return value != NULL;
}

/* --- on its way ------------------------------------------------------------------------------- */

static void
on_start_postcopy (GObject *source, GAsyncResult *result, gpointer task)
{
  GError *error = NULL;
  gboolean done = qmp_connection_migrate_start_postcopy_finish (QMP_CONNECTION (source), result, &error);

  return_boolean (task, done, error);
}

/**
 * qmp_migration_start_postcopy_async:
 * @self: a migration
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Switches the guest over at once, by `migrate-start-postcopy`: it runs at its
 * destination, which fetches the memory that is still missing. However busy
 * the guest is, that comes to an end. QEMU does it soon after it has answered;
 * [property@Qmp.Migration:status] is %QMP_MIGRATION_STATUS_POSTCOPY_ACTIVE then.
 *
 * The capability `postcopy-ram` must have been set on both sides. From here on
 * neither side has the whole guest: it cannot be cancelled without losing it.
 *
 * Since: 0.1
 */
void
qmp_migration_start_postcopy_async (QmpMigration *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GError *error = NULL;
  GTask *task;

  g_return_if_fail (QMP_IS_MIGRATION (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (self, qmp_migration_start_postcopy_async, cancellable, callback, user_data);
  if (check_source (self, &error))
    qmp_connection_migrate_start_postcopy_async (qmp_migration_get_connection (self), cancellable, on_start_postcopy, task);
  else
    return_boolean (task, FALSE, error);
}

/**
 * qmp_migration_start_postcopy_finish:
 * @self: a migration
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Migration.start_postcopy_async] began.
 *
 * Fails as [method@Qmp.Connection.migrate_start_postcopy_finish] does; and
 * with %G_IO_ERROR_NOT_SUPPORTED on the destination's side, and
 * %G_IO_ERROR_NOT_FOUND when the migration has ended.
 *
 * Returns: whether QEMU accepted it
 *
 * Since: 0.1
 */
gboolean
qmp_migration_start_postcopy_finish (QmpMigration *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, qmp_migration_start_postcopy_async, error);
}

/**
 * qmp_migration_start_postcopy:
 * @self: a migration
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @error: return location
 *
 * Does what [method@Qmp.Migration.start_postcopy_async] does, and blocks until QEMU
 * has answered.
 *
 * Fails as [method@Qmp.Migration.start_postcopy_finish] does.
 *
 * Returns: whether QEMU accepted it
 *
 * Since: 0.1
 */
gboolean
qmp_migration_start_postcopy (QmpMigration *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_MIGRATION (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  return check_source (self, error) &&
         qmp_connection_migrate_start_postcopy (qmp_migration_get_connection (self), cancellable, error);
}

static void
on_continue (GObject *source, GAsyncResult *result, gpointer task)
{
  GError *error = NULL;
  gboolean done = qmp_connection_migrate_continue_finish (QMP_CONNECTION (source), result, &error);

  return_boolean (task, done, error);
}

/**
 * qmp_migration_continue_async:
 * @self: a migration
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Lets a migration go on that waits in %QMP_MIGRATION_STATUS_PRE_SWITCHOVER, by
 * `migrate-continue`. It waits there, with the guest stopped, when the
 * capability `pause-before-switchover` was set.
 *
 * Since: 0.1
 */
void
qmp_migration_continue_async (QmpMigration *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GError *error = NULL;
  GTask *task;

  g_return_if_fail (QMP_IS_MIGRATION (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (self, qmp_migration_continue_async, cancellable, callback, user_data);
  if (check_source (self, &error))
    qmp_connection_migrate_continue_async (qmp_migration_get_connection (self), QMP_MIGRATION_STATUS_PRE_SWITCHOVER,
                                           cancellable, on_continue, task);
  else
    return_boolean (task, FALSE, error);
}

/**
 * qmp_migration_continue_finish:
 * @self: a migration
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Migration.continue_async] began.
 *
 * Fails as [method@Qmp.Connection.migrate_continue_finish] does; and
 * with %G_IO_ERROR_NOT_SUPPORTED on the destination's side, and
 * %G_IO_ERROR_NOT_FOUND when the migration has ended.
 *
 * Returns: whether QEMU accepted it
 *
 * Since: 0.1
 */
gboolean
qmp_migration_continue_finish (QmpMigration *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, qmp_migration_continue_async, error);
}

/**
 * qmp_migration_continue:
 * @self: a migration
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @error: return location
 *
 * Does what [method@Qmp.Migration.continue_async] does, and blocks until QEMU
 * has answered.
 *
 * Fails as [method@Qmp.Migration.continue_finish] does.
 *
 * Returns: whether QEMU accepted it
 *
 * Since: 0.1
 */
gboolean
qmp_migration_continue (QmpMigration *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_MIGRATION (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  return check_source (self, error) &&
         qmp_connection_migrate_continue (qmp_migration_get_connection (self), QMP_MIGRATION_STATUS_PRE_SWITCHOVER,
                                          cancellable, error);
}

/**
 * qmp_migration_pause_async:
 * @self: a migration
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Interrupts a migration that is in %QMP_MIGRATION_STATUS_POSTCOPY_ACTIVE, by
 * `migrate-pause`, as a broken network does:
 * [property@Qmp.Migration:status] is %QMP_MIGRATION_STATUS_POSTCOPY_PAUSED soon,
 * on both sides. [method@Qmp.Migration.recover_async] lets it go on, over
 * another connection.
 *
 * QEMU may hang while its network does, and answers then only if the connection
 * has [property@Qmp.Connection:out-of-band].
 *
 * Since: 0.1
 */
void
qmp_migration_pause_async (QmpMigration *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GError *error = NULL;
  GTask *task;

  g_return_if_fail (QMP_IS_MIGRATION (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (self, qmp_migration_pause_async, cancellable, callback, user_data);
  if (check_active (self, &error))
    run_urgent_async (self, "migrate-pause", NULL, task);
  else
    return_boolean (task, FALSE, error);
}

/**
 * qmp_migration_pause_finish:
 * @self: a migration
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Migration.pause_async] began.
 *
 * Fails as [method@Qmp.Connection.migrate_pause_finish] does; and
 * with %G_IO_ERROR_NOT_FOUND when the migration has ended.
 *
 * Returns: whether QEMU accepted it
 *
 * Since: 0.1
 */
gboolean
qmp_migration_pause_finish (QmpMigration *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, qmp_migration_pause_async, error);
}

/**
 * qmp_migration_pause:
 * @self: a migration
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @error: return location
 *
 * Does what [method@Qmp.Migration.pause_async] does, and blocks until QEMU
 * has answered.
 *
 * Fails as [method@Qmp.Migration.pause_finish] does.
 *
 * Returns: whether QEMU accepted it
 *
 * Since: 0.1
 */
gboolean
qmp_migration_pause (QmpMigration *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_MIGRATION (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  return check_active (self, error) &&
         run_urgent (self, "migrate-pause", NULL, cancellable, error);
}

/* --- going on after an interruption ---------------------------------------------------------------- */

static QmpMigrateArguments *
new_resumption (const char *uri)
{
  QmpMigrateArguments *arguments = qmp_migrate_arguments_new ();

  qmp_migrate_arguments_set_uri (arguments, uri);
  qmp_migrate_arguments_set_resume (arguments, TRUE);
  return arguments;
}

static void
on_resume (GObject *source, GAsyncResult *result, gpointer task)
{
  GError *error = NULL;
  gboolean done = qmp_connection_migrate_finish (QMP_CONNECTION (source), result, &error);

  return_boolean (task, done, error);
}

/**
 * qmp_migration_recover_async:
 * @self: a migration
 * @uri: where the two sides are to meet now; another one than before
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Lets a migration go on that was interrupted, in
 * %QMP_MIGRATION_STATUS_POSTCOPY_PAUSED: first at its destination, by
 * `migrate-recover`, which listens again; then at its source, by `migrate` with
 * `resume`. It fails no more than it did: when the two do not meet, both stay
 * interrupted, and it can be tried again.
 *
 * A destination may hang for want of memory that has not come, and answers then
 * only if its connection has [property@Qmp.Connection:out-of-band].
 *
 * Since: 0.1
 */
void
qmp_migration_recover_async (QmpMigration *self, const char *uri, GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (QmpMigrateArguments) arguments = NULL;
  GError *error = NULL;
  GTask *task;

  g_return_if_fail (QMP_IS_MIGRATION (self));
  g_return_if_fail (uri != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  arguments = new_resumption (uri);
  task = wire_task_new (self, qmp_migration_recover_async, cancellable, callback, user_data);
  if (!check_active (self, &error))
    return_boolean (task, FALSE, error);
  else if (qmp_migration_get_incoming (self))
    run_urgent_async (self, "migrate-recover", uri, task);
  else
    qmp_connection_migrate_async (qmp_migration_get_connection (self), arguments, cancellable, on_resume, task);
}

/**
 * qmp_migration_recover_finish:
 * @self: a migration
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Migration.recover_async] began.
 *
 * Fails as [method@Qmp.Connection.migrate_recover_finish] and
 * [method@Qmp.Connection.migrate_finish] do: above all when it was not
 * interrupted; and with %G_IO_ERROR_NOT_FOUND when it has ended.
 *
 * Returns: whether QEMU accepted it
 *
 * Since: 0.1
 */
gboolean
qmp_migration_recover_finish (QmpMigration *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, qmp_migration_recover_async, error);
}

/**
 * qmp_migration_recover:
 * @self: a migration
 * @uri: where the two sides are to meet now; another one than before
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @error: return location
 *
 * Does what [method@Qmp.Migration.recover_async] does, and blocks until QEMU has
 * answered.
 *
 * Fails as [method@Qmp.Migration.recover_finish] does.
 *
 * Returns: whether QEMU accepted it
 *
 * Since: 0.1
 */
gboolean
qmp_migration_recover (QmpMigration *self, const char *uri, GCancellable *cancellable, GError **error)
{
  g_autoptr (QmpMigrateArguments) arguments = NULL;

  g_return_val_if_fail (QMP_IS_MIGRATION (self), FALSE);
  g_return_val_if_fail (uri != NULL, FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  if (!check_active (self, error))
    return FALSE;
  if (qmp_migration_get_incoming (self))
    return run_urgent (self, "migrate-recover", uri, cancellable, error);
  arguments = new_resumption (uri);
  return qmp_connection_migrate (qmp_migration_get_connection (self), arguments, cancellable, error);
}

/* --- its end ------------------------------------------------------------------------------------- */

typedef struct
{
  GSource *cancelled;
  gulong settled_handler;
  gboolean to_cancel;      /* it is the cancelling that is waited for */
  gboolean done;
} Wait;

/* TRUE the first time. */
static gboolean
leave (GTask *task)
{
  Wait *wait = g_task_get_task_data (task);

  if (wait->done)
    return FALSE;
  wait->done = TRUE;
  g_clear_signal_handler (&wait->settled_handler, g_task_get_source_object (task));
  if (wait->cancelled != NULL)
    g_source_destroy (wait->cancelled);
  g_clear_pointer (&wait->cancelled, g_source_unref);
  return TRUE;
}

/* Takes the error. */
static void
fail (GTask *task, GError *error)
{
  if (leave (task))
    g_task_return_error (task, error);
  else
    g_error_free (error);
}

/* How it ended; or, for who wanted to cancel it, whether that was in time. */
static gboolean
read_outcome (QmpMigration *self, gboolean to_cancel, GError **error)
{
  const GError *outcome = qmp_migration_get_outcome (self);
  gboolean cancelled = qmp_migration_get_status (self) == QMP_MIGRATION_STATUS_CANCELLED;

  if (to_cancel ? cancelled : outcome == NULL)
    return TRUE;
  if (outcome != NULL)
    g_propagate_error (error, g_error_copy (outcome));
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "The migration was completed before it could be cancelled");
  return FALSE;
}

static void
return_outcome (GTask *task)
{
  Wait *wait = g_task_get_task_data (task);
  GError *error = NULL;

  if (!leave (task))
    return;
  if (read_outcome (g_task_get_source_object (task), wait->to_cancel, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_settled (QmpMigration *self, gpointer task)
{
  g_object_ref (task);
  return_outcome (task);
  g_object_unref (task);
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer task)
{
  fail (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Waiting for the migration was cancelled"));
  return G_SOURCE_REMOVE;
}

static void
unref_task (gpointer task, GClosure *closure)
{
  g_object_unref (task);
}

/* Until then the migration keeps the task, and the task the migration. */
static void
wait_for_end (GTask *task)
{
  QmpMigration *self = g_task_get_source_object (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  Wait *wait = g_task_get_task_data (task);

  if (qmp_migration_is_settled (self))
    {
      return_outcome (task);
      return;
    }
  wait->settled_handler = g_signal_connect_data (self, "settled", G_CALLBACK (on_settled), g_object_ref (task), unref_task, 0);
  if (cancellable == NULL)
    return;
  wait->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (wait->cancelled, G_SOURCE_FUNC (on_cancelled), g_object_ref (task), g_object_unref);
  g_source_attach (wait->cancelled, g_task_get_context (task));
}

static gboolean
is_ending_source (QmpMigration *self)
{
  return !qmp_migration_get_incoming (self) && is_ending (self);
}

static gboolean
wait_blocking (QmpMigration *self, gboolean to_cancel, GCancellable *cancellable, GError **error)
{
  qmp_migration_drain (self);
  while (!qmp_migration_is_settled (self))
    if (!qmp_migration_next (self, cancellable, error))
      return FALSE;
  return read_outcome (self, to_cancel, error);
}

/**
 * qmp_migration_wait_async:
 * @self: a migration
 * @cancellable: (nullable): ends the wait; the migration goes on
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Waits until the migration has ended, and it is known how.
 *
 * Since: 0.1
 */
void
qmp_migration_wait_async (QmpMigration *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (QMP_IS_MIGRATION (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (self, qmp_migration_wait_async, cancellable, callback, user_data);
  g_task_set_task_data (task, g_new0 (Wait, 1), g_free);
  wait_for_end (task);
}

/**
 * qmp_migration_wait_finish:
 * @self: a migration
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Migration.wait_async] began.
 *
 * Fails with %QMP_ERROR_MIGRATION_FAILED when the migration has failed, and
 * [func@Qmp.Error.get_description] has QEMU's words, if it left any; with
 * %G_IO_ERROR_CANCELLED when it was cancelled, and also when the wait was:
 * [property@Qmp.Migration:status] tells which; with %G_IO_ERROR_CLOSED, or with
 * what has ended it, when the connection ended before the migration did.
 *
 * Returns: whether it was completed
 *
 * Since: 0.1
 */
gboolean
qmp_migration_wait_finish (QmpMigration *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, qmp_migration_wait_async, error);
}

/**
 * qmp_migration_wait:
 * @self: a migration
 * @cancellable: (nullable): ends the wait; the migration goes on
 * @error: return location
 *
 * Blocks until the migration has ended, and it is known how. Meanwhile its
 * properties change, and are notified, in this call.
 *
 * Fails as [method@Qmp.Migration.wait_finish] does.
 *
 * Returns: whether it was completed
 *
 * Since: 0.1
 */
gboolean
qmp_migration_wait (QmpMigration *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_MIGRATION (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  return wait_blocking (self, FALSE, cancellable, error);
}

static void
on_cancel (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (!qmp_connection_migrate_cancel_finish (QMP_CONNECTION (source), result, &error))
    fail (task, error);
}

/**
 * qmp_migration_cancel_async:
 * @self: a migration
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Gives the migration up, by `migrate_cancel`, and waits until that is done.
 *
 * The guest goes on at its source, as it was before. What it does not undo:
 * capabilities and parameters stay set; the destination has failed, and its
 * QEMU ended itself, so that another try needs a new one; a file keeps what was
 * written to it. Once the status is %QMP_MIGRATION_STATUS_POSTCOPY_ACTIVE
 * the guest is lost by this.
 *
 * Since: 0.1
 */
void
qmp_migration_cancel_async (QmpMigration *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  Wait *wait;

  g_return_if_fail (QMP_IS_MIGRATION (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (self, qmp_migration_cancel_async, cancellable, callback, user_data);
  wait = g_new0 (Wait, 1);
  wait->to_cancel = TRUE;
  g_task_set_task_data (task, wait, g_free);
  if (is_ending_source (self) || check_source (self, &error))
    wait_for_end (task);
  else
    fail (task, error);
  if (!wait->done && !is_ending (self))
    qmp_connection_migrate_cancel_async (qmp_migration_get_connection (self), cancellable, on_cancel, g_object_ref (task));
}

/**
 * qmp_migration_cancel_finish:
 * @self: a migration
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Migration.cancel_async] began.
 *
 * Fails with %G_IO_ERROR_NOT_FOUND when the migration was completed before it
 * could be cancelled; with %QMP_ERROR_MIGRATION_FAILED when it has failed
 * instead; with %G_IO_ERROR_NOT_SUPPORTED on the destination's side, which
 * cannot cancel; and as [method@Qmp.Connection.migrate_cancel_finish] does.
 *
 * Returns: whether it was cancelled
 *
 * Since: 0.1
 */
gboolean
qmp_migration_cancel_finish (QmpMigration *self, GAsyncResult *result, GError **error)
{
  return finish (self, result, qmp_migration_cancel_async, error);
}

/**
 * qmp_migration_cancel:
 * @self: a migration
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @error: return location
 *
 * Does what [method@Qmp.Migration.cancel_async] does, and blocks until that is
 * done.
 *
 * Fails as [method@Qmp.Migration.cancel_finish] does.
 *
 * Returns: whether it was cancelled
 *
 * Since: 0.1
 */
gboolean
qmp_migration_cancel (QmpMigration *self, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_MIGRATION (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  if (is_ending_source (self))
    return wait_blocking (self, TRUE, cancellable, error);
  if (!check_source (self, error) ||
      !qmp_connection_migrate_cancel (qmp_migration_get_connection (self), cancellable, error))
    return FALSE;
  return wait_blocking (self, TRUE, cancellable, error);
}
