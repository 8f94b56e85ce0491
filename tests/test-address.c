/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "wire-address.h"

#include <string.h>
#include <sys/un.h>

static void
test_good (void)
{
  static const struct { const char *text; WireAddressKind kind; const char *name; guint32 cid, port; int fd; } cases[] = {
    { "/run/qmp.sock", WIRE_ADDRESS_UNIX, "/run/qmp.sock", 0, 0, -1 },
    { "unix:/run/qmp.sock", WIRE_ADDRESS_UNIX, "/run/qmp.sock", 0, 0, -1 },
    { "unix:qmp.sock", WIRE_ADDRESS_UNIX, "qmp.sock", 0, 0, -1 },
    { "/with:colon", WIRE_ADDRESS_UNIX, "/with:colon", 0, 0, -1 },
    { "tcp:localhost:4444", WIRE_ADDRESS_TCP, "localhost", 0, 4444, -1 },
    { "tcp:127.0.0.1:1", WIRE_ADDRESS_TCP, "127.0.0.1", 0, 1, -1 },
    { "tcp:[::1]:4444", WIRE_ADDRESS_TCP, "::1", 0, 4444, -1 },
    { "tcp:::1:4444", WIRE_ADDRESS_TCP, "::1", 0, 4444, -1 },
    { "tls:vm.example:65535", WIRE_ADDRESS_TLS, "vm.example", 0, 65535, -1 },
    { "vsock:3:4444", WIRE_ADDRESS_VSOCK, NULL, 3, 4444, -1 },
    { "vsock:4294967295:4294967295", WIRE_ADDRESS_VSOCK, NULL, 4294967295u, 4294967295u, -1 },
    { "fd:0", WIRE_ADDRESS_FD, NULL, 0, 0, 0 }, { "fd:17", WIRE_ADDRESS_FD, NULL, 0, 0, 17 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WireAddress) address = wire_address_new (cases[i].text, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (address->text, ==, cases[i].text);
      g_assert_cmpint (address->kind, ==, cases[i].kind);
      g_assert_cmpstr (address->name, ==, cases[i].name);
      g_assert_cmpuint (address->cid, ==, cases[i].cid);
      g_assert_cmpuint (address->port, ==, cases[i].port);
      g_assert_cmpint (address->fd, ==, cases[i].fd);
    }
}

static void
test_bad (void)
{
  static const char *texts[] = {
    "", "qmp.sock", "unix:", "tcp:", "tcp:host", "tcp::4444", "tcp:host:", "tcp:host:x", "tcp:host:65536", "tcp:host:-1",
    "tcp:host:4444 ", "tls:host", "vsock:3", "vsock:3:", "vsock::4", "vsock:3:4:5", "vsock:4294967296:1", "vsock:-1:1",
    "fd:", "fd:-1", "fd:x", "fd:2147483648", "http://host/", "TCP:host:1", "tcp", "fd:1x",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WireAddress) address = wire_address_new (texts[i], &error);

      g_test_message ("%s", texts[i]);
      g_assert_null (address);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
      g_assert_nonnull (strstr (error->message, texts[i]));
    }
}

static void
test_path_length (void)
{
  gsize most = sizeof ((struct sockaddr_un *) NULL)->sun_path - 1;

  for (gsize length = most - 1; length <= most + 1; length++)
    {
      g_autofree char *name = g_strnfill (length - 1, 'p');
      g_autofree char *path = g_strconcat ("/", name, NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (WireAddress) address = wire_address_new (path, &error);

      if (length <= most)
        g_assert_cmpstr (address->name, ==, path);
      else
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FILENAME_TOO_LONG);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/address/good", test_good);
  g_test_add_func ("/address/bad", test_bad);
  g_test_add_func ("/address/path-length", test_path_length);
  return g_test_run ();
}
