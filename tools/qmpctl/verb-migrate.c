/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "qmpctl-loop.h"
#include "tool-columns.h"
#include "tool-json.h"
#include "tool-output.h"
#include "tool-progress.h"
#include "tool-table.h"
#include "tool-values.h"

#define INTERVAL 200  /* milliseconds, between two looks at it */

typedef struct
{
  char *bandwidth;
  int downtime;
  gboolean postcopy;
} Options;

typedef struct
{
  ToolApp *app;
  QmpMigration *migration;
  gboolean postcopy;    /* has still to be started */
  GError *failure;      /* of starting it */
} Move;

/* --- before it begins ------------------------------------------------------------------------ */

static gboolean
set_parameters (ToolApp *app, QmpConnection *connection, const Options *options, GError **error)
{
  g_autoptr (ToolWriter) parameters = tool_writer_new ();
  g_autofree char *bandwidth = NULL;
  g_autoptr (QmpValue) answer = NULL;

  if (options->bandwidth != NULL)
    {
      bandwidth = tool_value_of_kind_to_json (QMP_SCHEMA_JSON_TYPE_INTEGER, "--bandwidth", options->bandwidth, error);
      if (bandwidth == NULL)
        return FALSE;
    }
  if (bandwidth == NULL && options->downtime < 0)
    return TRUE;
  tool_writer_begin_object (parameters, NULL);
  tool_writer_json (parameters, "max-bandwidth", bandwidth);
  if (options->downtime >= 0)
    tool_writer_integer (parameters, "downtime-limit", (guint64) options->downtime);
  tool_writer_end_object (parameters);
  answer = qmpctl_query_with (app, connection, "migrate-set-parameters", parameters, error);
  return answer != NULL;
}

/* To be set at both sides. */
static gboolean
set_postcopy (ToolApp *app, QmpConnection *connection, const Options *options, GError **error)
{
  const char *capability = "{\"capabilities\":[{\"capability\":\"postcopy-ram\",\"state\":true}]}";
  g_autoptr (QmpValue) answer = NULL;

  if (!options->postcopy)
    return TRUE;
  answer = qmpctl_query (app, connection, "migrate-set-capabilities", capability, error);
  return answer != NULL;
}

/* --- on its way ------------------------------------------------------------------------------- */

static void
show (QmpMigration *migration)
{
  g_autofree char *amount = tool_progress_describe (qmp_migration_get_transferred (migration), qmp_migration_get_total (migration),
                                                    qmp_migration_get_speed (migration), -1);
  gint64 expected = qmp_migration_get_expected_downtime (migration);
  g_autofree char *downtime = expected >= 0 ? g_strdup_printf (", downtime %" G_GINT64_FORMAT " ms", expected) : NULL;
  g_autofree char *detail = g_strdup_printf ("%s, pass %" G_GINT64_FORMAT "%s", amount, qmp_migration_get_pass (migration),
                                             downtime != NULL ? downtime : "");

  if (qmp_migration_get_active (migration))
    tool_progress_show (qmp_migration_get_incoming (migration) ? "migrating in" : "migrating", qmp_migration_get_fraction (migration),
                        qmp_migration_get_total (migration) > 0 ? detail : NULL);
}

/* The first pass has brought all once: what is left is better fetched. */
static void
start_postcopy (Move *move)
{
  if (!move->postcopy || qmp_migration_get_status (move->migration) != QMP_MIGRATION_STATUS_ACTIVE ||
      qmp_migration_get_pass (move->migration) < 2)
    return;
  move->postcopy = FALSE;
  qmp_migration_start_postcopy (move->migration, tool_app_get_cancellable (move->app), &move->failure);
}

static gboolean
has_ended (gpointer data)
{
  Move *move = data;

  start_postcopy (move);
  show (move->migration);
  return !qmp_migration_get_active (move->migration) || move->failure != NULL ||
         qmp_connection_get_state (qmp_migration_get_connection (move->migration)) == QMP_CONNECTION_STATE_CLOSED;
}

static gboolean
is_half_there (QmpMigration *migration)
{
  QmpMigrationStatus status = qmp_migration_get_status (migration);

  return status == QMP_MIGRATION_STATUS_POSTCOPY_ACTIVE || status == QMP_MIGRATION_STATUS_POSTCOPY_PAUSED ||
         status == QMP_MIGRATION_STATUS_POSTCOPY_RECOVER;
}

/* What was interrupted: TRUE if it was too late, and has all been done. */
static gboolean
give_up (ToolApp *app, QmpMigration *migration)
{
  tool_progress_clear ();
  if (qmp_migration_get_incoming (migration))
    tool_complain ("Nobody waits any more, but QEMU still takes the machine in");
  else if (is_half_there (migration))
    tool_complain ("The guest is at its destination in part, so that this goes on");
  else
    {
      tool_complain ("The migration is cancelled");
      tool_app_begin_cleanup (app);
      qmp_migration_cancel (migration, tool_app_get_cancellable (app), NULL);
      if (qmp_migration_get_status (migration) != QMP_MIGRATION_STATUS_COMPLETED)
        return FALSE;
      tool_complain ("It had been done by then");
      return TRUE;
    }
  return FALSE;
}

static gboolean
follow (ToolApp *app, QmpMigration *migration, gboolean postcopy, GError **error)
{
  Move move = { app, migration, postcopy, NULL };
  gboolean ended;

  qmp_migration_set_interval (migration, INTERVAL);
  ended = qmpctl_run_until (app, has_ended, &move, tool_app_get_timeout (app), error);
  tool_progress_clear ();
  if (move.failure != NULL)
    {
      g_propagate_prefixed_error (error, move.failure, "The migration goes on without postcopy: ");
      return FALSE;
    }
  if (ended)
    return qmp_migration_wait (migration, NULL, error) || qmpctl_explain_cancel (app, "The migration was cancelled", error);
  if (!g_cancellable_is_cancelled (tool_app_get_cancellable (app)))
    g_prefix_error (error, "The migration goes on: ");
  else if (give_up (app, migration))
    {
      g_clear_error (error);
      return TRUE;
    }
  return FALSE;
}

static void
print_end (ToolApp *app, QmpMigration *migration)
{
  g_autofree char *moved = tool_format_size (qmp_migration_get_transferred (migration));
  g_autoptr (ToolWriter) writer = tool_writer_new ();

  if (tool_app_wants_json (app))
    {
      tool_writer_begin_object (writer, NULL);
      tool_writer_text (writer, "status", "completed");
      if (qmp_migration_get_total_time (migration) >= 0)
        tool_writer_integer (writer, "total-time", (guint64) qmp_migration_get_total_time (migration));
      if (qmp_migration_get_downtime (migration) >= 0)
        tool_writer_integer (writer, "downtime", (guint64) qmp_migration_get_downtime (migration));
      tool_writer_integer (writer, "transferred", qmp_migration_get_transferred (migration));
      tool_writer_end_object (writer);
      tool_json_print (tool_writer_get_json (writer), TRUE);
    }
  else if (qmp_migration_get_incoming (migration))
    tool_print ("The machine is here.\n");
  else
    tool_print ("The machine is there: %s in %.1f s, and it stood still for %" G_GINT64_FORMAT " ms.\n", moved,
                (double) qmp_migration_get_total_time (migration) / 1000, MAX (qmp_migration_get_downtime (migration), 0));
}

static gboolean
move_out (ToolApp *app, QmpConnection *connection, const char *uri, const Options *options, GError **error)
{
  g_autoptr (QmpMigration) migration = NULL;

  if (!set_parameters (app, connection, options, error) || !set_postcopy (app, connection, options, error))
    return FALSE;
  migration = qmp_migration_start (connection, uri, NULL, tool_app_get_cancellable (app), error);
  if (migration == NULL || !follow (app, migration, options->postcopy, error))
    return FALSE;
  print_end (app, migration);
  return TRUE;
}

static gboolean
take_in (ToolApp *app, QmpConnection *connection, const char *uri, const Options *options, GError **error)
{
  g_autoptr (QmpMigration) migration = NULL;

  if (!set_postcopy (app, connection, options, error))
    return FALSE;
  migration = qmp_migration_receive (connection, uri, NULL, tool_app_get_cancellable (app), error);
  if (migration == NULL || !follow (app, migration, FALSE, error))
    return FALSE;
  print_end (app, migration);
  return TRUE;
}

/* --- looking at one, and ending it ------------------------------------------------------------- */

static void
print_size (QmpValue *status, const char *label, const char *member)
{
  g_autofree char *text = tool_cell_format_member (status, member, TOOL_CELL_SIZE);

  tool_print_fact (label, text);
}

static void
print_number (QmpValue *status, const char *label, const char *member, const char *unit)
{
  g_autofree char *number = tool_cell_format_member (status, member, TOOL_CELL_TEXT);
  g_autofree char *text = number != NULL ? g_strconcat (number, unit, NULL) : NULL;

  tool_print_fact (label, text);
}

static void
print_status (ToolWriter *writer)
{
  g_autoptr (QmpValue) status = tool_writer_to_value (writer);

  print_number (status, "Status", "status", "");
  print_number (status, "Error", "error", "");
  print_size (status, "Transferred", "transferred");
  print_size (status, "Remaining", "remaining");
  print_size (status, "Total", "total");
  print_number (status, "Pass", "pass", "");
  print_number (status, "Time", "total-time", " ms");
  print_number (status, "Downtime", "downtime", " ms");
  print_number (status, "Expected", "expected-downtime", " ms of downtime");
}

static gboolean
status (ToolApp *app, QmpConnection *connection, GError **error)
{
  g_autoptr (QmpValue) answer = qmpctl_query (app, connection, "query-migrate", NULL, error);
  g_autoptr (QmpValue) memory = answer != NULL ? qmp_value_get_member (answer, "ram") : NULL;
  g_autofree char *state = answer != NULL ? qmp_value_dup_member_string (answer, "status") : NULL;
  g_autoptr (ToolWriter) writer = tool_writer_new ();

  if (answer == NULL)
    return FALSE;
  tool_writer_begin_object (writer, NULL);
  tool_writer_text (writer, "status", state != NULL ? state : "none");
  tool_writer_copy (writer, "error", answer, "error-desc");
  tool_writer_copy (writer, "transferred", memory, "transferred");
  tool_writer_copy (writer, "remaining", memory, "remaining");
  tool_writer_copy (writer, "total", memory, "total");
  tool_writer_copy (writer, "pass", memory, "dirty-sync-count");
  tool_writer_copy (writer, "total-time", answer, "total-time");
  tool_writer_copy (writer, "downtime", answer, "downtime");
  tool_writer_copy (writer, "expected-downtime", answer, "expected-downtime");
  tool_writer_end_object (writer);
  if (tool_app_wants_json (app))
    tool_json_print (tool_writer_get_json (writer), TRUE);
  else
    print_status (writer);
  return TRUE;
}

static gboolean
cancel (ToolApp *app, QmpConnection *connection, GError **error)
{
  g_autoptr (QmpValue) answer = qmpctl_query (app, connection, "migrate_cancel", NULL, error);

  return answer != NULL;
}

/* --- the verb ------------------------------------------------------------------------------------ */

static gboolean
act (ToolApp *app, int argc, char **argv, const Options *options, GError **error)
{
  gboolean incoming = strcmp (argv[1], "incoming") == 0;
  gboolean asks = argc == 2 && strcmp (argv[1], "status") == 0;
  gboolean cancels = argc == 2 && strcmp (argv[1], "cancel") == 0;
  g_autoptr (QmpConnection) connection = NULL;

  if (argc != (incoming ? 3 : 2) || options->downtime < -1 || !g_utf8_validate (argv[argc - 1], -1, NULL))
    {
      g_set_error_literal (error, TOOL_ERROR, TOOL_ERROR_USAGE,
                           "It is \"migrate URI\", \"migrate incoming URI\", \"migrate status\" or \"migrate cancel\"");
      return FALSE;
    }
  connection = qmpctl_connect (app, error);
  if (connection == NULL)
    return FALSE;
  if (asks)
    return status (app, connection, error);
  if (cancels)
    return cancel (app, connection, error);
  return incoming ? take_in (app, connection, argv[2], options, error) : move_out (app, connection, argv[1], options, error);
}

static gboolean
migrate (ToolApp *app, int argc, char **argv, GError **error)
{
  Options options = { NULL, -1, FALSE };
  const GOptionEntry entries[] = {
    { "bandwidth", 'b', 0, G_OPTION_ARG_STRING, &options.bandwidth, "At most so many bytes in a second, such as 100M", "SIZE" },
    { "downtime", 'd', 0, G_OPTION_ARG_INT, &options.downtime, "The guest may stand still for so long", "MILLISECONDS" },
    { "postcopy", 'p', 0, G_OPTION_ARG_NONE, &options.postcopy, "Switch over after one pass; to be given at both sides", NULL },
    { NULL },
  };
  gboolean done = tool_app_parse (app, entries, &argc, &argv, 1, 2, error) && act (app, argc, argv, &options, error);

  g_free (options.bandwidth);
  return done;
}

const ToolVerb qmpctl_migrate = {
  .name = "migrate",
  .synopsis = "URI | incoming URI | status | cancel",
  .summary = "Send the machine to another QEMU, or take one in, and wait until it is there",
  .description =
    "URI is tcp:HOST:PORT, unix:PATH, or what else QEMU takes. The destination is a QEMU with -incoming defer.\n"
    "^C cancels a migration, unless the guest is at its destination in part already.\n"
    "\n"
    "  qmpctl /run/there.qmp migrate incoming unix:/run/move &\n"
    "  qmpctl /run/here.qmp migrate unix:/run/move --downtime 100",
  .run = migrate,
};
