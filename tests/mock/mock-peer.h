/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <qmp-glib/qmp-glib.h>

G_BEGIN_DECLS

/* The far end of a connection, with a part to play. Its lines are written
 * down beforehand, or while the talk goes on; a thread of its own says them
 * in order.
 *
 *   g_autoptr (MockPeer) peer = mock_peer_new ();
 *   mock_greet (peer);
 *   mock_expect (peer, "query-status");
 *   mock_return (peer, "{\"running\":true}");
 *
 * It waits where it expects a command, and reads nothing otherwise. A command
 * that is not the expected one ends the test. */

typedef struct _MockPeer MockPeer;

/* What it read. */
typedef struct
{
  char *name;
  char *id;             /* JSON text; NULL when there was none */
  char *arguments;      /* JSON text; NULL when there were none */
  char *text;           /* all of it */
  gboolean out_of_band;
  int fd;               /* that came with it; or -1 */
  guint n_fds;
  gsize fd_at;          /* which byte of the text it came with */
} MockCommand;

#define MOCK_GREETING \
  "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 2, \"minor\": 0, \"major\": 10}, " \
  "\"package\": \"Debian 1:10.0.2+ds-2\"}, \"capabilities\": [\"oob\"]}}\r\n"

/* As QEMU says it where out-of-band commands are not offered. */
#define MOCK_PLAIN_GREETING \
  "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 22, \"minor\": 2, \"major\": 7}, " \
  "\"package\": \"\"}, \"capabilities\": []}}\r\n"

MockPeer *mock_peer_new (void);
MockPeer *mock_peer_new_for_fd (int fd);
void mock_peer_free (MockPeer *self);
GIOStream *mock_peer_get_stream (MockPeer *self);

/* Lines */
void mock_greet (MockPeer *self);
void mock_greet_plainly (MockPeer *self);
void mock_negotiate (MockPeer *self);
void mock_expect (MockPeer *self, const char *name);
void mock_expect_end (MockPeer *self);
void mock_return (MockPeer *self, const char *json);
void mock_return_to (MockPeer *self, guint command, const char *json);
void mock_error (MockPeer *self, const char *class_name, const char *description);
void mock_event (MockPeer *self, const char *name, const char *data);
void mock_send (MockPeer *self, const char *text);
void mock_send_bytes (MockPeer *self, const void *bytes, gsize length);
void mock_send_in_pieces (MockPeer *self, const char *text, gsize piece);
void mock_repeat (MockPeer *self, const char *text, guint times);
void mock_hang_up (MockPeer *self);
void mock_stop_writing (MockPeer *self);

/* Stage directions */
void mock_pause (MockPeer *self);
void mock_go_on (MockPeer *self);
void mock_await (MockPeer *self);

/* Anything that comes is answered by a function, until the end. What it
 * returns is sent as it is; NULL says nothing. */
typedef char *(*MockAnswer) (MockPeer *self, const MockCommand *command, gpointer data);

void mock_answer_all (MockPeer *self, MockAnswer answer, gpointer data);
char *mock_make_return (const MockCommand *command, const char *json);
void mock_say (MockPeer *self, const char *text);

/* What it read so far: the n-th command after the negotiation, from 0; once
 * mock_await() has returned. */
const MockCommand *mock_get_command (MockPeer *self, guint n);
const MockCommand *mock_get_negotiation (MockPeer *self);
guint mock_count_commands (MockPeer *self);

/* The near end: opens a connection, for which greeting and negotiation are
 * already written down. */
QmpConnection *mock_open (MockPeer *self);
QmpConnection *mock_open_with (MockPeer *self, QmpOpenOptions *options);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MockPeer, mock_peer_free)

G_END_DECLS
