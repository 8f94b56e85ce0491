/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-version.h"

G_BEGIN_DECLS

QmpVersion *qmp_version_new (guint major, guint minor, guint micro, const char *package);

G_END_DECLS
