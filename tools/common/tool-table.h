/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Columns under titles, each as wide as what is in it. Cells are made
 * harmless, see tool-text.h; one that is NULL is shown as "-". */
typedef struct _ToolTable ToolTable;

ToolTable *tool_table_new (const char *first_title, ...) G_GNUC_NULL_TERMINATED;
ToolTable *tool_table_new_with_titles (const char *const *titles);
void tool_table_free (ToolTable *table);

/* Numbers stand under each other's last digit. */
void tool_table_align_right (ToolTable *table, guint column);

/* As many cells as there are titles. */
void tool_table_add (ToolTable *table, ...);
void tool_table_add_cells (ToolTable *table, const char *const *cells);

guint tool_table_count (ToolTable *table);
void tool_table_print (ToolTable *table);

/* 1.5 GiB */
char *tool_format_size (guint64 bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolTable, tool_table_free)

G_END_DECLS
