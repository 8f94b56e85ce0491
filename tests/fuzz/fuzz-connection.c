/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Any bytes from a peer, to a whole connection over a socket: every call ends
 * once, nothing follows the end, and nothing is left behind. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define MOST_CALLS 24

typedef struct
{
  QmpConnection *connection;
  gboolean opening;
  gboolean open_ended;
  guint n_begun;
  guint n_ended;
  guint n_closed;
  guint n_events;
  guint32 dice;
  QmpEventStream *stream;
  guint n_waits;
  guint n_waits_ended;
} Fuzz;

static guint32
roll (Fuzz *fuzz, guint32 faces)
{
  fuzz->dice = fuzz->dice * 1664525u + 1013904223u;
  return (fuzz->dice >> 8) % faces;
}

/* --- what a client does ------------------------------------------------------------ */

static void
on_event (QmpConnection *connection, QmpEvent *event, Fuzz *fuzz)
{
  g_autofree char *json = qmp_event_to_json (event), *data = qmp_event_get_data_json (event);

  g_assert_true (g_utf8_validate (qmp_event_get_name (event), -1, NULL));
  g_assert_nonnull (json);
  g_assert_nonnull (data);
  g_assert_cmpuint (fuzz->n_closed, ==, 0);
  fuzz->n_events++;
  if (roll (fuzz, 40) == 0)
    qmp_connection_close (connection, NULL, NULL);
}

static void
on_closed (QmpConnection *connection, const GError *error, Fuzz *fuzz)
{
  g_assert_true (error == NULL || g_utf8_validate (error->message, -1, NULL));
  g_assert_cmpuint (fuzz->n_closed, ==, 0);
  fuzz->n_closed++;
}

static void
on_reply (GObject *source, GAsyncResult *result, gpointer data)
{
  Fuzz *fuzz = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *json = qmp_connection_execute_json_finish (QMP_CONNECTION (source), result, &error);

  g_assert_true ((json == NULL) == (error != NULL));
  g_assert_true (json == NULL || g_utf8_validate (json, -1, NULL));
  g_assert_true (error == NULL || g_utf8_validate (error->message, -1, NULL));
  fuzz->n_ended++;
}

static void
on_node (GObject *source, GAsyncResult *result, gpointer data)
{
  Fuzz *fuzz = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = qmp_connection_execute_finish (QMP_CONNECTION (source), result, &error);

  g_assert_true ((node == NULL) == (error != NULL));
  fuzz->n_ended++;
}

static void
on_next (GObject *source, GAsyncResult *result, gpointer data)
{
  Fuzz *fuzz = data;
  QmpEvent *event = qmp_event_stream_next_finish (QMP_EVENT_STREAM (source), result, NULL);

  g_clear_pointer (&event, qmp_event_unref);
  fuzz->n_waits_ended++;
}

static void
on_opened (GObject *source, GAsyncResult *result, gpointer data)
{
  Fuzz *fuzz = data;
  const char *names[] = { "STOP", "SHUTDOWN", NULL };

  fuzz->open_ended = TRUE;
  fuzz->connection = qmp_connection_open_stream_finish (result, NULL);
  if (fuzz->connection == NULL)
    return;
  g_signal_connect (fuzz->connection, "event", G_CALLBACK (on_event), fuzz);
  g_signal_connect (fuzz->connection, "closed", G_CALLBACK (on_closed), fuzz);
  fuzz->stream = qmp_connection_watch_events (fuzz->connection, roll (fuzz, 2) == 0 ? names : NULL, 1 + roll (fuzz, 5));
}

static void
act (Fuzz *fuzz, GCancellable *cancellable)
{
  if (fuzz->connection == NULL || fuzz->n_begun >= MOST_CALLS)
    return;
  switch (roll (fuzz, 12))
    {
    case 0:
      g_cancellable_cancel (cancellable);
      return;
    case 1:
      qmp_event_stream_next_async (fuzz->stream, cancellable, on_next, fuzz);
      fuzz->n_waits++;
      return;
    case 2:
      qmp_connection_execute_async (fuzz->connection, "quit", NULL, NULL, on_node, fuzz);
      break;
    case 3:
    case 4:
      qmp_connection_execute_json_async (fuzz->connection, "cancellable", NULL, cancellable, on_reply, fuzz);
      break;
    case 5:
      qmp_connection_execute_async (fuzz->connection, "query-status", NULL, NULL, on_node, fuzz);
      break;
    default:
      qmp_connection_execute_json_async (fuzz->connection, "query-name", "{\"a\":1}", NULL, on_reply, fuzz);
    }
  fuzz->n_begun++;
}

/* --- and what its peer does ------------------------------------------------------------ */

static void
turn (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* So that most inputs come to where the commands are. */
static void
negotiate (Fuzz *fuzz, int fd)
{
  static const char *greeting = "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 0, \"minor\": 0, \"major\": 9}, \"package\": \"\"},"
                                " \"capabilities\": [\"oob\"]}}\r\n";
  char heard[512];
  g_autofree char *reply = NULL;
  gssize n;

  g_assert_cmpint (write (fd, greeting, strlen (greeting)), >, 0);
  turn ();
  n = read (fd, heard, sizeof heard - 1);
  g_assert_cmpint (n, >, 0);
  heard[n] = '\0';
  reply = g_strdup_printf ("{\"return\": {}, \"id\": %s\r\n", strstr (heard, "\"id\":") + 5);
  g_assert_cmpint (write (fd, reply, strlen (reply)), >, 0);
  turn ();
  g_assert_nonnull (fuzz->connection);
}

static void
talk (Fuzz *fuzz, int fd, const uint8_t *data, gsize size, GCancellable *cancellable)
{
  char heard[4096];

  while (size > 0)
    {
      gsize wanted = 1 + roll (fuzz, roll (fuzz, 2) == 0 ? 20 : 900), n = MIN (size, wanted);

      if (roll (fuzz, 2) == 0)
        act (fuzz, cancellable);
      if (send (fd, data, n, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        break;
      data += n;
      size -= n;
      if (roll (fuzz, 4) == 0 && recv (fd, heard, sizeof heard, MSG_DONTWAIT) < 0)
        turn ();
      if (roll (fuzz, 3) != 0)
        turn ();
    }
}

static QmpOpenOptions *
make_options (void)
{
  QmpOpenOptions *options = qmp_open_options_new ();
  g_autoptr (QmpLimits) limits = qmp_limits_new ();

  qmp_limits_set_message_size (limits, 2048);
  qmp_limits_set_message_values (limits, 120);
  qmp_limits_set_message_depth (limits, 10);
  qmp_limits_set_name_size (limits, 64);
  qmp_limits_set_pending_calls (limits, 12);
  qmp_limits_set_waiting_events (limits, 6);
  qmp_open_options_set_limits (options, limits);
  return options;
}

static int
begin (Fuzz *fuzz)
{
  g_autoptr (QmpOpenOptions) options = make_options ();
  g_autoptr (GIOStream) stream = NULL;
  int fd;

  stream = qmp_connection_create_socket_pair (&fd, NULL);
  g_assert_nonnull (stream);
  qmp_connection_open_stream_async (stream, options, NULL, on_opened, fuzz);
  return fd;
}

/* All ends, and ends once. */
static void
finish (Fuzz *fuzz, int fd)
{
  gpointer weak = fuzz->connection;
  gboolean drop_first = roll (fuzz, 4) == 0;

  if (weak != NULL)
    g_object_add_weak_pointer (G_OBJECT (fuzz->connection), &weak);
  if (drop_first)
    g_clear_object (&fuzz->connection);
  close (fd);
  while (!fuzz->open_ended || fuzz->n_ended < fuzz->n_begun || fuzz->n_waits_ended < fuzz->n_waits ||
         (fuzz->connection != NULL && fuzz->n_closed == 0))
    g_main_context_iteration (NULL, TRUE);
  turn ();
  g_assert_cmpuint (fuzz->n_ended, ==, fuzz->n_begun);
  g_assert_cmpuint (fuzz->n_waits_ended, ==, fuzz->n_waits);
  g_assert_cmpuint (fuzz->n_closed, <=, 1);
  if (fuzz->connection != NULL)
    g_signal_handlers_disconnect_by_data (fuzz->connection, fuzz);
  g_clear_object (&fuzz->stream);
  g_clear_object (&fuzz->connection);
  turn ();
  g_assert_null (weak);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Fuzz fuzz = { 0 };
  int fd;

  for (gsize i = 0; i < size; i++)
    fuzz.dice = fuzz.dice * 31 + data[i];
  fd = begin (&fuzz);
  if (roll (&fuzz, 6) != 0)
    negotiate (&fuzz, fd);
  for (guint i = 0; i < 4; i++)
    act (&fuzz, cancellable);
  talk (&fuzz, fd, data, size, cancellable);
  finish (&fuzz, fd);
  return 0;
}
