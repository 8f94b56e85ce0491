/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-schema-private.h"

#include "qmp-schema-check-private.h"
#include "qmp-schema-text-private.h"
#include "wire/wire-arguments.h"

#include <string.h>

/**
 * QmpSchema:
 *
 * What one QEMU says it can do: its answer to `query-qmp-schema`.
 *
 * A schema tells which commands, events, arguments, values and features a
 * QEMU has, so that nobody has to guess from its version: packagers carry
 * features back, and leave others out. It also judges arguments before they
 * are sent, with the place of what is wrong:
 *
 * ```c
 * g_autoptr (QmpSchema) schema = qmp_connection_load_schema (connection, NULL, NULL, &error);
 *
 * if (schema != NULL && qmp_schema_has_argument (schema, "blockdev-add", "file.aio"))
 *   qmp_schema_check_arguments_json (schema, "blockdev-add", "{\"driver\":\"raw\",\"fil\":\"disk\"}", &error);
 * ```
 *
 * [method@Qmp.Connection.load_schema_async] asks a QEMU for it. It is
 * immutable, and may be used in any thread, also after the connection's end.
 *
 * ## Paths
 *
 * A path leads from an argument to a member within, with dots between the
 * names: `file.driver`. It goes through arrays, through the alternatives of
 * what may have several types, and into every branch of a union: what any of
 * them has counts.
 *
 * ## What QEMU does not tell
 *
 * How wide integers are, what a string must look like, defaults, and which
 * members exclude each other. So what the checks accept, QEMU may still
 * refuse. `device_add` takes members that depend on the device; those pass.
 *
 * Since: 0.1
 */
struct _QmpSchema
{
  GObject parent_instance;
  QmpSchemaIndex *index;
};

G_DEFINE_FINAL_TYPE (QmpSchema, qmp_schema, G_TYPE_OBJECT)

static void
qmp_schema_finalize (GObject *object)
{
  g_clear_pointer (&QMP_SCHEMA (object)->index, qmp_schema_index_unref);
  G_OBJECT_CLASS (qmp_schema_parent_class)->finalize (object);
}

static void
qmp_schema_class_init (QmpSchemaClass *class)
{
  G_OBJECT_CLASS (class)->finalize = qmp_schema_finalize;
}

static void
qmp_schema_init (QmpSchema *self)
{
}

QmpSchema *
qmp_schema_new (QmpSchemaIndex *index)
{
  QmpSchema *self = g_object_new (QMP_TYPE_SCHEMA, NULL);

  self->index = qmp_schema_index_ref (index);
  return self;
}

/* One that was made by g_object_new() says nothing. */
static gboolean
is_usable (QmpSchema *self)
{
  return QMP_IS_SCHEMA (self) && self->index != NULL;
}

/* Of text that a program has already. */
static const WireLimits text_limits = { 64 * 1024 * 1024, 2 * 1024 * 1024, WIRE_MAX_DEPTH, WIRE_MAX_KEY };

/**
 * qmp_schema_new_from_json:
 * @json: what `query-qmp-schema` returned: the text of an array
 * @error: return location
 *
 * Reads a schema that was stored, as strictly as if it had come from QEMU.
 *
 * Fails with %G_IO_ERROR_INVALID_DATA when the text is no JSON, or no schema
 * that makes sense, naming what is wrong and where. Kinds of types and
 * members that are newer than this library pass.
 *
 * Returns: (transfer full): the schema
 *
 * Since: 0.1
 */
QmpSchema *
qmp_schema_new_from_json (const char *json, GError **error)
{
  g_autoptr (QmpSchemaIndex) index = NULL;
  g_auto (QmpSchemaText) text = { 0 };

  g_return_val_if_fail (json != NULL, NULL);
  if (qmp_schema_text_init (&text, json, strlen (json), &text_limits, G_IO_ERROR_INVALID_DATA, "This is no schema", error))
    index = qmp_schema_index_new (&text.view, QMP_SCHEMA_TEXT_VALUE, error);
  return index != NULL ? qmp_schema_new (index) : NULL;
}

/* --- finding ------------------------------------------------------------------- */

static const QmpSchemaCall *
find_command (QmpSchema *self, const char *command)
{
  return qmp_schema_index_find_call (self->index->commands, command);
}

static const QmpSchemaCall *
find_event (QmpSchema *self, const char *event)
{
  return qmp_schema_index_find_call (self->index->events, event);
}

static gboolean
has_path (QmpSchema *self, const QmpSchemaCall *call, guint type, const char *path)
{
  g_autoptr (GArray) items = NULL;

  if (call == NULL)
    return FALSE;
  items = qmp_schema_index_follow (self->index, type, path);
  return items->len > 0;
}

/* --- commands ------------------------------------------------------------------ */

/**
 * qmp_schema_dup_command_names:
 * @self: a schema
 *
 * Lists all commands.
 *
 * Returns: (transfer full): their names, sorted
 *
 * Since: 0.1
 */
char **
qmp_schema_dup_command_names (QmpSchema *self)
{
  g_return_val_if_fail (is_usable (self), NULL);
  return qmp_schema_index_dup_call_names (self->index->commands);
}

/**
 * qmp_schema_has_command:
 * @self: a schema
 * @command: the name of a command
 *
 * Tells whether there is a command.
 *
 * Returns: whether there is
 *
 * Since: 0.1
 */
gboolean
qmp_schema_has_command (QmpSchema *self, const char *command)
{
  g_return_val_if_fail (is_usable (self), FALSE);
  g_return_val_if_fail (command != NULL, FALSE);
  return find_command (self, command) != NULL;
}

/**
 * qmp_schema_has_command_feature:
 * @self: a schema
 * @command: the name of a command
 * @feature: the name of a feature, such as `deprecated` or `unstable`
 *
 * Tells whether a command has a feature.
 *
 * Returns: whether there is the command, and it has the feature
 *
 * Since: 0.1
 */
gboolean
qmp_schema_has_command_feature (QmpSchema *self, const char *command, const char *feature)
{
  const QmpSchemaCall *call;

  g_return_val_if_fail (is_usable (self), FALSE);
  g_return_val_if_fail (command != NULL && feature != NULL, FALSE);
  call = find_command (self, command);
  return call != NULL && qmp_schema_index_has_feature (self->index, call->features, feature);
}

/**
 * qmp_schema_allows_out_of_band:
 * @self: a schema
 * @command: the name of a command
 *
 * Tells whether a command may be run out of band, with
 * [property@Qmp.Request:out-of-band].
 *
 * Returns: whether there is the command, and it may
 *
 * Since: 0.1
 */
gboolean
qmp_schema_allows_out_of_band (QmpSchema *self, const char *command)
{
  const QmpSchemaCall *call;

  g_return_val_if_fail (is_usable (self), FALSE);
  g_return_val_if_fail (command != NULL, FALSE);
  call = find_command (self, command);
  return call != NULL && call->out_of_band;
}

/**
 * qmp_schema_has_argument:
 * @self: a schema
 * @command: the name of a command
 * @path: an argument, or a path to a member within one
 *
 * Tells whether a command has an argument, such as `discard` or `file.aio` of
 * `blockdev-add`. Arguments that QEMU does not tell, as those of `device_add`
 * that depend on the device, are not found.
 *
 * Returns: whether there is the command, and it has the argument
 *
 * Since: 0.1
 */
gboolean
qmp_schema_has_argument (QmpSchema *self, const char *command, const char *path)
{
  const QmpSchemaCall *call;

  g_return_val_if_fail (is_usable (self), FALSE);
  g_return_val_if_fail (command != NULL && path != NULL, FALSE);
  call = find_command (self, command);
  return has_path (self, call, call != NULL ? call->arguments : 0, path);
}

/**
 * qmp_schema_has_argument_feature:
 * @self: a schema
 * @command: the name of a command
 * @path: an argument, or a path to a member within one
 * @feature: the name of a feature, such as `deprecated` or `unstable`
 *
 * Tells whether an argument has a feature.
 *
 * Returns: whether there is the argument, and it has the feature
 *
 * Since: 0.1
 */
gboolean
qmp_schema_has_argument_feature (QmpSchema *self, const char *command, const char *path, const char *feature)
{
  g_autoptr (GArray) items = NULL;
  const QmpSchemaCall *call;

  g_return_val_if_fail (is_usable (self), FALSE);
  g_return_val_if_fail (command != NULL && path != NULL && feature != NULL, FALSE);
  call = find_command (self, command);
  if (call == NULL)
    return FALSE;
  items = qmp_schema_index_follow (self->index, call->arguments, path);
  for (guint i = 0; i < items->len; i++)
    {
      const QmpSchemaItem *item = qmp_schema_index_item (self->index, g_array_index (items, guint, i));

      if (qmp_schema_index_has_feature (self->index, item->features, feature))
        return TRUE;
    }
  return FALSE;
}

/**
 * qmp_schema_has_argument_value:
 * @self: a schema
 * @command: the name of a command
 * @path: an argument, or a path to a member within one
 * @value: a value
 *
 * Tells whether an argument that is an enum, or an array of them, has a value,
 * such as `io_uring` for `file.aio` of `blockdev-add`.
 *
 * Returns: whether there is the argument, and it has the value
 *
 * Since: 0.1
 */
gboolean
qmp_schema_has_argument_value (QmpSchema *self, const char *command, const char *path, const char *value)
{
  g_autoptr (GArray) items = NULL;
  const QmpSchemaCall *call;

  g_return_val_if_fail (is_usable (self), FALSE);
  g_return_val_if_fail (command != NULL && path != NULL && value != NULL, FALSE);
  call = find_command (self, command);
  if (call == NULL)
    return FALSE;
  items = qmp_schema_index_follow (self->index, call->arguments, path);
  return qmp_schema_index_has_value (self->index, items, value);
}

/**
 * qmp_schema_has_result_member:
 * @self: a schema
 * @command: the name of a command
 * @path: a member of its result, or a path to one within
 *
 * Tells whether the result of a command may have a member; of a command that
 * returns an array, whether its elements may.
 *
 * Returns: whether there is the command, and its result may have the member
 *
 * Since: 0.1
 */
gboolean
qmp_schema_has_result_member (QmpSchema *self, const char *command, const char *path)
{
  const QmpSchemaCall *call;

  g_return_val_if_fail (is_usable (self), FALSE);
  g_return_val_if_fail (command != NULL && path != NULL, FALSE);
  call = find_command (self, command);
  return has_path (self, call, call != NULL ? call->result : 0, path);
}

/* --- events ----------------------------------------------------------------------- */

/**
 * qmp_schema_dup_event_names:
 * @self: a schema
 *
 * Lists all events.
 *
 * Returns: (transfer full): their names, sorted
 *
 * Since: 0.1
 */
char **
qmp_schema_dup_event_names (QmpSchema *self)
{
  g_return_val_if_fail (is_usable (self), NULL);
  return qmp_schema_index_dup_call_names (self->index->events);
}

/**
 * qmp_schema_has_event:
 * @self: a schema
 * @event: the name of an event
 *
 * Tells whether there is an event.
 *
 * Returns: whether there is
 *
 * Since: 0.1
 */
gboolean
qmp_schema_has_event (QmpSchema *self, const char *event)
{
  g_return_val_if_fail (is_usable (self), FALSE);
  g_return_val_if_fail (event != NULL, FALSE);
  return find_event (self, event) != NULL;
}

/**
 * qmp_schema_has_event_feature:
 * @self: a schema
 * @event: the name of an event
 * @feature: the name of a feature, such as `deprecated`
 *
 * Tells whether an event has a feature.
 *
 * Returns: whether there is the event, and it has the feature
 *
 * Since: 0.1
 */
gboolean
qmp_schema_has_event_feature (QmpSchema *self, const char *event, const char *feature)
{
  const QmpSchemaCall *call;

  g_return_val_if_fail (is_usable (self), FALSE);
  g_return_val_if_fail (event != NULL && feature != NULL, FALSE);
  call = find_event (self, event);
  return call != NULL && qmp_schema_index_has_feature (self->index, call->features, feature);
}

/**
 * qmp_schema_has_event_member:
 * @self: a schema
 * @event: the name of an event
 * @path: a member of its data, or a path to one within
 *
 * Tells whether the data of an event may have a member.
 *
 * Returns: whether there is the event, and it may have the member
 *
 * Since: 0.1
 */
gboolean
qmp_schema_has_event_member (QmpSchema *self, const char *event, const char *path)
{
  const QmpSchemaCall *call;

  g_return_val_if_fail (is_usable (self), FALSE);
  g_return_val_if_fail (event != NULL && path != NULL, FALSE);
  call = find_event (self, event);
  return has_path (self, call, call != NULL ? call->arguments : 0, path);
}

/* --- types -------------------------------------------------------------------------- */

/**
 * qmp_schema_get_arguments_type:
 * @self: a schema
 * @command: the name of a command
 *
 * Gets the object type of a command's arguments.
 *
 * Returns: (transfer full) (nullable): the type, or %NULL when there is no such
 *   command
 *
 * Since: 0.1
 */
QmpSchemaType *
qmp_schema_get_arguments_type (QmpSchema *self, const char *command)
{
  const QmpSchemaCall *call;

  g_return_val_if_fail (is_usable (self), NULL);
  g_return_val_if_fail (command != NULL, NULL);
  call = find_command (self, command);
  return call != NULL ? qmp_schema_type_new (self->index, call->arguments) : NULL;
}

/**
 * qmp_schema_get_result_type:
 * @self: a schema
 * @command: the name of a command
 *
 * Gets the type of what a command returns; of one without a result, an object
 * type without members.
 *
 * Returns: (transfer full) (nullable): the type, or %NULL when there is no such
 *   command
 *
 * Since: 0.1
 */
QmpSchemaType *
qmp_schema_get_result_type (QmpSchema *self, const char *command)
{
  const QmpSchemaCall *call;

  g_return_val_if_fail (is_usable (self), NULL);
  g_return_val_if_fail (command != NULL, NULL);
  call = find_command (self, command);
  return call != NULL ? qmp_schema_type_new (self->index, call->result) : NULL;
}

/**
 * qmp_schema_get_event_type:
 * @self: a schema
 * @event: the name of an event
 *
 * Gets the object type of an event's data.
 *
 * Returns: (transfer full) (nullable): the type, or %NULL when there is no such
 *   event
 *
 * Since: 0.1
 */
QmpSchemaType *
qmp_schema_get_event_type (QmpSchema *self, const char *event)
{
  const QmpSchemaCall *call;

  g_return_val_if_fail (is_usable (self), NULL);
  g_return_val_if_fail (event != NULL, NULL);
  call = find_event (self, event);
  return call != NULL ? qmp_schema_type_new (self->index, call->arguments) : NULL;
}

/* --- checks --------------------------------------------------------------------------- */

/* The text was judged and written anew; NULL stands for an object without
 * members. */
static gboolean
check_object (QmpSchema *self, const QmpSchemaCall *call, const char *text, gsize length, GError **error)
{
  g_autoptr (WireDocument) document = NULL;

  if (text == NULL)
    document = wire_document_new_for_text ("{}", 2);
  else
    document = wire_document_new_for_text (text, length);
  return qmp_schema_check_value (self->index, call->name, call->arguments, call->takes_anything, &document->view, 0, error);
}

/**
 * qmp_schema_check_arguments:
 * @self: a schema
 * @command: the name of a command
 * @arguments: (nullable): an object, or %NULL for none
 * @error: return location
 *
 * Judges arguments as [method@Qmp.Connection.execute_async] would send them,
 * without sending anything: a double without a fraction passes for an integer.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT when QEMU would not understand the
 * command, with the path to the first thing that is wrong:
 *
 * - `blockdev-add: file.drver: no such member; did you mean driver?`
 * - `block_resize: size: expected an integer, got a string`
 * - `device_del: id: is missing`
 *
 * Messages never have values in them, which may be secret.
 *
 * Returns: whether nothing was found
 *
 * Since: 0.1
 */
gboolean
qmp_schema_check_arguments (QmpSchema *self, const char *command, JsonNode *arguments, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) write_error = NULL;
  const QmpSchemaCall *call;
  gsize length;

  g_return_val_if_fail (is_usable (self), FALSE);
  g_return_val_if_fail (command != NULL, FALSE);
  call = find_command (self, command);
  if (call == NULL)
    return qmp_schema_refuse_name (command, "command", self->index->commands, error);
  text = wire_write_arguments_node (arguments, &length, &write_error);
  if (write_error == NULL)
    return check_object (self, call, text, length, error);
  g_propagate_prefixed_error (error, g_steal_pointer (&write_error), "%s: ", command);
  return FALSE;
}

/**
 * qmp_schema_check_arguments_json:
 * @self: a schema
 * @command: the name of a command
 * @arguments_json: (nullable): the text of an object, or %NULL for none
 * @error: return location
 *
 * Judges arguments as [method@Qmp.Connection.execute_json_async] would send
 * them, without sending anything. As in QEMU, `1.0` and `1e3` are no integers.
 *
 * Fails as [method@Qmp.Schema.check_arguments] does.
 *
 * Returns: whether nothing was found
 *
 * Since: 0.1
 */
gboolean
qmp_schema_check_arguments_json (QmpSchema *self, const char *command, const char *arguments_json, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) write_error = NULL;
  const QmpSchemaCall *call;
  gsize length;

  g_return_val_if_fail (is_usable (self), FALSE);
  g_return_val_if_fail (command != NULL, FALSE);
  call = find_command (self, command);
  if (call == NULL)
    return qmp_schema_refuse_name (command, "command", self->index->commands, error);
  text = wire_write_arguments_json (arguments_json, &length, &write_error);
  if (write_error == NULL)
    return check_object (self, call, text, length, error);
  g_propagate_prefixed_error (error, g_steal_pointer (&write_error), "%s: ", command);
  return FALSE;
}

static gboolean
check_text (QmpSchema *self, const QmpSchemaCall *call, guint type, const char *json, GError **error)
{
  g_auto (QmpSchemaText) text = { 0 };

  return qmp_schema_text_init (&text, json, strlen (json), &text_limits, G_IO_ERROR_INVALID_ARGUMENT, call->name, error) &&
         qmp_schema_check_value (self->index, call->name, type, FALSE, &text.view, QMP_SCHEMA_TEXT_VALUE, error);
}

/**
 * qmp_schema_check_result_json:
 * @self: a schema
 * @command: the name of a command
 * @result_json: the text of what it returned
 * @error: return location
 *
 * Judges what a command returned, for who plays QEMU's part in a test.
 *
 * Fails as [method@Qmp.Schema.check_arguments] does.
 *
 * Returns: whether nothing was found
 *
 * Since: 0.1
 */
gboolean
qmp_schema_check_result_json (QmpSchema *self, const char *command, const char *result_json, GError **error)
{
  const QmpSchemaCall *call;

  g_return_val_if_fail (is_usable (self), FALSE);
  g_return_val_if_fail (command != NULL && result_json != NULL, FALSE);
  call = find_command (self, command);
  if (call == NULL)
    return qmp_schema_refuse_name (command, "command", self->index->commands, error);
  return check_text (self, call, call->result, result_json, error);
}

/**
 * qmp_schema_check_event_json:
 * @self: a schema
 * @event: the name of an event
 * @data_json: (nullable): the text of its data, or %NULL for none
 * @error: return location
 *
 * Judges the data of an event, for who plays QEMU's part in a test.
 *
 * Fails as [method@Qmp.Schema.check_arguments] does.
 *
 * Returns: whether nothing was found
 *
 * Since: 0.1
 */
gboolean
qmp_schema_check_event_json (QmpSchema *self, const char *event, const char *data_json, GError **error)
{
  const QmpSchemaCall *call;

  g_return_val_if_fail (is_usable (self), FALSE);
  g_return_val_if_fail (event != NULL, FALSE);
  call = find_event (self, event);
  if (call == NULL)
    return qmp_schema_refuse_name (event, "event", self->index->events, error);
  return check_text (self, call, call->arguments, data_json != NULL ? data_json : "{}", error);
}
