/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-copy-private.h"

#include "qga-error-private.h"
#include "qga-file-operation-private.h"
#include "wire/wire-task.h"

/* Copying files between host and guest: blocking, and the asynchronous forms
 * in a thread of theirs. */

typedef struct
{
  QgaConnection *connection;
  const char *guest_path;
  GFile *file;                /* the host's */
  GFileCopyFlags flags;
  guint64 max_size;
  GFileProgressCallback progress;
  gpointer progress_data;
} Copy;

static void
report (const Copy *copy, goffset current, goffset total)
{
  if (copy->progress != NULL)
    copy->progress (current, MAX (current, total), copy->progress_data);
}

/* --- from the guest ------------------------------------------------------------------------ */

/* How large a file says it is: only to be shown. */
static gboolean
find_size (const Copy *copy, QgaFile *file, goffset *size, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) refusal = NULL;

  *size = 0;
  if (copy->progress == NULL)
    return TRUE;
  if (g_seekable_seek (G_SEEKABLE (file), 0, G_SEEK_END, cancellable, &refusal))
    {
      *size = g_seekable_tell (G_SEEKABLE (file));
      return g_seekable_seek (G_SEEKABLE (file), 0, G_SEEK_SET, cancellable, error);
    }
  /* not all that can be read can tell */
  if (qga_error_is_refusal (refusal) && refusal->code == QGA_ERROR_GENERIC)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&refusal));
  return FALSE;
}

static gboolean
refuse_size (const Copy *copy, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "The guest's file %s has more than the %" G_GUINT64_FORMAT
               " bytes that it may have", copy->guest_path, copy->max_size);
  return FALSE;
}

static gboolean
pull (const Copy *copy, QgaFile *file, QgaCopyTarget *target, GCancellable *cancellable, GError **error)
{
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (file));
  g_autofree guint8 *bytes = g_malloc (QGA_FILE_CHUNK);
  guint64 copied = 0;
  goffset size;

  if (!find_size (copy, file, &size, cancellable, error))
    return FALSE;
  for (;;)
    {
      gssize n = g_input_stream_read (input, bytes, QGA_FILE_CHUNK, cancellable, error);

      if (n <= 0)
        return n == 0;
      if ((guint64) n > copy->max_size - copied)
        return refuse_size (copy, error);
      if (!qga_copy_target_write (target, bytes, (gsize) n, error))
        return FALSE;
      copied += (guint64) n;
      report (copy, (goffset) copied, size);
    }
}

/* Once all was read nothing that the guest's file is closed with matters: so
 * it is dropped. */
static gboolean
copy_from_guest (const Copy *copy, GCancellable *cancellable, GError **error)
{
  g_auto (QgaCopyTarget) target = { .folder = -1, .fd = -1 };
  g_autoptr (QgaFile) file = NULL;

  if (!qga_copy_check_flags (copy->flags, error) || !qga_copy_target_open (&target, copy->file, copy->flags, error))
    return FALSE;
  file = qga_file_open (copy->connection, copy->guest_path, QGA_FILE_MODE_READ, cancellable, error);
  return file != NULL && qga_copy_target_create (&target, error) && pull (copy, file, &target, cancellable, error) &&
         qga_copy_target_commit (&target, error);
}

/* --- to the guest ---------------------------------------------------------------------------- */

/* The agent cannot make a file only if there is none: all that can be done is
 * to look for it before. */
static gboolean
check_absence (const Copy *copy, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) refusal = NULL;
  g_autoptr (QgaFile) file = NULL;

  if (copy->flags & G_FILE_COPY_OVERWRITE)
    return TRUE;
  file = qga_file_open (copy->connection, copy->guest_path, QGA_FILE_MODE_READ, cancellable, &refusal);
  if (file != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "The guest's file %s exists already", copy->guest_path);
  else if (qga_error_is_refusal (refusal) && refusal->code == QGA_ERROR_GENERIC)
    return TRUE;
  else
    g_propagate_error (error, g_steal_pointer (&refusal));
  return FALSE;
}

static gboolean
push (const Copy *copy, QgaCopySource *source, QgaFile *file, GCancellable *cancellable, GError **error)
{
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (file));
  g_autofree guint8 *bytes = g_malloc (QGA_FILE_CHUNK);
  goffset copied = 0;

  for (;;)
    {
      gssize n = qga_copy_source_read (source, bytes, QGA_FILE_CHUNK, error);

      if (n <= 0)
        return n == 0;
      if (!g_output_stream_write_all (output, bytes, (gsize) n, NULL, cancellable, error))
        return FALSE;
      copied += n;
      report (copy, copied, source->size);
    }
}

static gboolean
copy_to_guest (const Copy *copy, GCancellable *cancellable, GError **error)
{
  g_auto (QgaCopySource) source = { .fd = -1 };
  g_autoptr (QgaFile) file = NULL;

  if (!qga_copy_check_flags (copy->flags, error) || !qga_copy_source_open (&source, copy->file, error) ||
      !check_absence (copy, cancellable, error))
    return FALSE;
  file = qga_file_open (copy->connection, copy->guest_path, QGA_FILE_MODE_WRITE, cancellable, error);
  return file != NULL && push (copy, &source, file, cancellable, error) &&
         g_output_stream_flush (g_io_stream_get_output_stream (G_IO_STREAM (file)), cancellable, error) &&
         g_io_stream_close (G_IO_STREAM (file), cancellable, error);
}

/* --- in a thread -------------------------------------------------------------------------------- */

typedef gboolean (*CopyFunction) (const Copy *copy, GCancellable *cancellable, GError **error);

typedef struct
{
  Copy copy;                  /* whose progress is ours */
  CopyFunction function;
  GMainContext *context;      /* the caller's */
  GFileProgressCallback progress;
  gpointer progress_data;
  GDestroyNotify progress_destroy;

  GMutex lock;
  GSource *told;              /* will tell of the progress in the context; or NULL */
  goffset current;
  goffset total;
} Job;

static void
clear_job (gpointer data)
{
  Job *job = data;

  g_object_unref (job->copy.connection);
  g_free ((char *) job->copy.guest_path);
  g_object_unref (job->copy.file);
  g_main_context_unref (job->context);
  g_mutex_clear (&job->lock);
}

static void
unref_job (gpointer data)
{
  g_atomic_rc_box_release_full (data, clear_job);
}

/* Whether there is any progress that was not told, and what it is. */
static gboolean
take_progress (Job *job, goffset *current, goffset *total)
{
  gboolean untold;

  g_mutex_lock (&job->lock);
  untold = job->told != NULL;
  if (untold)
    g_source_destroy (job->told);
  g_clear_pointer (&job->told, g_source_unref);
  *current = job->current;
  *total = job->total;
  g_mutex_unlock (&job->lock);
  return untold;
}

static gboolean
tell_progress (gpointer data)
{
  Job *job = data;
  goffset current, total;

  if (take_progress (job, &current, &total))
    job->progress (current, total, job->progress_data);
  return G_SOURCE_REMOVE;
}

/* In the thread, which is quicker than anybody can look. */
static void
note_progress (goffset current, goffset total, gpointer data)
{
  Job *job = data;

  g_mutex_lock (&job->lock);
  job->current = current;
  job->total = total;
  if (job->told == NULL)
    {
      job->told = g_idle_source_new ();
      g_source_set_priority (job->told, G_PRIORITY_DEFAULT);
      g_source_set_callback (job->told, tell_progress, g_atomic_rc_box_acquire (job), unref_job);
      g_source_attach (job->told, job->context);
    }
  g_mutex_unlock (&job->lock);
}

static void
run_job (GTask *worker, G_GNUC_UNUSED gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  GError *error = NULL;

  if (job->function (&job->copy, cancellable, &error))
    g_task_return_boolean (worker, TRUE);
  else
    g_task_return_error (worker, error);
}

/* Back in the caller's context: after this nothing more is told. */
static void
on_job_done (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Job *job = g_task_get_task_data (G_TASK (result));
  GError *error = NULL;
  gboolean copied = g_task_propagate_boolean (G_TASK (result), &error);
  goffset current, total;

  if (take_progress (job, &current, &total) && copied)
    job->progress (current, total, job->progress_data);
  if (job->progress_destroy != NULL)
    job->progress_destroy (job->progress_data);
  if (copied)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* The copy and the progress are the caller's; what they name is kept. */
static void
start_job (const Copy *copy, CopyFunction function, gpointer tag, GDestroyNotify progress_destroy, GCancellable *cancellable,
           GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = wire_task_new (copy->connection, tag, cancellable, callback, user_data);
  g_autoptr (GTask) worker = wire_task_new (NULL, tag, cancellable, on_job_done, task);
  Job *job = g_atomic_rc_box_new0 (Job);

  job->copy = *copy;
  g_object_ref (copy->connection);
  job->copy.guest_path = g_strdup (copy->guest_path);
  g_object_ref (copy->file);
  job->copy.progress = copy->progress != NULL ? note_progress : NULL;
  job->copy.progress_data = job;
  job->function = function;
  job->context = g_main_context_ref (g_task_get_context (task));
  job->progress = copy->progress;
  job->progress_data = copy->progress_data;
  job->progress_destroy = progress_destroy;
  g_mutex_init (&job->lock);
  g_task_set_task_data (worker, job, unref_job);
  g_task_run_in_thread (worker, run_job);
}

/* --- for users ------------------------------------------------------------------------------------ */

/**
 * qga_connection_copy_from_guest_async:
 * @self: a connection
 * @guest_path: the file's path in the guest
 * @destination: the host's file: what it is to be, not the folder it is to be in
 * @flags: %G_FILE_COPY_OVERWRITE to replace a file, or %G_FILE_COPY_NONE
 * @max_size: the most bytes that may come, of which the guest has as many as it
 *   likes to have; %G_MAXUINT64 for any number
 * @progress: (nullable) (scope notified) (closure progress_data) (destroy progress_destroy):
 *   told how far it has come, in bytes, in the caller's main context, and
 *   never after @callback
 * @progress_data: for @progress
 * @progress_destroy: (nullable): frees @progress_data, before @callback is called
 * @cancellable: (nullable): gives up; nothing is left of the copy then
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Copies a file of the guest to the host (`guest-file-open`,
 * `guest-file-read`).
 *
 * The copy is made in a new file beside @destination, and takes its name
 * only once it is whole and on the disk. It belongs to the caller, and nobody
 * else may read it (mode 0600): the guest has no say in where it goes, nor in
 * what it is. Of what is at @destination already, a directory, a pipe, a
 * socket or a device is never replaced, and a symbolic link is replaced, not
 * followed.
 *
 * The total that @progress is told is what the guest claims, or 0 when it does
 * not say, but never less than what has come. Not every step is told, but when
 * the copy is made the last one is.
 *
 * It runs in a thread, and uses the connection between the calls of others.
 *
 * ```js
 * await agent.copy_from_guest_async('/var/log/syslog', Gio.File.new_for_path('syslog'),
 *     Gio.FileCopyFlags.OVERWRITE, 100 * 1024 * 1024);
 * ```
 *
 * Since: 0.1
 */
void
qga_connection_copy_from_guest_async (QgaConnection *self, const char *guest_path, GFile *destination, GFileCopyFlags flags,
                                      guint64 max_size, GFileProgressCallback progress, gpointer progress_data,
                                      GDestroyNotify progress_destroy, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data)
{
  Copy copy = { self, guest_path, destination, flags, max_size, progress, progress_data };

  g_return_if_fail (QGA_IS_CONNECTION (self));
  g_return_if_fail (guest_path != NULL);
  g_return_if_fail (G_IS_FILE (destination));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  start_job (&copy, copy_from_guest, qga_connection_copy_from_guest_async, progress_destroy, cancellable, callback, user_data);
}

/**
 * qga_connection_copy_from_guest_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qga.Connection.copy_from_guest_async] began.
 *
 * Fails with %G_IO_ERROR_EXISTS when there is a file already that is not to be
 * replaced, before anything was transferred; with %G_IO_ERROR_IS_DIRECTORY and
 * %G_IO_ERROR_NOT_REGULAR_FILE when there is something else; with
 * %G_IO_ERROR_NO_SPACE when the guest's file is too large, or the host's disk
 * too small; with %G_IO_ERROR_NOT_SUPPORTED for other flags, and for a
 * destination without a path in the host; with other codes of
 * [error@Gio.IOErrorEnum] from the system; with %QGA_ERROR_GENERIC when the
 * guest cannot open or read the file; with %QGA_ERROR_PROTOCOL when what it
 * sends makes no sense; and as [func@Qga.File.open_finish] does. Nothing is
 * left of the copy then.
 *
 * Returns: whether the copy was made
 *
 * Since: 0.1
 */
gboolean
qga_connection_copy_from_guest_finish (QgaConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QGA_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qga_connection_copy_from_guest_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * qga_connection_copy_from_guest:
 * @self: a connection
 * @guest_path: the file's path in the guest
 * @destination: the host's file
 * @flags: %G_FILE_COPY_OVERWRITE to replace a file, or %G_FILE_COPY_NONE
 * @max_size: the most bytes that may come; %G_MAXUINT64 for any number
 * @progress: (nullable) (scope call) (closure progress_data): told how far it
 *   has come, in bytes, after each step
 * @progress_data: for @progress
 * @cancellable: (nullable): gives up; nothing is left of the copy then
 * @error: return location
 *
 * Copies a file of the guest to the host, and blocks until it is there. See
 * [method@Qga.Connection.copy_from_guest_async].
 *
 * Fails as [method@Qga.Connection.copy_from_guest_finish] does.
 *
 * Returns: whether the copy was made
 *
 * Since: 0.1
 */
gboolean
qga_connection_copy_from_guest (QgaConnection *self, const char *guest_path, GFile *destination, GFileCopyFlags flags,
                                guint64 max_size, GFileProgressCallback progress, gpointer progress_data,
                                GCancellable *cancellable, GError **error)
{
  Copy copy = { self, guest_path, destination, flags, max_size, progress, progress_data };

  g_return_val_if_fail (QGA_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (guest_path != NULL, FALSE);
  g_return_val_if_fail (G_IS_FILE (destination), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  return copy_from_guest (&copy, cancellable, error);
}

/**
 * qga_connection_copy_to_guest_async:
 * @self: a connection
 * @source: the host's file, which must be a regular one
 * @guest_path: the file's path in the guest
 * @flags: %G_FILE_COPY_OVERWRITE to replace what a file has in it, or
 *   %G_FILE_COPY_NONE
 * @progress: (nullable) (scope notified) (closure progress_data) (destroy progress_destroy):
 *   told how far it has come, in bytes, in the caller's main context, and
 *   never after @callback
 * @progress_data: for @progress
 * @progress_destroy: (nullable): frees @progress_data, before @callback is called
 * @cancellable: (nullable): gives up; what was written by then stays in the guest
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Copies a file of the host to the guest (`guest-file-open`,
 * `guest-file-write`, `guest-file-flush`, `guest-file-close`).
 *
 * The agent cannot rename, remove, or sync: so the file is written under its
 * own name, and when the copy fails or is cancelled the guest is left with
 * the part of it that was written, or with an empty file. The file is made
 * with the rights that the agent gives to new files, and keeps those that it
 * had if it was there.
 *
 * Without %G_FILE_COPY_OVERWRITE the file is looked for before, by opening it
 * for reading: somebody in the guest may make it right after.
 *
 * It runs in a thread, and uses the connection between the calls of others.
 *
 * Since: 0.1
 */
void
qga_connection_copy_to_guest_async (QgaConnection *self, GFile *source, const char *guest_path, GFileCopyFlags flags,
                                    GFileProgressCallback progress, gpointer progress_data, GDestroyNotify progress_destroy,
                                    GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Copy copy = { self, guest_path, source, flags, 0, progress, progress_data };

  g_return_if_fail (QGA_IS_CONNECTION (self));
  g_return_if_fail (G_IS_FILE (source));
  g_return_if_fail (guest_path != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  start_job (&copy, copy_to_guest, qga_connection_copy_to_guest_async, progress_destroy, cancellable, callback, user_data);
}

/**
 * qga_connection_copy_to_guest_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qga.Connection.copy_to_guest_async] began.
 *
 * Fails with %G_IO_ERROR_EXISTS when there is a file already that is not to be
 * written over; with %G_IO_ERROR_IS_DIRECTORY and
 * %G_IO_ERROR_NOT_REGULAR_FILE when the source is not a regular file; with
 * %G_IO_ERROR_NOT_SUPPORTED for other flags, and for a source without a path
 * in the host; with other codes of [error@Gio.IOErrorEnum] from the system;
 * with %QGA_ERROR_GENERIC when the guest cannot open, write or close the file,
 * for want of space for example; with %QGA_ERROR_PROTOCOL when what it answers
 * makes no sense; and as [func@Qga.File.open_finish] does.
 *
 * Returns: whether the copy was made
 *
 * Since: 0.1
 */
gboolean
qga_connection_copy_to_guest_finish (QgaConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QGA_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qga_connection_copy_to_guest_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * qga_connection_copy_to_guest:
 * @self: a connection
 * @source: the host's file, which must be a regular one
 * @guest_path: the file's path in the guest
 * @flags: %G_FILE_COPY_OVERWRITE to replace what a file has in it, or
 *   %G_FILE_COPY_NONE
 * @progress: (nullable) (scope call) (closure progress_data): told how far it
 *   has come, in bytes, after each step
 * @progress_data: for @progress
 * @cancellable: (nullable): gives up; what was written by then stays in the guest
 * @error: return location
 *
 * Copies a file of the host to the guest, and blocks until it is there. See
 * [method@Qga.Connection.copy_to_guest_async].
 *
 * Fails as [method@Qga.Connection.copy_to_guest_finish] does.
 *
 * Returns: whether the copy was made
 *
 * Since: 0.1
 */
gboolean
qga_connection_copy_to_guest (QgaConnection *self, GFile *source, const char *guest_path, GFileCopyFlags flags,
                              GFileProgressCallback progress, gpointer progress_data, GCancellable *cancellable,
                              GError **error)
{
  Copy copy = { self, guest_path, source, flags, 0, progress, progress_data };

  g_return_val_if_fail (QGA_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (G_IS_FILE (source), FALSE);
  g_return_val_if_fail (guest_path != NULL, FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  return copy_to_guest (&copy, cancellable, error);
}
