/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-screenshot-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "qmp-connection-private.h"
#include "qmp-glib.h"
#include "wire/wire-task.h"

/* QEMU writes a picture into a file. It gets one of ours, as a file descriptor:
 * so the two need no folder in common, and nobody else finds the file.
 *
 * A connection keeps that file for the next picture. QEMU before 9.1 does not
 * close what is taken back as long as the machine stands still: a file for each
 * picture would leave it without file descriptors in the end. */

#define SPARE "qmp-screenshot-spare"

typedef struct
{
  int fd;          /* to read */
  int written_fd;  /* the same file, as QEMU gets it: it wants one for writing alone */
  gint64 set;      /* what QEMU knows that one by */
  char *filename;
  char *device;
  guint head;
  gboolean known;  /* to QEMU, from an earlier picture */
  gboolean plain;  /* in the one format that every QEMU has */
} Shot;

static void
shot_free (Shot *self)
{
  if (self->fd >= 0)
    close (self->fd);
  if (self->written_fd >= 0)
    close (self->written_fd);
  g_free (self->filename);
  g_free (self->device);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Shot, shot_free)

static gboolean
open_file (Shot *self, GError **error)
{
  g_autofree char *path = NULL;

  self->fd = g_file_open_tmp ("screenshot-XXXXXX", &path, error);
  if (self->fd < 0)
    return FALSE;
  self->written_fd = g_open (path, O_WRONLY | O_CLOEXEC, 0);
  if (self->written_fd < 0)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "screendump: %s: %s", path, g_strerror (errno));
  g_unlink (path);
  return self->written_fd >= 0;
}

/* The set has a number of our own: it can be taken back although its reply has
 * not come. */
static Shot *
shot_new (const char *device, guint head, GError **error)
{
  g_autoptr (Shot) self = g_new0 (Shot, 1);

  self->fd = self->written_fd = -1;
  self->set = g_random_int_range (G_MAXINT / 2, G_MAXINT);
  self->filename = g_strdup_printf ("/dev/fdset/%" G_GINT64_FORMAT, self->set);
  self->device = g_strdup (device);
  self->head = head;
  return open_file (self, error) ? g_steal_pointer (&self) : NULL;
}

/* The file of an earlier picture, if there is one and nobody else writes to it. */
static Shot *
take_spare (QmpConnection *connection, const char *device, guint head)
{
  Shot *self = g_object_steal_data (G_OBJECT (connection), SPARE);

  if (self == NULL)
    return NULL;
  self->known = TRUE;
  self->device = g_strdup (device);
  self->head = head;
  return self;
}

static void
take_back (QmpConnection *connection, Shot *self)
{
  qmp_connection_remove_fd_async (connection, self->set, NULL, NULL, NULL, NULL);
}

/* Leaves an empty one behind for the caller to free. */
static void
keep_spare (QmpConnection *connection, Shot *self)
{
  Shot *spare = g_memdup2 (self, sizeof *self);

  *self = (Shot) { .fd = -1, .written_fd = -1 };
  g_clear_pointer (&spare->device, g_free);
  if (ftruncate (spare->fd, 0) == 0 && lseek (spare->written_fd, 0, SEEK_SET) == 0
      && g_object_replace_data (G_OBJECT (connection), SPARE, NULL, spare, (GDestroyNotify) shot_free, NULL))
    return;
  take_back (connection, spare);
  shot_free (spare);
}

static QmpScreenshot *
read_picture (QmpConnection *connection, Shot *self, GError **error)
{
  QmpScreenshot *screenshot = qmp_screenshot_new_from_fd (self->fd, error);

  keep_spare (connection, self);
  return screenshot;
}

static QmpAddFdArguments *
new_add_arguments (Shot *self)
{
  QmpAddFdArguments *arguments = qmp_add_fd_arguments_new ();

  qmp_add_fd_arguments_set_fdset_id (arguments, self->set);
  return arguments;
}

static QmpScreendumpArguments *
new_dump_arguments (Shot *self)
{
  QmpScreendumpArguments *arguments = qmp_screendump_arguments_new ();

  if (self->device != NULL)
    {
      qmp_screendump_arguments_set_device (arguments, self->device);
      qmp_screendump_arguments_set_head (arguments, self->head);
    }
  if (!self->plain)
    qmp_screendump_arguments_set_format (arguments, QMP_IMAGE_FORMAT_PNG);
  return arguments;
}

/* A QEMU built without PNG says so, and one before 7.1 knows no formats: each
 * refuses in words of its own. */
static gboolean
try_plain (Shot *self, const GError *error)
{
  if (self->plain || !g_error_matches (error, QMP_ERROR, QMP_ERROR_GENERIC))
    return FALSE;
  self->plain = TRUE;
  return ftruncate (self->fd, 0) == 0 && lseek (self->written_fd, 0, SEEK_SET) == 0;
}

static void
explain (GError **error)
{
  if (g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    g_prefix_error_literal (error, "A screenshot comes in a file descriptor, which needs a monitor on a Unix socket: ");
}

/* --- asynchronously ------------------------------------------------------------------------------- */

static void
fail (GTask *task, GError *error)
{
  take_back (g_task_get_source_object (task), g_task_get_task_data (task));
  g_task_return_error (task, error);
  g_object_unref (task);
}

static void
return_picture (GTask *task)
{
  GError *error = NULL;
  QmpScreenshot *screenshot = read_picture (g_task_get_source_object (task), g_task_get_task_data (task), &error);

  if (screenshot != NULL)
    g_task_return_pointer (task, screenshot, g_object_unref);
  else
    g_task_return_error (task, error);
  g_object_unref (task);
}

static void dump (GTask *task);

static void
on_dumped (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  Shot *shot = g_task_get_task_data (task);
  GError *error = NULL;

  if (qmp_connection_screendump_finish (QMP_CONNECTION (source), result, &error))
    {
      return_picture (task);
      return;
    }
  if (!try_plain (shot, error))
    {
      fail (task, error);
      return;
    }
  g_clear_error (&error);
  dump (task);
}

static void
dump (GTask *task)
{
  Shot *shot = g_task_get_task_data (task);
  g_autoptr (QmpScreendumpArguments) arguments = new_dump_arguments (shot);

  qmp_connection_screendump_async (g_task_get_source_object (task), shot->filename, arguments,
                                   g_task_get_cancellable (task), on_dumped, task);
}

static void
on_added (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  GError *error = NULL;
  g_autoptr (QmpAddfdInfo) info = qmp_connection_add_fd_finish (QMP_CONNECTION (source), result, &error);

  if (info != NULL)
    {
      dump (task);
      return;
    }
  explain (&error);
  fail (task, error);
}

/**
 * qmp_connection_take_screenshot_async:
 * @self: a connection
 * @device: (nullable): the `id` of the device whose screen it is, or %NULL for
 *   the first screen
 * @head: which screen of the device, from 0 on; without a device it is ignored
 * @cancellable: (nullable): ends the wait; there is no picture then
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Takes a picture of the guest's screen, by `screendump`. A window or a remote
 * display is not needed: `-display none` does.
 *
 * The picture is a PNG; of a QEMU that cannot write those (before 7.1, or built
 * without) it is a PPM.
 *
 * QEMU writes into a file that it is given as a file descriptor, by `add-fd`.
 * So it may run as another user, in a container or in a sandbox, but its
 * monitor has to be on a Unix socket. QEMU keeps that one until the connection
 * ends, for all pictures that follow. For others there is
 * [method@Qmp.Connection.screendump_async], which leaves the picture in a file
 * where QEMU runs.
 *
 * Since: 0.1
 */
void
qmp_connection_take_screenshot_async (QmpConnection *self, const char *device, guint head, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (QmpAddFdArguments) arguments = NULL;
  GError *error = NULL;
  GTask *task;
  Shot *shot;

  g_return_if_fail (QMP_IS_CONNECTION (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = wire_task_new (self, qmp_connection_take_screenshot_async, cancellable, callback, user_data);
  shot = take_spare (self, device, head);
  if (shot == NULL)
    shot = shot_new (device, head, &error);
  if (shot == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }
  g_task_set_task_data (task, shot, (GDestroyNotify) shot_free);
  if (shot->known)
    {
      dump (task);
      return;
    }
  arguments = new_add_arguments (shot);
  qmp_connection_add_fd_async (self, shot->written_fd, arguments, cancellable, on_added, task);
}

/**
 * qmp_connection_take_screenshot_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.Connection.take_screenshot_async] began.
 *
 * Fails with %G_IO_ERROR_NOT_SUPPORTED when the connection cannot pass a file
 * descriptor, with %QMP_ERROR_TOO_LARGE when the picture has more than 192 MiB,
 * with %QMP_ERROR_UNEXPECTED_VALUE when it is none, and with codes of
 * [error@Gio.IOErrorEnum] when there is no place for a temporary file.
 * Otherwise fails as [method@Qmp.Connection.screendump_finish] does: with
 * %QMP_ERROR_GENERIC when the machine has no screen, and with
 * %QMP_ERROR_DEVICE_NOT_FOUND when there is no such device.
 *
 * Returns: (transfer full): the picture
 *
 * Since: 0.1
 */
QmpScreenshot *
qmp_connection_take_screenshot_finish (QmpConnection *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (wire_task_is_result (self, result, qmp_connection_take_screenshot_async), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- and blocking ------------------------------------------------------------------------------------ */

static gboolean
dump_blocking (QmpConnection *self, Shot *shot, GCancellable *cancellable, GError **error)
{
  g_autoptr (QmpScreendumpArguments) arguments = new_dump_arguments (shot);

  return qmp_connection_screendump (self, shot->filename, arguments, cancellable, error);
}

static gboolean
add_blocking (QmpConnection *self, Shot *shot, GCancellable *cancellable, GError **error)
{
  g_autoptr (QmpAddFdArguments) arguments = new_add_arguments (shot);
  g_autoptr (QmpAddfdInfo) info = qmp_connection_add_fd (self, shot->written_fd, arguments, cancellable, error);

  if (info == NULL)
    explain (error);
  return info != NULL;
}

static gboolean
run_shot (QmpConnection *self, Shot *shot, GCancellable *cancellable, GError **error)
{
  if (!shot->known && !add_blocking (self, shot, cancellable, error))
    return FALSE;
  if (dump_blocking (self, shot, cancellable, error))
    return TRUE;
  if (!try_plain (shot, *error))
    return FALSE;
  g_clear_error (error);
  return dump_blocking (self, shot, cancellable, error);
}

/**
 * qmp_connection_take_screenshot:
 * @self: a connection
 * @device: (nullable): the `id` of the device whose screen it is, or %NULL for
 *   the first screen
 * @head: which screen of the device, from 0 on; without a device it is ignored
 * @cancellable: (nullable): ends the wait; there is no picture then
 * @error: return location
 *
 * Takes a picture of the guest's screen, as
 * [method@Qmp.Connection.take_screenshot_async] does, and blocks until it is
 * there.
 *
 * Fails as [method@Qmp.Connection.take_screenshot_finish] does.
 *
 * Returns: (transfer full): the picture
 *
 * Since: 0.1
 */
QmpScreenshot *
qmp_connection_take_screenshot (QmpConnection *self, const char *device, guint head, GCancellable *cancellable,
                                GError **error)
{
  g_autoptr (Shot) shot = NULL;
  GError *failure = NULL;

  g_return_val_if_fail (QMP_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  shot = take_spare (self, device, head);
  if (shot == NULL)
    shot = shot_new (device, head, error);
  if (shot == NULL)
    return NULL;
  if (run_shot (self, shot, cancellable, &failure))
    return read_picture (self, shot, error);
  take_back (self, shot);
  g_propagate_error (error, failure);
  return NULL;
}
