/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qga-glib/qga-glib.h>

static void
test_defaults (void)
{
  g_autoptr (QgaOpenOptions) options = qga_open_options_new ();

  g_assert_cmpint (qga_open_options_get_timeout (options), ==, -1);
  g_assert_cmpint (qga_open_options_get_default_timeout (options), ==, -1);
  g_assert_cmpint (qga_open_options_get_grace (options), ==, 3000);
  g_assert_true (qga_open_options_get_retry (options));
  g_assert_null (qga_open_options_get_limits (options));
  g_assert_null (qga_open_options_get_tls_database (options));
  g_assert_null (qga_open_options_get_tls_certificate (options));
  g_assert_null (qga_open_options_get_server_identity (options));
}

/* What a property says its default is, is what a new object has. */
static void
test_declared_defaults (void)
{
  g_autoptr (QgaOpenOptions) options = qga_open_options_new ();
  guint n = 0;
  g_autofree GParamSpec **properties = g_object_class_list_properties (G_OBJECT_GET_CLASS (options), &n);

  g_assert_cmpuint (n, ==, 8);
  for (guint i = 0; i < n; i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;

      g_object_get_property (G_OBJECT (options), properties[i]->name, &value);
      g_assert_true (g_param_value_defaults (properties[i], &value));
    }
}

static void
count (guint *n)
{
  ++*n;
}

static void
test_properties (void)
{
  g_autoptr (QgaLimits) limits = qga_limits_new ();
  g_autoptr (GSocketConnectable) identity = g_network_address_new ("vm.example", 4444);
  g_autoptr (QgaOpenOptions) options =
    g_object_new (QGA_TYPE_OPEN_OPTIONS, "timeout", 5000, "default-timeout", G_MAXINT, "grace", 70, "retry", FALSE,
                  "limits", limits, "server-identity", identity, NULL);
  g_autoptr (QgaLimits) same_limits = NULL;
  g_autoptr (GSocketConnectable) same_identity = NULL;
  gboolean retry = TRUE;
  int timeout = 0, default_timeout = 0, grace = 0;
  guint n = 0;

  g_object_get (options, "timeout", &timeout, "default-timeout", &default_timeout, "grace", &grace, "retry", &retry,
                "limits", &same_limits, "server-identity", &same_identity, NULL);
  g_assert_cmpint (timeout, ==, 5000);
  g_assert_cmpint (default_timeout, ==, G_MAXINT);
  g_assert_cmpint (grace, ==, 70);
  g_assert_false (retry);
  g_assert_true (same_limits == limits && same_identity == identity);
  g_signal_connect_swapped (options, "notify", G_CALLBACK (count), &n);
  qga_open_options_set_timeout (options, 5000);
  qga_open_options_set_default_timeout (options, G_MAXINT);
  qga_open_options_set_grace (options, 70);
  qga_open_options_set_limits (options, limits);
  qga_open_options_set_retry (options, FALSE);
  qga_open_options_set_server_identity (options, identity);
  g_assert_cmpuint (n, ==, 0);
  qga_open_options_set_timeout (options, -1);
  qga_open_options_set_default_timeout (options, -1);
  qga_open_options_set_grace (options, 71);
  qga_open_options_set_retry (options, 5);
  qga_open_options_set_limits (options, NULL);
  qga_open_options_set_server_identity (options, NULL);
  g_assert_cmpuint (n, ==, 6);
  g_assert_null (qga_open_options_get_limits (options));
  g_assert_null (qga_open_options_get_server_identity (options));
}

/* Without any time for an objection, every command would count as done. */
static void
test_grace_is_some_time (void)
{
  g_autoptr (QgaOpenOptions) options = qga_open_options_new ();
  GParamSpec *property = g_object_class_find_property (G_OBJECT_GET_CLASS (options), "grace");

  g_assert_cmpint (G_PARAM_SPEC_INT (property)->minimum, ==, 1);
  qga_open_options_set_grace (options, 1);
  g_assert_cmpint (qga_open_options_get_grace (options), ==, 1);
  g_test_expect_message (NULL, G_LOG_LEVEL_CRITICAL, "*milliseconds >= 1*");
  qga_open_options_set_grace (options, 0);
  g_test_assert_expected_messages ();
  g_assert_cmpint (qga_open_options_get_grace (options), ==, 1);
}

/* There is no way around the check of a certificate. */
static void
test_no_accept_hook (void)
{
  g_autoptr (GTypeClass) class = g_type_class_ref (QGA_TYPE_OPEN_OPTIONS);
  guint n = 0;
  g_autofree GParamSpec **properties = g_object_class_list_properties (G_OBJECT_CLASS (class), &n);
  g_autofree guint *signals = NULL;
  guint n_signals = 0;

  signals = g_signal_list_ids (QGA_TYPE_OPEN_OPTIONS, &n_signals);
  g_assert_cmpuint (n_signals, ==, 0);
  for (guint i = 0; i < n; i++)
    {
      g_assert_null (g_strstr_len (properties[i]->name, -1, "accept"));
      g_assert_null (g_strstr_len (properties[i]->name, -1, "insecure"));
      g_assert_null (g_strstr_len (properties[i]->name, -1, "flags"));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/qga-open-options/defaults", test_defaults);
  g_test_add_func ("/qga-open-options/declared-defaults", test_declared_defaults);
  g_test_add_func ("/qga-open-options/properties", test_properties);
  g_test_add_func ("/qga-open-options/grace-is-some-time", test_grace_is_some_time);
  g_test_add_func ("/qga-open-options/no-accept-hook", test_no_accept_hook);
  return g_test_run ();
}
