/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-machine-private.h"

#include <glib/gstdio.h>
#include <signal.h>

#include "qmp-enum-types.h"
#include "qmp-glib.h"

/**
 * QmpMachine:
 *
 * A QEMU as an app holds it: started by a [class@Qmp.Launcher], or attached to
 * when another process has started it.
 *
 * [property@Qmp.Machine:run-state] follows what the machine does, whoever
 * makes it do so. Everything else QEMU offers is behind
 * [property@Qmp.Machine:connection].
 *
 * [method@Qmp.Machine.shut_down_async] ends the machine, step by step;
 * [signal@Qmp.Machine::ended] tells its end, whatever has caused it.
 *
 * When the last reference goes, an attached machine goes on, and so does one
 * whose monitor is served to others; one that nobody else could reach is ended
 * with `SIGTERM`.
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE (QmpMachine, qmp_machine, G_TYPE_OBJECT)

enum
{
  ENDED,
  POWER_DOWN,
  SHUTDOWN_STEP,
  N_SIGNALS,
};

static GParamSpec *properties[N_QMP_MACHINE_PROPS];
static guint signals[N_SIGNALS];

void
qmp_machine_notify (QmpMachine *self, guint id)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
}

/* --- life -------------------------------------------------------------------------------- */

static void
remove_folder (const char *folder)
{
  static const char *const names[] = { "monitor", "agent", "console" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

void
qmp_machine_parts_clear (QmpMachineParts *parts)
{
  if (parts->folder != NULL && (parts->child == NULL || qmp_child_has_ended (parts->child)))
    remove_folder (parts->folder);
  g_clear_pointer (&parts->child, qmp_child_unref);
  g_clear_pointer (&parts->folder, g_free);
  g_clear_pointer (&parts->monitor_address, g_free);
  g_clear_pointer (&parts->agent_address, g_free);
  g_clear_pointer (&parts->console_address, g_free);
}

static void
qmp_machine_dispose (GObject *object)
{
  QmpMachine *self = QMP_MACHINE (object);
  QmpChild *child = self->parts.child;

  if (self->connection != NULL)
    {
      g_clear_signal_handler (&self->event_handler, self->connection);
      g_clear_signal_handler (&self->closed_handler, self->connection);
    }
  if (child != NULL && !qmp_child_has_ended (child) && self->parts.monitor_address == NULL)
    qmp_child_send_signal (child, SIGTERM);
  g_clear_object (&self->connection);
  g_clear_object (&self->panic_information);
  G_OBJECT_CLASS (qmp_machine_parent_class)->dispose (object);
}

static void
qmp_machine_finalize (GObject *object)
{
  QmpMachine *self = QMP_MACHINE (object);

  qmp_machine_parts_clear (&self->parts);
  g_main_context_unref (self->context);
  G_OBJECT_CLASS (qmp_machine_parent_class)->finalize (object);
}

static void
qmp_machine_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QmpMachine *self = QMP_MACHINE (object);

  switch (id)
    {
    case QMP_MACHINE_PROP_CONNECTION:
      g_value_set_object (value, self->connection);
      break;
    case QMP_MACHINE_PROP_RUN_STATE:
      g_value_set_enum (value, self->run_state);
      break;
    case QMP_MACHINE_PROP_RUNNING:
      g_value_set_boolean (value, qmp_machine_get_running (self));
      break;
    case QMP_MACHINE_PROP_SHUTDOWN_CAUSE:
      g_value_set_enum (value, self->shutdown_cause);
      break;
    case QMP_MACHINE_PROP_PANICKED:
      g_value_set_boolean (value, self->panicked);
      break;
    case QMP_MACHINE_PROP_PANIC_INFORMATION:
      g_value_set_object (value, self->panic_information);
      break;
    case QMP_MACHINE_PROP_LAUNCHED:
      g_value_set_boolean (value, self->parts.child != NULL);
      break;
    case QMP_MACHINE_PROP_ALIVE:
      g_value_set_boolean (value, qmp_machine_get_alive (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
install_state (const GParamFlags flags)
{
  /**
   * QmpMachine:connection: (getter get_connection)
   *
   * The connection to its monitor.
   *
   * Since: 0.1
   */
  properties[QMP_MACHINE_PROP_CONNECTION] = g_param_spec_object ("connection", NULL, NULL, QMP_TYPE_CONNECTION, flags);

  /**
   * QmpMachine:run-state: (getter get_run_state)
   *
   * What the machine does: `query-status`, asked again whenever an event says
   * that it may have changed.
   *
   * Since: 0.1
   */
  properties[QMP_MACHINE_PROP_RUN_STATE] = g_param_spec_enum ("run-state", NULL, NULL, QMP_TYPE_RUN_STATE,
                                                              QMP_RUN_STATE_UNRECOGNIZED, flags);

  /**
   * QmpMachine:running: (getter get_running)
   *
   * Whether the guest's processors run.
   *
   * Since: 0.1
   */
  properties[QMP_MACHINE_PROP_RUNNING] = g_param_spec_boolean ("running", NULL, NULL, FALSE, flags);

  /**
   * QmpMachine:shutdown-cause: (getter get_shutdown_cause)
   *
   * Why the machine was last shut down or reset: by the guest, by a person, by
   * a signal, by a panic and so on; %QMP_SHUTDOWN_CAUSE_UNRECOGNIZED as long as
   * it was not.
   *
   * Since: 0.1
   */
  properties[QMP_MACHINE_PROP_SHUTDOWN_CAUSE] = g_param_spec_enum ("shutdown-cause", NULL, NULL, QMP_TYPE_SHUTDOWN_CAUSE,
                                                                   QMP_SHUTDOWN_CAUSE_UNRECOGNIZED, flags);

  /**
   * QmpMachine:panicked: (getter get_panicked)
   *
   * Whether the guest has panicked, since it was last reset; it may run on,
   * or stand still in %QMP_RUN_STATE_GUEST_PANICKED.
   *
   * Since: 0.1
   */
  properties[QMP_MACHINE_PROP_PANICKED] = g_param_spec_boolean ("panicked", NULL, NULL, FALSE, flags);

  /**
   * QmpMachine:panic-information: (getter get_panic_information)
   *
   * What the guest left when it panicked; few do.
   *
   * Since: 0.1
   */
  properties[QMP_MACHINE_PROP_PANIC_INFORMATION] = g_param_spec_object ("panic-information", NULL, NULL,
                                                                        QMP_TYPE_GUEST_PANIC_INFORMATION, flags);
}

static void
install_process (const GParamFlags flags)
{
  /**
   * QmpMachine:launched: (getter get_launched)
   *
   * Whether QEMU is a child of this process.
   *
   * Since: 0.1
   */
  properties[QMP_MACHINE_PROP_LAUNCHED] = g_param_spec_boolean ("launched", NULL, NULL, FALSE, flags);

  /**
   * QmpMachine:alive: (getter get_alive)
   *
   * Whether it has not ended: QEMU's process, of one that was launched; the
   * connection, of one that was attached to.
   *
   * Since: 0.1
   */
  properties[QMP_MACHINE_PROP_ALIVE] = g_param_spec_boolean ("alive", NULL, NULL, FALSE, flags);
}

#define SIGNAL(name, type, ...) \
  g_signal_new (name, QMP_TYPE_MACHINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, type, __VA_ARGS__)

/* What QEMU tells of its guest. */
static void
install_guest_signals (void)
{
  /**
   * QmpMachine::guest-reset:
   * @self: a machine
   * @cause: who did it
   *
   * The machine was reset, and goes on from its firmware, or stands still
   * there. With QEMU's `-no-reboot`, a guest that resets is shut down instead:
   * [signal@Qmp.Machine::guest-shutdown] with %QMP_SHUTDOWN_CAUSE_GUEST_RESET.
   *
   * Since: 0.1
   */
  SIGNAL ("guest-reset", G_TYPE_NONE, 1, QMP_TYPE_SHUTDOWN_CAUSE);

  /**
   * QmpMachine::guest-shutdown:
   * @self: a machine
   * @cause: who did it
   *
   * The machine was shut down. QEMU ends now, which [signal@Qmp.Machine::ended]
   * tells; or, where it was told to stay by `-no-shutdown`, stands still in
   * %QMP_RUN_STATE_SHUTDOWN, until [method@Qmp.Machine.reset_async] and
   * [method@Qmp.Machine.start_async] let it begin again, or
   * [method@Qmp.Machine.shut_down_async] ends it, without asking the guest.
   *
   * Since: 0.1
   */
  SIGNAL ("guest-shutdown", G_TYPE_NONE, 1, QMP_TYPE_SHUTDOWN_CAUSE);

  /**
   * QmpMachine::guest-suspended:
   * @self: a machine
   * @to_disk: whether its state is on a disk of its own; QEMU ends then, with
   *   [signal@Qmp.Machine::guest-shutdown]
   *
   * The guest has gone to sleep; [method@Qmp.Connection.system_wakeup_async]
   * wakes it up.
   *
   * Since: 0.1
   */
  SIGNAL ("guest-suspended", G_TYPE_NONE, 1, G_TYPE_BOOLEAN);

  /**
   * QmpMachine::guest-woken-up:
   * @self: a machine
   *
   * The guest runs again after its sleep.
   *
   * Since: 0.1
   */
  SIGNAL ("guest-woken-up", G_TYPE_NONE, 0);
}

/* What QEMU tells of a guest in trouble. */
static void
install_trouble_signals (void)
{
  /**
   * QmpMachine::guest-panicked:
   * @self: a machine
   * @action: what QEMU does about it, by `-action panic=` or `set-action`
   * @information: (nullable): what the guest left, if it did
   *
   * The guest has panicked, and could tell so: by a `pvpanic` device, by
   * Hyper-V's means, or as s390 does. See [property@Qmp.Machine:panicked].
   *
   * Since: 0.1
   */
  SIGNAL ("guest-panicked", G_TYPE_NONE, 2, QMP_TYPE_GUEST_PANIC_ACTION, QMP_TYPE_GUEST_PANIC_INFORMATION);

  /**
   * QmpMachine::guest-crashloaded:
   * @self: a machine
   * @action: what QEMU does about it
   * @information: (nullable): what the guest left, if it did
   *
   * The guest has panicked, and deals with it by itself: another kernel is
   * loaded that saves what is left.
   *
   * Since: 0.1
   */
  SIGNAL ("guest-crashloaded", G_TYPE_NONE, 2, QMP_TYPE_GUEST_PANIC_ACTION, QMP_TYPE_GUEST_PANIC_INFORMATION);

  /**
   * QmpMachine::watchdog:
   * @self: a machine
   * @action: what QEMU does about it, by `-action watchdog=`,
   *   `watchdog-set-action` or `set-action`
   *
   * A watchdog device has run out: the guest has not fed it. With
   * %QMP_WATCHDOG_ACTION_POWEROFF QEMU ends at once, and tells nothing more.
   *
   * Since: 0.1
   */
  SIGNAL ("watchdog", G_TYPE_NONE, 1, QMP_TYPE_WATCHDOG_ACTION);
}

static void
qmp_machine_class_init (QmpMachineClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = qmp_machine_dispose;
  object_class->finalize = qmp_machine_finalize;
  object_class->get_property = qmp_machine_get_property;
  install_state (flags);
  install_process (flags);
  g_object_class_install_properties (object_class, N_QMP_MACHINE_PROPS, properties);
  install_guest_signals ();
  install_trouble_signals ();

  /**
   * QmpMachine::ended:
   * @self: a machine
   *
   * It has ended, whatever the cause. Emitted once, in the main context of
   * whoever launched it or attached to it.
   *
   * Since: 0.1
   */
  signals[ENDED] = SIGNAL ("ended", G_TYPE_NONE, 0);

  /**
   * QmpMachine::power-down:
   * @self: a machine
   *
   * The guest is to be asked to power off. A handler that has asked it in a
   * better way than the button, by its agent, returns %TRUE. Emitted by
   * [method@Qmp.Machine.shut_down_async], where that was called.
   *
   * Returns: whether the guest was asked
   *
   * Since: 0.1
   */
  signals[POWER_DOWN] = g_signal_new ("power-down", QMP_TYPE_MACHINE, G_SIGNAL_RUN_LAST, 0, g_signal_accumulator_true_handled,
                                      NULL, NULL, G_TYPE_BOOLEAN, 0);

  /**
   * QmpMachine::shutdown-step:
   * @self: a machine
   * @step: what is done now
   *
   * [method@Qmp.Machine.shut_down_async] takes its next step. Emitted where
   * that was called.
   *
   * Since: 0.1
   */
  signals[SHUTDOWN_STEP] = SIGNAL ("shutdown-step", G_TYPE_NONE, 1, QMP_TYPE_SHUTDOWN_STEP);
}

static void
qmp_machine_init (QmpMachine *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->run_state = QMP_RUN_STATE_UNRECOGNIZED;
  self->shutdown_cause = QMP_SHUTDOWN_CAUSE_UNRECOGNIZED;
}

static void
on_event (QmpConnection *connection, QmpEvent *event, QmpMachine *self)
{
  qmp_machine_take_event (self, event);
}

/* --- its end --------------------------------------------------------------------------------- */

static void
end (QmpMachine *self)
{
  if (self->ended)
    return;
  self->ended = TRUE;
  if (self->parts.folder != NULL)
    remove_folder (self->parts.folder);
  g_object_notify_by_pspec (G_OBJECT (self), properties[QMP_MACHINE_PROP_ALIVE]);
  g_signal_emit (self, signals[ENDED], 0);
}

/* A child's end is told by the child. */
static void
on_closed (QmpConnection *connection, const GError *error, QmpMachine *self)
{
  g_object_ref (self);
  if (self->parts.child == NULL)
    end (self);
  g_object_unref (self);
}

typedef struct
{
  GWeakRef machine;
  GMainContext *context;
  char *folder;
} Watch;

static void
free_watch (gpointer data)
{
  Watch *watch = data;

  g_weak_ref_clear (&watch->machine);
  g_main_context_unref (watch->context);
  g_free (watch->folder);
  g_free (watch);
}

static gboolean
tell_end (gpointer data)
{
  g_autoptr (QmpMachine) self = g_weak_ref_get (data);

  if (self != NULL)
    end (self);
  return G_SOURCE_REMOVE;
}

/* In the child's thread. */
static void
on_child_ended (gpointer data)
{
  Watch *watch = data;
  g_autoptr (QmpMachine) self = g_weak_ref_get (&watch->machine);
  g_autoptr (GSource) source = g_idle_source_new ();

  if (watch->folder != NULL)
    remove_folder (watch->folder);
  if (self == NULL)
    return;
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, tell_end, qmp_machine_new_weak (self), qmp_machine_free_weak);
  g_source_attach (source, watch->context);
}

static void
watch_child (QmpMachine *self)
{
  Watch *watch = g_new0 (Watch, 1);

  g_weak_ref_init (&watch->machine, self);
  watch->context = g_main_context_ref (self->context);
  watch->folder = g_strdup (self->parts.folder);
  qmp_child_on_end (self->parts.child, on_child_ended, watch, free_watch);
}

/* Takes both. */
QmpMachine *
qmp_machine_new (QmpConnection *connection, QmpMachineParts *parts)
{
  QmpMachine *self = g_object_new (QMP_TYPE_MACHINE, NULL);

  self->connection = connection;
  self->parts = *parts;
  *parts = (QmpMachineParts) { NULL };
  self->event_handler = g_signal_connect (connection, "event", G_CALLBACK (on_event), self);
  self->closed_handler = g_signal_connect (connection, "closed", G_CALLBACK (on_closed), self);
  if (self->parts.child != NULL)
    watch_child (self);
  return self;
}

QmpChild *
qmp_machine_get_child (QmpMachine *self)
{
  return self->parts.child;
}

/* Whether somebody has asked the guest in a way of their own. */
gboolean
qmp_machine_ask_power_down (QmpMachine *self)
{
  gboolean asked = FALSE;

  g_signal_emit (self, signals[POWER_DOWN], 0, &asked);
  return asked;
}

void
qmp_machine_report_step (QmpMachine *self, QmpShutdownStep step)
{
  g_signal_emit (self, signals[SHUTDOWN_STEP], 0, step);
}

/* --- what is known ---------------------------------------------------------------------------- */

/**
 * qmp_machine_get_connection:
 * @self: a machine
 *
 * Gets the connection to its monitor, for all that QEMU offers.
 *
 * Returns: (transfer none): the connection
 *
 * Since: 0.1
 */
QmpConnection *
qmp_machine_get_connection (QmpMachine *self)
{
  g_return_val_if_fail (QMP_IS_MACHINE (self), NULL);
  return self->connection;
}

/**
 * qmp_machine_get_address:
 * @self: a machine
 *
 * Tells where another process can attach to it.
 *
 * Returns: (nullable): an address, or %NULL when its monitor is not served
 *
 * Since: 0.1
 */
const char *
qmp_machine_get_address (QmpMachine *self)
{
  g_return_val_if_fail (QMP_IS_MACHINE (self), NULL);
  return self->parts.monitor_address;
}

/**
 * qmp_machine_get_agent_address:
 * @self: a machine
 *
 * Tells where the channel to its guest agent is, for a guest agent library.
 *
 * Returns: (nullable): an address, or %NULL when it was launched without one
 *
 * Since: 0.1
 */
const char *
qmp_machine_get_agent_address (QmpMachine *self)
{
  g_return_val_if_fail (QMP_IS_MACHINE (self), NULL);
  return self->parts.agent_address;
}

/**
 * qmp_machine_get_console_address:
 * @self: a machine
 *
 * Tells where its serial console is.
 *
 * Returns: (nullable): an address, or %NULL when it was launched without one
 *
 * Since: 0.1
 */
const char *
qmp_machine_get_console_address (QmpMachine *self)
{
  g_return_val_if_fail (QMP_IS_MACHINE (self), NULL);
  return self->parts.console_address;
}

/**
 * qmp_machine_get_run_state:
 * @self: a machine
 *
 * Tells what the machine does.
 *
 * Returns: its state; %QMP_RUN_STATE_UNRECOGNIZED until QEMU has told it
 *
 * Since: 0.1
 */
QmpRunState
qmp_machine_get_run_state (QmpMachine *self)
{
  g_return_val_if_fail (QMP_IS_MACHINE (self), QMP_RUN_STATE_UNRECOGNIZED);
  return self->run_state;
}

/**
 * qmp_machine_get_running:
 * @self: a machine
 *
 * Tells whether the guest's processors run.
 *
 * Returns: whether they do
 *
 * Since: 0.1
 */
gboolean
qmp_machine_get_running (QmpMachine *self)
{
  g_return_val_if_fail (QMP_IS_MACHINE (self), FALSE);
  return self->run_state == QMP_RUN_STATE_RUNNING;
}

/**
 * qmp_machine_get_shutdown_cause:
 * @self: a machine
 *
 * Tells why it was last shut down or reset.
 *
 * Returns: the cause; %QMP_SHUTDOWN_CAUSE_UNRECOGNIZED if it was not
 *
 * Since: 0.1
 */
QmpShutdownCause
qmp_machine_get_shutdown_cause (QmpMachine *self)
{
  g_return_val_if_fail (QMP_IS_MACHINE (self), QMP_SHUTDOWN_CAUSE_UNRECOGNIZED);
  return self->shutdown_cause;
}

/**
 * qmp_machine_get_panicked:
 * @self: a machine
 *
 * Tells whether the guest has panicked since it was last reset. A panic before
 * a machine was attached to is known only if it stands still for that.
 *
 * Returns: whether it has
 *
 * Since: 0.1
 */
gboolean
qmp_machine_get_panicked (QmpMachine *self)
{
  g_return_val_if_fail (QMP_IS_MACHINE (self), FALSE);
  return self->panicked;
}

/**
 * qmp_machine_get_panic_information:
 * @self: a machine
 *
 * Gets what the guest left when it panicked: a
 * [class@Qmp.GuestPanicInformationHyperVBranch] or
 * [class@Qmp.GuestPanicInformationS390Branch].
 *
 * Returns: (transfer none) (nullable): that; %NULL when it left nothing, or has
 *   not panicked
 *
 * Since: 0.1
 */
QmpGuestPanicInformation *
qmp_machine_get_panic_information (QmpMachine *self)
{
  g_return_val_if_fail (QMP_IS_MACHINE (self), NULL);
  return self->panic_information;
}

/**
 * qmp_machine_get_launched:
 * @self: a machine
 *
 * Tells whether QEMU is a child of this process.
 *
 * Returns: whether it is
 *
 * Since: 0.1
 */
gboolean
qmp_machine_get_launched (QmpMachine *self)
{
  g_return_val_if_fail (QMP_IS_MACHINE (self), FALSE);
  return self->parts.child != NULL;
}

/**
 * qmp_machine_get_alive:
 * @self: a machine
 *
 * Tells whether it has not ended; it may have a little before
 * [signal@Qmp.Machine::ended] tells.
 *
 * Returns: whether it is still there
 *
 * Since: 0.1
 */
gboolean
qmp_machine_get_alive (QmpMachine *self)
{
  g_return_val_if_fail (QMP_IS_MACHINE (self), FALSE);
  if (self->parts.child != NULL)
    return !qmp_child_has_ended (self->parts.child);
  return !self->ended && qmp_connection_get_state (self->connection) != QMP_CONNECTION_STATE_CLOSED;
}

/**
 * qmp_machine_get_pid:
 * @self: a machine
 *
 * Tells which process QEMU is.
 *
 * Returns: its number; 0 when it has ended, or is no child of this process
 *
 * Since: 0.1
 */
int
qmp_machine_get_pid (QmpMachine *self)
{
  g_return_val_if_fail (QMP_IS_MACHINE (self), 0);
  return self->parts.child != NULL && !qmp_child_has_ended (self->parts.child) ? qmp_child_get_pid (self->parts.child) : 0;
}

/**
 * qmp_machine_get_exit_status:
 * @self: a machine
 *
 * Tells with which status QEMU exited.
 *
 * Returns: the status; -1 when it runs, was ended by a signal, or is no child
 *   of this process
 *
 * Since: 0.1
 */
int
qmp_machine_get_exit_status (QmpMachine *self)
{
  g_return_val_if_fail (QMP_IS_MACHINE (self), -1);
  return self->parts.child != NULL ? qmp_child_get_exit_status (self->parts.child) : -1;
}

/**
 * qmp_machine_get_term_signal:
 * @self: a machine
 *
 * Tells which signal ended QEMU.
 *
 * Returns: the signal's number; 0 when it runs, has exited by itself, or is no
 *   child of this process
 *
 * Since: 0.1
 */
int
qmp_machine_get_term_signal (QmpMachine *self)
{
  g_return_val_if_fail (QMP_IS_MACHINE (self), 0);
  return self->parts.child != NULL ? qmp_child_get_term_signal (self->parts.child) : 0;
}

/**
 * qmp_machine_dup_output:
 * @self: a machine
 *
 * Copies the last of what QEMU has written to its standard output and error,
 * some 16 KiB. Characters that could play tricks on a terminal are written as
 * `\xNN`.
 *
 * Returns: (transfer full): the text; empty for a machine that was attached to
 *
 * Since: 0.1
 */
char *
qmp_machine_dup_output (QmpMachine *self)
{
  g_return_val_if_fail (QMP_IS_MACHINE (self), NULL);
  return self->parts.child != NULL ? qmp_child_dup_output (self->parts.child) : g_strdup ("");
}
