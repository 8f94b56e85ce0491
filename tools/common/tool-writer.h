/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <qmp-glib/qmp-glib.h>

G_BEGIN_DECLS

/* JSON text, member by member. In a list, and at the root, `name` is NULL. */
typedef struct _ToolWriter ToolWriter;

ToolWriter *tool_writer_new (void);
void tool_writer_free (ToolWriter *writer);

void tool_writer_begin_object (ToolWriter *writer, const char *name);
void tool_writer_end_object (ToolWriter *writer);
void tool_writer_begin_list (ToolWriter *writer, const char *name);
void tool_writer_end_list (ToolWriter *writer);

/* Nothing is written for a NULL. */
void tool_writer_text (ToolWriter *writer, const char *name, const char *text);
void tool_writer_texts (ToolWriter *writer, const char *name, const char *const *texts);
void tool_writer_json (ToolWriter *writer, const char *name, const char *json);

void tool_writer_integer (ToolWriter *writer, const char *name, guint64 number);
void tool_writer_truth (ToolWriter *writer, const char *name, gboolean truth);

/* A member of `from`, as it is, if that has it. */
void tool_writer_copy (ToolWriter *writer, const char *name, QmpValue *from, const char *member);

/* What has been written (transfer none). */
const char *tool_writer_get_json (ToolWriter *writer);

/* The same, to be read (transfer full). */
QmpValue *tool_writer_to_value (ToolWriter *writer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolWriter, tool_writer_free)

G_END_DECLS
