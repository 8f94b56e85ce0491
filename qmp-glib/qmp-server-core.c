/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-server-client-private.h"

/* What a result or an event of ours may be: only the rules of JSON count. */
static const WireLimits own_limits = { WIRE_MAX_BYTES, WIRE_MAX_VALUES, WIRE_MAX_DEPTH, WIRE_MAX_KEY };

QmpServerCore *
qmp_server_core_new (GMainContext *context)
{
  QmpServerCore *core = g_new0 (QmpServerCore, 1);

  core->references = 1;
  core->context = g_main_context_ref (context);
  g_mutex_init (&core->lock);
  g_weak_ref_init (&core->server, NULL);
  core->answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  core->clients = g_ptr_array_new_with_free_func (g_object_unref);
  core->doors = g_ptr_array_new_with_free_func ((GDestroyNotify) qmp_server_door_free);
  wire_scanner_init (&core->checker, &own_limits);
  return core;
}

QmpServerCore *
qmp_server_core_ref (QmpServerCore *core)
{
  g_atomic_int_inc (&core->references);
  return core;
}

void
qmp_server_core_unref (QmpServerCore *core)
{
  if (!g_atomic_int_dec_and_test (&core->references))
    return;
  g_weak_ref_clear (&core->server);
  g_clear_object (&core->version);
  g_clear_object (&core->limits);
  g_hash_table_unref (core->answers);
  g_ptr_array_unref (core->clients);
  g_ptr_array_unref (core->doors);
  wire_scanner_clear (&core->checker);
  g_mutex_clear (&core->lock);
  g_main_context_unref (core->context);
  g_free (core);
}

/* --- a thread of its own --------------------------------------------------------------- */

static gpointer
run (gpointer data)
{
  QmpServerCore *core = data;

  g_main_context_push_thread_default (core->context);
  while (!g_atomic_int_get (&core->leaving))
    g_main_context_iteration (core->context, TRUE);
  g_main_context_pop_thread_default (core->context);
  qmp_server_core_unref (core);
  return NULL;
}

/* Nobody waits for its end: that could be in one of its own handlers. */
void
qmp_server_core_begin_thread (QmpServerCore *core)
{
  g_thread_unref (g_thread_new ("qmp server", run, qmp_server_core_ref (core)));
}

/* --- the end ------------------------------------------------------------------------------ */

/* The public face is going: whoever is connected is sent away, and told nobody. */
void
qmp_server_core_abandon (QmpServerCore *core)
{
  g_autoptr (GPtrArray) clients = NULL;
  g_autoptr (GPtrArray) doors = NULL;

  qmp_server_core_lock (core);
  core->gone = TRUE;
  clients = g_ptr_array_copy (core->clients, (GCopyFunc) (GCallback) g_object_ref, NULL);
  g_ptr_array_set_free_func (clients, g_object_unref);
  doors = g_steal_pointer (&core->doors);
  core->doors = g_ptr_array_new_with_free_func ((GDestroyNotify) qmp_server_door_free);
  qmp_server_core_unlock (core);
  for (guint i = 0; i < clients->len; i++)
    {
      QmpServerClient *client = clients->pdata[i];
      GPtrArray *left;

      qmp_server_core_lock (core);
      qmp_server_client_end (client, NULL);
      left = qmp_server_client_clear (client);
      qmp_server_core_unlock (core);
      qmp_server_client_finish_clearing (client, left);
    }
  g_atomic_int_set (&core->leaving, TRUE);
  g_main_context_wakeup (core->context);
}
