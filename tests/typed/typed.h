/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <qga-glib/qga-glib.h>
#include <qmp-glib/qmp-glib.h>

#include "qga-glib/qga-api-private.h"
#include "qmp-glib/qmp-api-private.h"

G_BEGIN_DECLS

/* What tests of typed values share. They are linked with what is inside of
 * both libraries, since the tables are no part of the interface. */

typedef enum
{
  TYPED_QMP,
  TYPED_QGA,
} TypedLibrary;

/* A result that was read, and what read it. */
typedef struct
{
  const WireMember *member;
  WireSlot slot;
} TypedValue;

void typed_init (int *argc, char ***argv);

WireDocument *typed_read (const char *text, gsize length);
char *typed_part (const WireView *view, guint place);

const WireCommand *typed_find_command (TypedLibrary library, const char *name);
gboolean typed_read_result (TypedLibrary library, const WireCommand *command, WireDocument *document, guint place,
                            TypedValue *value, GError **error);
gboolean typed_read_value (const WireMember *member, WireDocument *document, guint place, const char *path, TypedValue *value,
                           GError **error);
char *typed_to_json (const TypedValue *value);
void typed_clear (TypedValue *value);

/* Asks everything of everything, and that no two answers disagree. Gives how
 * many values there were. */
guint typed_walk (const TypedValue *value);
guint typed_walk_object (gpointer object);

/* A fresh one, made of the properties of the other. What cannot be made again
 * is counted: values of enums that are newer than their tables. */
gpointer typed_rebuild (gpointer object, guint *n_lost);

/* The other text must say the same, but for members that no class knows. These
 * are counted, and printed behind the path. */
void typed_compare (const WireMember *member, const char *before, const char *after, const char *path, guint *n_unknown);

/* All of these at once: to_json() is the very text, and a rebuilt value says
 * the same. Gives how many members were not known. */
guint typed_round_trip (const TypedValue *value, const char *text, const char *path);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TypedValue, typed_clear)

G_END_DECLS
