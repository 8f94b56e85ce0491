/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-glib.h"
#include "qmp-steps-private.h"

struct _QmpSteps
{
  gpointer data;
  GDestroyNotify free_data;
  QmpConnection *connection;
  QmpRequest *request;        /* the next step; NULL at the end */
  QmpStepFlags flags;
  QmpStepsThen then;
  GError *error;
  gpointer result;
  GDestroyNotify free_result;
};

QmpSteps *
qmp_steps_new (gpointer data, GDestroyNotify free_data)
{
  QmpSteps *self = g_new0 (QmpSteps, 1);

  self->data = data;
  self->free_data = free_data;
  return self;
}

void
qmp_steps_free (QmpSteps *self)
{
  self->free_data (self->data);
  if (self->result != NULL && self->free_result != NULL)
    self->free_result (self->result);
  g_clear_object (&self->connection);
  g_clear_object (&self->request);
  g_clear_error (&self->error);
  g_free (self);
}

gpointer
qmp_steps_get_data (QmpSteps *self)
{
  return self->data;
}

/* --- what is next ------------------------------------------------------------------------ */

static QmpRequest *
set_next (QmpSteps *self, QmpStepFlags flags, QmpStepsThen then, const char *command)
{
  g_clear_object (&self->request);
  self->request = qmp_request_new (command);
  self->flags = flags;
  self->then = then;
  return self->request;
}

void
qmp_steps_run (QmpSteps *self, QmpStepFlags flags, QmpStepsThen then, const char *command, const char *format, ...)
{
  QmpRequest *request = set_next (self, flags, then, command);
  g_autoptr (GVariant) arguments = NULL;
  g_autoptr (JsonNode) node = NULL;
  va_list values;

  if (format == NULL)
    return;
  va_start (values, format);
  arguments = g_variant_ref_sink (g_variant_new_parsed_va (format, &values));
  va_end (values);
  node = json_gvariant_serialize (arguments);
  qmp_request_set_arguments (request, node, NULL);
}

void
qmp_steps_run_json (QmpSteps *self, QmpStepFlags flags, QmpStepsThen then, const char *command, const char *arguments)
{
  g_autoptr (GError) error = NULL;

  if (qmp_request_set_arguments_json (set_next (self, flags, then, command), arguments, &error))
    return;
  g_clear_object (&self->request);
  then (self, NULL, error);
}

void
qmp_steps_return (QmpSteps *self, gpointer result, GDestroyNotify free_result)
{
  g_clear_object (&self->request);
  self->result = result;
  self->free_result = free_result;
}

/* For when the end is still to come. */
void
qmp_steps_keep_error (QmpSteps *self, const GError *error)
{
  if (self->error == NULL)
    self->error = g_error_copy (error);
}

void
qmp_steps_fail (QmpSteps *self, const GError *error)
{
  g_clear_object (&self->request);
  if (error != NULL)
    qmp_steps_keep_error (self, error);
}

static gpointer
take_result (QmpSteps *self, GError **error)
{
  if (self->error == NULL)
    return g_steal_pointer (&self->result);
  g_propagate_error (error, g_steal_pointer (&self->error));
  return NULL;
}

/* --- one after the other ----------------------------------------------------------------- */

static void
end (GTask *task)
{
  QmpSteps *self = g_task_get_task_data (task);
  GError *error = NULL;
  gpointer result = take_result (self, &error);

  if (error == NULL)
    g_task_return_pointer (task, result, self->free_result);
  else
    g_task_return_error (task, error);
}

static void advance (GTask *task);

static void
on_reply (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  QmpSteps *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpValue) reply = qmp_connection_execute_request_finish (QMP_CONNECTION (source), result, &error);

  self->then (self, reply, error);
  advance (task);
}

/* What a job that ended well is taken for. */
static QmpValue *
make_reply (gboolean done)
{
  return done ? qmp_value_new_from_json ("{}", NULL) : NULL;
}

static void
on_job (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  QmpSteps *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (QmpValue) reply = make_reply (qmp_job_run_finish (result, &error));

  self->then (self, reply, error);
  advance (task);
}

/* Takes the step; NULL at the end. One that is whole is not begun in vain. */
static QmpRequest *
take_request (QmpSteps *self, GCancellable *cancellable)
{
  while (self->request != NULL && (self->flags & QMP_STEP_WHOLE) != 0 && g_cancellable_is_cancelled (cancellable))
    {
      g_autoptr (GError) error = NULL;

      g_clear_object (&self->request);
      g_cancellable_set_error_if_cancelled (cancellable, &error);
      self->then (self, NULL, error);
    }
  return g_steal_pointer (&self->request);
}

/* What may cancel the step once it is begun. */
static GCancellable *
get_stop (QmpSteps *self, GCancellable *cancellable)
{
  return (self->flags & (QMP_STEP_SURE | QMP_STEP_WHOLE)) != 0 ? NULL : cancellable;
}

static void
advance (GTask *task)
{
  QmpSteps *self = g_task_get_task_data (task);
  g_autoptr (QmpRequest) request = take_request (self, g_task_get_cancellable (task));
  GCancellable *cancellable = get_stop (self, g_task_get_cancellable (task));

  if (request == NULL)
    end (task);
  else if ((self->flags & QMP_STEP_JOB) != 0)
    qmp_job_run_async (self->connection, request, NULL, QMP_JOB_RUN_NONE, cancellable, on_job, g_object_ref (task));
  else
    qmp_connection_execute_request_async (self->connection, request, cancellable, on_reply, g_object_ref (task));
}

static void
free_steps (gpointer data)
{
  qmp_steps_free (data);
}

void
qmp_steps_start (QmpSteps *self, QmpConnection *connection, GTask *task)
{
  g_autoptr (GTask) owned = task;

  self->connection = g_object_ref (connection);
  g_task_set_task_data (task, self, free_steps);
  advance (task);
}

static QmpValue *
run_blocking (QmpSteps *self, QmpRequest *request, GCancellable *stop, GError **error)
{
  if ((self->flags & QMP_STEP_JOB) != 0)
    return make_reply (qmp_job_run (self->connection, request, NULL, QMP_JOB_RUN_NONE, stop, error));
  return qmp_connection_execute_request (self->connection, request, stop, error);
}

gpointer
qmp_steps_block (QmpSteps *self, QmpConnection *connection, GCancellable *cancellable, GError **error)
{
  g_autoptr (QmpSteps) owned = self;
  QmpRequest *request;

  self->connection = g_object_ref (connection);
  while ((request = take_request (self, cancellable)) != NULL)
    {
      g_autoptr (GError) local_error = NULL;
      g_autoptr (QmpValue) reply = run_blocking (self, request, get_stop (self, cancellable), &local_error);

      g_object_unref (request);
      self->then (self, reply, local_error);
    }
  return take_result (self, error);
}
