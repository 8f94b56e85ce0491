/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-listener.h"

#include "qmp-connection-private.h"
#include "qmp-open-options-private.h"
#include "wire/wire-listen.h"

/**
 * QmpListener:
 *
 * Waits for a QEMU that dials us: one that is started with
 * `-chardev socket,id=qmp,path=PATH -mon chardev=qmp,mode=control`, without
 * `server=on`.
 *
 * So a program that starts QEMU need not guess when its monitor listens. For a
 * QEMU that one starts oneself [func@Qmp.Connection.create_socket_pair] is
 * better still.
 *
 * A unix socket is for its owner's processes alone: nobody else may connect. It
 * is removed with the listener.
 *
 * Since: 0.1
 */
struct _QmpListener
{
  GObject parent_instance;
  GSocketListener *listener;
  WireListen *listen;  /* NULL once closed */
  char *address;
};

G_DEFINE_FINAL_TYPE (QmpListener, qmp_listener, G_TYPE_OBJECT)

enum
{
  PROP_ADDRESS = 1,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
qmp_listener_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_ADDRESS)
    g_value_set_string (value, QMP_LISTENER (object)->address);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
qmp_listener_finalize (GObject *object)
{
  QmpListener *self = QMP_LISTENER (object);

  qmp_listener_close (self);
  g_clear_object (&self->listener);
  g_free (self->address);
  G_OBJECT_CLASS (qmp_listener_parent_class)->finalize (object);
}

static void
qmp_listener_class_init (QmpListenerClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = qmp_listener_get_property;
  object_class->finalize = qmp_listener_finalize;

  /**
   * QmpListener:address: (getter get_address)
   *
   * Where it listens; with the port that was found when port 0 was asked for.
   *
   * Since: 0.1
   */
  properties[PROP_ADDRESS] = g_param_spec_string ("address", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
qmp_listener_init (QmpListener *self)
{
  self->listener = g_socket_listener_new ();
}

/* --- listening ----------------------------------------------------------------------------- */

/**
 * qmp_listener_new:
 * @address: where to listen: `/path`, `unix:/path`, or `tcp:IP:port` (port 0
 *   finds a free one)
 * @error: return location
 *
 * Begins to listen. Nothing must be at a unix socket's path yet.
 *
 * Anybody who reaches a TCP port reaches the monitor's place: there is no
 * check of who dials.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT or %G_IO_ERROR_FILENAME_TOO_LONG when
 * the address is wrong, with %G_IO_ERROR_NOT_SUPPORTED for other kinds of
 * address, with %G_IO_ERROR_ADDRESS_IN_USE when the address is taken, and with
 * other codes of [error@Gio.IOErrorEnum] from the system.
 *
 * Returns: (transfer full): a listener
 *
 * Since: 0.1
 */
QmpListener *
qmp_listener_new (const char *address, GError **error)
{
  g_autoptr (QmpListener) self = NULL;
  g_autoptr (WireListen) listen = NULL;

  g_return_val_if_fail (address != NULL, NULL);
  listen = wire_listen_new (address, error);
  if (listen == NULL)
    return NULL;
  self = g_object_new (QMP_TYPE_LISTENER, NULL);
  if (!g_socket_listener_add_socket (self->listener, wire_listen_get_socket (listen), NULL, error))
    return NULL;
  self->address = g_strdup (wire_listen_get_address (listen));
  self->listen = g_steal_pointer (&listen);
  return g_steal_pointer (&self);
}

/**
 * qmp_listener_get_address: (get-property address)
 * @self: a listener
 *
 * Gets where it listens.
 *
 * Returns: (transfer none): the address
 *
 * Since: 0.1
 */
const char *
qmp_listener_get_address (QmpListener *self)
{
  g_return_val_if_fail (QMP_IS_LISTENER (self), NULL);
  return self->address;
}

/**
 * qmp_listener_close:
 * @self: a listener
 *
 * Stops listening and removes the unix socket, if it is still the one that was
 * made. A call that waits fails. Connections that were accepted stay open.
 *
 * Since: 0.1
 */
void
qmp_listener_close (QmpListener *self)
{
  g_return_if_fail (QMP_IS_LISTENER (self));
  g_socket_listener_close (self->listener);
  g_clear_pointer (&self->listen, wire_listen_free);
}

/* --- accepting ---------------------------------------------------------------------------------- */

/* Until QEMU dials. */
typedef struct
{
  GCancellable *inner;  /* ends the wait, for the caller or the deadline */
  GSource *timer;
  gulong cancel_id;
  gboolean timed_out;
} Waiting;

static void
free_waiting (Waiting *waiting)
{
  g_source_unref (waiting->timer);
  g_object_unref (waiting->inner);
  g_free (waiting);
}

static void
on_accepted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Waiting *waiting = g_task_get_task_data (task);
  GError *error = NULL;
  GSocketConnection *stream = g_socket_listener_accept_finish (G_SOCKET_LISTENER (source), result, NULL, &error);

  g_source_destroy (waiting->timer);
  if (waiting->cancel_id != 0)
    g_signal_handler_disconnect (g_task_get_cancellable (task), waiting->cancel_id);
  if (stream != NULL)
    {
      g_task_return_pointer (task, stream, g_object_unref);
      return;
    }
  if (waiting->timed_out)
    {
      g_clear_error (&error);
      error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "No QEMU dialled in time");
    }
  g_task_return_error (task, error);
}

static gboolean
on_deadline (gpointer data)
{
  Waiting *waiting = g_task_get_task_data (data);

  waiting->timed_out = TRUE;
  g_cancellable_cancel (waiting->inner);
  return G_SOURCE_REMOVE;
}

static gboolean
cancel_now (gpointer inner)
{
  g_cancellable_cancel (inner);
  return G_SOURCE_REMOVE;
}

/* A cancel comes in any thread; the wait ends in its own. */
static void
on_cancelled (GCancellable *cancellable, gpointer task)
{
  Waiting *waiting = g_task_get_task_data (task);
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, cancel_now, g_object_ref (waiting->inner), g_object_unref);
  g_source_attach (source, g_task_get_context (task));
}

static void
wait_async (QmpListener *self, gint64 deadline, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (self, cancellable, callback, data);
  Waiting *waiting = g_new0 (Waiting, 1);

  g_task_set_source_tag (task, wait_async);
  g_task_set_check_cancellable (task, FALSE);
  waiting->inner = g_cancellable_new ();
  waiting->timer = g_timeout_source_new (0);
  g_source_set_ready_time (waiting->timer, deadline == G_MAXINT64 ? -1 : deadline);
  g_task_set_task_data (task, waiting, (GDestroyNotify) free_waiting);
  g_task_attach_source (task, waiting->timer, on_deadline);
  if (cancellable != NULL)
    waiting->cancel_id = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), g_object_ref (task), g_object_unref);
  g_socket_listener_accept_async (self->listener, waiting->inner, on_accepted, task);
}

static GSocketConnection *
wait_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

/* In a context of its own, so nothing else is dispatched meanwhile. */
static GSocketConnection *
wait_for_stream (QmpListener *self, gint64 deadline, GCancellable *cancellable, GError **error)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GAsyncResult) result = NULL;

  g_main_context_push_thread_default (context);
  wait_async (self, deadline, cancellable, keep_result, &result);
  while (result == NULL)
    g_main_context_iteration (context, TRUE);
  g_main_context_pop_thread_default (context);
  return wait_finish (result, error);
}

/* Waiting counts against the same deadline as the negotiation after it. */
typedef struct
{
  QmpOpenOptions *options;
  gint64 deadline;
} Accepting;

static void
free_accepting (Accepting *accepting)
{
  g_clear_object (&accepting->options);
  g_free (accepting);
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  QmpConnection *connection = qmp_connection_open_stream_finish (result, &error);

  if (connection != NULL)
    g_task_return_pointer (task, connection, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
on_dialled (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Accepting *accepting = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GSocketConnection) stream = wait_finish (result, &error);

  if (stream == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  qmp_connection_open_stream_until_async (G_IO_STREAM (stream), accepting->options, accepting->deadline,
                                          g_task_get_cancellable (task), on_opened, g_object_ref (task));
}

/**
 * qmp_listener_accept_async:
 * @self: a listener
 * @options: (nullable): how to open the connection, or %NULL for the defaults
 * @cancellable: (nullable): gives up
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Waits until a QEMU dials, and opens a connection to it.
 *
 * Since: 0.1
 */
void
qmp_listener_accept_async (QmpListener *self, QmpOpenOptions *options, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  Accepting *accepting;
  GTask *task;

  g_return_if_fail (QMP_IS_LISTENER (self));
  g_return_if_fail (options == NULL || QMP_IS_OPEN_OPTIONS (options));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, qmp_listener_accept_async);
  g_task_set_check_cancellable (task, FALSE);
  accepting = g_new0 (Accepting, 1);
  g_set_object (&accepting->options, options);
  accepting->deadline = qmp_open_options_begin (options);
  g_task_set_task_data (task, accepting, (GDestroyNotify) free_accepting);
  wait_async (self, accepting->deadline, cancellable, on_dialled, task);
}

/**
 * qmp_listener_accept_finish:
 * @self: a listener
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Listener.accept_async] began.
 *
 * Fails with %G_IO_ERROR_TIMED_OUT when nobody dialled in time, with
 * %G_IO_ERROR_CLOSED when the listener was closed, and as
 * [func@Qmp.Connection.open_finish] does.
 *
 * Returns: (transfer full): the connection
 *
 * Since: 0.1
 */
QmpConnection *
qmp_listener_accept_finish (QmpListener *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_LISTENER (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == qmp_listener_accept_async, NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * qmp_listener_accept:
 * @self: a listener
 * @options: (nullable): how to open the connection, or %NULL for the defaults
 * @cancellable: (nullable): gives up
 * @error: return location
 *
 * Blocks until a QEMU dials, and opens a connection to it.
 *
 * Fails as [method@Qmp.Listener.accept_finish] does.
 *
 * Returns: (transfer full): the connection
 *
 * Since: 0.1
 */
QmpConnection *
qmp_listener_accept (QmpListener *self, QmpOpenOptions *options, GCancellable *cancellable, GError **error)
{
  g_autoptr (GSocketConnection) stream = NULL;
  gint64 deadline;

  g_return_val_if_fail (QMP_IS_LISTENER (self), NULL);
  g_return_val_if_fail (options == NULL || QMP_IS_OPEN_OPTIONS (options), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  deadline = qmp_open_options_begin (options);
  stream = wait_for_stream (self, deadline, cancellable, error);
  if (stream == NULL)
    return NULL;
  return qmp_connection_open_stream_until (G_IO_STREAM (stream), options, deadline, cancellable, error);
}
