/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-request-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "wire/wire-arguments.h"

/**
 * QmpRequest:
 *
 * A command with everything that can be said about it: arguments, a deadline
 * of its own, whether it goes out-of-band, a file descriptor, and whether it
 * holds a secret.
 *
 * Run it with [method@Qmp.Connection.execute_request_async]. A request may be
 * run many times, also at the same time; it must not be changed in one thread
 * while it is started in another.
 *
 * ```c
 * g_autoptr (QmpRequest) request = qmp_request_new ("query-named-block-nodes");
 *
 * qmp_request_set_arguments_json (request, "{\"flat\": true}", NULL);
 * qmp_request_set_timeout (request, 2000);
 * ```
 *
 * Since: 0.1
 */
struct _QmpRequest
{
  GObject parent_instance;
  char *command;
  char *arguments;
  gsize arguments_length;
  int timeout;
  int fd;
  gboolean out_of_band;
  gboolean sensitive;
  gboolean nameable;  /* the command's name was found good */
};

G_DEFINE_FINAL_TYPE (QmpRequest, qmp_request, G_TYPE_OBJECT)

enum
{
  PROP_COMMAND = 1,
  PROP_OUT_OF_BAND,
  PROP_TIMEOUT,
  PROP_SENSITIVE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* --- life ----------------------------------------------------------------------- */

static void
forget_arguments (QmpRequest *self)
{
  if (self->arguments != NULL)
    explicit_bzero (self->arguments, self->arguments_length);
  g_clear_pointer (&self->arguments, g_free);
  self->arguments_length = 0;
}

static void
qmp_request_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QmpRequest *self = QMP_REQUEST (object);

  switch (id)
    {
    case PROP_COMMAND:
      g_value_set_string (value, self->command);
      break;
    case PROP_OUT_OF_BAND:
      g_value_set_boolean (value, self->out_of_band);
      break;
    case PROP_TIMEOUT:
      g_value_set_int (value, self->timeout);
      break;
    case PROP_SENSITIVE:
      g_value_set_boolean (value, self->sensitive);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qmp_request_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  QmpRequest *self = QMP_REQUEST (object);

  switch (id)
    {
    case PROP_COMMAND:
      self->command = g_value_dup_string (value);
      break;
    case PROP_OUT_OF_BAND:
      qmp_request_set_out_of_band (self, g_value_get_boolean (value));
      break;
    case PROP_TIMEOUT:
      qmp_request_set_timeout (self, g_value_get_int (value));
      break;
    case PROP_SENSITIVE:
      qmp_request_set_sensitive (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qmp_request_finalize (GObject *object)
{
  QmpRequest *self = QMP_REQUEST (object);

  forget_arguments (self);
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->command);
  G_OBJECT_CLASS (qmp_request_parent_class)->finalize (object);
}

static void
qmp_request_class_init (QmpRequestClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = qmp_request_get_property;
  object_class->set_property = qmp_request_set_property;
  object_class->finalize = qmp_request_finalize;

  /**
   * QmpRequest:command: (getter get_command)
   *
   * The command's name, as QEMU writes it.
   *
   * Since: 0.1
   */
  properties[PROP_COMMAND] = g_param_spec_string ("command", NULL, NULL, NULL,
                                                  G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  /**
   * QmpRequest:out-of-band: (getter get_out_of_band) (setter set_out_of_band)
   *
   * Whether the command overtakes those that wait. QEMU allows it for a few
   * only: `yank`, `migrate-recover`, `migrate-pause` and the like.
   *
   * Since: 0.1
   */
  properties[PROP_OUT_OF_BAND] = g_param_spec_boolean ("out-of-band", NULL, NULL, FALSE, flags);
  /**
   * QmpRequest:timeout: (getter get_timeout) (setter set_timeout)
   *
   * How long the call may take. Milliseconds; -1 is the connection's own
   * default, %G_MAXINT is for ever.
   *
   * Since: 0.1
   */
  properties[PROP_TIMEOUT] = g_param_spec_int ("timeout", NULL, NULL, -1, G_MAXINT, -1, flags);
  /**
   * QmpRequest:sensitive: (getter get_sensitive) (setter set_sensitive)
   *
   * Whether the arguments hold a secret. The library then overwrites its own
   * copies of them once they are sent or given up. Copies in the kernel, in
   * QEMU and in the caller's hands stay.
   *
   * Since: 0.1
   */
  properties[PROP_SENSITIVE] = g_param_spec_boolean ("sensitive", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
qmp_request_init (QmpRequest *self)
{
  self->timeout = -1;
  self->fd = -1;
}

/**
 * qmp_request_new:
 * @command: the command's name, such as `query-status`
 *
 * Makes a request without arguments.
 *
 * Returns: (transfer full): the request
 *
 * Since: 0.1
 */
QmpRequest *
qmp_request_new (const char *command)
{
  g_return_val_if_fail (command != NULL, NULL);
  return g_object_new (QMP_TYPE_REQUEST, "command", command, NULL);
}

/**
 * qmp_request_get_command: (get-property command)
 * @self: a request
 *
 * Gets the command's name.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *
qmp_request_get_command (QmpRequest *self)
{
  g_return_val_if_fail (QMP_IS_REQUEST (self), NULL);
  return self->command;
}

/* --- arguments ------------------------------------------------------------------- */

static void
take_arguments (QmpRequest *self, char *text, gsize length)
{
  forget_arguments (self);
  self->arguments = text;
  self->arguments_length = length;
}

/* The text of an object that was judged already. */
void
qmp_request_set_known_arguments (QmpRequest *self, const char *text, gsize length)
{
  take_arguments (self, g_strndup (text, length), length);
}

/**
 * qmp_request_set_arguments:
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
qmp_request_set_arguments (QmpRequest *self, JsonNode *arguments, GError **error)
{
  GError *local_error = NULL;
  char *text;
  gsize length;

  g_return_val_if_fail (QMP_IS_REQUEST (self), FALSE);
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
 * qmp_request_set_arguments_json:
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
qmp_request_set_arguments_json (QmpRequest *self, const char *arguments_json, GError **error)
{
  GError *local_error = NULL;
  char *text;
  gsize length;

  g_return_val_if_fail (QMP_IS_REQUEST (self), FALSE);
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
 * qmp_request_set_arguments_struct:
 * @self: a request
 * @arguments: (nullable): typed arguments, or %NULL for none
 * @error: return location
 *
 * Sets the arguments from what a typed call would take. What is set in
 * @arguments afterwards does not count.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT when @arguments is an alternate that
 * is no object; the request then stays as it was.
 *
 * Returns: whether they were set
 *
 * Since: 0.1
 */
gboolean
qmp_request_set_arguments_struct (QmpRequest *self, QmpStruct *arguments, GError **error)
{
  g_autofree char *json = NULL;

  g_return_val_if_fail (QMP_IS_REQUEST (self), FALSE);
  g_return_val_if_fail (arguments == NULL || QMP_IS_STRUCT (arguments), FALSE);
  json = arguments != NULL ? qmp_struct_to_json (arguments) : NULL;
  return qmp_request_set_arguments_json (self, json, error);
}

/**
 * qmp_request_get_arguments_json:
 * @self: a request
 *
 * Gets the arguments as they will be sent.
 *
 * Returns: (transfer none) (nullable): the text, or %NULL when there are none
 *
 * Since: 0.1
 */
const char *
qmp_request_get_arguments_json (QmpRequest *self)
{
  g_return_val_if_fail (QMP_IS_REQUEST (self), NULL);
  return self->arguments;
}

/* Whether it can be sent at all; a request that is run again is not looked at
 * again. */
gboolean
qmp_request_check (QmpRequest *self, GError **error)
{
  if (!self->nameable)
    self->nameable = wire_check_command (self->command, error);
  return self->nameable;
}

void
qmp_request_view (QmpRequest *self, QmpRequestView *view)
{
  *view = (QmpRequestView) { self->command, self->arguments, self->arguments_length, self->timeout,
                             self->fd, self->out_of_band, self->sensitive };
}

/* --- how it goes ------------------------------------------------------------------ */

/**
 * qmp_request_get_out_of_band: (get-property out-of-band)
 * @self: a request
 *
 * Gets whether the command overtakes those that wait.
 *
 * Returns: whether it does
 *
 * Since: 0.1
 */
gboolean
qmp_request_get_out_of_band (QmpRequest *self)
{
  g_return_val_if_fail (QMP_IS_REQUEST (self), FALSE);
  return self->out_of_band;
}

/**
 * qmp_request_set_out_of_band: (set-property out-of-band)
 * @self: a request
 * @out_of_band: whether it overtakes
 *
 * Sets whether the command overtakes those that wait. On a connection whose
 * QEMU does not offer it, such a call fails with %G_IO_ERROR_NOT_SUPPORTED.
 *
 * Since: 0.1
 */
void
qmp_request_set_out_of_band (QmpRequest *self, gboolean out_of_band)
{
  g_return_if_fail (QMP_IS_REQUEST (self));
  out_of_band = !!out_of_band;
  if (self->out_of_band == out_of_band)
    return;
  self->out_of_band = out_of_band;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OUT_OF_BAND]);
}

/**
 * qmp_request_get_timeout: (get-property timeout)
 * @self: a request
 *
 * Gets how long the call may take.
 *
 * Returns: milliseconds; -1 for the connection's default, %G_MAXINT for none
 *
 * Since: 0.1
 */
int
qmp_request_get_timeout (QmpRequest *self)
{
  g_return_val_if_fail (QMP_IS_REQUEST (self), -1);
  return self->timeout;
}

/**
 * qmp_request_set_timeout: (set-property timeout)
 * @self: a request
 * @milliseconds: milliseconds; -1 for the connection's default, %G_MAXINT for
 *   none
 *
 * Sets how long the call may take, from its beginning to its reply.
 *
 * Since: 0.1
 */
void
qmp_request_set_timeout (QmpRequest *self, int milliseconds)
{
  g_return_if_fail (QMP_IS_REQUEST (self));
  g_return_if_fail (milliseconds >= -1);
  if (self->timeout == milliseconds)
    return;
  self->timeout = milliseconds;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TIMEOUT]);
}

/**
 * qmp_request_get_sensitive: (get-property sensitive)
 * @self: a request
 *
 * Gets whether the arguments hold a secret.
 *
 * Returns: whether they do
 *
 * Since: 0.1
 */
gboolean
qmp_request_get_sensitive (QmpRequest *self)
{
  g_return_val_if_fail (QMP_IS_REQUEST (self), FALSE);
  return self->sensitive;
}

/**
 * qmp_request_set_sensitive: (set-property sensitive)
 * @self: a request
 * @sensitive: whether they hold a secret
 *
 * Sets whether the arguments hold a secret.
 *
 * Since: 0.1
 */
void
qmp_request_set_sensitive (QmpRequest *self, gboolean sensitive)
{
  g_return_if_fail (QMP_IS_REQUEST (self));
  sensitive = !!sensitive;
  if (self->sensitive == sensitive)
    return;
  self->sensitive = sensitive;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SENSITIVE]);
}

static int
dup_fd (int fd, GError **error)
{
  int copy = fcntl (fd, F_DUPFD_CLOEXEC, 3);
  int code = errno;

  if (copy < 0)
    g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (code), "File descriptor %d cannot be duplicated: %s",
                 fd, g_strerror (code));
  return copy;
}

/**
 * qmp_request_set_fd:
 * @self: a request
 * @fd: a file descriptor, or -1 for none
 * @error: return location
 *
 * Sets the file descriptor that travels with the command, for `getfd` and
 * `add-fd`. It is duplicated at once; the caller keeps theirs. Only a
 * connection over a unix socket can send it; elsewhere the call fails with
 * %G_IO_ERROR_NOT_SUPPORTED.
 *
 * Fails with a code of [error@Gio.IOErrorEnum] when @fd cannot be duplicated.
 *
 * Returns: whether it was set
 *
 * Since: 0.1
 */
gboolean
qmp_request_set_fd (QmpRequest *self, int fd, GError **error)
{
  int copy = -1;

  g_return_val_if_fail (QMP_IS_REQUEST (self), FALSE);
  if (fd >= 0)
    {
      copy = dup_fd (fd, error);
      if (copy < 0)
        return FALSE;
    }
  if (self->fd >= 0)
    close (self->fd);
  self->fd = copy;
  return TRUE;
}

/**
 * qmp_request_has_fd:
 * @self: a request
 *
 * Tells whether a file descriptor travels with the command.
 *
 * Returns: whether one does
 *
 * Since: 0.1
 */
gboolean
qmp_request_has_fd (QmpRequest *self)
{
  g_return_val_if_fail (QMP_IS_REQUEST (self), FALSE);
  return self->fd >= 0;
}

int
qmp_request_dup_fd (QmpRequest *self, GError **error)
{
  return dup_fd (self->fd, error);
}
