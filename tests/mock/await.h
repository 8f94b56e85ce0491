/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Waits for asynchronous calls: give await_callback and an Await to the call,
 * then await() it. The context that runs is the thread-default one. */

typedef struct
{
  GAsyncResult *result;
  GObject *source;
  guint n_calls;        /* how often the callback was called */
  guint order;          /* which of all callbacks in the test this was, from 1 */
  GThread *thread;
  GMainContext *context;
} Await;

void await_callback (GObject *source, GAsyncResult *result, gpointer data);
GAsyncResult *await (Await *self);
void await_clear (Await *self);
void await_idle (void);
void await_true (const gboolean *condition);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Await, await_clear)

G_END_DECLS
