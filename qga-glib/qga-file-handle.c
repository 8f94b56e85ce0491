/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-file-handle-private.h"

#include "qga-ahead-private.h"
#include "wire/wire-writer.h"

/* A file's handle: from its opening to its end. */

static const struct
{
  const char *text;
  QgaFileEnds ends;
} modes[] = {
  [QGA_FILE_MODE_READ] = { "rb", QGA_FILE_INPUT },
  [QGA_FILE_MODE_WRITE] = { "wb", QGA_FILE_OUTPUT },
  [QGA_FILE_MODE_APPEND] = { "ab", QGA_FILE_OUTPUT },
  [QGA_FILE_MODE_READ_WRITE] = { "r+b", QGA_FILE_INPUT | QGA_FILE_OUTPUT },
  [QGA_FILE_MODE_WRITE_READ] = { "w+b", QGA_FILE_INPUT | QGA_FILE_OUTPUT },
  [QGA_FILE_MODE_APPEND_READ] = { "a+b", QGA_FILE_INPUT | QGA_FILE_OUTPUT },
};

QgaFileEnds
qga_file_mode_get_ends (QgaFileMode mode)
{
  return modes[mode].ends;
}

QgaOrder
qga_file_handle_order_opening (const char *path, QgaFileMode mode)
{
  GString *text = g_string_new ("{\"path\":");
  QgaOrder order = { .command = "guest-file-open", .gives = QGA_GIVES_HANDLE };

  wire_write_string (text, path);
  g_string_append_printf (text, ",\"mode\":\"%s\"}", modes[mode].text);
  order.length = text->len;
  order.arguments = g_string_free (text, FALSE);
  return order;
}

QgaFileHandle *
qga_file_handle_new (QgaConnection *connection, const char *path, QgaFileMode mode, const QgaReply *reply)
{
  QgaFileHandle *self = g_new0 (QgaFileHandle, 1);

  self->references = 1;
  self->connection = g_object_ref (connection);
  self->path = g_strdup (path);
  self->mode = mode;
  self->number = reply->number;
  self->generation = reply->generation;
  self->speaks_words = !qga_connection_get_session (connection)->by_order;
  self->open_ends = modes[mode].ends;
  g_mutex_init (&self->lock);
  return self;
}

QgaFileHandle *
qga_file_handle_ref (QgaFileHandle *self)
{
  g_atomic_int_inc (&self->references);
  return self;
}

void
qga_file_handle_unref (QgaFileHandle *self)
{
  if (!g_atomic_int_dec_and_test (&self->references))
    return;
  g_clear_pointer (&self->ahead, qga_ahead_unref);
  g_mutex_clear (&self->lock);
  g_object_unref (self->connection);
  g_free (self->path);
  g_free (self);
}

goffset
qga_file_handle_tell (QgaFileHandle *self)
{
  goffset position;

  g_mutex_lock (&self->lock);
  position = self->position;
  g_mutex_unlock (&self->lock);
  return position;
}

gboolean
qga_file_handle_close_end (QgaFileHandle *self, QgaFileEnds end)
{
  gboolean last;

  g_mutex_lock (&self->lock);
  last = self->open_ends == end;
  self->open_ends &= ~end;
  g_mutex_unlock (&self->lock);
  return last;
}

/* Unless it is another agent's already. */
void
qga_file_handle_release (QgaFileHandle *self)
{
  QgaSession *session = qga_connection_get_session (self->connection);

  wire_link_lock (&session->link);
  if (self->generation == session->standing.generation)
    qga_session_release (session, FALSE, self->number);
  wire_link_unlock (&session->link);
}
