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
  g_autoptr (QmpConnection) first = live_open (&fixture->live);
  g_autofree char *real = NULL;
  g_autofree char *played = NULL;

  /* QEMU goes on once it has had its first client */
  qmp_connection_close (first, NULL, NULL);
  real = watch_through (fixture, record, watch);
  played = watch_through (fixture, replay, watch);

  g_test_message ("%s", real);
  g_assert_cmpstr (played, ==, real);
}

/* How it went on, from before its start. */
static void
on_event (QmpConnection *connection, QmpEvent *event, gpointer told)
{
  g_autoptr (JsonNode) node = qmp_event_get_data_node (event);
  g_autofree char *data = node != NULL ? json_to_string (node, FALSE) : g_strdup ("");

  g_string_append_printf (told, "%s %s\n", qmp_event_get_name (event), data);
}

static void
deliver_events (QmpConnection *connection, GString *told)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_signal_handlers_disconnect_by_data (connection, told);
}

/* --- migrations --------------------------------------------------------------------- */

static char *
watch_migration (QmpConnection *connection)
{
  GString *told = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpMigration) migration = NULL;

  g_signal_connect (connection, "event", G_CALLBACK (on_event), told);
  migration = qmp_migration_start (connection, "exec:cat >/dev/null", NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (qmp_migration_wait (migration, NULL, &error));
  g_assert_no_error (error);
  deliver_events (connection, told);
  g_string_append_printf (told, "%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " bytes, %" G_GINT64_FORMAT " ms, down %"
                          G_GINT64_FORMAT " ms", qmp_migration_get_transferred (migration), qmp_migration_get_total (migration),
                          qmp_migration_get_total_time (migration), qmp_migration_get_downtime (migration));
  return g_string_free (told, FALSE);
}

static void
test_migration (Fixture *fixture, gconstpointer data)
{
  live_start_monitor (&fixture->live, "-M", "pc", "-m", "16", NULL);
  compare (fixture, watch_migration);
}

/* --- jobs --------------------------------------------------------------------------- */

static char *
watch_job (QmpConnection *connection)
{
  GString *told = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpRequest) request = qmp_request_new ("blockdev-backup");
  g_autoptr (QmpJob) job = NULL;

  g_assert_true (qmp_request_set_arguments_json (request,
    "{\"job-id\":\"copy\",\"device\":\"from\",\"target\":\"to\",\"sync\":\"full\",\"auto-dismiss\":false}", &error));
  g_signal_connect (connection, "event", G_CALLBACK (on_event), told);
  job = qmp_job_start (connection, request, "copy", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (qmp_job_wait (job, NULL, &error));
  g_assert_no_error (error);
  deliver_events (connection, told);
  g_string_append_printf (told, "%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT, qmp_job_get_current_progress (job),
                          qmp_job_get_total_progress (job));
  return g_string_free (told, FALSE);
}

static void
test_job (Fixture *fixture, gconstpointer data)
{
  live_start_monitor (&fixture->live, "-blockdev", "null-co,node-name=from,size=67108864,read-zeroes=on", "-blockdev",
                      "null-co,node-name=to,size=67108864", NULL);
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
