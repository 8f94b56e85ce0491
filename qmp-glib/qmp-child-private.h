/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A QEMU that is our child. A thread of its own reads what it says and sees
 * its end, so both are known in any thread, whether main loops run or not. */

typedef struct _QmpChild QmpChild;

/* Called once, in the child's thread, when it has ended. */
typedef void (*QmpChildEnded) (gpointer data);

QmpChild *qmp_child_spawn (GSubprocessLauncher *launcher, const char *const *arguments, int copy_fd, GError **error);
QmpChild *qmp_child_ref (QmpChild *self);
void qmp_child_unref (QmpChild *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (QmpChild, qmp_child_unref)

/* Takes the data; what there was before is forgotten. */
void qmp_child_on_end (QmpChild *self, QmpChildEnded ended, gpointer data, GDestroyNotify destroy);

gboolean qmp_child_has_ended (QmpChild *self);
int qmp_child_get_pid (QmpChild *self);
int qmp_child_get_exit_status (QmpChild *self);
int qmp_child_get_term_signal (QmpChild *self);
char *qmp_child_dup_output (QmpChild *self);
char *qmp_child_describe_end (QmpChild *self);
GError *qmp_child_describe_failure (QmpChild *self, const GError *cause);
void qmp_child_send_signal (QmpChild *self, int number);

/* Cancelled when it has ended. */
GCancellable *qmp_child_get_gone (QmpChild *self);

/* Ends when the child has. */
void qmp_child_wait_async (QmpChild *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean qmp_child_wait_finish (GAsyncResult *result, GError **error);
gboolean qmp_child_wait (QmpChild *self, gint64 deadline, GCancellable *cancellable);

G_END_DECLS
