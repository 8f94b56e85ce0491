/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-screenshot.h"

G_BEGIN_DECLS

/* Reads what QEMU has written into a file of ours. */
QmpScreenshot *qmp_screenshot_new_from_fd (int fd, GError **error);

G_END_DECLS
