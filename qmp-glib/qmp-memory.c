/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-memory.h"

#include "qmp-connection-private.h"
#include "qmp-poll-private.h"
#include "wire/wire-task.h"

/* The guest's memory: its balloon, and how fast it is written to. */

static gboolean
is_result (QmpConnection *self, GAsyncResult *result, gpointer tag)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, tag), FALSE);
  return TRUE;
}

/* --- the balloon ------------------------------------------------------------------------------- */

/* QEMU counts in these. */
#define BALLOON_PAGE 4096
#define BALLOON_INTERVAL_MS 100
#define BALLOON_TIMEOUT_MS 30000

/* A guest that has moved, and stands still for so long, has come to rest. */
#define BALLOON_REST (2 * G_USEC_PER_SEC)

static gboolean
judge_balloon (QmpPoll *self, QmpValue *reply, gboolean last, GError **error)
{
  gint64 now = g_get_monotonic_time (), size;

  if (!qmp_value_get_member_int64 (reply, "actual", &size))
    {
      g_set_error_literal (error, QMP_ERROR, QMP_ERROR_UNEXPECTED_VALUE, "query-balloon: actual: expected a size");
      return FALSE;
    }
  if (self->reached >= 0 && self->reached != size)
    self->moved_at = now;
  self->reached = size;
  return last || (size >= self->target && size - self->target < BALLOON_PAGE) ||
         (self->moved_at > 0 && now - self->moved_at >= BALLOON_REST);
}

static QmpPoll *
new_balloon (gint64 size, int timeout)
{
  QmpPoll *poll = qmp_poll_new ("balloon", "query-balloon", judge_balloon);
  g_autofree char *arguments = g_strdup_printf ("{\"value\":%" G_GINT64_FORMAT "}", size);

  qmp_request_set_arguments_json (poll->command, arguments, NULL);
  poll->interval = BALLOON_INTERVAL_MS;
  poll->timeout = timeout >= 0 ? timeout : BALLOON_TIMEOUT_MS;
  poll->target = size;
  poll->reached = -1;
  return poll;
}

/**
 * qmp_connection_set_balloon_async:
 * @self: a connection
 * @size: how much memory the guest shall have, in bytes
 * @timeout: how long it may take, in milliseconds; -1 for 30 seconds,
 *   %G_MAXINT for ever
 * @cancellable: (nullable): ends the wait; the guest goes on
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Changes how much memory the guest has, by its balloon, and waits until it has
 * come to rest: at @size, or where it has moved to and does not move any
 * further; or until the time is over.
 *
 * QEMU's command `balloon` only asks the guest, whose driver gives its memory
 * back as it can, or does not. So `query-balloon` is asked until it tells an
 * end. The machine needs a `virtio-balloon` device.
 *
 * Since: 0.1
 */
void
qmp_connection_set_balloon_async (QmpConnection *self, gint64 size, int timeout, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (size > 0);
  g_return_if_fail (timeout >= -1);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (self, qmp_connection_set_balloon_async, cancellable, callback, user_data);
  qmp_poll_start (new_balloon (size, timeout), task);
}

/**
 * qmp_connection_set_balloon_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.set_balloon_async] began.
 *
 * Fails as [method@Qmp.Connection.balloon_finish] does: with
 * %QMP_ERROR_DEVICE_NOT_ACTIVE when there is no balloon; and with
 * %G_IO_ERROR_CANCELLED. That the guest does not heed is no error: the size
 * tells.
 *
 * Returns: how many bytes the guest has now; -1 if it failed
 *
 * Since: 0.1
 */
gint64
qmp_connection_set_balloon_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{
  QmpPoll *poll;

  if (!is_result (self, result, qmp_connection_set_balloon_async) || !g_task_propagate_boolean (G_TASK (result), error))
    return -1;
  poll = g_task_get_task_data (G_TASK (result));
  return poll->reached;
}

/**
 * qmp_connection_set_balloon:
 * @self: a connection
 * @size: how much memory the guest shall have, in bytes
 * @timeout: how long it may take, in milliseconds; -1 for 30 seconds,
 *   %G_MAXINT for ever
 * @cancellable: (nullable): ends the wait; the guest goes on
 * @error: return location
 *
 * Changes how much memory the guest has, as
 * [method@Qmp.Connection.set_balloon_async] does, and blocks until it has come
 * to rest, or the time is over.
 *
 * Fails as [method@Qmp.Connection.set_balloon_finish] does.
 *
 * Returns: how many bytes the guest has now; -1 if it failed
 *
 * Since: 0.1
 */
gint64
qmp_connection_set_balloon (QmpConnection *self, gint64 size, int timeout, GCancellable *cancellable, GError **error)
{
  g_autoptr (QmpPoll) poll = NULL;

  g_return_val_if_fail (QMP_IS_CONNECTION (self), -1);
  g_return_val_if_fail (size > 0, -1);
  g_return_val_if_fail (timeout >= -1, -1);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), -1);
  poll = new_balloon (size, timeout);
  return qmp_poll_run (poll, self, cancellable, error) ? poll->reached : -1;
}

/* --- how fast it is written to --------------------------------------------------------------------- */

#define DIRTY_RATE_INTERVAL_MS 50

/* Beyond the time of the measurement, QEMU may take this long to count. */
#define DIRTY_RATE_GRACE_MS 60000

static gboolean
judge_dirty_rate (QmpPoll *self, QmpValue *reply, gboolean last, GError **error)
{
  g_autofree char *status = qmp_value_dup_member_string (reply, "status");

  if (g_strcmp0 (status, "measured") == 0)
    {
      self->answer = qmp_value_ref (reply);
      return TRUE;
    }
  if (last)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "calc-dirty-rate: QEMU has not come to an end: it is “%s”",
                 status != NULL ? status : "unknown");
  return FALSE;
}

static int
get_milliseconds (gint64 calc_time, QmpCalcDirtyRateArguments *arguments)
{
  gboolean fine = arguments != NULL &&
                  qmp_calc_dirty_rate_arguments_get_calc_time_unit (arguments) == QMP_TIME_UNIT_MILLISECOND;

  return (int) CLAMP (calc_time, 0, 86400) * (fine ? 1 : 1000);
}

static QmpPoll *
new_dirty_rate (gint64 calc_time, QmpCalcDirtyRateArguments *arguments)
{
  QmpPoll *poll = qmp_poll_new ("calc-dirty-rate", "query-dirty-rate", judge_dirty_rate);
  g_autoptr (QmpStruct) all = arguments != NULL ? qmp_struct_copy (QMP_STRUCT (arguments))
                                                : QMP_STRUCT (qmp_calc_dirty_rate_arguments_new ());
  g_autofree char *time = g_strdup_printf ("%" G_GINT64_FORMAT, calc_time), *json = NULL;

  qmp_struct_set_member_json (all, "calc-time", time, NULL);
  json = qmp_struct_to_json (all);
  qmp_request_set_arguments_json (poll->command, json, NULL);
  poll->delay = (guint) get_milliseconds (calc_time, arguments);
  poll->interval = DIRTY_RATE_INTERVAL_MS;
  poll->timeout = (int) poll->delay + DIRTY_RATE_GRACE_MS;
  return poll;
}

static QmpDirtyRateInfo *
read_dirty_rate (QmpPoll *poll, GError **error)
{
  g_autofree char *json = qmp_value_to_json (poll->answer);

  return qmp_dirty_rate_info_new_from_json (json, error);
}

/**
 * qmp_connection_measure_dirty_rate_async:
 * @self: a connection
 * @calc_time: how long to measure: in seconds, 1 to 60, unless @arguments have
 *   another unit
 * @arguments: (nullable): how to measure, or %NULL for QEMU's own way
 * @cancellable: (nullable): ends the wait; QEMU goes on measuring
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Measures how fast the guest writes to its memory, which tells whether it can
 * be migrated while it runs.
 *
 * QEMU's command `calc-dirty-rate` only begins; so `query-dirty-rate` is asked
 * when the time is over, until it tells the result.
 *
 * Since: 0.1
 */
void
qmp_connection_measure_dirty_rate_async (QmpConnection *self, gint64 calc_time, QmpCalcDirtyRateArguments *arguments,
                                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (calc_time > 0);
  g_return_if_fail (arguments == NULL || QMP_IS_CALC_DIRTY_RATE_ARGUMENTS (arguments));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (self, qmp_connection_measure_dirty_rate_async, cancellable, callback, user_data);
  qmp_poll_start (new_dirty_rate (calc_time, arguments), task);
}

/**
 * qmp_connection_measure_dirty_rate_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.measure_dirty_rate_async] began.
 *
 * Fails as [method@Qmp.Connection.calc_dirty_rate_finish] does: above all when
 * QEMU measures already, or does not know this way to; with
 * %G_IO_ERROR_TIMED_OUT when it has not come to an end a minute after the time;
 * and with %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full): the result; %QMP_DIRTY_RATE_STATUS_MEASURED is its
 *   status
 *
 * Since: 0.1
 */
QmpDirtyRateInfo *
qmp_connection_measure_dirty_rate_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{
  if (!is_result (self, result, qmp_connection_measure_dirty_rate_async) || !g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  return read_dirty_rate (g_task_get_task_data (G_TASK (result)), error);
}

/**
 * qmp_connection_measure_dirty_rate:
 * @self: a connection
 * @calc_time: how long to measure: in seconds, 1 to 60, unless @arguments have
 *   another unit
 * @arguments: (nullable): how to measure, or %NULL for QEMU's own way
 * @cancellable: (nullable): ends the wait; QEMU goes on measuring
 * @error: return location
 *
 * Measures how fast the guest writes to its memory, as
 * [method@Qmp.Connection.measure_dirty_rate_async] does, and blocks until that
 * is known.
 *
 * Fails as [method@Qmp.Connection.measure_dirty_rate_finish] does.
 *
 * Returns: (transfer full): the result; %QMP_DIRTY_RATE_STATUS_MEASURED is its
 *   status
 *
 * Since: 0.1
 */
QmpDirtyRateInfo *
qmp_connection_measure_dirty_rate (QmpConnection *self, gint64 calc_time, QmpCalcDirtyRateArguments *arguments,
                                   GCancellable *cancellable, GError **error)
{
  g_autoptr (QmpPoll) poll = NULL;

  g_return_val_if_fail (QMP_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (calc_time > 0, NULL);
  g_return_val_if_fail (arguments == NULL || QMP_IS_CALC_DIRTY_RATE_ARGUMENTS (arguments), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  poll = new_dirty_rate (calc_time, arguments);
  return qmp_poll_run (poll, self, cancellable, error) ? read_dirty_rate (poll, error) : NULL;
}
