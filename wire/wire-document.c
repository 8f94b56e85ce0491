/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire-document.h"

#include "wire-pool.h"
#include "wire-text.h"

#include <string.h>

/* --- life ------------------------------------------------------------------ */

/**
 * wire_document_new_copy:
 * @view: a message
 *
 * Copies the message into one block of memory: what small ones are best off
 * with.
 */
WireDocument *
wire_document_new_copy (const WireView *view)
{
  gsize size_of_values = sizeof (WireValue) * view->n_values;
  gsize size = sizeof (WireDocument) + size_of_values + view->length + 1;
  WireDocument *document = wire_pool_alloc (size);
  WireValue *values = (WireValue *) (document + 1);
  char *text = (char *) values + size_of_values;

  memcpy (values, view->values, size_of_values);
  memcpy (text, view->text, view->length);
  text[view->length] = '\0';
  document->view = *view;
  document->view.text = text;
  document->view.values = values;
  document->size = size;
  document->owned_text = NULL;
  document->owned_values = NULL;
  document->references = 1;
  return document;
}

/**
 * wire_document_new_take:
 * @view: a message
 * @text: (transfer full): the block that holds the view's bytes
 * @text_size: bytes of that block
 * @values: (transfer full): the block that holds its index
 * @values_size: bytes of that block
 */
WireDocument *
wire_document_new_take (const WireView *view, char *text, gsize text_size, WireValue *values, gsize values_size)
{
  WireDocument *document = g_new (WireDocument, 1);

  document->view = *view;
  document->owned_text = text;
  document->owned_text_size = text_size;
  document->owned_values = values;
  document->owned_values_size = values_size;
  document->references = 1;
  return document;
}

/* Of text that was not read from a peer; NULL if it is not one whole message. */
WireDocument *
wire_document_new_for_text (const char *text, gsize length)
{
  const WireLimits limits = { WIRE_MAX_BYTES, WIRE_MAX_VALUES, WIRE_MAX_DEPTH, WIRE_MAX_KEY };
  WireDocument *document = NULL;
  WireScanner scanner;

  wire_scanner_init (&scanner, &limits);
  if (wire_scanner_scan (&scanner, text, length) == WIRE_SCAN_MESSAGE)
    document = wire_document_new_copy (&(WireView) { text, scanner.at, scanner.values, scanner.n_values, scanner.taint });
  wire_scanner_clear (&scanner);
  return document;
}

/**
 * wire_document_take_json:
 * @document: a document that nobody reads any more if this is its only
 *   reference
 *
 * Gives the text of one of its values. A large one need not be there twice:
 * it is shifted to the start of the document's own block.
 */
char *
wire_document_take_json (WireDocument *document, guint value)
{
  gsize length;
  const char *text = wire_view_get_json (&document->view, value, &length);
  char *owned = document->owned_text;

  if (owned == NULL || length <= 1024 * 1024 || g_atomic_int_get (&document->references) != 1)
    return g_strndup (text, length);
  memmove (owned, text, length);
  owned[length] = '\0';
  document->owned_text = NULL;
  return g_realloc (owned, length + 1);
}

WireDocument *
wire_document_ref (WireDocument *document)
{
  g_atomic_int_inc (&document->references);
  return document;
}

void
wire_document_unref (WireDocument *document)
{
  if (!g_atomic_int_dec_and_test (&document->references))
    return;
  if (document->owned_values == NULL)
    {
      wire_pool_free (document, document->size);
      return;
    }
  wire_pool_give_large (document->owned_text, document->owned_text_size);
  wire_pool_give_large (document->owned_values, document->owned_values_size);
  g_free (document);
}

/* Overwrites what a secret may be in; only for a document that nobody else
 * reads any more. */
void
wire_document_wipe (WireDocument *document)
{
  explicit_bzero ((char *) document->view.text, document->view.length);
}

/* --- finding --------------------------------------------------------------- */

/* The place behind a value and all that is inside it. */
guint
wire_view_after (const WireView *view, guint value)
{
  return view->values[value].type >= WIRE_ARRAY ? view->values[value].next : value + 1;
}

guint
wire_view_member (const WireView *view, guint object, const char *name)
{
  gsize length = strlen (name);

  if (view->values[object].type != WIRE_OBJECT)
    return 0;
  for (guint key = object + 1; key < view->values[object].next; key = wire_view_after (view, key + 1))
    {
      const WireValue *value = &view->values[key];

      if (wire_text_equal (view->text + value->offset, value->length, value->flags & WIRE_VALUE_ESCAPED,
                           name, length))
        return key + 1;
    }
  return 0;
}

guint
wire_view_element (const WireView *view, guint array, guint position)
{
  guint element = array + 1;

  if (view->values[array].type != WIRE_ARRAY || position >= view->values[array].length)
    return 0;
  while (position-- > 0)
    element = wire_view_after (view, element);
  return element;
}

gboolean
wire_view_is_string (const WireView *view, guint value, const char *plain)
{
  const WireValue *string = &view->values[value];

  return (string->type == WIRE_STRING || string->type == WIRE_KEY) &&
         wire_text_equal (view->text + string->offset, string->length,
                          string->flags & WIRE_VALUE_ESCAPED, plain, strlen (plain));
}

/* --- reading --------------------------------------------------------------- */

gboolean
wire_view_get_int64 (const WireView *view, guint value, gint64 *number)
{
  const WireValue *integer = &view->values[value];

  return integer->type == WIRE_INTEGER &&
         wire_text_fits_int64 (view->text + integer->offset, integer->length, number);
}

gboolean
wire_view_get_uint64 (const WireView *view, guint value, guint64 *number)
{
  const WireValue *integer = &view->values[value];

  return integer->type == WIRE_INTEGER &&
         wire_text_fits_uint64 (view->text + integer->offset, integer->length, number);
}

gboolean
wire_view_get_double (const WireView *view, guint value, double *number)
{
  const WireValue *real = &view->values[value];

  return (real->type == WIRE_REAL || real->type == WIRE_INTEGER) &&
         wire_text_fits_double (view->text + real->offset, real->length, number);
}

gboolean
wire_view_get_boolean (const WireView *view, guint value, gboolean *truth)
{
  const WireValue *boolean = &view->values[value];

  if (boolean->type != WIRE_BOOLEAN)
    return FALSE;
  *truth = view->text[boolean->offset] == 't';
  return TRUE;
}

char *
wire_view_dup_string (const WireView *view, guint value)
{
  const WireValue *string = &view->values[value];

  if (string->type != WIRE_STRING && string->type != WIRE_KEY)
    return NULL;
  return wire_text_decode_dup (view->text + string->offset, string->length, string->flags & WIRE_VALUE_ESCAPED);
}

/* A container's end is not in the index. It is found from the last value
 * inside, past as many closing brackets as containers end there. */
static const char *
end_of_container (const WireView *view, guint container)
{
  guint last = view->values[container].next - 1;
  const WireValue *value = &view->values[last];
  const char *p = view->text + value->offset;
  guint left = 1;

  if (value->type >= WIRE_ARRAY)
    p++;
  else
    p += value->length + (value->type == WIRE_STRING);
  for (guint i = container; i < last; i++)
    left += view->values[i].type >= WIRE_ARRAY && view->values[i].next == last + 1 && i != container;
  left += value->type >= WIRE_ARRAY && last != container;
  for (; left > 0; p++)
    left -= *p == ']' || *p == '}';
  return p;
}

/**
 * wire_view_get_json:
 * @view: a message
 * @value: one of its values
 * @length: (out): bytes of the text
 *
 * Finds the value's own JSON text inside the message.
 */
const char *
wire_view_get_json (const WireView *view, guint value, gsize *length)
{
  const WireValue *found = &view->values[value];
  const char *first = view->text + found->offset;

  if (found->type >= WIRE_ARRAY)
    {
      *length = (gsize) (end_of_container (view, value) - first);
      return first;
    }
  if (found->type == WIRE_STRING || found->type == WIRE_KEY)
    {
      *length = found->length + 2;
      return first - 1;
    }
  *length = found->length;
  return first;
}

const char *
wire_type_name (WireType type)
{
  static const char *names[] = { "null", "a boolean", "an integer", "a number",
                                 "a string", "a name", "an array", "an object" };

  return names[type];
}

const char *
wire_taint_name (WireTaint taint)
{
  static const char *names[] = { "nothing odd", "a NUL character", "a number that is not finite or beyond a double",
                                 "an integer beyond 64 bits" };

  return names[taint];
}
