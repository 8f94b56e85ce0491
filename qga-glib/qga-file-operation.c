/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-file-operation-private.h"

#include <string.h>

#include "qga-ahead-private.h"
#include "qga-error-private.h"
#include "wire/wire-base64.h"
#include "wire/wire-task.h"

/* The steps of an operation are the same whether its caller blocks or not: an
 * order is made, and its reply taken, until there is no more to ask for. */

typedef enum
{
  STEP_ORDER,  /* the agent is to be asked */
  STEP_DONE,
  STEP_FAILED,
} Step;

/* Guests that have nothing to say and do not say so would keep us for ever. */
#define MOST_EMPTY 3u

static const char *const commands[] = {
  [QGA_FILE_READ] = "guest-file-read",   [QGA_FILE_WRITE] = "guest-file-write", [QGA_FILE_SEEK] = "guest-file-seek",
  [QGA_FILE_FLUSH] = "guest-file-flush", [QGA_FILE_CLOSE] = "guest-file-close",
};

static gboolean
appends (const QgaFileHandle *handle)
{
  return handle->mode == QGA_FILE_MODE_APPEND || handle->mode == QGA_FILE_MODE_APPEND_READ;
}

/* --- the beginning ------------------------------------------------------------------- */

static gboolean
check_mode (const QgaFileOperation *self, GError **error)
{
  QgaFileEnds ends = qga_file_mode_get_ends (self->handle->mode);

  if (self->verb == QGA_FILE_READ && !(ends & QGA_FILE_INPUT))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "The guest's file %s was not opened for reading", self->handle->path);
  else if (self->verb == QGA_FILE_WRITE && !(ends & QGA_FILE_OUTPUT))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "The guest's file %s was not opened for writing", self->handle->path);
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_offset (const QgaFileOperation *self, GError **error)
{
  if (self->verb != QGA_FILE_SEEK || self->whence != G_SEEK_SET || self->offset >= 0)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "There is nothing before a file's first byte");
  return FALSE;
}

static Step
begin (QgaFileOperation *self, GError **error)
{
  QgaFileHandle *handle = self->handle;
  gboolean closed, dirty;

  g_mutex_lock (&handle->lock);
  closed = handle->closed;
  dirty = handle->dirty;
  handle->closed |= self->verb == QGA_FILE_CLOSE;
  g_mutex_unlock (&handle->lock);

  if (self->verb == QGA_FILE_CLOSE)
    return closed ? STEP_DONE : STEP_ORDER;
  if (self->verb == QGA_FILE_NOTHING || (self->verb == QGA_FILE_FLUSH && (closed || !dirty)))
    return STEP_DONE;
  if (closed)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The guest's file %s is closed", handle->path);
      return STEP_FAILED;
    }
  return check_mode (self, error) && check_offset (self, error) ? STEP_ORDER : STEP_FAILED;
}

/* --- orders ---------------------------------------------------------------------------- */

static char *
write_seek (const QgaFileHandle *handle, goffset offset, GSeekType whence, gsize *length)
{
  static const struct
  {
    GSeekType type;
    const char *word;
    const char *number;
  } names[] = {
    { G_SEEK_SET, "\"set\"", "0" },
    { G_SEEK_CUR, "\"cur\"", "1" },
    { G_SEEK_END, "\"end\"", "2" },
  };
  guint i = 0;
  char *text;

  while (names[i].type != whence)
    i++;
  text = g_strdup_printf ("{\"handle\":%" G_GINT64_FORMAT ",\"offset\":%" G_GOFFSET_FORMAT ",\"whence\":%s}", handle->number,
                          offset, handle->speaks_words ? names[i].word : names[i].number);
  *length = strlen (text);
  return text;
}

static char *
write_bytes (const QgaFileHandle *handle, const guint8 *bytes, gsize n_bytes, gsize *length)
{
  gsize text_size = (n_bytes + 2) / 3 * 4;
  char *text = g_malloc (text_size + 64);
  gsize at = (gsize) g_snprintf (text, 64, "{\"handle\":%" G_GINT64_FORMAT ",\"buf-b64\":\"", handle->number);

  at += wire_base64_encode (bytes, n_bytes, text + at);
  memcpy (text + at, "\"}", 3);
  *length = at + 2;
  return text;
}

static void
write_arguments (QgaFileOperation *self, QgaOrder *order)
{
  const QgaFileHandle *handle = self->handle;

  switch (self->verb)
    {
    case QGA_FILE_READ:
      order->arguments = g_strdup_printf ("{\"handle\":%" G_GINT64_FORMAT ",\"count\":%" G_GSIZE_FORMAT "}", handle->number,
                                          self->size);
      break;
    case QGA_FILE_WRITE:
      order->arguments = write_bytes (handle, self->from + self->done, self->size - self->done, &order->length);
      return;
    case QGA_FILE_SEEK:
      order->arguments = write_seek (handle, self->offset, self->whence, &order->length);
      return;
    default:
      order->arguments = g_strdup_printf ("{\"handle\":%" G_GINT64_FORMAT "}", handle->number);
      break;
    }
  order->length = strlen (order->arguments);
}

/* Whoever reads on and on is read ahead for: the agent is at the next chunk
 * while the last one is decoded and used. Only where nothing else moves the
 * position, and where it can be moved back. */
static gboolean
is_read_on (const QgaFileOperation *self)
{
  const QgaFileHandle *handle = self->handle;

  return self->verb == QGA_FILE_READ && handle->mode == QGA_FILE_MODE_READ && self->size == QGA_FILE_CHUNK;
}

/* The read that is under way already, if it is what is wanted. If it is not,
 * it took the agent to somewhere else. */
static QgaAhead *
take_ahead (QgaFileOperation *self)
{
  QgaFileHandle *handle = self->handle;
  QgaAhead *ahead;

  g_mutex_lock (&handle->lock);
  ahead = g_steal_pointer (&handle->ahead);
  if (ahead != NULL && (!is_read_on (self) || handle->position_lost))
    {
      handle->position_lost = TRUE;
      g_clear_pointer (&ahead, qga_ahead_unref);
    }
  self->seeking = FALSE;
  g_mutex_unlock (&handle->lock);
  return ahead;
}

static void
read_ahead (QgaFileOperation *self)
{
  QgaFileHandle *handle = self->handle;
  QgaOrder order = { .command = commands[QGA_FILE_READ], .generation = handle->generation };
  QgaAhead *ahead;

  write_arguments (self, &order);
  ahead = qga_connection_order_ahead (handle->connection, &order);
  g_mutex_lock (&handle->lock);
  g_clear_pointer (&handle->ahead, qga_ahead_unref);
  handle->ahead = ahead;
  g_mutex_unlock (&handle->lock);
}

/* Whether the agent has to be brought to the right place first: where we left
 * it, or at the end of a file that is appended to. Before anything is read
 * ahead it is tried whether that can be done. */
static gboolean
find_place (QgaFileOperation *self, goffset *offset, GSeekType *whence)
{
  QgaFileHandle *handle = self->handle;
  gboolean to_end = self->verb == QGA_FILE_WRITE && appends (handle);
  gboolean from_here = self->verb == QGA_FILE_READ || self->verb == QGA_FILE_WRITE ||
                       (self->verb == QGA_FILE_SEEK && self->whence == G_SEEK_CUR);
  gboolean needed;

  g_mutex_lock (&handle->lock);
  *offset = to_end ? 0 : handle->position;
  *whence = to_end ? G_SEEK_END : G_SEEK_SET;
  needed = to_end ? !handle->at_end : from_here && handle->position_lost;
  needed |= is_read_on (self) && handle->n_whole > 0 && handle->places == QGA_PLACES_UNKNOWN;
  g_mutex_unlock (&handle->lock);
  return needed;
}

static QgaOrder
make_order (QgaFileOperation *self)
{
  QgaOrder order = { .command = commands[self->verb], .generation = self->handle->generation };
  GSeekType whence;
  goffset offset;

  order.insists = self->verb == QGA_FILE_CLOSE;
  order.joins = take_ahead (self);
  if (order.joins != NULL)
    return order;
  self->seeking = find_place (self, &offset, &whence);
  if (!self->seeking)
    {
      write_arguments (self, &order);
      return order;
    }
  order.command = commands[QGA_FILE_SEEK];
  order.arguments = write_seek (self->handle, offset, whence, &order.length);
  return order;
}

/* --- replies ------------------------------------------------------------------------------ */

static guint
find_member (const QgaReply *reply, const char *command, const char *name, WireType type, GError **error)
{
  const WireView *view = &reply->document->view;
  gboolean is_object = view->values[reply->result].type == WIRE_OBJECT;
  guint place = is_object ? wire_view_member (view, reply->result, name) : 0;

  if (place != 0 && view->values[place].type == type)
    return place;
  g_set_error (error, QGA_ERROR, QGA_ERROR_PROTOCOL, "%s: return.%s: expected %s, found %s", command, name,
               wire_type_name (type), place != 0 ? wire_type_name (view->values[place].type) : "nothing");
  return 0;
}

static gboolean
read_number (const QgaReply *reply, const char *command, const char *name, gint64 least, gint64 most, gint64 *number,
             GError **error)
{
  guint place = find_member (reply, command, name, WIRE_INTEGER, error);

  if (place == 0)
    return FALSE;
  if (wire_view_get_int64 (&reply->document->view, place, number) && *number >= least && *number <= most)
    return TRUE;
  if (most == G_MAXINT64)
    g_set_error (error, QGA_ERROR, QGA_ERROR_PROTOCOL, "%s: return.%s: expected at least %" G_GINT64_FORMAT, command, name, least);
  else
    g_set_error (error, QGA_ERROR, QGA_ERROR_PROTOCOL,
                 "%s: return.%s: expected %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, command, name, least, most);
  return FALSE;
}

/* Straight to where the bytes are wanted. */
static gboolean
decode (QgaFileOperation *self, const char *text, gsize length, gsize *n_bytes, GError **error)
{
  const char *problem = NULL;

  if (wire_base64_decoded_size (text, length) > self->size)
    problem = "more than was asked for";
  else if (!wire_base64_decode (text, length, self->to, n_bytes))
    problem = "what is not base64";
  if (problem == NULL)
    return TRUE;
  g_set_error (error, QGA_ERROR, QGA_ERROR_PROTOCOL,
               "guest-file-read: return.buf-b64: expected base64 of %" G_GSIZE_FORMAT " bytes at most, found %s", self->size,
               problem);
  return FALSE;
}

static gboolean
read_bytes (QgaFileOperation *self, const QgaReply *reply, gsize *n_bytes, GError **error)
{
  const WireView *view = &reply->document->view;
  guint place = find_member (reply, "guest-file-read", "buf-b64", WIRE_STRING, error);
  g_autofree char *plain = NULL;

  if (place == 0)
    return FALSE;
  /* an agent may write its slashes with a backslash */
  if (view->values[place].flags & WIRE_VALUE_ESCAPED)
    {
      plain = wire_view_dup_string (view, place);
      return decode (self, plain, strlen (plain), n_bytes, error);
    }
  return decode (self, view->text + view->values[place].offset, view->values[place].length, n_bytes, error);
}

static Step
take_nothing (QgaFileOperation *self, gboolean is_end, GError **error)
{
  if (is_end)
    return STEP_DONE;
  if (++self->n_empty < MOST_EMPTY)
    return STEP_ORDER;
  g_set_error (error, QGA_ERROR, QGA_ERROR_PROTOCOL,
               "guest-file-read: return.count: %u reads in a row found nothing, and no end of the file", MOST_EMPTY);
  return STEP_FAILED;
}

/* What the agent says of the end counts only when nothing came with it. */
static Step
take_read (QgaFileOperation *self, const QgaReply *reply, GError **error)
{
  QgaFileHandle *handle = self->handle;
  guint eof = find_member (reply, "guest-file-read", "eof", WIRE_BOOLEAN, error);
  gsize n_bytes = 0;
  gboolean is_end = FALSE;
  gint64 count;

  if (eof == 0 || !read_number (reply, "guest-file-read", "count", 0, (gint64) self->size, &count, error))
    return STEP_FAILED;
  wire_view_get_boolean (&reply->document->view, eof, &is_end);
  if (is_read_on (self) && handle->places == QGA_PLACES_FOUND && (gsize) count == self->size && !is_end)
    read_ahead (self);
  if (!read_bytes (self, reply, &n_bytes, error))
    return STEP_FAILED;
  if ((gsize) count != n_bytes)
    {
      g_set_error (error, QGA_ERROR, QGA_ERROR_PROTOCOL,
                   "guest-file-read: return.count: expected %" G_GSIZE_FORMAT ", as many as there are in buf-b64, found %"
                   G_GINT64_FORMAT, n_bytes, count);
      return STEP_FAILED;
    }
  if (n_bytes == 0)
    return take_nothing (self, is_end, error);
  self->done = n_bytes;
  g_mutex_lock (&handle->lock);
  handle->n_whole = n_bytes == QGA_FILE_CHUNK ? handle->n_whole + 1 : 0;
  handle->position += (goffset) n_bytes;
  handle->at_end = FALSE;
  g_mutex_unlock (&handle->lock);
  return STEP_DONE;
}

static Step
take_write (QgaFileOperation *self, const QgaReply *reply, GError **error)
{
  QgaFileHandle *handle = self->handle;
  gint64 count;

  if (!read_number (reply, "guest-file-write", "count", 1, (gint64) (self->size - self->done), &count, error))
    return STEP_FAILED;
  self->done += (gsize) count;
  g_mutex_lock (&handle->lock);
  handle->position += count;
  handle->dirty = TRUE;
  g_mutex_unlock (&handle->lock);
  return self->done < self->size ? STEP_ORDER : STEP_DONE;
}

static Step
take_seek (QgaFileOperation *self, const QgaReply *reply, GError **error)
{
  QgaFileHandle *handle = self->handle;
  gint64 position;

  if (!read_number (reply, "guest-file-seek", "position", 0, G_MAXINT64, &position, error))
    return STEP_FAILED;
  g_mutex_lock (&handle->lock);
  handle->position = position;
  handle->position_lost = FALSE;
  handle->places = QGA_PLACES_FOUND;
  handle->n_whole = self->seeking ? handle->n_whole : 0;
  handle->at_end = self->seeking && self->verb == QGA_FILE_WRITE;
  g_mutex_unlock (&handle->lock);
  return self->seeking ? STEP_ORDER : STEP_DONE;
}

static Step
take_reply (QgaFileOperation *self, const QgaReply *reply, GError **error)
{
  if (self->seeking)
    return take_seek (self, reply, error);
  switch (self->verb)
    {
    case QGA_FILE_READ:
      return take_read (self, reply, error);
    case QGA_FILE_WRITE:
      return take_write (self, reply, error);
    case QGA_FILE_SEEK:
      return take_seek (self, reply, error);
    case QGA_FILE_FLUSH:
      g_mutex_lock (&self->handle->lock);
      self->handle->dirty = FALSE;
      g_mutex_unlock (&self->handle->lock);
      return STEP_DONE;
    default:
      return STEP_DONE;
    }
}

/* --- failures ------------------------------------------------------------------------------- */

/* Not every file has places in it: what is appended to a pipe needs none, nor
 * does what is not read ahead. */
static gboolean
can_do_without_place (const QgaFileOperation *self, const GError *error)
{
  const QgaFileHandle *handle = self->handle;
  gboolean missing = self->seeking && qga_error_is_refusal (error) && error->code == QGA_ERROR_GENERIC;

  if (self->verb == QGA_FILE_WRITE)
    return missing && appends (handle);
  return missing && self->verb == QGA_FILE_READ && !handle->position_lost;
}

static void
note_failure (QgaFileOperation *self, const GError *error)
{
  QgaFileHandle *handle = self->handle;
  gboolean moved = self->verb == QGA_FILE_READ || self->verb == QGA_FILE_WRITE || self->verb == QGA_FILE_SEEK;

  /* an agent that refuses to read or to seek stays where it is */
  if (!moved || (qga_error_is_refusal (error) && self->verb != QGA_FILE_WRITE))
    return;
  g_mutex_lock (&handle->lock);
  handle->position_lost = TRUE;
  handle->at_end = FALSE;
  g_mutex_unlock (&handle->lock);
}

/* Takes the failure. */
static Step
take_failure (QgaFileOperation *self, GError *failure, GError **error)
{
  if (can_do_without_place (self, failure))
    {
      g_mutex_lock (&self->handle->lock);
      self->handle->places = QGA_PLACES_MISSING;
      self->handle->at_end = self->verb == QGA_FILE_WRITE;
      g_mutex_unlock (&self->handle->lock);
      g_error_free (failure);
      return STEP_ORDER;
    }
  note_failure (self, failure);
  g_propagate_error (error, failure);
  return STEP_FAILED;
}

/* Takes the failure; without one there is a reply. */
static Step
take (QgaFileOperation *self, const QgaReply *reply, GError *failure, GError **error)
{
  Step step;

  if (self->verb == QGA_FILE_CLOSE)
    qga_file_handle_release (self->handle);
  if (reply != NULL)
    {
      step = take_reply (self, reply, &failure);
      if (step != STEP_FAILED)
        return step;
    }
  return take_failure (self, failure, error);
}

/* --- in the blocking form --------------------------------------------------------------------- */

gssize
qga_file_operation_run (QgaFileOperation *self, GCancellable *cancellable, GError **error)
{
  Step step = begin (self, error);

  while (step == STEP_ORDER)
    {
      QgaOrder order = make_order (self);
      GError *failure = NULL;
      g_autoptr (QgaReply) reply = qga_connection_order (self->handle->connection, &order, cancellable, &failure);

      step = take (self, reply, failure, error);
    }
  return step == STEP_DONE ? (gssize) self->done : -1;
}

/* --- in the asynchronous form ------------------------------------------------------------------- */

static void
free_operation (gpointer data)
{
  QgaFileOperation *self = data;

  qga_file_handle_unref (self->handle);
  g_free (self);
}

static void on_reply (GObject *source, GAsyncResult *result, gpointer data);

/* Takes the task and the error. */
static void
go_on (GTask *task, Step step, GError *error)
{
  QgaFileOperation *self = g_task_get_task_data (task);
  gssize done = (gssize) self->done;

  if (step == STEP_ORDER)
    {
      QgaOrder order = make_order (self);
      QgaConnection *connection = self->handle->connection;
      GTask *errand = wire_task_new (connection, on_reply, g_task_get_cancellable (task), on_reply, task);

      g_task_set_priority (errand, g_task_get_priority (task));
      qga_connection_order_async (connection, &order, errand);
      return;
    }
  /* a caller may keep the result for long: that must not keep a connection */
  g_task_set_task_data (task, NULL, NULL);
  if (step == STEP_DONE)
    g_task_return_int (task, done);
  else
    g_task_return_error (task, error);
  g_object_unref (task);
}

static void
on_reply (G_GNUC_UNUSED GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  GError *failure = NULL, *error = NULL;
  g_autoptr (QgaReply) reply = g_task_propagate_pointer (G_TASK (result), &failure);
  Step step = take (g_task_get_task_data (task), reply, failure, &error);

  go_on (task, step, error);
}

void
qga_file_operation_start (const QgaFileOperation *operation, gpointer source, gpointer tag, int priority,
                          GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = wire_task_new (source, tag, cancellable, callback, user_data);
  QgaFileOperation *self = g_memdup2 (operation, sizeof *operation);
  GError *error = NULL;
  Step step;

  qga_file_handle_ref (self->handle);
  g_task_set_task_data (task, self, free_operation);
  g_task_set_priority (task, priority);
  step = begin (self, &error);
  go_on (task, step, error);
}

gssize
qga_file_operation_finish (gpointer source, GAsyncResult *result, gpointer tag, GError **error)
{
  g_return_val_if_fail (wire_task_is_result (source, result, tag), -1);
  return g_task_propagate_int (G_TASK (result), error);
}

/* --- nobody waits ------------------------------------------------------------------------------- */

/* What it asks for is queued behind all that still uses the handle: so the
 * agent may give the number to another file from now on. */
void
qga_file_handle_abandon (QgaFileHandle *handle)
{
  QgaFileOperation self = { .handle = handle, .verb = QGA_FILE_CLOSE };
  QgaOrder order;

  if (begin (&self, NULL) != STEP_ORDER)
    return;
  order = make_order (&self);
  qga_connection_order_and_forget (handle->connection, &order);
  qga_file_handle_release (handle);
}

/* --- what does not need the agent ------------------------------------------------------------- */

gboolean
qga_file_can_seek (G_GNUC_UNUSED GSeekable *seekable)
{
  return TRUE;
}

gboolean
qga_file_can_truncate (G_GNUC_UNUSED GSeekable *seekable)
{
  return FALSE;
}

gboolean
qga_file_truncate (G_GNUC_UNUSED GSeekable *seekable, G_GNUC_UNUSED goffset size, G_GNUC_UNUSED GCancellable *cancellable,
                   GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "A guest agent cannot change the size of a file");
  return FALSE;
}
