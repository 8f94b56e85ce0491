/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-connection-private.h"
#include "qmp-schema-cache-private.h"
#include "qmp-schema-loader-private.h"
#include "qmp-schema-private.h"
#include "qmp-value-private.h"
#include "wire/wire-task.h"

/* Loading the schema, once for all who ask.
 *
 * A load runs in a thread of its own, and needs no main context of anybody:
 * callers with a main loop and callers who block wait for the same one, each
 * with a cancellable of its own, and none of them reads files or judges a
 * long reply where it would be felt. A load is given up when nobody waits for
 * it any more, and then nobody joins it either. */

typedef struct
{
  QmpConnection *connection;  /* which is there as long as somebody waits */
  char *folder;               /* or NULL */
  GCancellable *cancellable;  /* of the load itself */
  GPtrArray *waiters;         /* of Waiter, not owned; under the loader's lock */
} Load;

/* Somebody who asked. Who takes it off its load's list ends it. */
typedef struct
{
  Load *load;          /* a reference; NULL once it was taken off */
  GTask *task;         /* a reference, whose data this is; or NULL for who blocks */
  GSource *source;     /* the task's cancellable */
  gboolean done;
  QmpSchema *schema;
  GError *error;
} Waiter;

struct _QmpSchemaLoader
{
  GMutex lock;
  GCond changed;       /* for who blocks: done, or cancelled */
  QmpSchema *schema;
  Load *current;       /* which callers join; a reference */
};

QmpSchemaLoader *
qmp_schema_loader_new (void)
{
  QmpSchemaLoader *self = g_new0 (QmpSchemaLoader, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  return self;
}

void
qmp_schema_loader_free (QmpSchemaLoader *self)
{
  g_clear_object (&self->schema);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self);
}

static void
clear_load (gpointer data)
{
  Load *load = data;

  g_clear_object (&load->connection);
  g_clear_object (&load->cancellable);
  g_ptr_array_unref (load->waiters);
  g_free (load->folder);
}

static void
load_unref (Load *load)
{
  g_atomic_rc_box_release_full (load, clear_load);
}

/* --- in its thread ------------------------------------------------------------------ */

static void
get_limits (QmpConnection *connection, WireLimits *limits)
{
  QmpLimits *own = qmp_connection_get_limits (connection);

  limits->max_bytes = qmp_limits_get_message_size (own);
  limits->max_values = qmp_limits_get_message_values (own);
  limits->max_depth = qmp_limits_get_message_depth (own);
  limits->max_key = qmp_limits_get_name_size (own);
}

static QmpSchemaIndex *
ask (Load *load, const char *path, GError **error)
{
  g_autoptr (QmpRequest) request = qmp_request_new ("query-qmp-schema");
  g_autoptr (QmpValue) reply = qmp_connection_execute_request (load->connection, request, load->cancellable, error);
  QmpSchemaIndex *index;
  const WireView *view;
  const char *text;
  gsize length;
  guint value;

  if (reply == NULL)
    return NULL;
  view = qmp_value_get_view (reply, &value);
  index = qmp_schema_index_new (view, value, error);
  if (index == NULL || path == NULL)
    return index;
  text = wire_view_get_json (view, value, &length);
  qmp_schema_cache_write (path, qmp_connection_get_version (load->connection), text, length);
  return index;
}

static QmpSchema *
load_now (Load *load, GError **error)
{
  QmpVersion *version = qmp_connection_get_version (load->connection);
  g_autofree char *name = qmp_schema_cache_make_name (version);
  g_autofree char *path = load->folder != NULL ? g_build_filename (load->folder, name, NULL) : NULL;
  g_autoptr (QmpSchemaIndex) index = NULL;
  WireLimits limits;

  get_limits (load->connection, &limits);
  if (path != NULL)
    index = qmp_schema_cache_read (path, version, &limits);
  if (index == NULL)
    index = ask (load, path, error);
  return index != NULL ? qmp_schema_new (index) : NULL;
}

/* In the thread of its callback, or of its caller. */
static void
end_task (Waiter *waiter, QmpSchema *schema, const GError *error)
{
  GTask *task = waiter->task;

  if (waiter->source != NULL)
    g_source_destroy (waiter->source);
  g_clear_pointer (&waiter->source, g_source_unref);
  if (schema != NULL)
    g_task_return_pointer (task, g_object_ref (schema), g_object_unref);
  else
    g_task_return_error (task, g_error_copy (error));
}

static gboolean
on_ended (gpointer data)
{
  Waiter *waiter = g_task_get_task_data (data);

  end_task (waiter, waiter->schema, waiter->error);
  return G_SOURCE_REMOVE;
}

/* The only reference goes along: once the callback was called, nothing here
 * keeps the connection any more. */
static void
send_to_context (Waiter *waiter)
{
  GTask *task = waiter->task;
  g_autoptr (GSource) source = g_idle_source_new ();

  if (waiter->source != NULL)
    g_source_destroy (waiter->source);
  g_source_set_priority (source, g_task_get_priority (task));
  g_source_set_name (source, "[Qmp] end of a schema's load");
  g_source_set_callback (source, on_ended, task, g_object_unref);
  g_source_attach (source, g_task_get_context (task));
}

/* With the lock held: takes all off the list, and gives those with a task.
 * Those who block are told. */
static GPtrArray *
end_waiters (QmpSchemaLoader *loader, Load *load, QmpSchema *schema, const GError *error)
{
  GPtrArray *tasks = g_ptr_array_new ();

  for (guint i = 0; i < load->waiters->len; i++)
    {
      Waiter *waiter = g_ptr_array_index (load->waiters, i);

      g_clear_pointer (&waiter->load, load_unref);
      g_set_object (&waiter->schema, schema);
      waiter->error = schema == NULL ? g_error_copy (error) : NULL;
      waiter->done = TRUE;
      if (waiter->task != NULL)
        g_ptr_array_add (tasks, waiter);
    }
  g_ptr_array_set_size (load->waiters, 0);
  g_cond_broadcast (&loader->changed);
  return tasks;
}

static gpointer
run_load (gpointer data)
{
  Load *load = data;
  QmpSchemaLoader *loader = qmp_connection_get_schema_loader (load->connection);
  g_autoptr (GPtrArray) tasks = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpSchema) schema = load_now (load, &error);

  g_mutex_lock (&loader->lock);
  if (schema != NULL && loader->schema == NULL)
    loader->schema = g_object_ref (schema);
  if (loader->current == load)
    g_clear_pointer (&loader->current, load_unref);
  tasks = end_waiters (loader, load, schema, error);
  g_mutex_unlock (&loader->lock);

  /* before callers hear of it, so that theirs is the last reference */
  g_clear_object (&load->connection);
  load_unref (load);
  for (guint i = 0; i < tasks->len; i++)
    send_to_context (g_ptr_array_index (tasks, i));
  return NULL;
}

/* --- joining and leaving --------------------------------------------------------------- */

/* With the lock held. */
static Load *
start_load (QmpConnection *connection, GFile *folder, GError **error)
{
  Load *load = g_atomic_rc_box_new0 (Load);
  GThread *thread;

  load->connection = g_object_ref (connection);
  load->folder = folder != NULL ? g_file_get_path (folder) : NULL;
  load->cancellable = g_cancellable_new ();
  load->waiters = g_ptr_array_new ();
  thread = g_thread_try_new ("qmp-schema", run_load, g_atomic_rc_box_acquire (load), error);
  if (thread != NULL)
    {
      g_thread_unref (thread);
      return load;
    }
  load_unref (load);  /* the thread's */
  load_unref (load);
  return NULL;
}

/* With the lock held. */
static gboolean
join_load (QmpSchemaLoader *loader, QmpConnection *connection, GFile *folder, Waiter *waiter, GError **error)
{
  if (loader->current == NULL)
    loader->current = start_load (connection, folder, error);
  if (loader->current == NULL)
    return FALSE;
  waiter->load = g_atomic_rc_box_acquire (loader->current);
  g_ptr_array_add (loader->current->waiters, waiter);
  return TRUE;
}

/* With the lock held. Who was the last one to wait gets what is to be
 * cancelled, once the lock is not held. */
static GCancellable *
leave_load (QmpSchemaLoader *loader, Waiter *waiter)
{
  g_autoptr (GCancellable) cancellable = NULL;
  Load *load = waiter->load;

  g_ptr_array_remove_fast (load->waiters, waiter);
  if (load->waiters->len == 0)
    {
      cancellable = g_object_ref (load->cancellable);
      if (loader->current == load)
        g_clear_pointer (&loader->current, load_unref);
    }
  g_clear_pointer (&waiter->load, load_unref);
  return g_steal_pointer (&cancellable);
}

static void
give_up (GCancellable *cancellable)
{
  if (cancellable == NULL)
    return;
  g_cancellable_cancel (cancellable);
  g_object_unref (cancellable);
}

static GError *
new_cancelled_error (void)
{
  return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Loading the schema was cancelled");
}

/* Of a task. */
static void
free_waiter (gpointer data)
{
  Waiter *waiter = data;

  g_clear_pointer (&waiter->source, g_source_unref);
  g_clear_object (&waiter->schema);
  g_clear_error (&waiter->error);
  g_free (waiter);
}

/* --- with a main loop -------------------------------------------------------------------- */

/* In the context of its task. */
static gboolean
on_cancelled (GCancellable *cancellable, gpointer data)
{
  GTask *task = data;
  Waiter *waiter = g_task_get_task_data (task);
  QmpSchemaLoader *loader = qmp_connection_get_schema_loader (g_task_get_source_object (task));
  g_autoptr (GError) error = NULL;
  GCancellable *abandoned = NULL;
  gboolean left;

  g_mutex_lock (&loader->lock);
  left = waiter->load != NULL;
  if (left)
    abandoned = leave_load (loader, waiter);
  g_mutex_unlock (&loader->lock);
  give_up (abandoned);
  if (!left)
    return G_SOURCE_REMOVE;
  error = new_cancelled_error ();
  end_task (waiter, NULL, error);
  g_object_unref (task);  /* the load's; the source has its own */
  return G_SOURCE_REMOVE;
}

/* Not with the lock held: cancellables have locks of their own. */
static GSource *
new_cancellable_source (GCancellable *cancellable)
{
  GSource *source = cancellable != NULL ? g_cancellable_source_new (cancellable) : NULL;

  if (source != NULL)
    g_source_set_name (source, "[Qmp] cancel of a schema's load");
  return source;
}

/**
 * qmp_connection_load_schema_async:
 * @self: a connection
 * @cache_folder: (nullable): a local folder that keeps schemas, or %NULL
 * @cancellable: (nullable): ends the wait
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Asks QEMU what it can do (`query-qmp-schema`), once for each connection:
 * later calls get the same schema at once, and calls that overlap share one
 * load. May be called in any thread.
 *
 * Cancelling ends this wait only; the load goes on while others wait for it.
 * A load that was cancelled or failed is forgotten: the next call starts
 * another. The deadline is [property@Qmp.Connection:default-timeout], counted
 * from the load's start.
 *
 * ## Keeping schemas
 *
 * With @cache_folder, the schema is read from a file there, which is named by
 * QEMU's version and package string, and QEMU is not asked; if there is none,
 * it is written. A file is judged as strictly as a reply. One that is
 * broken, not ours, or too large for the connection's limits is replaced; a
 * folder that cannot be written to does no harm. The folder is made if need
 * be. Of several loads that are shared, the first one's folder counts.
 *
 * Version and package string do not tell apart QEMUs for different machines,
 * nor the storage daemon: each kind of program needs a folder of its own. Nor
 * do they change when somebody builds QEMU again with other options.
 *
 * Since: 0.1
 */
void
qmp_connection_load_schema_async (QmpConnection *self, GFile *cache_folder, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (QmpSchema) schema = NULL;
  g_autoptr (GError) error = NULL;
  QmpSchemaLoader *loader;
  gboolean waits = FALSE;
  Waiter *waiter;

  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (cache_folder == NULL || G_IS_FILE (cache_folder));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  loader = qmp_connection_get_schema_loader (self);
  waiter = g_new0 (Waiter, 1);
  waiter->task = wire_task_new (self, qmp_connection_load_schema_async, cancellable, callback, user_data);
  waiter->source = new_cancellable_source (cancellable);
  g_task_set_task_data (waiter->task, waiter, free_waiter);

  if (g_cancellable_is_cancelled (cancellable))
    error = new_cancelled_error ();
  else
    {
      g_mutex_lock (&loader->lock);
      g_set_object (&schema, loader->schema);
      waits = schema == NULL && join_load (loader, self, cache_folder, waiter, &error);
      if (waits && waiter->source != NULL)
        g_task_attach_source (waiter->task, waiter->source, G_SOURCE_FUNC (on_cancelled));
      g_mutex_unlock (&loader->lock);
    }
  if (waits)
    return;
  end_task (waiter, schema, error);
  g_object_unref (waiter->task);
}

/**
 * qmp_connection_load_schema_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.load_schema_async] began.
 *
 * Fails with %G_IO_ERROR_INVALID_DATA when QEMU's answer is no schema that
 * makes sense, with %G_IO_ERROR_CANCELLED, and as
 * [method@Qmp.Connection.execute_finish] does.
 *
 * Returns: (transfer full): the schema
 *
 * Since: 0.1
 */
QmpSchema *
qmp_connection_load_schema_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_connection_load_schema_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- blocking ------------------------------------------------------------------------------ */

static void
wake (GCancellable *cancellable, gpointer data)
{
  QmpSchemaLoader *loader = data;

  g_mutex_lock (&loader->lock);
  g_cond_broadcast (&loader->changed);
  g_mutex_unlock (&loader->lock);
}

/* With the lock held. */
static GCancellable *
wait_for_load (QmpSchemaLoader *loader, Waiter *waiter, GCancellable *cancellable)
{
  while (!waiter->done && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait (&loader->changed, &loader->lock);
  if (waiter->done)
    return NULL;
  waiter->error = new_cancelled_error ();
  return leave_load (loader, waiter);
}

/**
 * qmp_connection_load_schema:
 * @self: a connection
 * @cache_folder: (nullable): a local folder that keeps schemas, or %NULL
 * @cancellable: (nullable): ends the wait
 * @error: return location
 *
 * Asks QEMU what it can do (`query-qmp-schema`), and blocks until that is
 * known; see [method@Qmp.Connection.load_schema_async] for what is shared and
 * what is kept. Works in any thread, with and without a running main loop.
 *
 * Fails as [method@Qmp.Connection.load_schema_finish] does.
 *
 * Returns: (transfer full): the schema
 *
 * Since: 0.1
 */
QmpSchema *
qmp_connection_load_schema (QmpConnection *self, GFile *cache_folder, GCancellable *cancellable, GError **error)
{
  GCancellable *abandoned = NULL;
  QmpSchemaLoader *loader;
  Waiter waiter = { 0 };
  gulong handler = 0;

  g_return_val_if_fail (QMP_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (cache_folder == NULL || G_IS_FILE (cache_folder), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  loader = qmp_connection_get_schema_loader (self);
  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (wake), loader, NULL);

  g_mutex_lock (&loader->lock);
  if (g_cancellable_is_cancelled (cancellable))
    waiter.error = new_cancelled_error ();
  else if (loader->schema != NULL)
    waiter.schema = g_object_ref (loader->schema);
  else if (join_load (loader, self, cache_folder, &waiter, &waiter.error))
    abandoned = wait_for_load (loader, &waiter, cancellable);
  g_mutex_unlock (&loader->lock);

  g_cancellable_disconnect (cancellable, handler);
  give_up (abandoned);
  if (waiter.error != NULL)
    g_propagate_error (error, waiter.error);
  return waiter.schema;
}
