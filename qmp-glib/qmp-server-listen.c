/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-server-client-private.h"

#include "qmp-connection.h"
#include "wire/wire-dialer.h"

/* How clients come: through sockets that are listened on, or as streams. */

/* When the system has no more descriptors, or the like. */
#define PATIENCE_MS 100

struct _QmpServerDoor
{
  WireListen *listen;
  GSource *source;      /* NULL while nobody is let in */
};

/* --- streams -------------------------------------------------------------------------------- */

/**
 * qmp_server_admit:
 *
 * Without the lock; the core may be one whose server has gone.
 *
 * Returns: (transfer full): the client, which is greeted
 */
QmpServerClient *
qmp_server_admit (QmpServerCore *core, GIOStream *stream, GError **error)
{
  g_autoptr (QmpServerClient) client = NULL;

  qmp_server_core_lock (core);
  if (core->gone || core->clients->len >= core->max_clients)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "The server has as many clients as it may have");
  else
    client = qmp_server_client_new (core, stream, error);
  if (client != NULL)
    {
      client->id = ++core->last_id;
      g_ptr_array_add (core->clients, g_object_ref (client));
      qmp_server_line_begin (client);
      qmp_server_watch_doors (core);
    }
  qmp_server_core_unlock (core);
  return g_steal_pointer (&client);
}

/**
 * qmp_server_add_stream:
 * @self: a server
 * @stream: a stream that leads to a client: a socket, TLS over a socket, or a
 *   pair of pipes
 * @error: return location
 *
 * Serves a client over a stream, which the server takes over: nobody else may
 * read, write or close it any more. The client is greeted at once;
 * [signal@Qmp.Server::client-added] follows. May be called in any thread.
 *
 * Fails with %G_IO_ERROR_NOT_SUPPORTED for a stream of another kind, and with
 * %G_IO_ERROR_BUSY when there are [property@Qmp.Server:max-clients] already.
 *
 * Returns: (transfer full): the client
 *
 * Since: 0.1
 */
QmpServerClient *
qmp_server_add_stream (QmpServer *self, GIOStream *stream, GError **error)
{
  g_return_val_if_fail (QMP_IS_SERVER (self), NULL);
  g_return_val_if_fail (G_IS_IO_STREAM (stream), NULL);
  return qmp_server_admit (qmp_server_get_core (self), stream, error);
}

/**
 * qmp_server_open_stream:
 * @self: a server
 * @error: return location
 *
 * Makes a client's end of a new socket pair, whose other end is served: no
 * address, no file, nobody else. Give it to
 * [func@Qmp.Connection.open_stream_async]. May be called in any thread.
 *
 * Fails as [method@Qmp.Server.add_stream] does, and with another code of
 * [error@Gio.IOErrorEnum] when the system has no more sockets.
 *
 * Returns: (transfer full): the client's end
 *
 * Since: 0.1
 */
GIOStream *
qmp_server_open_stream (QmpServer *self, GError **error)
{
  g_autoptr (GIOStream) near = NULL, far = NULL;
  g_autoptr (QmpServerClient) client = NULL;
  int fd;

  g_return_val_if_fail (QMP_IS_SERVER (self), NULL);
  near = qmp_connection_create_socket_pair (&fd, error);
  if (near == NULL)
    return NULL;
  far = wire_stream_new_for_fd (fd, error);
  if (far == NULL)
    return NULL;
  client = qmp_server_add_stream (self, far, error);
  return client != NULL ? g_steal_pointer (&near) : NULL;
}

/* --- sockets that are listened on -------------------------------------------------------------- */

static void
shut_door (QmpServerDoor *door)
{
  if (door->source == NULL)
    return;
  g_source_destroy (door->source);
  g_clear_pointer (&door->source, g_source_unref);
}

void
qmp_server_door_free (QmpServerDoor *door)
{
  shut_door (door);
  wire_listen_free (door->listen);
  g_free (door);
}

static gboolean
on_patience_over (gpointer data)
{
  QmpServerCore *core = data;

  qmp_server_core_lock (core);
  qmp_server_watch_doors (core);
  qmp_server_core_unlock (core);
  return G_SOURCE_REMOVE;
}

/* Nobody is let in for a while. */
static void
rest (QmpServerCore *core)
{
  g_autoptr (GSource) timer = g_timeout_source_new (PATIENCE_MS);

  qmp_server_core_lock (core);
  for (guint i = 0; i < core->doors->len; i++)
    shut_door (core->doors->pdata[i]);
  qmp_server_core_unlock (core);
  g_source_set_callback (timer, on_patience_over, qmp_server_core_ref (core), (GDestroyNotify) qmp_server_core_unref);
  g_source_attach (timer, core->context);
}

/* The door may be gone by now; its socket is not. */
static gboolean
on_knock (GSocket *socket, G_GNUC_UNUSED GIOCondition condition, gpointer data)
{
  QmpServerCore *core = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) accepted = g_socket_accept (socket, NULL, &error);
  g_autoptr (GSocketConnection) stream = NULL;
  g_autoptr (QmpServerClient) client = NULL;

  if (accepted == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        rest (core);
      return G_SOURCE_CONTINUE;
    }
  stream = g_socket_connection_factory_create_connection (accepted);
  client = qmp_server_admit (core, G_IO_STREAM (stream), NULL);
  return G_SOURCE_CONTINUE;
}

/* Lets clients in while there is room: the others wait outside, ungreeted, as they
 * do with QEMU, which has room for one. The lock is held. */
void
qmp_server_watch_doors (QmpServerCore *core)
{
  gboolean room = core->clients->len < core->max_clients;

  for (guint i = 0; i < core->doors->len; i++)
    {
      QmpServerDoor *door = core->doors->pdata[i];

      if (!room)
        shut_door (door);
      if (!room || door->source != NULL)
        continue;
      door->source = g_socket_create_source (wire_listen_get_socket (door->listen), G_IO_IN, NULL);
      g_source_set_callback (door->source, G_SOURCE_FUNC (on_knock), qmp_server_core_ref (core),
                             (GDestroyNotify) qmp_server_core_unref);
      g_source_attach (door->source, core->context);
    }
}

/**
 * qmp_server_listen:
 * @self: a server
 * @address: where to listen: `/path`, `unix:/path`, or `tcp:IP:port` (port 0
 *   finds a free one)
 * @error: return location
 *
 * Begins to listen, beside what it listens on already. Nothing must be at a unix
 * socket's path yet; none but its owner's processes may connect to it, and it goes
 * with the server. May be called in any thread.
 *
 * Anybody who reaches a TCP port is a client: there is no check of who dials.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT or %G_IO_ERROR_FILENAME_TOO_LONG when
 * the address is wrong, with %G_IO_ERROR_NOT_SUPPORTED for other kinds of
 * address, with %G_IO_ERROR_ADDRESS_IN_USE when the address is taken, and with
 * other codes of [error@Gio.IOErrorEnum] from the system.
 *
 * Returns: (transfer full): where it listens, with the port that was found
 *
 * Since: 0.1
 */
char *
qmp_server_listen (QmpServer *self, const char *address, GError **error)
{
  QmpServerCore *core;
  QmpServerDoor *door;
  WireListen *listen;

  g_return_val_if_fail (QMP_IS_SERVER (self), NULL);
  g_return_val_if_fail (address != NULL, NULL);
  listen = wire_listen_new (address, error);
  if (listen == NULL)
    return NULL;
  /* one who gives up before we look must not keep the others waiting */
  g_socket_set_blocking (wire_listen_get_socket (listen), FALSE);
  core = qmp_server_get_core (self);
  door = g_new0 (QmpServerDoor, 1);
  door->listen = listen;
  qmp_server_core_lock (core);
  g_ptr_array_add (core->doors, door);
  qmp_server_watch_doors (core);
  qmp_server_core_unlock (core);
  return g_strdup (wire_listen_get_address (listen));
}

/* --- who is there ------------------------------------------------------------------------------------ */

/**
 * qmp_server_get_clients:
 * @self: a server
 *
 * Lists who is connected, whether it has negotiated yet or not. May be called in any
 * thread.
 *
 * Returns: (transfer container) (element-type QmpServerClient): the clients, the
 *   oldest first
 *
 * Since: 0.1
 */
GPtrArray *
qmp_server_get_clients (QmpServer *self)
{
  QmpServerCore *core;
  GPtrArray *clients;

  g_return_val_if_fail (QMP_IS_SERVER (self), NULL);
  core = qmp_server_get_core (self);
  clients = g_ptr_array_new_with_free_func (g_object_unref);
  qmp_server_core_lock (core);
  for (guint i = 0; i < core->clients->len; i++)
    g_ptr_array_add (clients, g_object_ref (core->clients->pdata[i]));
  qmp_server_core_unlock (core);
  return clients;
}

/**
 * qmp_server_close:
 * @self: a server
 *
 * Stops listening, removes the unix sockets, and sends all clients away, as
 * [method@Qmp.ServerClient.close] does. May be called in any thread, and the server
 * be used again.
 *
 * Since: 0.1
 */
void
qmp_server_close (QmpServer *self)
{
  QmpServerCore *core;

  g_return_if_fail (QMP_IS_SERVER (self));
  core = qmp_server_get_core (self);
  qmp_server_core_lock (core);
  g_ptr_array_set_size (core->doors, 0);
  for (guint i = 0; i < core->clients->len; i++)
    qmp_server_client_end (core->clients->pdata[i], NULL);
  qmp_server_core_unlock (core);
}
