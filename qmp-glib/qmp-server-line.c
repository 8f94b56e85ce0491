/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "qmp-server-call-private.h"
#include "qmp-server-line-private.h"

/* The source that serves one client: what it says is read as far as it may go
 * on, and handed out; what it is told is written as far as it has room. */

/* How much one turn may read, and hand out, before others get theirs. */
#define TURN_BYTES ((gsize) 256 * 1024)
#define TURN_CALLS 64u
#define TURN_US 2000

/* What happened in one turn. */
typedef struct
{
  QmpServer *server;
  gsize bytes;
  guint calls;
  gint64 since;
  gboolean drained;  /* the socket gave less than it was asked for */
} Turn;

/* --- a turn, with the lock held but where it says so --------------------------------------- */

/* Without the lock. */
static void
offer (Turn *turn, QmpServerCall *call)
{
  gboolean handled = FALSE;

  if (turn->server != NULL)
    handled = qmp_server_emit_command (turn->server, call);
  if (!handled && !qmp_server_call_is_answered (call))
    qmp_server_answer_by_itself (call->client->core, call);
}

/* Takes the call. */
static void
hand_out (QmpServerClient *self, Turn *turn, QmpServerCall *call)
{
  turn->calls++;
  call->handed_out = TRUE;
  call->running = TRUE;
  g_queue_push_tail_link (&self->running, &call->link);
  if (call->out_of_band)
    self->n_out_of_band++;
  else
    self->n_in_band++;
  /* for a loop that the handler may run: no poll would tell of what is read already */
  if (wire_reader_has_more (&self->reader) && qmp_server_line_may_read (self))
    qmp_server_line_arm (self->source);
  qmp_server_core_unlock (self->core);
  offer (turn, call);
  g_object_unref (call);
  qmp_server_core_lock (self->core);
}

static void
take_message (QmpServerClient *self, Turn *turn, const WireView *view)
{
  QmpServerClientState before = self->state;
  QmpServerCall *call = qmp_server_read_command (self, view);

  self->at_fault = FALSE;
  if (self->state != before)
    {
      qmp_server_core_unlock (self->core);
      qmp_server_client_notify_state (self);
      qmp_server_core_lock (self->core);
    }
  if (call == NULL)
    return;
  self->held += call->size;
  if (call->out_of_band || (qmp_server_line_may_hand_out (self) && self->waiting.length == 0))
    hand_out (self, turn, call);
  else
    g_queue_push_tail (&self->waiting, call);
}

static GError *
describe_end (QmpServerClient *self, gssize n, const GError *error)
{
  const char *when = wire_reader_in_message (&self->reader) ? " in the middle of a message" : "";

  if (n == 0 && *when == '\0')
    return NULL;
  if (n == 0)
    return g_error_new (G_IO_ERROR, G_IO_ERROR_CLOSED, "The client closed the connection%s", when);
  return g_error_new (G_IO_ERROR, G_IO_ERROR_CLOSED, "The client broke the connection%s: %s", when, error->message);
}

/* FALSE when nothing has come. */
static gboolean
receive (QmpServerClient *self, Turn *turn)
{
  g_autoptr (GError) error = NULL;
  guint n_fds = self->fds.n;
  gsize room;
  char *to;
  gssize n;

  if (turn->drained)
    return FALSE;
  to = wire_reader_room (&self->reader, &room);
  n = wire_transport_receive_with_fds (&self->transport, to, room, &self->fds, &error);
  if (n < 0 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return FALSE;
  if (n <= 0)
    {
      qmp_server_client_end (self, describe_end (self, n, error));
      return FALSE;
    }
  wire_reader_add (&self->reader, (gsize) n);
  turn->bytes += (gsize) n;
  /* what is read ends where file descriptors came */
  turn->drained = self->transport.direct && (gsize) n < room && self->fds.n == n_fds;
  return TRUE;
}

/* FALSE when nothing more is to be had. */
static gboolean
read_on (QmpServerClient *self, Turn *turn)
{
  WireView view;

  switch (wire_reader_next (&self->reader, &view))
    {
    case WIRE_READ_MESSAGE:
      take_message (self, turn, &view);
      return TRUE;
    case WIRE_READ_SENTINEL:
      qmp_server_refuse_sentinel (self);
      return TRUE;
    case WIRE_READ_FAULT:
      qmp_server_refuse_fault (self);
      return TRUE;
    case WIRE_READ_MORE:
    default:
      wire_reader_rest (&self->reader);
      return receive (self, turn);
    }
}

static gboolean
is_over (const Turn *turn)
{
  return turn->bytes >= TURN_BYTES || (turn->calls >= TURN_CALLS && g_get_monotonic_time () > turn->since + TURN_US);
}

static void
work (QmpServerClient *self, Turn *turn)
{
  gboolean more = TRUE;

  while (more && !self->ending && !is_over (turn))
    {
      if (self->waiting.length > 0 && qmp_server_line_may_hand_out (self))
        hand_out (self, turn, g_queue_pop_head (&self->waiting));
      else
        more = qmp_server_line_may_read (self) && read_on (self, turn);
    }
  if (self->ending)
    return;
  if (more)
    qmp_server_line_arm (self->source);
  else
    qmp_server_line_disarm (self->source);
}

/* Pausing costs two system calls, and most pauses are short: so polling goes on
 * until it has woken us for nothing. */
static void
poll_again (QmpServerClient *self, const Turn *turn, GIOCondition happened)
{
  QmpServerSource *source = self->source;
  gboolean reads = qmp_server_line_may_read (self), in_vain = turn->bytes == 0 && turn->calls == 0;

  if (!reads && (happened & (G_IO_HUP | G_IO_ERR)) != 0)
    {
      qmp_server_client_end (self, NULL);
      return;
    }
  if (!reads && !((happened & G_IO_IN) != 0 && in_vain))
    reads = (source->condition & G_IO_IN) != 0;
  qmp_server_line_poll_for (source, (reads ? G_IO_IN : 0) | (self->out.waiting > 0 ? G_IO_OUT : 0));
}

static void
take_turn (QmpServerClient *self, Turn *turn, GIOCondition happened)
{
  QmpServerSource *source = self->source;
  GThread *outer_thread = source->thread;
  int outer_depth = source->depth;

  qmp_server_line_disarm (source);
  source->thread = g_thread_self ();
  source->depth = g_main_depth ();
  if (!self->announced)
    {
      self->announced = TRUE;
      qmp_server_core_unlock (self->core);
      if (turn->server != NULL)
        qmp_server_emit_client_added (turn->server, self);
      qmp_server_core_lock (self->core);
    }
  qmp_server_line_flush (self);
  work (self, turn);
  qmp_server_line_flush (self);
  source->thread = outer_thread;
  source->depth = outer_depth;
  if (self->source != NULL && !self->ending)
    poll_again (self, turn, happened);
}

/* --- the source --------------------------------------------------------------------------------- */

static void
remove_client (QmpServerClient *self, QmpServer *server)
{
  GPtrArray *left = qmp_server_client_clear (self);
  g_autoptr (GError) reason = left != NULL ? g_steal_pointer (&self->reason) : NULL;

  qmp_server_core_unlock (self->core);
  qmp_server_client_finish_clearing (self, left);
  if (left != NULL && server != NULL)
    qmp_server_emit_client_removed (server, self, reason);
  qmp_server_core_lock (self->core);
}

static gboolean
prepare (GSource *base, int *timeout)
{
  *timeout = -1;
  return g_atomic_int_get (&((QmpServerSource *) base)->armed);
}

static gboolean
check (GSource *base)
{
  return g_atomic_int_get (&((QmpServerSource *) base)->armed);
}

static gboolean
dispatch (GSource *base, G_GNUC_UNUSED GSourceFunc callback, G_GNUC_UNUSED gpointer data)
{
  QmpServerSource *source = (QmpServerSource *) base;
  g_autoptr (QmpServerClient) self = g_object_ref (source->client);
  g_autoptr (QmpServer) server = g_weak_ref_get (&self->core->server);
  Turn turn = { server, 0, 0, g_source_get_time (base), FALSE };

  qmp_server_core_lock (self->core);
  if (self->source == source)
    take_turn (self, &turn, g_source_query_unix_fd (base, source->tag));
  if (self->ending && self->source == source)
    remove_client (self, server);
  qmp_server_core_unlock (self->core);
  return G_SOURCE_CONTINUE;
}

static void
finalize (GSource *base)
{
  QmpServerSource *source = (QmpServerSource *) base;

  g_object_unref (source->client);
}

static GSourceFuncs functions = {
  .prepare = prepare,
  .check = check,
  .dispatch = dispatch,
  .finalize = finalize,
};

/* Greets, and serves from the context's next turn on. A handler may run a loop of
 * its own, in which the client is served as well. */
void
qmp_server_line_begin (QmpServerClient *self)
{
  QmpServerSource *source = (QmpServerSource *) g_source_new (&functions, sizeof (QmpServerSource));
  g_autofree char *greeting = qmp_server_make_greeting (self->core);

  source->client = g_object_ref (self);
  source->condition = G_IO_IN;
  source->tag = g_source_add_unix_fd (&source->source, self->transport.fd, G_IO_IN);
  source->out_tag = self->transport.out_fd == self->transport.fd
                      ? source->tag : g_source_add_unix_fd (&source->source, self->transport.out_fd, 0);
  g_source_set_can_recurse (&source->source, TRUE);
  g_source_set_static_name (&source->source, "client of a QMP server");
  self->source = source;
  wire_out_add (&self->out, greeting, strlen (greeting));
  qmp_server_line_flush (self);
  qmp_server_line_arm (source);
  g_source_attach (&source->source, self->core->context);
}

void
qmp_server_line_stop (QmpServerClient *self)
{
  QmpServerSource *source = g_steal_pointer (&self->source);

  if (source == NULL)
    return;
  g_source_destroy (&source->source);
  g_source_unref (&source->source);
}
