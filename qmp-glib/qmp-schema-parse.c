/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-schema-index-private.h"

#include <string.h>

#include "wire/wire-text.h"

/* From the reply of query-qmp-schema to the tables. Members of entries that
 * are not known here pass, as do kinds of types: they are a newer QEMU's. */

/* What an entry, or an object within one, may have. */
typedef enum
{
  FIELD_ALLOW_OOB,
  FIELD_ARG_TYPE,
  FIELD_CASE,
  FIELD_DEFAULT,
  FIELD_ELEMENT_TYPE,
  FIELD_FEATURES,
  FIELD_JSON_TYPE,
  FIELD_MEMBERS,
  FIELD_META_TYPE,
  FIELD_NAME,
  FIELD_RET_TYPE,
  FIELD_TAG,
  FIELD_TYPE,
  FIELD_VALUES,
  FIELD_VARIANTS,
  N_FIELDS,
} Field;

static const char *const field_names[N_FIELDS] = {
  "allow-oob", "arg-type", "case", "default", "element-type", "features", "json-type", "members", "meta-type", "name",
  "ret-type", "tag", "type", "values", "variants",
};

/* Commands with arguments that introspection does not tell. */
static const char *const open_commands[] = { "device_add" };

typedef struct
{
  QmpSchemaIndex *index;
  const WireView *view;
  guint entry;             /* being read, from 0 */
  const char *name;        /* its name, once known */
  guint fields[N_FIELDS];  /* its values; 0 for none */
  GError **error;
} Parser;

static gboolean
fail (Parser *self, const char *field, const char *why)
{
  return qmp_schema_index_fail (self->error, self->entry, self->name, "%s %s", field, why);
}

static gboolean
find_fields (Parser *self, guint object, guint *fields)
{
  const WireView *view = self->view;

  memset (fields, 0, N_FIELDS * sizeof (guint));
  if (view->values[object].type != WIRE_OBJECT)
    return FALSE;
  for (guint key = object + 1; key < view->values[object].next; key = wire_view_after (view, key + 1))
    for (guint field = 0; field < N_FIELDS; field++)
      if (wire_view_is_string (view, key, field_names[field]))
        {
          fields[field] = key + 1;
          break;
        }
  return TRUE;
}

/* The text stays with the tables. */
static const char *
keep_string (Parser *self, guint value)
{
  const WireValue *string = &self->view->values[value];
  const char *text = self->view->text + string->offset;
  g_autofree char *decoded = NULL;

  if (value == 0 || string->type != WIRE_STRING)
    return NULL;
  if (!(string->flags & WIRE_VALUE_ESCAPED))
    return g_string_chunk_insert_len (self->index->names, text, string->length);
  decoded = wire_text_decode_dup (text, string->length, TRUE);
  return g_string_chunk_insert (self->index->names, decoded);
}

static gboolean
need_string (Parser *self, Field field, const char **string)
{
  *string = keep_string (self, self->fields[field]);
  return *string != NULL || fail (self, field_names[field], "is not there, or no string");
}

static gboolean
is_array (Parser *self, guint value)
{
  return value != 0 && self->view->values[value].type == WIRE_ARRAY;
}

/* --- lists --------------------------------------------------------------------- */

static gboolean
read_features (Parser *self, guint list, QmpSchemaSpan *features)
{
  GArray *all = self->index->features;
  guint end;

  features->first = all->len;
  features->n = 0;
  if (list == 0)
    return TRUE;
  if (!is_array (self, list))
    return fail (self, "features", "is no array");
  end = self->view->values[list].next;
  for (guint value = list + 1; value < end; value = wire_view_after (self->view, value))
    {
      const char *feature = keep_string (self, value);

      if (feature == NULL)
        return fail (self, "features", "has one that is no string");
      g_array_append_val (all, feature);
    }
  features->n = all->len - features->first;
  return TRUE;
}

/* What each of a list's elements must have. */
typedef struct
{
  Field list;
  gboolean named;
  Field name;
  gboolean typed;
} ItemShape;

static const ItemShape member_shape = { FIELD_MEMBERS, TRUE, FIELD_NAME, TRUE };
static const ItemShape branch_shape = { FIELD_VARIANTS, TRUE, FIELD_CASE, TRUE };
static const ItemShape value_shape = { FIELD_MEMBERS, TRUE, FIELD_NAME, FALSE };
static const ItemShape alternative_shape = { FIELD_MEMBERS, FALSE, FIELD_NAME, TRUE };

static gboolean
read_item (Parser *self, const ItemShape *shape, guint value)
{
  QmpSchemaItem item = { .type = QMP_SCHEMA_NONE };
  guint fields[N_FIELDS];

  if (!find_fields (self, value, fields))
    return fail (self, field_names[shape->list], "has one that is no object");
  if (shape->named)
    {
      item.name = keep_string (self, fields[shape->name]);
      if (item.name == NULL)
        return fail (self, field_names[shape->list], "has one without a name");
    }
  if (shape->typed)
    {
      item.type_name = keep_string (self, fields[FIELD_TYPE]);
      if (item.type_name == NULL)
        return fail (self, field_names[shape->list], "has one without a type");
    }
  item.optional = fields[FIELD_DEFAULT] != 0;
  if (!read_features (self, fields[FIELD_FEATURES], &item.features))
    return FALSE;
  g_array_append_val (self->index->items, item);
  return TRUE;
}

static gboolean
read_items (Parser *self, const ItemShape *shape, QmpSchemaSpan *span)
{
  guint list = self->fields[shape->list], end;

  span->first = self->index->items->len;
  if (!is_array (self, list))
    return fail (self, field_names[shape->list], "is not there, or no array");
  end = self->view->values[list].next;
  for (guint value = list + 1; value < end; value = wire_view_after (self->view, value))
    if (!read_item (self, shape, value))
      return FALSE;
  span->n = self->index->items->len - span->first;
  return TRUE;
}

/* As enums were told before their values had features. */
static gboolean
read_plain_values (Parser *self, QmpSchemaSpan *span)
{
  guint list = self->fields[FIELD_VALUES], end;

  span->first = self->index->items->len;
  if (!is_array (self, list))
    return fail (self, "values", "is not there, or no array");
  end = self->view->values[list].next;
  for (guint value = list + 1; value < end; value = wire_view_after (self->view, value))
    {
      QmpSchemaItem item = { .name = keep_string (self, value), .type = QMP_SCHEMA_NONE };

      if (item.name == NULL)
        return fail (self, "values", "has one that is no string");
      g_array_append_val (self->index->items, item);
    }
  span->n = self->index->items->len - span->first;
  return TRUE;
}

/* --- types ------------------------------------------------------------------------ */

static gboolean
read_builtin (Parser *self, QmpSchemaTypeEntry *type)
{
  static const char *const names[] = { "value", "null", "boolean", "int", "number", "string", "array", "object" };
  const char *name;

  type->kind = QMP_SCHEMA_KIND_BUILTIN;
  if (!need_string (self, FIELD_JSON_TYPE, &name))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (name, names[i]))
      type->json_type = (QmpSchemaJsonType) i;
  return TRUE;
}

static gboolean
read_enum (Parser *self, QmpSchemaTypeEntry *type)
{
  type->kind = QMP_SCHEMA_KIND_ENUM;
  type->json_type = QMP_SCHEMA_JSON_TYPE_STRING;
  return self->fields[FIELD_MEMBERS] != 0 ? read_items (self, &value_shape, &type->items)
                                          : read_plain_values (self, &type->items);
}

static gboolean
read_array (Parser *self, QmpSchemaTypeEntry *type)
{
  type->kind = QMP_SCHEMA_KIND_ARRAY;
  type->json_type = QMP_SCHEMA_JSON_TYPE_ARRAY;
  return need_string (self, FIELD_ELEMENT_TYPE, &type->element_name);
}

static gboolean
read_object (Parser *self, QmpSchemaTypeEntry *type)
{
  type->kind = QMP_SCHEMA_KIND_OBJECT;
  type->json_type = QMP_SCHEMA_JSON_TYPE_OBJECT;
  if (!read_items (self, &member_shape, &type->items))
    return FALSE;
  if (self->fields[FIELD_TAG] == 0 && self->fields[FIELD_VARIANTS] == 0)
    return TRUE;
  return need_string (self, FIELD_TAG, &type->tag_name) && read_items (self, &branch_shape, &type->branches);
}

static gboolean
read_alternate (Parser *self, QmpSchemaTypeEntry *type)
{
  type->kind = QMP_SCHEMA_KIND_ALTERNATE;
  return read_items (self, &alternative_shape, &type->items);
}

static gboolean
read_unrecognized (Parser *self, QmpSchemaTypeEntry *type)
{
  type->kind = QMP_SCHEMA_KIND_UNRECOGNIZED;
  return TRUE;
}

static gboolean
read_type (Parser *self, const char *meta)
{
  static const struct { const char *meta; gboolean (*read) (Parser *self, QmpSchemaTypeEntry *type); } readers[] = {
    { "builtin", read_builtin }, { "enum", read_enum }, { "array", read_array }, { "object", read_object },
    { "alternate", read_alternate },
  };
  gboolean (*read) (Parser *self, QmpSchemaTypeEntry *type) = read_unrecognized;
  QmpSchemaTypeEntry type = { .name = self->name, .entry = self->entry, .tag = QMP_SCHEMA_NONE, .element = QMP_SCHEMA_NONE };

  for (guint i = 0; i < G_N_ELEMENTS (readers); i++)
    if (g_str_equal (meta, readers[i].meta))
      read = readers[i].read;
  if (!read (self, &type) || !read_features (self, self->fields[FIELD_FEATURES], &type.features))
    return FALSE;
  g_array_append_val (self->index->types, type);
  return TRUE;
}

/* --- commands and events ------------------------------------------------------------- */

static gboolean
read_call (Parser *self, GArray *calls)
{
  gboolean is_command = calls == self->index->commands;
  QmpSchemaCall call = { .name = self->name, .entry = self->entry };

  if (!need_string (self, FIELD_ARG_TYPE, &call.arguments_name) ||
      (is_command && !need_string (self, FIELD_RET_TYPE, &call.result_name)) ||
      !read_features (self, self->fields[FIELD_FEATURES], &call.features))
    return FALSE;
  if (is_command && self->fields[FIELD_ALLOW_OOB] != 0 &&
      !wire_view_get_boolean (self->view, self->fields[FIELD_ALLOW_OOB], &call.out_of_band))
    return fail (self, "allow-oob", "is no boolean");
  for (guint i = 0; i < G_N_ELEMENTS (open_commands); i++)
    call.takes_anything |= is_command && g_str_equal (call.name, open_commands[i]);
  g_array_append_val (calls, call);
  return TRUE;
}

static gboolean
read_entry (Parser *self, guint value)
{
  const char *meta;

  self->name = NULL;
  if (!find_fields (self, value, self->fields))
    return fail (self, "it", "is no object");
  if (!need_string (self, FIELD_NAME, &self->name) || !need_string (self, FIELD_META_TYPE, &meta))
    return FALSE;
  if (g_str_equal (meta, "command"))
    return read_call (self, self->index->commands);
  if (g_str_equal (meta, "event"))
    return read_call (self, self->index->events);
  return read_type (self, meta);
}

/**
 * qmp_schema_index_new:
 * @view: a message
 * @list: a value in it
 * @error: told which entry is wrong, and why
 *
 * Reads what query-qmp-schema returned; nothing of the message is kept.
 */
QmpSchemaIndex *
qmp_schema_index_new (const WireView *view, guint list, GError **error)
{
  g_autoptr (QmpSchemaIndex) index = qmp_schema_index_new_empty ();
  Parser parser = { .index = index, .view = view, .error = error };

  if (view->values[list].type != WIRE_ARRAY)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "This is no schema: it is no array");
      return NULL;
    }
  for (guint value = list + 1; value < view->values[list].next; value = wire_view_after (view, value), parser.entry++)
    if (!read_entry (&parser, value))
      return NULL;
  if (index->commands->len == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "This is no schema: it has no command");
      return NULL;
    }
  return qmp_schema_index_resolve (index, error) ? g_steal_pointer (&index) : NULL;
}
