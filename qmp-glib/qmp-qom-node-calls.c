/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-glib.h"
#include "qmp-qom-node-private.h"
#include "wire/wire-task.h"

/* What is asked of QEMU about a node. */

/* A string that QEMU has sent where it has to be one. */
static char *
take_string (QmpValue *taken, const char *what, GError **error)
{
  g_autoptr (QmpValue) value = taken;
  char *text = value != NULL ? qmp_value_dup_string (value) : NULL;

  if (value != NULL && text == NULL)
    g_set_error (error, QMP_ERROR, QMP_ERROR_UNEXPECTED_VALUE, "qom-get: %s: not a string", what);
  return text;
}

/* --- loading ------------------------------------------------------------------------------------ */

/* QEMU tells a child's type with its parent; that of others is a property. */
static gboolean
wants_type (QmpQomNode *self, GPtrArray *infos)
{
  if (qmp_qom_node_get_type_name (self) != NULL)
    return FALSE;
  for (guint i = 0; i < infos->len; i++)
    if (g_strcmp0 (qmp_object_property_info_get_name (infos->pdata[i]), "type") == 0)
      return TRUE;
  return FALSE;
}

static void
on_type (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  QmpQomNode *self = QMP_QOM_NODE (source);
  g_autofree char *type_name = take_string (qmp_qom_node_read_finish (self, result, &error), "type", &error);

  if (type_name != NULL)
    qmp_qom_node_take (self, g_task_get_task_data (task), type_name);
  wire_task_return_boolean (task, type_name != NULL, error);
}

static void
on_list (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  QmpQomNode *self = g_task_get_source_object (task);
  g_autoptr (GPtrArray) infos = qmp_connection_qom_list_finish (QMP_CONNECTION (source), result, &error);

  if (infos != NULL && wants_type (self, infos))
    {
      g_task_set_task_data (task, g_ptr_array_ref (infos), (GDestroyNotify) g_ptr_array_unref);
      qmp_qom_node_read_async (self, "type", g_task_get_cancellable (task), on_type, g_object_ref (task));
      return;
    }
  if (infos != NULL)
    qmp_qom_node_take (self, infos, NULL);
  wire_task_return_boolean (task, infos != NULL, error);
}

/**
 * qmp_qom_node_load_async:
 * @self: a node
 * @cancellable: (nullable): ends the wait; the node stays as it was
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Reads which children and properties the object has, by `qom-list`, and no
 * more than that: not what the children have, and not what the properties'
 * values are. For a node that was made by its path, `qom-get` tells the type.
 *
 * What the node knew before is replaced, with a signal for children that have
 * come or gone.
 *
 * Since: 0.1
 */
void
qmp_qom_node_load_async (QmpQomNode *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GError *error = NULL;
  GTask *task;

  g_return_if_fail (QMP_IS_QOM_NODE (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (self, qmp_qom_node_load_async, cancellable, callback, user_data);
  if (qmp_qom_node_check_path (self, &error))
    {
      qmp_connection_qom_list_async (qmp_qom_node_get_connection (self), qmp_qom_node_get_path (self), cancellable,
                                     on_list, task);
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

/**
 * qmp_qom_node_load_finish:
 * @self: a node
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.QomNode.load_async] began.
 *
 * Fails as [method@Qmp.Connection.qom_list_finish] does: with
 * %QMP_ERROR_DEVICE_NOT_FOUND when there is no such object, or none any more.
 * Fails with %QMP_ERROR_TOO_LARGE when the path is longer than 4,096 bytes.
 *
 * Returns: whether it was loaded; otherwise it is as it was before
 *
 * Since: 0.1
 */
gboolean
qmp_qom_node_load_finish (QmpQomNode *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_QOM_NODE (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_qom_node_load_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * qmp_qom_node_load:
 * @self: a node
 * @cancellable: (nullable): ends the wait; the node stays as it was
 * @error: return location
 *
 * Reads which children and properties the object has, as
 * [method@Qmp.QomNode.load_async] does, and blocks until that is done.
 *
 * Fails as [method@Qmp.QomNode.load_finish] does.
 *
 * Returns: whether it was loaded; otherwise it is as it was before
 *
 * Since: 0.1
 */
gboolean
qmp_qom_node_load (QmpQomNode *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) infos = NULL;
  g_autofree char *type_name = NULL;

  g_return_val_if_fail (QMP_IS_QOM_NODE (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  if (!qmp_qom_node_check_path (self, error))
    return FALSE;
  infos = qmp_connection_qom_list (qmp_qom_node_get_connection (self), qmp_qom_node_get_path (self), cancellable, error);
  if (infos == NULL)
    return FALSE;
  if (wants_type (self, infos))
    {
      type_name = take_string (qmp_qom_node_read (self, "type", cancellable, error), "type", error);
      if (type_name == NULL)
        return FALSE;
    }
  qmp_qom_node_take (self, infos, type_name);
  return TRUE;
}

/* --- reading ------------------------------------------------------------------------------------ */

static QmpRequest *
new_read (QmpQomNode *self, const char *name, GError **error)
{
  g_autoptr (QmpRequest) request = qmp_request_new ("qom-get");
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *arguments = json_object_new ();

  json_object_set_string_member (arguments, "path", qmp_qom_node_get_path (self));
  json_object_set_string_member (arguments, "property", name);
  json_node_take_object (node, arguments);
  return qmp_request_set_arguments (request, node, error) ? g_steal_pointer (&request) : NULL;
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  QmpValue *value = qmp_connection_execute_request_finish (QMP_CONNECTION (source), result, &error);

  if (value != NULL)
    g_task_return_pointer (task, value, (GDestroyNotify) qmp_value_unref);
  else
    g_task_return_error (task, error);
}

/**
 * qmp_qom_node_read_async:
 * @self: a node
 * @name: which property
 * @cancellable: (nullable): ends the wait
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Reads a property, by `qom-get`. The node need not be loaded.
 *
 * The value is of the type that QEMU says it is of: a boolean for `bool`, an
 * integer for `uint32` and the like, a string for `string`, `link<TYPE>` and
 * the members of an enumeration, an object for a `struct tm`.
 *
 * Since: 0.1
 */
void
qmp_qom_node_read_async (QmpQomNode *self, const char *name, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (QmpRequest) request = NULL;
  GError *error = NULL;
  GTask *task;

  g_return_if_fail (QMP_IS_QOM_NODE (self));
  g_return_if_fail (name != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (self, qmp_qom_node_read_async, cancellable, callback, user_data);
  request = new_read (self, name, &error);
  if (request != NULL)
    {
      qmp_connection_execute_request_async (qmp_qom_node_get_connection (self), request, cancellable, on_read, task);
      return;
    }
  g_task_return_error (task, error);
  g_object_unref (task);
}

/**
 * qmp_qom_node_read_finish:
 * @self: a node
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.QomNode.read_async] began.
 *
 * Fails as [method@Qmp.Connection.execute_request_finish] does: with
 * %QMP_ERROR_GENERIC when there is no such property, or it cannot be read (or
 * not now), and with %QMP_ERROR_DEVICE_NOT_FOUND when there is no such object.
 *
 * Returns: (transfer full): the value
 *
 * Since: 0.1
 */
QmpValue *
qmp_qom_node_read_finish (QmpQomNode *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_QOM_NODE (self), NULL);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_qom_node_read_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * qmp_qom_node_read:
 * @self: a node
 * @name: which property
 * @cancellable: (nullable): ends the wait
 * @error: return location
 *
 * Reads a property, as [method@Qmp.QomNode.read_async] does, and blocks until
 * that is done.
 *
 * Fails as [method@Qmp.QomNode.read_finish] does.
 *
 * Returns: (transfer full): the value
 *
 * Since: 0.1
 */
QmpValue *
qmp_qom_node_read (QmpQomNode *self, const char *name, GCancellable *cancellable, GError **error)
{
  g_autoptr (QmpRequest) request = NULL;

  g_return_val_if_fail (QMP_IS_QOM_NODE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  request = new_read (self, name, error);
  if (request == NULL)
    return NULL;
  return qmp_connection_execute_request (qmp_qom_node_get_connection (self), request, cancellable, error);
}

/* --- writing ------------------------------------------------------------------------------------- */

static void
on_write (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  gboolean done = qmp_connection_qom_set_finish (QMP_CONNECTION (source), result, &error);

  wire_task_return_boolean (task, done, error);
}

/**
 * qmp_qom_node_write_async:
 * @self: a node
 * @name: which property
 * @json: the value, as JSON text: `true`, `7`, `"text"`
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Sets a property, by `qom-set`. The node need not be loaded.
 *
 * Many properties can be set as long as the object is being made, and not
 * afterwards. QEMU does not tell which those are.
 *
 * Since: 0.1
 */
void
qmp_qom_node_write_async (QmpQomNode *self, const char *name, const char *json, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (QMP_IS_QOM_NODE (self));
  g_return_if_fail (name != NULL);
  g_return_if_fail (json != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  qmp_connection_qom_set_async (qmp_qom_node_get_connection (self), qmp_qom_node_get_path (self), name, json, cancellable,
                                on_write, wire_task_new (self, qmp_qom_node_write_async, cancellable, callback, user_data));
}

/**
 * qmp_qom_node_write_finish:
 * @self: a node
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.QomNode.write_async] began.
 *
 * Fails as [method@Qmp.Connection.qom_set_finish] does: with
 * %G_IO_ERROR_INVALID_ARGUMENT when the value is not JSON, with
 * %QMP_ERROR_GENERIC when there is no such property, it cannot be set (or not
 * now), or the value is not of its type, and with %QMP_ERROR_DEVICE_NOT_FOUND
 * when there is no such object.
 *
 * Returns: whether it was done
 *
 * Since: 0.1
 */
gboolean
qmp_qom_node_write_finish (QmpQomNode *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_QOM_NODE (self), FALSE);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_qom_node_write_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * qmp_qom_node_write:
 * @self: a node
 * @name: which property
 * @json: the value, as JSON text: `true`, `7`, `"text"`
 * @cancellable: (nullable): ends the wait; QEMU may still do it
 * @error: return location
 *
 * Sets a property, as [method@Qmp.QomNode.write_async] does, and blocks until
 * that is done.
 *
 * Fails as [method@Qmp.QomNode.write_finish] does.
 *
 * Returns: whether it was done
 *
 * Since: 0.1
 */
gboolean
qmp_qom_node_write (QmpQomNode *self, const char *name, const char *json, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_QOM_NODE (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (json != NULL, FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);
  return qmp_connection_qom_set (qmp_qom_node_get_connection (self), qmp_qom_node_get_path (self), name, json, cancellable,
                                 error);
}

/* --- links ----------------------------------------------------------------------------------------- */

/* Links are read as paths; an empty one leads nowhere. */
static QmpQomNode *
find_target (QmpQomNode *self, const char *name, QmpValue *taken, GError **error)
{
  g_autofree char *path = take_string (taken, name, error);

  if (path == NULL)
    return NULL;
  if (*path == '/')
    return qmp_qom_node_new (qmp_qom_node_get_connection (self), path);
  if (*path == '\0')
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "qom-get: %s: the link is not set", name);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "qom-get: %s: not a link", name);
  return NULL;
}

static void
on_follow (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  QmpQomNode *self = QMP_QOM_NODE (source);
  QmpValue *value = qmp_qom_node_read_finish (self, result, &error);
  QmpQomNode *target = find_target (self, g_task_get_task_data (task), value, &error);

  if (target != NULL)
    g_task_return_pointer (task, target, g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * qmp_qom_node_follow_async:
 * @self: a node
 * @name: which property: one of type `link<TYPE>`, or a child
 * @cancellable: (nullable): ends the wait
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Finds the object that a link leads to, by `qom-get`. The node for it is a
 * new one, and not loaded.
 *
 * Since: 0.1
 */
void
qmp_qom_node_follow_async (QmpQomNode *self, const char *name, GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task;

  g_return_if_fail (QMP_IS_QOM_NODE (self));
  g_return_if_fail (name != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (self, qmp_qom_node_follow_async, cancellable, callback, user_data);
  g_task_set_task_data (task, g_strdup (name), g_free);
  qmp_qom_node_read_async (self, name, cancellable, on_follow, task);
}

/**
 * qmp_qom_node_follow_finish:
 * @self: a node
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.QomNode.follow_async] began.
 *
 * Fails as [method@Qmp.QomNode.read_finish] does, and with
 * %G_IO_ERROR_NOT_FOUND when the link is not set, with
 * %G_IO_ERROR_INVALID_ARGUMENT or %QMP_ERROR_UNEXPECTED_VALUE when the property
 * is no link.
 *
 * Returns: (transfer full): a node for what the link leads to
 *
 * Since: 0.1
 */
QmpQomNode *
qmp_qom_node_follow_finish (QmpQomNode *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_QOM_NODE (self), NULL);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_qom_node_follow_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * qmp_qom_node_follow:
 * @self: a node
 * @name: which property: one of type `link<TYPE>`, or a child
 * @cancellable: (nullable): ends the wait
 * @error: return location
 *
 * Finds the object that a link leads to, as
 * [method@Qmp.QomNode.follow_async] does, and blocks until that is done.
 *
 * Fails as [method@Qmp.QomNode.follow_finish] does.
 *
 * Returns: (transfer full): a node for what the link leads to
 *
 * Since: 0.1
 */
QmpQomNode *
qmp_qom_node_follow (QmpQomNode *self, const char *name, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (QMP_IS_QOM_NODE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  return find_target (self, name, qmp_qom_node_read (self, name, cancellable, error), error);
}
