/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-medium-private.h"

#include <string.h>

#include "qmp-error.h"

/* How often a guest may close the tray while the medium is changed: a firmware
 * does when it looks for something to boot. */
#define MOST_REVIEWS 5

/* Where QEMU keeps devices that were given an id. */
#define PERIPHERALS "/machine/peripheral/"

gboolean
qmp_medium_init (QmpMedium *self, QmpConnection *connection, const char *device, QmpBlockdevOptions *medium,
                 QmpMediumOptions *options, GError **error)
{
  static const char *const names[] = { "DEVICE_TRAY_MOVED", NULL };
  g_autoptr (QmpMediumOptions) chosen = options != NULL ? g_object_ref (options) : qmp_medium_options_new ();
  const char *name = medium != NULL ? qmp_blockdev_options_get_node_name (medium) : NULL;

  if (medium != NULL && (name == NULL || *name == '\0'))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "blockdev-add: it needs a name");
      return FALSE;
    }
  self->step = medium != NULL ? QMP_MEDIUM_ADD : QMP_MEDIUM_OPEN;
  self->device = g_strdup (device);
  self->medium = medium != NULL ? qmp_struct_to_json (QMP_STRUCT (medium)) : NULL;
  self->node_name = g_strdup (name);
  self->force = qmp_medium_options_get_force (chosen);
  self->keep_node = qmp_medium_options_get_keep_node (chosen);
  self->timeout = qmp_medium_options_get_timeout (chosen);
  self->events = qmp_connection_watch_events (connection, names, 64);
  return TRUE;
}

void
qmp_medium_clear (QmpMedium *self)
{
  g_clear_pointer (&self->device, g_free);
  g_clear_pointer (&self->medium, g_free);
  g_clear_pointer (&self->node_name, g_free);
  g_clear_pointer (&self->old_node_name, g_free);
  g_clear_object (&self->events);
  g_clear_error (&self->failure);
}

/* --- commands ------------------------------------------------------------------------------- */

static const char *
get_command (QmpMediumStep step)
{
  switch (step)
    {
    case QMP_MEDIUM_ADD:
      return "blockdev-add";
    case QMP_MEDIUM_OPEN:
    case QMP_MEDIUM_FORCE:
      return "blockdev-open-tray";
    case QMP_MEDIUM_LOOK:
    case QMP_MEDIUM_REVIEW:
      return "query-block";
    case QMP_MEDIUM_REMOVE:
      return "blockdev-remove-medium";
    case QMP_MEDIUM_INSERT:
      return "blockdev-insert-medium";
    case QMP_MEDIUM_CLOSE:
      return "blockdev-close-tray";
    case QMP_MEDIUM_DELETE_OLD:
    case QMP_MEDIUM_UNDO:
      return "blockdev-del";
    case QMP_MEDIUM_WAIT:
    case QMP_MEDIUM_DONE:
    default:
      g_return_val_if_reached (NULL);
    }
}

static JsonObject *
make_arguments (QmpMedium *self)
{
  JsonObject *arguments = json_object_new ();

  if (self->step == QMP_MEDIUM_DELETE_OLD)
    json_object_set_string_member (arguments, "node-name", self->old_node_name);
  else if (self->step == QMP_MEDIUM_UNDO)
    json_object_set_string_member (arguments, "node-name", self->node_name);
  else
    json_object_set_string_member (arguments, "id", self->device);
  if (self->step == QMP_MEDIUM_FORCE)
    json_object_set_boolean_member (arguments, "force", TRUE);
  if (self->step == QMP_MEDIUM_INSERT)
    json_object_set_string_member (arguments, "node-name", self->node_name);
  return arguments;
}

QmpRequest *
qmp_medium_new_request (QmpMedium *self)
{
  QmpRequest *request = qmp_request_new (get_command (self->step));
  g_autoptr (JsonNode) arguments = NULL;

  if (self->step == QMP_MEDIUM_ADD)
    qmp_request_set_arguments_json (request, self->medium, NULL);
  if (self->step == QMP_MEDIUM_ADD || self->step == QMP_MEDIUM_LOOK || self->step == QMP_MEDIUM_REVIEW)
    return request;
  arguments = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (arguments, make_arguments (self));
  qmp_request_set_arguments (request, arguments, NULL);
  return request;
}

/* --- replies ---------------------------------------------------------------------------------- */

void
qmp_medium_fail (QmpMedium *self, GError *failure)
{
  gboolean added = self->medium != NULL && self->step != QMP_MEDIUM_ADD && self->step != QMP_MEDIUM_CLOSE;

  g_clear_error (&self->failure);
  self->failure = failure;
  self->step = added ? QMP_MEDIUM_UNDO : QMP_MEDIUM_DONE;
}

/* QEMU and callers may name it by its id or by its path. */
static gboolean
is_device (QmpMedium *self, const char *name)
{
  const char *device = self->device;

  if (name == NULL)
    return FALSE;
  if (g_str_has_prefix (name, PERIPHERALS))
    name += strlen (PERIPHERALS);
  if (g_str_has_prefix (device, PERIPHERALS))
    device += strlen (PERIPHERALS);
  return g_str_equal (name, device);
}

static QmpValue *
find_drive (QmpMedium *self, QmpValue *drives)
{
  for (guint i = 0; i < qmp_value_get_length (drives); i++)
    {
      g_autoptr (QmpValue) drive = qmp_value_get_element (drives, i);
      g_autofree char *name = qmp_value_dup_member_string (drive, "qdev");

      if (is_device (self, name))
        return g_steal_pointer (&drive);
    }
  return NULL;
}

/* Nodes that nobody has named go by themselves. */
static char *
find_node (QmpValue *drive)
{
  g_autoptr (QmpValue) inserted = qmp_value_get_member (drive, "inserted");
  g_autofree char *name = inserted != NULL ? qmp_value_dup_member_string (inserted, "node-name") : NULL;

  return name != NULL && *name != '#' ? g_steal_pointer (&name) : NULL;
}

static gint64
get_deadline (int milliseconds)
{
  return milliseconds == G_MAXINT ? G_MAXINT64 : g_get_monotonic_time () + (gint64) milliseconds * 1000;
}

/* A drive without a tray, for floppy disks, has nothing to open. One that does
 * not show up has been moved or renamed: QEMU is to decide about it. */
static void
look (QmpMedium *self, QmpValue *drives)
{
  g_autoptr (QmpValue) drive = find_drive (self, drives);
  gboolean open = TRUE;

  self->step = QMP_MEDIUM_REMOVE;
  if (drive == NULL)
    return;
  g_free (self->old_node_name);
  self->old_node_name = find_node (drive);
  qmp_value_get_member_boolean (drive, "locked", &self->locked);
  if (!qmp_value_get_member_boolean (drive, "tray_open", &open) || open)
    return;
  self->step = QMP_MEDIUM_WAIT;
  self->deadline = get_deadline (self->timeout);
}

/* If the tray is open, it was refused for some other reason. */
static void
review (QmpMedium *self, QmpValue *drives)
{
  g_autoptr (QmpValue) drive = find_drive (self, drives);
  gboolean open = TRUE;

  if (drive != NULL && qmp_value_get_member_boolean (drive, "tray_open", &open) && !open)
    {
      g_clear_error (&self->failure);
      self->step = QMP_MEDIUM_OPEN;
    }
  else
    qmp_medium_fail (self, g_steal_pointer (&self->failure));
}

static QmpMediumStep
get_step_after_removal (QmpMedium *self)
{
  return self->medium != NULL ? QMP_MEDIUM_INSERT : QMP_MEDIUM_DONE;
}

static void
go_on (QmpMedium *self, QmpValue *reply)
{
  switch (self->step)
    {
    case QMP_MEDIUM_ADD:
      self->step = QMP_MEDIUM_OPEN;
      break;
    case QMP_MEDIUM_OPEN:
      self->step = QMP_MEDIUM_LOOK;
      break;
    case QMP_MEDIUM_LOOK:
      look (self, reply);
      break;
    case QMP_MEDIUM_REVIEW:
      review (self, reply);
      break;
    case QMP_MEDIUM_FORCE:
      self->step = QMP_MEDIUM_REMOVE;
      break;
    case QMP_MEDIUM_REMOVE:
      self->step = self->old_node_name != NULL && !self->keep_node ? QMP_MEDIUM_DELETE_OLD : get_step_after_removal (self);
      break;
    case QMP_MEDIUM_DELETE_OLD:
      self->step = get_step_after_removal (self);
      break;
    case QMP_MEDIUM_INSERT:
      self->step = QMP_MEDIUM_CLOSE;
      break;
    case QMP_MEDIUM_CLOSE:
    case QMP_MEDIUM_UNDO:
    case QMP_MEDIUM_WAIT:
    case QMP_MEDIUM_DONE:
    default:
      self->step = QMP_MEDIUM_DONE;
    }
}

static gboolean
is_worth_a_review (QmpMedium *self, const GError *failure)
{
  return (self->step == QMP_MEDIUM_REMOVE || self->step == QMP_MEDIUM_INSERT) && self->n_reviews < MOST_REVIEWS &&
         g_error_matches (failure, QMP_ERROR, QMP_ERROR_GENERIC);
}

/* Whether a node goes does not matter: something else may use it, and what
 * counts is what went wrong before. */
void
qmp_medium_take_reply (QmpMedium *self, QmpValue *reply, GError *failure)
{
  if (failure == NULL || (self->step == QMP_MEDIUM_DELETE_OLD && failure->domain == QMP_ERROR) || self->step == QMP_MEDIUM_UNDO)
    {
      g_clear_error (&failure);
      go_on (self, reply);
    }
  else if (is_worth_a_review (self, failure))
    {
      self->failure = failure;
      self->n_reviews++;
      self->step = QMP_MEDIUM_REVIEW;
    }
  else
    qmp_medium_fail (self, failure);
}

/* --- the guest -------------------------------------------------------------------------------- */

/* Milliseconds to the deadline. */
int
qmp_medium_get_rest (QmpMedium *self)
{
  gint64 rest;

  if (self->deadline == G_MAXINT64)
    return G_MAXINT;
  /* rounded up: who wakes then is not too early */
  rest = (self->deadline - g_get_monotonic_time () + 999) / 1000;
  return (int) CLAMP (rest, 0, G_MAXINT - 1);
}

void
qmp_medium_take_event (QmpMedium *self, QmpEvent *event, GError *failure)
{
  g_autoptr (QmpValue) data = event != NULL ? qmp_event_get_data (event) : NULL;
  g_autofree char *id = data != NULL ? qmp_value_dup_member_string (data, "id") : NULL;
  gboolean open = FALSE;

  if (event == NULL)
    {
      if (failure == NULL)
        failure = g_error_new (G_IO_ERROR, G_IO_ERROR_CLOSED, "The connection ended before the tray of “%s” was open",
                               self->device);
      qmp_medium_fail (self, failure);
      return;
    }
  g_clear_error (&failure);
  if (is_device (self, id) && qmp_value_get_member_boolean (data, "tray-open", &open) && open)
    self->step = QMP_MEDIUM_REMOVE;
}

void
qmp_medium_take_deadline (QmpMedium *self)
{
  if (self->force)
    self->step = QMP_MEDIUM_FORCE;
  else
    qmp_medium_fail (self, g_error_new (QMP_ERROR, QMP_ERROR_MEDIUM_LOCKED,
                                        "The guest %s the medium in “%s”: it was asked to open the tray, and has not in %d ms",
                                        self->locked ? "has locked" : "does not let go of", self->device, self->timeout));
}
