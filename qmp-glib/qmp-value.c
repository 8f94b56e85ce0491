/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-value-private.h"

#include "wire/wire-node.h"
#include "wire/wire-pool.h"
#include "wire/wire-writer.h"

/**
 * QmpValue:
 *
 * A value in a message from QEMU, read in place.
 *
 * A reply is kept as the bytes that came, with an index over them. Looking a
 * few members up in a large one costs next to nothing, and numbers are exact
 * over the whole of 64 bits, signed and unsigned. Values are immutable and
 * may be used in any thread.
 *
 * A value keeps the whole message it belongs to alive. To keep little of a
 * large message, copy it out: [method@Qmp.Value.dup_string],
 * [method@Qmp.Value.to_json], [method@Qmp.Value.to_node].
 *
 * ```c
 * g_autoptr (QmpValue) running = qmp_value_get_member (reply, "running");
 * gboolean truth;
 *
 * if (running != NULL && qmp_value_get_boolean (running, &truth))
 *   g_print ("running: %s\n", truth ? "yes" : "no");
 * ```
 *
 * Since: 0.1
 */
struct _QmpValue
{
  int references;  /* atomic */
  WireDocument *document;
  guint value;
};

G_DEFINE_BOXED_TYPE (QmpValue, qmp_value, qmp_value_ref, qmp_value_unref)

/* Takes the document. */
QmpValue *
qmp_value_new (WireDocument *document, guint value)
{
  QmpValue *self = wire_pool_alloc (sizeof (QmpValue));

  self->references = 1;
  self->document = document;
  self->value = value;
  return self;
}

/**
 * qmp_value_new_from_json:
 * @json: the text of one JSON object
 * @error: return location
 *
 * Reads an object from text, as strictly as if it had come from QEMU: for
 * tests, and for descriptions that were stored.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT, naming what is wrong and where.
 *
 * Returns: (transfer full): the object
 *
 * Since: 0.1
 */
QmpValue *
qmp_value_new_from_json (const char *json, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_val_if_fail (json != NULL, NULL);
  if (!wire_write_json (text, json, error))
    return NULL;
  return qmp_value_new (wire_document_new_for_text (text->str, text->len), 0);
}

/**
 * qmp_value_ref:
 * @self: a value
 *
 * Takes a reference.
 *
 * Returns: (transfer full): the same value
 *
 * Since: 0.1
 */
QmpValue *
qmp_value_ref (QmpValue *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_int_inc (&self->references);
  return self;
}

/**
 * qmp_value_unref:
 * @self: (transfer full): a value
 *
 * Releases a reference; the message goes with the last value in it.
 *
 * Since: 0.1
 */
void
qmp_value_unref (QmpValue *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_int_dec_and_test (&self->references))
    return;
  wire_document_unref (self->document);
  wire_pool_free (self, sizeof (QmpValue));
}

/* The message, and the value's place in it. */
const WireView *
qmp_value_get_view (QmpValue *self, guint *value)
{
  *value = self->value;
  return &self->document->view;
}

static const WireView *
get_view (QmpValue *self)
{
  return &self->document->view;
}

static const WireValue *
get_entry (QmpValue *self)
{
  return &self->document->view.values[self->value];
}

static QmpValue *
get_other (QmpValue *self, guint value)
{
  return value == 0 ? NULL : qmp_value_new (wire_document_ref (self->document), value);
}

/**
 * qmp_value_get_kind:
 * @self: a value
 *
 * Tells what the value is.
 *
 * Returns: its kind
 *
 * Since: 0.1
 */
QmpValueKind
qmp_value_get_kind (QmpValue *self)
{
  g_return_val_if_fail (self != NULL, QMP_VALUE_NULL);
  switch ((WireType) get_entry (self)->type)
    {
    case WIRE_BOOLEAN:
      return QMP_VALUE_BOOLEAN;
    case WIRE_INTEGER:
      return QMP_VALUE_INTEGER;
    case WIRE_REAL:
      return QMP_VALUE_NUMBER;
    case WIRE_STRING:
    case WIRE_KEY:
      return QMP_VALUE_STRING;
    case WIRE_ARRAY:
      return QMP_VALUE_ARRAY;
    case WIRE_OBJECT:
      return QMP_VALUE_OBJECT;
    case WIRE_NULL:
    default:
      return QMP_VALUE_NULL;
    }
}

/**
 * qmp_value_get_length:
 * @self: a value
 *
 * Counts an array's elements or an object's members.
 *
 * Returns: how many; 0 for other kinds
 *
 * Since: 0.1
 */
guint
qmp_value_get_length (QmpValue *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return get_entry (self)->type >= WIRE_ARRAY ? get_entry (self)->length : 0;
}

/**
 * qmp_value_get_element:
 * @self: an array
 * @position: which element, from 0
 *
 * Finds an element. The time it takes grows with @position.
 *
 * Returns: (transfer full) (nullable): the element, or %NULL when there is
 *   none or @self is no array
 *
 * Since: 0.1
 */
QmpValue *
qmp_value_get_element (QmpValue *self, guint position)
{
  g_return_val_if_fail (self != NULL, NULL);
  return get_other (self, wire_view_element (get_view (self), self->value, position));
}

/**
 * qmp_value_get_member:
 * @self: an object
 * @name: a member's name, as QEMU writes it: `-` and `_` differ
 *
 * Finds a member.
 *
 * Returns: (transfer full) (nullable): the member's value, or %NULL when
 *   there is none or @self is no object
 *
 * Since: 0.1
 */
QmpValue *
qmp_value_get_member (QmpValue *self, const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, NULL);
  return get_other (self, wire_view_member (get_view (self), self->value, name));
}

/**
 * qmp_value_has_member:
 * @self: an object
 * @name: a member's name
 *
 * Tells whether a member is there. QEMU leaves optional ones out.
 *
 * Returns: whether it is
 *
 * Since: 0.1
 */
gboolean
qmp_value_has_member (QmpValue *self, const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, FALSE);
  return wire_view_member (get_view (self), self->value, name) != 0;
}

/**
 * qmp_value_dup_member_names:
 * @self: an object
 *
 * Lists the names of all members, in the order they came.
 *
 * Returns: (transfer full): the names; empty when @self is no object
 *
 * Since: 0.1
 */
char **
qmp_value_dup_member_names (QmpValue *self)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  const WireView *view;

  g_return_val_if_fail (self != NULL, NULL);
  view = get_view (self);
  if (get_entry (self)->type == WIRE_OBJECT)
    for (guint key = self->value + 1; key < get_entry (self)->next; key = wire_view_after (view, key + 1))
      {
        g_autofree char *name = wire_view_dup_string (view, key);

        g_strv_builder_add (names, name);
      }
  return g_strv_builder_end (names);
}

/**
 * qmp_value_get_boolean:
 * @self: a value
 * @truth: (out) (optional): what it says
 *
 * Reads a boolean.
 *
 * Returns: whether @self is one
 *
 * Since: 0.1
 */
gboolean
qmp_value_get_boolean (QmpValue *self, gboolean *truth)
{
  gboolean unused;

  g_return_val_if_fail (self != NULL, FALSE);
  return wire_view_get_boolean (get_view (self), self->value, truth != NULL ? truth : &unused);
}

/**
 * qmp_value_get_int64:
 * @self: a value
 * @number: (out) (optional): what it says
 *
 * Reads a signed integer, exactly.
 *
 * Returns: whether @self is an integer that fits
 *
 * Since: 0.1
 */
gboolean
qmp_value_get_int64 (QmpValue *self, gint64 *number)
{
  g_return_val_if_fail (self != NULL, FALSE);
  return wire_view_get_int64 (get_view (self), self->value, number);
}

/**
 * qmp_value_get_uint64:
 * @self: a value
 * @number: (out) (optional): what it says
 *
 * Reads an unsigned integer, exactly.
 *
 * Returns: whether @self is an integer that fits
 *
 * Since: 0.1
 */
gboolean
qmp_value_get_uint64 (QmpValue *self, guint64 *number)
{
  g_return_val_if_fail (self != NULL, FALSE);
  return wire_view_get_uint64 (get_view (self), self->value, number);
}

/**
 * qmp_value_get_double:
 * @self: a value
 * @number: (out) (optional): what it says
 *
 * Reads a number of either kind; integers beyond 2^53 lose precision.
 *
 * Returns: whether @self is a number
 *
 * Since: 0.1
 */
gboolean
qmp_value_get_double (QmpValue *self, double *number)
{
  double unused;

  g_return_val_if_fail (self != NULL, FALSE);
  return wire_view_get_double (get_view (self), self->value, number != NULL ? number : &unused);
}

/**
 * qmp_value_dup_string:
 * @self: a value
 *
 * Reads a string.
 *
 * Returns: (transfer full) (nullable): the text, or %NULL when @self is no
 *   string
 *
 * Since: 0.1
 */
char *
qmp_value_dup_string (QmpValue *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return wire_view_dup_string (get_view (self), self->value);
}

/**
 * qmp_value_get_member_boolean:
 * @self: an object
 * @name: a member's name
 * @truth: (out) (optional): what it says
 *
 * Reads a member that is a boolean.
 *
 * Returns: whether it is there, and is one
 *
 * Since: 0.1
 */
gboolean
qmp_value_get_member_boolean (QmpValue *self, const char *name, gboolean *truth)
{
  gboolean unused;
  guint member;

  g_return_val_if_fail (self != NULL && name != NULL, FALSE);
  member = wire_view_member (get_view (self), self->value, name);
  return member != 0 && wire_view_get_boolean (get_view (self), member, truth != NULL ? truth : &unused);
}

/**
 * qmp_value_get_member_int64:
 * @self: an object
 * @name: a member's name
 * @number: (out) (optional): what it says
 *
 * Reads a member that is a signed integer, exactly.
 *
 * Returns: whether it is there, and is one that fits
 *
 * Since: 0.1
 */
gboolean
qmp_value_get_member_int64 (QmpValue *self, const char *name, gint64 *number)
{
  guint member;

  g_return_val_if_fail (self != NULL && name != NULL, FALSE);
  member = wire_view_member (get_view (self), self->value, name);
  return member != 0 && wire_view_get_int64 (get_view (self), member, number);
}

/**
 * qmp_value_get_member_uint64:
 * @self: an object
 * @name: a member's name
 * @number: (out) (optional): what it says
 *
 * Reads a member that is an unsigned integer, exactly.
 *
 * Returns: whether it is there, and is one that fits
 *
 * Since: 0.1
 */
gboolean
qmp_value_get_member_uint64 (QmpValue *self, const char *name, guint64 *number)
{
  guint member;

  g_return_val_if_fail (self != NULL && name != NULL, FALSE);
  member = wire_view_member (get_view (self), self->value, name);
  return member != 0 && wire_view_get_uint64 (get_view (self), member, number);
}

/**
 * qmp_value_get_member_double:
 * @self: an object
 * @name: a member's name
 * @number: (out) (optional): what it says
 *
 * Reads a member that is a number of either kind.
 *
 * Returns: whether it is there, and is one
 *
 * Since: 0.1
 */
gboolean
qmp_value_get_member_double (QmpValue *self, const char *name, double *number)
{
  double unused;
  guint member;

  g_return_val_if_fail (self != NULL && name != NULL, FALSE);
  member = wire_view_member (get_view (self), self->value, name);
  return member != 0 && wire_view_get_double (get_view (self), member, number != NULL ? number : &unused);
}

/**
 * qmp_value_dup_member_string:
 * @self: an object
 * @name: a member's name
 *
 * Reads a member that is a string.
 *
 * Returns: (transfer full) (nullable): the text, or %NULL when it is not
 *   there, or is no string
 *
 * Since: 0.1
 */
char *
qmp_value_dup_member_string (QmpValue *self, const char *name)
{
  guint member;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);
  member = wire_view_member (get_view (self), self->value, name);
  return member != 0 ? wire_view_dup_string (get_view (self), member) : NULL;
}

/**
 * qmp_value_to_json:
 * @self: a value
 *
 * Copies the value's JSON text, byte for byte as it came.
 *
 * Returns: (transfer full): the text
 *
 * Since: 0.1
 */
char *
qmp_value_to_json (QmpValue *self)
{
  const char *text;
  gsize length;

  g_return_val_if_fail (self != NULL, NULL);
  text = wire_view_get_json (get_view (self), self->value, &length);
  return g_strndup (text, length);
}

/**
 * qmp_value_to_node:
 * @self: a value
 *
 * Makes a tree of nodes. It needs some 300 bytes a value; for a few members
 * of a large reply, [method@Qmp.Value.get_member] is cheaper.
 *
 * Integers above %G_MAXINT64 keep their bits: read them with
 * [func@Qmp.json_node_get_uint64].
 *
 * Returns: (transfer full): the tree
 *
 * Since: 0.1
 */
JsonNode *
qmp_value_to_node (QmpValue *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return wire_node_new (get_view (self), self->value);
}
