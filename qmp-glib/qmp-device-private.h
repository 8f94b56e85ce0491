/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-device.h"
#include "wire/wire-command.h"

G_BEGIN_DECLS

/* What a device is made of at the host, and goes with it. */
typedef struct
{
  const WireCommand *add;
  const WireCommand *remove;
  const char *property;  /* of the device, which names it */
  gboolean apart;        /* its id is an argument of its own; and there is a result */
} QmpBackend;

extern const QmpBackend qmp_backend_disk;
extern const QmpBackend qmp_backend_network;
extern const QmpBackend qmp_backend_character_device;

QmpDeviceAddArguments *qmp_backend_complete (const QmpBackend *self, const char *id, QmpDeviceAddArguments *arguments,
                                             GError **error);

G_END_DECLS
