/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "wire-base64.h"
#include "wire-body.h"
#include "wire-writer.h"

/* Bodies as JSON: what nobody changed, byte for byte as it came. */

/* What a body is a part of: one that was put into itself is not written for
 * ever. */
typedef struct _Inside Inside;

struct _Inside
{
  const Inside *outer;
  const WireBody *body;
  guint depth;
};

/* Deeper than QEMU takes anything, where each level has an alternate. */
#define MAX_DEPTH 2048u

static void write_body (WireBody *body, GString *out, const Inside *outer);

/* --- one value ---------------------------------------------------------------------------- */

static void
write_bytes (GString *out, GBytes *bytes)
{
  gsize size, at;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  g_string_append_c (out, '"');
  at = out->len;
  g_string_set_size (out, at + (size + 2) / 3 * 4);
  wire_base64_encode (data, size, out->str + at);
  g_string_append_c (out, '"');
}

static void
write_text (GString *out, const WireMember *member, const char *text)
{
  if (member->kind == WIRE_KIND_ANY)
    g_string_append (out, text);
  else
    wire_write_string (out, text);
}

static void
write_integer (GString *out, const WireMember *member, gint64 number)
{
  if (wire_member_is_unsigned (member))
    g_string_append_printf (out, "%" G_GUINT64_FORMAT, (guint64) number);
  else
    g_string_append_printf (out, "%" G_GINT64_FORMAT, number);
}

static void
write_list (GString *out, const WireMember *member, gpointer list, const Inside *outer)
{
  gboolean objects = wire_member_is_object (member), texts = wire_member_is_text (member);
  gsize n = objects ? ((GPtrArray *) list)->len : texts ? g_strv_length (list) : ((WireIntegers *) list)->n;

  g_string_append_c (out, '[');
  for (gsize i = 0; i < n; i++)
    {
      if (i > 0)
        g_string_append_c (out, ',');
      if (objects)
        write_body (wire_body_of (g_ptr_array_index ((GPtrArray *) list, i)), out, outer);
      else if (texts)
        write_text (out, member, ((char **) list)[i]);
      else
        write_integer (out, member, ((WireIntegers *) list)->values[i]);
    }
  g_string_append_c (out, ']');
}

static void
write_pointer (GString *out, const WireMember *member, gpointer pointer, const Inside *outer)
{
  if (member->list)
    write_list (out, member, pointer, outer);
  else if (wire_member_is_text (member))
    write_text (out, member, pointer);
  else if (member->kind == WIRE_KIND_BASE64)
    write_bytes (out, pointer);
  else
    write_body (wire_body_of (pointer), out, outer);
}

static void
write_slot (GString *out, const WireMember *member, const WireSlot *slot, const Inside *outer)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (wire_member_is_pointer (member))
    write_pointer (out, member, slot->pointer, outer);
  else if (member->kind == WIRE_KIND_NULL)
    g_string_append (out, "null");
  else if (member->kind == WIRE_KIND_BOOLEAN)
    g_string_append (out, slot->integer ? "true" : "false");
  else if (member->kind == WIRE_KIND_DOUBLE)
    g_string_append (out, g_ascii_dtostr (number, sizeof number, slot->real));
  else if (member->kind == WIRE_KIND_ENUM)
    wire_write_string (out, wire_enum_get_name (member->of, (int) slot->integer));
  else
    write_integer (out, member, slot->integer);
}

void
wire_write_slot (GString *out, const WireMember *member, const WireSlot *slot)
{
  write_slot (out, member, slot, NULL);
}

/* The name of one more member. */
void
wire_write_name (GString *out, const char *name, gsize length)
{
  if (out->str[out->len - 1] != '{')
    g_string_append_c (out, ',');
  g_string_append_c (out, '"');
  g_string_append_len (out, name, (gssize) length);
  g_string_append (out, "\":");
}

/* --- a body -------------------------------------------------------------------------------- */

static gboolean
holds_change (const WireMember *member, gpointer made)
{
  GPtrArray *objects = made;

  if (made == NULL || !wire_member_is_object (member))
    return FALSE;
  if (!member->list)
    return wire_body_is_changed (wire_body_of (made));
  for (guint i = 0; i < objects->len; i++)
    if (wire_body_is_changed (wire_body_of (g_ptr_array_index (objects, i))))
      return TRUE;
  return FALSE;
}

/* What a getter made of a member, maybe just now, and in another thread. */
static gpointer
find_made (const WireBody *body, guint member)
{
  gpointer *made = g_atomic_pointer_get (&((WireBody *) body)->made);

  return made != NULL ? g_atomic_pointer_get (&made[member]) : NULL;
}

/* Whether it differs from its document: also deep inside, in an object that a
 * getter gave out. */
gboolean
wire_body_is_changed (const WireBody *body)
{
  if (body->slots != NULL || body->extras != NULL || body->document == NULL)
    return TRUE;
  for (guint i = 0; i < body->shape->n_members; i++)
    if (holds_change (&body->shape->members[i], find_made (body, i)))
      return TRUE;
  return FALSE;
}

/* As it came. */
static void
append_json (GString *out, const WireBody *body, guint place)
{
  gsize length;
  const char *text = wire_view_get_json (&body->document->view, place, &length);

  g_string_append_len (out, text, (gssize) length);
}

static gboolean
has_extra (const WireBody *body, const WireView *view, guint key)
{
  for (guint i = 0; body->extras != NULL && i < body->extras->len; i++)
    if (wire_view_is_string (view, key, g_array_index (body->extras, WireExtra, i).name))
      return TRUE;
  return FALSE;
}

/* What the document has and nothing was put in the place of: also what no
 * table knows. */
static void
write_kept (WireBody *body, GString *out, const Inside *outer)
{
  const WireView *view = &body->document->view;

  for (guint key = body->place + 1; key < view->values[body->place].next; key = wire_view_after (view, key + 1))
    {
      guint i = wire_shape_find_member (body->shape, view, key, 0);
      gboolean known = i < body->shape->n_members;
      gpointer made = known ? find_made (body, i) : NULL;

      if (known ? body->slots != NULL && body->slots[i].state != WIRE_SLOT_AS_IS : has_extra (body, view, key))
        continue;
      wire_write_name (out, view->text + view->values[key].offset, view->values[key].length);
      if (known && holds_change (&body->shape->members[i], made))
        write_pointer (out, &body->shape->members[i], made, outer);
      else
        append_json (out, body, key + 1);
    }
}

/* Its name is the caller's, and can be anything. */
static void
write_extra (GString *out, const WireExtra *extra)
{
  if (extra->json == NULL)
    return;
  if (out->str[out->len - 1] != '{')
    g_string_append_c (out, ',');
  wire_write_string (out, extra->name);
  g_string_append_c (out, ':');
  g_string_append (out, extra->json);
}

static void
write_members (WireBody *body, GString *out, const Inside *outer)
{
  if (body->document != NULL)
    write_kept (body, out, outer);
  for (guint i = 0; i < body->shape->n_members; i++)
    {
      const WireMember *member = &body->shape->members[i];
      const WireSlot *slot = wire_body_find_slot (body, i);

      if (slot == NULL)
        continue;
      wire_write_name (out, member->name, strlen (member->name));
      write_slot (out, member, slot, outer);
    }
  for (guint i = 0; body->extras != NULL && i < body->extras->len; i++)
    write_extra (out, &g_array_index (body->extras, WireExtra, i));
}

/* An alternate stands bare; one that is nothing, as null. */
static void
write_alternate (WireBody *body, GString *out, const Inside *outer)
{
  for (guint i = 0; i < body->shape->n_members; i++)
    {
      const WireMember *member = &body->shape->members[i];
      const WireSlot *slot = wire_body_find_slot (body, i);
      gpointer made = find_made (body, i);

      if (slot != NULL)
        write_slot (out, member, slot, outer);
      else if (holds_change (member, made))
        write_pointer (out, member, made, outer);
      else if (wire_body_find_place (body, i) != 0)
        append_json (out, body, body->place);
      else
        continue;
      return;
    }
  g_string_append (out, "null");
}

static gboolean
is_too_deep (const Inside *self)
{
  for (const Inside *outer = self->outer; outer != NULL; outer = outer->outer)
    if (outer->body == self->body)
      return TRUE;
  return self->depth >= MAX_DEPTH;
}

/* What cannot be written is null in its place, so that the text stays JSON. */
static void
write_body (WireBody *body, GString *out, const Inside *outer)
{
  const Inside own = { outer, body, outer != NULL ? outer->depth + 1 : 0 };

  if (!wire_body_is_changed (body))
    append_json (out, body, body->place);
  else if (is_too_deep (&own))
    {
      g_critical ("A %s is a part of itself, or nested too deep", body->shape->type_name);
      g_string_append (out, "null");
    }
  else if (body->shape->alternate)
    write_alternate (body, out, &own);
  else
    {
      g_string_append_c (out, '{');
      write_members (body, out, &own);
      g_string_append_c (out, '}');
    }
}

void
wire_body_write (WireBody *body, GString *out)
{
  write_body (body, out, NULL);
}

/* Without the braces around them, behind others that are there already. */
void
wire_body_write_members (WireBody *body, GString *out)
{
  write_members (body, out, &(Inside) { NULL, body, 0 });
}
