/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mock/mock-peer.h"

#include <errno.h>
#include <linux/sockios.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

typedef void (*Perform) (MockPeer *self, gpointer line);

/* One thing to do. */
typedef struct
{
  Perform perform;
  char *name;
  GBytes *bytes;
  gsize piece;
  guint times;
  guint command;
  MockAnswer answer;
  gpointer data;
} Line;

/* How far what is unread was looked at. */
typedef struct
{
  gsize at;
  guint depth;
  gboolean in_string;
  gboolean escaped;
} Search;

struct _MockPeer
{
  int fd;
  int client_fd;        /* until it is given away; or -1 */
  GThread *thread;

  GMutex lock;
  GCond changed;
  GQueue lines;         /* of Line */
  gboolean busy;        /* one is being said */
  gboolean leaving;
  guint n_pauses;
  guint n_goes;
  GPtrArray *commands;  /* of MockCommand */
  MockCommand *negotiation;

  /* only in the thread */
  GString *unread;
  Search search;
  gboolean in_bulk;     /* read as much as there is */
  int fd_in_hand;
  guint n_fds_in_hand;
  gsize fd_at;
};

static void
free_command (gpointer data)
{
  MockCommand *command = data;

  if (command == NULL)
    return;
  if (command->fd >= 0)
    close (command->fd);
  g_free (command->name);
  g_free (command->id);
  g_free (command->arguments);
  g_free (command->text);
  g_free (command);
}

/* --- reading ---------------------------------------------------------------------- */

static void
take_fds (MockPeer *self, struct msghdr *message)
{
  for (struct cmsghdr *header = CMSG_FIRSTHDR (message); header != NULL; header = CMSG_NXTHDR (message, header))
    {
      guint n = (guint) ((header->cmsg_len - CMSG_LEN (0)) / sizeof (int));

      if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
        continue;
      for (guint i = 0; i < n; i++)
        {
          int fd;

          memcpy (&fd, CMSG_DATA (header) + i * sizeof fd, sizeof fd);
          if (self->n_fds_in_hand++ == 0)
            self->fd_in_hand = fd;
          else
            close (fd);
        }
      self->fd_at = self->unread->len;
    }
}

/* One read; FALSE at the end. Byte by byte, as QEMU itself reads: so it is
 * known which one a file descriptor came with. */
static gboolean
read_some (MockPeer *self)
{
  char bytes[16384];
  gsize room = self->in_bulk || self->unread->len > 256 ? sizeof bytes : 1;
  union { struct cmsghdr header; char room[CMSG_SPACE (8 * sizeof (int))]; } control;
  struct iovec text = { bytes, room };
  struct msghdr message = { .msg_iov = &text, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control };
  ssize_t n;

  do
    n = recvmsg (self->fd, &message, MSG_CMSG_CLOEXEC);
  while (n < 0 && errno == EINTR);
  if (n <= 0)
    return FALSE;
  take_fds (self, &message);
  g_string_append_len (self->unread, bytes, n);
  return TRUE;
}

/* Goes on looking for the end of the object at the start of what is unread;
 * 0 while it has none. */
static gsize
find_end (MockPeer *self)
{
  Search *search = &self->search;

  for (; search->at < self->unread->len; search->at++)
    {
      char c = self->unread->str[search->at];

      if (search->escaped)
        search->escaped = FALSE;
      else if (search->in_string)
        {
          search->escaped = c == '\\';
          search->in_string = c != '"';
        }
      else if (c == '"')
        search->in_string = TRUE;
      else if (c == '{' || c == '[')
        search->depth++;
      else if ((c == '}' || c == ']') && --search->depth == 0)
        return search->at + 1;
    }
  return 0;
}

static char *
dup_member (JsonObject *object, const char *name)
{
  JsonNode *member = json_object_get_member (object, name);

  return member != NULL ? json_to_string (member, FALSE) : NULL;
}

static MockCommand *
parse_command (const char *text, gsize length)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  MockCommand *command = g_new0 (MockCommand, 1);
  JsonObject *object;

  command->text = g_strndup (text, length);
  command->fd = -1;
  if (!json_parser_load_from_data (parser, command->text, -1, &error))
    g_error ("what was sent is no JSON: %s: %s", error->message, command->text);
  object = json_node_get_object (json_parser_get_root (parser));
  command->out_of_band = json_object_has_member (object, "exec-oob");
  command->name = g_strdup (json_object_get_string_member (object, command->out_of_band ? "exec-oob" : "execute"));
  command->id = dup_member (object, "id");
  command->arguments = dup_member (object, "arguments");
  return command;
}

/* The next command; NULL at the end. */
static MockCommand *
read_command (MockPeer *self)
{
  MockCommand *command;
  gsize end;

  while ((end = find_end (self)) == 0)
    if (!read_some (self))
      return NULL;
  command = parse_command (self->unread->str, end);
  g_string_erase (self->unread, 0, (gssize) end);
  self->search = (Search) { 0 };
  command->fd = self->fd_in_hand;
  command->n_fds = self->n_fds_in_hand;
  command->fd_at = self->fd_at;
  self->fd_in_hand = -1;
  self->n_fds_in_hand = 0;
  return command;
}

static MockCommand *
read_expected (MockPeer *self, const char *name)
{
  MockCommand *command = read_command (self);

  if (command == NULL)
    g_error ("expected the command “%s”, and the client hung up", name);
  if (!g_str_equal (command->name, name))
    g_error ("expected the command “%s”, and got: %s", name, command->text);
  return command;
}

/* --- saying ----------------------------------------------------------------------- */

static gboolean
write_all (MockPeer *self, const char *bytes, gsize length)
{
  while (length > 0)
    {
      ssize_t n = send (self->fd, bytes, length, MSG_NOSIGNAL);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return FALSE;  /* nobody listens any more */
      bytes += n;
      length -= (gsize) n;
    }
  return TRUE;
}

/* Until the client has taken all that was sent to it, or has gone. */
static gboolean
wait_until_taken (MockPeer *self)
{
  for (;;)
    {
      struct pollfd state = { self->fd, POLLOUT, 0 };
      int waiting = 0;
      gboolean leaving;

      g_mutex_lock (&self->lock);
      leaving = self->leaving;
      g_mutex_unlock (&self->lock);
      if (leaving || ioctl (self->fd, SIOCOUTQ, &waiting) != 0 || poll (&state, 1, 0) < 0 ||
          (state.revents & (POLLHUP | POLLERR)) != 0)
        return FALSE;
      if (waiting == 0)
        return TRUE;
      g_thread_yield ();
    }
}

static void
perform_send (MockPeer *self, gpointer data)
{
  Line *line = data;
  gsize length;
  const char *bytes = g_bytes_get_data (line->bytes, &length);

  if (line->piece == 0)
    {
      write_all (self, bytes, length);
      return;
    }
  for (gsize at = 0; at < length; at += line->piece)
    if (!write_all (self, bytes + at, MIN (line->piece, length - at)) || !wait_until_taken (self))
      return;
}

static void
perform_repeat (MockPeer *self, gpointer data)
{
  Line *line = data;
  gsize length;
  const char *bytes = g_bytes_get_data (line->bytes, &length);

  while (line->times-- > 0 && write_all (self, bytes, length))
    continue;
}

static void
perform_expect (MockPeer *self, gpointer data)
{
  Line *line = data;
  MockCommand *command = read_expected (self, line->name);

  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->commands, command);
  g_mutex_unlock (&self->lock);
}

static void
perform_expect_end (MockPeer *self, gpointer data)
{
  MockCommand *command = read_command (self);

  if (command != NULL)
    g_error ("expected the end, and got: %s", command->text);
}

static void
perform_negotiate (MockPeer *self, gpointer data)
{
  g_autofree char *text = NULL;

  self->negotiation = read_expected (self, "qmp_capabilities");
  text = mock_make_return (self->negotiation, "{}");
  write_all (self, text, strlen (text));
}

/* An answer in two halves, with the command's id between them. */
static void
perform_answer (MockPeer *self, gpointer data)
{
  Line *line = data;
  g_autofree char *text = NULL;
  const char *id;

  g_mutex_lock (&self->lock);
  if (line->command == G_MAXUINT)
    line->command = self->commands->len - 1;
  g_assert_cmpuint (line->command, <, self->commands->len);
  id = ((MockCommand *) g_ptr_array_index (self->commands, line->command))->id;
  text = g_strdup_printf ("{%s, \"id\": %s}\r\n", line->name, id);
  g_mutex_unlock (&self->lock);
  write_all (self, text, strlen (text));
}

static void
perform_hang_up (MockPeer *self, gpointer data)
{
  g_mutex_lock (&self->lock);
  close (self->fd);
  self->fd = -1;
  g_mutex_unlock (&self->lock);
}

static void
perform_stop_writing (MockPeer *self, gpointer data)
{
  shutdown (self->fd, SHUT_WR);
}

static void
perform_pause (MockPeer *self, gpointer data)
{
  g_mutex_lock (&self->lock);
  self->n_pauses++;
  g_cond_broadcast (&self->changed);
  while (self->n_goes < self->n_pauses && !self->leaving)
    g_cond_wait (&self->changed, &self->lock);
  g_mutex_unlock (&self->lock);
}

static void
perform_answer_all (MockPeer *self, gpointer data)
{
  Line *line = data;
  MockCommand *command;

  self->in_bulk = TRUE;
  while ((command = read_command (self)) != NULL)
    {
      g_autofree char *text = line->answer (self, command, line->data);

      if (text != NULL)
        write_all (self, text, strlen (text));
      free_command (command);
    }
}

/* --- the thread ------------------------------------------------------------------------ */

static void
free_line (gpointer data)
{
  Line *line = data;

  g_free (line->name);
  g_clear_pointer (&line->bytes, g_bytes_unref);
  g_free (line);
}

static Line *
wait_for_line (MockPeer *self)
{
  Line *line;

  g_mutex_lock (&self->lock);
  self->busy = FALSE;
  g_cond_broadcast (&self->changed);
  while ((line = g_queue_pop_head (&self->lines)) == NULL && !self->leaving)
    g_cond_wait (&self->changed, &self->lock);
  self->busy = line != NULL;
  g_mutex_unlock (&self->lock);
  return line;
}

static gpointer
run (gpointer data)
{
  MockPeer *self = data;
  Line *line;

  while ((line = wait_for_line (self)) != NULL)
    {
      line->perform (self, line);
      free_line (line);
    }
  return NULL;
}

static void
add_line (MockPeer *self, Line line)
{
  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->lines, g_memdup2 (&line, sizeof line));
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

MockPeer *
mock_peer_new_for_fd (int fd)
{
  MockPeer *self = g_new0 (MockPeer, 1);

  self->fd = fd;
  self->client_fd = -1;
  self->fd_in_hand = -1;
  self->unread = g_string_new (NULL);
  self->commands = g_ptr_array_new_with_free_func (free_command);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->thread = g_thread_new ("mock peer", run, self);
  return self;
}

MockPeer *
mock_peer_new (void)
{
  int fds[2];
  MockPeer *self;

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
    g_error ("no socket pair: %s", g_strerror (errno));
  self = mock_peer_new_for_fd (fds[1]);
  self->client_fd = fds[0];
  return self;
}

/* A line that is still being said is cut short; one that waits for a command
 * fails the test. */
void
mock_peer_free (MockPeer *self)
{
  g_mutex_lock (&self->lock);
  self->leaving = TRUE;
  g_cond_broadcast (&self->changed);
  if (self->fd >= 0)
    shutdown (self->fd, SHUT_RDWR);
  g_mutex_unlock (&self->lock);
  g_thread_join (self->thread);
  if (self->fd >= 0)
    close (self->fd);
  if (self->client_fd >= 0)
    close (self->client_fd);
  if (self->fd_in_hand >= 0)
    close (self->fd_in_hand);
  g_queue_clear_full (&self->lines, free_line);
  g_ptr_array_unref (self->commands);
  free_command (self->negotiation);
  g_string_free (self->unread, TRUE);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self);
}

/* The near end, once. */
GIOStream *
mock_peer_get_stream (MockPeer *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_new_from_fd (self->client_fd, &error);

  g_assert_no_error (error);
  self->client_fd = -1;
  return G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
}

/* --- lines ------------------------------------------------------------------------------- */

void
mock_send_bytes (MockPeer *self, const void *bytes, gsize length)
{
  add_line (self, (Line) { .perform = perform_send, .bytes = g_bytes_new (bytes, length) });
}

void
mock_send (MockPeer *self, const char *text)
{
  mock_send_bytes (self, text, strlen (text));
}

void
mock_send_in_pieces (MockPeer *self, const char *text, gsize piece)
{
  add_line (self, (Line) { .perform = perform_send, .bytes = g_bytes_new (text, strlen (text)), .piece = piece });
}

void
mock_repeat (MockPeer *self, const char *text, guint times)
{
  add_line (self, (Line) { .perform = perform_repeat, .bytes = g_bytes_new (text, strlen (text)), .times = times });
}

void
mock_negotiate (MockPeer *self)
{
  add_line (self, (Line) { .perform = perform_negotiate });
}

void
mock_greet (MockPeer *self)
{
  mock_send (self, MOCK_GREETING);
  mock_negotiate (self);
}

void
mock_greet_plainly (MockPeer *self)
{
  mock_send (self, MOCK_PLAIN_GREETING);
  mock_negotiate (self);
}

void
mock_expect (MockPeer *self, const char *name)
{
  add_line (self, (Line) { .perform = perform_expect, .name = g_strdup (name) });
}

void
mock_expect_end (MockPeer *self)
{
  add_line (self, (Line) { .perform = perform_expect_end });
}

void
mock_return_to (MockPeer *self, guint command, const char *json)
{
  add_line (self, (Line) { .perform = perform_answer, .command = command,
                           .name = g_strdup_printf ("\"return\": %s", json) });
}

/* To the command that was read last. */
void
mock_return (MockPeer *self, const char *json)
{
  mock_return_to (self, G_MAXUINT, json);
}

void
mock_error (MockPeer *self, const char *class_name, const char *description)
{
  add_line (self, (Line) { .perform = perform_answer, .command = G_MAXUINT,
                           .name = g_strdup_printf ("\"error\": {\"class\": \"%s\", \"desc\": \"%s\"}", class_name, description) });
}

void
mock_event (MockPeer *self, const char *name, const char *data)
{
  g_autofree char *text = NULL;

  text = g_strdup_printf ("{\"timestamp\": {\"seconds\": 1700000000, \"microseconds\": 123456}, \"event\": \"%s\"%s%s}\r\n",
                          name, data != NULL ? ", \"data\": " : "", data != NULL ? data : "");
  mock_send (self, text);
}

void
mock_hang_up (MockPeer *self)
{
  add_line (self, (Line) { .perform = perform_hang_up });
}

void
mock_stop_writing (MockPeer *self)
{
  add_line (self, (Line) { .perform = perform_stop_writing });
}

void
mock_answer_all (MockPeer *self, MockAnswer answer, gpointer data)
{
  add_line (self, (Line) { .perform = perform_answer_all, .answer = answer, .data = data });
}

void
mock_pause (MockPeer *self)
{
  add_line (self, (Line) { .perform = perform_pause });
}

/* Ends one pause, be it to come. */
void
mock_go_on (MockPeer *self)
{
  g_mutex_lock (&self->lock);
  self->n_goes++;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

/* Blocks until all lines are said, or the peer pauses. */
void
mock_await (MockPeer *self)
{
  g_mutex_lock (&self->lock);
  while ((self->busy || !g_queue_is_empty (&self->lines)) && self->n_pauses <= self->n_goes)
    g_cond_wait (&self->changed, &self->lock);
  g_mutex_unlock (&self->lock);
}

/* --- in answers ---------------------------------------------------------------------------- */

char *
mock_make_return (const MockCommand *command, const char *json)
{
  return g_strdup_printf ("{\"return\": %s, \"id\": %s}\r\n", json, command->id);
}

/* At once; in the peer's own thread. */
void
mock_say (MockPeer *self, const char *text)
{
  write_all (self, text, strlen (text));
}

const MockCommand *
mock_get_command (MockPeer *self, guint n)
{
  const MockCommand *command;

  g_mutex_lock (&self->lock);
  g_assert_cmpuint (n, <, self->commands->len);
  command = g_ptr_array_index (self->commands, n);
  g_mutex_unlock (&self->lock);
  return command;
}

guint
mock_count_commands (MockPeer *self)
{
  guint n;

  g_mutex_lock (&self->lock);
  n = self->commands->len;
  g_mutex_unlock (&self->lock);
  return n;
}

const MockCommand *
mock_get_negotiation (MockPeer *self)
{
  return self->negotiation;
}

/* --- the near end ------------------------------------------------------------------------------ */

QmpConnection *
mock_open_with (MockPeer *self, QmpOpenOptions *options)
{
  g_autoptr (GIOStream) stream = mock_peer_get_stream (self);
  g_autoptr (GError) error = NULL;
  QmpConnection *connection = qmp_connection_open_stream (stream, options, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (connection);
  return connection;
}

QmpConnection *
mock_open (MockPeer *self)
{
  return mock_open_with (self, NULL);
}
