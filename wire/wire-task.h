/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Tasks as all asynchronous calls have them: with a tag that their _finish
 * knows, and never turned into a cancel once there is a result. The source may
 * be NULL. */

GTask *wire_task_new (gpointer source, gpointer tag, GCancellable *cancellable, GAsyncReadyCallback callback,
                      gpointer user_data);
gboolean wire_task_is_result (gpointer source, GAsyncResult *result, gpointer tag);

/* Takes the error. */
void wire_task_return_boolean (GTask *task, gboolean done, GError *error);

G_END_DECLS
