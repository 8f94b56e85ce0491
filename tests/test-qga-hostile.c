/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qga-glib/qga-glib.h>

#include <stdio.h>
#include <string.h>

#include "mock/await.h"
#include "mock/open-agent.h"

/* What a hostile guest may answer. Each attack has a process of its own: there
 * the main loop must keep turning, no log may be louder than debug, memory
 * must stay within what is promised, the error must say what it was, and the
 * next call must get its answer. */

#define MIB (1024 * 1024)
#define MOST_GROWTH_KIB (32 * 1024)

/* Twice what such a reply may have, and the pages between. */
#define EXEC_STATUS_GROWTH_KIB (2 * 48 * 1024)
#define FILE_READ_GROWTH_KIB (2 * (64 * 1024 + 4) + 512)

typedef void (*Attack) (MockAgent *agent);

typedef enum
{
  HARMLESS = -1,
} Harm;

typedef struct
{
  const char *name;
  Attack attack;
  const char *text;       /* or what the command returns, as it is */
  int code;               /* of QGA_ERROR; or HARMLESS */
  const char *word;       /* in the error */
  const char *command;    /* NULL: “victim” */
  const char *arguments;
  gint64 most_growth_kib; /* 0: the usual */
  gsize reply_length;     /* where it is harmless */
  gboolean endless;       /* the agent never says anything else */
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

static void
assert_growth (const char *name, gint64 before, gint64 most)
{
  gint64 growth = read_status ("VmHWM") - before;

  g_test_message ("%s: %" G_GINT64_FORMAT " KiB", name, growth);
  if (is_measurable ())
    g_assert_cmpint (growth, <=, most != 0 ? most : MOST_GROWTH_KIB);
}

static gboolean
tick (gpointer n_ticks)
{
  ++*(guint *) n_ticks;
  return G_SOURCE_CONTINUE;
}

/* In a process of its own. */
static gboolean
is_here (void)
{
  if (g_test_subprocess ())
    return TRUE;
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr_unmatched ("*WARNING*");
  g_test_trap_assert_stderr_unmatched ("*CRITICAL*");
  return FALSE;
}

/* --- one attack --------------------------------------------------------------------------- */

static void
assert_attack_is_met (const Case *attack, const GError *error, const char *reply)
{
  if (attack->code == HARMLESS)
    {
      g_assert_no_error (error);
      if (attack->reply_length > 0)
        g_assert_cmpuint (strlen (reply), ==, attack->reply_length);
      else
        g_assert_cmpstr (reply, ==, "\"sound\"");
      return;
    }
  if (!g_error_matches (error, QGA_ERROR, attack->code) || strstr (error->message, attack->word) == NULL)
    g_error ("expected code %d and “%s”, got: %s", attack->code, attack->word, error != NULL ? error->message : "no error");
  g_assert_cmpuint (strlen (error->message), <, 4096);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  for (const char *p = error->message; *p != '\0'; p++)
    g_assert_false (g_ascii_iscntrl (*p));
}

static void
suffer (const Case *attack)
{
  const char *command = attack->command != NULL ? attack->command : "victim";
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (GError) error = NULL;
  g_autofree char *reply = NULL;
  g_auto (Await) called = { 0 };
  guint n_ticks = 0, id = g_timeout_add (10, tick, &n_ticks);
  gint64 before;

  mock_agent_answer (agent, command, attack->text != NULL ? attack->text : "\"sound\"");
  if (attack->attack != NULL)
    attack->attack (agent);
  forget_peak ();
  before = read_status ("VmRSS");
  qga_connection_execute_json_async (connection, command, attack->arguments, NULL, await_callback, &called);
  reply = qga_connection_execute_json_finish (connection, await (&called), &error);
  assert_attack_is_met (attack, error, reply);
  g_clear_pointer (&reply, g_free);
  await_clear (&called);
  if (!attack->endless)
    assert_answers (connection);
  /* the clock still ticks, also while the rest comes in */
  n_ticks = 0;
  while (n_ticks < 3)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (id);
  assert_growth (attack->name, before, attack->most_growth_kib);
  g_assert_cmpint (qga_connection_get_state (connection), ==, QGA_CONNECTION_STATE_OPEN);
  assert_orderly (agent);
}

static void
test_attack (gconstpointer data)
{
  if (is_here ())
    suffer (data);
}

/* --- the attacks --------------------------------------------------------------------------------- */

static char *
repeat (const char *text, guint n)
{
  GString *all = g_string_sized_new (strlen (text) * n);

  while (n-- > 0)
    g_string_append (all, text);
  return g_string_free (all, FALSE);
}

static void
say_many_before (MockAgent *agent, const char *text, guint n)
{
  g_autofree char *all = repeat (text, n);

  mock_agent_say_before (agent, "victim", all);
}

static void
attack_long (MockAgent *agent)
{
  mock_agent_answer_at_length (agent, "guest-ping", "\"", "x", 5 * MIB, "\"");
}

static void
attack_long_info (MockAgent *agent)
{
  mock_agent_answer_at_length (agent, "guest-info", "{\"version\": \"", "9", 5 * MIB, "\", \"supported_commands\": []}");
}

static void
attack_unasked (MockAgent *agent)
{
  mock_agent_stay_silent (agent, "other", 1);
  mock_agent_answer_at_length (agent, "victim", "\"", "x", 5 * MIB, "\"}\n{\"return\": \"sound\"");
}

static void
attack_endless_string (MockAgent *agent)
{
  mock_agent_answer_at_length (agent, "victim", "\"", "x", MOCK_AGENT_ENDLESS, "");
}

static void
attack_endless_space (MockAgent *agent)
{
  mock_agent_answer_at_length (agent, "victim", "", " ", MOCK_AGENT_ENDLESS, "");
}

static void
attack_endless_number (MockAgent *agent)
{
  mock_agent_answer_at_length (agent, "victim", "1", "0", MOCK_AGENT_ENDLESS, "");
}

static void
attack_endless_name (MockAgent *agent)
{
  mock_agent_answer_at_length (agent, "victim", "{\"", "n", MOCK_AGENT_ENDLESS, "");
}

static void
attack_endless_junk (MockAgent *agent)
{
  mock_agent_answer_at_length (agent, "victim", "}}junk", "}{\":junk,", MOCK_AGENT_ENDLESS, "");
}

static void
attack_endless_resets (MockAgent *agent)
{
  mock_agent_answer_at_length (agent, "victim", "\xff", "\xff", MOCK_AGENT_ENDLESS, "");
}

static void
attack_deep (MockAgent *agent)
{
  mock_agent_answer_at_length (agent, "victim", "[", "[", 200000, "\n");
}

static void
attack_deep_objects (MockAgent *agent)
{
  mock_agent_answer_at_length (agent, "victim", "{\"a\":", "{\"a\":", 1000000, "\n");
}

static void
attack_interfaces (MockAgent *agent)
{
  mock_agent_answer_at_length (agent, "guest-network-get-interfaces", "[", "{\"name\":\"eth0\"},", 16 * 1000000,
                               "{\"name\":\"lo\"}]");
}

static void
attack_many_objects (MockAgent *agent)
{
  mock_agent_answer_at_length (agent, "victim", "[", "{},", 3 * MIB, "{}]");
}

static void
attack_names (MockAgent *agent)
{
  g_autoptr (GString) text = g_string_new ("{");

  for (guint i = 0; i < 24000; i++)
    g_string_append_printf (text, "\"n%u\":0,", i);
  g_string_append (text, "\"n7\":0}");
  mock_agent_answer (agent, "victim", text->str);
}

static void
attack_junk_lines (MockAgent *agent)
{
  say_many_before (agent, "nonsense\n", 300000);
}

static void
attack_resets (MockAgent *agent)
{
  say_many_before (agent, "\xff", 5 * MIB);
}

static void
attack_strays (MockAgent *agent)
{
  say_many_before (agent, "{\"return\": {}, \"id\": 123456789}\n", 100000);
}

static void
attack_blames (MockAgent *agent)
{
  say_many_before (agent, "{\"error\": {\"class\": \"GenericError\", \"desc\": \"blame\"}}\n", 50000);
}

static void
attack_no_kind (MockAgent *agent)
{
  say_many_before (agent, "{\"a\": {}}\n", 100000);
}

static void
attack_syncs (MockAgent *agent)
{
  say_many_before (agent, "\xff{\"return\": 4503599627370496}\n", 100000);
}

static void
attack_blank_lines (MockAgent *agent)
{
  say_many_before (agent, "\n", 5 * MIB);
}

static void
attack_error_text (MockAgent *agent)
{
  g_autofree char *text = repeat ("e", 3 * MIB);

  mock_agent_refuse (agent, "victim", "GenericError", text);
}

static void
attack_terminal (MockAgent *agent)
{
  mock_agent_refuse (agent, "victim", "Generic\\u001b[2JError", "\033]0;owned\007\302\233" "31m\342\200\256 \b\n");
}

static void
attack_nul_byte (MockAgent *agent)
{
  static const char text[] = "{\"return\": \"a\0b\"}\n";

  mock_agent_stay_silent (agent, "victim", 1);
  mock_agent_say_bytes (agent, text, sizeof text - 1);
}

static void
attack_full_capture (MockAgent *agent)
{
  mock_agent_answer_at_length (agent, "guest-exec-status", "{\"exited\": true, \"exitcode\": 0, \"out-data\": \"", "QUJD",
                               44739244, "\"}");
}

static void
attack_over_capture (MockAgent *agent)
{
  mock_agent_answer_at_length (agent, "guest-exec-status", "{\"exited\": true, \"exitcode\": 0, \"out-data\": \"", "QUJD",
                               49 * MIB, "\"}");
}

static void
attack_full_read (MockAgent *agent)
{
  mock_agent_answer_at_length (agent, "guest-file-read", "{\"count\": 50331648, \"buf-b64\": \"", "QUJD", 67108864,
                               "\", \"eof\": false}");
}

static void
attack_endless_read (MockAgent *agent)
{
  mock_agent_answer_at_length (agent, "guest-file-read", "{\"count\": 1, \"buf-b64\": \"", "QUJD", MOCK_AGENT_ENDLESS, "");
}

static void
attack_over_read (MockAgent *agent)
{
  mock_agent_answer_at_length (agent, "guest-file-read", "{\"count\": 1000, \"buf-b64\": \"", "QUJD", 5 * MIB,
                               "\", \"eof\": false}");
}

#define LARGE QGA_ERROR_TOO_LARGE
#define PROTOCOL QGA_ERROR_PROTOCOL
#define TAINTED QGA_ERROR_UNREPRESENTABLE
#define WHOLE_CAPTURE (44739244 + 47)
#define WHOLE_READ (67108864 + 48)

static const Case cases[] = {
  /* size */
  { "long", attack_long, NULL, LARGE, "too long", .command = "guest-ping" },
  { "long-info", attack_long_info, NULL, LARGE, "too long", .command = "guest-info" },
  { "long-then-unasked", attack_unasked, NULL, LARGE, "too long" },
  { "endless-string", attack_endless_string, NULL, LARGE, "too long", .endless = TRUE },
  { "endless-space", attack_endless_space, NULL, LARGE, "too long", .endless = TRUE },
  { "endless-number", attack_endless_number, NULL, LARGE, "too long", .endless = TRUE },
  { "endless-name", attack_endless_name, NULL, LARGE, "too long", .endless = TRUE },
  { "endless-junk", attack_endless_junk, NULL, PROTOCOL, "victim", .endless = TRUE },
  { "endless-resets", attack_endless_resets, NULL, PROTOCOL, "victim", .endless = TRUE },
  { "deep", attack_deep, NULL, LARGE, "nested too deep" },
  { "deep-objects", attack_deep_objects, NULL, LARGE, "nested too deep" },
  { "interfaces", attack_interfaces, NULL, LARGE, "too many values", .command = "guest-network-get-interfaces" },
  { "many-objects", attack_many_objects, NULL, LARGE, "too many values" },
  { "full-capture", attack_full_capture, NULL, HARMLESS, NULL, "guest-exec-status", "{\"pid\":1}", EXEC_STATUS_GROWTH_KIB,
    WHOLE_CAPTURE },
  { "over-capture", attack_over_capture, NULL, LARGE, "too long", "guest-exec-status", "{\"pid\":1}", EXEC_STATUS_GROWTH_KIB },
  { "full-read", attack_full_read, NULL, HARMLESS, NULL, "guest-file-read", "{\"handle\":1,\"count\":50331648}",
    FILE_READ_GROWTH_KIB, WHOLE_READ },
  { "endless-read", attack_endless_read, NULL, LARGE, "too long", "guest-file-read", "{\"handle\":1,\"count\":50331648}",
    FILE_READ_GROWTH_KIB, .endless = TRUE },
  { "over-read", attack_over_read, NULL, LARGE, "too long", "guest-file-read", "{\"handle\":1,\"count\":1000}" },
  { "over-read-absurd", attack_endless_read, NULL, LARGE, "too long", "guest-file-read",
    "{\"handle\":1,\"count\":9223372036854775807}", FILE_READ_GROWTH_KIB, .endless = TRUE },
  /* floods */
  { "junk-lines", attack_junk_lines, NULL, PROTOCOL, "nonsense" },
  { "resets", attack_resets, NULL, HARMLESS, NULL },
  { "strays", attack_strays, NULL, HARMLESS, NULL },
  { "syncs", attack_syncs, NULL, HARMLESS, NULL },
  { "blank-lines", attack_blank_lines, NULL, HARMLESS, NULL },
  { "blames", attack_blames, NULL, QGA_ERROR_GENERIC, "blame" },
  { "no-kind", attack_no_kind, NULL, PROTOCOL, "neither" },
  /* texts */
  { "error-text", attack_error_text, NULL, QGA_ERROR_GENERIC, "victim: eee" },
  { "terminal", attack_terminal, NULL, QGA_ERROR_UNRECOGNIZED_CLASS, "\\x1b" },
  { "names-twice", attack_names, NULL, PROTOCOL, "twice" },
  { "names-twice-escaped", NULL, "{\"pid\": 1, \"p\\u0069d\": 2}", PROTOCOL, "twice" },
  { "nul", NULL, "\"a\\u0000b\"", TAINTED, "NUL" },
  { "nul-in-name", NULL, "{\"a\\u0000b\": 1}", PROTOCOL, "NUL" },
  { "nul-byte", attack_nul_byte, NULL, PROTOCOL, "control character" },
  { "low-surrogate", NULL, "\"\\udc00x\"", PROTOCOL, "surrogate" },
  { "high-surrogate", NULL, "\"\\ud800x\"", PROTOCOL, "surrogate" },
  { "reversed-surrogates", NULL, "\"\\udc00\\ud800\"", PROTOCOL, "surrogate" },
  { "overlong", NULL, "\"\xc0\xaf\"", PROTOCOL, "UTF-8" },
  { "truncated-utf8", NULL, "\"\xe2\x82\"", PROTOCOL, "UTF-8" },
  { "beyond-unicode", NULL, "\"\xf4\x90\x80\x80\"", PROTOCOL, "UTF-8" },
  { "surrogate-utf8", NULL, "\"\xed\xa0\x80\"", PROTOCOL, "UTF-8" },
  { "reset-in-string", NULL, "\"a\xff" "b\"", PROTOCOL, "victim" },
  { "reset-between", NULL, "\xff\"a\"", PROTOCOL, "victim" },
  { "bad-escape", NULL, "\"\\'\"", PROTOCOL, "victim" },
  { "bad-escape-x", NULL, "\"\\x41\"", PROTOCOL, "victim" },
  { "control-character", NULL, "\"a\tb\"", PROTOCOL, "control character" },
  { "line-in-string", NULL, "\"a\nb\"", PROTOCOL, "control character" },
  /* numbers */
  { "wide", NULL, "18446744073709551616", TAINTED, "64 bits" },
  { "wide-negative", NULL, "-9223372036854775809", TAINTED, "64 bits" },
  { "not-finite", NULL, "1e400", TAINTED, "double" },
  { "inf", NULL, "inf", TAINTED, "" },
  { "nan", NULL, "[nan]", TAINTED, "" },
  { "NaN", NULL, "NaN", PROTOCOL, "victim" },
  { "hexadecimal", NULL, "0x10", PROTOCOL, "victim" },
  { "octal", NULL, "017", PROTOCOL, "victim" },
  { "plus", NULL, "+1", PROTOCOL, "victim" },
  { "dot-first", NULL, ".5", PROTOCOL, "victim" },
  { "dot-last", NULL, "1.", PROTOCOL, "victim" },
  { "long-number", NULL, "1000000000000000000000000000000000000000000000000000000", TAINTED, "64 bits" },
  /* structure */
  { "comment", NULL, "/* x */ 1", PROTOCOL, "victim" },
  { "single-quotes", NULL, "'x'", PROTOCOL, "victim" },
  { "assignment", NULL, "var x = 1", PROTOCOL, "victim" },
  { "trailing-comma", NULL, "[1,]", PROTOCOL, "victim" },
  { "two-values", NULL, "1 2", PROTOCOL, "victim" },
  { "closes-early", NULL, "1}", PROTOCOL, "victim" },
  { "two-kinds", NULL, "1, \"error\": {\"class\": \"x\", \"desc\": \"y\"}", PROTOCOL, "neither" },
  { "id-twice", NULL, "1, \"id\": 5", PROTOCOL, "twice" },
  { "return-twice", NULL, "1, \"return\": 5", PROTOCOL, "twice" },
  { "byte-order-mark", NULL, "\xef\xbb\xbf" "1", PROTOCOL, "victim" },
};

/* --- attacks of another kind ------------------------------------------------------------------ */

/* Limits at their edge: the last that fits, and the first that does not. */
static void
assert_edge (const char *reply, QgaError code)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaOpenOptions) options = qga_open_options_new ();
  g_autoptr (QgaLimits) limits = qga_limits_new ();
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  qga_limits_set_message_size (limits, 10000);
  qga_limits_set_message_values (limits, 100);
  qga_limits_set_message_depth (limits, 10);
  qga_limits_set_name_size (limits, 64);
  qga_open_options_set_limits (options, limits);
  mock_agent_answer (agent, "guest-info", "{\"version\": \"1\", \"supported_commands\": []}");
  mock_agent_answer (agent, "victim", reply);
  connection = open_agent_with (agent, options);
  if (code == QGA_ERROR_TOO_LARGE)
    assert_failed (qga_connection_execute_json (connection, "victim", NULL, NULL, &error), &error, QGA_ERROR,
                   QGA_ERROR_TOO_LARGE, "victim");
  else
    assert_replied (qga_connection_execute_json (connection, "victim", NULL, NULL, &error), &error, reply);
  assert_answers (connection);
  assert_orderly (agent);
}

static char *
nest (guint depth)
{
  g_autofree char *open = g_strnfill (depth, '['), *close = g_strnfill (depth, ']');

  return g_strconcat (open, close, NULL);
}

static void
test_edges (void)
{
  for (guint over = 0; over < 2; over++)
    {
      QgaError code = over ? QGA_ERROR_TOO_LARGE : QGA_ERROR_GENERIC;
      g_autofree char *name = g_strnfill (64 + over, 'n'), *named = g_strdup_printf ("{\"%s\": 1}", name);
      /* “return”, the array, “id” and the id itself are values, too, and the message */
      g_autofree char *ones = repeat ("1,", 94 + over), *values = g_strdup_printf ("[%s1]", ones);
      /* the message itself is the first level */
      g_autofree char *deep = nest (9 + over);

      assert_edge (named, code);
      assert_edge (values, code);
      assert_edge (deep, code);
    }
}

/* The size counts from the first brace to the last. */
static void
test_size_edge (void)
{
  for (guint over = 0; over < 2; over++)
    {
      g_autoptr (MockAgent) agent = mock_agent_new ();
      g_autoptr (QgaConnection) connection = open_agent (agent);
      g_autoptr (QgaRequest) request = new_request ("victim", NULL, -1);
      g_autoptr (GError) error = NULL;
      g_autofree char *reply = NULL, *frame = NULL;

      mock_agent_answer (agent, "victim", "1");
      g_free (qga_connection_execute_json (connection, "victim", NULL, NULL, NULL));
      frame = g_strdup_printf ("{\"return\": \"\", \"id\": %s}", mock_agent_get_command (agent, "victim", 1)->id);
      mock_agent_answer_at_length (agent, "victim", "\"", "x", 5 * MIB, "\"");
      qga_request_set_reply_size (request, 5 * MIB + strlen (frame) - over);
      reply = qga_connection_execute_request (connection, request, NULL, &error);
      if (over)
        g_assert_error (error, QGA_ERROR, QGA_ERROR_TOO_LARGE);
      else
        g_assert_cmpuint (strlen (reply), ==, 5 * MIB + 2);
      assert_answers (connection);
    }
}

/* The tree of the worst legal reply: what somebody who wants a JsonNode pays. */
static void
test_worst_legal_reply (void)
{
  g_autoptr (MockAgent) agent = NULL;
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (GError) error = NULL;
  gint64 before;

  if (!is_here ())
    return;
  agent = mock_agent_new ();
  connection = open_agent (agent);
  mock_agent_answer_at_length (agent, "victim", "[", "{},", 3 * 49990, "{}]");
  forget_peak ();
  before = read_status ("VmRSS");
  node = qga_connection_execute (connection, "victim", NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (node)), ==, 49991);
  assert_growth ("tree", before, 0);
}

/* Of what an agent tells of itself, every part may be of any kind. */
static void
assert_opens (const char *info)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = NULL;
  g_autofree char *version = NULL;
  g_auto (GStrv) names = NULL;

  mock_agent_answer (agent, "guest-info", info);
  connection = open_agent (agent);
  version = qga_connection_dup_agent_version (connection);
  g_assert_true (version == NULL || g_utf8_validate (version, -1, NULL));
  names = qga_connection_dup_commands (connection);
  for (guint i = 0; names[i] != NULL; i++)
    g_assert_true (qga_connection_has_command (connection, names[i]));
  assert_answers (connection);
  assert_orderly (agent);
}

static void
test_info (void)
{
  static const char *const kinds[] = {
    "null", "true", "-9223372036854775808", "18446744073709551615", "1.5e300", "\"\"", "\"\\u001b[2J\"", "\"a\\u0000\"", "[]",
    "{}", "[[[]]]", "{\"name\": \"x\"}", "[{\"name\": 5}]", "1e400",
  };
  static const char *const frames[] = {
    "%s", "{\"version\": %s}", "{\"version\": \"1\", \"supported_commands\": %s}", "{\"supported_commands\": [%s]}",
    "{\"supported_commands\": [{\"name\": %s}]}", "{\"supported_commands\": [{\"name\": \"x\", \"enabled\": %s}]}",
    "{\"supported_commands\": [{\"name\": \"x\", \"success-response\": %s}]}",
    "{\"supported_commands\": [{\"name\": \"x\"}, {\"name\": \"x\", \"more\": %s}, 7]}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (frames); i++)
    for (guint j = 0; j < G_N_ELEMENTS (kinds); j++)
      {
        g_auto (GStrv) parts = g_strsplit (frames[i], "%s", 2);
        g_autofree char *info = g_strconcat (parts[0], kinds[j], parts[1], NULL);

        assert_opens (info);
      }
}

static void
test_info_of_size (void)
{
  g_autoptr (MockAgent) agent = NULL;
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (GString) list = NULL;
  g_auto (GStrv) names = NULL;
  gint64 before;

  if (!is_here ())
    return;
  agent = mock_agent_new ();
  list = g_string_new ("{\"supported_commands\": [");
  for (guint i = 0; i < 16000; i++)
    g_string_append_printf (list, "{\"name\": \"guest-%0200u\"},", i);
  g_string_append (list, "{}]}");
  mock_agent_answer (agent, "guest-info", list->str);
  forget_peak ();
  before = read_status ("VmRSS");
  connection = open_agent (agent);
  names = qga_connection_dup_commands (connection);
  g_assert_cmpuint (g_strv_length (names), ==, 16000);
  assert_growth ("info", before, 0);
}

/* One who answers before it can have read the command. */
static void
test_early_reply (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autofree char *filler = g_strnfill (2 * MIB, 'x'), *arguments = g_strdup_printf ("{\"a\":\"%s\"}", filler), *line = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Await) called = { 0 };
  gint64 id;

  mock_agent_stall (agent);
  id = g_ascii_strtoll (mock_agent_get_command (agent, "guest-info", 1)->id, NULL, 10);
  line = g_strdup_printf ("{\"return\": \"early\", \"id\": %" G_GINT64_FORMAT "}\n", id + 1);
  qga_connection_execute_json_async (connection, "echo", arguments, NULL, await_callback, &called);
  mock_agent_say (agent, line);
  assert_failed (qga_connection_execute_json_finish (connection, await (&called), &error), &error, QGA_ERROR,
                 QGA_ERROR_PROTOCOL, "before");
  mock_agent_go_on (agent);
  assert_answers (connection);
  assert_orderly (agent);
}

/* One who never reads: calls end by their deadline, and what is kept for it
 * has a bound. */
static void
test_never_reads (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autofree char *filler = g_strnfill (64 * 1024, 'x');
  g_autofree char *arguments = g_strdup_printf ("{\"a\":\"%s\"}", filler);
  Await called[200] = { { 0 } };
  guint n_ticks = 0, id = g_timeout_add (10, tick, &n_ticks);

  mock_agent_stall (agent);
  qga_connection_set_default_timeout (connection, 50);
  for (guint i = 0; i < G_N_ELEMENTS (called); i++)
    qga_connection_execute_json_async (connection, "echo", arguments, NULL, await_callback, &called[i]);
  for (guint i = 0; i < G_N_ELEMENTS (called); i++)
    {
      g_autoptr (GError) error = NULL;

      assert_failed (qga_connection_execute_json_finish (connection, await (&called[i]), &error), &error, G_IO_ERROR,
                     G_IO_ERROR_TIMED_OUT, "echo");
      await_clear (&called[i]);
    }
  g_assert_cmpuint (n_ticks, >, 0);
  g_source_remove (id);
}

static void
test_queue_of_large_calls (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autofree char *filler = g_strnfill (63 * MIB, 'x');
  g_autofree char *arguments = g_strdup_printf ("{\"a\":\"%s\"}", filler);
  Await called[7] = { { 0 } };
  guint n_busy = 0;

  /* one is on the line, and four may wait */
  mock_agent_stall (agent);
  for (guint i = 0; i < G_N_ELEMENTS (called); i++)
    qga_connection_execute_json_async (connection, "echo", arguments, NULL, await_callback, &called[i]);
  qga_connection_close (connection, NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (called); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (qga_connection_execute_json_finish (connection, await (&called[i]), &error));
      n_busy += g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY);
      await_clear (&called[i]);
    }
  g_assert_cmpuint (n_busy, ==, 2);
}

/* Nobody asked, and it does not end: neither memory nor the loop suffers. */
static void
flood (const char *text)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaRequest) request = new_request ("echo", NULL, 50);
  g_autoptr (GError) error = NULL;
  guint n_ticks = 0, id = g_timeout_add (5, tick, &n_ticks);
  guint64 n_said;
  gint64 before;

  mock_agent_answer_at_length (agent, "victim", "1}\n", text, MOCK_AGENT_ENDLESS, "");
  qga_connection_execute_json_async (connection, "victim", NULL, NULL, NULL, NULL);
  forget_peak ();
  before = read_status ("VmRSS");
  n_said = mock_agent_count_bytes_said (agent);
  while (n_ticks < 20 || mock_agent_count_bytes_said (agent) < n_said + 10 * MIB)
    g_main_context_iteration (NULL, TRUE);
  assert_failed (qga_connection_execute_request (connection, request, NULL, &error), &error, G_IO_ERROR,
                 G_IO_ERROR_TIMED_OUT, "echo");
  g_source_remove (id);
  assert_growth ("flood", before, 0);
  qga_connection_close (connection, NULL, NULL);
  await_idle ();
}

static void
test_flood (gconstpointer text)
{
  if (is_here ())
    flood (text);
}

/* The same before it ever answered: opening ends at its deadline. */
static void
test_flood_at_opening (gconstpointer text)
{
  g_autoptr (MockAgent) agent = NULL;
  g_autoptr (GIOStream) stream = NULL;
  g_autoptr (QgaOpenOptions) options = NULL;
  g_autoptr (GError) error = NULL;
  gint64 before;

  if (!is_here ())
    return;
  agent = mock_agent_new ();
  stream = mock_agent_get_stream (agent);
  options = qga_open_options_new ();
  qga_open_options_set_timeout (options, 200);
  mock_agent_answer_at_length (agent, "guest-sync-delimited", text, text, MOCK_AGENT_ENDLESS, "");
  forget_peak ();
  before = read_status ("VmRSS");
  assert_failed ((char *) qga_connection_open_stream (stream, options, NULL, &error), &error, G_IO_ERROR,
                 G_IO_ERROR_TIMED_OUT, "Something answers");
  assert_growth ("flood at opening", before, 0);
}

static const char *const floods[] = {
  "x", "\n", "\xff", "{\"return\": 1}\n", "{\"a\":", "nonsense\n", "[[[", "\"", "\xff{\"return\": 1}\n",
  "{\"error\": {\"class\": \"x\", \"desc\": \"y\"}}\n",
};

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/qga/hostile/attack/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_attack);
    }
  for (guint i = 0; i < G_N_ELEMENTS (floods); i++)
    {
      g_autofree char *path = g_strdup_printf ("/qga/hostile/flood/%u", i);
      g_autofree char *opening = g_strdup_printf ("/qga/hostile/flood-at-opening/%u", i);

      g_test_add_data_func (path, floods[i], test_flood);
      g_test_add_data_func (opening, floods[i], test_flood_at_opening);
    }
  g_test_add_func ("/qga/hostile/edges", test_edges);
  g_test_add_func ("/qga/hostile/edges/size", test_size_edge);
  g_test_add_func ("/qga/hostile/worst-legal-reply", test_worst_legal_reply);
  g_test_add_func ("/qga/hostile/info", test_info);
  g_test_add_func ("/qga/hostile/info/of-size", test_info_of_size);
  g_test_add_func ("/qga/hostile/early-reply", test_early_reply);
  g_test_add_func ("/qga/hostile/never-reads", test_never_reads);
  g_test_add_func ("/qga/hostile/queue-of-large-calls", test_queue_of_large_calls);
  return g_test_run ();
}
