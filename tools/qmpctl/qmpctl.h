/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <qmp-glib/qmp-glib.h>

#include "tool-app.h"

G_BEGIN_DECLS

/* Opens the monitor at the tool's address, within its deadline. */
QmpConnection *qmpctl_connect (ToolApp *app, GError **error);

/* The schema of the QEMU at hand, from the cache in the user's folder if it is
 * there. */
QmpSchema *qmpctl_load_schema (ToolApp *app, QmpConnection *connection, GError **error);

/* Each in a file of its own, verb-NAME.c */
extern const ToolVerb qmpctl_call;
extern const ToolVerb qmpctl_events;
extern const ToolVerb qmpctl_proxy;
extern const ToolVerb qmpctl_record;
extern const ToolVerb qmpctl_replay;
extern const ToolVerb qmpctl_shell;

G_END_DECLS
