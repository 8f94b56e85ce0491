/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* usage: fd-passing ADDRESS IMAGE
 *
 * Opens a disk image and hands QEMU the open file, so that QEMU itself needs
 * no right to open it.  Both must be on one host: ADDRESS is a unix socket. */
#include <errno.h>
#include <fcntl.h>

#include <glib/gstdio.h>
#include <qmp-glib/qmp-glib.h>

/* Returns the number of the set that QEMU keeps the file in, or -1. */
static gint64
add_fd (QmpConnection *qemu, int fd, GError **error)
{
  g_autoptr (QmpRequest) request = qmp_request_new ("add-fd");
  g_autoptr (QmpValue) reply = NULL;
  gint64 set = -1;

  if (!qmp_request_set_fd (request, fd, error))
    return -1;
  reply = qmp_connection_execute_request (qemu, request, NULL, error);
  if (reply != NULL && !qmp_value_get_member_int64 (reply, "fdset-id", &set))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "QEMU named no fd set");
  return set;
}

/* A block device of QEMU's, by the name "image", on the file in a set. */
static gboolean
add_block_device (QmpConnection *qemu, gint64 set, GError **error)
{
  g_autofree char *arguments = g_strdup_printf (
    "{\"driver\":\"file\",\"node-name\":\"image\",\"read-only\":true,\"filename\":\"/dev/fdset/%" G_GINT64_FORMAT "\"}", set);
  g_autofree char *reply = qmp_connection_execute_json (qemu, "blockdev-add", arguments, NULL, error);

  return reply != NULL;
}

static gboolean
hand_over (const char *address, const char *path, GError **error)
{
  g_autoptr (QmpConnection) qemu = qmp_connection_open (address, NULL, NULL, error);
  int fd;
  gint64 set;

  if (qemu == NULL)
    return FALSE;
  fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0)
    {
      g_set_error (error, G_IO_ERROR, (int) g_io_error_from_errno (errno), "%s: %s", path, g_strerror (errno));
      return FALSE;
    }
  set = add_fd (qemu, fd, error);
  g_close (fd, NULL);  /* QEMU has its own */
  return set >= 0 && add_block_device (qemu, set, error);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  if (argc != 3)
    {
      g_printerr ("usage: fd-passing ADDRESS IMAGE\n");
      return 2;
    }
  if (!hand_over (argv[1], argv[2], &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  g_print ("QEMU has the block device \"image\", on %s\n", argv[2]);
  return 0;
}
