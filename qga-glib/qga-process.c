/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-process-private.h"

#include <string.h>

#include "qga-connection-private.h"
#include "qga-error.h"
#include "wire/wire-base64.h"
#include "wire/wire-writer.h"
#include "wire/wire-task.h"

/**
 * QgaProcess:
 *
 * A process that the guest agent runs: what [class@Gio.Subprocess] is to the
 * host.
 *
 * It begins with [func@Qga.Process.spawn_async] (`guest-exec`). No shell is
 * involved: each string of @argv is one argument. Its end, and what it wrote,
 * is waited for with [method@Qga.Process.communicate_async] or
 * [method@Qga.Process.wait_async] (`guest-exec-status`). The agent has no
 * means to tell of the end by itself, so the connection asks it again and
 * again: soon at first, then at growing intervals, once for all who wait.
 *
 * ```c
 * const char *argv[] = { "uname", "-a", NULL };
 * g_autoptr (QgaProcess) process = qga_process_spawn (agent, argv, NULL, NULL, &error);
 * g_autofree char *system = NULL;
 *
 * if (process != NULL && qga_process_communicate_utf8 (process, &system, NULL, NULL, &error))
 *   g_print ("%s", system);
 * ```
 *
 * The agent tells how a process ended once only. The connection asks on its
 * own account, so giving a wait up loses nothing; but a reply that does not
 * arrive is lost for good, and then the waits fail with
 * %QGA_ERROR_RESULT_LOST. After a restart of the agent they fail with
 * %QGA_ERROR_AGENT_RESTARTED, and the process may still run.
 *
 * A process counts as running as long as anything that it started holds its
 * standard output or error open. The agent cannot end one: run `kill` for
 * that. Dropping this object ends nothing in the guest.
 *
 * Since: 0.1
 */
struct _QgaProcess
{
  GObject parent_instance;
  QgaConnection *connection;
  GStrv argv;
  QgaWatch *watch;
  int wait_timeout;
  gboolean sensitive;
};

G_DEFINE_FINAL_TYPE (QgaProcess, qga_process, G_TYPE_OBJECT)

static void
qga_process_finalize (GObject *object)
{
  QgaProcess *self = QGA_PROCESS (object);

  if (self->watch != NULL)
    {
      QgaSession *session = qga_connection_get_session (self->connection);

      wire_link_lock (&session->link);
      /* once its end is known, its number may be another's */
      if (self->watch->generation == session->standing.generation && self->watch->status == NULL &&
          self->watch->error == NULL)
        qga_session_release (session, TRUE, self->watch->pid);
      wire_link_unlock (&session->link);
    }
  g_clear_pointer (&self->watch, qga_watch_unref);
  g_clear_object (&self->connection);
  for (guint i = 0; self->sensitive && self->argv[i] != NULL; i++)
    explicit_bzero (self->argv[i], strlen (self->argv[i]));
  g_strfreev (self->argv);
  G_OBJECT_CLASS (qga_process_parent_class)->finalize (object);
}

static void
qga_process_class_init (QgaProcessClass *class)
{
  G_OBJECT_CLASS (class)->finalize = qga_process_finalize;
}

static void
qga_process_init (QgaProcess *self)
{
}

/* --- starting -------------------------------------------------------------------------- */

/* What the agent's parser takes is 64 MiB of text. */
#define MOST_INPUT ((gsize) 48 * 1024 * 1024 - 64 * 1024)

static gboolean
write_strings (GString *text, const char *name, const char *const *strings, GError **error)
{
  g_string_append_printf (text, ",\"%s\":[", name);
  for (guint i = 0; strings[i] != NULL; i++)
    {
      if (!g_utf8_validate (strings[i], -1, NULL))
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "guest-exec: %s[%u] is not UTF-8, and cannot be sent",
                       name, i);
          return FALSE;
        }
      if (i > 0)
        g_string_append_c (text, ',');
      wire_write_string (text, strings[i]);
    }
  g_string_append_c (text, ']');
  return TRUE;
}

static gboolean
write_input (GString *text, GBytes *input, GError **error)
{
  gsize size, at;
  const guint8 *bytes = g_bytes_get_data (input, &size);

  if (size > MOST_INPUT)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "guest-exec: an input of %" G_GSIZE_FORMAT " bytes cannot be sent, %" G_GSIZE_FORMAT " are the most", size,
                   MOST_INPUT);
      return FALSE;
    }
  g_string_append (text, ",\"input-data\":\"");
  at = text->len;
  g_string_set_size (text, at + (size + 2) / 3 * 4);
  wire_base64_encode (bytes, size, text->str + at);
  g_string_append_c (text, '"');
  return TRUE;
}

/* Merging came with QEMU 8.0. An agent that does not tell its version may
 * object by itself. */
static gboolean
can_merge (QgaConnection *connection, GError **error)
{
  g_autofree char *version = qga_connection_dup_agent_version (connection);

  if (version == NULL || g_ascii_strtoull (version, NULL, 10) >= 8)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
               "guest-exec: an agent of version %s cannot capture both streams as one: that came with 8.0", version);
  return FALSE;
}

static gboolean
write_arguments (GString *text, QgaConnection *connection, const char *const *argv, QgaProcessOptions *options,
                 GError **error)
{
  static const char *const captures[] = { "true", "false", "\"merged\"" };
  const char *const *environment = qga_process_options_get_environment (options);
  QgaCapture capture = qga_process_options_get_capture (options);
  GBytes *input = qga_process_options_get_input (options);

  if (!g_utf8_validate (argv[0], -1, NULL))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           "guest-exec: the program's path is not UTF-8, and cannot be sent");
      return FALSE;
    }
  g_string_append (text, "{\"path\":");
  wire_write_string (text, argv[0]);
  if ((argv[1] != NULL && !write_strings (text, "arg", argv + 1, error)) ||
      (environment != NULL && !write_strings (text, "env", environment, error)) ||
      (input != NULL && !write_input (text, input, error)) ||
      (capture == QGA_CAPTURE_MERGED && !can_merge (connection, error)))
    return FALSE;
  g_string_append_printf (text, ",\"capture-output\":%s}", captures[capture]);
  return TRUE;
}

static gboolean
make_order (QgaOrder *order, QgaConnection *connection, const char *const *argv, QgaProcessOptions *options, GError **error)
{
  GString *text = g_string_new (NULL);

  *order = (QgaOrder) { .command = "guest-exec", .gives = QGA_GIVES_PROCESS };
  order->sensitive = qga_process_options_get_sensitive (options);
  if (!write_arguments (text, connection, argv, options, error))
    {
      explicit_bzero (text->str, text->len);
      g_string_free (text, TRUE);
      return FALSE;
    }
  order->length = text->len;
  order->arguments = g_string_free (text, FALSE);
  return TRUE;
}

static QgaProcess *
new_process (QgaConnection *connection, const char *const *argv, QgaProcessOptions *options)
{
  QgaProcess *self = g_object_new (QGA_TYPE_PROCESS, NULL);

  self->connection = g_object_ref (connection);
  self->argv = g_strdupv ((GStrv) argv);
  self->wait_timeout = qga_process_options_get_wait_timeout (options);
  self->sensitive = qga_process_options_get_sensitive (options);
  return self;
}

static void
take_process (QgaProcess *self, const QgaReply *reply)
{
  self->watch = qga_watch_new (reply->number, reply->generation, self->sensitive);
}

static void
on_spawned (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  g_autoptr (QgaProcess) self = g_object_ref (g_task_get_task_data (task));
  GError *error = NULL;
  g_autoptr (QgaReply) reply = g_task_propagate_pointer (G_TASK (result), &error);

  /* a caller may keep the result for long: that must not keep a connection */
  g_task_set_task_data (task, NULL, NULL);
  if (reply == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  take_process (self, reply);
  g_task_return_pointer (task, g_steal_pointer (&self), g_object_unref);
}

/**
 * qga_process_spawn_async:
 * @connection: a connection
 * @argv: (array zero-terminated=1): the program and its arguments; a program
 *   without a slash is looked for in the agent's `PATH`
 * @options: (nullable): how to start it, or %NULL for the defaults
 * @cancellable: (nullable): ends the wait; the process may still be started
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Starts a process in the guest (`guest-exec`), as the user that the agent
 * runs as: mostly root.
 *
 * Since: 0.1
 */
void
qga_process_spawn_async (QgaConnection *connection, const char *const *argv, QgaProcessOptions *options,
                         GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (QgaProcessOptions) given = NULL;
  GError *error = NULL;
  QgaOrder order;
  GTask *task;

  g_return_if_fail (QGA_IS_CONNECTION (connection));
  g_return_if_fail (argv != NULL && argv[0] != NULL);
  g_return_if_fail (options == NULL || QGA_IS_PROCESS_OPTIONS (options));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  given = options != NULL ? g_object_ref (options) : qga_process_options_new ();
  task = wire_task_new (NULL, qga_process_spawn_async, cancellable, callback, user_data);
  if (!make_order (&order, connection, argv, given, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  g_task_set_task_data (task, new_process (connection, argv, given), g_object_unref);
  qga_connection_order_async (connection, &order,
                              wire_task_new (connection, qga_process_spawn_async, cancellable, on_spawned, task));
}

/**
 * qga_process_spawn_finish:
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [func@Qga.Process.spawn_async] began.
 *
 * Fails with %QGA_ERROR_GENERIC when the guest cannot start the program; with
 * %G_IO_ERROR_INVALID_ARGUMENT when what is given cannot be sent; with
 * %G_IO_ERROR_NOT_SUPPORTED when the agent is too old for
 * %QGA_CAPTURE_MERGED; and as [method@Qga.Connection.execute_finish] does.
 *
 * Returns: (transfer full): the process
 *
 * Since: 0.1
 */
QgaProcess *
qga_process_spawn_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (wire_task_is_result (NULL, result, qga_process_spawn_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * qga_process_spawn:
 * @connection: a connection
 * @argv: (array zero-terminated=1): the program and its arguments
 * @options: (nullable): how to start it, or %NULL for the defaults
 * @cancellable: (nullable): ends the wait; the process may still be started
 * @error: return location
 *
 * Starts a process in the guest, and blocks until it was started. See
 * [func@Qga.Process.spawn_async].
 *
 * Fails as [func@Qga.Process.spawn_finish] does.
 *
 * Returns: (transfer full): the process
 *
 * Since: 0.1
 */
QgaProcess *
qga_process_spawn (QgaConnection *connection, const char *const *argv, QgaProcessOptions *options,
                   GCancellable *cancellable, GError **error)
{
  g_autoptr (QgaProcessOptions) given = NULL;
  g_autoptr (QgaProcess) self = NULL;
  g_autoptr (QgaReply) reply = NULL;
  QgaOrder order;

  g_return_val_if_fail (QGA_IS_CONNECTION (connection), NULL);
  g_return_val_if_fail (argv != NULL && argv[0] != NULL, NULL);
  g_return_val_if_fail (options == NULL || QGA_IS_PROCESS_OPTIONS (options), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  given = options != NULL ? g_object_ref (options) : qga_process_options_new ();
  if (!make_order (&order, connection, argv, given, error))
    return NULL;
  reply = qga_connection_order (connection, &order, cancellable, error);
  if (reply == NULL)
    return NULL;
  self = new_process (connection, argv, given);
  take_process (self, reply);
  return g_steal_pointer (&self);
}

/* --- what it is ---------------------------------------------------------------------------- */

/**
 * qga_process_get_connection:
 * @self: a process
 *
 * Gets the connection it was started with, which it keeps alive.
 *
 * Returns: (transfer none): the connection
 *
 * Since: 0.1
 */
QgaConnection *
qga_process_get_connection (QgaProcess *self)
{
  g_return_val_if_fail (QGA_IS_PROCESS (self), NULL);
  return self->connection;
}

/**
 * qga_process_get_argv:
 * @self: a process
 *
 * Gets the program and its arguments.
 *
 * Returns: (transfer none) (array zero-terminated=1): they
 *
 * Since: 0.1
 */
const char *const *
qga_process_get_argv (QgaProcess *self)
{
  g_return_val_if_fail (QGA_IS_PROCESS (self), NULL);
  return (const char *const *) self->argv;
}

/**
 * qga_process_get_pid:
 * @self: a process
 *
 * Gets its number in the guest, as the agent told it: a claim.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
gint64
qga_process_get_pid (QgaProcess *self)
{
  g_return_val_if_fail (QGA_IS_PROCESS (self), -1);
  return self->watch->pid;
}

QgaWatch *
qga_process_get_watch (QgaProcess *self)
{
  return self->watch;
}

int
qga_process_get_wait_timeout (QgaProcess *self)
{
  return self->wait_timeout;
}
