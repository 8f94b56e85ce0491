/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-chain-private.h"
#include "qmp-glib.h"
#include "wire/wire-task.h"

/* What can be done with overlays: each call first looks at the chain, so that
 * it knows afterwards which nodes nothing needs any more. */

typedef struct
{
  char *node;
  QmpStruct *arguments;       /* of the command that makes the job; NULL: none is made */
  QmpStepsThen then;          /* once the chain is known */
  QmpValue *nodes;
  GPtrArray *chain;
  guint at;                   /* the nodes that go: from this one … */
  guint end;                  /* … up to the one before this */
  char *result;
} Work;

static void
free_work (gpointer data)
{
  Work *work = data;

  g_free (work->node);
  g_clear_object (&work->arguments);
  g_clear_pointer (&work->nodes, qmp_value_unref);
  g_clear_pointer (&work->chain, g_ptr_array_unref);
  g_free (work->result);
  g_free (work);
}

/* --- the chain ----------------------------------------------------------------------------- */

static void
take_chain (QmpSteps *steps, QmpChains *chains)
{
  Work *work = qmp_steps_get_data (steps);
  g_autoptr (GError) error = NULL;

  work->chain = qmp_chains_read (chains, work->node, &error);
  if (work->chain != NULL)
    work->then (steps, NULL, NULL);
  else
    qmp_steps_fail (steps, error);
}

static void
on_graph (QmpSteps *steps, QmpValue *reply, const GError *error)
{
  Work *work = qmp_steps_get_data (steps);
  g_autoptr (QmpChains) chains = NULL;

  if (reply == NULL)
    {
      qmp_steps_fail (steps, error);
      return;
    }
  chains = qmp_chains_new (work->nodes, reply);
  take_chain (steps, chains);
}

static void
on_nodes (QmpSteps *steps, QmpValue *reply, const GError *error)
{
  Work *work = qmp_steps_get_data (steps);
  g_autoptr (QmpChains) chains = NULL;

  if (reply == NULL)
    {
      qmp_steps_fail (steps, error);
      return;
    }
  chains = qmp_chains_new (reply, NULL);
  work->nodes = qmp_value_ref (reply);
  if (qmp_chains_is_complete (chains))
    take_chain (steps, chains);
  else
    qmp_steps_run (steps, QMP_STEP_NONE, on_graph, "x-debug-query-block-graph", NULL);
}

/* Takes the arguments. */
static QmpSteps *
new_steps (const char *node, QmpStruct *arguments, QmpStepsThen then)
{
  Work *work = g_new0 (Work, 1);
  QmpSteps *steps = qmp_steps_new (work, free_work);

  work->node = g_strdup (node);
  work->arguments = arguments;
  work->then = then;
  qmp_steps_run (steps, QMP_STEP_NONE, on_nodes, "query-named-block-nodes", "{'flat': <true>}");
  return steps;
}

static const char *
get_name (Work *work, guint at)
{
  return qmp_block_device_info_get_node_name (work->chain->pdata[at]);
}

/* Where in the chain that is, by node name or by file; past its end if it is
 * not in there. What QEMU does then is its own affair, and no node goes. */
static guint
find_in_chain (Work *work, const char *name, const char *file)
{
  guint i;

  for (i = 0; i < work->chain->len; i++)
    if ((name != NULL && g_strcmp0 (get_name (work, i), name) == 0) ||
        (file != NULL && g_strcmp0 (qmp_block_device_info_get_file (work->chain->pdata[i]), file) == 0))
      break;
  return i;
}

/* --- what is left over --------------------------------------------------------------------- */

static void drop_nodes (QmpSteps *steps);

/* One that is needed elsewhere stays; one that was not added by itself went. */
static void
on_dropped (QmpSteps *steps, G_GNUC_UNUSED QmpValue *reply, G_GNUC_UNUSED const GError *error)
{
  drop_nodes (steps);
}

static void
drop_nodes (QmpSteps *steps)
{
  Work *work = qmp_steps_get_data (steps);

  if (work->at >= work->end)
    {
      qmp_steps_return (steps, g_steal_pointer (&work->result), g_free);
      return;
    }
  qmp_steps_run (steps, QMP_STEP_SURE, on_dropped, "blockdev-del", "{'node-name': <%s>}", get_name (work, work->at));
  work->at++;
}

static void
on_job_done (QmpSteps *steps, QmpValue *reply, const GError *error)
{
  if (reply != NULL)
    drop_nodes (steps);
  else
    qmp_steps_fail (steps, error);
}

static void
run_job (QmpSteps *steps, const char *command)
{
  Work *work = qmp_steps_get_data (steps);
  g_autofree char *arguments = qmp_struct_to_json (work->arguments);

  qmp_steps_run_json (steps, QMP_STEP_JOB, on_job_done, command, arguments);
}

/* --- adding -------------------------------------------------------------------------------- */

static QmpExternalSnapshot *
new_snapshot (const char *node, const char *file)
{
  QmpExternalSnapshot *snapshot = qmp_external_snapshot_new ();

  qmp_external_snapshot_add_disk (snapshot, node, file, NULL);
  return snapshot;
}

static char *
take_first (char **names)
{
  char *name = names != NULL ? g_strdup (names[0]) : NULL;

  g_strfreev (names);
  return name;
}

static void
on_taken (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  char *name = take_first (qmp_external_snapshot_take_finish (QMP_EXTERNAL_SNAPSHOT (source), result, &error));

  if (name != NULL)
    g_task_return_pointer (task, name, g_free);
  else
    g_task_return_error (task, error);
}

/**
 * qmp_connection_add_overlay_async:
 * @self: a connection
 * @node: the name of a disk's block node
 * @file: the path of the overlay, which QEMU makes: UTF-8, and best absolute.
 *   What is in that file already is lost
 * @cancellable: (nullable): gives up, as long as the disk has not gone over
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Takes an external snapshot of one disk, as
 * [method@Qmp.ExternalSnapshot.take_async] does of several: makes an overlay
 * that takes what is written from now on, and has the disk go over to it.
 *
 * Since: 0.1
 */
void
qmp_connection_add_overlay_async (QmpConnection *self, const char *node, const char *file, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (QmpExternalSnapshot) snapshot = NULL;

  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (node != NULL);
  g_return_if_fail (file != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  snapshot = new_snapshot (node, file);
  qmp_external_snapshot_take_async (snapshot, self, cancellable, on_taken,
                                    wire_task_new (self, qmp_connection_add_overlay_async, cancellable, callback, user_data));
}

/**
 * qmp_connection_add_overlay_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.add_overlay_async] began.
 *
 * Fails as [method@Qmp.ExternalSnapshot.take_finish] does.
 *
 * Returns: (transfer full): the name of the overlay's block node
 *
 * Since: 0.1
 */
char *
qmp_connection_add_overlay_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_connection_add_overlay_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * qmp_connection_add_overlay:
 * @self: a connection
 * @node: the name of a disk's block node
 * @file: the path of the overlay, which QEMU makes: UTF-8, and best absolute.
 *   What is in that file already is lost
 * @cancellable: (nullable): gives up, as long as the disk has not gone over
 * @error: return location
 *
 * Does what [method@Qmp.Connection.add_overlay_async] does, and blocks until it
 * is done.
 *
 * Fails as [method@Qmp.Connection.add_overlay_finish] does.
 *
 * Returns: (transfer full): the name of the overlay's block node
 *
 * Since: 0.1
 */
char *
qmp_connection_add_overlay (QmpConnection *self, const char *node, const char *file, GCancellable *cancellable, GError **error)
{
  g_autoptr (QmpExternalSnapshot) snapshot = NULL;

  g_return_val_if_fail (QMP_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (node != NULL, NULL);
  g_return_val_if_fail (file != NULL, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  snapshot = new_snapshot (node, file);
  return take_first (qmp_external_snapshot_take (snapshot, self, cancellable, error));
}

/* --- merging down -------------------------------------------------------------------------- */

/* By file, QEMU would rather not be told, but it still can be. */
G_GNUC_BEGIN_IGNORE_DEPRECATIONS
static void
commit (QmpSteps *steps, G_GNUC_UNUSED QmpValue *reply, G_GNUC_UNUSED const GError *error)
{
  Work *work = qmp_steps_get_data (steps);
  QmpBlockCommitArguments *arguments = QMP_BLOCK_COMMIT_ARGUMENTS (work->arguments);
  const char *top_node = qmp_block_commit_arguments_get_top_node (arguments);
  const char *top = qmp_block_commit_arguments_get_top (arguments);
  const char *base_node = qmp_block_commit_arguments_get_base_node (arguments);
  const char *base = qmp_block_commit_arguments_get_base (arguments);

  work->at = top_node != NULL || top != NULL ? find_in_chain (work, top_node, top) : 0;
  work->end = base_node != NULL || base != NULL ? find_in_chain (work, base_node, base) : work->chain->len - 1;
  if (work->end == work->chain->len)
    work->at = work->end;
  work->result = g_strdup (work->at == 0 ? get_name (work, work->end) : work->node);
  run_job (steps, "block-commit");
}
G_GNUC_END_IGNORE_DEPRECATIONS

static QmpSteps *
new_commit (const char *node, QmpBlockCommitArguments *arguments)
{
  QmpStruct *all = arguments != NULL ? qmp_struct_copy (QMP_STRUCT (arguments)) : QMP_STRUCT (qmp_block_commit_arguments_new ());

  qmp_block_commit_arguments_set_device (QMP_BLOCK_COMMIT_ARGUMENTS (all), node);
  return new_steps (node, all, commit);
}

/**
 * qmp_connection_commit_overlay_async:
 * @self: a connection
 * @node: the name of the block node that a disk uses now
 * @arguments: (nullable): what else there is to say, or %NULL: `top-node` and
 *   `base-node` for a part of the chain, `speed` as a limit, in bytes in a
 *   second, `job-id` to find the job by. Its `device` is left aside
 * @cancellable: (nullable): cancels the job
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Writes what overlays have down into an image below, by `block-commit`, and
 * shortens the chain by them: all of them into the bottom, unless the arguments
 * say less. The call ends when the job has, and the disk uses what is left.
 *
 * Block nodes that are no longer in the chain are removed then, unless
 * something else uses them. Their files stay.
 *
 * When it fails or is cancelled, the chain is as it was. What was written into
 * the image below until then stays there, and the overlay hides it.
 *
 * [class@Qmp.JobList] shows the job while it goes on. It is given an id unless
 * the arguments have one.
 *
 * Since: 0.1
 */
void
qmp_connection_commit_overlay_async (QmpConnection *self, const char *node, QmpBlockCommitArguments *arguments,
                                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (node != NULL);
  g_return_if_fail (arguments == NULL || QMP_IS_BLOCK_COMMIT_ARGUMENTS (arguments));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  qmp_steps_start (new_commit (node, arguments), self,
                   wire_task_new (self, qmp_connection_commit_overlay_async, cancellable, callback, user_data));
}

/**
 * qmp_connection_commit_overlay_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.commit_overlay_async] began.
 *
 * Fails with %G_IO_ERROR_NOT_FOUND when there is no such block node, and as
 * [func@Qmp.Job.run_finish] does.
 *
 * Returns: (transfer full): the name of the block node that the disk uses now:
 *   the image that was written to, if the topmost overlay went
 *
 * Since: 0.1
 */
char *
qmp_connection_commit_overlay_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_connection_commit_overlay_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * qmp_connection_commit_overlay:
 * @self: a connection
 * @node: the name of the block node that a disk uses now
 * @arguments: (nullable): what else there is to say, or %NULL: `top-node` and
 *   `base-node` for a part of the chain, `speed` as a limit, in bytes in a
 *   second, `job-id` to find the job by. Its `device` is left aside
 * @cancellable: (nullable): cancels the job
 * @error: return location
 *
 * Does what [method@Qmp.Connection.commit_overlay_async] does, and blocks until
 * it is done.
 *
 * Fails as [method@Qmp.Connection.commit_overlay_finish] does.
 *
 * Returns: (transfer full): the name of the block node that the disk uses now:
 *   the image that was written to, if the topmost overlay went
 *
 * Since: 0.1
 */
char *
qmp_connection_commit_overlay (QmpConnection *self, const char *node, QmpBlockCommitArguments *arguments,
                               GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (node != NULL, NULL);
  g_return_val_if_fail (arguments == NULL || QMP_IS_BLOCK_COMMIT_ARGUMENTS (arguments), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  return qmp_steps_block (new_commit (node, arguments), self, cancellable, error);
}

/* --- taking over --------------------------------------------------------------------------- */

static void
stream (QmpSteps *steps, G_GNUC_UNUSED QmpValue *reply, G_GNUC_UNUSED const GError *error)
{
  Work *work = qmp_steps_get_data (steps);
  QmpBlockStreamArguments *arguments = QMP_BLOCK_STREAM_ARGUMENTS (work->arguments);
  const char *base_node = qmp_block_stream_arguments_get_base_node (arguments);
  const char *base = qmp_block_stream_arguments_get_base (arguments);
  const char *bottom = qmp_block_stream_arguments_get_bottom (arguments);

  work->at = 1;
  work->end = work->chain->len;
  if (bottom != NULL)
    work->end = find_in_chain (work, bottom, NULL) + 1;
  else if (base_node != NULL || base != NULL)
    work->end = find_in_chain (work, base_node, base);
  if (work->end > work->chain->len || (work->end == work->chain->len && (base_node != NULL || base != NULL)))
    work->end = work->at;
  work->result = g_strdup (work->node);
  run_job (steps, "block-stream");
}

static QmpSteps *
new_stream (const char *node, QmpBlockStreamArguments *arguments)
{
  QmpStruct *all = arguments != NULL ? qmp_struct_copy (QMP_STRUCT (arguments)) : QMP_STRUCT (qmp_block_stream_arguments_new ());

  qmp_block_stream_arguments_set_device (QMP_BLOCK_STREAM_ARGUMENTS (all), node);
  return new_steps (node, all, stream);
}

/* A name is what tells that it was done. */
static gboolean
is_done (char *name)
{
  gboolean done = name != NULL;

  g_free (name);
  return done;
}

/**
 * qmp_connection_stream_overlay_async:
 * @self: a connection
 * @node: the name of an overlay's block node
 * @arguments: (nullable): what else there is to say, or %NULL: `base-node` for
 *   what will be right below, `backing-file` for what is recorded as that,
 *   `speed` as a limit, in bytes in a second, `job-id` to find the job by. Its
 *   `device` is left aside
 * @cancellable: (nullable): cancels the job
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Copies what images below have into an overlay, by `block-stream`, and shortens
 * the chain by them: by all of them, so that the overlay needs no other image
 * any more, or by those above `base-node`. The call ends when the job has.
 *
 * Block nodes that are no longer in the chain are removed then, unless
 * something else uses them. Their files stay, and are as they were.
 *
 * When it fails or is cancelled, the chain is as it was. What was copied until
 * then stays in the overlay, and is the same as what is below.
 *
 * [class@Qmp.JobList] shows the job while it goes on. It is given an id unless
 * the arguments have one.
 *
 * Since: 0.1
 */
void
qmp_connection_stream_overlay_async (QmpConnection *self, const char *node, QmpBlockStreamArguments *arguments,
                                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (node != NULL);
  g_return_if_fail (arguments == NULL || QMP_IS_BLOCK_STREAM_ARGUMENTS (arguments));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  qmp_steps_start (new_stream (node, arguments), self,
                   wire_task_new (self, qmp_connection_stream_overlay_async, cancellable, callback, user_data));
}

/**
 * qmp_connection_stream_overlay_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.stream_overlay_async] began.
 *
 * Fails with %G_IO_ERROR_NOT_FOUND when there is no such block node, and as
 * [func@Qmp.Job.run_finish] does.
 *
 * Returns: whether it was done
 *
 * Since: 0.1
 */
gboolean
qmp_connection_stream_overlay_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_connection_stream_overlay_async), FALSE);
  return is_done (g_task_propagate_pointer (G_TASK (result), error));
}

/**
 * qmp_connection_stream_overlay:
 * @self: a connection
 * @node: the name of an overlay's block node
 * @arguments: (nullable): what else there is to say, or %NULL: `base-node` for
 *   what will be right below, `backing-file` for what is recorded as that,
 *   `speed` as a limit, in bytes in a second, `job-id` to find the job by. Its
 *   `device` is left aside
 * @cancellable: (nullable): cancels the job
 * @error: return location
 *
 * Does what [method@Qmp.Connection.stream_overlay_async] does, and blocks until
 * it is done.
 *
 * Fails as [method@Qmp.Connection.stream_overlay_finish] does.
 *
 * Returns: whether it was done
 *
 * Since: 0.1
 */
gboolean
qmp_connection_stream_overlay (QmpConnection *self, const char *node, QmpBlockStreamArguments *arguments,
                               GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (node != NULL, FALSE);
  g_return_val_if_fail (arguments == NULL || QMP_IS_BLOCK_STREAM_ARGUMENTS (arguments), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  return is_done (qmp_steps_block (new_stream (node, arguments), self, cancellable, error));
}

/* --- what there is ------------------------------------------------------------------------- */

static void
return_chain (QmpSteps *steps, G_GNUC_UNUSED QmpValue *reply, G_GNUC_UNUSED const GError *error)
{
  Work *work = qmp_steps_get_data (steps);

  qmp_steps_return (steps, g_steal_pointer (&work->chain), (GDestroyNotify) g_ptr_array_unref);
}

/**
 * qmp_connection_list_chain_async:
 * @self: a connection
 * @node: the name of a block node
 * @cancellable: (nullable): gives up
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Asks which images a disk is made of: from a node down to the one that has
 * none below it.
 *
 * QEMU is asked by `query-named-block-nodes`, and up to version 10.0 also by
 * `x-debug-query-block-graph`, since nothing else there tells which node is
 * below which.
 *
 * Since: 0.1
 */
void
qmp_connection_list_chain_async (QmpConnection *self, const char *node, GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (node != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  qmp_steps_start (new_steps (node, NULL, return_chain), self,
                   wire_task_new (self, qmp_connection_list_chain_async, cancellable, callback, user_data));
}

/**
 * qmp_connection_list_chain_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.list_chain_async] began.
 *
 * Fails with %G_IO_ERROR_NOT_FOUND when there is no such block node, and as
 * [method@Qmp.Connection.execute_request_finish] does.
 *
 * Returns: (transfer container) (element-type QmpBlockDeviceInfo): the chain's
 *   nodes, the topmost first: each has its name, its file, and its driver, which
 *   is the image's format. Filters are among them
 *
 * Since: 0.1
 */
GPtrArray *
qmp_connection_list_chain_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_connection_list_chain_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * qmp_connection_list_chain:
 * @self: a connection
 * @node: the name of a block node
 * @cancellable: (nullable): gives up
 * @error: return location
 *
 * Does what [method@Qmp.Connection.list_chain_async] does, and blocks until it
 * is done.
 *
 * Fails as [method@Qmp.Connection.list_chain_finish] does.
 *
 * Returns: (transfer container) (element-type QmpBlockDeviceInfo): the chain's
 *   nodes, the topmost first
 *
 * Since: 0.1
 */
GPtrArray *
qmp_connection_list_chain (QmpConnection *self, const char *node, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (node != NULL, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  return qmp_steps_block (new_steps (node, NULL, return_chain), self, cancellable, error);
}
