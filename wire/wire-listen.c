/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire-listen.h"

#include <glib/gstdio.h>
#include <gio/gunixsocketaddress.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wire-address.h"

struct _WireListen
{
  GSocket *socket;
  char *address;
  char *path;       /* of a unix socket that is ours to remove */
  struct stat made; /* what was made there */
};

static gboolean
bind_and_listen (WireListen *listen, GSocketAddress *address, GError **error)
{
  if (g_socket_bind (listen->socket, address, TRUE, error) && g_socket_listen (listen->socket, error))
    return TRUE;
  /* the system says what, but not where */
  g_prefix_error (error, "“%s”: ", listen->address);
  return FALSE;
}

/* The mode is that of the descriptor: set before there is a path, nobody can
 * come in between. */
static gboolean
listen_unix (WireListen *listen, const char *path, GError **error)
{
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);

  listen->socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, error);
  if (listen->socket == NULL)
    return FALSE;
  if (fchmod (g_socket_get_fd (listen->socket), 0600) != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "“%s”: the socket cannot be kept from others", path);
      return FALSE;
    }
  if (!bind_and_listen (listen, address, error))
    return FALSE;
  if (lstat (path, &listen->made) == 0)
    listen->path = g_strdup (path);
  return TRUE;
}

static gboolean
listen_tcp (WireListen *listen, const WireAddress *address, GError **error)
{
  g_autoptr (GInetAddress) host = g_inet_address_new_from_string (address->name);
  g_autoptr (GSocketAddress) wanted = NULL, found = NULL;

  if (host == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "“%s”: to listen, an IP address is needed in place of “%s”", address->text, address->name);
      return FALSE;
    }
  wanted = g_inet_socket_address_new (host, (guint16) address->port);
  listen->socket = g_socket_new (g_inet_address_get_family (host), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);
  if (listen->socket == NULL || !bind_and_listen (listen, wanted, error))
    return FALSE;
  found = g_socket_get_local_address (listen->socket, error);
  if (found == NULL)
    return FALSE;
  g_free (listen->address);
  listen->address = g_strdup_printf (strchr (address->name, ':') != NULL ? "tcp:[%s]:%u" : "tcp:%s:%u", address->name,
                                     g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (found)));
  return TRUE;
}

/**
 * wire_listen_new:
 * @address: `/path`, `unix:/path`, or `tcp:IP:port` (port 0 finds a free one)
 *
 * Nothing must be at a unix socket's path yet.
 */
WireListen *
wire_listen_new (const char *address, GError **error)
{
  g_autoptr (WireAddress) where = wire_address_new (address, error);
  g_autoptr (WireListen) listen = NULL;
  gboolean listens = FALSE;

  if (where == NULL)
    return NULL;
  listen = g_new0 (WireListen, 1);
  listen->address = g_strdup (address);
  if (where->kind == WIRE_ADDRESS_UNIX)
    listens = listen_unix (listen, where->name, error);
  else if (where->kind == WIRE_ADDRESS_TCP)
    listens = listen_tcp (listen, where, error);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "“%s”: only unix: and tcp: can be listened on", address);
  return listens ? g_steal_pointer (&listen) : NULL;
}

/* Removes the unix socket, if it is still the one that was made. */
void
wire_listen_free (WireListen *listen)
{
  struct stat there;

  if (listen->socket != NULL)
    g_socket_close (listen->socket, NULL);
  g_clear_object (&listen->socket);
  if (listen->path != NULL && lstat (listen->path, &there) == 0 && S_ISSOCK (there.st_mode) &&
      there.st_ino == listen->made.st_ino && there.st_dev == listen->made.st_dev)
    g_unlink (listen->path);
  g_free (listen->path);
  g_free (listen->address);
  g_free (listen);
}

GSocket *
wire_listen_get_socket (WireListen *listen)
{
  return listen->socket;
}

const char *
wire_listen_get_address (WireListen *listen)
{
  return listen->address;
}
