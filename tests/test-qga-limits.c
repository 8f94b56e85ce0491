/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qga-glib/qga-glib.h>

static void
test_defaults (void)
{
  g_autoptr (QgaLimits) limits = qga_limits_new ();

  g_assert_cmpuint (qga_limits_get_message_size (limits), ==, 4 * 1024 * 1024);
  g_assert_cmpuint (qga_limits_get_message_values (limits), ==, 50000);
  g_assert_cmpuint (qga_limits_get_message_depth (limits), ==, 64);
  g_assert_cmpuint (qga_limits_get_name_size (limits), ==, 1024);
  g_assert_cmpuint (qga_limits_get_pending_calls (limits), ==, 256);
}

/* What a property says its default is, is what a new object has. */
static void
test_declared_defaults (void)
{
  g_autoptr (QgaLimits) limits = qga_limits_new ();
  guint n = 0;
  g_autofree GParamSpec **properties = g_object_class_list_properties (G_OBJECT_GET_CLASS (limits), &n);

  g_assert_cmpuint (n, ==, 5);
  for (guint i = 0; i < n; i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;

      g_object_get_property (G_OBJECT (limits), properties[i]->name, &value);
      g_assert_true (g_param_value_defaults (properties[i], &value));
    }
}

/* Whatever is asked for, there is a limit, and something fits. */
static void
test_clamped (void)
{
  g_autoptr (QgaLimits) least = qga_limits_new (), most = qga_limits_new ();

  qga_limits_set_message_size (least, 0);
  qga_limits_set_message_values (least, 0);
  qga_limits_set_message_depth (least, 0);
  qga_limits_set_name_size (least, 0);
  qga_limits_set_pending_calls (least, 0);
  g_assert_cmpuint (qga_limits_get_message_size (least), ==, 1024);
  g_assert_cmpuint (qga_limits_get_message_values (least), ==, 64);
  g_assert_cmpuint (qga_limits_get_message_depth (least), ==, 4);
  g_assert_cmpuint (qga_limits_get_name_size (least), ==, 64);
  g_assert_cmpuint (qga_limits_get_pending_calls (least), ==, 1);
  qga_limits_set_message_size (most, G_MAXUINT64);
  qga_limits_set_message_values (most, G_MAXUINT);
  qga_limits_set_message_depth (most, G_MAXUINT);
  qga_limits_set_name_size (most, G_MAXUINT);
  qga_limits_set_pending_calls (most, G_MAXUINT);
  g_assert_cmpuint (qga_limits_get_message_size (most), ==, 1024 * 1024 * 1024);
  g_assert_cmpuint (qga_limits_get_message_values (most), ==, 1 << 26);
  g_assert_cmpuint (qga_limits_get_message_depth (most), ==, 1024);
  g_assert_cmpuint (qga_limits_get_name_size (most), ==, 64 * 1024);
  g_assert_cmpuint (qga_limits_get_pending_calls (most), ==, 1000000);
}

/* Setting by name is no way around it. */
static void
test_clamped_by_name (void)
{
  g_autoptr (QgaLimits) limits = g_object_new (QGA_TYPE_LIMITS, "message-size", G_MAXUINT64, "message-depth", G_MAXUINT,
                                               "pending-calls", 0u, NULL);

  g_assert_cmpuint (qga_limits_get_message_size (limits), ==, 1024 * 1024 * 1024);
  g_assert_cmpuint (qga_limits_get_message_depth (limits), ==, 1024);
  g_assert_cmpuint (qga_limits_get_pending_calls (limits), ==, 1);
}

static void
count (guint *n)
{
  ++*n;
}

static void
test_properties (void)
{
  g_autoptr (QgaLimits) limits = g_object_new (QGA_TYPE_LIMITS, "message-size", (guint64) 5000, "message-values", 100u,
                                               "message-depth", 10u, "name-size", 100u, "pending-calls", 7u, NULL);
  guint values, depth, name, calls, n = 0;
  guint64 size;

  g_object_get (limits, "message-size", &size, "message-values", &values, "message-depth", &depth, "name-size", &name,
                "pending-calls", &calls, NULL);
  g_assert_cmpuint (size, ==, 5000);
  g_assert_cmpuint (values, ==, 100);
  g_assert_cmpuint (depth, ==, 10);
  g_assert_cmpuint (name, ==, 100);
  g_assert_cmpuint (calls, ==, 7);
  g_signal_connect_swapped (limits, "notify", G_CALLBACK (count), &n);
  qga_limits_set_message_size (limits, 5000);
  qga_limits_set_message_values (limits, 100);
  qga_limits_set_message_depth (limits, 10);
  qga_limits_set_name_size (limits, 100);
  qga_limits_set_pending_calls (limits, 7);
  g_assert_cmpuint (n, ==, 0);
  qga_limits_set_message_size (limits, 5001);
  qga_limits_set_message_values (limits, 101);
  qga_limits_set_message_depth (limits, 11);
  qga_limits_set_name_size (limits, 101);
  qga_limits_set_pending_calls (limits, 6);
  g_assert_cmpuint (n, ==, 5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/qga-limits/defaults", test_defaults);
  g_test_add_func ("/qga-limits/declared-defaults", test_declared_defaults);
  g_test_add_func ("/qga-limits/clamped", test_clamped);
  g_test_add_func ("/qga-limits/clamped/by-name", test_clamped_by_name);
  g_test_add_func ("/qga-limits/properties", test_properties);
  return g_test_run ();
}
