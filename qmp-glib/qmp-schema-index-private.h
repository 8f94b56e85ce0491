/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "qmp-schema-type.h"
#include "wire/wire-document.h"

G_BEGIN_DECLS

/* What query-qmp-schema said, judged and sorted once: flat tables that refer
 * to each other by place. Immutable, and shared by all objects that show parts
 * of it, so that types which contain themselves make no cycle of references.
 *
 * The tables may come from a QEMU that was taken over: names are sorted and
 * searched, never hashed, and whatever follows references is bounded. */

#define QMP_SCHEMA_NONE G_MAXUINT

/* Branches within branches: QEMU has one or two. */
#define QMP_SCHEMA_MAX_NESTED_BRANCHES 16u

/* One for each kind of JSON value would do. */
#define QMP_SCHEMA_MAX_ALTERNATIVES 16u

typedef struct
{
  guint first;
  guint n;
} QmpSchemaSpan;

/* A member, a branch, an enum's value, or an alternative. */
typedef struct
{
  const char *name;      /* of a branch: the tag's value; of an alternative: NULL */
  const char *type_name; /* of an enum's value: NULL */
  guint type;
  gboolean optional;
  QmpSchemaSpan features;
} QmpSchemaItem;

typedef struct
{
  const char *name;
  guint entry;             /* place in the list, for messages */
  QmpSchemaKind kind;
  QmpSchemaJsonType json_type;
  QmpSchemaSpan features;
  QmpSchemaSpan items;     /* members, values or alternatives */
  QmpSchemaSpan branches;
  QmpSchemaSpan required;  /* in `required` */
  const char *tag_name;
  guint tag;               /* the member; or QMP_SCHEMA_NONE */
  const char *element_name;
  guint element;           /* the type; or QMP_SCHEMA_NONE */
} QmpSchemaTypeEntry;

/* A command or an event. */
typedef struct
{
  const char *name;
  guint entry;
  const char *arguments_name;
  guint arguments;
  const char *result_name;  /* of an event: NULL */
  guint result;
  gboolean out_of_band;
  gboolean takes_anything;  /* members that are not told */
  QmpSchemaSpan features;
} QmpSchemaCall;

typedef struct
{
  int references;      /* atomic */
  GStringChunk *names;
  GArray *types;       /* of QmpSchemaTypeEntry, sorted by name */
  GArray *commands;    /* of QmpSchemaCall, sorted by name */
  GArray *events;      /* of QmpSchemaCall, sorted by name */
  GArray *items;       /* of QmpSchemaItem */
  GArray *order;       /* of guint: each span of items, sorted by name */
  GArray *required;    /* of guint: items */
  GArray *features;    /* of const char * */
} QmpSchemaIndex;

QmpSchemaIndex *qmp_schema_index_new (const WireView *view, guint list, GError **error);
QmpSchemaIndex *qmp_schema_index_new_empty (void);
QmpSchemaIndex *qmp_schema_index_ref (QmpSchemaIndex *self);
void qmp_schema_index_unref (QmpSchemaIndex *self);

gboolean qmp_schema_index_resolve (QmpSchemaIndex *self, GError **error);
gboolean qmp_schema_index_fail (GError **error, guint entry, const char *name, const char *format, ...)
  G_GNUC_PRINTF (4, 5);

static inline const QmpSchemaTypeEntry *
qmp_schema_index_type (const QmpSchemaIndex *self, guint type)
{
  return &g_array_index (self->types, QmpSchemaTypeEntry, type);
}

static inline const QmpSchemaItem *
qmp_schema_index_item (const QmpSchemaIndex *self, guint item)
{
  return &g_array_index (self->items, QmpSchemaItem, item);
}

const QmpSchemaCall *qmp_schema_index_find_call (GArray *calls, const char *name);
guint qmp_schema_index_find_type (const QmpSchemaIndex *self, const char *name);
guint qmp_schema_index_find_item (const QmpSchemaIndex *self, QmpSchemaSpan span, const char *name);
gboolean qmp_schema_index_has_feature (const QmpSchemaIndex *self, QmpSchemaSpan features, const char *feature);
char **qmp_schema_index_dup_features (const QmpSchemaIndex *self, QmpSchemaSpan features);
char **qmp_schema_index_dup_item_names (const QmpSchemaIndex *self, QmpSchemaSpan span);
char **qmp_schema_index_dup_call_names (GArray *calls);

/* The places of all items that a path leads to, through arrays, alternatives
 * and branches. */
GArray *qmp_schema_index_follow (const QmpSchemaIndex *self, guint type, const char *path);
GArray *qmp_schema_index_find_in_branches (const QmpSchemaIndex *self, guint type, const char *name);
gboolean qmp_schema_index_has_value (const QmpSchemaIndex *self, GArray *items, const char *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QmpSchemaIndex, qmp_schema_index_unref)

G_END_DECLS
