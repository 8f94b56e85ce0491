/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-medium-private.h"

#include "qmp-connection-private.h"
#include "wire/wire-task.h"

/* How a medium's steps are taken: in a main context, and blocking. */

/* --- in a main context ---------------------------------------------------------------------- */

typedef struct
{
  QmpMedium medium;
  GCancellable *watching;  /* ends the wait for events */
  GSource *deadline;
  GSource *cancelled;
} Change;

static void
drop_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
change_free (gpointer data)
{
  Change *change = data;

  qmp_medium_clear (&change->medium);
  g_clear_object (&change->watching);
  g_free (change);
}

static void take_step (GTask *task);

static void
on_reply (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Change *change = g_task_get_task_data (task);
  GError *failure = NULL;
  g_autoptr (QmpValue) reply = qmp_connection_execute_request_finish (QMP_CONNECTION (source), result, &failure);

  qmp_medium_take_reply (&change->medium, reply, failure);
  take_step (task);
}

/* The wait is over, in one way or another. */
static void
leave_wait (GTask *task)
{
  Change *change = g_task_get_task_data (task);

  drop_source (&change->deadline);
  drop_source (&change->cancelled);
  g_cancellable_cancel (change->watching);
  take_step (task);
}

static void watch_events (GTask *task);

static void
on_event (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Change *change = g_task_get_task_data (task);
  GError *failure = NULL;
  g_autoptr (QmpEvent) event = qmp_event_stream_next_finish (QMP_EVENT_STREAM (source), result, &failure);

  /* only this wait's own end does that, and perhaps another one has begun */
  if (change->medium.step != QMP_MEDIUM_WAIT || g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_clear_error (&failure);
      return;
    }
  qmp_medium_take_event (&change->medium, event, failure);
  if (change->medium.step == QMP_MEDIUM_WAIT)
    watch_events (task);
  else
    leave_wait (task);
}

static void
watch_events (GTask *task)
{
  Change *change = g_task_get_task_data (task);

  qmp_event_stream_next_async (change->medium.events, change->watching, on_event, g_object_ref (task));
}

static gboolean
on_deadline (gpointer data)
{
  g_autoptr (GTask) task = g_object_ref (data);
  Change *change = g_task_get_task_data (task);

  qmp_medium_take_deadline (&change->medium);
  leave_wait (task);
  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer data)
{
  g_autoptr (GTask) task = g_object_ref (data);
  Change *change = g_task_get_task_data (task);

  qmp_medium_fail (&change->medium,
                   g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Waiting for the guest to open the tray was cancelled"));
  leave_wait (task);
  return G_SOURCE_REMOVE;
}

static GSource *
attach (GTask *task, GSource *source, GSourceFunc callback)
{
  g_source_set_callback (source, callback, g_object_ref (task), g_object_unref);
  g_source_attach (source, g_task_get_context (task));
  return source;
}

static void
wait_for_guest (GTask *task)
{
  Change *change = g_task_get_task_data (task);
  int rest = qmp_medium_get_rest (&change->medium);

  g_clear_object (&change->watching);
  change->watching = g_cancellable_new ();
  watch_events (task);
  if (rest < G_MAXINT)
    change->deadline = attach (task, g_timeout_source_new ((guint) rest), on_deadline);
  if (g_task_get_cancellable (task) != NULL)
    change->cancelled = attach (task, g_cancellable_source_new (g_task_get_cancellable (task)), G_SOURCE_FUNC (on_cancelled));
}

static void
take_step (GTask *task)
{
  Change *change = g_task_get_task_data (task);
  QmpMedium *medium = &change->medium;
  g_autoptr (QmpRequest) request = NULL;

  if (medium->step == QMP_MEDIUM_DONE && medium->failure != NULL)
    g_task_return_error (task, g_steal_pointer (&medium->failure));
  else if (medium->step == QMP_MEDIUM_DONE)
    g_task_return_boolean (task, TRUE);
  else if (medium->step == QMP_MEDIUM_WAIT)
    wait_for_guest (task);
  else
    {
      request = qmp_medium_new_request (medium);
      qmp_connection_execute_request_async (g_task_get_source_object (task), request,
                                            medium->step != QMP_MEDIUM_UNDO ? g_task_get_cancellable (task) : NULL, on_reply,
                                            g_object_ref (task));
    }
}

static void
start (QmpConnection *self, gpointer tag, const char *device, QmpBlockdevOptions *medium, QmpMediumOptions *options,
       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = wire_task_new (self, tag, cancellable, callback, user_data);
  Change *change = g_new0 (Change, 1);
  GError *error = NULL;

  g_task_set_task_data (task, change, change_free);
  if (qmp_medium_init (&change->medium, self, device, medium, options, &error))
    take_step (task);
  else
    g_task_return_error (task, error);
}

static gboolean
finish (QmpConnection *self, gpointer tag, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, tag), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- blocking ----------------------------------------------------------------------------------- */

static void
take_step_blocking (QmpConnection *self, QmpMedium *medium, GCancellable *cancellable)
{
  g_autoptr (QmpRequest) request = qmp_medium_new_request (medium);
  GError *failure = NULL;
  g_autoptr (QmpValue) reply =
    qmp_connection_execute_request (self, request, medium->step != QMP_MEDIUM_UNDO ? cancellable : NULL, &failure);

  qmp_medium_take_reply (medium, reply, failure);
}

static void
wait_blocking (QmpMedium *medium, GCancellable *cancellable)
{
  GError *failure = NULL;
  g_autoptr (QmpEvent) event = NULL;
  int rest = qmp_medium_get_rest (medium);

  qmp_event_stream_set_timeout (medium->events, MAX (rest, 1));
  event = qmp_event_stream_next (medium->events, cancellable, &failure);
  if (event == NULL && g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    {
      g_error_free (failure);
      qmp_medium_take_deadline (medium);
    }
  else
    qmp_medium_take_event (medium, event, failure);
}

static gboolean
run (QmpConnection *self, const char *device, QmpBlockdevOptions *medium, QmpMediumOptions *options, GCancellable *cancellable,
     GError **error)
{
  QmpMedium change = { 0 };
  gboolean done;

  if (!qmp_medium_init (&change, self, device, medium, options, error))
    return FALSE;
  while (change.step != QMP_MEDIUM_DONE)
    {
      if (change.step == QMP_MEDIUM_WAIT)
        wait_blocking (&change, cancellable);
      else
        take_step_blocking (self, &change, cancellable);
    }
  done = change.failure == NULL;
  if (!done)
    g_propagate_error (error, g_steal_pointer (&change.failure));
  qmp_medium_clear (&change);
  return done;
}

/* --- both ------------------------------------------------------------------------------------------ */

/**
 * qmp_connection_change_medium_async:
 * @self: a connection
 * @device: the drive's id, or its QOM path, which begins with `/`
 * @medium: the medium that is to come in: a block node, with a node name that
 *   is new, and `read-only` for a CD
 * @options: (nullable): how long to wait for the guest, and what then, or
 *   %NULL for the defaults
 * @cancellable: (nullable): ends the wait for the guest, who may open the tray
 *   later; else QEMU may still run the command it was given last
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Changes the medium in a drive, which may be empty, and waits until the new
 * one is in there.
 *
 * A guest may lock the tray. QEMU then only asks the guest to open it, and
 * answers at once. So the node is added, by `blockdev-add`, which tells whether
 * it can be opened; the tray is opened, by `blockdev-open-tray`; the guest is
 * waited for, until `DEVICE_TRAY_MOVED` tells that it has let go; the old medium
 * is taken out, by `blockdev-remove-medium`, and its node removed, by
 * `blockdev-del`, unless something else uses it; the new one is put in, by
 * `blockdev-insert-medium`, and the tray closed, by `blockdev-close-tray`.
 *
 * A guest may close the tray in between, as firmware does that looks for
 * something to boot: then it is opened again. When the guest does not let go,
 * all is as it was before. When QEMU does not take the new medium, the drive stays empty, and open.
 *
 * Since: 0.1
 */
void
qmp_connection_change_medium_async (QmpConnection *self, const char *device, QmpBlockdevOptions *medium,
                                    QmpMediumOptions *options, GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (device != NULL && *device != '\0');
  g_return_if_fail (QMP_IS_BLOCKDEV_OPTIONS (medium));
  g_return_if_fail (options == NULL || QMP_IS_MEDIUM_OPTIONS (options));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  start (self, qmp_connection_change_medium_async, device, medium, options, cancellable, callback, user_data);
}

/**
 * qmp_connection_change_medium_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.change_medium_async] began.
 *
 * Fails with %QMP_ERROR_MEDIUM_LOCKED when the guest does not let go of the
 * medium in time; with %QMP_ERROR_DEVICE_NOT_FOUND when there is no such drive;
 * with %QMP_ERROR_GENERIC when the new medium cannot be opened, or the device is
 * not one for media; with %G_IO_ERROR_INVALID_ARGUMENT when the medium has no
 * node name; with %G_IO_ERROR_CANCELLED; and as
 * [method@Qmp.Connection.execute_finish] does.
 *
 * Returns: whether the new medium is in the drive
 *
 * Since: 0.1
 */
gboolean
qmp_connection_change_medium_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{
  return finish (self, qmp_connection_change_medium_async, result, error);
}

/**
 * qmp_connection_change_medium:
 * @self: a connection
 * @device: the drive's id, or its QOM path, which begins with `/`
 * @medium: the medium that is to come in: a block node, with a node name that
 *   is new, and `read-only` for a CD
 * @options: (nullable): how long to wait for the guest, and what then, or
 *   %NULL for the defaults
 * @cancellable: (nullable): ends the wait for the guest, who may open the tray
 *   later; else QEMU may still run the command it was given last
 * @error: return location
 *
 * Changes the medium in a drive, as [method@Qmp.Connection.change_medium_async]
 * does, and blocks until the new one is in there.
 *
 * Fails as [method@Qmp.Connection.change_medium_finish] does.
 *
 * Returns: whether the new medium is in the drive
 *
 * Since: 0.1
 */
gboolean
qmp_connection_change_medium (QmpConnection *self, const char *device, QmpBlockdevOptions *medium, QmpMediumOptions *options,
                              GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (device != NULL && *device != '\0', FALSE);
  g_return_val_if_fail (QMP_IS_BLOCKDEV_OPTIONS (medium), FALSE);
  g_return_val_if_fail (options == NULL || QMP_IS_MEDIUM_OPTIONS (options), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  return run (self, device, medium, options, cancellable, error);
}

/**
 * qmp_connection_eject_medium_async:
 * @self: a connection
 * @device: the drive's id, or its QOM path, which begins with `/`
 * @options: (nullable): how long to wait for the guest, and what then, or
 *   %NULL for the defaults
 * @cancellable: (nullable): ends the wait for the guest, who may open the tray
 *   later; else QEMU may still run the command it was given last
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Takes the medium out of a drive, and waits until it is out: see
 * [method@Qmp.Connection.change_medium_async], which does the same before it
 * puts another one in. The tray stays open. A drive that is empty already is
 * no error.
 *
 * Since: 0.1
 */
void
qmp_connection_eject_medium_async (QmpConnection *self, const char *device, QmpMediumOptions *options,
                                   GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (device != NULL && *device != '\0');
  g_return_if_fail (options == NULL || QMP_IS_MEDIUM_OPTIONS (options));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  start (self, qmp_connection_eject_medium_async, device, NULL, options, cancellable, callback, user_data);
}

/**
 * qmp_connection_eject_medium_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.eject_medium_async] began.
 *
 * Fails with %QMP_ERROR_MEDIUM_LOCKED when the guest does not let go of the
 * medium in time; with %QMP_ERROR_DEVICE_NOT_FOUND when there is no such drive;
 * with %QMP_ERROR_GENERIC when the device is not one for media; with
 * %G_IO_ERROR_CANCELLED; and as [method@Qmp.Connection.execute_finish] does.
 *
 * Returns: whether the drive is empty
 *
 * Since: 0.1
 */
gboolean
qmp_connection_eject_medium_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{
  return finish (self, qmp_connection_eject_medium_async, result, error);
}

/**
 * qmp_connection_eject_medium:
 * @self: a connection
 * @device: the drive's id, or its QOM path, which begins with `/`
 * @options: (nullable): how long to wait for the guest, and what then, or
 *   %NULL for the defaults
 * @cancellable: (nullable): ends the wait for the guest, who may open the tray
 *   later; else QEMU may still run the command it was given last
 * @error: return location
 *
 * Takes the medium out of a drive, as
 * [method@Qmp.Connection.eject_medium_async] does, and blocks until it is out.
 *
 * Fails as [method@Qmp.Connection.eject_medium_finish] does.
 *
 * Returns: whether the drive is empty
 *
 * Since: 0.1
 */
gboolean
qmp_connection_eject_medium (QmpConnection *self, const char *device, QmpMediumOptions *options, GCancellable *cancellable,
                             GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (device != NULL && *device != '\0', FALSE);
  g_return_val_if_fail (options == NULL || QMP_IS_MEDIUM_OPTIONS (options), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  return run (self, device, NULL, options, cancellable, error);
}
