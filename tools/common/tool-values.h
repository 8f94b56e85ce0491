/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <qmp-glib/qmp-glib.h>

#include "tool-value-tree.h"

G_BEGIN_DECLS

/* A command's arguments as somebody types them, made into JSON text by what
 * the schema says of their types:
 *
 *   key=text         what the argument's type makes of it; a size may be 10G
 *   key:=JSON        as it is
 *   key=@FILE        what is in the file (@@ for text that begins with @)
 *   key:=@FILE       the JSON in it
 *   a.b=c            b of the object a
 *   a.0=b, a=b a=c   elements of the list a
 *   {…}              all of it, as one JSON object
 *   -                the same, from standard input
 *
 * Without `schema` (nullable), or where that tells no type, text that is JSON
 * is taken as JSON, and other text as a string. No words are "{}". What the
 * schema knows to be wrong is an error that names it. */
char *tool_values_to_json (QmpSchema *schema, const char *command, const char *const *words, GError **error);

/* One value of a type; `type` is nullable, and `name` is for errors. */
char *tool_value_to_json (QmpSchemaType *type, const char *name, const char *text, GError **error);
char *tool_value_of_kind_to_json (QmpSchemaJsonType kind, const char *name, const char *text, GError **error);

/* A size in bytes, such as 4096, 0x1000 or 4K. */
gboolean tool_value_read_size (const char *name, const char *text, guint64 *size, GError **error);

/* The type (transfer full) (nullable) of the argument at a path such as
 * file.driver, where `tree` are the arguments so far: they choose branches. The
 * empty path is all of them. */
QmpSchemaType *tool_values_find_type (QmpSchema *schema, const char *command, ToolValue *tree, const char *path);

/* The type, or the one of an alternate's, that is that kind of JSON; likewise. */
QmpSchemaType *tool_values_choose_kind (QmpSchemaType *type, QmpSchemaJsonType json_type);

G_END_DECLS
