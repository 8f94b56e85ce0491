/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire-command.h"

#include <math.h>
#include <string.h>

#include "wire-writer.h"

/* --- arguments ------------------------------------------------------------------------------ */

static gboolean
refuse (const WireCommand *command, const WireMember *member, const char *why, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s: %s: %s", command->name, member->name, why);
  return FALSE;
}

/* Borrows what it is given, but for lists of objects. */
static WireSlot
take_list (const WireMember *member, va_list *list)
{
  WireSlot slot = { WIRE_SLOT_SET };
  gpointer values = va_arg (*list, gpointer);
  gsize n;

  if (wire_member_is_text (member))
    {
      slot.pointer = values;
      return slot;
    }
  n = va_arg (*list, gsize);
  if (wire_member_is_object (member))
    {
      slot.pointer = g_ptr_array_new_full ((guint) n, NULL);
      for (gsize i = 0; i < n; i++)
        g_ptr_array_add (slot.pointer, ((gpointer *) values)[i]);
      return slot;
    }
  slot.pointer = g_malloc0 (sizeof (WireIntegers) + n * sizeof (gint64));
  ((WireIntegers *) slot.pointer)->n = n;
  if (n > 0)
    memcpy (((WireIntegers *) slot.pointer)->values, values, n * sizeof (gint64));
  return slot;
}

static WireSlot
take (const WireMember *member, va_list *list)
{
  WireSlot slot = { WIRE_SLOT_SET };

  if (member->list)
    return take_list (member, list);
  if (wire_member_is_pointer (member))
    slot.pointer = va_arg (*list, gpointer);
  else if (member->kind == WIRE_KIND_DOUBLE)
    slot.real = va_arg (*list, double);
  else if (member->kind == WIRE_KIND_INT64)
    slot.integer = va_arg (*list, gint64);
  else if (member->kind == WIRE_KIND_UINT64)
    slot.integer = (gint64) va_arg (*list, guint64);
  else if (wire_member_is_unsigned (member))
    slot.integer = va_arg (*list, guint);
  else
    slot.integer = va_arg (*list, int);
  return slot;
}

static gboolean
fits (const WireMember *member, const WireSlot *slot)
{
  const WireIntegers *list = slot->pointer;

  if (!wire_member_is_signed (member) && !wire_member_is_unsigned (member))
    return TRUE;
  if (!member->list)
    return wire_member_fits (member, slot->integer);
  for (gsize i = 0; i < list->n; i++)
    if (!wire_member_fits (member, list->values[i]))
      return FALSE;
  return TRUE;
}

static gboolean
is_sendable (const WireCommand *command, const WireMember *member, const WireSlot *slot, GError **error)
{
  g_autoptr (GString) json = g_string_new (NULL);

  if (!fits (member, slot))
    return refuse (command, member, "a number has more bits than there is room for", error);
  if (wire_member_is_pointer (member))
    {
      const char *need = slot->pointer != NULL ? wire_find_need (member, slot->pointer) : NULL;

      if (slot->pointer == NULL)
        return refuse (command, member, "is missing", error);
      if (member->kind == WIRE_KIND_ANY && !member->list && !wire_write_value_json (json, slot->pointer, error))
        {
          g_prefix_error (error, "%s: %s: ", command->name, member->name);
          return FALSE;
        }
      return need == NULL || refuse (command, member, "cannot be sent: it is not what its type says, or not UTF-8", error);
    }
  if (member->kind == WIRE_KIND_DOUBLE)
    return isfinite (slot->real) || refuse (command, member, "a number that is not finite cannot be sent", error);
  if (member->kind == WIRE_KIND_ENUM)
    return (slot->integer >= 0 && slot->integer < ((const WireEnum *) member->of)->n_values) ||
           refuse (command, member, "there is no such value", error);
  return TRUE;
}

static void
release (const WireMember *member, WireSlot *slot)
{
  if (member->list && wire_member_is_object (member))
    g_ptr_array_unref (slot->pointer);
  else if (member->list && !wire_member_is_text (member))
    g_free (slot->pointer);
}

/* The rest must not say it again. */
static gboolean
is_single (const WireCommand *command, const WireMember *member, gpointer rest, GError **error)
{
  return rest == NULL || !wire_body_has_extra (wire_body_of (rest), member->name) ||
         refuse (command, member, "is given twice", error);
}

static gboolean
write_positional (const WireCommand *command, GString *text, gpointer rest, va_list *list, GError **error)
{
  gboolean good = TRUE;

  for (guint i = 0; i < command->n_positional; i++)
    {
      const WireMember *member = &command->positional[i];
      WireSlot slot = take (member, list);

      good = good && is_single (command, member, rest, error) && is_sendable (command, member, &slot, error);
      if (good)
        {
          wire_write_name (text, member->name, strlen (member->name));
          wire_write_slot (text, member, &slot);
        }
      release (member, &slot);
    }
  return good;
}

/* Text that grows leaves copies behind: one that may be secret is large at once. */
#define SECRET_SIZE 16384

static char *
give_up (const WireCommand *command, GString *text)
{
  if (command->secret)
    explicit_bzero (text->str, text->allocated_len);
  g_string_free (text, TRUE);
  return NULL;
}

char *
wire_command_write_arguments (const WireCommand *command, gpointer rest, va_list *positional, gsize *length, GError **error)
{
  GString *text = g_string_sized_new (command->secret ? SECRET_SIZE : 64);

  g_string_append_c (text, '{');
  *length = 0;
  if (!write_positional (command, text, rest, positional, error))
    return give_up (command, text);
  if (rest != NULL)
    wire_body_write_members (wire_body_of (rest), text);
  if (text->len == 1)
    return give_up (command, text);
  g_string_append_c (text, '}');
  *length = text->len;
  return g_string_free (text, FALSE);
}

/* --- results --------------------------------------------------------------------------------- */

gboolean
wire_command_read_result (const WireCommand *command, WireDocument *document, guint place, GQuark domain, int code,
                          WireSlot *result, GError **error)
{
  g_autofree char *path = NULL;

  *result = (WireSlot) { WIRE_SLOT_SET };
  if (!command->has_result)
    return TRUE;
  path = g_strdup_printf ("%s: return", command->name);
  if (!wire_shape_check (&command->result, &document->view, place, path, domain, code, error))
    return FALSE;
  if (wire_member_is_pointer (&command->result))
    result->pointer = wire_value_make (&command->result, document, place);
  else
    result->integer = wire_read_integer (&command->result, &document->view, place);
  return TRUE;
}

void
wire_command_return (const WireCommand *command, GTask *task, WireSlot result)
{
  if (!command->has_result)
    g_task_return_boolean (task, TRUE);
  else if (wire_member_is_pointer (&command->result))
    g_task_return_pointer (task, result.pointer, wire_pointer_get_free (&command->result));
  else
    g_task_return_pointer (task, g_memdup2 (&result.integer, sizeof result.integer), g_free);
}

/* -1 when it failed. */
gint64
wire_command_finish_integer (GTask *task, GError **error)
{
  g_autofree gint64 *number = g_task_propagate_pointer (task, error);

  return number != NULL ? *number : -1;
}

const WireEventShape *
wire_event_shape_find (const WireEventShape *events, guint n_events, const char *name)
{
  for (guint i = 0; i < n_events; i++)
    if (g_str_equal (events[i].name, name))
      return &events[i];
  return NULL;
}
