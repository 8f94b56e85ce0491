/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <string.h>

#include "mock/await.h"
#include "mock/raw-talk.h"

/* Clients that say anything at all: the server goes on, and understands them again as
 * soon as they make sense. */

#define N_TALKS 400
#define N_MUTANTS 40

static const char *const seeds[] = {
  "{\"execute\": \"a\", \"id\": 1}\n",
  "{\"exec-oob\": \"b\", \"arguments\": {\"x\": [1, -2.5e3, true, null, \"\\u00e9\\ud83d\\ude00\"]}, \"id\": {\"q\": []}}\r\n",
  "{\"execute\": \"keep\", \"id\": \"\xc3\xa9\"}",
  "{\"execute\": \"qmp_capabilities\", \"arguments\": {\"enable\": [\"oob\"]}}\n",
  "\xff{\"arguments\": {}, \"execute\": \"drop\"}\n",
  "[{}]{\"execute\": 1}\n",
};

static gboolean
on_command (QmpServer *server, QmpServerCall *call, gpointer calls)
{
  const char *name = qmp_server_call_get_command (call);
  g_autoptr (JsonNode) tree = qmp_server_call_get_arguments (call);
  g_autoptr (QmpValue) value = qmp_server_call_get_arguments_value (call);

  g_assert_true (JSON_NODE_HOLDS_OBJECT (tree));
  g_assert_true (g_utf8_validate (name, -1, NULL));
  if (g_str_equal (name, "a") || g_str_equal (name, "b"))
    return FALSE;
  if (!g_str_equal (name, "drop"))
    g_ptr_array_add (calls, g_object_ref (call));
  return TRUE;
}

/* Changes a few bytes: overwrites, doubles, cuts. */
static void
mutate (GString *text)
{
  static const char bytes[] = "{}[]\",:\\u0019.-+eE \n\r\t\xff\xc3\xa9truefalsn\x00\x01";
  guint n = (guint) g_test_rand_int_range (0, 4);

  while (n-- > 0 && text->len > 0)
    {
      gsize at = (gsize) g_test_rand_int_range (0, (gint32) text->len);
      gsize length = (gsize) g_test_rand_int_range (1, 8);

      switch (g_test_rand_int_range (0, 4))
        {
        case 0:
          text->str[at] = bytes[g_test_rand_int_range (0, sizeof bytes - 1)];
          break;
        case 1:
          g_string_insert_c (text, (gssize) at, bytes[g_test_rand_int_range (0, sizeof bytes - 1)]);
          break;
        case 2:
          g_string_erase (text, (gssize) at, (gssize) MIN (length, text->len - at));
          break;
        default:
          {
            g_autofree char *part = g_strndup (text->str + at, MIN (length, text->len - at));

            g_string_insert_len (text, (gssize) at, part, (gssize) strlen (part));
          }
        }
    }
}

/* Reads all until the answer to what made sense. */
static void
expect_sense (RawTalk *talk, guint nonce)
{
  g_autofree char *said = g_strdup_printf ("\xff\n{\"execute\": \"a\", \"id\": \"nonce-%u\"}\n", nonce);
  g_autofree char *wanted = g_strdup_printf ("\"id\": \"nonce-%u\"}", nonce), *refused = g_strdup_printf ("{\"id\": \"nonce-%u\"", nonce);

  raw_say (talk, said);
  for (;;)
    {
      g_autofree char *line = raw_hear (talk);

      g_assert_nonnull (line);
      if (g_str_has_suffix (line, wanted) || g_str_has_prefix (line, refused))
        return;
    }
}

static void
answer_all (GPtrArray *calls)
{
  for (guint i = 0; i < calls->len; i++)
    qmp_server_call_return_json (calls->pdata[i], NULL, NULL);
  g_ptr_array_set_size (calls, 0);
}

static void
talk_nonsense (QmpServer *server, GPtrArray *calls)
{
  g_autoptr (RawTalk) talk = raw_talk_new (server);

  for (guint i = 0; i < N_MUTANTS; i++)
    {
      g_autoptr (GString) text = g_string_new (seeds[g_test_rand_int_range (0, G_N_ELEMENTS (seeds))]);

      mutate (text);
      raw_say_bytes (talk, text->str, text->len);
      if (g_test_rand_int_range (0, 3) == 0)
        await_idle ();
      if (g_test_rand_int_range (0, 5) == 0)
        answer_all (calls);
    }
  if (g_test_rand_int_range (0, 4) == 0)
    return;
  /* what it was kept waiting for would hold up its sense */
  do
    {
      answer_all (calls);
      await_idle ();
    }
  while (calls->len > 0);
  expect_sense (talk, g_test_rand_int ());
}

static void
test_nonsense (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (GPtrArray) calls = g_ptr_array_new_with_free_func (g_object_unref);

  qmp_server_set_result_json (server, "a", "{}", NULL);
  g_signal_connect (server, "command", G_CALLBACK (on_command), calls);
  for (guint i = 0; i < N_TALKS; i++)
    {
      talk_nonsense (server, calls);
      qmp_server_emit_event_json (server, "STOP", NULL, NULL);
    }
  g_clear_object (&server);
  answer_all (calls);
}

/* --- floods ------------------------------------------------------------------------------- */

static void
on_removed (QmpServer *server, QmpServerClient *client, const GError *error, gpointer n)
{
  ++*(guint *) n;
}

/* Each mistake is answered, and no answer is read: so no more is read either. */
static void
test_flood_of_mistakes (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (RawTalk) talk = raw_talk_new_ready (server, FALSE), other = raw_talk_new_ready (server, FALSE);
  g_autofree char *flood = g_strnfill (1000000, '\n');
  guint n_removed = 0;
  gsize said = 0;

  for (gsize i = 0; i < 1000000; i += 2)
    flood[i] = '}';
  g_signal_connect (server, "client-removed", G_CALLBACK (on_removed), &n_removed);
  for (guint i = 0; i < 200; i++)
    {
      said += raw_say_what_fits (talk, flood, 1000000);
      await_idle ();
    }
  g_assert_cmpuint (n_removed, ==, 0);
  g_assert_cmpuint (said, <, 20000000);
  raw_say (other, "{\"execute\": \"x\"}");
  g_free (raw_hear (other));
}

/* A line that never ends keeps nothing. */
static void
test_endless_line (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (RawTalk) talk = raw_talk_new_ready (server, FALSE);
  g_autofree char *flood = g_strnfill (1000000, 'x');

  raw_say (talk, "{\"execute\": \"");
  for (guint i = 0; i < 60; i++)
    raw_say_bytes (talk, flood, 1000000);
  raw_expect (talk, "{\"error\": {\"class\": \"GenericError\", \"desc\": \"JSON token size limit exceeded\"}}");
  raw_say (talk, "\n{\"execute\": \"x\"}");
  raw_expect (talk, "{\"error\": {\"class\": \"CommandNotFound\", \"desc\": \"The command x has not been found\"}}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server-hostile/nonsense", test_nonsense);
  g_test_add_func ("/server-hostile/flood-of-mistakes", test_flood_of_mistakes);
  g_test_add_func ("/server-hostile/endless-line", test_endless_line);
  return g_test_run ();
}
