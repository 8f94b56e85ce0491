/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-connection-private.h"
#include "qmp-device.h"
#include "qmp-unplug-private.h"
#include "wire/wire-task.h"

/* Unplugging in a main context: events, QEMU's replies, the interval and the
 * deadline are waited for at once, and whichever decides it first counts. */

typedef struct
{
  QmpUnplug unplug;
  GCancellable *watching;  /* ends all that waits */
  GSource *deadline;
  GSource *interval;
  GSource *cancelled;
  gboolean asking;         /* QEMU has not replied yet */
  gboolean done;
} Wait;

static void
drop_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
wait_free (gpointer data)
{
  Wait *wait = data;

  qmp_unplug_clear (&wait->unplug);
  g_clear_object (&wait->watching);
  g_free (wait);
}

/* Takes the error. */
static void
settle (GTask *task, QmpUnplugVerdict verdict, GError *error)
{
  Wait *wait = g_task_get_task_data (task);

  if (verdict == QMP_UNPLUG_GOES_ON || wait->done)
    {
      g_clear_error (&error);
      return;
    }
  wait->done = TRUE;
  drop_source (&wait->deadline);
  drop_source (&wait->interval);
  drop_source (&wait->cancelled);
  g_cancellable_cancel (wait->watching);
  if (verdict == QMP_UNPLUG_DONE)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static GSource *
attach (GTask *task, GSource *source, GSourceFunc callback)
{
  g_source_set_callback (source, callback, g_object_ref (task), g_object_unref);
  g_source_attach (source, g_task_get_context (task));
  return source;
}

/* --- the deadline ---------------------------------------------------------------------------- */

static void set_deadline (GTask *task);

static void
on_answer (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Wait *wait = g_task_get_task_data (task);
  GError *failure = NULL, *error = NULL;
  g_autoptr (QmpValue) answer = qmp_connection_execute_request_finish (QMP_CONNECTION (source), result, &failure);
  QmpUnplugVerdict verdict;

  if (wait->done)
    {
      g_clear_error (&failure);
      return;
    }
  verdict = qmp_unplug_judge_answer (&wait->unplug, failure, &error);
  if (wait->unplug.gone)
    set_deadline (task);
  settle (task, verdict, error);
}

/* The event may have been lost among others: QEMU itself is asked. */
static gboolean
on_deadline (gpointer data)
{
  g_autoptr (GTask) task = g_object_ref (data);
  Wait *wait = g_task_get_task_data (task);
  g_autoptr (QmpRequest) question = NULL;

  drop_source (&wait->deadline);
  drop_source (&wait->interval);
  if (wait->unplug.gone)
    {
      settle (task, QMP_UNPLUG_DONE, NULL);
      return G_SOURCE_REMOVE;
    }
  question = qmp_unplug_new_question (&wait->unplug);
  qmp_connection_execute_request_async (g_task_get_source_object (task), question, wait->watching, on_answer,
                                        g_object_ref (task));
  return G_SOURCE_REMOVE;
}

static void
set_deadline (GTask *task)
{
  Wait *wait = g_task_get_task_data (task);
  int rest = qmp_unplug_get_rest (&wait->unplug);

  drop_source (&wait->deadline);
  if (rest < G_MAXINT)
    wait->deadline = attach (task, g_timeout_source_new ((guint) rest), on_deadline);
}

/* --- asking ----------------------------------------------------------------------------------- */

static void
on_reply (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Wait *wait = g_task_get_task_data (task);
  GError *failure = NULL, *error = NULL;
  g_autoptr (QmpValue) reply = qmp_connection_execute_request_finish (QMP_CONNECTION (source), result, &failure);
  QmpUnplugVerdict verdict;

  wait->asking = FALSE;
  if (wait->done)
    {
      g_clear_error (&failure);
      return;
    }
  verdict = qmp_unplug_judge_reply (&wait->unplug, failure, &error);
  if (wait->unplug.gone)
    {
      drop_source (&wait->interval);
      set_deadline (task);
    }
  settle (task, verdict, error);
}

static void
ask (GTask *task)
{
  Wait *wait = g_task_get_task_data (task);
  g_autoptr (QmpRequest) request = qmp_unplug_new_request (&wait->unplug);

  wait->asking = TRUE;
  qmp_connection_execute_request_async (g_task_get_source_object (task), request, wait->watching, on_reply,
                                        g_object_ref (task));
}

static gboolean
on_interval (gpointer data)
{
  Wait *wait = g_task_get_task_data (data);

  if (!wait->asking)
    ask (data);
  return G_SOURCE_CONTINUE;
}

/* --- what is watched --------------------------------------------------------------------------- */

static void watch_events (GTask *task);

static void
on_event (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Wait *wait = g_task_get_task_data (task);
  GError *failure = NULL, *error = NULL;
  g_autoptr (QmpEvent) event = qmp_event_stream_next_finish (wait->unplug.events, result, &failure);
  QmpUnplugVerdict verdict;

  if (wait->done)
    {
      g_clear_error (&failure);
      return;
    }
  verdict = event != NULL ? qmp_unplug_judge_event (&wait->unplug, event, &error)
                          : qmp_unplug_judge_end (&wait->unplug, failure, &error);
  settle (task, verdict, error);
  if (!wait->done)
    watch_events (task);
}

static void
watch_events (GTask *task)
{
  Wait *wait = g_task_get_task_data (task);

  qmp_event_stream_next_async (wait->unplug.events, wait->watching, on_event, g_object_ref (task));
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer data)
{
  g_autoptr (GTask) task = g_object_ref (data);

  settle (task, QMP_UNPLUG_FAILED,
          g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Unplugging the device was cancelled"));
  return G_SOURCE_REMOVE;
}

static void
start (QmpConnection *self, const char *device, QmpUnplugOptions *options, gboolean for_backend, GCancellable *cancellable,
       GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = wire_task_new (self, qmp_connection_unplug_device_async, cancellable, callback, user_data);
  Wait *wait;

  if (g_task_return_error_if_cancelled (task))
    return;
  wait = g_new0 (Wait, 1);
  qmp_unplug_init (&wait->unplug, self, device, options);
  wait->unplug.for_backend = for_backend;
  wait->watching = g_cancellable_new ();
  g_task_set_task_data (task, wait, wait_free);
  watch_events (task);
  ask (task);
  set_deadline (task);
  if (wait->unplug.interval > 0)
    wait->interval = attach (task, g_timeout_source_new ((guint) wait->unplug.interval), on_interval);
  if (cancellable != NULL)
    wait->cancelled = attach (task, g_cancellable_source_new (cancellable), G_SOURCE_FUNC (on_cancelled));
}

void
qmp_unplug_start_for_backend (QmpConnection *self, const char *device, QmpUnplugOptions *options, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  start (self, device, options, TRUE, cancellable, callback, user_data);
}

/**
 * qmp_connection_unplug_device_async:
 * @self: a connection
 * @device: the device's id, or its QOM path, which begins with `/`
 * @options: (nullable): how long to wait and how often to ask, or %NULL for
 *   the defaults
 * @cancellable: (nullable): ends the wait; the guest is not told, and may let
 *   go of the device later
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Unplugs a device, and waits until it is gone.
 *
 * QEMU's command `device_del` only asks the guest, and says nothing of a guest
 * that does not heed. So this waits for the event `DEVICE_DELETED` of that
 * device, which the device's children do not end; asks again at each
 * [property@Qmp.UnplugOptions:interval], for a guest that was booting, or
 * asleep; and gives up after [property@Qmp.UnplugOptions:timeout], when
 * `qom-list` shows that the device is still there. A reset of the guest
 * completes what it had not heeded.
 *
 * The device's backends stay: see [method@Qmp.Connection.unplug_disk_async]
 * and [method@Qmp.Connection.unplug_network_async].
 *
 * Since: 0.1
 */
void
qmp_connection_unplug_device_async (QmpConnection *self, const char *device, QmpUnplugOptions *options,
                                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (device != NULL && *device != '\0');
  g_return_if_fail (options == NULL || QMP_IS_UNPLUG_OPTIONS (options));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  start (self, device, options, FALSE, cancellable, callback, user_data);
}

/**
 * qmp_connection_unplug_device_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.unplug_device_async] began.
 *
 * Fails with %QMP_ERROR_UNPLUG_REFUSED when the guest says that it does not
 * let go of the device (`DEVICE_UNPLUG_GUEST_ERROR`, and `MEM_UNPLUG_ERROR` of
 * QEMU before 8.0); with %QMP_ERROR_DEVICE_NOT_FOUND when there is no such
 * device; with %G_IO_ERROR_TIMED_OUT when the guest has said nothing in time,
 * and with a message that tells what is known; with %G_IO_ERROR_CANCELLED; and
 * as [method@Qmp.Connection.execute_finish] does when QEMU refuses the first
 * request, or the connection ends.
 *
 * Returns: whether the device is gone
 *
 * Since: 0.1
 */
gboolean
qmp_connection_unplug_device_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_connection_unplug_device_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
