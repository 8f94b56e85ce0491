/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <qmp-glib/qmp-glib.h>

G_BEGIN_DECLS

/* JSON for people: a list of objects as a table, and single values. */

typedef enum
{
  TOOL_CELL_TEXT,     /* a string as it is, anything else as JSON */
  TOOL_CELL_NUMBER,   /* the same, with the last digits under each other */
  TOOL_CELL_SIZE,     /* bytes, as 1.5 GiB */
  TOOL_CELL_PERCENT,  /* a share of 1, as 42% */
  TOOL_CELL_YES,      /* "yes", or nothing */
  TOOL_CELL_LIST,     /* strings, with commas */
} ToolCell;

typedef struct
{
  const char *title;
  const char *member;
  ToolCell cell;
} ToolColumn;

/* Where an object lacks a member, "-" is shown. The columns end with one that
 * has no title. */
void tool_columns_print (QmpValue *list, const ToolColumn *columns);

/* (transfer full) (nullable) */
char *tool_cell_format (QmpValue *value, ToolCell cell);
char *tool_cell_format_member (QmpValue *object, const char *member, ToolCell cell);

/* "Label        text", if there is a text. */
void tool_print_fact (const char *label, const char *text);

G_END_DECLS
