/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qga-glib/qga-glib.h>

#include "mock/await.h"
#include "mock/open-agent.h"

/* Freezing the guest's file systems, and that they are always thawed again. */

#define FREEZE "guest-fsfreeze-freeze"
#define THAW "guest-fsfreeze-thaw"
#define STATUS "guest-fsfreeze-status"

static QgaFreezeGuard *
freeze (QgaConnection *connection)
{
  g_autoptr (GError) error = NULL;
  QgaFreezeGuard *guard = qga_freeze_guard_freeze (connection, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (QGA_IS_FREEZE_GUARD (guard));
  return guard;
}

static void
assert_not_frozen (QgaConnection *connection, const char *const *mountpoints, GCancellable *cancellable, GQuark domain,
                   int code, const char *word)
{
  g_autoptr (GError) error = NULL;

  assert_failed ((char *) qga_freeze_guard_freeze (connection, mountpoints, cancellable, &error), &error, domain, code, word);
}

/* As soon as it was told to thaw for the n-th time, it has. */
static void
assert_thaws (MockAgent *agent, guint n)
{
  mock_agent_await (agent, THAW, n);
  mock_agent_await_said (agent);
  g_assert_false (mock_agent_is_frozen (agent));
  assert_orderly (agent);
}

/* Nobody keeps the connection any more. */
static void
assert_goes (MockAgent *agent, QgaConnection **connection)
{
  gpointer weak = *connection;

  g_object_add_weak_pointer (G_OBJECT (*connection), &weak);
  g_clear_object (connection);
  while (weak != NULL)
    g_main_context_iteration (NULL, TRUE);
  mock_agent_await_end (agent);
}

/* --- as it should be ------------------------------------------------------------------------ */

static void
test_freeze (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaFreezeGuard) guard = freeze (connection);
  g_autoptr (GError) error = NULL;

  g_assert_true (mock_agent_is_frozen (agent));
  g_assert_null (mock_agent_get_command (agent, FREEZE, 1)->arguments);
  g_assert_cmpuint (qga_freeze_guard_get_count (guard), ==, 2);
  g_assert_false (qga_freeze_guard_get_thawed (guard));
  g_assert_true (qga_freeze_guard_thaw (guard, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (qga_freeze_guard_get_thawed (guard));
  g_assert_false (mock_agent_is_frozen (agent));
  g_assert_cmpuint (mock_agent_count (agent, THAW), ==, 1);
  g_assert_cmpuint (mock_agent_count (agent, STATUS), ==, 0);
  /* there is nothing left for it to do */
  g_clear_object (&guard);
  assert_answers (connection);
  g_assert_cmpuint (mock_agent_count (agent, THAW), ==, 1);
  assert_goes (agent, &connection);
  assert_orderly (agent);
}

static void
test_freeze_async (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaFreezeGuard) guard = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Await) frozen = { 0 }, thawed = { 0 };

  mock_agent_set_filesystems (agent, 7);
  qga_freeze_guard_freeze_async (connection, NULL, NULL, await_callback, &frozen);
  g_assert_cmpuint (frozen.n_calls, ==, 0);
  guard = qga_freeze_guard_freeze_finish (await (&frozen), &error);
  g_assert_no_error (error);
  g_assert_null (frozen.source);
  g_assert_cmpuint (qga_freeze_guard_get_count (guard), ==, 7);
  qga_freeze_guard_thaw_async (guard, NULL, await_callback, &thawed);
  g_assert_cmpuint (thawed.n_calls, ==, 0);
  g_assert_true (qga_freeze_guard_thaw_finish (guard, await (&thawed), &error));
  g_assert_no_error (error);
  g_assert_true (thawed.source == G_OBJECT (guard));
  g_assert_true (qga_freeze_guard_get_thawed (guard));
  g_assert_false (mock_agent_is_frozen (agent));
}

static void
freeze_list (MockAgent *agent, QgaConnection *connection, const char *const *mountpoints, guint64 count, const char *sent)
{
  guint n = mock_agent_count (agent, FREEZE "-list") + 1;
  g_autoptr (QgaFreezeGuard) guard = NULL;
  g_autoptr (GError) error = NULL;

  guard = qga_freeze_guard_freeze (connection, mountpoints, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (qga_freeze_guard_get_count (guard), ==, count);
  g_assert_cmpstr (mock_agent_get_command (agent, FREEZE "-list", n)->arguments, ==, sent);
  g_assert_true (qga_freeze_guard_thaw (guard, NULL, NULL));
}

static void
test_freeze_list (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);

  mock_agent_set_filesystems (agent, 9);
  freeze_list (agent, connection, (const char *const[]) { "/data", "C:\\", "/größer", NULL }, 3,
               "{\"mountpoints\":[\"/data\",\"C:\\\\\",\"/größer\"]}");
  freeze_list (agent, connection, (const char *const[]) { "/", NULL }, 1, "{\"mountpoints\":[\"/\"]}");
  freeze_list (agent, connection, (const char *const[]) { NULL }, 0, "{\"mountpoints\":[]}");
  g_assert_cmpuint (mock_agent_count (agent, FREEZE), ==, 0);
  assert_not_frozen (connection, (const char *const[]) { "/data", "/caf\xe9", NULL }, NULL, G_IO_ERROR,
                     G_IO_ERROR_INVALID_ARGUMENT, "mountpoints[1]");
  g_assert_cmpuint (mock_agent_count (agent, FREEZE "-list"), ==, 3);
}

/* Both ways, the same. */
static void
assert_queried (QgaConnection *connection, QgaFreezeStatus expected)
{
  g_auto (Await) queried = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (qga_freeze_guard_query (connection, NULL, &error), ==, expected);
  g_assert_no_error (error);
  qga_freeze_guard_query_async (connection, NULL, await_callback, &queried);
  g_assert_cmpint (qga_freeze_guard_query_finish (await (&queried), &error), ==, expected);
  g_assert_no_error (error);
}

/* What is refused meanwhile is told apart, in the words of both. */
static void
try_meanwhile (const char *version)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (QgaFreezeGuard) guard = NULL;
  g_autoptr (GError) error = NULL;

  mock_agent_set_version (agent, version);
  connection = open_agent (agent);
  assert_queried (connection, QGA_FREEZE_STATUS_THAWED);
  guard = freeze (connection);
  assert_queried (connection, QGA_FREEZE_STATUS_FROZEN);
  assert_failed (qga_connection_execute_json (connection, "guest-file-open", "{\"path\":\"/x\",\"mode\":\"w\"}", NULL, &error),
                 &error, QGA_ERROR, QGA_ERROR_FROZEN, "guest-file-open");
  assert_replied (qga_connection_execute_json (connection, "guest-ping", NULL, NULL, &error), &error, "{}");
  g_assert_true (qga_freeze_guard_thaw (guard, NULL, NULL));
  assert_queried (connection, QGA_FREEZE_STATUS_THAWED);
  mock_agent_add_file (agent, "/x", "", 0);
  g_free (qga_connection_execute_json (connection, "guest-file-open", "{\"path\":\"/x\",\"mode\":\"w\"}", NULL, &error));
  g_assert_no_error (error);
  assert_orderly (agent);
}

static void
test_meanwhile (void)
{
  try_meanwhile ("7.2.22");
  try_meanwhile ("10.0.2");
}

static void
test_query_fails (void)
{
  static const char *const answers[] = { "\"melting\"", "true", "{}", "null" };
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_auto (Await) queried = { 0 };

      mock_agent_answer (agent, STATUS, answers[i]);
      g_assert_cmpint (qga_freeze_guard_query (connection, NULL, &error), ==, QGA_FREEZE_STATUS_UNKNOWN);
      assert_failed (NULL, &error, QGA_ERROR, QGA_ERROR_PROTOCOL, STATUS);
      qga_freeze_guard_query_async (connection, NULL, await_callback, &queried);
      g_assert_cmpint (qga_freeze_guard_query_finish (await (&queried), &error), ==, QGA_FREEZE_STATUS_UNKNOWN);
      assert_failed (NULL, &error, QGA_ERROR, QGA_ERROR_PROTOCOL, STATUS);
    }
  mock_agent_remove (agent, STATUS);
  g_assert_cmpint (qga_freeze_guard_query (connection, NULL, &error), ==, QGA_FREEZE_STATUS_UNKNOWN);
  assert_failed (NULL, &error, QGA_ERROR, QGA_ERROR_COMMAND_NOT_FOUND, STATUS);
}

/* --- guards that are dropped -------------------------------------------------------------------- */

static void
test_dropped (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  QgaFreezeGuard *guard = freeze (connection);

  g_object_unref (guard);
  assert_thaws (agent, 1);
  assert_answers (connection);
  /* it was frozen for sure, so there was no need to ask */
  g_assert_cmpuint (mock_agent_count (agent, STATUS), ==, 0);
  assert_goes (agent, &connection);
}

static void
test_dropped_with_connection (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  QgaConnection *connection = open_agent (agent);
  QgaFreezeGuard *guard = freeze (connection);

  g_object_unref (guard);
  assert_goes (agent, &connection);
  assert_thaws (agent, 1);
}

static void
test_dropped_after_connection (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  QgaConnection *connection = open_agent (agent);
  QgaFreezeGuard *guard = freeze (connection);
  gpointer weak = connection;

  g_object_add_weak_pointer (G_OBJECT (connection), &weak);
  g_object_unref (connection);
  g_object_unref (guard);
  while (weak != NULL)
    g_main_context_iteration (NULL, TRUE);
  assert_thaws (agent, 1);
}

static gpointer
drop (gpointer guard)
{
  g_object_unref (guard);
  return NULL;
}

static void
test_dropped_elsewhere (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  QgaConnection *connection = open_agent (agent);

  g_thread_join (g_thread_new ("dropper", drop, freeze (connection)));
  assert_goes (agent, &connection);
  assert_thaws (agent, 1);
}

/* What was asked before it comes first; what waits comes later. */
static void
test_dropped_while_busy (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  QgaFreezeGuard *guard = freeze (connection);
  g_auto (Await) first = { 0 }, second = { 0 };

  mock_agent_hold (agent, "guest-ping");
  qga_connection_execute_json_async (connection, "guest-ping", NULL, NULL, await_callback, &first);
  qga_connection_execute_json_async (connection, "guest-file-close", "{\"handle\":1}", NULL, await_callback, &second);
  mock_agent_await (agent, "guest-ping", 1);
  g_object_unref (guard);
  g_assert_cmpuint (mock_agent_count (agent, THAW), ==, 0);
  mock_agent_release (agent, "guest-ping");
  mock_agent_await (agent, "guest-file-close", 1);
  g_assert_cmpuint (mock_agent_count (agent, THAW), ==, 1);
  await (&first);
  await (&second);
  assert_thaws (agent, 1);
}

/* Nobody took it. */
static void
test_result_unused (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_auto (Await) frozen = { 0 };

  qga_freeze_guard_freeze_async (connection, NULL, NULL, await_callback, &frozen);
  await (&frozen);
  g_assert_true (mock_agent_is_frozen (agent));
  await_clear (&frozen);
  await_idle ();
  assert_thaws (agent, 1);
}

/* --- freezes that are given up -------------------------------------------------------------------- */

static void
test_cancelled_early (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Await) held = { 0 }, frozen = { 0 };

  mock_agent_hold (agent, "guest-ping");
  qga_connection_execute_json_async (connection, "guest-ping", NULL, NULL, await_callback, &held);
  mock_agent_await (agent, "guest-ping", 1);
  qga_freeze_guard_freeze_async (connection, NULL, cancellable, await_callback, &frozen);
  g_cancellable_cancel (cancellable);
  assert_failed ((char *) qga_freeze_guard_freeze_finish (await (&frozen), &error), &error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                 FREEZE);
  assert_not_frozen (connection, NULL, cancellable, G_IO_ERROR, G_IO_ERROR_CANCELLED, FREEZE);
  mock_agent_release (agent, "guest-ping");
  assert_answers (connection);
  /* it was never asked to, and so nothing is to be undone */
  g_assert_cmpuint (mock_agent_count (agent, FREEZE), ==, 0);
  g_assert_cmpuint (mock_agent_count (agent, STATUS), ==, 0);
  g_assert_cmpuint (mock_agent_count (agent, THAW), ==, 0);
  await (&held);
}

/* The agent is at it, and freezes later. */
static void
test_cancelled_on_line (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  QgaConnection *connection = open_agent (agent);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Await) frozen = { 0 };

  mock_agent_hold (agent, FREEZE);
  qga_freeze_guard_freeze_async (connection, NULL, cancellable, await_callback, &frozen);
  mock_agent_await (agent, FREEZE, 1);
  g_cancellable_cancel (cancellable);
  assert_failed ((char *) qga_freeze_guard_freeze_finish (await (&frozen), &error), &error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                 FREEZE);
  g_assert_false (mock_agent_is_frozen (agent));
  mock_agent_release (agent, FREEZE);
  assert_goes (agent, &connection);
  assert_thaws (agent, 1);
  g_assert_cmpuint (mock_agent_count (agent, STATUS), ==, 1);
}

/* It was quick, but nobody heard. */
static void
try_reply_lost (gboolean blocks)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  QgaConnection *connection = open_agent (agent);
  g_autoptr (GError) error = NULL;
  g_auto (Await) frozen = { 0 };

  mock_agent_stay_silent (agent, FREEZE, 1);
  qga_connection_set_default_timeout (connection, 20);
  if (blocks)
    assert_not_frozen (connection, NULL, NULL, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, FREEZE);
  else
    {
      qga_freeze_guard_freeze_async (connection, NULL, NULL, await_callback, &frozen);
      assert_failed ((char *) qga_freeze_guard_freeze_finish (await (&frozen), &error), &error, G_IO_ERROR,
                     G_IO_ERROR_TIMED_OUT, FREEZE);
      await_clear (&frozen);
    }
  assert_goes (agent, &connection);
  assert_thaws (agent, 1);
}

static void
test_reply_lost (void)
{
  try_reply_lost (TRUE);
  try_reply_lost (FALSE);
}

/* Nothing is heard of it for longer than one try takes. */
static void
test_frozen_late (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  QgaConnection *connection = open_agent (agent);

  mock_agent_hold (agent, FREEZE);
  qga_connection_set_default_timeout (connection, 20);
  assert_not_frozen (connection, NULL, NULL, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, FREEZE);
  mock_agent_await_syncs (agent, 4);
  mock_agent_release (agent, FREEZE);
  assert_goes (agent, &connection);
  assert_thaws (agent, 1);
}


/* It freezes, and says something else. */
static char *
freeze_and_say (MockAgent *agent, G_GNUC_UNUSED const MockAgentCommand *command, gpointer data)
{
  const char *body = data;

  mock_agent_set_frozen (agent, TRUE);
  return g_strdup (body);
}

static void
test_nonsense (void)
{
  static const struct
  {
    const char *body;
    int code;
  } answers[] = {
    { "\"return\": \"two\"", QGA_ERROR_PROTOCOL },
    { "\"return\": {}", QGA_ERROR_PROTOCOL },
    { "\"return\": -1", QGA_ERROR_PROTOCOL },
    { "\"return\": 1.5", QGA_ERROR_PROTOCOL },
    { "\"return\": null", QGA_ERROR_PROTOCOL },
    { "\"return\": 18446744073709551616", QGA_ERROR_UNREPRESENTABLE },
    { "\"return\": 2,", QGA_ERROR_PROTOCOL },
    { "\"result\": 2", QGA_ERROR_PROTOCOL },
    { "\"error\": {\"class\": \"GenericError\", \"desc\": \"failed halfway\"}", QGA_ERROR_GENERIC },
  };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (MockAgent) agent = mock_agent_new ();
      QgaConnection *connection = open_agent (agent);

      mock_agent_answer_with (agent, FREEZE, freeze_and_say, (gpointer) answers[i].body);
      assert_not_frozen (connection, NULL, NULL, QGA_ERROR, answers[i].code, FREEZE);
      assert_goes (agent, &connection);
      assert_thaws (agent, 1);
    }
}

/* --- freezes that are refused ----------------------------------------------------------------------- */

/* Who never began has nothing to undo. */
static void
test_not_begun (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);

  mock_agent_disable (agent, FREEZE);
  assert_not_frozen (connection, NULL, NULL, QGA_ERROR, QGA_ERROR_COMMAND_DISABLED, FREEZE);
  mock_agent_remove (agent, FREEZE);
  assert_not_frozen (connection, NULL, NULL, QGA_ERROR, QGA_ERROR_COMMAND_NOT_FOUND, FREEZE);
  assert_answers (connection);
  g_assert_cmpuint (mock_agent_count (agent, THAW), ==, 0);
  assert_goes (agent, &connection);
}

/* A platform that cannot. */
static void
test_unsupported (void)
{
  static const char *const names[] = { FREEZE, THAW, STATUS };
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    mock_agent_refuse (agent, names[i], "GenericError", "this feature or command is not currently supported");
  assert_not_frozen (connection, NULL, NULL, QGA_ERROR, QGA_ERROR_UNSUPPORTED, FREEZE);
  assert_goes (agent, &connection);
  g_assert_cmpuint (mock_agent_count (agent, THAW) + mock_agent_count (agent, STATUS), <=, 5);
}

/* --- thaws that fail ---------------------------------------------------------------------------------- */

/* It was done, and nobody heard: once it has said so, that is all. */
static void
test_thaw_lost (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  QgaConnection *connection = open_agent (agent);
  g_autoptr (QgaFreezeGuard) guard = freeze (connection);
  g_autoptr (GError) error = NULL;

  mock_agent_stay_silent (agent, THAW, 1);
  qga_connection_set_default_timeout (connection, 20);
  g_assert_false (qga_freeze_guard_thaw (guard, NULL, &error));
  assert_failed (NULL, &error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, THAW);
  g_assert_false (qga_freeze_guard_get_thawed (guard));
  g_clear_object (&guard);
  assert_goes (agent, &connection);
  g_assert_cmpuint (mock_agent_count (agent, STATUS), ==, 1);
  g_assert_cmpuint (mock_agent_count (agent, THAW), ==, 1);
  assert_orderly (agent);
}

static void
test_thaw_refused (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  QgaConnection *connection = open_agent (agent);
  g_autoptr (QgaFreezeGuard) guard = freeze (connection);
  g_autoptr (GError) error = NULL;
  g_auto (Await) thawed = { 0 };

  mock_agent_refuse_once (agent, THAW, "GenericError", "not now");
  qga_freeze_guard_thaw_async (guard, NULL, await_callback, &thawed);
  g_assert_false (qga_freeze_guard_thaw_finish (guard, await (&thawed), &error));
  assert_failed (NULL, &error, QGA_ERROR, QGA_ERROR_GENERIC, "not now");
  g_assert_true (mock_agent_is_frozen (agent));
  await_clear (&thawed);
  g_clear_object (&guard);
  assert_goes (agent, &connection);
  g_assert_cmpuint (mock_agent_count (agent, STATUS), ==, 1);
  assert_thaws (agent, 2);
}

/* And one can try again. */
static void
test_thaw_again (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaFreezeGuard) guard = freeze (connection);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (qga_freeze_guard_thaw (guard, cancellable, &error));
  assert_failed (NULL, &error, G_IO_ERROR, G_IO_ERROR_CANCELLED, THAW);
  g_assert_true (mock_agent_is_frozen (agent));
  g_assert_true (qga_freeze_guard_thaw (guard, NULL, NULL));
  g_assert_true (qga_freeze_guard_get_thawed (guard));
  g_clear_object (&guard);
  assert_goes (agent, &connection);
  g_assert_cmpuint (mock_agent_count (agent, STATUS), ==, 0);
  assert_thaws (agent, 1);
}

/* While nobody waits, a thaw that goes wrong is tried again. */
static void
try_unseen_thaw (const char *refused, const char *lost)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  QgaConnection *connection = open_agent (agent);
  QgaFreezeGuard *guard = freeze (connection);

  if (refused != NULL)
    mock_agent_refuse_once (agent, refused, "GenericError", "not now");
  if (lost != NULL)
    mock_agent_say_before (agent, lost, "this is no JSON\n");
  mock_agent_refuse_once (agent, THAW, "GenericError", "not now");
  g_object_unref (guard);
  assert_goes (agent, &connection);
  g_assert_false (mock_agent_is_frozen (agent));
  assert_orderly (agent);
}

static void
test_unseen_thaw (void)
{
  try_unseen_thaw (NULL, NULL);
  try_unseen_thaw (STATUS, NULL);
  try_unseen_thaw (THAW, NULL);
  try_unseen_thaw (NULL, STATUS);
  try_unseen_thaw (NULL, THAW);
}

/* One that cannot be thawed is not told so for ever. */
static void
test_hopeless (void)
{
  static const char *const answers[] = { "\"frozen\"", "\"melting\"", "7" };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autoptr (MockAgent) agent = mock_agent_new ();
      QgaConnection *connection = open_agent (agent);
      QgaFreezeGuard *guard = freeze (connection);

      mock_agent_refuse (agent, THAW, "GenericError", "never");
      mock_agent_answer (agent, STATUS, answers[i]);
      g_object_unref (guard);
      assert_goes (agent, &connection);
      g_assert_cmpuint (mock_agent_count (agent, THAW), >=, 1);
      g_assert_cmpuint (mock_agent_count (agent, THAW) + mock_agent_count (agent, STATUS), <=, 5);
    }
}

/* One that does not say how it is, thaws all the same. */
static void
test_status_disabled (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  QgaConnection *connection = open_agent (agent);

  mock_agent_disable (agent, STATUS);
  mock_agent_stay_silent (agent, FREEZE, 1);
  qga_connection_set_default_timeout (connection, 20);
  assert_not_frozen (connection, NULL, NULL, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, FREEZE);
  assert_goes (agent, &connection);
  assert_thaws (agent, 1);
}

/* --- two of them --------------------------------------------------------------------------------------- */

/* Whoever comes second gets nothing, and spoils nothing for the first. */
static void
try_second_freeze (const char *version)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = NULL;
  g_autoptr (QgaFreezeGuard) guard = NULL;

  mock_agent_set_version (agent, version);
  connection = open_agent (agent);
  guard = freeze (connection);
  assert_not_frozen (connection, NULL, NULL, QGA_ERROR, QGA_ERROR_FROZEN, FREEZE);
  assert_queried (connection, QGA_FREEZE_STATUS_FROZEN);
  g_assert_cmpuint (mock_agent_count (agent, THAW), ==, 0);
  g_assert_true (qga_freeze_guard_thaw (guard, NULL, NULL));
  assert_thaws (agent, 1);
}

static void
test_second_freeze (void)
{
  try_second_freeze ("7.2.22");
  try_second_freeze ("10.0.2");
}

/* Somebody else's, of whom this connection knows nothing. */
static void
test_foreign_freeze (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);

  mock_agent_set_frozen (agent, TRUE);
  assert_not_frozen (connection, NULL, NULL, QGA_ERROR, QGA_ERROR_FROZEN, FREEZE);
  assert_queried (connection, QGA_FREEZE_STATUS_FROZEN);
  g_assert_cmpuint (mock_agent_count (agent, THAW), ==, 0);
}

static void
test_second_given_up (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaFreezeGuard) guard = freeze (connection);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Await) frozen = { 0 };

  mock_agent_hold (agent, FREEZE);
  qga_freeze_guard_freeze_async (connection, NULL, cancellable, await_callback, &frozen);
  mock_agent_await (agent, FREEZE, 2);
  g_cancellable_cancel (cancellable);
  g_assert_null (qga_freeze_guard_freeze_finish (await (&frozen), NULL));
  mock_agent_release (agent, FREEZE);
  assert_queried (connection, QGA_FREEZE_STATUS_FROZEN);
  g_assert_cmpuint (mock_agent_count (agent, THAW), ==, 0);
  g_clear_object (&guard);
  assert_thaws (agent, 1);
}

/* A guest that thawed by itself is frozen anew: the old guard lets it be. */
static void
test_old_guard (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaFreezeGuard) old = freeze (connection), guard = NULL;

  mock_agent_set_frozen (agent, FALSE);
  guard = freeze (connection);
  g_clear_object (&old);
  assert_queried (connection, QGA_FREEZE_STATUS_FROZEN);
  g_assert_cmpuint (mock_agent_count (agent, THAW), ==, 0);
  g_clear_object (&guard);
  assert_thaws (agent, 1);
}

/* --- ends ------------------------------------------------------------------------------------------------ */

/* An agent that starts anew finds the guest as it was. */
static void
test_restart (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaFreezeGuard) guard = freeze (connection), another = NULL;

  mock_agent_await_said (agent);
  mock_agent_restart (agent);
  g_assert_true (qga_freeze_guard_thaw (guard, NULL, NULL));
  g_assert_false (mock_agent_is_frozen (agent));
  another = freeze (connection);
  mock_agent_await_said (agent);
  mock_agent_restart (agent);
  g_clear_object (&another);
  assert_thaws (agent, 2);
}

/* A freeze on the line of an agent that is gone. */
static void
test_restart_while_freezing (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  QgaConnection *connection = open_agent (agent);
  g_auto (Await) frozen = { 0 };

  mock_agent_hold (agent, FREEZE);
  qga_connection_set_default_timeout (connection, 200);
  qga_freeze_guard_freeze_async (connection, NULL, NULL, await_callback, &frozen);
  mock_agent_await (agent, FREEZE, 1);
  mock_agent_set_frozen (agent, TRUE);
  mock_agent_restart (agent);
  g_assert_null (qga_freeze_guard_freeze_finish (await (&frozen), NULL));
  await_clear (&frozen);
  assert_goes (agent, &connection);
  assert_thaws (agent, 1);
}

static void
test_closed (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaFreezeGuard) guard = freeze (connection);
  g_autoptr (GError) error = NULL;

  g_assert_true (qga_connection_close (connection, NULL, NULL));
  g_assert_false (qga_freeze_guard_thaw (guard, NULL, &error));
  assert_failed (NULL, &error, G_IO_ERROR, G_IO_ERROR_CLOSED, "");
  g_clear_object (&guard);
  assert_not_frozen (connection, NULL, NULL, G_IO_ERROR, G_IO_ERROR_CLOSED, "");
  assert_goes (agent, &connection);
  g_assert_cmpuint (mock_agent_count (agent, THAW), ==, 0);
}

/* In the middle of a thaw that nobody sees. */
static void
try_end_while_thawing (gboolean closes)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  QgaConnection *connection = open_agent (agent);
  QgaFreezeGuard *guard = freeze (connection);

  mock_agent_hold (agent, THAW);
  g_object_unref (guard);
  mock_agent_await (agent, THAW, 1);
  if (closes)
    g_assert_true (qga_connection_close (connection, NULL, NULL));
  else
    mock_agent_hang_up (agent);
  if (closes)
    assert_goes (agent, &connection);
  else
    {
      gpointer weak = connection;

      g_object_add_weak_pointer (G_OBJECT (connection), &weak);
      g_object_unref (connection);
      while (weak != NULL)
        g_main_context_iteration (NULL, TRUE);
    }
}

static void
test_end_while_thawing (void)
{
  try_end_while_thawing (TRUE);
  try_end_while_thawing (FALSE);
}

static void
test_hung_up (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_auto (Await) frozen = { 0 };
  g_autoptr (GError) error = NULL;

  mock_agent_hold (agent, FREEZE);
  qga_freeze_guard_freeze_async (connection, NULL, NULL, await_callback, &frozen);
  mock_agent_await (agent, FREEZE, 1);
  mock_agent_hang_up (agent);
  assert_failed ((char *) qga_freeze_guard_freeze_finish (await (&frozen), &error), &error, G_IO_ERROR, G_IO_ERROR_CLOSED, "");
}

/* A guest that thaws before it is told to spoils what was copied meanwhile. */
static void
test_thawed_before (void)
{
  g_autoptr (MockAgent) agent = mock_agent_new ();
  g_autoptr (QgaConnection) connection = open_agent (agent);
  g_autoptr (QgaFreezeGuard) guard = freeze (connection);
  g_autoptr (GError) error = NULL;

  mock_agent_set_frozen (agent, FALSE);
  g_assert_false (qga_freeze_guard_thaw (guard, NULL, &error));
  g_assert_error (error, QGA_ERROR, QGA_ERROR_NOT_FROZEN);
  g_assert_true (qga_freeze_guard_get_thawed (guard));
  g_clear_error (&error);
  g_assert_true (qga_freeze_guard_thaw (guard, NULL, &error));
  g_assert_no_error (error);
  g_clear_object (&guard);
  g_assert_cmpuint (mock_agent_count (agent, STATUS), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/qga-freeze-guard/freeze", test_freeze);
  g_test_add_func ("/qga-freeze-guard/freeze-async", test_freeze_async);
  g_test_add_func ("/qga-freeze-guard/freeze-list", test_freeze_list);
  g_test_add_func ("/qga-freeze-guard/meanwhile", test_meanwhile);
  g_test_add_func ("/qga-freeze-guard/query-fails", test_query_fails);
  g_test_add_func ("/qga-freeze-guard/dropped", test_dropped);
  g_test_add_func ("/qga-freeze-guard/dropped-with-connection", test_dropped_with_connection);
  g_test_add_func ("/qga-freeze-guard/dropped-after-connection", test_dropped_after_connection);
  g_test_add_func ("/qga-freeze-guard/dropped-elsewhere", test_dropped_elsewhere);
  g_test_add_func ("/qga-freeze-guard/dropped-while-busy", test_dropped_while_busy);
  g_test_add_func ("/qga-freeze-guard/result-unused", test_result_unused);
  g_test_add_func ("/qga-freeze-guard/cancelled-early", test_cancelled_early);
  g_test_add_func ("/qga-freeze-guard/cancelled-on-line", test_cancelled_on_line);
  g_test_add_func ("/qga-freeze-guard/reply-lost", test_reply_lost);
  g_test_add_func ("/qga-freeze-guard/frozen-late", test_frozen_late);
  g_test_add_func ("/qga-freeze-guard/nonsense", test_nonsense);
  g_test_add_func ("/qga-freeze-guard/not-begun", test_not_begun);
  g_test_add_func ("/qga-freeze-guard/unsupported", test_unsupported);
  g_test_add_func ("/qga-freeze-guard/thaw-lost", test_thaw_lost);
  g_test_add_func ("/qga-freeze-guard/thaw-refused", test_thaw_refused);
  g_test_add_func ("/qga-freeze-guard/thaw-again", test_thaw_again);
  g_test_add_func ("/qga-freeze-guard/unseen-thaw", test_unseen_thaw);
  g_test_add_func ("/qga-freeze-guard/hopeless", test_hopeless);
  g_test_add_func ("/qga-freeze-guard/status-disabled", test_status_disabled);
  g_test_add_func ("/qga-freeze-guard/second-freeze", test_second_freeze);
  g_test_add_func ("/qga-freeze-guard/foreign-freeze", test_foreign_freeze);
  g_test_add_func ("/qga-freeze-guard/second-given-up", test_second_given_up);
  g_test_add_func ("/qga-freeze-guard/old-guard", test_old_guard);
  g_test_add_func ("/qga-freeze-guard/restart", test_restart);
  g_test_add_func ("/qga-freeze-guard/restart-while-freezing", test_restart_while_freezing);
  g_test_add_func ("/qga-freeze-guard/closed", test_closed);
  g_test_add_func ("/qga-freeze-guard/end-while-thawing", test_end_while_thawing);
  g_test_add_func ("/qga-freeze-guard/hung-up", test_hung_up);
  g_test_add_func ("/qga/freeze-guard/thawed-before", test_thawed_before);
  return g_test_run ();
}
