/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-call-private.h"

#include <string.h>
#include <unistd.h>

#include "qmp-event-private.h"
#include "qmp-event-stream-private.h"
#include "qmp-value-private.h"
#include "wire/wire-node.h"

/* Takes the task. */
QmpCall *
qmp_call_new (QmpSession *session, QmpCallKind kind, GTask *task, GCancellable *cancellable, gint64 timeout_us)
{
  QmpCall *call = wire_link_new_call (&session->link, task, cancellable, timeout_us);

  call->kind = kind;
  call->fd = -1;
  return call;
}

/* Most names are short, and a copy within the call is the cheapest. */
static const char *
keep_command (QmpCall *call, const char *command)
{
  gsize length = strlen (command);

  if (length >= sizeof call->short_command)
    return g_strdup (command);
  return memcpy (call->short_command, command, length + 1);
}

QmpCall *
qmp_call_new_command (QmpSession *session, const char *command, GTask *task, GCancellable *cancellable,
                      gint64 timeout_us)
{
  QmpCall *call = qmp_call_new (session, QMP_CALL_COMMAND, task, cancellable, timeout_us);

  call->command = keep_command (call, command);
  call->quits = g_str_equal (command, "quit");
  return call;
}

/* They were written, or never will be. */
void
qmp_call_forget_arguments (QmpCall *call)
{
  if (call->sensitive && call->arguments != NULL)
    explicit_bzero (call->arguments, call->arguments_length);
  g_clear_pointer (&call->arguments, g_free);
}

/* Takes the text. */
void
qmp_call_set_arguments (QmpCall *call, char *arguments, gsize length)
{
  call->arguments = arguments;
  call->arguments_length = length;
}

void
qmp_call_clear (WireCall *wire)
{
  QmpCall *call = (QmpCall *) wire;

  if (call->sensitive && wire->reply != NULL)
    wire_document_wipe (wire->reply);
  qmp_call_forget_arguments (call);
  if (call->fd >= 0)
    close (call->fd);
  if (call->command != call->short_command)
    g_free ((char *) call->command);
  g_clear_object (&call->stream);
  g_clear_pointer (&call->event, qmp_event_unref);
}

/* --- starting -------------------------------------------------------------------- */

/* After the end there is nothing to wait for but what came before it. */
static gboolean
is_too_late (QmpCall *call)
{
  return call->wire.link->ended && (call->kind != QMP_CALL_NEXT_EVENT || qmp_event_stream_is_empty (call->stream));
}

void
qmp_call_begin (WireLink *link, WireCall *wire)
{
  QmpCall *call = (QmpCall *) wire;
  gboolean wants_end = call->kind == QMP_CALL_END || call->kind == QMP_CALL_NEXT_EVENT;

  if (g_cancellable_is_cancelled (wire->cancellable))
    wire_call_refuse (wire, g_error_new (G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s was cancelled before it was sent",
                                         call->command != NULL ? call->command : "The call"));
  else if (is_too_late (call) && link->cause == NULL && wants_end)
    wire_call_refuse (wire, NULL);
  else if (is_too_late (call))
    wire_call_refuse (wire, link->cause != NULL
                              ? g_error_copy (link->cause)
                              : g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, "The connection to QEMU is closed"));
  else
    qmp_session_begin ((QmpSession *) link, call);
}

void
qmp_call_start (QmpCall *call)
{
  wire_call_start (&call->wire);
}

/* An opening that failed says where. */
static void
name_address (QmpCall *call, GError **error)
{
  const char *address = ((QmpSession *) call->wire.link)->address;

  if (call->kind == QMP_CALL_OPENING && address != NULL)
    g_prefix_error (error, "%s: ", address);
}

/**
 * qmp_call_run:
 * @call: a call without a task
 *
 * Starts it and blocks until it has ended.
 */
gboolean
qmp_call_run (QmpCall *call, GError **error)
{
  if (wire_call_run (&call->wire, error))
    return TRUE;
  name_address (call, error);
  return FALSE;
}

/* --- results ---------------------------------------------------------------------- */

/* A quit that was answered by the end itself has an empty result. */
static gpointer
make_empty_result (QmpCall *call)
{
  if (call->form == QMP_RESULT_JSON)
    return g_strdup ("{}");
  if (call->form == QMP_RESULT_VALUE)
    return qmp_value_new_from_json ("{}", NULL);
  return wire_node_new_empty ();
}

gpointer
qmp_call_make_result (QmpCall *call)
{
  WireDocument *document = call->wire.reply;

  if (document == NULL)
    return make_empty_result (call);
  switch (call->form)
    {
    case QMP_RESULT_JSON:
      return wire_document_take_json (document, call->result);
    case QMP_RESULT_NODE:
      return wire_node_new (&document->view, call->result);
    case QMP_RESULT_VALUE:
    default:
      return qmp_value_new (g_steal_pointer (&call->wire.reply), call->result);
    }
}

/* Of a typed call: judged once, and as a whole. */
gboolean
qmp_call_read_result (QmpCall *call, WireSlot *result, GError **error)
{
  *result = (WireSlot) { WIRE_SLOT_SET };
  if (call->wire.reply == NULL)
    return TRUE;
  return wire_command_read_result (call->described, call->wire.reply, call->result, QMP_ERROR, QMP_ERROR_UNEXPECTED_VALUE,
                                   result, error);
}

static void
return_typed (QmpCall *call, GTask *task)
{
  GError *error = NULL;
  WireSlot result;

  if (qmp_call_read_result (call, &result, &error))
    wire_command_return (call->described, task, result);
  else
    g_task_return_error (task, error);
}

static void
free_json_node (gpointer node)
{
  json_node_unref (node);
}

static void
free_value (gpointer value)
{
  qmp_value_unref (value);
}

static GDestroyNotify
get_free_function (QmpResultForm form)
{
  static const GDestroyNotify functions[] = { free_value, g_free, free_json_node };

  return functions[form];
}

static void
free_event (gpointer event)
{
  if (event != NULL)
    qmp_event_unref (event);
}

/* A caller may keep the result for long: that must not keep a connection. */
static gpointer
steal_connection (GTask *task)
{
  gpointer connection = g_object_ref (g_task_get_task_data (task));

  g_task_set_task_data (task, NULL, NULL);
  return connection;
}

/* Hands the outcome to the task; in its context, without the lock. */
void
qmp_call_return (QmpCall *call)
{
  g_autoptr (GTask) task = g_steal_pointer (&call->wire.task);
  g_autoptr (GObject) opened = call->kind == QMP_CALL_OPENING ? steal_connection (task) : NULL;

  if (call->wire.error != NULL)
    {
      name_address (call, &call->wire.error);
      g_task_return_error (task, g_steal_pointer (&call->wire.error));
      return;
    }
  switch (call->kind)
    {
    case QMP_CALL_COMMAND:
      if (call->form == QMP_RESULT_TYPED)
        return_typed (call, task);
      else
        g_task_return_pointer (task, qmp_call_make_result (call), get_free_function (call->form));
      break;
    case QMP_CALL_OPENING:
      g_task_return_pointer (task, g_steal_pointer (&opened), g_object_unref);
      break;
    case QMP_CALL_NEXT_EVENT:
      g_task_return_pointer (task, g_steal_pointer (&call->event), free_event);
      break;
    case QMP_CALL_END:
    default:
      g_task_return_boolean (task, TRUE);
      break;
    }
}
