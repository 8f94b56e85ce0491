/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmpctl.h"

G_BEGIN_DECLS

/* Arguments of device_add for a driver, from KEY=VALUE words, of the types that
 * the driver's properties have. */
QmpDeviceAddArguments *qmpctl_make_device (ToolApp *app, QmpConnection *connection, const char *driver, const char *id,
                                           char **words, GError **error);

/* What waits for the guest to let go, for the tool's time. */
QmpUnplugOptions *qmpctl_make_unplug_options (ToolApp *app);

G_END_DECLS
