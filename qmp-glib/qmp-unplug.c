/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-unplug-private.h"

#include <string.h>

#include "qmp-error.h"

/* Where QEMU keeps devices that were given an id. */
#define PERIPHERALS "/machine/peripheral/"

/* How long after a device has left the tree its event may be in coming, which
 * tells that its backends are free; and how long QEMU may take to say whether
 * it has left, at the end. Both may be beyond the deadline. */
#define GRACE 1000

static const char *const event_names[] = {
  "DEVICE_DELETED", "DEVICE_UNPLUG_GUEST_ERROR", "MEM_UNPLUG_ERROR", "ACPI_DEVICE_OST", NULL,
};

static gint64
get_deadline (int milliseconds)
{
  return milliseconds == G_MAXINT ? G_MAXINT64 : g_get_monotonic_time () + (gint64) milliseconds * 1000;
}

void
qmp_unplug_init (QmpUnplug *self, QmpConnection *connection, const char *device, QmpUnplugOptions *options)
{
  g_autoptr (QmpUnplugOptions) chosen = options != NULL ? g_object_ref (options) : qmp_unplug_options_new ();

  self->device = g_strdup (device);
  self->events = qmp_connection_watch_events (connection, event_names, 256);
  self->interval = qmp_unplug_options_get_interval (chosen);
  self->deadline = get_deadline (qmp_unplug_options_get_timeout (chosen));
  self->status = -1;
}

void
qmp_unplug_clear (QmpUnplug *self)
{
  g_clear_pointer (&self->device, g_free);
  g_clear_object (&self->events);
  g_clear_error (&self->refusal);
}

/* Milliseconds to the deadline. */
int
qmp_unplug_get_rest (QmpUnplug *self)
{
  gint64 rest;

  if (self->deadline == G_MAXINT64)
    return G_MAXINT;
  /* rounded up: who wakes then is not too early */
  rest = (self->deadline - g_get_monotonic_time () + 999) / 1000;
  return (int) CLAMP (rest, 0, G_MAXINT - 1);
}

static QmpRequest *
new_request (const char *command, const char *argument, const char *value, int timeout)
{
  QmpRequest *request = qmp_request_new (command);
  g_autoptr (JsonNode) arguments = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (arguments, json_object_new ());
  json_object_set_string_member (json_node_get_object (arguments), argument, value);
  qmp_request_set_arguments (request, arguments, NULL);
  qmp_request_set_timeout (request, timeout);
  return request;
}

/* To let go of the device. */
QmpRequest *
qmp_unplug_new_request (QmpUnplug *self)
{
  return new_request ("device_del", "id", self->device, MAX (qmp_unplug_get_rest (self), 1));
}

/* Whether it is there. */
QmpRequest *
qmp_unplug_new_question (QmpUnplug *self)
{
  g_autofree char *path = g_strconcat (*self->device == '/' ? "" : PERIPHERALS, self->device, NULL);

  return new_request ("qom-list", "path", path, GRACE);
}

/* An event names a device by its id, if it has one, and by its path: not by
 * both in each QEMU. Those of its children go with it, each with an event. */
static gboolean
is_about (QmpUnplug *self, QmpValue *data)
{
  g_autofree char *id = qmp_value_dup_member_string (data, "device"), *path = qmp_value_dup_member_string (data, "path");

  if (*self->device == '/')
    return g_strcmp0 (path, self->device) == 0 ||
           (path == NULL && id != NULL && g_str_has_prefix (self->device, PERIPHERALS) &&
            g_str_equal (self->device + strlen (PERIPHERALS), id));
  return g_strcmp0 (id, self->device) == 0 ||
         (path != NULL && g_str_has_prefix (path, PERIPHERALS) &&
          g_str_equal (path + strlen (PERIPHERALS), self->device));
}

static void
note_status (QmpUnplug *self, QmpValue *data)
{
  g_autoptr (QmpValue) info = qmp_value_get_member (data, "info");
  gint64 status;

  if (info != NULL && is_about (self, info) && qmp_value_get_member_int64 (info, "status", &status))
    self->status = (int) (status & 0xffff);
}

static QmpUnplugVerdict
refuse (QmpUnplug *self, QmpValue *data, GError **error)
{
  g_autofree char *reason = qmp_value_dup_member_string (data, "msg");

  g_set_error (error, QMP_ERROR, QMP_ERROR_UNPLUG_REFUSED, "The guest does not let go of the device “%s”%s%s", self->device,
               reason != NULL ? ": " : "", reason != NULL ? reason : "");
  return QMP_UNPLUG_FAILED;
}

QmpUnplugVerdict
qmp_unplug_judge_event (QmpUnplug *self, QmpEvent *event, GError **error)
{
  g_autoptr (QmpValue) data = qmp_event_get_data (event);
  const char *name = qmp_event_get_name (event);

  if (data == NULL)
    return QMP_UNPLUG_GOES_ON;
  if (g_str_equal (name, "ACPI_DEVICE_OST"))
    note_status (self, data);
  else if (is_about (self, data))
    return g_str_equal (name, "DEVICE_DELETED") ? QMP_UNPLUG_DONE : refuse (self, data, error);
  return QMP_UNPLUG_GOES_ON;
}

/* No more events will come. */
QmpUnplugVerdict
qmp_unplug_judge_end (QmpUnplug *self, GError *failure, GError **error)
{
  if (failure != NULL)
    g_propagate_error (error, failure);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The connection ended before the device “%s” was gone",
                 self->device);
  return QMP_UNPLUG_FAILED;
}

/* An earlier request is still with the guest. QEMU has no class of errors for
 * that, only words: where they change, who asks too early is told so. */
static gboolean
is_under_way (const GError *error)
{
  return g_error_matches (error, QMP_ERROR, QMP_ERROR_GENERIC) &&
         (strstr (error->message, "in the process of unplug") != NULL || strstr (error->message, "guest is busy") != NULL);
}

/* QEMU keeps a device for a moment after it has left the tree. */
static QmpUnplugVerdict
wait_for_event (QmpUnplug *self)
{
  self->gone = TRUE;
  self->deadline = get_deadline (GRACE);
  self->interval = 0;
  return QMP_UNPLUG_GOES_ON;
}

/* QEMU has answered device_del. */
QmpUnplugVerdict
qmp_unplug_judge_reply (QmpUnplug *self, GError *failure, GError **error)
{
  g_clear_error (&self->refusal);
  if (failure == NULL || is_under_way (failure))
    {
      self->asked++;
      self->refusal = failure;
      return QMP_UNPLUG_GOES_ON;
    }
  if ((self->asked > 0 || self->for_backend) && g_error_matches (failure, QMP_ERROR, QMP_ERROR_DEVICE_NOT_FOUND))
    {
      g_error_free (failure);
      return wait_for_event (self);
    }
  if (self->asked > 0 && failure->domain == QMP_ERROR)
    {
      self->refusal = failure;
      return QMP_UNPLUG_GOES_ON;
    }
  /* the deadline is ours, and has words of its own */
  if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    {
      g_error_free (failure);
      return QMP_UNPLUG_GOES_ON;
    }
  g_propagate_error (error, failure);
  return QMP_UNPLUG_FAILED;
}

static QmpUnplugVerdict
time_out (QmpUnplug *self, const char *presence, GError **error)
{
  g_autoptr (GString) message = g_string_new (NULL);

  g_string_printf (message, "The device “%s” was not unplugged in time: ", self->device);
  if (self->asked == 0)
    g_string_append (message, "QEMU has not answered");
  else
    g_string_append_printf (message, "the guest was asked %u %s, and has not let go of it", self->asked,
                            self->asked == 1 ? "time" : "times");
  if (self->status >= 0)
    g_string_append_printf (message, "; the last it told by ACPI is status 0x%x", (guint) self->status);
  if (self->asked > 0 && self->refusal != NULL)
    g_string_append_printf (message, "; to the last request QEMU said: %s", self->refusal->message);
  g_string_append_printf (message, "; %s", presence);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, message->str);
  return QMP_UNPLUG_FAILED;
}

/* The time is over, and QEMU has said whether the device is there. */
QmpUnplugVerdict
qmp_unplug_judge_answer (QmpUnplug *self, GError *failure, GError **error)
{
  g_autoptr (GError) owned = failure;

  if (failure == NULL)
    return time_out (self, "the device is still there", error);
  if (self->asked > 0 && g_error_matches (failure, QMP_ERROR, QMP_ERROR_DEVICE_NOT_FOUND))
    return wait_for_event (self);
  if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) || failure->domain == QMP_ERROR)
    return time_out (self, "whether it is still there is not known", error);
  g_propagate_error (error, g_steal_pointer (&owned));
  return QMP_UNPLUG_FAILED;
}
