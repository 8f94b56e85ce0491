/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-session-private.h"

#include <string.h>

#include "qmp-call-private.h"
#include "qmp-event-private.h"
#include "qmp-event-stream-private.h"
#include "qmp-log-private.h"
#include "wire/wire-box.h"
#include "wire/wire-text.h"

/* What the messages from QEMU mean. Everything here holds the lock. */

/* Where the members of a message are that tell what it is; 0: not there. */
typedef struct
{
  guint greeting;
  guint result;
  guint error;
  guint event;
  guint id;
  guint data;
  guint timestamp;
} Members;

static guint *
find_place (Members *members, const char *name, gsize length)
{
  switch (length)
    {
    case 2:
      return memcmp (name, "id", 2) == 0 ? &members->id : NULL;
    case 3:
      return memcmp (name, "QMP", 3) == 0 ? &members->greeting : NULL;
    case 4:
      return memcmp (name, "data", 4) == 0 ? &members->data : NULL;
    case 5:
      return memcmp (name, "event", 5) == 0 ? &members->event : memcmp (name, "error", 5) == 0 ? &members->error : NULL;
    case 6:
      return memcmp (name, "return", 6) == 0 ? &members->result : NULL;
    case 9:
      return memcmp (name, "timestamp", 9) == 0 ? &members->timestamp : NULL;
    default:
      return NULL;
    }
}

/* QEMU never writes such a name with escapes, but it might. */
static G_NO_INLINE guint *
find_escaped_place (Members *members, const char *text, gsize length)
{
  char plain[64];

  if (length >= sizeof plain)
    return NULL;
  length = wire_text_decode (text, length, plain);
  return find_place (members, plain, length);
}

static void
find_members (const WireView *view, Members *members)
{
  *members = (Members) { 0 };
  for (guint key = 1; key < view->n_values; key = wire_view_after (view, key + 1))
    {
      const WireValue *name = &view->values[key];
      const char *text = view->text + name->offset;
      gboolean escaped = name->flags & WIRE_VALUE_ESCAPED;
      guint *place = (escaped ? find_escaped_place : find_place) (members, text, name->length);

      if (place != NULL)
        *place = key + 1;
    }
}

static void
count_stray (QmpSession *session, const char *why)
{
  session->stray++;
  if (session->logs)
    qmp_log_note (why);
}

/* --- greeting and negotiation ------------------------------------------------------------ */

static guint
read_part (const WireView *view, guint version, const char *name)
{
  guint member = version != 0 ? wire_view_member (view, version, name) : 0;
  gint64 number = 0;

  if (member != 0 && wire_view_get_int64 (view, member, &number))
    return (guint) CLAMP (number, 0, G_MAXINT);
  return 0;
}

static QmpVersion *
read_version (const WireView *view, guint greeting)
{
  guint version = wire_view_member (view, greeting, "version");
  guint qemu = version != 0 ? wire_view_member (view, version, "qemu") : 0;
  guint package = version != 0 ? wire_view_member (view, version, "package") : 0;
  g_autofree char *name = package != 0 ? wire_view_dup_string (view, package) : NULL;

  return qmp_version_new (read_part (view, qemu, "major"), read_part (view, qemu, "minor"),
                          read_part (view, qemu, "micro"), name != NULL ? name : "");
}

static GStrv
read_capabilities (const WireView *view, guint greeting)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  guint list = wire_view_member (view, greeting, "capabilities");

  if (list != 0 && view->values[list].type == WIRE_ARRAY)
    for (guint i = list + 1; i < view->values[list].next; i = wire_view_after (view, i))
      {
        g_autofree char *name = wire_view_dup_string (view, i);

        if (name != NULL)
          g_strv_builder_add (names, name);
      }
  return g_strv_builder_end (names);
}

/* A large random id, since a command that another client left behind may
 * still be answered, to us. */
static void
negotiate (QmpSession *session)
{
  gboolean offered = g_strv_contains ((const char *const *) session->capabilities, "oob");
  g_autofree char *text = NULL;

  session->out_of_band = session->wants_out_of_band && offered;
  session->negotiation_id = G_GINT64_CONSTANT (0x100000000) + g_random_int ();
  text = g_strdup_printf ("{\"execute\":\"qmp_capabilities\"%s,\"id\":%" G_GINT64_FORMAT "}",
                          session->out_of_band ? ",\"arguments\":{\"enable\":[\"oob\"]}" : "", session->negotiation_id);
  session->state = QMP_SESSION_NEGOTIATING;
  wire_out_add (&session->link.out, text, strlen (text));
  qmp_session_nudge (session);
  wire_link_send (&session->link);
}

static void
take_greeting (QmpSession *session, const WireView *view, guint greeting)
{
  if (session->state != QMP_SESSION_GREETING)
    {
      qmp_session_violate (session, "QEMU greeted a second time");
      return;
    }
  if (view->values[greeting].type != WIRE_OBJECT)
    {
      qmp_session_violate (session, "QEMU's greeting is %s, not an object", wire_type_name (view->values[greeting].type));
      return;
    }
  session->version = read_version (view, greeting);
  session->capabilities = read_capabilities (view, greeting);
  negotiate (session);
}

static QmpCall *
find_opening (QmpSession *session)
{
  for (WireCall *wire = session->link.first_waiting; wire != NULL; wire = wire->next)
    if (((QmpCall *) wire)->kind == QMP_CALL_OPENING)
      return (QmpCall *) wire;
  return NULL;
}

static void
end_negotiation (QmpSession *session, const WireView *view, const Members *members)
{
  QmpCall *opening = find_opening (session);

  if (members->error != 0)
    {
      wire_link_fail (&session->link, qmp_error_new_for_reply ("qmp_capabilities", view, members->error));
      return;
    }
  session->state = QMP_SESSION_OPEN;
  if (opening != NULL)
    wire_call_end (&opening->wire, NULL, NULL);
}

/* --- replies --------------------------------------------------------------------------------- */

/* Replies to callers whose main context does not run pile up only so far. */
static gboolean
is_too_much (QmpSession *session, QmpCall *call, const WireView *view)
{
  gsize size = view->length + sizeof (WireValue) * view->n_values;

  if (call->wire.box == NULL)
    return FALSE;
  if (session->link.undelivered > 0 && session->link.undelivered + size > session->max_undelivered)
    return TRUE;
  call->wire.delivery.size = (guint) size;
  return FALSE;
}

static void
end_command (QmpSession *session, QmpCall *call, const WireView *view, const Members *members)
{
  if (session->logs)
    qmp_log_answered (call, members->error != 0 ? "refused" : "answered", view->length);
  if (call->quits && members->error == 0)
    session->end_expected = TRUE;
  call->result = members->result;
  if (view->taint != WIRE_TAINT_NONE)
    wire_call_end (&call->wire, NULL, g_error_new (QMP_ERROR, QMP_ERROR_UNREPRESENTABLE, "%s: the reply holds %s",
                                                   call->command, wire_taint_name (view->taint)));
  else if (members->error != 0)
    wire_call_end (&call->wire, NULL, qmp_error_new_for_reply (call->command, view, members->error));
  else if (is_too_much (session, call, view))
    wire_call_end (&call->wire, NULL, g_error_new (QMP_ERROR, QMP_ERROR_TOO_LARGE,
                                                   "%s: too many replies wait for their callers already", call->command));
  else
    wire_call_end (&call->wire, wire_reader_keep (&session->link.reader, view), NULL);
}

static gboolean
read_id (QmpSession *session, const WireView *view, guint place, guint *id)
{
  guint64 number;

  if (place == 0 || !wire_view_get_uint64 (view, place, &number) || number >= session->n_slots)
    return FALSE;
  *id = (guint) number;
  return session->slots[*id].sent;
}

/* An error that names no command says that our own bytes were not read well:
 * nobody can tell which commands are lost. */
static void
refuse_blame (QmpSession *session, const WireView *view, guint error)
{
  g_autoptr (GError) blame = qmp_error_new_for_reply ("", view, error);

  qmp_session_violate (session, "QEMU could not read what it was sent: %s", qmp_error_get_description (blame));
}

static void
take_reply (QmpSession *session, const WireView *view, const Members *members)
{
  QmpSlot *slot;
  QmpCall *call;
  guint id;

  if (!read_id (session, view, members->id, &id))
    {
      if (members->error != 0 && members->id == 0)
        refuse_blame (session, view, members->error);
      else
        count_stray (session, "dropped a reply to nothing");
      return;
    }
  slot = &session->slots[id];
  if (slot->written_at > session->link.out.sent)
    {
      qmp_session_violate (session, "QEMU answered a command before it was sent");
      return;
    }
  call = slot->call;
  qmp_session_release (session, id);
  if (call != NULL)
    end_command (session, call, view, members);
  else
    count_stray (session, "dropped a reply that came too late");
  qmp_session_pump (session);
}

/* Before the negotiation's own reply, any other is meant for somebody who
 * was here before. */
static void
take_early_reply (QmpSession *session, const WireView *view, const Members *members)
{
  gint64 id;

  if (session->state == QMP_SESSION_NEGOTIATING && members->id != 0 &&
      wire_view_get_int64 (view, members->id, &id) && id == session->negotiation_id)
    end_negotiation (session, view, members);
  else
    count_stray (session, "dropped a reply from before the negotiation");
}

/* --- events ------------------------------------------------------------------------------------ */

/* QEMU goes after SHUTDOWN, unless it was told to stay: then STOP follows. */
static void
watch_for_end (QmpSession *session, const WireView *view, guint name)
{
  const WireValue *value = &view->values[name];
  const char *text = view->text + value->offset;

  if (value->length == 8 && memcmp (text, "SHUTDOWN", 8) == 0)
    session->end_expected = TRUE;
  else if (session->end_expected && ((value->length == 4 && memcmp (text, "STOP", 4) == 0) ||
                                     (value->length == 6 && memcmp (text, "RESUME", 6) == 0)))
    session->end_expected = FALSE;
}

static void
drop_oldest_event (QmpSession *session, WireBox *box)
{
  WireDelivery *oldest = wire_box_drop_oldest (box);

  if (oldest == NULL)
    return;
  qmp_event_unref ((QmpEvent *) oldest);
  session->lost++;
  if (session->tells_of_lost)
    return;
  session->tells_of_lost = TRUE;
  wire_box_push (box, &session->lost_notice);
}

static void
queue_event (QmpSession *session, QmpEvent *event)
{
  WireBox *box = session->link.box;
  gsize size;

  while (wire_box_get_backlog (box, &size) >= session->max_events ||
         (size > 0 && size + event->delivery.size > session->max_event_size))
    drop_oldest_event (session, box);
  wire_box_push (box, &event->delivery);
}

static void
take_event (QmpSession *session, const WireView *view, guint name, guint data, guint timestamp)
{
  QmpEvent *event;

  if (view->taint != WIRE_TAINT_NONE || view->values[name].type != WIRE_STRING ||
      (data != 0 && view->values[data].type != WIRE_OBJECT))
    {
      count_stray (session, "dropped an event that cannot be read");
      return;
    }
  watch_for_end (session, view, name);
  event = qmp_event_new (wire_reader_keep (&session->link.reader, view), name, data, timestamp);
  for (guint i = 0; i < session->streams->len; i++)
    qmp_event_stream_offer (g_ptr_array_index (session->streams, i), event);
  if (session->link.object != NULL && session->link.box != NULL)
    queue_event (session, event);
  else
    qmp_event_unref (event);
}

/* --- messages ------------------------------------------------------------------------------------ */

void
qmp_session_message (WireLink *link, const WireView *view)
{
  QmpSession *session = (QmpSession *) link;
  Members members;
  guint kinds;

  find_members (view, &members);
  kinds = (members.greeting != 0) + (members.result != 0) + (members.error != 0) + (members.event != 0);
  if (kinds != 1)
    {
      g_autofree char *near = wire_text_for_people (view->text, view->length, 100);

      qmp_session_violate (session, "QEMU sent a message that is %s: %s",
                           kinds == 0 ? "no greeting, reply or event" : "more than one of greeting, reply and event", near);
    }
  else if (members.event != 0)
    take_event (session, view, members.event, members.data, members.timestamp);
  else if (members.greeting != 0)
    take_greeting (session, view, members.greeting);
  else if (session->state == QMP_SESSION_OPEN)
    take_reply (session, view, &members);
  else
    take_early_reply (session, view, &members);
}

void
qmp_session_sentinel (WireLink *link)
{
  qmp_session_violate ((QmpSession *) link, "QEMU sent a byte 0xFF between messages, as only its guest agent does");
}

/* Bytes that are no message. Before the greeting, something else may be
 * listening where a QMP monitor was expected. */
void
qmp_session_fault (WireLink *link)
{
  QmpSession *session = (QmpSession *) link;
  const WireReader *reader = &link->reader;
  g_autofree char *what = wire_reader_describe_fault (reader);

  if (session->state == QMP_SESSION_GREETING && reader->scanner.fault != WIRE_FAULT_TOO_LARGE)
    {
      g_autofree char *first = wire_text_for_people (reader->bytes + reader->start, reader->end - reader->start, 60);

      qmp_session_violate (session, "This is not a QMP monitor: it says “%s”", first);
      return;
    }
  wire_link_fail (link, g_error_new (QMP_ERROR,
                                     reader->scanner.fault == WIRE_FAULT_TOO_LARGE ? QMP_ERROR_TOO_LARGE : QMP_ERROR_PROTOCOL,
                                     "QEMU sent what cannot be taken: %s", what));
}

static const char *
describe_opening (QmpSession *session)
{
  if (session->state == QMP_SESSION_GREETING)
    return "No greeting came: the monitor may be busy with another client, QEMU may be stopped, "
           "or something other than a QMP monitor may be there";
  return "QEMU greeted, but did not answer the negotiation";
}

GError *
qmp_session_describe_early_end (WireLink *link, WireCall *wire, gboolean timed_out)
{
  QmpSession *session = (QmpSession *) link;
  QmpCall *call = (QmpCall *) wire;
  const char *name = call->kind == QMP_CALL_COMMAND ? call->command
                     : call->kind == QMP_CALL_NEXT_EVENT ? "Waiting for an event"
                     : call->kind == QMP_CALL_OPENING ? "Opening" : "Waiting for QEMU's end";

  if (!timed_out)
    return g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s was cancelled", name);
  if (call->kind == QMP_CALL_OPENING)
    return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, describe_opening (session));
  return g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "%s: nothing came in time%s", name,
                      call->kind == QMP_CALL_COMMAND && call->queued ? "; it was not even sent" : "");
}
