/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire-transport.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gfiledescriptorbased.h>
#include <gio/gunixconnection.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/* How long recv() waits by itself before poll() takes over: short enough
 * that a deadline or a cancel is noticed in time. */
#define PATIENCE_US 10000

static int
find_fd (gpointer stream)
{
  if (G_IS_FILE_DESCRIPTOR_BASED (stream))
    return g_file_descriptor_based_get_fd (stream);
  return -1;
}

static GSocketConnection *
find_socket_connection (GIOStream *stream)
{
  g_autoptr (GIOStream) base = NULL;

  if (G_IS_SOCKET_CONNECTION (stream))
    return G_SOCKET_CONNECTION (stream);
  if (!G_IS_TLS_CONNECTION (stream))
    return NULL;
  g_object_get (stream, "base-io-stream", &base, NULL);
  return G_IS_SOCKET_CONNECTION (base) ? G_SOCKET_CONNECTION (base) : NULL;
}

static gboolean
use_pollable (WireTransport *transport, GIOStream *stream)
{
  GInputStream *input = g_io_stream_get_input_stream (stream);
  GOutputStream *output = g_io_stream_get_output_stream (stream);

  if (!G_IS_POLLABLE_INPUT_STREAM (input) || !g_pollable_input_stream_can_poll (G_POLLABLE_INPUT_STREAM (input)) ||
      !G_IS_POLLABLE_OUTPUT_STREAM (output) || !g_pollable_output_stream_can_poll (G_POLLABLE_OUTPUT_STREAM (output)))
    return FALSE;
  transport->input = G_POLLABLE_INPUT_STREAM (input);
  transport->output = G_POLLABLE_OUTPUT_STREAM (output);
  if (transport->fd >= 0)
    return TRUE;
  transport->fd = find_fd (input);
  transport->out_fd = find_fd (output);
  return transport->fd >= 0 && transport->out_fd >= 0;
}

gboolean
wire_transport_init (WireTransport *transport, GIOStream *stream, GError **error)
{
  GSocketConnection *connection = find_socket_connection (stream);

  *transport = (WireTransport) { .fd = -1, .out_fd = -1 };
  if (connection != NULL)
    transport->fd = transport->out_fd = g_socket_get_fd (g_socket_connection_get_socket (connection));
  transport->direct = connection != NULL && (gpointer) connection == (gpointer) stream;
  transport->passes_fds = transport->direct && G_IS_UNIX_CONNECTION (stream);
  if (!transport->direct && !use_pollable (transport, stream))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   "a %s cannot be polled: use a socket, TLS over a socket, or a pair of pipes",
                   G_OBJECT_TYPE_NAME (stream));
      return FALSE;
    }
  transport->stream = g_object_ref (stream);
  return TRUE;
}

/* Closing a socket is quick; a TLS stream would first talk to its peer, so
 * there only what lies below is closed. */
void
wire_transport_clear (WireTransport *transport)
{
  GSocketConnection *connection;

  if (transport->stream == NULL)
    return;
  connection = find_socket_connection (transport->stream);
  g_io_stream_close (connection != NULL ? G_IO_STREAM (connection) : transport->stream, NULL, NULL);
  g_clear_object (&transport->stream);
}

void
wire_transport_shut_down (WireTransport *transport)
{
  if (transport->stream != NULL && transport->fd >= 0)
    shutdown (transport->fd, SHUT_RDWR);
}

static gssize
fail (GError **error, const char *what)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (code), "%s: %s", what, g_strerror (code));
  return -1;
}

gssize
wire_transport_receive (WireTransport *transport, char *to, gsize room, GError **error)
{
  gssize n;

  if (!transport->direct)
    return g_pollable_input_stream_read_nonblocking (transport->input, to, room, NULL, error);
  do
    n = recv (transport->fd, to, room, MSG_DONTWAIT);
  while (n < 0 && errno == EINTR);
  return n >= 0 ? n : fail (error, "Could not read");
}

/* --- file descriptors that come --------------------------------------------------- */

void
wire_fds_clear (WireFds *fds)
{
  while (fds->n > 0)
    close (fds->fds[--fds->n]);
}

/* The first one, which is then the caller's; -1 for none. The others are closed:
 * they are a command's, and it has one. */
int
wire_fds_take_first (WireFds *fds)
{
  int first;

  if (fds->n == 0)
    return -1;
  first = fds->fds[0];
  fds->fds[0] = fds->fds[fds->n - 1];
  fds->n--;
  wire_fds_clear (fds);
  return first;
}

static void
take_fds (WireFds *fds, struct msghdr *message)
{
  for (struct cmsghdr *header = CMSG_FIRSTHDR (message); header != NULL; header = CMSG_NXTHDR (message, header))
    {
      gsize size = header->cmsg_len - CMSG_LEN (0);

      if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
        continue;
      wire_fds_clear (fds);
      fds->n = (guint) MIN (size / sizeof (int), WIRE_MOST_FDS);
      memcpy (fds->fds, CMSG_DATA (header), fds->n * sizeof (int));
    }
}

/**
 * wire_transport_receive_with_fds:
 * @fds: (inout): replaced by those that come with the bytes, if any do
 *
 * Receives like wire_transport_receive(); what is more than %WIRE_MOST_FDS
 * the kernel closes.
 */
gssize
wire_transport_receive_with_fds (WireTransport *transport, char *to, gsize room, WireFds *fds, GError **error)
{
  union { struct cmsghdr header; char room[CMSG_SPACE (WIRE_MOST_FDS * sizeof (int))]; } control;
  struct iovec bytes = { to, room };
  struct msghdr message = { .msg_iov = &bytes, .msg_iovlen = 1 };
  gssize n;

  if (!transport->passes_fds)
    return wire_transport_receive (transport, to, room, error);
  do
    {
      message.msg_control = &control;
      message.msg_controllen = sizeof control;
      n = recvmsg (transport->fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    }
  while (n < 0 && errno == EINTR);
  if (n < 0)
    return fail (error, "Could not read");
  if (message.msg_controllen > 0)
    take_fds (fds, &message);
  return n;
}

/**
 * wire_transport_wait:
 *
 * Receives like wire_transport_receive(), but waits a moment for the first
 * byte: one system call where poll() would make it two.
 */
gssize
wire_transport_wait (WireTransport *transport, char *to, gsize room, GError **error)
{
  struct timeval patience = { .tv_usec = PATIENCE_US };
  gssize n;

  if (!transport->direct)
    return wire_transport_receive (transport, to, room, error);
  if (!transport->waits)
    {
      int flags = fcntl (transport->fd, F_GETFL);

      setsockopt (transport->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
      fcntl (transport->fd, F_SETFL, flags & ~O_NONBLOCK);
      transport->waits = TRUE;
    }
  n = recv (transport->fd, to, room, 0);
  if (n < 0 && errno == EINTR)
    errno = EAGAIN;
  return n >= 0 ? n : fail (error, "Could not read");
}

static gssize
send_with_fd (WireTransport *transport, const char *bytes, gsize length, int fd)
{
  union { struct cmsghdr header; char room[CMSG_SPACE (sizeof (int))]; } control = { 0 };
  struct iovec text = { (char *) bytes, length };
  struct msghdr message = { .msg_iov = &text, .msg_iovlen = 1,
                            .msg_control = &control, .msg_controllen = sizeof control };

  control.header.cmsg_level = SOL_SOCKET;
  control.header.cmsg_type = SCM_RIGHTS;
  control.header.cmsg_len = CMSG_LEN (sizeof (int));
  memcpy (CMSG_DATA (&control.header), &fd, sizeof fd);
  return sendmsg (transport->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/**
 * wire_transport_send:
 * @fd: a file descriptor that travels with the first byte, or -1
 *
 * Sends what the peer has room for.
 */
gssize
wire_transport_send (WireTransport *transport, const char *bytes, gsize length, int fd, GError **error)
{
  gssize n;

  if (!transport->direct)
    return g_pollable_output_stream_write_nonblocking (transport->output, bytes, length, NULL, error);
  do
    n = fd >= 0 ? send_with_fd (transport, bytes, length, fd)
                : send (transport->fd, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);
  while (n < 0 && errno == EINTR);
  return n >= 0 ? n : fail (error, "Could not write");
}
