/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "typed/typed.h"

#include <string.h>

/* --- text -------------------------------------------------------------------------- */

/* Larger than what a connection takes: sums of what many commands gave. */
static const WireLimits limits = { 64 * 1024 * 1024, 1024 * 1024, WIRE_MAX_DEPTH, 4096 };

/* NULL for what is no message. */
WireDocument *
typed_read (const char *text, gsize length)
{
  WireScanner scanner;
  WireDocument *document = NULL;

  wire_scanner_init (&scanner, &limits);
  if (wire_scanner_scan (&scanner, text, length) == WIRE_SCAN_MESSAGE && scanner.taint == WIRE_TAINT_NONE)
    document = wire_document_new_copy (&(WireView) { text, scanner.at, scanner.values, scanner.n_values, scanner.taint });
  wire_scanner_clear (&scanner);
  return document;
}

char *
typed_part (const WireView *view, guint place)
{
  gsize length;
  const char *text = wire_view_get_json (view, place, &length);

  return g_strndup (text, length);
}

/* --- values ------------------------------------------------------------------------- */

const WireCommand *
typed_find_command (TypedLibrary library, const char *name)
{
  const WireCommand *const *commands = library == TYPED_QMP ? qmp_commands : qga_commands;
  guint n = library == TYPED_QMP ? qmp_n_commands : qga_n_commands;

  for (guint i = 0; i < n; i++)
    if (g_str_equal (commands[i]->name, name))
      return commands[i];
  return NULL;
}

gboolean
typed_read_result (TypedLibrary library, const WireCommand *command, WireDocument *document, guint place, TypedValue *value,
                   GError **error)
{
  GQuark domain = library == TYPED_QMP ? QMP_ERROR : QGA_ERROR;
  int code = library == TYPED_QMP ? (int) QMP_ERROR_UNEXPECTED_VALUE : (int) QGA_ERROR_UNEXPECTED_VALUE;

  value->member = command->has_result ? &command->result : NULL;
  return wire_command_read_result (command, document, place, domain, code, &value->slot, error);
}

gboolean
typed_read_value (const WireMember *member, WireDocument *document, guint place, const char *path, TypedValue *value,
                  GError **error)
{
  if (!wire_shape_check (member, &document->view, place, path, QMP_ERROR, QMP_ERROR_UNEXPECTED_VALUE, error))
    return FALSE;
  value->member = member;
  value->slot = (WireSlot) { WIRE_SLOT_SET, { .pointer = wire_value_make (member, document, place) } };
  return TRUE;
}

char *
typed_to_json (const TypedValue *value)
{
  GString *text = g_string_new (NULL);

  wire_write_slot (text, value->member, &value->slot);
  return g_string_free (text, FALSE);
}

void
typed_clear (TypedValue *value)
{
  if (value->member != NULL && wire_member_is_pointer (value->member))
    wire_pointer_free (value->member, value->slot.pointer);
  value->member = NULL;
}

/* --- asking everything ---------------------------------------------------------------- */

static WireStructClass *
get_class (gpointer object)
{
  return (WireStructClass *) ((GTypeInstance *) object)->g_class;
}

/* As the text alone says it. */
static gboolean
is_in_text (const WireBody *body, guint member)
{
  const WireView *view = &body->document->view;
  const char *name = body->shape->members[member].name;

  if (view->values[body->place].type != WIRE_OBJECT)
    return FALSE;
  for (guint key = body->place + 1; key < view->values[body->place].next; key = wire_view_after (view, key + 1))
    if (wire_view_is_string (view, key, name))
      return TRUE;
  return FALSE;
}

static guint
walk_pointer (const WireMember *member, const GValue *value, gboolean has)
{
  gpointer pointer = g_value_peek_pointer (value);
  guint n = 1;

  g_assert_true ((pointer != NULL) == has);
  if (pointer == NULL || !wire_member_is_object (member))
    return n;
  if (!member->list)
    return n + typed_walk_object (pointer);
  for (guint i = 0; i < g_list_model_get_n_items (pointer); i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (pointer, i);

      n += typed_walk_object (item);
    }
  return n;
}

static void
walk_number (gpointer object, guint i, const GValue *value, gboolean has)
{
  const WireBody *body = wire_body_of (object);
  const WireMember *member = &body->shape->members[i];
  const char *text;

  if (member->kind == WIRE_KIND_NULL || member->kind == WIRE_KIND_BOOLEAN)
    {
      g_assert_true (has || !g_value_get_boolean (value));
      return;
    }
  text = wire_get_text (object, body->shape, i);
  g_assert_true ((text != NULL) == has);
  g_assert_true (text == wire_get_text (object, body->shape, i));
  if (member->kind == WIRE_KIND_ENUM && g_value_get_enum (value) >= 0)
    g_assert_cmpstr (text, ==, wire_enum_get_name (member->of, g_value_get_enum (value)));
  else if (member->kind == WIRE_KIND_ENUM && has)
    g_assert_cmpint (wire_enum_find (member->of, text, strlen (text)), ==, -1);
  else if (G_VALUE_HOLDS_UINT64 (value))
    g_assert_cmpuint (g_value_get_uint64 (value), ==, has ? g_ascii_strtoull (text, NULL, 10) : 0);
  else if (G_VALUE_HOLDS_INT64 (value))
    g_assert_cmpint (g_value_get_int64 (value), ==, has ? g_ascii_strtoll (text, NULL, 10) : 0);
  else if (G_VALUE_HOLDS_DOUBLE (value))
    g_assert_true (has ? !(g_value_get_double (value) < g_ascii_strtod (text, NULL)) &&
                           !(g_value_get_double (value) > g_ascii_strtod (text, NULL))
                       : !(g_value_get_double (value) < 0) && !(g_value_get_double (value) > 0));
}

guint
typed_walk_object (gpointer object)
{
  WireBody *body = wire_body_of (object);
  guint n = 1, n_there = 0;

  g_assert_true (G_OBJECT_TYPE (object) == body->shape->get_type ());
  for (guint i = 0; i < body->shape->n_members; i++)
    {
      const WireMember *member = &body->shape->members[i];
      gboolean has = wire_get_has (object, body->shape, i);
      g_auto (GValue) value = G_VALUE_INIT;

      g_object_get_property (object, get_class (object)->properties[i]->name, &value);
      n_there += has;
      if (body->document != NULL && body->slots == NULL && !body->shape->alternate)
        g_assert_true (has == is_in_text (body, i));
      if (wire_member_is_pointer (member))
        n += walk_pointer (member, &value, has);
      else
        walk_number (object, i, &value, has);
    }
  g_assert_true (!body->shape->alternate || n_there == 1);
  return n + n_there;
}

guint
typed_walk (const TypedValue *value)
{
  GPtrArray *list = value->slot.pointer;
  guint n = 1;

  if (value->member == NULL || !wire_member_is_object (value->member))
    return n;
  if (!value->member->list)
    return typed_walk_object (value->slot.pointer);
  for (guint i = 0; i < list->len; i++)
    n += typed_walk_object (g_ptr_array_index (list, i));
  return n;
}

/* --- making it again ------------------------------------------------------------------- */

static void
rebuild_value (GValue *value, guint *n_lost)
{
  GObject *object = G_VALUE_HOLDS_OBJECT (value) ? g_value_dup_object (value) : NULL;
  GListStore *store;

  if (object == NULL)
    return;
  if (!G_IS_LIST_MODEL (object))
    g_value_take_object (value, typed_rebuild (object, n_lost));
  else
    {
      store = g_list_store_new (g_list_model_get_item_type (G_LIST_MODEL (object)));
      for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (object)); i++)
        {
          g_autoptr (GObject) item = g_list_model_get_item (G_LIST_MODEL (object), i);
          g_autoptr (GObject) made = typed_rebuild (item, n_lost);

          g_list_store_append (store, made);
        }
      g_value_take_object (value, store);
    }
  g_object_unref (object);
}

gpointer
typed_rebuild (gpointer object, guint *n_lost)
{
  WireBody *body = wire_body_of (object);
  gpointer made = g_object_new (G_OBJECT_TYPE (object), NULL);

  for (guint i = 0; i < body->shape->n_members; i++)
    {
      const char *name = get_class (object)->properties[i]->name;
      g_auto (GValue) value = G_VALUE_INIT;

      if (!wire_get_has (object, body->shape, i))
        continue;
      g_object_get_property (object, name, &value);
      if (G_VALUE_HOLDS_ENUM (&value) && g_value_get_enum (&value) < 0)
        {
          ++*n_lost;
          continue;
        }
      rebuild_value (&value, n_lost);
      g_object_set_property (made, name, &value);
    }
  return made;
}

static TypedValue
rebuild_all (const TypedValue *value, guint *n_lost)
{
  TypedValue made = *value;
  GPtrArray *list = value->slot.pointer;

  if (!wire_member_is_pointer (value->member))
    return made;
  if (!wire_member_is_object (value->member))
    made.slot.pointer = wire_pointer_copy (value->member, value->slot.pointer);
  else if (!value->member->list)
    made.slot.pointer = typed_rebuild (value->slot.pointer, n_lost);
  else
    {
      made.slot.pointer = g_ptr_array_new_with_free_func (g_object_unref);
      for (guint i = 0; i < list->len; i++)
        g_ptr_array_add (made.slot.pointer, typed_rebuild (g_ptr_array_index (list, i), n_lost));
    }
  return made;
}

/* --- comparing -------------------------------------------------------------------------- */

typedef struct
{
  const WireView *before;
  const WireView *after;
  GString *path;
  guint *n_unknown;
} Comparison;

static void compare (Comparison *self, const WireMember *member, gboolean list, guint before, guint after);

static void
tell (const Comparison *self, const char *what)
{
  g_error ("%s: %s", self->path->str, what);
}

static void
compare_scalars (const Comparison *self, const WireMember *member, guint before, guint after)
{
  g_autofree char *a = typed_part (self->before, before), *b = typed_part (self->after, after);
  g_autofree char *string_a = wire_view_dup_string (self->before, before);
  g_autofree char *string_b = wire_view_dup_string (self->after, after);
  double number_a, number_b;

  if (g_str_equal (a, b))
    return;
  if (string_a != NULL && g_strcmp0 (string_a, string_b) == 0)
    return;
  if (member != NULL && member->kind == WIRE_KIND_DOUBLE && wire_view_get_double (self->before, before, &number_a) &&
      wire_view_get_double (self->after, after, &number_b) && !(number_a < number_b) && !(number_a > number_b))
    return;
  g_error ("%s: %s became %s", self->path->str, a, b);
}

static void
compare_lists (Comparison *self, const WireMember *member, guint before, guint after)
{
  gsize length = self->path->len;
  guint n = self->before->values[before].length;

  if (n != self->after->values[after].length)
    tell (self, "another number of elements");
  for (guint i = 0, a = before + 1, b = after + 1; i < n; i++)
    {
      g_string_append_printf (self->path, "[%u]", i);
      compare (self, member, FALSE, a, b);
      g_string_truncate (self->path, length);
      a = wire_view_after (self->before, a);
      b = wire_view_after (self->after, b);
    }
}

/* The shape is NULL in what no description goes into. */
static void
compare_objects (Comparison *self, const WireShape *shape, guint before, guint after)
{
  const WireView *view = self->before;
  gsize length = self->path->len;
  guint n_known = 0;

  for (guint key = before + 1; key < view->values[before].next; key = wire_view_after (view, key + 1))
    {
      g_autofree char *name = wire_view_dup_string (view, key);
      guint i = shape != NULL ? wire_shape_find_name (shape, name) : 0;
      guint other = wire_view_member (self->after, after, name);

      g_string_append_printf (self->path, ".%s", name);
      if (shape != NULL && i == shape->n_members)
        {
          g_assert_cmpuint (other, ==, 0);
          g_test_message ("%s (%s): not known", self->path->str, shape->name);
          ++*self->n_unknown;
        }
      else if (other == 0)
        tell (self, "is not there any more");
      else
        {
          n_known++;
          compare (self, shape != NULL ? &shape->members[i] : NULL, shape != NULL && shape->members[i].list, key + 1, other);
        }
      g_string_truncate (self->path, length);
    }
  if (n_known != self->after->values[after].length)
    tell (self, "has more members");
}

/* The member that an alternate is; NULL for none. */
static const WireMember *
find_alternative (const WireMember *member, WireType type)
{
  const WireShape *shape = member->of;
  guint i = wire_shape_find_alternative (shape, type);

  g_assert_cmpuint (i, <, shape->n_members);
  return &shape->members[i];
}

static void
compare (Comparison *self, const WireMember *member, gboolean list, guint before, guint after)
{
  WireType type = self->before->values[before].type;

  if (member != NULL && !list && member->kind == WIRE_KIND_ALTERNATE)
    {
      member = find_alternative (member, type);
      list = member->list;
    }
  if (member != NULL && !list && member->kind == WIRE_KIND_ANY)
    member = NULL;
  if (type != self->after->values[after].type && (member == NULL || member->kind != WIRE_KIND_DOUBLE))
    tell (self, "another type");
  if (type == WIRE_ARRAY)
    compare_lists (self, member, before, after);
  else if (type == WIRE_OBJECT)
    compare_objects (self, member != NULL ? wire_shape_find_branch (member->of, self->before, before) : NULL, before, after);
  else
    compare_scalars (self, member, before, after);
}

void
typed_compare (const WireMember *member, const char *before, const char *after, const char *path, guint *n_unknown)
{
  g_autofree char *before_text = g_strdup_printf ("{\"v\":%s}", before), *after_text = g_strdup_printf ("{\"v\":%s}", after);
  g_autoptr (WireDocument) a = typed_read (before_text, strlen (before_text));
  g_autoptr (WireDocument) b = typed_read (after_text, strlen (after_text));
  g_autoptr (GString) place = g_string_new (path);
  Comparison comparison = { .path = place, .n_unknown = n_unknown };

  if (a == NULL || b == NULL)
    g_error ("%s: is no JSON: %s", path, b == NULL ? after : before);
  comparison.before = &a->view;
  comparison.after = &b->view;
  compare (&comparison, member, member->list, 2, 2);
}

guint
typed_round_trip (const TypedValue *value, const char *text, const char *path)
{
  static const WireMember anything = { "", WIRE_KIND_ANY };
  g_autofree char *same = NULL, *again = NULL, *still = NULL;
  g_auto (TypedValue) made = { 0 };
  guint n_unknown = 0, n_lost = 0;

  if (value->member == NULL)
    return 0;
  same = typed_to_json (value);
  if (wire_member_is_object (value->member) && !value->member->list)
    g_assert_cmpstr (same, ==, text);
  typed_compare (&anything, text, same, path, &n_unknown);
  typed_walk (value);
  made = rebuild_all (value, &n_lost);
  again = typed_to_json (&made);
  typed_compare (value->member, text, again, path, &n_unknown);
  g_assert_cmpuint (n_lost, ==, 0);
  typed_walk (&made);
  still = typed_to_json (value);
  g_assert_cmpstr (still, ==, same);
  return n_unknown;
}
