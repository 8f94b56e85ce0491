/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "talk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "talk-mask.h"
#include "tool-json.h"

struct _TalkWriter
{
  FILE *file;
  char *path;
  gint64 start;
  guint64 last_id;
};

static void
write_line (TalkWriter *writer, const char *direction, const char *message)
{
  double seconds = (double) (g_get_monotonic_time () - writer->start) / G_USEC_PER_SEC;
  char time[G_ASCII_DTOSTR_BUF_SIZE];

  fprintf (writer->file, "{\"t\":%s,\"dir\":\"%s\",\"msg\":%s}\n", g_ascii_formatd (time, sizeof time, "%.6f", seconds),
           direction, message);
}

static void
write_greeting (TalkWriter *writer, QmpConnection *connection)
{
  QmpVersion *version = qmp_connection_get_version (connection);
  g_autofree char *package = tool_json_quote (qmp_version_get_package (version));
  g_autofree char *message = NULL;

  message = g_strdup_printf ("{\"QMP\":{\"version\":{\"qemu\":{\"major\":%u,\"minor\":%u,\"micro\":%u},\"package\":%s},"
                             "\"capabilities\":[%s]}}",
                             qmp_version_get_major (version), qmp_version_get_minor (version),
                             qmp_version_get_micro (version), package,
                             qmp_connection_get_out_of_band (connection) ? "\"oob\"" : "");
  write_line (writer, "<", message);
}

/* What somebody talked about with QEMU is for nobody else to read, and a file
 * that is there already is not for us to lose. */
TalkWriter *
talk_writer_new (const char *path, QmpConnection *connection, GError **error)
{
  g_autoptr (TalkWriter) writer = g_new0 (TalkWriter, 1);
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

  writer->path = g_strdup (path);
  writer->start = g_get_monotonic_time ();
  writer->file = fd >= 0 ? fdopen (fd, "w") : NULL;
  if (writer->file == NULL)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "Cannot make %s: %s", path, g_strerror (errno));
      return NULL;
    }
  write_greeting (writer, connection);
  return g_steal_pointer (&writer);
}

void
talk_writer_free (TalkWriter *writer)
{
  if (writer->file != NULL)
    fclose (writer->file);
  g_free (writer->path);
  g_free (writer);
}

gboolean
talk_writer_close (TalkWriter *writer, GError **error)
{
  gboolean good = fflush (writer->file) == 0 && ferror (writer->file) == 0;

  good = fclose (writer->file) == 0 && good;
  writer->file = NULL;
  if (!good)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "Cannot write all of %s", writer->path);
  return good;
}

guint64
talk_writer_add_command (TalkWriter *writer, const char *command, QmpValue *arguments, gboolean out_of_band)
{
  g_autofree char *name = tool_json_quote (command);
  g_autofree char *masked = arguments != NULL ? talk_mask (command, arguments) : NULL;
  g_autofree char *message = NULL;
  guint64 id = ++writer->last_id;

  message = g_strdup_printf ("{\"%s\":%s%s%s,\"id\":%" G_GUINT64_FORMAT "}", out_of_band ? "exec-oob" : "execute", name,
                             masked != NULL ? ",\"arguments\":" : "", masked != NULL ? masked : "", id);
  write_line (writer, ">", message);
  return id;
}

void
talk_writer_add_return (TalkWriter *writer, guint64 id, QmpValue *result)
{
  g_autofree char *json = qmp_value_to_json (result);
  g_autofree char *line = tool_json_to_line (json);
  g_autofree char *message = g_strdup_printf ("{\"return\":%s,\"id\":%" G_GUINT64_FORMAT "}", line, id);

  write_line (writer, "<", message);
}

/* Only what QEMU said: a connection that breaks is no part of the talk. */
void
talk_writer_add_error (TalkWriter *writer, guint64 id, const GError *error)
{
  const char *class_name = qmp_error_get_class_name (error);
  const char *description = qmp_error_get_description (error);
  g_autofree char *class_text = class_name != NULL ? tool_json_quote (class_name) : NULL;
  g_autofree char *text = description != NULL ? tool_json_quote (description) : NULL;
  g_autofree char *message = NULL;

  if (class_text == NULL || text == NULL)
    return;
  message = g_strdup_printf ("{\"error\":{\"class\":%s,\"desc\":%s},\"id\":%" G_GUINT64_FORMAT "}", class_text, text, id);
  write_line (writer, "<", message);
}

void
talk_writer_add_event (TalkWriter *writer, QmpEvent *event)
{
  g_autofree char *json = qmp_event_to_json (event);
  g_autofree char *line = tool_json_to_line (json);

  write_line (writer, "<", line);
}
