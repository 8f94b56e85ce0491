/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qga-glib/qga-glib.h>

#include <string.h>

#include "mock/await.h"
#include "mock/open-agent.h"

/* Every way of being out of step with an agent. In each the client must find
 * its way back, take no reply for another's, and say nothing meanwhile. */

static char *
run_for (QgaConnection *connection, const char *command, const char *arguments, int timeout, GError **error)
{
  g_autoptr (QgaRequest) request = new_request (command, arguments, timeout);

  return qga_connection_execute_request (connection, request, NULL, error);
}

static void
assert_times_out (QgaConnection *connection, const char *command, int timeout)
{
  g_autoptr (GError) error = NULL;

  assert_failed (run_for (connection, command, NULL, timeout, &error), &error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, command);
}

static void
assert_in_step (MockAgent *agent, QgaConnection *connection)
{
  assert_answers (connection);
  assert_answers (connection);
  g_assert_true (qga_connection_get_responsive (connection));
  assert_orderly (agent);
}

/* --- what is on the line already ---------------------------------------------------- */

/* A client before us left in the middle of a command. */
static void
test_half_command (void)
{
  static const char *const halves[] = {
    "{\"execute\":\"guest-pi", "{\"execute\":\"guest-ping\", \"arguments\": [[[{", "{", "\"", "{\"a\\",
    "{\"execute\":\"guest-ping\"}{\"execute\":\"guest-ping\"}\n{\"execute\": ", "\xff\xff{\"execute\"",
  };

  for (guint i = 0; i < G_N_ELEMENTS (halves); i++)
    {
      g_autoptr (MockAgent) agent = mock_agent_new ();
      g_autoptr (QgaConnection) connection = NULL;
      guint n_nonsense;

      mock_agent_hear (agent, halves[i]);
      n_nonsense = mock_agent_count_nonsense (agent);
      connection = open_agent (agent);
      g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 1);
      assert_answers (connection);
      g_assert_cmpuint (mock_agent_count_nonsense (agent), ==, n_nonsense);
    }
}

/* Or without having read its replies. */
static void
test_stale_replies (void)
{
  static const char *const stale[] = {
    "{\"return\": {}}\n{\"return\": {\"pid\": 1}, \"id\": 1}\n{\"error\": {\"class\": \"GenericError\", \"desc\": \"x\"}}\n",
    "{\"return\": 1}\n{\"return\": 17}\n\xff{\"return\": 4711}\n", "\xff\xff\xff{\"return\": {}}\n", "{\"return\": \"half",
    "half\"}}\n\n\n", "\xff", "{\"return\": {\"a\": [", "\n \t\r\n", "login: ", "[1, 2]\n", "{\"return\": 1, \"return\": 2}\n",
    "\xc3\x28\xf0\n", "{\"return\": \"\xff",
  };

  for (guint i = 0; i < G_N_ELEMENTS (stale); i++)
    {
      g_autoptr (MockAgent) agent = mock_agent_new ();
      g_autoptr (QgaConnection) connection = NULL;

      mock_agent_say (agent, stale[i]);
      connection = open_agent (agent);
      assert_in_step (agent, connection);
      g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 1);
    }
}

static void
test_stale_flood (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (GString) flood = g_string_new (NULL);
  g_autoptr (QgaConnection) connection = NULL;

  for (guint i = 0; i < 10000; i++)
    g_string_append_printf (flood, "{\"error\": {\"class\": \"GenericError\", \"desc\": \"x\"}}\n{\"return\": %u}\n", i);
  mock_agent_say (agent, flood->str);
  connection = open_agent (agent);
  assert_in_step (agent, connection);
  g_assert_cmpuint (qga_connection_get_stray_messages (connection), ==, 20001);
}

/* --- syncs that are answered oddly ------------------------------------------------------- */

static void
test_spoilt_sync (void)
{
  static const MockAgentFault faults[] = {
    MOCK_AGENT_WRONG_ID, MOCK_AGENT_NO_ID, MOCK_AGENT_OTHER_TYPE_OF_ID, MOCK_AGENT_DOUBLED, MOCK_AGENT_CUT,
    MOCK_AGENT_NO_DELIMITER,
  };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (MockAgent) agent = mock_agent_new ();
      g_autoptr (QgaConnection) connection = NULL;
      guint n_syncs = faults[i] == MOCK_AGENT_DOUBLED ? 1 : 2;

      mock_agent_spoil (agent, "guest-sync-delimited", faults[i], 1);
      connection = open_agent (agent);
      g_assert_cmpuint (mock_agent_count_syncs (agent), ==, n_syncs);
      assert_in_step (agent, connection);
      g_assert_cmpuint (mock_agent_count_syncs (agent), ==, n_syncs);
    }
}

/* The answer to a sync of before is none, whatever stands before it. */
static void
test_past_sync (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);

  mock_agent_stay_silent (agent, "guest-ping", 1);
  mock_agent_spoil (agent, "guest-sync-delimited", MOCK_AGENT_PAST_ID, 1);
  assert_times_out (connection, "guest-ping", 10);
  assert_in_step (agent, connection);
  g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 3);
}

/* An agent that never puts the byte before its answer. */
static void
test_no_delimiter (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = NULL;

  mock_agent_spoil (agent, "guest-sync-delimited", MOCK_AGENT_NO_DELIMITER, MOCK_AGENT_ALWAYS);
  connection = open_agent (agent);
  g_assert_cmpstr (mock_agent_get_sync (agent, mock_agent_count_syncs (agent))->name, ==, "guest-sync");
  assert_in_step (agent, connection);
}

/* Or is too old to know it. */
static void
test_no_delimited_sync (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = NULL;

  mock_agent_remove (agent, "guest-sync-delimited");
  connection = open_agent (agent);
  assert_in_step (agent, connection);
  mock_agent_stay_silent (agent, "guest-ping", 1);
  assert_times_out (connection, "guest-ping", 10);
  assert_in_step (agent, connection);
}

/* What the library takes for a plain sync's answer must be one. */
static void
test_plain_sync_wrong (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = NULL;

  mock_agent_remove (agent, "guest-sync-delimited");
  mock_agent_spoil (agent, "guest-sync", MOCK_AGENT_WRONG_ID, 1);
  connection = open_agent (agent);
  g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 6);
  assert_in_step (agent, connection);
}

/* --- agents that do not repeat ids ------------------------------------------------------------ */

static void
test_by_order (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = NULL;
  g_autofree char *version = NULL;

  mock_agent_set_version (agent, "3.1.0");
  mock_agent_set_echoes_ids (agent, FALSE);
  connection = open_agent (agent);
  version = qga_connection_dup_agent_version (connection);
  g_assert_cmpstr (version, ==, "3.1.0");
  assert_in_step (agent, connection);
  g_assert_nonnull (mock_agent_get_command (agent, NULL, 1)->id);
  g_assert_null (mock_agent_get_command (agent, "guest-info", 2)->id);
  g_assert_null (mock_agent_get_command (agent, "echo", 1)->id);
  g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 1);
}

/* There, nothing but the order says whose a reply is: a late one must not
 * come to the next call. */
static void
test_by_order_late_reply (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = NULL;

  mock_agent_set_echoes_ids (agent, FALSE);
  mock_agent_answer (agent, "slow", "\"late\"");
  connection = open_agent (agent);
  for (guint i = 1; i <= 3; i++)
    {
      mock_agent_hold (agent, "slow");
      assert_times_out (connection, "slow", 10);
      mock_agent_release (agent, "slow");
      assert_answers (connection);
      g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 1 + i);
    }
  assert_in_step (agent, connection);
}

/* Nor must a reply that nobody asked for. */
static void
test_by_order_unasked (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = NULL;
  guint64 n_stray;

  mock_agent_set_echoes_ids (agent, FALSE);
  connection = open_agent (agent);
  n_stray = qga_connection_get_stray_messages (connection);
  mock_agent_say (agent, "{\"return\": \"unasked\"}\n");
  while (qga_connection_get_stray_messages (connection) == n_stray)
    g_main_context_iteration (NULL, TRUE);
  /* out of step, as far as anybody can tell */
  assert_answers (connection);
  g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 2);
  assert_in_step (agent, connection);
}

/* A sentinel among replies is a sign, too. */
static void
test_by_order_sentinel (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  mock_agent_set_echoes_ids (agent, FALSE);
  connection = open_agent (agent);
  mock_agent_say_before (agent, "echo", "\xff{\"return\": 5}\n");
  assert_failed (run_for (connection, "echo", NULL, -1, &error), &error, QGA_ERROR, QGA_ERROR_PROTOCOL, "echo");
  assert_in_step (agent, connection);
}

/* --- guests that boot -------------------------------------------------------------------------- */

static void
test_boots (MockAgentAbsence absence, guint n_syncs)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = NULL;

  mock_agent_be_absent (agent, absence, n_syncs);
  connection = open_agent (agent);
  g_assert_cmpuint (mock_agent_count_syncs (agent), ==, n_syncs + 1);
  assert_in_step (agent, connection);
  g_assert_cmpuint (mock_agent_count_syncs (agent), ==, n_syncs + 1);
}

static void
test_boots_and_lost (void)
{
  test_boots (MOCK_AGENT_LOSES, 1);
  test_boots (MOCK_AGENT_LOSES, 3);
}

/* QEMU kept what was sent, and the agent answers all of it at once. */
static void
test_boots_and_kept (void)
{
  test_boots (MOCK_AGENT_KEEPS, 1);
  test_boots (MOCK_AGENT_KEEPS, 3);
}

/* Somebody who does not even read is not sent one sync after the other. */
static void
test_never_reads (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autofree char *filler = g_strnfill (2 * 1024 * 1024, 'x');
  g_autofree char *arguments = g_strdup_printf ("{\"a\":\"%s\"}", filler);
  g_autoptr (GError) error = NULL;

  mock_agent_stall (agent);
  assert_failed (run_for (connection, "echo", arguments, 10, &error), &error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "echo");
  /* 250 and 500 ms, and two tries that cannot be written */
  assert_times_out (connection, "guest-ping", 900);
  mock_agent_go_on (agent);
  assert_in_step (agent, connection);
  g_assert_cmpuint (mock_agent_count_syncs (agent), <=, 3);
  g_assert_cmpuint (mock_agent_count (agent, "guest-ping"), ==, 0);
}

/* An agent that takes longer for each answer than the client waits until it
 * asks again: once an answer to an earlier try has come, that is known. */
static gboolean
say_second (gpointer agent)
{
  mock_agent_say_sync (agent, 2);
  return G_SOURCE_REMOVE;
}

static void
test_slow_agent (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (GIOStream) stream = mock_agent_get_stream (agent);
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Await) opened = { 0 };

  teach_echo (agent);
  mock_agent_stay_silent (agent, "guest-sync-delimited", 2);
  mock_agent_stay_silent (agent, "guest-sync", MOCK_AGENT_ALWAYS);
  qga_connection_open_stream_async (stream, NULL, NULL, await_callback, &opened);
  mock_agent_await_syncs (agent, 2);
  mock_agent_say_sync (agent, 1);
  /* the third would be due after 500 ms */
  g_timeout_add (900, say_second, agent);
  connection = qga_connection_open_stream_finish (await (&opened), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 2);
  assert_in_step (agent, connection);
}

/* --- calls that were given up ------------------------------------------------------------------- */

static void
test_late_reply (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  guint64 n_stray = qga_connection_get_stray_messages (connection);

  mock_agent_answer (agent, "slow", "\"late\"");
  mock_agent_hold (agent, "slow");
  assert_times_out (connection, "slow", 10);
  g_assert_false (qga_connection_get_responsive (connection));
  mock_agent_release (agent, "slow");
  assert_in_step (agent, connection);
  g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 2);
  /* the reply, and what the agent says of the byte */
  g_assert_cmpuint (qga_connection_get_stray_messages (connection), ==, n_stray + 2);
}

/* The reply comes after the sync's answer: then its id tells. */
static void
test_very_late_reply (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (GError) error = NULL;
  g_auto (Await) called = { 0 };

  mock_agent_stay_silent (agent, "guest-ping", 1);
  assert_times_out (connection, "guest-ping", 10);
  assert_answers (connection);
  mock_agent_hold (agent, "echo");
  qga_connection_execute_json_async (connection, "echo", "{\"a\":2}", NULL, await_callback, &called);
  mock_agent_await (agent, "echo", 2);
  mock_agent_say_return (agent, mock_agent_get_command (agent, "guest-ping", 1), "\"very late\"");
  mock_agent_release (agent, "echo");
  assert_replied (qga_connection_execute_json_finish (connection, await (&called), &error), &error, "{\"a\":2}");
  assert_in_step (agent, connection);
}

static void
test_cancelled (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Await) called = { 0 }, next = { 0 };

  mock_agent_answer (agent, "slow", "\"late\"");
  mock_agent_hold (agent, "slow");
  qga_connection_execute_json_async (connection, "slow", NULL, cancellable, await_callback, &called);
  qga_connection_execute_json_async (connection, "echo", "{\"a\":2}", NULL, await_callback, &next);
  mock_agent_await (agent, "slow", 1);
  g_cancellable_cancel (cancellable);
  g_assert_cmpuint (called.n_calls, ==, 0);
  assert_failed (qga_connection_execute_json_finish (connection, await (&called), &error), &error, G_IO_ERROR,
                 G_IO_ERROR_CANCELLED, "slow");
  /* that it was given up says nothing about the agent */
  g_assert_true (qga_connection_get_responsive (connection));
  mock_agent_await_syncs (agent, 2);
  g_assert_cmpuint (mock_agent_count (agent, "echo"), ==, 0);
  mock_agent_release (agent, "slow");
  assert_replied (qga_connection_execute_json_finish (connection, await (&next), &error), &error, "{\"a\":2}");
  g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 2);
  assert_in_step (agent, connection);
}

/* Blocked callers who leave do not wait for the sync: whoever comes next
 * reads its answer. */
static void
test_many_in_a_row (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);

  for (guint i = 1; i <= 20; i++)
    {
      mock_agent_stay_silent (agent, "guest-ping", 1);
      assert_times_out (connection, "guest-ping", 2);
      assert_answers (connection);
      g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 1 + i);
    }
  assert_in_step (agent, connection);
}

/* The sync after a timeout is lost as well. */
static void
test_lost_sync (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);

  mock_agent_stay_silent (agent, "guest-ping", 1);
  mock_agent_stay_silent (agent, "guest-sync-delimited", 1);
  assert_times_out (connection, "guest-ping", 10);
  assert_answers (connection);
  g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 3);
  assert_in_step (agent, connection);
}

/* A call that waits for a silent agent says so, and was not sent. */
static void
test_not_sent (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (GError) error = NULL;

  mock_agent_be_absent (agent, MOCK_AGENT_LOSES, MOCK_AGENT_ALWAYS);
  assert_times_out (connection, "guest-ping", 10);
  assert_failed (run_for (connection, "echo", NULL, 10, &error), &error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "not sent");
  g_assert_cmpuint (mock_agent_count (agent, "echo"), ==, 0);
  mock_agent_arrive (agent);
  assert_in_step (agent, connection);
}

static void
test_restart (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);

  mock_agent_answer (agent, "slow", "1");
  mock_agent_hold (agent, "slow");
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (QgaRequest) request = new_request ("slow", NULL, 30);
      g_autoptr (GError) error = NULL;
      g_auto (Await) called = { 0 };

      qga_connection_execute_request_async (connection, request, NULL, await_callback, &called);
      mock_agent_await (agent, "slow", i + 1);
      mock_agent_restart (agent);
      assert_failed (qga_connection_execute_request_finish (connection, await (&called), &error), &error, G_IO_ERROR,
                     G_IO_ERROR_TIMED_OUT, "slow");
      assert_in_step (agent, connection);
    }
}

/* A command that was cut is never gone on with: the agent is told to forget
 * its first half. */
static void
test_cut_command (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autofree char *filler = g_strnfill (2 * 1024 * 1024, 'x');
  g_autofree char *arguments = g_strdup_printf ("{\"a\":\"%s\"}", filler);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Await) called = { 0 };

  mock_agent_stall (agent);
  qga_connection_execute_json_async (connection, "large", arguments, cancellable, await_callback, &called);
  g_cancellable_cancel (cancellable);
  assert_failed (qga_connection_execute_json_finish (connection, await (&called), &error), &error, G_IO_ERROR,
                 G_IO_ERROR_CANCELLED, "large");
  mock_agent_go_on (agent);
  assert_in_step (agent, connection);
  g_assert_cmpuint (mock_agent_count (agent, "large"), ==, 0);
}

/* --- replies that are off ---------------------------------------------------------------------- */

/* Those are nobody's; the call goes on waiting. */
static void
test_spoilt_reply (void)
{
  static const MockAgentFault faults[] = {
    MOCK_AGENT_WRONG_ID, MOCK_AGENT_NO_ID, MOCK_AGENT_OTHER_TYPE_OF_ID, MOCK_AGENT_PAST_ID, MOCK_AGENT_CUT,
  };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (MockAgent) agent = mock_agent_new ();
      g_autoptr (QgaConnection) connection = open_agent (agent);

      mock_agent_spoil (agent, "echo", faults[i], 1);
      assert_times_out (connection, "echo", 20);
      assert_in_step (agent, connection);
      g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 2);
    }
}

static void
test_doubled_reply (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);

  mock_agent_spoil (agent, "echo", MOCK_AGENT_DOUBLED, 5);
  for (guint i = 0; i < 7; i++)
    assert_answers (connection);
  g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 1);
  assert_in_step (agent, connection);
}

/* While a call waits, odd things are said. */
static void
assert_survives (const char *text, QgaError code, const char *word)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (GError) error = NULL;

  mock_agent_say_before (agent, "echo", text);
  assert_failed (run_for (connection, "echo", "{\"a\":1}", -1, &error), &error, QGA_ERROR, (int) code, word);
  assert_in_step (agent, connection);
  g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 2);
}

static void
test_odd_words (void)
{
  assert_survives ("{\"error\": {\"class\": \"GenericError\", \"desc\": \"JSON parse error\"}}\n", QGA_ERROR_GENERIC,
                   "JSON parse error");
  assert_survives ("{}\n", QGA_ERROR_PROTOCOL, "neither");
  assert_survives ("{\"event\": \"X\"}\n", QGA_ERROR_PROTOCOL, "neither");
  assert_survives ("{\"return\": {}, \"error\": {\"class\": \"x\", \"desc\": \"y\"}}\n", QGA_ERROR_PROTOCOL, "neither");
  assert_survives ("nonsense\n", QGA_ERROR_PROTOCOL, "nonsense");
  assert_survives ("[]\n", QGA_ERROR_PROTOCOL, "object");
  assert_survives ("{\"return\": 1, \"return\": 2}\n", QGA_ERROR_PROTOCOL, "twice");
}

/* Nobody asked: such words cost a call nothing. */
static void
test_unasked (void)
{
  static const char *const texts[] = {
    "{\"return\": 1}\n", "\xff", "{\"return\": {}, \"id\": 1}\n", "{\"error\": {\"class\": \"x\", \"desc\": \"y\"}}\n",
    "nonsense\n", "{}\n", "\xff\xff\xff{\"return\": \xff\xff\n", "}}}\n",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (MockAgent) agent = mock_agent_new ();
      g_autoptr (QgaConnection) connection = open_agent (agent);
      guint64 n_stray = qga_connection_get_stray_messages (connection);

      mock_agent_say (agent, texts[i]);
      while (qga_connection_get_stray_messages (connection) == n_stray)
        g_main_context_iteration (NULL, TRUE);
      assert_in_step (agent, connection);
    }
}

/* Half a message: whatever follows would be its other half. */
static void
test_unasked_half (void)
{
  static const char *const halves[] = { "{\"half", "{\"return\": {\"a\": \"", "{\"return\": {", "{", "  {\"a\": \"\\" };

  for (guint i = 0; i < G_N_ELEMENTS (halves); i++)
    {
      g_autoptr (MockAgent) agent = mock_agent_new ();
      g_autoptr (QgaConnection) connection = open_agent (agent);

      mock_agent_say (agent, halves[i]);
      mock_agent_await_said (agent);
      await_idle ();
      assert_in_step (agent, connection);
      g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 2);
    }
}

/* A large reply is not taken for such. */
static void
test_large_replies (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autofree char *filler = g_strnfill (100000, 'x');
  g_autofree char *arguments = g_strdup_printf ("{\"a\":\"%s\"}", filler);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 20; i++)
    {
      assert_replied (qga_connection_execute_json (connection, "echo", arguments, NULL, &error), &error, arguments);
      assert_answers (connection);
    }
  g_assert_cmpuint (mock_agent_count_syncs (agent), ==, 1);
  assert_orderly (agent);
}

/* All of it, byte by byte. */
static void
test_in_pieces (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  mock_agent_answer (agent, "guest-info", "{\"version\": \"10.0.2\", \"supported_commands\": []}");
  mock_agent_set_piece (agent, 1);
  mock_agent_say (agent, "{\"return\": \"\xc3\xa9\"}\n{\"ret");
  connection = open_agent (agent);
  mock_agent_answer (agent, "x", "\"\\ud83d\\ude00 \xf0\x9f\x98\x80\"");
  assert_replied (qga_connection_execute_json (connection, "x", NULL, NULL, &error), &error, "\"\\ud83d\\ude00 \xf0\x9f\x98\x80\"");
  mock_agent_stay_silent (agent, "guest-ping", 1);
  assert_times_out (connection, "guest-ping", 5);
  assert_in_step (agent, connection);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/qga/sync/half-command", test_half_command);
  g_test_add_func ("/qga/sync/stale-replies", test_stale_replies);
  g_test_add_func ("/qga/sync/stale-replies/flood", test_stale_flood);
  g_test_add_func ("/qga/sync/spoilt", test_spoilt_sync);
  g_test_add_func ("/qga/sync/past", test_past_sync);
  g_test_add_func ("/qga/sync/no-delimiter", test_no_delimiter);
  g_test_add_func ("/qga/sync/plain", test_no_delimited_sync);
  g_test_add_func ("/qga/sync/plain/wrong", test_plain_sync_wrong);
  g_test_add_func ("/qga/sync/by-order", test_by_order);
  g_test_add_func ("/qga/sync/by-order/late-reply", test_by_order_late_reply);
  g_test_add_func ("/qga/sync/by-order/unasked", test_by_order_unasked);
  g_test_add_func ("/qga/sync/by-order/sentinel", test_by_order_sentinel);
  g_test_add_func ("/qga/sync/boots/lost", test_boots_and_lost);
  g_test_add_func ("/qga/sync/boots/kept", test_boots_and_kept);
  g_test_add_func ("/qga/sync/never-reads", test_never_reads);
  g_test_add_func ("/qga/sync/slow-agent", test_slow_agent);
  g_test_add_func ("/qga/sync/given-up/late-reply", test_late_reply);
  g_test_add_func ("/qga/sync/given-up/very-late-reply", test_very_late_reply);
  g_test_add_func ("/qga/sync/given-up/cancelled", test_cancelled);
  g_test_add_func ("/qga/sync/given-up/many-in-a-row", test_many_in_a_row);
  g_test_add_func ("/qga/sync/given-up/lost-sync", test_lost_sync);
  g_test_add_func ("/qga/sync/given-up/not-sent", test_not_sent);
  g_test_add_func ("/qga/sync/given-up/restart", test_restart);
  g_test_add_func ("/qga/sync/given-up/cut-command", test_cut_command);
  g_test_add_func ("/qga/sync/reply/spoilt", test_spoilt_reply);
  g_test_add_func ("/qga/sync/reply/doubled", test_doubled_reply);
  g_test_add_func ("/qga/sync/reply/odd-words", test_odd_words);
  g_test_add_func ("/qga/sync/unasked", test_unasked);
  g_test_add_func ("/qga/sync/unasked/half", test_unasked_half);
  g_test_add_func ("/qga/sync/large-replies", test_large_replies);
  g_test_add_func ("/qga/sync/in-pieces", test_in_pieces);
  return g_test_run ();
}
