/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-event-stream-private.h"

#include "qmp-call-private.h"
#include "qmp-event-private.h"

/**
 * QmpEventStream:
 *
 * Events in the order they came, to be taken one by one.
 *
 * A stream keeps what comes from the moment
 * [method@Qmp.Connection.watch_events] made it, so make it before the command
 * whose events matter: QEMU often tells of an event before it answers the
 * command that caused it.
 *
 * It is bounded: once [property@Qmp.EventStream:capacity] events wait, or
 * as many bytes of them as [property@Qmp.Limits:waiting-event-size] allows,
 * the oldest makes room for the newest, and
 * [property@Qmp.EventStream:dropped] counts it.
 *
 * ```js
 * const stream = connection.watch_events(['STOP', 'RESUME'], 16);
 * await connection.execute_json_async('stop', null, null);
 * const event = await stream.next_async(null);
 * print(event.get_name());
 * ```
 *
 * A stream may be used in any thread. It does not keep its connection open.
 *
 * Since: 0.1
 */
struct _QmpEventStream
{
  GObject parent_instance;
  QmpSession *session;
  char **names;        /* NULL: all */
  guint capacity;

  /* under the session's lock */
  GQueue events;       /* of QmpEvent */
  gsize size;          /* bytes of them */
  QmpCall *next_call;  /* the one that waits; the link keeps it */
  guint64 dropped;
  int timeout;
};

G_DEFINE_FINAL_TYPE (QmpEventStream, qmp_event_stream, G_TYPE_OBJECT)

enum
{
  PROP_CAPACITY = 1,
  PROP_DROPPED,
  PROP_TIMEOUT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* --- what comes in, with the lock held ------------------------------------------------ */

static gboolean
wants (QmpEventStream *self, const QmpEvent *event)
{
  return self->names == NULL || g_strv_contains ((const char *const *) self->names, event->name);
}

static QmpEvent *
pop (QmpEventStream *self)
{
  QmpEvent *event = g_queue_pop_head (&self->events);

  if (event != NULL)
    self->size -= event->delivery.size;
  return event;
}

void
qmp_event_stream_offer (QmpEventStream *self, QmpEvent *event)
{
  QmpCall *call = self->next_call;

  if (!wants (self, event))
    return;
  if (call != NULL)
    {
      call->event = qmp_event_ref (event);
      self->next_call = NULL;
      wire_call_end (&call->wire, NULL, NULL);
      return;
    }
  while (self->events.length >= self->capacity ||
         (self->size > 0 && self->size + event->delivery.size > self->session->max_event_size))
    {
      qmp_event_unref (pop (self));
      self->dropped++;
    }
  self->size += event->delivery.size;
  g_queue_push_tail (&self->events, qmp_event_ref (event));
}

static void
lock (QmpEventStream *self)
{
  wire_link_lock (&self->session->link);
}

static void
unlock (QmpEventStream *self)
{
  wire_link_unlock (&self->session->link);
}

/* --- life -------------------------------------------------------------------------------- */

QmpEventStream *
qmp_event_stream_new (QmpSession *session, const char *const *names, guint capacity)
{
  QmpEventStream *self = g_object_new (QMP_TYPE_EVENT_STREAM, NULL);

  wire_link_ref (&session->link);
  self->session = session;
  self->names = g_strdupv ((char **) names);
  self->capacity = capacity;
  lock (self);
  g_ptr_array_add (session->streams, self);
  unlock (self);
  return self;
}

static void
qmp_event_stream_dispose (GObject *object)
{
  QmpEventStream *self = QMP_EVENT_STREAM (object);

  if (self->session != NULL)
    {
      lock (self);
      g_ptr_array_remove_fast (self->session->streams, self);
      unlock (self);
      g_queue_clear_full (&self->events, (GDestroyNotify) qmp_event_unref);
      g_clear_pointer (&self->session, qmp_session_unref);
    }
  g_clear_pointer (&self->names, g_strfreev);
  G_OBJECT_CLASS (qmp_event_stream_parent_class)->dispose (object);
}

static void
qmp_event_stream_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  QmpEventStream *self = QMP_EVENT_STREAM (object);

  switch (id)
    {
    case PROP_CAPACITY:
      g_value_set_uint (value, self->capacity);
      break;
    case PROP_DROPPED:
      g_value_set_uint64 (value, qmp_event_stream_get_dropped (self));
      break;
    case PROP_TIMEOUT:
      g_value_set_int (value, qmp_event_stream_get_timeout (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
qmp_event_stream_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_TIMEOUT)
    qmp_event_stream_set_timeout (QMP_EVENT_STREAM (object), g_value_get_int (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
qmp_event_stream_class_init (QmpEventStreamClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->dispose = qmp_event_stream_dispose;
  object_class->get_property = qmp_event_stream_get_property;
  object_class->set_property = qmp_event_stream_set_property;

  /**
   * QmpEventStream:capacity: (getter get_capacity)
   *
   * How many events the stream keeps.
   *
   * Since: 0.1
   */
  properties[PROP_CAPACITY] = g_param_spec_uint ("capacity", NULL, NULL, 1, G_MAXUINT, 1,
                                                 G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * QmpEventStream:dropped: (getter get_dropped)
   *
   * How many events had to make room for newer ones. There is no
   * notification of its changes.
   *
   * Since: 0.1
   */
  properties[PROP_DROPPED] = g_param_spec_uint64 ("dropped", NULL, NULL, 0, G_MAXUINT64, 0,
                                                  G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * QmpEventStream:timeout: (getter get_timeout) (setter set_timeout)
   *
   * How long to wait for the next event. Milliseconds; -1 and %G_MAXINT are
   * for ever.
   *
   * Since: 0.1
   */
  properties[PROP_TIMEOUT] = g_param_spec_int ("timeout", NULL, NULL, -1, G_MAXINT, -1,
                                               G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
qmp_event_stream_init (QmpEventStream *self)
{
  self->timeout = -1;
  g_queue_init (&self->events);
}

/* --- the next event ------------------------------------------------------------------------ */

static QmpCall *
new_call (QmpEventStream *self, GTask *task, GCancellable *cancellable)
{
  int timeout = qmp_event_stream_get_timeout (self);
  gint64 timeout_us = timeout < 0 ? G_MAXINT64 : qmp_session_get_timeout (self->session, timeout);
  QmpCall *call = qmp_call_new (self->session, QMP_CALL_NEXT_EVENT, task, cancellable, timeout_us);

  call->stream = g_object_ref (self);
  return call;
}

/* With the lock held: takes what is there already, or waits. */
void
qmp_event_stream_begin (QmpEventStream *self, QmpCall *call)
{
  wire_link_await (call->wire.link, &call->wire);
  if (self->next_call != NULL)
    {
      wire_call_end (&call->wire, NULL, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_PENDING,
                                                             "Another call waits for this stream's next event"));
      return;
    }
  call->event = pop (self);
  if (call->event != NULL)
    wire_call_end (&call->wire, NULL, NULL);
  else
    self->next_call = call;
}

/* With the lock held: a call that waited does so no longer. */
void
qmp_event_stream_forget (QmpEventStream *self, QmpCall *call)
{
  if (self->next_call == call)
    self->next_call = NULL;
}

gboolean
qmp_event_stream_is_empty (QmpEventStream *self)
{
  return self->events.length == 0;
}

/**
 * qmp_event_stream_next_async:
 * @self: a stream
 * @cancellable: (nullable): ends the wait; the event that was waited for
 *   stays in the stream
 * @callback: (scope async): called once, in the caller's main context
 * @user_data: for @callback
 *
 * Waits for the next event. Only one call may wait at a time.
 *
 * Since: 0.1
 */
void
qmp_event_stream_next_async (QmpEventStream *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  GTask *task;

  g_return_if_fail (QMP_IS_EVENT_STREAM (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, qmp_event_stream_next_async);
  g_task_set_check_cancellable (task, FALSE);
  qmp_call_start (new_call (self, task, cancellable));
}

/**
 * qmp_event_stream_next_finish:
 * @self: a stream
 * @result: what the callback was given
 * @error: return location
 *
 * Ends what [method@Qmp.EventStream.next_async] began.
 *
 * Fails with %G_IO_ERROR_CANCELLED, %G_IO_ERROR_TIMED_OUT after
 * [property@Qmp.EventStream:timeout], %G_IO_ERROR_PENDING when another call
 * waits, and with the connection's own error when that ended with one. What
 * came before the end can still be taken after it.
 *
 * Returns: (transfer full) (nullable): the event; %NULL without an error when
 *   the connection ended as was wanted
 *
 * Since: 0.1
 */
QmpEvent *
qmp_event_stream_next_finish (QmpEventStream *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (QMP_IS_EVENT_STREAM (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == qmp_event_stream_next_async, NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * qmp_event_stream_next:
 * @self: a stream
 * @cancellable: (nullable): ends the wait
 * @error: return location
 *
 * Blocks until the next event is there, with and without a running main loop.
 *
 * Fails as [method@Qmp.EventStream.next_finish] does.
 *
 * Returns: (transfer full) (nullable): the event; %NULL without an error when
 *   the connection ended as was wanted
 *
 * Since: 0.1
 */
QmpEvent *
qmp_event_stream_next (QmpEventStream *self, GCancellable *cancellable, GError **error)
{
  QmpCall *call;
  QmpEvent *event;

  g_return_val_if_fail (QMP_IS_EVENT_STREAM (self), NULL);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), NULL);
  call = new_call (self, NULL, cancellable);
  event = qmp_call_run (call, error) ? g_steal_pointer (&call->event) : NULL;
  wire_call_unref (&call->wire);
  return event;
}

/**
 * qmp_event_stream_try_next:
 * @self: a stream
 *
 * Takes an event that is there already.
 *
 * Returns: (transfer full) (nullable): the event, or %NULL when none waits
 *
 * Since: 0.1
 */
QmpEvent *
qmp_event_stream_try_next (QmpEventStream *self)
{
  QmpEvent *event;

  g_return_val_if_fail (QMP_IS_EVENT_STREAM (self), NULL);
  lock (self);
  event = pop (self);
  unlock (self);
  return event;
}

/* --- what it knows --------------------------------------------------------------------------- */

/**
 * qmp_event_stream_get_timeout: (get-property timeout)
 * @self: a stream
 *
 * Gets how long to wait for the next event.
 *
 * Returns: milliseconds; -1 and %G_MAXINT are for ever
 *
 * Since: 0.1
 */
int
qmp_event_stream_get_timeout (QmpEventStream *self)
{
  int timeout;

  g_return_val_if_fail (QMP_IS_EVENT_STREAM (self), -1);
  lock (self);
  timeout = self->timeout;
  unlock (self);
  return timeout;
}

/**
 * qmp_event_stream_set_timeout: (set-property timeout)
 * @self: a stream
 * @milliseconds: milliseconds; -1 and %G_MAXINT are for ever
 *
 * Sets how long to wait for the next event, from the next call on.
 *
 * Since: 0.1
 */
void
qmp_event_stream_set_timeout (QmpEventStream *self, int milliseconds)
{
  gboolean changed;

  g_return_if_fail (QMP_IS_EVENT_STREAM (self));
  g_return_if_fail (milliseconds >= -1);
  lock (self);
  changed = self->timeout != milliseconds;
  self->timeout = milliseconds;
  unlock (self);
  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TIMEOUT]);
}

/**
 * qmp_event_stream_get_capacity: (get-property capacity)
 * @self: a stream
 *
 * Gets how many events the stream keeps.
 *
 * Returns: how many
 *
 * Since: 0.1
 */
guint
qmp_event_stream_get_capacity (QmpEventStream *self)
{
  g_return_val_if_fail (QMP_IS_EVENT_STREAM (self), 0);
  return self->capacity;
}

/**
 * qmp_event_stream_get_dropped: (get-property dropped)
 * @self: a stream
 *
 * Gets how many events had to make room for newer ones.
 *
 * Returns: how many
 *
 * Since: 0.1
 */
guint64
qmp_event_stream_get_dropped (QmpEventStream *self)
{
  guint64 dropped;

  g_return_val_if_fail (QMP_IS_EVENT_STREAM (self), 0);
  lock (self);
  dropped = self->dropped;
  unlock (self);
  return dropped;
}
