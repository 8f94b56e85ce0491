/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-limits-private.h"

#include "wire/wire-scanner.h"

/**
 * QgaLimits:
 *
 * How much a connection takes from the guest agent, and how much from its
 * user.
 *
 * What the agent says, the guest says, and nobody knows who rules there.
 * Every limit has a default that real traffic stays below, can be set, and
 * cannot be switched off.
 *
 * Give it to [method@Qga.OpenOptions.set_limits]. A connection takes the
 * limits over when it is opened; changing them later changes nothing.
 *
 * Since: 0.1
 */
struct _QgaLimits
{
  GObject parent_instance;
  guint64 message_size;
  guint message_values;
  guint message_depth;
  guint name_size;
  guint pending_calls;
};

G_DEFINE_FINAL_TYPE (QgaLimits, qga_limits, G_TYPE_OBJECT)

enum
{
  PROP_MESSAGE_SIZE = 1,
  PROP_MESSAGE_VALUES,
  PROP_MESSAGE_DEPTH,
  PROP_NAME_SIZE,
  PROP_PENDING_CALLS,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
qga_limits_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QgaLimits *self = QGA_LIMITS (object);

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
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qga_limits_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  QgaLimits *self = QGA_LIMITS (object);

  switch (id)
    {
    case PROP_MESSAGE_SIZE:
      qga_limits_set_message_size (self, g_value_get_uint64 (value));
      break;
    case PROP_MESSAGE_VALUES:
      qga_limits_set_message_values (self, g_value_get_uint (value));
      break;
    case PROP_MESSAGE_DEPTH:
      qga_limits_set_message_depth (self, g_value_get_uint (value));
      break;
    case PROP_NAME_SIZE:
      qga_limits_set_name_size (self, g_value_get_uint (value));
      break;
    case PROP_PENDING_CALLS:
      qga_limits_set_pending_calls (self, g_value_get_uint (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qga_limits_class_init (QgaLimitsClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = qga_limits_get_property;
  object_class->set_property = qga_limits_set_property;

  /**
   * QgaLimits:message-size: (getter get_message_size) (setter set_message_size)
   *
   * How many bytes one reply of the guest agent may have.
   *
   * The library raises it by itself, and only as far as need be, while a
   * command is outstanding whose reply may legally be larger, such as
   * `guest-file-read` and `guest-exec-status`.
   * [property@Qga.Request:reply-size] sets it for one call.
   *
   * From 1 KiB to 1 GiB.
   *
   * Since: 0.1
   */
  properties[PROP_MESSAGE_SIZE] = g_param_spec_uint64 ("message-size", NULL, NULL, 0, G_MAXUINT64, 4 * 1024 * 1024, flags);

  /**
   * QgaLimits:message-values: (getter get_message_values) (setter set_message_values)
   *
   * How many values one reply of the guest agent may have, names of members
   * included.
   *
   * From 64 to 2^26.
   *
   * Since: 0.1
   */
  properties[PROP_MESSAGE_VALUES] = g_param_spec_uint ("message-values", NULL, NULL, 0, G_MAXUINT, 50000, flags);

  /**
   * QgaLimits:message-depth: (getter get_message_depth) (setter set_message_depth)
   *
   * How deep arrays and objects of a reply may nest.
   *
   * From 4 to 1,024.
   *
   * Since: 0.1
   */
  properties[PROP_MESSAGE_DEPTH] = g_param_spec_uint ("message-depth", NULL, NULL, 0, G_MAXUINT, 64, flags);

  /**
   * QgaLimits:name-size: (getter get_name_size) (setter set_name_size)
   *
   * How many bytes the name of a member may have.
   *
   * From 64 to 64 KiB.
   *
   * Since: 0.1
   */
  properties[PROP_NAME_SIZE] = g_param_spec_uint ("name-size", NULL, NULL, 0, G_MAXUINT, 1024, flags);

  /**
   * QgaLimits:pending-calls: (getter get_pending_calls) (setter set_pending_calls)
   *
   * How many calls may wait, for their turn or for their replies: the guest
   * agent runs one command at a time. One more fails at once with
   * %G_IO_ERROR_BUSY.
   *
   * From 1 to 1,000,000.
   *
   * Since: 0.1
   */
  properties[PROP_PENDING_CALLS] = g_param_spec_uint ("pending-calls", NULL, NULL, 0, G_MAXUINT, 256, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
qga_limits_init (QgaLimits *self)
{
  self->message_size = 4 * 1024 * 1024;
  self->message_values = 50000;
  self->message_depth = 64;
  self->name_size = 1024;
  self->pending_calls = 256;
}

/**
 * qga_limits_new:
 *
 * Makes limits with all defaults.
 *
 * Returns: (transfer full): the object
 *
 * Since: 0.1
 */
QgaLimits *
qga_limits_new (void)
{
  return g_object_new (QGA_TYPE_LIMITS, NULL);
}

/* The defaults for NULL. */
QgaLimits *
qga_limits_copy (QgaLimits *self)
{
  QgaLimits *copy = qga_limits_new ();

  if (self == NULL)
    return copy;
  copy->message_size = self->message_size;
  copy->message_values = self->message_values;
  copy->message_depth = self->message_depth;
  copy->name_size = self->name_size;
  copy->pending_calls = self->pending_calls;
  return copy;
}

/**
 * qga_limits_get_message_size: (get-property message-size)
 * @self: the object
 *
 * Gets how large one reply may be.
 *
 * Returns: bytes
 *
 * Since: 0.1
 */
guint64
qga_limits_get_message_size (QgaLimits *self)
{
  g_return_val_if_fail (QGA_IS_LIMITS (self), 0);
  return self->message_size;
}

/**
 * qga_limits_set_message_size: (set-property message-size)
 * @self: the object
 * @bytes: bytes
 *
 * Sets how large one reply may be.
 *
 * What is out of range becomes the nearest that is in it: no limit can be
 * switched off.
 *
 * Since: 0.1
 */
void
qga_limits_set_message_size (QgaLimits *self, guint64 bytes)
{
  g_return_if_fail (QGA_IS_LIMITS (self));
  bytes = CLAMP (bytes, 1024, WIRE_MAX_BYTES);
  if (self->message_size == bytes)
    return;
  self->message_size = bytes;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MESSAGE_SIZE]);
}

/**
 * qga_limits_get_message_values: (get-property message-values)
 * @self: the object
 *
 * Gets how many values one reply may have.
 *
 * Returns: how many
 *
 * Since: 0.1
 */
guint
qga_limits_get_message_values (QgaLimits *self)
{
  g_return_val_if_fail (QGA_IS_LIMITS (self), 0);
  return self->message_values;
}

/**
 * qga_limits_set_message_values: (set-property message-values)
 * @self: the object
 * @values: how many
 *
 * Sets how many values one reply may have.
 *
 * What is out of range becomes the nearest that is in it: no limit can be
 * switched off.
 *
 * Since: 0.1
 */
void
qga_limits_set_message_values (QgaLimits *self, guint values)
{
  g_return_if_fail (QGA_IS_LIMITS (self));
  values = CLAMP (values, 64, WIRE_MAX_VALUES);
  if (self->message_values == values)
    return;
  self->message_values = values;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MESSAGE_VALUES]);
}

/**
 * qga_limits_get_message_depth: (get-property message-depth)
 * @self: the object
 *
 * Gets how deep a reply may nest.
 *
 * Returns: levels; the reply itself is one
 *
 * Since: 0.1
 */
guint
qga_limits_get_message_depth (QgaLimits *self)
{
  g_return_val_if_fail (QGA_IS_LIMITS (self), 0);
  return self->message_depth;
}

/**
 * qga_limits_set_message_depth: (set-property message-depth)
 * @self: the object
 * @depth: levels; the reply itself is one
 *
 * Sets how deep a reply may nest.
 *
 * What is out of range becomes the nearest that is in it: no limit can be
 * switched off.
 *
 * Since: 0.1
 */
void
qga_limits_set_message_depth (QgaLimits *self, guint depth)
{
  g_return_if_fail (QGA_IS_LIMITS (self));
  depth = CLAMP (depth, 4, WIRE_MAX_DEPTH);
  if (self->message_depth == depth)
    return;
  self->message_depth = depth;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_MESSAGE_DEPTH]);
}

/**
 * qga_limits_get_name_size: (get-property name-size)
 * @self: the object
 *
 * Gets how long a name may be.
 *
 * Returns: bytes
 *
 * Since: 0.1
 */
guint
qga_limits_get_name_size (QgaLimits *self)
{
  g_return_val_if_fail (QGA_IS_LIMITS (self), 0);
  return self->name_size;
}

/**
 * qga_limits_set_name_size: (set-property name-size)
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
qga_limits_set_name_size (QgaLimits *self, guint bytes)
{
  g_return_if_fail (QGA_IS_LIMITS (self));
  bytes = CLAMP (bytes, 64, WIRE_MAX_KEY);
  if (self->name_size == bytes)
    return;
  self->name_size = bytes;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME_SIZE]);
}

/**
 * qga_limits_get_pending_calls: (get-property pending-calls)
 * @self: the object
 *
 * Gets how many calls may be pending.
 *
 * Returns: calls
 *
 * Since: 0.1
 */
guint
qga_limits_get_pending_calls (QgaLimits *self)
{
  g_return_val_if_fail (QGA_IS_LIMITS (self), 0);
  return self->pending_calls;
}

/**
 * qga_limits_set_pending_calls: (set-property pending-calls)
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
qga_limits_set_pending_calls (QgaLimits *self, guint calls)
{
  g_return_if_fail (QGA_IS_LIMITS (self));
  calls = CLAMP (calls, 1, 1000000);
  if (self->pending_calls == calls)
    return;
  self->pending_calls = calls;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PENDING_CALLS]);
}
