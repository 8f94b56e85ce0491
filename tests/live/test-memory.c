/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live-boot.h"

/* What ends later than its command: balloons of guests that heed and of those
 * that do not, and how fast memory is written to. */

#define MIB ((gint64) 1024 * 1024)

static const LiveCode nobody = LIVE_CODE (0x90);

/* It writes to 64 KiB, over and over: inc word [di]; add di, 2; jmp */
static const LiveCode busy = LIVE_CODE (0xb8, 0x00, 0x20, 0x8e, 0xd8, 0xff, 0x05, 0x83, 0xc7, 0x02, 0xeb, 0xf9);

/* --- balloons --------------------------------------------------------------------------------- */

static QmpMachine *
launch_guest (void)
{
  static const char *const names[] = { "VSERPORT_CHANGE", NULL };
  const char *guest = g_getenv ("GUEST");
  g_autofree char *kernel = g_build_filename (guest, "vmlinuz", NULL), *initrd = g_build_filename (guest, "initrd", NULL);
  const char *const arguments[] = {
    "-nodefaults", "-no-user-config", "-display", "none", "-machine", "pc", "-accel", "tcg", "-m", "192", "-kernel", kernel,
    "-initrd", initrd, "-append", "console=ttyS0 quiet panic=-1 rdinit=/bin/init", "-device", "virtio-balloon-pci", NULL,
  };
  g_autoptr (QmpLauncher) launcher = qmp_launcher_new (live_program ("QEMU", "qemu-system-x86_64"));
  g_autoptr (QmpEventStream) events = NULL;
  g_autoptr (QmpEvent) event = NULL;
  g_autoptr (GError) error = NULL;
  QmpMachine *machine;

  qmp_launcher_set_arguments (launcher, arguments);
  qmp_launcher_set_agent (launcher, TRUE);
  machine = live_launch (launcher);
  events = qmp_connection_watch_events (qmp_machine_get_connection (machine), names, 4);
  qmp_event_stream_set_timeout (events, 60000);
  event = qmp_event_stream_next (events, NULL, &error);
  g_assert_no_error (error);
  return machine;
}

static gint64
set_balloon (QmpConnection *connection, gint64 size, int timeout, gboolean blocking, GError **error)
{
  GAsyncResult *result = NULL;
  gint64 reached;

  if (blocking)
    return qmp_connection_set_balloon (connection, size, timeout, NULL, error);
  qmp_connection_set_balloon_async (connection, size, timeout, NULL, live_keep_result, &result);
  live_wait (&result);
  reached = qmp_connection_set_balloon_finish (connection, result, error);
  g_object_unref (result);
  return reached;
}

static void
assert_reaches (QmpConnection *connection, gint64 size, gboolean blocking)
{
  g_autoptr (GError) error = NULL;
  gint64 reached = set_balloon (connection, size, G_MAXINT, blocking, &error);
  g_autoptr (QmpBalloonInfo) info = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (reached, ==, size);
  info = qmp_connection_query_balloon (connection, NULL, &error);
  g_assert_cmpint (qmp_balloon_info_get_actual (info), ==, size);
}

static void
test_heeded (Live *live, gconstpointer data)
{
  g_autoptr (QmpMachine) machine = launch_guest ();
  QmpConnection *connection = qmp_machine_get_connection (machine);

  assert_reaches (connection, 144 * MIB, FALSE);
  assert_reaches (connection, 192 * MIB, FALSE);
  assert_reaches (connection, 160 * MIB, TRUE);
  live_quit (machine);
}

/* There is a balloon, but nobody who has a hand on it. */
static void
test_not_heeded (Live *live, gconstpointer blocking)
{
  g_autoptr (QmpLauncher) launcher = live_boot_launcher (live, &nobody);
  g_autoptr (QmpMachine) machine = NULL;
  g_autoptr (GError) error = NULL;

  qmp_launcher_append_option (launcher, "device", "virtio-balloon-pci");
  machine = live_launch (launcher);
  g_assert_cmpint (set_balloon (qmp_machine_get_connection (machine), 8 * MIB, 200, blocking != NULL, &error), ==, 16 * MIB);
  g_assert_no_error (error);
  live_quit (machine);
}

static void
test_no_balloon (Live *live, gconstpointer blocking)
{
  g_autoptr (QmpLauncher) launcher = live_boot_launcher (live, &nobody);
  g_autoptr (QmpMachine) machine = live_launch (launcher);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (set_balloon (qmp_machine_get_connection (machine), 8 * MIB, -1, blocking != NULL, &error), ==, -1);
  g_assert_error (error, QMP_ERROR, QMP_ERROR_DEVICE_NOT_ACTIVE);
  live_quit (machine);
}

/* --- measuring ------------------------------------------------------------------------------------ */

static QmpDirtyRateInfo *
measure (QmpConnection *connection, gint64 time, QmpCalcDirtyRateArguments *arguments, gboolean blocking, GError **error)
{
  GAsyncResult *result = NULL;
  QmpDirtyRateInfo *info;

  if (blocking)
    return qmp_connection_measure_dirty_rate (connection, time, arguments, NULL, error);
  qmp_connection_measure_dirty_rate_async (connection, time, arguments, NULL, live_keep_result, &result);
  live_wait (&result);
  info = qmp_connection_measure_dirty_rate_finish (connection, result, error);
  g_object_unref (result);
  return info;
}

static void
test_measured (Live *live, gconstpointer blocking)
{
  g_autoptr (QmpLauncher) launcher = live_boot_launcher (live, &busy);
  g_autoptr (QmpMachine) machine = live_launch (launcher);
  QmpConnection *connection = qmp_machine_get_connection (machine);
  g_autoptr (QmpDirtyRateInfo) info = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (qmp_machine_start (machine, NULL, &error));
  info = measure (connection, 1, NULL, blocking != NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (qmp_dirty_rate_info_get_status (info), ==, QMP_DIRTY_RATE_STATUS_MEASURED);
  g_assert_cmpint (qmp_dirty_rate_info_get_mode (info), ==, QMP_DIRTY_RATE_MEASURE_MODE_PAGE_SAMPLING);
  g_assert_true (qmp_dirty_rate_info_has_dirty_rate (info));
  g_assert_cmpint (qmp_dirty_rate_info_get_dirty_rate (info), >=, 0);
  live_quit (machine);
}

/* What QEMU cannot do it says at once. */
static void
test_refused (Live *live, gconstpointer blocking)
{
  g_autoptr (QmpLauncher) launcher = live_boot_launcher (live, &nobody);
  g_autoptr (QmpMachine) machine = live_launch (launcher);
  g_autoptr (GError) error = NULL;

  g_assert_null (measure (qmp_machine_get_connection (machine), 3600, NULL, blocking != NULL, &error));
  g_assert_error (error, QMP_ERROR, QMP_ERROR_GENERIC);
  live_quit (machine);
}

static void
add (const char *name, void (*test) (Live *, gconstpointer))
{
  g_autofree char *plain = g_strdup_printf ("/memory/%s", name);
  g_autofree char *blocking = g_strdup_printf ("/memory/%s/blocking", name);

  LIVE_TEST (plain, test);
  g_test_add (blocking, Live, "blocking", live_set_up, test, live_tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  LIVE_TEST ("/memory/balloon/heeded", test_heeded);
  add ("balloon/not-heeded", test_not_heeded);
  add ("balloon/none", test_no_balloon);
  add ("dirty-rate/measured", test_measured);
  add ("dirty-rate/refused", test_refused);
  return g_test_run ();
}
