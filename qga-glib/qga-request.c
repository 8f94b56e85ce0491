/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-request-private.h"

#include <string.h>

#include "wire/wire-arguments.h"
#include "wire/wire-scanner.h"

/**
 * QgaRequest:
 *
 * A command for the guest agent with everything that can be said about it:
 * arguments, a deadline of its own, how large its reply may be, and whether it
 * holds a secret.
 *
 * Run it with [method@Qga.Connection.execute_request_async]. A request may be
 * run many times, also at the same time; it must not be changed in one thread
 * while it is started in another.
 *
 * ```c
 * g_autoptr (QgaRequest) request = qga_request_new ("guest-fstrim");
 *
 * qga_request_set_arguments_json (request, "{\"minimum\": 1048576}", NULL);
 * qga_request_set_timeout (request, 1800 * 1000);
 * ```
 *
 * Since: 0.1
 */
struct _QgaRequest
{
  GObject parent_instance;
  char *command;
  char *arguments;
  gsize arguments_length;
  guint64 reply_size;
  int timeout;
  gboolean sensitive;
  gboolean nameable;  /* the command's name was found good */
};

G_DEFINE_FINAL_TYPE (QgaRequest, qga_request, G_TYPE_OBJECT)

enum
{
  PROP_COMMAND = 1,
  PROP_TIMEOUT,
  PROP_SENSITIVE,
  PROP_REPLY_SIZE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* --- life ----------------------------------------------------------------------- */

static void
forget_arguments (QgaRequest *self)
{
  if (self->arguments != NULL)
    explicit_bzero (self->arguments, self->arguments_length);
  g_clear_pointer (&self->arguments, g_free);
  self->arguments_length = 0;
}

static void
qga_request_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QgaRequest *self = QGA_REQUEST (object);

  switch (id)
    {
    case PROP_COMMAND:
      g_value_set_string (value, self->command);
      break;
    case PROP_TIMEOUT:
      g_value_set_int (value, self->timeout);
      break;
    case PROP_SENSITIVE:
      g_value_set_boolean (value, self->sensitive);
      break;
    case PROP_REPLY_SIZE:
      g_value_set_uint64 (value, self->reply_size);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qga_request_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  QgaRequest *self = QGA_REQUEST (object);

  switch (id)
    {
    case PROP_COMMAND:
      self->command = g_value_dup_string (value);
      break;
    case PROP_TIMEOUT:
      qga_request_set_timeout (self, g_value_get_int (value));
      break;
    case PROP_SENSITIVE:
      qga_request_set_sensitive (self, g_value_get_boolean (value));
      break;
    case PROP_REPLY_SIZE:
      qga_request_set_reply_size (self, g_value_get_uint64 (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qga_request_finalize (GObject *object)
{
  QgaRequest *self = QGA_REQUEST (object);

  forget_arguments (self);
  g_free (self->command);
  G_OBJECT_CLASS (qga_request_parent_class)->finalize (object);
}

static void
qga_request_class_init (QgaRequestClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = qga_request_get_property;
  object_class->set_property = qga_request_set_property;
  object_class->finalize = qga_request_finalize;

  /**
   * QgaRequest:command: (getter get_command)
   *
   * The command's name, as the guest agent knows it.
   *
   * Since: 0.1
   */
  properties[PROP_COMMAND] = g_param_spec_string ("command", NULL, NULL, NULL,
                                                  G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  /**
   * QgaRequest:timeout: (getter get_timeout) (setter set_timeout)
   *
   * How long the call may take, the wait for its turn included. Milliseconds;
   * -1 is the connection's own default,
   * [property@Qga.Connection:default-timeout], and %G_MAXINT is for ever.
   *
   * Since: 0.1
   */
  properties[PROP_TIMEOUT] = g_param_spec_int ("timeout", NULL, NULL, -1, G_MAXINT, -1, flags);
  /**
   * QgaRequest:sensitive: (getter get_sensitive) (setter set_sensitive)
   *
   * Whether the arguments hold a secret. The library then overwrites its own
   * copies of them once they are sent or given up. Copies in the kernel, in
   * QEMU, in the guest and in the caller's hands stay.
   *
   * `guest-set-user-password` and `guest-ssh-add-authorized-keys` are sensitive
   * by themselves, whatever is said here.
   *
   * Since: 0.1
   */
  properties[PROP_SENSITIVE] = g_param_spec_boolean ("sensitive", NULL, NULL, FALSE, flags);
  /**
   * QgaRequest:reply-size: (getter get_reply_size) (setter set_reply_size)
   *
   * How many bytes the reply may have. 0 is what the library knows of the
   * command, and [property@Qga.Limits:message-size] where it knows nothing. At
   * most 1 GiB.
   *
   * Since: 0.1
   */
  properties[PROP_REPLY_SIZE] = g_param_spec_uint64 ("reply-size", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
qga_request_init (QgaRequest *self)
{
  self->timeout = -1;
}

/**
 * qga_request_new:
 * @command: the command's name, such as `guest-get-osinfo`
 *
 * Makes a request without arguments.
 *
 * Returns: (transfer full): the request
 *
 * Since: 0.1
 */
QgaRequest *
qga_request_new (const char *command)
{
  g_return_val_if_fail (command != NULL, NULL);
  return g_object_new (QGA_TYPE_REQUEST, "command", command, NULL);
}

/**
 * qga_request_get_command: (get-property command)
 * @self: a request
 *
 * Gets the command's name.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *
qga_request_get_command (QgaRequest *self)
{
  g_return_val_if_fail (QGA_IS_REQUEST (self), NULL);
  return self->command;
}

/* --- arguments ------------------------------------------------------------------- */

static void
take_arguments (QgaRequest *self, char *text, gsize length)
{
  forget_arguments (self);
  self->arguments = text;
  self->arguments_length = length;
}

/**
 * qga_request_set_arguments:
 * @self: a request
 * @arguments: (nullable): an object, or %NULL for none
 * @error: return location
 *
 * Sets the arguments from a tree, which is copied. Doubles without a fraction
 * are sent as integers, since languages with one kind of number make such of
 * them.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT, naming the path of what cannot be
 * sent; the request then stays as it was.
 *
 * Returns: whether they were set
 *
 * Since: 0.1
 */
gboolean
qga_request_set_arguments (QgaRequest *self, JsonNode *arguments, GError **error)
{
  GError *local_error = NULL;
  char *text;
  gsize length;

  g_return_val_if_fail (QGA_IS_REQUEST (self), FALSE);
  text = wire_write_arguments_node (arguments, &length, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return FALSE;
    }
  take_arguments (self, text, length);
  return TRUE;
}

/**
 * qga_request_set_arguments_json:
 * @self: a request
 * @arguments_json: (nullable): the text of an object, or %NULL for none
 * @error: return location
 *
 * Sets the arguments from JSON text.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT, naming what is wrong and where; the
 * request then stays as it was.
 *
 * Returns: whether they were set
 *
 * Since: 0.1
 */
gboolean
qga_request_set_arguments_json (QgaRequest *self, const char *arguments_json, GError **error)
{
  GError *local_error = NULL;
  char *text;
  gsize length;

  g_return_val_if_fail (QGA_IS_REQUEST (self), FALSE);
  text = wire_write_arguments_json (arguments_json, &length, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, local_error);
      return FALSE;
    }
  take_arguments (self, text, length);
  return TRUE;
}

/**
 * qga_request_get_arguments_json:
 * @self: a request
 *
 * Gets the arguments as they will be sent.
 *
 * Returns: (transfer none) (nullable): the text, or %NULL when there are none
 *
 * Since: 0.1
 */
const char *
qga_request_get_arguments_json (QgaRequest *self)
{
  g_return_val_if_fail (QGA_IS_REQUEST (self), NULL);
  return self->arguments;
}

/* Whether it can be sent at all; a request that is run again is not looked at
 * again. */
gboolean
qga_request_check (QgaRequest *self, GError **error)
{
  if (!self->nameable)
    self->nameable = wire_check_command (self->command, error);
  return self->nameable;
}

void
qga_request_view (QgaRequest *self, QgaRequestView *view)
{
  *view = (QgaRequestView) { self->command, self->arguments, self->arguments_length, self->reply_size,
                             self->timeout, self->sensitive };
}

/* --- how it goes ------------------------------------------------------------------ */

/**
 * qga_request_get_timeout: (get-property timeout)
 * @self: a request
 *
 * Gets how long the call may take.
 *
 * Returns: milliseconds; -1 for the connection's default, %G_MAXINT for none
 *
 * Since: 0.1
 */
int
qga_request_get_timeout (QgaRequest *self)
{
  g_return_val_if_fail (QGA_IS_REQUEST (self), -1);
  return self->timeout;
}

/**
 * qga_request_set_timeout: (set-property timeout)
 * @self: a request
 * @milliseconds: milliseconds; -1 for the connection's default, %G_MAXINT for
 *   none
 *
 * Sets how long the call may take, from its beginning to its reply. Commands wait for
 * their turn, since the guest agent runs one at a time: that counts too.
 *
 * Since: 0.1
 */
void
qga_request_set_timeout (QgaRequest *self, int milliseconds)
{
  g_return_if_fail (QGA_IS_REQUEST (self));
  g_return_if_fail (milliseconds >= -1);
  if (self->timeout == milliseconds)
    return;
  self->timeout = milliseconds;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TIMEOUT]);
}

/**
 * qga_request_get_sensitive: (get-property sensitive)
 * @self: a request
 *
 * Gets whether the arguments hold a secret.
 *
 * Returns: whether they do
 *
 * Since: 0.1
 */
gboolean
qga_request_get_sensitive (QgaRequest *self)
{
  g_return_val_if_fail (QGA_IS_REQUEST (self), FALSE);
  return self->sensitive;
}

/**
 * qga_request_set_sensitive: (set-property sensitive)
 * @self: a request
 * @sensitive: whether they hold a secret
 *
 * Sets whether the arguments hold a secret.
 *
 * Since: 0.1
 */
void
qga_request_set_sensitive (QgaRequest *self, gboolean sensitive)
{
  g_return_if_fail (QGA_IS_REQUEST (self));
  sensitive = !!sensitive;
  if (self->sensitive == sensitive)
    return;
  self->sensitive = sensitive;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SENSITIVE]);
}

/**
 * qga_request_get_reply_size: (get-property reply-size)
 * @self: a request
 *
 * Gets how large the reply may be.
 *
 * Returns: bytes; 0 for what the library knows of the command
 *
 * Since: 0.1
 */
guint64
qga_request_get_reply_size (QgaRequest *self)
{
  g_return_val_if_fail (QGA_IS_REQUEST (self), 0);
  return self->reply_size;
}

/**
 * qga_request_set_reply_size: (set-property reply-size)
 * @self: a request
 * @bytes: bytes; 0 for what the library knows of the command
 *
 * Sets how large the reply may be. What is more than 1 GiB becomes 1 GiB: the
 * limit can be moved for one call, and not switched off.
 *
 * Since: 0.1
 */
void
qga_request_set_reply_size (QgaRequest *self, guint64 bytes)
{
  g_return_if_fail (QGA_IS_REQUEST (self));
  bytes = MIN (bytes, WIRE_MAX_BYTES);
  if (self->reply_size == bytes)
    return;
  self->reply_size = bytes;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REPLY_SIZE]);
}
