/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mock/raw-talk.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mock/await.h"

struct _RawTalk
{
  GIOStream *stream;
  int fd;
  GString *unread;
  gboolean at_end;
};

RawTalk *
raw_talk_new_for_stream (GIOStream *stream)
{
  RawTalk *self = g_new0 (RawTalk, 1);

  self->stream = g_object_ref (stream);
  self->fd = g_socket_get_fd (g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream)));
  self->unread = g_string_new (NULL);
  return self;
}

/* It was greeted already. */
RawTalk *
raw_talk_new (QmpServer *server)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GIOStream) stream = qmp_server_open_stream (server, &error);
  RawTalk *self;

  g_assert_no_error (error);
  self = raw_talk_new_for_stream (stream);
  g_free (raw_hear (self));
  return self;
}

RawTalk *
raw_talk_new_ready (QmpServer *server, gboolean out_of_band)
{
  RawTalk *self = raw_talk_new (server);

  raw_say (self, out_of_band ? "{\"execute\": \"qmp_capabilities\", \"arguments\": {\"enable\": [\"oob\"]}}\n"
                             : "{\"execute\": \"qmp_capabilities\"}\n");
  raw_expect (self, "{\"return\": {}}");
  return self;
}

void
raw_talk_free (RawTalk *self)
{
  raw_hang_up (self);
  g_string_free (self->unread, TRUE);
  g_free (self);
}

/* --- saying ---------------------------------------------------------------------- */

/* Runs what is ready, or sleeps a moment. */
static void
let_server_work (RawTalk *self, short events)
{
  struct pollfd fd = { self->fd, events, 0 };

  if (!g_main_context_iteration (g_main_context_get_thread_default (), FALSE))
    poll (&fd, 1, 1);
}

/* As much as the server takes without being served. */
gsize
raw_say_what_fits (RawTalk *self, const void *bytes, gsize length)
{
  gsize said = 0;

  while (said < length)
    {
      gssize n = send (self->fd, (const char *) bytes + said, length - said, MSG_DONTWAIT | MSG_NOSIGNAL);

      if (n < 0)
        break;
      said += (gsize) n;
    }
  return said;
}

void
raw_say_bytes (RawTalk *self, const void *bytes, gsize length)
{
  const char *left = bytes;

  while (length > 0)
    {
      gssize n = send (self->fd, left, length, MSG_DONTWAIT | MSG_NOSIGNAL);

      if (n < 0 && errno == EAGAIN)
        {
          let_server_work (self, POLLOUT);
          continue;
        }
      if (n < 0)
        return;  /* the server has hung up */
      left += n;
      length -= (gsize) n;
    }
}

void
raw_say (RawTalk *self, const char *text)
{
  raw_say_bytes (self, text, strlen (text));
}

void
raw_say_with_fds (RawTalk *self, const char *text, const int *fds, guint n_fds)
{
  union { struct cmsghdr header; char room[CMSG_SPACE (64 * sizeof (int))]; } control = { 0 };
  struct iovec bytes = { (char *) text, strlen (text) };
  struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = &control,
                            .msg_controllen = CMSG_SPACE (n_fds * sizeof (int)) };

  g_assert_cmpuint (n_fds, <=, 64);
  control.header.cmsg_level = SOL_SOCKET;
  control.header.cmsg_type = SCM_RIGHTS;
  control.header.cmsg_len = CMSG_LEN (n_fds * sizeof (int));
  memcpy (CMSG_DATA (&control.header), fds, n_fds * sizeof (int));
  g_assert_cmpint (sendmsg (self->fd, &message, MSG_NOSIGNAL), ==, (gssize) strlen (text));
}

void
raw_hang_up (RawTalk *self)
{
  if (self->stream != NULL)
    g_io_stream_close (self->stream, NULL, NULL);
  g_clear_object (&self->stream);
}

int
raw_get_fd (RawTalk *self)
{
  return self->fd;
}

/* --- hearing --------------------------------------------------------------------- */

static gboolean
hear_some (RawTalk *self)
{
  char bytes[16384];
  gssize n = recv (self->fd, bytes, sizeof bytes, MSG_DONTWAIT);

  if (n > 0)
    g_string_append_len (self->unread, bytes, n);
  if (n == 0 || (n < 0 && errno != EAGAIN))
    self->at_end = TRUE;
  return n > 0;
}

/* The next line; NULL at the end. */
char *
raw_hear (RawTalk *self)
{
  const char *end;
  char *line;

  while ((end = strstr (self->unread->str, "\r\n")) == NULL && !self->at_end)
    if (!hear_some (self) && !self->at_end)
      let_server_work (self, POLLIN);
  if (end == NULL)
    return NULL;
  line = g_strndup (self->unread->str, (gsize) (end - self->unread->str));
  g_string_erase (self->unread, 0, end + 2 - self->unread->str);
  return line;
}

void
raw_expect (RawTalk *self, const char *line)
{
  g_autofree char *heard = raw_hear (self);

  g_assert_cmpstr (heard, ==, line);
}

void
raw_expect_end (RawTalk *self)
{
  g_autofree char *heard = raw_hear (self);

  g_assert_cmpstr (heard, ==, NULL);
  g_assert_cmpuint (self->unread->len, ==, 0);
}

/* Nothing that is ready makes the server say anything. */
void
raw_expect_silence (RawTalk *self)
{
  await_idle ();
  hear_some (self);
  g_assert_cmpstr (self->unread->str, ==, "");
}
