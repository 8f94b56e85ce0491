/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmpctl.h"

#include <string.h>

#include "tool-columns.h"
#include "tool-json.h"
#include "tool-output.h"
#include "tool-table.h"

/* --- asking: whatever an odd QEMU lacks is left out ------------------------------- */

typedef struct
{
  const char *command;
  const char *member;  /* of its result */
  const char *name;    /* of what is printed */
} Question;

static const Question questions[] = {
  { "query-name", "name", "name" },
  { "query-uuid", "UUID", "uuid" },
  { "query-status", "status", "status" },
  { "query-status", "running", "running" },
  { "query-target", "arch", "architecture" },
  { "query-memory-size-summary", "base-memory", "memory" },
  { "query-memory-size-summary", "plugged-memory", "plugged-memory" },
  { "query-balloon", "actual", "balloon" },
};

static gboolean
is_known (QmpValue *result, const char *member)
{
  g_autofree char *text = qmp_value_dup_member_string (result, member);

  return g_strcmp0 (text, "00000000-0000-0000-0000-000000000000") != 0;
}

static gboolean
write_answers (ToolApp *app, QmpConnection *connection, ToolWriter *writer, GError **error)
{
  g_autoptr (QmpValue) result = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    {
      const Question *question = &questions[i];

      if (i == 0 || strcmp (question->command, question[-1].command) != 0)
        {
          g_clear_pointer (&result, qmp_value_unref);
          if (!qmpctl_try_query (app, connection, question->command, NULL, &result, error))
            return FALSE;
        }
      if (result != NULL && is_known (result, question->member))
        tool_writer_copy (writer, question->name, result, question->member);
    }
  return TRUE;
}

/* "pc-q35-10.0" of "pc-q35-10.0-machine" */
static gboolean
write_machine (ToolApp *app, QmpConnection *connection, ToolWriter *writer, GError **error)
{
  g_autoptr (QmpValue) value = NULL;
  g_autofree char *type = NULL;

  if (!qmpctl_try_query (app, connection, "qom-get", "{\"path\":\"/machine\",\"property\":\"type\"}", &value, error))
    return FALSE;
  type = value != NULL ? qmp_value_dup_string (value) : NULL;
  if (type != NULL && g_str_has_suffix (type, "-machine"))
    type[strlen (type) - strlen ("-machine")] = '\0';
  tool_writer_text (writer, "machine", type);
  return TRUE;
}

/* Before QEMU 10.1 there is no straight question for it. */
static gboolean
write_accelerator (ToolApp *app, QmpConnection *connection, ToolWriter *writer, GError **error)
{
  g_autoptr (QmpValue) accelerators = NULL, kvm = NULL, jit = NULL;
  gboolean enabled = FALSE;

  if (!qmpctl_try_query (app, connection, "query-accelerators", NULL, &accelerators, error))
    return FALSE;
  if (accelerators != NULL)
    {
      tool_writer_copy (writer, "accelerator", accelerators, "enabled");
      return TRUE;
    }
  if (!qmpctl_try_query (app, connection, "query-kvm", NULL, &kvm, error))
    return FALSE;
  if (kvm != NULL && qmp_value_get_member_boolean (kvm, "enabled", &enabled) && enabled)
    {
      tool_writer_text (writer, "accelerator", "kvm");
      return TRUE;
    }
  if (!qmpctl_try_query (app, connection, "x-query-jit", NULL, &jit, error))
    return FALSE;
  tool_writer_text (writer, "accelerator", jit != NULL ? "tcg" : NULL);
  return TRUE;
}

static gboolean
write_counts (ToolApp *app, QmpConnection *connection, ToolWriter *writer, GError **error)
{
  g_autoptr (QmpValue) cpus = NULL, jobs = NULL, migration = NULL;

  if (!qmpctl_try_query (app, connection, "query-cpus-fast", NULL, &cpus, error) ||
      !qmpctl_try_query (app, connection, "query-jobs", NULL, &jobs, error) ||
      !qmpctl_try_query (app, connection, "query-migrate", NULL, &migration, error))
    return FALSE;
  if (cpus != NULL)
    tool_writer_integer (writer, "cpus", qmp_value_get_length (cpus));
  if (jobs != NULL)
    qmpctl_write_jobs (writer, "jobs", jobs);
  tool_writer_copy (writer, "migration", migration, "status");
  return TRUE;
}

static gboolean
write_info (ToolApp *app, QmpConnection *connection, ToolWriter *writer, GError **error)
{
  QmpVersion *version = qmp_connection_get_version (connection);
  g_autofree char *number = g_strdup_printf ("%u.%u.%u", qmp_version_get_major (version), qmp_version_get_minor (version),
                                             qmp_version_get_micro (version));
  const char *package = qmp_version_get_package (version);
  gboolean written;

  tool_writer_begin_object (writer, NULL);
  tool_writer_text (writer, "version", number);
  tool_writer_text (writer, "package", package != NULL && *package != '\0' ? package : NULL);
  written = write_answers (app, connection, writer, error) && write_machine (app, connection, writer, error) &&
            write_accelerator (app, connection, writer, error) && write_counts (app, connection, writer, error) &&
            qmpctl_write_disks (app, connection, writer, error) && qmpctl_write_networks (app, connection, writer, error);
  tool_writer_end_object (writer);
  return written;
}

/* --- printing ---------------------------------------------------------------------- */

static void
print_text (QmpValue *info, const char *label, const char *member)
{
  g_autofree char *text = tool_cell_format_member (info, member, TOOL_CELL_TEXT);

  tool_print_fact (label, text);
}

/* One member, with another one behind it in brackets. */
static void
print_pair (QmpValue *info, const char *label, const char *member, const char *other)
{
  g_autofree char *first = tool_cell_format_member (info, member, TOOL_CELL_TEXT);
  g_autofree char *second = tool_cell_format_member (info, other, TOOL_CELL_TEXT);
  g_autofree char *text = second != NULL ? g_strdup_printf ("%s (%s)", first, second) : g_strdup (first);

  tool_print_fact (label, text);
}

static void
print_memory (QmpValue *info)
{
  g_autofree char *memory = tool_cell_format_member (info, "memory", TOOL_CELL_SIZE);
  g_autofree char *plugged = tool_cell_format_member (info, "plugged-memory", TOOL_CELL_SIZE);
  g_autofree char *balloon = tool_cell_format_member (info, "balloon", TOOL_CELL_SIZE);
  g_autoptr (GString) text = g_string_new (memory);
  guint64 bytes = 0;

  if (memory == NULL)
    return;
  if (qmp_value_get_member_uint64 (info, "plugged-memory", &bytes) && bytes > 0)
    g_string_append_printf (text, ", and %s plugged in", plugged);
  if (balloon != NULL)
    g_string_append_printf (text, ", of which the balloon leaves %s", balloon);
  tool_print_fact ("Memory", text->str);
}

static void
print_list (QmpValue *info, const char *title, const char *member, const ToolColumn *columns)
{
  g_autoptr (QmpValue) list = qmp_value_get_member (info, member);

  if (list == NULL || qmp_value_get_length (list) == 0)
    return;
  tool_print_styled (TOOL_STYLE_TITLE, "\n%s\n", title);
  if (columns != NULL)
    tool_columns_print (list, columns);
  else
    qmpctl_print_jobs (list);
}

static void
print_info (QmpValue *info)
{
  const ToolColumn disks[] = {
    { "DEVICE", "name", TOOL_CELL_TEXT }, { "NODE", "node", TOOL_CELL_TEXT },
    { "FORMAT", "format", TOOL_CELL_TEXT }, { "SIZE", "size", TOOL_CELL_SIZE },
    { "USED", "used", TOOL_CELL_SIZE }, { "READ-ONLY", "read-only", TOOL_CELL_YES },
    { "FILE", "file", TOOL_CELL_TEXT }, { NULL },
  };
  const ToolColumn networks[] = {
    { "DEVICE", "name", TOOL_CELL_TEXT }, { "TYPE", "type", TOOL_CELL_TEXT },
    { "MAC", "mac", TOOL_CELL_TEXT }, { "BACKEND", "backend", TOOL_CELL_TEXT }, { NULL },
  };

  print_pair (info, "QEMU", "version", "package");
  print_text (info, "Name", "name");
  print_text (info, "UUID", "uuid");
  print_text (info, "Status", "status");
  print_text (info, "Machine", "machine");
  print_text (info, "Accelerator", "accelerator");
  print_pair (info, "CPUs", "cpus", "architecture");
  print_memory (info);
  print_text (info, "Migration", "migration");
  print_list (info, "Disks", "disks", disks);
  print_list (info, "Networks", "networks", networks);
  print_list (info, "Jobs", "jobs", NULL);
}

static gboolean
info (ToolApp *app, int argc, char **argv, GError **error)
{
  g_autoptr (QmpConnection) connection = NULL;
  g_autoptr (ToolWriter) writer = tool_writer_new ();
  g_autoptr (QmpValue) value = NULL;

  if (!tool_app_parse (app, NULL, &argc, &argv, 0, 0, error))
    return FALSE;
  connection = qmpctl_connect (app, error);
  if (connection == NULL || !write_info (app, connection, writer, error))
    return FALSE;

  if (tool_app_wants_json (app))
    tool_json_print (tool_writer_get_json (writer), TRUE);
  else
    {
      value = tool_writer_to_value (writer);
      print_info (value);
    }
  return TRUE;
}

const ToolVerb qmpctl_info = {
  .name = "info",
  .synopsis = "",
  .summary = "Tell what machine it is, and how it is",
  .description = "What the QEMU at hand does not tell is left out.",
  .run = info,
};
