/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qgactl-transfer.h"

#include <string.h>

#include "tool-json.h"
#include "tool-progress.h"
#include "tool-table.h"

#define INTERVAL (G_USEC_PER_SEC / 10)

void
qgactl_transfer_begin (QgactlTransfer *transfer, const char *path)
{
  transfer->label = g_path_get_basename (path);
  transfer->start = g_get_monotonic_time ();
}

void
qgactl_transfer_clear (QgactlTransfer *transfer)
{
  tool_progress_clear ();
  g_clear_pointer (&transfer->label, g_free);
}

void
qgactl_transfer_show (goffset current, goffset total, gpointer data)
{
  QgactlTransfer *transfer = data;
  gint64 now = g_get_monotonic_time ();
  g_autofree char *done = tool_format_size ((guint64) current);
  g_autofree char *all = tool_format_size ((guint64) total);
  g_autofree char *speed = NULL;
  g_autofree char *detail = NULL;

  transfer->current = current;
  if (now - transfer->shown < INTERVAL)
    return;
  transfer->shown = now;
  speed = tool_format_size ((guint64) ((double) current * 1e6 / (double) MAX (now - transfer->start, 1)));
  detail = g_strdup_printf ("%s of %s, %s/s", done, all, speed);
  tool_progress_show (transfer->label, total > 0 ? (double) current / (double) total : -1, detail);
}

void
qgactl_transfer_end (QgactlTransfer *transfer, ToolApp *app)
{
  g_autofree char *json = g_strdup_printf ("{\"bytes\":%" G_GOFFSET_FORMAT "}", transfer->current);

  tool_progress_clear ();
  if (tool_app_wants_json (app))
    tool_json_print (json, TRUE);
}

void
qgactl_transfer_explain (GError **error, const char *hint)
{
  g_autofree char *text = NULL;

  if (error == NULL || !g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_EXISTS))
    return;
  text = g_strconcat ((*error)->message, "; ", hint, NULL);
  g_free ((*error)->message);
  (*error)->message = g_steal_pointer (&text);
}

char *
qgactl_transfer_target (const char *source, const char *destination, gboolean folder, GError **error)
{
  const char *slash = strrchr (source, '/');
  const char *name = slash != NULL ? slash + 1 : source;

  if (!folder)
    return g_strdup (destination);
  if (*name != '\0' && strcmp (name, ".") != 0 && strcmp (name, "..") != 0)
    return g_build_filename (destination, name, NULL);
  g_set_error (error, TOOL_ERROR, TOOL_ERROR_USAGE, "\"%s\" is no file's name", source);
  return NULL;
}
