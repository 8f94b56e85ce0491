/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire-dialer.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#if HAVE_VSOCK
#include <linux/vm_sockets.h>
#endif

#define FIRST_PAUSE_MS 10u
#define LONGEST_PAUSE_MS 250u

typedef struct
{
  WireAddress *address;
  gint64 deadline;
  gboolean retry;
  char *peer;
  GTlsDatabase *database;
  GTlsCertificate *certificate;
  GSocketConnectable *identity;
  GCancellable *inner;        /* ends what runs, for the caller or the deadline */
  gulong cancel_id;
  GSource *timer;             /* of the deadline */
  GSource *pause;             /* before the next try, or while connecting */
  guint pause_ms;
  int connecting;             /* a socket that is not there yet; or -1 */
  gboolean timed_out;
  GError *last;               /* what the last try met */
} Dial;

static void try_once (GTask *task);

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;
  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
free_dial (Dial *dial)
{
  clear_source (&dial->timer);
  clear_source (&dial->pause);
  g_clear_pointer (&dial->address, wire_address_free);
  g_clear_object (&dial->database);
  g_clear_object (&dial->certificate);
  g_clear_object (&dial->identity);
  g_clear_object (&dial->inner);
  g_clear_error (&dial->last);
  if (dial->connecting >= 0)
    close (dial->connecting);
  g_free (dial->peer);
  g_free (dial);
}

/* --- the end --------------------------------------------------------------------- */

static void
let_go (GTask *task)
{
  Dial *dial = g_task_get_task_data (task);

  clear_source (&dial->timer);
  clear_source (&dial->pause);
  if (dial->cancel_id != 0)
    g_signal_handler_disconnect (g_task_get_cancellable (task), dial->cancel_id);
  dial->cancel_id = 0;
}

static void
succeed (GTask *task, GIOStream *stream)
{
  let_go (task);
  g_task_return_pointer (task, stream, g_object_unref);
  g_object_unref (task);
}

static const char *
explain (const GError *last)
{
  if (g_error_matches (last, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return "no socket is there";
  if (g_error_matches (last, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return "nobody listens there";
  if (g_error_matches (last, G_IO_ERROR, G_IO_ERROR_BUSY))
    return "it is busy with another client";
  return last->message;
}

static void
give_up (GTask *task)
{
  Dial *dial = g_task_get_task_data (task);
  GError *last = dial->last;

  let_go (task);
  if (g_cancellable_is_cancelled (g_task_get_cancellable (task)))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Opening %s was cancelled", dial->address->text);
  else if (last == NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "Could not connect to %s at %s in time",
                             dial->peer, dial->address->text);
  else
    g_task_return_new_error (task, last->domain, last->code, "Could not connect to %s at %s%s: %s", dial->peer,
                             dial->address->text, dial->timed_out ? " in time" : "", explain (last));
  g_object_unref (task);
}

/* --- trying again ------------------------------------------------------------------ */

static gboolean
on_pause_over (gpointer data)
{
  GTask *task = data;
  Dial *dial = g_task_get_task_data (task);

  clear_source (&dial->pause);
  try_once (task);
  return G_SOURCE_REMOVE;
}

static gboolean
is_worth_a_retry (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY);
}

/* Takes the error; goes on later, or ends. */
static void
meet_error (GTask *task, GError *error)
{
  Dial *dial = g_task_get_task_data (task);

  if (g_cancellable_is_cancelled (dial->inner))
    {
      g_error_free (error);
      give_up (task);
      return;
    }
  g_clear_error (&dial->last);
  dial->last = error;
  if (!dial->retry || !is_worth_a_retry (error))
    {
      give_up (task);
      return;
    }
  dial->pause_ms = CLAMP (dial->pause_ms * 2, FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
  dial->pause = g_timeout_source_new (dial->pause_ms);
  g_task_attach_source (task, dial->pause, on_pause_over);
}

static void
meet_errno (GTask *task, int code)
{
  int io_code = (int) g_io_error_from_errno (code);

  /* a full queue of clients: QEMU serves them one by one */
  if (code == EAGAIN)
    io_code = G_IO_ERROR_BUSY;
  meet_error (task, g_error_new_literal (G_IO_ERROR, io_code, g_strerror (code)));
}

/* --- plain sockets ------------------------------------------------------------------ */

GIOStream *
wire_stream_new_for_fd (int fd, GError **error)
{
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, error);

  if (socket == NULL)
    {
      close (fd);
      return NULL;
    }
  return G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
}

static void
use_fd (GTask *task, int fd)
{
  GError *error = NULL;
  GIOStream *stream = wire_stream_new_for_fd (fd, &error);

  if (stream != NULL)
    succeed (task, stream);
  else
    meet_error (task, error);
}

static gboolean
on_connected (int fd, G_GNUC_UNUSED GIOCondition condition, gpointer data)
{
  GTask *task = data;
  Dial *dial = g_task_get_task_data (task);
  int code = 0;
  socklen_t length = sizeof code;

  clear_source (&dial->pause);
  dial->connecting = -1;
  getsockopt (fd, SOL_SOCKET, SO_ERROR, &code, &length);
  if (code == 0)
    {
      use_fd (task, fd);
      return G_SOURCE_REMOVE;
    }
  close (fd);
  meet_errno (task, code);
  return G_SOURCE_REMOVE;
}

static void
connect_socket (GTask *task, int family, const struct sockaddr *where, gsize length)
{
  Dial *dial = g_task_get_task_data (task);
  int fd = socket (family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  int code;

  if (fd < 0)
    {
      meet_errno (task, errno);
      return;
    }
  if (connect (fd, where, (socklen_t) length) == 0)
    {
      use_fd (task, fd);
      return;
    }
  code = errno;
  if (code != EINPROGRESS)
    {
      close (fd);
      meet_errno (task, code);
      return;
    }
  dial->connecting = fd;
  dial->pause = g_unix_fd_source_new (fd, G_IO_OUT);
  g_task_attach_source (task, dial->pause, G_SOURCE_FUNC (on_connected));
}

static struct sockaddr_un
make_unix_address (const WireAddress *address)
{
  struct sockaddr_un where = { .sun_family = AF_UNIX };

  g_strlcpy (where.sun_path, address->name, sizeof where.sun_path);
  return where;
}

static void
connect_unix (GTask *task)
{
  Dial *dial = g_task_get_task_data (task);
  struct sockaddr_un where = make_unix_address (dial->address);

  connect_socket (task, AF_UNIX, (struct sockaddr *) &where, sizeof where);
}

static void
connect_vsock (GTask *task)
{
#if HAVE_VSOCK
  Dial *dial = g_task_get_task_data (task);
  struct sockaddr_vm where = { .svm_family = AF_VSOCK, .svm_cid = dial->address->cid, .svm_port = dial->address->port };

  connect_socket (task, AF_VSOCK, (struct sockaddr *) &where, sizeof where);
#else
  meet_error (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "this system has no vsock"));
#endif
}

/* The caller keeps theirs. */
static void
connect_fd (GTask *task)
{
  Dial *dial = g_task_get_task_data (task);
  int fd = fcntl (dial->address->fd, F_DUPFD_CLOEXEC, 3);
  int type = 0;
  socklen_t length = sizeof type;

  if (fd < 0)
    {
      meet_error (task, g_error_new (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "file descriptor %d: %s", dial->address->fd,
                                     g_strerror (errno)));
      return;
    }
  if (getsockopt (fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0 && type == SOCK_STREAM)
    {
      use_fd (task, fd);
      return;
    }
  close (fd);
  meet_error (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                                         "the file descriptor is no stream socket"));
}

/* --- TCP and TLS --------------------------------------------------------------------- */

static void
on_handshake (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  GError *error = NULL;

  if (g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, &error))
    succeed (task, g_object_ref (G_IO_STREAM (source)));
  else
    meet_error (task, error);
}

static void
begin_handshake (GTask *task, GIOStream *base)
{
  Dial *dial = g_task_get_task_data (task);
  g_autoptr (GSocketConnectable) host = NULL;
  g_autoptr (GIOStream) stream = NULL;
  GSocketConnectable *identity = dial->identity;
  GError *error = NULL;

  host = g_network_address_new (dial->address->name, (guint16) dial->address->port);
  if (identity == NULL)
    identity = host;
  stream = g_tls_client_connection_new (base, identity, &error);
  if (stream == NULL)
    {
      meet_error (task, error);
      return;
    }
  if (dial->database != NULL)
    g_tls_connection_set_database (G_TLS_CONNECTION (stream), dial->database);
  if (dial->certificate != NULL)
    g_tls_connection_set_certificate (G_TLS_CONNECTION (stream), dial->certificate);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (stream), G_PRIORITY_DEFAULT, dial->inner, on_handshake, task);
}

static void
on_host_connected (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  Dial *dial = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GSocketConnection) connection = g_socket_client_connect_to_host_finish (G_SOCKET_CLIENT (source), result, &error);

  if (connection == NULL)
    {
      meet_error (task, error);
      return;
    }
  g_tcp_connection_set_graceful_disconnect (G_TCP_CONNECTION (connection), FALSE);
  if (dial->address->kind == WIRE_ADDRESS_TLS)
    begin_handshake (task, G_IO_STREAM (connection));
  else
    succeed (task, G_IO_STREAM (g_steal_pointer (&connection)));
}

static void
connect_host (GTask *task)
{
  Dial *dial = g_task_get_task_data (task);
  g_autoptr (GSocketClient) client = g_socket_client_new ();

  if (dial->address->kind == WIRE_ADDRESS_TLS && !g_tls_backend_supports_tls (g_tls_backend_get_default ()))
    {
      meet_error (task, g_error_new_literal (G_TLS_ERROR, G_TLS_ERROR_UNAVAILABLE,
                                             "no TLS support is installed for GIO (glib-networking)"));
      return;
    }
  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_connect_to_host_async (client, dial->address->name, (guint16) dial->address->port, dial->inner,
                                         on_host_connected, task);
}

/* --- trying --------------------------------------------------------------------------- */

static void
try_once (GTask *task)
{
  Dial *dial = g_task_get_task_data (task);

  switch (dial->address->kind)
    {
    case WIRE_ADDRESS_UNIX:
      connect_unix (task);
      break;
    case WIRE_ADDRESS_TCP:
    case WIRE_ADDRESS_TLS:
      connect_host (task);
      break;
    case WIRE_ADDRESS_VSOCK:
      connect_vsock (task);
      break;
    case WIRE_ADDRESS_FD:
    default:
      connect_fd (task);
      break;
    }
}

/* Ends whatever is going on: a pause here, an operation through inner. */
static void
interrupt (GTask *task)
{
  Dial *dial = g_task_get_task_data (task);
  gboolean pausing = dial->pause != NULL;

  g_cancellable_cancel (dial->inner);
  if (pausing)
    give_up (task);
}

static gboolean
on_deadline (gpointer data)
{
  GTask *task = data;
  Dial *dial = g_task_get_task_data (task);

  clear_source (&dial->timer);
  dial->timed_out = TRUE;
  interrupt (task);
  return G_SOURCE_REMOVE;
}

static gboolean
on_cancelled_later (gpointer data)
{
  GTask *task = data;

  if (!g_task_get_completed (task) && !g_cancellable_is_cancelled (((Dial *) g_task_get_task_data (task))->inner))
    interrupt (task);
  return G_SOURCE_REMOVE;
}

/* In any thread: the rest is done in the task's own context. */
static void
on_cancelled (G_GNUC_UNUSED GCancellable *cancellable, gpointer data)
{
  GTask *task = data;
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_cancelled_later, g_object_ref (task), g_object_unref);
  g_source_attach (source, g_task_get_context (task));
}

static gboolean
begin (gpointer data)
{
  GTask *task = data;
  Dial *dial = g_task_get_task_data (task);

  clear_source (&dial->pause);
  if (g_cancellable_is_cancelled (dial->inner))
    give_up (task);
  else
    try_once (task);
  return G_SOURCE_REMOVE;
}

static Dial *
new_dial (WireAddress *address, const WireDialOptions *options)
{
  Dial *dial = g_new0 (Dial, 1);

  dial->address = address;
  dial->deadline = options->deadline;
  dial->retry = options->retry;
  dial->peer = g_strdup (options->peer);
  g_set_object (&dial->database, options->database);
  g_set_object (&dial->certificate, options->certificate);
  g_set_object (&dial->identity, options->identity);
  dial->inner = g_cancellable_new ();
  dial->connecting = -1;
  return dial;
}

static void
watch (GTask *task)
{
  Dial *dial = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (dial->deadline != G_MAXINT64)
    {
      dial->timer = g_timeout_source_new (0);
      g_source_set_ready_time (dial->timer, dial->deadline);
      g_task_attach_source (task, dial->timer, on_deadline);
    }
  dial->pause = g_idle_source_new ();
  g_source_set_priority (dial->pause, G_PRIORITY_DEFAULT);
  g_task_attach_source (task, dial->pause, begin);
  if (cancellable != NULL)
    dial->cancel_id = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), g_object_ref (task), g_object_unref);
}

void
wire_dial_async (const char *address, const WireDialOptions *options, GCancellable *cancellable,
                 GAsyncReadyCallback callback, gpointer data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, data);
  GError *error = NULL;
  WireAddress *parsed = wire_address_new (address, &error);

  g_task_set_source_tag (task, wire_dial_async);
  g_task_set_check_cancellable (task, FALSE);
  if (parsed == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  g_task_set_task_data (task, new_dial (parsed, options), (GDestroyNotify) free_dial);
  watch (task);
}

GIOStream *
wire_dial_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
keep_result (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

/* A unix socket where somebody listens is there at once: a task, whose class
 * alone starts a thread, would cost a program of one question more than the
 * question. NULL for whatever is not that simple. */
static GIOStream *
dial_at_once (const char *address, const WireDialOptions *options, GCancellable *cancellable)
{
  g_autoptr (WireAddress) parsed = wire_address_new (address, NULL);
  struct sockaddr_un where;
  int fd;

  if (parsed == NULL || parsed->kind != WIRE_ADDRESS_UNIX || g_cancellable_is_cancelled (cancellable) ||
      g_get_monotonic_time () >= options->deadline)
    return NULL;
  where = make_unix_address (parsed);
  fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0)
    return NULL;
  if (connect (fd, (struct sockaddr *) &where, sizeof where) == 0)
    return wire_stream_new_for_fd (fd, NULL);
  close (fd);
  return NULL;
}

/* Runs in a context of its own, so nothing else is dispatched meanwhile. */
static GIOStream *
dial_in_time (const char *address, const WireDialOptions *options, GCancellable *cancellable, GError **error)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GAsyncResult) result = NULL;

  g_main_context_push_thread_default (context);
  wire_dial_async (address, options, cancellable, keep_result, &result);
  while (result == NULL)
    g_main_context_iteration (context, TRUE);
  g_main_context_pop_thread_default (context);
  return wire_dial_finish (result, error);
}

GIOStream *
wire_dial (const char *address, const WireDialOptions *options, GCancellable *cancellable, GError **error)
{
  GIOStream *stream = dial_at_once (address, options, cancellable);

  return stream != NULL ? stream : dial_in_time (address, options, cancellable, error);
}
