/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "wire-body.h"
#include "wire-writer.h"

/* --- what may be set -------------------------------------------------------------------- */

static void
forget (WireBody *body, guint i)
{
  const WireMember *member = &body->shape->members[i];
  gpointer made = body->made != NULL ? g_steal_pointer (&body->made[i]) : NULL;
  WireSlot slot = body->slots[i];

  body->slots[i] = (WireSlot) { WIRE_SLOT_UNSET };
  if (made != NULL && wire_member_is_pointer (member))
    wire_pointer_free (member, made);
  else
    g_free (made);
  if (slot.state == WIRE_SLOT_SET && wire_member_is_pointer (member))
    wire_pointer_free (member, slot.pointer);
}

/* As if the member had never been there. */
void
wire_body_unset (WireBody *body, guint member)
{
  if (body->slots == NULL)
    body->slots = g_new0 (WireSlot, body->shape->n_members);
  forget (body, member);
}

/* An alternate is one thing at a time. The slot is not yet told. */
static void
set (WireBody *body, guint member, WireSlot slot)
{
  if (body->shape->alternate)
    for (guint i = 0; i < body->shape->n_members; i++)
      wire_body_unset (body, i);
  else
    wire_body_unset (body, member);
  slot.state = WIRE_SLOT_SET;
  body->slots[member] = slot;
}

void
wire_body_set_integer (WireBody *body, guint member, gint64 value)
{
  set (body, member, (WireSlot) { .integer = value });
}

void
wire_body_set_double (WireBody *body, guint member, double value)
{
  set (body, member, (WireSlot) { .real = value });
}

/* NULL unsets. */
void
wire_body_set_pointer (WireBody *body, guint member, gconstpointer value)
{
  if (value == NULL)
    wire_body_unset (body, member);
  else
    set (body, member, (WireSlot) { .pointer = wire_pointer_copy (&body->shape->members[member], value) });
}

void
wire_body_set_integers (WireBody *body, guint member, gconstpointer values, gsize n)
{
  WireIntegers *integers = g_malloc0 (sizeof (WireIntegers) + n * sizeof (gint64));

  integers->n = n;
  if (n > 0)
    memcpy (integers->values, values, n * sizeof (gint64));
  set (body, member, (WireSlot) { .pointer = integers });
}

/* --- what no table knows ------------------------------------------------------------------ */

static void
clear_extra (gpointer data)
{
  WireExtra *extra = data;

  g_free (extra->name);
  g_free (extra->json);
}

static void
remove_extra (WireBody *body, const char *name)
{
  for (guint i = 0; body->extras != NULL && i < body->extras->len; i++)
    if (g_str_equal (g_array_index (body->extras, WireExtra, i).name, name))
      {
        g_array_remove_index (body->extras, i);
        return;
      }
}

static gboolean
refuse_extra (const WireBody *body, const char *name, const char *why, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s: %s %s", body->shape->name, name, why);
  return FALSE;
}

/* JSON of NULL takes the member away, also one that the document has. */
gboolean
wire_body_set_extra (WireBody *body, const char *name, const char *json, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (body->shape->alternate)
    return refuse_extra (body, name, "cannot be a member of what is no object", error);
  if (wire_shape_find_name (body->shape, name) < body->shape->n_members)
    return refuse_extra (body, name, "is known, and has a property of its own", error);
  if (json != NULL && !wire_write_value_json (text, json, error))
    {
      g_prefix_error (error, "%s: %s: ", body->shape->name, name);
      return FALSE;
    }
  remove_extra (body, name);
  if (body->extras == NULL)
    {
      body->extras = g_array_new (FALSE, FALSE, sizeof (WireExtra));
      g_array_set_clear_func (body->extras, clear_extra);
    }
  g_array_append_val (body->extras, ((WireExtra) { g_strdup (name), json != NULL ? g_strdup (text->str) : NULL }));
  return TRUE;
}
