/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Migrations between two machines of this process. No guest is there but the
 * firmware, so what makes them last is the bandwidth. */

#define CRAWL 4096
#define STROLL (256 * 1024)

typedef struct
{
  QmpMachine *source;
  QmpMachine *destination;
  QmpConnection *from;
  QmpConnection *to;
} Pair;

static QmpMachine *
launch_with_monitor (const char *binary, const char *type, gboolean incoming, const char *second_monitor)
{
  g_autoptr (QmpLauncher) launcher = qmp_launcher_new (binary);
  const char *const arguments[] = { "-machine", type, "-accel", "tcg", "-m", "64", "-display", "none", "-nodefaults", NULL };
  g_autoptr (GError) error = NULL;
  QmpMachine *machine;

  qmp_launcher_set_arguments (launcher, arguments);
  if (incoming)
    qmp_launcher_append_option (launcher, "incoming", "defer");
  if (second_monitor != NULL)
    {
      g_autofree char *server = g_strdup_printf ("unix:%s,server=on,wait=off", second_monitor);

      qmp_launcher_append_option (launcher, "qmp", server);
    }
  machine = qmp_launcher_launch (launcher, NULL, &error);
  g_assert_no_error (error);
  return machine;
}

static QmpMachine *
launch (const char *binary, const char *type, gboolean incoming)
{
  return launch_with_monitor (binary, type, incoming, NULL);
}

static const char *
qemu (void)
{
  return live_program ("QEMU", "qemu-system-x86_64");
}

static void
open_pair (Pair *pair, const char *type, const char *destination_type)
{
  pair->source = launch (qemu (), type, FALSE);
  pair->destination = launch (qemu (), destination_type, TRUE);
  pair->from = qmp_machine_get_connection (pair->source);
  pair->to = qmp_machine_get_connection (pair->destination);
}

static void
shut_down (QmpMachine *machine)
{
  g_autoptr (QmpShutdownOptions) options = qmp_shutdown_options_new ();
  g_autoptr (GError) error = NULL;

  qmp_shutdown_options_set_power_down_timeout (options, 0);
  qmp_machine_shut_down (machine, options, NULL, &error);
  g_assert_no_error (error);
}

static void
close_pair (Pair *pair)
{
  shut_down (pair->source);
  shut_down (pair->destination);
  g_clear_object (&pair->source);
  g_clear_object (&pair->destination);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pair, close_pair)

static void
limit (QmpConnection *connection, guint64 bandwidth, guint64 postcopy_bandwidth)
{
  g_autoptr (QmpMigrateSetParameters) parameters = qmp_migrate_set_parameters_new ();
  g_autoptr (GError) error = NULL;

  qmp_migrate_set_parameters_set_max_bandwidth (parameters, bandwidth);
  qmp_migrate_set_parameters_set_max_postcopy_bandwidth (parameters, postcopy_bandwidth);
  qmp_connection_migrate_set_parameters (connection, parameters, NULL, &error);
  g_assert_no_error (error);
}

static gboolean
set_capability (QmpConnection *connection, QmpMigrationCapability capability, GError **error)
{
  g_autoptr (QmpMigrationCapabilityStatus) status = qmp_migration_capability_status_new ();

  qmp_migration_capability_status_set_capability (status, capability);
  qmp_migration_capability_status_set_state (status, TRUE);
  return qmp_connection_migrate_set_capabilities (connection, &status, 1, NULL, error);
}

static QmpMigration *
send_away (QmpConnection *connection, const char *uri)
{
  g_autoptr (GError) error = NULL;
  QmpMigration *migration = qmp_migration_start (connection, uri, NULL, NULL, &error);

  g_assert_no_error (error);
  qmp_migration_set_interval (migration, 50);
  return migration;
}

static QmpMigration *
take_in (QmpConnection *connection, const char *uri)
{
  g_autoptr (GError) error = NULL;
  QmpMigration *migration = qmp_migration_receive (connection, uri, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (qmp_migration_get_incoming (migration));
  return migration;
}

static char *
make_uri (Live *live, const char *name)
{
  g_autofree char *path = live_path (live, name);

  return g_strconcat ("unix:", path, NULL);
}

static gboolean
finish (QmpMigration *migration, GError **error)
{
  GAsyncResult *result = NULL;
  gboolean done;

  qmp_migration_wait_async (migration, NULL, live_keep_result, &result);
  live_wait (&result);
  done = qmp_migration_wait_finish (migration, result, error);
  g_object_unref (result);
  return done;
}

static void
assert_arrives (QmpMigration *migration)
{
  g_autoptr (GError) error = NULL;

  finish (migration, &error);
  g_assert_no_error (error);
  g_assert_cmpint (qmp_migration_get_status (migration), ==, QMP_MIGRATION_STATUS_COMPLETED);
}

static void
assert_state (QmpMachine *machine, QmpRunState state)
{
  while (qmp_machine_get_run_state (machine) != state)
    g_main_context_iteration (NULL, TRUE);
}

static void
await_status (QmpMigration *migration, QmpMigrationStatus status)
{
  while (qmp_migration_get_active (migration) && qmp_migration_get_status (migration) != status)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (qmp_migration_get_status (migration), ==, status);
}

static void
await_progress (QmpMigration *migration)
{
  await_status (migration, QMP_MIGRATION_STATUS_ACTIVE);
  while (qmp_migration_get_transferred (migration) == 0)
    g_main_context_iteration (NULL, TRUE);
}

/* --- there and in ------------------------------------------------------------------------------ */

typedef struct
{
  double fraction;
  guint64 transferred;
  guint n;
} Progress;

static void
on_fraction (QmpMigration *migration, GParamSpec *pspec, gpointer data)
{
  Progress *progress = data;

  g_assert_cmpfloat (qmp_migration_get_fraction (migration), >, progress->fraction);
  g_assert_cmpuint (qmp_migration_get_transferred (migration), >=, progress->transferred);
  progress->fraction = qmp_migration_get_fraction (migration);
  progress->transferred = qmp_migration_get_transferred (migration);
  progress->n++;
}

static void
test_socket (Live *live, gconstpointer blocking)
{
  g_auto (Pair) pair = { NULL };
  g_autoptr (QmpMigration) out = NULL, in = NULL;
  g_autofree char *uri = make_uri (live, "move");
  Progress progress = { -1, 0, 0 };

  open_pair (&pair, "q35", "q35");
  limit (pair.from, STROLL, 0);
  in = take_in (pair.to, uri);
  out = send_away (pair.from, uri);
  g_signal_connect (out, "notify::fraction", G_CALLBACK (on_fraction), &progress);
  if (blocking != NULL)
    {
      g_assert_true (qmp_migration_wait (out, NULL, NULL));
      g_assert_true (qmp_migration_wait (in, NULL, NULL));
    }
  assert_arrives (out);
  assert_arrives (in);
  g_assert_cmpuint (progress.n, >, 3);
  g_assert_cmpfloat (progress.fraction, >=, 1);
  g_assert_cmpuint (qmp_migration_get_transferred (out), >, 100000);
  g_assert_cmpuint (qmp_migration_get_total (out), >=, 64 * 1024 * 1024);
  g_assert_cmpint (qmp_migration_get_downtime (out), >=, 0);
  g_assert_cmpint (qmp_migration_get_total_time (out), >, 0);
  g_assert_cmpint (qmp_migration_get_pass (out), >=, 1);
  assert_state (pair.source, QMP_RUN_STATE_POSTMIGRATE);
  assert_state (pair.destination, QMP_RUN_STATE_RUNNING);
}

static void
pass_fd (QmpConnection *connection, int fd)
{
  g_autoptr (GError) error = NULL;

  qmp_connection_getfd (connection, "move", fd, NULL, &error);
  g_assert_no_error (error);
  close (fd);
}

static void
test_fd (Live *live, gconstpointer data)
{
  g_auto (Pair) pair = { NULL };
  g_autoptr (QmpMigration) out = NULL, in = NULL;
  int fds[2];

  open_pair (&pair, "q35", "q35");
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  pass_fd (pair.from, fds[0]);
  pass_fd (pair.to, fds[1]);
  in = take_in (pair.to, "fd:move");
  out = send_away (pair.from, "fd:move");
  assert_arrives (out);
  assert_arrives (in);
  assert_state (pair.destination, QMP_RUN_STATE_RUNNING);
}

static void
move_by_file (const char *uri_out, const char *uri_in)
{
  g_auto (Pair) pair = { NULL };
  g_autoptr (QmpMigration) out = NULL, in = NULL;

  open_pair (&pair, "q35", "q35");
  out = send_away (pair.from, uri_out);
  assert_arrives (out);
  in = take_in (pair.to, uri_in);
  assert_arrives (in);
  assert_state (pair.destination, QMP_RUN_STATE_RUNNING);
}

/* What is written can be read later; by a command everywhere, and by QEMU
 * itself since 8.2. */
static void
test_file (Live *live, gconstpointer data)
{
  g_autofree char *path = live_path (live, "state");
  g_autofree char *write = g_strdup_printf ("exec:cat > %s", path), *read = g_strdup_printf ("exec:cat %s", path);
  g_autofree char *file = g_strconcat ("file:", path, NULL);
  g_autoptr (QmpMachine) machine = launch (qemu (), "none", FALSE);
  QmpVersion *version = qmp_connection_get_version (qmp_machine_get_connection (machine));
  gboolean has_file = qmp_version_get_major (version) > 8 ||
                      (qmp_version_get_major (version) == 8 && qmp_version_get_minor (version) >= 2);

  shut_down (machine);
  move_by_file (write, read);
  if (has_file)
    move_by_file (file, file);
}

/* --- what does not arrive ---------------------------------------------------------------------------- */

static void
test_cancelled (Live *live, gconstpointer blocking)
{
  g_auto (Pair) pair = { NULL };
  g_autoptr (QmpMigration) out = NULL, in = NULL;
  g_autofree char *uri = make_uri (live, "move");
  g_autoptr (GError) error = NULL, outcome = NULL, incoming = NULL;
  GAsyncResult *result = NULL;

  open_pair (&pair, "q35", "q35");
  limit (pair.from, CRAWL, 0);
  in = take_in (pair.to, uri);
  out = send_away (pair.from, uri);
  await_progress (out);
  if (blocking != NULL)
    g_assert_true (qmp_migration_cancel (out, NULL, &error));
  else
    {
      qmp_migration_cancel_async (out, NULL, live_keep_result, &result);
      live_wait (&result);
      g_assert_true (qmp_migration_cancel_finish (out, result, &error));
      g_object_unref (result);
    }
  g_assert_no_error (error);
  g_assert_false (finish (out, &outcome));
  g_assert_error (outcome, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  /* that is a failure to the other side, which need not live to tell */
  g_assert_false (finish (in, &incoming));
  g_assert_nonnull (incoming);
  assert_state (pair.source, QMP_RUN_STATE_RUNNING);
}

/* And another one can be started, which goes its own way. */
static void
test_again (Live *live, gconstpointer data)
{
  g_auto (Pair) pair = { NULL };
  g_autoptr (QmpMigration) first = NULL, second = NULL, in = NULL;
  g_autofree char *nowhere = make_uri (live, "nowhere"), *uri = make_uri (live, "move");
  g_autoptr (GError) error = NULL;

  open_pair (&pair, "q35", "q35");
  first = send_away (pair.from, nowhere);
  g_assert_false (finish (first, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_MIGRATION_FAILED);
  g_assert_nonnull (strstr (error->message, "nowhere"));
  g_assert_nonnull (strstr (qmp_migration_get_error (first), "No such file"));
  in = take_in (pair.to, uri);
  second = send_away (pair.from, uri);
  assert_arrives (second);
  assert_arrives (in);
  g_assert_cmpint (qmp_migration_get_status (first), ==, QMP_MIGRATION_STATUS_FAILED);
}

static void
test_refused (Live *live, gconstpointer data)
{
  g_auto (Pair) pair = { NULL };
  g_autoptr (QmpMigration) out = NULL, in = NULL;
  g_autofree char *uri = make_uri (live, "move");
  g_autoptr (GError) second = NULL, not_deferred = NULL, error = NULL;

  open_pair (&pair, "q35", "q35");
  limit (pair.from, CRAWL, 0);
  g_assert_null (qmp_migration_receive (pair.from, uri, NULL, NULL, &not_deferred));
  g_assert_error (not_deferred, QMP_ERROR, QMP_ERROR_GENERIC);
  in = take_in (pair.to, uri);
  out = send_away (pair.from, uri);
  await_progress (out);
  g_assert_null (qmp_migration_start (pair.from, uri, NULL, NULL, &second));
  g_assert_error (second, QMP_ERROR, QMP_ERROR_GENERIC);
  g_assert_true (qmp_migration_get_active (out));
  g_assert_true (qmp_migration_cancel (out, NULL, &error));
}

static void
test_wrong_machine (Live *live, gconstpointer data)
{
  g_auto (Pair) pair = { NULL };
  g_autoptr (QmpMigration) out = NULL, in = NULL;
  g_autofree char *uri = make_uri (live, "move");
  g_autoptr (GError) error = NULL, incoming = NULL;

  open_pair (&pair, "q35", "pc");
  limit (pair.from, STROLL, 0);
  in = take_in (pair.to, uri);
  out = send_away (pair.from, uri);
  g_assert_false (finish (out, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_MIGRATION_FAILED);
  g_assert_false (finish (in, &incoming));
  g_assert_nonnull (incoming);
  assert_state (pair.source, QMP_RUN_STATE_RUNNING);
}

static void
test_source_killed (Live *live, gconstpointer data)
{
  g_auto (Pair) pair = { NULL };
  g_autoptr (QmpMigration) out = NULL, in = NULL;
  g_autofree char *uri = make_uri (live, "move");
  g_autoptr (GError) error = NULL;

  open_pair (&pair, "q35", "q35");
  limit (pair.from, CRAWL, 0);
  in = take_in (pair.to, uri);
  out = send_away (pair.from, uri);
  await_progress (out);
  qmp_machine_kill (pair.source);
  g_assert_false (finish (out, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

/* --- phases ------------------------------------------------------------------------------------------- */

static void
test_pre_switchover (Live *live, gconstpointer data)
{
  g_auto (Pair) pair = { NULL };
  g_autoptr (QmpMigration) out = NULL, in = NULL;
  g_autofree char *uri = make_uri (live, "move");
  g_autoptr (GError) error = NULL;

  open_pair (&pair, "q35", "q35");
  g_assert_true (set_capability (pair.from, QMP_MIGRATION_CAPABILITY_PAUSE_BEFORE_SWITCHOVER, NULL));
  in = take_in (pair.to, uri);
  out = send_away (pair.from, uri);
  await_status (out, QMP_MIGRATION_STATUS_PRE_SWITCHOVER);
  g_assert_true (qmp_migration_get_active (in));
  g_assert_true (qmp_migration_continue (out, NULL, &error));
  g_assert_no_error (error);
  assert_arrives (out);
  assert_arrives (in);
}

/* Not everybody may use userfaultfd. */
static gboolean
switch_postcopy_on (Pair *pair)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (set_capability (pair->from, QMP_MIGRATION_CAPABILITY_POSTCOPY_RAM, NULL));
  if (set_capability (pair->to, QMP_MIGRATION_CAPABILITY_POSTCOPY_RAM, &error))
    return TRUE;
  g_assert_error (error, QMP_ERROR, QMP_ERROR_GENERIC);
  g_test_skip (error->message);
  return FALSE;
}

static void
test_postcopy (Live *live, gconstpointer data)
{
  g_auto (Pair) pair = { NULL };
  g_autoptr (QmpMigration) out = NULL, in = NULL;
  g_autofree char *uri = make_uri (live, "move");
  g_autoptr (GError) error = NULL;

  open_pair (&pair, "q35", "q35");
  if (!switch_postcopy_on (&pair))
    return;
  limit (pair.from, CRAWL, 0);
  in = take_in (pair.to, uri);
  out = send_away (pair.from, uri);
  await_progress (out);
  g_assert_true (qmp_migration_start_postcopy (out, NULL, &error));
  g_assert_no_error (error);
  assert_arrives (out);
  assert_arrives (in);
  assert_state (pair.destination, QMP_RUN_STATE_RUNNING);
}

/* The network breaks while each side has a part of the guest. */
static void
test_recover (Live *live, gconstpointer data)
{
  g_auto (Pair) pair = { NULL };
  g_autoptr (QmpMigration) out = NULL, in = NULL;
  g_autofree char *uri = make_uri (live, "move"), *other = make_uri (live, "other");
  g_autoptr (GError) error = NULL;

  open_pair (&pair, "q35", "q35");
  if (!switch_postcopy_on (&pair))
    return;
  limit (pair.from, CRAWL, CRAWL);
  in = take_in (pair.to, uri);
  out = send_away (pair.from, uri);
  await_progress (out);
  g_assert_true (qmp_migration_start_postcopy (out, NULL, &error));
  await_status (out, QMP_MIGRATION_STATUS_POSTCOPY_ACTIVE);
  /* only a destination that runs outlives this */
  assert_state (pair.destination, QMP_RUN_STATE_RUNNING);
  g_assert_true (qmp_migration_pause (out, NULL, &error));
  await_status (out, QMP_MIGRATION_STATUS_POSTCOPY_PAUSED);
  await_status (in, QMP_MIGRATION_STATUS_POSTCOPY_PAUSED);
  qmp_migration_recover (in, other, NULL, &error);
  g_assert_no_error (error);
  qmp_migration_recover (out, other, NULL, &error);
  g_assert_no_error (error);
  limit (pair.from, 0, 0);
  assert_arrives (out);
  assert_arrives (in);
}

/* --- who comes in the middle ------------------------------------------------------------------------ */

/* The two machines, and who comes later to each of them. */
typedef struct
{
  Pair pair;
  QmpConnection *later_from;
  QmpConnection *later_to;
} Late;

static QmpConnection *
come_later (Live *live, const char *name)
{
  g_autofree char *monitor = live_path (live, name);
  g_autoptr (GError) error = NULL;
  QmpConnection *connection = qmp_connection_open (monitor, NULL, NULL, &error);

  g_assert_no_error (error);
  return connection;
}

static void
open_late (Live *live, Late *late)
{
  g_autofree char *from = live_path (live, "from"), *to = live_path (live, "to");

  late->pair.source = launch_with_monitor (qemu (), "q35", FALSE, from);
  late->pair.destination = launch_with_monitor (qemu (), "q35", TRUE, to);
  late->pair.from = qmp_machine_get_connection (late->pair.source);
  late->pair.to = qmp_machine_get_connection (late->pair.destination);
  late->later_from = come_later (live, "from");
  late->later_to = come_later (live, "to");
}

static void
close_late (Late *late)
{
  g_clear_object (&late->later_from);
  g_clear_object (&late->later_to);
  close_pair (&late->pair);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Late, close_late)

static QmpMigration *
attach (QmpConnection *connection, gconstpointer blocking)
{
  g_autoptr (GError) error = NULL;
  GAsyncResult *result = NULL;
  QmpMigration *migration;

  if (blocking != NULL)
    migration = qmp_migration_attach (connection, NULL, &error);
  else
    {
      qmp_migration_attach_async (connection, NULL, live_keep_result, &result);
      live_wait (&result);
      migration = qmp_migration_attach_finish (result, &error);
      g_object_unref (result);
    }
  g_assert_no_error (error);
  qmp_migration_set_interval (migration, 50);
  return migration;
}

static void
test_attached (Live *live, gconstpointer blocking)
{
  g_auto (Late) late = { { NULL }, NULL, NULL };
  g_autoptr (QmpMigration) out = NULL, in = NULL, later_out = NULL, later_in = NULL, again = NULL;
  g_autofree char *uri = make_uri (live, "move");

  open_late (live, &late);
  limit (late.pair.from, CRAWL, 0);
  in = take_in (late.pair.to, uri);
  out = send_away (late.pair.from, uri);
  await_progress (out);
  later_out = attach (late.later_from, blocking);
  later_in = attach (late.later_to, blocking);
  g_assert_false (qmp_migration_get_incoming (later_out));
  g_assert_true (qmp_migration_get_incoming (later_in));
  await_progress (later_out);
  g_assert_cmpuint (qmp_migration_get_total (later_out), >=, 64 * 1024 * 1024);
  limit (late.pair.from, 0, 0);
  assert_arrives (later_out);
  assert_arrives (later_in);
  assert_arrives (out);
  assert_arrives (in);
  g_assert_cmpint (qmp_migration_get_total_time (later_out), ==, qmp_migration_get_total_time (out));
  /* and what is over is found, too */
  again = attach (late.later_from, blocking);
  g_assert_false (qmp_migration_get_active (again));
  assert_arrives (again);
}

static void
test_attached_and_cancelled (Live *live, gconstpointer blocking)
{
  g_auto (Late) late = { { NULL }, NULL, NULL };
  g_autoptr (QmpMigration) out = NULL, in = NULL, later = NULL;
  g_autofree char *uri = make_uri (live, "move");
  g_autoptr (GError) error = NULL, outcome = NULL;

  open_late (live, &late);
  limit (late.pair.from, CRAWL, 0);
  in = take_in (late.pair.to, uri);
  out = send_away (late.pair.from, uri);
  await_progress (out);
  later = attach (late.later_from, blocking);
  qmp_migration_cancel (later, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (finish (out, &outcome));
  g_assert_error (outcome, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Who has started it did not want to hear of it, and QEMU says nothing. */
static void
test_attached_unheard (Live *live, gconstpointer blocking)
{
  g_auto (Late) late = { { NULL }, NULL, NULL };
  g_autoptr (QmpMigration) later_out = NULL, later_in = NULL;
  g_autofree char *uri = make_uri (live, "move"), *arguments = g_strdup_printf ("{\"uri\":\"%s\"}", uri);
  g_autofree char *listens = NULL, *begins = NULL;

  open_late (live, &late);
  limit (late.pair.from, CRAWL, 0);
  listens = live_run (late.pair.to, "migrate-incoming", arguments);
  begins = live_run (late.pair.from, "migrate", arguments);
  later_in = attach (late.later_to, blocking);
  later_out = attach (late.later_from, blocking);
  await_progress (later_out);
  limit (late.pair.from, 0, 0);
  assert_arrives (later_out);
  assert_arrives (later_in);
  assert_state (late.pair.destination, QMP_RUN_STATE_RUNNING);
}

static void
test_nothing_to_attach_to (Live *live, gconstpointer blocking)
{
  g_auto (Late) late = { { NULL }, NULL, NULL };
  g_autoptr (QmpMigration) awaited = NULL;
  g_autoptr (GError) error = NULL;

  open_late (live, &late);
  g_assert_null (qmp_migration_attach (late.later_from, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  awaited = attach (late.later_to, blocking);
  g_assert_true (qmp_migration_get_incoming (awaited));
  g_assert_true (qmp_migration_get_active (awaited));
}

/* --- from one version to another ----------------------------------------------------------------------- */

static void
test_newer (Live *live, gconstpointer older)
{
  g_auto (Pair) pair = { launch (older, "pc-q35-7.2", FALSE), launch (qemu (), "pc-q35-7.2", TRUE), NULL, NULL };
  g_autoptr (QmpMigration) out = NULL, in = NULL;
  g_autofree char *uri = make_uri (live, "move");

  in = take_in (qmp_machine_get_connection (pair.destination), uri);
  out = send_away (qmp_machine_get_connection (pair.source), uri);
  assert_arrives (out);
  assert_arrives (in);
  assert_state (pair.destination, QMP_RUN_STATE_RUNNING);
}

int
main (int argc, char **argv)
{
  const char *older = g_getenv ("QEMU_OLDER");

  g_test_init (&argc, &argv, NULL);
  LIVE_TEST ("/migration/socket", test_socket);
  g_test_add ("/migration/socket/blocking", Live, "blocking", live_set_up, test_socket, live_tear_down);
  LIVE_TEST ("/migration/fd", test_fd);
  LIVE_TEST ("/migration/file", test_file);
  LIVE_TEST ("/migration/cancelled", test_cancelled);
  g_test_add ("/migration/cancelled/blocking", Live, "blocking", live_set_up, test_cancelled, live_tear_down);
  LIVE_TEST ("/migration/fails/and-again", test_again);
  LIVE_TEST ("/migration/fails/refused", test_refused);
  LIVE_TEST ("/migration/fails/wrong-machine", test_wrong_machine);
  LIVE_TEST ("/migration/fails/source-killed", test_source_killed);
  LIVE_TEST ("/migration/pre-switchover", test_pre_switchover);
  LIVE_TEST ("/migration/postcopy", test_postcopy);
  LIVE_TEST ("/migration/recover", test_recover);
  LIVE_TEST ("/migration/attached", test_attached);
  g_test_add ("/migration/attached/blocking", Live, "blocking", live_set_up, test_attached, live_tear_down);
  LIVE_TEST ("/migration/attached/cancelled", test_attached_and_cancelled);
  g_test_add ("/migration/attached/cancelled/blocking", Live, "blocking", live_set_up, test_attached_and_cancelled, live_tear_down);
  LIVE_TEST ("/migration/attached/unheard", test_attached_unheard);
  LIVE_TEST ("/migration/attached/nothing", test_nothing_to_attach_to);
  if (older != NULL)
    g_test_add ("/migration/newer", Live, older, live_set_up, test_newer, live_tear_down);
  return g_test_run ();
}
