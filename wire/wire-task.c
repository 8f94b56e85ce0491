/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire-task.h"

GTask *
wire_task_new (gpointer source, gpointer tag, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (source, cancellable, callback, user_data);

  /* in parentheses: the macro of that name would copy a name for the task, too */
  (g_task_set_source_tag) (task, tag);
  /* a reply that has come is never turned into a cancel afterwards */
  if (cancellable != NULL)
    g_task_set_check_cancellable (task, FALSE);
  return task;
}

gboolean
wire_task_is_result (gpointer source, GAsyncResult *result, gpointer tag)
{
  return g_task_is_valid (result, source) && g_task_get_source_tag (G_TASK (result)) == tag;
}

void
wire_task_return_boolean (GTask *task, gboolean done, GError *error)
{
  if (done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}
