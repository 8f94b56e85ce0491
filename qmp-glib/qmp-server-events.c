/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-server-client-private.h"

#include <string.h>

#include "qmp-event-private.h"
#include "wire/wire-arguments.h"
#include "wire/wire-writer.h"

/* Events: to one client, or to all. Those who have not negotiated get none. */

/* --- sending, with the lock held ------------------------------------------------------------ */

static void
tell (QmpServerClient *client, const char *text, gsize length)
{
  gsize before = client->out.waiting;

  if (client->state != QMP_SERVER_CLIENT_STATE_READY || client->ending)
    return;
  wire_out_add (&client->out, text, length);
  qmp_server_client_check_unread (client, before);
  qmp_server_line_go_on (client);
}

/* No client: all of them. */
static void
tell_all (QmpServerCore *core, QmpServerClient *client, const char *text, gsize length)
{
  if (client != NULL)
    tell (client, text, length);
  for (guint i = 0; client == NULL && i < core->clients->len; i++)
    tell (core->clients->pdata[i], text, length);
}

/* Without the lock, as all that follows. */
static gboolean
emit (QmpServerCore *core, QmpServerClient *client, const char *name, const char *data, gsize length, GError **error)
{
  WireOut text = { 0 };
  gboolean sound;

  if (!wire_check_command (name, error))
    return FALSE;
  qmp_server_core_lock (core);
  sound = qmp_server_make_event (core, name, data, length, &text, error);
  if (sound)
    tell_all (core, client, wire_out_peek (&text), text.waiting);
  qmp_server_core_unlock (core);
  wire_out_clear (&text);
  return sound;
}

static gboolean
refuse_kind (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "What an event carries must be an object");
  return FALSE;
}

static gboolean
emit_node (QmpServerCore *core, QmpServerClient *client, const char *name, JsonNode *data, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (data != NULL && !JSON_NODE_HOLDS_OBJECT (data))
    return refuse_kind (error);
  if (data != NULL && !wire_write_node (text, data, error))
    return FALSE;
  return emit (core, client, name, data != NULL ? text->str : NULL, text->len, error);
}

static gboolean
emit_json (QmpServerCore *core, QmpServerClient *client, const char *name, const char *data, GError **error)
{
  if (data != NULL && data[strspn (data, " \t\r\n")] != '{')
    return refuse_kind (error);
  return emit (core, client, name, data, data != NULL ? strlen (data) : 0, error);
}

static void
relay (QmpServerCore *core, QmpServerClient *client, QmpEvent *event)
{
  const WireView *view = &event->document->view;
  QmpServerPart part = { view->text, view->length };
  WireOut text = { 0 };

  qmp_server_core_lock (core);
  qmp_server_put (core, &text, &part, 1, 0, 0, NULL);
  tell_all (core, client, wire_out_peek (&text), text.waiting);
  qmp_server_core_unlock (core);
  wire_out_clear (&text);
}

/* --- to all ------------------------------------------------------------------------------------- */

/**
 * qmp_server_emit_event:
 * @self: a server
 * @name: the event's name, such as `STOP`
 * @data: (nullable): an object that it carries, or %NULL for nothing
 * @error: return location
 *
 * Tells all clients that something has happened just now. Those who have not
 * negotiated yet are told nothing. May be called in any thread.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT when @name or @data cannot be sent.
 *
 * Returns: whether it was sent
 *
 * Since: 0.1
 */
gboolean
qmp_server_emit_event (QmpServer *self, const char *name, JsonNode *data, GError **error)
{
  g_return_val_if_fail (QMP_IS_SERVER (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  return emit_node (qmp_server_get_core (self), NULL, name, data, error);
}

/**
 * qmp_server_emit_event_json:
 * @self: a server
 * @name: the event's name, such as `STOP`
 * @data_json: (nullable): the text of an object that it carries, or %NULL for
 *   nothing
 * @error: return location
 *
 * Tells all clients that something has happened just now, as
 * [method@Qmp.Server.emit_event] does.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT when @name or @data_json cannot be sent.
 *
 * Returns: whether it was sent
 *
 * Since: 0.1
 */
gboolean
qmp_server_emit_event_json (QmpServer *self, const char *name, const char *data_json, GError **error)
{
  g_return_val_if_fail (QMP_IS_SERVER (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  return emit_json (qmp_server_get_core (self), NULL, name, data_json, error);
}

/**
 * qmp_server_relay_event:
 * @self: a server
 * @event: an event
 *
 * Tells all clients of an event as it is, with its own timestamp: one that came
 * from a [class@Qmp.Connection], or from [ctor@Qmp.Event.new_from_json]. May be
 * called in any thread.
 *
 * Since: 0.1
 */
void
qmp_server_relay_event (QmpServer *self, QmpEvent *event)
{
  g_return_if_fail (QMP_IS_SERVER (self));
  g_return_if_fail (event != NULL);
  relay (qmp_server_get_core (self), NULL, event);
}

/* --- to one ---------------------------------------------------------------------------------------- */

/**
 * qmp_server_client_emit_event:
 * @self: a client
 * @name: the event's name, such as `STOP`
 * @data: (nullable): an object that it carries, or %NULL for nothing
 * @error: return location
 *
 * Tells this client alone that something has happened just now, as
 * [method@Qmp.Server.emit_event] tells all.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT when @name or @data cannot be sent.
 *
 * Returns: whether it was sent
 *
 * Since: 0.1
 */
gboolean
qmp_server_client_emit_event (QmpServerClient *self, const char *name, JsonNode *data, GError **error)
{
  g_return_val_if_fail (QMP_IS_SERVER_CLIENT (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  return emit_node (self->core, self, name, data, error);
}

/**
 * qmp_server_client_emit_event_json:
 * @self: a client
 * @name: the event's name, such as `STOP`
 * @data_json: (nullable): the text of an object that it carries, or %NULL for
 *   nothing
 * @error: return location
 *
 * Tells this client alone that something has happened just now.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT when @name or @data_json cannot be sent.
 *
 * Returns: whether it was sent
 *
 * Since: 0.1
 */
gboolean
qmp_server_client_emit_event_json (QmpServerClient *self, const char *name, const char *data_json, GError **error)
{
  g_return_val_if_fail (QMP_IS_SERVER_CLIENT (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  return emit_json (self->core, self, name, data_json, error);
}

/**
 * qmp_server_client_relay_event:
 * @self: a client
 * @event: an event
 *
 * Tells this client alone of an event as it is, with its own timestamp.
 *
 * Since: 0.1
 */
void
qmp_server_client_relay_event (QmpServerClient *self, QmpEvent *event)
{
  g_return_if_fail (QMP_IS_SERVER_CLIENT (self));
  g_return_if_fail (event != NULL);
  relay (self->core, self, event);
}
