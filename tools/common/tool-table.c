/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tool-table.h"

#include "tool-output.h"
#include "tool-text.h"

struct _ToolTable
{
  GPtrArray *cells; /* row by row, the titles first */
  guint columns;
  guint64 right;    /* a bit for each column */
};

static guint
measure (const char *text)
{
  guint width = 0;

  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      gunichar character = g_utf8_get_char (text);

      if (!g_unichar_iszerowidth (character))
        width += g_unichar_iswide (character) ? 2 : 1;
    }
  return width;
}

ToolTable *
tool_table_new (const char *first_title, ...)
{
  ToolTable *table = g_new0 (ToolTable, 1);
  va_list titles;

  table->cells = g_ptr_array_new_with_free_func (g_free);
  va_start (titles, first_title);
  for (const char *title = first_title; title != NULL; title = va_arg (titles, const char *))
    {
      g_ptr_array_add (table->cells, g_strdup (title));
      table->columns++;
    }
  va_end (titles);
  return table;
}

void
tool_table_free (ToolTable *table)
{
  g_ptr_array_unref (table->cells);
  g_free (table);
}

void
tool_table_align_right (ToolTable *table, guint column)
{
  table->right |= G_GUINT64_CONSTANT (1) << column;
}

void
tool_table_add (ToolTable *table, ...)
{
  va_list cells;

  va_start (cells, table);
  for (guint i = 0; i < table->columns; i++)
    {
      const char *cell = va_arg (cells, const char *);

      g_ptr_array_add (table->cells, tool_text_to_line (cell != NULL && *cell != '\0' ? cell : "-"));
    }
  va_end (cells);
}

guint
tool_table_count (ToolTable *table)
{
  return table->cells->len / table->columns - 1;
}

static void
print_cell (ToolTable *table, guint i, guint width)
{
  const char *cell = g_ptr_array_index (table->cells, i);
  guint column = i % table->columns;
  guint missing = width - measure (cell);
  gboolean last = column == table->columns - 1;

  if (table->right >> column & 1)
    tool_print ("%*s", (int) missing, "");
  tool_print_styled (i < table->columns ? TOOL_STYLE_TITLE : TOOL_STYLE_NONE, "%s", cell);
  if (!last && !(table->right >> column & 1))
    tool_print ("%*s", (int) missing, "");
  tool_print ("%s", last ? "\n" : "  ");
}

void
tool_table_print (ToolTable *table)
{
  g_autofree guint *widths = g_new0 (guint, table->columns);

  for (guint i = 0; i < table->cells->len; i++)
    widths[i % table->columns] = MAX (widths[i % table->columns], measure (g_ptr_array_index (table->cells, i)));
  for (guint i = 0; i < table->cells->len; i++)
    print_cell (table, i, widths[i % table->columns]);
}

char *
tool_format_size (guint64 bytes)
{
  g_autofree char *text = g_format_size_full (bytes, G_FORMAT_SIZE_IEC_UNITS);
  g_auto (GStrv) parts = g_strsplit (text, "\302\240", -1);

  /* GLib's space is one that does not break, which not every terminal has */
  return g_strjoinv (" ", parts);
}
