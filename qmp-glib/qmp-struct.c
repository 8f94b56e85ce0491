/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-struct-private.h"

#include "qmp-error.h"
#include "wire/wire-writer.h"

/**
 * QmpStruct:
 *
 * What all typed values of QAPI have in common: the structs, unions and
 * alternates that commands take and give, and that events carry.
 *
 * A value that QEMU sent is exactly what it sent: members that are newer than
 * this library, and integers of 64 bits, are kept, and
 * [method@Qmp.Struct.to_json] gives them back byte for byte. Reading it is
 * safe in any thread; setting a member is for one thread, while nobody else
 * has the object. An object that a getter gave belongs to the one it is a part
 * of: what is set in it is set there, too.
 *
 * A member may always be absent, whatever QEMU's documentation says, because
 * versions differ: `has_…` tells. When it is, a getter gives %NULL, 0, %FALSE,
 * or `UNRECOGNIZED` of an enum, which is also what it gives for an enum's
 * value that is newer than this library; `get_…_text` has its name then.
 *
 * Part of a large reply keeps the whole of it in memory;
 * [method@Qmp.Struct.copy] cuts it loose.
 *
 * Since: 0.1
 */

typedef struct
{
  WireBody body;
} QmpStructPrivate;

G_STATIC_ASSERT (sizeof (QmpStruct) == sizeof (WireStruct));
G_STATIC_ASSERT (sizeof (QmpStructClass) == sizeof (WireStructClass));

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (QmpStruct, qmp_struct, G_TYPE_OBJECT)

static void
qmp_struct_class_init (QmpStructClass *class)
{
  wire_struct_class_init (G_OBJECT_CLASS (class));
}

/* What is in it is up to the types that are registered on top. */
static void
qmp_struct_init (QmpStruct *self)
{
  QmpStructPrivate *priv = qmp_struct_get_instance_private (self);

  self->body = &priv->body;
}

GType
qmp_struct_register (gsize *type, const WireShape *shape)
{
  return wire_struct_register (type, shape->base != NULL ? shape->base->get_type () : QMP_TYPE_STRUCT, shape);
}

gpointer
qmp_struct_new_from_json (const WireShape *shape, const char *json, GError **error)
{
  return wire_struct_new_from_json (shape, json, QMP_ERROR, QMP_ERROR_UNEXPECTED_VALUE, error);
}

/**
 * qmp_struct_to_json:
 * @self: a value
 *
 * Writes the value as JSON: what came from QEMU and was not changed, byte for
 * byte as it came; and members that this library does not know as well.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *
qmp_struct_to_json (QmpStruct *self)
{
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (QMP_IS_STRUCT (self), g_string_free (text, FALSE));
  wire_body_write (self->body, text);
  return g_string_free (text, FALSE);
}

/**
 * qmp_struct_copy:
 * @self: a value
 *
 * Makes a value of the same type that shares nothing with this one: it keeps
 * no more in memory than itself, and can be changed on its own.
 *
 * Returns: (transfer full): the copy
 *
 * Since: 0.1
 */
QmpStruct *
qmp_struct_copy (QmpStruct *self)
{
  g_return_val_if_fail (QMP_IS_STRUCT (self), NULL);
  return (QmpStruct *) wire_struct_copy ((WireStruct *) self);
}

/**
 * qmp_struct_get_member_json:
 * @self: a value
 * @name: a member's name, as QEMU writes it: `-` and `_` differ
 *
 * Gives any member as JSON; above all one that is newer than this library.
 *
 * Returns: (transfer full) (nullable): the member's text, or %NULL when it
 *   is not there
 *
 * Since: 0.1
 */
char *
qmp_struct_get_member_json (QmpStruct *self, const char *name)
{
  g_return_val_if_fail (QMP_IS_STRUCT (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);
  return wire_struct_dup_member_json (self, name);
}

/**
 * qmp_struct_set_member_json:
 * @self: a value
 * @name: a member's name, as QEMU writes it
 * @json: (nullable): the member's value, of any kind; %NULL takes the member
 *   away
 * @error: return location
 *
 * Sets a member that this library does not know: an argument that is newer, or
 * one that QEMU's description leaves open, as the properties of a device that
 * `device_add` takes.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT when @json is not the text of one
 * JSON value, when @name has a property of its own, and for an alternate,
 * which may be no object.
 *
 * Returns: whether it was set
 *
 * Since: 0.1
 */
gboolean
qmp_struct_set_member_json (QmpStruct *self, const char *name, const char *json, GError **error)
{
  g_return_val_if_fail (QMP_IS_STRUCT (self), FALSE);
  g_return_val_if_fail (name != NULL && g_utf8_validate (name, -1, NULL), FALSE);
  return wire_body_set_extra (self->body, name, json, error);
}
