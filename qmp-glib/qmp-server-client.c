/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-server-client-private.h"

#include <gio/gunixconnection.h>

#include "qmp-enum-types.h"
#include "qmp-error.h"
#include "qmp-server-call-private.h"

/**
 * QmpServerClient:
 *
 * Somebody who is connected to a [class@Qmp.Server].
 *
 * A client comes with [signal@Qmp.Server::client-added] and goes with
 * [signal@Qmp.Server::client-removed]. Its methods may be called in any thread,
 * and do nothing once it has gone.
 *
 * Since: 0.1
 */

G_DEFINE_FINAL_TYPE (QmpServerClient, qmp_server_client, G_TYPE_OBJECT)

enum
{
  PROP_ID = 1,
  PROP_STATE,
  PROP_OUT_OF_BAND,
  PROP_CREDENTIALS,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
qmp_server_client_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QmpServerClient *self = QMP_SERVER_CLIENT (object);

  switch (id)
    {
    case PROP_ID:
      g_value_set_uint64 (value, self->id);
      break;
    case PROP_STATE:
      g_value_set_enum (value, qmp_server_client_get_state (self));
      break;
    case PROP_OUT_OF_BAND:
      g_value_set_boolean (value, qmp_server_client_get_out_of_band (self));
      break;
    case PROP_CREDENTIALS:
      g_value_set_object (value, self->credentials);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qmp_server_client_finalize (GObject *object)
{
  QmpServerClient *self = QMP_SERVER_CLIENT (object);

  wire_transport_clear (&self->transport);
  wire_reader_clear (&self->reader);
  wire_out_clear (&self->out);
  wire_fds_clear (&self->fds);
  g_clear_error (&self->reason);
  g_clear_object (&self->credentials);
  g_clear_pointer (&self->core, qmp_server_core_unref);
  G_OBJECT_CLASS (qmp_server_client_parent_class)->finalize (object);
}

static void
qmp_server_client_class_init (QmpServerClientClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = qmp_server_client_get_property;
  object_class->finalize = qmp_server_client_finalize;

  /**
   * QmpServerClient:id: (getter get_id)
   *
   * Its number: 1 for the first client of a server, and no two have the same.
   *
   * Since: 0.1
   */
  properties[PROP_ID] = g_param_spec_uint64 ("id", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  /**
   * QmpServerClient:state: (getter get_state)
   *
   * Where it is in its life. When it changes to ready, an event reaches the client
   * as the first; its change to closed is notified right before
   * [signal@Qmp.Server::client-removed].
   *
   * Since: 0.1
   */
  properties[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, QMP_TYPE_SERVER_CLIENT_STATE,
                                              QMP_SERVER_CLIENT_STATE_NEGOTIATING, flags);
  /**
   * QmpServerClient:out-of-band: (getter get_out_of_band)
   *
   * Whether it negotiated out-of-band commands.
   *
   * Since: 0.1
   */
  properties[PROP_OUT_OF_BAND] = g_param_spec_boolean ("out-of-band", NULL, NULL, FALSE, flags);
  /**
   * QmpServerClient:credentials: (getter get_credentials)
   *
   * Whose process it is, as the kernel says.
   *
   * Since: 0.1
   */
  properties[PROP_CREDENTIALS] = g_param_spec_object ("credentials", NULL, NULL, G_TYPE_CREDENTIALS, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
qmp_server_client_init (QmpServerClient *self)
{
  self->transport.fd = self->transport.out_fd = -1;
}

QmpServerClient *
qmp_server_client_new (QmpServerCore *core, GIOStream *stream, GError **error)
{
  g_autoptr (QmpServerClient) self = g_object_new (QMP_TYPE_SERVER_CLIENT, NULL);
  WireLimits limits = {
    qmp_limits_get_message_size (core->limits), qmp_limits_get_message_values (core->limits),
    qmp_limits_get_message_depth (core->limits), qmp_limits_get_name_size (core->limits),
  };

  self->core = qmp_server_core_ref (core);
  wire_reader_init (&self->reader, &limits);
  self->max_held = limits.max_bytes;
  self->max_out_of_band = qmp_limits_get_pending_calls (core->limits);
  if (!wire_transport_init (&self->transport, stream, error))
    return NULL;
  if (G_IS_UNIX_CONNECTION (stream))
    self->credentials = g_socket_get_credentials (g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream)), NULL);
  return g_steal_pointer (&self);
}

/* --- the end, with the lock held -------------------------------------------------------- */

/**
 * qmp_server_client_end:
 * @reason: (transfer full) (nullable): %NULL when somebody wanted it
 *
 * The first reason counts. What was written before still leaves, as far as the
 * client has room; the rest is the source's.
 */
void
qmp_server_client_end (QmpServerClient *self, GError *reason)
{
  if (self->ending)
    {
      g_clear_error (&reason);
      return;
    }
  if (reason == NULL)
    wire_out_flush (&self->out, &self->transport, NULL);
  self->ending = TRUE;
  self->reason = reason;
  wire_transport_shut_down (&self->transport);
  qmp_server_line_wake (self);
}

/* A client that does not read may not make us keep everything for it. One
 * message is always taken, however large. */
void
qmp_server_client_check_unread (QmpServerClient *self, gsize before)
{
  if (before > 0 && self->out.waiting > self->core->unread_size)
    qmp_server_client_end (self, g_error_new (QMP_ERROR, QMP_ERROR_TOO_LARGE,
                                              "The client does not read what it is sent: %" G_GSIZE_FORMAT " bytes wait",
                                              self->out.waiting));
}

/* Returns what is left to be let go of without the lock: cancellables, and calls
 * that nobody has seen. */
GPtrArray *
qmp_server_client_clear (QmpServerClient *self)
{
  GPtrArray *left;
  QmpServerCall *call;

  if (self->state == QMP_SERVER_CLIENT_STATE_CLOSED)
    return NULL;
  self->state = QMP_SERVER_CLIENT_STATE_CLOSED;
  left = g_ptr_array_new_with_free_func (g_object_unref);
  for (GList *link = self->running.head; link != NULL; link = link->next)
    if (((QmpServerCall *) link->data)->cancellable != NULL)
      g_ptr_array_add (left, g_object_ref (((QmpServerCall *) link->data)->cancellable));
  while ((call = g_queue_pop_head (&self->waiting)) != NULL)
    g_ptr_array_add (left, call);
  qmp_server_line_stop (self);
  wire_transport_clear (&self->transport);
  wire_reader_clear (&self->reader);
  wire_out_clear (&self->out);
  wire_fds_clear (&self->fds);
  if (g_ptr_array_remove (self->core->clients, self))
    qmp_server_watch_doors (self->core);
  return left;
}

void
qmp_server_client_notify_state (QmpServerClient *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

void
qmp_server_client_finish_clearing (QmpServerClient *self, GPtrArray *left)
{
  if (left == NULL)
    return;
  for (guint i = 0; i < left->len; i++)
    if (G_IS_CANCELLABLE (left->pdata[i]))
      g_cancellable_cancel (left->pdata[i]);
  g_ptr_array_unref (left);
  qmp_server_client_notify_state (self);
}

/* --- answers, with the lock held ----------------------------------------------------------- */

static void
finish_call (QmpServerClient *self, QmpServerCall *call)
{
  call->answered = TRUE;
  if (!call->running)
    return;
  call->running = FALSE;
  g_queue_unlink (&self->running, &call->link);
  self->held -= call->size;
  if (call->out_of_band)
    self->n_out_of_band--;
  else
    self->n_in_band--;
}

/**
 * qmp_server_client_answer:
 * @text: a value: the result; or the object that stands behind “error”
 * @check: whether the text is still to be judged
 *
 * Returns: %FALSE when the text cannot be sent; the call is not answered then
 */
gboolean
qmp_server_client_answer (QmpServerClient *self, QmpServerCall *call, const char *text, gsize length, gboolean is_error,
                          gboolean check, GError **error)
{
  QmpServerPart before_id = QMP_SERVER_PART (", \"id\": ");
  QmpServerPart id = { "", 0 };
  QmpServerPart end = QMP_SERVER_PART ("}");
  gsize before = self->out.waiting;
  gboolean put;

  if (self->ending)
    {
      finish_call (self, call);
      return TRUE;
    }
  if (call->id != 0)
    id.text = wire_view_get_json (&call->document->view, call->id, &id.length);
  else
    before_id.length = 0;
  if (is_error)
    {
      QmpServerPart parts[] = { QMP_SERVER_PART ("{"), { "\"id\": ", id.length > 0 ? 6 : 0 }, id, { ", ", id.length > 0 ? 2 : 0 },
                                QMP_SERVER_PART ("\"error\": "), { text, length }, end };

      put = qmp_server_put (self->core, &self->out, parts, G_N_ELEMENTS (parts), 5, check ? 1 + (id.length > 0) : 0, error);
    }
  else
    {
      QmpServerPart parts[] = { QMP_SERVER_PART ("{\"return\": "), { text, length }, before_id, id, end };

      put = qmp_server_put (self->core, &self->out, parts, G_N_ELEMENTS (parts), 1, check ? 1 + (id.length > 0) : 0, error);
    }
  if (!put)
    return FALSE;
  finish_call (self, call);
  qmp_server_client_check_unread (self, before);
  qmp_server_line_go_on (self);
  return TRUE;
}

/* --- for users ------------------------------------------------------------------------------- */

/**
 * qmp_server_client_get_id: (get-property id)
 * @self: a client
 *
 * Gets its number among the clients of its server, from 1.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint64
qmp_server_client_get_id (QmpServerClient *self)
{
  g_return_val_if_fail (QMP_IS_SERVER_CLIENT (self), 0);
  return self->id;
}

/**
 * qmp_server_client_get_state: (get-property state)
 * @self: a client
 *
 * Gets where it is in its life.
 *
 * Returns: the state
 *
 * Since: 0.1
 */
QmpServerClientState
qmp_server_client_get_state (QmpServerClient *self)
{
  QmpServerClientState state;

  g_return_val_if_fail (QMP_IS_SERVER_CLIENT (self), QMP_SERVER_CLIENT_STATE_CLOSED);
  qmp_server_core_lock (self->core);
  state = self->ending ? QMP_SERVER_CLIENT_STATE_CLOSED : self->state;
  qmp_server_core_unlock (self->core);
  return state;
}

/**
 * qmp_server_client_get_out_of_band: (get-property out-of-band)
 * @self: a client
 *
 * Gets whether it negotiated out-of-band commands.
 *
 * Returns: whether it did
 *
 * Since: 0.1
 */
gboolean
qmp_server_client_get_out_of_band (QmpServerClient *self)
{
  gboolean out_of_band;

  g_return_val_if_fail (QMP_IS_SERVER_CLIENT (self), FALSE);
  qmp_server_core_lock (self->core);
  out_of_band = self->out_of_band;
  qmp_server_core_unlock (self->core);
  return out_of_band;
}

/**
 * qmp_server_client_get_credentials: (get-property credentials)
 * @self: a client
 *
 * Gets whose process it is.
 *
 * Returns: (transfer none) (nullable): user and process, as the kernel says; or
 *   %NULL where it does not, as over TCP
 *
 * Since: 0.1
 */
GCredentials *
qmp_server_client_get_credentials (QmpServerClient *self)
{
  g_return_val_if_fail (QMP_IS_SERVER_CLIENT (self), NULL);
  return self->credentials;
}

/**
 * qmp_server_client_close:
 * @self: a client
 *
 * Sends it away, as a QEMU that ends does. What it was sent before still reaches
 * it, as far as it has room; [signal@Qmp.Server::client-removed] follows, without
 * an error.
 *
 * Since: 0.1
 */
void
qmp_server_client_close (QmpServerClient *self)
{
  g_return_if_fail (QMP_IS_SERVER_CLIENT (self));
  qmp_server_core_lock (self->core);
  qmp_server_client_end (self, NULL);
  qmp_server_core_unlock (self->core);
}
