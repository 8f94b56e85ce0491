/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-job-list-private.h"

#include "qmp-glib.h"
#include "qmp-job-private.h"

/**
 * QmpJobList:
 *
 * All jobs of a QEMU, whoever started them, as a model for a list of them on
 * the screen: each is a [class@Qmp.Job].
 *
 * It has the jobs that are there when it is made, once
 * [property@Qmp.JobList:loaded] tells so, and follows from then on: new ones
 * come last, and a job leaves when QEMU has forgotten it. Concluded jobs that
 * wait to be dismissed are part of it.
 *
 * A list is for one connection. When that ends, the list becomes empty; what
 * went on meanwhile is in a new list, for a new connection.
 *
 * ```js
 * const jobs = Qmp.JobList.new(connection);
 * jobs.connect('items-changed', () => print(`${jobs.get_n_items()} jobs`));
 * ```
 *
 * It belongs to the main context that is the thread's default where it is
 * made, and is to be used there.
 *
 * Since: 0.1
 */
struct _QmpJobList
{
  GObject parent_instance;
  QmpJobWatch *watch;
  GPtrArray *jobs;
  gboolean loaded;
};

static void qmp_job_list_init_model (GListModelInterface *interface);

G_DEFINE_FINAL_TYPE_WITH_CODE (QmpJobList, qmp_job_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, qmp_job_list_init_model))

enum
{
  PROP_CONNECTION = 1,
  PROP_LOADED,
  PROP_INTERVAL,
  PROP_N_ITEMS,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

#define INTERVAL_MS 500

static void
qmp_job_list_dispose (GObject *object)
{
  QmpJobList *self = QMP_JOB_LIST (object);

  g_clear_pointer (&self->watch, qmp_job_watch_leave);
  g_ptr_array_set_size (self->jobs, 0);
  G_OBJECT_CLASS (qmp_job_list_parent_class)->dispose (object);
}

static void
qmp_job_list_finalize (GObject *object)
{
  g_ptr_array_unref (QMP_JOB_LIST (object)->jobs);
  G_OBJECT_CLASS (qmp_job_list_parent_class)->finalize (object);
}

static void
qmp_job_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QmpJobList *self = QMP_JOB_LIST (object);

  switch (id)
    {
    case PROP_CONNECTION:
      g_value_set_object (value, qmp_job_list_get_connection (self));
      break;
    case PROP_LOADED:
      g_value_set_boolean (value, self->loaded);
      break;
    case PROP_INTERVAL:
      g_value_set_uint (value, qmp_job_list_get_interval (self));
      break;
    case PROP_N_ITEMS:
      g_value_set_uint (value, self->jobs->len);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qmp_job_list_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_INTERVAL)
    qmp_job_list_set_interval (QMP_JOB_LIST (object), g_value_get_uint (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
qmp_job_list_class_init (QmpJobListClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = qmp_job_list_dispose;
  object_class->finalize = qmp_job_list_finalize;
  object_class->get_property = qmp_job_list_get_property;
  object_class->set_property = qmp_job_list_set_property;

  /**
   * QmpJobList:connection: (getter get_connection)
   *
   * The connection to the QEMU whose jobs these are.
   *
   * Since: 0.1
   */
  properties[PROP_CONNECTION] = g_param_spec_object ("connection", NULL, NULL, QMP_TYPE_CONNECTION, flags);

  /**
   * QmpJobList:loaded: (getter get_loaded)
   *
   * Whether it has what QEMU has: not before its first answer, and not once
   * the connection has ended.
   *
   * Since: 0.1
   */
  properties[PROP_LOADED] = g_param_spec_boolean ("loaded", NULL, NULL, FALSE, flags);

  /**
   * QmpJobList:interval: (getter get_interval) (setter set_interval)
   *
   * How often to ask for the progress, while any job may make some;
   * milliseconds, 0 for never.
   *
   * Since: 0.1
   */
  properties[PROP_INTERVAL] = g_param_spec_uint ("interval", NULL, NULL, 0, G_MAXUINT, INTERVAL_MS,
                                                 G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * QmpJobList:n-items:
   *
   * How many jobs there are, for what is bound to that.
   *
   * Since: 0.1
   */
  properties[PROP_N_ITEMS] = g_param_spec_uint ("n-items", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
qmp_job_list_init (QmpJobList *self)
{
  self->jobs = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * qmp_job_list_new:
 * @connection: a connection
 *
 * Makes a list of QEMU's jobs. It is empty at first: QEMU is asked now.
 *
 * Returns: (transfer full): the list
 *
 * Since: 0.1
 */
QmpJobList *
qmp_job_list_new (QmpConnection *connection)
{
  QmpJobList *self;

  g_return_val_if_fail (QMP_IS_CONNECTION (connection), NULL);
  self = g_object_new (QMP_TYPE_JOB_LIST, NULL);
  self->watch = qmp_job_watch_new (connection);
  qmp_job_watch_set_list (self->watch, self);
  qmp_job_watch_set_interval (self->watch, INTERVAL_MS);
  qmp_job_watch_query (self->watch);
  return self;
}

/* --- the model --------------------------------------------------------------------------------- */

static GType
get_item_type (GListModel *model)
{
  return QMP_TYPE_JOB;
}

static guint
get_n_items (GListModel *model)
{
  return QMP_JOB_LIST (model)->jobs->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  QmpJobList *self = QMP_JOB_LIST (model);

  return position < self->jobs->len ? g_object_ref (self->jobs->pdata[position]) : NULL;
}

static void
qmp_job_list_init_model (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

static void
change (QmpJobList *self, guint position, guint removed, guint added)
{
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_ITEMS]);
}

/* --- what the watch tells ------------------------------------------------------------------------ */

void
qmp_job_list_show (QmpJobList *self, QmpJob *job)
{
  if (g_ptr_array_find (self->jobs, job, NULL) || qmp_job_get_status (job) == QMP_JOB_STATUS_NULL)
    return;
  g_ptr_array_add (self->jobs, g_object_ref (job));
  change (self, self->jobs->len - 1, 0, 1);
}

void
qmp_job_list_hide (QmpJobList *self, QmpJob *job)
{
  guint position;

  if (!g_ptr_array_find (self->jobs, job, &position))
    return;
  g_ptr_array_remove_index (self->jobs, position);
  change (self, position, 1, 0);
}

void
qmp_job_list_set_loaded (QmpJobList *self)
{
  if (self->loaded)
    return;
  self->loaded = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADED]);
}

void
qmp_job_list_lose (QmpJobList *self)
{
  guint n = self->jobs->len;

  g_ptr_array_set_size (self->jobs, 0);
  if (n > 0)
    change (self, 0, n, 0);
  if (!self->loaded)
    return;
  self->loaded = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADED]);
}

/* --- what is known ----------------------------------------------------------------------------- */

/**
 * qmp_job_list_get_connection:
 * @self: a list
 *
 * Gets the connection to the QEMU whose jobs these are.
 *
 * Returns: (transfer none): the connection
 *
 * Since: 0.1
 */
QmpConnection *
qmp_job_list_get_connection (QmpJobList *self)
{
  g_return_val_if_fail (QMP_IS_JOB_LIST (self), NULL);
  return qmp_job_watch_get_connection (self->watch);
}

/**
 * qmp_job_list_get_loaded:
 * @self: a list
 *
 * Tells whether the list has what QEMU has.
 *
 * Returns: whether it has
 *
 * Since: 0.1
 */
gboolean
qmp_job_list_get_loaded (QmpJobList *self)
{
  g_return_val_if_fail (QMP_IS_JOB_LIST (self), FALSE);
  return self->loaded;
}

/**
 * qmp_job_list_get_interval: (get-property interval)
 * @self: a list
 *
 * Tells how often the progress is asked for.
 *
 * Returns: milliseconds; 0 for never
 *
 * Since: 0.1
 */
guint
qmp_job_list_get_interval (QmpJobList *self)
{
  g_return_val_if_fail (QMP_IS_JOB_LIST (self), 0);
  return qmp_job_watch_get_interval (self->watch);
}

/**
 * qmp_job_list_set_interval: (set-property interval)
 * @self: a list
 * @milliseconds: milliseconds; 0 for never
 *
 * Sets how often to ask for the progress while any job may make some.
 *
 * Since: 0.1
 */
void
qmp_job_list_set_interval (QmpJobList *self, guint milliseconds)
{
  g_return_if_fail (QMP_IS_JOB_LIST (self));
  if (qmp_job_watch_get_interval (self->watch) == milliseconds)
    return;
  qmp_job_watch_set_interval (self->watch, milliseconds);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_INTERVAL]);
}

/**
 * qmp_job_list_find:
 * @self: a list
 * @id: what QEMU calls the job
 *
 * Finds a job by its id.
 *
 * Returns: (transfer none) (nullable): the job, or %NULL when it is not there
 *
 * Since: 0.1
 */
QmpJob *
qmp_job_list_find (QmpJobList *self, const char *id)
{
  g_return_val_if_fail (QMP_IS_JOB_LIST (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);
  for (guint i = 0; i < self->jobs->len; i++)
    if (g_str_equal (qmp_job_get_id (self->jobs->pdata[i]), id))
      return self->jobs->pdata[i];
  return NULL;
}
