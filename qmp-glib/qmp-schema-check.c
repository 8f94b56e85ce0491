/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-schema-check-private.h"

#include <string.h>

#include "qmp-schema-near-private.h"
#include "wire/wire-text.h"

/* Whether values are what their types say. The walk has a list of its own of
 * what is left to do, and each value is on it once; what it costs goes with
 * the size of what is checked, whatever the schema is like.
 *
 * Values may be secrets: messages name members, and what would be right. */

/* An object's own type, and those of the branches within branches that its
 * tags choose. */
typedef struct
{
  guint types[QMP_SCHEMA_MAX_NESTED_BRANCHES + 1];
  guint n;
  gboolean lacks_tag;  /* of the last type, so that its branch is not known */
  gboolean open;       /* takes members that are not told */
  guint n_doubted;     /* members that no known type has */
} Chain;

/* How many members are looked for in all branches. */
#define MOST_DOUBTED 64u

typedef struct
{
  guint value;
  guint type;
} Task;

typedef struct
{
  const QmpSchemaIndex *index;
  const WireView *view;
  const char *who;      /* the command or event */
  guint root;
  GArray *tasks;        /* of Task, the next one last */
  guint *found;         /* for each item: the object it was last seen in */
  GString *name;        /* of the member at hand */
  GError **error;
} Walk;

/* --- saying what is wrong --------------------------------------------------------- */

#define PATH_ENDS 8u

static char *
describe_key (const WireView *view, guint key)
{
  g_autofree char *name = wire_view_dup_string (view, key);

  return wire_text_for_people (name, strlen (name), 64);
}

/* The place inside a container of the value that holds another. */
static guint
find_step (const WireView *view, guint container, guint value, char **step)
{
  gboolean in_object = view->values[container].type == WIRE_OBJECT;
  guint position = 0, child = container + 1 + in_object;

  while (value >= wire_view_after (view, child))
    {
      child = wire_view_after (view, child) + in_object;
      position++;
    }
  *step = in_object ? describe_key (view, child - 1) : g_strdup_printf ("[%u]", position);
  return child;
}

/* Of a path without end, both ends are shown. */
static char *
describe_path (const WireView *view, guint root, guint value, const char *last)
{
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func (g_free);
  GString *path = g_string_new (NULL);

  while (root < value)
    {
      char *step;

      root = find_step (view, root, value, &step);
      g_ptr_array_add (steps, step);
    }
  if (last != NULL)
    g_ptr_array_add (steps, wire_text_for_people (last, strlen (last), 64));
  for (guint i = 0; i < steps->len; i++)
    {
      const char *step = g_ptr_array_index (steps, i);

      if (i >= PATH_ENDS && i + PATH_ENDS < steps->len)
        {
          if (i == PATH_ENDS)
            g_string_append (path, "…");
          continue;
        }
      g_string_append_printf (path, "%s%s", path->len > 0 && *step != '[' ? "." : "", step);
    }
  return g_string_free (path, FALSE);
}

/* What is wrong with a value, or with a member that it lacks. */
static gboolean G_GNUC_PRINTF (4, 5)
refuse (Walk *self, guint value, const char *member, const char *format, ...)
{
  g_autofree char *path = describe_path (self->view, self->root, value, member), *why = NULL;
  va_list arguments;

  va_start (arguments, format);
  why = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (self->error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s: %s%s%s", self->who, path,
               *path != '\0' ? ": " : "", why);
  return FALSE;
}

static char *
describe_near (const QmpSchemaNear *near)
{
  g_autofree char *safe = NULL;

  if (near->found == NULL)
    return g_strdup ("");
  safe = wire_text_for_people (near->found, strlen (near->found), QMP_SCHEMA_LONGEST_NEAR);
  return g_strdup_printf ("; did you mean %s?", safe);
}

gboolean
qmp_schema_refuse_name (const char *name, const char *what, GArray *calls, GError **error)
{
  g_autofree char *safe = wire_text_for_people (name, strlen (name), 64), *hint = NULL;
  QmpSchemaNear near;

  qmp_schema_near_init (&near, name);
  for (guint i = 0; i < calls->len; i++)
    qmp_schema_near_consider (&near, g_array_index (calls, QmpSchemaCall, i).name);
  hint = describe_near (&near);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s: no such %s%s", safe, what, hint);
  return FALSE;
}

static void
consider_items (Walk *self, QmpSchemaNear *near, QmpSchemaSpan span)
{
  for (guint i = span.first; i < span.first + span.n; i++)
    qmp_schema_near_consider (near, qmp_schema_index_item (self->index, i)->name);
}

static const char *
get_kind_name (Walk *self, guint value)
{
  return wire_type_name ((WireType) self->view->values[value].type);
}

static const char *
get_json_name (QmpSchemaJsonType type)
{
  static const char *const names[] = { "any value", "null", "a boolean", "an integer", "a number",
                                       "a string", "an array", "an object" };

  return names[type];
}

static gboolean
refuse_kind (Walk *self, guint value, QmpSchemaJsonType expected)
{
  return refuse (self, value, NULL, "expected %s, got %s", get_json_name (expected), get_kind_name (self, value));
}

/* --- scalars ------------------------------------------------------------------------- */

static gboolean
fits (Walk *self, guint value, QmpSchemaJsonType type)
{
  WireType found = self->view->values[value].type;

  switch (type)
    {
    case QMP_SCHEMA_JSON_TYPE_NULL:
      return found == WIRE_NULL;
    case QMP_SCHEMA_JSON_TYPE_BOOLEAN:
      return found == WIRE_BOOLEAN;
    case QMP_SCHEMA_JSON_TYPE_INTEGER:
      return found == WIRE_INTEGER;
    case QMP_SCHEMA_JSON_TYPE_NUMBER:
      return found == WIRE_INTEGER || found == WIRE_REAL;
    case QMP_SCHEMA_JSON_TYPE_STRING:
      return found == WIRE_STRING;
    case QMP_SCHEMA_JSON_TYPE_ARRAY:
      return found == WIRE_ARRAY;
    case QMP_SCHEMA_JSON_TYPE_OBJECT:
      return found == WIRE_OBJECT;
    case QMP_SCHEMA_JSON_TYPE_ANY:
    default:
      return TRUE;
    }
}

/* Leaves a key's or a string's text in `name`. */
static const char *
read_name (Walk *self, guint value)
{
  const WireValue *string = &self->view->values[value];

  g_string_set_size (self->name, string->length);
  if (string->flags & WIRE_VALUE_ESCAPED)
    g_string_set_size (self->name, wire_text_decode (self->view->text + string->offset, string->length, self->name->str));
  else
    memcpy (self->name->str, self->view->text + string->offset, string->length);
  return self->name->str;
}

static gboolean
check_enum (Walk *self, guint value, guint type)
{
  QmpSchemaSpan values = qmp_schema_index_type (self->index, type)->items;
  g_autofree char *hint = NULL;
  QmpSchemaNear near;
  const char *name;

  if (self->view->values[value].type != WIRE_STRING)
    return refuse_kind (self, value, QMP_SCHEMA_JSON_TYPE_STRING);
  name = read_name (self, value);
  if (qmp_schema_index_find_item (self->index, values, name) != QMP_SCHEMA_NONE)
    return TRUE;
  qmp_schema_near_init (&near, name);
  consider_items (self, &near, values);
  hint = describe_near (&near);
  return refuse (self, value, NULL, "no such value%s", hint);
}

/* --- objects ---------------------------------------------------------------------------- */

static gboolean
find_chain (Walk *self, guint value, guint type, Chain *chain)
{
  for (chain->types[chain->n++] = type;;)
    {
      const QmpSchemaTypeEntry *last = qmp_schema_index_type (self->index, type);
      const QmpSchemaItem *tag;
      guint tag_value, branch;

      if (last->kind != QMP_SCHEMA_KIND_OBJECT)
        chain->open = TRUE;
      if (last->kind != QMP_SCHEMA_KIND_OBJECT || last->tag == QMP_SCHEMA_NONE)
        return TRUE;
      tag = qmp_schema_index_item (self->index, last->tag);
      tag_value = wire_view_member (self->view, value, tag->name);
      chain->lacks_tag = tag_value == 0;
      if (chain->lacks_tag)
        return TRUE;
      if (!check_enum (self, tag_value, tag->type))
        return FALSE;
      branch = qmp_schema_index_find_item (self->index, last->branches, self->name->str);
      if (branch == QMP_SCHEMA_NONE)
        return TRUE;
      type = qmp_schema_index_item (self->index, branch)->type;
      chain->types[chain->n++] = type;
    }
}

static guint
find_member (Walk *self, const Chain *chain, const char *name)
{
  for (guint i = 0; i < chain->n; i++)
    {
      const QmpSchemaTypeEntry *type = qmp_schema_index_type (self->index, chain->types[i]);
      guint item = qmp_schema_index_find_item (self->index, type->items, name);

      if (item != QMP_SCHEMA_NONE)
        return item;
    }
  return QMP_SCHEMA_NONE;
}

/* The branch is not known, for want of a tag: what some branch has may be
 * right, and the missing tag is what is wrong. */
static gboolean
may_have (Walk *self, Chain *chain, const char *name)
{
  g_autoptr (GArray) items = NULL;

  if (chain->open)
    return TRUE;
  if (!chain->lacks_tag)
    return FALSE;
  if (++chain->n_doubted > MOST_DOUBTED)
    return TRUE;
  items = qmp_schema_index_find_in_branches (self->index, chain->types[chain->n - 1], name);
  return items->len > 0;
}

static gboolean
refuse_member (Walk *self, guint object, const Chain *chain, const char *name)
{
  g_autofree char *copy = g_strdup (name), *hint = NULL;
  QmpSchemaNear near;

  qmp_schema_near_init (&near, copy);
  for (guint i = 0; i < chain->n; i++)
    consider_items (self, &near, qmp_schema_index_type (self->index, chain->types[i])->items);
  hint = describe_near (&near);
  return refuse (self, object, copy, "no such member%s", hint);
}

static gboolean
check_required (Walk *self, guint object, const Chain *chain)
{
  for (guint i = 0; i < chain->n; i++)
    {
      QmpSchemaSpan required = qmp_schema_index_type (self->index, chain->types[i])->required;

      for (guint k = required.first; k < required.first + required.n; k++)
        {
          guint item = g_array_index (self->index->required, guint, k);

          if (self->found[item] != object + 1)
            return refuse (self, object, qmp_schema_index_item (self->index, item)->name, "is missing");
        }
    }
  return TRUE;
}

/* What is found first is looked at first. */
static void
reverse_tasks (Walk *self, guint first)
{
  for (guint low = first, high = self->tasks->len; low + 1 < high; low++)
    {
      Task *a = &g_array_index (self->tasks, Task, low), *b = &g_array_index (self->tasks, Task, --high), kept = *a;

      *a = *b;
      *b = kept;
    }
}

static gboolean
check_object (Walk *self, guint object, guint type, gboolean open)
{
  const WireView *view = self->view;
  Chain chain = { .open = open };
  guint first = self->tasks->len;

  if (view->values[object].type != WIRE_OBJECT)
    return refuse_kind (self, object, QMP_SCHEMA_JSON_TYPE_OBJECT);
  if (!find_chain (self, object, type, &chain))
    return FALSE;
  for (guint key = object + 1; key < view->values[object].next; key = wire_view_after (view, key + 1))
    {
      const char *name = read_name (self, key);
      guint item = find_member (self, &chain, name);

      if (item != QMP_SCHEMA_NONE)
        {
          Task task = { key + 1, qmp_schema_index_item (self->index, item)->type };

          self->found[item] = object + 1;
          g_array_append_val (self->tasks, task);
        }
      else if (!may_have (self, &chain, name))
        return refuse_member (self, object, &chain, name);
    }
  reverse_tasks (self, first);
  return check_required (self, object, &chain);
}

/* --- arrays and alternates ----------------------------------------------------------------- */

static gboolean
check_array (Walk *self, guint array, guint element)
{
  guint first = self->tasks->len;

  if (self->view->values[array].type != WIRE_ARRAY)
    return refuse_kind (self, array, QMP_SCHEMA_JSON_TYPE_ARRAY);
  for (guint value = array + 1; value < self->view->values[array].next; value = wire_view_after (self->view, value))
    {
      Task task = { value, element };

      g_array_append_val (self->tasks, task);
    }
  reverse_tasks (self, first);
  return TRUE;
}

static gboolean
refuse_alternate (Walk *self, guint value, QmpSchemaSpan alternatives)
{
  g_autoptr (GString) expected = g_string_new (NULL);
  guint said = 0;

  for (guint i = alternatives.first; i < alternatives.first + alternatives.n; i++)
    {
      guint type = qmp_schema_index_item (self->index, i)->type;
      QmpSchemaJsonType json_type = qmp_schema_index_type (self->index, type)->json_type;

      if (!(said & 1u << json_type))
        g_string_append_printf (expected, "%s%s", said != 0 ? " or " : "", get_json_name (json_type));
      said |= 1u << json_type;
    }
  return refuse (self, value, NULL, "expected %s, got %s", said != 0 ? expected->str : "nothing at all",
                 get_kind_name (self, value));
}

static gboolean
is_value_of (Walk *self, guint value, const QmpSchemaTypeEntry *type)
{
  return qmp_schema_index_find_item (self->index, type->items, read_name (self, value)) != QMP_SCHEMA_NONE;
}

/* The first alternative that the kind of value fits; of several enums, the
 * first that has the value. */
static gboolean
check_alternate (Walk *self, guint value, QmpSchemaSpan alternatives)
{
  guint chosen = QMP_SCHEMA_NONE;
  Task task = { .value = value };

  for (guint i = alternatives.first; i < alternatives.first + alternatives.n; i++)
    {
      guint place = qmp_schema_index_item (self->index, i)->type;
      const QmpSchemaTypeEntry *type = qmp_schema_index_type (self->index, place);

      if (!fits (self, value, type->json_type))
        continue;
      if (chosen == QMP_SCHEMA_NONE)
        chosen = place;
      if (type->kind == QMP_SCHEMA_KIND_ENUM && !is_value_of (self, value, type))
        continue;
      chosen = place;
      break;
    }
  if (chosen == QMP_SCHEMA_NONE)
    return refuse_alternate (self, value, alternatives);
  task.type = chosen;
  g_array_append_val (self->tasks, task);
  return TRUE;
}

/* --- the walk --------------------------------------------------------------------------------- */

static gboolean
check_one (Walk *self, const Task *task, gboolean open)
{
  const QmpSchemaTypeEntry *type = qmp_schema_index_type (self->index, task->type);

  switch (type->kind)
    {
    case QMP_SCHEMA_KIND_BUILTIN:
      return fits (self, task->value, type->json_type) || refuse_kind (self, task->value, type->json_type);
    case QMP_SCHEMA_KIND_ENUM:
      return check_enum (self, task->value, task->type);
    case QMP_SCHEMA_KIND_ARRAY:
      return check_array (self, task->value, type->element);
    case QMP_SCHEMA_KIND_OBJECT:
      return check_object (self, task->value, task->type, open);
    case QMP_SCHEMA_KIND_ALTERNATE:
      return check_alternate (self, task->value, type->items);
    case QMP_SCHEMA_KIND_UNRECOGNIZED:
    default:
      return TRUE;
    }
}

/**
 * qmp_schema_check_value:
 * @who: the command or event, for messages
 * @type: what the value should be
 * @takes_anything: whether it takes members that are not told
 * @view: a message
 * @value: a value in it
 * @error: told the path of what is wrong
 */
gboolean
qmp_schema_check_value (const QmpSchemaIndex *index, const char *who, guint type, gboolean takes_anything,
                        const WireView *view, guint value, GError **error)
{
  g_autoptr (GArray) tasks = g_array_new (FALSE, FALSE, sizeof (Task));
  g_autoptr (GString) name = g_string_new (NULL);
  g_autofree guint *found = g_new0 (guint, index->items->len);
  Walk self = { index, view, who, value, tasks, found, name, error };
  Task task = { value, type };

  if (!check_one (&self, &task, takes_anything))
    return FALSE;
  while (tasks->len > 0)
    {
      task = g_array_index (tasks, Task, tasks->len - 1);
      g_array_set_size (tasks, tasks->len - 1);
      if (!check_one (&self, &task, FALSE))
        return FALSE;
    }
  return TRUE;
}
