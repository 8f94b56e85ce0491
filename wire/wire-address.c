/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire-address.h"

#include <string.h>
#include <sys/un.h>

static gboolean
refuse (const char *text, int code, GError **error, const char *what)
{
  g_set_error (error, G_IO_ERROR, code, "“%s”: %s", text, what);
  return FALSE;
}

static gboolean
parse_number (const char *digits, guint64 most, const char *text, const char *what, guint64 *number, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  if (g_ascii_string_to_unsigned (digits, 10, 0, most, number, &local_error))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s”: “%s” is no %s (0 to %" G_GUINT64_FORMAT ")",
               text, digits, what, most);
  return FALSE;
}

static gboolean
parse_path (WireAddress *address, const char *path, GError **error)
{
  gsize most = sizeof ((struct sockaddr_un *) NULL)->sun_path - 1;

  address->kind = WIRE_ADDRESS_UNIX;
  address->name = g_strdup (path);
  if (*path == '\0')
    return refuse (address->text, G_IO_ERROR_INVALID_ARGUMENT, error, "a path is missing after “unix:”");
  if (strlen (path) <= most)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FILENAME_TOO_LONG,
               "“%s”: the path has %" G_GSIZE_FORMAT " bytes, and a socket's may have %" G_GSIZE_FORMAT,
               address->text, strlen (path), most);
  return FALSE;
}

static gboolean
parse_host (WireAddress *address, WireAddressKind kind, const char *rest, GError **error)
{
  const char *colon = strrchr (rest, ':');
  guint64 port;

  address->kind = kind;
  if (colon == NULL || colon == rest)
    return refuse (address->text, G_IO_ERROR_INVALID_ARGUMENT, error, "expected a host and a port, as in “tcp:host:4444”");
  if (rest[0] == '[' && colon[-1] == ']' && colon - rest > 2)
    address->name = g_strndup (rest + 1, (gsize) (colon - rest - 2));
  else
    address->name = g_strndup (rest, (gsize) (colon - rest));
  if (!parse_number (colon + 1, 65535, address->text, "port", &port, error))
    return FALSE;
  address->port = (guint32) port;
  return TRUE;
}

static gboolean
parse_vsock (WireAddress *address, const char *rest, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (rest, ":", 2);
  guint64 cid, port;

  address->kind = WIRE_ADDRESS_VSOCK;
  if (g_strv_length (parts) != 2)
    return refuse (address->text, G_IO_ERROR_INVALID_ARGUMENT, error, "expected a context id and a port, as in “vsock:3:4444”");
  if (!parse_number (parts[0], G_MAXUINT32, address->text, "context id", &cid, error) ||
      !parse_number (parts[1], G_MAXUINT32, address->text, "port", &port, error))
    return FALSE;
  address->cid = (guint32) cid;
  address->port = (guint32) port;
  return TRUE;
}

static gboolean
parse_fd (WireAddress *address, const char *rest, GError **error)
{
  guint64 fd;

  address->kind = WIRE_ADDRESS_FD;
  if (!parse_number (rest, G_MAXINT, address->text, "file descriptor", &fd, error))
    return FALSE;
  address->fd = (int) fd;
  return TRUE;
}

static gboolean
parse (WireAddress *address, GError **error)
{
  const char *text = address->text;

  if (text[0] == '/')
    return parse_path (address, text, error);
  if (g_str_has_prefix (text, "unix:"))
    return parse_path (address, text + 5, error);
  if (g_str_has_prefix (text, "tcp:"))
    return parse_host (address, WIRE_ADDRESS_TCP, text + 4, error);
  if (g_str_has_prefix (text, "tls:"))
    return parse_host (address, WIRE_ADDRESS_TLS, text + 4, error);
  if (g_str_has_prefix (text, "vsock:"))
    return parse_vsock (address, text + 6, error);
  if (g_str_has_prefix (text, "fd:"))
    return parse_fd (address, text + 3, error);
  return refuse (text, G_IO_ERROR_INVALID_ARGUMENT, error,
                 "expected /path, unix:PATH, tcp:HOST:PORT, tls:HOST:PORT, vsock:CID:PORT or fd:N");
}

WireAddress *
wire_address_new (const char *text, GError **error)
{
  g_autoptr (WireAddress) address = g_new0 (WireAddress, 1);

  address->fd = -1;
  address->text = g_strdup (text);
  return parse (address, error) ? g_steal_pointer (&address) : NULL;
}

void
wire_address_free (WireAddress *address)
{
  g_free (address->text);
  g_free (address->name);
  g_free (address);
}
