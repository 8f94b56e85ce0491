/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Moves bytes over a GIOStream without ever blocking: straight on the socket
 * where there is one, through the pollable streams (TLS, pipes) elsewhere. */

typedef struct
{
  GIOStream *stream;
  GPollableInputStream *input;    /* NULL when the socket is used directly */
  GPollableOutputStream *output;
  int fd;                         /* to poll for reading */
  int out_fd;                     /* to poll for writing; mostly the same */
  gboolean direct;
  gboolean passes_fds;
  gboolean waits;                 /* recv() was told to wait, see wire_transport_wait() */
} WireTransport;

/* What a peer passed on last: of a set that a newer one replaces, none was
 * taken. */
#define WIRE_MOST_FDS 16

typedef struct
{
  int fds[WIRE_MOST_FDS];
  guint n;
} WireFds;

void wire_fds_clear (WireFds *fds);
int wire_fds_take_first (WireFds *fds);

gboolean wire_transport_init (WireTransport *transport, GIOStream *stream, GError **error);
void wire_transport_clear (WireTransport *transport);
gssize wire_transport_receive (WireTransport *transport, char *to, gsize room, GError **error);
gssize wire_transport_receive_with_fds (WireTransport *transport, char *to, gsize room, WireFds *fds, GError **error);
gssize wire_transport_send (WireTransport *transport, const char *bytes, gsize length, int fd, GError **error);
gssize wire_transport_wait (WireTransport *transport, char *to, gsize room, GError **error);
void wire_transport_shut_down (WireTransport *transport);

G_END_DECLS
