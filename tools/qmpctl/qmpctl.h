/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <qmp-glib/qmp-glib.h>

#include "tool-app.h"
#include "tool-writer.h"

G_BEGIN_DECLS

/* The whole program, with those verbs of it: its shell is a program of its own. */
int qmpctl_main (const ToolVerb *const *verbs, int argc, char **argv);

/* Opens the monitor at the tool's address, within its deadline. */
QmpConnection *qmpctl_connect (ToolApp *app, GError **error);
QmpOpenOptions *qmpctl_make_open_options (ToolApp *app);

/* The schema of the QEMU at hand, from the cache in the user's folder if it is
 * there. */
QmpSchema *qmpctl_load_schema (ToolApp *app, QmpConnection *connection, GError **error);

/* --- questions, and what else several verbs need: qmpctl-query.c ----------------- */

/* A command's result; the arguments are nullable. */
QmpValue *qmpctl_query (ToolApp *app, QmpConnection *connection, const char *command, const char *arguments_json, GError **error);
QmpValue *qmpctl_query_with (ToolApp *app, QmpConnection *connection, const char *command, ToolWriter *arguments, GError **error);

/* The same; what QEMU refuses is no error, but NULL in `value`. */
gboolean qmpctl_try_query (ToolApp *app, QmpConnection *connection, const char *command, const char *arguments_json,
                           QmpValue **value, GError **error);

QmpValue *qmpctl_get_property (ToolApp *app, QmpConnection *connection, const char *path, const char *property, GError **error);
QmpValue *qmpctl_list_properties (ToolApp *app, QmpConnection *connection, const char *path, GError **error);

/* Text as JSON, by the name that QOM has for the type (nullable). */
char *qmpctl_make_property (const char *name, const char *type, const char *text, GError **error);

/* "disk" of the property type "child<disk>"; NULL for any other. */
char *qmpctl_dup_child_type (const char *type);

/* --- parts of JSON that several verbs print ---------------------------------------- */

gboolean qmpctl_write_disks (ToolApp *app, QmpConnection *connection, ToolWriter *writer, GError **error);
gboolean qmpctl_write_networks (ToolApp *app, QmpConnection *connection, ToolWriter *writer, GError **error);
void qmpctl_write_jobs (ToolWriter *writer, const char *name, QmpValue *jobs);
void qmpctl_print_jobs (QmpValue *jobs);

/* Each in a file of its own, verb-NAME.c */
extern const ToolVerb qmpctl_call;
extern const ToolVerb qmpctl_device;
extern const ToolVerb qmpctl_disk;
extern const ToolVerb qmpctl_events;
extern const ToolVerb qmpctl_hmp;
extern const ToolVerb qmpctl_info;
extern const ToolVerb qmpctl_jobs;
extern const ToolVerb qmpctl_migrate;
extern const ToolVerb qmpctl_overlay;
extern const ToolVerb qmpctl_replay;
extern const ToolVerb qmpctl_run;
extern const ToolVerb qmpctl_schema;
extern const ToolVerb qmpctl_screenshot;
extern const ToolVerb qmpctl_shell;
extern const ToolVerb qmpctl_snapshot;
extern const ToolVerb qmpctl_tree;
extern const ToolVerb qmpctl_wait;

/* In verb-proxy.c */
extern const ToolVerb qmpctl_proxy;
extern const ToolVerb qmpctl_record;

/* In verb-keys.c */
extern const ToolVerb qmpctl_type;
extern const ToolVerb qmpctl_keys;

/* In verb-property.c */
extern const ToolVerb qmpctl_get;
extern const ToolVerb qmpctl_set;

/* In verb-state.c */
extern const ToolVerb qmpctl_pause;
extern const ToolVerb qmpctl_cont;
extern const ToolVerb qmpctl_reset;
extern const ToolVerb qmpctl_power_down;
extern const ToolVerb qmpctl_quit;

G_END_DECLS
