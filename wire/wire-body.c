/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire-body.h"

#include <string.h>

/* --- life ------------------------------------------------------------------------------- */

void
wire_body_init (WireBody *body, const WireShape *shape)
{
  *body = (WireBody) { .shape = shape };
}

static void
clear_member (WireBody *body, guint i)
{
  const WireMember *member = &body->shape->members[i];
  gpointer made = body->made != NULL ? body->made[i] : NULL;

  if (made != NULL && wire_member_is_pointer (member))
    wire_pointer_free (member, made);
  else
    g_free (made);
  if (body->slots != NULL && body->slots[i].state == WIRE_SLOT_SET && wire_member_is_pointer (member))
    wire_pointer_free (member, body->slots[i].pointer);
}

void
wire_body_clear (WireBody *body)
{
  for (guint i = 0; i < body->shape->n_members; i++)
    clear_member (body, i);
  g_clear_pointer (&body->made, g_free);
  g_clear_pointer (&body->slots, g_free);
  g_clear_pointer (&body->extras, g_array_unref);
  g_clear_pointer (&body->document, wire_document_unref);
}

/* Takes the document: the body is a value in it, and nothing else. */
void
wire_body_take (WireBody *body, WireDocument *document, guint place)
{
  wire_body_clear (body);
  body->document = document;
  body->place = place;
}

/* --- reading ------------------------------------------------------------------------------- */

/* An alternate's value is where the alternate itself is. */
static guint
find_alternative (const WireBody *body, guint member)
{
  WireType type = body->document->view.values[body->place].type;

  return wire_shape_find_alternative (body->shape, type) == member ? body->place : 0;
}

/* The member's place in the document; 0: it is not there, or not any more. */
guint
wire_body_find_place (const WireBody *body, guint member)
{
  if (body->document == NULL || (body->slots != NULL && body->slots[member].state != WIRE_SLOT_AS_IS))
    return 0;
  if (body->shape->alternate)
    return find_alternative (body, member);
  return wire_view_member (&body->document->view, body->place, body->shape->members[member].name);
}

/* What was set; or NULL. Who makes a branch has set its tag. */
const WireSlot *
wire_body_find_slot (const WireBody *body, guint member)
{
  if (body->document == NULL && body->shape->base != NULL && member == body->shape->tag)
    return &body->shape->branch;
  return body->slots != NULL && body->slots[member].state == WIRE_SLOT_SET ? &body->slots[member] : NULL;
}

gboolean
wire_body_has (const WireBody *body, guint member)
{
  return wire_body_find_slot (body, member) != NULL || wire_body_find_place (body, member) != 0;
}

/* Whether there is a member that no table knows. */
gboolean
wire_body_has_extra (const WireBody *body, const char *name)
{
  for (guint i = 0; body->extras != NULL && i < body->extras->len; i++)
    {
      const WireExtra *extra = &g_array_index (body->extras, WireExtra, i);

      if (g_str_equal (extra->name, name))
        return extra->json != NULL;
    }
  return body->document != NULL && wire_shape_find_name (body->shape, name) == body->shape->n_members &&
         wire_view_member (&body->document->view, body->place, name) != 0;
}

/* Of a boolean, an enum or an integer. */
gint64
wire_read_integer (const WireMember *member, const WireView *view, guint place)
{
  gboolean truth = FALSE;
  guint64 natural = 0;
  gint64 number = 0;

  switch ((WireKind) member->kind)
    {
    case WIRE_KIND_NULL:
      return TRUE;
    case WIRE_KIND_BOOLEAN:
      wire_view_get_boolean (view, place, &truth);
      return truth;
    case WIRE_KIND_ENUM:
      return wire_enum_read (member->of, view, place);
    default:
      if (!wire_view_get_int64 (view, place, &number) && wire_view_get_uint64 (view, place, &natural))
        return (gint64) natural;
      return number;
    }
}

/* Of a boolean, an enum or an integer: 0 for what is not there, but -1 of an
 * enum, as for what is newer than its table. */
gint64
wire_body_get_integer (const WireBody *body, guint member)
{
  const WireMember *described = &body->shape->members[member];
  const WireSlot *slot = wire_body_find_slot (body, member);
  guint place;

  if (slot != NULL)
    return slot->integer;
  place = wire_body_find_place (body, member);
  if (place != 0)
    return wire_read_integer (described, &body->document->view, place);
  return described->kind == WIRE_KIND_ENUM ? -1 : 0;
}

double
wire_body_get_double (const WireBody *body, guint member)
{
  const WireSlot *slot = wire_body_find_slot (body, member);
  guint place = wire_body_find_place (body, member);
  double number = 0;

  if (place != 0)
    wire_view_get_double (&body->document->view, place, &number);
  return slot != NULL ? slot->real : number;
}

/* --- what is made once -------------------------------------------------------------------- */

static gpointer *
get_made (WireBody *body)
{
  gpointer *made = g_atomic_pointer_get (&body->made);

  if (made != NULL)
    return made;
  made = g_new0 (gpointer, body->shape->n_members);
  if (g_atomic_pointer_compare_and_exchange (&body->made, NULL, made))
    return made;
  g_free (made);
  return g_atomic_pointer_get (&body->made);
}

gpointer
wire_body_get_pointer (WireBody *body, guint member)
{
  const WireMember *described = &body->shape->members[member];
  const WireSlot *slot = wire_body_find_slot (body, member);
  gpointer *made = slot == NULL && body->document != NULL ? get_made (body) : NULL;
  gpointer pointer;
  guint place;

  if (made == NULL)
    return slot != NULL ? slot->pointer : NULL;
  pointer = g_atomic_pointer_get (&made[member]);
  if (pointer != NULL)
    return pointer;
  place = wire_body_find_place (body, member);
  pointer = place != 0 ? wire_value_make (described, body->document, place) : NULL;
  if (pointer == NULL || g_atomic_pointer_compare_and_exchange (&made[member], NULL, pointer))
    return pointer;
  wire_pointer_free (described, pointer);
  return g_atomic_pointer_get (&made[member]);
}

static char *
make_text (const WireBody *body, guint member)
{
  const WireMember *described = &body->shape->members[member];
  const WireSlot *slot = wire_body_find_slot (body, member);
  g_autoptr (GString) text = NULL;
  gsize length;
  const char *json;
  guint place;

  if (slot != NULL && described->kind == WIRE_KIND_ENUM)
    return g_strdup (wire_enum_get_name (described->of, (int) slot->integer));
  if (slot != NULL)
    {
      text = g_string_new (NULL);
      wire_write_slot (text, described, slot);
      return g_string_free (g_steal_pointer (&text), FALSE);
    }
  place = wire_body_find_place (body, member);
  if (place == 0)
    return NULL;
  if (described->kind == WIRE_KIND_ENUM)
    return wire_view_dup_string (&body->document->view, place);
  json = wire_view_get_json (&body->document->view, place, &length);
  return g_strndup (json, length);
}

const char *
wire_body_get_text (WireBody *body, guint member)
{
  gpointer *made = get_made (body);
  char *text = g_atomic_pointer_get (&made[member]);

  if (text != NULL)
    return text;
  text = make_text (body, member);
  if (text == NULL || g_atomic_pointer_compare_and_exchange (&made[member], NULL, text))
    return text;
  g_free (text);
  return g_atomic_pointer_get (&made[member]);
}
