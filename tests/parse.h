/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "wire-document.h"

#include <string.h>

/* A message made straight from text, for tests of what comes after the
 * scanner. */

static const WireLimits usual_limits = {
  .max_bytes = 10 * 1024 * 1024,
  .max_values = 150000,
  .max_depth = 512,
  .max_key = 4096,
};

static inline WireDocument *
parse_text (const char *text)
{
  WireScanner scanner;
  WireDocument *document;

  wire_scanner_init (&scanner, &usual_limits);
  if (wire_scanner_scan (&scanner, text, strlen (text)) != WIRE_SCAN_MESSAGE)
    g_error ("the test's own text is no message: %s: %s", scanner.reason, text);
  document = wire_document_new_copy (&(WireView) { text, scanner.at, scanner.values, scanner.n_values, scanner.taint });
  wire_scanner_clear (&scanner);
  return document;
}
