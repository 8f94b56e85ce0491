/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define G_LOG_DOMAIN "Qmp"
#include "config.h"

#include "qmp-connection-private.h"

#include "qmp-enum-types.h"
#include "qmp-event-names-private.h"
#include "qmp-event-private.h"
#include "qmp-event-stream-private.h"
#include "qmp-limits-private.h"

/**
 * QmpConnection:
 *
 * A connection to QEMU's monitor.
 *
 * A connection begins with one of the `open` functions and is ready for
 * commands when they are done: QEMU's greeting was read and its capabilities
 * were negotiated. It ends once, by [method@Qmp.Connection.close_async], by
 * [method@Qmp.Connection.quit_async], or because QEMU went away; then every
 * call that still waits fails, [signal@Qmp.Connection::closed] is emitted, and
 * it never opens again.
 *
 * ```c
 * g_autoptr (QmpConnection) connection = qmp_connection_open ("/run/vm/qmp.sock", NULL, NULL, &error);
 * g_autofree char *status = qmp_connection_execute_json (connection, "query-status", NULL, NULL, &error);
 * ```
 *
 * ## Commands
 *
 * There are three forms, which differ in what goes in and comes out:
 * [method@Qmp.Connection.execute_async] with trees of [struct@Json.Node],
 * [method@Qmp.Connection.execute_json_async] with JSON text, and
 * [method@Qmp.Connection.execute_request_async] with a [class@Qmp.Request] and
 * a [struct@Qmp.Value], the fastest and the one with all the options. Each has
 * a blocking form.
 *
 * Each call ends exactly once: with the reply, with QEMU's error, cancelled,
 * timed out, or with the connection's end. Giving a call up does not undo
 * it: QEMU may still run the command, and its late reply is dropped.
 *
 * ## Threads
 *
 * A connection belongs to the thread-default main context it was opened in:
 * its signals are emitted there. Commands may be run in any thread. The
 * asynchronous forms call back in the main context of their caller; the
 * blocking forms work with and without a running main loop, also inside a
 * handler of a signal, and never dispatch anybody else's sources.
 *
 * Dropping the last reference closes the connection.
 *
 * Since: 0.1
 */
struct _QmpConnection
{
  GObject parent_instance;
  QmpSession *session;
  QmpLimits *limits;
  QmpSchemaLoader *schema_loader;
  gboolean silent;  /* atomic: closed from here, so no more events */
};

G_DEFINE_FINAL_TYPE (QmpConnection, qmp_connection, G_TYPE_OBJECT)

enum
{
  PROP_STATE = 1,
  PROP_VERSION,
  PROP_CAPABILITIES,
  PROP_OUT_OF_BAND,
  PROP_DEFAULT_TIMEOUT,
  PROP_LIMITS,
  PROP_STRAY_MESSAGES,
  PROP_LOST_EVENTS,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

enum
{
  SIGNAL_EVENT,
  SIGNAL_EVENTS_LOST,
  SIGNAL_CLOSED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* --- delivery, in the owner's context, without the lock -------------------------------- */

/* A peer's names must not become quarks, which are for ever: one that nobody
 * connected to has none, and needs none. */
static GQuark
find_detail (QmpSession *session, const QmpEvent *event)
{
  GQuark detail = session->event_detail;

  if (detail != 0 && g_str_equal (g_quark_to_string (detail), event->name))
    return detail;
  detail = g_quark_try_string (event->name);
  if (detail != 0)
    session->event_detail = detail;
  return detail;
}

static void
emit_event (QmpConnection *self, QmpSession *session, QmpEvent *event)
{
  if (self != NULL && !g_atomic_int_get (&self->silent))
    g_signal_emit (self, signals[SIGNAL_EVENT], find_detail (session, event), event);
  qmp_event_unref (event);
}

static void
emit_events_lost (QmpConnection *self, QmpSession *session)
{
  guint64 count;

  wire_link_lock (&session->link);
  count = session->lost - session->lost_told;
  session->lost_told = session->lost;
  session->tells_of_lost = FALSE;
  wire_link_unlock (&session->link);
  if (self != NULL && !g_atomic_int_get (&self->silent))
    g_signal_emit (self, signals[SIGNAL_EVENTS_LOST], 0, (guint) MIN (count, G_MAXUINT));
}

void
qmp_connection_deliver (QmpConnection *self, QmpSession *session, WireDelivery *delivery)
{
  if (delivery->kind == WIRE_DELIVERY_OTHER)
    {
      emit_event (self, session, (QmpEvent *) delivery);
      return;
    }
  if (delivery->kind == WIRE_DELIVERY_NOTICE)
    {
      emit_events_lost (self, session);
      return;
    }
  if (self == NULL)
    return;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  g_signal_emit (self, signals[SIGNAL_CLOSED], 0, session->link.cause);
}

/* Events come by the hundred thousand: one argument, borrowed, and no copy
 * of it on the way to a handler in C. */
static void
marshal_event (GClosure *closure, GValue *return_value, gpointer instance, va_list arguments, gpointer marshal_data,
               int n_parameters, GType *parameter_types)
{
  typedef void (*Handler) (gpointer first, gpointer event, gpointer second);
  Handler handler = (Handler) (marshal_data != NULL ? marshal_data : ((GCClosure *) closure)->callback);
  va_list copy;
  gpointer event;

  va_copy (copy, arguments);
  event = va_arg (copy, gpointer);
  va_end (copy);
  if (G_CCLOSURE_SWAP_DATA (closure))
    handler (closure->data, event, instance);
  else
    handler (instance, event, closure->data);
}

/* --- life ---------------------------------------------------------------------------------- */

static void
qmp_connection_dispose (GObject *object)
{
  QmpConnection *self = QMP_CONNECTION (object);

  if (self->session != NULL)
    wire_link_abandon (&self->session->link);
  G_OBJECT_CLASS (qmp_connection_parent_class)->dispose (object);
}

static void
qmp_connection_finalize (GObject *object)
{
  QmpConnection *self = QMP_CONNECTION (object);

  g_clear_pointer (&self->session, qmp_session_unref);
  g_clear_object (&self->limits);
  g_clear_pointer (&self->schema_loader, qmp_schema_loader_free);
  G_OBJECT_CLASS (qmp_connection_parent_class)->finalize (object);
}

static void
qmp_connection_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QmpConnection *self = QMP_CONNECTION (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_enum (value, qmp_connection_get_state (self));
      break;
    case PROP_VERSION:
      g_value_set_object (value, qmp_connection_get_version (self));
      break;
    case PROP_CAPABILITIES:
      g_value_set_boxed (value, qmp_connection_get_capabilities (self));
      break;
    case PROP_OUT_OF_BAND:
      g_value_set_boolean (value, qmp_connection_get_out_of_band (self));
      break;
    case PROP_DEFAULT_TIMEOUT:
      g_value_set_int (value, qmp_connection_get_default_timeout (self));
      break;
    case PROP_LIMITS:
      g_value_set_object (value, qmp_connection_get_limits (self));
      break;
    case PROP_STRAY_MESSAGES:
      g_value_set_uint64 (value, qmp_connection_get_stray_messages (self));
      break;
    case PROP_LOST_EVENTS:
      g_value_set_uint64 (value, qmp_connection_get_lost_events (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qmp_connection_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_DEFAULT_TIMEOUT)
    qmp_connection_set_default_timeout (QMP_CONNECTION (object), g_value_get_int (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
install_properties (GObjectClass *object_class)
{
  GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  /**
   * QmpConnection:state: (getter get_state)
   *
   * Where the connection is in its life. Its change to closed is notified
   * right before [signal@Qmp.Connection::closed].
   *
   * Since: 0.1
   */
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, QMP_TYPE_CONNECTION_STATE,
                                              QMP_CONNECTION_STATE_OPENING, readable);
  /**
   * QmpConnection:version: (getter get_version)
   *
   * The version of QEMU.
   *
   * Since: 0.1
   */
  properties[PROP_VERSION] = g_param_spec_object ("version", NULL, NULL, QMP_TYPE_VERSION, readable);
  /**
   * QmpConnection:capabilities: (getter get_capabilities)
   *
   * The capabilities that QEMU offered in its greeting.
   *
   * Since: 0.1
   */
  properties[PROP_CAPABILITIES] = g_param_spec_boxed ("capabilities", NULL, NULL, G_TYPE_STRV, readable);
  /**
   * QmpConnection:out-of-band: (getter get_out_of_band)
   *
   * Whether out-of-band commands can be run.
   *
   * Since: 0.1
   */
  properties[PROP_OUT_OF_BAND] = g_param_spec_boolean ("out-of-band", NULL, NULL, FALSE, readable);
  /**
   * QmpConnection:default-timeout: (getter get_default_timeout) (setter set_default_timeout)
   *
   * How long a call may take unless it says otherwise. Milliseconds; -1 is 60
   * seconds, %G_MAXINT is for ever.
   *
   * Since: 0.1
   */
  properties[PROP_DEFAULT_TIMEOUT] = g_param_spec_int ("default-timeout", NULL, NULL, -1, G_MAXINT, QMP_DEFAULT_TIMEOUT_MS,
                                                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  /**
   * QmpConnection:limits: (getter get_limits)
   *
   * The limits it was opened with.
   *
   * Since: 0.1
   */
  properties[PROP_LIMITS] = g_param_spec_object ("limits", NULL, NULL, QMP_TYPE_LIMITS, readable);
  /**
   * QmpConnection:stray-messages: (getter get_stray_messages)
   *
   * How many messages were dropped because nobody asked for them: late
   * replies, replies to nothing, events that cannot be read. There is no
   * notification of its changes.
   *
   * Since: 0.1
   */
  properties[PROP_STRAY_MESSAGES] = g_param_spec_uint64 ("stray-messages", NULL, NULL, 0, G_MAXUINT64, 0, readable);
  /**
   * QmpConnection:lost-events: (getter get_lost_events)
   *
   * How many events were dropped because the main loop did not keep up. See
   * [signal@Qmp.Connection::events-lost].
   *
   * Since: 0.1
   */
  properties[PROP_LOST_EVENTS] = g_param_spec_uint64 ("lost-events", NULL, NULL, 0, G_MAXUINT64, 0, readable);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
install_signals (GType type)
{
  /**
   * QmpConnection::event:
   * @self: a connection
   * @event: what happened
   *
   * Emitted for every event, with its name as detail: connect to
   * `event::STOP` for one kind, to `event` for all.
   *
   * Events come in the order QEMU sent them, after the replies that came
   * before them. None is emitted after the connection was closed from here.
   *
   * Since: 0.1
   */
  signals[SIGNAL_EVENT] = g_signal_new ("event", type, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0, NULL, NULL,
                                        g_cclosure_marshal_VOID__BOXED, G_TYPE_NONE, 1, QMP_TYPE_EVENT);
  g_signal_set_va_marshaller (signals[SIGNAL_EVENT], type, marshal_event);
  /**
   * QmpConnection::events-lost:
   * @self: a connection
   * @count: how many since it was last emitted
   *
   * Emitted when the main loop did not keep up with QEMU, so that the oldest
   * events had to go: ask for the state anew. See
   * [property@Qmp.Limits:waiting-events].
   *
   * Since: 0.1
   */
  signals[SIGNAL_EVENTS_LOST] = g_signal_new ("events-lost", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                              G_TYPE_NONE, 1, G_TYPE_UINT);
  /**
   * QmpConnection::closed:
   * @self: a connection
   * @error: (nullable): the first cause, or %NULL when the end was wanted
   *
   * Emitted once, after all events and replies: nothing follows it.
   *
   * The end was wanted when it was closed from here, when QEMU was told to
   * quit, and when QEMU had announced its end with `SHUTDOWN`.
   *
   * Since: 0.1
   */
  signals[SIGNAL_CLOSED] = g_signal_new ("closed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
qmp_connection_class_init (QmpConnectionClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->dispose = qmp_connection_dispose;
  object_class->finalize = qmp_connection_finalize;
  object_class->get_property = qmp_connection_get_property;
  object_class->set_property = qmp_connection_set_property;
  for (guint i = 0; i < G_N_ELEMENTS (qmp_event_names); i++)
    g_quark_from_static_string (qmp_event_names[i]);
  install_properties (object_class);
  install_signals (G_TYPE_FROM_CLASS (class));
}

static void
qmp_connection_init (QmpConnection *self)
{
}

QmpConnection *
qmp_connection_new (QmpOpenOptions *options)
{
  QmpConnection *self = g_object_new (QMP_TYPE_CONNECTION, NULL);
  QmpLimits *limits = options != NULL ? qmp_open_options_get_limits (options) : NULL;

  self->session = qmp_session_new (options);
  self->limits = qmp_limits_copy (limits);
  self->schema_loader = qmp_schema_loader_new ();
  return self;
}

QmpSession *
qmp_connection_get_session (QmpConnection *self)
{
  return self->session;
}

QmpSchemaLoader *
qmp_connection_get_schema_loader (QmpConnection *self)
{
  return self->schema_loader;
}

void
qmp_connection_fall_silent (QmpConnection *self)
{
  g_atomic_int_set (&self->silent, TRUE);
}

/* For one of its own calls. */
/* --- events -------------------------------------------------------------------------------------- */

/**
 * qmp_connection_watch_events:
 * @self: a connection
 * @names: (nullable) (array zero-terminated=1): which events, or %NULL for all
 * @capacity: how many to keep until they are taken; at least 1
 *
 * Keeps events from now on. Call it before the command whose events matter.
 *
 * Returns: (transfer full): a stream of them
 *
 * Since: 0.1
 */
QmpEventStream *
qmp_connection_watch_events (QmpConnection *self, const char *const *names, guint capacity)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (capacity >= 1, NULL);
  return qmp_event_stream_new (self->session, names, capacity);
}

/* --- what it knows --------------------------------------------------------------------------------- */

/**
 * qmp_connection_get_state: (get-property state)
 * @self: a connection
 *
 * Gets where the connection is in its life. It may say closed before
 * [signal@Qmp.Connection::closed] is emitted.
 *
 * Returns: the state
 *
 * Since: 0.1
 */
QmpConnectionState
qmp_connection_get_state (QmpConnection *self)
{
  QmpConnectionState state = QMP_CONNECTION_STATE_OPENING;

  g_return_val_if_fail (QMP_IS_CONNECTION (self), QMP_CONNECTION_STATE_CLOSED);
  wire_link_lock (&self->session->link);
  if (self->session->link.ended)
    state = QMP_CONNECTION_STATE_CLOSED;
  else if (self->session->state == QMP_SESSION_OPEN)
    state = QMP_CONNECTION_STATE_OPEN;
  wire_link_unlock (&self->session->link);
  return state;
}

/**
 * qmp_connection_get_version: (get-property version)
 * @self: a connection
 *
 * Gets the version that QEMU told in its greeting.
 *
 * Returns: (transfer none): the version
 *
 * Since: 0.1
 */
QmpVersion *
qmp_connection_get_version (QmpConnection *self)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), NULL);
  return self->session->version;
}

/**
 * qmp_connection_get_capabilities: (get-property capabilities)
 * @self: a connection
 *
 * Gets the capabilities that QEMU offered in its greeting, such as `oob`.
 *
 * Returns: (transfer none) (array zero-terminated=1): their names
 *
 * Since: 0.1
 */
const char *const *
qmp_connection_get_capabilities (QmpConnection *self)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), NULL);
  return (const char *const *) self->session->capabilities;
}

/**
 * qmp_connection_get_out_of_band: (get-property out-of-band)
 * @self: a connection
 *
 * Gets whether out-of-band commands can be run: QEMU offered them, and
 * [property@Qmp.OpenOptions:out-of-band] did not decline.
 *
 * Returns: whether they can
 *
 * Since: 0.1
 */
gboolean
qmp_connection_get_out_of_band (QmpConnection *self)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  return self->session->out_of_band;
}

/**
 * qmp_connection_get_default_timeout: (get-property default-timeout)
 * @self: a connection
 *
 * Gets how long a call may take unless it says otherwise.
 *
 * Returns: milliseconds; %G_MAXINT for ever
 *
 * Since: 0.1
 */
int
qmp_connection_get_default_timeout (QmpConnection *self)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), -1);
  return g_atomic_int_get (&self->session->default_timeout);
}

/**
 * qmp_connection_set_default_timeout: (set-property default-timeout)
 * @self: a connection
 * @milliseconds: milliseconds; -1 for 60 seconds, %G_MAXINT for ever
 *
 * Sets how long a call may take unless it says otherwise, from the next call
 * on.
 *
 * Since: 0.1
 */
void
qmp_connection_set_default_timeout (QmpConnection *self, int milliseconds)
{
  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (milliseconds >= -1);
  if (milliseconds < 0)
    milliseconds = QMP_DEFAULT_TIMEOUT_MS;
  if (g_atomic_int_get (&self->session->default_timeout) == milliseconds)
    return;
  g_atomic_int_set (&self->session->default_timeout, milliseconds);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DEFAULT_TIMEOUT]);
}

/**
 * qmp_connection_get_limits: (get-property limits)
 * @self: a connection
 *
 * Gets the limits the connection was opened with.
 *
 * Returns: (transfer none): the limits
 *
 * Since: 0.1
 */
QmpLimits *
qmp_connection_get_limits (QmpConnection *self)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), NULL);
  return self->limits;
}

static guint64
read_counter (QmpConnection *self, const guint64 *counter)
{
  guint64 count;

  wire_link_lock (&self->session->link);
  count = *counter;
  wire_link_unlock (&self->session->link);
  return count;
}

/**
 * qmp_connection_get_stray_messages: (get-property stray-messages)
 * @self: a connection
 *
 * Gets how many messages were dropped because nobody asked for them.
 *
 * Returns: how many
 *
 * Since: 0.1
 */
guint64
qmp_connection_get_stray_messages (QmpConnection *self)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), 0);
  return read_counter (self, &self->session->stray);
}

/**
 * qmp_connection_get_lost_events: (get-property lost-events)
 * @self: a connection
 *
 * Gets how many events were dropped because the main loop did not keep up.
 *
 * Returns: how many
 *
 * Since: 0.1
 */
guint64
qmp_connection_get_lost_events (QmpConnection *self)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), 0);
  return read_counter (self, &self->session->lost);
}
