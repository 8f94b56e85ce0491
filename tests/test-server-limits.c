/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <string.h>

#include "mock/await.h"
#include "mock/raw-talk.h"

/* What one client can make a server keep, and how it is told that it wants too
 * much. */

static gboolean
keep (QmpServer *server, QmpServerCall *call, gpointer calls)
{
  g_ptr_array_add (calls, g_object_ref (call));
  return TRUE;
}

static void
on_removed (QmpServer *server, QmpServerClient *client, const GError *error, gpointer data)
{
  g_assert_nonnull (error);
  g_assert_null (*(GError **) data);
  *(GError **) data = g_error_copy (error);
}

/* --- what is not read ---------------------------------------------------------------------- */

static void
test_events_unread (void)
{
  g_autoptr (QmpServer) server = g_object_new (QMP_TYPE_SERVER, "unread-size", (guint64) 200000, NULL);
  g_autoptr (RawTalk) idle = raw_talk_new_ready (server, FALSE), reads = raw_talk_new_ready (server, FALSE);
  g_autofree char *filler = g_strnfill (1000, 'x'), *data = g_strdup_printf ("{\"x\": \"%s\"}", filler);
  g_autoptr (GError) error = NULL;

  g_signal_connect (server, "client-removed", G_CALLBACK (on_removed), &error);
  for (guint i = 0; error == NULL && i < 100000; i++)
    {
      g_assert_true (qmp_server_emit_event_json (server, "STOP", data, NULL));
      g_free (raw_hear (reads));
      await_idle ();
    }
  g_assert_error (error, QMP_ERROR, QMP_ERROR_TOO_LARGE);
  g_assert_nonnull (strstr (error->message, "does not read"));
  /* the other is still served */
  raw_say (reads, "{\"execute\": \"query-version\"}");
  g_free (raw_hear (reads));
}

/* One who asks and does not read is asked nothing more, rather than sent away. */
static void
test_answers_unread (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (RawTalk) talk = raw_talk_new_ready (server, FALSE);
  g_autofree char *filler = g_strnfill (10000, 'x'), *result = g_strdup_printf ("\"%s\"", filler);
  g_autoptr (GPtrArray) clients = qmp_server_get_clients (server);
  g_autoptr (GString) asked = g_string_new (NULL);
  const guint n = 3000;
  gsize said = 0;

  qmp_server_set_result_json (server, "big", result, NULL);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (asked, "{\"execute\": \"big\", \"id\": %u}\n", i);
  for (guint turns = 0; turns < 100; turns++)
    {
      said += raw_say_what_fits (talk, asked->str + said, asked->len - said);
      await_idle ();
    }
  g_assert_cmpint (qmp_server_client_get_state (clients->pdata[0]), ==, QMP_SERVER_CLIENT_STATE_READY);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *line = raw_hear (talk), *end = g_strdup_printf ("\", \"id\": %u}", i);

      said += raw_say_what_fits (talk, asked->str + said, asked->len - said);
      g_assert_true (g_str_has_suffix (line, end));
    }
}

/* A single answer may be as large as it is. */
static void
test_one_large_answer (void)
{
  g_autoptr (QmpServer) server = g_object_new (QMP_TYPE_SERVER, "unread-size", (guint64) 65536, NULL);
  g_autoptr (RawTalk) talk = raw_talk_new_ready (server, FALSE);
  g_autofree char *filler = g_strnfill (3000000, 'x'), *result = g_strdup_printf ("\"%s\"", filler), *heard = NULL;

  qmp_server_set_result_json (server, "big", result, NULL);
  raw_say (talk, "{\"execute\": \"big\"}");
  heard = raw_hear (talk);
  g_assert_cmpuint (strlen (heard), ==, strlen (result) + strlen ("{\"return\": }"));
}

/* --- what is asked ---------------------------------------------------------------------------- */

/* As QEMU does, with out-of-band on: one runs, eight wait, then nothing is read; and
 * so an out-of-band command behind them waits, too. */
static void
test_queue (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (RawTalk) talk = raw_talk_new_ready (server, TRUE);
  g_autoptr (GPtrArray) calls = g_ptr_array_new_with_free_func (g_object_unref);

  g_signal_connect (server, "command", G_CALLBACK (keep), calls);
  for (guint i = 0; i < 8; i++)
    raw_say (talk, "{\"execute\": \"a\"}");
  raw_say (talk, "{\"exec-oob\": \"in-time\"}{\"execute\": \"a\"}{\"exec-oob\": \"too-late\"}");
  raw_expect_silence (talk);
  g_assert_cmpuint (calls->len, ==, 2);
  g_assert_cmpstr (qmp_server_call_get_command (calls->pdata[1]), ==, "in-time");
  qmp_server_call_return_json (calls->pdata[0], NULL, NULL);
  raw_expect (talk, "{\"return\": {}}");
  await_idle ();
  g_assert_cmpuint (calls->len, ==, 4);
  g_assert_cmpstr (qmp_server_call_get_command (calls->pdata[3]), ==, "too-late");
  for (guint i = 1; i < 12; i++)
    {
      qmp_server_call_return_json (calls->pdata[i], NULL, NULL);
      raw_expect (talk, "{\"return\": {}}");
      await_idle ();
      if (i + 1 == calls->len)
        break;
    }
  g_assert_cmpuint (calls->len, ==, 11);
}

static void
test_most_out_of_band (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (QmpLimits) limits = qmp_limits_new ();
  g_autoptr (GPtrArray) calls = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (RawTalk) talk = NULL;

  qmp_limits_set_pending_calls (limits, 5);
  qmp_server_set_limits (server, limits);
  g_assert_true (qmp_server_get_limits (server) == limits);
  talk = raw_talk_new_ready (server, TRUE);
  g_signal_connect (server, "command", G_CALLBACK (keep), calls);
  for (guint i = 0; i < 20; i++)
    raw_say (talk, "{\"exec-oob\": \"a\"}");
  raw_expect_silence (talk);
  g_assert_cmpuint (calls->len, ==, 5);
  qmp_server_call_return_json (calls->pdata[2], NULL, NULL);
  raw_expect (talk, "{\"return\": {}}");
  raw_expect_silence (talk);
  g_assert_cmpuint (calls->len, ==, 6);
}

/* However many commands wait, what they hold is little more than one may. */
static void
test_most_bytes (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (QmpLimits) limits = qmp_limits_new ();
  g_autoptr (GPtrArray) calls = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *filler = g_strnfill (40000, 'x');
  g_autofree char *command = g_strdup_printf ("{\"exec-oob\": \"a\", \"arguments\": {\"x\": \"%s\"}}", filler);
  g_autoptr (RawTalk) talk = NULL;
  gsize said = 0, length = strlen (command);

  qmp_limits_set_message_size (limits, 100000);
  qmp_server_set_limits (server, limits);
  talk = raw_talk_new_ready (server, TRUE);
  g_signal_connect (server, "command", G_CALLBACK (keep), calls);
  for (guint i = 0; i < 100; i++)
    {
      said += raw_say_what_fits (talk, command + said % length, length - said % length);
      await_idle ();
    }
  g_assert_cmpuint (calls->len, ==, 3);
}

/* --- what is too large ---------------------------------------------------------------------------- */

/* Every other character becomes a comma. */
static const char *
separate (char *digits)
{
  for (char *p = digits; p[0] != '\0' && p[1] != '\0'; p += 2)
    p[1] = ',';
  return digits;
}

static void
test_too_large (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (QmpLimits) limits = qmp_limits_new ();
  g_autofree char *filler = g_strnfill (200000, 'x'), *deep = g_strnfill (100, '['), *name = g_strnfill (100, 'n');
  g_autofree char *ones = g_strnfill (4000, '1');
  g_autoptr (RawTalk) talk = NULL;
  g_autofree char *long_one = g_strdup_printf ("{\"execute\": \"%s\"}\n", filler);
  g_autofree char *deep_one = g_strdup_printf ("{\"execute\": \"a\", \"arguments\": {\"x\": %s\n", deep);
  g_autofree char *named_one = g_strdup_printf ("{\"%s\": 1}\n", name);
  g_autofree char *many = g_strdup_printf ("{\"execute\": \"a\", \"arguments\": {\"x\": [%s1]}}\n", separate (ones));
  const struct { const char *said; const char *answer; } cases[] = {
    { long_one, "{\"error\": {\"class\": \"GenericError\", \"desc\": \"JSON token size limit exceeded\"}}" },
    { deep_one, "{\"error\": {\"class\": \"GenericError\", \"desc\": \"JSON nesting depth limit exceeded\"}}" },
    { named_one, "{\"error\": {\"class\": \"GenericError\", \"desc\": \"JSON token size limit exceeded\"}}" },
    { many, "{\"error\": {\"class\": \"GenericError\", \"desc\": \"JSON token count limit exceeded\"}}" },
  };

  qmp_limits_set_message_size (limits, 100000);
  qmp_limits_set_message_depth (limits, 50);
  qmp_limits_set_message_values (limits, 1000);
  qmp_limits_set_name_size (limits, 64);
  qmp_server_set_limits (server, limits);
  talk = raw_talk_new_ready (server, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      raw_say (talk, cases[i].said);
      raw_expect (talk, cases[i].answer);
      raw_say (talk, "{\"execute\": \"a\", \"id\": 1}\n");
      raw_expect (talk, "{\"id\": 1, \"error\": {\"class\": \"CommandNotFound\", \"desc\": \"The command a has not been found\"}}");
    }
}

static void
test_numbers_are_put_right (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();

  qmp_server_set_max_clients (server, 0);
  qmp_server_set_overlap (server, 0);
  qmp_server_set_unread_size (server, 0);
  g_assert_cmpuint (qmp_server_get_max_clients (server), ==, 1);
  g_assert_cmpuint (qmp_server_get_overlap (server), ==, 1);
  g_assert_cmpuint (qmp_server_get_unread_size (server), ==, 65536);
  qmp_server_set_overlap (server, G_MAXUINT);
  qmp_server_set_unread_size (server, G_MAXUINT64);
  g_assert_cmpuint (qmp_server_get_overlap (server), ==, 1024);
  g_assert_cmpuint (qmp_server_get_unread_size (server), ==, 1 << 30);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server-limits/unread/events", test_events_unread);
  g_test_add_func ("/server-limits/unread/answers", test_answers_unread);
  g_test_add_func ("/server-limits/unread/one-large-answer", test_one_large_answer);
  g_test_add_func ("/server-limits/asked/queue", test_queue);
  g_test_add_func ("/server-limits/asked/out-of-band", test_most_out_of_band);
  g_test_add_func ("/server-limits/asked/bytes", test_most_bytes);
  g_test_add_func ("/server-limits/too-large", test_too_large);
  g_test_add_func ("/server-limits/numbers", test_numbers_are_put_right);
  return g_test_run ();
}
