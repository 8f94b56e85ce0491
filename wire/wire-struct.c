/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire-struct.h"

#include <string.h>

#include "wire-writer.h"

/* --- what a property is ------------------------------------------------------------------ */

#define FLAGS (G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY)

static GParamSpec *
describe_list (const char *name, const WireMember *member)
{
  if (wire_member_is_object (member))
    return g_param_spec_object (name, NULL, NULL, G_TYPE_LIST_MODEL, FLAGS);
  if (wire_member_is_text (member))
    return g_param_spec_boxed (name, NULL, NULL, G_TYPE_STRV, FLAGS);
  return g_param_spec_variant (name, NULL, NULL, wire_member_is_unsigned (member) ? G_VARIANT_TYPE ("at") : G_VARIANT_TYPE ("ax"),
                               NULL, FLAGS);
}

static GParamSpec *
describe_number (const char *name, WireKind kind)
{
  switch (kind)
    {
    case WIRE_KIND_INT8:
      return g_param_spec_int (name, NULL, NULL, G_MININT8, G_MAXINT8, 0, FLAGS);
    case WIRE_KIND_INT16:
      return g_param_spec_int (name, NULL, NULL, G_MININT16, G_MAXINT16, 0, FLAGS);
    case WIRE_KIND_INT32:
      return g_param_spec_int (name, NULL, NULL, G_MININT32, G_MAXINT32, 0, FLAGS);
    case WIRE_KIND_UINT8:
      return g_param_spec_uint (name, NULL, NULL, 0, G_MAXUINT8, 0, FLAGS);
    case WIRE_KIND_UINT16:
      return g_param_spec_uint (name, NULL, NULL, 0, G_MAXUINT16, 0, FLAGS);
    case WIRE_KIND_UINT32:
      return g_param_spec_uint (name, NULL, NULL, 0, G_MAXUINT32, 0, FLAGS);
    case WIRE_KIND_UINT64:
      return g_param_spec_uint64 (name, NULL, NULL, 0, G_MAXUINT64, 0, FLAGS);
    case WIRE_KIND_DOUBLE:
      return g_param_spec_double (name, NULL, NULL, -G_MAXDOUBLE, G_MAXDOUBLE, 0, FLAGS);
    case WIRE_KIND_INT64:
    default:
      return g_param_spec_int64 (name, NULL, NULL, G_MININT64, G_MAXINT64, 0, FLAGS);
    }
}

static GParamSpec *
describe (const char *name, const WireMember *member)
{
  if (member->list)
    return describe_list (name, member);
  switch ((WireKind) member->kind)
    {
    case WIRE_KIND_NULL:
    case WIRE_KIND_BOOLEAN:
      return g_param_spec_boolean (name, NULL, NULL, FALSE, FLAGS);
    case WIRE_KIND_ENUM:
      return g_param_spec_enum (name, NULL, NULL, ((const WireEnum *) member->of)->get_type (), -1, FLAGS);
    case WIRE_KIND_STRING:
    case WIRE_KIND_ANY:
      return g_param_spec_string (name, NULL, NULL, NULL, FLAGS);
    case WIRE_KIND_BASE64:
      return g_param_spec_boxed (name, NULL, NULL, G_TYPE_BYTES, FLAGS);
    case WIRE_KIND_OBJECT:
    case WIRE_KIND_ALTERNATE:
      return g_param_spec_object (name, NULL, NULL, ((const WireShape *) member->of)->get_type (), FLAGS);
    default:
      return describe_number (name, member->kind);
    }
}

/* The wire's name, as far as GObject can take it. */
static const char *
get_property_name (const char *name)
{
  g_autofree char *canonical = g_strdelimit (g_strdup (name), "_.", '-');

  return g_intern_string (canonical);
}

/* --- properties ------------------------------------------------------------------------------ */

static GListStore *
make_model (const WireMember *member, GPtrArray *objects)
{
  GListStore *store;

  if (objects == NULL)
    return NULL;
  store = g_list_store_new (((const WireShape *) member->of)->get_type ());
  g_list_store_splice (store, 0, 0, objects->pdata, objects->len);
  return store;
}

static GVariant *
make_variant (const WireMember *member, const WireIntegers *integers)
{
  const GVariantType *type = wire_member_is_unsigned (member) ? G_VARIANT_TYPE_UINT64 : G_VARIANT_TYPE_INT64;

  return integers != NULL ? g_variant_new_fixed_array (type, integers->values, integers->n, sizeof (gint64)) : NULL;
}

static void
get_pointer_property (WireBody *body, guint i, GValue *value)
{
  const WireMember *member = &body->shape->members[i];
  gpointer pointer = wire_body_get_pointer (body, i);

  if (member->list && wire_member_is_object (member))
    g_value_take_object (value, make_model (member, pointer));
  else if (member->list && !wire_member_is_text (member))
    g_value_set_variant (value, make_variant (member, pointer));
  else if (!member->list && wire_member_is_text (member))
    g_value_set_string (value, pointer);
  else if (wire_member_is_object (member))
    g_value_set_object (value, pointer);
  else
    g_value_set_boxed (value, pointer);
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  WireBody *body = wire_body_of (object);
  const WireMember *member = &body->shape->members[id - 1];

  if (wire_member_is_pointer (member))
    get_pointer_property (body, id - 1, value);
  else if (G_VALUE_HOLDS_ENUM (value))
    g_value_set_enum (value, (int) wire_body_get_integer (body, id - 1));
  else if (G_VALUE_HOLDS_BOOLEAN (value))
    g_value_set_boolean (value, wire_body_get_integer (body, id - 1) != 0);
  else if (G_VALUE_HOLDS_INT (value))
    g_value_set_int (value, (int) wire_body_get_integer (body, id - 1));
  else if (G_VALUE_HOLDS_UINT (value))
    g_value_set_uint (value, (guint) wire_body_get_integer (body, id - 1));
  else if (G_VALUE_HOLDS_INT64 (value))
    g_value_set_int64 (value, wire_body_get_integer (body, id - 1));
  else if (G_VALUE_HOLDS_UINT64 (value))
    g_value_set_uint64 (value, (guint64) wire_body_get_integer (body, id - 1));
  else
    g_value_set_double (value, wire_body_get_double (body, id - 1));
}

static void
set_model (WireStruct *self, guint i, GListModel *model)
{
  const WireShape *shape = self->body->shape;
  g_autoptr (GPtrArray) objects = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint n = 0; model != NULL && n < g_list_model_get_n_items (model); n++)
    g_ptr_array_add (objects, g_list_model_get_item (model, n));
  wire_set_pointer (self, shape, i, model != NULL ? objects : NULL);
}

static void
set_variant (WireStruct *self, guint i, GVariant *variant)
{
  const WireShape *shape = self->body->shape;
  gsize n = 0;
  gconstpointer values = variant != NULL ? g_variant_get_fixed_array (variant, &n, sizeof (gint64)) : NULL;

  if (variant != NULL)
    wire_set_integers (self, shape, i, values, n);
  else
    wire_unset (self, shape, i);
}

static void
set_pointer_property (WireStruct *self, guint i, const GValue *value)
{
  const WireMember *member = &self->body->shape->members[i];

  if (member->list && wire_member_is_object (member))
    set_model (self, i, g_value_get_object (value));
  else if (G_VALUE_HOLDS_VARIANT (value))
    set_variant (self, i, g_value_get_variant (value));
  else if (G_VALUE_HOLDS_STRING (value))
    wire_set_pointer (self, self->body->shape, i, g_value_get_string (value));
  else if (G_VALUE_HOLDS_OBJECT (value))
    wire_set_pointer (self, self->body->shape, i, g_value_get_object (value));
  else
    wire_set_pointer (self, self->body->shape, i, g_value_get_boxed (value));
}

static gint64
read_integer (const GValue *value)
{
  if (G_VALUE_HOLDS_ENUM (value))
    return g_value_get_enum (value);
  if (G_VALUE_HOLDS_BOOLEAN (value))
    return g_value_get_boolean (value);
  if (G_VALUE_HOLDS_INT (value))
    return g_value_get_int (value);
  if (G_VALUE_HOLDS_UINT (value))
    return g_value_get_uint (value);
  if (G_VALUE_HOLDS_INT64 (value))
    return g_value_get_int64 (value);
  return (gint64) g_value_get_uint64 (value);
}

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  WireStruct *self = (WireStruct *) object;
  const WireShape *shape = self->body->shape;

  if (wire_member_is_pointer (&shape->members[id - 1]))
    set_pointer_property (self, id - 1, value);
  else if (G_VALUE_HOLDS_DOUBLE (value))
    wire_set_double (self, shape, id - 1, g_value_get_double (value));
  else
    wire_set_integer (self, shape, id - 1, read_integer (value));
}

static GObjectClass *parent_class;

static void
finalize (GObject *object)
{
  wire_body_clear (wire_body_of (object));
  parent_class->finalize (object);
}

void
wire_struct_class_init (GObjectClass *class)
{
  parent_class = g_type_class_peek_parent (class);
  class->finalize = finalize;
}


/* --- types --------------------------------------------------------------------------------- */

static void
init_class (gpointer class, gpointer class_data)
{
  WireStructClass *self = class;
  const WireShape *shape = class_data;
  guint inherited = shape->base != NULL ? shape->base->n_members : 0;
  GParamSpec **properties = g_new0 (GParamSpec *, shape->n_members + 1);

  if (inherited > 0)
    memcpy (properties, self->properties, inherited * sizeof *properties);
  self->parent_class.get_property = get_property;
  self->parent_class.set_property = set_property;
  self->shape = shape;
  self->properties = properties;
  for (guint i = inherited; i < shape->n_members; i++)
    {
      properties[i] = describe (get_property_name (shape->members[i].name), &shape->members[i]);
      g_object_class_install_property (class, i + 1, properties[i]);
    }
}

/* Of a branch, that of its union has run before. */
static void
init_instance (GTypeInstance *instance, gpointer class)
{
  WireBody *body = wire_body_of (instance);

  wire_body_init (body, ((WireStructClass *) class)->shape);
}

GType
wire_struct_register (gsize *type, GType base, const WireShape *shape)
{
  GTypeQuery query;
  GTypeInfo info = { .class_init = init_class, .class_data = shape, .instance_init = init_instance };
  GTypeFlags flags = shape->branches == NULL ? G_TYPE_FLAG_FINAL : 0;

  if (!g_once_init_enter (type))
    return *type;
  g_type_query (base, &query);
  info.class_size = (guint16) query.class_size;
  info.instance_size = (guint16) query.instance_size;
  g_once_init_leave (type, g_type_register_static (base, g_intern_static_string (shape->type_name), &info, flags));
  return *type;
}

GType
wire_enum_register (gsize *type, const WireEnum *described)
{
  if (g_once_init_enter (type))
    g_once_init_leave (type, g_enum_register_static (g_intern_static_string (described->type_name), described->values));
  return *type;
}

/* --- making objects -------------------------------------------------------------------------- */

WireStruct *
wire_struct_new_from_json (const WireShape *shape, const char *json, GQuark domain, int code, GError **error)
{
  const WireMember member = { "", shape->alternate ? WIRE_KIND_ALTERNATE : WIRE_KIND_OBJECT, .of = shape };
  g_autoptr (WireDocument) document = NULL;

  g_return_val_if_fail (json != NULL, NULL);
  document = wire_read_value (json, error);
  if (document == NULL || !wire_shape_check (&member, &document->view, WIRE_CALLERS_VALUE, "", domain, code, error))
    {
      g_prefix_error (error, "%s: ", shape->name);
      return NULL;
    }
  return wire_value_make (&member, document, WIRE_CALLERS_VALUE);
}

/* The text is our own, and so is sound. */
static WireStruct *
make_again (gpointer object, const WireShape *shape)
{
  const WireMember member = { "", shape->alternate ? WIRE_KIND_ALTERNATE : WIRE_KIND_OBJECT, .of = shape };
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (WireDocument) document = NULL;

  wire_body_write (wire_body_of (object), text);
  document = wire_read_value (text->str, NULL);
  return document != NULL ? wire_value_make (&member, document, WIRE_CALLERS_VALUE) : NULL;
}

WireStruct *
wire_struct_copy (WireStruct *self)
{
  const WireShape *shape = self->body->shape;

  return make_again (self, shape->base != NULL ? shape->base : shape);
}

/* Whether a branch has a member for its union's sake alone. */
static gboolean
is_of_union (const WireShape *from, const WireShape *to, const WireView *view, guint key)
{
  return wire_shape_find_member (from->base, view, key, 0) < from->base->n_members &&
         wire_shape_find_member (to, view, key, 0) == to->n_members;
}

/* A branch as the struct behind it. */
WireStruct *
wire_struct_convert (gpointer object, const WireShape *from, const WireShape *to)
{
  const WireMember member = { "", WIRE_KIND_OBJECT, .of = to };
  g_autoptr (GString) all = g_string_new (NULL), own = g_string_new ("{");
  g_autoptr (WireDocument) document = NULL, converted = NULL;
  const WireView *view;

  g_return_val_if_fail (wire_body_of (object)->shape == from, NULL);
  wire_body_write (wire_body_of (object), all);
  document = wire_read_value (all->str, NULL);
  g_return_val_if_fail (document != NULL, NULL);
  view = &document->view;
  for (guint key = WIRE_CALLERS_VALUE + 1; key < view->values[WIRE_CALLERS_VALUE].next; key = wire_view_after (view, key + 1))
    {
      gsize length;
      const char *text = wire_view_get_json (view, key + 1, &length);

      if (is_of_union (from, to, view, key))
        continue;
      wire_write_name (own, view->text + view->values[key].offset, view->values[key].length);
      g_string_append_len (own, text, (gssize) length);
    }
  g_string_append_c (own, '}');
  converted = wire_read_value (own->str, NULL);
  return converted != NULL ? wire_value_make (&member, converted, WIRE_CALLERS_VALUE) : NULL;
}

/* Of any member, known or not. */
char *
wire_struct_dup_member_json (gpointer object, const char *name)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (WireDocument) document = NULL;
  const char *json;
  gsize length;
  guint place;

  wire_body_write (wire_body_of (object), text);
  document = wire_read_value (text->str, NULL);
  place = document != NULL ? wire_view_member (&document->view, WIRE_CALLERS_VALUE, name) : 0;
  if (place == 0)
    return NULL;
  json = wire_view_get_json (&document->view, place, &length);
  return g_strndup (json, length);
}
