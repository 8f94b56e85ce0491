/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "wire-scanner.h"

G_BEGIN_DECLS

/* A message that the scanner accepted: its bytes and the flat index of its
 * values. A view borrows both and lives as long as they do; a document owns
 * them, is immutable, and may be shared between threads. Values are named by
 * their place in the index; 0 is the message itself, and so also stands for
 * "no such member". */

typedef struct
{
  const char *text;
  gsize length;
  const WireValue *values;
  guint n_values;
  WireTaint taint;
} WireView;

typedef struct
{
  WireView view;
  int references;            /* atomic */
  gsize size;                /* of the block, when all is in one */
  char *owned_text;          /* NULL when all is in one block */
  gsize owned_text_size;
  WireValue *owned_values;   /* NULL when all is in one block */
  gsize owned_values_size;
} WireDocument;

WireDocument *wire_document_new_copy (const WireView *view);
WireDocument *wire_document_new_take (const WireView *view, char *text, gsize text_size, WireValue *values, gsize values_size);
WireDocument *wire_document_new_for_text (const char *text, gsize length);
WireDocument *wire_document_ref (WireDocument *document);
void wire_document_unref (WireDocument *document);
void wire_document_wipe (WireDocument *document);
char *wire_document_take_json (WireDocument *document, guint value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WireDocument, wire_document_unref)

guint wire_view_member (const WireView *view, guint object, const char *name);
guint wire_view_element (const WireView *view, guint array, guint position);
guint wire_view_after (const WireView *view, guint value);
gboolean wire_view_is_string (const WireView *view, guint value, const char *plain);

gboolean wire_view_get_int64 (const WireView *view, guint value, gint64 *number);
gboolean wire_view_get_uint64 (const WireView *view, guint value, guint64 *number);
gboolean wire_view_get_double (const WireView *view, guint value, double *number);
gboolean wire_view_get_boolean (const WireView *view, guint value, gboolean *truth);
char *wire_view_dup_string (const WireView *view, guint value);
const char *wire_view_get_json (const WireView *view, guint value, gsize *length);
const char *wire_type_name (WireType type);
const char *wire_taint_name (WireTaint taint);

G_END_DECLS
