/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "live.h"

/* Guests of a few bytes: a boot sector that writes to ports, and stands still.
 * It is there as soon as the firmware is done. */

/* mov dx, PORT; mov al, VALUE; out dx, al */
#define LIVE_OUT(port, value) 0xba, (port) & 0xff, (port) >> 8, 0xb0, value, 0xee
/* mov dx, PORT; mov ax, VALUE; out dx, ax */
#define LIVE_OUT_WIDE(port, value) 0xba, (port) & 0xff, (port) >> 8, 0xb8, (value) & 0xff, (value) >> 8, 0xef

typedef struct
{
  guint8 bytes[504];
  gsize length;
} LiveCode;

#define LIVE_CODE(...) { { __VA_ARGS__ }, sizeof (guint8[]) { __VA_ARGS__ } }

/* Of a machine that waits for its start, and boots the code. */
QmpLauncher *live_boot_launcher (Live *live, const LiveCode *code);
QmpMachine *live_launch (QmpLauncher *launcher);

/* Tells QEMU to quit; the guest is not asked. */
void live_quit (QmpMachine *machine);
