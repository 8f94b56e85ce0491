/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-server-call-private.h"

#include "qmp-request-private.h"
#include "qmp-value-private.h"
#include "wire/wire-node.h"

/**
 * QmpServerCall:
 *
 * A command that a client of a [class@Qmp.Server] wants run.
 *
 * [signal@Qmp.Server::command] hands it out. It is answered exactly once, with
 * one of the `return_…` methods: in the handler, or later, by whoever keeps the
 * call. One that is dropped unanswered is refused, so that its client does not
 * wait for ever. An answer to a client that has gone is dropped.
 *
 * Calls may be read and answered in any thread. What a handler answers leaves when
 * it returns, together with what else is there for the client.
 *
 * Since: 0.1
 */

G_DEFINE_FINAL_TYPE (QmpServerCall, qmp_server_call, G_TYPE_OBJECT)

enum
{
  PROP_COMMAND = 1,
  PROP_OUT_OF_BAND,
  PROP_CLIENT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
qmp_server_call_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QmpServerCall *self = QMP_SERVER_CALL (object);

  switch (id)
    {
    case PROP_COMMAND:
      g_value_set_string (value, self->command);
      break;
    case PROP_OUT_OF_BAND:
      g_value_set_boolean (value, self->out_of_band);
      break;
    case PROP_CLIENT:
      g_value_set_object (value, self->client);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qmp_server_call_dispose (GObject *object)
{
  QmpServerCall *self = QMP_SERVER_CALL (object);

  if (self->handed_out && !qmp_server_call_is_answered (self))
    qmp_server_call_return_error (self, "GenericError", "The server dropped the command without an answer");
  G_OBJECT_CLASS (qmp_server_call_parent_class)->dispose (object);
}

static void
qmp_server_call_finalize (GObject *object)
{
  QmpServerCall *self = QMP_SERVER_CALL (object);

  g_clear_pointer (&self->document, wire_document_unref);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->client);
  g_free (self->command);
  G_OBJECT_CLASS (qmp_server_call_parent_class)->finalize (object);
}

static void
qmp_server_call_class_init (QmpServerCallClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = qmp_server_call_get_property;
  object_class->dispose = qmp_server_call_dispose;
  object_class->finalize = qmp_server_call_finalize;

  /**
   * QmpServerCall:command: (getter get_command)
   *
   * The command's name.
   *
   * Since: 0.1
   */
  properties[PROP_COMMAND] = g_param_spec_string ("command", NULL, NULL, NULL, flags);
  /**
   * QmpServerCall:out-of-band: (getter get_out_of_band)
   *
   * Whether the client wants it to overtake what waits.
   *
   * Since: 0.1
   */
  properties[PROP_OUT_OF_BAND] = g_param_spec_boolean ("out-of-band", NULL, NULL, FALSE, flags);
  /**
   * QmpServerCall:client: (getter get_client)
   *
   * Who wants it run.
   *
   * Since: 0.1
   */
  properties[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, QMP_TYPE_SERVER_CLIENT, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
qmp_server_call_init (QmpServerCall *self)
{
  self->link.data = self;
}

/* Takes the document and the name. */
QmpServerCall *
qmp_server_call_new (QmpServerClient *client, WireDocument *document, char *command)
{
  QmpServerCall *self = g_object_new (QMP_TYPE_SERVER_CALL, NULL);

  self->client = g_object_ref (client);
  self->document = document;
  self->command = command;
  self->size = document->view.length + sizeof (WireValue) * document->view.n_values + sizeof (QmpServerCall);
  return self;
}

/* --- what the client asks ----------------------------------------------------------------- */

/**
 * qmp_server_call_get_command: (get-property command)
 * @self: a call
 *
 * Gets the command's name.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *
qmp_server_call_get_command (QmpServerCall *self)
{
  g_return_val_if_fail (QMP_IS_SERVER_CALL (self), NULL);
  return self->command;
}

/**
 * qmp_server_call_get_out_of_band: (get-property out-of-band)
 * @self: a call
 *
 * Gets whether the client wants it to overtake what waits (`exec-oob`). QEMU
 * allows it for `yank`, `query-yank`, `migrate-pause` and `migrate-recover` only;
 * what a handler allows is its own business.
 *
 * Returns: whether it does
 *
 * Since: 0.1
 */
gboolean
qmp_server_call_get_out_of_band (QmpServerCall *self)
{
  g_return_val_if_fail (QMP_IS_SERVER_CALL (self), FALSE);
  return self->out_of_band;
}

/**
 * qmp_server_call_get_client: (get-property client)
 * @self: a call
 *
 * Gets who wants it run.
 *
 * Returns: (transfer none): the client
 *
 * Since: 0.1
 */
QmpServerClient *
qmp_server_call_get_client (QmpServerCall *self)
{
  g_return_val_if_fail (QMP_IS_SERVER_CALL (self), NULL);
  return self->client;
}

/**
 * qmp_server_call_get_arguments:
 * @self: a call
 *
 * Makes a tree of the arguments. Integers above %G_MAXINT64 keep their bits: read
 * them with [func@Qmp.json_node_get_uint64].
 *
 * Returns: (transfer full): an object; an empty one when there are none
 *
 * Since: 0.1
 */
JsonNode *
qmp_server_call_get_arguments (QmpServerCall *self)
{
  g_return_val_if_fail (QMP_IS_SERVER_CALL (self), NULL);
  return self->arguments != 0 ? wire_node_new (&self->document->view, self->arguments) : wire_node_new_empty ();
}

/**
 * qmp_server_call_get_arguments_json:
 * @self: a call
 *
 * Copies the arguments as JSON text, exactly as the client wrote them.
 *
 * Returns: (transfer full): an object's text; `{}` when there are none
 *
 * Since: 0.1
 */
char *
qmp_server_call_get_arguments_json (QmpServerCall *self)
{
  const char *text;
  gsize length;

  g_return_val_if_fail (QMP_IS_SERVER_CALL (self), NULL);
  if (self->arguments == 0)
    return g_strdup ("{}");
  text = wire_view_get_json (&self->document->view, self->arguments, &length);
  return g_strndup (text, length);
}

/**
 * qmp_server_call_get_arguments_value:
 * @self: a call
 *
 * Finds the arguments, to be read in place.
 *
 * Returns: (transfer full): an object; an empty one when there are none
 *
 * Since: 0.1
 */
QmpValue *
qmp_server_call_get_arguments_value (QmpServerCall *self)
{
  g_return_val_if_fail (QMP_IS_SERVER_CALL (self), NULL);
  if (self->arguments == 0)
    return qmp_value_new_from_json ("{}", NULL);
  return qmp_value_new (wire_document_ref (self->document), self->arguments);
}

/**
 * qmp_server_call_make_request:
 * @self: a call
 *
 * Makes a request of it, for a QEMU that is to run the command: with the same
 * arguments, byte for byte, and out-of-band if the client wants it so. A file
 * descriptor stays where it is.
 *
 * Returns: (transfer full): the request
 *
 * Since: 0.1
 */
QmpRequest *
qmp_server_call_make_request (QmpServerCall *self)
{
  QmpRequest *request;
  const char *text;
  gsize length;

  g_return_val_if_fail (QMP_IS_SERVER_CALL (self), NULL);
  request = qmp_request_new (self->command);
  qmp_request_set_out_of_band (request, self->out_of_band);
  if (self->arguments == 0)
    return request;
  text = wire_view_get_json (&self->document->view, self->arguments, &length);
  qmp_request_set_known_arguments (request, text, length);
  return request;
}

/**
 * qmp_server_call_has_fd:
 * @self: a call
 *
 * Tells whether the client has passed on a file descriptor that no command has
 * taken yet.
 *
 * Returns: whether it has
 *
 * Since: 0.1
 */
gboolean
qmp_server_call_has_fd (QmpServerCall *self)
{
  gboolean has;

  g_return_val_if_fail (QMP_IS_SERVER_CALL (self), FALSE);
  qmp_server_core_lock (self->client->core);
  has = self->client->fds.n > 0;
  qmp_server_core_unlock (self->client->core);
  return has;
}

/**
 * qmp_server_call_steal_fd:
 * @self: a call
 *
 * Takes the file descriptor that the client has passed on, as `getfd` and
 * `add-fd` do.
 *
 * As with QEMU, file descriptors belong to the connection until a command takes
 * the first one: then the others are closed, and so are all of them when the client
 * passes on new ones or goes. So only a command that needs one should take it, and
 * in its handler: by the time of a later answer, it may be another's.
 *
 * Returns: the file descriptor, which is the caller's to close; -1 when there is
 *   none
 *
 * Since: 0.1
 */
int
qmp_server_call_steal_fd (QmpServerCall *self)
{
  int fd;

  g_return_val_if_fail (QMP_IS_SERVER_CALL (self), -1);
  qmp_server_core_lock (self->client->core);
  fd = wire_fds_take_first (&self->client->fds);
  qmp_server_core_unlock (self->client->core);
  return fd;
}

/**
 * qmp_server_call_get_cancellable:
 * @self: a call
 *
 * Gets what is cancelled when the client goes before the call is answered: for
 * what runs to answer it.
 *
 * Returns: (transfer none): a cancellable
 *
 * Since: 0.1
 */
GCancellable *
qmp_server_call_get_cancellable (QmpServerCall *self)
{
  gboolean too_late = FALSE;

  g_return_val_if_fail (QMP_IS_SERVER_CALL (self), NULL);
  qmp_server_core_lock (self->client->core);
  if (self->cancellable == NULL)
    {
      self->cancellable = g_cancellable_new ();
      too_late = !self->answered && self->client->state == QMP_SERVER_CLIENT_STATE_CLOSED;
    }
  qmp_server_core_unlock (self->client->core);
  if (too_late)
    g_cancellable_cancel (self->cancellable);
  return self->cancellable;
}

/**
 * qmp_server_call_is_answered:
 * @self: a call
 *
 * Tells whether it was answered.
 *
 * Returns: whether it was
 *
 * Since: 0.1
 */
gboolean
qmp_server_call_is_answered (QmpServerCall *self)
{
  gboolean answered;

  g_return_val_if_fail (QMP_IS_SERVER_CALL (self), FALSE);
  qmp_server_core_lock (self->client->core);
  answered = self->answered;
  qmp_server_core_unlock (self->client->core);
  return answered;
}
