/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qga-copy-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static gboolean
fail (GError **error, const char *what, const char *path)
{
  int code = errno;

  g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (code), "%s %s: %s", what, path, g_strerror (code));
  return FALSE;
}

static gboolean
refuse (GError **error, GIOErrorEnum code, const char *path, const char *why)
{
  g_set_error (error, G_IO_ERROR, (int) code, "%s %s", path, why);
  return FALSE;
}

static gboolean
get_path (GFile *file, const char **path, GError **error)
{
  *path = g_file_peek_path (file);
  if (*path != NULL)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "Only files with a path in the host can be copied from and to");
  return FALSE;
}

gboolean
qga_copy_check_flags (GFileCopyFlags flags, GError **error)
{
  if ((flags & ~G_FILE_COPY_OVERWRITE) == 0)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "Only to overwrite can be asked for when copying");
  return FALSE;
}

/* --- what is written to ---------------------------------------------------------------- */

/* Whether the name may be given to another file. */
static gboolean
check_name (const QgaCopyTarget *self, GError **error)
{
  struct stat status;

  if (fstatat (self->folder, self->name, &status, AT_SYMLINK_NOFOLLOW) != 0)
    return errno == ENOENT || fail (error, "Could not look for", self->path);
  if (S_ISDIR (status.st_mode))
    return refuse (error, G_IO_ERROR_IS_DIRECTORY, self->path, "is a directory");
  if (!S_ISREG (status.st_mode) && !S_ISLNK (status.st_mode))
    return refuse (error, G_IO_ERROR_NOT_REGULAR_FILE, self->path, "is not a regular file");
  if (!self->overwrites)
    return refuse (error, G_IO_ERROR_EXISTS, self->path, "exists already");
  return TRUE;
}

gboolean
qga_copy_target_open (QgaCopyTarget *self, GFile *destination, GFileCopyFlags flags, GError **error)
{
  g_autofree char *folder = NULL;

  *self = (QgaCopyTarget) { .folder = -1, .fd = -1, .overwrites = (flags & G_FILE_COPY_OVERWRITE) != 0 };
  if (!get_path (destination, &self->path, error))
    return FALSE;
  folder = g_path_get_dirname (self->path);
  self->name = g_path_get_basename (self->path);
  if (g_str_equal (self->name, G_DIR_SEPARATOR_S))
    return refuse (error, G_IO_ERROR_IS_DIRECTORY, self->path, "is a directory");
  self->folder = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (self->folder < 0)
    return fail (error, "Could not open", folder);
  return check_name (self, error);
}

gboolean
qga_copy_target_create (QgaCopyTarget *self, GError **error)
{
  for (guint tries = 0; tries < 100; tries++)
    {
      g_autofree char *name = g_strdup_printf (".copy-%08x%08x", g_random_int (), g_random_int ());

      self->fd = openat (self->folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
      if (self->fd >= 0)
        {
          self->temporary = g_steal_pointer (&name);
          return TRUE;
        }
      if (errno != EEXIST)
        break;
    }
  return fail (error, "Could not make a file beside", self->path);
}

gboolean
qga_copy_target_write (QgaCopyTarget *self, const void *bytes, gsize n_bytes, GError **error)
{
  const guint8 *from = bytes;

  while (n_bytes > 0)
    {
      gssize n = write (self->fd, from, n_bytes);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return fail (error, "Could not write", self->path);
      from += n;
      n_bytes -= (gsize) n;
    }
  return TRUE;
}

/* File systems that cannot rename without replacing can mostly link. */
static int
rename_to_new (QgaCopyTarget *self)
{
  if (renameat2 (self->folder, self->temporary, self->folder, self->name, RENAME_NOREPLACE) == 0)
    return 0;
  if (errno != EINVAL && errno != ENOSYS)
    return -1;
  if (linkat (self->folder, self->temporary, self->folder, self->name, 0) != 0)
    return -1;
  return unlinkat (self->folder, self->temporary, 0);
}

static gboolean
give_name (QgaCopyTarget *self, GError **error)
{
  int result;

  /* what is there now may not be what was there before */
  if (!check_name (self, error))
    return FALSE;
  result = self->overwrites ? renameat (self->folder, self->temporary, self->folder, self->name) : rename_to_new (self);
  if (result != 0)
    return fail (error, "Could not make", self->path);
  g_clear_pointer (&self->temporary, g_free);
  return TRUE;
}

/* Not every file system has folders to be synced. */
static gboolean
sync_folder (QgaCopyTarget *self, GError **error)
{
  return fsync (self->folder) == 0 || errno == EINVAL || errno == EROFS || fail (error, "Could not make sure of", self->path);
}

gboolean
qga_copy_target_commit (QgaCopyTarget *self, GError **error)
{
  int fd = self->fd;

  if (fsync (fd) != 0)
    return fail (error, "Could not write", self->path);
  self->fd = -1;
  if (close (fd) != 0)
    return fail (error, "Could not write", self->path);
  return give_name (self, error) && sync_folder (self, error);
}

void
qga_copy_target_clear (QgaCopyTarget *self)
{
  if (self->fd >= 0)
    close (self->fd);
  if (self->temporary != NULL)
    unlinkat (self->folder, self->temporary, 0);
  if (self->folder >= 0)
    close (self->folder);
  g_free (self->temporary);
  g_free (self->name);
}

/* --- what is read from ------------------------------------------------------------------- */

gboolean
qga_copy_source_open (QgaCopySource *self, GFile *file, GError **error)
{
  struct stat status;

  *self = (QgaCopySource) { .fd = -1 };
  if (!get_path (file, &self->path, error))
    return FALSE;
  /* a pipe would wait for somebody to write to it */
  self->fd = open (self->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (self->fd < 0)
    return fail (error, "Could not open", self->path);
  if (fstat (self->fd, &status) != 0)
    return fail (error, "Could not look at", self->path);
  if (S_ISDIR (status.st_mode))
    return refuse (error, G_IO_ERROR_IS_DIRECTORY, self->path, "is a directory");
  if (!S_ISREG (status.st_mode))
    return refuse (error, G_IO_ERROR_NOT_REGULAR_FILE, self->path, "is not a regular file");
  self->size = status.st_size;
  return TRUE;
}

gssize
qga_copy_source_read (QgaCopySource *self, void *bytes, gsize n_bytes, GError **error)
{
  gssize n;

  do
    n = read (self->fd, bytes, n_bytes);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    fail (error, "Could not read", self->path);
  return n;
}

void
qga_copy_source_clear (QgaCopySource *self)
{
  if (self->fd >= 0)
    close (self->fd);
}
