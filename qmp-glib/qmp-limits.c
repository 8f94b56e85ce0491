/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-limits-private.h"

#include "wire/wire-scanner.h"


/**
 * QmpLimits:
 *
 * How much a connection takes from its peer, and how much from its user.
 *
 * QEMU may be broken, or taken over by its guest. Every limit has a default
 * that real traffic stays far below, can be set, and cannot be switched off.
 * With the defaults, a connection never needs more than 80 MiB, whatever its
 * peer sends: for a message that is being read, replies that wait for their
 * callers (twice [property@Qmp.Limits:message-size]) and events that wait.
 * What a program keeps, and its event streams, come on top.
 *
 * Give it to [method@Qmp.OpenOptions.set_limits]. A connection takes the
 * limits over when it is opened; changing them later changes nothing.
 *
 * Since: 0.1
 */
struct _QmpLimits
{
  GObject parent_instance;
  guint64 message_size;
  guint message_values;
  guint message_depth;
  guint name_size;
  guint pending_calls;
  guint waiting_events;
  guint64 waiting_event_size;
};

G_DEFINE_FINAL_TYPE (QmpLimits, qmp_limits, G_TYPE_OBJECT)

enum
{
  PROP_MESSAGE_SIZE = 1,
  PROP_MESSAGE_VALUES,
  PROP_MESSAGE_DEPTH,
  PROP_NAME_SIZE,
  PROP_PENDING_CALLS,
  PROP_WAITING_EVENTS,
  PROP_WAITING_EVENT_SIZE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
qmp_limits_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QmpLimits *self = QMP_LIMITS (object);

  switch (id)
    {
    case PROP_MESSAGE_SIZE:
      g_value_set_uint64 (value, self->message_size);
      break;
    case PROP_MESSAGE_VALUES:
      g_value_set_uint (value, self->message_values);
      break;
    case PROP_MESSAGE_DEPTH:
      g_value_set_uint (value, self->message_depth);
      break;
    case PROP_NAME_SIZE:
      g_value_set_uint (value, self->name_size);
      break;
    case PROP_PENDING_CALLS:
      g_value_set_uint (value, self->pending_calls);
      break;
    case PROP_WAITING_EVENTS:
      g_value_set_uint (value, self->waiting_events);
      break;
    case PROP_WAITING_EVENT_SIZE:
      g_value_set_uint64 (value, self->waiting_event_size);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qmp_limits_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  QmpLimits *self = QMP_LIMITS (object);

  switch (id)
    {
    case PROP_MESSAGE_SIZE:
      qmp_limits_set_message_size (self, g_value_get_uint64 (value));
      break;
    case PROP_MESSAGE_VALUES:
      qmp_limits_set_message_values (self, g_value_get_uint (value));
      break;
    case PROP_MESSAGE_DEPTH:
      qmp_limits_set_message_depth (self, g_value_get_uint (value));
      break;
    case PROP_NAME_SIZE:
      qmp_limits_set_name_size (self, g_value_get_uint (value));
      break;
    case PROP_PENDING_CALLS:
      qmp_limits_set_pending_calls (self, g_value_get_uint (value));
      break;
    case PROP_WAITING_EVENTS:
      qmp_limits_set_waiting_events (self, g_value_get_uint (value));
      break;
    case PROP_WAITING_EVENT_SIZE:
      qmp_limits_set_waiting_event_size (self, g_value_get_uint64 (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qmp_limits_class_init (QmpLimitsClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = qmp_limits_get_property;
  object_class->set_property = qmp_limits_set_property;

  /**
   * QmpLimits:message-size: (getter get_message_size) (setter set_message_size)
   *
   * How many bytes one message from QEMU may have.
   *
   * From 1 KiB to 1 GiB.
   *
   * Since: 0.1
   */
  properties[PROP_MESSAGE_SIZE] = g_param_spec_uint64 ("message-size", NULL, NULL, 0, G_MAXUINT64, 10 * 1024 * 1024, flags);

  /**
   * QmpLimits:message-values: (getter get_message_values) (setter set_message_values)
   *
   * How many values one message from QEMU may have, names of members included.
   *
   * From 64 to 2^26.
   *
   * Since: 0.1
   */
  properties[PROP_MESSAGE_VALUES] = g_param_spec_uint ("message-values", NULL, NULL, 0, G_MAXUINT, 150000, flags);

  /**
   * QmpLimits:message-depth: (getter get_message_depth) (setter set_message_depth)
   *
   * How deep arrays and objects of a message may nest.
   *
   * From 4 to 1,024.
   *
   * Since: 0.1
   */
  properties[PROP_MESSAGE_DEPTH] = g_param_spec_uint ("message-depth", NULL, NULL, 0, G_MAXUINT, 512, flags);

  /**
   * QmpLimits:name-size: (getter get_name_size) (setter set_name_size)
   *
   * How many bytes the name of a member may have.
   *
   * From 64 to 64 KiB.
   *
   * Since: 0.1
   */
  properties[PROP_NAME_SIZE] = g_param_spec_uint ("name-size", NULL, NULL, 0, G_MAXUINT, 4096, flags);

  /**
   * QmpLimits:pending-calls: (getter get_pending_calls) (setter set_pending_calls)
   *
   * How many calls may wait for their replies. One more fails at once with
   * %G_IO_ERROR_BUSY. A call that was cancelled or timed out counts until QEMU
   * has answered it.
   *
   * From 1 to 1,000,000.
   *
   * Since: 0.1
   */
  properties[PROP_PENDING_CALLS] = g_param_spec_uint ("pending-calls", NULL, NULL, 0, G_MAXUINT, 1024, flags);

  /**
   * QmpLimits:waiting-events: (getter get_waiting_events) (setter set_waiting_events)
   *
   * How many events may wait for the main loop. Beyond it the oldest are dropped;
   * [signal@Qmp.Connection::events-lost] tells.
   *
   * From 1 to 1,000,000.
   *
   * Since: 0.1
   */
  properties[PROP_WAITING_EVENTS] = g_param_spec_uint ("waiting-events", NULL, NULL, 0, G_MAXUINT, 4096, flags);

  /**
   * QmpLimits:waiting-event-size: (getter get_waiting_event_size) (setter set_waiting_event_size)
   *
   * How many bytes the events that wait for the main loop may need.
   *
   * From 4 KiB to 1 GiB.
   *
   * Since: 0.1
   */
  properties[PROP_WAITING_EVENT_SIZE] = g_param_spec_uint64 ("waiting-event-size", NULL, NULL, 0, G_MAXUINT64, 16 * 1024 * 1024, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
qmp_limits_init (QmpLimits *self)
{
  self->message_size = 10 * 1024 * 1024;
  self->message_values = 150000;
  self->message_depth = 512;
  self->name_size = 4096;
  self->pending_calls = 1024;
  self->waiting_events = 4096;
  self->waiting_event_size = 16 * 1024 * 1024;
}

/**
 * qmp_limits_new:
 *
 * Makes limits with all defaults.
 *
 * Returns: (transfer full): the object
 *
 * Since: 0.1
 */
QmpLimits *
qmp_limits_new (void)
{
  return g_object_new (QMP_TYPE_LIMITS, NULL);
}

/* The defaults for NULL. */
QmpLimits *
qmp_limits_copy (QmpLimits *self)
{
  QmpLimits *copy = qmp_limits_new ();

  if (self == NULL)
    return copy;
  copy->message_size = self->message_size;
  copy->message_values = self->message_values;
  copy->message_depth = self->message_depth;
  copy->name_size = self->name_size;
  copy->pending_calls = self->pending_calls;
  copy->waiting_events = self->waiting_events;
  copy->waiting_event_size = self->waiting_event_size;
  return copy;
}

/**
 * qmp_limits_get_message_size: (get-property message-size)
 * @self: the object
 *
 * Gets how large one message may be.
 *
 * Returns: bytes
 *
 * Since: 0.1
 */
guint64
qmp_limits_get_message_size (QmpLimits *self)
{
  g_return_val_if_fail (QMP_IS_LIMITS (self), 0);
  return self->message_size;
}

/**
 * qmp_limits_set_message_size: (set-property message-size)
 * @self: the object
 * @bytes: bytes
 *
 * Sets how large one message may be.
 *
 * What is out of range becomes the nearest that is in it: no limit can be
 * switched off.
 *
 * Since: 0.1
 */
void
qmp_limits_set_message_size (QmpLimits *self, guint64 bytes)
{
  g_return_if_fail (QMP_IS_LIMITS (self));
  bytes = CLAMP (bytes, 1024, WIRE_MAX_BYTES);
  if (self->message_size == bytes)
    return;
  self->message_size = bytes;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MESSAGE_SIZE]);
}

/**
 * qmp_limits_get_message_values: (get-property message-values)
 * @self: the object
 *
 * Gets how many values one message may have.
 *
 * Returns: how many
 *
 * Since: 0.1
 */
guint
qmp_limits_get_message_values (QmpLimits *self)
{
  g_return_val_if_fail (QMP_IS_LIMITS (self), 0);
  return self->message_values;
}

/**
 * qmp_limits_set_message_values: (set-property message-values)
 * @self: the object
 * @values: how many
 *
 * Sets how many values one message may have.
 *
 * What is out of range becomes the nearest that is in it: no limit can be
 * switched off.
 *
 * Since: 0.1
 */
void
qmp_limits_set_message_values (QmpLimits *self, guint values)
{
  g_return_if_fail (QMP_IS_LIMITS (self));
  values = CLAMP (values, 64, WIRE_MAX_VALUES);
  if (self->message_values == values)
    return;
  self->message_values = values;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MESSAGE_VALUES]);
}

/**
 * qmp_limits_get_message_depth: (get-property message-depth)
 * @self: the object
 *
 * Gets how deep a message may nest.
 *
 * Returns: levels; the message itself is one
 *
 * Since: 0.1
 */
guint
qmp_limits_get_message_depth (QmpLimits *self)
{
  g_return_val_if_fail (QMP_IS_LIMITS (self), 0);
  return self->message_depth;
}

/**
 * qmp_limits_set_message_depth: (set-property message-depth)
 * @self: the object
 * @depth: levels; the message itself is one
 *
 * Sets how deep a message may nest.
 *
 * What is out of range becomes the nearest that is in it: no limit can be
 * switched off.
 *
 * Since: 0.1
 */
void
qmp_limits_set_message_depth (QmpLimits *self, guint depth)
{
  g_return_if_fail (QMP_IS_LIMITS (self));
  depth = CLAMP (depth, 4, WIRE_MAX_DEPTH);
  if (self->message_depth == depth)
    return;
  self->message_depth = depth;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MESSAGE_DEPTH]);
}

/**
 * qmp_limits_get_name_size: (get-property name-size)
 * @self: the object
 *
 * Gets how long a name may be.
 *
 * Returns: bytes
 *
 * Since: 0.1
 */
guint
qmp_limits_get_name_size (QmpLimits *self)
{
  g_return_val_if_fail (QMP_IS_LIMITS (self), 0);
  return self->name_size;
}

/**
 * qmp_limits_set_name_size: (set-property name-size)
 * @self: the object
 * @bytes: bytes
 *
 * Sets how long a name may be.
 *
 * What is out of range becomes the nearest that is in it: no limit can be
 * switched off.
 *
 * Since: 0.1
 */
void
qmp_limits_set_name_size (QmpLimits *self, guint bytes)
{
  g_return_if_fail (QMP_IS_LIMITS (self));
  bytes = CLAMP (bytes, 64, WIRE_MAX_KEY);
  if (self->name_size == bytes)
    return;
  self->name_size = bytes;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME_SIZE]);
}

/**
 * qmp_limits_get_pending_calls: (get-property pending-calls)
 * @self: the object
 *
 * Gets how many calls may be pending.
 *
 * Returns: calls
 *
 * Since: 0.1
 */
guint
qmp_limits_get_pending_calls (QmpLimits *self)
{
  g_return_val_if_fail (QMP_IS_LIMITS (self), 0);
  return self->pending_calls;
}

/**
 * qmp_limits_set_pending_calls: (set-property pending-calls)
 * @self: the object
 * @calls: calls
 *
 * Sets how many calls may be pending.
 *
 * What is out of range becomes the nearest that is in it: no limit can be
 * switched off.
 *
 * Since: 0.1
 */
void
qmp_limits_set_pending_calls (QmpLimits *self, guint calls)
{
  g_return_if_fail (QMP_IS_LIMITS (self));
  calls = CLAMP (calls, 1, 1000000);
  if (self->pending_calls == calls)
    return;
  self->pending_calls = calls;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PENDING_CALLS]);
}

/**
 * qmp_limits_get_waiting_events: (get-property waiting-events)
 * @self: the object
 *
 * Gets how many events may wait.
 *
 * Returns: events
 *
 * Since: 0.1
 */
guint
qmp_limits_get_waiting_events (QmpLimits *self)
{
  g_return_val_if_fail (QMP_IS_LIMITS (self), 0);
  return self->waiting_events;
}

/**
 * qmp_limits_set_waiting_events: (set-property waiting-events)
 * @self: the object
 * @events: events
 *
 * Sets how many events may wait.
 *
 * What is out of range becomes the nearest that is in it: no limit can be
 * switched off.
 *
 * Since: 0.1
 */
void
qmp_limits_set_waiting_events (QmpLimits *self, guint events)
{
  g_return_if_fail (QMP_IS_LIMITS (self));
  events = CLAMP (events, 1, 1000000);
  if (self->waiting_events == events)
    return;
  self->waiting_events = events;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WAITING_EVENTS]);
}

/**
 * qmp_limits_get_waiting_event_size: (get-property waiting-event-size)
 * @self: the object
 *
 * Gets how large waiting events may be.
 *
 * Returns: bytes
 *
 * Since: 0.1
 */
guint64
qmp_limits_get_waiting_event_size (QmpLimits *self)
{
  g_return_val_if_fail (QMP_IS_LIMITS (self), 0);
  return self->waiting_event_size;
}

/**
 * qmp_limits_set_waiting_event_size: (set-property waiting-event-size)
 * @self: the object
 * @bytes: bytes
 *
 * Sets how large waiting events may be.
 *
 * What is out of range becomes the nearest that is in it: no limit can be
 * switched off.
 *
 * Since: 0.1
 */
void
qmp_limits_set_waiting_event_size (QmpLimits *self, guint64 bytes)
{
  g_return_if_fail (QMP_IS_LIMITS (self));
  bytes = CLAMP (bytes, 4096, WIRE_MAX_BYTES);
  if (self->waiting_event_size == bytes)
    return;
  self->waiting_event_size = bytes;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WAITING_EVENT_SIZE]);
}
