/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mock/await.h"
#include "mock/raw-talk.h"

/* Clients come and go, at every point; and so does the server. */

typedef struct
{
  GString *text;      /* what happened, in order */
  guint n_added;
  guint n_removed;
  GError *error;      /* of the last that went */
  GPtrArray *calls;
} Diary;

static void
on_added (QmpServer *server, QmpServerClient *client, gpointer data)
{
  Diary *diary = data;

  diary->n_added++;
  g_string_append_printf (diary->text, "+%d ", (int) qmp_server_client_get_id (client));
}

static void
on_removed (QmpServer *server, QmpServerClient *client, const GError *error, gpointer data)
{
  Diary *diary = data;

  g_assert_cmpint (qmp_server_client_get_state (client), ==, QMP_SERVER_CLIENT_STATE_CLOSED);
  diary->n_removed++;
  g_clear_error (&diary->error);
  diary->error = error != NULL ? g_error_copy (error) : NULL;
  g_string_append_printf (diary->text, "-%d ", (int) qmp_server_client_get_id (client));
}

static gboolean
on_command (QmpServer *server, QmpServerCall *call, gpointer data)
{
  Diary *diary = data;

  g_string_append_printf (diary->text, "%s ", qmp_server_call_get_command (call));
  g_assert_false (g_cancellable_is_cancelled (qmp_server_call_get_cancellable (call)));
  g_ptr_array_add (diary->calls, g_object_ref (call));
  return TRUE;
}

static void
diary_begin (Diary *diary, QmpServer *server)
{
  *diary = (Diary) { .text = g_string_new (NULL), .calls = g_ptr_array_new_with_free_func (g_object_unref) };
  g_signal_connect (server, "client-added", G_CALLBACK (on_added), diary);
  g_signal_connect (server, "client-removed", G_CALLBACK (on_removed), diary);
  g_signal_connect (server, "command", G_CALLBACK (on_command), diary);
}

static void
diary_end (Diary *diary)
{
  g_string_free (diary->text, TRUE);
  g_clear_error (&diary->error);
  g_ptr_array_unref (diary->calls);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Diary, diary_end)

static void
wait_for_removal (Diary *diary, guint n)
{
  while (diary->n_removed < n)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (diary->n_removed, ==, n);
}

/* --- going ---------------------------------------------------------------------------------- */

static void
test_comes_and_goes (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_auto (Diary) diary = { 0 };
  g_autoptr (RawTalk) talk = NULL;
  g_autoptr (GPtrArray) none = NULL;

  diary_begin (&diary, server);
  talk = raw_talk_new_ready (server, FALSE);
  raw_say (talk, "{\"execute\": \"a\"}");
  raw_expect_silence (talk);
  qmp_server_call_return_json (diary.calls->pdata[0], "1", NULL);
  raw_expect (talk, "{\"return\": 1}");
  raw_hang_up (talk);
  wait_for_removal (&diary, 1);
  g_assert_no_error (diary.error);
  g_assert_cmpstr (diary.text->str, ==, "+1 a -1 ");
  none = qmp_server_get_clients (server);
  g_assert_cmpuint (none->len, ==, 0);
  /* answered before it went */
  g_assert_false (g_cancellable_is_cancelled (qmp_server_call_get_cancellable (diary.calls->pdata[0])));
}

/* After each byte of a talk. */
static void
test_goes_at_every_point (void)
{
  static const char script[] = "{\"execute\": \"qmp_capabilities\", \"arguments\": {\"enable\": [\"oob\"]}}\n"
                               "{\"execute\": \"a\", \"id\": 1}\n{\"execute\": \"b\"}{\"exec-oob\": \"c\", \"id\": 3} {\"exe";
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_auto (Diary) diary = { 0 };

  diary_begin (&diary, server);
  for (gsize k = 0; k < sizeof script; k++)
    {
      g_autoptr (RawTalk) talk = raw_talk_new (server);

      raw_say_bytes (talk, script, k);
      if (k % 2 == 0)
        await_idle ();
      raw_hang_up (talk);
      wait_for_removal (&diary, (guint) k + 1);
      for (guint i = 0; i < diary.calls->len; i++)
        {
          g_assert_true (g_cancellable_is_cancelled (qmp_server_call_get_cancellable (diary.calls->pdata[i])));
          g_assert_true (qmp_server_call_return_json (diary.calls->pdata[i], "1", NULL));
        }
      g_ptr_array_set_size (diary.calls, 0);
    }
  g_assert_cmpuint (diary.n_added, ==, sizeof script);
  g_assert_nonnull (strstr (diary.text->str, " a c -"));
}

static void
test_goes_in_mid_message (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_auto (Diary) diary = { 0 };
  g_autoptr (RawTalk) talk = NULL;

  diary_begin (&diary, server);
  talk = raw_talk_new_ready (server, FALSE);
  raw_say (talk, "{\"execute\": \"a");
  raw_hang_up (talk);
  wait_for_removal (&diary, 1);
  g_assert_error (diary.error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_nonnull (strstr (diary.error->message, "in the middle of a message"));
}

/* What it has asked before it hung up is still run, if nothing else runs. */
static void
test_asks_and_goes (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_auto (Diary) diary = { 0 };
  g_autoptr (RawTalk) talk = NULL;

  diary_begin (&diary, server);
  g_signal_handlers_disconnect_by_func (server, on_command, &diary);
  qmp_server_set_result_json (server, "a", "1", NULL);
  talk = raw_talk_new_ready (server, FALSE);
  raw_say (talk, "{\"execute\": \"a\"}{\"execute\": \"a\"}\n");
  raw_hang_up (talk);
  wait_for_removal (&diary, 1);
}

/* Asked for only when it is too late, it is cancelled all the same. */
static void
test_late_cancellable (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_auto (Diary) diary = { 0 };
  g_autoptr (RawTalk) talk = NULL;

  diary_begin (&diary, server);
  talk = raw_talk_new_ready (server, FALSE);
  raw_say (talk, "{\"execute\": \"a\"}");
  raw_expect_silence (talk);
  raw_hang_up (talk);
  wait_for_removal (&diary, 1);
  g_assert_true (g_cancellable_is_cancelled (qmp_server_call_get_cancellable (diary.calls->pdata[0])));
}

/* --- sent away --------------------------------------------------------------------------------- */

static void
test_sent_away (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_auto (Diary) diary = { 0 };
  g_autoptr (RawTalk) talk = NULL;
  g_autoptr (GPtrArray) clients = NULL;
  QmpServerClient *client;

  diary_begin (&diary, server);
  talk = raw_talk_new_ready (server, FALSE);
  clients = qmp_server_get_clients (server);
  client = clients->pdata[0];
  raw_say (talk, "{\"execute\": \"a\"}{\"execute\": \"b\"}");
  raw_expect_silence (talk);
  g_assert_true (qmp_server_client_emit_event_json (client, "SHUTDOWN", NULL, NULL));
  qmp_server_client_close (client);
  qmp_server_client_close (client);
  g_assert_cmpint (qmp_server_client_get_state (client), ==, QMP_SERVER_CLIENT_STATE_CLOSED);
  g_assert_true (qmp_server_client_emit_event_json (client, "STOP", NULL, NULL));
  wait_for_removal (&diary, 1);
  g_assert_no_error (diary.error);
  g_assert_true (g_cancellable_is_cancelled (qmp_server_call_get_cancellable (diary.calls->pdata[0])));
  g_assert_cmpstr (diary.text->str, ==, "+1 a -1 ");
  {
    g_autofree char *last = raw_hear (talk);

    g_assert_nonnull (strstr (last, "SHUTDOWN"));
  }
  raw_expect_end (talk);
}

static gboolean
send_away (QmpServer *server, QmpServerCall *call, gpointer data)
{
  qmp_server_client_close (qmp_server_call_get_client (call));
  return FALSE;
}

static void
test_sent_away_by_handler (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_auto (Diary) diary = { 0 };
  g_autoptr (RawTalk) talk = NULL;

  diary_begin (&diary, server);
  g_signal_handlers_disconnect_by_func (server, on_command, &diary);
  g_signal_connect (server, "command", G_CALLBACK (send_away), NULL);
  talk = raw_talk_new_ready (server, FALSE);
  raw_say (talk, "{\"execute\": \"a\"}{\"execute\": \"b\"}");
  raw_expect_end (talk);
  wait_for_removal (&diary, 1);
}

/* --- the server goes ---------------------------------------------------------------------------- */

static gboolean
drop_server (QmpServer *server, QmpServerCall *call, gpointer data)
{
  QmpServer **held = data;

  g_clear_object (held);
  g_assert_true (qmp_server_call_return_json (call, "\"last\"", NULL));
  return TRUE;
}

static void
test_server_is_dropped_by_handler (void)
{
  QmpServer *server = qmp_server_new ();
  g_autoptr (RawTalk) talk = raw_talk_new_ready (server, FALSE);

  g_object_add_weak_pointer (G_OBJECT (server), (gpointer *) &server);
  g_signal_connect (server, "command", G_CALLBACK (drop_server), &server);
  raw_say (talk, "{\"execute\": \"a\"}");
  raw_expect (talk, "{\"return\": \"last\"}");
  raw_expect_end (talk);
  g_assert_null (server);
}

/* Calls and clients may outlive it. */
static void
test_outlived (void)
{
  QmpServer *server = qmp_server_new ();
  g_auto (Diary) diary = { 0 };
  g_autoptr (RawTalk) talk = NULL;
  g_autoptr (GPtrArray) clients = NULL;

  diary_begin (&diary, server);
  talk = raw_talk_new_ready (server, FALSE);
  clients = qmp_server_get_clients (server);
  raw_say (talk, "{\"execute\": \"a\"}");
  raw_expect_silence (talk);
  g_object_unref (server);
  raw_expect_end (talk);
  g_assert_cmpuint (diary.n_removed, ==, 0);
  g_assert_true (g_cancellable_is_cancelled (qmp_server_call_get_cancellable (diary.calls->pdata[0])));
  g_assert_true (qmp_server_call_return_json (diary.calls->pdata[0], "1", NULL));
  g_assert_cmpint (qmp_server_client_get_state (clients->pdata[0]), ==, QMP_SERVER_CLIENT_STATE_CLOSED);
  qmp_server_client_close (clients->pdata[0]);
  await_idle ();
}

/* --- a loop within a handler ---------------------------------------------------------------------- */

static gboolean
wait_in_handler (QmpServer *server, QmpServerCall *call, gpointer data)
{
  gboolean *released = data;

  if (g_str_equal (qmp_server_call_get_command (call), "release"))
    *released = TRUE;
  else
    await_true (released);
  return qmp_server_call_return_json (call, NULL, NULL);
}

/* Its client goes on being served. */
static void
test_loop_in_handler (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (RawTalk) talk = raw_talk_new_ready (server, TRUE);
  gboolean released = FALSE;

  g_signal_connect (server, "command", G_CALLBACK (wait_in_handler), &released);
  raw_say (talk, "{\"execute\": \"wait\", \"id\": 1}\n{\"execute\": \"next\", \"id\": 2}\n{\"exec-oob\": \"release\", \"id\": 3}\n");
  raw_expect (talk, "{\"return\": {}, \"id\": 3}");
  raw_expect (talk, "{\"return\": {}, \"id\": 1}");
  raw_expect (talk, "{\"return\": {}, \"id\": 2}");
}

/* --- listening ---------------------------------------------------------------------------------------- */

static GIOStream *
dial (const char *address)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  GSocketConnection *stream;

  if (g_str_has_prefix (address, "tcp:"))
    stream = g_socket_client_connect_to_host (client, address + 4, 0, NULL, &error);
  else
    {
      g_autoptr (GSocketAddress) path = g_unix_socket_address_new (address);

      stream = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (path), NULL, &error);
    }
  g_assert_no_error (error);
  return G_IO_STREAM (stream);
}

static void
test_listen (void)
{
  g_autofree char *folder = g_dir_make_tmp ("qmp-XXXXXX", NULL), *path = g_build_filename (folder, "s", NULL);
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autofree char *at = NULL, *tcp = NULL, *again = NULL;
  g_autoptr (GIOStream) near = NULL, far = NULL;
  g_autoptr (RawTalk) talk = NULL, other = NULL;
  g_autoptr (GPtrArray) clients = NULL;
  g_autoptr (GError) error = NULL;
  struct stat made;

  at = qmp_server_listen (server, path, NULL);
  g_assert_cmpstr (at, ==, path);
  g_assert_cmpint (lstat (path, &made), ==, 0);
  g_assert_cmpint (made.st_mode & 0777, ==, 0600);
  g_assert_null (qmp_server_listen (server, path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  tcp = qmp_server_listen (server, "tcp:127.0.0.1:0", NULL);
  g_assert_true (g_str_has_prefix (tcp, "tcp:127.0.0.1:"));
  g_assert_cmpstr (tcp, !=, "tcp:127.0.0.1:0");
  near = dial (path);
  talk = raw_talk_new_for_stream (near);
  g_free (raw_hear (talk));
  far = dial (tcp);
  other = raw_talk_new_for_stream (far);
  g_free (raw_hear (other));
  clients = qmp_server_get_clients (server);
  g_assert_cmpuint (clients->len, ==, 2);
  g_assert_cmpint (g_credentials_get_unix_pid (qmp_server_client_get_credentials (clients->pdata[0]), NULL), ==, getpid ());
  g_assert_null (qmp_server_client_get_credentials (clients->pdata[1]));
  qmp_server_close (server);
  g_assert_cmpint (g_access (path, F_OK), !=, 0);
  raw_expect_end (talk);
  raw_expect_end (other);
  again = qmp_server_listen (server, path, NULL);
  g_assert_nonnull (again);
  g_clear_object (&server);
  g_assert_cmpint (g_access (path, F_OK), !=, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_wrong_addresses (void)
{
  static const struct { const char *address; int code; } wrong[] = {
    { "tcp:localhost:0", G_IO_ERROR_INVALID_ARGUMENT }, { "tcp:127.0.0.1", G_IO_ERROR_INVALID_ARGUMENT },
    { "vsock:2:1", G_IO_ERROR_NOT_SUPPORTED }, { "fd:3", G_IO_ERROR_NOT_SUPPORTED }, { "unix:", G_IO_ERROR_INVALID_ARGUMENT },
  };
  g_autoptr (QmpServer) server = qmp_server_new ();

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (qmp_server_listen (server, wrong[i].address, &error));
      g_assert_error (error, G_IO_ERROR, wrong[i].code);
    }
}

/* As with QEMU, which serves one: who comes too many waits, ungreeted. */
static void
test_most_clients (void)
{
  g_autofree char *folder = g_dir_make_tmp ("qmp-XXXXXX", NULL), *path = g_build_filename (folder, "s", NULL);
  g_autoptr (QmpServer) server = g_object_new (QMP_TYPE_SERVER, "max-clients", 1, NULL);
  g_autofree char *at = qmp_server_listen (server, path, NULL), *greeting = NULL;
  g_autoptr (GIOStream) first = dial (path), second = dial (path), none = NULL;
  g_autoptr (RawTalk) talk = raw_talk_new_for_stream (first), other = raw_talk_new_for_stream (second);
  g_autoptr (GError) error = NULL;

  g_free (raw_hear (talk));
  raw_expect_silence (other);
  none = qmp_server_open_stream (server, &error);
  g_assert_null (none);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  raw_hang_up (talk);
  greeting = raw_hear (other);
  g_assert_nonnull (greeting);
  g_clear_object (&server);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_stream_of_another_kind (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (GInputStream) input = g_memory_input_stream_new ();
  g_autoptr (GOutputStream) output = g_memory_output_stream_new_resizable ();
  g_autoptr (GIOStream) stream = g_simple_io_stream_new (input, output);
  g_autoptr (GError) error = NULL;

  g_assert_null (qmp_server_add_stream (server, stream, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

static void
test_pipes (void)
{
  static const char said[] = "{\"execute\": \"qmp_capabilities\"}{\"execute\": \"a\"}";
  static const char end[] = "{\"return\": {}}\r\n{\"return\": 1}\r\n";
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_auto (Diary) diary = { 0 };
  g_autoptr (GInputStream) input = NULL;
  g_autoptr (GOutputStream) output = NULL;
  g_autoptr (GIOStream) stream = NULL;
  g_autoptr (QmpServerClient) client = NULL;
  g_autoptr (GString) heard = g_string_new (NULL);
  int to[2], from[2];

  g_assert_cmpint (pipe2 (to, O_CLOEXEC), ==, 0);
  g_assert_cmpint (pipe2 (from, O_CLOEXEC | O_NONBLOCK), ==, 0);
  input = g_unix_input_stream_new (to[0], TRUE);
  output = g_unix_output_stream_new (from[1], TRUE);
  stream = g_simple_io_stream_new (input, output);
  diary_begin (&diary, server);
  g_signal_handlers_disconnect_by_func (server, on_command, &diary);
  qmp_server_set_result_json (server, "a", "1", NULL);
  client = qmp_server_add_stream (server, stream, NULL);
  g_assert_nonnull (client);
  g_assert_null (qmp_server_client_get_credentials (client));
  g_assert_cmpint (write (to[1], said, strlen (said)), ==, (gssize) strlen (said));
  while (!g_str_has_suffix (heard->str, end))
    {
      char bytes[512];
      gssize n = read (from[0], bytes, sizeof bytes);

      if (n > 0)
        g_string_append_len (heard, bytes, n);
      else
        g_main_context_iteration (NULL, FALSE);
    }
  close (to[1]);
  wait_for_removal (&diary, 1);
  g_assert_no_error (diary.error);
  close (from[0]);
}

static guint
count_fds (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

static void
test_nothing_is_left (void)
{
  guint before = 0;

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (QmpServer) server = qmp_server_new ();

      if (i == 1)
        before = count_fds ();
      for (guint n = 0; n < 300; n++)
        {
          g_autoptr (RawTalk) talk = raw_talk_new_ready (server, n % 2 == 0);

          raw_say (talk, "{\"execute\": \"a\"}");
          if (n % 3 == 0)
            raw_hang_up (talk);
          await_idle ();
        }
      g_clear_object (&server);
      await_idle ();
      if (i == 2)
        g_assert_cmpuint (count_fds (), ==, before);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server-life/comes-and-goes", test_comes_and_goes);
  g_test_add_func ("/server-life/goes/at-every-point", test_goes_at_every_point);
  g_test_add_func ("/server-life/goes/in-mid-message", test_goes_in_mid_message);
  g_test_add_func ("/server-life/goes/after-asking", test_asks_and_goes);
  g_test_add_func ("/server-life/goes/late-cancellable", test_late_cancellable);
  g_test_add_func ("/server-life/sent-away", test_sent_away);
  g_test_add_func ("/server-life/sent-away/by-handler", test_sent_away_by_handler);
  g_test_add_func ("/server-life/server-goes/by-handler", test_server_is_dropped_by_handler);
  g_test_add_func ("/server-life/server-goes/outlived", test_outlived);
  g_test_add_func ("/server-life/loop-in-handler", test_loop_in_handler);
  g_test_add_func ("/server-life/listen", test_listen);
  g_test_add_func ("/server-life/listen/wrong-addresses", test_wrong_addresses);
  g_test_add_func ("/server-life/listen/most-clients", test_most_clients);
  g_test_add_func ("/server-life/stream-of-another-kind", test_stream_of_another_kind);
  g_test_add_func ("/server-life/pipes", test_pipes);
  g_test_add_func ("/server-life/nothing-is-left", test_nothing_is_left);
  return g_test_run ();
}
