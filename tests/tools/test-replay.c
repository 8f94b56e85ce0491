/* SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What takes long, with a real QEMU through qmpctl record, and once more with
 * what qmpctl replay makes of that: the library sees the same. */
#include "live/live.h"

#include <signal.h>

typedef struct
{
  Live live;
  char *talk;
  char *between;
} Fixture;

/* What somebody who watches an object is told of it. */
typedef char *(*Watch) (QmpConnection *connection);

static void
set_up (Fixture *fixture, gconstpointer data)
{
  live_set_up (&fixture->live, data);
  fixture->talk = live_path (&fixture->live, "talk");
  fixture->between = live_path (&fixture->live, "between");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_free (fixture->talk);
  g_free (fixture->between);
  live_tear_down (&fixture->live, data);
}

/* Returns when it listens. */
static GSubprocess *
start_tool (Fixture *fixture, const char *const *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *line = NULL;
  GSubprocess *tool = g_subprocess_newv (words, G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);

  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (tool));
  line = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (line, ==, fixture->between);
  return tool;
}

static char *
watch_through (Fixture *fixture, const char *const *words, Watch watch)
{
  g_autoptr (GSubprocess) tool = start_tool (fixture, words);
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpConnection) connection = qmp_connection_open (fixture->between, NULL, NULL, &error);
  char *told;

  g_assert_no_error (error);
  told = watch (connection);
  qmp_connection_close (connection, NULL, NULL);
  g_subprocess_send_signal (tool, SIGINT);
  g_subprocess_wait_check (tool, NULL, &error);
  g_assert_no_error (error);
  return told;
}

static void
compare (Fixture *fixture, Watch watch)
{
  const char *const record[] = { g_getenv ("QMPCTL"), fixture->live.monitor, "record", fixture->talk, fixture->between, NULL };
  const char *const replay[] = { g_getenv ("QMPCTL"), "replay", fixture->talk, fixture->between, NULL };
  g_autofree char *real = watch_through (fixture, record, watch);
  g_autofree char *played = watch_through (fixture, replay, watch);

  g_test_message ("%s", real);
  g_assert_cmpstr (played, ==, real);
}

/* --- migrations --------------------------------------------------------------------- */

static void
on_migration_status (QmpMigration *migration, GParamSpec *spec, gpointer told)
{
  g_autofree char *nick = g_enum_to_string (QMP_TYPE_MIGRATION_STATUS, qmp_migration_get_status (migration));

  g_string_append_printf (told, "%s ", nick);
}

static char *
watch_migration (QmpConnection *connection)
{
  GString *told = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpMigration) migration = qmp_migration_start (connection, "exec:cat >/dev/null", NULL, NULL, &error);

  g_assert_no_error (error);
  on_migration_status (migration, NULL, told);
  g_signal_connect (migration, "notify::status", G_CALLBACK (on_migration_status), told);
  g_assert_true (qmp_migration_wait (migration, NULL, &error));
  g_assert_no_error (error);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_string_append_printf (told, "%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " bytes, %" G_GINT64_FORMAT " ms, down %"
                          G_GINT64_FORMAT " ms", qmp_migration_get_transferred (migration), qmp_migration_get_total (migration),
                          qmp_migration_get_total_time (migration), qmp_migration_get_downtime (migration));
  g_signal_handlers_disconnect_by_data (migration, told);
  return g_string_free (told, FALSE);
}

static void
test_migration (Fixture *fixture, gconstpointer data)
{
  live_start_monitor (&fixture->live, "-M", "pc", "-m", "16", NULL);
  compare (fixture, watch_migration);
}

/* --- jobs --------------------------------------------------------------------------- */

static void
on_job_status (QmpJob *job, GParamSpec *spec, gpointer told)
{
  g_autofree char *nick = g_enum_to_string (QMP_TYPE_JOB_STATUS, qmp_job_get_status (job));

  g_string_append_printf (told, "%s ", nick);
}

static char *
watch_job (QmpConnection *connection)
{
  GString *told = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpRequest) request = qmp_request_new ("blockdev-backup");
  g_autoptr (QmpJob) job = NULL;

  g_assert_true (qmp_request_set_arguments_json (request,
    "{\"job-id\":\"copy\",\"device\":\"from\",\"target\":\"to\",\"sync\":\"full\",\"auto-dismiss\":false}", &error));
  job = qmp_job_start (connection, request, "copy", NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (job, "notify::status", G_CALLBACK (on_job_status), told);
  g_assert_true (qmp_job_wait (job, NULL, &error));
  g_assert_no_error (error);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_string_append_printf (told, "%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT, qmp_job_get_current_progress (job),
                          qmp_job_get_total_progress (job));
  g_signal_handlers_disconnect_by_data (job, told);
  return g_string_free (told, FALSE);
}

static void
test_job (Fixture *fixture, gconstpointer data)
{
  live_start_monitor (&fixture->live, "-blockdev", "null-co,node-name=from,size=64M,read-zeroes=on", "-blockdev",
                      "null-co,node-name=to,size=64M", NULL);
  compare (fixture, watch_job);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/qmpctl/replay/migration", Fixture, NULL, set_up, test_migration, tear_down);
  g_test_add ("/qmpctl/replay/job", Fixture, NULL, set_up, test_job, tear_down);
  return g_test_run ();
}
