/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

#include "mock/mock-peer.h"

static GError *
get_error (void)
{
  g_autoptr (MockPeer) peer = mock_peer_new ();
  g_autoptr (QmpConnection) connection = NULL;
  GError *error = NULL;

  mock_greet (peer);
  mock_expect (peer, "device_del");
  mock_error (peer, "DeviceNotFound", "Device 'disk7' not found");
  connection = mock_open (peer);
  g_assert_null (qmp_connection_execute_json (connection, "device_del", NULL, NULL, &error));
  return error;
}

static void
test_parts (void)
{
  g_autoptr (GError) error = get_error ();

  g_assert_error (error, QMP_ERROR, QMP_ERROR_DEVICE_NOT_FOUND);
  g_assert_cmpstr (error->message, ==, "device_del: Device 'disk7' not found");
  g_assert_cmpstr (qmp_error_get_class_name (error), ==, "DeviceNotFound");
  g_assert_cmpstr (qmp_error_get_command (error), ==, "device_del");
  g_assert_cmpstr (qmp_error_get_description (error), ==, "Device 'disk7' not found");
}

/* Copies and prefixes lose nothing. */
static void
test_copy (void)
{
  GError *error = get_error ();
  g_autoptr (GError) copy = g_error_copy (error);

  g_error_free (error);
  g_prefix_error (&copy, "While tidying up: ");
  g_assert_cmpstr (copy->message, ==, "While tidying up: device_del: Device 'disk7' not found");
  g_assert_cmpstr (qmp_error_get_class_name (copy), ==, "DeviceNotFound");
  g_assert_cmpstr (qmp_error_get_command (copy), ==, "device_del");
  g_assert_cmpstr (qmp_error_get_description (copy), ==, "Device 'disk7' not found");
}

static void
test_other_errors (void)
{
  g_autoptr (GError) io = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, "closed");
  g_autoptr (GError) protocol = g_error_new_literal (QMP_ERROR, QMP_ERROR_PROTOCOL, "nonsense");

  g_assert_null (qmp_error_get_class_name (io));
  g_assert_null (qmp_error_get_command (io));
  g_assert_null (qmp_error_get_description (io));
  g_assert_null (qmp_error_get_class_name (protocol));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error/parts", test_parts);
  g_test_add_func ("/error/copy", test_copy);
  g_test_add_func ("/error/other", test_other_errors);
  return g_test_run ();
}
