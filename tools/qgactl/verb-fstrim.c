/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl.h"
#include "qgactl-print.h"
#include "tool-table.h"
#include "tool-values.h"

static gboolean
has_failed (GPtrArray *paths)
{
  for (guint i = 0; paths != NULL && i < paths->len; i++)
    if (qga_guest_filesystem_trim_result_get_error (g_ptr_array_index (paths, i)) != NULL)
      return TRUE;
  return FALSE;
}

static void
print_paths (GPtrArray *paths)
{
  g_autoptr (ToolTable) table = tool_table_new ("MOUNTED ON", "TRIMMED", "MINIMUM", "ERROR", NULL);

  tool_table_align_right (table, 1);
  tool_table_align_right (table, 2);
  for (guint i = 0; paths != NULL && i < paths->len; i++)
    {
      QgaGuestFilesystemTrimResult *result = g_ptr_array_index (paths, i);
      gboolean known = qga_guest_filesystem_trim_result_has_trimmed (result);
      g_autofree char *trimmed = qgactl_format_size (known, (guint64) qga_guest_filesystem_trim_result_get_trimmed (result));
      g_autofree char *minimum = qgactl_format_size (qga_guest_filesystem_trim_result_has_minimum (result),
                                                     (guint64) qga_guest_filesystem_trim_result_get_minimum (result));

      tool_table_add (table, qga_guest_filesystem_trim_result_get_path (result), trimmed, minimum,
                      qga_guest_filesystem_trim_result_get_error (result));
    }
  tool_table_print (table);
}

static gboolean
trim (ToolApp *app, guint64 minimum, GError **error)
{
  g_autoptr (QgaConnection) connection = qgactl_connect (app, error);
  g_autoptr (QgaGuestFstrimArguments) arguments = qga_guest_fstrim_arguments_new ();
  g_autoptr (QgaGuestFilesystemTrimResponse) response = NULL;
  g_autoptr (GPtrArray) paths = NULL;

  if (connection == NULL)
    return FALSE;
  if (minimum > 0)
    qga_guest_fstrim_arguments_set_minimum (arguments, (gint64) MIN (minimum, (guint64) G_MAXINT64));
  response = qga_connection_guest_fstrim (connection, arguments, tool_app_get_cancellable (app), error);
  if (response == NULL)
    return FALSE;

  paths = qga_guest_filesystem_trim_response_get_paths (response);
  if (tool_app_wants_json (app))
    qgactl_print_object_json (response);
  else
    print_paths (paths);
  if (has_failed (paths))
    tool_app_set_status (app, TOOL_STATUS_FAILED);
  return TRUE;
}

static gboolean
fstrim (ToolApp *app, int argc, char **argv, GError **error)
{
  g_autofree char *text = NULL;
  guint64 minimum = 0;
  const GOptionEntry entries[] = {
    { "minimum", 'm', 0, G_OPTION_ARG_STRING, &text, "Leave alone what is smaller, as 1M", "SIZE" },
    { NULL },
  };

  if (!tool_app_parse (app, entries, &argc, &argv, 0, 0, error) ||
      (text != NULL && !tool_value_read_size ("--minimum", text, &minimum, error)))
    return FALSE;
  return trim (app, minimum, error);
}

const ToolVerb qgactl_fstrim = {
  .name = "fstrim",
  .synopsis = "",
  .summary = "Give back what the guest's file systems do not use",
  .description = "Ends with status 1 if it failed for any of them.\nWith --json: what guest-fstrim returns.",
  .run = fstrim,
};
