/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-call-private.h"

#include <string.h>

#include "qga-ahead-private.h"
#include "qga-watch-private.h"
#include "wire/wire-node.h"

/* Full captures of both streams of a process are 44.7 MB, and a chunk of a
 * file is 67 MB at most: more is no legal reply. */
#define EXEC_STATUS_SIZE ((gsize) 48 * 1024 * 1024)
#define FILE_READ_COUNT ((gint64) 48 * 1024 * 1024)
#define FILE_READ_FRAME ((gsize) 4096)

/* Takes the task. */
QgaCall *
qga_call_new (QgaSession *session, QgaCallKind kind, GTask *task, GCancellable *cancellable, gint64 timeout_us)
{
  QgaCall *call = wire_link_new_call (&session->link, task, cancellable, timeout_us);

  call->kind = kind;
  call->grace_end = G_MAXINT64;
  return call;
}

/* --- commands ------------------------------------------------------------------------ */

static gint64
read_count (const char *arguments, gsize length)
{
  g_autoptr (WireDocument) document = length > 0 ? wire_document_new_for_text (arguments, length) : NULL;
  guint member = document != NULL ? wire_view_member (&document->view, 0, "count") : 0;
  gint64 count = 0;

  if (member != 0)
    wire_view_get_int64 (&document->view, member, &count);
  return CLAMP (count, 0, FILE_READ_COUNT);
}

/* The most that a sound agent answers. */
static gsize
find_reply_size (const QgaCall *call)
{
  if (g_str_equal (call->command, "guest-exec-status"))
    return EXEC_STATUS_SIZE;
  if (g_str_equal (call->command, "guest-file-read"))
    return (gsize) read_count (call->arguments, call->arguments_length) / 3 * 4 + FILE_READ_FRAME;
  return 0;
}

static gboolean
is_secret (const char *command)
{
  return g_str_equal (command, "guest-set-user-password") || g_str_equal (command, "guest-ssh-add-authorized-keys");
}

static void
set_command (QgaCall *call, const char *command, char *arguments, gsize length)
{
  gsize size = strlen (command) + 1;

  call->command = size <= sizeof call->short_command ? memcpy (call->short_command, command, size) : g_strdup (command);
  call->arguments = arguments;
  call->arguments_length = length;
  call->sensitive = is_secret (command);
  call->reply_size = find_reply_size (call);
}

/* Takes the task and the arguments. */
QgaCall *
qga_call_new_command (QgaSession *session, const char *command, char *arguments, gsize length, GTask *task,
                      GCancellable *cancellable, int timeout_ms)
{
  QgaCall *call = qga_call_new (session, QGA_CALL_COMMAND, task, cancellable,
                                qga_session_get_timeout (session, command, timeout_ms));

  set_command (call, command, arguments, length);
  return call;
}

/* A question of the session's own: the hook is told its end, and nobody else.
 * Takes the arguments. */
QgaCall *
qga_call_new_own (QgaSession *session, const char *command, char *arguments, gint64 deadline, QgaCallHook hook,
                  gpointer data)
{
  QgaCall *call = qga_call_new (session, QGA_CALL_COMMAND, NULL, NULL, G_MAXINT64);

  set_command (call, command, arguments, arguments != NULL ? strlen (arguments) : 0);
  call->wire.deadline = deadline;
  call->own = TRUE;
  call->hook = hook;
  call->hook_data = data;
  return call;
}

/* They were written, or never will be. */
void
qga_call_forget_arguments (QgaCall *call)
{
  if (call->sensitive && call->arguments != NULL)
    explicit_bzero (call->arguments, call->arguments_length);
  g_clear_pointer (&call->arguments, g_free);
}

void
qga_call_clear (WireCall *wire)
{
  QgaCall *call = (QgaCall *) wire;

  if (call->sensitive && wire->reply != NULL)
    wire_document_wipe (wire->reply);
  qga_call_forget_arguments (call);
  if (call->command != call->short_command)
    g_free ((char *) call->command);
  g_clear_pointer (&call->watch, qga_watch_unref);
  g_clear_pointer (&call->ahead, qga_ahead_unref);
}

const char *
qga_call_get_name (const QgaCall *call)
{
  return call->kind == QGA_CALL_COMMAND ? call->command
         : call->kind == QGA_CALL_JOIN ? call->ahead->command
         : call->kind == QGA_CALL_WAIT ? "Waiting for a guest process" : "Opening";
}

GError *
qga_call_describe_restart (const QgaCall *call)
{
  return g_error_new (QGA_ERROR, QGA_ERROR_AGENT_RESTARTED, "%s: the guest agent has restarted%s", call->command,
                      call->generation != 0 ? " since, and knows nothing of what was before" : " meanwhile");
}

/* --- starting -------------------------------------------------------------------------- */

/* What has come stays known after the end. */
static gboolean
is_too_late (const QgaCall *call)
{
  if (!call->wire.link->ended)
    return FALSE;
  return call->kind == QGA_CALL_WAIT ? call->watch->status == NULL : call->kind != QGA_CALL_JOIN || !call->ahead->ended;
}

void
qga_call_begin (WireLink *link, WireCall *wire)
{
  QgaCall *call = (QgaCall *) wire;

  if (g_cancellable_is_cancelled (wire->cancellable))
    {
      qga_session_insist ((QgaSession *) link, call);
      wire_call_refuse (wire, g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s was cancelled before it began",
                                           qga_call_get_name (call)));
    }
  else if (is_too_late (call))
    wire_call_refuse (wire, link->cause != NULL ? g_error_copy (link->cause)
                                                : g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED,
                                                                       "The connection to the guest agent is closed"));
  else
    qga_session_begin ((QgaSession *) link, call);
}

/* An opening that failed says where. */
static void
name_address (QgaCall *call, GError **error)
{
  const char *address = ((QgaSession *) call->wire.link)->address;

  if (call->kind == QGA_CALL_OPENING && address != NULL)
    g_prefix_error (error, "%s: ", address);
}

/**
 * qga_call_run:
 * @call: a call without a task
 *
 * Starts it and blocks until it has ended.
 */
gboolean
qga_call_run (QgaCall *call, GError **error)
{
  if (wire_call_run (&call->wire, error))
    return TRUE;
  name_address (call, error);
  return FALSE;
}

/* --- results ------------------------------------------------------------------------------ */

void
qga_reply_free (QgaReply *reply)
{
  g_clear_pointer (&reply->document, wire_document_unref);
  g_free (reply);
}

static QgaReply *
make_reply (QgaCall *call)
{
  QgaReply *reply = g_new (QgaReply, 1);

  *reply = (QgaReply) { g_steal_pointer (&call->wire.reply), call->result, call->given, call->generation };
  return reply;
}

/* What is not answered when it succeeds has an empty result. */
static JsonNode *
make_node (const QgaCall *call)
{
  WireDocument *reply = call->wire.reply;

  return reply != NULL ? wire_node_new (&reply->view, call->result) : wire_node_new_empty ();
}

static char *
make_json (const QgaCall *call)
{
  WireDocument *reply = call->wire.reply;

  return reply != NULL ? wire_document_take_json (reply, call->result) : g_strdup ("{}");
}

gpointer
qga_call_make_result (QgaCall *call)
{
  switch (call->form)
    {
    case QGA_RESULT_JSON:
      return make_json (call);
    case QGA_RESULT_NODE:
      return make_node (call);
    case QGA_RESULT_REPLY:
    default:
      return make_reply (call);
    }
}

/* Of a typed call: judged once, and as a whole. */
gboolean
qga_call_read_result (QgaCall *call, WireSlot *result, GError **error)
{
  *result = (WireSlot) { WIRE_SLOT_SET };
  if (call->wire.reply == NULL)
    return TRUE;
  return wire_command_read_result (call->described, call->wire.reply, call->result, QGA_ERROR, QGA_ERROR_UNEXPECTED_VALUE,
                                   result, error);
}

static void
return_typed (QgaCall *call, GTask *task)
{
  GError *error = NULL;
  WireSlot result;

  if (qga_call_read_result (call, &result, &error))
    wire_command_return (call->described, task, result);
  else
    g_task_return_error (task, error);
}

static void
free_node (gpointer node)
{
  json_node_unref (node);
}

static void
free_reply (gpointer reply)
{
  qga_reply_free (reply);
}

/* A caller may keep the result for long: that must not keep a connection. */
static gpointer
steal_connection (GTask *task)
{
  gpointer connection = g_object_ref (g_task_get_task_data (task));

  g_task_set_task_data (task, NULL, NULL);
  return connection;
}

static void
return_command (QgaCall *call, GTask *task)
{
  static const GDestroyNotify free_functions[] = { free_reply, g_free, free_node };

  if (call->form == QGA_RESULT_ACCEPTANCE)
    g_task_return_int (task, (gssize) call->acceptance);
  else if (call->form == QGA_RESULT_TYPED)
    return_typed (call, task);
  else
    g_task_return_pointer (task, qga_call_make_result (call), free_functions[call->form]);
}

/* Hands the outcome to the task; in its context, without the lock. */
void
qga_call_return (QgaCall *call)
{
  g_autoptr (GTask) task = g_steal_pointer (&call->wire.task);
  g_autoptr (GObject) opened = call->kind == QGA_CALL_OPENING ? steal_connection (task) : NULL;

  if (call->wire.error != NULL)
    {
      name_address (call, &call->wire.error);
      g_task_return_error (task, g_steal_pointer (&call->wire.error));
    }
  else if (call->kind == QGA_CALL_COMMAND || call->kind == QGA_CALL_JOIN)
    return_command (call, task);
  else if (call->kind == QGA_CALL_OPENING)
    g_task_return_pointer (task, g_steal_pointer (&opened), g_object_unref);
  else
    g_task_return_boolean (task, TRUE);
}
