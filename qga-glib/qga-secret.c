/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "qga-error-private.h"
#include "wire/wire-base64.h"

/* What an agent says of a command that carried a secret may repeat it. */

#define MASK "•••"

/* Shorter ones are in any text. */
#define SHORTEST_SECRET 3u

static void
free_secret (gpointer secret)
{
  explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

/* Takes the text. */
static void
add_secret (GPtrArray *secrets, char *secret, gsize length)
{
  if (length >= SHORTEST_SECRET && memchr (secret, '\0', length) == NULL)
    {
      g_ptr_array_add (secrets, secret);
      return;
    }
  explicit_bzero (secret, length);
  g_free (secret);
}

/* A password travels as base64, and an agent may say it either way. */
static void
add_decoded (GPtrArray *secrets, const char *secret, gsize length)
{
  char *bytes = g_malloc (length / 4 * 3 + 1);
  gsize n_bytes;

  if (!wire_base64_decode (secret, length, (guint8 *) bytes, &n_bytes))
    {
      g_free (bytes);
      return;
    }
  bytes[n_bytes] = '\0';
  add_secret (secrets, bytes, n_bytes);
}

static GPtrArray *
find_secrets (const WireView *view)
{
  GPtrArray *secrets = g_ptr_array_new_with_free_func (free_secret);

  for (guint i = 1; i < view->n_values; i++)
    {
      char *secret = view->values[i].type == WIRE_STRING ? wire_view_dup_string (view, i) : NULL;

      if (secret == NULL)
        continue;
      add_decoded (secrets, secret, strlen (secret));
      add_secret (secrets, secret, strlen (secret));
    }
  return secrets;
}

static int
compare_lengths (gconstpointer a, gconstpointer b)
{
  gsize first = strlen (*(const char *const *) a), second = strlen (*(const char *const *) b);

  return (first < second) - (first > second);
}

/* Masks all strings of the arguments, wherever they stand in a text; the
 * longest first, since a shorter one may stand in it. */
void
qga_secret_mask (GString *text, const char *arguments, gsize length)
{
  WireDocument *document = wire_document_new_for_text (arguments, length);
  g_autoptr (GPtrArray) secrets = NULL;

  if (document == NULL)
    return;
  secrets = find_secrets (&document->view);
  g_ptr_array_sort (secrets, compare_lengths);
  for (guint i = 0; i < secrets->len; i++)
    g_string_replace (text, g_ptr_array_index (secrets, i), MASK, 0);
  wire_document_wipe (document);
  wire_document_unref (document);
}
