/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-schema-index-private.h"

#include <string.h>

/* Paths such as file.driver: from name to name, through every array,
 * alternative and branch on the way. Each type is looked at once a step, so
 * that types which contain each other end it. */

/* The types behind a type that have members or values of their own. Types
 * are added to the list while it is walked. */
static void
reach (GArray *types, guint *seen, guint step, guint type)
{
  if (type == QMP_SCHEMA_NONE || seen[type] == step)
    return;
  seen[type] = step;
  g_array_append_val (types, type);
}

static void
reach_behind (const QmpSchemaIndex *self, GArray *types, guint *seen, guint step)
{
  for (guint i = 0; i < types->len; i++)
    {
      const QmpSchemaTypeEntry *type = qmp_schema_index_type (self, g_array_index (types, guint, i));

      reach (types, seen, step, type->element);
      for (guint k = 0; k < type->branches.n; k++)
        reach (types, seen, step, qmp_schema_index_item (self, type->branches.first + k)->type);
      for (guint k = 0; type->kind == QMP_SCHEMA_KIND_ALTERNATE && k < type->items.n; k++)
        reach (types, seen, step, qmp_schema_index_item (self, type->items.first + k)->type);
    }
}

/* A name of a vendor begins with its domain, __com.redhat_x, whose dots are
 * none of the path's. */
static gsize
measure_name (const char *path)
{
  const char *start = path;

  if (g_str_has_prefix (path, "__"))
    {
      const char *end_of_domain = strchr (path + 2, '_');

      start = end_of_domain != NULL ? end_of_domain : path;
    }
  return (gsize) (start - path) + strcspn (start, ".");
}

/* Finds a name in all types of a step. */
static GArray *
find_in_all (const QmpSchemaIndex *self, GArray *types, const char *name)
{
  GArray *items = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < types->len; i++)
    {
      const QmpSchemaTypeEntry *type = qmp_schema_index_type (self, g_array_index (types, guint, i));
      guint item = QMP_SCHEMA_NONE;

      if (type->kind == QMP_SCHEMA_KIND_OBJECT)
        item = qmp_schema_index_find_item (self, type->items, name);
      if (item != QMP_SCHEMA_NONE)
        g_array_append_val (items, item);
    }
  return items;
}

/* Finds a member in an object's type or any of its branches. */
GArray *
qmp_schema_index_find_in_branches (const QmpSchemaIndex *self, guint type, const char *name)
{
  g_autofree guint *seen = g_new0 (guint, self->types->len);
  g_autoptr (GArray) types = g_array_new (FALSE, FALSE, sizeof (guint));

  reach (types, seen, 1, type);
  reach_behind (self, types, seen, 1);
  return find_in_all (self, types, name);
}

/**
 * qmp_schema_index_follow:
 * @type: where to start
 * @path: names, with dots between
 *
 * Finds the members that a path leads to; of a union, in any of its branches.
 */
GArray *
qmp_schema_index_follow (const QmpSchemaIndex *self, guint type, const char *path)
{
  g_autofree guint *seen = g_new0 (guint, self->types->len);
  g_autoptr (GArray) types = g_array_new (FALSE, FALSE, sizeof (guint));
  guint step = 1;

  reach (types, seen, step, type);
  for (;;)
    {
      gsize length = measure_name (path);
      g_autofree char *name = g_strndup (path, length);
      g_autoptr (GArray) items = NULL;

      reach_behind (self, types, seen, step);
      items = find_in_all (self, types, name);
      path += length;
      if (*path == '\0' || items->len == 0)
        return g_steal_pointer (&items);
      path++;
      step++;
      g_array_set_size (types, 0);
      for (guint i = 0; i < items->len; i++)
        reach (types, seen, step, qmp_schema_index_item (self, g_array_index (items, guint, i))->type);
    }
}

/* Whether a value is one of an enum's that some of the items are, or that
 * stands behind them. */
gboolean
qmp_schema_index_has_value (const QmpSchemaIndex *self, GArray *items, const char *value)
{
  g_autofree guint *seen = g_new0 (guint, self->types->len);
  g_autoptr (GArray) types = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < items->len; i++)
    reach (types, seen, 1, qmp_schema_index_item (self, g_array_index (items, guint, i))->type);
  reach_behind (self, types, seen, 1);
  for (guint i = 0; i < types->len; i++)
    {
      const QmpSchemaTypeEntry *entry = qmp_schema_index_type (self, g_array_index (types, guint, i));

      if (entry->kind == QMP_SCHEMA_KIND_ENUM &&
          qmp_schema_index_find_item (self, entry->items, value) != QMP_SCHEMA_NONE)
        return TRUE;
    }
  return FALSE;
}
