/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-server.h"

#include "bench-fail.h"
#include "bench-replies.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define GREETING                                                                            \
  "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 22, \"minor\": 2, \"major\": 7}, "        \
  "\"package\": \"bench\"}, \"capabilities\": []}}\r\n"
#define INPUT_SIZE (16 * 1024)
/* A reply of more than this is sent from where it is. */
#define COPY_LIMIT (32 * 1024)
/* Events in one send: a power of ten, so that only the upper digits change. */
#define EVENT_BLOCK 100

struct _BenchServer
{
  pid_t pid;
  guint n_connections;
  int *fds;
};

typedef struct
{
  int fd;
  gsize fill;
  guint64 received;
  char input[INPUT_SIZE + 1];
} Connection;

typedef struct
{
  const char *name, *id;
  gsize name_length, id_length;
  guint64 count;
} Command;

typedef struct
{
  const char *name;
  char *text;
  gsize length;
} Reply;

static const char *schema_file;
static Reply replies[] = { { "small", NULL, 0 },     { "query-status", NULL, 0 },
                           { "reply-1k4", NULL, 0 }, { "schema", NULL, 0 },
                           { "query-qmp-schema", NULL, 0 },
                           { "big", NULL, 0 },       { "qmp_capabilities", NULL, 0 } };

static void
send_all (int fd, const char *data, gsize length)
{
  while (length > 0)
    {
      ssize_t sent = send (fd, data, length, MSG_NOSIGNAL);

      if (sent < 0 && errno == EINTR)
        continue;
      if (sent < 0)
        _exit (errno == EPIPE || errno == ECONNRESET ? 0 : 1);
      data += sent;
      length -= sent;
    }
}

static void
flush (int fd, GString *output)
{
  send_all (fd, output->str, output->len);
  g_string_truncate (output, 0);
}

/* The closing quote of the string that starts at @p. */
static const char *
end_of_string (const char *p, const char *end)
{
  while ((p = memchr (p, '"', end - p)) != NULL)
    {
      const char *before = p;

      while (before[-1] == '\\')
        before--;
      if ((p - before) % 2 == 0)
        return p;
      p++;
    }
  return NULL;
}

/* Takes the value behind @colon when the string before it is a name of ours.
 * The input ends in a NUL: no look ahead passes its end. */
static void
note_member (Command *command, const char *name, gsize length, const char *colon, const char *end)
{
  const char *value = colon + 1;

  while (*value == ' ')
    value++;
  if (length == 2 && memcmp (name, "id", 2) == 0)
    {
      const char *quote = *value == '"' ? end_of_string (value + 1, end) : NULL;

      command->id = value;
      command->id_length = quote != NULL ? (gsize) (quote + 1 - value) : strcspn (value, ",} ");
    }
  else if (length == 7 && memcmp (name, "execute", 7) == 0 && *value == '"')
    {
      command->name = value + 1;
      command->name_length = strcspn (value + 1, "\"");
    }
  else if (length == 5 && memcmp (name, "count", 5) == 0)
    command->count = g_ascii_strtoull (value, NULL, 10);
}

/* Reads one command in one pass; returns where it ends, NULL if it is not all there. */
static const char *
next_command (const char *p, const char *end, Command *command)
{
  guint depth = 0;

  memset (command, 0, sizeof *command);
  for (; p < end; p++)
    {
      const char *name = p + 1;

      switch (*p)
        {
        case '"':
          p = end_of_string (name, end);
          if (p == NULL)
            return NULL;
          if (depth <= 2 && p[1] == ':')
            note_member (command, name, p - name, p + 1, end);
          break;
        case '{':
        case '[':
          depth++;
          break;
        case '}':
        case ']':
          if (depth > 0 && --depth == 0)
            return p + 1;
          break;
        default:
          break;
        }
    }
  return NULL;
}

static gboolean
is_named (const Command *command, const char *name)
{
  return command->name != NULL && strncmp (name, command->name, command->name_length) == 0 &&
         name[command->name_length] == '\0';
}

/* A reply's text up to its id; made when first asked for. */
static const Reply *
find_reply (const Command *command)
{
  for (guint i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      Reply *reply = &replies[i];
      g_autofree char *value = NULL;

      if (!is_named (command, reply->name))
        continue;
      if (reply->text != NULL)
        return reply;

      if (g_str_equal (reply->name, "reply-1k4"))
        value = bench_reply_1k4 ();
      else if (g_str_has_suffix (reply->name, "schema"))
        value = bench_reply_schema (schema_file);
      else if (g_str_equal (reply->name, "big"))
        value = bench_reply_big ();
      else if (g_str_equal (reply->name, "qmp_capabilities"))
        value = g_strdup ("{}");
      else
        value = bench_reply_small ();
      reply->text = g_strdup_printf ("{\"return\": %s", value);
      reply->length = strlen (reply->text);
      return reply;
    }
  return NULL;
}

static void
append_id (GString *output, const Command *command)
{
  if (command->id != NULL)
    {
      g_string_append_len (output, ", \"id\": ", 8);
      g_string_append_len (output, command->id, command->id_length);
    }
  g_string_append_len (output, "}\r\n", 3);
}

/* A block of events is made once; between sends only its upper digits change.
 * When @composed, each event is made anew. */
static void
send_events (int fd, guint64 count, gboolean composed)
{
  gsize number_offset = bench_event_get_number_offset ();
  char block[EVENT_BLOCK * BENCH_EVENT_SIZE], digits[16];

  for (guint i = 0; i < EVENT_BLOCK; i++)
    bench_event_write (block + i * BENCH_EVENT_SIZE, BENCH_EVENT_FIRST_NUMBER + i);
  for (guint64 sent = 0; sent < count; sent += EVENT_BLOCK)
    {
      guint64 number = BENCH_EVENT_FIRST_NUMBER + sent;

      g_snprintf (digits, sizeof digits, "%" G_GUINT64_FORMAT, number);
      for (guint i = 0; i < EVENT_BLOCK; i++)
        if (composed)
          bench_event_write (block + i * BENCH_EVENT_SIZE, number + i);
        else
          memcpy (block + i * BENCH_EVENT_SIZE + number_offset, digits, 8);
      send_all (fd, block, BENCH_EVENT_SIZE * MIN (EVENT_BLOCK, count - sent));
    }
}

static void
answer (Connection *connection, const Command *command, GString *output)
{
  const Reply *reply = find_reply (command);

  if (reply != NULL && reply->length > COPY_LIMIT)
    {
      flush (connection->fd, output);
      send_all (connection->fd, reply->text, reply->length);
    }
  else if (reply != NULL)
    g_string_append_len (output, reply->text, reply->length);
  else if (is_named (command, "events") || is_named (command, "composed-events"))
    {
      flush (connection->fd, output);
      send_events (connection->fd, command->count, is_named (command, "composed-events"));
      g_string_append (output, "{\"return\": {}");
    }
  else if (is_named (command, "received"))
    g_string_append_printf (output, "{\"return\": %" G_GUINT64_FORMAT, connection->received);
  else
    g_string_append (output, "{\"error\": {\"class\": \"CommandNotFound\", "
                             "\"desc\": \"The benchmark has no such command\"}");
  append_id (output, command);
}

/* One recv, all the commands it completes, one send. FALSE when the client has gone. */
static gboolean
serve (Connection *connection, GString *output)
{
  ssize_t n;
  const char *p = connection->input, *end, *next;
  Command command;

  n = recv (connection->fd, connection->input + connection->fill, INPUT_SIZE - connection->fill, 0);
  if (n <= 0)
    return n < 0 && errno == EINTR;
  connection->fill += n;
  connection->received += n;
  end = connection->input + connection->fill;
  connection->input[connection->fill] = '\0';

  while ((next = next_command (p, end, &command)) != NULL)
    {
      answer (connection, &command, output);
      p = next;
    }
  while (p < end && g_ascii_isspace (*p))
    p++;
  connection->fill = end - p;
  memmove (connection->input, p, connection->fill);
  flush (connection->fd, output);
  return TRUE;
}

static void
serve_many (Connection *connections, guint n_connections, GString *output)
{
  struct epoll_event ready[256], interest = { .events = EPOLLIN };
  int epoll = epoll_create1 (EPOLL_CLOEXEC);
  guint n_open = n_connections;

  for (guint i = 0; i < n_connections; i++)
    {
      interest.data.ptr = &connections[i];
      epoll_ctl (epoll, EPOLL_CTL_ADD, connections[i].fd, &interest);
    }
  while (n_open > 0)
    {
      int n = epoll_wait (epoll, ready, G_N_ELEMENTS (ready), -1);

      for (int i = 0; i < n; i++)
        {
          Connection *connection = ready[i].data.ptr;

          if (serve (connection, output))
            continue;
          epoll_ctl (epoll, EPOLL_CTL_DEL, connection->fd, NULL);
          n_open--;
        }
    }
}

static void
run_server (const int *fds, guint n_connections)
{
  Connection *connections = g_new0 (Connection, n_connections);
  GString *output = g_string_sized_new (COPY_LIMIT);

  for (guint i = 0; i < n_connections; i++)
    {
      connections[i].fd = fds[i];
      send_all (fds[i], GREETING, strlen (GREETING));
    }
  if (n_connections > 1)
    serve_many (connections, n_connections, output);
  else
    while (serve (connections, output))
      continue;
}

/* Two ends of a thousand connections are more than the usual soft limit. */
static void
allow_many_fds (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
}

BenchServer *
bench_server_start (guint n_connections, const char *schema_path)
{
  BenchServer *server = g_new0 (BenchServer, 1);
  g_autofree int *far_ends = g_new0 (int, n_connections);

  allow_many_fds ();
  server->n_connections = n_connections;
  server->fds = g_new0 (int, n_connections);
  for (guint i = 0; i < n_connections; i++)
    {
      int pair[2];

      if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        bench_fail ("socketpair: %s", g_strerror (errno));
      server->fds[i] = pair[0];
      far_ends[i] = pair[1];
    }

  schema_file = schema_path;
  server->pid = fork ();
  if (server->pid < 0)
    bench_fail ("fork: %s", g_strerror (errno));
  if (server->pid == 0)
    {
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      for (guint i = 0; i < n_connections; i++)
        close (server->fds[i]);
      run_server (far_ends, n_connections);
      _exit (0);
    }
  for (guint i = 0; i < n_connections; i++)
    close (far_ends[i]);
  return server;
}

int
bench_server_take_fd (BenchServer *server, guint index)
{
  return server->fds[index];
}

/* Killed and not left to see the end of its input: a server that was started
 * later may hold copies of the same sockets. */
void
bench_server_stop (BenchServer *server)
{
  kill (server->pid, SIGKILL);
  waitpid (server->pid, NULL, 0);
  g_free (server->fds);
  g_free (server);
}
