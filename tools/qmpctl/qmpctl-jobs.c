/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmpctl.h"

#include "tool-columns.h"

/* A share of 1, or nothing where nobody knows how much there is to do. */
static void
write_share (ToolWriter *writer, QmpValue *job)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  guint64 current, total;

  if (qmp_value_get_member_uint64 (job, "current-progress", &current) && qmp_value_get_member_uint64 (job, "total-progress", &total) &&
      total > 0)
    tool_writer_json (writer, "done", g_ascii_formatd (text, sizeof text, "%.3f", MIN ((double) current / (double) total, 1)));
}

void
qmpctl_write_jobs (ToolWriter *writer, const char *name, QmpValue *jobs)
{
  tool_writer_begin_list (writer, name);
  for (guint i = 0; i < qmp_value_get_length (jobs); i++)
    {
      g_autoptr (QmpValue) job = qmp_value_get_element (jobs, i);

      tool_writer_begin_object (writer, NULL);
      tool_writer_copy (writer, "id", job, "id");
      tool_writer_copy (writer, "type", job, "type");
      tool_writer_copy (writer, "status", job, "status");
      write_share (writer, job);
      tool_writer_copy (writer, "current-progress", job, "current-progress");
      tool_writer_copy (writer, "total-progress", job, "total-progress");
      tool_writer_copy (writer, "error", job, "error");
      tool_writer_end_object (writer);
    }
  tool_writer_end_list (writer);
}

void
qmpctl_print_jobs (QmpValue *jobs)
{
  const ToolColumn columns[] = {
    { "JOB", "id", TOOL_CELL_TEXT },
    { "TYPE", "type", TOOL_CELL_TEXT },
    { "STATUS", "status", TOOL_CELL_TEXT },
    { "DONE", "done", TOOL_CELL_PERCENT },
    { "ERROR", "error", TOOL_CELL_TEXT },
    { NULL },
  };

  tool_columns_print (jobs, columns);
}
