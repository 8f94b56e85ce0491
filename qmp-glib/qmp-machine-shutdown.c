/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <signal.h>

#include "qmp-glib.h"
#include "qmp-machine-private.h"
#include "wire/wire-task.h"

/* The ladder: the guest is asked, then QEMU, then its process, each for a
 * while. It is climbed in the context of the call, whatever the machine's. */

typedef struct
{
  QmpMachine *machine;
  QmpShutdownOptions *options;
  QmpShutdownStep step;
  QmpEventStream *events;   /* of the guest's end, and the connection's */
  GCancellable *watching;   /* of the end */
  GSource *deadline;        /* of this step */
  GSource *interval;        /* between requests to the guest */
  GSource *cancelled;
  gboolean done;
} Ladder;

static void
drop_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
ladder_free (gpointer data)
{
  Ladder *ladder = data;

  g_clear_object (&ladder->machine);
  g_clear_object (&ladder->options);
  g_clear_object (&ladder->events);
  g_clear_object (&ladder->watching);
  g_free (ladder);
}

/* TRUE the first time. */
static gboolean
finish (Ladder *ladder)
{
  if (ladder->done)
    return FALSE;
  ladder->done = TRUE;
  drop_source (&ladder->deadline);
  drop_source (&ladder->interval);
  drop_source (&ladder->cancelled);
  g_cancellable_cancel (ladder->watching);
  return TRUE;
}

static void
succeed (GTask *task)
{
  Ladder *ladder = g_task_get_task_data (task);

  if (finish (ladder))
    g_task_return_int (task, ladder->step);
}

static void
fail (GTask *task, GError *error)
{
  if (finish (g_task_get_task_data (task)))
    g_task_return_error (task, error);
  else
    g_error_free (error);
}

static GSource *
attach_timeout (GTask *task, int milliseconds, GSourceFunc callback)
{
  GSource *source = g_timeout_source_new ((guint) milliseconds);

  g_source_set_callback (source, callback, g_object_ref (task), g_object_unref);
  g_source_attach (source, g_task_get_context (task));
  return source;
}

/* --- the steps ----------------------------------------------------------------------------- */

/* QEMU's answer does not matter: what counts is whether it goes. */
static void
on_answer (GObject *source, GAsyncResult *result, gpointer finish)
{
  gboolean (*finish_call) (QmpConnection *, GAsyncResult *, GError **) = finish;

  finish_call (QMP_CONNECTION (source), result, NULL);
}

static void
ask_guest (Ladder *ladder)
{
  if (!qmp_machine_ask_power_down (ladder->machine))
    qmp_connection_system_powerdown_async (qmp_machine_get_connection (ladder->machine), NULL, on_answer,
                                           (gpointer) qmp_connection_system_powerdown_finish);
}

static gboolean
on_interval (gpointer data)
{
  ask_guest (g_task_get_task_data (data));
  return G_SOURCE_CONTINUE;
}

/* How long a step may take, in milliseconds; 0: it is not taken. */
int
qmp_machine_get_step_timeout (QmpMachine *self, QmpShutdownOptions *options, QmpShutdownStep step)
{
  gboolean child = qmp_machine_get_child (self) != NULL;

  switch (step)
    {
    case QMP_SHUTDOWN_STEP_POWER_DOWN:
      return qmp_run_state_is_off (qmp_machine_get_run_state (self)) ? 0 : qmp_shutdown_options_get_power_down_timeout (options);
    case QMP_SHUTDOWN_STEP_QUIT:
      return qmp_shutdown_options_get_quit_timeout (options);
    case QMP_SHUTDOWN_STEP_TERMINATE:
      return child ? qmp_shutdown_options_get_terminate_timeout (options) : 0;
    case QMP_SHUTDOWN_STEP_KILL:
      return child && qmp_shutdown_options_get_kill (options) ? 10000 : 0;
    case QMP_SHUTDOWN_STEP_NONE:
    default:
      return 0;
    }
}

static void ask_status (GTask *task);

static void
take_step (GTask *task)
{
  Ladder *ladder = g_task_get_task_data (task);
  int interval = qmp_shutdown_options_get_power_down_interval (ladder->options);

  qmp_machine_report_step (ladder->machine, ladder->step);
  if (ladder->done)
    return;
  switch (ladder->step)
    {
    case QMP_SHUTDOWN_STEP_POWER_DOWN:
      ask_guest (ladder);
      ask_status (task);
      ladder->interval = interval > 0 ? attach_timeout (task, interval, on_interval) : NULL;
      break;
    case QMP_SHUTDOWN_STEP_QUIT:
      qmp_connection_quit_async (qmp_machine_get_connection (ladder->machine), NULL, on_answer,
                                 (gpointer) qmp_connection_quit_finish);
      break;
    case QMP_SHUTDOWN_STEP_TERMINATE:
      qmp_child_send_signal (qmp_machine_get_child (ladder->machine), SIGTERM);
      break;
    case QMP_SHUTDOWN_STEP_KILL:
      qmp_machine_kill (ladder->machine);
      break;
    case QMP_SHUTDOWN_STEP_NONE:
    default:
      break;
    }
}

static gboolean climb (gpointer data);

/* To the next step that is to be taken. */
static void
go_on (GTask *task)
{
  Ladder *ladder = g_task_get_task_data (task);
  int timeout = 0;

  drop_source (&ladder->deadline);
  drop_source (&ladder->interval);
  while (timeout == 0 && ladder->step < QMP_SHUTDOWN_STEP_KILL)
    timeout = qmp_machine_get_step_timeout (ladder->machine, ladder->options, ++ladder->step);
  if (timeout == 0)
    {
      fail (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "The machine is still there after all steps to end it"));
      return;
    }
  ladder->deadline = attach_timeout (task, timeout, climb);
  take_step (task);
}

static gboolean
climb (gpointer data)
{
  Ladder *ladder = g_task_get_task_data (data);
  g_autoptr (GTask) task = g_object_ref (data);

  if (ladder->step < QMP_SHUTDOWN_STEP_KILL)
    go_on (task);
  else
    fail (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "QEMU could not even be killed"));
  return G_SOURCE_REMOVE;
}

/* The guest is off, yet QEMU answers: it was told to stay, by -no-shutdown or
 * by what it does about a panic. */
static void
on_status (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Ladder *ladder = g_task_get_task_data (task);
  g_autoptr (QmpStatusInfo) status = qmp_connection_query_status_finish (QMP_CONNECTION (source), result, NULL);

  if (status == NULL || ladder->done || ladder->step != QMP_SHUTDOWN_STEP_POWER_DOWN)
    return;
  if (qmp_run_state_is_off (qmp_status_info_get_status (status)))
    go_on (task);
}

static void
ask_status (GTask *task)
{
  Ladder *ladder = g_task_get_task_data (task);

  qmp_connection_query_status_async (qmp_machine_get_connection (ladder->machine), ladder->watching, on_status,
                                     g_object_ref (task));
}

/* --- what is watched --------------------------------------------------------------------------- */

static void
on_child_gone (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;

  if (qmp_child_wait_finish (result, NULL))
    succeed (task);
}

static void watch_events (GTask *task);

static void
on_event (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Ladder *ladder = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpEvent) event = qmp_event_stream_next_finish (ladder->events, result, &error);

  if (ladder->done)
    return;
  if (event == NULL && qmp_machine_get_child (ladder->machine) == NULL)
    succeed (task);
  if (event == NULL)
    return;
  ask_status (task);
  watch_events (task);
}

static void
watch_events (GTask *task)
{
  Ladder *ladder = g_task_get_task_data (task);

  qmp_event_stream_next_async (ladder->events, ladder->watching, on_event, g_object_ref (task));
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer data)
{
  fail (data, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Shutting the machine down was cancelled"));
  return G_SOURCE_REMOVE;
}

static void
watch (GTask *task)
{
  Ladder *ladder = g_task_get_task_data (task);
  QmpChild *child = qmp_machine_get_child (ladder->machine);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (child != NULL)
    qmp_child_wait_async (child, ladder->watching, on_child_gone, g_object_ref (task));
  watch_events (task);
  if (cancellable == NULL)
    return;
  ladder->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (ladder->cancelled, G_SOURCE_FUNC (on_cancelled), g_object_ref (task), g_object_unref);
  g_source_attach (ladder->cancelled, g_task_get_context (task));
}

/**
 * qmp_machine_shut_down_async:
 * @self: a machine
 * @options: (nullable): which steps to take, or %NULL for all
 * @cancellable: (nullable): stops between steps; what a step has begun goes on
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Ends the machine: the guest is asked to power off; then QEMU is told to
 * `quit`; then its process is sent `SIGTERM`, and `SIGKILL`. Each step has its
 * time, and [signal@Qmp.Machine::shutdown-step] reports it. A machine that was
 * attached to has no process here, and is left after `quit`.
 *
 * A guest is asked by `system_powerdown`, its button, unless a handler of
 * [signal@Qmp.Machine::power-down] asks in a better way. One that powers off
 * while QEMU was told to stay (`-no-shutdown`), or panics and stands still, is
 * not waited for any longer; and is not asked at all when it has done so
 * before.
 *
 * Since: 0.1
 */
void
qmp_machine_shut_down_async (QmpMachine *self, QmpShutdownOptions *options, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  static const char *const names[] = { "SHUTDOWN", "GUEST_PANICKED", "STOP", NULL };
  g_autoptr (GTask) task = NULL;
  Ladder *ladder;

  g_return_if_fail (QMP_IS_MACHINE (self));
  g_return_if_fail (options == NULL || QMP_IS_SHUTDOWN_OPTIONS (options));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (self, qmp_machine_shut_down_async, cancellable, callback, user_data);
  ladder = g_new0 (Ladder, 1);
  ladder->machine = g_object_ref (self);
  ladder->options = options != NULL ? g_object_ref (options) : qmp_shutdown_options_new ();
  ladder->events = qmp_connection_watch_events (qmp_machine_get_connection (self), names, 16);
  qmp_event_stream_set_timeout (ladder->events, G_MAXINT);
  ladder->watching = g_cancellable_new ();
  g_task_set_task_data (task, ladder, ladder_free);
  if (!qmp_machine_get_alive (self))
    {
      succeed (task);
      return;
    }
  watch (task);
  go_on (task);
}

/**
 * qmp_machine_shut_down_finish:
 * @self: a machine
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Machine.shut_down_async] began.
 *
 * Fails with %G_IO_ERROR_TIMED_OUT when the machine is still there after the
 * last step, and with %G_IO_ERROR_CANCELLED.
 *
 * Returns: the step that ended the machine; %QMP_SHUTDOWN_STEP_NONE if it
 *   failed, or if the machine had ended before
 *
 * Since: 0.1
 */
QmpShutdownStep
qmp_machine_shut_down_finish (QmpMachine *self, GAsyncResult *result, GError **error)
{
  gssize step;

  g_return_val_if_fail (QMP_IS_MACHINE (self), QMP_SHUTDOWN_STEP_NONE);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_machine_shut_down_async), QMP_SHUTDOWN_STEP_NONE);
  step = g_task_propagate_int (G_TASK (result), error);
  return step >= 0 ? (QmpShutdownStep) step : QMP_SHUTDOWN_STEP_NONE;
}
