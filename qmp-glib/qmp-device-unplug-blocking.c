/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-device.h"
#include "qmp-unplug-private.h"

/* Unplugging for who blocks on it: no main loop runs, and what comes from QEMU
 * is read here. */

static QmpUnplugVerdict
hear (QmpUnplug *unplug, int milliseconds, GCancellable *cancellable, GError **error)
{
  GError *failure = NULL;
  g_autoptr (QmpEvent) event = NULL;

  qmp_event_stream_set_timeout (unplug->events, milliseconds);
  event = qmp_event_stream_next (unplug->events, cancellable, &failure);
  if (event != NULL)
    return qmp_unplug_judge_event (unplug, event, error);
  if (!g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return qmp_unplug_judge_end (unplug, failure, error);
  g_error_free (failure);
  return QMP_UNPLUG_GOES_ON;
}

/* What came before QEMU's reply counts before it. */
static QmpUnplugVerdict
ask (QmpConnection *self, QmpUnplug *unplug, GCancellable *cancellable, GError **error)
{
  g_autoptr (QmpRequest) request = qmp_unplug_new_request (unplug);
  GError *failure = NULL;
  g_autoptr (QmpValue) reply = qmp_connection_execute_request (self, request, cancellable, &failure);
  QmpUnplugVerdict verdict = QMP_UNPLUG_GOES_ON;
  QmpEvent *event;

  while (verdict == QMP_UNPLUG_GOES_ON && (event = qmp_event_stream_try_next (unplug->events)) != NULL)
    {
      verdict = qmp_unplug_judge_event (unplug, event, error);
      qmp_event_unref (event);
    }
  if (verdict == QMP_UNPLUG_GOES_ON)
    return qmp_unplug_judge_reply (unplug, failure, error);
  g_clear_error (&failure);
  return verdict;
}

/* Until it is decided, or the next request is due, or the time is over. */
static QmpUnplugVerdict
wait_for_guest (QmpUnplug *unplug, GCancellable *cancellable, GError **error)
{
  gint64 again = unplug->interval > 0 ? g_get_monotonic_time () + (gint64) unplug->interval * 1000 : G_MAXINT64;
  QmpUnplugVerdict verdict = QMP_UNPLUG_GOES_ON;

  while (verdict == QMP_UNPLUG_GOES_ON)
    {
      int rest = qmp_unplug_get_rest (unplug);

      if (again < G_MAXINT64)
        rest = (int) MIN (rest, MAX (again - g_get_monotonic_time () + 999, 0) / 1000);
      if (rest == 0)
        break;
      verdict = hear (unplug, rest, cancellable, error);
    }
  return verdict;
}

/* The event may have been lost among others: QEMU itself is asked. */
static QmpUnplugVerdict
look (QmpConnection *self, QmpUnplug *unplug, GCancellable *cancellable, GError **error)
{
  g_autoptr (QmpRequest) question = qmp_unplug_new_question (unplug);
  GError *failure = NULL;
  g_autoptr (QmpValue) answer = NULL;
  QmpUnplugVerdict verdict;

  if (unplug->gone)
    return QMP_UNPLUG_DONE;
  answer = qmp_connection_execute_request (self, question, cancellable, &failure);
  verdict = qmp_unplug_judge_answer (unplug, failure, error);
  if (verdict == QMP_UNPLUG_GOES_ON)
    verdict = wait_for_guest (unplug, cancellable, error);
  return verdict == QMP_UNPLUG_GOES_ON ? QMP_UNPLUG_DONE : verdict;
}

static gboolean
run (QmpConnection *self, const char *device, QmpUnplugOptions *options, gboolean for_backend, GCancellable *cancellable,
     GError **error)
{
  QmpUnplugVerdict verdict;
  QmpUnplug unplug = { 0 };

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  qmp_unplug_init (&unplug, self, device, options);
  unplug.for_backend = for_backend;
  do
    {
      verdict = ask (self, &unplug, cancellable, error);
      if (verdict == QMP_UNPLUG_GOES_ON)
        verdict = wait_for_guest (&unplug, cancellable, error);
    }
  while (verdict == QMP_UNPLUG_GOES_ON && !unplug.gone && qmp_unplug_get_rest (&unplug) > 0);
  if (verdict == QMP_UNPLUG_GOES_ON)
    verdict = look (self, &unplug, cancellable, error);
  qmp_unplug_clear (&unplug);
  return verdict == QMP_UNPLUG_DONE;
}

gboolean
qmp_unplug_run_for_backend (QmpConnection *self, const char *device, QmpUnplugOptions *options, GCancellable *cancellable,
                            GError **error)
{
  return run (self, device, options, TRUE, cancellable, error);
}

/**
 * qmp_connection_unplug_device:
 * @self: a connection
 * @device: the device's id, or its QOM path, which begins with `/`
 * @options: (nullable): how long to wait and how often to ask, or %NULL for
 *   the defaults
 * @cancellable: (nullable): ends the wait; the guest is not told, and may let
 *   go of the device later
 * @error: return location
 *
 * Unplugs a device, as [method@Qmp.Connection.unplug_device_async] does, and
 * blocks until it is gone.
 *
 * Fails as [method@Qmp.Connection.unplug_device_finish] does.
 *
 * Returns: whether the device is gone
 *
 * Since: 0.1
 */
gboolean
qmp_connection_unplug_device (QmpConnection *self, const char *device, QmpUnplugOptions *options,
                              GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (device != NULL && *device != '\0', FALSE);
  g_return_val_if_fail (options == NULL || QMP_IS_UNPLUG_OPTIONS (options), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  return run (self, device, options, FALSE, cancellable, error);
}
