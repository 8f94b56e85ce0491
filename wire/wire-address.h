/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where a peer is: `/path`, `unix:/path`, `tcp:host:port`, `tls:host:port`,
 * `vsock:cid:port` or `fd:N`. */

typedef enum
{
  WIRE_ADDRESS_UNIX,
  WIRE_ADDRESS_TCP,
  WIRE_ADDRESS_TLS,
  WIRE_ADDRESS_VSOCK,
  WIRE_ADDRESS_FD,
} WireAddressKind;

typedef struct
{
  WireAddressKind kind;
  char *text;    /* as it was given */
  char *name;    /* path or host */
  guint32 cid;   /* vsock */
  guint32 port;
  int fd;
} WireAddress;

WireAddress *wire_address_new (const char *text, GError **error);
void wire_address_free (WireAddress *address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WireAddress, wire_address_free)

G_END_DECLS
