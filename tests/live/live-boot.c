/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live-boot.h"

#include <string.h>

#define SECTOR 512

static char *
write_disk (Live *live, const LiveCode *code)
{
  static const guint8 stand_still[] = { 0xf4, 0xeb, 0xfd };  /* hlt; jmp to it */
  guint8 sector[SECTOR] = { 0 };
  char *path = live_path (live, "boot.img");
  g_autoptr (GError) error = NULL;

  memcpy (sector, code->bytes, code->length);
  memcpy (sector + code->length, stand_still, sizeof stand_still);
  sector[SECTOR - 2] = 0x55;
  sector[SECTOR - 1] = 0xaa;
  g_file_set_contents (path, (const char *) sector, SECTOR, &error);
  g_assert_no_error (error);
  return path;
}

QmpLauncher *
live_boot_launcher (Live *live, const LiveCode *code)
{
  static const char *const arguments[] = {
    "-machine", "pc", "-accel", "tcg", "-m", "16", "-display", "none", "-nodefaults", "-S", NULL,
  };
  QmpLauncher *launcher = qmp_launcher_new (live_program ("QEMU", "qemu-system-x86_64"));
  g_autofree char *disk = write_disk (live, code);
  g_autofree char *value = g_strdup_printf ("if=ide,format=raw,snapshot=on,file=%s", disk);

  qmp_launcher_set_arguments (launcher, arguments);
  qmp_launcher_append_option (launcher, "drive", value);
  return launcher;
}

QmpMachine *
live_launch (QmpLauncher *launcher)
{
  g_autoptr (GError) error = NULL;
  QmpMachine *machine = qmp_launcher_launch (launcher, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (QMP_IS_MACHINE (machine));
  return machine;
}

void
live_quit (QmpMachine *machine)
{
  g_autoptr (QmpShutdownOptions) options = qmp_shutdown_options_new ();
  g_autoptr (GError) error = NULL;

  qmp_shutdown_options_set_power_down_timeout (options, 0);
  qmp_machine_shut_down (machine, options, NULL, &error);
  g_assert_no_error (error);
}
