/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "raw-agent.h"

#include "bench-fail.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct _RawAgent
{
  int fd;
  char *reply;
  gsize size;
};

RawAgent *
raw_agent_new (const char *socket_path)
{
  RawAgent *self = g_new0 (RawAgent, 1);
  struct sockaddr_un address = { .sun_family = AF_UNIX };

  g_strlcpy (address.sun_path, socket_path, sizeof address.sun_path);
  self->size = 64 * 1024;
  self->reply = g_malloc (self->size);
  self->fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  /* an agent that was just started may not listen yet */
  while (connect (self->fd, (struct sockaddr *) &address, sizeof address) != 0)
    {
      if (errno != ECONNREFUSED && errno != ENOENT)
        bench_fail ("%s: %s", socket_path, g_strerror (errno));
      g_usleep (1000);
    }
  return self;
}

void
raw_agent_free (RawAgent *self)
{
  close (self->fd);
  g_free (self->reply);
  g_free (self);
}

/* Sends one line, and receives one. */
static const char *
ask (RawAgent *self, const char *question)
{
  gsize fill = 0;

  if (send (self->fd, question, strlen (question), MSG_NOSIGNAL) < 0)
    bench_fail ("send: %s", g_strerror (errno));
  do
    {
      gssize n;

      if (fill == self->size)
        self->reply = g_realloc (self->reply, self->size *= 2);
      n = recv (self->fd, self->reply + fill, self->size - fill, 0);
      if (n <= 0)
        bench_fail ("recv: %s", n == 0 ? "the agent has gone" : g_strerror (errno));
      fill += (gsize) n;
    }
  while (self->reply[fill - 1] != '\n');
  self->reply[fill - 1] = '\0';
  return self->reply;
}

static gint64
read_number (const char *reply, const char *name)
{
  const char *at = strstr (reply, name);

  if (at == NULL)
    bench_fail ("the agent said: %.200s", reply);
  return g_ascii_strtoll (at + strlen (name), NULL, 10);
}

void
raw_agent_ping (RawAgent *self, guint count)
{
  while (count-- > 0)
    ask (self, "{\"execute\":\"guest-ping\"}\n");
}

void
raw_agent_read_file (RawAgent *self, const char *path, guint chunk)
{
  g_autofree char *open = g_strdup_printf ("{\"execute\":\"guest-file-open\",\"arguments\":{\"path\":\"%s\"}}\n", path);
  gint64 handle = read_number (ask (self, open), "\"return\": ");
  g_autofree char *read = g_strdup_printf ("{\"execute\":\"guest-file-read\",\"arguments\":{\"handle\":%" G_GINT64_FORMAT
                                           ",\"count\":%u}}\n", handle, chunk);
  g_autofree char *close = g_strdup_printf ("{\"execute\":\"guest-file-close\",\"arguments\":{\"handle\":%" G_GINT64_FORMAT
                                            "}}\n", handle);

  /* the members of the reply come in this order: count, buf-b64, eof; or the last first */
  while (read_number (ask (self, read), "\"count\": ") > 0)
    continue;
  ask (self, close);
}

void
raw_agent_run (RawAgent *self, const char *program, guint count)
{
  g_autofree char *exec = g_strdup_printf ("{\"execute\":\"guest-exec\",\"arguments\":{\"path\":\"%s\"}}\n", program);

  while (count-- > 0)
    {
      gint64 pid = read_number (ask (self, exec), "\"pid\": ");
      g_autofree char *status = g_strdup_printf ("{\"execute\":\"guest-exec-status\",\"arguments\":{\"pid\":%" G_GINT64_FORMAT
                                                 "}}\n", pid);

      while (strstr (ask (self, status), "\"exited\": true") == NULL)
        continue;
    }
}
