/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <qga-glib/qga-glib.h>

#include "tool-app.h"

G_BEGIN_DECLS

/* The whole program, with those verbs of it: its shell is a program of its own. */
int qgactl_main (const ToolVerb *const *verbs, int argc, char **argv);

/* How exec and shell end when they fail themselves: all that is below it is
 * for the guest's command. */
#define QGACTL_STATUS_OWN 125

/* Opens the agent's line at the tool's address, within its deadline. */
QgaConnection *qgactl_connect (ToolApp *app, GError **error);

/* For a verb without options of its own: reads its arguments, and connects. */
QgaConnection *qgactl_begin (ToolApp *app, int *argc, char ***argv, int least, int most, GError **error);

/* After what was cut short: waits until what the library has let go of (a
 * file that is still to be closed) has reached the agent, or a few seconds. */
void qgactl_settle (ToolApp *app, QgaConnection *connection);

/* Each in a file of its own, verb-NAME.c */
extern const ToolVerb qgactl_call;
extern const ToolVerb qgactl_cat;
extern const ToolVerb qgactl_cpus;
extern const ToolVerb qgactl_disks;
extern const ToolVerb qgactl_exec;
extern const ToolVerb qgactl_filesystems;
extern const ToolVerb qgactl_freeze;
extern const ToolVerb qgactl_fstrim;
extern const ToolVerb qgactl_get;
extern const ToolVerb qgactl_hostname;
extern const ToolVerb qgactl_info;
extern const ToolVerb qgactl_load;
extern const ToolVerb qgactl_network;
extern const ToolVerb qgactl_osinfo;
extern const ToolVerb qgactl_passwd;
extern const ToolVerb qgactl_ping;
extern const ToolVerb qgactl_put;
extern const ToolVerb qgactl_reboot;
extern const ToolVerb qgactl_schema;
extern const ToolVerb qgactl_shell;
extern const ToolVerb qgactl_shutdown;
extern const ToolVerb qgactl_ssh_keys;
extern const ToolVerb qgactl_status;
extern const ToolVerb qgactl_suspend;
extern const ToolVerb qgactl_thaw;
extern const ToolVerb qgactl_time;
extern const ToolVerb qgactl_users;

G_END_DECLS
