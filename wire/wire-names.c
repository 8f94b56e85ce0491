/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "wire-names.h"

#include <string.h>

#include "wire-text.h"

/* Tells most names apart, by their length and first eight bytes; those alike
 * are compared in full. */
static inline guint32
signature (const char *text, gsize length)
{
  guint64 head = 0;

  memcpy (&head, text, MIN (length, sizeof head));
  return wire_names_mix (GUINT64_FROM_LE (head), length);
}

guint32
wire_names_sign (const char *text, gsize length, gboolean escaped)
{
  g_autofree char *plain = NULL;

  if (G_LIKELY (!escaped))
    return signature (text, length);
  plain = g_malloc (length + 1);
  return signature (plain, wire_text_decode (text, length, plain));
}

static int
compare_texts (const char *a, gsize a_length, const char *b, gsize b_length)
{
  int order = memcmp (a, b, MIN (a_length, b_length));

  return order != 0 ? order : a_length < b_length ? -1 : a_length > b_length;
}

/* Any order will do, as long as names that are the same stand together. */
static int
compare_keys (const char *text, const WireValue *a, const WireValue *b)
{
  g_autofree char *plain_a = NULL, *plain_b = NULL;

  if (a->next != b->next)
    return a->next < b->next ? -1 : 1;
  if (G_LIKELY (!((a->flags | b->flags) & WIRE_VALUE_ESCAPED)))
    return compare_texts (text + a->offset, a->length, text + b->offset, b->length);
  plain_a = wire_text_decode_dup (text + a->offset, a->length, a->flags & WIRE_VALUE_ESCAPED);
  plain_b = wire_text_decode_dup (text + b->offset, b->length, b->flags & WIRE_VALUE_ESCAPED);
  return compare_texts (plain_a, strlen (plain_a), plain_b, strlen (plain_b));
}

typedef struct
{
  const char *text;
  const WireValue *values;
} KeyOrder;

static int
compare_key_indices (gconstpointer a, gconstpointer b, gpointer data)
{
  const KeyOrder *order = data;

  return compare_keys (order->text, &order->values[*(const guint32 *) a], &order->values[*(const guint32 *) b]);
}

static gboolean
few_keys_differ (const char *text, const WireValue *values, guint object, guint n_keys)
{
  guint keys[WIRE_FEW_MEMBERS];

  if (wire_names_look_different (values, object, n_keys))
    return TRUE;
  for (guint i = 0, key = object + 1; i < n_keys; i++, key = wire_names_next (values, key))
    {
      keys[i] = key;
      for (guint j = 0; j < i; j++)
        if (G_UNLIKELY (values[keys[j]].next == values[key].next) &&
            compare_keys (text, &values[keys[j]], &values[key]) == 0)
          return FALSE;
    }
  return TRUE;
}

/* Sorted, since pairwise comparing is quadratic in what a peer sends. */
static gboolean
many_keys_differ (const char *text, const WireValue *values, guint object, guint n_keys)
{
  g_autofree guint32 *keys = g_new (guint32, n_keys);
  KeyOrder order = { text, values };

  for (guint i = 0, key = object + 1; i < n_keys; i++, key = wire_names_next (values, key))
    keys[i] = key;
  g_qsort_with_data (keys, (int) n_keys, sizeof *keys, compare_key_indices, &order);
  for (guint i = 1; i < n_keys; i++)
    if (compare_keys (text, &values[keys[i - 1]], &values[keys[i]]) == 0)
      return FALSE;
  return TRUE;
}

/**
 * wire_names_differ:
 * @text: the message
 * @values: its index
 * @object: an object in it that was read to its end
 */
gboolean
wire_names_differ (const char *text, const WireValue *values, guint object)
{
  guint n_members = values[object].length;

  if (n_members < 2)
    return TRUE;
  return (n_members <= WIRE_FEW_MEMBERS ? few_keys_differ : many_keys_differ) (text, values, object, n_members);
}
