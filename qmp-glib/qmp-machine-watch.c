/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-glib.h"
#include "qmp-machine-private.h"

/* How a machine follows what QEMU tells. */

/* --- its state ------------------------------------------------------------------------------- */

GWeakRef *
qmp_machine_new_weak (QmpMachine *self)
{
  GWeakRef *weak = g_new (GWeakRef, 1);

  g_weak_ref_init (weak, self);
  return weak;
}

void
qmp_machine_free_weak (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

/* Until it is reset. Takes what the guest left, if it did. */
static void
set_panicked (QmpMachine *self, gboolean panicked, QmpGuestPanicInformation *information)
{
  if (panicked && self->panicked && information == NULL)
    return;
  g_object_freeze_notify (G_OBJECT (self));
  if (self->panicked != panicked)
    qmp_machine_notify (self, QMP_MACHINE_PROP_PANICKED);
  self->panicked = panicked;
  if (g_set_object (&self->panic_information, information))
    qmp_machine_notify (self, QMP_MACHINE_PROP_PANIC_INFORMATION);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
set_run_state (QmpMachine *self, QmpRunState state)
{
  gboolean running = qmp_machine_get_running (self);

  if (self->run_state == state)
    return;
  self->run_state = state;
  qmp_machine_notify (self, QMP_MACHINE_PROP_RUN_STATE);
  if (state == QMP_RUN_STATE_GUEST_PANICKED)
    set_panicked (self, TRUE, NULL);
  if (qmp_machine_get_running (self) != running)
    qmp_machine_notify (self, QMP_MACHINE_PROP_RUNNING);
}

static void ask_state (QmpMachine *self);

static void
on_state (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (QmpMachine) self = g_weak_ref_get (data);
  g_autoptr (QmpStatusInfo) status = qmp_connection_query_status_finish (QMP_CONNECTION (source), result, NULL);
  gboolean again = self != NULL && self->ask_again;

  qmp_machine_free_weak (data);
  if (self == NULL)
    return;
  self->asking = self->ask_again = FALSE;
  if (status != NULL)
    set_run_state (self, qmp_status_info_get_status (status));
  if (status != NULL && again)
    ask_state (self);
}

/* Events do not say all: the state is asked for, and again if more happens. */
static void
ask_state (QmpMachine *self)
{
  self->ask_again = self->asking;
  if (self->asking || self->connection == NULL)
    return;
  self->asking = TRUE;
  qmp_connection_query_status_async (self->connection, NULL, on_state, qmp_machine_new_weak (self));
}

static void
set_cause (QmpMachine *self, QmpShutdownCause cause)
{
  if (self->shutdown_cause == cause)
    return;
  self->shutdown_cause = cause;
  qmp_machine_notify (self, QMP_MACHINE_PROP_SHUTDOWN_CAUSE);
}

static void
read_panic (QmpMachine *self, QmpGuestPanickedEvent *event)
{
  QmpGuestPanicInformation *information = qmp_guest_panicked_event_get_info (event);

  set_panicked (self, TRUE, information);
  g_signal_emit_by_name (self, "guest-panicked", qmp_guest_panicked_event_get_action (event), information);
}

static void
read_crash (QmpMachine *self, QmpGuestCrashloadedEvent *event)
{
  g_signal_emit_by_name (self, "guest-crashloaded", qmp_guest_crashloaded_event_get_action (event),
                         qmp_guest_crashloaded_event_get_info (event));
}

static void
read_reset (QmpMachine *self, QmpResetEvent *event)
{
  set_cause (self, qmp_reset_event_get_reason (event));
  set_panicked (self, FALSE, NULL);
  g_signal_emit_by_name (self, "guest-reset", self->shutdown_cause);
}

static void
read_shutdown (QmpMachine *self, QmpShutdownEvent *event)
{
  set_cause (self, qmp_shutdown_event_get_reason (event));
  g_signal_emit_by_name (self, "guest-shutdown", self->shutdown_cause);
}

/* What is told once, and cannot be asked for later. */
static void
read_event (QmpMachine *self, QmpEvent *event)
{
  g_autoptr (QmpStruct) data = qmp_event_to_struct (event, NULL);
  const char *name = qmp_event_get_name (event);

  if (QMP_IS_SHUTDOWN_EVENT (data))
    read_shutdown (self, QMP_SHUTDOWN_EVENT (data));
  else if (QMP_IS_RESET_EVENT (data))
    read_reset (self, QMP_RESET_EVENT (data));
  else if (QMP_IS_GUEST_PANICKED_EVENT (data))
    read_panic (self, QMP_GUEST_PANICKED_EVENT (data));
  else if (QMP_IS_GUEST_CRASHLOADED_EVENT (data))
    read_crash (self, QMP_GUEST_CRASHLOADED_EVENT (data));
  else if (QMP_IS_WATCHDOG_EVENT (data))
    g_signal_emit_by_name (self, "watchdog", qmp_watchdog_event_get_action (QMP_WATCHDOG_EVENT (data)));
  else if (g_str_equal (name, "SUSPEND") || g_str_equal (name, "SUSPEND_DISK"))
    g_signal_emit_by_name (self, "guest-suspended", g_str_equal (name, "SUSPEND_DISK"));
  else if (g_str_equal (name, "WAKEUP"))
    g_signal_emit_by_name (self, "guest-woken-up");
}

void
qmp_machine_take_event (QmpMachine *self, QmpEvent *event)
{
  static const char *const telling[] = {
    "STOP", "RESUME", "SHUTDOWN", "RESET", "SUSPEND", "SUSPEND_DISK", "WAKEUP", "GUEST_PANICKED", "GUEST_CRASHLOADED",
    "BLOCK_IO_ERROR", "WATCHDOG", "MIGRATION", "GUEST_PVSHUTDOWN", NULL,
  };

  if (!g_strv_contains (telling, qmp_event_get_name (event)))
    return;
  g_object_ref (self);
  read_event (self, event);
  ask_state (self);
  g_object_unref (self);
}

/* Nobody in there can heed a button any more. */
gboolean
qmp_run_state_is_off (QmpRunState state)
{
  return state == QMP_RUN_STATE_SHUTDOWN || state == QMP_RUN_STATE_GUEST_PANICKED || state == QMP_RUN_STATE_INTERNAL_ERROR ||
         state == QMP_RUN_STATE_WATCHDOG;
}

/* --- before it is handed over, and after it was told to do something ---- */

static void
on_first_state (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  QmpMachine *self = g_object_ref (g_task_get_task_data (task));
  g_autoptr (QmpStatusInfo) status = qmp_connection_query_status_finish (QMP_CONNECTION (source), result, NULL);

  g_task_set_task_data (task, NULL, NULL);
  if (status != NULL && self->run_state == QMP_RUN_STATE_UNRECOGNIZED)
    set_run_state (self, qmp_status_info_get_status (status));
  g_task_return_pointer (task, self, g_object_unref);
}

void
qmp_machine_return (QmpMachine *self, GTask *task)
{
  g_task_set_task_data (task, self, g_object_unref);
  qmp_connection_query_status_async (self->connection, NULL, on_first_state, g_object_ref (task));
}

QmpMachine *
qmp_machine_return_blocking (QmpMachine *self)
{
  g_autoptr (QmpStatusInfo) status = qmp_connection_query_status (self->connection, NULL, NULL);

  if (status != NULL)
    set_run_state (self, qmp_status_info_get_status (status));
  return self;
}

static void
on_settled (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (QmpStatusInfo) status = qmp_connection_query_status_finish (QMP_CONNECTION (source), result, NULL);

  if (status != NULL && g_task_get_context (task) == QMP_MACHINE (g_task_get_source_object (task))->context)
    set_run_state (g_task_get_source_object (task), qmp_status_info_get_status (status));
  g_task_return_boolean (task, TRUE);
}

void
qmp_machine_settle (QmpMachine *self, GTask *task)
{
  qmp_connection_query_status_async (self->connection, g_task_get_cancellable (task), on_settled, g_object_ref (task));
}

/* In other threads than the machine's own, events have to do. */
void
qmp_machine_settle_blocking (QmpMachine *self, GCancellable *cancellable)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();
  g_autoptr (QmpStatusInfo) status = NULL;

  if (context != self->context || !g_main_context_acquire (context))
    return;
  status = qmp_connection_query_status (self->connection, cancellable, NULL);
  if (status != NULL)
    set_run_state (self, qmp_status_info_get_status (status));
  g_main_context_release (context);
}

