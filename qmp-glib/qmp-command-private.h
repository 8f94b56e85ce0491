/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-connection.h"
#include "qmp-struct-private.h"
#include "wire/wire-command.h"

G_BEGIN_DECLS

/* What generated calls are made of. The arguments are an object, or NULL; and
 * behind all else what the command's table says is positional. */

void qmp_command_start (const WireCommand *command, QmpConnection *self, gpointer arguments, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data, ...);
gpointer qmp_command_finish_pointer (const WireCommand *command, QmpConnection *self, GAsyncResult *result, GError **error);
gboolean qmp_command_finish (const WireCommand *command, QmpConnection *self, GAsyncResult *result, GError **error);
gint64 qmp_command_finish_integer (const WireCommand *command, QmpConnection *self, GAsyncResult *result, GError **error);

gpointer qmp_command_run_pointer (const WireCommand *command, QmpConnection *self, gpointer arguments,
                                  GCancellable *cancellable, GError **error, ...);
gboolean qmp_command_run (const WireCommand *command, QmpConnection *self, gpointer arguments, GCancellable *cancellable,
                          GError **error, ...);
gint64 qmp_command_run_integer (const WireCommand *command, QmpConnection *self, gpointer arguments,
                                GCancellable *cancellable, GError **error, ...);

G_END_DECLS
