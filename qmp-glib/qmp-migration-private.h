/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "qmp-migration.h"

G_BEGIN_DECLS

#define QMP_MIGRATION_INTERVAL 500
#define QMP_MIGRATION_SHORTEST_INTERVAL 10

struct _QmpMigration
{
  GObject parent_instance;
  QmpConnection *connection;
  QmpEventStream *bell;
  QmpEventStream *kept;
  GCancellable *leaving;
  GMainContext *context;
  GSource *timer;
  gboolean incoming;
  gboolean begun;
  gboolean untold;           /* no event comes: it is asked to the end */
  gboolean informed;         /* query-migrate has told of it */
  guint n_early;             /* replies that came before QEMU had counted */
  gboolean querying;
  guint n_events;
  guint interval;
  QmpMigrationStatus status;
  guint64 transferred;
  guint64 remaining;
  guint64 total;
  double fraction;
  double speed;
  gint64 downtime;
  gint64 expected_downtime;
  gint64 total_time;
  gint64 pass;
  char *error;
  gboolean settled;
  GError *outcome;           /* NULL: it has arrived */
};

enum
{
  QMP_MIGRATION_PROP_CONNECTION = 1,
  QMP_MIGRATION_PROP_INCOMING,
  QMP_MIGRATION_PROP_STATUS,
  QMP_MIGRATION_PROP_ACTIVE,
  QMP_MIGRATION_PROP_TRANSFERRED,
  QMP_MIGRATION_PROP_REMAINING,
  QMP_MIGRATION_PROP_TOTAL,
  QMP_MIGRATION_PROP_FRACTION,
  QMP_MIGRATION_PROP_SPEED,
  QMP_MIGRATION_PROP_DOWNTIME,
  QMP_MIGRATION_PROP_EXPECTED_DOWNTIME,
  QMP_MIGRATION_PROP_TOTAL_TIME,
  QMP_MIGRATION_PROP_PASS,
  QMP_MIGRATION_PROP_ERROR,
  QMP_MIGRATION_PROP_INTERVAL,
  N_QMP_MIGRATION_PROPS,
};

void qmp_migration_notify (QmpMigration *self, guint id);
void qmp_migration_emit_settled (QmpMigration *self);
void qmp_migration_stop_timer (QmpMigration *self);
void qmp_migration_update (QmpMigration *self);

/* Armed at once: nothing that happens from now on is missed. What is told
 * before its beginning, of an earlier one, does not count. */
QmpMigration *qmp_migration_new (QmpConnection *connection, gboolean incoming);

QmpMigrationCapabilityStatus *qmp_migration_new_capability (void);
void qmp_migration_take_info (QmpMigration *self, QmpMigrationInfo *info, gboolean fresh);

/* QEMU has accepted the command. */
void qmp_migration_begin (QmpMigration *self);

gboolean qmp_migration_is_over (QmpMigration *self);

/* Whether it is known how it ended; and what that is, NULL for well. */
gboolean qmp_migration_is_settled (QmpMigration *self);
const GError *qmp_migration_get_outcome (QmpMigration *self);

/* For who blocks: takes what has come; waits until something has happened. */
void qmp_migration_drain (QmpMigration *self);
gboolean qmp_migration_next (QmpMigration *self, GCancellable *cancellable, GError **error);

GError *qmp_error_new_for_migration (const char *text);

G_END_DECLS
