/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-freeze-guard.h"

#include "qga-connection-private.h"
#include "wire/wire-writer.h"
#include "wire/wire-task.h"

/**
 * QgaFreezeGuard:
 *
 * The guest's file systems, frozen: nothing is written to them, so that a copy
 * of their disks is sound. The guard sees to it that they are thawed again.
 *
 * It comes from [func@Qga.FreezeGuard.freeze_async]. Thaw with
 * [method@Qga.FreezeGuard.thaw_async], and look at its outcome: some guests
 * thaw by themselves when it takes too long (Windows after 10 seconds), and a
 * copy that was made meanwhile is worth nothing.
 *
 * ```c
 * g_autoptr (QgaFreezeGuard) guard = qga_freeze_guard_freeze (agent, NULL, NULL, &error);
 *
 * if (guard != NULL && take_snapshot (&error) && qga_freeze_guard_thaw (guard, NULL, &error))
 *   keep_snapshot ();
 * ```
 *
 * A guard that is dropped before that thaws at once and without telling, and
 * so does a freeze that fails, times out, or is cancelled: the agent is asked
 * whether it is frozen, and told to thaw, until it says that it is not. The
 * connection lives on until then, and its main loop must run. If the program
 * ends first, the guest stays frozen.
 *
 * While it is frozen the agent refuses most commands, with
 * %QGA_ERROR_FROZEN.
 *
 * Since: 0.1
 */
struct _QgaFreezeGuard
{
  GObject parent_instance;
  QgaConnection *connection;
  guint64 count;
  int thawed;    /* atomic */
  int doubtful;  /* atomic: a thaw has failed */
  gboolean on_guard;  /* under the session's lock */
};

G_DEFINE_FINAL_TYPE (QgaFreezeGuard, qga_freeze_guard, G_TYPE_OBJECT)

/* --- life ------------------------------------------------------------------------------ */

/* One that knows nothing of a thaw may be there still when another freeze has
 * its own: then that one's guard sees to it. */
static void
go_on_guard (QgaFreezeGuard *self, gboolean on_guard)
{
  QgaSession *session = qga_connection_get_session (self->connection);

  wire_link_lock (&session->link);
  if (self->on_guard != on_guard)
    session->n_guards += on_guard ? 1 : -1;
  self->on_guard = on_guard;
  if (session->n_guards == 0 && !g_atomic_int_get (&self->thawed))
    {
      qga_session_thaw (session, !g_atomic_int_get (&self->doubtful));
      qga_session_pump (session);
    }
  wire_link_unlock (&session->link);
}

static void
qga_freeze_guard_dispose (GObject *object)
{
  QgaFreezeGuard *self = QGA_FREEZE_GUARD (object);

  if (self->connection != NULL)
    go_on_guard (self, FALSE);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (qga_freeze_guard_parent_class)->dispose (object);
}

static void
qga_freeze_guard_class_init (QgaFreezeGuardClass *class)
{
  G_OBJECT_CLASS (class)->dispose = qga_freeze_guard_dispose;
}

static void
qga_freeze_guard_init (QgaFreezeGuard *self)
{
}

/* --- freezing --------------------------------------------------------------------------- */

/* Above all it may be frozen already, for somebody else. */
static gboolean
was_not_begun (const GError *error)
{
  return error != NULL && error->domain == QGA_ERROR &&
         (error->code == QGA_ERROR_FROZEN || error->code == QGA_ERROR_COMMAND_DISABLED ||
          error->code == QGA_ERROR_COMMAND_NOT_FOUND);
}

/* A freeze that was sent and did not end well may have happened, or may yet. */
static void
on_freeze_ended (QgaSession *session, QgaCall *call, const WireView *view, G_GNUC_UNUSED guint result, const GError *error)
{
  if (view == NULL && call->id != 0 && !was_not_begun (error) && session->n_guards == 0)
    qga_session_thaw (session, FALSE);
}

static gboolean
make_order (QgaOrder *order, const char *const *mountpoints, GError **error)
{
  g_autoptr (GString) text = g_string_new ("{\"mountpoints\":[");

  *order = (QgaOrder) { .command = "guest-fsfreeze-freeze", .hook = on_freeze_ended };
  if (mountpoints == NULL)
    return TRUE;
  for (guint i = 0; mountpoints[i] != NULL; i++)
    {
      if (!g_utf8_validate (mountpoints[i], -1, NULL))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       "guest-fsfreeze-freeze-list: mountpoints[%u] is not UTF-8, and cannot be sent", i);
          return FALSE;
        }
      if (i > 0)
        g_string_append_c (text, ',');
      wire_write_string (text, mountpoints[i]);
    }
  g_string_append (text, "]}");
  order->command = "guest-fsfreeze-freeze-list";
  order->length = text->len;
  order->arguments = g_string_free (g_steal_pointer (&text), FALSE);
  return TRUE;
}

/* If there is no sense in the answer, the guard goes again, and thaws. */
static QgaFreezeGuard *
new_guard (QgaConnection *connection, const QgaReply *reply, GError **error)
{
  g_autoptr (QgaFreezeGuard) self = g_object_new (QGA_TYPE_FREEZE_GUARD, NULL);

  self->connection = g_object_ref (connection);
  go_on_guard (self, TRUE);
  if (wire_view_get_uint64 (&reply->document->view, reply->result, &self->count))
    return g_steal_pointer (&self);
  g_set_error_literal (error, QGA_ERROR, QGA_ERROR_PROTOCOL, "guest-fsfreeze-freeze: return: expected a count");
  return NULL;
}

static void
on_frozen (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (QgaReply) reply = g_task_propagate_pointer (G_TASK (result), &error);
  QgaFreezeGuard *guard = reply != NULL ? new_guard (QGA_CONNECTION (source), reply, &error) : NULL;

  if (guard != NULL)
    g_task_return_pointer (task, guard, g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * qga_freeze_guard_freeze_async:
 * @connection: a connection
 * @mountpoints: (nullable) (array zero-terminated=1): where the file systems
 *   to freeze are mounted in the guest, or %NULL for all
 * @cancellable: (nullable): gives up; the guest is thawed then
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Freezes the guest's file systems (`guest-fsfreeze-freeze`,
 * `guest-fsfreeze-freeze-list`). That may take long; its deadline is 120
 * seconds unless [property@Qga.Connection:default-timeout] says otherwise.
 *
 * Since: 0.1
 */
void
qga_freeze_guard_freeze_async (QgaConnection *connection, const char *const *mountpoints, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  GError *error = NULL;
  QgaOrder order;
  GTask *task;

  g_return_if_fail (QGA_IS_CONNECTION (connection));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (NULL, qga_freeze_guard_freeze_async, cancellable, callback, user_data);
  if (!make_order (&order, mountpoints, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  qga_connection_order_async (connection, &order,
                              wire_task_new (connection, qga_freeze_guard_freeze_async, cancellable, on_frozen, task));
}

/**
 * qga_freeze_guard_freeze_finish:
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [func@Qga.FreezeGuard.freeze_async] began.
 *
 * Fails as [method@Qga.Connection.execute_finish] does. Whatever the error,
 * what may have been frozen is thawed.
 *
 * Returns: (transfer full): a guard over what is frozen
 *
 * Since: 0.1
 */
QgaFreezeGuard *
qga_freeze_guard_freeze_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (wire_task_is_result (NULL, result, qga_freeze_guard_freeze_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * qga_freeze_guard_freeze:
 * @connection: a connection
 * @mountpoints: (nullable) (array zero-terminated=1): where the file systems
 *   to freeze are mounted in the guest, or %NULL for all
 * @cancellable: (nullable): gives up; the guest is thawed then
 * @error: return location
 *
 * Freezes the guest's file systems, and blocks until they are. See
 * [func@Qga.FreezeGuard.freeze_async].
 *
 * Fails as [func@Qga.FreezeGuard.freeze_finish] does.
 *
 * Returns: (transfer full): a guard over what is frozen
 *
 * Since: 0.1
 */
QgaFreezeGuard *
qga_freeze_guard_freeze (QgaConnection *connection, const char *const *mountpoints, GCancellable *cancellable, GError **error)
{
  g_autoptr (QgaReply) reply = NULL;
  QgaOrder order;

  g_return_val_if_fail (QGA_IS_CONNECTION (connection), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  if (!make_order (&order, mountpoints, error))
    return NULL;
  reply = qga_connection_order (connection, &order, cancellable, error);
  return reply != NULL ? new_guard (connection, reply, error) : NULL;
}

/* --- thawing --------------------------------------------------------------------------------- */

static const QgaOrder thaw_order = { .command = "guest-fsfreeze-thaw" };

/* Whatever the agent says, once it has answered nothing is frozen; but what
 * it did not find frozen has thawed before, and who knows when. */
static gboolean
take_thaw (QgaFreezeGuard *self, const QgaReply *reply, GError **error)
{
  gboolean first = !g_atomic_int_get (&self->thawed);
  guint64 count = 0;

  g_atomic_int_set (reply != NULL ? &self->thawed : &self->doubtful, TRUE);
  if (reply == NULL)
    return FALSE;
  go_on_guard (self, FALSE);
  if (!first || self->count == 0)
    return TRUE;
  if (!wire_view_get_uint64 (&reply->document->view, reply->result, &count))
    g_set_error_literal (error, QGA_ERROR, QGA_ERROR_PROTOCOL, "guest-fsfreeze-thaw: return: expected a count");
  else if (count == 0)
    g_set_error_literal (error, QGA_ERROR, QGA_ERROR_NOT_FROZEN,
                         "guest-fsfreeze-thaw: the guest was not frozen any more: it has thawed by itself, or restarted");
  return count > 0;
}

static void
on_thawed (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (QgaReply) reply = g_task_propagate_pointer (G_TASK (result), &error);

  if (take_thaw (g_task_get_source_object (task), reply, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * qga_freeze_guard_thaw_async:
 * @self: a guard
 * @cancellable: (nullable): ends the wait; the guest may thaw all the same
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Thaws the guest's file systems (`guest-fsfreeze-thaw`).
 *
 * Since: 0.1
 */
void
qga_freeze_guard_thaw_async (QgaFreezeGuard *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task;

  g_return_if_fail (QGA_IS_FREEZE_GUARD (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (self, qga_freeze_guard_thaw_async, cancellable, callback, user_data);
  qga_connection_order_async (self->connection, &thaw_order,
                              wire_task_new (self->connection, qga_freeze_guard_thaw_async, cancellable, on_thawed,
                                                       task));
}

/**
 * qga_freeze_guard_thaw_finish:
 * @self: a guard
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qga.FreezeGuard.thaw_async] began.
 *
 * Fails with %QGA_ERROR_NOT_FROZEN when the agent found nothing to thaw: what
 * was frozen has thawed before its time, and a copy that was made meanwhile is
 * worth nothing. Fails as well as [method@Qga.Connection.execute_finish] does;
 * then it may be frozen still: ask [func@Qga.FreezeGuard.query_async], or drop
 * the guard, which does.
 *
 * Returns: whether the agent has thawed them
 *
 * Since: 0.1
 */
gboolean
qga_freeze_guard_thaw_finish (QgaFreezeGuard *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QGA_IS_FREEZE_GUARD (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qga_freeze_guard_thaw_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * qga_freeze_guard_thaw:
 * @self: a guard
 * @cancellable: (nullable): ends the wait; the guest may thaw all the same
 * @error: return location
 *
 * Thaws the guest's file systems, and blocks until the agent has.
 *
 * Fails as [method@Qga.FreezeGuard.thaw_finish] does.
 *
 * Returns: whether the agent has thawed them
 *
 * Since: 0.1
 */
gboolean
qga_freeze_guard_thaw (QgaFreezeGuard *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (QgaReply) reply = NULL;

  g_return_val_if_fail (QGA_IS_FREEZE_GUARD (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  reply = qga_connection_order (self->connection, &thaw_order, cancellable, error);
  return take_thaw (self, reply, error);
}

/* --- asking ----------------------------------------------------------------------------------- */

static const QgaOrder status_order = { .command = "guest-fsfreeze-status" };

static QgaFreezeStatus
read_status (const QgaReply *reply, GError **error)
{
  const WireView *view = &reply->document->view;

  if (wire_view_is_string (view, reply->result, "frozen"))
    return QGA_FREEZE_STATUS_FROZEN;
  if (wire_view_is_string (view, reply->result, "thawed"))
    return QGA_FREEZE_STATUS_THAWED;
  g_set_error_literal (error, QGA_ERROR, QGA_ERROR_PROTOCOL, "guest-fsfreeze-status: return: expected “frozen” or “thawed”");
  return QGA_FREEZE_STATUS_UNKNOWN;
}

static void
on_status (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (QgaReply) reply = g_task_propagate_pointer (G_TASK (result), &error);
  QgaFreezeStatus status = reply != NULL ? read_status (reply, &error) : QGA_FREEZE_STATUS_UNKNOWN;

  if (status != QGA_FREEZE_STATUS_UNKNOWN)
    g_task_return_int (task, (gssize) status);
  else
    g_task_return_error (task, error);
}

/**
 * qga_freeze_guard_query_async:
 * @connection: a connection
 * @cancellable: (nullable): ends the wait
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Asks the agent whether the guest's file systems are frozen
 * (`guest-fsfreeze-status`).
 *
 * Since: 0.1
 */
void
qga_freeze_guard_query_async (QgaConnection *connection, GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  GTask *task;

  g_return_if_fail (QGA_IS_CONNECTION (connection));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (NULL, qga_freeze_guard_query_async, cancellable, callback, user_data);
  qga_connection_order_async (connection, &status_order,
                              wire_task_new (connection, qga_freeze_guard_query_async, cancellable, on_status, task));
}

/**
 * qga_freeze_guard_query_finish:
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [func@Qga.FreezeGuard.query_async] began.
 *
 * Fails as [method@Qga.Connection.execute_finish] does.
 *
 * Returns: what the agent says
 *
 * Since: 0.1
 */
QgaFreezeStatus
qga_freeze_guard_query_finish (GAsyncResult *result, GError **error)
{
  gssize outcome;

  g_return_val_if_fail (wire_task_is_result (NULL, result, qga_freeze_guard_query_async), QGA_FREEZE_STATUS_UNKNOWN);
  outcome = g_task_propagate_int (G_TASK (result), error);
  return outcome >= 0 ? (QgaFreezeStatus) outcome : QGA_FREEZE_STATUS_UNKNOWN;
}

/**
 * qga_freeze_guard_query:
 * @connection: a connection
 * @cancellable: (nullable): ends the wait
 * @error: return location
 *
 * Asks the agent whether the guest's file systems are frozen, and blocks until
 * it has told.
 *
 * Fails as [method@Qga.Connection.execute_finish] does.
 *
 * Returns: what the agent says
 *
 * Since: 0.1
 */
QgaFreezeStatus
qga_freeze_guard_query (QgaConnection *connection, GCancellable *cancellable, GError **error)
{
  g_autoptr (QgaReply) reply = NULL;

  g_return_val_if_fail (QGA_IS_CONNECTION (connection), QGA_FREEZE_STATUS_UNKNOWN);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), QGA_FREEZE_STATUS_UNKNOWN);
  reply = qga_connection_order (connection, &status_order, cancellable, error);
  return reply != NULL ? read_status (reply, error) : QGA_FREEZE_STATUS_UNKNOWN;
}

/* --- what it knows ---------------------------------------------------------------------------------- */

/**
 * qga_freeze_guard_get_count:
 * @self: a guard
 *
 * Gets how many file systems the agent says it froze. 0 means that there is
 * none to freeze, or that none of the mount points is one.
 *
 * Returns: how many
 *
 * Since: 0.1
 */
guint64
qga_freeze_guard_get_count (QgaFreezeGuard *self)
{
  g_return_val_if_fail (QGA_IS_FREEZE_GUARD (self), 0);
  return self->count;
}

/**
 * qga_freeze_guard_get_thawed:
 * @self: a guard
 *
 * Tells whether [method@Qga.FreezeGuard.thaw_async] has succeeded.
 *
 * Returns: whether it has
 *
 * Since: 0.1
 */
gboolean
qga_freeze_guard_get_thawed (QgaFreezeGuard *self)
{
  g_return_val_if_fail (QGA_IS_FREEZE_GUARD (self), FALSE);
  return g_atomic_int_get (&self->thawed);
}
