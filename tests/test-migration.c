/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <string.h>

#include "mock/await.h"
#include "mock/mock-peer.h"

/* A migration from its beginning to its end, in every order that its events
 * and the replies can come in. */

#define ACTIVE(transferred, remaining) \
  "{\"status\": \"active\", \"total-time\": 70, \"expected-downtime\": 300, \"ram\": {\"total\": 1000, \"remaining\": " remaining \
  ", \"transferred\": " transferred ", \"mbps\": 8.0}}"
#define COMPLETED \
  "{\"status\": \"completed\", \"total-time\": 90, \"downtime\": 12, \"ram\": {\"total\": 1000, \"remaining\": 0, " \
  "\"transferred\": 900, \"mbps\": 8.0}}"

static MockPeer *
new_peer (const char *command)
{
  MockPeer *peer = mock_peer_new ();

  mock_greet (peer);
  mock_expect (peer, "migrate-set-capabilities");
  mock_return (peer, "{}");
  mock_expect (peer, command);
  return peer;
}

static void
say (MockPeer *peer, const char *statuses)
{
  g_auto (GStrv) words = g_strsplit (statuses, " ", -1);

  for (char **word = words; *word != NULL; word++)
    {
      g_autofree char *data = g_strdup_printf ("{\"status\": \"%s\"}", *word);

      mock_event (peer, "MIGRATION", data);
    }
}

static void
answer (MockPeer *peer, const char *command, const char *json)
{
  mock_expect (peer, command);
  mock_return (peer, json);
}

static QmpMigration *
start (QmpConnection *connection)
{
  g_autoptr (GError) error = NULL;
  QmpMigration *migration;
  g_auto (Await) call = { NULL };

  qmp_migration_start_async (connection, "unix:/there", NULL, NULL, await_callback, &call);
  migration = qmp_migration_start_finish (await (&call), &error);
  g_assert_no_error (error);
  g_assert_nonnull (migration);
  return migration;
}

/* Nothing is asked by itself. */
static QmpMigration *
start_quietly (QmpConnection *connection)
{
  QmpMigration *migration = start (connection);

  qmp_migration_set_interval (migration, 0);
  return migration;
}

static void
await_status (QmpMigration *migration, QmpMigrationStatus status)
{
  while (qmp_migration_get_status (migration) != status)
    g_main_context_iteration (NULL, TRUE);
}

static void
assert_wait (QmpMigration *migration, GQuark domain, int code, const char *text)
{
  g_autoptr (GError) error = NULL, again = NULL;
  g_auto (Await) call = { NULL };

  qmp_migration_wait_async (migration, NULL, await_callback, &call);
  g_assert_true (qmp_migration_wait_finish (migration, await (&call), &error) == (domain == 0));
  g_assert_false (qmp_migration_get_active (migration));
  g_assert_true (qmp_migration_wait (migration, NULL, &again) == (domain == 0));
  if (domain == 0)
    {
      g_assert_no_error (error);
      return;
    }
  g_assert_error (error, domain, code);
  g_assert_error (again, domain, code);
  if (text != NULL && strstr (error->message, text) == NULL)
    g_error ("“%s” does not have “%s”", error->message, text);
}

/* --- to the end ------------------------------------------------------------------------------ */

static void
test_completed (void)
{
  g_autoptr (MockPeer) peer = new_peer ("migrate");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpMigration) migration = NULL;

  say (peer, "setup");
  mock_return (peer, "{}");
  say (peer, "active");
  mock_event (peer, "MIGRATION_PASS", "{\"pass\": 1}");
  answer (peer, "query-migrate", ACTIVE ("100", "750"));
  say (peer, "device completed");
  answer (peer, "query-migrate", COMPLETED);
  connection = mock_open (peer);
  migration = start (connection);
  assert_wait (migration, 0, 0, NULL);
  g_assert_cmpint (qmp_migration_get_status (migration), ==, QMP_MIGRATION_STATUS_COMPLETED);
  g_assert_cmpuint (qmp_migration_get_transferred (migration), ==, 900);
  g_assert_cmpuint (qmp_migration_get_remaining (migration), ==, 0);
  g_assert_cmpuint (qmp_migration_get_total (migration), ==, 1000);
  g_assert_cmpfloat_with_epsilon (qmp_migration_get_fraction (migration), 1, 1e-9);
  g_assert_cmpfloat_with_epsilon (qmp_migration_get_speed (migration), -1, 1e-9);
  g_assert_cmpint (qmp_migration_get_downtime (migration), ==, 12);
  g_assert_cmpint (qmp_migration_get_total_time (migration), ==, 90);
  g_assert_cmpint (qmp_migration_get_pass (migration), ==, 1);
  g_assert_null (qmp_migration_get_error (migration));
  mock_await (peer);
  g_assert_cmpstr (mock_get_command (peer, 0)->arguments, ==, "{\"capabilities\":[{\"capability\":\"events\",\"state\":true}]}");
  g_assert_cmpstr (mock_get_command (peer, 1)->arguments, ==, "{\"uri\":\"unix:/there\"}");
}

/* QEMU counts how long it took when it has told that it is there. */
static void
test_counted_later (void)
{
  g_autoptr (MockPeer) peer = new_peer ("migrate");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpMigration) migration = NULL;

  say (peer, "setup");
  mock_return (peer, "{}");
  say (peer, "completed");
  answer (peer, "query-migrate", "{\"status\": \"completed\", \"total-time\": 0, \"downtime\": 0}");
  answer (peer, "query-migrate", "{\"status\": \"completed\", \"total-time\": 0, \"downtime\": 0}");
  answer (peer, "query-migrate", COMPLETED);
  connection = mock_open (peer);
  migration = start (connection);
  assert_wait (migration, 0, 0, NULL);
  g_assert_cmpint (qmp_migration_get_downtime (migration), ==, 12);
  g_assert_cmpint (qmp_migration_get_total_time (migration), ==, 90);
  mock_await (peer);
}

/* One that takes no time at all is over, too. */
static char *
answer_at_once (MockPeer *peer, const MockCommand *command, gpointer data)
{
  return mock_make_return (command, "{\"status\": \"completed\", \"total-time\": 0}");
}

static void
test_in_no_time (void)
{
  g_autoptr (MockPeer) peer = new_peer ("migrate");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpMigration) migration = NULL;

  say (peer, "setup completed");
  mock_return (peer, "{}");
  mock_answer_all (peer, answer_at_once, NULL);
  connection = mock_open (peer);
  migration = start (connection);
  assert_wait (migration, 0, 0, NULL);
  g_assert_cmpint (qmp_migration_get_total_time (migration), ==, 0);
}

static char *
answer_completed (MockPeer *peer, const MockCommand *command, gpointer data)
{
  g_assert_cmpstr (command->name, ==, "query-migrate");
  return mock_make_return (command, COMPLETED);
}

/* All is over before the command is answered. */
static void
test_over_before_reply (void)
{
  g_autoptr (MockPeer) peer = new_peer ("migrate");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpMigration) migration = NULL;

  say (peer, "setup active completed");
  mock_return (peer, "{}");
  mock_answer_all (peer, answer_completed, NULL);
  connection = mock_open (peer);
  migration = start (connection);
  g_assert_cmpint (qmp_migration_get_status (migration), ==, QMP_MIGRATION_STATUS_COMPLETED);
  assert_wait (migration, 0, 0, NULL);
}

/* What is told of an earlier one is not of this one. */
static void
test_end_of_earlier (void)
{
  g_autoptr (MockPeer) peer = new_peer ("migrate");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpMigration) migration = NULL;

  say (peer, "cancelled setup");
  mock_return (peer, "{}");
  connection = mock_open (peer);
  migration = start (connection);
  g_assert_cmpint (qmp_migration_get_status (migration), ==, QMP_MIGRATION_STATUS_SETUP);
  g_assert_true (qmp_migration_get_active (migration));
}

/* And what is told of a later one does not change how this one ended. */
static void
test_beginning_of_later (void)
{
  g_autoptr (MockPeer) peer = new_peer ("migrate");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpMigration) migration = NULL;

  say (peer, "setup");
  mock_return (peer, "{}");
  say (peer, "failed setup active");
  answer (peer, "query-migrate", ACTIVE ("1", "999"));
  connection = mock_open (peer);
  migration = start (connection);
  assert_wait (migration, QMP_ERROR, QMP_ERROR_MIGRATION_FAILED, NULL);
  g_assert_cmpint (qmp_migration_get_status (migration), ==, QMP_MIGRATION_STATUS_FAILED);
}

/* --- failing ------------------------------------------------------------------------------------ */

static void
test_refused (void)
{
  g_autoptr (MockPeer) peer = new_peer ("migrate");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL, later = NULL;
  g_auto (Await) call = { NULL };

  mock_error (peer, "GenericError", "There's a migration process in progress");
  mock_expect (peer, "migrate-set-capabilities");
  mock_error (peer, "GenericError", "No");
  connection = mock_open (peer);
  qmp_migration_start_async (connection, "unix:/there", NULL, NULL, await_callback, &call);
  g_assert_null (qmp_migration_start_finish (await (&call), &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_GENERIC);
  g_assert_cmpstr (qmp_error_get_command (error), ==, "migrate");
  g_assert_null (qmp_migration_start (connection, "unix:/there", NULL, NULL, &later));
  g_assert_cmpstr (qmp_error_get_command (later), ==, "migrate-set-capabilities");
}

/* It was accepted, and fails later; the words come with the query. */
static void
test_failed_later (void)
{
  g_autoptr (MockPeer) peer = new_peer ("migrate");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpMigration) migration = NULL;
  g_autoptr (GError) error = NULL;

  say (peer, "setup");
  mock_return (peer, "{}");
  say (peer, "failed");
  answer (peer, "query-migrate", "{\"status\": \"failed\", \"error-desc\": \"Nobody is there\"}");
  connection = mock_open (peer);
  migration = start (connection);
  assert_wait (migration, QMP_ERROR, QMP_ERROR_MIGRATION_FAILED, "Nobody is there");
  g_assert_cmpstr (qmp_migration_get_error (migration), ==, "Nobody is there");
  g_assert_false (qmp_migration_wait (migration, NULL, &error));
  g_assert_cmpstr (qmp_error_get_description (error), ==, "Nobody is there");
}

/* The destination says that it failed, and is gone. */
static void
test_failed_and_gone (void)
{
  g_autoptr (MockPeer) peer = new_peer ("migrate-incoming");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpMigration) migration = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Await) call = { NULL };

  say (peer, "setup");
  mock_return (peer, "{}");
  say (peer, "active failed");
  mock_hang_up (peer);
  connection = mock_open (peer);
  qmp_migration_receive_async (connection, "unix:/here", NULL, NULL, await_callback, &call);
  migration = qmp_migration_receive_finish (await (&call), &error);
  g_assert_no_error (error);
  g_assert_true (qmp_migration_get_incoming (migration));
  assert_wait (migration, QMP_ERROR, QMP_ERROR_MIGRATION_FAILED, NULL);
}

static void
test_gone (void)
{
  g_autoptr (MockPeer) peer = new_peer ("migrate");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpMigration) migration = NULL;

  say (peer, "setup");
  mock_return (peer, "{}");
  say (peer, "active");
  mock_expect (peer, "query-migrate");
  mock_hang_up (peer);
  connection = mock_open (peer);
  migration = start (connection);
  assert_wait (migration, G_IO_ERROR, G_IO_ERROR_CLOSED, NULL);
  g_assert_cmpint (qmp_migration_get_status (migration), ==, QMP_MIGRATION_STATUS_ACTIVE);
}

/* It has arrived, and nothing more is to be asked. */
static void
test_completed_and_gone (void)
{
  g_autoptr (MockPeer) peer = new_peer ("migrate");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpMigration) migration = NULL;

  say (peer, "setup");
  mock_return (peer, "{}");
  say (peer, "completed");
  mock_hang_up (peer);
  connection = mock_open (peer);
  migration = start (connection);
  assert_wait (migration, 0, 0, NULL);
  g_assert_cmpfloat_with_epsilon (qmp_migration_get_fraction (migration), 1, 1e-9);
}

/* --- replies and events ---------------------------------------------------------------------------- */

/* A reply that is older than an event does not move the status back, and does
 * not say how it ended: that is asked for again. */
static void
test_late_reply (void)
{
  g_autoptr (MockPeer) peer = new_peer ("migrate");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpMigration) migration = NULL;

  say (peer, "setup");
  mock_return (peer, "{}");
  say (peer, "active");
  mock_expect (peer, "query-migrate");
  say (peer, "failed");
  mock_return (peer, ACTIVE ("100", "900"));
  answer (peer, "query-migrate", "{\"status\": \"failed\", \"error-desc\": \"No space\"}");
  connection = mock_open (peer);
  migration = start (connection);
  assert_wait (migration, QMP_ERROR, QMP_ERROR_MIGRATION_FAILED, "No space");
  g_assert_cmpint (qmp_migration_get_status (migration), ==, QMP_MIGRATION_STATUS_FAILED);
}

static void
on_status (QmpMigration *migration, GParamSpec *pspec, gpointer data)
{
  GString *told = data;

  g_string_append_printf (told, "%d ", qmp_migration_get_status (migration));
}

/* The status is told once for each that it has. */
static void
test_phases (void)
{
  g_autoptr (MockPeer) peer = new_peer ("migrate");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpMigration) migration = NULL;
  g_autoptr (GString) told = g_string_new (NULL);
  g_autofree char *expected = g_strdup_printf ("%d %d %d %d ", QMP_MIGRATION_STATUS_PRE_SWITCHOVER, QMP_MIGRATION_STATUS_DEVICE,
                                               QMP_MIGRATION_STATUS_POSTCOPY_ACTIVE, QMP_MIGRATION_STATUS_COMPLETED);

  say (peer, "setup");
  mock_return (peer, "{}");
  mock_pause (peer);
  connection = mock_open (peer);
  migration = start_quietly (connection);
  g_signal_connect (migration, "notify::status", G_CALLBACK (on_status), told);
  say (peer, "pre-switchover pre-switchover device postcopy-active completed");
  answer (peer, "query-migrate", COMPLETED);
  mock_go_on (peer);
  assert_wait (migration, 0, 0, NULL);
  g_assert_cmpstr (told->str, ==, expected);
}

static char *
answer_progress (MockPeer *peer, const MockCommand *command, gpointer data)
{
  static const char *const replies[] = { ACTIVE ("100", "900"), ACTIVE ("300", "500"), ACTIVE ("400", "800"), COMPLETED };
  guint *n = data;

  g_assert_cmpstr (command->name, ==, "query-migrate");
  return mock_make_return (command, replies[MIN ((*n)++, G_N_ELEMENTS (replies) - 1)]);
}

static void
on_fraction (QmpMigration *migration, GParamSpec *pspec, gpointer data)
{
  double *last = data;

  g_assert_cmpfloat (qmp_migration_get_fraction (migration), >, *last);
  *last = qmp_migration_get_fraction (migration);
  if (qmp_migration_get_status (migration) == QMP_MIGRATION_STATUS_ACTIVE)
    g_assert_cmpfloat_with_epsilon (qmp_migration_get_speed (migration), 1e6, 1e-9);
}

/* Asked now and then, and by that alone it learns of an end that was not told. */
static void
test_progress (void)
{
  g_autoptr (MockPeer) peer = new_peer ("migrate");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpMigration) migration = NULL;
  double last = -1;
  guint n = 0;

  say (peer, "setup");
  mock_return (peer, "{}");
  mock_pause (peer);
  connection = mock_open (peer);
  migration = start (connection);
  qmp_migration_set_interval (migration, 1);
  g_assert_cmpuint (qmp_migration_get_interval (migration), ==, 10);
  g_signal_connect (migration, "notify::fraction", G_CALLBACK (on_fraction), &last);
  say (peer, "active");
  mock_answer_all (peer, answer_progress, &n);
  mock_go_on (peer);
  assert_wait (migration, 0, 0, NULL);
  g_assert_cmpfloat_with_epsilon (last, 1, 1e-9);
  g_assert_cmpint (qmp_migration_get_expected_downtime (migration), ==, 300);
}

/* --- cancelling -------------------------------------------------------------------------------------- */

static void
test_cancel (void)
{
  g_autoptr (MockPeer) peer = new_peer ("migrate");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpMigration) migration = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Await) call = { NULL }, again = { NULL };

  say (peer, "setup");
  mock_return (peer, "{}");
  mock_expect (peer, "migrate_cancel");
  say (peer, "cancelling");
  mock_return (peer, "{}");
  mock_pause (peer);
  say (peer, "cancelled");
  answer (peer, "query-migrate", "{\"status\": \"cancelled\"}");
  connection = mock_open (peer);
  migration = start (connection);
  qmp_migration_cancel_async (migration, NULL, await_callback, &call);
  await_status (migration, QMP_MIGRATION_STATUS_CANCELLING);
  await_idle ();
  /* accepted is not done */
  g_assert_cmpuint (call.n_calls, ==, 0);
  mock_go_on (peer);
  g_assert_true (qmp_migration_cancel_finish (migration, await (&call), &error));
  g_assert_no_error (error);
  assert_wait (migration, G_IO_ERROR, G_IO_ERROR_CANCELLED, NULL);
  /* and once more is no other command */
  qmp_migration_cancel_async (migration, NULL, await_callback, &again);
  g_assert_true (qmp_migration_cancel_finish (migration, await (&again), &error));
  mock_await (peer);
  g_assert_cmpuint (mock_count_commands (peer), ==, 4);
}

/* It arrived first. */
static void
test_cancel_too_late (void)
{
  g_autoptr (MockPeer) peer = new_peer ("migrate");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpMigration) migration = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Await) call = { NULL };

  say (peer, "setup");
  mock_return (peer, "{}");
  mock_expect (peer, "migrate_cancel");
  say (peer, "completed");
  mock_return (peer, "{}");
  answer (peer, "query-migrate", COMPLETED);
  connection = mock_open (peer);
  migration = start (connection);
  qmp_migration_cancel_async (migration, NULL, await_callback, &call);
  g_assert_false (qmp_migration_cancel_finish (migration, await (&call), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  assert_wait (migration, 0, 0, NULL);
}

static void
test_cancel_refused (void)
{
  g_autoptr (MockPeer) peer = new_peer ("migrate");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpMigration) migration = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Await) call = { NULL };

  say (peer, "setup");
  mock_return (peer, "{}");
  mock_expect (peer, "migrate_cancel");
  mock_error (peer, "GenericError", "Not now");
  connection = mock_open (peer);
  migration = start (connection);
  qmp_migration_cancel_async (migration, NULL, await_callback, &call);
  g_assert_false (qmp_migration_cancel_finish (migration, await (&call), &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_GENERIC);
  g_assert_true (qmp_migration_get_active (migration));
}

/* Who waits no longer leaves the migration alone. */
static void
test_wait_cancelled (void)
{
  g_autoptr (MockPeer) peer = new_peer ("migrate");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpMigration) migration = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL, blocked = NULL;
  g_auto (Await) call = { NULL };

  say (peer, "setup");
  mock_return (peer, "{}");
  connection = mock_open (peer);
  migration = start (connection);
  qmp_migration_wait_async (migration, cancellable, await_callback, &call);
  g_cancellable_cancel (cancellable);
  g_assert_false (qmp_migration_wait_finish (migration, await (&call), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (qmp_migration_wait (migration, cancellable, &blocked));
  g_assert_error (blocked, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (qmp_migration_get_active (migration));
}

/* --- commands ----------------------------------------------------------------------------------------- */

typedef void (*Begin) (QmpMigration *, GCancellable *, GAsyncReadyCallback, gpointer);
typedef gboolean (*Finish) (QmpMigration *, GAsyncResult *, GError **);

static void
run (QmpMigration *migration, Begin begin, Finish finish, int code)
{
  g_autoptr (GError) error = NULL;
  g_auto (Await) call = { NULL };

  begin (migration, NULL, await_callback, &call);
  g_assert_true (finish (migration, await (&call), &error) == (code < 0));
  if (code < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, G_IO_ERROR, code);
}

static void
test_commands (void)
{
  g_autoptr (MockPeer) peer = new_peer ("migrate");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpMigration) migration = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Await) call = { NULL };

  say (peer, "setup");
  mock_return (peer, "{}");
  answer (peer, "migrate-start-postcopy", "{}");
  answer (peer, "migrate-pause", "{}");
  answer (peer, "migrate", "{}");
  answer (peer, "migrate-continue", "{}");
  say (peer, "completed");
  answer (peer, "query-migrate", COMPLETED);
  connection = mock_open (peer);
  migration = start (connection);
  run (migration, qmp_migration_start_postcopy_async, qmp_migration_start_postcopy_finish, -1);
  run (migration, qmp_migration_pause_async, qmp_migration_pause_finish, -1);
  qmp_migration_recover_async (migration, "unix:/elsewhere", NULL, await_callback, &call);
  g_assert_true (qmp_migration_recover_finish (migration, await (&call), &error));
  g_assert_true (qmp_migration_continue (migration, NULL, &error));
  assert_wait (migration, 0, 0, NULL);
  run (migration, qmp_migration_start_postcopy_async, qmp_migration_start_postcopy_finish, G_IO_ERROR_NOT_FOUND);
  g_assert_cmpstr (mock_get_command (peer, 4)->arguments, ==, "{\"uri\":\"unix:/elsewhere\",\"resume\":true}");
  g_assert_cmpstr (mock_get_command (peer, 5)->arguments, ==, "{\"state\":\"pre-switchover\"}");
}

/* On the other side. */
static void
test_incoming (void)
{
  g_autoptr (MockPeer) peer = new_peer ("migrate-incoming");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpMigration) migration = NULL;
  g_autoptr (GError) error = NULL;

  say (peer, "setup");
  mock_return (peer, "{}");
  answer (peer, "migrate-recover", "{}");
  say (peer, "active completed");
  answer (peer, "query-migrate", "{\"status\": \"completed\"}");
  connection = mock_open (peer);
  migration = qmp_migration_receive (connection, "unix:/here", NULL, NULL, &error);
  g_assert_no_error (error);
  run (migration, qmp_migration_cancel_async, qmp_migration_cancel_finish, G_IO_ERROR_NOT_SUPPORTED);
  run (migration, qmp_migration_continue_async, qmp_migration_continue_finish, G_IO_ERROR_NOT_SUPPORTED);
  g_assert_true (qmp_migration_recover (migration, "unix:/elsewhere", NULL, &error));
  assert_wait (migration, 0, 0, NULL);
  run (migration, qmp_migration_cancel_async, qmp_migration_cancel_finish, G_IO_ERROR_NOT_SUPPORTED);
  g_assert_cmpstr (mock_get_command (peer, 1)->arguments, ==, "{\"uri\":\"unix:/here\"}");
  g_assert_cmpstr (mock_get_command (peer, 2)->arguments, ==, "{\"uri\":\"unix:/elsewhere\"}");
}

/* What the caller wrote down stays as it is, and is what counted at the call. */
static void
test_arguments (void)
{
  g_autoptr (MockPeer) peer = new_peer ("migrate");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpMigration) migration = NULL;
  g_autoptr (QmpMigrateArguments) arguments = qmp_migrate_arguments_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Await) call = { NULL };

  say (peer, "setup");
  mock_return (peer, "{}");
  connection = mock_open (peer);
  qmp_migrate_arguments_set_detach (arguments, TRUE);
  qmp_migration_start_async (connection, "fd:there", arguments, NULL, await_callback, &call);
  qmp_migrate_arguments_set_detach (arguments, FALSE);
  migration = qmp_migration_start_finish (await (&call), &error);
  g_assert_no_error (error);
  g_assert_false (qmp_migrate_arguments_has_uri (arguments));
  g_assert_nonnull (strstr (mock_get_command (peer, 1)->arguments, "\"uri\":\"fd:there\""));
  g_assert_nonnull (strstr (mock_get_command (peer, 1)->arguments, "\"detach\":true"));
}

/* --- without a main loop --------------------------------------------------------------------------------- */

static void
test_blocking (void)
{
  g_autoptr (MockPeer) peer = new_peer ("migrate");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpMigration) migration = NULL;
  g_autoptr (GError) error = NULL;
  double last = -1;
  guint n = 0;

  say (peer, "setup");
  mock_return (peer, "{}");
  mock_pause (peer);
  connection = mock_open (peer);
  migration = qmp_migration_start (connection, "unix:/there", NULL, NULL, &error);
  g_assert_no_error (error);
  qmp_migration_set_interval (migration, 10);
  g_signal_connect (migration, "notify::fraction", G_CALLBACK (on_fraction), &last);
  say (peer, "active");
  mock_answer_all (peer, answer_progress, &n);
  mock_go_on (peer);
  g_assert_true (qmp_migration_wait (migration, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat_with_epsilon (last, 1, 1e-9);
}

static void
test_blocking_cancel (void)
{
  g_autoptr (MockPeer) peer = new_peer ("migrate");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpMigration) migration = NULL;
  g_autoptr (GError) error = NULL, outcome = NULL;

  say (peer, "setup");
  mock_return (peer, "{}");
  mock_expect (peer, "migrate_cancel");
  say (peer, "cancelling");
  mock_return (peer, "{}");
  say (peer, "cancelled");
  answer (peer, "query-migrate", "{\"status\": \"cancelled\"}");
  connection = mock_open (peer);
  migration = qmp_migration_start (connection, "unix:/there", NULL, NULL, &error);
  g_assert_true (qmp_migration_cancel (migration, NULL, &error));
  g_assert_no_error (error);
  g_assert_false (qmp_migration_wait (migration, NULL, &outcome));
  g_assert_error (outcome, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_blocking_gone (void)
{
  g_autoptr (MockPeer) peer = new_peer ("migrate");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpMigration) migration = NULL;
  g_autoptr (GError) error = NULL;

  say (peer, "setup");
  mock_return (peer, "{}");
  mock_hang_up (peer);
  connection = mock_open (peer);
  migration = qmp_migration_start (connection, "unix:/there", NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (qmp_migration_wait (migration, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

/* Nobody holds it: what it waited for is let go. */
static void
test_dropped (void)
{
  g_autoptr (MockPeer) peer = new_peer ("migrate");
  g_autoptr (QmpConnection) connection = NULL;
  QmpMigration *migration;

  say (peer, "setup");
  mock_return (peer, "{}");
  say (peer, "active");
  mock_expect (peer, "query-migrate");
  connection = mock_open (peer);
  migration = start (connection);
  await_status (migration, QMP_MIGRATION_STATUS_ACTIVE);
  g_object_add_weak_pointer (G_OBJECT (migration), (gpointer *) &migration);
  g_object_unref (migration);
  g_assert_null (migration);
  await_idle ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/migration/completed", test_completed);
  g_test_add_func ("/migration/counted-later", test_counted_later);
  g_test_add_func ("/migration/in-no-time", test_in_no_time);
  g_test_add_func ("/migration/over-before-reply", test_over_before_reply);
  g_test_add_func ("/migration/end-of-earlier", test_end_of_earlier);
  g_test_add_func ("/migration/beginning-of-later", test_beginning_of_later);
  g_test_add_func ("/migration/refused", test_refused);
  g_test_add_func ("/migration/failed-later", test_failed_later);
  g_test_add_func ("/migration/failed-and-gone", test_failed_and_gone);
  g_test_add_func ("/migration/gone", test_gone);
  g_test_add_func ("/migration/completed-and-gone", test_completed_and_gone);
  g_test_add_func ("/migration/late-reply", test_late_reply);
  g_test_add_func ("/migration/phases", test_phases);
  g_test_add_func ("/migration/progress", test_progress);
  g_test_add_func ("/migration/cancel", test_cancel);
  g_test_add_func ("/migration/cancel-too-late", test_cancel_too_late);
  g_test_add_func ("/migration/cancel-refused", test_cancel_refused);
  g_test_add_func ("/migration/wait-cancelled", test_wait_cancelled);
  g_test_add_func ("/migration/commands", test_commands);
  g_test_add_func ("/migration/incoming", test_incoming);
  g_test_add_func ("/migration/arguments", test_arguments);
  g_test_add_func ("/migration/blocking", test_blocking);
  g_test_add_func ("/migration/blocking-cancel", test_blocking_cancel);
  g_test_add_func ("/migration/blocking-gone", test_blocking_gone);
  g_test_add_func ("/migration/dropped", test_dropped);
  return g_test_run ();
}
