/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mock/mock-agent-private.h"

#include "wire/wire-node.h"

#include <errno.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* The agent's line: bytes to commands, and what is said to bytes. Byte 0xFF
 * ends whatever was begun, and is complained about. */

#define RESET '\xff'

gboolean
mock_agent_is_sync (const MockAgentCommand *command)
{
  return g_str_equal (command->name, "guest-sync") || g_str_equal (command->name, "guest-sync-delimited");
}

void
mock_agent_free_command (gpointer data)
{
  MockAgentCommand *command = data;

  g_free (command->name);
  g_free (command->id);
  g_free (command->arguments);
  g_free (command->text);
  json_object_unref (command->members);
  g_free (command);
}

void
mock_agent_free_input (gpointer data)
{
  MockInput *input = data;

  g_free (input->complaint);
  g_free (input);
}

static void
free_chunk (gpointer data)
{
  MockChunk *chunk = data;

  g_bytes_unref (chunk->bytes);
  g_free (chunk);
}

/* All that was begun, read and not done, or not yet said. */
void
mock_agent_forget_line (MockAgent *self)
{
  g_string_truncate (self->unread, 0);
  wire_scanner_reset (&self->scanner);
  self->recovering = FALSE;
  g_queue_clear_full (&self->inputs, mock_agent_free_input);
  g_queue_clear_full (&self->chunks, free_chunk);
}

/* --- hearing ----------------------------------------------------------------------------- */

static void
take_input (MockAgent *self, MockAgentCommand *command, const char *complaint)
{
  MockInput *input;

  if (self->absent && self->absence == MOCK_AGENT_LOSES)
    return;
  input = g_new0 (MockInput, 1);
  input->command = command;
  input->complaint = g_strdup (complaint);
  g_queue_push_tail (&self->inputs, input);
}

/* Writes down who spoke out of turn. */
static void
keep_record (MockAgent *self, MockAgentCommand *command)
{
  g_ptr_array_add (self->commands, command);
  if (mock_agent_is_sync (command))
    {
      self->open_sync = command;
      self->open_command = NULL;
      return;
    }
  self->n_out_of_sync += self->open_sync != NULL;
  self->n_overlapping += self->open_command != NULL;
  self->open_command = command;
}

static char *
dup_json (const WireView *view, guint value)
{
  gsize length;
  const char *json;

  if (value == 0)
    return NULL;
  json = wire_view_get_json (view, value, &length);
  return g_strndup (json, length);
}

static JsonObject *
make_members (const WireView *view, guint value)
{
  g_autoptr (JsonNode) node = value != 0 ? wire_node_new (view, value) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_dup_object (node) : json_object_new ();
}

static void
take_command (MockAgent *self, const WireView *view)
{
  guint name = wire_view_member (view, 0, "execute");
  guint arguments = wire_view_member (view, 0, "arguments");
  MockAgentCommand *command;

  if (name == 0 || view->values[name].type != WIRE_STRING)
    {
      self->n_nonsense++;
      take_input (self, NULL, "QMP input lacks member 'execute'");
      return;
    }
  command = g_new0 (MockAgentCommand, 1);
  command->name = wire_view_dup_string (view, name);
  command->id = dup_json (view, wire_view_member (view, 0, "id"));
  command->arguments = dup_json (view, arguments);
  command->text = g_strndup (view->text, view->length);
  command->members = make_members (view, arguments);
  keep_record (self, command);
  take_input (self, command, NULL);
}

static void
take_reset (MockAgent *self)
{
  self->recovering = FALSE;
  if (self->absent && self->n_absent_syncs != MOCK_AGENT_ALWAYS && self->n_absent_syncs-- == 0)
    self->absent = FALSE;
  take_input (self, NULL, "JSON parse error, stray '\\uFFFD'");
}

static void
drop_unread (MockAgent *self, gsize length)
{
  g_string_erase (self->unread, 0, (gssize) length);
  wire_scanner_reset (&self->scanner);
}

/* After nonsense, until something that may begin or end a value; between
 * commands, white space. */
static gboolean
skip (MockAgent *self)
{
  gsize n = self->recovering ? strcspn (self->unread->str, "{}[]:,\n\xff") : 0;

  n += strspn (self->unread->str + n, " \t\r\n");
  if (n < self->unread->len)
    self->recovering = FALSE;
  drop_unread (self, n);
  return self->unread->len > 0;
}

/* The next command, fault or reset; FALSE when there is none yet. */
static gboolean
scan_one (MockAgent *self)
{
  const char *text, *reset;
  WireScanResult result;

  if (self->scanner.at == 0 && !skip (self))
    return FALSE;
  text = self->unread->str;
  reset = memchr (text + self->scanner.at, RESET, self->unread->len - self->scanner.at);
  result = reset == text ? WIRE_SCAN_MORE
           : wire_scanner_scan (&self->scanner, text, reset != NULL ? (gsize) (reset - text) : self->unread->len);
  if (result == WIRE_SCAN_MESSAGE)
    {
      take_command (self, &(WireView) { text, self->scanner.at, self->scanner.values, self->scanner.n_values,
                                        self->scanner.taint });
      drop_unread (self, self->scanner.at);
    }
  else if (result == WIRE_SCAN_FAULT)
    {
      self->n_nonsense++;
      self->recovering = TRUE;
      take_input (self, NULL, "JSON parse error, expecting value");
      drop_unread (self, MIN (self->scanner.at + 1, self->unread->len));
    }
  else if (reset != NULL)
    {
      drop_unread (self, (gsize) (reset - text) + 1);
      take_reset (self);
    }
  return result != WIRE_SCAN_MORE || reset != NULL;
}

void
mock_agent_scan (MockAgent *self)
{
  while (scan_one (self))
    ;
}

gboolean
mock_agent_hear_some (MockAgent *self)
{
  char bytes[65536];
  ssize_t n;

  if (self->fd < 0 || self->stalled || self->client_gone)
    return FALSE;
  n = recv (self->fd, bytes, sizeof bytes, MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return FALSE;
  if (n <= 0)
    {
      self->client_gone = TRUE;
      return TRUE;
    }
  g_string_append_len (self->unread, bytes, n);
  mock_agent_scan (self);
  return TRUE;
}

void
mock_agent_hear (MockAgent *self, const char *text)
{
  mock_agent_lock (self);
  g_string_append (self->unread, text);
  mock_agent_scan (self);
  mock_agent_wake (self);
  mock_agent_unlock (self);
}

/* --- saying -------------------------------------------------------------------------------- */

/* In all, `size` bytes of which these are the first, or are said again and
 * again. */
void
mock_agent_push (MockAgent *self, const void *bytes, gsize length, gsize size)
{
  MockChunk *chunk;

  if (length == 0 || size == 0 || self->fd < 0)
    return;
  chunk = g_new0 (MockChunk, 1);
  chunk->bytes = g_bytes_new (bytes, length);
  chunk->left = size;
  g_queue_push_tail (&self->chunks, chunk);
  mock_agent_wake (self);
}

/* The client has not yet read all of it. */
gboolean
mock_agent_is_untaken (MockAgent *self)
{
  int waiting = 0;

  return ioctl (self->fd, SIOCOUTQ, &waiting) == 0 && waiting > 0;
}

gboolean
mock_agent_say_some (MockAgent *self)
{
  MockChunk *chunk = g_queue_peek_head (&self->chunks);
  const char *bytes;
  gsize length, n;
  ssize_t said;

  if (chunk == NULL || self->fd < 0 || (self->piece > 0 && mock_agent_is_untaken (self)))
    return FALSE;
  bytes = g_bytes_get_data (chunk->bytes, &length);
  n = MIN (length - chunk->at, chunk->left);
  if (self->piece > 0)
    n = MIN (n, self->piece);
  said = send (self->fd, bytes + chunk->at, n, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (said < 0 && (errno == EAGAIN || errno == EINTR))
    return FALSE;
  if (said < 0)  /* nobody listens any more */
    {
      g_queue_clear_full (&self->chunks, free_chunk);
      return TRUE;
    }
  self->n_said += (guint64) said;
  chunk->left -= (gsize) said;
  chunk->at = (chunk->at + (gsize) said) % length;
  if (chunk->left == 0)
    free_chunk (g_queue_pop_head (&self->chunks));
  return TRUE;
}

void
mock_agent_say_bytes (MockAgent *self, const void *bytes, gsize length)
{
  mock_agent_lock (self);
  mock_agent_push (self, bytes, length, length);
  mock_agent_unlock (self);
}

void
mock_agent_say (MockAgent *self, const char *text)
{
  mock_agent_say_bytes (self, text, strlen (text));
}
