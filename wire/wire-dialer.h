/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "wire-address.h"

G_BEGIN_DECLS

/* Gets a stream to an address: tries again while nobody is there yet, until
 * the deadline, and says at the end what was in the way. */

typedef struct
{
  gint64 deadline;                     /* monotonic time, or G_MAXINT64 */
  gboolean retry;
  const char *peer;                    /* for messages */
  GTlsDatabase *database;              /* NULL: the system's */
  GTlsCertificate *certificate;        /* ours; or NULL */
  GSocketConnectable *identity;        /* NULL: the host of the address */
} WireDialOptions;

void wire_dial_async (const char *address, const WireDialOptions *options, GCancellable *cancellable,
                      GAsyncReadyCallback callback, gpointer data);
GIOStream *wire_dial_finish (GAsyncResult *result, GError **error);
GIOStream *wire_dial (const char *address, const WireDialOptions *options, GCancellable *cancellable, GError **error);
GIOStream *wire_stream_new_for_fd (int fd, GError **error);

G_END_DECLS
