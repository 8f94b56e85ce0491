/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <string.h>

#include "mock/await.h"
#include "mock/raw-talk.h"
#include "transcripts/transcript.h"

/* What QEMU was told and what it said, of the protocol itself: a server says the
 * same. And what no QEMU was told. */

/* --- recorded talks ------------------------------------------------------------------------ */

/* Where this server knows better, or looks less closely. */
static const char *const differs[] = {
  "\"id\": [1, {\"a\": 2.50}]",           /* an id comes back as it was sent */
  "\"id\": 1e3",
  "\\u00e9\\ud83d\\ude00",
  "{'execute'",                           /* single quotes are no JSON */
  "\"id\": \"\xc3\xa9\xf0\x9f\x98\x80\x01\"",   /* one mistake, one answer */
  "\xff{\"execute\"",                     /* in other words */
  "(2000 nested arrays)",
};

/* What is not the protocol's, but a command's. */
static gboolean
is_of_the_protocol (const TalkLine *line)
{
  static const char *const commands[] = { "qmp_capabilities", "query-status", "query-name", "query-yank", "no-such-command",
                                          "\"yank\"" };
  gboolean known = strstr (line->bytes, "execute\": \"") == NULL && strstr (line->bytes, "exec-oob\": \"") == NULL;

  for (guint i = 0; i < G_N_ELEMENTS (differs); i++)
    if (strstr (line->bytes, differs[i]) != NULL)
      return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    known = known || strstr (line->bytes, commands[i]) != NULL;
  return known && strstr (line->bytes, "{\"x\": 1}") == NULL;
}

/* The result in the first recorded answer to what was said. */
static void
learn (QmpServer *server, const Talk *talk, const char *command, const char *said)
{
  for (guint i = 0; i + 1 < talk->lines->len; i++)
    {
      const TalkLine *line = talk->lines->pdata[i], *answer = talk->lines->pdata[i + 1];
      const char *result = answer->bytes + strlen ("{\"return\": "), *end;
      g_autofree char *json = NULL;

      if (line->side != TALK_CLIENT || strstr (line->bytes, said) == NULL)
        continue;
      end = g_strrstr (result, ", \"id\"");
      json = g_strndup (result, (gsize) (end - result));
      g_assert_true (qmp_server_set_result_json (server, command, json, NULL));
      return;
    }
  g_assert_not_reached ();
}

static void
replay (gconstpointer data)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "transcripts", data, NULL);
  g_autoptr (Talk) talk = talk_load (path);
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (RawTalk) client = raw_talk_new (server);
  guint n = 0;

  learn (server, talk, "query-status", "\"id\": \"text\"");
  learn (server, talk, "query-yank", "\"exec-oob\": \"query-yank\"");
  qmp_server_set_result_json (server, "query-name", "{}", NULL);
  for (guint i = 0; i + 1 < talk->lines->len; i++)
    {
      const TalkLine *line = talk->lines->pdata[i], *answer = talk->lines->pdata[i + 1];
      g_auto (GStrv) expected = NULL;

      /* there begins another monitor's talk */
      if (strstr (line->bytes, "\r\n    ") != NULL)
        break;
      if (line->side != TALK_CLIENT || answer->side != TALK_PEER || answer->length == 0 || !is_of_the_protocol (line))
        continue;
      n++;
      raw_say_bytes (client, line->bytes, line->length);
      expected = g_strsplit (answer->bytes, "\r\n", -1);
      for (guint k = 0; expected[k] != NULL && expected[k][0] != '\0'; k++)
        raw_expect (client, expected[k]);
      raw_expect_silence (client);
    }
  g_assert_cmpuint (n, >=, 20);
}

/* --- mistakes ----------------------------------------------------------------------------------- */

typedef struct
{
  const char *said;
  const char *description;
} Mistake;

static const Mistake mistakes[] = {
  { "[]", "QMP input must be a JSON object" },
  { "5 ", "QMP input must be a JSON object" },
  { "true", "QMP input must be a JSON object" },
  { "\"x\"", "QMP input must be a JSON object" },
  { "}", "JSON parse error, expecting value" },
  { ",", "JSON parse error, expecting value" },
  { "#", "JSON parse error, stray '#'" },
  { "\xef\xbb\xbf{}", "JSON parse error, stray '\\\\xef'" },
  { "{\"execute\" \"x\"}", "JSON parse error, missing : in object pair" },
  { "{\"execute\": \"x\" \"id\": 1}", "JSON parse error, expected separator in dict" },
  { "{\"a\": [1 2]}", "JSON parse error, expected separator in list" },
  { "{1: 2}", "JSON parse error, key is not a string in object" },
  { "{\"a\": #}", "JSON parse error, stray '#'" },
  { "{\"a\": }", "JSON parse error, expecting value" },
  { "{\"a\": tru}", "JSON parse error, expecting value" },
  { "{\"a\": 1, \"a\": 2}", "JSON parse error, duplicate key" },
  { "{\"a\": \"\xc3(\"}", "JSON parse error, invalid UTF-8 sequence in string" },
  { "{\"a\": \"\\ud800\"}", "JSON parse error, a high surrogate without a low one" },
  { "{\"execute\": \"x\", \"id\": nan}", "JSON parse error, invalid keyword" },
  { "{\"execute\": \"x\", \"id\": -inf}", "JSON parse error, invalid keyword" },
  { "{}", "QMP input lacks member 'execute'" },
  { "{\"arguments\": {}}", "QMP input lacks member 'execute'" },
  { "{\"execute\": 1}", "QMP input member 'execute' must be a string" },
  { "{\"exec-oob\": null}", "QMP input member 'exec-oob' must be a string" },
  { "{\"execute\": \"a\", \"arguments\": []}", "QMP input member 'arguments' must be an object" },
  { "{\"execute\": \"a\", \"more\": 1}", "QMP input member 'more' is unexpected" },
  { "{\"execute\": \"a\", \"exec-oob\": \"b\"}", "QMP input member 'execute' clashes with 'exec-oob'" },
  { "{\"\\u001b[31m\": 1}", "QMP input member '\\\\x1b[31m' is unexpected" },
  { "{\"execute\": \"a\", \"arguments\": {\"x\": \"\\u0000\"}}", "The arguments hold a NUL character" },
  { "\xff", "JSON parse error, stray '\xef\xbf\xbd'" },
};

/* Each is answered once, and what follows is sound. */
static void
test_mistakes (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (RawTalk) talk = raw_talk_new_ready (server, TRUE);

  qmp_server_set_result_json (server, "a", "{}", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (mistakes); i++)
    {
      g_autofree char *said = g_strconcat (mistakes[i].said, "\n", NULL);
      g_autofree char *expected = g_strdup_printf ("{\"error\": {\"class\": \"GenericError\", \"desc\": \"%s\"}}",
                                                   mistakes[i].description);

      raw_say (talk, said);
      raw_expect (talk, expected);
      raw_say (talk, "{\"execute\": \"a\", \"id\": 1}");
      raw_expect (talk, "{\"return\": {}, \"id\": 1}");
    }
}

/* An object that is no command keeps its id. */
static void
test_mistakes_with_ids (void)
{
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (RawTalk) talk = raw_talk_new_ready (server, FALSE);

  raw_say (talk, "{\"execute\": 1, \"id\": [1]}{\"id\": 2}{\"more\": 1, \"id\": 3}");
  raw_expect (talk, "{\"id\": [1], \"error\": {\"class\": \"GenericError\", "
                    "\"desc\": \"QMP input member 'execute' must be a string\"}}");
  raw_expect (talk, "{\"id\": 2, \"error\": {\"class\": \"GenericError\", \"desc\": \"QMP input lacks member 'execute'\"}}");
  raw_expect (talk, "{\"id\": 3, \"error\": {\"class\": \"GenericError\", "
                    "\"desc\": \"QMP input member 'more' is unexpected\"}}");
}

/* A byte that stands in no text begins anew, wherever it comes. */
static void
test_begin_anew (void)
{
  static const char *const halves[] = { "{", "{\"a", "{\"a\": [[[", "{\"a\": \"\\u12", "{\"a\": -", "{\"a\": tr" };
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (RawTalk) talk = raw_talk_new_ready (server, FALSE);

  qmp_server_set_result_json (server, "a", "{}", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (halves); i++)
    {
      g_autofree char *answer = NULL;

      raw_say (talk, halves[i]);
      raw_expect_silence (talk);
      raw_say (talk, "\xff{\"execute\": \"a\", \"id\": 1}");
      answer = raw_hear (talk);
      g_assert_true (g_str_has_prefix (answer, "{\"error\": {\"class\": \"GenericError\", \"desc\": \"JSON parse error, "));
      raw_expect (talk, "{\"return\": {}, \"id\": 1}");
      raw_expect_silence (talk);
    }
}

/* However it comes. */
static void
test_cut (void)
{
  static const char text[] = " \r\n{\"execute\"\n:\t\"a\", \"id\": \"\xc3\xa9\\u00e9\", \"arguments\": {\"x\": [1.5e3, -1]}}\r\n"
                             "{\"\\u0065xecute\": \"\\u0061\"}\n\n";
  g_autoptr (QmpServer) server = qmp_server_new ();
  g_autoptr (RawTalk) talk = raw_talk_new_ready (server, FALSE);

  qmp_server_set_result_json (server, "a", "{}", NULL);
  for (gsize piece = 1; piece < sizeof text; piece++)
    {
      for (gsize at = 0; at < sizeof text - 1; at += piece)
        {
          raw_say_bytes (talk, text + at, MIN (piece, sizeof text - 1 - at));
          await_idle ();
        }
      raw_expect (talk, "{\"return\": {}, \"id\": \"\xc3\xa9\\u00e9\"}");
      raw_expect (talk, "{\"return\": {}}");
      raw_expect_silence (talk);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/server-protocol/as-7.2", "7.2-protocol.jsonl", replay);
  g_test_add_data_func ("/server-protocol/as-10.0", "10.0-protocol.jsonl", replay);
  g_test_add_func ("/server-protocol/mistakes", test_mistakes);
  g_test_add_func ("/server-protocol/mistakes/with-ids", test_mistakes_with_ids);
  g_test_add_func ("/server-protocol/begin-anew", test_begin_anew);
  g_test_add_func ("/server-protocol/cut", test_cut);
  return g_test_run ();
}
