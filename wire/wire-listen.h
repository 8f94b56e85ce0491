/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A socket that is listened on: a unix socket, which nobody but its owner may
 * connect to and which goes with it, or a TCP port. */

typedef struct _WireListen WireListen;

WireListen *wire_listen_new (const char *address, GError **error);
void wire_listen_free (WireListen *listen);
GSocket *wire_listen_get_socket (WireListen *listen);
const char *wire_listen_get_address (WireListen *listen);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WireListen, wire_listen_free)

G_END_DECLS
