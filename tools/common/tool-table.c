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

static ToolTable *
make_table (void)
{
  ToolTable *table = g_new0 (ToolTable, 1);

  table->cells = g_ptr_array_new_with_free_func (g_free);
  return table;
}

static void
add_title (ToolTable *table, const char *title)
{
  g_ptr_array_add (table->cells, g_strdup (title));
  table->columns++;
}

ToolTable *
tool_table_new (const char *first_title, ...)
{
  ToolTable *table = make_table ();
  va_list titles;

  va_start (titles, first_title);
  for (const char *title = first_title; title != NULL; title = va_arg (titles, const char *))
    add_title (table, title);
  va_end (titles);
  return table;
}

ToolTable *
tool_table_new_with_titles (const char *const *titles)
{
  ToolTable *table = make_table ();

  for (; *titles != NULL; titles++)
    add_title (table, *titles);
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

static void
add_cell (ToolTable *table, const char *cell)
{
  g_ptr_array_add (table->cells, tool_text_to_line (cell != NULL && *cell != '\0' ? cell : "-"));
}

void
tool_table_add (ToolTable *table, ...)
{
  va_list cells;

  va_start (cells, table);
  for (guint i = 0; i < table->columns; i++)
    add_cell (table, va_arg (cells, const char *));
  va_end (cells);
}

void
tool_table_add_cells (ToolTable *table, const char *const *cells)
{
  for (guint i = 0; i < table->columns; i++)
    add_cell (table, cells[i]);
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

/* GLib's own has a space in it that is no space to grep and awk. */
char *
tool_format_size (guint64 bytes)
{
  const char *const units[] = { "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
  double size = (double) bytes / 1024;
  guint unit = 0;

  if (bytes < 1024)
    return g_strdup_printf ("%u B", (guint) bytes);
  /* what would be rounded to 1024.0 is 1.0 of the next */
  for (; size >= 1023.95 && unit + 1 < G_N_ELEMENTS (units); unit++)
    size /= 1024;
  return g_strdup_printf ("%.1f %s", size, units[unit]);
}
