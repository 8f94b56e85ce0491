/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <math.h>

#include "wire-struct.h"
#include "wire-writer.h"

/* What generated getters and setters are made of. */

static gboolean
is_of (gpointer object, const WireShape *shape)
{
  const WireShape *own = object != NULL ? wire_body_of (object)->shape : NULL;

  if (own != NULL && (own == shape || own->base == shape))
    return TRUE;
  g_critical ("This needs a %s, and was given a %s", shape->type_name, own != NULL ? own->type_name : "NULL");
  return FALSE;
}

gboolean
wire_get_has (gpointer object, const WireShape *shape, guint member)
{
  return is_of (object, shape) && wire_body_has (wire_body_of (object), member);
}

gint64
wire_get_integer (gpointer object, const WireShape *shape, guint member)
{
  return is_of (object, shape) ? wire_body_get_integer (wire_body_of (object), member) : 0;
}

double
wire_get_double (gpointer object, const WireShape *shape, guint member)
{
  return is_of (object, shape) ? wire_body_get_double (wire_body_of (object), member) : 0;
}

gpointer
wire_get_pointer (gpointer object, const WireShape *shape, guint member)
{
  return is_of (object, shape) ? wire_body_get_pointer (wire_body_of (object), member) : NULL;
}

const char *
wire_get_text (gpointer object, const WireShape *shape, guint member)
{
  return is_of (object, shape) ? wire_body_get_text (wire_body_of (object), member) : NULL;
}

gpointer
wire_get_integers (gpointer object, const WireShape *shape, guint member, gsize *n)
{
  WireIntegers *integers = wire_get_pointer (object, shape, member);

  if (n != NULL)
    *n = integers != NULL ? integers->n : 0;
  return integers != NULL ? integers->values : NULL;
}

/* The caller's own list, of shared objects. */
GPtrArray *
wire_get_objects (gpointer object, const WireShape *shape, guint member)
{
  gpointer objects = wire_get_pointer (object, shape, member);

  return objects != NULL ? wire_pointer_copy (&shape->members[member], objects) : NULL;
}

static void
notify (gpointer object, guint member)
{
  const WireStructClass *class = (WireStructClass *) ((GTypeInstance *) object)->g_class;

  g_object_notify_by_pspec (object, class->properties[member]);
}

static gboolean
is_within (const WireShape *shape, const WireMember *member, const gint64 *values, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (!wire_member_fits (member, values[i]))
      {
        g_critical ("%s has fewer bits for %s than it was given", shape->type_name, member->name);
        return FALSE;
      }
  return TRUE;
}

/* One that has members of its own has a class of its own: an object of the
 * union's would say that they are there, and be judged without them. */
static gboolean
needs_branch (const WireShape *own, guint member, gint64 value)
{
  const WireShape *branch;

  if (own->branches == NULL || member != own->tag)
    return FALSE;
  branch = own->branches[value];
  if (branch != NULL)
    g_critical ("A %s of this branch is a %s: make one of these", own->type_name, branch->type_name);
  return branch != NULL;
}

/* A branch is what it is. */
static gboolean
is_acceptable (gpointer object, const WireShape *shape, guint member, gint64 value)
{
  const WireShape *own = wire_body_of (object)->shape;
  const WireMember *described = &shape->members[member];

  if (own->base != NULL && member == own->tag)
    {
      g_return_val_if_fail (value == own->branch.integer, FALSE);
      return FALSE;
    }
  if (described->kind == WIRE_KIND_ENUM)
    g_return_val_if_fail (value >= 0 && value < ((const WireEnum *) described->of)->n_values, FALSE);
  return is_within (shape, described, &value, 1) && !needs_branch (own, member, value);
}

void
wire_set_integer (gpointer object, const WireShape *shape, guint member, gint64 value)
{
  if (!is_of (object, shape) || !is_acceptable (object, shape, member, value))
    return;
  wire_body_set_integer (wire_body_of (object), member, value);
  notify (object, member);
}

void
wire_set_double (gpointer object, const WireShape *shape, guint member, double value)
{
  g_return_if_fail (isfinite (value));
  if (!is_of (object, shape))
    return;
  wire_body_set_double (wire_body_of (object), member, value);
  notify (object, member);
}

static gboolean
are_utf8 (const char *const *texts)
{
  for (guint i = 0; texts[i] != NULL; i++)
    if (!g_utf8_validate (texts[i], -1, NULL))
      return FALSE;
  return TRUE;
}

static gboolean
is_json (const char *text)
{
  g_autoptr (GString) json = g_string_new (NULL);

  return wire_write_value_json (json, text, NULL);
}

static gboolean
are_of_type (const WireMember *member, gconstpointer value)
{
  GType type = ((const WireShape *) member->of)->get_type ();
  const GPtrArray *list = value;

  if (!member->list)
    return G_TYPE_CHECK_INSTANCE_TYPE ((gpointer) value, type);
  for (guint i = 0; i < list->len; i++)
    if (!G_TYPE_CHECK_INSTANCE_TYPE (g_ptr_array_index (list, i), type))
      return FALSE;
  return TRUE;
}

/* What a member cannot hold never becomes a part of it; says what it needs. */
const char *
wire_find_need (const WireMember *member, gconstpointer value)
{
  if (value == NULL)
    return NULL;
  if (wire_member_is_object (member))
    return are_of_type (member, value) ? NULL : ((const WireShape *) member->of)->type_name;
  if (!wire_member_is_text (member))
    return NULL;
  if (member->list)
    return are_utf8 (value) ? NULL : "UTF-8";
  if (member->kind == WIRE_KIND_ANY)
    return is_json (value) ? NULL : "JSON";
  return g_utf8_validate (value, -1, NULL) ? NULL : "UTF-8";
}

void
wire_set_pointer (gpointer object, const WireShape *shape, guint member, gconstpointer value)
{
  const char *need;

  if (!is_of (object, shape))
    return;
  need = wire_find_need (&shape->members[member], value);
  if (need != NULL)
    {
      g_critical ("%s needs %s for %s, and was given something else", shape->type_name, need, shape->members[member].name);
      return;
    }
  wire_body_set_pointer (wire_body_of (object), member, value);
  notify (object, member);
}

void
wire_set_integers (gpointer object, const WireShape *shape, guint member, gconstpointer values, gsize n)
{
  if (!is_of (object, shape) || !is_within (shape, &shape->members[member], values, n))
    return;
  wire_body_set_integers (wire_body_of (object), member, values, n);
  notify (object, member);
}

void
wire_set_objects (gpointer object, const WireShape *shape, guint member, gconstpointer values, gsize n)
{
  g_autoptr (GPtrArray) objects = g_ptr_array_new ();

  for (gsize i = 0; i < n; i++)
    g_ptr_array_add (objects, ((const gpointer *) values)[i]);
  wire_set_pointer (object, shape, member, objects);
}

void
wire_unset (gpointer object, const WireShape *shape, guint member)
{
  const WireShape *own;

  if (!is_of (object, shape))
    return;
  own = wire_body_of (object)->shape;
  g_return_if_fail (own->base == NULL || member != own->tag);
  wire_body_unset (wire_body_of (object), member);
  notify (object, member);
}
