/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-migration-private.h"

#include "qmp-glib.h"

/**
 * QmpMigration:
 *
 * A machine on its way to another QEMU, or into a file: as its source sees it,
 * or as its destination does.
 *
 * [func@Qmp.Migration.start_async] sends a machine away;
 * [func@Qmp.Migration.receive_async] takes one in, in a QEMU that was started
 * with `-incoming defer`; [func@Qmp.Migration.attach_async] finds one that is
 * under way already. [method@Qmp.Migration.wait_async] waits for the end:
 * QEMU accepts a migration that is bound to fail, and tells so only later.
 *
 * ```js
 * await Qmp.Migration.receive_async(destination, 'unix:/run/app/move', null, null);
 * const migration = await Qmp.Migration.start_async(source, 'unix:/run/app/move', null, null);
 * migration.connect('notify::fraction', () => print(migration.fraction));
 * await migration.wait_async(null);
 * ```
 *
 * Its properties follow what QEMU tells. Events tell of
 * [property@Qmp.Migration:status] and [property@Qmp.Migration:pass]; for all
 * the rest the source is asked every [property@Qmp.Migration:interval]
 * milliseconds, by `query-migrate`, and only while something moves. What comes
 * in is not measured by QEMU.
 *
 * What QEMU shall do on its way is set before the start:
 * [method@Qmp.Connection.migrate_set_capabilities_async], for the likes of
 * `postcopy-ram` and `pause-before-switchover`, on both sides where both take
 * part, and [method@Qmp.Connection.migrate_set_parameters_async], for bandwidth
 * and downtime. QEMU keeps these for later migrations.
 *
 * A URI is `unix:PATH`, `tcp:HOST:PORT`, `exec:COMMAND`, `file:PATH` since
 * QEMU 8.2, or `fd:NAME`, for a descriptor that was passed by
 * [method@Qmp.Connection.getfd_async] under this name.
 *
 * A migration belongs to the main context that was the thread's default where
 * it was started, and is to be used there. It goes on in QEMU whatever becomes
 * of this object.
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE (QmpMigration, qmp_migration, G_TYPE_OBJECT)

static GParamSpec *properties[N_QMP_MIGRATION_PROPS];
static guint settled_signal;

void
qmp_migration_notify (QmpMigration *self, guint id)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
}

void
qmp_migration_emit_settled (QmpMigration *self)
{
  g_signal_emit (self, settled_signal, 0);
}

/* --- life ------------------------------------------------------------------------------------ */

static void
qmp_migration_dispose (GObject *object)
{
  QmpMigration *self = QMP_MIGRATION (object);

  qmp_migration_stop_timer (self);
  g_cancellable_cancel (self->leaving);
  g_clear_object (&self->bell);
  g_clear_object (&self->kept);
  G_OBJECT_CLASS (qmp_migration_parent_class)->dispose (object);
}

static void
qmp_migration_finalize (GObject *object)
{
  QmpMigration *self = QMP_MIGRATION (object);

  g_clear_object (&self->connection);
  g_object_unref (self->leaving);
  g_main_context_unref (self->context);
  g_free (self->error);
  g_clear_error (&self->outcome);
  G_OBJECT_CLASS (qmp_migration_parent_class)->finalize (object);
}

static void
get_progress_property (QmpMigration *self, guint id, GValue *value)
{
  if (id == QMP_MIGRATION_PROP_TRANSFERRED)
    g_value_set_uint64 (value, self->transferred);
  else if (id == QMP_MIGRATION_PROP_REMAINING)
    g_value_set_uint64 (value, self->remaining);
  else if (id == QMP_MIGRATION_PROP_TOTAL)
    g_value_set_uint64 (value, self->total);
  else if (id == QMP_MIGRATION_PROP_FRACTION)
    g_value_set_double (value, self->fraction);
  else if (id == QMP_MIGRATION_PROP_SPEED)
    g_value_set_double (value, self->speed);
  else if (id == QMP_MIGRATION_PROP_DOWNTIME)
    g_value_set_int64 (value, self->downtime);
  else if (id == QMP_MIGRATION_PROP_EXPECTED_DOWNTIME)
    g_value_set_int64 (value, self->expected_downtime);
  else if (id == QMP_MIGRATION_PROP_TOTAL_TIME)
    g_value_set_int64 (value, self->total_time);
  else
    g_value_set_int64 (value, self->pass);
}

static void
qmp_migration_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QmpMigration *self = QMP_MIGRATION (object);

  switch (id)
    {
    case QMP_MIGRATION_PROP_CONNECTION:
      g_value_set_object (value, self->connection);
      break;
    case QMP_MIGRATION_PROP_INCOMING:
      g_value_set_boolean (value, self->incoming);
      break;
    case QMP_MIGRATION_PROP_STATUS:
      g_value_set_enum (value, self->status);
      break;
    case QMP_MIGRATION_PROP_ACTIVE:
      g_value_set_boolean (value, !self->settled);
      break;
    case QMP_MIGRATION_PROP_ERROR:
      g_value_set_string (value, self->error);
      break;
    case QMP_MIGRATION_PROP_INTERVAL:
      g_value_set_uint (value, self->interval);
      break;
    default:
      if (id < N_QMP_MIGRATION_PROPS)
        get_progress_property (self, id, value);
      else
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qmp_migration_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == QMP_MIGRATION_PROP_INTERVAL)
    qmp_migration_set_interval (QMP_MIGRATION (object), g_value_get_uint (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
install_state (const GParamFlags flags)
{
  /**
   * QmpMigration:connection: (getter get_connection)
   *
   * The connection to the QEMU whose side this is.
   *
   * Since: 0.1
   */
  properties[QMP_MIGRATION_PROP_CONNECTION] = g_param_spec_object ("connection", NULL, NULL, QMP_TYPE_CONNECTION, flags);

  /**
   * QmpMigration:incoming: (getter get_incoming)
   *
   * Whether this is the destination's side.
   *
   * Since: 0.1
   */
  properties[QMP_MIGRATION_PROP_INCOMING] = g_param_spec_boolean ("incoming", NULL, NULL, FALSE, flags);

  /**
   * QmpMigration:status: (getter get_status)
   *
   * Where it is on its way, also whether it waits for
   * [method@Qmp.Migration.continue_async], in
   * %QMP_MIGRATION_STATUS_PRE_SWITCHOVER, or for
   * [method@Qmp.Migration.recover_async], in
   * %QMP_MIGRATION_STATUS_POSTCOPY_PAUSED.
   *
   * Since: 0.1
   */
  properties[QMP_MIGRATION_PROP_STATUS] = g_param_spec_enum ("status", NULL, NULL, QMP_TYPE_MIGRATION_STATUS, QMP_MIGRATION_STATUS_NONE, flags);

  /**
   * QmpMigration:active: (getter get_active)
   *
   * Whether it has not ended yet.
   *
   * Since: 0.1
   */
  properties[QMP_MIGRATION_PROP_ACTIVE] = g_param_spec_boolean ("active", NULL, NULL, TRUE, flags);

  /**
   * QmpMigration:error: (getter get_error)
   *
   * What went wrong, in QEMU's words.
   *
   * Since: 0.1
   */
  properties[QMP_MIGRATION_PROP_ERROR] = g_param_spec_string ("error", NULL, NULL, NULL, flags);

  /**
   * QmpMigration:interval: (getter get_interval) (setter set_interval)
   *
   * How often to ask for the progress while something moves; milliseconds, at
   * least 10, or 0 for never. Where QEMU tells nothing by itself, of some
   * migrations that were attached to, it is asked nevertheless.
   *
   * Since: 0.1
   */
  properties[QMP_MIGRATION_PROP_INTERVAL] = g_param_spec_uint ("interval", NULL, NULL, 0, G_MAXUINT, QMP_MIGRATION_INTERVAL,
                                                 G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
}

static void
install_amounts (const GParamFlags flags)
{
  /**
   * QmpMigration:transferred: (getter get_transferred)
   *
   * How many bytes went over the wire. Pages of zeros take next to none, so
   * that this may end far below [property@Qmp.Migration:total].
   *
   * Since: 0.1
   */
  properties[QMP_MIGRATION_PROP_TRANSFERRED] = g_param_spec_uint64 ("transferred", NULL, NULL, 0, G_MAXUINT64, 0, flags);

  /**
   * QmpMigration:remaining: (getter get_remaining)
   *
   * How many bytes of the guest's memory are still to go. It rises again when
   * the guest writes to what went already.
   *
   * Since: 0.1
   */
  properties[QMP_MIGRATION_PROP_REMAINING] = g_param_spec_uint64 ("remaining", NULL, NULL, 0, G_MAXUINT64, 0, flags);

  /**
   * QmpMigration:total: (getter get_total)
   *
   * How many bytes the guest's memory has; 0 while that is unknown.
   *
   * Since: 0.1
   */
  properties[QMP_MIGRATION_PROP_TOTAL] = g_param_spec_uint64 ("total", NULL, NULL, 0, G_MAXUINT64, 0, flags);

  /**
   * QmpMigration:fraction: (getter get_fraction)
   *
   * How much of it is done, between 0 and 1; -1 while that is unknown. It
   * never decreases, though a busy guest may make it stand still for long.
   *
   * Since: 0.1
   */
  properties[QMP_MIGRATION_PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, -1, 1, -1, flags);

  /**
   * QmpMigration:speed: (getter get_speed)
   *
   * Bytes in a second, as QEMU measures them; -1 when that is unknown, and
   * when nothing moves.
   *
   * Since: 0.1
   */
  properties[QMP_MIGRATION_PROP_SPEED] = g_param_spec_double ("speed", NULL, NULL, -1, G_MAXDOUBLE, -1, flags);

  /**
   * QmpMigration:pass: (getter get_pass)
   *
   * Which time QEMU goes through the memory, from 1; 0 before the first.
   *
   * Since: 0.1
   */
  properties[QMP_MIGRATION_PROP_PASS] = g_param_spec_int64 ("pass", NULL, NULL, 0, G_MAXINT64, 0, flags);
}

static void
install_times (const GParamFlags flags)
{
  /**
   * QmpMigration:downtime: (getter get_downtime)
   *
   * For how many milliseconds the guest stood still; -1 while that is unknown.
   *
   * Since: 0.1
   */
  properties[QMP_MIGRATION_PROP_DOWNTIME] = g_param_spec_int64 ("downtime", NULL, NULL, -1, G_MAXINT64, -1, flags);

  /**
   * QmpMigration:expected-downtime: (getter get_expected_downtime)
   *
   * For how many milliseconds the guest would stand still if it was switched
   * over now; -1 while that is unknown.
   *
   * Since: 0.1
   */
  properties[QMP_MIGRATION_PROP_EXPECTED_DOWNTIME] = g_param_spec_int64 ("expected-downtime", NULL, NULL, -1, G_MAXINT64, -1, flags);

  /**
   * QmpMigration:total-time: (getter get_total_time)
   *
   * For how many milliseconds it goes on, or has gone on when it ended; -1
   * while that is unknown.
   *
   * Since: 0.1
   */
  properties[QMP_MIGRATION_PROP_TOTAL_TIME] = g_param_spec_int64 ("total-time", NULL, NULL, -1, G_MAXINT64, -1, flags);
}

static void
qmp_migration_class_init (QmpMigrationClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = qmp_migration_dispose;
  object_class->finalize = qmp_migration_finalize;
  object_class->get_property = qmp_migration_get_property;
  object_class->set_property = qmp_migration_set_property;
  install_state (flags);
  install_amounts (flags);
  install_times (flags);
  g_object_class_install_properties (object_class, N_QMP_MIGRATION_PROPS, properties);

  /**
   * QmpMigration::settled:
   * @self: a migration
   *
   * It is known how it ended, and what [method@Qmp.Migration.wait_async] will
   * tell; or the connection has ended before it did. Emitted once.
   *
   * Since: 0.1
   */
  settled_signal = g_signal_new ("settled", QMP_TYPE_MIGRATION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
qmp_migration_init (QmpMigration *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->leaving = g_cancellable_new ();
  self->interval = QMP_MIGRATION_INTERVAL;
  self->status = QMP_MIGRATION_STATUS_NONE;
  self->fraction = self->speed = -1;
  self->downtime = self->expected_downtime = self->total_time = -1;
}

/* --- what is known ---------------------------------------------------------------------------------- */

/**
 * qmp_migration_get_connection: (get-property connection)
 * @self: a migration
 *
 * Gets the connection to the QEMU whose side this is.
 *
 * Returns: (transfer none): the connection
 *
 * Since: 0.1
 */
QmpConnection *
qmp_migration_get_connection (QmpMigration *self)
{
  g_return_val_if_fail (QMP_IS_MIGRATION (self), NULL);
  return self->connection;
}

/**
 * qmp_migration_get_incoming: (get-property incoming)
 * @self: a migration
 *
 * Tells whether this is the destination's side.
 *
 * Returns: whether the machine comes in
 *
 * Since: 0.1
 */
gboolean
qmp_migration_get_incoming (QmpMigration *self)
{
  g_return_val_if_fail (QMP_IS_MIGRATION (self), FALSE);
  return self->incoming;
}

/**
 * qmp_migration_get_status: (get-property status)
 * @self: a migration
 *
 * Tells where it is on its way.
 *
 * Returns: the status
 *
 * Since: 0.1
 */
QmpMigrationStatus
qmp_migration_get_status (QmpMigration *self)
{
  g_return_val_if_fail (QMP_IS_MIGRATION (self), QMP_MIGRATION_STATUS_UNRECOGNIZED);
  return self->status;
}

/**
 * qmp_migration_get_active: (get-property active)
 * @self: a migration
 *
 * Tells whether it has not ended yet.
 *
 * Returns: whether it goes on
 *
 * Since: 0.1
 */
gboolean
qmp_migration_get_active (QmpMigration *self)
{
  g_return_val_if_fail (QMP_IS_MIGRATION (self), FALSE);
  return !self->settled;
}

/**
 * qmp_migration_get_transferred: (get-property transferred)
 * @self: a migration
 *
 * Tells how much went over the wire.
 *
 * Returns: bytes
 *
 * Since: 0.1
 */
guint64
qmp_migration_get_transferred (QmpMigration *self)
{
  g_return_val_if_fail (QMP_IS_MIGRATION (self), 0);
  return self->transferred;
}

/**
 * qmp_migration_get_remaining: (get-property remaining)
 * @self: a migration
 *
 * Tells how much of the guest's memory is still to go.
 *
 * Returns: bytes
 *
 * Since: 0.1
 */
guint64
qmp_migration_get_remaining (QmpMigration *self)
{
  g_return_val_if_fail (QMP_IS_MIGRATION (self), 0);
  return self->remaining;
}

/**
 * qmp_migration_get_total: (get-property total)
 * @self: a migration
 *
 * Tells how large the guest's memory is.
 *
 * Returns: bytes; 0 while that is unknown
 *
 * Since: 0.1
 */
guint64
qmp_migration_get_total (QmpMigration *self)
{
  g_return_val_if_fail (QMP_IS_MIGRATION (self), 0);
  return self->total;
}

/**
 * qmp_migration_get_fraction: (get-property fraction)
 * @self: a migration
 *
 * Tells how much of it is done. It never decreases.
 *
 * Returns: between 0 and 1; -1 while that is unknown
 *
 * Since: 0.1
 */
double
qmp_migration_get_fraction (QmpMigration *self)
{
  g_return_val_if_fail (QMP_IS_MIGRATION (self), -1);
  return self->fraction;
}

/**
 * qmp_migration_get_speed: (get-property speed)
 * @self: a migration
 *
 * Tells how fast it goes, as QEMU measures it.
 *
 * Returns: bytes in a second; -1 when that is unknown, and when
 *   nothing moves
 *
 * Since: 0.1
 */
double
qmp_migration_get_speed (QmpMigration *self)
{
  g_return_val_if_fail (QMP_IS_MIGRATION (self), -1);
  return self->speed;
}

/**
 * qmp_migration_get_downtime: (get-property downtime)
 * @self: a migration
 *
 * Tells for how long the guest stood still.
 *
 * Returns: milliseconds; -1 while that is unknown
 *
 * Since: 0.1
 */
gint64
qmp_migration_get_downtime (QmpMigration *self)
{
  g_return_val_if_fail (QMP_IS_MIGRATION (self), -1);
  return self->downtime;
}

/**
 * qmp_migration_get_expected_downtime: (get-property expected-downtime)
 * @self: a migration
 *
 * Tells for how long the guest would stand still if it was switched over now.
 *
 * Returns: milliseconds; -1 while that is unknown
 *
 * Since: 0.1
 */
gint64
qmp_migration_get_expected_downtime (QmpMigration *self)
{
  g_return_val_if_fail (QMP_IS_MIGRATION (self), -1);
  return self->expected_downtime;
}

/**
 * qmp_migration_get_total_time: (get-property total-time)
 * @self: a migration
 *
 * Tells for how long it goes on, or has gone on when it ended.
 *
 * Returns: milliseconds; -1 while that is unknown
 *
 * Since: 0.1
 */
gint64
qmp_migration_get_total_time (QmpMigration *self)
{
  g_return_val_if_fail (QMP_IS_MIGRATION (self), -1);
  return self->total_time;
}

/**
 * qmp_migration_get_pass: (get-property pass)
 * @self: a migration
 *
 * Tells which time QEMU goes through the memory.
 *
 * Returns: the pass, from 1; 0 before the first
 *
 * Since: 0.1
 */
gint64
qmp_migration_get_pass (QmpMigration *self)
{
  g_return_val_if_fail (QMP_IS_MIGRATION (self), 0);
  return self->pass;
}

/**
 * qmp_migration_get_error: (get-property error)
 * @self: a migration
 *
 * Tells what went wrong, in QEMU's words.
 *
 * Returns: (transfer none) (nullable): the text; %NULL while nothing did
 *
 * Since: 0.1
 */
const char *
qmp_migration_get_error (QmpMigration *self)
{
  g_return_val_if_fail (QMP_IS_MIGRATION (self), NULL);
  return self->error;
}

/**
 * qmp_migration_get_interval: (get-property interval)
 * @self: a migration
 *
 * Tells how often the progress is asked for.
 *
 * Returns: milliseconds; 0 for never
 *
 * Since: 0.1
 */
guint
qmp_migration_get_interval (QmpMigration *self)
{
  g_return_val_if_fail (QMP_IS_MIGRATION (self), 0);
  return self->interval;
}

/**
 * qmp_migration_set_interval: (set-property interval)
 * @self: a migration
 * @milliseconds: how often, at least 10; or 0 for never
 *
 * Sets how often the progress is asked for while something moves.
 *
 * Since: 0.1
 */
void
qmp_migration_set_interval (QmpMigration *self, guint milliseconds)
{
  g_return_if_fail (QMP_IS_MIGRATION (self));
  if (milliseconds > 0)
    milliseconds = MAX (milliseconds, QMP_MIGRATION_SHORTEST_INTERVAL);
  if (self->interval == milliseconds)
    return;
  self->interval = milliseconds;
  g_object_notify_by_pspec (G_OBJECT (self), properties[QMP_MIGRATION_PROP_INTERVAL]);
  qmp_migration_stop_timer (self);
  qmp_migration_update (self);
}
