/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include <string.h>

#include "mock/await.h"
#include "mock/mock-peer.h"

/* Migrations that were under way before: which side it is, what is known of
 * them at once, and what is told, or asked for, from then on. Each test runs
 * twice: in a main context, and blocking. */

#define ACTIVE(transferred, remaining) \
  "{\"status\": \"active\", \"total-time\": 70, \"ram\": {\"total\": 1000, \"remaining\": " remaining \
  ", \"transferred\": " transferred ", \"mbps\": 8.0}}"
#define COMPLETED \
  "{\"status\": \"completed\", \"total-time\": 90, \"downtime\": 12, \"ram\": {\"total\": 1000, \"remaining\": 0, " \
  "\"transferred\": 900, \"mbps\": 8.0}}"
#define RUNNING "{\"status\": \"running\", \"running\": true}"
#define INMIGRATE "{\"status\": \"inmigrate\", \"running\": false}"

static void
answer (MockPeer *peer, const char *command, const char *json)
{
  mock_expect (peer, command);
  mock_return (peer, json);
}

static void
say (MockPeer *peer, const char *status)
{
  g_autofree char *data = g_strdup_printf ("{\"status\": \"%s\"}", status);

  mock_event (peer, "MIGRATION", data);
}

/* That events are on, and what is asked then. */
static MockPeer *
new_peer (const char *status, const char *info)
{
  MockPeer *peer = mock_peer_new ();

  mock_greet (peer);
  answer (peer, "query-migrate-capabilities", "[{\"capability\": \"xbzrle\", \"state\": false}, {\"capability\": \"events\", \"state\": true}]");
  answer (peer, "query-status", status);
  answer (peer, "query-migrate", info);
  return peer;
}

/* A QEMU that does not let them be switched on now. */
static MockPeer *
new_silent_peer (const char *status, const char *info)
{
  MockPeer *peer = mock_peer_new ();

  mock_greet (peer);
  answer (peer, "query-migrate-capabilities", "[{\"capability\": \"events\", \"state\": false}]");
  mock_expect (peer, "migrate-set-capabilities");
  mock_error (peer, "GenericError", "There's a migration process in progress");
  answer (peer, "query-status", status);
  answer (peer, "query-migrate", info);
  return peer;
}

static QmpMigration *
try_attach (QmpConnection *connection, gconstpointer blocking, GError **error)
{
  g_auto (Await) call = { NULL };

  if (blocking != NULL)
    return qmp_migration_attach (connection, NULL, error);
  qmp_migration_attach_async (connection, NULL, await_callback, &call);
  return qmp_migration_attach_finish (await (&call), error);
}

static QmpMigration *
attach (QmpConnection *connection, gconstpointer blocking)
{
  g_autoptr (GError) error = NULL;
  QmpMigration *migration = try_attach (connection, blocking, &error);

  g_assert_no_error (error);
  g_assert_true (QMP_IS_MIGRATION (migration));
  return migration;
}

static gboolean
finish (QmpMigration *migration, gconstpointer blocking, GError **error)
{
  g_auto (Await) call = { NULL };

  if (blocking != NULL)
    return qmp_migration_wait (migration, NULL, error);
  qmp_migration_wait_async (migration, NULL, await_callback, &call);
  return qmp_migration_wait_finish (migration, await (&call), error);
}

static void
assert_arrives (QmpMigration *migration, gconstpointer blocking)
{
  g_autoptr (GError) error = NULL;

  finish (migration, blocking, &error);
  g_assert_no_error (error);
  g_assert_cmpint (qmp_migration_get_status (migration), ==, QMP_MIGRATION_STATUS_COMPLETED);
}

/* --- under way ------------------------------------------------------------------------------------ */

static void
test_outgoing (gconstpointer blocking)
{
  g_autoptr (MockPeer) peer = new_peer (RUNNING, ACTIVE ("100", "750"));
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_autoptr (QmpMigration) migration = attach (connection, blocking);

  g_assert_false (qmp_migration_get_incoming (migration));
  g_assert_true (qmp_migration_get_active (migration));
  g_assert_cmpint (qmp_migration_get_status (migration), ==, QMP_MIGRATION_STATUS_ACTIVE);
  g_assert_cmpuint (qmp_migration_get_transferred (migration), ==, 100);
  g_assert_cmpfloat_with_epsilon (qmp_migration_get_fraction (migration), 0.25, 1e-9);
  qmp_migration_set_interval (migration, 0);
  say (peer, "device");
  say (peer, "completed");
  answer (peer, "query-migrate", COMPLETED);
  assert_arrives (migration, blocking);
  g_assert_cmpint (qmp_migration_get_downtime (migration), ==, 12);
}

static void
test_incoming (gconstpointer blocking)
{
  g_autoptr (MockPeer) peer = new_peer (INMIGRATE, "{\"status\": \"active\"}");
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_autoptr (QmpMigration) migration = attach (connection, blocking);
  g_autoptr (GError) error = NULL;

  g_assert_true (qmp_migration_get_incoming (migration));
  g_assert_false (qmp_migration_cancel (migration, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  say (peer, "completed");
  answer (peer, "query-migrate", "{\"status\": \"completed\"}");
  assert_arrives (migration, blocking);
}

/* Its guest runs there already, and fetches what is missing. */
static void
test_incoming_postcopy (gconstpointer blocking)
{
  g_autoptr (MockPeer) peer = new_peer (RUNNING, "{\"status\": \"postcopy-active\"}");
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_autoptr (QmpMigration) migration = attach (connection, blocking);

  g_assert_true (qmp_migration_get_incoming (migration));
  g_assert_cmpint (qmp_migration_get_status (migration), ==, QMP_MIGRATION_STATUS_POSTCOPY_ACTIVE);
}

/* Nobody has come yet; QEMU 7.2 has no word for that. */
static void
test_awaited (gconstpointer blocking)
{
  g_autoptr (MockPeer) peer = new_peer (INMIGRATE, "{\"socket-address\": [{\"type\": \"unix\", \"path\": \"/here\"}]}");
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_autoptr (QmpMigration) migration = attach (connection, blocking);

  g_assert_true (qmp_migration_get_incoming (migration));
  g_assert_true (qmp_migration_get_active (migration));
  g_assert_cmpint (qmp_migration_get_status (migration), ==, QMP_MIGRATION_STATUS_NONE);
  say (peer, "active");
  say (peer, "completed");
  answer (peer, "query-migrate", "{\"status\": \"completed\"}");
  assert_arrives (migration, blocking);
}

static void
test_cancel (gconstpointer blocking)
{
  g_autoptr (MockPeer) peer = new_peer (RUNNING, ACTIVE ("100", "750"));
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_autoptr (QmpMigration) migration = attach (connection, blocking);
  g_autoptr (GError) error = NULL;

  qmp_migration_set_interval (migration, 0);
  mock_expect (peer, "migrate_cancel");
  say (peer, "cancelling");
  mock_return (peer, "{}");
  say (peer, "cancelled");
  answer (peer, "query-migrate", "{\"status\": \"cancelled\"}");
  g_assert_true (qmp_migration_cancel (migration, NULL, &error));
  g_assert_no_error (error);
}

static char *
answer_completed (MockPeer *peer, const MockCommand *command, gpointer data)
{
  g_assert_cmpstr (command->name, ==, "query-migrate");
  return mock_make_return (command, COMPLETED);
}

/* An event that overtakes the answer is newer than it. */
static void
test_event_before_answer (gconstpointer blocking)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpMigration) migration = NULL;

  mock_greet (peer);
  answer (peer, "query-migrate-capabilities", "[{\"capability\": \"events\", \"state\": true}]");
  answer (peer, "query-status", RUNNING);
  mock_expect (peer, "query-migrate");
  say (peer, "completed");
  mock_return (peer, ACTIVE ("100", "750"));
  mock_answer_all (peer, answer_completed, NULL);
  connection = mock_open (peer);
  migration = attach (connection, blocking);
  assert_arrives (migration, blocking);
}

/* --- without events --------------------------------------------------------------------------------- */

static char *
answer_progress (MockPeer *peer, const MockCommand *command, gpointer data)
{
  static const char *const replies[] = { ACTIVE ("300", "500"), ACTIVE ("400", "200"), COMPLETED };
  guint *n = data;

  g_assert_cmpstr (command->name, ==, "query-migrate");
  return mock_make_return (command, replies[MIN ((*n)++, G_N_ELEMENTS (replies) - 1)]);
}

static void
test_silent (gconstpointer blocking)
{
  g_autoptr (MockPeer) peer = new_silent_peer (RUNNING, ACTIVE ("100", "750"));
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpMigration) migration = NULL;
  guint n = 0;

  mock_answer_all (peer, answer_progress, &n);
  connection = mock_open (peer);
  migration = attach (connection, blocking);
  qmp_migration_set_interval (migration, 10);
  assert_arrives (migration, blocking);
}

static char *
answer_incoming (MockPeer *peer, const MockCommand *command, gpointer data)
{
  guint *n = data;

  g_assert_cmpstr (command->name, ==, "query-migrate");
  return mock_make_return (command, ++*n < 3 ? "{\"status\": \"active\"}" : "{\"status\": \"completed\"}");
}

/* A destination is asked, too, and though nobody wants to see its progress. */
static void
test_silent_incoming (gconstpointer blocking)
{
  g_autoptr (MockPeer) peer = new_silent_peer (INMIGRATE, "{\"status\": \"active\"}");
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpMigration) migration = NULL;
  guint n = 0;

  mock_answer_all (peer, answer_incoming, &n);
  connection = mock_open (peer);
  migration = attach (connection, blocking);
  qmp_migration_set_interval (migration, 0);
  assert_arrives (migration, blocking);
}

static void
test_switched_on (gconstpointer blocking)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (QmpMigration) migration = NULL;

  mock_greet (peer);
  answer (peer, "query-migrate-capabilities", "[{\"capability\": \"events\", \"state\": false}]");
  answer (peer, "migrate-set-capabilities", "{}");
  answer (peer, "query-status", INMIGRATE);
  answer (peer, "query-migrate", "{\"status\": \"setup\"}");
  connection = mock_open (peer);
  migration = attach (connection, blocking);
  g_assert_cmpint (qmp_migration_get_status (migration), ==, QMP_MIGRATION_STATUS_SETUP);
  mock_await (peer);
  g_assert_cmpstr (mock_get_command (peer, 1)->arguments, ==, "{\"capabilities\":[{\"capability\":\"events\",\"state\":true}]}");
}

/* --- over, or never ----------------------------------------------------------------------------------- */

static void
test_over (gconstpointer blocking)
{
  g_autoptr (MockPeer) peer = new_peer (RUNNING, "{\"status\": \"failed\", \"error-desc\": \"No space\"}");
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_autoptr (QmpMigration) migration = attach (connection, blocking);
  g_autoptr (GError) error = NULL;

  g_assert_false (qmp_migration_get_active (migration));
  g_assert_false (finish (migration, blocking, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_MIGRATION_FAILED);
  g_assert_nonnull (strstr (error->message, "No space"));
}

static void
test_none (gconstpointer blocking)
{
  g_autoptr (MockPeer) peer = new_peer (RUNNING, "{}");
  g_autoptr (QmpConnection) connection = mock_open (peer);
  g_autoptr (GError) error = NULL;

  g_assert_null (try_attach (connection, blocking, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
test_gone (gconstpointer blocking)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  mock_greet (peer);
  mock_expect (peer, "query-migrate-capabilities");
  mock_hang_up (peer);
  connection = mock_open (peer);
  g_assert_null (try_attach (connection, blocking, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static void
add (const char *name, GTestDataFunc test)
{
  g_autofree char *plain = g_strdup_printf ("/migration/attach/%s", name);
  g_autofree char *blocking = g_strdup_printf ("/migration/attach/%s/blocking", name);

  g_test_add_data_func (plain, NULL, test);
  g_test_add_data_func (blocking, "blocking", test);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("outgoing", test_outgoing);
  add ("incoming", test_incoming);
  add ("incoming-postcopy", test_incoming_postcopy);
  add ("awaited", test_awaited);
  add ("cancel", test_cancel);
  add ("event-before-answer", test_event_before_answer);
  add ("silent", test_silent);
  add ("silent-incoming", test_silent_incoming);
  add ("switched-on", test_switched_on);
  add ("over", test_over);
  add ("none", test_none);
  add ("gone", test_gone);
  return g_test_run ();
}
