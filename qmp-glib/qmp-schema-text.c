/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "qmp-schema-text-private.h"

#include <string.h>

static const char before[] = "{\"return\":", after[] = "}";

static const char *
judge (const WireScanner *scanner, WireScanResult result, gsize length, gsize *at)
{
  *at = scanner->at;
  if (result == WIRE_SCAN_FAULT)
    return scanner->reason;
  if (result == WIRE_SCAN_MORE)
    return "the text ends in the middle";
  if (scanner->at < length || scanner->values[0].length != 1)
    return "more text follows";
  *at = scanner->taint_at;
  return scanner->taint != WIRE_TAINT_NONE ? wire_taint_name (scanner->taint) : NULL;
}

/**
 * qmp_schema_text_init:
 * @json: the value
 * @length: bytes of it
 * @limits: how much of it to take
 * @code: of the GIOErrorEnum to fail with
 * @prefix: of its message
 */
gboolean
qmp_schema_text_init (QmpSchemaText *self, const char *json, gsize length, const WireLimits *limits, int code,
                      const char *prefix, GError **error)
{
  gsize size = strlen (before) + length + strlen (after), at;
  WireScanner *scanner = &self->scanner;
  const char *wrong;

  self->text = g_malloc (size + 1);
  memcpy (self->text, before, strlen (before));
  memcpy (self->text + strlen (before), json, length);
  memcpy (self->text + strlen (before) + length, after, sizeof after);
  wire_scanner_init (scanner, limits);
  wrong = judge (scanner, wire_scanner_scan (scanner, self->text, size), size, &at);
  self->view = (WireView) { self->text, size, scanner->values, scanner->n_values, scanner->taint };
  if (wrong == NULL)
    return TRUE;
  at -= MIN (at, strlen (before));
  g_set_error (error, G_IO_ERROR, code, "%s: %s, at byte %" G_GSIZE_FORMAT, prefix, wrong, MIN (at, length));
  return FALSE;
}

void
qmp_schema_text_clear (QmpSchemaText *self)
{
  wire_scanner_clear (&self->scanner);
  g_clear_pointer (&self->text, g_free);
}
