/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <qmp-glib/qmp-glib.h>

#include "talk.h"

G_BEGIN_DECLS

/* Lets many clients share one connection to QEMU: what they ask goes there and
 * comes back to who asked, events go to all. Each place that it listens at has
 * commands that it allows. */
typedef struct _Proxy Proxy;

/* `writer` (nullable, not owned) is told everything. */
Proxy *proxy_new (QmpConnection *connection, TalkWriter *writer);
void proxy_free (Proxy *proxy);

/* `patterns` (nullable for all commands) are globs. Returns where it listens. */
char *proxy_listen (Proxy *proxy, const char *address, const char *const *patterns, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Proxy, proxy_free)

G_END_DECLS
