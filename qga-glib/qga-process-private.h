/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qga-process.h"
#include "qga-watch-private.h"

G_BEGIN_DECLS

QgaWatch *qga_process_get_watch (QgaProcess *self);
int qga_process_get_wait_timeout (QgaProcess *self);

G_END_DECLS
