/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-server-call-private.h"

#include <string.h>

#include "wire/wire-text.h"
#include "wire/wire-writer.h"

/* What commands are answered with when no handler does: what was put into the
 * table, or else what every QEMU can say. */

#define LONGEST_NAME ((gsize) 256)

/* --- the table ------------------------------------------------------------------------------ */

/* Takes no reference to the text. */
static void
set_answer (QmpServer *self, const char *command, gboolean is_error, const char *text)
{
  QmpServerCore *core = qmp_server_get_core (self);
  gsize length = strlen (text);
  QmpServerAnswer *answer = g_malloc (sizeof (QmpServerAnswer) + length + 1);

  answer->is_error = is_error;
  answer->length = length;
  memcpy (answer->text, text, length + 1);
  qmp_server_core_lock (core);
  g_hash_table_replace (core->answers, g_strdup (command), answer);
  qmp_server_core_unlock (core);
}

/**
 * qmp_server_set_result:
 * @self: a server
 * @command: a command's name
 * @result: (nullable): what it returns, of any kind; %NULL for an empty object
 * @error: return location
 *
 * Answers a command from now on, unless a handler of
 * [signal@Qmp.Server::command] does. It takes the place of what was set before.
 * May be called in any thread.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT, naming the path of what cannot be
 * sent.
 *
 * Returns: whether it was set
 *
 * Since: 0.1
 */
gboolean
qmp_server_set_result (QmpServer *self, const char *command, JsonNode *result, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_val_if_fail (QMP_IS_SERVER (self), FALSE);
  g_return_val_if_fail (command != NULL, FALSE);
  if (result == NULL)
    g_string_append (text, "{}");
  else if (!wire_write_node (text, result, error))
    return FALSE;
  set_answer (self, command, FALSE, text->str);
  return TRUE;
}

/**
 * qmp_server_set_result_json:
 * @self: a server
 * @command: a command's name
 * @result_json: (nullable): the text of what it returns, of any kind; %NULL for
 *   an empty object
 * @error: return location
 *
 * Answers a command from now on, as [method@Qmp.Server.set_result] does. The text
 * reaches clients as it is; only line ends between its parts become spaces.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT, naming what is wrong and where.
 *
 * Returns: whether it was set
 *
 * Since: 0.1
 */
gboolean
qmp_server_set_result_json (QmpServer *self, const char *command, const char *result_json, GError **error)
{
  g_autofree char *text = NULL;
  QmpServerCore *core;

  g_return_val_if_fail (QMP_IS_SERVER (self), FALSE);
  g_return_val_if_fail (command != NULL, FALSE);
  core = qmp_server_get_core (self);
  qmp_server_core_lock (core);
  text = qmp_server_check_value (core, result_json != NULL ? result_json : "{}", error);
  qmp_server_core_unlock (core);
  if (text == NULL)
    return FALSE;
  set_answer (self, command, FALSE, text);
  return TRUE;
}

/**
 * qmp_server_set_error:
 * @self: a server
 * @command: a command's name
 * @class_name: QEMU's class of the error: `GenericError` for nearly all
 * @description: what is said about it
 *
 * Refuses a command from now on, unless a handler of
 * [signal@Qmp.Server::command] answers it. May be called in any thread.
 *
 * Since: 0.1
 */
void
qmp_server_set_error (QmpServer *self, const char *command, const char *class_name, const char *description)
{
  g_autofree char *text = NULL;

  g_return_if_fail (QMP_IS_SERVER (self));
  g_return_if_fail (command != NULL);
  g_return_if_fail (class_name != NULL && g_utf8_validate (class_name, -1, NULL));
  g_return_if_fail (description != NULL && g_utf8_validate (description, -1, NULL));
  text = qmp_server_make_error (class_name, description);
  set_answer (self, command, TRUE, text);
}

/**
 * qmp_server_unset:
 * @self: a server
 * @command: a command's name
 *
 * Forgets what was set for a command. May be called in any thread.
 *
 * Since: 0.1
 */
void
qmp_server_unset (QmpServer *self, const char *command)
{
  QmpServerCore *core;

  g_return_if_fail (QMP_IS_SERVER (self));
  g_return_if_fail (command != NULL);
  core = qmp_server_get_core (self);
  qmp_server_core_lock (core);
  g_hash_table_remove (core->answers, command);
  qmp_server_core_unlock (core);
}

/* --- negotiation, with the lock held ------------------------------------------------------------ */

static char *
find_objection_to_capability (QmpServerCore *core, const WireView *view, guint place, guint position)
{
  g_autofree char *name = wire_view_dup_string (view, place);
  g_autofree char *shown = NULL;

  if (name == NULL)
    return g_strdup_printf ("Invalid parameter type for 'enable[%u]', expected: string", position);
  if (!g_str_equal (name, "oob"))
    {
      shown = wire_text_for_people (name, strlen (name), LONGEST_NAME);
      return g_strdup_printf ("Parameter 'null' does not accept value '%s'", shown);
    }
  return core->offers_out_of_band ? NULL : g_strdup ("Capability oob not available");
}

/**
 * qmp_server_negotiate:
 * @arguments: their place; 0 for none
 *
 * Returns: (transfer full) (nullable): what speaks against it
 */
char *
qmp_server_negotiate (QmpServerCore *core, const WireView *view, guint arguments, gboolean *out_of_band)
{
  guint enable = arguments != 0 ? wire_view_member (view, arguments, "enable") : 0;
  char *objection = NULL;
  guint position = 0;

  if (arguments != 0 && view->values[arguments].length > (enable != 0))
    {
      guint key = enable == arguments + 2 ? wire_view_after (view, enable) : arguments + 1;
      g_autofree char *name = wire_view_dup_string (view, key);
      g_autofree char *shown = wire_text_for_people (name, strlen (name), LONGEST_NAME);

      return g_strdup_printf ("Parameter '%s' is unexpected", shown);
    }
  if (enable == 0)
    return NULL;
  if (view->values[enable].type != WIRE_ARRAY)
    return g_strdup ("Invalid parameter type for 'enable', expected: array");
  for (guint i = enable + 1; objection == NULL && i < view->values[enable].next; i = wire_view_after (view, i))
    objection = find_objection_to_capability (core, view, i, position++);
  if (objection == NULL)
    *out_of_band = view->values[enable].length > 0;
  return objection;
}

/* --- what every QEMU can say, with the lock held -------------------------------------------------- */

static char *
list_commands (QmpServerCore *core)
{
  static const char *const own[] = { "qmp_capabilities", "query-commands", "query-version" };
  GString *text = g_string_new ("[");
  g_autoptr (GList) names = g_hash_table_get_keys (core->answers);

  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    if (!g_hash_table_contains (core->answers, own[i]))
      names = g_list_prepend (names, (gpointer) own[i]);
  names = g_list_sort (names, (GCompareFunc) g_strcmp0);
  for (GList *each = names; each != NULL; each = each->next)
    {
      g_string_append (text, text->len > 1 ? ", {\"name\": " : "{\"name\": ");
      wire_write_string (text, each->data);
      g_string_append_c (text, '}');
    }
  g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}

/* NULL: it is no such command. */
static char *
make_own_result (QmpServerCore *core, const char *command)
{
  GString *text;

  if (g_str_equal (command, "query-commands"))
    return list_commands (core);
  if (!g_str_equal (command, "query-version"))
    return NULL;
  text = g_string_new (NULL);
  qmp_server_write_version (text, core->version);
  return g_string_free (text, FALSE);
}

/* QEMU has it so for four commands. Handlers decide by themselves. */
static gboolean
may_overtake (const char *command)
{
  static const char *const may[] = { "migrate-pause", "migrate-recover", "query-yank", "yank", NULL };

  return g_strv_contains (may, command);
}

static char *
make_refusal (QmpServerCall *call, gboolean known)
{
  g_autofree char *shown = wire_text_for_people (call->command, strlen (call->command), LONGEST_NAME);
  g_autofree char *description = NULL;

  if (known)
    description = g_strdup_printf ("The command %s does not support OOB", shown);
  else
    description = g_strdup_printf ("The command %s has not been found", shown);
  return qmp_server_make_error (known ? "GenericError" : "CommandNotFound", description);
}

/* Without the lock. */
void
qmp_server_answer_by_itself (QmpServerCore *core, QmpServerCall *call)
{
  const QmpServerAnswer *answer;
  g_autofree char *own = NULL;
  gboolean is_error = FALSE;

  qmp_server_core_lock (core);
  answer = g_hash_table_lookup (core->answers, call->command);
  if (answer == NULL)
    own = make_own_result (core, call->command);
  if ((answer == NULL && own == NULL) || (call->out_of_band && !may_overtake (call->command)))
    {
      gboolean known = answer != NULL || own != NULL || g_str_equal (call->command, "qmp_capabilities");

      is_error = TRUE;
      answer = NULL;
      g_free (own);
      own = make_refusal (call, known);
    }
  if (!call->answered && answer != NULL)
    qmp_server_client_answer (call->client, call, answer->text, answer->length, answer->is_error, FALSE, NULL);
  else if (!call->answered)
    qmp_server_client_answer (call->client, call, own, strlen (own), is_error, FALSE, NULL);
  qmp_server_core_unlock (core);
}
