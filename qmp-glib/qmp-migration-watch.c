/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-glib.h"
#include "qmp-migration-private.h"

/* How a migration follows what QEMU tells. */

/* Of two streams with the same events, one rings and the other one keeps: so
 * whoever wants to know, a reply that has come or a call that blocks, finds
 * all events that came before, and each only once. */
#define KEPT 1024

void
qmp_migration_stop_timer (QmpMigration *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

/* --- what is set ------------------------------------------------------------------------------- */

static void
set_amount (QmpMigration *self, guint id, guint64 *field, guint64 value)
{
  if (*field == value)
    return;
  *field = value;
  qmp_migration_notify (self, id);
}

static void
set_time (QmpMigration *self, guint id, gint64 *field, gint64 value)
{
  if (*field == value)
    return;
  *field = value;
  qmp_migration_notify (self, id);
}

static void
set_ratio (QmpMigration *self, guint id, double *field, double value)
{
  if (*field >= value && *field <= value)
    return;
  *field = value;
  qmp_migration_notify (self, id);
}

/* It moves no more, though it may not be known yet why. */
gboolean
qmp_migration_is_over (QmpMigration *self)
{
  return self->status == QMP_MIGRATION_STATUS_COMPLETED || self->status == QMP_MIGRATION_STATUS_FAILED ||
         self->status == QMP_MIGRATION_STATUS_CANCELLED;
}

static gboolean
is_moving (QmpMigration *self)
{
  return self->status == QMP_MIGRATION_STATUS_ACTIVE || self->status == QMP_MIGRATION_STATUS_POSTCOPY_ACTIVE ||
         self->status == QMP_MIGRATION_STATUS_DEVICE || self->status == QMP_MIGRATION_STATUS_POSTCOPY_RECOVER;
}

static void
set_status (QmpMigration *self, QmpMigrationStatus status)
{
  if (self->status == status || qmp_migration_is_over (self))
    return;
  self->status = status;
  qmp_migration_notify (self, QMP_MIGRATION_PROP_STATUS);
  if (!is_moving (self))
    set_ratio (self, QMP_MIGRATION_PROP_SPEED, &self->speed, -1);
}

/* --- its end ------------------------------------------------------------------------------------ */

static GError *
make_outcome (QmpMigration *self)
{
  if (self->status == QMP_MIGRATION_STATUS_CANCELLED)
    return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "The migration was cancelled");
  if (self->status == QMP_MIGRATION_STATUS_FAILED)
    return qmp_error_new_for_migration (self->error);
  return NULL;
}

/* Takes the outcome. */
static void
settle (QmpMigration *self, GError *outcome)
{
  if (self->settled)
    {
      g_clear_error (&outcome);
      return;
    }
  self->settled = TRUE;
  self->outcome = outcome;
  qmp_migration_stop_timer (self);
  g_cancellable_cancel (self->leaving);
  g_object_freeze_notify (G_OBJECT (self));
  set_ratio (self, QMP_MIGRATION_PROP_SPEED, &self->speed, -1);
  if (self->status == QMP_MIGRATION_STATUS_COMPLETED)
    {
      set_amount (self, QMP_MIGRATION_PROP_REMAINING, &self->remaining, 0);
      set_ratio (self, QMP_MIGRATION_PROP_FRACTION, &self->fraction, 1);
    }
  qmp_migration_notify (self, QMP_MIGRATION_PROP_ACTIVE);
  g_object_thaw_notify (G_OBJECT (self));
  qmp_migration_emit_settled (self);
}

/* The connection has ended; the error is taken. */
static void
lose (QmpMigration *self, GError *error)
{
  if (qmp_migration_is_over (self))
    {
      g_clear_error (&error);
      settle (self, make_outcome (self));
    }
  else
    {
      if (error == NULL)
        error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CLOSED, "The connection ended before the migration did");
      settle (self, error);
    }
}

gboolean
qmp_migration_is_settled (QmpMigration *self)
{
  return self->settled;
}

const GError *
qmp_migration_get_outcome (QmpMigration *self)
{
  return self->outcome;
}

/* --- events -------------------------------------------------------------------------------------- */

/* An earlier migration's end may still be told; this one begins with a setup. */
static void
take_event (QmpMigration *self, QmpEvent *event)
{
  g_autoptr (QmpStruct) data = qmp_event_to_struct (event, NULL);
  QmpMigrationStatus status;

  if (QMP_IS_MIGRATION_PASS_EVENT (data) && self->begun)
    set_time (self, QMP_MIGRATION_PROP_PASS, &self->pass, qmp_migration_pass_event_get_pass (QMP_MIGRATION_PASS_EVENT (data)));
  if (!QMP_IS_MIGRATION_EVENT (data))
    return;
  status = qmp_migration_event_get_status (QMP_MIGRATION_EVENT (data));
  self->begun = self->begun || status == QMP_MIGRATION_STATUS_SETUP;
  if (!self->begun || qmp_migration_is_over (self))
    return;
  self->n_events++;
  set_status (self, status);
}

void
qmp_migration_drain (QmpMigration *self)
{
  QmpEvent *event;

  while (!self->settled && (event = qmp_event_stream_try_next (self->kept)) != NULL)
    {
      take_event (self, event);
      qmp_event_unref (event);
    }
}

/* --- what is asked ------------------------------------------------------------------------------- */

static void
add_stats (QmpMigrationStats *stats, gint64 *transferred, gint64 *remaining, gint64 *total)
{
  if (stats == NULL)
    return;
  *transferred += MAX (qmp_migration_stats_get_transferred (stats), 0);
  *remaining += MAX (qmp_migration_stats_get_remaining (stats), 0);
  *total += MAX (qmp_migration_stats_get_total (stats), 0);
}

static void
take_progress (QmpMigration *self, QmpMigrationInfo *info)
{
  QmpMigrationStats *ram = qmp_migration_info_get_ram (info);
  gint64 transferred = 0, remaining = 0, total = 0;

  if (ram == NULL)
    return;
  add_stats (ram, &transferred, &remaining, &total);
  add_stats (qmp_migration_info_get_disk (info), &transferred, &remaining, &total);
  set_amount (self, QMP_MIGRATION_PROP_TRANSFERRED, &self->transferred, MAX (self->transferred, (guint64) transferred));
  set_amount (self, QMP_MIGRATION_PROP_REMAINING, &self->remaining, (guint64) remaining);
  set_amount (self, QMP_MIGRATION_PROP_TOTAL, &self->total, (guint64) total);
  if (total > 0 && remaining <= total)
    set_ratio (self, QMP_MIGRATION_PROP_FRACTION, &self->fraction, MAX (self->fraction, (double) (total - remaining) / (double) total));
  /* in millions of bits */
  if (is_moving (self) && qmp_migration_stats_has_mbps (ram))
    set_ratio (self, QMP_MIGRATION_PROP_SPEED, &self->speed, qmp_migration_stats_get_mbps (ram) * 1e6 / 8);
}

static void
take_times (QmpMigration *self, QmpMigrationInfo *info)
{
  if (qmp_migration_info_has_downtime (info))
    set_time (self, QMP_MIGRATION_PROP_DOWNTIME, &self->downtime, qmp_migration_info_get_downtime (info));
  if (qmp_migration_info_has_expected_downtime (info))
    set_time (self, QMP_MIGRATION_PROP_EXPECTED_DOWNTIME, &self->expected_downtime, qmp_migration_info_get_expected_downtime (info));
  if (qmp_migration_info_has_total_time (info))
    set_time (self, QMP_MIGRATION_PROP_TOTAL_TIME, &self->total_time, qmp_migration_info_get_total_time (info));
}

static void
take_error (QmpMigration *self, const char *error)
{
  if (error == NULL || g_strcmp0 (self->error, error) == 0)
    return;
  g_free (self->error);
  self->error = g_strdup (error);
  qmp_migration_notify (self, QMP_MIGRATION_PROP_ERROR);
}

/* QEMU tells that it is there, and counts afterwards how long it took: until then
 * it took no time at all, as one that was very fast. */
#define MOST_EARLY 50

static gboolean
is_early (QmpMigration *self)
{
  return self->status == QMP_MIGRATION_STATUS_COMPLETED && !self->incoming && self->total_time == 0 &&
         self->n_early++ < MOST_EARLY;
}

/* A reply is of the moment of its query: what an event has said since is newer.
 * It ends the migration only when it was asked for after the last event. */
void
qmp_migration_take_info (QmpMigration *self, QmpMigrationInfo *info, gboolean fresh)
{
  if (self->settled)
    return;
  self->informed = TRUE;
  g_object_freeze_notify (G_OBJECT (self));
  if (fresh && qmp_migration_info_has_status (info))
    set_status (self, qmp_migration_info_get_status (info));
  take_progress (self, info);
  take_times (self, info);
  take_error (self, qmp_migration_info_get_error_desc (info));
  g_object_thaw_notify (G_OBJECT (self));
  if (fresh && qmp_migration_is_over (self) && !is_early (self))
    settle (self, make_outcome (self));
}

static void
go_without (QmpMigration *self)
{
  if (qmp_migration_is_over (self))
    settle (self, make_outcome (self));
}

/* Who waits in a context that does not run keeps nothing alive. */
typedef struct
{
  GWeakRef migration;
  guint n_events;
} Query;

static Query *
new_query (QmpMigration *self)
{
  Query *query = g_new0 (Query, 1);

  g_weak_ref_init (&query->migration, self);
  query->n_events = self->n_events;
  return query;
}

static void
free_query (gpointer data)
{
  Query *query = data;

  g_weak_ref_clear (&query->migration);
  g_free (query);
}

static void
on_info (GObject *source, GAsyncResult *result, gpointer data)
{
  Query *query = data;
  g_autoptr (QmpMigration) self = g_weak_ref_get (&query->migration);
  g_autoptr (QmpMigrationInfo) info = qmp_connection_query_migrate_finish (QMP_CONNECTION (source), result, NULL);

  if (self != NULL)
    {
      qmp_migration_drain (self);
      self->querying = FALSE;
      if (info != NULL)
        qmp_migration_take_info (self, info, query->n_events == self->n_events);
      else
        go_without (self);
      qmp_migration_update (self);
    }
  free_query (query);
}

static void
ask (QmpMigration *self)
{
  qmp_migration_stop_timer (self);
  self->querying = TRUE;
  qmp_connection_query_migrate_async (self->connection, self->leaving, on_info, new_query (self));
}

static gboolean
on_timer (gpointer data)
{
  Query *query = data;
  g_autoptr (QmpMigration) self = g_weak_ref_get (&query->migration);

  if (self != NULL && !self->querying && !self->settled)
    ask (self);
  return G_SOURCE_REMOVE;
}

static guint
get_interval (QmpMigration *self)
{
  return self->interval > 0 ? self->interval : QMP_MIGRATION_INTERVAL;
}

static void
start_timer (QmpMigration *self)
{
  if (self->timer != NULL)
    return;
  self->timer = g_timeout_source_new (get_interval (self));
  g_source_set_callback (self->timer, on_timer, new_query (self), free_query);
  g_source_attach (self->timer, self->context);
}

static gboolean
wants_progress (QmpMigration *self)
{
  return self->untold || (self->interval > 0 && !self->incoming && is_moving (self));
}

/* Asks at once how it ended, now and then what a person looks at, and nothing
 * while it stands still. */
void
qmp_migration_update (QmpMigration *self)
{
  qmp_migration_drain (self);
  if (self->querying || self->settled || !self->begun)
    return;
  if (qmp_migration_is_over (self) || (wants_progress (self) && !self->informed))
    ask (self);
  else if (wants_progress (self))
    start_timer (self);
  else
    qmp_migration_stop_timer (self);
}

/* --- what rings ---------------------------------------------------------------------------------- */

static void ring (QmpMigration *self);

static void
on_bell (GObject *source, GAsyncResult *result, gpointer data)
{
  Query *query = data;
  g_autoptr (QmpMigration) self = g_weak_ref_get (&query->migration);
  GError *error = NULL;
  g_autoptr (QmpEvent) event = qmp_event_stream_next_finish (QMP_EVENT_STREAM (source), result, &error);

  free_query (query);
  if (self == NULL || self->settled)
    {
      g_clear_error (&error);
      return;
    }
  qmp_migration_update (self);
  if (event != NULL)
    ring (self);
  else
    lose (self, error);
}

static void
ring (QmpMigration *self)
{
  if (!self->settled)
    qmp_event_stream_next_async (self->bell, self->leaving, on_bell, new_query (self));
}

QmpMigration *
qmp_migration_new (QmpConnection *connection, gboolean incoming)
{
  static const char *const names[] = { "MIGRATION", "MIGRATION_PASS", NULL };
  QmpMigration *self = g_object_new (QMP_TYPE_MIGRATION, NULL);

  self->connection = g_object_ref (connection);
  self->incoming = incoming;
  self->kept = qmp_connection_watch_events (connection, names, KEPT);
  self->bell = qmp_connection_watch_events (connection, names, 1);
  ring (self);
  return self;
}

void
qmp_migration_begin (QmpMigration *self)
{
  qmp_migration_drain (self);
  self->begun = TRUE;
  qmp_migration_update (self);
}

/* --- what blocks ----------------------------------------------------------------------------------- */

static gboolean
ask_blocking (QmpMigration *self, GCancellable *cancellable, GError **error)
{
  GError *local_error = NULL;
  guint n_events = self->n_events;
  g_autoptr (QmpMigrationInfo) info = qmp_connection_query_migrate (self->connection, cancellable, &local_error);

  if (local_error != NULL && g_cancellable_is_cancelled (cancellable))
    {
      g_propagate_error (error, local_error);
      return FALSE;
    }
  qmp_migration_drain (self);
  if (info != NULL)
    qmp_migration_take_info (self, info, n_events == self->n_events);
  else
    go_without (self);
  g_clear_error (&local_error);
  return TRUE;
}

/* FALSE when it was cancelled. */
gboolean
qmp_migration_next (QmpMigration *self, GCancellable *cancellable, GError **error)
{
  GError *local_error = NULL;
  g_autoptr (QmpEvent) event = NULL;

  if (qmp_migration_is_over (self))
    return ask_blocking (self, cancellable, error);
  qmp_event_stream_set_timeout (self->kept, wants_progress (self) ? (int) MIN (get_interval (self), G_MAXINT - 1) : -1);
  event = qmp_event_stream_next (self->kept, cancellable, &local_error);
  if (event != NULL)
    {
      take_event (self, event);
      return TRUE;
    }
  if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) && wants_progress (self))
    {
      g_clear_error (&local_error);
      return ask_blocking (self, cancellable, error);
    }
  if (local_error != NULL && g_cancellable_is_cancelled (cancellable))
    {
      g_propagate_error (error, local_error);
      return FALSE;
    }
  lose (self, local_error);
  return TRUE;
}
