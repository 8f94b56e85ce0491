/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <stdio.h>
#include <string.h>

#include "mock/await.h"
#include "mock/mock-peer.h"

/* What a hostile QEMU may send. Each attack has a process of its own: there
 * the main loop must keep turning, no log may be louder than debug, memory
 * must stay within what is promised, and the error must say what it was. */

#define MOST_GROWTH_KIB (80 * 1024)

typedef void (*Attack) (MockPeer *peer);

typedef struct
{
  const char *name;
  Attack attack;
  GQuark (*get_domain) (void);
  int code;          /* -1: it must do no harm at all */
  const char *word;  /* in the error */
} Case;

/* --- the watch over the process -------------------------------------------------------- */

/* Of what Linux counts for the process, in KiB. Tools that keep memory of
 * their own have no say in it. */
static gint64
read_status (const char *name)
{
  g_autofree char *status = NULL, *key = g_strconcat ("\n", name, ":", NULL);
  const char *line;

  g_assert_true (g_file_get_contents ("/proc/self/status", &status, NULL, NULL));
  line = strstr (status, key);
  g_assert_nonnull (line);
  return g_ascii_strtoll (line + strlen (key), NULL, 10);
}

/* From here on VmHWM tells the peak of the attack alone. */
static void
forget_peak (void)
{
  FILE *file = fopen ("/proc/self/clear_refs", "w");

  g_assert_nonnull (file);
  g_assert_cmpint (fputs ("5", file), >=, 0);
  g_assert_cmpint (fclose (file), ==, 0);
}

static gboolean
is_measurable (void)
{
#if defined(__SANITIZE_ADDRESS__)
  return FALSE;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
  return FALSE;
#endif
#endif
  return g_getenv ("LD_PRELOAD") == NULL || strstr (g_getenv ("LD_PRELOAD"), "vgpreload") == NULL;
}

static gboolean
tick (gpointer n_ticks)
{
  ++*(guint *) n_ticks;
  return G_SOURCE_CONTINUE;
}

static void
say_nothing (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
}

/* --- one attack --------------------------------------------------------------------------- */

static void
assert_attack_is_met (const Case *attack, const GError *error, const char *reply)
{
  if (attack->code == -1)
    {
      g_assert_no_error (error);
      g_assert_cmpstr (reply, ==, "\"sound\"");
      return;
    }
  if (!g_error_matches (error, attack->get_domain (), attack->code) || strstr (error->message, attack->word) == NULL)
    g_error ("expected code %d and “%s”, got: %s", attack->code, attack->word, error != NULL ? error->message : "no error");
  g_assert_cmpuint (strlen (error->message), <, 4096);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

/* The command "victim" waits for a reply; then the attack comes. */
static void
suffer (const Case *attack)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *reply = NULL;
  g_auto (Await) called = { 0 };
  guint n_ticks = 0, id;
  gint64 before, growth;

  mock_greet (peer);
  mock_expect (peer, "victim");
  mock_pause (peer);
  attack->attack (peer);
  connection = mock_open (peer);
  qmp_connection_execute_json_async (connection, "victim", NULL, NULL, await_callback, &called);
  mock_await (peer);
  id = g_timeout_add (10, tick, &n_ticks);
  forget_peak ();
  before = read_status ("VmRSS");
  mock_go_on (peer);
  reply = qmp_connection_execute_json_finish (connection, await (&called), &error);
  /* the clock still ticks */
  while (n_ticks == 0)
    g_main_context_iteration (NULL, TRUE);
  growth = read_status ("VmHWM") - before;
  g_source_remove (id);
  assert_attack_is_met (attack, error, reply);
  g_test_message ("%s: %" G_GINT64_FORMAT " KiB", attack->name, growth);
  if (is_measurable ())
    g_assert_cmpint (growth, <=, MOST_GROWTH_KIB);
}

static void
test_attack (gconstpointer data)
{
  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, 0);
      g_test_trap_assert_passed ();
      g_test_trap_assert_stderr_unmatched ("*WARNING*");
      g_test_trap_assert_stderr_unmatched ("*CRITICAL*");
      return;
    }
  suffer (data);
}

/* --- the attacks --------------------------------------------------------------------------------- */

/* Said piece by piece, so that the peer itself needs no memory for it. */
static void
send_many (MockPeer *peer, const char *text, guint n)
{
  g_autoptr (GString) block = g_string_new (NULL);

  while (block->len < 65536 && n > 0)
    {
      g_string_append (block, text);
      n--;
    }
  mock_repeat (peer, block->str, 1 + n / (guint) MAX (block->len / strlen (text), 1));
}

static void
attack_deep (MockPeer *peer)
{
  mock_send (peer, "{\"return\": ");
  send_many (peer, "[", 200000);
}

static void
attack_deep_objects (MockPeer *peer)
{
  mock_send (peer, "{\"return\": ");
  send_many (peer, "{\"a\":", 200000);
}

static void
attack_many_objects (MockPeer *peer)
{
  mock_send (peer, "{\"return\": [");
  send_many (peer, "{},", 10 * 1024 * 1024 / 3);
}

static void
attack_many_names (MockPeer *peer)
{
  g_autoptr (GString) text = g_string_new ("{\"return\": {");

  for (guint i = 0; i < 74990; i++)
    g_string_append_printf (text, "\"n%u\":0,", i);
  g_string_append (text, "\"n7\":0}, \"id\": 0}");
  mock_send (peer, text->str);
}

static void
attack_endless_string (MockPeer *peer)
{
  mock_send (peer, "{\"return\": \"");
  send_many (peer, "xxxxxxxxxxxxxxxx", 4 * 1024 * 1024);
}

static void
attack_endless_space (MockPeer *peer)
{
  mock_send (peer, "{\"return\": ");
  send_many (peer, "                ", 4 * 1024 * 1024);
}

static void
attack_endless_number (MockPeer *peer)
{
  mock_send (peer, "{\"return\": 1");
  send_many (peer, "0000000000000000", 4 * 1024 * 1024);
}

static void
attack_endless_name (MockPeer *peer)
{
  mock_send (peer, "{\"");
  send_many (peer, "nnnnnnnnnnnnnnnn", 4 * 1024 * 1024);
}

static void
attack_events (MockPeer *peer)
{
  send_many (peer, "{\"event\": \"E\", \"data\": {\"a\": [1, 2, 3]}}\r\n", 300000);
  mock_return (peer, "\"sound\"");
}

static void
attack_large_events (MockPeer *peer)
{
  g_autofree char *filler = g_strnfill (500000, 'x');
  g_autofree char *event = g_strdup_printf ("{\"event\": \"E\", \"data\": {\"a\": \"%s\"}}\r\n", filler);

  mock_repeat (peer, event, 400);
  mock_return (peer, "\"sound\"");
}

static void
attack_strays (MockPeer *peer)
{
  send_many (peer, "{\"return\": {}, \"id\": 123456789}\r\n", 300000);
  mock_return (peer, "\"sound\"");
}

static void
attack_blank_lines (MockPeer *peer)
{
  send_many (peer, "\r\n", 10 * 1024 * 1024);
  mock_return (peer, "\"sound\"");
}

static void
attack_event_names (MockPeer *peer)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < 50000; i++)
    g_string_append_printf (text, "{\"event\": \"NAME_%u_%0100u\"}", i, i);
  mock_send (peer, text->str);
  mock_return (peer, "\"sound\"");
}

static void
attack_error_text (MockPeer *peer)
{
  g_autofree char *filler = g_strnfill (9 * 1024 * 1024, 'e');

  mock_error (peer, "GenericError", filler);
}

static void
attack_terminal (MockPeer *peer)
{
  mock_error (peer, "Generic\\u001b[2JError", "\\u001b]0;owned\\u0007\\u009b31m\\u202e \\u0008");
}

static void
attack_nul (MockPeer *peer)
{
  mock_return (peer, "\"a\\u0000b\"");
}

static void
attack_nul_byte (MockPeer *peer)
{
  mock_send_bytes (peer, "{\"return\": \"a\0b\", \"id\": 0}", 26);
}

static void
attack_nul_outside (MockPeer *peer)
{
  mock_send_bytes (peer, "\0\0\0\0", 4);
}

static void
attack_surrogate (MockPeer *peer)
{
  mock_return (peer, "\"\\udc00x\"");
}

static void
attack_wide (MockPeer *peer)
{
  mock_return (peer, "18446744073709551616");
}

static void
attack_not_finite (MockPeer *peer)
{
  mock_return (peer, "1e400");
}

static void
attack_names_twice (MockPeer *peer)
{
  mock_return (peer, "{\"status\": \"running\", \"st\\u0061tus\": \"paused\"}");
}

static void
attack_greeting (MockPeer *peer)
{
  mock_send (peer, MOCK_GREETING);
}

static void
attack_future_id (MockPeer *peer)
{
  mock_send (peer, "{\"return\": {}, \"id\": 1}{\"return\": {}, \"id\": 2}{\"return\": {}, \"id\": -1}");
  mock_return (peer, "\"sound\"");
}

static void
attack_no_kind (MockPeer *peer)
{
  mock_send (peer, "{\"retrun\": {}, \"id\": 0}");
}

static void
attack_two_kinds (MockPeer *peer)
{
  mock_send (peer, "{\"return\": {}, \"id\": 0, \"error\": {\"class\": \"x\", \"desc\": \"y\"}}");
}

static void
attack_invalid_utf8 (MockPeer *peer)
{
  mock_return (peer, "\"\xc0\xaf\"");
}

static void
attack_many_small (MockPeer *peer)
{
  /* as many values as a message may have, and as deep */
  g_autoptr (GString) text = g_string_new ("[");

  for (guint i = 0; i < 149990; i++)
    g_string_append (text, i > 0 ? ",[]" : "[]");
  g_string_append (text, "]");
  mock_return (peer, text->str);
}

static const Case cases[] = {
  { "deep", attack_deep, qmp_error_quark, QMP_ERROR_TOO_LARGE, "nested too deep" },
  { "deep-objects", attack_deep_objects, qmp_error_quark, QMP_ERROR_TOO_LARGE, "nested too deep" },
  { "many-objects", attack_many_objects, qmp_error_quark, QMP_ERROR_TOO_LARGE, "too many values" },
  { "many-names", attack_many_names, qmp_error_quark, QMP_ERROR_PROTOCOL, "twice" },
  { "endless-string", attack_endless_string, qmp_error_quark, QMP_ERROR_TOO_LARGE, "too long" },
  { "endless-space", attack_endless_space, qmp_error_quark, QMP_ERROR_TOO_LARGE, "too long" },
  { "endless-number", attack_endless_number, qmp_error_quark, QMP_ERROR_TOO_LARGE, "too long" },
  { "endless-name", attack_endless_name, qmp_error_quark, QMP_ERROR_TOO_LARGE, "too long" },
  { "events", attack_events, NULL, -1, NULL },
  { "large-events", attack_large_events, NULL, -1, NULL },
  { "strays", attack_strays, NULL, -1, NULL },
  { "blank-lines", attack_blank_lines, NULL, -1, NULL },
  { "event-names", attack_event_names, NULL, -1, NULL },
  { "error-text", attack_error_text, qmp_error_quark, QMP_ERROR_GENERIC, "victim: eee" },
  { "terminal", attack_terminal, qmp_error_quark, QMP_ERROR_UNRECOGNIZED_CLASS, "\\x1b" },
  { "nul", attack_nul, qmp_error_quark, QMP_ERROR_UNREPRESENTABLE, "NUL" },
  { "nul-byte", attack_nul_byte, qmp_error_quark, QMP_ERROR_PROTOCOL, "control character" },
  { "nul-outside", attack_nul_outside, qmp_error_quark, QMP_ERROR_PROTOCOL, "expected an object" },
  { "surrogate", attack_surrogate, qmp_error_quark, QMP_ERROR_PROTOCOL, "surrogate" },
  { "wide", attack_wide, qmp_error_quark, QMP_ERROR_UNREPRESENTABLE, "64 bits" },
  { "not-finite", attack_not_finite, qmp_error_quark, QMP_ERROR_UNREPRESENTABLE, "double" },
  { "names-twice", attack_names_twice, qmp_error_quark, QMP_ERROR_PROTOCOL, "twice" },
  { "greeting", attack_greeting, qmp_error_quark, QMP_ERROR_PROTOCOL, "second time" },
  { "future-id", attack_future_id, NULL, -1, NULL },
  { "no-kind", attack_no_kind, qmp_error_quark, QMP_ERROR_PROTOCOL, "no greeting, reply or event" },
  { "two-kinds", attack_two_kinds, qmp_error_quark, QMP_ERROR_PROTOCOL, "more than one" },
  { "invalid-utf8", attack_invalid_utf8, qmp_error_quark, QMP_ERROR_PROTOCOL, "UTF-8" },
};

/* --- attacks of another kind ------------------------------------------------------------------ */

/* The tree of the worst legal reply: what somebody who wants a JsonNode pays. */
static void
test_worst_legal_reply (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;
  gint64 before;

  mock_greet (peer);
  mock_expect (peer, "victim");
  attack_many_small (peer);
  connection = mock_open (peer);
  forget_peak ();
  before = read_status ("VmRSS");
  node = qmp_connection_execute (connection, "victim", NULL, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("%" G_GINT64_FORMAT " KiB", read_status ("VmHWM") - before);
  if (is_measurable ())
    g_assert_cmpint (read_status ("VmHWM") - before, <=, MOST_GROWTH_KIB);
}

/* A peer that never reads: calls end by their deadline, and what is kept for
 * it has a bound of its own. */
static void
test_never_reads (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autofree char *filler = g_strnfill (64 * 1024, 'x');
  g_autofree char *arguments = g_strdup_printf ("{\"a\":\"%s\"}", filler);
  Await called[200] = { { 0 } };
  guint n_ticks = 0, n_timed_out = 0, id;

  mock_greet (peer);
  connection = mock_open (peer);
  qmp_connection_set_default_timeout (connection, 50);
  id = g_timeout_add (10, tick, &n_ticks);
  for (guint i = 0; i < G_N_ELEMENTS (called); i++)
    qmp_connection_execute_json_async (connection, "x", arguments, NULL, await_callback, &called[i]);
  for (guint i = 0; i < G_N_ELEMENTS (called); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (qmp_connection_execute_json_finish (connection, await (&called[i]), &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
      n_timed_out++;
      await_clear (&called[i]);
    }
  g_assert_cmpuint (n_timed_out, ==, G_N_ELEMENTS (called));
  g_assert_cmpuint (n_ticks, >, 0);
  g_source_remove (id);
}

/* It says its greeting, its replies and its events, and ends after any byte
 * of them: the call ends once, and so does the connection. */
static void
on_closed (QmpConnection *connection, const GError *error, guint *n_closed)
{
  ++*n_closed;
}

static void
end_after (const char *text, gsize length)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autofree char *reply = NULL;
  g_auto (Await) called = { 0 };
  guint n_closed = 0;

  mock_greet (peer);
  mock_expect (peer, "victim");
  mock_send_bytes (peer, text, length);
  mock_hang_up (peer);
  connection = mock_open (peer);
  g_signal_connect (connection, "closed", G_CALLBACK (on_closed), &n_closed);
  qmp_connection_execute_json_async (connection, "victim", NULL, NULL, await_callback, &called);
  reply = qmp_connection_execute_json_finish (connection, await (&called), NULL);
  while (n_closed == 0)
    g_main_context_iteration (NULL, TRUE);
  await_idle ();
  g_assert_cmpuint (n_closed, ==, 1);
  g_assert_cmpuint (called.n_calls, ==, 1);
  g_assert_true ((reply != NULL) == (memmem (text, length, "\"id\": 0}", 8) != NULL));
}

static void
test_end_after_every_byte (void)
{
  static const char *text = "{\"event\": \"STOP\"}\r\n{\"return\": {\"caf\\u00e9\": \"\xc3\xa9\"}, \"id\": 0}\r\n{\"event\": \"RESUME\"}\r\n";

  for (gsize length = 0; length <= strlen (text); length++)
    end_after (text, length);
}

/* A flood of events starves nobody: other sources are served meanwhile. */
typedef struct
{
  guint n_ticks;
  gboolean last;
} Served;

static gboolean
tick_served (gpointer data)
{
  Served *served = data;

  served->n_ticks++;
  return G_SOURCE_CONTINUE;
}

static void
note_last (QmpConnection *connection, QmpEvent *event, Served *served)
{
  served->last |= g_str_equal (qmp_event_get_name (event), "LAST");
}

static void
test_flood_starves_nobody (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  Served served = { 0 };
  guint id;

  mock_greet (peer);
  connection = mock_open (peer);
  g_signal_connect (connection, "event", G_CALLBACK (note_last), &served);
  send_many (peer, "{\"event\": \"E\", \"data\": {\"a\": [1, 2, 3]}}\r\n", 500000);
  mock_event (peer, "LAST", NULL);
  id = g_timeout_add (10, tick_served, &served);
  while (!served.last)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);
  g_test_message ("%u ticks", served.n_ticks);
  g_assert_cmpuint (served.n_ticks, >=, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_handler ("Qmp", G_LOG_LEVEL_DEBUG, say_nothing, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/hostile/attack/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_attack);
    }
  g_test_add_func ("/hostile/never-reads", test_never_reads);
  g_test_add_func ("/hostile/end-after-every-byte", test_end_after_every_byte);
  g_test_add_func ("/hostile/flood-starves-nobody", test_flood_starves_nobody);
  g_test_add_func ("/hostile/worst-legal-reply", test_worst_legal_reply);
  return g_test_run ();
}
