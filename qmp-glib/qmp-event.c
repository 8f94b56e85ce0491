/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-event-private.h"

#include <string.h>

#include "qmp-api-private.h"
#include "qmp-error.h"
#include "qmp-value-private.h"
#include "wire/wire-node.h"
#include "wire/wire-pool.h"
#include "wire/wire-text.h"
#include "wire/wire-writer.h"

/**
 * QmpEvent:
 *
 * Something that QEMU told without being asked: `STOP`, `SHUTDOWN`,
 * `BLOCK_JOB_COMPLETED` and so on.
 *
 * Events come from [signal@Qmp.Connection::event] and from a
 * [class@Qmp.EventStream]. They are immutable and may be used in any thread.
 *
 * [method@GObject.Value.transform] makes an event's text of it, that of
 * [method@Qmp.Event.to_json], for code that does not know this type.
 *
 * Since: 0.1
 */

static void
transform_to_text (const GValue *from, GValue *to)
{
  QmpEvent *self = g_value_get_boxed (from);

  g_value_take_string (to, self != NULL ? qmp_event_to_json (self) : NULL);
}

G_DEFINE_BOXED_TYPE_WITH_CODE (QmpEvent, qmp_event, qmp_event_ref, qmp_event_unref,
                               g_value_register_transform_func (g_define_type_id, G_TYPE_STRING, transform_to_text))

static gint64
read_timestamp (const WireView *view, guint timestamp)
{
  guint seconds = wire_view_member (view, timestamp, "seconds");
  guint microseconds = wire_view_member (view, timestamp, "microseconds");
  gint64 whole, part;

  /* QEMU says -1 where the host's clock failed */
  if (seconds == 0 || microseconds == 0 ||
      !wire_view_get_int64 (view, seconds, &whole) || !wire_view_get_int64 (view, microseconds, &part) ||
      whole < 0 || whole > G_MAXINT64 / G_USEC_PER_SEC - 1 || part < 0 || part >= G_USEC_PER_SEC)
    return -1;
  return whole * G_USEC_PER_SEC + part;
}

/* Takes the document; the places are those of the members' values. */
QmpEvent *
qmp_event_new (WireDocument *document, guint name, guint data, guint timestamp)
{
  const WireView *view = &document->view;
  const WireValue *named = &view->values[name];
  gsize size = sizeof (QmpEvent) + named->length + 1;
  QmpEvent *self = wire_pool_alloc (size);

  self->delivery = (WireDelivery) { NULL, WIRE_DELIVERY_OTHER,
                                    (guint) (view->length + sizeof (WireValue) * view->n_values) };
  self->size = size;
  self->references = 1;
  self->document = document;
  self->data = data;
  self->timestamp = timestamp;
  if (named->flags & WIRE_VALUE_ESCAPED)
    wire_text_decode (view->text + named->offset, named->length, self->name);
  else
    *(char *) mempcpy (self->name, view->text + named->offset, named->length) = '\0';
  return self;
}

/**
 * qmp_event_new_from_json:
 * @json: the text of an event as QEMU sends it: an object with `event`, and with
 *   `data` and `timestamp` if it has any
 * @error: return location
 *
 * Makes an event of text, as strictly as if it had come from QEMU: for tests, and
 * for a [class@Qmp.Server] that has its own idea of the time.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT, saying what is wrong.
 *
 * Returns: (transfer full): the event
 *
 * Since: 0.1
 */
QmpEvent *
qmp_event_new_from_json (const char *json, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (WireDocument) document = NULL;
  guint name, data, timestamp;

  g_return_val_if_fail (json != NULL, NULL);
  if (!wire_write_json (text, json, error))
    return NULL;
  document = wire_document_new_for_text (text->str, text->len);
  name = wire_view_member (&document->view, 0, "event");
  data = wire_view_member (&document->view, 0, "data");
  timestamp = wire_view_member (&document->view, 0, "timestamp");
  if (name == 0 || document->view.values[name].type != WIRE_STRING ||
      (data != 0 && document->view.values[data].type != WIRE_OBJECT))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           "This is no event: “event” must be its name, and “data” an object");
      return NULL;
    }
  return qmp_event_new (g_steal_pointer (&document), name, data, timestamp);
}

/**
 * qmp_event_ref:
 * @self: an event
 *
 * Takes a reference.
 *
 * Returns: (transfer full): the same event
 *
 * Since: 0.1
 */
QmpEvent *
qmp_event_ref (QmpEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_atomic_int_inc (&self->references);
  return self;
}

/**
 * qmp_event_unref:
 * @self: (transfer full): an event
 *
 * Releases a reference.
 *
 * Since: 0.1
 */
void
qmp_event_unref (QmpEvent *self)
{
  g_return_if_fail (self != NULL);
  if (!g_atomic_int_dec_and_test (&self->references))
    return;
  wire_document_unref (self->document);
  wire_pool_free (self, self->size);
}

/**
 * qmp_event_get_name:
 * @self: an event
 *
 * Tells which event it is, as QEMU writes it: `BLOCK_JOB_COMPLETED`. An event
 * that is newer than this library has its name, too.
 *
 * Returns: (transfer none): the name
 *
 * Since: 0.1
 */
const char *
qmp_event_get_name (QmpEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->name;
}

/**
 * qmp_event_get_data:
 * @self: an event
 *
 * Finds what the event carries.
 *
 * Returns: (transfer full) (nullable): an object, or %NULL when it carries
 *   nothing
 *
 * Since: 0.1
 */
QmpValue *
qmp_event_get_data (QmpEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->data == 0 ? NULL : qmp_value_new (wire_document_ref (self->document), self->data);
}

/**
 * qmp_event_get_data_json:
 * @self: an event
 *
 * Copies what the event carries as JSON text, for languages that have a
 * parser of their own.
 *
 * Returns: (transfer full): an object's text; `{}` when it carries nothing
 *
 * Since: 0.1
 */
char *
qmp_event_get_data_json (QmpEvent *self)
{
  const char *text;
  gsize length;

  g_return_val_if_fail (self != NULL, NULL);
  if (self->data == 0)
    return g_strdup ("{}");
  text = wire_view_get_json (&self->document->view, self->data, &length);
  return g_strndup (text, length);
}

/**
 * qmp_event_get_data_node:
 * @self: an event
 *
 * Makes a tree of what the event carries.
 *
 * Returns: (transfer full) (nullable): an object, or %NULL when it carries
 *   nothing
 *
 * Since: 0.1
 */
JsonNode *
qmp_event_get_data_node (QmpEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->data == 0 ? NULL : wire_node_new (&self->document->view, self->data);
}

/**
 * qmp_event_to_struct:
 * @self: an event
 * @error: return location
 *
 * Reads what the event carries as an object of its own class:
 * [class@Qmp.BlockJobCompletedEvent] for `BLOCK_JOB_COMPLETED`, and so on. An
 * event that carries nothing has a class without members.
 *
 * Fails with %G_IO_ERROR_NOT_SUPPORTED for an event that this library does not
 * know, and with %QMP_ERROR_UNEXPECTED_VALUE when a member is not of its type;
 * the message has its path. [method@Qmp.Event.get_data] reads such events.
 *
 * Returns: (transfer full): what it carries
 *
 * Since: 0.1
 */
QmpStruct *
qmp_event_to_struct (QmpEvent *self, GError **error)
{
  const WireEventShape *found;
  WireMember member = { "", WIRE_KIND_OBJECT };

  g_return_val_if_fail (self != NULL, NULL);
  found = wire_event_shape_find (qmp_event_shapes, qmp_n_event_shapes, self->name);
  if (found == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "%s: this event is newer than the library", self->name);
      return NULL;
    }
  if (self->data == 0)
    return g_object_new (found->shape->get_type (), NULL);
  member.of = found->shape;
  if (!wire_shape_check (&member, &self->document->view, self->data, self->name, QMP_ERROR, QMP_ERROR_UNEXPECTED_VALUE, error))
    return NULL;
  return wire_value_make (&member, self->document, self->data);
}

/**
 * qmp_event_get_timestamp:
 * @self: an event
 *
 * Tells when it happened, by the clock of QEMU's host.
 *
 * Returns: microseconds since 1970, UTC; -1 when QEMU did not know
 *
 * Since: 0.1
 */
gint64
qmp_event_get_timestamp (QmpEvent *self)
{
  g_return_val_if_fail (self != NULL, -1);
  return self->timestamp != 0 ? read_timestamp (&self->document->view, self->timestamp) : -1;
}

/**
 * qmp_event_to_json:
 * @self: an event
 *
 * Copies the whole event as JSON text, byte for byte as it came.
 *
 * Returns: (transfer full): an object's text
 *
 * Since: 0.1
 */
char *
qmp_event_to_json (QmpEvent *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return g_strndup (self->document->view.text, self->document->view.length);
}
