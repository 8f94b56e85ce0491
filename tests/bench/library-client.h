/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

/* The same work as raw-client's, done with the library. */

typedef enum
{
  LIBRARY_FORM_VALUE,  /* the lazy view, as it comes */
  LIBRARY_FORM_DEVICE, /* the lazy view, one member of its first element read */
  LIBRARY_FORM_LOOKUP, /* the lazy view, a member of three elements read */
  LIBRARY_FORM_TEXT,   /* JSON text */
  LIBRARY_FORM_TREE,   /* a JsonNode */
  LIBRARY_FORM_TYPED,  /* query-qmp-schema as objects, a member of three read */
} LibraryForm;

typedef struct _LibraryClient LibraryClient;

/* What GIO itself makes of a socket; takes the socket. */
GIOStream *library_stream_new (int fd);

LibraryClient *library_client_new (int fd);
LibraryClient *library_client_new_for_stream (GIOStream *stream);
void library_client_free (LibraryClient *client);

/* Asynchronous calls, @window of them outstanding. */
void library_client_run (LibraryClient *client, const char *command, LibraryForm form,
                         guint window, guint count);
void library_client_events (LibraryClient *client, const char *command, guint count);
void library_client_blocking (LibraryClient *client, const char *command, guint count);

/* Each client has a call outstanding until it has made @count of them. */
void library_clients_busy (LibraryClient **clients, guint n_clients, const char *command,
                           guint count);

/* What bench_server counted; the question's own bytes are among them. */
guint64 library_client_get_received (LibraryClient *client);
