/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* The yardstick: the least that a QMP client in C can do. Blocking send and
 * recv, replies told apart by their newline, no JSON read, nothing checked. */

#define RAW_WINDOW 64

typedef struct _RawClient RawClient;

/* Takes the socket, reads the greeting, negotiates. */
RawClient *raw_client_new (int fd);
void raw_client_free (RawClient *client);

void raw_client_sequential (RawClient *client, const char *command, guint count);
void raw_client_pipelined (RawClient *client, const char *command, guint count);
void raw_client_events (RawClient *client, const char *command, guint count);

/* Each client sends and then each receives, @count times. */
void raw_clients_busy (RawClient **clients, guint n_clients, const char *command, guint count);

/* The last line that raw_client_sequential() received, up to its newline. */
const char *raw_client_get_reply (RawClient *client, gsize *length);

/* What bench_server counted; the question's own bytes are among them. */
guint64 raw_client_get_received (RawClient *client);
