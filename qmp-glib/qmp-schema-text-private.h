/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "wire/wire-document.h"

G_BEGIN_DECLS

/* A JSON value of any kind, judged as messages are. A message is one object,
 * so it is made the only member of one. */

#define QMP_SCHEMA_TEXT_VALUE 2u  /* the value's place */

typedef struct
{
  char *text;
  WireScanner scanner;
  WireView view;
} QmpSchemaText;

gboolean qmp_schema_text_init (QmpSchemaText *self, const char *json, gsize length, const WireLimits *limits, int code,
                               const char *prefix, GError **error);
void qmp_schema_text_clear (QmpSchemaText *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (QmpSchemaText, qmp_schema_text_clear)

G_END_DECLS
