/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "typed/mutation.h"

#include <string.h>

/* --- made up ------------------------------------------------------------------------- */

#define MOST_DEPTH 4u

typedef struct
{
  GString *out;
  const WireShape *open[MOST_DEPTH];
  guint depth;
  guint choice;
} Sample;

static void make (Sample *self, const WireMember *member, gboolean list);

/* A type inside itself, or very deep, is left empty. */
static gboolean
goes_on (const Sample *self, const WireShape *shape)
{
  for (guint i = 0; i < self->depth; i++)
    if (self->open[i] == shape)
      return FALSE;
  return self->depth < MOST_DEPTH;
}

static void
make_object (Sample *self, const WireShape *described)
{
  const WireShape *shape = described;
  const WireEnum *tag = described->branches != NULL ? described->members[described->tag].of : NULL;
  guint branch = tag != NULL ? self->choice % tag->n_values : 0;

  g_string_append_c (self->out, '{');
  if (!goes_on (self, described))
    {
      g_string_append_c (self->out, '}');
      return;
    }
  if (tag != NULL && described->branches[branch] != NULL)
    shape = described->branches[branch];
  self->open[self->depth++] = described;
  for (guint i = 0; i < shape->n_members; i++)
    {
      g_string_append_printf (self->out, "%s\"%s\":", i > 0 ? "," : "", shape->members[i].name);
      if (tag != NULL && i == described->tag)
        g_string_append_printf (self->out, "\"%s\"", wire_enum_get_name (tag, (int) branch));
      else
        make (self, &shape->members[i], shape->members[i].list);
    }
  self->depth--;
  g_string_append_c (self->out, '}');
}

static void
make_one (Sample *self, const WireMember *member)
{
  const WireShape *shape = member->of;

  switch ((WireKind) member->kind)
    {
    case WIRE_KIND_NULL:
      g_string_append (self->out, "null");
      break;
    case WIRE_KIND_BOOLEAN:
      g_string_append (self->out, "true");
      break;
    case WIRE_KIND_DOUBLE:
      g_string_append (self->out, "0.5");
      break;
    case WIRE_KIND_ENUM:
      g_string_append_printf (self->out, "\"%s\"", wire_enum_get_name (member->of, 0));
      break;
    case WIRE_KIND_STRING:
      g_string_append (self->out, "\"text\"");
      break;
    case WIRE_KIND_ANY:
      g_string_append (self->out, "{\"any\":[1,null]}");
      break;
    case WIRE_KIND_BASE64:
      g_string_append (self->out, "\"AP8Q\"");
      break;
    case WIRE_KIND_OBJECT:
      make_object (self, shape);
      break;
    case WIRE_KIND_ALTERNATE:
      shape = member->of;
      make (self, &shape->members[self->choice % shape->n_members], shape->members[self->choice % shape->n_members].list);
      break;
    default:
      g_string_append (self->out, "42");
    }
}

static void
make (Sample *self, const WireMember *member, gboolean list)
{
  if (!list)
    {
      make_one (self, member);
      return;
    }
  g_string_append_c (self->out, '[');
  make_one (self, member);
  if (!wire_member_is_object (member))
    {
      g_string_append_c (self->out, ',');
      make_one (self, member);
    }
  g_string_append_c (self->out, ']');
}

char *
sample_make (const WireMember *member, guint choice)
{
  Sample sample = { .out = g_string_new (NULL), .choice = choice };

  make (&sample, member, member->list);
  return g_string_free (sample.out, FALSE);
}

static guint
count_choices (const WireShape *shape, guint depth)
{
  guint most = 1;

  if (shape->alternate)
    most = shape->n_members;
  else if (shape->branches != NULL)
    most = ((const WireEnum *) shape->members[shape->tag].of)->n_values;
  for (guint i = 0; depth < MOST_DEPTH && i < shape->n_members; i++)
    if (wire_member_is_object (&shape->members[i]))
      most = MAX (most, count_choices (shape->members[i].of, depth + 1));
  for (guint i = 0, n = most; depth < MOST_DEPTH && shape->branches != NULL && i < n; i++)
    if (i < ((const WireEnum *) shape->members[shape->tag].of)->n_values && shape->branches[i] != NULL)
      most = MAX (most, count_choices (shape->branches[i], depth + 1));
  return most;
}

/* So many that each branch and each alternative has its turn; those inside take
 * turns with them. */
guint
sample_count_choices (const WireShape *shape)
{
  return count_choices (shape, 0);
}

/* --- recorded, and made small ----------------------------------------------------------- */

typedef struct
{
  const WireView *view;
  GString *out;
  GString *signature;
} Reduction;

static void reduce (Reduction *self, const WireMember *member, gboolean list, gboolean tag, guint place);

static void
reduce_list (Reduction *self, const WireMember *member, guint place)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n = 0;

  g_string_append_c (self->out, '[');
  g_string_append_c (self->signature, '[');
  for (guint i = place + 1; i < self->view->values[place].next; i = wire_view_after (self->view, i))
    {
      gsize text = self->out->len, looks = self->signature->len;

      g_string_append (self->out, n > 0 ? "," : "");
      reduce (self, member, FALSE, FALSE, i);
      if (g_hash_table_add (seen, g_strdup (self->signature->str + looks)))
        n++;
      else
        {
          g_string_truncate (self->out, text);
          g_string_truncate (self->signature, looks);
        }
    }
  g_string_append_c (self->out, ']');
  g_string_append_c (self->signature, ']');
}

static void
reduce_object (Reduction *self, const WireShape *shape, guint place)
{
  const WireView *view = self->view;

  g_string_append_c (self->out, '{');
  g_string_append_c (self->signature, '{');
  for (guint key = place + 1; key < view->values[place].next; key = wire_view_after (view, key + 1))
    {
      g_autofree char *name = wire_view_dup_string (view, key);
      guint i = shape != NULL ? wire_shape_find_name (shape, name) : 0;
      const WireMember *member = shape != NULL && i < shape->n_members ? &shape->members[i] : NULL;
      gboolean tag = member != NULL && (shape->branches != NULL || shape->base != NULL) && i == shape->tag;

      g_string_append_printf (self->out, "%s\"%s\":", key > place + 1 ? "," : "", name);
      g_string_append_printf (self->signature, "%s:", name);
      reduce (self, member, member != NULL && member->list, tag, key + 1);
    }
  g_string_append_c (self->out, '}');
  g_string_append_c (self->signature, '}');
}

static void
reduce (Reduction *self, const WireMember *member, gboolean list, gboolean tag, guint place)
{
  WireType type = self->view->values[place].type;
  const WireShape *shape = NULL;
  gsize length;
  const char *json = wire_view_get_json (self->view, place, &length);

  if (member != NULL && !list && member->kind == WIRE_KIND_ALTERNATE)
    {
      shape = member->of;
      member = &shape->members[wire_shape_find_alternative (shape, type)];
    }
  if (type == WIRE_ARRAY)
    reduce_list (self, member, place);
  else if (type == WIRE_OBJECT)
    {
      shape = member != NULL && member->kind == WIRE_KIND_OBJECT ? wire_shape_find_branch (member->of, self->view, place) : NULL;
      reduce_object (self, shape, place);
    }
  else
    {
      g_string_append_len (self->out, json, (gssize) length);
      g_string_append_len (self->signature, json, tag ? (gssize) length : 0);
      g_string_append_c (self->signature, (char) ('0' + type));
    }
}

char *
sample_reduce (const WireMember *member, const WireView *view, guint place, char **signature)
{
  Reduction reduction = { view, g_string_new (NULL), g_string_new (NULL) };

  reduce (&reduction, member, member->list, FALSE, place);
  *signature = g_string_free (reduction.signature, FALSE);
  return g_string_free (reduction.out, FALSE);
}
