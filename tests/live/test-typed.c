/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live-boot.h"

#include <string.h>

/* Typed calls whose results are of unusual shape: text, lists by name, and
 * numbers that only a QEMU that runs has. */

static const LiveCode nobody = LIVE_CODE (0x90);

static void
test_human_monitor (Live *live, gconstpointer data)
{
  g_autoptr (QmpLauncher) launcher = live_boot_launcher (live, &nobody);
  g_autoptr (QmpMachine) machine = live_launch (launcher);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = qmp_connection_human_monitor_command (connection, "info status", NULL, NULL, &error);
  g_autofree char *mistake = NULL;

  g_assert_no_error (error);
  g_assert_nonnull (strstr (text, "VM status: paused"));
  /* to QEMU, a mistake is an answer as any other */
  mistake = qmp_connection_human_monitor_command (connection, "nonsense", NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (mistake, "nonsense"));
  live_quit (machine);
}

static void
test_command_line_options (Live *live, gconstpointer data)
{
  g_autoptr (QmpLauncher) launcher = live_boot_launcher (live, &nobody);
  g_autoptr (QmpMachine) machine = live_launch (launcher);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autoptr (QmpQueryCommandLineOptionsArguments) arguments = qmp_query_command_line_options_arguments_new ();
  g_autoptr (GPtrArray) all = NULL, one = NULL;
  g_autoptr (GError) error = NULL;

  all = qmp_connection_query_command_line_options (connection, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (all->len, >, 10);
  qmp_query_command_line_options_arguments_set_option (arguments, "drive");
  one = qmp_connection_query_command_line_options (connection, arguments, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (one->len, ==, 1);
  g_assert_cmpstr (qmp_command_line_option_info_get_option (one->pdata[0]), ==, "drive");
  g_assert_cmpuint (qmp_command_line_option_info_get_parameters (one->pdata[0])->len, >, 10);
  live_quit (machine);
}

/* Numbers are counted by KVM, and from QEMU 8.0 on also by cryptodev devices:
 * where neither is, the list is empty, yet what a filter asks for is checked. */
static void
test_stats (Live *live, gconstpointer data)
{
  g_autoptr (QmpLauncher) launcher = live_boot_launcher (live, &nobody);
  g_autoptr (QmpMachine) machine = live_launch (launcher);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autoptr (QmpStatsFilter) filter = qmp_stats_filter_new_from_json ("{\"target\":\"vm\"}", NULL);
  g_autoptr (QmpStatsFilter) odd = qmp_stats_filter_new_from_json ("{\"target\":\"nothing\"}", NULL);
  g_autoptr (GPtrArray) stats = NULL, nothing = NULL;
  g_autoptr (GError) error = NULL;

  stats = qmp_connection_query_stats (connection, filter, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (stats);
  nothing = qmp_connection_query_stats (connection, odd, NULL, &error);
  g_assert_null (nothing);
  g_assert_error (error, QMP_ERROR, QMP_ERROR_GENERIC);
  live_quit (machine);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  LIVE_TEST ("/typed/human-monitor-command", test_human_monitor);
  LIVE_TEST ("/typed/query-command-line-options", test_command_line_options);
  LIVE_TEST ("/typed/query-stats", test_stats);
  return g_test_run ();
}
