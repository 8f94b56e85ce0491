/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <signal.h>

#include "qmp-glib.h"
#include "qmp-machine-private.h"

/* The ladder for who blocks on it: no main loop runs, and what comes from QEMU
 * is read here. */

typedef struct
{
  QmpMachine *machine;
  QmpConnection *connection;
  QmpShutdownOptions *options;
  GCancellable *cancellable;
  QmpEventStream *events;  /* of the guest's end, and the connection's */
  gboolean hung_up;
  QmpShutdownStep step;
  gint64 deadline;         /* of this step */
} Ladder;

static int
get_rest (gint64 deadline)
{
  gint64 rest = (deadline - g_get_monotonic_time ()) / 1000;

  return (int) CLAMP (rest, 0, G_MAXINT - 1);
}

/* QEMU's answer does not matter: what counts is whether it goes. */
static QmpValue *
ask (Ladder *ladder, const char *command)
{
  g_autoptr (QmpRequest) request = qmp_request_new (command);

  qmp_request_set_timeout (request, MAX (get_rest (ladder->deadline), 1));
  return qmp_connection_execute_request (ladder->connection, request, ladder->cancellable, NULL);
}

static void
ask_guest (Ladder *ladder)
{
  g_autoptr (QmpValue) answer = qmp_machine_ask_power_down (ladder->machine) ? NULL : ask (ladder, "system_powerdown");
}

static void
take_step (Ladder *ladder)
{
  g_autoptr (QmpValue) answer = NULL;

  qmp_machine_report_step (ladder->machine, ladder->step);
  if (ladder->step == QMP_SHUTDOWN_STEP_POWER_DOWN)
    ask_guest (ladder);
  else if (ladder->step == QMP_SHUTDOWN_STEP_QUIT)
    answer = ask (ladder, "quit");
  else if (ladder->step == QMP_SHUTDOWN_STEP_TERMINATE)
    qmp_child_send_signal (qmp_machine_get_child (ladder->machine), SIGTERM);
  else
    qmp_machine_kill (ladder->machine);
}

/* The guest is off, yet QEMU answers: it was told to stay, by -no-shutdown or
 * by what it does about a panic. */
static gboolean
stays (Ladder *ladder)
{
  g_autoptr (QmpValue) value = ask (ladder, "query-status");
  g_autofree char *json = value != NULL ? qmp_value_to_json (value) : NULL;
  g_autoptr (QmpStatusInfo) status = json != NULL ? qmp_status_info_new_from_json (json, NULL) : NULL;

  return status != NULL && qmp_run_state_is_off (qmp_status_info_get_status (status));
}

/* Waits for what QEMU says next, or until the time; TRUE if the step is over. */
static gboolean
hear (Ladder *ladder, gint64 until)
{
  g_autoptr (QmpEvent) event = NULL;
  g_autoptr (GError) error = NULL;

  qmp_event_stream_set_timeout (ladder->events, MAX (get_rest (until), 1));
  event = qmp_event_stream_next (ladder->events, ladder->cancellable, &error);
  if (event != NULL)
    return ladder->step == QMP_SHUTDOWN_STEP_POWER_DOWN && stays (ladder);
  ladder->hung_up = !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) &&
                    !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  return FALSE;
}

/* Until the machine has ended, or the step's time is over. */
static void
wait_for_end (Ladder *ladder)
{
  QmpChild *child = qmp_machine_get_child (ladder->machine);
  gint64 interval = (gint64) qmp_shutdown_options_get_power_down_interval (ladder->options) * 1000;
  gint64 again = interval > 0 ? g_get_monotonic_time () + interval : G_MAXINT64;

  /* who blocks may not have seen what happened before */
  if (ladder->step == QMP_SHUTDOWN_STEP_POWER_DOWN && stays (ladder))
    return;
  while (!ladder->hung_up && get_rest (ladder->deadline) > 0 && !g_cancellable_is_cancelled (ladder->cancellable))
    {
      if (hear (ladder, MIN (again, ladder->deadline)))
        return;
      if (ladder->step != QMP_SHUTDOWN_STEP_POWER_DOWN || g_get_monotonic_time () < again)
        continue;
      again += interval;
      ask_guest (ladder);
    }
  if (child != NULL)
    qmp_child_wait (child, ladder->deadline, ladder->cancellable);
}

static gboolean
has_ended (Ladder *ladder)
{
  return !qmp_machine_get_alive (ladder->machine) || (ladder->hung_up && qmp_machine_get_child (ladder->machine) == NULL);
}

static QmpShutdownStep
climb (Ladder *ladder, GError **error)
{
  while (ladder->step < QMP_SHUTDOWN_STEP_KILL)
    {
      int timeout = qmp_machine_get_step_timeout (ladder->machine, ladder->options, ++ladder->step);

      if (timeout == 0)
        continue;
      ladder->deadline = g_get_monotonic_time () + (gint64) timeout * 1000;
      take_step (ladder);
      wait_for_end (ladder);
      if (has_ended (ladder))
        return ladder->step;
      if (g_cancellable_set_error_if_cancelled (ladder->cancellable, error))
        return QMP_SHUTDOWN_STEP_NONE;
    }
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "The machine is still there after all steps to end it");
  return QMP_SHUTDOWN_STEP_NONE;
}

/**
 * qmp_machine_shut_down:
 * @self: a machine
 * @options: (nullable): which steps to take, or %NULL for all
 * @cancellable: (nullable): stops between steps; what a step has begun goes on
 * @error: return location
 *
 * Ends the machine, as [method@Qmp.Machine.shut_down_async] does, and blocks
 * until it has.
 *
 * Fails as [method@Qmp.Machine.shut_down_finish] does.
 *
 * Returns: the step that ended the machine; %QMP_SHUTDOWN_STEP_NONE if it
 *   failed, or if the machine had ended before
 *
 * Since: 0.1
 */
QmpShutdownStep
qmp_machine_shut_down (QmpMachine *self, QmpShutdownOptions *options, GCancellable *cancellable, GError **error)
{
  static const char *const names[] = { "SHUTDOWN", "GUEST_PANICKED", "STOP", NULL };
  g_autoptr (QmpShutdownOptions) chosen = NULL;
  g_autoptr (QmpEventStream) events = NULL;
  Ladder ladder = { self };

  g_return_val_if_fail (QMP_IS_MACHINE (self), QMP_SHUTDOWN_STEP_NONE);
  g_return_val_if_fail (options == NULL || QMP_IS_SHUTDOWN_OPTIONS (options), QMP_SHUTDOWN_STEP_NONE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), QMP_SHUTDOWN_STEP_NONE);
  if (!qmp_machine_get_alive (self))
    return QMP_SHUTDOWN_STEP_NONE;
  chosen = options != NULL ? g_object_ref (options) : qmp_shutdown_options_new ();
  ladder.connection = qmp_machine_get_connection (self);
  events = qmp_connection_watch_events (ladder.connection, names, 16);
  ladder.options = chosen;
  ladder.cancellable = cancellable;
  ladder.events = events;
  return climb (&ladder, error);
}
