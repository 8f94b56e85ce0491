/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-struct-private.h"

#include "qga-error.h"
#include "wire/wire-writer.h"

/**
 * QgaStruct:
 *
 * What all typed values of QAPI have in common: the structs, unions and
 * alternates that commands take and give, and that events carry.
 *
 * A value that the agent sent is exactly what it sent: members that are newer than
 * this library, and integers of 64 bits, are kept, and
 * [method@Qga.Struct.to_json] gives them back byte for byte. Reading it is
 * safe in any thread; setting a member is for one thread, while nobody else
 * has the object. An object that a getter gave belongs to the one it is a part
 * of: what is set in it is set there, too.
 *
 * A member may always be absent, whatever its documentation says, because
 * versions differ: `has_…` tells. When it is, a getter gives %NULL, 0, %FALSE,
 * or `UNRECOGNIZED` of an enum, which is also what it gives for an enum's
 * value that is newer than this library; `get_…_text` has its name then.
 *
 * Part of a large reply keeps the whole of it in memory;
 * [method@Qga.Struct.copy] cuts it loose.
 *
 * Since: 0.1
 */

typedef struct
{
  WireBody body;
} QgaStructPrivate;

G_STATIC_ASSERT (sizeof (QgaStruct) == sizeof (WireStruct));
G_STATIC_ASSERT (sizeof (QgaStructClass) == sizeof (WireStructClass));

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (QgaStruct, qga_struct, G_TYPE_OBJECT)

static void
qga_struct_class_init (QgaStructClass *class)
{
  wire_struct_class_init (G_OBJECT_CLASS (class));
}

/* What is in it is up to the types that are registered on top. */
static void
qga_struct_init (QgaStruct *self)
{
  QgaStructPrivate *priv = qga_struct_get_instance_private (self);

  self->body = &priv->body;
}

GType
qga_struct_register (gsize *type, const WireShape *shape)
{
  return wire_struct_register (type, shape->base != NULL ? shape->base->get_type () : QGA_TYPE_STRUCT, shape);
}

gpointer
qga_struct_new_from_json (const WireShape *shape, const char *json, GError **error)
{
  return wire_struct_new_from_json (shape, json, QGA_ERROR, QGA_ERROR_UNEXPECTED_VALUE, error);
}

/**
 * qga_struct_to_json:
 * @self: a value
 *
 * Writes the value as JSON: what came from the agent and was not changed, byte for
 * byte as it came; and members that this library does not know as well.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *
qga_struct_to_json (QgaStruct *self)
{
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (QGA_IS_STRUCT (self), g_string_free (text, FALSE));
  wire_body_write (self->body, text);
  return g_string_free (text, FALSE);
}

/**
 * qga_struct_copy:
 * @self: a value
 *
 * Makes a value of the same type that shares nothing with this one: it keeps
 * no more in memory than itself, and can be changed on its own.
 *
 * Returns: (transfer full): the copy
 *
 * Since: 0.1
 */
QgaStruct *
qga_struct_copy (QgaStruct *self)
{
  g_return_val_if_fail (QGA_IS_STRUCT (self), NULL);
  return (QgaStruct *) wire_struct_copy ((WireStruct *) self);
}

/**
 * qga_struct_get_member_json:
 * @self: a value
 * @name: a member's name, as the agent writes it: `-` and `_` differ
 *
 * Gives any member as JSON; above all one that is newer than this library.
 *
 * Returns: (transfer full) (nullable): the member's text, or %NULL when it
 *   is not there
 *
 * Since: 0.1
 */
char *
qga_struct_get_member_json (QgaStruct *self, const char *name)
{
  g_return_val_if_fail (QGA_IS_STRUCT (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);
  return wire_struct_dup_member_json (self, name);
}

/**
 * qga_struct_set_member_json:
 * @self: a value
 * @name: a member's name, as the agent writes it
 * @json: (nullable): the member's value, of any kind; %NULL takes the member
 *   away
 * @error: return location
 *
 * Sets a member that this library does not know: an argument that is newer, or
 * one that its description leaves open.
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
qga_struct_set_member_json (QgaStruct *self, const char *name, const char *json, GError **error)
{
  g_return_val_if_fail (QGA_IS_STRUCT (self), FALSE);
  g_return_val_if_fail (name != NULL && g_utf8_validate (name, -1, NULL), FALSE);
  return wire_body_set_extra (self->body, name, json, error);
}
