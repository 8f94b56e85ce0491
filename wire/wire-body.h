/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "wire-shape.h"

G_BEGIN_DECLS

/* What stands behind the object of a QAPI type: a value in a document that was
 * checked by its shape, and what was set on top of it. Getters make what they
 * give when they are first asked, and may be asked in any thread; setters are
 * for one thread, while nobody else has the object. */

/* A member that no table knows. */
typedef struct
{
  char *name;
  char *json;  /* NULL: it was taken away */
} WireExtra;

typedef struct
{
  const WireShape *shape;
  WireDocument *document;  /* NULL: there is only what was set */
  guint place;
  gpointer *made;          /* by member: what getters have made; or the text of numbers and enums */
  WireSlot *slots;         /* by member; NULL: nothing was set */
  GArray *extras;          /* of WireExtra; NULL for none */
} WireBody;

/* Integers in a list, all of 64 bits: gint64 or guint64, as the member says. */
typedef struct
{
  gsize n;
  gint64 values[];
} WireIntegers;

/* How the base class of each library, and so every object, begins. */
typedef struct
{
  GObject parent_instance;
  WireBody *body;
} WireStruct;

void wire_body_init (WireBody *body, const WireShape *shape);
void wire_body_clear (WireBody *body);
void wire_body_take (WireBody *body, WireDocument *document, guint place);

/* --- wire-body.c: reading */

const WireSlot *wire_body_find_slot (const WireBody *body, guint member);
guint wire_body_find_place (const WireBody *body, guint member);
gboolean wire_body_has (const WireBody *body, guint member);
gboolean wire_body_has_extra (const WireBody *body, const char *name);
gint64 wire_read_integer (const WireMember *member, const WireView *view, guint place);
gint64 wire_body_get_integer (const WireBody *body, guint member);
double wire_body_get_double (const WireBody *body, guint member);

/* Strings and JSON text: char *; bytes: GBytes; objects: GObject; lists of
 * text: GStrv; of integers: WireIntegers; of objects: GPtrArray. The body's. */
gpointer wire_body_get_pointer (WireBody *body, guint member);

/* A number, or the name of an enum's value, as it was sent. The body's. */
const char *wire_body_get_text (WireBody *body, guint member);

/* --- wire-body-make.c: what getters and finish functions give */

gpointer wire_value_make (const WireMember *member, WireDocument *document, guint place);
gpointer wire_pointer_copy (const WireMember *member, gconstpointer pointer);
GDestroyNotify wire_pointer_get_free (const WireMember *member);
void wire_pointer_free (const WireMember *member, gpointer pointer);

/* --- wire-body-set.c */

void wire_body_set_integer (WireBody *body, guint member, gint64 value);
void wire_body_set_double (WireBody *body, guint member, double value);
void wire_body_set_pointer (WireBody *body, guint member, gconstpointer value);
void wire_body_set_integers (WireBody *body, guint member, gconstpointer values, gsize n);
void wire_body_unset (WireBody *body, guint member);
gboolean wire_body_set_extra (WireBody *body, const char *name, const char *json, GError **error);

/* --- wire-body-write.c */

void wire_body_write (WireBody *body, GString *out);
void wire_body_write_members (WireBody *body, GString *out);
void wire_write_name (GString *out, const char *name, gsize length);
void wire_write_slot (GString *out, const WireMember *member, const WireSlot *slot);
gboolean wire_body_is_changed (const WireBody *body);

static inline WireBody *
wire_body_of (gconstpointer object)
{
  return ((const WireStruct *) object)->body;
}

G_END_DECLS
