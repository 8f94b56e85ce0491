/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-job-private.h"

#include "qmp-glib.h"

/**
 * QmpJob:
 *
 * A job of QEMU: what goes on in it for longer than a command does, such as a
 * mirror, a backup, or the saving of a snapshot.
 *
 * [func@Qmp.Job.start_async] runs a command that makes one, and gives it;
 * [func@Qmp.Job.run_async] runs such a command, and waits until its job has
 * ended; [class@Qmp.JobList] has all jobs there are, whoever started them.
 *
 * ```js
 * const request = Qmp.Request.new('blockdev-backup');
 * request.set_arguments_json('{"device": "disk0", "target": "copy0", "sync": "full"}');
 * const job = await Qmp.Job.start_async(connection, request, null, null);
 * job.connect('notify::fraction', () => print(job.fraction));
 * await job.wait_async(null);
 * ```
 *
 * Its properties follow what QEMU tells: by itself, of
 * [property@Qmp.Job:status], and asked every [property@Qmp.Job:interval]
 * milliseconds for the progress, while there may be any; and when
 * [method@Qmp.Job.query_details_async] is called, for what QEMU tells of block
 * jobs alone.
 *
 * A job belongs to the main context that was the thread's default where it was
 * made, and is to be used there. It goes on in QEMU whatever becomes of this
 * object.
 *
 * Since: 0.1
 */
G_DEFINE_FINAL_TYPE (QmpJob, qmp_job, G_TYPE_OBJECT)

enum
{
  PROP_CONNECTION = 1,
  PROP_ID,
  PROP_JOB_TYPE,
  PROP_STATUS,
  PROP_ACTIVE,
  PROP_CURRENT_PROGRESS,
  PROP_TOTAL_PROGRESS,
  PROP_FRACTION,
  PROP_SPEED,
  PROP_TIME_LEFT,
  PROP_ERROR,
  PROP_AUTO_FINALIZE,
  PROP_AUTO_DISMISS,
  PROP_SPEED_LIMIT,
  PROP_INTERVAL,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* --- life ------------------------------------------------------------------------------------ */

static void
qmp_job_dispose (GObject *object)
{
  QmpJob *self = QMP_JOB (object);

  g_clear_pointer (&self->watch, qmp_job_watch_leave);
  G_OBJECT_CLASS (qmp_job_parent_class)->dispose (object);
}

static void
qmp_job_finalize_object (GObject *object)
{
  QmpJob *self = QMP_JOB (object);

  g_free (self->id);
  g_free (self->type_text);
  g_free (self->error);
  g_clear_error (&self->outcome);
  G_OBJECT_CLASS (qmp_job_parent_class)->finalize (object);
}

static void
get_progress_property (QmpJob *self, guint id, GValue *value)
{
  if (id == PROP_CURRENT_PROGRESS)
    g_value_set_uint64 (value, self->progress.current);
  else if (id == PROP_TOTAL_PROGRESS)
    g_value_set_uint64 (value, self->progress.total);
  else if (id == PROP_FRACTION)
    g_value_set_double (value, self->progress.fraction);
  else if (id == PROP_SPEED)
    g_value_set_double (value, self->progress.speed);
  else
    g_value_set_double (value, qmp_job_get_time_left (self));
}

static void
qmp_job_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QmpJob *self = QMP_JOB (object);

  switch (id)
    {
    case PROP_CONNECTION:
      g_value_set_object (value, qmp_job_get_connection (self));
      break;
    case PROP_ID:
      g_value_set_string (value, self->id);
      break;
    case PROP_JOB_TYPE:
      g_value_set_enum (value, self->type);
      break;
    case PROP_STATUS:
      g_value_set_enum (value, self->status);
      break;
    case PROP_ACTIVE:
      g_value_set_boolean (value, qmp_job_get_active (self));
      break;
    case PROP_CURRENT_PROGRESS:
    case PROP_TOTAL_PROGRESS:
    case PROP_FRACTION:
    case PROP_SPEED:
    case PROP_TIME_LEFT:
      get_progress_property (self, id, value);
      break;
    case PROP_ERROR:
      g_value_set_string (value, self->error);
      break;
    case PROP_AUTO_FINALIZE:
      g_value_set_boolean (value, self->auto_finalize);
      break;
    case PROP_AUTO_DISMISS:
      g_value_set_boolean (value, self->auto_dismiss);
      break;
    case PROP_SPEED_LIMIT:
      g_value_set_int64 (value, self->speed_limit);
      break;
    case PROP_INTERVAL:
      g_value_set_uint (value, qmp_job_get_interval (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qmp_job_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_INTERVAL)
    qmp_job_set_interval (QMP_JOB (object), g_value_get_uint (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
install_description (const GParamFlags flags)
{
  /**
   * QmpJob:connection: (getter get_connection)
   *
   * The connection to the QEMU it runs in.
   *
   * Since: 0.1
   */
  properties[PROP_CONNECTION] = g_param_spec_object ("connection", NULL, NULL, QMP_TYPE_CONNECTION, flags);

  /**
   * QmpJob:id: (getter get_id)
   *
   * What QEMU calls it.
   *
   * Since: 0.1
   */
  properties[PROP_ID] = g_param_spec_string ("id", NULL, NULL, NULL, flags);

  /**
   * QmpJob:job-type: (getter get_job_type)
   *
   * What it does.
   *
   * Since: 0.1
   */
  properties[PROP_JOB_TYPE] = g_param_spec_enum ("job-type", NULL, NULL, QMP_TYPE_JOB_TYPE, QMP_JOB_TYPE_UNRECOGNIZED, flags);

  /**
   * QmpJob:error: (getter get_error)
   *
   * Why it failed, in QEMU's words.
   *
   * Since: 0.1
   */
  properties[PROP_ERROR] = g_param_spec_string ("error", NULL, NULL, NULL, flags);

  /**
   * QmpJob:auto-finalize: (getter get_auto_finalize)
   *
   * Whether it goes on by itself once all its work is done. One that does
   * not waits in %QMP_JOB_STATUS_PENDING; that is also when it is known.
   *
   * Since: 0.1
   */
  properties[PROP_AUTO_FINALIZE] = g_param_spec_boolean ("auto-finalize", NULL, NULL, TRUE, flags);

  /**
   * QmpJob:auto-dismiss: (getter get_auto_dismiss)
   *
   * Whether QEMU forgets it by itself once it has concluded. Jobs that are no
   * block jobs are never forgotten like that; of block jobs, it is known after
   * [method@Qmp.Job.query_details_async].
   *
   * Since: 0.1
   */
  properties[PROP_AUTO_DISMISS] = g_param_spec_boolean ("auto-dismiss", NULL, NULL, TRUE, flags);
}

static void
install_status (const GParamFlags flags)
{
  /**
   * QmpJob:status: (getter get_status)
   *
   * Where it is in its life; %QMP_JOB_STATUS_NULL once it is gone.
   *
   * Since: 0.1
   */
  properties[PROP_STATUS] = g_param_spec_enum ("status", NULL, NULL, QMP_TYPE_JOB_STATUS, QMP_JOB_STATUS_UNDEFINED, flags);

  /**
   * QmpJob:active: (getter get_active)
   *
   * Whether it has not concluded yet.
   *
   * Since: 0.1
   */
  properties[PROP_ACTIVE] = g_param_spec_boolean ("active", NULL, NULL, TRUE, flags);

  /**
   * QmpJob:interval: (getter get_interval) (setter set_interval)
   *
   * How often to ask for the progress while there may be any; milliseconds, 0
   * for never. The jobs of a list share the list's.
   *
   * Since: 0.1
   */
  properties[PROP_INTERVAL] = g_param_spec_uint ("interval", NULL, NULL, 0, G_MAXUINT, 500,
                                                 G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
}

static void
install_progress (const GParamFlags flags)
{
  /**
   * QmpJob:current-progress: (getter get_current_progress)
   *
   * How much is done, in units of the job's own: bytes, for most of those
   * that copy. It never decreases.
   *
   * Since: 0.1
   */
  properties[PROP_CURRENT_PROGRESS] = g_param_spec_uint64 ("current-progress", NULL, NULL, 0, G_MAXUINT64, 0, flags);

  /**
   * QmpJob:total-progress: (getter get_total_progress)
   *
   * How much there is to do, as far as is known; what a guest writes
   * meanwhile may add to it.
   *
   * Since: 0.1
   */
  properties[PROP_TOTAL_PROGRESS] = g_param_spec_uint64 ("total-progress", NULL, NULL, 0, G_MAXUINT64, 0, flags);

  /**
   * QmpJob:fraction: (getter get_fraction)
   *
   * How much of it is done, between 0 and 1; -1 while that is unknown. It
   * never decreases.
   *
   * Since: 0.1
   */
  properties[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, -1, 1, -1, flags);

  /**
   * QmpJob:speed: (getter get_speed)
   *
   * Bytes in a second, smoothed over some of them; -1 when it is unknown,
   * when the job stands still, and for jobs that do not count bytes.
   *
   * Since: 0.1
   */
  properties[PROP_SPEED] = g_param_spec_double ("speed", NULL, NULL, -1, G_MAXDOUBLE, -1, flags);

  /**
   * QmpJob:speed-limit: (getter get_speed_limit)
   *
   * How many bytes in a second it may do at most; 0 when there is no limit, -1
   * while that is unknown. It is known after
   * [method@Qmp.Job.query_details_async] and
   * [method@Qmp.Job.limit_speed_async], and once a job is
   * %QMP_JOB_STATUS_READY; another client may change it later.
   *
   * Since: 0.1
   */
  properties[PROP_SPEED_LIMIT] = g_param_spec_int64 ("speed-limit", NULL, NULL, -1, G_MAXINT64, -1, flags);

  /**
   * QmpJob:time-left: (getter get_time_left)
   *
   * In how many seconds it will be done at its present speed; -1 when that is
   * unknown.
   *
   * Since: 0.1
   */
  properties[PROP_TIME_LEFT] = g_param_spec_double ("time-left", NULL, NULL, -1, G_MAXDOUBLE, -1, flags);
}

static void
qmp_job_class_init (QmpJobClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = qmp_job_dispose;
  object_class->finalize = qmp_job_finalize_object;
  object_class->get_property = qmp_job_get_property;
  object_class->set_property = qmp_job_set_property;
  install_description (flags);
  install_status (flags);
  install_progress (flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * QmpJob::settled:
   * @self: a job
   *
   * It is known how it ended, and what [method@Qmp.Job.wait_async] will tell;
   * or the connection has ended before it did. Emitted once.
   *
   * Since: 0.1
   */
  g_signal_new ("settled", QMP_TYPE_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
qmp_job_init (QmpJob *self)
{
  self->type = QMP_JOB_TYPE_UNRECOGNIZED;
  self->auto_finalize = TRUE;
  self->auto_dismiss = TRUE;
  self->speed_limit = -1;
  qmp_job_progress_reset (&self->progress);
}

QmpJob *
qmp_job_new (QmpJobWatch *watch, const char *id)
{
  QmpJob *self = g_object_new (QMP_TYPE_JOB, NULL);

  self->watch = qmp_job_watch_use (watch);
  self->id = g_strdup (id);
  return self;
}

/* One that is still to be created; what is told before is of another. */
QmpJob *
qmp_job_new_awaited (QmpJobWatch *watch, const char *id)
{
  QmpJob *self = qmp_job_new (watch, id);

  self->awaited = TRUE;
  return self;
}

QmpJobWatch *
qmp_job_get_watch (QmpJob *self)
{
  return self->watch;
}

/* --- what is known ----------------------------------------------------------------------------- */

/**
 * qmp_job_get_connection:
 * @self: a job
 *
 * Gets the connection to the QEMU it runs in.
 *
 * Returns: (transfer none): the connection
 *
 * Since: 0.1
 */
QmpConnection *
qmp_job_get_connection (QmpJob *self)
{
  g_return_val_if_fail (QMP_IS_JOB (self), NULL);
  return qmp_job_watch_get_connection (self->watch);
}

/**
 * qmp_job_get_id:
 * @self: a job
 *
 * Tells what QEMU calls it.
 *
 * Returns: its id
 *
 * Since: 0.1
 */
const char *
qmp_job_get_id (QmpJob *self)
{
  g_return_val_if_fail (QMP_IS_JOB (self), NULL);
  return self->id;
}

/**
 * qmp_job_get_job_type:
 * @self: a job
 *
 * Tells what it does.
 *
 * Returns: its type; %QMP_JOB_TYPE_UNRECOGNIZED as long as QEMU has not told, and for
 *   one that is newer than this library
 *
 * Since: 0.1
 */
QmpJobType
qmp_job_get_job_type (QmpJob *self)
{
  g_return_val_if_fail (QMP_IS_JOB (self), QMP_JOB_TYPE_UNRECOGNIZED);
  return self->type;
}

/**
 * qmp_job_get_job_type_text:
 * @self: a job
 *
 * Tells what it does, in QEMU's word: also one that is newer than this library.
 *
 * Returns: (nullable): its type; %NULL as long as QEMU has not told
 *
 * Since: 0.1
 */
const char *
qmp_job_get_job_type_text (QmpJob *self)
{
  g_return_val_if_fail (QMP_IS_JOB (self), NULL);
  return self->type_text;
}

/**
 * qmp_job_get_status:
 * @self: a job
 *
 * Tells where it is in its life.
 *
 * Returns: its status; %QMP_JOB_STATUS_NULL once it is gone
 *
 * Since: 0.1
 */
QmpJobStatus
qmp_job_get_status (QmpJob *self)
{
  g_return_val_if_fail (QMP_IS_JOB (self), QMP_JOB_STATUS_UNDEFINED);
  return self->status;
}

/**
 * qmp_job_get_active:
 * @self: a job
 *
 * Tells whether it has not concluded yet.
 *
 * Returns: whether it goes on
 *
 * Since: 0.1
 */
gboolean
qmp_job_get_active (QmpJob *self)
{
  g_return_val_if_fail (QMP_IS_JOB (self), FALSE);
  return self->status != QMP_JOB_STATUS_CONCLUDED && self->status != QMP_JOB_STATUS_NULL;
}

/**
 * qmp_job_get_current_progress:
 * @self: a job
 *
 * Tells how much is done, in units of the job's own.
 *
 * Returns: how much
 *
 * Since: 0.1
 */
guint64
qmp_job_get_current_progress (QmpJob *self)
{
  g_return_val_if_fail (QMP_IS_JOB (self), 0);
  return self->progress.current;
}

/**
 * qmp_job_get_total_progress:
 * @self: a job
 *
 * Tells how much there is to do, as far as is known.
 *
 * Returns: how much
 *
 * Since: 0.1
 */
guint64
qmp_job_get_total_progress (QmpJob *self)
{
  g_return_val_if_fail (QMP_IS_JOB (self), 0);
  return self->progress.total;
}

/**
 * qmp_job_get_fraction:
 * @self: a job
 *
 * Tells how much of it is done.
 *
 * Returns: between 0 and 1; -1 while that is unknown
 *
 * Since: 0.1
 */
double
qmp_job_get_fraction (QmpJob *self)
{
  g_return_val_if_fail (QMP_IS_JOB (self), -1);
  return self->progress.fraction;
}

/**
 * qmp_job_get_speed:
 * @self: a job
 *
 * Tells how fast it goes.
 *
 * Returns: bytes in a second; -1 while that is unknown
 *
 * Since: 0.1
 */
double
qmp_job_get_speed (QmpJob *self)
{
  g_return_val_if_fail (QMP_IS_JOB (self), -1);
  return self->progress.speed;
}

/**
 * qmp_job_get_time_left:
 * @self: a job
 *
 * Tells how long it will take at its present speed.
 *
 * Returns: seconds; -1 while that is unknown
 *
 * Since: 0.1
 */
double
qmp_job_get_time_left (QmpJob *self)
{
  g_return_val_if_fail (QMP_IS_JOB (self), -1);
  return qmp_job_progress_get_time_left (&self->progress);
}

/**
 * qmp_job_get_error:
 * @self: a job
 *
 * Tells why it failed, in QEMU's words.
 *
 * Returns: (nullable): the text; %NULL when it has not failed
 *
 * Since: 0.1
 */
const char *
qmp_job_get_error (QmpJob *self)
{
  g_return_val_if_fail (QMP_IS_JOB (self), NULL);
  return self->error;
}

/**
 * qmp_job_get_auto_finalize:
 * @self: a job
 *
 * Tells whether it goes on by itself once all its work is done.
 *
 * Returns: whether it does, as far as is known
 *
 * Since: 0.1
 */
gboolean
qmp_job_get_auto_finalize (QmpJob *self)
{
  g_return_val_if_fail (QMP_IS_JOB (self), TRUE);
  return self->auto_finalize;
}

/**
 * qmp_job_get_auto_dismiss:
 * @self: a job
 *
 * Tells whether QEMU forgets it by itself once it has concluded.
 *
 * Returns: whether it does, as far as is known
 *
 * Since: 0.1
 */
gboolean
qmp_job_get_auto_dismiss (QmpJob *self)
{
  g_return_val_if_fail (QMP_IS_JOB (self), TRUE);
  return self->auto_dismiss;
}

/**
 * qmp_job_get_speed_limit:
 * @self: a job
 *
 * Tells how fast it may go.
 *
 * Returns: bytes in a second; 0 when there is no limit, -1 while that is
 *   unknown
 *
 * Since: 0.1
 */
gint64
qmp_job_get_speed_limit (QmpJob *self)
{
  g_return_val_if_fail (QMP_IS_JOB (self), -1);
  return self->speed_limit;
}

/**
 * qmp_job_get_interval: (get-property interval)
 * @self: a job
 *
 * Tells how often the progress is asked for.
 *
 * Returns: milliseconds; 0 for never
 *
 * Since: 0.1
 */
guint
qmp_job_get_interval (QmpJob *self)
{
  g_return_val_if_fail (QMP_IS_JOB (self), 0);
  return qmp_job_watch_get_interval (self->watch);
}

/**
 * qmp_job_set_interval: (set-property interval)
 * @self: a job
 * @milliseconds: milliseconds; 0 for never
 *
 * Sets how often to ask for the progress, of this job and of those in the
 * same list.
 *
 * Since: 0.1
 */
void
qmp_job_set_interval (QmpJob *self, guint milliseconds)
{
  g_return_if_fail (QMP_IS_JOB (self));
  if (qmp_job_watch_get_interval (self->watch) == milliseconds)
    return;
  qmp_job_watch_set_interval (self->watch, milliseconds);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INTERVAL]);
}
