/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-session-private.h"

#include <stdarg.h>
#include <string.h>

#include "qmp-call-private.h"
#include "qmp-event-private.h"
#include "qmp-event-stream-private.h"
#include "qmp-log-private.h"
#include "wire/wire-box.h"

/* With out-of-band commands on, QEMU queues so many in-band ones and then
 * stops reading, which would hold the out-of-band ones up, too. */
#define WINDOW 8u

/* What one connection may keep of commands that its peer does not read. */
#define MOST_QUEUED ((gsize) 256 * 1024 * 1024)

/* --- ids ---------------------------------------------------------------------------- */

static void
make_more_slots (QmpSession *session)
{
  guint first = session->n_slots;

  session->n_slots = MAX (first * 2, 4);
  session->slots = g_renew (QmpSlot, session->slots, session->n_slots);
  for (guint id = session->n_slots; id-- > first;)
    {
      session->slots[id] = (QmpSlot) { .next_free = session->first_free };
      session->first_free = id;
    }
}

/* The one that was freed last, so that ids stay short. */
static guint
take_id (QmpSession *session, QmpCall *call)
{
  guint id;

  if (session->first_free == QMP_NO_ID)
    make_more_slots (session);
  id = session->first_free;
  session->first_free = session->slots[id].next_free;
  session->slots[id] = (QmpSlot) { .call = call };
  session->n_used++;
  return id;
}

/* Makes an id free again: its reply has come, or its command was never sent. */
void
qmp_session_release (QmpSession *session, guint id)
{
  QmpSlot *slot = &session->slots[id];

  session->n_in_band -= slot->sent && slot->in_band;
  session->n_with_fd -= slot->sent && slot->with_fd;
  *slot = (QmpSlot) { .next_free = session->first_free };
  session->first_free = id;
  session->n_used--;
}

/* --- commands ------------------------------------------------------------------------ */

static char *
append (char *to, const char *text)
{
  gsize length = strlen (text);

  memcpy (to, text, length);
  return to + length;
}

static char *
append_number (char *to, guint number)
{
  char digits[10];
  guint n = 0;

  do
    digits[n++] = (char) ('0' + number % 10);
  while ((number /= 10) > 0);
  while (n > 0)
    *to++ = digits[--n];
  return to;
}

static void
write_plain (WireOut *out, QmpCall *call)
{
  gsize room = 64 + strlen (call->command) + call->arguments_length;
  char *first = wire_out_reserve (out, room), *end = first;

  end = append (end, call->out_of_band ? "{\"exec-oob\":\"" : "{\"execute\":\"");
  end = append (end, call->command);
  end = append (end, "\"");
  if (call->arguments_length > 0)
    {
      end = append (end, ",\"arguments\":");
      memcpy (end, call->arguments, call->arguments_length);
      end += call->arguments_length;
    }
  end = append (end, ",\"id\":");
  end = append_number (end, call->id);
  end = append (end, "}");
  wire_out_commit (out, (gsize) (end - first));
}

static void
write_special (WireOut *out, QmpCall *call)
{
  gsize room = call->arguments_length + strlen (call->command) + 64;
  g_autofree char *text = g_malloc (room);
  int length;

  length = g_snprintf (text, room, "{\"%s\":\"%s\",\"id\":%u%s%s}", call->out_of_band ? "exec-oob" : "execute",
                       call->command, call->id, call->arguments_length > 0 ? ",\"arguments\":" : "",
                       call->arguments_length > 0 ? call->arguments : "");
  wire_out_add_special (out, text, (gsize) length, call->fd, call->sensitive);
  call->fd = -1;
  if (call->sensitive)
    explicit_bzero (text, room);
}

/* QEMU acts on the last brace, and reads its monitor byte by byte, so no byte
 * is wasted. But over TLS QEMU 7.2 reads a record only while there is another
 * behind it: there, a newline in a record of its own follows each command. */
void
qmp_session_nudge (QmpSession *session)
{
  if (!session->link.transport.direct)
    wire_out_add_special (&session->link.out, "\n", 1, -1, FALSE);
}

static void
send_call (QmpSession *session, QmpCall *call)
{
  QmpSlot *slot = &session->slots[call->id];
  WireOut *out = &session->link.out;
  guint64 before = out->queued;

  slot->sent = TRUE;
  slot->in_band = !call->out_of_band;
  slot->with_fd = call->fd >= 0;
  session->n_in_band += slot->in_band;
  session->n_with_fd += slot->with_fd;
  if (call->fd >= 0 || call->sensitive)
    write_special (out, call);
  else
    write_plain (out, call);
  slot->written_at = out->queued;
  if (session->logs)
    qmp_log_sent (call, (gsize) (out->queued - before));
  qmp_session_nudge (session);
  qmp_call_forget_arguments (call);
}

static gboolean
may_go (QmpSession *session, const QmpCall *call)
{
  if (call->fd >= 0 && session->n_with_fd > 0)
    return FALSE;
  return call->out_of_band || !session->out_of_band || session->n_in_band < WINDOW;
}

static void
enqueue (QmpSession *session, QmpCall *call)
{
  call->queued = TRUE;
  if (session->last_queued != NULL)
    session->last_queued->next_queued = call;
  else
    session->first_queued = call;
  session->last_queued = call;
  session->queued_size += call->arguments_length;
}

static void
dequeue (QmpSession *session, QmpCall *call)
{
  QmpCall *previous = NULL;

  for (QmpCall *each = session->first_queued; each != call; each = each->next_queued)
    previous = each;
  if (previous != NULL)
    previous->next_queued = call->next_queued;
  else
    session->first_queued = call->next_queued;
  if (session->last_queued == call)
    session->last_queued = previous;
  call->next_queued = NULL;
  call->queued = FALSE;
  session->queued_size -= call->arguments_length;
}

/* Sends what the window has room for, in order. */
void
qmp_session_pump (QmpSession *session)
{
  if (session->first_queued == NULL)
    return;
  while (session->first_queued != NULL && may_go (session, session->first_queued))
    {
      QmpCall *call = session->first_queued;

      dequeue (session, call);
      send_call (session, call);
    }
  if (session->link.out.waiting > 0)
    wire_link_send (&session->link);
}

static GError *
find_objection (QmpSession *session, QmpCall *call)
{
  if (session->n_used >= session->max_pending)
    return g_error_new (G_IO_ERROR, G_IO_ERROR_BUSY, "%s: %u calls wait for QEMU already", call->command, session->n_used);
  if (session->queued_size + session->link.out.waiting + call->arguments_length > MOST_QUEUED)
    return g_error_new (G_IO_ERROR, G_IO_ERROR_BUSY, "%s: too much waits to be sent already", call->command);
  if (call->out_of_band && !session->out_of_band)
    return g_error_new (G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "%s: this connection has no out-of-band commands", call->command);
  if (call->fd >= 0 && !session->link.transport.passes_fds)
    return g_error_new (G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                        "%s: only a unix socket can pass a file descriptor", call->command);
  return NULL;
}

static void
begin_command (QmpSession *session, QmpCall *call)
{
  GError *objection = find_objection (session, call);

  wire_link_await (&session->link, &call->wire);
  if (objection != NULL)
    {
      call->id = QMP_NO_ID;
      wire_call_end (&call->wire, NULL, objection);
      return;
    }
  call->id = take_id (session, call);
  if ((session->first_queued != NULL && !call->out_of_band) || !may_go (session, call))
    {
      enqueue (session, call);
      return;
    }
  send_call (session, call);
  if (call->wire.box == NULL || !wire_box_holds_writes (call->wire.box))
    wire_link_send (&session->link);
}

void
qmp_session_begin (QmpSession *session, QmpCall *call)
{
  switch (call->kind)
    {
    case QMP_CALL_COMMAND:
      begin_command (session, call);
      break;
    case QMP_CALL_OPENING:
      wire_link_await (&session->link, &call->wire);
      /* the source may have been quicker, in another thread */
      if (session->state == QMP_SESSION_OPEN)
        wire_call_end (&call->wire, NULL, NULL);
      break;
    case QMP_CALL_NEXT_EVENT:
      qmp_event_stream_begin (call->stream, call);
      break;
    case QMP_CALL_END:
    default:
      wire_link_await (&session->link, &call->wire);
      break;
    }
}

/* --- ends ------------------------------------------------------------------------------ */

/* The id stays taken until QEMU has answered, unless QEMU never saw it. */
static void
ended_early (WireLink *link, WireCall *wire)
{
  QmpSession *session = (QmpSession *) link;
  QmpCall *call = (QmpCall *) wire;

  if (call->kind == QMP_CALL_NEXT_EVENT)
    qmp_event_stream_forget (call->stream, call);
  if (call->kind != QMP_CALL_COMMAND)
    return;
  if (call->queued)
    {
      dequeue (session, call);
      qmp_session_release (session, call->id);
    }
  else
    session->slots[call->id].call = NULL;
}

/* No stream gets a next event. After a wanted end that is no error. */
static void
end_streams (WireLink *link, gboolean wanted)
{
  WireCall *next;

  for (WireCall *wire = link->first_waiting; wire != NULL; wire = next)
    {
      QmpCall *call = (QmpCall *) wire;

      next = wire->next;
      if (call->kind != QMP_CALL_NEXT_EVENT)
        continue;
      qmp_event_stream_forget (call->stream, call);
      if (wanted)
        wire_call_end (wire, NULL, NULL);
    }
}

/* QEMU that was told to go, or said that it goes, has done what it should
 * when it is gone; whether its last reply still came through or not. */
static GError *
link_ends (WireLink *link, GError *error)
{
  QmpSession *session = (QmpSession *) link;
  WireCall *next;
  gboolean gone = error == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED);

  for (WireCall *wire = link->first_waiting; wire != NULL; wire = next)
    {
      QmpCall *call = (QmpCall *) wire;
      gboolean quitting = call->kind == QMP_CALL_END || (call->kind == QMP_CALL_COMMAND && call->quits && !call->queued);

      next = wire->next;
      if (error == NULL || !gone || !quitting)
        continue;
      session->end_expected = TRUE;
      wire_call_end (wire, NULL, NULL);
    }
  session->first_queued = session->last_queued = NULL;
  for (guint i = 0; i < session->n_slots; i++)
    session->slots[i].call = NULL;
  if (gone && session->end_expected && session->state == QMP_SESSION_OPEN)
    g_clear_error (&error);
  end_streams (link, error == NULL);
  if (session->logs)
    qmp_log_note (error != NULL ? "the connection ended with an error" : "the connection ended as was wanted");
  return error;
}

static void
deliver (WireLink *link, GObject *object, WireDelivery *delivery)
{
  if (delivery->kind == WIRE_DELIVERY_CALL)
    qmp_call_return ((QmpCall *) delivery);
  else
    qmp_connection_deliver ((QmpConnection *) object, (QmpSession *) link, delivery);
}

static void
free_delivery (WireLink *link, WireDelivery *delivery)
{
  qmp_event_unref ((QmpEvent *) delivery);
}

/* --- life -------------------------------------------------------------------------------- */

static void
finalize (WireLink *link)
{
  QmpSession *session = (QmpSession *) link;

  g_free (session->slots);
  g_ptr_array_unref (session->streams);
  g_free (session->address);
  g_clear_object (&session->version);
  g_clear_pointer (&session->capabilities, g_strfreev);
  g_free (session);
}

static const WireLinkClass session_class = {
  .peer = "QEMU",
  .size_of_call = sizeof (QmpCall),
  .begin = qmp_call_begin,
  .message = qmp_session_message,
  .sentinel = qmp_session_sentinel,
  .fault = qmp_session_fault,
  .ended_early = ended_early,
  .describe_early_end = qmp_session_describe_early_end,
  .link_ends = link_ends,
  .deliver = deliver,
  .free_delivery = free_delivery,
  .clear_call = qmp_call_clear,
  .finalize = finalize,
};

static void
take_limits (QmpSession *session, QmpLimits *limits, WireLimits *wire_limits)
{
  wire_limits->max_bytes = qmp_limits_get_message_size (limits);
  wire_limits->max_values = qmp_limits_get_message_values (limits);
  wire_limits->max_depth = qmp_limits_get_message_depth (limits);
  wire_limits->max_key = qmp_limits_get_name_size (limits);
  session->max_pending = qmp_limits_get_pending_calls (limits);
  session->max_events = qmp_limits_get_waiting_events (limits);
  session->max_event_size = qmp_limits_get_waiting_event_size (limits);
  session->max_undelivered = 2 * (gsize) qmp_limits_get_message_size (limits);
}

QmpSession *
qmp_session_new (QmpOpenOptions *options)
{
  QmpSession *session = g_new0 (QmpSession, 1);
  QmpLimits *limits = options != NULL ? qmp_open_options_get_limits (options) : NULL;
  g_autoptr (QmpLimits) defaults = limits == NULL ? qmp_limits_new () : NULL;
  WireLimits wire_limits;

  take_limits (session, limits != NULL ? limits : defaults, &wire_limits);
  wire_link_init (&session->link, &session_class, &wire_limits);
  session->first_free = QMP_NO_ID;
  session->streams = g_ptr_array_new ();
  session->logs = qmp_log_is_wanted ();
  session->lost_notice.kind = WIRE_DELIVERY_NOTICE;
  session->wants_out_of_band = options == NULL || qmp_open_options_get_out_of_band (options);
  session->default_timeout = QMP_DEFAULT_TIMEOUT_MS;
  if (options != NULL && qmp_open_options_get_default_timeout (options) >= 0)
    session->default_timeout = qmp_open_options_get_default_timeout (options);
  return session;
}

void
qmp_session_unref (QmpSession *session)
{
  wire_link_unref (&session->link);
}

/* Microseconds for milliseconds, where -1 is the default and G_MAXINT none. */
gint64
qmp_session_get_timeout (QmpSession *session, int milliseconds)
{
  if (milliseconds < 0)
    milliseconds = g_atomic_int_get (&session->default_timeout);
  return milliseconds == G_MAXINT ? G_MAXINT64 : (gint64) milliseconds * 1000;
}

/* What came is not QMP: nothing after it can be trusted. */
void
qmp_session_violate (QmpSession *session, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list arguments;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  wire_link_fail (&session->link, g_error_new_literal (QMP_ERROR, QMP_ERROR_PROTOCOL, what));
}
