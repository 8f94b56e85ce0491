/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "wire-base64.h"
#include "wire-body.h"

/* Turning values of a document, which were checked, into what people hold. */

static gpointer
make_text (const WireView *view, gboolean json, guint place)
{
  gsize length;
  const char *text;

  if (!json)
    return wire_view_dup_string (view, place);
  text = wire_view_get_json (view, place, &length);
  return g_strndup (text, length);
}

static gpointer
make_bytes (const WireView *view, guint place)
{
  g_autofree char *text = wire_view_dup_string (view, place);
  gsize length = strlen (text), n_bytes = 0;
  g_autofree guint8 *bytes = g_malloc (length / 4 * 3 + 1);

  wire_base64_decode (text, length, bytes, &n_bytes);
  return g_bytes_new_take (g_steal_pointer (&bytes), n_bytes);
}

static gpointer
make_object (const WireShape *shape, WireDocument *document, guint place)
{
  const WireShape *branch = wire_shape_find_branch (shape, &document->view, place);
  GObject *object = g_object_new_with_properties (branch->get_type (), 0, NULL, NULL);

  wire_body_take (wire_body_of (object), wire_document_ref (document), place);
  return object;
}

static gpointer
make_texts (const WireMember *member, const WireView *view, guint array)
{
  const WireValue *list = &view->values[array];
  char **texts = g_new0 (char *, list->length + 1);
  guint n = 0;

  for (guint i = array + 1; i < list->next; i = wire_view_after (view, i))
    texts[n++] = make_text (view, member->kind == WIRE_KIND_ANY, i);
  return texts;
}

static gpointer
make_integers (const WireView *view, guint array)
{
  const WireValue *list = &view->values[array];
  WireIntegers *integers = g_malloc0 (sizeof (WireIntegers) + list->length * sizeof (gint64));

  for (guint i = array + 1; i < list->next; i = wire_view_after (view, i))
    {
      gint64 *number = &integers->values[integers->n++];

      if (!wire_view_get_int64 (view, i, number))
        wire_view_get_uint64 (view, i, (guint64 *) number);
    }
  return integers;
}

static gpointer
make_objects (const WireMember *member, WireDocument *document, guint array)
{
  const WireView *view = &document->view;
  GPtrArray *objects = g_ptr_array_new_full (view->values[array].length, g_object_unref);

  for (guint i = array + 1; i < view->values[array].next; i = wire_view_after (view, i))
    g_ptr_array_add (objects, make_object (member->of, document, i));
  return objects;
}

/* Of a member that is held as a pointer. */
gpointer
wire_value_make (const WireMember *member, WireDocument *document, guint place)
{
  if (member->list && wire_member_is_object (member))
    return make_objects (member, document, place);
  if (member->list && wire_member_is_text (member))
    return make_texts (member, &document->view, place);
  if (member->list)
    return make_integers (&document->view, place);
  if (wire_member_is_text (member))
    return make_text (&document->view, member->kind == WIRE_KIND_ANY, place);
  if (member->kind == WIRE_KIND_BASE64)
    return make_bytes (&document->view, place);
  return make_object (member->of, document, place);
}

static gpointer
copy_objects (GPtrArray *objects)
{
  GPtrArray *copy = g_ptr_array_new_full (objects->len, g_object_unref);

  for (guint i = 0; i < objects->len; i++)
    g_ptr_array_add (copy, g_object_ref (g_ptr_array_index (objects, i)));
  return copy;
}

static gpointer
copy_integers (const WireIntegers *integers)
{
  return g_memdup2 (integers, sizeof (WireIntegers) + integers->n * sizeof (gint64));
}

/* Objects themselves are shared. */
gpointer
wire_pointer_copy (const WireMember *member, gconstpointer pointer)
{
  if (member->list && wire_member_is_object (member))
    return copy_objects ((GPtrArray *) pointer);
  if (member->list && wire_member_is_text (member))
    return g_strdupv ((GStrv) pointer);
  if (member->list)
    return copy_integers (pointer);
  if (wire_member_is_text (member))
    return g_strdup (pointer);
  if (member->kind == WIRE_KIND_BASE64)
    return g_bytes_ref ((GBytes *) pointer);
  return g_object_ref ((gpointer) pointer);
}

GDestroyNotify
wire_pointer_get_free (const WireMember *member)
{
  if (member->list && wire_member_is_object (member))
    return (GDestroyNotify) g_ptr_array_unref;
  if (member->list && wire_member_is_text (member))
    return (GDestroyNotify) g_strfreev;
  if (member->list || wire_member_is_text (member))
    return g_free;
  if (member->kind == WIRE_KIND_BASE64)
    return (GDestroyNotify) g_bytes_unref;
  return g_object_unref;
}

void
wire_pointer_free (const WireMember *member, gpointer pointer)
{
  if (pointer != NULL)
    wire_pointer_get_free (member) (pointer);
}
