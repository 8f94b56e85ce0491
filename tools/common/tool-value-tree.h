/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What key=value words say, before anybody knows types: see tool-values.h. Of
 * children, texts and json, a value has one. */
typedef struct ToolValue
{
  char *name;            /* the root has none */
  GPtrArray *children;   /* of ToolValue */
  GPtrArray *texts;      /* of char *, in the order they came */
  char *json;
} ToolValue;

ToolValue *tool_value_tree_new (const char *const *words, GError **error);
void tool_value_free (ToolValue *value);

ToolValue *tool_value_find (ToolValue *value, const char *name);
ToolValue *tool_value_find_element (ToolValue *value, guint index);
gboolean tool_value_is_list (ToolValue *value);

/* NULL if it is anything but one text. */
const char *tool_value_get_text (ToolValue *value);

/* A file, or standard input for "-", as valid UTF-8. */
char *tool_value_read_file (const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolValue, tool_value_free)

G_END_DECLS
