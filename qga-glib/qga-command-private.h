/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qga-connection.h"
#include "qga-struct-private.h"
#include "wire/wire-command.h"

G_BEGIN_DECLS

/* What generated calls are made of. The arguments are an object, or NULL; and
 * behind all else what the command's table says is positional. */

void qga_command_start (const WireCommand *command, QgaConnection *self, gpointer arguments, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data, ...);
gpointer qga_command_finish_pointer (const WireCommand *command, QgaConnection *self, GAsyncResult *result, GError **error);
gboolean qga_command_finish (const WireCommand *command, QgaConnection *self, GAsyncResult *result, GError **error);
gint64 qga_command_finish_integer (const WireCommand *command, QgaConnection *self, GAsyncResult *result, GError **error);
QgaAcceptance qga_command_finish_unanswered (const WireCommand *command, QgaConnection *self, GAsyncResult *result,
                                             GError **error);

gpointer qga_command_run_pointer (const WireCommand *command, QgaConnection *self, gpointer arguments,
                                  GCancellable *cancellable, GError **error, ...);
gboolean qga_command_run (const WireCommand *command, QgaConnection *self, gpointer arguments, GCancellable *cancellable,
                          GError **error, ...);
gint64 qga_command_run_integer (const WireCommand *command, QgaConnection *self, gpointer arguments,
                                GCancellable *cancellable, GError **error, ...);
QgaAcceptance qga_command_run_unanswered (const WireCommand *command, QgaConnection *self, gpointer arguments,
                                          GCancellable *cancellable, GError **error, ...);

G_END_DECLS
