/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "raw-client.h"

#include "bench-fail.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define FIRST_SIZE (64 * 1024)

struct _RawClient
{
  int fd;
  char *buffer;
  gsize size;
  gsize fill;
  /* The last line is at the front; what came behind it starts here. */
  gsize line_length;
  gsize start;
};

static void
send_text (RawClient *client, const char *text, gsize length)
{
  while (length > 0)
    {
      ssize_t sent = send (client->fd, text, length, MSG_NOSIGNAL);

      if (sent < 0 && errno != EINTR)
        bench_fail ("send: %s", g_strerror (errno));
      if (sent > 0)
        {
          text += sent;
          length -= sent;
        }
    }
}

/* Appends what has come; returns how much that was. */
static gsize
receive (RawClient *client)
{
  ssize_t n;

  if (client->fill == client->size)
    {
      client->size *= 2;
      client->buffer = g_realloc (client->buffer, client->size);
    }
  do
    n = recv (client->fd, client->buffer + client->fill, client->size - client->fill, 0);
  while (n < 0 && errno == EINTR);
  if (n <= 0)
    bench_fail ("recv: %s", n == 0 ? "the server has gone" : g_strerror (errno));
  client->fill += n;
  return n;
}

/* Receives until a line is whole; it stays readable until the next call. */
static void
receive_line (RawClient *client)
{
  gsize scanned;
  const char *newline;

  client->fill -= client->start;
  memmove (client->buffer, client->buffer + client->start, client->fill);
  client->start = scanned = 0;
  while ((newline = memchr (client->buffer + scanned, '\n', client->fill - scanned)) == NULL)
    {
      scanned = client->fill;
      receive (client);
    }
  client->line_length = newline - client->buffer;
  client->start = client->line_length + 1;
}

RawClient *
raw_client_new (int fd)
{
  RawClient *client = g_new0 (RawClient, 1);

  client->fd = fd;
  client->size = FIRST_SIZE;
  client->buffer = g_malloc (client->size);
  receive_line (client);
  raw_client_sequential (client, "qmp_capabilities", 1);
  return client;
}

void
raw_client_free (RawClient *client)
{
  close (client->fd);
  g_free (client->buffer);
  g_free (client);
}

void
raw_client_sequential (RawClient *client, const char *command, guint count)
{
  g_autofree char *text = g_strdup_printf ("{\"execute\":\"%s\",\"id\":1}", command);
  gsize length = strlen (text);

  for (guint i = 0; i < count; i++)
    {
      send_text (client, text, length);
      receive_line (client);
    }
}

/* How many lines end in what one recv brings; the bytes are not kept. */
static guint
receive_lines (RawClient *client)
{
  const char *p, *end;
  guint n_lines = 0;

  client->fill = client->start = 0;
  end = client->buffer + receive (client);
  for (p = client->buffer; (p = memchr (p, '\n', end - p)) != NULL; p++)
    n_lines++;
  client->fill = 0;
  return n_lines;
}

void
raw_client_pipelined (RawClient *client, const char *command, guint count)
{
  g_autoptr (GString) window = g_string_new (NULL);
  g_autofree char *once = NULL;
  guint sent = MIN (count, RAW_WINDOW), received = 0;
  gsize length;

  for (guint i = 0; i < RAW_WINDOW; i++)
    g_string_append_printf (window, "{\"execute\":\"%s\",\"id\":%u}", command, 100 + i);
  length = window->len / RAW_WINDOW;
  /* Twice over, so that any number of commands in turn lies in one piece. */
  once = g_strdup (window->str);
  g_string_append (window, once);

  send_text (client, window->str, sent * length);
  while (received < count)
    {
      guint n_lines = receive_lines (client);
      guint n_next = MIN (n_lines, count - sent);

      received += n_lines;
      send_text (client, window->str + (sent % RAW_WINDOW) * length, n_next * length);
      sent += n_next;
    }
}

void
raw_client_events (RawClient *client, const char *command, guint count)
{
  g_autofree char *text = g_strdup_printf (
    "{\"execute\":\"%s\",\"arguments\":{\"count\":%u},\"id\":1}", command, count);
  guint received = 0;

  send_text (client, text, strlen (text));
  while (received < count + 1)
    received += receive_lines (client);
}

void
raw_clients_busy (RawClient **clients, guint n_clients, const char *command, guint count)
{
  g_autofree char *text = g_strdup_printf ("{\"execute\":\"%s\",\"id\":1}", command);
  g_autofree struct epoll_event *ready = g_new0 (struct epoll_event, n_clients);
  struct epoll_event interest = { .events = EPOLLIN };
  gsize length = strlen (text);
  int epoll = epoll_create1 (EPOLL_CLOEXEC);

  for (guint i = 0; i < n_clients; i++)
    {
      interest.data.ptr = clients[i];
      epoll_ctl (epoll, EPOLL_CTL_ADD, clients[i]->fd, &interest);
    }
  while (count-- > 0)
    {
      guint n_waiting = n_clients;

      for (guint i = 0; i < n_clients; i++)
        send_text (clients[i], text, length);
      while (n_waiting > 0)
        {
          int n = epoll_wait (epoll, ready, n_clients, -1);

          for (int i = 0; i < n; i++)
            n_waiting -= receive_lines (ready[i].data.ptr);
        }
    }
  close (epoll);
}

const char *
raw_client_get_reply (RawClient *client, gsize *length)
{
  *length = client->line_length;
  return client->buffer;
}

guint64
raw_client_get_received (RawClient *client)
{
  raw_client_sequential (client, "received", 1);
  return g_ascii_strtoull (client->buffer + strlen ("{\"return\": "), NULL, 10);
}
