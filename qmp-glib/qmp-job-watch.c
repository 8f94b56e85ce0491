/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-job-watch-private.h"

#include "qmp-glib.h"
#include "qmp-job-list-private.h"
#include "qmp-job-private.h"

/* Of two streams with the same events, one rings and the other one keeps: so
 * whoever wants to know, a reply that has come or a call that blocks, finds
 * all events that came before, and each only once. */
#define KEPT 4096

/* More jobs, or more of them in motion during one query, are not for real. */
#define MOST_JOBS 1024

/* After a query that failed. */
#define RETRY_MS 500

struct _QmpJobWatch
{
  int references;
  int users;               /* the list, and each job */
  QmpConnection *connection;
  QmpEventStream *bell;
  QmpEventStream *kept;
  GCancellable *leaving;
  GMainContext *context;
  GHashTable *jobs;        /* of GWeakRef, by id */
  GWeakRef list;
  gboolean has_list;
  guint interval;
  GHashTable *touched;     /* ids with an event since the query; whether created */
  gboolean querying;
  gboolean failed;         /* the last query did */
  GError *end;
  GMutex lock;
  GSource *timer;          /* under the lock */
};

/* --- life ------------------------------------------------------------------------------------ */

static void
free_weak (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

static QmpJobWatch *
ref (QmpJobWatch *self)
{
  g_atomic_int_inc (&self->references);
  return self;
}

static void
unref (gpointer data)
{
  QmpJobWatch *self = data;

  if (!g_atomic_int_dec_and_test (&self->references))
    return;
  g_object_unref (self->connection);
  g_object_unref (self->bell);
  g_object_unref (self->kept);
  g_object_unref (self->leaving);
  g_main_context_unref (self->context);
  g_hash_table_unref (self->jobs);
  g_hash_table_unref (self->touched);
  g_weak_ref_clear (&self->list);
  g_clear_error (&self->end);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static void
stop_timer (QmpJobWatch *self)
{
  GSource *timer;

  g_mutex_lock (&self->lock);
  timer = g_steal_pointer (&self->timer);
  g_mutex_unlock (&self->lock);
  if (timer == NULL)
    return;
  g_source_destroy (timer);
  g_source_unref (timer);
}

QmpJobWatch *
qmp_job_watch_use (QmpJobWatch *self)
{
  g_atomic_int_inc (&self->users);
  return ref (self);
}

/* From any thread. */
void
qmp_job_watch_leave (QmpJobWatch *self)
{
  if (g_atomic_int_dec_and_test (&self->users))
    {
      g_cancellable_cancel (self->leaving);
      stop_timer (self);
    }
  unref (self);
}

static void ring (QmpJobWatch *self);

QmpJobWatch *
qmp_job_watch_new (QmpConnection *connection)
{
  static const char *const names[] = {
    "JOB_STATUS_CHANGE", "BLOCK_JOB_COMPLETED", "BLOCK_JOB_CANCELLED", "BLOCK_JOB_READY", "BLOCK_JOB_PENDING", NULL,
  };
  QmpJobWatch *self = g_new0 (QmpJobWatch, 1);

  self->references = self->users = 1;
  self->connection = g_object_ref (connection);
  self->kept = qmp_connection_watch_events (connection, names, KEPT);
  self->bell = qmp_connection_watch_events (connection, names, 1);
  self->leaving = g_cancellable_new ();
  self->context = g_main_context_ref_thread_default ();
  self->jobs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_weak);
  self->touched = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_weak_ref_init (&self->list, NULL);
  g_mutex_init (&self->lock);
  ring (self);
  return self;
}

QmpConnection *
qmp_job_watch_get_connection (QmpJobWatch *self)
{
  return self->connection;
}

guint
qmp_job_watch_get_interval (QmpJobWatch *self)
{
  return self->interval;
}

/* --- whom it serves ---------------------------------------------------------------------------- */

void
qmp_job_watch_set_list (QmpJobWatch *self, QmpJobList *list)
{
  self->has_list = TRUE;
  g_weak_ref_set (&self->list, list);
}

void
qmp_job_watch_add (QmpJobWatch *self, QmpJob *job)
{
  GWeakRef *weak = g_new0 (GWeakRef, 1);

  g_weak_ref_init (weak, job);
  g_hash_table_replace (self->jobs, g_strdup (qmp_job_get_id (job)), weak);
}

static QmpJob *
find (QmpJobWatch *self, const char *id)
{
  GWeakRef *weak = g_hash_table_lookup (self->jobs, id);

  return weak != NULL ? g_weak_ref_get (weak) : NULL;
}

static gboolean
is_forgotten (gpointer id, gpointer weak, gpointer data)
{
  g_autoptr (QmpJob) job = g_weak_ref_get (weak);

  return job == NULL;
}

/* All that are still held by somebody. */
static GPtrArray *
get_jobs (QmpJobWatch *self)
{
  GPtrArray *jobs = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer weak;

  g_hash_table_foreach_remove (self->jobs, is_forgotten, NULL);
  g_hash_table_iter_init (&iter, self->jobs);
  while (g_hash_table_iter_next (&iter, NULL, &weak))
    {
      QmpJob *job = g_weak_ref_get (weak);

      if (job != NULL)
        g_ptr_array_add (jobs, job);
    }
  return jobs;
}

/* A job that nobody knew. Only a list wants those. */
static QmpJob *
welcome (QmpJobWatch *self, const char *id)
{
  g_autoptr (QmpJobList) list = g_weak_ref_get (&self->list);
  QmpJob *job;

  if (list == NULL || g_hash_table_size (self->jobs) >= MOST_JOBS)
    return NULL;
  job = qmp_job_new (self, id);
  qmp_job_watch_add (self, job);
  return job;
}

static void
tell_list (QmpJobWatch *self, QmpJob *job)
{
  g_autoptr (QmpJobList) list = g_weak_ref_get (&self->list);

  if (list != NULL)
    qmp_job_list_show (list, job);
}

static void
see_off (QmpJobWatch *self, QmpJob *job)
{
  g_autoptr (QmpJobList) list = g_weak_ref_get (&self->list);
  g_autoptr (QmpJob) known = find (self, qmp_job_get_id (job));

  if (known == job)
    g_hash_table_remove (self->jobs, qmp_job_get_id (job));
  qmp_job_take_status (job, QMP_JOB_STATUS_NULL);
  if (list != NULL)
    qmp_job_list_hide (list, job);
}

/* --- events ------------------------------------------------------------------------------------ */

static void
touch (QmpJobWatch *self, const char *id, gboolean created)
{
  gpointer before = g_hash_table_lookup (self->touched, id);

  if (self->querying)
    g_hash_table_replace (self->touched, g_strdup (id), GINT_TO_POINTER (created || GPOINTER_TO_INT (before) == 2 ? 2 : 1));
}

/* What a job is called may be given to another once it is gone. */
static void
take_status (QmpJobWatch *self, const char *id, QmpJobStatus status)
{
  g_autoptr (QmpJob) job = find (self, id);

  touch (self, id, status == QMP_JOB_STATUS_CREATED);
  if (job != NULL && status == QMP_JOB_STATUS_CREATED && qmp_job_get_status (job) != QMP_JOB_STATUS_UNDEFINED)
    {
      see_off (self, job);
      g_clear_object (&job);
    }
  if (job != NULL && status == QMP_JOB_STATUS_NULL && !qmp_job_is_awaited (job))
    {
      see_off (self, job);
      return;
    }
  if (job == NULL && status != QMP_JOB_STATUS_NULL)
    job = welcome (self, id);
  if (job == NULL)
    return;
  qmp_job_take_status (job, status);
  tell_list (self, job);
}

static void
take_block_event (QmpJobWatch *self, QmpStruct *data)
{
  g_autoptr (QmpJob) job = NULL;
  const char *id = NULL;

  if (QMP_IS_BLOCK_JOB_COMPLETED_EVENT (data))
    id = qmp_block_job_completed_event_get_device (QMP_BLOCK_JOB_COMPLETED_EVENT (data));
  else if (QMP_IS_BLOCK_JOB_CANCELLED_EVENT (data))
    id = qmp_block_job_cancelled_event_get_device (QMP_BLOCK_JOB_CANCELLED_EVENT (data));
  else if (QMP_IS_BLOCK_JOB_READY_EVENT (data))
    id = qmp_block_job_ready_event_get_device (QMP_BLOCK_JOB_READY_EVENT (data));
  else if (QMP_IS_BLOCK_JOB_PENDING_EVENT (data))
    id = qmp_block_job_pending_event_get_id (QMP_BLOCK_JOB_PENDING_EVENT (data));
  job = id != NULL ? find (self, id) : NULL;
  if (job != NULL)
    qmp_job_take_block_event (job, data);
}

static void
take_event (QmpJobWatch *self, QmpEvent *event)
{
  g_autoptr (QmpStruct) data = qmp_event_to_struct (event, NULL);
  QmpJobStatusChangeEvent *change;

  if (data != NULL && !QMP_IS_JOB_STATUS_CHANGE_EVENT (data))
    take_block_event (self, data);
  if (!QMP_IS_JOB_STATUS_CHANGE_EVENT (data))
    return;
  change = QMP_JOB_STATUS_CHANGE_EVENT (data);
  if (qmp_job_status_change_event_get_id (change) != NULL)
    take_status (self, qmp_job_status_change_event_get_id (change), qmp_job_status_change_event_get_status (change));
}

void
qmp_job_watch_drain (QmpJobWatch *self)
{
  QmpEvent *event;

  while ((event = qmp_event_stream_try_next (self->kept)) != NULL)
    {
      take_event (self, event);
      qmp_event_unref (event);
    }
}

/* --- the end ------------------------------------------------------------------------------------ */

/* Takes the error. */
static void
end (QmpJobWatch *self, GError *error)
{
  g_autoptr (QmpJobList) list = NULL;
  g_autoptr (GPtrArray) jobs = NULL;

  if (self->end != NULL)
    {
      g_clear_error (&error);
      return;
    }
  self->end = error != NULL ? error : g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, "The connection ended before the job did");
  stop_timer (self);
  jobs = get_jobs (self);
  for (guint i = 0; i < jobs->len; i++)
    qmp_job_lose (jobs->pdata[i], self->end);
  list = g_weak_ref_get (&self->list);
  if (list != NULL)
    qmp_job_list_lose (list);
}

static void
on_bell (GObject *source, GAsyncResult *result, gpointer data)
{
  QmpJobWatch *self = data;
  GError *error = NULL;
  g_autoptr (QmpEvent) event = qmp_event_stream_next_finish (QMP_EVENT_STREAM (source), result, &error);

  if (g_cancellable_is_cancelled (self->leaving))
    g_clear_error (&error);
  else
    {
      qmp_job_watch_update (self);
      if (event != NULL)
        ring (self);
      else
        end (self, error);
    }
  unref (self);
}

static void
ring (QmpJobWatch *self)
{
  qmp_event_stream_next_async (self->bell, self->leaving, on_bell, ref (self));
}

/* --- what is asked ------------------------------------------------------------------------------- */

/* One job of the reply. What an event has said since the query is newer. */
static void
take_info (QmpJobWatch *self, QmpJobInfo *info, GHashTable *seen)
{
  const char *id = qmp_job_info_get_id (info);
  int touched = id != NULL ? GPOINTER_TO_INT (g_hash_table_lookup (self->touched, id)) : 2;
  g_autoptr (QmpJob) job = NULL;

  if (id != NULL)
    g_hash_table_add (seen, (gpointer) id);
  if (touched == 2)
    return;
  job = find (self, id);
  if (job == NULL && touched == 0)
    job = welcome (self, id);
  if (job == NULL || qmp_job_is_awaited (job))
    return;
  qmp_job_take_info (job, info, touched == 0);
  tell_list (self, job);
}

static void
take_reply (QmpJobWatch *self, GPtrArray *infos)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (QmpJobList) list = g_weak_ref_get (&self->list);
  g_autoptr (GPtrArray) jobs = NULL;

  for (guint i = 0; i < infos->len; i++)
    take_info (self, infos->pdata[i], seen);
  jobs = get_jobs (self);
  for (guint i = 0; i < jobs->len; i++)
    {
      const char *id = qmp_job_get_id (jobs->pdata[i]);

      if (!g_hash_table_contains (seen, id) && !g_hash_table_contains (self->touched, id) && !qmp_job_is_awaited (jobs->pdata[i]))
        see_off (self, jobs->pdata[i]);
    }
  if (list != NULL)
    qmp_job_list_set_loaded (list);
}

/* Who waits for an answer that this QEMU cannot give goes without. */
static void
go_without (QmpJobWatch *self)
{
  g_autoptr (GPtrArray) jobs = get_jobs (self);

  for (guint i = 0; i < jobs->len; i++)
    if (qmp_job_needs_info (jobs->pdata[i]))
      qmp_job_settle (jobs->pdata[i]);
}

static gboolean
may_pass (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

static void
on_jobs (GObject *source, GAsyncResult *result, gpointer data)
{
  QmpJobWatch *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) infos = qmp_connection_query_jobs_finish (QMP_CONNECTION (source), result, &error);

  if (!g_cancellable_is_cancelled (self->leaving))
    {
      qmp_job_watch_drain (self);
      if (infos != NULL)
        take_reply (self, infos);
      else if (!may_pass (error))
        go_without (self);
      self->failed = infos == NULL;
      self->querying = FALSE;
      qmp_job_watch_update (self);
    }
  unref (self);
}

void
qmp_job_watch_query (QmpJobWatch *self)
{
  if (self->querying || self->end != NULL)
    return;
  stop_timer (self);
  self->querying = TRUE;
  g_hash_table_remove_all (self->touched);
  qmp_connection_query_jobs_async (self->connection, self->leaving, on_jobs, ref (self));
}

static gboolean
on_timer (gpointer data)
{
  QmpJobWatch *self = data;

  ref (self);
  stop_timer (self);
  if (!g_cancellable_is_cancelled (self->leaving))
    qmp_job_watch_query (self);
  unref (self);
  return G_SOURCE_REMOVE;
}

static void
start_timer (QmpJobWatch *self, guint interval)
{
  g_mutex_lock (&self->lock);
  if (self->timer == NULL && !g_cancellable_is_cancelled (self->leaving))
    {
      self->timer = g_timeout_source_new (interval);
      g_source_set_callback (self->timer, on_timer, ref (self), unref);
      g_source_attach (self->timer, self->context);
    }
  g_mutex_unlock (&self->lock);
}

/* Asks at once what a wait depends on, now and then what a person looks at,
 * and nothing while all jobs stand still. */
void
qmp_job_watch_update (QmpJobWatch *self)
{
  g_autoptr (GPtrArray) jobs = NULL;
  gboolean needed = FALSE, moving = FALSE;

  qmp_job_watch_drain (self);
  if (self->querying || self->end != NULL)
    return;
  jobs = get_jobs (self);
  for (guint i = 0; i < jobs->len; i++)
    {
      needed = needed || qmp_job_needs_info (jobs->pdata[i]) || (self->interval > 0 && qmp_job_is_new (jobs->pdata[i]));
      moving = moving || (self->interval > 0 && qmp_job_is_moving (jobs->pdata[i]));
    }
  if (needed && !self->failed)
    qmp_job_watch_query (self);
  else if (needed || moving)
    start_timer (self, self->interval > 0 ? self->interval : RETRY_MS);
  else
    stop_timer (self);
}

void
qmp_job_watch_set_interval (QmpJobWatch *self, guint milliseconds)
{
  self->interval = milliseconds;
  stop_timer (self);
  qmp_job_watch_update (self);
}

/* --- what blocks ------------------------------------------------------------------------------------ */

gboolean
qmp_job_watch_next (QmpJobWatch *self, GCancellable *cancellable, GError **error)
{
  GError *local_error = NULL;
  g_autoptr (QmpEvent) event = qmp_event_stream_next (self->kept, cancellable, &local_error);

  if (event != NULL)
    {
      take_event (self, event);
      return TRUE;
    }
  if (local_error != NULL && g_cancellable_is_cancelled (cancellable))
    {
      g_propagate_error (error, local_error);
      return FALSE;
    }
  end (self, local_error);
  g_propagate_error (error, g_error_copy (self->end));
  return FALSE;
}

/* For one job alone, beside a query that may be under way. */
gboolean
qmp_job_watch_query_blocking (QmpJobWatch *self, QmpJob *job, GCancellable *cancellable, GError **error)
{
  GError *local_error = NULL;
  g_autoptr (GPtrArray) infos = qmp_connection_query_jobs (self->connection, cancellable, &local_error);

  qmp_job_watch_drain (self);
  for (guint i = 0; infos != NULL && i < infos->len; i++)
    if (g_strcmp0 (qmp_job_info_get_id (infos->pdata[i]), qmp_job_get_id (job)) == 0)
      qmp_job_take_info (job, infos->pdata[i], FALSE);
  if (qmp_job_needs_info (job) && (infos != NULL || !may_pass (local_error)))
    qmp_job_settle (job);
  if (infos != NULL || !may_pass (local_error) || g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    {
      g_clear_error (&local_error);
      return TRUE;
    }
  g_propagate_error (error, local_error);
  return FALSE;
}
