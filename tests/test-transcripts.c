/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mock/await.h"
#include "transcripts/transcript.h"
#include "wire-reader.h"

/* Every recorded talk, cut in every way: first through the reader alone, then
 * through a whole connection, whose client says what was said then. */

static const WireLimits limits = { 10 * 1024 * 1024, 150000, 512, 4096 };

/* --- the reader alone -------------------------------------------------------------- */

static void
feed (WireReader *reader, const char *bytes, gsize length)
{
  while (length > 0)
    {
      gsize room, n;
      char *to = wire_reader_room (reader, &room);

      n = MIN (room, length);
      memcpy (to, bytes, n);
      wire_reader_add (reader, n);
      bytes += n;
      length -= n;
    }
}

/* A sum over all messages, in order; any other byte or cut changes it. */
static guint64
drain (WireReader *reader, guint64 sum, guint *n_messages)
{
  WireView view;
  WireReadResult result;

  while ((result = wire_reader_next (reader, &view)) == WIRE_READ_MESSAGE || result == WIRE_READ_SENTINEL)
    {
      if (result == WIRE_READ_SENTINEL)
        continue;
      ++*n_messages;
      sum = sum * 1099511628211u + view.n_values;
      for (gsize i = 0; i < view.length; i++)
        sum = (sum ^ (guint8) view.text[i]) * 1099511628211u;
    }
  if (result == WIRE_READ_FAULT)
    {
      g_autofree char *words = wire_reader_describe_fault (reader);

      g_error ("%s", words);
    }
  return sum;
}

static guint64
read_whole (const GString *bytes, guint *n_messages)
{
  WireReader reader;
  guint64 sum;

  wire_reader_init (&reader, &limits);
  feed (&reader, bytes->str, bytes->len);
  sum = drain (&reader, 7, n_messages);
  g_assert_false (wire_reader_in_message (&reader));
  wire_reader_clear (&reader);
  return sum;
}

static guint64
read_cut (const GString *bytes, gsize cut)
{
  WireReader reader;
  guint64 sum;
  guint n = 0;

  wire_reader_init (&reader, &limits);
  feed (&reader, bytes->str, cut);
  sum = drain (&reader, 7, &n);
  feed (&reader, bytes->str + cut, bytes->len - cut);
  sum = drain (&reader, sum, &n);
  wire_reader_clear (&reader);
  return sum;
}

static guint64
read_bytewise (const GString *bytes)
{
  WireReader reader;
  guint64 sum = 7;
  guint n = 0;

  wire_reader_init (&reader, &limits);
  for (gsize i = 0; i < bytes->len; i++)
    {
      feed (&reader, bytes->str + i, 1);
      sum = drain (&reader, sum, &n);
    }
  wire_reader_clear (&reader);
  return sum;
}

/* Ended anywhere: no more and no fewer messages than were whole. */
static void
read_ended (const GString *bytes)
{
  WireReader reader;
  guint n_before = 0;

  for (gsize end = 0; end <= bytes->len; end++)
    {
      guint n = 0;

      wire_reader_init (&reader, &limits);
      feed (&reader, bytes->str, end);
      drain (&reader, 7, &n);
      g_assert_true (n == n_before || n == n_before + 1);
      g_assert_true (n == n_before || bytes->str[end - 1] == '}');
      n_before = n;
      wire_reader_clear (&reader);
    }
}

static void
test_reader (gconstpointer data)
{
  const Talk *talk = data;

  for (guint i = 0; i < talk->channels->len; i++)
    {
      g_autoptr (GString) bytes = talk_get_peer_bytes (talk, g_ptr_array_index (talk->channels, i));
      guint n_messages = 0;
      guint64 whole = read_whole (bytes, &n_messages);

      for (gsize cut = 0; cut <= bytes->len; cut++)
        g_assert_cmpuint (read_cut (bytes, cut), ==, whole);
      g_assert_cmpuint (read_bytewise (bytes), ==, whole);
      read_ended (bytes);
    }
}

/* --- a whole connection ------------------------------------------------------------------ */

/* One channel of a talk, as a sequence of what the peer says and when the
 * client speaks. Ids are the client's own: the reply to the n-th command. */
typedef struct
{
  gboolean of_client;
  char *name;       /* of the client's command */
  char *arguments;
  GString *bytes;   /* of the peer */
  char *id;         /* in the talk, of either */
} Turn;

static void
free_turn (gpointer data)
{
  Turn *turn = data;

  g_free (turn->name);
  g_free (turn->arguments);
  g_free (turn->id);
  if (turn->bytes != NULL)
    g_string_free (turn->bytes, TRUE);
  g_free (turn);
}

static char *
dup_member (JsonObject *object, const char *name)
{
  return json_object_has_member (object, name) ? json_to_string (json_object_get_member (object, name), FALSE) : NULL;
}

/* What was said without an id gets one: our client has them always. */
static void
give_id (Turn *turn)
{
  turn->id = g_strdup ("none");
  if (!turn->of_client)
    g_string_insert (turn->bytes, (gssize) (strrchr (turn->bytes->str, '}') - turn->bytes->str), ",\"id\":none");
}

static Turn *
make_turn (const TalkLine *line)
{
  g_autofree char *text = g_strndup (line->bytes, line->length);
  g_autoptr (JsonNode) node = json_from_string (text, NULL);
  Turn *turn = g_new0 (Turn, 1);
  JsonObject *object = json_node_get_object (node);

  turn->of_client = line->side == TALK_CLIENT;
  turn->id = dup_member (object, "id");
  if (turn->of_client)
    {
      turn->name = g_strdup (json_object_get_string_member (object, "execute"));
      turn->arguments = dup_member (object, "arguments");
    }
  else
    turn->bytes = g_string_new_len (line->bytes, (gssize) line->length);
  if (turn->id == NULL && (turn->of_client || json_object_has_member (object, "return") || json_object_has_member (object, "error")))
    give_id (turn);
  return turn;
}

static GPtrArray *
make_turns (const Talk *talk, const char *channel)
{
  GPtrArray *turns = g_ptr_array_new_with_free_func (free_turn);

  for (guint i = 0; i < talk->lines->len; i++)
    {
      const TalkLine *line = g_ptr_array_index (talk->lines, i);

      if (line->side != TALK_NOTE && g_str_equal (line->channel, channel))
        g_ptr_array_add (turns, make_turn (line));
    }
  return turns;
}

/* Both ends in one thread. */
typedef struct
{
  int fd;
  GString *heard;
  gsize n_said;
  gsize end;          /* where the peer hangs up */
  gboolean bytewise;
  GHashTable *ids;    /* in the talk -> the client's own */
  QmpConnection *connection;
  Await opened;
  GPtrArray *calls;   /* of Await */
  guint n_events;
  guint n_closed;
} Replay;

static void
count_event (QmpConnection *connection, QmpEvent *event, Replay *replay)
{
  replay->n_events++;
  g_assert_cmpuint (replay->n_closed, ==, 0);
}

static void
count_closed (QmpConnection *connection, GError *error, Replay *replay)
{
  replay->n_closed++;
}

static void
take_connection (Replay *replay)
{
  if (replay->connection != NULL || replay->opened.result == NULL)
    return;
  replay->connection = qmp_connection_open_stream_finish (replay->opened.result, NULL);
  if (replay->connection == NULL)
    return;
  g_signal_connect (replay->connection, "event", G_CALLBACK (count_event), replay);
  g_signal_connect (replay->connection, "closed", G_CALLBACK (count_closed), replay);
}

/* Says it, as far as it goes before the end; FALSE at the end. */
static gboolean
say (Replay *replay, const char *text, gsize length)
{
  gsize n = MIN (length, replay->end - replay->n_said);

  for (gsize i = 0; i < n; i += replay->bytewise ? 1 : n)
    {
      g_assert_cmpint (write (replay->fd, text + i, replay->bytewise ? 1 : n), >, 0);
      await_idle ();
    }
  replay->n_said += n;
  take_connection (replay);
  return n == length;
}

/* Waits for the command that the client was just told to send. */
static char *
hear_id (Replay *replay)
{
  g_autoptr (JsonNode) node = NULL;
  char bytes[4096];

  while (node == NULL)
    {
      gssize n = read (replay->fd, bytes, sizeof bytes);

      g_assert_cmpint (n, !=, 0);
      if (n < 0)
        {
          g_main_context_iteration (NULL, FALSE);
          continue;
        }
      g_string_append_len (replay->heard, bytes, n);
      node = json_from_string (replay->heard->str, NULL);
    }
  g_string_truncate (replay->heard, 0);
  return dup_member (json_node_get_object (node), "id");
}

static void
speak (Replay *replay, const Turn *turn)
{
  if (!g_str_equal (turn->name, "qmp_capabilities"))
    {
      Await *call = g_new0 (Await, 1);

      g_assert_nonnull (replay->connection);
      g_ptr_array_add (replay->calls, call);
      qmp_connection_execute_json_async (replay->connection, turn->name, turn->arguments, NULL, await_callback, call);
    }
  g_hash_table_insert (replay->ids, g_strdup (turn->id), hear_id (replay));
}

/* A reply with the client's id in the place of the recorded one. */
static gboolean
answer (Replay *replay, const Turn *turn)
{
  g_autofree char *recorded = NULL, *own = NULL;
  g_autoptr (GString) text = g_string_new_len (turn->bytes->str, (gssize) turn->bytes->len);
  const char *id = turn->id != NULL ? g_hash_table_lookup (replay->ids, turn->id) : NULL;

  if (id != NULL)
    {
      recorded = g_strdup_printf ("\"id\":%s", turn->id);
      own = g_strdup_printf ("\"id\":%s", id);
      g_assert_cmpuint (g_string_replace (text, recorded, own, 1), ==, 1);
    }
  return say (replay, text->str, text->len);
}

static GIOStream *
make_stream (int fd)
{
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, NULL);

  return G_IO_STREAM (g_socket_connection_factory_create_connection (socket));
}

static void
begin (Replay *replay)
{
  g_autoptr (GIOStream) stream = NULL;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds), ==, 0);
  replay->fd = fds[1];
  replay->heard = g_string_new (NULL);
  replay->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  replay->calls = g_ptr_array_new_with_free_func (g_free);
  stream = make_stream (fds[0]);
  qmp_connection_open_stream_async (stream, NULL, NULL, await_callback, &replay->opened);
}

/* After the end all has ended, once. */
static void
finish (Replay *replay)
{
  close (replay->fd);
  await (&replay->opened);
  take_connection (replay);
  for (guint i = 0; i < replay->calls->len; i++)
    {
      Await *call = g_ptr_array_index (replay->calls, i);

      g_free (qmp_connection_execute_json_finish (replay->connection, await (call), NULL));
      g_assert_cmpuint (call->n_calls, ==, 1);
      await_clear (call);
    }
  while (replay->connection != NULL && replay->n_closed == 0)
    g_main_context_iteration (NULL, TRUE);
  await_idle ();
  g_assert_cmpuint (replay->n_closed, ==, replay->connection != NULL ? 1 : 0);
  g_clear_object (&replay->connection);
  await_clear (&replay->opened);
  g_hash_table_unref (replay->ids);
  g_ptr_array_unref (replay->calls);
  g_string_free (replay->heard, TRUE);
}

static gsize
run (const GPtrArray *turns, gsize end, gboolean bytewise, guint *n_events, guint64 *n_stray)
{
  Replay replay = { .end = end, .bytewise = bytewise };
  gboolean goes_on = TRUE;

  begin (&replay);
  for (guint i = 0; i < turns->len && goes_on; i++)
    {
      const Turn *turn = g_ptr_array_index (turns, i);

      if (turn->of_client)
        speak (&replay, turn);
      else
        goes_on = answer (&replay, turn);
    }
  if (replay.connection != NULL && n_stray != NULL)
    *n_stray = qmp_connection_get_stray_messages (replay.connection);
  finish (&replay);
  *n_events = replay.n_events;
  return replay.n_said;
}

static guint
count_recorded_events (const GPtrArray *turns)
{
  guint n = 0;

  for (guint i = 0; i < turns->len; i++)
    {
      const Turn *turn = g_ptr_array_index (turns, i);

      n += !turn->of_client && strstr (turn->bytes->str, "\"event\":") != NULL;
    }
  return n;
}

/* Talks that are about broken messages are no talk that a connection has. */
static gboolean
is_for_connections (const Talk *talk)
{
  return strstr (talk->name, "protocol") == NULL;
}

static void
test_connection (gconstpointer data)
{
  const Talk *talk = data;

  for (guint i = 0; i < talk->channels->len; i++)
    {
      const char *channel = g_ptr_array_index (talk->channels, i);
      g_autoptr (GPtrArray) turns = NULL;
      guint n_events = 0, n_recorded, n_ended = 0;
      guint64 n_stray = 0;
      gsize length;

      if (!g_str_has_prefix (channel, "qmp"))
        continue;
      turns = make_turns (talk, channel);
      n_recorded = count_recorded_events (turns);
      length = run (turns, G_MAXSIZE, FALSE, &n_events, &n_stray);
      g_assert_cmpuint (n_events, ==, n_recorded);
      g_assert_cmpuint (n_stray, ==, 0);
      g_assert_cmpuint (run (turns, G_MAXSIZE, TRUE, &n_events, &n_stray), ==, length);
      g_assert_cmpuint (n_events, ==, n_recorded);
      /* every byte of the small ones, and of the large ones a sample that
       * differs from talk to talk */
      for (gsize end = 0; end < length; end += length < 2500 ? 1 : 1 + (gsize) g_test_rand_int_range (0, (gint32) (length / 400)))
        {
          run (turns, end, FALSE, &n_events, NULL);
          g_assert_cmpuint (n_events, >=, n_ended);
          n_ended = n_events;
        }
    }
}

static void
say_nothing (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) talks = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  g_log_set_handler ("Qmp", G_LOG_LEVEL_DEBUG, say_nothing, NULL);
  talks = transcripts_load ();
  for (guint i = 0; i < talks->len; i++)
    {
      Talk *talk = g_ptr_array_index (talks, i);
      g_autofree char *reader_path = g_strdup_printf ("/transcripts/reader/%s", talk->name);
      g_autofree char *connection_path = g_strdup_printf ("/transcripts/connection/%s", talk->name);

      g_test_add_data_func (reader_path, talk, test_reader);
      if (is_for_connections (talk))
        g_test_add_data_func (connection_path, talk, test_connection);
    }
  result = g_test_run ();
  return result;
}
