/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <qmp-glib/qmp-glib.h>

static void
test_defaults (void)
{
  g_autoptr (QmpOpenOptions) options = qmp_open_options_new ();

  g_assert_cmpint (qmp_open_options_get_timeout (options), ==, -1);
  g_assert_cmpint (qmp_open_options_get_default_timeout (options), ==, -1);
  g_assert_true (qmp_open_options_get_retry (options));
  g_assert_true (qmp_open_options_get_out_of_band (options));
  g_assert_null (qmp_open_options_get_limits (options));
  g_assert_null (qmp_open_options_get_tls_database (options));
  g_assert_null (qmp_open_options_get_tls_certificate (options));
  g_assert_null (qmp_open_options_get_server_identity (options));
}

static void
count (guint *n)
{
  ++*n;
}

static void
test_properties (void)
{
  g_autoptr (QmpLimits) limits = qmp_limits_new ();
  g_autoptr (GSocketConnectable) identity = g_network_address_new ("vm.example", 4444);
  g_autoptr (QmpOpenOptions) options =
    g_object_new (QMP_TYPE_OPEN_OPTIONS, "timeout", 5000, "default-timeout", G_MAXINT, "retry", FALSE, "out-of-band", FALSE,
                  "limits", limits, "server-identity", identity, NULL);
  g_autoptr (QmpLimits) same_limits = NULL;
  g_autoptr (GSocketConnectable) same_identity = NULL;
  gboolean retry = TRUE, out_of_band = TRUE;
  int timeout = 0, default_timeout = 0;
  guint n = 0;

  g_object_get (options, "timeout", &timeout, "default-timeout", &default_timeout, "retry", &retry, "out-of-band", &out_of_band,
                "limits", &same_limits, "server-identity", &same_identity, NULL);
  g_assert_cmpint (timeout, ==, 5000);
  g_assert_cmpint (default_timeout, ==, G_MAXINT);
  g_assert_false (retry || out_of_band);
  g_assert_true (same_limits == limits && same_identity == identity);
  g_signal_connect_swapped (options, "notify", G_CALLBACK (count), &n);
  qmp_open_options_set_timeout (options, 5000);
  qmp_open_options_set_limits (options, limits);
  qmp_open_options_set_retry (options, FALSE);
  g_assert_cmpuint (n, ==, 0);
  qmp_open_options_set_timeout (options, -1);
  qmp_open_options_set_default_timeout (options, -1);
  qmp_open_options_set_retry (options, 5);
  qmp_open_options_set_out_of_band (options, TRUE);
  qmp_open_options_set_limits (options, NULL);
  qmp_open_options_set_server_identity (options, NULL);
  g_assert_cmpuint (n, ==, 6);
  g_assert_null (qmp_open_options_get_limits (options));
}

/* There is no way around the check of a certificate. */
static void
test_no_accept_hook (void)
{
  g_autoptr (GTypeClass) class = g_type_class_ref (QMP_TYPE_OPEN_OPTIONS);
  guint n = 0;
  g_autofree GParamSpec **properties = g_object_class_list_properties (G_OBJECT_CLASS (class), &n);
  g_autofree guint *signals = NULL;
  guint n_signals = 0;

  signals = g_signal_list_ids (QMP_TYPE_OPEN_OPTIONS, &n_signals);
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
  g_test_add_func ("/open-options/defaults", test_defaults);
  g_test_add_func ("/open-options/properties", test_properties);
  g_test_add_func ("/open-options/no-accept-hook", test_no_accept_hook);
  return g_test_run ();
}
