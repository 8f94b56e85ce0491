/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tool-columns.h"

#include "tool-output.h"
#include "tool-table.h"
#include "tool-text.h"

#define MOST_COLUMNS 16
#define LABEL_WIDTH 13

static char *
format_list (QmpValue *list)
{
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < qmp_value_get_length (list); i++)
    {
      g_autoptr (QmpValue) element = qmp_value_get_element (list, i);

      g_ptr_array_add (texts, tool_cell_format (element, TOOL_CELL_TEXT));
    }
  g_ptr_array_add (texts, NULL);
  return g_strjoinv (", ", (char **) texts->pdata);
}

char *
tool_cell_format (QmpValue *value, ToolCell cell)
{
  guint64 bytes;
  double share;
  gboolean truth;

  if (cell == TOOL_CELL_SIZE && qmp_value_get_uint64 (value, &bytes))
    return tool_format_size (bytes);
  if (cell == TOOL_CELL_PERCENT && qmp_value_get_double (value, &share))
    return g_strdup_printf ("%d%%", (int) (CLAMP (share, 0.0, 1.0) * 100));
  if (cell == TOOL_CELL_YES && qmp_value_get_boolean (value, &truth))
    return truth ? g_strdup ("yes") : NULL;
  if (cell == TOOL_CELL_LIST && qmp_value_get_kind (value) == QMP_VALUE_ARRAY)
    return format_list (value);
  if (qmp_value_get_kind (value) == QMP_VALUE_STRING)
    return qmp_value_dup_string (value);
  return qmp_value_to_json (value);
}

char *
tool_cell_format_member (QmpValue *object, const char *member, ToolCell cell)
{
  g_autoptr (QmpValue) value = object != NULL ? qmp_value_get_member (object, member) : NULL;

  return value != NULL ? tool_cell_format (value, cell) : NULL;
}

static void
add_row (ToolTable *table, QmpValue *object, const ToolColumn *columns)
{
  char *cells[MOST_COLUMNS] = { NULL };
  guint count = 0;

  for (; columns[count].title != NULL && count < MOST_COLUMNS; count++)
    cells[count] = tool_cell_format_member (object, columns[count].member, columns[count].cell);
  tool_table_add_cells (table, (const char *const *) cells);
  for (guint i = 0; i < count; i++)
    g_free (cells[i]);
}

void
tool_columns_print (QmpValue *list, const ToolColumn *columns)
{
  const char *titles[MOST_COLUMNS + 1] = { NULL };
  g_autoptr (ToolTable) table = NULL;

  for (guint i = 0; columns[i].title != NULL && i < MOST_COLUMNS; i++)
    titles[i] = columns[i].title;
  table = tool_table_new_with_titles (titles);
  for (guint i = 0; titles[i] != NULL; i++)
    if (columns[i].cell == TOOL_CELL_NUMBER || columns[i].cell == TOOL_CELL_SIZE || columns[i].cell == TOOL_CELL_PERCENT)
      tool_table_align_right (table, i);

  for (guint i = 0; i < qmp_value_get_length (list); i++)
    {
      g_autoptr (QmpValue) object = qmp_value_get_element (list, i);

      add_row (table, object, columns);
    }
  tool_table_print (table);
}

void
tool_print_fact (const char *label, const char *text)
{
  g_autofree char *line = text != NULL ? tool_text_to_line (text) : NULL;

  if (line == NULL)
    return;
  tool_print_styled (TOOL_STYLE_TITLE, "%-*s", LABEL_WIDTH, label);
  tool_print ("%s\n", line);
}
