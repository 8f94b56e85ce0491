/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-command-private.h"

#include <errno.h>
#include <fcntl.h>

#include "qmp-call-private.h"
#include "qmp-connection-private.h"
#include "qmp-error.h"
#include "wire/wire-task.h"

/* Typed calls: what generated functions have in common. */

static gboolean
take_fd (QmpCall *call, int fd, GError **error)
{
  if (fd < 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s: it needs a file descriptor", call->command);
      return FALSE;
    }
  call->fd = fcntl (fd, F_DUPFD_CLOEXEC, 3);
  if (call->fd >= 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: the file descriptor cannot be duplicated: %s",
               call->command, g_strerror (errno));
  return FALSE;
}

/* Takes the task, unless it fails. */
static QmpCall *
new_call (const WireCommand *command, QmpConnection *self, gpointer arguments, va_list *list, GTask *task,
          GCancellable *cancellable, GError **error)
{
  QmpSession *session = qmp_connection_get_session (self);
  g_autoptr (GError) failure = NULL;
  gsize length;
  char *text = wire_command_write_arguments (command, arguments, list, &length, &failure);
  QmpCall *call;

  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  call = qmp_call_new_command (session, command->name, task, cancellable, qmp_session_get_timeout (session, -1));
  call->form = QMP_RESULT_TYPED;
  call->described = command;
  call->sensitive = command->secret;
  qmp_call_set_arguments (call, text, length);
  if (!command->passes_fd || take_fd (call, va_arg (*list, int), error))
    return call;
  if (task != NULL)
    g_object_ref (task);
  wire_call_unref (&call->wire);
  return NULL;
}

void
qmp_command_start (const WireCommand *command, QmpConnection *self, gpointer arguments, GCancellable *cancellable,
                   GAsyncReadyCallback callback, gpointer user_data, ...)
{
  GError *error = NULL;
  QmpCall *call;
  GTask *task;
  va_list list;

  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (self, (gpointer) command, cancellable, callback, user_data);
  va_start (list, user_data);
  call = new_call (command, self, arguments, &list, task, cancellable, &error);
  va_end (list);
  if (call != NULL)
    {
      qmp_call_start (call);
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

static gboolean
is_result (const WireCommand *command, QmpConnection *self, GAsyncResult *result)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, (gpointer) command), FALSE);
  return TRUE;
}

gpointer
qmp_command_finish_pointer (const WireCommand *command, QmpConnection *self, GAsyncResult *result, GError **error)
{
  return is_result (command, self, result) ? g_task_propagate_pointer (G_TASK (result), error) : NULL;
}

gboolean
qmp_command_finish (const WireCommand *command, QmpConnection *self, GAsyncResult *result, GError **error)
{
  return is_result (command, self, result) && g_task_propagate_boolean (G_TASK (result), error);
}

gint64
qmp_command_finish_integer (const WireCommand *command, QmpConnection *self, GAsyncResult *result, GError **error)
{
  return is_result (command, self, result) ? wire_command_finish_integer (G_TASK (result), error) : -1;
}

static gboolean
run (const WireCommand *command, QmpConnection *self, gpointer arguments, va_list *list, GCancellable *cancellable,
     WireSlot *result, GError **error)
{
  QmpCall *call;
  gboolean done;

  g_return_val_if_fail (QMP_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  call = new_call (command, self, arguments, list, NULL, cancellable, error);
  if (call == NULL)
    return FALSE;
  done = qmp_call_run (call, error) && qmp_call_read_result (call, result, error);
  wire_call_unref (&call->wire);
  return done;
}

gpointer
qmp_command_run_pointer (const WireCommand *command, QmpConnection *self, gpointer arguments, GCancellable *cancellable,
                         GError **error, ...)
{
  WireSlot result;
  gboolean done;
  va_list list;

  va_start (list, error);
  done = run (command, self, arguments, &list, cancellable, &result, error);
  va_end (list);
  return done ? result.pointer : NULL;
}

gboolean
qmp_command_run (const WireCommand *command, QmpConnection *self, gpointer arguments, GCancellable *cancellable,
                 GError **error, ...)
{
  WireSlot result;
  gboolean done;
  va_list list;

  va_start (list, error);
  done = run (command, self, arguments, &list, cancellable, &result, error);
  va_end (list);
  return done;
}

gint64
qmp_command_run_integer (const WireCommand *command, QmpConnection *self, gpointer arguments, GCancellable *cancellable,
                         GError **error, ...)
{
  WireSlot result;
  gboolean done;
  va_list list;

  va_start (list, error);
  done = run (command, self, arguments, &list, cancellable, &result, error);
  va_end (list);
  return done ? result.integer : -1;
}
