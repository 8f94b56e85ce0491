/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire-shape.h"

#include <string.h>

#include "wire-text.h"

/* Finding things in the tables. */

static gboolean
is_name (const char *name, const char *text, gsize length)
{
  return length > 0 && name[0] == text[0] && strncmp (name, text, length) == 0 && name[length] == '\0';
}

/* -1: it is newer than we are. */
int
wire_enum_find (const WireEnum *described, const char *name, gsize length)
{
  for (guint i = 1; i <= described->n_values; i++)
    if (is_name (described->values[i].value_nick, name, length))
      return described->values[i].value;
  return -1;
}

/* The number of the name at a place. */
int
wire_enum_read (const WireEnum *described, const WireView *view, guint place)
{
  const WireValue *value = &view->values[place];
  g_autofree char *name = NULL;

  if (!(value->flags & WIRE_VALUE_ESCAPED))
    return wire_enum_find (described, view->text + value->offset, value->length);
  name = wire_view_dup_string (view, place);
  return wire_enum_find (described, name, strlen (name));
}

const char *
wire_enum_get_name (const WireEnum *described, int number)
{
  g_return_val_if_fail (number >= 0 && (guint) number < described->n_values, NULL);
  return described->values[number + 1].value_nick;
}

/* Objects of one kind mostly have their members in one order: the search
 * begins near where the last one ended. */
static guint
find_near (const WireShape *shape, guint near, const char *name, gsize length)
{
  for (guint n = 0; n < shape->n_members; n++)
    {
      guint i = near + n < shape->n_members ? near + n : near + n - shape->n_members;

      if (is_name (shape->members[i].name, name, length))
        return i;
    }
  return shape->n_members;
}

/**
 * wire_shape_find_member:
 * @key: where a member's name is in the view
 * @near: a guess
 *
 * Returns: the member, or n_members for none
 */
guint
wire_shape_find_member (const WireShape *shape, const WireView *view, guint key, guint near)
{
  const WireValue *value = &view->values[key];
  g_autofree char *name = NULL;

  if (!(value->flags & WIRE_VALUE_ESCAPED))
    return find_near (shape, near, view->text + value->offset, value->length);
  name = wire_text_decode_dup (view->text + value->offset, value->length, TRUE);
  return find_near (shape, near, name, strlen (name));
}

guint
wire_shape_find_name (const WireShape *shape, const char *name)
{
  return find_near (shape, 0, name, strlen (name));
}

/* The shape of a union's branch, as the value itself tells it. */
const WireShape *
wire_shape_find_branch (const WireShape *shape, const WireView *view, guint place)
{
  const WireMember *tag;
  guint member;
  int branch;

  if (shape->branches == NULL)
    return shape;
  tag = &shape->members[shape->tag];
  member = wire_view_member (view, place, tag->name);
  if (member == 0 || view->values[member].type != WIRE_STRING)
    return shape;
  branch = wire_enum_read (tag->of, view, member);
  return branch >= 0 && shape->branches[branch] != NULL ? shape->branches[branch] : shape;
}

static gboolean
suits (const WireMember *member, WireType type)
{
  static const WireType types[] = {
    [WIRE_KIND_NULL] = WIRE_NULL,      [WIRE_KIND_BOOLEAN] = WIRE_BOOLEAN, [WIRE_KIND_INT8] = WIRE_INTEGER,
    [WIRE_KIND_INT16] = WIRE_INTEGER,  [WIRE_KIND_INT32] = WIRE_INTEGER,   [WIRE_KIND_INT64] = WIRE_INTEGER,
    [WIRE_KIND_UINT8] = WIRE_INTEGER,  [WIRE_KIND_UINT16] = WIRE_INTEGER,  [WIRE_KIND_UINT32] = WIRE_INTEGER,
    [WIRE_KIND_UINT64] = WIRE_INTEGER, [WIRE_KIND_DOUBLE] = WIRE_REAL,     [WIRE_KIND_ENUM] = WIRE_STRING,
    [WIRE_KIND_STRING] = WIRE_STRING,  [WIRE_KIND_BASE64] = WIRE_STRING,   [WIRE_KIND_OBJECT] = WIRE_OBJECT,
  };

  return type == (member->list ? WIRE_ARRAY : types[member->kind]);
}

/* An alternate is told by the kind of value alone. Gives n_members for none. */
guint
wire_shape_find_alternative (const WireShape *shape, WireType type)
{
  guint i = 0;

  while (i < shape->n_members && !suits (&shape->members[i], type))
    i++;
  return i;
}
