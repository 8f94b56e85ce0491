/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-schema-index-private.h"

#include <string.h>

#include "wire/wire-text.h"

/* The tables' life, how their references are resolved, and looking things up. */

/* --- life -------------------------------------------------------------------- */

QmpSchemaIndex *
qmp_schema_index_new_empty (void)
{
  QmpSchemaIndex *self = g_new0 (QmpSchemaIndex, 1);

  self->references = 1;
  self->names = g_string_chunk_new (16 * 1024);
  self->types = g_array_new (FALSE, TRUE, sizeof (QmpSchemaTypeEntry));
  self->commands = g_array_new (FALSE, TRUE, sizeof (QmpSchemaCall));
  self->events = g_array_new (FALSE, TRUE, sizeof (QmpSchemaCall));
  self->items = g_array_new (FALSE, TRUE, sizeof (QmpSchemaItem));
  self->order = g_array_new (FALSE, FALSE, sizeof (guint));
  self->required = g_array_new (FALSE, FALSE, sizeof (guint));
  self->features = g_array_new (FALSE, FALSE, sizeof (const char *));
  return self;
}

QmpSchemaIndex *
qmp_schema_index_ref (QmpSchemaIndex *self)
{
  g_atomic_int_inc (&self->references);
  return self;
}

void
qmp_schema_index_unref (QmpSchemaIndex *self)
{
  if (!g_atomic_int_dec_and_test (&self->references))
    return;
  g_string_chunk_free (self->names);
  g_array_unref (self->types);
  g_array_unref (self->commands);
  g_array_unref (self->events);
  g_array_unref (self->items);
  g_array_unref (self->order);
  g_array_unref (self->required);
  g_array_unref (self->features);
  g_free (self);
}

/* The names are a peer's. */
gboolean
qmp_schema_index_fail (GError **error, guint entry, const char *name, const char *format, ...)
{
  g_autofree char *safe = name != NULL ? wire_text_for_people (name, strlen (name), 64) : g_strdup ("");
  g_autofree char *why = NULL;
  va_list arguments;

  va_start (arguments, format);
  why = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "This is no schema: entry %u%s%s%s: %s", entry,
               name != NULL ? " (" : "", safe, name != NULL ? ")" : "", why);
  return FALSE;
}

/* --- sorting ----------------------------------------------------------------- */

static int
compare_types (gconstpointer a, gconstpointer b)
{
  return strcmp (((const QmpSchemaTypeEntry *) a)->name, ((const QmpSchemaTypeEntry *) b)->name);
}

static int
compare_calls (gconstpointer a, gconstpointer b)
{
  return strcmp (((const QmpSchemaCall *) a)->name, ((const QmpSchemaCall *) b)->name);
}

static int
compare_items (gconstpointer a, gconstpointer b, gpointer data)
{
  const QmpSchemaIndex *self = data;

  return strcmp (qmp_schema_index_item (self, *(const guint *) a)->name,
                 qmp_schema_index_item (self, *(const guint *) b)->name);
}

static gboolean
sort_calls (GArray *calls, const char *what, GError **error)
{
  g_array_sort (calls, compare_calls);
  for (guint i = 1; i < calls->len; i++)
    {
      const QmpSchemaCall *call = &g_array_index (calls, QmpSchemaCall, i);

      if (compare_calls (call - 1, call) == 0)
        return qmp_schema_index_fail (error, call->entry, call->name, "another %s has that name", what);
    }
  return TRUE;
}

static gboolean
sort_types (QmpSchemaIndex *self, GError **error)
{
  g_array_sort (self->types, compare_types);
  for (guint i = 1; i < self->types->len; i++)
    {
      const QmpSchemaTypeEntry *type = qmp_schema_index_type (self, i);

      if (compare_types (type - 1, type) == 0)
        return qmp_schema_index_fail (error, type->entry, type->name, "another type has that name");
    }
  return TRUE;
}

static gboolean
sort_span (QmpSchemaIndex *self, const QmpSchemaTypeEntry *type, QmpSchemaSpan span, GError **error)
{
  guint *order = &g_array_index (self->order, guint, span.first);

  if (span.n < 2)
    return TRUE;
  g_qsort_with_data (order, (int) span.n, sizeof (guint), compare_items, self);
  for (guint i = 1; i < span.n; i++)
    if (compare_items (&order[i - 1], &order[i], self) == 0)
      {
        const char *twice = qmp_schema_index_item (self, order[i])->name;
        g_autofree char *safe = wire_text_for_people (twice, strlen (twice), 64);

        return qmp_schema_index_fail (error, type->entry, type->name, "%s stands in it twice", safe);
      }
  return TRUE;
}

/* --- references --------------------------------------------------------------- */

static gboolean
refer (QmpSchemaIndex *self, guint entry, const char *user, const char *name, guint *type, GError **error)
{
  g_autofree char *safe = NULL;

  *type = QMP_SCHEMA_NONE;
  if (name == NULL)
    return TRUE;
  *type = qmp_schema_index_find_type (self, name);
  if (*type != QMP_SCHEMA_NONE)
    return TRUE;
  safe = wire_text_for_people (name, strlen (name), 64);
  return qmp_schema_index_fail (error, entry, user, "there is no type %s", safe);
}

static gboolean
may_be_object (const QmpSchemaIndex *self, guint type)
{
  QmpSchemaKind kind = qmp_schema_index_type (self, type)->kind;

  return kind == QMP_SCHEMA_KIND_OBJECT || kind == QMP_SCHEMA_KIND_UNRECOGNIZED;
}

static gboolean
refer_span (QmpSchemaIndex *self, const QmpSchemaTypeEntry *type, QmpSchemaSpan span, GError **error)
{
  for (guint i = span.first; i < span.first + span.n; i++)
    {
      QmpSchemaItem *item = &g_array_index (self->items, QmpSchemaItem, i);

      if (!refer (self, type->entry, type->name, item->type_name, &item->type, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
resolve_tag (QmpSchemaIndex *self, QmpSchemaTypeEntry *type, GError **error)
{
  type->tag = QMP_SCHEMA_NONE;
  if (type->tag_name == NULL)
    return TRUE;
  type->tag = qmp_schema_index_find_item (self, type->items, type->tag_name);
  if (type->tag == QMP_SCHEMA_NONE)
    return qmp_schema_index_fail (error, type->entry, type->name, "its tag is none of its members");
  if (qmp_schema_index_type (self, qmp_schema_index_item (self, type->tag)->type)->kind != QMP_SCHEMA_KIND_ENUM)
    return qmp_schema_index_fail (error, type->entry, type->name, "its tag is no enum");
  for (guint i = type->branches.first; i < type->branches.first + type->branches.n; i++)
    if (!may_be_object (self, qmp_schema_index_item (self, i)->type))
      return qmp_schema_index_fail (error, type->entry, type->name, "a branch of it is no object");
  return TRUE;
}

static gboolean
resolve_type (QmpSchemaIndex *self, QmpSchemaTypeEntry *type, GError **error)
{
  if (!refer (self, type->entry, type->name, type->element_name, &type->element, error) ||
      !refer_span (self, type, type->items, error) || !refer_span (self, type, type->branches, error))
    return FALSE;
  if (type->kind == QMP_SCHEMA_KIND_ALTERNATE)
    {
      if (type->items.n > QMP_SCHEMA_MAX_ALTERNATIVES)
        return qmp_schema_index_fail (error, type->entry, type->name, "it has too many alternatives");
      for (guint i = type->items.first; i < type->items.first + type->items.n; i++)
        if (qmp_schema_index_type (self, qmp_schema_index_item (self, i)->type)->kind == QMP_SCHEMA_KIND_ALTERNATE)
          return qmp_schema_index_fail (error, type->entry, type->name, "an alternative of it is an alternate");
      return TRUE;
    }
  return sort_span (self, type, type->items, error) && sort_span (self, type, type->branches, error) &&
         resolve_tag (self, type, error);
}

static gboolean
resolve_calls (QmpSchemaIndex *self, GArray *calls, GError **error)
{
  for (guint i = 0; i < calls->len; i++)
    {
      QmpSchemaCall *call = &g_array_index (calls, QmpSchemaCall, i);

      if (!refer (self, call->entry, call->name, call->arguments_name, &call->arguments, error) ||
          !refer (self, call->entry, call->name, call->result_name, &call->result, error))
        return FALSE;
      if (!may_be_object (self, call->arguments))
        return qmp_schema_index_fail (error, call->entry, call->name, "its data is no object");
    }
  return TRUE;
}

/* --- branches within branches ---------------------------------------------------- */

/* Takes the branches of a type off the count of those that lead to others;
 * what nothing leads to any more is next. */
static void
release_branches (const QmpSchemaIndex *self, guint *n_leading, guint *depths, guint at, GArray *ready)
{
  QmpSchemaSpan span = qmp_schema_index_type (self, at)->branches;

  for (guint i = span.first; i < span.first + span.n; i++)
    {
      guint type = qmp_schema_index_item (self, i)->type;

      depths[type] = MAX (depths[type], depths[at] + 1);
      if (--n_leading[type] == 0)
        g_array_append_val (ready, type);
    }
}

/* The members of a branch are members of the object itself: a type that is
 * its own branch, however far around, would have them without end. */
static gboolean
check_branches (QmpSchemaIndex *self, GError **error)
{
  g_autofree guint *n_leading = g_new0 (guint, self->types->len), *depths = g_new0 (guint, self->types->len);
  g_autoptr (GArray) ready = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < self->types->len; i++)
    {
      QmpSchemaSpan span = qmp_schema_index_type (self, i)->branches;

      for (guint k = span.first; k < span.first + span.n; k++)
        n_leading[qmp_schema_index_item (self, k)->type]++;
    }
  for (guint i = 0; i < self->types->len; i++)
    if (n_leading[i] == 0)
      g_array_append_val (ready, i);
  for (guint i = 0; i < ready->len; i++)
    release_branches (self, n_leading, depths, g_array_index (ready, guint, i), ready);
  for (guint i = 0; i < self->types->len; i++)
    {
      const QmpSchemaTypeEntry *type = qmp_schema_index_type (self, i);

      if (n_leading[i] > 0)
        return qmp_schema_index_fail (error, type->entry, type->name, "it is a branch of itself, or of one that is");
      if (depths[i] > QMP_SCHEMA_MAX_NESTED_BRANCHES)
        return qmp_schema_index_fail (error, type->entry, type->name, "its branches are nested too deep");
    }
  return TRUE;
}

static void
note_required (QmpSchemaIndex *self, QmpSchemaTypeEntry *type)
{
  type->required.first = self->required->len;
  if (type->kind == QMP_SCHEMA_KIND_OBJECT)
    for (guint i = type->items.first; i < type->items.first + type->items.n; i++)
      if (!qmp_schema_index_item (self, i)->optional)
        g_array_append_val (self->required, i);
  type->required.n = self->required->len - type->required.first;
}

/* Once all entries were read. */
gboolean
qmp_schema_index_resolve (QmpSchemaIndex *self, GError **error)
{
  for (guint i = 0; i < self->items->len; i++)
    g_array_append_val (self->order, i);
  if (!sort_types (self, error) || !sort_calls (self->commands, "command", error) ||
      !sort_calls (self->events, "event", error))
    return FALSE;
  for (guint i = 0; i < self->types->len; i++)
    if (!resolve_type (self, &g_array_index (self->types, QmpSchemaTypeEntry, i), error))
      return FALSE;
  for (guint i = 0; i < self->types->len; i++)
    note_required (self, &g_array_index (self->types, QmpSchemaTypeEntry, i));
  return resolve_calls (self, self->commands, error) && resolve_calls (self, self->events, error) &&
         check_branches (self, error);
}

/* --- looking up --------------------------------------------------------------------- */

const QmpSchemaCall *
qmp_schema_index_find_call (GArray *calls, const char *name)
{
  const QmpSchemaCall wanted = { .name = name };
  guint place;

  return g_array_binary_search (calls, &wanted, compare_calls, &place) ? &g_array_index (calls, QmpSchemaCall, place) : NULL;
}

guint
qmp_schema_index_find_type (const QmpSchemaIndex *self, const char *name)
{
  const QmpSchemaTypeEntry wanted = { .name = name };
  guint place;

  return g_array_binary_search (self->types, &wanted, compare_types, &place) ? place : QMP_SCHEMA_NONE;
}

guint
qmp_schema_index_find_item (const QmpSchemaIndex *self, QmpSchemaSpan span, const char *name)
{
  guint low = span.first, high = span.first + span.n;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      guint item = g_array_index (self->order, guint, middle);
      int order = strcmp (name, qmp_schema_index_item (self, item)->name);

      if (order == 0)
        return item;
      if (order < 0)
        high = middle;
      else
        low = middle + 1;
    }
  return QMP_SCHEMA_NONE;
}

gboolean
qmp_schema_index_has_feature (const QmpSchemaIndex *self, QmpSchemaSpan features, const char *feature)
{
  for (guint i = features.first; i < features.first + features.n; i++)
    if (g_str_equal (g_array_index (self->features, const char *, i), feature))
      return TRUE;
  return FALSE;
}

char **
qmp_schema_index_dup_features (const QmpSchemaIndex *self, QmpSchemaSpan features)
{
  char **names = g_new0 (char *, features.n + 1);

  for (guint i = 0; i < features.n; i++)
    names[i] = g_strdup (g_array_index (self->features, const char *, features.first + i));
  return names;
}

/* In the order in which QEMU tells them. */
char **
qmp_schema_index_dup_item_names (const QmpSchemaIndex *self, QmpSchemaSpan span)
{
  char **names = g_new0 (char *, span.n + 1);

  for (guint i = 0; i < span.n; i++)
    names[i] = g_strdup (qmp_schema_index_item (self, span.first + i)->name);
  return names;
}

char **
qmp_schema_index_dup_call_names (GArray *calls)
{
  char **names = g_new0 (char *, calls->len + 1);

  for (guint i = 0; i < calls->len; i++)
    names[i] = g_strdup (g_array_index (calls, QmpSchemaCall, i).name);
  return names;
}
