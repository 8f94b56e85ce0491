/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define G_LOG_DOMAIN "Qga"
#include "config.h"

#include "qga-connection-private.h"

#include "qga-enum-types.h"
#include "qga-limits-private.h"
#include "qga-monitor-private.h"

/**
 * QgaConnection:
 *
 * A connection to the guest agent: the program in the guest that QEMU's host
 * can ask for help.
 *
 * A connection begins with one of the `open` functions, and is ready for
 * commands when they are done. It ends once, by
 * [method@Qga.Connection.close_async] or because the other end went away; then
 * every call that still waits fails, [signal@Qga.Connection::closed] is
 * emitted, and it never opens again.
 *
 * ```c
 * g_autoptr (QgaConnection) agent = qga_connection_open ("/run/vm/agent.sock", NULL, NULL, &error);
 * g_autofree char *system = qga_connection_execute_json (agent, "guest-get-osinfo", NULL, NULL, &error);
 * ```
 *
 * ## The agent
 *
 * The line to an agent says little of it: it is there when the guest has not
 * booted, when the agent has crashed, and when another has taken its place.
 * What is on it may be meant for somebody who was here before. So a connection
 * gets in step with the agent first, and does so again whenever a call was
 * given up or something came that it cannot have asked for; nothing is sent
 * before that has succeeded, and no reply is ever taken for another's.
 *
 * [property@Qga.Connection:responsive] says whether the agent answers,
 * [property@Qga.Connection:generation] which one it is. With a connection to
 * QEMU's monitor at hand, [method@Qga.Connection.watch_monitor] makes both
 * surer and quicker.
 *
 * ## Calls
 *
 * The agent does one thing at a time, in order, and what waits for it waits
 * in the connection. Each call ends exactly once: with the reply, the agent's
 * error, cancelled, timed out, or with the connection's end. Giving a call up
 * that was sent does not undo it.
 *
 * Whatever a guest says is a claim of somebody whom the host does not trust.
 * The library bounds it and checks its form; what it means is for the app to
 * judge.
 *
 * ## Threads
 *
 * A connection belongs to the thread-default main context it was opened in:
 * its signals are emitted there. Commands may be run in any thread. The
 * asynchronous forms call back in the main context of their caller; the
 * blocking forms work with and without a running main loop.
 *
 * Dropping the last reference closes the connection.
 *
 * Since: 0.1
 */
struct _QgaConnection
{
  GObject parent_instance;
  QgaSession *session;
  QgaLimits *limits;
  QgaMonitor *monitor;
};

G_DEFINE_FINAL_TYPE (QgaConnection, qga_connection, G_TYPE_OBJECT)

enum
{
  PROP_STATE = 1,
  PROP_AGENT_PRESENT,
  PROP_RESPONSIVE,
  PROP_GENERATION,
  PROP_DEFAULT_TIMEOUT,
  PROP_LIMITS,
  PROP_STRAY_MESSAGES,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

enum
{
  SIGNAL_CLOSED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* --- delivery, in the owner's context, without the lock -------------------------------- */

static void
tell_standing (QgaConnection *self, QgaSession *session)
{
  QgaStanding now, told;

  wire_link_lock (&session->link);
  now = session->standing;
  told = session->told;
  session->told = now;
  session->notice_queued = FALSE;
  wire_link_unlock (&session->link);
  if (self == NULL)
    return;
  if (now.generation != told.generation)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GENERATION]);
  if (now.agent_present != told.agent_present)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AGENT_PRESENT]);
  if (now.responsive != told.responsive)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RESPONSIVE]);
}

void
qga_connection_deliver (QgaConnection *self, QgaSession *session, WireDelivery *delivery)
{
  if (delivery->kind == WIRE_DELIVERY_NOTICE)
    {
      tell_standing (self, session);
      return;
    }
  if (self == NULL)
    return;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0, session->link.cause);
}

/* --- life ---------------------------------------------------------------------------------- */

static void
qga_connection_dispose (GObject *object)
{
  QgaConnection *self = QGA_CONNECTION (object);

  g_clear_pointer (&self->monitor, qga_monitor_free);
  if (self->session != NULL)
    wire_link_abandon (&self->session->link);
  G_OBJECT_CLASS (qga_connection_parent_class)->dispose (object);
}

static void
qga_connection_finalize (GObject *object)
{
  QgaConnection *self = QGA_CONNECTION (object);

  g_clear_pointer (&self->session, qga_session_unref);
  g_clear_object (&self->limits);
  G_OBJECT_CLASS (qga_connection_parent_class)->finalize (object);
}

static void
qga_connection_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QgaConnection *self = QGA_CONNECTION (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_enum (value, qga_connection_get_state (self));
      break;
    case PROP_AGENT_PRESENT:
      g_value_set_boolean (value, qga_connection_get_agent_present (self));
      break;
    case PROP_RESPONSIVE:
      g_value_set_boolean (value, qga_connection_get_responsive (self));
      break;
    case PROP_GENERATION:
      g_value_set_uint (value, qga_connection_get_generation (self));
      break;
    case PROP_DEFAULT_TIMEOUT:
      g_value_set_int (value, qga_connection_get_default_timeout (self));
      break;
    case PROP_LIMITS:
      g_value_set_object (value, qga_connection_get_limits (self));
      break;
    case PROP_STRAY_MESSAGES:
      g_value_set_uint64 (value, qga_connection_get_stray_messages (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qga_connection_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_DEFAULT_TIMEOUT)
    qga_connection_set_default_timeout (QGA_CONNECTION (object), g_value_get_int (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
install_properties (GObjectClass *object_class)
{
  GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  /**
   * QgaConnection:state: (getter get_state)
   *
   * Where the connection is in its life. Its change to closed is notified
   * right before [signal@Qga.Connection::closed].
   *
   * Since: 0.1
   */
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, QGA_TYPE_CONNECTION_STATE,
                                              QGA_CONNECTION_STATE_OPENING, readable);
  /**
   * QgaConnection:agent-present: (getter get_agent_present)
   *
   * Whether an agent has opened its end of the line, as far as is known: it
   * has once it answered, until QEMU's monitor says otherwise or the line ends.
   *
   * Since: 0.1
   */
  properties[PROP_AGENT_PRESENT] = g_param_spec_boolean ("agent-present", NULL, NULL, FALSE, readable);
  /**
   * QgaConnection:responsive: (getter get_responsive)
   *
   * Whether the agent answers: not after a call timed out, until it has
   * answered again.
   *
   * Since: 0.1
   */
  properties[PROP_RESPONSIVE] = g_param_spec_boolean ("responsive", NULL, NULL, FALSE, readable);
  /**
   * QgaConnection:generation: (getter get_generation)
   *
   * Which agent it is, from 1: it counts up whenever another is found in its
   * place. Files and processes of the one before are lost then.
   *
   * Since: 0.1
   */
  properties[PROP_GENERATION] = g_param_spec_uint ("generation", NULL, NULL, 1, G_MAXUINT, 1, readable);
  /**
   * QgaConnection:default-timeout: (getter get_default_timeout) (setter set_default_timeout)
   *
   * How long a call may take unless it says otherwise, its wait for others
   * included. Milliseconds; %G_MAXINT is for ever; -1 is what fits the
   * command, see [property@Qga.OpenOptions:default-timeout].
   *
   * Since: 0.1
   */
  properties[PROP_DEFAULT_TIMEOUT] = g_param_spec_int ("default-timeout", NULL, NULL, -1, G_MAXINT, -1,
                                                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  /**
   * QgaConnection:limits: (getter get_limits)
   *
   * The limits it was opened with.
   *
   * Since: 0.1
   */
  properties[PROP_LIMITS] = g_param_spec_object ("limits", NULL, NULL, QGA_TYPE_LIMITS, readable);
  /**
   * QgaConnection:stray-messages: (getter get_stray_messages)
   *
   * How many messages were dropped because nobody asked for them: what stood
   * on the line before the first sync, late replies, replies to nothing. There
   * is no notification of its changes.
   *
   * Since: 0.1
   */
  properties[PROP_STRAY_MESSAGES] = g_param_spec_uint64 ("stray-messages", NULL, NULL, 0, G_MAXUINT64, 0, readable);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
qga_connection_class_init (QgaConnectionClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->dispose = qga_connection_dispose;
  object_class->finalize = qga_connection_finalize;
  object_class->get_property = qga_connection_get_property;
  object_class->set_property = qga_connection_set_property;
  install_properties (object_class);
  /**
   * QgaConnection::closed:
   * @self: a connection
   * @error: (nullable): the first cause, or %NULL when the end was wanted
   *
   * Emitted once, after all replies: nothing follows it.
   *
   * The end was wanted when it was closed from here, and when the guest had
   * been told to shut down.
   *
   * Since: 0.1
   */
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", QGA_TYPE_CONNECTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
qga_connection_init (QgaConnection *self)
{
}

QgaConnection *
qga_connection_new (QgaOpenOptions *options)
{
  QgaConnection *self = g_object_new (QGA_TYPE_CONNECTION, NULL);
  QgaLimits *limits = options != NULL ? qga_open_options_get_limits (options) : NULL;

  self->session = qga_session_new (options);
  self->limits = qga_limits_copy (limits);
  return self;
}

QgaSession *
qga_connection_get_session (QgaConnection *self)
{
  return self->session;
}

/* For one of the library's own calls. */
/* --- the monitor -------------------------------------------------------------------------------- */

/**
 * qga_connection_watch_monitor:
 * @self: a connection
 * @monitor: (nullable): a connection to the monitor of the QEMU that the
 *   guest runs in, such as a `Qmp.Connection`; %NULL for none any more
 * @port: (nullable): the id of the agent's port in QEMU (`-device
 *   virtserialport,id=…`); %NULL if it is the only port
 *
 * Listens to what QEMU says of the guest. Then a restart of the agent is
 * noticed at once (`VSERPORT_CHANGE`, `RESET`) and fails what waits for it,
 * an agent that comes back is asked at once, and shutdown and suspend are
 * known to have happened when QEMU says so.
 *
 * The monitor is not kept alive, and it is heard only while its own main
 * context runs: a call that blocks that one ends without it. QEMU tells of a
 * port only if that has an id.
 *
 * Any object will do that emits a signal `event`, with the event's name as
 * its detail and one argument that [method@GObject.Value.transform] turns into
 * a string, the event's JSON text.
 *
 * Since: 0.1
 */
void
qga_connection_watch_monitor (QgaConnection *self, GObject *monitor, const char *port)
{
  g_return_if_fail (QGA_IS_CONNECTION (self));
  g_return_if_fail (monitor == NULL || (G_IS_OBJECT (monitor) && qga_monitor_is_one (monitor)));
  g_clear_pointer (&self->monitor, qga_monitor_free);
  if (monitor != NULL)
    self->monitor = qga_monitor_new (self->session, monitor, port);
}

/* --- what it knows --------------------------------------------------------------------------------- */

/**
 * qga_connection_get_state: (get-property state)
 * @self: a connection
 *
 * Gets where the connection is in its life. It may say closed before
 * [signal@Qga.Connection::closed] is emitted.
 *
 * Returns: the state
 *
 * Since: 0.1
 */
QgaConnectionState
qga_connection_get_state (QgaConnection *self)
{
  QgaConnectionState state = QGA_CONNECTION_STATE_OPENING;

  g_return_val_if_fail (QGA_IS_CONNECTION (self), QGA_CONNECTION_STATE_CLOSED);
  wire_link_lock (&self->session->link);
  if (self->session->link.ended)
    state = QGA_CONNECTION_STATE_CLOSED;
  else if (self->session->opened)
    state = QGA_CONNECTION_STATE_OPEN;
  wire_link_unlock (&self->session->link);
  return state;
}

static QgaStanding
get_standing (QgaConnection *self)
{
  QgaStanding standing;

  wire_link_lock (&self->session->link);
  standing = self->session->standing;
  wire_link_unlock (&self->session->link);
  return standing;
}

/**
 * qga_connection_get_agent_present: (get-property agent-present)
 * @self: a connection
 *
 * Gets whether an agent has opened its end of the line, as far as is known.
 *
 * Returns: whether it has
 *
 * Since: 0.1
 */
gboolean
qga_connection_get_agent_present (QgaConnection *self)
{
  g_return_val_if_fail (QGA_IS_CONNECTION (self), FALSE);
  return get_standing (self).agent_present;
}

/**
 * qga_connection_get_responsive: (get-property responsive)
 * @self: a connection
 *
 * Gets whether the agent answers.
 *
 * Returns: whether it does
 *
 * Since: 0.1
 */
gboolean
qga_connection_get_responsive (QgaConnection *self)
{
  g_return_val_if_fail (QGA_IS_CONNECTION (self), FALSE);
  return get_standing (self).responsive;
}

/**
 * qga_connection_get_generation: (get-property generation)
 * @self: a connection
 *
 * Gets which agent it is.
 *
 * Returns: a number from 1, another for each agent
 *
 * Since: 0.1
 */
guint
qga_connection_get_generation (QgaConnection *self)
{
  g_return_val_if_fail (QGA_IS_CONNECTION (self), 0);
  return get_standing (self).generation;
}

/**
 * qga_connection_dup_agent_version:
 * @self: a connection
 *
 * Gets the agent's version, as it told it last: that of the QEMU it was built
 * with, such as `7.2.22`.
 *
 * Returns: (transfer full) (nullable): the version; %NULL if it told none
 *
 * Since: 0.1
 */
char *
qga_connection_dup_agent_version (QgaConnection *self)
{
  char *version;

  g_return_val_if_fail (QGA_IS_CONNECTION (self), NULL);
  wire_link_lock (&self->session->link);
  version = g_strdup (self->session->version);
  wire_link_unlock (&self->session->link);
  return version;
}

/**
 * qga_connection_dup_commands:
 * @self: a connection
 *
 * Gets the names of the commands that the agent has, disabled ones included,
 * as it told them last.
 *
 * Returns: (transfer full) (array zero-terminated=1): their names
 *
 * Since: 0.1
 */
char **
qga_connection_dup_commands (QgaConnection *self)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  GHashTableIter iter;
  gpointer name;

  g_return_val_if_fail (QGA_IS_CONNECTION (self), NULL);
  wire_link_lock (&self->session->link);
  if (self->session->commands != NULL)
    {
      g_hash_table_iter_init (&iter, self->session->commands);
      while (g_hash_table_iter_next (&iter, &name, NULL))
        g_strv_builder_add (names, name);
    }
  wire_link_unlock (&self->session->link);
  return g_strv_builder_end (names);
}

static QgaCommandFlags
find_command (QgaConnection *self, const char *command)
{
  QgaCommandFlags flags;

  wire_link_lock (&self->session->link);
  flags = qga_session_find_command (self->session, command);
  wire_link_unlock (&self->session->link);
  return flags;
}

/**
 * qga_connection_has_command:
 * @self: a connection
 * @command: its name
 *
 * Tells whether the agent has a command, enabled or not, as it said last.
 *
 * Returns: whether it has it
 *
 * Since: 0.1
 */
gboolean
qga_connection_has_command (QgaConnection *self, const char *command)
{
  g_return_val_if_fail (QGA_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (command != NULL, FALSE);
  return (find_command (self, command) & QGA_COMMAND_KNOWN) != 0;
}

/**
 * qga_connection_is_command_enabled:
 * @self: a connection
 * @command: its name
 *
 * Tells whether the agent has a command and runs it, as it said last. While
 * the guest's file systems are frozen it runs few.
 *
 * Returns: whether it does
 *
 * Since: 0.1
 */
gboolean
qga_connection_is_command_enabled (QgaConnection *self, const char *command)
{
  g_return_val_if_fail (QGA_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (command != NULL, FALSE);
  return (find_command (self, command) & QGA_COMMAND_ENABLED) != 0;
}

/**
 * qga_connection_get_default_timeout: (get-property default-timeout)
 * @self: a connection
 *
 * Gets how long a call may take unless it says otherwise.
 *
 * Returns: milliseconds; -1 for what fits the command, %G_MAXINT for ever
 *
 * Since: 0.1
 */
int
qga_connection_get_default_timeout (QgaConnection *self)
{
  g_return_val_if_fail (QGA_IS_CONNECTION (self), -1);
  return g_atomic_int_get (&self->session->default_timeout);
}

/**
 * qga_connection_set_default_timeout: (set-property default-timeout)
 * @self: a connection
 * @milliseconds: milliseconds; -1 for what fits the command, %G_MAXINT for ever
 *
 * Sets how long a call may take unless it says otherwise, from the next call
 * on.
 *
 * Since: 0.1
 */
void
qga_connection_set_default_timeout (QgaConnection *self, int milliseconds)
{
  g_return_if_fail (QGA_IS_CONNECTION (self));
  g_return_if_fail (milliseconds >= -1);
  if (g_atomic_int_get (&self->session->default_timeout) == milliseconds)
    return;
  g_atomic_int_set (&self->session->default_timeout, milliseconds);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DEFAULT_TIMEOUT]);
}

/**
 * qga_connection_get_limits: (get-property limits)
 * @self: a connection
 *
 * Gets the limits the connection was opened with.
 *
 * Returns: (transfer none): the limits
 *
 * Since: 0.1
 */
QgaLimits *
qga_connection_get_limits (QgaConnection *self)
{
  g_return_val_if_fail (QGA_IS_CONNECTION (self), NULL);
  return self->limits;
}

/**
 * qga_connection_get_stray_messages: (get-property stray-messages)
 * @self: a connection
 *
 * Gets how many messages were dropped because nobody asked for them.
 *
 * Returns: how many
 *
 * Since: 0.1
 */
guint64
qga_connection_get_stray_messages (QgaConnection *self)
{
  guint64 count;

  g_return_val_if_fail (QGA_IS_CONNECTION (self), 0);
  wire_link_lock (&self->session->link);
  count = self->session->stray;
  wire_link_unlock (&self->session->link);
  return count;
}
