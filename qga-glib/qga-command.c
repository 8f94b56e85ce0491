/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-command-private.h"

#include "qga-call-private.h"
#include "qga-connection-private.h"
#include "qga-error.h"
#include "wire/wire-task.h"

/* Typed calls: what generated functions have in common. */

/* Takes the task, unless it fails. */
static QgaCall *
new_call (const WireCommand *command, QgaConnection *self, gpointer arguments, va_list *list, GTask *task,
          GCancellable *cancellable, GError **error)
{
  QgaSession *session = qga_connection_get_session (self);
  g_autoptr (GError) failure = NULL;
  gsize length;
  char *text = wire_command_write_arguments (command, arguments, list, &length, &failure);
  QgaCall *call;

  if (failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  call = qga_call_new_command (session, command->name, text, length, task, cancellable, -1);
  call->form = command->unanswered ? QGA_RESULT_ACCEPTANCE : QGA_RESULT_TYPED;
  call->described = command;
  call->sensitive |= command->secret;
  return call;
}

void
qga_command_start (const WireCommand *command, QgaConnection *self, gpointer arguments, GCancellable *cancellable,
                   GAsyncReadyCallback callback, gpointer user_data, ...)
{
  GError *error = NULL;
  QgaCall *call;
  GTask *task;
  va_list list;

  g_return_if_fail (QGA_IS_CONNECTION (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (self, (gpointer) command, cancellable, callback, user_data);
  va_start (list, user_data);
  call = new_call (command, self, arguments, &list, task, cancellable, &error);
  va_end (list);
  if (call != NULL)
    {
      wire_call_start (&call->wire);
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

static gboolean
is_result (const WireCommand *command, QgaConnection *self, GAsyncResult *result)
{
  g_return_val_if_fail (QGA_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, (gpointer) command), FALSE);
  return TRUE;
}

gpointer
qga_command_finish_pointer (const WireCommand *command, QgaConnection *self, GAsyncResult *result, GError **error)
{
  return is_result (command, self, result) ? g_task_propagate_pointer (G_TASK (result), error) : NULL;
}

gboolean
qga_command_finish (const WireCommand *command, QgaConnection *self, GAsyncResult *result, GError **error)
{
  return is_result (command, self, result) && g_task_propagate_boolean (G_TASK (result), error);
}

QgaAcceptance
qga_command_finish_unanswered (const WireCommand *command, QgaConnection *self, GAsyncResult *result, GError **error)
{
  gssize outcome = is_result (command, self, result) ? g_task_propagate_int (G_TASK (result), error) : -1;

  return outcome >= 0 ? (QgaAcceptance) outcome : QGA_ACCEPTANCE_NONE;
}

gint64
qga_command_finish_integer (const WireCommand *command, QgaConnection *self, GAsyncResult *result, GError **error)
{
  return is_result (command, self, result) ? wire_command_finish_integer (G_TASK (result), error) : -1;
}

static gboolean
run (const WireCommand *command, QgaConnection *self, gpointer arguments, va_list *list, GCancellable *cancellable,
     WireSlot *result, GError **error)
{
  QgaCall *call;
  gboolean done;

  g_return_val_if_fail (QGA_IS_CONNECTION (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  call = new_call (command, self, arguments, list, NULL, cancellable, error);
  if (call == NULL)
    return FALSE;
  done = qga_call_run (call, error) && (command->unanswered || qga_call_read_result (call, result, error));
  if (done && command->unanswered)
    result->integer = call->acceptance;
  wire_call_unref (&call->wire);
  return done;
}

gpointer
qga_command_run_pointer (const WireCommand *command, QgaConnection *self, gpointer arguments, GCancellable *cancellable,
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
qga_command_run (const WireCommand *command, QgaConnection *self, gpointer arguments, GCancellable *cancellable,
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
qga_command_run_integer (const WireCommand *command, QgaConnection *self, gpointer arguments, GCancellable *cancellable,
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

QgaAcceptance
qga_command_run_unanswered (const WireCommand *command, QgaConnection *self, gpointer arguments, GCancellable *cancellable,
                            GError **error, ...)
{
  WireSlot result;
  gboolean done;
  va_list list;

  va_start (list, error);
  done = run (command, self, arguments, &list, cancellable, &result, error);
  va_end (list);
  return done ? (QgaAcceptance) result.integer : QGA_ACCEPTANCE_NONE;
}
