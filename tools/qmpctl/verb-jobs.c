/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "qmpctl-loop.h"
#include "tool-json.h"
#include "tool-output.h"
#include "tool-progress.h"
#include "tool-table.h"

/* --- all of them, once ---------------------------------------------------------------- */

static gboolean
list (ToolApp *app, QmpConnection *connection, GError **error)
{
  g_autoptr (QmpValue) answer = qmpctl_query (app, connection, "query-jobs", NULL, error);
  g_autoptr (ToolWriter) writer = tool_writer_new ();
  g_autoptr (QmpValue) jobs = NULL;

  if (answer == NULL)
    return FALSE;
  qmpctl_write_jobs (writer, NULL, answer);
  jobs = tool_writer_to_value (writer);
  if (tool_app_wants_json (app))
    tool_json_print (tool_writer_get_json (writer), TRUE);
  else
    qmpctl_print_jobs (jobs);
  return TRUE;
}

/* --- all of them, until they have ended ------------------------------------------------- */

typedef struct
{
  ToolApp *app;
  QmpJobList *jobs;
  GHashTable *statuses;  /* of QmpJob to its last QmpJobStatus */
} Watch;

static const char *
get_status_text (QmpJob *job)
{
  GEnumClass *class = g_type_class_ref (QMP_TYPE_JOB_STATUS);
  const GEnumValue *value = g_enum_get_value (class, (int) qmp_job_get_status (job));

  g_type_class_unref (class);
  return value != NULL ? value->value_nick : "?";
}

static void
print_status (ToolApp *app, QmpJob *job)
{
  g_autoptr (ToolWriter) writer = tool_writer_new ();
  const char *why = qmp_job_get_error (job);
  int percent = (int) (qmp_job_get_fraction (job) * 100);

  tool_progress_clear ();
  if (!tool_app_wants_json (app))
    {
      tool_print_styled (TOOL_STYLE_NAME, "%s", qmp_job_get_id (job));
      tool_print (" %s, %d%%%s%s\n", get_status_text (job), percent, why != NULL ? ": " : "", why != NULL ? why : "");
      return;
    }
  tool_writer_begin_object (writer, NULL);
  tool_writer_text (writer, "id", qmp_job_get_id (job));
  tool_writer_text (writer, "type", qmp_job_get_job_type_text (job));
  tool_writer_text (writer, "status", get_status_text (job));
  tool_writer_integer (writer, "current-progress", qmp_job_get_current_progress (job));
  tool_writer_integer (writer, "total-progress", qmp_job_get_total_progress (job));
  tool_writer_text (writer, "error", why);
  tool_writer_end_object (writer);
  tool_json_print (tool_writer_get_json (writer), TRUE);
}

/* That one is gone is no news of one that has concluded. */
static void
look_at (Watch *watch, QmpJob *job)
{
  int status = (int) qmp_job_get_status (job);
  gpointer before;

  if (g_hash_table_lookup_extended (watch->statuses, job, NULL, &before) && GPOINTER_TO_INT (before) == status)
    return;
  g_hash_table_insert (watch->statuses, g_object_ref (job), GINT_TO_POINTER (status));
  if (status != QMP_JOB_STATUS_NULL)
    print_status (watch->app, job);
}

static gboolean
all_have_ended (gpointer data)
{
  Watch *watch = data;
  GHashTableIter iter;
  gpointer job;
  gboolean active = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (watch->jobs)); i++)
    {
      g_autoptr (QmpJob) listed = g_list_model_get_item (G_LIST_MODEL (watch->jobs), i);

      look_at (watch, listed);
    }
  /* these may have left the list */
  g_hash_table_iter_init (&iter, watch->statuses);
  while (g_hash_table_iter_next (&iter, &job, NULL))
    active |= qmp_job_get_active (job);
  qmpctl_show_jobs (watch->jobs);
  tool_output_flush (NULL);
  return !active || !qmp_job_list_get_loaded (watch->jobs);
}

/* The first of those that have failed is what it fails with. */
static gboolean
find_failure (Watch *watch, GError **error)
{
  GHashTableIter iter;
  gpointer job;

  g_hash_table_iter_init (&iter, watch->statuses);
  while (g_hash_table_iter_next (&iter, &job, NULL))
    if (qmp_job_get_error (job) != NULL)
      {
        g_set_error (error, TOOL_ERROR, TOOL_ERROR_FAILED, "The job %s failed: %s", qmp_job_get_id (job), qmp_job_get_error (job));
        return FALSE;
      }
  return TRUE;
}

static gboolean
watch (ToolApp *app, QmpConnection *connection, GError **error)
{
  g_autoptr (QmpJobList) jobs = qmpctl_load_jobs (app, connection, error);
  g_autoptr (GHashTable) statuses = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  Watch watched = { app, jobs, statuses };

  return jobs != NULL && qmpctl_run_until (app, all_have_ended, &watched, tool_app_get_timeout (app), error) &&
         find_failure (&watched, error);
}

/* --- one of them ---------------------------------------------------------------------------- */

typedef struct
{
  QmpJobList *jobs;
  GAsyncResult *result;
} Wait;

static gboolean
has_result (gpointer data)
{
  Wait *wait = data;

  qmpctl_show_jobs (wait->jobs);
  return wait->result != NULL;
}

static gboolean
wait_for (ToolApp *app, QmpConnection *connection, const char *id, GError **error)
{
  g_autoptr (QmpJobList) jobs = qmpctl_load_jobs (app, connection, error);
  QmpJob *found = jobs != NULL ? qmp_job_list_find (jobs, id) : NULL;
  g_autoptr (QmpJob) job = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  Wait wait = { jobs, NULL };

  if (found == NULL)
    {
      if (jobs != NULL)
        g_set_error (error, TOOL_ERROR, TOOL_ERROR_FAILED, "There is no job \"%s\"", id);
      return FALSE;
    }
  job = g_object_ref (found);
  qmp_job_wait_async (job, NULL, qmpctl_take_result, &wait.result);
  if (!qmpctl_run_until (app, has_result, &wait, tool_app_get_timeout (app), error))
    /* the process ends before this place is written to */
    return FALSE;
  result = wait.result;
  return qmp_job_wait_finish (job, result, error) || qmpctl_explain_cancel (app, "The job was cancelled", error);
}

static gboolean
tell (ToolApp *app, QmpConnection *connection, const char *command, const char *id, GError **error)
{
  g_autoptr (ToolWriter) arguments = tool_writer_new ();
  g_autoptr (QmpValue) answer = NULL;

  tool_writer_begin_object (arguments, NULL);
  tool_writer_text (arguments, "id", id);
  tool_writer_end_object (arguments);
  answer = qmpctl_query_with (app, connection, command, arguments, error);
  return answer != NULL;
}

/* --- the verb ---------------------------------------------------------------------------------- */

static const struct
{
  const char *word;
  const char *command;
} actions[] = {
  { "cancel", "job-cancel" },
  { "complete", "job-complete" },
  { "pause", "job-pause" },
  { "resume", "job-resume" },
  { "finalize", "job-finalize" },
  { "dismiss", "job-dismiss" },
  { "wait", NULL },
};

static gboolean
act (ToolApp *app, QmpConnection *connection, const char *word, const char *id, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (strcmp (actions[i].word, word) == 0)
      return actions[i].command != NULL ? tell (app, connection, actions[i].command, id, error)
                                        : wait_for (app, connection, id, error);
  g_return_val_if_reached (FALSE);
}

/* Before anything is opened. */
static gboolean
check_words (int argc, char **argv, gboolean watched, GError **error)
{
  for (guint i = 0; argc == 3 && !watched && i < G_N_ELEMENTS (actions); i++)
    if (strcmp (actions[i].word, argv[1]) == 0)
      return TRUE;
  if (argc == 1)
    return TRUE;
  g_set_error (error, TOOL_ERROR, TOOL_ERROR_USAGE,
               "It is \"jobs\", \"jobs --watch\", or \"jobs ACTION ID\"; actions are cancel, complete, pause, resume, "
               "finalize, dismiss and wait");
  return FALSE;
}

static gboolean
jobs (ToolApp *app, int argc, char **argv, GError **error)
{
  gboolean watched = FALSE;
  const GOptionEntry entries[] = {
    { "watch", 'w', 0, G_OPTION_ARG_NONE, &watched, "Tell what becomes of them, until all have ended", NULL },
    { NULL },
  };
  g_autoptr (QmpConnection) connection = NULL;

  if (!tool_app_parse (app, entries, &argc, &argv, 0, -1, error) || !check_words (argc, argv, watched, error))
    return FALSE;
  connection = qmpctl_connect (app, error);
  if (connection == NULL)
    return FALSE;
  if (argc > 1)
    return act (app, connection, argv[1], argv[2], error);
  return watched ? watch (app, connection, error) : list (app, connection, error);
}

const ToolVerb qmpctl_jobs = {
  .name = "jobs",
  .synopsis = "[ACTION ID]",
  .summary = "List jobs, follow them, or do something with one",
  .description =
    "Actions: cancel, complete, pause, resume, finalize and dismiss, and wait, which ends when the job does, with\n"
    "its success. A job that is \"ready\" waits to be completed, one that is \"pending\" to be finalized.\n"
    "With --watch and --json, a line for each new status of a job.",
  .run = jobs,
};
