/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define G_LOG_DOMAIN "Qmp"
#include "config.h"

#include "qmp-server-call-private.h"

#include <string.h>

#include "qmp-error.h"
#include "qmp-value-private.h"
#include "wire/wire-document.h"
#include "wire/wire-writer.h"

/* What calls are answered. */

static gboolean
answer (QmpServerCall *self, const char *text, gsize length, gboolean is_error, gboolean check, GError **error)
{
  QmpServerCore *core = self->client->core;
  gboolean twice, done = FALSE;

  qmp_server_core_lock (core);
  twice = self->answered;
  if (!twice)
    done = qmp_server_client_answer (self->client, self, text, length, is_error, check, error);
  qmp_server_core_unlock (core);
  if (twice)
    g_critical ("%s was answered already", self->command);
  return done || twice;
}

/**
 * qmp_server_call_return_node:
 * @self: a call
 * @result: (nullable): the result, of any kind; %NULL for an empty object
 * @error: return location
 *
 * Answers the call with a tree.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT, naming the path of what cannot be
 * sent; the call is not answered then.
 *
 * Returns: whether it was answered
 *
 * Since: 0.1
 */
gboolean
qmp_server_call_return_node (QmpServerCall *self, JsonNode *result, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_val_if_fail (QMP_IS_SERVER_CALL (self), FALSE);
  if (result == NULL)
    g_string_append (text, "{}");
  else if (!wire_write_node (text, result, error))
    return FALSE;
  return answer (self, text->str, text->len, FALSE, FALSE, error);
}

/**
 * qmp_server_call_return_json:
 * @self: a call
 * @result_json: (nullable): the text of the result, of any kind; %NULL for an
 *   empty object
 * @error: return location
 *
 * Answers the call with JSON text, which reaches the client as it is: numbers keep
 * all their digits. Only line ends between its parts become spaces.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT, naming what is wrong and where; the
 * call is not answered then.
 *
 * Returns: whether it was answered
 *
 * Since: 0.1
 */
gboolean
qmp_server_call_return_json (QmpServerCall *self, const char *result_json, GError **error)
{
  g_return_val_if_fail (QMP_IS_SERVER_CALL (self), FALSE);
  if (result_json == NULL)
    return answer (self, "{}", 2, FALSE, FALSE, error);
  return answer (self, result_json, strlen (result_json), FALSE, TRUE, error);
}

/**
 * qmp_server_call_return_value:
 * @self: a call
 * @result: the result
 *
 * Answers the call with what came from elsewhere, as
 * [method@Qmp.Connection.execute_request_async] gives it: byte for byte, and
 * without looking at it again, which is the fastest way of all.
 *
 * Since: 0.1
 */
void
qmp_server_call_return_value (QmpServerCall *self, QmpValue *result)
{
  const WireView *view;
  const char *text;
  gsize length;
  guint place;

  g_return_if_fail (QMP_IS_SERVER_CALL (self));
  g_return_if_fail (result != NULL);
  view = qmp_value_get_view (result, &place);
  text = wire_view_get_json (view, place, &length);
  answer (self, text, length, FALSE, FALSE, NULL);
}

/**
 * qmp_server_call_return_struct:
 * @self: a call
 * @result: the result
 * @error: return location
 *
 * Answers the call with an object of one of QAPI's types.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT when it holds text that is not valid
 * UTF-8; the call is not answered then.
 *
 * Returns: whether it was answered
 *
 * Since: 0.1
 */
gboolean
qmp_server_call_return_struct (QmpServerCall *self, QmpStruct *result, GError **error)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (QMP_IS_SERVER_CALL (self), FALSE);
  g_return_val_if_fail (QMP_IS_STRUCT (result), FALSE);
  text = qmp_struct_to_json (result);
  return qmp_server_call_return_json (self, text, error);
}

/**
 * qmp_server_call_return_error:
 * @self: a call
 * @class_name: QEMU's class of the error: `GenericError` for nearly all
 * @description: what is said about it
 *
 * Refuses the call.
 *
 * Since: 0.1
 */
void
qmp_server_call_return_error (QmpServerCall *self, const char *class_name, const char *description)
{
  g_autofree char *text = NULL;

  g_return_if_fail (QMP_IS_SERVER_CALL (self));
  g_return_if_fail (class_name != NULL && g_utf8_validate (class_name, -1, NULL));
  g_return_if_fail (description != NULL && g_utf8_validate (description, -1, NULL));
  text = qmp_server_make_error (class_name, description);
  answer (self, text, strlen (text), TRUE, FALSE, NULL);
}

/**
 * qmp_server_call_return_gerror:
 * @self: a call
 * @error: what went wrong
 *
 * Refuses the call because something else failed. An error that QEMU answered
 * with, which [error@Qmp.Error] is, is told in its own class and words; any other
 * is a `GenericError` with its message.
 *
 * Since: 0.1
 */
void
qmp_server_call_return_gerror (QmpServerCall *self, const GError *error)
{
  const char *class_name, *description;
  g_autofree char *words = NULL;

  g_return_if_fail (QMP_IS_SERVER_CALL (self));
  g_return_if_fail (error != NULL);
  class_name = qmp_error_get_class_name (error);
  description = qmp_error_get_description (error);
  words = g_utf8_make_valid (description != NULL ? description : error->message, -1);
  qmp_server_call_return_error (self, class_name != NULL ? class_name : "GenericError", words);
}
