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
mask_text (GString *text, const char *secret, gsize length)
{
  if (length >= SHORTEST_SECRET && memchr (secret, '\0', length) == NULL)
    g_string_replace (text, secret, MASK, 0);
}

/* A password travels as base64, and an agent may say it either way. */
static void
mask_decoded (GString *text, const char *secret, gsize length)
{
  g_autofree guint8 *bytes = g_malloc (length / 4 * 3 + 1);
  gsize n_bytes;

  if (wire_base64_decode (secret, length, bytes, &n_bytes))
    {
      bytes[n_bytes] = '\0';
      mask_text (text, (const char *) bytes, n_bytes);
      explicit_bzero (bytes, n_bytes);
    }
}

/* Masks all strings of the arguments, wherever they stand in a text. */
void
qga_secret_mask (GString *text, const char *arguments, gsize length)
{
  WireDocument *document = wire_document_new_for_text (arguments, length);

  if (document == NULL)
    return;
  for (guint i = 1; i < document->view.n_values; i++)
    {
      char *secret = document->view.values[i].type == WIRE_STRING ? wire_view_dup_string (&document->view, i) : NULL;

      if (secret == NULL)
        continue;
      mask_text (text, secret, strlen (secret));
      mask_decoded (text, secret, strlen (secret));
      explicit_bzero (secret, strlen (secret));
      g_free (secret);
    }
  wire_document_wipe (document);
  wire_document_unref (document);
}
