/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mock/await.h"

static int last_order;

void
await_callback (GObject *source, GAsyncResult *result, gpointer data)
{
  Await *self = data;

  self->n_calls++;
  g_assert_cmpuint (self->n_calls, ==, 1);
  self->result = g_object_ref (result);
  self->source = source;
  self->order = (guint) g_atomic_int_add (&last_order, 1) + 1;
  self->thread = g_thread_self ();
  self->context = g_main_context_get_thread_default ();
}

GAsyncResult *
await (Await *self)
{
  GMainContext *context = g_main_context_get_thread_default ();

  while (self->result == NULL)
    g_main_context_iteration (context, TRUE);
  return self->result;
}

void
await_clear (Await *self)
{
  g_clear_object (&self->result);
}

/* Runs what is ready, and no more. */
void
await_idle (void)
{
  GMainContext *context = g_main_context_get_thread_default ();

  while (g_main_context_iteration (context, FALSE))
    ;
}

void
await_true (const gboolean *condition)
{
  GMainContext *context = g_main_context_get_thread_default ();

  while (!*condition)
    g_main_context_iteration (context, TRUE);
}
