/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mock/mock-agent-private.h"

#include <string.h>

/* guest-file-*: files in memory. Handles count up from here, and do so again
 * after a restart. */

#define FIRST_HANDLE 1000
#define USUAL_COUNT  4096
#define MOST_READ    (48 << 20)

typedef struct
{
  GByteArray *content;
  gsize position;
  gboolean reads;
  gboolean writes;
  gboolean appends;
  guint n_reads;
} Handle;

static void
free_handle (gpointer data)
{
  Handle *handle = data;

  g_byte_array_unref (handle->content);
  g_free (handle);
}

/* --- opening -------------------------------------------------------------------------------- */

static GByteArray *
find_content (MockAgent *self, const char *path, char mode)
{
  GByteArray *content = g_hash_table_lookup (self->files, path);

  if (content == NULL && mode == 'r')
    return NULL;
  if (content == NULL)
    {
      content = g_byte_array_new ();
      g_hash_table_insert (self->files, g_strdup (path), content);
    }
  if (mode == 'w')
    g_byte_array_set_size (content, 0);
  return content;
}

static char *
answer_open (MockAgent *self, const MockAgentCommand *command, gpointer data)
{
  const char *path = mock_agent_get_string (command, "path");
  const char *mode = mock_agent_get_string (command, "mode");
  gboolean both;
  GByteArray *content;
  Handle *handle;

  if (path == NULL)
    return mock_agent_error ("GenericError", "Parameter 'path' is missing");
  if (mode == NULL)
    mode = "r";
  if (strchr ("rwa", *mode) == NULL || strspn (mode + 1, "b+") != strlen (mode + 1))
    return mock_agent_error ("GenericError", "invalid file open mode '%s'", mode);
  content = find_content (self, path, *mode);
  if (content == NULL)
    return mock_agent_error ("GenericError", "failed to open file '%s' (mode: '%s'): No such file or directory", path, mode);
  both = strchr (mode, '+') != NULL;
  handle = g_new0 (Handle, 1);
  handle->content = g_byte_array_ref (content);
  handle->reads = both || *mode == 'r';
  handle->writes = both || *mode != 'r';
  handle->appends = *mode == 'a';
  self->last_handle = MAX (self->last_handle + 1, FIRST_HANDLE);
  g_hash_table_insert (self->handles, GSIZE_TO_POINTER ((gsize) self->last_handle), handle);
  return mock_agent_return ("%" G_GINT64_FORMAT, self->last_handle);
}

/* The handle that a command names; or NULL and the refusal. */
static Handle *
find_handle (MockAgent *self, const MockAgentCommand *command, gint64 *number, char **refusal)
{
  Handle *handle;

  *number = -1;
  mock_agent_get_integer (command, "handle", number);
  handle = g_hash_table_lookup (self->handles, GSIZE_TO_POINTER ((gsize) *number));
  if (handle == NULL)
    *refusal = mock_agent_error ("GenericError", "handle '%" G_GINT64_FORMAT "' has not been found", *number);
  return handle;
}

static char *
answer_close (MockAgent *self, const MockAgentCommand *command, gpointer data)
{
  gint64 number;
  char *refusal;

  if (find_handle (self, command, &number, &refusal) == NULL)
    return refusal;
  g_hash_table_remove (self->handles, GSIZE_TO_POINTER ((gsize) number));
  if (self->file_faults.fails_at_close)
    return mock_agent_error ("GenericError", "failed to close handle: No space left on device");
  return mock_agent_return ("{}");
}

static char *
answer_flush (MockAgent *self, const MockAgentCommand *command, gpointer data)
{
  gint64 number;
  char *refusal;

  if (find_handle (self, command, &number, &refusal) == NULL)
    return refusal;
  if (self->file_faults.fails_at_flush)
    return mock_agent_error ("GenericError", "failed to flush file: No space left on device");
  return mock_agent_return ("{}");
}

/* --- reading ----------------------------------------------------------------------------------- */

static gsize
limit (gsize n, gsize most)
{
  return most > 0 ? MIN (n, most) : n;
}

static char *
spoil_base64 (char *text)
{
  gsize length = strlen (text);
  char *spoilt;

  if (length < 4)
    return text;
  spoilt = g_strdup_printf ("%.*s*%s", (int) (length / 2), text, text + length / 2);
  g_free (text);
  return spoilt;
}

/* The end is found by reading past it, as fread() does. */
static char *
read_some (MockAgent *self, Handle *handle, gsize wanted)
{
  const MockFileFaults *faults = &self->file_faults;
  gsize left = handle->content->len - MIN (handle->position, handle->content->len);
  gsize n = limit (MIN (wanted, left), faults->most_read);
  gboolean eof = n == left && wanted > left && !faults->never_eof;
  g_autofree char *text = NULL;

  if (handle->n_reads++ < faults->n_empty_reads)
    {
      n = 0;
      eof = FALSE;
    }
  text = g_base64_encode (n > 0 ? handle->content->data + handle->position : (const guchar *) "", n);
  handle->position += n;
  if (faults->junk)
    text = spoil_base64 (g_steal_pointer (&text));
  return mock_agent_return ("{\"count\": %" G_GINT64_FORMAT ", \"buf-b64\": \"%s\", \"eof\": %s}", (gint64) n + faults->lie, text,
                            eof || faults->early_eof ? "true" : "false");
}

static char *
answer_read (MockAgent *self, const MockAgentCommand *command, gpointer data)
{
  gint64 number, wanted = USUAL_COUNT;
  char *refusal;
  Handle *handle = find_handle (self, command, &number, &refusal);

  if (handle == NULL)
    return refusal;
  mock_agent_get_integer (command, "count", &wanted);
  if (wanted < 0 || wanted > MOST_READ)
    return mock_agent_error ("GenericError", "value '%" G_GINT64_FORMAT "' is invalid for argument count", wanted);
  if (!handle->reads)
    return mock_agent_error ("GenericError", "failed to read file: Bad file descriptor");
  return read_some (self, handle, (gsize) wanted);
}

/* --- writing -------------------------------------------------------------------------------------- */

static void
put (Handle *handle, const guchar *bytes, gsize n)
{
  gsize length = handle->content->len;

  if (handle->appends)
    handle->position = length;
  if (handle->position + n > length)
    g_byte_array_set_size (handle->content, (guint) (handle->position + n));
  if (handle->position > length)
    memset (handle->content->data + length, 0, handle->position - length);
  if (n > 0)
    memcpy (handle->content->data + handle->position, bytes, n);
  handle->position += n;
}

static char *
write_some (MockAgent *self, Handle *handle, const guchar *bytes, gsize wanted)
{
  const MockFileFaults *faults = &self->file_faults;
  gsize n = limit (wanted, faults->most_written);

  if (faults->room > 0)
    {
      if (handle->content->len >= faults->room && n > 0)
        return mock_agent_error ("GenericError", "failed to write to file: No space left on device");
      n = MIN (n, faults->room - MIN (handle->content->len, faults->room));
    }
  put (handle, bytes, n);
  return mock_agent_return ("{\"count\": %" G_GINT64_FORMAT ", \"eof\": false}", (gint64) n + faults->lie);
}

static char *
answer_write (MockAgent *self, const MockAgentCommand *command, gpointer data)
{
  const char *text = mock_agent_get_string (command, "buf-b64");
  gint64 number, wanted;
  char *refusal;
  Handle *handle = find_handle (self, command, &number, &refusal);
  g_autofree guchar *bytes = NULL;
  gsize length;

  if (handle == NULL)
    return refusal;
  if (text == NULL)
    return mock_agent_error ("GenericError", "Parameter 'buf-b64' is missing");
  if (strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") != strlen (text))
    return mock_agent_error ("GenericError", "Base64 data contains invalid characters");
  bytes = g_base64_decode (text, &length);
  wanted = (gint64) length;
  mock_agent_get_integer (command, "count", &wanted);
  if (wanted < 0 || (gsize) wanted > length)
    return mock_agent_error ("GenericError", "value '%" G_GINT64_FORMAT "' is invalid for argument count", wanted);
  if (!handle->writes)
    return mock_agent_error ("GenericError", "failed to write to file: Bad file descriptor");
  return write_some (self, handle, bytes, (gsize) wanted);
}

/* --- seeking ---------------------------------------------------------------------------------------- */

/* Both ways to say it: 0, 1, 2, and words. */
static gint64
find_base (const MockAgentCommand *command, const Handle *handle)
{
  const char *word = mock_agent_get_string (command, "whence");
  gint64 number = -1;

  mock_agent_get_integer (command, "whence", &number);
  if (number == 0 || g_strcmp0 (word, "set") == 0)
    return 0;
  if (number == 1 || g_strcmp0 (word, "cur") == 0)
    return (gint64) handle->position;
  if (number == 2 || g_strcmp0 (word, "end") == 0)
    return (gint64) handle->content->len;
  return -1;
}

static char *
answer_seek (MockAgent *self, const MockAgentCommand *command, gpointer data)
{
  gint64 number, base, offset;
  char *refusal;
  Handle *handle = find_handle (self, command, &number, &refusal);

  if (handle == NULL)
    return refusal;
  base = find_base (command, handle);
  if (base < 0 || !mock_agent_get_integer (command, "offset", &offset))
    return mock_agent_error ("GenericError", "Invalid parameter 'whence'");
  if (offset > G_MAXUINT32 || base + offset < 0)
    return mock_agent_error ("GenericError", "failed to seek file: Invalid argument");
  handle->position = (gsize) (base + offset);
  return mock_agent_return ("{\"eof\": false, \"position\": %" G_GINT64_FORMAT "}", base + offset);
}

/* --- for the test ------------------------------------------------------------------------------------- */

/* Or changes it, under the hands of those who have it open. */
void
mock_agent_add_file (MockAgent *self, const char *path, const void *bytes, gsize length)
{
  mock_agent_lock (self);
  g_byte_array_append (find_content (self, path, 'w'), bytes, (guint) length);
  mock_agent_unlock (self);
}

GBytes *
mock_agent_dup_file (MockAgent *self, const char *path)
{
  GByteArray *content;
  GBytes *bytes;

  mock_agent_lock (self);
  content = g_hash_table_lookup (self->files, path);
  bytes = content != NULL ? g_bytes_new (content->data, content->len) : NULL;
  mock_agent_unlock (self);
  return bytes;
}

void
mock_agent_spoil_files (MockAgent *self, const MockFileFaults *faults)
{
  mock_agent_lock (self);
  self->file_faults = *faults;
  mock_agent_unlock (self);
}

guint
mock_agent_count_handles (MockAgent *self)
{
  guint n;

  mock_agent_lock (self);
  n = g_hash_table_size (self->handles);
  mock_agent_unlock (self);
  return n;
}

void
mock_agent_init_files (MockAgent *self)
{
  self->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_byte_array_unref);
  self->handles = g_hash_table_new_full (NULL, NULL, NULL, free_handle);
  mock_agent_answer_with (self, "guest-file-open", answer_open, NULL);
  mock_agent_answer_with (self, "guest-file-close", answer_close, NULL);
  mock_agent_answer_with (self, "guest-file-flush", answer_flush, NULL);
  mock_agent_answer_with (self, "guest-file-read", answer_read, NULL);
  mock_agent_answer_with (self, "guest-file-write", answer_write, NULL);
  mock_agent_answer_with (self, "guest-file-seek", answer_seek, NULL);
}
