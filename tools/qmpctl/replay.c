/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "replay.h"

#include <string.h>

#include "talk-mask.h"

/* Clients may wait for an event without giving the commands that came before
 * it: after so long without a word it comes all the same. */
#define PATIENCE_MS 200

struct _Replay
{
  Talk *talk;
  QmpServer *server;
  ReplayFlags flags;
  char *deviation;
  GPtrArray *unanswered;    /* of QmpServerCall: the recorded ones were not either */
  GMainContext *context;
  GSource *patience;        /* NULL while nothing is waited for */
  GPtrArray *timers;        /* of GSource, if it is timed */
  gint64 start;             /* when its clock began; 0 before */
};

/* --- sources ---------------------------------------------------------------------- */

static GSource *
add_timer (Replay *replay, guint milliseconds, GSourceFunc function, gpointer data, GDestroyNotify destroy)
{
  GSource *source = g_timeout_source_new (milliseconds);

  g_source_set_callback (source, function, data, destroy);
  g_source_attach (source, replay->context);
  return source;
}

static void
drop_timer (GSource *source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

/* --- events ------------------------------------------------------------------------- */

static void
emit (Replay *replay, TalkEntry *entry)
{
  g_autofree char *data = entry->value != NULL ? qmp_value_to_json (entry->value) : NULL;

  entry->used = TRUE;
  (void) qmp_server_emit_event_json (replay->server, entry->name, data, NULL);
}

/* All that come before a place in the talk. */
static void
emit_before (Replay *replay, guint place)
{
  for (guint i = 1; i < place; i++)
    if (talk_get (replay->talk, i)->kind == TALK_EVENT && !talk_get (replay->talk, i)->used)
      emit (replay, talk_get (replay->talk, i));
}

/* The first of that kind from a place on that was not used yet. */
static guint
find_next (Replay *replay, TalkKind kind, guint place)
{
  while (place < replay->talk->entries->len &&
         (talk_get (replay->talk, place)->kind != kind || talk_get (replay->talk, place)->used))
    place++;
  return place;
}

static void wait_patiently (Replay *replay);

static gboolean
on_patience_lost (gpointer user_data)
{
  Replay *replay = user_data;

  g_clear_pointer (&replay->patience, drop_timer);
  emit_before (replay, find_next (replay, TALK_COMMAND, find_next (replay, TALK_EVENT, 1)));
  wait_patiently (replay);
  return G_SOURCE_REMOVE;
}

static void
wait_patiently (Replay *replay)
{
  g_clear_pointer (&replay->patience, drop_timer);
  if (!(replay->flags & (REPLAY_STRICT | REPLAY_TIMED)) && find_next (replay, TALK_EVENT, 1) < replay->talk->entries->len)
    replay->patience = add_timer (replay, PATIENCE_MS, on_patience_lost, replay, NULL);
}

/* --- commands -------------------------------------------------------------------------- */

static gboolean
has_arguments (TalkEntry *entry, QmpValue *given)
{
  gboolean none = entry->value == NULL || qmp_value_get_length (entry->value) == 0;

  if (none || given == NULL)
    return none && (given == NULL || qmp_value_get_length (given) == 0);
  return talk_matches (entry->value, given);
}

/* The place of a command to answer as; 0 if there is none. Of those that fit
 * equally well the first unused one, or else the last. */
static guint
find_like (Replay *replay, const char *command, QmpValue *arguments, gboolean exactly)
{
  guint last = 0;

  for (guint i = 1; i < replay->talk->entries->len; i++)
    {
      TalkEntry *entry = talk_get (replay->talk, i);

      if (entry->kind != TALK_COMMAND || strcmp (entry->name, command) != 0 ||
          (exactly && !has_arguments (entry, arguments)))
        continue;
      last = i;
      if (!entry->used)
        break;
    }
  return last;
}

static guint
find_strictly (Replay *replay, const char *command, QmpValue *arguments)
{
  guint place = find_next (replay, TALK_COMMAND, 1);
  TalkEntry *entry = place < replay->talk->entries->len ? talk_get (replay->talk, place) : NULL;

  if (entry != NULL && strcmp (entry->name, command) == 0 && has_arguments (entry, arguments))
    return place;
  if (replay->deviation == NULL)
    replay->deviation = g_strdup_printf ("\"%s\" came where the talk has %s%s%s", command, entry != NULL ? "\"" : "its end",
                                         entry != NULL ? entry->name : "", entry != NULL ? "\" with its arguments" : "");
  return 0;
}

static guint
find_command (Replay *replay, const char *command, QmpValue *arguments)
{
  guint place;

  if (replay->flags & REPLAY_STRICT)
    return find_strictly (replay, command, arguments);
  place = find_like (replay, command, arguments, TRUE);
  return place != 0 ? place : find_like (replay, command, arguments, FALSE);
}

static void
answer (QmpServerCall *call, TalkEntry *reply)
{
  if (reply->class_name != NULL)
    qmp_server_call_return_error (call, reply->class_name, reply->description);
  else
    qmp_server_call_return_value (call, reply->value);
}

/* A reply that takes its time. */
typedef struct
{
  QmpServerCall *call;
  TalkEntry *reply;
} Later;

static void
later_free (gpointer data)
{
  Later *later = data;

  g_object_unref (later->call);
  g_free (later);
}

static gboolean
on_time_to_answer (gpointer user_data)
{
  Later *later = user_data;

  answer (later->call, later->reply);
  return G_SOURCE_REMOVE;
}

static void
answer_in_time (Replay *replay, QmpServerCall *call, TalkEntry *command, TalkEntry *reply)
{
  Later *later = g_new0 (Later, 1);

  later->call = g_object_ref (call);
  later->reply = reply;
  g_ptr_array_add (replay->timers, add_timer (replay, (guint) (MAX (reply->time - command->time, 0.0) * 1000),
                                              on_time_to_answer, later, later_free));
}

static void
answer_at_once (Replay *replay, QmpServerCall *call, guint place)
{
  emit_before (replay, place);
  answer (call, talk_get (replay->talk, place));
  emit_before (replay, find_next (replay, TALK_COMMAND, place));
  wait_patiently (replay);
}

static void begin_clock (Replay *replay);

static gboolean
on_command (QmpServer *server, QmpServerCall *call, gpointer user_data)
{
  Replay *replay = user_data;
  const char *command = qmp_server_call_get_command (call);
  g_autoptr (QmpValue) arguments = NULL;
  guint place;

  if (strcmp (command, "qmp_capabilities") == 0)
    return FALSE;
  arguments = qmp_server_call_get_arguments_value (call);
  place = find_command (replay, command, arguments);
  if (place == 0)
    {
      qmp_server_call_return_error (call, "GenericError", "This is not in the recorded talk");
      return TRUE;
    }

  begin_clock (replay);
  talk_get (replay->talk, place)->used = TRUE;
  if (talk_get (replay->talk, place)->reply == 0)
    g_ptr_array_add (replay->unanswered, g_object_ref (call));
  else if (replay->flags & REPLAY_TIMED)
    answer_in_time (replay, call, talk_get (replay->talk, place),
                    talk_get (replay->talk, talk_get (replay->talk, place)->reply));
  else
    answer_at_once (replay, call, talk_get (replay->talk, place)->reply);
  return TRUE;
}

/* --- time -------------------------------------------------------------------------------- */

typedef struct
{
  Replay *replay;
  TalkEntry *entry;
} Due;

static gboolean
on_event_due (gpointer user_data)
{
  Due *due = user_data;

  emit (due->replay, due->entry);
  return G_SOURCE_REMOVE;
}

/* The talk's first command is when it began. */
static void
begin_clock (Replay *replay)
{
  guint first = find_next (replay, TALK_COMMAND, 1);
  double start = first < replay->talk->entries->len ? talk_get (replay->talk, first)->time : 0;

  if (!(replay->flags & REPLAY_TIMED) || replay->start != 0)
    return;
  replay->start = g_get_monotonic_time ();
  for (guint i = 1; i < replay->talk->entries->len; i++)
    {
      TalkEntry *entry = talk_get (replay->talk, i);
      Due *due;

      if (entry->kind != TALK_EVENT)
        continue;
      due = g_new (Due, 1);
      due->replay = replay;
      due->entry = entry;
      g_ptr_array_add (replay->timers, add_timer (replay, (guint) (MAX (entry->time - start, 0.0) * 1000), on_event_due, due,
                                                  g_free));
    }
}

/* --- the whole ----------------------------------------------------------------------------- */

static void
on_client_added (QmpServer *server, QmpServerClient *client, gpointer user_data)
{
  wait_patiently (user_data);
}

Replay *
replay_new (Talk *talk, ReplayFlags flags)
{
  Replay *replay = g_new0 (Replay, 1);

  replay->talk = talk;
  replay->flags = flags;
  replay->unanswered = g_ptr_array_new_with_free_func (g_object_unref);
  replay->timers = g_ptr_array_new_with_free_func ((GDestroyNotify) drop_timer);
  replay->context = g_main_context_ref_thread_default ();
  replay->server = qmp_server_new ();
  if (talk->version != NULL)
    qmp_server_set_version (replay->server, talk->version);
  g_signal_connect (replay->server, "command", G_CALLBACK (on_command), replay);
  g_signal_connect (replay->server, "client-added", G_CALLBACK (on_client_added), replay);
  return replay;
}

void
replay_free (Replay *replay)
{
  g_signal_handlers_disconnect_by_data (replay->server, replay);
  g_clear_pointer (&replay->patience, drop_timer);
  g_ptr_array_unref (replay->timers);
  g_ptr_array_unref (replay->unanswered);
  qmp_server_close (replay->server);
  g_object_unref (replay->server);
  g_main_context_unref (replay->context);
  talk_free (replay->talk);
  g_free (replay->deviation);
  g_free (replay);
}

QmpServer *
replay_get_server (Replay *replay)
{
  return replay->server;
}

const char *
replay_get_deviation (Replay *replay)
{
  return replay->deviation;
}

gboolean
replay_is_complete (Replay *replay)
{
  return find_next (replay, TALK_COMMAND, 1) == replay->talk->entries->len;
}
