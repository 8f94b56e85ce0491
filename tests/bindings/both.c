/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qga-glib/qga-glib.h>
#include <qmp-glib/qmp-glib.h>

/* Both libraries in one process: each has its own copy of what they share, and
 * no type twice. A warning of GType would end the test. */

static void
test_types (void)
{
  g_type_ensure (QMP_TYPE_CONNECTION);
  g_type_ensure (QMP_TYPE_EVENT);
  g_type_ensure (QMP_TYPE_EVENT_STREAM);
  g_type_ensure (QMP_TYPE_LIMITS);
  g_type_ensure (QMP_TYPE_LISTENER);
  g_type_ensure (QMP_TYPE_OPEN_OPTIONS);
  g_type_ensure (QMP_TYPE_REQUEST);
  g_type_ensure (QMP_TYPE_VALUE);
  g_type_ensure (QGA_TYPE_CONNECTION);
  g_type_ensure (QGA_TYPE_ERROR);
  g_type_ensure (QGA_TYPE_FILE);
  g_type_ensure (QGA_TYPE_FREEZE_GUARD);
  g_type_ensure (QGA_TYPE_LIMITS);
  g_type_ensure (QGA_TYPE_OPEN_OPTIONS);
  g_type_ensure (QGA_TYPE_PROCESS);
  g_type_ensure (QGA_TYPE_PROCESS_OPTIONS);
  g_type_ensure (QGA_TYPE_REQUEST);
  g_assert_cmpstr (g_type_name (QMP_TYPE_ERROR), ==, "QmpError");
  g_assert_cmpstr (g_type_name (QGA_TYPE_ERROR), ==, "QgaError");
  g_assert_cmpuint (QMP_ERROR, !=, QGA_ERROR);
}

static void
test_use (void)
{
  g_autoptr (QmpRequest) request = qmp_request_new ("query-status");
  g_autoptr (GError) error = NULL;

  g_assert_true (qmp_request_set_arguments_json (request, "{\"a\": [1, 2]}", &error));
  g_assert_no_error (error);
  g_assert_cmpstr (qmp_request_get_arguments_json (request), ==, "{\"a\":[1,2]}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_always_fatal (G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
  g_test_add_func ("/both/types", test_types);
  g_test_add_func ("/both/use", test_use);
  return g_test_run ();
}
