/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-poll-private.h"

QmpPoll *
qmp_poll_new (const char *command, const char *question, QmpPollJudge judge)
{
  QmpPoll *self = g_new0 (QmpPoll, 1);

  self->command = qmp_request_new (command);
  self->question = qmp_request_new (question);
  self->judge = judge;
  self->timeout = G_MAXINT;
  return self;
}

void
qmp_poll_free (QmpPoll *self)
{
  g_object_unref (self->command);
  g_object_unref (self->question);
  g_clear_pointer (&self->answer, qmp_value_unref);
  g_free (self);
}

/* --- time ------------------------------------------------------------------------------------- */

static void
set_deadline (QmpPoll *self)
{
  self->deadline = self->timeout == G_MAXINT ? G_MAXINT64 : g_get_monotonic_time () + (gint64) self->timeout * 1000;
}

/* Milliseconds until it is to be asked again. */
static guint
get_rest (QmpPoll *self, guint interval)
{
  gint64 rest = (self->deadline - g_get_monotonic_time () + 999) / 1000;

  return (guint) CLAMP (rest, 1, interval);
}

static gboolean
is_late (QmpPoll *self)
{
  return g_get_monotonic_time () >= self->deadline;
}

/* --- in a main context --------------------------------------------------------------------------- */

static void on_reply (GObject *source, GAsyncResult *result, gpointer data);

static gboolean
on_time (gpointer data)
{
  GTask *task = data;
  QmpPoll *self = g_task_get_task_data (task);

  qmp_connection_execute_request_async (g_task_get_source_object (task), self->question, g_task_get_cancellable (task), on_reply,
                                        g_object_ref (task));
  return G_SOURCE_REMOVE;
}

/* Who cancels does not want to wait for the time: then the question is one
 * that fails at once. */
static void
wait (GTask *task, guint milliseconds)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr (GSource) source = g_timeout_source_new (milliseconds);
  g_autoptr (GSource) cancelled = NULL;

  g_source_set_callback (source, on_time, g_object_ref (task), g_object_unref);
  if (cancellable != NULL)
    {
      cancelled = g_cancellable_source_new (cancellable);
      g_source_set_dummy_callback (cancelled);
      g_source_add_child_source (source, cancelled);
    }
  g_source_attach (source, g_task_get_context (task));
}

static void
on_reply (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  QmpPoll *self = g_task_get_task_data (task);
  gboolean last = is_late (self);
  GError *error = NULL;
  g_autoptr (QmpValue) reply = qmp_connection_execute_request_finish (QMP_CONNECTION (source), result, &error);
  gboolean done = reply != NULL && self->judge (self, reply, last, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else if (done)
    g_task_return_boolean (task, TRUE);
  else
    wait (task, get_rest (self, self->interval));
}

static void
on_command (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  QmpPoll *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (QmpValue) reply = qmp_connection_execute_request_finish (QMP_CONNECTION (source), result, &error);

  if (reply == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  set_deadline (self);
  wait (task, get_rest (self, MAX (self->delay, 1)));
}

void
qmp_poll_start (QmpPoll *self, GTask *task)
{
  g_task_set_task_data (task, self, (GDestroyNotify) qmp_poll_free);
  qmp_connection_execute_request_async (g_task_get_source_object (task), self->command, g_task_get_cancellable (task), on_command,
                                        g_object_ref (task));
}

/* --- blocking -------------------------------------------------------------------------------------- */

/* Events that nobody sends: what comes meanwhile is read, and the connection's
 * end ends the wait. */
static gboolean
wait_blocking (QmpEventStream *silence, guint milliseconds, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) failure = NULL;
  g_autoptr (QmpEvent) event = NULL;

  qmp_event_stream_set_timeout (silence, (int) milliseconds);
  event = qmp_event_stream_next (silence, cancellable, &failure);
  if (failure == NULL || !g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
ask (QmpPoll *self, QmpConnection *connection, GCancellable *cancellable, gboolean *done, GError **error)
{
  gboolean last = is_late (self);
  g_autoptr (QmpValue) reply = qmp_connection_execute_request (connection, self->question, cancellable, error);
  GError *failure = NULL;

  if (reply == NULL)
    return FALSE;
  *done = self->judge (self, reply, last, &failure);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, failure);
  return FALSE;
}

gboolean
qmp_poll_run (QmpPoll *self, QmpConnection *connection, GCancellable *cancellable, GError **error)
{
  static const char *const names[] = { "silence", NULL };
  g_autoptr (QmpEventStream) silence = qmp_connection_watch_events (connection, names, 1);
  g_autoptr (QmpValue) reply = qmp_connection_execute_request (connection, self->command, cancellable, error);
  guint interval = MAX (self->delay, 1);
  gboolean done = FALSE;

  if (reply == NULL)
    return FALSE;
  set_deadline (self);
  while (!done)
    {
      if (!wait_blocking (silence, get_rest (self, interval), cancellable, error) ||
          !ask (self, connection, cancellable, &done, error))
        return FALSE;
      interval = self->interval;
    }
  return TRUE;
}
