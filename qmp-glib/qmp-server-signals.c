/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-server-call-private.h"

/* What a server tells its program. */

enum
{
  SIGNAL_COMMAND,
  SIGNAL_CLIENT_ADDED,
  SIGNAL_CLIENT_REMOVED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* A client's words must not become quarks, which are for ever: a command that
 * nobody connected to has none, and needs none. */
gboolean
qmp_server_emit_command (QmpServer *self, QmpServerCall *call)
{
  gboolean handled = FALSE;

  g_signal_emit (self, signals[SIGNAL_COMMAND], g_quark_try_string (call->command), call, &handled);
  return handled;
}

void
qmp_server_emit_client_added (QmpServer *self, QmpServerClient *client)
{
  g_signal_emit (self, signals[SIGNAL_CLIENT_ADDED], 0, client);
}

void
qmp_server_emit_client_removed (QmpServer *self, QmpServerClient *client, const GError *error)
{
  g_signal_emit (self, signals[SIGNAL_CLIENT_REMOVED], 0, client, error);
}

/* Commands come by the hundred thousand. */
static void
marshal_command (GClosure *closure, GValue *return_value, gpointer instance, va_list arguments, gpointer marshal_data,
                 int n_parameters, GType *parameter_types)
{
  typedef gboolean (*Handler) (gpointer first, gpointer call, gpointer second);
  Handler handler = (Handler) (marshal_data != NULL ? marshal_data : ((GCClosure *) closure)->callback);
  g_autoptr (QmpServerCall) call = NULL;
  gboolean handled;
  va_list copy;

  va_copy (copy, arguments);
  call = g_object_ref (va_arg (copy, gpointer));
  va_end (copy);
  if (G_CCLOSURE_SWAP_DATA (closure))
    handled = handler (closure->data, call, instance);
  else
    handled = handler (instance, call, closure->data);
  g_value_set_boolean (return_value, handled);
}

void
qmp_server_install_signals (GType type)
{
  /**
   * QmpServer::command:
   * @self: a server
   * @call: what a client wants
   *
   * Emitted for every command, with its name as detail: connect to
   * `command::query-status` for one, to `command` for all. `qmp_capabilities` is the
   * server's own business.
   *
   * A handler that answers the call, or keeps it to answer it later, returns %TRUE,
   * and no other is asked. If none does, and the call is not answered, then the table
   * is asked, and the command refused if it is not in there.
   *
   * In-band commands of one client come one after the other, each when the one
   * before it is answered; see [property@Qmp.Server:overlap].
   *
   * Returns: whether the command is taken care of
   *
   * Since: 0.1
   */
  signals[SIGNAL_COMMAND] = g_signal_new ("command", type, G_SIGNAL_RUN_LAST | G_SIGNAL_DETAILED, 0,
                                          g_signal_accumulator_true_handled, NULL, NULL, G_TYPE_BOOLEAN, 1,
                                          QMP_TYPE_SERVER_CALL);
  g_signal_set_va_marshaller (signals[SIGNAL_COMMAND], type, marshal_command);
  /**
   * QmpServer::client-added:
   * @self: a server
   * @client: who has come
   *
   * Emitted when a client was greeted, before anything else is told of it.
   *
   * Since: 0.1
   */
  signals[SIGNAL_CLIENT_ADDED] = g_signal_new ("client-added", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                               QMP_TYPE_SERVER_CLIENT);
  /**
   * QmpServer::client-removed:
   * @self: a server
   * @client: who has gone
   * @error: (nullable): why, or %NULL when it went by itself, between two commands,
   *   or was sent away by the program
   *
   * Emitted when a client has gone. [method@Qmp.ServerCall.get_cancellable] of each
   * of its calls that are not answered was cancelled before.
   *
   * Since: 0.1
   */
  signals[SIGNAL_CLIENT_REMOVED] = g_signal_new ("client-removed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                                 2, QMP_TYPE_SERVER_CLIENT, G_TYPE_ERROR);
}
