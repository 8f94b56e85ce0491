/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Any bytes from a client, to a whole server over a socket: what it says is sound,
 * every client that comes goes once, and nothing is left behind. */

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define MOST_KEPT 16

typedef struct
{
  QmpServer *server;
  GPtrArray *kept;     /* calls to be answered later */
  GString *heard;
  guint n_added;
  guint n_removed;
  guint32 dice;
} Fuzz;

static guint32
roll (Fuzz *fuzz, guint32 faces)
{
  fuzz->dice = fuzz->dice * 1664525u + 1013904223u;
  return (fuzz->dice >> 8) % faces;
}

/* --- what the program does ----------------------------------------------------------- */

static void
answer (Fuzz *fuzz, QmpServerCall *call)
{
  g_autoptr (GError) error = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "no");
  g_autofree char *arguments = qmp_server_call_get_arguments_json (call);

  switch (roll (fuzz, 4))
    {
    case 0:
      qmp_server_call_return_gerror (call, error);
      break;
    case 1:
      g_assert_true (qmp_server_call_return_json (call, NULL, NULL));
      break;
    default:
      /* what a client may say it may be told */
      g_assert_true (qmp_server_call_return_json (call, arguments, NULL));
    }
}

static gboolean
on_command (QmpServer *server, QmpServerCall *call, Fuzz *fuzz)
{
  g_autoptr (JsonNode) tree = qmp_server_call_get_arguments (call);
  int fd = qmp_server_call_steal_fd (call);

  g_assert_true (JSON_NODE_HOLDS_OBJECT (tree));
  g_assert_true (g_utf8_validate (qmp_server_call_get_command (call), -1, NULL));
  g_assert_cmpint (fd, ==, -1);
  switch (roll (fuzz, 8))
    {
    case 0:
      return FALSE;
    case 1:
      return TRUE;
    case 2:
    case 3:
      if (fuzz->kept->len < MOST_KEPT)
        g_ptr_array_add (fuzz->kept, g_object_ref (call));
      return TRUE;
    case 4:
      qmp_server_emit_event_json (server, "STOP", "{\"x\": 1}", NULL);
      break;
    case 5:
      if (roll (fuzz, 10) == 0)
        qmp_server_client_close (qmp_server_call_get_client (call));
      break;
    default:
      break;
    }
  answer (fuzz, call);
  return TRUE;
}

static void
on_added (QmpServer *server, QmpServerClient *client, Fuzz *fuzz)
{
  fuzz->n_added++;
}

static void
on_removed (QmpServer *server, QmpServerClient *client, const GError *error, Fuzz *fuzz)
{
  g_assert_true (error == NULL || g_utf8_validate (error->message, -1, NULL));
  fuzz->n_removed++;
}

/* --- and what its client does ----------------------------------------------------------- */

static void
turn (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
hear (Fuzz *fuzz, int fd)
{
  char bytes[4096];
  gssize n;

  while ((n = recv (fd, bytes, sizeof bytes, MSG_DONTWAIT)) > 0)
    g_string_append_len (fuzz->heard, bytes, n);
}

static void
answer_later (Fuzz *fuzz)
{
  while (fuzz->kept->len > 0)
    {
      g_autoptr (QmpServerCall) call = g_ptr_array_steal_index_fast (fuzz->kept, roll (fuzz, fuzz->kept->len));

      if (roll (fuzz, 5) != 0)
        answer (fuzz, call);
    }
}

static void
talk (Fuzz *fuzz, int fd, const uint8_t *data, gsize size)
{
  while (size > 0)
    {
      gsize wanted = 1 + roll (fuzz, roll (fuzz, 2) == 0 ? 20 : 900), n = MIN (size, wanted);

      if (send (fd, data, n, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        break;
      data += n;
      size -= n;
      if (roll (fuzz, 3) != 0)
        turn ();
      if (roll (fuzz, 6) == 0)
        answer_later (fuzz);
      if (roll (fuzz, 4) == 0)
        hear (fuzz, fd);
    }
}

/* Whole lines, each an object. */
static void
assert_sound (Fuzz *fuzz)
{
  g_auto (GStrv) lines = g_strsplit (fuzz->heard->str, "\r\n", -1);

  g_assert_cmpuint (strlen (fuzz->heard->str), ==, fuzz->heard->len);
  g_assert_true (g_utf8_validate (fuzz->heard->str, -1, NULL));
  for (guint i = 0; lines[i] != NULL && lines[i + 1] != NULL; i++)
    g_assert_true (lines[i][0] == '{' && g_str_has_suffix (lines[i], "}") && strchr (lines[i], '\n') == NULL);
}

static void
begin (Fuzz *fuzz)
{
  g_autoptr (QmpLimits) limits = qmp_limits_new ();

  fuzz->server = qmp_server_new ();
  fuzz->kept = g_ptr_array_new_with_free_func (g_object_unref);
  fuzz->heard = g_string_new (NULL);
  qmp_limits_set_message_size (limits, 2048);
  qmp_limits_set_message_values (limits, 120);
  qmp_limits_set_message_depth (limits, 12);
  qmp_server_set_limits (fuzz->server, limits);
  qmp_server_set_overlap (fuzz->server, 1 + roll (fuzz, 3));
  g_signal_connect (fuzz->server, "command", G_CALLBACK (on_command), fuzz);
  g_signal_connect (fuzz->server, "client-added", G_CALLBACK (on_added), fuzz);
  g_signal_connect (fuzz->server, "client-removed", G_CALLBACK (on_removed), fuzz);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const char *const negotiations[] = { "{\"execute\": \"qmp_capabilities\"}\n",
                                              "{\"execute\": \"qmp_capabilities\", \"arguments\": {\"enable\": [\"oob\"]}}\n" };
  Fuzz fuzz = { .dice = (guint32) size };
  g_autoptr (GIOStream) stream = NULL;
  int fd;

  for (size_t i = 0; i < size; i++)
    fuzz.dice = fuzz.dice * 31 + data[i];
  begin (&fuzz);
  stream = qmp_server_open_stream (fuzz.server, NULL);
  fd = g_socket_get_fd (g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream)));
  if (roll (&fuzz, 8) != 0)
    {
      const char *negotiation = negotiations[roll (&fuzz, 2)];

      talk (&fuzz, fd, (const uint8_t *) negotiation, strlen (negotiation));
    }
  talk (&fuzz, fd, data, size);
  turn ();
  hear (&fuzz, fd);
  assert_sound (&fuzz);
  if (roll (&fuzz, 4) == 0)
    g_clear_object (&fuzz.server);
  g_io_stream_close (stream, NULL, NULL);
  if (roll (&fuzz, 2) == 0)
    answer_later (&fuzz);
  turn ();
  if (fuzz.server != NULL)
    {
      g_ptr_array_set_size (fuzz.kept, 0);
      turn ();
      g_assert_cmpuint (fuzz.n_added, ==, 1);
      g_assert_cmpuint (fuzz.n_removed, ==, 1);
    }
  g_clear_object (&fuzz.server);
  g_ptr_array_unref (fuzz.kept);
  g_string_free (fuzz.heard, TRUE);
  turn ();
  return 0;
}
