/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmpctl-loop.h"

#include "tool-progress.h"

#define MOST_BARS 20

static gboolean
on_time_over (gpointer over)
{
  *(gboolean *) over = TRUE;
  return G_SOURCE_CONTINUE;
}

gboolean
qmpctl_run_until (ToolApp *app, QmpctlDone done, gpointer data, int timeout, GError **error)
{
  GCancellable *cancellable = tool_app_get_cancellable (app);
  g_autoptr (GSource) cancelled = g_cancellable_source_new (cancellable);
  gboolean over = FALSE;
  guint timer = timeout >= 0 ? g_timeout_add ((guint) timeout, on_time_over, &over) : 0;
  gboolean ended;

  g_source_set_dummy_callback (cancelled);
  g_source_attach (cancelled, NULL);
  while (!(ended = done (data)) && !over && !g_cancellable_is_cancelled (cancellable))
    g_main_context_iteration (NULL, TRUE);
  g_source_destroy (cancelled);
  if (timer != 0)
    g_source_remove (timer);

  if (ended)
    return TRUE;
  if (!g_cancellable_set_error_if_cancelled (cancellable, error))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "It did not come to that in time");
  return FALSE;
}

void
qmpctl_take_result (GObject *source, GAsyncResult *result, gpointer data)
{
  GAsyncResult **place = data;

  *place = g_object_ref (result);
}

GAsyncResult *
qmpctl_await (GAsyncResult **place, QmpJobList *jobs)
{
  while (*place == NULL)
    {
      if (jobs != NULL)
        qmpctl_show_jobs (jobs);
      g_main_context_iteration (NULL, TRUE);
    }
  tool_progress_clear ();
  return g_steal_pointer (place);
}

/* --- jobs ------------------------------------------------------------------------------ */

static gboolean
is_loaded (gpointer data)
{
  QmpJobList *jobs = data;

  return qmp_job_list_get_loaded (jobs) ||
         qmp_connection_get_state (qmp_job_list_get_connection (jobs)) == QMP_CONNECTION_STATE_CLOSED;
}

QmpJobList *
qmpctl_load_jobs (ToolApp *app, QmpConnection *connection, GError **error)
{
  g_autoptr (QmpJobList) jobs = NULL;
  /* what QEMU does not want to tell, a list would wait for */
  g_autoptr (QmpValue) answer = qmpctl_query (app, connection, "query-jobs", NULL, error);

  if (answer == NULL)
    return NULL;
  jobs = qmp_job_list_new (connection);
  return qmpctl_run_until (app, is_loaded, jobs, qmp_connection_get_default_timeout (connection), error)
    ? g_steal_pointer (&jobs) : NULL;
}

/* Of other jobs, progress is a step or two. */
static gboolean
counts_bytes (QmpJob *job)
{
  const char *const types[] = { "commit", "stream", "mirror", "backup", NULL };
  const char *type = qmp_job_get_job_type_text (job);

  return type != NULL && g_strv_contains (types, type);
}

static char *
describe_job (QmpJob *job)
{
  return counts_bytes (job) ? tool_progress_describe (qmp_job_get_current_progress (job), qmp_job_get_total_progress (job),
                                                      qmp_job_get_speed (job), qmp_job_get_time_left (job))
                            : g_strdup (qmp_job_get_job_type_text (job));
}

void
qmpctl_show_jobs (QmpJobList *jobs)
{
  ToolProgressRow rows[MOST_BARS] = { { NULL } };
  guint count = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (jobs)) && count < MOST_BARS; i++)
    {
      g_autoptr (QmpJob) job = g_list_model_get_item (G_LIST_MODEL (jobs), i);

      if (!qmp_job_get_active (job))
        continue;
      rows[count].label = qmp_job_get_id (job);
      rows[count].fraction = qmp_job_get_total_progress (job) > 0 ? qmp_job_get_fraction (job) : -1;
      rows[count++].detail = describe_job (job);
    }
  if (count > 0)
    tool_progress_show_rows (rows, count);
  else
    tool_progress_clear ();
  for (guint i = 0; i < count; i++)
    g_free ((char *) rows[i].detail);
}

gboolean
qmpctl_explain_cancel (ToolApp *app, const char *text, GError **error)
{
  if (error != NULL && g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED) &&
      !g_cancellable_is_cancelled (tool_app_get_cancellable (app)))
    {
      g_clear_error (error);
      g_set_error_literal (error, TOOL_ERROR, TOOL_ERROR_FAILED, text);
    }
  return FALSE;
}
